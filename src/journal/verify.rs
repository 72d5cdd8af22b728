//! Reads a journal from its first byte to its last, and changes nothing.

use super::segments::{check_sealed, list, walk};
use super::{Entry, Head, JournalError};
use crate::ids::Seq;
use std::fs;
use std::path::Path;

/// What a sound journal holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Where it is.
    pub head: Head,
    /// Entries.
    pub entries: u64,
    /// Segment files.
    pub segments: u64,
    /// Bytes on disk.
    pub bytes: u64,
}

/// Checks every byte: lengths, checksums, order, the chain, and that each entry can be read. Says the first damage.
pub fn verify(folder: &Path, progress: &mut dyn FnMut(Seq)) -> Result<Verified, JournalError> {
    if !folder.exists() {
        return Ok(Verified::default());
    }
    let mut segments = list(folder)?;
    check_sealed(&mut segments)?;
    let mut done = Verified::default();
    for segment in &segments {
        let bytes = fs::read(&segment.path).map_err(JournalError::io(&segment.path))?;
        if segment.header.before != done.head.hash {
            let (segment, seq) = (segment.path.clone(), segment.header.first);
            let what = "the chain does not go on from the segment before".to_owned();
            return Err(JournalError::Damaged { segment, seq, offset: 20, len: 32, what });
        }
        let (head, _) = walk(segment, &bytes, &mut |_, bytes| Entry::decode(bytes).map(|_| true))?;
        done.head = head;
        done.entries = head.seq.0;
        done.segments += 1;
        done.bytes += bytes.len() as u64;
        progress(head.seq);
    }
    Ok(done)
}
