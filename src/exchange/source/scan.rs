//! The shape of a file's text: where its records end, and whether each of them ends. And the separators that no CSV
//! reader knows.

use super::encoding::{CHUNK, TextReader};
use super::{RECORD_MAX, Separator, SourceError};
use std::borrow::Cow;
use std::io::{self, Read};
use std::path::Path;

/// What stands for a full-width comma once it is known to separate: no text has it, and a CSV reader takes it.
pub const WIDE_COMMA: u8 = 0x1f;

/// Where in a record a scan is.
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

impl Place {
    fn after(self, byte: u8, separator: u8) -> Place {
        match (self, byte) {
            (Place::Start, b'"') | (Place::Mark, b'"') => Place::Quoted,
            (Place::Quoted, b'"') => Place::Mark,
            (Place::Quoted, _) => Place::Quoted,
            (_, b'\n') => Place::Start,
            (_, byte) if byte == separator => Place::Start,
            _ => Place::Plain,
        }
    }
}

/// Reads all text once and counts its records; a record too long or without an end is refused, by its row below the
/// header, which has `above` records above it.
pub fn count_records(path: &Path, mut text: Separated, separator: Separator, above: u64) -> Result<u64, SourceError> {
    let io_error = |source| SourceError::Io { file: path.to_owned(), source };
    let mut chunk = vec![0; CHUNK];
    let (mut at, separator) = (Place::Start, separator.byte());
    let (mut records, mut length, mut line, mut opened) = (0, 0, 1, 1);
    loop {
        let n = text.read(&mut chunk).map_err(io_error)?;
        if n == 0 {
            break;
        }
        for &byte in &chunk[..n] {
            length += 1;
            let next = at.after(byte, separator);
            if next == Place::Quoted && at == Place::Start {
                opened = line;
            }
            at = next;
            if byte == b'\n' {
                line += 1;
                if at == Place::Start {
                    records += u64::from(length > 1);
                    length = 0;
                }
            }
            if length > RECORD_MAX {
                let quoted = at == Place::Quoted;
                let line = if quoted { opened } else { line };
                let row = records.saturating_sub(above);
                return Err(SourceError::LongRow { file: path.to_owned(), row, line, quoted });
            }
        }
    }
    match at {
        Place::Quoted => {
            let row = records.saturating_sub(above);
            Err(SourceError::UnclosedQuote { file: path.to_owned(), row, line: opened })
        }
        _ => Ok(records),
    }
}

/// Full-width commas outside quotations made [`WIDE_COMMA`].
#[derive(Default)]
struct WideCommas {
    at: Place,
    /// The first bytes of a character that may be a full-width comma.
    held: Vec<u8>,
    ready: Vec<u8>,
}

impl WideCommas {
    fn change(&mut self, bytes: &[u8]) {
        const COMMA: &[u8] = "，".as_bytes();
        self.ready.clear();
        for &byte in bytes {
            self.held.push(byte);
            if COMMA.starts_with(&self.held) && self.held.len() < COMMA.len() {
                continue;
            }
            if self.held == COMMA && self.at != Place::Quoted {
                self.held = vec![WIDE_COMMA];
            }
            for byte in self.held.drain(..) {
                self.at = self.at.after(byte, WIDE_COMMA);
                self.ready.push(byte);
            }
        }
    }
}

/// Text whose cells a CSV reader can tell apart, by whatever they are separated.
pub struct Separated {
    text: TextReader,
    commas: Option<WideCommas>,
    given: usize,
}

impl Separated {
    /// The text as it is, or with its full-width commas changed.
    pub fn new(text: TextReader, separator: Separator) -> Separated {
        let commas = (separator == Separator::WideComma).then(WideCommas::default);
        Separated { text, commas, given: 0 }
    }

    /// A part of a text that is held, changed likewise.
    pub fn of_bytes(text: &[u8], separator: Separator) -> Cow<'_, [u8]> {
        if separator != Separator::WideComma {
            return text.into();
        }
        let mut commas = WideCommas::default();
        commas.change(text);
        commas.ready.into()
    }
}

impl Read for Separated {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let Some(commas) = &mut self.commas else { return self.text.read(out) };
        while self.given == commas.ready.len() {
            let mut chunk = vec![0; CHUNK];
            let n = self.text.read(&mut chunk)?;
            if n == 0 {
                return Ok(0);
            }
            commas.change(&chunk[..n]);
            self.given = 0;
        }
        let ready = &commas.ready[self.given..];
        let n = ready.len().min(out.len());
        out[..n].copy_from_slice(&ready[..n]);
        self.given += n;
        Ok(n)
    }
}
