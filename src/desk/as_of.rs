//! What was true on a day, as it is known now. Today is now, and no day is later than today: what is to come is not known.

use super::{Desk, ListedFinding, lists};
use crate::domain::Line;
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
        match provider {
            Some(id) => self.with(|core| core.view.due_on(id, day)),
            None => self.list_all(&lists::DeadlinesOn(day)),
        }
    }

    /// Findings at the end of a day, as lists show them; all, or those of one provider.
    pub fn listed_on(&self, provider: Option<&ProviderId>, day: Day) -> Result<Vec<ListedFinding>, StoreError> {
        match provider {
            Some(id) => self.with_cx(|core, cx| core.listed(id, Some(day), cx)),
            None => self.list_all(&lists::FindingsOn(day)),
        }
    }

    /// Lines of a provider's year that had occurred by the end of a day, newest day first, with what each counts for
    /// among them.
    pub fn ledger_on(&self, provider: &ProviderId, year: Year, day: Day) -> Result<Vec<Line>, StoreError> {
        let mut lines = self.with(|core| core.view.lines_on(provider, year, day))?;
        lines.reverse();
        Ok(lines)
    }
}
