//! Every way a command can be refused: what, which clause, and (in `words`) what to do, in both languages.

use super::life::OutletStage;
mod names;

use super::audit::Flaw;
use super::case::Hurdle;
use super::deposit::Hold;
use super::needs::Lack;
use super::objection::Hindrance;
use super::{FindingId, ObligationKind, Unlawful};
use crate::ids::{ArticleId, OutletId, ProviderId, Seq, UnsafeText};
use crate::money::Fen;
use crate::points::{Points, Score};
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
    /// There is none of that id, but one whose id differs in case only: that one is meant.
    ProviderInOtherCase {
        provider: ProviderId,
        like: ProviderId,
    },
    OutletInOtherCase {
        outlet: OutletId,
        like: OutletId,
    },
    /// A new id that differs in case only from one on record: nobody could keep the two apart.
    ProviderCaseTaken {
        provider: ProviderId,
        like: ProviderId,
    },
    OutletCaseTaken {
        outlet: OutletId,
        like: OutletId,
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
    /// 2.2.3(3): not all outlets that are tested have reported, and no reason is given.
    PartOfMonth {
        month: Month,
        reported: u32,
        wanted: u32,
    },
    /// Decision 27: what hinders an objection, or its answer.
    Hindered(Hindrance),
    /// 3.3(3): what keeps a deposit from going back.
    Held(Hold),
    /// 3.1 to 3.3, 4.3: why a case, or a notice, does not go on.
    Case(Hurdle),
    /// 4.4(1), 4.4(3), decision 26: why an edition is not adopted or withdrawn, or a rule not agreed.
    Unlawful(Unlawful),
    /// 1.2(8): for national and regional scope the sum is not agreed.
    DepositFixed {
        need: Fen,
    },
    /// Section 2: what a line lacks of its article's needs.
    Needs(Lack),
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
    /// A clause that speaks of third-party providers.
    ThirdPartyOnly {
        provider: ProviderId,
        clause: &'static str,
    },
    /// An outlet that is on record and was not there yet on the day (decision 12).
    NotThereBy {
        outlet: OutletId,
        on: Day,
    },
    /// It had not signed by the day.
    NotSignedBy {
        outlet: OutletId,
        on: Day,
    },
    /// An entry of a kind that is put right in another way.
    NotVoidable {
        entry: Seq,
        kind: &'static str,
    },
    /// An entry of a kind that nothing takes the place of.
    NotReplaceable {
        entry: Seq,
        kind: &'static str,
    },
    /// The one in its place is the one to correct.
    AlreadyReplaced {
        entry: Seq,
        by: Seq,
    },
    AlreadyVoided {
        entry: Seq,
        by: Seq,
    },
    /// Nobody decided on it: there is nothing to open again.
    StillOpen {
        finding: FindingId,
    },
    /// The line that a finding became stands.
    LineStands {
        finding: FindingId,
        line: Seq,
    },
    /// What a void took is not as it left it.
    NotVoided {
        void: Seq,
    },
    /// Others go on from the entry.
    StoodOn {
        entry: Seq,
        by: Vec<Seq>,
    },
    /// What happened later, and is on record, does not go together with it.
    StandsAgainst {
        by: Vec<Seq>,
    },
    /// Decisions 12 and 15: a transfer makes what was recorded of the outlet since the next provider's. A person is
    /// asked; said once more, it is done.
    GoesAlong {
        outlet: OutletId,
        to: ProviderId,
        by: Vec<Seq>,
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
    /// Decision 15: whose an outlet was is told by days, so it does not come back on the day on which it left.
    BackOnItsDay {
        outlet: OutletId,
        provider: ProviderId,
        on: Day,
        seq: Seq,
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
    /// A step of the admission that is taken once.
    StepTaken {
        step: String,
    },
    /// Steps that come first.
    StepMissing {
        steps: Vec<String>,
        clause: &'static str,
    },
    /// 4.4(2): another edition than the one in force.
    OtherEdition {
        edition: String,
        current: String,
    },
    /// 4.4(2): nothing goes on before the edition is accepted.
    RulesNotAccepted {
        edition: String,
    },
    /// Fewer than the clause wants.
    Short {
        what: &'static str,
        need: u32,
        have: u32,
        clause: &'static str,
    },
    /// Not the amount that the clause wants.
    Amount {
        need: Fen,
        have: Fen,
        clause: &'static str,
    },
    /// With what is recorded already the amount comes to more than amounts may.
    TooMuch {
        amount: Fen,
        most: Fen,
        clause: &'static str,
    },
    /// 1.2(5): only for one city.
    NoWaiver,
    /// 1.4.3: nobody is there at these times.
    HoursGap {
        gaps: String,
    },
    UnknownTerritory {
        city: String,
    },
    TerritoryExists {
        city: String,
    },
    /// 3.1(1): at 50 points or more.
    ExpansionSuspended {
        provider: ProviderId,
        score: Score,
    },
    /// 1.6.1(1)6: a conference failed and is not put right.
    ExpansionStopped {
        conference: Seq,
        city: String,
    },
    /// 1.6.1: a third party's first batch has not been normal for long enough.
    ExpansionTooEarly {
        from: Option<Day>,
    },
    /// No entry of that number is what is wanted.
    UnknownEntry {
        what: &'static str,
        seq: Seq,
    },
    /// What is asked about had not happened by the end of the day that is asked about.
    Later {
        seq: Seq,
        on: Day,
        as_of: Day,
    },
    /// The outlet is not at a stage that this can follow.
    WrongStage {
        outlet: OutletId,
        stage: OutletStage,
        may: &'static [OutletStage],
    },
    /// 1.4.4(5): a third party's outlet signs with the platform.
    NotWithPlatform {
        outlet: OutletId,
    },
    /// 1.3(4): it cannot serve in real time.
    NotInRealTime {
        outlet: OutletId,
    },
    PartOverWhole {
        part: &'static str,
        whole: &'static str,
    },
    /// 2.2.4(1): what proves an exit.
    EvidenceMissing {
        missing: Vec<&'static str>,
    },
    /// 2.2.3(1): charged after an investigation.
    NotInvestigated {
        territory: Seq,
    },
    /// Older than what it goes on from.
    BeforeStart {
        on: Day,
        start: Day,
    },
    /// An entry that never began such an obligation.
    NeverDue {
        seq: Seq,
        kind: ObligationKind,
    },
    NothingDue {
        kind: ObligationKind,
    },
    /// What waits is done before the outlet changes hands.
    StillDue {
        outlet: OutletId,
        seq: Seq,
        kind: ObligationKind,
    },
    NotInCity {
        outlet: OutletId,
        city: String,
    },
    NothingMoves {
        calendar: String,
    },
    NotInTheFuture {
        at: Moment,
        now: Moment,
    },
    /// An audit's sheet is not one audit's.
    Audit(Flaw),
    UnknownAlert {
        alert: String,
    },
    /// Decision 14: an entry that stands says the same.
    SaidBefore {
        seq: Seq,
        by: String,
        at: Moment,
    },
}
