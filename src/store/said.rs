//! What requests and records said, to find one that says the same (decision 14). Ledger lines are found in their pages.

use super::cache::{Item, encode};
use super::{StoreError, View, keys};
use crate::domain::twice::Said;
use crate::ids::Seq;
use crate::time::Month;

/// A fingerprint of what an entry said, and the entry. Those of a provider and month are one record, in the order in
/// which they were recorded: a month is part of what is compared, so no other needs to be looked at.
type Print = (u64, Seq);

impl Item for Print {}

impl View {
    /// Keeps what an entry said.
    pub(super) fn keep_said(&mut self, seq: Seq, said: Said<'_>) -> Result<(), StoreError> {
        if matches!(said, Said::Line(_)) {
            return Ok(());
        }
        let (provider, day) = said.of();
        let print = print(said)?;
        self.cache.edit::<Vec<Print>>(&keys::said(provider, Month::of(day)))?.push((print, seq));
        Ok(())
    }

    /// Entries that may say the same and stand, in the order in which they were recorded: by fingerprint, so whoever asks
    /// looks at them.
    pub fn said(&mut self, said: Said<'_>) -> Result<Vec<Seq>, StoreError> {
        if let Said::Line(deduction) = said {
            return self.standing(deduction);
        }
        let (provider, day) = said.of();
        let wanted = print(said)?;
        let kept = self.cache.get::<Vec<Print>>(&keys::said(provider, Month::of(day)))?;
        let alike = kept.into_iter().flatten().filter(|(print, _)| *print == wanted);
        Ok(alike.map(|(_, seq)| *seq).collect())
    }
}

fn print(said: Said<'_>) -> Result<u64, StoreError> {
    let hash = blake3::hash(&encode(&said)?);
    let [a, b, c, d, e, f, g, h, ..] = *hash.as_bytes();
    Ok(u64::from_le_bytes([a, b, c, d, e, f, g, h]))
}
