//! Every refusal has a row here, and every clause of this slice a case.

use super::*;
use crate::ids::UnsafeText;
use crate::money::Fen;
use crate::rulebook::Rulebook;

/// Facts in memory: P1 with O1, P2 with O2, line 7 of P1, line 8 that reversed line 6.
#[derive(Default)]
struct Known;

fn provider(id: &str) -> Provider {
    Provider {
        id: id.parse().unwrap(),
        name: "杭州捷达".into(),
        kind: ProviderKind::ThirdParty,
        city: "杭州".into(),
        population: Some(8_700_373),
        registered_capital: Some(Fen(100_000_000)),
        agreement_on: None,
        email: None,
        phone: None,
    }
}

fn outlet(id: &str, owner: &str) -> Outlet {
    Outlet {
        id: id.parse().unwrap(),
        provider: owner.parse().unwrap(),
        city: "杭州".into(),
        name: "文三路便利店".into(),
        signed_on: None,
        staff: Some(2),
    }
}

pub(super) fn line(seq: u64, kind: LineKind) -> Line {
    Line {
        seq: Seq(seq),
        kind,
        article: "brand-standard".parse().unwrap(),
        points: Points(5),
        effective: Points(5),
        occurred_on: day(2011, 3, 2),
        recorded_at: Moment(0),
        by: "x".into(),
        outlet: None,
        problem: None,
        note: None,
        cap: None,
        needs: Needs::Outlet,
        subject: None,
        evidence: None,
        reversed_by: (seq == 6).then_some(Seq(8)),
        reverses: None,
        edition: None,
        agreed: None,
        proposed: None,
    }
}

fn turnover(outlet: &str, month: &str, yuan: u64) -> Turnover {
    Turnover {
        outlet: outlet.parse().unwrap(),
        month: month.parse().unwrap(),
        amount: Fen(yuan * 100),
        orders: Some(10),
        with_final_status: Some(10),
    }
}

impl OnRecord for Known {
    /// P1 is known by its case.
    fn provider_like(&mut self, id: &ProviderId) -> Option<ProviderId> {
        (id.as_str() == "p1").then(|| "P1".parse().unwrap())
    }
    fn outlet_like(&mut self, id: &OutletId) -> Option<OutletId> {
        (id.as_str() == "o1").then(|| "O1".parse().unwrap())
    }
    /// O1 of P1 has reported January 2011.
    fn turnover(&mut self, _: &ProviderId, outlet: &OutletId, month: Month) -> Option<Turnover> {
        (outlet.as_str() == "O1" && month.to_string() == "2011-01").then(|| turnover("O1", "2011-01", 500))
    }
    /// P1's February 2011 is open, January was confirmed as line 7.
    fn finding(&mut self, id: &FindingId, _: Moment) -> Option<Finding> {
        let (points, state) = match id.to_string().as_str() {
            "dormant-outlets/P1/2011-02" => (Points(5), FindingState::Open),
            "dormant-outlets/P1/2011-01" => (Points(2), FindingState::Confirmed(Seq(7))),
            _ => return None,
        };
        let measured = Measured::Dormant(turnover::Dormancy { tested: 48, low: 12, zero: 2 });
        let occurred_on = day(2011, 2, 28);
        Some(Finding {
            id: id.clone(),
            now: Some(measured.clone()),
            measured,
            points,
            state,
            line: None,
            occurred_on,
            outlet: None,
            problem: None,
        })
    }
    /// O1 and O2 are there; O1 asked by entry 20, O2 of P2 applied to leave by entry 21.
    fn state(&mut self, provider: &ProviderId, touching: &[OutletId]) -> State {
        let held = |id: &OutletId| {
            let life = self.owner(id).filter(|owner| owner == provider).map(|_| Life::default());
            (id.clone(), state::HeldOutlet { city: "杭州".into(), life, moved: false })
        };
        let outlets = touching.iter().map(held).collect();
        let asked = if provider.as_str() == "P1" { request(20, "O1") } else { request(21, "O2") };
        State { due: vec![(asked.0, asked.1.obligation())], outlets, ..State::default() }
    }
    fn applied(&mut self, _: &ProviderId) -> bool {
        false
    }
    fn decided(&mut self, _: &FindingId) -> Option<FindingState> {
        None
    }
    fn file(&mut self, _: &ProviderId) -> Arc<File> {
        Default::default()
    }
    /// P1 held two conferences in one city and a training; one conference is charged by line 6.
    fn chargeables(&mut self, provider: &ProviderId) -> Vec<Chargeable> {
        if provider.as_str() != "P1" {
            return Vec::new();
        }
        let of = |subject, on| Chargeable { subject, city: "杭州".into(), on, stands: true };
        let (first, second) = (day(2011, 1, 10), day(2011, 2, 10));
        vec![
            of(LineSubject::Conference(Seq(30)), first),
            of(LineSubject::Conference(Seq(32)), second),
            of(LineSubject::Training(Seq(31)), second),
            of(LineSubject::Territory("杭州".into()), first),
            of(LineSubject::Rollout("杭州".into(), Phase::First), first),
            of(LineSubject::Rollout("杭州".into(), Phase::All), first),
        ]
    }
    fn wanted_reports(&mut self, _: &ProviderId, _: Month) -> u32 {
        48
    }
    fn charged(&mut self, _: &ProviderId, _: &ArticleId, of: &dyn Fn(&LineSubject) -> bool) -> Vec<Seq> {
        of(&LineSubject::Conference(Seq(32))).then_some(Seq(6)).into_iter().collect()
    }
    fn has(&mut self, _: &ProviderId) -> Vec<Seq> {
        Vec::new()
    }
    fn score(&mut self, _: &ProviderId, _: Day) -> Score {
        Score(0)
    }
    fn lines(&mut self, _: &ProviderId) -> Vec<Line> {
        Vec::new()
    }
    fn brought_back(&mut self, _: &ProviderId) -> Vec<Seq> {
        Vec::new()
    }
    fn head(&mut self, _: &ProviderId) -> Seq {
        Seq(0)
    }
    fn serves(&mut self, _: &ProviderId, _: &str) -> bool {
        false
    }
    fn alerts(&mut self, _: &ProviderId, _: Context<'_>) -> Vec<Alert> {
        Vec::new()
    }

    fn naming(&mut self, _: &ProviderId, _: &OutletId) -> Vec<Seq> {
        Vec::new()
    }
    fn spoken(&mut self, _: &Event) -> Vec<(Seq, Option<Seq>)> {
        Vec::new()
    }
    fn entry(&mut self, seq: Seq) -> Option<Event> {
        (seq == Seq(20)).then(|| Event::RequestOpened(request(20, "O1").1))
    }
    fn has_provider(&mut self, id: &ProviderId) -> bool {
        ["P1", "P2"].contains(&id.as_str())
    }
    fn provider(&mut self, id: &ProviderId) -> Option<Provider> {
        self.has_provider(id).then(|| provider(id.as_str()))
    }
    fn outlet(&mut self, id: &OutletId) -> Option<Outlet> {
        let owner = self.owner(id)?;
        Some(outlet(id.as_str(), owner.as_str()))
    }
    fn owner(&mut self, id: &OutletId) -> Option<ProviderId> {
        match id.as_str() {
            "O1" => "P1".parse().ok(),
            "O2" => "P2".parse().ok(),
            _ => None,
        }
    }
    fn owners_before(&mut self, _: &ProviderId, _: &OutletId) -> Vec<ProviderId> {
        Vec::new()
    }
    fn owner_on(&mut self, id: &OutletId, _: Day) -> Option<ProviderId> {
        self.owner(id)
    }
    fn line(&mut self, seq: Seq) -> Option<(ProviderId, Line)> {
        let kind = match seq.0 {
            6 | 7 => LineKind::Deduction,
            8 => LineKind::Reversal,
            _ => return None,
        };
        Some(("P1".parse().unwrap(), line(seq.0, kind)))
    }
}

/// A request of 2011-03-17 at 10:00: O1's is for help, O2's is to leave.
fn request(seq: u64, outlet: &str) -> (Seq, Request) {
    let at = |hour| Moment::from_civil(day(2011, 3, 17).and_hms_opt(hour, 0, 0).unwrap());
    let request = Request {
        outlet: outlet.parse().unwrap(),
        provider: if outlet == "O1" { "P1" } else { "P2" }.parse().unwrap(),
        kind: if outlet == "O1" { RequestKind::Help } else { RequestKind::Exit },
        asked: at(10),
        term: crate::calendar::Term::WorkingHours(12),
        due: at(22),
        calendar: "x".into(),
        note: None,
    };
    (Seq(seq), request)
}

fn day(y: i32, m: u32, d: u32) -> Day {
    Day::from_ymd_opt(y, m, d).unwrap()
}

fn ask(command: &Command) -> Result<Event, Refusal> {
    let laws = Laws::of_loaded(std::sync::Arc::new(Rulebook::shipped().unwrap()));
    let now = Moment::from_civil(day(2011, 3, 18).and_hms_opt(14, 2, 0).unwrap());
    let calendar = crate::calendar::Calendar::shipped().unwrap();
    let cx = Context::new(&laws, now, &calendar);
    let first = decide(&mut Known, command, cx);
    assert_eq!(first, decide(&mut Known, command, cx), "deciding twice gives the same");
    first
}

/// A deduction that has what its article needs; the outlet is given.
fn deduction(provider: &str, article: &str, points: u32, outlet: Option<&str>) -> Deduction {
    let subject = match article {
        "conference-results" | "signing-delay" => Some("#30"),
        "training-failure" => Some("#31"),
        "rollout-shortfall" => Some("杭州/first"),
        "early-attrition" => Some("杭州"),
        "promotion-gap" | "dormant-outlets" => Some("2011-02"),
        _ => None,
    };
    let needs_evidence = ["media-exposure", "competing-business", "unapproved-material"].contains(&article);
    Deduction {
        provider: provider.parse().unwrap(),
        article: article.parse().unwrap(),
        points: Points(points),
        occurred_on: day(2011, 3, 2),
        outlet: outlet.map(|o| o.parse().unwrap()),
        problem: None,
        note: None,
        subject: subject.map(|typed| LineSubject::Named(typed.into())),
        evidence: needs_evidence.then(|| "照片 3 张".into()),
    }
}

fn reason(command: Command) -> &'static str {
    ask(&command).map_or_else(|refusal| refusal.reason(), |_| "accepted")
}

/// Section 2: each article takes its lowest and highest points and refuses one less and one more.
#[test]
fn section_2_points_stay_in_their_range() {
    for article in Rulebook::shipped().unwrap().articles {
        let at = |points: u32| {
            let outlet = (article.needs == Needs::Outlet).then_some("O1");
            reason(Command::Deduct(deduction("P1", article.id.as_str(), points, outlet)))
        };
        assert_eq!(at(article.max.0 + 1), "points over range", "{}", article.id);
        assert_eq!(at(article.min.0 - 1), "points under range", "{}", article.id);
        let inside = if article.needs == Needs::Rectification { "rectification case missing" } else { "accepted" };
        assert_eq!((at(article.min.0), at(article.max.0)), (inside, inside), "{}", article.id);
    }
}

/// Section 2 and decision 9: who, what, when and where, one row each.
#[test]
fn section_2_needs_and_decision_9_dates() {
    let with = |change: fn(&mut Deduction)| {
        let mut d = deduction("P1", "brand-standard", 5, Some("O1"));
        change(&mut d);
        reason(Command::Deduct(d))
    };
    type Change = fn(&mut Deduction);
    let rows: [(Change, &str); 12] = [
        (|_| {}, "accepted"),
        (|d| d.provider = "P9".parse().unwrap(), "unknown provider"),
        (|d| d.article = "no-such-article".parse().unwrap(), "unknown article"),
        (|d| d.outlet = None, "outlet missing"),
        (|d| d.outlet = "O9".parse().ok(), "unknown outlet"),
        (|d| d.outlet = "O2".parse().ok(), "outlet of another provider"),
        (|d| d.occurred_on = day(2011, 3, 18), "accepted"),
        (|d| d.occurred_on = day(2011, 3, 19), "future date"),
        (|d| d.occurred_on = day(2004, 1, 1), "accepted"),
        (|d| d.note = Some("\u{1b}[31m".into()), "control character"),
        (|d| d.note = Some("长".repeat(2_001)), "too long"),
        (|d| d.problem = Some("a\nb".into()), "control character"),
    ];
    for (n, (change, expected)) in rows.into_iter().enumerate() {
        assert_eq!(with(change), expected, "row {n}");
    }
}

/// Section 2: what an article asks for is there, is what it says, and is charged once.
#[test]
fn section_2_needs_are_met_at_the_one_way_in() {
    let with = |article: &str, subject: Option<&str>| {
        let points = Rulebook::shipped().unwrap().article(article).unwrap().min.0;
        let subject = subject.map(|typed| LineSubject::Named(typed.into()));
        let d = Deduction { subject, evidence: None, ..deduction("P1", article, points, None) };
        (ask(&Command::Deduct(d.clone())), ask(&Command::TakeIn(d)))
    };
    // Article, what was typed, what it is; or why it is refused, and how a roster's line keeps it.
    let kept = |text: &str| Some(LineSubject::Named(text.into()));
    let rows = [
        ("conference-results", "30", Ok(LineSubject::Conference(Seq(30)))),
        ("conference-results", "杭州 2011-01-10", Ok(LineSubject::Conference(Seq(30)))),
        ("signing-delay", "#30", Ok(LineSubject::Conference(Seq(30)))),
        ("conference-results", "#31", Err("unknown subject")),
        ("conference-results", "杭州 2011-01-11", Err("unknown subject")),
        ("conference-results", "杭州", Err("unknown subject")),
        ("training-failure", "杭州 2011-02-10", Ok(LineSubject::Training(Seq(31)))),
        ("training-failure", "#30", Err("unknown subject")),
        ("rollout-shortfall", "杭州/all", Ok(LineSubject::Rollout("杭州".into(), Phase::All))),
        ("rollout-shortfall", "杭州 / 首批", Ok(LineSubject::Rollout("杭州".into(), Phase::First))),
        ("rollout-shortfall", "杭州", Err("phase missing")),
        ("rollout-shortfall", "上海", Err("unknown subject")),
        ("early-attrition", "杭州", Ok(LineSubject::Territory("杭州".into()))),
        ("early-attrition", "上海", Err("unknown subject")),
        ("promotion-gap", "2011年2月", Ok(LineSubject::Month("2011-02".parse().unwrap()))),
        ("promotion-gap", "2011-04", Err("unknown subject")),
    ];
    for (article, typed, expected) in rows {
        let (strict, roster) = with(article, Some(typed));
        let roster = roster.unwrap().deduction().unwrap().0.subject.clone();
        match expected {
            Ok(subject) => {
                assert_eq!(strict.unwrap().deduction().unwrap().0.subject, Some(subject.clone()), "{article} {typed}");
                assert_eq!(roster, Some(subject), "{article} {typed}");
            }
            Err(reason) => {
                assert_eq!(strict.unwrap_err().reason(), reason, "{article} {typed}");
                assert_eq!(roster, kept(typed), "a roster's line keeps what was typed: {article} {typed}");
            }
        }
    }
    for article in ["conference-results", "training-failure", "rollout-shortfall", "promotion-gap", "media-exposure"] {
        let (strict, roster) = with(article, None);
        assert_eq!(strict.unwrap_err().reason(), "need missing", "{article}");
        assert!(roster.is_ok(), "{article} of a roster goes in");
    }
    // Charged already: a roster's second line is named too, and left out.
    let (strict, roster) = with("conference-results", Some("#32"));
    assert_eq!((strict.unwrap_err().reason(), roster.unwrap_err().reason()), ("already charged", "already charged"));
    // Another provider's conference is nobody's here, and an article that counts no records takes none.
    let other = Deduction { provider: "P2".parse().unwrap(), ..deduction("P1", "conference-results", 10, None) };
    assert_eq!(reason(Command::Deduct(other)), "unknown subject");
    let brand = Deduction { subject: kept("#30"), ..deduction("P1", "brand-standard", 5, Some("O1")) };
    assert_eq!(reason(Command::Deduct(brand)), "no subject");
}

/// 3.1: a rectification's lines come from its case alone.
#[test]
fn clause_3_1_rectification_lines_need_their_case() {
    for article in ["rectification-failed", "rectification-passed"] {
        let refusal = ask(&Command::Deduct(deduction("P1", article, 10, None))).unwrap_err();
        assert_eq!(refusal.reason(), "rectification case missing");
        assert!(refusal.clause().unwrap().starts_with("3.1("), "names the clause");
    }
}

/// Section 1: a reversal cancels one earlier line in full, once, with a reason.
#[test]
fn section_1_reversals() {
    let reverse = |line, why: &str| reason(Command::Reverse { line: Seq(line), reason: why.into() });
    assert_eq!(reverse(7, "误记"), "accepted");
    assert_eq!(reverse(7, "  "), "missing");
    assert_eq!(reverse(6, "误记"), "already reversed");
    assert_eq!(reverse(8, "误记"), "line is a reversal");
    assert_eq!(reverse(9, "误记"), "unknown line");
}

/// Section 1: providers and outlets.
#[test]
fn section_1_records() {
    assert_eq!(reason(Command::AddProvider(provider("P3"))), "accepted");
    assert_eq!(reason(Command::AddProvider(provider("P1"))), "duplicate id");
    assert_eq!(reason(Command::AmendProvider(provider("P1"))), "accepted");
    assert_eq!(reason(Command::AmendProvider(provider("P3"))), "unknown provider");
    assert_eq!(reason(Command::AddOutlet(outlet("O3", "P1"))), "accepted");
    assert_eq!(reason(Command::AddOutlet(outlet("O3", "P3"))), "unknown provider");
    assert_eq!(reason(Command::AddOutlet(outlet("O1", "P2"))), "duplicate id");
    assert_eq!(reason(Command::AmendOutlet(outlet("O1", "P1"))), "accepted");
    assert_eq!(reason(Command::AmendOutlet(outlet("O1", "P2"))), "outlet of another provider");
    assert_eq!(reason(Command::AmendOutlet(outlet("O3", "P1"))), "unknown outlet");
    let nameless = Provider { name: " ".into(), ..provider("P3") };
    assert_eq!(ask(&Command::AddProvider(nameless)), Err(Refusal::Missing { field: "name" }));
    let steering = Provider { name: "\u{1b}]0;x\u{7}".into(), ..provider("P3") };
    let why = UnsafeText::Control('\u{1b}');
    assert_eq!(ask(&Command::AddProvider(steering)), Err(Refusal::BadText { field: "name", why }));
    let future = Provider { agreement_on: Some(day(2999, 1, 1)), ..provider("P3") };
    assert_eq!(reason(Command::AddProvider(future)), "future date");
    let ask_same = ask(&Command::AddProvider(provider("P1")));
    assert!(matches!(ask_same, Err(Refusal::ProviderExists { differs, .. }) if differs.is_empty()));
}

/// 2.2.2 and decision 6: complaints of one problem add up to 10 at most; the cut points stay visible, and room
/// that a reversal frees goes to the later lines.
/// Regression: p0001 beside P0001 was a second provider, and each had a part of the points.
#[test]
fn ids_that_differ_in_case_only_are_one() {
    let taken = Command::AddProvider(provider("p1"));
    assert_eq!(
        ask(&taken),
        Err(Refusal::ProviderCaseTaken { provider: "p1".parse().unwrap(), like: "P1".parse().unwrap() })
    );
    assert_eq!(reason(Command::AddOutlet(outlet("o1", "P1"))), "id differs in case only");
    assert_eq!(reason(Command::AmendProvider(provider("p1"))), "unknown provider");
    let meant = Refusal::ProviderInOtherCase { provider: "p1".parse().unwrap(), like: "P1".parse().unwrap() };
    assert_eq!(ask(&Command::AddOutlet(outlet("O9", "p1"))), Err(meant.clone()));
    assert_eq!(ask(&Command::Deduct(deduction("p1", "brand-standard", 5, None))), Err(meant));
    let meant = Refusal::OutletInOtherCase { outlet: "o1".parse().unwrap(), like: "O1".parse().unwrap() };
    assert_eq!(ask(&Command::Deduct(deduction("P1", "brand-standard", 5, Some("o1")))), Err(meant));
}

#[test]
fn clause_2_2_2_the_cap_cuts_effective_points() {
    let complaint = |seq: u64, problem: &str| Line {
        article: "outlet-complaint".parse().unwrap(),
        points: Points(2),
        problem: Some(problem.into()),
        cap: Some(Points(10)),
        ..line(seq, LineKind::Deduction)
    };
    let mut lines: Vec<Line> = (10..17).map(|seq| complaint(seq, "配送慢")).collect();
    lines.push(complaint(17, "物料未到"));
    assert_eq!(YearLedger::of(&mut lines).score.0, 12);
    let effective: Vec<u32> = lines.iter().map(|l| l.effective.0).collect();
    assert_eq!(effective, [2, 2, 2, 2, 2, 0, 0, 2]);
    lines[0].reversed_by = Some(Seq(99));
    assert_eq!(YearLedger::of(&mut lines).score.0, 12);
    let effective: Vec<u32> = lines.iter().map(|l| l.effective.0).collect();
    assert_eq!(effective, [0, 2, 2, 2, 2, 2, 0, 2]);
    let odd = Line { points: Points(1), ..complaint(18, "客服") };
    let mut mixed = vec![odd];
    mixed.extend((19..24).map(|seq| complaint(seq, "客服")));
    YearLedger::of(&mut mixed);
    let effective: Vec<u32> = mixed.iter().map(|l| l.effective.0).collect();
    assert_eq!(effective, [1, 2, 2, 2, 2, 1], "the line that would pass the cap is cut, not dropped");
}

/// Decision 5: credits never bring a score under 0; what was not usable is shown.
#[test]
fn decision_5_credits_stop_at_zero() {
    let deduction = Line { points: Points(15), ..line(1, LineKind::Deduction) };
    let credit = Line { points: Points(30), ..line(2, LineKind::Credit) };
    let later = Line { points: Points(4), ..line(3, LineKind::Deduction) };
    let mut lines = vec![deduction, credit, later];
    assert_eq!(YearLedger::of(&mut lines).score.0, 4);
    assert_eq!(lines[1].effective, Points(15));
}

/// 2.2.3(3): a month's turnover, one row each.
#[test]
fn clause_2_2_3_3_turnover_of_a_month() {
    let record = |t: Turnover| reason(Command::RecordTurnover(t));
    let amend = |t: Turnover, why: &str| reason(Command::AmendTurnover { turnover: t, reason: why.into() });
    assert_eq!(record(turnover("O1", "2011-02", 500)), "accepted");
    assert_eq!(record(turnover("O9", "2011-02", 500)), "unknown outlet");
    assert_eq!(record(turnover("O1", "2011-03", 500)), "month not over");
    assert_eq!(record(turnover("O1", "2011-01", 600)), "duplicate id");
    let same = ask(&Command::RecordTurnover(turnover("O1", "2011-01", 500)));
    assert!(matches!(same, Err(Refusal::TurnoverExists { differs, .. }) if differs.is_empty()));
    assert_eq!(amend(turnover("O1", "2011-01", 600), "报错"), "accepted");
    assert_eq!(amend(turnover("O1", "2011-01", 600), " "), "missing");
    assert_eq!(amend(turnover("O1", "2011-02", 600), "报错"), "unknown turnover");
    // 1.3(5): final statuses are a share of the orders.
    let more = Turnover { with_final_status: Some(11), ..turnover("O1", "2011-02", 500) };
    assert_eq!(record(more), "final status over orders");
    assert_eq!(record(Turnover { orders: None, ..turnover("O1", "2011-02", 500) }), "final status over orders");
}

/// 2.2.3(3), decisions 7 and 8: who is tested, what is low, and the points over the allowance.
#[test]
fn clause_2_2_3_3_dormant_outlets() {
    use super::turnover::{Dormancy, Tenure};
    let rule = Rulebook::shipped().unwrap().dormant;
    let part = |signed: Option<Day>, before: Option<u64>, this: Option<u64>| {
        let fen = |yuan: Option<u64>| yuan.map(|y| Fen(y * 100));
        let owner: ProviderId = "P1".parse().unwrap();
        let (month, past) = ("2011-02".parse().unwrap(), Vec::new());
        let tenure = Tenure { signed_on: signed, past, owner: owner.clone(), gone_on: None };
        let d = Dormancy::of(tenure.is_tested(&owner, month, rule), (fen(before), fen(this)), rule);
        (d.tested, d.low, d.zero)
    };
    let long = Some(day(2010, 11, 1));
    assert_eq!(part(long, Some(999), Some(999)), (1, 1, 0));
    assert_eq!(part(long, Some(999), Some(1_000)), (1, 0, 0), "1,000 is not under 1,000");
    assert_eq!(part(long, Some(1_000), Some(999)), (1, 0, 0), "one month is not two running");
    assert_eq!(part(long, Some(5_000), Some(0)), (1, 0, 1));
    assert_eq!(part(long, Some(0), Some(0)), (1, 1, 1));
    assert_eq!(part(Some(day(2010, 11, 2)), Some(0), Some(0)), (0, 0, 0), "signed a day too late");
    assert_eq!(part(None, Some(0), Some(0)), (0, 0, 0), "not signed");
    assert_eq!(part(long, None, Some(0)), (0, 0, 0), "the month before is not in");
    let points = |tested, low, zero| Dormancy { tested, low, zero }.points(rule).0;
    let table = [
        ((100, 15, 2), 0),
        ((100, 16, 2), 1),
        ((100, 15, 3), 1),
        ((48, 12, 2), 5),
        ((77, 18, 1), 7),
        ((22, 1, 1), 1),
        ((0, 0, 0), 0),
        ((29, 13, 3), 9),
        ((100, 17, 9), 7),
    ];
    for ((tested, low, zero), expected) in table {
        assert_eq!(points(tested, low, zero), expected, "{tested} {low} {zero}");
    }
}

/// Section 1: a person confirms a finding with points or dismisses it with a reason, once.
#[test]
fn section_1_findings_are_decided_once() {
    let id = |text: &str| -> FindingId { text.parse().unwrap() };
    let confirm = |finding: &str, points: Option<u32>| {
        ask(&Command::ConfirmFinding { finding: id(finding), points: points.map(Points), note: None })
    };
    let open = "dormant-outlets/P1/2011-02";
    let Ok(Event::FindingConfirmed { deduction, measured, .. }) = confirm(open, None) else { panic!("accepted") };
    assert_eq!((deduction.points, deduction.occurred_on), (Points(5), day(2011, 2, 28)));
    assert_eq!(deduction.note.as_deref(), Some(open), "the line says where it comes from");
    assert_eq!(measured, Measured::Dormant(turnover::Dormancy { tested: 48, low: 12, zero: 2 }));
    assert!(matches!(confirm(open, Some(3)), Ok(Event::FindingConfirmed { deduction, .. }) if deduction.points.0 == 3));
    let refused = |result: Result<Event, Refusal>| result.unwrap_err().reason();
    assert_eq!(refused(confirm(open, Some(0))), "points under range");
    assert_eq!(refused(confirm(open, Some(1_000))), "points over range");
    assert_eq!(refused(confirm("dormant-outlets/P1/2011-01", None)), "already decided");
    assert_eq!(refused(confirm("dormant-outlets/P2/2011-02", None)), "unknown finding");
    let dismiss = |why: &str| reason(Command::DismissFinding { finding: id(open), reason: why.into() });
    assert_eq!(dismiss("核实为停业装修"), "accepted");
    assert_eq!(dismiss(" "), "missing");
    for bad in ["", "dormant-outlets", "x/P1/2011-02", "dormant-outlets/P1/2011-13", "dormant-outlets/P 1/2011-02"] {
        assert!(bad.parse::<FindingId>().is_err(), "{bad}");
    }
}

fn at(y: i32, m: u32, d: u32, hour: u32) -> Moment {
    Moment::from_civil(day(y, m, d).and_hms_opt(hour, 0, 0).unwrap())
}

/// 2.2.2 and 2.2.4(1): who may ask, when, and when an answer may come.
#[test]
fn clause_2_2_2_and_2_2_4_1_requests() {
    let open =
        |outlet: &str, kind, at| reason(Command::OpenRequest { outlet: outlet.parse().unwrap(), kind, at, note: None });
    assert_eq!(open("O1", RequestKind::Help, None), "accepted");
    assert_eq!(open("O1", RequestKind::Help, Some(at(2011, 3, 18, 15))), "future date");
    assert_eq!(open("O9", RequestKind::Help, None), "unknown outlet");
    assert_eq!(open("O2", RequestKind::Help, None), "accepted");
    assert_eq!(open("O2", RequestKind::Exit, None), "exit already open");
    let answer = |request, at| reason(Command::AnswerRequest { request: Seq(request), at, note: None });
    assert_eq!(answer(20, None), "accepted");
    assert_eq!(answer(20, Some(at(2011, 3, 17, 10))), "accepted");
    assert_eq!(answer(20, Some(at(2011, 3, 17, 9))), "answer before request");
    assert_eq!(answer(20, Some(at(2011, 3, 19, 9))), "future date");
    assert_eq!(answer(7, None), "unknown request");
}

/// 2.2.2 and 2.2.4(1), around the Spring Festival of 2011 and over the year's end before it.
#[test]
fn clause_2_2_2_and_2_2_4_1_due_moments() {
    let second = |day: Day| Moment::from_civil(day.and_hms_opt(23, 59, 59).unwrap());
    let rows = [
        // Tuesday evening before the holiday of 2 to 8 February.
        (RequestKind::Help, at(2011, 2, 1, 20), at(2011, 2, 9, 8)),
        (RequestKind::Exit, at(2011, 2, 1, 20), second(day(2011, 2, 10))),
        // In the holiday.
        (RequestKind::Help, at(2011, 2, 5, 9), at(2011, 2, 9, 12)),
        (RequestKind::Exit, at(2011, 2, 5, 9), second(day(2011, 2, 10))),
        // Friday before the made-up Saturday of 12 February.
        (RequestKind::Help, at(2011, 2, 11, 20), at(2011, 2, 12, 8)),
        (RequestKind::Exit, at(2011, 2, 11, 20), second(day(2011, 2, 14))),
        // Over the year's end: 1 to 3 January was a holiday.
        (RequestKind::Help, at(2010, 12, 31, 20), at(2011, 1, 4, 8)),
        (RequestKind::Exit, at(2010, 12, 31, 20), second(day(2011, 1, 5))),
    ];
    for (kind, asked, due) in rows {
        let command = Command::OpenRequest { outlet: "O1".parse().unwrap(), kind, at: Some(asked), note: None };
        let Ok(Event::RequestOpened(request)) = ask(&command) else { panic!("accepted") };
        assert_eq!(request.due, due, "{kind:?} asked {}", asked.civil());
        assert_eq!((request.asked, request.calendar.len()), (asked, 8));
    }
}

/// Every deadline, from 18:00 on the last working day before the Spring Festival week of 2011 (made-up Saturday 12
/// February), before the National Day week (made-up 8 and 9 October), and before the year's end. Counted by another
/// program than this one.
#[test]
fn decisions_1_and_2_every_deadline_over_the_holidays_and_a_years_end() {
    use crate::time::{parse_moment, show_moment};
    use ObligationKind as Kind;
    let from = ["2011-02-01T18:00", "2011-09-30T18:00", "2010-12-31T18:00"];
    let rows = [
        (Kind::HelpAnswer, ["2011-02-09T06:00", "2011-10-08T06:00", "2011-01-04T06:00"]),
        (Kind::ExitAnswer, ["2011-02-10", "2011-10-09", "2011-01-05"]),
        (Kind::Deposit, ["2011-02-14", "2011-10-12", "2011-01-10"]),
        (Kind::Permission, ["2011-02-14", "2011-10-12", "2011-01-10"]),
        (Kind::NextConference, ["2011-02-21", "2011-10-20", "2011-01-20"]),
        (Kind::FirstBatch, ["2011-03-18", "2011-11-14", "2011-02-14"]),
        (Kind::AllOutlets, ["2011-05-17", "2012-01-13", "2011-04-15"]),
        (Kind::SecondStage, ["2011-05-01", "2011-12-30", "2011-03-31"]),
        (Kind::Review, ["2011-02-16", "2011-10-14", "2011-01-12"]),
        (Kind::Signing, ["2011-02-14", "2011-10-12", "2011-01-10"]),
        (Kind::OutletPermission, ["2011-02-11", "2011-10-10", "2011-01-06"]),
        (Kind::FreezeApplication, ["2011-02-28", "2011-10-26", "2011-01-24"]),
        (Kind::PilotBatch, ["2011-02-28", "2011-10-26", "2011-01-24"]),
        (Kind::Training, ["2011-02-11", "2011-10-10", "2011-01-10"]),
        (Kind::Guidance, ["2011-02-08", "2011-10-07", "2011-01-07"]),
        (Kind::TrainingCheck, ["2011-02-08", "2011-10-07", "2011-01-07"]),
        (Kind::Promotion, ["2011-03-01", "2011-10-30", "2011-01-31"]),
        (Kind::ExitEvidence, ["2011-02-10", "2011-10-09", "2011-01-05"]),
        (Kind::OutletDeposit, ["2011-02-11", "2011-10-10", "2011-01-06"]),
        (Kind::DepositRelease, ["2011-02-21", "2011-10-19", "2011-01-17"]),
        (Kind::ObjectionAnswer, ["2011-02-21", "2011-10-19", "2011-01-17"]),
    ];
    let laws = Laws::of_loaded(std::sync::Arc::new(Rulebook::shipped().unwrap()));
    let calendar = crate::calendar::Calendar::shipped().unwrap();
    // The day of a rectification's plan is typed (3.1(2)).
    let counted = Kind::ALL.iter().filter(|kind| **kind != Kind::RectificationDeadline);
    assert!(counted.eq(rows.iter().map(|(kind, _)| kind)), "every kind has its row");
    let id: ProviderId = "P1".parse().unwrap();
    for (kind, dues) in rows {
        for (from, due) in from.into_iter().zip(dues) {
            let start = parse_moment(from).unwrap();
            let cx = Context::new(&laws, start, &calendar);
            let is = Obligation::begin((kind, About::Provider), start, (&id, cx)).unwrap();
            let due = if due.contains('T') { due.to_owned() } else { format!("{due}T23:59:59") };
            assert_eq!(show_moment(is.due), due, "{} from {from}", kind.word());
            assert_eq!(is.due_by(&calendar), is.due);
        }
    }
}
