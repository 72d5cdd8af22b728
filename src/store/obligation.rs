//! What is due, by provider and due moment, and the breaches that facts and missed obligations are.

use super::{StoreError, View};
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

impl Due {
    /// What is due next comes first.
    pub fn order(&self) -> (Moment, Seq) {
        (self.obligation.due, self.seq)
    }
}

/// Obligations of a provider, the next due first.
pub(super) fn of(provider: &ProviderId, open: Vec<(Seq, Obligation)>) -> Vec<Due> {
    let due = |(seq, obligation)| Due { provider: provider.clone(), seq, obligation };
    let mut rows: Vec<Due> = open.into_iter().map(due).collect();
    rows.sort_by_key(Due::order);
    rows
}

impl View {
    /// A provider's open obligations with whose they are, the next due first.
    pub fn due(&mut self, provider: &ProviderId) -> Result<Vec<Due>, StoreError> {
        Ok(of(provider, self.obligations_of(provider)?))
    }

    /// A provider's open obligations, the next due first.
    pub fn obligations_of(&mut self, provider: &ProviderId) -> Result<Vec<(Seq, Obligation)>, StoreError> {
        self.freshen(provider)?;
        self.state_record(provider)?.map_or(Ok(Vec::new()), |record| Ok(record.due()?.clone()))
    }

    /// Breaches of a provider by a moment. Proposed points are the article's to say: 0.
    pub(super) fn breaches(&mut self, provider: &ProviderId, now: Moment) -> Result<Vec<Finding>, StoreError> {
        let open = self.obligations_of(provider)?;
        let Some(record) = self.state_record(provider)? else { return Ok(Vec::new()) };
        let all = state::breaches(&open, record.kept()?, now);
        Ok(all.into_iter().map(|found| found.finding(provider)).collect())
    }
}
