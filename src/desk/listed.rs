//! Findings as a list shows them: with what a person knows each by, and what became of its line.

use super::Desk;
use crate::domain::{Dossier, Finding, FindingState};
use crate::ids::{ProviderId, Seq};
use crate::store::StoreError;
use crate::time::Day;
use std::collections::BTreeMap;

/// A finding in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedFinding {
    /// The finding.
    pub finding: Finding,
    /// What it is about, in no language ([`Finding::about`]).
    pub about: String,
    /// The entry that reversed its line, where it was confirmed and that was done (decision 20).
    pub reversed_by: Option<Seq>,
}

impl ListedFinding {
    /// What became of it, as a stable word: one whose line is reversed says that.
    pub fn word(&self) -> &'static str {
        if self.reversed_by.is_some() { "reversed" } else { self.finding.state.word() }
    }
}

impl Desk {
    /// All findings as lists show them, or those of one provider.
    pub fn listed(&self, provider: Option<&ProviderId>) -> Result<Vec<ListedFinding>, StoreError> {
        self.list(self.findings(provider)?, None)
    }

    /// Findings as lists show them, on a day or now.
    pub(super) fn list(&self, findings: Vec<Finding>, day: Option<Day>) -> Result<Vec<ListedFinding>, StoreError> {
        let mut dossiers: BTreeMap<ProviderId, Dossier> = BTreeMap::new();
        let mut rows = Vec::new();
        for finding in findings {
            let whose = &finding.id.provider;
            if !dossiers.contains_key(whose) {
                let dossier = match day {
                    Some(day) => self.with(|core| Ok(core.view.state_on(whose, day)?.dossier))?,
                    None => self.dossier(whose)?,
                };
                dossiers.insert(whose.clone(), dossier);
            }
            let about = dossiers.get(whose).map(|dossier| finding.about(dossier)).unwrap_or_default();
            let reversed_by = match finding.state {
                FindingState::Confirmed(line) => self.line(line)?.and_then(|(_, line)| line.reversed_by),
                FindingState::Open | FindingState::Dismissed(_) => None,
            };
            rows.push(ListedFinding { finding, about, reversed_by });
        }
        Ok(rows)
    }
}
