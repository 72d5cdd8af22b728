//! What lies over a screen: help, a line in full, forms.

use super::super::form::{Field, Form, Purpose};
use super::super::keymap::KEYS;
use super::super::model::{Model, Over};
use super::super::paint::fit;
use super::super::pick::Choice;
use crate::desk::Preview;
use crate::domain::{Event, Found, LineKind, Obligation};
use crate::words;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType, Clear, Paragraph, Wrap};
use unicode_width::UnicodeWidthStr;

/// Columns of the labels of a form.
const LABEL: u16 = 20;

/// Draws what lies over.
pub fn draw(model: &Model, frame: &mut Frame, body: Rect) {
    match &model.over {
        Over::Nothing => {}
        Over::Help => help(model, frame, body),
        Over::Line(seq) => line(model, frame, body, *seq),
        Over::Form(form) => draw_form(model, form, frame, body),
    }
}

fn centred(body: Rect, width: u16, height: u16) -> Rect {
    let (width, height) = (width.min(body.width), height.min(body.height));
    Rect::new(body.x + (body.width - width) / 2, body.y + (body.height - height) / 2, width, height)
}

fn window(model: &Model, frame: &mut Frame, area: Rect, title: String) -> Rect {
    let theme = &model.theme;
    let block = Block::bordered()
        .border_type(BorderType::Rounded)
        .border_style(theme.fg(theme.accent))
        .title(Span::styled(format!(" {title} "), theme.fg(theme.accent).add_modifier(Modifier::BOLD)))
        .style(theme.base());
    let inner = block.inner(area);
    frame.render_widget(Clear, area);
    // A wide character whose second half the border takes would hide the border: it gives way.
    for y in area.top()..area.bottom() {
        let left = area.left().checked_sub(1).and_then(|x| frame.buffer_mut().cell_mut((x, y)));
        if let Some(cell) = left.filter(|cell| cell.symbol().width() > 1) {
            cell.set_symbol(" ");
        }
    }
    frame.render_widget(block, area);
    inner.inner(ratatui::layout::Margin::new(1, 0))
}

fn help(model: &Model, frame: &mut Frame, body: Rect) {
    let theme = &model.theme;
    let inner = window(model, frame, centred(body, 76, 22), model.lang.say("key-help"));
    let keys: Vec<_> = KEYS.iter().filter(|b| b.on(model.screen)).collect();
    let half = keys.len().div_ceil(2);
    let cell = |at: usize| match keys.get(at) {
        Some(b) => vec![
            Span::styled(fit(b.label, 10), theme.fg(theme.accent).add_modifier(Modifier::BOLD)),
            Span::styled(fit(&model.lang.say(b.help), 26), theme.fg(theme.text)),
        ],
        None => Vec::new(),
    };
    let mut lines: Vec<Line> = (0..half).map(|at| Line::from([cell(at), cell(at + half)].concat())).collect();
    lines.push(Line::from(""));
    lines.extend(model.lang.say("help-filter").lines().map(|l| Line::styled(l.to_owned(), theme.fg(theme.muted))));
    frame.render_widget(Paragraph::new(lines).style(theme.base()), inner);
}

fn line(model: &Model, frame: &mut Frame, body: Rect, seq: crate::ids::Seq) {
    let theme = &model.theme;
    let Some(line) = model.lines.iter().find(|l| l.seq == seq) else { return };
    let lang = model.lang;
    let article = model.book.article(line.article.as_str());
    let title = article.map(|a| format!("{} · {} ({})", lang.of(&a.title), a.id, a.clause));
    let counted = match (line.kind, line.reversed_by) {
        (LineKind::Reversal, _) => {
            lang.say_with("line-reverses", &[("line", text(line.reverses.map(|s| s.to_string())))])
        }
        (_, Some(by)) => lang.say_with(
            "line-reversed",
            &[("points", text(Some(line.points.to_string()))), ("by", text(Some(by.to_string())))],
        ),
        _ if line.effective != line.points => lang.say_with(
            "line-cut",
            &[
                ("points", text(Some(line.points.to_string()))),
                ("effective", text(Some(line.effective.to_string()))),
                ("cap", text(line.cap.map(|c| c.to_string()))),
            ],
        ),
        _ => line.effective.to_string(),
    };
    let recorded = format!("{} · {}", line.recorded_at.civil().format("%Y-%m-%d %H:%M"), line.by);
    let rows = [
        ("article", title.unwrap_or_else(|| line.article.to_string())),
        ("points", counted),
        ("occurred_on", line.occurred_on.to_string()),
        ("outlet_id", line.outlet.as_ref().map(ToString::to_string).unwrap_or_default()),
        ("problem", line.problem.clone().unwrap_or_default()),
        ("recorded", recorded),
    ];
    let inner = window(model, frame, centred(body, 76, 16), format!("{} #{seq}", lang.say("line-title")));
    let mut lines: Vec<Line> = rows
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| {
            let label = words::field(lang, name);
            Line::from(vec![
                Span::styled(fit(&label, 14), theme.fg(theme.muted)),
                Span::styled(value, theme.fg(theme.text)),
            ])
        })
        .collect();
    if let Some(note) = &line.note {
        lines.push(Line::from(""));
        lines.extend(note.lines().map(|l| Line::styled(l.replace('\t', " "), theme.fg(theme.text))));
    }
    frame.render_widget(Paragraph::new(lines).style(theme.base()).wrap(Wrap { trim: false }), inner);
}

fn text(value: Option<String>) -> fluent_templates::fluent_bundle::FluentValue<'static> {
    value.unwrap_or_default().into()
}

fn draw_form(model: &Model, form: &Form, frame: &mut Frame, body: Rect) {
    let theme = &model.theme;
    let about = reversed_line(model, form);
    let fields: u16 = form.fields.iter().map(height).sum();
    let below = if matches!(form.purpose, Purpose::Deduct | Purpose::ChooseRecord) { 14 } else { 7 };
    let tall = fields + below + u16::try_from(about.len()).unwrap_or(0) + 2;
    // Slivers of what lies under it would only distract.
    let wide = if body.width < 112 { body.width } else { 96 };
    let mut inner = window(model, frame, centred(body, wide, tall), form_title(model, form));
    if !about.is_empty() {
        let place = Rect::new(inner.x, inner.y, inner.width, 2.min(inner.height));
        frame.render_widget(Paragraph::new(about).style(theme.base()), place);
        (inner.y, inner.height) = (inner.y + place.height, inner.height - place.height);
    }
    let mut y = inner.y;
    let bottom = inner.y + inner.height;
    for (at, field) in form.fields.iter().enumerate() {
        let tall = height(field);
        if y + tall > bottom {
            break;
        }
        draw_field(model, frame, field, form.focus == at, Rect::new(inner.x, y, inner.width, tall));
        y += tall;
    }
    let rest = Rect::new(inner.x, (y + 1).min(bottom), inner.width, bottom.saturating_sub(y + 1));
    let mut lines = buttons(model, form);
    if form.leaving {
        let text = model.lang.say("form-leave");
        lines = vec![Line::styled(text, theme.fg(theme.warning).add_modifier(Modifier::BOLD))];
    } else {
        let choices = form.choices(&model.choices());
        if choices.is_empty() {
            lines.extend(consequence(model, form));
        } else {
            let room = usize::from(rest.height).saturating_sub(3);
            lines.extend(picker(model, form, &choices, (usize::from(rest.width), room)));
        }
    }
    frame.render_widget(Paragraph::new(lines).style(theme.base()).wrap(Wrap { trim: false }), rest);
}

fn form_title(model: &Model, form: &Form) -> String {
    let lang = model.lang;
    match &form.purpose {
        Purpose::AddProvider => lang.say("form-add-provider"),
        Purpose::EditProvider => lang.say("form-edit-provider"),
        Purpose::AddOutlet => lang.say("form-add-outlet"),
        Purpose::EditOutlet => lang.say("form-edit-outlet"),
        Purpose::Deduct => lang.say("form-deduct"),
        Purpose::ChooseRecord => lang.say("form-choose-record"),
        Purpose::Record(kind) => words::record(lang, kind.word),
        Purpose::Snooze(_) => lang.say("form-snooze"),
        Purpose::Assign(_) => lang.say("form-assign"),
        Purpose::Confirm(_) => lang.say("form-confirm"),
        Purpose::Dismiss(_) => lang.say("form-dismiss"),
        Purpose::Reverse { line, provider } => lang
            .say_with("form-reverse", &[("line", line.to_string().into()), ("provider", provider.to_string().into())]),
    }
}

/// A field: its label, what was typed, and what is wrong with it.
fn draw_field(model: &Model, frame: &mut Frame, field: &Field, focus: bool, row: Rect) {
    let theme = &model.theme;
    let label = format!("{}{}", if focus { "▸ " } else { "  " }, words::field(model.lang, field.name));
    let style = if focus { theme.fg(theme.accent).add_modifier(Modifier::BOLD) } else { theme.fg(theme.muted) };
    let label = Paragraph::new(fit(&label, usize::from(LABEL))).style(style);
    frame.render_widget(label, Rect::new(row.x, row.y, LABEL.min(row.width), 1));
    let error_columns = field.error.as_ref().map_or(0, |e| u16::try_from(e.width() + 2).unwrap_or(40)).min(46);
    let room = row.width.saturating_sub(LABEL + error_columns);
    let place = Rect::new(row.x + LABEL, row.y, room, row.height);
    let mut area = field.area.clone();
    let shade = if field.locked { theme.muted } else { theme.text };
    area.set_style(theme.fg(shade));
    area.set_cursor_style(if focus { theme.selection().add_modifier(Modifier::REVERSED) } else { theme.fg(shade) });
    frame.render_widget(&area, place);
    // The terminal's own cursor follows the caret, so that input methods open there.
    if focus {
        let tui_textarea::DataCursor(line, column) = area.cursor();
        let before: String = area.lines().get(line).map(|l| l.chars().take(column).collect()).unwrap_or_default();
        let x = u16::try_from(before.width()).unwrap_or(0).min(room.saturating_sub(1));
        frame.set_cursor_position((place.x + x, place.y + u16::try_from(line).unwrap_or(0).min(row.height - 1)));
    }
    if focus && field.error.is_none() && field.words.len() > 1 {
        // What it may be; the arrows and the space bar turn it.
        let words = format!("◂ {} ▸", field.words.join(" | "));
        let columns = u16::try_from(words.width()).unwrap_or(room).min(room.saturating_sub(16));
        let place = Rect::new(place.x + room - columns, row.y, columns, 1);
        frame.render_widget(Paragraph::new(fit(&words, usize::from(columns))).style(theme.fg(theme.muted)), place);
    }
    if let Some(error) = &field.error {
        let place = Rect::new(row.x + LABEL + room, row.y, error_columns, 1);
        frame.render_widget(Paragraph::new(format!(" {error}")).style(theme.fg(theme.danger)), place);
    }
}

/// Rows that a field takes.
fn height(field: &Field) -> u16 {
    if field.lines { 3 } else { 1 }
}

/// What a reversal is about: the line it cancels.
fn reversed_line<'a>(model: &Model, form: &Form) -> Vec<Line<'a>> {
    let Purpose::Reverse { line, .. } = &form.purpose else { return Vec::new() };
    let Some(line) = model.lines.iter().find(|l| l.seq == *line) else { return Vec::new() };
    let article = model.book.article(line.article.as_str()).map(|a| model.lang.of(&a.title).to_owned());
    let outlet = line.outlet.as_ref().map(ToString::to_string).unwrap_or_default();
    let text = format!(
        "  {}  {}  {}  {outlet}",
        line.occurred_on,
        article.unwrap_or_else(|| line.article.to_string()),
        line.points
    );
    vec![Line::styled(text, model.theme.fg(model.theme.text).add_modifier(Modifier::BOLD)), Line::from("")]
}

fn buttons<'a>(model: &Model, form: &Form) -> Vec<Line<'a>> {
    let theme = &model.theme;
    let button = |focus: bool, word: String| {
        Span::styled(
            format!(" [ {word} ] "),
            if focus { theme.selection().add_modifier(Modifier::BOLD) } else { theme.fg(theme.muted) },
        )
    };
    let mut spans = Vec::new();
    if matches!(form.purpose, Purpose::Reverse { .. }) {
        spans.push(button(form.focus == usize::MAX, model.lang.say("form-cancel")));
        spans.push(button(form.focus == form.fields.len(), model.lang.say("form-do-reverse")));
    } else {
        spans.push(button(form.focus == form.fields.len(), model.lang.say("form-save")));
    }
    let mut lines = vec![Line::from(spans)];
    if let Some(refused) = &form.refused {
        lines.push(Line::styled(refused.clone(), theme.fg(theme.danger)));
    }
    lines.push(Line::from(""));
    lines
}

fn picker<'a>(model: &Model, form: &Form, choices: &[Choice], (width, room): (usize, usize)) -> Vec<Line<'a>> {
    let theme = &model.theme;
    let at = form.pick.unwrap_or(0).min(choices.len() - 1);
    let first = super::super::paint::window(choices.len(), at, room);
    let widest = |of: fn(&Choice) -> usize| choices.iter().map(of).max().unwrap_or(0);
    let (values, facts) = (widest(|c| c.value.width() + 2).max(22), widest(|c| c.fact.width()) + 2);
    let titles = width.saturating_sub(values + facts + 10);
    // Before anything is typed or picked, nothing would be taken.
    let taken = form.pick.is_some() || form.fields.get(form.focus).is_some_and(|f| !f.text().is_empty());
    let row = |(n, c): (usize, &Choice)| {
        let line = Line::from(vec![
            Span::styled(fit(&c.value, values), theme.fg(theme.accent)),
            Span::styled(fit(&c.fact, facts), theme.fg(theme.text)),
            Span::styled(fit(&c.place, 10), theme.fg(theme.muted)),
            Span::styled(fit(&c.title, titles), theme.fg(theme.text)),
        ]);
        if n == at && taken { super::screens::marked(line, theme.selection()) } else { line }
    };
    choices.iter().enumerate().skip(first).take(room).map(row).collect()
}

/// What the command would do, in words; or why it would be refused.
fn consequence<'a>(model: &Model, form: &Form) -> Vec<Line<'a>> {
    let theme = &model.theme;
    match &model.preview {
        None => Vec::new(),
        Some(Err(refusal)) if form.refused.is_none() => {
            vec![Line::styled(words::refusal(model.lang, refusal), theme.fg(theme.warning))]
        }
        Some(Err(_)) => Vec::new(),
        Some(Ok(preview)) => match &preview.event {
            Event::Happened(h) => what_follows(model, &h.opens, h.found.as_ref()),
            Event::RequestOpened(request) => what_follows(model, &[request.obligation()], None),
            _ if matches!(form.purpose, Purpose::Record(_)) => Vec::new(),
            _ => preview_lines(model, preview),
        },
    }
}

/// What a record would be found to be, and what it makes due.
fn what_follows<'a>(model: &Model, opens: &[Obligation], found: Option<&Found>) -> Vec<Line<'a>> {
    let (theme, lang) = (&model.theme, model.lang);
    let due = |o: &Obligation| {
        let args = [
            ("due", crate::time::show_moment(o.due)),
            ("what", words::obligation(lang, o.kind)),
            ("about", words::about(&o.about)),
            ("clause", o.kind.clause().to_owned()),
        ];
        Line::styled(lang.say_texts("record-opens", &args), theme.fg(theme.muted))
    };
    // A breach first: at 80x24 what comes last may have no room.
    let mut lines = Vec::new();
    if let Some(found) = found {
        let article = model.book.article(found.breach.article());
        let title = article.map(|a| format!("{} ({})", lang.of(&a.title), a.clause)).unwrap_or_default();
        let text = format!("{title}: {}", words::measured(lang, &found.measured));
        let text = lang.say_texts("record-found", &[("finding", text)]);
        lines.push(Line::styled(text, theme.fg(theme.danger).add_modifier(Modifier::BOLD)));
    }
    lines.extend(opens.iter().map(due));
    lines
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
    if let Some((deduction, ..)) = p.event.deduction()
        && deduction.points != p.effective
    {
        let args = [("points", deduction.points.to_string().into()), ("effective", p.effective.to_string().into())];
        lines.push(Line::styled(lang.say_with("preview-cut", &args), theme.fg(theme.warning)));
    }
    let marks = model.book.marks;
    for mark in &p.crosses {
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
    lines
}
