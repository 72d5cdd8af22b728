//! What the cache holds, lets go of, and takes back.

use super::*;
use crate::ids::Seq;
use crate::store::page::{Page, Row};
use proptest::prelude::*;

impl Item for u32 {}

/// A row of a page: its number, and what it says.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
struct Numbered(Seq, u32);

impl Item for Numbered {}
impl Row for Numbered {
    type Key = Seq;
    const PAGE: usize = 4;

    fn key(&self) -> Seq {
        self.0
    }
}

fn key(bytes: &[u8]) -> Key {
    Key::of(bytes).unwrap()
}

/// A reader of everything lets go of what it read, and of nothing that is not written yet: the view says that it
/// has reached the entry that made it.
#[test]
fn what_is_not_written_yet_outlasts_a_reader_of_everything() {
    let folder = tempfile::tempdir().unwrap();
    let mut cache = Cache::open(&folder.path().join("view"), None).unwrap();
    let (read, changed) = (key(b"read"), key(b"changed"));
    cache.put(read, vec![7u32; CACHE_BYTES / 4 + 1]);
    assert!(cache.is_full());
    cache.spill(usize::MAX).unwrap();
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
    let mut cache = Cache::open(&folder.path().join("view"), None).unwrap();
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
            cache.spill(usize::MAX).unwrap();
            let (asked, rest) = (asked - held(&cache, 0), rest - held(&cache, 1));
            assert!(rest > 0 && (asked == 0 || held(&cache, 1) == 0), "what rests goes first: {asked} {rest}");
            cache.get::<Vec<u32>>(&key(0)).unwrap();
        }
    }
    assert!(cache.size <= CACHE_BYTES && cache.slots.len() < CACHE_BYTES >> 20, "{} are held", cache.slots.len());
    assert!(cache.slots.contains_key(&key(0)), "it was asked for all the time");
    (0..100).for_each(|n| assert_eq!(cache.get::<Vec<u32>>(&key(n)).unwrap(), Some(&mut value(n))));
}

/// Regression: a key beside an import waited until an eighth of the cache and all that waited for sled were written, some
/// 100 ms. Where somebody waits, room is made in bits: each is small, what somebody asks for meanwhile stays, and what is
/// held stays within its bound, however fast more comes.
#[test]
fn room_is_made_in_bits() {
    let folder = tempfile::tempdir().unwrap();
    let mut cache = Cache::open(&folder.path().join("view"), None).unwrap();
    let key = |n: u32| key(&n.to_be_bytes());
    let value = |n: u32| (0..1_000).map(|at| at * n).collect::<Vec<u32>>();
    let (mut n, mut bits) = (0, 0);
    while bits < 500 {
        cache.put(key(n), value(n));
        n += 1;
        if !cache.is_full() {
            continue;
        }
        bits += 1;
        let (held, size) = (cache.slots.len(), cache.size);
        let asked = cache.going.last().copied();
        asked.iter().for_each(|key| assert!(cache.get::<Vec<u32>>(key).unwrap().is_some()));
        cache.spill(BIT).unwrap();
        assert!(cache.size <= CACHE_BYTES && asked.is_none_or(|key| cache.slots.contains_key(&key)));
        let (went, each) = (held - cache.slots.len(), size / held);
        assert!(went * each < BIT + 2 * each && (went > 0 || cache.going.is_empty()), "{went} of {each} bytes");
        if bits == 100 {
            // More at once than a bit: all that is too much goes.
            (0..400).for_each(|more| cache.put(key(n + more), value(n + more)));
            n += 400;
            cache.spill(BIT).unwrap();
            assert!(cache.size <= CACHE_BYTES);
        }
    }
    assert!(cache.size < CACHE_BYTES - BIT * 8 || !cache.going.is_empty(), "room is made ahead");
    (0..n).for_each(|n| assert_eq!(cache.get::<Vec<u32>>(&key(n)).unwrap(), Some(&mut value(n))));
}

/// What is tried is seen while it is tried, is never written, and leaves nothing: a page that grew, one that was put
/// in another's place, and one that is new. What was taken back can be done again.
#[test]
fn what_is_tried_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    for mut cache in [Cache::in_memory(), Cache::open(&folder.path().join("view"), None).unwrap()] {
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

/// What is done to a page while something is tried.
#[derive(Clone, Debug)]
enum Act {
    Insert(u64),
    Change(usize, u32),
}

/// Carries it out on one of three pages; a page that overflows gives rows to the fourth.
fn act(cache: &mut Cache, page: u8, act: &Act) {
    let at = key(&[page % 3]);
    match act {
        Act::Insert(number) => {
            let (_, rest) = cache.insert(&at, &Numbered(Seq(*number), 0)).unwrap();
            if let Some(rest) = rest {
                cache.put(key(&[3]), rest);
            }
        }
        Act::Change(row, says) => {
            let page = cache.edit::<Page<Numbered>>(&at).unwrap();
            if let Some(row) = row.checked_rem(page.len()) {
                let Numbered(number, _) = page.row(row).unwrap();
                page.set(row, &Numbered(number, *says)).unwrap();
            }
        }
    }
}

fn acts(numbers: std::ops::Range<u64>) -> impl Strategy<Value = Vec<(u8, Act)>> {
    let insert = (0..numbers.end - numbers.start).prop_map(Act::Insert);
    let change = (0..4usize, 1..9u32).prop_map(|(row, says)| Act::Change(row, says));
    prop::collection::vec((0..3u8, prop_oneof![3 => insert, 1 => change]), 0..24).prop_map(move |mut acts| {
        // No number comes twice.
        for (n, (_, act)) in acts.iter_mut().enumerate() {
            if let Act::Insert(number) = act {
                *number = (*number * 64 + n as u64) * 2 + numbers.start;
            }
        }
        acts
    })
}

proptest! {
    /// Rows that came to pages and are taken back leave just what was there, to be written or not as it was; done again,
    /// they leave just what they had left, also where the pages were written and let go in between.
    #[test]
    fn rows_that_are_taken_back_leave_nothing(
        before in acts(0..64), tried in acts(1..65), flushed in any::<bool>(), goes in any::<bool>(),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let mut cache = Cache::open(&folder.path().join("view"), None).unwrap();
        before.iter().for_each(|(page, what)| act(&mut cache, *page, what));
        if flushed {
            cache.flush().unwrap();
        }
        let unwritten = |cache: &Cache| {
            let dirty = cache.slots.iter().filter(|(_, slot)| slot.dirty);
            dirty.map(|(key, _)| *key).collect::<std::collections::BTreeSet<Key>>()
        };
        let (was, was_unwritten) = (cache.scan(&[]).unwrap(), unwritten(&cache));
        cache.try_out();
        tried.iter().for_each(|(page, what)| act(&mut cache, *page, what));
        let (is, is_unwritten) = (cache.scan(&[]).unwrap(), unwritten(&cache));
        let undone = cache.undo();
        prop_assert_eq!(cache.scan(&[]).unwrap(), was.clone());
        prop_assert_eq!(unwritten(&cache), was_unwritten);
        if goes {
            cache.flush().unwrap();
            cache.slots.clear();
            prop_assert_eq!(cache.scan(&[]).unwrap(), was);
        }
        cache.redo(undone);
        prop_assert_eq!(cache.scan(&[]).unwrap(), is.clone());
        if !goes {
            prop_assert_eq!(unwritten(&cache), is_unwritten);
        }
        cache.flush().unwrap();
        cache.slots.clear();
        prop_assert_eq!(cache.scan(&[]).unwrap(), is);
        prop_assert!(!cache.has_failed());
    }
}
