//! The journal as people read it: an entry, the last ones, and what took one away.

use super::{Desk, StoreError};
use crate::domain::{Chargeable, Line, LineSubject, needs};
use crate::ids::{ProviderId, Seq};
use crate::journal::Recorded;

impl Desk {
    /// The journal entry of a number, and the number of the last.
    pub fn entry(&self, seq: Seq) -> Result<(Option<Recorded>, Seq), StoreError> {
        self.with(|core| Ok((core.journal.entry(seq)?, core.journal.head().seq)))
    }

    /// Journal entries before one of them, newest first.
    pub fn journal_tail(&self, before: Option<Seq>, limit: usize) -> Result<Vec<Recorded>, StoreError> {
        self.with(|core| {
            let last = before.map_or(core.journal.head().seq.0, |seq| seq.0.saturating_sub(1));
            let first = last.saturating_sub(limit as u64) + 1;
            let mut rows = Vec::new();
            if last > 0 {
                core.journal.read(Seq(first), &mut |recorded| {
                    let more = recorded.seq.0 < last;
                    rows.push(recorded);
                    more
                })?;
            }
            rows.reverse();
            Ok(rows)
        })
    }

    /// The records of a provider that lines can stand for (section 2), and those that are voided.
    pub fn chargeables(&self, provider: &ProviderId) -> Result<Vec<Chargeable>, StoreError> {
        self.with(|core| core.chargeables(provider))
    }

    /// Whether each of a provider's lines has what its article asks for (section 2).
    pub fn are_supported(&self, provider: &ProviderId, lines: &[Line]) -> Result<Vec<bool>, StoreError> {
        // Most stand on an outlet, and then nothing is looked up.
        let unclear = |line: &Line| !needs::is_supported(line, |_| false);
        let chargeables = if lines.iter().any(unclear) { self.chargeables(provider)? } else { Vec::new() };
        let there = |subject: &LineSubject| needs::stands(&chargeables, subject);
        Ok(lines.iter().map(|line| needs::is_supported(line, there)).collect())
    }

    /// The entry that takes an entry away, or reverses the line that it is.
    pub fn taken_by(&self, seq: Seq) -> Result<Option<Seq>, StoreError> {
        let Some(recorded) = self.entry(seq)?.0 else { return Ok(None) };
        let Some(provider) = recorded.entry.event.provider().cloned() else { return Ok(None) };
        if let Some(by) = self.with(|core| core.view.void_of(&provider, seq))? {
            return Ok(Some(by));
        }
        Ok(self.line(seq)?.and_then(|(_, line)| line.reversed_by))
    }
}
