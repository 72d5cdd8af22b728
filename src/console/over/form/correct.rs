//! A correction: the entry that is selected is taken away, or what it took comes back. What that changes is read before
//! it can be done, and again when it is, in the words of the command line (decision 13).

use super::super::super::form::{Form, Purpose};
use super::super::super::message::{Correcting, Effect};
use super::super::super::screens::journal;
use super::super::super::shared::Shared;
use super::OpenForm;
use crate::domain::Command;
use crate::exchange::entry;
use crate::words;
use ratatui::style::Modifier;
use ratatui::text::Line;

impl OpenForm {
    /// Asks what the correction would change, unless that is known.
    pub(super) fn weigh(&mut self, shared: &mut Shared) -> Vec<Effect> {
        let Some(Command::Void { entry, dependents, .. }) = self.form.command(self.form.now) else { return Vec::new() };
        if self.correcting.as_ref().is_some_and(|known| known.dependents == dependents) {
            return Vec::new();
        }
        self.correcting = None;
        shared.asked += 1;
        vec![Effect::Weigh(shared.asked, entry, dependents)]
    }

    /// It changes something else than was shown: nothing was done, and it is shown.
    pub(super) fn outdated(&mut self, shared: &Shared, correcting: Correcting) {
        let refused = correcting.weighed.is_ok().then(|| shared.lang.say("void-outdated"));
        (self.form.saving, self.form.refused, self.form.scroll) = (None, refused, 0);
        self.correcting = Some(correcting);
    }

    /// Does what is shown; where nothing is shown yet, or it is refused, that is asked first.
    pub(super) fn correct(&mut self, shared: &mut Shared, command: Command) -> Vec<Effect> {
        match self.correcting.as_ref().map(|shown| shown.weighed.clone()) {
            Some(Ok(weighed)) => {
                shared.submitted += 1;
                self.form.saving = Some(shared.submitted);
                vec![Effect::Correct(shared.submitted, command, Box::new(weighed))]
            }
            // Why not stands below already.
            Some(Err(_)) => Vec::new(),
            None => {
                (self.form.refused, self.form.scroll) = (Some(shared.lang.say("void-weighing")), 0);
                self.weigh(shared)
            }
        }
    }
}

/// The entry that is corrected.
pub fn about<'a>(shared: &Shared, form: &Form) -> Vec<Line<'a>> {
    let Purpose::Void(recorded) = &form.purpose else { return Vec::new() };
    let theme = &shared.theme;
    let style = theme.fg(theme.text).add_modifier(Modifier::BOLD);
    let says = journal::about(shared, &recorded.entry.event);
    vec![
        Line::styled(entry::named(shared.lang, recorded), style),
        Line::styled(entry::plain(&says), theme.fg(theme.muted)),
    ]
}

/// What it changes, the scores first, and what goes with it; or why not, and what stands on it.
pub fn consequence<'a>(shared: &Shared, correcting: Option<&Correcting>) -> Vec<Line<'a>> {
    let (theme, lang) = (&shared.theme, shared.lang);
    let Some(correcting) = correcting else {
        return vec![Line::styled(lang.say("void-weighing"), theme.fg(theme.muted))];
    };
    let named = correcting.entries.iter().map(|recorded| {
        let text = format!("  {}", entry::named(lang, recorded));
        Line::styled(text, theme.fg(theme.text))
    });
    match &correcting.weighed {
        Err(refusal) => {
            let why = Line::styled(words::refusal(lang, refusal), theme.fg(theme.danger));
            [why].into_iter().chain(named).collect()
        }
        Ok(weighed) => {
            let with = Line::styled(lang.say("void-with"), theme.fg(theme.warning));
            let with = (!correcting.entries.is_empty()).then_some(with);
            let changes = entry::changes(lang, &shared.book, weighed).into_iter();
            changes.map(|told| super::consequence::line(shared, told)).chain(with).chain(named).collect()
        }
    }
}
