//! How many colours a terminal can show, by what it says; and what a theme's colours are where those are fewer.

use super::theme::{LEGIBLE, Theme, contrast};
use ratatui::style::Color;
use serde::{Deserialize, Serialize};

/// How many colours a terminal can show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Depth {
    /// None: bold, dim and reverse only.
    None,
    /// The sixteen that each terminal paints as it likes.
    Sixteen,
    /// Those, a cube and greys.
    Indexed,
    /// Any, in 24 bits.
    #[default]
    True,
}

/// Terminals that show 24 bits under a name of their own, which comes over SSH where `COLORTERM` does not.
const TRUE: [&str; 8] = ["alacritty", "contour", "foot", "ghostty", "kitty", "rio", "wezterm", "direct"];

impl Depth {
    /// What an environment says. Who says nothing, or that there are none, has none.
    pub fn told(var: impl Fn(&str) -> Option<String>) -> Depth {
        let of = |name: &str| var(name).unwrap_or_default();
        let (name, said) = (of("TERM"), of("COLORTERM"));
        let is_plain = name.is_empty() || name == "dumb" || name.ends_with("-mono") || name.ends_with("-m");
        let is_old = name.strip_prefix("vt").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        if !of("NO_COLOR").is_empty() || of("CLICOLOR") == "0" || is_plain || is_old {
            return Depth::None;
        }
        // GNU screen and Linux's console have `COLORTERM` from whoever started them, and show 24 bits as something else.
        let is_within = name.starts_with("screen") || name == "linux" || !of("STY").is_empty();
        let is_true =
            matches!(said.as_str(), "truecolor" | "24bit") || name.split('-').any(|part| TRUE.contains(&part));
        match (is_true && !is_within, name.contains("256color")) {
            (true, _) => Depth::True,
            (false, true) => Depth::Indexed,
            (false, false) => Depth::Sixteen,
        }
    }
}

/// The sixteen, by their numbers.
const SIXTEEN: [Color; 16] = [
    Color::Black,
    Color::Red,
    Color::Green,
    Color::Yellow,
    Color::Blue,
    Color::Magenta,
    Color::Cyan,
    Color::Gray,
    Color::DarkGray,
    Color::LightRed,
    Color::LightGreen,
    Color::LightYellow,
    Color::LightBlue,
    Color::LightMagenta,
    Color::LightCyan,
    Color::White,
];

/// What xterm paints the sixteen as.
const PAINTED: [u32; 16] = [
    0x00_0000, 0xcd_0000, 0x00_cd00, 0xcd_cd00, 0x00_00ee, 0xcd_00cd, 0x00_cdcd, 0xe5_e5e5, 0x7f_7f7f, 0xff_0000,
    0x00_ff00, 0xff_ff00, 0x5c_5cff, 0xff_00ff, 0x00_ffff, 0xff_ffff,
];

/// The number of a colour that is one of the sixteen.
pub fn number(color: Color) -> Option<u8> {
    match color {
        Color::Indexed(n @ ..16) => Some(n),
        color => (0..).zip(SIXTEEN).find(|(_, one)| *one == color).map(|(n, _)| n),
    }
}

/// Red, green and blue of a colour, where they are known: the sixteen as xterm paints them.
pub fn rgb(color: Color) -> Option<[u8; 3]> {
    match (number(color), color) {
        (Some(n), _) => {
            let [_, rgb @ ..] = PAINTED[usize::from(n)].to_be_bytes();
            Some(rgb)
        }
        (None, Color::Rgb(r, g, b)) => Some([r, g, b]),
        (None, Color::Indexed(n @ 16..=231)) => {
            let part = |n: u8| if n == 0 { 0 } else { 55 + 40 * n };
            Some([part((n - 16) / 36), part((n - 16) / 6 % 6), part((n - 16) % 6)])
        }
        (None, Color::Indexed(n)) => Some([8 + 10 * (n - 232); 3]),
        (None, _) => None,
    }
}

/// The nearest colour of the cube and the greys, which are the same on every terminal, of those that fit; if none does, the
/// nearest of all. What is none of 24 bits can be shown as it is.
fn nearest(color: Color, fits: impl Fn(Color) -> bool) -> Color {
    let Color::Rgb(r, g, b) = color else { return color };
    let apart = |other: Color| {
        let of = rgb(other).unwrap_or_default().into_iter().zip([r, g, b]);
        of.map(|(a, b)| u32::from(a.abs_diff(b)).pow(2)).sum::<u32>()
    };
    let all = || (16..=255).map(Color::Indexed);
    all().min_by_key(|other| (!fits(*other), apart(*other))).unwrap_or(color)
}

/// A theme in the colours that 256 have. What is read can be read still, and what is told apart by its colour too.
pub(super) fn indexed(theme: &Theme) -> Theme {
    let background = nearest(theme.background, |_| true);
    let selected = nearest(theme.selected, |color| theme.selected == theme.background || color != background);
    let reads = |color, on| contrast(color, on).is_none_or(|contrast| contrast >= LEGIBLE);
    let mut taken: Vec<(Color, Color)> = Vec::new();
    let mut apart = |color: Color| {
        let free = |other| taken.iter().all(|(of, is)| *is != other || *of == color);
        let found = nearest(color, |other| reads(other, background) && free(other));
        taken.push((color, found));
        found
    };
    Theme {
        text: apart(theme.text),
        danger: apart(theme.danger),
        warning: apart(theme.warning),
        ok: apart(theme.ok),
        muted: nearest(theme.muted, |color| reads(color, background)),
        accent: nearest(theme.accent, |color| reads(color, background)),
        border: nearest(theme.border, |color| theme.border == theme.background || color != background),
        selected_text: nearest(theme.selected_text, |color| reads(color, selected)),
        background,
        selected,
    }
}

/// What each meaning is of the sixteen, on black. Behind a text stand none of the bright eight: Linux's console has none.
const ON_BLACK: Theme = Theme {
    text: Color::White,
    background: Color::Black,
    muted: Color::Gray,
    border: Color::DarkGray,
    accent: Color::LightCyan,
    selected_text: Color::White,
    selected: Color::Blue,
    ok: Color::LightGreen,
    warning: Color::LightYellow,
    danger: Color::LightRed,
};

/// The same on white, which is grey on that console. No green, yellow or grey can be read on it.
const ON_WHITE: Theme = Theme {
    text: Color::Black,
    background: Color::White,
    muted: Color::Black,
    border: Color::DarkGray,
    accent: Color::Blue,
    selected_text: Color::Black,
    selected: Color::Cyan,
    ok: Color::Blue,
    warning: Color::Magenta,
    danger: Color::Red,
};

/// A theme in the sixteen. They are too few to come near to its colours: each meaning has one of its own, on black or on
/// white. A theme that was made of the sixteen, or leaves a colour to the terminal, has its way.
pub(super) fn sixteen(theme: &Theme) -> Theme {
    if theme.colors().iter().all(|color| *color == Color::Reset || number(*color).is_some()) {
        return theme.with(|color| number(color).map_or(color, |n| SIXTEEN[usize::from(n)]));
    }
    let on = |text, other| contrast(text, other).unwrap_or(1.0);
    // What reads better on black than on white stands on black.
    let on_black = match (theme.text, theme.background) {
        (Color::Reset, behind) => on(behind, Color::White) >= on(behind, Color::Black),
        (text, _) => on(text, Color::Black) >= on(text, Color::White),
    };
    let mut made = if on_black { ON_BLACK } else { ON_WHITE };
    for (made, own) in made.colors_mut().into_iter().zip(theme.colors()) {
        if own == Color::Reset {
            *made = own;
        }
    }
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_has_the_colours_that_it_says() {
        use Depth::{Indexed, None, Sixteen, True};
        for (says, depth) in [
            ("TERM=xterm-256color COLORTERM=truecolor", True),
            ("TERM=xterm COLORTERM=24bit", True),
            ("TERM=xterm-direct", True),
            // Over SSH the name comes alone.
            ("TERM=xterm-kitty", True),
            ("TERM=xterm-ghostty", True),
            ("TERM=alacritty", True),
            ("TERM=xterm-256color", Indexed),
            ("TERM=xterm-256color COLORTERM=", Indexed),
            ("TERM=xterm-256color COLORTERM=yes", Indexed),
            ("TERM=xterm-256color TERM_PROGRAM=Apple_Terminal", Indexed),
            ("TERM=rxvt-unicode-256color", Indexed),
            ("TERM=st-256color", Indexed),
            ("TERM=tmux-256color", Indexed),
            ("TERM=tmux-256color COLORTERM=truecolor", True),
            ("TERM=tmux-256color COLORTERM=truecolor TMUX=/tmp/tmux-0/default", True),
            ("TERM=screen-256color", Indexed),
            // GNU screen has it from the terminal that it was started in.
            ("TERM=screen-256color COLORTERM=truecolor", Indexed),
            ("TERM=screen.xterm-256color COLORTERM=truecolor", Indexed),
            ("TERM=xterm-256color STY=7.pts-0.here COLORTERM=truecolor", Indexed),
            ("TERM=screen COLORTERM=truecolor", Sixteen),
            ("TERM=screen.xterm-kitty", Sixteen),
            ("TERM=screen", Sixteen),
            ("TERM=linux", Sixteen),
            ("TERM=linux COLORTERM=truecolor", Sixteen),
            ("TERM=xterm", Sixteen),
            ("TERM=xterm-color", Sixteen),
            ("TERM=vte", Sixteen),
            ("TERM=unheard-of", Sixteen),
            ("TERM=dumb", None),
            ("TERM=dumb COLORTERM=truecolor", None),
            ("TERM=vt100", None),
            ("TERM=vt220", None),
            ("TERM=xterm-mono", None),
            ("TERM=", None),
            ("", None),
            ("TERM=xterm-256color COLORTERM=truecolor NO_COLOR=1", None),
            ("TERM=xterm-256color NO_COLOR=0", None),
            ("TERM=xterm-256color NO_COLOR=", Indexed),
            ("TERM=xterm-256color CLICOLOR=0", None),
            ("TERM=xterm-256color CLICOLOR=1", Indexed),
        ] {
            let var =
                |name: &str| says.split(' ').find_map(|said| said.strip_prefix(&format!("{name}="))).map(str::to_owned);
            assert_eq!(Depth::told(var), depth, "{says}");
        }
    }

    /// xterm's values (256colres.pl, XTerm-col.ad).
    #[test]
    fn a_colour_by_its_number_is_what_xterm_paints() {
        for (n, rgb) in [(1, [205, 0, 0]), (12, [92, 92, 255]), (16, [0; 3]), (21, [0, 0, 255]), (110, [135, 175, 215])]
        {
            assert_eq!(super::rgb(Color::Indexed(n)), Some(rgb), "{n}");
        }
        assert_eq!([231, 232, 255].map(|n| rgb(Color::Indexed(n)).unwrap()[0]), [255, 8, 238]);
        assert_eq!(
            (rgb(Color::LightRed), rgb(Color::Rgb(1, 2, 3)), rgb(Color::Reset)),
            (Some([255, 0, 0]), Some([1, 2, 3]), None)
        );
    }
}
