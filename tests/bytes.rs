//! What a key sends with the data of the sample: real names, notes and days. A frame for each key, without threads.
//!
//!     cargo test --test bytes -- --nocapture     # what all of it is

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

#[allow(dead_code, reason = "other tests use the rest of it")]
mod fixture;
#[path = "fixture/screen.rs"]
mod screen;

use crossterm::event::KeyCode;
use koufen::console::backend::{self, StreamBackend};
use koufen::console::draw;
use koufen::desk::{Desk, ManualClock};
use koufen::rulebook::Rulebook;
use koufen::words::Lang;
use ratatui::layout::{Rect, Size};
use ratatui::{Terminal, TerminalOptions, Viewport};
use screen::Screen;
use std::io::{self, Write};
use std::num::NonZero;
use std::sync::{Arc, Mutex};

#[derive(Clone, Default)]
struct Sent(Arc<Mutex<Vec<u8>>>);

impl Write for Sent {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Text, blanks, colours and the like, moves of the cursor, and the rest.
type Kinds = [usize; 5];

/// Bytes by what they are.
fn kinds(mut bytes: &str) -> Kinds {
    let mut kinds = [0; 5];
    while let Some(first) = bytes.chars().next() {
        let (kind, len) = match first {
            '\u{1b}' => {
                let end = bytes[2..].find(|c: char| c.is_ascii_alphabetic()).unwrap() + 3;
                match &bytes[end - 1..end] {
                    "m" => (2, end),
                    "H" | "B" | "C" | "D" => (3, end),
                    "h" | "l" => (4, end),
                    other => panic!("what is {other}?"),
                }
            }
            ' ' => (1, 1),
            '\r' | '\n' | '\u{8}' => (3, 1),
            text => (0, text.len_utf8()),
        };
        kinds[kind] += len;
        bytes = &bytes[len..];
    }
    kinds
}

/// A console on the sample, and a terminal that shows what it sends.
struct Shown {
    screen: Screen,
    sent: Sent,
    terminal: Terminal<StreamBackend<Sent>>,
    shows: vt100::Parser,
}

impl Shown {
    fn start(sample: &(Desk, Arc<ManualClock>), lang: Lang, theme: &str, (columns, rows): (u16, u16)) -> Shown {
        let sent = Sent::default();
        let options = TerminalOptions { viewport: Viewport::Fixed(Rect::new(0, 0, columns, rows)) };
        let out = StreamBackend::new(sent.clone(), Size::new(columns, rows));
        let terminal = Terminal::with_options(out, options).unwrap();
        let shows = vt100::Parser::new(NonZero::new(rows).unwrap(), NonZero::new(columns).unwrap(), 0);
        let screen = Screen::over(sample.clone(), lang, theme, (columns, rows));
        let mut shown = Shown { screen, sent, terminal, shows };
        shown.draw();
        shown
    }

    /// What the next frame sends, once the terminal shows it.
    fn draw(&mut self) -> Kinds {
        backend::draw(&mut self.terminal, |frame| draw::draw(&self.screen.model, frame)).unwrap();
        let sent = std::mem::take(&mut *self.sent.0.lock().unwrap());
        self.shows.process(&sent);
        let trimmed = |rows: Vec<String>| rows.iter().map(|row| row.trim_end().to_owned()).collect::<Vec<_>>();
        let (columns, _) = self.screen.model.shared.size;
        assert_eq!(trimmed(self.shows.screen().rows(0, columns).collect()), trimmed(self.screen.rows()));
        kinds(std::str::from_utf8(&sent).unwrap())
    }

    /// What keys send, from the least to the most.
    fn keys(&mut self, keys: impl Iterator<Item = char>) -> Vec<Kinds> {
        let mut all: Vec<Kinds> = keys
            .map(|key| {
                self.screen.key(KeyCode::Char(key));
                self.draw()
            })
            .collect();
        all.sort_by_key(|kinds| kinds.iter().sum::<usize>());
        all
    }
}

fn sample() -> (Desk, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::at(koufen::demo::begins()));
    let desk = Desk::in_memory(Rulebook::shipped().unwrap(), clock.clone()).unwrap();
    koufen::demo::fill(&desk, &clock).unwrap();
    (desk, clock)
}

/// What a selection that moves sends is less than 2 KB (console.md), also with real names: on a terminal of 80 columns
/// whatever moves, on one of 120 in the middle. On a larger one the text alone that is another takes 2 KB.
///
/// Regression: it was 2 KB to 5 KB at 80x24, and up to 8 KB at 120x36.
#[test]
fn a_key_sends_less_than_two_kilobytes_of_the_sample() {
    let sample = sample();
    for (size, middle, most) in [((80, 24), 1_100, 2_048), ((120, 36), 1_900, 3_400), ((200, 60), 4_000, 4_600)] {
        for (lang, theme) in [(Lang::ZhCn, "dark"), (Lang::En, "light")] {
            let mut shown = Shown::start(&sample, lang, theme, size);
            let all = shown.keys("j".repeat(39).chars().chain("k".repeat(39).chars()));
            let bytes: Vec<usize> = all.iter().map(|kinds| kinds.iter().sum()).collect();
            let mean = |n: usize| all.iter().map(|kinds| kinds[n]).sum::<usize>() / all.len();
            let means = [0, 1, 2, 3, 4].map(mean);
            println!(
                "{size:?} {lang:?} {theme}: {} to {}, half of them under {}; text, blanks, looks, moves, rest {means:?}",
                bytes[0], bytes[77], bytes[39],
            );
            assert!(bytes[39] < middle && bytes[77] < most, "{size:?} {lang:?} {theme}: {bytes:?}");
            // Each look is said once.
            assert!(all.iter().all(|kinds| kinds[2] < 220), "{size:?} {lang:?} {theme}: {all:?}");
        }
    }
}
