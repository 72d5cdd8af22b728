//! The outlets behind a count: which served in a city on a day, and which left it early.

use super::super::filed::LONG_AGO;
use super::super::state::{Act, State};
use super::{Known, Source};
use crate::ids::OutletId;
use crate::time::Day;
use std::collections::BTreeMap;

/// An outlet that was counted open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Served {
    /// Which.
    pub outlet: OutletId,
    /// Since when; none where it was there before anything was recorded.
    pub since: Option<Day>,
    /// The entry that says so.
    pub entry: Source,
}

/// An outlet that left early.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// Which.
    pub outlet: OutletId,
    /// When it had opened.
    pub opened_on: Option<Day>,
    /// When it left.
    pub left_on: Day,
    /// The entry of its leaving.
    pub entry: Source,
}

/// The outlets of a city that serve after the first so many facts, by id.
pub(super) fn served(known: &Known<'_>, city: &str, upto: usize) -> Vec<Served> {
    let mut state = State::before(known.cities);
    let mut there: BTreeMap<OutletId, Served> = BTreeMap::new();
    for filed in known.filed[..upto].iter().filter(|filed| filed.void.is_none()) {
        state.apply(filed);
        for outlet in filed.act.touches() {
            let serves = state.life(&outlet).is_some_and(super::super::Life::serves) && state.city(&outlet) == city;
            if !serves {
                there.remove(&outlet);
                continue;
            }
            let since = Some(filed.place().day).filter(|day| *day > LONG_AGO);
            let entry = Source::of(filed);
            there.entry(outlet.clone()).or_insert(Served { outlet, since, entry });
        }
    }
    there.into_values().collect()
}

/// How many facts stand on a day or before.
pub(super) fn upto(known: &Known<'_>, day: Day) -> usize {
    known.filed.partition_point(|filed| filed.place().day <= day)
}

/// The outlets of a city that left within three calendar months of their own opening (2.2.3(1)), as they left.
pub(super) fn left_early(known: &Known<'_>, city: &str) -> Vec<Left> {
    let mut state = State::before(known.cities);
    let count = |state: &State| state.dossier.territory(city).map_or(0, |territory| territory.left_early);
    let mut all = Vec::new();
    for filed in known.filed.iter().filter(|filed| filed.void.is_none()) {
        let outlet = match &filed.act {
            Act::Happened(h) => h.fact.outlet().cloned(),
            _ => None,
        };
        let opened_on = outlet.as_ref().and_then(|outlet| state.life(outlet)).and_then(|life| life.opened_on);
        let before = count(&state);
        state.apply(filed);
        if let Some(outlet) = outlet.filter(|_| count(&state) > before) {
            all.push(Left { outlet, opened_on, left_on: filed.place().day, entry: Source::of(filed) });
        }
    }
    all
}
