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
}

#[cfg(test)]
mod tests {
    use super::*;

    /// WCAG's contrast of two colours.
    fn contrast(a: Color, b: Color) -> f64 {
        let light = |color: Color| {
            let Color::Rgb(r, g, b) = color else { panic!("{color:?} is the terminal's own") };
            let part = |c: u8| {
                let c = f64::from(c) / 255.0;
                if c <= 0.03928 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
            };
            0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b)
        };
        let (a, b) = (light(a), light(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

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
                assert!(contrast(color, t.background) >= 4.5, "{name}: {what} {}", contrast(color, t.background));
            }
            assert!(contrast(t.selected_text, t.selected) >= 4.5, "{name}: selected");
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
