//! Lines that wait for a second person (decision 28).

use super::core::Core;
use super::{Desk, lists};
use crate::domain::Deduction;
use crate::domain::second::Waiting;
use crate::ids::{ProviderId, Seq};
use crate::store::StoreError;
use chrono::Datelike;

impl Desk {
    /// All lines that wait for a second person, provider by provider, or those of one.
    pub fn proposals(&self, provider: Option<&ProviderId>) -> Result<Vec<Waiting>, StoreError> {
        match provider {
            Some(id) => self.with(|core| core.view.proposals(id)),
            None => self.list_all(&lists::Proposals),
        }
    }
}

impl Core {
    /// The line that a proposal became, if it was confirmed.
    pub(super) fn confirmed(&mut self, proposal: Seq, line: &Deduction) -> Result<Option<Seq>, StoreError> {
        let lines = self.view.lines_of(&line.provider, line.occurred_on.year())?;
        Ok(lines.into_iter().find(|line| line.proposed == Some(proposal)).map(|line| line.seq))
    }

    /// Lines on record, and after them those that wait and say just the same.
    pub(super) fn same_or_waiting(&mut self, deduction: &Deduction, same: Vec<Seq>) -> Result<Vec<Seq>, StoreError> {
        let waiting = self.view.proposals(&deduction.provider)?.into_iter();
        let equal = waiting.filter(|waiting| waiting.proposed.deduction == *deduction).map(|waiting| waiting.entry);
        Ok(same.into_iter().chain(equal).collect())
    }
}
