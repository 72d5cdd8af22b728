//! The journal: the truth. An append-only, hash-chained log; acknowledged means fsynced here.
//!
//! An entry's hash covers the previous entry's hash and its own bytes, so that no line can be changed, left out or
//! put in without every hash after it changing. What is written has types of its own (`v1`, `v2`, `v3`): today's events may change,
//! the bytes of every entry ever written stay readable. Deliberately absent: any way to edit or erase.

mod checked;
mod entry;
mod format;
mod memory;
mod opening;
mod reached;
mod segments;
mod staged;
mod v1;
mod v2;
mod v3;
mod verify;
mod whole;

pub use entry::{Came, Door, ENTRY_FORMAT, Entry, Part};
pub use memory::MemoryJournal;
pub use opening::Opening;
pub use reached::{Reached, SYNC_EVERY};
pub use segments::SegmentJournal;
pub use staged::Staged;
pub use verify::{Verified, verify};
pub use whole::write_whole;

use crate::ids::Seq;
use entry::Whole;
use serde::{Deserialize, Serialize};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A BLAKE3 hash of the chain.
pub type Hash = [u8; 32];

/// Where a journal is: its last entry and the chain's hash there. Seq 0 and zeroes when it is empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The last entry.
    pub seq: Seq,
    /// The chain's hash after it.
    pub hash: Hash,
}

impl Head {
    /// The head after one more entry.
    fn after(self, entry: Whole<'_>) -> Head {
        let mut hash = blake3::Hasher::new();
        hash.update(&self.hash);
        match entry {
            Whole::One(bytes) => hash.update(bytes),
            Whole::Pieces { format, before, edition, behind } => {
                hash.update(&format).update(before).update(&edition.0).update(behind)
            }
        };
        Head { seq: self.seq.next(), hash: *hash.finalize().as_bytes() }
    }
}

/// An entry as the journal has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chained {
    /// Its place.
    pub seq: Seq,
    /// The chain's hash after it.
    pub hash: Hash,
    /// What it says.
    pub entry: Entry,
}

/// A log that is only ever appended to.
pub trait Journal: Send {
    /// Where it is.
    fn head(&self) -> Head;

    /// Makes place for one block of entries, to be written: [`Staged::write`], then [`Journal::settle`]. Nothing is staged
    /// in between. Refused with [`JournalError::Moved`] unless `expected` is the last entry.
    fn stage(&mut self, expected: Seq, entries: &Arc<Vec<Entry>>) -> Result<Staged, JournalError>;

    /// Takes a block that was written. When this returns it is on disk; when it fails nothing of it is there, or it is
    /// said that this is not known.
    fn settle(&mut self, staged: Staged) -> Result<Head, JournalError>;

    /// Appends entries as one block: all of that at once. Refused with [`JournalError::Moved`] unless `expected` is the head.
    fn append(&mut self, expected: Head, entries: &[Entry]) -> Result<Head, JournalError> {
        let is = self.head();
        if expected != is {
            return Err(JournalError::Moved { expected: expected.seq, is: is.seq });
        }
        let mut staged = self.stage(expected.seq, &Arc::new(entries.to_vec()))?;
        staged.write();
        self.settle(staged)
    }

    /// One entry.
    fn entry(&self, seq: Seq) -> Result<Option<Chained>, JournalError>;

    /// Entries in order from one on, until `each` returns false.
    fn read(&self, from: Seq, each: &mut dyn FnMut(Chained) -> bool) -> Result<(), JournalError>;

    /// Reads all of it and checks every byte; `progress` hears how far it has come.
    fn check(&self, progress: &mut dyn FnMut(Seq)) -> Result<Verified, JournalError>;

    /// Bytes on disk.
    fn bytes(&self) -> u64;
}

/// A last block that was never acknowledged, cut off at open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TornTail {
    /// The seq its first entry would have had.
    pub first_seq: Seq,
    /// The segment.
    pub segment: PathBuf,
    /// Where it began, in bytes.
    pub offset: u64,
    /// How many bytes there were of it.
    pub bytes: u64,
    /// Where those bytes are kept.
    pub kept_in: PathBuf,
}

/// Trouble with the journal.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// Bytes are not what was written.
    #[error("journal damaged at seq {seq}, byte offset {offset} ({len} bytes) of {}: {what}", segment.display())]
    Damaged {
        /// The file.
        segment: PathBuf,
        /// The entry that is hit, or the first of the block that is.
        seq: Seq,
        /// Where the damaged part begins, in bytes.
        offset: u64,
        /// How long the damaged part is, in bytes.
        len: u64,
        /// What is wrong.
        what: String,
    },
    /// Someone else appended in between.
    #[error("the journal has moved on to seq {is}, expected {expected}")]
    Moved {
        /// Where it was thought to be.
        expected: Seq,
        /// Where it is.
        is: Seq,
    },
    /// Written by a later koufen.
    #[error("{} has format {found}; this koufen reads up to {known}", segment.display())]
    NewerFormat {
        /// The file.
        segment: PathBuf,
        /// Its format.
        found: u16,
        /// The newest format that this program reads.
        known: u16,
    },
    /// An append failed in a way after which no other can be trusted; what was acknowledged is whole.
    #[error("the journal takes no more after a failed write ({why}); start koufen again")]
    Poisoned {
        /// The failure.
        why: String,
    },
    /// An append failed and could not be taken back: whether it is there shows at the next open.
    #[error("it cannot be known whether this was recorded ({why}); start koufen again and look")]
    Unsure {
        /// The failure.
        why: String,
    },
    /// Entries that were acknowledged are not there.
    #[error("entries {from} to {to} were acknowledged and are gone from the journal")]
    Lost {
        /// The first that is gone.
        from: Seq,
        /// The last that is known to have been there.
        to: Seq,
    },
    /// An entry is not the one that was acknowledged under its number.
    #[error("entry {seq} of the journal is not the one that was acknowledged")]
    Replaced {
        /// Which.
        seq: Seq,
    },
    /// A file could not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl JournalError {
    /// An I/O error at a path.
    fn io(path: &Path) -> impl FnOnce(io::Error) -> JournalError + '_ {
        |source| JournalError::Io { path: path.to_owned(), source }
    }
}
