//! A session's state: what all screens share, the screens, and what lies over them.

use super::draft::Draft;
use super::form::Form;
use super::layer::Screen;
use super::message::Correcting;
use super::screens::{Row, SCREENS};
use super::shared::Shared;
use super::sheet::Checked;
use super::theme::Theme;
use crate::desk::{AuditReport, Explained, Preview};
use crate::domain::Refusal;
use crate::domain::why::Target;
use crate::ids::Seq;
use crate::journal::Chained;
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
    /// What was typed last into a form has not been looked up yet: all that waits is taken first.
    pub typed: bool,
    /// What lies over the screen.
    pub over: Over,
    /// What it was asked to tell of: the answer opens a window, unless another key was pressed meanwhile.
    pub wonders: Option<Target>,
    /// What a form would do, as the desk says.
    pub preview: Option<Result<Preview, Refusal>>,
    /// What the correction of the window would change, as the desk said last.
    pub correcting: Option<Correcting>,
    /// What the audit's sheet that is typed comes to, as the desk said last.
    pub sheet: Option<Checked>,
    /// Forms of this person that were being filled in when a connection was lost, the last one last.
    pub drafts: Vec<Draft>,
}

/// What lies over a screen.
pub enum Over {
    /// Nothing.
    Nothing,
    /// The keys.
    Help,
    /// One ledger line in full, by its number.
    Line(Seq),
    /// One journal entry whole, and the first of its lines that shows.
    Entry(Box<Chained>, usize),
    /// Why something is so, and the first of its lines that shows.
    Trace(Box<Shown>, usize),
    /// An audit's report, and the first of its lines that shows.
    Audit(Box<AuditReport>, usize),
    /// A form.
    Form(Box<Form>),
}

/// Why something is so, laid out for the window that it is in: a list of thousands of outlets is laid out once.
pub struct Shown {
    /// What is told.
    pub told: Box<Explained>,
    /// The window's lines: a label, and a part of what it says.
    pub lines: Vec<(String, String)>,
}

impl Model {
    /// A session that begins.
    pub fn new(lang: Lang, theme: (&str, Theme), who: &str, title: &str, book: Arc<Rulebook>, now: Moment) -> Model {
        Model::with_screens(SCREENS, Shared::new(lang, theme, who, title, book, now))
    }

    /// A session that begins with such screens.
    pub fn with_screens(rows: &'static [Row], shared: Shared) -> Model {
        Model {
            shared,
            rows,
            screens: rows.iter().map(|row| (row.new)()).collect(),
            at: 0,
            typed: false,
            over: Over::Nothing,
            wonders: None,
            preview: None,
            correcting: None,
            sheet: None,
            drafts: Vec::new(),
        }
    }

    /// The place of the screen that is seen.
    pub fn at(&self) -> usize {
        self.at
    }

    /// The screen that is seen, and what is shared.
    pub(super) fn seen(&mut self) -> (&mut dyn Screen, &mut Shared) {
        let at = self.at.min(self.screens.len() - 1);
        (self.screens[at].as_mut(), &mut self.shared)
    }

    /// The screen that is seen.
    pub(super) fn screen(&self) -> &dyn Screen {
        self.screens[self.at].as_ref()
    }

    /// The screen of a kind.
    pub fn screen_of<S: Screen>(&self) -> Option<&S> {
        self.screens.iter().find_map(|screen| (screen.as_ref() as &dyn Any).downcast_ref())
    }

    /// The same, to be changed.
    pub fn screen_of_mut<S: Screen>(&mut self) -> Option<&mut S> {
        self.screens.iter_mut().find_map(|screen| (screen.as_mut() as &mut dyn Any).downcast_mut())
    }
}
