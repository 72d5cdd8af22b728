//! What a form would do, asked as it is typed.

use super::super::super::form::Purpose;
use super::super::super::message::Effect;
use super::super::super::shared::Shared;
use super::OpenForm;
use crate::desk::{Areas, Change};
use crate::domain::Command;
use crate::ids::ProviderId;
use crate::rulebook::Needs;

impl OpenForm {
    /// Takes in what was typed, and asks what it would do.
    pub(super) fn look_up(&mut self, shared: &mut Shared) -> Vec<Effect> {
        let form = &mut self.form;
        form.catch_up(&shared.choices(form));
        // Another provider than the selected one: its outlets have to be known before one of them is charged.
        let named = form.meant("provider_id", &shared.choices(form)).and_then(|choice| choice.value.parse().ok());
        let known =
            shared.provider.as_ref() == named.as_ref() || shared.looked.as_ref().map(|(id, _)| id) == named.as_ref();
        let look = named.clone().filter(|_| !known && form.purpose == Purpose::Deduct).map(Effect::Look);
        let ask = named.filter(|id| {
            matches!(form.purpose, Purpose::Deduct | Purpose::Record(_)) && !shared.chargeables.contains_key(id)
        });
        let mut effects = self.ask_preview(shared);
        effects.extend(look);
        effects.extend(ask.map(Effect::LoadChargeables));
        effects
    }

    /// Asks what it would do.
    pub(super) fn ask_preview(&mut self, shared: &mut Shared) -> Vec<Effect> {
        match self.form.purpose {
            _ if self.form.saving.is_some() => Vec::new(),
            Purpose::Void(_) => self.weigh(shared),
            Purpose::Audit => self.ask_sheet(shared),
            Purpose::Deduct
            | Purpose::Reverse { .. }
            | Purpose::Confirm(_)
            | Purpose::ConfirmLine(_)
            | Purpose::Record(_) => {
                shared.asked += 1;
                match self.trial(shared) {
                    Some(command) => vec![Effect::Preview(shared.asked, command)],
                    None => {
                        self.preview = None;
                        Vec::new()
                    }
                }
            }
            _ => Vec::new(),
        }
    }

    /// The command as it would be, with what is still to be typed and changes nothing of the consequence put in.
    fn trial(&self, shared: &Shared) -> Option<Command> {
        let now = self.form.now;
        let choices = shared.choices(&self.form);
        let meant = |name: &str| self.form.meant(name, &choices).map(|choice| choice.value.into_owned());
        let mut command = self.form.command_with(now, &|name| match name {
            // An outlet that is not known yet keeps nobody from seeing the score.
            "outlet_id" if self.form.purpose == Purpose::Deduct => meant(name).unwrap_or_default(),
            "provider_id" | "article" | "outlet_id" | "to" if self.form.on(name) => {
                meant(name).unwrap_or_else(|| self.form.text(name))
            }
            _ => self.form.text(name),
        });
        if let Some(Command::Reverse { reason, .. }) = &mut command
            && reason.is_empty()
        {
            // What a reversal does shows before its reason is typed.
            "…".clone_into(reason);
        }
        if let Some(Command::Deduct(deduction)) = &mut command {
            let article = shared.judged_by(&self.form).article(deduction.article.as_str());
            if deduction.outlet.is_none() && article.is_some_and(|a| a.needs == Needs::Outlet) {
                // What a deduction does to the score is the same at any outlet of the provider.
                deduction.outlet =
                    choices.outlets(deduction.provider.as_str())?.first().map(|row| row.outlet.id.clone());
            }
            if deduction.subject.is_none() && deduction.evidence.is_none() {
                // So it is before somebody says what it stands for.
                return Some(Command::TakeIn(deduction.clone()));
            }
        }
        command
    }

    /// Whether what it would do may be other than it was.
    pub(super) fn concerns(&self, shared: &Shared, change: &Change) -> bool {
        let meant = |field: &str| {
            self.form.meant(field, &shared.choices(&self.form)).and_then(|choice| choice.value.parse().ok())
        };
        let whose = match &self.form.purpose {
            Purpose::Reverse { provider, .. } => Some(provider.clone()),
            Purpose::Confirm(id) => Some(id.provider.clone()),
            Purpose::ConfirmLine(waiting) => Some(waiting.proposed.deduction.provider.clone()),
            Purpose::Void(recorded) => recorded.entry.event.provider().cloned(),
            _ => meant("provider_id"),
        };
        // How an article was scored before is everybody's.
        let scores = matches!(self.form.purpose, Purpose::Deduct | Purpose::Confirm(_) | Purpose::ConfirmLine(_));
        let touched = |id: ProviderId| change.of(&id).meets(Areas::ALL.but(Areas::MARKS));
        whose.is_none_or(touched) || (scores && change.touches(Areas::LEDGER)) || meant("to").is_some_and(touched)
    }
}
