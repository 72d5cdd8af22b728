//! The keys that there are, on the screen that it lies over.

use super::super::draw::body;
use super::super::keymap;
use super::super::layer::{Hint, Layer, Step};
use super::super::paint::{fit, wrap};
use super::super::shared::Shared;
use super::lines::moved;
use super::{FRAME, centred, window};
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
    /// The first line that shows, where not all of them have room.
    top: usize,
}

impl Help {
    /// Of these.
    pub fn of(keys: Vec<Hint>) -> Help {
        Help { keys, top: 0 }
    }

    /// Its lines: two columns of keys, and what can be typed into a filter.
    fn lines(&self, shared: &Shared) -> Vec<Line<'static>> {
        let (theme, half) = (&shared.theme, self.keys.len().div_ceil(2));
        let columns = usize::from(WIDTH.min(body(shared).width).saturating_sub(FRAME));
        let text = (columns / 2).saturating_sub(10);
        let cell = |at: usize| match self.keys.get(at) {
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
}

/// Where a window of so many lines stands, and how many of them have no room.
fn place(lines: usize, body: Rect) -> (Rect, usize) {
    let area = centred(body, WIDTH, u16::try_from(lines).unwrap_or(u16::MAX).saturating_add(2));
    (area, lines.saturating_sub(area.height.saturating_sub(2).into()))
}

impl Layer for Help {
    fn draw(&self, shared: &Shared, frame: &mut Frame, body: Rect, _top: bool) {
        let lines = self.lines(shared);
        let (area, beyond) = place(lines.len(), body);
        let (top, mut title) = (self.top.min(beyond), shared.lang.say("key-help"));
        if beyond > 0 {
            title += &format!(" · {}–{}/{}", top + 1, lines.len() - beyond + top, lines.len());
        }
        let inner = window(shared, frame, area, title);
        let shown: Vec<Line> = lines.into_iter().skip(top).collect();
        frame.render_widget(Paragraph::new(shown).style(shared.theme.base()), inner);
    }

    /// Any key closes it, but for those that move in a list where not all of it is seen.
    fn key(&mut self, shared: &mut Shared, key: KeyEvent) -> Step {
        let lines = self.lines(shared).len();
        let (area, beyond) = place(lines, body(shared));
        match keymap::moves(key).filter(|_| beyond > 0) {
            Some(to) => {
                self.top = moved(self.top, to.rows(area.height.saturating_sub(2).into()), beyond);
                Step::took()
            }
            None => Step::Closes,
        }
    }

    fn scroll(&mut self, shared: &Shared, by: isize) {
        self.top = moved(self.top, by, place(self.lines(shared).len(), body(shared)).1);
    }

    fn hints(&self, shared: &Shared) -> Vec<Hint> {
        let scrolls = place(self.lines(shared).len(), body(shared)).1 > 0;
        let scroll = scrolls.then(|| Hint::new("↓", "key-scroll"));
        scroll.into_iter().chain([Hint::new("Esc", "key-close")]).collect()
    }

    fn is_read(&self) -> bool {
        true
    }
}
