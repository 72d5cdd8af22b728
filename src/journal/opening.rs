//! Opening a journal: look first, hold it against what is known to have been acknowledged, and only then change
//! anything. A tail is torn, and cut off, only where nobody knows it to have been acknowledged.

use super::checked::Memo;
use super::format::{self, At, BLOCK_HEADER, SEGMENT_HEADER, SegmentHeader};
use super::segments::{BlockAt, HASH, SEGMENT_BYTES, SUFFIX, Segment, SegmentJournal, TEMPORARY, damaged};
use super::{Hash, Head, Journal, JournalError, TornTail};
use crate::domain::Event;
use crate::ids::Seq;
use std::cell::RefCell;
use std::fs::{self, DirBuilder, File};
use std::io::{BufReader, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How much of a segment is read at once to find its blocks. Those of an import are larger, and are passed over; more of
/// them would be read for nothing.
const SKIMMED: usize = 8 << 10;

/// How to open a journal.
#[derive(Clone, Copy, Debug, Default)]
pub struct Opening<'a> {
    /// What is known from elsewhere to have been acknowledged.
    pub known: Option<Head>,
    /// Somebody accepts that what was acknowledged from this entry on is gone; the numbers are not given again.
    pub accept: Option<Seq>,
    /// Change nothing, and append nothing.
    pub look: bool,
    /// Where it stands which sealed segments were checked already.
    pub checked: Option<&'a Path>,
}

/// What the last segment comes to.
#[derive(Default)]
struct End {
    head: Head,
    /// Where the next block goes.
    offset: u64,
    /// How long the file is.
    len: u64,
    torn: bool,
    blocks: Vec<BlockAt>,
}

impl SegmentJournal {
    /// Opens the journal in a folder, or begins one there. A torn tail is cut off, kept, and said.
    pub fn open(folder: &Path) -> Result<(SegmentJournal, Option<TornTail>), JournalError> {
        SegmentJournal::open_with(folder, SEGMENT_BYTES)
    }

    /// Opens with segments of another size, for tests.
    pub fn open_with(folder: &Path, limit: u64) -> Result<(SegmentJournal, Option<TornTail>), JournalError> {
        SegmentJournal::open_as(folder, limit, Opening::default())
    }

    /// Opens the journal of a store.
    pub fn open_known(folder: &Path, opening: Opening<'_>) -> Result<(SegmentJournal, Option<TornTail>), JournalError> {
        SegmentJournal::open_as(folder, SEGMENT_BYTES, opening)
    }

    fn open_as(
        folder: &Path,
        limit: u64,
        opening: Opening<'_>,
    ) -> Result<(SegmentJournal, Option<TornTail>), JournalError> {
        let mut segments = if folder.exists() { list(folder)? } else { Vec::new() };
        let memo = Memo::of(opening.checked.filter(|_| !opening.look));
        let (mut unbegun, mut end, mut open) = (Vec::new(), End::default(), None);
        // A segment without a block says nothing: its first block was never acknowledged.
        while let Some(last) = segments.pop() {
            let (is, known) = memo.look(&last)?;
            end = match known.and_then(|seq| skim(&last, seq)) {
                Some(end) => end,
                None => look_at(&last)?,
            };
            end.len = last.len;
            if !end.blocks.is_empty() {
                // What nobody acknowledged may not have reached the disk: it is read again.
                open = (!end.torn && opening.known == Some(end.head)).then_some((is, end.head));
                segments.push(Segment { len: end.offset, ..last });
                break;
            }
            unbegun.push(last);
            end = End::default();
        }
        check_sealed(&segments)?;
        let checked = memo.check(&segments)?;
        let last = segments.last().cloned();
        let mut journal = SegmentJournal {
            folder: folder.to_owned(),
            limit,
            segments,
            file: None,
            room: 0,
            head: end.head,
            buffer: Vec::new(),
            poisoned: opening.look.then(|| "the store is open for reading only".to_owned()),
            looked: RefCell::new(None),
            blocks: end.blocks,
        };
        let gap = journal.hold_against(opening)?;
        if opening.look {
            return Ok((journal, None));
        }
        memo.keep(checked, open);
        DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(JournalError::io(folder))?;
        remove_leftovers(folder)?;
        let mut torn = None;
        for segment in unbegun {
            if segment.len != SEGMENT_HEADER as u64 {
                torn = cut(folder, &segment, segment.header.first, 0)?.or(torn);
            }
            fs::remove_file(&segment.path).map_err(JournalError::io(&segment.path))?;
        }
        if let Some(last) = last {
            let file = File::options().write(true).read(true).open(&last.path).map_err(JournalError::io(&last.path))?;
            if end.offset < end.len {
                torn = cut(folder, &last, end.head.seq.next(), end.offset)?.or(torn);
                file.set_len(end.offset).and_then(|()| file.sync_data()).map_err(JournalError::io(&last.path))?;
            }
            // After a gap the next block begins a segment: only a segment's header can say that numbers are missing.
            journal.file = (!gap).then(|| Arc::new(file));
        }
        Ok((journal, torn))
    }

    /// Whether all is there that is known to have been acknowledged; answers whether a loss was accepted that leaves
    /// a gap in the numbers.
    fn hold_against(&mut self, opening: Opening<'_>) -> Result<bool, JournalError> {
        let Some(known) = opening.known.filter(|known| known.seq > Seq(0)) else { return Ok(false) };
        let from = self.head.seq.next();
        if known.seq >= from {
            if opening.accept != Some(from) {
                return Err(JournalError::Lost { from, to: known.seq });
            }
            self.head.seq = known.seq;
            return Ok(true);
        }
        let is = if known.seq == self.head.seq { Some(self.head.hash) } else { self.entry(known.seq)?.map(|r| r.hash) };
        if is != Some(known.hash) && opening.accept != Some(known.seq) {
            return Err(JournalError::Replaced { seq: known.seq });
        }
        Ok(false)
    }
}

/// Where the blocks of a segment are that is known to be whole up to an entry: their headers say it, and the hash of the
/// chain is its end. None where they do not fit, so that it is read.
fn skim(last: &Segment, known: Seq) -> Option<End> {
    let file = File::open(&last.path).ok()?;
    let (mut end, mut next) = (End { offset: SEGMENT_HEADER as u64, ..End::default() }, last.header.first);
    let mut from = BufReader::with_capacity(SKIMMED, &file);
    from.seek(SeekFrom::Start(end.offset)).ok()?;
    while end.offset < last.len {
        let mut header = [0; BLOCK_HEADER];
        from.read_exact(&mut header).ok()?;
        let (body, after) = format::block_in(&header, next)?;
        from.seek_relative(i64::from(body)).ok()?;
        let block =
            BlockAt { first: next, offset: end.offset, end: end.offset + BLOCK_HEADER as u64 + u64::from(body) };
        end.blocks.push(block);
        (end.offset, next) = (block.end, after);
    }
    let mut hash = Hash::default();
    file.read_exact_at(&mut hash, end.offset - HASH as u64).ok()?;
    end.head = Head { seq: known, hash };
    (end.offset == last.len && next == known.next() && !end.blocks.is_empty()).then_some(end)
}

/// Reads the last segment whole, and changes nothing.
fn look_at(last: &Segment) -> Result<End, JournalError> {
    if last.len < SEGMENT_HEADER as u64 {
        return Ok(End::default());
    }
    let bytes = fs::read(&last.path).map_err(JournalError::io(&last.path))?;
    let before = Head { seq: Seq(last.header.first.0 - 1), hash: last.header.before };
    let mut end = End { head: before, offset: SEGMENT_HEADER as u64, ..End::default() };
    loop {
        let offset = usize::try_from(end.offset).unwrap_or(usize::MAX);
        match format::at(&bytes, offset, end.head.seq.next()) {
            At::End => return Ok(end),
            At::Torn => return Ok(End { torn: true, ..end }),
            At::Damaged(at, len, what) => return Err(damaged(last, end.head.seq.next(), at, len, what)),
            At::Block(block) => match block.entries(end.head.hash, &mut |_, _| Ok(true)) {
                Ok(after) => {
                    end.blocks.push(BlockAt { first: block.first, offset: end.offset, end: block.end() as u64 });
                    (end.head, end.offset) = (after, block.end() as u64);
                }
                Err(fault)
                    if fault.newer.is_none()
                        && format::is_room(&bytes[block.end()..])
                        && block.has_unwritten_sector(&bytes) =>
                {
                    return Ok(End { torn: true, ..end });
                }
                Err(fault) => return Err(fault.into_error(&last.path)),
            },
        }
    }
}

/// Whether a segment goes on from an entry: by the next number, or by saying that those between are lost.
pub(super) fn goes_on(last: Seq, next: &Segment) -> Result<(), JournalError> {
    let first = next.header.first;
    if first == last.next() {
        return Ok(());
    }
    let mut said = None;
    super::segments::walk(next, &next.read()?, &mut |_, bytes| {
        said = Some(bytes.entry()?.event);
        Ok(false)
    })?;
    match said {
        Some(Event::LossAccepted { from, to, .. }) if from == last.next() && Some(to) == first.before() => Ok(()),
        _ => {
            let what = format!("entries {} to {} are missing, and nobody accepted that", last.next(), first.0 - 1);
            Err(damaged(next, last.next(), 0, 0, &what))
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
        let last_unbegun = !begun && n + 1 == count && first > Seq(0);
        let header = if last_unbegun { none } else { SegmentHeader::decode(&bytes, &path, first)? };
        segments.push(Segment { path, header, len });
    }
    Ok(segments)
}

/// Checks, by headers, lengths and each segment's last hash, that no sealed segment is missing or cut.
pub(super) fn check_sealed(segments: &[Segment]) -> Result<(), JournalError> {
    if let Some(first) = segments.first() {
        goes_on(Seq(0), first)?;
    }
    for pair in segments.windows(2) {
        let [one, next] = pair else { continue };
        let (is, was) = (one.len, next.header.previous_len);
        if is != was {
            missing_between(one, next)?;
            let what = format!("the file has {is} bytes, it was sealed with {was}; it is cut, or bytes were added");
            return Err(damaged(one, one.header.first, is.min(was), is.abs_diff(was), &what));
        }
        // Lengths may be equal by chance; a sealed segment ends in the hash that the next one goes on from.
        let (mut end, at) = (Hash::default(), is.saturating_sub(32));
        let file = File::open(&one.path).map_err(JournalError::io(&one.path))?;
        file.read_exact_at(&mut end, at).map_err(JournalError::io(&one.path))?;
        if next.header.previous_len > SEGMENT_HEADER as u64 && next.header.before != end {
            missing_between(one, next)?;
            let last = Seq(next.header.first.0.saturating_sub(1));
            return Err(damaged(one, last, at, 32, "the next segment does not go on from this one; one is missing"));
        }
    }
    Ok(())
}

/// Names the entries between two segments that do not belong together, where the first of the two is whole.
fn missing_between(one: &Segment, next: &Segment) -> Result<(), JournalError> {
    let Ok((head, _)) = super::segments::walk(one, &one.read()?, &mut |_, _| Ok(true)) else { return Ok(()) };
    let (from, to) = (head.seq.next(), Seq(next.header.first.0.saturating_sub(1)));
    if from > to {
        return Ok(());
    }
    Err(damaged(next, from, 0, 0, &format!("the segments with entries {from} to {to} before this one are missing")))
}

/// Keeps what is about to be cut off a segment, unless that is room and nothing else.
fn cut(folder: &Path, segment: &Segment, first_seq: Seq, offset: u64) -> Result<Option<TornTail>, JournalError> {
    let bytes = fs::read(&segment.path).map_err(JournalError::io(&segment.path))?;
    let tail = bytes.get(usize::try_from(offset).unwrap_or(usize::MAX)..).unwrap_or_default();
    let Some(said) = tail.iter().rposition(|b| *b != 0) else { return Ok(None) };
    let tail = &tail[..=said];
    let name = |n: u32| folder.join(format!("torn-{first_seq}-{n}.bin"));
    let kept_in = (0..).map(name).find(|p| !p.exists()).unwrap_or_else(|| name(u32::MAX));
    // On disk before the segment loses them.
    let keep = || -> std::io::Result<()> {
        let mut file = File::options().create_new(true).write(true).mode(0o600).open(&kept_in)?;
        file.write_all(tail)?;
        file.sync_all()?;
        File::open(folder)?.sync_all()
    };
    keep().map_err(JournalError::io(&kept_in))?;
    Ok(Some(TornTail { first_seq, segment: segment.path.clone(), offset, bytes: tail.len() as u64, kept_in }))
}
