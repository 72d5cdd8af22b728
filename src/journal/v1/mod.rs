//! Version 1 of the entries: what is written of each event of [`crate::domain`], in types of its own.
//!
//! An entry is bincode (standard configuration: little-endian, variable-length integers, an enum's number before what
//! its variant holds) of [`Entry`], after the format's number. bincode is not self-describing: the order of what stands
//! here is the format. [`held`] says how ids, days and amounts are written, [`event`] how the format grows without ever
//! being broken.
//!
//! The journal alone knows these types; everyone else knows today's. Deliberately absent: any rule, and any reading of
//! one type as another.

mod admission;
mod alert;
mod case;
mod correction;
mod declare;
mod deposit;
mod edition;
mod event;
mod finding;
mod held;
mod life;
mod line;
mod notice;
mod objection;
mod record;
mod request;
mod roster;
mod service;
mod territory;
mod turnover;

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]
mod tests;

use super::Entry as Today;
use crate::time::Moment;
use bincode::config::standard;
use declare::{Live, Of};
use held::Text;
use serde::{Deserialize, Serialize};

/// What happened, when it was recorded, and by whom. How it came in is written by later formats, behind it.
#[derive(Serialize, Deserialize)]
struct Entry<'a> {
    at: i64,
    by: Text<'a>,
    event: event::Event<'a>,
}

/// Appends an entry's bytes.
pub fn encode(entry: &Today, out: &mut Vec<u8>) -> Result<(), String> {
    let Today { at, by, came: _, event } = entry;
    let written = Entry { at: at.0, by: Text::of(by), event: Of::of(event) };
    bincode::serde::encode_into_std_write(written, out, standard()).map(drop).map_err(|e| e.to_string())
}

/// Most bytes that an entry can claim to have: a length that nobody wrote takes no memory.
const MOST: usize = 256 << 20;

/// Reads an entry's bytes, and answers with those behind it.
pub fn decode(bytes: &[u8]) -> Result<(Today, &[u8]), String> {
    let (read, used): (Entry<'_>, _) =
        bincode::serde::decode_from_slice(bytes, standard().with_limit::<MOST>()).map_err(|e| e.to_string())?;
    let entry = Today { at: Moment(read.at), by: read.by.live()?, came: None, event: read.event.live()? };
    Ok((entry, bytes.get(used..).unwrap_or_default()))
}
