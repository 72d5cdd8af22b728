//! One of the two sleds of a view, with the stamps of its records. Each is opened when somebody asks for it; at the end the
//! stamps are written beside sled's files, if they are others, and their checksum is what is to be known of them.

use super::StoreError;
use super::stamps::Stamps;
use crate::journal::write_whole;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

/// The stamps of a closed one, in its folder.
const STAMPS: &str = "stamps";
/// From how many bytes on that sled was given it is written anew at the end.
const MUCH: u64 = 1 << 20;
/// Records that are copied at once.
const COPIED: usize = 256;

/// See the module.
pub struct Half {
    path: PathBuf,
    /// sled's own cache, bytes.
    cache: u64,
    db: OnceLock<sled::Db>,
    /// The checksum of the stamps that stand in the folder; none where there are none.
    sum: Option<u32>,
    stamps: OnceLock<Stamps>,
    /// How many bytes sled was given.
    given: u64,
}

/// Letting go of sled's files runs sled once more, which panics where the disk was cut off: what is in the journal is
/// recorded, and the command answers so.
impl Drop for Half {
    fn drop(&mut self) {
        let _ = quietly(|| drop(self.db.take()));
    }
}

impl Half {
    /// The one in a folder, with the checksum of its stamps; without, it has no records. It is not opened yet.
    pub fn new(path: PathBuf, cache: u64, sum: Option<u32>) -> Half {
        Half { path, cache, db: OnceLock::new(), sum, stamps: OnceLock::new(), given: 0 }
    }

    /// The sled, opened. sled panics on some damage; that is an error like any other here.
    pub fn db(&self) -> Result<&sled::Db, StoreError> {
        match self.db.get() {
            Some(db) => Ok(db),
            None => {
                let db = sled_in(&self.path, self.cache)?;
                Ok(self.db.get_or_init(|| db))
            }
        }
    }

    /// The stamps of its records.
    pub fn stamps(&self) -> Result<&Stamps, StoreError> {
        match self.stamps.get() {
            Some(stamps) => Ok(stamps),
            None => {
                let read = self.sum.map_or(Some(Stamps::default()), |sum| {
                    fs::read(self.path.join(STAMPS)).ok().and_then(|bytes| Stamps::of_bytes(bytes, sum))
                });
                let stamps = read.ok_or_else(|| StoreError::view("its stamps are not what was written"))?;
                Ok(self.stamps.get_or_init(|| stamps))
            }
        }
    }

    /// The same, to be changed.
    pub fn stamps_mut(&mut self) -> Result<&mut Stamps, StoreError> {
        self.stamps()?;
        self.stamps.get_mut().ok_or_else(|| StoreError::view("it has no stamps"))
    }

    /// What somebody asked for: sled, and the stamps.
    #[cfg(test)]
    pub fn is_open(&self) -> [bool; 2] {
        [self.db.get().is_some(), self.stamps.get().is_some()]
    }

    /// Opens it, and reads its stamps.
    pub fn open(&self) -> Result<(), StoreError> {
        self.stamps()?;
        self.db().map(drop)
    }

    /// Writes some records. Who cannot note what is written writes nothing.
    pub fn write(
        &mut self,
        records: impl Iterator<Item = (impl Into<sled::IVec>, impl Into<sled::IVec>)>,
    ) -> Result<(), StoreError> {
        self.open()?;
        let (mut batch, mut written, mut bytes) = (sled::Batch::default(), Vec::new(), 0);
        for (key, value) in records {
            let (key, value): (sled::IVec, sled::IVec) = (key.into(), value.into());
            written.push(Stamps::stamp(&key, &value));
            bytes += key.len() + value.len();
            batch.insert(key, value);
        }
        let db = self.db()?;
        quietly(|| db.apply_batch(batch))?.map_err(trouble)?;
        self.given += bytes as u64;
        let stamps = self.stamps_mut()?;
        written.into_iter().for_each(|stamp| stamps.put(stamp));
        Ok(())
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

    /// Lets go of it, and waits until sled has. The stamps are written, if they are others: their checksum.
    pub fn close(mut self) -> Result<u32, StoreError> {
        let (path, sum, stamps) = (self.path.join(STAMPS), self.sum, self.stamps.take());
        self.let_go()?;
        match (stamps, sum) {
            (Some(stamps), sum) if sum.is_none() || stamps.has_changed() => {
                let bytes = stamps.to_bytes();
                write_whole(&path, &bytes).map_err(StoreError::io(&path))?;
                Ok(crc32fast::hash(&bytes))
            }
            (_, sum) => sum.ok_or_else(|| StoreError::view("it has no stamps")),
        }
    }

    /// Closes it, and where much was written to it makes it anew before that. sled puts what is written behind what it has:
    /// after an import a record is there many times and in pieces, and whoever opens it reads past all that, and has sled
    /// write over what is free. What cannot be made anew stays as it is.
    pub fn close_small(self) -> Result<u32, StoreError> {
        if self.given < MUCH || self.given < self.bytes() / 2 {
            return self.close();
        }
        let (path, beside) = (self.path.clone(), self.path.with_extension("new"));
        match self.copied(&beside) {
            Ok(sum) => {
                self.let_go()?;
                fs::remove_dir_all(&path).and_then(|()| fs::rename(&beside, &path)).map_err(StoreError::io(&path))?;
                Ok(sum)
            }
            Err(_) => {
                // A sled that was abandoned has its file open: the room that it took is needed for the stamps.
                let _ = File::create(beside.join("db")).and(fs::remove_dir_all(&beside));
                self.close()
            }
        }
    }

    /// Makes another of the same records, and closes that.
    fn copied(&self, path: &Path) -> Result<u32, StoreError> {
        let mut to = Half::new(path.to_owned(), self.cache, None);
        match self.copy_into(&mut to) {
            Ok(()) => to.close(),
            // sled may wait for ever where the disk took no more.
            Err(e) => {
                to.abandon();
                Err(e)
            }
        }
    }

    fn copy_into(&self, to: &mut Half) -> Result<(), StoreError> {
        let mut rows = Vec::with_capacity(COPIED);
        let mut all = self.db()?.iter();
        while let Some(row) = quietly(|| all.next())? {
            rows.push(row.map_err(trouble)?);
            if rows.len() == COPIED {
                to.write(rows.drain(..))?;
            }
        }
        to.write(rows.drain(..))?;
        // What sled lost on the way is not said to be all.
        if to.stamps()?.to_bytes() != self.stamps()?.to_bytes() {
            return Err(StoreError::view("its records are not what was written"));
        }
        to.flush()
    }

    /// Waits until sled has let go of its file, which is some time after the drop; only then it writes no more.
    fn let_go(self) -> Result<(), StoreError> {
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

/// sled, opened in a folder.
fn sled_in(path: &Path, cache: u64) -> Result<sled::Db, StoreError> {
    // sled reads the clock for its configuration, and panics where it stands before 1970.
    let config = quietly(sled::Config::new)?
        .path(path)
        .cache_capacity(cache)
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::MetadataExt;

    /// Regression: a command that changed nothing wrote the stamps of the whole view again, megabytes for ten million
    /// lines. What nobody asked for is neither read nor written; whatever becomes of the file, who asks notices.
    #[test]
    fn stamps_are_read_by_who_asks_and_written_where_they_changed() {
        let folder = tempfile::tempdir().unwrap();
        let (path, stamps) = (folder.path().to_owned(), folder.path().join(STAMPS));
        let half = |sum| Half::new(path.clone(), 1 << 20, sum);
        let put = |mut half: Half, value: &[u8]| {
            half.stamps_mut().unwrap().put(Stamps::stamp(b"Pone", value));
            half.close().unwrap()
        };
        let inode = |stamps: &Path| fs::metadata(stamps).unwrap().ino();
        let sum = put(half(None), b"1");
        let first = inode(&stamps);
        assert_eq!(half(Some(sum)).close().unwrap(), sum);
        let read = half(Some(sum));
        assert!(read.stamps().unwrap().is(b"Pone", b"1"));
        assert_eq!((read.close().unwrap(), inode(&stamps)), (sum, first));
        let other = put(half(Some(sum)), b"2");
        assert!(other != sum && inode(&stamps) != first);
        assert!(half(Some(other)).stamps().unwrap().is(b"Pone", b"2"));
        let is = fs::read(&stamps).unwrap();
        for damage in [&is[1..], &is[..0], &[&is[..12], &[is[12] ^ 1]].concat()] {
            fs::write(&stamps, damage).unwrap();
            assert_eq!(half(Some(other)).close().unwrap(), other);
            assert!(half(Some(other)).stamps().is_err() && half(Some(other)).stamps_mut().is_err());
        }
        fs::remove_file(&stamps).unwrap();
        assert!(half(Some(other)).stamps().is_err());
        assert!(half(None).close().is_err(), "nothing is known of it");
    }

    /// What was written over and over is closed as small as what is there; what sled lost is not taken for all that was.
    #[test]
    fn what_was_written_often_is_closed_small() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("records");
        let key = |n: u32| n.to_be_bytes().to_vec();
        let value = |n: u32, round: u8| (0..1_000).map(|at: u32| (at * n) as u8 ^ round).collect::<Vec<u8>>();
        let written = |sum, rounds: u8| {
            let mut half = Half::new(path.clone(), 1 << 20, sum);
            (0..rounds).for_each(|round| half.write((0..700).map(|n| (key(n), value(n, round)))).unwrap());
            half
        };
        let file = || fs::metadata(path.join("db")).unwrap();
        let large = written(None, 20).close().unwrap();
        let (before, first) = (file().len(), file().ino());
        let few = written(Some(large), 1).close_small().unwrap();
        assert_eq!(file().ino(), first, "little was written: it stays as it is");
        let small = written(Some(few), 20).close_small().unwrap();
        assert!(file().ino() != first && file().len() < before / 2, "{} of {before}", file().len());
        let half = Half::new(path.clone(), 1 << 20, Some(small));
        let is = |n| {
            half.get(&key(n)).unwrap().is_some_and(|is| *is == value(n, 19) && half.stamps().unwrap().is(&key(n), &is))
        };
        assert!((0..700).all(is) && half.db().unwrap().len() == 700);
        half.close().unwrap();
        let half = written(Some(small), 20);
        half.db().unwrap().remove(key(3)).unwrap();
        let sum = half.close_small().unwrap();
        let half = Half::new(path.clone(), 1 << 20, Some(sum));
        assert!(half.stamps().unwrap().of_kind(&[]) == Some(700) && half.get(&key(3)).unwrap().is_none());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left");
    }

    /// Regression: on a full disk a copy that failed waited for a sled that waits for ever, and with it the close: the view
    /// was left unsealed, and made anew by each command. What the disk does not take is closed as it is.
    #[test]
    fn a_copy_that_the_disk_does_not_take_holds_nobody_up() {
        let folder = tempfile::tempdir().unwrap();
        let (path, beside) = (folder.path().join("records"), folder.path().join("records.new"));
        let mut half = Half::new(path.clone(), 1 << 20, None);
        let value = |n: u8, round: u8| vec![round ^ n; 1_000];
        (0..99_u8).for_each(|round| half.write((0..99_u8).map(|n| (vec![n], value(n, round)))).unwrap());
        // One so long that sled gives it a file of its own, in a folder that takes none.
        half.write([(vec![99_u8], vec![7; 200_000])].into_iter()).unwrap();
        fs::create_dir(&beside).unwrap();
        std::os::unix::fs::symlink("/proc/self", beside.join("blobs")).unwrap();
        let (tell, told) = std::sync::mpsc::channel();
        std::thread::spawn(move || tell.send(half.close_small()));
        let sum = told.recv_timeout(Duration::from_secs(60)).expect("it comes to an end").unwrap();
        assert!(!beside.exists());
        let half = Half::new(path, 1 << 20, Some(sum));
        let is = |n: u8| half.get(&[n]).unwrap().is_some_and(|is| half.stamps().unwrap().is(&[n], &is));
        assert!((0..=99).all(is));
    }
}
