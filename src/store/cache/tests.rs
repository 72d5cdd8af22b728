//! What the cache holds, lets go of, and takes back.

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
    for n in 0..100 {
        cache.put(key(n), value(n));
        if n % 2 == 1 {
            cache.rest(&key(n));
        }
        if cache.is_full() {
            let held = |cache: &Cache, odd: u32| {
                (1..=n).filter(|n| n % 2 == odd && cache.slots.contains_key(&key(*n))).count()
            };
            let (asked, rest) = (held(&cache, 0), held(&cache, 1));
            cache.spill().unwrap();
            let (asked, rest) = (asked - held(&cache, 0), rest - held(&cache, 1));
            assert!(rest > 0 && (asked == 0 || held(&cache, 1) == 0), "what rests goes first: {asked} {rest}");
            cache.get::<Vec<u32>>(&key(0)).unwrap();
        }
    }
    assert!(cache.size <= CACHE_BYTES && cache.slots.len() < 64, "{} are held", cache.slots.len());
    assert!(cache.slots.contains_key(&key(0)), "it was asked for all the time");
    (0..100).for_each(|n| assert_eq!(cache.get::<Vec<u32>>(&key(n)).unwrap(), Some(&mut value(n))));
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
