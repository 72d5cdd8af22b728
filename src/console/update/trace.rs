//! Why something is so, over the screen that it was asked on: `?` on what can be told opens it, `?` in it the keys.

use super::super::draw::{room_of, trace_lines};
use super::super::keymap::{self, Action};
use super::super::message::Effect;
use super::super::model::{Model, Over, Shown};
use super::window;
use crate::desk::{Areas, Change, DeskError, Explained};
use crate::domain::why::Target;
use crate::words;
use crossterm::event::KeyEvent;

impl Model {
    /// What is selected that can be told to its end: a ledger line, a deadline, a finding, a case, an entry of the
    /// journal, or what an alert is about.
    pub fn explainable(&self) -> Option<Target> {
        match &self.over {
            Over::Nothing => self.screen().explains(&self.shared),
            Over::Line(seq) => Some(Target::Entry(*seq)),
            Over::Entry(recorded, _) => Some(Target::Entry(recorded.seq)),
            Over::Audit(report, _) => Some(Target::Entry(report.audited.seq)),
            _ => None,
        }
    }
}

/// Asks why what is selected is so; the keys where nothing is.
pub fn ask(model: &mut Model) -> Vec<Effect> {
    let Some(target) = model.explainable() else {
        model.over = Over::Help;
        return Vec::new();
    };
    model.wonders = Some(target.clone());
    vec![Effect::Why(target)]
}

/// Asks again what is open, where something changed of whose it is.
pub fn ask_again(model: &Model, change: &Change) -> Option<Effect> {
    let Over::Trace(shown, _) = &model.over else { return None };
    let trace = &shown.told.trace;
    let concerns = trace.provider.as_ref().is_none_or(|id| change.of(id) != Areas::NONE);
    concerns.then(|| Effect::Why(trace.of.clone()))
}

/// Takes the answer: in a new window where it was asked for, or in the one that is open.
pub fn on_answer(model: &mut Model, target: &Target, told: Result<Box<Explained>, DeskError>) {
    let open = matches!(&model.over, Over::Trace(old, _) if old.told.trace.of == *target);
    let asked = model.wonders.as_ref() == Some(target);
    if !open && !asked {
        return;
    }
    model.wonders = None;
    match told {
        Ok(told) => {
            let lines = trace_lines(model, &told);
            let top = if let (true, Over::Trace(_, top)) = (open, &model.over) { *top } else { 0 };
            model.over = Over::Trace(Box::new(Shown { told, lines }), top);
        }
        // What it was of is gone: there is nothing to show any more.
        Err(e) => {
            if open {
                model.over = Over::Nothing;
            }
            let text = match e {
                DeskError::Refused(refusal) => words::refusal(model.shared.lang, &refusal),
                DeskError::Store(e) => words::store_error(model.shared.lang, &e),
            };
            model.shared.status = Some((false, text));
        }
    }
}

/// Lays what is open out again, for a window of another size.
pub fn lay_out(model: &mut Model) {
    let Over::Trace(shown, _) = &model.over else { return };
    let lines = trace_lines(model, &shown.told);
    if let Over::Trace(shown, _) = &mut model.over {
        shown.lines = lines;
    }
}

/// Takes a key: what moves in a list scrolls, `?` shows the keys, Esc, Enter and q close.
pub fn on_key(model: &mut Model, key: KeyEvent) {
    let Over::Trace(shown, _) = &model.over else { return };
    let page = room_of(model, shown.lines.len()).1;
    match keymap::action(key) {
        Some(Action::Help) => model.over = Over::Help,
        Some(Action::Open | Action::Back | Action::Quit) => model.over = Over::Nothing,
        _ => window::moves(key, page).into_iter().for_each(|by| scroll(model, by)),
    }
}

/// Scrolls what is open by lines.
pub fn scroll(model: &mut Model, by: isize) {
    let Over::Trace(shown, top) = &model.over else { return };
    let to = window::moved(*top, by, room_of(model, shown.lines.len()).0);
    if let Over::Trace(_, top) = &mut model.over {
        *top = to;
    }
}
