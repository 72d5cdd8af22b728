//! The form of an audit's sheet: what it comes to is asked as it is typed, and again when it is committed.

use super::super::form::{Form, Purpose};
use super::super::model::{Effect, Model, Over};
use super::super::sheet::{Checked, Typed};
use super::begin::say;
use super::forms;
use crate::domain::Command;
use crate::words;

/// Begins it, for the provider that is selected.
pub fn begin(model: &mut Model) -> Vec<Effect> {
    match model.provider_row().map(|row| row.provider.id.clone()) {
        Some(provider) => forms::open(model, Form::audit(&provider)),
        None => say(model, "status-nothing-selected"),
    }
}

/// The sheet as it stands in the form; none while its head cannot be read.
fn typed(model: &Model) -> Option<Typed> {
    let Over::Form(form) = &model.over else { return None };
    let Some(Command::Audit(head)) = form.command(form.now) else { return None };
    Some(Typed { head: *head, name: words::field(model.lang, "sheet"), text: form.text("sheet") })
}

/// Asks what it would come to.
pub fn ask(model: &mut Model) -> Vec<Effect> {
    model.asked += 1;
    match typed(model) {
        Some(typed) => vec![Effect::CheckSheet(model.asked, Box::new(typed))],
        None => {
            model.sheet = None;
            Vec::new()
        }
    }
}

/// What it would come to, for the form that asked.
pub fn checked(model: &mut Model, number: u64, checked: Checked) {
    if let Over::Form(form) = &mut model.over
        && number == model.asked
        && form.purpose == Purpose::Audit
    {
        form.scroll = 0;
        model.sheet = Some(checked);
    }
}

/// Commits it.
pub fn submit(model: &mut Model, again: bool) -> Vec<Effect> {
    let Some(typed) = typed(model) else { return Vec::new() };
    model.submitted += 1;
    if let Over::Form(form) = &mut model.over {
        form.saving = Some(model.submitted);
    }
    vec![Effect::RecordSheet(model.submitted, Box::new(typed), again)]
}

/// Rows of it are refused, and nothing of it was recorded: each is named with its place.
pub fn refused(model: &mut Model, number: u64, checked: Checked) {
    let asks = checked.asks().then(|| model.lang.say("form-again").trim_start().to_owned());
    if let Over::Form(form) = &mut model.over
        && form.saving == Some(number)
    {
        if asks.is_none() {
            form.asked = None;
        }
        (form.saving, form.refused, form.scroll) = (None, asks, 0);
        model.sheet = Some(checked);
    }
}
