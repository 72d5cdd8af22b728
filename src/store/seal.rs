//! The seal: what the view's files were when it was closed. A view is opened only under an unbroken seal.
//!
//! sled answers damage with a panic, with silence or with an empty store, and opening a damaged file changes
//! it. So nothing is left to sled: at close the length and CRC of every file are written beside the view, with
//! the head it has reached; at open they must still hold. A view without its seal was not closed, and is made
//! anew from the journal.
//!
//! The seal says too of which [`FORMAT`] the view is. That is a digest, which a test holds, of what the program makes of
//! a fixed journal: a program that would make another view of it makes the older program's view anew by itself, and
//! nobody has to remember to say so. It notices every shape of a record, and of what is derived as much as that journal
//! shows: a rule that changes has a case of its own put into it.

use super::StoreError;
use crate::journal::Head;
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// Format of the view; a view of another one is made anew. It is no number to count up but a digest of what this
/// program makes of records that use the whole view: `tests/format.rs` computes it, and says what to set here when the
/// shape of a record, or what is derived, has changed.
pub const FORMAT: u64 = 0x755cd2aec12402f4;

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Seal {
    format: u64,
    head: Head,
    files: Vec<Sealed>,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Sealed {
    name: PathBuf,
    bytes: u64,
    crc: u32,
}

/// What a look at the seal says.
#[derive(Debug, PartialEq, Eq)]
pub enum Check {
    /// The files are what they were, and hold this head.
    Whole(Head),
    /// There is no view.
    Missing,
    /// The view was not closed.
    Unsealed,
    /// It is of another shape than this program's, as after an update.
    OtherShape,
    /// A file changed, is cut or is missing; which.
    Broken(String),
}

/// The head that a seal says its view holds, if it can be read.
pub fn head(seal: &Path) -> Option<Head> {
    fs::read(seal).ok().and_then(|text| serde_json::from_slice::<Seal>(&text).ok()).map(|seal| seal.head)
}

/// Looks whether the view is what it was when sealed.
pub fn check(view: &Path, seal: &Path) -> Result<Check, StoreError> {
    if !view.exists() {
        return Ok(if seal.exists() { Check::Broken("the folder is gone".into()) } else { Check::Missing });
    }
    let Ok(text) = fs::read(seal) else { return Ok(Check::Unsealed) };
    let Ok(was) = serde_json::from_slice::<Seal>(&text) else {
        return Ok(Check::Broken("the seal is unreadable".into()));
    };
    if was.format != FORMAT {
        return Ok(Check::OtherShape);
    }
    let now = survey(view)?;
    match was.files.iter().find(|file| !now.contains(file)) {
        Some(file) => Ok(Check::Broken(file.name.display().to_string())),
        None if now.len() != was.files.len() => Ok(Check::Broken("a file too many".into())),
        None => Ok(Check::Whole(was.head)),
    }
}

/// Seals a closed view. The seal appears whole or not at all.
pub fn put(view: &Path, seal: &Path, head: Head) -> Result<(), StoreError> {
    let text = serde_json::to_vec(&Seal { format: FORMAT, head, files: survey(view)? }).map_err(StoreError::view)?;
    let folder = seal.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(StoreError::io(folder))?;
    file.write_all(&text).map_err(StoreError::io(seal))?;
    file.persist(seal).map_err(|e| StoreError::Io { path: seal.to_owned(), source: e.error })?;
    Ok(())
}

/// Takes the seal off before the view may change.
pub fn lift(seal: &Path) -> Result<(), StoreError> {
    match fs::remove_file(seal) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(StoreError::io(seal)(e)),
        _ => Ok(()),
    }
}

/// Every file below a folder, with its length and CRC, by name.
fn survey(folder: &Path) -> Result<Vec<Sealed>, StoreError> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(at) = folders.pop() {
        for entry in fs::read_dir(&at).map_err(StoreError::io(&at))? {
            let path = entry.map_err(StoreError::io(&at))?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let (bytes, crc) = sum(&path).map_err(StoreError::io(&path))?;
                let name = path.strip_prefix(folder).unwrap_or(&path).to_owned();
                files.push(Sealed { name, bytes, crc });
            }
        }
    }
    files.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    Ok(files)
}

fn sum(path: &Path) -> std::io::Result<(u64, u32)> {
    let mut file = File::open(path)?;
    let (mut crc, mut bytes, mut buffer) = (crc32fast::Hasher::new(), 0, vec![0; 1 << 18]);
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok((bytes, crc.finalize())),
            n => {
                crc.update(&buffer[..n]);
                bytes += n as u64;
            }
        }
    }
}
