//! Version 3 of the entries: what version 2 writes, of a line that was judged by an edition. The 32 bytes of the edition
//! stand in the first entry of a block that has them, and are left out of those that follow: an office's lines are all by
//! one edition, which was a quarter of its journal.
//!
//! | field | bytes |
//! |---|---|
//! | where the edition stands in the rest, or belongs | u16 |
//! | whether it is left out | 1: 0 or 1 |
//! | the rest | what version 2 writes, with the edition or without |
//!
//! A block says all that its entries need, and the chain covers them whole: it is the same however they are grouped. Where the edition stands beyond what the number says, version 2 is written.

use crate::rulebook::EditionHash;

/// Bytes before the rest.
const HEAD: usize = 3;
/// Bytes of an edition.
const EDITION: usize = size_of::<EditionHash>();

/// Writes what version 2 wrote from `start` on anew as this version does, behind the edition that was said last in its
/// block. Whether it could.
pub fn shorten(out: &mut Vec<u8>, start: usize, edition: EditionHash, said: &mut Option<EditionHash>) -> bool {
    let Some(at) = out.get(start..).and_then(|rest| rest.windows(EDITION).position(|bytes| *bytes == edition.0)) else {
        return false;
    };
    let Ok(place) = u16::try_from(at) else { return false };
    let left_out = *said == Some(edition);
    *said = Some(edition);
    if left_out {
        out.drain(start + at..start + at + EDITION);
    }
    let [low, high] = place.to_le_bytes();
    out.splice(start..start, [low, high, u8::from(left_out)]);
    true
}

/// What version 2 wrote: what comes before the edition, that, and what comes behind it.
pub fn whole(bytes: &[u8], said: Option<EditionHash>) -> Result<(&[u8], EditionHash, &[u8]), String> {
    let cut_short = || "the edition of a line is cut short".to_owned();
    let ([low, high, left_out], rest) = bytes.split_first_chunk::<HEAD>().ok_or_else(cut_short)?;
    let at = usize::from(u16::from_le_bytes([*low, *high]));
    let (before, behind) = rest.split_at_checked(at).ok_or_else(cut_short)?;
    match left_out {
        0 => {
            let (edition, behind) = behind.split_first_chunk().ok_or_else(cut_short)?;
            Ok((before, EditionHash(*edition), behind))
        }
        1 => {
            let said = said.ok_or("a line by the edition of one before it in its block, and none says one")?;
            Ok((before, said, behind))
        }
        _ => Err("neither whether the edition of a line is there nor that it is left out".to_owned()),
    }
}
