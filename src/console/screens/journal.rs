//! Every event, newest first.

mod about;

use super::super::held::{Held, Query};
use super::super::keymap::{Own, find, hints_where, shown};
use super::super::layer::{Hint, Layer, Screen, Step};
use super::super::over::{Entry, corrects};
use super::super::paint::{cell, fit, fit_right};
use super::super::shared::{News, Shared};
use super::cursor::Cursor;
use super::list::list;
use crate::domain::why::Target;
use crate::ids::Seq;
use crate::journal::Chained;
pub use about::about;
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Span;
use unicode_width::UnicodeWidthStr;

/// The width from which there is room for an entry's year and hash.
const WIDE: usize = 100;

/// The screen.
#[derive(Default)]
pub struct Journal {
    cursor: Cursor<Seq>,
    widest: Widest,
}

/// How wide the columns are at most, of all rows.
#[derive(Clone, Copy, Default)]
struct Widest {
    /// Their numbers.
    seqs: usize,
    /// Who recorded them.
    by: usize,
    /// The words of their kinds.
    kinds: usize,
}

const KEYS: &[Own<Journal>] = &[
    shown(Journal::void, &[KeyCode::Char('v')], "v", "key-void"),
    shown(Journal::open_entry, &[KeyCode::Enter], "Enter", "key-entry"),
];

impl Journal {
    /// The selected row.
    pub fn row(&self) -> usize {
        self.cursor.row()
    }

    fn selected<'a>(&self, shared: &'a Shared) -> Option<&'a Chained> {
        shared.journal.get(self.row()).map(AsRef::as_ref)
    }

    fn void(&mut self, shared: &mut Shared) -> Step {
        let entry = self.selected(shared).map(|recorded| recorded.seq);
        corrects(shared, Ok((entry, false)))
    }

    /// Opens the selected entry, whole.
    fn open_entry(&mut self, shared: &mut Shared) -> Step {
        let recorded = self.selected(shared).cloned();
        recorded.map_or(Step::took(), |recorded| Step::Opens(Box::new(Entry::of(recorded))))
    }
}

impl Layer for Journal {
    fn uses(&self, _shared: &Shared, held: Held) -> bool {
        held == Held::Journal
    }

    fn draw(&self, shared: &Shared, frame: &mut Frame, body: Rect, top: bool) {
        let title = shared.lang.say("tab-journal");
        let row = |recorded: &Chained, width| row(shared, recorded, width, self.widest);
        let empty = Some((Held::Journal, "no-entries"));
        list(shared, frame, (body, title, top), (&shared.journal, self.row()), row, empty);
    }

    fn lay_out(&mut self, shared: &Shared) {
        self.widest = shared.journal.iter().fold(Widest::default(), |widest, recorded| Widest {
            seqs: widest.seqs.max(recorded.seq.to_string().len()),
            by: widest.by.max(recorded.entry.by.width()),
            kinds: widest.kinds.max(kind(shared, recorded).width()),
        });
    }

    fn key(&mut self, shared: &mut Shared, key: KeyEvent) -> Step {
        find(KEYS, key).map_or(Step::Falls, |does| does(self, shared))
    }

    fn explains(&self, shared: &Shared) -> Option<Target> {
        self.selected(shared).map(|recorded| Target::Entry(recorded.seq))
    }
}

impl Screen for Journal {
    fn hears(&mut self, shared: &mut Shared, news: &News) {
        if let News::Loaded(Query::Journal) = news {
            self.lay_out(shared);
            self.cursor.stay(&shared.journal, |recorded| recorded.seq);
        }
    }

    fn keys(&self, shared: &Shared) -> (Vec<Hint>, Vec<Hint>) {
        (hints_where(!shared.journal.is_empty(), KEYS), Vec::new())
    }

    fn enters(&mut self, _shared: &Shared) {
        self.cursor = Cursor::default();
    }

    fn step(&mut self, shared: &mut Shared, by: isize) {
        self.cursor.step(by, &shared.journal, |recorded| recorded.seq);
    }
}

/// The year and the hash are given up first: what an entry is about is what one looks for.
fn row(shared: &Shared, r: &Chained, width: usize, widest: Widest) -> Vec<Span<'static>> {
    let (theme, at) = (&shared.theme, r.entry.at);
    let (moment, hash) = if width >= WIDE {
        let hash: String = r.hash[..4].iter().map(|b| format!("{b:02x}")).collect();
        (at.civil().format("%Y-%m-%d %H:%M ").to_string(), format!(" {hash}"))
    } else {
        (fit(&shared.when(at), 12), String::new())
    };
    let (by, kind) = (widest.by.clamp(5, 16) + 1, widest.kinds + 1);
    let text = width.saturating_sub(widest.seqs + 1 + moment.len() + by + kind + hash.len());
    vec![
        Span::styled(fit_right(&r.seq.to_string(), widest.seqs) + " ", theme.fg(theme.muted)),
        Span::styled(moment, theme.fg(theme.muted)),
        Span::styled(cell(&r.entry.by, by), theme.fg(theme.text)),
        Span::styled(fit(&self::kind(shared, r), kind), theme.fg(theme.accent)),
        Span::styled(fit(&about(shared, &r.entry.event), text), theme.fg(theme.text)),
        Span::styled(hash, theme.fg(theme.muted)),
    ]
}

/// What kind of entry it is.
fn kind(shared: &Shared, r: &Chained) -> String {
    shared.lang.say(&format!("event-{}", r.entry.event.kind()))
}
