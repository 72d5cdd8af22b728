//! Where a year's score rose: the first lines by which it came to a score that it had not before. Whoever asks which line
//! first brought a year to a mark (3.1, 3.2) need not read all of them.
//!
//! [`Peaks::of`] finds them in a year's lines and is their definition. The view keeps the same up to date line by line; it
//! knows no marks, and keeps the first of them: a mark above those is looked for in the lines.

use super::ledger::{Counting, LineKind};
use crate::ids::Seq;
use crate::points::{Points, Score};
use crate::time::Day;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

mod packed;

/// Most of them that are kept.
const KEPT: usize = 128;
/// A score that is above the marks there are (3.2: 100), with some room: beyond it none is kept.
const HIGH: Score = Score(128);

/// See the module.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Peaks {
    /// In the order of the year; each is higher than the one before.
    first: packed::List,
    /// Whether the score rose further.
    more: bool,
}

/// A line, and the score that it made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peak {
    /// The day on which it occurred.
    pub on: Day,
    /// The line.
    pub line: Seq,
    /// The score.
    pub score: Score,
}

impl Peaks {
    /// Those of a year's lines, which stand in their order with what each counts for.
    pub fn of(lines: &[impl Counting]) -> Peaks {
        let (mut peaks, mut score) = (Peaks::default(), Score(0));
        for line in lines {
            match line.kind() {
                LineKind::Deduction => score = score.plus(line.effective()),
                LineKind::Credit => score = score.minus(line.effective()),
                LineKind::Reversal | LineKind::Void => {}
            }
            peaks.add_last(line, score);
        }
        peaks
    }

    /// Takes in a line that comes after all others, and the score with it.
    pub fn add_last(&mut self, line: &impl Counting, score: Score) {
        if self.more || !counts(line) {
            return;
        }
        let first = self.first.held();
        if first.last().is_some_and(|last| score <= last.score) {
            return;
        }
        let (on, line) = line.place();
        Arc::make_mut(first).push(Peak { on, line, score });
        self.cut();
    }

    /// Takes in a line that takes its place among others and lets each of them count for what it did, where no credit is
    /// among them: then each line that counts is one.
    pub fn add_among(&mut self, line: &impl Counting) {
        if !counts(line) {
            return;
        }
        let ((on, seq), first) = (line.place(), self.first.held());
        let at = first.partition_point(|peak| (peak.on, peak.line) < (on, seq));
        if self.more && at == first.len() {
            return;
        }
        let before = at.checked_sub(1).and_then(|at| first.get(at)).map_or(Score(0), |peak| peak.score);
        let first = Arc::make_mut(first);
        first.insert(at, Peak { on, line: seq, score: before });
        first[at..].iter_mut().for_each(|peak| peak.score = peak.score.plus(line.effective()));
        self.cut();
    }

    /// Keeps the first of them: the last that is kept may be above all marks.
    fn cut(&mut self) {
        let first = self.first.held();
        let until_high = first.partition_point(|peak| peak.score < HIGH) + 1;
        let kept = KEPT.min(until_high);
        if first.len() > kept {
            Arc::make_mut(first).truncate(kept);
            self.more = true;
        }
    }

    /// The first line by which the score came to a mark, if it did. None where only the lines can say.
    pub fn reached(&self, mark: Score) -> Option<Option<Peak>> {
        let first = self.first.first_from(mark);
        (first.is_some() || !self.more).then_some(first)
    }

    /// About how many bytes it holds.
    pub fn size(&self) -> usize {
        self.first.size()
    }
}

/// Whether a line can bring a score to where it was not.
fn counts(line: &impl Counting) -> bool {
    line.kind() == LineKind::Deduction && line.effective() > Points(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Calendar;
    use crate::domain::rectification::Cases;
    use crate::domain::{Context, Dossier, Laws, Line, YearLedger};
    use crate::rulebook::Rulebook;
    use crate::time::{Moment, Year};
    use proptest::prelude::*;
    use std::collections::BTreeMap;
    use std::sync::Arc;

    fn line(seq: u64, day: u32, points: u32) -> Line {
        let kind = if points > 90 { LineKind::Credit } else { LineKind::Deduction };
        let occurred_on = Day::from_yo_opt(2011, day).unwrap();
        Line { points: Points(points % 23), occurred_on, ..crate::domain::tests::line(seq, kind) }
    }

    proptest! {
        /// The cases that peaks make are those that the lines make (3.1, 3.2).
        #[test]
        fn cases_of_peaks_are_those_of_the_lines(days in prop::collection::vec((1u32..366, 0u32..99, 2010i32..2013), 0..60)) {
            let (book, calendar) = (Rulebook::shipped().unwrap(), Calendar::shipped().unwrap());
            let (laws, dossier) = (Laws::of_loaded(Arc::new(book)), Dossier::default());
            let cx = Context::new(&laws, Moment(1_400_000_000), &calendar);
            let mut years: BTreeMap<Year, Vec<Line>> = BTreeMap::new();
            for (n, (day, points, year)) in days.into_iter().enumerate() {
                let line = line(n as u64 + 1, day, points);
                let occurred_on = Day::from_yo_opt(year, day).unwrap();
                years.entry(year).or_default().push(Line { occurred_on, ..line });
            }
            years.values_mut().for_each(|lines| drop(YearLedger::of(lines)));
            let all: Vec<(Year, Peaks)> = years.iter().map(|(year, lines)| (*year, Peaks::of(lines))).collect();
            let lines: Vec<Line> = years.into_values().flatten().collect();
            let (id, peaks) = ("P0001".parse().unwrap(), all.iter().map(|(year, peaks)| (*year, peaks)));
            prop_assert_eq!(Cases::of_peaks(&id, peaks, &dossier, cx), Some(Cases::of(&id, &lines, &dossier, cx)));
        }

        /// Taken in one by one in any order, they are what the lines say; and the first line that came to a mark is the
        /// same by both, where it is known.
        #[test]
        fn peaks_are_those_of_the_lines(days in prop::collection::vec((1u32..366, 0u32..99), 0..220), mark in 1u32..260) {
            let (mut peaks, mut all, mut ledger) = (Peaks::default(), Vec::<Line>::new(), YearLedger::default());
            for (n, (day, points)) in days.into_iter().enumerate() {
                let mut line = line(n as u64 + 1, day, points);
                let last = all.iter().all(|other| (other.occurred_on, other.seq) < (line.occurred_on, line.seq));
                let anywhere = ledger.takes_anywhere(&line);
                ledger.add(&mut line);
                match (last, anywhere) {
                    (true, _) => peaks.add_last(&line, ledger.score),
                    (false, true) => peaks.add_among(&line),
                    (false, false) => {}
                }
                all.push(line);
                all.sort_by_key(|line| (line.occurred_on, line.seq));
                if !last && !anywhere {
                    ledger = YearLedger::of(&mut all);
                    peaks = Peaks::of(&all);
                }
                prop_assert_eq!(&peaks, &Peaks::of(&all));
            }
            let mut score = Score(0);
            let reached = all.iter().find(|line| {
                score = if line.kind == LineKind::Credit { score.minus(line.effective) } else { score.plus(line.effective) };
                counts(*line) && score >= Score(mark)
            });
            if let Some(found) = peaks.reached(Score(mark)) {
                prop_assert_eq!(found.map(|peak| peak.line), reached.map(|line| line.seq));
            }
            prop_assert!(mark > HIGH.0 || peaks.first.held().len() == KEPT || peaks.reached(Score(mark)).is_some());
        }
    }
}
