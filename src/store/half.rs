//! One of the two sleds of a view. It is opened when somebody asks for it, and closed when it has let go of its files.

use super::StoreError;
use std::fs::{self, File};
use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::Duration;

/// See the module.
pub struct Half {
    path: PathBuf,
    /// sled's own cache, bytes.
    cache: u64,
    db: OnceLock<sled::Db>,
}

/// Letting go of sled's files runs sled once more, which panics where the disk was cut off: what is in the journal is
/// recorded, and the command answers so.
impl Drop for Half {
    fn drop(&mut self) {
        let _ = quietly(|| drop(self.db.take()));
    }
}

impl Half {
    /// The one in a folder. It is not opened yet.
    pub fn new(path: PathBuf, cache: u64) -> Half {
        Half { path, cache, db: OnceLock::new() }
    }

    /// The sled, opened. sled panics on some damage; that is an error like any other here.
    pub fn db(&self) -> Result<&sled::Db, StoreError> {
        match self.db.get() {
            Some(db) => Ok(db),
            None => {
                let db = self.open()?;
                Ok(self.db.get_or_init(|| db))
            }
        }
    }

    /// Whether somebody asked for it.
    #[cfg(test)]
    pub fn is_open(&self) -> bool {
        self.db.get().is_some()
    }

    fn open(&self) -> Result<sled::Db, StoreError> {
        // sled reads the clock for its configuration, and panics where it stands before 1970.
        let config = quietly(sled::Config::new)?
            .path(&self.path)
            .cache_capacity(self.cache)
            .flush_every_ms(None)
            .mode(sled::Mode::HighThroughput);
        // A lock can outlive the drop of its holder by some 100 ms: the desk's own lock is the authority.
        for _ in 0..40 {
            match quietly(|| config.open())? {
                Err(e) if e.to_string().contains("lock") => std::thread::sleep(Duration::from_millis(50)),
                opened => return opened.map_err(trouble),
            }
        }
        Err(StoreError::view("sled's lock is held"))
    }

    /// What is at a key.
    pub fn get(&self, key: &[u8]) -> Result<Option<sled::IVec>, StoreError> {
        let db = self.db()?;
        quietly(|| db.get(key))?.map_err(trouble)
    }

    /// Makes sled write all it has.
    pub fn flush(&self) -> Result<(), StoreError> {
        let Some(db) = self.db.get() else { return Ok(()) };
        quietly(|| db.flush())?.map(|_| ()).map_err(trouble)
    }

    /// Its bytes.
    pub fn bytes(&self) -> u64 {
        match self.db.get() {
            Some(db) => db.size_on_disk().unwrap_or(0),
            None => fs::metadata(self.file()).map_or(0, |file| file.len()),
        }
    }

    /// Lets go of it without waiting for sled, which after an I/O error may wait for ever.
    pub fn abandon(mut self) {
        std::mem::forget(self.db.take());
    }

    /// Lets go of it, and waits until sled has let go of its file, which is some time after the drop; only then it writes no
    /// more.
    pub fn close(self) -> Result<(), StoreError> {
        if self.db.get().is_none() {
            return Ok(());
        }
        let file = File::open(self.file()).map_err(StoreError::io(&self.file()))?;
        drop(self);
        for _ in 0..200 {
            if file.try_lock().is_ok() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Err(StoreError::view("sled does not let go of its file"))
    }

    fn file(&self) -> PathBuf {
        self.path.join("db")
    }
}

/// What sled says, with the system's own error where there is one.
pub fn trouble(e: sled::Error) -> StoreError {
    match e {
        // sled makes errors of its own of the system's, and keeps the kind.
        sled::Error::Io(e) if e.raw_os_error().is_none() => {
            StoreError::Io { path: "view".into(), source: e.kind().into() }
        }
        sled::Error::Io(source) => StoreError::Io { path: "view".into(), source },
        other => StoreError::view(other),
    }
}

/// Runs sled; its panics (on damage) become errors.
pub fn quietly<T>(run: impl FnOnce() -> T) -> Result<T, StoreError> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(run)).map_err(|cause| {
        let text = cause.downcast_ref::<String>().map(String::as_str).or_else(|| cause.downcast_ref::<&str>().copied());
        StoreError::view(text.unwrap_or("sled panicked"))
    })
}
