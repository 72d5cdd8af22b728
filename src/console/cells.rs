//! Cells as bytes for a terminal, without saying again what it knows. Over a bad link every byte is waited for.
//!
//! What has changed is put together to pieces, each of one look; cells between that have not changed are sent again where
//! that is shorter than to go past them. Where colours are long to say, all pieces of one colour are sent before the next:
//! a terminal that knows frames shows one all at once, and on others it takes the moment that it took before.

use super::pen::{Pen, is_blank};
use ratatui::buffer::{Buffer, Cell};
use ratatui::style::Color;
use unicode_width::UnicodeWidthStr;

/// A column and a row.
pub type Place = (u16, u16);

/// As many pieces are told both ways, to send what is shorter; of more the better way is known before.
const FEW: usize = 48;

/// What makes a terminal that shows the rest of a frame show these places of it too. It is left in no style.
pub fn bytes(frame: &Buffer, places: Vec<Place>) -> Vec<u8> {
    let [under, over] = all_pieces(frame, places);
    let is_long = |color| matches!(color, Color::Rgb(..));
    let long = over.iter().any(|piece| is_long(piece.pen.fg) || is_long(piece.pen.bg));
    let by_row = (over.len() <= FEW || !long).then(|| sent(frame, under.iter().chain(&over)));
    let by_look = (over.len() <= FEW || long).then(|| sent(frame, under.iter().chain(&by_look(over))));
    by_row.into_iter().chain(by_look).min_by_key(Vec::len).unwrap_or_default()
}

/// What lies under wide characters, and the rest. That goes first: where it shows it is blank, and nothing overwrites the
/// character.
fn all_pieces(frame: &Buffer, mut places: Vec<Place>) -> [Vec<Piece>; 2] {
    places.sort_unstable_by_key(|&(x, y)| (y, x));
    places.dedup();
    let (under, over): (Vec<Place>, Vec<Place>) = places.into_iter().partition(|&place| is_covered(frame, place));
    [pieces(frame, &under), pieces(frame, &over)]
}

/// All of one look before the next; looks that have much in common are neighbours.
fn by_look(mut pieces: Vec<Piece>) -> Vec<Piece> {
    let mut looks: Vec<Pen> = Vec::new();
    for Piece { pen, .. } in &pieces {
        if !looks.contains(pen) {
            looks.push(*pen);
        }
    }
    pieces.sort_by_cached_key(|Piece { pen, .. }| {
        let background = looks.iter().position(|look| look.bg == pen.bg);
        let foreground = looks.iter().position(|look| look.fg == pen.fg);
        (background, foreground, pen.modifier.bits())
    });
    pieces
}

/// Cells beside each other that one pen writes.
#[derive(Clone)]
struct Piece {
    x: u16,
    y: u16,
    end: u16,
    pen: Pen,
    /// It has more than blanks: its pen says more than what is behind them.
    written: bool,
}

impl Piece {
    /// The piece of one cell.
    fn of(frame: &Buffer, (x, y): Place) -> Option<Piece> {
        let cell = frame.cell((x, y))?;
        let written = !is_blank(cell);
        let pen = if written { Pen::of(cell) } else { Pen { bg: cell.bg, ..Pen::default() } };
        Some(Piece { x, y, end: x + columns(cell), pen, written })
    }

    /// Takes in a cell that stands at its end, if its pen can write that.
    fn takes(&mut self, frame: &Buffer) -> bool {
        let next = Piece::of(frame, (self.end, self.y));
        let Some(Piece { end, pen, written, .. }) = next else { return false };
        let same = match (self.written, written) {
            (true, true) => self.pen == pen,
            (_, false) => self.pen.for_blanks(pen.bg) == self.pen,
            (false, true) => pen.for_blanks(self.pen.bg) == pen,
        };
        if same && written {
            (self.pen, self.written) = (pen, true);
        }
        self.end = if same { end } else { self.end };
        same
    }

    /// The piece that reaches to a place and has it, if that is shorter than to go there.
    fn reaching(&self, frame: &Buffer, (x, y): Place) -> Option<Piece> {
        if self.y != y || self.end > x {
            return None;
        }
        let (mut longer, mut room) = (self.clone(), by(x - self.end, 'C').len());
        while longer.end < x {
            let cell = frame.cell((longer.end, y))?;
            room = room.checked_sub(cell.symbol().len())?;
            advance(cell.symbol())?;
            longer.takes(frame).then_some(())?;
        }
        (longer.end == x && longer.takes(frame)).then_some(longer)
    }
}

/// The pieces of places in their order.
fn pieces(frame: &Buffer, places: &[Place]) -> Vec<Piece> {
    let mut all: Vec<Piece> = Vec::new();
    for &place in places {
        match all.last().and_then(|last| last.reaching(frame, place)) {
            Some(longer) => all.splice(all.len() - 1.., [longer]).for_each(drop),
            None => all.extend(Piece::of(frame, place)),
        }
    }
    all
}

/// The bytes of pieces in their order.
fn sent<'a>(frame: &Buffer, pieces: impl Iterator<Item = &'a Piece>) -> Vec<u8> {
    let (mut out, mut pen, mut cursor) = (Vec::new(), Pen::default(), Cursor { right: frame.area.right(), at: None });
    for piece in pieces {
        let with = if piece.written { piece.pen } else { pen.for_blanks(piece.pen.bg) };
        pen.becomes(with, &mut out);
        let mut x = piece.x;
        while x < piece.end
            && let Some(cell) = frame.cell((x, piece.y))
        {
            cursor.goes((x, piece.y), &mut out);
            cursor.writes(cell.symbol(), &mut out);
            x += columns(cell);
        }
    }
    pen.becomes(Pen::default(), &mut out);
    out
}

/// Where the cursor is, as far as every terminal agrees on it.
struct Cursor {
    /// The column behind the last one. What is written there leaves the cursor in or behind it.
    right: u16,
    at: Option<(Option<u16>, u16)>,
}

impl Cursor {
    /// Goes to a place by the shortest way.
    fn goes(&mut self, (x, y): Place, out: &mut Vec<u8>) {
        if self.at == Some((Some(x), y)) {
            return;
        }
        let column = if x > 0 { format!(";{}", x + 1) } else { String::new() };
        let absolute = format!("\x1b[{}{column}H", y + 1);
        let ways = self.at.into_iter().flat_map(|at| near(at, (x, y)));
        out.extend_from_slice(ways.chain([absolute]).min_by_key(String::len).unwrap_or_default().as_bytes());
        self.at = Some((Some(x), y));
    }

    /// Writes a character where it is.
    fn writes(&mut self, symbol: &str, out: &mut Vec<u8>) {
        out.extend_from_slice(symbol.as_bytes());
        let column = |x| advance(symbol).map(|columns| x + columns);
        self.at = match self.at {
            Some((Some(x), y)) => column(x).map(|x| ((x < self.right).then_some(x), y)),
            _ => None,
        };
    }
}

/// Ways on from where the cursor is, along a row or down.
fn near((column, row): (Option<u16>, u16), (x, y): Place) -> Vec<String> {
    let Some(down) = y.checked_sub(row) else { return Vec::new() };
    // What a line feed alone does is not the same everywhere.
    let fed = (0..=3).contains(&down).then(|| format!("\r{}{}", "\n".repeat(down.into()), by(x, 'C')));
    let straight = column.map(|column| {
        let along = match (x.checked_sub(column), column.abs_diff(x)) {
            (Some(right), _) => by(right, 'C'),
            (None, left @ 1..=3) => "\x08".repeat(left.into()),
            (None, left) => by(left, 'D'),
        };
        by(down, 'B') + &along
    });
    fed.into_iter().chain(straight).collect()
}

/// A move by some columns or rows.
fn by(n: u16, to: char) -> String {
    match n {
        0 => String::new(),
        1 => format!("\x1b[{to}"),
        _ => format!("\x1b[{n}{to}"),
    }
}

/// The columns of a cell's character.
fn columns(cell: &Cell) -> u16 {
    u16::try_from(cell.symbol().width()).unwrap_or(1).max(1)
}

/// Whether a place lies under the second half of a wide character.
fn is_covered(frame: &Buffer, (x, y): Place) -> bool {
    x.checked_sub(1).and_then(|before| frame.cell((before, y))).is_some_and(|before| columns(before) > 1)
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use ratatui::layout::Rect;
    use ratatui::style::{Modifier, Style};
    use std::num::NonZero;

    /// The orders in which pieces are sent.
    const ORDERS: [fn(Vec<Piece>) -> Vec<Piece>; 2] = [|by_row| by_row, by_look];

    fn in_order(frame: &Buffer, places: Vec<Place>, order: fn(Vec<Piece>) -> Vec<Piece>) -> Vec<u8> {
        let [under, over] = all_pieces(frame, places);
        sent(frame, under.iter().chain(&order(over)))
    }

    /// The places of a frame of one row, as ratatui has them: the cell under the second half of a wide character is left out.
    fn places(frame: &Buffer, keep: impl Fn(u16, u16) -> bool) -> Vec<Place> {
        let all = frame.area.positions().map(|at| (at.x, at.y));
        all.filter(|&(x, y)| keep(x, y) && !is_covered(frame, (x, y))).collect()
    }

    fn rgb(n: u8) -> Style {
        Style::new().fg(Color::Rgb(n, n, n)).bg(Color::Rgb(4, 5, 6))
    }

    fn text(frame: &Buffer, keep: impl Fn(u16, u16) -> bool) -> String {
        String::from_utf8(bytes(frame, places(frame, keep))).unwrap()
    }

    #[test]
    fn nothing_is_said_twice() {
        let mut frame = Buffer::empty(Rect::new(0, 0, 12, 1));
        frame.set_string(0, 0, "中山路 12", rgb(1));
        frame.set_string(9, 0, "ok", rgb(7).add_modifier(Modifier::BOLD));
        let want = "\x1b[38;2;1;1;1;48;2;4;5;6m\x1b[1H中山路 12\x1b[1;38;2;7;7;7mok\x1b[m";
        assert_eq!(text(&frame, |x, _| x < 11), want);
    }

    /// Each colour is said once where it is long to say, and cells are in the order of their rows where it is not.
    #[test]
    fn all_of_a_colour_is_sent_before_the_next() {
        let (mut long, mut short) = (Buffer::empty(Rect::new(0, 0, 12, 3)), Buffer::empty(Rect::new(0, 0, 12, 3)));
        for y in 0..3 {
            for (x, n) in [(0, 1), (5, 2)] {
                long.set_string(x, y, "abcde", rgb(n));
                short.set_string(x, y, "abcde", if n == 1 { Style::new() } else { Style::new().bold() });
            }
        }
        let (one, two) = ("abcde\r\nabcde\r\nabcde", "abcde\r\n\x1b[5Cabcde\r\n\x1b[5Cabcde");
        let (first, second) = ("\x1b[38;2;1;1;1;48;2;4;5;6m\x1b[1H", "\x1b[38;2;2;2;2m\x1b[1;6H");
        assert_eq!(text(&long, |x, _| x < 10), format!("{first}{one}{second}{two}\x1b[m"));
        let row = "abcde\x1b[1mabcde\x1b[m";
        assert_eq!(text(&short, |x, _| x < 10), format!("\x1b[1H{row}\r\n{row}\r\n{row}"));
    }

    /// The shortest way to what has changed, over what has not.
    #[test]
    fn ways_are_short() {
        let mut frame = Buffer::empty(Rect::new(0, 0, 40, 20));
        (0..20).for_each(|y| frame.set_string(0, y, "0123456789中文6789中文中文中文 abcdefghi", Style::new()));
        for (from, to, want) in [
            ((0, 0), (2, 0), "012"),
            ((0, 0), (5, 0), "012345"),
            ((0, 0), (6, 0), "0\x1b[5C6"),
            ((9, 0), (12, 0), "9中文"),
            ((9, 0), (14, 0), "9\x1b[4C6"),
            ((10, 0), (14, 0), "中文6"),
            ((17, 0), (22, 0), "9\x1b[4C中"),
            ((5, 0), (5, 1), "5\x1b[B\x085"),
            ((31, 0), (31, 1), "a\x1b[B\x08a"),
            ((31, 0), (32, 1), "a\x1b[Bb"),
            ((31, 0), (0, 3), "a\r\n\n\n0"),
            ((31, 0), (0, 4), "a\x1b[5H0"),
            ((31, 0), (9, 1), "a\r\n\x1b[9C9"),
            ((31, 0), (28, 1), "a\r\n\x1b[28C文"),
            ((39, 0), (38, 1), "i\r\n\x1b[38Ch"),
            ((39, 8), (39, 9), "i\r\n\x1b[39Ci"),
        ] {
            let sent = text(&frame, |x, y| [from, to].contains(&(x, y)));
            let begin = sent.find('H').unwrap() + 1;
            assert_eq!(&sent[begin..], want, "{from:?} to {to:?}");
        }
        // Nor over what is not as wide on every terminal.
        let mut wide = Buffer::empty(Rect::new(0, 0, 20, 1));
        wide.set_string(0, 0, "0👍3456789", Style::new());
        assert_eq!(text(&wide, |x, _| [0, 3].contains(&x)), "\x1b[1H0\x1b[2C3");
        // Far to the right the first column is far.
        let mut far = Buffer::empty(Rect::new(0, 0, 140, 2));
        (0..2).for_each(|y| far.set_string(120, y, "abcdefghi", Style::new()));
        let sent = text(&far, |x, y| [(125, 0), (122, 1)].contains(&(x, y)));
        assert_eq!(sent, "\x1b[1;126Hf\x1b[B\x1b[4Dc");
    }

    /// A blank has no colour of its own, but where it shows.
    #[test]
    fn blanks_are_written_with_what_is_there() {
        let sent = |blanks: Style| {
            let mut frame = Buffer::empty(Rect::new(0, 0, 9, 1));
            frame.set_string(0, 0, "a  b", rgb(1));
            frame.set_string(1, 0, "  ", blanks);
            text(&frame, |x, _| x < 4)
        };
        let plain = "\x1b[38;2;1;1;1;48;2;4;5;6m\x1b[1Ha  b\x1b[m";
        assert_eq!(sent(rgb(2).add_modifier(Modifier::BOLD | Modifier::HIDDEN)), plain);
        for (blanks, shows) in [
            (rgb(1).add_modifier(Modifier::UNDERLINED), "a\x1b[4m  \x1b[24mb"),
            (rgb(1).add_modifier(Modifier::ITALIC), "a\x1b[3m  \x1b[23mb"),
            (rgb(1).add_modifier(Modifier::SLOW_BLINK), "a\x1b[5m  \x1b[25mb"),
            (rgb(1).add_modifier(Modifier::RAPID_BLINK), "a\x1b[6m  \x1b[25mb"),
            (rgb(1).add_modifier(Modifier::REVERSED), "a\x1b[7m  \x1b[27mb"),
            (rgb(1).add_modifier(Modifier::CROSSED_OUT), "a\x1b[9m  \x1b[29mb"),
            (rgb(2).bg(Color::Red), "a\x1b[2Cb\x1b[41m\x08\x08\x08  "),
        ] {
            assert!(sent(blanks).contains(shows), "{blanks:?}: {:?}", sent(blanks));
        }
    }

    /// What lies under the second half of a wide character never takes the character away.
    #[test]
    fn what_is_covered_goes_first() {
        let mut frame = Buffer::empty(Rect::new(0, 0, 9, 1));
        frame.set_string(2, 0, "👍", Style::new());
        for order in ORDERS {
            let sent = in_order(&frame, vec![(2, 0), (3, 0)], order);
            assert_eq!(String::from_utf8(sent).unwrap(), "\x1b[1;4H \x08\x08👍");
        }
    }

    /// What a terminal shows of a cell: its text, what is behind it, and the rest where there is something to see of it.
    fn shows(shown: &vt100::Cell, cell: &Cell) -> bool {
        let color = |color: Color| match color {
            Color::Indexed(n) => vt100::Color::Idx(n),
            Color::Rgb(r, g, b) => vt100::Color::Rgb(r, g, b),
            _ => vt100::Color::Default,
        };
        let has = |modifier| cell.modifier.contains(modifier);
        let behind = (shown.bgcolor(), shown.underline(), shown.italic(), shown.inverse());
        let wanted = (color(cell.bg), has(Modifier::UNDERLINED), has(Modifier::ITALIC), has(Modifier::REVERSED));
        let of_text = (shown.fgcolor(), shown.bold(), shown.dim());
        shown.contents().trim() == cell.symbol().trim()
            && behind == wanted
            && (is_blank(cell) || of_text == (color(cell.fg), has(Modifier::BOLD), has(Modifier::DIM)))
    }

    /// Parts of a frame side by side: a wide character under another's second half is no frame's.
    fn frame(parts: &[(u16, u16, String, Style)]) -> Buffer {
        let mut frame = Buffer::empty(Rect::new(0, 0, 40, 4));
        let parts: std::collections::BTreeMap<_, _> =
            parts.iter().map(|(place, y, text, style)| ((place * 14, *y), (text, style))).collect();
        parts.into_iter().for_each(|((x, y), (text, style))| frame.set_string(x, y, text, *style));
        frame
    }

    fn style() -> impl Strategy<Value = Style> {
        let color = || {
            prop_oneof![
                Just(Color::Reset),
                (0u8..3).prop_map(Color::Indexed),
                (0u8..3).prop_map(|n| Color::Rgb(n, 100, 200))
            ]
        };
        let modifiers = prop_oneof![Just(0), Just(0), any::<u16>()].prop_map(Modifier::from_bits_truncate);
        (color(), color(), modifiers)
            // This terminal knows no text that is both bold and dim.
            .prop_filter("bold or dim", |(.., modifiers)| !modifiers.contains(Modifier::BOLD | Modifier::DIM))
            .prop_map(|(fg, bg, modifiers)| Style::new().fg(fg).bg(bg).add_modifier(modifiers))
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

        /// A terminal shows what the cells are, whatever is left out of a frame because it is there already.
        #[test]
        fn a_terminal_shows_what_was_sent(
            parts in prop::collection::vec((0u16..3, 0u16..4, "[a-c中国é…▍👍 ]{1,8}", style()), 1..30),
            skipped in prop::collection::vec(any::<bool>(), 160),
        ) {
            let frame = frame(&parts);
            let skip = |x: u16, y: u16| skipped[usize::from(y * 40 + x)];
            let (first, rest) = (places(&frame, |x, y| !skip(x, y)), places(&frame, skip));
            for order in ORDERS {
                let mut terminal = vt100::Parser::new(NonZero::new(4).unwrap(), NonZero::new(40).unwrap(), 0);
                for places in [&first, &rest] {
                    terminal.process(&in_order(&frame, places.clone(), order));
                    prop_assert_eq!(terminal.screen().fgcolor(), vt100::Color::Default);
                }
                for at in frame.area.positions() {
                    let (cell, shown) = (frame.cell(at).unwrap(), terminal.screen().cell(at.y, at.x).unwrap());
                    prop_assert!(shown.is_wide_continuation() || shows(shown, cell), "{}: {:?} of {:?}", at, shown, cell);
                }
            }
        }
    }
}
