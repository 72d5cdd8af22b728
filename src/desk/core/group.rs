//! What is decided together and becomes one block of the journal.

use crate::domain::{Event, Follows};
use crate::ids::{ProviderId, Seq};
use crate::journal::{Door, Entry};
use crate::time::Moment;
use std::sync::Arc;

/// Entries decided together, to be committed as one block.
#[derive(Default)]
pub struct Group {
    /// The last entry before it.
    pub(super) from: Seq,
    /// The group before it, where that is still on its way to the disk.
    behind: Option<Behind>,
    pub(in crate::desk) by: String,
    /// How they came in; none where nothing is written.
    pub(in crate::desk) door: Option<Door>,
    /// Whether what is said already is asked about, and not taken.
    pub(in crate::desk) once: bool,
    /// Whether all of it happens or nothing: then one command may become several entries.
    pub(in crate::desk) together: bool,
    /// The entry that was taken away for the next one, and whose it was.
    pub(in crate::desk) replacing: Option<(Seq, ProviderId)>,
    pub(in crate::desk) entries: Arc<Vec<Entry>>,
    /// Whether what follows is wanted.
    pub(in crate::desk) receipts: bool,
    /// What followed from the last entry, where it was wanted.
    pub(in crate::desk) follows: Follows,
}

impl Group {
    /// A group that goes on from an entry.
    pub fn new(from: Seq, by: String) -> Group {
        Group { from, by, ..Group::default() }
    }

    /// One that goes on from a group that is still on its way to the disk.
    pub fn after(before: &Group) -> Group {
        let behind = Behind { from: before.from, entries: Arc::clone(&before.entries) };
        Group { from: before.last(), behind: Some(behind), ..Group::default() }
    }

    /// The seq of its first entry.
    pub fn first(&self) -> Seq {
        self.from.next()
    }

    /// The seq of its last entry; where it has none, of the last before it.
    fn last(&self) -> Seq {
        Seq(self.from.0 + self.entries.len() as u64)
    }

    /// The seq that the next entry gets.
    pub fn next(&self) -> Seq {
        self.last().next()
    }

    /// When the group behind it was recorded, at the latest.
    pub(super) fn since(&self) -> Option<Moment> {
        self.behind.as_ref().and_then(|behind| behind.entries.last()).map(|entry| entry.at)
    }

    /// Its entries, while it is being decided: nobody else has them.
    pub(in crate::desk) fn entries_mut(&mut self) -> &mut Vec<Entry> {
        Arc::make_mut(&mut self.entries)
    }

    /// Nothing of it is kept.
    pub(in crate::desk) fn clear(&mut self) {
        self.entries_mut().clear();
    }

    pub fn event(&self, seq: Seq) -> Option<&Event> {
        self.entry(seq).map(|entry| &entry.event)
    }

    /// One of its entries, or of the group behind it that the journal does not have yet.
    pub fn entry(&self, seq: Seq) -> Option<&Entry> {
        let own = (self.from, &self.entries);
        let (from, entries) = match &self.behind {
            Some(behind) if seq <= self.from => (behind.from, &behind.entries),
            _ => own,
        };
        entries.get(usize::try_from(seq.0.checked_sub(from.0 + 1)?).ok()?)
    }
}

/// A group that others go on from.
struct Behind {
    from: Seq,
    entries: Arc<Vec<Entry>>,
}
