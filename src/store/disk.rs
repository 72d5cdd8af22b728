//! sled's files, held against the stamps of what was written to them: what is not what was written last is an error, and
//! never an answer. What is handed in waits packed, in memory, until it is much: an import hands the same pages in many
//! times, and each time that sled is given one costs the time and the space of the page.
//!
//! There are two sleds. Opening one takes as long as it has records, whatever is read of it: so what there is one of a
//! provider is apart from the pages, which are as many as there are rows, and whose sled is opened when somebody asks for
//! one. A command that only looks at providers is as quick in a large store as in a small one.

use super::StoreError;
use super::half::{Half, quietly, trouble};
use super::keys::{Key, is_of_pages};
use super::stamps::Stamps;
use std::collections::HashMap;
use std::ops::Bound::{Excluded, Unbounded};
use std::path::Path;

/// Keys in one sled batch; larger ones keep gigabytes of dead pages alive.
const BATCH_KEYS: usize = 256;
/// The folders of the two, with the cache of each, bytes.
const RECORDS: (&str, u64) = ("records", 2 << 20);
const PAGES: (&str, u64) = ("pages", 6 << 20);
/// About how many bytes wait before sled is given them.
const WAITING_BYTES: usize = 8 << 20;
/// About what one that waits takes beside its bytes.
const WAITING_EACH: usize = 96;
/// Records that are shorter stay as they are.
const PACKED_FROM: usize = 128;

/// The checksums of the stamps of the records, and of the pages.
pub type Sums = [u32; 2];

/// See the module. There is no sled where everything is held, and gone with the process.
pub struct Disk {
    /// The records, and the pages.
    halves: Option<[Half; 2]>,
    /// What sled was not given yet, packed.
    waiting: HashMap<Key, Box<[u8]>, foldhash::fast::RandomState>,
    /// About how many bytes that is.
    bytes_waiting: usize,
    /// The keys of that of it which sled is being given, the next one last.
    giving: Vec<Key>,
}

impl Disk {
    /// Opens sled in a folder, with the checksums of the stamps of what it holds; without, it holds nothing. Pages that are
    /// there are opened when they are asked for.
    pub fn open(path: &Path, sums: Option<Sums>) -> Result<Disk, StoreError> {
        let [records, pages] = sums.map_or([None; 2], |sums| sums.map(Some));
        let half = |(name, cache), sum| Half::new(path.join(name), cache, sum);
        let disk = Disk { halves: Some([half(RECORDS, records), half(PAGES, pages)]), ..Disk::none() };
        // Empty, pages cost nothing; and tables of sled's, of some megabytes, are pages of zeroes that the system has not
        // given yet, and no memory that was used before.
        let at_once = if sums.is_some() { 1 } else { 2 };
        disk.halves.iter().flatten().take(at_once).try_for_each(Half::open)?;
        Ok(disk)
    }

    /// Opens what is not open yet.
    pub fn open_all(&self) -> Result<(), StoreError> {
        self.halves.iter().flatten().try_for_each(Half::open)
    }

    /// No disk.
    pub fn none() -> Disk {
        Disk { halves: None, waiting: HashMap::default(), bytes_waiting: 0, giving: Vec::new() }
    }

    /// Whether it is there.
    pub fn is_there(&self) -> bool {
        self.halves.is_some()
    }

    /// Lets go of it without waiting for sled, which after an I/O error may wait for ever.
    pub fn abandon(self) {
        self.halves.into_iter().flatten().for_each(Half::abandon);
    }

    /// Lets go of it, and waits until sled has. The stamps of what is there are written: their checksums.
    pub fn close(self) -> Result<Sums, StoreError> {
        let [records, pages] = self.halves.ok_or_else(|| StoreError::view("there is none"))?;
        let pages = pages.close()?;
        Ok([records.close_small()?, pages])
    }

    /// The half that a key is in.
    fn half(&self, key: &[u8]) -> Option<&Half> {
        self.halves.as_ref().map(|[records, pages]| if is_of_pages(key) { pages } else { records })
    }

    /// What is at a key, whatever it should be.
    pub fn look(&self, key: &Key) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(half) = self.half(key) else { return Ok(None) };
        half.get(key)?.map(|bytes| unpacked(&bytes)).transpose()
    }

    /// What was written at a key.
    pub fn read(&self, key: &Key) -> Result<Option<Vec<u8>>, StoreError> {
        if let Some(bytes) = self.waiting.get(key) {
            return unpacked(bytes).map(Some);
        }
        let Some(half) = self.half(key) else { return Ok(None) };
        let Some(stamp) = half.stamps()?.at(key) else { return Ok(None) };
        match half.get(key)?.filter(|bytes| stamp == Stamps::stamp(key, bytes)) {
            Some(bytes) => unpacked(&bytes).map(Some),
            None => Err(StoreError::view("a record is not what was written, or gone")),
        }
    }

    /// Takes records to be written. Where so much waits that sled has to be given some, it is about `most` bytes at once.
    pub fn write(
        &mut self,
        records: impl Iterator<Item = Result<(Key, Vec<u8>), StoreError>>,
        most: usize,
    ) -> Result<(), StoreError> {
        for record in records {
            let (key, bytes) = record?;
            let bytes = packed(&bytes);
            self.bytes_waiting += bytes.len() + WAITING_EACH;
            if let Some(before) = self.waiting.insert(key, bytes) {
                self.bytes_waiting -= before.len() + WAITING_EACH;
            }
            if self.bytes_waiting > WAITING_BYTES {
                self.give_some(most)?;
            }
        }
        Ok(())
    }

    /// Gives sled all that waits.
    pub fn give(&mut self) -> Result<(), StoreError> {
        self.giving.clear();
        self.give_some(usize::MAX)
    }

    /// Gives sled what waits, in the order of the keys, until that is so many bytes or all that waited when it began.
    fn give_some(&mut self, most: usize) -> Result<(), StoreError> {
        let Some([records, pages]) = &mut self.halves else { return Ok(()) };
        if self.giving.is_empty() {
            self.giving.extend(self.waiting.keys());
            self.giving.sort_unstable_by_key(|key| std::cmp::Reverse((is_of_pages(key), *key)));
        }
        let mut given = 0;
        while given < most
            && let Some(first) = self.giving.last().copied()
        {
            let half = if is_of_pages(&first) { &mut *pages } else { &mut *records };
            let mut keys = Vec::new();
            while keys.len() < BATCH_KEYS
                && given < most
                && let Some(key) = self.giving.pop_if(|key| is_of_pages(key) == is_of_pages(&first))
            {
                given += self.waiting.get(&key).map_or(0, |bytes| bytes.len() + WAITING_EACH);
                keys.push(key);
            }
            half.write(keys.iter().filter_map(|key| Some((&**key, &**self.waiting.get(key)?))))?;
            // They are there now: nothing is held twice.
            keys.iter().for_each(|key| drop(self.waiting.remove(key)));
        }
        self.bytes_waiting = self.bytes_waiting.saturating_sub(given);
        Ok(())
    }

    /// The halves in which keys begin with `prefix`.
    fn with(&self, prefix: &[u8]) -> impl Iterator<Item = &Half> {
        let of_pages = is_of_pages(prefix);
        let all = self.halves.iter().flatten().zip([false, true]);
        all.filter(move |(_, pages)| prefix.is_empty() || *pages == of_pages).map(|(half, _)| half)
    }

    /// The records whose keys begin with `prefix`: those that wait, then those that sled has, in the order of each half.
    /// Those that are gone are an error.
    pub fn scan(&self, prefix: &[u8], each: &mut dyn FnMut(&[u8], Vec<u8>)) -> Result<(), StoreError> {
        if !self.is_there() {
            return Ok(());
        }
        for (key, bytes) in self.waiting.iter().filter(|(key, _)| key.starts_with(prefix)) {
            each(key, unpacked(bytes)?);
        }
        for half in self.with(prefix) {
            let (db, stamps, mut read) = (half.db()?, half.stamps()?, 0);
            quietly(|| {
                db.scan_prefix(prefix).try_for_each(|row| {
                    let (key, value) = row.map_err(trouble)?;
                    read += 1;
                    let value = sound(stamps, &key, &value)?;
                    if !self.waiting.contains_key(&*key) {
                        each(&key, value);
                    }
                    Ok::<_, StoreError>(())
                })
            })??;
            if stamps.of_kind(prefix).is_some_and(|count| count != read) {
                return Err(StoreError::view("records are gone"));
            }
        }
        Ok(())
    }

    /// Looks at some records after a key, whether they are what was written; answers with the last, with none at the end.
    pub fn look_over(&self, after: &[u8], most: usize) -> Result<Option<Vec<u8>>, StoreError> {
        let (mut last, mut read) = (None, 0);
        // Who is among the pages is through with the records.
        let (through, mut after) = (usize::from(is_of_pages(after)), after);
        for half in self.halves.iter().flatten().skip(through) {
            if read == most {
                break;
            }
            let (db, stamps) = (half.db()?, half.stamps()?);
            quietly(|| {
                db.range::<&[u8], _>((Excluded(after), Unbounded)).take(most - read).try_for_each(|row| {
                    let (key, value) = row.map_err(trouble)?;
                    sound(stamps, &key, &value)?;
                    read += 1;
                    last = Some(key.to_vec());
                    Ok::<_, StoreError>(())
                })
            })??;
            after = &[];
        }
        Ok(last.filter(|_| read == most))
    }

    /// Its bytes.
    pub fn bytes(&self) -> u64 {
        self.halves.iter().flatten().map(Half::bytes).sum()
    }

    /// Makes sled write all it has.
    pub fn settle(&mut self) -> Result<(), StoreError> {
        self.give()?;
        self.halves.iter().flatten().try_for_each(Half::flush)
    }
}

/// A record that is what was written.
fn sound(stamps: &Stamps, key: &[u8], value: &[u8]) -> Result<Vec<u8>, StoreError> {
    if stamps.is(key, value) { unpacked(value) } else { Err(StoreError::view("a record is not what was written")) }
}

/// A record as sled has it: short ones as they are.
fn packed(bytes: &[u8]) -> Box<[u8]> {
    if bytes.len() >= PACKED_FROM {
        let less = lz4_flex::compress_prepend_size(bytes);
        if less.len() < bytes.len() {
            return [&[1], &less[..]].concat().into();
        }
    }
    [&[0], bytes].concat().into()
}

fn unpacked(bytes: &[u8]) -> Result<Vec<u8>, StoreError> {
    match bytes.split_first() {
        Some((0, rest)) => Ok(rest.to_vec()),
        Some((1, rest)) => lz4_flex::decompress_size_prepended(rest).map_err(StoreError::view),
        _ => Err(StoreError::view("a record of no known form")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(bytes: &[u8]) -> Key {
        Key::of(bytes).unwrap()
    }

    fn wrote(disk: &mut Disk, key: &[u8], value: &[u8]) {
        disk.write([Ok((Key::of(key).unwrap(), value.to_vec()))].into_iter(), usize::MAX).unwrap();
        disk.give().unwrap();
    }

    /// What waits is read and scanned as what sled has, goes before it, and is not counted twice.
    #[test]
    fn what_waits_is_there_as_well() {
        let folder = tempfile::tempdir().unwrap();
        let mut disk = Disk::open(&folder.path().join("view"), None).unwrap();
        wrote(&mut disk, b"Pa", b"old");
        wrote(&mut disk, b"Pb", b"that");
        let hand = |key: &[u8], value: &[u8]| Ok((Key::of(key).unwrap(), value.to_vec()));
        disk.write([hand(b"Pa", b"new"), hand(b"Pc", b"this"), hand(b"Q", b"other")].into_iter(), usize::MAX).unwrap();
        let scanned = |disk: &Disk| {
            let mut seen = Vec::new();
            disk.scan(b"P", &mut |key, value| seen.push((key.to_vec(), value))).unwrap();
            seen.sort_unstable();
            seen
        };
        let all = [("Pa", "new"), ("Pb", "that"), ("Pc", "this")];
        let all = all.map(|(key, value)| (key.as_bytes().to_vec(), value.as_bytes().to_vec()));
        assert_eq!(scanned(&disk), all);
        assert_eq!(disk.read(&key(b"Pa")).unwrap(), Some(b"new".to_vec()));
        disk.give().unwrap();
        assert_eq!((scanned(&disk), disk.bytes_waiting, disk.waiting.len()), (all.to_vec(), 0, 0));
        assert_eq!(disk.read(&key(b"Q")).unwrap(), Some(b"other".to_vec()));
    }

    /// Regression: whoever came while sled was given 8 MB waited for all of them. It is given them in bits, in the order of
    /// the keys; what comes again meanwhile goes before what is there.
    #[test]
    fn sled_is_given_what_waits_in_bits() {
        const MOST: usize = 64 << 10;
        let folder = tempfile::tempdir().unwrap();
        let mut disk = Disk::open(&folder.path().join("view"), None).unwrap();
        let keys = |n: u32| [&[if n.is_multiple_of(2) { b'P' } else { b'L' }], &n.to_be_bytes()[..]].concat();
        // What does not pack.
        let value = |n: u32, round: u8| {
            let mut bytes = vec![0; 1_000];
            blake3::Hasher::new_derive_key("value")
                .update(&n.to_le_bytes())
                .update(&[round])
                .finalize_xof()
                .fill(&mut bytes);
            bytes
        };
        let (mut bits, mut before) = (0, 0);
        for (round, n) in (0..2).flat_map(|round| (0..10_000).map(move |n| (round, n * 7 % 10_000))) {
            disk.write([Ok((key(&keys(n)), value(n, round)))].into_iter(), MOST).unwrap();
            let waits: usize = disk.waiting.values().map(|bytes| bytes.len() + WAITING_EACH).sum();
            assert!(disk.bytes_waiting == waits && waits <= WAITING_BYTES);
            if disk.bytes_waiting < before {
                bits += 1;
                assert!(before - disk.bytes_waiting < MOST + 2_000, "{} at once", before - disk.bytes_waiting);
            }
            before = disk.bytes_waiting;
        }
        assert!(bits > 100 && !disk.giving.is_empty(), "{bits} bits");
        let is = |disk: &Disk, n: u32| disk.read(&key(&keys(n))).unwrap() == Some(value(n, 1));
        assert!((0..10_000).all(|n| is(&disk, n)));
        disk.give().unwrap();
        assert!(disk.waiting.is_empty() && disk.bytes_waiting == 0 && (0..10_000).all(|n| is(&disk, n)));
    }

    /// The pages are opened by whoever asks for one, and by nobody else; a look over all goes through both halves.
    #[test]
    fn the_pages_are_opened_when_one_is_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("view");
        let mut disk = Disk::open(&path, None).unwrap();
        [&b"Pa"[..], b"Ka", b"La", b"Pb", b"Za"].into_iter().for_each(|key| wrote(&mut disk, key, key));
        let sums = disk.close().unwrap();
        let disk = Disk::open(&path, Some(sums)).unwrap();
        let is_open = |disk: &Disk| disk.halves.as_ref().unwrap().each_ref().map(Half::is_open);
        assert_eq!(is_open(&disk), [[true, true], [false, false]]);
        assert_eq!(disk.read(&key(b"Za")).unwrap(), Some(b"Za".to_vec()));
        disk.scan(b"P", &mut |_, _| {}).unwrap();
        assert_eq!(disk.look_over(&[], 2).unwrap(), Some(b"Pb".to_vec()));
        assert_eq!(is_open(&disk), [[true, true], [false, false]]);
        assert_eq!(disk.read(&key(b"Lb")).unwrap(), None, "nobody wrote it");
        assert_eq!(is_open(&disk), [[true, true], [false, true]]);
        assert_eq!(disk.read(&key(b"La")).unwrap(), Some(b"La".to_vec()));
        assert_eq!(is_open(&disk), [[true, true], [true, true]]);
        for (after, most, last) in [(&b""[..], 3, Some(&b"Za"[..])), (b"Pa", 3, Some(b"Ka")), (b"Za", 1, Some(b"Ka"))] {
            assert_eq!(disk.look_over(after, most).unwrap().as_deref(), last, "{after:?} {most}");
        }
        assert_eq!(disk.look_over(b"Pb", 4).unwrap(), None);
        assert_eq!(disk.look_over(b"Ka", 1).unwrap(), Some(b"La".to_vec()));
        assert_eq!(disk.look_over(b"La", 1).unwrap(), None);
        let mut all = Vec::new();
        disk.scan(&[], &mut |key, _| all.push(key.to_vec())).unwrap();
        assert_eq!(all, [b"Pa", b"Pb", b"Za", b"Ka", b"La"]);
    }

    /// A record that sled changed, lost, or has of another time or key is noticed by whoever reads it: alone, in a scan,
    /// and at a look over all.
    #[test]
    fn what_is_not_what_was_written_is_noticed() {
        for (half, kind) in [(0, 'P'), (1, 'L')] {
            harmed(half, |end| format!("{kind}{end}").into_bytes());
        }
    }

    fn harmed(half: usize, at: impl Fn(char) -> Vec<u8>) {
        type Harm<'a> = &'a dyn Fn(&sled::Db);
        let [a, b, c] = ['a', 'b', 'c'].map(at);
        let harms: [(&str, Harm); 5] = [
            ("a flipped bit", &|db| {
                let mut value = db.get(&a).unwrap().unwrap().to_vec();
                value[1] ^= 1;
                db.insert(&*a, value).unwrap();
            }),
            ("gone", &|db| drop(db.remove(&a).unwrap())),
            ("the record of another", &|db| drop(db.insert(&*a, db.get(&b).unwrap().unwrap()).unwrap())),
            ("an older one", &|db| drop(db.insert(&*a, &*packed(b"old")).unwrap())),
            ("one too many", &|db| drop(db.insert(&*c, &*packed(b"new")).unwrap())),
        ];
        for (what, harm) in harms {
            let folder = tempfile::tempdir().unwrap();
            let mut disk = Disk::open(&folder.path().join("view"), None).unwrap();
            wrote(&mut disk, &a, b"old");
            wrote(&mut disk, &a, b"new");
            wrote(&mut disk, &b, &[7; 1_000]);
            let mut seen = Vec::new();
            disk.scan(&a[..1], &mut |key, value| seen.push((key.to_vec(), value))).unwrap();
            assert_eq!(seen, [(a.clone(), b"new".to_vec()), (b.clone(), vec![7; 1_000])]);
            assert_eq!(disk.look_over(&[], 1).unwrap(), Some(a.clone()));
            assert_eq!(disk.look_over(&a, 2).unwrap(), None);
            harm(disk.halves.as_ref().unwrap()[half].db().unwrap());
            for prefix in [&a[..1], b""] {
                assert!(disk.scan(prefix, &mut |_, _| {}).is_err(), "{what}");
            }
            assert_eq!(disk.read(&key(&a)).is_err(), what != "one too many", "{what}");
            assert_eq!(disk.read(&key(&c)).unwrap(), None, "nobody wrote it");
            // What is gone is no record to look at; it is noticed by who reads it, and where all are counted.
            assert_eq!(disk.look_over(&[], 9).is_err(), what != "gone", "{what}");
        }
    }
}
