//! A line for a year that is over: what rested on the year's old total.

use super::{Desk, all_pages};
use crate::domain::objection::Against;
use crate::domain::{Finding, FindingState, Line, LineKind, YearLedger};
use crate::ids::{ProviderId, Seq};
use crate::journal::Chained;
use crate::points::Score;
use crate::store::StoreError;
use crate::time::{Moment, Year};
use chrono::Datelike;

/// What a line changes of a year that is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LateFound {
    /// The year.
    pub year: Year,
    /// Its score without the line.
    pub before: Score,
    /// Its score with it.
    pub after: Score,
    /// Marks that the year reaches by it.
    pub crosses: Vec<Score>,
    /// What was decided on that year since the line occurred, and before it was known: reversals, credits and voids of
    /// its lines, findings dismissed, objections answered.
    pub since: Vec<Chained>,
}

impl Desk {
    /// What a deduction changes that was recorded after its year; none of any other line.
    pub fn late_found(&self, provider: &ProviderId, line: &Line) -> Result<Option<LateFound>, StoreError> {
        let (on, year) = (line.occurred_on, line.occurred_on.year());
        if line.kind != LineKind::Deduction || line.recorded_at.day().year() <= year {
            return Ok(None);
        }
        let lines = all_pages(|last: Option<&Line>, most| {
            self.ledger(provider, year, last.map(|line| (line.occurred_on, line.seq)), most)
        })?;
        let sum = |but: Option<Seq>| {
            let mut rest: Vec<Line> = lines.iter().rev().filter(|line| Some(line.seq) != but).cloned().collect();
            YearLedger::of(&mut rest).score
        };
        let (before, after) = (sum(Some(line.seq)), sum(None));
        let crosses = self.laws()?.of(provider, on).marks.crossed(before, after);
        let mut since = Vec::new();
        for seq in self.decided_on(provider, year, lines)? {
            let recorded =
                self.entry(seq)?.0.filter(|recorded| seq < line.seq && recorded.entry.at >= Moment::start_of(on));
            since.extend(recorded);
        }
        Ok(Some(LateFound { year, before, after, crosses, since }))
    }

    /// The entries that decided something on a year, whose lines those are.
    fn decided_on(&self, provider: &ProviderId, year: Year, lines: Vec<Line>) -> Result<Vec<Seq>, StoreError> {
        let findings: Vec<Finding> = self.findings(Some(provider))?;
        let of_year = |against: &Against| match against {
            Against::Line(seq) => lines.iter().any(|line| line.seq == *seq),
            Against::Finding(subject) => {
                findings.iter().any(|f| f.id.subject == *subject && f.occurred_on.year() == year)
            }
        };
        let objections = self.dossier(provider)?.objections;
        let mut all: Vec<Seq> = objections
            .iter()
            .filter(|objection| of_year(&objection.against))
            .filter_map(|objection| Some(objection.answered.as_ref()?.seq))
            .collect();
        all.extend(findings.iter().filter(|f| f.occurred_on.year() == year).filter_map(|f| match f.state {
            FindingState::Dismissed(seq) => Some(seq),
            FindingState::Open | FindingState::Confirmed(_) => None,
        }));
        let lines = self.with_voids(lines)?;
        all.extend(lines.iter().filter(|line| line.kind != LineKind::Deduction).map(|line| line.seq));
        all.sort_unstable();
        all.dedup();
        Ok(all)
    }
}
