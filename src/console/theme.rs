//! Themes: colours by meaning, read from TOML. Colour is never the only sign of anything.

use super::depth::{self, Depth};
use crate::domain::Standing;
use ratatui::style::{Color, Modifier, Style};
use serde::{Deserialize, Serialize};

/// The themes that come with the program.
pub const BUILT_IN: [(&str, &str); 6] = [
    ("dark", include_str!("../../themes/dark.toml")),
    ("light", include_str!("../../themes/light.toml")),
    ("high-contrast", include_str!("../../themes/high-contrast.toml")),
    ("colour-blind", include_str!("../../themes/colour-blind.toml")),
    ("nord", include_str!("../../themes/nord.toml")),
    ("solarized-dark", include_str!("../../themes/solarized-dark.toml")),
];

/// A theme.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(missing_docs, reason = "each name is its meaning")]
pub struct Theme {
    pub text: Color,
    #[serde(default)]
    pub background: Color,
    pub muted: Color,
    pub border: Color,
    pub accent: Color,
    pub selected_text: Color,
    pub selected: Color,
    pub ok: Color,
    pub warning: Color,
    pub danger: Color,
}

impl Theme {
    /// Reads a theme.
    pub fn parse(text: &str) -> Result<Theme, String> {
        toml::from_str(text).map_err(|e| e.to_string())
    }

    /// A theme that comes with the program.
    pub fn built_in(name: &str) -> Option<Theme> {
        let (_, text) = BUILT_IN.iter().find(|(built_in, _)| *built_in == name)?;
        Theme::parse(text).ok()
    }

    /// The theme in colours that a terminal can show. Without any, bold, dim and reverse carry what colour would.
    pub fn at(&self, depth: Depth) -> Theme {
        match depth {
            Depth::None => self.with(|_| Color::Reset),
            Depth::Sixteen => depth::sixteen(self),
            Depth::Indexed => depth::indexed(self),
            Depth::True => self.clone(),
        }
    }

    /// Its colours, each for itself.
    pub(super) fn colors(&self) -> [Color; 10] {
        self.clone().colors_mut().map(|color| *color)
    }

    /// The same, to be changed.
    pub(super) fn colors_mut(&mut self) -> [&mut Color; 10] {
        let Theme { text, background, muted, border, accent, selected_text, selected, ok, warning, danger } = self;
        [text, background, muted, border, accent, selected_text, selected, ok, warning, danger]
    }

    /// The theme with each colour as another.
    pub(super) fn with(&self, other: impl Fn(Color) -> Color) -> Theme {
        let mut theme = self.clone();
        theme.colors_mut().into_iter().for_each(|color| *color = other(*color));
        theme
    }

    /// Plain text.
    pub fn base(&self) -> Style {
        Style::new().fg(self.text).bg(self.background)
    }

    /// A foreground on the background.
    pub fn fg(&self, color: Color) -> Style {
        self.base().fg(color)
    }

    /// The colour of a standing; the word and a sign stand beside it.
    pub fn standing(&self, standing: Standing) -> Color {
        match standing {
            Standing::Good => self.ok,
            Standing::Watch => self.warning,
            Standing::Suspended | Standing::Critical | Standing::Terminable => self.danger,
        }
    }

    /// The selected row of the pane that has the focus.
    pub fn selection(&self) -> Style {
        let style = Style::new().fg(self.selected_text).bg(self.selected);
        if self.selected == Color::Reset { style.add_modifier(Modifier::REVERSED) } else { style }
    }

    /// A span of the selected row: what is late or grave keeps its colour where that can be read there.
    pub fn chosen(&self, color: Option<Color>) -> Style {
        let keeps = |color: &Color| {
            [self.ok, self.warning, self.danger].contains(color)
                && contrast(*color, self.selected).is_some_and(|contrast| contrast >= LEGIBLE)
        };
        color.filter(keeps).map_or_else(|| self.selection(), |color| self.selection().fg(color))
    }
}

/// The contrast from which a text can be read (WCAG, AA).
pub(super) const LEGIBLE: f64 = 4.5;

/// WCAG's contrast of two colours, where both are known.
pub(super) fn contrast(a: Color, b: Color) -> Option<f64> {
    let light = |color: Color| {
        let [r, g, b] = depth::rgb(color)?;
        let part = |c: u8| {
            let c = f64::from(c) / 255.0;
            if c <= 0.03928 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        Some(0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b))
    };
    let (a, b) = (light(a)?, light(b)?);
    Some((a.max(b) + 0.05) / (a.min(b) + 0.05))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Regression: the dark and the colour-blind theme had no background: 1.4 to 1 on a white terminal.
    #[test]
    fn every_theme_can_be_read_on_any_terminal() {
        for (name, _) in BUILT_IN {
            let t = Theme::built_in(name).unwrap();
            for (what, color) in [
                ("text", t.text),
                ("muted", t.muted),
                ("accent", t.accent),
                ("ok", t.ok),
                ("warning", t.warning),
                ("danger", t.danger),
            ] {
                let contrast = contrast(color, t.background).unwrap();
                assert!(contrast >= LEGIBLE, "{name}: {what} {contrast}");
            }
            assert!(contrast(t.selected_text, t.selected).unwrap() >= LEGIBLE, "{name}: selected");
        }
    }

    /// With fewer colours, too: by the values that xterm has. What is told apart by its colour alone stays apart.
    #[test]
    fn every_theme_can_be_read_with_fewer_colours() {
        for ((name, _), depth) in BUILT_IN.iter().flat_map(|of| [(of, Depth::Indexed), (of, Depth::Sixteen)]) {
            let (own, t) = (Theme::built_in(name).unwrap(), Theme::built_in(name).unwrap().at(depth));
            for color in [t.text, t.muted, t.accent, t.ok, t.warning, t.danger] {
                let contrast = contrast(color, t.background).unwrap();
                assert!(contrast >= LEGIBLE, "{name} {depth:?}: {color} on {} {contrast}", t.background);
            }
            assert!(contrast(t.selected_text, t.selected).unwrap() >= LEGIBLE, "{name} {depth:?}: selected");
            let pairs = |t: &Theme| {
                let [a, b, c, d] = [t.text, t.ok, t.warning, t.danger];
                [(a, b), (a, c), (a, d), (b, c), (b, d), (c, d), (t.selected, t.background), (t.border, t.background)]
            };
            for ((a, b), (own_a, own_b)) in pairs(&t).into_iter().zip(pairs(&own)) {
                assert_eq!(a == b, own_a == own_b, "{name} {depth:?}: {own_a} {own_b} are {a} {b}");
            }
            // What a terminal of that depth has.
            for color in t.colors() {
                let known = if depth == Depth::Sixteen {
                    depth::number(color).is_some() && !matches!(color, Color::Indexed(_))
                } else {
                    matches!(color, Color::Indexed(16..))
                };
                assert!(known, "{name} {depth:?}: {color}");
            }
            for color in [t.ok, t.warning, t.danger] {
                let chosen = t.chosen(Some(color));
                assert!(contrast(chosen.fg.unwrap(), t.selected).unwrap() >= LEGIBLE, "{name} {depth:?}: chosen");
            }
        }
    }

    /// What is nearest would be the same, or could not be read.
    #[test]
    fn colours_that_are_near_each_other_stay_apart() {
        let own = Theme::parse(
            r##"
            text = "#202020"
            background = "#ffffff"
            muted = "#7d7d7d"
            border = "#fdfdfd"
            accent = "#7d7d7d"
            selected-text = "#7d7d7d"
            selected = "#fdfdfd"
            ok = "#202122"
            warning = "#222120"
            danger = "#212121"
            "##,
        );
        let t = own.unwrap().at(Depth::Indexed);
        let told = [t.text, t.ok, t.warning, t.danger];
        assert_eq!(told.iter().collect::<std::collections::HashSet<_>>().len(), 4, "{told:?}");
        assert!(t.selected != t.background && t.border != t.background, "{t:?}");
        for (text, behind) in [(t.muted, t.background), (t.accent, t.background), (t.selected_text, t.selected)] {
            assert!(contrast(text, behind).unwrap() >= LEGIBLE, "{text} on {behind}");
        }
    }

    /// A user's own: whatever it is made of, it has what the terminal can show; what it leaves to the terminal stays so.
    #[test]
    fn a_theme_of_ones_own_goes_the_same_way() {
        let of = |text: &str, background: &str, rest: &str| {
            let all = ["muted", "border", "accent", "selected-text", "selected", "ok", "warning", "danger"];
            let rest = all.map(|name| format!("{name} = \"{rest}\"\n")).concat();
            Theme::parse(&format!("text = \"{text}\"\nbackground = \"{background}\"\n{rest}")).unwrap()
        };
        // Nothing can be read in it, and nothing told apart.
        for grey in ["#000000", "#777777", "#ffffff"] {
            let t = of(grey, grey, grey);
            assert_eq!((t.at(Depth::Indexed).text, t.at(Depth::True)), (t.at(Depth::Indexed).danger, t.clone()));
            assert!(contrast(t.at(Depth::Sixteen).text, t.at(Depth::Sixteen).background).unwrap() >= LEGIBLE);
        }
        let own = of("white", "1", "light-red");
        assert_eq!(own.at(Depth::Indexed), own);
        assert_eq!((own.at(Depth::Sixteen).background, own.at(Depth::Sixteen).ok), (Color::Red, Color::LightRed));
        let open = of("reset", "reset", "#ff8800");
        assert_eq!(
            (open.at(Depth::Indexed).background, open.at(Depth::Indexed).ok),
            (Color::Reset, Color::Indexed(208))
        );
        assert_eq!((open.at(Depth::Sixteen).text, open.at(Depth::Sixteen).ok), (Color::Reset, Color::LightGreen));
        assert_eq!(of("reset", "#eeeeee", "#ff8800").at(Depth::Sixteen).ok, Color::Blue);
        assert_eq!(of("208", "236", "#ff8800").at(Depth::Sixteen).text, Color::White);
        assert_eq!(own.at(Depth::None).colors(), [Color::Reset; 10]);
        assert_eq!(own.at(Depth::None).selection().add_modifier, Modifier::REVERSED);
    }

    /// Regression: the selected row lost the red of what is late.
    #[test]
    fn what_is_late_stays_red_where_it_is_selected_and_can_be_read() {
        for (name, keeps) in [("dark", true), ("light", true), ("high-contrast", false)] {
            let t = Theme::built_in(name).unwrap();
            for color in [t.warning, t.danger] {
                let chosen = t.chosen(Some(color));
                let wanted = if keeps { color } else { t.selected_text };
                assert_eq!((chosen.fg, chosen.bg), (Some(wanted), Some(t.selected)), "{name}");
            }
            assert_eq!(t.chosen(Some(t.muted)), t.selection(), "{name}: what means nothing is as the row");
        }
    }

    #[test]
    fn every_theme_that_ships_is_whole() {
        for (name, text) in BUILT_IN {
            let theme = Theme::parse(text).unwrap_or_else(|e| panic!("{name}: {e}"));
            assert_ne!(theme.selected, theme.background, "{name}");
            assert_ne!(theme.danger, theme.text, "{name}");
        }
        assert!(Theme::parse("text = \"#ffffff\"\nwidget = \"#000000\"").is_err(), "unknown fields are refused");
    }
}
