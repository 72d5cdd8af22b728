//! What is due.

use super::super::held::{Held, Query, Whose};
use super::super::keymap::{Own, find, hints_where, shown};
use super::super::layer::{Hint, Layer, Screen, Step};
use super::super::over::corrects;
use super::super::paint::{cell, fit, fit_right};
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
use unicode_width::UnicodeWidthStr;

/// The screen.
#[derive(Default)]
pub struct Deadlines {
    cursor: Cursor<(Seq, ObligationKind, About)>,
    widest: Widest,
}

/// How wide the columns are at most, of all rows: where one looks, they stay.
#[derive(Clone, Copy, Default)]
struct Widest {
    /// What is due; this and the next two have a blank behind.
    whats: usize,
    /// Whose it is.
    owners: usize,
    /// Outlets and cities that it is about.
    abouts: usize,
    /// Whose it is, by name.
    names: usize,
    /// The numbers of the entries, with a blank before them.
    seqs: usize,
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

    /// Measures what is due of some providers.
    fn measure(&mut self, shared: &Shared, whose: &Whose) {
        for due in shared.deadlines.iter().filter(|due| whose.has(&due.provider)) {
            let widest = &mut self.widest;
            widest.whats = widest.whats.max(words::obligation(shared.lang, due.obligation.kind).width() + 1);
            widest.owners = widest.owners.max(due.provider.as_str().len() + 1);
            widest.abouts = widest.abouts.max(due.obligation.about.to_string().width() + 1);
            widest.seqs = widest.seqs.max(due.seq.to_string().len() + 2);
        }
        self.measure_names(shared, whose);
    }

    fn measure_names(&mut self, shared: &Shared, whose: &Whose) {
        let ids = shared.deadlines.iter().map(|due| &due.provider);
        self.widest.names = self.widest.names.max(shared.widest_name(whose, ids));
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
        let all = self.widest;
        let (owners, abouts, names) = (all.owners.min(17), all.abouts.min(17), all.names.min(32));
        let widest = Widest { owners, abouts, names, ..all };
        let row = |due: &Due, width| row(shared, due, width, widest);
        let empty = Some((Held::Deadlines, "no-deadlines"));
        list(shared, frame, (body, title, top), (&shared.deadlines, selected), row, empty);
    }

    fn lay_out(&mut self, shared: &Shared) {
        self.widest = Widest::default();
        self.measure(shared, &Whose::All);
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
        match news {
            News::Loaded(Query::Deadlines(whose)) => {
                self.measure(shared, whose);
                self.cursor.stay(&shared.deadlines, id);
            }
            News::Loaded(Query::Providers(_, whose)) => self.measure_names(shared, whose),
            _ => {}
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

fn row(shared: &Shared, due: &Due, width: usize, widest: Widest) -> Vec<Span<'static>> {
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
    let Widest { whats, owners, abouts, names, seqs } = widest;
    let clause = 9;
    // The number of the entry is given up first, and then what is due before whose it is.
    let rest = |seqs: usize| width.saturating_sub(2 + 12 + 12 + clause + owners + abouts + seqs);
    let seqs = if rest(seqs) >= whats + names { seqs } else { 0 };
    let what = whats.min(rest(seqs));
    vec![
        Span::styled(format!("{sign} "), theme.fg(color)),
        Span::styled(cell(&time, 12), theme.fg(color).add_modifier(Modifier::BOLD)),
        Span::styled(fit(&shared.when(o.due), 12), theme.fg(theme.text)),
        Span::styled(cell(&words::obligation(shared.lang, o.kind), what), theme.fg(theme.text)),
        Span::styled(fit(&words::clause(shared.lang, o.kind.clause()), clause), theme.fg(theme.accent)),
        Span::styled(cell(due.provider.as_str(), owners), theme.fg(theme.muted)),
        Span::styled(cell(&o.about.to_string(), abouts), theme.fg(theme.muted)),
        Span::styled(fit(&shared.name_of(&due.provider), names.min(rest(seqs) - what)), theme.fg(theme.text)),
        Span::styled(fit_right(&format!("#{}", due.seq), seqs), theme.fg(theme.muted)),
    ]
}
