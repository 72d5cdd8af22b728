//! Rectification (3.1, decisions 3, 4, 5 and 22): a clerk's account with paper, lines and steps that stand read in the
//! order of their days.

use super::scores::{Line, effective, score};
use chrono::Datelike;
use koufen::time::Day;

/// 3.1: the score at which a case opens.
const MARK: i64 = 50;

/// What is done about a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A plan, the first or a new one (3.1(2), 3.1(4)).
    Plans,
    /// It is met (3.1(3)).
    Passes,
    /// A person ends it (decision 4).
    Withdraws,
    /// With the provider's permissions everything is frozen (3.3(1)).
    Freezes,
}

/// A step that stands.
#[derive(Clone, Debug)]
pub struct Taken {
    pub on: Day,
    pub seq: u64,
    pub step: Step,
}

/// A case, as the clerk has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The line that made it 50; none where the lines do not any more, and its plan holds it (decision 4).
    pub opened: Option<u64>,
    /// The line's day, or the plan's.
    pub since: Day,
    /// Its plans.
    pub plans: usize,
    /// How it ended, and when.
    pub over: Option<(Day, Step)>,
}

impl Case {
    /// The word that screens have for it.
    pub fn state(&self) -> &'static str {
        match (self.over, self.opened) {
            (Some((_, Step::Withdraws)), _) => "withdrawn",
            (Some((_, Step::Freezes)), _) => "ended",
            (Some(_), _) => "passed",
            (None, None) => "in-question",
            (None, Some(_)) if self.plans > 0 => "planned",
            (None, Some(_)) => "open",
        }
    }
}

/// Which cases there are. A line that counts nothing is no deduction: it opens none.
pub fn cases(lines: &[Line], steps: &[Taken]) -> Vec<Case> {
    // What goes on at a provider on the day of its freeze, does before.
    let last = |s: &Taken| if s.step == Step::Freezes { u64::MAX } else { s.seq };
    let deductions = lines.iter().filter(|l| l.points > 0 && effective(lines, l) > 0).map(|l| (l.on, l.seq, None));
    let mut days: Vec<_> = deductions.chain(steps.iter().map(|s| (s.on, last(s), Some(s.step)))).collect();
    days.sort_unstable_by_key(|(on, seq, _)| (*on, *seq));
    let mut cases: Vec<Case> = Vec::new();
    for (on, seq, step) in days {
        let open = cases.last_mut().filter(|case| case.over.is_none());
        match (step, open) {
            (None, _) if score(lines, on.year(), (on, seq)) < MARK => {}
            (None, Some(case)) => {
                if case.opened.is_none() {
                    (case.opened, case.since) = (Some(seq), on);
                }
            }
            (None, None) => cases.push(Case { opened: Some(seq), since: on, plans: 0, over: None }),
            (Some(Step::Plans), Some(case)) => case.plans += 1,
            (Some(Step::Plans), None) => cases.push(Case { opened: None, since: on, plans: 1, over: None }),
            (Some(ends), Some(case)) => case.over = Some((on, ends)),
            (Some(_), None) => {}
        }
    }
    cases
}

/// The case that is open while a day's records are made: all of its day, but for a freeze, which comes after them.
pub fn open(lines: &[Line], steps: &[Taken], on: Day) -> Option<Case> {
    let (lines, mut steps) = by(lines, steps, on);
    steps.retain(|s| s.on < on || s.step != Step::Freezes);
    cases(&lines, &steps).pop().filter(|case| case.over.is_none())
}

/// 3.1(1), 3.1(3): whether expansion elsewhere is stopped on a day: 50 or more on that day, and a case that is open then.
pub fn stopped(lines: &[Line], steps: &[Taken], on: Day) -> bool {
    score(lines, on.year(), (on, u64::MAX)) >= MARK && open(lines, steps, on).is_some()
}

/// What had happened by the end of a day.
pub fn by(lines: &[Line], steps: &[Taken], on: Day) -> (Vec<Line>, Vec<Taken>) {
    let steps = steps.iter().filter(|s| s.on <= on).cloned().collect();
    (lines.iter().filter(|l| l.on <= on).cloned().collect(), steps)
}
