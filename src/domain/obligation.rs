//! An obligation (待办时限): something due by a moment that the program counted from a clause.

use crate::calendar::{Calendar, Term};
use crate::ids::{OutletId, ProviderId, Seq};
use crate::rulebook::Limits;
use crate::time::Moment;
use serde::{Deserialize, Serialize};
use std::fmt;

use super::finding::{Breach, Subject};
use super::{Context, Event, OnRecord, Refusal};

/// What is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[allow(missing_docs, reason = "`clause` beside it says where each stands")]
pub enum ObligationKind {
    HelpAnswer,
    ExitAnswer,
    Deposit,
    Permission,
    NextConference,
    FirstBatch,
    AllOutlets,
    SecondStage,
    Review,
    Signing,
    OutletPermission,
    FreezeApplication,
    PilotBatch,
    Training,
    Guidance,
    TrainingCheck,
    Promotion,
    ExitEvidence,
    OutletDeposit,
    DepositRelease,
    ObjectionAnswer,
    RectificationDeadline,
}

use ObligationKind as Kind;

impl ObligationKind {
    /// All, in the order that they were written down.
    pub const ALL: [Kind; 22] = [
        Kind::HelpAnswer,
        Kind::ExitAnswer,
        Kind::Deposit,
        Kind::Permission,
        Kind::NextConference,
        Kind::FirstBatch,
        Kind::AllOutlets,
        Kind::SecondStage,
        Kind::Review,
        Kind::Signing,
        Kind::OutletPermission,
        Kind::FreezeApplication,
        Kind::PilotBatch,
        Kind::Training,
        Kind::Guidance,
        Kind::TrainingCheck,
        Kind::Promotion,
        Kind::ExitEvidence,
        Kind::OutletDeposit,
        Kind::DepositRelease,
        Kind::ObjectionAnswer,
        Kind::RectificationDeadline,
    ];

    /// The stable word in files, JSON and the rulebook's limits.
    pub fn word(self) -> &'static str {
        match self {
            Kind::HelpAnswer => "help-answer",
            Kind::ExitAnswer => "exit-answer",
            Kind::Deposit => "deposit",
            Kind::Permission => "permission",
            Kind::NextConference => "next-conference",
            Kind::FirstBatch => "first-batch",
            Kind::AllOutlets => "all-outlets",
            Kind::SecondStage => "second-stage",
            Kind::Review => "review",
            Kind::Signing => "signing",
            Kind::OutletPermission => "outlet-permission",
            Kind::FreezeApplication => "freeze-application",
            Kind::PilotBatch => "pilot-batch",
            Kind::Training => "training",
            Kind::Guidance => "guidance",
            Kind::TrainingCheck => "training-check",
            Kind::Promotion => "promotion",
            Kind::ExitEvidence => "exit-evidence",
            Kind::OutletDeposit => "outlet-deposit",
            Kind::DepositRelease => "deposit-release",
            Kind::ObjectionAnswer => "objection-answer",
            Kind::RectificationDeadline => "rectification-deadline",
        }
    }

    /// The clause that sets the time.
    pub fn clause(self) -> &'static str {
        match self {
            Kind::HelpAnswer => "2.2.2",
            Kind::ExitAnswer | Kind::ExitEvidence => "2.2.4(1)",
            Kind::Deposit => "1.2(8)",
            Kind::Permission => "1.5(3)",
            Kind::NextConference => "1.6.1(1)",
            Kind::FirstBatch | Kind::AllOutlets => "1.6.1(2)",
            Kind::SecondStage => "1.6.1",
            Kind::Review => "2.1.1(1)",
            Kind::Signing => "2.1.1(2)",
            Kind::OutletPermission | Kind::OutletDeposit => "2.1.1(3)",
            Kind::DepositRelease => "3.3(3)",
            Kind::ObjectionAnswer => "decision 27",
            Kind::RectificationDeadline => "3.1(2)",
            Kind::FreezeApplication => "2.1.1(4)",
            Kind::PilotBatch => "2.1.2",
            Kind::Training => "2.1.3(1)",
            Kind::Guidance => "2.1.3(2)",
            Kind::TrainingCheck => "2.1.3(3)",
            Kind::Promotion => "2.2.1",
        }
    }

    /// The time that the rulebook gives.
    pub fn term(self, limits: &Limits) -> Term {
        match self {
            Kind::HelpAnswer => limits.help_answer,
            Kind::ExitAnswer | Kind::ExitEvidence => limits.exit_answer,
            Kind::Deposit => limits.deposit,
            Kind::Permission => limits.permission,
            Kind::NextConference => limits.next_conference,
            Kind::FirstBatch => limits.first_batch,
            Kind::AllOutlets => limits.all_outlets,
            Kind::SecondStage => limits.second_stage,
            Kind::Review => limits.review,
            Kind::Signing => limits.signing,
            Kind::OutletPermission | Kind::OutletDeposit => limits.outlet_permission,
            Kind::DepositRelease => limits.deposit_release,
            Kind::ObjectionAnswer => limits.objection_answer,
            // Its plan says the day.
            Kind::RectificationDeadline => Term::Until,
            Kind::FreezeApplication => limits.freeze_application,
            Kind::PilotBatch => limits.pilot_batch,
            Kind::Training => limits.training,
            Kind::Guidance => limits.guidance,
            Kind::TrainingCheck => limits.training_check,
            Kind::Promotion => limits.promotion,
        }
    }

    /// Whether it is planned and not owed: it is listed, and never overdue (1.6.1, 1.6.1(1)).
    pub fn is_plan(self) -> bool {
        matches!(self, Kind::NextConference | Kind::SecondStage)
    }

    /// What missing the one that an entry began is found as, where the schedule has an article for it.
    pub fn missed(self, seq: Seq) -> Option<Subject> {
        match self {
            Kind::ExitAnswer => Some(Subject::Exit(seq)),
            Kind::FirstBatch => Some(Subject::Of(Breach::FirstBatch, seq)),
            Kind::AllOutlets => Some(Subject::Of(Breach::AllOutlets, seq)),
            Kind::FreezeApplication => Some(Subject::Of(Breach::Signing, seq)),
            Kind::Promotion => Some(Subject::Of(Breach::Promotion, seq)),
            _ => None,
        }
    }
}

/// What an obligation is about, beside its provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum About {
    /// The provider as a whole.
    Provider,
    /// A city of its.
    City(String),
    /// An outlet of its.
    Outlet(OutletId),
    /// What an earlier entry began: a training.
    Entry(Seq),
}

/// A city or an outlet is itself; an entry is `#12`.
impl fmt::Display for About {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            About::Provider => Ok(()),
            About::City(city) => f.pad(city),
            About::Outlet(outlet) => outlet.fmt(f),
            About::Entry(seq) => write!(f, "#{seq}"),
        }
    }
}

/// Which obligation: the entry that began it, and what is due.
pub type ObligationId = (Seq, ObligationKind);

/// An obligation, with the moment that it is due and how that was counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Obligation {
    /// What is due.
    pub kind: ObligationKind,
    /// What it is about.
    pub about: About,
    /// From when it is counted.
    pub start: Moment,
    /// The limit in force when it began (4.4(1)).
    pub term: Term,
    /// The last second in time.
    pub due: Moment,
    /// Version of the calendar that it was counted by.
    pub calendar: String,
    /// How many are wanted, where it is a number; else 0.
    pub need: u32,
    /// How many there were in time.
    pub have: u32,
}

impl Obligation {
    /// One that begins at a moment, with the rulebook's limit.
    pub(super) fn begin(
        (kind, about): (Kind, About),
        start: Moment,
        (provider, cx): (&ProviderId, Context<'_>),
    ) -> Result<Obligation, Refusal> {
        let term = kind.term(&cx.rules(provider, start.day()).limits);
        let due = cx.calendar.due(start, term, start).map_err(|_| Refusal::TooFar { from: start })?;
        Ok(Obligation { kind, about, start, term, due, calendar: cx.calendar.version.clone(), need: 0, have: 0 })
    }

    /// The same counted from another moment, where its term asks no calendar; else as it is.
    pub(super) fn counted_from(self, start: Moment) -> Obligation {
        match self.term.without_calendar(start) {
            Some(Ok(due)) => Obligation { start, due, ..self },
            Some(Err(_)) | None => self,
        }
    }

    /// Whether its time is over; a plan's never is.
    pub fn is_overdue(&self, now: Moment) -> bool {
        now > self.due && !self.kind.is_plan()
    }

    /// When it would be due by another calendar.
    pub fn due_by(&self, calendar: &Calendar) -> Moment {
        calendar.due(self.start, self.term, self.due).unwrap_or(self.due)
    }
}

/// Counts what is open again by the calendar that is loaded, and says what moved.
pub(super) fn replay(on_record: &mut dyn OnRecord, provider: &ProviderId, cx: Context<'_>) -> Result<Event, Refusal> {
    let calendar = cx.calendar.version.clone();
    let open = on_record.state(provider, &[]).due;
    let others = open.iter().filter(|(_, o)| o.calendar != calendar);
    let moved: Vec<(ObligationId, Moment)> = others.map(|(seq, o)| ((*seq, o.kind), o.due_by(cx.calendar))).collect();
    if moved.is_empty() {
        return Err(Refusal::NothingMoves { calendar });
    }
    Ok(Event::ObligationsMoved { provider: provider.clone(), calendar, moved })
}
