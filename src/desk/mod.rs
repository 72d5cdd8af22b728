//! The desk: the one way in. It knows who asks and what time it is, lets the domain decide, makes the answer
//! durable in the journal, brings the view after it, and tells everyone who listens.
//!
//! Deliberately absent: widgets, files of rosters, and any rule.

mod alike;
mod along;
mod as_of;
mod asks;
mod audit;
mod cases;
mod change;
mod clock;
mod close;
mod core;
mod entries;
mod facts;
mod identity;
mod known;
mod late;
mod laws;
mod listed;
pub mod lists;
mod open;
mod paged;
mod place;
mod preview;
mod proposals;
mod reader;
mod replace;
mod sent;
mod teller;
mod together;
mod turns;
mod twice;
mod watch;
mod weigh;
mod why;
mod writer;
mod year_end;

pub use alike::Equal;
pub use asks::Asking;
pub use audit::{AuditDecided, AuditLine, AuditReport};
pub use cases::Leaving;
pub use change::{Areas, Change};
pub use clock::{Clock, ManualClock, ShiftedClock, SystemClock};
pub use close::Checked;
pub use entries::Corrected;
pub use identity::Identity;
pub use late::LateFound;
pub use listed::ListedFinding;
pub use open::{Accepted, Loss, OpenNote, OpenOptions, Opened};
pub use paged::{all_pages, pages};
pub use reader::Reader;
pub use sent::Sent;
pub use weigh::{Changes, Held, OutletChange, Scored, Weighed};
pub use why::Explained;
pub use year_end::YearEnd;

use crate::calendar::Calendar;
use crate::domain::discretion::Usage;
use crate::domain::{
    Alert, Command, Dossier, Event, Finding, Follows, Life, Line, Outlet, Refusal, Request, Standing, Turnover,
};
use crate::ids::{OutletId, ProviderId, Seq};
pub use crate::journal::Door;
use crate::journal::Head;
use crate::points::{Points, Score};
use crate::rulebook::Rulebook;
use crate::store::{Due, MonthRow, OutletRow, ProviderRow, StoreError};
use crate::time::{Day, Moment, Month, Year};
use core::Core;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, mpsc};
use turns::Turns;

/// A handle on the store that this process holds. Clones share it; the last one dropped closes it.
#[derive(Clone)]
pub struct Desk {
    shared: Arc<Shared>,
    /// Where a handle that only tries keeps what its commands would have changed.
    tried: Option<Arc<Mutex<Vec<Weighed>>>>,
    /// The last entry that was recorded through it; 0 for none.
    recorded: Arc<AtomicU64>,
    /// The id that its commands are asked under.
    under: Option<Arc<asks::Under>>,
    /// What happened when the store was opened.
    notes: Arc<[OpenNote]>,
}

/// A command as handed to the desk.
#[derive(Clone, Debug)]
pub struct Asked {
    /// What is asked for.
    pub command: Command,
    /// From an import: this is the n-th (from 1) equal deduction of its file. It is `Already` there when the
    /// ledger holds as many equal lines.
    pub nth: Option<u32>,
}

/// What became of a command that was not refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It happened, under this number.
    Done(Seq),
    /// It had happened before; the line, where it is one.
    Already(Option<Seq>),
}

/// The acknowledgement of one command: it is on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Its number in the journal.
    pub seq: Seq,
    /// What happened.
    pub event: Event,
    /// What became due, was done, or was found by it.
    pub follows: Follows,
}

/// What a command would do, before it is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// What would happen.
    pub event: Event,
    /// Whose score it is.
    pub provider: ProviderId,
    /// The year that changes.
    pub year: Year,
    /// The score now.
    pub before: Score,
    /// The score then.
    pub after: Score,
    /// The standing now.
    pub standing_before: Standing,
    /// The standing then.
    pub standing_after: Standing,
    /// The points that would count; for a reversal, those that counted.
    pub effective: Points,
    /// Marks reached that were not reached before.
    pub crosses: Vec<Score>,
    /// The fewest points of the article at which the next mark is reached, if any do.
    pub crossing_at: Option<Points>,
    /// All that it would change.
    pub weighed: Weighed,
    /// How the article was scored before, where it is a line.
    pub used: Usage,
}

/// How far a long work has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Entries done.
    pub done: Seq,
    /// Entries in all.
    pub total: Seq,
}

/// How large the store is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[allow(missing_docs, reason = "the names say it; bytes are bytes on disk")]
pub struct Stats {
    pub entries: u64,
    pub providers: u64,
    pub outlets: u64,
    pub lines: u64,
    pub journal_bytes: u64,
    pub view_bytes: u64,
    #[serde(skip)]
    pub head: Head,
}

/// Why a command did not happen.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// The rules refuse it.
    #[error("refused: {}", .0.reason())]
    Refused(Refusal),
    /// The store is in trouble.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Who is told of changes; each answers whether it still listens.
type Listeners = Arc<Mutex<Vec<Box<dyn Fn(Change) -> bool + Send>>>>;

/// How commands are handed in: whether what follows is wanted, what is said already is asked about, and all of them
/// happen or none.
#[derive(Clone, Copy, Debug, Default)]
struct How {
    receipts: bool,
    once: bool,
    together: bool,
}

/// What all handles share. The writer thread ends when its sender goes.
struct Shared {
    core: Arc<Turns<Option<Core>>>,
    jobs: Mutex<Option<mpsc::Sender<writer::Job>>>,
    /// Hears when the writer has ended.
    writer: Mutex<Option<mpsc::Receiver<()>>>,
    listeners: Listeners,
    rulebook: Arc<Rulebook>,
    calendar: Arc<Calendar>,
    clock: Arc<dyn Clock>,
    place: place::Place,
}

impl Desk {
    /// Now, by the desk's clock.
    pub fn now(&self) -> Moment {
        self.shared.clock.now()
    }

    /// Today in Beijing.
    pub fn today(&self) -> Day {
        self.now().day()
    }

    /// Does one command. Returned means on disk.
    pub fn submit(&self, who: &Identity, command: Command) -> Result<Receipt, DeskError> {
        self.submit_one(who, command, false)
    }

    /// The same for what a person typed: what an entry that stands says already is asked about, by
    /// [`Refusal::SaidBefore`], and not taken (decision 14).
    pub fn submit_once(&self, who: &Identity, command: Command) -> Result<Receipt, DeskError> {
        self.submit_one(who, command, true)
    }

    fn submit_one(&self, who: &Identity, command: Command, once: bool) -> Result<Receipt, DeskError> {
        let mut answer =
            self.ask(who, vec![Asked { command, nth: None }], How { receipts: true, once, together: false })?;
        let outcome = answer.decided.pop().ok_or(StoreError::Closed)?.map_err(DeskError::Refused)?;
        match (outcome, answer.events.pop()) {
            (Outcome::Done(seq), Some((event, follows))) => Ok(Receipt { seq, event, follows }),
            _ => Err(StoreError::Unanswered.into()),
        }
    }

    /// Does commands in order, each on what those before it left, in one durable block.
    pub fn submit_all(&self, who: &Identity, asked: Vec<Asked>) -> Result<Vec<Result<Outcome, Refusal>>, StoreError> {
        self.send_all(who, asked)?.answer()
    }

    /// The same, and does not wait for it: whoever sends much makes the next ready meanwhile.
    pub fn send_all(&self, who: &Identity, asked: Vec<Asked>) -> Result<Sent<'_>, StoreError> {
        self.send(who, asked, How::default())
    }

    fn ask(&self, who: &Identity, asked: Vec<Asked>, how: How) -> Result<writer::Answer, StoreError> {
        self.send(who, asked, how)?.whole()
    }

    fn send(&self, who: &Identity, asked: Vec<Asked>, how: How) -> Result<Sent<'_>, StoreError> {
        let How { receipts, once, together } = how;
        // What makes room for another comes with it, or not at all; so does what goes along with a transfer.
        let whole = |command: &Command| match command {
            Command::Replace { .. } | Command::Audit(_) => true,
            Command::Record(asked) => receipts && (asked.fact.hands_over().is_some() || asked.fact.brings()),
            _ => false,
        };
        let together = together || asked.iter().any(|asked| whole(&asked.command));
        if let Some(tried) = &self.tried {
            let answer = self.ask_in_vain(who, (asked, How { together, ..how }), tried);
            return Ok(Sent { desk: self, answer: sent::Answering::There(answer) });
        }
        let (answer, answered) = mpsc::sync_channel(1);
        let ask = self.under.as_ref().filter(|_| receipts).map(|under| under.next());
        let job = writer::Job { who: who.clone(), ask, asked, once, together, receipts, answer };
        let jobs = self.shared.jobs.lock().map_err(|_| StoreError::Closed)?.clone().ok_or(StoreError::Closed)?;
        jobs.send(job).map_err(|_| StoreError::Closed)?;
        Ok(Sent { desk: self, answer: sent::Answering::Coming(answered) })
    }

    /// Another handle, which knows only of what is recorded through itself.
    pub fn another(&self) -> Desk {
        Desk { recorded: Arc::default(), ..self.clone() }
    }

    /// The last entry that was recorded through this handle, if any was.
    pub fn last_recorded(&self) -> Option<Seq> {
        Some(Seq(self.recorded.load(Ordering::Relaxed))).filter(|seq| *seq > Seq(0))
    }

    /// Whether something was recorded through this handle.
    pub fn has_recorded(&self) -> bool {
        self.last_recorded().is_some()
    }

    /// What [`Desk::submit_all`] would answer; nothing is kept.
    pub fn rehearse(&self, who: &Identity, asked: Vec<Asked>) -> Result<Vec<Result<Outcome, Refusal>>, StoreError> {
        self.with_cx(|core, cx| {
            let mut group = core::Group::new(core.journal.head().seq, who.name.clone());
            core.in_vain(|core| core.decide(&mut group, asked.clone(), cx))
        })
    }

    /// What a command would do: what [`Desk::weigh`] says, and what the score makes of a line.
    pub fn preview(&self, who: &Identity, command: &Command) -> Result<Preview, DeskError> {
        self.with_cx(|core, cx| core.preview(&who.name, command, cx))?.map_err(DeskError::Refused)
    }

    /// All providers by id, with their scores of a year.
    pub fn providers(&self, year: Year) -> Result<Vec<ProviderRow>, StoreError> {
        self.list_all(&lists::Providers(year))
    }

    /// All providers by id, with what the lines of a year that had occurred by the end of a day come to.
    pub fn standings_as_of(&self, year: Year, day: Day) -> Result<Vec<ProviderRow>, StoreError> {
        self.list_all(&lists::ProvidersOn(year, day))
    }

    /// One provider with its score of a year.
    pub fn provider(&self, id: &ProviderId, year: Year) -> Result<Option<ProviderRow>, StoreError> {
        self.with_cx(|core, cx| core.view.provider(id, year, lists::marks_of(year, cx)))
    }

    /// A provider whose id is that one but for case.
    pub fn provider_like(&self, id: &ProviderId) -> Result<Option<ProviderId>, StoreError> {
        self.with(|core| core.view.provider_like(id))
    }

    /// Outlets of a provider by id, after one of them.
    pub fn outlets(
        &self,
        provider: &ProviderId,
        after: Option<&OutletId>,
        limit: usize,
    ) -> Result<Vec<Outlet>, StoreError> {
        self.with(|core| core.view.outlets(provider, after, limit))
    }

    /// An outlet.
    pub fn outlet(&self, id: &OutletId) -> Result<Option<Outlet>, StoreError> {
        self.with(|core| core.view.outlet(id))
    }

    /// Lines of a provider's year, newest day first, before one of them (its day and number).
    pub fn ledger(
        &self,
        provider: &ProviderId,
        year: Year,
        before: Option<(Day, Seq)>,
        limit: usize,
    ) -> Result<Vec<Line>, StoreError> {
        self.with(|core| core.view.ledger(provider, year, before, limit))
    }

    /// The months that a provider's outlets reported, ascending.
    pub fn reported_months(&self, provider: &ProviderId) -> Result<Vec<Month>, StoreError> {
        self.with(|core| core.view.reported_months(provider))
    }

    /// A provider's months with turnover, ascending, and what each comes to.
    pub fn months(&self, provider: &ProviderId) -> Result<Vec<MonthRow>, StoreError> {
        self.with(|core| core.view.months(provider))
    }

    /// Turnover of a provider's month by outlet, after one of them.
    pub fn turnovers(
        &self,
        provider: &ProviderId,
        month: Month,
        after: Option<&OutletId>,
        limit: usize,
    ) -> Result<Vec<Turnover>, StoreError> {
        self.with(|core| core.view.turnovers(provider, month, after, limit))
    }

    /// All findings by provider and subject, or those of one provider.
    pub fn findings(&self, provider: Option<&ProviderId>) -> Result<Vec<Finding>, StoreError> {
        let rows = self.listed(provider)?;
        Ok(rows.into_iter().map(|row| row.finding).collect())
    }

    /// What is due, the next first; all, or what one provider owes.
    pub fn deadlines(&self, provider: Option<&ProviderId>) -> Result<Vec<Due>, StoreError> {
        match provider {
            Some(id) => self.with(|core| core.view.due(id)),
            None => self.list_all(&lists::Deadlines),
        }
    }

    /// The number that the record of an entry is known by: of one that came in the place of others, the first
    /// (decision 13).
    pub fn known(&self, seq: Seq) -> Result<Seq, StoreError> {
        self.with(|core| core.known(seq))
    }

    /// Alerts, the loudest first, resolved ones last; all, or those of one provider.
    pub fn alerts(&self, provider: Option<&ProviderId>) -> Result<Vec<Alert>, StoreError> {
        let rows = self.list(&lists::Alerts, &lists::Of::whom(provider))?;
        Ok(rows.into_iter().map(Arc::unwrap_or_clone).collect())
    }

    /// What a provider's records come to.
    pub fn dossier(&self, provider: &ProviderId) -> Result<Dossier, StoreError> {
        self.with(|core| core.view.dossier(provider))
    }

    /// Outlets of a provider by id with their lives, after one of them.
    pub fn lives(
        &self,
        provider: &ProviderId,
        after: Option<&OutletId>,
        limit: usize,
    ) -> Result<Vec<OutletRow>, StoreError> {
        self.with(|core| core.view.lives(provider, after, limit))
    }

    /// An outlet's life so far.
    pub fn life(&self, outlet: &OutletId) -> Result<Option<Life>, StoreError> {
        self.with(|core| core.view.life(outlet))
    }

    /// A request, if it waits for an answer.
    pub fn open_request(&self, seq: Seq) -> Result<Option<Request>, StoreError> {
        self.with(|core| core.open_request(seq))
    }

    /// The calendar of working days.
    pub fn calendar(&self) -> &Calendar {
        &self.shared.calendar
    }

    /// Calendar years that have lines, ascending.
    pub fn years(&self) -> Result<Vec<Year>, StoreError> {
        self.with(|core| Ok(core.view.years()))
    }

    /// How large the store is.
    pub fn stats(&self) -> Result<Stats, StoreError> {
        self.with(|core| {
            let (head, top) = (core.journal.head(), core.view.top());
            Ok(Stats {
                entries: head.seq.0 - top.lost,
                providers: top.providers,
                outlets: top.outlets,
                lines: top.lines.values().sum(),
                journal_bytes: core.journal.bytes(),
                view_bytes: core.view.bytes(),
                head,
            })
        })
    }

    /// A digest over the view's keys and values.
    pub fn view_digest(&self) -> Result<[u8; 32], StoreError> {
        self.with(|core| core.view.digest())
    }

    /// A listener for changes. Drop it to stop listening.
    pub fn subscribe(&self) -> mpsc::Receiver<Change> {
        let (tell, told) = mpsc::channel();
        self.listen(move |change| tell.send(change).is_ok());
        told
    }

    /// Calls `tell` after every change until it answers that nobody listens any more. It must not wait: it is
    /// called by the writer.
    pub fn listen(&self, tell: impl Fn(Change) -> bool + Send + 'static) {
        lock(&self.shared.listeners).push(Box::new(tell));
    }

    /// Whether somebody listens.
    pub fn is_watched(&self) -> bool {
        !lock(&self.shared.listeners).is_empty()
    }

    /// Asks the view.
    fn with<T>(&self, work: impl FnMut(&mut Core) -> Result<T, StoreError>) -> Result<T, StoreError> {
        asked(&mut self.shared.core.lock(), work)
    }
}

/// Asks a view. One that fails gives way to one in memory, and is asked again: reading needs no disk.
fn asked<T>(
    core: &mut Option<Core>,
    mut work: impl FnMut(&mut Core) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let core = core.as_mut().ok_or(StoreError::Closed)?;
    core.settle()?;
    core.view.relieve();
    match work(core) {
        Err(StoreError::View { .. } | StoreError::Io { .. }) if core.view.is_on_disk() => {
            core.stand_in()?;
            work(core)
        }
        answer => answer,
    }
}

/// A lock whose holder panicked holds whole data all the same: a group not kept is taken back at the next open.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
