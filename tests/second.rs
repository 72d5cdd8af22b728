//! Decision 28: a line that takes a second person.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

#[path = "fixture/binary.rs"]
mod binary;
#[path = "fixture/case.rs"]
#[allow(dead_code, reason = "the clauses' tests use the rest of it")]
mod case;
#[allow(dead_code, reason = "other tests use the rest of it")]
mod fixture;

use binary::Store;
use case::{Case, moment};
use koufen::desk::{Asked, DeskError, Outcome, Receipt};
use koufen::domain::audit::Sheet;
use koufen::domain::{Command, Deduction, Event, Outlet, Refusal, Unlawful};
use koufen::ids::Seq;
use koufen::points::{Points, Score};
use koufen::rulebook::Rulebook;

/// The shipped rulebook that asks for a second person from 15 points on.
fn rulebook() -> String {
    let text = include_str!("../src/rulebook/rulebook.toml");
    let asking = text.replace("# second_person_from = 30 ", "second_person_from = 15 ");
    assert_ne!(text, asking);
    asking.replace("edition = \"1.5\"", "edition = \"1.6\"")
}

/// At a moment, with that rulebook in force and an outlet of P0001.
fn case(now: &str) -> Case {
    let case = Case::at(now);
    let signed_on = Some(moment("2011-01-10T00:00").day());
    case.ask(Command::AddOutlet(Outlet { signed_on, ..fixture::outlet("O1", "P0001") })).unwrap();
    case.ask(Command::AdoptEdition { text: rulebook(), effective: moment("2011-01-01T00:00").day() }).unwrap();
    case
}

fn press(case: &Case, points: u32) -> Deduction {
    Deduction {
        provider: "P0001".parse().unwrap(),
        article: "media-exposure".parse().unwrap(),
        points: Points(points),
        occurred_on: case.desk.today(),
        outlet: None,
        problem: None,
        note: Some("晚报".into()),
        subject: None,
        evidence: None,
    }
}

fn by(case: &Case, who: &str, command: Command) -> Result<Receipt, Refusal> {
    match case.desk.submit(&fixture::who(who), command) {
        Ok(receipt) => Ok(receipt),
        Err(DeskError::Refused(refusal)) => Err(refusal),
        Err(DeskError::Store(e)) => panic!("{e}"),
    }
}

fn score(case: &Case) -> Score {
    case.desk.provider(&"P0001".parse().unwrap(), 2011).unwrap().unwrap().score
}

fn waiting(case: &Case) -> Vec<Seq> {
    case.desk.proposals(None).unwrap().into_iter().map(|waiting| waiting.entry).collect()
}

#[test]
fn decision_28_a_line_counts_nothing_until_another_person_confirms_it() {
    let case = case("2011-03-01T09:00");
    let small = by(&case, "李雷", Command::Deduct(press(&case, 14))).unwrap();
    assert!(matches!(small.event, Event::Deducted { .. }), "14 of 15");
    let proposal = by(&case, "李雷", Command::Deduct(press(&case, 15))).unwrap();
    assert!(matches!(proposal.event, Event::LineProposed(_)));
    assert_eq!((score(&case), waiting(&case)), (Score(14), vec![proposal.seq]));
    let alert = format!("P0001/proposal/{}", proposal.seq);
    assert!(case.alerts().contains(&alert), "{:?}", case.alerts());
    case.is_sound();
    case.to("2011-03-05T09:00");
    let line = by(&case, "韩梅", Command::ConfirmLine { proposal: proposal.seq }).unwrap();
    let Event::Deducted { deduction, law } = &line.event else { panic!("{:?}", line.event) };
    assert_eq!(law.proposed, Some(proposal.seq));
    assert_eq!(deduction.occurred_on, moment("2011-03-01T00:00").day(), "it is a line of its day");
    assert_eq!((score(&case), waiting(&case)), (Score(29), vec![]));
    assert!(!case.alerts().contains(&alert));
    let (_, kept) = case.desk.line(line.seq).unwrap().unwrap();
    assert_eq!((kept.proposed, kept.by.as_str()), (Some(proposal.seq), "韩梅"));
    let twice = by(&case, "王芳", Command::ConfirmLine { proposal: proposal.seq });
    assert_eq!(twice.unwrap_err(), Refusal::Unlawful(Unlawful::NotWaiting { proposal: proposal.seq }));
    // Cancelled like any line.
    by(&case, "李雷", Command::Void { entry: line.seq, dependents: false, reason: "误".into() }).unwrap();
    assert_eq!(score(&case), Score(14));
    case.is_sound();
}

#[test]
fn decision_28_the_same_person_is_refused_by_name() {
    let case = case("2011-03-01T09:00");
    let proposal = by(&case, "李雷", Command::Deduct(press(&case, 20))).unwrap().seq;
    let same = by(&case, "李雷", Command::ConfirmLine { proposal }).unwrap_err();
    assert_eq!(same, Refusal::Unlawful(Unlawful::SamePerson { who: "李雷".into(), proposal }));
    assert_eq!((same.reason(), same.clause()), ("same person", Some("decision 28")));
    let none = by(&case, "韩梅", Command::ConfirmLine { proposal: Seq(1) }).unwrap_err();
    assert_eq!(none, Refusal::UnknownEntry { what: "proposal", seq: Seq(1) });
    assert_eq!((score(&case), waiting(&case)), (Score(0), vec![proposal]));
}

#[test]
fn decision_28_a_proposal_is_turned_down_with_a_reason() {
    let case = case("2011-03-01T09:00");
    let proposal = by(&case, "李雷", Command::Deduct(press(&case, 20))).unwrap().seq;
    let void = |reason: &str| Command::Void { entry: proposal, dependents: false, reason: reason.into() };
    assert_eq!(by(&case, "韩梅", void(" ")).unwrap_err(), Refusal::Missing { field: "reason" });
    by(&case, "韩梅", void("查无实据")).unwrap();
    assert_eq!(waiting(&case), vec![]);
    let late = by(&case, "王芳", Command::ConfirmLine { proposal }).unwrap_err();
    assert_eq!(late, Refusal::Unlawful(Unlawful::NotWaiting { proposal }));
    assert!(by(&case, "韩梅", void("再次")).is_err());
    case.is_sound();
}

/// By every way in: a finding and a roster too.
#[test]
fn decision_28_findings_and_rosters_take_a_second_person_too() {
    let case = case("2011-03-01T09:00");
    case.did("territory-confirmed P0001 city=杭州 population=20000");
    let training = case.did("training-held P0001 city=杭州 outlets=O1");
    case.did(&format!("training-checked P0001 training={training} checked=20 failed=4"));
    let finding: koufen::domain::FindingId = case.findings()[0].parse().unwrap();
    let command = Command::ConfirmFinding { finding: finding.clone(), points: None, note: Some("属实".into()) };
    let proposal = by(&case, "李雷", command).unwrap();
    assert!(matches!(&proposal.event, Event::LineProposed(p) if p.finding.as_ref() == Some(&finding)));
    assert_eq!(score(&case), Score(0));
    let line = by(&case, "韩梅", Command::ConfirmLine { proposal: proposal.seq }).unwrap();
    assert!(line.event.is_of_finding());
    assert_eq!((score(&case), waiting(&case)), (Score(15), vec![]));
    // One whose finding was dismissed does not wait any more.
    case.to("2011-03-02T09:00");
    let again = case.did("training-held P0001 city=杭州 outlets=O1");
    case.did(&format!("training-checked P0001 training={again} checked=20 failed=4"));
    let finding = case.desk.findings(None).unwrap().into_iter().find(|f| f.line.is_none()).unwrap().id;
    let command = Command::ConfirmFinding { finding: finding.clone(), points: None, note: None };
    by(&case, "李雷", command).unwrap();
    by(&case, "韩梅", Command::DismissFinding { finding, reason: "设备故障".into() }).unwrap();
    assert_eq!(waiting(&case), vec![]);
    // A roster's row is proposed once, however often the file is read.
    let row = || Asked { command: Command::TakeIn(press(&case, 20)), nth: Some(1) };
    let read = || case.desk.submit_all(&fixture::who("李雷"), vec![row()]).unwrap().remove(0).unwrap();
    let Outcome::Done(proposal) = read() else { panic!() };
    assert_eq!(read(), Outcome::Already(Some(proposal)));
    assert_eq!((score(&case), waiting(&case)), (Score(15), vec![proposal]));
    case.is_sound();
}

/// What stands in between is looked at again: one training is charged once.
#[test]
fn decision_28_what_is_confirmed_is_judged_again() {
    let case = case("2011-03-01T09:00");
    case.did("territory-confirmed P0001 city=杭州 population=20000");
    let training = case.did("training-held P0001 city=杭州 outlets=O1");
    let failed = |points| Deduction {
        article: "training-failure".parse().unwrap(),
        subject: Some(koufen::domain::LineSubject::Named(training.to_string())),
        ..press(&case, points)
    };
    let first = by(&case, "李雷", Command::Deduct(failed(16))).unwrap().seq;
    let second = by(&case, "李雷", Command::Deduct(failed(17))).unwrap().seq;
    by(&case, "韩梅", Command::ConfirmLine { proposal: first }).unwrap();
    let charged = by(&case, "韩梅", Command::ConfirmLine { proposal: second }).unwrap_err();
    assert_eq!(charged.reason(), "already charged");
    assert_eq!(waiting(&case), vec![second]);
}

/// An audit takes with it what it brought, however far that is: the line that counts, the one that was confirmed since,
/// and the one that still waits; and brings all of it back.
#[test]
fn decision_28_an_audit_takes_its_proposed_lines_with_it() {
    let case = case("2011-03-01T09:00");
    let lines = vec![press(&case, 14), press(&case, 20), press(&case, 16)];
    let sheet = Sheet {
        provider: "P0001".parse().unwrap(),
        auditors: vec!["李雷".into()],
        scope: "门店".into(),
        on: None,
        note: None,
        lines,
    };
    let audit = by(&case, "李雷", Command::Audit(Box::new(sheet))).unwrap().seq;
    let entry = |n: u64| Seq(audit.0 + n);
    assert_eq!((score(&case), waiting(&case)), (Score(14), vec![entry(2), entry(3)]));
    let line = by(&case, "韩梅", Command::ConfirmLine { proposal: entry(2) }).unwrap().seq;
    let report = case.desk.audit(audit).unwrap().unwrap();
    let places: Vec<(Seq, Seq)> = report.lines.iter().map(|l| (l.entry, l.line.seq)).collect();
    assert_eq!(places, [(entry(1), entry(1)), (entry(2), line)]);
    assert_eq!((report.sum(), report.waiting.len()), ((34, 34), 1));
    let void = |entry, dependents| {
        let (case, reason) = (&case, "误录".into());
        by(case, "李雷", Command::Void { entry, dependents, reason })
    };
    let stands = vec![entry(1), line, entry(3)];
    assert_eq!(void(audit, false).unwrap_err(), Refusal::StoodOn { entry: audit, by: stands });
    let gone = void(audit, true).unwrap().seq;
    assert_eq!((score(&case), waiting(&case)), (Score(0), vec![]));
    assert!(!case.alerts().iter().any(|alert| alert.contains("proposal")), "{:?}", case.alerts());
    let late = by(&case, "韩梅", Command::ConfirmLine { proposal: entry(3) }).unwrap_err();
    assert_eq!(late, Refusal::Unlawful(Unlawful::NotWaiting { proposal: entry(3) }));
    assert_eq!(case.desk.audit(audit).unwrap().unwrap().waiting, vec![]);
    case.is_sound();
    void(gone, false).unwrap();
    assert_eq!((score(&case), waiting(&case)), (Score(34), vec![entry(3)]));
    by(&case, "韩梅", Command::ConfirmLine { proposal: entry(3) }).unwrap();
    assert_eq!(score(&case), Score(50));
    case.is_sound();
    // What was turned down by itself stays away.
    let again = void(audit, true).unwrap().seq;
    void(again, false).unwrap();
    assert_eq!((score(&case), waiting(&case)), (Score(50), vec![]));
}

#[test]
fn decision_28_is_off_as_shipped_and_zero_is_no_number() {
    assert_eq!(Rulebook::shipped().unwrap().second_person_from, None);
    assert_eq!(Rulebook::parse(&rulebook()).unwrap().second_person_from, Some(Points(15)));
    let none = rulebook().replace("second_person_from = 15", "second_person_from = 0");
    assert!(Rulebook::parse(&none).unwrap_err().problem.contains("second_person_from"));
    let case = Case::at("2011-03-01T09:00");
    case.ask(Command::Deduct(press(&case, 20))).unwrap();
    assert_eq!(score(&case), Score(20));
}

#[test]
fn decision_28_on_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::with_provider(&folder.path().join("store"));
    let file = folder.path().join("1.6.toml");
    std::fs::write(&file, rulebook()).unwrap();
    store.ok(&["rules", "adopt", file.to_str().unwrap(), "--effective", "2011-01-01"]);
    let deduct = ["deduct", "P0001", "media-exposure", "20", "--on", "2011-03-01", "--note", "晚报"];
    let made = store.ok(&deduct);
    assert_eq!((&made["kind"], &made["effective"], &made["line"]), (&"proposed".into(), &0.into(), &().into()));
    let proposal = made["proposal"].to_string();
    assert_eq!(store.ok(&["proposals"])[0]["proposal"], made["proposal"]);
    assert_eq!(store.ok(&["ledger", "P0001", "--year", "2011"])[0]["kind"], "proposed", "the ledger says so");
    assert_eq!(store.refused(&["confirm-line", &proposal])["reason"], "same person");
    for (lang, wants) in [("en", "waits for another person"), ("zh-CN", "待另一人确认")] {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_koufen"));
        let args = ["--lang", lang, "ledger", "P0001", "--year", "2011"];
        let out = command.arg("--store").arg(&store.path).args(args).output().unwrap();
        assert!(String::from_utf8(out.stdout).unwrap().contains(wants));
    }
    store.ok(&["void", &proposal, "--reason", "误记"]);
    assert_eq!(store.ok(&["proposals", "P0001"]), serde_json::json!([]));
}
