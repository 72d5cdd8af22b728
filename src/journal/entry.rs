//! What an entry is, and its bytes: a format's number, and what that format writes ([`super::v1`]).

use super::v1;
use crate::domain::Event;
use crate::time::Moment;
use serde::Serialize;

/// Format of entries written now.
pub const ENTRY_FORMAT: u16 = 1;

/// What happened, when it was recorded, and by whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// When it was recorded.
    pub at: Moment,
    /// Who recorded it.
    pub by: String,
    /// What happened.
    pub event: Event,
}

impl Entry {
    /// Appends the entry's bytes.
    pub fn encode(&self, out: &mut Vec<u8>) -> Result<(), String> {
        out.extend_from_slice(&ENTRY_FORMAT.to_le_bytes());
        v1::encode(self, out)
    }

    /// The format of an entry's bytes, when it is later than this program reads.
    pub(super) fn newer_format(bytes: &[u8]) -> Option<u16> {
        bytes.first_chunk::<2>().map(|v| u16::from_le_bytes(*v)).filter(|v| *v > ENTRY_FORMAT)
    }

    /// Reads an entry's bytes.
    pub fn decode(bytes: &[u8]) -> Result<Entry, String> {
        let Some((version, body)) = bytes.split_first_chunk::<2>() else { return Err("no format version".into()) };
        match u16::from_le_bytes(*version) {
            ENTRY_FORMAT => v1::decode(body),
            newer => Err(format!("entry format {newer}; this koufen reads up to {ENTRY_FORMAT}")),
        }
    }
}
