//! What can go wrong with a store, as named variants.

use crate::journal::JournalError;
use std::io;
use std::path::{Path, PathBuf};

/// Trouble with the store: exit code 3.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another koufen holds this store.
    #[error("koufen is already running on {}{}", path.display(), holder.map_or_else(String::new, |pid| format!(" (process {pid})")))]
    AlreadyOpen {
        /// The store.
        path: PathBuf,
        /// The process that holds it, where it says so.
        holder: Option<u32>,
    },
    /// The journal is damaged or cannot be written.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The view failed while in use; the journal is whole, opening again makes the view anew.
    #[error("the view failed ({what}); the journal is whole and the view is made anew at the next start")]
    View {
        /// What sled or the decoder said.
        what: String,
    },
    /// A file or folder could not be used.
    #[error("{}: {source}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A group of commands could not be written; none of it happened.
    #[error("nothing was recorded: {why}")]
    Refusing {
        /// What the journal said.
        why: String,
    },
    /// The writer has stopped.
    #[error("the store is closed")]
    Closed,
    /// The writer failed before it answered.
    #[error("it cannot be known whether this was recorded; start koufen again and look")]
    Unanswered,
    /// The place of the store is a file.
    #[error("{} is a file, not a folder", path.display())]
    NotAFolder {
        /// Where.
        path: PathBuf,
    },
    /// There is no loss to accept, or another one.
    #[error("no loss from entry {from} on is known here")]
    NoSuchLoss {
        /// The entry that was named.
        from: crate::ids::Seq,
    },
}

impl StoreError {
    /// An I/O error at a path.
    pub fn io(path: &Path) -> impl FnOnce(io::Error) -> StoreError + '_ {
        |source| StoreError::Io { path: path.to_owned(), source }
    }

    /// Trouble of the view.
    pub fn view(what: impl std::fmt::Display) -> StoreError {
        StoreError::View { what: what.to_string() }
    }
}
