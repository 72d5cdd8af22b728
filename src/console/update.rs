//! What a message does to a session. Pure: it changes the model and says what to ask for.

mod answer;
mod laws;
mod loaded;
mod session;

pub use session::place;

use super::draw::LEAST;
use super::held::{self, Held, Whose};
use super::keymap;
use super::layer::{Errand, Step};
use super::message::{Effect, Message};
use super::model::Model;
use crate::desk::Change;
use crate::domain::{Alert, Mark};
use crate::ids::ProviderId;
use crate::time::Moment;
use crate::words;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use keymap::Action;
use session::session;
use std::collections::BTreeSet;

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

/// Tells the screens what came about, and what came about of that.
fn tell(model: &mut Model) {
    while !model.shared.news.is_empty() {
        for news in std::mem::take(&mut model.shared.news) {
            model.screens.iter_mut().for_each(|screen| screen.hears(&mut model.shared, &news));
        }
    }
}

/// Filters, or asks for the preview, for what was typed since.
fn look_up(model: &mut Model) -> Vec<Effect> {
    let (screen, shared) = model.seen();
    let mut effects = screen.catch_up(shared);
    effects.extend(model.over.iter_mut().flat_map(|layer| layer.catch_up(&mut model.shared)));
    effects
}

fn take(model: &mut Model, message: Message) -> Vec<Effect> {
    match message {
        Message::Key(key) => return on_key(model, key),
        Message::Paste(text) if is_large_enough(model) => {
            let (top, shared) = model.top_mut();
            top.paste(shared, &text);
        }
        Message::Paste(_) => {}
        Message::Click(column, row) if model.over.is_empty() => {
            let (screen, shared) = model.seen();
            screen.click(shared, (column, row));
        }
        Message::Click(..) => {}
        Message::Wheel(column, row, by) => on_wheel(model, (column, row), by),
        Message::Resize(columns, rows) => {
            model.shared.size = (columns, rows);
            lay_out(model);
        }
        Message::Tick(now) => return on_tick(model, now),
        Message::Changed(change) => return loaded::on_change(model, &change),
        Message::Loaded(number, Ok(answer)) => return loaded::on_answer(model, number, answer),
        Message::Loaded(number, Err(e)) => {
            model.shared.fresh.failed(number);
            model.shared.status = Some((false, words::store_error(model.shared.lang, &e)));
        }
        Message::Looked(provider, rows) => {
            model.shared.lists += 1;
            model.shared.looked = Some((provider, rows));
            return renew(model, None);
        }
        Message::Chargeables(provider, rows) => {
            model.shared.lists += 1;
            model.shared.chargeables.insert(provider, rows);
            return renew(model, None);
        }
        Message::Trouble(e) => model.shared.status = Some((false, words::store_error(model.shared.lang, &e))),
        answer => return answer::take(model, answer),
    }
    Vec::new()
}

/// Nothing is done that cannot be seen.
fn is_large_enough(model: &Model) -> bool {
    let (columns, rows) = model.shared.size;
    columns >= LEAST.0 && rows >= LEAST.1
}

/// What is laid out when it comes is laid out again, for another size, language or rulebook.
fn lay_out(model: &mut Model) {
    let Model { shared, screens, over, .. } = model;
    over.iter_mut().for_each(|layer| layer.lay_out(shared));
    screens.iter_mut().for_each(|screen| screen.lay_out(shared));
    shared.lists += 1;
}

/// What lies over the screen asks again for what may be other than it was.
fn renew(model: &mut Model, change: Option<&Change>) -> Vec<Effect> {
    let Model { shared, over, .. } = model;
    over.iter_mut().flat_map(|layer| layer.renews(shared, change)).collect()
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
    let woke = model.shared.alerts.iter().map(AsRef::as_ref).filter(woke).map(|alert| alert.provider.clone());
    let louder = Whose::of(woke.chain(due.iter().cloned()));
    model.shared.now = now;
    if day {
        // Days of another year are wider.
        lay_out(model);
    }
    if laws::in_force(model) {
        model.shared.fresh.touch_all();
        return renew(model, None);
    }
    model.shared.fresh.touch(Held::Findings, Whose::of(due));
    // What is due soon begins with a day, and so does a year's score.
    model.shared.fresh.touch(Held::Alerts, if day { Some(Whose::All) } else { louder });
    Vec::new()
}

/// A key goes to the layer on top, and falls until one takes it; at the end it is the session's.
fn on_key(model: &mut Model, key: KeyEvent) -> Vec<Effect> {
    let control = |c| key.modifiers.contains(KeyModifiers::CONTROL) && key.code == KeyCode::Char(c);
    let asks = model.top().asks_to_leave();
    if control('c') && !asks {
        return vec![Effect::Quit];
    }
    if control('z') {
        return session(model, Action::Suspend);
    }
    if !is_large_enough(model) {
        // What was typed is kept until the window is large enough again.
        let plain = !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
        let quits = plain && key.code == KeyCode::Char('q') && !model.top().is_touched();
        return match control('c') {
            true => fall(model, key),
            false if quits => vec![Effect::Quit],
            false => Vec::new(),
        };
    }
    // Whoever presses another key waits for no answer any more.
    model.shared.wonders = None;
    if let Some(effects) = super::draft::on_key(model, key) {
        return effects;
    }
    if model.over.is_empty() && !model.screen().is_typed_into() {
        model.shared.status = None;
    }
    fall(model, key)
}

/// Gives a key to each layer from the top, until one takes it.
fn fall(model: &mut Model, key: KeyEvent) -> Vec<Effect> {
    for at in (0..model.over.len()).rev() {
        match model.over[at].key(&mut model.shared, key) {
            Step::Falls => {}
            step => return follow(model, step, at),
        }
    }
    let (screen, shared) = model.seen();
    match screen.key(shared, key) {
        Step::Falls => keymap::action(key).map(|action| session(model, action)).unwrap_or_default(),
        step => follow(model, step, 0),
    }
}

/// The wheel moves the selection of the list under it, or scrolls what is open.
fn on_wheel(model: &mut Model, at: (u16, u16), by: isize) {
    let Model { shared, over, .. } = model;
    match over.last_mut() {
        Some(layer) => layer.scroll(shared, by),
        None => {
            let (screen, shared) = model.seen();
            screen.wheel(shared, at, by);
        }
    }
}

/// Does what the layer at a place made of what it took.
fn follow(model: &mut Model, step: Step, at: usize) -> Vec<Effect> {
    match step {
        Step::Falls => {}
        Step::Took(effects) => {
            let (screen, shared) = model.seen();
            for effect in &effects {
                if let Effect::Submit(number, command, _) = effect {
                    screen.submitted(shared, *number, command);
                }
            }
            return effects;
        }
        Step::Begins(form) => return session::open(model, *form),
        Step::Records(kind) => return session::record(model, kind),
        Step::Shows(errand) => return show(model, &errand),
        Step::Opens(layer) => model.lay(layer),
        Step::Closes => model.over.truncate(at),
    }
    Vec::new()
}

/// Goes to the screen that shows what is looked for.
fn show(model: &mut Model, errand: &Errand) -> Vec<Effect> {
    for at in 0..model.screens.len() {
        if let Some(step) = model.screens[at].show(&mut model.shared, errand) {
            model.at = at;
            return follow(model, step, 0);
        }
    }
    Vec::new()
}
