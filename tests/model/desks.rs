//! What a desk says in the words of `picture`: now, of the end of a day, and of what a command would change.

use super::picture::{Kept, Picture, due, found, of_engine};
use super::said::{Said, provider};
use super::typing::Takes;
use crate::fixture;
use koufen::desk::{Desk, DeskError, ManualClock, Weighed};
use koufen::domain::{Command, Event, FindingState, Refusal};
use koufen::ids::Seq;
use koufen::rulebook::Rulebook;
use koufen::time::{Day, Moment};
use std::sync::Arc;

/// A desk and its clock.
pub struct Clocked {
    pub desk: Desk,
    pub clock: Arc<ManualClock>,
}

impl Clocked {
    /// With the two providers of the model.
    pub fn at(now: Moment) -> Clocked {
        let clock = Arc::new(ManualClock::at(now));
        let desk = Desk::in_memory(Rulebook::shipped().unwrap(), clock.clone()).unwrap();
        let mut clocked = Clocked { desk, clock };
        for id in ["P0001", "P0002"] {
            clocked.ask(&Command::AddProvider(fixture::provider(id, "捷达"))).unwrap();
        }
        clocked
    }
}

impl Takes for Clocked {
    fn ask(&mut self, command: &Command) -> Result<Seq, Refusal> {
        match self.desk.submit(&fixture::who("tester"), command.clone()) {
            Ok(receipt) => Ok(receipt.seq),
            Err(DeskError::Refused(refusal)) => Err(refusal),
            Err(DeskError::Store(e)) => panic!("{e}"),
        }
    }

    fn comes(&mut self, now: Moment) {
        self.clock.set(now);
    }

    fn entry(&mut self, seq: Seq) -> Option<Event> {
        self.desk.entry(seq).unwrap().0.map(|recorded| recorded.entry.event)
    }

    fn picture(&mut self, n: u8, said: &[Said]) -> Picture {
        of_now(&self.desk, n, said)
    }
}

/// What a provider's facts come to.
pub fn of_now(desk: &Desk, n: u8, said: &[Said]) -> Picture {
    let id = provider(n);
    let due = desk.deadlines(Some(&id)).unwrap().into_iter().map(|due| (due.seq, due.obligation)).collect();
    let lives = desk.lives(&id, None, 99).unwrap().into_iter().map(|row| (row.outlet.id, row.life)).collect();
    let (findings, dossier) = (desk.findings(Some(&id)).unwrap(), desk.dossier(&id).unwrap());
    of_engine(&Kept { due, findings, lives, dossier: &dossier }, said)
}

/// The same at the end of a day; a desk says no lives of another day.
pub fn of_day(desk: &Desk, n: u8, said: &[Said], on: Day) -> Picture {
    let id = provider(n);
    let due = desk.deadlines_on(Some(&id), on).unwrap().into_iter().map(|due| (due.seq, due.obligation)).collect();
    let findings = desk.listed_on(Some(&id), on).unwrap().into_iter().map(|listed| listed.finding).collect();
    let (_, dossier) = desk.cases_on(&id, on).unwrap();
    of_engine(&Kept { due, findings, lives: Vec::new(), dossier: &dossier }, said)
}

/// What a command would bring and take of what is due and found open at a provider, as [`Model::owed`] has it of before:
/// what is there then and was not, and what was there and is not.
///
/// [`Model::owed`]: super::Model::owed
pub fn of_tried(weighed: &Weighed, n: u8, said: &[Said], before: &[String]) -> (Vec<String>, Vec<String>) {
    let (mut comes, mut goes) = (Vec::new(), Vec::new());
    for c in weighed.changes.iter().filter(|c| c.provider == provider(n)) {
        comes.extend(c.opened.iter().map(|(_, o)| due(o, o.due, said)));
        comes.extend(c.moved.iter().map(|(_, _, o)| due(o, o.due, said)));
        goes.extend(c.moved.iter().map(|(_, was, o)| due(o, *was, said)));
        goes.extend(c.closed.iter().map(|(_, o)| due(o, o.due, said)));
        comes
            .extend(c.found.iter().filter(|f| f.state == FindingState::Open).filter_map(|f| found(f.id.subject, said)));
        comes.extend(c.reopened.iter().filter_map(|id| found(id.subject, said)));
        // What was decided goes too, but it was not open.
        let gone = c.gone.iter().chain(&c.decided).filter_map(|id| found(id.subject, said));
        goes.extend(gone.filter(|line| before.contains(line)));
    }
    without_both(comes, goes)
}

/// What only one of two lists has; each in its order.
pub fn without_both(mut one: Vec<String>, mut other: Vec<String>) -> (Vec<String>, Vec<String>) {
    one.sort();
    other.sort();
    one.retain(|line| other.iter().position(|o| o == line).map(|at| other.remove(at)).is_none());
    (one, other)
}
