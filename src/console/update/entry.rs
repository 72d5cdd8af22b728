//! A journal entry whole, over the journal's screen.

use super::super::draw::entry_room;
use super::super::keymap::{self, Action};
use super::super::model::{Model, Over};
use crossterm::event::{KeyCode, KeyEvent};

/// Opens the selected entry.
pub fn open(model: &mut Model) {
    if let Some(recorded) = model.journal.get(model.row) {
        model.over = Over::Entry(Box::new(recorded.clone()), 0);
    }
}

/// Takes a key: what moves in a list scrolls, Esc, Enter and q close.
pub fn on_key(model: &mut Model, key: KeyEvent) {
    let Over::Entry(recorded, _) = &model.over else { return };
    let page = entry_room(model, recorded).1.max(1).cast_signed();
    match keymap::action(key, model.screen) {
        Some(Action::Down) => scroll(model, 1),
        Some(Action::Up) => scroll(model, -1),
        Some(Action::PageDown) => scroll(model, page),
        Some(Action::PageUp) => scroll(model, -page),
        Some(Action::First) => scroll(model, isize::MIN),
        Some(Action::Last) => scroll(model, isize::MAX),
        Some(Action::Entry | Action::Back | Action::Quit) => model.over = Over::Nothing,
        _ if key.code == KeyCode::Char(' ') => scroll(model, page),
        _ => {}
    }
}

/// Scrolls what is open by lines; never past its ends.
pub fn scroll(model: &mut Model, by: isize) {
    let Over::Entry(recorded, top) = &model.over else { return };
    // A window that has become larger shows more than it did.
    let last = entry_room(model, recorded).0;
    let to = (*top).min(last).saturating_add_signed(by).min(last);
    if let Over::Entry(_, top) = &mut model.over {
        *top = to;
    }
}
