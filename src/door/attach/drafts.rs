//! Drafts of forms whose guests' connections were lost, in memory: the owner keeps each for the person whose it is, by
//! the name that the system says, until that person attaches again.

use crate::console::draft::Draft;
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// Most drafts of one person; the oldest goes.
const OF_ONE: usize = 8;
/// Most drafts in all.
const OF_ALL: usize = 64;

/// See the module. The oldest come first.
#[derive(Default)]
pub struct Drafts(Mutex<Vec<(String, Draft)>>);

impl Drafts {
    /// The drafts of a person, who has them now.
    pub fn take(&self, whose: &str) -> Vec<Draft> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (theirs, others) = std::mem::take(&mut *kept).into_iter().partition(|(name, _)| name == whose);
        *kept = others;
        let theirs: Vec<(String, Draft)> = theirs;
        theirs.into_iter().map(|(_, draft)| draft).collect()
    }

    /// Whose drafts are kept.
    pub fn whose(&self) -> BTreeSet<String> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().map(|(name, _)| name.clone()).collect()
    }

    /// Keeps drafts of a person: one of a kind of form, the last.
    pub fn keep(&self, whose: &str, drafts: Vec<Draft>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for draft in drafts {
            kept.retain(|(name, other)| name != whose || !other.is_like(&draft));
            kept.push((whose.to_owned(), draft));
        }
        let mut more = kept.iter().filter(|(name, _)| name == whose).count().saturating_sub(OF_ONE);
        kept.retain(|(name, _)| {
            let goes = name == whose && more > 0;
            more -= usize::from(goes);
            !goes
        });
        let more = kept.len().saturating_sub(OF_ALL);
        kept.drain(..more);
    }
}
