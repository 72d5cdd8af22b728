//! The stable names of refusals, the fields that they are about, and the clauses that they rest on.

use super::{Hold, Refusal};
use crate::ids::UnsafeText;

impl Refusal {
    /// The stable reason, as in import reports.
    pub fn reason(&self) -> &'static str {
        use Refusal::*;
        match self {
            UnknownProvider { .. } | ProviderInOtherCase { .. } => "unknown provider",
            UnknownOutlet { .. } | OutletInOtherCase { .. } => "unknown outlet",
            ProviderCaseTaken { .. } | OutletCaseTaken { .. } => "id differs in case only",
            UnknownArticle { .. } => "unknown article",
            ProviderExists { .. } | OutletExists { .. } | TurnoverExists { .. } => "duplicate id",
            PointsOverRange { .. } => "points over range",
            PointsUnderRange { .. } => "points under range",
            FutureDate { .. } | FutureMoment { .. } => "future date",
            MonthNotOver { .. } => "month not over",
            PartOfMonth { .. } => "part of a month",
            FinalOverOrders { .. } => "final status over orders",
            UnknownTurnover { .. } => "unknown turnover",
            UnknownFinding { .. } => "unknown finding",
            AnswerBeforeRequest { .. } => "answer before request",
            UnknownRequest { .. } => "unknown request",
            ExitOpen { .. } => "exit already open",
            TooFar { .. } => "too far",
            FindingDecided { .. } => "already decided",
            OutletMissing { .. } => "outlet missing",
            OutletOfAnother { .. } | OutletMoves { .. } => "outlet of another provider",
            NeedsRectification { .. } => "rectification case missing",
            Needs(lack) => lack.reason(),
            UnknownLine { .. } => "unknown line",
            LineIsReversal { .. } => "line is a reversal",
            AlreadyReversed { .. } => "already reversed",
            NotVoidable { .. } | NotReplaceable { .. } | AlreadyVoided { .. } => self.of_case(),
            NotVoided { .. } | StoodOn { .. } | AlreadyReplaced { .. } => self.of_case(),
            StillOpen { .. } | LineStands { .. } | StandsAgainst { .. } | GoesAlong { .. } => self.of_case(),
            Missing { .. } => "missing",
            BadText { why: UnsafeText::Control(_), .. } => "control character",
            BadText { why: UnsafeText::Long { .. }, .. } => "too long",
            StepTaken { .. } => "step already taken",
            StepMissing { .. } => "step missing",
            OtherEdition { .. } => "other edition",
            RulesNotAccepted { .. } => "rules not accepted",
            Short { .. } => "too few",
            Amount { .. } => "other amount",
            TooMuch { .. } => "amount too large",
            NoWaiver => "no waiver",
            DepositFixed { .. } => "deposit fixed",
            HoursGap { .. } => "gap in service hours",
            UnknownTerritory { .. } => "unknown territory",
            TerritoryExists { .. } => "territory exists",
            ExpansionSuspended { .. } => "expansion suspended",
            ExpansionStopped { .. } => "expansion stopped",
            ExpansionTooEarly { .. } => "expansion too early",
            UnknownEntry { .. } => "unknown entry",
            WrongStage { .. } => "wrong stage",
            NotWithPlatform { .. } => "not with the platform",
            NotInRealTime { .. } => "not in real time",
            PartOverWhole { .. } => "part over whole",
            EvidenceMissing { .. } => "evidence missing",
            NotInvestigated { .. } => "not investigated",
            BeforeStart { .. } => "before its start",
            NeverDue { .. } => "never due",
            NothingDue { .. } => "nothing due",
            StillDue { .. } => "still due",
            NotInCity { .. } => "outlet of another city",
            ThirdPartyOnly { .. } => "third-party only",
            NotThereBy { .. } => "not there by then",
            NotSignedBy { .. } => "not signed by then",
            NothingMoves { .. } => "nothing moves",
            NotInTheFuture { .. } => "not in the future",
            UnknownAlert { .. } => "unknown alert",
            SaidBefore { .. } | Held(_) => self.of_case(),
        }
    }

    /// Those of corrections (decisions 12, 13 and 20) and of releases (3.3(3)).
    fn of_case(&self) -> &'static str {
        use Refusal::*;
        match self {
            NotVoidable { .. } => "not voidable",
            NotReplaceable { .. } => "not replaceable",
            AlreadyVoided { .. } | AlreadyReplaced { .. } => "already voided",
            NotVoided { .. } => "not voided",
            StoodOn { .. } => "stood on",
            GoesAlong { .. } => "goes along",
            Held(Hold::TooEarly { .. }) => "release too early",
            Held(Hold::Open { .. }) => "complaints open",
            SaidBefore { .. } => "already recorded",
            StillOpen { .. } => "still open",
            LineStands { .. } => "line stands",
            _ => "stands against",
        }
    }

    /// The field it is about, in the words of the import files.
    pub fn field(&self) -> &'static str {
        use Refusal::*;
        match self {
            UnknownProvider { .. } | ProviderExists { .. } | OutletMoves { .. } => "provider_id",
            ProviderInOtherCase { .. } | ProviderCaseTaken { .. } => "provider_id",
            OutletInOtherCase { .. } | OutletCaseTaken { .. } => "outlet_id",
            UnknownOutlet { .. } | OutletExists { .. } | OutletMissing { .. } | OutletOfAnother { .. } => "outlet_id",
            UnknownArticle { .. } | NeedsRectification { .. } => "article",
            Needs(lack) => lack.field(),
            PointsOverRange { .. } | PointsUnderRange { .. } => "points",
            MonthNotOver { .. } | TurnoverExists { .. } | UnknownTurnover { .. } => "month",
            FinalOverOrders { .. } => "orders_with_final_status",
            UnknownFinding { .. } | FindingDecided { .. } => "finding",
            FutureMoment { .. } | AnswerBeforeRequest { .. } | TooFar { .. } => "at",
            UnknownRequest { .. } => "request",
            ExitOpen { .. } => "outlet_id",
            UnknownLine { .. } | LineIsReversal { .. } | AlreadyReversed { .. } => "line",
            NotVoidable { .. } | NotReplaceable { .. } | AlreadyVoided { .. } => "entry",
            NotVoided { .. } | StoodOn { .. } | AlreadyReplaced { .. } => "entry",
            StandsAgainst { .. } | GoesAlong { .. } | Held(_) => "on",
            StillOpen { .. } | LineStands { .. } => "finding",
            FutureDate { field, .. } | Missing { field } | BadText { field, .. } => field,
            StepTaken { .. } | StepMissing { .. } | RulesNotAccepted { .. } => "provider_id",
            ExpansionSuspended { .. } | NothingMoves { .. } | NothingDue { .. } => "provider_id",
            OtherEdition { .. } => "edition",
            Short { what, .. } => what,
            Amount { .. } | NoWaiver | DepositFixed { .. } => "amount",
            TooMuch { clause: "1.4.4(3)", .. } => "compensation",
            TooMuch { .. } => "amount",
            PartOfMonth { .. } => "note",
            HoursGap { .. } => "weekday",
            UnknownTerritory { .. } | TerritoryExists { .. } | ExpansionStopped { .. } => "city",
            ExpansionTooEarly { .. } | BeforeStart { .. } | NotThereBy { .. } => "on",
            UnknownEntry { what, .. } => what,
            NeverDue { .. } => "entry",
            WrongStage { .. } | StillDue { .. } | NotInCity { .. } => "outlet_id",
            NotWithPlatform { .. } => "party",
            NotInRealTime { .. } => "real_time",
            PartOverWhole { part, .. } => part,
            EvidenceMissing { .. } => "evidence",
            NotInvestigated { .. } => "finding",
            ThirdPartyOnly { .. } => "provider_id",
            NotSignedBy { .. } => "outlets",
            NotInTheFuture { .. } => "until",
            UnknownAlert { .. } => "alert",
            SaidBefore { .. } => "entry",
        }
    }

    /// The clause or decision it rests on, where one says so.
    pub fn clause(&self) -> Option<&str> {
        use Refusal::*;
        match self {
            NotVoidable { .. } | NotReplaceable { .. } | AlreadyVoided { .. } => Some("decision 13"),
            NotVoided { .. } | StoodOn { .. } | AlreadyReplaced { .. } => Some("decision 13"),
            StandsAgainst { .. } => Some("decision 12"),
            GoesAlong { .. } => Some("decision 15"),
            Held(_) => Some("3.3(3)"),
            StillOpen { .. } | LineStands { .. } => Some("decision 20"),
            FutureDate { .. } => Some("decision 9"),
            FutureMoment { .. } => Some("decision 9"),
            ExitOpen { .. } => Some("2.2.4(1)"),
            MonthNotOver { .. } | PartOfMonth { .. } => Some("2.2.3(3)"),
            FinalOverOrders { .. } => Some("1.3(5)"),
            OutletMissing { clause, .. } | NeedsRectification { clause, .. } => Some(clause),
            PointsOverRange { .. } | PointsUnderRange { .. } | UnknownArticle { .. } => Some("section 2"),
            Needs(lack) => Some(lack.clause()),
            OutletOfAnother { .. } | OutletMoves { .. } => Some("section 1"),
            StepMissing { clause, .. } | Short { clause, .. } | Amount { clause, .. } | TooMuch { clause, .. } => {
                Some(clause)
            }
            OtherEdition { .. } | RulesNotAccepted { .. } => Some("4.4(2)"),
            NoWaiver => Some("1.2(5)"),
            DepositFixed { .. } => Some("1.2(8)"),
            HoursGap { .. } => Some("1.4.3"),
            UnknownTerritory { .. } | TerritoryExists { .. } => Some("1.6.1(2)"),
            ExpansionSuspended { .. } => Some("3.1(1)"),
            ExpansionStopped { .. } => Some("1.6.1(1)6"),
            ExpansionTooEarly { .. } => Some("1.6.1"),
            NotWithPlatform { .. } => Some("1.4.4(5)"),
            NotInRealTime { .. } => Some("1.3(4)"),
            EvidenceMissing { .. } => Some("2.2.4(1)"),
            NotInvestigated { .. } => Some("2.2.3(1)"),
            NothingDue { kind } | NeverDue { kind, .. } | StillDue { kind, .. } => Some(kind.clause()),
            ThirdPartyOnly { clause, .. } => Some(clause),
            NotSignedBy { .. } => Some("2.1.3(1)"),
            SaidBefore { .. } => Some("decision 14"),
            _ => None,
        }
    }
}
