//! Decision 12: any order of typing comes to the same, and to what the clauses say. Random facts with days are typed in
//! random order, voided, brought back and replaced; what stands is held against a naive model that is written from the
//! clauses, and is then typed again in another order of the days. Thousands of cases on the domain alone, and some
//! through a desk, whose view comes out the same byte for byte when it is made anew.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

#[allow(dead_code, reason = "the others use the rest of it")]
mod fixture;
#[allow(dead_code, reason = "the others use the rest of it")]
mod model;

use koufen::calendar::Calendar;
use koufen::domain::admission::{Admission, Item};
use koufen::domain::{Command, Event, Finding, Laws, Outlet, ProviderKind, Refusal, Subject, Turnover};
use koufen::ids::Seq;
use koufen::money::Fen;
use koufen::rulebook::Rulebook;
use koufen::time::{Day, Moment, Month, parse_day, parse_moment};
use model::admission::{self, Step};
use model::calendar::Days;
use model::desks::Clocked;
use model::dormancy::{self, Report, Row, Shop};
use model::facts::World;
use model::picture::{Kept, Picture, of_engine};
use model::said::{Said, What, command, id, provider};
use model::typing::{Dice, Takes, Typist, is_lawful};
use proptest::prelude::*;
use std::sync::{Arc, LazyLock};

/// The days go over the new year and the Spring Festival, or over the National Day.
const FIRST: [&str; 2] = ["2010-11-20", "2010-08-20"];
const LENGTH: i64 = 160;

// Read once: thousands of cases ask for them.
static DAYS: LazyLock<Days> = LazyLock::new(Days::read);
static LAWS: LazyLock<Laws> = LazyLock::new(|| Laws::of_loaded(Arc::new(Rulebook::shipped().unwrap())));
static CALENDAR: LazyLock<Calendar> = LazyLock::new(|| Calendar::shipped().unwrap());

fn first(n: usize) -> Day {
    parse_day(FIRST[n % FIRST.len()]).unwrap()
}

fn now(first: Day) -> Moment {
    parse_moment(&format!("{}T09:00", first + chrono::Duration::days(LENGTH + 2))).unwrap()
}

/// So many; `PROPTEST_CASES=3000 cargo test --test order` by hand.
fn cases(usual: u32) -> ProptestConfig {
    let given = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok());
    ProptestConfig { cases: given.unwrap_or(usual), ..ProptestConfig::default() }
}

fn things(most: usize) -> impl Strategy<Value = Vec<Dice>> {
    prop::collection::vec((0..40u8, 0..5usize, 0..LENGTH, 0..60usize, 0..40u32), 1..most)
}

impl Takes for World<'_> {
    fn ask(&mut self, command: &Command) -> Result<Seq, Refusal> {
        World::ask(self, command)
    }

    fn comes(&mut self, now: Moment) {
        self.now = now;
    }

    fn entry(&mut self, seq: Seq) -> Option<Event> {
        self.entries.get(usize::try_from(seq.0).unwrap() - 1).cloned()
    }

    fn picture(&mut self, n: u8, said: &[Said]) -> Picture {
        let (state, _) = self.state_of(usize::from(n) - 1);
        let findings: Vec<Finding> =
            state.breaches(self.now).into_iter().map(|kept| kept.finding(&provider(n))).collect();
        let lives = state.outlets.iter().filter_map(|(id, held)| Some((id.clone(), held.life.clone()?))).collect();
        of_engine(&Kept { due: state.due.clone(), findings, lives, dossier: &state.dossier }, said)
    }
}

fn world(now: Moment) -> World<'static> {
    let providers = ["P0001", "P0002"].map(|id| fixture::provider(id, "捷达")).into();
    World::new(&LAWS, &CALENDAR, now, providers)
}

/// Types it all, looks, and types again what stands: with the days in a random order, and where that cannot be (between
/// a suspension and the next there has to be its end), in theirs. Whether it could be typed again.
fn holds<T: Takes, U: Takes>(
    typist: &mut Typist<'_, T>,
    fresh: impl Fn() -> U,
    things: Vec<Dice>,
    mut seed: usize,
) -> Result<bool, TestCaseError> {
    let now = typist.model(1).now;
    typist.comes(Moment(now.0 - LENGTH / 3 * koufen::time::DAY_SECONDS));
    typist.begin(seed);
    let half = things.len() / 2;
    for (at, thing) in things.into_iter().enumerate() {
        if at == half {
            typist.comes(now);
        }
        typist.act(thing);
    }
    typist.comes(now);
    let differs = typist.differs();
    prop_assert!(differs.is_empty(), "{:#?}\n{:#?}", differs, typist.standing());
    let mut refused = Vec::new();
    for in_order in [false, true] {
        let below = |n: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            if in_order { n - 1 } else { (seed >> 33) % n }
        };
        let mut again;
        (again, refused) = typist.again_into(fresh(), below);
        if refused.is_empty() {
            let differs = again.differs();
            prop_assert!(differs.is_empty(), "in another order: {:#?}\n{:#?}", differs, again.standing());
            return Ok(true);
        }
    }
    prop_assert!(refused.iter().any(is_lawful), "in the order of the days {:#?}\n{:#?}", refused, typist.standing());
    Ok(false)
}

proptest! {
    #![proptest_config(cases(2000))]

    #[test]
    fn decision_12_the_domain_comes_to_what_the_clauses_say(things in things(150), start in 0..2usize, seed in 0..999usize) {
        let (first, days) = (first(start), &*DAYS);
        let now = now(first);
        let mut typist = Typist::new(world(now), days, first, now);
        holds(&mut typist, || world(now), things, seed)?;
    }
}

proptest! {
    #![proptest_config(cases(160))]

    #[test]
    fn decision_12_a_desk_comes_to_what_the_clauses_say(things in things(150), start in 0..2usize, seed in 0..999usize) {
        let (first, days) = (first(start), &*DAYS);
        // Entries never go back in time: the desk begins before all of it.
        let (now, start) = (now(first), Moment::start_of(first));
        let mut typist = Typist::new(Clocked::at(start), days, first, now);
        holds(&mut typist, || Clocked::at(start), things, seed)?;
        let running = typist.takes.desk.view_digest().unwrap();
        typist.takes.desk.rebuild(&mut |_| {}).unwrap();
        prop_assert_eq!(running, typist.takes.desk.view_digest().unwrap());
    }
}

/// Types steps until none is taken any more, and says which were.
fn typed(world: &mut World<'_>, mut left: Vec<(Day, Admission)>) -> Vec<Step> {
    let mut steps = Vec::new();
    loop {
        let before = left.len();
        left.retain(|(on, step)| match World::ask(world, &admission::command(*on, step)) {
            Ok(seq) => {
                steps.push(Step { on: *on, step: step.clone(), seq });
                false
            }
            Err(_) => true,
        });
        if left.len() == before {
            return steps;
        }
    }
}

proptest! {
    #![proptest_config(cases(300))]

    /// The admission, with its steps on random days, typed in a random order, and some voided.
    #[test]
    fn decision_12_an_admission_comes_to_what_the_clauses_say(
        mut gaps in prop::collection::vec(0..4i64, 40),
        beside in prop::collection::vec((0..90i64, 0..30i64), 5),
        order in Just((0..40usize).collect::<Vec<_>>()).prop_shuffle(),
        end in 5..40usize,
        voids in prop::collection::vec(0..30usize, 0..4),
        self_operated in any::<bool>(),
    ) {
        let first = first(0);
        let now = now(first);
        let day = |after: i64| first + chrono::Duration::days(after);
        let (way, more) = admission::way();
        gaps[0] = 0;
        let days = gaps.iter().scan(0, |sum, gap| { *sum += gap; Some(day(*sum)) });
        let mut all: Vec<(Day, Admission)> = days.zip(way).take(end).collect();
        all.extend(beside.iter().zip(more).map(|((on, _), step)| (day(*on), step)));
        let put_off = |(on, by): &(i64, i64)| (day(*on), Admission::Postponed { until: day(on + by) });
        all.extend(beside[3..].iter().map(put_off));
        // Without an application, agreements would be those of a provider that kept its admission (decision 29).
        let mut mixed: Vec<_> = order.iter().filter(|at| **at > 0).filter_map(|at| all.get(*at).cloned()).collect();
        mixed.insert(0, all[0].clone());
        let fresh = || {
            let mut world = world(now);
            let p = &mut world.providers[0];
            (p.email, p.phone) = (Some("a@b.cn".into()), Some("0571-1".into()));
            p.kind = if self_operated { ProviderKind::SelfOperated } else { ProviderKind::ThirdParty };
            world
        };
        let mut world = fresh();
        let mut steps = typed(&mut world, mixed);
        prop_assert!(steps.len() >= end.min(gaps.len()).min(30), "the way itself is taken: {:#?}", steps);
        let looks = |world: &World<'_>| admission::of_engine(&world.state_of(0).0);
        prop_assert_eq!(looks(&world), admission::picture(&steps, &DAYS, self_operated));
        for at in voids {
            let Some(step) = steps.get(at) else { continue };
            let void = Command::Void { entry: step.seq, dependents: true, reason: "误录".into() };
            let Ok(seq) = World::ask(&mut world, &void) else { continue };
            let Event::Voided { entries, .. } = Takes::event(&mut world, seq) else { continue };
            steps.retain(|step| !entries.contains(&step.seq));
            prop_assert_eq!(looks(&world), admission::picture(&steps, &DAYS, self_operated));
        }
        let mut again = fresh();
        steps.sort_by_key(|s| s.seq);
        let mut left: Vec<_> = steps.iter().map(|s| (s.on, s.step.clone())).collect();
        // The application, then the last day first; what was recorded of one day stays in its order.
        let applies = |step: &Admission| matches!(step, Admission::Applied { .. });
        left.sort_by_key(|(on, step)| (!applies(step), std::cmp::Reverse(*on)));
        let standing = left.len();
        let steps = typed(&mut again, left);
        // Whether a mandate is on the checklist is the provider's kind, which is no fact of the admission.
        let mandate = steps.iter().any(|s| s.step == Admission::Checked(Item::Mandate));
        prop_assert!(steps.len() == standing || !mandate && !self_operated, "what stands can be typed again");
        prop_assert_eq!(looks(&again), admission::picture(&steps, &DAYS, self_operated));
    }
}

proptest! {
    #![proptest_config(cases(100))]

    /// 2.2.3(3): months reported in any order, and corrected, with transfers among them.
    #[test]
    fn decision_12_dormant_outlets_come_to_what_the_clauses_say(
        signed in prop::collection::vec(prop::option::weighted(0.9, 0..200i64), 9),
        reports in prop::collection::vec((0..9usize, 0..6i32, 0..4usize), 1..70),
        moves in prop::collection::vec((0..9usize, 0..230i64, 0..70usize), 0..5),
    ) {
        let first = parse_day("2010-11-20").unwrap();
        let signed: Vec<Option<Day>> =
            signed.iter().map(|after| after.map(|n| first + chrono::Duration::days(n))).collect();
        let mut desk = Clocked::at(parse_moment("2011-07-02T09:00").unwrap());
        for (outlet, signed_on) in signed.iter().enumerate() {
            let outlet = Outlet { id: id(outlet), signed_on: *signed_on, ..fixture::outlet("O1", "P0001") };
            desk.ask(&Command::AddOutlet(outlet)).unwrap();
        }
        let mut shops: Vec<Shop> = signed.iter().map(|signed| Shop { signed: *signed, moved: None }).collect();
        let mut all = Vec::new();
        let end = reports.len();
        for (at, (outlet, month, amount)) in reports.into_iter().enumerate() {
            let report = Report {
                outlet,
                month: Month::of(first).plus(month + 2),
                amount: [0, 99_999, 100_000, 500_000][amount],
            };
            let turnover = Turnover {
                outlet: id(report.outlet),
                month: report.month,
                amount: Fen(report.amount),
                orders: None,
                with_final_status: None,
            };
            if desk.ask(&Command::RecordTurnover(turnover.clone())).is_err() {
                desk.ask(&Command::AmendTurnover { turnover, reason: "x".into() }).unwrap();
            }
            all.push(report);
            for (outlet, on, _) in moves.iter().filter(|(.., then)| (*then).min(end - 1) == at) {
                let on = first + chrono::Duration::days(*on);
                let asked = command(Moment::start_of(on), &What::Transferred { outlet: *outlet, to: 2 }, |_| Seq(0), provider(1));
                if shops[*outlet].moved.is_none() && desk.ask(&asked).is_ok() {
                    shops[*outlet].moved = Some(on);
                }
            }
        }
        for n in [1, 2] {
            let rows = desk.desk.months(&provider(n)).unwrap();
            let rows: Vec<Row> = rows
                .iter()
                .map(|r| {
                    let d = r.dormancy;
                    (r.month, r.reported as usize, (d.tested, d.low, d.zero), r.points.0)
                })
                .collect();
            prop_assert_eq!(&rows, &dormancy::months(n, &all, &shops), "P{} {:?}", n, shops);
            let found = desk.desk.findings(Some(&provider(n))).unwrap();
            let found = found.iter().filter(|f| matches!(f.id.subject, Subject::Dormant(_)));
            let found: Vec<Day> = found.map(|f| f.occurred_on).collect();
            let want: Vec<Day> = rows.iter().filter(|row| row.3 > 0).map(|row| row.0.last()).collect();
            prop_assert_eq!(found, want);
        }
        let checked = desk.desk.check(true, &mut |_| {}).unwrap();
        prop_assert!(checked.is_sound(), "{:?}", checked.recount);
    }
}

/// What was just taken away goes back (found by the property above).
#[test]
fn decision_13_what_was_just_taken_away_goes_back() {
    let (first, days) = (first(0), &*DAYS);
    let now = now(first);
    let mut typist = Typist::new(world(now), days, first, now);
    let things = vec![(0, 0, 95, 0, 29), (0, 0, 0, 0, 0), (4, 0, 0, 0, 0), (15, 1, 0, 0, 0), (7, 0, 0, 14, 0)];
    holds(&mut typist, || world(now), things, 0).unwrap();
}
