//! A list in a frame, as most screens are.

use super::super::held::Held;
use super::super::paint::window;
use super::super::shared::Shared;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType, Paragraph, Wrap};
use std::borrow::Borrow;

/// A framed area; the one with the focus is bright and bold.
pub fn framed<'a>(shared: &Shared, title: String, focus: bool) -> Block<'a> {
    let theme = &shared.theme;
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

/// The terminal's cursor stands at the selected row, for screen readers and magnifiers; the caret of what lies over it or
/// is typed goes before it.
pub fn point(frame: &mut Frame, inner: Rect, row: usize) {
    frame.set_cursor_position((inner.x, inner.y + u16::try_from(row).unwrap_or(0)));
}

/// A row with another style over all of it: spans bring their own background.
pub fn marked(line: Line<'_>, style: Style) -> Line<'_> {
    Line::from(line.spans.into_iter().map(|span| span.patch_style(style)).collect::<Vec<_>>())
}

/// A row with blanks to the end of its pane: it is marked as a whole.
pub fn filled(mut line: Line<'_>, width: usize) -> Line<'_> {
    let blanks = width.saturating_sub(line.width());
    line.spans.push(Span::raw(" ".repeat(blanks)));
    line
}

/// The selected row of the pane that has the focus.
pub fn chosen<'a>(shared: &Shared, line: Line<'a>) -> Line<'a> {
    let patched = |span: Span<'a>| {
        let style = shared.theme.chosen(span.style.fg);
        span.patch_style(style)
    };
    Line::from(line.spans.into_iter().map(patched).collect::<Vec<_>>())
}

/// A sentence inside an empty pane.
pub fn hint(shared: &Shared, frame: &mut Frame, area: Rect, text: String) {
    let inner = area.inner(ratatui::layout::Margin::new(2, 2));
    let text = Paragraph::new(text).style(shared.theme.fg(shared.theme.muted)).wrap(Wrap { trim: true });
    frame.render_widget(text, inner);
}

/// A screen of rows in one frame, with the selected one marked; `empty` says what to do where there are
/// none, once that is known.
pub fn list<T, B: Borrow<T>>(
    shared: &Shared,
    frame: &mut Frame,
    (body, title, top): (Rect, String, bool),
    (all, selected): (&[B], usize),
    row: impl Fn(&T, usize) -> Vec<Span<'static>>,
    empty: Option<(Held, &str)>,
) {
    let theme = &shared.theme;
    let block = framed(shared, title, true);
    let inner = block.inner(body);
    let (width, height) = (usize::from(inner.width), usize::from(inner.height));
    let first = window(all.len(), selected, height);
    let rows = all.iter().enumerate().skip(first).take(height).map(|(at, item)| {
        let line = Line::from(row(item.borrow(), width));
        if at == selected { chosen(shared, filled(line, width)) } else { line }
    });
    let rows: Vec<Line> = rows.collect();
    frame.render_widget(Paragraph::new(rows).style(theme.base()).block(block), body);
    if top && selected < all.len() {
        point(frame, inner, selected - first);
    }
    if let Some((_, empty)) = empty.filter(|(held, _)| all.is_empty() && shared.fresh.is_there(*held)) {
        hint(shared, frame, body, shared.lang.say(empty));
    }
}
