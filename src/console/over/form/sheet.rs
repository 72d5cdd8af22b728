//! The form of an audit's sheet: what it comes to is asked as it is typed, and again when it is committed; and that in
//! words, or which of its rows are refused, each with its row, line and column.

use super::super::super::message::Effect;
use super::super::super::shared::Shared;
use super::super::super::sheet::{COLUMNS, Checked, Typed};
use super::OpenForm;
use crate::desk::Weighed;
use crate::domain::{Command, Event};
use crate::exchange::said::{detail, source_error};
use crate::exchange::{Named, Rejected, entry};
use crate::words;
use ratatui::text::Line;

impl OpenForm {
    /// The sheet as it stands in the form; none while its head cannot be read.
    fn typed_sheet(&self, shared: &Shared) -> Option<Typed> {
        let Some(Command::Audit(head)) = self.form.command(self.form.now) else { return None };
        Some(Typed { head: *head, name: words::field(shared.lang, "sheet"), text: self.form.text("sheet") })
    }

    /// Asks what it would come to.
    pub(super) fn ask_sheet(&mut self, shared: &mut Shared) -> Vec<Effect> {
        shared.asked += 1;
        match self.typed_sheet(shared) {
            Some(typed) => vec![Effect::CheckSheet(shared.asked, Box::new(typed))],
            None => {
                self.sheet = None;
                Vec::new()
            }
        }
    }

    /// Commits it.
    pub(super) fn record_sheet(&mut self, shared: &mut Shared, again: bool) -> Vec<Effect> {
        let Some(typed) = self.typed_sheet(shared) else { return Vec::new() };
        shared.submitted += 1;
        self.form.saving = Some(shared.submitted);
        vec![Effect::RecordSheet(shared.submitted, Box::new(typed), again)]
    }

    /// Rows of it are refused, and nothing of it was recorded: each is named with its place.
    pub(super) fn sheet_refused(&mut self, shared: &Shared, checked: Checked) {
        let asks = checked.asks().then(|| shared.lang.say("form-again").trim_start().to_owned());
        if asks.is_none() {
            self.form.asked = None;
        }
        (self.form.saving, self.form.refused, self.form.scroll) = (None, asks, 0);
        self.sheet = Some(checked);
    }
}

/// The lines under the form.
pub fn consequence<'a>(shared: &Shared, sheet: Option<&Checked>) -> Vec<Line<'a>> {
    let (theme, lang) = (&shared.theme, shared.lang);
    let wrong = |text: String| Line::styled(text, theme.fg(theme.danger));
    match sheet {
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
        Some(Checked::Fits(weighed, named)) => fits(shared, weighed, named),
    }
}

/// The rows that are left out as no data, how many lines it brings, how many of them wait for a second person (decision 28), and what that changes.
fn fits<'a>(shared: &Shared, weighed: &Weighed, named: &[Named]) -> Vec<Line<'a>> {
    let (theme, lang) = (&shared.theme, shared.lang);
    let proposed = weighed.events.iter().filter(|event| matches!(event, Event::LineProposed(_))).count();
    let brought = weighed.events.iter().filter(|event| event.deduction().is_some()).count();
    let lines = [("lines", brought.to_string())];
    let waits = [("lines", proposed.to_string())];
    let waits = (proposed > 0).then(|| Line::styled(lang.say_texts("sheet-proposed", &waits), theme.fg(theme.warning)));
    let changes =
        entry::changes(lang, &shared.book, weighed).into_iter().map(|told| super::consequence::line(shared, told));
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
