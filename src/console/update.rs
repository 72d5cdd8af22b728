//! What a message does to a session. Pure: it changes the model and says what to ask for.

mod alerts;
mod forms;

use forms::{ask_preview, on_form_key, on_saved};

use super::filter;
use super::form::Form;
use super::keymap::{self, Action};
use super::model::{Effect, Message, Model, Over, Pane, Screen};
use super::theme::{BUILT_IN, Theme};
use crate::domain::{Alert, Dossier, FindingState, LineKind, Mark};
use crate::time::Moment;
use crate::words::{self, Lang};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// Rows that PgUp and PgDn move.
const PAGE: usize = 10;

/// Takes a message.
pub fn update(model: &mut Model, message: Message) -> Vec<Effect> {
    match message {
        Message::Key(key) => on_key(model, key),
        Message::Paste(text) => on_paste(model, &text),
        Message::Click(column, row) => on_click(model, column, row),
        Message::Resize(columns, rows) => {
            model.size = (columns, rows);
            Vec::new()
        }
        Message::Tick(now) => on_tick(model, now),
        Message::Changed(providers) => on_change(model, &providers),
        Message::Providers(year, rows, years) => on_providers(model, year, rows, years),
        Message::Previewed(asked, preview) => {
            if asked == model.asked {
                model.preview = preview;
            }
            Vec::new()
        }
        Message::Saved(result) => on_saved(model, result),
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
            model.outlets = rows;
        }
        Message::Lines(provider, year, rows) if model.provider.as_ref() == Some(&provider) && model.year == year => {
            let kept = rows.iter().any(|l| Some(l.seq) == model.line);
            model.line = if kept { model.line } else { rows.first().map(|l| l.seq) };
            model.lines = rows;
        }
        Message::Deadlines(rows) => model.deadlines = rows,
        Message::Alerts(rows) => {
            let kept = rows.iter().any(|a| Some(a.id()) == model.alert);
            model.alert = if kept { model.alert.take() } else { rows.first().map(Alert::id) };
            model.alerts = rows;
        }
        Message::Dossier(provider, dossier) if model.provider.as_ref() == Some(&provider) => model.dossier = *dossier,
        Message::Findings(mut rows) => {
            rows.sort_by_key(|f| f.state != FindingState::Open);
            let kept = rows.iter().any(|f| Some(&f.id) == model.finding.as_ref());
            model.finding = if kept { model.finding.take() } else { rows.first().map(|f| f.id.clone()) };
            model.findings = rows;
        }
        Message::Journal(rows) => model.journal = rows,
        // What was asked for another selection comes too late.
        _ => {}
    }
}

/// The clock. What comes due while one looks is found then; a tick with nothing due asks for nothing.
fn on_tick(model: &mut Model, now: Moment) -> Vec<Effect> {
    let passed = |due: Moment| model.now <= due && due < now;
    let found = model.deadlines.iter().any(|due| passed(due.obligation.due));
    let woke = |a: &Alert| matches!(a.marked.as_ref().map(|m| &m.mark), Some(Mark::Snoozed { until }) if passed(Moment(until.0 - 1)));
    // What is due soon begins with a day, and so does a year's score.
    let changed = found || model.now.day() != now.day() || model.alerts.iter().any(woke);
    model.now = now;
    match (found, changed) {
        (true, _) => vec![Effect::LoadFindings, Effect::LoadAlerts],
        (false, true) => vec![Effect::LoadAlerts],
        (false, false) => Vec::new(),
    }
}

fn on_key(model: &mut Model, key: KeyEvent) -> Vec<Effect> {
    if key.modifiers.contains(KeyModifiers::CONTROL) && key.code == KeyCode::Char('c') {
        return vec![Effect::Quit];
    }
    match &mut model.over {
        Over::Form(_) => return on_form_key(model, key),
        Over::Help | Over::Line(_) => {
            if let (Over::Line(seq), KeyCode::Char('u')) = (&model.over, key.code) {
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
    keymap::action(key, model.screen).map(|action| act(model, action)).unwrap_or_default()
}

fn on_paste(model: &mut Model, text: &str) -> Vec<Effect> {
    match &mut model.over {
        Over::Form(form) => {
            form.paste(text);
            ask_preview(model)
        }
        _ if model.filtering => {
            model.filter.extend(text.chars().filter(|c| !crate::ids::is_hidden(*c)));
            refilter(model)
        }
        _ => Vec::new(),
    }
}

fn on_filter_key(model: &mut Model, key: KeyEvent) -> Vec<Effect> {
    match key.code {
        KeyCode::Enter | KeyCode::Tab => model.filtering = false,
        KeyCode::Esc => {
            model.filtering = false;
            model.filter.clear();
        }
        KeyCode::Backspace => {
            model.filter.pop();
        }
        KeyCode::Down => return step(model, 1),
        KeyCode::Up => return step(model, -1),
        KeyCode::Char('u') if key.modifiers.contains(KeyModifiers::CONTROL) => model.filter.clear(),
        KeyCode::Char(c) if !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT) => {
            model.filter.push(c);
        }
        _ => {}
    }
    refilter(model)
}

/// Shows what matches. A selection that no longer shows moves to the first that does.
fn refilter(model: &mut Model) -> Vec<Effect> {
    model.shown = filter::matching(model.providers.as_deref().unwrap_or_default(), &model.filter);
    let shows = model.visible().iter().any(|row| Some(&row.provider.id) == model.provider.as_ref());
    if shows {
        return Vec::new();
    }
    let first = model.visible().first().map(|row| row.provider.id.clone());
    select_provider(model, first)
}

fn select_provider(model: &mut Model, id: Option<crate::ids::ProviderId>) -> Vec<Effect> {
    if model.provider == id {
        return Vec::new();
    }
    (model.outlets, model.lines) = (Vec::new(), Vec::new());
    (model.outlet, model.line) = (None, None);
    model.dossier = Dossier::default();
    model.provider = id;
    load_selected(model)
}

fn load_selected(model: &Model) -> Vec<Effect> {
    let Some(id) = &model.provider else { return Vec::new() };
    vec![Effect::LoadOutlets(id.clone()), Effect::LoadLines(id.clone(), model.year), Effect::LoadDossier(id.clone())]
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
    if model.provider.as_ref().is_some_and(|id| providers.contains(id)) {
        effects.extend(load_selected(model));
    }
    effects.extend(ask_preview(model));
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
        Action::Help => model.over = Over::Help,
        Action::Filter => {
            (model.filtering, model.pane) = (true, Pane::Providers);
        }
        Action::Open if model.screen == Screen::Findings => return decide(model, Action::Confirm),
        Action::Open if model.screen == Screen::Alerts => return alerts::open(model),
        Action::Acknowledge | Action::Snooze | Action::Assign => return alerts::mark(model, action),
        Action::Record => model.over = Over::Form(Box::new(Form::choose_record())),
        Action::Open => open(model),
        Action::Back => return back(model),
        Action::Add | Action::Edit | Action::Deduct | Action::Reverse => {
            return begin(model, action);
        }
        Action::Confirm | Action::Dismiss => return decide(model, action),
        Action::Reload => {
            return [model.start(), load_selected(model)].concat();
        }
        Action::Language => model.lang = if model.lang == Lang::En { Lang::ZhCn } else { Lang::En },
        Action::Theme => next_theme(model),
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

fn next_theme(model: &mut Model) {
    let at = BUILT_IN.iter().position(|(name, _)| *name == model.theme_name).map_or(0, |at| at + 1);
    let name = BUILT_IN[at % BUILT_IN.len()].0;
    if let Some(theme) = Theme::built_in(name) {
        (model.theme, model.theme_name) = (theme, name.to_owned());
        model.status = Some((true, model.lang.say_with("status-theme", &[("name", name.into())])));
    }
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
    (model.lines, model.line) = (Vec::new(), None);
    let mut effects = vec![Effect::LoadProviders(model.year)];
    effects.extend(model.provider.clone().map(|id| Effect::LoadLines(id, model.year)));
    effects
}

/// Moves the selection of the pane with the focus.
fn step(model: &mut Model, by: isize) -> Vec<Effect> {
    let moved = |at: Option<usize>, len: usize| -> usize {
        at.unwrap_or(0).saturating_add_signed(by).min(len.saturating_sub(1))
    };
    if model.screen == Screen::Findings {
        let at = model.selected_finding().map(|(at, _)| at);
        model.finding = model.findings.get(moved(at, model.findings.len())).map(|f| f.id.clone());
        return Vec::new();
    }
    if model.screen == Screen::Alerts {
        let at = model.selected_alert().map(|(at, _)| at);
        model.alert = model.alerts.get(moved(at, model.alerts.len())).map(Alert::id);
        return Vec::new();
    }
    if model.screen != Screen::Providers {
        let len = match model.screen {
            Screen::Cases => super::draw::case_rows(model),
            Screen::Journal => model.journal.len(),
            Screen::Deadlines => model.deadlines.len(),
            _ => model.book.articles.len(),
        };
        model.row = moved(Some(model.row), len);
        return Vec::new();
    }
    match model.pane {
        Pane::Providers => {
            let rows = model.visible();
            let at = rows.iter().position(|r| Some(&r.provider.id) == model.provider.as_ref());
            let id = rows.get(moved(at, rows.len())).map(|r| r.provider.id.clone());
            select_provider(model, id)
        }
        Pane::Outlets => {
            let at = model.outlets.iter().position(|o| Some(&o.outlet.id) == model.outlet.as_ref());
            model.outlet = model.outlets.get(moved(at, model.outlets.len())).map(|o| o.outlet.id.clone());
            Vec::new()
        }
        Pane::Ledger => {
            let at = model.lines.iter().position(|l| Some(l.seq) == model.line);
            model.line = model.lines.get(moved(at, model.lines.len())).map(|l| l.seq);
            Vec::new()
        }
    }
}

/// Begins a form for what is selected; says why where it cannot.
fn begin(model: &mut Model, action: Action) -> Vec<Effect> {
    let selected = model.provider_row().map(|row| row.provider.clone());
    let outlet = model.outlets.iter().map(|row| &row.outlet).find(|o| Some(&o.id) == model.outlet.as_ref());
    let form = match (action, model.pane, selected) {
        (Action::Add, Pane::Providers, _) => Some(Form::provider(None)),
        (Action::Add, _, Some(provider)) => Some(Form::outlet(&provider, None)),
        (Action::Edit, Pane::Providers, Some(provider)) => Some(Form::provider(Some(&provider))),
        (Action::Edit, Pane::Outlets, Some(provider)) => outlet.map(|o| Form::outlet(&provider, Some(o))),
        (Action::Deduct, pane, Some(provider)) => {
            let outlet = model.outlet.as_ref().filter(|_| pane == Pane::Outlets);
            Some(Form::deduct(Some(&provider.id), outlet))
        }
        (Action::Reverse, _, Some(provider)) => match model.selected_line() {
            Some(line) if line.kind == LineKind::Reversal || line.reversed_by.is_some() => {
                model.status = Some((false, model.lang.say("status-not-reversible")));
                None
            }
            Some(line) => Some(Form::reverse(line.seq, &provider.id)),
            None => None,
        },
        _ => None,
    };
    model.preview = None;
    match form {
        Some(form) => model.over = Over::Form(Box::new(form)),
        None if model.status.is_none() => model.status = Some((false, model.lang.say("status-nothing-selected"))),
        None => {}
    }
    ask_preview(model)
}

/// Begins the form that confirms or dismisses the selected finding; a decided one says so.
fn decide(model: &mut Model, action: Action) -> Vec<Effect> {
    model.preview = None;
    match model.selected_finding() {
        Some((_, finding)) if finding.state == FindingState::Open => {
            let form = if action == Action::Confirm { Form::confirm(finding) } else { Form::dismiss(finding) };
            model.over = Over::Form(Box::new(form));
        }
        Some(_) => model.status = Some((false, model.lang.say("status-decided"))),
        None => model.status = Some((false, model.lang.say("status-nothing-selected"))),
    }
    ask_preview(model)
}

/// A click selects the row and gives its pane the focus.
fn on_click(model: &mut Model, column: u16, row: u16) -> Vec<Effect> {
    if !model.over_nothing() || model.screen != Screen::Providers {
        return Vec::new();
    }
    let places = super::draw::panes(model);
    let Some((pane, area)) = places.into_iter().find(|(_, area)| area.contains((column, row).into())) else {
        return Vec::new();
    };
    model.pane = pane;
    let Some(line) = usize::from(row).checked_sub(usize::from(area.y) + 1) else { return Vec::new() };
    let at = super::draw::first_row(model, pane, area) + line;
    match pane {
        Pane::Providers => {
            let id = model.visible().get(at).map(|r| r.provider.id.clone());
            if id.is_some() { select_provider(model, id) } else { Vec::new() }
        }
        Pane::Outlets => {
            model.outlet = model.outlets.get(at).map(|o| o.outlet.id.clone()).or(model.outlet.take());
            Vec::new()
        }
        Pane::Ledger => {
            model.line = model.lines.get(at).map(|l| l.seq).or(model.line);
            Vec::new()
        }
    }
}

impl Model {
    fn over_nothing(&self) -> bool {
        matches!(self.over, Over::Nothing)
    }
}
