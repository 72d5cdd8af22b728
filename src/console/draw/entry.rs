//! Rows of labels and texts, whole, in a window that scrolls: a journal entry, or why something is so.

use super::super::model::{Model, Shown};
use super::super::paint::{fit, wrap};
use super::{body, over};
use crate::desk::{AuditReport, Explained};
use crate::exchange::audit;
use crate::exchange::entry::{self, Row};
use crate::exchange::trace;
use crate::journal::Chained;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr;

/// Columns of the window.
const WIDTH: u16 = 100;
/// Columns of the frame and the margins within it.
const FRAME: u16 = 4;

/// The window's lines: a label, and a part of what it says. A part that goes on stands under its own beginning.
fn lines(rows: Vec<Row>, columns: usize) -> Vec<(String, String)> {
    let labels = rows.iter().map(|row| row.label.width()).max().unwrap_or(0).min(columns / 3) + 2;
    let mut lines = Vec::new();
    for row in rows {
        let mut label = row.label;
        for whole in row.text.split('\n') {
            let indent = whole.len() - whole.trim_start_matches(' ').len();
            for part in wrap(&whole[indent..], columns.saturating_sub(labels + indent)) {
                lines.push((fit(&std::mem::take(&mut label), labels - 2) + "  ", " ".repeat(indent) + &part));
            }
        }
    }
    lines
}

/// The lines of an entry's window.
fn entry_lines(model: &Model, recorded: &Chained) -> Vec<(String, String)> {
    lines(entry::rows(model.shared.lang, &model.shared.book, recorded), columns(model))
}

/// The lines of an audit's report.
fn audit_lines(model: &Model, report: &AuditReport) -> Vec<(String, String)> {
    lines(audit::rows(model.shared.lang, report), columns(model))
}

/// The last line of an audit's report that can be its window's first, and how many lines that shows.
pub fn audit_room(model: &Model, report: &AuditReport) -> (usize, usize) {
    room_of(model, audit_lines(model, report).len())
}

/// Draws an audit's report.
pub fn draw_audit(model: &Model, frame: &mut Frame, body: Rect, (report, top): (&AuditReport, usize)) {
    let title = format!("{} #{}", model.shared.lang.say("case-audit"), report.audited.seq);
    draw_lines(model, frame, body, (title, &audit_lines(model, report), top));
}

/// The lines of a window that says why something is so.
pub fn trace_lines(model: &Model, told: &Explained) -> Vec<(String, String)> {
    lines(trace::rows(model.shared.lang, &model.shared.book, told), columns(model))
}

fn columns(model: &Model) -> usize {
    usize::from(WIDTH.min(body(&model.shared).width).saturating_sub(FRAME))
}

/// Where a window of so many lines stands, and how many of them it shows.
fn place(lines: usize, body: Rect) -> (Rect, usize) {
    let rows = u16::try_from(lines).unwrap_or(u16::MAX).saturating_add(2);
    let area = over::centred(body, WIDTH, rows);
    (area, usize::from(area.height.saturating_sub(2)))
}

/// The last line of an entry that can be its window's first, and how many lines that shows.
pub fn room(model: &Model, recorded: &Chained) -> (usize, usize) {
    room_of(model, entry_lines(model, recorded).len())
}

/// The same, of a window of so many lines.
pub fn room_of(model: &Model, lines: usize) -> (usize, usize) {
    let shows = place(lines, body(&model.shared)).1;
    (lines.saturating_sub(shows), shows)
}

/// Draws an entry.
pub fn draw(model: &Model, frame: &mut Frame, body: Rect, (recorded, top): (&Chained, usize)) {
    let title = format!("{} #{}", model.shared.lang.say("entry-title"), recorded.seq);
    draw_lines(model, frame, body, (title, &entry_lines(model, recorded), top));
}

/// Draws why something is so.
pub fn draw_trace(model: &Model, frame: &mut Frame, body: Rect, (shown, top): (&Shown, usize)) {
    let title = trace::title(model.shared.lang, &shown.told.trace.of);
    draw_lines(model, frame, body, (title, &shown.lines, top));
}

fn draw_lines(
    model: &Model,
    frame: &mut Frame,
    body: Rect,
    (mut title, lines, top): (String, &[(String, String)], usize),
) {
    let theme = &model.shared.theme;
    let (area, shows) = place(lines.len(), body);
    let top = top.min(lines.len().saturating_sub(shows));
    if lines.len() > shows {
        title += &format!(" · {}–{}/{}", top + 1, top + shows, lines.len());
    }
    let inner = over::window(model, frame, area, title);
    let shown = lines.iter().skip(top).take(shows).map(|(label, text)| {
        let (label, text) = (label.as_str(), text.as_str());
        Line::from(vec![Span::styled(label, theme.fg(theme.muted)), Span::styled(text, theme.fg(theme.text))])
    });
    frame.render_widget(Paragraph::new(shown.collect::<Vec<_>>()).style(theme.base()), inner);
}
