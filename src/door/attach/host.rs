//! The side that has the store open: it listens, says who each guest is by what the system knows of it, and carries the
//! bytes of what runs for it. A guest that panics, stalls or goes leaves the others and the store alone.

use super::drafts::Drafts;
use super::frame::{Asks, Frames, Header, Hello, PIECE, Tells, send};
use super::pipe::take_in;
use super::stream::{Stream, Unwritten};
use super::terminal::Terminal;
use super::{Address, peer, socket_of};
use crate::console::session::{Ear, Input, Tell, ear};
use crate::desk::Identity;
use crate::door::caller::{Caller, Writes};
use crate::exchange::source::comes_by_and_by;
use crate::exchange::{ExportError, TargetFault};
use crate::ids::Seq;
use crate::words::Lang;
use indicatif::{ProgressDrawTarget, TermLike};
use std::collections::BTreeMap;
use std::fs::{File, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::os::unix::net::UnixStream;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// The name that a guest's threads begin with: what they meet is told to the guest, not on this terminal.
pub const THREAD: &str = "guest";
/// The name of the threads that work for guests' consoles.
pub const WORK: &str = "guests' work";

/// What runs for a guest, and its exit code.
pub type Serve = dyn Fn(&mut Guest) -> u8 + Send + Sync;

/// Who may attach.
#[derive(Clone, Debug, Default)]
pub struct Access {
    /// A group of the system besides the store's owner.
    pub group: Option<nix::unistd::Group>,
}

impl Access {
    /// Lets them at a socket, and nobody else.
    fn set(&self, path: &Path) -> io::Result<()> {
        let Some(group) = &self.group else { return std::fs::set_permissions(path, Permissions::from_mode(0o600)) };
        std::os::unix::fs::chown(path, None, Some(group.gid.as_raw())).map_err(|e| match e.kind() {
            io::ErrorKind::PermissionDenied => {
                io::Error::other(format!("this user is not in the group {}", group.name))
            }
            _ => e,
        })?;
        std::fs::set_permissions(path, Permissions::from_mode(0o660))
    }
}

/// The socket of an open store, and its guests.
pub struct Host {
    path: PathBuf,
    guests: Arc<Guests>,
    closing: Arc<AtomicBool>,
    accepting: Option<JoinHandle<()>>,
}

/// The guests that are there.
#[derive(Default)]
struct Guests {
    there: Mutex<BTreeMap<u64, (String, UnixStream)>>,
    left: Condvar,
    /// They are told to go.
    ending: AtomicBool,
}

impl Guests {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<u64, (String, UnixStream)>> {
        self.there.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Host {
    /// Listens beside a store that this process holds the lock of.
    pub fn listen(store: &Path, access: &Access, serve: Arc<Serve>) -> io::Result<Host> {
        let path = socket_of(store);
        make_way(&path)?;
        let listener = Address::of(&path)?.bind()?;
        if let Err(e) = access.set(&path) {
            let _ = std::fs::remove_file(&path);
            return Err(e);
        }
        let (guests, closing) = (Arc::<Guests>::default(), Arc::new(AtomicBool::new(false)));
        let (mine, end) = (Arc::clone(&guests), Arc::clone(&closing));
        let accepting = std::thread::Builder::new().name(format!("{THREAD}s")).spawn(move || {
            for (number, stream) in (0..).zip(listener.incoming()) {
                if end.load(Ordering::Relaxed) {
                    return;
                }
                match stream {
                    Ok(stream) => receive(number, stream, &mine, &serve),
                    // Out of file descriptors, perhaps: those that are there go on, and it passes.
                    Err(_) => std::thread::sleep(Duration::from_millis(100)),
                }
            }
        })?;
        Ok(Host { path, guests, closing, accepting: Some(accepting) })
    }

    /// Where it listens.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Who is attached.
    pub fn guests(&self) -> Vec<String> {
        self.guests.lock().values().map(|(name, _)| name.clone()).collect()
    }

    /// Waits until nobody is attached, or the flag is raised.
    pub fn wait(&self, stop: &AtomicBool) {
        let mut there = self.guests.lock();
        while !there.is_empty() && !stop.load(Ordering::Relaxed) {
            let waited = self.guests.left.wait_timeout(there, Duration::from_millis(200));
            there = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Listens no more, ends what runs for guests, and waits for it a while.
    pub fn end(mut self) {
        self.close();
        self.guests.ending.store(true, Ordering::Relaxed);
        for (_, stream) in self.guests.lock().values() {
            // The session reads the end, and comes to its own.
            let _ = stream.shutdown(std::net::Shutdown::Read);
        }
        let late = Arc::new(AtomicBool::new(false));
        let raise = Arc::clone(&late);
        std::thread::spawn(move || {
            std::thread::sleep(Duration::from_secs(2));
            raise.store(true, Ordering::Relaxed);
        });
        self.wait(&late);
    }

    fn close(&mut self) {
        self.closing.store(true, Ordering::Relaxed);
        // The lock is still held: nobody else has bound it.
        let woken = Address::of(&self.path).and_then(|address| address.connect());
        let _ = std::fs::remove_file(&self.path);
        if let (Ok(_), Some(accepting)) = (woken, self.accepting.take()) {
            let _ = accepting.join();
        }
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        if self.accepting.is_some() {
            self.close();
        }
    }
}

/// Takes away the socket of a koufen that is gone. What else stands there is somebody's, and stays.
fn make_way(path: &Path) -> io::Result<()> {
    let other = |what: &str| io::Error::other(format!("{} {what}", path.display()));
    match std::fs::symlink_metadata(path) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(e) => Err(e),
        Ok(is) if !is.file_type().is_socket() => Err(other("is no socket")),
        // The store is locked here: no koufen answers for it.
        Ok(_) if Address::of(path)?.connect().is_ok() => Err(other("is another program's socket")),
        Ok(_) => std::fs::remove_file(path),
    }
}

/// Lets a guest in on threads of its own.
fn receive(number: u64, stream: UnixStream, guests: &Arc<Guests>, serve: &Arc<Serve>) {
    let (guests, serve) = (Arc::clone(guests), Arc::clone(serve));
    let begin = std::thread::Builder::new().name(format!("{THREAD} {number}"));
    // Where no thread can be had the guest reads the end, and says so.
    let _ = begin.spawn(move || {
        let _ = attend(number, stream, &guests, serve.as_ref());
        guests.lock().remove(&number);
        guests.left.notify_all();
    });
}

/// How long a guest may take to introduce itself.
const PATIENCE: Duration = Duration::from_secs(10);

fn attend(number: u64, mut stream: UnixStream, guests: &Guests, serve: &Serve) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    let who = Identity::of_user(peer(&stream)?, crate::desk::Door::Attached);
    Header::own().send(&mut stream)?;
    if !Header::read(&mut stream)?.matches(&Header::own()) {
        return Ok(());
    }
    let mut frames = Frames::of(stream.try_clone()?);
    let Some(Asks::Hello(hello)) = frames.take()? else { return Ok(()) };
    stream.set_read_timeout(None)?;
    guests.lock().insert(number, (who.name.clone(), stream.try_clone()?));
    let line = Line(Arc::new(Mutex::new(stream.try_clone()?)));
    let (tell, ear) = ear();
    let (answered, answers) = channel();
    let (stop, unwritten) = (Arc::new(AtomicBool::new(false)), Arc::<Unwritten>::default());
    let (listens, raise, fails) = (line.clone(), Arc::clone(&stop), Arc::clone(&unwritten));
    let reader = std::thread::Builder::new().name(format!("{THREAD} {number} in")).spawn(move || {
        hear(&mut frames, (&listens, &fails), &tell, &answered);
        // Gone, or asked to end: what runs for it comes to its end.
        raise.store(true, Ordering::Relaxed);
        tell.tell(Input::Close);
    })?;
    let mut guest =
        Guest { who, hello: *hello, ear: Some(ear), line: line.clone(), answers: Mutex::new(answers), stop, unwritten };
    let ended = catch_unwind(AssertUnwindSafe(|| serve(&mut guest)));
    let says = |key, code| {
        let lang = Lang::parse(&guest.hello.lang).unwrap_or(Lang::En);
        let text = format!("koufen: {}\n", lang.say_texts(key, &[("pid", std::process::id().to_string())]));
        let _ = line.tell(&Tells::Err(text.into_bytes()));
        code
    };
    let code = match ended {
        Err(_) => says("attach-panic", ENDED),
        // It did not leave by itself: whoever had the store open was told to end.
        Ok(_) if guest.hello.screen.is_some() && guests.ending.load(Ordering::Relaxed) => says("attach-ended", ENDED),
        Ok(code) => code,
    };
    let _ = line.tell(&Tells::Exit(code, guest.unwritten.is_known()));
    stream.shutdown(std::net::Shutdown::Both)?;
    let _ = reader.join();
    Ok(())
}

/// The exit code of a session that did not end by itself: that of the store's errors.
const ENDED: u8 = 3;

/// Hears a guest until it is gone or asks for the end.
fn hear(frames: &mut Frames, (line, fails): (&Line, &Unwritten), tell: &Tell, answered: &Sender<Reply>) {
    while let Ok(Some(asks)) = frames.take() {
        let heard = match asks {
            Asks::Event(event) => tell.tell(Input::Terminal(event)),
            Asks::Redraw => tell.tell(Input::Continue),
            Asks::Ping => line.tell(&Tells::Pong).is_ok(),
            Asks::Opened(opened) => {
                let file = opened
                    .map_err(io::Error::from)
                    .and_then(|()| frames.file().ok_or_else(|| io::Error::other("the file did not come along")));
                answered.send(Reply::File(file)).is_ok()
            }
            Asks::Target(target) => answered.send(Reply::Target(target.map(PathBuf::from))).is_ok(),
            Asks::Unwritten(why) => {
                fails.is(why);
                true
            }
            Asks::Written(done) => answered.send(Reply::Written(done.map_err(io::Error::from))).is_ok(),
            Asks::Close | Asks::Hello(_) => return,
        };
        if !heard {
            return;
        }
    }
}

/// An answer of a guest's.
enum Reply {
    File(io::Result<File>),
    Target(Result<PathBuf, TargetFault>),
    Written(io::Result<()>),
}

/// The way to a guest: frames of several threads, one whole after another.
#[derive(Clone)]
pub struct Line(Arc<Mutex<UnixStream>>);

impl Line {
    pub(super) fn tell(&self, frame: &Tells) -> io::Result<()> {
        send(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner), frame, None)
    }

    /// A file of a guest's that can be read though the guest goes: what comes through its pipe, or is typed at its terminal,
    /// is taken in as long as it is there.
    fn taken_in(&self, file: File, standard: bool) -> io::Result<File> {
        if !comes_by_and_by(&file, standard)? {
            return Ok(file);
        }
        let guest = self.0.lock().unwrap_or_else(PoisonError::into_inner).try_clone()?;
        take_in(file, &guest)
    }
}

/// A guest: who it is, what it asks for, and where its bytes go.
pub struct Guest {
    /// Who it is, by what the system says.
    pub who: Identity,
    /// What it asks for.
    pub hello: Hello,
    ear: Option<Ear>,
    line: Line,
    answers: Mutex<Receiver<Reply>>,
    stop: Arc<AtomicBool>,
    unwritten: Arc<Unwritten>,
}

impl Guest {
    /// Its standard output.
    pub fn out(&self) -> Stream {
        Stream::out(self.line.clone(), Arc::clone(&self.unwritten))
    }

    /// Its standard error.
    pub fn err(&self) -> Stream {
        Stream::of(self.line.clone(), Tells::Err)
    }

    /// What its terminal says; once.
    pub fn ear(&mut self) -> Ear {
        self.ear.take().unwrap_or_else(|| ear().1)
    }

    /// Its terminal, as a console's door, which keeps its drafts there.
    pub fn door(&self, drafts: Arc<Drafts>) -> Terminal {
        let screen = self.hello.screen.as_ref().map(|screen| (screen.suspends, screen.depth));
        Terminal::of(self.line.clone(), screen.unwrap_or_default(), (drafts, &self.who.name))
    }

    /// A command begins that may record something: until it ends nobody knows.
    pub fn begins(&self) {
        self.pending(1, None);
    }

    /// A command failed: what it said before that, nobody misses.
    pub fn fails(&self) {
        self.unwritten.fails();
    }

    /// A command has recorded something, the last as this entry.
    pub fn recorded(&self, last: Seq) {
        self.pending(0, Some(last));
    }

    /// One that is gone hears nothing; what runs for it is told so.
    fn pending(&self, waiting: u32, last: Option<Seq>) {
        let _ = self.line.tell(&Tells::Pending(waiting, last.map(|last| last.0), None));
    }

    fn ask(&self, frame: &Tells) -> io::Result<Reply> {
        self.line.tell(frame)?;
        let answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        answers.recv().map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}

fn unasked<T>() -> io::Result<T> {
    Err(io::Error::other("the guest answers something else"))
}

impl Caller for Guest {
    fn open(&self, path: &Path) -> io::Result<File> {
        match self.ask(&Tells::Open(path.into()))? {
            Reply::File(file) => self.line.taken_in(file?, path.as_os_str() == "-"),
            _ => unasked(),
        }
    }

    fn target(&self, path: &Path, force: bool) -> Result<PathBuf, TargetFault> {
        match self.ask(&Tells::Target(path.into(), force)) {
            Ok(Reply::Target(target)) => target,
            _ => Err(TargetFault::NoFolder),
        }
    }

    fn write_whole(&self, path: &Path, write: Writes<'_>) -> Result<u64, ExportError> {
        let failed = |source| ExportError::Io { file: path.to_owned(), source };
        let tell = |frame: &Tells| self.line.tell(frame).map_err(failed);
        tell(&Tells::Begin(path.into()))?;
        let mut out = io::BufWriter::with_capacity(PIECE, Stream::of(self.line.clone(), Tells::Data));
        let rows = write(&mut out)?;
        out.flush().map_err(failed)?;
        match self.ask(&Tells::Commit).map_err(failed)? {
            Reply::Written(done) => done.map(|()| rows).map_err(failed),
            _ => unasked().map_err(failed),
        }
    }

    fn bar(&self) -> ProgressDrawTarget {
        match self.hello.bar {
            Some(width) => ProgressDrawTarget::term_like(Box::new(Bar { width, line: self.line.clone() })),
            None => ProgressDrawTarget::hidden(),
        }
    }

    fn reached(&self, last: Seq) {
        self.pending(1, Some(last));
    }

    fn asked(&self) -> Option<Arc<AtomicBool>> {
        Some(Arc::clone(&self.stop))
    }

    fn stopped(&self) -> io::Result<Arc<AtomicBool>> {
        self.line.tell(&Tells::Heeds)?;
        Ok(Arc::clone(&self.stop))
    }
}

/// A progress bar on a guest's standard error.
#[derive(Clone)]
struct Bar {
    width: u16,
    line: Line,
}

impl std::fmt::Debug for Bar {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "a bar of {}", self.width)
    }
}

impl Bar {
    fn send(&self, text: &str) -> io::Result<()> {
        self.line.tell(&Tells::Err(text.as_bytes().to_vec()))
    }
}

impl TermLike for Bar {
    fn width(&self) -> u16 {
        self.width
    }

    fn move_cursor_up(&self, n: usize) -> io::Result<()> {
        if n == 0 { Ok(()) } else { self.send(&format!("\x1b[{n}A")) }
    }

    fn move_cursor_down(&self, n: usize) -> io::Result<()> {
        if n == 0 { Ok(()) } else { self.send(&format!("\x1b[{n}B")) }
    }

    fn move_cursor_right(&self, n: usize) -> io::Result<()> {
        if n == 0 { Ok(()) } else { self.send(&format!("\x1b[{n}C")) }
    }

    fn move_cursor_left(&self, n: usize) -> io::Result<()> {
        if n == 0 { Ok(()) } else { self.send(&format!("\x1b[{n}D")) }
    }

    fn write_line(&self, text: &str) -> io::Result<()> {
        self.send(&format!("{text}\n"))
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        self.send(text)
    }

    fn clear_line(&self) -> io::Result<()> {
        self.send("\r\x1b[2K")
    }

    fn flush(&self) -> io::Result<()> {
        Ok(())
    }
}
