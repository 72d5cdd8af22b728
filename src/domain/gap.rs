//! What a record is short of that no article punishes: it is recorded, counts, and is shown as a gap (1.6.1(1), 2.2.1).

use super::happening::{Fact, Happening};
use super::service;
use super::territory::{self, Held};

/// Visits by field staff that the text asks of a conference in a third- or fourth-tier city.
const VISITS: u32 = 100;
/// Outlets visited, likewise.
const OUTLETS_VISITED: u32 = 2_000;

/// One thing that is short.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// What, as a stable word.
    pub what: &'static str,
    /// How many are asked for.
    pub need: u32,
    /// How many there were.
    pub have: u32,
}

/// The gaps of a record.
pub fn gaps(h: &Happening) -> Vec<Gap> {
    match &h.fact {
        Fact::Territory(territory::TerritoryStep::ConferenceHeld(held)) => of_conference(held),
        // Handed out on an earlier day; the promotion counts all the same.
        Fact::Service(service::ServiceStep::PromotionHeld { material_on, .. }) if *material_on >= h.on => {
            vec![Gap { what: "material", need: 1, have: 0 }]
        }
        _ => Vec::new(),
    }
}

/// 1.6.1(1): the conference's visits and its publicity checklist.
pub fn of_conference(held: &Held) -> Vec<Gap> {
    let published = held.publicity.iter().map(|done| u32::from(*done)).sum();
    let asked = [
        Gap { what: "visits", need: VISITS, have: held.visits },
        Gap { what: "outlets-visited", need: OUTLETS_VISITED, have: held.outlets_visited },
        Gap { what: "publicity", need: 4, have: published },
    ];
    asked.into_iter().filter(|gap| gap.have < gap.need).collect()
}
