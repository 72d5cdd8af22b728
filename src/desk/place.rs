//! Where a store's parts are on the disk, who holds it, and what is known there of how far its journal had come.

use crate::ids::Seq;
use crate::journal::{Head, Reached};
use crate::store::{StoreError, View, seal};
use std::fs::{self, DirBuilder, File, Permissions, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// A store's folder.
pub struct Place {
    folder: PathBuf,
    /// Held as long as the store is open.
    _lock: Option<File>,
    /// An in-memory store's view lives here.
    _temporary: Option<tempfile::TempDir>,
}

impl Place {
    /// Makes the folder if it is not there, for its owner alone, and takes its lock; waits for whoever has it.
    pub fn take(folder: &Path, wait: Duration) -> Result<Place, StoreError> {
        if fs::metadata(folder).is_ok_and(|meta| !meta.is_dir()) {
            return Err(StoreError::NotAFolder { path: folder.to_owned() });
        }
        if !folder.is_dir() {
            DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(StoreError::io(folder))?;
        }
        let lock = hold(folder, wait)?;
        let place = Place { folder: folder.to_owned(), _lock: lock, _temporary: None };
        // Names and phones are nobody else's business. On a disk that cannot be written it stays as it is.
        let _ = tighten(folder);
        Ok(place)
    }

    /// A place that is gone with the process.
    pub fn temporary() -> Result<Place, StoreError> {
        let folder = tempfile::tempdir().map_err(StoreError::io(Path::new("a temporary folder")))?;
        Ok(Place { folder: folder.path().to_owned(), _lock: None, _temporary: Some(folder) })
    }

    /// The journal's folder.
    pub fn journal(&self) -> PathBuf {
        self.folder.join("journal")
    }

    /// The view's folder.
    pub fn view(&self) -> PathBuf {
        self.folder.join("view")
    }

    /// The view's seal.
    pub fn seal(&self) -> PathBuf {
        self.folder.join("view.seal")
    }

    /// What the journal had reached.
    pub fn reached(&self) -> PathBuf {
        self.folder.join("reached")
    }

    /// Which segments were checked.
    pub fn checked(&self) -> PathBuf {
        self.folder.join("journal.checked")
    }

    /// Moves the view out of the way with its seal. Nothing that was moved before is overwritten.
    pub fn move_view(&self, to: &str) -> Result<PathBuf, StoreError> {
        let name = |n: u32| self.folder.join(if n == 0 { to.to_owned() } else { format!("{to}-{n}") });
        let free = (0..).map(name).find(|path| !path.exists() && !sealed(path).exists());
        let aside = free.ok_or_else(|| StoreError::view("no free name to move it to"))?;
        for (from, to) in [(self.view(), aside.clone()), (self.seal(), sealed(&aside))] {
            if from.exists() {
                fs::rename(&from, &to).map_err(StoreError::io(&from))?;
            }
        }
        Ok(aside)
    }

    /// The furthest that anything here knows the journal to have come: its own note, the view's seal, and the seals
    /// of views that were moved aside. Where there is no note and the view was not closed, the view itself is asked:
    /// it is made anew then in any case.
    pub fn known(&self) -> Result<Option<Head>, StoreError> {
        let note = Reached::read(&self.reached())?;
        let mut known: Vec<Head> = note.into_iter().chain(seal::head(&self.seal())).collect();
        for entry in fs::read_dir(&self.folder).map_err(StoreError::io(&self.folder))? {
            let path = entry.map_err(StoreError::io(&self.folder))?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if name.starts_with("view.aside") && name.ends_with(".seal") {
                known.extend(seal::head(&path));
            }
        }
        if note.is_none() && known.is_empty() && self.view().exists() {
            known.extend(View::head_in(&self.view()));
        }
        // Of those that are equally far the journal's own note: a view may be another store's.
        known.retain(|head| head.seq > Seq(0));
        known.reverse();
        Ok(known.into_iter().max_by_key(|head| head.seq))
    }

    /// A loss was accepted: what knew of the lost entries is kept, and asked no more.
    pub fn retire(&self) -> Result<(), StoreError> {
        if self.view().exists() || self.seal().exists() {
            self.move_view("view.lost")?;
        }
        for entry in fs::read_dir(&self.folder).map_err(StoreError::io(&self.folder))? {
            let path = entry.map_err(StoreError::io(&self.folder))?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if name.starts_with("view.aside") && name.ends_with(".seal") {
                let to = self.folder.join(name.replacen("view.aside", "view.lost-aside", 1));
                fs::rename(&path, &to).map_err(StoreError::io(&path))?;
            }
        }
        Ok(())
    }
}

/// Where the seal of a view stands that was moved.
fn sealed(view: &Path) -> PathBuf {
    let mut name = view.as_os_str().to_owned();
    name.push(".seal");
    name.into()
}

/// Removes a folder, if it is there.
pub fn discard(folder: &Path) -> Result<(), StoreError> {
    match fs::remove_dir_all(folder) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(StoreError::io(folder)(e)),
        _ => Ok(()),
    }
}

/// Takes the store's lock, or says who has it. On a disk that cannot be written a lock that is not there is not taken.
fn hold(folder: &Path, wait: Duration) -> Result<Option<File>, StoreError> {
    let at = folder.join("lock");
    let mut options = File::options();
    options.create(true).truncate(false).read(true).write(true).mode(0o600);
    let (file, writable) = match options.open(&at) {
        Ok(file) => (file, true),
        Err(e) if is_unwritable(&e) => match File::open(&at) {
            Ok(file) => (file, false),
            Err(_) => return Ok(None),
        },
        Err(e) => return Err(StoreError::io(&at)(e)),
    };
    let since = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => {
                if writable {
                    // Only for whoever wonders who has it.
                    let _ = file.set_len(0).and_then(|()| write!(&file, "{}", std::process::id()));
                }
                return Ok(Some(file));
            }
            Err(TryLockError::WouldBlock) if since.elapsed() < wait => std::thread::sleep(Duration::from_millis(10)),
            Err(TryLockError::WouldBlock) => {
                let holder = fs::read_to_string(&at).ok().and_then(|pid| pid.trim().parse().ok());
                return Err(StoreError::AlreadyOpen { path: folder.to_owned(), holder });
            }
            Err(TryLockError::Error(e)) => return Err(StoreError::io(&at)(e)),
        }
    }
}

/// Whether a disk or a folder takes nothing.
pub fn is_unwritable(e: &io::Error) -> bool {
    use io::ErrorKind::{FileTooLarge, PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, StorageFull};
    matches!(e.kind(), ReadOnlyFilesystem | StorageFull | PermissionDenied | QuotaExceeded | FileTooLarge)
}

/// Takes from everybody but the owner what a folder and the files in it give them.
fn tighten(folder: &Path) -> io::Result<()> {
    let mode = fs::metadata(folder)?.permissions().mode();
    if mode & 0o077 == 0 {
        return Ok(());
    }
    fs::set_permissions(folder, Permissions::from_mode(0o700))?;
    let mut folders = vec![folder.to_owned()];
    while let Some(at) = folders.pop() {
        for entry in fs::read_dir(&at)? {
            let entry = entry?;
            let (path, kind) = (entry.path(), entry.file_type()?);
            if kind.is_dir() {
                fs::set_permissions(&path, Permissions::from_mode(0o700))?;
                folders.push(path);
            } else if kind.is_file() {
                fs::set_permissions(&path, Permissions::from_mode(0o600))?;
            }
        }
    }
    Ok(())
}
