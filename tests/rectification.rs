//! Rectification (3.1, decisions 3, 4, 5, 10 and 22) and what is decided at 100 points (3.2), through the desk.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

#[path = "fixture/case.rs"]
#[allow(dead_code, reason = "the clauses' tests use the rest of it")]
mod case;
#[path = "model/cases.rs"]
#[allow(dead_code, reason = "what is typed in any order uses the rest of it")]
mod cases;
#[path = "fixture/dormant.rs"]
mod dormant;
#[allow(dead_code, reason = "the others use the rest of it")]
mod fixture;
#[path = "model/scores.rs"]
#[allow(dead_code, reason = "what is typed in any order uses the rest of it")]
mod scores;

use case::Case;
use cases::{Step, Taken};
use koufen::domain::case::{Hurdle, Stage};
use koufen::domain::rectification::Case as Rectification;
use koufen::domain::{Command, LineKind, LineSubject, Outlet, Refusal};
use koufen::ids::Seq;
use koufen::points::{Points, Score};
use koufen::time::{Day, Year, parse_day};
use proptest::prelude::*;
use scores::Line;

fn day(text: &str) -> Day {
    parse_day(text).unwrap()
}

fn id() -> koufen::ids::ProviderId {
    "P0001".parse().unwrap()
}

/// A line of a day, of any points to 999: dormant outlets of its own month.
fn charge(case: &Case, points: u32, on: &str, month: u32) -> Seq {
    let month = format!("{}-{:02}", 2000 + month / 12, month % 12 + 1);
    case.ask(Command::TakeIn(dormant::line(points, day(on), &month))).unwrap().seq
}

fn score(case: &Case, year: Year) -> u32 {
    case.desk.provider(&id(), year).unwrap().unwrap().score.0
}

fn cases(case: &Case) -> Vec<Rectification> {
    case.desk.cases(&id()).unwrap().all
}

/// `state since line`, one by one.
fn told(case: &Case) -> Vec<String> {
    let row = |c: &Rectification| {
        let line = c.opened.map_or_else(|| "-".to_owned(), |o| o.line.to_string());
        format!("{} {} {line}", c.state(), c.since().unwrap())
    };
    cases(case).iter().map(row).collect()
}

const PLAN: &str = "advice=加强培训 deadline=2011-06-30 standard=抽检合格";

/// Decision 3: a case opens whenever a deduction leaves the score at 50 or more and none is open.
#[test]
fn decision_3_a_case_opens_by_itself_and_stays_open_over_the_years_end() {
    let case = Case::at("2011-05-02T09:00");
    charge(&case, 49, "2011-03-01", 1);
    assert!(told(&case).is_empty(), "49 is under it");
    let line = charge(&case, 1, "2011-04-01", 2);
    assert_eq!(told(&case), [format!("open 2011-04-01 {line}")]);
    charge(&case, 30, "2011-04-02", 3);
    assert_eq!(cases(&case).len(), 1, "one is open");
    assert!(case.alerts().contains(&format!("P0001/rectification/{line}")));
    case.to("2012-02-01T09:00");
    assert_eq!((score(&case, 2012), told(&case)), (0, vec![format!("open 2011-04-01 {line}")]));
    assert!(case.alerts().contains(&format!("P0001/rectification/{line}")), "decision 10: it goes on");
    case.is_sound();
}

/// Decision 22: on the day on which the line occurred that makes it 50 in its year, in whatever order lines are typed.
#[test]
fn decision_22_the_day_of_the_line_opens_it() {
    let case = Case::at("2011-05-02T09:00");
    let late = charge(&case, 45, "2011-04-20", 1);
    assert!(told(&case).is_empty());
    charge(&case, 5, "2011-02-10", 2);
    assert_eq!(told(&case), [format!("open 2011-04-20 {late}")], "its day, not that of the typing");
    let first = charge(&case, 50, "2011-01-05", 3);
    assert_eq!(told(&case), [format!("open 2011-01-05 {first}")]);
    case.is_sound();
}

/// 3.1(2): advice, deadline and standard; due by the end of its day.
#[test]
fn clause_3_1_2_a_plan_has_advice_deadline_and_standard() {
    let case = Case::at("2011-05-02T09:00");
    let asked = format!("rectification-planned P0001 {PLAN}");
    let early = case.refused(&asked);
    assert_eq!(early, Refusal::Case(Hurdle::NoCase { score: Score(0) }));
    charge(&case, 50, "2011-05-02", 1);
    for blank in ["advice= deadline=2011-06-30 standard=x", "advice=x deadline=2011-06-30 standard="] {
        assert!(case.read(&format!("rectification-planned P0001 {blank}")).is_err(), "{blank}");
    }
    let past = case.refused("rectification-planned P0001 advice=x deadline=2011-05-01 standard=x");
    assert!(matches!(past, Refusal::BeforeStart { .. }), "{past:?}");
    let before = case.refused(&format!("{asked} on=2011-05-01"));
    assert_eq!(before, Refusal::Case(Hurdle::NoCase { score: Score(0) }), "none was open on that day");
    let plan = case.did(&asked);
    assert_eq!(case.due("rectification-deadline"), ["2011-06-30T23:59:59"]);
    assert_eq!(cases(&case)[0].plan().unwrap().seq, Seq(plan));
    assert!(!case.alerts().iter().any(|id| id.contains("/rectification/")), "nobody has to act before its day");
    let twice = case.refused(&asked);
    assert!(matches!(twice, Refusal::Case(Hurdle::Stage { at: Stage::Planned, .. })), "{twice:?}");
    case.is_sound();
}

/// 3.1(3), decision 5: points go back, never below 0; expansion is allowed again, until another case opens.
#[test]
fn clause_3_1_3_a_plan_that_is_met_gives_points_back() {
    let case = Case::at("2011-06-01T09:00");
    let expand = |id: &str| {
        let outlet =
            Outlet { city: "温州".into(), signed_on: Some(case.desk.today()), ..fixture::outlet(id, "P0001") };
        case.ask(Command::AddOutlet(outlet)).map(drop)
    };
    charge(&case, 70, "2011-06-01", 1);
    assert!(matches!(expand("O1"), Err(Refusal::ExpansionSuspended { score: Score(70), .. })));
    case.did(&format!("rectification-planned P0001 {PLAN}"));
    assert!(matches!(expand("O1"), Err(Refusal::ExpansionSuspended { .. })), "a plan alone frees nobody");
    let unplanned = case.refused("rectification-passed P0001 points=31");
    assert!(matches!(unplanned, Refusal::PointsOverRange { .. }), "{unplanned:?}");
    assert!(matches!(case.refused("rectification-passed P0001 points=9"), Refusal::PointsUnderRange { .. }));
    let entries = || case.desk.stats().unwrap().entries;
    let before = entries();
    let passed = case.did("rectification-passed P0001 points=15 note=复查合格");
    assert_eq!((entries(), score(&case, 2011)), (before + 2, 55), "the credit stands right behind it");
    let (_, credit) = case.desk.line(Seq(passed + 1)).unwrap().unwrap();
    assert_eq!((credit.kind, credit.subject), (LineKind::Credit, Some(LineSubject::Rectification(Seq(passed)))));
    assert_eq!(cases(&case)[0].state(), "passed");
    assert!(case.due("rectification-deadline").is_empty());
    expand("O1").unwrap();
    // Another deduction opens another, though the score never was under 50.
    let line = charge(&case, 1, "2011-06-01", 2);
    assert_eq!(told(&case)[1], format!("open 2011-06-01 {line}"));
    let elsewhere = Outlet { city: "宁波".into(), ..fixture::outlet("O2", "P0001") };
    let again = case.ask(Command::AddOutlet(elsewhere)).unwrap_err();
    assert!(matches!(again, Refusal::ExpansionSuspended { .. }), "{again:?}");
    case.is_sound();
}

/// 3.1(3): what comes with an outcome goes with it, and comes back with it; not by itself.
#[test]
fn clause_3_1_3_the_credit_goes_and_comes_back_with_its_outcome() {
    let case = Case::at("2011-05-02T09:00");
    charge(&case, 60, "2011-05-01", 1);
    let plan = case.did(&format!("rectification-planned P0001 {PLAN}"));
    let passed = case.did("rectification-passed P0001 points=20");
    let void = |entry: u64, dependents| {
        case.ask(Command::Void { entry: Seq(entry), dependents, reason: "误录".into() }).map(|receipt| receipt.seq.0)
    };
    assert_eq!(void(passed + 1, false).unwrap_err(), Refusal::StandsAgainst { by: vec![Seq(passed)] });
    let by = vec![Seq(passed + 1)];
    assert_eq!(void(passed, false).unwrap_err(), Refusal::StoodOn { entry: Seq(passed), by });
    let gone = void(passed, true).unwrap();
    assert_eq!((score(&case, 2011), cases(&case)[0].state()), (60, "planned"));
    case.is_sound();
    void(gone, false).unwrap();
    assert_eq!((score(&case, 2011), cases(&case)[0].state()), (40, "passed"));
    let stood = void(plan, false).unwrap_err();
    assert!(matches!(&stood, Refusal::StoodOn { by, .. } if by.len() == 2), "{stood:?}");
    case.is_sound();
}

/// 3.1(4): not met: 10 to 20 more and a new plan; by force majeure the points stay.
#[test]
fn clause_3_1_4_a_plan_that_is_not_met() {
    let case = Case::at("2011-05-02T09:00");
    charge(&case, 50, "2011-05-01", 1);
    case.did(&format!("rectification-planned P0001 {PLAN}"));
    let unsaid = case.refused(&format!("rectification-extended P0001 {PLAN}"));
    assert!(matches!(unsaid, Refusal::Missing { field: "note" }), "force majeure is said: {unsaid:?}");
    case.did("rectification-extended P0001 advice=x deadline=2011-07-31 standard=y note=台风");
    assert_eq!((score(&case, 2011), case.due("rectification-deadline")), (50, vec!["2011-07-31T23:59:59".to_owned()]));
    case.to("2011-08-01T09:00");
    let over = case.refused("rectification-failed P0001 points=21 advice=x deadline=2011-08-31 standard=y note=n");
    assert!(matches!(over, Refusal::PointsOverRange { .. }), "{over:?}");
    let failed = case.did("rectification-failed P0001 points=20 advice=x deadline=2011-08-31 standard=y note=未改");
    assert_eq!((score(&case, 2011), case.due("rectification-deadline")), (70, vec!["2011-08-31T23:59:59".to_owned()]));
    assert_eq!(case.desk.line(Seq(failed + 1)).unwrap().unwrap().1.article.as_str(), "rectification-failed");
    let outcomes: Vec<&str> =
        cases(&case)[0].plans.iter().map(|p| p.outcome.map_or("runs", |(.., outcome)| outcome.word())).collect();
    assert_eq!(outcomes, ["extended", "failed", "runs"]);
    case.is_sound();
}

/// Decision 4: a reversal that brings the score under 50 withdraws a case without a plan; with one, a person decides.
#[test]
fn decision_4_a_case_under_the_mark() {
    let case = Case::at("2011-05-02T09:00");
    let line = charge(&case, 50, "2011-05-01", 1);
    let reverse = |line: Seq| case.ask(Command::Reverse { line, reason: "误记".into() }).unwrap();
    reverse(line);
    assert!(told(&case).is_empty(), "no plan: it is withdrawn by itself");
    let line = charge(&case, 60, "2011-05-01", 2);
    let plan = case.did(&format!("rectification-planned P0001 {PLAN}"));
    let still = case.refused("rectification-withdrawn P0001 note=x");
    assert_eq!(still, Refusal::Case(Hurdle::StillAt { score: Score(60) }));
    reverse(line);
    assert_eq!(told(&case), ["in-question 2011-05-02 -"]);
    assert!(case.alerts().contains(&format!("P0001/rectification/{plan}")));
    case.did("rectification-withdrawn P0001 note=误记所致");
    assert_eq!((told(&case), case.due("rectification-deadline").len()), (vec!["withdrawn 2011-05-02 -".into()], 0));
    assert!(!case.alerts().iter().any(|id| id.contains("/rectification/")));
    case.is_sound();
}

/// Decision 5: credits never bring a score under 0; what was not usable is shown as such.
#[test]
fn decision_5_a_credit_over_the_score_shows_what_was_usable() {
    let case = Case::at("2011-12-30T09:00");
    charge(&case, 50, "2011-12-29", 1);
    case.did("rectification-planned P0001 advice=x deadline=2012-02-01 standard=y");
    case.to("2012-01-10T09:00");
    charge(&case, 12, "2012-01-05", 2);
    let passed = case.did("rectification-passed P0001 points=30");
    let (_, credit) = case.desk.line(Seq(passed + 1)).unwrap().unwrap();
    assert_eq!((credit.points, credit.effective, score(&case, 2012)), (Points(30), Points(12), 0));
    assert_eq!(score(&case, 2011), 50, "the old year stays as it was");
    case.is_sound();
}

/// 3.2: at 100 points a decision is owed, with a reason; it is made once for a year.
#[test]
fn clause_3_2_at_a_hundred_points_a_decision_is_owed() {
    let case = Case::at("2011-05-02T09:00");
    charge(&case, 99, "2011-05-01", 1);
    let keep = "termination-decided P0001 year=2011 terminate=no note=整改有望";
    assert_eq!(case.refused(keep), Refusal::Case(Hurdle::NotOwed { year: 2011 }));
    let line = charge(&case, 1, "2011-05-01", 2);
    let owed: Vec<_> = {
        let cases = case.desk.cases(&id()).unwrap();
        cases.owed(&case.desk.dossier(&id()).unwrap()).collect()
    };
    assert_eq!(owed, [(2011, line, day("2011-05-01"))]);
    assert!(matches!(case.refused("termination-decided P0001 year=2011 terminate=no"), Refusal::Missing { .. }));
    let other = case.refused("termination-decided P0001 year=2010 terminate=no note=x");
    assert_eq!(other, Refusal::Case(Hurdle::NotOwed { year: 2010 }));
    case.to("2012-01-02T09:00");
    assert_eq!(case.alert("P0001/score/2011").says.0, "alert-past-terminable");
    case.did(keep);
    assert_eq!(case.alert("P0001/score/2011").says.0, "alert-past-suspended", "the rectification goes on");
    assert!(matches!(case.refused(keep), Refusal::StepTaken { .. }));
    case.is_sound();
}

/// Decision 22: as of a day a case is what it was then: by the lines and steps of until that day.
#[test]
fn decision_22_as_of_a_day_a_case_is_what_it_was() {
    let case = Case::at("2011-03-01T09:00");
    let line = charge(&case, 60, "2011-03-01", 1);
    case.to("2011-03-05T09:00").did("rectification-planned P0001 advice=x deadline=2011-04-30 standard=y");
    case.to("2011-04-10T09:00").did("rectification-passed P0001 points=20");
    let state = |on: &str| {
        let (cases, dossier) = case.desk.cases_on(&id(), day(on)).unwrap();
        let last = cases.all.last().map(|c| (c.state(), c.opened.map(|o| o.line)));
        (last, dossier.rectifications.len())
    };
    let opened = Some(line);
    assert_eq!(state("2011-02-28"), (None, 0));
    assert_eq!(state("2011-03-04"), (Some(("open", opened)), 0));
    assert_eq!(state("2011-04-09"), (Some(("planned", opened)), 1));
    assert_eq!(state("2011-04-10"), (Some(("passed", opened)), 1));
    assert_eq!(
        case.desk.cases_on(&id(), case.desk.today()).unwrap().0,
        case.desk.cases(&id()).unwrap(),
        "today is now"
    );
}

/// 4.4(1), decision 22. Regression: a case that opened by an edition with a lower mark was no alert once an edition with a
/// higher one was in force.
#[test]
fn decision_22_a_case_opens_by_the_edition_of_its_day() {
    let case = Case::at("2011-03-01T09:00");
    let line = charge(&case, 55, "2011-03-01", 1);
    let text = include_str!("../src/rulebook/rulebook.toml");
    let text = text.replace("edition = \"1.5\"", "edition = \"1.6\"").replace("suspended = 50 ", "suspended = 60 ");
    case.ask(Command::AdoptEdition { text, effective: day("2011-04-01") }).unwrap();
    case.to("2011-05-02T09:00");
    assert_eq!(told(&case), [format!("open 2011-03-01 {line}")]);
    assert!(case.alerts().contains(&format!("P0001/rectification/{line}")), "{:?}", case.alerts());
    case.is_sound();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    /// Decisions 3, 4 and 22: whatever the order of typing, and whatever is reversed, the case is the one that the lines
    /// say in the order of their days; and the score is what the lines say.
    #[test]
    fn a_case_is_what_the_lines_say(
        typed in prop::collection::vec((1u32..40, 0u64..500, any::<bool>()), 1..14),
    ) {
        let case = Case::at("2011-12-31T09:00");
        let (mut stand, mut month) = (Vec::new(), 0);
        for (points, ago, reversed) in typed {
            month += 1;
            let on = day("2011-12-31") - chrono::Days::new(ago);
            let line = charge(&case, points, &on.to_string(), month);
            if reversed {
                case.ask(Command::Reverse { line, reason: "误记".into() }).unwrap();
            } else {
                stand.push(Line::of(on, line.0, points.into()));
            }
        }
        let opened = cases(&case).into_iter().map(|c| c.opened.map(|o| o.line.0));
        let clerk = cases::cases(&stand, &[]).into_iter().map(|c| c.opened);
        prop_assert_eq!(opened.collect::<Vec<_>>(), clerk.collect::<Vec<_>>());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    /// Decisions 3, 4, 5, 12 and 22: lines typed late or reversed, plans, outcomes: after each, the cases are those of the
    /// clerk, and the score is what the lines say; made anew, all is the same.
    #[test]
    fn cases_and_scores_are_those_of_a_clerk(
        things in prop::collection::vec((0u8..9, 0u64..25, 0u64..90, 10u32..45), 1..26),
    ) {
        let case = Case::at("2011-09-01T09:00");
        let (mut lines, mut steps, mut today, mut month) = (Vec::new(), Vec::new(), day("2011-09-01"), 0);
        for (what, ahead, back, points) in things {
            today = today + chrono::Days::new(ahead);
            case.to(&format!("{today}T09:00"));
            let plan = format!("advice=x deadline={} standard=y", today + chrono::Days::new(10));
            let typed = match what {
                0..=3 => {
                    month += 1;
                    let on = today - chrono::Days::new(back);
                    let line = charge(&case, points, &on.to_string(), month);
                    lines.push(Line::of(on, line.0, points.into()));
                    None
                }
                4 => {
                    let charged: Vec<u64> = lines.iter().filter(|l| l.points > 0).map(|l| l.seq).collect();
                    if let Some(seq) = charged.get(points as usize % charged.len().max(1)) {
                        let reversed = case.ask(Command::Reverse { line: Seq(*seq), reason: "误记".into() });
                        if reversed.is_ok() {
                            lines.retain(|l| l.seq != *seq);
                        }
                    }
                    None
                }
                5 => Some((format!("rectification-planned P0001 {plan}"), Step::Plans, 0)),
                6 => Some(("rectification-passed P0001 points=15".to_owned(), Step::Passes, -15)),
                7 => Some((format!("rectification-failed P0001 points=12 {plan} note=x"), Step::Plans, 12)),
                _ => Some(("rectification-withdrawn P0001 note=x".to_owned(), Step::Withdraws, 0)),
            };
            if let Some((typed, step, points)) = typed
                && let Ok(receipt) = case.ask(case.read(&typed).unwrap())
            {
                steps.push(Taken { on: today, seq: receipt.seq.0, step });
                if points != 0 {
                    lines.push(Line::of(today, receipt.seq.0 + 1, points));
                }
            }
            let told = cases(&case).into_iter().map(|c| (c.opened.map(|o| o.line.0), c.state()));
            let clerk = cases::cases(&lines, &steps).into_iter().map(|c| (c.opened, c.state()));
            prop_assert_eq!(told.collect::<Vec<_>>(), clerk.collect::<Vec<_>>());
            for year in [2011, 2012, 2013] {
                let last = (day(&format!("{year}-12-31")), u64::MAX);
                prop_assert_eq!(i64::from(score(&case, year)), scores::score(&lines, year, last), "{}", year);
            }
        }
        case.is_sound();
    }
}
