//! Draws a session. `panes` is the layout of the first screen: drawing uses it, and so does the mouse.

mod cases;
mod consequence;
mod correct;
mod due;
mod echo;
mod entry;
mod form;
mod ledger;
mod over;
mod screens;
mod sheet;

use super::form::{Form, Purpose};
use super::keymap::{Action, Binding, KEYS};
use super::model::{Model, Over, Pane, Screen};
use super::paint::{fit, window};
use crate::words;
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType, Paragraph};
use unicode_width::UnicodeWidthStr;

pub use cases::{Record, entry as case_entry, rows as records};
pub use due::Columns;
pub use entry::{audit_room, room as entry_room, room_of, trace_lines};
pub use form::{form_title, room as form_room};

/// The least that it draws in.
pub const LEAST: (u16, u16) = (60, 15);

/// Draws everything.
pub fn draw(model: &Model, frame: &mut Frame) {
    let area = frame.area();
    let theme = &model.theme;
    frame.buffer_mut().set_style(area, theme.base());
    if area.width < LEAST.0 || area.height < LEAST.1 {
        let text = model
            .lang
            .say_with("too-small", &[("columns", LEAST.0.to_string().into()), ("rows", LEAST.1.to_string().into())]);
        let lines = [text, format!("{}x{}", area.width, area.height)];
        frame.render_widget(Paragraph::new(lines.map(Line::from).to_vec()).style(theme.base()), area);
        return;
    }
    let [header, tabs, body, status, footer] = rows(area);
    draw_header(model, frame, header);
    draw_tabs(model, frame, tabs);
    match model.screen {
        Screen::Providers => screens::providers(model, frame, body),
        Screen::Deadlines => due::deadlines(model, frame, body),
        Screen::Alerts => due::alerts(model, frame, body),
        Screen::Findings => due::findings(model, frame, body),
        Screen::Cases => cases::cases(model, frame, body),
        Screen::Journal => screens::journal(model, frame, body),
        Screen::Rulebook => screens::rulebook(model, frame, body),
    }
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
fn body(model: &Model) -> Rect {
    let (columns, lines) = model.size;
    let [_, _, body, _, _] = rows(Rect::new(0, 0, columns, lines));
    body
}

/// Where the panes are: three in a wide terminal; two, or one, slide to the focus in a narrow one.
pub fn panes(model: &Model) -> Vec<(Pane, Rect)> {
    let body = body(model);
    let at = model.pane.place();
    let (shown, widths): (&[Pane], &[Constraint]) = match body.width {
        _ if model.zoom => (&Pane::ALL[at..=at], &[Constraint::Fill(1)]),
        0..110 => {
            let from = at.min(1);
            (&Pane::ALL[from..from + 2], &[Constraint::Fill(1), Constraint::Fill(1)])
        }
        110..160 => (&Pane::ALL, &[Constraint::Fill(10), Constraint::Fill(9), Constraint::Fill(10)]),
        _ => (&Pane::ALL, &[Constraint::Fill(10), Constraint::Fill(9), Constraint::Fill(13)]),
    };
    let areas = Layout::horizontal(widths).split(body);
    shown.iter().copied().zip(areas.iter().copied()).collect()
}

/// Whether a pane is on the screen: narrow terminals show one or two.
pub fn shows(model: &Model, pane: Pane) -> bool {
    model.screen == Screen::Providers && panes(model).iter().any(|(shown, _)| *shown == pane)
}

/// The first row that a pane shows in its area.
pub fn first_row(model: &Model, pane: Pane, area: Rect) -> usize {
    let (len, at) = match pane {
        Pane::Providers => {
            let at = model.visible().position(|r| Some(&r.provider.id) == model.provider.as_ref());
            (model.shown.len(), at)
        }
        Pane::Outlets => {
            let at = model.outlets.iter().position(|o| Some(&o.outlet.id) == model.outlet.as_ref());
            (model.outlets.len(), at)
        }
        Pane::Ledger => {
            let len = model.waiting().count() + model.lines.len();
            (len, model.ledger().position(|seq| Some(seq) == model.line))
        }
    };
    window(len, at.unwrap_or(0), usize::from(area.height.saturating_sub(2)))
}

/// A framed area; the one with the focus is bright and bold.
fn framed<'a>(model: &Model, title: String, focus: bool) -> Block<'a> {
    let theme = &model.theme;
    let color = if focus { theme.accent } else { theme.border };
    let weight = if focus { Modifier::BOLD } else { Modifier::empty() };
    Block::bordered()
        .border_type(if focus { BorderType::Thick } else { BorderType::Plain })
        .border_style(theme.fg(color))
        .title(Span::styled(
            format!(" {title} "),
            theme.fg(if focus { theme.accent } else { theme.muted }).add_modifier(weight),
        ))
        .style(theme.base())
}

fn draw_header(model: &Model, frame: &mut Frame, area: Rect) {
    let theme = &model.theme;
    let now = model.now.civil();
    let clock =
        format!("{} {} {}", now.format("%Y-%m-%d"), words::weekday(model.lang, now.date()), now.format("%H:%M"));
    let right = format!("{clock}  {} ", model.who);
    let left =
        if model.title.is_empty() { " koufen 扣分".to_owned() } else { format!(" koufen 扣分 · {}", model.title) };
    let room = usize::from(area.width).saturating_sub(right.width());
    let line = Line::from(vec![
        Span::styled(fit(&left, room), theme.fg(theme.accent).add_modifier(Modifier::BOLD)),
        Span::styled(right, theme.fg(theme.text)),
    ]);
    frame.render_widget(Paragraph::new(line), area);
}

fn draw_tabs(model: &Model, frame: &mut Frame, area: Rect) {
    let theme = &model.theme;
    let tabs = [
        (Screen::Providers, "1", "tab-providers"),
        (Screen::Deadlines, "2", "tab-deadlines"),
        (Screen::Alerts, "3", "tab-alerts"),
        (Screen::Findings, "4", "tab-findings"),
        (Screen::Cases, "5", "tab-cases"),
        (Screen::Journal, "6", "tab-journal"),
        (Screen::Rulebook, "7", "tab-rulebook"),
    ];
    let filters = model.filtering || !model.filter.is_empty();
    let words: usize = tabs.iter().map(|(.., word)| model.lang.say(word).width() + 4).sum();
    // A filter needs room: the other tabs then keep their numbers only.
    let narrow = filters && words + 24 > usize::from(area.width);
    let tab = |(screen, key, word): (Screen, &str, &str)| {
        let short = narrow && screen != model.screen;
        let text = if short { format!(" {key} ") } else { format!(" {key} {} ", model.lang.say(word)) };
        let style =
            if model.screen == screen { theme.selection().add_modifier(Modifier::BOLD) } else { theme.fg(theme.muted) };
        Span::styled(text, style)
    };
    let mut spans: Vec<Span> = tabs.into_iter().map(tab).collect();
    if filters {
        let caret = if model.filtering { "▏" } else { "" };
        spans.push(Span::styled(format!("  / {}{caret}", model.filter), theme.fg(theme.warning)));
    }
    // The hidden cursor follows the caret, so that input methods open there.
    if model.filtering {
        let width: usize = spans.iter().map(Span::width).sum::<usize>().saturating_sub(1);
        let x = u16::try_from(width).unwrap_or(u16::MAX).min(area.width.saturating_sub(1));
        frame.set_cursor_position((area.x + x, area.y));
    }
    frame.render_widget(Paragraph::new(Line::from(spans)), area);
}

fn draw_status(model: &Model, frame: &mut Frame, area: Rect) {
    let theme = &model.theme;
    let Some((good, text)) = &model.status else { return };
    let (sign, color) = if *good { ("✓", theme.ok) } else { ("✗", theme.danger) };
    let text = fit(&format!(" {sign} {text}"), usize::from(area.width));
    frame.render_widget(Paragraph::new(Span::styled(text, theme.fg(color))), area);
}

fn draw_footer(model: &Model, frame: &mut Frame, area: Rect) {
    let theme = &model.theme;
    let rows: Vec<(String, String)> = match (&model.over, model.filtering) {
        (Over::Form(form), _) => form_keys(form).iter().map(|row| split(model, row)).collect(),
        (Over::Entry(..) | Over::Audit(..), _) => {
            ["↓ key-scroll", "? key-why", "v key-void", "Esc key-close"].map(|row| split(model, row)).to_vec()
        }
        (Over::Trace(..), _) => ["↓ key-scroll", "? key-help", "Esc key-close"].map(|row| split(model, row)).to_vec(),
        (Over::Line(_), _) => ["? key-why", "Esc key-back"].map(|row| split(model, row)).to_vec(),
        (Over::Help, _) => vec![split(model, "Esc key-back")],
        (Over::Nothing, true) => vec![split(model, "Enter filter-keep"), split(model, "Esc filter-clear")],
        (Over::Nothing, false) => KEYS
            .iter()
            .filter(|b| b.footer && b.on(model.screen) && does(model, b.action))
            .map(|b| (b.label.to_owned(), model.lang.say(help_of(model, b))))
            .collect(),
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

/// Whether a key does anything to what is selected: a ledger has something to confirm only where a line waits.
fn does(model: &Model, action: Action) -> bool {
    action != Action::Confirm || model.screen != Screen::Providers || model.selected_waiting().is_some()
}

/// What the footer says of a key: `?` tells why, where something is selected that can be told.
fn help_of(model: &Model, binding: &Binding) -> &'static str {
    match binding.action {
        Action::Help if model.explainable().is_some() => "key-why",
        Action::Help => "key-help",
        _ => binding.help,
    }
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
    (key.to_owned(), model.lang.say(word))
}
