//! Opening a store: the lock, the journal held against what is known of it, and a view that matches it or is made anew.

use super::core::{Core, Group};
use super::place::{Place, discard, is_unwritable};
use super::turns::Turns;
use super::writer::Writer;
use super::{Asked, Clock, Desk, DeskError, Door, Progress, Shared};
use crate::calendar::Calendar;
use crate::domain::{Command, Context, Laws};
use crate::ids::Seq;
use crate::journal::{Head, Journal, JournalError, MemoryJournal, Opening, Reached, SegmentJournal, TornTail};
use crate::rulebook::Rulebook;
use crate::store::{StoreError, View, seal};
use crate::time::Moment;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

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
    /// How long to wait for another koufen that has the store open.
    pub wait: Duration,
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
    /// A loss was accepted, and this is what is left of the lost entries.
    TailKept(TornTail),
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
    /// The store cannot be written: it can be read, and nothing is recorded.
    ReadOnly {
        /// Why.
        why: String,
    },
    /// The view cannot be on the disk; it was made in memory.
    InMemory {
        /// Why.
        why: String,
    },
    /// The clock stands before the last entry: new entries get that entry's time until it has come.
    ClockBack {
        /// The last entry's time.
        last: Moment,
    },
}

impl OpenNote {
    /// Whether it is still so at a moment: whoever comes later should know it, too.
    fn holds(&self, now: Moment) -> bool {
        match self {
            OpenNote::ReadOnly { .. } | OpenNote::InMemory { .. } => true,
            OpenNote::ClockBack { last } => *last > now,
            OpenNote::TornTail(_)
            | OpenNote::TailKept(_)
            | OpenNote::ViewDamaged { .. }
            | OpenNote::Unclosed
            | OpenNote::ViewMade
            | OpenNote::CaughtUp { .. } => false,
        }
    }
}

/// Who accepts a loss, from which entry on, and why.
pub struct Loss<'a> {
    /// Who.
    pub by: &'a str,
    /// The first entry that is gone.
    pub from: Seq,
    /// Why it is accepted.
    pub reason: &'a str,
}

/// A loss that was accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The entry that says so.
    pub seq: Seq,
    /// The first that is gone.
    pub from: Seq,
    /// The last.
    pub to: Seq,
    /// Whether their numbers are gone too; otherwise other entries have them now.
    pub gap: bool,
}

impl Desk {
    /// Opens a store; only one process can. One that cannot be written is opened for reading.
    pub fn open(options: OpenOptions<'_>) -> Result<Opened, StoreError> {
        open(options)
    }

    /// What was said when the store was opened and is still so: that nothing is recorded, say.
    pub fn notes(&self) -> impl Iterator<Item = &OpenNote> {
        let now = self.now();
        self.notes.iter().filter(move |note| note.holds(now))
    }

    /// Records that a person accepts that a journal lost acknowledged entries, or has others in their place, and opens
    /// the store. Lost numbers are not given again. Nothing is forgotten before the entry that says so is on disk.
    pub fn accept_loss(options: OpenOptions<'_>, loss: &Loss<'_>) -> Result<(Opened, Accepted), DeskError> {
        crate::domain::reason_of(loss.reason).map_err(DeskError::Refused)?;
        let (accepted, kept) = accept(&options, loss)?;
        let mut opened = open(options)?;
        opened.notes.extend(kept.map(OpenNote::TailKept));
        Ok((opened, accepted))
    }

    /// A store that is gone with the process: for tests.
    pub fn in_memory(rulebook: Rulebook, clock: Arc<dyn Clock>) -> Result<Desk, StoreError> {
        let calendar = Calendar::shipped().map_err(|e| StoreError::view(format!("the calendar: {e}")))?;
        let place = Place::temporary()?;
        let core = Core::new(Box::new(MemoryJournal::default()), View::begin(&place.view())?, None)?;
        Desk::begin(core, (rulebook, calendar), clock, place)
    }

    /// The same by a calendar, held whole in memory: for cases, of which there are many.
    pub fn in_memory_by(rulebook: Rulebook, calendar: Calendar, clock: Arc<dyn Clock>) -> Result<Desk, StoreError> {
        let core = Core::new(Box::new(MemoryJournal::default()), View::in_memory(), None)?;
        Desk::begin(core, (rulebook, calendar), clock, Place::temporary()?)
    }

    pub(super) fn begin(
        core: Core,
        (rulebook, calendar): (Rulebook, Calendar),
        clock: Arc<dyn Clock>,
        place: Place,
    ) -> Result<Desk, StoreError> {
        let calendar = Arc::new(calendar);
        let (core, rulebook) = (Arc::new(Turns::new(Some(core))), Arc::new(rulebook));
        let listeners = super::Listeners::default();
        let (jobs, taken) = mpsc::channel();
        let (ended, end) = mpsc::channel();
        let writer = Writer {
            core: Arc::clone(&core),
            listeners: Arc::clone(&listeners),
            rulebook: Arc::clone(&rulebook),
            calendar: Arc::clone(&calendar),
            clock: Arc::clone(&clock),
        };
        std::thread::spawn(move || {
            writer.run(taken);
            // Nobody waits for the end where the process goes first.
            let _ = ended.send(());
        });
        let (jobs, writer) = (Mutex::new(Some(jobs)), Mutex::new(Some(end)));
        let shared = Shared { core, jobs, writer, listeners, rulebook, calendar, clock, place };
        Ok(Desk { shared: Arc::new(shared), tried: None, recorded: Arc::default(), under: None, notes: Arc::default() })
    }
}

fn open(options: OpenOptions<'_>) -> Result<Opened, StoreError> {
    let place = Place::take(&options.path, options.wait)?;
    let (known, checked, mut notes) = (place.known()?, place.checked(), Vec::new());
    let opening = Opening { known, checked: Some(&checked), ..Opening::default() };
    let (journal, torn, look) = match SegmentJournal::open_known(&place.journal(), opening) {
        Ok((journal, torn)) => (journal, torn, false),
        Err(JournalError::Io { source, .. }) if is_unwritable(&source) => {
            let (journal, _) = SegmentJournal::open_known(&place.journal(), Opening { look: true, ..opening })?;
            notes.push(OpenNote::ReadOnly { why: source.to_string() });
            (journal, None, true)
        }
        Err(e) => return Err(e.into()),
    };
    notes.extend(torn.map(OpenNote::TornTail));
    let view = if look { Ok(View::in_memory()) } else { view(&place, &journal, &mut notes) };
    let view = view.unwrap_or_else(|e| {
        notes.push(OpenNote::InMemory { why: e.to_string() });
        View::in_memory()
    });
    let reached = if look { None } else { Reached::open(&place.reached()).ok() };
    let mut core = Core::new(Box::new(journal), view, reached)?;
    if let Err(e) = core.catch_up(options.progress) {
        // What the disk does not take is held in memory; what is wrong with the journal is wrong there too.
        notes.push(OpenNote::InMemory { why: e.to_string() });
        core.stand_in()?;
    }
    core.put_reached();
    let now = options.clock.now();
    notes.extend(core.last_at().filter(|last| *last > now).map(|last| OpenNote::ClockBack { last }));
    let desk = Desk::begin(core, (options.rulebook, options.calendar), options.clock, place)?;
    Ok(Opened { desk: Desk { notes: notes.clone().into(), ..desk }, notes })
}

/// Records a loss as the next entry, and only then moves away what knew of the lost entries.
fn accept(options: &OpenOptions<'_>, loss: &Loss<'_>) -> Result<(Accepted, Option<TornTail>), StoreError> {
    let place = Place::take(&options.path, options.wait)?;
    let (known, none) = (place.known()?, StoreError::NoSuchLoss { from: loss.from });
    let opening = Opening { known, accept: Some(loss.from), ..Opening::default() };
    let (journal, torn) = SegmentJournal::open_known(&place.journal(), opening)?;
    let Some(known) = known.filter(|known| known.seq >= loss.from) else { return Err(none) };
    let head = journal.head();
    if hash_at(&journal, known.seq)? == known {
        return Err(none);
    }
    let (to, gap) = (known.seq, head.seq == known.seq && journal.entry(known.seq)?.is_none());
    // The note of what was reached stays as it is until this entry goes beyond it.
    let reached = Reached::open(&place.reached()).ok();
    let mut core = Core::new(Box::new(journal), View::in_memory(), reached)?;
    let command = Command::AcceptLoss { from: loss.from, to, reason: loss.reason.to_owned() };
    let laws = Laws::of_loaded(Arc::new(options.rulebook.clone()));
    let cx = Context::new(&laws, options.clock.now(), &options.calendar);
    let mut group = Group::new(head.seq, loss.by.to_owned());
    group.door = Some(Door::Local);
    match core.decide(&mut group, vec![Asked { command, nth: None }], cx)?.pop() {
        Some(Ok(_)) => {}
        Some(Err(refusal)) => return Err(StoreError::Refusing { why: refusal.reason().to_owned() }),
        None => return Err(StoreError::Closed),
    }
    let seq = core.keep(&group)?.seq;
    core.note_reached(true);
    place.retire()?;
    Ok((Accepted { seq, from: loss.from, to, gap }, torn))
}

/// The view of a store, if it can be used as it is; else an empty one in its place. What is there and cannot be used
/// is moved aside or thrown away, and said.
fn view(place: &Place, journal: &dyn Journal, notes: &mut Vec<OpenNote>) -> Result<View, StoreError> {
    let (head, folder) = (journal.head(), place.view());
    let sealed = match seal::check(&folder, &place.seal())? {
        seal::Check::Missing => {
            notes.extend((head.seq > Seq(0)).then_some(OpenNote::ViewMade));
            None
        }
        seal::Check::Unsealed => {
            notes.push(OpenNote::Unclosed);
            None
        }
        seal::Check::Broken(what) => set_aside(place, what, notes)?,
        seal::Check::OtherShape => {
            notes.push(OpenNote::ViewMade);
            None
        }
        seal::Check::Whole(was, _) if was.seq > head.seq || hash_at(journal, was.seq)? != was => {
            set_aside(place, "it is of another journal".into(), notes)?
        }
        seal::Check::Whole(was, sums) => Some((was, sums)),
    };
    if let Some((was, sums)) = sealed {
        match View::open(&folder, Some(sums)) {
            Ok(view) if view.head() == was => {
                seal::lift(&place.seal())?;
                notes.extend((was.seq < head.seq).then_some(OpenNote::CaughtUp { from: was.seq }));
                return Ok(view);
            }
            Ok(view) => {
                view.abandon();
                set_aside(place, "it has not reached what its seal says".into(), notes)?
            }
            Err(e) => set_aside(place, e.to_string(), notes)?,
        };
    }
    seal::lift(&place.seal())?;
    discard(&folder)?;
    View::begin(&folder)
}

/// Moves a view that cannot be used out of the way, and says so.
fn set_aside(place: &Place, what: String, notes: &mut Vec<OpenNote>) -> Result<Option<(Head, seal::Sums)>, StoreError> {
    let aside = place.move_view("view.aside")?;
    notes.push(OpenNote::ViewDamaged { what, aside });
    Ok(None)
}

/// The chain at a seq.
fn hash_at(journal: &dyn Journal, seq: Seq) -> Result<Head, StoreError> {
    match journal.head() {
        _ if seq == Seq(0) => Ok(Head::default()),
        head if head.seq == seq => Ok(head),
        _ => Ok(journal.entry(seq)?.map(|r| Head { seq, hash: r.hash }).unwrap_or_default()),
    }
}
