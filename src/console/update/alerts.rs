//! What is done with the selected alert.

use super::super::form::Form;
use super::super::keymap::Action;
use super::super::model::{Effect, Model, Screen};
use super::{begin, decide, forms, go_to, refilter};
use crate::domain::{Alert, AlertState, AlertSubject, Command, FindingId, Mark};
use crate::time::{Moment, show_moment};

/// How long a snooze is, unless another is typed.
const SNOOZE_SECONDS: i64 = 4 * 3600;

/// Opens what it is about: the form of a finding or of a line that waits for a second person; elsewhere the provider.
pub fn open(model: &mut Model) -> Vec<Effect> {
    let Some((_, alert)) = model.selected_alert() else { return Vec::new() };
    let (provider, subject) = (alert.provider.clone(), alert.subject.clone());
    if let AlertSubject::Finding(subject) = subject {
        model.finding = Some(FindingId { provider, subject });
        go_to(model, Screen::Findings);
        return decide(model, Action::Confirm);
    }
    if let AlertSubject::Proposal(entry) = subject {
        return begin::confirm_line(model, entry);
    }
    go_to(model, Screen::Providers);
    if !model.visible().any(|row| row.provider.id == provider) {
        // The filter gives way: what it hides is never selected.
        model.filter.clear();
        refilter(model);
    }
    super::select_provider(model, Some(provider));
    Vec::new()
}

/// Acknowledges it, or begins the form that snoozes or assigns it.
pub fn mark(model: &mut Model, action: Action) -> Vec<Effect> {
    let Some((_, alert)) = model.selected_alert().filter(|(_, a)| a.state != AlertState::Resolved) else {
        model.status = Some((false, model.lang.say("status-nothing-selected")));
        return Vec::new();
    };
    let alert = alert.clone();
    match action {
        Action::Snooze => {
            let until = Moment(model.now.0 + SNOOZE_SECONDS);
            let until = show_moment(Moment(until.0 - until.0.rem_euclid(60)));
            forms::open(model, Form::snooze(&alert, &until))
        }
        Action::Assign => forms::open(model, Form::assign(&alert)),
        // The list after the last key is not there yet: the row under the cursor is still the one that was handled.
        _ if model.handled.is_some() => Vec::new(),
        _ if alert.state == AlertState::Acknowledged => {
            model.status = Some((false, model.lang.say("status-acknowledged")));
            Vec::new()
        }
        _ => {
            let Alert { provider, subject, .. } = alert;
            let command = Command::MarkAlert { provider, subject, mark: Mark::Acknowledged };
            vec![forms::submit(model, command, false)]
        }
    }
}
