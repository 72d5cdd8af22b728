//! What a terminal can say, in any order.

use arbitrary::Arbitrary;
use crossterm::event::{
    Event, KeyCode, KeyEvent, KeyEventKind, KeyEventState, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};

/// An event. Each is many times likelier to mean something than one made of any bytes.
#[derive(Arbitrary, Clone, Debug)]
pub enum Said {
    /// A key of its place on the console: most of what is bound.
    Bound(u8),
    /// Any key.
    Key { code: Code, modifiers: u8, kind: Kind, state: u8 },
    /// Any character.
    Char(char),
    /// A bracketed paste of a text so many times, and of line breaks and escapes between.
    Paste(String, u8),
    /// A bracketed paste of one of the words that stand for something.
    Word(u8),
    /// A window that a person may have.
    Size(u8, u8),
    /// A window of any size; seldom, for the largest take long to draw.
    Resize(u16, u16, u8),
    /// The window has the keyboard, or not.
    Focus(bool),
    /// The mouse.
    Mouse { kind: u8, button: u8, column: u8, row: u8, modifiers: u8 },
}

/// A key's code.
#[derive(Arbitrary, Clone, Debug)]
pub enum Code {
    /// One that has a name.
    Named(u8),
    /// A function key.
    F(u8),
}

/// How a key is said.
#[derive(Arbitrary, Clone, Copy, Debug)]
#[allow(missing_docs, reason = "as crossterm names them")]
pub enum Kind {
    Press,
    Repeat,
    Release,
}

const NAMED: [KeyCode; 23] = [
    KeyCode::Backspace,
    KeyCode::Enter,
    KeyCode::Left,
    KeyCode::Right,
    KeyCode::Up,
    KeyCode::Down,
    KeyCode::Home,
    KeyCode::End,
    KeyCode::PageUp,
    KeyCode::PageDown,
    KeyCode::Tab,
    KeyCode::BackTab,
    KeyCode::Delete,
    KeyCode::Insert,
    KeyCode::Null,
    KeyCode::Esc,
    KeyCode::CapsLock,
    KeyCode::ScrollLock,
    KeyCode::NumLock,
    KeyCode::PrintScreen,
    KeyCode::Pause,
    KeyCode::Menu,
    KeyCode::KeypadBegin,
];

/// What moves, opens and saves.
const CODES: [KeyCode; 14] = [
    KeyCode::Tab,
    KeyCode::BackTab,
    KeyCode::Enter,
    KeyCode::Esc,
    KeyCode::Down,
    KeyCode::Up,
    KeyCode::Left,
    KeyCode::Right,
    KeyCode::PageDown,
    KeyCode::PageUp,
    KeyCode::F(2),
    KeyCode::F(3),
    KeyCode::Backspace,
    KeyCode::Delete,
];

const CHARS: &str = "abcdefghijklmnopqrstuvwxyzALRTGNXW1234567890@/?+-<>:;.,=()[]{}!#$%^&*~`'\"|\\_ ＋ｄ中é";

/// What stands for something in the store that the targets begin with.
const WORDS: [&str; 24] = [
    "P0001",
    "O000001",
    "media-exposure",
    "brand-standard",
    "unapproved-material",
    "today",
    "昨天",
    "-1d",
    "2011-03-02",
    "１５",
    "4",
    "help-asked",
    "request-answered",
    "brand-checked",
    "yes",
    "杭州",
    "wzhm",
    "unapproved-material,8,2011-03-02,,巡查\n",
    "1",
    "99999999999999999999",
    "\u{202e}\u{200b}\u{feff}",
    "👩‍👩‍👧‍👦e\u{301}\u{301}\u{301}",
    "\u{1b}[31m\r\n",
    "",
];

/// Most bytes that one text becomes by being repeated.
const PASTED: usize = 1 << 14;

impl Said {
    /// The event.
    pub fn event(&self) -> Event {
        match self {
            Said::Bound(n) => Event::Key(KeyEvent::new(bound(*n), KeyModifiers::NONE)),
            Said::Key { code, modifiers, kind, state } => {
                let code = match code {
                    Code::Named(n) => NAMED[usize::from(*n) % NAMED.len()],
                    Code::F(n) => KeyCode::F(*n),
                };
                let kind = match kind {
                    Kind::Press => KeyEventKind::Press,
                    Kind::Repeat => KeyEventKind::Repeat,
                    Kind::Release => KeyEventKind::Release,
                };
                let (modifiers, state) =
                    (KeyModifiers::from_bits_truncate(*modifiers), KeyEventState::from_bits_truncate(*state));
                Event::Key(KeyEvent { code, modifiers, kind, state })
            }
            Said::Char(c) => Event::Key(KeyEvent::new(KeyCode::Char(*c), KeyModifiers::NONE)),
            Said::Paste(text, times) => {
                let most = PASTED / text.len().max(1);
                Event::Paste(text.repeat((usize::from(*times) + 1).min(most.max(1))))
            }
            Said::Word(n) => Event::Paste(WORDS[usize::from(*n) % WORDS.len()].to_owned()),
            Said::Size(columns, rows) => Event::Resize(u16::from(*columns), u16::from(*rows) / 4),
            Said::Resize(columns, rows, 0..20) => Event::Resize(*columns, *rows),
            Said::Resize(columns, rows, _) => Event::Resize(columns % 130, rows % 40),
            Said::Focus(true) => Event::FocusGained,
            Said::Focus(false) => Event::FocusLost,
            Said::Mouse { kind, button, column, row, modifiers } => Event::Mouse(MouseEvent {
                kind: mouse(*kind, *button),
                column: u16::from(*column),
                row: u16::from(*row),
                modifiers: KeyModifiers::from_bits_truncate(*modifiers),
            }),
        }
    }
}

fn bound(n: u8) -> KeyCode {
    let n = usize::from(n);
    CODES.get(n % 40).copied().unwrap_or_else(|| KeyCode::Char(CHARS.chars().cycle().nth(n).unwrap_or('j')))
}

fn mouse(kind: u8, button: u8) -> MouseEventKind {
    let button = [MouseButton::Left, MouseButton::Right, MouseButton::Middle][usize::from(button % 3)];
    match kind % 8 {
        0 => MouseEventKind::Down(button),
        1 => MouseEventKind::Up(button),
        2 => MouseEventKind::Drag(button),
        3 => MouseEventKind::Moved,
        4 => MouseEventKind::ScrollDown,
        5 => MouseEventKind::ScrollUp,
        6 => MouseEventKind::ScrollLeft,
        _ => MouseEventKind::ScrollRight,
    }
}
