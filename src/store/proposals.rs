//! Lines that wait for a second person (decision 28).

use super::cache::Item;
use super::{StoreError, View, keys};
use crate::domain::second::Waiting;
use crate::domain::{Event, FindingId};
use crate::ids::{ProviderId, Seq};
use crate::journal::Chained;

impl Item for Waiting {}

impl View {
    /// A provider's lines that wait, in the order in which they were proposed.
    pub fn proposals(&mut self, provider: &ProviderId) -> Result<Vec<Waiting>, StoreError> {
        Ok(self.cache.get::<Vec<Waiting>>(&keys::proposals(provider))?.cloned().unwrap_or_default())
    }

    /// What an entry does to what waits.
    pub(super) fn keep_proposals(&mut self, recorded: &Chained) -> Result<(), StoreError> {
        let entry = &recorded.entry;
        match &entry.event {
            Event::LineProposed(proposed) => {
                let (at, by, proposed) = (entry.at, entry.by.clone(), proposed.clone());
                let key = keys::proposals(&proposed.deduction.provider);
                self.cache.edit::<Vec<Waiting>>(&key)?.push(Waiting { entry: recorded.seq, at, by, proposed });
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
            _ => Ok(()),
        }
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
            self.cache.edit::<Vec<Waiting>>(&key)?.retain(|waiting| !gone(waiting));
        }
        Ok(())
    }
}
