//! Stamps: of each record that was written to sled what it was.
//!
//! sled answers damage with a panic, with silence, or with an older record. So what it gives back is held against a stamp
//! of key and value that is kept apart from it: a record that is not what was written last is noticed when it is read,
//! one that is gone likewise, and one that should not be there.

use super::keys::Key;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::hash::Hasher;

/// Bytes of a stamp in a file: the key's hash, the checksum, the key's kind.
const ENTRY: usize = 13;
/// A stamp in a file.
type Entry = [u8; ENTRY];

/// A stamp: which key, of which kind, and the checksum of what is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    key: u64,
    sum: u32,
    kind: u8,
}

/// See the module.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Stamps {
    /// As they were read, by key: nearly all stay as they stand in the file.
    read: Vec<u8>,
    /// Those that were put since.
    put: HashMap<u64, (u32, u8), foldhash::fast::RandomState>,
    /// How many keys there are of each kind.
    kinds: BTreeMap<u8, usize>,
}

impl Stamps {
    /// The stamp of a record.
    pub fn stamp(key: &[u8], value: &[u8]) -> Stamp {
        let mut sum = crc32fast::Hasher::new();
        sum.update(key);
        sum.update(value);
        Stamp { key: hash(key), sum: sum.finalize(), kind: key.first().copied().unwrap_or_default() }
    }

    /// Notes what was written.
    pub fn put(&mut self, stamp: Stamp) {
        if self.of(stamp.key).is_none() {
            *self.kinds.entry(stamp.kind).or_default() += 1;
        }
        self.put.insert(stamp.key, (stamp.sum, stamp.kind));
    }

    /// The stamp of what was written at a key.
    pub fn at(&self, key: &Key) -> Option<Stamp> {
        let (hash, kind) = (hash(key), key.first().copied().unwrap_or_default());
        self.of(hash).map(|sum| Stamp { key: hash, sum, kind })
    }

    /// Whether that is what was written at a key.
    pub fn is(&self, key: &[u8], value: &[u8]) -> bool {
        let stamp = Stamps::stamp(key, value);
        self.of(stamp.key) == Some(stamp.sum)
    }

    /// How many keys there are of a kind; none where the prefix says more than that. All of them for no prefix.
    pub fn of_kind(&self, prefix: &[u8]) -> Option<usize> {
        match prefix {
            [] => Some(self.kinds.values().sum()),
            [kind] => Some(self.kinds.get(kind).copied().unwrap_or_default()),
            _ => None,
        }
    }

    fn of(&self, key: u64) -> Option<u32> {
        if let Some((sum, _)) = self.put.get(&key) {
            return Some(*sum);
        }
        let (entries, _) = self.read.as_chunks();
        let at = entries.binary_search_by_key(&key, |entry| Stamp::of(entry).key).ok()?;
        entries.get(at).map(|entry| Stamp::of(entry).sum)
    }

    /// Whether any was put since they were read.
    pub fn has_changed(&self) -> bool {
        !self.put.is_empty()
    }

    /// As they stand in a file.
    pub fn to_bytes(&self) -> Cow<'_, [u8]> {
        if self.put.is_empty() {
            return Cow::Borrowed(&self.read);
        }
        let old = self.read.as_chunks().0.iter().copied().filter(|entry| !self.put.contains_key(&Stamp::of(entry).key));
        let new = self.put.iter().map(|(key, (sum, kind))| Stamp { key: *key, sum: *sum, kind: *kind }.entry());
        let mut all: Vec<Entry> = old.chain(new).collect();
        all.sort_unstable_by_key(|entry| Stamp::of(entry).key);
        Cow::Owned(all.into_flattened())
    }

    /// The stamps of a file of a checksum; none where it is another file.
    pub fn of_bytes(read: Vec<u8>, sum: u32) -> Option<Stamps> {
        let (entries, rest) = read.as_chunks();
        if !rest.is_empty() || crc32fast::hash(&read) != sum {
            return None;
        }
        let mut counts = [0; 256];
        entries.iter().for_each(|entry| counts[usize::from(Stamp::of(entry).kind)] += 1);
        let kinds = (0..=u8::MAX).zip(counts).filter(|(_, count)| *count > 0).collect();
        Some(Stamps { read, put: HashMap::default(), kinds })
    }
}

impl Stamp {
    /// As it stands in a file.
    fn entry(self) -> Entry {
        let mut entry = [0; ENTRY];
        entry[..8].copy_from_slice(&self.key.to_le_bytes());
        entry[8..12].copy_from_slice(&self.sum.to_le_bytes());
        entry[12] = self.kind;
        entry
    }

    fn of(entry: &Entry) -> Stamp {
        let [a, b, c, d, e, f, g, h, i, j, k, l, kind] = *entry;
        Stamp { key: u64::from_le_bytes([a, b, c, d, e, f, g, h]), sum: u32::from_le_bytes([i, j, k, l]), kind }
    }
}

/// A key's hash.
fn hash(key: &[u8]) -> u64 {
    let mut hash = fnv::FnvHasher::default();
    hash.write(key);
    hash.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp(key: u64, value: &[u8]) -> Stamp {
        Stamps::stamp(&key.to_be_bytes(), value)
    }

    fn read_again(stamps: &Stamps) -> Stamps {
        let bytes = stamps.to_bytes().into_owned();
        let sum = crc32fast::hash(&bytes);
        Stamps::of_bytes(bytes, sum).unwrap()
    }

    /// What stands in a file is what was put, the last of each key, and is found there whatever is put afterwards: what is
    /// read is looked for by its order.
    #[test]
    fn stamps_of_a_file_are_those_that_were_put() {
        let mut stamps = Stamps::default();
        (0..999).for_each(|key| stamps.put(stamp(key, b"then")));
        let mut read = read_again(&stamps);
        assert_eq!((stamps.has_changed(), read.has_changed()), (true, false));
        (0..999).step_by(3).for_each(|key| read.put(stamp(key, b"now")));
        (2_000..2_400).for_each(|key| read.put(stamp(key, b"now")));
        assert!(read.has_changed(), "it is not what was read");
        let again = read_again(&read);
        for stamps in [&read, &again] {
            for key in 0..2_400_u64 {
                let says = |value: &[u8]| stamps.is(&key.to_be_bytes(), value);
                let is_new = key < 999 && key % 3 == 0 || key >= 2_000;
                assert_eq!((says(b"now"), says(b"then")), (is_new, key < 999 && !is_new), "{key}");
            }
            assert_eq!(stamps.of_kind(&[]), Some(1_399));
        }
        assert_eq!(again.to_bytes(), read.to_bytes());
        for bytes in [vec![0; ENTRY], vec![0; ENTRY + 1], Vec::new()] {
            let sum = crc32fast::hash(&bytes);
            assert_eq!(Stamps::of_bytes(bytes.clone(), sum).is_some(), bytes.len() % ENTRY == 0);
            assert!(Stamps::of_bytes(bytes, sum ^ 1).is_none());
        }
    }
}
