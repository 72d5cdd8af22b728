//! Plays `demo.tape` against the real binary in a PTY. Waits are for what the screen shows, never for time.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use std::io::{Read, Write};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// How long a screen may take to come, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// The binary in a terminal.
struct Terminal {
    screen: Arc<Mutex<vt100::Parser>>,
    keys: Box<dyn Write + Send>,
    pty: Box<dyn portable_pty::MasterPty + Send>,
    child: Box<dyn portable_pty::Child + Send + Sync>,
}

impl Terminal {
    fn start(args: &[&str], (cols, rows): (u16, u16)) -> Terminal {
        let pair = native_pty_system().openpty(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_koufen"));
        command.args(args);
        command.env("TERM", "xterm-256color");
        // What is picked with T and L stays out of the home of whoever runs this.
        command.env("XDG_STATE_HOME", env!("CARGO_TARGET_TMPDIR"));
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let screen = Arc::new(Mutex::new(vt100::Parser::new(cells(rows), cells(cols), 0)));
        let (shared, mut out) = (Arc::clone(&screen), pair.master.try_clone_reader().unwrap());
        std::thread::spawn(move || {
            let mut buffer = [0; 8192];
            while let Ok(n @ 1..) = out.read(&mut buffer) {
                shared.lock().unwrap().process(&buffer[..n]);
            }
        });
        Terminal { screen, keys: pair.master.take_writer().unwrap(), pty: pair.master, child }
    }

    fn text(&self) -> String {
        self.screen.lock().unwrap().screen().contents()
    }

    fn wait(&self, text: &str, place: &str) {
        let until = Instant::now() + PATIENCE;
        while !self.text().contains(text) {
            assert!(Instant::now() < until, "{place}: no {text:?} on\n{}", self.text());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn send(&mut self, bytes: &[u8]) {
        self.keys.write_all(bytes).unwrap();
        self.keys.flush().unwrap();
    }

    fn resize(&self, cols: u16, rows: u16) {
        self.screen.lock().unwrap().screen_mut().set_size(cells(rows), cells(cols));
        self.pty.resize(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).unwrap();
    }

    /// Waits for the program to end by itself.
    fn end(mut self) {
        let until = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                assert!(status.success(), "{status:?}");
                break;
            }
            assert!(Instant::now() < until, "still running:\n{}", self.text());
            std::thread::sleep(Duration::from_millis(10));
        }
        assert!(!self.screen.lock().unwrap().screen().alternate_screen(), "the terminal is put back");
    }
}

fn cells(n: u16) -> std::num::NonZero<u16> {
    std::num::NonZero::new(n).unwrap()
}

/// The bytes of a named key.
fn key(name: &str) -> Option<&'static [u8]> {
    Some(match name {
        "Enter" => b"\r",
        "Shift+Tab" => b"\x1b[Z",
        "Tab" => b"\t",
        "Escape" => b"\x1b",
        "Space" => b" ",
        "Backspace" => b"\x7f",
        "Up" => b"\x1b[A",
        "Down" => b"\x1b[B",
        "Right" => b"\x1b[C",
        "Left" => b"\x1b[D",
        "PageUp" => b"\x1b[5~",
        "PageDown" => b"\x1b[6~",
        "Ctrl+C" => b"\x03",
        _ => return None,
    })
}

#[test]
fn the_tape_plays() {
    let tape = include_str!("../demo.tape");
    let mut typed = String::new();
    let mut terminal: Option<Terminal> = None;
    let mut waits = 0;
    for (number, line) in tape.lines().enumerate() {
        let place = format!("demo.tape:{}", number + 1);
        let line = line.trim();
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match (word, &mut terminal) {
            ("" | "#" | "Output" | "Set" | "Sleep" | "Hide" | "Show", _) => {}
            _ if line.starts_with('#') => {}
            ("Type", None) => typed = rest.trim_matches('"').to_owned(),
            ("Enter", None) => {
                let args: Vec<&str> =
                    typed.strip_prefix("koufen ").unwrap_or_else(|| panic!("{place}: {typed}")).split(' ').collect();
                terminal = Some(Terminal::start(&args, (120, 36)));
            }
            ("Type", Some(terminal)) => terminal.send(rest.trim_matches('"').as_bytes()),
            ("Wait" | "Wait+Screen", Some(terminal)) => {
                terminal.wait(&rest.trim_matches('/').replace("\\/", "/"), &place);
                waits += 1;
            }
            (name, Some(terminal)) => {
                let bytes = key(name).unwrap_or_else(|| panic!("{place}: {name} is no command of a tape"));
                for _ in 0..rest.parse().unwrap_or(1) {
                    terminal.send(bytes);
                }
                // A lone Esc is known by the pause after it.
                if name == "Escape" {
                    std::thread::sleep(Duration::from_millis(100));
                }
            }
            (name, None) => panic!("{place}: {name} before the program runs"),
        }
    }
    assert!(waits >= 10, "the tape says what must be on the screen");
    terminal.unwrap().end();
}

#[test]
fn resizes_are_followed_and_the_terminal_is_put_back() {
    let mut terminal = Terminal::start(&["demo", "--lang", "en"], (80, 24));
    terminal.wait("Providers 40/40", "80x24");
    terminal.resize(50, 10);
    terminal.wait("needs at least 60 columns", "50x10");
    terminal.resize(120, 36);
    terminal.wait("Ledger 2011", "120x36");
    terminal.send(b"q");
    terminal.end();
}

/// A change made by another command shows in an open console only through its own process; a second process on the
/// same store is refused with a sentence that says what to do.
#[test]
fn a_second_process_on_one_store_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().to_str().unwrap();
    let mut terminal = Terminal::start(&["--store", store, "--lang", "en"], (80, 24));
    terminal.wait("There are no providers yet", "empty store");
    let second = std::process::Command::new(env!("CARGO_BIN_EXE_koufen"))
        .args(["--store", store, "--lang", "en", "--wait", "0", "stats"])
        .output()
        .unwrap();
    assert_eq!(second.status.code(), Some(4), "busy is a code of its own");
    assert!(String::from_utf8_lossy(&second.stderr).contains("already running"));
    terminal.send(b"q");
    terminal.end();
}

/// What `a_terminal_that_goes_away_ends_the_program` runs as a process of its own: it holds a terminal with the
/// console in it until it is killed. Without its variable it is not that process, and there is nothing to do.
#[test]
fn host_of_a_terminal() {
    let Some(store) = std::env::var_os("KOUFEN_TEST_HOST") else { return };
    let terminal = Terminal::start(&["--store", store.to_str().unwrap(), "--lang", "en"], (80, 24));
    terminal.wait("There are no providers yet", "the host");
    std::fs::write(std::path::Path::new(&store).join("pid"), terminal.child.process_id().unwrap().to_string()).unwrap();
    std::thread::sleep(PATIENCE);
}

/// Regression: with its terminal gone the console stayed and span, since showing the cursor failed, the message of that
/// failure could not be printed, and the panic waited for a thread that never ended.
#[test]
fn a_terminal_that_goes_away_ends_the_program() {
    let folder = tempfile::tempdir().unwrap();
    let mut host = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "host_of_a_terminal"])
        .env("KOUFEN_TEST_HOST", folder.path())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let (pid, until) = (folder.path().join("pid"), Instant::now() + PATIENCE);
    let number = loop {
        match std::fs::read_to_string(&pid) {
            Ok(number) if !number.is_empty() => break number,
            _ => assert!(Instant::now() < until, "the console did not come up"),
        }
        std::thread::sleep(Duration::from_millis(10));
    };
    host.kill().unwrap();
    host.wait().unwrap();
    // Gone, or a zombie that nobody here can reap.
    let alive = || {
        let status = std::fs::read_to_string(format!("/proc/{number}/status")).unwrap_or_default();
        !status.is_empty() && !status.contains("State:\tZ")
    };
    let until = Instant::now() + PATIENCE;
    while alive() {
        assert!(Instant::now() < until, "process {number} goes on without its terminal");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(folder.path().join("view.seal").exists(), "the store was closed");
}
