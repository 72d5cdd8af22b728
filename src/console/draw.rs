//! Draws a session: what is around a screen, the screen, and what lies over it.

use super::layer::Hint;
use super::model::Model;
use super::paint::fit;
use super::screens::Row;
use super::shared::Shared;
use crate::words;
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr;

/// The least that it draws in.
pub const LEAST: (u16, u16) = (60, 15);

/// Draws everything.
pub fn draw(model: &Model, frame: &mut Frame) {
    let area = frame.area();
    let theme = &model.shared.theme;
    frame.buffer_mut().set_style(area, theme.base());
    if area.width < LEAST.0 || area.height < LEAST.1 {
        let text = model
            .shared
            .lang
            .say_with("too-small", &[("columns", LEAST.0.to_string().into()), ("rows", LEAST.1.to_string().into())]);
        let lines = [text, format!("{}x{}", area.width, area.height)];
        frame.render_widget(Paragraph::new(lines.map(Line::from).to_vec()).style(theme.base()), area);
        return;
    }
    let [header, tabs, body, status, footer] = rows(area);
    draw_header(model, frame, header);
    draw_tabs(model, frame, tabs);
    model.screen().draw(&model.shared, frame, body, model.over.is_empty());
    draw_status(model, frame, status);
    draw_footer(model, frame, footer);
    for (at, layer) in model.over.iter().enumerate() {
        layer.draw(&model.shared, frame, body, at + 1 == model.over.len());
    }
}

fn rows(area: Rect) -> [Rect; 5] {
    Layout::vertical([
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Min(3),
        Constraint::Length(1),
        Constraint::Length(1),
    ])
    .areas(area)
}

/// What is between the tabs and the status.
pub(super) fn body(shared: &Shared) -> Rect {
    let (columns, lines) = shared.size;
    let [_, _, body, _, _] = rows(Rect::new(0, 0, columns, lines));
    body
}

fn draw_header(model: &Model, frame: &mut Frame, area: Rect) {
    let theme = &model.shared.theme;
    let now = model.shared.now.civil();
    let clock =
        format!("{} {} {}", now.format("%Y-%m-%d"), words::weekday(model.shared.lang, now.date()), now.format("%H:%M"));
    let right = format!("{clock}  {} ", model.shared.who);
    let left = if model.shared.title.is_empty() {
        " koufen 扣分".to_owned()
    } else {
        format!(" koufen 扣分 · {}", model.shared.title)
    };
    let room = usize::from(area.width).saturating_sub(right.width());
    let line = Line::from(vec![
        Span::styled(fit(&left, room), theme.fg(theme.accent).add_modifier(Modifier::BOLD)),
        Span::styled(right, theme.fg(theme.text)),
    ]);
    frame.render_widget(Paragraph::new(line), area);
}

fn draw_tabs(model: &Model, frame: &mut Frame, area: Rect) {
    let theme = &model.shared.theme;
    let narrowed = model.screen().narrowed();
    let words: usize = model.rows.iter().map(|row| model.shared.lang.say(row.title).width() + 4).sum();
    // A filter needs room. Where there is none, the other tabs keep their numbers only.
    let narrow = words + if narrowed.is_some() { 24 } else { 0 } > usize::from(area.width);
    let tab = |(at, row): (usize, &Row)| {
        let key = at + 1;
        let short = narrow && at != model.at;
        let text = if short { format!(" {key} ") } else { format!(" {key} {} ", model.shared.lang.say(row.title)) };
        let style = if at == model.at { theme.selection().add_modifier(Modifier::BOLD) } else { theme.fg(theme.muted) };
        Span::styled(text, style)
    };
    let mut spans: Vec<Span> = model.rows.iter().enumerate().map(tab).collect();
    if let Some((filter, typed)) = narrowed {
        let caret = if typed { "▏" } else { "" };
        spans.push(Span::styled(format!("  / {filter}{caret}"), theme.fg(theme.warning)));
    }
    // The hidden cursor follows the caret, so that input methods open there.
    if narrowed.is_some_and(|(_, typed)| typed) {
        let width: usize = spans.iter().map(Span::width).sum::<usize>().saturating_sub(1);
        let x = u16::try_from(width).unwrap_or(u16::MAX).min(area.width.saturating_sub(1));
        frame.set_cursor_position((area.x + x, area.y));
    }
    frame.render_widget(Paragraph::new(Line::from(spans)), area);
}

fn draw_status(model: &Model, frame: &mut Frame, area: Rect) {
    let theme = &model.shared.theme;
    let Some((good, text)) = &model.shared.status else { return };
    let (sign, color) = if *good { ("✓", theme.ok) } else { ("✗", theme.danger) };
    let text = fit(&format!(" {sign} {text}"), usize::from(area.width));
    frame.render_widget(Paragraph::new(Span::styled(text, theme.fg(color))), area);
}

fn draw_footer(model: &Model, frame: &mut Frame, area: Rect) {
    let theme = &model.shared.theme;
    let draft = super::draft::offered(model).map(|_| ("F4".to_owned(), model.shared.lang.say("draft-restore")));
    let rows = fitting(draft.into_iter().chain(footer(model)).collect(), usize::from(area.width));
    let span = |(key, word): (String, String)| {
        [
            Span::styled(format!(" {key} "), theme.fg(theme.accent).add_modifier(Modifier::BOLD)),
            Span::styled(format!("{word}  "), theme.fg(theme.muted)),
        ]
    };
    frame.render_widget(Paragraph::new(Line::from_iter(rows.into_iter().flat_map(span))), area);
}

/// The keys that the footer has room for. The last ones are the least; but `?` leads to all of them and `Esc` out of what
/// is on top: both always show.
fn fitting(mut rows: Vec<(String, String)>, columns: usize) -> Vec<(String, String)> {
    let width =
        |rows: &[(String, String)]| rows.iter().map(|(key, word)| key.width() + word.width() + 4).sum::<usize>();
    while width(&rows) > columns
        && let Some(least) = rows.iter().rposition(|(key, _)| key != "?" && key != "Esc")
    {
        rows.remove(least);
    }
    rows
}

/// The keys of what is on top; of a screen all that are its and the session's.
fn footer(model: &Model) -> Vec<(String, String)> {
    let shared = &model.shared;
    let own = model.top().hints(shared);
    let hints = if own.is_empty() { model.keys() } else { own };
    // `?` tells why, where something is selected that can be told.
    let ask = if model.explainable().is_some() { "key-why" } else { "key-help" };
    let help = |hint: &Hint| if hint.help == "key-ask" { ask } else { hint.help };
    let shown = hints.into_iter().filter(|hint| hint.footer);
    shown.map(|hint| (hint.key.clone(), shared.lang.say(help(&hint)))).collect()
}
