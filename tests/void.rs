//! Corrections (decisions 13 and 20): an entry is taken away as if it had never been typed, another takes its place in
//! one block, a void is voided, a finding is opened again. Through the desk and the real binary.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

#[path = "fixture/binary.rs"]
mod binary;
#[path = "fixture/case.rs"]
#[allow(dead_code, reason = "the clauses' tests use the rest of it")]
mod case;
mod fixture;
#[path = "fixture/line.rs"]
mod line;

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
    case.is_sound();
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
    case.is_sound();
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

fn replaced(case: &Case, entry: u64, right: &str) -> Result<u64, Refusal> {
    let with = Box::new(case.read(right).unwrap_or_else(|e| panic!("{right}: {e:?}")));
    case.ask(Command::Replace { entry: Seq(entry), reason: "笔误".into(), with }).map(|receipt| receipt.seq.0)
}

/// The view is what the journal makes of it, and the ledger counted again is the same.
fn sound(case: &Case) {
    let running = case.desk.view_digest().unwrap();
    case.desk.rebuild(&mut |_| {}).unwrap();
    assert_eq!(running, case.desk.view_digest().unwrap(), "made anew it is the same");
    assert_eq!(case.desk.check(false, &mut |_| {}).unwrap().recount.differing, 0);
}

/// Replace = typed right at once, for each kind of record, with what was typed behind it standing on it.
#[test]
fn decision_13_what_is_replaced_was_typed_right_at_once() {
    let held = "conference-held P0001 city=杭州 visits=1 outlets_visited=1 invited=100";
    let cases: [(String, String, &[&str]); 13] = [
        (
            format!("{held} attended=10 signed=5 on=2011-02-16"),
            format!("{held} attended=90 signed=80 on=2011-02-16"),
            &["freeze-applied P0001 conference=$ entries=10 errors=1 on=2011-02-16"],
        ),
        (
            format!("{held} attended=90 signed=80 on=2011-02-16"),
            format!("{held} attended=10 signed=5 on=2011-02-10"),
            &["freeze-applied P0001 conference=$ entries=10 errors=0 on=2011-02-20"],
        ),
        (
            "outlet-signed O3 party=platform on=2011-02-11".into(),
            "outlet-signed O3 party=platform on=2011-02-09".into(),
            &["outlet-opened O3 real_time=yes on=2011-02-12", "brand-checked O3 passed=no on=2011-02-13"],
        ),
        (
            "training-held P0001 city=杭州 outlets=O1 on=2011-02-18".into(),
            "training-held P0001 city=杭州 outlets=O2 on=2011-02-17".into(),
            &[
                "training-guided P0001 training=$ on=2011-02-19",
                "training-checked P0001 training=$ checked=10 failed=9 on=2011-02-27",
            ],
        ),
        (
            "training-guided P0001 training=11 on=2011-02-16".into(),
            "training-guided P0001 training=11 on=2011-02-17".into(),
            &["training-checked P0001 training=11 checked=10 failed=9 on=2011-02-27"],
        ),
        (
            "complained O1 from=outlet problem=x on=2011-02-14".into(),
            "complained O2 from=outlet problem=y on=2011-02-15".into(),
            &["complaint-ordered P0001 complaint=$ compensation=10 correct=yes note=x on=2011-02-21"],
        ),
        ("exit-asked O2 at=2011-03-01T10:00".into(), "exit-asked O1 at=2011-03-02T10:00".into(), &[]),
        (
            "help-asked O2 at=2011-03-01T10:00".into(),
            "help-asked O1 at=2011-02-25T10:00".into(),
            &["answered P0001 request=$ at=2011-03-03T10:00"],
        ),
        (
            "promotion-held P0001 title=x material_on=2011-01-01 on=2011-02-14".into(),
            "promotion-held P0001 title=x material_on=2011-01-01 on=2011-02-24".into(),
            &[],
        ),
        ("brand-checked O1 passed=no on=2011-02-11".into(), "brand-checked O1 passed=yes on=2011-02-11".into(), &[]),
        (
            "outlet-suspended O2 note=x on=2011-03-01".into(),
            "outlet-suspended O2 note=y on=2011-03-02".into(),
            &["outlet-resumed O2 note=x on=2011-03-04"],
        ),
        (
            "outlet-closed O2 note=x on=2011-03-02".into(),
            "outlet-closed O2 note=x on=2011-03-05".into(),
            &["claim-opened O2 on=2011-03-06"],
        ),
        (
            "weed-out-agreed P0001 region=华东 standard=x on=2011-02-21".into(),
            "weed-out-agreed P0001 region=华东 standard=y on=2011-02-21".into(),
            &[],
        ),
    ];
    for (wrong, right, behind) in cases {
        let typed = |first: &str| {
            let case = prepared();
            let seq = did(&case, first);
            for then in behind {
                did(&case, &then.replace('$', &seq.to_string()));
            }
            (case, seq)
        };
        let (case, seq) = typed(&wrong);
        let new = if right.contains("-asked") {
            let with = Box::new(asked(&right));
            case.ask(Command::Replace { entry: Seq(seq), reason: "笔误".into(), with }).map(|receipt| receipt.seq.0)
        } else {
            replaced(&case, seq, &right)
        };
        let new = new.unwrap_or_else(|e| panic!("{right}: {e:?}"));
        assert_eq!(comes_to(&case), comes_to(&typed(&right).0), "{right}: as if typed right at once");
        sound(&case);
        // The way back is step by step: what made room comes back once what took it is gone.
        let refused = void(&case, new - 1).unwrap_err();
        assert_eq!(refused, Refusal::StandsAgainst { by: vec![Seq(new)] }, "{right}");
        let command = Command::Void { entry: Seq(new), dependents: true, reason: "x".into() };
        let gone = case.ask(command).unwrap_or_else(|e| panic!("{right}: {e:?}")).seq.0;
        void(&case, new - 1).unwrap_or_else(|e| panic!("{right}: {e:?}"));
        let refused = void(&case, gone).unwrap_err();
        assert_eq!(refused, Refusal::StandsAgainst { by: vec![Seq(seq)] }, "{right}: the first is back");
        sound(&case);
    }
}

/// Requests and answers are typed at other commands than records.
fn asked(typed: &str) -> Command {
    let words: Vec<&str> = typed.split_whitespace().collect();
    let at = words[words.len() - 1].strip_prefix("at=").map(case::moment);
    match words[0] {
        "answered" => {
            let request = words[2].strip_prefix("request=").unwrap().parse().unwrap();
            Command::AnswerRequest { request, at, note: None }
        }
        word => {
            let kind = word.strip_suffix("-asked").unwrap().parse().unwrap();
            Command::OpenRequest { outlet: words[1].parse().unwrap(), kind, at, note: None }
        }
    }
}

fn did(case: &Case, typed: &str) -> u64 {
    if typed.contains("-asked") || typed.starts_with("answered") {
        return case.ask(asked(typed)).unwrap_or_else(|e| panic!("{typed}: {e:?}")).seq.0;
    }
    case.did(typed)
}

/// What a person decided on a conference stays when the conference is put right under it, and says so.
#[test]
fn decision_12_a_decision_stays_where_its_record_is_replaced() {
    let case = prepared();
    let held = |attended: u32| {
        format!(
            "conference-held P0001 city=杭州 visits=1 outlets_visited=1 invited=100 attended={attended} signed=1 on=2011-02-16"
        )
    };
    let seq = case.did(&held(10));
    let finding: koufen::domain::FindingId = format!("conference-results/P0001/{seq}").parse().unwrap();
    let confirm = Command::ConfirmFinding { finding: finding.clone(), points: None, note: None };
    let line = case.ask(confirm).unwrap().seq;
    let with = Box::new(case.read(&held(20)).unwrap());
    let replace = Command::Replace { entry: Seq(seq), reason: "人数有误".into(), with };
    let weighed = case.desk.weigh(&fixture::who("tester"), &replace, true).unwrap();
    assert_eq!((weighed.changes.len(), &weighed.changes[0].changed), (1, &vec![finding.clone()]));
    let new = case.ask(replace).unwrap().seq;
    let found = case.finding(&finding.to_string());
    assert_eq!(found.state, koufen::domain::FindingState::Confirmed(line));
    assert_eq!((found.measured.figures(), found.now.unwrap().figures()), ("100/10/1".into(), "100/20/1".into()));
    let changed: Vec<String> = case.alerts().into_iter().filter(|id| id.contains("/changed/")).collect();
    assert_eq!(changed.len(), 1, "{:?}", case.alerts());
    // The later number is the same record.
    case.did(&format!("freeze-applied P0001 conference={new} entries=10 errors=9 on=2011-02-20"));
    assert!(case.findings().contains(&format!("signing-delay/P0001/{seq}")), "{:?}", case.findings());
    let typed: koufen::domain::FindingId = format!("signing-delay/P0001/{new}").parse().unwrap();
    let line = case.ask(Command::ConfirmFinding { finding: typed, points: None, note: None }).unwrap().seq;
    assert!(case.desk.line(line).unwrap().unwrap().1.note.unwrap().contains(&format!("/{seq}")));
    // Replaced again, it is still that.
    let again = replaced(&case, new.0, &held(90)).unwrap();
    assert_eq!(case.finding(&finding.to_string()).now.unwrap().figures(), "100/90/1");
    assert!(replaced(&case, new.0, &held(30)).is_err(), "it was replaced already");
    assert!(again > new.0);
    sound(&case);
}

/// Lines, requests, answers and decisions are replaced too.
#[test]
fn decision_13_lines_and_decisions_are_replaced() {
    let case = prepared();
    let who = fixture::who("tester");
    let score = || case.desk.provider(&"P0001".parse().unwrap(), 2011).unwrap().unwrap().score.0;
    let replace = |entry: Seq, with: Command| {
        let command = Command::Replace { entry, reason: "笔误".into(), with: Box::new(with) };
        let weighed = case.desk.weigh(&who, &command, true).unwrap();
        (weighed, case.desk.submit_once(&who, command).unwrap().seq)
    };
    case.deducted(40);
    let wrong = Seq(case.desk.stats().unwrap().entries);
    let right = |points| koufen::domain::Deduction {
        provider: "P0001".parse().unwrap(),
        article: "dormant-outlets".parse().unwrap(),
        points: Points(points),
        occurred_on: case.desk.today(),
        outlet: None,
        problem: None,
        note: None,
        subject: Some(koufen::domain::LineSubject::Named("2011-02".into())),
        evidence: None,
    };
    let (weighed, line) = replace(wrong, Command::Deduct(right(15)));
    let scored = weighed.changes[0].scores[0];
    assert_eq!((scored.before.0, scored.after.0, score()), (40, 15, 15));
    assert_eq!(case.desk.line(wrong).unwrap().unwrap().1.reversed_by, Some(Seq(line.0 - 1)));
    assert_eq!(void(&case, line.0 - 1).unwrap_err(), Refusal::StandsAgainst { by: vec![line] }, "charged once");
    let by = void_line(&case, line);
    void(&case, line.0 - 1).unwrap();
    assert_eq!(score(), 40);
    assert_eq!(void(&case, by).unwrap_err(), Refusal::StandsAgainst { by: vec![wrong] }, "charged once");
    void_line(&case, wrong);
    let seq = case.did("brand-checked O1 passed=no on=2011-02-11");
    let finding: koufen::domain::FindingId = format!("brand-standard/P0001/{seq}").parse().unwrap();
    let dismiss = |reason: &str| Command::DismissFinding { finding: finding.clone(), reason: reason.into() };
    let confirm = |points| Command::ConfirmFinding {
        finding: finding.clone(),
        points: Some(Points(points)),
        note: Some("复核".into()),
    };
    let first = case.ask(dismiss("不实")).unwrap().seq;
    let weighed = case.desk.weigh(&who, &Command::Void { entry: first, dependents: false, reason: "x".into() }, false);
    assert_eq!(weighed.unwrap().changes[0].reopened[..], *std::slice::from_ref(&finding), "it is open again");
    let (_, second) = replace(first, dismiss("查无此事"));
    let (_, third) = replace(second, confirm(4));
    assert_eq!(score(), 4);
    let (weighed, fourth) = replace(third, confirm(6));
    assert_eq!((weighed.changes[0].scores[0].after.0, score()), (6, 6));
    assert_eq!(case.finding(&finding.to_string()).state, koufen::domain::FindingState::Confirmed(fourth));
    assert_eq!(void(&case, third.0 - 1).unwrap_err(), Refusal::StandsAgainst { by: vec![fourth] });
    // A request that was another outlet's, and its answer.
    let request = did(&case, "help-asked O2 at=2011-03-01T10:00");
    let (_, asked_right) = replace(Seq(request), asked("help-asked O1 at=2011-03-01T11:00"));
    let early = asked(&format!("answered P0001 request={asked_right} at=2011-03-01T10:30"));
    assert_eq!(case.ask(early).unwrap_err().reason(), "answer before request");
    assert_eq!(case.desk.open_request(asked_right).unwrap().unwrap().outlet.as_str(), "O1");
    let answer = did(&case, &format!("answered P0001 request={asked_right} at=2011-03-01T12:30"));
    replace(Seq(answer), asked(&format!("answered P0001 request={request} at=2011-03-01T11:30")));
    assert!(case.desk.open_request(asked_right).unwrap().is_none());
    sound(&case);
}

/// What belongs to another provider goes there, with nothing left behind that stood on it.
#[test]
fn decision_13_a_record_moves_between_providers() {
    let case = prepared();
    case.ask(Command::AddProvider(fixture::provider("P0002", "中成"))).unwrap();
    case.ask(Command::AddOutlet(fixture::outlet("X1", "P0002"))).unwrap();
    let seq = case.did("complained O1 from=outlet problem=x on=2011-02-14");
    let with = || Box::new(case.read("complained X1 from=outlet problem=x on=2011-02-14").unwrap());
    let replace = || Command::Replace { entry: Seq(seq), reason: "网点有误".into(), with: with() };
    let order = case.did(&format!("complaint-ordered P0001 complaint={seq} compensation=10 correct=yes note=x"));
    let weigh = || case.desk.weigh(&fixture::who("tester"), &replace(), true);
    let refused = Refusal::StandsAgainst { by: vec![Seq(order)] };
    assert!(matches!(weigh(), Err(koufen::desk::DeskError::Refused(r)) if r == refused));
    assert_eq!(case.ask(replace()).unwrap_err(), refused, "dry or not");
    void(&case, order).unwrap();
    // A decision on its finding would be left behind too.
    let finding = format!("outlet-complaint/P0001/{seq}").parse().unwrap();
    let decided = case.ask(Command::DismissFinding { finding, reason: "不实".into() }).unwrap().seq;
    assert_eq!(case.ask(replace()).unwrap_err(), Refusal::StandsAgainst { by: vec![decided] });
    void(&case, decided.0).unwrap();
    let changes = weigh().unwrap().changes;
    let ids: Vec<&str> = changes.iter().map(|c| c.provider.as_str()).collect();
    assert_eq!((ids, changes[0].gone.len(), changes[1].found.len()), (vec!["P0001", "P0002"], 1, 1));
    case.ask(replace()).unwrap();
    assert!(case.findings().contains(&format!("outlet-complaint/P0002/{seq}")), "{:?}", case.findings());
    assert!(!case.findings().iter().any(|id| id.starts_with("outlet-complaint/P0001")));
    // A request goes too, and is answered there.
    let request = did(&case, "exit-asked O1 at=2011-03-01T10:00");
    let command = asked("exit-asked X1 at=2011-03-01T10:00");
    let new = case.desk.replace(&fixture::who("tester"), Seq(request), "x", command).unwrap().seq;
    let answered = did(&case, &format!("answered - request={new} at=2011-03-01T12:30"));
    let event = case.desk.entry(Seq(answered)).unwrap().0.unwrap().entry.event;
    assert_eq!(event.provider().unwrap().as_str(), "P0002");
    sound(&case);
}

/// A dry run says what the run says, refusals too; and what is on record already is asked about, and taken `--again`.
#[test]
fn decision_13_a_dry_run_is_the_run() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::with_provider(&folder.path().join("store"));
    store.ok(&["outlet", "add", "O1", "--provider", "P0001", "--city", "杭州", "--name", "店"]);
    let promotion =
        |on: &'static str| ["promotion-held", "P0001", "--title", "x", "--material-on", "2011-01-01", "--on", on];
    let record = |on| store.ok(&[&["record"][..], &promotion(on)].concat())["entry"].to_string();
    record("2011-02-01");
    let second = record("2011-02-02");
    let replace = |dry: bool, on, again: bool| {
        let dry: &[&str] = if dry { &["--dry-run"] } else { &[] };
        let again: &[&str] = if again { &["--again"] } else { &[] };
        let words: Vec<String> = [&["replace", &second, "--reason", "误录"][..], dry, &promotion(on), again]
            .concat()
            .iter()
            .map(|w| (*w).to_owned())
            .collect();
        words
    };
    let refs = |words: &[String]| words.to_vec();
    for on in ["2011-02-01", "9999-01-01"] {
        let (dry, run) = (refs(&replace(true, on, false)), refs(&replace(false, on, false)));
        let dry: Vec<&str> = dry.iter().map(String::as_str).collect();
        let run: Vec<&str> = run.iter().map(String::as_str).collect();
        assert_eq!(store.fails(&dry), store.fails(&run), "{on}");
    }
    let words = replace(true, "2011-02-01", true);
    let dry = store.ok(&words.iter().map(String::as_str).collect::<Vec<_>>());
    let words = replace(false, "2011-02-01", true);
    let run = store.ok(&words.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!((&dry["changes"], &dry["entry"]), (&run["changes"], &Value::Null));
    assert_eq!((&run["replaces"], run["entry"].as_u64()), (&second.parse::<u64>().unwrap().into(), Some(6)));
    store.ok(&["verify"]);
}

/// An entry tells what became of it: what replaced it, what it replaces, what brought it back.
#[test]
fn decision_13_an_entry_tells_what_became_of_it() {
    let case = prepared();
    let of = |seq: u64| {
        let c = case.desk.corrected(Seq(seq)).unwrap();
        [c.taken_by, c.replaced_by, c.replaces, c.brought_back_by].map(|seq| seq.map_or(0, |seq| seq.0))
    };
    let first = case.did("brand-checked O1 passed=no on=2011-02-11");
    let second = replaced(&case, first, "brand-checked O1 passed=no on=2011-02-12").unwrap();
    let third = replaced(&case, second, "brand-checked O1 passed=no on=2011-02-13").unwrap();
    assert_eq!(of(first), [first + 1, second, 0, 0]);
    assert_eq!(of(second), [second + 1, third, first, 0]);
    assert_eq!(of(third), [0, 0, second, 0]);
    assert_eq!(case.desk.standing(Seq(first)).unwrap(), Seq(third));
    assert_eq!(void(&case, first).unwrap_err(), Refusal::AlreadyReplaced { entry: Seq(first), by: Seq(third) });
    let gone = void(&case, third).unwrap();
    let back = void(&case, third - 1).unwrap();
    assert_eq!((of(third), of(second)), ([gone, 0, second, 0], [0, 0, first, back]));
    assert_eq!(of(third - 1), [0, 0, 0, back], "what it took is back");
    case.deducted(10);
    let line = Seq(case.desk.stats().unwrap().entries);
    let reversal = void_line(&case, line);
    let by = void(&case, reversal).unwrap();
    assert_eq!((of(line.0), of(reversal)), ([0, 0, 0, by], [by, 0, 0, 0]));
    let folder = tempfile::tempdir().unwrap();
    let store = Store::with_provider(&folder.path().join("store"));
    let deduct = |points: &'static str| {
        ["deduct", "P0001", "promotion-gap", points, "--on", "2011-02-01", "--subject", "2011-02"]
    };
    store.ok(&deduct("10"));
    store.ok(&[&["replace", "2", "--reason", "笔误"][..], &deduct("20")].concat());
    let told = |seq| store.ok(&["entry", seq]);
    assert_eq!(
        (&told("2")["replaced_by"], &told("2")["voided_by"], &told("4")["replaces"]),
        (&4.into(), &3.into(), &2.into())
    );
    assert_eq!(store.score(), 20);
}

/// A month's report, marks and amendments: void = never typed, void of void = typed.
#[test]
fn decision_13_records_that_no_fold_knows_are_voided_too() {
    let case = prepared();
    case.to("2011-06-20T09:00");
    let mut provider = fixture::provider("P0001", "捷达");
    (provider.email, provider.phone) = (Some("a@b.cn".into()), Some("0571-1".into()));
    let outlet = |name: &str, signed_on: Option<&str>| {
        let signed_on = signed_on.map(|day| koufen::time::parse_day(day).unwrap());
        koufen::domain::Outlet { name: name.into(), signed_on, ..fixture::outlet("O1", "P0001") }
    };
    let report = |month: &str, yuan: u64, orders| koufen::domain::Turnover {
        outlet: "O1".parse().unwrap(),
        month: month.parse().unwrap(),
        amount: koufen::money::Fen(yuan * 100),
        orders: Some(orders),
        with_final_status: Some(1),
    };
    case.ask(Command::AmendOutlet(outlet("店", Some("2010-06-01")))).unwrap();
    case.ask(Command::RecordTurnover(report("2011-03", 820, 1))).unwrap();
    let all = || {
        let id = "P0001".parse().unwrap();
        let months = case.desk.months(&id).unwrap();
        let reports: Vec<_> = months.iter().map(|m| case.desk.turnovers(&id, m.month, None, 99).unwrap()).collect();
        let marks: Vec<_> = case.desk.alerts(None).unwrap().iter().map(|a| (a.id(), a.state)).collect();
        let record = case.desk.provider(&id, 2011).unwrap().unwrap().provider;
        (comes_to(&case), months, reports, marks, record)
    };
    let mark = |mark| Command::MarkAlert {
        provider: "P0001".parse().unwrap(),
        subject: koufen::domain::AlertSubject::Due(Seq(8), koufen::domain::ObligationKind::Signing),
        mark,
    };
    use koufen::domain::Mark;
    let steps = [
        Command::RecordTurnover(report("2011-04", 0, 9)),
        Command::AmendTurnover { turnover: report("2011-03", 5000, 7), reason: "更正".into() },
        Command::RecordTurnover(report("2011-05", 10, 1)),
        mark(Mark::Acknowledged),
        mark(Mark::Assigned { to: "李雷".into() }),
        Command::AmendProvider(koufen::domain::Provider { name: "捷达商贸".into(), ..provider.clone() }),
        Command::AmendProvider(koufen::domain::Provider { city: "宁波".into(), ..provider }),
        Command::AmendOutlet(outlet("新店", Some("2011-05-01"))),
        Command::AmendOutlet(outlet("旧店", None)),
    ];
    for command in steps {
        let before = all();
        let seq = case.ask(command.clone()).unwrap_or_else(|e| panic!("{command:?}: {e:?}")).seq.0;
        let after = all();
        assert_ne!(before, after, "{command:?}");
        let by = void(&case, seq).unwrap_or_else(|e| panic!("{command:?}: {e:?}"));
        assert_eq!(all(), before, "{command:?}");
        assert_eq!(case.desk.corrected(Seq(seq)).unwrap().taken_by, Some(Seq(by)));
        assert_eq!(void(&case, seq).unwrap_err(), Refusal::AlreadyVoided { entry: Seq(seq), by: Seq(by) });
        sound(&case);
        void(&case, by).unwrap();
        assert_eq!(all(), after, "{command:?}: brought back");
        assert_eq!(void(&case, by).unwrap_err(), Refusal::NotVoided { void: Seq(by) });
        sound(&case);
    }
    // The first of two amendments goes: the second still says how it is.
    let before = all();
    let first = case.ask(Command::AmendOutlet(outlet("甲", None))).unwrap().seq.0;
    let second = case.ask(Command::AmendOutlet(outlet("乙", None))).unwrap().seq.0;
    let after = all();
    void(&case, first).unwrap();
    assert_eq!(all(), after);
    void(&case, second).unwrap();
    assert_eq!(all(), before);
    sound(&case);
}

/// A month's report is taken with what amended it, or put right in its place, and reported once.
#[test]
fn decision_13_a_months_report_is_voided_and_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::with_provider(&folder.path().join("store"));
    let outlet = ["outlet", "add", "O1", "--provider", "P0001", "--city", "杭州", "--name", "店"];
    store.ok(&[&outlet[..], &["--signed-on", "2010-06-01"]].concat());
    let report = |month: &str, cny: &str| store.ok(&["turnover", "record", "O1", month, cny])["entry"].to_string();
    report("2011-01", "820");
    let february = report("2011-02", "640");
    let found = || store.ok(&["findings"])[0]["id"].clone();
    assert_eq!(found(), "dormant-outlets/P0001/2011-02");
    let dry = store.ok(&["void", &february, "--reason", "误录", "--dry-run"]);
    assert_eq!(dry["changes"]["finds_no_more"][0], "dormant-outlets/P0001/2011-02");
    store.ok(&["turnover", "amend", "O1", "2011-02", "1", "--reason", "x"]);
    let (code, error) = store.fails(&["void", &february, "--reason", "误录"]);
    assert!(code == 1 && error.contains("stood on") && error.contains("turnover-amended"), "{error}");
    let gone = store.ok(&["void", &february, "--reason", "误录", "--with-dependents"])["entry"].to_string();
    assert_eq!(found(), Value::Null);
    let anew = report("2011-02", "5000");
    let (_, error) = store.fails(&["void", &gone, "--reason", "x"]);
    assert!(
        error.contains("stands against") && error.contains(&format!("\"entry\":{anew},\"what\":\"turnover\"")),
        "{error}"
    );
    let right = store.ok(&["replace", &anew, "--reason", "笔误", "turnover", "O1", "2011-02", "500"]);
    assert_eq!(right["changes"]["finds"][0], "dormant-outlets/P0001/2011-02");
    assert_eq!(store.ok(&["entry", &anew])["replaced_by"], right["entry"]);
    assert_eq!(store.ok(&["turnover", "list", "P0001", "--month", "2011-02"])[0]["turnover"], "500");
    store.ok(&["provider", "edit", "P0001", "--phone", "1"]);
    let entry = store.ok(&["stats"])["entries"].to_string();
    store.ok(&["replace", &entry, "--reason", "笔误", "provider", "P0001", "--email", "a@b.cn"]);
    let shown = store.ok(&["provider", "show", "P0001"]);
    assert_eq!((&shown["phone"], &shown["email"]), (&Value::Null, &"a@b.cn".into()));
    store.ok(&["verify"]);
}

/// A reader of the ledger sees who took a line away and why, whatever did; the score is what it was.
#[test]
fn decision_13_a_void_is_a_line_of_the_ledger() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::with_provider(&folder.path().join("store"));
    store.ok(&["outlet", "add", "O1", "--provider", "P0001", "--city", "杭州", "--name", "店"]);
    store.ok(&["record", "brand-checked", "O1", "--passed", "no", "--on", "2011-02-11"]);
    let line = store.ok(&["finding", "confirm", "brand-standard/P0001/3"])["entry"].to_string();
    let by = store.ok(&["void", &line, "--reason", "查无实据"])["entry"].clone();
    let rows = || store.ok(&["ledger", "P0001", "--year", "2011"]);
    let shown = rows();
    let [gone, void] = &shown.as_array().unwrap()[..] else { panic!("{shown}") };
    assert_eq!((&gone["reversed_by"], &gone["effective"]), (&by, &0.into()));
    let told = [&void["line"], &void["kind"], &void["reverses"], &void["note"], &void["effective"]];
    assert_eq!(told, [&by, &"void".into(), &line.parse::<u64>().unwrap().into(), &"查无实据".into(), &0.into()]);
    assert!(void["by"].is_string());
    assert_eq!(store.score(), 0);
    // It comes back, and so nothing took it; a line that is replaced says so too.
    store.ok(&["void", &by.to_string(), "--reason", "有据"]);
    assert_eq!(rows().as_array().unwrap().len(), 1);
    let deduct = |points: &'static str| {
        ["deduct", "P0001", "dormant-outlets", points, "--on", "2011-02-01", "--subject", "2011-01"]
    };
    let wrong = store.ok(&deduct("10"))["line"].to_string();
    store.ok(&[&["replace", &wrong, "--reason", "笔误"][..], &deduct("20")].concat());
    let kinds: Vec<String> = rows().as_array().unwrap().iter().map(|row| row["kind"].to_string()).collect();
    assert_eq!(kinds, ["\"deduction\"", "\"void\"", "\"deduction\"", "\"deduction\""]);
    store.ok(&["verify"]);
}

/// What stays on record says what to do instead, in both languages.
#[test]
fn decision_13_what_is_not_voided_says_what_to_do() {
    let case = Case::at("2011-03-20T09:00");
    case.with_city();
    case.ask(Command::AddProvider(fixture::provider("P0002", "中成"))).unwrap();
    case.open_outlet("O1");
    case.did("training-held P0001 city=杭州");
    let moved = case.did("outlet-transferred O1 to=P0002 note=x");
    let of = |kind: &str| {
        let is = |seq: &u64| {
            let event = case.desk.entry(Seq(*seq)).unwrap().0.unwrap().entry.event;
            koufen::exchange::entry::word(&event) == kind
        };
        (1..=case.desk.stats().unwrap().entries).find(is).unwrap()
    };
    let suspended = case.did("outlet-suspended O1 note=x");
    let by = void(&case, suspended).unwrap();
    void(&case, by).unwrap();
    for (entry, kind) in [(of("restored"), "restored")] {
        let command = Command::Void { entry: Seq(entry), dependents: true, reason: "x".into() };
        let refusal = case.ask(command).unwrap_err();
        let Refusal::NotVoidable { kind: is, .. } = &refusal else { panic!("{kind}: {refusal:?}") };
        assert_eq!(*is, kind);
        for lang in koufen::words::Lang::ALL {
            let text = koufen::words::refusal(lang, &refusal);
            let instead = lang.say(&format!("void-instead-{is}"));
            assert!(!instead.contains("void-instead") && text.contains(&instead), "{text}");
        }
    }
    // What an outlet is on record by goes after its transfer.
    let proposed = Command::Void { entry: Seq(of("outlet-proposed")), dependents: true, reason: "x".into() };
    assert_eq!(case.ask(proposed).unwrap_err(), Refusal::StandsAgainst { by: vec![Seq(moved)] });
}

/// An outlet or a candidate that was put on record by mistake goes with all that stands on it, and comes back with it;
/// lines and reports that name it are put right first.
#[test]
fn decision_13_an_outlet_is_taken_off_the_record() {
    for proposed in [false, true] {
        let case = prepared();
        let before = (comes_to(&case), case.desk.stats().unwrap().outlets);
        let seq = if proposed {
            case.did("outlet-proposed P0001 outlet_id=O9 city=杭州 name=店 staff=1 on=2011-02-02")
        } else {
            case.ask(Command::AddOutlet(fixture::outlet("O9", "P0001"))).unwrap().seq.0
        };
        let bare = (comes_to(&case), case.desk.stats().unwrap().outlets);
        let by = void(&case, seq).unwrap();
        assert_eq!((comes_to(&case), case.desk.stats().unwrap().outlets), before);
        assert_eq!(case.desk.outlet(&"O9".parse().unwrap()).unwrap(), None);
        sound(&case);
        void(&case, by).unwrap();
        assert_eq!((comes_to(&case), case.desk.stats().unwrap().outlets), bare);
        sound(&case);
        // What stands on it is named, amendments too.
        let mut stands = Vec::new();
        if proposed {
            stands.push(case.did("outlet-reviewed O9 passed=yes on=2011-02-03"));
            stands.push(case.did("outlet-signed O9 party=platform on=2011-02-10"));
            stands.push(case.did("outlet-opened O9 real_time=yes on=2011-02-12"));
        }
        stands.push(case.did("brand-checked O9 passed=no on=2011-02-13"));
        let amended = koufen::domain::Outlet { name: "旧店".into(), ..fixture::outlet("O9", "P0001") };
        stands.push(case.ask(Command::AmendOutlet(amended)).unwrap().seq.0);
        let full = (comes_to(&case), case.desk.stats().unwrap().outlets);
        let by = stands.iter().map(|seq| Seq(*seq)).collect();
        assert_eq!(void(&case, seq).unwrap_err(), Refusal::StoodOn { entry: Seq(seq), by });
        let with_all = || Command::Void { entry: Seq(seq), dependents: true, reason: "误录".into() };
        let line = case.ask(Command::Deduct(line::brand("P0001", "O9"))).unwrap().seq;
        assert_eq!(case.ask(with_all()).unwrap_err(), Refusal::StandsAgainst { by: vec![line] });
        void_line(&case, line);
        let report = koufen::domain::Turnover {
            outlet: "O9".parse().unwrap(),
            month: "2011-02".parse().unwrap(),
            amount: koufen::money::Fen(1),
            orders: None,
            with_final_status: None,
        };
        let report = case.ask(Command::RecordTurnover(report)).unwrap().seq;
        assert_eq!(case.ask(with_all()).unwrap_err(), Refusal::StandsAgainst { by: vec![report] });
        void(&case, report.0).unwrap();
        let gone = case.ask(with_all()).unwrap().seq.0;
        assert_eq!((comes_to(&case), case.desk.stats().unwrap().outlets), before);
        sound(&case);
        void(&case, gone).unwrap();
        assert_eq!((comes_to(&case), case.desk.stats().unwrap().outlets), full);
        sound(&case);
        // Its id may be another's by now.
        let gone = case.ask(with_all()).unwrap().seq.0;
        case.ask(Command::AddOutlet(fixture::outlet("o9", "P0001"))).unwrap();
        assert_eq!(void(&case, gone).unwrap_err().reason(), "duplicate id");
        sound(&case);
    }
}

/// An exported ledger comes to the same elsewhere, and adds nothing at home, whatever took its lines away.
#[test]
fn decision_13_an_exported_ledger_knows_what_was_voided() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::with_provider(&folder.path().join("store"));
    let deduct = |points: &'static str, month: &'static str| {
        ["deduct", "P0001", "dormant-outlets", points, "--on", "2011-02-01", "--subject", month]
    };
    let line = |points, month| store.ok(&deduct(points, month))["line"].to_string();
    let (wrong, kept) = (line("10", "2011-01"), line("11", "2010-12"));
    store.ok(&[&["replace", &wrong, "--reason", "笔误"][..], &deduct("20", "2011-01")].concat());
    let reversal = store.ok(&["reverse", &kept, "--reason", "误"])["line"].to_string();
    store.ok(&["void", &reversal, "--reason", "无误"]);
    let gone = line("12", "2010-11");
    store.ok(&["void", &gone, "--reason", "误"]);
    assert_eq!(store.score(), 31);
    let file = folder.path().join("ledger.csv");
    let file = file.to_str().unwrap();
    store.ok(&["export", "ledger", "--out", file]);
    let entries = || store.ok(&["stats"])["entries"].clone();
    let before = entries();
    store.ok(&["import", "deductions", file]);
    assert_eq!((entries(), store.score()), (before, 31));
    let other = Store::with_provider(&folder.path().join("other"));
    other.ok(&["import", "deductions", file]);
    assert_eq!(other.score(), 31);
    other.ok(&["verify"]);
}

/// Reopening says first what it changes, as a void does.
#[test]
fn decision_20_reopening_has_a_dry_run() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::with_provider(&folder.path().join("store"));
    store.ok(&["outlet", "add", "O1", "--provider", "P0001", "--city", "杭州", "--name", "店"]);
    store.ok(&["record", "brand-checked", "O1", "--passed", "no", "--on", "2011-02-11"]);
    let finding = "brand-standard/P0001/3";
    let reopen = |more: &[&'static str]| [&["finding", "reopen", finding, "--reason", "复核"][..], more].concat();
    assert!(store.fails(&reopen(&["--dry-run"])).1.contains("still open"));
    store.ok(&["finding", "dismiss", finding, "--reason", "不实"]);
    let entries = || store.ok(&["stats"])["entries"].clone();
    let before = entries();
    let dry = store.ok(&reopen(&["--dry-run"]));
    assert_eq!((&dry["changes"]["reopens"][0], &dry["entry"]), (&finding.into(), &Value::Null));
    assert_eq!(entries(), before);
    let done = store.ok(&reopen(&[]));
    assert_eq!((&done["changes"], &done["entries"]), (&dry["changes"], &dry["entries"]));
    assert_eq!(store.ok(&["findings", "--state", "open"])[0]["id"], finding);
}

/// Decision 13: what a replacement changes is what differs: the deadline that moved, a finding that is measured
/// otherwise; what stays as it was is left out.
#[test]
fn decision_13_a_replacement_says_what_moves_and_no_more() {
    let case = Case::at("2011-06-20T09:00");
    case.did("territory-confirmed P0001 city=杭州 population=50000 on=2011-02-20");
    let held = "conference-held P0001 city=杭州 visits=1 outlets_visited=1 invited=100 attended=30 signed=20";
    let seq = case.did(&format!("{held} on=2011-03-01"));
    let with = Box::new(case.read(&format!("{held} on=2011-03-05")).unwrap());
    let replace = Command::Replace { entry: Seq(seq), reason: "日期有误".into(), with };
    let weighed = case.desk.weigh(&fixture::who("tester"), &replace, true).unwrap();
    let changes = &weighed.changes[0];
    let moved: Vec<String> = changes
        .moved
        .iter()
        .map(|(seq, was, o)| format!("{seq} {} {} {}", o.kind.word(), was.day(), o.due.day()))
        .collect();
    let all = ["next-conference 2011-03-21 2011-03-25", "freeze-application 2011-03-22 2011-03-25"];
    assert_eq!(moved, all.map(|text| format!("{seq} {text}")));
    let measured: Vec<String> = changes.measured.iter().map(|(id, ..)| id.to_string()).collect();
    assert_eq!(measured, [format!("signing-delay/P0001/{seq}")]);
    assert_eq!((&changes.found, &changes.gone, &changes.opened, &changes.closed), (&vec![], &vec![], &vec![], &vec![]));
    for (lang, says) in [
        (koufen::words::Lang::En, "freeze application 杭州 (entry 3), 2011-03-22T23:59:59 → 2011-03-25T23:59:59"),
        (koufen::words::Lang::ZhCn, "杭州（条目 3），2011-03-22T23:59:59 → 2011-03-25T23:59:59"),
    ] {
        let told = koufen::exchange::entry::changes(lang, &case.desk.rulebook(), &weighed);
        let lines: String = told.into_iter().map(|told| told.text + "\n").collect();
        assert!(lines.contains(says), "{lines}");
    }
}

/// Decision 20: a confirmed finding whose line was reversed says so; findings and their alerts say city and day.
#[test]
fn decision_20_a_finding_says_where_it_is_and_that_its_line_is_reversed() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::with_provider(dir.path());
    let city = ["P0001", "--city", "杭州"];
    store.ok(&[&["record", "territory-confirmed"][..], &city, &["--population", "50000", "--on", "2011-02-20"]].concat());
    let held = ["--visits", "1", "--outlets-visited", "1", "--invited", "100", "--attended", "30", "--signed", "20"];
    store.ok(&[&["record", "conference-held"][..], &city, &held, &["--on", "2011-03-01"]].concat());
    let said = |lang: &str, args: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_koufen"));
        let out = command.arg("--store").arg(&store.path).args(["--lang", lang]).args(args).output().unwrap();
        String::from_utf8(out.stdout).unwrap()
    };
    for lang in ["en", "zh-CN"] {
        for args in ["findings", "alerts"] {
            let told = said(lang, &[args]);
            let (first, all) = if lang == "en" { ("first batch", "all outlets") } else { ("首批", "全部网点") };
            let rollouts = [format!("杭州 {first} 2011-04-06"), format!("杭州 {all} 2011-06-05")];
            for known in ["杭州 2011-03-01", "杭州 2011-03-22"].into_iter().chain(rollouts.iter().map(String::as_str))
            {
                assert!(told.contains(known), "no {known} in {told}");
            }
        }
    }
    let finding = "conference-results/P0001/3";
    let line = store.ok(&["finding", "confirm", finding])["entry"].to_string();
    let reversal = store.ok(&["reverse", &line, "--reason", "申诉成立"])["line"].clone();
    let found = store.ok(&["findings"])[0].clone();
    assert_eq!(
        (&found["id"], &found["state"], &found["reversed_by"]),
        (&finding.into(), &"confirmed".into(), &reversal)
    );
    assert!(said("en", &["findings"]).contains("reversed") && said("zh-CN", &["findings"]).contains("已冲正"));
}

/// Decisions 12 and 13: a decision comes back to the record that stands now in the place of the one it was taken on.
#[test]
fn decision_13_a_decision_comes_back_to_what_was_replaced() {
    let case = Case::at("2011-06-20T09:00");
    case.did("territory-confirmed P0001 city=杭州 population=50000 on=2011-02-20");
    let held = "conference-held P0001 city=杭州 visits=1 outlets_visited=1 invited=100";
    let seq = case.did(&format!("{held} attended=30 signed=20 on=2011-03-01"));
    let finding = format!("conference-results/P0001/{seq}").parse().unwrap();
    let line = case.ask(Command::ConfirmFinding { finding, points: None, note: None }).unwrap().seq;
    let new = Seq(replaced(&case, seq, &format!("{held} attended=90 signed=80 on=2011-03-05")).unwrap());
    let void = |entry| Command::Void { entry, dependents: false, reason: "误录".into() };
    let gone = case.ask(void(line)).unwrap().seq;
    case.ask(void(gone)).unwrap();
    assert_eq!(case.desk.line(line).unwrap().unwrap().1.reversed_by, None);
    // It stands on that record, though the facts do not say the finding any more.
    assert_eq!(case.ask(void(new)).unwrap_err(), Refusal::StoodOn { entry: new, by: vec![line] });
}
