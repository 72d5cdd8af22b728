//! Closing a store, making its view anew, and checking it. A close never waits for ever: what does not come to an end
//! in time is left as it is, and the next open makes the view anew.

use super::core::Core;
use super::place::discard;
use super::{Desk, Progress, Shared, lock};
use crate::ids::Seq;
use crate::journal::Verified;
use crate::recount::{Recount, recount};
use crate::store::{StoreError, View, seal};
use std::fs;
use std::time::{Duration, Instant};

/// How long a close may take: the writer's last block, then the view.
const CLOSE: Duration = Duration::from_secs(5);

/// What a store was found to be.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The journal.
    pub journal: Verified,
    /// The view beside the journal counted again.
    pub recount: Recount,
    /// The digest of the view.
    pub digest: [u8; 32],
    /// That of one made anew, where one was asked for and the disk took it.
    pub remade: Option<[u8; 32]>,
}

impl Checked {
    /// Whether all is as it should be.
    pub fn is_sound(&self) -> bool {
        self.recount.differing == 0 && self.remade.is_none_or(|made| made == self.digest)
    }
}

impl Desk {
    /// Throws the view away and makes it again from the journal. It is made beside the old one, which stays until the
    /// new one is whole.
    pub fn rebuild(&self, progress: &mut dyn FnMut(Progress)) -> Result<(), StoreError> {
        let mut held = self.shared.core.lock();
        let core = held.as_mut().ok_or(StoreError::Closed)?;
        core.settle()?;
        let (place, beside) = (&self.shared.place, self.shared.place.view().with_extension("new"));
        discard(&beside)?;
        let made = core.made_anew(&beside, progress)?;
        let (_, sums) = made.close(CLOSE)?.ok_or(StoreError::Closed)?;
        // The one in memory answers while the files change places.
        core.put_view(View::in_memory()).close(CLOSE)?;
        discard(&place.view())?;
        fs::rename(&beside, place.view()).map_err(StoreError::io(&beside))?;
        core.put_view(View::open(&place.view(), Some(sums))?);
        core.catch_up(&mut |_| {})
    }

    /// Checks every byte of the journal, and counts the ledger again from it with plain lists; where that is asked for,
    /// makes the whole view anew beside the one that is, and compares them byte for byte. Changes nothing.
    pub fn check(&self, remake: bool, progress: &mut dyn FnMut(Seq)) -> Result<Checked, StoreError> {
        let mut held = self.shared.core.lock();
        let core = held.as_mut().ok_or(StoreError::Closed)?;
        core.settle()?;
        let journal = core.journal.check(progress)?;
        let Core { journal: entries, view, .. } = core;
        let recount = recount(entries.as_ref(), view, &mut |_, _| {})?;
        let digest = core.view.digest()?;
        let remade = if remake { core.digest_made_anew(progress) } else { None };
        Ok(Checked { journal, recount, digest, remade })
    }

    /// Closes the store: nobody can ask any more, the view is sealed. An error means that the view is not: nothing is
    /// lost, and it is made anew at the next open.
    pub fn close(self) -> Result<(), StoreError> {
        self.shared.close()
    }
}

impl Core {
    /// A view made from the journal in a folder.
    fn made_anew(&self, folder: &std::path::Path, progress: &mut dyn FnMut(Progress)) -> Result<View, StoreError> {
        let mut view = View::begin(folder)?;
        let done = super::core::follow(&mut view, self.journal.as_ref(), progress);
        match done {
            Ok(()) => Ok(view),
            Err(e) => {
                view.abandon();
                Err(e)
            }
        }
    }

    /// The digest of a view made anew in a temporary folder; none where that cannot be done.
    fn digest_made_anew(&self, progress: &mut dyn FnMut(Seq)) -> Option<[u8; 32]> {
        let folder = tempfile::tempdir().ok()?;
        let mut made = self.made_anew(&folder.path().join("view"), &mut |p| progress(p.done)).ok()?;
        let digest = made.digest().ok();
        // Nothing of it is kept.
        let _ = made.close(CLOSE);
        digest
    }
}

impl Shared {
    fn close(&self) -> Result<(), StoreError> {
        let until = Instant::now() + CLOSE;
        drop(lock(&self.jobs).take());
        let slow = || StoreError::view("it does not come to an end; it is made anew at the next start");
        if let Some(writer) = lock(&self.writer).take() {
            writer.recv_timeout(CLOSE).map_err(|_| slow())?;
        }
        let mut core = loop {
            match self.core.try_lock() {
                Some(mut held) => break held.take(),
                None if Instant::now() > until => return Err(slow()),
                None => std::thread::sleep(Duration::from_millis(2)),
            }
        };
        let Some(core) = core.as_mut() else { return Ok(()) };
        core.note_reached(true);
        let Core { journal, view, lists, .. } = core;
        let (head, view) = (journal.head(), std::mem::replace(view, View::in_memory()));
        // They take a while to drop, and nobody waits for that.
        let lists = std::mem::take(lists);
        let _ = std::thread::Builder::new().spawn(|| drop(lists));
        if let Some((reached, sums)) = view.close(CLOSE)?
            && reached == head
        {
            seal::put(&self.place.view(), &self.place.seal(), (head, sums))?;
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
