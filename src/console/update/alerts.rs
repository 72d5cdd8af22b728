//! What is done with the selected alert.

use super::super::form::Form;
use super::super::keymap::Action;
use super::super::model::{Effect, Model, Over, Screen};
use super::{decide, go_to};
use crate::domain::{AlertState, AlertSubject, Command, FindingId, Mark};
use crate::time::{Moment, show_moment};

/// How long a snooze is, unless another is typed.
const SNOOZE_SECONDS: i64 = 4 * 3600;

/// Opens what it is about: a finding's form; elsewhere the provider.
pub fn open(model: &mut Model) -> Vec<Effect> {
    let Some((_, alert)) = model.selected_alert() else { return Vec::new() };
    let (provider, subject) = (alert.provider.clone(), alert.subject);
    if let AlertSubject::Finding(subject) = subject {
        model.finding = Some(FindingId { provider, subject });
        go_to(model, Screen::Findings);
        return decide(model, Action::Confirm);
    }
    go_to(model, Screen::Providers);
    super::select_provider(model, Some(provider))
}

/// Acknowledges it, or begins the form that snoozes or assigns it.
pub fn mark(model: &mut Model, action: Action) -> Vec<Effect> {
    let Some((_, alert)) = model.selected_alert().filter(|(_, a)| a.state != AlertState::Resolved) else {
        model.status = Some((false, model.lang.say("status-nothing-selected")));
        return Vec::new();
    };
    let form = match action {
        Action::Snooze => {
            let until = Moment(model.now.0 + SNOOZE_SECONDS);
            Form::snooze(alert, &show_moment(Moment(until.0 - until.0.rem_euclid(60))))
        }
        Action::Assign => Form::assign(alert),
        _ => {
            let (provider, subject) = (alert.provider.clone(), alert.subject);
            return vec![Effect::Submit(Command::MarkAlert { provider, subject, mark: Mark::Acknowledged })];
        }
    };
    model.over = Over::Form(Box::new(form));
    Vec::new()
}
