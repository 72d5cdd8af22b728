//! Peaks as bytes, each by how much more it has than the one before: whoever looks at all providers reads tens of
//! thousands of them.

use super::Peak;
use crate::ids::Seq;
use crate::points::Score;
use crate::time::Day;
use chrono::Datelike;
use serde::de::{Error, Visitor};
use serde::{Deserializer, Serializer};
use std::fmt;
use std::sync::Arc;

/// About how many bytes one takes.
const EACH: usize = 5;

/// Writes them.
pub fn serialize<S: Serializer>(peaks: &[Peak], to: S) -> Result<S::Ok, S::Error> {
    to.serialize_bytes(&written(peaks))
}

/// Reads them.
pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Arc<Vec<Peak>>, D::Error> {
    struct Bytes;
    impl Visitor<'_> for Bytes {
        type Value = Vec<Peak>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("peaks")
        }

        fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Vec<Peak>, E> {
            read(bytes).ok_or_else(|| E::custom("no peaks"))
        }
    }
    from.deserialize_bytes(Bytes).map(Arc::new)
}

fn written(peaks: &[Peak]) -> Vec<u8> {
    let (mut bytes, mut before) = (Vec::with_capacity(peaks.len() * EACH), [0; 3]);
    for Peak { on, line, score } in peaks {
        let is = [i64::from(on.num_days_from_ce()).cast_unsigned(), line.0, score.0.into()];
        before.iter().zip(is).for_each(|(was, is)| put(&mut bytes, is.wrapping_sub(*was).cast_signed()));
        before = is;
    }
    bytes
}

fn read(mut bytes: &[u8]) -> Option<Vec<Peak>> {
    // A number ends where no more of it is said, and each has three.
    let ends = bytes.iter().filter(|byte| **byte & 0x80 == 0).count();
    let (mut peaks, mut is) = (Vec::with_capacity(ends / 3), [0_u64; 3]);
    while !bytes.is_empty() {
        for number in &mut is {
            *number = number.wrapping_add(take(&mut bytes)?.cast_unsigned());
        }
        let [day, line, score] = is;
        let on = Day::from_num_days_from_ce_opt(day.cast_signed().try_into().ok()?)?;
        peaks.push(Peak { on, line: Seq(line), score: Score(score.try_into().ok()?) });
    }
    Some(peaks)
}

/// Writes a number, seven bits a byte, the lowest first; the very first bit is the sign, so that what is near to 0 is short.
fn put(bytes: &mut Vec<u8>, number: i64) {
    let mut rest = (number << 1 ^ number >> 63).cast_unsigned();
    while rest > 0x7f {
        bytes.push(rest.to_le_bytes()[0] | 0x80);
        rest >>= 7;
    }
    bytes.push(rest.to_le_bytes()[0]);
}

fn take(bytes: &mut &[u8]) -> Option<i64> {
    let mut number = 0;
    for shift in (0..u64::BITS).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some((number >> 1).cast_signed() ^ -(number & 1).cast_signed());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::Peaks;
    use super::*;
    use proptest::prelude::*;

    fn peaks() -> impl Strategy<Value = Vec<Peak>> {
        let seqs = prop_oneof![0..200u64, any::<u64>(), Just(u64::MAX)];
        let scores = prop_oneof![0..300u32, any::<u32>()];
        let days = prop_oneof![733_000..734_000i32, -90_000_000..90_000_000i32];
        let peak = |(day, seq, score)| {
            let on = Day::from_num_days_from_ce_opt(day).unwrap();
            Peak { on, line: Seq(seq), score: Score(score) }
        };
        prop::collection::vec((days, seqs, scores).prop_map(peak), 0..9)
    }

    proptest! {
        /// Whatever they are, they are read as they were written. What is cut is another list, and what was never written
        /// here no panic.
        #[test]
        fn peaks_are_read_as_they_were_written(
            first in peaks(),
            cut in 1..9usize,
            any in prop::collection::vec(any::<u8>(), 0..40),
        ) {
            let bytes = written(&first);
            prop_assert_eq!(read(&bytes), Some(first.clone()));
            let part = &bytes[..bytes.len().saturating_sub(cut)];
            prop_assert!(bytes.is_empty() || read(part).is_none_or(|read| read.len() < first.len()));
            drop(read(&any));
            let (peaks, config) = (Peaks { first: Arc::new(first), more: true }, bincode::config::standard());
            let record = bincode::serde::encode_to_vec(&peaks, config).unwrap();
            prop_assert_eq!(bincode::serde::decode_from_slice(&record, config).unwrap(), (peaks, record.len()));
        }
    }

    /// A year's peaks are near to one another: each takes some bytes.
    #[test]
    fn peaks_are_short() {
        let on = |n| Day::from_num_days_from_ce_opt(734_000 + n).unwrap();
        let peak = |n: i32| Peak { on: on(n * 3), line: Seq(900_000 - n as u64 * 999), score: Score(n as u32 * 5) };
        let peaks: Vec<Peak> = (0..40).map(peak).collect();
        assert_eq!(written(&peaks).len(), 3 + 3 + 1 + 39 * 4);
    }
}
