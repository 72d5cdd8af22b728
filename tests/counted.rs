//! What is counted: scores, rectification cases and deposits, typed in any order, taken away and brought back, held
//! against the clauses read out over a plain list of what was said (`model/scores.rs`, `cases.rs`, `money.rs`); today, and
//! as of days before.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

#[path = "fixture/case.rs"]
#[allow(dead_code, reason = "the clauses' tests use the rest of it")]
mod case;
#[path = "model/cases.rs"]
mod cases;
#[path = "fixture/dormant.rs"]
mod dormant;
#[path = "fixture/exit.rs"]
#[allow(dead_code, reason = "others use the rest of it")]
mod exit;
#[allow(dead_code, reason = "the others use the rest of it")]
mod fixture;
#[path = "model/money.rs"]
mod money;
#[path = "model/scores.rs"]
#[allow(dead_code, reason = "others use the rest of it")]
mod scores;

use case::Case;
use cases::Taken;
use chrono::Datelike;
use koufen::desk::DeskError;
use koufen::domain::case::{Hurdle, Stage};
use koufen::domain::deposit::Account;
use koufen::domain::{Command, Deduction, Event, LineKind, Outlet, Refusal};
use koufen::ids::{ProviderId, Seq};
use koufen::points::Points;
use koufen::time::{Day, parse_day};
use proptest::prelude::*;
use scores::Line;

/// The days go over a new year.
const FIRST: &str = "2010-11-01";
const LENGTH: i64 = 180;
/// The first two have agreements; nothing was agreed for the last.
const CITIES: [&str; 3] = ["杭州", "宁波", "金华"];
const PAYEES: [&str; 3] = ["consumer", "outlet", "third-party"];
/// One problem, whatever its spelling (2.2.2).
const SPELLED: [[&str; 3]; 2] = [["Late 漏单", "late　漏单。", "ＬＡＴＥ  漏单"], ["慢", "慢。", "慢 "]];

/// What somebody said, and what it means to the clauses.
#[derive(Clone, Debug)]
enum What {
    /// Points, and a complaint's problem.
    Line(i64, Option<u32>),
    Step(cases::Step),
    Money(money::Step),
    /// What an order on the complaint awards the consumer; it closes it (1.4.4(3)).
    Ordered(u64),
    /// The contract's end (3.3(3)).
    Ended,
}

#[derive(Clone, Debug)]
struct Said {
    on: Day,
    seq: u64,
    what: What,
    voided: bool,
    /// What was typed; none of a line that came with an outcome.
    typed: Option<Command>,
}

/// Which, on which day after the first, at which of those that fit, and a number.
type Dice = (u8, i64, usize, u64);

/// Somebody who types at a desk.
struct Typist {
    case: Case,
    said: Vec<Said>,
    /// Voids and reversals, and what each took.
    voids: Vec<(u64, Vec<u64>)>,
    /// A complaint, on which orders are given.
    complaint: u64,
    /// How many months were charged.
    charged: i32,
    /// Today, in days after the first.
    today: i64,
}

fn id() -> ProviderId {
    "P0001".parse().unwrap()
}

fn day(text: &str) -> Day {
    parse_day(text).unwrap()
}

fn on(after: i64) -> Day {
    day(FIRST) + chrono::Duration::days(after)
}

impl Typist {
    fn new() -> Typist {
        let case = Case::at(&format!("{}T09:00", on(LENGTH)));
        let signed_on = Some(day("2010-06-01"));
        case.ask(Command::AddOutlet(Outlet { signed_on, ..fixture::outlet("O1", "P0001") })).unwrap();
        for city in &CITIES[..2] {
            case.did(&format!("agreement-effective P0001 city={city} on={FIRST}"));
            case.did(&format!("deposit-paid P0001 city={city} on={FIRST}"));
        }
        let complaint = case.did(&format!("complained O1 from=consumer problem=x on={FIRST}"));
        Typist { case, said: Vec::new(), voids: Vec::new(), complaint, charged: 0, today: LENGTH }
    }

    fn standing(&self) -> impl Iterator<Item = &Said> {
        self.said.iter().filter(|s| !s.voided)
    }

    fn lines(&self) -> Vec<Line> {
        let line = |s: &Said| match s.what {
            What::Line(points, problem) => Some(Line { on: s.on, seq: s.seq, points, problem }),
            _ => None,
        };
        self.standing().filter_map(line).collect()
    }

    fn steps(&self) -> Vec<Taken> {
        let step = |s: &Said| match s.what {
            What::Step(step) => Some(Taken { on: s.on, seq: s.seq, step }),
            _ => None,
        };
        self.standing().filter_map(step).collect()
    }

    fn money(&self, until: Day) -> money::Sums {
        let fact = |s: &Said| match &s.what {
            What::Money(step) => Some(money::Fact { on: s.on, seq: s.seq, step: step.clone() }),
            What::Ordered(amount) => {
                Some(money::Fact { on: s.on, seq: s.seq, step: money::Step::Award(None, *amount, 0) })
            }
            _ => None,
        };
        let facts: Vec<_> = self.standing().filter_map(fact).filter(|f| f.on <= until).collect();
        money::sums(&facts, CITIES.len())
    }

    /// What is open on a day.
    fn open(&self, on: Day) -> Option<cases::Case> {
        cases::open(&self.lines(), &self.steps(), on)
    }

    /// 3.3(3), decision 24: whether deposits may go back on a day: three calendar months after the contract's end, the
    /// complaint closed.
    fn free(&self, on: Day) -> bool {
        let ended = self.standing().find(|s| matches!(s.what, What::Ended)).map(|s| s.on);
        let from = ended.and_then(|day| day.checked_add_months(chrono::Months::new(3)));
        let closed = self.standing().any(|s| matches!(s.what, What::Ordered(_)) && s.on <= on);
        closed && from.is_some_and(|from| from <= on)
    }

    /// The provider goes, and its contract ends; some months pass.
    fn leaves(&mut self) {
        exit::exits(&self.case, "P0001");
        let frozen = self.case.desk.stats().unwrap().entries;
        let ended = self.case.did("contract-ended P0001 note=x");
        for (seq, what) in [(frozen, What::Step(cases::Step::Freezes)), (ended, What::Ended)] {
            self.said.push(Said { on: on(self.today), seq, what, voided: false, typed: None });
        }
        self.today += 100;
        self.case.to(&format!("{}T09:00", on(self.today)));
    }

    /// Says it; whether it was taken. What the clauses refuse is refused, and nothing else for their reason.
    fn say(&mut self, on: Day, command: &Command, what: What) -> Result<u64, Refusal> {
        let (open, free) = (self.open(on), self.free(on));
        let asked = self.case.ask(command.clone()).map(|receipt| receipt.seq.0);
        match (&asked, &what) {
            (Err(Refusal::Case(Hurdle::NoCase { .. })), _) => {
                assert_eq!(open, None, "3.1(2): {what:?} on {on} in {:#?}", self.said);
            }
            (Err(Refusal::Case(Hurdle::StillAt { .. })), _) => {
                let lines = open.as_ref().and_then(|case| case.opened);
                assert!(lines.is_some(), "decision 4: {what:?} on {on} in {:#?}", self.said);
            }
            (Ok(_), What::Step(cases::Step::Plans)) => {
                assert!(open.is_some(), "3.1(2): a plan on {on} without a case in {:#?}", self.said);
            }
            (Ok(_), What::Step(cases::Step::Withdraws)) => {
                let lines = open.as_ref().and_then(|case| case.opened);
                assert_eq!(lines, None, "decision 4: withdrawn on {on} in {:#?}", self.said);
            }
            (Ok(_), What::Money(money::Step::Release(..))) => {
                assert!(free, "3.3(3): {what:?} on {on} in {:#?}", self.said);
            }
            (Err(Refusal::Held(_)), _) => assert!(!free, "3.3(3): {what:?} on {on} in {:#?}", self.said),
            _ => {}
        }
        let seq = asked?;
        self.said.push(Said { on, seq, what, voided: false, typed: Some(command.clone()) });
        if let Some(points) = with(command) {
            self.said.push(Said { on, seq: seq + 1, what: What::Line(points, None), voided: false, typed: None });
        }
        Ok(seq)
    }

    fn record(&mut self, on: Day, typed: &str, what: What) {
        if let Ok(command) = self.case.read(&format!("{typed} on={on}")) {
            let _ = self.say(on, &command, what);
        }
    }

    /// One of those that stand and fit.
    fn pick(&self, pick: usize, fits: impl Fn(&Said) -> bool) -> Option<Said> {
        let fit: Vec<&Said> = self.standing().filter(|s| fits(s)).collect();
        fit.get(pick % fit.len().max(1)).map(|s| (*s).clone())
    }

    fn act(&mut self, (kind, after, pick, n): Dice) {
        let day = on(after);
        match kind {
            0..=3 => self.charge(day, u32::try_from(n + 5).unwrap()),
            // One complaint after another of a problem, so that the cap is met.
            4 | 5 => (0..=n / 8)
                .for_each(|more| self.complain(on((after + i64::try_from(more).unwrap()).min(self.today)), n, pick)),
            6 => {
                if let Some(line) = self.pick(pick, |s| matches!(s.what, What::Line(..))) {
                    let reverse = Command::Reverse { line: Seq(line.seq), reason: "误记".into() };
                    if let Ok(receipt) = self.case.ask(reverse) {
                        self.gone(receipt.seq.0, vec![line.seq]);
                    }
                }
            }
            7 | 8 => self.void(pick, n % 3 > 0),
            9 => self.bring_back(pick),
            10..=15 => self.step(kind, day, pick, n),
            _ => self.pay(kind, day, pick, n),
        }
    }

    /// Any points, of a month of their own.
    fn charge(&mut self, on: Day, points: u32) {
        self.charged += 1;
        let month = format!("{}-{:02}", 1990 + self.charged / 12, self.charged % 12 + 1);
        let line = Command::TakeIn(dormant::line(points, on, &month));
        self.say(on, &line, What::Line(points.into(), None)).unwrap();
    }

    fn complain(&mut self, on: Day, n: u64, pick: usize) {
        let problem = usize::try_from(n % 2).unwrap();
        let points = u32::try_from(n % 3 / 2 + 1).unwrap();
        let line = Command::TakeIn(Deduction {
            provider: id(),
            article: "outlet-complaint".parse().unwrap(),
            points: Points(points),
            occurred_on: on,
            outlet: Some("O1".parse().unwrap()),
            problem: Some(SPELLED[problem][pick % 3].into()),
            note: None,
            subject: None,
            evidence: None,
        });
        self.say(on, &line, What::Line(points.into(), u32::try_from(problem).ok())).unwrap();
    }

    /// A step of a rectification: on any day, or soon after the last one, or the line that opened the case.
    fn step(&mut self, kind: u8, any: Day, pick: usize, n: u64) {
        let opened = self.open(on(self.today)).map(|case| case.since);
        let last = self.steps().iter().map(|s| s.on).max().or(opened);
        let near = last.map(|day| (day + chrono::Duration::days(i64::try_from(n).unwrap() % 20)).min(on(self.today)));
        let on = near.filter(|_| !pick.is_multiple_of(3)).unwrap_or(any);
        let plan = format!("advice=x deadline={} standard=y", on + chrono::Duration::days(30));
        let points = 10 + n % 11;
        // Mostly what is next.
        let plans = self.open(on).map(|case| case.plans).filter(|_| !n.is_multiple_of(4));
        let kind = match (kind, plans) {
            (_, Some(0)) => 10,
            (10 | 11, Some(_)) => 12,
            _ => kind,
        };
        let (typed, step) = match kind {
            10 | 11 => (format!("rectification-planned P0001 {plan}"), cases::Step::Plans),
            12 | 13 => (format!("rectification-passed P0001 points={}", 10 + n % 21), cases::Step::Passes),
            14 if n.is_multiple_of(2) => (format!("rectification-extended P0001 {plan} note=x"), cases::Step::Plans),
            14 => (format!("rectification-failed P0001 points={points} {plan} note=x"), cases::Step::Plans),
            _ => ("rectification-withdrawn P0001 note=x".into(), cases::Step::Withdraws),
        };
        self.record(on, &typed, What::Step(step));
    }

    fn pay(&mut self, kind: u8, day: Day, pick: usize, n: u64) {
        let (which, amount) = (pick % 4, n % 9 * 45_000);
        let city = CITIES.get(which).map(|city| format!(" city={city}")).unwrap_or_default();
        let named = (which < CITIES.len()).then_some(which);
        if kind == 23 {
            let typed =
                format!("complaint-ordered P0001 complaint={} compensation={amount} correct=no note=x", self.complaint);
            return self.record(day, &typed, What::Ordered(amount));
        }
        let (typed, step) = match kind {
            16..=18 => (
                format!("deposit-frozen P0001 city={} amount=300000", CITIES[pick % 2]),
                money::Step::Freeze(pick % 2, 300_000),
            ),
            19 => (
                format!("deposit-topped-up P0001 city={} amount={amount}", CITIES[pick % 3]),
                money::Step::TopUp(pick % 3, amount),
            ),
            20 => (
                format!("deposit-compensated P0001 payee={} amount={amount}{city} note=x", PAYEES[pick / 4 % 3]),
                money::Step::Award(named, amount, pick / 4 % 3),
            ),
            21 | 22 => {
                (format!("deposit-forfeited P0001 amount={amount}{city} note=x"), money::Step::Forfeit(named, amount))
            }
            _ => {
                let held = self.money(day).held[pick % 2];
                let amount = if n.is_multiple_of(4) { amount } else { held };
                (
                    format!("deposit-released P0001 city={} amount={amount}", CITIES[pick % 2]),
                    money::Step::Release(pick % 2, amount),
                )
            }
        };
        self.record(day, &typed, What::Money(step));
    }

    fn gone(&mut self, by: u64, entries: Vec<u64>) {
        self.said.iter_mut().filter(|s| entries.contains(&s.seq)).for_each(|s| s.voided = true);
        self.voids.push((by, entries));
    }

    fn void(&mut self, pick: usize, dependents: bool) {
        let Some(said) = self.pick(pick, |_| true) else { return };
        let void = Command::Void { entry: Seq(said.seq), dependents, reason: "误录".into() };
        let Ok(receipt) = self.case.ask(void) else { return };
        let entries = match self.case.desk.entry(receipt.seq).unwrap().0.unwrap().entry.event {
            Event::Voided { entries, .. } => entries.into_iter().map(|seq| seq.0).collect(),
            Event::Reversed { .. } => vec![said.seq],
            event => panic!("{event:?}"),
        };
        self.gone(receipt.seq.0, entries);
    }

    fn bring_back(&mut self, pick: usize) {
        let Some((by, entries)) = self.voids.get(pick % self.voids.len().max(1)).cloned() else { return };
        let void = Command::Void { entry: Seq(by), dependents: false, reason: "误撤".into() };
        if self.case.ask(void).is_ok() {
            self.said.iter_mut().filter(|s| entries.contains(&s.seq)).for_each(|s| s.voided = false);
            self.voids.retain(|(seq, _)| *seq != by);
        }
    }

    /// Everything at the end of a day, the engine's and the clauses'.
    fn differs(&self, until: Day) -> Result<(), TestCaseError> {
        let desk = &self.case.desk;
        let (lines, steps) = cases::by(&self.lines(), &self.steps(), until);
        let more = || format!("by {until} of {:#?}", self.standing().collect::<Vec<_>>());
        for year in [2010, 2011, 2012] {
            let row = desk.standings_as_of(year, until).unwrap().remove(0);
            let want = scores::score(&lines, year, (until, u64::MAX));
            prop_assert_eq!(i64::from(row.score.0), want, "score of {} {}", year, more());
            let ledger = desk.ledger_on(&id(), year, until).unwrap();
            let counts = ledger.into_iter().filter(|l| l.reversed_by.is_none());
            let counts = counts.filter(|l| matches!(l.kind, LineKind::Deduction | LineKind::Credit));
            let mut counts: Vec<(u64, i64)> = counts.map(|l| (l.seq.0, l.effective.0.into())).collect();
            counts.sort_unstable();
            let mut want: Vec<(u64, i64)> =
                lines.iter().filter(|l| l.on.year() == year).map(|l| (l.seq, scores::effective(&lines, l))).collect();
            want.sort_unstable();
            prop_assert_eq!(counts, want, "lines of {} {}", year, more());
        }
        let told = desk.cases_on(&id(), until).unwrap().0.all;
        let told: Vec<_> =
            told.iter().map(|c| (c.opened.map(|o| o.line.0), c.since().unwrap(), c.plans.len(), c.state())).collect();
        let want: Vec<_> =
            cases::cases(&lines, &steps).iter().map(|c| (c.opened, c.since, c.plans, c.state())).collect();
        prop_assert_eq!(told, want, "cases {}", more());
        self.stops(until, &lines, &steps)?;
        let is = desk.account(&id(), None, until).unwrap();
        let holds = |account: Account| is.accounts.iter().find(|s| s.account == account).map_or(0, |s| s.closing);
        let held = CITIES.map(|city| holds(Account::City(city.into())));
        let want = self.money(until);
        let signed: Vec<i64> = want.held.iter().map(|sum| i64::try_from(sum * 100).unwrap()).collect();
        prop_assert_eq!(held.to_vec(), signed, "held {}", more());
        let awarded: Vec<u64> = is.awarded.iter().map(|(_, sum)| sum.0).collect();
        prop_assert_eq!(awarded, want.awarded.iter().map(|sum| sum * 100).collect::<Vec<_>>(), "awarded {}", more());
        prop_assert_eq!((is.owed.0, is.forfeited.0), (want.owed * 100, want.forfeited * 100), "{}", more());
        prop_assert!(want.stands, "what was forfeited and released was there {}", more());
        for sheet in is.accounts.iter().filter(|sheet| sheet.account != Account::Debt) {
            prop_assert!(sheet.lines.iter().all(|line| line.balance >= 0), "never under nothing {}", more());
        }
        Ok(())
    }

    /// 3.1(1): an outlet elsewhere is refused on a day just when the clauses stop it.
    fn stops(&self, until: Day, lines: &[Line], steps: &[Taken]) -> Result<(), TestCaseError> {
        let outlet = Outlet { city: "温州".into(), signed_on: Some(until), ..fixture::outlet("O9", "P0001") };
        let asked = self.case.desk.preview(&fixture::who("x"), &Command::AddOutlet(outlet));
        // 3.3(1): nothing begins after the freeze, whatever the score.
        if steps.iter().any(|s| s.step == cases::Step::Freezes && s.on < until) {
            let frozen = matches!(&asked, Err(DeskError::Refused(Refusal::Case(Hurdle::Frozen { .. }))));
            prop_assert!(frozen, "{:?} on {}", asked.err(), until);
            return Ok(());
        }
        let stopped = matches!(&asked, Err(DeskError::Refused(Refusal::ExpansionSuspended { .. })));
        let want = cases::stopped(lines, steps, until);
        prop_assert_eq!(stopped, want, "{:?} on {} of {:#?}", asked.err(), until, self.standing().collect::<Vec<_>>());
        Ok(())
    }

    /// Types what stands at another desk: the days in another order, what waits for others again and again, until nothing
    /// more is taken.
    fn again(&self, seed: u64) -> Typist {
        let mut left: Vec<&Said> = self.standing().filter(|s| s.typed.is_some()).collect();
        let mixed = |on: Day| (on.num_days_from_ce() as u64 ^ seed).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23);
        left.sort_by_key(|s| (mixed(s.on), s.on, s.seq));
        let mut again = Typist::new();
        if self.standing().any(|s| matches!(s.what, What::Ended)) {
            again.leaves();
        } else {
            again.today = self.today;
            again.case.to(&format!("{}T09:00", on(again.today)));
        }
        loop {
            let before = left.len();
            left.retain(|s| again.say(s.on, s.typed.as_ref().unwrap(), s.what.clone()).is_err());
            if left.len() == before {
                return again;
            }
        }
    }
}

/// Points of the line that comes with an outcome (3.1(3), 3.1(4)).
fn with(command: &Command) -> Option<i64> {
    use koufen::domain::Fact;
    use koufen::domain::case::CaseStep;
    use koufen::domain::rectification::RectificationStep;
    let Command::Record(recording) = command else { return None };
    match &recording.fact {
        Fact::Case(CaseStep::Rectification(RectificationStep::Passed { points })) => Some(-i64::from(points.0)),
        Fact::Case(CaseStep::Rectification(RectificationStep::Failed { points, .. })) => Some(points.0.into()),
        _ => None,
    }
}

fn things(kinds: std::ops::Range<u8>, most: usize) -> impl Strategy<Value = Vec<Dice>> {
    prop::collection::vec((kinds, 0..LENGTH, 0..60usize, 0..40u64), 1..most)
}

/// Tens in CI; `PROPTEST_CASES=3000 cargo test --test counted` by hand.
fn config() -> ProptestConfig {
    let given = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok());
    ProptestConfig { cases: given.unwrap_or(60), ..ProptestConfig::default() }
}

fn holds(things: Vec<Dice>, after: Vec<Dice>, looks: [i64; 3], seed: u64) -> Result<(), TestCaseError> {
    let mut typist = Typist::new();
    things.into_iter().for_each(|dice| typist.act(dice));
    if !after.is_empty() {
        typist.leaves();
    }
    for (kind, day, pick, n) in after {
        // Mostly of the last days.
        let day = if n.is_multiple_of(4) { day } else { typist.today - day % 12 };
        typist.act((kind, day, pick, n));
    }
    let again = typist.again(seed);
    for typist in [&typist, &again] {
        for after in looks.into_iter().chain([LENGTH, typist.today]) {
            typist.differs(on(after))?;
        }
        let checked = typist.case.desk.check(true, &mut |_| {}).unwrap();
        prop_assert!(checked.is_sound(), "{:?}", checked.recount);
    }
    Ok(())
}

proptest! {
    #![proptest_config(config())]

    /// 1.1(7), 3.1, decisions 3 to 6, 12 and 22: lines, reversals and cases.
    #[test]
    fn decision_12_scores_and_cases_are_what_the_clauses_say(
        things in things(0..16, 40), looks in prop::array::uniform3(0..LENGTH), seed in any::<u64>(),
    ) {
        holds(things, Vec::new(), looks, seed)?;
    }

    /// The same with deposits among them (1.2(8), 1.4.4(3), 2.2.2, decision 23).
    #[test]
    fn decision_12_scores_cases_and_deposits_are_what_the_clauses_say(
        things in things(0..24, 60), looks in prop::array::uniform3(0..LENGTH), seed in any::<u64>(),
    ) {
        holds(things, Vec::new(), looks, seed)?;
    }

    /// Of a provider that leaves, whose deposits go back (3.3, decision 24).
    #[test]
    fn decision_24_what_a_leaving_provider_holds_is_what_the_clauses_say(
        things in things(0..24, 40), after in things(6..25, 20), looks in prop::array::uniform3(LENGTH..LENGTH + 100),
        seed in any::<u64>(),
    ) {
        holds(things, after, looks, seed)?;
    }
}

/// A provider with a case that has a plan, whose permissions are frozen on 1 April; the deduction's line.
fn frozen_with_a_plan() -> (Case, u64) {
    let case = Case::at("2011-03-01T09:00");
    let line = case.ask(Command::TakeIn(dormant::line(60, day("2011-03-01"), "2001-01"))).unwrap().seq.0;
    case.did("rectification-planned P0001 advice=x deadline=2011-06-30 standard=y");
    case.to("2011-04-01T09:00");
    exit::exits(&case, "P0001");
    (case, line)
}

fn told(case: &Case) -> Vec<(Option<u64>, &'static str)> {
    let all = case.desk.cases(&id()).unwrap().all;
    all.iter().map(|c| (c.opened.map(|o| o.line.0), c.state())).collect()
}

/// 3.3(1). Regression: a case that ended with the freeze was passed months later, and points went back.
#[test]
fn clause_3_3_1_nothing_comes_of_a_plan_after_the_freeze() {
    let (case, line) = frozen_with_a_plan();
    case.to("2011-05-02T09:00");
    for typed in [
        "rectification-passed P0001 points=20",
        "rectification-failed P0001 points=20 advice=x deadline=2011-07-31 standard=y note=x",
        "rectification-withdrawn P0001 note=x",
    ] {
        let refused = case.refused(typed);
        assert!(matches!(refused, Refusal::Case(Hurdle::Stage { at: Stage::Closed, .. })), "{typed}: {refused:?}");
    }
    assert_eq!(told(&case), [(Some(line), "ended")]);
    // What was done before it is typed late.
    case.did("rectification-passed P0001 points=20 on=2011-03-20");
    assert_eq!(told(&case), [(Some(line), "passed")]);
    case.is_sound();
}

/// 3.3(1), decision 12. Regression: what was typed after the freeze, of its day, made another case that nobody could end.
#[test]
fn clause_3_3_1_the_freeze_comes_last_on_its_day() {
    let (case, line) = frozen_with_a_plan();
    case.ask(Command::TakeIn(dormant::line(5, day("2011-04-01"), "2001-02"))).unwrap();
    case.did("rectification-failed P0001 points=10 advice=x deadline=2011-07-31 standard=y note=x");
    assert_eq!(told(&case), [(Some(line), "ended")]);
    case.is_sound();
}
