//! A CSV file as a stream of rows. The file is read through and never held: once for its encoding, once for its shape (so
//! that a file of the wrong kind is refused before anything of it went in), once for its rows.

mod encoding;
mod header;
mod scan;
mod titles;

use super::Kind;
use super::clean::shown;
use encoding::{CHUNK, Coding};
use header::Header;
use scan::{Separated, count_records};
use std::cell::Cell;
use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// Most bytes of one record: a note is at most 2,000 characters, so this is far beyond any honest row.
pub const RECORD_MAX: usize = 1 << 20;
/// Most bytes that come through a pipe, which is kept in a temporary file: one that never ends stops here.
pub const PIPE_MAX: u64 = 256 << 20;

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
    /// It is a folder or a device.
    #[error("{}: no file", file.display())]
    NoFile {
        /// What was named.
        file: PathBuf,
    },
    /// More came through a pipe than any roster has.
    #[error("{}: more than {PIPE_MAX} bytes", file.display())]
    Endless {
        /// The pipe.
        file: PathBuf,
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
    /// A line is neither UTF-8 nor GB18030.
    #[error("{}: line {line} is neither UTF-8 nor GB18030", file.display())]
    BadText {
        /// The file.
        file: PathBuf,
        /// Line, from 1.
        line: u64,
    },
    /// Some lines are UTF-8 and some GB18030: two files put together.
    #[error("{}: line {utf8_line} is UTF-8, line {other_line} is GB18030", file.display())]
    TwoEncodings {
        /// The file.
        file: PathBuf,
        /// The first line in UTF-8.
        utf8_line: u64,
        /// The first line in GB18030.
        other_line: u64,
    },
    /// A record is longer than any row can be.
    #[error("{}: row {row} is longer than {RECORD_MAX} bytes", file.display())]
    LongRow {
        /// The file.
        file: PathBuf,
        /// Row, from 1; 0 is the header.
        row: u64,
        /// Line, from 1.
        line: u64,
        /// Whether a quotation that does not end makes it so long.
        quoted: bool,
    },
    /// A quotation is open where the file ends: all rows after its mark would be one cell.
    #[error("{}: the quotation of line {line} does not end", file.display())]
    UnclosedQuote {
        /// The file.
        file: PathBuf,
        /// Row, from 1; 0 is the header.
        row: u64,
        /// The line of its mark, from 1.
        line: u64,
    },
    /// Its columns are not those wanted.
    #[error("{}: columns missing: {:?}", .0.file.display(), .0.missing)]
    Header(Box<BadHeader>),
    /// A column of amounts counts in another unit than CNY.
    #[error("{}: the column {title} counts in another unit", file.display())]
    Unit {
        /// The file.
        file: PathBuf,
        /// Its title.
        title: String,
        /// Line, from 1.
        line: u64,
    },
}

/// What is wrong with the columns of a file, and how it was read to find them.
#[derive(Debug)]
pub struct BadHeader {
    /// The file.
    pub file: PathBuf,
    /// What was wanted.
    pub kind: Kind,
    /// The wanted columns that are not there.
    pub missing: Vec<&'static str>,
    /// Columns that stand there twice.
    pub twice: Vec<String>,
    /// The columns found.
    pub found: Vec<String>,
    /// What else it looks like.
    pub looks: Option<Kind>,
    /// How its bytes were read.
    pub encoding: &'static str,
    /// What was taken to separate its cells.
    pub separator: Separator,
    /// The line that looks most like its header.
    pub line: u64,
}

/// What a file looks like that is no CSV.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is named for what it is")]
pub enum Looks {
    /// `PK`: an .xlsx workbook or a zip archive.
    Workbook,
    /// An old .xls workbook.
    OldWorkbook,
    /// UTF-16 by its mark, but not whole.
    Utf16,
    Pdf,
    Binary,
    /// Text that changed while it was read.
    Changed,
}

/// What separates the cells of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is named for what it is")]
pub enum Separator {
    Comma,
    Tab,
    Semicolon,
    /// `，`
    WideComma,
    Bar,
}

impl Separator {
    /// All, the likeliest first.
    pub const ALL: [Separator; 5] =
        [Separator::Comma, Separator::Tab, Separator::Semicolon, Separator::WideComma, Separator::Bar];

    /// As it stands in a file.
    pub fn sign(self) -> char {
        match self {
            Separator::Comma => ',',
            Separator::Tab => '\t',
            Separator::Semicolon => ';',
            Separator::WideComma => '，',
            Separator::Bar => '|',
        }
    }

    /// Its stable word.
    pub fn word(self) -> &'static str {
        match self {
            Separator::Comma => "comma",
            Separator::Tab => "tab",
            Separator::Semicolon => "semicolon",
            Separator::WideComma => "wide-comma",
            Separator::Bar => "bar",
        }
    }

    /// The byte that a CSV reader knows it by.
    fn byte(self) -> u8 {
        match self {
            Separator::Comma => b',',
            Separator::Tab => b'\t',
            Separator::Semicolon => b';',
            Separator::WideComma => scan::WIDE_COMMA,
            Separator::Bar => b'|',
        }
    }
}

/// A file that was looked through and can be read row by row.
#[derive(Debug)]
pub struct Source {
    path: PathBuf,
    file: File,
    kind: Kind,
    coding: Coding,
    header: Header,
    /// Rows that it seems to have, for a progress bar.
    pub rows: u64,
    /// Columns that nobody asked for and that are left out.
    pub ignored: Vec<String>,
}

impl Source {
    /// Opens a file and looks through it: its encoding, the length of its records, its header. `-` is the standard
    /// input.
    pub fn open(path: &Path, kind: Kind) -> Result<Source, SourceError> {
        Source::of(open_named(path), path, kind)
    }

    /// Looks through a text that was typed, known by a name.
    pub fn typed(name: &str, text: &str, kind: Kind) -> Result<Source, SourceError> {
        let path = Path::new(name);
        let io_error = |source| SourceError::Io { file: path.to_owned(), source };
        let mut file = tempfile::tempfile().map_err(io_error)?;
        file.write_all(text.as_bytes()).map_err(io_error)?;
        Source::of(Ok(file), path, kind)
    }

    /// The same of a file that was opened by that path.
    pub fn of(file: io::Result<File>, path: &Path, kind: Kind) -> Result<Source, SourceError> {
        let io_error = |source| SourceError::Io { file: path.to_owned(), source };
        let mut file = file.map_err(|e| unread(path, e)).and_then(|file| readable(file, path))?;
        let coding = Coding::of(path, &mut file)?;
        let header = Header::find(path, coding.text(&file).map_err(io_error)?, kind, coding.name())?;
        let separated = Separated::new(coding.text(&file).map_err(io_error)?, header.separator);
        let records = count_records(path, separated, header.separator, header.above)?;
        let used = |at: usize| header.columns.places.iter().any(|(_, place)| *place == at);
        let left = header.titles.iter().enumerate().filter(|(at, title)| !used(*at) && !title.trim().is_empty());
        let ignored = left.map(|(_, title)| shown(title.trim())).collect();
        Ok(Source {
            path: path.to_owned(),
            file,
            kind,
            coding,
            rows: records.saturating_sub(header.above + 1),
            header,
            ignored,
        })
    }

    /// The encoding it was found to have.
    pub fn encoding(&self) -> &'static str {
        self.coding.name()
    }

    /// What separates its cells.
    pub fn separator(&self) -> Separator {
        self.header.separator
    }

    /// The line of the file that its columns stand in, from 1.
    pub fn header_line(&self) -> u64 {
        self.header.line
    }

    /// The place of a column in each record.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.header.columns.place(name)
    }

    /// The titles as they stand in the file.
    pub fn titles(&self) -> &[String] {
        &self.header.titles
    }

    /// What was taken for what: columns and their titles, in the order of the file. What an export says of its lines
    /// beyond that (what they count, when and by whom they were recorded) is left to the store.
    pub fn taken(&self) -> Vec<(&'static str, String)> {
        let mut places = self.header.columns.places.clone();
        places.sort_by_key(|(_, at)| *at);
        let (must, may) = self.kind.columns();
        places.retain(|(column, _)| must.contains(column) || may.contains(column));
        places.into_iter().map(|(column, at)| (column, shown(self.header.titles[at].trim()))).collect()
    }

    /// Whether it is as the program itself writes files: nothing had to be guessed.
    pub fn is_plain(&self) -> bool {
        let named = self.taken().iter().all(|(column, title)| column == title);
        named && self.header.line == 1 && self.separator() == Separator::Comma && !self.coding.is_foreign()
    }

    /// All records below the header.
    pub fn records(&self) -> Result<SourceRows, SourceError> {
        let io_error = |source| SourceError::Io { file: self.path.clone(), source };
        let text = self.coding.text(&self.file).map_err(io_error)?;
        let used = Rc::new(Cell::new(0));
        let text = Measured { text: Separated::new(text, self.header.separator), used: Rc::clone(&used) };
        let reader = records_of(text, self.header.separator);
        let mut records = SourceRows { reader, used, path: self.path.clone(), row: 0, line: 0 };
        let mut record = csv::StringRecord::new();
        for _ in 0..=self.header.above {
            records.next(&mut record)?;
        }
        records.row = 0;
        Ok(records)
    }
}

/// Opens a file of this process that a person names; `-` is the standard input.
pub fn open_named(path: &Path) -> io::Result<File> {
    if path.as_os_str() == "-" { io::stdin().as_fd().try_clone_to_owned().map(File::from) } else { File::open(path) }
}

/// A file that can be read again and again: a regular one, or what came through a pipe.
fn readable(file: File, path: &Path) -> Result<File, SourceError> {
    let io_error = |source| SourceError::Io { file: path.to_owned(), source };
    let standard = path.as_os_str() == "-";
    if file.metadata().map_err(io_error)?.is_file() {
        return Ok(file);
    }
    if !comes_by_and_by(&file, standard).map_err(io_error)? {
        return Err(SourceError::NoFile { file: path.to_owned() });
    }
    kept(file).map_err(|e| unread(path, e))
}

/// Why a file could not be read.
fn unread(path: &Path, source: io::Error) -> SourceError {
    let file = path.to_owned();
    match source.kind() {
        // What `kept` says, and not a disk that takes no such file.
        io::ErrorKind::FileTooLarge if source.raw_os_error().is_none() => SourceError::Endless { file },
        _ => SourceError::Io { file, source },
    }
}

/// All that comes by and by, in a file of its own, from its first byte on. What has no end in sight is an error of no system's
/// ([`io::ErrorKind::FileTooLarge`]).
pub fn kept(from: impl Read) -> io::Result<File> {
    let folder = |e: io::Error| io::Error::new(e.kind(), format!("{}: {e}", std::env::temp_dir().display()));
    let mut kept = tempfile::tempfile().map_err(folder)?;
    if io::copy(&mut from.take(PIPE_MAX + 1), &mut kept)? > PIPE_MAX {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    kept.rewind()?;
    Ok(kept)
}

/// Whether what a file says comes by and by, and comes to an end: through a pipe, or typed at a terminal that was asked for.
/// Other devices have no end, or no text.
pub fn comes_by_and_by(file: &File, standard: bool) -> io::Result<bool> {
    let kind = file.metadata()?.file_type();
    Ok(kind.is_fifo() || kind.is_socket() || standard && io::IsTerminal::is_terminal(file))
}

/// A CSV reader of text whose cells are separated so.
fn records_of<R: Read>(text: R, separator: Separator) -> csv::Reader<R> {
    let mut builder = csv::ReaderBuilder::new();
    builder.has_headers(false).flexible(true).buffer_capacity(CHUNK).delimiter(separator.byte()).from_reader(text)
}

/// The line that the record read last begins in: each line ends in one line feed, so those inside it are counted back.
fn line_of<R: Read>(reader: &csv::Reader<R>, record: &csv::StringRecord) -> u64 {
    let inside = record.as_slice().bytes().filter(|b| *b == b'\n').count() as u64;
    reader.position().line().saturating_sub(inside + 1).max(1)
}

/// The records of a file, in order.
pub struct SourceRows {
    reader: csv::Reader<Measured>,
    used: Rc<Cell<usize>>,
    path: PathBuf,
    row: u64,
    line: u64,
}

impl SourceRows {
    /// Reads the next record; false at the end.
    pub fn next(&mut self, record: &mut csv::StringRecord) -> Result<bool, SourceError> {
        self.used.set(0);
        let read = self.reader.read_record(record).map_err(|e| match e.into_kind() {
            csv::ErrorKind::Io(e) if e.kind() == io::ErrorKind::FileTooLarge => {
                SourceError::LongRow { file: self.path.clone(), row: self.row, line: self.line, quoted: false }
            }
            csv::ErrorKind::Io(source) => SourceError::Io { file: self.path.clone(), source },
            _ => SourceError::NotCsv { file: self.path.clone(), looks: Looks::Changed },
        })?;
        self.row += u64::from(read);
        self.line = line_of(&self.reader, record);
        Ok(read)
    }

    /// The line of the file that the record read last begins in, from 1.
    pub fn line(&self) -> u64 {
        self.line
    }
}

/// Stops a record that grows beyond all measure: the file may have changed since it was looked through.
struct Measured {
    text: Separated,
    used: Rc<Cell<usize>>,
}

impl Read for Measured {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.used.get() > 2 * RECORD_MAX {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let written = self.text.read(out)?;
        self.used.set(self.used.get() + written);
        Ok(written)
    }
}
