//! Rows in pages under an index.
//!
//! A page is known by a number of its own that it keeps for good. Where it begins stands in the index only, and is
//! free to move: a page was once named after the row that began it, and when rows came in before that one and the
//! page was split, its upper half took the name of the whole and one of the two was lost. What must hold of an index
//! and its pages is checked whenever a row is put in or taken out, and again when records are written
//! ([`Stored::fault`]).

use super::cache::Item;
use super::keys::Key;
use super::page::{Page, Row};
use super::{Listed, OutletRow, StoreError, View};
use crate::domain::{Filed, Place, Turnover};
use crate::ids::OutletId;
use serde::{Deserialize, Serialize};

impl Item for OutletRow {}
impl Row for OutletRow {
    type Key = OutletId;
    fn key(&self) -> OutletId {
        self.outlet.id.clone()
    }
}

impl Item for Turnover {}
impl Row for Turnover {
    type Key = OutletId;
    fn key(&self) -> OutletId {
        self.outlet.clone()
    }
}

impl Item for Filed {}
impl Row for Filed {
    type Key = Place;
    fn key(&self) -> Place {
        self.place()
    }
}

impl Item for Listed {}
impl Row for Listed {
    type Key = OutletId;
    fn key(&self) -> OutletId {
        self.outlet.clone()
    }
}

/// Where the pages of one kind and owner are, in the order of their rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index<K> {
    places: Vec<Sheet<K>>,
}

/// One page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet<K> {
    /// No row of it comes before this; all rows of the pages before it do.
    first: K,
    /// Its number, for its key.
    number: u32,
    /// How many rows it has.
    rows: u32,
}

impl<K> Default for Index<K> {
    fn default() -> Index<K> {
        Index { places: Vec::new() }
    }
}

impl<K: Ord + Clone> Index<K> {
    /// The number of the page where a row belongs.
    pub fn number(&self, key: &K) -> Option<u32> {
        self.places.get(self.at(key)).map(|place| place.number)
    }

    /// The numbers of the pages that can hold rows after one, in order.
    pub fn after(&self, key: Option<&K>) -> Vec<u32> {
        let from = key.map_or(0, |key| self.at(key));
        self.places[from..].iter().map(|place| place.number).collect()
    }

    /// The numbers of the pages that can hold rows from one to another, in order.
    pub fn within(&self, from: &K, to: &K) -> Vec<u32> {
        let (from, end) = (self.at(from), self.places.partition_point(|place| place.first <= *to));
        self.places.get(from..end).into_iter().flatten().map(|place| place.number).collect()
    }

    /// The numbers of the pages that can hold rows before one, the last first.
    pub fn before(&self, key: Option<&K>) -> Vec<u32> {
        let to = key.map_or(self.places.len(), |key| self.places.partition_point(|place| place.first < *key));
        self.places[..to].iter().rev().map(|place| place.number).collect()
    }

    /// Where the last page begins that rows can stand on.
    pub fn last(&self) -> Option<u32> {
        self.places.last().map(|place| place.number)
    }

    /// About how many bytes it holds.
    pub fn size(&self) -> usize {
        self.places.capacity() * size_of::<Sheet<K>>()
    }

    /// How many rows all pages have.
    pub fn rows(&self) -> u64 {
        self.places.iter().map(|place| u64::from(place.rows)).sum()
    }

    /// The page where a row belongs: the last that begins at it or before, else the first.
    fn at(&self, key: &K) -> usize {
        self.places.partition_point(|place| place.first <= *key).saturating_sub(1)
    }

    /// What is wrong with the index as such: pages out of order, a number twice, rows that do not sum up to `rows`.
    pub fn fault(&self, rows: u64) -> Option<&'static str> {
        let mut numbers: Vec<u32> = self.places.iter().map(|place| place.number).collect();
        numbers.sort_unstable();
        match () {
            () if !self.places.is_sorted_by(|a, b| a.first < b.first) => Some("pages overlap"),
            () if !numbers.is_sorted_by(|a, b| a < b) => Some("two pages have one number"),
            () if self.rows() != rows => Some("the pages do not hold as many rows as were counted"),
            () => None,
        }
    }

    /// What is wrong with one page: it is not as long as the index says, or has a row that belongs elsewhere.
    fn fault_of<T: Row<Key = K>>(&self, at: usize, page: &Page<T>) -> Result<Option<&'static str>, StoreError> {
        let Some(place) = self.places.get(at) else { return Ok(Some("a page that the index does not have")) };
        let (first, last) = page.ends()?.map(|[first, last]| (first, last)).unzip();
        let next = self.places.get(at + 1);
        Ok(match () {
            () if page.len() != place.rows as usize => Some("a page has not as many rows as its index says"),
            () if first.is_some_and(|key| key < place.first) => Some("a row comes before its page begins"),
            () if last.zip(next).is_some_and(|(key, next)| key >= next.first) => {
                Some("a row belongs on the page after its own")
            }
            () => None,
        })
    }
}

impl View {
    /// Puts a row that is not there yet into its page; a page that overflows becomes two. `key` makes a page's key of
    /// its number.
    pub(super) fn put_row<T: Row>(
        &mut self,
        index: &mut Index<T::Key>,
        key: impl Fn(u32) -> Key,
        row: &T,
    ) -> Result<(), StoreError> {
        let place_of = row.key();
        if index.places.is_empty() {
            index.places.push(Sheet { first: place_of.clone(), number: 0, rows: 0 });
        }
        let at = index.at(&place_of);
        let new = u32::try_from(index.places.len()).map_err(StoreError::view)?;
        let place = &mut index.places[at];
        if place_of < place.first {
            place.first = place_of;
        }
        let (page, rest) = self.cache.insert(&key(place.number), row)?;
        place.rows = u32::try_from(page.len()).map_err(StoreError::view)?;
        if let Some(rest) = &rest {
            let rows = u32::try_from(rest.len()).map_err(StoreError::view)?;
            index.places.insert(at + 1, Sheet { first: rest.key(0)?, number: new, rows });
        }
        sound(index.fault_of(at, page)?)?;
        if let Some(rest) = rest {
            sound(index.fault_of(at + 1, &rest)?)?;
            let new = key(new);
            // Pages are never given up, so the number that comes next is nobody's.
            sound(self.cache.get::<Page<T>>(&new)?.map(|_| "a new page has the number of another"))?;
            self.cache.put(new, rest);
        }
        Ok(())
    }

    /// Takes a row out of its page.
    pub(super) fn take_row<T: Row>(
        &mut self,
        index: &mut Index<T::Key>,
        key: impl Fn(u32) -> Key,
        row: &T::Key,
    ) -> Result<T, StoreError> {
        let missing = || StoreError::view("a row to be moved that the view does not have");
        let at = index.at(row);
        let place = index.places.get_mut(at).ok_or_else(missing)?;
        let page = self.cache.edit::<Page<T>>(&key(place.number))?;
        let taken = page.take(row)?.ok_or_else(missing)?;
        place.rows = u32::try_from(page.len()).map_err(StoreError::view)?;
        sound(index.fault_of(at, page)?)?;
        Ok(taken)
    }
}

fn sound(fault: Option<&'static str>) -> Result<(), StoreError> {
    fault.map_or(Ok(()), |what| Err(StoreError::view(what)))
}
