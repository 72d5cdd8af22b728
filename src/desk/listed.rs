//! Findings as a list shows them: with what a person knows each by, and what became of its line.

use super::core::Core;
use super::{Desk, lists};
use crate::domain::{Context, Finding, FindingState};
use crate::ids::{ProviderId, Seq};
use crate::store::StoreError;
use crate::time::{Day, Moment};

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
    /// All findings as lists show them, by provider and subject, or those of one provider.
    pub fn listed(&self, provider: Option<&ProviderId>) -> Result<Vec<ListedFinding>, StoreError> {
        match provider {
            Some(id) => self.with_cx(|core, cx| core.listed(id, None, cx)),
            None => self.list_all(&lists::Findings),
        }
    }
}

impl Core {
    /// A provider's findings by subject, as lists show them, on a day or now, with the points that their articles propose.
    pub(super) fn listed(
        &mut self,
        provider: &ProviderId,
        day: Option<Day>,
        cx: Context<'_>,
    ) -> Result<Vec<ListedFinding>, StoreError> {
        let findings = match day {
            Some(day) => self.view.findings_on(provider, (day, Moment::end_of(day).min(cx.now)))?,
            None => self.view.findings(provider, cx.now)?,
        };
        if findings.is_empty() {
            return Ok(Vec::new());
        }
        let dossier = match day {
            Some(day) => self.view.state_on(provider, day)?.dossier,
            None => self.view.dossier(provider)?,
        };
        let mut rows = Vec::with_capacity(findings.len());
        for mut finding in findings {
            if let Some(article) = cx.rules(provider, finding.occurred_on).article(finding.id.subject.article()) {
                finding.points = finding.proposed(article);
            }
            let reversed_by = match finding.state {
                FindingState::Confirmed(line) => self.line(line)?.and_then(|(_, line)| line.reversed_by),
                FindingState::Open | FindingState::Dismissed(_) => None,
            };
            rows.push(ListedFinding { about: finding.about(&dossier), finding, reversed_by });
        }
        Ok(rows)
    }
}
