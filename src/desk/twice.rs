//! Looks for an entry that says already what another is about to say (decision 14).

use super::core::{Core, Group};
use crate::domain::twice::{Earlier, ask};
use crate::domain::{Event, Refusal};
use crate::store::StoreError;

impl Core {
    /// Why an event is asked about before it is taken, if it is: the latest entry that stands and says the same.
    pub(super) fn said_before(&mut self, group: &Group, event: &Event) -> Result<Option<Refusal>, StoreError> {
        let Some(said) = event.said() else { return Ok(None) };
        for seq in self.view.said(said)?.into_iter().rev() {
            let entry = match group.entry(seq) {
                Some(entry) => Some(entry.clone()),
                None => self.journal.entry(seq)?.map(|recorded| recorded.entry),
            };
            let stands = match entry.as_ref().and_then(|entry| entry.event.provider()) {
                Some(provider) => self.view.void_of(provider, seq)?.is_none(),
                None => true,
            };
            let earlier =
                entry.filter(|_| stands).map(|entry| Earlier { seq, by: entry.by, at: entry.at, event: entry.event });
            if let Some(Err(refusal)) = earlier.map(|earlier| ask(event, &earlier)) {
                return Ok(Some(refusal));
            }
        }
        Ok(None)
    }
}
