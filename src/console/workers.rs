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
use super::held::{About, Query, Whose};
use super::message::{Effect, Message, Wanted};
use super::reads;
use crate::desk::{Desk, Identity};
use crate::ids::ProviderId;
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

/// What a thread takes at once.
enum Work {
    Effect(Effect),
    /// What is asked about one provider.
    Of(ProviderId, Vec<(u64, About)>),
}

impl Work {
    fn carry_out(self, Of { desk, who, .. }: &Of, asks: &mut Asks) -> Vec<Message> {
        match self {
            Work::Effect(effect) => asks.answer(desk, who, effect).into_iter().collect(),
            Work::Of(id, asked) => {
                let answers = reads::load_of(desk, &id, &asked).into_iter();
                answers.map(|(number, answer)| Message::Loaded(number, answer)).collect()
            }
        }
    }
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

    /// Takes the effect at a place; what is asked about one provider with all that is asked about it as soon.
    fn take(&mut self, at: usize) -> (Kind, Work) {
        let (_, effect) = self.effects.remove(at);
        let Effect::Load { number, query: Query::Of(id, about), wanted } = effect else {
            return (kind(&effect), Work::Effect(effect));
        };
        let mut asked = vec![(number, about)];
        self.effects.retain(|(_, other)| match other {
            Effect::Load { number, query: Query::Of(of, about), wanted: by } if *of == id && *by == wanted => {
                asked.push((*number, *about));
                false
            }
            _ => true,
        });
        (Kind::Read, Work::Of(id, asked))
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
            let ((kind, work), of) = (waits.take(at), Arc::clone(&waits.of));
            // What is read needs nothing of what was asked before.
            let mut asks = if kind == Kind::Other { waits.free.take() } else { None };
            waits.reads += usize::from(kind != Kind::Other);
            all.busy[kind as usize] += 1;
            self.call(&mut all);
            drop(all);
            let done = catch_unwind(AssertUnwindSafe(|| work.carry_out(&of, asks.get_or_insert_default())));
            match done {
                Ok(messages) => messages.into_iter().for_each(|message| (of.tell)(Done::Answered(Box::new(message)))),
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
mod tests;
