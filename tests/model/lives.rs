//! Lives of outlets, and what each step owes (1.4.1, 2.1.1, 2.1.3(1), 2.2.4(1)).

use super::Model;
use super::said::{Said, What};
use koufen::time::Day;

/// How far an outlet came.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Life {
    pub step: &'static str,
    pub came_as_candidate: bool,
    pub signed_on: Option<Day>,
    pub opened_on: Option<Day>,
    pub suspended: bool,
    pub applied_on: Option<Day>,
    pub city: usize,
    /// The day on which it left for good: exited or closed.
    pub left_on: Option<Day>,
}

impl Life {
    /// 1.6.1(2): it serves from its opening until it leaves; one on record from its signing, or always.
    pub fn serves(&self) -> bool {
        self.step == "in"
    }

    pub fn stage(&self) -> &'static str {
        match self.step {
            "in" if self.suspended => "suspended",
            "in" | "signed" if self.applied_on.is_some() => "exiting",
            "in" => "open",
            step => step,
        }
    }

    /// 2.2.3(1): left within three full calendar months of its own opening.
    pub fn left_early(&self) -> bool {
        let (Some(opened), Some(left)) = (self.opened_on, self.left_on) else { return false };
        left <= opened.checked_add_months(chrono::Months::new(3)).unwrap()
    }
}

impl Model<'_> {
    pub fn outlets(&self) -> Vec<usize> {
        self.all(|s| match s.what {
            What::Imported { outlet, .. } | What::Proposed { outlet, .. } => Some(outlet),
            _ => None,
        })
    }

    /// An outlet's life by what was said of it before a place in the list, whoever's it was.
    pub fn life_before(&self, outlet: usize, until: usize) -> Life {
        let mut life = Life::default();
        for s in self.said[..until].iter().filter(|s| s.what.outlet() == Some(outlet)) {
            let on = s.day();
            match &s.what {
                What::Imported { city, signed, .. } => {
                    (life.step, life.city) = ("in", *city);
                    life.signed_on = signed.then_some(on);
                }
                What::Proposed { city, .. } => {
                    (life.step, life.city, life.came_as_candidate) = ("candidate", *city, true);
                }
                What::Reviewed { passed, .. } => life.step = if *passed { "reviewed" } else { "rejected" },
                What::Signed { .. } => (life.step, life.signed_on) = ("signed", Some(on)),
                What::Opened { .. } => (life.step, life.opened_on) = ("in", Some(on)),
                What::Suspended { .. } => life.suspended = true,
                What::Resumed { .. } => life.suspended = false,
                What::Exit { .. } => life.applied_on = Some(on),
                What::Stayed { .. } => life.applied_on = None,
                What::Closed { .. } => (life.step, life.left_on) = ("closed", Some(on)),
                What::Exited { .. } => (life.step, life.left_on) = ("exited", Some(on)),
                _ => {}
            }
        }
        life
    }

    pub fn life(&self, outlet: usize) -> Life {
        self.life_before(outlet, self.said.len())
    }

    /// The next thing said of an outlet after a place in the list that fits.
    pub fn next_of(&self, outlet: usize, after: usize, fits: impl Fn(&What) -> bool) -> Option<&Said> {
        let mut later = self.said[after + 1..].iter().filter(|s| s.what.outlet() == Some(outlet));
        later.find(|s| fits(&s.what)).copied()
    }

    /// The days on which it begins and ends to serve, of this provider: the place in the list, the outlet, and whether
    /// it comes.
    pub fn comings(&self) -> Vec<(usize, usize, bool)> {
        let mut all = Vec::new();
        for (at, s) in self.said.iter().enumerate() {
            let Some(outlet) = s.what.outlet() else { continue };
            if let Some(to) = s.what.goes_to() {
                if self.life_before(outlet, at).serves() {
                    all.push((at, outlet, self.provider == to));
                }
                continue;
            }
            let (before, after) = (self.life_before(outlet, at).serves(), self.life_before(outlet, at + 1).serves());
            if before != after && self.own(s) {
                all.push((at, outlet, after));
            }
        }
        all
    }
}
