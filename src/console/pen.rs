//! What a terminal writes with, and the shortest way to say that it is another now.

use super::depth::number;
use crossterm::style::{Attribute, Colored};
use ratatui::backend::IntoCrossterm;
use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};

/// Modifiers that show where nothing is written. GNU screen shows what is italic reversed.
const ON_BLANKS: Modifier = Modifier::UNDERLINED
    .union(Modifier::ITALIC)
    .union(Modifier::REVERSED)
    .union(Modifier::SLOW_BLINK)
    .union(Modifier::RAPID_BLINK)
    .union(Modifier::CROSSED_OUT);

/// What a modifier is to a terminal, and what ends it. Bold and dim end together.
const ATTRIBUTES: [(Modifier, Attribute, Attribute); 9] = [
    (Modifier::BOLD, Attribute::Bold, Attribute::NormalIntensity),
    (Modifier::DIM, Attribute::Dim, Attribute::NormalIntensity),
    (Modifier::ITALIC, Attribute::Italic, Attribute::NoItalic),
    (Modifier::UNDERLINED, Attribute::Underlined, Attribute::NoUnderline),
    (Modifier::SLOW_BLINK, Attribute::SlowBlink, Attribute::NoBlink),
    (Modifier::RAPID_BLINK, Attribute::RapidBlink, Attribute::NoBlink),
    (Modifier::REVERSED, Attribute::Reverse, Attribute::NoReverse),
    (Modifier::HIDDEN, Attribute::Hidden, Attribute::NoHidden),
    (Modifier::CROSSED_OUT, Attribute::CrossedOut, Attribute::NotCrossedOut),
];

/// What it writes with: nothing special, at first.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Pen {
    /// The colour of what is written.
    pub fg: Color,
    /// The colour behind it.
    pub bg: Color,
    /// Bold and the like.
    pub modifier: Modifier,
}

/// Whether of a cell only what is behind it shows: it looks the same with any other foreground, bold or not.
pub fn is_blank(cell: &Cell) -> bool {
    cell.symbol() == " " && !cell.modifier.intersects(ON_BLANKS)
}

/// How one of the sixteen colours is said in the short way, which every terminal knows: crossterm says it as one of 256.
fn named(color: Color, from: u8) -> Option<String> {
    let number = number(color)?;
    Some((if number < 8 { from + number } else { from + 60 + number - 8 }).to_string())
}

impl Pen {
    /// What a cell is written with.
    pub fn of(cell: &Cell) -> Pen {
        Pen { fg: cell.fg, bg: cell.bg, modifier: cell.modifier }
    }

    /// The one most like it that writes blanks of a background.
    pub fn for_blanks(self, bg: Color) -> Pen {
        Pen { bg, modifier: self.modifier - ON_BLANKS, ..self }
    }

    /// Says that it is another now.
    pub fn becomes(&mut self, other: Pen, out: &mut Vec<u8>) {
        if *self == other {
            return;
        }
        let (on, anew) = (self.changed(other).join(";"), Pen::default().changed(other).join(";"));
        let anew = if anew.is_empty() { anew } else { format!("0;{anew}") };
        let said = if anew.len() < on.len() { anew } else { on };
        out.extend_from_slice(format!("\x1b[{said}m").as_bytes());
        *self = other;
    }

    /// What has to be said to make it another.
    fn changed(self, other: Pen) -> Vec<String> {
        let mut said: Vec<String> = Vec::new();
        let mut has = self.modifier;
        for (modifier, _, end) in ATTRIBUTES {
            if (has - other.modifier).intersects(modifier) {
                said.push(end.sgr());
                // What ends with it begins again, if it should be there.
                ATTRIBUTES.iter().filter(|(.., other)| *other == end).for_each(|(with, ..)| has -= *with);
            }
        }
        let begins = ATTRIBUTES.iter().filter(|(modifier, ..)| (other.modifier - has).contains(*modifier));
        said.extend(begins.map(|(_, attribute, _)| attribute.sgr()));
        if self.fg != other.fg {
            said.push(
                named(other.fg, 30).unwrap_or_else(|| Colored::ForegroundColor(other.fg.into_crossterm()).to_string()),
            );
        }
        if self.bg != other.bg {
            said.push(
                named(other.bg, 40).unwrap_or_else(|| Colored::BackgroundColor(other.bg.into_crossterm()).to_string()),
            );
        }
        said
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What a terminal writes with that was told this (ECMA-48).
    fn told(mut pen: Pen, sent: &[u8]) -> Pen {
        let Some(said) = std::str::from_utf8(sent).unwrap().strip_prefix("\x1b[") else { return pen };
        let mut said = said.strip_suffix('m').unwrap().split(';').map(|n| n.parse::<u8>().unwrap_or(0));
        while let Some(n) = said.next() {
            let mut color = || match said.next() {
                Some(2) => Color::Rgb(said.next().unwrap(), said.next().unwrap(), said.next().unwrap()),
                _ => Color::Indexed(said.next().unwrap()),
            };
            match n {
                0 => pen = Pen::default(),
                1 => pen.modifier |= Modifier::BOLD,
                2 => pen.modifier |= Modifier::DIM,
                3 => pen.modifier |= Modifier::ITALIC,
                4 => pen.modifier |= Modifier::UNDERLINED,
                5 => pen.modifier |= Modifier::SLOW_BLINK,
                6 => pen.modifier |= Modifier::RAPID_BLINK,
                7 => pen.modifier |= Modifier::REVERSED,
                8 => pen.modifier |= Modifier::HIDDEN,
                9 => pen.modifier |= Modifier::CROSSED_OUT,
                22 => pen.modifier -= Modifier::BOLD | Modifier::DIM,
                23 => pen.modifier -= Modifier::ITALIC,
                24 => pen.modifier -= Modifier::UNDERLINED,
                25 => pen.modifier -= Modifier::SLOW_BLINK | Modifier::RAPID_BLINK,
                27 => pen.modifier -= Modifier::REVERSED,
                28 => pen.modifier -= Modifier::HIDDEN,
                29 => pen.modifier -= Modifier::CROSSED_OUT,
                30..=37 => pen.fg = Color::Indexed(n - 30),
                90..=97 => pen.fg = Color::Indexed(n - 82),
                40..=47 => pen.bg = Color::Indexed(n - 40),
                100..=107 => pen.bg = Color::Indexed(n - 92),
                38 => pen.fg = color(),
                39 => pen.fg = Color::Reset,
                48 => pen.bg = color(),
                49 => pen.bg = Color::Reset,
                n => panic!("{n}"),
            }
        }
        pen
    }

    fn pen() -> impl Strategy<Value = Pen> {
        let color = || {
            let rgb = (0u8..2).prop_map(|n| Color::Rgb(n, 200, 100));
            prop_oneof![Just(Color::Reset), (6u8..18).prop_map(Color::Indexed), rgb]
        };
        let modifier = any::<u16>().prop_map(Modifier::from_bits_truncate);
        (color(), color(), modifier).prop_map(|(fg, bg, modifier)| Pen { fg, bg, modifier })
    }

    proptest! {
        #[test]
        fn a_terminal_writes_with_what_it_was_told((mut pen, other) in (pen(), pen())) {
            let (was, mut sent) = (pen, Vec::new());
            pen.becomes(other, &mut sent);
            prop_assert_eq!((pen, told(was, &sent)), (other, other));
        }
    }

    #[test]
    fn the_shortest_is_said() {
        let (red, bold) = (Color::Rgb(200, 100, 100), Modifier::BOLD);
        let of = |fg, modifier| Pen { fg, bg: Color::Rgb(22, 24, 29), modifier };
        for (from, to, want) in [
            (of(red, bold), of(red, bold), ""),
            (of(red, bold), of(red, Modifier::empty()), "\x1b[22m"),
            (of(red, bold), of(red, Modifier::DIM), "\x1b[22;2m"),
            (of(red, bold | Modifier::DIM), of(red, bold), "\x1b[22;1m"),
            (of(red, bold), Pen::default(), "\x1b[m"),
            (of(red, bold), Pen { modifier: bold, ..Pen::default() }, "\x1b[0;1m"),
        ] {
            let (mut pen, mut sent) = (from, Vec::new());
            pen.becomes(to, &mut sent);
            assert_eq!(String::from_utf8(sent).unwrap(), want, "{from:?} to {to:?}");
        }
    }
}
