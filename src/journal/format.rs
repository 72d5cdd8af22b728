//! The bytes of a segment: a header, then blocks. Reads from a slice, says exactly what is wrong and where.
//!
//! | part | bytes |
//! |---|---|
//! | segment header | magic 8, format u16, zero u16, first seq u64, hash before it 32, length of the segment before u64, CRC u32 |
//! | block header | body length u32, count u32, first seq u64, CRC u32 |
//! | entry | length u32, CRC of length and bytes u32, bytes |
//! | block end | the chain's hash after the block 32 |
//!
//! Numbers are little-endian. The body is the entries and the hash.

use super::entry::Whole;
use super::{ENTRY_FORMAT, Entry, Hash, Head, JournalError};
use crate::ids::Seq;
use crate::rulebook::EditionHash;
use std::path::Path;

const MAGIC: &[u8; 8] = b"koufenJ\n";
/// Format of segments written now.
pub const SEGMENT_FORMAT: u16 = 1;
/// Bytes of a segment header.
pub const SEGMENT_HEADER: usize = 64;
/// Bytes of a block header.
pub const BLOCK_HEADER: usize = 20;
/// Numbers that a segment may begin with: entries count from 1, and no journal is so long that it would end.
const NUMBERS: std::ops::RangeInclusive<u64> = 1..=u64::MAX / 2;
/// What a disk writes as one: a whole sector of zeroes in a block never reached it.
const SECTOR: usize = 512;

/// What stands at the start of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SegmentHeader {
    /// Seq of the first entry.
    pub first: Seq,
    /// The chain before it.
    pub before: Hash,
    /// Bytes of the segment before; 0 for the first.
    pub previous_len: u64,
}

impl SegmentHeader {
    pub fn encode(&self) -> [u8; SEGMENT_HEADER] {
        let mut out = [0; SEGMENT_HEADER];
        out[..8].copy_from_slice(MAGIC);
        out[8..10].copy_from_slice(&SEGMENT_FORMAT.to_le_bytes());
        out[12..20].copy_from_slice(&self.first.0.to_le_bytes());
        out[20..52].copy_from_slice(&self.before);
        out[52..60].copy_from_slice(&self.previous_len.to_le_bytes());
        let crc = crc32fast::hash(&out[..60]);
        out[60..].copy_from_slice(&crc.to_le_bytes());
        out
    }

    /// Reads a header; `first` is what the file's name says.
    pub fn decode(bytes: &[u8], segment: &Path, first: Seq) -> Result<SegmentHeader, JournalError> {
        let damaged = |what: &str| JournalError::Damaged {
            segment: segment.to_owned(),
            seq: first,
            offset: 0,
            len: SEGMENT_HEADER as u64,
            what: what.to_owned(),
        };
        let head = bytes.get(..SEGMENT_HEADER).ok_or_else(|| damaged("the segment header is cut short"))?;
        if crc32fast::hash(&head[..60]) != u32_at(head, 60) {
            return Err(damaged("the segment header's checksum does not fit"));
        }
        let found = u16::from_le_bytes([head[8], head[9]]);
        if head[..8] == *MAGIC && found > SEGMENT_FORMAT {
            return Err(JournalError::NewerFormat { segment: segment.to_owned(), found, known: SEGMENT_FORMAT });
        }
        let header =
            SegmentHeader { first: Seq(u64_at(head, 12)), before: hash_at(head, 20), previous_len: u64_at(head, 52) };
        if head[..8] != *MAGIC || header.first != first {
            return Err(damaged("the segment header is another file's"));
        }
        if !NUMBERS.contains(&first.0) {
            return Err(damaged("no entry has the number that the segment begins with"));
        }
        Ok(header)
    }
}

/// Appends a block and returns the head after it.
pub fn encode_block(out: &mut Vec<u8>, from: Head, entries: &[Entry]) -> Result<Head, String> {
    let start = out.len();
    out.extend_from_slice(&[0; BLOCK_HEADER]);
    let (mut head, mut said) = (from, None);
    for entry in entries {
        let at = out.len();
        out.extend_from_slice(&[0; 8]);
        entry.encode(out)?;
        head = head.after(Whole::One(&out[at + 8..]));
        entry.shorten(&mut said, out, at + 8);
        let len = u32::try_from(out.len() - at - 8).map_err(|e| e.to_string())?.to_le_bytes();
        let crc = entry_crc(len, &out[at + 8..]);
        out[at..at + 4].copy_from_slice(&len);
        out[at + 4..at + 8].copy_from_slice(&crc.to_le_bytes());
    }
    out.extend_from_slice(&head.hash);
    let body = u32::try_from(out.len() - start - BLOCK_HEADER).map_err(|e| e.to_string())?;
    let count = u32::try_from(entries.len()).map_err(|e| e.to_string())?;
    let block = &mut out[start..start + BLOCK_HEADER];
    block[..4].copy_from_slice(&body.to_le_bytes());
    block[4..8].copy_from_slice(&count.to_le_bytes());
    block[8..16].copy_from_slice(&from.seq.next().0.to_le_bytes());
    let crc = crc32fast::hash(&block[..16]);
    block[16..].copy_from_slice(&crc.to_le_bytes());
    Ok(head)
}

/// What stands at an offset of a segment.
#[derive(Debug)]
pub enum At<'a> {
    /// The segment ends here; what is behind is room.
    End,
    /// A block whose header is sound.
    Block(Block<'a>),
    /// A block that never was written whole.
    Torn,
    /// Bytes that are not what was written: where from the start of the segment, how many, and what is wrong.
    Damaged(u64, u64, &'static str),
}

/// An entry's bytes, and what its block said before it that they need.
#[derive(Clone, Copy, Debug)]
pub struct EntryBytes<'a> {
    bytes: &'a [u8],
    said: Option<EditionHash>,
}

impl EntryBytes<'_> {
    /// What it says.
    pub fn entry(&self) -> Result<Entry, String> {
        Entry::decode(self.bytes, self.said)
    }
}

/// A block whose header is sound.
#[derive(Clone, Copy, Debug)]
pub struct Block<'a> {
    /// Where it begins in the segment.
    pub offset: usize,
    /// Seq of its first entry.
    pub first: Seq,
    count: u32,
    body: &'a [u8],
}

/// Looks at what stands at an offset.
pub fn at(bytes: &[u8], offset: usize, first: Seq) -> At<'_> {
    let rest = &bytes[offset.min(bytes.len())..];
    if is_room(rest) {
        return At::End;
    }
    if rest.len() < BLOCK_HEADER {
        return At::Torn;
    }
    if !is_sound(rest) {
        if header_unwritten(bytes, offset) {
            return At::Torn;
        }
        return At::Damaged(offset as u64, BLOCK_HEADER as u64, "a block header's checksum does not fit");
    }
    let (len, count) = (u32_at(rest, 0) as usize, u32_at(rest, 4));
    if u64_at(rest, 8) != first.0 || len < 32 {
        return At::Damaged(offset as u64, BLOCK_HEADER as u64, "a block is not in its place");
    }
    match rest.get(BLOCK_HEADER..BLOCK_HEADER + len) {
        None => At::Torn,
        Some(body) => At::Block(Block { offset, first, count, body }),
    }
}

/// Whether bytes behind a block are nothing, or room that no block was written to.
pub fn is_room(bytes: &[u8]) -> bool {
    bytes.iter().all(|b| *b == 0)
}

/// How long the body of a block is that begins with an entry, and which entry comes after it, by its header.
pub fn block_in(header: &[u8; BLOCK_HEADER], first: Seq) -> Option<(u32, Seq)> {
    let fits = is_sound(header) && u64_at(header, 8) == first.0 && u32_at(header, 0) >= 32;
    fits.then(|| (u32_at(header, 0), Seq(first.0 + u64::from(u32_at(header, 4)))))
}

/// Whether the checksum of a block's header fits.
fn is_sound(header: &[u8]) -> bool {
    crc32fast::hash(&header[..16]) == u32_at(header, 16)
}

/// Whether a block's header was given room on the disk and never reached it: its length is zero, as none is, or the
/// sector that the rest of it lies in is all zeroes.
fn header_unwritten(bytes: &[u8], offset: usize) -> bool {
    let next = (offset + 1).next_multiple_of(SECTOR);
    let zero = |from: usize, to: usize| bytes.get(from..to.min(bytes.len())).is_some_and(|s| s.iter().all(|b| *b == 0));
    let straddles = next < offset + BLOCK_HEADER;
    zero(offset, offset + 4) && zero(offset, next) || straddles && zero(next, next + SECTOR)
}

impl<'a> Block<'a> {
    /// Where it ends in the segment.
    pub fn end(&self) -> usize {
        self.offset + BLOCK_HEADER + self.body.len()
    }

    /// Seq of the first entry after it.
    pub fn next(&self) -> Seq {
        Seq(self.first.0 + u64::from(self.count))
    }

    /// Walks its entries and checks each, and the chain's hash at the end.
    pub fn entries(
        &self,
        before: Hash,
        each: &mut dyn FnMut(Head, EntryBytes<'a>) -> Result<bool, String>,
    ) -> Result<Head, BlockFault> {
        let mut head = Head { seq: Seq(self.first.0 - 1), hash: before };
        let (entries, end) = self.body.split_at(self.body.len() - 32);
        let (mut at, mut said) = (0, None);
        for _ in 0..self.count {
            let fault = |len: usize, what: &str| BlockFault {
                seq: head.seq.next(),
                offset: (self.offset + BLOCK_HEADER + at) as u64,
                len: len as u64,
                what: what.to_owned(),
                newer: None,
            };
            let left = entries.len() - at;
            let bytes = entries.get(at..at + 8).and_then(|h| entries.get(at + 8..at + 8 + u32_at(h, 0) as usize));
            let Some(bytes) = bytes else { return Err(fault(left, "an entry's length does not fit")) };
            let frame = &entries[at..];
            if entry_crc(u32_at(frame, 0).to_le_bytes(), bytes) != u32_at(frame, 4) {
                return Err(fault(8 + bytes.len(), "an entry's checksum does not fit"));
            }
            if let Some(found) = Entry::newer_format(bytes) {
                return Err(BlockFault { newer: Some(found), ..fault(8 + bytes.len(), "an entry of a later format") });
            }
            let whole = Entry::whole(bytes, said).map_err(|what| fault(8 + bytes.len(), &what))?;
            let (edition, next) = (whole.edition(), head.after(whole));
            if !each(next, EntryBytes { bytes, said }).map_err(|what| fault(8 + bytes.len(), &what))? {
                return Ok(next);
            }
            head = next;
            said = edition.or(said);
            at += 8 + bytes.len();
        }
        if at != entries.len() || head.hash != end {
            let offset = (self.end() - 32) as u64;
            let what = "the chain's hash after a block does not fit".to_owned();
            return Err(BlockFault { seq: head.seq, offset, len: 32, what, newer: None });
        }
        Ok(head)
    }

    /// Whether some whole sector of it is zeroes: it was given room on the disk and never reached it.
    pub fn has_unwritten_sector(&self, bytes: &[u8]) -> bool {
        let first = self.offset.next_multiple_of(SECTOR);
        let last = self.end();
        (first..last).step_by(SECTOR).filter_map(|at| bytes.get(at..(at + SECTOR).min(last))).any(is_room)
    }
}

/// What is wrong inside a block.
#[derive(Debug)]
pub struct BlockFault {
    pub seq: Seq,
    pub offset: u64,
    pub len: u64,
    pub what: String,
    /// Nothing is wrong: the entry has this later format.
    pub newer: Option<u16>,
}

impl BlockFault {
    pub fn into_error(self, segment: &Path) -> JournalError {
        let BlockFault { seq, offset, len, what, newer } = self;
        let segment = segment.to_owned();
        match newer {
            Some(found) => JournalError::NewerFormat { segment, found, known: ENTRY_FORMAT },
            None => JournalError::Damaged { segment, seq, offset, len, what },
        }
    }
}

fn entry_crc(len: [u8; 4], bytes: &[u8]) -> u32 {
    let mut crc = crc32fast::Hasher::new();
    crc.update(&len);
    crc.update(bytes);
    crc.finalize()
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).and_then(|b| b.try_into().ok()).map_or(0, u32::from_le_bytes)
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    bytes.get(at..at + 8).and_then(|b| b.try_into().ok()).map_or(0, u64::from_le_bytes)
}

/// The hash at an offset.
pub fn hash_at(bytes: &[u8], at: usize) -> Hash {
    bytes.get(at..at + 32).and_then(|b| b.try_into().ok()).unwrap_or_default()
}
