//! The filter while it is typed. The best match is selected, and what is hidden is not.

use super::super::super::filter::{self, FILTER_MAX};
use super::super::super::shared::Shared;
use super::Providers;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

impl Providers {
    /// Takes a key while the filter is typed.
    pub(super) fn type_filter(&mut self, shared: &mut Shared, key: KeyEvent) {
        if let KeyCode::Char(c) = key.code
            && !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT)
        {
            self.push(shared, c);
            return;
        }
        // Everything else is about what shows.
        self.look_up(shared);
        match key.code {
            KeyCode::Enter | KeyCode::Tab => self.filtering = false,
            KeyCode::Esc => {
                self.filtering = false;
                self.filter.clear();
                self.refilter(shared);
            }
            KeyCode::Backspace => {
                self.filter.pop();
                self.typed = true;
            }
            KeyCode::Down => self.move_by(shared, 1),
            KeyCode::Up => self.move_by(shared, -1),
            KeyCode::Char('u') if key.modifiers.contains(KeyModifiers::CONTROL) => {
                self.filter.clear();
                self.typed = true;
            }
            _ => {}
        }
    }

    /// Takes a pasted text.
    pub(super) fn paste_filter(&mut self, shared: &mut Shared, text: &str) {
        text.chars().for_each(|c| self.push(shared, if c.is_whitespace() { ' ' } else { c }));
    }

    /// A filter takes so much and says so: a file pasted by mistake must not hold up the console.
    fn push(&mut self, shared: &mut Shared, c: char) {
        if crate::ids::is_hidden(c) {
            return;
        }
        if self.filter.chars().count() < FILTER_MAX {
            self.filter.push(c);
            (self.typed, shared.status) = (true, None);
        } else if shared.status.is_none() {
            let max = [("max", FILTER_MAX.to_string())];
            shared.status = Some((false, shared.lang.say_texts("status-filter-long", &max)));
        }
    }

    /// Shows what matches what was typed since, and selects the best of it.
    pub(super) fn look_up(&mut self, shared: &mut Shared) {
        if !std::mem::take(&mut self.typed) {
            return;
        }
        if self.filter.is_empty() {
            return self.refilter(shared);
        }
        self.shown = filter::matching(shared.providers.as_deref().unwrap_or_default(), &self.filter);
        self.select_first(shared);
    }

    /// Shows what matches. A selection that no longer shows moves to the first that does.
    pub(super) fn refilter(&mut self, shared: &mut Shared) {
        self.shown = filter::matching(shared.providers.as_deref().unwrap_or_default(), &self.filter);
        if !self.visible(shared).any(|row| Some(&row.provider.id) == shared.provider.as_ref()) {
            self.select_first(shared);
        }
    }

    fn select_first(&self, shared: &mut Shared) {
        let first = self.visible(shared).next().map(|row| row.provider.id.clone());
        shared.select(first);
    }
}
