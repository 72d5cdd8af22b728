//! Opening and closing a store: the lock, the journal, and a view that matches it or is made anew.

use super::core::Core;
use super::writer::Writer;
use super::{Clock, Desk, Progress, Shared, lock};
use crate::calendar::Calendar;
use crate::ids::Seq;
use crate::journal::{Head, Journal, MemoryJournal, SegmentJournal, TornTail};
use crate::rulebook::Rulebook;
use crate::store::{StoreError, View, seal};
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, mpsc};

/// How to open a store.
pub struct OpenOptions<'a> {
    /// The store's folder; made if it is not there.
    pub path: PathBuf,
    /// The rulebook to go by.
    pub rulebook: Rulebook,
    /// Which days are working days.
    pub calendar: Calendar,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Hears how far a rebuild has come.
    pub progress: &'a mut dyn FnMut(Progress),
}

/// An open store, and what the person should know about how it opened.
pub struct Opened {
    /// The desk.
    pub desk: Desk,
    /// Remarks, most important first.
    pub notes: Vec<OpenNote>,
}

/// What happened at open that a person should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpenNote {
    /// The last block was never acknowledged and was cut off.
    TornTail(TornTail),
    /// The view knows more than the journal has: acknowledged entries are gone, or an old journal was put back.
    ViewAhead {
        /// Where the view was.
        view: Seq,
        /// Where the journal is.
        journal: Seq,
        /// Where the view was moved.
        aside: PathBuf,
    },
    /// The view was damaged or of another journal; it was moved aside and made again.
    ViewDamaged {
        /// What was wrong.
        what: String,
        /// Where it was moved.
        aside: PathBuf,
    },
    /// The last run did not end cleanly; its view was made again.
    Unclosed,
    /// There was no view; it was made from the journal.
    ViewMade,
    /// The view was behind the journal and was caught up.
    CaughtUp {
        /// From which entry.
        from: Seq,
    },
}

/// Where a store's parts are.
pub(super) struct Place {
    view: PathBuf,
    seal: PathBuf,
    /// Held as long as the store is open.
    _lock: Option<File>,
    /// An in-memory store's view lives here.
    _folder: Option<tempfile::TempDir>,
}

impl Desk {
    /// Opens a store; only one process can.
    pub fn open(options: OpenOptions<'_>) -> Result<Opened, StoreError> {
        let path = &options.path;
        fs::create_dir_all(path).map_err(StoreError::io(path))?;
        let held = hold(path)?;
        let (journal, torn) = SegmentJournal::open(&path.join("journal"))?;
        let mut notes: Vec<OpenNote> = torn.map(OpenNote::TornTail).into_iter().collect();
        let place = Place { view: path.join("view"), seal: path.join("view.seal"), _lock: Some(held), _folder: None };
        let view = match settle(&place, path, &journal, &mut notes)? {
            true => View::open(&place.view)?,
            false => {
                discard(&place.view)?;
                View::open(&place.view)?
            }
        };
        let mut core = Core { journal: Box::new(journal), view };
        core.catch_up(options.progress)?;
        Ok(Opened { desk: Desk::begin(core, (options.rulebook, options.calendar), options.clock, place)?, notes })
    }

    /// A store that is gone with the process: for tests.
    pub fn in_memory(rulebook: Rulebook, clock: Arc<dyn Clock>) -> Result<Desk, StoreError> {
        let calendar = Calendar::shipped().map_err(|e| StoreError::view(format!("the calendar: {e}")))?;
        let folder = tempfile::tempdir().map_err(StoreError::io(Path::new("a temporary folder")))?;
        let (view, seal) = (folder.path().join("view"), folder.path().join("view.seal"));
        let core = Core { journal: Box::new(MemoryJournal::default()), view: View::open(&view)? };
        Desk::begin(core, (rulebook, calendar), clock, Place { view, seal, _lock: None, _folder: Some(folder) })
    }

    /// Throws the view away and makes it again from the journal.
    pub fn rebuild(&self, progress: &mut dyn FnMut(Progress)) -> Result<(), StoreError> {
        let mut held = lock(&self.shared.core);
        let Core { journal, view } = held.take().ok_or(StoreError::Closed)?;
        view.close()?;
        discard(&self.shared.place.view)?;
        let mut core = Core { journal, view: View::open(&self.shared.place.view)? };
        core.catch_up(progress)?;
        *held = Some(core);
        Ok(())
    }

    /// Closes the store: nobody can ask any more, the view is sealed.
    pub fn close(self) -> Result<(), StoreError> {
        self.shared.close()
    }

    fn begin(
        core: Core,
        (rulebook, calendar): (Rulebook, Calendar),
        clock: Arc<dyn Clock>,
        place: Place,
    ) -> Result<Desk, StoreError> {
        let calendar = Arc::new(calendar);
        let (core, rulebook) = (Arc::new(Mutex::new(Some(core))), Arc::new(rulebook));
        let listeners = super::Listeners::default();
        let (jobs, taken) = mpsc::channel();
        let writer = Writer {
            core: Arc::clone(&core),
            listeners: Arc::clone(&listeners),
            rulebook: Arc::clone(&rulebook),
            calendar: Arc::clone(&calendar),
            clock: Arc::clone(&clock),
        };
        let thread = std::thread::spawn(move || writer.run(&taken));
        let (jobs, writer) = (Mutex::new(Some(jobs)), Mutex::new(Some(thread)));
        Ok(Desk { shared: Arc::new(Shared { core, jobs, writer, listeners, rulebook, calendar, clock, place }) })
    }
}

impl Shared {
    fn close(&self) -> Result<(), StoreError> {
        drop(lock(&self.jobs).take());
        if let Some(writer) = lock(&self.writer).take() {
            // A writer that panicked has answered nobody; the journal is whole and the view is not sealed.
            writer.join().map_err(|_| StoreError::Closed)?;
        }
        let Some(Core { journal, view }) = lock(&self.core).take() else { return Ok(()) };
        let reached = view.close()?;
        if reached == journal.head() {
            seal::put(&self.place.view, &self.place.seal, reached)?;
        }
        Ok(())
    }
}

impl Drop for Shared {
    /// A view that could not be sealed is made again at the next open: nothing is lost.
    fn drop(&mut self) {
        let _ = self.close();
    }
}

/// Takes the store's lock, or says who has it.
fn hold(path: &Path) -> Result<File, StoreError> {
    let at = path.join("lock");
    let file = File::options().create(true).truncate(false).write(true).open(&at).map_err(StoreError::io(&at))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::AlreadyOpen { path: path.to_owned() }),
        Err(TryLockError::Error(e)) => Err(StoreError::io(&at)(e)),
    }
}

/// Decides whether the view in its folder can be used; what cannot is moved aside or thrown away, and said.
fn settle(place: &Place, store: &Path, journal: &dyn Journal, notes: &mut Vec<OpenNote>) -> Result<bool, StoreError> {
    let check = seal::check(&place.view, &place.seal)?;
    seal::lift(&place.seal)?;
    let head = journal.head();
    match check {
        seal::Check::Missing => {
            notes.extend((head.seq > Seq(0)).then_some(OpenNote::ViewMade));
            Ok(false)
        }
        seal::Check::Unsealed => {
            notes.push(OpenNote::Unclosed);
            Ok(false)
        }
        seal::Check::Broken(what) => {
            let aside = move_aside(&place.view, store)?;
            notes.push(OpenNote::ViewDamaged { what, aside });
            Ok(false)
        }
        seal::Check::Whole(was) if was.seq > head.seq => {
            let aside = move_aside(&place.view, store)?;
            notes.push(OpenNote::ViewAhead { view: was.seq, journal: head.seq, aside });
            Ok(false)
        }
        seal::Check::Whole(was) if hash_at(journal, was.seq)? != was => {
            let aside = move_aside(&place.view, store)?;
            notes.push(OpenNote::ViewDamaged { what: "it is of another journal".into(), aside });
            Ok(false)
        }
        seal::Check::Whole(was) => {
            notes.extend((was.seq < head.seq).then_some(OpenNote::CaughtUp { from: was.seq }));
            Ok(true)
        }
    }
}

/// The chain at a seq.
fn hash_at(journal: &dyn Journal, seq: Seq) -> Result<Head, StoreError> {
    match journal.head() {
        _ if seq == Seq(0) => Ok(Head::default()),
        head if head.seq == seq => Ok(head),
        _ => Ok(journal.entry(seq)?.map(|r| Head { seq, hash: r.hash }).unwrap_or_default()),
    }
}

/// Moves a view out of the way; the one moved before it goes.
fn move_aside(view: &Path, store: &Path) -> Result<PathBuf, StoreError> {
    let aside = store.join("view.aside");
    discard(&aside)?;
    if view.exists() {
        fs::rename(view, &aside).map_err(StoreError::io(view))?;
    }
    Ok(aside)
}

fn discard(folder: &Path) -> Result<(), StoreError> {
    match fs::remove_dir_all(folder) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(StoreError::io(folder)(e)),
        _ => Ok(()),
    }
}
