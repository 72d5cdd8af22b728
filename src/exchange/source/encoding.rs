//! What the bytes of a file are, and how they become text: UTF-8, GB18030 or UTF-16, with a mark or without; line ends
//! made one.

use super::{Looks, SourceError};
use encoding_rs::{CoderResult, Decoder, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::FileExt;
use std::path::Path;

/// Bytes read at a time.
pub const CHUNK: usize = 64 * 1024;
/// Longest line that is looked at as one when a file has no single encoding.
const LINE_MAX: usize = 1 << 20;
/// Most end-of-file characters (0x1A) that are taken off an end: old programs write one.
const ENDS_MAX: u64 = 4_096;

/// The encoding of a file, and which of its bytes are text.
#[derive(Clone, Copy, Debug)]
pub struct Coding {
    encoding: &'static Encoding,
    mark: bool,
    start: u64,
    end: u64,
}

impl Coding {
    /// Looks through a whole file.
    pub fn of(path: &Path, file: &mut File) -> Result<Coding, SourceError> {
        let io_error = |source| SourceError::Io { file: path.to_owned(), source };
        let not_csv = |looks| SourceError::NotCsv { file: path.to_owned(), looks };
        file.seek(SeekFrom::Start(0)).map_err(io_error)?;
        let mut chunk = vec![0; CHUNK];
        let (mut utf8, mut length, mut guess, mut nul) = (Utf8Check::default(), 0, None, false);
        loop {
            let n = read_full(file, &mut chunk).map_err(io_error)?;
            if length == 0 {
                if let Some(looks) = looks_like(&chunk[..n]) {
                    return Err(not_csv(looks));
                }
                guess = wide(&chunk[..n]);
            }
            length += n as u64;
            if n == 0 {
                break;
            }
            nul |= chunk[..n].contains(&0);
            if nul && guess.is_none() {
                return Err(not_csv(Looks::Binary));
            }
            utf8.feed(&chunk[..n]);
        }
        let mut marked = [0; 3];
        file.seek(SeekFrom::Start(0)).map_err(io_error)?;
        let n = read_full(file, &mut marked).map_err(io_error)?;
        let (encoding, start) = match (guess, &marked[..n]) {
            (Some(wide), [0xff, 0xfe, ..] | [0xfe, 0xff, ..]) => (wide, 2),
            (Some(wide), _) => (wide, 0),
            (None, [0xef, 0xbb, 0xbf]) => (UTF_8, 3),
            (None, _) => (if utf8.whole() { UTF_8 } else { GB18030 }, 0),
        };
        let mut coding = Coding { encoding, mark: start > 0, start, end: length };
        coding.cut_ends(file).map_err(io_error)?;
        if encoding != UTF_8 || !utf8.whole() {
            coding.prove(path, file, utf8.is_cut())?;
        }
        Ok(coding)
    }

    /// What it is called.
    pub fn name(&self) -> &'static str {
        match (self.encoding, self.mark) {
            (encoding, true) if encoding == UTF_8 => "UTF-8 (BOM)",
            (encoding, true) if encoding == UTF_16LE => "UTF-16LE (BOM)",
            (encoding, true) if encoding == UTF_16BE => "UTF-16BE (BOM)",
            (encoding, _) if encoding == GB18030 => "GB18030",
            (encoding, _) => encoding.name(),
        }
    }

    /// Whether it is neither plain UTF-8 nor UTF-8 with its mark.
    pub fn is_foreign(&self) -> bool {
        self.encoding != UTF_8
    }

    /// The text from the start.
    pub fn text(&self, file: &File) -> io::Result<TextReader> {
        Ok(TextReader {
            file: Part { file: file.try_clone()?, at: self.start, end: self.end },
            decoder: self.encoding.new_decoder_without_bom_handling(),
            raw: vec![0; if self.encoding == UTF_8 { 0 } else { CHUNK }],
            at: 0,
            filled: 0,
            last: false,
            finished: false,
            decoded: Vec::new(),
            given: 0,
            plain: self.encoding == UTF_8,
            after_return: false,
            open_line: false,
        })
    }

    /// Takes end-of-file characters off the end.
    fn cut_ends(&mut self, file: &mut File) -> io::Result<()> {
        let unit: &[u8] = match self.encoding {
            encoding if encoding == UTF_16LE => &[0x1a, 0],
            encoding if encoding == UTF_16BE => &[0, 0x1a],
            _ => &[0x1a],
        };
        let (wide, mut last, least) = (unit.len() as u64, [0; 2], self.end.saturating_sub(ENDS_MAX).max(self.start));
        while self.end >= least + wide {
            file.seek(SeekFrom::Start(self.end - wide))?;
            let last = &mut last[..unit.len()];
            if read_full(file, last)? < unit.len() || last != unit {
                break;
            }
            self.end -= wide;
        }
        Ok(())
    }

    /// Decodes everything once: a file of another encoding, or of two, is refused before anything of it went in.
    fn prove(&self, path: &Path, file: &mut File, cut: bool) -> Result<(), SourceError> {
        let io_error = |source| SourceError::Io { file: path.to_owned(), source };
        if self.encoding == UTF_16LE || self.encoding == UTF_16BE {
            return match self.decodes(file).map_err(io_error)? {
                true => Ok(()),
                false => {
                    let looks = if self.mark { Looks::Utf16 } else { Looks::Binary };
                    Err(SourceError::NotCsv { file: path.to_owned(), looks })
                }
            };
        }
        let lines = Lines::of(file, self.start, self.end).map_err(io_error)?;
        let two = |utf8_line, other_line| SourceError::TwoEncodings { file: path.to_owned(), utf8_line, other_line };
        match lines {
            // UTF-8 that ends inside a character was cut there, whatever the rest of that could be.
            Lines { utf8: Some(_), gb: Some(line), .. } | Lines { bad: Some(line), .. } if cut => {
                Err(SourceError::BadText { file: path.to_owned(), line })
            }
            Lines { bad: Some(line), .. } => Err(SourceError::BadText { file: path.to_owned(), line }),
            Lines { utf8, gb: Some(other), .. } if self.mark => Err(two(utf8.unwrap_or(1), other)),
            Lines { utf8: Some(utf8), gb: Some(other), .. } => Err(two(utf8, other)),
            _ if self.decodes(file).map_err(io_error)? => Ok(()),
            _ => Err(SourceError::BadText { file: path.to_owned(), line: 1 }),
        }
    }

    /// Whether everything decodes without a fault, and to no NUL.
    fn decodes(&self, file: &mut File) -> io::Result<bool> {
        file.seek(SeekFrom::Start(self.start))?;
        let mut text = file.take(self.end - self.start);
        let mut decoder = self.encoding.new_decoder_without_bom_handling();
        let (mut raw, mut out) = (vec![0; CHUNK], vec![0; 4 * CHUNK]);
        loop {
            let n = read_full(&mut text, &mut raw)?;
            let (_, _, written, faults) = decoder.decode_to_utf8(&raw[..n], &mut out, n == 0);
            if faults || n == 0 || out[..written].contains(&0) {
                return Ok(!faults && n == 0 && !out[..written].contains(&0));
            }
        }
    }
}

/// UTF-16, by its mark or by where its NULs are: the separators and line ends of a table have one in each two bytes.
fn wide(head: &[u8]) -> Option<&'static Encoding> {
    match head {
        [0xff, 0xfe, ..] => return Some(UTF_16LE),
        [0xfe, 0xff, ..] => return Some(UTF_16BE),
        _ => {}
    }
    let nuls = |odd: usize| head.iter().skip(odd).step_by(2).filter(|b| **b == 0).count();
    let many = |nuls: usize| nuls > 0 && nuls * 16 >= head.len();
    match (nuls(0), nuls(1)) {
        (0, some) if many(some) => Some(UTF_16LE),
        (some, 0) if many(some) => Some(UTF_16BE),
        _ => None,
    }
}

/// Reads until the buffer is full or the file ends.
fn read_full(file: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(n) => filled += n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    Ok(filled)
}

/// What the first bytes say when they are not those of a CSV file.
fn looks_like(bytes: &[u8]) -> Option<Looks> {
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    match () {
        () if starts(b"PK\x03\x04") || starts(b"PK\x05\x06") => Some(Looks::Workbook),
        () if starts(b"\xd0\xcf\x11\xe0") => Some(Looks::OldWorkbook),
        () if starts(b"%PDF") => Some(Looks::Pdf),
        () if starts(b"\x1f\x8b") || starts(b"\x7fELF") || starts(b"\x89PNG") => Some(Looks::Binary),
        () => None,
    }
}

/// UTF-8 validity across chunks.
#[derive(Default)]
struct Utf8Check {
    carry: Vec<u8>,
    broken: bool,
}

impl Utf8Check {
    fn feed(&mut self, bytes: &[u8]) {
        if self.broken {
            return;
        }
        let joined;
        let mut bytes = bytes;
        if !self.carry.is_empty() {
            joined = [self.carry.as_slice(), bytes].concat();
            bytes = &joined;
        }
        match std::str::from_utf8(bytes) {
            Ok(_) => self.carry = Vec::new(),
            Err(e) if e.error_len().is_none() => self.carry = bytes[e.valid_up_to()..].to_vec(),
            Err(_) => self.broken = true,
        }
    }

    /// Whether it is UTF-8 up to an end inside a character.
    fn is_cut(&self) -> bool {
        !self.broken && !self.carry.is_empty()
    }

    fn whole(&self) -> bool {
        !self.broken && self.carry.is_empty()
    }
}

/// The first lines of a file that are UTF-8, GB18030 and neither, where it is not UTF-8 as a whole.
#[derive(Debug, Default)]
struct Lines {
    utf8: Option<u64>,
    gb: Option<u64>,
    bad: Option<u64>,
}

impl Lines {
    fn of(file: &mut File, start: u64, end: u64) -> io::Result<Lines> {
        file.seek(SeekFrom::Start(start))?;
        let mut text = file.take(end.saturating_sub(start));
        let (mut lines, mut chunk, mut line, mut number) = (Lines::default(), vec![0; CHUNK], Vec::new(), 1);
        loop {
            let n = read_full(&mut text, &mut chunk)?;
            if n == 0 {
                lines.look(&line, number);
                return Ok(lines);
            }
            let mut rest = &chunk[..n];
            while let Some(at) = rest.iter().position(|b| *b == b'\n') {
                line.extend_from_slice(&rest[..at]);
                lines.look(&line, number);
                line.clear();
                rest = &rest[at + 1..];
                number += 1;
            }
            line.extend_from_slice(rest);
            if line.len() > LINE_MAX {
                lines.look(&line, number);
                line.clear();
            }
        }
    }

    fn look(&mut self, line: &[u8], number: u64) {
        if line.is_ascii() {
            return;
        }
        // A text of old line ends is one line here, and its parts are looked at each by itself.
        for part in line.split(|b| *b == b'\r').filter(|part| !part.is_ascii()) {
            let fits_gb = GB18030.decode_without_bom_handling_and_without_replacement(part).is_some();
            let place = match std::str::from_utf8(part) {
                // Few characters can be both by chance: two that take three bytes each are Chinese in UTF-8.
                Ok(text) if !fits_gb || text.chars().filter(|c| c.len_utf8() >= 3).count() >= 2 => &mut self.utf8,
                Ok(_) => continue,
                Err(_) if fits_gb => &mut self.gb,
                Err(_) => &mut self.bad,
            };
            place.get_or_insert(number);
        }
    }
}

/// A part of a file. It has a place of its own, which clones of a file share: a file is read by several at once.
struct Part {
    file: File,
    at: u64,
    end: u64,
}

impl Read for Part {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.end.saturating_sub(self.at)).unwrap_or(usize::MAX);
        let most = out.len().min(left);
        let n = self.file.read_at(&mut out[..most], self.at)?;
        self.at += n as u64;
        Ok(n)
    }
}

/// A file's text in UTF-8 as it is read: decoded, each line ended by one line feed, the last one too.
pub struct TextReader {
    file: Part,
    decoder: Decoder,
    raw: Vec<u8>,
    at: usize,
    filled: usize,
    /// Whether the file has no more bytes.
    last: bool,
    /// Whether the decoder has given all that it has.
    finished: bool,
    /// What it gave, and how much of that was passed on.
    decoded: Vec<u8>,
    given: usize,
    plain: bool,
    after_return: bool,
    /// Whether the last line has no end yet.
    open_line: bool,
}

impl Read for TextReader {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.is_empty() {
            return Ok(0);
        }
        loop {
            let written = if self.plain { self.file.read(out)? } else { self.decode(out)? };
            if written == 0 {
                let ends = std::mem::take(&mut self.open_line);
                out[0] = b'\n';
                return Ok(usize::from(ends));
            }
            let kept = self.unify(&mut out[..written]);
            if kept > 0 {
                self.open_line = out[kept - 1] != b'\n';
                return Ok(kept);
            }
        }
    }
}

impl TextReader {
    /// Makes each line end one line feed, in place; how many bytes are left.
    fn unify(&mut self, text: &mut [u8]) -> usize {
        if !self.after_return && !text.contains(&b'\r') {
            return text.len();
        }
        let mut kept = 0;
        for at in 0..text.len() {
            let byte = text[at];
            let second_half = byte == b'\n' && self.after_return;
            self.after_return = byte == b'\r';
            if !second_half {
                text[kept] = if self.after_return { b'\n' } else { byte };
                kept += 1;
            }
        }
        kept
    }

    fn decode(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.given == self.decoded.len() && !self.finished {
            if self.at == self.filled && !self.last {
                self.filled = read_full(&mut self.file, &mut self.raw)?;
                self.at = 0;
                self.last = self.filled == 0;
            }
            self.decoded.resize(2 * CHUNK, 0);
            let raw = &self.raw[self.at..self.filled];
            let (result, read, written, _) = self.decoder.decode_to_utf8(raw, &mut self.decoded, self.last);
            self.at += read;
            // A decoder that has finished must not be asked again.
            self.finished = self.last && result == CoderResult::InputEmpty;
            self.decoded.truncate(written);
            self.given = 0;
        }
        let ready = &self.decoded[self.given..];
        let n = ready.len().min(out.len());
        out[..n].copy_from_slice(&ready[..n]);
        self.given += n;
        Ok(n)
    }
}
