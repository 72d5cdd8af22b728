//! The seal: what the view was when it was closed. A view is opened only under an unbroken seal.
//!
//! sled answers damage with a panic, with silence or with an empty store. So nothing is left to sled: at close the
//! stamps of all records are written beside the view ([`Stamps`]), with the head it has reached and the lengths of its
//! files; what sled gives back later is held against them. A view without its seal was not closed, and is made anew from
//! the journal. So opening and closing cost no more than the stamps, however large the view is.
//!
//! The seal says too of which [`FORMAT`] the view is. That is a digest, which a test holds, of what the program makes of
//! a fixed journal: a program that would make another view of it makes the older program's view anew by itself, and
//! nobody has to remember to say so. It notices every shape of a record, and of what is derived as much as that journal
//! shows: a rule that changes has a case of its own put into it.

use super::StoreError;
pub use super::stamps::Stamps;
use crate::journal::Head;
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

/// Format of the view; a view of another one is made anew. It is no number to count up but a digest of what this
/// program makes of records that use the whole view: `tests/format.rs` computes it, and says what to set here when the
/// shape of a record, or what is derived, has changed.
pub const FORMAT: u64 = 0x8a08_c52b_f261_0a66;

/// The first line of the seal's file; the stamps come after it.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Seal {
    format: u64,
    head: Head,
    files: Vec<Sealed>,
    /// The checksum of the stamps.
    sum: u32,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Sealed {
    name: PathBuf,
    bytes: u64,
}

/// What a look at the seal says.
#[derive(Debug, PartialEq, Eq)]
pub enum Check {
    /// The files are there, and hold this head and records of those stamps.
    Whole(Head, Stamps),
    /// There is no view.
    Missing,
    /// The view was not closed.
    Unsealed,
    /// It is of another shape than this program's, as after an update.
    OtherShape,
    /// A file is cut or is missing, or the seal is damaged; which.
    Broken(String),
}

/// The head that a seal says its view holds, if it can be read.
pub fn head(seal: &Path) -> Option<Head> {
    let mut line = Vec::new();
    BufReader::new(File::open(seal).ok()?).read_until(b'\n', &mut line).ok()?;
    read(&line).map(|(seal, _)| seal.head)
}

/// The seal, and the stamps behind it.
fn read(bytes: &[u8]) -> Option<(Seal, &[u8])> {
    let end = bytes.iter().position(|b| *b == b'\n')?;
    let (line, stamps) = bytes.split_at_checked(end + 1)?;
    Some((serde_json::from_slice(line).ok()?, stamps))
}

/// Looks whether the view is what it was when sealed.
pub fn check(view: &Path, seal: &Path) -> Result<Check, StoreError> {
    if !view.exists() {
        return Ok(if seal.exists() { Check::Broken("the folder is gone".into()) } else { Check::Missing });
    }
    let Ok(mut bytes) = fs::read(seal) else { return Ok(Check::Unsealed) };
    let broken = || Ok(Check::Broken("the seal is unreadable".into()));
    let Some((was, stamps)) = read(&bytes) else { return broken() };
    if was.format != FORMAT {
        return Ok(Check::OtherShape);
    }
    if crc32fast::hash(stamps) != was.sum {
        return broken();
    }
    let len = stamps.len();
    let now = survey(view)?;
    match was.files.iter().find(|file| !now.contains(file)) {
        Some(file) => Ok(Check::Broken(file.name.display().to_string())),
        None if now.len() != was.files.len() => Ok(Check::Broken("a file too many".into())),
        None => {
            bytes.drain(..bytes.len() - len);
            Ok(Check::Whole(was.head, Stamps::of_bytes(bytes)?))
        }
    }
}

/// Seals a closed view. The seal appears whole or not at all.
pub fn put(view: &Path, seal: &Path, (head, stamps): (Head, &Stamps)) -> Result<(), StoreError> {
    let stamps = stamps.to_bytes();
    let line = Seal { format: FORMAT, head, files: survey(view)?, sum: crc32fast::hash(&stamps) };
    let line = serde_json::to_vec(&line).map_err(StoreError::view)?;
    let folder = seal.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(StoreError::io(folder))?;
    let write = [line.as_slice(), b"\n", &*stamps].into_iter().try_for_each(|part| file.write_all(part));
    write.map_err(StoreError::io(seal))?;
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

/// Every file below a folder, with its length, by name.
fn survey(folder: &Path) -> Result<Vec<Sealed>, StoreError> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(at) = folders.pop() {
        for entry in fs::read_dir(&at).map_err(StoreError::io(&at))? {
            let entry = entry.map_err(StoreError::io(&at))?;
            let (path, meta) = (entry.path(), entry.metadata().map_err(StoreError::io(&at))?);
            if meta.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap_or(&path).to_owned();
                files.push(Sealed { name, bytes: meta.len() });
            }
        }
    }
    files.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    Ok(files)
}
