//! The keys that there are, on the screen that it lies over.

use super::super::layer::{Hint, Layer, Step};
use super::super::paint::fit;
use super::super::shared::Shared;
use super::{centred, window};
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
}

impl Help {
    /// Of these.
    pub fn of(keys: Vec<Hint>) -> Help {
        Help { keys }
    }
}

impl Layer for Help {
    fn draw(&self, shared: &Shared, frame: &mut Frame, body: Rect, _top: bool) {
        let theme = &shared.theme;
        let half = self.keys.len().div_ceil(2);
        // Two columns, within the window's frame and margins.
        let text = usize::from(WIDTH.min(body.width).saturating_sub(4)) / 2 - 10;
        let cell = |at: usize| match self.keys.get(at) {
            Some(b) => vec![
                Span::styled(fit(&b.key, 10), theme.fg(theme.accent).add_modifier(Modifier::BOLD)),
                Span::styled(fit(&shared.lang.say(b.help), text), theme.fg(theme.text)),
            ],
            None => Vec::new(),
        };
        let mut lines: Vec<Line> = (0..half).map(|at| Line::from([cell(at), cell(at + half)].concat())).collect();
        lines.push(Line::from(""));
        lines.extend(shared.lang.say("help-filter").lines().map(|l| Line::styled(l.to_owned(), theme.fg(theme.muted))));
        let height = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(2);
        let inner = window(shared, frame, centred(body, WIDTH, height), shared.lang.say("key-help"));
        frame.render_widget(Paragraph::new(lines).style(theme.base()), inner);
    }

    /// Any key closes it.
    fn key(&mut self, _shared: &mut Shared, _key: KeyEvent) -> Step {
        Step::Closes
    }

    fn hints(&self, _shared: &Shared) -> Vec<Hint> {
        vec![Hint::new("Esc", "key-back")]
    }

    fn is_read(&self) -> bool {
        true
    }
}
