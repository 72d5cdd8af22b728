//! The keys: one table makes the bindings, the footer and the help.

use super::model::Screen;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// What a key asks for outside a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the table beside it says what each does")]
pub enum Action {
    Down,
    Up,
    PageDown,
    PageUp,
    First,
    Last,
    Open,
    Entry,
    Back,
    NextPane,
    PreviousPane,
    Zoom,
    YearBack,
    YearOn,
    Filter,
    Help,
    Add,
    Edit,
    Deduct,
    Reverse,
    Audit,
    Confirm,
    Dismiss,
    Void,
    Record,
    Acknowledge,
    Snooze,
    Assign,
    Restore,
    Reload,
    Language,
    Theme,
    Providers,
    Deadlines,
    Alerts,
    Findings,
    Cases,
    Journal,
    Rulebook,
    Suspend,
    Quit,
}

/// A row of the table.
pub struct Binding {
    /// What it does.
    pub action: Action,
    /// Its keys; the first is the one that is shown.
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

impl Binding {
    /// Whether it does anything on a screen: recording and years are the providers' screen's, deciding is
    /// the findings'.
    pub fn on(&self, screen: Screen) -> bool {
        use Action::{Add, Deduct, Edit, NextPane, PreviousPane, Reverse, YearBack, YearOn, Zoom};
        let providers_only =
            matches!(self.action, Add | Deduct | Edit | NextPane | PreviousPane | Reverse | YearBack | YearOn | Zoom);
        match self.action {
            // A line that waits for a second person is confirmed in the ledger that it is to stand in.
            Action::Confirm => matches!(screen, Screen::Findings | Screen::Providers),
            Action::Dismiss => screen == Screen::Findings,
            Action::Void => {
                matches!(screen, Screen::Providers | Screen::Deadlines | Screen::Findings | Screen::Journal)
            }
            Action::Entry => screen == Screen::Journal,
            Action::Open => screen != Screen::Journal,
            Action::Acknowledge | Action::Snooze | Action::Assign => screen == Screen::Alerts,
            Action::Record | Action::Audit => matches!(screen, Screen::Providers | Screen::Cases),
            _ => screen == Screen::Providers || !providers_only,
        }
    }
}

const fn row(
    action: Action,
    keys: &'static [KeyCode],
    label: &'static str,
    help: &'static str,
    footer: bool,
) -> Binding {
    Binding { action, keys, control: false, label, help, footer }
}

/// Restores a draft that is offered, over an empty form of its kind too.
pub const RESTORE: KeyCode = KeyCode::F(4);

/// All bindings.
pub const KEYS: &[Binding] = &[
    row(Action::Deduct, &[KeyCode::Char('d')], "d", "key-deduct", true),
    row(Action::Reverse, &[KeyCode::Char('u')], "u", "key-reverse", true),
    row(Action::Add, &[KeyCode::Char('a')], "a", "key-add", true),
    row(Action::Edit, &[KeyCode::Char('e')], "e", "key-edit", true),
    row(Action::Confirm, &[KeyCode::Char('c')], "c", "key-confirm", true),
    row(Action::Dismiss, &[KeyCode::Char('x')], "x", "key-dismiss", true),
    row(Action::Void, &[KeyCode::Char('v')], "v", "key-void", true),
    row(Action::Record, &[KeyCode::Char('r')], "r", "key-record", true),
    row(Action::Audit, &[KeyCode::Char('A')], "A", "key-audit", true),
    row(Action::Acknowledge, &[KeyCode::Char('a')], "a", "key-acknowledge", true),
    row(Action::Snooze, &[KeyCode::Char('s')], "s", "key-snooze", true),
    row(Action::Assign, &[KeyCode::Char('@')], "@", "key-assign", true),
    row(Action::Entry, &[KeyCode::Enter], "Enter", "key-entry", true),
    row(Action::Filter, &[KeyCode::Char('/')], "/", "key-filter", true),
    row(Action::Help, &[KeyCode::Char('?')], "?", "key-ask", true),
    row(Action::NextPane, &[KeyCode::Tab], "Tab", "key-pane", true),
    row(Action::PreviousPane, &[KeyCode::BackTab], "Shift-Tab", "key-pane-back", false),
    row(Action::Zoom, &[KeyCode::Char('+'), KeyCode::Char('=')], "+", "key-zoom", true),
    row(Action::YearBack, &[KeyCode::Char('<'), KeyCode::Char(',')], "<", "key-year-back", true),
    row(Action::YearOn, &[KeyCode::Char('>'), KeyCode::Char('.')], ">", "key-year-on", false),
    row(Action::Down, &[KeyCode::Char('j'), KeyCode::Down], "j ↓", "key-down", false),
    row(Action::Up, &[KeyCode::Char('k'), KeyCode::Up], "k ↑", "key-up", false),
    row(Action::PageDown, &[KeyCode::PageDown], "PgDn", "key-page-down", false),
    row(Action::PageUp, &[KeyCode::PageUp], "PgUp", "key-page-up", false),
    row(Action::First, &[KeyCode::Char('g'), KeyCode::Home], "g", "key-first", false),
    row(Action::Last, &[KeyCode::Char('G'), KeyCode::End], "G", "key-last", false),
    row(Action::Open, &[KeyCode::Enter], "Enter", "key-open", false),
    row(Action::Back, &[KeyCode::Esc], "Esc", "key-back", false),
    row(Action::Restore, &[RESTORE], "F4", "draft-restore", false),
    row(Action::Providers, &[KeyCode::Char('1')], "1", "key-providers", false),
    row(Action::Deadlines, &[KeyCode::Char('2')], "2", "key-deadlines", false),
    row(Action::Alerts, &[KeyCode::Char('3')], "3", "key-alerts", false),
    row(Action::Findings, &[KeyCode::Char('4')], "4", "key-findings", false),
    row(Action::Cases, &[KeyCode::Char('5')], "5", "key-cases", false),
    row(Action::Journal, &[KeyCode::Char('6')], "6", "key-journal", false),
    row(Action::Rulebook, &[KeyCode::Char('7')], "7", "key-rulebook", false),
    row(Action::Reload, &[KeyCode::Char('R')], "R", "key-reload", false),
    row(Action::Language, &[KeyCode::Char('L')], "L", "key-language", false),
    row(Action::Theme, &[KeyCode::Char('T')], "T", "key-theme", false),
    Binding { control: true, ..row(Action::Suspend, &[KeyCode::Char('z')], "Ctrl-Z", "key-suspend", false) },
    row(Action::Quit, &[KeyCode::Char('q')], "q", "key-quit", true),
];

/// What a key asks for on a screen. One typed with an input method on (`ｄ`) does the same.
pub fn action(key: KeyEvent, screen: Screen) -> Option<Action> {
    if key.modifiers.contains(KeyModifiers::ALT) {
        return None;
    }
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    let code = match key.code {
        KeyCode::Char(c @ '！'..='～') => KeyCode::Char(char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c)),
        code => code,
    };
    KEYS.iter().find(|b| b.control == control && b.keys.contains(&code) && b.on(screen)).map(|b| b.action)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_stands_twice_on_a_screen() {
        for screen in Screen::ALL {
            let mut seen = std::collections::HashSet::new();
            for (control, key) in
                KEYS.iter().filter(|b| b.on(screen)).flat_map(|b| b.keys.iter().map(|key| (b.control, key)))
            {
                assert!(seen.insert((control, key)), "{key:?} stands twice on {screen:?}");
            }
        }
    }
}
