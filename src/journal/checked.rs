//! Which sealed segments were read and found whole, so that an open need not read them all again.
//!
//! A sealed segment is never written to. While its length, its number on the file system and the times of its last
//! change are what they were when it was read, it is taken for what it was; otherwise it is read again, whole. What
//! changes on the disk without the system's knowledge is for `verify`, and for whoever reads that entry.

use super::JournalError;
use super::opening::goes_on;
use super::segments::{Segment, walk};
use crate::ids::Seq;
use serde::{Deserialize, Serialize};
use std::fs;
use std::io::Write;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// A segment that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Checked {
    name: String,
    bytes: u64,
    inode: u64,
    /// Seconds and nanoseconds: of the last write, and of the last change of any kind.
    written: (i64, i64),
    changed: (i64, i64),
    /// Its last entry.
    last: Seq,
}

/// Reads those sealed segments that are not known to be whole. The last one of `segments` is not sealed.
pub(super) fn check(segments: &[Segment], memo: Option<&Path>) -> Result<(), JournalError> {
    let Some((open, sealed)) = segments.split_last() else { return Ok(()) };
    let text = memo.and_then(|path| fs::read(path).ok()).unwrap_or_default();
    let known: Vec<Checked> = serde_json::from_slice(&text).unwrap_or_default();
    let mut now = Vec::with_capacity(sealed.len());
    for (segment, next) in sealed.iter().zip(sealed.iter().skip(1).chain([open])) {
        let mut is = look(segment)?;
        let was = known.iter().find(|was| Checked { last: Seq(0), ..(*was).clone() } == is);
        is.last = match was {
            Some(was) => was.last,
            None => walk(segment, &segment.read()?, &mut |_, _| Ok(true))?.0.seq,
        };
        goes_on(is.last, next)?;
        now.push(is);
    }
    if let Some(path) = memo.filter(|_| now != known) {
        // Not kept, it is read again next time.
        let _ = keep(path, &now);
    }
    Ok(())
}

fn look(segment: &Segment) -> Result<Checked, JournalError> {
    let meta = fs::metadata(&segment.path).map_err(JournalError::io(&segment.path))?;
    Ok(Checked {
        name: segment.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
        bytes: meta.len(),
        inode: meta.ino(),
        written: (meta.mtime(), meta.mtime_nsec()),
        changed: (meta.ctime(), meta.ctime_nsec()),
        last: Seq(0),
    })
}

fn keep(path: &Path, now: &[Checked]) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(&serde_json::to_vec(now)?)?;
    file.persist(path)?;
    Ok(())
}
