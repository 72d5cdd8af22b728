//! A journal in memory, for tests: the same chain, no disk.

use super::entry::Whole;
use super::staged::{Staged, What};
use super::{Chained, Entry, Head, Journal, JournalError, Verified};
use crate::ids::Seq;
use std::sync::Arc;

/// See the module.
#[derive(Debug, Default)]
pub struct MemoryJournal {
    entries: Vec<Chained>,
    bytes: u64,
}

impl Journal for MemoryJournal {
    fn head(&self) -> Head {
        self.entries.last().map(|r| Head { seq: r.seq, hash: r.hash }).unwrap_or_default()
    }

    fn stage(&mut self, expected: Seq, entries: &Arc<Vec<Entry>>) -> Result<Staged, JournalError> {
        let mut head = self.head();
        let (mut held, mut length) = (Vec::with_capacity(entries.len()), 0);
        if head.seq != expected {
            return Err(JournalError::Moved { expected, is: head.seq });
        }
        for entry in entries.iter() {
            let mut bytes = Vec::new();
            entry.encode(&mut bytes).map_err(|why| JournalError::Poisoned { why })?;
            head = head.after(Whole::One(&bytes));
            length += bytes.len() as u64;
            held.push(Chained { seq: head.seq, hash: head.hash, entry: entry.clone() });
        }
        Ok(Staged { what: What::Held(held, length) })
    }

    fn settle(&mut self, staged: Staged) -> Result<Head, JournalError> {
        if let What::Held(held, length) = staged.what {
            self.entries.extend(held);
            self.bytes += length;
        }
        Ok(self.head())
    }

    fn entry(&self, seq: Seq) -> Result<Option<Chained>, JournalError> {
        let at = seq.0.checked_sub(1).and_then(|at| usize::try_from(at).ok());
        Ok(at.and_then(|at| self.entries.get(at)).cloned())
    }

    fn read(&self, from: Seq, each: &mut dyn FnMut(Chained) -> bool) -> Result<(), JournalError> {
        let _all = self.entries.iter().filter(|r| r.seq >= from).all(|r| each(r.clone()));
        Ok(())
    }

    fn check(&self, progress: &mut dyn FnMut(Seq)) -> Result<Verified, JournalError> {
        progress(self.head().seq);
        let entries = self.entries.len() as u64;
        Ok(Verified { head: self.head(), entries, segments: 0, bytes: self.bytes })
    }

    fn bytes(&self) -> u64 {
        self.bytes
    }
}
