//! The door at this terminal: raw mode in, raw mode out, whatever happens in between.

use crate::console::session::{self, Input};
use crate::console::{Model, Theme};
use crate::desk::{Desk, Identity};
use crate::words::Lang;
use crossterm::event::{DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture};
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};
use crossterm::{cursor, execute};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use std::io::{self, BufWriter};
use std::sync::Arc;
use std::sync::mpsc::channel;

/// How the console looks at this terminal.
pub struct ConsoleOptions {
    /// The language.
    pub lang: Lang,
    /// The theme and its name.
    pub theme: (String, Theme),
    /// A word beside the program's name; empty for none.
    pub title: String,
}

/// Runs the console at this terminal until the operator quits or the terminal goes.
pub fn run(desk: &Desk, options: ConsoleOptions) -> io::Result<()> {
    let size = crossterm::terminal::size()?;
    let who = Identity::local();
    let (name, theme) = options.theme;
    let book = Arc::new(desk.rulebook().clone());
    let model = Model::new(options.lang, (&name, theme), &who.name, &options.title, book, desk.now());
    let (tell, input) = channel();
    let signals = tell.clone();
    let mut watched = signal_hook::iterator::Signals::new([SIGHUP, SIGTERM, SIGINT])?;
    let handle = watched.handle();
    std::thread::spawn(move || {
        for _ in watched.forever() {
            if signals.send(Input::Close).is_err() {
                break;
            }
        }
    });
    let _restore = Restore::enter()?;
    std::thread::spawn(move || {
        // A terminal that can no longer be read is gone.
        while let Ok(event) = crossterm::event::read() {
            if tell.send(Input::Terminal(event)).is_err() {
                return;
            }
        }
        let _ = tell.send(Input::Close);
    });
    let result = session::run(model, size, desk, &who, input, BufWriter::with_capacity(1 << 16, io::stdout()));
    handle.close();
    result
}

/// Puts the terminal back when it goes out of scope, a panic included.
struct Restore;

impl Restore {
    fn enter() -> io::Result<Restore> {
        // A panic of the thread that draws is told on the screen that stays; other threads' are not its business.
        let (before, drawing) = (std::panic::take_hook(), std::thread::current().id());
        std::panic::set_hook(Box::new(move |info| {
            if std::thread::current().id() == drawing {
                put_back();
            }
            before(info);
        }));
        enable_raw_mode()?;
        let restore = Restore;
        execute!(io::stdout(), EnterAlternateScreen, EnableBracketedPaste, EnableMouseCapture)?;
        Ok(restore)
    }
}

impl Drop for Restore {
    fn drop(&mut self) {
        put_back();
    }
}

/// Nobody is there to be told when this fails: the terminal is gone.
fn put_back() {
    let _ = execute!(io::stdout(), DisableMouseCapture, DisableBracketedPaste, LeaveAlternateScreen, cursor::Show);
    let _ = disable_raw_mode();
}
