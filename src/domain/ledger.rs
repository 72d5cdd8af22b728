//! The ledger of one provider and calendar year: its lines, and the score that they say (1.1(7)).
//!
//! [`YearLedger::of`] folds a year's lines from nothing and is the definition of the score. The view keeps the
//! same numbers up to date line by line; a property test holds the two together.

use super::LineSubject;
use crate::ids::{ArticleId, OutletId, Seq, problem_key};
use crate::points::{Points, Score};
use crate::rulebook::{EditionHash, Needs};
use crate::time::{Day, Moment};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// One line of a ledger. Never edited or erased; a reversal is a line of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Its number: the seq of the journal entry that made it.
    pub seq: Seq,
    /// What it does to the score.
    pub kind: LineKind,
    /// The article; on a reversal, that of the line it cancels.
    pub article: ArticleId,
    /// Assessed points; on a reversal, those of the line it cancels.
    pub points: Points,
    /// Points that count: less than assessed where a cap cuts, or where a credit meets 0; 0 when reversed.
    pub effective: Points,
    /// The day it occurred; on a reversal, that of the line it cancels.
    #[serde(with = "crate::time::day_number")]
    pub occurred_on: Day,
    /// When it was recorded.
    pub recorded_at: Moment,
    /// Who recorded it.
    pub by: String,
    /// The outlet, if it is about one.
    pub outlet: Option<OutletId>,
    /// The tag of the problem.
    pub problem: Option<String>,
    /// Evidence and remarks; on a reversal, the reason.
    pub note: Option<String>,
    /// The cap that was in force for its problem.
    pub cap: Option<Points>,
    /// What its article asks for (section 2).
    pub needs: Needs,
    /// What it stands for, where that is a record or a month.
    pub subject: Option<LineSubject>,
    /// What was seen: a file, the number of a document.
    pub evidence: Option<String>,
    /// The reversal that cancelled it.
    pub reversed_by: Option<Seq>,
    /// The line that this reversal cancels.
    pub reverses: Option<Seq>,
    /// The edition that it was judged by (decision 26), where its entry keeps it.
    pub edition: Option<EditionHash>,
    /// The entry by which the provider had the article otherwise (4.4(3)).
    pub agreed: Option<Seq>,
    /// The entry that proposed it, where it took a second person (decision 28).
    pub proposed: Option<Seq>,
}

/// What a line does to the score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LineKind {
    /// Takes points.
    Deduction,
    /// Gives points back (3.1(3)).
    Credit,
    /// Cancels an earlier line; its own effective points are 0, the cancelled line's become 0.
    Reversal,
    /// A correction that took lines away, as a ledger shows it (decision 13): no line of its own, and it counts nothing.
    Void,
}

impl LineKind {
    /// The stable word in files and JSON.
    pub fn word(self) -> &'static str {
        match self {
            LineKind::Deduction => "deduction",
            LineKind::Credit => "credit",
            LineKind::Reversal => "reversal",
            LineKind::Void => "void",
        }
    }
}

impl Line {
    /// The group whose effective points share a cap (2.2.2, decision 6).
    pub fn cap_group(&self) -> Option<(Points, CapGroup)> {
        match (self.kind, self.cap, &self.problem) {
            (LineKind::Deduction, Some(cap), Some(problem)) => {
                Some((cap, (self.article.clone(), problem_key(problem))))
            }
            _ => None,
        }
    }

    /// Whether it could change what other lines count for.
    pub fn entangled(&self) -> bool {
        self.kind == LineKind::Credit || self.cap_group().is_some()
    }
}

/// Article and problem, whatever its spelling.
pub type CapGroup = (ArticleId, String);

/// What a provider's year comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct YearLedger {
    /// The score.
    pub score: Score,
    /// How many lines, reversals included.
    pub lines: u32,
    /// Effective points used up under each cap.
    pub used: Arc<BTreeMap<CapGroup, Points>>,
    /// Whether a credit stands among the lines: what it gives depends on all before it.
    pub credits: bool,
}

impl YearLedger {
    /// Folds a year from nothing: walks the lines in the order of their days, then as they were recorded (decision 12),
    /// and sets what each counts for.
    pub fn of(lines: &mut [Line]) -> YearLedger {
        lines.sort_by_key(|l| (l.occurred_on, l.seq));
        let mut year = YearLedger::default();
        for line in lines {
            year.add(line);
        }
        year
    }

    /// Adds one line after all those before it, and sets what it counts for.
    pub fn add(&mut self, line: &mut Line) {
        self.lines += 1;
        self.credits |= line.kind == LineKind::Credit;
        line.effective = self.effective(line);
        match line.kind {
            LineKind::Deduction => self.score = self.score.plus(line.effective),
            LineKind::Credit => self.score = self.score.minus(line.effective),
            LineKind::Reversal | LineKind::Void => {}
        }
        if let Some((_, group)) = line.cap_group() {
            Arc::make_mut(&mut self.used).entry(group).or_default().0 += line.effective.0;
        }
    }

    /// Whether a line counts for the same wherever it stands among the others, and they beside it: no credit is there,
    /// and its cap is not reached.
    pub fn takes_anywhere(&self, line: &Line) -> bool {
        let fits = |(cap, group): (Points, CapGroup)| {
            let used = self.used.get(&group).copied().unwrap_or_default();
            used.0.saturating_add(line.points.0) <= cap.0
        };
        matches!(line.kind, LineKind::Reversal | LineKind::Void)
            || line.kind == LineKind::Deduction && !self.credits && line.cap_group().is_none_or(fits)
    }

    /// What a line would count for after all others.
    pub fn effective(&self, line: &Line) -> Points {
        if line.reversed_by.is_some() {
            return Points(0);
        }
        match (line.kind, line.cap_group()) {
            (LineKind::Reversal | LineKind::Void, _) => Points(0),
            (LineKind::Credit, _) => Points(line.points.0.min(self.score.0)),
            (LineKind::Deduction, None) => line.points,
            (LineKind::Deduction, Some((cap, group))) => {
                let used = self.used.get(&group).copied().unwrap_or_default();
                Points(line.points.0.min(cap.0.saturating_sub(used.0)))
            }
        }
    }
}
