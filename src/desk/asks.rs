//! Asks with an id: asked again under it, one is answered with what was recorded, and nothing is recorded twice.
//!
//! The id stands in the entries that the ask became. The last [`MOST`] are remembered while the store is open, imports
//! not among them: they find by themselves what is there. One who asks again after a connection or a process was lost
//! says when it was asked first, and the journal is read back to then, however long ago that was: nothing is kept on
//! disk beside the journal, and an open and an ask that is new cost nothing.

use super::core::{Core, Group};
use super::why::first_since;
use super::{Desk, Identity};
use crate::domain::{Event, Follows, why};
use crate::ids::{AskId, Seq};
use crate::journal::{Chained, Journal, Part};
use crate::store::StoreError;
use crate::time::Moment;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, VecDeque};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Most ids that are remembered.
const MOST: usize = 4_096;
/// How much further back than the first asking it is looked, in seconds: a clock may have been set back since.
const MARGIN: i64 = 60;

/// What is asked under an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asking {
    /// The id.
    pub id: AskId,
    /// Where it is asked again: when it was asked first.
    pub again: Option<Moment>,
}

impl Asking {
    /// A new one.
    pub fn first() -> io::Result<Asking> {
        let mut id = [0; 16];
        let mut filled = 0;
        while filled < id.len() {
            filled += rustix::rand::getrandom(&mut id[filled..], rustix::rand::GetRandomFlags::empty())?;
        }
        Ok(Asking { id: AskId(id), again: None })
    }
}

/// What a handle's commands are asked under: the first under the id, each that follows under the next.
pub struct Under {
    asking: Asking,
    count: AtomicU64,
}

impl Under {
    /// What the next command is asked under.
    pub fn next(&self) -> Asking {
        Asking { id: self.asking.id.nth(self.count.fetch_add(1, Ordering::Relaxed)), ..self.asking }
    }
}

/// What was recorded when something was asked before.
pub struct Told {
    pub seq: Seq,
    pub event: Event,
    pub follows: Follows,
}

/// An id, and who asked under it: another person's is another.
type Own = (AskId, String);

/// What the last asks with an id came to.
#[derive(Default)]
pub struct Asks {
    known: HashMap<Own, (Seq, Follows)>,
    order: VecDeque<Own>,
}

impl Asks {
    /// Remembers what was recorded under an id; the oldest is forgotten.
    pub fn remember(&mut self, own: Own, seq: Seq, follows: &Follows) {
        if self.known.insert(own.clone(), (seq, follows.clone())).is_none() {
            self.order.push_back(own);
        }
        if self.order.len() > MOST {
            let oldest = self.order.pop_front();
            oldest.map(|own| self.known.remove(&own));
        }
    }
}

impl Desk {
    /// A handle whose commands are asked under an id. What was recorded under it already is the answer.
    pub fn asking(&self, asking: Asking) -> Desk {
        Desk { under: Some(Arc::new(Under { asking, count: AtomicU64::new(0) })), ..self.clone() }
    }

    /// What somebody's ask was recorded as; none where it was not.
    pub fn became(&self, who: &Identity, asking: Asking) -> Result<Option<Seq>, StoreError> {
        self.with(|core| Ok(core.answer_to(asking, &who.name)?.map(|(seq, _)| seq)))
    }
}

impl Core {
    /// What was recorded when somebody asked this before. Follows that are not remembered are told again from the
    /// facts as they are.
    pub fn told_before(&mut self, ask: Option<Asking>, by: &str) -> Result<Option<Told>, StoreError> {
        let before = ask.map(|ask| self.answer_to(ask, by)).transpose()?;
        let Some((seq, follows)) = before.flatten() else { return Ok(None) };
        let Some(recorded) = self.journal.entry(seq)? else { return Ok(None) };
        let follows = match follows {
            Some(follows) => follows,
            None => self.followed(&recorded)?,
        };
        Ok(Some(Told { seq, event: recorded.entry.event, follows }))
    }

    /// The entry that answers somebody's ask, and what followed from it where that is remembered.
    fn answer_to(&self, ask: Asking, by: &str) -> Result<Option<(Seq, Option<Follows>)>, StoreError> {
        if let Some((seq, follows)) = self.asks.known.get(&(ask.id, by.to_owned())) {
            return Ok(Some((*seq, Some(follows.clone()))));
        }
        let Some(since) = ask.again else { return Ok(None) };
        let found = recorded_under(self.journal.as_ref(), (ask.id, by), Moment(since.0.saturating_sub(MARGIN)))?;
        Ok(found.map(|seq| (seq, None)))
    }

    fn followed(&mut self, recorded: &Chained) -> Result<Follows, StoreError> {
        let Some(provider) = recorded.entry.event.provider() else { return Ok(Follows::default()) };
        let loaded = self.filed(provider)?;
        let states = why::around(&loaded.cities, &loaded.facts, recorded.seq);
        Ok(states.map_or_else(Follows::default, |(before, after)| Follows::between(&before, &after, recorded.entry.at)))
    }
}

/// The entry that answers what somebody asked under an id, among those recorded since a moment.
fn recorded_under(journal: &dyn Journal, (of, by): (AskId, &str), since: Moment) -> Result<Option<Seq>, StoreError> {
    let (answers, mut found) = (Part { of, answers: true }, None);
    journal.read(first_since(journal, since)?, &mut |recorded| {
        let part = recorded.entry.came.and_then(|came| came.part);
        if part == Some(answers) && recorded.entry.by == by {
            found = Some(recorded.seq);
        }
        found.is_none()
    })?;
    Ok(found)
}

impl Group {
    /// Writes the id of an ask into the entries that it became, from one on; `answer` is the one it is answered with.
    pub fn sign(&mut self, from: Seq, id: AskId, answer: Seq) {
        let first = usize::try_from(from.0 - self.first().0).unwrap_or(usize::MAX);
        for (entry, seq) in self.entries_mut().iter_mut().skip(first).zip(from.0..) {
            entry.came.iter_mut().for_each(|came| came.part = Some(Part { of: id, answers: answer == Seq(seq) }));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Calendar;
    use crate::desk::core::tests::Failing;
    use crate::desk::place::Place;
    use crate::desk::{DeskError, Door, ManualClock};
    use crate::domain::{Command, Provider};
    use crate::rulebook::Rulebook;
    use crate::store::View;

    /// It is in the journal, and nobody was told: asked again, it is the answer, and stands there once.
    #[test]
    fn what_was_written_and_not_answered_is_the_answer_when_it_is_asked_again() {
        let clock = Arc::new(ManualClock::at(Moment(1_300_000_000)));
        let core = Core::new(Failing::dying(), View::in_memory(), None).unwrap();
        let laws = (Rulebook::shipped().unwrap(), Calendar::shipped().unwrap());
        let desk = Desk::begin(core, laws, clock, Place::temporary().unwrap()).unwrap();
        let who = Identity::of("ops", Door::Local);
        let provider = Provider::sample("P0001".parse().unwrap(), "捷达", "杭州");
        let command = Command::AddProvider(provider);
        let asking = Asking::first().unwrap();
        let lost = desk.asking(asking).submit(&who, command.clone());
        assert!(matches!(lost, Err(DeskError::Store(StoreError::Unanswered))), "{lost:?}");
        let again = Asking { again: Some(desk.now()), ..asking };
        assert_eq!(desk.became(&who, again).unwrap(), Some(Seq(1)));
        assert_eq!(desk.asking(again).submit(&who, command.clone()).unwrap().seq, Seq(1));
        assert_eq!(desk.stats().unwrap().entries, 1);
        // Under another id it is another ask, and refused: the provider is there.
        let other = desk.asking(Asking::first().unwrap()).submit(&who, command);
        assert!(matches!(other, Err(DeskError::Refused(_))), "{other:?}");
    }
}
