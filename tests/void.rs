//! Corrections (decisions 13 and 20): an entry is taken away as if it had never been typed, another takes its place in
//! one block, a void is voided, a finding is opened again. Through the desk and the real binary.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

#[path = "fixture/binary.rs"]
mod binary;
#[path = "fixture/case.rs"]
#[allow(dead_code, reason = "the clauses' tests use the rest of it")]
mod case;
mod fixture;

use binary::Store;
use case::Case;
use koufen::domain::{Command, Dossier, Refusal};
use koufen::ids::Seq;
use koufen::points::Points;
use koufen::time::show_moment;
use serde_json::Value;

/// All that a store comes to, but for the numbers of its entries.
fn comes_to(case: &Case) -> (Dossier, Vec<String>, Vec<String>, Vec<String>, Vec<String>) {
    let id = "P0001".parse().unwrap();
    let due = case.desk.deadlines(None).unwrap();
    let due = due
        .iter()
        .map(|d| format!("{} {} {}", d.obligation.kind.word(), d.obligation.about, show_moment(d.obligation.due)));
    let lives = case.desk.lives(&id, None, 99).unwrap();
    let lives = lives.iter().map(|row| format!("{:?} {:?}", row.outlet, row.life));
    let score = case.desk.provider(&id, 2011).unwrap().unwrap();
    let alerts = case.alerts();
    let rest = vec![format!("{} {}", score.score, score.standing.word())];
    (case.desk.dossier(&id).unwrap(), due.collect(), lives.collect(), [alerts, case.findings()].concat(), rest)
}

fn prepared() -> Case {
    let case = Case::at("2011-03-20T09:00");
    case.ask(Command::AddOutlet(fixture::outlet("O1", "P0001"))).unwrap();
    case.did("territory-confirmed P0001 city=杭州 population=199999 on=2011-01-20");
    case.did(
        "conference-held P0001 city=杭州 visits=1 outlets_visited=1 invited=100 attended=90 signed=80 on=2011-02-01",
    );
    for id in ["O2", "O3"] {
        case.did(&format!("outlet-proposed P0001 outlet_id={id} city=杭州 name=店 staff=1 on=2011-02-02"));
        case.did(&format!("outlet-reviewed {id} passed=yes on=2011-02-03"));
    }
    case.did("outlet-signed O2 party=platform on=2011-02-10");
    case.did("outlet-opened O2 real_time=yes on=2011-02-12");
    case.did("training-held P0001 city=杭州 on=2011-02-15");
    case.did("complained O2 from=consumer problem=发货 on=2011-02-20");
    case
}

fn void(case: &Case, entry: u64) -> Result<u64, koufen::domain::Refusal> {
    let command = Command::Void { entry: Seq(entry), dependents: false, reason: "误录".into() };
    case.ask(command).map(|receipt| receipt.seq.0)
}

#[test]
fn decision_13_what_is_voided_was_never_typed() {
    for typed in [
        "territory-confirmed P0001 city=宁波 population=1 on=2011-03-19",
        "conference-held P0001 city=杭州 visits=1 outlets_visited=1 invited=100 attended=3 signed=1 on=2011-01-25",
        "conference-held P0001 city=杭州 visits=1 outlets_visited=1 invited=100 attended=3 signed=1 on=2011-03-01",
        "outlet-signed O3 party=platform on=2011-02-04",
        "outlet-suspended O2 note=x on=2011-03-01",
        "outlet-closed O2 note=x on=2011-03-02",
        "brand-checked O1 passed=no on=2011-02-11",
        "freeze-applied P0001 conference=4 entries=10 errors=5 on=2011-02-20",
        "training-guided P0001 training=11 on=2011-02-16",
        "training-checked P0001 training=11 checked=10 failed=9 on=2011-02-17",
        "promotion-held P0001 title=x material_on=2011-01-01 on=2011-02-14",
        "complained O1 from=outlet problem=x on=2011-02-14",
        "complaint-ordered P0001 complaint=12 compensation=10 correct=yes note=x on=2011-02-21",
        "weed-out-agreed P0001 region=华东 standard=x on=2011-02-21",
        "exit-asked O2 at=2011-03-01T10:00",
    ] {
        let case = prepared();
        let before = comes_to(&case);
        let command = match case.read(typed) {
            Ok(command) => command,
            Err(e) => panic!("{typed}: {e:?}"),
        };
        let Ok(receipt) = case.ask(command) else {
            // A second city is not due yet in this story.
            assert!(typed.contains("宁波"), "{typed}");
            continue;
        };
        let after = comes_to(&case);
        assert!(before != after || typed.contains("freeze"), "{typed} changes something");
        let by = void(&case, receipt.seq.0).unwrap_or_else(|e| panic!("{typed}: {e:?}"));
        assert_eq!(comes_to(&case), before, "{typed}");
        void(&case, by).unwrap();
        assert_eq!(comes_to(&case), after, "{typed}: brought back");
        let running = case.desk.view_digest().unwrap();
        case.desk.rebuild(&mut |_| {}).unwrap();
        assert_eq!(running, case.desk.view_digest().unwrap(), "{typed}");
        assert_eq!(case.desk.check(false, &mut |_| {}).unwrap().recount.differing, 0, "{typed}");
    }
}

#[test]
fn decision_13_a_decision_is_voided_with_its_line() {
    let case = prepared();
    let seq = case.did("brand-checked O1 passed=no on=2011-02-11");
    let finding: koufen::domain::FindingId = format!("brand-standard/P0001/{seq}").parse().unwrap();
    let before = comes_to(&case);
    let confirm = Command::ConfirmFinding { finding: finding.clone(), points: Some(Points(5)), note: None };
    let line = case.ask(confirm).unwrap().seq.0;
    assert!(void(&case, seq).is_err(), "its decision stands on it");
    assert_eq!(case.desk.decision(&finding).unwrap_err().to_string(), "refused: line stands");
    void(&case, line).unwrap();
    assert_eq!(comes_to(&case), before);
    let kept = case.desk.line(Seq(line)).unwrap().unwrap().1;
    assert!(kept.reversed_by.is_some() && kept.effective == Points(0));
    assert_eq!(case.desk.check(false, &mut |_| {}).unwrap().recount.differing, 0);
}

/// A line's void is its reversal; a reversal that is voided gives its line back, and a void that is voided too.
#[test]
fn decision_13_a_line_comes_back_when_its_reversal_is_voided() {
    let case = prepared();
    let score = || case.desk.provider(&"P0001".parse().unwrap(), 2011).unwrap().unwrap().score.0;
    case.deducted(40);
    let line = case.desk.stats().unwrap().entries;
    let reversal = void(&case, line).unwrap();
    assert_eq!(score(), 0);
    let by = void(&case, reversal).unwrap();
    assert_eq!((score(), case.desk.line(Seq(line)).unwrap().unwrap().1.reversed_by), (40, None));
    assert_eq!(void(&case, reversal).unwrap_err().reason(), "already voided");
    void(&case, by).unwrap();
    assert_eq!((score(), case.desk.line(Seq(line)).unwrap().unwrap().1.reversed_by), (0, Some(Seq(reversal))));
    let running = case.desk.view_digest().unwrap();
    case.desk.rebuild(&mut |_| {}).unwrap();
    assert_eq!(running, case.desk.view_digest().unwrap());
    assert_eq!(case.desk.check(false, &mut |_| {}).unwrap().recount.differing, 0);
}

#[test]
fn decision_20_a_dismissed_or_reversed_finding_is_opened_again() {
    let case = prepared();
    let seq = case.did("brand-checked O1 passed=no on=2011-02-11");
    let finding: koufen::domain::FindingId = format!("brand-standard/P0001/{seq}").parse().unwrap();
    let state = || case.finding(&finding.to_string()).state.word();
    let reopen = || {
        let entry = case.desk.decision(&finding).unwrap();
        case.ask(Command::Void { entry, dependents: false, reason: "复核".into() }).unwrap();
    };
    assert_eq!(case.desk.decision(&finding).unwrap_err().to_string(), "refused: still open");
    case.ask(Command::DismissFinding { finding: finding.clone(), reason: "不实".into() }).unwrap();
    reopen();
    assert_eq!(state(), "open");
    let confirm = Command::ConfirmFinding { finding: finding.clone(), points: None, note: None };
    let line = case.ask(confirm).unwrap().seq;
    case.ask(Command::Reverse { line, reason: "误".into() }).unwrap();
    assert_eq!(state(), "confirmed");
    reopen();
    assert_eq!(state(), "open");
    let running = case.desk.view_digest().unwrap();
    case.desk.rebuild(&mut |_| {}).unwrap();
    assert_eq!(running, case.desk.view_digest().unwrap());
    assert_eq!(case.desk.check(false, &mut |_| {}).unwrap().recount.differing, 0);
}

/// One breach is charged once, whatever is taken away and brought back in between.
#[test]
fn decision_20_a_reversal_stays_while_its_finding_is_decided_anew() {
    let case = prepared();
    let score = || case.desk.provider(&"P0001".parse().unwrap(), 2011).unwrap().unwrap().score.0;
    let seq = case.did("brand-checked O1 passed=no on=2011-02-11");
    let finding: koufen::domain::FindingId = format!("brand-standard/P0001/{seq}").parse().unwrap();
    let confirm = || {
        let command = Command::ConfirmFinding { finding: finding.clone(), points: Some(Points(5)), note: None };
        case.ask(command).unwrap().seq
    };
    let line = confirm();
    let reversal = void_line(&case, line);
    let reopened = void(&case, case.desk.decision(&finding).unwrap().0).unwrap();
    assert_eq!(void(&case, reversal).unwrap_err(), Refusal::StandsAgainst { by: vec![Seq(reopened)] });
    confirm();
    assert_eq!(void(&case, reversal).unwrap_err(), Refusal::StandsAgainst { by: vec![Seq(reopened)] });
    assert_eq!(score(), 5);
    assert_eq!(case.desk.check(false, &mut |_| {}).unwrap().recount.differing, 0);
}

/// What was put right stays reversible: once the first decision is back, so may its line be.
#[test]
fn decision_20_a_reversal_is_voided_once_its_decision_is_back() {
    let case = prepared();
    let score = || case.desk.provider(&"P0001".parse().unwrap(), 2011).unwrap().unwrap().score.0;
    let seq = case.did("brand-checked O1 passed=no on=2011-02-11");
    let finding: koufen::domain::FindingId = format!("brand-standard/P0001/{seq}").parse().unwrap();
    let command = Command::ConfirmFinding { finding: finding.clone(), points: Some(Points(5)), note: None };
    let line = case.ask(command).unwrap().seq;
    let reversal = void_line(&case, line);
    let reopened = void(&case, case.desk.decision(&finding).unwrap().0).unwrap();
    void(&case, reopened).unwrap();
    assert_eq!((case.finding(&finding.to_string()).state.word(), score()), ("confirmed", 0));
    void(&case, reversal).unwrap();
    assert_eq!((case.finding(&finding.to_string()).state.word(), score()), ("confirmed", 5));
    assert_eq!(case.desk.check(false, &mut |_| {}).unwrap().recount.differing, 0);
}

fn void_line(case: &Case, line: Seq) -> u64 {
    case.ask(Command::Reverse { line, reason: "误".into() }).unwrap().seq.0
}

#[test]
fn decision_20_a_month_that_was_decided_anew_is_not_charged_twice() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::with_provider(&folder.path().join("store"));
    let outlet = ["outlet", "add", "O1", "--provider", "P0001", "--city", "杭州", "--name", "店"];
    store.ok(&[&outlet[..], &["--signed-on", "2010-06-01"]].concat());
    store.ok(&["turnover", "record", "O1", "2011-01", "820"]);
    store.ok(&["turnover", "record", "O1", "2011-02", "640"]);
    let month = "dormant-outlets/P0001/2011-02";
    let first = store.ok(&["finding", "confirm", month])["entry"].to_string();
    let once = store.score();
    let taken = store.ok(&["void", &first, "--reason", "误"])["entry"].to_string();
    let anew = store.ok(&["finding", "confirm", month])["entry"].to_string();
    let (code, error) = store.fails(&["void", &taken, "--reason", "误"]);
    assert!(code == 1 && error.contains("stands against") && error.contains(&format!("#{anew}")), "{error}");
    assert_eq!(store.score(), once);
    // With the later one out of the way the first comes back.
    store.ok(&["void", &anew, "--reason", "误"]);
    assert_eq!(store.score(), 0);
    store.ok(&["void", &taken, "--reason", "误"]);
    assert_eq!(store.score(), once);
    store.ok(&["verify"]);
}

#[test]
fn decision_13_another_takes_its_place_or_nothing_happens() {
    let case = prepared();
    let who = fixture::who("tester");
    let wrong = case.did("promotion-held P0001 title=x material_on=2011-01-01 on=2011-02-14");
    let entries = case.desk.stats().unwrap().entries;
    let bad = case.read("promotion-held P0001 title=x material_on=2011-01-01 on=2011-04-14").unwrap();
    assert!(case.desk.replace(&who, Seq(wrong), "误录", bad).is_err());
    assert_eq!(case.desk.stats().unwrap().entries, entries, "all or nothing");
    let right = case.read("promotion-held P0001 title=x material_on=2011-01-01 on=2011-02-24").unwrap();
    let receipt = case.desk.replace(&who, Seq(wrong), "误录", right).unwrap();
    assert_eq!(receipt.seq.0, entries + 2);
    assert_eq!(case.due("promotion"), ["2011-03-24T23:59:59"]);
    let typed_right = prepared();
    typed_right.did("promotion-held P0001 title=x material_on=2011-01-01 on=2011-02-24");
    assert_eq!(comes_to(&case), comes_to(&typed_right), "as if typed right at once");
}

#[test]
fn decision_13_on_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::with_provider(&folder.path().join("store"));
    let entries = || store.ok(&["stats"])["entries"].as_u64().unwrap();
    let city =
        ["record", "territory-confirmed", "P0001", "--city", "杭州", "--population", "10001", "--on", "2011-01-20"];
    assert_eq!(store.ok(&city)["entry"], 2);
    let held = ["--visits", "9", "--outlets-visited", "9", "--invited", "9", "--attended", "1", "--signed", "1"];
    let held = [&["record", "conference-held", "P0001", "--city", "杭州", "--on", "2011-02-01"][..], &held].concat();
    assert_eq!(store.ok(&held)["finding"], "conference-results/P0001/3");
    let dry = store.ok(&["void", "3", "--reason", "误录", "--dry-run"]);
    assert_eq!(
        (&dry["entry"], &dry["changes"]["finds_no_more"][0]),
        (&Value::Null, &"conference-results/P0001/3".into())
    );
    assert_eq!(entries(), 3);
    let (code, error) = store.fails(&["void", "2", "--reason", "误录"]);
    assert!(code == 1 && error.contains("stood on"), "{error}");
    let done = store.ok(&["void", "2", "--reason", "误录", "--with-dependents"]);
    assert_eq!((&done["entry"], &done["entries"]), (&4.into(), &serde_json::json!([2, 3])));
    assert_eq!(store.ok(&["entry", "3"])["voided_by"], 4);
    assert_eq!(store.ok(&["findings"]), serde_json::json!([]));
    assert_eq!(store.ok(&["void", "4", "--reason", "无误"])["what"], "restored");
    assert_eq!(store.ok(&["entry", "3"])["voided_by"], Value::Null);
    let right = [
        &["replace", "3", "--reason", "人数有误", "conference-held", "P0001", "--city", "杭州"][..],
        &[
            "--on",
            "2011-02-01",
            "--visits",
            "9",
            "--outlets-visited",
            "9",
            "--invited",
            "9",
            "--attended",
            "9",
            "--signed",
            "9",
        ],
    ]
    .concat();
    assert_eq!(
        (&store.ok(&right)["entry"], store.ok(&["findings", "--provider", "P0001"])),
        (&7.into(), store.ok(&["findings", "--state", "open"]))
    );
    assert!(!store.ok(&["findings"]).to_string().contains("conference-results"));
    store.ok(&["verify"]);
}
