//! What needs somebody, and what is done with it.

use super::super::form::Form;
use super::super::held::{Held, Query, Whose};
use super::super::keymap::{Own, find, hints_where, shown};
use super::super::layer::{Errand, Hint, Layer, Screen, Step};
use super::super::paint::{cell, fit, fit_right};
use super::super::shared::{News, Shared};
use super::cursor::moved;
use super::handled::Handled;
use super::list::list;
use crate::domain::why::Target;
use crate::domain::{Alert, AlertState, AlertSubject, Command, FindingId, Mark, Marked};
use crate::time::{Moment, show_moment};
use crate::words;
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Span;
use unicode_width::UnicodeWidthStr;

/// How long a snooze is, unless another is typed.
const SNOOZE_SECONDS: i64 = 4 * 3600;

/// How wide the columns are at most, of all rows: where one looks, they stay.
#[derive(Clone, Copy, Default)]
struct Widest {
    /// The words of their states.
    states: usize,
    /// Their providers.
    owners: usize,
    /// The names of those.
    names: usize,
    /// What they say.
    says: usize,
    /// Who has them.
    whos: usize,
}

/// The screen.
#[derive(Default)]
pub struct Alerts {
    /// The selected alert, by its name.
    selected: Option<String>,
    widest: Widest,
    handled: Handled,
}

const KEYS: &[Own<Alerts>] = &[
    shown(Alerts::acknowledge, &[KeyCode::Char('a')], "a", "key-acknowledge"),
    shown(Alerts::snooze, &[KeyCode::Char('s')], "s", "key-snooze"),
    shown(Alerts::assign, &[KeyCode::Char('@')], "@", "key-assign"),
];

impl Alerts {
    /// The name of the selected alert.
    pub fn selected(&self) -> Option<&str> {
        self.selected.as_deref()
    }

    /// Selects an alert by its name.
    pub fn select(&mut self, name: &str) {
        self.selected = Some(name.to_owned());
    }

    /// The place of the selected alert, and the alert.
    fn at<'a>(&self, shared: &'a Shared) -> Option<(usize, &'a Alert)> {
        let named = self.selected.as_deref()?;
        shared.alerts.iter().map(AsRef::as_ref).enumerate().find(|(_, alert)| is_named(alert, named))
    }

    /// The selected alert, where it still needs somebody.
    fn marked(&self, shared: &mut Shared) -> Option<Alert> {
        let alert = self.at(shared).filter(|(_, alert)| alert.state != AlertState::Resolved);
        let alert = alert.map(|(_, alert)| alert.clone());
        if alert.is_none() {
            shared.say_not("status-nothing-selected");
        }
        alert
    }

    fn acknowledge(&mut self, shared: &mut Shared) -> Step {
        match self.marked(shared) {
            Some(alert) if alert.state == AlertState::Acknowledged && !self.handled.is_waited_for() => {
                shared.say_not("status-acknowledged");
                Step::took()
            }
            // The list after the last key is not there yet: the row under the cursor is still the one that was handled.
            Some(Alert { provider, subject, .. }) if !self.handled.is_waited_for() => {
                let command = Command::MarkAlert { provider, subject, mark: Mark::Acknowledged };
                Step::Took(vec![shared.submit(command, false).1])
            }
            _ => Step::took(),
        }
    }

    fn snooze(&mut self, shared: &mut Shared) -> Step {
        let Some(alert) = self.marked(shared) else { return Step::took() };
        let until = Moment(shared.now.0 + SNOOZE_SECONDS);
        let until = show_moment(Moment(until.0 - until.0.rem_euclid(60)));
        Step::begins(shared, Ok(Form::snooze(&alert, &until)))
    }

    fn assign(&mut self, shared: &mut Shared) -> Step {
        let Some(alert) = self.marked(shared) else { return Step::took() };
        Step::begins(shared, Ok(Form::assign(&alert)))
    }

    /// Measures what more alerts say.
    fn measure<'a>(&mut self, shared: &Shared, more: impl Iterator<Item = &'a Alert>) {
        for alert in more {
            let widest = &mut self.widest;
            widest.states = widest.states.max(state(shared, alert).width());
            widest.owners = widest.owners.max(alert.provider.as_str().len());
            widest.whos = widest.whos.max(who(alert).width());
            widest.says = widest.says.max(words::alert(shared.lang, &shared.book, alert).width());
        }
    }

    /// Measures those of some providers.
    fn measure_of(&mut self, shared: &Shared, whose: &Whose) {
        let of = |alert: &&Alert| whose.has(&alert.provider);
        self.measure(shared, shared.alerts.iter().map(AsRef::as_ref).filter(of));
        self.measure_names(shared, whose);
    }

    fn measure_names(&mut self, shared: &Shared, whose: &Whose) {
        let ids = shared.alerts.iter().map(|alert| &alert.provider);
        self.widest.names = self.widest.names.max(shared.widest_name(whose, ids));
    }

    /// Other alerts of some providers are there.
    fn loaded(&mut self, shared: &Shared, whose: &Whose) {
        self.measure_of(shared, whose);
        let (rows, kept) = (&shared.alerts, self.at(shared).is_some());
        if let Some(at) = self.handled.take(shared, Held::Alerts).or((!kept).then_some(0)) {
            self.selected = rows.get(at.min(rows.len().saturating_sub(1))).map(|alert| alert.id());
        }
    }
}

impl Layer for Alerts {
    fn uses(&self, _shared: &Shared, held: Held) -> bool {
        // What an alert is about opens from it; what comes due while one looks is found by what is due.
        [Held::Alerts, Held::Findings, Held::Proposals, Held::Deadlines, Held::Providers].contains(&held)
    }

    fn draw(&self, shared: &Shared, frame: &mut Frame, body: Rect, top: bool) {
        let loud = shared.alerts.iter().filter(|a| a.state.is_loud()).count();
        let title = format!("{} {loud}/{}", shared.lang.say("tab-alerts"), shared.alerts.len());
        let selected = self.at(shared).map_or(0, |(at, _)| at);
        // Whose an alert is has to be read whole before it is handled.
        let widest = Widest { owners: self.widest.owners.clamp(6, 32), ..self.widest };
        let row = |alert: &Alert, width| row(shared, alert, width, widest);
        list(shared, frame, (body, title, top), (&shared.alerts, selected), row, Some((Held::Alerts, "no-alerts")));
    }

    fn lay_out(&mut self, shared: &Shared) {
        self.widest = Widest::default();
        self.measure_of(shared, &Whose::All);
    }

    fn key(&mut self, shared: &mut Shared, key: KeyEvent) -> Step {
        find(KEYS, key).map_or(Step::Falls, |does| does(self, shared))
    }

    fn explains(&self, shared: &Shared) -> Option<Target> {
        self.at(shared).and_then(|(_, alert)| about(alert))
    }
}

impl Screen for Alerts {
    fn hears(&mut self, shared: &mut Shared, news: &News) {
        self.handled.hears(news);
        match news {
            News::Loaded(Query::Alerts(whose)) => self.loaded(shared, whose),
            News::Loaded(Query::Providers(_, whose)) => self.measure_names(shared, whose),
            _ => {}
        }
    }

    fn keys(&self, shared: &Shared) -> (Vec<Hint>, Vec<Hint>) {
        (hints_where(!shared.alerts.is_empty(), KEYS), Vec::new())
    }

    fn step(&mut self, shared: &mut Shared, by: isize) {
        let at = self.at(shared).map(|(at, _)| at);
        self.selected = shared.alerts.get(moved(at, by, shared.alerts.len())).map(|alert| alert.id());
    }

    /// Opens what it is about: the form of a finding or of a line that waits for a second person; elsewhere the provider.
    fn open(&mut self, shared: &mut Shared) -> Step {
        let Some((_, alert)) = self.at(shared) else { return Step::took() };
        let provider = alert.provider.clone();
        match alert.subject {
            AlertSubject::Finding(subject) => Step::Shows(Errand::Finding(FindingId { provider, subject })),
            AlertSubject::Proposal(entry) => {
                let waiting = shared.proposals.iter().find(|waiting| waiting.entry == entry);
                let form = waiting.map(|waiting| Form::confirm_line(waiting)).ok_or("status-decided");
                Step::begins(shared, form)
            }
            _ => Step::Shows(Errand::Provider(provider)),
        }
    }

    fn submitted(&mut self, shared: &Shared, number: u64, command: &Command) {
        if let Command::MarkAlert { .. } | Command::ConfirmLine { .. } = command
            && let Some((at, _)) = self.at(shared)
        {
            self.handled.waits(number, at);
        }
    }
}

/// Whether that is an alert's name: no name is written for those of other providers.
fn is_named(alert: &Alert, name: &str) -> bool {
    let subject = name.strip_prefix(alert.provider.as_str()).and_then(|rest| rest.strip_prefix('/'));
    subject.is_some_and(|subject| alert.subject.to_string() == subject)
}

/// What an alert is about, where that can be told.
fn about(alert: &Alert) -> Option<Target> {
    match &alert.subject {
        AlertSubject::Due(seq, kind) => Some(Target::Obligation((*seq, *kind))),
        AlertSubject::Finding(subject) | AlertSubject::Changed(subject) => {
            Some(Target::Finding(FindingId { provider: alert.provider.clone(), subject: *subject }))
        }
        AlertSubject::NearAttrition(seq)
        | AlertSubject::Claim(seq)
        | AlertSubject::Correction(seq)
        | AlertSubject::Objection(seq)
        | AlertSubject::Rectification(seq)
        | AlertSubject::ProviderExit(seq)
        | AlertSubject::Proposal(seq)
        | AlertSubject::LateAnswer(seq)
        | AlertSubject::FailedAgain(seq) => Some(Target::Entry(*seq)),
        AlertSubject::Score(_)
        | AlertSubject::NearDormant(_)
        | AlertSubject::FinalStatus(_)
        | AlertSubject::Deposit
        | AlertSubject::Staff
        | AlertSubject::Edition(_) => None,
    }
}

/// Columns, with the blank behind, of which a name has none where there are fewer: it would be told from no other.
const NAME: usize = 9;

/// The word for where it stands.
fn state(shared: &Shared, alert: &Alert) -> String {
    shared.lang.say(&format!("alert-state-{}", alert.state.word()))
}

/// Who has it, or until when it is quiet.
fn who(alert: &Alert) -> String {
    match alert.marked.as_deref() {
        None => String::new(),
        Some(Marked { mark: Mark::Assigned { to }, .. }) => format!("→ {to}"),
        Some(Marked { mark: Mark::Snoozed { until }, .. }) if alert.state == AlertState::Snoozed => {
            until.civil().format("→ %m-%d %H:%M").to_string()
        }
        Some(marked) => marked.by.clone(),
    }
}

fn row(shared: &Shared, alert: &Alert, width: usize, widest: Widest) -> Vec<Span<'static>> {
    let Widest { states, owners, names, says, whos } = widest;
    let (theme, lang) = (&shared.theme, shared.lang);
    let (sign, color) = match (alert.state, alert.urgency) {
        (AlertState::Reopened, _) => ("▲", theme.danger),
        // The program's own mark of 40 only warns; 50 and more, and what is overdue, is worse.
        (AlertState::Firing, 2..=39 | 50..) => ("▲", theme.danger),
        (AlertState::Firing, _) => ("●", theme.warning),
        (AlertState::Resolved, _) => ("✓", theme.ok),
        _ => ("–", theme.muted),
    };
    let who = who(alert);
    let name = shared.name_of(&alert.provider);
    let rest = width.saturating_sub(2 + states + 1 + 10 + owners + 1);
    // What it says goes before who has it, and that before the name.
    let said = words::alert(lang, &shared.book, alert);
    let who_columns = if who.is_empty() { 0 } else { 16.min(rest / 4) };
    let whos = if whos == 0 { 0 } else { (whos + 1).min(16) };
    let name_columns =
        Some(rest.saturating_sub(says + whos).min(names.min(32) + 1)).filter(|all| *all >= NAME).unwrap_or(0);
    let text = rest.saturating_sub(name_columns + who_columns);
    // A name that has no column stands at the end of what is short enough, where nobody has it.
    let (who, who_columns) = match text.saturating_sub(said.width() + 2) {
        free if free >= NAME && name_columns == 0 && who.is_empty() => (name.clone(), free),
        _ => (who, who_columns),
    };
    let text = rest.saturating_sub(name_columns + who_columns);
    vec![
        Span::styled(format!("{sign} "), theme.fg(color)),
        Span::styled(fit(&state(shared, alert), states) + " ", theme.fg(color)),
        Span::styled(fit(&words::clause(shared.lang, &alert.clause), 9) + " ", theme.fg(theme.accent)),
        Span::styled(fit(alert.provider.as_str(), owners) + " ", theme.fg(theme.muted)),
        Span::styled(cell(&name, name_columns), theme.fg(theme.text)),
        Span::styled(fit(&said, text), theme.fg(theme.text)),
        Span::styled(fit_right(&who, who_columns), theme.fg(theme.muted)),
    ]
}
