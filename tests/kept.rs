//! What the amended clauses ask of admissions, deposits, failures, answers and exits, row by row.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

#[path = "fixture/case.rs"]
#[allow(dead_code, reason = "the clauses' tests use the rest of it")]
mod case;
mod fixture;

use case::Case;
use koufen::domain::{Command, Outlet};

const GROUPS: [&str; 3] = ["expansion", "operations", "merchandise"];
const DEPARTMENTS: [&str; 5] = ["legal", "finance", "system-development", "department-head", "expansion"];

/// Confirmed by all three groups; the scope is a city's.
fn feasible(now: &str) -> Case {
    let case = Case::at(now);
    case.checked();
    for group in GROUPS {
        case.did(&format!("confirmed P0001 group={group}"));
    }
    case
}

fn why(case: &Case, typed: &str) -> (String, &'static str) {
    case.why(typed)
}

#[test]
fn clause_1_2_8_a_single_city_agrees_its_sum() {
    let case = feasible("2011-01-10T09:00");
    case.did("account-opened P0001");
    assert_eq!(why(&case, "deposit-agreed P0001 city=杭州 amount=50000 note=单城"), ("1.2(8)".into(), "step missing"));
    case.did("agreement-effective P0001 city=杭州");
    assert_eq!(case.refused("deposit-agreed P0001 city=杭州 amount=50000").reason(), "missing", "with its reason");
    case.did("deposit-agreed P0001 city=杭州 amount=50000 note=单城");
    case.did("deposit-paid P0001 city=杭州");
    assert_eq!(case.refused("deposit-frozen P0001 city=杭州 amount=300000").reason(), "other amount");
    case.did("deposit-frozen P0001 city=杭州 amount=50000");
    for department in DEPARTMENTS {
        case.did(&format!("informed P0001 department={department}"));
    }
    case.did("permission-opened P0001");
    case.did("territory-confirmed P0001 city=杭州 population=20000");
    assert!(!case.alerts().contains(&"P0001/deposit".to_owned()), "nothing is short");
    case.is_sound();

    // None is possible: then none is paid or frozen.
    let case = feasible("2011-01-10T09:00");
    case.did("account-opened P0001");
    case.did("agreement-effective P0001 city=杭州");
    assert_eq!(case.due("deposit").len(), 1);
    case.did("deposit-agreed P0001 city=杭州 amount=0 note=试点");
    assert!(case.due("deposit").is_empty());
    for department in DEPARTMENTS {
        case.did(&format!("informed P0001 department={department}"));
    }
    case.did("permission-opened P0001");
}

#[test]
fn clause_1_2_8_another_sum_is_for_one_city_only() {
    let case = Case::at("2011-01-10T09:00");
    case.checked_for("national");
    for group in GROUPS {
        case.did(&format!("confirmed P0001 group={group}"));
    }
    case.did("agreement-effective P0001 city=杭州");
    let agreed = "deposit-agreed P0001 city=杭州 amount=50000 note=x";
    assert_eq!(why(&case, agreed), ("1.2(8)".into(), "deposit fixed"));
}

#[test]
fn clause_1_2_8_a_city_is_confirmed_with_its_agreement_and_without_its_deposit_with_an_alert() {
    let case = Case::at("2011-03-01T09:00");
    case.active();
    case.did("territory-confirmed P0001 city=杭州 population=10001");
    case.open_outlet("O1");
    case.open_outlet("O2");
    case.did("first-batch-normal P0001 city=杭州");
    case.to("2011-06-01T09:00");
    let confirmed = "territory-confirmed P0001 city=宁波 population=20000";
    assert_eq!(why(&case, confirmed), ("1.2(8)".into(), "step missing"));
    case.did("agreement-effective P0001 city=宁波");
    case.did(confirmed);
    let alert = case.alert("P0001/deposit");
    assert_eq!((alert.clause.as_str(), alert.level), ("1.2(8)", 30_000_000));
    case.did("deposit-paid P0001 city=宁波");
    case.did("deposit-frozen P0001 city=宁波 amount=300000");
    assert!(!case.alerts().contains(&"P0001/deposit".to_owned()));
    case.is_sound();
}

#[test]
fn decision_29_who_was_there_before_counts_as_agreed_where_it_is() {
    let case = Case::at("2011-03-01T09:00");
    case.did("territory-confirmed P0001 city=杭州 population=20000");
    assert!(!case.alerts().contains(&"P0001/deposit".to_owned()), "its deposit is unknown, not missing");
    let own = Case::self_operated("2011-03-01T09:00");
    let confirmed = "territory-confirmed P0001 city=宁波 population=20000";
    assert_eq!(why(&own, confirmed), ("1.2(8)".into(), "step missing"));
    own.ask(Command::AddOutlet(Outlet { city: "宁波".into(), ..fixture::outlet("O1", "P0001") })).unwrap();
    own.did(confirmed);
    // Elsewhere it agrees anew, without an application.
    own.did("agreement-effective P0001 city=温州");
    own.did("territory-confirmed P0001 city=温州 population=20000");
    assert_eq!(own.alert("P0001/deposit").level, 30_000_000);
}

#[test]
fn clause_1_4_3_declared_times_without_service_are_no_gap() {
    let case = Case::at("2011-03-01T09:00");
    case.did("applied P0001 scope=city");
    case.did("rules-accepted P0001 edition=1.5");
    let hours = "checked-service-hours P0001 weekday=09:00-12:00,13:00-22:00 day_off=10:00-18:00";
    assert_eq!(why(&case, hours), ("1.4.3".into(), "gap in service hours"));
    assert_eq!(why(&case, &format!("{hours} declared=12:00-12:30")).1, "gap in service hours", "half of it");
    case.did(&format!("{hours} declared=12:00-13:00"));
}

#[test]
fn clause_1_5_3_an_application_is_rejected_or_withdrawn_and_made_anew() {
    for ended in ["application-rejected", "application-withdrawn"] {
        let case = feasible("2011-01-10T09:00");
        case.did("agreement-effective P0001 city=杭州");
        assert_eq!(case.refused(&format!("{ended} P0001")).reason(), "missing", "with a reason");
        case.did(&format!("{ended} P0001 note=资料不实"));
        assert!(case.due("deposit").is_empty(), "nothing is owed for it");
        assert_eq!(why(&case, "account-opened P0001"), ("1.5(1)".into(), "step missing"));
        let outlet = case.ask(Command::AddOutlet(fixture::outlet("O1", "P0001"))).unwrap_err();
        assert_eq!(outlet.clause(), Some("1.5(3)"));
        case.to("2011-02-10T09:00");
        case.active();
        case.ask(Command::AddOutlet(fixture::outlet("O1", "P0001"))).unwrap();
        assert_eq!(case.refused(&format!("{ended} P0001 note=x")).reason(), "step already taken");
        case.is_sound();
    }
}

#[test]
fn clause_1_6_1_a_provider_for_a_single_city_has_no_second_stage() {
    let planned = |case: &Case| {
        case.did("territory-confirmed P0001 city=杭州 population=10001");
        case.open_outlet("O1");
        case.open_outlet("O2");
        case.did("first-batch-normal P0001 city=杭州");
        case.due("second-stage").len()
    };
    let single = Case::at("2011-03-01T09:00");
    single.active();
    assert_eq!(planned(&single), 0);
    let kept = Case::at("2011-03-01T09:00");
    assert_eq!(planned(&kept), 1, "one that was there before may have more");
}

/// Fails in March, is put right, and fails again in May.
fn failed_again() -> (Case, u64) {
    let case = Case::at("2011-05-10T09:00");
    case.did("territory-confirmed P0001 city=杭州 population=199999 on=2011-03-01");
    let bad = "visits=1 outlets_visited=1 invited=100 attended=10 signed=10";
    let first = case.did(&format!("conference-held P0001 city=杭州 {bad} on=2011-03-02"));
    assert_eq!(
        case.refused(&format!("conference-judged P0001 conference={first} off_process=yes note=x")).reason(),
        "step already taken",
        "it failed once only"
    );
    case.did(&format!("conference-rectified P0001 conference={first} note=已补办 on=2011-03-20"));
    let again = case.did(&format!("conference-held P0001 city=杭州 {bad}"));
    (case, again)
}

#[test]
fn clause_1_6_1_1_6_failing_again_is_judged_and_decided() {
    let (case, again) = failed_again();
    let alert = format!("P0001/failed-again/{again}");
    assert_eq!((case.alert(&alert).level, case.alert(&alert).says.0), (1, "alert-failed-again"));
    let decided = format!("failure-decided P0001 conference={again} terminate=no note=再观察");
    assert_eq!(why(&case, &decided), ("1.6.1(1)6".into(), "step missing"), "a judgement comes first");
    case.did(&format!("conference-judged P0001 conference={again} off_process=yes note=未按流程"));
    assert_eq!((case.alert(&alert).level, case.alert(&alert).says.0), (2, "alert-off-process"));
    case.did(&decided);
    assert!(!case.alerts().contains(&alert));
    assert_eq!(case.refused(&decided).reason(), "step already taken");
    case.is_sound();

    // On the process: there is nothing to decide.
    let (case, again) = failed_again();
    case.did(&format!("conference-judged P0001 conference={again} off_process=no note=照流程"));
    assert!(!case.alerts().iter().any(|id| id.contains("failed-again")));

    // A failure that was dismissed is none.
    let (case, again) = failed_again();
    let finding = format!("conference-results/P0001/{again}").parse().unwrap();
    case.ask(Command::DismissFinding { finding, reason: "名单有误".into() }).unwrap();
    assert!(!case.alerts().iter().any(|id| id.contains("failed-again")));
}

#[test]
fn clause_2_2_2_a_late_answer_is_an_alert_until_seen_and_stays_on_the_list() {
    let case = Case::at("2011-03-04T20:00");
    case.ask(Command::AddOutlet(fixture::outlet("O1", "P0001"))).unwrap();
    let (late, in_time) = (case.did("help-asked O1"), case.did("help-asked O1 note=二"));
    case.to("2011-03-07T08:00").did(&format!("request-answered {in_time}"));
    case.to("2011-03-07T08:01").did(&format!("request-answered {late}"));
    let list = case.desk.dossier(&"P0001".parse().unwrap()).unwrap().late_answers;
    assert_eq!(list.iter().map(|l| l.request.0).collect::<Vec<_>>(), [late]);
    let id = format!("P0001/late-answer/{late}");
    assert!(case.alerts().contains(&id));
    let subject = case.alert(&id).subject;
    let seen =
        Command::MarkAlert { provider: "P0001".parse().unwrap(), subject, mark: koufen::domain::Mark::Acknowledged };
    case.ask(seen).unwrap();
    assert_eq!(case.alert(&id).state, koufen::domain::AlertState::Acknowledged);
    case.is_sound();
}

#[test]
fn clause_2_2_4_1_late_evidence_of_an_exit_is_an_alert() {
    let case = Case::at("2011-03-07T09:00");
    case.ask(Command::AddOutlet(fixture::outlet("O1", "P0001"))).unwrap();
    let exit = case.did("exit-asked O1");
    case.did(&format!("request-answered {exit}"));
    assert_eq!(case.due("exit-evidence"), ["O1 2011-03-09T23:59:59"]);
    case.to("2011-03-10T09:00");
    assert_eq!(case.alerts(), [format!("P0001/due/{exit}.exit-evidence")]);
    assert!(case.findings().is_empty(), "the article punishes only silence");
    case.did("outlet-exited O1 evidence=form,photos,statement");
    assert!(case.alerts().is_empty() && case.due("exit-evidence").is_empty());
}

#[test]
fn clause_1_4_2_3_outlets_on_record_without_staff_are_an_alert() {
    let case = Case::at("2011-03-07T09:00");
    for id in ["O1", "O2"] {
        case.ask(Command::AddOutlet(fixture::outlet(id, "P0001"))).unwrap();
        case.ask(Command::AmendOutlet(Outlet { staff: Some(0), ..fixture::outlet(id, "P0001") })).unwrap();
    }
    assert_eq!(case.alert("P0001/staff").level, 2);
    case.ask(Command::AmendOutlet(fixture::outlet("O1", "P0001"))).unwrap();
    assert_eq!(case.alert("P0001/staff").level, 1);
    case.did("outlet-closed O2 note=关店");
    assert!(case.alerts().is_empty(), "one that is gone serves nobody");
    case.is_sound();
}

#[test]
fn clause_2_2_4_2_a_claim_is_of_whose_outlet_it_was_at_the_trade() {
    let case = Case::at("2011-06-10T09:00");
    case.ask(Command::AddProvider(fixture::provider("P0002", "汇远"))).unwrap();
    let signed = |id: &str| Outlet { signed_on: "2011-01-05".parse().ok(), ..fixture::outlet(id, "P0001") };
    case.ask(Command::AddOutlet(signed("O1"))).unwrap();
    case.did("outlet-transferred O1 to=P0002 note=交接 on=2011-04-01");
    let claim = |traded: &str| format!("claim-opened O1 traded_on={traded} on=2011-06-09");
    assert_eq!(case.refused(&claim("2011-03-05")).reason(), "wrong stage", "claims come after an exit");
    case.did("exit-asked O1 at=2011-05-20T09:00");
    case.did("outlet-exited O1 evidence=form,photos,statement on=2011-05-23");
    case.did(&claim("2011-03-05"));
    case.did(&claim("2011-04-05"));
    let claims = |id: &str| case.desk.dossier(&id.parse().unwrap()).unwrap().claims.len();
    assert_eq!((claims("P0001"), claims("P0002")), (1, 1));
    assert_eq!(case.refused("claim-opened O1 traded_on=2011-06-10 on=2011-06-09").reason(), "before its start");
    case.is_sound();
}
