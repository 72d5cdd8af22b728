//! Alerts through the desk: what is marked comes back whenever it is worse than when it was marked, and what is owed
//! does not go away by itself. Each test is named for its clause.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

#[path = "fixture/case.rs"]
#[allow(dead_code, reason = "the clauses' tests use the rest of it")]
mod case;
mod fixture;

use case::{Case, moment};
use koufen::calendar::Calendar;
use koufen::desk::{Desk, ManualClock, OpenOptions};
use koufen::domain::{AlertState, Command, Deduction, Mark, Outlet, RequestKind, Turnover};
use koufen::ids::Seq;
use koufen::money::Fen;
use koufen::points::Points;
use koufen::rulebook::Rulebook;
use koufen::time::Moment;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

const DORMANT: &str = "P0001/finding/dormant-outlets/2011-02";

fn ack(case: &Case, id: &str) {
    let alert = case.alert(id);
    let (provider, subject) = (alert.provider, alert.subject);
    case.ask(Command::MarkAlert { provider, subject, mark: Mark::Acknowledged }).unwrap();
    assert_eq!(case.alert(id).state, AlertState::Acknowledged, "{id}");
}

fn stands(case: &Case, id: &str) -> (AlertState, u32) {
    let alert = case.alert(id);
    (alert.state, alert.level)
}

fn deducted(case: &Case, points: u32, on: &str) -> Seq {
    let deduction = Deduction {
        provider: "P0001".parse().unwrap(),
        article: "rollout-shortfall".parse().unwrap(),
        points: Points(points),
        occurred_on: on.parse().unwrap(),
        outlet: None,
        problem: None,
        note: None,
        subject: None,
        evidence: None,
    };
    case.ask(Command::TakeIn(deduction)).unwrap().seq
}

/// Twenty outlets signed a year before, and what the first so many of them turn over in January and February: less
/// than 1,000 yuan, the others more.
fn twenty_outlets(low: u32) -> Case {
    let case = Case::at("2011-03-03T09:00");
    for n in 0..20 {
        let outlet = fixture::outlet(&format!("O{n:02}"), "P0001");
        case.ask(Command::AddOutlet(Outlet { signed_on: Some("2010-01-05".parse().unwrap()), ..outlet })).unwrap();
        for month in ["2011-01", "2011-02"] {
            case.ask(Command::RecordTurnover(turnover(n, month, if n < low { 500 } else { 5_000 }))).unwrap();
        }
    }
    case
}

fn turnover(outlet: u32, month: &str, yuan: u64) -> Turnover {
    let (outlet, month) = (format!("O{outlet:02}").parse().unwrap(), month.parse().unwrap());
    Turnover { outlet, month, amount: Fen(yuan * 100), orders: None, with_final_status: None }
}

/// What these outlets turn over in both months, corrected.
fn amended(case: &Case, outlets: std::ops::Range<u32>, yuan: u64) {
    for outlet in outlets {
        for month in ["2011-01", "2011-02"] {
            let (turnover, reason) = (turnover(outlet, month, yuan), "更正".into());
            case.ask(Command::AmendTurnover { turnover, reason }).unwrap();
        }
    }
}

/// 2.2.3(3). Regression: a finding of 1 point was acknowledged, grew to 11, and stayed acknowledged.
#[test]
fn clause_2_2_3_3_a_finding_that_grows_is_reopened() {
    let case = twenty_outlets(4);
    assert_eq!(stands(&case, DORMANT), (AlertState::Firing, 1));
    ack(&case, DORMANT);
    amended(&case, 4..14, 400);
    assert_eq!(stands(&case, DORMANT), (AlertState::Reopened, 11));
    ack(&case, DORMANT);
    amended(&case, 4..10, 5_000);
    assert_eq!(stands(&case, DORMANT), (AlertState::Acknowledged, 5), "less than was seen");
    amended(&case, 4..5, 400);
    assert_eq!(stands(&case, DORMANT), (AlertState::Reopened, 6), "and more again");
    ack(&case, DORMANT);
    amended(&case, 0..20, 5_000);
    assert_eq!(stands(&case, DORMANT).0, AlertState::Resolved);
    amended(&case, 0..4, 500);
    assert_eq!(stands(&case, DORMANT), (AlertState::Reopened, 1), "it was over");
    case.is_sound();
}

/// 2.2.3(3): one step before a breach there is worse and better too.
#[test]
fn clause_2_2_3_3_a_month_that_comes_nearer_to_a_breach_is_reopened() {
    let (case, near) = (twenty_outlets(1), "P0001/near-dormant/2011-02");
    assert_eq!(stands(&case, near), (AlertState::Firing, 1));
    ack(&case, near);
    amended(&case, 1..2, 400);
    assert_eq!(stands(&case, near), (AlertState::Reopened, 2));
    ack(&case, near);
    amended(&case, 0..2, 5_000);
    assert_eq!(stands(&case, near).0, AlertState::Resolved);
    amended(&case, 0..1, 400);
    assert_eq!(stands(&case, near), (AlertState::Reopened, 1), "it was over");
    case.is_sound();
}

/// 1.3(5). Regression: 1 order without its final status was acknowledged, then there were 500.
#[test]
fn clause_1_3_5_more_missing_final_statuses_reopen() {
    let case = Case::at("2011-04-03T09:00");
    let id = "P0001/final-status/2011-03";
    case.ask(Command::AddOutlet(fixture::outlet("O00", "P0001"))).unwrap();
    let orders = |orders, with| Turnover {
        orders: Some(orders),
        with_final_status: Some(with),
        ..turnover(0, "2011-03", 5_000)
    };
    let amend = |all, with| {
        case.ask(Command::AmendTurnover { turnover: orders(all, with), reason: "更正".into() }).unwrap();
    };
    case.ask(Command::RecordTurnover(orders(100, 99))).unwrap();
    assert_eq!(stands(&case, id), (AlertState::Firing, 1));
    ack(&case, id);
    amend(1_000, 500);
    assert_eq!(stands(&case, id), (AlertState::Reopened, 500));
    ack(&case, id);
    amend(1_000, 990);
    assert_eq!(stands(&case, id), (AlertState::Acknowledged, 10));
    amend(1_000, 989);
    assert_eq!(stands(&case, id), (AlertState::Reopened, 11), "worse than it was between");
    case.is_sound();
}

/// 1.2(8), 1.4.4(3). Regression: a deposit that was a little short was acknowledged, and then it was gone.
#[test]
fn clause_1_2_8_a_deposit_that_gets_shorter_is_reopened() {
    let case = Case::at("2011-01-28T09:00");
    case.active();
    case.ask(Command::AddOutlet(fixture::outlet("O1", "P0001"))).unwrap();
    let complaint = case.did("complained O1 from=consumer problem=发货");
    let (id, orders) = ("P0001/deposit", std::cell::Cell::new(0));
    let pay = |yuan: &str| {
        // Two orders that say the same are told apart by their notes.
        orders.set(orders.get() + 1);
        let note = orders.get();
        case.did(&format!(
            "complaint-ordered P0001 complaint={complaint} compensation={yuan} correct=no note=赔{note}"
        ));
    };
    pay("1200.50");
    assert_eq!(stands(&case, id), (AlertState::Firing, 120_050));
    ack(&case, id);
    pay("200000");
    assert_eq!(stands(&case, id), (AlertState::Reopened, 20_120_050));
    ack(&case, id);
    case.did("agreement-effective P0001 city=宁波");
    case.did("deposit-paid P0001 city=宁波");
    case.did("deposit-frozen P0001 city=宁波 amount=300000");
    assert_eq!(stands(&case, id), (AlertState::Acknowledged, 20_120_050), "another city's deposit is another's");
    case.did("deposit-frozen P0001 city=杭州 amount=201200.50");
    assert_eq!(stands(&case, id).0, AlertState::Resolved);
    pay("1");
    assert_eq!(stands(&case, id), (AlertState::Reopened, 100), "it was over");
    case.is_sound();
}

/// 2.2.3(1): a city that more outlets leave.
#[test]
fn clause_2_2_3_1_more_that_left_early_reopen() {
    let case = Case::at("2011-01-20T09:00");
    let seq = case.did("territory-confirmed P0001 city=杭州 population=199999");
    (1..=5).for_each(|n| case.open_outlet(&format!("O{n}")));
    case.to("2011-03-31T09:00");
    case.did("outlet-closed O1 note=x");
    case.did("outlet-closed O2 note=x");
    let (near, found) = (format!("P0001/near-attrition/{seq}"), format!("P0001/finding/early-attrition/{seq}"));
    assert_eq!(stands(&case, &near), (AlertState::Firing, 2));
    case.did("outlet-closed O3 note=x");
    assert_eq!(stands(&case, &found), (AlertState::Firing, 3));
    ack(&case, &found);
    case.did("outlet-closed O4 note=x");
    assert_eq!(stands(&case, &found), (AlertState::Reopened, 4));
    case.is_sound();
}

/// 1.6.1(1)6. Regression: of two conferences that failed again, only the first was an alert: acknowledging it
/// silenced the second.
#[test]
fn clause_1_6_1_1_6_each_conference_that_fails_again_is_an_alert() {
    let case = Case::at("2011-03-10T09:00");
    case.active();
    case.did("territory-confirmed P0001 city=杭州 population=199999");
    let held = |attended: u32| {
        let of = format!("invited=100 attended={attended} signed=0 publicity=abcd");
        case.did(&format!("conference-held P0001 city=杭州 visits=100 outlets_visited=2000 {of}"))
    };
    let first = held(1);
    case.did(&format!("conference-rectified P0001 conference={first} note=已改"));
    let again = [held(2), held(3)].map(|seq| format!("P0001/failed-again/{seq}"));
    ack(&case, &again[0]);
    assert_eq!(stands(&case, &again[1]), (AlertState::Firing, 1));
}

/// A store on disk with a rulebook of an edition, and a calendar.
fn under(path: &Path, (edition, calendar): (&str, Calendar), now: &str) -> Case {
    let text = include_str!("../src/rulebook/rulebook.toml");
    let rulebook =
        Rulebook::parse(&text.replacen("edition = \"1.5\"", &format!("edition = \"{edition}\""), 1)).unwrap();
    assert_eq!(rulebook.edition, edition);
    let clock = Arc::new(ManualClock::at(moment(now)));
    let (path, wait) = (path.to_owned(), Duration::ZERO);
    let options = OpenOptions { path, rulebook, calendar, clock: clock.clone(), wait, progress: &mut |_| {} };
    Case::on(Desk::open(options).unwrap().desk, clock)
}

/// 2.2.2, 2.2.4(1), decision 1: what another calendar put off is over; when it is overdue again, that is news.
#[test]
fn decision_1_what_a_new_calendar_put_off_is_reopened_when_it_is_overdue_again() {
    let folder = tempfile::tempdir().unwrap();
    let case = under(folder.path(), ("1.5", Calendar::shipped().unwrap()), "2011-09-29T09:00");
    case.ask(Command::AddProvider(fixture::provider("P0001", "捷达"))).unwrap();
    case.ask(Command::AddOutlet(fixture::outlet("O1", "P0001"))).unwrap();
    let opened = |kind| {
        let request = Command::OpenRequest { outlet: "O1".parse().unwrap(), kind, at: None, note: None };
        case.ask(request).unwrap().seq
    };
    let help = format!("P0001/due/{}.help-answer", opened(RequestKind::Help));
    let exit = format!("P0001/finding/exit-response/{}", opened(RequestKind::Exit));
    case.to("2011-10-09T09:00");
    assert_eq!([stands(&case, &help), stands(&case, &exit)], [(AlertState::Firing, 2), (AlertState::Firing, 1)]);
    ack(&case, &help);
    ack(&case, &exit);
    case.desk.close().unwrap();
    // All days up to 9 October are holidays of this one, the 29th of September too.
    let days: Vec<_> =
        (29..=30).map(|n| format!("2011-09-{n}")).chain((1..=9).map(|n| format!("2011-10-{n:02}"))).collect();
    let days = format!("date,kind,occasion\n{},holiday,x\n", days.join(",holiday,x\n"));
    let case = under(folder.path(), ("1.5", Calendar::parse(&days).unwrap()), "2011-10-09T10:00");
    case.ask(Command::ReplayObligations { provider: "P0001".parse().unwrap() }).unwrap();
    assert_eq!(stands(&case, &help), (AlertState::Acknowledged, 1), "due soon is less than overdue");
    assert_eq!(stands(&case, &exit).0, AlertState::Resolved);
    case.to("2011-10-20T09:00");
    assert_eq!([stands(&case, &help), stands(&case, &exit)], [(AlertState::Reopened, 2), (AlertState::Reopened, 1)]);
}

/// 4.4(2). Regression: who had seen that edition 1.5 is not accepted never heard of 1.6.
#[test]
fn clause_4_4_2_each_edition_that_is_not_accepted_is_an_alert_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let case = under(folder.path(), ("1.5", Calendar::shipped().unwrap()), "2011-03-01T09:00");
    case.ask(Command::AddProvider(fixture::provider("P0001", "捷达"))).unwrap();
    case.did("applied P0001 scope=city");
    ack(&case, "P0001/acceptance/1.5");
    case.desk.close().unwrap();
    let case = under(folder.path(), ("1.6", Calendar::shipped().unwrap()), "2011-03-02T09:00");
    assert_eq!(case.alerts(), ["P0001/acceptance/1.6"]);
    assert_eq!(stands(&case, "P0001/acceptance/1.6").0, AlertState::Firing);
    case.did("rules-accepted P0001 edition=1.6");
    assert!(case.alerts().is_empty());
    case.desk.close().unwrap();
    let case = under(folder.path(), ("1.5", Calendar::shipped().unwrap()), "2011-03-03T09:00");
    assert_eq!(stands(&case, "P0001/acceptance/1.5").0, AlertState::Acknowledged);
}

/// 3.2, decision 10. Regression: 100 points of 31 December were no alert one minute later. A decision is owed until
/// it is made, whichever year it is.
#[test]
fn clause_3_2_a_hundred_points_do_not_lapse_at_new_year() {
    let (case, id) = (Case::at("2011-12-30T10:00"), "P0001/score/2011");
    for day in 21..=25 {
        deducted(&case, 20, &format!("2011-12-{day}"));
    }
    case.to("2011-12-31T23:59");
    assert_eq!(case.alert(id).says.0, "alert-score-terminable");
    for now in ["2012-01-01T00:01", "2013-01-01T00:00"] {
        case.to(now);
        assert_eq!(stands(&case, id), (AlertState::Firing, 100), "{now}");
        let alert = case.alert(id);
        assert_eq!((alert.clause.as_str(), alert.says.0), ("3.2", "alert-past-terminable"));
        assert_eq!(alert.says.1, [("year", "2011".to_owned()), ("score", "100".to_owned())]);
    }
    ack(&case, id);
    case.to("2014-01-01T00:00");
    assert_eq!(stands(&case, id).0, AlertState::Acknowledged, "nothing got worse");
}

/// 3.1, decision 3: a case stays open over the year's end. What is under 50 is over with its year.
#[test]
fn clause_3_1_fifty_points_do_not_lapse_at_new_year_and_forty_do() {
    let (case, id) = (Case::at("2011-12-30T10:00"), "P0001/score/2011");
    deducted(&case, 40, "2011-12-29");
    assert_eq!(case.alert(id).says.0, "alert-score-watch");
    case.to("2012-01-01T00:00");
    assert!(case.alerts().is_empty(), "the new year's score is 0 (1.1(7))");
    case.to("2011-12-31T10:00");
    deducted(&case, 40, "2011-12-30");
    ack(&case, id);
    case.to("2012-01-01T00:00");
    assert_eq!(stands(&case, id), (AlertState::Acknowledged, 80), "as it was on the day before");
    let alert = case.alert(id);
    assert_eq!((alert.clause.as_str(), alert.says.0), ("3.1", "alert-past-suspended"));
    let line = deducted(&case, 20, "2011-12-31");
    assert_eq!(stands(&case, id), (AlertState::Reopened, 100));
    case.ask(Command::Reverse { line, reason: "误记".into() }).unwrap();
    assert_eq!(stands(&case, id), (AlertState::Acknowledged, 80));
    case.is_sound();
}

/// 3.1: expansion is suspended from 50 points on, and just 50 are 50: the case of a year that ended there stays open.
#[test]
fn clause_3_1_just_fifty_points_do_not_lapse_at_new_year() {
    let (case, id) = (Case::at("2011-12-30T10:00"), "P0001/score/2011");
    deducted(&case, 40, "2011-12-28");
    deducted(&case, 10, "2011-12-29");
    case.to("2012-01-01T00:00");
    assert_eq!(stands(&case, id), (AlertState::Firing, 50));
    assert_eq!(case.alert(id).says.0, "alert-past-suspended");
}

/// 3.1, decision 9. Regression: a line of December that was typed in January and brought the year to 59 was no alert.
#[test]
fn clause_3_1_a_december_line_typed_in_january_is_an_alert_of_its_year() {
    let case = Case::at("2011-12-30T10:00");
    deducted(&case, 40, "2011-12-21");
    ack(&case, "P0001/score/2011");
    case.to("2012-01-03T10:00");
    assert!(case.alerts().is_empty());
    let line = deducted(&case, 19, "2011-12-30");
    assert_eq!(stands(&case, "P0001/score/2011"), (AlertState::Reopened, 50));
    deducted(&case, 40, "2012-01-02");
    let scores = [("P0001/score/2011", "alert-past-suspended"), ("P0001/score/2012", "alert-score-watch")];
    let [old, new] = scores.map(|(id, _)| id.to_owned());
    assert_eq!(case.alerts(), [old, new, format!("P0001/rectification/{line}")]);
    for (id, says) in scores {
        assert_eq!(case.alert(id).says.0, says);
    }
}

/// 2.2.2: what is due is in time to the end of its last second, and overdue in the next.
#[test]
fn clause_2_2_2_an_answer_is_overdue_after_its_last_second() {
    let case = Case::at("2011-01-28T09:00");
    case.ask(Command::AddOutlet(fixture::outlet("O1", "P0001"))).unwrap();
    let (outlet, kind) = ("O1".parse().unwrap(), RequestKind::Help);
    case.ask(Command::OpenRequest { outlet, kind, at: None, note: None }).unwrap();
    let due = case.desk.deadlines(None).unwrap().remove(0);
    let id = format!("P0001/due/{}.help-answer", due.seq);
    let says = |now| {
        case.clock.set(now);
        (case.alert(&id).says.0, case.alert(&id).level)
    };
    assert_eq!(says(due.obligation.due), ("alert-due-soon", 1));
    assert_eq!(says(Moment(due.obligation.due.0 + 1)), ("alert-overdue", 2));
}

/// 1.2(8), 3.1: how bad an alert is, is counted in what it is about, and that is no order: a score goes before fen.
#[test]
fn clause_1_2_8_many_fen_are_not_louder_than_a_score() {
    let case = Case::at("2011-01-28T09:00");
    case.active();
    case.ask(Command::AddOutlet(fixture::outlet("O1", "P0001"))).unwrap();
    let complaint = case.did("complained O1 from=consumer problem=发货");
    case.did(&format!("complaint-ordered P0001 complaint={complaint} compensation=250000 correct=no note=赔"));
    deducted(&case, 40, "2011-01-28");
    let help = koufen::domain::RequestKind::Help;
    case.ask(Command::OpenRequest { outlet: "O1".parse().unwrap(), kind: help, at: None, note: None }).unwrap();
    case.to("2011-02-15T09:00");
    let alerts = case.alerts();
    assert_eq!(alerts[0], "P0001/score/2011");
    assert!(alerts[1].ends_with(".help-answer"), "{alerts:?}: overdue");
    assert_eq!(alerts.last().unwrap(), "P0001/deposit");
}
