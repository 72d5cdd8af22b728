//! sled behind a write-back cache of records.
//!
//! A record is written when it has to make room, and at the close, however often it is touched: an import touches the
//! same pages thousands of times. So sled holds no state of the view before that is closed; what is not written is lost
//! with the process, and that is fine: the journal has it, and an unsealed view is made anew.

use super::StoreError;
use super::keys::Key;
use super::stamps::Stamps;
use serde::{Serialize, de::DeserializeOwned};
use std::any::Any;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::Path;

/// Keys in one sled batch; larger ones keep gigabytes of dead pages alive.
const BATCH_KEYS: usize = 256;
/// About how many bytes are held before some make room.
const CACHE_BYTES: usize = 48 << 20;
/// sled's own cache, bytes.
const SLED_CACHE: u64 = 8 << 20;
/// About what a slot takes beside its record.
const SLOT_BYTES: usize = 160;
/// Changes after which it is counted again what is held.
const COUNT_EVERY: usize = 16_384;
/// Values that are shorter stay as they are.
const PACKED_FROM: usize = 128;

/// A value of the view.
pub trait Stored: Any + Send + Clone + Serialize + DeserializeOwned {
    /// About how many bytes it holds, for the bound on the cache.
    fn size(&self) -> usize {
        size_of::<Self>()
    }

    /// What is wrong with it, should there be anything: asked whenever it is written.
    fn fault(&self) -> Option<&'static str> {
        None
    }
}

/// One of the values of a list that is a record.
pub trait Item: Any + Send + Clone + Serialize + DeserializeOwned {}

impl<T: Item> Stored for Vec<T> {
    fn size(&self) -> usize {
        self.capacity() * size_of::<T>() + size_of::<Self>()
    }
}

/// A record, and how to write it.
struct Slot {
    value: Box<dyn Any + Send>,
    encode: fn(&dyn Any) -> Result<Vec<u8>, StoreError>,
    size: fn(&dyn Any) -> usize,
    copy: fn(&dyn Any) -> Box<dyn Any + Send>,
    /// Whether sled has something else, or nothing.
    dirty: bool,
    /// Whether anybody asked for it since room was made last.
    used: bool,
    /// When it was changed last, while something was tried: its copy is kept already.
    era: u32,
}

impl Slot {
    fn of<T: Stored>(value: T, dirty: bool) -> Slot {
        let encode = |value: &dyn Any| match value.downcast_ref::<T>() {
            Some(value) => match value.fault() {
                None => encode(value),
                Some(what) => Err(StoreError::view(what)),
            },
            None => Err(StoreError::view("a slot holds a record of another kind")),
        };
        let size = |value: &dyn Any| value.downcast_ref::<T>().map_or(0, Stored::size);
        let copy = |value: &dyn Any| -> Box<dyn Any + Send> {
            match value.downcast_ref::<T>() {
                Some(value) => Box::new(value.clone()),
                // A slot that holds another kind is found at its next use.
                None => Box::new(()),
            }
        };
        Slot { value: Box::new(value), encode, size, copy, dirty, used: true, era: 0 }
    }

    fn size(&self) -> usize {
        (self.size)(self.value.as_ref()) + SLOT_BYTES
    }

    fn copy(&self) -> Slot {
        Slot { value: (self.copy)(self.value.as_ref()), ..*self }
    }

    fn encoded(&self) -> Result<Vec<u8>, StoreError> {
        (self.encode)(self.value.as_ref())
    }

    fn value<T: Stored>(&mut self) -> Result<&mut T, StoreError> {
        self.value.downcast_mut().ok_or_else(|| StoreError::view("a key holds a record of another kind"))
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

/// What was held at keys that changed, each once, none where nothing was.
type Before = Vec<(Key, Option<Slot>)>;

/// What a change left that is taken back for the time being: [`Cache::redo`] puts it there again.
pub struct Undone(Before);

/// The cached key space.
pub struct Cache {
    disk: Disk,
    /// What the record at each key is that was written.
    stamps: Stamps,
    slots: HashMap<Key, Slot, foldhash::fast::RandomState>,
    /// About how many bytes are held.
    size: usize,
    /// Changes since that was counted.
    changes: usize,
    /// While something is tried: what was held at each key that it changed.
    tried: Option<Before>,
    /// How often something was tried.
    era: u32,
    failed: bool,
}

impl Cache {
    /// Opens sled in a folder, with the stamps of what it holds. sled panics on some damage; that is an error like any
    /// other here.
    pub fn open(path: &Path, stamps: Stamps) -> Result<Cache, StoreError> {
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
                Ok(db) => return Ok(Cache { disk: Disk(Some(db)), stamps, ..Cache::in_memory() }),
            }
        }
        Err(StoreError::view("sled's lock is held"))
    }

    /// A key space that is held whole and never written.
    pub fn in_memory() -> Cache {
        Cache {
            disk: Disk(None),
            stamps: Stamps::default(),
            slots: HashMap::default(),
            size: 0,
            changes: 0,
            tried: None,
            era: 0,
            failed: false,
        }
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

    /// What is written at a key, whatever it should be.
    pub fn look<T: Stored>(&self, key: &Key) -> Result<Option<T>, StoreError> {
        let Some(db) = &self.disk.0 else { return Ok(None) };
        let found = quietly(|| db.get(&**key))?.map_err(trouble)?;
        found.map(|bytes| decode(&unpacked(&bytes)?)).transpose()
    }

    /// The record at a key.
    pub fn get<T: Stored>(&mut self, key: &Key) -> Result<Option<&mut T>, StoreError> {
        self.slot::<T>(key)?.map(Slot::value).transpose()
    }

    /// The record at a key, to be changed, if there is one.
    pub fn change<T: Stored>(&mut self, key: &Key) -> Result<Option<&mut T>, StoreError> {
        let (era, keep) = (self.era, self.tried.is_some());
        let Some(slot) = self.slot::<T>(key)? else { return Ok(None) };
        slot.dirty = true;
        let copy = (keep && slot.era != era).then(|| slot.copy());
        slot.era = era;
        self.changes += 1;
        if let (Some(tried), Some(copy)) = (&mut self.tried, copy) {
            tried.push((*key, Some(copy)));
        }
        self.get(key)
    }

    /// The record at a key, to be changed; made by default where there is none.
    pub fn edit<T: Stored + Default>(&mut self, key: &Key) -> Result<&mut T, StoreError> {
        if self.slot::<T>(key)?.is_none() {
            self.put(*key, T::default());
        }
        self.change(key)?.ok_or_else(|| StoreError::view("a record vanished"))
    }

    /// Sets the record at a key.
    pub fn put<T: Stored>(&mut self, key: Key, value: T) {
        let before = self.fill(key, Slot { era: self.era, ..Slot::of(value, true) });
        if let Some(tried) = self.tried.as_mut().filter(|_| before.as_ref().is_none_or(|slot| slot.era != self.era)) {
            tried.push((key, before));
        }
    }

    /// What is held at a key; it is read where it is not.
    fn slot<T: Stored>(&mut self, key: &Key) -> Result<Option<&mut Slot>, StoreError> {
        let slot = match self.slots.entry(*key) {
            Entry::Occupied(held) => held.into_mut(),
            Entry::Vacant(place) => {
                let read = read(&self.disk, &self.stamps, key);
                self.failed |= read.is_err();
                let Some(bytes) = read? else { return Ok(None) };
                let slot = Slot::of(decode::<T>(&bytes)?, false);
                self.size += slot.size();
                place.insert(slot)
            }
        };
        slot.used = true;
        Ok(Some(slot))
    }

    fn fill(&mut self, key: Key, slot: Slot) -> Option<Slot> {
        self.size += slot.size();
        self.changes += usize::from(slot.dirty);
        let before = self.slots.insert(key, slot);
        self.size = self.size.saturating_sub(before.as_ref().map_or(0, Slot::size));
        before
    }

    /// What is changed from here on is only tried: [`Cache::undo`] takes it back, or [`Cache::stay`] lets it be. Nothing
    /// of it is written before.
    pub fn try_out(&mut self) {
        self.tried = Some(Before::new());
        self.era += 1;
    }

    /// Lets what was tried be.
    pub fn stay(&mut self) {
        self.tried = None;
    }

    /// Takes back what was tried.
    pub fn undo(&mut self) -> Undone {
        let before = self.tried.take().unwrap_or_default();
        Undone(before.into_iter().map(|(key, slot)| self.exchange(key, slot)).collect())
    }

    /// Does again what was taken back.
    pub fn redo(&mut self, undone: Undone) {
        for (key, slot) in undone.0 {
            self.exchange(key, slot);
        }
    }

    fn exchange(&mut self, key: Key, slot: Option<Slot>) -> (Key, Option<Slot>) {
        let was = match slot {
            Some(slot) => self.fill(key, slot),
            None => {
                let was = self.slots.remove(&key);
                self.size = self.size.saturating_sub(was.as_ref().map_or(0, Slot::size));
                was
            }
        };
        (key, was)
    }

    /// Whether so much is held that some must make room.
    pub fn is_full(&mut self) -> bool {
        if self.changes > COUNT_EVERY {
            self.changes = 0;
            self.size = self.slots.values().map(Slot::size).sum();
        }
        self.disk.0.is_some() && self.size > CACHE_BYTES
    }

    /// Makes room: what nobody asked for since room was made last goes, and as much of the rest as it takes; what
    /// changed is written before.
    pub fn spill(&mut self) -> Result<(), StoreError> {
        self.size = self.slots.values().map(Slot::size).sum();
        let (mut going, mut left) = (Vec::new(), self.size);
        for wanted in [false, true] {
            for (key, slot) in self.slots.iter().filter(|(_, slot)| slot.used == wanted) {
                if left <= CACHE_BYTES / 2 {
                    break;
                }
                left -= slot.size();
                going.push(*key);
            }
        }
        going.sort_unstable();
        self.write(&going)?;
        going.iter().for_each(|key| drop(self.slots.remove(key)));
        self.slots.values_mut().for_each(|slot| slot.used = false);
        self.size = left;
        Ok(())
    }

    /// Writes all that changed.
    pub fn flush(&mut self) -> Result<(), StoreError> {
        let mut dirty: Vec<Key> = self.slots.iter().filter(|(_, slot)| slot.dirty).map(|(key, _)| *key).collect();
        dirty.sort_unstable();
        self.write(&dirty)
    }

    /// Writes those records that changed; the keys are in order.
    fn write(&mut self, keys: &[Key]) -> Result<(), StoreError> {
        let Some(db) = &self.disk.0 else { return Ok(()) };
        if self.tried.as_ref().is_some_and(|tried| !tried.is_empty()) {
            return Err(StoreError::view("what is only tried is not written"));
        }
        for chunk in keys.chunks(BATCH_KEYS) {
            let (mut batch, mut written) = (sled::Batch::default(), Vec::with_capacity(chunk.len()));
            for key in chunk {
                let Some(slot) = self.slots.get_mut(key).filter(|slot| slot.dirty) else { continue };
                let bytes = packed(slot.encoded()?);
                written.push(Stamps::stamp(key, &bytes));
                batch.insert(&**key, bytes);
                slot.dirty = false;
            }
            quietly(|| db.apply_batch(batch))?.map_err(trouble)?;
            written.into_iter().for_each(|stamp| self.stamps.put(stamp));
        }
        Ok(())
    }

    /// Lets go of what was only read, when that is much: a reader of everything holds a part of it at a time.
    pub fn relieve(&mut self) {
        if self.is_full() {
            self.slots.retain(|_, slot| slot.dirty);
            self.size = self.slots.values().map(Slot::size).sum();
        }
    }

    /// All keys that begin with `prefix`, in order, with the records as they are encoded: what is held, and what sled has
    /// of the others.
    pub fn scan(&mut self, prefix: &[u8]) -> Result<Vec<(Vec<u8>, Vec<u8>)>, StoreError> {
        let held = self.slots.iter().filter(|(key, _)| key.starts_with(prefix));
        let mut rows =
            held.map(|(key, slot)| Ok((key.to_vec(), slot.encoded()?))).collect::<Result<Vec<_>, StoreError>>()?;
        if let Some(db) = &self.disk.0 {
            let mut written = 0;
            let read = quietly(|| {
                for row in db.scan_prefix(prefix) {
                    let (key, value) = row.map_err(trouble)?;
                    if !self.stamps.is(&key, &value) {
                        return Err(StoreError::view("a record is not what was written"));
                    }
                    written += 1;
                    if !self.slots.contains_key(&*key) {
                        rows.push((key.to_vec(), unpacked(&value)?));
                    }
                }
                Ok(())
            });
            let whole = read.and_then(|read| read).and_then(|()| match self.stamps.of_kind(prefix) {
                Some(count) if count != written => Err(StoreError::view("records are gone")),
                _ => Ok(()),
            });
            self.failed |= whole.is_err();
            whole?;
        }
        rows.sort_unstable();
        Ok(rows)
    }

    /// Whether anything is to be written.
    pub fn has_changed(&self) -> bool {
        self.slots.values().any(|slot| slot.dirty)
    }

    /// Reads some of what sled has, after a key, and holds it against what was written; answers with the last key, with
    /// none at the end.
    pub fn look_over(&mut self, after: &[u8], most: usize) -> Result<Option<Vec<u8>>, StoreError> {
        let (mut last, mut read) = (None, 0);
        self.each_written(after, &mut |key, _| {
            last = Some(key.to_vec());
            read += 1;
            read < most
        })?;
        Ok(last.filter(|_| read == most))
    }

    /// All records with their keys, in order, as they are encoded. Flush first.
    pub fn walk(&mut self, each: &mut dyn FnMut(&[u8], &[u8])) -> Result<(), StoreError> {
        if !self.is_on_disk() {
            let rows = self.scan(&[])?;
            rows.iter().for_each(|(key, value)| each(key, value));
            return Ok(());
        }
        let (mut read, mut fault) = (0, None);
        self.each_written(&[], &mut |key, value| {
            read += 1;
            match unpacked(value) {
                Ok(value) => each(key, &value),
                Err(e) => fault = Some(e),
            }
            fault.is_none()
        })?;
        match fault {
            Some(e) => Err(e),
            None if self.stamps.of_kind(&[]) != Some(read) => Err(StoreError::view("records are gone")),
            None => Ok(()),
        }
    }

    /// What sled has after a key, in order, each held against what was written, until `each` wants no more.
    fn each_written(&mut self, after: &[u8], each: &mut dyn FnMut(&[u8], &[u8]) -> bool) -> Result<(), StoreError> {
        use std::ops::Bound::{Excluded, Unbounded};
        let Some(db) = &self.disk.0 else { return Ok(()) };
        let looked = quietly(|| {
            for row in db.range::<&[u8], _>((Excluded(after), Unbounded)) {
                let (key, value) = row.map_err(trouble)?;
                if !self.stamps.is(&key, &value) {
                    return Err(StoreError::view("a record is not what was written"));
                }
                if !each(&key, &value) {
                    break;
                }
            }
            Ok(())
        });
        let looked = looked.and_then(|looked| looked);
        self.failed |= looked.is_err();
        looked
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

    /// Lets go of sled; what is left are the stamps of what it wrote.
    pub fn into_stamps(self) -> Stamps {
        self.stamps
    }

    /// Whether it is on a disk.
    pub fn is_on_disk(&self) -> bool {
        self.disk.0.is_some()
    }
}

/// What sled has at a key, where that is what was written there.
fn read(disk: &Disk, stamps: &Stamps, key: &Key) -> Result<Option<Vec<u8>>, StoreError> {
    let Some(db) = disk.0.as_ref().filter(|_| stamps.has(key)) else { return Ok(None) };
    match quietly(|| db.get(&**key))?.map_err(trouble)?.filter(|bytes| stamps.is(key, bytes)) {
        Some(bytes) => unpacked(&bytes).map(Some),
        None => Err(StoreError::view("a record is not what was written, or gone")),
    }
}

/// A record as sled has it: short ones as they are.
fn packed(bytes: Vec<u8>) -> Vec<u8> {
    let mut all = Vec::with_capacity(bytes.len() + 1);
    if bytes.len() >= PACKED_FROM {
        let less = lz4_flex::compress_prepend_size(&bytes);
        if less.len() < bytes.len() {
            all.push(1);
            all.extend(less);
            return all;
        }
    }
    all.push(0);
    all.extend(bytes);
    all
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

/// Decodes a value of the view from the beginning of bytes; answers with how many it took.
pub fn decode_first<T: DeserializeOwned>(bytes: &[u8]) -> Result<(T, usize), StoreError> {
    bincode::serde::decode_from_slice(bytes, bincode::config::standard()).map_err(StoreError::view)
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Item for u32 {}

    fn key(bytes: &[u8]) -> Key {
        Key::of(bytes).unwrap()
    }

    /// A reader of everything lets go of what it read, and of nothing that is not written yet: the view says that it
    /// has reached the entry that made it.
    #[test]
    fn what_is_not_written_yet_outlasts_a_reader_of_everything() {
        let folder = tempfile::tempdir().unwrap();
        let mut cache = Cache::open(&folder.path().join("view"), Stamps::default()).unwrap();
        let (read, changed) = (key(b"read"), key(b"changed"));
        cache.put(read, vec![7u32; CACHE_BYTES / 4 + 1]);
        assert!(cache.is_full());
        cache.spill().unwrap();
        assert!(!cache.slots.contains_key(&read), "a long page makes room once it is written");
        cache.put(changed, vec![1u32]);
        assert!(cache.get::<Vec<u32>>(&read).unwrap().is_some() && cache.is_full());
        cache.relieve();
        assert!(!cache.slots.contains_key(&read), "what was only read goes");
        assert_eq!(cache.get::<Vec<u32>>(&changed).unwrap(), Some(&mut vec![1]), "what is not written yet stays");
    }

    /// What makes room is what nobody asked for; all of it can be read again as it was.
    #[test]
    fn what_makes_room_is_what_nobody_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let mut cache = Cache::open(&folder.path().join("view"), Stamps::default()).unwrap();
        let key = |n: u32| key(&n.to_be_bytes());
        let value = |n: u32| vec![n; 1 << 18];
        for n in 0..60 {
            cache.put(key(n), value(n));
            if cache.is_full() {
                cache.spill().unwrap();
                cache.get::<Vec<u32>>(&key(0)).unwrap();
            }
        }
        assert!(cache.size <= CACHE_BYTES && cache.slots.len() < 50, "{} are held", cache.slots.len());
        assert!(cache.slots.contains_key(&key(0)), "it was asked for all the time");
        (0..60).for_each(|n| assert_eq!(cache.get::<Vec<u32>>(&key(n)).unwrap(), Some(&mut value(n))));
    }

    /// What is tried is seen while it is tried, is never written, and leaves nothing: a page that grew, one that was put
    /// in another's place, and one that is new. What was taken back can be done again.
    #[test]
    fn what_is_tried_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        for mut cache in [Cache::in_memory(), Cache::open(&folder.path().join("view"), Stamps::default()).unwrap()] {
            let [held, unwritten, new] = [key(b"held"), key(b"unwritten"), key(b"new")];
            cache.put(held, vec![1u32]);
            cache.flush().unwrap();
            if cache.is_on_disk() {
                cache.slots.clear();
            }
            cache.put(unwritten, vec![5u32, 6]);
            cache.try_out();
            cache.edit::<Vec<u32>>(&held).unwrap().push(2);
            cache.edit::<Vec<u32>>(&held).unwrap().push(3);
            cache.put(unwritten, vec![7u32]);
            cache.edit::<Vec<u32>>(&new).unwrap().push(8);
            assert_eq!(cache.get::<Vec<u32>>(&held).unwrap(), Some(&mut vec![1, 2, 3]));
            assert_eq!(cache.flush().is_err(), cache.is_on_disk());
            let undone = cache.undo();
            assert_eq!(cache.get::<Vec<u32>>(&held).unwrap(), Some(&mut vec![1]));
            assert_eq!(cache.get::<Vec<u32>>(&unwritten).unwrap(), Some(&mut vec![5, 6]));
            assert_eq!(cache.get::<Vec<u32>>(&new).unwrap(), None);
            cache.redo(undone);
            assert_eq!(cache.get::<Vec<u32>>(&held).unwrap(), Some(&mut vec![1, 2, 3]));
            assert_eq!(cache.get::<Vec<u32>>(&unwritten).unwrap(), Some(&mut vec![7]));
            assert_eq!(cache.get::<Vec<u32>>(&new).unwrap(), Some(&mut vec![8]));
            cache.flush().unwrap();
            cache.slots.retain(|_, _| !cache.disk.0.is_some());
            assert_eq!(cache.get::<Vec<u32>>(&held).unwrap(), Some(&mut vec![1, 2, 3]));
        }
    }

    /// A record that sled changed, lost, or has too many is noticed when it is read: alone, in a scan, and at a look over
    /// all; and so is an older one.
    #[test]
    fn what_is_not_what_was_written_is_noticed() {
        type Harm = fn(&sled::Db);
        let harms: [(&str, Harm); 4] = [
            ("a flipped bit", |db| {
                let mut value = db.get(b"Pa").unwrap().unwrap().to_vec();
                value[1] ^= 1;
                db.insert(b"Pa", value).unwrap();
            }),
            ("gone", |db| drop(db.remove(b"Pa").unwrap())),
            ("the record of another", |db| drop(db.insert(b"Pa", db.get(b"Pb").unwrap().unwrap()).unwrap())),
            ("an older one", |db| drop(db.insert(b"Pa", packed(encode(&vec![1u32]).unwrap())).unwrap())),
        ];
        for (what, harm) in harms {
            let folder = tempfile::tempdir().unwrap();
            let harmed = || {
                let mut cache = Cache::open(&folder.path().join(what), Stamps::default()).unwrap();
                cache.put(key(b"Pa"), vec![1u32]);
                cache.flush().unwrap();
                cache.put(key(b"Pa"), vec![2u32]);
                cache.put(key(b"Pb"), vec![3u32]);
                cache.flush().unwrap();
                cache.slots.clear();
                assert_eq!(cache.scan(b"P").unwrap().len(), 2);
                harm(cache.disk.0.as_ref().unwrap());
                cache
            };
            let mut cache = harmed();
            assert!(cache.get::<Vec<u32>>(&key(b"Pa")).is_err() && cache.has_failed(), "{what}");
            drop(cache);
            let mut cache = harmed();
            assert!(cache.scan(b"P").is_err() && cache.has_failed(), "{what}");
            drop(cache);
            assert!(harmed().walk(&mut |_, _| {}).is_err(), "{what}");
        }
    }
}
