//! What was true on a day, as it is known now: what happened later is not there yet, what was typed later is.

use super::{Due, ProviderRow, StoreError, View, obligation};
use crate::domain::{Finding, FindingId, FindingState, Line, Place, State, Subject, YearLedger};
use crate::ids::{ProviderId, Seq};
use crate::rulebook::Marks;
use crate::time::{Day, Moment, Year};
use std::collections::BTreeSet;

impl View {
    /// What a provider's facts come to at the end of a day.
    pub fn state_on(&mut self, provider: &ProviderId, day: Day) -> Result<State, StoreError> {
        self.freshen_all()?;
        self.state_at(provider, Place::ending(day, Seq(u64::MAX)), &[])
    }

    /// What was due of a provider at the end of a day, the next first.
    pub fn due_on(&mut self, provider: &ProviderId, day: Day) -> Result<Vec<Due>, StoreError> {
        Ok(obligation::of(provider, self.state_on(provider, day)?.due))
    }

    /// A provider's findings at the end of a day, by a moment of it. A month is found once it is over, by all that is known of
    /// it; who decided on it later had not yet.
    pub fn findings_on(
        &mut self,
        provider: &ProviderId,
        (day, now): (Day, Moment),
    ) -> Result<Vec<Finding>, StoreError> {
        let breaches = self.state_on(provider, day)?.breaches(now);
        let mut rows: Vec<Finding> = breaches.into_iter().map(|kept| kept.finding(provider)).collect();
        let file = self.load(provider)?;
        let until: BTreeSet<Seq> = file.facts.iter().filter(|f| f.place().day <= day).map(|f| f.seq).collect();
        let decided = |state: &FindingState| match state {
            FindingState::Open => true,
            FindingState::Confirmed(seq) | FindingState::Dismissed(seq) => until.contains(seq),
        };
        for month in self.months_found(provider)?.into_iter().filter(|month| month.last() <= day) {
            let id = FindingId { provider: provider.clone(), subject: Subject::Dormant(month) };
            rows.extend(self.month_finding(&id, month, &decided)?);
        }
        rows.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(rows)
    }

    /// A provider, with what the lines of a year that had occurred by the end of a day come to.
    pub fn provider_as_of(
        &mut self,
        id: &ProviderId,
        (year, day): (Year, Day),
        marks: &Marks,
    ) -> Result<Option<ProviderRow>, StoreError> {
        let Some(mut row) = self.provider(id, year, marks)? else { return Ok(None) };
        let ledger = self.year_on(id, year, day)?;
        (row.score, row.lines, row.standing) = (ledger.score, ledger.lines, marks.standing(ledger.score));
        Ok(Some(row))
    }

    /// The lines of a provider's year that had occurred by the end of a day, by day, with what each counts for by then.
    pub fn lines_on(&mut self, provider: &ProviderId, year: Year, day: Day) -> Result<Vec<Line>, StoreError> {
        let mut lines = self.lines_of(provider, year)?;
        lines.retain(|line| line.occurred_on <= day);
        YearLedger::of(&mut lines);
        Ok(lines)
    }
}
