//! An obligation to its end: what began it, how its time was counted, and by which entry it was done, done late, or
//! ended without being done. The facts are folded one after another; nothing is kept of what is closed.

use super::super::case::CaseStep;
use super::super::deposit::DepositStep;
use super::super::objection::ObjectionStep;
use super::super::obligation::{Obligation, ObligationId, ObligationKind as Kind};
use super::super::state::{Act, Filed, State};
use super::super::{About, Fact, Refusal, admission::Admission, life, service, territory};
use super::{Count, Ground, Known, Named, Role, outlets};
use crate::ids::Seq;
use crate::time::Moment;

/// How it went with what was due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is open: due then.
    Open {
        /// When.
        due: Moment,
        /// Whether its time is over.
        overdue: bool,
        /// Whether it is planned and never overdue.
        plan: bool,
    },
    /// It was done, in time or late.
    Done {
        /// By which entry.
        by: Box<Named>,
        /// When.
        at: Moment,
        /// When it was due.
        due: Moment,
        /// Whether it was planned, and never late.
        plan: bool,
    },
    /// It ended without being done: what it was for is gone.
    Ended {
        /// By which entry.
        by: Box<Named>,
        /// When it was due.
        due: Moment,
    },
    /// The entry that began it was taken away.
    Void {
        /// By which entry.
        by: Option<Box<Named>>,
    },
    /// It never began: another of its kind was open, or what it is for was not there.
    NotBegun,
}

impl Outcome {
    /// The stable word in files and JSON.
    pub fn word(&self) -> &'static str {
        match self {
            Outcome::Open { plan: true, .. } => "planned",
            Outcome::Open { overdue: true, .. } => "overdue",
            Outcome::Open { .. } => "open",
            Outcome::Done { .. } if self.is_late() => "late",
            Outcome::Done { .. } => "done",
            Outcome::Ended { .. } => "ended",
            Outcome::Void { .. } => "void",
            Outcome::NotBegun => "not-begun",
        }
    }

    /// Whether it was done after its time.
    pub fn is_late(&self) -> bool {
        matches!(self, Outcome::Done { at, due, plan: false, .. } if at > due)
    }

    /// The entry that closed it.
    pub fn by(&self) -> Option<&Named> {
        match self {
            Outcome::Done { by, .. } | Outcome::Ended { by, .. } => Some(by),
            Outcome::Void { by } => by.as_deref(),
            Outcome::Open { .. } | Outcome::NotBegun => None,
        }
    }
}

/// An obligation through all facts.
pub(super) struct History {
    /// As it stood last.
    pub obligation: Obligation,
    /// How it went.
    pub outcome: Outcome,
    /// The place among the facts of the one that closed it.
    pub closed: Option<usize>,
    /// Countings anew that moved it: the entry, from when, to when.
    moved: Vec<Named>,
}

/// Tells an obligation.
pub fn obligation(known: &Known<'_>, id: ObligationId) -> Result<Vec<Ground>, Refusal> {
    let (seq, kind) = id;
    let history = history(known, id).ok_or(Refusal::NeverDue { seq, kind })?;
    let mut grounds = vec![known.clause(kind.clause(), None, history.obligation.start.day())];
    grounds.extend(of(known, id, history));
    Ok(grounds)
}

/// The grounds of an obligation without its clause.
pub(super) fn of(known: &Known<'_>, (seq, kind): ObligationId, history: History) -> Vec<Ground> {
    let mut grounds = vec![Ground::Entries(Role::Began, known.began(seq).into_iter().collect())];
    let o = &history.obligation;
    if let Some(plan) = plan(known, seq).filter(|_| matches!(kind, Kind::FirstBatch | Kind::AllOutlets)) {
        grounds.push(plan);
    }
    grounds.push(Ground::Count(Box::new(Count::of(o, known.cx.calendar))));
    if !history.moved.is_empty() {
        grounds.push(Ground::Entries(Role::RestsOn, history.moved.clone()));
    }
    let outlets = serving(known, &history);
    grounds.push(Ground::Outcome(Box::new(history.outcome)));
    grounds.extend(outlets);
    grounds
}

/// How it went with an obligation; none where the entry could never begin it.
pub(super) fn history(known: &Known<'_>, id: ObligationId) -> Option<History> {
    let (seq, kind) = id;
    let began = known.meant(seq)?;
    let id = (began.known(), kind);
    let term = term(began, kind)?;
    let mut history = History { obligation: term, outcome: Outcome::NotBegun, closed: None, moved: Vec::new() };
    if let Some(void) = began.void {
        history.outcome = Outcome::Void { by: known.named(void).map(Box::new) };
        return Some(history);
    }
    let mut state = State::before(known.cities);
    let open = |state: &State| state.due.iter().find(|(s, o)| (*s, o.kind) == id).map(|(_, o)| o.clone());
    let mut was: Option<Obligation> = None;
    for (at, filed) in known.filed.iter().enumerate().filter(|(_, filed)| filed.void.is_none()) {
        state.apply(filed);
        let is = open(&state);
        match (&was, &is) {
            (Some(last), None) => {
                history.outcome = closing(filed, last);
                history.closed = Some(at);
                history.obligation = last.clone();
            }
            (Some(last), Some(now)) if last.due != now.due => history.moved.push(Named::of(filed)),
            _ => {}
        }
        was = is;
    }
    if let Some(o) = was {
        let (overdue, plan) = (o.is_overdue(known.cx.now), o.kind.is_plan());
        history.outcome = Outcome::Open { due: o.due, overdue, plan };
        history.obligation = o;
    }
    Some(history)
}

/// What an entry may begin.
fn term(began: &Filed, kind: Kind) -> Option<Obligation> {
    match &began.act {
        Act::Happened(h) => h.terms.iter().find(|term| term.kind == kind).cloned(),
        Act::Arrived { terms, .. } => terms.iter().find(|term| term.kind == kind).cloned(),
        Act::Asked(request) => request.obligations().into_iter().find(|o| o.kind == kind),
        _ => None,
    }
}

/// What it is that a fact closes an obligation.
fn closing(filed: &Filed, o: &Obligation) -> Outcome {
    let by = Box::new(Named::of(filed));
    let at = match &filed.act {
        Act::Answered { at, .. } => *at,
        act => Moment::start_of(act.place(filed.seq, filed.at).day),
    };
    match does(&filed.act, o.kind) {
        true => Outcome::Done { by, at, due: o.due, plan: o.kind.is_plan() },
        false => Outcome::Ended { by, due: o.due },
    }
}

/// Whether a fact does what is due; others that close it end what it was for.
pub fn does(act: &Act, kind: Kind) -> bool {
    use life::OutletStep;
    use service::ServiceStep;
    use territory::TerritoryStep;
    if matches!(kind, Kind::FirstBatch | Kind::AllOutlets) {
        return true;
    }
    let Act::Happened(h) = act else {
        return matches!(act, Act::Answered { .. } | Act::EndedElsewhere { exited: true, .. });
    };
    matches!(
        (kind, &h.fact),
        // 2.2.4(1): an exit completed is an answer.
        (Kind::ExitAnswer, Fact::Outlet(_, OutletStep::Exited { .. }))
            | (Kind::Deposit, Fact::Admission(Admission::DepositPaid { .. }))
            | (Kind::Permission, Fact::Admission(Admission::PermissionOpened))
            | (Kind::NextConference, Fact::Territory(TerritoryStep::ConferenceHeld(_)))
            | (Kind::SecondStage, Fact::Territory(TerritoryStep::Confirmed { .. }))
            | (Kind::Review, Fact::Outlet(_, OutletStep::Reviewed { .. }))
            | (Kind::Signing, Fact::Outlet(_, OutletStep::Signed { .. }))
            | (Kind::OutletPermission, Fact::Outlet(_, OutletStep::Opened { .. }))
            | (Kind::FreezeApplication, Fact::Territory(TerritoryStep::FreezeApplied { .. }))
            | (Kind::PilotBatch, Fact::Territory(TerritoryStep::PilotDone { .. }))
            | (Kind::Training, Fact::Service(ServiceStep::TrainingHeld { .. }))
            | (Kind::Guidance, Fact::Service(ServiceStep::TrainingGuided { .. }))
            | (Kind::TrainingCheck, Fact::Service(ServiceStep::TrainingChecked { .. }))
            | (Kind::Promotion, Fact::Service(ServiceStep::PromotionHeld { .. }))
            | (Kind::ExitEvidence, Fact::Outlet(_, OutletStep::Exited { .. }))
            | (Kind::OutletDeposit, Fact::Deposit(DepositStep::OutletFrozen { .. }))
            | (Kind::DepositRelease, Fact::Deposit(DepositStep::Released { .. }))
            | (Kind::ObjectionAnswer, Fact::Objection(ObjectionStep::Answered { .. }))
            | (Kind::RectificationDeadline, Fact::Case(CaseStep::Rectification(_)))
    )
}

/// What the plan of a city is, from its people (1.6.1(2)).
pub(super) fn plan(known: &Known<'_>, seq: Seq) -> Option<Ground> {
    let Act::Happened(h) = &known.meant(seq)?.act else { return None };
    let Fact::Territory(territory::TerritoryStep::Confirmed { city, population, plan }) = &h.fact else { return None };
    let measures = known.cx.rules(known.provider, h.on).measures;
    let (people, percent) = (measures.people_per_outlet.max(1), measures.first_batch_percent);
    let target = population.div_ceil(u64::from(people));
    let first = (target * u64::from(percent)).div_ceil(100);
    let gives = (target, first) == (u64::from(plan.0), u64::from(plan.1));
    let (city, population, plan) = (city.clone(), *population, *plan);
    Some(Ground::Plan { city, population, plan, by: gives.then_some((people, percent)) })
}

/// The outlets that were counted for a roll-out: to its end, or to the fact that reached it.
fn serving(known: &Known<'_>, history: &History) -> Option<Ground> {
    let o = &history.obligation;
    let About::City(city) = &o.about else { return None };
    if !matches!(o.kind, Kind::FirstBatch | Kind::AllOutlets) || matches!(history.outcome, Outcome::Void { .. }) {
        return None;
    }
    let last = o.due.day().min(known.cx.now.day());
    let (day, ends) = (last, outlets::upto(known, last));
    let (on, upto) = match history.closed.map(|at| (known.filed[at].place().day, at + 1)) {
        Some((on, upto)) if on <= day => (on, upto),
        _ => (day, ends),
    };
    Some(Ground::Served { city: city.clone(), on, need: o.need, outlets: outlets::served(known, city, upto) })
}
