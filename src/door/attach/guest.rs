//! The side that attaches: it keeps the terminal, the files and the signals, and carries bytes. Whatever becomes of the
//! other side, the terminal is put back, and what was and was not acknowledged is said.

use super::frame::{Asks, Fault, Frames, Header, Hello, Named, PIECE, Saving, Tells, send};
use super::{Address, owner_of, peer, socket_of};
use crate::console::paint::fit;
use crate::console::session::{Door, Input};
use crate::door::caller::{Caller, Here};
use crate::door::local::{self, Screen};
use crate::exchange::Whole;
use crate::words::Lang;
use crossterm::event::Event;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use unicode_width::UnicodeWidthStr;

/// How often it is asked whether anybody is there.
const PING: Duration = Duration::from_millis(500);
/// How long nothing may be heard before that is said.
const SILENCE: Duration = Duration::from_secs(2);

/// A connection to the koufen that has the store open.
pub struct Connection {
    stream: UnixStream,
    /// Its process.
    pub pid: i32,
    /// What whoever connects wants to go by.
    rules: Named,
}

/// How it ended.
#[derive(Debug, PartialEq, Eq)]
pub enum Left {
    /// The command came to its end, with this exit code.
    Exit(u8),
    /// The command came to its end, or at a screen goes to it, and its answer could not be written here.
    Untold {
        /// Whether something was recorded.
        recorded: bool,
        /// Why it could not be written.
        why: Fault,
    },
    /// The other koufen is of another version, which is this.
    OtherVersion(String),
    /// It did not answer for as long as this, and was asked for nothing.
    Unanswered(Duration),
    /// It is gone.
    Lost {
        /// Commands that may have been recorded and were not acknowledged.
        pending: u32,
        /// The last entry that was acknowledged to this guest's console.
        last: Option<u64>,
        /// What was being saved at its console.
        saving: Option<Saving>,
        /// Whether it had read what cannot be read again: a pipe.
        drained: bool,
    },
}

impl Connection {
    /// Connects to whoever has a store open. Only the store's owner answers for it, or who has this process.
    pub fn to(store: &Path) -> io::Result<Connection> {
        let stream = Address::of(&socket_of(store))?.connect()?;
        let uid = peer(&stream)?;
        if uid != owner_of(store)? && uid != rustix::process::getuid().as_raw() {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        let pid = rustix::net::sockopt::socket_peercred(&stream)?.pid.as_raw_nonzero().get();
        Ok(Connection { stream, pid, rules: Named::default() })
    }

    /// The same for somebody who wants to go by these rules.
    pub fn by(self, rules: Named) -> Connection {
        Connection { rules, ..self }
    }

    /// Has a command carried out there, at this terminal if the console is asked for. A koufen that stands still is waited
    /// for: before it was asked for anything as long as `wait`, afterwards until it goes on or is gone.
    pub fn attend(self, hello: Hello, (lang, wait): (Lang, Duration), screen: Option<Screen>) -> io::Result<Left> {
        let writer = Arc::new(Mutex::new(self.stream.try_clone()?));
        let mut served = Served::begin(writer, hello.ask.is_some(), screen.is_some());
        let left = self.carry(hello, (lang, wait.max(SILENCE)), screen, &mut served);
        // The terminal is put back now.
        let _ = io::stderr().write_all(&served.after);
        match left {
            Ok(Some(left)) => Ok(left),
            // Whatever was being read or written when it went.
            Ok(None) => Ok(served.lost()),
            Err(e) if is_gone(&e) => Ok(served.lost()),
            Err(e) => Err(e),
        }
    }

    /// Carries what is said until the end; none where the other side is gone before it.
    fn carry(
        self,
        hello: Hello,
        (lang, wait): (Lang, Duration),
        screen: Option<Screen>,
        served: &mut Served,
    ) -> io::Result<Option<Left>> {
        let heard = Arc::new(Heard::begin());
        let silence = Silence { heard: Arc::clone(&heard), pid: self.pid, lang, on_screen: screen.is_some() };
        let _watched = silence.watch(Arc::clone(&served.writer));
        let mut stream = self.stream;
        Header::own().send(&mut stream)?;
        stream.set_read_timeout(Some(wait))?;
        let header = match Header::read(&mut stream) {
            Err(e) if matches!(e.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => {
                return Ok(Some(Left::Unanswered(wait)));
            }
            read => read?,
        };
        stream.set_read_timeout(None)?;
        heard.now();
        if !header.matches(&Header::own()) {
            return Ok(Some(Left::OtherVersion(header.version)));
        }
        ask(&served.writer, &Asks::Hello(Box::new(Hello { rules: self.rules, ..hello })))?;
        heard.greeted.store(true, Ordering::Relaxed);
        let mut frames = Frames::of(stream);
        let mut here = screen.map(|screen| Terminal::take(screen, &served.writer)).transpose()?;
        while let Some(tells) = frames.take()? {
            heard.busy.store(true, Ordering::Relaxed);
            if let Tells::Exit(code, known) = tells {
                return Ok(Some(served.ended(code, known)));
            }
            served.tell(tells, here.as_mut())?;
            heard.now();
            heard.busy.store(false, Ordering::Relaxed);
            // A screen that is gone waits for nothing.
            if here.is_some() && served.unwritten.is_some() {
                return Ok(Some(served.ended(0, false)));
            }
        }
        Ok(None)
    }
}

/// Whether the other side is gone.
fn is_gone(e: &io::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    matches!(e.kind(), BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof)
}

fn ask(writer: &Mutex<UnixStream>, asks: &Asks) -> io::Result<()> {
    send(&mut writer.lock().unwrap_or_else(PoisonError::into_inner), asks, None)
}

/// Passes on what asks this process to end, from now on. What runs there ends well of it, and records nothing: one that stands
/// still is not waited for, which the flag says.
fn pass_on(writer: &Arc<Mutex<UnixStream>>, given_up: &Arc<AtomicBool>) -> io::Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM])?;
    let (writer, given_up) = (Arc::clone(writer), Arc::clone(given_up));
    let stream = writer.lock().unwrap_or_else(PoisonError::into_inner).try_clone()?;
    std::thread::spawn(move || {
        signals.wait();
        std::thread::spawn(move || {
            std::thread::sleep(SILENCE);
            given_up.store(true, Ordering::Relaxed);
            let _ = stream.shutdown(std::net::Shutdown::Both);
        });
        // One that is gone is heard of where it is read from.
        let _ = ask(&writer, &Asks::Close);
    });
    Ok(())
}

/// When something was heard last.
struct Heard {
    since: Instant,
    millis: AtomicU64,
    greeted: AtomicBool,
    /// It is not listened to: whoever reads what is written here takes it slowly, or a file is waited for.
    busy: AtomicBool,
    over: AtomicBool,
}

impl Heard {
    fn begin() -> Heard {
        let [greeted, busy, over] = [false; 3].map(AtomicBool::new);
        Heard { since: Instant::now(), millis: AtomicU64::new(0), greeted, busy, over }
    }

    fn now(&self) {
        let millis = u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.millis.store(millis, Ordering::Relaxed);
    }

    fn silence(&self) -> Duration {
        self.since.elapsed().saturating_sub(Duration::from_millis(self.millis.load(Ordering::Relaxed)))
    }
}

/// Says that the other side does not answer, and for how long.
struct Silence {
    heard: Arc<Heard>,
    pid: i32,
    lang: Lang,
    on_screen: bool,
}

/// Ends the watch when it goes out of scope.
struct Watched(Arc<Heard>);

impl Drop for Watched {
    fn drop(&mut self) {
        self.0.over.store(true, Ordering::Relaxed);
    }
}

impl Silence {
    fn watch(self, writer: Arc<Mutex<UnixStream>>) -> Watched {
        let watched = Watched(Arc::clone(&self.heard));
        std::thread::spawn(move || {
            let mut said = 0;
            while !self.heard.over.load(Ordering::Relaxed) {
                std::thread::sleep(PING);
                if self.heard.busy.load(Ordering::Relaxed) {
                    continue;
                }
                if self.heard.silence() >= SILENCE {
                    said = self.say(said);
                } else if said > 0 {
                    said = 0;
                    // What was said over the screen goes.
                    let _ = if self.on_screen() { ask(&writer, &Asks::Redraw) } else { Ok(()) };
                }
                // One that is stopped takes no more at some time: whoever writes then waits, too.
                if self.heard.greeted.load(Ordering::Relaxed) && said == 0 && ask(&writer, &Asks::Ping).is_err() {
                    return;
                }
            }
        });
        watched
    }

    /// Whether it is said on a screen: before it was greeted a console has not taken the terminal, and nobody would take the
    /// row away again.
    fn on_screen(&self) -> bool {
        self.on_screen && self.heard.greeted.load(Ordering::Relaxed)
    }

    /// Says it if that is due: at once, and every second on a screen, or every ten beside an answer.
    fn say(&self, said: u64) -> u64 {
        let seconds = self.heard.silence().as_secs().max(1);
        let on_screen = self.on_screen();
        if self.heard.over.load(Ordering::Relaxed) || seconds == said || !on_screen && said > 0 && seconds < said + 10 {
            return said.max(1);
        }
        let args = [("pid", self.pid.to_string()), ("seconds", seconds.to_string())];
        let key = if on_screen { "attach-silent-screen" } else { "attach-silent" };
        let text = self.lang.say_texts(key, &args);
        let _ = if on_screen {
            // In one row: a second one would push the screen up, each time that it is said.
            let (columns, rows) = crossterm::terminal::size().unwrap_or((80, 24));
            let text = fit(&text, text.width().min(usize::from(columns.saturating_sub(2))));
            let mut out = io::stdout().lock();
            write!(out, "\x1b7\x1b[{rows};1H\x1b[0;7m {text} \x1b[0m\x1b[K\x1b8").and_then(|()| out.flush())
        } else {
            writeln!(io::stderr(), "koufen: {text}")
        };
        seconds
    }
}

/// This terminal, while it is a guest's screen.
struct Terminal {
    screen: Screen,
    _restore: local::Restore,
}

impl Terminal {
    fn take(screen: Screen, writer: &Arc<Mutex<UnixStream>>) -> io::Result<Terminal> {
        let (tell, told) = channel();
        let signalled = tell.clone();
        local::signals(move |input| signalled.send(input).is_ok())?;
        let restore = local::Restore::enter(screen.mouse())?;
        local::events(move |input| tell.send(input).is_ok());
        let (mut mine, writer) = (screen.clone(), Arc::clone(writer));
        std::thread::spawn(move || {
            for input in told {
                let asks = match input {
                    Input::Terminal(event) => pieces(event),
                    Input::Stop if !mine.suspends() => continue,
                    // A terminal that cannot be taken again is gone.
                    Input::Stop => vec![mine.suspend().map_or(Asks::Close, |()| Asks::Redraw)],
                    Input::Continue => vec![mine.resume().map_or(Asks::Close, |()| Asks::Redraw)],
                    Input::Close => vec![Asks::Close],
                };
                if asks.iter().any(|asks| ask(&writer, asks).is_err()) {
                    return;
                }
            }
        });
        Ok(Terminal { screen, _restore: restore })
    }
}

/// An event as what is asked. A text that was pasted may be longer than a frame: it goes in pieces, which come to the
/// same, for a line's end is not cut in two.
fn pieces(event: Event) -> Vec<Asks> {
    let Event::Paste(text) = event else { return vec![Asks::Event(event)] };
    let (mut all, mut rest) = (Vec::new(), text.as_str());
    while rest.len() > PIECE {
        let torn = |at: usize| !rest.is_char_boundary(at) || rest.as_bytes().get(at - 1..=at) == Some(b"\r\n");
        let at = (1..=PIECE).rev().find(|at| !torn(*at)).unwrap_or(PIECE);
        let (piece, after) = rest.split_at(at);
        all.push(Asks::Event(Event::Paste(piece.to_owned())));
        rest = after;
    }
    all.push(Asks::Event(Event::Paste(rest.to_owned())));
    all
}

/// What is done here for what runs there.
struct Served {
    writer: Arc<Mutex<UnixStream>>,
    /// The file that is being written, or why it cannot be.
    file: Option<io::Result<Whole>>,
    pending: (u32, Option<u64>, Option<Saving>),
    /// What is shown when all of it is there: text, and whether it is for the standard error.
    held: Option<Vec<(bool, Vec<u8>)>>,
    drained: bool,
    /// What is said beside a screen: it is shown when that is gone.
    after: Vec<u8>,
    /// Why the standard output cannot be written; what comes after that is not.
    unwritten: Option<Fault>,
    on_screen: bool,
    /// The end was asked for and did not come.
    given_up: Arc<AtomicBool>,
}

/// Writes to the standard output, and keeps nothing of what it does not take: it would be tried again at the end.
fn write_out(bytes: &[u8]) -> io::Result<()> {
    File::from(io::stdout().as_fd().try_clone_to_owned()?).write_all(bytes)
}

impl Served {
    /// Nothing yet. An answer that may be asked for again is shown when it is whole.
    fn begin(writer: Arc<Mutex<UnixStream>>, whole: bool, on_screen: bool) -> Served {
        let (pending, held, given_up) = ((0, None, None), whole.then(Vec::new), Arc::default());
        let (file, after, unwritten) = (None, Vec::new(), None);
        Served { writer, file, pending, held, drained: false, after, unwritten, on_screen, given_up }
    }

    /// What it comes to that the other side is gone before the end.
    fn lost(self) -> Left {
        let (pending, last, saving) = self.pending;
        let is_read = pending == 0 && self.held.is_none();
        match self.unwritten.filter(|_| is_read) {
            _ if self.given_up.load(Ordering::Relaxed) => Left::Exit(0),
            // Nobody reads what it would still have said.
            Some(why) => Left::Untold { recorded: last.is_some(), why },
            None => Left::Lost { pending, last, saving, drained: self.drained },
        }
    }

    /// Shows text, or keeps it until it is asked for as a whole.
    fn say(&mut self, text: (bool, Vec<u8>)) {
        match &mut self.held {
            Some(held) => held.push(text),
            None => self.show(text),
        }
    }

    /// Shows text. What the output does not take is told: what runs there ends of it as it would alone.
    fn show(&mut self, (aside, bytes): (bool, Vec<u8>)) {
        if aside {
            // Nobody is told when even that cannot be written.
            let _ = io::stderr().write_all(&bytes);
        } else if self.unwritten.is_none()
            && let Err(e) = write_out(&bytes)
        {
            let why = Fault::from(e);
            // One that has ended does not hear it; a screen is left at once.
            let _ = if self.on_screen { Ok(()) } else { ask(&self.writer, &Asks::Unwritten(why.clone())) };
            self.unwritten = Some(why);
        }
    }

    /// What it comes to that the command ended with this exit code; and whether that is its last word, whatever could not be
    /// written.
    fn ended(&mut self, code: u8, known: bool) -> Left {
        self.held.take().unwrap_or_default().into_iter().for_each(|text| self.show(text));
        let recorded = self.pending.1.is_some();
        match self.unwritten.take().filter(|_| !known) {
            Some(why) => Left::Untold { recorded, why },
            None => Left::Exit(code),
        }
    }

    /// Does what it is told.
    fn tell(&mut self, tells: Tells, here: Option<&mut Terminal>) -> io::Result<()> {
        match tells {
            Tells::Err(bytes) if here.is_some() => self.after.extend(bytes),
            Tells::Out(bytes) => self.say((false, bytes)),
            Tells::Err(bytes) => self.say((true, bytes)),
            Tells::Open(place) => self.open(&PathBuf::from(place))?,
            Tells::Target(place, force) => {
                let target = Here.target(&PathBuf::from(place), force);
                ask(&self.writer, &Asks::Target(target.map(|path| path.as_path().into())))?;
            }
            Tells::Begin(place) => self.file = Some(Whole::begin(&PathBuf::from(place))),
            Tells::Data(bytes) => {
                if let Some(Ok(whole)) = &mut self.file
                    && let Err(e) = whole.write_all(&bytes)
                {
                    self.file = Some(Err(e));
                }
            }
            // What failed before is told now: it is asked for then.
            Tells::Commit => {
                let done = self.file.take().unwrap_or_else(|| Err(io::ErrorKind::InvalidInput.into()));
                let done = done.and_then(Whole::put);
                ask(&self.writer, &Asks::Written(done.map_err(Fault::from)))?;
            }
            Tells::Keep(lang, theme) => {
                if let (Some(here), Some(lang)) = (here, Lang::parse(&lang)) {
                    here.screen.keep(lang, &theme);
                }
            }
            Tells::Stop => {
                if let Some(here) = here {
                    here.screen.ask_to_stop();
                }
            }
            Tells::Pending(waiting, last, saving) => self.pending = (waiting, last, saving),
            Tells::Heeds => pass_on(&self.writer, &self.given_up)?,
            Tells::Pong | Tells::Exit(..) => {}
        }
        Ok(())
    }

    /// Opens a file as this user, and passes it.
    fn open(&mut self, path: &Path) -> io::Result<()> {
        let opened = Here.open(path);
        let is_file = |file: &File| file.metadata().is_ok_and(|meta| meta.is_file());
        self.drained |= path == Path::new("-") || opened.as_ref().is_ok_and(|file| !is_file(file));
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        match opened {
            Ok(file) => send(&mut writer, &Asks::Opened(Ok(())), Some(file.as_fd())),
            Err(e) => send(&mut writer, &Asks::Opened(Err(e.into())), None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pasted texts of any length go over whole: each piece fits a frame, and no character or line's end is cut in two.
    #[test]
    fn a_long_text_goes_in_pieces_that_come_to_the_same() {
        for unit in ["扣分\r\n", "\r\n", "\r", "a", "👩‍👩‍👧\n"] {
            for shift in 0..4 {
                let text = "x".repeat(shift) + &unit.repeat(PIECE);
                let mut again = String::new();
                for asks in pieces(Event::Paste(text.clone())) {
                    let Asks::Event(Event::Paste(piece)) = asks else { unreachable!("a paste in pieces") };
                    assert!(piece.len() <= PIECE && !(again.ends_with('\r') && piece.starts_with('\n')), "{unit:?}");
                    again += &piece;
                }
                assert_eq!(again, text);
            }
        }
        assert_eq!(pieces(Event::FocusLost), [Asks::Event(Event::FocusLost)]);
        assert_eq!(pieces(Event::Paste(String::new())), [Asks::Event(Event::Paste(String::new()))]);
    }
}
