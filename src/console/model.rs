//! A session's state: what all screens share, the screens, and what lies over them.

use super::keymap;
use super::layer::{Hint, Layer, Screen};
use super::screens::{Row, SCREENS};
use super::shared::Shared;
use super::theme::Theme;
use crate::domain::why::Target;
use crate::rulebook::Rulebook;
use crate::time::Moment;
use crate::words::Lang;
use std::any::Any;
use std::sync::Arc;

/// A session's state.
pub struct Model {
    /// What all screens share.
    pub shared: Shared,
    /// The rows of its screens.
    pub rows: &'static [Row],
    /// The screens.
    pub(super) screens: Vec<Box<dyn Screen>>,
    /// The one that is seen.
    pub(super) at: usize,
    /// What lies over it, the lowest first.
    pub over: Vec<Box<dyn Layer>>,
}

impl Model {
    /// A session that begins.
    pub fn new(lang: Lang, theme: (&str, Theme), who: &str, title: &str, book: Arc<Rulebook>, now: Moment) -> Model {
        Model::with_screens(SCREENS, Shared::new(lang, theme, who, title, book, now))
    }

    /// A session that begins with such screens.
    pub fn with_screens(rows: &'static [Row], shared: Shared) -> Model {
        Model { shared, rows, screens: rows.iter().map(|row| (row.new)()).collect(), at: 0, over: Vec::new() }
    }

    /// The place of the screen that is seen.
    pub fn at(&self) -> usize {
        self.at
    }

    /// The screen that is seen.
    pub(super) fn screen(&self) -> &dyn Screen {
        self.screens[self.at].as_ref()
    }

    /// The same, with what is shared.
    pub(super) fn seen(&mut self) -> (&mut dyn Screen, &mut Shared) {
        (self.screens[self.at].as_mut(), &mut self.shared)
    }

    /// The layer on top: the screen, where nothing lies over it.
    pub(super) fn top(&self) -> &dyn Layer {
        match self.over.last() {
            Some(layer) => layer.as_ref(),
            None => self.screen(),
        }
    }

    /// The same, with what is shared.
    pub(super) fn top_mut(&mut self) -> (&mut dyn Layer, &mut Shared) {
        match self.over.last_mut() {
            Some(layer) => (layer.as_mut(), &mut self.shared),
            None => (self.screens[self.at].as_mut(), &mut self.shared),
        }
    }

    /// Lays something over the screen, in the place of what did.
    pub(super) fn lay(&mut self, layer: Box<dyn Layer>) {
        self.over.clear();
        self.over.push(layer);
    }

    /// All keys on the screen that is seen.
    pub(super) fn keys(&self) -> Vec<Hint> {
        let all = keymap::all(self.screen().keys(&self.shared), self.rows).into_iter();
        // Nobody is found where nobody is.
        let empty = self.shared.is_empty();
        all.map(|hint| Hint { footer: hint.footer && !(empty && hint.help == keymap::FILTER), ..hint }).collect()
    }

    /// What is selected that can be told to its end: a ledger line, a deadline, a finding, a case, an entry of the
    /// journal, or what an alert is about.
    pub fn explainable(&self) -> Option<Target> {
        self.top().explains(&self.shared)
    }

    /// The screen of a kind.
    pub fn screen_of<S: Screen>(&self) -> Option<&S> {
        self.screens.iter().find_map(|screen| (screen.as_ref() as &dyn Any).downcast_ref())
    }

    /// The same, to be changed.
    pub fn screen_of_mut<S: Screen>(&mut self) -> Option<&mut S> {
        self.screens.iter_mut().find_map(|screen| (screen.as_mut() as &mut dyn Any).downcast_mut())
    }

    /// The layer of a kind that lies over the screen.
    pub fn over_of<L: Layer>(&self) -> Option<&L> {
        self.over.iter().rev().find_map(|layer| (layer.as_ref() as &dyn Any).downcast_ref())
    }

    /// The same, to be changed.
    pub fn over_of_mut<L: Layer>(&mut self) -> Option<&mut L> {
        self.over.iter_mut().rev().find_map(|layer| (layer.as_mut() as &mut dyn Any).downcast_mut())
    }
}
