//! Every event, newest first.

use super::super::held::{Held, Query};
use super::super::keymap::{Own, find, hints_where, shown};
use super::super::layer::{Hint, Layer, Screen, Step};
use super::super::over::{Entry, corrects};
use super::super::paint::{fit, fit_right};
use super::super::shared::{News, Shared};
use super::cursor::Cursor;
use super::list::list;
use crate::domain::why::Target;
use crate::domain::{Event, Fact, Subject};
use crate::exchange::entry;
use crate::ids::Seq;
use crate::journal::Chained;
use crate::words;
use chrono::Datelike;
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Span;

/// The width from which there is room for an entry's year and hash.
const WIDE: usize = 100;

/// The screen.
#[derive(Default)]
pub struct Journal {
    cursor: Cursor<Seq>,
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
        let row = |recorded: &Chained, width| row(shared, recorded, width);
        let empty = Some((Held::Journal, "no-entries"));
        list(shared, frame, (body, title, top), (&shared.journal, self.row()), row, empty);
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
fn row(shared: &Shared, r: &Chained, width: usize) -> Vec<Span<'static>> {
    let (theme, at) = (&shared.theme, r.entry.at);
    let (moment, hash) = if width >= WIDE {
        let hash: String = r.hash[..4].iter().map(|b| format!("{b:02x}")).collect();
        ("%Y-%m-%d %H:%M ", format!(" {hash}"))
    } else if at.day().year() == shared.now.day().year() {
        ("%m-%d %H:%M ", String::new())
    } else {
        ("%Y-%m-%d  ", String::new())
    };
    let moment = at.civil().format(moment).to_string();
    let kind = shared.lang.say(&format!("event-{}", r.entry.event.kind()));
    let text = width.saturating_sub(8 + moment.len() + 12 + 14 + hash.len());
    vec![
        Span::styled(fit_right(&r.seq.to_string(), 7) + " ", theme.fg(theme.muted)),
        Span::styled(moment, theme.fg(theme.muted)),
        Span::styled(fit(&r.entry.by, 11) + " ", theme.fg(theme.text)),
        Span::styled(fit(&kind, 13) + " ", theme.fg(theme.accent)),
        Span::styled(fit(&about(shared.lang, &r.entry.event), text), theme.fg(theme.text)),
        Span::styled(hash, theme.fg(theme.muted)),
    ]
}

/// What a finding is about in a row of the journal: a month, or an entry by its number.
fn found(lang: words::Lang, subject: Subject) -> String {
    match subject {
        Subject::Dormant(month) => month.to_string(),
        other => format!("#{}", words::subject(lang, &other.to_string())),
    }
}

/// What an entry is about, in a line.
pub fn about(lang: words::Lang, event: &Event) -> String {
    match event {
        Event::ProviderAdded(p) | Event::ProviderAmended(p) => format!("{} {}", p.id, p.name),
        Event::OutletAdded(o) | Event::OutletAmended(o) => format!("{} {} {}", o.provider, o.id, o.name),
        Event::Deducted { deduction: d, .. } => {
            let outlet = d.outlet.as_ref().map(ToString::to_string).unwrap_or_default();
            format!("{} {} {} {} {outlet}", d.provider, d.article, words::points(lang, d.points), d.occurred_on)
        }
        Event::TurnoverRecorded { turnover: t, provider, .. }
        | Event::TurnoverAmended { turnover: t, provider, .. } => {
            format!("{provider} {} {} {}", t.outlet, t.month, t.amount)
        }
        Event::Happened(h) => {
            let outlet = match &h.fact {
                Fact::Outlet(outlet, _) => format!(" {outlet}"),
                _ => String::new(),
            };
            let what = entry::title_of(lang, &h.fact.word());
            format!("{}{outlet} {what} {} {}", h.provider, h.on, h.note.as_deref().unwrap_or_default())
        }
        Event::ObligationsMoved { provider, calendar, moved } => format!("{provider} {calendar} {}", moved.len()),
        Event::AlertMarked { provider, subject, .. } => format!("{provider}/{subject}"),
        Event::FindingConfirmed { finding, deduction, .. } => {
            let subject = found(lang, finding.subject);
            format!("{} {subject} {}", finding.provider, words::points(lang, deduction.points))
        }
        Event::FindingDismissed { finding, reason, .. } => {
            format!("{} {} {reason}", finding.provider, found(lang, finding.subject))
        }
        Event::RequestOpened(r) => {
            format!("{} {} {} {}", r.provider, r.outlet, r.kind.word(), crate::time::show_moment(r.due))
        }
        Event::RequestAnswered { request, provider, at, .. } => {
            format!("{provider} #{request} {}", crate::time::show_moment(*at))
        }
        Event::LossAccepted { from, to, reason } => format!("#{from}–#{to} {reason}"),
        Event::LineProposed(proposed) => {
            let d = &proposed.deduction;
            format!("{} {} {}", d.provider, d.article, words::points(lang, d.points))
        }
        Event::ProposalWithdrawn { proposal, provider, reason } => format!("{provider} #{proposal} {reason}"),
        Event::EditionAdopted(edition) => format!("{} {}", edition.number, edition.effective),
        Event::EditionWithdrawn { edition, number, reason } => format!("{number} #{edition} {reason}"),
        Event::Voided { entries, provider, reason, .. } | Event::Restored { entries, provider, reason, .. } => {
            let entries: Vec<String> = entries.iter().map(|seq| format!("#{seq}")).collect();
            format!("{provider} {} {reason}", entries.join(" "))
        }
        Event::Supported { line, provider, is, .. } => {
            let subject = is.subject.as_ref().map(ToString::to_string).unwrap_or_default();
            format!("{provider} #{line} {subject} {}", is.evidence.as_deref().unwrap_or_default())
        }
        Event::Reversed { line, provider, reason, .. } => format!("{provider} #{line} {reason}"),
    }
}
