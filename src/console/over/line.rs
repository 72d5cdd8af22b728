//! One ledger line in full.

use super::super::held::Held;
use super::super::keymap::{self, Action};
use super::super::layer::{Hint, Layer, Step};
use super::super::paint::wrap;
use super::super::screens::ledger;
use super::super::shared::Shared;
use super::lines::beside;
use super::{FRAME, centred, corrects, is_plain, window};
use crate::domain::LineKind;
use crate::domain::why::Target;
use crate::ids::Seq;
use crate::rulebook::Needs;
use crate::words;
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Color;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr;

/// Columns of the window.
const WIDTH: u16 = 76;

/// The window of a line.
pub struct LineWindow {
    line: Seq,
}

impl LineWindow {
    /// Of a line.
    pub fn of(line: Seq) -> LineWindow {
        LineWindow { line }
    }

    /// The line.
    pub fn line(&self) -> Seq {
        self.line
    }
}

impl Layer for LineWindow {
    fn uses(&self, _shared: &Shared, held: Held) -> bool {
        // It is one of the lines of the ledger, wherever the panes are.
        held == Held::Lines
    }

    fn draw(&self, shared: &Shared, frame: &mut Frame, body: Rect, _top: bool) {
        let theme = &shared.theme;
        let Some(line) = shared.lines.rows.iter().find(|l| l.seq == self.line) else { return };
        let lang = shared.lang;
        let article = shared.book.article(line.article.as_str());
        let title = article.map(|a| format!("{} · {} ({})", lang.of(&a.title), a.id, a.clause));
        let counted = counted(lang, line);
        let recorded = format!("{} · {}", line.recorded_at.civil().format("%Y-%m-%d %H:%M"), line.by);
        let supported = ledger::is_supported(shared, line);
        let mend = || {
            let option = if line.needs == Needs::Evidence { "--evidence TEXT" } else { "--subject …" };
            lang.say_texts("line-mend", &[("line", self.line.to_string()), ("option", option.to_owned())])
        };
        let support = match (supported, line.reversed_by) {
            (true, _) => String::new(),
            (false, None) => mend(),
            (false, Some(_)) => lang.say("line-unsupported"),
        };
        let rows = [
            ("article", title.unwrap_or_else(|| line.article.to_string())),
            ("points", counted),
            ("occurred_on", line.occurred_on.to_string()),
            ("outlet_id", line.outlet.as_ref().map(ToString::to_string).unwrap_or_default()),
            ("subject", line.subject.as_ref().map(|subject| ledger::written(shared, subject)).unwrap_or_default()),
            ("evidence", line.evidence.clone().unwrap_or_default()),
            ("support", support),
            ("problem", line.problem.clone().unwrap_or_default()),
            ("recorded", recorded),
        ];
        let said: Vec<(String, String, Color)> = rows
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| {
                (words::field(lang, name), value, if name == "support" { theme.warning } else { theme.text })
            })
            .collect();
        let columns = usize::from(WIDTH.min(body.width).saturating_sub(FRAME));
        let lines = lines(shared, &said, line.note.as_deref(), columns);
        let area = centred(body, WIDTH, u16::try_from(lines.len() + 2).unwrap_or(u16::MAX));
        let inner = window(shared, frame, area, format!("{} #{}", lang.say("line-title"), self.line));
        frame.render_widget(Paragraph::new(lines).style(theme.base()), inner);
    }

    fn key(&mut self, shared: &mut Shared, key: KeyEvent) -> Step {
        match keymap::action(key) {
            Some(Action::Help) => Step::Falls,
            // Below it is the line that is selected there.
            _ if is_plain(key, KeyCode::Char('u')) && shared.lines.rows.iter().any(|line| line.seq == self.line) => {
                Step::Falls
            }
            _ if is_plain(key, KeyCode::Char('v')) => corrects(shared, Ok((Some(self.line), false))),
            _ => Step::Closes,
        }
    }

    fn hints(&self, _shared: &Shared) -> Vec<Hint> {
        vec![Hint::new("?", "key-why"), Hint::new("Esc", "key-back")]
    }

    fn explains(&self, _shared: &Shared) -> Option<Target> {
        Some(Target::Entry(self.line))
    }
}

/// The window's lines: what it says beside labels, what goes on under its own beginning, and the note.
fn lines(shared: &Shared, said: &[(String, String, Color)], note: Option<&str>, columns: usize) -> Vec<Line<'static>> {
    let theme = &shared.theme;
    let labels = said.iter().map(|(label, ..)| label.width() + 2).max().unwrap_or(0);
    let mut lines = Vec::new();
    for (label, value, color) in said {
        lines.extend(beside((label, labels), value, columns).into_iter().map(|(label, part)| {
            Line::from(vec![Span::styled(label, theme.fg(theme.muted)), Span::styled(part, theme.fg(*color))])
        }));
    }
    if let Some(note) = note {
        lines.push(Line::default());
        let parts = wrap(&note.replace('\t', " "), columns);
        lines.extend(parts.into_iter().map(|part| Line::styled(part, theme.fg(theme.text))));
    }
    lines
}

/// What a line counts, and why.
fn counted(lang: words::Lang, line: &crate::domain::Line) -> String {
    match (line.kind, line.reversed_by) {
        (LineKind::Void, _) => lang.say_with("line-voids", &[("line", text(line.reverses.map(|s| s.to_string())))]),
        (LineKind::Reversal, _) => {
            lang.say_with("line-reverses", &[("line", text(line.reverses.map(|s| s.to_string())))])
        }
        (_, Some(by)) => lang.say_with(
            "line-reversed",
            &[("points", text(Some(line.points.to_string()))), ("by", text(Some(by.to_string())))],
        ),
        _ if line.effective != line.points => lang.say_with(
            "line-cut",
            &[
                ("points", text(Some(line.points.to_string()))),
                ("effective", text(Some(line.effective.to_string()))),
                ("cap", text(line.cap.map(|c| c.to_string()))),
            ],
        ),
        _ => line.effective.to_string(),
    }
}

fn text(value: Option<String>) -> fluent_templates::fluent_bundle::FluentValue<'static> {
    value.unwrap_or_default().into()
}
