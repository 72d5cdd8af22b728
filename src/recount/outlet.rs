//! An outlet, as the journal alone says it.

use super::tally::{Digest, digest};
use crate::domain::Outlet;
use crate::ids::Seq;
use crate::store::StoreError;
use crate::time::{Day, Month};

/// An outlet.
pub struct OutletFact {
    /// The place of its provider.
    pub provider: usize,
    /// The day it signed.
    pub signed_on: Option<Day>,
    /// Whether it came as a candidate, and then its signings, with the entry of each, that stand or are voided.
    pub proposed: bool,
    pub(super) signings: Vec<(Seq, Day, bool)>,
    /// The days on which it left for good, likewise.
    pub(super) endings: Vec<(Seq, Day, bool)>,
    /// The places of the providers before, each with the day on which it went on.
    pub(super) moves: Vec<(usize, Day)>,
    /// Over the rest of its record.
    pub rest: Digest,
}

impl OutletFact {
    /// Over a record but for its provider and the day it signed.
    pub fn rest_of(outlet: &Outlet) -> Result<Digest, StoreError> {
        digest(&(&outlet.id, &outlet.city, &outlet.name, outlet.staff))
    }

    /// Whether it was the outlet of the provider at a place through a whole month.
    pub fn was_there_all(&self, place: usize, month: Month) -> bool {
        let day_before = |day: Day| day.pred_opt().unwrap_or(day);
        let whose = |day: Day| self.moves.iter().find(|(_, until)| day < *until).map_or(self.provider, |(of, _)| *of);
        let mut day = month.last();
        while day >= month.first() {
            let gone = self.endings.iter().any(|(_, on, stands)| *stands && *on < day);
            if gone || whose(day) != place {
                return false;
            }
            day = day_before(day);
        }
        true
    }

    /// The signing that stands.
    pub(super) fn sign(&mut self) {
        let standing = self.signings.iter().filter(|(.., stands)| *stands).map(|(_, on, _)| *on);
        self.signed_on = standing.max();
    }
}
