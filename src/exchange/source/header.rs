//! Where the columns stand and what separates them: the first line among the first thirty that has all wanted
//! columns, by the separator that finds the most.

use super::encoding::TextReader;
use super::scan::Separated;
use super::titles::{Columns, in_other_units, says_other_units};
use super::{BadHeader, RECORD_MAX, Separator, SourceError};
use crate::exchange::Kind;
use crate::exchange::clean::shown;
use std::io::Read;
use std::path::Path;

/// Lines among which the header is looked for: titles and preambles stand above it.
const LINES: usize = 30;
/// Bytes of text that hold them.
const HEAD: u64 = RECORD_MAX as u64;
/// Most columns that an error names.
const NAMED: usize = 20;

/// A header that was found.
#[derive(Clone, Debug)]
pub struct Header {
    /// What separates its cells.
    pub separator: Separator,
    /// Records above it.
    pub above: u64,
    /// Its line in the file, from 1.
    pub line: u64,
    /// Its cells as they stand there.
    pub titles: Vec<String>,
    /// Which of them is which column.
    pub columns: Columns,
    /// A line above it that says that amounts count in other units than yuan.
    units: Option<String>,
}

impl Header {
    /// Finds the header of a kind of file.
    pub fn find(path: &Path, text: TextReader, kind: Kind, encoding: &'static str) -> Result<Header, SourceError> {
        let io_error = |source| SourceError::Io { file: path.to_owned(), source };
        let mut head = Vec::new();
        text.take(HEAD).read_to_end(&mut head).map_err(io_error)?;
        let said = said_separator(&head);
        let mut best: Option<Header> = None;
        for separator in said.map_or(Separator::ALL.to_vec(), |separator| vec![separator]) {
            let found = look(&head, separator, kind);
            let better = |new: &Header, old: &Header| new.worth(kind) > old.worth(kind);
            if let Some(found) = found
                && best.as_ref().is_none_or(|best| better(&found, best))
            {
                best = Some(found);
            }
        }
        let best = best.ok_or_else(|| SourceError::Empty { file: path.to_owned() })?;
        best.check(path, kind, encoding)
    }

    /// How good a guess it is: all wanted columns, then the most columns.
    fn worth(&self, kind: Kind) -> (bool, usize) {
        (self.columns.missing(kind).is_empty(), self.columns.places.len())
    }

    fn check(self, path: &Path, kind: Kind, encoding: &'static str) -> Result<Header, SourceError> {
        let missing = self.columns.missing(kind);
        let twice: Vec<String> = self.columns.twice.iter().map(|at| shown(self.titles[*at].trim())).collect();
        if !missing.is_empty() || !twice.is_empty() {
            let other = |k: &Kind| *k != kind && Columns::of(*k, &self.titles).missing(*k).is_empty();
            let bad = BadHeader {
                file: path.to_owned(),
                kind,
                missing,
                twice,
                found: self.titles.iter().take(NAMED).map(|title| shown(title.trim())).collect(),
                looks: Kind::ALL.into_iter().find(other),
                encoding,
                separator: self.separator,
                line: self.line,
            };
            return Err(SourceError::Header(Box::new(bad)));
        }
        let amounts = ["turnover", "registered_capital", "population", "orders"];
        for title in amounts.iter().filter_map(|column| self.columns.place(column)).map(|at| &self.titles[at]) {
            if in_other_units(title) {
                return Err(SourceError::Unit { file: path.to_owned(), title: shown(title), line: self.line });
            }
        }
        match &self.units {
            // What is said above the table of its amounts holds for those it has.
            Some(said) if amounts.iter().any(|column| self.columns.place(column).is_some()) => {
                Err(SourceError::Unit { file: path.to_owned(), title: shown(said.trim()), line: self.line })
            }
            _ => Ok(self),
        }
    }
}

/// The separator that a first line `sep=;` says, as spreadsheets write and take it.
fn said_separator(head: &[u8]) -> Option<Separator> {
    let line = head.split(|b| *b == b'\n').next().unwrap_or_default();
    let line = std::str::from_utf8(line).unwrap_or_default().trim_matches(['"', '\u{feff}']);
    let said = line.get(..4).filter(|word| word.eq_ignore_ascii_case("sep=")).and_then(|_| line.get(4..))?;
    // A spreadsheet that saves the file again takes `sep=` for a cell and puts separators behind it.
    Separator::ALL.into_iter().find(|separator| said.starts_with(separator.sign()))
}

/// The first line that has all wanted columns by a separator, else the one that has the most.
fn look(head: &[u8], separator: Separator, kind: Kind) -> Option<Header> {
    let mut best: Option<Header> = None;
    let text = Separated::of_bytes(head, separator);
    let mut reader = super::records_of(text.as_ref(), separator);
    let (mut record, mut units) = (csv::StringRecord::new(), None);
    for above in 0..LINES as u64 {
        if !reader.read_record(&mut record).unwrap_or(false) {
            break;
        }
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        units = units.or_else(|| record.iter().find(|cell| says_other_units(cell)).map(str::to_owned));
        let titles: Vec<String> = record.iter().map(str::to_owned).collect();
        let columns = Columns::of(kind, &titles);
        let line = super::line_of(&reader, &record);
        let found = Header { separator, above, line, titles, columns, units: units.clone() };
        if best.as_ref().is_none_or(|best| found.worth(kind) > best.worth(kind)) {
            let all = found.worth(kind).0;
            best = Some(found);
            if all {
                break;
            }
        }
    }
    best
}
