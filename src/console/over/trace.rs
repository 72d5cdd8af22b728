//! Why something is so, over the screen that it was asked on: `?` on what can be told opens it, `?` in it the keys.

use super::super::keymap::{self, Action};
use super::super::layer::{Hint, Layer, Step};
use super::super::message::{Effect, Message};
use super::super::shared::Shared;
use super::form::why_not;
use super::lines::{Scrolled, lines};
use crate::desk::{Areas, Change, DeskError, Explained};
use crate::exchange::trace;
use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;

/// The window of what is told. A list of thousands of outlets is laid out once.
pub struct Trace {
    told: Box<Explained>,
    lines: Vec<(String, String)>,
    top: Scrolled,
}

impl Trace {
    /// Of what is told.
    pub fn of(shared: &Shared, told: Box<Explained>) -> Trace {
        let lines = lines(shared, trace::rows(shared.lang, &shared.book, &told));
        Trace { told, lines, top: Scrolled::default() }
    }
}

/// Says why it is not told.
pub fn say_not(shared: &mut Shared, why: &DeskError) {
    shared.status = Some((false, why_not(shared, why)));
}

impl Layer for Trace {
    fn draw(&self, shared: &Shared, frame: &mut Frame, body: Rect, _top: bool) {
        let title = trace::title(shared.lang, &self.told.trace.of);
        self.top.draw(shared, frame, body, (title, &self.lines));
    }

    fn key(&mut self, shared: &mut Shared, key: KeyEvent) -> Step {
        match keymap::action(key) {
            Some(Action::Help) => Step::Falls,
            _ => self.top.key(shared, self.lines.len(), key),
        }
    }

    fn hints(&self, _shared: &Shared) -> Vec<Hint> {
        [("↓", "key-scroll"), ("?", "key-help"), ("Esc", "key-close")].map(|(key, help)| Hint::new(key, help)).into()
    }

    fn scroll(&mut self, shared: &Shared, by: isize) {
        self.top.by(shared, self.lines.len(), by);
    }

    fn lay_out(&mut self, shared: &Shared) {
        self.lines = lines(shared, trace::rows(shared.lang, &shared.book, &self.told));
    }

    /// Takes what is told of the same now; if what it was of is gone, there is nothing to show any more.
    fn takes(&mut self, shared: &mut Shared, answer: Message) -> Result<Step, Message> {
        match answer {
            Message::Why(target, told) if target == self.told.trace.of => {
                shared.wonders = None;
                Ok(match told {
                    Ok(told) => {
                        self.told = told;
                        self.lay_out(shared);
                        Step::took()
                    }
                    Err(why) => {
                        say_not(shared, &why);
                        Step::Closes
                    }
                })
            }
            answer => Err(answer),
        }
    }

    /// Asks again, where something changed of whose it is.
    fn renews(&mut self, _shared: &mut Shared, change: Option<&Change>) -> Vec<Effect> {
        let trace = &self.told.trace;
        let concerns = |change: &Change| trace.provider.as_ref().is_none_or(|id| change.of(id) != Areas::NONE);
        let asks = change.is_some_and(concerns);
        asks.then(|| Effect::Why(trace.of.clone())).into_iter().collect()
    }
}
