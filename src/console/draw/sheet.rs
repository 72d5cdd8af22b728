//! What the sheet of an audit comes to, or which of its rows are refused, each with its row, line and column.

use super::super::model::Model;
use super::super::sheet::{COLUMNS, Checked};
use crate::desk::Weighed;
use crate::domain::Event;
use crate::exchange::said::{detail, source_error};
use crate::exchange::{Named, Rejected, entry};
use crate::words;
use ratatui::text::Line;

/// The lines under the form.
pub fn consequence<'a>(model: &Model) -> Vec<Line<'a>> {
    let (theme, lang) = (&model.shared.theme, model.shared.lang);
    let wrong = |text: String| Line::styled(text, theme.fg(theme.danger));
    match &model.sheet {
        None => {
            vec![Line::styled(lang.say_texts("sheet-columns", &[("columns", COLUMNS.into())]), theme.fg(theme.muted))]
        }
        Some(Checked::Unread(e)) => vec![wrong(source_error(lang, e))],
        Some(Checked::Refused(refusal)) => vec![wrong(words::refusal(lang, refusal))],
        Some(Checked::Rows(rows, read)) => {
            let row = |row: &Rejected| {
                let args = [
                    ("row", row.at.row.to_string()),
                    ("line", row.at.line.to_string()),
                    ("column", row.column.to_owned()),
                    ("value", row.value.clone()),
                    ("detail", detail(lang, row)),
                ];
                wrong(lang.say_texts("import-row", &args))
            };
            let count = [("refused", rows.len().to_string()), ("read", read.to_string())];
            let first = Line::styled(lang.say_texts("sheet-refused", &count), theme.fg(theme.warning));
            [first].into_iter().chain(rows.iter().map(row)).collect()
        }
        Some(Checked::Fits(weighed, named)) => fits(model, weighed, named),
    }
}

/// The rows that are left out as no data, how many lines it brings, how many of them wait for a second person (decision 28), and what that changes.
fn fits<'a>(model: &Model, weighed: &Weighed, named: &[Named]) -> Vec<Line<'a>> {
    let (theme, lang) = (&model.shared.theme, model.shared.lang);
    let proposed = weighed.events.iter().filter(|event| matches!(event, Event::LineProposed(_))).count();
    let brought = weighed.events.iter().filter(|event| event.deduction().is_some()).count();
    let lines = [("lines", brought.to_string())];
    let waits = [("lines", proposed.to_string())];
    let waits = (proposed > 0).then(|| Line::styled(lang.say_texts("sheet-proposed", &waits), theme.fg(theme.warning)));
    let changes =
        entry::changes(lang, &model.shared.book, weighed).into_iter().map(|told| super::consequence::line(model, told));
    let first = Line::styled(lang.say_texts("sheet-brings", &lines), theme.fg(theme.ok));
    let left_out = named.iter().map(|row| {
        let args = [
            ("row", row.at.row.to_string()),
            ("line", row.at.line.to_string()),
            ("what", lang.say(&format!("aside-{}", row.what.word()))),
            ("text", row.text.clone()),
        ];
        Line::styled(lang.say_texts("import-named", &args), theme.fg(theme.warning))
    });
    left_out.chain([first]).chain(waits).chain(changes).collect()
}
