//! The single writer: one thread takes what has come in, decides it, and commits it as one block.
//!
//! Whoever asks while a block is on its way to the disk waits for the next one and shares it: group commit.

use super::core::{Core, Decided, Group};
use super::{Asked, Change, Clock, Listeners, lock};
use crate::calendar::Calendar;
use crate::domain::Context;
use crate::rulebook::Rulebook;
use crate::store::StoreError;
use std::sync::{Arc, Mutex, mpsc};

/// Most commands in one block.
const GROUP: usize = 4_096;

/// Commands of one caller, and where the answer goes.
pub struct Job {
    pub by: String,
    pub asked: Vec<Asked>,
    pub answer: mpsc::SyncSender<Result<Vec<Decided>, StoreError>>,
}

/// What the writer works with.
pub struct Writer {
    pub core: Arc<Mutex<Option<Core>>>,
    pub listeners: Listeners,
    pub rulebook: Arc<Rulebook>,
    pub calendar: Arc<Calendar>,
    pub clock: Arc<dyn Clock>,
}

impl Writer {
    /// Works until nobody can ask any more.
    pub fn run(&self, jobs: &mpsc::Receiver<Job>) {
        while let Ok(first) = jobs.recv() {
            let mut size = first.asked.len();
            let mut group = vec![first];
            while size < GROUP {
                let Ok(job) = jobs.try_recv() else { break };
                size += job.asked.len();
                group.push(job);
            }
            self.commit(group);
        }
    }

    /// Decides and commits a group, and answers everyone in it.
    fn commit(&self, jobs: Vec<Job>) {
        let mut core = lock(&self.core);
        let Some(core) = core.as_mut() else { return };
        let mut group = Group::new(core.journal.head(), String::new());
        let cx = Context { rulebook: &self.rulebook, now: self.clock.now(), calendar: &self.calendar };
        let mut answers = Vec::with_capacity(jobs.len());
        for job in jobs {
            group.by = job.by;
            let answer = core.decide(&mut group, job.asked, cx);
            let failed = answer.is_err();
            answers.push((job.answer, answer));
            if failed {
                // The view is in trouble: nothing of this group is kept, everyone in it hears so.
                let trouble = core.take_back();
                return refuse(answers, || match &trouble {
                    Err(e) => StoreError::view(e),
                    Ok(()) => StoreError::view("a command of the same group met trouble"),
                });
            }
        }
        let providers = changed(&group);
        if !group.entries.is_empty() {
            match core.keep(group) {
                Ok(head) => self.tell(&Change { head, providers }),
                Err(e) => return refuse(answers, || StoreError::Refusing { why: e.to_string() }),
            }
        }
        for (to, answer) in answers {
            // A caller that went away no longer wants to know.
            let _ = to.send(answer);
        }
    }

    fn tell(&self, change: &Change) {
        lock(&self.listeners).retain(|listener| listener(change.clone()));
    }
}

type Answers = Vec<(mpsc::SyncSender<Result<Vec<Decided>, StoreError>>, Result<Vec<Decided>, StoreError>)>;

/// Tells everyone in a group that it failed: the one that met the trouble hears it first hand.
fn refuse(answers: Answers, why: impl Fn() -> StoreError) {
    for (to, answer) in answers {
        let _ = to.send(answer.and_then(|_| Err(why())));
    }
}

fn changed(group: &Group) -> Vec<crate::ids::ProviderId> {
    let mut providers: Vec<_> = group.entries.iter().map(|e| e.event.provider().clone()).collect();
    providers.sort_unstable();
    providers.dedup();
    providers
}
