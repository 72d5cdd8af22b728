//! What a form would do, in words: the score, the marks it crosses, what becomes due, what is found.

use super::super::form::{Form, Purpose};
use super::super::model::Model;
use crate::desk::Preview;
use crate::domain::state::Kept;
use crate::domain::{Event, Obligation};
use crate::ids::Seq;
use crate::words;
use ratatui::style::Modifier;
use ratatui::text::Line;

/// What the command would do, in words; or why it would be refused.
pub fn consequence<'a>(model: &Model, form: &Form) -> Vec<Line<'a>> {
    let theme = &model.theme;
    if let Purpose::Void(_) = form.purpose {
        return super::correct::consequence(model);
    }
    if form.purpose == Purpose::Audit {
        return super::sheet::consequence(model);
    }
    match &model.preview {
        None => Vec::new(),
        Some(Err(refusal)) if form.refused.is_none() => {
            vec![Line::styled(words::refusal(model.lang, refusal), theme.fg(theme.warning))]
        }
        Some(Err(_)) => Vec::new(),
        Some(Ok(preview)) => match &preview.event {
            Event::Happened(_) | Event::RequestOpened(_) => what_follows(model, preview),
            Event::LineProposed(_) => {
                vec![Line::styled(model.lang.say("proposal-preview"), theme.fg(theme.warning))]
            }
            _ if matches!(form.purpose, Purpose::Record(_)) => Vec::new(),
            _ => preview_lines(model, preview),
        },
    }
}

/// What a record would be found to be, and what it makes due.
fn what_follows<'a>(model: &Model, preview: &Preview) -> Vec<Line<'a>> {
    let (theme, lang) = (&model.theme, model.lang);
    let due = |(_, o): &(Seq, Obligation)| {
        let args = [
            ("due", crate::time::show_moment(o.due)),
            ("what", words::obligation(lang, o.kind)),
            ("about", words::about(&o.about)),
            ("clause", o.kind.clause().to_owned()),
        ];
        Line::styled(lang.say_texts("record-opens", &args), theme.fg(theme.muted))
    };
    // A breach first: at 80x24 what comes last may have no room.
    let breach = |kept: &Kept| {
        let article = model.book.article(kept.subject.article());
        let title = article.map(|a| format!("{} ({})", lang.of(&a.title), a.clause)).unwrap_or_default();
        let measured = kept.measured.as_ref().map(|m| words::measured(lang, m)).unwrap_or_default();
        let text = lang.say_texts("record-found", &[("finding", format!("{title}: {measured}"))]);
        Line::styled(text, theme.fg(theme.danger).add_modifier(Modifier::BOLD))
    };
    let follows = &preview.follows;
    follows.found.iter().map(breach).chain(follows.opened.iter().map(due)).collect()
}

fn preview_lines<'a>(model: &Model, p: &Preview) -> Vec<Line<'a>> {
    let (theme, lang) = (&model.theme, model.lang);
    let standing = |s| words::standing(lang, s);
    let rises = p.after > p.before;
    let color = if rises { super::screens::standing_color(model, p.standing_after) } else { theme.ok };
    let mut lines = vec![Line::styled(
        lang.say_with(
            "preview-score",
            &[
                ("provider", p.provider.to_string().into()),
                ("year", p.year.to_string().into()),
                ("before", p.before.to_string().into()),
                ("after", p.after.to_string().into()),
                ("was", standing(p.standing_before).into()),
                ("is", standing(p.standing_after).into()),
            ],
        ),
        theme.fg(color).add_modifier(Modifier::BOLD),
    )];
    let before = words::discretion(lang, p.used.spread(None), p.used.spread(Some(&model.who))).join(" · ");
    if let Some((deduction, ..)) = p.event.deduction()
        && deduction.points != p.effective
    {
        let args = [("points", deduction.points.to_string().into()), ("effective", p.effective.to_string().into())];
        lines.push(Line::styled(lang.say_with("preview-cut", &args), theme.fg(theme.warning)));
    }
    let day = p.event.deduction().map_or(model.now.day(), |(deduction, _)| deduction.occurred_on);
    let marks = model.laws.of(&p.provider, day).marks;
    // The gravest first: at 60x15 the last may have no room.
    for mark in p.crosses.iter().rev() {
        let key = match *mark {
            m if m == marks.terminable => "preview-terminable",
            m if m == marks.suspended => "preview-suspended",
            _ => "preview-warn",
        };
        lines.push(Line::styled(lang.say_with(key, &[("mark", mark.to_string().into())]), theme.fg(theme.danger)));
    }
    if let Some(points) = p.crossing_at.filter(|_| p.crosses.is_empty()) {
        let text = lang.say_with("preview-crossing", &[("points", points.to_string().into())]);
        lines.push(Line::styled(text, theme.fg(theme.muted)));
    }
    if !before.is_empty() {
        lines.push(Line::styled(before, theme.fg(theme.muted)));
    }
    lines
}
