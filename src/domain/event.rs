//! What happened, as the journal keeps it.

use super::second::Proposed;
use super::{
    AlertSubject, Deduction, Edition, FindingId, Happening, LineLaw, Mark, Measured, ObligationId, Outlet, Provider,
    Request, Support, Turnover,
};
use crate::ids::{OutletId, ProviderId, Seq};
use crate::rulebook::{ArticleKind, DormantRule};
use crate::time::{Day, Moment, Month};
use serde::Serialize;

/// What stands of a record that is no fact, when entries that said how it is go or come back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Left {
    /// A provider's record.
    Provider(Provider),
    /// An outlet's record.
    Outlet(Outlet),
    /// What an outlet reported for a month; none where nothing is left.
    Turnover {
        /// The outlet.
        outlet: OutletId,
        /// The month.
        month: Month,
        /// The report.
        report: Option<Turnover>,
    },
}

/// What happened. The journal keeps these, in types of its own; every entry that was ever written comes back as one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Event {
    /// A provider was added.
    ProviderAdded(Provider),
    /// A provider's record was corrected.
    ProviderAmended(Provider),
    /// An outlet was added.
    OutletAdded(Outlet),
    /// An outlet's record was corrected.
    OutletAmended(Outlet),
    /// A deduction was recorded, with the law in force on the day it occurred.
    Deducted {
        /// The deduction.
        deduction: Deduction,
        /// What the rulebook says of it.
        law: LineLaw,
    },
    /// A line was cancelled.
    Reversed {
        /// The cancelled line.
        line: Seq,
        /// Whose line it is.
        provider: ProviderId,
        /// The day the cancelled line occurred: where to find it, and the year that changes.
        occurred_on: Day,
        /// Why.
        reason: String,
    },
    /// An outlet's turnover of a month was recorded, with the rule that the month is judged by (4.4(1)).
    TurnoverRecorded {
        /// What was reported.
        turnover: Turnover,
        /// Whose outlet it is.
        provider: ProviderId,
        /// When outlets are dormant.
        rule: DormantRule,
    },
    /// It was corrected.
    TurnoverAmended {
        /// What is right.
        turnover: Turnover,
        /// Whose outlet it is.
        provider: ProviderId,
        /// Why.
        reason: String,
    },
    /// A finding was confirmed and is a ledger line.
    FindingConfirmed {
        /// Which.
        finding: FindingId,
        /// The measure that was decided on.
        measured: Measured,
        /// The line.
        deduction: Deduction,
        /// What the rulebook says of it.
        law: LineLaw,
    },
    /// A finding was dismissed.
    FindingDismissed {
        /// Which.
        finding: FindingId,
        /// The measure that was decided on.
        measured: Measured,
        /// Why.
        reason: String,
    },
    /// An outlet asked, and the provider has until then to answer.
    RequestOpened(Request),
    /// The provider answered.
    RequestAnswered {
        /// Which.
        request: Seq,
        /// Whose it was to answer.
        provider: ProviderId,
        /// When it answered.
        at: Moment,
        /// What it said.
        note: Option<String>,
    },
    /// Something of parts 1 and 2 was recorded.
    Happened(Box<Happening>),
    /// Open obligations were counted again by another calendar.
    ObligationsMoved {
        /// Whose.
        provider: ProviderId,
        /// Version of the calendar.
        calendar: String,
        /// Those that moved, and when they are due now.
        moved: Vec<(ObligationId, Moment)>,
    },
    /// Somebody did something with an alert.
    AlertMarked {
        /// Whose.
        provider: ProviderId,
        /// Which.
        subject: AlertSubject,
        /// How bad it was.
        level: u32,
        /// What was done.
        mark: Mark,
    },
    /// Entries were taken away (decision 13).
    Voided {
        /// Which: the one that was asked for, then those that stood on it.
        entries: Vec<Seq>,
        /// The ledger lines among them, with the day of each.
        lines: Vec<(Day, Seq)>,
        /// Whose they are.
        provider: ProviderId,
        /// Why.
        reason: String,
        /// Whether the entry after this one takes the place of the first.
        replaced: bool,
        /// What stands in their place of a record of its own.
        left: Option<Left>,
    },
    /// What a void took came back.
    Restored {
        /// The void.
        void: Seq,
        /// What came back.
        entries: Vec<Seq>,
        /// The ledger lines among them, with the day of each.
        lines: Vec<(Day, Seq)>,
        /// Whose they are.
        provider: ProviderId,
        /// Why.
        reason: String,
        /// What stands then of a record of its own.
        left: Option<Left>,
    },
    /// Somebody accepted that acknowledged entries are gone; their numbers are not given again.
    LossAccepted {
        /// The first that is gone.
        from: Seq,
        /// The last.
        to: Seq,
        /// Why it is accepted.
        reason: String,
    },
    /// What a line lacked of its article's needs was added, or taken back (section 2).
    Supported {
        /// The line.
        line: Seq,
        /// Whose line it is.
        provider: ProviderId,
        /// The day the line occurred: where to find it.
        occurred_on: Day,
        /// What it stood on.
        was: Support,
        /// What it stands on now.
        is: Support,
    },
    /// An edition of the rulebook was adopted (4.4(1), decision 26).
    EditionAdopted(Edition),
    /// It was withdrawn before its day.
    EditionWithdrawn {
        /// The entry that adopted it.
        edition: Seq,
        /// Its number.
        number: String,
        /// Why.
        reason: String,
    },
    /// A line was proposed, and waits for a second person (decision 28).
    LineProposed(Proposed),
    /// It was withdrawn, or turned down.
    ProposalWithdrawn {
        /// The entry that proposed it.
        proposal: Seq,
        /// Whose line it would have been.
        provider: ProviderId,
        /// Why.
        reason: String,
    },
}

impl Event {
    /// Whether it made a line of a finding.
    pub fn is_of_finding(&self) -> bool {
        matches!(self, Event::FindingConfirmed { .. })
    }

    /// Whether it brings another entry, which stands right behind it (decision 21, 3.1(3), 3.1(4)).
    pub fn brings(&self) -> bool {
        matches!(self, Event::Happened(h) if h.fact.brings())
    }

    /// The deduction that it makes a ledger line of, and the law of its day.
    pub fn deduction(&self) -> Option<(&Deduction, LineLaw)> {
        match self {
            Event::Deducted { deduction, law } | Event::FindingConfirmed { deduction, law, .. } => {
                Some((deduction, *law))
            }
            _ => None,
        }
    }

    /// The provider it is about, if it is about one.
    pub fn provider(&self) -> Option<&ProviderId> {
        Some(match self {
            Event::LossAccepted { .. } | Event::EditionAdopted(_) | Event::EditionWithdrawn { .. } => return None,
            Event::ProviderAdded(p) | Event::ProviderAmended(p) => &p.id,
            Event::OutletAdded(o) | Event::OutletAmended(o) => &o.provider,
            Event::Deducted { deduction, .. } => &deduction.provider,
            Event::Reversed { provider, .. }
            | Event::Supported { provider, .. }
            | Event::TurnoverRecorded { provider, .. }
            | Event::TurnoverAmended { provider, .. }
            | Event::RequestAnswered { provider, .. }
            | Event::ObligationsMoved { provider, .. }
            | Event::Voided { provider, .. }
            | Event::Restored { provider, .. }
            | Event::ProposalWithdrawn { provider, .. }
            | Event::AlertMarked { provider, .. } => provider,
            Event::LineProposed(proposed) => &proposed.deduction.provider,
            Event::Happened(h) => &h.provider,
            Event::RequestOpened(request) => &request.provider,
            Event::FindingConfirmed { finding, .. } | Event::FindingDismissed { finding, .. } => &finding.provider,
        })
    }

    /// A stable word for what happened, for journals and filters.
    pub fn kind(&self) -> &'static str {
        match self {
            Event::ProviderAdded(_) => "provider-added",
            Event::ProviderAmended(_) => "provider-amended",
            Event::OutletAdded(_) => "outlet-added",
            Event::OutletAmended(_) => "outlet-amended",
            Event::Deducted { law: LineLaw { kind: ArticleKind::Deduction, .. }, .. } => "deduction",
            Event::Deducted { law: LineLaw { kind: ArticleKind::Credit, .. }, .. } => "credit",
            Event::Supported { .. } => "support",
            Event::Reversed { .. } => "reversal",
            Event::TurnoverRecorded { .. } => "turnover",
            Event::TurnoverAmended { .. } => "turnover-amended",
            Event::FindingConfirmed { .. } => "finding-confirmed",
            Event::Happened(_) => "record",
            Event::ObligationsMoved { .. } => "obligations-moved",
            Event::AlertMarked { .. } => "alert-marked",
            Event::Voided { .. } => "void",
            Event::Restored { .. } => "restored",
            Event::LossAccepted { .. } => "loss-accepted",
            Event::EditionAdopted(_) => "edition-adopted",
            Event::LineProposed(_) => "line-proposed",
            Event::ProposalWithdrawn { .. } => "proposal-withdrawn",
            Event::EditionWithdrawn { .. } => "edition-withdrawn",
            Event::FindingDismissed { .. } => "finding-dismissed",
            Event::RequestOpened(_) => "request",
            Event::RequestAnswered { .. } => "answer",
        }
    }
}
