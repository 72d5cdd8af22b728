//! Version 2 of the entries: what version 1 writes, and behind it how the entry came in.
//!
//! | field | written as |
//! |---|---|
//! | the door | its number: local, attached, program |
//! | what it was asked under | 0 where no id was given; else 1, the id's 16 bytes, and whether this entry is the answer |
//!
//! The encoding is that of version 1: an enum's number, an option's, and bytes as they are. Doors are only appended.

use super::entry::{Came, Door, Part};
use crate::ids::AskId;
use bincode::config::standard;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct Tail {
    door: Way,
    part: Option<([u8; 16], bool)>,
}

#[derive(Serialize, Deserialize)]
enum Way {
    Local,
    Attached,
    Program,
}

/// Appends how an entry came in.
pub fn encode(came: &Came, out: &mut Vec<u8>) -> Result<(), String> {
    let door = match came.door {
        Door::Local => Way::Local,
        Door::Attached => Way::Attached,
        Door::Program => Way::Program,
    };
    let tail = Tail { door, part: came.part.map(|Part { of, answers }| (of.0, answers)) };
    bincode::serde::encode_into_std_write(tail, out, standard()).map(drop).map_err(|e| e.to_string())
}

/// Reads how an entry came in: all of the bytes.
pub fn decode(bytes: &[u8]) -> Result<Came, String> {
    let (Tail { door, part }, used) =
        bincode::serde::decode_from_slice(bytes, standard()).map_err(|e| e.to_string())?;
    if used != bytes.len() {
        return Err("bytes left over".into());
    }
    let door = match door {
        Way::Local => Door::Local,
        Way::Attached => Door::Attached,
        Way::Program => Door::Program,
    };
    Ok(Came { door, part: part.map(|(of, answers)| Part { of: AskId(of), answers }) })
}
