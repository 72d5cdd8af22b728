//! Audits: an audit sheet is a record of its own (who looked, at what, on which day), and the lines that it found stand right
//! behind it in the same block: all of them or nothing. They go and come back with it; each can be reversed by itself.

use super::happening::Happening;
use super::state::{Filed, State};
use super::{Command, Deduction, Event, Fact, NAME_MAX, NOTE_MAX, Recording, Refusal, required};
use crate::ids::{ProviderId, Seq};
use crate::time::Day;
use serde::{Deserialize, Serialize};

/// Most lines of one audit: it is one block of the journal.
pub const LINES_MAX: usize = 1_000;

/// An audit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audit {
    /// Who looked.
    pub auditors: Vec<String>,
    /// At what.
    pub scope: String,
    /// How many lines it brought: they are the entries right behind it.
    pub lines: u32,
}

/// An audit as it is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// At which provider.
    pub provider: ProviderId,
    /// Who looked.
    pub auditors: Vec<String>,
    /// At what.
    pub scope: String,
    /// The day; today where none.
    pub on: Option<Day>,
    /// Remarks.
    pub note: Option<String>,
    /// What was found; nothing is an answer too.
    pub lines: Vec<Deduction>,
}

/// An audit on record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audited {
    /// The entry.
    pub seq: Seq,
    /// The day.
    pub on: Day,
    /// What it says.
    pub audit: Audit,
    /// Who recorded it.
    pub by: String,
    /// Remarks.
    pub note: Option<String>,
}

/// Why an audit's sheet is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// A line of another provider.
    OtherProvider {
        /// Whose the line is.
        provider: ProviderId,
        /// Whose the audit is.
        audited: ProviderId,
    },
    /// More lines than one block takes.
    TooManyLines {
        /// How many there are.
        lines: usize,
    },
}

impl Flaw {
    /// The stable name in files and JSON.
    pub fn reason(&self) -> &'static str {
        match self {
            Flaw::OtherProvider { .. } => "provider of another audit",
            Flaw::TooManyLines { .. } => "too many lines",
        }
    }

    /// The field that it is about.
    pub fn field(&self) -> &'static str {
        match self {
            Flaw::OtherProvider { .. } => "provider_id",
            Flaw::TooManyLines { .. } => "lines",
        }
    }
}

impl Sheet {
    /// The audit by itself, as a record.
    pub(super) fn recording(&self) -> Result<Recording, Refusal> {
        if self.lines.len() > LINES_MAX {
            return Err(Refusal::Audit(Flaw::TooManyLines { lines: self.lines.len() }));
        }
        if let Some(other) = self.lines.iter().find(|line| line.provider != self.provider) {
            let (provider, audited) = (other.provider.clone(), self.provider.clone());
            return Err(Refusal::Audit(Flaw::OtherProvider { provider, audited }));
        }
        let lines = u32::try_from(self.lines.len()).unwrap_or(u32::MAX);
        let fact = Fact::Audit(Audit { auditors: self.auditors.clone(), scope: self.scope.clone(), lines });
        let (provider, on, note) = (self.provider.clone(), self.on, self.note.clone());
        Ok(Recording { provider, fact, on, confirmed_by: None, note })
    }

    /// The commands of its lines, as a person would type each.
    pub fn commands(&self) -> impl Iterator<Item = Command> + '_ {
        self.lines.iter().cloned().map(Command::Deduct)
    }
}

impl Audit {
    /// The entries of its lines, if the audit is that one.
    pub fn entries(&self, audit: Seq) -> impl Iterator<Item = Seq> + use<> {
        let first = audit.0 + 1;
        (first..first + u64::from(self.lines)).map(Seq)
    }
}

/// Checks an audit: somebody looked, at something.
pub(super) fn decide(asked: &Audit) -> Result<Audit, Refusal> {
    let auditors = asked.auditors.iter().filter(|name| !name.trim().is_empty());
    let auditors = auditors.map(|name| required("auditors", name, NAME_MAX)).collect::<Result<Vec<_>, _>>()?;
    if auditors.is_empty() {
        return Err(Refusal::Missing { field: "auditors" });
    }
    Ok(Audit { auditors, scope: required("scope", &asked.scope, NOTE_MAX)?, lines: asked.lines })
}

/// An audit that is recorded as a record like any other brings no lines.
pub(super) fn alone(event: Event) -> Event {
    let Event::Happened(mut h) = event else { return event };
    if let Fact::Audit(audit) = &mut h.fact {
        audit.lines = 0;
    }
    Event::Happened(h)
}

/// What an audit changes.
pub(super) fn follow(state: &mut State, filed: &Filed, h: &Happening, audit: &Audit) {
    let (audit, by, note) = (audit.clone(), filed.by.clone(), h.note.clone());
    state.dossier.audits.push(Audited { seq: filed.known(), on: h.on, audit, by, note });
}
