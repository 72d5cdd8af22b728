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
use bincode::config::standard;
use declare::{Live, Of, wire_struct};
use held::Text;

wire_struct! {
    /// What happened, when it was recorded, and by whom.
    Entry<'a> is Today {
        at: i64,
        by: Text<'a>,
        event: event::Event<'a>,
    }
}

/// Appends an entry's bytes.
pub fn encode(entry: &Today, out: &mut Vec<u8>) -> Result<(), String> {
    bincode::serde::encode_into_std_write(Entry::of(entry), out, standard()).map(drop).map_err(|e| e.to_string())
}

/// Most bytes that an entry can claim to have: a length that nobody wrote takes no memory.
const MOST: usize = 256 << 20;

/// Reads an entry's bytes: all of them.
pub fn decode(bytes: &[u8]) -> Result<Today, String> {
    match bincode::serde::decode_from_slice::<Entry<'_>, _>(bytes, standard().with_limit::<MOST>()) {
        Ok((entry, used)) if used == bytes.len() => entry.live(),
        Ok(_) => Err("bytes left over".into()),
        Err(e) => Err(e.to_string()),
    }
}
