//! What was known, what was true, and what would be: `--known-at`, `--as-of`, `what-if`, `year-end`, and lines for years
//! that are over. The answers are held against a store that stopped, against now, and against the command when it is done.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

#[path = "fixture/binary.rs"]
mod binary;
#[path = "fixture/case.rs"]
#[allow(dead_code, reason = "the clauses' tests use the rest of it")]
mod case;
#[allow(dead_code, reason = "the others use the rest of it")]
mod fixture;
#[allow(dead_code, reason = "the others use the rest of it")]
mod model;

use binary::Store;
use case::Case;
use fixture::who;
use koufen::cli;
use koufen::desk::{Desk, DeskError, ManualClock, Weighed};
use koufen::domain::deposit::Account;
use koufen::domain::{
    Alert, AlertState, Command, Deduction, Event, FindingState, Mark, ObligationKind, Outlet, ProviderKind, Refusal,
    RequestKind, Turnover,
};
use koufen::ids::{OutletId, ProviderId, Seq};
use koufen::money::Fen;
use koufen::points::Points;
use koufen::rulebook::Rulebook;
use koufen::store::StoreError;
use koufen::time::{Day, Moment, Month, parse_day, show_moment};
use koufen::words::Lang;
use model::calendar::Days;
use model::picture::Picture;
use model::said::{Said, What, command, provider};
use model::typing::{Dice, Takes, Typist};
use proptest::prelude::*;
use serde_json::Value;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::sync::{Arc, LazyLock};

static DAYS: LazyLock<Days> = LazyLock::new(Days::read);

/// Over a year's end.
const FIRST: &str = "2010-11-20";
const LENGTH: i64 = 100;

fn day(text: &str) -> Day {
    parse_day(text).unwrap()
}

/// What a command line answers on a desk, and its exit code.
fn run(desk: &Desk, line: &str) -> (i32, String) {
    let args: Vec<OsString> = std::iter::once("koufen").chain(line.split(' ')).map(OsString::from).collect();
    let (parsed, _) = cli::parse(&args).unwrap_or_else(|_| panic!("{line}"));
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut answer = cli::Answer {
        out: &mut out,
        err: &mut err,
        lang: Lang::En,
        json: true,
        bar: false,
        caller: &koufen::door::caller::Here,
    };
    let done = cli::on_desk(parsed.command.as_ref().unwrap(), desk, &who("tester"), &mut answer);
    let exit = done.unwrap_or_else(|failure| answer.failure(&failure));
    out.extend(err);
    (exit as i32, String::from_utf8(out).unwrap())
}

fn ok(desk: &Desk, line: &str) -> Value {
    let (exit, text) = run(desk, line);
    assert_eq!(exit, 0, "{line}: {text}");
    serde_json::from_str(&text).unwrap()
}

/// What all commands that read answer, one after another.
fn answers(desk: &Desk) -> Vec<(String, String)> {
    let mut lines: Vec<String> = [
        "standing",
        "standing --year 2010",
        "deadlines",
        "findings",
        "alerts --all",
        "objections",
        "provider list",
        "outlet list",
        "ledger --unsupported",
        "year-end --dry-run",
        "export ledger",
        "export outlets",
    ]
    .map(str::to_owned)
    .into();
    for id in ["P0001", "P0002"] {
        for of in ["ledger", "account", "admission", "territory", "provider show", "turnover list", "request late"] {
            lines.push(format!("{of} {id}"));
        }
    }
    // One more than there are: that it is not there is an answer too.
    let last = desk.stats().unwrap().entries;
    lines.extend((1..=last + 1).flat_map(|seq| [format!("entry {seq}"), format!("why {seq}")]));
    lines.into_iter().map(|line| (line.clone(), run(desk, &line).1)).collect()
}

/// All that a store comes to, by what the desk answers.
#[derive(Debug, PartialEq, Eq)]
struct Whole {
    scores: BTreeMap<(ProviderId, i32), u32>,
    due: BTreeMap<(ProviderId, u64, String), Moment>,
    findings: BTreeMap<String, (FindingState, bool)>,
    alerts: BTreeMap<String, Alert>,
    money: BTreeMap<(ProviderId, String), i64>,
    outlets: BTreeMap<OutletId, (ProviderId, String)>,
}

impl Whole {
    fn of(desk: &Desk) -> Whole {
        let ids: Vec<ProviderId> = desk.providers(2011).unwrap().into_iter().map(|row| row.provider.id).collect();
        let (mut scores, mut money, mut outlets) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for id in &ids {
            for year in [2010, 2011] {
                let score = desk.provider(id, year).unwrap().unwrap().score.0;
                scores.extend((score > 0).then(|| ((id.clone(), year), score)));
            }
            let statement = desk.account(id, None, desk.today()).unwrap();
            let held = statement.accounts.iter().filter(|sheet| sheet.account != Account::Debt);
            money.extend(held.map(|sheet| ((id.clone(), sheet.account.word().to_owned()), sheet.closing)));
            let fen = |sum: Fen| i64::try_from(sum.0).unwrap();
            money.insert((id.clone(), "owed".into()), -fen(statement.owed));
            money.insert((id.clone(), "forfeited".into()), fen(statement.forfeited));
            let awarded = statement.awarded.iter();
            money.extend(awarded.map(|(to, sum)| ((id.clone(), to.word().to_owned()), fen(*sum))));
            for row in desk.lives(id, None, 99).unwrap() {
                outlets.insert(row.outlet.id, (row.outlet.provider, row.life.stage.word().to_owned()));
            }
        }
        let due = desk.deadlines(None).unwrap().into_iter();
        let due = due.map(|d| ((d.provider, d.seq.0, d.obligation.kind.word().to_owned()), d.obligation.due)).collect();
        let findings = desk.findings(None).unwrap().into_iter();
        let findings = findings.map(|f| (f.id.to_string(), (f.state, f.now.is_some()))).collect();
        let alerts = desk.alerts(None).unwrap().into_iter().filter(|a| a.state != AlertState::Resolved);
        Whole { scores, due, findings, alerts: alerts.map(|a| (a.id(), a)).collect(), money, outlets }
    }

    /// What is there and was not, or is otherwise; in words that can be compared.
    fn since(&self, before: &Whole) -> Vec<String> {
        let mut all = Vec::new();
        differ(&before.scores, &self.scores, |(id, year), was, is| {
            let (was, is) = (was.unwrap_or(&0), is.unwrap_or(&0));
            all.push(format!("score {id} {year} {was} {is}"));
        });
        differ(&before.due, &self.due, |(id, seq, kind), was, is| {
            let at = |due: Option<&Moment>| due.map(|due| show_moment(*due));
            all.push(format!("due {id} {seq} {kind} {:?} {:?}", at(was), at(is)));
        });
        let open = |state: &FindingState| *state == FindingState::Open;
        differ(&before.findings, &self.findings, |id, was, is| match (was, is) {
            (None, Some((_, true))) | (Some((_, false)), Some((_, true))) => all.push(format!("found {id}")),
            (Some(_), None) => all.push(format!("gone {id}")),
            (Some((_, true)), Some((now, false))) if open(now) => all.push(format!("gone {id}")),
            (Some((was, _)), Some((now, _))) if !open(was) && open(now) => all.push(format!("reopened {id}")),
            _ => {}
        });
        for (id, (state, _)) in self.findings.iter().filter(|(_, (state, _))| !open(state)) {
            let was = before.findings.get(id);
            all.extend(was.is_none_or(|(was, _)| open(was)).then(|| format!("decided {id} {}", state.word())));
        }
        differ(&before.alerts, &self.alerts, |id, was, is| {
            let what = if was.is_none() { "fired" } else { "turned" };
            all.push(format!("{} {id}", if is.is_none() { "over" } else { what }));
        });
        differ(&before.money, &self.money, |(id, account), was, is| {
            let (was, is) = (was.copied().unwrap_or(0), is.copied().unwrap_or(0));
            all.extend((was != is).then(|| format!("money {id} {account} {was} {is}")));
        });
        differ(&before.outlets, &self.outlets, |id, was, is| all.push(format!("outlet {id} {was:?} {is:?}")));
        all.sort();
        all.dedup();
        all
    }
}

fn differ<K: Ord, V: PartialEq>(
    before: &BTreeMap<K, V>,
    after: &BTreeMap<K, V>,
    mut tell: impl FnMut(&K, Option<&V>, Option<&V>),
) {
    let gone = before.keys().filter(|key| !after.contains_key(key));
    for key in after.keys().chain(gone) {
        let (was, is) = (before.get(key), after.get(key));
        if was != is {
            tell(key, was, is);
        }
    }
}

/// The same of what was weighed; `after` says the state that a decided finding has then.
fn told(weighed: &Weighed, after: &Whole) -> Vec<String> {
    let mut all = Vec::new();
    for c in &weighed.changes {
        let id = &c.provider;
        all.extend(c.scores.iter().map(|s| format!("score {id} {} {} {}", s.year, s.before, s.after)));
        let none: Option<String> = None;
        let line = |seq: Seq, kind: &str, was: &Option<String>, is: &Option<String>| {
            format!("due {id} {seq} {kind} {was:?} {is:?}")
        };
        let at = |due: Moment| Some(show_moment(due));
        all.extend(c.opened.iter().map(|(seq, o)| line(*seq, o.kind.word(), &none, &at(o.due))));
        all.extend(c.closed.iter().map(|(seq, o)| line(*seq, o.kind.word(), &at(o.due), &none)));
        all.extend(c.moved.iter().map(|(seq, was, o)| line(*seq, o.kind.word(), &at(*was), &at(o.due))));
        all.extend(c.found.iter().map(|found| format!("found {}", found.id)));
        all.extend(c.gone.iter().map(|id| format!("gone {id}")));
        all.extend(c.reopened.iter().map(|id| format!("reopened {id}")));
        let state = |id: &str| after.findings.get(id).map_or("", |(state, _)| state.word()).to_owned();
        all.extend(c.decided.iter().map(|id| format!("decided {id} {}", state(&id.to_string()))));
        all.extend(c.fired.iter().map(|alert| format!("fired {}", alert.id())));
        all.extend(c.turned.iter().map(|(_, alert)| format!("turned {}", alert.id())));
        all.extend(c.over.iter().map(|alert| format!("over {}", alert.id())));
        all.extend(c.money.iter().map(|(account, was, is)| format!("money {id} {} {was} {is}", account.word())));
    }
    for change in &weighed.outlets {
        let held = |held: &Option<koufen::desk::Held>| {
            held.as_ref().map(|(provider, stage)| (provider.clone(), stage.word().to_owned()))
        };
        all.push(format!("outlet {} {:?} {:?}", change.outlet, held(&change.before), held(&change.after)));
    }
    all.sort();
    all
}

/// A desk and its clock; whether each command is tried before it is done.
struct Clocked {
    desk: Desk,
    clock: Arc<ManualClock>,
    tries: bool,
    /// How many changes were held against what was tried.
    compared: usize,
}

impl Clocked {
    fn at(now: Moment, tries: bool) -> Clocked {
        let clock = Arc::new(ManualClock::at(now));
        let desk = Desk::in_memory(Rulebook::shipped().unwrap(), clock.clone()).unwrap();
        let mut clocked = Clocked { desk, clock, tries, compared: 0 };
        for id in ["P0001", "P0002"] {
            clocked.ask(&Command::AddProvider(fixture::provider(id, "捷达"))).unwrap();
        }
        clocked
    }

    fn submit(&self, desk: &Desk, command: &Command) -> Result<Seq, Refusal> {
        match desk.submit(&who("tester"), command.clone()) {
            Ok(receipt) => Ok(receipt.seq),
            Err(DeskError::Refused(refusal)) => Err(refusal),
            Err(DeskError::Store(e)) => panic!("{e} {command:?}"),
        }
    }

    /// Tries it, does it, and holds what was said against what came.
    fn compare(&mut self, command: &Command) -> Result<Seq, Refusal> {
        let (head, before) = (self.desk.stats().unwrap().head, Whole::of(&self.desk));
        let trying = self.desk.trying();
        let (tried, shown) = (self.submit(&trying, command), self.desk.preview(&who("tester"), command));
        assert_eq!(self.desk.stats().unwrap().head, head, "nothing is written");
        assert_eq!(Whole::of(&self.desk), before, "nothing is changed by {command:?}");
        let done = self.submit(&self.desk.clone(), command);
        assert_eq!(tried, done, "{command:?}");
        if done.is_ok() {
            let after = Whole::of(&self.desk);
            let (weighed, differs) = (trying.tried().remove(0), after.since(&before));
            assert_eq!(told(&weighed, &after), differs, "{command:?}");
            // What a form shows of it is the same, and so is the score that it says.
            let shown = shown.unwrap();
            assert_eq!(shown.weighed, weighed, "{command:?}");
            let score = after.scores.get(&(shown.provider, shown.year)).copied().unwrap_or(0);
            assert_eq!(shown.after.0, score, "{command:?}");
            self.compared += differs.len();
        }
        done
    }
}

impl Takes for Clocked {
    fn ask(&mut self, command: &Command) -> Result<Seq, Refusal> {
        if self.tries { self.compare(command) } else { self.submit(&self.desk.clone(), command) }
    }

    fn comes(&mut self, now: Moment) {
        self.clock.set(now);
    }

    fn entry(&mut self, seq: Seq) -> Option<Event> {
        self.desk.entry(seq).unwrap().0.map(|recorded| recorded.entry.event)
    }

    fn picture(&mut self, _: u8, _: &[Said]) -> Picture {
        // Nothing is held against the model here: all that is shown is compared.
        Picture::new()
    }
}

/// A line of any article that a roster may have.
fn line(points: u32, article: &str, on: Day, outlet: Option<&str>) -> Command {
    Command::TakeIn(Deduction {
        provider: "P0001".parse().unwrap(),
        article: article.parse().unwrap(),
        points: Points(points),
        occurred_on: on,
        outlet: outlet.map(|id| id.parse().unwrap()),
        problem: outlet.map(|_| "漏单".to_owned()),
        note: Some("x".into()),
        subject: None,
        evidence: None,
    })
}

/// What the typist does not do: lines, reversals, turnover, money, marks, decisions.
fn beside(clocked: &mut Clocked, dice: Dice) {
    let (kind, o, on, pick, n) = dice;
    let first = day(FIRST);
    let on = (first + chrono::Duration::days(on)).min(clocked.desk.today());
    let outlets: Vec<String> =
        clocked.desk.outlets(&provider(1), None, 9).unwrap().iter().map(|o| o.id.to_string()).collect();
    let outlet = outlets.get(o % outlets.len().max(1));
    let record = |clocked: &Clocked, typed: &str| {
        let case = Case::on(clocked.desk.clone(), Arc::clone(&clocked.clock));
        case.read(&format!("{typed} on={on}")).ok()
    };
    let asked = match kind % 13 {
        0 => Some(line(10 + n % 31, "rollout-shortfall", on, None)),
        1 => outlet.map(|id| line(1 + n % 2, "outlet-complaint", on, Some(id))),
        2 => Some(line(1 + n, "dormant-outlets", on, None)),
        3 => {
            let rows = clocked.desk.ledger(&provider(1), 2010 + i32::try_from(n % 2).unwrap(), None, 99).unwrap();
            let line = rows.get(pick % rows.len().max(1)).map(|line| line.seq);
            line.map(|line| Command::Reverse { line, reason: "误".into() })
        }
        4 | 5 => outlet.map(|id| {
            let amount = Fen([0, 99_999, 500_000][pick % 3]);
            let month = Month::of(on).plus(-1 - i32::try_from(n % 2).unwrap());
            let turnover = Turnover {
                outlet: id.parse().unwrap(),
                month,
                amount,
                orders: Some(9),
                with_final_status: Some(9 - n % 2),
            };
            match clocked
                .desk
                .turnovers(&provider(1), month, None, 99)
                .unwrap()
                .iter()
                .any(|t| t.outlet == turnover.outlet)
            {
                true => Command::AmendTurnover { turnover, reason: "更正".into() },
                false => Command::RecordTurnover(turnover),
            }
        }),
        6 => record(clocked, "agreement-effective P0001 city=杭州"),
        7 => record(clocked, "deposit-paid P0001 city=杭州"),
        8 => record(clocked, "deposit-frozen P0001 city=杭州 amount=300000"),
        9 => record(clocked, &format!("deposit-forfeited P0001 amount={} note=x", 1000 * (n + 1))),
        10 => record(clocked, &format!("deposit-compensated P0001 payee=consumer amount={} note=x", 30_000 * (n + 1))),
        11 => outlet.map(|id| {
            let old = clocked.desk.outlet(&id.parse().unwrap()).unwrap().unwrap();
            Command::AmendOutlet(Outlet {
                signed_on: old.signed_on.map(|was| was.min(on)),
                name: format!("店{n}"),
                ..old
            })
        }),
        _ => {
            let alerts = clocked.desk.alerts(None).unwrap();
            let alert = alerts.into_iter().filter(|a| a.state == AlertState::Firing).nth(pick % 5);
            alert.map(|a| Command::MarkAlert { provider: a.provider, subject: a.subject, mark: Mark::Acknowledged })
        }
    };
    if let Some(asked) = asked {
        let _ = clocked.ask(&asked);
    }
}

fn things(most: usize) -> impl Strategy<Value = Vec<(bool, Dice)>> {
    let dice = (0..40u8, 0..5usize, 0..LENGTH, 0..60usize, 0..40u32);
    prop::collection::vec((prop::bool::weighted(0.4), dice), most / 2..most)
}

/// A history of random things, an hour apart; each is heard of before it is done.
fn history(things: Vec<(bool, Dice)>, (tries, seed): (bool, usize), mut hears: impl FnMut(usize, &Clocked)) -> Clocked {
    let first = day(FIRST);
    let begin = Moment::start_of(first + chrono::Duration::days(LENGTH)).0 + 9 * 3600;
    let mut typist = Typist::new(Clocked::at(Moment::start_of(first), tries), &DAYS, first, Moment(begin));
    typist.comes(Moment(begin));
    typist.begin(seed);
    for (at, (aside, dice)) in things.into_iter().enumerate() {
        hears(at, &typist.takes);
        // Now and then a week goes by.
        let hours = if dice.4 % 9 == 0 { 7 * 24 } else { 1 };
        typist.comes(Moment(typist.takes.desk.now().0 + hours * 3600));
        if aside { beside(&mut typist.takes, dice) } else { typist.act(dice) }
    }
    typist.takes
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// What a command would do is what it does then; what is refused then is refused before; and nothing is written.
    #[test]
    fn what_if_is_the_command_when_it_is_run(things in things(60), seed in 0..99usize) {
        let mut clocked = history(things, (true, seed), |_, _| ());
        // Without a territory hardly anything is taken, and it may be that nothing of it shows. A line always does.
        let compared = clocked.compared;
        prop_assert!(compared > 0 || seed.is_multiple_of(8), "something was compared");
        clocked.ask(&Command::AddProvider(fixture::provider("P0003", "云集"))).unwrap();
        let Command::TakeIn(line) = line(12, "rollout-shortfall", clocked.desk.today(), None) else { unreachable!() };
        clocked.ask(&Command::TakeIn(Deduction { provider: provider(3), ..line })).unwrap();
        prop_assert!(clocked.compared > compared, "something was compared");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// What was known at a moment is what the store answered when it had come to it, in all that can be asked.
    #[test]
    fn known_at_is_a_store_that_stopped(things in things(50), seed in 0..99usize, cut in 0..50usize) {
        let (cut, mut was) = (cut % things.len(), None);
        let clocked = history(things, (false, seed), |at, clocked| {
            if at == cut {
                let stopped = (clocked.desk.now(), clocked.desk.stats().unwrap().head, answers(&clocked.desk));
                was = Some(stopped);
            }
        });
        let (at, head, was) = was.unwrap();
        let known = clocked.desk.known_at(at).unwrap();
        prop_assert_eq!(known.stats().unwrap().head, head);
        for (was, is) in was.into_iter().zip(answers(&known)) {
            prop_assert_eq!(was, is);
        }
        // What is tried on it is tried then, and it is as it was.
        let was = Whole::of(&known);
        prop_assert!(known.trying().submit(&who("tester"), Command::AddProvider(fixture::provider("P0009", "迟"))).is_ok());
        prop_assert_eq!(Whole::of(&known), was);
        // It takes nothing, and the store has what came later.
        let refused = known.submit(&who("tester"), Command::AddProvider(fixture::provider("P0009", "迟")));
        prop_assert!(matches!(refused, Err(DeskError::Store(StoreError::Refusing { .. }))), "{refused:?}");
        prop_assert_eq!(known.stats().unwrap().head, head);
    }
}

/// Ledgers of both years, deadlines, findings, standings and deposits; as of a day where one is given.
fn of_day(desk: &Desk, day: Option<Day>) -> Vec<(String, Value)> {
    let mut lines: Vec<String> =
        ["deadlines", "findings", "ledger --unsupported", "account P0001"].map(str::to_owned).into();
    for id in ["P0001", "P0002"] {
        lines.extend([2010, 2011].map(|year| format!("ledger {id} --year {year}")));
        lines.extend([2010, 2011].map(|year| format!("standing {id} --year {year}")));
        lines.extend([format!("deadlines --provider {id}"), format!("findings --provider {id}")]);
    }
    let one = |line: String| {
        let asked = day.map_or(line.clone(), |day| format!("{line} --as-of {day}"));
        let told = ok(desk, &asked);
        (line, told)
    };
    lines.into_iter().map(one).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    /// As of today is now.
    #[test]
    fn as_of_today_is_now(things in things(60), seed in 0..99usize) {
        let clocked = history(things, (false, seed), |_, _| ());
        let today = clocked.desk.today();
        prop_assert_eq!(of_day(&clocked.desk, None), of_day(&clocked.desk, Some(today)));
    }

    /// Where all is typed on its day, what was true on a day is what was known at its end.
    #[test]
    fn as_of_a_day_is_what_was_known_where_all_is_typed_on_its_day(
        things in things(60),
        lines in prop::collection::vec((0..LENGTH, 0..3usize, 0..30u32), 0..12),
        looks in prop::collection::vec(0..LENGTH, 3),
    ) {
        let first = day(FIRST);
        let now = Moment(Moment::start_of(first + chrono::Duration::days(LENGTH)).0 + 9 * 3600);
        let mut typist = Typist::new(Clocked::at(Moment::start_of(first), false), &DAYS, first, now);
        typist.comes(now);
        things.into_iter().for_each(|(_, dice)| typist.act(dice));
        // An outlet that was always there is never typed on its day.
        let on_its_day = |s: &Said| !s.voided && !matches!(s.what, What::Imported { signed: false, .. });
        let mut said: Vec<Said> = typist.said.clone().into_iter().filter(on_its_day).collect();
        said.sort_by_key(|s| (s.at.day(), s.nth));
        // Typed again, each at the end of its day, with lines between them.
        let mut again = Clocked::at(Moment::start_of(first), false);
        let mut numbers: BTreeMap<usize, Seq> = BTreeMap::new();
        for on in 0..LENGTH {
            let on = first + chrono::Duration::days(on);
            again.comes(Moment::end_of(on));
            for s in said.iter().filter(|s| s.at.day() == on) {
                let whose = typist.takes.event(s.entry).provider().unwrap().clone();
                if s.what.refers().is_some_and(|nth| !numbers.contains_key(&nth)) {
                    continue;
                }
                let asked = command(s.at, &s.what, |nth| numbers.get(&nth).copied().unwrap_or(Seq(u64::MAX)), whose);
                if let Ok(seq) = again.ask(&asked) {
                    numbers.insert(s.nth, seq);
                }
            }
            for (_, which, points) in lines.iter().filter(|(at, ..)| first + chrono::Duration::days(*at) == on) {
                let (article, points) = [("rollout-shortfall", 10 + points), ("media-exposure", 10 + points % 11), ("dormant-outlets", 1 + points)][*which];
                again.ask(&line(points, article, on, None)).unwrap();
            }
        }
        for at in looks {
            let on = first + chrono::Duration::days(at);
            let known = again.desk.known_at(Moment::end_of(on)).unwrap();
            prop_assert_eq!(of_day(&known, None), of_day(&again.desk, Some(on)), "{}", on);
        }
    }
}

/// As of a day, what is typed later counts, and what happened later does not: in the ledger, with what lines count for
/// among those of until then.
#[test]
fn as_of_a_day_is_by_what_is_known_now() {
    let case = Case::at("2011-03-20T09:00");
    let conference = case.with_city();
    case.open_outlet("O1");
    case.to("2011-06-01T09:00");
    let complaint = |on: &str| case.ask(line(2, "outlet-complaint", day(on), Some("O1"))).unwrap().seq.0;
    let first: Vec<u64> = ["2011-05-02", "2011-05-03", "2011-05-04", "2011-05-05", "2011-05-06"].map(complaint).into();
    let late = complaint("2011-05-01");
    let lines = |on: &str| {
        let told = ok(&case.desk, &format!("ledger P0001 --as-of {on}"));
        let one = |l: &Value| (l["line"].as_u64().unwrap(), l["effective"].as_u64().unwrap());
        told.as_array().unwrap().iter().map(one).collect::<Vec<_>>()
    };
    assert!(lines("2011-04-30").is_empty());
    assert_eq!(lines("2011-05-01"), [(late, 2)]);
    assert_eq!(lines("2011-05-02"), [(late, 2), (first[0], 2)]);
    assert_eq!(lines("2011-05-06").last(), Some(&(first[4], 0)), "ten points of one problem, and no more");
    // Due at eight in the evening: not overdue at nine in the morning, as of that day.
    let help = Command::OpenRequest {
        outlet: "O1".parse().unwrap(),
        kind: RequestKind::Help,
        at: Some(koufen::time::parse_moment("2011-06-01T08:00").unwrap()),
        note: None,
    };
    case.ask(help).unwrap();
    let overdue = || {
        let told = ok(&case.desk, "deadlines --provider P0001 --as-of 2011-06-01");
        let of = told.as_array().unwrap().iter().find(|d| d["obligation"] == "help-answer").cloned().unwrap();
        (of["due"].as_str().unwrap().to_owned(), of["overdue"].as_bool().unwrap())
    };
    assert_eq!(overdue(), ("2011-06-01T20:00".into(), false));
    case.to("2011-06-01T20:00:01");
    assert!(overdue().1);
    let years = ok(&case.desk, "ledger P0001 --as-of 2010-12-31");
    assert_eq!(years, serde_json::json!([]), "of the day's own year");
    // The freeze application was due 15 working days after the conference; it is overdue only since.
    let due = |on: &str| {
        let told = ok(&case.desk, &format!("deadlines --provider P0001 --as-of {on}"));
        let of = told.as_array().unwrap().iter().find(|d| d["obligation"] == "freeze-application").cloned();
        of.map(|d| (d["entry"].as_u64().unwrap(), d["overdue"].as_bool().unwrap()))
    };
    assert_eq!(due("2011-03-19"), None);
    assert_eq!(due("2011-03-20"), Some((conference, false)));
    assert_eq!(due("2011-05-20"), Some((conference, true)));
    let found = |on: &str| {
        let told = ok(&case.desk, &format!("findings --provider P0001 --as-of {on}"));
        told.as_array().unwrap().iter().any(|f| f["article"] == "signing-delay")
    };
    assert_eq!((found("2011-03-31"), found("2011-05-20")), (false, true));
    // Typed today, for a day long ago: it was done in time.
    case.did(&format!("freeze-applied P0001 conference={conference} entries=24 errors=0 on=2011-03-25"));
    assert_eq!((due("2011-05-20"), found("2011-05-20")), (None, false));
    assert_eq!(due("2011-03-24"), Some((conference, false)));
}

/// 2.2.3(3): a month is found once it is over, by all that is known of it; a decision counts from its day on.
#[test]
fn as_of_a_day_a_month_is_found_once_it_is_over_and_open_until_it_was_decided() {
    let case = Case::at("2011-05-03T09:00");
    for n in 0..4 {
        let outlet = fixture::outlet(&format!("O{n}"), "P0001");
        case.ask(Command::AddOutlet(Outlet { signed_on: Some(day("2010-01-05")), ..outlet })).unwrap();
        for month in ["2011-01", "2011-02"] {
            let turnover = Turnover {
                outlet: format!("O{n}").parse().unwrap(),
                month: month.parse().unwrap(),
                amount: Fen(0),
                orders: None,
                with_final_status: None,
            };
            case.ask(Command::RecordTurnover(turnover)).unwrap();
        }
    }
    let finding = "dormant-outlets/P0001/2011-02".parse().unwrap();
    case.ask(Command::DismissFinding { finding, reason: "春节".into() }).unwrap();
    let state = |on: &str| {
        let told = ok(&case.desk, &format!("findings --as-of {on}"));
        let of = told.as_array().unwrap().iter().find(|f| f["subject"] == "2011-02").cloned();
        of.map(|f| (f["state"].as_str().unwrap().to_owned(), f["points"].as_u64().unwrap()))
    };
    assert_eq!(state("2011-02-27"), None);
    assert_eq!(state("2011-02-28"), Some(("open".into(), 4)));
    assert_eq!(state("2011-05-02"), Some(("open".into(), 4)));
    assert_eq!(state("2011-05-03").unwrap().0, "dismissed");
}

/// Decision 10: what the year's end clears, and what goes on.
#[test]
fn decision_10_a_years_end_clears_the_score_and_nothing_else() {
    let case = Case::at("2011-12-20T09:00");
    case.with_city();
    case.did("deposit-forfeited P0001 amount=1000 note=x");
    let unsupported = case.ask(line(30, "rollout-shortfall", day("2011-12-01"), None)).unwrap().seq;
    let mut other = fixture::provider("P0002", "中成");
    other.kind = ProviderKind::SelfOperated;
    case.ask(Command::AddProvider(other)).unwrap();
    let ends = |year: i32| ok(&case.desk, &format!("year-end --dry-run --year {year}"));
    let one = ends(2011)[0].clone();
    assert_eq!((one["clears"].as_u64(), &one["goes_on"]), (Some(30), &serde_json::json!([])));
    assert_eq!((&one["unsupported"], &one["deposit_short"]), (&serde_json::json!([unsupported.0]), &"1000".into()));
    assert_eq!(ends(2011).as_array().unwrap().len(), 1, "of the other there is nothing");
    let due = |one: &Value| {
        let all = one["straddles"].as_array().unwrap().iter();
        all.map(|d| d["obligation"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    // Reviewed within 7 working days of 20 December is before the end; the application within 15 is not.
    assert!(due(&one).contains(&"freeze-application".to_owned()), "{one}");
    assert!(!due(&one).contains(&"candidate-review".to_owned()), "{one}");
    let open = |id: &str| case.desk.deadlines(None).unwrap().iter().any(|d| d.obligation.kind.word() == id);
    assert!(open("freeze-application"));
    for (points, on) in [(20, vec!["case"]), (50, vec!["decision", "case"])] {
        case.ask(line(points.min(40), "rollout-shortfall", day("2011-12-02"), None)).unwrap();
        if points > 40 {
            case.ask(line(10, "rollout-shortfall", day("2011-12-02"), None)).unwrap();
        }
        assert_eq!(ends(2011)[0]["goes_on"], serde_json::json!(on));
    }
    // A year later it says what it said at its end, and what is known since.
    case.to("2012-02-10T09:00");
    assert_eq!(due(&ends(2011)[0]), due(&one));
    assert_eq!(ends(2011)[0]["clears"], 100);
    assert_eq!(ends(2012)[0]["clears"], 0, "its deposit is short all the same");
    let finding = &ends(2012)[0]["findings"];
    assert!(finding.as_array().unwrap().iter().any(|f| f.as_str().unwrap().starts_with("signing-delay/")), "{finding}");
    assert!(ends(2011)[0]["findings"].as_array().unwrap().is_empty(), "it was not late yet");
}

/// A line for a year that is over says which marks the year reaches by it, and what was decided without it.
#[test]
fn a_line_for_a_year_that_is_over_says_what_rested_on_its_total() {
    let case = Case::at("2011-03-10T09:00");
    let typed = |points, on: &str| case.ask(line(points, "rollout-shortfall", day(on), None)).unwrap().seq;
    typed(40, "2011-03-01");
    let early = typed(10, "2011-03-02");
    case.ask(Command::Reverse { line: early, reason: "误".into() }).unwrap();
    case.to("2011-08-01T09:00");
    let wrong = typed(15, "2011-07-01");
    let reversal = case.ask(Command::Reverse { line: wrong, reason: "误".into() }).unwrap().seq;
    let voided = typed(15, "2011-07-02");
    let void = Command::Void { entry: voided, dependents: false, reason: "误".into() };
    let void = case.ask(void).unwrap().seq;
    let deduct = |points: u32, on: &str| {
        ok(&case.desk, &format!("deduct P0001 media-exposure {points} --on {on} --evidence 报道 --again"))
    };
    assert_eq!(deduct(10, "2011-05-01")["late"], Value::Null, "the year is not over");
    case.to("2012-02-01T09:00");
    let late = deduct(10, "2011-06-01")["late"].clone();
    assert_eq!((&late["before"], &late["after"], &late["crosses"]), (&50.into(), &60.into(), &serde_json::json!([])));
    let since: Vec<u64> = late["since"].as_array().unwrap().iter().map(|e| e["entry"].as_u64().unwrap()).collect();
    assert_eq!(since, [reversal.0, void.0], "that of March was decided before it occurred");
    let late = deduct(20, "2011-12-31")["late"].clone();
    assert_eq!(late["crosses"], serde_json::json!([80]));
    assert_eq!(late["since"], serde_json::json!([]));
    assert_eq!(deduct(20, "2012-01-05")["late"], Value::Null);
}

/// Both providers of a transfer are told of, and whoever had an outlet before (2.2.4(1), decision 15).
#[test]
fn what_if_tells_of_every_provider_that_it_touches() {
    let case = Case::at("2011-03-01T09:00");
    case.with_city();
    case.open_outlet("O1");
    case.did("training-held P0001 city=杭州");
    case.ask(Command::AddProvider(fixture::provider("P0002", "中成"))).unwrap();
    let exit = Command::OpenRequest { outlet: "O1".parse().unwrap(), kind: RequestKind::Exit, at: None, note: None };
    case.ask(exit).unwrap();
    let weigh = |typed: &str| case.desk.weigh(&who("tester"), &case.read(typed).unwrap(), false).unwrap();
    let whose = |weighed: &Weighed| weighed.changes.iter().map(|c| c.provider.to_string()).collect::<Vec<_>>();
    let transfer = "outlet-transferred O1 to=P0002 note=x";
    case.to("2011-03-02T09:00");
    let weighed = weigh(transfer);
    assert_eq!(whose(&weighed), ["P0001", "P0002"]);
    let held = |provider: &str, stage| Some((provider.parse().unwrap(), stage));
    let stage = case.desk.life(&"O1".parse().unwrap()).unwrap().unwrap().stage;
    assert_eq!(weighed.outlets.len(), 1);
    assert_eq!((&weighed.outlets[0].before, &weighed.outlets[0].after), (&held("P0001", stage), &held("P0002", stage)));
    case.did(transfer);
    // It leaves there: what it had asked of the first one is over.
    case.to("2011-03-03T09:00");
    let weighed = weigh("outlet-exited O1 evidence=form,photos,statement");
    assert_eq!(whose(&weighed), ["P0001", "P0002"]);
    let closed: Vec<ObligationKind> = weighed.changes[0].closed.iter().map(|(_, o)| o.kind).collect();
    assert!(closed.contains(&ObligationKind::ExitAnswer), "{closed:?}");
}

/// The record of an outlet that came as a candidate is corrected after its life was: whoever reads the journal again, for
/// what was known or to make the view, comes to the same (found by the property above: it could not be read again).
#[test]
fn a_candidate_that_was_corrected_is_known_again() {
    let case = Case::at("2011-03-01T09:00");
    case.with_city();
    let void = |entry: u64| {
        let void = Command::Void { entry: Seq(entry), dependents: false, reason: "误".into() };
        case.ask(void).unwrap().seq.0
    };
    let amend = |name: &str| {
        let old = case.desk.outlet(&"O1".parse().unwrap()).unwrap().unwrap();
        case.ask(Command::AmendOutlet(Outlet { name: name.into(), ..old })).unwrap().seq.0
    };
    void(case.did("weed-out-agreed P0001 region=浙江 standard=x"));
    case.to("2011-03-02T09:00").open_outlet("O1");
    let amended = amend("新店");
    void(amended);
    let known = case.desk.known_at(case.desk.now()).unwrap();
    assert_eq!(answers(&known), answers(&case.desk));
    case.is_sound();
}

fn in_words(store: &Store, lang: &str, args: &[&str]) -> (Option<i32>, String) {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_koufen"));
    let output = command.arg("--store").arg(&store.path).args(["--lang", lang]).args(args).output().unwrap();
    (output.status.code(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
}

/// On the command line: exit codes are those of the command, nothing is written, and both languages say what changes.
#[test]
fn what_if_on_the_command_line_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::with_provider(&folder.path().join("store"));
    store.ok(&["record", "agreement-effective", "P0001", "--city", "杭州", "--on", "2011-01-04"]);
    store.ok(&["record", "deposit-paid", "P0001", "--city", "杭州", "--on", "2011-01-05"]);
    let head = || store.ok(&["verify"])["head"].clone();
    let before = head();
    let frozen = ["record", "deposit-frozen", "P0001", "--city", "杭州", "--amount", "300000", "--on", "2011-01-06"];
    let told = store.ok(&[&["what-if"], &frozen[..]].concat());
    assert_eq!((&told["recorded"], &told["events"][0]["record"]), (&false.into(), &"deposit-frozen".into()));
    let money = serde_json::json!([{ "of": { "city": "杭州" }, "was": "0", "now": "300000" }]);
    assert_eq!(told["changes"][0]["money"], money);
    let deduct = ["deduct", "P0001", "media-exposure", "20", "--on", "2011-03-02", "--evidence", "x"];
    let told = store.ok(&[&["what-if"], &deduct[..], &["--json"]].concat());
    let score =
        serde_json::json!([{ "year": 2011, "before": 0, "after": 20, "standing_before": "good", "standing": "good" }]);
    assert_eq!(told["changes"][0]["scores"], score);
    // Refused as the command is, with its exit code.
    let (mut refused, mut bad) = (deduct, deduct);
    (refused[3], bad[4]) = ("21", "--when");
    assert_eq!(store.refused(&[&["what-if"], &refused[..]].concat()), store.refused(&refused));
    assert_eq!(store.fails(&[&["what-if"], &bad[..]].concat()).0, 2);
    for (args, says) in [
        (&["what-if", "standing"][..], "records nothing"),
        (&["what-if", "import", "deductions", "x.csv"], "--dry-run"),
        (&["what-if", "what-if", "deduct"], "records nothing"),
        (&["what-if"], "COMMAND"),
    ] {
        let (code, text) = store.fails(args);
        assert!(code == 2 && text.contains(says), "{args:?}: {code} {text}");
    }
    assert_eq!((head(), store.score()), (before, 0));
    for (lang, words) in [
        ("en", ["It would record", "Score of P0001 in 2011: 0 → 20", "Nothing was recorded"]),
        ("zh-CN", ["将记录", "P0001 2011 年扣分：0 → 20", "未记录任何内容"]),
    ] {
        let (code, text) = in_words(&store, lang, &[&["what-if"], &deduct[..]].concat());
        assert!(code == Some(0) && words.iter().all(|word| text.contains(word)), "{text}");
    }
    store.ok(&frozen);
    assert_eq!(store.ok(&["account", "P0001"])["accounts"][0]["closing"], "300000");
}

/// On the command line: what was known answers commands that read, and no others.
#[test]
fn known_at_on_the_command_line_is_for_commands_that_read() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::with_provider(&folder.path().join("store"));
    let recorded = store.ok(&["entry", "1"])["recorded_at"].clone();
    let at = recorded.as_str().unwrap_or_else(|| panic!("{recorded}")).to_owned();
    assert_eq!(store.ok(&["provider", "list", "--known-at", &at]).as_array().unwrap().len(), 1, "{at}");
    let before = ["2010-12-31", "2010-12-31 12:00", "2010-12-31T12:00:30"];
    for at in before {
        assert_eq!(store.ok(&["--known-at", at, "provider", "list"]), serde_json::json!([]), "{at}");
    }
    assert_eq!(store.ok(&["provider", "list", "--known-at", "today"]).as_array().unwrap().len(), 1);
    assert_eq!(store.ok(&["year-end", "--dry-run", "--known-at", "2010-12-31"]), serde_json::json!([]));
    let add = ["provider", "add", "P0002", "--name", "x", "--kind", "third-party", "--city", "杭州"];
    for args in [&add[..], &["alerts", "--watch"], &["rebuild"], &["import", "providers", "x.csv"], &[]] {
        let (code, text) = store.fails(&[&["--known-at", "2010-12-31"], args].concat());
        assert!(code == 2 && text.contains("only read"), "{args:?}: {code} {text}");
        let (code, text) = in_words(&store, "zh-CN", &[&["--known-at", "2010-12-31"], args].concat());
        assert!(code == Some(2) && text.contains("只用于查询命令"), "{args:?}: {text}");
    }
    for at in ["tomorrow", "+2h", "x"] {
        assert_eq!(store.fails(&["standing", "--known-at", at]).0, 2, "{at}");
    }
    let (code, text) = in_words(&store, "en", &["year-end"]);
    assert!(code == Some(2) && text.contains("Nothing has to run"), "{text}");
    assert_eq!(store.ok(&["provider", "list"]).as_array().unwrap().len(), 1, "nothing was written");
}
