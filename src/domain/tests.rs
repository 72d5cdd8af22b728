//! Every refusal has a row here, and every clause of this slice a case.

use super::*;
use crate::ids::UnsafeText;
use crate::money::Fen;

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

fn line(seq: u64, kind: LineKind) -> Line {
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
        reversed_by: (seq == 6).then_some(Seq(8)),
        reverses: None,
    }
}

impl Facts for Known {
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
    fn line(&mut self, seq: Seq) -> Option<(ProviderId, Line)> {
        let kind = match seq.0 {
            6 | 7 => LineKind::Deduction,
            8 => LineKind::Reversal,
            _ => return None,
        };
        Some(("P1".parse().unwrap(), line(seq.0, kind)))
    }
}

fn day(y: i32, m: u32, d: u32) -> Day {
    Day::from_ymd_opt(y, m, d).unwrap()
}

fn ask(command: &Command) -> Result<Event, Refusal> {
    let rulebook = Rulebook::shipped().unwrap();
    let now = Moment::from_civil(day(2011, 3, 18).and_hms_opt(14, 2, 0).unwrap());
    let cx = Context { rulebook: &rulebook, now };
    let first = decide(&mut Known, command, cx);
    assert_eq!(first, decide(&mut Known, command, cx), "deciding twice gives the same");
    first
}

fn deduction(provider: &str, article: &str, points: u16, outlet: Option<&str>) -> Deduction {
    Deduction {
        provider: provider.parse().unwrap(),
        article: article.parse().unwrap(),
        points: Points(points),
        occurred_on: day(2011, 3, 2),
        outlet: outlet.map(|o| o.parse().unwrap()),
        problem: None,
        note: None,
    }
}

fn reason(command: Command) -> &'static str {
    ask(&command).map_or_else(|refusal| refusal.reason(), |_| "accepted")
}

/// Section 2: each article takes its lowest and highest points and refuses one less and one more.
#[test]
fn section_2_points_stay_in_their_range() {
    for article in Rulebook::shipped().unwrap().articles {
        let at = |points: u16| {
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
    let effective: Vec<u16> = lines.iter().map(|l| l.effective.0).collect();
    assert_eq!(effective, [2, 2, 2, 2, 2, 0, 0, 2]);
    lines[0].reversed_by = Some(Seq(99));
    assert_eq!(YearLedger::of(&mut lines).score.0, 12);
    let effective: Vec<u16> = lines.iter().map(|l| l.effective.0).collect();
    assert_eq!(effective, [0, 2, 2, 2, 2, 2, 0, 2]);
    let odd = Line { points: Points(1), ..complaint(18, "客服") };
    let mut mixed = vec![odd];
    mixed.extend((19..24).map(|seq| complaint(seq, "客服")));
    YearLedger::of(&mut mixed);
    let effective: Vec<u16> = mixed.iter().map(|l| l.effective.0).collect();
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
