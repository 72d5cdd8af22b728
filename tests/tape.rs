//! Plays `demo.tape` against the real binary in a PTY. Waits are for what the screen shows, never for time.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

#[path = "fixture/terminal.rs"]
mod terminal;

use std::time::{Duration, Instant};
use terminal::{PATIENCE, Terminal};

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
    terminal.wait("ledger 2011", "120x36");
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
