//! Faults that an audit of the running program found, each a test: what is typed late, in another order, or around a
//! clause comes to what the clauses say all the same.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

#[path = "fixture/case.rs"]
#[allow(dead_code, reason = "the clauses' tests use the rest of it")]
mod case;
mod fixture;

use case::Case;
use koufen::domain::{Command, Outlet, RequestKind};
use koufen::points::Points;
use koufen::time::parse_moment;

fn rollout(case: &Case) -> Vec<String> {
    case.findings().into_iter().filter(|id| id.starts_with("rollout")).collect()
}

fn add(case: &Case, outlet: &str, provider: &str) {
    case.ask(Command::AddOutlet(fixture::outlet(outlet, provider))).unwrap();
}

fn dossier(case: &Case) -> koufen::domain::Dossier {
    case.desk.dossier(&"P0001".parse().unwrap()).unwrap()
}

/// Proposed, reviewed, signed and opened, all on one day.
fn opened(case: &Case, id: &str, on: &str) {
    case.did(&format!("outlet-proposed P0001 outlet_id={id} city=杭州 name=店 staff=1 on={on}"));
    case.did(&format!("outlet-reviewed {id} passed=yes on={on}"));
    case.did(&format!("outlet-signed {id} party=platform on={on}"));
    case.did(&format!("outlet-opened {id} real_time=yes on={on}"));
}

#[test]
fn decision_12_an_opening_typed_late_takes_a_roll_out_finding_away() {
    let case = Case::at("2011-01-21T09:00");
    case.did("territory-confirmed P0001 city=杭州 population=15000 on=2011-01-20");
    opened(&case, "O1", "2011-01-21");
    case.to("2011-03-20T09:00");
    assert_eq!(rollout(&case).len(), 1, "one of two by 6 March");
    opened(&case, "O2", "2011-03-01");
    assert!(rollout(&case).is_empty(), "it was there in time");
    assert!(case.due("all-outlets").is_empty());
    case.is_sound();
}

#[test]
fn clause_1_6_1_2_an_outlet_that_left_before_the_day_makes_the_finding() {
    let case = Case::at("2011-01-21T09:00");
    case.did("territory-confirmed P0001 city=杭州 population=25000 on=2011-01-20");
    opened(&case, "O1", "2011-01-21");
    case.to("2011-03-20T09:00");
    case.did("outlet-closed O1 note=x on=2011-02-01");
    opened(&case, "O2", "2011-02-10");
    let found = rollout(&case);
    assert_eq!(found.len(), 1);
    let measured = format!("{:?}", case.finding(&found[0]).measured);
    assert!(measured.contains("need: 2, have: 1"), "{measured}: O1 was not there any more");
    case.is_sound();
}

#[test]
fn clause_1_6_1_2_outlets_that_were_there_before_the_confirmation_count() {
    let case = Case::at("2011-01-20T09:00");
    for id in ["O1", "O2"] {
        case.ask(Command::AddOutlet(Outlet {
            signed_on: Some(koufen::time::parse_day("2010-05-01").unwrap()),
            ..fixture::outlet(id, "P0001")
        }))
        .unwrap();
    }
    case.did("territory-confirmed P0001 city=杭州 population=25000");
    assert!(case.due("first-batch").is_empty(), "2 of 3 are 65 % (decision 19)");
    assert_eq!(case.due("all-outlets").len(), 1);
}

#[test]
fn clause_2_2_1_a_promotion_typed_first_hides_no_gap() {
    let case = Case::at("2011-06-01T09:00");
    add(&case, "O1", "P0001");
    case.did("promotion-held P0001 title=五月 material_on=2011-05-01 on=2011-05-20");
    assert!(case.findings().is_empty());
    let first = case.did("promotion-held P0001 title=三月 material_on=2011-02-20 on=2011-03-01");
    assert_eq!(case.findings(), [format!("promotion-gap/P0001/{first}")], "1 March to 20 May");
    case.did("promotion-held P0001 title=四月 material_on=2011-03-20 on=2011-03-30");
    let gap = case.findings();
    assert_eq!(gap.len(), 1, "30 March to 20 May is one too: {gap:?}");
    assert!(!gap.contains(&format!("promotion-gap/P0001/{first}")));
    case.is_sound();
}

#[test]
fn clause_2_2_1_material_of_the_same_day_is_a_gap_and_the_promotion_counts() {
    let case = Case::at("2011-03-10T09:00");
    add(&case, "O1", "P0001");
    let seq = case.did("promotion-held P0001 title=当日 material_on=2011-03-10");
    assert_eq!(case.due("promotion"), ["2011-04-10T23:59:59"]);
    let recorded = case.desk.entry(koufen::ids::Seq(seq)).unwrap().0.unwrap();
    let koufen::domain::Event::Happened(h) = recorded.entry.event else { panic!() };
    assert_eq!(koufen::domain::gap::gaps(&h).iter().map(|gap| gap.what).collect::<Vec<_>>(), ["material"]);
}

#[test]
fn clause_1_6_1_1_the_next_conference_counts_from_the_latest_held() {
    let case = Case::at("2011-03-30T09:00");
    case.did("territory-confirmed P0001 city=杭州 population=199999 on=2011-01-20");
    let held = "visits=1 outlets_visited=1 invited=1 attended=1 signed=1";
    case.did(&format!("conference-held P0001 city=杭州 {held} on=2011-03-20"));
    case.did(&format!("conference-held P0001 city=杭州 {held} on=2011-02-20"));
    assert_eq!(case.due("next-conference"), ["2011-04-09T23:59:59"], "twenty days from 20 March");
    case.is_sound();
}

#[test]
fn clause_3_1_1_the_score_of_the_day_counts_and_no_way_goes_around_it() {
    let case = Case::self_operated("2011-03-10T09:00");
    case.ask(Command::AddProvider(fixture::provider("P0002", "金星"))).unwrap();
    case.ask(Command::AddOutlet(Outlet { city: "温州".into(), ..fixture::outlet("O7", "P0002") })).unwrap();
    add(&case, "O1", "P0001");
    case.deducted(40);
    case.deducted(10);
    let clause = |typed: &str| case.why(typed).0;
    assert_eq!(clause("territory-confirmed P0001 city=温州 population=1"), "3.1(1)");
    assert_eq!(clause("outlet-transferred O7 to=P0001 note=x"), "3.1(1)", "nor by a transfer");
    let moved = Outlet { city: "温州".into(), ..fixture::outlet("O1", "P0001") };
    assert_eq!(case.ask(Command::AmendOutlet(moved)).unwrap_err().clause(), Some("3.1(1)"), "nor by a change of city");
    case.did("agreement-effective P0001 city=温州 on=2011-03-09");
    case.did("territory-confirmed P0001 city=温州 population=1 on=2011-03-09");
    let dated = |id: &str, on: &str| Outlet {
        city: "台州".into(),
        signed_on: Some(koufen::time::parse_day(on).unwrap()),
        ..fixture::outlet(id, "P0001")
    };
    assert!(case.ask(Command::AddOutlet(dated("O2", "2011-03-10"))).is_err());
    case.ask(Command::AddOutlet(dated("O3", "2011-03-09"))).unwrap();
}

#[test]
fn clause_2_2_3_1_imported_and_never_opened_outlets_are_no_early_attrition() {
    let case = Case::at("2011-03-10T09:00");
    case.did("territory-confirmed P0001 city=杭州 population=10000 on=2011-01-20");
    add(&case, "O1", "P0001");
    case.did("outlet-proposed P0001 outlet_id=O2 city=杭州 name=店 staff=1");
    case.did("outlet-reviewed O2 passed=yes");
    case.did("outlet-signed O2 party=platform");
    for id in ["O1", "O2"] {
        case.did(&format!("outlet-closed {id} note=x"));
    }
    assert!(!case.findings().iter().any(|id| id.starts_with("early-attrition")));
    opened(&case, "O3", "2011-03-01");
    case.did("outlet-closed O3 note=x");
    assert!(case.findings().iter().any(|id| id.starts_with("early-attrition")));
}

#[test]
fn clause_1_6_2_a_check_for_a_day_before_a_suspension_is_recorded() {
    let case = Case::at("2011-03-10T09:00");
    add(&case, "O1", "P0001");
    case.did("outlet-suspended O1 note=x on=2011-03-05");
    case.did("brand-checked O1 passed=no on=2011-03-02");
    assert_eq!(case.findings().len(), 1);
    case.is_sound();
}

#[test]
fn clause_2_1_3_1_a_training_is_for_outlets_signed_by_its_day() {
    let case = Case::at("2011-03-10T09:00");
    case.did("territory-confirmed P0001 city=杭州 population=199999 on=2011-01-20");
    opened(&case, "O1", "2011-03-01");
    opened(&case, "O2", "2011-03-08");
    case.did("training-held P0001 city=杭州 on=2011-03-05");
    assert_eq!(case.due("training"), ["O2 2011-03-18T23:59:59"], "it signed after the training");
    assert!(case.refused("training-held P0001 city=杭州 outlets=O2 on=2011-03-05").clause().is_some());
}

#[test]
fn decision_11_an_exit_missed_at_the_years_end_is_of_the_new_year() {
    let case = Case::at("2011-12-29T09:00");
    add(&case, "O1", "P0001");
    let at = Some(parse_moment("2011-12-29T10:00").unwrap());
    case.to("2011-12-29T12:00");
    let exit = Command::OpenRequest { outlet: "O1".parse().unwrap(), kind: RequestKind::Exit, at, note: None };
    case.ask(exit).unwrap();
    assert_eq!(case.due("exit-answer"), ["O1 2011-12-31T23:59:59"]);
    case.to("2012-01-01T00:00");
    let found = case.findings().remove(0);
    let confirm = Command::ConfirmFinding { finding: found.parse().unwrap(), points: Some(Points(1)), note: None };
    let line = case.ask(confirm).unwrap().seq;
    assert_eq!(case.desk.line(line).unwrap().unwrap().1.occurred_on.to_string(), "2012-01-01");
}

#[test]
fn clause_2_2_4_1_an_application_to_leave_can_be_withdrawn_and_an_exiting_outlet_suspended() {
    let case = Case::at("2011-03-10T09:00");
    add(&case, "O1", "P0001");
    let stage = || case.desk.life(&"O1".parse().unwrap()).unwrap().unwrap().stage.word();
    case.did("exit-asked O1");
    case.did("outlet-suspended O1 note=x");
    assert_eq!(stage(), "suspended");
    case.did("outlet-resumed O1 note=x");
    assert_eq!(stage(), "exiting");
    case.did("exit-withdrawn O1");
    assert_eq!((stage(), case.due("exit-answer").len()), ("open", 0));
    assert_eq!(case.refused("outlet-exited O1 evidence=form,photos,statement").reason(), "wrong stage");
    case.to("2011-03-11T09:00");
    case.did("exit-asked O1 note=再次");
}

#[test]
fn clause_1_4_2_1_fewer_staff_is_a_waiver_with_a_reason_and_a_name() {
    let case = Case::at("2011-03-01T09:00");
    case.did("applied P0001 scope=city");
    case.did("rules-accepted P0001 edition=1.5");
    let few = "checked-staffing P0001 project_managers=1 channel_staff=3 service_advisers=4 daily_operations=3 telephone=2 marketing=2";
    assert_eq!(case.why(few).0, "1.4.2(1)");
    assert_eq!(case.why(&format!("{few} note=业务量小")).0, "1.4.2(1)", "nobody answers for it");
    case.did(&format!("{few} note=业务量小 confirmed_by=王芳"));
}

#[test]
fn clause_1_4_2_3_an_outlet_without_staff_is_refused() {
    let case = Case::at("2011-03-01T09:00");
    let none = Outlet { staff: Some(0), ..fixture::outlet("O1", "P0001") };
    assert_eq!(case.ask(Command::AddOutlet(none)).unwrap_err().clause(), Some("1.4.2(3)"));
}

#[test]
fn clause_1_5_3_an_applicant_has_no_outlets_promotions_or_transfers() {
    let case = Case::at("2011-03-01T09:00");
    case.ask(Command::AddProvider(fixture::provider("P0002", "金星"))).unwrap();
    add(&case, "O7", "P0002");
    case.did("applied P0001 scope=city");
    assert_eq!(case.ask(Command::AddOutlet(fixture::outlet("O1", "P0001"))).unwrap_err().clause(), Some("1.5(3)"));
    assert_eq!(case.why("promotion-held P0001 title=x material_on=2011-02-01").0, "1.5(3)");
    assert_eq!(case.why("outlet-transferred O7 to=P0001 note=x").0, "1.5(3)");
}

#[test]
fn clause_1_2_8_a_deposit_is_late_by_its_payment() {
    let case = Case::at("2011-01-28T09:00");
    case.checked();
    for group in ["expansion", "operations", "merchandise"] {
        case.did(&format!("confirmed P0001 group={group}"));
    }
    case.did("agreement-effective P0001 city=杭州");
    case.did("account-opened P0001");
    assert_eq!(case.due("deposit").len(), 1);
    case.to("2011-02-10T10:00");
    case.did("deposit-paid P0001 city=杭州");
    assert!(case.due("deposit").is_empty(), "the freeze is the platform's own step");
}

#[test]
fn clause_2_2_2_spelling_makes_no_second_problem() {
    let case = Case::at("2011-03-10T09:00");
    add(&case, "O1", "P0001");
    let score = || case.desk.provider(&"P0001".parse().unwrap(), 2011).unwrap().unwrap().score.0;
    for (at, problem) in ["无发票", "无发票。", "无 发票", "無發票", "无发票！", "无发票", "无发票?"].iter().enumerate()
    {
        let typed = format!("complained O1 from=outlet problem={} note={at}", problem.replace(' ', ""));
        let seq = case.did(&typed);
        let finding = format!("outlet-complaint/P0001/{seq}").parse().unwrap();
        case.ask(Command::ConfirmFinding { finding, points: Some(Points(2)), note: None }).unwrap();
    }
    assert_eq!(score(), 12, "six of one problem are capped at 10; the traditional form is another");
    assert_eq!(case.refused("complained O1 from=consumer").reason(), "missing");
}

#[test]
fn decision_12_a_decision_stands_and_says_that_its_facts_changed() {
    let case = Case::at("2011-01-20T09:00");
    let seq = case.did("territory-confirmed P0001 city=杭州 population=15000");
    opened(&case, "O1", "2011-01-20");
    case.to("2011-03-20T09:00");
    let id = format!("rollout-shortfall/P0001/{seq}.first");
    let confirm = Command::ConfirmFinding { finding: id.parse().unwrap(), points: None, note: None };
    case.ask(confirm).unwrap();
    let changed = format!("P0001/changed/rollout-shortfall/{seq}.first");
    assert!(!case.alerts().contains(&changed));
    opened(&case, "O2", "2011-03-01");
    assert_eq!(case.finding(&id).state.word(), "confirmed", "what a person decided stays decided");
    assert_eq!(case.alert(&changed).clause, "decision 12");
    case.is_sound();
}

/// Decision 12: a shortfall that was decided on another number is another fact; that it was made good late is none.
#[test]
fn decision_12_a_shortfall_of_another_number_says_that_it_changed() {
    let case = Case::at("2011-03-20T09:00");
    let seq = case.did("territory-confirmed P0001 city=杭州 population=199999 on=2011-01-20");
    opened(&case, "O1", "2011-01-20");
    let id = format!("rollout-shortfall/P0001/{seq}.first");
    case.ask(Command::ConfirmFinding { finding: id.parse().unwrap(), points: None, note: None }).unwrap();
    let changed = format!("P0001/changed/rollout-shortfall/{seq}.first");
    opened(&case, "O2", "2011-03-20");
    assert!(!case.alerts().contains(&changed), "it came too late to count");
    opened(&case, "O3", "2011-01-21");
    assert_eq!(case.alert(&changed).clause, "decision 12");
}

/// 2.2.4(1): of an application to leave the answer and the evidence are due apart; who answers is told that just the
/// answer is no more.
#[test]
fn clause_2_2_4_1_an_answer_ends_the_answer_and_not_the_evidence() {
    let case = Case::at("2011-03-10T09:00");
    add(&case, "O1", "P0001");
    let (outlet, kind) = ("O1".parse().unwrap(), RequestKind::Exit);
    let request = case.ask(Command::OpenRequest { outlet, kind, at: None, note: None }).unwrap().seq;
    let closed = case.ask(Command::AnswerRequest { request, at: None, note: None }).unwrap().follows.closed;
    assert_eq!(closed.iter().map(|(seq, due)| (*seq, due.kind.word())).collect::<Vec<_>>(), [(request, "exit-answer")]);
}

/// Decision 12: the record that takes the facts from under a decision says that they are gone.
#[test]
fn decision_12_a_record_says_that_what_was_decided_is_not_found_any_more() {
    let case = Case::at("2011-03-20T09:00");
    case.did("territory-confirmed P0001 city=杭州 population=15000 on=2011-01-20");
    opened(&case, "O1", "2011-01-20");
    let found: Vec<String> = case.findings().into_iter().filter(|id| id.starts_with("promotion-gap/")).collect();
    let finding = found[0].parse().unwrap();
    case.ask(Command::DismissFinding { finding, reason: "x".into() }).unwrap();
    let typed = case.read("promotion-held P0001 title=p material_on=2011-01-25 on=2011-02-10").unwrap();
    let gone = case.ask(typed).unwrap().follows.gone;
    assert_eq!(gone.iter().map(|kept| format!("promotion-gap/P0001/{}", kept.subject)).collect::<Vec<_>>(), found);
}

#[test]
fn decision_15_a_request_typed_late_is_the_providers_of_its_day() {
    let case = Case::at("2011-03-10T09:00");
    case.ask(Command::AddProvider(fixture::provider("P0002", "金星"))).unwrap();
    add(&case, "O1", "P0001");
    case.did("outlet-transferred O1 to=P0002 note=x on=2011-03-08");
    let at = |text: &str| Some(parse_moment(text).unwrap());
    for (at, provider) in [(at("2011-03-07T10:00"), "P0001"), (at("2011-03-08T10:00"), "P0002")] {
        let help = Command::OpenRequest { outlet: "O1".parse().unwrap(), kind: RequestKind::Help, at, note: None };
        let koufen::domain::Event::RequestOpened(request) = case.ask(help).unwrap().event else { panic!() };
        assert_eq!(request.provider.as_str(), provider);
    }
    for (on, provider) in [("2011-03-07", "P0001"), ("2011-03-08", "P0002")] {
        let seq = case.did(&format!("complained O1 from=outlet problem=x on={on}"));
        assert!(case.findings().contains(&format!("outlet-complaint/{provider}/{seq}")), "{on}: {:?}", case.findings());
    }
    case.is_sound();
}

#[test]
fn decision_13_a_void_is_as_if_it_was_never_typed_and_can_be_voided() {
    let case = Case::at("2011-03-10T09:00");
    case.did("territory-confirmed P0001 city=杭州 population=199999 on=2011-01-20");
    let held = "visits=1 outlets_visited=1 invited=100 attended=10 signed=10";
    let before = (dossier(&case), case.due("next-conference"));
    let conference = case.did(&format!("conference-held P0001 city=杭州 {held} on=2011-03-01"));
    let applied = case.did(&format!("freeze-applied P0001 conference={conference} entries=1 errors=0"));
    let after = (dossier(&case), case.due("next-conference"), case.findings());
    let void = |entry: u64, dependents| {
        let reason = "误录".to_owned();
        case.ask(Command::Void { entry: koufen::ids::Seq(entry), dependents, reason })
    };
    let refused = void(conference, false).unwrap_err();
    assert!(format!("{refused:?}").contains(&format!("Seq({applied})")), "{refused:?}");
    let by = void(conference, true).unwrap().seq;
    assert_eq!((dossier(&case), case.due("next-conference")), before);
    assert!(!case.findings().iter().any(|id| id.starts_with("conference")));
    assert_eq!(void(conference, true).unwrap_err().reason(), "already voided");
    case.is_sound();
    void(by.0, false).unwrap();
    assert_eq!((dossier(&case), case.due("next-conference"), case.findings()), after);
    case.is_sound();
}

/// What is found is enough: the deadline that it was is no alert beside it. The evidence of the exit is another.
#[test]
fn an_overdue_deadline_that_is_a_finding_is_one_alert() {
    let case = Case::at("2011-03-10T09:00");
    add(&case, "O1", "P0001");
    let request = case.did("exit-asked O1");
    case.to("2011-03-20T09:00");
    let evidence = format!("P0001/due/{request}.exit-evidence");
    assert_eq!(case.alerts(), [evidence, format!("P0001/finding/exit-response/{request}")]);
}

#[test]
fn clause_2_1_3_1_outlets_of_another_city_are_not_in_a_training() {
    let case = Case::at("2011-05-10T09:00");
    case.did("territory-confirmed P0001 city=杭州 population=10000 on=2011-01-20");
    opened(&case, "O1", "2011-02-01");
    case.did("first-batch-normal P0001 city=杭州 on=2011-02-02");
    case.did("agreement-effective P0001 city=宁波 on=2011-05-01");
    case.did("territory-confirmed P0001 city=宁波 population=20000 on=2011-05-01");
    for id in ["O2", "O3"] {
        case.did(&format!("outlet-proposed P0001 outlet_id={id} city=宁波 name=店 staff=1 on=2011-05-02"));
        case.did(&format!("outlet-reviewed {id} passed=yes on=2011-05-02"));
        case.did(&format!("outlet-signed {id} party=platform on=2011-05-02"));
    }
    assert_eq!(case.why("training-held P0001 city=杭州 outlets=O1,O2").1, "outlet of another city");
    let training = case.did("training-held P0001 city=宁波");
    assert_eq!(case.due("training"), ["O1 2011-02-11T23:59:59"], "those of Ningbo were trained, Hangzhou's was not");
    let held = dossier(&case).trainings;
    assert_eq!((held[0].seq.0, held[0].outlets), (training, 2));
}
