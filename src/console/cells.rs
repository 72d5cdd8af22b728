//! Cells as bytes for a terminal, without saying again what it knows: a colour is sent where it changes, and the cursor
//! is moved where it is not. Over a bad link every byte is waited for.

use crossterm::QueueableCommand;
use crossterm::cursor::{MoveTo, MoveToColumn};
use crossterm::style::{Attribute, Print, SetAttribute, SetBackgroundColor, SetForegroundColor};
use ratatui::backend::IntoCrossterm;
use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};
use std::io::{self, Write};
use unicode_width::UnicodeWidthStr;

/// Sends cells in the order of their places, and leaves the terminal in no style.
pub fn send<'a>(out: &mut impl Write, cells: impl Iterator<Item = (u16, u16, &'a Cell)>) -> io::Result<()> {
    let (mut pen, mut row, mut cursor) = (Pen::default(), None, None);
    for (x, y, cell) in cells {
        if cursor != Some((x, y)) {
            if row == Some(y) {
                out.queue(MoveToColumn(x))?
            } else {
                out.queue(MoveTo(x, y))?
            };
        }
        pen.take(out, cell)?;
        out.queue(Print(cell.symbol()))?;
        (row, cursor) = (Some(y), advance(cell.symbol()).map(|columns| (x + columns, y)));
    }
    out.queue(SetAttribute(Attribute::Reset))?;
    Ok(())
}

/// How far the cursor goes, where every terminal agrees on it.
fn advance(symbol: &str) -> Option<u16> {
    let mut chars = symbol.chars();
    match (symbol.width(), chars.next(), chars.next()) {
        (1, Some(_), None) => Some(1),
        (
            2,
            Some('\u{3000}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ff01}'..='\u{ff60}'),
            None,
        ) => Some(2),
        _ => None,
    }
}

/// What the terminal writes with.
struct Pen {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

impl Default for Pen {
    fn default() -> Pen {
        Pen { fg: Color::Reset, bg: Color::Reset, modifier: Modifier::empty() }
    }
}

/// What a modifier is to a terminal.
const ATTRIBUTES: [(Modifier, Attribute); 9] = [
    (Modifier::BOLD, Attribute::Bold),
    (Modifier::DIM, Attribute::Dim),
    (Modifier::ITALIC, Attribute::Italic),
    (Modifier::UNDERLINED, Attribute::Underlined),
    (Modifier::SLOW_BLINK, Attribute::SlowBlink),
    (Modifier::RAPID_BLINK, Attribute::RapidBlink),
    (Modifier::REVERSED, Attribute::Reverse),
    (Modifier::HIDDEN, Attribute::Hidden),
    (Modifier::CROSSED_OUT, Attribute::CrossedOut),
];

impl Pen {
    fn take(&mut self, out: &mut impl Write, cell: &Cell) -> io::Result<()> {
        // Bold and dim end together on a terminal: what ends something begins anew.
        if !cell.modifier.contains(self.modifier) {
            out.queue(SetAttribute(Attribute::Reset))?;
            *self = Pen::default();
        }
        for (modifier, attribute) in ATTRIBUTES {
            if (cell.modifier - self.modifier).contains(modifier) {
                out.queue(SetAttribute(attribute))?;
            }
        }
        if cell.fg != self.fg {
            out.queue(SetForegroundColor(cell.fg.into_crossterm()))?;
        }
        if cell.bg != self.bg {
            out.queue(SetBackgroundColor(cell.bg.into_crossterm()))?;
        }
        *self = Pen { fg: cell.fg, bg: cell.bg, modifier: cell.modifier };
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    fn bytes(buffer: &Buffer, keep: impl Fn(u16, u16) -> bool) -> Vec<u8> {
        let mut out = Vec::new();
        let at = buffer.area.positions().filter(|at| keep(at.x, at.y));
        // As ratatui does it: the cell under the second half of a wide character is left out.
        let cells = at.filter_map(|at| {
            let before = at.x.checked_sub(1).and_then(|x| buffer.cell((x, at.y)));
            let covered = before.is_some_and(|cell| cell.symbol().width() > 1);
            (!covered).then(|| (at.x, at.y, buffer.cell(at).unwrap()))
        });
        send(&mut out, cells).unwrap();
        out
    }

    #[test]
    fn nothing_is_said_twice() {
        let style = Style::new().fg(Color::Rgb(1, 2, 3)).bg(Color::Rgb(4, 5, 6));
        let mut buffer = Buffer::empty(Rect::new(0, 0, 12, 1));
        buffer.set_string(0, 0, "中山路 12", style);
        buffer.set_string(9, 0, "ok", style.fg(Color::Rgb(7, 8, 9)));
        let sent = String::from_utf8(bytes(&buffer, |x, _| x < 11)).unwrap();
        let want = "\x1b[1;1H\x1b[38;2;1;2;3m\x1b[48;2;4;5;6m中山路 12\x1b[38;2;7;8;9mok\x1b[0m";
        assert_eq!(sent, want);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

        /// A terminal shows what the cells are, whatever is left out of a frame because it is there already.
        #[test]
        fn a_terminal_shows_what_was_sent(
            parts in prop::collection::vec((0u16..3, 0u16..4, "[a-c中国é…▍ ]{1,6}", 0u8..6, 0u8..6, 0usize..10), 1..30),
            skipped in prop::collection::vec(any::<bool>(), 160),
        ) {
            let mut buffer = Buffer::empty(Rect::new(0, 0, 40, 4));
            // Side by side: a wide character under another's second half is no frame's.
            let parts: std::collections::BTreeMap<_, _> =
                parts.into_iter().map(|(place, y, text, fg, bg, modifier)| ((place * 13, y), (text, fg, bg, modifier))).collect();
            for ((x, y), (text, fg, bg, modifier)) in parts {
                let style = Style::new().fg(Color::Indexed(fg)).bg(Color::Indexed(bg));
                let style = ATTRIBUTES.get(modifier).map_or(style, |(modifier, _)| style.add_modifier(*modifier));
                buffer.set_string(x, y, text, style);
            }
            let mut terminal = vt100::Parser::new(std::num::NonZero::new(4).unwrap(), std::num::NonZero::new(40).unwrap(), 0);
            let skip = |x: u16, y: u16| skipped[usize::from(y * 40 + x)];
            terminal.process(&bytes(&buffer, |x, y| !skip(x, y)));
            terminal.process(&bytes(&buffer, skip));
            for at in buffer.area.positions() {
                let (cell, shown) = (buffer.cell(at).unwrap(), terminal.screen().cell(at.y, at.x).unwrap());
                if shown.is_wide_continuation() {
                    continue;
                }
                prop_assert_eq!(shown.contents().trim(), cell.symbol().trim());
                let color = |color: Color| if let Color::Indexed(n) = color { vt100::Color::Idx(n) } else { vt100::Color::Default };
                prop_assert_eq!((shown.fgcolor(), shown.bgcolor()), (color(cell.fg), color(cell.bg)));
                let is = (shown.bold(), shown.italic(), shown.underline(), shown.inverse());
                let has = |modifier| cell.modifier.contains(modifier);
                let want = (has(Modifier::BOLD), has(Modifier::ITALIC), has(Modifier::UNDERLINED), has(Modifier::REVERSED));
                prop_assert_eq!(is, want);
            }
        }
    }
}
