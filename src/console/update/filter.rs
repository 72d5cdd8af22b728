//! The filter while it is typed. The best match is selected, and what is hidden is not.

use super::super::filter::{self, FILTER_MAX};
use super::super::model::Model;
use super::select::{select_provider, step};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// Takes a key while the filter is typed.
pub fn on_filter_key(model: &mut Model, key: KeyEvent) {
    if let KeyCode::Char(c) = key.code
        && !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT)
    {
        push(model, c);
        return;
    }
    // Everything else is about what shows.
    super::look_up(model);
    match key.code {
        KeyCode::Enter | KeyCode::Tab => model.filtering = false,
        KeyCode::Esc => {
            model.filtering = false;
            model.filter.clear();
            refilter(model);
        }
        KeyCode::Backspace => {
            model.filter.pop();
            model.typed = true;
        }
        KeyCode::Down => step(model, 1),
        KeyCode::Up => step(model, -1),
        KeyCode::Char('u') if key.modifiers.contains(KeyModifiers::CONTROL) => {
            model.filter.clear();
            model.typed = true;
        }
        _ => {}
    }
}

/// Takes a pasted text.
pub fn paste(model: &mut Model, text: &str) {
    text.chars().for_each(|c| push(model, if c.is_whitespace() { ' ' } else { c }));
}

/// A filter takes so much and says so: a file pasted by mistake must not hold up the console.
fn push(model: &mut Model, c: char) {
    if crate::ids::is_hidden(c) {
        return;
    }
    if model.filter.chars().count() < FILTER_MAX {
        model.filter.push(c);
        (model.typed, model.status) = (true, None);
    } else if model.status.is_none() {
        model.status = Some((false, model.lang.say_texts("status-filter-long", &[("max", FILTER_MAX.to_string())])));
    }
}

/// Shows what matches what was typed, and selects the best of it.
pub fn look_up(model: &mut Model) {
    if model.filter.is_empty() {
        return refilter(model);
    }
    model.shown = filter::matching(model.providers.as_deref().unwrap_or_default(), &model.filter);
    let best = model.visible().next().map(|row| row.provider.id.clone());
    select_provider(model, best);
}

/// Shows what matches. A selection that no longer shows moves to the first that does.
pub fn refilter(model: &mut Model) {
    model.shown = filter::matching(model.providers.as_deref().unwrap_or_default(), &model.filter);
    let shows = model.visible().any(|row| Some(&row.provider.id) == model.provider.as_ref());
    if shows {
        return;
    }
    let first = model.visible().next().map(|row| row.provider.id.clone());
    select_provider(model, first);
}
