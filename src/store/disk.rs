//! sled's files, held against the stamps of what was written to them: what is not what was written last is an error, and
//! never an answer. What is handed in waits packed, in memory, until it is much: an import hands the same pages in many
//! times, and each time that sled is given one costs the time and the space of the page.

use super::StoreError;
use super::keys::Key;
use super::stamps::Stamps;
use std::collections::HashMap;
use std::ops::Bound::{Excluded, Unbounded};
use std::path::Path;
use std::time::Duration;

/// Keys in one sled batch; larger ones keep gigabytes of dead pages alive.
const BATCH_KEYS: usize = 256;
/// sled's own cache, bytes.
const SLED_CACHE: u64 = 8 << 20;
/// About how many bytes wait before sled is given them.
const WAITING_BYTES: usize = 8 << 20;
/// About what one that waits takes beside its bytes.
const WAITING_EACH: usize = 96;
/// Records that are shorter stay as they are.
const PACKED_FROM: usize = 128;

/// See the module. There is no sled where everything is held, and gone with the process.
pub struct Disk {
    db: Option<sled::Db>,
    stamps: Stamps,
    /// What sled was not given yet, packed.
    waiting: HashMap<Key, Box<[u8]>, foldhash::fast::RandomState>,
    /// About how many bytes that is.
    bytes_waiting: usize,
}

/// Letting go of sled's files runs sled once more, which panics where the disk was cut off: what is in the journal is
/// recorded, and the command answers so.
impl Drop for Disk {
    fn drop(&mut self) {
        let _ = quietly(|| drop(self.db.take()));
    }
}

impl Disk {
    /// Opens sled in a folder, with the stamps of what it holds. sled panics on some damage; that is an error like any
    /// other here.
    pub fn open(path: &Path, stamps: Stamps) -> Result<Disk, StoreError> {
        // sled reads the clock for its configuration, and panics where it stands before 1970.
        let config = quietly(sled::Config::new)?
            .path(path)
            .cache_capacity(SLED_CACHE)
            .flush_every_ms(None)
            .mode(sled::Mode::HighThroughput);
        // A lock can outlive the drop of its holder by some 100 ms: the desk's own lock is the authority.
        for _ in 0..40 {
            match quietly(|| config.open())? {
                Err(e) if e.to_string().contains("lock") => std::thread::sleep(Duration::from_millis(50)),
                Err(e) => return Err(trouble(e)),
                Ok(db) => {
                    let mut disk = Disk::none();
                    (disk.db, disk.stamps) = (Some(db), stamps);
                    return Ok(disk);
                }
            }
        }
        Err(StoreError::view("sled's lock is held"))
    }

    /// No disk.
    pub fn none() -> Disk {
        Disk { db: None, stamps: Stamps::default(), waiting: HashMap::default(), bytes_waiting: 0 }
    }

    /// Whether it is there.
    pub fn is_there(&self) -> bool {
        self.db.is_some()
    }

    /// Lets go of it without waiting for sled, which after an I/O error may wait for ever.
    pub fn abandon(mut self) {
        std::mem::forget(self.db.take());
    }

    /// Lets go of it; what is left are the stamps of what is there.
    pub fn into_stamps(mut self) -> Stamps {
        std::mem::take(&mut self.stamps)
    }

    /// What is at a key, whatever it should be.
    pub fn look(&self, key: &Key) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(db) = &self.db else { return Ok(None) };
        quietly(|| db.get(&**key))?.map_err(trouble)?.map(|bytes| unpacked(&bytes)).transpose()
    }

    /// What was written at a key.
    pub fn read(&self, key: &Key) -> Result<Option<Vec<u8>>, StoreError> {
        if let Some(bytes) = self.waiting.get(key) {
            return unpacked(bytes).map(Some);
        }
        let Some(db) = self.db.as_ref().filter(|_| self.stamps.has(key)) else { return Ok(None) };
        match quietly(|| db.get(&**key))?.map_err(trouble)?.filter(|bytes| self.stamps.is(key, bytes)) {
            Some(bytes) => unpacked(&bytes).map(Some),
            None => Err(StoreError::view("a record is not what was written, or gone")),
        }
    }

    /// Takes records to be written.
    pub fn write(
        &mut self,
        records: impl Iterator<Item = Result<(Key, Vec<u8>), StoreError>>,
    ) -> Result<(), StoreError> {
        for record in records {
            let (key, bytes) = record?;
            let bytes = packed(&bytes);
            self.bytes_waiting += bytes.len() + WAITING_EACH;
            if let Some(before) = self.waiting.insert(key, bytes) {
                self.bytes_waiting -= before.len() + WAITING_EACH;
            }
            if self.bytes_waiting > WAITING_BYTES {
                self.give()?;
            }
        }
        Ok(())
    }

    /// Gives sled all that waits.
    pub fn give(&mut self) -> Result<(), StoreError> {
        let Some(db) = &self.db else { return Ok(()) };
        let mut keys: Vec<Key> = self.waiting.keys().copied().collect();
        keys.sort_unstable();
        for chunk in keys.chunks(BATCH_KEYS) {
            let (mut batch, mut written) = (sled::Batch::default(), Vec::with_capacity(chunk.len()));
            for key in chunk {
                let Some(bytes) = self.waiting.get(key) else { continue };
                written.push(Stamps::stamp(key, bytes));
                batch.insert(&**key, &**bytes);
            }
            quietly(|| db.apply_batch(batch))?.map_err(trouble)?;
            written.into_iter().for_each(|stamp| self.stamps.put(stamp));
            // They are there now: nothing is held twice.
            chunk.iter().for_each(|key| drop(self.waiting.remove(key)));
        }
        self.bytes_waiting = 0;
        Ok(())
    }

    /// The records whose keys begin with `prefix`: those that wait, then those that sled has, in order. Those that are
    /// gone are an error.
    pub fn scan(&self, prefix: &[u8], each: &mut dyn FnMut(&[u8], Vec<u8>)) -> Result<(), StoreError> {
        let Some(db) = &self.db else { return Ok(()) };
        for (key, bytes) in self.waiting.iter().filter(|(key, _)| key.starts_with(prefix)) {
            each(key, unpacked(bytes)?);
        }
        let mut read = 0;
        quietly(|| {
            db.scan_prefix(prefix).try_for_each(|row| {
                let (key, value) = row.map_err(trouble)?;
                read += 1;
                let value = self.sound(&key, &value)?;
                if !self.waiting.contains_key(&*key) {
                    each(&key, value);
                }
                Ok::<_, StoreError>(())
            })
        })??;
        match self.stamps.of_kind(prefix) {
            Some(count) if count != read => Err(StoreError::view("records are gone")),
            _ => Ok(()),
        }
    }

    /// Looks at some records after a key, whether they are what was written; answers with the last, with none at the end.
    pub fn look_over(&self, after: &[u8], most: usize) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(db) = &self.db else { return Ok(None) };
        let (mut last, mut read) = (None, 0);
        quietly(|| {
            db.range::<&[u8], _>((Excluded(after), Unbounded)).take(most).try_for_each(|row| {
                let (key, value) = row.map_err(trouble)?;
                self.sound(&key, &value)?;
                read += 1;
                last = Some(key.to_vec());
                Ok::<_, StoreError>(())
            })
        })??;
        Ok(last.filter(|_| read == most))
    }

    fn sound(&self, key: &[u8], value: &[u8]) -> Result<Vec<u8>, StoreError> {
        if self.stamps.is(key, value) {
            unpacked(value)
        } else {
            Err(StoreError::view("a record is not what was written"))
        }
    }

    /// Its bytes.
    pub fn bytes(&self) -> u64 {
        self.db.as_ref().and_then(|db| db.size_on_disk().ok()).unwrap_or(0)
    }

    /// Makes sled write all it has.
    pub fn settle(&mut self) -> Result<(), StoreError> {
        self.give()?;
        let Some(db) = &self.db else { return Ok(()) };
        quietly(|| db.flush())?.map(|_| ()).map_err(trouble)
    }
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

/// What sled says, with the system's own error where there is one.
fn trouble(e: sled::Error) -> StoreError {
    match e {
        // sled makes errors of its own of the system's, and keeps the kind.
        sled::Error::Io(e) if e.raw_os_error().is_none() => {
            StoreError::Io { path: "view".into(), source: e.kind().into() }
        }
        sled::Error::Io(source) => StoreError::Io { path: "view".into(), source },
        other => StoreError::view(other),
    }
}

/// Runs sled; its panics (on damage) become errors.
fn quietly<T>(run: impl FnOnce() -> T) -> Result<T, StoreError> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(run)).map_err(|cause| {
        let text = cause.downcast_ref::<String>().map(String::as_str).or_else(|| cause.downcast_ref::<&str>().copied());
        StoreError::view(text.unwrap_or("sled panicked"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(bytes: &[u8]) -> Key {
        Key::of(bytes).unwrap()
    }

    fn wrote(disk: &mut Disk, key: &[u8], value: &[u8]) {
        disk.write([Ok((Key::of(key).unwrap(), value.to_vec()))].into_iter()).unwrap();
        disk.give().unwrap();
    }

    /// What waits is read and scanned as what sled has, goes before it, and is not counted twice.
    #[test]
    fn what_waits_is_there_as_well() {
        let folder = tempfile::tempdir().unwrap();
        let mut disk = Disk::open(&folder.path().join("view"), Stamps::default()).unwrap();
        wrote(&mut disk, b"Pa", b"old");
        wrote(&mut disk, b"Pb", b"that");
        let hand = |key: &[u8], value: &[u8]| Ok((Key::of(key).unwrap(), value.to_vec()));
        disk.write([hand(b"Pa", b"new"), hand(b"Pc", b"this"), hand(b"Q", b"other")].into_iter()).unwrap();
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

    /// A record that sled changed, lost, or has of another time or key is noticed by whoever reads it: alone, in a scan,
    /// and at a look over all.
    #[test]
    fn what_is_not_what_was_written_is_noticed() {
        type Harm = fn(&sled::Db);
        let harms: [(&str, Harm); 5] = [
            ("a flipped bit", |db| {
                let mut value = db.get(b"Pa").unwrap().unwrap().to_vec();
                value[1] ^= 1;
                db.insert(b"Pa", value).unwrap();
            }),
            ("gone", |db| drop(db.remove(b"Pa").unwrap())),
            ("the record of another", |db| drop(db.insert(b"Pa", db.get(b"Pb").unwrap().unwrap()).unwrap())),
            ("an older one", |db| drop(db.insert(b"Pa", &*packed(b"old")).unwrap())),
            ("one too many", |db| drop(db.insert(b"Pc", &*packed(b"new")).unwrap())),
        ];
        for (what, harm) in harms {
            let folder = tempfile::tempdir().unwrap();
            let mut disk = Disk::open(&folder.path().join("view"), Stamps::default()).unwrap();
            wrote(&mut disk, b"Pa", b"old");
            wrote(&mut disk, b"Pa", b"new");
            wrote(&mut disk, b"Pb", &[7; 1_000]);
            let mut seen = Vec::new();
            disk.scan(b"P", &mut |key, value| seen.push((key.to_vec(), value))).unwrap();
            assert_eq!(seen, [(b"Pa".to_vec(), b"new".to_vec()), (b"Pb".to_vec(), vec![7; 1_000])]);
            assert_eq!(disk.look_over(&[], 1).unwrap(), Some(b"Pa".to_vec()));
            assert_eq!(disk.look_over(b"Pa", 2).unwrap(), None);
            harm(disk.db.as_ref().unwrap());
            for prefix in [&b"P"[..], b""] {
                assert!(disk.scan(prefix, &mut |_, _| {}).is_err(), "{what}");
            }
            assert_eq!(disk.read(&key(b"Pa")).is_err(), what != "one too many", "{what}");
            assert_eq!(disk.read(&key(b"Pc")).unwrap(), None, "nobody wrote it");
            // What is gone is no record to look at; it is noticed by who reads it, and where all are counted.
            assert_eq!(disk.look_over(&[], 9).is_err(), what != "gone", "{what}");
        }
    }
}
