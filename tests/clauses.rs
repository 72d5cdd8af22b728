//! Parts 1 and 2 of the regulation, clause by clause, through the desk: each test is named for its clause, and
//! `koufen rules coverage` names the test.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

#[path = "fixture/case.rs"]
mod case;
mod fixture;

use case::{Case, moment};
use koufen::domain::{AlertState, AlertSubject, Command, Mark, Measured, RequestKind};
use koufen::points::{Points, Score};

fn refused(case: &Case, typed: &str, clause: &str, reason: &str) {
    assert_eq!(case.why(typed), (clause.to_owned(), reason), "{typed}");
}

/// 1.2(1)-(4), (7), 1.3: expansion confirms a full checklist only, and the refusal names what is missing.
#[test]
fn clause_1_2_the_checklist_is_whole_before_admission_is_confirmed() {
    let case = Case::at("2011-03-01T09:00");
    case.checked();
    let steps = case.desk.dossier(&"P0001".parse().unwrap()).unwrap().admission;
    let mandate = steps.iter().find(|t| t.step.word() == "checked-mandate").unwrap();
    assert_eq!((mandate.by.as_str(), mandate.on.to_string().as_str()), ("王芳", "2011-03-01"));
    let capital = steps.iter().find(|t| t.step.word() == "checked-capital").unwrap();
    assert_eq!(capital.by, "tester", "who recorded it stands for it");
    case.did("confirmed P0001 group=expansion");

    let case = Case::at("2011-03-01T09:00");
    case.did("applied P0001 scope=national");
    case.did("rules-accepted P0001 edition=1.5");
    let koufen::domain::Refusal::StepMissing { steps, clause } = case.refused("confirmed P0001 group=expansion") else {
        panic!("another refusal")
    };
    assert_eq!((steps.len(), clause), (15, "1.2"));
    for item in ["legal-capacity", "premises", "no-cheating", "consumer-protection", "fixed-premises"] {
        assert!(steps.contains(&format!("checked-{item}")), "{item}");
    }
}

/// 1.2(5): a million for national and regional scope; one city may be waived, with a reason.
#[test]
fn clause_1_2_5_capital_or_a_waiver_with_a_reason() {
    for (scope, waiver) in [("national", false), ("regional", false), ("city", true)] {
        let case = Case::at("2011-03-01T09:00");
        case.did(&format!("applied P0001 scope={scope}"));
        case.did("rules-accepted P0001 edition=1.5");
        refused(&case, "checked-capital P0001 capital=999999.99", "1.2(5)", "other amount");
        if waiver {
            assert_eq!(case.refused("checked-capital P0001").reason(), "missing", "a waiver has a reason");
            case.did("checked-capital P0001 note=单城经营 confirmed_by=王芳");
        } else {
            refused(&case, "checked-capital P0001 note=单城经营 confirmed_by=王芳", "1.2(5)", "no waiver");
            case.did("checked-capital P0001 capital=1,000,000");
        }
    }
}

/// 1.2(6), 1.3(3), 1.4.2(1), 1.4.2(2), 1.4.4(2): each item against its least number.
#[test]
fn clause_1_2_6_1_3_3_1_4_2_and_1_4_4_2_least_numbers() {
    let case = Case::at("2011-03-01T09:00");
    case.did("applied P0001 scope=city");
    case.did("rules-accepted P0001 edition=1.5");
    refused(&case, "checked-commitment P0001 years=2", "1.2(6)", "too few");
    refused(&case, "checked-technical-contacts P0001 own_system=yes contacts=1", "1.3(3)", "too few");
    case.did("checked-technical-contacts P0001 own_system=no contacts=0");
    let names = ["project_managers", "channel_staff", "service_advisers", "daily_operations", "telephone", "marketing"];
    let least = [1, 10, 4, 3, 2, 2];
    let staff = |less: Option<usize>| {
        let number = |(at, (name, n)): (usize, (&str, u32))| format!("{name}={}", n - u32::from(less == Some(at)));
        let fields: Vec<String> = names.into_iter().zip(least).enumerate().map(number).collect();
        format!("checked-staffing P0001 {}", fields.join(" "))
    };
    for at in 0..names.len() {
        refused(&case, &staff(Some(at)), "1.4.2(1)", "too few");
    }
    case.did(&staff(None));
    for missing in ["channel", "technical", "operations", "customer_service"] {
        let fields = ["channel", "technical", "operations", "customer_service"];
        let fields = fields.map(|name| format!("{name}={}", u8::from(name != missing)));
        refused(&case, &format!("checked-contacts P0001 {}", fields.join(" ")), "1.4.2(2)", "too few");
    }
    case.did("checked-notice-address P0001");
    case.ask(Command::AmendProvider(fixture::provider("P0001", "捷达"))).unwrap();
    assert_eq!(case.refused("checked-notice-address P0001").field(), "phone");
}

/// 1.3(1), 1.3(2), 1.3(4): the daigou id is kept; the rules and service in real time are items of their own.
#[test]
fn clause_1_3_the_daigou_id_is_kept() {
    let case = Case::at("2011-03-01T09:00");
    case.checked();
    let steps = case.desk.dossier(&"P0001".parse().unwrap()).unwrap().admission;
    let has = |word: &str| steps.iter().any(|t| t.step.word() == word);
    assert!(has("checked-daigou-id") && has("rules-accepted") && has("checked-real-time-service"));
    assert!(format!("{steps:?}").contains("jieda"));
}

/// 1.4.3: the roster is checked against the service hours; gaps are named.
#[test]
fn clause_1_4_3_gaps_in_the_roster_are_shown() {
    let case = Case::at("2011-03-01T09:00");
    case.did("applied P0001 scope=city");
    case.did("rules-accepted P0001 edition=1.5");
    for (weekday, day_off, gaps) in [
        ("09:00-18:00", "10:00-18:00", "weekday 18:00-22:00"),
        ("10:00-22:00", "10:00-18:00", "weekday 9:00-10:00"),
        ("09:00-12:00,13:00-22:00", "11:00-16:00", "weekday 12:00-13:00, day-off 10:00-11:00, day-off 16:00-18:00"),
        ("18:00-22:00,08:00-18:30", "08:00-09:00", "day-off 10:00-18:00"),
    ] {
        let typed = format!("checked-service-hours P0001 weekday={weekday} day_off={day_off}");
        let koufen::domain::Refusal::HoursGap { gaps: is } = case.refused(&typed) else { panic!("{typed}") };
        assert_eq!(is, gaps);
    }
    case.did("checked-service-hours P0001 weekday=13:00-22:00,09:00-13:00 day_off=00:00-24:00");
}

/// 4.4(2): no step after the application before the current edition is accepted; until then an alert.
#[test]
fn clause_4_4_2_nothing_goes_on_before_the_current_edition_is_accepted() {
    let case = Case::at("2011-03-01T09:00");
    refused(&case, "rules-accepted P0001 edition=1.5", "1.5(1)", "step missing");
    case.did("applied P0001 scope=city");
    assert_eq!(case.alerts(), ["P0001/acceptance/1.5"]);
    refused(&case, "checked P0001 item=premises", "4.4(2)", "rules not accepted");
    refused(&case, "rules-accepted P0001 edition=1.4", "4.4(2)", "other edition");
    case.did("rules-accepted P0001 edition=1.5");
    case.did("checked P0001 item=premises");
    assert!(case.alerts().is_empty());
    refused(&case, "applied P0001 scope=city", "", "step already taken");
}

/// 1.5(1): expansion first, then operations and merchandise, each once.
#[test]
fn clause_1_5_1_three_groups_confirm_in_their_order() {
    let case = Case::at("2011-03-01T09:00");
    case.checked();
    refused(&case, "confirmed P0001 group=operations", "1.5(1)", "step missing");
    refused(&case, "account-opened P0001", "1.5(1)", "step missing");
    case.did("confirmed P0001 group=expansion");
    refused(&case, "confirmed P0001 group=expansion", "", "step already taken");
    case.did("confirmed P0001 group=merchandise");
    refused(&case, "agreement-effective P0001 city=杭州", "1.5(1)", "step missing");
    case.did("confirmed P0001 group=operations");
    case.did("agreement-effective P0001 city=杭州");
}

/// 1.2(8): due 5 working days after the agreement, frozen once for each city in full; what a compensation took is
/// short, which is an alert, and is frozen again.
#[test]
fn clause_1_2_8_the_deposit_is_frozen_once_and_a_shortfall_is_an_alert() {
    let case = Case::at("2011-01-28T09:00");
    case.checked();
    for group in ["expansion", "operations", "merchandise"] {
        case.did(&format!("confirmed P0001 group={group}"));
    }
    refused(&case, "deposit-paid P0001 city=杭州", "1.2(8)", "step missing");
    case.did("agreement-effective P0001 city=杭州");
    // Sunday 30 January was made up, 2 to 8 February was the Spring Festival: 30, 31, 1, 9, 10.
    assert_eq!(case.due("deposit"), ["杭州 2011-02-10T23:59:59"]);
    case.did("account-opened P0001");
    refused(&case, "deposit-frozen P0001 city=杭州 amount=300000", "1.5(2)", "step missing");
    case.did("deposit-paid P0001 city=杭州");
    refused(&case, "deposit-frozen P0001 city=杭州 amount=299999", "1.2(8)", "other amount");
    case.did("deposit-frozen P0001 city=杭州 amount=300000");
    assert!(case.due("deposit").is_empty());
    refused(&case, "deposit-frozen P0001 city=杭州 amount=300000", "", "step already taken");
    case.did("agreement-effective P0001 city=宁波");
    refused(&case, "deposit-frozen P0001 city=宁波 amount=300000", "1.5(2)", "step missing");
    case.did("deposit-paid P0001 city=宁波");
    case.did("deposit-frozen P0001 city=宁波 amount=300000");
    for department in ["legal", "finance", "system-development", "department-head", "expansion"] {
        case.did(&format!("informed P0001 department={department}"));
    }
    assert_eq!(
        case.ask(Command::AddOutlet(fixture::outlet("O1", "P0001"))).unwrap_err().clause(),
        Some("1.5(3)"),
        "an applicant has no outlets"
    );
    case.did("permission-opened P0001");
    case.ask(Command::AddOutlet(fixture::outlet("O1", "P0001"))).unwrap();
    let complaint = case.did("complained O1 from=consumer problem=发货");
    case.did(&format!("complaint-ordered P0001 complaint={complaint} compensation=1200.50 correct=no note=赔付"));
    let alert = case.alert("P0001/deposit");
    assert_eq!((alert.clause.as_str(), &alert.says.1), ("1.2(8)", &vec![("short", "1200.50".to_owned())]));
    refused(&case, "deposit-frozen P0001 city=杭州 amount=1200", "1.2(8)", "other amount");
    case.did("deposit-frozen P0001 city=杭州 amount=1200.50");
    assert!(!case.alerts().contains(&"P0001/deposit".to_owned()));
}

/// 1.5(2), 1.5(3): account, deposit, freeze, five departments; permission within 5 working days, or postponed.
#[test]
fn clause_1_5_3_permission_within_five_working_days_or_postponed_with_a_reason() {
    let case = Case::at("2011-09-29T10:00");
    case.frozen();
    // 1 to 7 October off; 8 and 9 made up: 30 September is 1, 8 is 2, 9 is 3, 10 is 4, 11 is 5.
    assert_eq!(case.due("permission"), ["2011-10-11T23:59:59"]);
    let koufen::domain::Refusal::StepMissing { steps, .. } = case.refused("permission-opened P0001") else { panic!() };
    assert_eq!(steps.len(), 5, "all five departments: {steps:?}");
    for department in ["legal", "finance", "system-development", "department-head", "expansion"] {
        case.did(&format!("informed P0001 department={department}"));
    }
    refused(&case, "informed P0001 department=legal", "", "step already taken");
    assert_eq!(case.refused("permission-postponed P0001 until=2011-10-31").reason(), "missing", "a reason");
    assert_eq!(case.refused("permission-postponed P0001 until=2011-09-28 note=x").reason(), "before its start");
    case.did("permission-postponed P0001 until=2011-10-31 note=系统切换");
    assert_eq!(case.due("permission"), ["2011-10-31T23:59:59"]);
    case.to("2011-11-01T00:00");
    let alert = case.alert(&case.alerts().into_iter().find(|a| a.ends_with(".permission")).unwrap());
    assert_eq!((alert.level, alert.clause.as_str(), alert.says.0), (2, "1.5(3)", "alert-overdue"));
    case.did("permission-opened P0001");
    assert!(case.due("permission").is_empty());
    assert_eq!(case.desk.dossier(&"P0001".parse().unwrap()).unwrap().stage().word(), "active");
    assert!(case.due("promotion").is_empty(), "2.2.1 begins with the first outlet");
}

/// 1.6.1(2): the target is the people by ten thousand, rounded up; 65 % of it in 45 days, all in 60 more.
#[test]
fn clause_1_6_1_2_targets_and_phases() {
    for (population, target, first) in
        [(1, 1, 1), (10_000, 1, 1), (10_001, 2, 2), (199_999, 20, 13), (8_700_373, 871, 567)]
    {
        let case = Case::at("2011-01-20T09:00");
        case.did(&format!("territory-confirmed P0001 city=杭州 population={population}"));
        let territory = case.desk.dossier(&"P0001".parse().unwrap()).unwrap().territories.remove(0);
        assert_eq!(territory.plan, (target, first), "{population}");
        assert_eq!(case.due("first-batch"), ["杭州 2011-03-06T23:59:59"]);
        assert_eq!(case.due("all-outlets"), ["杭州 2011-05-05T23:59:59"]);
        refused(&case, "territory-confirmed P0001 city=杭州 population=5", "1.6.1(2)", "territory exists");
    }
}

/// 1.6.1(2): late is a finding for each phase, by itself in the second after it was due, with what was there.
#[test]
fn clause_1_6_1_2_a_late_phase_is_found_with_its_numbers() {
    let case = Case::at("2011-01-20T09:00");
    let seq = case.did("territory-confirmed P0001 city=杭州 population=25000");
    case.open_outlet("O1");
    case.to("2011-03-06T23:59:59");
    assert!(!case.findings().iter().any(|id| id.starts_with("rollout")));
    case.to("2011-03-07T00:00");
    let first = format!("rollout-shortfall/P0001/{seq}.first");
    assert!(case.findings().contains(&first));
    let due = moment("2011-03-06T23:59:59");
    assert_eq!(case.finding(&first).measured, Measured::Missed { due, done: None, need: 2, have: 1 });
    assert_eq!(case.finding(&first).points, Points(10));
    case.open_outlet("O2");
    assert!(case.due("first-batch").is_empty());
    let done = Some(moment("2011-03-07T00:00"));
    assert_eq!(case.finding(&first).measured, Measured::Missed { due, done, need: 2, have: 1 });
    case.open_outlet("O3");
    assert!(case.due("all-outlets").is_empty(), "all three in time");
    case.to("2011-06-01T00:00");
    assert!(!case.findings().contains(&format!("rollout-shortfall/P0001/{seq}.all")));
    let id = first.parse().unwrap();
    let line = case.ask(Command::ConfirmFinding { finding: id, points: Some(Points(40)), note: None }).unwrap().seq;
    let line = case.desk.line(line).unwrap().unwrap().1;
    assert_eq!((line.occurred_on.to_string().as_str(), line.points), ("2011-03-07", Points(40)), "decision 11");
}

/// 1.6.1(1): the record with its checklist, and the next conference about 20 days later.
#[test]
fn clause_1_6_1_1_a_conference_makes_the_next_one_due() {
    let case = Case::at("2011-12-15T09:00");
    case.did("territory-confirmed P0001 city=杭州 population=199999");
    assert_eq!(case.due("next-conference"), ["杭州 2012-01-04T23:59:59"]);
    refused(
        &case,
        "conference-held P0001 city=宁波 visits=1 outlets_visited=1 invited=1 attended=1 signed=1",
        "1.6.1(2)",
        "unknown territory",
    );
    refused(
        &case,
        "conference-held P0001 city=杭州 visits=1 outlets_visited=1 invited=9 attended=1 signed=2",
        "",
        "part over whole",
    );
    case.to("2011-12-20T18:00");
    case.did("conference-held P0001 city=杭州 visits=98 outlets_visited=1950 invited=100 attended=40 signed=24 publicity=abd");
    assert_eq!(case.due("next-conference"), ["2012-01-09T23:59:59"]);
    let held = case.desk.dossier(&"P0001".parse().unwrap()).unwrap().conferences.remove(0);
    assert_eq!(
        (held.held.visits, held.held.outlets_visited, held.held.publicity),
        (98, 1950, [true, true, false, true])
    );
    assert!(!held.failed && case.findings().is_empty(), "40 of 100 and 24 of 40 reach the marks exactly");
}

/// 1.6.1(1): with every outlet of the plan open no further conference is planned; until then it is planned and never
/// overdue. A self-operated provider has none.
#[test]
fn clause_1_6_1_1_no_conference_is_owed_when_the_roll_out_is_complete() {
    let case = Case::at("2011-03-01T09:00");
    case.did("territory-confirmed P0001 city=杭州 population=10001");
    case.open_outlet("O1");
    case.to("2011-05-01T09:00");
    assert_eq!(case.due("next-conference").len(), 1, "one is missing");
    assert!(!case.alerts().iter().any(|alert| alert.contains("next-conference")), "a plan is not overdue");
    case.open_outlet("O2");
    assert!(case.due("next-conference").is_empty());
    case.did("conference-held P0001 city=杭州 visits=1 outlets_visited=1 invited=1 attended=1 signed=1");
    assert!(case.due("next-conference").is_empty());
    let own = Case::self_operated("2011-03-01T09:00");
    own.did("territory-confirmed P0001 city=杭州 population=10001");
    assert!(own.due("next-conference").is_empty() && own.due("all-outlets").len() == 1);
    let held = "conference-held P0001 city=杭州 visits=1 outlets_visited=1 invited=1 attended=1 signed=1";
    refused(&own, held, "1.6.1(1)", "third-party only");
    refused(&own, "training-held P0001 city=杭州", "2.1.3", "third-party only");
}

/// 1.6.1(1)6: under 40 % came or under 60 % of those signed: a finding of 10, and nothing begins elsewhere until it is
/// put right; failing again after that is an alert that termination may be decided.
#[test]
fn clause_1_6_1_1_6_a_failed_conference_stops_expansion_elsewhere() {
    for (invited, attended, signed, fails) in [
        (100, 39, 39, true),
        (100, 40, 23, true),
        (1000, 399, 399, true),
        (5, 2, 2, false),
        (100, 40, 24, false),
        (10, 0, 0, true),
    ] {
        let case = Case::at("2011-03-01T09:00");
        case.did("territory-confirmed P0001 city=杭州 population=199999");
        let seq = case.did(&format!(
            "conference-held P0001 city=杭州 visits=1 outlets_visited=1 invited={invited} attended={attended} signed={signed}"
        ));
        let found = format!("conference-results/P0001/{seq}");
        assert_eq!(case.findings().contains(&found), fails, "{invited} {attended} {signed}");
        if fails {
            assert_eq!(case.finding(&found).points, Points(10));
            assert_eq!(case.finding(&found).measured, Measured::Conference { invited, attended, signed });
            refused(&case, "territory-confirmed P0001 city=宁波 population=1", "1.6.1(1)6", "expansion stopped");
        }
    }
    let case = Case::at("2011-03-01T09:00");
    case.did("territory-confirmed P0001 city=杭州 population=10001");
    case.open_outlet("O1");
    case.open_outlet("O2");
    case.did("first-batch-normal P0001 city=杭州");
    case.to("2011-05-10T09:00");
    let bad = "visits=1 outlets_visited=1 invited=100 attended=10 signed=10";
    let seq = case.did(&format!("conference-held P0001 city=杭州 {bad}"));
    assert_eq!(case.refused(&format!("conference-rectified P0001 conference={seq}")).reason(), "missing");
    refused(&case, "territory-confirmed P0001 city=宁波 population=1", "1.6.1(1)6", "expansion stopped");
    case.did("agreement-effective P0001 city=宁波 on=2011-05-09");
    case.did("territory-confirmed P0001 city=宁波 population=1 on=2011-05-09");
    let candidate = "outlet-proposed P0001 outlet_id=O9 city=宁波 name=店 staff=1";
    refused(&case, candidate, "1.6.1(1)6", "expansion stopped");
    case.did(&format!("conference-rectified P0001 conference={seq} note=已补办"));
    case.did(candidate);
    assert!(!case.alerts().iter().any(|a| a.contains("failed-again")));
    let again = case.did(&format!("conference-held P0001 city=宁波 {bad}"));
    let alert = case.alert(&format!("P0001/failed-again/{again}"));
    assert_eq!((alert.clause.as_str(), alert.level), ("1.6.1(1)6", 1));
    let id = format!("conference-results/P0001/{again}").parse().unwrap();
    case.ask(Command::DismissFinding { finding: id, reason: "名单有误".into() }).unwrap();
    case.did("agreement-effective P0001 city=温州");
    case.did("territory-confirmed P0001 city=温州 population=1");
}

/// 1.6.1: a third party expands two months after its first batch is normal, and the third month ends the time; a
/// self-operated provider need not wait.
#[test]
fn clause_1_6_1_the_second_stage_of_a_third_party() {
    let case = Case::at("2011-01-10T09:00");
    case.did("territory-confirmed P0001 city=杭州 population=10000");
    refused(&case, "territory-confirmed P0001 city=宁波 population=1", "1.6.1", "expansion too early");
    refused(&case, "first-batch-normal P0001 city=杭州", "1.6.1", "too few");
    case.open_outlet("O1");
    case.did("first-batch-normal P0001 city=杭州");
    assert_eq!(case.due("second-stage"), ["杭州 2011-04-10T23:59:59"]);
    case.to("2011-03-09T23:59:59");
    refused(&case, "territory-confirmed P0001 city=宁波 population=1", "1.6.1", "expansion too early");
    case.to("2011-03-10T00:00");
    case.did("agreement-effective P0001 city=宁波");
    case.did("territory-confirmed P0001 city=宁波 population=1");
    assert!(case.due("second-stage").is_empty());
    let own = Case::self_operated("2011-01-10T09:00");
    own.did("territory-confirmed P0001 city=杭州 population=10000");
    own.did("agreement-effective P0001 city=宁波");
    own.did("territory-confirmed P0001 city=宁波 population=1");
}

/// 3.1(1): at 50 points a new city is refused by its clause; the city of the agreement is not.
#[test]
fn clause_3_1_1_no_new_city_while_suspended() {
    let case = Case::self_operated("2011-03-10T09:00");
    case.deducted(40);
    case.did("agreement-effective P0001 city=宁波");
    case.did("territory-confirmed P0001 city=宁波 population=1");
    let there = koufen::domain::Outlet { city: "台州".into(), ..fixture::outlet("O1", "P0001") };
    case.ask(Command::AddOutlet(there)).unwrap();
    case.deducted(10);
    refused(&case, "territory-confirmed P0001 city=温州 population=1", "3.1(1)", "expansion suspended");
    case.did("territory-confirmed P0001 city=杭州 population=1");
    let outlet = |id: &str, city: &str| {
        Command::AddOutlet(koufen::domain::Outlet { city: city.into(), ..fixture::outlet(id, "P0001") })
    };
    assert_eq!(case.ask(outlet("O2", "温州")).unwrap_err().clause(), Some("3.1(1)"), "nor by a plain outlet");
    case.ask(outlet("O2", "宁波")).unwrap();
    case.ask(outlet("O3", "台州")).unwrap();
    case.to("2012-01-01T00:00");
    case.did("agreement-effective P0001 city=温州");
    case.did("territory-confirmed P0001 city=温州 population=1");
}

/// 1.6.2: a check that fails is a finding of its article, at its outlet.
#[test]
fn clause_1_6_2_checks_of_brand_and_material() {
    let case = Case::at("2011-03-10T09:00");
    case.ask(Command::AddOutlet(fixture::outlet("O1", "P0001"))).unwrap();
    case.did("brand-checked O1 passed=yes");
    assert!(case.findings().is_empty());
    for (kind, article, least) in [("brand", "brand-standard", 4), ("material", "unapproved-material", 5)] {
        let seq = case.did(&format!("{kind}-checked O1 passed=no on=2011-03-02"));
        let id = format!("{article}/P0001/{seq}");
        let found = case.finding(&id);
        assert_eq!((found.points, found.outlet.unwrap().as_str()), (Points(least), "O1"));
        let confirm = Command::ConfirmFinding { finding: id.parse().unwrap(), points: None, note: None };
        let line = case.desk.line(case.ask(confirm).unwrap().seq).unwrap().unwrap().1;
        assert_eq!((line.occurred_on.to_string().as_str(), line.outlet.unwrap().as_str()), ("2011-03-02", "O1"));
    }
}

/// 2.1.1(1)-(3): reviewed within 7 working days of the conference, signed within 5 of the review, opened within 3 of
/// signing; 1.4.2(3), 1.3(4), 1.4.4(5) on the way. Each late one is overdue.
#[test]
fn clause_2_1_1_candidates_are_reviewed_signed_and_opened_in_time() {
    let case = Case::at("2011-01-26T09:00");
    let conference = case.with_city();
    case.to("2011-01-28T09:00");
    let propose = |id: &str, staff: u32| {
        format!("outlet-proposed P0001 outlet_id={id} city=杭州 name=店 staff={staff} conference={conference}")
    };
    refused(&case, &propose("O1", 0), "1.4.2(3)", "too few");
    case.did(&propose("O1", 1));
    // 27, 28, 30 (made up) and 31 January, 1, 9 and 10 February.
    assert_eq!(case.due("review"), ["O1 2011-02-10T23:59:59"]);
    assert_eq!(case.refused(&propose("O1", 1)).reason(), "duplicate id");
    refused(&case, "outlet-signed O1 party=platform", "", "wrong stage");
    case.did("outlet-reviewed O1 passed=yes");
    assert!(case.due("review").is_empty());
    // From Friday 28 January: 30, 31, 1, 9, 10.
    assert_eq!(case.due("signing"), ["O1 2011-02-10T23:59:59"]);
    case.to("2011-02-01T17:00");
    refused(&case, "outlet-signed O1 party=provider", "1.4.4(5)", "not with the platform");
    case.did("outlet-signed O1 party=platform");
    // 9, 10 and 11 February.
    assert_eq!(case.due("outlet-permission"), ["O1 2011-02-11T23:59:59"]);
    assert_eq!(case.due("training"), ["O1 2011-02-11T23:59:59"], "10 days, holidays and all (2.1.3(1))");
    let record = case.desk.outlet(&"O1".parse().unwrap()).unwrap().unwrap();
    assert_eq!(record.signed_on.unwrap().to_string(), "2011-02-01");
    case.ask(Command::AmendOutlet(koufen::domain::Outlet { staff: None, ..record.clone() })).unwrap();
    refused(&case, "outlet-opened O1 real_time=yes", "1.4.2(3)", "too few");
    case.ask(Command::AmendOutlet(record)).unwrap();
    refused(&case, "outlet-opened O1 real_time=no", "1.3(4)", "not in real time");
    case.to("2011-02-12T00:00");
    let overdue = case.alerts().into_iter().find(|a| a.ends_with(".outlet-permission")).unwrap();
    assert_eq!((case.alert(&overdue).level, case.alert(&overdue).clause.as_str()), (2, "2.1.1(3)"));
    case.did("outlet-opened O1 real_time=yes");
    assert!(case.due("outlet-permission").is_empty() && !case.alerts().contains(&overdue));
    case.did(&propose("O2", 1));
    assert_eq!(case.refused("outlet-reviewed O2 passed=no").reason(), "missing", "a rejection has a reason");
    case.did("outlet-reviewed O2 passed=yes");
    case.did("outlet-reviewed O2 passed=no note=面积不足");
    assert!(!case.due("signing").iter().any(|due| due.starts_with("O2")), "one that was turned down signs no more");
    refused(&case, "outlet-signed O2 party=platform", "", "wrong stage");
    refused(&case, "outlet-proposed P0001 outlet_id=O3 city=宁波 name=店", "1.6.1(2)", "unknown territory");
}

/// 2.1.1(4): the freeze application within 15 working days of the conference, errors not over 1 %.
#[test]
fn clause_2_1_1_4_freeze_applications_late_or_wrong_are_found() {
    for (entries, errors, found) in [(100, 1, false), (100, 2, true), (199, 2, true), (200, 2, false), (0, 0, false)] {
        let case = Case::at("2011-09-20T09:00");
        let conference = case.with_city();
        // 21, 22, 23, 26 to 30 September: 8; 8, 9 October made up: 10; 10 to 14: 15.
        assert_eq!(case.due("freeze-application"), ["杭州 2011-10-14T23:59:59"]);
        case.to("2011-10-14T18:00");
        refused(
            &case,
            &format!("freeze-applied P0001 conference={conference} entries=1 errors=2"),
            "",
            "part over whole",
        );
        refused(&case, "freeze-applied P0001 conference=1 entries=1 errors=0", "", "unknown entry");
        case.did(&format!("freeze-applied P0001 conference={conference} entries={entries} errors={errors}"));
        let id = format!("signing-delay/P0001/{conference}");
        assert_eq!(case.findings().contains(&id), found, "{errors} of {entries}");
        if found {
            let measured = Measured::Share { part: errors, whole: entries, percent: 1 };
            assert_eq!(case.finding(&id).measured, measured);
        }
        case.did(&format!("freeze-applied P0001 conference={conference} entries=1 errors=0 note=补录"));
    }
    let case = Case::at("2011-09-20T09:00");
    let conference = case.with_city();
    case.to("2011-10-15T00:00");
    let id = format!("signing-delay/P0001/{conference}");
    assert_eq!(case.finding(&id).points, Points(5));
    case.did(&format!("freeze-applied P0001 conference={conference} entries=100 errors=50"));
    let done = Some(moment("2011-10-15T00:00"));
    let due = moment("2011-10-14T23:59:59");
    let both = Measured::LateAndFaulty { due, done, part: 50, whole: 100, percent: 1 };
    assert_eq!(case.finding(&id).measured, both, "one finding names both");
}

/// 2.1.2: a self-operated provider's first pilot batch within 15 working days of the agreement.
#[test]
fn clause_2_1_2_the_pilot_batch_of_a_self_operated_provider() {
    let case = Case::self_operated("2010-12-27T09:00");
    case.frozen();
    // 28 to 31 December: 4; 3 January off; 4 to 7: 8; 10 to 14: 13; 17, 18: 15.
    assert_eq!(case.due("pilot-batch"), ["杭州 2011-01-18T23:59:59"]);
    case.did("pilot-done P0001 city=杭州");
    assert!(case.due("pilot-batch").is_empty());
    refused(&case, "pilot-done P0001 city=杭州", "2.1.2", "nothing due");
    let third = Case::at("2010-12-27T09:00");
    third.frozen();
    assert!(third.due("pilot-batch").is_empty(), "a third party has none");
}

/// 2.1.3: trained within 10 days of signing, guided within 7, checked 7 later; over 15 % failed is a finding.
#[test]
fn clause_2_1_3_training_guidance_and_check() {
    for (checked, failed, found) in [(20, 3, false), (20, 4, true), (100, 15, false), (100, 16, true), (13, 2, true)] {
        let case = Case::at("2011-12-20T09:00");
        case.with_city();
        case.signed_outlet("O1");
        case.signed_outlet("O2");
        assert_eq!(case.due("training"), ["O1 2011-12-30T23:59:59", "O2 2011-12-30T23:59:59"]);
        refused(&case, "training-held P0001 city=宁波", "1.6.1(2)", "unknown territory");
        case.to("2011-12-28T09:00");
        let training = case.did("training-held P0001 city=杭州");
        assert!(case.due("training").is_empty(), "all of the city that waited");
        refused(&case, "training-held P0001 city=杭州", "2.1.3(1)", "nothing due");
        assert_eq!(case.due("guidance"), ["杭州 2012-01-04T23:59:59"]);
        let check = format!("training-checked P0001 training={training} checked={checked} failed={failed}");
        case.to("2012-01-04T09:00");
        case.did(&format!("training-guided P0001 training={training}"));
        assert_eq!(case.due("training-check"), [format!("#{training} 2012-01-11T23:59:59")]);
        case.to("2012-01-11T09:00");
        refused(
            &case,
            &format!("training-checked P0001 training={training} checked=1 failed=2"),
            "",
            "part over whole",
        );
        case.did(&check);
        let id = format!("training-failure/P0001/{training}");
        assert_eq!(case.findings().contains(&id), found, "{failed} of {checked}");
        if found {
            assert_eq!(case.finding(&id).points, Points(15));
        }
        assert!(case.due("training-check").is_empty());
        refused(&case, &check, "", "unknown entry");
    }
}

/// 2.2.1: a promotion a month, its material before it; more than a month without is found, once.
#[test]
fn clause_2_2_1_a_promotion_every_month() {
    let case = Case::at("2011-01-31T09:00");
    case.did("promotion-held P0001 title=试水 material_on=2010-12-01 on=2010-12-31");
    assert!(case.due("promotion").is_empty(), "without outlets no promotion is owed");
    case.ask(Command::AddOutlet(fixture::outlet("O1", "P0001"))).unwrap();
    let first = case.did("promotion-held P0001 title=年货 material_on=2011-01-25");
    assert_eq!(case.due("promotion"), ["2011-02-28T23:59:59"]);
    case.to("2011-02-28T23:59:59");
    assert!(case.findings().is_empty());
    case.to("2011-03-01T00:00");
    let id = format!("promotion-gap/P0001/{first}");
    assert_eq!(case.findings(), std::slice::from_ref(&id));
    case.to("2011-03-05T09:00");
    case.did("promotion-held P0001 title=春装 material_on=2011-03-01");
    let (due, done) = (moment("2011-02-28T23:59:59"), Some(moment("2011-03-05T00:00")));
    assert_eq!(case.finding(&id).measured, Measured::Missed { due, done, need: 0, have: 0 });
    assert_eq!(case.due("promotion"), ["2011-04-05T23:59:59"]);
    case.did("promotion-held P0001 title=补记 material_on=2011-02-01 on=2011-02-10");
    assert_eq!(case.due("promotion"), ["2011-04-05T23:59:59"], "the latest counts, whichever was typed last");
    assert!(case.findings().is_empty(), "there was no gap");
}

/// 2.2.2: a complaint of an outlet is a finding of 1 to 2 points; of one problem they add up to 10 at most.
#[test]
fn clause_2_2_2_complaints_of_one_problem_are_capped() {
    let case = Case::at("2011-03-10T09:00");
    case.ask(Command::AddOutlet(fixture::outlet("O1", "P0001"))).unwrap();
    let confirm = |problem: &str| {
        let seq = case.did(&format!("complained O1 from=outlet problem={problem}"));
        let finding = format!("outlet-complaint/P0001/{seq}").parse().unwrap();
        case.ask(Command::ConfirmFinding { finding, points: Some(Points(2)), note: None }).unwrap();
        case.desk.provider(&"P0001".parse().unwrap(), 2011).unwrap().unwrap().score
    };
    let scores: Vec<Score> = (0..7).map(|_| confirm("退货")).collect();
    assert_eq!(scores, [2, 4, 6, 8, 10, 10, 10].map(Score));
    assert_eq!(confirm("发票"), Score(12));
    let seq = case.did("complained O1 from=consumer problem=发货");
    assert!(!case.findings().contains(&format!("outlet-complaint/P0001/{seq}")), "a consumer's is 1.4.4(3)");
}

/// 1.4.4(3): a complaint can order a compensation and a correction, which is an alert until it is done.
#[test]
fn clause_1_4_4_3_compensation_and_correction() {
    let case = Case::at("2011-03-10T09:00");
    case.ask(Command::AddOutlet(fixture::outlet("O1", "P0001"))).unwrap();
    let complaint = case.did("complained O1 from=consumer problem=发货");
    let order = format!("complaint-ordered P0001 complaint={complaint} compensation=88 correct=yes");
    assert_eq!(case.refused(&order).reason(), "missing");
    refused(&case, "complaint-ordered P0001 complaint=1 correct=no note=x", "", "unknown entry");
    let seq = case.did(&format!("{order} note=查实"));
    assert_eq!(case.alert(&format!("P0001/correction/{seq}")).clause, "1.4.4(3)");
    let dossier = case.desk.dossier(&"P0001".parse().unwrap()).unwrap();
    assert_eq!(dossier.money.awarded().to_string(), "88");
    case.did(&format!("corrected P0001 order={seq}"));
    assert!(case.alerts().is_empty());
    refused(&case, &format!("corrected P0001 order={seq}"), "", "unknown entry");
    case.did("outlet-closed O1 note=责令关闭");
    case.is_sound();
}

/// 1.4.1: the platform suspends with a reason, and gives back with one.
#[test]
fn clause_1_4_1_an_outlet_is_suspended_with_a_reason() {
    let case = Case::at("2011-03-10T09:00");
    case.ask(Command::AddOutlet(fixture::outlet("O1", "P0001"))).unwrap();
    let stage = || case.desk.life(&"O1".parse().unwrap()).unwrap().unwrap().stage.word();
    assert_eq!(case.refused("outlet-suspended O1").reason(), "missing");
    case.did("outlet-suspended O1 note=冒用资质");
    assert_eq!(stage(), "suspended");
    refused(&case, "outlet-suspended O1 note=x", "", "wrong stage");
    case.did("outlet-resumed O1 note=查清");
    assert_eq!(stage(), "open");
    assert_eq!(case.refused("outlet-suspended O1 note=x on=2011-03-09").reason(), "stands against");
}

/// 2.2.4(1): an exit needs its application and all three pieces of evidence.
#[test]
fn clause_2_2_4_1_an_exit_needs_its_evidence() {
    let case = Case::at("2011-03-10T09:00");
    case.ask(Command::AddOutlet(fixture::outlet("O1", "P0001"))).unwrap();
    refused(&case, "outlet-exited O1 evidence=form,photos,statement", "", "wrong stage");
    let exit = Command::OpenRequest { outlet: "O1".parse().unwrap(), kind: RequestKind::Exit, at: None, note: None };
    case.ask(exit).unwrap();
    for (evidence, missing) in [("form", 2), ("form,photos", 1), ("statement", 2)] {
        let koufen::domain::Refusal::EvidenceMissing { missing: is } =
            case.refused(&format!("outlet-exited O1 evidence={evidence}"))
        else {
            panic!("{evidence}")
        };
        assert_eq!(is.len(), missing);
    }
    case.did("outlet-exited O1 evidence=form,photos,statement");
    assert_eq!(case.desk.life(&"O1".parse().unwrap()).unwrap().unwrap().stage.word(), "exited");
    assert!(case.due("exit-answer").is_empty(), "an exit completed in time is an answer");
    let again = Command::OpenRequest { outlet: "O1".parse().unwrap(), kind: RequestKind::Exit, at: None, note: None };
    assert!(case.ask(again).is_err());
}

/// 2.2.4(2): claims after an exit are open until closed; one that the provider blocked is a finding.
#[test]
fn clause_2_2_4_2_claims_after_an_exit() {
    let case = Case::at("2011-03-10T09:00");
    case.ask(Command::AddOutlet(fixture::outlet("O1", "P0001"))).unwrap();
    refused(&case, "claim-opened O1", "", "wrong stage");
    case.did("outlet-closed O1 note=撤店");
    for blocked in ["no", "yes"] {
        let claim = case.did("claim-opened O1 note=未发货");
        assert_eq!(case.alert(&format!("P0001/claim/{claim}")).clause, "2.2.4(2)");
        let close = format!("claim-closed P0001 claim={claim} blocked={blocked}");
        assert_eq!(case.refused(&close).reason(), "missing");
        case.did(&format!("{close} note=已退款"));
        let found = format!("after-exit-dispute/P0001/{claim}");
        assert_eq!(case.findings().contains(&found), blocked == "yes");
        assert!(!case.alerts().contains(&format!("P0001/claim/{claim}")));
    }
}

/// 2.2.3(1): more than 10 % of the plan left in the first three calendar months; one step before it is an alert, and
/// it is charged only after an investigation that names the unmet demand.
#[test]
fn clause_2_2_3_1_early_attrition_needs_its_investigation() {
    let case = Case::at("2011-01-20T09:00");
    let seq = case.did("territory-confirmed P0001 city=杭州 population=199999");
    (1..=4).for_each(|n| case.open_outlet(&format!("O{n}")));
    case.to("2011-03-31T09:00");
    case.did("outlet-closed O1 note=x");
    let near = format!("P0001/near-attrition/{seq}");
    assert!(!case.alerts().contains(&near), "1 of 20; 2 would still be 10 %");
    case.did("outlet-closed O2 note=x");
    assert_eq!(case.alert(&near).clause, "2.2.3(1)");
    let id = format!("early-attrition/P0001/{seq}");
    assert!(!case.findings().contains(&id), "2 of 20 is not over 10 %");
    case.did("outlet-closed O3 note=x");
    let measured = Measured::Share { part: 3, whole: 20, percent: 10 };
    assert_eq!(case.finding(&id).measured, measured);
    let confirm = || case.ask(Command::ConfirmFinding { finding: id.parse().unwrap(), points: None, note: None });
    assert_eq!(confirm().unwrap_err().clause(), Some("2.2.3(1)"));
    case.did("attrition-investigated P0001 city=杭州 fault=no unmet_demand=十家 note=调查");
    assert_eq!(confirm().unwrap_err().reason(), "not investigated");
    case.did("attrition-investigated P0001 city=杭州 fault=yes note=调查");
    assert!(confirm().is_err(), "the unmet demand is named");
    case.did("attrition-investigated P0001 city=杭州 fault=yes unmet_demand=十家 note=调查");
    confirm().unwrap();
    case.to("2011-04-21T09:00");
    case.did("outlet-closed O4 note=x");
    let left = case.desk.dossier(&"P0001".parse().unwrap()).unwrap().territories[0].left_early;
    assert_eq!(left, 3, "opened on 20 January: the three months are over");
}

/// 2.2.3(2): the standard of a region with its inputs; a new one takes the place of the old.
#[test]
fn clause_2_2_3_2_a_weed_out_standard_is_kept() {
    let case = Case::at("2011-03-10T09:00");
    case.did("weed-out-agreed P0001 region=华东 standard=两月低于千元 complaints=3 turnover=1000 members=20");
    case.did("weed-out-agreed P0001 region=华南 standard=三次投诉");
    case.did("weed-out-agreed P0001 region=华东 standard=新标准 complaints=2");
    let kept = case.desk.dossier(&"P0001".parse().unwrap()).unwrap().weed_out;
    let kept: Vec<_> = kept.iter().map(|w| (w.region.as_str(), w.standard.as_str(), w.complaints, w.members)).collect();
    assert_eq!(kept, [("华南", "三次投诉", None, None), ("华东", "新标准", Some(2), None)]);
}

/// 1.3(5): a reported month with an order that lacks its final status is an alert until it is corrected.
#[test]
fn clause_1_3_5_final_status_below_all_is_an_alert() {
    let case = Case::at("2011-03-10T09:00");
    case.ask(Command::AddOutlet(fixture::outlet("O1", "P0001"))).unwrap();
    let turnover = |with_final_status| koufen::domain::Turnover {
        outlet: "O1".parse().unwrap(),
        month: "2011-02".parse().unwrap(),
        amount: koufen::money::Fen(1),
        orders: Some(10),
        with_final_status: Some(with_final_status),
    };
    case.ask(Command::RecordTurnover(turnover(9))).unwrap();
    let alert = case.alert("P0001/final-status/2011-02");
    assert_eq!((alert.clause.as_str(), alert.level), ("1.3(5)", 1));
    case.ask(Command::AmendTurnover { turnover: turnover(10), reason: "补报".into() }).unwrap();
    assert!(case.alerts().is_empty());
}

/// 1.4.4(5), 2.2.4: an outlet goes to another provider when nothing is due of it.
#[test]
fn clause_1_4_4_5_an_outlet_changes_hands() {
    let case = Case::at("2011-03-10T09:00");
    case.ask(Command::AddOutlet(fixture::outlet("O1", "P0001"))).unwrap();
    case.ask(Command::AddProvider(fixture::provider("P0002", "金星"))).unwrap();
    let help = Command::OpenRequest { outlet: "O1".parse().unwrap(), kind: RequestKind::Help, at: None, note: None };
    let request = case.ask(help).unwrap().seq;
    assert_eq!(case.refused("outlet-transferred O1 to=P0001 note=x").reason(), "outlet of another provider");
    case.did("outlet-transferred O1 to=P0002 note=接管");
    let due = case.desk.deadlines(Some(&"P0001".parse().unwrap())).unwrap();
    assert_eq!(due[0].seq, request, "its provider of that day answers what was asked (decision 15)");
    case.ask(Command::AnswerRequest { request, at: None, note: None }).unwrap();
    let outlet = case.desk.outlet(&"O1".parse().unwrap()).unwrap().unwrap();
    assert_eq!(outlet.provider.as_str(), "P0002");
    assert!(case.desk.outlets(&"P0001".parse().unwrap(), None, 9).unwrap().is_empty());
    assert_eq!(case.desk.outlets(&"P0002".parse().unwrap(), None, 9).unwrap(), [outlet]);
    let from = case.desk.life(&"O1".parse().unwrap()).unwrap().unwrap().from.unwrap();
    assert_eq!(from.as_str(), "P0001");
    case.did("outlet-suspended O1 note=x");
}

/// Alerts: due soon, overdue, and what people do; worse reopens, over resolves.
#[test]
fn alerts_live_from_firing_to_resolved_and_reopen_when_worse() {
    let case = Case::at("2011-03-14T09:00");
    case.ask(Command::AddOutlet(fixture::outlet("O1", "P0001"))).unwrap();
    case.did("territory-confirmed P0001 city=杭州 population=199999");
    case.did("outlet-proposed P0001 outlet_id=O2 city=杭州 name=店 staff=1");
    assert!(case.alerts().is_empty(), "due on the 23rd: not soon");
    case.to("2011-03-20T23:59:59");
    assert!(case.alerts().is_empty(), "Sunday: the second working day from it is the 22nd");
    case.to("2011-03-21T00:00");
    let id = case.alerts().remove(0);
    assert_eq!(case.alert(&id).state, AlertState::Firing);
    let mark = |mark: Mark| {
        let alert = case.alert(&id);
        let (provider, subject) = (alert.provider, alert.subject);
        case.ask(Command::MarkAlert { provider, subject, mark })
    };
    mark(Mark::Acknowledged).unwrap();
    assert_eq!(case.alert(&id).state, AlertState::Acknowledged);
    assert!(mark(Mark::Snoozed { until: moment("2011-03-21T00:00") }).is_err(), "a snooze ends later");
    mark(Mark::Snoozed { until: moment("2011-03-21T08:00") }).unwrap();
    assert_eq!(case.alert(&id).state, AlertState::Snoozed);
    case.to("2011-03-21T08:00");
    assert_eq!(case.alert(&id).state, AlertState::Firing);
    assert!(mark(Mark::Assigned { to: " ".into() }).is_err());
    mark(Mark::Assigned { to: "李雷".into() }).unwrap();
    assert_eq!(case.alert(&id).state, AlertState::Assigned);
    case.to("2011-03-24T00:00");
    assert_eq!((case.alert(&id).state, case.alert(&id).level), (AlertState::Reopened, 2));
    case.did("outlet-reviewed O2 passed=yes");
    assert_eq!(case.alert(&id).state, AlertState::Resolved);
}

/// Thresholds 40, 50, 80 and 100 are alerts of one name, reopened at each.
#[test]
fn clause_3_1_and_3_2_thresholds_are_alerts() {
    let case = Case::at("2011-03-14T09:00");
    case.deducted(39);
    assert!(case.alerts().is_empty());
    for (points, level, says) in [
        (10, 40, "alert-score-watch"),
        (10, 50, "alert-score-suspended"),
        (21, 80, "alert-score-critical"),
        (20, 100, "alert-score-terminable"),
    ] {
        case.deducted(points);
        let alert = case.alert("P0001/score/2011");
        assert_eq!((alert.level, alert.says.0), (level, says));
        let state = if level == 40 { AlertState::Firing } else { AlertState::Reopened };
        assert_eq!(alert.state, state);
        let (provider, subject) = (alert.provider, alert.subject);
        case.ask(Command::MarkAlert { provider, subject, mark: Mark::Acknowledged }).unwrap();
    }
}

/// What is over and comes back is not quiet because it was seen before.
#[test]
fn an_alert_that_comes_back_is_reopened() {
    let case = Case::at("2011-03-14T09:00");
    let ack = |id: &str| {
        let alert = case.alert(id);
        let (provider, subject) = (alert.provider, alert.subject);
        case.ask(Command::MarkAlert { provider, subject, mark: Mark::Acknowledged }).unwrap();
    };
    case.deducted(40);
    case.deducted(10);
    let line = koufen::ids::Seq(case.desk.stats().unwrap().entries);
    ack("P0001/score/2011");
    case.ask(Command::Reverse { line, reason: "误记".into() }).unwrap();
    assert_eq!(case.alert("P0001/score/2011").state, AlertState::Acknowledged, "40 is less than was seen");
    case.deducted(10);
    assert_eq!(case.alert("P0001/score/2011").state, AlertState::Reopened);
    case.ask(Command::AddOutlet(fixture::outlet("O1", "P0001"))).unwrap();
    let turnover = |with_final_status| koufen::domain::Turnover {
        outlet: "O1".parse().unwrap(),
        month: "2011-02".parse().unwrap(),
        amount: koufen::money::Fen(1),
        orders: Some(10),
        with_final_status: Some(with_final_status),
    };
    let amend = |n| Command::AmendTurnover { turnover: turnover(n), reason: "补报".into() };
    case.ask(Command::RecordTurnover(turnover(9))).unwrap();
    ack("P0001/final-status/2011-02");
    case.ask(amend(10)).unwrap();
    assert_eq!(case.alert("P0001/final-status/2011-02").state, AlertState::Resolved);
    case.ask(amend(9)).unwrap();
    assert_eq!(case.alert("P0001/final-status/2011-02").state, AlertState::Reopened);
}

/// Regression: `alert ack` took any subject and any level from whoever asked, so that an alert could be silenced for
/// good before it fired.
#[test]
fn only_an_alert_that_is_there_can_be_marked_and_as_bad_as_it_is() {
    let case = Case::at("2011-03-14T09:00");
    let provider = || "P0001".parse().unwrap();
    let ack = |subject| case.ask(Command::MarkAlert { provider: provider(), subject, mark: Mark::Acknowledged });
    let refused = ack(AlertSubject::Score(2011)).unwrap_err();
    assert_eq!(refused.reason(), "unknown alert");
    case.deducted(40);
    ack(AlertSubject::Score(2011)).unwrap();
    assert_eq!(case.alert("P0001/score/2011").marked.unwrap().level, 40);
    assert!(ack(AlertSubject::Deposit).is_err());
}

/// Regression: two compensations beyond what a number holds ended the writer.
#[test]
fn clause_1_4_4_3_compensations_together_stay_countable() {
    let case = Case::at("2011-03-14T09:00");
    case.ask(Command::AddOutlet(fixture::outlet("O1", "P0001"))).unwrap();
    let complaint = case.did("complained O1 from=consumer problem=发货");
    case.did(&format!("complaint-ordered P0001 complaint={complaint} compensation=900000000000000 correct=no note=赔"));
    let again =
        format!("complaint-ordered P0001 complaint={complaint} compensation=900000000000000 correct=no note=赔");
    assert_eq!(case.why(&again), ("1.4.4(3)".to_owned(), "amount too large"));
    case.did(&format!("complaint-ordered P0001 complaint={complaint} compensation=100 correct=no note=赔"));
}
