//! A window of rows of labels and texts, whole, that scrolls.

use super::super::draw::body;
use super::super::keymap::{self, Action};
use super::super::layer::{Hint, Step};
use super::super::paint::{fit, wrap};
use super::super::shared::Shared;
use super::{FRAME, centred, corrects, is_plain, window};
use crate::exchange::entry::Row;
use crate::ids::Seq;
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use std::ops::Range;
use unicode_width::UnicodeWidthStr;

/// The window's lines: a label, and a part of what it says.
pub type Lines = [(String, String)];

/// The first of its lines that shows.
#[derive(Default)]
pub struct Scrolled(usize);

impl Scrolled {
    /// Takes a key: what moves in a list scrolls; Esc, Enter and q close.
    pub fn key(&mut self, shared: &Shared, lines: usize, key: KeyEvent) -> Step {
        if let Some(Action::Open | Action::Back | Action::Quit) = keymap::action(key) {
            return Step::Closes;
        }
        let page = room_of(shared, lines).1.max(1);
        let blank = || (key.code == KeyCode::Char(' ')).then_some(page.cast_signed());
        let by = keymap::moves(key).map(|to| to.rows(page)).or_else(blank);
        by.into_iter().for_each(|by| self.by(shared, lines, by));
        Step::took()
    }

    /// The same in the window of an entry, which can be told to its end and taken away.
    pub fn key_of_entry(&mut self, shared: &mut Shared, (entry, lines): (Seq, usize), key: KeyEvent) -> Step {
        match keymap::action(key) {
            Some(Action::Help) => Step::Falls,
            _ if is_plain(key, KeyCode::Char('v')) => corrects(shared, Ok((Some(entry), false))),
            _ => self.key(shared, lines, key),
        }
    }

    /// Scrolls by lines.
    pub fn by(&mut self, shared: &Shared, lines: usize, by: isize) {
        self.0 = moved(self.0, by, room_of(shared, lines).0);
    }

    /// Draws the window.
    pub fn draw(&self, shared: &Shared, frame: &mut Frame, body: Rect, (title, lines): (String, &Lines)) {
        let theme = &shared.theme;
        let (inner, shown) = self.frame(shared, frame, body, (title, lines.len(), WIDTH));
        let shown = lines.get(shown).unwrap_or_default().iter().map(|(label, text)| {
            let (label, text) = (label.as_str(), text.as_str());
            Line::from(vec![Span::styled(label, theme.fg(theme.muted)), Span::styled(text, theme.fg(theme.text))])
        });
        frame.render_widget(Paragraph::new(shown.collect::<Vec<_>>()).style(theme.base()), inner);
    }

    /// Draws the frame of a window of so many lines and columns at most: where the lines go, and which of them show.
    pub fn frame(
        &self,
        shared: &Shared,
        frame: &mut Frame,
        body: Rect,
        (mut title, lines, width): (String, usize, u16),
    ) -> (Rect, Range<usize>) {
        let (area, shows) = place(lines, width, body);
        let top = self.0.min(lines.saturating_sub(shows));
        if lines > shows {
            title += &format!(" · {}–{}/{lines}", top + 1, top + shows);
        }
        (window(shared, frame, area, title), top..lines.min(top + shows))
    }
}

/// The keys of the window of an entry.
pub fn hints_of_entry() -> Vec<Hint> {
    [("↓", "key-scroll"), ("?", "key-why"), ("v", "key-void"), ("Esc", "key-close")]
        .map(|(key, help)| Hint::new(key, help))
        .into()
}

/// Where a window stands that is moved from one of its lines; never past its ends.
pub fn moved(top: usize, by: isize, last: usize) -> usize {
    // A window that has become larger shows more than it did.
    top.min(last).saturating_add_signed(by).min(last)
}

/// Columns of the window.
const WIDTH: u16 = 100;

/// The window's lines: a label, and a part of what it says. A part that goes on stands under its own beginning.
pub fn lines(shared: &Shared, rows: Vec<Row>) -> Vec<(String, String)> {
    let columns = columns(shared);
    let labels = rows.iter().map(|row| row.label.width()).max().unwrap_or(0).min(columns / 3) + 2;
    rows.iter().flat_map(|row| beside((&row.label, labels), &row.text, columns)).collect()
}

/// A text beside its label, which takes so many columns with the two blanks behind it. A part that goes on stands under its
/// own beginning.
pub fn beside((mut label, labels): (&str, usize), text: &str, columns: usize) -> Vec<(String, String)> {
    let mut lines = Vec::new();
    for whole in text.split('\n') {
        let indent = whole.len() - whole.trim_start_matches(' ').len();
        for part in wrap(&whole[indent..], columns.saturating_sub(labels + indent)) {
            let label = fit(std::mem::take(&mut label), labels.saturating_sub(2)) + "  ";
            lines.push((label, " ".repeat(indent) + &part));
        }
    }
    lines
}

fn columns(shared: &Shared) -> usize {
    usize::from(WIDTH.min(body(shared).width).saturating_sub(FRAME))
}

/// Where a window of so many lines and columns at most stands, and how many of the lines it shows.
fn place(lines: usize, width: u16, body: Rect) -> (Rect, usize) {
    let rows = u16::try_from(lines).unwrap_or(u16::MAX).saturating_add(2);
    let area = centred(body, width, rows);
    (area, usize::from(area.height.saturating_sub(2)))
}

/// The last line of a window of so many that can be its first, and how many it shows, however wide it is.
pub fn room_of(shared: &Shared, lines: usize) -> (usize, usize) {
    let shows = place(lines, WIDTH, body(shared)).1;
    (lines.saturating_sub(shows), shows)
}
