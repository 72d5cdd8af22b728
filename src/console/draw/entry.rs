//! Rows of labels and texts, whole, in a window that scrolls: a journal entry, or why something is so.

use super::super::model::Model;
use super::super::paint::{fit, wrap};
use super::{body, over};
use crate::desk::Explained;
use crate::exchange::entry::{self, Row};
use crate::exchange::trace;
use crate::journal::Recorded;
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
                lines.push((fit(&std::mem::take(&mut label), labels), " ".repeat(indent) + &part));
            }
        }
    }
    lines
}

/// Where the window stands, and its lines.
fn place(rows: Vec<Row>, body: Rect) -> (Rect, Vec<(String, String)>) {
    let columns = WIDTH.min(body.width).saturating_sub(FRAME);
    let lines = lines(rows, usize::from(columns));
    let rows = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(2);
    (over::centred(body, WIDTH, rows), lines)
}

/// The last line of an entry that can be its window's first, and how many lines that shows.
pub fn room(model: &Model, recorded: &Recorded) -> (usize, usize) {
    room_of(entry::rows(model.lang, &model.book, recorded), body(model))
}

/// The same, of why something is so.
pub fn trace_room(model: &Model, told: &Explained) -> (usize, usize) {
    room_of(trace::rows(model.lang, &model.book, told), body(model))
}

fn room_of(rows: Vec<Row>, body: Rect) -> (usize, usize) {
    let (area, lines) = place(rows, body);
    let shows = usize::from(area.height.saturating_sub(2));
    (lines.len().saturating_sub(shows), shows)
}

/// Draws an entry.
pub fn draw(model: &Model, frame: &mut Frame, body: Rect, (recorded, top): (&Recorded, usize)) {
    let title = format!("{} #{}", model.lang.say("entry-title"), recorded.seq);
    draw_rows(model, frame, body, (title, entry::rows(model.lang, &model.book, recorded), top));
}

/// Draws why something is so.
pub fn draw_trace(model: &Model, frame: &mut Frame, body: Rect, (told, top): (&Explained, usize)) {
    let title = trace::title(model.lang, &told.trace.of);
    draw_rows(model, frame, body, (title, trace::rows(model.lang, &model.book, told), top));
}

fn draw_rows(model: &Model, frame: &mut Frame, body: Rect, (mut title, rows, top): (String, Vec<Row>, usize)) {
    let theme = &model.theme;
    let (area, lines) = place(rows, body);
    let shows = usize::from(area.height.saturating_sub(2));
    let top = top.min(lines.len().saturating_sub(shows));
    if lines.len() > shows {
        title += &format!(" · {}–{}/{}", top + 1, top + shows, lines.len());
    }
    let inner = over::window(model, frame, area, title);
    let shown = lines.into_iter().skip(top).take(shows).map(|(label, text)| {
        Line::from(vec![Span::styled(label, theme.fg(theme.muted)), Span::styled(text, theme.fg(theme.text))])
    });
    frame.render_widget(Paragraph::new(shown.collect::<Vec<_>>()).style(theme.base()), inner);
}
