//! What is a breach (section 2), from what is late and from what was said.

use super::Model;
use super::cities::Conference;
use super::said::{Of, What};
use koufen::domain::Breach;
use koufen::time::{Day, Moment, show_moment};

/// A breach.
#[derive(Debug)]
pub struct Found {
    pub of: Of,
    pub about: usize,
    pub measured: String,
    pub on: Day,
    pub outlet: Option<usize>,
    pub problem: Option<String>,
}

/// Decision 11: broken at the first second after the term.
fn after(due: Moment) -> Day {
    Moment(due.0 + 1).day()
}

fn show(at: Option<Moment>) -> String {
    at.map(show_moment).unwrap_or_default()
}

pub fn missed(due: Moment, done: Option<Moment>, need: u32, have: u32) -> String {
    format!("missed {} {} {have}/{need}", show_moment(due), show(done))
}

pub fn share(part: u32, whole: u32, percent: u32) -> String {
    format!("share {part}/{whole} {percent}")
}

impl Model<'_> {
    pub fn findings(&self) -> Vec<Found> {
        let mut all = self.events();
        let found = |of, about, measured, on| Found { of, about, measured, on, outlet: None, problem: None };
        for owed in self.promotions().iter().filter(|owed| owed.is_late(self.now)) {
            let measured = missed(owed.due, owed.over, 0, 0);
            all.push(found(Of::Breach(Breach::Promotion), owed.by, measured, after(owed.due)));
        }
        for (outlet, owed) in self.requests().iter().filter(|(_, o)| o.kind == "exit-answer" && o.is_late(self.now)) {
            let measured = format!("late O{outlet} {} {}", show_moment(owed.due), show(owed.over));
            let late = found(Of::Exit, owed.by, measured, after(owed.due));
            all.push(Found { outlet: Some(*outlet), ..late });
        }
        for city in self.confirmed() {
            let about = self.said[city.at].nth;
            for (breach, due, need, reached) in self.phases(&city) {
                let done = reached.map(Moment::start_of);
                if done.unwrap_or(self.now) > due {
                    let measured = missed(due, done, need, self.serving(city.city, due.day()));
                    all.push(found(Of::Breach(breach), about, measured, after(due)));
                }
            }
            let leavers = self.leavers(city.city);
            let over = |n: usize| n as u64 * 100 > u64::from(city.target) * 10;
            if let Some(first) = (1..=leavers.len()).find(|n| over(*n)) {
                let measured = share(u32::try_from(leavers.len()).unwrap(), city.target, 10);
                // The day on which the share first went over.
                all.push(found(Of::Breach(Breach::Attrition), about, measured, leavers[first - 1]));
            }
        }
        for c in self.conferences() {
            let about = self.said[c.at].nth;
            if c.failed() {
                let measured = format!("conference {}/{}/{}", c.invited, c.attended, c.signed);
                all.push(found(Of::Breach(Breach::Conference), about, measured, c.on));
            }
            all.extend(self.signing(&c).map(|(measured, on)| found(Of::Breach(Breach::Signing), about, measured, on)));
        }
        all
    }

    /// 2.1.1(4): late, or more than 1 % of the entries wrong; both are one finding that names both.
    fn signing(&self, c: &Conference) -> Option<(String, Day)> {
        let due = self.days.working(c.on, 15);
        let applied = self.applications(c);
        let done = applied.first().map(|(on, ..)| Moment::start_of(*on));
        let late = done.unwrap_or(self.now) > due;
        let faulty = applied.iter().rev().find(|(_, entries, errors)| errors * 100 > *entries);
        match (late, faulty) {
            (true, None) => Some((missed(due, done, 0, 0), after(due))),
            // It occurred with the first of them.
            (false, Some((_, entries, errors))) => {
                let (on, ..) = applied.iter().find(|(_, entries, errors)| errors * 100 > *entries)?;
                Some((share(*errors, *entries, 1), *on))
            }
            (true, Some((_, entries, errors))) => {
                let both = format!("late-and-faulty {} {} {errors}/{entries} 1", show_moment(due), show(done));
                Some((both, after(due)))
            }
            (false, None) => None,
        }
    }

    /// Breaches that something said is by itself.
    fn events(&self) -> Vec<Found> {
        let mut all = Vec::new();
        for s in self.said.iter().filter(|s| self.own(s)) {
            let mut event = |breach, outlet, measured: String, problem| {
                let (of, about, on) = (Of::Breach(breach), s.nth, s.day());
                all.push(Found { of, about, measured, on, outlet, problem });
            };
            match &s.what {
                What::Brand { outlet, passed: false } => event(Breach::Brand, Some(*outlet), "event".into(), None),
                What::Material { outlet, passed: false } => {
                    event(Breach::Material, Some(*outlet), "event".into(), None);
                }
                What::Complained { outlet, consumer: false, problem } => {
                    event(Breach::Complaint, Some(*outlet), "event".into(), Some(format!("p{problem}")));
                }
                // 2.1.3(3): over 15 % of the checked outlets.
                What::Checked { training, checked, failed } if failed * 100 > checked * 15 => {
                    event(Breach::Training, None, share(*failed, *checked, 15), None);
                    all.last_mut().unwrap().about = *training;
                }
                _ => {}
            }
        }
        // 2.2.4(2): against the provider whose outlet it was.
        for s in &self.said {
            let What::ClaimClosed { claim, blocked: true } = s.what else { continue };
            let Some(opened) = self.said.iter().find(|s| s.nth == claim).filter(|s| self.own(s)) else { continue };
            all.push(Found {
                of: Of::Breach(Breach::Claim),
                about: claim,
                measured: "event".into(),
                on: s.day(),
                outlet: opened.what.outlet(),
                problem: None,
            });
        }
        all
    }
}
