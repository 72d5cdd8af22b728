//! What a correction is about and what it changes, in the words of the command line (decision 13).

use super::super::form::{Form, Purpose};
use super::super::model::Model;
use crate::exchange::entry;
use crate::words;
use ratatui::style::Modifier;
use ratatui::text::Line;

/// The entry that is corrected.
pub fn about<'a>(model: &Model, form: &Form) -> Vec<Line<'a>> {
    let Purpose::Void(recorded) = &form.purpose else { return Vec::new() };
    let theme = &model.shared.theme;
    let style = theme.fg(theme.text).add_modifier(Modifier::BOLD);
    let says = super::super::screens::journal::about(model.shared.lang, &recorded.entry.event);
    vec![
        Line::styled(entry::named(model.shared.lang, recorded), style),
        Line::styled(entry::plain(&says), theme.fg(theme.muted)),
    ]
}

/// What it changes, the scores first, and what goes with it; or why not, and what stands on it.
pub fn consequence<'a>(model: &Model) -> Vec<Line<'a>> {
    let (theme, lang) = (&model.shared.theme, model.shared.lang);
    let Some(correcting) = &model.correcting else {
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
            let changes = entry::changes(lang, &model.shared.book, weighed).into_iter();
            changes.map(|told| super::consequence::line(model, told)).chain(with).chain(named).collect()
        }
    }
}
