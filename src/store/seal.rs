//! The seal: what the view was when it was closed. A view is opened only under an unbroken seal.
//!
//! sled answers damage with a panic, with silence or with an empty store. So nothing is left to sled: at close the
//! stamps of all records are written into the view's folder ([`Stamps`]), and into the seal beside it their checksum, the
//! head that the view has reached and the lengths of its files; what sled gives back later is held against them. A view
//! without its seal was not closed, and is made anew from the journal. So opening costs no more than to read the stamps,
//! however large the view is, and closing nothing where none of them changed.
//!
//! The seal says too of which [`FORMAT`] the view is. That is a digest, which a test holds, of what the program makes of
//! a fixed journal: a program that would make another view of it makes the older program's view anew by itself, and
//! nobody has to remember to say so. It notices every shape of a record, and of what is derived as much as that journal
//! shows: a rule that changes has a case of its own put into it.

use super::StoreError;
pub use super::stamps::Stamps;
use crate::journal::Head;
use serde::{Deserialize, Serialize};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Format of the view; a view of another one is made anew. It is no number to count up but a digest of what this
/// program makes of records that use the whole view: `tests/format.rs` computes it, and says what to set here when the
/// shape of a record, or what is derived, has changed.
pub const FORMAT: u64 = 0x8a08_c52b_f261_0a66;

/// Which shape a seal says: the view's, and that its stamps stand in the view's folder. Behind an older program's seal they
/// stood in its own file, and it takes this one for another's.
const SHAPE: u64 = FORMAT ^ 1;

/// The stamps of a closed view, in its folder.
const STAMPS: &str = "stamps";

/// What stands in the seal's file.
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
    read(&fs::read(seal).ok()?).map(|seal| seal.head)
}

/// The seal of a file's bytes: its first line.
fn read(bytes: &[u8]) -> Option<Seal> {
    serde_json::from_slice(bytes.split(|b| *b == b'\n').next()?).ok()
}

/// Looks whether the view is what it was when sealed.
pub fn check(view: &Path, seal: &Path) -> Result<Check, StoreError> {
    if !view.exists() {
        return Ok(if seal.exists() { Check::Broken("the folder is gone".into()) } else { Check::Missing });
    }
    let Ok(bytes) = fs::read(seal) else { return Ok(Check::Unsealed) };
    let Some(was) = read(&bytes) else { return Ok(Check::Broken("the seal is unreadable".into())) };
    if was.format != SHAPE {
        return Ok(Check::OtherShape);
    }
    let now = survey(view)?;
    if let Some(file) = was.files.iter().find(|file| !now.contains(file)) {
        return Ok(Check::Broken(file.name.display().to_string()));
    }
    if now.len() != was.files.len() {
        return Ok(Check::Broken("a file too many".into()));
    }
    match fs::read(view.join(STAMPS)).ok().and_then(|stamps| Stamps::of_bytes(stamps, was.sum)) {
        Some(stamps) => Ok(Check::Whole(was.head, stamps)),
        None => Ok(Check::Broken(STAMPS.into())),
    }
}

/// Seals a closed view. The seal appears whole or not at all.
pub fn put(view: &Path, seal: &Path, (head, stamps): (Head, &Stamps)) -> Result<(), StoreError> {
    let sum = match stamps.as_read() {
        Some(sum) => sum,
        None => {
            let bytes = stamps.to_bytes();
            write(&view.join(STAMPS), &bytes)?;
            crc32fast::hash(&bytes)
        }
    };
    let line = Seal { format: SHAPE, head, files: survey(view)?, sum };
    let mut line = serde_json::to_vec(&line).map_err(StoreError::view)?;
    line.push(b'\n');
    write(seal, &line)
}

/// Writes a file, whole or not at all.
fn write(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(StoreError::io(folder))?;
    file.write_all(bytes).map_err(StoreError::io(path))?;
    file.persist(path).map_err(|e| StoreError::Io { path: path.to_owned(), source: e.error })?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Seq;
    use std::os::unix::fs::MetadataExt;

    fn is(check: &Result<Check, StoreError>) -> &'static str {
        match check.as_ref().unwrap() {
            Check::Whole(..) => "whole",
            Check::Missing => "missing",
            Check::Unsealed => "unsealed",
            Check::OtherShape => "other",
            Check::Broken(_) => "broken",
        }
    }

    /// Regression: a command that changed nothing wrote the stamps of the whole view again, megabytes for ten million lines.
    /// Whatever becomes of a file between, it is noticed.
    #[test]
    fn stamps_that_did_not_change_are_not_written_again() {
        let folder = tempfile::tempdir().unwrap();
        let (view, seal) = (folder.path().join("view"), folder.path().join("view.seal"));
        assert_eq!(is(&check(&view, &seal)), "missing");
        fs::create_dir(&view).unwrap();
        assert_eq!(is(&check(&view, &seal)), "unsealed");
        let head = Head { seq: Seq(7), ..Head::default() };
        let mut stamps = Stamps::default();
        stamps.put(Stamps::stamp(b"Pone", b"1"));
        put(&view, &seal, (head, &stamps)).unwrap();
        let written = || fs::metadata(view.join(STAMPS)).unwrap().ino();
        let first = written();
        let whole = || {
            let Ok(Check::Whole(is, stamps)) = check(&view, &seal) else { unreachable!() };
            assert_eq!(is, head);
            stamps
        };
        let mut read = whole();
        lift(&seal).unwrap();
        assert_eq!(is(&check(&view, &seal)), "unsealed");
        put(&view, &seal, (head, &read)).unwrap();
        assert!(written() == first && whole().is(b"Pone", b"1"));
        read.put(Stamps::stamp(b"Pone", b"2"));
        put(&view, &seal, (head, &read)).unwrap();
        assert!(written() != first && whole().is(b"Pone", b"2"));
        // As an older program sealed it.
        let line = fs::read(&seal).unwrap();
        let older =
            String::from_utf8(line.clone()).unwrap().replace(&SHAPE.to_string(), &FORMAT.to_string()).into_bytes();
        fs::write(&seal, [older, fs::read(view.join(STAMPS)).unwrap()].concat()).unwrap();
        assert_eq!(is(&check(&view, &seal)), "other");
        for damage in [&b""[..], b"0123456789ab", b"0123456789abc", b"0123456789abcd"] {
            fs::write(&seal, &line).unwrap();
            fs::write(view.join(STAMPS), damage).unwrap();
            assert_eq!(is(&check(&view, &seal)), "broken");
        }
        fs::remove_file(view.join(STAMPS)).unwrap();
        assert_eq!(is(&check(&view, &seal)), "broken");
    }
}
