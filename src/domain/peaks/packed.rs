//! Peaks as bytes, each by how much more it has than the one before: whoever looks at all providers reads tens of
//! thousands of them, and asks of most lists only for the first that is high enough. So they stay bytes until they change.

use super::Peak;
use crate::ids::Seq;
use crate::points::Score;
use crate::time::Day;
use chrono::Datelike;
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::sync::Arc;

/// About how many bytes one takes.
const EACH: usize = 5;

/// Peaks in their order. Copies share them until they change.
#[derive(Clone, Debug, Default)]
pub struct List {
    /// As they were read, until somebody changes them.
    read: Option<Arc<[u8]>>,
    /// As they came in.
    held: Arc<Vec<Peak>>,
}

impl List {
    /// The first of a score or a higher one.
    pub fn first_from(&self, mark: Score) -> Option<Peak> {
        match &self.read {
            Some(bytes) => Peaks(bytes, [0; 3]).find(|[_, _, score]| *score >= mark.0.into()).and_then(peak),
            None => self.held.iter().find(|peak| peak.score >= mark).copied(),
        }
    }

    /// All of them, to be changed.
    pub fn held(&mut self) -> &mut Arc<Vec<Peak>> {
        if let Some(bytes) = self.read.take() {
            // A number ends where no more of it is said, and each has three.
            let ends = bytes.iter().filter(|byte| **byte & 0x80 == 0).count();
            let mut peaks = Vec::with_capacity(ends / 3 + 1);
            peaks.extend(Peaks(&bytes, [0; 3]).filter_map(peak));
            self.held = Arc::new(peaks);
        }
        &mut self.held
    }

    /// About how many bytes they take.
    pub fn size(&self) -> usize {
        self.read.as_ref().map_or(self.held.capacity() * size_of::<Peak>(), |bytes| bytes.len())
    }
}

impl PartialEq for List {
    fn eq(&self, other: &List) -> bool {
        match (&self.read, &other.read) {
            (None, None) => self.held == other.held,
            _ => self.clone().held() == other.clone().held(),
        }
    }
}

impl Eq for List {}

impl Serialize for List {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match &self.read {
            Some(bytes) => to.serialize_bytes(bytes),
            None => to.serialize_bytes(&written(&self.held)),
        }
    }
}

impl<'de> Deserialize<'de> for List {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<List, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = List;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("peaks")
            }

            fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<List, E> {
                if are_peaks(bytes) { Ok(as_read(bytes)) } else { Err(E::custom("no peaks")) }
            }
        }
        from.deserialize_bytes(Bytes)
    }
}

/// Peaks in bytes, each as its day, its line and its score; until what is no number.
struct Peaks<'a>(&'a [u8], [u64; 3]);

impl Iterator for Peaks<'_> {
    type Item = [u64; 3];

    fn next(&mut self) -> Option<[u64; 3]> {
        let Peaks(bytes, is) = self;
        let mut rest = *bytes;
        for number in &mut *is {
            *number = number.wrapping_add(take(&mut rest)?.cast_unsigned());
        }
        *bytes = rest;
        Some(*is)
    }
}

/// Peaks as they were read.
fn as_read(bytes: &[u8]) -> List {
    List { read: Some(bytes.into()), held: Arc::default() }
}

/// Whether bytes are peaks from first to last.
fn are_peaks(bytes: &[u8]) -> bool {
    let mut all = Peaks(bytes, [0; 3]);
    let days = i64::from(Day::MIN.num_days_from_ce())..=i64::from(Day::MAX.num_days_from_ce());
    let is_one = |[day, _, score]: [u64; 3]| days.contains(&day.cast_signed()) && u32::try_from(score).is_ok();
    all.by_ref().all(is_one) && all.0.is_empty()
}

fn peak([day, line, score]: [u64; 3]) -> Option<Peak> {
    let on = Day::from_num_days_from_ce_opt(day.cast_signed().try_into().ok()?)?;
    Some(Peak { on, line: Seq(line), score: Score(score.try_into().ok()?) })
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
        /// Whatever they are, they are read as they were written, and found as they stand. What is cut is another list, or
        /// none, and what was never written here no panic.
        #[test]
        fn peaks_are_read_as_they_were_written(
            first in peaks(),
            mark in 0..300u32,
            cut in 1..9usize,
            any in prop::collection::vec(any::<u8>(), 0..40),
        ) {
            let (held, config) = (List { read: None, held: Arc::new(first.clone()) }, bincode::config::standard());
            let record = bincode::serde::encode_to_vec(&held, config).unwrap();
            let (read, len) = bincode::serde::decode_from_slice::<List, _>(&record, config).unwrap();
            prop_assert!(read.read.is_some() && len == record.len());
            prop_assert_eq!(bincode::serde::encode_to_vec(&read, config).unwrap(), record);
            let high = first.iter().find(|peak| peak.score.0 >= mark).copied();
            prop_assert_eq!([read.first_from(Score(mark)), held.first_from(Score(mark))], [high; 2]);
            prop_assert_eq!(&read, &held);
            let mut decoded = read.clone();
            prop_assert_eq!(&**decoded.held(), &first);
            let bytes = written(&first);
            let part = &bytes[..bytes.len().saturating_sub(cut)];
            let mut less = as_read(part);
            prop_assert!(bytes.is_empty() || less.held().len() < first.len() && (!are_peaks(part) || less != held));
            let mut any = as_read(&any);
            prop_assert!(any.first_from(Score(mark)).is_none_or(|peak| any.held().contains(&peak)));
        }
    }

    /// Bytes that say no day, no score or no whole number are no peaks.
    #[test]
    fn what_is_no_peak_is_refused() {
        let bytes = |numbers: [i64; 3]| {
            let mut bytes = Vec::new();
            numbers.into_iter().for_each(|number| put(&mut bytes, number));
            bytes
        };
        assert!(are_peaks(&[]) && are_peaks(&bytes([734_000, 1, 5])));
        let long = [[0xff; 10].as_slice(), &[0]].concat();
        for wrong in [bytes([1 << 40, 1, 5]), bytes([734_000, 1, 1 << 32]), bytes([734_000, 1, -1]), long, vec![2, 2]] {
            assert!(!are_peaks(&wrong), "{wrong:?}");
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
