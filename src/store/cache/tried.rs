//! What is only tried: changes that are taken back, and done again. What is tried on top of something that is tried is taken
//! back before it; what stands first stands without what is on top of it.
//!
//! A record that changes while something is tried is copied once, and the copy put back. Of a page to which a row comes
//! only the row's place is kept: an import of rows in whatever order touches a page for each of them, and copying those was
//! an eighth of its time.

use super::{Cache, Held, Slot};
use crate::store::StoreError;
use crate::store::keys::Key;
use crate::store::page::{Ordered, Page, PlaceBytes, Row};

/// What takes changes back, one after another.
pub(super) type Before = Vec<(Key, Was)>;

/// How it was at a key.
pub(super) enum Was {
    /// This was held, or nothing.
    Held(Option<Slot>),
    /// A page had one row less, or more.
    Row(Step),
}

/// A step from one state of a page to the next: a row comes, or goes.
pub(super) struct Step {
    place: PlaceBytes,
    /// The row that comes; none where the one that is there goes.
    row: Option<Vec<u8>>,
    /// Whether the page is to be written then.
    dirty: bool,
    take: fn(&mut Cache, &Key, Step) -> Result<Step, StoreError>,
}

/// What a change left that is taken back for the time being: [`Cache::redo`] puts it there again.
pub struct Undone(Before);

impl Cache {
    /// What is changed from here on is only tried, until [`Cache::undo`]. Nothing of it is written before.
    pub fn try_out(&mut self) {
        self.tried.push(std::mem::take(&mut self.spare));
        self.era += 1;
    }

    /// Takes back what was tried last.
    pub fn undo(&mut self) -> Undone {
        let before = self.tried.pop().unwrap_or_default();
        Undone(self.turn(before))
    }

    /// What was tried first stands.
    pub fn keep(&mut self) {
        if !self.tried.is_empty() {
            self.spare = self.tried.remove(0);
            self.spare.clear();
        }
    }

    /// Does again what was taken back.
    pub fn redo(&mut self, undone: Undone) {
        self.turn(undone.0);
    }

    /// Puts a row that is not there yet on the page at a key. A full page gives rows to one that follows it
    /// ([`Page::insert`]): it is answered, with the page.
    pub fn insert<T: Row>(&mut self, key: &Key, row: &T) -> Result<(&mut Page<T>, Option<Page<T>>), StoreError> {
        let missing = || StoreError::view("a record vanished");
        let Held { slot, size, tried, era } = self.held(key, Some(Page::<T>::default))?.ok_or_else(missing)?;
        let mut tried = tried.filter(|_| slot.era != era);
        let dirty = slot.dirty;
        if let Some(tried) = tried.take_if(|_| slot.value::<Page<T>>().is_ok_and(|page| page.is_full())) {
            tried.push((*key, Was::Held(Some(slot.copy()))));
            slot.era = era;
        }
        let before = slot.size();
        let rest = slot.value::<Page<T>>()?.insert(row)?;
        if let Some(tried) = tried {
            let step = Step { place: row.key().bytes(), row: None, dirty, take: turn_row::<T> };
            tried.push((*key, Was::Row(step)));
        }
        slot.dirty = true;
        *size += slot.size().saturating_sub(before);
        Ok((slot.value()?, rest))
    }

    /// Goes back step by step, the last first; answers with what leads forth again, likewise.
    fn turn(&mut self, steps: Before) -> Before {
        let mut back = Before::with_capacity(steps.len());
        for (key, was) in steps.into_iter().rev() {
            let was = match was {
                Was::Held(slot) => Was::Held(self.exchange(key, slot)),
                Was::Row(step) => match (step.take)(self, &key, step) {
                    Ok(step) => Was::Row(step),
                    Err(_) => {
                        self.fail();
                        continue;
                    }
                },
            };
            back.push((key, was));
        }
        back
    }

    fn exchange(&mut self, key: Key, slot: Option<Slot>) -> Option<Slot> {
        match slot {
            Some(slot) => self.fill(key, slot),
            None => {
                let was = self.slots.remove(&key);
                self.size = self.size.saturating_sub(was.as_ref().map_or(0, Slot::size));
                was
            }
        }
    }
}

/// Takes a step on a page; answers with the step that leads back. A page that was let go meanwhile is read again.
fn turn_row<T: Row>(cache: &mut Cache, key: &Key, step: Step) -> Result<Step, StoreError> {
    let missing = || StoreError::view("a page that changed is gone");
    let Held { slot, .. } = cache.held::<Page<T>>(key, None)?.ok_or_else(missing)?;
    let row = slot.value::<Page<T>>()?.turn(&step.place, step.row)?;
    let dirty = std::mem::replace(&mut slot.dirty, step.dirty);
    Ok(Step { row, dirty, ..step })
}
