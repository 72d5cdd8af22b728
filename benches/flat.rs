//! Work per command does not grow with the store, and a tick with nothing due costs nothing: ratios, in one run.
//!
//!     cargo bench --bench flat
//!     cargo bench --bench flat -- provider    # one large provider alone
//!
//! The same commands on two stores on disk that take turns; medians are compared.

use koufen::console::theme::Theme;
use koufen::console::update::update;
use koufen::console::{Effect, Message, Model};
use koufen::desk::lists::{Alerts, Deadlines, Of};
use koufen::desk::{Asked, Desk, Identity, ManualClock, OpenOptions};
use koufen::domain::{Command, Deduction, Outlet, Provider, ProviderKind, RequestKind};
use koufen::points::Points;
use koufen::rulebook::Rulebook;
use koufen::time::{Moment, parse_moment};
use koufen::words::Lang;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

const SMALL: u64 = 1_000;
const LARGE: u64 = 140_000;
const OUTLETS_EACH: u64 = 140;
const TURNS: u64 = 400;

fn main() {
    // `cargo test --benches` comes here too: only a bench run measures.
    if !std::env::args().any(|a| a == "--bench") {
        return;
    }
    if std::env::args().any(|a| a == "provider") {
        return one_large_provider();
    }
    let folder = tempfile::tempdir().expect("a folder");
    let (small, large) = (store(&folder.path().join("small"), SMALL), store(&folder.path().join("large"), LARGE));
    for (name, command) in [("deduction", deduct as fn(u64, u64) -> Command), ("help request", help)] {
        let (mut on_small, mut on_large) = (Vec::new(), Vec::new());
        for turn in 0..TURNS {
            on_small.push(timed(&small, command(turn, SMALL)));
            on_large.push(timed(&large, command(turn, LARGE)));
        }
        let (a, b) = (median(on_small), median(on_large));
        let ratio = b.as_secs_f64() / a.as_secs_f64();
        println!("{name}: {a:?} at {SMALL} outlets, {b:?} at {LARGE}: {ratio:.2} (goal: under 1.3)");
    }
    tick(&large);
    one_large_provider();
}

/// A provider of 5,000 outlets and 25,000 entries, without a disk: a record that comes last, one that takes its place
/// among the others, and a void.
fn one_large_provider() {
    const OUTLETS: u64 = 5_000;
    let clock = Arc::new(ManualClock::at(now()));
    let rulebook = Rulebook::shipped().expect("loads");
    let desk = Desk::in_memory(rulebook, Arc::clone(&clock) as Arc<dyn koufen::desk::Clock>).expect("opens");
    let ours = |n: u64| match outlet(n) {
        Command::AddOutlet(o) => Command::AddOutlet(Outlet { provider: "P0000".parse().expect("an id"), ..o }),
        other => other,
    };
    let mut commands: Vec<Command> = [provider(0), provider(1)].into_iter().chain((0..OUTLETS).map(ours)).collect();
    // 20,000 records over a year, in the order of their days.
    let first = parse_moment("2010-03-01T00:00").expect("a moment");
    commands.extend((0..20_000u64).map(|n| check(n % OUTLETS, Moment(first.0 + (n / 55) as i64 * 86_400).day(), true)));
    for group in commands.chunks(1_000) {
        let asked = group.iter().map(|command| Asked { command: command.clone(), nth: None }).collect();
        desk.submit_all(&who(), asked).expect("the store takes them").into_iter().for_each(|done| {
            done.expect("none is refused");
        });
    }
    let (mut last, mut late, mut voided) = (Vec::new(), Vec::new(), Vec::new());
    for turn in 0..50u64 {
        last.push(timed(&desk, check(turn, now().day(), false)));
        let start = Instant::now();
        let on = Moment(first.0 + turn as i64 * 7 * 86_400).day();
        let entry = desk.submit(&who(), check(turn, on, false)).expect("none is refused").seq;
        desk.deadlines(Some(&"P0000".parse().expect("an id"))).expect("answers");
        late.push(start.elapsed());
        let start = Instant::now();
        desk.submit(&who(), Command::Void { entry, dependents: false, reason: "bench".into() })
            .expect("none is refused");
        desk.deadlines(Some(&"P0000".parse().expect("an id"))).expect("answers");
        voided.push(start.elapsed());
    }
    let entries = desk.stats().expect("answers").entries;
    replaces_and_lists(&desk, Moment(first.0).day());
    println!(
        "one provider of {OUTLETS} outlets and {entries} entries: a record {:?} (goal: under 1 ms),",
        median(last)
    );
    println!("  a late one {:?}, a void {:?} (goal: under 20 ms)", median(late), median(voided));
}

/// On the same provider: a record put right among the others, and what is listed of it and of all.
fn replaces_and_lists(desk: &Desk, on: koufen::time::Day) {
    let id = "P0000".parse().expect("an id");
    let timed = |what: &dyn Fn(u64)| {
        let of_turn = |turn| {
            let start = Instant::now();
            what(turn);
            start.elapsed()
        };
        median((0..20).map(of_turn).collect())
    };
    // Each turn puts right the one that the turn before left.
    let entry = std::cell::Cell::new(desk.submit(&who(), check(7, on, false)).expect("none is refused").seq);
    let replace = timed(&|turn| {
        let with = Box::new(check(7, on, turn % 2 == 0));
        let command = Command::Replace { entry: entry.get(), reason: "bench".into(), with };
        entry.set(desk.submit(&who(), command).expect("none is refused").seq);
        desk.deadlines(Some(&id)).expect("answers");
    });
    println!("a replace {replace:?} (a void and a late record in one)");
    // An outlet goes to another provider today, and on a day before today after its last check.
    let (today, then) = (now().day(), on + chrono::Days::new(362));
    let last = timed(&|turn| hand_over(desk, &id, 4_000 + turn, today));
    let late = timed(&|turn| hand_over(desk, &id, 4_100 + turn, then));
    println!("a transfer {last:?}, a late one {late:?}");
    let findings = [Some(&id), None].map(|of| timed(&|_| drop(desk.findings(of).expect("answers"))));
    let alerts = [Some(&id), None].map(|of| timed(&|_| drop(desk.alerts(of).expect("answers"))));
    println!("findings of the provider and of all: {findings:?}; alerts: {alerts:?}");
}

/// An outlet goes to P0001, and both are looked at.
fn hand_over(desk: &Desk, from: &koufen::ids::ProviderId, outlet: u64, on: koufen::time::Day) {
    let to: koufen::ids::ProviderId = "P0001".parse().expect("an id");
    let fact = koufen::domain::life::OutletStep::Transferred { to: to.clone() };
    let fact = koufen::domain::Fact::Outlet(format!("O{outlet:06}").parse().expect("an id"), fact);
    let note = Some("bench".to_owned());
    let moved = koufen::domain::Recording { provider: from.clone(), fact, on: Some(on), confirmed_by: None, note };
    desk.submit(&who(), Command::Record(Box::new(moved))).expect("none is refused");
    for id in [from, &to] {
        desk.deadlines(Some(id)).expect("answers");
    }
}

/// A check of an outlet's branding.
fn check(outlet: u64, on: koufen::time::Day, passed: bool) -> Command {
    Command::Record(Box::new(koufen::domain::Recording {
        provider: "P0000".parse().expect("an id"),
        fact: koufen::domain::Fact::Outlet(
            format!("O{outlet:06}").parse().expect("an id"),
            koufen::domain::life::OutletStep::BrandChecked { passed },
        ),
        on: Some(on),
        confirmed_by: None,
        note: None,
    }))
}

fn store(path: &Path, outlets: u64) -> Desk {
    let clock = Arc::new(ManualClock::at(now()));
    let (rulebook, calendar) =
        (Rulebook::shipped().expect("loads"), koufen::calendar::Calendar::shipped().expect("loads"));
    let options = OpenOptions {
        path: path.to_owned(),
        rulebook,
        calendar,
        clock,
        wait: std::time::Duration::ZERO,
        progress: &mut |_| {},
    };
    let desk = Desk::open(options).expect("opens").desk;
    let providers = outlets.div_ceil(OUTLETS_EACH);
    let commands = (0..providers).map(provider).chain((0..outlets).map(outlet)).collect::<Vec<_>>();
    for group in commands.chunks(1_000) {
        let asked = group.iter().map(|command| Asked { command: command.clone(), nth: None }).collect();
        desk.submit_all(&who(), asked).expect("the store takes them").into_iter().for_each(|done| {
            done.expect("none is refused");
        });
    }
    desk
}

fn timed(desk: &Desk, command: Command) -> Duration {
    let start = Instant::now();
    desk.submit(&who(), command).expect("none is refused");
    start.elapsed()
}

/// A tick of a console that shows a large store, with some hundred requests open and none due.
fn tick(desk: &Desk) {
    let theme = Theme::built_in("dark").expect("built in");
    let book = desk.rulebook();
    let mut model = Model::new(Lang::En, ("dark", theme), "bench", "", book, now());
    // What it asks for at first is put there.
    update(&mut model, Message::Resize(120, 36));
    model.shared.deadlines = desk.list(&Deadlines, &Of::All).expect("answers");
    model.shared.alerts = desk.list(&Alerts, &Of::All).expect("answers");
    let open = model.shared.deadlines.len();
    let asked = (0..50).map(|_| {
        let start = Instant::now();
        desk.alerts(None).expect("answers");
        start.elapsed()
    });
    println!("all alerts of {} providers: {:?}", LARGE.div_ceil(OUTLETS_EACH), median(asked.collect()));
    let mut times = Vec::new();
    for second in 1..=1_000 {
        let start = Instant::now();
        let effects: Vec<Effect> = update(&mut model, Message::Tick(Moment(now().0 + second)));
        times.push(start.elapsed());
        assert!(effects.is_empty(), "nothing is due, nothing is asked for");
    }
    println!("a tick with nothing due, {open} deadlines open: {:?}", median(times));
}

fn provider(n: u64) -> Command {
    Command::AddProvider(Provider {
        id: format!("P{n:04}").parse().expect("an id"),
        name: format!("provider {n}"),
        kind: ProviderKind::ThirdParty,
        city: "杭州".into(),
        population: None,
        registered_capital: None,
        agreement_on: None,
        email: None,
        phone: None,
    })
}

fn outlet(n: u64) -> Command {
    Command::AddOutlet(Outlet {
        id: format!("O{n:06}").parse().expect("an id"),
        provider: format!("P{:04}", n / OUTLETS_EACH).parse().expect("an id"),
        city: "杭州".into(),
        name: format!("outlet {n}"),
        signed_on: None,
        staff: Some(1),
    })
}

/// Providers and outlets by turns, all over the store.
fn deduct(turn: u64, outlets: u64) -> Command {
    let providers = outlets.div_ceil(OUTLETS_EACH);
    Command::TakeIn(Deduction {
        provider: format!("P{:04}", turn * 7 % providers).parse().expect("an id"),
        article: "media-exposure".parse().expect("an id"),
        points: Points(10),
        occurred_on: now().day(),
        outlet: None,
        problem: None,
        note: None,
        subject: None,
        evidence: None,
    })
}

fn help(turn: u64, outlets: u64) -> Command {
    let outlet = format!("O{:06}", turn * 7_919 % outlets).parse().expect("an id");
    Command::OpenRequest { outlet, kind: RequestKind::Help, at: None, note: None }
}

fn now() -> Moment {
    parse_moment("2011-03-18T14:02").expect("a moment")
}

fn who() -> Identity {
    Identity { name: "bench".into(), door: koufen::desk::Door::Program }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
