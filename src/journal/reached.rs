//! The head that the journal had reached, kept apart from the journal and the view: a few bytes in a file of their
//! own, so that a tail that is gone is noticed when nothing else remembers it.
//!
//! Two slots in two sectors, written in turn: a write that is cut short leaves the other. It is written with each
//! block, after the block is on disk, and brought to the disk itself once a second and at the end: it never claims
//! more than the journal had.

use super::{Hash, Head, JournalError};
use crate::ids::Seq;
use std::fs::{File, OpenOptions};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;
use std::time::{Duration, Instant};

/// Bytes of a slot that say something: seq, hash, CRC of both.
const SLOT: usize = 8 + 32 + 4;
/// Where the second slot is: in another sector.
const APART: u64 = 512;
/// How long what is written may wait for the disk.
pub const SYNC_EVERY: Duration = Duration::from_secs(1);

/// See the module.
#[derive(Debug)]
pub struct Reached {
    file: File,
    turn: u64,
    /// Since when something waits for the disk.
    waits: Option<Instant>,
}

impl Reached {
    /// What the file says, if it is there and one of its slots is sound.
    pub fn read(path: &Path) -> Result<Option<Head>, JournalError> {
        let file = match File::open(path) {
            Ok(file) => file,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(JournalError::io(path)(e)),
        };
        let slots = [0, 1].map(|turn| slot(&file, turn));
        Ok(slots.into_iter().flatten().max_by_key(|head| head.seq))
    }

    /// Opens the file, or begins it.
    pub fn open(path: &Path) -> Result<Reached, JournalError> {
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).read(true).write(true).mode(0o600);
        let file = options.open(path).map_err(JournalError::io(path))?;
        let [first, second] = [0, 1].map(|turn| slot(&file, turn).map_or(Seq(0), |head| head.seq));
        Ok(Reached { file, turn: u64::from(first >= second), waits: None })
    }

    /// Writes where the journal is. What is on disk stays acknowledged when this fails.
    pub fn put(&mut self, head: Head) -> std::io::Result<()> {
        let mut bytes = [0; SLOT];
        bytes[..8].copy_from_slice(&head.seq.0.to_le_bytes());
        bytes[8..40].copy_from_slice(&head.hash);
        let crc = crc32fast::hash(&bytes[..40]);
        bytes[40..].copy_from_slice(&crc.to_le_bytes());
        self.file.write_all_at(&bytes, self.turn * APART)?;
        self.turn = 1 - self.turn;
        self.waits.get_or_insert_with(Instant::now);
        if self.due() { self.sync() } else { Ok(()) }
    }

    /// Whether what is written has waited long enough.
    pub fn due(&self) -> bool {
        self.waits.is_some_and(|since| since.elapsed() >= SYNC_EVERY)
    }

    /// Brings what is written to the disk.
    pub fn sync(&mut self) -> std::io::Result<()> {
        if self.waits.take().is_some() { self.file.sync_data() } else { Ok(()) }
    }
}

fn slot(file: &File, turn: u64) -> Option<Head> {
    let mut bytes = [0; SLOT];
    file.read_exact_at(&mut bytes, turn * APART).ok()?;
    let crc = u32::from_le_bytes(bytes[40..].try_into().ok()?);
    let hash: Hash = bytes[8..40].try_into().ok()?;
    let head = Head { seq: Seq(u64::from_le_bytes(bytes[..8].try_into().ok()?)), hash };
    (crc32fast::hash(&bytes[..40]) == crc && head.seq > Seq(0)).then_some(head)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(n: u64) -> Head {
        Head { seq: Seq(n), hash: [u8::try_from(n).unwrap(); 32] }
    }

    #[test]
    fn a_slot_that_is_cut_or_flipped_leaves_the_one_before() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("reached");
        assert_eq!(Reached::read(&path).unwrap(), None);
        let mut reached = Reached::open(&path).unwrap();
        for n in 1..=7 {
            reached.put(head(n)).unwrap();
            assert_eq!(Reached::read(&path).unwrap(), Some(head(n)));
        }
        let whole = std::fs::read(&path).unwrap();
        for at in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[at] ^= 0x10;
            std::fs::write(&path, &bytes).unwrap();
            let read = Reached::read(&path).unwrap();
            assert!(read == Some(head(7)) || read == Some(head(6)), "byte {at}: {read:?}");
            // Going on writes over the older slot.
            Reached::open(&path).unwrap().put(head(8)).unwrap();
            assert_eq!(Reached::read(&path).unwrap(), Some(head(8)));
        }
    }
}
