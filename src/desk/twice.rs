//! Looks for an entry that says already what another is about to say (decision 14).

use super::core::{Core, Group};
use crate::domain::twice::{Earlier, ask, is_for_a_term, may_be_one};
use crate::domain::{Event, Refusal};
use crate::ids::Seq;
use crate::journal::Entry;
use crate::store::StoreError;
use chrono::Datelike;

impl Core {
    /// Why an event is asked about before it is taken, if it is: the latest entry that stands and says the same, or the
    /// same breach once by a finding and once by hand.
    pub(super) fn said_before(&mut self, group: &Group, event: &Event) -> Result<Option<Refusal>, StoreError> {
        let Some(said) = event.said() else { return Ok(None) };
        for seq in self.view.said(said)?.into_iter().rev() {
            let entry = self.entry_of(group, seq)?;
            let stands = match entry.as_ref().and_then(|entry| entry.event.provider()) {
                Some(provider) => self.view.void_of(provider, seq)?.is_none(),
                None => true,
            };
            let earlier = entry.filter(|_| stands).map(|entry| earlier(seq, entry));
            if let Some(Err(refusal)) = earlier.map(|earlier| ask(event, &earlier)) {
                return Ok(Some(refusal));
            }
        }
        self.charged_otherwise(group, event)
    }

    /// A finding that is confirmed beside a line by hand for the same, or the other way round.
    fn charged_otherwise(&mut self, group: &Group, event: &Event) -> Result<Option<Refusal>, StoreError> {
        let Some((deduction, ..)) = event.deduction() else { return Ok(None) };
        let mut lines = match is_for_a_term(deduction) {
            true => self.view.lines_of(&deduction.provider, deduction.occurred_on.year())?,
            false => self.view.on_day(deduction)?,
        };
        lines.retain(|line| may_be_one(deduction, line));
        for line in lines.into_iter().rev() {
            let Some(entry) = self.entry_of(group, line.seq)? else { continue };
            if entry.event.is_of_finding() != event.is_of_finding() {
                let Earlier { seq, by, at, .. } = earlier(line.seq, entry);
                return Ok(Some(Refusal::SaidBefore { seq, by, at }));
            }
        }
        Ok(None)
    }

    /// An entry of the group so far, or of the journal.
    pub(super) fn entry_of(&self, group: &Group, seq: Seq) -> Result<Option<Entry>, StoreError> {
        match group.entry(seq) {
            Some(entry) => Ok(Some(entry.clone())),
            None => Ok(self.journal.entry(seq)?.map(|chained| chained.entry)),
        }
    }
}

fn earlier(seq: Seq, entry: Entry) -> Earlier {
    Earlier { seq, by: entry.by, at: entry.at, event: entry.event }
}
