//! sled behind a write-back cache of records.
//!
//! A record is written when it has to make room, and at the close, however often it is touched: an import touches the
//! same pages thousands of times. So sled holds no state of the view before that is closed; what is not written is lost
//! with the process, and that is fine: the journal has it, and an unsealed view is made anew.

use super::StoreError;
use super::disk::Disk;
use super::keys::Key;
use super::stamps::Stamps;
use serde::{Serialize, de::DeserializeOwned};
use std::any::Any;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::Path;

/// About how many bytes are held before some make room.
const CACHE_BYTES: usize = 24 << 20;
/// About what a slot takes beside its record.
const SLOT_BYTES: usize = 160;
/// Changes after which it is counted again what is held.
const COUNT_EVERY: usize = 16_384;

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

/// A key with its record, as it is encoded.
pub type Encoded = (Vec<u8>, Vec<u8>);

/// What was held at keys that changed, each once, none where nothing was.
type Before = Vec<(Key, Option<Slot>)>;

/// What a change left that is taken back for the time being: [`Cache::redo`] puts it there again.
pub struct Undone(Before);

/// The cached key space.
pub struct Cache {
    disk: Disk,
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
    /// Opens the one in a folder, with the stamps of what it holds.
    pub fn open(path: &Path, stamps: Stamps) -> Result<Cache, StoreError> {
        Ok(Cache { disk: Disk::open(path, stamps)?, ..Cache::in_memory() })
    }

    /// A key space that is held whole and never written.
    pub fn in_memory() -> Cache {
        Cache { disk: Disk::none(), slots: HashMap::default(), size: 0, changes: 0, tried: None, era: 0, failed: false }
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
    pub fn abandon(self) {
        self.disk.abandon();
    }

    /// What is written at a key, whatever it should be.
    pub fn look<T: Stored>(&self, key: &Key) -> Result<Option<T>, StoreError> {
        self.disk.look(key)?.map(|bytes| decode(&bytes)).transpose()
    }

    /// The record at a key.
    pub fn get<T: Stored>(&mut self, key: &Key) -> Result<Option<&mut T>, StoreError> {
        self.slot::<T>(key)?.map(Slot::value).transpose()
    }

    /// The record at a key, to be changed, if there is one.
    pub fn change<T: Stored>(&mut self, key: &Key) -> Result<Option<&mut T>, StoreError> {
        let (era, keep) = (self.era, self.tried.is_some());
        let Some(slot) = self.slot::<T>(key)? else { return Ok(None) };
        // As it was: what is taken back is not to be written for it.
        let copy = (keep && slot.era != era).then(|| slot.copy());
        (slot.dirty, slot.era) = (true, era);
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
                let read = self.disk.read(key);
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

    /// What is changed from here on is only tried, until [`Cache::undo`]. Nothing of it is written before.
    pub fn try_out(&mut self) {
        self.tried = Some(Before::new());
        self.era += 1;
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
        self.disk.is_there() && self.size > CACHE_BYTES
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
        self.write(&going)?;
        going.iter().for_each(|key| drop(self.slots.remove(key)));
        self.slots.values_mut().for_each(|slot| slot.used = false);
        self.size = left;
        Ok(())
    }

    /// Writes all that changed.
    pub fn flush(&mut self) -> Result<(), StoreError> {
        let dirty: Vec<Key> = self.slots.iter().filter(|(_, slot)| slot.dirty).map(|(key, _)| *key).collect();
        self.write(&dirty)
    }

    /// Writes those records that changed.
    fn write(&mut self, keys: &[Key]) -> Result<(), StoreError> {
        if !self.disk.is_there() {
            return Ok(());
        }
        if self.tried.as_ref().is_some_and(|tried| !tried.is_empty()) {
            return Err(StoreError::view("what is only tried is not written"));
        }
        let slots = &self.slots;
        let changed = keys.iter().filter_map(|key| Some((key, slots.get(key).filter(|slot| slot.dirty)?)));
        self.disk.write(changed.map(|(key, slot)| Ok((*key, slot.encoded()?))))?;
        for key in keys {
            self.slots.get_mut(key).into_iter().for_each(|slot| slot.dirty = false);
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

    /// Reads all records whose keys begin with `prefix` and that are not held, in one go: they are held then. Answers with
    /// the keys of all, in order.
    pub fn read_all<T: Stored>(&mut self, prefix: &[u8]) -> Result<Vec<Key>, StoreError> {
        let mut read: Vec<(Key, Vec<u8>)> = Vec::new();
        let slots = &self.slots;
        let scanned = self.disk.scan(prefix, &mut |key, value| {
            read.extend(Key::of(key).filter(|key| !slots.contains_key(key)).map(|key| (key, value)));
        });
        self.failed |= scanned.is_err();
        scanned?;
        for (key, value) in read {
            let record = decode::<T>(&value)?;
            self.fill(key, Slot::of(record, false));
        }
        let mut keys: Vec<Key> = self.slots.keys().filter(|key| key.starts_with(prefix)).copied().collect();
        keys.sort_unstable();
        Ok(keys)
    }

    /// All keys that begin with `prefix`, in order, with the records as they are encoded: what is held, and what sled has
    /// of the others.
    pub fn scan(&mut self, prefix: &[u8]) -> Result<Vec<Encoded>, StoreError> {
        let held = self.slots.iter().filter(|(key, _)| key.starts_with(prefix));
        let mut rows =
            held.map(|(key, slot)| Ok((key.to_vec(), slot.encoded()?))).collect::<Result<Vec<_>, StoreError>>()?;
        let slots = &self.slots;
        let scanned = self.disk.scan(prefix, &mut |key, value| {
            if !slots.contains_key(key) {
                rows.push((key.to_vec(), value));
            }
        });
        self.failed |= scanned.is_err();
        scanned?;
        rows.sort_unstable();
        Ok(rows)
    }

    /// Whether anything is to be written.
    pub fn has_changed(&self) -> bool {
        self.slots.values().any(|slot| slot.dirty)
    }

    /// Looks at some of what is on the disk, after a key, whether it is what was written; answers with the last key, with
    /// none at the end.
    pub fn look_over(&mut self, after: &[u8], most: usize) -> Result<Option<Vec<u8>>, StoreError> {
        let looked = self.disk.look_over(after, most);
        self.failed |= looked.is_err();
        looked
    }

    /// All records with their keys, in order, as they are encoded. Flush first.
    pub fn walk(&mut self, each: &mut dyn FnMut(&[u8], &[u8])) -> Result<(), StoreError> {
        if !self.is_on_disk() {
            self.scan(&[])?.iter().for_each(|(key, value)| each(key, value));
            return Ok(());
        }
        let walked = self.disk.give().and_then(|()| self.disk.scan(&[], &mut |key, value| each(key, &value)));
        self.failed |= walked.is_err();
        walked
    }

    /// Bytes on disk.
    pub fn bytes(&self) -> u64 {
        self.disk.bytes()
    }

    /// Makes sled write all it has.
    pub fn settle(&mut self) -> Result<(), StoreError> {
        self.disk.settle()
    }

    /// Lets go of the disk; what is left are the stamps of what is there.
    pub fn into_stamps(self) -> Stamps {
        self.disk.into_stamps()
    }

    /// Whether it is on a disk.
    pub fn is_on_disk(&self) -> bool {
        self.disk.is_there()
    }
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
        assert!(cache.size <= CACHE_BYTES && cache.slots.len() < 30, "{} are held", cache.slots.len());
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
            let dirty = |cache: &Cache, key: &Key| cache.slots.get(key).is_some_and(|slot| slot.dirty);
            cache.get::<Vec<u32>>(&held).unwrap();
            let was = dirty(&cache, &held);
            assert_eq!(was, !cache.is_on_disk(), "what is held and written is not to be written again");
            cache.try_out();
            cache.edit::<Vec<u32>>(&held).unwrap().push(2);
            cache.edit::<Vec<u32>>(&held).unwrap().push(3);
            cache.put(unwritten, vec![7u32]);
            cache.edit::<Vec<u32>>(&new).unwrap().push(8);
            assert_eq!(cache.get::<Vec<u32>>(&held).unwrap(), Some(&mut vec![1, 2, 3]));
            assert_eq!(cache.flush().is_err(), cache.is_on_disk());
            let undone = cache.undo();
            assert_eq!(dirty(&cache, &held), was, "nor when it was changed in vain");
            assert_eq!(cache.get::<Vec<u32>>(&held).unwrap(), Some(&mut vec![1]));
            assert_eq!(cache.get::<Vec<u32>>(&unwritten).unwrap(), Some(&mut vec![5, 6]));
            assert_eq!(cache.get::<Vec<u32>>(&new).unwrap(), None);
            cache.redo(undone);
            assert_eq!(cache.get::<Vec<u32>>(&held).unwrap(), Some(&mut vec![1, 2, 3]));
            assert_eq!(cache.get::<Vec<u32>>(&unwritten).unwrap(), Some(&mut vec![7]));
            assert_eq!(cache.get::<Vec<u32>>(&new).unwrap(), Some(&mut vec![8]));
            cache.flush().unwrap();
            if cache.is_on_disk() {
                cache.slots.clear();
            }
            assert_eq!(cache.get::<Vec<u32>>(&held).unwrap(), Some(&mut vec![1, 2, 3]));
        }
    }
}
