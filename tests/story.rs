//! From an application to a missed promotion, with a clock that the test sets: deadlines pass, findings and alerts
//! come by themselves at the right second. And what must hold whatever order commands come in.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

#[path = "fixture/case.rs"]
#[allow(dead_code, reason = "the clauses' tests use the rest of it")]
mod case;
mod fixture;

use case::{Case, moment};
use koufen::calendar::Calendar;
use koufen::desk::{Desk, ManualClock, OpenOptions};
use koufen::domain::{AlertState, Command, Mark, ObligationKind, RequestKind};
use koufen::points::{Points, Score};
use koufen::rulebook::Rulebook;
use koufen::store::Due;
use koufen::time::show_moment;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Item 6 of the issue: the whole way of a provider.
#[test]
fn a_provider_is_admitted_opens_a_city_and_what_it_misses_shows_by_itself() {
    let case = Case::at("2011-01-24T09:00");
    let stage = || case.desk.dossier(&"P0001".parse().unwrap()).unwrap().stage().word();
    case.frozen();
    assert_eq!(stage(), "frozen");
    // 25 to 28 January are 4; Sunday the 30th was made up: 5.
    assert_eq!(case.due("permission"), ["2011-01-30T23:59:59"]);
    case.to("2011-01-27T08:59:59");
    assert_eq!(case.alerts().len(), 1, "due soon: two working days ahead");
    for department in ["legal", "finance", "system-development", "department-head", "expansion"] {
        case.did(&format!("informed P0001 department={department}"));
    }
    case.did("permission-opened P0001");
    assert_eq!((stage(), case.alerts().len()), ("active", 0));

    // It opens a city and holds a conference before the Spring Festival.
    let city = case.did("territory-confirmed P0001 city=杭州 population=25000");
    case.to("2011-01-28T18:00");
    let conference = case.did(
        "conference-held P0001 city=杭州 visits=100 outlets_visited=2000 invited=100 attended=60 signed=40 publicity=abcd",
    );
    for id in ["O1", "O2", "O3"] {
        case.did(&format!("outlet-proposed P0001 outlet_id={id} city=杭州 name=店 staff=1 conference={conference}"));
    }
    // 30, 31 January, 1 February, then 9 to 12 (the Saturday was made up).
    assert_eq!(case.due("review")[0], "O1 2011-02-12T23:59:59");
    case.to("2011-02-10T10:00");
    let each = |ids: &[&str], kind: &str, fields: &str| {
        for id in ids {
            case.did(&format!("{kind} {id} {fields}"));
        }
    };
    each(&["O1", "O2", "O3"], "outlet-reviewed", "passed=yes");
    each(&["O1", "O2"], "outlet-signed", "party=platform");
    each(&["O1", "O2"], "outlet-opened", "real_time=yes");
    assert!(case.due("first-batch").is_empty(), "2 of 3 are 65 %");
    case.did(&format!("freeze-applied P0001 conference={conference} entries=3 errors=0"));
    let training = case.did("training-held P0001 city=杭州");
    case.to("2011-02-16T10:00");
    case.did(&format!("training-guided P0001 training={training}"));
    case.did(&format!("training-checked P0001 training={training} checked=2 failed=1"));
    assert_eq!(case.findings(), [format!("training-failure/P0001/{training}")]);

    // It misses its promotion: the finding and its alert come in the second after the month is over.
    assert_eq!(case.due("promotion"), ["2011-03-10T23:59:59"], "a month from the first outlet's opening");
    case.to("2011-03-10T23:59:59");
    assert_eq!(case.findings().len(), 1);
    case.to("2011-03-11T00:00");
    let gap = case.findings().into_iter().find(|id| id.starts_with("promotion-gap/")).unwrap();
    let alert = format!("P0001/finding/{}", gap.replace("/P0001", ""));
    assert_eq!(case.alert(&alert).state, AlertState::Firing);
    let confirm = Command::ConfirmFinding { finding: gap.parse().unwrap(), points: Some(Points(20)), note: None };
    case.ask(confirm).unwrap();
    assert!(!case.alerts().contains(&alert));

    // It answers a help request late: an alert, soon, then overdue, in the right second.
    case.to("2011-03-18T20:00");
    let help = Command::OpenRequest { outlet: "O1".parse().unwrap(), kind: RequestKind::Help, at: None, note: None };
    let request = case.ask(help).unwrap().seq;
    let late = format!("P0001/due/{request}.help-answer");
    assert_eq!(case.alert(&late).level, 1);
    let found = case.alert(&late);
    let (provider, subject) = (found.provider, found.subject);
    case.ask(Command::MarkAlert { provider, subject, mark: Mark::Acknowledged }).unwrap();
    case.to("2011-03-21T08:00");
    assert_eq!(case.alert(&late).state, AlertState::Acknowledged);
    case.to("2011-03-21T08:00:01");
    assert_eq!((case.alert(&late).level, case.alert(&late).state), (2, AlertState::Reopened));
    case.ask(Command::AnswerRequest { request, at: None, note: None }).unwrap();
    assert_eq!(case.alert(&late).state, AlertState::Resolved);

    // All outlets within 105 days of 27 January: the third never signed.
    assert_eq!(case.due("all-outlets"), ["杭州 2011-05-12T23:59:59"]);
    case.to("2011-05-13T00:00");
    assert!(case.findings().contains(&format!("rollout-shortfall/P0001/{city}.all")));
    assert_eq!(case.desk.provider(&"P0001".parse().unwrap(), 2011).unwrap().unwrap().score, Score(20));
    // O3 was never signed, and that was overdue since February.
    assert!(case.alerts().iter().any(|id| id.ends_with(".signing") && case.alert(id).level == 2));
    case.is_sound();
}

/// A new calendar counts open obligations again, says what moved, and is kept: what was done before stays.
#[test]
fn decision_1_a_new_calendar_moves_what_is_open_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let open = |calendar: Calendar| {
        let clock = Arc::new(ManualClock::at(moment("2011-09-28T09:00")));
        let (path, rulebook) = (folder.path().to_owned(), Rulebook::shipped().unwrap());
        Desk::open(OpenOptions {
            path,
            rulebook,
            calendar,
            clock,
            wait: std::time::Duration::ZERO,
            progress: &mut |_| {},
        })
        .unwrap()
        .desk
    };
    let who = fixture::who("tester");
    let provider = || "P0001".parse().unwrap();
    let due = |desk: &Desk| -> Vec<String> {
        let rows: Vec<Due> = desk.deadlines(None).unwrap();
        let answers = rows.iter().filter(|d| d.obligation.kind == ObligationKind::ExitAnswer);
        answers.map(|d| format!("{} {}", d.obligation.kind.word(), show_moment(d.obligation.due))).collect()
    };
    let desk = open(Calendar::shipped().unwrap());
    desk.submit(&who, Command::AddProvider(fixture::provider("P0001", "捷达"))).unwrap();
    for id in ["O1", "O2"] {
        desk.submit(&who, Command::AddOutlet(fixture::outlet(id, "P0001"))).unwrap();
        let exit = |kind| Command::OpenRequest { outlet: id.parse().unwrap(), kind, at: None, note: None };
        desk.submit(&who, exit(RequestKind::Exit)).unwrap();
    }
    assert_eq!(due(&desk), ["exit-answer 2011-09-30T23:59:59", "exit-answer 2011-09-30T23:59:59"]);
    let refused = desk.submit(&who, Command::ReplayObligations { provider: provider() });
    assert!(format!("{refused:?}").contains("NothingMoves"), "{refused:?}");
    desk.close().unwrap();
    // The same days, with 30 September made a holiday: the second working day is 8 October, made up.
    let days = "date,kind,occasion\n2011-09-30,holiday,x\n2011-10-03,holiday,x\n2011-10-04,holiday,x\n\
                2011-10-05,holiday,x\n2011-10-06,holiday,x\n2011-10-07,holiday,x\n2011-10-08,workday,x\n";
    let desk = open(Calendar::parse(days).unwrap());
    assert_eq!(due(&desk), ["exit-answer 2011-09-30T23:59:59", "exit-answer 2011-09-30T23:59:59"], "until it is asked");
    desk.submit(&who, Command::ReplayObligations { provider: provider() }).unwrap();
    assert_eq!(due(&desk), ["exit-answer 2011-10-08T23:59:59", "exit-answer 2011-10-08T23:59:59"]);
    let running = desk.view_digest().unwrap();
    desk.rebuild(&mut |_| {}).unwrap();
    assert_eq!(running, desk.view_digest().unwrap());
    desk.close().unwrap();
}

/// What can be typed in any order; ids are small, so that much of it meets.
fn typed() -> impl Strategy<Value = String> {
    let outlet = (0..3u8).prop_map(|n| format!("O{n}"));
    let city = prop::sample::select(vec!["杭州", "宁波"]);
    // The steps of a life come more often, so that lives get somewhere.
    let kind = prop_oneof![2 => 0..26usize, 3 => 5..13usize, 1 => 15..19usize];
    let any = (kind, outlet, city, 1..60u64, 0..40u32, any::<bool>());
    any.prop_map(|(kind, o, city, entry, n, yes)| {
        let yes = if yes { "yes" } else { "no" };
        match kind {
            0 => format!("territory-confirmed P0001 city={city} population={}", 1 + n * 3000),
            1 => format!("first-batch-normal P0001 city={city}"),
            2 => format!(
                "conference-held P0001 city={city} visits=1 outlets_visited=1 invited=20 attended={n} signed={}",
                n / 2
            ),
            3 => format!("conference-rectified P0001 conference={entry} note=x"),
            4 => format!("freeze-applied P0001 conference={entry} entries=40 errors={n}"),
            5 | 6 => format!("outlet-proposed P0001 outlet_id={o} city={city} name=店 staff=1"),
            7 | 8 => format!("outlet-reviewed {o} passed={yes} note=x"),
            9 | 10 => format!("outlet-signed {o} party=platform"),
            11 | 12 => format!("outlet-opened {o} real_time=yes"),
            13 => format!("outlet-suspended {o} note=x"),
            14 => format!("outlet-resumed {o} note=x"),
            15 => format!("outlet-closed {o} note=x"),
            16 => format!("outlet-transferred {o} to=P0002 note=x"),
            17 => format!("outlet-exited {o} evidence=form,photos,statement"),
            18 => format!("training-held P0001 city={city}"),
            19 => format!("training-guided P0001 training={entry}"),
            20 => format!("training-checked P0001 training={entry} checked=40 failed={n}"),
            21 => "promotion-held P0001 title=x material_on=2011-01-01".to_owned(),
            22 => format!("complained {o} from=outlet problem=x"),
            23 => format!("claim-opened {o}"),
            24 => format!("claim-closed P0001 claim={entry} blocked={yes} note=x"),
            _ => format!("exit-asked {o}"),
        }
    })
}

#[derive(Clone, Debug)]
enum Step {
    Wait(i64),
    Type(String),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![1 => (1..9 * 86_400i64).prop_map(Step::Wait), 8 => typed().prop_map(Step::Type)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// No order of commands makes a state that the clauses forbid, and the view that ran along is the one that is
    /// made from nothing.
    #[test]
    fn no_order_of_commands_makes_a_forbidden_state(steps in prop::collection::vec(step(), 1..240)) {
        let case = Case::at("2011-01-20T09:00");
        case.ask(Command::AddProvider(fixture::provider("P0002", "金星"))).unwrap();
        case.ask(Command::AddOutlet(fixture::outlet("O9", "P0001"))).unwrap();
        case.did("territory-confirmed P0001 city=杭州 population=30000");
        for step in steps {
            match step {
                Step::Wait(seconds) => case.clock.advance(seconds),
                Step::Type(text) => {
                    if let Ok(command) = case.read(&text) {
                        let before = case.desk.stats().unwrap().entries;
                        let tried = case.desk.preview(&fixture::who("ops"), &command).map(|preview| preview.event);
                        let done = case.ask(command).map(|receipt| receipt.event);
                        prop_assert_eq!(tried.ok(), done.clone().ok(), "deciding twice gives the same");
                        let refused = done.is_err();
                        prop_assert_eq!(case.desk.stats().unwrap().entries, before + u64::from(!refused));
                    }
                }
            }
            holds(&case)?;
        }
        let running = case.desk.view_digest().unwrap();
        case.desk.rebuild(&mut |_| {}).unwrap();
        prop_assert_eq!(running, case.desk.view_digest().unwrap());
    }
}

fn holds(case: &Case) -> Result<(), TestCaseError> {
    let dossier = case.desk.dossier(&"P0001".parse().unwrap()).unwrap();
    let rows = case.desk.deadlines(None).unwrap();
    prop_assert!(rows.is_sorted_by_key(|d| d.obligation.due));
    let ids: BTreeSet<_> = rows.iter().map(|d| (d.seq, d.obligation.kind)).collect();
    prop_assert_eq!(ids.len(), rows.len(), "an obligation is known by its entry and kind");
    let lives = case.desk.lives(&"P0001".parse().unwrap(), None, 99).unwrap();
    for row in &lives {
        let mine = |kind| {
            rows.iter().any(|d| d.obligation.kind == kind && d.obligation.about.to_string() == row.outlet.id.as_str())
        };
        let stage = row.life.stage.word();
        prop_assert_eq!(mine(ObligationKind::Review), stage == "candidate");
        prop_assert_eq!(mine(ObligationKind::Signing), stage == "reviewed");
        prop_assert!(!mine(ObligationKind::OutletPermission) || stage == "signed" || stage == "exiting");
        prop_assert!(!mine(ObligationKind::Training) || !row.life.stage.is_gone());
        prop_assert_eq!(
            stage == "candidate" || stage == "rejected" || stage == "reviewed",
            row.outlet.signed_on.is_none() && row.outlet.id.as_str() != "O9"
        );
    }
    for t in &dossier.territories {
        let open = |kind| rows.iter().any(|d| d.obligation.kind == kind && d.obligation.about.to_string() == t.city);
        prop_assert!(!open(ObligationKind::FirstBatch) || t.opened < t.plan.1, "{}", t.city);
        prop_assert_eq!(open(ObligationKind::AllOutlets), t.complete_on.is_none(), "{}", t.city);
        prop_assert!(t.plan.1 <= t.plan.0);
        let serving = lives.iter().filter(|row| row.outlet.city == t.city && row.life.serves()).count();
        prop_assert_eq!(t.opened as usize, serving, "{}", t.city);
    }
    for provider in ["P0001", "P0002"] {
        let promotions = rows.iter().filter(|d| d.obligation.kind == ObligationKind::Promotion);
        prop_assert!(promotions.filter(|d| d.provider.as_str() == provider).count() <= 1);
    }
    let found = case.desk.findings(None).unwrap();
    let names: BTreeSet<_> = found.iter().map(|f| f.id.to_string()).collect();
    prop_assert_eq!(names.len(), found.len(), "a breach is noticed once");
    let alerts = case.desk.alerts(None).unwrap();
    let names: BTreeSet<_> = alerts.iter().map(koufen::domain::Alert::id).collect();
    prop_assert_eq!(names.len(), alerts.len(), "an alert stands once");
    Ok(())
}
