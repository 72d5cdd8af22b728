//! The single writer: one thread takes what has come in, decides it, and commits it as one block.
//!
//! Whoever asks while a block is on its way to the disk waits for the next one and shares it: group commit. Only an import is
//! gone on with meanwhile: what is decided on top of a block goes with it where the disk does not take that.

use super::asks::{Asking, Told};
use super::core::{Core, Decided, Group};
use super::teller::Teller;
use super::turns::Turns;
use super::{Asked, Change, Clock, Identity, Listeners, Outcome, lock};
use crate::calendar::Calendar;
use crate::domain::{Command, Context, Event, Follows, Laws};
use crate::journal::{JournalError, SYNC_EVERY, Staged};
use crate::rulebook::Rulebook;
use crate::store::StoreError;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

/// Most commands in one block.
const GROUP: usize = 4_096;
/// As many commands are decided by the journal where the view fails them. Of more, a part of an import, everyone hears it.
const BY_HAND: usize = 32;
/// Commands from which on the next are decided while these are on their way to the disk: for a few it is not worth a thread.
pub(super) const LOADED: usize = 256;

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

    /// The same once more, for the same caller.
    fn again(&self) -> Job {
        let (who, asked, answer) = (self.who.clone(), self.asked.clone(), self.answer.clone());
        Job { who, asked, answer, ..*self }
    }

    /// Whether it is a good part of an import, of which nothing hangs on what the journal has and the view has not.
    fn loads(&self) -> bool {
        let plain = |asked: &Asked| {
            use Command::{AddOutlet, AddProvider, RecordTurnover, TakeIn};
            matches!(asked.command, AddProvider(_) | AddOutlet(_) | RecordTurnover(_) | TakeIn(_))
        };
        let alone = self.together || self.once || self.receipts || self.ask.is_some();
        !alone && self.asked.len() >= LOADED && self.asked.iter().all(plain)
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

/// A group that was decided. It has no entries where nothing is to be recorded.
struct Pending {
    group: Group,
    waiting: Vec<Waiting>,
}

/// A group of which nothing could be decided, and why.
struct Undecided {
    waiting: Vec<Waiting>,
    why: String,
}

impl Undecided {
    /// Everyone in it hears why.
    fn refuse(self) {
        refuse(self.waiting, || StoreError::Refusing { why: self.why.clone() });
    }
}

/// What was asked and is to be decided.
struct Queue {
    jobs: mpsc::Receiver<Job>,
    /// One that was taken and goes into a block of its own.
    apart: Option<Job>,
}

impl Queue {
    /// The next, when there is one by then.
    fn wait(&mut self, most: Duration) -> Result<Job, mpsc::RecvTimeoutError> {
        self.apart.take().map_or_else(|| self.jobs.recv_timeout(most), Ok)
    }

    /// Whoever asks by now shares a block, but for what is large enough for one.
    fn group(&mut self, first: Job) -> Vec<Job> {
        let (mut size, alone) = (first.asked.len(), first.together || first.loads());
        let mut group = vec![first];
        while size < GROUP && !alone {
            let Ok(job) = self.jobs.try_recv() else { break };
            // What is asked twice at once is answered by what the first has come to.
            let twice = job.ask.is_some_and(|ask| group.iter().any(|other| other.asks(ask)));
            if job.together || twice {
                self.apart = Some(job);
                break;
            }
            size += job.asked.len();
            group.push(job);
        }
        group
    }

    /// Whether the next to be decided is, as a group is that is on its way to the disk, a good part of an import.
    fn goes_on(&mut self, group: &Group) -> bool {
        if group.entries.len() < LOADED || group.together {
            return false;
        }
        self.apart = self.apart.take().or_else(|| self.jobs.try_recv().ok());
        self.apart.as_ref().is_some_and(Job::loads)
    }
}

impl Writer {
    /// Works until nobody can ask any more.
    pub fn run(&self, jobs: mpsc::Receiver<Job>) {
        let (mut queue, mut looked) = (Queue { jobs, apart: None }, Instant::now());
        let mut teller = Teller::of(Arc::clone(&self.listeners));
        loop {
            if looked.elapsed() >= SYNC_EVERY {
                self.core.lock().iter_mut().for_each(Core::look_over);
                looked = Instant::now();
            }
            let rest = teller.rest();
            let first = match queue.wait(rest.unwrap_or(SYNC_EVERY)) {
                Ok(job) => job,
                Err(mpsc::RecvTimeoutError::Timeout) if rest.is_some() => {
                    teller.tell();
                    continue;
                }
                Err(mpsc::RecvTimeoutError::Timeout) => {
                    self.core.lock().iter_mut().for_each(|core| core.note_reached(false));
                    continue;
                }
                Err(mpsc::RecvTimeoutError::Disconnected) => return,
            };
            let group = queue.group(first);
            // Those who asked hear that nobody answered. What was half applied goes before anybody looks again.
            let _ = catch_unwind(AssertUnwindSafe(|| {
                let mut decided = self.decide(group);
                while let Some(pending) = decided {
                    decided = self.commit(pending, (&mut queue, &mut teller));
                }
            }));
        }
    }

    /// Brings a decided group to the disk, and answers everyone in it. Whoever reads does not wait for the disk: it is
    /// written while nobody holds the core. While a part of an import is on its way the next is decided, and is answered.
    fn commit(&self, pending: Pending, (queue, teller): (&mut Queue, &mut Teller)) -> Option<Pending> {
        let Pending { group, waiting } = pending;
        if group.entries.is_empty() {
            waiting.into_iter().for_each(|waiting| waiting.hear(&group));
            return None;
        }
        let mut staged = match self.core.lock().as_mut().map(|core| core.stage(&group)) {
            Some(Ok(staged)) => staged,
            failed => {
                refuse_of(waiting, &failed.and_then(Result::err).unwrap_or(StoreError::Closed));
                return None;
            }
        };
        let next = match queue.goes_on(&group) {
            false => None,
            true => std::thread::scope(|scope| {
                let written = std::thread::Builder::new().spawn_scoped(scope, || staged.write()).ok()?;
                // Whatever becomes of the next, this one is kept.
                let next = catch_unwind(AssertUnwindSafe(|| self.decide_next(&group, queue)));
                drop(written.join());
                next.ok().flatten()
            }),
        };
        staged.write();
        match self.keep((&group, staged), &waiting) {
            Ok(change) => change.into_iter().for_each(|change| teller.take(change, group.entries.len())),
            Err(e) => {
                refuse_of(waiting, &e);
                next.into_iter().for_each(|next| refuse_of(next.waiting, &e));
                return None;
            }
        }
        waiting.into_iter().for_each(|waiting| waiting.hear(&group));
        next
    }

    /// Keeps a group that was written: what it changed, where somebody listens.
    fn keep(&self, (group, staged): (&Group, Staged), waiting: &[Waiting]) -> Result<Option<Change>, StoreError> {
        let mut core = self.core.lock();
        let core = core.as_mut().ok_or(StoreError::Closed)?;
        let head = core.kept(group, staged)?;
        waiting.iter().for_each(|one| one.remember(core));
        if lock(&self.listeners).is_empty() && core.lists.is_empty() {
            return Ok(None);
        }
        let change = core.changed(head, group);
        // Before anybody asks again.
        core.lists.forget(&change);
        Ok(Some(change))
    }

    /// Decides what is next of an import, on top of the part of it that is on its way to the disk; where somebody looked
    /// meanwhile it waits.
    fn decide_next(&self, before: &Group, queue: &mut Queue) -> Option<Pending> {
        let mut core = self.core.lock();
        let core = core.as_mut()?;
        if !core.goes_on() {
            return None;
        }
        let jobs = queue.apart.take().map(|first| queue.group(first))?;
        self.decide_as(core, Group::after(before), jobs).map_err(Undecided::refuse).ok()
    }

    /// Decides a group; where that does not come about, everyone in it hears why.
    fn decide(&self, jobs: Vec<Job>) -> Option<Pending> {
        let mut core = self.core.lock();
        let core = core.as_mut()?;
        if let Err(e) = core.begin() {
            let why = e.to_string();
            let refuse = |job: Job| drop(job.answer.send(Err(StoreError::Refusing { why: why.clone() })));
            jobs.into_iter().for_each(refuse);
            return None;
        }
        let few = jobs.iter().map(|job| job.asked.len()).sum::<usize>() <= BY_HAND;
        let again: Option<Vec<Job>> = few.then(|| jobs.iter().map(Job::again).collect());
        let group = |core: &Core| Group::new(core.journal.head().seq, String::new());
        let mut decided = self.decide_as(core, group(core), jobs);
        // A damaged page is read when something is decided by it: it is decided by the journal then.
        if decided.is_err()
            && let Some(jobs) = again
            && core.view.is_on_disk()
            && core.stand_in().is_ok()
        {
            decided = self.decide_as(core, group(core), jobs);
        }
        decided.map_err(Undecided::refuse).ok()
    }

    fn decide_as(&self, core: &mut Core, mut group: Group, jobs: Vec<Job>) -> Result<Pending, Undecided> {
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
                group.clear();
            }
            if let (Some(ask), [Ok(Outcome::Done(seq))]) = (ask, &decided[..]) {
                group.sign(first, ask.id, *seq);
            }
            let follows = std::mem::take(&mut group.follows);
            waiting.push(Waiting { who, ask, answer, receipts, decided, follows });
            if let Some(why) = trouble {
                // The view is in trouble: nothing of this group is kept.
                core.take_back();
                core.view.fail();
                return Err(Undecided { waiting, why });
            }
        }
        core.decided();
        Ok(Pending { group, waiting })
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
