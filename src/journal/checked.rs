//! Which segments were read and found whole, so that an open need not read them all again.
//!
//! A sealed segment is never written to, and the last one is between two opens unless something was recorded. While a
//! segment's length, its number on the file system and the times of its last change are what they were when it was read,
//! it is taken for what it was; otherwise it is read again, whole. What changes on the disk without the system's
//! knowledge is for `verify`, and for whoever reads that entry.

use super::opening::goes_on;
use super::segments::{Segment, walk};
use super::{Head, JournalError, write_whole};
use crate::ids::Seq;
use serde::{Deserialize, Serialize};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// A segment that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Checked {
    name: String,
    bytes: u64,
    inode: u64,
    /// Seconds and nanoseconds: of the last write, and of the last change of any kind.
    written: (i64, i64),
    changed: (i64, i64),
    /// Its last entry.
    last: Seq,
}

/// What was read before, and where that stands.
pub(super) struct Memo<'a> {
    path: Option<&'a Path>,
    known: Vec<Checked>,
}

impl<'a> Memo<'a> {
    /// What a file says, if there is one.
    pub fn of(path: Option<&'a Path>) -> Memo<'a> {
        let text = path.and_then(|path| fs::read(path).ok()).unwrap_or_default();
        Memo { path, known: serde_json::from_slice(&text).unwrap_or_default() }
    }

    /// A segment as it is, and its last entry where it was read as it is.
    pub fn look(&self, segment: &Segment) -> Result<(Checked, Option<Seq>), JournalError> {
        let is = look(segment)?;
        let was = self.known.iter().find(|was| was.name == is.name);
        let was = was.filter(|was| Checked { last: Seq(0), ..(*was).clone() } == is);
        let last = was.map(|was| was.last);
        Ok((is, last))
    }

    /// Reads those sealed segments that are not known to be whole: what is known then. The last one of `segments` is not
    /// sealed.
    pub fn check(&self, segments: &[Segment]) -> Result<Vec<Checked>, JournalError> {
        let Some((open, sealed)) = segments.split_last() else { return Ok(Vec::new()) };
        let mut now = Vec::with_capacity(segments.len());
        for (segment, next) in sealed.iter().zip(sealed.iter().skip(1).chain([open])) {
            let (is, was) = self.look(segment)?;
            let last = match was {
                Some(last) => last,
                None => walk(segment, &segment.read()?, &mut |_, _| Ok(true))?.0.seq,
            };
            goes_on(last, next)?;
            now.push(Checked { last, ..is });
        }
        Ok(now)
    }

    /// Keeps what is known: the sealed segments, and the last one as it was before it was read up to its head.
    pub fn keep(&self, mut now: Vec<Checked>, open: Option<(Checked, Head)>) {
        now.extend(open.map(|(is, head)| Checked { last: head.seq, ..is }));
        if let Some(path) = self.path.filter(|_| now != self.known) {
            // Not kept, it is read again next time.
            let _ = keep(path, &now);
        }
    }
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
    write_whole(path, &serde_json::to_vec(now)?)
}

#[cfg(test)]
mod tests {
    use super::super::{Entry, Journal, Opening, SegmentJournal};
    use super::*;
    use crate::domain::Event;
    use crate::time::Moment;

    fn entry(n: u64) -> Entry {
        let event = Event::LossAccepted { from: Seq(n), to: Seq(n), reason: "x".into() };
        Entry { at: Moment(0), by: "ops".into(), came: None, event }
    }

    /// Opens a journal that is known to have reached a head, with the note of what was read.
    fn open(folder: &Path, known: Head) -> Result<SegmentJournal, JournalError> {
        let memo = folder.join("checked");
        let opening = Opening { known: Some(known), checked: Some(&memo), ..Opening::default() };
        SegmentJournal::open_known(&folder.join("journal"), opening).map(|(journal, _)| journal)
    }

    fn known(folder: &Path) -> Vec<Checked> {
        Memo::of(Some(&folder.join("checked"))).known
    }

    /// Blocks of one to three entries.
    fn begun(folder: &Path) -> Head {
        let mut journal = open(folder, Head::default()).unwrap();
        for n in 0..30 {
            let entries: Vec<Entry> = (0..n % 3 + 1).map(entry).collect();
            journal.append(journal.head(), &entries).unwrap();
        }
        journal.head()
    }

    fn all(journal: &SegmentJournal) -> Vec<super::super::Chained> {
        let mut all = Vec::new();
        let mut take = |one| {
            all.push(one);
            true
        };
        journal.read(Seq(1), &mut take).unwrap();
        all
    }

    /// A last segment that was read as it is stands as it did, each entry in its block, and is gone on from.
    #[test]
    fn a_last_segment_that_was_read_is_where_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let head = begun(folder.path());
        let read = open(folder.path(), head).unwrap();
        assert_eq!(known(folder.path()).iter().map(|is| is.last).collect::<Vec<_>>(), [head.seq]);
        let mut skimmed = open(folder.path(), head).unwrap();
        assert_eq!((skimmed.head(), skimmed.bytes()), (head, read.bytes()));
        assert_eq!(all(&skimmed), all(&read));
        for seq in 1..=head.seq.0 {
            assert_eq!(skimmed.entry(Seq(seq)).unwrap(), read.entry(Seq(seq)).unwrap(), "{seq}");
        }
        let next = skimmed.append(head, &[entry(9)]).unwrap();
        assert_eq!(all(&open(folder.path(), next).unwrap()), all(&skimmed), "what came to it is read");
        assert_eq!(known(folder.path()).iter().map(|is| is.last).collect::<Vec<_>>(), [next.seq]);
    }

    /// What changed since is read, whatever the note says; so is what nobody acknowledged.
    #[test]
    fn a_last_segment_that_changed_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let head = begun(folder.path());
        let journal = open(folder.path(), head).unwrap();
        let (segment, at) = (journal.segments[0].clone(), journal.blocks[9].offset + 30);
        let mut bytes = fs::read(&segment.path).unwrap();
        bytes[usize::try_from(at).unwrap()] ^= 1;
        // Times are in ticks.
        while look(&segment).unwrap() == (Checked { last: Seq(0), ..known(folder.path())[0].clone() }) {
            fs::write(&segment.path, &bytes).unwrap();
        }
        assert!(matches!(open(folder.path(), head), Err(JournalError::Damaged { .. })));
        // As if it had been read so: it is taken for what it was, and whoever reads the entry sees that it is not.
        let is = Checked { last: head.seq, ..look(&segment).unwrap() };
        keep(&folder.path().join("checked"), std::slice::from_ref(&is)).unwrap();
        let taken = open(folder.path(), head).unwrap();
        let seen = taken.entry(journal.blocks[9].first);
        assert!(matches!(seen, Err(JournalError::Damaged { .. })), "{seen:?}");
        // A note that does not fit its headers is none.
        keep(&folder.path().join("checked"), &[Checked { last: head.seq.next(), ..is }]).unwrap();
        assert!(matches!(open(folder.path(), head), Err(JournalError::Damaged { .. })));
    }

    #[test]
    fn what_nobody_acknowledged_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let head = begun(folder.path());
        let before = open(folder.path(), head).unwrap().entry(Seq(head.seq.0 - 3)).unwrap().unwrap();
        open(folder.path(), Head { seq: before.seq, hash: before.hash }).unwrap();
        assert_eq!(known(folder.path()), []);
    }
}
