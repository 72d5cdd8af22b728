//! What was known at a moment: a desk on the journal's entries of until then.

use super::core::{Core, follow_until};
use super::place::Place;
use super::turns::Turns;
use super::{Desk, ManualClock, asked};
use crate::ids::Seq;
use crate::journal::{Chained, Entry, Head, Journal, JournalError, Staged, Verified};
use crate::rulebook::Rulebook;
use crate::store::{StoreError, View};
use crate::time::Moment;
use std::io;
use std::sync::Arc;

/// Most entries whose view is made in memory; that of a larger store is made in a temporary folder.
const HELD: u64 = 200_000;
/// Entries that are read again while the core is held: some milliseconds of them.
const AT_ONCE: u64 = 1_024;

impl Desk {
    /// A desk as that of a store that stopped at a moment, with the clock standing there; it takes nothing.
    ///
    /// All entries until then are read again, whoever is asked about: that is right by construction, since transfers,
    /// exits and corrections reach other providers.
    pub fn known_at(&self, moment: Moment) -> Result<Desk, StoreError> {
        let place = Place::temporary()?;
        let mut view = match self.stats()?.entries {
            ..=HELD => View::in_memory(),
            _ => View::begin(&place.view())?,
        };
        // Whoever else asks comes between.
        loop {
            let from = view.head().seq;
            let mut follow =
                |core: &mut Core| follow_until(&mut view, core.journal.as_ref(), (moment, AT_ONCE), &mut |_| {});
            asked(&mut self.shared.core.lock_after(), &mut follow)?;
            if view.head().seq == from {
                break;
            }
        }
        let cut = Cut { head: view.head(), whole: Arc::clone(&self.shared.core) };
        let core = Core::new(Box::new(cut), view, None)?;
        let (rulebook, calendar) = (Rulebook::clone(&self.shared.rulebook), self.calendar().clone());
        Desk::begin(core, (rulebook, calendar), Arc::new(ManualClock::at(moment)), place)
    }
}

/// The entries of another desk's journal up to one of them.
struct Cut {
    head: Head,
    whole: Arc<Turns<Option<Core>>>,
}

impl Cut {
    fn of_whole<T>(&self, ask: impl FnOnce(&dyn Journal) -> Result<T, JournalError>) -> Result<T, JournalError> {
        let closed = || JournalError::Io { path: "journal".into(), source: io::ErrorKind::NotConnected.into() };
        ask(self.whole.lock().as_ref().ok_or_else(closed)?.journal.as_ref())
    }
}

impl Journal for Cut {
    fn head(&self) -> Head {
        self.head
    }

    /// The time of these entries is over.
    fn stage(&mut self, expected: Seq, _: &Arc<Vec<Entry>>) -> Result<Staged, JournalError> {
        let is = self.of_whole(|journal| Ok(journal.head().seq))?;
        Err(JournalError::Moved { expected, is })
    }

    fn settle(&mut self, _: Staged) -> Result<Head, JournalError> {
        Ok(self.head)
    }

    fn entry(&self, seq: Seq) -> Result<Option<Chained>, JournalError> {
        if seq > self.head.seq { Ok(None) } else { self.of_whole(|journal| journal.entry(seq)) }
    }

    fn read(&self, from: Seq, each: &mut dyn FnMut(Chained) -> bool) -> Result<(), JournalError> {
        self.of_whole(|journal| journal.read(from, &mut |recorded| recorded.seq <= self.head.seq && each(recorded)))
    }

    fn check(&self, progress: &mut dyn FnMut(Seq)) -> Result<Verified, JournalError> {
        self.of_whole(|journal| journal.check(progress))
    }

    fn bytes(&self) -> u64 {
        self.of_whole(|journal| Ok(journal.bytes())).unwrap_or(0)
    }
}
