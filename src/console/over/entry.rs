//! A journal entry whole.

use super::super::layer::{Hint, Layer, Step};
use super::super::shared::Shared;
use super::lines::{Scrolled, hints_of_entry, lines};
use crate::domain::why::Target;
use crate::exchange::entry;
use crate::journal::Chained;
use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;

/// The window of an entry.
pub struct Entry {
    recorded: Chained,
    top: Scrolled,
}

impl Entry {
    /// Of an entry.
    pub fn of(recorded: Chained) -> Entry {
        Entry { recorded, top: Scrolled::default() }
    }

    fn lines(&self, shared: &Shared) -> Vec<(String, String)> {
        lines(shared, entry::rows(shared.lang, &shared.book, &self.recorded))
    }
}

impl Layer for Entry {
    fn draw(&self, shared: &Shared, frame: &mut Frame, body: Rect, _top: bool) {
        let title = format!("{} #{}", shared.lang.say("entry-title"), self.recorded.seq);
        self.top.draw(shared, frame, body, (title, &self.lines(shared)));
    }

    fn key(&mut self, shared: &mut Shared, key: KeyEvent) -> Step {
        self.top.key_of_entry(shared, (self.recorded.seq, self.lines(shared).len()), key)
    }

    fn hints(&self, _shared: &Shared) -> Vec<Hint> {
        hints_of_entry()
    }

    fn scroll(&mut self, shared: &Shared, by: isize) {
        self.top.by(shared, self.lines(shared).len(), by);
    }

    fn explains(&self, _shared: &Shared) -> Option<Target> {
        Some(Target::Entry(self.recorded.seq))
    }
}
