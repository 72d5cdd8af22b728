//! Tells whoever listens what changed: at once what people record, and what an import brings now and then, all of it
//! together. A change for each part of a file kept twenty consoles busy with nothing but taking them in, and whoever
//! pressed a key waited for that.

use super::{Change, Listeners, lock};
use std::time::{Duration, Instant};

/// Entries from which on a group is an import's.
const IMPORTED: usize = 32;
/// How often is told what an import brings.
const EVERY: Duration = Duration::from_secs(1);

/// See the module.
pub struct Teller {
    listeners: Listeners,
    /// What nobody was told yet.
    later: Option<Change>,
    /// When somebody was told last.
    told: Option<Instant>,
}

impl Teller {
    /// Nothing is to be told yet.
    pub fn of(listeners: Listeners) -> Teller {
        Teller { listeners, later: None, told: None }
    }

    /// Takes in what a group of so many entries changed, and tells it if it is not an import's or its time has come.
    pub fn take(&mut self, change: Change, entries: usize) {
        match &mut self.later {
            Some(known) => known.and(change),
            None => self.later = Some(change),
        }
        if entries < IMPORTED || self.rest().is_some_and(|rest| rest.is_zero()) {
            self.tell();
        }
    }

    /// How long what was put off has to wait yet, if there is anything.
    pub fn rest(&self) -> Option<Duration> {
        let since = self.told.map_or(EVERY, |told| told.elapsed());
        self.later.as_ref().map(|_| EVERY.saturating_sub(since))
    }

    /// Tells what was put off.
    pub fn tell(&mut self) {
        let Some(change) = self.later.take() else { return };
        self.told = Some(Instant::now());
        lock(&self.listeners).retain(|listener| listener(change.clone()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::Areas;
    use crate::ids::Seq;
    use crate::journal::Head;
    use std::sync::mpsc::channel;

    /// Regression: each part of an import was told to each console. What people record is told at once, with all that was
    /// put off before it.
    #[test]
    fn what_an_import_brings_is_told_together() {
        let (tell, told) = channel();
        let listeners = Listeners::default();
        lock(&listeners).push(Box::new(move |change| tell.send(change).is_ok()));
        let mut teller = Teller::of(listeners);
        let change = |n: u64| Change {
            head: Head { seq: Seq(n), ..Head::default() },
            providers: [(format!("P{n:04}").parse().unwrap(), Areas::LEDGER)].into(),
            ..Change::default()
        };
        assert_eq!(teller.rest(), None);
        (1..=3).for_each(|n| teller.take(change(n), IMPORTED));
        let seqs = || told.try_iter().map(|change| (change.head.seq.0, change.providers.len())).collect::<Vec<_>>();
        assert_eq!(seqs(), [(1, 1)], "the first is told at once");
        assert!(teller.rest().is_some_and(|rest| rest <= EVERY));
        teller.take(change(4), IMPORTED - 1);
        assert_eq!(seqs(), [(4, 3)], "all that was put off comes before what a person records, and with it");
        teller.take(change(5), IMPORTED);
        assert_eq!(seqs(), []);
        teller.told = Instant::now().checked_sub(EVERY);
        assert_eq!(teller.rest(), Some(Duration::ZERO));
        teller.take(change(6), IMPORTED);
        assert_eq!(seqs(), [(6, 2)], "and when its time has come");
        teller.tell();
        assert_eq!((seqs(), teller.rest()), (vec![], None));
    }
}
