//! A window that scrolls: how far a key moves it, and how far it goes.

use super::super::keymap::{self, Action};
use super::super::model::Screen;
use crossterm::event::{KeyCode, KeyEvent};

/// By how many lines a key moves a window of so many: what moves in a list scrolls.
pub fn moves(key: KeyEvent, screen: Screen, page: usize) -> Option<isize> {
    let page = page.max(1).cast_signed();
    match keymap::action(key, screen) {
        Some(Action::Down) => Some(1),
        Some(Action::Up) => Some(-1),
        Some(Action::PageDown) => Some(page),
        Some(Action::PageUp) => Some(-page),
        Some(Action::First) => Some(isize::MIN),
        Some(Action::Last) => Some(isize::MAX),
        _ if key.code == KeyCode::Char(' ') => Some(page),
        _ => None,
    }
}

/// Where a window stands that is moved from one of its lines; never past its ends.
pub fn moved(top: usize, by: isize, last: usize) -> usize {
    // A window that has become larger shows more than it did.
    top.min(last).saturating_add_signed(by).min(last)
}
