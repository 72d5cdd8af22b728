//! A journal entry whole, in a window that scrolls.

use super::super::model::Model;
use super::super::paint::{fit, wrap};
use super::{body, over};
use crate::exchange::entry;
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

/// The window's lines: a label, and a part of what it says.
fn lines(model: &Model, recorded: &Recorded, columns: usize) -> Vec<(String, String)> {
    let rows = entry::rows(model.lang, &model.book, recorded);
    let labels = rows.iter().map(|row| row.label.width()).max().unwrap_or(0).min(columns / 3) + 2;
    let mut lines = Vec::new();
    for row in rows {
        let mut label = row.label;
        for part in wrap(&row.text, columns.saturating_sub(labels)) {
            lines.push((fit(&std::mem::take(&mut label), labels), part));
        }
    }
    lines
}

/// Where the window stands, and its lines.
fn place(model: &Model, recorded: &Recorded, body: Rect) -> (Rect, Vec<(String, String)>) {
    let columns = WIDTH.min(body.width).saturating_sub(FRAME);
    let lines = lines(model, recorded, usize::from(columns));
    let rows = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(2);
    (over::centred(body, WIDTH, rows), lines)
}

/// The last line that can be the window's first, and how many lines it shows.
pub fn room(model: &Model, recorded: &Recorded) -> (usize, usize) {
    let (area, lines) = place(model, recorded, body(model));
    let shows = usize::from(area.height.saturating_sub(2));
    (lines.len().saturating_sub(shows), shows)
}

/// Draws the window.
pub fn draw(model: &Model, frame: &mut Frame, body: Rect, (recorded, top): (&Recorded, usize)) {
    let theme = &model.theme;
    let (area, lines) = place(model, recorded, body);
    let shows = usize::from(area.height.saturating_sub(2));
    let top = top.min(lines.len().saturating_sub(shows));
    let mut title = format!("{} #{}", model.lang.say("entry-title"), recorded.seq);
    if lines.len() > shows {
        title += &format!(" · {}–{}/{}", top + 1, top + shows, lines.len());
    }
    let inner = over::window(model, frame, area, title);
    let shown = lines.into_iter().skip(top).take(shows).map(|(label, text)| {
        Line::from(vec![Span::styled(label, theme.fg(theme.muted)), Span::styled(text, theme.fg(theme.text))])
    });
    frame.render_widget(Paragraph::new(shown.collect::<Vec<_>>()).style(theme.base()), inner);
}
