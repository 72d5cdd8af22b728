//! The journal in segment files.

use super::format::{self, At, SEGMENT_HEADER, SegmentHeader};
use super::{Entry, Hash, Head, Journal, JournalError, Recorded, TornTail};
use crate::ids::Seq;
use std::cell::RefCell;
use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

/// Bytes after which a new segment is begun.
const SEGMENT_BYTES: u64 = 8 << 20;
/// What a segment's file name ends in.
const SUFFIX: &str = ".koufen";
/// Extension of a segment that has no header on disk yet.
const TEMPORARY: &str = "new";

/// See the module.
pub struct SegmentJournal {
    folder: PathBuf,
    limit: u64,
    /// All segments, in order; the last is appended to.
    segments: Vec<Segment>,
    /// The last segment's file.
    file: Option<File>,
    head: Head,
    buffer: Vec<u8>,
    poisoned: Option<String>,
    /// Where the blocks of a sealed segment are, for the segment looked at last.
    looked: RefCell<Option<(usize, Vec<BlockAt>)>>,
    /// Where the blocks of the last segment are.
    blocks: Vec<BlockAt>,
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
struct BlockAt {
    first: Seq,
    offset: u64,
    end: u64,
}

impl SegmentJournal {
    /// Opens the journal in a folder, or begins one there. A torn tail is cut off, kept, and said.
    pub fn open(folder: &Path) -> Result<(SegmentJournal, Option<TornTail>), JournalError> {
        SegmentJournal::open_with(folder, SEGMENT_BYTES)
    }

    /// Opens with segments of another size, for tests.
    pub fn open_with(folder: &Path, limit: u64) -> Result<(SegmentJournal, Option<TornTail>), JournalError> {
        fs::create_dir_all(folder).map_err(JournalError::io(folder))?;
        remove_leftovers(folder)?;
        let (mut segments, mut torn) = (list(folder)?, None);
        if let Some(last) = segments.last().filter(|s| s.len < SEGMENT_HEADER as u64) {
            // Begun and never written to: its header comes first, and nothing before the header.
            torn = Some(cut(folder, last, last.header.first, 0)?);
            fs::remove_file(&last.path).map_err(JournalError::io(&last.path))?;
            segments.pop();
        }
        let mut journal = SegmentJournal {
            folder: folder.to_owned(),
            limit,
            segments,
            file: None,
            head: Head::default(),
            buffer: Vec::new(),
            poisoned: None,
            looked: RefCell::new(None),
            blocks: Vec::new(),
        };
        check_sealed(&mut journal.segments)?;
        if let Some(last) = journal.segments.last().cloned() {
            torn = journal.resume(&last)?.or(torn);
        }
        Ok((journal, torn))
    }

    /// Reads the last segment whole and goes on from its end.
    fn resume(&mut self, last: &Segment) -> Result<Option<TornTail>, JournalError> {
        let bytes = fs::read(&last.path).map_err(JournalError::io(&last.path))?;
        let mut head = Head { seq: Seq(last.header.first.0 - 1), hash: last.header.before };
        let (mut offset, mut torn) = (SEGMENT_HEADER, false);
        loop {
            match format::at(&bytes, offset, head.seq.next()) {
                At::End => break,
                At::Torn => {
                    torn = true;
                    break;
                }
                At::Damaged(offset, len, what) => return Err(damaged(last, head.seq.next(), offset, len, what)),
                At::Block(block) => match block.entries(head.hash, &mut |_, _| Ok(true)) {
                    Ok(after) => {
                        let at = BlockAt { first: block.first, offset: offset as u64, end: block.end() as u64 };
                        self.blocks.push(at);
                        (head, offset) = (after, block.end());
                    }
                    Err(fault)
                        if fault.newer.is_none()
                            && block.end() == bytes.len()
                            && block.has_unwritten_sector(&bytes) =>
                    {
                        torn = true;
                        break;
                    }
                    Err(fault) => return Err(fault.into_error(&last.path)),
                },
            }
        }
        let torn = if torn { Some(cut(&self.folder, last, head.seq.next(), offset as u64)?) } else { None };
        let file = File::options().write(true).read(true).open(&last.path).map_err(JournalError::io(&last.path))?;
        if torn.is_some() {
            file.set_len(offset as u64).and_then(|()| file.sync_data()).map_err(JournalError::io(&last.path))?;
        }
        if let Some(last) = self.segments.last_mut() {
            last.len = offset as u64;
        }
        (self.head, self.file) = (head, Some(file));
        Ok(torn)
    }

    /// Begins a segment: its header is on disk under its name, or it is not there.
    fn begin(&mut self) -> Result<(), JournalError> {
        let header = SegmentHeader {
            first: self.head.seq.next(),
            before: self.head.hash,
            previous_len: self.segments.last().map_or(0, |s| s.len),
        };
        let path = self.folder.join(format!("{:020}{SUFFIX}", header.first.0));
        let temporary = path.with_extension(TEMPORARY);
        let write = || -> std::io::Result<File> {
            let mut file = File::options().create(true).truncate(true).read(true).write(true).open(&temporary)?;
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
        self.file = Some(write().map_err(JournalError::io(&path))?);
        self.segments.push(Segment { path, header, len: SEGMENT_HEADER as u64 });
        self.blocks.clear();
        Ok(())
    }

    /// Writes the buffer at the end of the last segment; on failure the file is as it was.
    fn write(&mut self) -> Result<(), JournalError> {
        let (Some(file), Some(last)) = (&self.file, self.segments.last_mut()) else {
            return Err(JournalError::Poisoned { why: "no segment is open".into() });
        };
        let written = file.write_all_at(&self.buffer, last.len).and_then(|()| file.sync_data());
        if let Err(source) = written {
            let undone = file.set_len(last.len).and_then(|()| file.sync_data());
            if let Err(e) = undone {
                self.poisoned = Some(e.to_string());
            }
            return Err(JournalError::Io { path: last.path.clone(), source });
        }
        last.len += self.buffer.len() as u64;
        Ok(())
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

    fn append(&mut self, expected: Head, entries: &[Entry]) -> Result<Head, JournalError> {
        if let Some(why) = &self.poisoned {
            return Err(JournalError::Poisoned { why: why.clone() });
        }
        if expected != self.head {
            return Err(JournalError::Moved { expected: expected.seq, is: self.head.seq });
        }
        if entries.is_empty() {
            return Ok(self.head);
        }
        self.buffer.clear();
        let head =
            format::encode_block(&mut self.buffer, self.head, entries).map_err(|why| JournalError::Poisoned { why })?;
        let full = |s: &Segment| s.len > SEGMENT_HEADER as u64 && s.len + self.buffer.len() as u64 > self.limit;
        if self.segments.last().is_none_or(full) {
            self.begin()?;
        }
        let offset = self.segments.last().map_or(0, |s| s.len);
        self.write()?;
        let end = offset + self.buffer.len() as u64;
        self.blocks.push(BlockAt { first: self.head.seq.next(), offset, end });
        self.head = head;
        Ok(head)
    }

    fn entry(&self, seq: Seq) -> Result<Option<Recorded>, JournalError> {
        let Some(at) = self.segment_of(seq) else { return Ok(None) };
        let segment = &self.segments[at];
        let Some(block) = self.block_of(at, seq)? else { return Ok(None) };
        // The hash before a block stands right before it: at the end of the block before, or in the header.
        let from = block.offset.saturating_sub(32);
        let mut bytes = vec![0; usize::try_from(block.end - from).unwrap_or_default()];
        let file = File::open(&segment.path).map_err(JournalError::io(&segment.path))?;
        file.read_exact_at(&mut bytes, from).map_err(JournalError::io(&segment.path))?;
        let first_block = block.offset == SEGMENT_HEADER as u64;
        let before = if first_block { segment.header.before } else { format::hash_at(&bytes, 0) };
        let At::Block(found) = format::at(&bytes, 32, block.first) else {
            return Err(damaged(segment, block.first, block.offset, block.end - block.offset, "a block is unreadable"));
        };
        let mut recorded = None;
        found
            .entries(before, &mut |head, bytes| {
                if head.seq == seq {
                    recorded = Some(Recorded { seq, hash: head.hash, entry: Entry::decode(bytes)? });
                }
                Ok(head.seq < seq)
            })
            .map_err(|fault| {
                super::format::BlockFault { offset: fault.offset + from, ..fault }.into_error(&segment.path)
            })?;
        Ok(recorded)
    }

    fn read(&self, from: Seq, each: &mut dyn FnMut(Recorded) -> bool) -> Result<(), JournalError> {
        let Some(start) = self.segment_of(from.max(Seq(1))) else { return Ok(()) };
        for segment in &self.segments[start..] {
            let bytes = fs::read(&segment.path).map_err(JournalError::io(&segment.path))?;
            let bytes = &bytes[..bytes.len().min(usize::try_from(segment.len).unwrap_or(usize::MAX))];
            let (_, more) = walk(segment, bytes, &mut |head, bytes| {
                if head.seq < from {
                    return Ok(true);
                }
                Ok(each(Recorded { seq: head.seq, hash: head.hash, entry: Entry::decode(bytes)? }))
            })?;
            if !more {
                break;
            }
        }
        Ok(())
    }

    fn bytes(&self) -> u64 {
        self.segments.iter().map(|s| s.len).sum()
    }
}

/// Takes an entry: the head after it and its bytes; answers whether it wants more, or what is wrong with it.
pub(super) type Each<'a> = &'a mut dyn FnMut(Head, &[u8]) -> Result<bool, String>;

/// Walks a whole segment, checking everything. Returns the head after it, and whether `each` wants more.
pub(super) fn walk(segment: &Segment, bytes: &[u8], each: Each<'_>) -> Result<(Head, bool), JournalError> {
    let mut head = Head { seq: Seq(segment.header.first.0 - 1), hash: segment.header.before };
    let (mut offset, mut more) = (SEGMENT_HEADER, true);
    loop {
        match format::at(bytes, offset, head.seq.next()) {
            At::End => return Ok((head, more)),
            At::Torn => {
                let len = (bytes.len() - offset) as u64;
                return Err(damaged(segment, head.seq.next(), offset as u64, len, "a block is cut short"));
            }
            At::Damaged(offset, len, what) => return Err(damaged(segment, head.seq.next(), offset, len, what)),
            At::Block(block) => {
                let step = &mut |head: Head, bytes: &[u8]| {
                    more = each(head, bytes)?;
                    Ok(more)
                };
                head = block.entries(head.hash, step).map_err(|fault| fault.into_error(&segment.path))?;
                if !more {
                    return Ok((head, false));
                }
                offset = block.end();
            }
        }
    }
}

/// Removes what is left of segments that never got their name.
fn remove_leftovers(folder: &Path) -> Result<(), JournalError> {
    for entry in fs::read_dir(folder).map_err(JournalError::io(folder))? {
        let path = entry.map_err(JournalError::io(folder))?.path();
        let stem = path.file_stem().and_then(|n| n.to_str()).unwrap_or_default();
        let ours = stem.len() == 20 && stem.bytes().all(|b| b.is_ascii_digit());
        if ours && path.extension().is_some_and(|e| e == TEMPORARY) {
            fs::remove_file(&path).map_err(JournalError::io(&path))?;
        }
    }
    Ok(())
}

/// The segments of a folder in order. Changes nothing.
pub(super) fn list(folder: &Path) -> Result<Vec<Segment>, JournalError> {
    let mut names: Vec<(Seq, PathBuf)> = Vec::new();
    for entry in fs::read_dir(folder).map_err(JournalError::io(folder))? {
        let path = entry.map_err(JournalError::io(folder))?.path();
        let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default();
        if let Some(first) = name.strip_suffix(SUFFIX).and_then(|n| n.parse().ok()) {
            names.push((Seq(first), path));
        }
    }
    names.sort_unstable();
    let count = names.len();
    let mut segments = Vec::with_capacity(count);
    for (n, (first, path)) in names.into_iter().enumerate() {
        let file = File::open(&path).map_err(JournalError::io(&path))?;
        let len = file.metadata().map_err(JournalError::io(&path))?.len();
        let mut bytes = [0; SEGMENT_HEADER];
        let begun = len >= SEGMENT_HEADER as u64;
        if begun {
            file.read_exact_at(&mut bytes, 0).map_err(JournalError::io(&path))?;
        }
        let none = SegmentHeader { first, before: Hash::default(), previous_len: 0 };
        let last_unbegun = !begun && n + 1 == count;
        let header = if last_unbegun { none } else { SegmentHeader::decode(&bytes, &path, first)? };
        segments.push(Segment { path, header, len });
    }
    Ok(segments)
}

/// Checks, by headers, lengths and each segment's last hash, that no sealed segment is missing or cut.
pub(super) fn check_sealed(segments: &mut [Segment]) -> Result<(), JournalError> {
    if let Some(first) = segments.first().filter(|s| s.header.first != Seq(1)) {
        return Err(damaged(first, Seq(1), 0, 0, "the segments before this one are missing"));
    }
    for pair in segments.windows(2) {
        let [one, next] = pair else { continue };
        let (is, was) = (one.len, next.header.previous_len);
        if is != was {
            let what = format!("the file has {is} bytes, it was sealed with {was}; a segment is cut or missing");
            return Err(damaged(one, one.header.first, is.min(was), is.abs_diff(was), &what));
        }
        // Lengths may be equal by chance; a sealed segment ends in the hash that the next one goes on from.
        let (mut end, at) = (Hash::default(), is.saturating_sub(32));
        let file = File::open(&one.path).map_err(JournalError::io(&one.path))?;
        file.read_exact_at(&mut end, at).map_err(JournalError::io(&one.path))?;
        if next.header.previous_len > SEGMENT_HEADER as u64 && next.header.before != end {
            let last = Seq(next.header.first.0.saturating_sub(1));
            return Err(damaged(one, last, at, 32, "the next segment does not go on from this one; one is missing"));
        }
    }
    Ok(())
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

/// Keeps what is about to be cut off a segment.
fn cut(folder: &Path, segment: &Segment, first_seq: Seq, offset: u64) -> Result<TornTail, JournalError> {
    let bytes = fs::read(&segment.path).map_err(JournalError::io(&segment.path))?;
    let tail = bytes.get(usize::try_from(offset).unwrap_or(usize::MAX)..).unwrap_or_default();
    let name = |n: u32| folder.join(format!("torn-{first_seq}-{n}.bin"));
    let kept_in = (0..).map(name).find(|p| !p.exists()).unwrap_or_else(|| name(0));
    // On disk before the segment loses them.
    let keep = || -> std::io::Result<()> {
        let mut file = File::create(&kept_in)?;
        file.write_all(tail)?;
        file.sync_all()?;
        File::open(folder)?.sync_all()
    };
    keep().map_err(JournalError::io(&kept_in))?;
    Ok(TornTail { first_seq, segment: segment.path.clone(), offset, bytes: tail.len() as u64, kept_in })
}

fn damaged(segment: &Segment, seq: Seq, offset: u64, len: u64, what: &str) -> JournalError {
    JournalError::Damaged { segment: segment.path.clone(), seq, offset, len, what: what.to_owned() }
}
