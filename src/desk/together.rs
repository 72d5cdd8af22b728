//! Commands that happen together or not at all: what replaces an entry comes with what takes it away (decision 13).

use super::{Desk, DeskError, Identity, Receipt};
use crate::domain::{Command, FindingId, FindingState, Refusal};
use crate::ids::Seq;

impl Desk {
    /// Takes an entry away and records another in its place, in one durable block; the receipt is of the other. What is
    /// on record already is asked about.
    pub fn replace(&self, who: &Identity, entry: Seq, reason: &str, command: Command) -> Result<Receipt, DeskError> {
        self.submit_once(who, Command::Replace { entry, reason: reason.to_owned(), with: Box::new(command) })
    }

    /// The entry that decided on a finding, where it can be opened again (decision 20): it was dismissed, or the line
    /// that it became is reversed.
    pub fn decision(&self, finding: &FindingId) -> Result<Seq, DeskError> {
        let finding = &FindingId { subject: self.with(|core| core.known_subject(finding.subject))?, ..finding.clone() };
        let found = self.findings(Some(&finding.provider))?.into_iter().find(|f| f.id == *finding);
        let unknown = || DeskError::Refused(Refusal::UnknownFinding { finding: finding.to_string() });
        match found.ok_or_else(unknown)?.state {
            FindingState::Open => Err(DeskError::Refused(Refusal::StillOpen { finding: finding.clone() })),
            FindingState::Dismissed(seq) => Ok(seq),
            FindingState::Confirmed(seq) => match self.line(seq)?.and_then(|(_, line)| line.reversed_by) {
                Some(_) => Ok(seq),
                None => Err(DeskError::Refused(Refusal::LineStands { finding: finding.clone(), line: seq })),
            },
        }
    }
}
