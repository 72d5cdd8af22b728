//! What a form would do, in words: the score, the marks it crosses, what becomes due, what is found.

use super::super::super::form::Purpose;
use super::super::super::shared::Shared;
use super::OpenForm;
use crate::desk::Preview;
use crate::domain::{Event, Standing};
use crate::exchange::entry::{self, Told, Tone};
use crate::ids::ProviderId;
use crate::words;
use ratatui::style::Modifier;
use ratatui::text::Line;

/// What the command would do, in words; or why it would be refused.
pub fn consequence<'a>(shared: &Shared, open: &OpenForm) -> Vec<Line<'a>> {
    let (theme, form) = (&shared.theme, &open.form);
    if let Purpose::Void(_) = form.purpose {
        return super::correct::consequence(shared, open.correcting.as_ref());
    }
    if form.purpose == Purpose::Audit {
        // What is still to be typed is not wrong yet.
        let sheet = open.sheet.as_ref().filter(|_| open.form.touched);
        return super::sheet::consequence(shared, sheet);
    }
    match &open.preview {
        None => Vec::new(),
        Some(Err(refusal)) if form.refused.is_none() => {
            vec![Line::styled(words::refusal(shared.lang, refusal), theme.fg(theme.warning))]
        }
        Some(Err(_)) => Vec::new(),
        Some(Ok(preview)) => {
            let is_line = matches!(preview.event, Event::Reversed { .. }) || preview.event.deduction().is_some();
            let said = |provider: &ProviderId, year| is_line && (provider, year) == (&preview.provider, preview.year);
            let mut lines = match &preview.event {
                Event::LineProposed(_) => {
                    vec![Line::styled(shared.lang.say("proposal-preview"), theme.fg(theme.warning))]
                }
                _ if is_line => preview_lines(shared, preview),
                _ => Vec::new(),
            };
            let more = entry::consequences(shared.lang, &shared.book, &preview.weighed, &|of, year| !said(of, year));
            lines.extend(more.into_iter().map(|told| line(shared, told)));
            lines
        }
    }
}

/// A line of what a change comes to.
pub fn line<'a>(shared: &Shared, told: Told) -> Line<'a> {
    let theme = &shared.theme;
    let style = match told.tone {
        Tone::Score => theme.fg(theme.text).add_modifier(Modifier::BOLD),
        Tone::Worse => theme.fg(theme.danger).add_modifier(Modifier::BOLD),
        Tone::Better => theme.fg(theme.ok),
        Tone::Plain => theme.fg(theme.text),
    };
    Line::styled(told.text, style)
}

fn preview_lines<'a>(shared: &Shared, p: &Preview) -> Vec<Line<'a>> {
    let (theme, lang) = (&shared.theme, shared.lang);
    let standing = |s| words::standing(lang, s);
    let rises = p.after > p.before;
    let color = if rises { shared.theme.standing(p.standing_after) } else { theme.ok };
    let mut lines = vec![Line::styled(
        lang.say_with(
            "preview-score",
            &[
                ("provider", p.provider.to_string().into()),
                ("year", p.year.to_string().into()),
                ("before", p.before.to_string().into()),
                ("after", p.after.0.into()),
                ("was", standing(p.standing_before).into()),
                ("is", standing(p.standing_after).into()),
            ],
        ),
        theme.fg(color).add_modifier(Modifier::BOLD),
    )];
    let before = words::discretion(lang, p.used.spread(None), p.used.spread(Some(&shared.who))).join(" · ");
    if let Some((deduction, ..)) = p.event.deduction()
        && deduction.points != p.effective
    {
        let args = [("points", deduction.points.to_string().into()), ("effective", p.effective.to_string().into())];
        lines.push(Line::styled(lang.say_with("preview-cut", &args), theme.fg(theme.warning)));
    }
    let day = p.event.deduction().map_or(shared.now.day(), |(deduction, _)| deduction.occurred_on);
    let marks = &shared.laws.of(&p.provider, day).marks;
    // The gravest first: at 60x15 the last may have no room.
    for mark in p.crosses.iter().rev() {
        let key = match marks.standing(*mark) {
            Standing::Terminable => "preview-terminable",
            Standing::Suspended => "preview-suspended",
            _ => "preview-warn",
        };
        lines.push(Line::styled(lang.say_with(key, &[("mark", mark.to_string().into())]), theme.fg(theme.danger)));
    }
    if let Some(points) = p.crossing_at.filter(|_| p.crosses.is_empty()) {
        let text = lang.say_with("preview-crossing", &[("points", points.0.into())]);
        lines.push(Line::styled(text, theme.fg(theme.muted)));
    }
    if !before.is_empty() {
        lines.push(Line::styled(before, theme.fg(theme.muted)));
    }
    lines
}
