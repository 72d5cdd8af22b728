//! A form: a strip along the bottom, as wide as the terminal. Its fields with what they stand for, what it would do,
//! its buttons, and what can be picked, in this order: what it would do shows whatever is being picked.

use super::super::super::draw::body;
use super::super::super::form::{Field, Form, Purpose};
use super::super::super::paint::fit;
use super::super::super::pick::{Choice, Offered};
use super::super::super::rank::Fit;
use super::super::super::screens::marked;
use super::super::super::shared::Shared;
use super::super::window;
use super::OpenForm;
use super::consequence::consequence;
use super::echo::{Echo, echo};
use crate::words;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Paragraph, Wrap};
use std::sync::Arc;
use tui_textarea::CursorMove;
use unicode_width::UnicodeWidthStr;

/// Columns of the labels.
const LABEL: u16 = 20;
/// Rows of what the form would do that are kept free, so that nothing jumps while it is typed.
const CONSEQUENCE: u16 = 2;
/// Rows of what can be picked.
const PICKER: u16 = 6;
/// Rows of a body from which on a form has room for more of what it would do.
const ROOMY: u16 = 28;

/// Where the parts of a form stand.
struct Layout<'a> {
    strip: Rect,
    inner: Rect,
    about: Vec<Line<'a>>,
    offered: Arc<Offered>,
    /// Rows that the picker needs at least.
    wanted: u16,
    /// What is said under the fields, all of it.
    below: Vec<Line<'a>>,
    /// Rows that there are for that.
    space: usize,
}

fn rows(lines: &[Line<'_>]) -> u16 {
    u16::try_from(lines.len()).unwrap_or(u16::MAX)
}

fn layout<'a>(shared: &Shared, open: &OpenForm, body: Rect) -> Layout<'a> {
    let form = &open.form;
    let width = body.width.saturating_sub(4);
    let handled = handled(shared, form).iter().flat_map(|line| wrap(line, usize::from(width))).collect();
    let about =
        [reversed_line(shared, form), proposed_line(shared, form), handled, super::correct::about(shared, form)]
            .concat();
    let below = below(shared, open, width);
    let picks = form.fields.iter().any(|field| form.chooses(field.name));
    let most: u16 = form.fields.iter().map(tallest).sum();
    // What a correction changes may be much: it takes the room that there is. Other forms keep their height while
    // something is typed.
    let least = if body.height < ROOMY { CONSEQUENCE } else { 3 * CONSEQUENCE };
    let more = match (form.scrolls(), picks) {
        (true, _) => rows(&below).max(CONSEQUENCE + PICKER),
        (_, true) => least + PICKER,
        _ => least + 1,
    };
    let tall = (3 + rows(&about) + most).saturating_add(more).min(body.height);
    let strip = Rect::new(body.x, body.bottom() - tall, body.width, tall);
    let inner = strip.inner(ratatui::layout::Margin::new(2, 1));
    let offered = form.choices(&shared.choices(form));
    let wanted = if offered.choices.is_empty() { 0 } else { 2 };
    // What is filled in comes first, then what it would do; what has no room at 60x15 is the least of that.
    let filled = form.fields.iter().enumerate().filter(|(at, field)| is_filled(form, *at, field)).count();
    // A sheet is typed line by line: some of it shows whatever is wrong with it.
    let filled = filled + if form.on("sheet") { 4 } else { 0 };
    let top = inner.y + rows(&about) + wanted + u16::try_from(filled).unwrap_or(0);
    let space = usize::from(inner.bottom().saturating_sub(top).max(CONSEQUENCE));
    Layout { strip, inner, about, offered, wanted, below, space }
}

/// The last line of what is said under the fields that can be its first, and how many of its lines show.
pub fn room(shared: &Shared, open: &OpenForm) -> (usize, usize) {
    let Layout { below, space, .. } = layout(shared, open, body(shared));
    (below.len().saturating_sub(space), space)
}

/// Draws it.
pub fn draw(shared: &Shared, open: &OpenForm, frame: &mut Frame, body: Rect) {
    let (base, form) = (shared.theme.base(), &open.form);
    let Layout { strip, inner, about, offered, wanted, mut below, space } = layout(shared, open, body);
    let mut title = form_title(shared, form);
    if below.len() > space {
        let (first, all) = (form.scroll.min(below.len() - space), below.len());
        title += &format!(" · {}–{}/{all} PgUp PgDn", first + 1, first + space);
        below.drain(..first);
    }
    below.truncate(space);
    window(shared, frame, strip, title);
    let place = |y: u16, rows: u16| {
        Rect::new(inner.x, y.min(inner.bottom()), inner.width, rows.min(inner.bottom().saturating_sub(y)))
    };
    frame.render_widget(Paragraph::new(about.clone()).style(base), place(inner.y, rows(&about)));
    let top = inner.y + rows(&about);
    let room = inner.bottom().saturating_sub(top + rows(&below) + wanted);
    let mut y = top;
    for (at, tall) in shown(form, room) {
        draw_field(shared, frame, (form, at), place(y, tall));
        y += tall;
    }
    // The buttons give way first: the footer names their keys.
    let left = inner.bottom().saturating_sub(y + rows(&below));
    frame.render_widget(Paragraph::new(below.clone()).style(base), place(y, rows(&below)));
    y += rows(&below);
    if left > wanted {
        frame.render_widget(Paragraph::new(buttons(shared, form)).style(base), place(y, 1));
        y += 1;
    }
    let room = inner.bottom().saturating_sub(y);
    let lines = picker(shared, form, &offered, (usize::from(inner.width), usize::from(room)));
    frame.render_widget(Paragraph::new(lines).style(base), place(y, room));
}

/// What is said under the fields, in rows that fit: the question whether to leave, what the desk said, what is wrong
/// with the field that has the focus, or what the form would do.
fn below<'a>(shared: &Shared, open: &OpenForm, width: u16) -> Vec<Line<'a>> {
    let (theme, form) = (&shared.theme, &open.form);
    let wrong = form.fields.get(form.focus).and_then(|field| field.error.clone());
    let mut lines = match (form.leaving, form.refused.clone()) {
        (true, _) => {
            vec![Line::styled(shared.lang.say("form-leave"), theme.fg(theme.warning).add_modifier(Modifier::BOLD))]
        }
        (false, Some(refused)) => vec![Line::styled(refused, theme.fg(theme.danger))],
        (false, None) => wrong
            .filter(|error| error.width() > usize::from(errors(form, shared.lang, width)))
            .map(|error| Line::styled(error, theme.fg(theme.danger)))
            .into_iter()
            .collect(),
    };
    if !form.leaving {
        lines.extend(consequence(shared, open));
    }
    let mut wrapped: Vec<Line<'a>> = lines.into_iter().flat_map(|line| wrap(&line, usize::from(width))).collect();
    wrapped.resize_with(wrapped.len().max(usize::from(CONSEQUENCE)), Line::default);
    wrapped
}

/// A line in as many as it needs.
fn wrap<'a>(line: &Line<'_>, width: usize) -> Vec<Line<'a>> {
    let style = line.style;
    let text: String = line.spans.iter().map(|span| span.content.as_ref()).collect();
    let style = line.spans.first().map_or(style, |span| style.patch(span.style));
    let area = Rect::new(0, 0, u16::try_from(width.max(1)).unwrap_or(u16::MAX), 4);
    let mut buffer = ratatui::buffer::Buffer::empty(area);
    ratatui::widgets::Widget::render(Paragraph::new(text).wrap(Wrap { trim: true }), area, &mut buffer);
    let rows = (0..area.height).map(|y| {
        let mut row = String::new();
        let mut x = 0;
        while let Some(cell) = buffer.cell((x, y)) {
            row.push_str(cell.symbol());
            x += u16::try_from(cell.symbol().width().max(1)).unwrap_or(1);
        }
        row.trim_end().to_owned()
    });
    rows.filter(|row| !row.is_empty()).map(|row| Line::styled(row, style)).collect()
}

/// Which fields there is room for, and in how many rows: notes are short where they have no focus, empty fields give
/// way, and what is left moves with the focus.
fn shown(form: &Form, room: u16) -> Vec<(usize, u16)> {
    let all = || form.fields.iter().enumerate();
    let sum = |rows: &[(usize, u16)]| rows.iter().map(|(_, tall)| *tall).sum::<u16>();
    let full: Vec<(usize, u16)> = all().map(|(at, field)| (at, tallest(field))).collect();
    if sum(&full) <= room {
        return full;
    }
    let short: Vec<(usize, u16)> = all().map(|(at, _)| (at, 1)).collect();
    if sum(&short) <= room {
        let more = room - sum(&short);
        let grown = |(at, _): &(usize, u16)| {
            let own = form.fields.get(*at).filter(|field| field.name == "sheet" && *at == form.focus);
            (*at, own.map_or(1, |field| tallest(field).min(1 + more)))
        };
        return short.iter().map(grown).collect();
    }
    let filled = |(at, field): &(usize, &Field)| is_filled(form, *at, field);
    let mut some: Vec<(usize, u16)> = all().filter(filled).map(|(at, _)| (at, 1)).collect();
    let focus = some.iter().position(|(at, _)| *at == form.focus).unwrap_or(0);
    let first = super::super::super::paint::window(some.len(), focus, usize::from(room.max(1)));
    some.drain(..first);
    some.truncate(usize::from(room.max(1)));
    some
}

/// Whether there is something to be seen in a field.
fn is_filled(form: &Form, at: usize, field: &Field) -> bool {
    at == form.focus || field.error.is_some() || !field.area.is_empty()
}

/// Rows that a field takes where there is room.
fn tallest(field: &Field) -> u16 {
    match field.name {
        "sheet" => 8,
        _ if field.lines => 3,
        _ => 1,
    }
}

/// What a form is called.
pub fn form_title(shared: &Shared, form: &Form) -> String {
    let lang = shared.lang;
    match &form.purpose {
        Purpose::AddProvider => lang.say("form-add-provider"),
        Purpose::EditProvider => lang.say("form-edit-provider"),
        Purpose::AddOutlet => lang.say("form-add-outlet"),
        Purpose::EditOutlet => lang.say("form-edit-outlet"),
        Purpose::Deduct => lang.say("form-deduct"),
        Purpose::Audit => lang.say("form-audit"),
        Purpose::ChooseRecord => lang.say("form-choose-record"),
        Purpose::Record(kind) => words::record(lang, kind.word),
        Purpose::Snooze(_) => lang.say("form-snooze"),
        Purpose::Assign(_) => lang.say("form-assign"),
        Purpose::Confirm(_) => lang.say("form-confirm"),
        Purpose::ConfirmLine(_) => lang.say("form-confirm-line"),
        Purpose::Dismiss(_) => lang.say("form-dismiss"),
        Purpose::Void(recorded) => lang.say_texts("form-void", &[("entry", recorded.seq.to_string())]),
        Purpose::Reverse { line, provider } => lang
            .say_with("form-reverse", &[("line", line.to_string().into()), ("provider", provider.to_string().into())]),
    }
}

/// Columns of the labels: the longest, a mark before and two blanks behind, which tell it from what follows.
fn labels(form: &Form, lang: words::Lang) -> u16 {
    let longest = form.fields.iter().map(|field| words::field(lang, field.name).width()).max().unwrap_or(0);
    u16::try_from(longest + 4).unwrap_or(LABEL).clamp(LABEL, LABEL + 12)
}

/// What stands for a yes or no, which is only turned.
fn shown_word(shared: &Shared, field: &Field) -> Option<String> {
    (field.name == "dependents").then(|| shared.lang.say(&format!("value-{}", field.text())))
}

/// Columns that an error may take beside its field.
fn errors(form: &Form, lang: words::Lang, width: u16) -> u16 {
    width.saturating_sub(labels(form, lang)) * 2 / 3
}

/// A field: its label, what was typed, and what is wrong with it or what it stands for.
fn draw_field(shared: &Shared, frame: &mut Frame, (form, at): (&Form, usize), row: Rect) {
    let Some(field) = form.fields.get(at).filter(|_| row.height > 0) else { return };
    let wide = labels(form, shared.lang);
    let (theme, focus) = (&shared.theme, form.focus == at);
    let label = format!("{}{}", if focus { "▸ " } else { "  " }, words::field(shared.lang, field.name));
    let style = if focus { theme.fg(theme.accent).add_modifier(Modifier::BOLD) } else { theme.fg(theme.muted) };
    frame.render_widget(
        Paragraph::new(fit(&label, usize::from(wide))).style(style),
        Rect { width: wide, height: 1, ..row },
    );
    let long = field.long.map(|long| super::super::super::form::say_long(shared.lang, long));
    let (side, color, first) = match (&field.error, long, echo(shared, form, field, focus)) {
        (Some(error), ..) => (error.clone(), theme.danger, true),
        (None, Some(long), _) => (long, theme.danger, true),
        (None, None, Echo::Sure(text)) => (text, theme.text, form.chooses(field.name) || focus && form.pick.is_some()),
        (None, None, Echo::Hint(text)) => (text, theme.muted, false),
    };
    let space = row.width.saturating_sub(wide);
    let typed = field.area.lines().iter().map(|line| line.width()).max().unwrap_or(0) + 2;
    let typed = u16::try_from(typed).unwrap_or(u16::MAX);
    // What is wrong with a long text, and who will be charged by it, goes before its end; else it has its room.
    let beside = space.saturating_sub(typed);
    let beside = if first { beside.max(errors(form, shared.lang, row.width)) } else { beside };
    let columns = u16::try_from(side.width() + 1).unwrap_or(u16::MAX).min(beside);
    let columns = if side.is_empty() { 0 } else { columns.min(space.saturating_sub(12)) };
    let room = space - columns;
    let place = Rect::new(row.x + wide, row.y, room, row.height);
    let mut area = match shown_word(shared, field) {
        Some(word) => tui_textarea::TextArea::new(vec![word]),
        None => field.area.clone(),
    };
    // Of itself it underlines the line that the caret is on.
    area.set_cursor_line_style(Style::new());
    // Of a text that has no room and is not being typed the beginning shows.
    if !focus {
        area.cancel_selection();
        area.move_cursor(CursorMove::Top);
        area.move_cursor(CursorMove::Head);
    }
    let shade = if field.locked { theme.muted } else { theme.text };
    area.set_style(theme.fg(shade));
    area.set_selection_style(theme.selection());
    area.set_cursor_style(if focus { theme.selection().add_modifier(Modifier::REVERSED) } else { theme.fg(shade) });
    frame.render_widget(&area, place);
    // The terminal's own cursor follows the caret, so that input methods open there.
    if focus {
        let tui_textarea::DataCursor(line, column) = area.cursor();
        let before: String = area.lines().get(line).map(|l| l.chars().take(column).collect()).unwrap_or_default();
        let x = u16::try_from(before.width()).unwrap_or(u16::MAX).min(room.saturating_sub(1));
        frame.set_cursor_position((place.x + x, place.y + u16::try_from(line).unwrap_or(0).min(row.height - 1)));
    }
    // Beside a short text it stands close to it.
    let x = if typed + columns <= space { place.x + typed } else { place.x + room };
    let beside = Rect::new(x, row.y, columns, 1);
    frame.render_widget(Paragraph::new(fit(&side, usize::from(columns))).style(theme.fg(color)), beside);
}

/// What a reversal is about: the line it cancels.
fn reversed_line<'a>(shared: &Shared, form: &Form) -> Vec<Line<'a>> {
    let Purpose::Reverse { line, .. } = &form.purpose else { return Vec::new() };
    let Some(line) = shared.lines.rows.iter().find(|l| l.seq == *line) else { return Vec::new() };
    let article = shared.book.article(line.article.as_str()).map(|a| shared.lang.of(&a.title).to_owned());
    let outlet = line.outlet.as_ref().map(ToString::to_string).unwrap_or_default();
    let text = format!(
        "  {}  {}  {}  {outlet}",
        line.occurred_on,
        article.unwrap_or_else(|| line.article.to_string()),
        line.points
    );
    vec![Line::styled(text, shared.theme.fg(shared.theme.text).add_modifier(Modifier::BOLD)), Line::from("")]
}

/// What a confirmation is about: who proposed the line, and when.
fn proposed_line<'a>(shared: &Shared, form: &Form) -> Vec<Line<'a>> {
    let Purpose::ConfirmLine(waiting) = &form.purpose else { return Vec::new() };
    let args =
        [("seq", waiting.entry.to_string()), ("by", waiting.by.clone()), ("at", crate::time::show_moment(waiting.at))];
    let style = shared.theme.fg(shared.theme.text).add_modifier(Modifier::BOLD);
    vec![Line::styled(shared.lang.say_texts("form-proposed-by", &args), style)]
}

/// What the alert or the finding says that is handled.
fn handled<'a>(shared: &Shared, form: &Form) -> Option<Line<'a>> {
    let says = match &form.purpose {
        Purpose::Snooze(alert) | Purpose::Assign(alert) => words::alert(shared.lang, &shared.book, alert),
        Purpose::Confirm(finding) | Purpose::Dismiss(finding) => {
            words::article(shared.lang, &shared.book, finding.subject.article())
        }
        _ => return None,
    };
    Some(Line::styled(says, shared.theme.fg(shared.theme.text).add_modifier(Modifier::BOLD)))
}

fn buttons<'a>(shared: &Shared, form: &Form) -> Line<'a> {
    let theme = &shared.theme;
    let button = |focus: bool, word: String| {
        Span::styled(
            format!(" [ {word} ] "),
            if focus { theme.selection().add_modifier(Modifier::BOLD) } else { theme.fg(theme.muted) },
        )
    };
    let mut spans = Vec::new();
    if matches!(form.purpose, Purpose::Reverse { .. }) {
        spans.push(button(form.focus == usize::MAX, shared.lang.say("form-cancel")));
    }
    spans.push(button(form.focus == form.fields.len(), shared.lang.say(form.purpose.does())));
    Line::from(spans)
}

fn picker<'a>(shared: &Shared, form: &Form, offered: &Offered, (width, room): (usize, usize)) -> Vec<Line<'a>> {
    let (theme, choices) = (&shared.theme, &offered.choices);
    // Only what would be taken is marked; where nothing would be, nothing is.
    let taken = form.taken(choices);
    let before = || choices.iter().position(|(_, choice)| choice.value == form.last);
    let first = super::super::super::paint::window(choices.len(), taken.or_else(before).unwrap_or(0), room);
    // A column of nothing takes no room.
    let [values, facts, places] = offered.widths.map(|widest| if widest == 0 { 0 } else { widest + 2 });
    let values = values.max(10);
    let titles = width.saturating_sub(values + facts + places);
    let row = |(n, (_, c)): (usize, &(Fit, Choice<'_>))| {
        let line = Line::from(vec![
            Span::styled(fit(&c.value, values), theme.fg(theme.accent)),
            Span::styled(fit(&c.fact, facts), theme.fg(theme.text)),
            Span::styled(fit(&c.place, places), theme.fg(theme.muted)),
            Span::styled(fit(&c.title, titles), theme.fg(theme.text)),
        ]);
        if taken == Some(n) { marked(line, theme.selection()) } else { line }
    };
    choices.iter().enumerate().skip(first).take(room).map(row).collect()
}
