//! Forms begin for what is selected, and only for what is on the screen: what a filter or a pane hides is not meant.

use super::super::draw::shows;
use super::super::form::Form;
use super::super::keymap::Action;
use super::super::model::{Effect, Model, Pane, Screen};
use super::forms;
use crate::domain::{FindingState, LineKind};
use crate::ids::{OutletId, Seq};

/// Begins a form for what is selected; says why where it cannot.
pub fn begin(model: &mut Model, action: Action) -> Vec<Effect> {
    let selected = model.provider_row().map(|row| row.provider.clone());
    let outlet = model.outlets.iter().map(|row| &row.outlet).find(|o| Some(&o.id) == model.outlet.as_ref());
    let form = match (action, model.pane, selected) {
        (Action::Add, Pane::Providers, _) => Ok(Form::provider(None)),
        (Action::Add, _, Some(provider)) => Ok(Form::outlet(&provider, None)),
        (Action::Edit, Pane::Providers, Some(provider)) => Ok(Form::provider(Some(&provider))),
        (Action::Edit, Pane::Outlets, Some(provider)) => {
            outlet.map(|o| Form::outlet(&provider, Some(o))).ok_or("status-nothing-selected")
        }
        (Action::Deduct, pane, Some(provider)) => {
            let outlet = model.outlet.as_ref().filter(|_| pane == Pane::Outlets);
            Ok(Form::deduct(Some(&provider.id), outlet))
        }
        (Action::Reverse, _, Some(_)) if !shows(model, Pane::Ledger) => Err("status-ledger-hidden"),
        (Action::Reverse, _, Some(provider)) => match model.selected_line() {
            Some(line) if matches!(line.kind, LineKind::Reversal | LineKind::Void) || line.reversed_by.is_some() => {
                Err("status-not-reversible")
            }
            Some(line) => Ok(Form::reverse(line.seq, &provider.id)),
            None if model.selected_waiting().is_some() => Err("status-proposed"),
            None => Err("status-nothing-selected"),
        },
        _ => Err("status-nothing-selected"),
    };
    match form {
        Ok(form) => forms::open(model, form),
        Err(why) => say(model, why),
    }
}

/// The selected outlet, where somebody went to it: the first of a list that nobody looked at is nobody's choice.
pub fn seen_outlet(model: &Model) -> Option<&OutletId> {
    model.outlet.as_ref().filter(|_| model.pane == Pane::Outlets && shows(model, Pane::Outlets))
}

/// Begins the form that confirms a line which waits for a second person (decision 28).
pub fn confirm_line(model: &mut Model, entry: Seq) -> Vec<Effect> {
    match model.proposals.iter().find(|waiting| waiting.entry == entry).map(|waiting| Form::confirm_line(waiting)) {
        Some(form) => forms::open(model, form),
        None => say(model, "status-decided"),
    }
}

/// Says why not.
pub fn say(model: &mut Model, why: &str) -> Vec<Effect> {
    model.status = Some((false, model.lang.say(why)));
    Vec::new()
}

/// Begins the form that confirms or dismisses the selected finding, or confirms the selected line that waits; a decided
/// one says so.
pub fn decide(model: &mut Model, action: Action) -> Vec<Effect> {
    if model.screen == Screen::Providers {
        let waiting = model.selected_waiting().map(|waiting| waiting.entry);
        return match waiting {
            Some(entry) if shows(model, Pane::Ledger) => confirm_line(model, entry),
            _ => say(model, "status-none-waits"),
        };
    }
    let form = match model.selected_finding() {
        Some((_, finding)) if finding.state == FindingState::Open => {
            if action == Action::Confirm {
                Ok(Form::confirm(finding))
            } else {
                Ok(Form::dismiss(finding))
            }
        }
        Some(_) => Err("status-decided"),
        None => Err("status-nothing-selected"),
    };
    match form {
        Ok(form) => forms::open(model, form),
        Err(why) => say(model, why),
    }
}
