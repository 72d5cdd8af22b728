//! The keys: tables make the bindings, the footer and the list of keys. Each layer has its own; those of the session are
//! here, and do the same wherever they fall to.

use super::layer::{Hint, Step};
use super::screens::Row;
use super::shared::Shared;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// A row of a table.
pub struct Binding<T> {
    /// What it does.
    pub does: T,
    /// Its keys.
    pub keys: &'static [KeyCode],
    /// Whether they are held with Ctrl.
    pub control: bool,
    /// How the keys are shown.
    pub label: &'static str,
    /// The sentence that says what it does.
    pub help: &'static str,
    /// Whether the footer shows it.
    pub footer: bool,
}

/// A key that a screen has for itself.
pub type Own<S> = Binding<fn(&mut S, &mut Shared) -> Step>;

/// A row that the footer shows.
pub const fn shown<T: Copy>(does: T, keys: &'static [KeyCode], label: &'static str, help: &'static str) -> Binding<T> {
    Binding { does, keys, control: false, label, help, footer: true }
}

/// A row that only the list of keys shows.
pub const fn listed<T: Copy>(does: T, keys: &'static [KeyCode], label: &'static str, help: &'static str) -> Binding<T> {
    Binding { does, keys, control: false, label, help, footer: false }
}

/// What a key of the session asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the table beside it says what each does")]
pub enum Action {
    Filter,
    Help,
    Move(Move),
    Open,
    Back,
    Restore,
    Screen(usize),
    Reload,
    Language,
    Theme,
    Suspend,
    Quit,
}

/// How the selection moves, or a window scrolls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the table beside it says what each does")]
pub enum Move {
    Down,
    Up,
    PageDown,
    PageUp,
    First,
    Last,
}

impl Move {
    /// By how many rows, where a page has so many.
    pub const fn rows(self, page: usize) -> isize {
        match self {
            Move::Down => 1,
            Move::Up => -1,
            Move::PageDown => page.cast_signed(),
            Move::PageUp => -page.cast_signed(),
            Move::First => isize::MIN,
            Move::Last => isize::MAX,
        }
    }
}

/// Restores a draft that is offered, over an empty form of its kind too.
pub const RESTORE: KeyCode = KeyCode::F(4);

/// What the key of the filter does.
pub const FILTER: &str = "key-filter";

/// The keys of the session by which something is found.
const FIND: &[Binding<Action>] = &[
    shown(Action::Filter, &[KeyCode::Char('/')], "/", FILTER),
    shown(Action::Help, &[KeyCode::Char('?')], "?", "key-ask"),
];

/// Those that move, up to those of the screens.
const MOVE: &[Binding<Action>] = &[
    listed(Action::Move(Move::Down), &[KeyCode::Char('j'), KeyCode::Down], "j ↓", "key-down"),
    listed(Action::Move(Move::Up), &[KeyCode::Char('k'), KeyCode::Up], "k ↑", "key-up"),
    listed(Action::Move(Move::PageDown), &[KeyCode::PageDown], "PgDn", "key-page-down"),
    listed(Action::Move(Move::PageUp), &[KeyCode::PageUp], "PgUp", "key-page-up"),
    listed(Action::Move(Move::First), &[KeyCode::Char('g'), KeyCode::Home], "g", "key-first"),
    listed(Action::Move(Move::Last), &[KeyCode::Char('G'), KeyCode::End], "G", "key-last"),
    listed(Action::Open, &[KeyCode::Enter], "Enter", "key-open"),
    listed(Action::Back, &[KeyCode::Esc], "Esc", "key-back"),
    listed(Action::Restore, &[RESTORE], "F4", "draft-restore"),
];

/// The others.
const REST: &[Binding<Action>] = &[
    listed(Action::Reload, &[KeyCode::Char('R')], "R", "key-reload"),
    listed(Action::Language, &[KeyCode::Char('L')], "L", "key-language"),
    listed(Action::Theme, &[KeyCode::Char('T')], "T", "key-theme"),
    Binding { control: true, ..listed(Action::Suspend, &[KeyCode::Char('z')], "Ctrl-Z", "key-suspend") },
    shown(Action::Quit, &[KeyCode::Char('q')], "q", "key-quit"),
];

impl<T> Binding<T> {
    /// As it is said.
    pub fn hint(&self) -> Hint {
        Hint { key: self.label.to_owned(), help: self.help, footer: self.footer }
    }

    fn is(&self, (control, code): (bool, KeyCode)) -> bool {
        self.control == control && self.keys.contains(&code)
    }
}

/// The keys of a table as they are said.
pub fn hints<T>(table: &[Binding<T>]) -> Vec<Hint> {
    table.iter().map(Binding::hint).collect()
}

/// The same; the footer says those that do something with what is selected only where anything is.
pub fn hints_where<T>(selected: bool, table: &[Binding<T>]) -> Vec<Hint> {
    table.iter().map(Binding::hint).map(|hint| Hint { footer: hint.footer && selected, ..hint }).collect()
}

/// All keys on a screen that has such ones of its own, what they do and how it is looked at: what these take is not the
/// session's.
pub fn all((does, looks): (Vec<Hint>, Vec<Hint>), screens: &[Row]) -> Vec<Hint> {
    // Each is named on its tab.
    let screens = vec![Hint { key: format!("1–{}", screens.len()), help: "key-screens", footer: false }];
    let taken: Vec<String> = does.iter().chain(&looks).map(|hint| hint.key.clone()).collect();
    let free = |hints: Vec<Hint>| hints.into_iter().filter(|hint| !taken.contains(&hint.key)).collect::<Vec<_>>();
    [does, free(hints(FIND)), looks, free(hints(MOVE)), free(screens), free(hints(REST))]
        .into_iter()
        .flatten()
        .collect()
}

/// A key as it is bound; one typed with an input method on (`ｄ`) does the same.
fn bound(key: KeyEvent) -> Option<(bool, KeyCode)> {
    if key.modifiers.contains(KeyModifiers::ALT) {
        return None;
    }
    let code = match key.code {
        KeyCode::Char(c @ '！'..='～') => KeyCode::Char(char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c)),
        code => code,
    };
    Some((key.modifiers.contains(KeyModifiers::CONTROL), code))
}

/// What a key of a table does.
pub fn find<T: Copy>(table: &[Binding<T>], key: KeyEvent) -> Option<T> {
    let key = bound(key)?;
    table.iter().find(|binding| binding.is(key)).map(|binding| binding.does)
}

/// What a key asks of the session, whatever is on the screen.
pub fn action(key: KeyEvent) -> Option<Action> {
    let number = |(control, code): (bool, KeyCode)| match code {
        KeyCode::Char(c @ '1'..='9') if !control => c.to_digit(10).map(|n| Action::Screen(n as usize - 1)),
        _ => None,
    };
    [FIND, MOVE, REST].into_iter().find_map(|table| find(table, key)).or_else(|| bound(key).and_then(number))
}

/// How a key moves.
pub fn moves(key: KeyEvent) -> Option<Move> {
    match action(key) {
        Some(Action::Move(to)) => Some(to),
        _ => None,
    }
}
