//! What a message does to a session. Pure: it changes the model and says what to ask for.

pub(super) mod correct;
mod entry;
mod forms;
mod laws;
mod loaded;
mod sheet;
mod trace;
mod window;

pub use forms::place;
use forms::{ask_preview, catch_up, on_form_key, on_saved};
use loaded::on_change;

use super::draw::LEAST;
use super::form::Form;
use super::held::{self, Held, Whose};
use super::keymap::{self, Action};
use super::layer::{Errand, Step};
use super::message::{Effect, Message};
use super::model::{Model, Over};
use super::shared::News;
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
        tell(model);
    }
    effects.extend(look_up(model));
    tell(model);
    effects.extend(held::ask(model));
    effects
}

/// Tells all layers what came about, and what came about of that.
fn tell(model: &mut Model) {
    loop {
        let news = std::mem::take(&mut model.shared.news);
        if news.is_empty() {
            return;
        }
        for news in &news {
            if let News::LaidOut = news {
                trace::lay_out(model);
            }
            model.screens.iter_mut().for_each(|screen| screen.hears(&mut model.shared, news));
        }
    }
}

/// Filters, or asks for the preview, for what was typed since.
fn look_up(model: &mut Model) -> Vec<Effect> {
    let (screen, shared) = model.seen();
    let mut effects = screen.catch_up(shared);
    if std::mem::take(&mut model.typed) {
        effects.extend(catch_up(model));
    }
    effects
}

fn take(model: &mut Model, message: Message) -> Vec<Effect> {
    match message {
        Message::Key(key) => on_key(model, key),
        Message::Paste(text) => on_paste(model, &text),
        Message::Click(column, row) => {
            on_click(model, (column, row));
            Vec::new()
        }
        Message::Wheel(column, row, by) => {
            on_wheel(model, (column, row), by);
            Vec::new()
        }
        Message::Resize(columns, rows) => {
            model.shared.size = (columns, rows);
            lay_out(model);
            Vec::new()
        }
        Message::Tick(now) => on_tick(model, now),
        Message::Changed(change) => on_change(model, &change),
        Message::Loaded(number, Ok(answer)) => loaded::on_answer(model, number, answer),
        Message::Loaded(number, Err(e)) => {
            model.shared.fresh.failed(number);
            model.shared.status = Some((false, words::store_error(model.shared.lang, &e)));
            Vec::new()
        }
        Message::Looked(provider, rows) => {
            model.shared.lists += 1;
            model.shared.looked = Some((provider, rows));
            ask_preview(model)
        }
        Message::Chargeables(provider, rows) => {
            model.shared.lists += 1;
            model.shared.chargeables.insert(provider, rows);
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
    model.shared.lists += 1;
    model.shared.news.push(News::LaidOut);
}

/// Takes what a window or a form asked for.
fn on_answer(model: &mut Model, answer: Message) {
    match answer {
        Message::Previewed(number, preview) if number == model.shared.asked => {
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
        Message::Trouble(e) => model.shared.status = Some((false, words::store_error(model.shared.lang, &e))),
        // What was asked before the form changed comes too late.
        _ => {}
    }
}

/// The clock. What comes due while one looks is found then; a tick with nothing due asks for nothing.
fn on_tick(model: &mut Model, now: Moment) -> Vec<Effect> {
    let (was, day) = (model.shared.now, model.shared.now.day() != now.day());
    // The next due comes first.
    let from = model.shared.deadlines.partition_point(|due| due.obligation.due < was);
    let due = model.shared.deadlines[from..].iter().take_while(|due| due.obligation.due < now).map(|due| &due.provider);
    let due: BTreeSet<ProviderId> = due.cloned().collect();
    let wakes = |at: Moment| was < at && at <= now;
    let woke =
        |a: &&Alert| matches!(a.marked.as_ref().map(|m| &m.mark), Some(Mark::Snoozed { until }) if wakes(*until));
    let woke = model.shared.alerts.iter().filter(woke).map(|alert| alert.provider.clone());
    let louder = Whose::of(woke.chain(due.iter().cloned()));
    model.shared.now = now;
    if laws::in_force(model) {
        model.shared.fresh.touch_all();
        return ask_preview(model);
    }
    model.shared.fresh.touch(Held::Findings, Whose::of(due));
    // What is due soon begins with a day, and so does a year's score.
    model.shared.fresh.touch(Held::Alerts, if day { Some(Whose::All) } else { louder });
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
        return session(model, Action::Suspend);
    }
    let plain = |code| !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT) && key.code == code;
    if model.shared.size.0 < LEAST.0 || model.shared.size.1 < LEAST.1 {
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
        Over::Entry(..) | Over::Audit(..) | Over::Line(_) if keymap::action(key) == Some(Action::Help) => {
            return trace::ask(model);
        }
        Over::Entry(..) | Over::Audit(..) | Over::Line(_) if plain(KeyCode::Char('v')) => {
            let step = correct::of_over(model);
            return follow(model, step);
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
            let back = matches!(&model.over, Over::Line(seq) if plain(KeyCode::Char('u')) && model.shared.lines.iter().any(|line| line.seq == *seq));
            model.over = Over::Nothing;
            if !back {
                return Vec::new();
            }
        }
        Over::Nothing => {
            let (screen, shared) = model.seen();
            if !screen.is_typed_into() {
                shared.status = None;
            }
        }
    }
    let (screen, shared) = model.seen();
    match screen.key(shared, key) {
        Step::Falls => keymap::action(key).map(|action| session(model, action)).unwrap_or_default(),
        step => follow(model, step),
    }
}

fn on_paste(model: &mut Model, text: &str) -> Vec<Effect> {
    if model.shared.size.0 < LEAST.0 || model.shared.size.1 < LEAST.1 {
        return Vec::new();
    }
    match &mut model.over {
        Over::Form(form) if form.saving.is_none() => {
            form.paste(text);
            model.typed = true;
        }
        Over::Nothing => {
            let (screen, shared) = model.seen();
            screen.paste(shared, text);
        }
        _ => {}
    }
    Vec::new()
}

/// The wheel moves the selection of the list under it, or scrolls what is open.
fn on_wheel(model: &mut Model, at: (u16, u16), by: isize) {
    if let Over::Nothing = model.over {
        let (screen, shared) = model.seen();
        return screen.wheel(shared, at, by);
    }
    entry::scroll(model, by);
    trace::scroll(model, by);
}

fn on_click(model: &mut Model, at: (u16, u16)) {
    if let Over::Nothing = model.over {
        let (screen, shared) = model.seen();
        screen.click(shared, at);
    }
}

/// Does what a layer made of a key.
fn follow(model: &mut Model, step: Step) -> Vec<Effect> {
    match step {
        Step::Falls => Vec::new(),
        Step::Took(effects) => effects,
        Step::Begins(form) => forms::open(model, *form),
        Step::Opens(over) => {
            model.over = over;
            Vec::new()
        }
        Step::Shows(errand) => show(model, &errand),
    }
}

/// Goes to the screen that shows what is looked for.
fn show(model: &mut Model, errand: &Errand) -> Vec<Effect> {
    for at in 0..model.screens.len() {
        if let Some(step) = model.screens[at].show(&mut model.shared, errand) {
            model.at = at;
            return follow(model, step);
        }
    }
    Vec::new()
}

fn go_to(model: &mut Model, at: usize) {
    if at < model.screens.len() {
        model.at = at;
        let (screen, shared) = model.seen();
        screen.enters(shared);
    }
}

/// Does what a key asks of the session.
fn session(model: &mut Model, action: Action) -> Vec<Effect> {
    let (screen, shared) = model.seen();
    match action {
        Action::Move(to) => screen.step(shared, to.rows(PAGE)),
        Action::Open => {
            let step = screen.open(shared);
            return follow(model, step);
        }
        // Goes back one step; never quits, never loses input.
        Action::Back if screen.back(shared) => {}
        Action::Back => go_to(model, 0),
        Action::Help => return trace::ask(model),
        // Only providers are filtered.
        Action::Filter => return show(model, &Errand::Filter),
        // One that is offered was restored before any other key is looked at.
        Action::Restore => {}
        Action::Reload => model.shared.fresh.touch_all(),
        Action::Language => {
            model.shared.lang = if model.shared.lang == Lang::En { Lang::ZhCn } else { Lang::En };
            lay_out(model);
            return keep(model);
        }
        Action::Theme => return next_theme(model),
        Action::Suspend if model.shared.suspends => return vec![Effect::Suspend],
        Action::Suspend => model.shared.say_not("status-no-shell"),
        Action::Screen(at) => go_to(model, at),
        Action::Quit if model.at == 0 => return vec![Effect::Quit],
        Action::Quit => go_to(model, 0),
    }
    Vec::new()
}

fn next_theme(model: &mut Model) -> Vec<Effect> {
    let at = BUILT_IN.iter().position(|(name, _)| *name == model.shared.theme_name).map_or(0, |at| at + 1);
    let name = BUILT_IN[at % BUILT_IN.len()].0;
    let Some(theme) = Theme::built_in(name) else { return Vec::new() };
    (model.shared.theme, model.shared.theme_name) = (theme, name.to_owned());
    model.shared.status = Some((true, model.shared.lang.say_with("status-theme", &[("name", name.into())])));
    keep(model)
}

/// What was chosen is there again at the next start.
fn keep(model: &Model) -> Vec<Effect> {
    vec![Effect::Keep(model.shared.lang, model.shared.theme_name.clone())]
}
