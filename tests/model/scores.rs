//! Scores (1.1(7), 2.2.2, decisions 5, 6 and 12): added up anew for each question from the lines that stand.

use chrono::Datelike;
use koufen::time::Day;

/// Decision 6: what lines of one problem come to at most.
const CAP: i64 = 10;

/// A line that nobody took away.
#[derive(Clone, Debug)]
pub struct Line {
    pub on: Day,
    pub seq: u64,
    /// Assessed; below nothing what is to go back.
    pub points: i64,
    /// A complaint's problem.
    pub problem: Option<u32>,
}

impl Line {
    pub fn of(on: Day, seq: u64, points: i64) -> Line {
        Line { on, seq, points, problem: None }
    }

    /// Where it stands among the others (decision 12).
    pub fn place(&self) -> (Day, u64) {
        (self.on, self.seq)
    }
}

/// Those of a line's year that stand before it.
fn before<'a>(lines: &'a [Line], line: &Line) -> Vec<&'a Line> {
    let mut all: Vec<&Line> =
        lines.iter().filter(|l| l.on.year() == line.on.year() && l.place() < line.place()).collect();
    all.sort_by_key(|l| l.place());
    all
}

/// What a line of points counts for (decision 6): of one problem, what is over the cap goes from the line that passes it.
fn deducted(lines: &[Line], line: &Line) -> i64 {
    let Some(problem) = line.problem else { return line.points };
    let same = before(lines, line).into_iter().filter(|l| l.problem == Some(problem));
    let assessed: i64 = same.map(|l| l.points).sum();
    (assessed + line.points).min(CAP) - assessed.min(CAP)
}

/// The score of a year by a place in it, that place with it: from 0 on 1 January (1.1(7)); what goes back never brings it
/// under 0 (decision 5).
pub fn score(lines: &[Line], year: i32, until: (Day, u64)) -> i64 {
    let mut all: Vec<&Line> = lines.iter().filter(|l| l.on.year() == year && l.place() <= until).collect();
    all.sort_by_key(|l| l.place());
    all.into_iter().fold(0, |sum, l| if l.points > 0 { sum + deducted(lines, l) } else { (sum + l.points).max(0) })
}

/// What a line counts for, whichever way.
pub fn effective(lines: &[Line], line: &Line) -> i64 {
    if line.points > 0 {
        return deducted(lines, line);
    }
    let last = before(lines, line).last().map(|l| l.place());
    last.map_or(0, |last| score(lines, line.on.year(), last)).min(-line.points)
}
