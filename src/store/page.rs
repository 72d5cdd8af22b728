//! A page: rows as bytes, in the order of their places.
//!
//! A row is read by itself and put in by itself, whatever else is on its page: decoding the whole page for each row was
//! most of an import's time. Before each row stand its fingerprint and its place, so that a row is found without reading
//! any; and how the places begin stands apart, close together: who looks for one touches little memory.

use super::StoreError;
use super::cache::{Item, Stored, decode, encode_into};
use arrayvec::ArrayVec;
use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::cmp::Ordering;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Range;

/// Most bytes of a place.
const PLACE_MAX: usize = 32;
/// Bytes that a place begins with.
const LEAD: usize = 4;
/// A place as bytes.
pub type PlaceBytes = ArrayVec<u8, PLACE_MAX>;

/// A place whose bytes are in the order of the places: rows are found by those, the places unread.
pub trait Ordered: Ord + Clone {
    /// Its bytes.
    fn bytes(&self) -> PlaceBytes;
    /// The place of some bytes, if they are of one.
    fn of(bytes: &[u8]) -> Option<Self>;
}

/// Most rows of a page under an index, mostly.
pub const PAGE: usize = 32;

/// A row with a place among its kind.
pub trait Row: Item {
    /// What rows are ordered by; no two rows of one index have the same.
    type Key: Ordered;
    /// Most rows of a page under an index.
    const PAGE: usize = PAGE;
    /// Its place.
    fn key(&self) -> Self::Key;
    /// A fingerprint of what it says, where rows are looked for by that: most are passed over without being read.
    fn print(&self) -> u32 {
        0
    }
    /// The row with its place and its fingerprint, where it does not say them once more by itself.
    fn placed(self, _: Self::Key, _: u32) -> Self {
        self
    }
}

/// See the module.
pub struct Page<T> {
    /// The rows, one behind another, without how their places begin.
    bytes: Vec<u8>,
    /// What is known of each.
    marks: Vec<Mark>,
    of: PhantomData<fn() -> T>,
}

/// A row's place as far as it goes, and where the row ends.
#[derive(Clone, Copy)]
struct Mark {
    /// How its place begins; zeroes where that is shorter.
    lead: [u8; LEAD],
    end: u32,
}

impl<T> Default for Page<T> {
    fn default() -> Page<T> {
        Page { bytes: Vec::new(), marks: Vec::new(), of: PhantomData }
    }
}

impl<T> Clone for Page<T> {
    fn clone(&self) -> Page<T> {
        Page { bytes: self.bytes.clone(), marks: self.marks.clone(), of: PhantomData }
    }
}

impl<T> Page<T> {
    /// How many rows it has.
    pub fn len(&self) -> usize {
        self.marks.len()
    }

    fn start(&self, at: usize) -> usize {
        at.checked_sub(1).and_then(|before| self.marks.get(before)).map_or(0, |mark| mark.end as usize)
    }

    fn at(&self, at: usize) -> &[u8] {
        let end = self.marks.get(at).map_or(self.bytes.len(), |mark| mark.end as usize);
        self.bytes.get(self.start(at)..end).unwrap_or_default()
    }

    fn lead(&self, at: usize) -> [u8; LEAD] {
        self.marks.get(at).map(|mark| mark.lead).unwrap_or_default()
    }

    /// The place of a row.
    fn place(&self, at: usize) -> PlaceBytes {
        let (length, rest, _) = apart(self.at(at));
        let (mut place, lead) = (PlaceBytes::new(), self.lead(at));
        for part in [lead.get(..length.min(LEAD)).unwrap_or_default(), rest] {
            // What is longer than any place is none, and no key's.
            let _ = place.try_extend_from_slice(part);
        }
        place
    }

    /// Puts a row's bytes, or none, in the place of those rows.
    fn replace(&mut self, rows: Range<usize>, with: Option<([u8; LEAD], &[u8])>) {
        let (from, to) = (self.start(rows.start), self.start(rows.end));
        let new = with.map(|(_, new)| new).unwrap_or_default();
        grow(&mut self.bytes, new.len());
        grow(&mut self.marks, 1);
        self.bytes.splice(from..to, new.iter().copied());
        for mark in &mut self.marks[rows.end..] {
            mark.end = mark.end + length(new.len()) - length(to - from);
        }
        self.marks.splice(rows, with.map(|(lead, new)| Mark { lead, end: length(from + new.len()) }));
    }

    /// Gives up the rows from one on.
    fn split_off(&mut self, at: usize) -> Page<T> {
        let from = self.start(at);
        let mut marks = self.marks.split_off(at);
        marks.iter_mut().for_each(|mark| mark.end -= length(from));
        Page { bytes: self.bytes.split_off(from), marks, of: PhantomData }
    }
}

impl<T: Row> Page<T> {
    /// A page of one row.
    fn of(row: &T) -> Result<Page<T>, StoreError> {
        let mut page = Page::default();
        let place = row.key().bytes();
        page.replace(0..0, Some((lead_of(&place), &encoded(row, &place)?)));
        Ok(page)
    }

    /// The place of a row.
    pub fn key(&self, at: usize) -> Result<T::Key, StoreError> {
        T::Key::of(&self.place(at)).ok_or_else(|| StoreError::view("a row without a place"))
    }

    /// The places of all rows, in order.
    pub fn places(&self) -> impl Iterator<Item = PlaceBytes> + '_ {
        (0..self.len()).map(|at| self.place(at))
    }

    /// The places of its first row and its last, where it has any.
    pub fn ends(&self) -> Result<Option<[T::Key; 2]>, StoreError> {
        match self.len().checked_sub(1) {
            Some(last) => Ok(Some([self.key(0)?, self.key(last)?])),
            None => Ok(None),
        }
    }

    /// A row.
    pub fn row(&self, at: usize) -> Result<T, StoreError> {
        let (.., row) = apart(self.at(at));
        Ok(decode::<T>(row)?.placed(self.key(at)?, self.print(at)))
    }

    /// The fingerprint of a row.
    pub fn print(&self, at: usize) -> u32 {
        self.at(at).first_chunk().map_or(0, |print| u32::from_le_bytes(*print))
    }

    /// The rows from one on, in order.
    pub fn rows_from(&self, at: usize) -> impl DoubleEndedIterator<Item = Result<T, StoreError>> + '_ {
        (at..self.len()).map(|at| self.row(at))
    }

    /// All rows, in order.
    pub fn rows(&self) -> impl DoubleEndedIterator<Item = Result<T, StoreError>> + '_ {
        self.rows_from(0)
    }

    /// How many rows come before a place.
    pub fn before(&self, key: &T::Key) -> usize {
        self.search(&key.bytes()).unwrap_or_else(|at| at)
    }

    /// Where the row of a place is.
    pub fn find(&self, key: &T::Key) -> Option<usize> {
        self.search(&key.bytes()).ok()
    }

    /// Where the row of a place is, or where it would be.
    fn search(&self, place: &[u8]) -> Result<usize, usize> {
        let (lead, beyond) = (lead_of(place), place.get(LEAD..).unwrap_or_default());
        let beside = |at: usize| {
            let (length, rest, _) = apart(self.at(at));
            rest.cmp(beyond).then(length.cmp(&place.len()))
        };
        let (mut from, mut to) = (0, self.len());
        while from < to {
            let middle = from.midpoint(to);
            match self.lead(middle).cmp(&lead).then_with(|| beside(middle)) {
                Ordering::Less => from = middle + 1,
                Ordering::Equal => return Ok(middle),
                Ordering::Greater => to = middle,
            }
        }
        Err(from)
    }

    /// The row of a place.
    pub fn get(&self, key: &T::Key) -> Result<Option<T>, StoreError> {
        self.find(key).map(|at| self.row(at)).transpose()
    }

    /// Puts a row in the place of the one that is there; its place is the same.
    pub fn set(&mut self, at: usize, row: &T) -> Result<(), StoreError> {
        let place = row.key().bytes();
        if self.place(at) != place {
            return Err(StoreError::view("a row in the place of another"));
        }
        self.replace(at..at + 1, Some((lead_of(&place), &encoded(row, &place)?)));
        Ok(())
    }

    /// Changes the row of a place, if it is there; answers with it as it was and as it is.
    pub fn change(&mut self, key: &T::Key, change: impl FnOnce(&mut T)) -> Result<Option<(T, T)>, StoreError>
    where
        T: Clone,
    {
        let Some(at) = self.find(key) else { return Ok(None) };
        let was = self.row(at)?;
        let mut is = was.clone();
        change(&mut is);
        self.set(at, &is)?;
        Ok(Some((was, is)))
    }

    /// Takes the row of a place out.
    pub fn take(&mut self, key: &T::Key) -> Result<Option<T>, StoreError> {
        let Some(at) = self.find(key) else { return Ok(None) };
        let row = self.row(at)?;
        self.replace(at..at + 1, None);
        Ok(Some(row))
    }

    /// Puts a row in its place, however many there are.
    pub fn put(&mut self, row: &T) -> Result<(), StoreError> {
        let place = row.key().bytes();
        let Err(at) = self.search(&place) else {
            return Err(StoreError::view("a row that is there already"));
        };
        self.replace(at..at, Some((lead_of(&place), &encoded(row, &place)?)));
        Ok(())
    }

    /// Whether a row more makes two pages of it.
    pub fn is_full(&self) -> bool {
        self.len() >= T::PAGE
    }

    /// Puts a row at a place, as its bytes stood there, or takes the one that is there out and answers with its bytes.
    pub fn turn(&mut self, place: &[u8], row: Option<Vec<u8>>) -> Result<Option<Vec<u8>>, StoreError> {
        match (self.search(place), row) {
            (Err(at), Some(row)) => {
                self.replace(at..at, Some((lead_of(place), &row)));
                Ok(None)
            }
            (Ok(at), None) => {
                let row = self.at(at).to_vec();
                self.replace(at..at + 1, None);
                Ok(Some(row))
            }
            _ => Err(StoreError::view("a row that is not as it was left")),
        }
    }

    /// Puts a row in its place. A full page gives rows to one that follows it: none but the new row where that comes
    /// last, so that pages written in order stay full; half of them otherwise.
    pub fn insert(&mut self, row: &T) -> Result<Option<Page<T>>, StoreError> {
        if !self.is_full() {
            return self.put(row).map(|()| None);
        }
        if self.before(&row.key()) == self.len() {
            return Page::of(row).map(Some);
        }
        let mut rest = self.split_off(T::PAGE / 2);
        match rest.key(0)? < row.key() {
            true => rest.put(row)?,
            false => self.put(row)?,
        }
        Ok(Some(rest))
    }
}

impl<T: Row> Stored for Page<T> {
    fn size(&self) -> usize {
        self.bytes.capacity() + self.marks.capacity() * size_of::<Mark>()
    }
}

/// About as much as a row takes.
const ROW_BYTES: usize = 160;

/// Makes room for some more, and a little beyond: there are tens of thousands of pages, and half of each would be held
/// for nothing.
fn grow<T>(list: &mut Vec<T>, by: usize) {
    if list.capacity() - list.len() < by {
        list.reserve_exact(by + list.len() / 8);
    }
}

/// How a place begins.
fn lead_of(place: &[u8]) -> [u8; LEAD] {
    let mut lead = [0; LEAD];
    lead.iter_mut().zip(place).for_each(|(to, byte)| *to = *byte);
    lead
}

/// A row as it stands on a page: its fingerprint, the length of its place, how that goes on, and itself.
fn encoded<T: Row>(row: &T, place: &[u8]) -> Result<Vec<u8>, StoreError> {
    let mut bytes = Vec::with_capacity(ROW_BYTES);
    bytes.extend_from_slice(&row.print().to_le_bytes());
    bytes.push(u8::try_from(place.len()).map_err(StoreError::view)?);
    bytes.extend_from_slice(place.get(LEAD..).unwrap_or_default());
    encode_into(row, &mut bytes)?;
    Ok(bytes)
}

/// The length of a row's place, how that goes on, and the row itself.
fn apart(row: &[u8]) -> (usize, &[u8], &[u8]) {
    let Some((length, rest)) = row.get(size_of::<u32>()..).and_then(<[u8]>::split_first) else { return (0, &[], &[]) };
    let length = usize::from(*length);
    let (beyond, row) = rest.split_at_checked(length.saturating_sub(LEAD)).unwrap_or_default();
    (length, beyond, row)
}

/// Rows of a page are far fewer, and shorter, than that.
fn length(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

impl<T> Serialize for Page<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut all = Vec::with_capacity(4 + self.marks.len() * size_of::<Mark>() + self.bytes.len());
        all.extend_from_slice(&length(self.marks.len()).to_le_bytes());
        // Lengths, which are much the same: they pack to nothing.
        let starts = std::iter::once(0).chain(self.marks.iter().map(|mark| mark.end));
        self.marks.iter().zip(starts).for_each(|(mark, start)| {
            all.extend_from_slice(&(mark.end - start).to_le_bytes());
            all.extend_from_slice(&mark.lead);
        });
        all.extend_from_slice(&self.bytes);
        to.serialize_bytes(&all)
    }
}

impl<'de, T: 'static> Deserialize<'de> for Page<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Page<T>, D::Error> {
        from.deserialize_bytes(PageBytes(PhantomData))
    }
}

struct PageBytes<T>(PhantomData<fn() -> T>);

impl<T> Visitor<'_> for PageBytes<T> {
    type Value = Page<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a page")
    }

    fn visit_bytes<E: serde::de::Error>(self, all: &[u8]) -> Result<Page<T>, E> {
        read(all).ok_or_else(|| E::custom("a page whose rows do not end where it does"))
    }
}

fn read<T>(all: &[u8]) -> Option<Page<T>> {
    let (rows, rest) = all.split_first_chunk()?;
    let rows = usize::try_from(u32::from_le_bytes(*rows)).ok()?;
    let (lengths, bytes) = rest.split_at_checked(size_of::<Mark>().checked_mul(rows)?)?;
    let mut end = 0_u32;
    let (lengths, _) = lengths.as_chunks::<{ size_of::<Mark>() }>();
    let marks: Option<Vec<Mark>> = lengths
        .iter()
        .map(|[a, b, c, d, lead @ ..]| {
            end = end.checked_add(u32::from_le_bytes([*a, *b, *c, *d]))?;
            Some(Mark { lead: *lead, end })
        })
        .collect();
    let marks = marks?;
    let whole =
        marks.is_sorted_by(|a, b| a.end < b.end) && marks.last().map_or(0, |mark| mark.end as usize) == bytes.len();
    whole.then(|| Page { bytes: bytes.to_vec(), marks, of: PhantomData })
}
