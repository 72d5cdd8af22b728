//! Lines that wait for a second person (decision 28).

use super::cache::Item;
use super::{StoreError, View, keys};
use crate::domain::second::Waiting;
use crate::domain::{Event, FindingId};
use crate::ids::{ProviderId, Seq};
use crate::journal::Chained;
use serde::{Deserialize, Serialize};

/// A line that was proposed, and was neither confirmed nor turned down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// The line as it waits.
    pub waiting: Waiting,
    /// The entry that took away the audit that it came with, and it too: it comes back with that.
    pub taken: Option<Seq>,
}

impl Item for Proposal {}

impl View {
    /// A provider's lines that wait, in the order in which they were proposed.
    pub fn proposals(&mut self, provider: &ProviderId) -> Result<Vec<Waiting>, StoreError> {
        let all = self.cache.get::<Vec<Proposal>>(&keys::proposals(provider))?;
        let waiting = all.into_iter().flatten().filter(|proposal| proposal.taken.is_none());
        Ok(waiting.map(|proposal| proposal.waiting.clone()).collect())
    }

    /// What an entry does to what waits.
    pub(super) fn keep_proposals(&mut self, recorded: &Chained) -> Result<(), StoreError> {
        let entry = &recorded.entry;
        match &entry.event {
            Event::LineProposed(proposed) => {
                let (at, by, proposed) = (entry.at, entry.by.clone(), proposed.clone());
                let key = keys::proposals(&proposed.deduction.provider);
                let waiting = Waiting { entry: recorded.seq, at, by, proposed };
                self.cache.edit::<Vec<Proposal>>(&key)?.push(Proposal { waiting, taken: None });
                Ok(())
            }
            Event::ProposalWithdrawn { proposal, provider, .. } => self.waits_no_more(provider, Some(*proposal), None),
            Event::Deducted { deduction, law } if law.proposed.is_some() => {
                self.waits_no_more(&deduction.provider, law.proposed, None)
            }
            Event::FindingConfirmed { finding, law, .. } => {
                self.waits_no_more(&finding.provider, law.proposed, Some(finding))
            }
            Event::FindingDismissed { finding, .. } => self.waits_no_more(&finding.provider, None, Some(finding)),
            Event::Voided { entries, provider, .. } => self.go_with(provider, entries, (None, Some(recorded.seq))),
            Event::Restored { void, entries, provider, .. } => self.go_with(provider, entries, (Some(*void), None)),
            _ => Ok(()),
        }
    }

    /// Those among entries that an audit brought go with it, and come back with it.
    fn go_with(
        &mut self,
        provider: &ProviderId,
        entries: &[Seq],
        (from, to): (Option<Seq>, Option<Seq>),
    ) -> Result<(), StoreError> {
        let key = keys::proposals(provider);
        let goes = |p: &Proposal| p.taken == from && entries.contains(&p.waiting.entry);
        if self.cache.get::<Vec<Proposal>>(&key)?.is_some_and(|all| all.iter().any(goes)) {
            let all = self.cache.edit::<Vec<Proposal>>(&key)?;
            all.iter_mut().filter(|p| goes(p)).for_each(|p| p.taken = to);
        }
        Ok(())
    }

    /// A proposal is done with; so are those of a finding that was decided.
    fn waits_no_more(
        &mut self,
        provider: &ProviderId,
        proposal: Option<Seq>,
        finding: Option<&FindingId>,
    ) -> Result<(), StoreError> {
        let key = keys::proposals(provider);
        let gone =
            |w: &Waiting| Some(w.entry) == proposal || finding.is_some() && w.proposed.finding.as_ref() == finding;
        if self.proposals(provider)?.iter().any(gone) {
            self.cache.edit::<Vec<Proposal>>(&key)?.retain(|proposal| !gone(&proposal.waiting));
        }
        Ok(())
    }
}
