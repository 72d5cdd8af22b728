//! The single writer: one thread takes what has come in, decides it, and commits it as one block.
//!
//! Whoever asks while a block is on its way to the disk waits for the next one and shares it: group commit.

use super::asks::{Asking, Told};
use super::core::{Core, Decided, Group};
use super::turns::Turns;
use super::{Asked, Change, Clock, Identity, Listeners, Outcome, lock};
use crate::calendar::Calendar;
use crate::domain::{Context, Event, Follows, Laws};
use crate::journal::{JournalError, SYNC_EVERY, Staged};
use crate::rulebook::Rulebook;
use crate::store::StoreError;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, mpsc};
use std::time::Instant;

/// Most commands in one block.
const GROUP: usize = 4_096;

/// Commands of one caller, and where the answer goes.
pub struct Job {
    pub who: Identity,
    /// The id that they are asked under.
    pub ask: Option<Asking>,
    pub asked: Vec<Asked>,
    /// Whether what is said already is asked about, and not taken (decision 14).
    pub once: bool,
    /// Whether all of them happen or none: such a job is a block of its own.
    pub together: bool,
    /// Whether the caller wants to hear what happened, and not only under which number.
    pub receipts: bool,
    pub answer: mpsc::SyncSender<Result<Answer, StoreError>>,
}

impl Job {
    fn asks(&self, ask: Asking) -> bool {
        self.ask.is_some_and(|own| own.id == ask.id)
    }
}

/// What became of a caller's commands.
pub struct Answer {
    /// In the order that they were asked.
    pub decided: Vec<Decided>,
    /// What happened and followed, for those that did, where it was wanted.
    pub events: Vec<(Event, Follows)>,
}

/// What the writer works with.
pub struct Writer {
    pub core: Arc<Turns<Option<Core>>>,
    pub listeners: Listeners,
    pub rulebook: Arc<Rulebook>,
    pub calendar: Arc<Calendar>,
    pub clock: Arc<dyn Clock>,
}

/// One who waits for an answer.
struct Waiting {
    who: Identity,
    ask: Option<Asking>,
    answer: mpsc::SyncSender<Result<Answer, StoreError>>,
    receipts: bool,
    decided: Vec<Decided>,
    follows: Follows,
}

/// A group that was decided, and its block; none where nothing is to be recorded.
struct Pending {
    group: Group,
    waiting: Vec<Waiting>,
    staged: Option<Staged>,
}

impl Writer {
    /// Works until nobody can ask any more.
    pub fn run(&self, jobs: &mpsc::Receiver<Job>) {
        let (mut apart, mut looked) = (None, Instant::now());
        loop {
            if looked.elapsed() >= SYNC_EVERY {
                self.core.lock().iter_mut().for_each(Core::look_over);
                looked = Instant::now();
            }
            let next = apart.take().map_or_else(|| jobs.recv_timeout(SYNC_EVERY), Ok);
            let first = match next {
                Ok(job) => job,
                Err(mpsc::RecvTimeoutError::Timeout) => {
                    self.core.lock().iter_mut().for_each(|core| core.note_reached(false));
                    continue;
                }
                Err(mpsc::RecvTimeoutError::Disconnected) => return,
            };
            let mut size = first.asked.len();
            let alone = first.together;
            let mut group = vec![first];
            while size < GROUP && !alone {
                let Ok(job) = jobs.try_recv() else { break };
                // What is asked twice at once is answered by what the first has come to.
                let twice = job.ask.is_some_and(|ask| group.iter().any(|other| other.asks(ask)));
                if job.together || twice {
                    apart = Some(job);
                    break;
                }
                size += job.asked.len();
                group.push(job);
            }
            // Those who asked hear that nobody answered. What was half applied goes before anybody looks again.
            let _ = catch_unwind(AssertUnwindSafe(|| self.commit(group)));
        }
    }

    /// Decides and commits a group, and answers everyone in it. Whoever reads does not wait for the disk: it is written
    /// while nobody holds the core.
    fn commit(&self, jobs: Vec<Job>) {
        let Some(Pending { group, waiting, staged }) = self.decide(jobs) else { return };
        if let Some(mut staged) = staged {
            staged.write();
            let kept = match self.core.lock().as_mut() {
                Some(core) => core.kept(&group, staged).map(|head| {
                    waiting.iter().for_each(|one| one.remember(core));
                    let nobody = lock(&self.listeners).is_empty() && core.lists.is_empty();
                    let change = (!nobody).then(|| core.changed(head, &group));
                    // Before anybody asks again.
                    change.iter().for_each(|change| core.lists.forget(change));
                    change
                }),
                None => Err(StoreError::Closed),
            };
            match kept {
                Ok(change) => change.iter().for_each(|change| self.tell(change)),
                Err(e) => return refuse_of(waiting, &e),
            }
        }
        waiting.into_iter().for_each(|waiting| waiting.hear(&group));
    }

    /// Decides a group and makes it ready for the disk; where that does not come about, everyone in it hears why.
    fn decide(&self, jobs: Vec<Job>) -> Option<Pending> {
        let mut core = self.core.lock();
        let core = core.as_mut()?;
        if let Err(e) = core.settle() {
            let why = e.to_string();
            let refuse = |job: Job| drop(job.answer.send(Err(StoreError::Refusing { why: why.clone() })));
            jobs.into_iter().for_each(refuse);
            return None;
        }
        let mut group = Group::new(core.journal.head(), String::new());
        // Each command is decided by the law as those before it leave it.
        let laws = Laws::of_loaded(Arc::clone(&self.rulebook));
        let cx = Context::new(&laws, self.clock.now(), &self.calendar);
        let mut waiting = Vec::with_capacity(jobs.len());
        for Job { who, ask, asked, once, receipts, together, answer } in jobs {
            if let Some(told) = core.told_before(ask, &who.name).transpose() {
                drop(answer.send(told.map(Told::again)));
                continue;
            }
            let first = group.next();
            (group.by, group.door) = (who.name.clone(), Some(who.door));
            (group.once, group.receipts, group.together) = (once, receipts, together);
            let (decided, trouble) = match core.decide(&mut group, asked, cx) {
                Ok(decided) => (decided, None),
                Err(e) => (Vec::new(), Some(e.to_string())),
            };
            if together && decided.iter().any(Result::is_err) {
                // The first refusal is the answer; nothing of it is kept.
                core.take_back();
                group.entries.clear();
            }
            if let (Some(ask), [Ok(Outcome::Done(seq))]) = (ask, &decided[..]) {
                group.sign(first, ask.id, *seq);
            }
            let follows = std::mem::take(&mut group.follows);
            waiting.push(Waiting { who, ask, answer, receipts, decided, follows });
            if let Some(why) = trouble {
                // The view is in trouble: nothing of this group is kept, everyone in it hears so.
                core.take_back();
                core.view.fail();
                refuse(waiting, || StoreError::Refusing { why: why.clone() });
                return None;
            }
        }
        if group.entries.is_empty() {
            return Some(Pending { group, waiting, staged: None });
        }
        match core.stage(&group) {
            Ok(staged) => Some(Pending { group, waiting, staged: Some(staged) }),
            Err(e) => {
                refuse_of(waiting, &e);
                None
            }
        }
    }

    fn tell(&self, change: &Change) {
        lock(&self.listeners).retain(|listener| listener(change.clone()));
    }
}

/// Tells everyone in a group why the journal did not take it.
fn refuse_of(waiting: Vec<Waiting>, e: &StoreError) {
    match e {
        StoreError::Journal(JournalError::Unsure { why }) => {
            refuse(waiting, || JournalError::Unsure { why: why.clone() }.into());
        }
        e => refuse(waiting, || StoreError::Refusing { why: e.to_string() }),
    }
}

impl Waiting {
    /// What was asked is on disk: asked again, it is told the same.
    fn remember(&self, core: &mut Core) {
        if let (Some(ask), [Ok(Outcome::Done(seq))]) = (self.ask, &self.decided[..]) {
            core.asks.remember((ask.id, self.who.name.clone()), *seq, &self.follows);
        }
    }

    /// Tells it what became of what it asked.
    fn hear(self, group: &Group) {
        let Waiting { answer, receipts, decided, follows, .. } = self;
        let done = decided.iter().filter_map(|d| d.as_ref().ok()).filter_map(|outcome| match outcome {
            Outcome::Done(seq) if receipts => group.event(*seq).map(|event| (event.clone(), follows.clone())),
            _ => None,
        });
        let events = done.collect();
        // A caller that went away no longer wants to know.
        let _ = answer.send(Ok(Answer { decided, events }));
    }
}

impl Told {
    /// The answer to one that asks again.
    fn again(self) -> Answer {
        Answer { decided: vec![Ok(Outcome::Done(self.seq))], events: vec![(self.event, self.follows)] }
    }
}

/// Tells everyone in a group that it failed.
fn refuse(waiting: Vec<Waiting>, why: impl Fn() -> StoreError) {
    for Waiting { answer, .. } in waiting {
        let _ = answer.send(Err(why()));
    }
}
