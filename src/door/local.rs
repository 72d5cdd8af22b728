//! The door at this terminal: raw mode in, raw mode out, whatever happens in between.

use crate::console::depth::Depth;
use crate::console::session::{self, Door, Input, Sessions};
use crate::console::{Model, Theme};
use crate::desk::{Desk, Identity};
use crate::words::Lang;
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::style::Print;
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};
use crossterm::{cursor, execute};
use rustix::process::{Signal, getpgrp, getsid, kill_current_process_group};
use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGTERM, SIGTSTP};
use signal_hook::iterator::Handle;
use std::io;
use std::path::PathBuf;

/// Clicks and the wheel, with columns and rows as numbers. Movements are not asked for: each would cost a message.
const MOUSE_ON: &str = "\x1b[?1000h\x1b[?1006h";
const MOUSE_OFF: &str = "\x1b[?1006l\x1b[?1000l";

/// The name of the threads that work for the console here.
const WORK: &str = "work";

/// How the console looks at this terminal.
pub struct ConsoleOptions {
    /// The language.
    pub lang: Lang,
    /// The theme and its name.
    pub theme: (String, Theme),
    /// How many colours this terminal can show.
    pub depth: Depth,
    /// A word beside the program's name; empty for none.
    pub title: String,
    /// What is said when it begins, should there be anything.
    pub note: Option<String>,
    /// Whether the mouse is the console's; otherwise the terminal's own, to mark and copy with.
    pub mouse: bool,
    /// Where the language and the theme are kept for the next start.
    pub keep: Option<PathBuf>,
}

/// Runs the console at this terminal until the operator quits or the terminal goes.
pub fn run(desk: &Desk, options: ConsoleOptions) -> io::Result<()> {
    let size = crossterm::terminal::size()?;
    let who = Identity::local();
    let (name, theme) = options.theme;
    let book = desk.rulebook();
    let mut model = Model::new(options.lang, (&name, theme), &who.name, &options.title, book, desk.now());
    model.shared.status = options.note.map(|note| (false, note));
    let (tell, ear) = session::ear();
    let signalled = tell.clone();
    let handle = signals(move |input| signalled.tell(input))?;
    let mut here = Screen::of(options.mouse, options.depth, options.keep);
    let _restore = Restore::enter(options.mouse)?;
    events(move |input| tell.tell(input));
    let result = Sessions::worked_by(WORK).run(model, size, (desk, &who), ear, (io::stdout(), &mut here));
    handle.close();
    result
}

/// Hears the signals that a console lives by, while somebody is told of them.
pub(super) fn signals(tell: impl Fn(Input) -> bool + Send + 'static) -> io::Result<Handle> {
    let mut watched = signal_hook::iterator::Signals::new([SIGHUP, SIGTERM, SIGINT, SIGTSTP, SIGCONT])?;
    let handle = watched.handle();
    std::thread::spawn(move || {
        for signal in watched.forever() {
            let input = match signal {
                SIGTSTP => Input::Stop,
                SIGCONT => Input::Continue,
                _ => Input::Close,
            };
            if !tell(input) {
                break;
            }
        }
    });
    Ok(handle)
}

/// Hears the terminal, until it is gone or nobody is told of it.
pub(super) fn events(tell: impl Fn(Input) -> bool + Send + 'static) {
    std::thread::spawn(move || {
        // A terminal that can no longer be read is gone.
        while let Ok(event) = crossterm::event::read() {
            if !tell(Input::Terminal(event)) {
                return;
            }
        }
        tell(Input::Close);
    });
}

/// What this terminal does for a session.
#[derive(Clone)]
pub struct Screen {
    mouse: bool,
    depth: Depth,
    keep: Option<PathBuf>,
}

impl Screen {
    /// With the mouse or without, how many colours it can show, and where the language and the theme are kept.
    pub fn of(mouse: bool, depth: Depth, keep: Option<PathBuf>) -> Screen {
        Screen { mouse, depth, keep }
    }

    /// Whether the mouse is the console's.
    pub fn mouse(&self) -> bool {
        self.mouse
    }
}

impl Door for Screen {
    /// A program that leads its session has no shell above it: nobody would ever continue it.
    fn suspends(&self) -> bool {
        getsid(None).is_ok_and(|session| session != getpgrp())
    }

    fn ask_to_stop(&mut self) {
        // It is this process's own group: it can be signalled.
        let _ = kill_current_process_group(Signal::TSTP);
    }

    fn suspend(&mut self) -> io::Result<()> {
        put_back();
        signal_hook::low_level::emulate_default_handler(SIGTSTP)?;
        self.resume()
    }

    fn resume(&mut self) -> io::Result<()> {
        // The shell has set the terminal's modes since.
        disable_raw_mode()?;
        take(self.mouse)
    }

    fn depth(&self) -> Depth {
        self.depth
    }

    /// What cannot be kept is chosen again next time.
    fn keep(&mut self, lang: Lang, theme: &str) {
        let Some(path) = &self.keep else { return };
        let text = format!("lang = \"{}\"\ntheme = \"{theme}\"\n", lang.tag());
        let _ = path.parent().map_or(Ok(()), std::fs::create_dir_all).and_then(|()| std::fs::write(path, text));
    }
}

/// Takes the terminal: raw, on its other screen.
fn take(mouse: bool) -> io::Result<()> {
    enable_raw_mode()?;
    execute!(io::stdout(), EnterAlternateScreen, EnableBracketedPaste, Print(if mouse { MOUSE_ON } else { "" }))
}

/// Puts the terminal back when it goes out of scope, a panic included.
pub(super) struct Restore;

impl Restore {
    pub(super) fn enter(mouse: bool) -> io::Result<Restore> {
        // A panic of the thread that draws, or of one that works for it and ends it, is told on the screen that stays; other
        // threads' are not its business.
        let (before, drawing) = (std::panic::take_hook(), std::thread::current().id());
        std::panic::set_hook(Box::new(move |info| {
            let met = std::thread::current();
            if met.id() == drawing || met.name() == Some(WORK) {
                put_back();
            }
            before(info);
        }));
        let restore = Restore;
        take(mouse)?;
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
    let _ = execute!(io::stdout(), Print(MOUSE_OFF), DisableBracketedPaste, LeaveAlternateScreen, cursor::Show);
    let _ = disable_raw_mode();
}
