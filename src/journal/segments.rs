//! The journal in segment files.

use super::format::{self, At, EntryBytes, SEGMENT_HEADER, SegmentHeader};
use super::staged::{Block, Staged, What, Written};
use super::{Chained, Entry, Head, Journal, JournalError, Verified, verify};
use crate::ids::Seq;
use std::cell::RefCell;
use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::PathBuf;
use std::sync::Arc;

/// Bytes after which a new segment is begun.
pub(super) const SEGMENT_BYTES: u64 = 8 << 20;
/// Room that is written behind a small block where others went before it: a block that makes its file no longer is on the
/// disk sooner, since the file system has nothing to note but its bytes. Zeroes behind the last block are such room, and
/// are no part of the journal; at the end, and where a segment is sealed, the file is made as long as its blocks.
pub(super) const ROOM: usize = 64 << 10;
/// Bytes of a hash of the chain.
pub(super) const HASH: usize = 32;
/// What a segment's file name ends in.
pub(super) const SUFFIX: &str = ".koufen";
/// Extension of a segment that has no header on disk yet.
pub(super) const TEMPORARY: &str = "new";

/// See the module.
pub struct SegmentJournal {
    pub(super) folder: PathBuf,
    pub(super) limit: u64,
    /// All segments, in order; the last is appended to.
    pub(super) segments: Vec<Segment>,
    /// The last segment's file; none where the next block begins a segment.
    pub(super) file: Option<Arc<File>>,
    /// How long that file is, once something was appended to it.
    pub(super) room: u64,
    pub(super) head: Head,
    pub(super) buffer: Vec<u8>,
    pub(super) poisoned: Option<String>,
    /// Where the blocks of a sealed segment are, for the segment looked at last.
    pub(super) looked: RefCell<Option<(usize, Vec<BlockAt>)>>,
    /// Where the blocks of the last segment are.
    pub(super) blocks: Vec<BlockAt>,
}

/// A segment file.
#[derive(Clone, Debug)]
pub(super) struct Segment {
    pub path: PathBuf,
    pub header: SegmentHeader,
    pub len: u64,
}

/// Where a block is.
#[derive(Clone, Copy, Debug)]
pub(super) struct BlockAt {
    pub first: Seq,
    pub offset: u64,
    pub end: u64,
}

impl SegmentJournal {
    /// Begins a segment: its header is on disk under its name, or it is not there.
    fn begin(&mut self) -> Result<(), JournalError> {
        self.end_with_blocks(true)?;
        let header = SegmentHeader {
            first: self.head.seq.next(),
            before: self.head.hash,
            previous_len: self.segments.last().map_or(0, |s| s.len),
        };
        let path = self.folder.join(format!("{:020}{SUFFIX}", header.first.0));
        let temporary = path.with_extension(TEMPORARY);
        let write = || -> std::io::Result<File> {
            let mut options = File::options();
            options.create(true).truncate(true).read(true).write(true).mode(0o600);
            let mut file = options.open(&temporary)?;
            file.write_all(&header.encode())?;
            file.sync_all()?;
            fs::rename(&temporary, &path)?;
            if let Err(e) = File::open(&self.folder).and_then(|f| f.sync_all()) {
                // Taken back: the segment before may yet grow, and its length stands in this header.
                fs::remove_file(&path)?;
                return Err(e);
            }
            Ok(file)
        };
        self.file = Some(Arc::new(write().map_err(JournalError::io(&path))?));
        self.segments.push(Segment { path, header, len: SEGMENT_HEADER as u64 });
        self.blocks.clear();
        self.room = 0;
        Ok(())
    }

    /// Makes the last file as long as its blocks; on the disk at once where what comes next relies on it.
    fn end_with_blocks(&mut self, durable: bool) -> Result<(), JournalError> {
        let (Some(file), Some(last)) = (&self.file, self.segments.last()) else { return Ok(()) };
        if self.room <= last.len {
            return Ok(());
        }
        let cut = file.set_len(last.len).and_then(|()| if durable { file.sync_all() } else { Ok(()) });
        cut.map_err(JournalError::io(&last.path))?;
        self.room = last.len;
        Ok(())
    }

    /// Takes no more until the next open; where the block could not be taken back, nobody knows whether it is there.
    fn poison(&mut self, why: &std::io::Error, undone: bool) -> JournalError {
        let why = why.to_string();
        self.poisoned = Some(why.clone());
        if undone { JournalError::Poisoned { why } } else { JournalError::Unsure { why } }
    }

    fn segment_of(&self, seq: Seq) -> Option<usize> {
        if seq == Seq(0) || seq > self.head.seq {
            return None;
        }
        self.segments.partition_point(|s| s.header.first <= seq).checked_sub(1)
    }

    /// Where the block of an entry is.
    fn block_of(&self, at: usize, seq: Seq) -> Result<Option<BlockAt>, JournalError> {
        let find = |blocks: &[BlockAt]| blocks.partition_point(|b| b.first <= seq).checked_sub(1).map(|n| blocks[n]);
        if at + 1 == self.segments.len() {
            return Ok(find(&self.blocks));
        }
        let mut looked = self.looked.borrow_mut();
        match &*looked {
            Some((segment, blocks)) if *segment == at => Ok(find(blocks)),
            _ => {
                let blocks = index(&self.segments[at])?;
                let found = find(&blocks);
                *looked = Some((at, blocks));
                Ok(found)
            }
        }
    }
}

impl Journal for SegmentJournal {
    fn head(&self) -> Head {
        self.head
    }

    fn stage(&mut self, expected: Seq, entries: &Arc<Vec<Entry>>) -> Result<Staged, JournalError> {
        if let Some(why) = &self.poisoned {
            return Err(JournalError::Poisoned { why: why.clone() });
        }
        if expected != self.head.seq {
            return Err(JournalError::Moved { expected, is: self.head.seq });
        }
        if entries.is_empty() {
            return Ok(Staged { what: What::Nothing });
        }
        let full = |s: &Segment| s.len > SEGMENT_HEADER as u64 && s.len >= self.limit;
        if self.file.is_none() || self.segments.last().is_none_or(full) {
            self.begin()?;
        }
        let (Some(file), Some(last)) = (&self.file, self.segments.last()) else {
            return Err(JournalError::Poisoned { why: "no segment is open".into() });
        };
        let block = Block {
            file: Arc::clone(file),
            at: last.len,
            head: self.head,
            entries: Arc::clone(entries),
            bytes: std::mem::take(&mut self.buffer),
            len: 0,
            // Whoever appends twice appends again.
            room: if self.room == last.len { ROOM } else { 0 },
            written: Written::Not,
        };
        Ok(Staged { what: What::Block(block) })
    }

    fn settle(&mut self, staged: Staged) -> Result<Head, JournalError> {
        let (What::Block(block), Some(last)) = (staged.what, self.segments.last_mut()) else { return Ok(self.head) };
        match block.written {
            Written::Durable => {
                let end = block.at + block.len as u64;
                last.len = end;
                self.room = self.room.max(block.at + block.bytes.len() as u64);
                self.blocks.push(BlockAt { first: self.head.seq.next(), offset: block.at, end });
                (self.head, self.buffer) = (block.head, block.bytes);
                Ok(self.head)
            }
            Written::Unmade(why) => Err(JournalError::Poisoned { why }),
            Written::Not => Err(JournalError::Poisoned { why: "a block that nobody wrote".into() }),
            Written::Undone(source) => {
                self.room = last.len;
                Err(JournalError::Io { path: last.path.clone(), source })
            }
            Written::Unknown(why, undone) => Err(self.poison(&why, undone)),
        }
    }

    fn entry(&self, seq: Seq) -> Result<Option<Chained>, JournalError> {
        let Some(at) = self.segment_of(seq) else { return Ok(None) };
        let segment = &self.segments[at];
        let Some(block) = self.block_of(at, seq)? else { return Ok(None) };
        let (bytes, from, before) = segment.read_block_on(block, block.end)?;
        let At::Block(found) = format::at(&bytes, HASH, block.first) else {
            return Err(damaged(segment, block.first, block.offset, block.end - block.offset, "a block is unreadable"));
        };
        let mut recorded = None;
        found
            .entries(before.hash, &mut |head, bytes| {
                if head.seq == seq {
                    recorded = Some(Chained { seq, hash: head.hash, entry: bytes.entry()? });
                }
                Ok(head.seq < seq)
            })
            .map_err(|fault| {
                super::format::BlockFault { offset: fault.offset + from, ..fault }.into_error(&segment.path)
            })?;
        Ok(recorded)
    }

    fn read(&self, from: Seq, each: &mut dyn FnMut(Chained) -> bool) -> Result<(), JournalError> {
        // Where the first entries are lost the first segment begins later.
        let start = self.segments.partition_point(|s| s.header.first <= from).saturating_sub(1);
        for (at, segment) in self.segments.iter().enumerate().skip(start) {
            let mut taken = |head: Head, bytes: EntryBytes<'_>| {
                if head.seq < from {
                    return Ok(true);
                }
                Ok(each(Chained { seq: head.seq, hash: head.hash, entry: bytes.entry()? }))
            };
            // The first one is read from the block on where the entry is, and not from its beginning.
            let block = if from > segment.header.first { self.block_of(at, from)? } else { None };
            let (_, more) = match block {
                Some(block) => walk_from(segment, block, &mut taken)?,
                None => walk(segment, &segment.read()?, &mut taken)?,
            };
            if !more {
                break;
            }
        }
        Ok(())
    }

    fn check(&self, progress: &mut dyn FnMut(Seq)) -> Result<Verified, JournalError> {
        verify::check(&self.segments, progress)
    }

    fn bytes(&self) -> u64 {
        self.segments.iter().map(|s| s.len).sum()
    }
}

impl Drop for SegmentJournal {
    fn drop(&mut self) {
        // Left, it is room and no more.
        if self.poisoned.is_none() {
            let _ = self.end_with_blocks(false);
        }
    }
}

impl Segment {
    /// Its bytes, without a tail that was never acknowledged.
    pub fn read(&self) -> Result<Vec<u8>, JournalError> {
        let mut bytes = fs::read(&self.path).map_err(JournalError::io(&self.path))?;
        bytes.truncate(usize::try_from(self.len).unwrap_or(usize::MAX));
        Ok(bytes)
    }

    /// Its bytes from one of its blocks on, to an end, behind the hash before that block; with where they begin, and the
    /// head before it.
    fn read_block_on(&self, block: BlockAt, end: u64) -> Result<(Vec<u8>, u64, Head), JournalError> {
        // That hash stands right before the block: at the end of the block before, or in the header.
        let from = block.offset.saturating_sub(HASH as u64);
        let mut bytes = vec![0; usize::try_from(end.saturating_sub(from)).unwrap_or_default()];
        let file = File::open(&self.path).map_err(JournalError::io(&self.path))?;
        file.read_exact_at(&mut bytes, from).map_err(JournalError::io(&self.path))?;
        let first_block = block.offset == SEGMENT_HEADER as u64;
        let hash = if first_block { self.header.before } else { format::hash_at(&bytes, 0) };
        Ok((bytes, from, Head { seq: Seq(block.first.0.saturating_sub(1)), hash }))
    }
}

/// Takes an entry: the head after it and its bytes; answers whether it wants more, or what is wrong with it.
pub(super) type Each<'a> = &'a mut dyn FnMut(Head, EntryBytes<'_>) -> Result<bool, String>;

/// Walks a whole segment, checking everything. Returns the head after it, and whether `each` wants more.
pub(super) fn walk(segment: &Segment, bytes: &[u8], each: Each<'_>) -> Result<(Head, bool), JournalError> {
    let head = Head { seq: Seq(segment.header.first.0.saturating_sub(1)), hash: segment.header.before };
    walk_on(segment, (bytes, 0), (head, SEGMENT_HEADER), each)
}

/// Walks a segment from one of its blocks on.
fn walk_from(segment: &Segment, block: BlockAt, each: Each<'_>) -> Result<(Head, bool), JournalError> {
    let (bytes, from, before) = segment.read_block_on(block, segment.len)?;
    walk_on(segment, (&bytes, from), (before, HASH), each)
}

/// Walks on from a head, over bytes that begin at an offset of the segment.
fn walk_on(
    segment: &Segment,
    (bytes, begin): (&[u8], u64),
    (mut head, mut offset): (Head, usize),
    each: Each<'_>,
) -> Result<(Head, bool), JournalError> {
    let mut more = true;
    loop {
        match format::at(bytes, offset, head.seq.next()) {
            At::End => return Ok((head, more)),
            At::Torn => {
                let (at, len) = (begin + offset as u64, (bytes.len() - offset) as u64);
                return Err(damaged(segment, head.seq.next(), at, len, "a block is cut short"));
            }
            At::Damaged(offset, len, what) => {
                return Err(damaged(segment, head.seq.next(), begin + offset, len, what));
            }
            At::Block(block) => {
                let step = &mut |head: Head, bytes: EntryBytes<'_>| {
                    more = each(head, bytes)?;
                    Ok(more)
                };
                head = block.entries(head.hash, step).map_err(|fault| {
                    super::format::BlockFault { offset: fault.offset + begin, ..fault }.into_error(&segment.path)
                })?;
                if !more {
                    return Ok((head, false));
                }
                offset = block.end();
            }
        }
    }
}

/// Where the blocks of a sealed segment are.
fn index(segment: &Segment) -> Result<Vec<BlockAt>, JournalError> {
    let bytes = fs::read(&segment.path).map_err(JournalError::io(&segment.path))?;
    let (mut blocks, mut offset, mut first) = (Vec::new(), SEGMENT_HEADER, segment.header.first);
    while let At::Block(block) = format::at(&bytes, offset, first) {
        blocks.push(BlockAt { first, offset: offset as u64, end: block.end() as u64 });
        (offset, first) = (block.end(), block.next());
    }
    if offset == bytes.len() {
        Ok(blocks)
    } else {
        let len = (bytes.len() - offset) as u64;
        Err(damaged(segment, first, offset as u64, len, "a block is unreadable"))
    }
}

pub(super) fn damaged(segment: &Segment, seq: Seq, offset: u64, len: u64, what: &str) -> JournalError {
    JournalError::Damaged { segment: segment.path.clone(), seq, offset, len, what: what.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Event;
    use crate::time::Moment;

    fn entry() -> Entry {
        let event = Event::LossAccepted { from: Seq(1), to: Seq(1), reason: "x".into() };
        Entry { at: Moment(0), by: "ops".into(), came: None, event }
    }

    /// A journal of one entry.
    fn begun(folder: &std::path::Path) -> SegmentJournal {
        let (mut journal, _) = SegmentJournal::open(folder).unwrap();
        journal.append(journal.head(), &[entry()]).unwrap();
        journal
    }

    /// Regression: after a failed fdatasync the next append succeeded and was acknowledged, though the system may have
    /// dropped what it could not write. `/dev/null` takes every write and fails every fdatasync.
    #[test]
    fn a_failed_fdatasync_poisons_the_journal_until_the_next_open() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = begun(folder.path());
        let (head, good) = (journal.head(), journal.file.take());
        journal.file = File::options().write(true).open("/dev/null").ok().map(Arc::new);
        let refused = journal.append(head, &[entry()]).unwrap_err();
        assert!(matches!(refused, JournalError::Unsure { .. }), "{refused}");
        journal.file = good;
        let refused = journal.append(head, &[entry()]).unwrap_err();
        assert!(matches!(refused, JournalError::Poisoned { .. }), "{refused}");
        assert_eq!(journal.head(), head);
        drop(journal);
        let (mut journal, torn) = SegmentJournal::open(folder.path()).unwrap();
        assert_eq!((journal.head(), torn), (head, None));
        journal.append(head, &[entry()]).unwrap();
    }

    /// A file that is open for reading takes no write; nor can it be cut, so whether the block is there is not known.
    #[test]
    fn a_write_that_cannot_be_taken_back_is_said_to_be_unsure() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = begun(folder.path());
        let (head, good) = (journal.head(), journal.file.take());
        journal.file = File::open(&journal.segments[0].path).ok().map(Arc::new);
        assert!(matches!(journal.append(head, &[entry()]), Err(JournalError::Unsure { .. })));
        (journal.file, journal.poisoned) = (good, None);
        journal.append(head, &[entry()]).unwrap();
        assert_eq!(journal.head().seq, Seq(2));
    }

    /// What is read from an entry on is what a reader of everything sees from there; what is harmed before it is none of
    /// its business, and what is harmed after it is named just so.
    #[test]
    fn a_read_begins_at_the_block_of_its_entry() {
        let folder = tempfile::tempdir().unwrap();
        let (mut journal, _) = SegmentJournal::open(folder.path()).unwrap();
        for n in 0..12 {
            journal.append(journal.head(), &vec![entry(); n % 3 + 1]).unwrap();
        }
        let read = |from: u64| {
            let mut all = Vec::new();
            journal.read(Seq(from), &mut |recorded| {
                all.push(recorded);
                true
            })?;
            Ok::<_, JournalError>(all)
        };
        let all = read(1).unwrap();
        assert_eq!(all.len() as u64, journal.head().seq.0);
        for from in 1..=journal.head().seq.0 {
            let at = usize::try_from(from - 1).unwrap();
            assert_eq!(read(from).unwrap(), all[at..], "from {from}");
        }
        let (path, harmed) = (&journal.segments[0].path, journal.blocks[6]);
        let mut bytes = fs::read(path).unwrap();
        bytes[usize::try_from(harmed.offset).unwrap() + 30] ^= 1;
        fs::write(path, bytes).unwrap();
        let said = |from: u64| read(from).map(|all| all.len()).map_err(|e| e.to_string());
        assert!(said(1).is_err());
        assert_eq!(said(journal.blocks[6].first.0), said(1), "by the same entry and offset");
        assert_eq!(said(journal.blocks[3].first.0 + 1), said(1));
        assert!(said(journal.blocks[7].first.0).is_ok(), "what comes after it is whole");
    }
}
