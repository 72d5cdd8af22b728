//! What an entry is, and its bytes: a format's number, and what that format writes ([`super::v1`], [`super::v2`]).

use super::{v1, v2};
use crate::domain::Event;
use crate::ids::AskId;
use crate::time::Moment;

/// Format of entries written now.
pub const ENTRY_FORMAT: u16 = 2;
/// The format that does not say how an entry came in.
const WITHOUT: u16 = 1;

/// What happened, when it was recorded, by whom, and how it came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When it was recorded.
    pub at: Moment,
    /// Who recorded it.
    pub by: String,
    /// How it came in; none in an entry of format 1, which does not say.
    pub came: Option<Came>,
    /// What happened.
    pub event: Event,
}

/// How an entry came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Came {
    /// Through which door.
    pub door: Door,
    /// What it was asked under, where who asked gave an id.
    pub part: Option<Part>,
}

/// A way in to a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// The process that has the store open: a console or a command line at its own terminal.
    Local,
    /// The socket beside the store; the system says who is at its other end.
    Attached,
    /// Nobody: sample data, a case of a rulebook's, a test.
    Program,
}

impl Door {
    /// Its stable name.
    pub fn word(self) -> &'static str {
        match self {
            Door::Local => "local",
            Door::Attached => "attached",
            Door::Program => "program",
        }
    }
}

/// Of all that one ask became: this entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// The id of the ask.
    pub of: AskId,
    /// Whether it is the entry that the ask was answered with; the others came with it.
    pub answers: bool,
}

impl Entry {
    /// Appends the entry's bytes: in the format that it was read in.
    pub fn encode(&self, out: &mut Vec<u8>) -> Result<(), String> {
        match &self.came {
            None => {
                out.extend_from_slice(&WITHOUT.to_le_bytes());
                v1::encode(self, out)
            }
            Some(came) => {
                out.extend_from_slice(&ENTRY_FORMAT.to_le_bytes());
                v1::encode(self, out)?;
                v2::encode(came, out)
            }
        }
    }

    /// The format of an entry's bytes, when it is later than this program reads.
    pub(super) fn newer_format(bytes: &[u8]) -> Option<u16> {
        bytes.first_chunk::<2>().map(|v| u16::from_le_bytes(*v)).filter(|v| *v > ENTRY_FORMAT)
    }

    /// Reads an entry's bytes: all of them.
    pub fn decode(bytes: &[u8]) -> Result<Entry, String> {
        let Some((version, body)) = bytes.split_first_chunk::<2>() else { return Err("no format version".into()) };
        let format = u16::from_le_bytes(*version);
        if !(WITHOUT..=ENTRY_FORMAT).contains(&format) {
            return Err(format!("entry format {format}; this koufen reads {WITHOUT} to {ENTRY_FORMAT}"));
        }
        let (entry, rest) = v1::decode(body)?;
        match (format, rest) {
            (ENTRY_FORMAT, rest) => Ok(Entry { came: Some(v2::decode(rest)?), ..entry }),
            (_, []) => Ok(entry),
            _ => Err("bytes left over".into()),
        }
    }
}
