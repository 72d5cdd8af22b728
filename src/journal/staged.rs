//! A block on its way: given its place while the journal is held, encoded and brought to the disk while it is not.
//!
//! So nobody who reads waits for it. Until the journal takes it ([`Journal::settle`](super::Journal::settle)) the block
//! is not part of it, whatever the disk has.

use super::format::encode_block;
use super::{Chained, Entry, Head};
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

/// Bytes up to which a block is small.
const SMALL: usize = 4 << 10;

/// See the module.
pub struct Staged {
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
    /// Where it begins, in bytes: where the block before it ends.
    pub at: u64,
    /// The head before it; after it, once it is written.
    pub head: Head,
    pub entries: Arc<Vec<Entry>>,
    /// What is written: the block, and room behind it.
    pub bytes: Vec<u8>,
    /// How much of that is the block.
    pub len: usize,
    /// Bytes of room that it gets if it is small.
    pub room: usize,
    pub written: Written,
}

/// What became of a write.
pub(super) enum Written {
    /// Nobody asked for it yet.
    Not,
    /// It cannot be encoded.
    Unmade(String),
    /// It is on the disk.
    Durable,
    /// It is not, and the file is as it was.
    Undone(io::Error),
    /// The file could not be made as it was, or the system said that what it took did not reach the disk; and whether the
    /// file could be made as it was.
    Unknown(io::Error, bool),
}

impl Staged {
    /// Encodes and writes it, and waits for the disk, unless that was done.
    pub fn write(&mut self) {
        if let What::Block(block) = &mut self.what
            && matches!(block.written, Written::Not)
        {
            block.written = block.write();
        }
    }
}

impl Block {
    fn write(&mut self) -> Written {
        self.bytes.clear();
        match encode_block(&mut self.bytes, self.head, &self.entries) {
            Ok(head) => self.head = head,
            Err(why) => return Written::Unmade(why),
        }
        self.len = self.bytes.len();
        if self.len <= SMALL {
            self.bytes.resize(self.len + self.room, 0);
        }
        self.put()
    }

    fn put(&self) -> Written {
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
