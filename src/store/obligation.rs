//! What is due, by provider and due moment, and the breaches that facts and missed obligations are.

use super::{StoreError, StoredFindings, StoredObligations, View, keys};
use crate::domain::{Finding, Obligation, state};
use crate::ids::{ProviderId, Seq};
use crate::time::Moment;

/// An obligation that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Whose it is.
    pub provider: ProviderId,
    /// The entry that began it.
    pub seq: Seq,
    /// What is due, and when.
    pub obligation: Obligation,
}

impl View {
    /// Open obligations, the next due first; all, or those of one provider.
    pub fn due(&mut self, provider: Option<&ProviderId>) -> Result<Vec<Due>, StoreError> {
        let records = match provider {
            Some(id) => vec![(id.clone(), StoredObligations { open: self.obligations_of(id)? })],
            // Fresh, since it is flushed first.
            None => self.by_provider(keys::OBLIGATIONS)?,
        };
        let mut rows = Vec::new();
        for (provider, record) in records {
            let due = |(seq, obligation)| Due { provider: provider.clone(), seq, obligation };
            rows.extend(record.open.into_iter().map(due));
        }
        rows.sort_by_key(|due| (due.obligation.due, due.seq));
        Ok(rows)
    }

    /// A provider's open obligations, the next due first.
    pub fn obligations_of(&mut self, provider: &ProviderId) -> Result<Vec<(Seq, Obligation)>, StoreError> {
        self.freshen(provider)?;
        let record = self.cache.get::<StoredObligations>(&keys::obligations(provider))?;
        Ok(record.map(|r| r.open.clone()).unwrap_or_default())
    }

    /// Breaches of a provider by a moment. Proposed points are the article's to say: 0.
    pub(super) fn breaches(&mut self, provider: &ProviderId, now: Moment) -> Result<Vec<Finding>, StoreError> {
        let open = self.obligations_of(provider)?;
        let kept = self.cache.get::<StoredFindings>(&keys::findings(provider))?;
        let all = kept.map(|record| state::breaches(&open, &record.kept, now)).unwrap_or_default();
        Ok(all.into_iter().map(|found| found.finding(provider)).collect())
    }
}
