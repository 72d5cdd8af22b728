//! Where an export may go, and how it gets there: whole or not at all.

use super::ExportError;
use serde::{Deserialize, Serialize};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Why an export may not go somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TargetFault {
    /// Its folder is not there, or cannot be looked into.
    NoFolder,
    /// It is in a store, or in what is left of one.
    InStore,
    /// There is something that is no plain file.
    NotAFile,
    /// There is a file.
    Exists,
}

impl TargetFault {
    /// The stable reason.
    pub fn reason(self) -> &'static str {
        match self {
            TargetFault::NoFolder => "cannot write",
            TargetFault::InStore => "inside a store",
            TargetFault::NotAFile => "not a file",
            TargetFault::Exists => "file exists",
        }
    }

    /// The text of both languages.
    pub fn key(self) -> &'static str {
        match self {
            TargetFault::InStore => "export-in-store",
            TargetFault::NoFolder | TargetFault::NotAFile => "export-not-a-file",
            TargetFault::Exists => "export-exists",
        }
    }
}

/// Where an export may go: never into a store, never in the place of what is no plain file, over a file only where
/// that is asked for.
pub fn target(path: &Path, force: bool) -> Result<PathBuf, TargetFault> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // A link is followed: what counts is where the bytes would go. What is not there yet goes where its folder is.
    let whole = path.canonicalize().or_else(|_| Ok(folder.canonicalize()?.join(path.file_name().unwrap_or_default())));
    let whole: PathBuf = whole.map_err(|_: io::Error| TargetFault::NoFolder)?;
    let holds_segments = |folder: &Path| {
        let mut entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        entries.any(|entry| entry.path().extension().is_some_and(|e| e == "koufen"))
    };
    // A copy of a store, or what is left of one, is one too.
    let is_store = |folder: &Path| {
        ["reached", "view.seal"].iter().any(|part| folder.join(part).exists())
            || holds_segments(folder)
            || holds_segments(&folder.join("journal"))
    };
    if whole.ancestors().skip(1).any(is_store) {
        return Err(TargetFault::InStore);
    }
    match std::fs::symlink_metadata(&whole) {
        Ok(meta) if !meta.is_file() => Err(TargetFault::NotAFile),
        Ok(_) if !force => Err(TargetFault::Exists),
        _ => Ok(whole),
    }
}

/// A file that is written beside its place and moved there when it is whole; let go of before, it was never there.
pub struct Whole {
    file: tempfile::NamedTempFile,
    place: PathBuf,
}

impl Whole {
    /// Begins one for a place.
    pub fn begin(place: &Path) -> io::Result<Whole> {
        let folder = place.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let file = tempfile::Builder::new().prefix(".koufen-").tempfile_in(folder)?;
        Ok(Whole { file, place: place.to_owned() })
    }

    /// Moves it to its place, on the disk.
    pub fn put(self) -> io::Result<()> {
        self.file.as_file().sync_all()?;
        self.file.persist(&self.place).map(drop).map_err(|e| e.error)
    }
}

impl Write for Whole {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Writes a file that is there whole or not at all: beside it first, then moved over it.
pub fn write_whole<T>(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<T, ExportError>,
) -> Result<T, ExportError> {
    let failed = |source| ExportError::Io { file: path.to_owned(), source };
    let mut buffer = io::BufWriter::new(Whole::begin(path).map_err(failed)?);
    // Whoever writes knows of an output, and not of which file it is.
    let value = write(&mut buffer).map_err(|e| match e {
        ExportError::Io { source, .. } => failed(source),
        other => other,
    })?;
    let whole = buffer.into_inner().map_err(|e| failed(e.into_error()))?;
    whole.put().map_err(failed)?;
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Regression: what failed in the middle of a file was said to be the standard output, with another exit code than what
    /// failed at its end.
    #[test]
    fn what_fails_is_the_file_that_was_to_be_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("台账.csv");
        let full = || ExportError::Io { file: "-".into(), source: io::ErrorKind::StorageFull.into() };
        let failed = write_whole::<()>(&path, |out| out.write_all(b"part").map_err(|_| full()).and(Err(full())));
        assert!(matches!(failed, Err(ExportError::Io { file, .. }) if file == path));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing of it is there");
    }
}
