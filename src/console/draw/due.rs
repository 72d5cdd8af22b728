//! What is due, and what was found.

use super::super::held::Held;
use super::super::model::Model;
use super::super::paint::{fit, fit_right};
use super::screens::list;
use crate::desk::ListedFinding;
use crate::domain::{Alert, AlertState, FindingState, Mark, Marked};
use crate::store::Due;
use crate::time::hours_and_minutes;
use crate::words;
use chrono::Datelike;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::Span;
use std::sync::Arc;
use unicode_width::UnicodeWidthStr;

/// Columns of a clause and the gap after it.
const CLAUSE: usize = 10;

/// How wide what the rows of lists say is at most, of all rows: where one looks, the columns stay.
#[derive(Clone, Copy, Debug, Default)]
pub struct Columns {
    /// What alerts say.
    alerts: usize,
    /// Their providers.
    owners: usize,
    /// The figures of findings.
    measures: usize,
    /// What findings are about.
    subjects: usize,
}

impl Columns {
    /// With what more alerts say.
    pub fn with_alerts(self, model: &Model, more: &[Arc<Alert>]) -> Columns {
        let says = |alert: &Arc<Alert>| words::alert(model.lang, &model.book, alert).width();
        let alerts = more.iter().map(says).max().unwrap_or(0).max(self.alerts);
        let owners = more.iter().map(|alert| alert.provider.as_str().len()).max().unwrap_or(0).max(self.owners);
        Columns { alerts, owners, ..self }
    }

    /// With what more findings say.
    pub fn with_findings(self, model: &Model, more: &[Arc<ListedFinding>]) -> Columns {
        let measured = |row: &Arc<ListedFinding>| words::measured(model.lang, &row.finding.measured).width();
        let measures = more.iter().map(measured).max().unwrap_or(0).max(self.measures);
        let columns = usize::from(model.size.0).saturating_sub(2);
        let about = |row: &Arc<ListedFinding>| about(model, row, columns).width() + 1;
        let subjects = more.iter().map(about).max().unwrap_or(0).max(self.subjects);
        Columns { measures, subjects, ..self }
    }

    /// Measured again: in another language, or on a screen of another size.
    pub fn of(model: &Model) -> Columns {
        Columns::default().with_alerts(model, &model.alerts).with_findings(model, &model.findings)
    }
}

/// What is due, the next first; what is overdue says by how much.
pub fn deadlines(model: &Model, frame: &mut Frame, body: Rect) {
    let overdue = model.deadlines.iter().filter(|due| due.obligation.is_overdue(model.now)).count();
    let title = format!("{} {overdue}/{}", model.lang.say("tab-deadlines"), model.deadlines.len());
    let selected = model.row.min(model.deadlines.len().saturating_sub(1));
    let row = |due: &Due, width| deadline_row(model, due, width);
    list(model, frame, (body, title), (&model.deadlines, selected), row, Some((Held::Deadlines, "no-deadlines")));
}

fn deadline_row(model: &Model, due: &Due, width: usize) -> Vec<Span<'static>> {
    let (theme, o) = (&model.theme, &due.obligation);
    let minutes = (o.due.0 - model.now.0).abs() / 60;
    let time = match minutes {
        0..2_880 => hours_and_minutes(minutes),
        _ => model.lang.say_with("days-short", &[("days", (minutes / 1_440).to_string().into())]),
    };
    let (sign, color, key) = match (o.kind.is_plan(), o.is_overdue(model.now)) {
        (true, _) => ("○", theme.muted, "deadline-plan"),
        (false, true) => ("▲", theme.danger, "deadline-late"),
        (false, false) => ("●", theme.text, "deadline-left"),
    };
    let time = model.lang.say_with(key, &[("time", time.into())]);
    // Of another year, the year says more than the hour.
    let this_year = o.due.day().year() == model.now.day().year();
    let moment = o.due.civil().format(if this_year { "%m-%d %H:%M" } else { "%Y-%m-%d" }).to_string();
    let name = model.row_of(&due.provider).map(|row| row.provider.name.clone()).unwrap_or_default();
    let rest = width.saturating_sub(2 + 13 + 12 + 9 + 6 + 9 + 8);
    let what = rest.min(24);
    vec![
        Span::styled(format!("{sign} "), theme.fg(color)),
        Span::styled(fit(&time, 12) + " ", theme.fg(color).add_modifier(Modifier::BOLD)),
        Span::styled(fit(&moment, 12), theme.fg(theme.text)),
        Span::styled(fit(&words::obligation(model.lang, o.kind), what.saturating_sub(1)) + " ", theme.fg(theme.text)),
        Span::styled(fit(&words::clause(model.lang, o.kind.clause()), 9), theme.fg(theme.accent)),
        Span::styled(fit(due.provider.as_str(), 6), theme.fg(theme.muted)),
        Span::styled(fit(&o.about.to_string(), 8) + " ", theme.fg(theme.muted)),
        Span::styled(fit(&name, rest - what), theme.fg(theme.text)),
        Span::styled(fit_right(&format!("#{}", due.seq), 8), theme.fg(theme.muted)),
    ]
}

/// What needs somebody, the loudest first; what is over last.
pub fn alerts(model: &Model, frame: &mut Frame, body: Rect) {
    let loud = model.alerts.iter().filter(|a| a.state.is_loud()).count();
    let title = format!("{} {loud}/{}", model.lang.say("tab-alerts"), model.alerts.len());
    let selected = model.selected_alert().map_or(0, |(at, _)| at);
    let longest = model.columns.alerts;
    // Whose an alert is has to be read whole before it is handled.
    let ids = model.columns.owners.clamp(6, 32);
    let row = |alert: &Alert, width| alert_row(model, alert, (width, longest, ids));
    list(model, frame, (body, title), (&model.alerts, selected), row, Some((Held::Alerts, "no-alerts")));
}

fn alert_row(model: &Model, alert: &Alert, (width, longest, ids): (usize, usize, usize)) -> Vec<Span<'static>> {
    let (theme, lang) = (&model.theme, model.lang);
    let (sign, color) = match (alert.state, alert.urgency) {
        (AlertState::Reopened, _) => ("▲", theme.danger),
        // The program's own mark of 40 only warns; 50 and more, and what is overdue, is worse.
        (AlertState::Firing, 2..=39 | 50..) => ("▲", theme.danger),
        (AlertState::Firing, _) => ("●", theme.warning),
        (AlertState::Resolved, _) => ("✓", theme.ok),
        _ => ("–", theme.muted),
    };
    let state = lang.say(&format!("alert-state-{}", alert.state.word()));
    let who = match alert.marked.as_ref() {
        None => String::new(),
        Some(Marked { mark: Mark::Assigned { to }, .. }) => format!("→ {to}"),
        Some(Marked { mark: Mark::Snoozed { until }, .. }) if alert.state == AlertState::Snoozed => {
            until.civil().format("→ %m-%d %H:%M").to_string()
        }
        Some(marked) => marked.by.clone(),
    };
    let name = model.row_of(&alert.provider).map(|row| row.provider.name.clone()).unwrap_or_default();
    let rest = width.saturating_sub(2 + 13 + 10 + ids + 1);
    // What it says goes before who has it, and that before the name.
    let who_columns = if who.is_empty() { 0 } else { 16.min(rest / 4) };
    let name_columns = rest.saturating_sub(longest + 16).min(22);
    let text = rest.saturating_sub(name_columns + who_columns);
    vec![
        Span::styled(format!("{sign} "), theme.fg(color)),
        Span::styled(fit(&state, 12) + " ", theme.fg(color)),
        Span::styled(fit(&words::clause(model.lang, &alert.clause), 9) + " ", theme.fg(theme.accent)),
        Span::styled(fit(alert.provider.as_str(), ids) + " ", theme.fg(theme.muted)),
        Span::styled(fit(&name, name_columns), theme.fg(theme.text)),
        Span::styled(fit(&words::alert(lang, &model.book, alert), text), theme.fg(theme.text)),
        Span::styled(fit_right(&who, who_columns), theme.fg(theme.muted)),
    ]
}

/// What the program found, open ones first, with the arithmetic of each.
pub fn findings(model: &Model, frame: &mut Frame, body: Rect) {
    let open = model.findings.iter().filter(|row| row.finding.state == FindingState::Open).count();
    let title = format!("{} {open}/{}", model.lang.say("tab-findings"), model.findings.len());
    let (measures, subjects) = (model.columns.measures, model.columns.subjects.clamp(8, 32));
    let selected = model.selected_finding().map_or(0, |(at, _)| at);
    let row = |row: &ListedFinding, width| finding_row(model, row, (width, measures, subjects));
    list(model, frame, (body, title), (&model.findings, selected), row, Some((Held::Findings, "no-findings")));
}

/// What a finding is about; on a narrow screen without the day that its figures say beside it.
fn about(model: &Model, row: &ListedFinding, columns: usize) -> String {
    let about = words::finding_about(model.lang, &row.about);
    let measured = words::measured(model.lang, &row.finding.measured);
    match about.rsplit_once(' ') {
        Some((what, day)) if columns < 100 && measured.contains(day) => what.to_owned(),
        _ => about,
    }
}

fn finding_row(
    model: &Model,
    row: &ListedFinding,
    (width, measures, subjects): (usize, usize, usize),
) -> Vec<Span<'static>> {
    let (theme, finding) = (&model.theme, &row.finding);
    let (sign, color) = match finding.state {
        FindingState::Open => ("●", theme.warning),
        FindingState::Confirmed(_) if row.reversed_by.is_some() => ("–", theme.muted),
        FindingState::Confirmed(_) => ("✓", theme.ok),
        FindingState::Dismissed(_) => ("–", theme.muted),
    };
    let name = model.row_of(&finding.id.provider).map(|row| row.provider.name.clone()).unwrap_or_default();
    let word = model.lang.say(&format!("finding-{}", row.word()));
    let article = model.book.article(finding.id.subject.article());
    let measured = words::measured(model.lang, &finding.measured);
    // The numbers are what a person decides on; the title and then the name give way to them.
    let fixed = 2 + 11 + 7 + subjects + 5 + 2;
    let measures = measures.min(width.saturating_sub(fixed + CLAUSE));
    let room = width.saturating_sub(fixed + measures);
    let title = match article {
        Some(a) if room >= 48 => format!("{} {}", a.clause, model.lang.of(&a.title)),
        Some(a) => a.clause.clone(),
        None => String::new(),
    };
    let title_columns = if room >= 48 { room / 2 + 2 } else { CLAUSE.min(room) };
    let name_columns = room - title_columns;
    vec![
        Span::styled(format!("{sign} "), theme.fg(color)),
        Span::styled(fit(&word, 11), theme.fg(color)),
        Span::styled(fit(finding.id.provider.as_str(), 7), theme.fg(theme.muted)),
        Span::styled(
            fit(&name, name_columns.saturating_sub(1)) + if name_columns > 0 { " " } else { "" },
            theme.fg(theme.text),
        ),
        Span::styled(fit(&title, title_columns.saturating_sub(1)) + " ", theme.fg(theme.accent)),
        Span::styled(fit(&about(model, row, width), subjects), theme.fg(theme.text)),
        Span::styled(
            fit_right(&finding.points.to_string(), 5) + "  ",
            theme.fg(theme.text).add_modifier(Modifier::BOLD),
        ),
        Span::styled(fit(&measured, measures), theme.fg(theme.muted)),
    ]
}
