//! The selected provider's records: its admission step by step, its cities and conferences, and how it ends.

mod rows;

use super::super::form::Form;
use super::super::held::{About, Held, Query};
use super::super::keymap::{Own, find, hints_where, shown};
use super::super::layer::{Hint, Layer, Screen, Step};
use super::super::message::Effect;
use super::super::paint::fit;
use super::super::shared::{News, Shared};
use super::cursor::moved;
use super::list::{framed, hint, list};
use crate::domain::why::Target;
use crate::ids::Seq;
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Span;
use rows::Record;
use unicode_width::UnicodeWidthStr;

/// The screen.
#[derive(Default)]
pub struct Cases {
    /// The rows, laid out when they come: they are drawn as often as anything else changes.
    records: Vec<Record>,
    row: usize,
}

/// What can be recorded of a provider, wherever it is selected.
const KEYS: &[Own<Cases>] = &[
    shown(|_, _| Step::Begins(Box::new(Form::choose_record())), &[KeyCode::Char('r')], "r", "key-record"),
    shown(|_, shared| audit(shared), &[KeyCode::Char('A')], "A", "key-audit"),
];

/// Begins the form of an audit's sheet, for the provider that is selected.
pub fn audit(shared: &mut Shared) -> Step {
    let form = shared.provider_row().map(|row| Form::audit(&row.provider.id)).ok_or("status-nothing-selected");
    Step::begins(shared, form)
}

impl Cases {
    fn selected(&self) -> usize {
        self.row.min(self.records.len().saturating_sub(1))
    }

    /// The entry of the selected row.
    fn entry(&self) -> Option<Seq> {
        self.records.get(self.selected()).and_then(|row| row.entry)
    }
}

impl Layer for Cases {
    fn uses(&self, _shared: &Shared, held: Held) -> bool {
        [Held::Dossier, Held::Providers].contains(&held)
    }

    fn draw(&self, shared: &Shared, frame: &mut Frame, body: Rect, top: bool) {
        if shared.provider.is_none() {
            frame.render_widget(framed(shared, shared.lang.say("tab-cases"), true), body);
            return hint(shared, frame, body, shared.lang.say("no-provider"));
        }
        let name = shared.provider_row().map(|row| row.provider.name.clone()).unwrap_or_default();
        let stage = shared.lang.say(&format!("stage-{}", shared.dossier.stage().word()));
        let title = format!("{} {} {name} · {stage}", shared.lang.say("tab-cases"), shared.provider_id());
        let widest = |of: fn(&Record) -> &str| {
            self.records.iter().map(|row| of(row).width()).max().map_or(0, |widest| widest + 1)
        };
        let (kinds, days, bys) = (widest(|row| &row.kind), widest(|row| &row.on), widest(|row| &row.by));
        let row = |row: &Record, width: usize| {
            let theme = &shared.theme;
            let rest = width.saturating_sub(kinds + days);
            // Whoever stands behind it takes no more room than is needed.
            let by = bys.min(rest / 3);
            let color = if row.good { theme.text } else { theme.danger };
            vec![
                Span::styled(fit(&row.kind, kinds), theme.fg(theme.accent)),
                Span::styled(fit(&row.on, days), theme.fg(theme.muted)),
                Span::styled(fit(&row.what, rest - by), theme.fg(color)),
                Span::styled(fit(&format!(" {}", row.by), by), theme.fg(theme.muted)),
            ]
        };
        let all = (self.records.as_slice(), self.selected());
        list(shared, frame, (body, title, top), all, row, Some((Held::Dossier, "no-cases")));
    }

    fn lay_out(&mut self, shared: &Shared) {
        self.records = rows::rows(shared);
    }

    fn key(&mut self, shared: &mut Shared, key: KeyEvent) -> Step {
        find(KEYS, key).map_or(Step::Falls, |does| does(self, shared))
    }

    fn explains(&self, _shared: &Shared) -> Option<Target> {
        self.entry().map(Target::Entry)
    }
}

impl Screen for Cases {
    fn hears(&mut self, shared: &mut Shared, news: &News) {
        match news {
            News::Turned => self.records.clear(),
            News::Loaded(Query::Of(_, About::Dossier)) => self.lay_out(shared),
            _ => {}
        }
    }

    fn keys(&self, shared: &Shared) -> (Vec<Hint>, Vec<Hint>) {
        (hints_where(shared.provider.is_some(), KEYS), Vec::new())
    }

    fn enters(&mut self, _shared: &Shared) {
        self.row = 0;
    }

    fn step(&mut self, _shared: &mut Shared, by: isize) {
        self.row = moved(Some(self.row), by, self.records.len());
    }

    /// Asks for the report of the audit that is selected.
    fn open(&mut self, shared: &mut Shared) -> Step {
        let audited = |seq: &Seq| shared.dossier.audits.iter().any(|audited| audited.seq == *seq);
        let Some(audit) = self.entry().filter(audited) else { return Step::took() };
        shared.asked += 1;
        Step::Took(vec![Effect::LoadAudit(shared.asked, audit)])
    }
}
