//! What was true on a day, as it is known now. Today is now, and no day is later than today: what is to come is not known.

use super::{Desk, ListedFinding};
use crate::domain::{Finding, Line};
use crate::ids::ProviderId;
use crate::store::{Due, StoreError};
use crate::time::{Day, Moment, Year};

impl Desk {
    /// The last moment of a day that there was.
    pub fn moment_of(&self, day: Day) -> Moment {
        Moment::end_of(day).min(self.now())
    }

    /// What was due at the end of a day, the next first; all, or what one provider owed.
    pub fn deadlines_on(&self, provider: Option<&ProviderId>, day: Day) -> Result<Vec<Due>, StoreError> {
        self.with(|core| core.view.due_on(provider, day))
    }

    /// Findings at the end of a day, as lists show them; all, or those of one provider.
    pub fn listed_on(&self, provider: Option<&ProviderId>, day: Day) -> Result<Vec<ListedFinding>, StoreError> {
        let now = self.moment_of(day);
        let rows = self.with(|core| core.view.findings_on(provider, (day, now)))?;
        self.list(self.proposed(rows)?, Some(day))
    }

    /// Lines of a provider's year that had occurred by the end of a day, newest day first, with what each counts for
    /// among them.
    pub fn ledger_on(&self, provider: &ProviderId, year: Year, day: Day) -> Result<Vec<Line>, StoreError> {
        let mut lines = self.with(|core| core.view.lines_on(provider, year, day))?.0;
        lines.reverse();
        Ok(lines)
    }

    /// Findings with the points that their articles propose.
    pub(super) fn proposed(&self, mut rows: Vec<Finding>) -> Result<Vec<Finding>, StoreError> {
        let laws = self.laws()?;
        for finding in &mut rows {
            let book = laws.of(&finding.id.provider, finding.occurred_on);
            if let Some(article) = book.article(finding.id.subject.article()) {
                finding.points = finding.proposed(article);
            }
        }
        Ok(rows)
    }
}
