//! What a message does to a session. Pure: it changes the model and says what to ask for.

mod alerts;
mod begin;
mod correct;
mod entry;
mod filter;
mod forms;
mod laws;
mod loaded;
mod select;
mod sheet;
mod trace;
mod window;

use begin::{begin, decide};
use filter::{on_filter_key, refilter};
pub use forms::place;
use forms::{ask_preview, catch_up, on_form_key, on_saved};
use loaded::on_change;
use select::{on_click, on_wheel, select_provider, step};

use super::draw::{Columns, LEAST, records};
use super::form::Form;
use super::held::{self, Held, Whose};
use super::keymap::{self, Action};
use super::model::{Effect, Message, Model, Over, Pane, Screen};
use super::theme::{BUILT_IN, Theme};
use crate::domain::{Alert, Mark};
use crate::ids::ProviderId;
use crate::time::Moment;
use crate::words::{self, Lang};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use std::collections::BTreeSet;

/// Rows that PgUp and PgDn move.
const PAGE: usize = 10;

/// Takes a message.
pub fn update(model: &mut Model, message: Message) -> Vec<Effect> {
    update_all(model, [message])
}

/// Takes messages that waited together. What was typed is filtered and previewed once, after all of them.
pub fn update_all(model: &mut Model, messages: impl IntoIterator<Item = Message>) -> Vec<Effect> {
    let mut effects: Vec<Effect> = Vec::new();
    for message in messages {
        effects.extend(take(model, message));
    }
    effects.extend(look_up(model));
    effects.extend(held::ask(model));
    effects
}

/// Filters, or asks for the preview, for what was typed since.
fn look_up(model: &mut Model) -> Vec<Effect> {
    match std::mem::take(&mut model.typed) {
        false => Vec::new(),
        true if matches!(model.over, Over::Form(_)) => catch_up(model),
        true => {
            filter::look_up(model);
            Vec::new()
        }
    }
}

fn take(model: &mut Model, message: Message) -> Vec<Effect> {
    match message {
        Message::Key(key) => on_key(model, key),
        Message::Paste(text) => on_paste(model, &text),
        Message::Click(column, row) => {
            on_click(model, column, row);
            Vec::new()
        }
        Message::Wheel(column, row, by) => {
            on_wheel(model, (column, row), by);
            Vec::new()
        }
        Message::Resize(columns, rows) => {
            model.size = (columns, rows);
            lay_out(model);
            Vec::new()
        }
        Message::Tick(now) => on_tick(model, now),
        Message::Changed(change) => on_change(model, &change),
        Message::Loaded(number, Ok(answer)) => loaded::on_answer(model, number, answer),
        Message::Loaded(number, Err(e)) => {
            model.fresh.failed(number);
            model.status = Some((false, words::store_error(model.lang, &e)));
            Vec::new()
        }
        Message::Looked(provider, rows) => {
            model.lists += 1;
            model.looked = Some((provider, rows));
            ask_preview(model)
        }
        Message::Chargeables(provider, rows) => {
            model.lists += 1;
            model.chargeables.insert(provider, rows);
            ask_preview(model)
        }
        Message::Found(number, recorded) => correct::found(model, number, recorded.map(|recorded| *recorded)),
        Message::Saved(number, result) => on_saved(model, number, result),
        answer => {
            on_answer(model, answer);
            Vec::new()
        }
    }
}

/// What is laid out when it comes is laid out again, for another size, language or rulebook.
fn lay_out(model: &mut Model) {
    trace::lay_out(model);
    (model.columns, model.records) = (Columns::of(model), records(model));
    model.lists += 1;
}

/// Takes what a window or a form asked for.
fn on_answer(model: &mut Model, answer: Message) {
    match answer {
        Message::Previewed(number, preview) if number == model.asked => {
            let preview = preview.map(|preview| *preview);
            if let Over::Form(form) = &mut model.over
                && model.preview != preview
            {
                form.scroll = 0;
            }
            model.preview = preview;
        }
        Message::Weighed(number, correcting) => correct::weighed(model, number, *correcting),
        Message::Outdated(number, correcting) => correct::outdated(model, number, *correcting),
        Message::Why(target, told) => trace::on_answer(model, &target, told),
        Message::Audited(number, report) => entry::audited(model, number, report),
        Message::SheetChecked(number, checked) => sheet::checked(model, number, *checked),
        Message::SheetRefused(number, checked) => sheet::refused(model, number, *checked),
        Message::Trouble(e) => model.status = Some((false, words::store_error(model.lang, &e))),
        // What was asked before the form changed comes too late.
        _ => {}
    }
}

/// The clock. What comes due while one looks is found then; a tick with nothing due asks for nothing.
fn on_tick(model: &mut Model, now: Moment) -> Vec<Effect> {
    let (was, day) = (model.now, model.now.day() != now.day());
    // The next due comes first.
    let from = model.deadlines.partition_point(|due| due.obligation.due < was);
    let due = model.deadlines[from..].iter().take_while(|due| due.obligation.due < now).map(|due| &due.provider);
    let due: BTreeSet<ProviderId> = due.cloned().collect();
    let wakes = |at: Moment| was < at && at <= now;
    let woke =
        |a: &&Alert| matches!(a.marked.as_ref().map(|m| &m.mark), Some(Mark::Snoozed { until }) if wakes(*until));
    let woke = model.alerts.iter().filter(woke).map(|alert| alert.provider.clone());
    let louder = Whose::of(woke.chain(due.iter().cloned()));
    model.now = now;
    if laws::in_force(model) {
        model.fresh.touch_all();
        return ask_preview(model);
    }
    model.fresh.touch(Held::Findings, Whose::of(due));
    // What is due soon begins with a day, and so does a year's score.
    model.fresh.touch(Held::Alerts, if day { Some(Whose::All) } else { louder });
    Vec::new()
}

fn on_key(model: &mut Model, key: KeyEvent) -> Vec<Effect> {
    let control = |c| key.modifiers.contains(KeyModifiers::CONTROL) && key.code == KeyCode::Char(c);
    // In a touched form it asks as Esc does; the second one ends.
    let asks = |form: &Form| form.saving.is_none() && !form.leaving;
    if control('c') && !matches!(&model.over, Over::Form(form) if asks(form)) {
        return vec![Effect::Quit];
    }
    if control('z') {
        return act(model, Action::Suspend);
    }
    let plain = |code| !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT) && key.code == code;
    if model.size.0 < LEAST.0 || model.size.1 < LEAST.1 {
        // Nothing is done that cannot be seen. What was typed is kept until the window is large enough again.
        let quits = plain(KeyCode::Char('q')) && !matches!(&model.over, Over::Form(form) if form.touched);
        return match control('c') {
            true => on_form_key(model, key),
            false if quits => vec![Effect::Quit],
            false => Vec::new(),
        };
    }
    // Whoever presses another key waits for no answer any more.
    model.wonders = None;
    if let Some(effects) = super::draft::on_key(model, key) {
        return effects;
    }
    match &mut model.over {
        Over::Form(_) => return on_form_key(model, key),
        Over::Entry(..) | Over::Audit(..) | Over::Line(_)
            if keymap::action(key, model.screen) == Some(Action::Help) =>
        {
            return trace::ask(model);
        }
        Over::Entry(..) | Over::Audit(..) | Over::Line(_) if plain(KeyCode::Char('v')) => {
            return act(model, Action::Void);
        }
        Over::Entry(..) | Over::Audit(..) => {
            entry::on_key(model, key);
            return Vec::new();
        }
        Over::Trace(..) => {
            trace::on_key(model, key);
            return Vec::new();
        }
        Over::Help | Over::Line(_) => {
            if let Over::Line(seq) = &model.over
                && plain(KeyCode::Char('u'))
                && model.lines.iter().any(|line| line.seq == *seq)
            {
                model.line = Some(*seq);
                return act(model, Action::Reverse);
            }
            model.over = Over::Nothing;
            return Vec::new();
        }
        Over::Nothing => {}
    }
    if model.filtering {
        on_filter_key(model, key);
        return Vec::new();
    }
    model.status = None;
    let mut effects = look_up(model);
    effects.extend(keymap::action(key, model.screen).map(|action| act(model, action)).unwrap_or_default());
    effects
}

fn on_paste(model: &mut Model, text: &str) -> Vec<Effect> {
    if model.size.0 < LEAST.0 || model.size.1 < LEAST.1 {
        return Vec::new();
    }
    match &mut model.over {
        Over::Form(form) if form.saving.is_none() => {
            form.paste(text);
            model.typed = true;
        }
        Over::Nothing if model.filtering => filter::paste(model, text),
        _ => {}
    }
    Vec::new()
}

fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Down => step(model, 1),
        Action::Up => step(model, -1),
        Action::PageDown => step(model, PAGE.cast_signed()),
        Action::PageUp => step(model, -PAGE.cast_signed()),
        Action::First => step(model, isize::MIN),
        Action::Last => step(model, isize::MAX),
        Action::NextPane => model.pane = Pane::ALL[(model.pane.place() + 1) % 3],
        Action::PreviousPane => model.pane = Pane::ALL[(model.pane.place() + 2) % 3],
        Action::Zoom => model.zoom = !model.zoom,
        Action::YearBack => turn_year(model, -1),
        Action::YearOn => turn_year(model, 1),
        Action::Help => return trace::ask(model),
        Action::Filter => {
            // Only providers are filtered; what is typed next is a filter wherever one was, and never a command.
            go_to(model, Screen::Providers);
            (model.filtering, model.pane) = (true, Pane::Providers);
        }
        Action::Entry => entry::open(model),
        Action::Open if model.screen == Screen::Findings => return decide(model, Action::Confirm),
        Action::Open if model.screen == Screen::Alerts => return alerts::open(model),
        Action::Acknowledge | Action::Snooze | Action::Assign => return alerts::mark(model, action),
        Action::Audit => return sheet::begin(model),
        Action::Record => return forms::open(model, Form::choose_record()),
        Action::Open if model.screen == Screen::Cases => return entry::ask_audit(model),
        Action::Open if model.pane == Pane::Ledger && model.selected_waiting().is_some() => {
            return decide(model, Action::Confirm);
        }
        Action::Open => open(model),
        Action::Back => back(model),
        Action::Add | Action::Edit | Action::Deduct | Action::Reverse => {
            return begin(model, action);
        }
        Action::Void => return correct::begin(model),
        Action::Confirm | Action::Dismiss => return decide(model, action),
        // One that is offered was restored before any other key is looked at.
        Action::Restore => {}
        Action::Reload => model.fresh.touch_all(),
        Action::Language => {
            model.lang = if model.lang == Lang::En { Lang::ZhCn } else { Lang::En };
            lay_out(model);
            return keep(model);
        }
        Action::Theme => return next_theme(model),
        Action::Suspend if model.suspends => return vec![Effect::Suspend],
        Action::Suspend => model.status = Some((false, model.lang.say("status-no-shell"))),
        Action::Providers => go_to(model, Screen::Providers),
        Action::Deadlines => go_to(model, Screen::Deadlines),
        Action::Alerts => go_to(model, Screen::Alerts),
        Action::Findings => go_to(model, Screen::Findings),
        Action::Cases => go_to(model, Screen::Cases),
        Action::Journal => go_to(model, Screen::Journal),
        Action::Rulebook => go_to(model, Screen::Rulebook),
        Action::Quit if model.screen == Screen::Providers => return vec![Effect::Quit],
        Action::Quit => go_to(model, Screen::Providers),
    }
    Vec::new()
}

fn go_to(model: &mut Model, screen: Screen) {
    (model.screen, model.row) = (screen, 0);
}

fn next_theme(model: &mut Model) -> Vec<Effect> {
    let at = BUILT_IN.iter().position(|(name, _)| *name == model.theme_name).map_or(0, |at| at + 1);
    let name = BUILT_IN[at % BUILT_IN.len()].0;
    let Some(theme) = Theme::built_in(name) else { return Vec::new() };
    (model.theme, model.theme_name) = (theme, name.to_owned());
    model.status = Some((true, model.lang.say_with("status-theme", &[("name", name.into())])));
    keep(model)
}

/// What was chosen is there again at the next start.
fn keep(model: &Model) -> Vec<Effect> {
    vec![Effect::Keep(model.lang, model.theme_name.clone())]
}

/// Goes back one step; never quits, never loses input.
fn back(model: &mut Model) {
    if model.screen != Screen::Providers {
        go_to(model, Screen::Providers);
    } else if model.zoom {
        model.zoom = false;
    } else if model.pane != Pane::Providers {
        model.pane = Pane::ALL[model.pane.place() - 1];
    } else if !model.filter.is_empty() {
        model.filter.clear();
        refilter(model);
    }
}

fn open(model: &mut Model) {
    match (model.screen, model.pane) {
        (Screen::Providers, Pane::Ledger) => {
            if let Some(seq) = model.line {
                model.over = Over::Line(seq);
            }
        }
        (Screen::Providers, pane) => model.pane = Pane::ALL[pane.place() + 1],
        _ => {}
    }
}

fn turn_year(model: &mut Model, by: i32) {
    model.year += by;
    (model.lines, model.line) = (Vec::new(), None);
    model.fresh.begins(Held::Lines);
    model.fresh.begins(Held::Providers);
}
