//! What an edition of the rulebook would make of the lines that are there, before anybody adopts it (4.4(1)). A line's
//! points are a person's judgement within the range of its day: where the new range is another, the nearest of it stands.

use super::{Line, LineKind, Standing, YearLedger};
use crate::points::{Points, Score};
use crate::rulebook::{ArticleKind, Rulebook};

/// A provider's year by two editions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Impact {
    /// The score as it is.
    pub before: Score,
    /// What it would be.
    pub after: Score,
    /// Lines whose points or cap would be others.
    pub changed: u32,
    /// Lines of articles that the new edition has not: they would count nothing.
    pub gone: u32,
}

/// Reads a year's lines by an edition.
pub fn impact(lines: &[Line], book: &Rulebook) -> Impact {
    let (mut before, mut after) = (lines.to_vec(), lines.to_vec());
    let mut impact = Impact::default();
    for line in after.iter_mut().filter(|line| line.reversed_by.is_none()) {
        let kind = match line.kind {
            LineKind::Deduction => ArticleKind::Deduction,
            LineKind::Credit => ArticleKind::Credit,
            LineKind::Reversal | LineKind::Void => continue,
        };
        match book.article(line.article.as_str()).filter(|article| article.kind == kind) {
            Some(article) => {
                let points = Points(line.points.0.clamp(article.min.0, article.max.0));
                impact.changed += u32::from((points, article.cap) != (line.points, line.cap));
                (line.points, line.cap) = (points, article.cap);
            }
            None => {
                impact.gone += 1;
                line.points = Points(0);
            }
        }
    }
    (impact.before, impact.after) = (YearLedger::of(&mut before).score, YearLedger::of(&mut after).score);
    impact
}

impl Impact {
    /// The standings by the marks of both editions.
    pub fn standings(&self, before: &Rulebook, after: &Rulebook) -> (Standing, Standing) {
        (before.marks.standing(self.before), after.marks.standing(self.after))
    }

    /// Whether the provider would come to 50 or 100, or no more (3.1, 3.2).
    pub fn crosses(&self, before: &Rulebook, after: &Rulebook) -> bool {
        let over = |score: Score, book: &Rulebook| {
            (book.marks.reached(score, Standing::Suspended), book.marks.reached(score, Standing::Terminable))
        };
        over(self.before, before) != over(self.after, after)
    }
}
