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
use std::borrow::Cow;
use std::cmp::Ordering;
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

/// What a line is to the fold of its year: all that decides what it counts for.
pub trait Counting {
    /// Where it stands in its year: by its day, then as it was recorded (decision 12).
    fn place(&self) -> (Day, Seq);
    /// What it does to the score.
    fn kind(&self) -> LineKind;
    /// Its assessed points.
    fn points(&self) -> Points;
    /// Whether a reversal cancelled it.
    fn is_reversed(&self) -> bool;
    /// The cap that it is under, and the group whose effective points share it (2.2.2, decision 6).
    fn cap_group(&self) -> Option<(Points, Cow<'_, CapGroup>)>;
    /// What it counts for.
    fn effective(&self) -> Points;
    /// Sets what it counts for.
    fn count_for(&mut self, effective: Points);
}

impl Counting for Line {
    fn place(&self) -> (Day, Seq) {
        (self.occurred_on, self.seq)
    }

    fn kind(&self) -> LineKind {
        self.kind
    }

    fn points(&self) -> Points {
        self.points
    }

    fn is_reversed(&self) -> bool {
        self.reversed_by.is_some()
    }

    fn cap_group(&self) -> Option<(Points, Cow<'_, CapGroup>)> {
        match (self.kind, self.cap, &self.problem) {
            (LineKind::Deduction, Some(cap), Some(problem)) => {
                Some((cap, Cow::Owned((self.article.clone(), problem_key(problem)))))
            }
            _ => None,
        }
    }

    fn effective(&self) -> Points {
        self.effective
    }

    fn count_for(&mut self, effective: Points) {
        self.effective = effective;
    }
}

impl Line {
    /// Whether it could change what other lines count for.
    pub fn entangled(&self) -> bool {
        self.kind == LineKind::Credit || self.cap_group().is_some()
    }
}

/// Article and problem, whatever its spelling.
pub type CapGroup = (ArticleId, String);

/// Effective points used up under each cap of a year, in the order of the groups. They are held in one piece: a view
/// holds, copies and writes the years of a whole office, each with some tens of groups. Copies
/// share it until one of them changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Used(Arc<Vec<u8>>);

/// A divider that is in no id.
const DIVIDER: u8 = 0;
/// Bytes that stand before a group: its length, and its points.
const USED_HEAD: usize = 8;

impl Used {
    /// About how many bytes it holds.
    pub fn size(&self) -> usize {
        self.0.capacity()
    }

    /// What is used up under a group's cap.
    pub fn of(&self, group: &CapGroup) -> Points {
        self.find(group).map_or(Points(0), |at| Points(self.number(at + 4)))
    }

    /// Uses up more under a group's cap.
    fn add(&mut self, group: &CapGroup, points: Points) {
        let at = match self.find(group) {
            Ok(at) => at,
            Err(at) => {
                let bytes: Vec<u8> = joined(group).collect();
                let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_le_bytes();
                Arc::make_mut(&mut self.0).splice(at..at, length.into_iter().chain([0; 4]).chain(bytes));
                at
            }
        };
        let sum = self.number(at + 4).saturating_add(points.0);
        Arc::make_mut(&mut self.0)[at + 4..at + USED_HEAD].copy_from_slice(&sum.to_le_bytes());
    }

    /// Where a group stands, or where it would.
    fn find(&self, group: &CapGroup) -> Result<usize, usize> {
        let mut at = 0;
        while at < self.0.len() {
            let end = at + USED_HEAD + self.number(at) as usize;
            let other = self.0.get(at + USED_HEAD..end).unwrap_or_default();
            match other.iter().copied().cmp(joined(group)) {
                Ordering::Less => at = end,
                Ordering::Equal => return Ok(at),
                Ordering::Greater => return Err(at),
            }
        }
        Err(at)
    }

    fn number(&self, at: usize) -> u32 {
        self.0.get(at..at + 4).and_then(|bytes| bytes.try_into().ok()).map_or(0, u32::from_le_bytes)
    }
}

/// A group as it stands there.
fn joined((article, problem): &CapGroup) -> impl Iterator<Item = u8> + '_ {
    article.as_str().bytes().chain([DIVIDER]).chain(problem.bytes())
}

/// What a provider's year comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct YearLedger {
    /// The score.
    pub score: Score,
    /// How many lines, reversals included.
    pub lines: u32,
    /// Effective points used up under each cap.
    pub used: Used,
    /// Whether a credit stands among the lines: what it gives depends on all before it.
    pub credits: bool,
}

impl YearLedger {
    /// Folds a year from nothing: walks the lines in the order of their days, then as they were recorded (decision 12),
    /// and sets what each counts for.
    pub fn of<T: Counting>(lines: &mut [T]) -> YearLedger {
        lines.sort_by_key(Counting::place);
        let mut year = YearLedger::default();
        for line in lines {
            year.add(line);
        }
        year
    }

    /// Adds one line after all those before it, and sets what it counts for.
    pub fn add(&mut self, line: &mut impl Counting) {
        self.lines += 1;
        self.credits |= line.kind() == LineKind::Credit;
        let effective = self.effective(line);
        line.count_for(effective);
        match line.kind() {
            LineKind::Deduction => self.score = self.score.plus(effective),
            LineKind::Credit => self.score = self.score.minus(effective),
            LineKind::Reversal | LineKind::Void => {}
        }
        if let Some((_, group)) = line.cap_group() {
            self.used.add(&group, effective);
        }
    }

    /// Whether a line counts for the same wherever it stands among the others, and they beside it: no credit is there,
    /// and its cap is not reached.
    pub fn takes_anywhere(&self, line: &impl Counting) -> bool {
        let fits =
            |(cap, group): (Points, Cow<'_, CapGroup>)| self.used.of(&group).0.saturating_add(line.points().0) <= cap.0;
        matches!(line.kind(), LineKind::Reversal | LineKind::Void)
            || line.kind() == LineKind::Deduction && !self.credits && line.cap_group().is_none_or(fits)
    }

    /// What a line would count for after all others.
    pub fn effective(&self, line: &impl Counting) -> Points {
        if line.is_reversed() {
            return Points(0);
        }
        match (line.kind(), line.cap_group()) {
            (LineKind::Reversal | LineKind::Void, _) => Points(0),
            (LineKind::Credit, _) => Points(line.points().0.min(self.score.0)),
            (LineKind::Deduction, None) => line.points(),
            (LineKind::Deduction, Some((cap, group))) => {
                Points(line.points().0.min(cap.0.saturating_sub(self.used.of(&group).0)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        /// What is used up is what a plain map says, in whatever order it came, also of names that begin alike.
        #[test]
        fn what_is_used_up_is_what_a_map_says(all in prop::collection::vec((0..3usize, "[ab\u{0}发]{0,3}", 0..9u32), 0..40)) {
            let articles = ["a", "a-b", "b"].map(|id| id.parse::<ArticleId>().unwrap());
            let (mut used, mut map) = (Used::default(), BTreeMap::<CapGroup, u32>::new());
            for (article, problem, points) in &all {
                let group = (articles[*article].clone(), problem.clone());
                used.add(&group, Points(*points));
                *map.entry(group).or_default() += points;
            }
            for (group, points) in &map {
                prop_assert_eq!(used.of(group), Points(*points));
            }
            prop_assert_eq!(used.of(&(articles[0].clone(), "c".into())), Points(0));
            prop_assert_eq!(used == Used::default(), map.is_empty());
            let mut sorted = Used::default();
            map.iter().for_each(|(group, points)| sorted.add(group, Points(*points)));
            prop_assert_eq!(used, sorted, "one map, one piece");
        }
    }
}
