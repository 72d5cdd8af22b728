//! A guest's standard output and error, as whoever works for it writes them. What its output does not take fails here, too, from
//! the next write on: a command ends of it as it would alone.

use super::frame::{Fault, PIECE, Tells};
use super::host::Line;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

/// Why a guest's standard output cannot be written, and whether the exit code of what runs for it says all there is to say of
/// that: it was told so, or failed of something else.
#[derive(Default)]
pub struct Unwritten(Mutex<(Option<Fault>, bool)>);

impl Unwritten {
    /// The guest says why.
    pub(super) fn is(&self, why: Fault) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).0 = Some(why);
    }

    /// The command failed.
    pub(super) fn fails(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).1 = true;
    }

    /// Whether the exit code says all.
    pub(super) fn is_known(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).1
    }

    fn tell(&self) -> io::Result<()> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(why) = all.0.clone() else { return Ok(()) };
        all.1 = true;
        Err(why.into())
    }
}

/// A stream of a guest's, in pieces.
pub struct Stream {
    line: Line,
    frame: fn(Vec<u8>) -> Tells,
    unwritten: Arc<Unwritten>,
}

impl Stream {
    pub(super) fn out(line: Line, unwritten: Arc<Unwritten>) -> Stream {
        Stream { line, frame: Tells::Out, unwritten }
    }

    /// One that a guest takes whatever becomes of its output.
    pub(super) fn of(line: Line, frame: fn(Vec<u8>) -> Tells) -> Stream {
        Stream { line, frame, unwritten: Arc::default() }
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.unwritten.tell()?;
        let piece = &bytes[..bytes.len().min(PIECE)];
        if !piece.is_empty() {
            self.line.tell(&(self.frame)(piece.to_vec()))?;
        }
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.unwritten.tell()
    }
}
