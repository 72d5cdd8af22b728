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
    /// Whose: 1 or 2. Outlets go from the first provider to the second, and never back.
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
    /// was recorded. An outlet that goes to the next provider does so at the end of what the first one says of the
    /// day, and at the beginning of what the next one says.
    pub fn place(&self, s: &Said) -> (Day, i8, Moment, usize) {
        let class = match s.what.class() {
            _ if s.what.outlet().is_none_or(|o| self.moved(o).is_none()) => s.what.class(),
            _ if matches!(s.what, What::Transferred { .. }) => {
                if self.provider == 1 {
                    2
                } else {
                    0
                }
            }
            class if self.own(s) => class,
            class if self.provider == 1 => class + 10,
            class => class - 10,
        };
        (s.day(), class, if s.what.has_moment() { s.at } else { Moment(0) }, s.nth)
    }

    /// Those that one question is about, in their order.
    pub fn all<T>(&self, pick: impl Fn(&'a Said) -> Option<T>) -> Vec<T> {
        self.said.iter().filter_map(|s| pick(s)).collect()
    }

    /// The day on which an outlet went to the second provider (decision 15), and when that was said.
    pub fn moved(&self, outlet: usize) -> Option<(Day, usize)> {
        let went = |s: &&&Said| matches!(s.what, What::Transferred { outlet: o } if o == outlet);
        self.said.iter().find(went).map(|s| (s.day(), s.nth))
    }

    /// Whether a record is this provider's: one about an outlet is its provider's of that day; on the day on
    /// which it went, as it was recorded.
    pub fn own(&self, s: &Said) -> bool {
        match (&s.what, s.what.outlet()) {
            (What::Transferred { .. }, _) => self.provider == 1,
            (_, Some(outlet)) => {
                (self.moved(outlet).is_some_and(|went| (s.day(), s.nth) >= went)) == (self.provider == 2)
            }
            (What::Promotion { provider }, _) => *provider == self.provider,
            (_, None) => self.provider == 1,
        }
    }
}
