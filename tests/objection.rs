//! Objections (decisions 21 and 27): opened with grounds, heard, answered with a reason by somebody else; upheld, the line
//! is reversed in the same block, and all that follows is as if it had been reversed by itself.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

#[path = "fixture/case.rs"]
#[allow(dead_code, reason = "the clauses' tests use the rest of it")]
mod case;
#[allow(dead_code, reason = "the others use the rest of it")]
mod fixture;
#[path = "fixture/line.rs"]
mod line;

use case::Case;
use koufen::desk::DeskError;
use koufen::domain::objection::{Hindrance, Objection};
use koufen::domain::{Command, Refusal};
use koufen::ids::Seq;
use koufen::points::Score;

/// A line of five points, recorded by the tester.
fn charged() -> (Case, u64) {
    let case = Case::at("2011-03-10T09:00");
    case.ask(Command::AddOutlet(fixture::outlet("O1", "P0001"))).unwrap();
    let line = case.ask(Command::Deduct(line::brand("P0001", "O1"))).unwrap().seq.0;
    (case, line)
}

fn score(case: &Case) -> Score {
    case.desk.provider(&"P0001".parse().unwrap(), 2011).unwrap().unwrap().score
}

fn objections(case: &Case) -> Vec<Objection> {
    case.desk.dossier(&"P0001".parse().unwrap()).unwrap().objections
}

/// Somebody else than the tester answers.
fn answer(case: &Case, objection: u64, upheld: &str) -> Result<u64, Refusal> {
    let typed = format!("objection-answered P0001 objection={objection} upheld={upheld} note=核实");
    match case.desk.submit(&fixture::who("王芳"), case.read(&typed).unwrap()) {
        Ok(receipt) => Ok(receipt.seq.0),
        Err(DeskError::Refused(refusal)) => Err(refusal),
        Err(DeskError::Store(e)) => panic!("{e}"),
    }
}

fn void(case: &Case, entry: u64, dependents: bool) -> Result<u64, Refusal> {
    case.ask(Command::Void { entry: Seq(entry), dependents, reason: "误录".into() }).map(|receipt| receipt.seq.0)
}

/// Decision 21: one that is upheld reverses the line in the same commit; one that waits stops nothing.
#[test]
fn decision_21_one_that_is_upheld_reverses_the_line_in_the_same_block() {
    let (case, line) = charged();
    let objection = case.did(&format!("objection-opened P0001 against={line} grounds=样张已送审"));
    assert_eq!((score(&case), objections(&case)[0].state()), (Score(5), "waits"), "it counts while it waits");
    assert_eq!(case.due("objection-answer"), ["2011-03-24T23:59:59"], "ten working days");
    assert!(case.alerts().contains(&format!("P0001/objection/{objection}")));
    case.did(&format!("objection-heard P0001 objection={objection} note=电话听取"));
    let entries = || case.desk.stats().unwrap().entries;
    let before = entries();
    let answered = answer(&case, objection, "yes").unwrap();
    assert_eq!((entries(), score(&case)), (before + 2, Score(0)));
    let reversed = case.desk.line(Seq(line)).unwrap().unwrap().1.reversed_by;
    assert_eq!(reversed, Some(Seq(answered + 1)), "right behind it");
    let now = &objections(&case)[0];
    assert_eq!((now.state(), now.heard.len(), now.answered.as_ref().unwrap().by.as_str()), ("upheld", 1, "王芳"));
    assert!(case.due("objection-answer").is_empty() && case.alerts().is_empty());
    case.is_sound();
    // What it did goes with it, and not by itself; both come back.
    assert_eq!(void(&case, answered + 1, false).unwrap_err(), Refusal::StandsAgainst { by: vec![Seq(answered)] });
    let stood = Refusal::StoodOn { entry: Seq(answered), by: vec![Seq(answered + 1)] };
    assert_eq!(void(&case, answered, false).unwrap_err(), stood);
    let gone = void(&case, answered, true).unwrap();
    assert_eq!((score(&case), objections(&case)[0].state()), (Score(5), "waits"));
    case.is_sound();
    void(&case, gone, false).unwrap();
    assert_eq!((score(&case), objections(&case)[0].state()), (Score(0), "upheld"));
    case.is_sound();
    // The line is gone: there is nothing to object to.
    let again = case.refused(&format!("objection-opened P0001 against={line} grounds=x"));
    assert!(matches!(again, Refusal::AlreadyReversed { .. }), "{again:?}");
}

/// Decision 27: at any time, with grounds; answered by somebody other than the line's recorder.
#[test]
fn decision_27_it_is_answered_by_somebody_else() {
    let (case, line) = charged();
    assert!(case.read(&format!("objection-opened P0001 against={line} grounds=")).is_err());
    case.to("2012-05-10T09:00");
    let objection = case.did(&format!("objection-opened P0001 against={line} grounds=样张已送审"));
    let waits = case.refused(&format!("objection-opened P0001 against={line} grounds=x"));
    assert_eq!(waits, Refusal::Hindered(Hindrance::Waits { objection: Seq(objection) }));
    let own = format!("objection-answered P0001 objection={objection} upheld=no note=核实");
    let same = Refusal::Hindered(Hindrance::SamePerson { who: "tester".into(), line: Seq(line) });
    assert_eq!(case.refused(&own), same);
    assert_eq!(case.refused(&format!("{own} confirmed_by=tester")), same);
    let unsaid = case.refused(&format!("objection-answered P0001 objection={objection} upheld=no"));
    assert!(matches!(unsaid, Refusal::Missing { field: "note" }), "{unsaid:?}");
    // Whoever records it may write down the answer of another.
    case.did(&format!("{own} confirmed_by=李雷"));
    assert_eq!((score(&case), objections(&case)[0].state()), (Score(5), "rejected"));
    let over = case.refused(&own);
    assert!(matches!(over, Refusal::UnknownEntry { what: "objection", .. }), "{over:?}");
    // It can be objected to again, with other grounds.
    case.did(&format!("objection-opened P0001 against={line} grounds=新证据"));
    case.is_sound();
}

/// Decision 27: none ends by silence: the answer is overdue, and stays an alert.
#[test]
fn decision_27_none_ends_by_silence() {
    let (case, line) = charged();
    let objection = case.did(&format!("objection-opened P0001 against={line} grounds=x"));
    case.to("2011-12-30T09:00");
    assert_eq!(case.due("objection-answer"), ["2011-03-24T23:59:59"]);
    let alerts = case.alerts();
    for alert in [format!("P0001/objection/{objection}"), format!("P0001/due/{objection}.objection-answer")] {
        assert!(alerts.contains(&alert), "{alert}: {alerts:?}");
    }
    assert_eq!(score(&case), Score(5));
}

/// Against a finding that nobody decided: upheld, it is dismissed; and one that was confirmed meanwhile is its line.
#[test]
fn decision_27_against_a_finding() {
    let case = Case::at("2011-03-10T09:00");
    case.ask(Command::AddOutlet(fixture::outlet("O1", "P0001"))).unwrap();
    let ids: Vec<u64> =
        (0..2).map(|n| case.did(&format!("brand-checked O1 passed=no on=2011-03-0{}", n + 2))).collect();
    let [first, second] = ids[..] else { panic!() };
    let name = |id: u64| format!("brand-standard/P0001/{id}");
    let objection = case.did(&format!("objection-opened P0001 against={} grounds=x", name(first)));
    let answered = answer(&case, objection, "yes").unwrap();
    assert_eq!(case.finding(&name(first)).state.word(), "dismissed");
    let against = Refusal::StandsAgainst { by: vec![Seq(answered)] };
    assert_eq!(void(&case, answered + 1, false).unwrap_err(), against);
    void(&case, answered, true).unwrap();
    assert_eq!(case.finding(&name(first)).state.word(), "open");
    let confirmed = Command::ConfirmFinding { finding: name(second).parse().unwrap(), points: None, note: None };
    let line = case.ask(confirmed).unwrap().seq;
    let objection = case.did(&format!("objection-opened P0001 against={} grounds=x", name(second)));
    assert_eq!(objections(&case).last().unwrap().against.to_string(), format!("#{line}"));
    answer(&case, objection, "yes").unwrap();
    assert_eq!(score(&case), Score(0));
    case.is_sound();
}

/// Typed late, an answer takes its place; one before its objection is refused.
#[test]
fn decision_12_objections_are_in_the_order_of_their_days() {
    let (case, line) = charged();
    case.to("2011-06-10T09:00");
    let objection = case.did(&format!("objection-opened P0001 against={line} grounds=x on=2011-04-01"));
    let early = case.refused(&format!("objection-heard P0001 objection={objection} note=x on=2011-03-31"));
    assert!(matches!(early, Refusal::UnknownEntry { what: "objection", .. }), "{early:?}");
    let before = case.refused(&format!("objection-opened P0001 against={line} grounds=x on=2011-03-01"));
    assert!(matches!(before, Refusal::BeforeStart { .. } | Refusal::Hindered(_)), "{before:?}");
    case.did(&format!(
        "objection-answered P0001 objection={objection} upheld=no note=x confirmed_by=王芳 on=2011-04-20"
    ));
    assert!(case.due("objection-answer").is_empty());
    // The objection goes with its answer.
    assert!(matches!(void(&case, objection, false).unwrap_err(), Refusal::StoodOn { .. }));
    void(&case, objection, true).unwrap();
    assert!(objections(&case).is_empty());
    case.is_sound();
}
