//! sled behind a write-back cache of decoded records.
//!
//! A record is decoded once and written once per flush, however often it is touched; an import touches the
//! same pages thousands of times. What is not flushed yet is lost with the process, and that is fine: the
//! journal has it, and an unsealed view is made anew.

use super::StoreError;
use super::keys::Key;
use serde::{Serialize, de::DeserializeOwned};
use std::any::Any;
use std::collections::HashMap;
use std::path::Path;

/// Keys in one sled batch; larger ones keep gigabytes of dead pages alive.
const BATCH_KEYS: usize = 256;
/// Rows held decoded before the cache is written out: about 22 MB.
const CACHE_ROWS: usize = 48_000;
/// Most rows that stay when it is: pages that still grow would be read back at once.
const KEEP_ROWS: usize = 34_000;
/// sled's own cache, bytes.
const SLED_CACHE: u64 = 8 << 20;

/// A value of the view.
pub trait Stored: Any + Send + Clone + Serialize + DeserializeOwned {
    /// About how many rows it holds, for the bound on the cache.
    fn rows(&self) -> usize {
        1
    }

    /// What is wrong with it, should there be anything: asked whenever it is written.
    fn fault(&self) -> Option<&'static str> {
        None
    }
}

/// One of the values of a list that is a record.
pub trait Item: Any + Send + Clone + Serialize + DeserializeOwned {
    /// Most of them in one list.
    const MOST: usize = usize::MAX;

    /// Whether another may follow it in the list.
    fn in_order(&self, _next: &Self) -> bool {
        true
    }
}

impl<T: Item> Stored for Vec<T> {
    fn rows(&self) -> usize {
        self.len().max(1)
    }

    fn fault(&self) -> Option<&'static str> {
        match () {
            () if self.len() > T::MOST => Some("a page is too long"),
            () if !self.is_sorted_by(Item::in_order) => Some("rows of a page out of order, or one twice"),
            () => None,
        }
    }
}

/// A decoded record, and how to write it.
struct Slot {
    value: Box<dyn Any + Send>,
    encode: fn(&dyn Any) -> Result<Vec<u8>, StoreError>,
    rows: fn(&dyn Any) -> usize,
    copy: fn(&dyn Any) -> Box<dyn Any + Send>,
    dirty: bool,
}

impl Slot {
    fn rows(&self) -> usize {
        (self.rows)(self.value.as_ref())
    }

    fn copy(&self) -> Slot {
        Slot { value: (self.copy)(self.value.as_ref()), ..*self }
    }
}

/// sled's files; none where everything is held, and gone with the process. Letting go of them runs sled once more, which
/// panics where the disk was cut off: what is in the journal is recorded, and the command answers so.
struct Disk(Option<sled::Db>);

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = quietly(|| drop(self.0.take()));
    }
}

/// The cached key space.
pub struct Cache {
    disk: Disk,
    slots: HashMap<Key, Slot>,
    rows: usize,
    /// While something is tried: what was held at each key that it changed, none where nothing was.
    tried: Option<HashMap<Key, Option<Slot>>>,
    failed: bool,
}

impl Cache {
    /// Opens sled in a folder. sled panics on some damage; that is an error like any other here.
    pub fn open(path: &Path) -> Result<Cache, StoreError> {
        // sled reads the clock for its configuration, and panics where it stands before 1970.
        let config = quietly(sled::Config::new)?
            .path(path)
            .cache_capacity(SLED_CACHE)
            .flush_every_ms(None)
            .mode(sled::Mode::HighThroughput);
        // A lock can outlive the drop of its holder by some 100 ms: the desk's own lock is the authority.
        for _ in 0..40 {
            match quietly(|| config.open())? {
                Err(e) if e.to_string().contains("lock") => std::thread::sleep(std::time::Duration::from_millis(50)),
                Err(e) => return Err(trouble(e)),
                Ok(db) => return Ok(Cache { disk: Disk(Some(db)), ..Cache::in_memory() }),
            }
        }
        Err(StoreError::view("sled's lock is held"))
    }

    /// A key space that is held whole and never written.
    pub fn in_memory() -> Cache {
        Cache { disk: Disk(None), slots: HashMap::new(), rows: 0, tried: None, failed: false }
    }

    /// Whether it failed: what it answers from now on is not to be trusted.
    pub fn has_failed(&self) -> bool {
        self.failed
    }

    /// Gives it up.
    pub fn fail(&mut self) {
        self.failed = true;
    }

    /// Lets go of it without waiting for sled, which after an I/O error may wait for ever.
    pub fn abandon(mut self) {
        std::mem::forget(self.disk.0.take());
    }

    /// The record at a key.
    pub fn get<T: Stored>(&mut self, key: &Key) -> Result<Option<&mut T>, StoreError> {
        if !self.slots.contains_key(key) {
            let Some(db) = &self.disk.0 else { return Ok(None) };
            let read = quietly(|| db.get(key)).and_then(|read| read.map_err(trouble));
            self.failed |= read.is_err();
            let Some(bytes) = read? else { return Ok(None) };
            self.fill(key.clone(), decode::<T>(&bytes)?, false);
        }
        let slot = self.slots.get_mut(key).and_then(|s| s.value.downcast_mut());
        slot.map(Some).ok_or_else(|| StoreError::view("a key holds a record of another kind"))
    }

    /// The record at a key, to be changed; made by default where there is none.
    pub fn edit<T: Stored + Default>(&mut self, key: &Key) -> Result<&mut T, StoreError> {
        if self.get::<T>(key)?.is_none() {
            self.fill(key.clone(), T::default(), true);
        }
        let slot = self.slots.get_mut(key).ok_or_else(|| StoreError::view("a record vanished"))?;
        if let Some(tried) = self.tried.as_mut().filter(|tried| !tried.contains_key(key)) {
            tried.insert(key.clone(), Some(slot.copy()));
        }
        slot.dirty = true;
        // A page that is edited mostly grows by a row.
        self.rows += usize::from(slot.rows() > 1);
        slot.value.downcast_mut().ok_or_else(|| StoreError::view("a key holds a record of another kind"))
    }

    /// Sets the record at a key.
    pub fn put<T: Stored>(&mut self, key: Key, value: T) {
        self.fill(key, value, true);
    }

    fn fill<T: Stored>(&mut self, key: Key, value: T, dirty: bool) {
        self.rows += value.rows();
        let encode = |value: &dyn Any| match value.downcast_ref::<T>() {
            Some(value) => match value.fault() {
                None => encode(value),
                Some(what) => Err(StoreError::view(what)),
            },
            None => Err(StoreError::view("a slot holds a record of another kind")),
        };
        let rows = |value: &dyn Any| value.downcast_ref::<T>().map_or(1, Stored::rows);
        let copy = |value: &dyn Any| -> Box<dyn Any + Send> {
            match value.downcast_ref::<T>() {
                Some(value) => Box::new(value.clone()),
                // A slot that holds another kind is found at its next use.
                None => Box::new(()),
            }
        };
        let before = self.slots.insert(key.clone(), Slot { value: Box::new(value), encode, rows, copy, dirty });
        if dirty && let Some(tried) = &mut self.tried {
            tried.entry(key).or_insert(before);
        }
    }

    /// What is changed from here on is only tried: [`Cache::undo`] takes it back, and nothing of it is written.
    pub fn try_out(&mut self) {
        self.tried = Some(HashMap::new());
    }

    /// Takes back what was tried.
    pub fn undo(&mut self) {
        for (key, before) in self.tried.take().into_iter().flatten() {
            self.rows += before.as_ref().map_or(0, Slot::rows);
            let after = match before {
                Some(slot) => self.slots.insert(key, slot),
                None => self.slots.remove(&key),
            };
            self.rows = self.rows.saturating_sub(after.as_ref().map_or(0, Slot::rows));
        }
    }

    /// Whether enough is held that it should be written out.
    pub fn is_full(&self) -> bool {
        self.disk.0.is_some() && self.rows > CACHE_ROWS
    }

    /// Writes what changed, in key order, and forgets what is held when that is much.
    pub fn flush(&mut self) -> Result<(), StoreError> {
        let Some(db) = &self.disk.0 else { return Ok(()) };
        if self.tried.as_ref().is_some_and(|tried| !tried.is_empty()) {
            return Err(StoreError::view("what is only tried is not written"));
        }
        let mut dirty: Vec<(&Key, &mut Slot)> = self.slots.iter_mut().filter(|(_, s)| s.dirty).collect();
        dirty.sort_unstable_by_key(|(key, _)| *key);
        for chunk in dirty.chunks_mut(BATCH_KEYS) {
            let mut batch = sled::Batch::default();
            for (key, slot) in chunk.iter_mut() {
                batch.insert(key.as_slice(), (slot.encode)(slot.value.as_ref())?);
                slot.dirty = false;
            }
            quietly(|| db.apply_batch(batch))?.map_err(trouble)?;
        }
        if self.is_full() {
            self.thin();
        }
        Ok(())
    }

    /// Lets go of what was only read, when that is much: a reader of everything holds a part of it at a time.
    pub fn relieve(&mut self) {
        if self.is_full() {
            self.slots.retain(|_, slot| slot.dirty);
            self.rows = self.slots.values().map(Slot::rows).sum();
        }
    }

    /// Keeps the pages that still grow, if they are not too many; all is flushed.
    fn thin(&mut self) {
        self.slots.retain(|_, slot| slot.rows() < super::PAGE);
        self.rows = self.slots.values().map(Slot::rows).sum();
        if self.rows > KEEP_ROWS {
            self.forget();
        }
    }

    /// Drops everything not flushed.
    pub fn forget(&mut self) {
        (self.slots, self.tried) = (HashMap::new(), None);
        self.rows = 0;
    }

    /// All keys that begin with `prefix`, in order. Flush first.
    pub fn scan(&self, prefix: &[u8]) -> Result<Box<dyn Iterator<Item = Encoded>>, StoreError> {
        if let Some(db) = &self.disk.0 {
            let rows = db.scan_prefix(prefix);
            return Ok(Box::new(rows.map(|row| row.map(|(k, v)| (k.to_vec(), v.to_vec())).map_err(trouble))));
        }
        let held = self.slots.iter().filter(|(key, _)| key.starts_with(prefix));
        let mut rows = held
            .map(|(key, slot)| Ok((key.clone(), (slot.encode)(slot.value.as_ref())?)))
            .collect::<Result<Vec<_>, StoreError>>()?;
        rows.sort_unstable();
        Ok(Box::new(rows.into_iter().map(Ok)))
    }

    /// Bytes on disk.
    pub fn bytes(&self) -> u64 {
        self.disk.0.as_ref().and_then(|db| db.size_on_disk().ok()).unwrap_or(0)
    }

    /// Makes sled write all it has.
    pub fn settle(&self) -> Result<(), StoreError> {
        let Some(db) = &self.disk.0 else { return Ok(()) };
        quietly(|| db.flush())?.map(|_| ()).map_err(trouble)
    }

    /// Whether it is on a disk.
    pub fn is_on_disk(&self) -> bool {
        self.disk.0.is_some()
    }
}

/// A key with its bytes, or why it could not be read.
pub type Encoded = Result<(Key, Vec<u8>), StoreError>;

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

/// Encodes a value of the view.
pub fn encode<T: Serialize>(value: &T) -> Result<Vec<u8>, StoreError> {
    bincode::serde::encode_to_vec(value, bincode::config::standard()).map_err(StoreError::view)
}

/// Decodes a value of the view.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, StoreError> {
    bincode::serde::decode_from_slice(bytes, bincode::config::standard())
        .map(|(value, _)| value)
        .map_err(StoreError::view)
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Item for u32 {}

    /// A reader of everything lets go of what it read, and of nothing that is not written yet: the view says that it
    /// has reached the entry that made it.
    #[test]
    fn what_is_not_written_yet_outlasts_a_reader_of_everything() {
        let folder = tempfile::tempdir().unwrap();
        let mut cache = Cache::open(&folder.path().join("view")).unwrap();
        let (read, changed) = (b"read".to_vec(), b"changed".to_vec());
        cache.put(read.clone(), (0..=u32::try_from(CACHE_ROWS).unwrap()).collect::<Vec<u32>>());
        cache.flush().unwrap();
        assert!(!cache.slots.contains_key(&read), "a long page goes once it is written");
        cache.put(changed.clone(), vec![1u32]);
        assert!(cache.get::<Vec<u32>>(&read).unwrap().is_some() && cache.is_full());
        cache.relieve();
        assert!(!cache.slots.contains_key(&read), "what was only read goes");
        assert_eq!(cache.get::<Vec<u32>>(&changed).unwrap(), Some(&mut vec![1]), "what is not written yet stays");
    }
    /// What is tried is seen while it is tried, is never written, and leaves nothing: a page that grew, one that was put
    /// in another's place, and one that is new.
    #[test]
    fn what_is_tried_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        for mut cache in [Cache::in_memory(), Cache::open(&folder.path().join("view")).unwrap()] {
            let [held, unwritten, new] = [b"held".to_vec(), b"unwritten".to_vec(), b"new".to_vec()];
            cache.put(held.clone(), vec![1u32]);
            cache.flush().unwrap();
            if cache.is_on_disk() {
                cache.forget();
            }
            cache.put(unwritten.clone(), vec![5u32, 6]);
            let rows = cache.rows;
            cache.try_out();
            cache.edit::<Vec<u32>>(&held).unwrap().push(2);
            cache.edit::<Vec<u32>>(&held).unwrap().push(3);
            cache.put(unwritten.clone(), vec![7u32]);
            cache.edit::<Vec<u32>>(&new).unwrap().push(8);
            assert_eq!(cache.get::<Vec<u32>>(&held).unwrap(), Some(&mut vec![1, 2, 3]));
            assert_eq!(cache.flush().is_err(), cache.is_on_disk());
            cache.undo();
            let kept = cache.rows;
            assert_eq!(cache.get::<Vec<u32>>(&held).unwrap(), Some(&mut vec![1]));
            assert_eq!(cache.get::<Vec<u32>>(&unwritten).unwrap(), Some(&mut vec![5, 6]));
            assert_eq!(cache.get::<Vec<u32>>(&new).unwrap(), None);
            assert!(kept >= rows && kept <= rows + 4, "{rows} rows were held, {kept} after");
            cache.flush().unwrap();
        }
    }
}
