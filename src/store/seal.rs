//! The seal: what the view was when it was closed. A view is opened only under an unbroken seal.
//!
//! sled answers damage with a panic, with silence or with an empty store. So nothing is left to sled: at close the
//! stamps of all records are written into the view's folder (`store::stamps`), and into the seal beside it their
//! checksums, the head that the view has reached and the lengths of its files; what sled gives back later is held against
//! them. A view without its seal was not closed, and is made anew from the journal. So opening reads no more than the
//! stamps of the records, however large the view is; those of the pages are read with the pages.
//!
//! The seal says too of which [`FORMAT`] the view is. That is a digest, which a test holds, of what the program makes of
//! a fixed journal: a program that would make another view of it makes the older program's view anew by itself, and
//! nobody has to remember to say so. It notices every shape of a record, and of what is derived as much as that journal
//! shows: a rule that changes has a case of its own put into it.

use super::StoreError;
pub use super::disk::Sums;
use crate::journal::{Head, write_whole};
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::{Path, PathBuf};

/// Format of the view; a view of another one is made anew. It is no number to count up but a digest of what this
/// program makes of records that use the whole view: `tests/format.rs` computes it, and says what to set here when the
/// shape of a record, or what is derived, has changed.
pub const FORMAT: u64 = 0x8a08_c52b_f261_0a66;

/// Which shape a seal says: the view's, and that each half has its stamps in its own folder. Those of a view had one file
/// before, and stood in the seal's own before that: an older program takes this seal for another's.
const SHAPE: u64 = FORMAT ^ 2;

/// What stands in the seal's file.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Seal {
    format: u64,
    head: Head,
    files: Vec<Sealed>,
    /// The checksum of the records' stamps; an older program's of all.
    sum: u32,
    /// That of the pages' stamps.
    #[serde(default)]
    pages: u32,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Sealed {
    name: PathBuf,
    bytes: u64,
}

/// What a look at the seal says.
#[derive(Debug, PartialEq, Eq)]
pub enum Check {
    /// The files are there, and hold this head and records whose stamps have these checksums.
    Whole(Head, Sums),
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
    Ok(Check::Whole(was.head, [was.sum, was.pages]))
}

/// Seals a closed view. The seal appears whole or not at all.
pub fn put(view: &Path, seal: &Path, (head, [sum, pages]): (Head, Sums)) -> Result<(), StoreError> {
    let line = Seal { format: SHAPE, head, files: survey(view)?, sum, pages };
    let mut line = serde_json::to_vec(&line).map_err(StoreError::view)?;
    line.push(b'\n');
    write_whole(seal, &line).map_err(StoreError::io(seal))
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

    fn is(check: &Result<Check, StoreError>) -> &'static str {
        match check.as_ref().unwrap() {
            Check::Whole(..) => "whole",
            Check::Missing => "missing",
            Check::Unsealed => "unsealed",
            Check::OtherShape => "other",
            Check::Broken(_) => "broken",
        }
    }

    /// Whatever becomes of a view's files after it was sealed, it is not taken for what it was.
    #[test]
    fn a_view_is_what_its_seal_says() {
        let folder = tempfile::tempdir().unwrap();
        let (view, seal) = (folder.path().join("view"), folder.path().join("view.seal"));
        assert_eq!(is(&check(&view, &seal)), "missing");
        fs::create_dir_all(view.join("pages")).unwrap();
        assert_eq!(is(&check(&view, &seal)), "unsealed");
        let (head, stamps) = (Head { seq: Seq(7), ..Head::default() }, view.join("pages/stamps"));
        fs::write(&stamps, b"0123456789abc").unwrap();
        put(&view, &seal, (head, [3, 4])).unwrap();
        assert_eq!(check(&view, &seal).unwrap(), Check::Whole(head, [3, 4]));
        let line = fs::read_to_string(&seal).unwrap();
        // As an older program sealed it: what it had reached is known all the same.
        let older = line.replace(&SHAPE.to_string(), &(FORMAT ^ 1).to_string()).replace(",\"pages\":4", "");
        fs::write(&seal, &older).unwrap();
        assert_eq!(
            (is(&check(&view, &seal)), older.contains("pages\":"), super::head(&seal)),
            ("other", false, Some(head))
        );
        for (text, want) in [
            (line.replace(&SHAPE.to_string(), &FORMAT.to_string()), "other"),
            (line.replace("\"sum\"", "\"some\""), "broken"),
            (line.replace("13", "12"), "broken"),
            (line.clone(), "whole"),
        ] {
            fs::write(&seal, text).unwrap();
            assert_eq!(is(&check(&view, &seal)), want);
        }
        for damage in [&b""[..], b"0123456789ab", b"0123456789abcd"] {
            fs::write(&stamps, damage).unwrap();
            assert_eq!(is(&check(&view, &seal)), "broken");
        }
        fs::remove_file(&stamps).unwrap();
        assert_eq!(is(&check(&view, &seal)), "broken");
        lift(&seal).unwrap();
        assert_eq!(is(&check(&view, &seal)), "unsealed");
    }
}
