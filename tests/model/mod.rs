//! The clauses read out over a plain list of what was said, counted from nothing for each question: what the engine
//! comes to is held against it. Written from `clauses.md`, with days and terms of its own.
//!
//! One file an area; `picture` puts both sides into the same words, `facts` is what the domain looks at in memory,
//! `desks` what a desk says, now and of another day, `typing` types at random into whatever takes it. Scores,
//! rectification cases, deposits and exits (`scores`, `cases`, `money`, `exits`) are taken in one by one by the tests that
//! ask for them: `counted`, `rectification`, `account`, `exit`.

pub mod admission;
pub mod calendar;
pub mod cities;
pub mod desks;
pub mod dormancy;
pub mod facts;
pub mod findings;
pub mod lives;
pub mod picture;
pub mod said;
pub mod services;
pub mod typing;

use calendar::Days;
use koufen::time::{Day, Moment};
use said::{Said, What};

/// What was said and not taken back, in the order in which it happened (decision 12), at a moment.
pub struct Model<'a> {
    pub said: Vec<&'a Said>,
    pub days: &'a Days,
    pub now: Moment,
    /// Whose: 1 or 2. Outlets begin with the first provider; they go to the second, and may come back.
    pub provider: u8,
}

impl<'a> Model<'a> {
    pub fn new(all: &'a [Said], days: &'a Days, now: Moment, provider: u8) -> Model<'a> {
        let mut model = Model { said: all.iter().filter(|s| !s.voided).collect(), days, now, provider };
        let mut placed: Vec<_> = model.said.iter().map(|s| (model.place(s), *s)).collect();
        placed.sort_by_key(|(place, _)| *place);
        model.said = placed.into_iter().map(|(_, s)| s).collect();
        model
    }

    /// At the end of a day: what happened later is not there yet, whenever the rest was typed.
    pub fn on(all: &'a [Said], days: &'a Days, on: Day, provider: u8) -> Model<'a> {
        let mut model = Model::new(all, days, Moment::end_of(on), provider);
        model.said.retain(|s| s.day() <= on);
        model
    }

    /// Decision 12: by days; what begins something first, then what has a moment, then what ends something; then as it
    /// was recorded. An outlet that goes to the other provider does so at the end of what the first one says of the
    /// day, and at the beginning of what the next one says.
    pub fn place(&self, s: &Said) -> (Day, i8, Moment, usize) {
        let class = match (s.what.outlet(), s.what.class()) {
            (Some(_), _) if s.what.goes_to().is_some() => {
                if self.own(s) {
                    2
                } else {
                    0
                }
            }
            (Some(outlet), class) if !self.own(s) => {
                // It comes on that day after what the other one says of it, or had gone before.
                let came = self
                    .transfers(outlet)
                    .find(|t| t.day() == s.day())
                    .map(|t| t.what.goes_to() == Some(self.provider));
                let had = self.transfers(outlet).any(|t| (t.day(), t.nth) < (s.day(), s.nth)) || self.provider == 1;
                class + if came.unwrap_or(!had) { -10 } else { 10 }
            }
            (_, class) => class,
        };
        (s.day(), class, if s.what.has_moment() { s.at } else { Moment(0) }, s.nth)
    }

    /// Those that one question is about, in their order.
    pub fn all<T>(&self, pick: impl Fn(&'a Said) -> Option<T>) -> Vec<T> {
        self.said.iter().filter_map(|s| pick(s)).collect()
    }

    /// The transfers of an outlet.
    fn transfers(&self, outlet: usize) -> impl Iterator<Item = &'a Said> {
        let went = move |s: &&Said| s.what.goes_to().is_some() && s.what.outlet() == Some(outlet);
        self.said.iter().copied().filter(went)
    }

    /// Whose an outlet is on a day (decision 15); on that of a transfer as it was recorded, before a record or after it.
    fn owner(&self, outlet: usize, by: (Day, usize)) -> u8 {
        let last = self.transfers(outlet).filter(|t| (t.day(), t.nth) < by).max_by_key(|t| (t.day(), t.nth));
        last.and_then(|t| t.what.goes_to()).unwrap_or(1)
    }

    /// Whose it is in the end.
    pub fn has(&self, outlet: usize) -> u8 {
        self.owner(outlet, (Day::MAX, usize::MAX))
    }

    /// Whether a record is this provider's: one about an outlet is its provider's of that day; on the day on
    /// which it went, as it was recorded. A transfer is of the one from which it goes.
    pub fn own(&self, s: &Said) -> bool {
        match (&s.what, s.what.outlet()) {
            (_, Some(outlet)) => self.owner(outlet, (s.day(), s.nth)) == self.provider,
            (What::Promotion { provider }, _) => *provider == self.provider,
            (_, None) => self.provider == 1,
        }
    }
}
