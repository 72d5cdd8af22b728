//! A window that scrolls: how far a key moves it, and how far it goes.

use super::super::keymap;
use crossterm::event::{KeyCode, KeyEvent};

/// By how many lines a key moves a window of so many: what moves in a list scrolls.
pub fn moves(key: KeyEvent, page: usize) -> Option<isize> {
    let page = page.max(1);
    match keymap::moves(key) {
        Some(to) => Some(to.rows(page)),
        None => (key.code == KeyCode::Char(' ')).then_some(page.cast_signed()),
    }
}

/// Where a window stands that is moved from one of its lines; never past its ends.
pub fn moved(top: usize, by: isize, last: usize) -> usize {
    // A window that has become larger shows more than it did.
    top.min(last).saturating_add_signed(by).min(last)
}
