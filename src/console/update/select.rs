//! What is selected, and how keys, clicks and the wheel move it.

use super::super::draw::{first_row, panes};
use super::super::model::{Model, Over, Pane, Screen};
use crate::domain::Dossier;
use crate::domain::rectification::Cases;
use crate::ids::ProviderId;

/// Selects a provider: what is to be seen of it is asked for.
pub fn select_provider(model: &mut Model, id: Option<ProviderId>) {
    if model.provider == id {
        return;
    }
    (model.outlets, model.lines) = (Vec::new(), Vec::new());
    (model.outlet, model.line) = (None, None);
    model.dossier = Dossier::default();
    model.cases = Cases::default();
    model.records.clear();
    model.lists += 1;
    model.provider = id;
    model.fresh.turns();
}

/// Moves the selection of the pane with the focus.
pub fn step(model: &mut Model, by: isize) {
    let moved = |at: Option<usize>, len: usize| -> usize {
        at.unwrap_or(0).saturating_add_signed(by).min(len.saturating_sub(1))
    };
    if model.screen == Screen::Findings {
        let at = model.selected_finding().map(|(at, _)| at);
        model.finding = model.findings.get(moved(at, model.findings.len())).map(|row| row.finding.id.clone());
        return;
    }
    if model.screen == Screen::Alerts {
        let at = model.selected_alert().map(|(at, _)| at);
        model.alert = model.alerts.get(moved(at, model.alerts.len())).map(|alert| alert.id());
        return;
    }
    if model.screen != Screen::Providers {
        let len = match model.screen {
            Screen::Cases => model.records.len(),
            Screen::Journal => model.journal.len(),
            Screen::Deadlines => model.deadlines.len(),
            _ => model.book.articles.len(),
        };
        model.row = moved(Some(model.row), len);
        return;
    }
    match model.pane {
        Pane::Providers => {
            let at = model.visible().position(|r| Some(&r.provider.id) == model.provider.as_ref());
            let id = model.visible().nth(moved(at, model.shown.len())).map(|r| r.provider.id.clone());
            select_provider(model, id);
        }
        Pane::Outlets => {
            let at = model.outlets.iter().position(|o| Some(&o.outlet.id) == model.outlet.as_ref());
            model.outlet = model.outlets.get(moved(at, model.outlets.len())).map(|o| o.outlet.id.clone());
        }
        Pane::Ledger => {
            let at = model.ledger().position(|seq| Some(seq) == model.line);
            let to = model.ledger().nth(moved(at, model.ledger().count()));
            model.line = to;
        }
    }
}

/// The wheel moves the selection of the list under it, which gets the focus, or scrolls what is open.
pub fn on_wheel(model: &mut Model, place: (u16, u16), by: isize) {
    if !model.over_nothing() {
        super::entry::scroll(model, by);
        super::trace::scroll(model, by);
        return;
    }
    if model.screen == Screen::Providers {
        let under = panes(model).into_iter().find(|(_, area)| area.contains(place.into()));
        let Some((pane, _)) = under else { return };
        model.pane = pane;
    }
    step(model, by);
}

/// A click selects the row and gives its pane the focus.
pub fn on_click(model: &mut Model, column: u16, row: u16) {
    if !model.over_nothing() || model.screen != Screen::Providers {
        return;
    }
    let places = panes(model);
    let Some((pane, area)) = places.into_iter().find(|(_, area)| area.contains((column, row).into())) else {
        return;
    };
    model.pane = pane;
    let Some(line) = usize::from(row).checked_sub(usize::from(area.y) + 1) else { return };
    let at = first_row(model, pane, area) + line;
    match pane {
        Pane::Providers => {
            let id = model.visible().nth(at).map(|r| r.provider.id.clone());
            if id.is_some() {
                select_provider(model, id);
            }
        }
        Pane::Outlets => {
            model.outlet = model.outlets.get(at).map(|o| o.outlet.id.clone()).or(model.outlet.take());
        }
        Pane::Ledger => {
            let to = model.ledger().nth(at);
            model.line = to.or(model.line);
        }
    }
}

impl Model {
    /// Whether nothing lies over the screen.
    pub(super) fn over_nothing(&self) -> bool {
        matches!(self.over, Over::Nothing)
    }
}
