//! A form that is filled in, previewed and saved.

use super::super::form::{Form, Purpose, Step};
use super::super::model::{Effect, Model, Over};
use super::select_provider;
use crate::desk::DeskError;
use crate::exchange::record::RecordKind;
use crate::words;
use crossterm::event::KeyEvent;

pub fn on_form_key(model: &mut Model, key: KeyEvent) -> Vec<Effect> {
    // The form is taken out while it chooses from the rest of the model.
    let Over::Form(mut form) = std::mem::replace(&mut model.over, Over::Nothing) else { return Vec::new() };
    let today = model.now.day();
    let step = if form.saving { Step::Wait } else { form.key(key, &model.choices(), today) };
    if step == Step::Close {
        return Vec::new();
    }
    model.over = Over::Form(form);
    let Over::Form(form) = &mut model.over else { return Vec::new() };
    match step {
        Step::Stay => ask_preview(model),
        Step::Close | Step::Wait => Vec::new(),
        Step::Save { next } => {
            if let Some(kind) = form.chosen() {
                return record(model, kind);
            }
            let command = form.command(today);
            let mut again = None;
            if next && form.purpose == Purpose::Deduct {
                again = Some(form.next());
            }
            form.after = again.map(Box::new);
            form.saving = command.is_some();
            command.map(Effect::Submit).into_iter().collect()
        }
    }
}

/// Begins the form of a record, for what is selected.
fn record(model: &mut Model, kind: &'static RecordKind) -> Vec<Effect> {
    let provider = model.provider_row().map(|row| &row.provider);
    let form = Form::record(kind, provider, model.outlet.as_ref());
    model.preview = None;
    model.over = Over::Form(Box::new(form));
    ask_preview(model)
}

/// Asks what the form would do.
pub fn ask_preview(model: &mut Model) -> Vec<Effect> {
    let Over::Form(form) = &model.over else { return Vec::new() };
    let shows =
        |p: &Purpose| matches!(p, Purpose::Deduct | Purpose::Reverse { .. } | Purpose::Confirm(_) | Purpose::Record(_));
    if !shows(&form.purpose) {
        return Vec::new();
    }
    model.asked += 1;
    let mut command = form.command(model.now.day());
    if let Some(crate::domain::Command::Reverse { reason, .. }) = &mut command
        && reason.is_empty()
    {
        // What a reversal does shows before its reason is typed.
        "…".clone_into(reason);
    }
    match command {
        Some(command) => vec![Effect::Preview(model.asked, command)],
        None => {
            model.preview = None;
            Vec::new()
        }
    }
}

pub fn on_saved(model: &mut Model, result: Result<Box<crate::desk::Receipt>, DeskError>) -> Vec<Effect> {
    let lang = model.lang;
    match result {
        Err(why) => {
            let why = match why {
                DeskError::Refused(refusal) => words::refusal(lang, &refusal),
                DeskError::Store(e) => words::store_error(lang, &e),
            };
            match &mut model.over {
                Over::Form(form) => (form.refused, form.saving) = (Some(why), false),
                _ => model.status = Some((false, why)),
            }
            Vec::new()
        }
        Ok(receipt) => {
            let after = match std::mem::replace(&mut model.over, Over::Nothing) {
                Over::Form(form) => form.after,
                _ => None,
            };
            let Some(id) = receipt.event.provider().cloned() else { return Vec::new() };
            let args = [("seq", receipt.seq.to_string().into()), ("provider", id.to_string().into())];
            model.status = Some((true, lang.say_with("status-saved", &args)));
            if let Some(next) = after {
                model.over = Over::Form(next);
            }
            model.line = receipt.event.deduction().map(|_| receipt.seq).or(model.line);
            let mut effects = Vec::new();
            if model.provider.as_ref() != Some(&id) && model.over_nothing() {
                effects.extend(select_provider(model, Some(id)));
            }
            effects.extend(ask_preview(model));
            effects
        }
    }
}
