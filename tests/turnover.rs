//! 2.2.3(3) through the desk: the running numbers of a month are what its turnover says, whatever the order of the
//! commands, and a view made anew is the same.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

mod fixture;

use koufen::desk::{Desk, Identity, ManualClock};
use koufen::domain::{
    Command, Event, FindingId, FindingState, Measured, Outlet, Refusal, Subject, Turnover, turnover::Dormancy,
};
use koufen::ids::{OutletId, ProviderId};
use koufen::money::Fen;
use koufen::points::{Points, Score};
use koufen::rulebook::Rulebook;
use koufen::time::{Day, Moment, Month};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

const OUTLETS: u32 = 40;

fn day(y: i32, m: u32, d: u32) -> Day {
    Day::from_ymd_opt(y, m, d).unwrap()
}

fn provider() -> ProviderId {
    "P0001".parse().unwrap()
}

fn outlet(n: u32, signed_on: Option<Day>) -> Outlet {
    Outlet { signed_on, ..fixture::outlet(&format!("O{n:04}"), "P0001") }
}

/// A desk in June 2011 with a provider of forty outlets, signed in November 2010.
fn desk() -> (Desk, Identity) {
    let clock = Arc::new(ManualClock::at(Moment::from_civil(day(2011, 6, 1).and_hms_opt(9, 0, 0).unwrap())));
    let desk = Desk::in_memory(Rulebook::shipped().unwrap(), clock).unwrap();
    let who = fixture::who("tester");
    let record = fixture::provider("P0001", "捷达");
    desk.submit(&who, Command::AddProvider(record)).unwrap();
    for n in 0..OUTLETS {
        desk.submit(&who, Command::AddOutlet(outlet(n, Some(day(2010, 11, 1))))).unwrap();
    }
    (desk, who)
}

fn turnover(n: u32, month: i32, yuan: u64) -> Turnover {
    Turnover {
        outlet: outlet(n, None).id,
        month: Month::of(day(2011, 1, 1)).plus(month),
        amount: Fen(yuan * 100),
        orders: None,
        with_final_status: None,
    }
}

fn finding(month: Month) -> FindingId {
    FindingId { provider: provider(), subject: Subject::Dormant(month) }
}

#[derive(Clone, Debug)]
enum Step {
    Record(u32, i32, u64),
    Amend(u32, i32, u64),
    Sign(u32, Option<u32>),
    Confirm(i32),
    Dismiss(i32),
}

fn step() -> impl Strategy<Value = Step> {
    let yuan = || prop::sample::select(vec![0, 0, 300, 999, 1_000, 50_000]);
    prop_oneof![
        12 => (0..OUTLETS, 0..5, yuan()).prop_map(|(n, m, y)| Step::Record(n, m, y)),
        3 => (0..OUTLETS, 0..5, yuan()).prop_map(|(n, m, y)| Step::Amend(n, m, y)),
        2 => (0..OUTLETS, prop::option::of(1u32..13)).prop_map(|(n, m)| Step::Sign(n, m)),
        1 => (0..5).prop_map(Step::Confirm),
        1 => (0..5).prop_map(Step::Dismiss),
    ]
}

fn command(step: &Step) -> Command {
    match step {
        Step::Record(n, month, yuan) => Command::RecordTurnover(turnover(*n, *month, *yuan)),
        Step::Amend(n, month, yuan) => {
            Command::AmendTurnover { turnover: turnover(*n, *month, *yuan), reason: "报错".into() }
        }
        Step::Sign(n, month) => Command::AmendOutlet(outlet(*n, month.map(|m| day(2010, m, 1)))),
        Step::Confirm(month) => {
            Command::ConfirmFinding { finding: finding(turnover(0, *month, 0).month), points: None, note: None }
        }
        Step::Dismiss(month) => {
            Command::DismissFinding { finding: finding(turnover(0, *month, 0).month), reason: "核实".into() }
        }
    }
}

/// The definition, by looking at everything: tested, low, zero of a month.
fn from_nothing(
    signed: &BTreeMap<OutletId, Option<Day>>,
    amounts: &BTreeMap<(OutletId, Month), Fen>,
    month: Month,
) -> Dormancy {
    let mut sum = Dormancy::default();
    for (id, signed_on) in signed {
        let (before, this) = (amounts.get(&(id.clone(), month.plus(-1))), amounts.get(&(id.clone(), month)));
        let (Some(before), Some(this), Some(signed_on)) = (before, this, signed_on) else { continue };
        if *signed_on <= month.plus(-3).first() {
            sum.tested += 1;
            sum.low += u32::from(before.0 < 100_000 && this.0 < 100_000);
            sum.zero += u32::from(this.0 == 0);
        }
    }
    sum
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn clause_2_2_3_3_a_month_is_what_its_turnover_says(steps in prop::collection::vec(step(), 1..240)) {
        let (desk, who) = desk();
        let mut signed: BTreeMap<_, _> = (0..OUTLETS).map(|n| (outlet(n, None).id, Some(day(2010, 11, 1)))).collect();
        let mut amounts = BTreeMap::new();
        let mut decided: BTreeMap<FindingId, (Measured, FindingState)> = BTreeMap::new();
        let mut charged = 0;
        for step in &steps {
            let Ok(receipt) = desk.submit(&who, command(step)) else { continue };
            match receipt.event {
                Event::TurnoverRecorded { turnover: t, .. } | Event::TurnoverAmended { turnover: t, .. } => {
                    amounts.insert((t.outlet, t.month), t.amount);
                }
                Event::OutletAmended(o) => {
                    signed.insert(o.id, o.signed_on);
                }
                Event::FindingConfirmed { finding, measured, deduction, .. } => {
                    charged += deduction.points.0;
                    prop_assert!(decided.insert(finding, (measured, FindingState::Confirmed(receipt.seq))).is_none());
                }
                Event::FindingDismissed { finding, measured, .. } => {
                    prop_assert!(decided.insert(finding, (measured, FindingState::Dismissed(receipt.seq))).is_none());
                }
                other => panic!("nobody asked for {other:?}"),
            }
        }
        let rule = desk.rulebook().dormant;
        let months = desk.months(&provider()).unwrap();
        let found = desk.findings(None).unwrap();
        for row in &months {
            let should = from_nothing(&signed, &amounts, row.month);
            prop_assert_eq!(row.dormancy, should, "{}", row.month);
            prop_assert_eq!(row.reported as usize, amounts.keys().filter(|(_, m)| *m == row.month).count());
            let of_month = found.iter().find(|f| f.id == finding(row.month));
            match (decided.get(&finding(row.month)), of_month) {
                (Some((measured, state)), Some(f)) => {
                    prop_assert_eq!((&f.measured, &f.state), (measured, state), "a decision stays as it was taken");
                }
                (None, Some(f)) => {
                    prop_assert_eq!((f.points, f.measured.clone()), (should.points(rule), Measured::Dormant(should)));
                    prop_assert!(f.points > Points(0));
                }
                (None, None) => prop_assert_eq!(should.points(rule), Points(0), "{}", row.month),
                (Some(_), None) => prop_assert!(false, "a decided finding is gone"),
            }
        }
        prop_assert_eq!(months.len(), amounts.keys().map(|(_, m)| *m).collect::<std::collections::BTreeSet<_>>().len());
        prop_assert_eq!(desk.provider(&provider(), 2011).unwrap().unwrap().score, Score(charged));
        let running = desk.view_digest().unwrap();
        desk.rebuild(&mut |_| {}).unwrap();
        prop_assert_eq!(running, desk.view_digest().unwrap());
    }
}

/// A confirmed finding is a line like any other: it can be reversed, and the finding stays decided.
#[test]
fn section_1_a_confirmed_finding_is_a_line_that_can_be_reversed() {
    let (desk, who) = desk();
    for n in 0..10 {
        for month in [0, 1] {
            desk.submit(&who, Command::RecordTurnover(turnover(n, month, 0))).unwrap();
        }
    }
    let february = finding(turnover(0, 1, 0).month);
    // Ten tested, all at zero: ten over an allowance of floor(0.2) = 0 and floor(1.5) = 1.
    let found = desk.findings(None).unwrap();
    assert_eq!((found.len(), &found[0].id, found[0].points), (1, &february, Points(10)));
    let confirm =
        || Command::ConfirmFinding { finding: february.clone(), points: None, note: Some("已核实".into()) };
    let line = desk.submit(&who, confirm()).unwrap().seq;
    let score = || desk.provider(&provider(), 2011).unwrap().unwrap().score;
    assert_eq!(score(), Score(10));
    let (owner, kept) = desk.line(line).unwrap().unwrap();
    assert_eq!((owner, kept.note.as_deref()), (provider(), Some("dormant-outlets/P0001/2011-02\n已核实")));
    let again = desk.submit(&who, confirm()).unwrap_err();
    assert!(matches!(again, koufen::desk::DeskError::Refused(Refusal::FindingDecided { by, .. }) if by == line));
    desk.submit(&who, Command::Reverse { line, reason: "误判".into() }).unwrap();
    assert_eq!(score(), Score(0));
    assert_eq!(desk.findings(None).unwrap()[0].state, FindingState::Confirmed(line));
}
