//! A session with its threads: what a key sends, and keys while a read is under way.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

mod fixture;
#[path = "fixture/line.rs"]
mod line;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use koufen::console::depth::Depth;
use koufen::console::session::{Door, Input, Sessions, Tell, ear};
use koufen::console::{Model, Theme};
use koufen::desk::{Asked, Clock, Desk};
use koufen::domain::{Command, Outlet, RequestKind};
use koufen::rulebook::Rulebook;
use koufen::time::{Moment, parse_moment};
use koufen::words::Lang;
use std::io::{self, Write};
use std::num::NonZero;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How long something may take to come, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// The name of the threads that ask the desk.
const WORK: &str = "work";

/// A clock on which those wait that ask the desk something, while it is shut; who draws and who tests do not.
struct Gate {
    shut: Mutex<bool>,
    turned: Condvar,
    /// Whoever works meets an error of the program's own.
    broken: AtomicBool,
}

impl Gate {
    fn turn(&self, shut: bool) {
        *self.shut.lock().unwrap() = shut;
        self.turned.notify_all();
    }
}

impl Clock for Gate {
    fn now(&self) -> Moment {
        if std::thread::current().name() == Some(WORK) {
            assert!(!self.broken.load(Ordering::Relaxed), "the clock is broken");
            let mut shut = self.shut.lock().unwrap();
            while *shut {
                shut = self.turned.wait(shut).unwrap();
            }
        }
        parse_moment("2011-03-18T14:02").unwrap()
    }
}

/// How what is shown all at once ends.
const END: &[u8] = b"\x1b[?2026l";

/// What a session sent, frame by frame.
#[derive(Clone)]
struct Sent(Arc<Mutex<(vt100::Parser, Vec<usize>)>>);

impl Write for Sent {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let (terminal, frames) = &mut *self.0.lock().unwrap();
        terminal.process(bytes);
        frames.iter_mut().last().into_iter().for_each(|frame| *frame += bytes.len());
        if bytes.ends_with(END) {
            frames.push(0);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct Nothing;

impl Door for Nothing {
    fn suspends(&self) -> bool {
        false
    }
    fn ask_to_stop(&mut self) {}
    fn suspend(&mut self) -> io::Result<()> {
        Ok(())
    }
    fn resume(&mut self) -> io::Result<()> {
        Ok(())
    }
    fn depth(&self) -> Depth {
        Depth::True
    }
    fn keep(&mut self, _: Lang, _: &str) {}
}

struct Session {
    desk: Desk,
    gate: Arc<Gate>,
    keys: Tell,
    sent: Sent,
    runs: JoinHandle<io::Result<()>>,
}

impl Session {
    /// On thirty providers, each with twenty outlets that have a line each.
    fn start((columns, rows): (u16, u16)) -> Session {
        let gate = Arc::new(Gate { shut: Mutex::new(false), turned: Condvar::new(), broken: AtomicBool::new(false) });
        let desk = Desk::in_memory(Rulebook::shipped().unwrap(), gate.clone()).unwrap();
        for n in 1..=30 {
            let id = format!("P{n:04}");
            let outlets = (0..20).map(|at| format!("O{n:04}{at:02}"));
            let named = |outlet: &str| Outlet { name: format!("建设街{outlet}号"), ..fixture::outlet(outlet, &id) };
            let provider = [Command::AddProvider(fixture::provider(&id, &format!("杭州捷达{n}")))];
            let each = outlets
                .flat_map(|id_of| [Command::AddOutlet(named(&id_of)), Command::Deduct(line::brand(&id, &id_of))]);
            let asked = provider.into_iter().chain(each).map(|command| Asked { command, nth: None }).collect();
            let done = desk.submit_all(&fixture::who("王芳"), asked).unwrap();
            assert!(done.iter().all(Result::is_ok));
        }
        let theme = ("dark", Theme::built_in("dark").unwrap());
        let model = Model::new(Lang::En, theme, "ops-2", "", desk.rulebook(), desk.now());
        let cells = |n| NonZero::new(n).unwrap();
        let sent = Sent(Arc::new(Mutex::new((vt100::Parser::new(cells(rows), cells(columns), 0), vec![0]))));
        let (keys, ear) = ear();
        let (out, of) = (sent.clone(), desk.clone());
        let session = move || {
            let who = fixture::who("ops-2");
            Sessions::worked_by(WORK).run(model, (columns, rows), (&of, &who), ear, (out, &mut Nothing))
        };
        let runs = std::thread::Builder::new().name("session".into()).spawn(session).unwrap();
        Session { desk, gate, keys, sent, runs }
    }

    fn key(&self, c: char) -> &Session {
        let key = Event::Key(KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE));
        assert!(self.keys.tell(Input::Terminal(key)));
        self
    }

    fn text(&self) -> String {
        self.sent.0.lock().unwrap().0.screen().contents()
    }

    /// Waits until a text is on the screen.
    fn wait(&self, text: &str) -> &Session {
        let until = Instant::now() + PATIENCE;
        while !self.text().contains(text) {
            assert!(Instant::now() < until, "no {text:?} on\n{}", self.text());
            std::thread::sleep(Duration::from_millis(2));
        }
        self
    }

    /// The sizes of the frames since the last time.
    fn frames(&self) -> Vec<usize> {
        let mut frames = std::mem::replace(&mut self.sent.0.lock().unwrap().1, vec![0]);
        // The end of the frame before may have come after what was waited for.
        frames.retain(|bytes| *bytes > END.len());
        frames
    }

    fn end(self) {
        self.gate.turn(false);
        assert!(self.keys.tell(Input::Close));
        self.runs.join().unwrap().unwrap();
    }
}

/// Keys typed while a read is under way are handled at once, and the read comes in when it is there.
#[test]
fn keys_are_handled_while_a_read_is_under_way() {
    let session = Session::start((120, 36));
    session.wait("P0030").wait("O000100").key('7').wait("Rulebook 1.5");
    let (outlet, kind) = ("O003000".parse().unwrap(), RequestKind::Help);
    let request = Command::OpenRequest { outlet, kind, at: None, note: None };
    session.desk.submit(&fixture::who("王芳"), request).unwrap();
    session.gate.turn(true);
    // What is due is read anew: until then the screen has what it had, and keys do what they do.
    session.key('2').wait("Deadlines 0/0");
    session.key('1').wait("P0001 ledger").key('j').wait("P0002 ledger");
    session.key('?').wait("score>=50").key('x').key('7').wait("Rulebook 1.5");
    // Nor does what is read of one provider wait for that.
    session.key('1').wait("P0002 ledger").wait("O000200").key('2').wait("Deadlines 0/0");
    session.gate.turn(false);
    session.wait("Deadlines 0/1");
    session.end();
}

/// Regression: where what was done for a session met an error of the program's own, its screen stood still without a word.
#[test]
fn a_session_ends_of_what_its_worker_met() {
    let session = Session::start((80, 24));
    session.wait("P0001").wait("O000100");
    session.gate.broken.store(true, Ordering::Relaxed);
    session.desk.submit(&fixture::who("王芳"), Command::AddOutlet(fixture::outlet("A1", "P0001"))).unwrap();
    let met = session.runs.join().unwrap_err();
    assert!(met.downcast_ref::<&str>().is_some_and(|said| said.contains("the clock is broken")));
}

/// A change elsewhere, of what is not on the screen, sends nothing; one that is on it comes by itself.
#[test]
fn what_others_do_comes_by_itself() {
    let session = Session::start((80, 24));
    session.wait("P0001").wait("O000100");
    let add = |id: &str| {
        session.desk.submit(&fixture::who("王芳"), Command::AddOutlet(fixture::outlet(id, "P0001"))).unwrap();
    };
    add("A1");
    session.wait("A1 ").key('7').wait("Rulebook 1.5");
    session.frames();
    add("A2");
    session.key('?').wait("score>=50");
    session.key('x').key('1').wait("A2 ");
    session.end();
}

/// While others record more than anybody could read a console asks again now and then, and keys do what they do; when that is
/// over it shows what is on record.
#[test]
fn what_pours_in_is_shown_in_the_end() {
    let session = Session::start((120, 36));
    session.wait("P0001").wait("O000100");
    for n in (100..200).rev() {
        let outlet = fixture::outlet(&format!("A{n}"), "P0001");
        session.desk.submit(&fixture::who("王芳"), Command::AddOutlet(outlet)).unwrap();
        if n == 150 {
            session.key('j').wait("O000200").key('k').wait("P0001 ledger");
        }
    }
    session.wait("P0001 outlets 120");
    session.end();
}

/// What a selection that moves sends is less than 2 KB (console.md).
#[test]
fn a_key_sends_less_than_two_kilobytes() {
    for size in [(80, 24), (200, 60)] {
        let session = Session::start(size);
        session.wait("P0001").wait("O000100");
        let mut all = Vec::new();
        for n in 2..=12 {
            session.frames();
            session.key('j').wait(&format!("O{n:04}00"));
            all.push(session.frames());
        }
        // On a busy machine what is shown of another provider comes after the frame that selects it.
        let mut bytes: Vec<usize> = all.iter().map(|frames| frames.iter().sum()).collect();
        println!("{size:?}: {all:?} bytes");
        bytes.sort_unstable();
        assert!(bytes[bytes.len() / 2] < 2_048, "{size:?}: {bytes:?}");
        session.end();
    }
}
