//! Every way a command can be refused: what, which clause, and (in `words`) what to do, in both languages.

use super::FindingId;
use crate::ids::{ArticleId, OutletId, ProviderId, Seq, UnsafeText};
use crate::points::Points;
use crate::time::{Day, Moment, Month};

/// Why a command is refused. [`Refusal::reason`] is its stable name in files and JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each field is named for what it is")]
pub enum Refusal {
    UnknownProvider {
        provider: ProviderId,
    },
    UnknownOutlet {
        outlet: OutletId,
    },
    UnknownArticle {
        article: String,
    },
    /// Added once already, with other content in the named fields.
    ProviderExists {
        provider: ProviderId,
        differs: Vec<&'static str>,
    },
    OutletExists {
        outlet: OutletId,
        differs: Vec<&'static str>,
    },
    PointsOverRange {
        article: ArticleId,
        points: Points,
        min: Points,
        max: Points,
    },
    PointsUnderRange {
        article: ArticleId,
        points: Points,
        min: Points,
        max: Points,
    },
    FutureDate {
        field: &'static str,
        date: Day,
        today: Day,
    },
    OutletMissing {
        article: ArticleId,
        clause: String,
    },
    OutletOfAnother {
        outlet: OutletId,
        owner: ProviderId,
        provider: ProviderId,
    },
    /// 3.1: only closing a rectification case makes this line.
    NeedsRectification {
        article: ArticleId,
        clause: String,
    },
    UnknownLine {
        line: Seq,
    },
    LineIsReversal {
        line: Seq,
    },
    AlreadyReversed {
        line: Seq,
        by: Seq,
    },
    Missing {
        field: &'static str,
    },
    BadText {
        field: &'static str,
        why: UnsafeText,
    },
    /// An outlet is with one provider at a time; moving it is a transfer, not a correction.
    OutletMoves {
        outlet: OutletId,
        provider: ProviderId,
    },
    /// 2.2.3(3): a month is judged when it is over.
    MonthNotOver {
        month: Month,
        today: Day,
    },
    /// 1.3(5): more orders with a final status than orders.
    FinalOverOrders {
        orders: u32,
        with_final_status: u32,
    },
    /// Reported once already, with other numbers in the named fields.
    TurnoverExists {
        outlet: OutletId,
        month: Month,
        differs: Vec<&'static str>,
    },
    UnknownTurnover {
        outlet: OutletId,
        month: Month,
    },
    UnknownFinding {
        finding: String,
    },
    FindingDecided {
        finding: FindingId,
        by: Seq,
    },
    /// Decision 9: a moment that is not yet.
    FutureMoment {
        at: Moment,
        now: Moment,
    },
    /// An answer before it was asked for.
    AnswerBeforeRequest {
        at: Moment,
        asked: Moment,
    },
    UnknownRequest {
        request: Seq,
    },
    /// 2.2.4(1): one exit application at a time.
    ExitOpen {
        outlet: OutletId,
        request: Seq,
    },
    /// A count of working days that no calendar can hold.
    TooFar {
        from: Moment,
    },
}

impl Refusal {
    /// The stable reason, as in import reports.
    pub fn reason(&self) -> &'static str {
        use Refusal::*;
        match self {
            UnknownProvider { .. } => "unknown provider",
            UnknownOutlet { .. } => "unknown outlet",
            UnknownArticle { .. } => "unknown article",
            ProviderExists { .. } | OutletExists { .. } | TurnoverExists { .. } => "duplicate id",
            PointsOverRange { .. } => "points over range",
            PointsUnderRange { .. } => "points under range",
            FutureDate { .. } => "future date",
            MonthNotOver { .. } => "month not over",
            FinalOverOrders { .. } => "final status over orders",
            UnknownTurnover { .. } => "unknown turnover",
            UnknownFinding { .. } => "unknown finding",
            FutureMoment { .. } => "future date",
            AnswerBeforeRequest { .. } => "answer before request",
            UnknownRequest { .. } => "unknown request",
            ExitOpen { .. } => "exit already open",
            TooFar { .. } => "too far",
            FindingDecided { .. } => "already decided",
            OutletMissing { .. } => "outlet missing",
            OutletOfAnother { .. } => "outlet of another provider",
            NeedsRectification { .. } => "rectification case missing",
            UnknownLine { .. } => "unknown line",
            LineIsReversal { .. } => "line is a reversal",
            AlreadyReversed { .. } => "already reversed",
            Missing { .. } => "missing",
            BadText { why: UnsafeText::Control(_), .. } => "control character",
            BadText { why: UnsafeText::Long { .. }, .. } => "too long",
            OutletMoves { .. } => "outlet of another provider",
        }
    }

    /// The field it is about, in the words of the import files.
    pub fn field(&self) -> &'static str {
        use Refusal::*;
        match self {
            UnknownProvider { .. } | ProviderExists { .. } | OutletMoves { .. } => "provider_id",
            UnknownOutlet { .. } | OutletExists { .. } | OutletMissing { .. } | OutletOfAnother { .. } => "outlet_id",
            UnknownArticle { .. } | NeedsRectification { .. } => "article",
            PointsOverRange { .. } | PointsUnderRange { .. } => "points",
            MonthNotOver { .. } | TurnoverExists { .. } | UnknownTurnover { .. } => "month",
            FinalOverOrders { .. } => "orders_with_final_status",
            UnknownFinding { .. } | FindingDecided { .. } => "finding",
            FutureMoment { .. } | AnswerBeforeRequest { .. } | TooFar { .. } => "at",
            UnknownRequest { .. } => "request",
            ExitOpen { .. } => "outlet_id",
            UnknownLine { .. } | LineIsReversal { .. } | AlreadyReversed { .. } => "line",
            FutureDate { field, .. } | Missing { field } | BadText { field, .. } => field,
        }
    }

    /// The clause or decision it rests on, where one says so.
    pub fn clause(&self) -> Option<&str> {
        use Refusal::*;
        match self {
            FutureDate { .. } => Some("decision 9"),
            FutureMoment { .. } => Some("decision 9"),
            ExitOpen { .. } => Some("2.2.4(1)"),
            MonthNotOver { .. } => Some("2.2.3(3)"),
            FinalOverOrders { .. } => Some("1.3(5)"),
            OutletMissing { clause, .. } | NeedsRectification { clause, .. } => Some(clause),
            PointsOverRange { .. } | PointsUnderRange { .. } | UnknownArticle { .. } => Some("section 2"),
            OutletOfAnother { .. } | OutletMoves { .. } => Some("section 1"),
            _ => None,
        }
    }
}
