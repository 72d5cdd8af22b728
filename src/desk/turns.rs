//! Who comes next to what is locked. A lock of the standard library goes to whoever is quickest, and that is who has only
//! just let go of it: a list that is read provider by provider would keep everybody waiting until its end. Here whoever
//! reads a list lets those go first who were waiting before it asked again, and lists take turns: whoever else asks waits
//! for what one or two providers take, however many lists are on their way. So it is with an import, which asks for each row
//! whether it is known: whoever waits has it before it is asked again.

use super::lock;
use std::collections::BTreeSet;
use std::ops::{Deref, DerefMut};
use std::sync::{Condvar, Mutex, MutexGuard, TryLockError};

/// See the module.
#[derive(Default)]
pub struct Turns<T> {
    held: Mutex<T>,
    line: Mutex<Line>,
    /// Somebody who stood in the line has the lock.
    moved: Condvar,
    /// Of those who let others go first, one at a time asks for the lock.
    list: Mutex<()>,
}

/// Those who wait, by the numbers that they came with.
#[derive(Default)]
struct Line {
    last: u64,
    waiting: BTreeSet<u64>,
}

/// What is locked, by one who let others go first.
pub struct After<'a, T> {
    held: MutexGuard<'a, T>,
    _list: MutexGuard<'a, ()>,
}

impl<T> Deref for After<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.held
    }
}

impl<T> DerefMut for After<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.held
    }
}

impl<T> Turns<T> {
    /// Nobody waits for it yet.
    pub fn new(held: T) -> Turns<T> {
        Turns { held: Mutex::new(held), line: Mutex::default(), moved: Condvar::new(), list: Mutex::default() }
    }

    /// Waits for it after those who wait for it now, and before those who let others go first.
    pub fn lock(&self) -> MutexGuard<'_, T> {
        let mut line = lock(&self.line);
        if line.waiting.is_empty()
            && let Some(held) = self.try_lock()
        {
            return held;
        }
        line.last += 1;
        let number = line.last;
        line.waiting.insert(number);
        while line.waiting.first() != Some(&number) {
            line = self.moved.wait(line).unwrap_or_else(std::sync::PoisonError::into_inner);
        }
        drop(line);
        let held = lock(&self.held);
        lock(&self.line).waiting.remove(&number);
        self.moved.notify_all();
        held
    }

    /// Lets all go first who wait for it now.
    pub fn lock_after(&self) -> After<'_, T> {
        let list = lock(&self.list);
        let mut line = lock(&self.line);
        let last = line.last;
        while line.waiting.first().is_some_and(|number| *number <= last) {
            line = self.moved.wait(line).unwrap_or_else(std::sync::PoisonError::into_inner);
        }
        drop(line);
        After { held: lock(&self.held), _list: list }
    }

    /// It, where nobody has it.
    pub fn try_lock(&self) -> Option<MutexGuard<'_, T>> {
        match self.held.try_lock() {
            Ok(held) => Some(held),
            Err(TryLockError::Poisoned(held)) => Some(held.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }

    /// How many wait.
    #[cfg(test)]
    pub fn waiting(&self) -> usize {
        lock(&self.line).waiting.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Regression: an import asked for each of its rows whether it was known, and had the lock again before whoever waited
    /// for it could come.
    #[test]
    fn whoever_waits_comes_before_who_asks_again() {
        let turns = Turns::new(Vec::new());
        std::thread::scope(|scope| {
            let mut held = turns.lock();
            for n in 0..100 {
                scope.spawn(|| turns.lock().push("waited"));
                while turns.waiting() == 0 {
                    std::thread::yield_now();
                }
                drop(held);
                held = turns.lock();
                held.push("again");
                assert_eq!(held[2 * n..], ["waited", "again"]);
            }
        });
    }
}
