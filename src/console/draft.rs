//! A form that was being filled in when its console's connection was lost: kept by the door, offered when the same person
//! is there again, and as it was once it is restored. One that is submitted, or left by whoever fills it in, is none.

use super::draw::form_title;
use super::form::{Form, Purpose};
use super::keymap::RESTORE;
use super::message::Effect;
use super::model::{Model, Over};
use super::screens::{Pane, Providers};
use super::update::place;
use crate::ids::ProviderId;
use crate::time::{Moment, Year};
use crossterm::event::KeyEvent;

/// Most bytes of text of a draft; a form with more is not kept.
pub const DRAFT_MAX: usize = 128 << 10;

/// A form that was not finished.
pub struct Draft {
    form: Box<Form>,
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
    let mut drafts = std::mem::take(&mut model.drafts);
    let Over::Form(form) = std::mem::replace(&mut model.over, Over::Nothing) else { return drafts };
    let asks_nothing = matches!(form.purpose, Purpose::ChooseRecord | Purpose::ConfirmLine(_));
    if !lost || !form.touched || asks_nothing || form.saving.is_some_and(is_recorded) {
        return drafts;
    }
    let form = Box::new(form.at_rest());
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
    if let Some(draft) = offered(model).and_then(|at| model.drafts.get(at)) {
        let args =
            [("form", form_title(model, &draft.form)), ("at", draft.kept.civil().format("%Y-%m-%d %H:%M").to_string())];
        model.shared.status = Some((true, model.shared.lang.say_texts("draft-offer", &args)));
    }
}

/// Which draft the key would restore now.
pub fn offered(model: &Model) -> Option<usize> {
    match &model.over {
        Over::Nothing if !model.screen().is_typed_into() => model.drafts.len().checked_sub(1),
        Over::Form(form) if !form.touched => model.drafts.iter().rposition(|draft| draft.is_of(form)),
        _ => None,
    }
}

/// Restores a draft, where the key asks for one that is offered; else it is another's key.
pub fn on_key(model: &mut Model, key: KeyEvent) -> Option<Vec<Effect>> {
    let at = offered(model).filter(|_| key.code == RESTORE)?;
    let Draft { form, over: (screen, pane, year, provider), .. } = model.drafts.remove(at);
    model.shared.status = None;
    model.at = screen;
    model.screen_of_mut::<Providers>().into_iter().for_each(|screen| screen.pane = pane);
    Some(place(model, *form, (year, provider)))
}

/// A form was submitted: what was kept of one of its kind is over.
pub fn done(drafts: &mut Vec<Draft>, form: &Form) {
    drafts.retain(|draft| !draft.is_of(form));
}
