//! A block on its way: encoded and given its place while the journal is held, brought to the disk while it is not.
//!
//! So nobody who reads waits for a disk. Until the journal takes it ([`Journal::settle`](super::Journal::settle)) the block
//! is not part of it, whatever the disk has.

use super::{Chained, Head};
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

/// See the module.
pub struct Staged {
    /// The head after it.
    pub(super) head: Head,
    pub(super) what: What,
}

/// What becomes of it.
pub(super) enum What {
    /// It goes into a file.
    Block(Block),
    /// It stays in memory, with its length.
    Held(Vec<Chained>, u64),
    /// There is nothing to be written.
    Nothing,
}

/// A block and its place.
pub(super) struct Block {
    pub file: Arc<File>,
    /// Where it begins, in bytes: the length of the file until then.
    pub at: u64,
    /// What is written: the block, and room behind it.
    pub bytes: Vec<u8>,
    /// How much of that is the block.
    pub len: usize,
    pub written: Written,
}

/// What became of a write.
pub(super) enum Written {
    /// Nobody asked for it yet.
    Not,
    /// It is on the disk.
    Durable,
    /// It is not, and the file is as it was.
    Undone(io::Error),
    /// The file could not be made as it was, or the system said that what it took did not reach the disk; and whether the
    /// file could be made as it was.
    Unknown(io::Error, bool),
}

impl Staged {
    /// Writes it, and waits for the disk.
    pub fn write(&mut self) {
        if let What::Block(block) = &mut self.what {
            block.written = block.write();
        }
    }
}

impl Block {
    fn write(&self) -> Written {
        let undo = || self.file.set_len(self.at).and_then(|()| self.file.sync_data());
        let put = |bytes: &[u8]| self.file.write_all_at(bytes, self.at);
        // A disk that has no place for the room may have one for the block.
        if let Err(source) = put(&self.bytes).or_else(|_| put(&self.bytes[..self.len])) {
            return match undo() {
                Ok(()) => Written::Undone(source),
                Err(_) => Written::Unknown(source, false),
            };
        }
        match self.file.sync_data() {
            Ok(()) => Written::Durable,
            // The system may have dropped what it could not write and says so once: what a later sync answers proves
            // nothing. Only reading from the disk again does, at the next open.
            Err(source) => Written::Unknown(source, undo().is_ok()),
        }
    }
}
