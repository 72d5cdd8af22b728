//! What a console session knows, what it hears, and what it asks for.

use super::draft::Draft;
use super::draw::{Columns, Record};
use super::form::{Form, Purpose, read};
use super::held::{Answer, Fresh, Query};
use super::pick::Choices;
use super::sheet::{Checked, Typed};
use super::theme::Theme;
use crate::desk::{AuditReport, Change, DeskError, Explained, ListedFinding, Preview, Receipt, Weighed};
use crate::domain::rectification::Cases;
use crate::domain::second::Waiting;
use crate::domain::why::Target;
use crate::domain::{Alert, Chargeable, Command, Dossier, Finding, FindingId, Laws, Line, Refusal};
use crate::ids::{OutletId, ProviderId, Seq};
use crate::journal::Chained;
use crate::rulebook::Rulebook;
use crate::store::{Due, OutletRow, ProviderRow, StoreError};
use crate::time::{Moment, Year};
use crate::words::Lang;
use chrono::Datelike;
use crossterm::event::KeyEvent;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A session's state.
pub struct Model {
    /// The language of the session.
    pub lang: Lang,
    /// Its theme, and the name of that.
    pub theme: Theme,
    /// The theme's name.
    pub theme_name: String,
    /// Who works here.
    pub who: String,
    /// A word beside the name of the program: that this is a demo, say.
    pub title: String,
    /// The rulebooks that may be in force, as the journal has them (4.4(1), decision 26).
    pub laws: Arc<Laws>,
    /// The one in force today.
    pub book: Arc<Rulebook>,
    /// Now.
    pub now: Moment,
    /// Columns and rows.
    pub size: (u16, u16),
    /// The screen.
    pub screen: Screen,
    /// The pane with the focus.
    pub pane: Pane,
    /// The pane with the focus has all the room.
    pub zoom: bool,
    /// The year that is looked at.
    pub year: Year,
    /// Years that have lines.
    pub years: Vec<Year>,
    /// All providers, by id; none until the first answer.
    pub providers: Option<Vec<Arc<ProviderRow>>>,
    /// Which of them match the filter.
    pub shown: Vec<usize>,
    /// The selected provider.
    pub provider: Option<ProviderId>,
    /// Its outlets.
    pub outlets: Vec<OutletRow>,
    /// The selected outlet.
    pub outlet: Option<OutletId>,
    /// Its ledger of the year, newest first.
    pub lines: Vec<Line>,
    /// Lines of all providers that wait for a second person (decision 28).
    pub proposals: Vec<Arc<Waiting>>,
    /// The selected line, or the entry that proposed one.
    pub line: Option<Seq>,
    /// What is due, the next first.
    pub deadlines: Vec<Arc<Due>>,
    /// Alerts, the loudest first.
    pub alerts: Vec<Arc<Alert>>,
    /// The selected alert, by its name.
    pub alert: Option<String>,
    /// The selected provider's dossier.
    pub dossier: Dossier,
    /// Its rectifications, and the years at 100.
    pub cases: Cases,
    /// The findings, open ones first.
    pub findings: Vec<Arc<ListedFinding>>,
    /// The selected finding.
    pub finding: Option<FindingId>,
    /// The journal, newest first.
    pub journal: Vec<Arc<Chained>>,
    /// How all these stand to the ledger.
    pub fresh: Fresh,
    /// Counts what pickers choose from: another number, other lists.
    pub lists: u64,
    /// What the rows of lists have in common, measured when they come.
    pub columns: Columns,
    /// The rows of the selected provider's records, laid out when they come.
    pub records: Vec<Record>,
    /// The last entry that was heard of.
    pub head: Seq,
    /// The last one that what is on the screen knows of.
    pub seen: Seq,
    /// The selected row of the journal or the rulebook.
    pub row: usize,
    /// The filter of providers.
    pub filter: String,
    /// The filter is being typed.
    pub filtering: bool,
    /// What was typed last, into the filter or a form, has not been looked up yet: all that waits is taken first.
    pub typed: bool,
    /// Ctrl-Z has a shell to go back to.
    pub suspends: bool,
    /// What lies over the screen.
    pub over: Over,
    /// What it was asked to tell of: the answer opens a window, unless another key was pressed meanwhile.
    pub wonders: Option<Target>,
    /// What a form would do, as the desk says.
    pub preview: Option<Result<Preview, Refusal>>,
    /// What the correction of the window would change, as the desk said last.
    pub correcting: Option<Correcting>,
    /// What the audit's sheet that is typed comes to, as the desk said last.
    pub sheet: Option<Checked>,
    /// Number of the preview that was asked for last.
    pub asked: u64,
    /// Number of the command that was handed in last.
    pub submitted: u64,
    /// A row of alerts or findings that was handled: the one that follows slides under the cursor.
    pub handled: Option<Handled>,
    /// The outlets of another provider than the selected one, that a form names.
    pub looked: Option<(ProviderId, Vec<OutletRow>)>,
    /// The records that lines can stand for, of providers that were looked at.
    pub chargeables: BTreeMap<ProviderId, Vec<Chargeable>>,
    /// The last word on what was done, and whether it is good.
    pub status: Option<(bool, String)>,
    /// Forms of this person that were being filled in when a connection was lost, the last one last.
    pub drafts: Vec<Draft>,
}

/// A row that a command was handed in for: its answer, and then the list without it as it was, are waited for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handled {
    /// The number of the command.
    pub number: u64,
    /// The screen that it is on.
    pub screen: Screen,
    /// Its place in the list.
    pub row: usize,
    /// The command was carried out: the next list shows it.
    pub saved: bool,
}

/// What a correction would change, and what stands on the entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correcting {
    /// Whether what stands on it goes with it.
    pub dependents: bool,
    /// What would change; or why not.
    pub weighed: Result<Weighed, Refusal>,
    /// What goes with it; where it is refused, what stands against that.
    pub entries: Vec<Chained>,
}

/// A screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    /// Providers, their outlets, their ledgers.
    Providers,
    /// What is due.
    Deadlines,
    /// What needs somebody.
    Alerts,
    /// What the program found, to be confirmed or dismissed.
    Findings,
    /// The selected provider's records: admission, cities, conferences.
    Cases,
    /// Every event.
    Journal,
    /// The articles.
    Rulebook,
}

impl Screen {
    /// All, in the order of their keys.
    pub const ALL: [Screen; 7] = [
        Screen::Providers,
        Screen::Deadlines,
        Screen::Alerts,
        Screen::Findings,
        Screen::Cases,
        Screen::Journal,
        Screen::Rulebook,
    ];
}

/// A pane of the first screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pane {
    /// Providers.
    Providers,
    /// Outlets of the selected provider.
    Outlets,
    /// Ledger of the selected provider.
    Ledger,
}

impl Pane {
    /// All, from left to right.
    pub const ALL: [Pane; 3] = [Pane::Providers, Pane::Outlets, Pane::Ledger];

    /// Its place.
    pub fn place(self) -> usize {
        Pane::ALL.iter().position(|p| *p == self).unwrap_or(0)
    }
}

/// What lies over a screen.
pub enum Over {
    /// Nothing.
    Nothing,
    /// The keys.
    Help,
    /// One ledger line in full, by its number.
    Line(Seq),
    /// One journal entry whole, and the first of its lines that shows.
    Entry(Box<Chained>, usize),
    /// Why something is so, and the first of its lines that shows.
    Trace(Box<Shown>, usize),
    /// An audit's report, and the first of its lines that shows.
    Audit(Box<AuditReport>, usize),
    /// A form.
    Form(Box<Form>),
}

/// Why something is so, laid out for the window that it is in: a list of thousands of outlets is laid out once.
pub struct Shown {
    /// What is told.
    pub told: Box<Explained>,
    /// The window's lines: a label, and a part of what it says.
    pub lines: Vec<(String, String)>,
}

/// What a session hears.
pub enum Message {
    /// A key.
    Key(KeyEvent),
    /// Pasted text.
    Paste(String),
    /// A click at a column and row.
    Click(u16, u16),
    /// The wheel at a column and row, by rows down.
    Wheel(u16, u16, isize),
    /// The terminal has another size.
    Resize(u16, u16),
    /// The clock.
    Tick(Moment),
    /// The ledger changed.
    Changed(Change),
    /// The query of that number was answered, or why not.
    Loaded(u64, Result<Answer, StoreError>),
    /// Why something is so, or why that is not told.
    Why(Target, Result<Box<Explained>, DeskError>),
    /// The outlets of a provider that a form names.
    Looked(ProviderId, Vec<OutletRow>),
    /// The records of a provider that lines can stand for.
    Chargeables(ProviderId, Vec<Chargeable>),
    /// What a form would do; for which asking.
    Previewed(u64, Option<Box<Result<Preview, Refusal>>>),
    /// The entry that is to be corrected; for which asking.
    Found(u64, Option<Box<Chained>>),
    /// What a correction would change; for which asking.
    Weighed(u64, Box<Correcting>),
    /// The correction of that number would change something else than was shown, and was not done.
    Outdated(u64, Box<Correcting>),
    /// An audit's report, where there is one; for which asking.
    Audited(u64, Option<Box<AuditReport>>),
    /// What a sheet would come to; for which asking.
    SheetChecked(u64, Box<Checked>),
    /// The sheet of that number was not recorded: rows of it are refused.
    SheetRefused(u64, Box<Checked>),
    /// The command of that number was carried out, or why not.
    Saved(u64, Result<Box<Receipt>, DeskError>),
    /// A query failed.
    Trouble(StoreError),
}

/// What a session asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// A query, known by a number; whether its answer is to be seen, or comes before somebody looks.
    Load {
        /// The number.
        number: u64,
        /// The query.
        query: Query,
        /// Whether what it is about is on the screen.
        shown: bool,
    },
    /// The outlets of a provider that a form names.
    Look(ProviderId),
    /// The records of a provider that lines can stand for.
    LoadChargeables(ProviderId),
    /// Why something is so.
    Why(Target),
    /// What a command would do.
    Preview(u64, Command),
    /// An entry by its number; or, where that is the number of a record, the entry that is in its place.
    LoadEntry(u64, Seq, bool),
    /// What the void of an entry would change, with or without what stands on it.
    Weigh(u64, Seq, bool),
    /// Do a correction, known by a number, if it changes what was shown.
    Correct(u64, Command, Box<Weighed>),
    /// Do a command, known by a number; what is said already only if it is to be taken again.
    Submit(u64, Command, bool),
    /// An audit's report.
    LoadAudit(u64, Seq),
    /// What a sheet would come to.
    CheckSheet(u64, Box<Typed>),
    /// Record a sheet, known by a number; what is said already only if it is to be taken again.
    RecordSheet(u64, Box<Typed>, bool),
    /// Keep the language and the theme for the next start.
    Keep(Lang, String),
    /// Give the terminal back to the shell until it continues.
    Suspend,
    /// The session ends.
    Quit,
}

impl Effect {
    /// Whether it asks for what nobody looks at yet.
    pub fn is_ahead(&self) -> bool {
        matches!(self, Effect::Load { shown: false, .. })
    }

    /// Its kind: of two queries of one kind the earlier one's answer is nobody's.
    pub fn kind(&self) -> impl PartialEq {
        let query = if let Effect::Load { query, .. } = self { Some(std::mem::discriminant(query)) } else { None };
        (std::mem::discriminant(self), query)
    }
}

impl Model {
    /// A session that begins.
    pub fn new(lang: Lang, theme: (&str, Theme), who: &str, title: &str, book: Arc<Rulebook>, now: Moment) -> Model {
        Model {
            lang,
            theme: theme.1,
            theme_name: theme.0.to_owned(),
            who: who.to_owned(),
            title: title.to_owned(),
            laws: Arc::new(Laws::of_loaded(Arc::clone(&book))),
            book,
            now,
            size: (80, 24),
            screen: Screen::Providers,
            pane: Pane::Providers,
            zoom: false,
            year: now.day().year(),
            years: Vec::new(),
            providers: None,
            shown: Vec::new(),
            provider: None,
            outlets: Vec::new(),
            outlet: None,
            lines: Vec::new(),
            proposals: Vec::new(),
            line: None,
            deadlines: Vec::new(),
            alerts: Vec::new(),
            alert: None,
            dossier: Dossier::default(),
            cases: Cases::default(),
            findings: Vec::new(),
            finding: None,
            journal: Vec::new(),
            fresh: Fresh::default(),
            lists: 0,
            columns: Columns::default(),
            records: Vec::new(),
            head: Seq(0),
            seen: Seq(0),
            row: 0,
            filter: String::new(),
            filtering: false,
            typed: false,
            suspends: false,
            over: Over::Nothing,
            wonders: None,
            preview: None,
            correcting: None,
            sheet: None,
            asked: 0,
            submitted: 0,
            handled: None,
            looked: None,
            chargeables: BTreeMap::new(),
            status: None,
            drafts: Vec::new(),
        }
    }

    /// The selected provider's row.
    pub fn provider_row(&self) -> Option<&ProviderRow> {
        self.row_of(self.provider.as_ref()?)
    }

    /// A provider's row.
    pub fn row_of(&self, id: &ProviderId) -> Option<&ProviderRow> {
        self.row_named(id.as_str())
    }

    /// The row of the provider of an id as it is typed.
    pub fn row_named(&self, id: &str) -> Option<&ProviderRow> {
        let rows = self.providers.as_ref()?;
        rows.binary_search_by(|row| row.provider.id.as_str().cmp(id)).ok().and_then(|at| rows.get(at)).map(Arc::as_ref)
    }

    /// The selected line.
    pub fn selected_line(&self) -> Option<&Line> {
        self.lines.iter().find(|l| Some(l.seq) == self.line)
    }

    /// The selected provider's lines of the year that wait for a second person, newest first.
    pub fn waiting(&self) -> impl Iterator<Item = &Waiting> {
        let of = |w: &&Waiting| {
            let line = &w.proposed.deduction;
            Some(&line.provider) == self.provider.as_ref() && line.occurred_on.year() == self.year
        };
        self.proposals.iter().rev().map(Arc::as_ref).filter(of)
    }

    /// The rows of the ledger by their numbers: what waits for a second person stands before the lines.
    pub fn ledger(&self) -> impl Iterator<Item = Seq> {
        self.waiting().map(|w| w.entry).chain(self.lines.iter().map(|line| line.seq))
    }

    /// The selected line that waits for a second person.
    pub fn selected_waiting(&self) -> Option<&Waiting> {
        self.waiting().find(|w| Some(w.entry) == self.line)
    }

    /// The place of the selected alert, and the alert.
    pub fn selected_alert(&self) -> Option<(usize, &Alert)> {
        let named = self.alert.as_deref()?;
        self.alerts.iter().map(Arc::as_ref).enumerate().find(|(_, alert)| is_named(alert, named))
    }

    /// The place of the selected finding, and the finding.
    pub fn selected_finding(&self) -> Option<(usize, &Finding)> {
        let mut rows = self.findings.iter().map(|row| &row.finding).enumerate();
        rows.find(|(_, f)| Some(&f.id) == self.finding.as_ref())
    }

    /// The rulebook that judges what a form asks for: a deduction, and a finding's line, are judged by the edition of
    /// their day, with what the provider agreed otherwise (4.4(1), 4.4(3)).
    pub fn judged_by(&self, form: &Form) -> &Arc<Rulebook> {
        match &form.purpose {
            Purpose::Deduct => {}
            Purpose::Confirm(id) => {
                let finding = self.findings.iter().map(|row| &row.finding).find(|finding| finding.id == *id);
                let on = finding.map_or(self.now.day(), |finding| finding.occurred_on);
                return self.laws.of(&id.provider, on);
            }
            _ => return &self.book,
        }
        let day = read::day(&form.text("occurred_on"), form.now).unwrap_or(self.now.day());
        match form.text("provider_id").parse() {
            Ok(provider) => self.laws.of(&provider, day),
            Err(_) => self.laws.general(day),
        }
    }

    /// What the pickers of a form choose from.
    pub fn choices(&self, form: &Form) -> Choices<'_> {
        Choices {
            lang: self.lang,
            book: self.judged_by(form),
            providers: self.providers.as_deref().unwrap_or_default(),
            provider: self.provider.as_ref(),
            outlets: &self.outlets,
            looked: self.looked.as_ref(),
            chargeables: &self.chargeables,
            dossier: &self.dossier,
            due: &self.deadlines,
            today: self.now.day(),
            lists: self.lists,
        }
    }

    /// The providers that the filter shows.
    pub fn visible(&self) -> impl Iterator<Item = &ProviderRow> {
        let rows = self.providers.as_deref().unwrap_or_default();
        self.shown.iter().filter_map(|at| rows.get(*at)).map(Arc::as_ref)
    }
}

/// Whether that is an alert's name: no name is written for those of other providers.
pub fn is_named(alert: &Alert, name: &str) -> bool {
    let subject = name.strip_prefix(alert.provider.as_str()).and_then(|rest| rest.strip_prefix('/'));
    subject.is_some_and(|subject| alert.subject.to_string() == subject)
}
