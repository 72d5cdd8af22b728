//! A form that is filled in, previewed and saved. A preview and an answer belong to the form that asked for them.

use super::super::draft;
use super::super::draw::form_room;
use super::super::form::{Form, Pressed, Purpose};
use super::super::message::Effect;
use super::super::model::{Model, Over};
use super::super::shared::News;
use crate::desk::{DeskError, Receipt};
use crate::domain::{Command, Event, Refusal};
use crate::exchange::record::RecordKind;
use crate::ids::ProviderId;
use crate::ids::Seq;
use crate::rulebook::Needs;
use crate::time::Year;
use crate::words;
use crossterm::event::{KeyCode, KeyEvent};
use std::sync::Arc;

/// Lays a form over the screen. What the one before it would have done is no concern of this one.
pub fn open(model: &mut Model, mut form: Form) -> Vec<Effect> {
    close(model);
    form.now = model.shared.now;
    model.over = Over::Form(Box::new(form));
    draft::offer(model);
    catch_up(model)
}

/// Lays a form over the screen as it was kept: what `today` means in it stays, and so does what was selected below it.
pub fn place(model: &mut Model, form: Form, (year, provider): (Year, Option<ProviderId>)) -> Vec<Effect> {
    close(model);
    if model.shared.year != year {
        model.shared.turn_year(year - model.shared.year);
    }
    if provider.is_some() {
        model.shared.select(provider);
    }
    model.over = Over::Form(Box::new(form));
    catch_up(model)
}

fn close(model: &mut Model) {
    (model.over, model.preview, model.correcting, model.sheet) = (Over::Nothing, None, None, None);
    // An answer that is still on its way comes for nobody.
    model.shared.asked += 1;
}

/// Takes a key.
pub fn on_form_key(model: &mut Model, key: KeyEvent) -> Vec<Effect> {
    let page = match key.code {
        KeyCode::PageDown => 1,
        KeyCode::PageUp => -1,
        _ => 0,
    };
    if page != 0 && scroll(model, page) {
        return Vec::new();
    }
    // The form is taken out while it chooses from the rest of the model.
    let Over::Form(mut form) = std::mem::replace(&mut model.over, Over::Nothing) else { return Vec::new() };
    let now = form.now;
    let step = if form.saving.is_some() { Pressed::Wait } else { form.key(key, &model.shared.choices(&form), now) };
    model.over = Over::Form(form);
    match step {
        Pressed::Stay => {
            model.typed = true;
            Vec::new()
        }
        Pressed::Wait => Vec::new(),
        Pressed::Close => {
            close(model);
            Vec::new()
        }
        Pressed::Untouched { next } => {
            untouched(model, next);
            Vec::new()
        }
        Pressed::Save { next } => save(model, next),
    }
}

/// Moves in what a form would change by so many pages, if that is more than there is room for.
fn scroll(model: &mut Model, by: isize) -> bool {
    let Over::Form(form) = &model.over else { return false };
    let (last, shows) = form_room(model, form);
    let by = by.saturating_mul(shows.max(1).cast_signed());
    let to = super::window::moved(form.scroll, by, last);
    if let Over::Form(form) = &mut model.over {
        form.scroll = to;
    }
    last > 0
}

/// Nothing was typed into a form that follows another, or that corrects a record: there is nothing to save.
fn untouched(model: &mut Model, next: bool) {
    let text = model.shared.lang.say("status-nothing-typed");
    match &mut model.over {
        Over::Form(form) if next => form.refused = Some(text),
        _ => {
            close(model);
            model.shared.status = Some((true, text));
        }
    }
}

fn save(model: &mut Model, next: bool) -> Vec<Effect> {
    let lang = model.shared.lang;
    let Over::Form(form) = &model.over else { return Vec::new() };
    let book = Arc::clone(model.shared.judged_by(form));
    let Over::Form(form) = &mut model.over else { return Vec::new() };
    let now = form.now;
    if let Some(kind) = form.chosen() {
        return record(model, kind);
    }
    let Some(command) = form.command(now) else {
        form.refused = Some(lang.say("form-unread"));
        return Vec::new();
    };
    if let Purpose::Void(_) = form.purpose {
        return super::correct::submit(model, command);
    }
    form.after = (next && form.purpose == Purpose::Deduct).then(|| Box::new(form.next(&book)));
    // It is taken again only as it was when that was asked, and while the question is to be seen.
    let again = form.refused.is_some() && form.asked.as_ref() == Some(&command);
    form.asked = Some(command.clone());
    if form.purpose == Purpose::Audit {
        return super::sheet::submit(model, again);
    }
    vec![submit(model, command, again)]
}

/// Hands in a command. The answer is known by its number.
fn submit(model: &mut Model, command: Command, again: bool) -> Effect {
    let (number, effect) = model.shared.submit(command.clone(), again);
    if let Over::Form(form) = &mut model.over {
        form.saving = Some(number);
    }
    let (screen, shared) = model.seen();
    screen.submitted(shared, number, &command);
    effect
}

/// Begins the form of a record, for what is selected.
fn record(model: &mut Model, kind: &'static RecordKind) -> Vec<Effect> {
    let seen = Some(model.shared.seen).filter(|seen| *seen > Seq(0));
    let outlet = model.screen().outlet(&model.shared);
    let form = Form::record(kind, (model.shared.provider_row().map(|row| &row.provider), outlet), seen);
    open(model, form)
}

/// Takes in what was typed into the form, and asks what it would do.
pub fn catch_up(model: &mut Model) -> Vec<Effect> {
    let Over::Form(mut form) = std::mem::replace(&mut model.over, Over::Nothing) else { return Vec::new() };
    form.catch_up(&model.shared.choices(&form));
    // Another provider than the selected one: its outlets have to be known before one of them is charged.
    let named = form.meant("provider_id", &model.shared.choices(&form)).and_then(|choice| choice.value.parse().ok());
    let known = model.shared.provider.as_ref() == named.as_ref()
        || model.shared.looked.as_ref().map(|(id, _)| id) == named.as_ref();
    let look = named.clone().filter(|_| !known && form.purpose == Purpose::Deduct).map(Effect::Look);
    let ask = named.filter(|id| {
        matches!(form.purpose, Purpose::Deduct | Purpose::Record(_)) && !model.shared.chargeables.contains_key(id)
    });
    model.over = Over::Form(form);
    let mut effects = ask_preview(model);
    effects.extend(look);
    effects.extend(ask.map(Effect::LoadChargeables));
    effects
}

/// Asks what the form would do.
pub fn ask_preview(model: &mut Model) -> Vec<Effect> {
    let Over::Form(form) = &model.over else { return Vec::new() };
    if let Purpose::Void(_) = form.purpose {
        return if form.saving.is_none() { super::correct::weigh(model) } else { Vec::new() };
    }
    if form.purpose == Purpose::Audit {
        return if form.saving.is_none() { super::sheet::ask(model) } else { Vec::new() };
    }
    let shows = |p: &Purpose| {
        matches!(
            p,
            Purpose::Deduct
                | Purpose::Reverse { .. }
                | Purpose::Confirm(_)
                | Purpose::ConfirmLine(_)
                | Purpose::Record(_)
        )
    };
    if !shows(&form.purpose) || form.saving.is_some() {
        return Vec::new();
    }
    model.shared.asked += 1;
    match trial(model, form) {
        Some(command) => vec![Effect::Preview(model.shared.asked, command)],
        None => {
            model.preview = None;
            Vec::new()
        }
    }
}

/// The command as it would be, with what is still to be typed and changes nothing of the consequence put in.
fn trial(model: &Model, form: &Form) -> Option<Command> {
    let now = form.now;
    let choices = model.shared.choices(form);
    let meant = |name: &str| form.meant(name, &choices).map(|choice| choice.value.into_owned());
    let mut command = form.command_with(now, &|name| match name {
        // An outlet that is not known yet keeps nobody from seeing the score.
        "outlet_id" if form.purpose == Purpose::Deduct => meant(name).unwrap_or_default(),
        "provider_id" | "article" | "outlet_id" | "to" if form.on(name) => {
            meant(name).unwrap_or_else(|| form.text(name))
        }
        _ => form.text(name),
    });
    if let Some(Command::Reverse { reason, .. }) = &mut command
        && reason.is_empty()
    {
        // What a reversal does shows before its reason is typed.
        "…".clone_into(reason);
    }
    if let Some(Command::Deduct(deduction)) = &mut command {
        let article = model.shared.judged_by(form).article(deduction.article.as_str());
        if deduction.outlet.is_none() && article.is_some_and(|a| a.needs == Needs::Outlet) {
            // What a deduction does to the score is the same at any outlet of the provider.
            deduction.outlet = choices.outlets(deduction.provider.as_str())?.first().map(|row| row.outlet.id.clone());
        }
        if deduction.subject.is_none() && deduction.evidence.is_none() {
            // So it is before somebody says what it stands for.
            return Some(Command::TakeIn(deduction.clone()));
        }
    }
    command
}

/// Takes the answer to a command: it belongs to the form, or to the row, that asked.
pub fn on_saved(model: &mut Model, number: u64, result: Result<Box<Receipt>, DeskError>) -> Vec<Effect> {
    model.shared.news.push(News::Answered(number, result.is_ok()));
    let mine = matches!(&model.over, Over::Form(form) if form.saving == Some(number));
    match result {
        Err(why) => {
            refuse(model, mine, why);
            Vec::new()
        }
        Ok(receipt) => saved(model, mine, receipt),
    }
}

/// Says why: beside the field that it is about, where there is one.
fn refuse(model: &mut Model, mine: bool, why: DeskError) {
    let lang = model.shared.lang;
    let (name, text) = match &why {
        DeskError::Refused(refusal) => (Refusal::field(refusal), words::refusal(lang, refusal)),
        DeskError::Store(e) => ("", words::store_error(lang, e)),
    };
    let asks = match &why {
        DeskError::Refused(Refusal::SaidBefore { .. }) => Some("form-again"),
        DeskError::Refused(Refusal::GoesAlong { .. }) => Some("form-along"),
        _ => None,
    };
    match &mut model.over {
        Over::Form(form) if mine => match asks {
            // Under the fields, where the question of the last save is looked for.
            Some(asks) => form.refuse("", text + &lang.say(asks)),
            None => {
                form.asked = None;
                form.refuse(name, text);
            }
        },
        _ => model.shared.status = Some((false, text)),
    }
}

fn saved(model: &mut Model, mine: bool, receipt: Box<Receipt>) -> Vec<Effect> {
    let Some(id) = receipt.event.provider().cloned() else { return Vec::new() };
    let args = [("seq", receipt.seq.to_string()), ("provider", id.to_string())];
    model.shared.status = Some((true, model.shared.lang.say_texts("status-saved", &args)));
    if !mine {
        // The row that was handled is perhaps not on the screen any more.
        if let Event::AlertMarked { provider, subject, .. } = &receipt.event
            && let Some(alert) = model.shared.alerts.iter().find(|a| a.provider == *provider && a.subject == *subject)
        {
            let (word, says) = (
                model.shared.lang.say("alert-state-acknowledged"),
                words::alert(model.shared.lang, &model.shared.book, alert),
            );
            model.shared.status = Some((true, format!("{word}: {provider} {says}")));
        }
        return Vec::new();
    }
    let after = match std::mem::replace(&mut model.over, Over::Nothing) {
        Over::Form(form) => {
            draft::done(&mut model.drafts, &form);
            form.after
        }
        _ => None,
    };
    close(model);
    model.shared.news.push(News::Recorded(receipt, after.is_some()));
    match after {
        Some(next) => open(model, *next),
        None => Vec::new(),
    }
}
