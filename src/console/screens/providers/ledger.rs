//! The ledger of the selected provider's year: what waits for a second person, and then its lines.

use super::super::super::held::Held;
use super::super::super::paint::{fit, fit_right};
use super::super::super::shared::Shared;
use super::super::list::hint;
use super::draw::rows;
use super::{Pane, Providers};
use crate::domain::second::Waiting;
use crate::domain::{self, LineKind, LineSubject, needs};
use chrono::Datelike;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::Span;
use unicode_width::UnicodeWidthStr;

/// A row.
enum Row<'a> {
    /// A line that is proposed and counts nothing yet (decision 28).
    Proposed(&'a Waiting),
    /// A line.
    Line(&'a domain::Line),
}

/// The pane.
pub(super) fn pane(screen: &Providers, shared: &Shared, frame: &mut Frame, (area, top): (Rect, bool)) {
    let id = shared.provider_id();
    let waiting = shared.waiting().count();
    let proposed = if waiting == 0 { String::new() } else { format!(" ◌{waiting}") };
    let there = shared.fresh.is_there(Held::Lines);
    let count = if there { shared.lines.of.to_string() } else { "…".to_owned() };
    let title = format!("{id} {} {} · {count}{proposed}", shared.lang.say("pane-ledger"), shared.year);
    let all = shared.waiting().map(Row::Proposed).chain(shared.lines.rows.iter().map(Row::Line));
    rows((screen, shared), frame, (Pane::Ledger, area, top), title, all, |row, width| match row {
        Row::Proposed(waiting) => (screen.line == Some(waiting.entry), proposed_row(shared, waiting, width)),
        Row::Line(line) => (screen.line == Some(line.seq), ledger_row(shared, line, width)),
    });
    if waiting == 0 && shared.lines.rows.is_empty() && there {
        let years: Vec<String> = shared.years.iter().filter(|y| **y != shared.year).map(ToString::to_string).collect();
        let text = match years.is_empty() {
            true => shared.lang.say("no-lines"),
            false => shared.lang.say_with("no-lines-but", &[("years", years.join(" ").into())]),
        };
        hint(shared, frame, area, text);
    }
}

/// A line that waits for a second person: it says so before anything else, and of its points none count.
fn proposed_row(shared: &Shared, waiting: &Waiting, width: usize) -> Vec<Span<'static>> {
    let (theme, line) = (&shared.theme, &waiting.proposed.deduction);
    let title = shared.book.article(line.article.as_str()).map(|a| shared.lang.of(&a.title).to_owned());
    let title = title.unwrap_or_else(|| line.article.to_string());
    let by = if width >= 40 { waiting.by.width().clamp(12, (width / 3).max(12)) } else { 0 };
    let words = format!("◌ {} · {title}", shared.lang.say("line-proposed"));
    vec![
        Span::styled(format!("{:02}-{:02} ", line.occurred_on.month(), line.occurred_on.day()), theme.fg(theme.muted)),
        Span::styled(fit(&words, width.saturating_sub(6 + by + 6)), theme.fg(theme.warning)),
        Span::styled(fit_right(&waiting.by, by), theme.fg(theme.muted)),
        Span::styled(fit_right(&format!("0/{}", line.points), 6), theme.fg(theme.warning)),
    ]
}

fn ledger_row(shared: &Shared, line: &domain::Line, width: usize) -> Vec<Span<'static>> {
    let theme = &shared.theme;
    let title = shared.book.article(line.article.as_str()).map(|a| shared.lang.of(&a.title).to_owned());
    let title = title.unwrap_or_else(|| line.article.to_string());
    let (points, color, weight) = match line.kind {
        // Taken back itself: the line that it cancelled counts again.
        LineKind::Reversal | LineKind::Void if line.reversed_by.is_some() => {
            (format!("✗↺{}", line.points), theme.muted, Modifier::CROSSED_OUT)
        }
        LineKind::Reversal | LineKind::Void => (format!("↺{}", line.points), theme.muted, Modifier::ITALIC),
        _ if line.reversed_by.is_some() => (line.points.to_string(), theme.muted, Modifier::CROSSED_OUT),
        LineKind::Credit => (format!("-{}", line.effective), theme.ok, Modifier::BOLD),
        LineKind::Deduction if line.effective != line.points => {
            (format!("{}/{}", line.effective, line.points), theme.warning, Modifier::BOLD)
        }
        LineKind::Deduction => (line.effective.to_string(), theme.text, Modifier::BOLD),
    };
    let words = match (line.kind, line.reverses) {
        (LineKind::Reversal, Some(seq)) => format!("{} #{seq}", shared.lang.say("reversal")),
        (LineKind::Void, Some(seq)) => format!("{} #{seq}", shared.lang.say("void-of")),
        _ => title,
    };
    let supported = is_supported(shared, line);
    // Also where the column beside it has no room.
    let words = if supported { words } else { format!("? {words}") };
    let (outlet, outlet_color) = match (&line.outlet, &line.subject) {
        _ if !supported => (shared.lang.say("line-unsupported"), theme.warning),
        (Some(outlet), _) => (outlet.to_string(), theme.muted),
        (None, Some(subject)) => (written(shared, subject), theme.muted),
        (None, None) => (String::new(), theme.muted),
    };
    // Where and when takes more room than an outlet's number.
    let outlet_columns = if width >= 40 { outlet.width().clamp(12, (width / 3).max(12)) } else { 0 };
    // A column of its own where another stands before it; else what is said has the room.
    let points_columns = if outlet_columns > 0 { 6 } else { points.width() + 1 };
    let text = width.saturating_sub(6 + outlet_columns + points_columns);
    let crossed = if line.reversed_by.is_some() { Modifier::CROSSED_OUT } else { Modifier::empty() };
    vec![
        Span::styled(format!("{:02}-{:02} ", line.occurred_on.month(), line.occurred_on.day()), theme.fg(theme.muted)),
        Span::styled(
            fit(&words, text),
            theme
                .fg(match (crossed.is_empty(), supported) {
                    (false, _) => theme.muted,
                    (true, false) => theme.warning,
                    (true, true) => theme.text,
                })
                .add_modifier(crossed),
        ),
        Span::styled(fit_right(&outlet, outlet_columns), theme.fg(outlet_color)),
        Span::styled(fit_right(&points, points_columns), theme.fg(color).add_modifier(weight)),
    ]
}

/// Whether a line of the selected provider has what its article asks for. Until it is known what is on record, nobody is
/// told that something is not.
pub fn is_supported(shared: &Shared, line: &domain::Line) -> bool {
    let chargeables = shared.provider.as_ref().and_then(|id| shared.chargeables.get(id));
    needs::is_supported(line, |subject| chargeables.is_none_or(|all| needs::stands(all, subject)))
}

/// What a line of the selected provider stands for, in words.
pub fn written(shared: &Shared, subject: &LineSubject) -> String {
    let chargeables = shared.provider.as_ref().and_then(|id| shared.chargeables.get(id));
    needs::written(chargeables.map(Vec::as_slice).unwrap_or_default(), subject)
}
