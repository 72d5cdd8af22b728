//! What is due.

use super::super::held::{Held, Query};
use super::super::keymap::{Own, find, hints_where, shown};
use super::super::layer::{Hint, Layer, Screen, Step};
use super::super::over::corrects;
use super::super::paint::{fit, fit_right};
use super::super::shared::{News, Shared};
use super::cursor::Cursor;
use super::list::list;
use crate::domain::why::Target;
use crate::domain::{About, ObligationKind};
use crate::ids::Seq;
use crate::store::Due;
use crate::time::hours_and_minutes;
use crate::words;
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::Span;
use std::sync::Arc;

/// The screen.
#[derive(Default)]
pub struct Deadlines {
    cursor: Cursor<(Seq, ObligationKind, About)>,
}

const KEYS: &[Own<Deadlines>] = &[shown(Deadlines::void, &[KeyCode::Char('v')], "v", "key-void")];

/// What is known of one wherever it stands.
fn id(due: &Arc<Due>) -> (Seq, ObligationKind, About) {
    (due.seq, due.obligation.kind, due.obligation.about.clone())
}

impl Deadlines {
    /// The selected row.
    pub fn row(&self) -> usize {
        self.cursor.row()
    }

    fn void(&mut self, shared: &mut Shared) -> Step {
        let due = shared.deadlines.get(self.row()).map(|due| due.seq);
        corrects(shared, Ok((due, true)))
    }
}

impl Layer for Deadlines {
    fn uses(&self, _shared: &Shared, held: Held) -> bool {
        [Held::Deadlines, Held::Providers].contains(&held)
    }

    fn draw(&self, shared: &Shared, frame: &mut Frame, body: Rect, top: bool) {
        let overdue = shared.deadlines.iter().filter(|due| due.obligation.is_overdue(shared.now)).count();
        let title = format!("{} {overdue}/{}", shared.lang.say("tab-deadlines"), shared.deadlines.len());
        let selected = self.row().min(shared.deadlines.len().saturating_sub(1));
        let row = |due: &Due, width| row(shared, due, width);
        let empty = Some((Held::Deadlines, "no-deadlines"));
        list(shared, frame, (body, title, top), (&shared.deadlines, selected), row, empty);
    }

    fn key(&mut self, shared: &mut Shared, key: KeyEvent) -> Step {
        find(KEYS, key).map_or(Step::Falls, |does| does(self, shared))
    }

    fn explains(&self, shared: &Shared) -> Option<Target> {
        let row = self.row().min(shared.deadlines.len().saturating_sub(1));
        shared.deadlines.get(row).map(|due| Target::Obligation((due.seq, due.obligation.kind)))
    }
}

impl Screen for Deadlines {
    fn hears(&mut self, shared: &mut Shared, news: &News) {
        if let News::Loaded(Query::Deadlines(_)) = news {
            self.cursor.stay(&shared.deadlines, id);
        }
    }

    fn keys(&self, shared: &Shared) -> (Vec<Hint>, Vec<Hint>) {
        (hints_where(!shared.deadlines.is_empty(), KEYS), Vec::new())
    }

    fn enters(&mut self, _shared: &Shared) {
        self.cursor = Cursor::default();
    }

    fn step(&mut self, shared: &mut Shared, by: isize) {
        self.cursor.step(by, &shared.deadlines, id);
    }
}

fn row(shared: &Shared, due: &Due, width: usize) -> Vec<Span<'static>> {
    let (theme, o) = (&shared.theme, &due.obligation);
    let minutes = (o.due.0 - shared.now.0).abs() / 60;
    let time = match minutes {
        0..2_880 => hours_and_minutes(minutes),
        _ => shared.lang.say_with("days-short", &[("days", (minutes / 1_440).to_string().into())]),
    };
    let (sign, color, key) = match (o.kind.is_plan(), o.is_overdue(shared.now)) {
        (true, _) => ("○", theme.muted, "deadline-plan"),
        (false, true) => ("▲", theme.danger, "deadline-late"),
        (false, false) => ("●", theme.text, "deadline-left"),
    };
    let time = shared.lang.say_with(key, &[("time", time.into())]);
    let name = shared.name_of(&due.provider);
    let rest = width.saturating_sub(2 + 13 + 12 + 9 + 6 + 9 + 8);
    let what = rest.min(24);
    vec![
        Span::styled(format!("{sign} "), theme.fg(color)),
        Span::styled(fit(&time, 12) + " ", theme.fg(color).add_modifier(Modifier::BOLD)),
        Span::styled(fit(&shared.when(o.due), 12), theme.fg(theme.text)),
        Span::styled(fit(&words::obligation(shared.lang, o.kind), what.saturating_sub(1)) + " ", theme.fg(theme.text)),
        Span::styled(fit(&words::clause(shared.lang, o.kind.clause()), 9), theme.fg(theme.accent)),
        Span::styled(fit(due.provider.as_str(), 6), theme.fg(theme.muted)),
        Span::styled(fit(&o.about.to_string(), 8) + " ", theme.fg(theme.muted)),
        Span::styled(fit(&name, rest - what), theme.fg(theme.text)),
        Span::styled(fit_right(&format!("#{}", due.seq), 8), theme.fg(theme.muted)),
    ]
}
