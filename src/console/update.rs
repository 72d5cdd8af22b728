//! What a message does to a session. Pure: it changes the model and says what to ask for.

mod alerts;
mod begin;
mod correct;
mod entry;
mod filter;
mod forms;
mod laws;
mod select;
mod sheet;
mod trace;
mod window;

use begin::{begin, decide};
use filter::{on_filter_key, refilter};
pub use forms::place;
use forms::{ask_preview, catch_up, on_form_key, on_saved};
use select::{load_selected, on_click, on_wheel, select_provider, step};

use super::draw::LEAST;
use super::form::Form;
use super::keymap::{self, Action};
use super::model::{Effect, Message, Model, Over, Pane, Screen};
use super::theme::{BUILT_IN, Theme};
use crate::domain::{Alert, FindingState, Mark};
use crate::time::Moment;
use crate::words::{self, Lang};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

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
    effects
}

/// Filters, or asks for the preview, for what was typed since.
fn look_up(model: &mut Model) -> Vec<Effect> {
    match std::mem::take(&mut model.typed) {
        false => Vec::new(),
        true if matches!(model.over, Over::Form(_)) => catch_up(model),
        true => filter::look_up(model),
    }
}

fn take(model: &mut Model, message: Message) -> Vec<Effect> {
    match message {
        Message::Key(key) => on_key(model, key),
        Message::Paste(text) => on_paste(model, &text),
        Message::Click(column, row) => on_click(model, column, row),
        Message::Wheel(column, row, by) => on_wheel(model, (column, row), by),
        Message::Resize(columns, rows) => {
            model.size = (columns, rows);
            trace::lay_out(model);
            Vec::new()
        }
        Message::Tick(now) => on_tick(model, now),
        Message::Changed(providers) => on_change(model, &providers),
        Message::Laws(laws) => laws::on_answer(model, laws),
        Message::Providers(year, rows, years) => on_providers(model, year, rows, years),
        Message::Looked(provider, rows) => {
            model.looked = Some((provider, rows));
            ask_preview(model)
        }
        Message::Chargeables(provider, rows) => {
            model.chargeables.insert(provider, rows);
            ask_preview(model)
        }
        Message::Previewed(asked, preview) => {
            if asked == model.asked {
                let preview = preview.map(|preview| *preview);
                if let Over::Form(form) = &mut model.over
                    && model.preview != preview
                {
                    form.scroll = 0;
                }
                model.preview = preview;
            }
            Vec::new()
        }
        Message::Found(number, recorded) => correct::found(model, number, recorded.map(|recorded| *recorded)),
        Message::Weighed(number, correcting) => {
            correct::weighed(model, number, *correcting);
            Vec::new()
        }
        Message::Outdated(number, correcting) => {
            correct::outdated(model, number, *correcting);
            Vec::new()
        }
        Message::Saved(number, result) => on_saved(model, number, result),
        Message::Why(target, told) => {
            trace::on_answer(model, &target, told);
            Vec::new()
        }
        Message::Trouble(e) => {
            model.status = Some((false, words::store_error(model.lang, &e)));
            Vec::new()
        }
        answer => {
            on_answer(model, answer);
            Vec::new()
        }
    }
}

/// Takes the answer to a query. A selection that is still there stays.
fn on_answer(model: &mut Model, answer: Message) {
    match answer {
        Message::Outlets(provider, rows) if model.provider.as_ref() == Some(&provider) => {
            let kept = rows.iter().any(|o| Some(&o.outlet.id) == model.outlet.as_ref());
            model.outlet = if kept { model.outlet.take() } else { rows.first().map(|o| o.outlet.id.clone()) };
            (model.outlets, model.there.0) = (rows, true);
        }
        Message::Lines(provider, year, rows) if model.provider.as_ref() == Some(&provider) && model.year == year => {
            (model.lines, model.there.1) = (rows, true);
            let ledger = model.ledger();
            model.line = model.line.filter(|line| ledger.contains(line)).or(ledger.first().copied());
        }
        Message::Proposals(rows) => {
            // One that waits no more gives way; a line that was only just recorded is not there yet.
            let gone = model.selected_waiting().is_some_and(|was| rows.iter().all(|w| w.entry != was.entry));
            model.proposals = rows;
            model.line = model.line.filter(|_| !gone).or(model.ledger().first().copied());
        }
        Message::Deadlines(rows) => model.deadlines = rows,
        Message::Alerts(rows) => {
            let kept = rows.iter().any(|a| Some(a.id()) == model.alert);
            let at = handled(model, Screen::Alerts).or((!kept).then_some(0));
            if let Some(at) = at {
                model.alert = rows.get(at.min(rows.len().saturating_sub(1))).map(Alert::id);
            }
            model.alerts = rows;
        }
        Message::Dossier(provider, both) if model.provider.as_ref() == Some(&provider) => {
            (model.dossier, model.cases) = *both;
        }
        Message::Findings(mut rows) => {
            rows.sort_by_key(|row| row.finding.state != FindingState::Open);
            let kept = rows.iter().any(|row| Some(&row.finding.id) == model.finding.as_ref());
            let at = handled(model, Screen::Findings).or((!kept).then_some(0));
            if let Some(at) = at {
                model.finding = rows.get(at.min(rows.len().saturating_sub(1))).map(|row| row.finding.id.clone());
            }
            model.findings = rows;
        }
        Message::Journal(rows) => model.journal = rows,
        Message::Audited(number, report) => entry::audited(model, number, report),
        Message::SheetChecked(number, checked) => sheet::checked(model, number, *checked),
        Message::SheetRefused(number, checked) => sheet::refused(model, number, *checked),
        // What was asked for another selection comes too late.
        _ => {}
    }
}

/// The row that was handled on a screen, once the first list after it is there: the cursor stays on it, and the next
/// item slides under the cursor. Everything else is held by its id.
fn handled(model: &mut Model, screen: Screen) -> Option<usize> {
    model.handled.take_if(|handled| handled.saved && handled.screen == screen).map(|handled| handled.row)
}

/// The clock. What comes due while one looks is found then; a tick with nothing due asks for nothing.
fn on_tick(model: &mut Model, now: Moment) -> Vec<Effect> {
    let passed = |due: Moment| model.now <= due && due < now;
    let found = model.deadlines.iter().any(|due| passed(due.obligation.due));
    let woke = |a: &Alert| matches!(a.marked.as_ref().map(|m| &m.mark), Some(Mark::Snoozed { until }) if passed(Moment(until.0 - 1)));
    // What is due soon begins with a day, and so does a year's score.
    let changed = found || model.now.day() != now.day() || model.alerts.iter().any(woke);
    model.now = now;
    if laws::in_force(model) {
        return [model.start(), load_selected(model), ask_preview(model)].concat();
    }
    match (found, changed) {
        (true, _) => vec![Effect::LoadFindings, Effect::LoadAlerts],
        (false, true) => vec![Effect::LoadAlerts],
        (false, false) => Vec::new(),
    }
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
        return on_filter_key(model, key);
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

fn on_providers(model: &mut Model, year: i32, rows: Vec<crate::store::ProviderRow>, years: Vec<i32>) -> Vec<Effect> {
    if year != model.year {
        return Vec::new();
    }
    (model.providers, model.years) = (Some(rows), years);
    refilter(model)
}

fn on_change(model: &mut Model, providers: &[crate::ids::ProviderId]) -> Vec<Effect> {
    let mut effects = model.start();
    model.chargeables.retain(|id, _| !providers.contains(id) || model.provider.as_ref() == Some(id));
    if model.provider.as_ref().is_some_and(|id| providers.contains(id)) {
        effects.extend(load_selected(model));
    }
    // What a correction changes was read of what was there before.
    model.correcting = None;
    effects.extend(ask_preview(model));
    effects.extend(trace::ask_again(model));
    effects.extend(entry::ask_again(model));
    effects
}

fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Down => return step(model, 1),
        Action::Up => return step(model, -1),
        Action::PageDown => return step(model, PAGE.cast_signed()),
        Action::PageUp => return step(model, -PAGE.cast_signed()),
        Action::First => return step(model, isize::MIN),
        Action::Last => return step(model, isize::MAX),
        Action::NextPane => model.pane = Pane::ALL[(model.pane.place() + 1) % 3],
        Action::PreviousPane => model.pane = Pane::ALL[(model.pane.place() + 2) % 3],
        Action::Zoom => model.zoom = !model.zoom,
        Action::YearBack => return turn_year(model, -1),
        Action::YearOn => return turn_year(model, 1),
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
        Action::Back => return back(model),
        Action::Add | Action::Edit | Action::Deduct | Action::Reverse => {
            return begin(model, action);
        }
        Action::Void => return correct::begin(model),
        Action::Confirm | Action::Dismiss => return decide(model, action),
        Action::Reload => {
            return [model.start(), load_selected(model)].concat();
        }
        Action::Language => {
            model.lang = if model.lang == Lang::En { Lang::ZhCn } else { Lang::En };
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
fn back(model: &mut Model) -> Vec<Effect> {
    if model.screen != Screen::Providers {
        go_to(model, Screen::Providers);
    } else if model.zoom {
        model.zoom = false;
    } else if model.pane != Pane::Providers {
        model.pane = Pane::ALL[model.pane.place() - 1];
    } else if !model.filter.is_empty() {
        model.filter.clear();
        return refilter(model);
    }
    Vec::new()
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

fn turn_year(model: &mut Model, by: i32) -> Vec<Effect> {
    model.year += by;
    (model.lines, model.line, model.there.1) = (Vec::new(), None, false);
    let mut effects = vec![Effect::LoadProviders(model.year)];
    effects.extend(model.provider.clone().map(|id| Effect::LoadLines(id, model.year)));
    effects
}
