//! Stamps: of each record that was written to sled what it was.
//!
//! sled answers damage with a panic, with silence, or with an older record. So what it gives back is held against a stamp
//! of key and value that is kept apart from it: a record that is not what was written last is noticed when it is read,
//! one that is gone likewise, and one that should not be there.

use super::StoreError;
use super::keys::Key;
use std::collections::{BTreeMap, HashMap};
use std::hash::Hasher;

/// Bytes of a stamp in a file: the key's hash, the checksum, the key's kind.
const ENTRY: usize = 13;

/// A stamp: which key, of which kind, and the checksum of what is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stamp {
    key: u64,
    sum: u32,
    kind: u8,
}

/// See the module.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Stamps {
    /// As they were read, by key.
    read: Vec<Stamp>,
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

    /// Whether anything was written at a key.
    pub fn has(&self, key: &Key) -> bool {
        self.of(hash(key)).is_some()
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
        let at = self.read.binary_search_by_key(&key, |stamp| stamp.key).ok()?;
        self.read.get(at).map(|stamp| stamp.sum)
    }

    /// As they stand in a file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let old = self.read.iter().filter(|stamp| !self.put.contains_key(&stamp.key)).copied();
        let new = self.put.iter().map(|(key, (sum, kind))| Stamp { key: *key, sum: *sum, kind: *kind });
        let mut all: Vec<Stamp> = old.chain(new).collect();
        all.sort_unstable();
        let mut bytes = Vec::with_capacity(all.len() * ENTRY);
        for Stamp { key, sum, kind } in all {
            bytes.extend_from_slice(&key.to_le_bytes());
            bytes.extend_from_slice(&sum.to_le_bytes());
            bytes.push(kind);
        }
        bytes
    }

    /// The stamps of a file, if it has some.
    pub fn of_bytes(bytes: &[u8]) -> Result<Stamps, StoreError> {
        let (mut read, mut kinds) = (Vec::with_capacity(bytes.len() / ENTRY), BTreeMap::new());
        let mut counts = [0; 256];
        for entry in bytes.chunks(ENTRY) {
            let stamp = entry.split_first_chunk().and_then(|(key, rest)| {
                let (sum, rest) = rest.split_first_chunk()?;
                Some(Stamp { key: u64::from_le_bytes(*key), sum: u32::from_le_bytes(*sum), kind: *rest.first()? })
            });
            let stamp = stamp.ok_or_else(|| StoreError::view("stamps are cut short"))?;
            counts[usize::from(stamp.kind)] += 1;
            read.push(stamp);
        }
        kinds.extend((0..=u8::MAX).zip(counts).filter(|(_, count)| *count > 0));
        Ok(Stamps { read, put: HashMap::default(), kinds })
    }
}

/// A key's hash.
fn hash(key: &[u8]) -> u64 {
    let mut hash = fnv::FnvHasher::default();
    hash.write(key);
    hash.finish()
}
