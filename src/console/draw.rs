//! Draws a session: what is around a screen, the screen, and what lies over it.

mod consequence;
mod correct;
mod echo;
mod entry;
mod form;
mod over;
mod sheet;

use super::form::{Form, Purpose};
use super::keymap;
use super::layer::Hint;
use super::model::{Model, Over};
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

pub use entry::{audit_room, room as entry_room, room_of, trace_lines};
pub use form::{form_title, room as form_room};

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
    model.screen().draw(&model.shared, frame, body, matches!(model.over, Over::Nothing));
    draw_status(model, frame, status);
    draw_footer(model, frame, footer);
    over::draw(model, frame, body);
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
    let narrowed = model.screens.iter().find_map(|screen| screen.narrowed());
    let words: usize = model.rows.iter().map(|row| model.shared.lang.say(row.title).width() + 4).sum();
    // A filter needs room: the other tabs then keep their numbers only.
    let narrow = narrowed.is_some() && words + 24 > usize::from(area.width);
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
    let rows: Vec<(String, String)> = match &model.over {
        Over::Form(form) => form_keys(form).iter().map(|row| split(model, row)).collect(),
        Over::Entry(..) | Over::Audit(..) => {
            ["↓ key-scroll", "? key-why", "v key-void", "Esc key-close"].map(|row| split(model, row)).to_vec()
        }
        Over::Trace(..) => ["↓ key-scroll", "? key-help", "Esc key-close"].map(|row| split(model, row)).to_vec(),
        Over::Line(_) => ["? key-why", "Esc key-back"].map(|row| split(model, row)).to_vec(),
        Over::Help => vec![split(model, "Esc key-back")],
        Over::Nothing => footer(model),
    };
    let draft = super::draft::offered(model).map(|_| split(model, "F4 draft-restore"));
    let rows = fitting(draft.into_iter().chain(rows).collect(), usize::from(area.width));
    let span = |(key, word): (String, String)| {
        [
            Span::styled(format!(" {key} "), theme.fg(theme.accent).add_modifier(Modifier::BOLD)),
            Span::styled(format!("{word}  "), theme.fg(theme.muted)),
        ]
    };
    frame.render_widget(Paragraph::new(Line::from_iter(rows.into_iter().flat_map(span))), area);
}

/// The keys that the footer has room for. The last ones are the least; but `?` leads to all of them, and always shows.
fn fitting(mut rows: Vec<(String, String)>, columns: usize) -> Vec<(String, String)> {
    let width =
        |rows: &[(String, String)]| rows.iter().map(|(key, word)| key.width() + word.width() + 4).sum::<usize>();
    while width(&rows) > columns
        && let Some(least) = rows.iter().rposition(|(key, _)| key != "?")
    {
        rows.remove(least);
    }
    rows
}

/// The keys of the screen: all that are its and the session's, or those that there are while something is typed.
fn footer(model: &Model) -> Vec<(String, String)> {
    let (screen, shared) = (model.screen(), &model.shared);
    let typing = screen.hints(shared);
    let hints = if typing.is_empty() { keymap::all(screen.keys(shared), model.rows) } else { typing };
    // `?` tells why, where something is selected that can be told.
    let ask = if model.explainable().is_some() { "key-why" } else { "key-help" };
    let help = |hint: &Hint| if hint.help == "key-ask" { ask } else { hint.help };
    let shown = hints.into_iter().filter(|hint| hint.footer);
    shown.map(|hint| (hint.key.clone(), shared.lang.say(help(&hint)))).collect()
}

/// The keys of a form.
fn form_keys(form: &Form) -> &'static [&'static str] {
    match form.purpose {
        Purpose::Deduct => {
            &["F2 form-save", "F3 form-next", "Tab form-tab", "↓ form-pick", "+ form-more", "Esc form-esc"]
        }
        Purpose::Reverse { .. } => &["Tab form-tab", "F2 form-do-reverse", "Esc form-esc"],
        Purpose::Void(_) => &["F2 form-do-void", "Tab form-tab", "Space form-turn", "Esc form-esc"],
        Purpose::Audit => &["F2 form-save", "Tab form-tab", "PgDn key-scroll", "Esc form-esc"],
        Purpose::ConfirmLine(_) => &["F2 key-confirm", "Esc form-esc"],
        Purpose::ChooseRecord => &["Enter form-choose", "↓ form-pick", "Esc form-esc"],
        _ => &["F2 form-save", "Tab form-tab", "Esc form-esc"],
    }
}

fn split(model: &Model, row: &str) -> (String, String) {
    let (key, word) = row.split_once(' ').unwrap_or((row, row));
    (key.to_owned(), model.shared.lang.say(word))
}
