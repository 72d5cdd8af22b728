//! Carries out what sessions ask for, on threads that all sessions of a process share: each session by itself is idle most
//! of the time, and a thread holds memory while it is. Of one session one effect is carried out at a time, and what it holds
//! is read beside that: what a key asks for before what is only asked again, and that before what is asked ahead. What is to
//! be recorded is never left out.
//!
//! The view is read by one at a time, so that more readers would only wait for each other: what sessions hold is read by a
//! few, in the order in which it was asked. While a file is imported all that all sessions show is asked again and again:
//! a thread of each kind is free of that, for whoever presses a key. For all else there is always a thread: what is
//! recorded may wait for the disk, and nobody else waits for that.

use super::asks::Asks;
use super::held::{Query, Whose};
use super::message::{Effect, Message, Wanted};
use crate::desk::{Desk, Identity};
use std::any::Any;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// Most that read lists of all providers at once; what nobody waits for leaves one of them free.
const LISTS: usize = 2;
/// Most that read anything else that a session holds, likewise.
const READS: usize = 2;
/// Threads that stay when there is nothing to do.
const REST: usize = LISTS + READS;

/// What became of an effect.
pub enum Done {
    /// What it was answered with.
    Answered(Box<Message>),
    /// It met an error of the program's own.
    Panicked(Met),
}

/// What a panic carries.
pub type Met = Box<dyn Any + Send>;

/// The threads; they end with it.
pub struct Workers(Arc<Works>);

struct Works {
    name: &'static str,
    all: Mutex<All>,
    /// There is something to do, or nothing any more.
    called: Condvar,
    /// An effect was carried out.
    done: Condvar,
}

/// What waits, of all sessions.
#[derive(Default)]
struct All {
    sessions: BTreeMap<u64, Waits>,
    /// The number of the session that came last.
    last: u64,
    /// Counts what was asked.
    asked: u64,
    /// Threads that rest.
    rest: usize,
    /// Of each kind, how many are being carried out.
    busy: [usize; 3],
    over: bool,
}

/// What waits, of one session.
struct Waits {
    /// Each with when it was asked, counted.
    effects: Vec<(u64, Effect)>,
    /// Nothing of it is being carried out, but what it holds may be read.
    free: Option<Asks>,
    /// How much is being read for it.
    reads: usize,
    of: Arc<Of>,
}

/// For whom effects are carried out.
struct Of {
    desk: Desk,
    who: Identity,
    tell: Box<dyn Fn(Done) + Send + Sync>,
}

/// How long an effect keeps a thread.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// It reads a list of all providers, during which others come between.
    List,
    /// It reads something else that a session holds.
    Read,
    /// It is what somebody asks for by hand.
    Other,
}

fn kind(effect: &Effect) -> Kind {
    match effect {
        Effect::Load { query, .. } => match query {
            Query::Providers(_, Whose::All)
            | Query::Proposals(Whose::All)
            | Query::Deadlines(Whose::All)
            | Query::Findings(Whose::All)
            | Query::Alerts(Whose::All) => Kind::List,
            _ => Kind::Read,
        },
        _ => Kind::Other,
    }
}

impl All {
    /// The session whose turn it is, and the place of its effect: what is wanted soonest and was asked first, of all that
    /// may be done now.
    fn next(&self) -> Option<(u64, usize)> {
        let all = self.sessions.iter().flat_map(|(number, waits)| {
            let may = waits.effects.iter().enumerate().filter(|(_, (_, effect))| waits.may(effect) && self.may(effect));
            may.map(|(at, (asked, effect))| ((effect.wanted(), *asked), (*number, at)))
        });
        all.min_by_key(|(turn, _)| *turn).map(|(_, place)| place)
    }

    /// Whether an effect may be carried out now.
    fn may(&self, effect: &Effect) -> bool {
        let (kind, left) = (kind(effect), usize::from(effect.wanted() > Wanted::Now));
        self.busy[kind as usize]
            < match kind {
                Kind::List => LISTS - left,
                Kind::Read => READS - left,
                Kind::Other => usize::MAX,
            }
    }
}

impl Waits {
    /// Whether an effect may be carried out beside what is being carried out for it.
    fn may(&self, effect: &Effect) -> bool {
        kind(effect) != Kind::Other || self.free.is_some()
    }

    /// Whether anything is being carried out for it, or waits.
    fn is_at_work(&self) -> bool {
        self.reads > 0 || self.free.is_none() || !self.effects.is_empty()
    }
}

impl Works {
    fn lock(&self) -> MutexGuard<'_, All> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sees to it that somebody carries out what may be.
    fn call(self: &Arc<Works>, all: &mut All) {
        if all.next().is_none() {
            return;
        }
        if all.rest > 0 {
            return self.called.notify_one();
        }
        let works = Arc::clone(self);
        // Where no thread can be had one of those that are there comes to it.
        drop(std::thread::Builder::new().name(self.name.to_owned()).spawn(move || works.work()));
    }

    /// What a thread does.
    fn work(self: Arc<Works>) {
        let mut all = self.lock();
        loop {
            let Some((number, at)) = all.next() else {
                if all.over || all.rest >= REST {
                    return;
                }
                all.rest += 1;
                all = self.called.wait(all).unwrap_or_else(PoisonError::into_inner);
                all.rest -= 1;
                continue;
            };
            let Some(waits) = all.sessions.get_mut(&number) else { continue };
            let ((_, effect), of) = (waits.effects.remove(at), Arc::clone(&waits.of));
            let kind = kind(&effect);
            // What is read needs nothing of what was asked before.
            let mut asks = if kind == Kind::Other { waits.free.take() } else { None };
            waits.reads += usize::from(kind != Kind::Other);
            all.busy[kind as usize] += 1;
            self.call(&mut all);
            drop(all);
            let done =
                catch_unwind(AssertUnwindSafe(|| asks.get_or_insert_default().answer(&of.desk, &of.who, effect)));
            match done {
                Ok(Some(message)) => (of.tell)(Done::Answered(Box::new(message))),
                Ok(None) => {}
                Err(met) => (of.tell)(Done::Panicked(met)),
            }
            // The session may be the last that has the desk.
            drop(of);
            all = self.lock();
            all.busy[kind as usize] -= 1;
            if let Some(waits) = all.sessions.get_mut(&number) {
                match kind {
                    Kind::List | Kind::Read => waits.reads -= 1,
                    Kind::Other => waits.free = asks,
                }
            }
            self.done.notify_all();
        }
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        self.0.lock().over = true;
        self.0.called.notify_all();
    }
}

impl Workers {
    /// None yet, and the name that each has.
    pub fn named(name: &'static str) -> Workers {
        let (called, done) = (Condvar::new(), Condvar::new());
        Workers(Arc::new(Works { name, all: Mutex::default(), called, done }))
    }

    /// Carries out what a session asks for from now on, and tells it.
    pub fn attend(&self, desk: &Desk, who: &Identity, tell: impl Fn(Done) + Send + Sync + 'static) -> Asker {
        let of = Arc::new(Of { desk: desk.clone(), who: who.clone(), tell: Box::new(tell) });
        let mut all = self.0.lock();
        all.last += 1;
        let number = all.last;
        let waits = Waits { effects: Vec::new(), free: Some(Asks::default()), reads: 0, of };
        all.sessions.insert(number, waits);
        drop(all);
        Asker { works: Arc::clone(&self.0), number }
    }
}

/// Where a session asks. When it goes, what was to be recorded is recorded, and nobody waits for the rest.
pub struct Asker {
    works: Arc<Works>,
    number: u64,
}

impl Asker {
    /// The number of the session, of all that there were.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Asks for something, in this order.
    pub fn ask(&self, effects: impl IntoIterator<Item = Effect>) {
        let mut all = self.works.lock();
        let from = all.asked;
        let Some(waits) = all.sessions.get_mut(&self.number) else { return };
        let last = (from..).zip(effects).map(|(asked, effect)| push(&mut waits.effects, (asked, effect))).count();
        all.asked += last as u64;
        self.works.call(&mut all);
    }
}

impl Drop for Asker {
    fn drop(&mut self) {
        let mut all = self.works.lock();
        all.sessions
            .get_mut(&self.number)
            .into_iter()
            .for_each(|waits| waits.effects.retain(|(_, effect)| effect.records()));
        self.works.call(&mut all);
        let waits = |all: &mut All| all.sessions.get(&self.number).is_some_and(Waits::is_at_work);
        all = self.works.done.wait_while(all, waits).unwrap_or_else(PoisonError::into_inner);
        let gone = all.sessions.remove(&self.number);
        drop(all);
        drop(gone);
    }
}

/// Puts what is asked behind what waits. Of queries of one kind only the last still matters; commands all do.
fn push(waiting: &mut Vec<(u64, Effect)>, asked: (u64, Effect)) {
    waiting.retain(|(_, older)| older.records() || older.kind() != asked.1.kind());
    waiting.push(asked);
}

#[cfg(test)]
mod tests {
    use super::*;
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
        let order =
            |all: &mut All| -> Vec<u64> { std::iter::from_fn(|| next(all)).map(|(_, number)| number).collect() };
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
        let outlets = |number, wanted| load(number, Query::Outlets("P0001".parse().unwrap()), wanted);
        put(&mut all, &sessions[0], [lists(1, Wanted::Again), outlets(2, Wanted::Again)]);
        put(&mut all, &sessions[1], [load(3, Query::Journal, Wanted::Again), outlets(4, Wanted::Now)]);
        put(&mut all, &sessions[2], [load(5, Query::Findings(Whose::All), Wanted::Now)]);
        let order =
            |all: &mut All| -> Vec<u64> { std::iter::from_fn(|| next(all)).map(|(_, number)| number).collect() };
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
}
