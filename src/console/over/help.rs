//! The keys that there are, on the screen that it lies over.

use super::super::draw::body;
use super::super::keymap;
use super::super::layer::{Hint, Layer, Step};
use super::super::paint::{fit, wrap};
use super::super::shared::Shared;
use super::FRAME;
use super::lines::{Scrolled, room_of};
use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

/// Columns of the window.
const WIDTH: u16 = 76;

/// The list of keys.
pub struct Help {
    keys: Vec<Hint>,
    lines: Vec<Line<'static>>,
    top: Scrolled,
}

impl Help {
    /// Of these.
    pub fn of(shared: &Shared, keys: Vec<Hint>) -> Help {
        let lines = lines(shared, &keys);
        Help { keys, lines, top: Scrolled::default() }
    }

    /// Whether not all of it has room.
    fn scrolls(&self, shared: &Shared) -> bool {
        room_of(shared, self.lines.len()).0 > 0
    }
}

/// The window's lines: two columns of keys, and what can be typed into a filter.
fn lines(shared: &Shared, keys: &[Hint]) -> Vec<Line<'static>> {
    let (theme, half) = (&shared.theme, keys.len().div_ceil(2));
    let columns = usize::from(WIDTH.min(body(shared).width).saturating_sub(FRAME));
    let text = (columns / 2).saturating_sub(10);
    let cell = |at: usize| match keys.get(at) {
        Some(b) => vec![
            Span::styled(fit(&b.key, 10), theme.fg(theme.accent).add_modifier(Modifier::BOLD)),
            Span::styled(fit(&shared.lang.say(b.help), text), theme.fg(theme.text)),
        ],
        None => Vec::new(),
    };
    let keys = (0..half).map(|at| Line::from([cell(at), cell(at + half)].concat()));
    let filter = shared.lang.say("help-filter");
    let filter = filter.lines().flat_map(|line| wrap(line, columns));
    let filter = filter.map(|line| Line::styled(line, theme.fg(theme.muted)));
    keys.chain([Line::from("")]).chain(filter).collect()
}

impl Layer for Help {
    fn draw(&self, shared: &Shared, frame: &mut Frame, body: Rect, _top: bool) {
        let of = (shared.lang.say("key-help"), self.lines.len(), WIDTH);
        let (inner, shown) = self.top.frame(shared, frame, body, of);
        let shown = self.lines.get(shown).unwrap_or_default().to_vec();
        frame.render_widget(Paragraph::new(shown).style(shared.theme.base()), inner);
    }

    /// Any key closes it, but for those that move in a list where not all of it is seen.
    fn key(&mut self, shared: &mut Shared, key: KeyEvent) -> Step {
        match keymap::moves(key).filter(|_| self.scrolls(shared)) {
            Some(_) => self.top.key(shared, self.lines.len(), key),
            None => Step::Closes,
        }
    }

    fn scroll(&mut self, shared: &Shared, by: isize) {
        self.top.by(shared, self.lines.len(), by);
    }

    fn lay_out(&mut self, shared: &Shared) {
        self.lines = lines(shared, &self.keys);
    }

    fn hints(&self, shared: &Shared) -> Vec<Hint> {
        let scroll = self.scrolls(shared).then(|| Hint::new("↓", "key-scroll"));
        scroll.into_iter().chain([Hint::new("Esc", "key-close")]).collect()
    }

    fn is_read(&self) -> bool {
        true
    }
}
