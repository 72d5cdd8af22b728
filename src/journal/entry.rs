//! What an entry is, and its bytes: a format's number, and what that format writes ([`super::v1`], [`super::v2`],
//! [`super::v3`]).

use super::{v1, v2, v3};
use crate::domain::Event;
use crate::ids::AskId;
use crate::rulebook::EditionHash;
use crate::time::Moment;

/// The newest format of entries: of a line and the edition that it was judged by.
pub const ENTRY_FORMAT: u16 = 3;
/// The format that says how an entry came in.
const CAME: u16 = 2;
/// The format that does not.
const WITHOUT: u16 = 1;
/// Bytes of a format's number.
const NUMBER: usize = size_of::<u16>();

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

/// An entry's bytes as they are before a block shortens them.
pub(super) enum Whole<'a> {
    One(&'a [u8]),
    Pieces { format: [u8; NUMBER], before: &'a [u8], edition: EditionHash, behind: &'a [u8] },
}

impl Whole<'_> {
    /// The edition that it is by, for those that follow it in its block.
    pub fn edition(&self) -> Option<EditionHash> {
        match self {
            Whole::One(_) => None,
            Whole::Pieces { edition, .. } => Some(*edition),
        }
    }
}

impl Entry {
    /// Appends the entry's bytes, whole: what the chain covers.
    pub fn encode(&self, out: &mut Vec<u8>) -> Result<(), String> {
        match &self.came {
            None => {
                out.extend_from_slice(&WITHOUT.to_le_bytes());
                v1::encode(self, out)
            }
            Some(came) => {
                out.extend_from_slice(&CAME.to_le_bytes());
                v1::encode(self, out)?;
                v2::encode(came, out)
            }
        }
    }

    /// Writes the entry's bytes, which end `out`, as a block has them that said that edition last.
    pub fn shorten(&self, said: &mut Option<EditionHash>, out: &mut Vec<u8>, start: usize) {
        let edition = self.event.deduction().and_then(|(_, law)| law.edition);
        if self.came.is_some()
            && edition.is_some_and(|edition| v3::shorten(out, start + NUMBER, edition, said))
            && let Some(number) = out.get_mut(start..start + NUMBER)
        {
            number.copy_from_slice(&ENTRY_FORMAT.to_le_bytes());
        }
    }

    /// An entry's bytes whole, in pieces.
    pub(super) fn whole(bytes: &[u8], said: Option<EditionHash>) -> Result<Whole<'_>, String> {
        match bytes.split_first_chunk::<NUMBER>() {
            Some((version, body)) if u16::from_le_bytes(*version) == ENTRY_FORMAT => {
                let (before, edition, behind) = v3::whole(body, said)?;
                Ok(Whole::Pieces { format: CAME.to_le_bytes(), before, edition, behind })
            }
            _ => Ok(Whole::One(bytes)),
        }
    }

    /// The format of an entry's bytes, when it is later than this program reads.
    pub(super) fn newer_format(bytes: &[u8]) -> Option<u16> {
        bytes.first_chunk::<NUMBER>().map(|v| u16::from_le_bytes(*v)).filter(|v| *v > ENTRY_FORMAT)
    }

    /// Reads an entry's bytes, all of them, behind the edition that its block said last.
    pub fn decode(bytes: &[u8], said: Option<EditionHash>) -> Result<Entry, String> {
        let Some((version, body)) = bytes.split_first_chunk::<NUMBER>() else {
            return Err("no format version".into());
        };
        match u16::from_le_bytes(*version) {
            WITHOUT => match v1::decode(body)? {
                (entry, []) => Ok(entry),
                _ => Err("bytes left over".into()),
            },
            CAME => Entry::that_came(body),
            ENTRY_FORMAT => {
                let (before, edition, behind) = v3::whole(body, said)?;
                let entry = Entry::that_came(&[before, &edition.0, behind].concat())?;
                match entry.event.deduction() {
                    Some((_, law)) if law.edition == Some(edition) => Ok(entry),
                    _ => Err("what stands for the edition of a line is something else".into()),
                }
            }
            format => Err(format!("entry format {format}; this koufen reads {WITHOUT} to {ENTRY_FORMAT}")),
        }
    }

    fn that_came(body: &[u8]) -> Result<Entry, String> {
        let (entry, rest) = v1::decode(body)?;
        Ok(Entry { came: Some(v2::decode(rest)?), ..entry })
    }
}
