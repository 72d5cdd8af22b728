//! 2.2.3(3): which outlets a month tests, how many have reported, and what is asked of who decides on a part.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

#[path = "fixture/case.rs"]
#[allow(dead_code, reason = "the clauses' tests use the rest of it")]
mod case;
mod fixture;

use case::Case;
use koufen::domain::{Command, FindingId, Outlet, Turnover};
use koufen::money::Fen;
use koufen::store::MonthRow;

/// Six outlets of P0001, signed in November 2010, that turn over nothing in January to April.
fn idle() -> Case {
    let case = Case::at("2011-06-01T09:00");
    case.ask(Command::AddProvider(fixture::provider("P0002", "汇远"))).unwrap();
    for n in 1..=6 {
        let outlet = Outlet { signed_on: "2010-11-01".parse().ok(), ..fixture::outlet(&format!("O{n}"), "P0001") };
        case.ask(Command::AddOutlet(outlet)).unwrap();
    }
    for month in ["2011-01", "2011-02", "2011-03", "2011-04"] {
        (1..=6).for_each(|n| report(&case, n, month));
    }
    case
}

fn report(case: &Case, n: u32, month: &str) {
    let outlet = format!("O{n}").parse().unwrap();
    let turnover =
        Turnover { outlet, month: month.parse().unwrap(), amount: Fen(0), orders: None, with_final_status: None };
    case.ask(Command::RecordTurnover(turnover)).unwrap();
}

fn month(case: &Case, provider: &str, month: &str) -> MonthRow {
    let rows = case.desk.months(&provider.parse().unwrap()).unwrap();
    rows.into_iter().find(|row| row.month.to_string() == month).unwrap()
}

/// Tested, and wanted, of P0001's months February to April.
fn tested(case: &Case) -> [(u32, u32); 3] {
    ["2011-02", "2011-03", "2011-04"].map(|m| {
        let row = month(case, "P0001", m);
        (row.dormancy.tested, row.wanted)
    })
}

#[test]
fn clause_2_2_3_3_an_outlet_that_left_in_the_month_is_not_tested() {
    let case = idle();
    assert_eq!(tested(&case), [(6, 6); 3]);
    // In the middle of March; at the end of March, on which it was there all month.
    let closed = case.did("outlet-closed O1 note=关店 on=2011-03-15");
    case.did("outlet-closed O2 note=关店 on=2011-03-31");
    assert_eq!(tested(&case), [(6, 6), (5, 5), (4, 4)]);
    case.is_sound();
    case.ask(Command::Void { entry: koufen::ids::Seq(closed), dependents: false, reason: "误录".into() }).unwrap();
    assert_eq!(tested(&case), [(6, 6), (6, 6), (5, 5)]);
    case.is_sound();
}

#[test]
fn clause_2_2_3_3_an_outlet_that_went_elsewhere_in_the_month_is_tested_with_neither() {
    let case = idle();
    case.did("outlet-transferred O1 to=P0002 note=交接 on=2011-05-10");
    // From the first of June it would be with the other all month; its May is nobody's.
    case.to("2011-08-01T09:00");
    for m in ["2011-05", "2011-06", "2011-07"] {
        report(&case, 1, m);
    }
    (2..=6).for_each(|n| report(&case, n, "2011-05"));
    assert_eq!((month(&case, "P0001", "2011-05").dormancy.tested, month(&case, "P0001", "2011-05").wanted), (5, 5));
    assert_eq!(month(&case, "P0001", "2011-04").wanted, 6, "it was there in April, whose it is now");
    let of_other = |m| month(&case, "P0002", m).dormancy.tested;
    assert_eq!((of_other("2011-05"), of_other("2011-06"), of_other("2011-07")), (0, 1, 1));
    case.is_sound();
}

/// Decision 15: on the day of a transfer it is the next provider's, so one that comes on the first is there all month.
#[test]
fn clause_2_2_3_3_an_outlet_that_comes_on_the_first_is_there_all_month() {
    let case = idle();
    case.did("outlet-transferred O1 to=P0002 note=交接 on=2011-05-01");
    (1..=6).for_each(|n| report(&case, n, "2011-05"));
    let wanted = |provider| month(&case, provider, "2011-05").wanted;
    assert_eq!((wanted("P0001"), wanted("P0002")), (5, 1));
    case.is_sound();
}

#[test]
fn clause_2_2_3_3_deciding_on_a_part_asks_for_a_reason_and_what_comes_in_later_is_an_alert() {
    let case = idle();
    (1..=4).for_each(|n| report(&case, n, "2011-05"));
    let row = month(&case, "P0001", "2011-05");
    assert_eq!((row.reported, row.wanted, row.dormancy.tested), (4, 6, 4));
    let id: FindingId = "dormant-outlets/P0001/2011-05".parse().unwrap();
    let confirm = |note: Option<&str>| Command::ConfirmFinding {
        finding: id.clone(),
        points: None,
        note: note.map(str::to_owned),
    };
    for blank in [None, Some(" ")] {
        let refusal = case.ask(confirm(blank)).unwrap_err();
        assert_eq!(
            (refusal.reason(), refusal.clause(), refusal.field()),
            ("part of a month", Some("2.2.3(3)"), "note")
        );
    }
    case.ask(confirm(Some("两家停报"))).unwrap();
    assert!(!case.alerts().iter().any(|id| id.contains("changed")));
    report(&case, 5, "2011-05");
    assert!(case.alerts().contains(&"P0001/changed/dormant-outlets/2011-05".to_owned()), "{:?}", case.alerts());
    // All of a month needs none.
    let whole = "dormant-outlets/P0001/2011-04".parse().unwrap();
    case.ask(Command::ConfirmFinding { finding: whole, points: None, note: None }).unwrap();
    case.is_sound();
}

/// Decision 16: a month is judged for all cities together; the figures by city stand beside it.
#[test]
fn decision_16_the_figures_of_each_city_stand_beside_the_month() {
    let case = idle();
    for (n, amount) in [(7, 0), (8, 200_000), (9, 300_000)] {
        let signed_on = "2010-11-01".parse().ok();
        let outlet = Outlet { signed_on, city: "宁波".into(), ..fixture::outlet(&format!("O{n}"), "P0001") };
        case.ask(Command::AddOutlet(outlet)).unwrap();
        for month in ["2011-01", "2011-02"] {
            let (outlet, month) = (format!("O{n}").parse().unwrap(), month.parse().unwrap());
            let turnover = Turnover { outlet, month, amount: Fen(amount), orders: None, with_final_status: None };
            case.ask(Command::RecordTurnover(turnover)).unwrap();
        }
    }
    let february = month(&case, "P0001", "2011-02");
    let held = february.dormancy;
    assert_eq!((held.tested, held.low, held.zero), (9, 7, 7));
    let cities: Vec<_> = february.cities.iter().map(|c| (c.city.as_str(), c.reported, c.dormancy)).collect();
    let of = |tested, low, zero| koufen::domain::turnover::Dormancy { tested, low, zero };
    assert_eq!(cities, [("宁波", 3, of(3, 1, 1)), ("杭州", 6, of(6, 6, 6))]);
    // Points are of the whole: 7 - floor(15 % of 9) and 7 - floor(2 % of 9).
    assert_eq!(february.points.0, 7);
    case.is_sound();
}
