//! The end of a view: all that it holds is written, and its files are waited for.

use super::cache::Slots;
use super::disk::Sums;
use super::{StoreError, View, keys};
use crate::journal::Head;
use std::time::Duration;

impl View {
    /// Closes the view and waits until its files stand still, some time. Returns the head that they hold with the
    /// checksums of their stamps; none where there are no files.
    ///
    /// After an I/O error sled may wait for ever, so it is closed on a thread of its own: one that does not come back
    /// in time is left behind, and so is the view, unsealed.
    pub fn close(self, most: Duration) -> Result<Option<(Head, Sums)>, StoreError> {
        if self.has_failed() || !self.cache.is_on_disk() {
            self.abandon();
            return Ok(None);
        }
        let (tell, told) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let (done, held) = self.finish();
            let _ = tell.send(done);
            // Nobody waits for that.
            drop(held);
        });
        told.recv_timeout(most).unwrap_or(Err(StoreError::view("sled does not come to an end")))
    }

    fn finish(mut self) -> (Result<Option<(Head, Sums)>, StoreError>, Slots) {
        if let Err(e) = self.write_out() {
            self.abandon();
            return (Err(e), Slots::default());
        }
        let (sums, held) = self.cache.close();
        (sums.map(|sums| Some((self.top.head, sums))), held)
    }

    /// Writes what changed, and lets go of it.
    fn write_out(&mut self) -> Result<(), StoreError> {
        if self.is_as_read() {
            return Ok(());
        }
        self.complete()?;
        self.cache.leave()?;
        self.cache.settle()
    }

    /// Writes all that it holds into sled.
    pub(super) fn flush(&mut self) -> Result<(), StoreError> {
        self.complete()?;
        self.cache.flush()
    }

    /// Puts in what stands in no record yet.
    fn complete(&mut self) -> Result<(), StoreError> {
        self.freshen_all()?;
        self.cache.put(keys::top(), self.top.clone());
        Ok(())
    }
}
