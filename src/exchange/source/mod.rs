//! A CSV file as a stream of rows. The file is read twice, never held: once to know what it is (so that a file of the
//! wrong kind is refused before anything of it went in), once for its rows.

use super::Kind;
use super::clean::{fold, shown};
use encoding_rs::{CoderResult, Decoder, Encoding, GB18030, UTF_8};
use std::cell::Cell;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// Most bytes of one record: a note is at most 2,000 characters, so this is far beyond any honest row.
pub const RECORD_MAX: usize = 1 << 20;
const CHUNK: usize = 64 * 1024;

/// Why a file cannot be imported at all.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// It cannot be read.
    #[error("{}: {source}", file.display())]
    Io {
        /// The file.
        file: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// There is nothing in it, or only a header.
    #[error("{}: empty file", file.display())]
    Empty {
        /// The file.
        file: PathBuf,
    },
    /// It is no text that can be read as CSV.
    #[error("{}: {looks:?}", file.display())]
    NotCsv {
        /// The file.
        file: PathBuf,
        /// What it looks like.
        looks: Looks,
    },
    /// A record is longer than any row can be.
    #[error("{}: row {row} is longer than {RECORD_MAX} bytes", file.display())]
    LongRow {
        /// The file.
        file: PathBuf,
        /// Row, from 1; 0 is the header.
        row: u64,
        /// Whether a quotation that does not end makes it so long.
        quoted: bool,
    },
    /// Its columns are not those wanted.
    #[error("{}: columns missing: {missing:?}", file.display())]
    Header {
        /// The file.
        file: PathBuf,
        /// What was wanted.
        kind: Kind,
        /// The wanted columns that are not there.
        missing: Vec<&'static str>,
        /// Columns that stand there twice.
        twice: Vec<String>,
        /// The columns found.
        found: Vec<String>,
        /// What else it looks like.
        looks: Option<Kind>,
    },
}

/// What a file looks like that is no CSV.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is named for what it is")]
pub enum Looks {
    /// `PK`: an .xlsx workbook or a zip archive.
    Workbook,
    /// An old .xls workbook.
    OldWorkbook,
    Utf16,
    Pdf,
    Binary,
    /// Text, but neither UTF-8 nor GB18030.
    BadText,
}

/// A file that was looked through and can be read row by row.
#[derive(Debug)]
pub struct Source {
    path: PathBuf,
    file: File,
    encoding: &'static Encoding,
    bom: bool,
    header: Vec<String>,
    kind: Kind,
    /// Rows that it seems to have, for a progress bar.
    pub rows: u64,
    /// Columns that nobody asked for and that are left out.
    pub ignored: Vec<String>,
}

impl Source {
    /// Opens a file and looks through it: its encoding, the length of its records, its header.
    pub fn open(path: &Path, kind: Kind) -> Result<Source, SourceError> {
        let io_error = |source| SourceError::Io { file: path.to_owned(), source };
        let mut file = File::open(path).map_err(io_error)?;
        if !file.metadata().map_err(io_error)?.is_file() {
            // A pipe can be read once only; the two passes need a file.
            let mut kept = tempfile::tempfile().map_err(io_error)?;
            io::copy(&mut file, &mut kept).map_err(io_error)?;
            file = kept;
        }
        let scan = Scan::of(path, &mut file)?;
        let mut source = Source {
            path: path.to_owned(),
            file,
            encoding: scan.encoding,
            bom: scan.bom,
            header: Vec::new(),
            kind,
            rows: scan.records.saturating_sub(1),
            ignored: Vec::new(),
        };
        source.read_header()?;
        Ok(source)
    }

    /// The encoding it was found to have.
    pub fn encoding(&self) -> &'static str {
        if self.bom { "UTF-8 (BOM)" } else { self.encoding.name() }
    }

    fn read_header(&mut self) -> Result<(), SourceError> {
        let mut rows = self.records()?;
        let mut record = csv::StringRecord::new();
        let found = rows.next(&mut record)?;
        drop(rows);
        let header: Vec<String> = record.iter().map(|c| fold(c).to_lowercase()).collect();
        if !found || header.iter().all(String::is_empty) {
            return Err(SourceError::Empty { file: self.path.clone() });
        }
        let (must, may) = self.kind.columns();
        let missing: Vec<_> = must.iter().copied().filter(|c| !header.iter().any(|h| h == c)).collect();
        let known = |c: &str| must.contains(&c) || may.contains(&c);
        let twice = |i: usize, c: &String| known(c) && header[..i].contains(c);
        let twice: Vec<String> =
            header.iter().enumerate().filter(|(i, c)| twice(*i, c)).map(|(_, c)| c.clone()).collect();
        if !missing.is_empty() || !twice.is_empty() {
            return Err(SourceError::Header {
                file: self.path.clone(),
                kind: self.kind,
                missing,
                twice,
                found: header.iter().take(20).map(|c| shown(c)).collect(),
                looks: Kind::of_header(&header).filter(|k| *k != self.kind),
            });
        }
        let derived = self.kind.derived();
        let ignored = header.iter().filter(|c| !known(c) && !derived.contains(&c.as_str()) && !c.is_empty());
        self.ignored = ignored.map(|c| shown(c)).collect();
        self.header = header;
        Ok(())
    }

    /// The place of a column in each record.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|h| h == name)
    }

    /// How many columns the header has.
    pub fn width(&self) -> usize {
        self.header.len()
    }

    /// All records from the start, the header first.
    pub fn records(&self) -> Result<Records, SourceError> {
        let io_error = |source| SourceError::Io { file: self.path.clone(), source };
        let mut file = self.file.try_clone().map_err(io_error)?;
        file.seek(SeekFrom::Start(if self.bom { 3 } else { 0 })).map_err(io_error)?;
        let budget = Rc::new(Cell::new(0));
        let text = Utf8Reader {
            file,
            decoder: self.encoding.new_decoder_without_bom_handling(),
            raw: vec![0; CHUNK],
            at: 0,
            filled: 0,
            ended: false,
            plain: self.encoding == UTF_8,
            used: Rc::clone(&budget),
        };
        let reader =
            csv::ReaderBuilder::new().has_headers(false).flexible(true).buffer_capacity(CHUNK).from_reader(text);
        Ok(Records { reader, used: budget, path: self.path.clone(), row: 0 })
    }
}

/// The records of a file, in order.
pub struct Records {
    reader: csv::Reader<Utf8Reader>,
    used: Rc<Cell<usize>>,
    path: PathBuf,
    row: u64,
}

impl Records {
    /// Reads the next record; false at the end.
    pub fn next(&mut self, record: &mut csv::StringRecord) -> Result<bool, SourceError> {
        self.used.set(0);
        let read = self.reader.read_record(record).map_err(|e| match e.into_kind() {
            csv::ErrorKind::Io(e) if e.kind() == io::ErrorKind::FileTooLarge => {
                SourceError::LongRow { file: self.path.clone(), row: self.row, quoted: false }
            }
            csv::ErrorKind::Io(source) => SourceError::Io { file: self.path.clone(), source },
            _ => SourceError::NotCsv { file: self.path.clone(), looks: Looks::BadText },
        })?;
        self.row += u64::from(read);
        Ok(read)
    }
}

/// Decodes a file to UTF-8 as it is read, and stops a record that grows beyond all measure: the file may have
/// changed since it was looked through.
struct Utf8Reader {
    file: File,
    decoder: Decoder,
    raw: Vec<u8>,
    at: usize,
    filled: usize,
    ended: bool,
    plain: bool,
    used: Rc<Cell<usize>>,
}

impl Read for Utf8Reader {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.used.get() > 2 * RECORD_MAX {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let written = if self.plain { self.file.read(out)? } else { self.decode(out)? };
        self.used.set(self.used.get() + written);
        Ok(written)
    }
}

impl Utf8Reader {
    fn decode(&mut self, out: &mut [u8]) -> io::Result<usize> {
        loop {
            if self.at == self.filled && !self.ended {
                self.filled = self.file.read(&mut self.raw)?;
                self.at = 0;
                self.ended = self.filled == 0;
            }
            let raw = &self.raw[self.at..self.filled];
            let (result, read, written, _) = self.decoder.decode_to_utf8(raw, out, self.ended);
            self.at += read;
            if written > 0 || (self.ended && result == CoderResult::InputEmpty) {
                return Ok(written);
            }
        }
    }
}

/// What a look through the whole file says.
struct Scan {
    encoding: &'static Encoding,
    bom: bool,
    records: u64,
}

impl Scan {
    fn of(path: &Path, file: &mut File) -> Result<Scan, SourceError> {
        let io_error = |source| SourceError::Io { file: path.to_owned(), source };
        let not_csv = |looks| SourceError::NotCsv { file: path.to_owned(), looks };
        let mut chunk = vec![0; CHUNK];
        let (mut utf8, mut shape) = (Utf8Check::default(), Shape::default());
        let (mut first, mut bom) = (true, false);
        loop {
            let n = read_full(file, &mut chunk).map_err(io_error)?;
            let mut bytes = &chunk[..n];
            if first {
                if let Some(looks) = looks_like(bytes) {
                    return Err(not_csv(looks));
                }
                bom = bytes.starts_with(b"\xef\xbb\xbf");
                bytes = if bom { &bytes[3..] } else { bytes };
                first = false;
            }
            if n == 0 {
                break;
            }
            if bytes.contains(&0) {
                return Err(not_csv(Looks::Binary));
            }
            utf8.feed(bytes);
            if let Err(quoted) = shape.feed(bytes) {
                return Err(SourceError::LongRow { file: path.to_owned(), row: shape.records, quoted });
            }
        }
        let encoding = match utf8.whole() {
            true => UTF_8,
            false if bom || !gb18030(file).map_err(io_error)? => return Err(not_csv(Looks::BadText)),
            false => GB18030,
        };
        Ok(Scan { encoding, bom, records: shape.records + u64::from(shape.length > 0) })
    }
}

/// Reads until the buffer is full or the file ends.
fn read_full(file: &mut File, buffer: &mut [u8]) -> io::Result<usize> {
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
        () if starts(b"\xff\xfe") || starts(b"\xfe\xff") => Some(Looks::Utf16),
        () if starts(b"%PDF") => Some(Looks::Pdf),
        () if starts(b"\x1f\x8b") || starts(b"\x7fELF") || starts(b"\x89PNG") => Some(Looks::Binary),
        () => None,
    }
}

/// Whether the whole file is GB18030 without a fault.
fn gb18030(file: &mut File) -> io::Result<bool> {
    file.seek(SeekFrom::Start(0))?;
    let mut decoder = GB18030.new_decoder_without_bom_handling();
    let (mut raw, mut out) = (vec![0; CHUNK], vec![0; 4 * CHUNK]);
    loop {
        let n = read_full(file, &mut raw)?;
        let (_, _, _, faults) = decoder.decode_to_utf8(&raw[..n], &mut out, n == 0);
        if faults || n == 0 {
            return Ok(!faults);
        }
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

    fn whole(&self) -> bool {
        !self.broken && self.carry.is_empty()
    }
}

/// Counts records and measures them, in any encoding whose trail bytes are no separators (UTF-8 and GB18030).
#[derive(Default)]
struct Shape {
    records: u64,
    length: usize,
    at: Place,
}

/// Where in a record the scan is.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Place {
    /// At the start of a field: only here does a quotation mark open one.
    #[default]
    Start,
    Plain,
    Quoted,
    /// After a quotation mark inside a quotation: its end, or half of a doubled one.
    Mark,
}

impl Shape {
    /// Errs where a record is too long, saying whether inside a quotation.
    fn feed(&mut self, bytes: &[u8]) -> Result<(), bool> {
        for &byte in bytes {
            self.length += 1;
            self.at = match (self.at, byte) {
                (Place::Start, b'"') | (Place::Mark, b'"') => Place::Quoted,
                (Place::Quoted, b'"') => Place::Mark,
                (Place::Quoted, _) => Place::Quoted,
                (_, b',') => Place::Start,
                (_, b'\n' | b'\r') => {
                    self.records += u64::from(self.length > 1);
                    self.length = 0;
                    Place::Start
                }
                _ => Place::Plain,
            };
            if self.length > RECORD_MAX {
                return Err(self.at == Place::Quoted);
            }
        }
        Ok(())
    }
}
