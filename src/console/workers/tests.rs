use super::*;
use crate::console::held::Reach;
use crate::desk::{Clock, Door};
use crate::domain::{Command, Provider};
use crate::rulebook::Rulebook;
use crate::time::Moment;
use std::sync::mpsc::{Receiver, channel};

const THREAD: &str = "work";

/// A clock at which those stop who work, while it is shut.
#[derive(Default)]
struct Gate {
    shut: Mutex<bool>,
    turned: Condvar,
}

impl Gate {
    fn turn(&self, shut: bool) {
        *self.shut.lock().unwrap() = shut;
        self.turned.notify_all();
    }
}

impl Clock for Gate {
    fn now(&self) -> Moment {
        if std::thread::current().name() == Some(THREAD) {
            drop(self.turned.wait_while(self.shut.lock().unwrap(), |shut| *shut).unwrap());
        }
        Moment(1_300_000_000)
    }
}

fn desk() -> (Desk, Arc<Gate>) {
    let gate = Arc::<Gate>::default();
    (Desk::in_memory(Rulebook::shipped().unwrap(), gate.clone()).unwrap(), gate)
}

fn session(workers: &Workers, desk: &Desk) -> (Asker, Receiver<Done>) {
    let (tell, told) = channel();
    (workers.attend(desk, &Identity::of("ops", Door::Local), move |done| drop(tell.send(done))), told)
}

fn load(number: u64, query: Query, wanted: Wanted) -> Effect {
    Effect::Load { number, query, wanted }
}

fn add(number: u64, id: &str) -> Effect {
    Effect::Submit(number, Command::AddProvider(Provider::sample(id.parse().unwrap(), "捷达", "杭州")), false)
}

/// The number of what was answered, and whether it is recorded.
fn answered(done: Done) -> (u64, bool) {
    let Done::Answered(message) = done else { return (0, false) };
    match *message {
        Message::Saved(number, Ok(_)) => (number, true),
        Message::Loaded(number, Ok(_)) => (number, false),
        _ => (0, false),
    }
}

/// What is asked, without anybody who does it.
fn put(all: &mut All, session: &Asker, effects: impl IntoIterator<Item = Effect>) {
    for effect in effects {
        all.asked += 1;
        let asked = all.asked;
        push(&mut all.sessions.get_mut(&session.number).unwrap().effects, (asked, effect));
    }
}

/// What would be done next, and by whom; it is done as far as others are concerned.
fn next(all: &mut All) -> Option<(u64, u64)> {
    let (session, at) = all.next()?;
    let (_, effect) = all.sessions.get_mut(&session).unwrap().effects.remove(at);
    match effect {
        Effect::Load { number, .. } | Effect::Submit(number, ..) => Some((session, number)),
        _ => None,
    }
}

#[test]
fn what_is_waited_for_comes_first_in_the_order_in_which_it_was_asked() {
    let (workers, (desk, _)) = (Workers::named(THREAD), desk());
    let (one, two) = (session(&workers, &desk).0, session(&workers, &desk).0);
    let mut all = workers.0.lock();
    let ahead = |number| load(number, Query::Journal, Wanted::Ahead);
    let laws = |number, wanted| load(number, Query::Laws, wanted);
    put(&mut all, &one, [ahead(1), laws(2, Wanted::Now), add(3, "P0001"), laws(4, Wanted::Now)]);
    put(&mut all, &two, [ahead(5), laws(9, Wanted::Again), add(6, "P0002")]);
    put(&mut all, &one, [add(7, "P0003")]);
    let order: Vec<(u64, u64)> = std::iter::from_fn(|| next(&mut all)).collect();
    // Of two queries of one kind the first is nobody's.
    let (one, two) = (one.number, two.number);
    assert_eq!(order, [(one, 3), (one, 4), (two, 6), (one, 7), (two, 9), (one, 1), (two, 5)]);
}

#[test]
fn a_few_read_and_whoever_records_waits_for_none_of_them() {
    let (workers, (desk, _)) = (Workers::named(THREAD), desk());
    let sessions: Vec<Asker> = (0..5).map(|_| session(&workers, &desk).0).collect();
    let mut all = workers.0.lock();
    let list = |number, wanted| load(number, Query::Alerts(Whose::All), wanted);
    put(&mut all, &sessions[0], [list(1, Wanted::Ahead)]);
    put(&mut all, &sessions[1], [list(2, Wanted::Now)]);
    put(&mut all, &sessions[2], [load(3, Query::Journal, Wanted::Now)]);
    put(&mut all, &sessions[3], [add(4, "P0001")]);
    all.busy[Kind::List as usize] = LISTS - 1;
    all.busy[Kind::Read as usize] = READS;
    let order = |all: &mut All| -> Vec<u64> { std::iter::from_fn(|| next(all)).map(|(_, number)| number).collect() };
    assert_eq!(order(&mut all), [2, 4], "a list that is looked at, and what is recorded");
    all.busy = [0; 3];
    assert_eq!(order(&mut all), [3, 1]);
    // One thing of a session at a time.
    put(&mut all, &sessions[4], [add(5, "P0002")]);
    let free = all.sessions.get_mut(&sessions[4].number).unwrap().free.take();
    assert!(order(&mut all).is_empty());
    all.sessions.get_mut(&sessions[4].number).unwrap().free = free;
    assert_eq!(order(&mut all), [5]);
}

/// Regression: while a file was imported what all sessions showed was asked again and again, and what a key asked for
/// waited for that: for others', and for its own session's list.
#[test]
fn what_a_key_asks_for_waits_for_nothing_that_is_asked_again() {
    let (workers, (desk, _)) = (Workers::named(THREAD), desk());
    let sessions: Vec<Asker> = (0..4).map(|_| session(&workers, &desk).0).collect();
    let mut all = workers.0.lock();
    let lists = |number, wanted| load(number, Query::Alerts(Whose::All), wanted);
    let outlets =
        |number, wanted| load(number, Query::Of("P0001".parse().unwrap(), About::Outlets(Reach::All)), wanted);
    put(&mut all, &sessions[0], [lists(1, Wanted::Again), outlets(2, Wanted::Again)]);
    put(&mut all, &sessions[1], [load(3, Query::Journal, Wanted::Again), outlets(4, Wanted::Now)]);
    put(&mut all, &sessions[2], [load(5, Query::Findings(Whose::All), Wanted::Now)]);
    let order = |all: &mut All| -> Vec<u64> { std::iter::from_fn(|| next(all)).map(|(_, number)| number).collect() };
    // As many as may are asked again.
    (all.busy[Kind::List as usize], all.busy[Kind::Read as usize]) = (LISTS - 1, READS - 1);
    assert_eq!(order(&mut all), [4, 5]);
    all.busy = [0; 3];
    assert_eq!(order(&mut all), [1, 2, 3]);
    // Nor for anything else of its own session.
    put(&mut all, &sessions[3], [add(6, "P0001"), lists(7, Wanted::Again), outlets(8, Wanted::Now)]);
    let four = all.sessions.get_mut(&sessions[3].number).unwrap();
    (four.reads, four.free) = (1, None);
    assert_eq!(order(&mut all), [8, 7]);
    let four = all.sessions.get_mut(&sessions[3].number).unwrap();
    (four.reads, four.free) = (0, Some(Asks::default()));
    assert_eq!(order(&mut all), [6]);
}

/// Regression: what one key asked about a provider waited three times for its turn beside an import. What is wanted later,
/// or about another, waits for itself.
#[test]
fn what_is_asked_about_a_provider_as_soon_is_taken_at_once() {
    let (workers, (desk, _)) = (Workers::named(THREAD), desk());
    let (asker, _told) = session(&workers, &desk);
    let of = |number, id: &str, about, wanted| load(number, Query::Of(id.parse().unwrap(), about), wanted);
    let mut all = workers.0.lock();
    let asked = [
        load(1, Query::Journal, Wanted::Now),
        of(2, "P0001", About::Outlets(Reach::All), Wanted::Now),
        of(3, "P0001", About::Dossier, Wanted::Ahead),
        of(4, "P0002", About::Chargeables, Wanted::Now),
        of(5, "P0001", About::Lines(2011, Reach::Top(24)), Wanted::Now),
    ];
    put(&mut all, &asker, asked);
    let waits = all.sessions.get_mut(&asker.number).unwrap();
    let (_, Work::Of(id, asked)) = waits.take(1) else { unreachable!() };
    assert_eq!(
        (id.as_str(), asked),
        ("P0001", vec![(2, About::Outlets(Reach::All)), (5, About::Lines(2011, Reach::Top(24)))])
    );
    let rest: Vec<u64> = std::iter::from_fn(|| next(&mut all)).map(|(_, number)| number).collect();
    assert_eq!(rest, [1, 4, 3]);
}

#[test]
fn who_leaves_has_recorded_what_was_handed_in_and_waits_for_nothing_else() {
    let (workers, (desk, gate)) = (Workers::named(THREAD), desk());
    let (asker, told) = session(&workers, &desk);
    gate.turn(true);
    // None of it may be read.
    workers.0.lock().busy[Kind::Read as usize] = READS;
    asker.ask([add(1, "P0002")]);
    while workers.0.lock().busy[Kind::Other as usize] == 0 {
        std::thread::yield_now();
    }
    asker.ask([load(2, Query::Laws, Wanted::Now), add(3, "P0001"), add(4, "P0003")]);
    let leaves = std::thread::spawn(move || drop(asker));
    while workers.0.lock().sessions.values().any(|waits| waits.effects.len() > 2) {
        std::thread::yield_now();
    }
    assert!(!leaves.is_finished() && told.try_recv().is_err());
    gate.turn(false);
    leaves.join().unwrap();
    assert_eq!(told.try_iter().map(answered).collect::<Vec<_>>(), [(1, true), (3, true), (4, true)]);
    assert_eq!(workers.0.lock().sessions.len(), 0);
}

/// Whoever records waits for the disk, and nobody for whoever records; afterwards a few threads rest.
#[test]
fn there_is_a_thread_for_whoever_records() {
    let (workers, (desk, gate)) = (Workers::named(THREAD), desk());
    gate.turn(true);
    let sessions: Vec<_> = (0..9).map(|_| session(&workers, &desk)).collect();
    for ((asker, _), n) in sessions.iter().zip(1..) {
        asker.ask([add(n, &format!("P{n:04}"))]);
    }
    while workers.0.lock().busy[Kind::Other as usize] < 9 {
        std::thread::yield_now();
    }
    gate.turn(false);
    for ((_, told), n) in sessions.iter().zip(1..) {
        assert_eq!(answered(told.recv().unwrap()), (n, true));
    }
    // The others end.
    while Arc::strong_count(&workers.0) != 1 + sessions.len() + REST || workers.0.lock().rest != REST {
        std::thread::yield_now();
    }
    let rests = Arc::downgrade(&workers.0);
    drop(sessions);
    drop(workers);
    while rests.upgrade().is_some() {
        std::thread::yield_now();
    }
}
