//! The articles, and the selected one in full.

use super::super::held::Held;
use super::super::layer::{Hint, Layer, Screen, Step};
use super::super::paint::{fit, fit_right, window};
use super::super::pick::range;
use super::super::shared::Shared;
use super::cursor::moved;
use super::list::{chosen, filled, framed, point};
use crate::rulebook::Article;
use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Paragraph, Wrap};
use unicode_width::UnicodeWidthStr;

/// The screen.
#[derive(Default)]
pub struct Articles {
    row: usize,
}

impl Layer for Articles {
    fn uses(&self, _shared: &Shared, held: Held) -> bool {
        held == Held::Laws
    }

    fn draw(&self, shared: &Shared, frame: &mut Frame, body: Rect, top: bool) {
        let theme = &shared.theme;
        let title = format!("{} {}", shared.lang.say("tab-rulebook"), shared.book.edition);
        let block = framed(shared, title, true);
        let inner = block.inner(body);
        let list = usize::from(inner.height).saturating_sub(5);
        let first = window(shared.book.articles.len(), self.row, list);
        let width = usize::from(inner.width);
        let titles = shared.book.articles.iter().map(|a| shared.lang.of(&a.title).width()).max().unwrap_or(0) + 2;
        let titles = titles.min(width.saturating_sub(42));
        let row = |(at, a): (usize, &Article)| {
            let line = Line::from(vec![
                Span::styled(fit(&a.clause, 10), theme.fg(theme.muted)),
                Span::styled(fit(a.id.as_str(), 22), theme.fg(theme.accent)),
                Span::styled(fit(shared.lang.of(&a.title), titles), theme.fg(theme.text)),
                Span::styled(fit_right(&range(a), 10), theme.fg(theme.text).add_modifier(Modifier::BOLD)),
            ]);
            if at == self.row { chosen(shared, filled(line, width)) } else { line }
        };
        let mut lines: Vec<Line> = shared.book.articles.iter().enumerate().skip(first).take(list).map(row).collect();
        if let Some(article) = shared.book.articles.get(self.row) {
            lines.push(Line::from(""));
            lines.push(Line::styled(shared.lang.of(&article.help).to_owned(), theme.fg(theme.text)));
            if let Some(cap) = article.cap {
                lines.push(Line::styled(
                    shared.lang.say_with("article-cap", &[("cap", cap.to_string().into())]),
                    theme.fg(theme.warning),
                ));
            }
        }
        frame.render_widget(Paragraph::new(lines).style(theme.base()).wrap(Wrap { trim: false }).block(block), body);
        if top {
            point(frame, inner, self.row.saturating_sub(first));
        }
    }

    fn lay_out(&mut self, shared: &Shared) {
        // Another edition may have fewer articles.
        self.row = self.row.min(shared.book.articles.len().saturating_sub(1));
    }

    fn key(&mut self, _shared: &mut Shared, _key: KeyEvent) -> Step {
        Step::Falls
    }
}

impl Screen for Articles {
    fn keys(&self, _shared: &Shared) -> (Vec<Hint>, Vec<Hint>) {
        (Vec::new(), Vec::new())
    }

    fn enters(&mut self, _shared: &Shared) {
        self.row = 0;
    }

    fn step(&mut self, shared: &mut Shared, by: isize) {
        self.row = moved(Some(self.row), by, shared.book.articles.len());
    }
}
