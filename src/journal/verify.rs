//! Reads a journal from its first byte to its last, and changes nothing.

use super::opening::{check_sealed, goes_on, list};
use super::segments::{Segment, walk};
use super::{Head, JournalError};
use crate::ids::Seq;
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
    check(&list(folder)?, progress)
}

/// The same of segments that were listed.
pub(super) fn check(segments: &[Segment], progress: &mut dyn FnMut(Seq)) -> Result<Verified, JournalError> {
    check_sealed(segments)?;
    let mut done = Verified::default();
    for segment in segments {
        let bytes = segment.read()?;
        if segment.header.before != done.head.hash {
            let (segment, seq) = (segment.path.clone(), segment.header.first);
            let what = "the chain does not go on from the segment before".to_owned();
            return Err(JournalError::Damaged { segment, seq, offset: 20, len: 32, what });
        }
        goes_on(done.head.seq, segment)?;
        let (head, _) = walk(segment, &bytes, &mut |_, bytes| bytes.entry().map(|_| true))?;
        done.entries += head.seq.0 + 1 - segment.header.first.0;
        done.head = head;
        done.segments += 1;
        done.bytes += bytes.len() as u64;
        progress(head.seq);
    }
    Ok(done)
}
