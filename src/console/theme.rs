//! Themes: colours by meaning, read from TOML. Colour is never the only sign of anything.

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

    /// A theme without any colour, for `NO_COLOR`: bold, dim and reverse carry what colour would.
    pub fn plain() -> Theme {
        let c = Color::Reset;
        Theme {
            text: c,
            background: c,
            muted: c,
            border: c,
            accent: c,
            selected_text: c,
            selected: c,
            ok: c,
            warning: c,
            danger: c,
        }
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
const LEGIBLE: f64 = 4.5;

/// WCAG's contrast of two colours, where both are known.
fn contrast(a: Color, b: Color) -> Option<f64> {
    let light = |color: Color| {
        let Color::Rgb(r, g, b) = color else { return None };
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
