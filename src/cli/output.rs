//! How answers look: tables in columns of terminal cells, JSON with stable names, errors on the other stream.

use crate::desk::DeskError;
use crate::domain::Refusal;
use crate::door::caller::Caller;
use crate::exchange::clean::shown;
use crate::exchange::{ExportError, SourceError};
use crate::store::StoreError;
use crate::words::Lang;
use serde::Serialize;
use std::io::{self, Write};
use unicode_width::UnicodeWidthStr;

/// Exit codes, as the manual has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done.
    Ok = 0,
    /// Refused by the rules, or rows rejected under `--strict`.
    Refused = 1,
    /// The command line itself.
    Usage = 2,
    /// The store or its files.
    Store = 3,
    /// Another koufen has the store open: try again.
    Busy = 4,
}

impl Exit {
    /// The code that another koufen ended a command with.
    pub fn of(code: u8) -> Exit {
        match code {
            0 => Exit::Ok,
            1 => Exit::Refused,
            2 => Exit::Usage,
            4 => Exit::Busy,
            _ => Exit::Store,
        }
    }
}

/// Where a command's answers go, and how.
pub struct Answer<'a> {
    /// Results.
    pub out: &'a mut dyn Write,
    /// Remarks and errors.
    pub err: &'a mut dyn Write,
    /// The language.
    pub lang: Lang,
    /// JSON instead of text.
    pub json: bool,
    /// Whether a progress bar may show on the standard error.
    pub bar: bool,
    /// Where the command was typed.
    pub caller: &'a dyn Caller,
}

/// Why a command came to nothing.
#[derive(Debug)]
pub enum Failure {
    /// The rules refuse it.
    Refused(Refusal),
    /// The same, with the entries that it names, for JSON.
    Named(Refusal, Vec<serde_json::Value>),
    /// The command line is wrong; a sentence in the person's language.
    Usage(String),
    /// A file cannot be imported.
    Source(SourceError),
    /// The store.
    Store(StoreError),
    /// A refusal of the program's own: a stable reason and a sentence.
    Own(Exit, &'static str, String),
    /// The output is gone or full.
    Output(io::Error),
}

impl From<StoreError> for Failure {
    fn from(e: StoreError) -> Failure {
        Failure::Store(e)
    }
}

impl From<io::Error> for Failure {
    fn from(e: io::Error) -> Failure {
        Failure::Output(e)
    }
}

impl From<serde_json::Error> for Failure {
    fn from(e: serde_json::Error) -> Failure {
        Failure::Output(e.into())
    }
}

impl From<DeskError> for Failure {
    fn from(e: DeskError) -> Failure {
        match e {
            DeskError::Refused(refusal) => Failure::Refused(refusal),
            DeskError::Store(e) => Failure::Store(e),
        }
    }
}

impl From<ExportError> for Failure {
    fn from(e: ExportError) -> Failure {
        match e {
            ExportError::Store(e) => Failure::Store(e),
            ExportError::Io { file, source } if file.as_os_str() == "-" => Failure::Output(source),
            ExportError::Io { .. } => Failure::Own(Exit::Usage, "cannot write", shown(&e.to_string())),
        }
    }
}

#[derive(Serialize)]
struct ErrorJson<'a> {
    error: ErrorBody<'a>,
}

#[derive(Serialize)]
struct ErrorBody<'a> {
    reason: &'a str,
    detail: String,
    clause: Option<&'a str>,
    #[serde(skip_serializing_if = "<[serde_json::Value]>::is_empty")]
    entries: &'a [serde_json::Value],
}

/// The exit code of a file that cannot be imported: one that cannot even be read was named wrongly.
pub fn source_exit(e: &SourceError) -> Exit {
    if matches!(e, SourceError::Io { .. }) { Exit::Usage } else { Exit::Refused }
}

impl Answer<'_> {
    /// Writes a value as JSON on one line.
    pub fn json(&mut self, value: &impl Serialize) -> Result<(), Failure> {
        serde_json::to_writer(&mut *self.out, value)?;
        Ok(writeln!(self.out)?)
    }

    /// Writes one line of text.
    pub fn line(&mut self, text: &str) -> Result<(), Failure> {
        Ok(writeln!(self.out, "{text}")?)
    }

    /// A remark beside the answer. Nobody is told when even that cannot be written.
    pub fn remark(&mut self, text: &str) {
        let _ = writeln!(self.err, "koufen: {text}");
    }

    /// Writes rows under a header, columns aligned in terminal cells; `right` are the columns of numbers.
    pub fn table(&mut self, header: &[String], rows: &[Vec<String>], right: &[usize]) -> Result<(), Failure> {
        let all = || std::iter::once(header).chain(rows.iter().map(Vec::as_slice));
        let taken: Vec<Vec<usize>> = all().map(|row| row.iter().map(|cell| width(cell)).collect()).collect();
        let mut widths = vec![0; header.len()];
        for row in &taken {
            widths.iter_mut().zip(row).for_each(|(width, taken)| *width = (*width).max(*taken));
        }
        let mut line = String::new();
        for (row, taken) in all().zip(&taken) {
            line.clear();
            for (i, ((cell, taken), width)) in row.iter().zip(taken).zip(&widths).enumerate() {
                let pad = std::iter::repeat_n(' ', width - taken);
                line.push_str(if i == 0 { "" } else { "  " });
                match right.contains(&i) {
                    true => line.extend(pad.chain(cell.chars())),
                    false => {
                        line.push_str(cell);
                        line.extend(pad);
                    }
                }
            }
            self.line(line.trim_end())?;
        }
        Ok(())
    }

    /// What a refusal says, and which option takes it all the same.
    fn refused(&self, refusal: &Refusal) -> String {
        let said = crate::words::refusal(self.lang, refusal);
        match refusal {
            Refusal::SaidBefore { .. } => said + &self.lang.say("cli-again"),
            Refusal::GoesAlong { .. } => said + &self.lang.say("cli-along"),
            _ => said,
        }
    }

    /// Says why a command came to nothing, and which exit code that is. A reader that went away is no error.
    pub fn failure(&mut self, failure: &Failure) -> Exit {
        let (exit, reason, detail, clause) = match failure {
            Failure::Output(e) if e.kind() == io::ErrorKind::BrokenPipe => return Exit::Ok,
            Failure::Output(e) => (Exit::Store, "cannot write", shown(&e.to_string()), None),
            Failure::Refused(r) | Failure::Named(r, _) => (Exit::Refused, r.reason(), self.refused(r), r.clause()),
            Failure::Usage(text) => (Exit::Usage, "usage", text.clone(), None),
            Failure::Source(e) => (source_exit(e), "bad file", crate::exchange::said::source_error(self.lang, e), None),
            Failure::Store(e @ StoreError::AlreadyOpen { .. }) => {
                (Exit::Busy, "busy", crate::words::store_error(self.lang, e), None)
            }
            Failure::Store(e) => (Exit::Store, "store", crate::words::store_error(self.lang, e), None),
            Failure::Own(exit, reason, text) => (*exit, *reason, text.clone(), None),
        };
        match self.json {
            true => {
                let entries = if let Failure::Named(_, entries) = failure { entries.as_slice() } else { &[] };
                let body = ErrorJson { error: ErrorBody { reason, detail, clause, entries } };
                let text = serde_json::to_string(&body).unwrap_or_default();
                let _ = writeln!(self.err, "{text}");
            }
            false => self.remark(&detail),
        }
        exit
    }
}

/// How many cells of the terminal a text takes. Most of a table is ASCII, of which that is seen at once.
fn width(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.width() }
}
