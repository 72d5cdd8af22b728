//! The single writer: one thread takes what has come in, decides it, and commits it as one block.
//!
//! Whoever asks while a block is on its way to the disk waits for the next one and shares it: group commit.

use super::core::{Core, Decided, Group};
use super::{Asked, Change, Clock, Listeners, Outcome, lock};
use crate::calendar::Calendar;
use crate::domain::{Context, Event, Follows, Laws};
use crate::journal::{JournalError, SYNC_EVERY};
use crate::rulebook::Rulebook;
use crate::store::StoreError;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, mpsc};

/// Most commands in one block.
const GROUP: usize = 4_096;

/// Commands of one caller, and where the answer goes.
pub struct Job {
    pub by: String,
    pub asked: Vec<Asked>,
    /// Whether what is said already is asked about, and not taken (decision 14).
    pub once: bool,
    /// Whether all of them happen or none: such a job is a block of its own.
    pub together: bool,
    /// Whether the caller wants to hear what happened, and not only under which number.
    pub receipts: bool,
    pub answer: mpsc::SyncSender<Result<Answer, StoreError>>,
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
    pub core: Arc<Mutex<Option<Core>>>,
    pub listeners: Listeners,
    pub rulebook: Arc<Rulebook>,
    pub calendar: Arc<Calendar>,
    pub clock: Arc<dyn Clock>,
}

/// One who waits for an answer.
struct Waiting {
    answer: mpsc::SyncSender<Result<Answer, StoreError>>,
    receipts: bool,
    decided: Vec<Decided>,
    follows: Follows,
}

impl Writer {
    /// Works until nobody can ask any more.
    pub fn run(&self, jobs: &mpsc::Receiver<Job>) {
        let mut apart = None;
        loop {
            let next = apart.take().map_or_else(|| jobs.recv_timeout(SYNC_EVERY), Ok);
            let first = match next {
                Ok(job) => job,
                Err(mpsc::RecvTimeoutError::Timeout) => {
                    lock(&self.core).iter_mut().for_each(|core| core.note_reached(false));
                    continue;
                }
                Err(mpsc::RecvTimeoutError::Disconnected) => return,
            };
            let mut size = first.asked.len();
            let alone = first.together;
            let mut group = vec![first];
            while size < GROUP && !alone {
                let Ok(job) = jobs.try_recv() else { break };
                if job.together {
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

    /// Decides and commits a group, and answers everyone in it.
    fn commit(&self, jobs: Vec<Job>) {
        let mut core = lock(&self.core);
        let Some(core) = core.as_mut() else { return };
        if let Err(e) = core.settle() {
            let why = e.to_string();
            return jobs
                .into_iter()
                .for_each(|job| drop(job.answer.send(Err(StoreError::Refusing { why: why.clone() }))));
        }
        let mut group = Group::new(core.journal.head(), String::new());
        // Each command is decided by the law as those before it leave it.
        let laws = Laws::of_loaded(Arc::clone(&self.rulebook));
        let cx = Context::new(&laws, self.clock.now(), &self.calendar);
        let mut waiting = Vec::with_capacity(jobs.len());
        let mut trouble = None;
        for Job { by, asked, once, receipts, together, answer } in jobs {
            (group.by, group.once, group.receipts, group.together) = (by, once, receipts, together);
            let decided = core.decide(&mut group, asked, cx).unwrap_or_else(|e| {
                trouble = Some(e.to_string());
                Vec::new()
            });
            if together && decided.iter().any(Result::is_err) {
                // The first refusal is the answer; nothing of it is kept.
                core.take_back();
                group.entries.clear();
            }
            waiting.push(Waiting { answer, receipts, decided, follows: std::mem::take(&mut group.follows) });
            if trouble.is_some() {
                break;
            }
        }
        if let Some(why) = trouble {
            // The view is in trouble: nothing of this group is kept, everyone in it hears so.
            core.take_back();
            core.view.fail();
            return refuse(waiting, || StoreError::Refusing { why: why.clone() });
        }
        if !group.entries.is_empty() {
            match core.keep(&group) {
                Ok(_) if lock(&self.listeners).is_empty() => {}
                Ok(head) => self.tell(&core.changed(head, &group)),
                Err(StoreError::Journal(JournalError::Unsure { why })) => {
                    return refuse(waiting, || JournalError::Unsure { why: why.clone() }.into());
                }
                Err(e) => return refuse(waiting, || StoreError::Refusing { why: e.to_string() }),
            }
        }
        for Waiting { answer, receipts, decided, follows } in waiting {
            let done = decided.iter().filter_map(|d| d.as_ref().ok()).filter_map(|outcome| match outcome {
                Outcome::Done(seq) if receipts => group.event(*seq).map(|event| (event.clone(), follows.clone())),
                _ => None,
            });
            let events = done.collect();
            // A caller that went away no longer wants to know.
            let _ = answer.send(Ok(Answer { decided, events }));
        }
    }

    fn tell(&self, change: &Change) {
        lock(&self.listeners).retain(|listener| listener(change.clone()));
    }
}

/// Tells everyone in a group that it failed.
fn refuse(waiting: Vec<Waiting>, why: impl Fn() -> StoreError) {
    for Waiting { answer, .. } in waiting {
        let _ = answer.send(Err(why()));
    }
}
