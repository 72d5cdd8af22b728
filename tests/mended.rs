//! Faults that the model of the clauses (`tests/model`) found in the domain, each a test.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

#[path = "fixture/case.rs"]
#[allow(dead_code, reason = "the clauses' tests use the rest of it")]
mod case;
mod fixture;

use case::Case;
use koufen::domain::{Command, FindingState, Refusal, RequestKind};
use koufen::ids::Seq;
use koufen::time::parse_moment;

/// Proposed, reviewed, signed and opened, all on one day.
fn opened(case: &Case, id: &str, on: &str) {
    case.did(&format!("outlet-proposed P0001 outlet_id={id} city=杭州 name=店 staff=1 on={on}"));
    case.did(&format!("outlet-reviewed {id} passed=yes on={on}"));
    case.did(&format!("outlet-signed {id} party=platform on={on}"));
    case.did(&format!("outlet-opened {id} real_time=yes on={on}"));
}

fn city(now: &str, people: u32) -> Case {
    let case = Case::at(now);
    case.did(&format!("territory-confirmed P0001 city=杭州 population={people} on=2011-01-20"));
    case
}

fn void(entry: u64, dependents: bool) -> Command {
    Command::Void { entry: Seq(entry), dependents, reason: "误录".into() }
}

fn asks_to_leave(case: &Case, outlet: &str, at: &str) {
    let at = Some(parse_moment(at).unwrap());
    let exit = Command::OpenRequest { outlet: outlet.parse().unwrap(), kind: RequestKind::Exit, at, note: None };
    case.ask(exit).unwrap();
}

/// A candidate that was turned down never was there to leave.
#[test]
fn clause_2_2_4_2_a_claim_is_for_an_outlet_that_left() {
    let case = city("2011-02-20T09:00", 30_000);
    case.did("outlet-proposed P0001 outlet_id=O1 city=杭州 name=店 staff=1 on=2011-02-01");
    case.did("outlet-reviewed O1 passed=no note=x on=2011-02-02");
    assert!(matches!(case.refused("claim-opened O1"), Refusal::WrongStage { .. }));
    opened(&case, "O2", "2011-02-01");
    assert!(matches!(case.refused("claim-opened O2"), Refusal::WrongStage { .. }), "it is still there");
    case.did("outlet-closed O2 note=x");
    case.did("claim-opened O2");
}

#[test]
fn clause_2_1_3_guidance_is_recorded_after_a_check_that_was_made_without() {
    let case = city("2011-02-20T09:00", 30_000);
    opened(&case, "O1", "2011-02-01");
    let training = case.did("training-held P0001 city=杭州 outlets=O1 on=2011-02-03");
    case.did(&format!("training-checked P0001 training={training} checked=1 failed=0 on=2011-02-08"));
    assert_eq!(case.due("guidance").len(), 1, "it is owed all the same");
    let early = format!("training-guided P0001 training={training} on=2011-02-02");
    assert!(matches!(case.refused(&early), Refusal::UnknownEntry { .. }), "there was no training yet");
    case.did(&format!("training-guided P0001 training={training} on=2011-02-09"));
    assert!(case.due("guidance").is_empty());
    assert!(case.due("training-check").is_empty(), "no other check is owed");
    let again = format!("training-guided P0001 training={training} on=2011-02-10");
    assert!(matches!(case.refused(&again), Refusal::UnknownEntry { .. } | Refusal::NothingDue { .. }));
}

#[test]
fn clause_1_6_1_a_first_batch_that_is_normal_twice_plans_the_second_stage_once() {
    let case = city("2011-03-20T09:00", 10_000);
    opened(&case, "O1", "2011-02-01");
    case.did("first-batch-normal P0001 city=杭州 on=2011-03-01");
    case.did("first-batch-normal P0001 city=杭州 on=2011-02-10");
    assert_eq!(case.due("second-stage"), ["杭州 2011-05-10T23:59:59"], "from the earliest day");
}

#[test]
fn clause_1_6_1_a_provider_for_a_single_city_has_no_second_stage() {
    let case = Case::at("2011-03-10T09:00");
    case.active();
    case.did("territory-confirmed P0001 city=杭州 population=10000");
    case.open_outlet("O1");
    case.did("first-batch-normal P0001 city=杭州");
    assert!(case.due("second-stage").is_empty());
}

/// A further city adds no second plan; and where every city was complete, it is planned anew from the latest conference.
#[test]
fn clause_1_6_1_1_one_next_conference_is_planned_from_the_latest() {
    let case = city("2011-07-20T09:00", 20_000);
    opened(&case, "O1", "2011-01-21");
    opened(&case, "O2", "2011-01-21");
    case.did("first-batch-normal P0001 city=杭州 on=2011-01-22");
    assert!(case.due("next-conference").is_empty(), "every city is complete");
    let held = "visits=1 outlets_visited=1 invited=10 attended=10 signed=10";
    case.did(&format!("conference-held P0001 city=杭州 {held} on=2011-02-20"));
    case.did("agreement-effective P0001 city=宁波 on=2011-04-01");
    case.did("territory-confirmed P0001 city=宁波 population=10000 on=2011-04-01");
    assert_eq!(case.due("next-conference"), ["2011-03-12T23:59:59"], "twenty days from 20 February");
    case.did("outlet-closed O1 note=x on=2011-03-01");
    case.did(&format!("conference-held P0001 city=宁波 {held} on=2011-04-10"));
    case.did("agreement-effective P0001 city=温州 on=2011-05-01");
    case.did("territory-confirmed P0001 city=温州 population=10000 on=2011-05-01");
    assert_eq!(case.due("next-conference"), ["2011-04-30T23:59:59"], "one, of three cities");
}

/// The line occurs on the day on which the share went over 10 %; who leaves later makes it grow and does not move it.
#[test]
fn clause_2_2_3_1_early_attrition_occurs_when_the_share_goes_over() {
    let case = city("2011-03-20T09:00", 20_000);
    opened(&case, "O1", "2011-02-01");
    opened(&case, "O2", "2011-02-01");
    case.did("outlet-closed O2 note=x on=2011-03-10");
    case.did("outlet-closed O1 note=x on=2011-03-05");
    let found = case.desk.findings(None).unwrap();
    let found: Vec<_> = found.iter().filter(|f| f.id.subject.article() == "early-attrition").collect();
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].measured.figures(), found[0].occurred_on.to_string()), ("2/2".into(), "2011-03-05".into()));
}

#[test]
fn clause_2_2_4_1_a_closed_outlet_leaves_no_exit_to_answer() {
    let case = city("2011-03-20T09:00", 30_000);
    for id in ["O1", "O2"] {
        opened(&case, id, "2011-02-01");
        asks_to_leave(&case, id, "2011-03-01T10:00");
    }
    case.did("outlet-closed O1 note=x on=2011-03-02");
    case.did("outlet-closed O2 note=x on=2011-03-10");
    assert!(case.due("exit-answer").is_empty());
    let late: Vec<String> = case.findings().into_iter().filter(|id| id.starts_with("exit-response")).collect();
    assert_eq!(late.len(), 1, "what was late when it was closed stays late: {late:?}");
}

/// An outlet on record before has begun no month; the first that opens does, and so does the first that comes.
#[test]
fn clause_2_2_1_the_first_month_runs_from_the_first_opening_or_transfer() {
    let case = city("2011-03-20T09:00", 30_000);
    case.ask(Command::AddOutlet(fixture::outlet("O9", "P0001"))).unwrap();
    assert!(case.due("promotion").is_empty());
    opened(&case, "O1", "2011-02-10");
    opened(&case, "O2", "2011-02-20");
    assert_eq!(case.due("promotion"), ["2011-03-10T23:59:59"]);
    case.ask(Command::AddProvider(fixture::provider("P0002", "远达"))).unwrap();
    case.did("training-held P0001 city=杭州 outlets=O2 on=2011-02-25");
    case.did("outlet-transferred O2 to=P0002 note=x on=2011-03-01");
    assert_eq!(case.due("promotion"), ["2011-03-10T23:59:59", "2011-04-01T23:59:59"]);
    case.is_sound();
}

/// Decision 13: a decision stands on the entry that its finding is about, also when other facts took the finding away.
#[test]
fn decision_13_a_decision_goes_with_the_entry_that_it_is_about() {
    let case = city("2011-03-01T09:00", 10_000);
    let opening = {
        opened(&case, "O1", "2011-01-21");
        case.desk.stats().unwrap().head.seq.0
    };
    let gap = format!("promotion-gap/P0001/{opening}");
    case.ask(Command::DismissFinding { finding: gap.parse().unwrap(), reason: "x".into() }).unwrap();
    case.did("promotion-held P0001 title=p material_on=2011-02-01 on=2011-02-10");
    assert!(case.finding(&gap).now.is_none(), "there was one in time");
    assert!(matches!(case.ask(void(opening, false)), Err(Refusal::StoodOn { .. })));
    let taken = case.ask(void(opening, true)).unwrap().seq.0;
    assert!(!case.findings().contains(&gap));
    case.ask(void(taken, false)).unwrap();
    assert!(matches!(case.finding(&gap).state, FindingState::Dismissed(_)), "both come back");
}

/// Decision 13: it does not come back to an entry that is away.
#[test]
fn decision_13_a_decision_does_not_come_back_to_an_entry_that_is_away() {
    let case = city("2011-03-01T09:00", 10_000);
    opened(&case, "O1", "2011-01-21");
    let check = case.did("brand-checked O1 passed=no on=2011-02-01");
    let finding = format!("brand-standard/P0001/{check}");
    let decision = case.ask(Command::DismissFinding { finding: finding.parse().unwrap(), reason: "x".into() });
    let away = case.ask(void(decision.unwrap().seq.0, false)).unwrap().seq.0;
    case.ask(void(check, false)).unwrap();
    assert!(matches!(case.ask(void(away, false)), Err(Refusal::StandsAgainst { .. })));
}

/// Decision 13: expansion confirms a full checklist (1.2), and nothing goes on before the rules are accepted (4.4(2)): a
/// void of either names what stands on it.
#[test]
fn decision_13_a_confirmation_stands_on_its_checklist_and_the_rules() {
    let case = Case::at("2011-03-10T09:00");
    case.did("applied P0001 scope=city");
    let rules = case.did("rules-accepted P0001 edition=1.5");
    let stood_on = |entry| match case.ask(void(entry, false)) {
        Err(Refusal::StoodOn { by, .. }) => by.len(),
        other => panic!("{other:?}"),
    };
    let premises = case.did("checked P0001 item=premises confirmed_by=王芳");
    assert_eq!(stood_on(rules), 1);
    case.ask(void(premises, false)).unwrap();
    case.ask(void(rules, false)).unwrap();
    case.did("rules-accepted P0001 edition=1.5");
    case.checked_items();
    case.checked_figures();
    let capital = case.did("checked-capital P0001 capital=1000000");
    case.did("confirmed P0001 group=expansion");
    assert_eq!(stood_on(capital), 1, "the confirmation");
}

/// Decision 15: what the next provider says of an outlet goes on from what the first one said. A record that is typed
/// late, or taken away, before the transfer may not take it from under that.
#[test]
fn decision_15_what_the_next_provider_says_still_stands() {
    let case = Case::at("2011-03-20T09:00");
    case.ask(Command::AddProvider(fixture::provider("P0002", "远达"))).unwrap();
    case.ask(Command::AddOutlet(fixture::outlet("O1", "P0001"))).unwrap();
    let suspended = case.did("outlet-suspended O1 note=x on=2011-02-01");
    case.did("outlet-transferred O1 to=P0002 note=x on=2011-02-10");
    let resumed = case.did("outlet-resumed O1 note=x on=2011-02-20");
    let by = |refused| match refused {
        Refusal::StandsAgainst { by } => by.iter().map(|seq| seq.0).collect::<Vec<u64>>(),
        other => panic!("{other:?}"),
    };
    assert_eq!(by(case.refused("outlet-resumed O1 note=x on=2011-02-05")), [resumed]);
    assert_eq!(by(case.ask(void(suspended, false)).unwrap_err()), [resumed]);
    let away = case.ask(void(resumed, false)).unwrap().seq.0;
    case.did("outlet-resumed O1 note=x on=2011-02-05");
    assert_eq!(by(case.ask(void(away, false)).unwrap_err()), [resumed], "it is in service already");
}
