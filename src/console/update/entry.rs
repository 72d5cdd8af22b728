//! A journal entry whole, over the journal's screen.

use super::super::draw::entry_room;
use super::super::keymap::{self, Action};
use super::super::model::{Model, Over};
use super::window;
use crossterm::event::KeyEvent;

/// Opens the selected entry.
pub fn open(model: &mut Model) {
    if let Some(recorded) = model.journal.get(model.row) {
        model.over = Over::Entry(Box::new(recorded.clone()), 0);
    }
}

/// Takes a key: what moves in a list scrolls, Esc, Enter and q close.
pub fn on_key(model: &mut Model, key: KeyEvent) {
    let Over::Entry(recorded, _) = &model.over else { return };
    let page = entry_room(model, recorded).1;
    match keymap::action(key, model.screen) {
        Some(Action::Entry | Action::Back | Action::Quit) => model.over = Over::Nothing,
        _ => window::moves(key, model.screen, page).into_iter().for_each(|by| scroll(model, by)),
    }
}

/// Scrolls what is open by lines.
pub fn scroll(model: &mut Model, by: isize) {
    let Over::Entry(recorded, top) = &model.over else { return };
    let to = window::moved(*top, by, entry_room(model, recorded).0);
    if let Over::Entry(_, top) = &mut model.over {
        *top = to;
    }
}
