//! A form that was being filled in when its console's connection was lost: kept by the door, offered when the same person
//! is there again, and as it was once it is restored. One that is submitted, or left by whoever fills it in, is none.

use super::form::{Form, Purpose};
use super::keymap::RESTORE;
use super::message::Effect;
use super::model::Model;
use super::over::{OpenForm, form_title};
use super::screens::{Pane, Providers};
use super::update::place;
use crate::ids::ProviderId;
use crate::time::{Moment, Year};
use crossterm::event::KeyEvent;
use std::any::Any;

/// Most bytes of text of a draft; a form with more is not kept.
pub const DRAFT_MAX: usize = 128 << 10;

/// A form that was not finished.
pub struct Draft {
    form: Form,
    /// When its connection was lost.
    kept: Moment,
    /// What was selected below it.
    over: (usize, Pane, Year, Option<ProviderId>),
}

impl Draft {
    /// Whether a draft is of the same kind of form: it takes its place.
    pub fn is_like(&self, other: &Draft) -> bool {
        self.is_of(&other.form)
    }

    fn is_of(&self, form: &Form) -> bool {
        match (&self.form.purpose, &form.purpose) {
            (Purpose::Record(one), Purpose::Record(other)) => one.word == other.word,
            (one, other) => std::mem::discriminant(one) == std::mem::discriminant(other),
        }
    }
}

/// What is left of a session: the drafts that it did not restore; and, where its connection was lost, the form that was
/// being filled in, unless what it had handed in last is recorded.
pub fn left(model: &mut Model, lost: bool, is_recorded: impl Fn(u64) -> bool) -> Vec<Draft> {
    let mut drafts = std::mem::take(&mut model.shared.drafts);
    let Some(OpenForm { form, .. }) = open_form(model) else { return drafts };
    let asks_nothing = matches!(form.purpose, Purpose::ChooseRecord | Purpose::ConfirmLine(_));
    if !lost || !form.touched || asks_nothing || form.saving.is_some_and(is_recorded) {
        return drafts;
    }
    let form = form.at_rest();
    let pane = model.screen_of::<Providers>().map(|screen| screen.pane).unwrap_or_default();
    let over = (model.at, pane, model.shared.year, model.shared.provider.clone());
    if form.fields.iter().map(|field| field.text().len()).sum::<usize>() <= DRAFT_MAX {
        drafts.retain(|draft| !draft.is_of(&form));
        drafts.push(Draft { form, kept: model.shared.now, over });
    }
    drafts
}

/// Says that there is a draft: the last one, or that of the form that is open and empty.
pub fn offer(model: &mut Model) {
    if let Some(draft) = offered(model).and_then(|at| model.shared.drafts.get(at)) {
        let args = [
            ("form", form_title(&model.shared, &draft.form)),
            ("at", draft.kept.civil().format("%Y-%m-%d %H:%M").to_string()),
        ];
        let text = model.shared.lang.say_texts("draft-offer", &args);
        // What is said of the store when a session begins stays beside it.
        model.shared.status = Some(match model.shared.status.take() {
            Some((false, note)) => (false, format!("{text}  {note}")),
            _ => (true, text),
        });
    }
}

/// Which draft the key would restore now.
pub fn offered(model: &Model) -> Option<usize> {
    let top = model.top();
    match (model.over.is_empty(), model.over_of::<OpenForm>()) {
        (true, _) if !top.is_typed_into() => model.shared.drafts.len().checked_sub(1),
        (false, Some(open)) if !top.is_touched() => {
            model.shared.drafts.iter().rposition(|draft| draft.is_of(&open.form))
        }
        _ => None,
    }
}

/// Takes the form that is open.
fn open_form(model: &mut Model) -> Option<OpenForm> {
    let top: Box<dyn Any> = model.over.pop()?;
    top.downcast().ok().map(|open| *open)
}

/// Restores a draft, where the key asks for one that is offered; else it is another's key.
pub fn on_key(model: &mut Model, key: KeyEvent) -> Option<Vec<Effect>> {
    let at = offered(model).filter(|_| key.code == RESTORE)?;
    let Draft { form, over: (screen, pane, year, provider), .. } = model.shared.drafts.remove(at);
    model.shared.status = None;
    model.at = screen;
    model.screen_of_mut::<Providers>().into_iter().for_each(|screen| screen.pane = pane);
    Some(place(model, form, (year, provider)))
}

/// A form was submitted: what was kept of one of its kind is over.
pub fn done(drafts: &mut Vec<Draft>, form: &Form) {
    drafts.retain(|draft| !draft.is_of(form));
}
