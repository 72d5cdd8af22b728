//! What is listed of providers.

use super::super::ListedFinding;
use super::super::change::Areas;
use super::super::core::Core;
use super::{List, Made};
use crate::domain::alert::next_missed;
use crate::domain::impact::{Impact, impact};
use crate::domain::second::Waiting;
use crate::domain::{Alert, Context};
use crate::ids::ProviderId;
use crate::rulebook::{Marks, Rulebook};
use crate::store::{Due, ProviderRow};
use crate::time::{Day, Moment, Year};
use std::cmp::Reverse;
use std::sync::Arc;

/// What is made of the record alone.
const FOR_GOOD: Moment = Moment(i64::MAX);

/// Providers, with their scores of a year.
#[derive(Clone, PartialEq)]
pub struct Providers(pub Year);

/// Providers, with what the lines of a year that had occurred by the end of a day come to.
#[derive(Clone, PartialEq)]
pub struct ProvidersOn(pub Year, pub Day);

/// What is due.
#[derive(Clone, PartialEq)]
pub struct Deadlines;

/// What was due at the end of a day.
#[derive(Clone, PartialEq)]
pub struct DeadlinesOn(pub Day);

/// Findings.
#[derive(Clone, PartialEq)]
pub struct Findings;

/// Findings at the end of a day.
#[derive(Clone, PartialEq)]
pub struct FindingsOn(pub Day);

/// Alerts.
#[derive(Clone, PartialEq)]
pub struct Alerts;

/// Lines that wait for a second person.
#[derive(Clone, PartialEq)]
pub struct Proposals;

/// What an edition of the rulebook would make of a year's lines.
#[derive(Clone)]
pub struct Impacts(pub Arc<Rulebook>, pub Year);

impl PartialEq for Impacts {
    /// Whoever asks asks anew: an edition has no name yet.
    fn eq(&self, other: &Impacts) -> bool {
        Arc::ptr_eq(&self.0, &other.0) && self.1 == other.1
    }
}

/// The first moment of tomorrow: rules are in force by days.
fn tomorrow(cx: Context<'_>) -> Moment {
    Moment(Moment::end_of(cx.now.day()).0 + 1)
}

/// The marks of a year: by the edition that is in force on its last day, or today.
pub fn marks_of(year: Year, cx: Context<'_>) -> &Marks {
    let today = cx.now.day();
    let last = Day::from_ymd_opt(year, 12, 31).unwrap_or(today).min(today);
    &cx.laws.general(last).marks
}

/// The next due first.
fn by_due(rows: &mut [Arc<Due>]) {
    rows.sort_by_key(|due| due.order());
}

impl List for Providers {
    type Row = ProviderRow;
    const AREAS: Areas = Areas::ROSTER.with(Areas::LEDGER).with(Areas::OUTLETS).with(Areas::LAW);

    fn make(&self, core: &mut Core, id: &ProviderId, cx: Context<'_>) -> Made<ProviderRow> {
        let row = core.view.provider(id, self.0, marks_of(self.0, cx))?;
        Ok((row.into_iter().collect(), tomorrow(cx)))
    }
}

impl List for ProvidersOn {
    type Row = ProviderRow;
    const AREAS: Areas = Providers::AREAS;

    fn make(&self, core: &mut Core, id: &ProviderId, cx: Context<'_>) -> Made<ProviderRow> {
        let row = core.view.provider_as_of(id, (self.0, self.1), marks_of(self.0, cx))?;
        Ok((row.into_iter().collect(), tomorrow(cx)))
    }
}

impl List for Deadlines {
    type Row = Due;
    const AREAS: Areas = Areas::DEADLINES;

    fn make(&self, core: &mut Core, id: &ProviderId, _: Context<'_>) -> Made<Due> {
        Ok((core.view.due(id)?, FOR_GOOD))
    }

    fn order(rows: &mut [Arc<Due>]) {
        by_due(rows);
    }
}

impl List for DeadlinesOn {
    type Row = Due;
    const AREAS: Areas = Areas::ALL;

    fn make(&self, core: &mut Core, id: &ProviderId, _: Context<'_>) -> Made<Due> {
        Ok((core.view.due_on(id, self.0)?, FOR_GOOD))
    }

    fn order(rows: &mut [Arc<Due>]) {
        by_due(rows);
    }
}

impl List for Findings {
    type Row = ListedFinding;
    /// A finding says what became of its line, and what its record calls what it is about.
    const AREAS: Areas =
        Areas::FINDINGS.with(Areas::RECORDS).with(Areas::LEDGER).with(Areas::LAW).with(Areas::DEADLINES);

    fn make(&self, core: &mut Core, id: &ProviderId, cx: Context<'_>) -> Made<ListedFinding> {
        let missed = next_missed(&core.view.obligations_of(id)?, cx.now);
        Ok((core.listed(id, None, cx)?, missed))
    }
}

impl List for FindingsOn {
    type Row = ListedFinding;
    const AREAS: Areas = Areas::ALL;

    fn make(&self, core: &mut Core, id: &ProviderId, cx: Context<'_>) -> Made<ListedFinding> {
        let until = match Moment::end_of(self.0) {
            end if end < cx.now => FOR_GOOD,
            _ => next_missed(&core.view.state_on(id, self.0)?.due, cx.now).min(tomorrow(cx)),
        };
        Ok((core.listed(id, Some(self.0), cx)?, until))
    }
}

impl List for Alerts {
    type Row = Alert;
    const AREAS: Areas = Areas::ALL;

    fn make(&self, core: &mut Core, id: &ProviderId, cx: Context<'_>) -> Made<Alert> {
        core.watched(id, cx)
    }

    /// The loudest first, resolved ones last.
    fn order(rows: &mut [Arc<Alert>]) {
        rows.sort_by_key(|alert| (alert.state, Reverse(alert.urgency)));
    }
}

impl List for Proposals {
    type Row = Waiting;
    const AREAS: Areas = Areas::PROPOSALS;

    fn make(&self, core: &mut Core, id: &ProviderId, _: Context<'_>) -> Made<Waiting> {
        Ok((core.view.proposals(id)?, FOR_GOOD))
    }
}

impl List for Impacts {
    type Row = (ProviderId, Impact);
    const AREAS: Areas = Areas::ROSTER.with(Areas::LEDGER);

    fn make(&self, core: &mut Core, id: &ProviderId, _: Context<'_>) -> Made<Self::Row> {
        let lines = core.view.lines_of(id, self.1)?;
        let row = (!lines.is_empty()).then(|| (id.clone(), impact(&lines, &self.0)));
        Ok((row.into_iter().collect(), FOR_GOOD))
    }
}
