//! Whose files a command names, where its progress shows, and who may ask it to stop: this process, or that of a guest.

use crate::exchange::source::open_named;
use crate::exchange::{ExportError, TargetFault, target, write_whole};
use crate::ids::Seq;
use indicatif::ProgressDrawTarget;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Writes an export, and says how many rows it has.
pub type Writes<'a> = &'a mut dyn FnMut(&mut dyn Write) -> Result<u64, ExportError>;

/// The process in which a command was typed.
pub trait Caller {
    /// Opens a file to read; `-` is the standard input.
    fn open(&self, path: &Path) -> io::Result<File>;

    /// Where an export may go.
    fn target(&self, path: &Path, force: bool) -> Result<PathBuf, TargetFault>;

    /// Writes a file that is there whole or not at all.
    fn write_whole(&self, path: &Path, write: Writes<'_>) -> Result<u64, ExportError>;

    /// Where a progress bar shows.
    fn bar(&self) -> ProgressDrawTarget;

    /// Hears up to which entry a long command has recorded what it was asked for; this process knows it by itself.
    fn reached(&self, _last: Seq) {}

    /// A flag that is raised when nobody waits for the command any more, where the process does not end then.
    fn asked(&self) -> Option<Arc<AtomicBool>>;

    /// A flag that is raised when the command is to come to an end of its own.
    fn stopped(&self) -> io::Result<Arc<AtomicBool>>;
}

/// This process.
pub struct Here;

impl Caller for Here {
    fn open(&self, path: &Path) -> io::Result<File> {
        open_named(path)
    }

    fn target(&self, path: &Path, force: bool) -> Result<PathBuf, TargetFault> {
        target(path, force)
    }

    fn write_whole(&self, path: &Path, write: Writes<'_>) -> Result<u64, ExportError> {
        write_whole(path, write)
    }

    fn bar(&self) -> ProgressDrawTarget {
        ProgressDrawTarget::stderr()
    }

    fn asked(&self) -> Option<Arc<AtomicBool>> {
        None
    }

    fn stopped(&self) -> io::Result<Arc<AtomicBool>> {
        super::interrupted()
    }
}
