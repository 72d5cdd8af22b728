//! The form of an audit's sheet: what it comes to is asked as it is typed, and again when it is committed.

use super::super::form::Purpose;
use super::super::message::Effect;
use super::super::model::{Model, Over};
use super::super::sheet::{Checked, Typed};
use crate::domain::Command;
use crate::words;

/// The sheet as it stands in the form; none while its head cannot be read.
fn typed(model: &Model) -> Option<Typed> {
    let Over::Form(form) = &model.over else { return None };
    let Some(Command::Audit(head)) = form.command(form.now) else { return None };
    Some(Typed { head: *head, name: words::field(model.shared.lang, "sheet"), text: form.text("sheet") })
}

/// Asks what it would come to.
pub fn ask(model: &mut Model) -> Vec<Effect> {
    model.shared.asked += 1;
    match typed(model) {
        Some(typed) => vec![Effect::CheckSheet(model.shared.asked, Box::new(typed))],
        None => {
            model.sheet = None;
            Vec::new()
        }
    }
}

/// What it would come to, for the form that asked.
pub fn checked(model: &mut Model, number: u64, checked: Checked) {
    if let Over::Form(form) = &mut model.over
        && number == model.shared.asked
        && form.purpose == Purpose::Audit
    {
        form.scroll = 0;
        model.sheet = Some(checked);
    }
}

/// Commits it.
pub fn submit(model: &mut Model, again: bool) -> Vec<Effect> {
    let Some(typed) = typed(model) else { return Vec::new() };
    model.shared.submitted += 1;
    if let Over::Form(form) = &mut model.over {
        form.saving = Some(model.shared.submitted);
    }
    vec![Effect::RecordSheet(model.shared.submitted, Box::new(typed), again)]
}

/// Rows of it are refused, and nothing of it was recorded: each is named with its place.
pub fn refused(model: &mut Model, number: u64, checked: Checked) {
    let asks = checked.asks().then(|| model.shared.lang.say("form-again").trim_start().to_owned());
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
