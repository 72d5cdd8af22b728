//! What the program found, to be confirmed or dismissed.

use super::super::form::Form;
use super::super::held::{Held, Query, Whose};
use super::super::keymap::{Own, find, hints_where, shown};
use super::super::layer::{Errand, Hint, Layer, Screen, Step};
use super::super::over::corrects;
use super::super::paint::{cell, fit, fit_right};
use super::super::shared::{News, Shared};
use super::cursor::moved;
use super::handled::Handled;
use super::list::list;
use crate::desk::ListedFinding;
use crate::domain::why::Target;
use crate::domain::{Command, Finding, FindingId, FindingState, Subject};
use crate::ids::Seq;
use crate::words;
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::Span;
use unicode_width::UnicodeWidthStr;

/// Columns of a clause and the gap after it.
const CLAUSE: usize = 10;

/// How wide the columns are at most, of all rows: where one looks, they stay.
#[derive(Clone, Copy, Default)]
struct Widest {
    /// The words of their states; these and the next have a blank behind.
    states: usize,
    /// Their providers.
    owners: usize,
    /// The names of those.
    names: usize,
    /// The clauses and titles of their articles.
    titles: usize,
    /// What they are about.
    subjects: usize,
    /// Their points, with a blank before them.
    points: usize,
    /// Their figures.
    measures: usize,
}

/// The screen.
#[derive(Default)]
pub struct Findings {
    /// The selected finding.
    selected: Option<FindingId>,
    widest: Widest,
    handled: Handled,
}

const KEYS: &[Own<Findings>] = &[
    shown(Findings::confirm, &[KeyCode::Char('c')], "c", "key-confirm"),
    shown(Findings::dismiss, &[KeyCode::Char('x')], "x", "key-dismiss"),
    shown(Findings::void, &[KeyCode::Char('v')], "v", "key-void"),
];

impl Findings {
    /// The selected finding.
    pub fn selected(&self) -> Option<&FindingId> {
        self.selected.as_ref()
    }

    /// Its place, and the finding.
    fn at<'a>(&self, shared: &'a Shared) -> Option<(usize, &'a Finding)> {
        let mut rows = shared.findings.iter().map(|row| &row.finding).enumerate();
        rows.find(|(_, f)| Some(&f.id) == self.selected.as_ref())
    }

    fn confirm(&mut self, shared: &mut Shared) -> Step {
        self.decide(shared, Form::confirm)
    }

    fn dismiss(&mut self, shared: &mut Shared) -> Step {
        self.decide(shared, Form::dismiss)
    }

    /// Begins the form that decides on the selected one; a decided one says so.
    fn decide(&self, shared: &mut Shared, form: impl Fn(&Finding) -> Form) -> Step {
        let form = match self.at(shared) {
            Some((_, finding)) if finding.state == FindingState::Open => Ok(form(finding)),
            Some(_) => Err("status-decided"),
            None => Err("status-nothing-selected"),
        };
        Step::begins(shared, form)
    }

    fn void(&mut self, shared: &mut Shared) -> Step {
        let entry = self.entry(shared);
        corrects(shared, entry)
    }

    /// The decision on the selected one; of one that is open, the record that it was found at.
    fn entry(&self, shared: &Shared) -> Result<(Option<Seq>, bool), &'static str> {
        let Some((_, finding)) = self.at(shared) else { return Ok((None, false)) };
        match (&finding.state, finding.id.subject) {
            (FindingState::Confirmed(by) | FindingState::Dismissed(by), _) => Ok((Some(*by), false)),
            (FindingState::Open, Subject::Exit(seq) | Subject::Of(_, seq)) => Ok((Some(seq), true)),
            (FindingState::Open, Subject::Dormant(_)) => Err("status-void-month"),
        }
    }

    /// Measures what more findings say.
    fn measure<'a>(&mut self, shared: &Shared, more: impl Iterator<Item = &'a ListedFinding>) {
        let columns = usize::from(shared.size.0).saturating_sub(2);
        for row in more {
            let widest = &mut self.widest;
            widest.states = widest.states.max(state(shared, row).width() + 1);
            widest.owners = widest.owners.max(row.finding.id.provider.as_str().len() + 1);
            widest.titles = widest.titles.max(title(shared, row).unwrap_or_default().1.width() + 1);
            widest.points = widest.points.max(row.finding.points.to_string().len() + 1);
            widest.measures = widest.measures.max(measured(shared, row).width());
            widest.subjects = widest.subjects.max(about(shared, row, columns).width() + 1);
        }
    }

    /// Measures those of some providers.
    fn measure_of(&mut self, shared: &Shared, whose: &Whose) {
        let of = |row: &&ListedFinding| whose.has(&row.finding.id.provider);
        self.measure(shared, shared.findings.iter().map(AsRef::as_ref).filter(of));
        self.measure_names(shared, whose);
    }

    fn measure_names(&mut self, shared: &Shared, whose: &Whose) {
        let ids = shared.findings.iter().map(|row| &row.finding.id.provider);
        self.widest.names = self.widest.names.max(shared.widest_name(whose, ids) + 1);
    }

    /// Other findings of some providers are there.
    fn loaded(&mut self, shared: &Shared, whose: &Whose) {
        self.measure_of(shared, whose);
        let (rows, kept) = (&shared.findings, self.at(shared).is_some());
        if let Some(at) = self.handled.take(shared, Held::Findings).or((!kept).then_some(0)) {
            self.selected = rows.get(at.min(rows.len().saturating_sub(1))).map(|row| row.finding.id.clone());
        }
    }
}

impl Layer for Findings {
    fn uses(&self, _shared: &Shared, held: Held) -> bool {
        [Held::Findings, Held::Deadlines, Held::Providers].contains(&held)
    }

    /// Open ones first, with the arithmetic of each.
    fn draw(&self, shared: &Shared, frame: &mut Frame, body: Rect, top: bool) {
        let open = shared.findings.iter().filter(|row| row.finding.state == FindingState::Open).count();
        let title = format!("{} {open}/{}", shared.lang.say("tab-findings"), shared.findings.len());
        let all = self.widest;
        let (owners, names) = (all.owners.min(17), all.names.min(33));
        let widest = Widest { owners, names, subjects: all.subjects.clamp(8, 32), ..all };
        let selected = self.at(shared).map_or(0, |(at, _)| at);
        let row = |row: &ListedFinding, width| self::row(shared, row, width, widest);
        let empty = Some((Held::Findings, "no-findings"));
        list(shared, frame, (body, title, top), (&shared.findings, selected), row, empty);
    }

    fn lay_out(&mut self, shared: &Shared) {
        self.widest = Widest::default();
        self.measure_of(shared, &Whose::All);
    }

    fn key(&mut self, shared: &mut Shared, key: KeyEvent) -> Step {
        find(KEYS, key).map_or(Step::Falls, |does| does(self, shared))
    }

    fn explains(&self, shared: &Shared) -> Option<Target> {
        self.at(shared).map(|(_, finding)| Target::Finding(finding.id.clone()))
    }
}

impl Screen for Findings {
    fn hears(&mut self, shared: &mut Shared, news: &News) {
        self.handled.hears(news);
        match news {
            News::Loaded(Query::Findings(whose)) => self.loaded(shared, whose),
            News::Loaded(Query::Providers(_, whose)) => self.measure_names(shared, whose),
            _ => {}
        }
    }

    fn keys(&self, shared: &Shared) -> (Vec<Hint>, Vec<Hint>) {
        (hints_where(!shared.findings.is_empty(), KEYS), Vec::new())
    }

    fn step(&mut self, shared: &mut Shared, by: isize) {
        let at = self.at(shared).map(|(at, _)| at);
        let row = shared.findings.get(moved(at, by, shared.findings.len()));
        self.selected = row.map(|row| row.finding.id.clone());
    }

    fn open(&mut self, shared: &mut Shared) -> Step {
        self.confirm(shared)
    }

    fn show(&mut self, shared: &mut Shared, errand: &Errand) -> Option<Step> {
        let Errand::Finding(id) = errand else { return None };
        self.selected = Some(id.clone());
        Some(self.confirm(shared))
    }

    fn submitted(&mut self, shared: &Shared, number: u64, command: &Command) {
        if let Command::ConfirmFinding { .. } | Command::DismissFinding { .. } = command
            && let Some((at, _)) = self.at(shared)
        {
            self.handled.waits(number, at);
        }
    }
}

/// What a finding is about; on a narrow screen without the day that its figures say beside it.
fn about(shared: &Shared, row: &ListedFinding, columns: usize) -> String {
    let about = words::finding_about(shared.lang, &row.about);
    let measured = words::measured(shared.lang, &row.finding.measured);
    match about.rsplit_once(' ') {
        Some((what, day)) if columns < 100 && measured.contains(day) => what.to_owned(),
        _ => about,
    }
}

/// The word for where it stands.
fn state(shared: &Shared, row: &ListedFinding) -> String {
    shared.lang.say(&format!("finding-{}", row.word()))
}

/// Its figures.
fn measured(shared: &Shared, row: &ListedFinding) -> String {
    words::measured_by(shared.lang, &row.finding.measured, &|day| shared.day(day))
}

/// The clause and the title of the article that it proposes.
fn title(shared: &Shared, row: &ListedFinding) -> Option<(String, String)> {
    let article = shared.book.article(row.finding.id.subject.article())?;
    Some((article.clause.clone(), format!("{} {}", article.clause, shared.lang.of(&article.title))))
}

fn row(shared: &Shared, row: &ListedFinding, width: usize, widest: Widest) -> Vec<Span<'static>> {
    let Widest { states, owners, names, titles, subjects, points, measures } = widest;
    let (theme, finding) = (&shared.theme, &row.finding);
    let (sign, color) = match finding.state {
        FindingState::Open => ("●", theme.warning),
        FindingState::Confirmed(_) if row.reversed_by.is_some() => ("–", theme.muted),
        FindingState::Confirmed(_) => ("✓", theme.ok),
        FindingState::Dismissed(_) => ("–", theme.muted),
    };
    // The numbers are what a person decides on; the title and then the name give way to them.
    let fixed = 2 + states + owners + subjects + points + 2;
    let measures = measures.min(width.saturating_sub(fixed + CLAUSE));
    let room = width.saturating_sub(fixed + measures);
    let whole = room >= names + titles;
    let title_columns = if whole { titles } else { CLAUSE.min(room) };
    let name_columns = names.min(room - title_columns);
    let (clause, title) = title(shared, row).unwrap_or_default();
    vec![
        Span::styled(format!("{sign} "), theme.fg(color)),
        Span::styled(fit(&state(shared, row), states), theme.fg(color)),
        Span::styled(cell(finding.id.provider.as_str(), owners), theme.fg(theme.muted)),
        Span::styled(cell(&shared.name_of(&finding.id.provider), name_columns), theme.fg(theme.text)),
        Span::styled(cell(if whole { &title } else { &clause }, title_columns), theme.fg(theme.accent)),
        Span::styled(fit(&about(shared, row, width), subjects), theme.fg(theme.text)),
        Span::styled(
            fit_right(&finding.points.to_string(), points) + "  ",
            theme.fg(theme.text).add_modifier(Modifier::BOLD),
        ),
        Span::styled(fit(&measured(shared, row), measures), theme.fg(theme.muted)),
    ]
}
