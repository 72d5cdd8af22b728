//! sled behind a write-back cache of records.
//!
//! A record is written when it has to make room, and at the close, however often it is touched: an import touches the
//! same pages thousands of times. So sled holds no state of the view before that is closed; what is not written is lost
//! with the process, and that is fine: the journal has it, and an unsealed view is made anew.

use super::StoreError;
use super::disk::{Disk, Sums};
use super::keys::{Key, is_of_pages};
use serde::{Serialize, de::DeserializeOwned};
use std::any::Any;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::Path;
use tried::{Before, Was};

mod tried;

pub use tried::Undone;

/// About how many bytes are held before some make room. With less the same pages are written again and again, and sled keeps
/// the room of each: with 44 MB a million lines take 7 % more disk than with this. With 68 MB the command that imports them
/// took 161 MB of memory, with this 145.
const CACHE_BYTES: usize = 56 << 20;
/// About how many are left then.
const CACHE_LEFT: usize = CACHE_BYTES / 8 * 7;
/// About what a slot takes beside its record.
const SLOT_BYTES: usize = 160;
/// How often it is asked before it is counted again what is held.
const COUNT_EVERY: usize = 1 << 18;

/// About how many bytes make room at once where somebody waits meanwhile: that takes a millisecond or two.
pub const BIT: usize = 128 << 10;

/// How many records are written at once at the end.
const LEAVING: usize = 1 << 10;

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

/// How soon a record is wanted again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Wanted {
    /// Not soon: who changed it said so.
    Rests,
    /// Nobody asked for it since room was made last.
    Unasked,
    /// Somebody did.
    Asked,
}

/// What is held.
pub type Slots = HashMap<Key, Slot, foldhash::fast::RandomState>;

/// A value of the view, whichever it is.
trait Record: Send {
    fn encoded(&self) -> Result<Vec<u8>, StoreError>;
    fn size(&self) -> usize;
    fn copy(&self) -> Box<dyn Record>;
    fn any(&mut self) -> &mut dyn Any;
}

impl<T: Stored> Record for T {
    fn encoded(&self) -> Result<Vec<u8>, StoreError> {
        match self.fault() {
            None => encode(self),
            Some(what) => Err(StoreError::view(what)),
        }
    }

    fn size(&self) -> usize {
        Stored::size(self)
    }

    fn copy(&self) -> Box<dyn Record> {
        Box::new(self.clone())
    }

    fn any(&mut self) -> &mut dyn Any {
        self
    }
}

/// A record, and what is to become of it. There are many, and looking them up is a good part of an import: it is small.
pub struct Slot {
    record: Box<dyn Record>,
    /// Whether sled has something else, or nothing.
    dirty: bool,
    /// How soon it is wanted again: what is wanted least makes room first.
    wanted: Wanted,
    /// When it was changed last, while something was tried: its copy is kept already.
    era: u32,
}

impl Slot {
    fn of<T: Stored>(value: T, dirty: bool) -> Slot {
        Slot { record: Box::new(value), dirty, wanted: Wanted::Asked, era: 0 }
    }

    fn size(&self) -> usize {
        self.record.size() + SLOT_BYTES
    }

    fn copy(&self) -> Slot {
        Slot { record: self.record.copy(), ..*self }
    }

    fn encoded(&self) -> Result<Vec<u8>, StoreError> {
        self.record.encoded()
    }

    fn value<T: Stored>(&mut self) -> Result<&mut T, StoreError> {
        self.record.any().downcast_mut().ok_or_else(|| StoreError::view("a key holds a record of another kind"))
    }
}

/// What is held at a key, with what was kept of changes that are only tried.
struct Held<'a> {
    slot: &'a mut Slot,
    size: &'a mut usize,
    tried: Option<&'a mut Before>,
    era: u32,
}

/// A key with its record, as it is encoded.
pub type Encoded = (Vec<u8>, Vec<u8>);

/// The cached key space.
pub struct Cache {
    disk: Disk,
    slots: Slots,
    /// What is to make room, the next one last.
    going: Vec<Key>,
    /// About how many bytes are held.
    size: usize,
    /// How often it was asked since that was counted.
    asked: usize,
    /// What takes back what is tried, the last on top of those before.
    tried: Vec<Before>,
    /// Room for the next time.
    spare: Before,
    /// How often something was tried.
    era: u32,
    failed: bool,
}

impl Cache {
    /// Opens the one in a folder, with the checksums of the stamps of what it holds; without, it holds nothing.
    pub fn open(path: &Path, sums: Option<Sums>) -> Result<Cache, StoreError> {
        Ok(Cache { disk: Disk::open(path, sums)?, ..Cache::in_memory() })
    }

    /// A key space that is held whole and never written.
    pub fn in_memory() -> Cache {
        let (slots, going, tried) = (HashMap::default(), Vec::new(), Vec::new());
        let spare = Before::new();
        Cache { disk: Disk::none(), slots, going, size: 0, asked: 0, tried, spare, era: 0, failed: false }
    }

    /// Whether it failed: what it answers from now on is not to be trusted.
    pub fn has_failed(&self) -> bool {
        self.failed
    }

    /// Opens all of the disk; where that cannot be, it failed.
    pub fn open_all(&mut self) {
        self.failed |= self.disk.open_all().is_err();
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
        self.held::<T>(key, None)?.map(|held| held.slot.value()).transpose()
    }

    /// The record at a key, to be changed, if there is one.
    pub fn change<T: Stored>(&mut self, key: &Key) -> Result<Option<&mut T>, StoreError> {
        self.changed(key, None)
    }

    /// The record at a key, to be changed; made by default where there is none.
    pub fn edit<T: Stored + Default>(&mut self, key: &Key) -> Result<&mut T, StoreError> {
        self.changed(key, Some(T::default))?.ok_or_else(|| StoreError::view("a record vanished"))
    }

    fn changed<T: Stored>(&mut self, key: &Key, make: Option<fn() -> T>) -> Result<Option<&mut T>, StoreError> {
        let Some(Held { slot, tried, era, .. }) = self.held(key, make)? else { return Ok(None) };
        if let Some(tried) = tried.filter(|_| slot.era != era) {
            // As it was: what is taken back is not to be written for it.
            tried.push((*key, Was::Held(Some(slot.copy()))));
        }
        (slot.dirty, slot.era) = (true, era);
        slot.value().map(Some)
    }

    /// Sets the record at a key.
    pub fn put<T: Stored>(&mut self, key: Key, value: T) {
        let before = self.fill(key, Slot { era: self.era, ..Slot::of(value, true) });
        if let Some(tried) = self.tried.last_mut().filter(|_| before.as_ref().is_none_or(|slot| slot.era != self.era)) {
            tried.push((key, Was::Held(before)));
        }
    }

    /// What is held at a key; it is read where it is not, and made where there is nothing to read.
    fn held<T: Stored>(&mut self, key: &Key, make: Option<fn() -> T>) -> Result<Option<Held<'_>>, StoreError> {
        let Cache { disk, slots, size, asked, tried, era, failed, .. } = self;
        *asked += 1;
        let slot = match slots.entry(*key) {
            Entry::Occupied(held) => held.into_mut(),
            Entry::Vacant(place) => {
                let read = disk.read(key);
                *failed |= read.is_err();
                let slot = match (read?, make) {
                    (Some(bytes), _) => Slot::of(decode::<T>(&bytes)?, false),
                    (None, Some(make)) => {
                        tried.last_mut().into_iter().for_each(|tried| tried.push((*key, Was::Held(None))));
                        Slot { era: *era, ..Slot::of(make(), true) }
                    }
                    (None, None) => return Ok(None),
                };
                *size += slot.size();
                place.insert(slot)
            }
        };
        slot.wanted = Wanted::Asked;
        Ok(Some(Held { slot, size, tried: tried.last_mut(), era: *era }))
    }

    /// A record is not to be changed soon: it makes room before others.
    pub fn rest(&mut self, key: &Key) {
        self.slots.get_mut(key).into_iter().for_each(|slot| slot.wanted = Wanted::Rests);
    }

    fn fill(&mut self, key: Key, slot: Slot) -> Option<Slot> {
        self.size += slot.size();
        let before = self.slots.insert(key, slot);
        self.size = self.size.saturating_sub(before.as_ref().map_or(0, Slot::size));
        before
    }

    /// Whether so much is held that some must make room, or is about to.
    pub fn is_full(&mut self) -> bool {
        !self.going.is_empty() || self.is_over()
    }

    fn is_over(&mut self) -> bool {
        if self.asked > COUNT_EVERY {
            self.asked = 0;
            self.size = self.slots.values().map(Slot::size).sum();
        }
        self.disk.is_there() && self.size > CACHE_BYTES
    }

    /// Makes room: what nobody asked for since room was made last goes, and as much of the rest as it takes; what
    /// changed is written before. About `most` bytes go now, and all that is too much; the others when it is asked again.
    pub fn spill(&mut self, most: usize) -> Result<(), StoreError> {
        if self.going.is_empty() {
            self.choose();
        }
        let (mut now, mut left) = (Vec::new(), self.size);
        while (left > CACHE_BYTES || self.size - left < most)
            && let Some(key) = self.going.pop()
        {
            // Somebody asked for it since it was chosen.
            let slot = self.slots.get(&key).filter(|slot| slot.wanted < Wanted::Asked);
            left -= slot.map_or(0, Slot::size).min(left);
            now.extend(slot.map(|_| key));
        }
        self.write(&now, most)?;
        now.iter().for_each(|key| drop(self.slots.remove(key)));
        self.size = left;
        Ok(())
    }

    /// Chooses what is to make room.
    fn choose(&mut self) {
        self.size = self.slots.values().map(Slot::size).sum();
        let mut left = self.size;
        for wanted in [Wanted::Rests, Wanted::Unasked, Wanted::Asked] {
            for (key, slot) in self.slots.iter().filter(|(_, slot)| slot.wanted == wanted) {
                if left <= CACHE_LEFT {
                    break;
                }
                left = left.saturating_sub(slot.size());
                self.going.push(*key);
            }
        }
        self.going.reverse();
        self.slots.values_mut().for_each(|slot| slot.wanted = slot.wanted.min(Wanted::Unasked));
    }

    /// Writes all that changed.
    pub fn flush(&mut self) -> Result<(), StoreError> {
        self.write(&self.unwritten(), usize::MAX)
    }

    /// Writes all that changed, and holds nothing after it: nobody asks any more. As sled takes it, it goes.
    pub fn leave(&mut self) -> Result<(), StoreError> {
        self.slots.retain(|_, slot| slot.dirty);
        for keys in self.unwritten().chunks(LEAVING) {
            self.write(keys, usize::MAX)?;
            keys.iter().for_each(|key| drop(self.slots.remove(key)));
        }
        self.size = 0;
        Ok(())
    }

    /// The keys of all that changed: what is near in their order is near on the disk.
    fn unwritten(&self) -> Vec<Key> {
        let mut keys: Vec<Key> = self.slots.iter().filter(|(_, slot)| slot.dirty).map(|(key, _)| *key).collect();
        keys.sort_unstable();
        keys
    }

    /// Writes those records that changed. Where sled has to be given some, it is about `most` bytes at once.
    fn write(&mut self, keys: &[Key], most: usize) -> Result<(), StoreError> {
        if !self.disk.is_there() {
            return Ok(());
        }
        if self.tried.iter().any(|tried| !tried.is_empty()) {
            return Err(StoreError::view("what is only tried is not written"));
        }
        let slots = &self.slots;
        let changed = keys.iter().filter_map(|key| Some((key, slots.get(key).filter(|slot| slot.dirty)?)));
        self.disk.write(changed.map(|(key, slot)| Ok((*key, slot.encoded()?))), most)?;
        for key in keys {
            self.slots.get_mut(key).into_iter().for_each(|slot| slot.dirty = false);
        }
        Ok(())
    }

    /// Lets go of what was only read, when that is much: a reader of everything holds a part of it at a time.
    pub fn relieve(&mut self) {
        if self.is_over() {
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

    /// All records with their keys, as they are encoded: the pages after the others, each in order. Flush first.
    pub fn walk(&mut self, each: &mut dyn FnMut(&[u8], &[u8])) -> Result<(), StoreError> {
        if !self.is_on_disk() {
            let mut rows = self.scan(&[])?;
            rows.sort_by_key(|(key, _)| is_of_pages(key));
            rows.iter().for_each(|(key, value)| each(key, value));
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

    /// Lets go of the disk: the checksums of the stamps of what is there, and what was held, which takes a while to drop.
    pub fn close(self) -> (Result<Sums, StoreError>, Slots) {
        (self.disk.close(), self.slots)
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

/// Encodes a value of the view behind other bytes.
pub fn encode_into<T: Serialize>(value: &T, bytes: &mut Vec<u8>) -> Result<(), StoreError> {
    bincode::serde::encode_into_std_write(value, bytes, bincode::config::standard())
        .map(|_| ())
        .map_err(StoreError::view)
}

/// Decodes a value of the view.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, StoreError> {
    bincode::serde::decode_from_slice(bytes, bincode::config::standard())
        .map(|(value, _)| value)
        .map_err(StoreError::view)
}

#[cfg(test)]
mod tests;
