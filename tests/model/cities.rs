//! Roll-out, conferences and their stop, early attrition (1.6.1, 2.1.1(4), 2.2.3(1)).

use super::said::{CITIES, Of, What};
use super::{Model, calendar};
use koufen::domain::Breach;
use koufen::time::{Day, Moment};

/// A confirmed city.
pub struct City {
    /// What said it.
    pub at: usize,
    pub city: usize,
    pub on: Day,
    pub target: u32,
    pub first: u32,
}

/// A conference.
pub struct Conference {
    pub at: usize,
    pub city: usize,
    pub on: Day,
    pub invited: u32,
    pub attended: u32,
    pub signed: u32,
}

impl Conference {
    /// 1.6.1(1)6: under 40 % of the invited came, or under 60 % of those signed.
    pub fn failed(&self) -> bool {
        self.attended * 100 < self.invited * 40 || self.signed * 100 < self.attended * 60
    }
}

impl Model<'_> {
    pub fn confirmed(&self) -> Vec<City> {
        if self.provider == 2 {
            return Vec::new();
        }
        let all = self.said.iter().enumerate().filter_map(|(at, s)| match s.what {
            What::Confirmed { city, people } => {
                let target = u32::try_from(people.div_ceil(10_000)).unwrap();
                Some(City { at, city, on: s.day(), target, first: (target * 65).div_ceil(100) })
            }
            _ => None,
        });
        all.collect()
    }

    pub fn conferences(&self) -> Vec<Conference> {
        if self.provider == 2 {
            return Vec::new();
        }
        let all = self.said.iter().enumerate().filter_map(|(at, s)| match s.what {
            What::Conference { city, invited, attended, signed } => {
                Some(Conference { at, city, on: s.day(), invited, attended, signed })
            }
            _ => None,
        });
        all.collect()
    }

    /// The day on which a conference was put right.
    pub fn rectified(&self, conference: &Conference) -> Option<Day> {
        let seq = self.said[conference.at].nth;
        self.all(|s| matches!(s.what, What::Rectified { conference: c } if c == seq).then(|| s.day())).first().copied()
    }

    /// Whether expansion outside a city is stopped on a day (1.6.1(1)6): a conference elsewhere failed by then, is not
    /// put right by then, and its finding was not dismissed.
    pub fn stopped(&self, city: usize, on: Day) -> bool {
        self.conferences().iter().any(|c| {
            let about = self.said[c.at].nth;
            let dismissed = self.said.iter().any(|s| {
                matches!(s.what, What::Decided { of: Of::Breach(Breach::Conference), about: a, dismiss: true } if a == about)
            });
            let right = self.rectified(c).is_some_and(|right| right <= on);
            c.failed() && c.city != city && c.on <= on && !right && !dismissed
        })
    }

    /// Outlets that serve in a city before a place in the list.
    pub fn serving_before(&self, city: usize, until: usize) -> u32 {
        let mut there: Vec<usize> = Vec::new();
        for (at, outlet, comes) in self.comings() {
            if at >= until || self.life(outlet).city != city {
                continue;
            }
            if comes { there.push(outlet) } else { there.retain(|o| *o != outlet) }
        }
        u32::try_from(there.len()).unwrap()
    }

    /// Those at the end of a day.
    pub fn serving(&self, city: usize, on: Day) -> u32 {
        self.serving_before(city, self.said.partition_point(|s| s.day() <= on))
    }

    /// The day from the confirmation on, at which so many served at once (decision 19).
    pub fn reached(&self, city: &City, need: u32) -> Option<Day> {
        self.reached_at(city, need).map(|at| self.said[at].day())
    }

    /// The place in the list of what reached it.
    fn reached_at(&self, city: &City, need: u32) -> Option<usize> {
        (city.at..self.said.len()).find(|at| self.serving_before(city.city, at + 1) >= need)
    }

    /// 1.6.1(2): what a phase owes; due, needed, reached on.
    pub fn phases(&self, city: &City) -> [(Breach, Moment, u32, Option<Day>); 2] {
        [
            (Breach::FirstBatch, calendar::days(city.on, 45), city.first, self.reached(city, city.first)),
            (Breach::AllOutlets, calendar::days(city.on, 105), city.target, self.reached(city, city.target)),
        ]
    }

    /// 1.6.1(1): the date of the next conference counts from the latest; it is planned while a city is not complete.
    /// Where none was held yet, it counts from the confirmation since which a city is not complete: that city, and the
    /// moment.
    pub fn next_conference(&self) -> Option<(&'static str, Moment)> {
        let cities = self.confirmed();
        let done_by = |c: &City, at: usize| self.reached_at(c, c.target).is_some_and(|reached| reached < at);
        if cities.iter().all(|c| done_by(c, self.said.len())) {
            return None;
        }
        if let Some(latest) = self.conferences().iter().map(|c| c.on).max() {
            return Some(("", calendar::days(latest, 20)));
        }
        let since = |at: usize| cities[..at].iter().all(|c| done_by(c, cities[at].at));
        let at = (0..cities.len()).rev().find(|at| since(*at))?;
        Some((CITIES[cities[at].city], calendar::days(cities[at].on, 20)))
    }

    /// 2.1.1(4): the freeze applications of a conference: the day, entries and errors of each.
    pub fn applications(&self, conference: &Conference) -> Vec<(Day, u32, u32)> {
        let seq = self.said[conference.at].nth;
        self.all(|s| match s.what {
            What::Applied { conference: c, entries, errors } if c == seq => Some((s.day(), entries, errors)),
            _ => None,
        })
    }

    /// 2.2.3(1): outlets of a city that left within three calendar months of their own opening, with the day, in order.
    pub fn leavers(&self, city: usize) -> Vec<Day> {
        self.said
            .iter()
            .filter(|s| matches!(s.what, What::Closed { .. } | What::Exited { .. }) && self.own(s))
            .filter(|s| s.what.outlet().is_some_and(|o| self.life(o).city == city && self.life(o).left_early()))
            .map(|s| s.day())
            .collect()
    }

    /// 1.6.1 lead: the second stage is planned for three months after the first batch's first normal day.
    pub fn normal(&self, city: usize) -> Option<(usize, Day)> {
        let all = self.said.iter().enumerate();
        all.filter(|(_, s)| matches!(s.what, What::Normal { city: c } if c == city)).map(|(at, s)| (at, s.day())).next()
    }
}
