//! The ledger counted again from the journal with plain lists: what the view is held against.
//!
//! It knows nothing of pages, indexes or caches, and shares no arithmetic with the domain: a fault in those cannot
//! hide here as well. What it counts is what money hangs on: each ledger line, outlet and report of turnover is in
//! the view once and says what the journal says; scores, effective points, months and totals are right. It holds the
//! rows of some providers at a time, so that memory stays bounded.

mod compare;
mod moved;
mod outlet;
mod score;
mod tally;

use crate::ids::ProviderId;
use crate::journal::Journal;
use crate::store::{StoreError, View};
use tally::{Rows, Survey};

/// Rows that are held at a time: some 100 bytes each.
const ROWS: u64 = 500_000;
/// Differences that are told one by one.
const TOLD: usize = 20;

/// What was counted, and what differs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recount {
    /// Providers.
    pub providers: u64,
    /// Outlets.
    pub outlets: u64,
    /// Ledger lines, reversals included.
    pub lines: u64,
    /// Reports of turnover.
    pub reports: u64,
    /// What differs, the first twenty places of it.
    pub differences: Vec<Difference>,
    /// How much differs in all.
    pub differing: u64,
}

/// A place where the view does not say what the journal says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Whose, where it is somebody's.
    pub provider: Option<ProviderId>,
    /// Which line, outlet, month or year.
    pub at: String,
    /// What differs, as a stable word.
    pub what: &'static str,
    /// By the journal.
    pub journal: String,
    /// In the view.
    pub view: String,
}

impl Recount {
    fn differ(&mut self, difference: Difference) {
        self.differing += 1;
        if self.differences.len() < TOLD {
            self.differences.push(difference);
        }
    }
}

/// Counts everything again and compares. `progress` hears of providers done, and how many there are.
pub fn recount(
    journal: &dyn Journal,
    view: &mut View,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Recount, StoreError> {
    let survey = Survey::of(journal)?;
    let mut result = Recount { outlets: survey.outlets.len() as u64, ..Recount::default() };
    result.providers = survey.providers.len() as u64;
    compare::roster(&survey, view, &mut result)?;
    let mut done = 0;
    for group in survey.groups(ROWS) {
        let mut rows = Rows::of(journal, &survey, group.clone())?;
        for provider in group {
            let own = rows.take(provider);
            result.lines += own.lines.len() as u64;
            result.reports += own.reported();
            compare::provider(&survey, provider, (own, &rows.moved), view, &mut result)?;
            view.relieve();
            done += 1;
            progress(done, result.providers);
        }
    }
    compare::totals(&survey, view, &mut result);
    Ok(result)
}
