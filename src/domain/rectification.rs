//! Rectification (整改, 3.1): a case opens whenever a deduction leaves the score at 50 or more and none is open
//! (decisions 3 and 22). Whether one is open is read off the lines and the steps, in the order of their days: nothing is
//! opened by anybody. A plan holds a case open where the lines under it go (decision 4).

use super::case::{CaseStep, Hurdle, RECTIFICATION, Stage, step};
use super::happening::{Draft, Happening};
use super::ledger::{Line, LineKind};
use super::needs::LineSubject;
use super::obligation::{About, ObligationKind};
use super::peaks::{Peak, Peaks};
use super::state::State;
use super::{
    Command, Context, Deduction, Dossier, Event, Fact, NOTE_MAX, OnRecord, Refusal, Standing, in_range, required,
};
use crate::ids::{ProviderId, Seq};
use crate::points::{Points, Score};
use crate::time::{Day, Moment, Year};
use chrono::Datelike;
use serde::{Deserialize, Serialize};

/// What a plan asks for (3.1(2)).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// What is advised.
    pub advice: String,
    /// By the end of which day.
    pub deadline: Day,
    /// What has to be reached.
    pub standard: String,
}

/// A step of a rectification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RectificationStep {
    /// 3.1(2).
    Planned(Plan),
    /// 3.1(3): the plan is met.
    Passed {
        /// Points that go back.
        points: Points,
    },
    /// 3.1(4): it is not, and a new plan begins.
    Failed {
        /// Points more.
        points: Points,
        /// The new plan.
        plan: Plan,
    },
    /// 3.1(4): it is not, by force majeure: the points stay, and a new plan begins.
    Extended(Plan),
    /// Decision 4: a person ended it, as its score is under the mark.
    Withdrawn,
}

/// A plan on record, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planned {
    /// The entry.
    pub seq: Seq,
    /// The day.
    pub on: Day,
    /// What it asks for.
    pub plan: Plan,
    /// What came of it: by which entry, when, as which stable word.
    pub outcome: Option<(Seq, Day, Outcome)>,
}

/// What came of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// It was met; points went back.
    Passed(Points),
    /// It was not; points more.
    Failed(Points),
    /// It was not, by force majeure.
    Extended,
    /// A person ended it.
    Withdrawn,
}

impl Outcome {
    /// The stable word.
    pub fn word(self) -> &'static str {
        match self {
            Outcome::Passed(_) => "passed",
            Outcome::Failed(_) => "failed",
            Outcome::Extended => "extended",
            Outcome::Withdrawn => "withdrawn",
        }
    }

    /// Whether its case is over.
    pub fn closes(self) -> bool {
        matches!(self, Outcome::Passed(_) | Outcome::Withdrawn)
    }
}

impl RectificationStep {
    /// The stable word.
    pub fn word(&self) -> &'static str {
        match self {
            RectificationStep::Planned(_) => "rectification-planned",
            RectificationStep::Passed { .. } => "rectification-passed",
            RectificationStep::Failed { .. } => "rectification-failed",
            RectificationStep::Extended(_) => "rectification-extended",
            RectificationStep::Withdrawn => "rectification-withdrawn",
        }
    }

    /// The plan that it begins.
    fn plan(&self) -> Option<&Plan> {
        match self {
            RectificationStep::Planned(plan)
            | RectificationStep::Failed { plan, .. }
            | RectificationStep::Extended(plan) => Some(plan),
            RectificationStep::Passed { .. } | RectificationStep::Withdrawn => None,
        }
    }

    /// The points of the line that comes with it (3.1(3), 3.1(4)).
    fn points(&self) -> Option<Points> {
        match self {
            RectificationStep::Passed { points } | RectificationStep::Failed { points, .. } => Some(*points),
            _ => None,
        }
    }
}

/// A case, as the lines and the steps make it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The line that opened it; none where the lines under its plan do not reach the mark any more (decision 4).
    pub opened: Option<Opened>,
    /// Its plans, in their order.
    pub plans: Vec<Planned>,
    /// When it ended.
    pub closed_on: Option<Day>,
}

/// What opened a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opened {
    /// The line.
    pub line: Seq,
    /// The day that it occurred.
    pub on: Day,
    /// The score that it made.
    pub score: Score,
}

impl Case {
    /// The number that it is known by: its line, or its first plan.
    pub fn seq(&self) -> Seq {
        self.opened.map(|o| o.line).or(self.plans.first().map(|p| p.seq)).unwrap_or_default()
    }

    /// Since when it is open.
    pub fn since(&self) -> Option<Day> {
        self.opened.map(|o| o.on).or(self.plans.first().map(|p| p.on))
    }

    /// The plan that runs.
    pub fn plan(&self) -> Option<&Planned> {
        self.plans.last().filter(|p| p.outcome.is_none())
    }

    /// How far it has come, as a stable word.
    pub fn state(&self) -> &'static str {
        match (self.closed_on, self.plans.last().and_then(|p| p.outcome)) {
            (Some(_), Some((.., outcome))) if outcome.closes() => outcome.word(),
            (Some(_), _) => "ended",
            (None, _) if self.opened.is_none() => "in-question",
            (None, _) if self.plan().is_some() => "planned",
            (None, _) => "open",
        }
    }
}

/// What the lines and steps of a provider come to (decisions 3, 4 and 22): its cases, the years that reached the mark of
/// 3.2, and when each did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cases {
    /// Cases, in the order in which they opened.
    pub all: Vec<Case>,
    /// 3.2: years at the mark of termination: by which line, on which day.
    pub terminable: Vec<(Year, Seq, Day)>,
}

/// What happens to cases, in the order of their days.
enum Turn<'a> {
    Line(&'a Line),
    Plan(&'a Planned),
    Ends(Day),
}

impl Cases {
    /// Of lines in any order, and what steps come to, by the rules in force for the provider on each day.
    pub fn of(provider: &ProviderId, lines: &[Line], dossier: &Dossier, cx: Context<'_>) -> Cases {
        let mut turns: Vec<(Day, Seq, Turn<'_>)> =
            lines.iter().map(|l| (l.occurred_on, l.seq, Turn::Line(l))).collect();
        for planned in &dossier.rectifications {
            turns.push((planned.on, planned.seq, Turn::Plan(planned)));
            if let Some((seq, on, outcome)) = planned.outcome
                && outcome.closes()
            {
                turns.push((on, seq, Turn::Ends(on)));
            }
        }
        // 3.3(1): with the permissions everything is frozen; what goes on at the provider on that day, does before.
        let frozen = dossier.exit.iter().filter_map(|e| e.frozen);
        turns.extend(frozen.map(|(_, on)| (on, Seq(u64::MAX), Turn::Ends(on))));
        turns.sort_by_key(|(on, seq, _)| (*on, *seq));
        let (mut cases, mut open) = (Cases::default(), None::<Case>);
        let (mut year, mut score) = (0, Score(0));
        for (on, _, turn) in turns {
            match turn {
                Turn::Line(line) => {
                    if on.year() != year {
                        (year, score) = (on.year(), Score(0));
                    }
                    match line.kind {
                        LineKind::Deduction => score = score.plus(line.effective),
                        LineKind::Credit => score = score.minus(line.effective),
                        LineKind::Reversal | LineKind::Void => continue,
                    }
                    let counts = line.kind == LineKind::Deduction && line.effective > Points(0);
                    let marks = &cx.rules(provider, on).marks;
                    if counts && marks.reached(score, Standing::Suspended) {
                        let opened = Some(Opened { line: line.seq, on, score });
                        match &mut open {
                            Some(case) if case.opened.is_none() => case.opened = opened,
                            Some(_) => {}
                            None => open = Some(Case { opened, plans: Vec::new(), closed_on: None }),
                        }
                    }
                    if counts
                        && marks.reached(score, Standing::Terminable)
                        && cases.terminable.iter().all(|(of, ..)| *of != year)
                    {
                        cases.terminable.push((year, line.seq, on));
                    }
                }
                Turn::Plan(planned) => {
                    let case = open.get_or_insert_with(|| Case { opened: None, plans: Vec::new(), closed_on: None });
                    case.plans.push(planned.clone());
                }
                Turn::Ends(on) => cases.all.extend(open.take().map(|case| Case { closed_on: Some(on), ..case })),
            }
        }
        cases.all.extend(open);
        cases
    }

    /// The same of where each year's score rose, the first year first. None where only the lines say it: a plan or an end is
    /// on record, marks change within a year, or one is higher than what is kept.
    pub fn of_peaks<'a>(
        provider: &ProviderId,
        years: impl IntoIterator<Item = (Year, &'a Peaks)>,
        dossier: &Dossier,
        cx: Context<'_>,
    ) -> Option<Cases> {
        if !dossier.rectifications.is_empty() || dossier.exit.as_ref().is_some_and(|exit| exit.frozen.is_some()) {
            return None;
        }
        let mut cases = Cases::default();
        for (year, peaks) in years {
            let marks = cx.laws.marks_in(provider, year)?;
            let first = |standing| marks.of(standing).map_or(Some(None), |mark| peaks.reached(mark));
            let opens = first(Standing::Suspended)?.filter(|_| cases.all.is_empty());
            cases.all.extend(opens.map(|Peak { on, line, score }| {
                let opened = Some(Opened { line, on, score });
                Case { opened, plans: Vec::new(), closed_on: None }
            }));
            cases.terminable.extend(first(Standing::Terminable)?.map(|peak| (year, peak.line, peak.on)));
        }
        Some(cases)
    }

    /// The one that is open.
    pub fn open(&self) -> Option<&Case> {
        self.all.last().filter(|case| case.closed_on.is_none())
    }

    /// Whether the case that is open opened in a year.
    pub fn open_of(&self, year: Year) -> bool {
        self.open().and_then(Case::since).is_some_and(|on| on.year() == year)
    }

    /// 3.2: years for which a decision is owed: at the mark, and nobody decided.
    pub fn owed<'a>(&'a self, dossier: &'a Dossier) -> impl Iterator<Item = (Year, Seq, Day)> + 'a {
        let decided = |year: Year| dossier.terminations.iter().any(|d| d.year == year);
        self.terminable.iter().copied().filter(move |(year, ..)| !decided(*year))
    }
}

/// The cases of a provider by the end of a day.
pub(super) fn cases_on(
    on_record: &mut dyn OnRecord,
    provider: &ProviderId,
    dossier: &Dossier,
    (on, cx): (Day, Context<'_>),
) -> Cases {
    let mut lines = on_record.lines(provider);
    lines.retain(|line| line.occurred_on <= on);
    Cases::of(provider, &lines, dossier, cx)
}

/// The same of a record's provider, on the record's day.
pub(super) fn cases_of(draft: &mut Draft<'_, '_>) -> Cases {
    cases_on(draft.on_record, &draft.provider.id, &draft.state.dossier, (draft.on, draft.cx))
}

/// Whether the facts allow a step.
pub(super) fn allowed(state: &State, asked: &RectificationStep, on: Day) -> Result<(), Refusal> {
    let last = state.dossier.rectifications.last();
    // 3.3(1): with the permissions its case was frozen, and nothing comes of its plan after that.
    let frozen = state.dossier.exit.as_ref().and_then(|exit| exit.frozen);
    let runs =
        |planned: &Planned| planned.outcome.is_none() && frozen.is_none_or(|(_, frozen_on)| planned.on > frozen_on);
    let stage = match last {
        None => Stage::None,
        Some(planned) if runs(planned) => Stage::Planned,
        Some(_) => Stage::Closed,
    };
    step(RECTIFICATION, asked.word(), stage)?;
    match last {
        Some(planned) if on < planned.on => Err(Refusal::BeforeStart { on, start: planned.on }),
        _ => Ok(()),
    }
}

/// Decides a step.
pub(super) fn decide(draft: &mut Draft<'_, '_>, asked: &RectificationStep) -> Result<RectificationStep, Refusal> {
    let plan = |plan: &Plan, on: Day| {
        if plan.deadline < on {
            return Err(Refusal::BeforeStart { on: plan.deadline, start: on });
        }
        let advice = required("advice", &plan.advice, NOTE_MAX)?;
        let standard = required("standard", &plan.standard, NOTE_MAX)?;
        Ok(Plan { advice, deadline: plan.deadline, standard })
    };
    let decided = match asked {
        RectificationStep::Planned(asked) => RectificationStep::Planned(plan(asked, draft.on)?),
        RectificationStep::Failed { points, plan: asked } => {
            RectificationStep::Failed { points: *points, plan: plan(asked, draft.on)? }
        }
        RectificationStep::Extended(asked) => RectificationStep::Extended(plan(asked, draft.on)?),
        other => other.clone(),
    };
    draft.allowed()?;
    if let (Some(points), Some(article)) = (decided.points(), draft.rules().article(decided.word())) {
        in_range(article, points)?;
    }
    match &decided {
        RectificationStep::Planned(_) => {
            if cases_of(draft).open().is_none() {
                let score = draft.on_record.score(&draft.provider.id, draft.on);
                return Err(Refusal::Case(Hurdle::NoCase { score }));
            }
        }
        // Decision 4: a person decides once the lines are under the mark.
        RectificationStep::Withdrawn => {
            draft.reason()?;
            if let Some(Opened { score, .. }) = cases_of(draft).open().and_then(|case| case.opened) {
                return Err(Refusal::Case(Hurdle::StillAt { score }));
            }
        }
        RectificationStep::Failed { .. } | RectificationStep::Extended(_) => draft.reason()?,
        RectificationStep::Passed { .. } => {}
    }
    if let Some(plan) = decided.plan() {
        draft.begin_until(ObligationKind::RectificationDeadline, About::Provider, plan.deadline)?;
    }
    Ok(decided)
}

/// Takes a step in.
pub(super) fn follow(state: &mut State, seq: Seq, h: &Happening, step: &RectificationStep) {
    let outcome = match step {
        RectificationStep::Planned(_) => None,
        RectificationStep::Passed { points } => Some(Outcome::Passed(*points)),
        RectificationStep::Failed { points, .. } => Some(Outcome::Failed(*points)),
        RectificationStep::Extended(_) => Some(Outcome::Extended),
        RectificationStep::Withdrawn => Some(Outcome::Withdrawn),
    };
    let running = state.dossier.rectifications.last_mut().filter(|p| p.outcome.is_none());
    if let (Some(outcome), Some(planned)) = (outcome, running) {
        planned.outcome = Some((seq, h.on, outcome));
        let begun = planned.seq;
        state.done((begun, ObligationKind::RectificationDeadline), Moment::start_of(h.on));
    }
    if let Some(plan) = step.plan() {
        state.dossier.rectifications.push(Planned { seq, on: h.on, plan: plan.clone(), outcome: None });
        state.begin_of(seq, h, ObligationKind::RectificationDeadline);
    }
}

/// The line that comes with an outcome, in the same block (3.1(3), 3.1(4)).
pub(super) fn follows(event: &Event, entry: Seq) -> Option<Command> {
    let Event::Happened(h) = event else { return None };
    let Fact::Case(CaseStep::Rectification(step)) = &h.fact else { return None };
    Some(Command::Deduct(Deduction {
        provider: h.provider.clone(),
        article: step.word().parse().ok()?,
        points: step.points()?,
        occurred_on: h.on,
        outlet: None,
        problem: None,
        note: h.note.clone(),
        subject: Some(LineSubject::Rectification(entry)),
        evidence: None,
    }))
}
