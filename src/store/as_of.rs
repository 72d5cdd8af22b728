//! What was true on a day, as it is known now: what happened later is not there yet, what was typed later is.

use super::{Due, StoreError, View};
use crate::domain::{Finding, FindingId, FindingState, Line, Place, State, Subject, YearLedger};
use crate::ids::{ProviderId, Seq};
use crate::time::{Day, Moment, Year};
use std::collections::BTreeSet;

impl View {
    /// What a provider's facts come to at the end of a day.
    pub fn state_on(&mut self, provider: &ProviderId, day: Day) -> Result<State, StoreError> {
        self.freshen_all()?;
        self.state_at(provider, Place::ending(day, Seq(u64::MAX)), &[])
    }

    /// What was due at the end of a day, the next first; all, or of one provider.
    pub fn due_on(&mut self, provider: Option<&ProviderId>, day: Day) -> Result<Vec<Due>, StoreError> {
        let mut rows = Vec::new();
        for provider in self.these(provider)? {
            let due = |(seq, obligation)| Due { provider: provider.clone(), seq, obligation };
            rows.extend(self.state_on(&provider, day)?.due.into_iter().map(due));
            self.relieve();
        }
        rows.sort_by_key(|due| (due.obligation.due, due.seq));
        Ok(rows)
    }

    /// The findings at the end of a day, by a moment of it. A month is found once it is over, by all that is known of
    /// it; who decided on it later had not yet.
    pub fn findings_on(
        &mut self,
        provider: Option<&ProviderId>,
        (day, now): (Day, Moment),
    ) -> Result<Vec<Finding>, StoreError> {
        let mut rows = Vec::new();
        for provider in self.these(provider)? {
            let breaches = self.state_on(&provider, day)?.breaches(now);
            rows.extend(breaches.into_iter().map(|kept| kept.finding(&provider)));
            let file = self.load(&provider)?;
            let until: BTreeSet<Seq> = file.facts.iter().filter(|f| f.place().day <= day).map(|f| f.seq).collect();
            let decided = |state: &FindingState| match state {
                FindingState::Open => true,
                FindingState::Confirmed(seq) | FindingState::Dismissed(seq) => until.contains(seq),
            };
            for month in self.months_found(&provider)?.into_iter().filter(|month| month.last() <= day) {
                let id = FindingId { provider: provider.clone(), subject: Subject::Dormant(month) };
                rows.extend(self.month_finding(&id, month, &decided)?);
            }
            self.relieve();
        }
        rows.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(rows)
    }

    /// The lines of a provider's year that had occurred by the end of a day, by day, and what they come to by
    /// themselves.
    pub fn lines_on(
        &mut self,
        provider: &ProviderId,
        year: Year,
        day: Day,
    ) -> Result<(Vec<Line>, YearLedger), StoreError> {
        let mut lines = self.lines_of(provider, year)?;
        lines.retain(|line| line.occurred_on <= day);
        let ledger = YearLedger::of(&mut lines);
        Ok((lines, ledger))
    }

    /// One provider, or all.
    fn these(&mut self, provider: Option<&ProviderId>) -> Result<Vec<ProviderId>, StoreError> {
        provider.map_or_else(|| self.provider_ids(), |id| Ok(vec![id.clone()]))
    }
}
