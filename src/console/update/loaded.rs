//! Takes in what queries were answered, and what a change touches beside them. A selection that is still there stays.

use super::super::draw::records;
use super::super::form::{Form, Purpose};
use super::super::held::{self, Answer, Held, Query, Whose};
use super::super::model::{Effect, Model, Over, Screen, is_named};
use super::filter::refilter;
use super::forms::ask_preview;
use super::{entry, laws, trace};
use crate::desk::{Areas, Change, ListedFinding};
use crate::domain::{Alert, FindingState};
use crate::ids::ProviderId;
use crate::store::Due;
use std::cmp::Reverse;
use std::sync::Arc;

/// Takes the answer to a query. What was asked for another selection, or before something was asked again, is nobody's.
pub fn on_answer(model: &mut Model, number: u64, answer: Answer) -> Vec<Effect> {
    let Some((_, query)) = model.fresh.answered(number) else { return Vec::new() };
    model.lists += 1;
    match (query, answer) {
        (_, Answer::Laws(laws)) => return laws::on_answer(model, laws),
        (Query::Providers(_, whose), Answer::Providers(rows, years)) => {
            let mut rows = merged(model.providers.take().unwrap_or_default(), &whose, rows, |row| &row.provider.id);
            rows.sort_by(|a, b| a.provider.id.cmp(&b.provider.id));
            (model.providers, model.years) = (Some(rows), years);
            refilter(model);
        }
        (_, Answer::Outlets(rows)) => {
            let kept = rows.iter().any(|o| Some(&o.outlet.id) == model.outlet.as_ref());
            model.outlet = if kept { model.outlet.take() } else { rows.first().map(|o| o.outlet.id.clone()) };
            model.outlets = rows;
        }
        (_, Answer::Lines(rows)) => {
            model.lines = rows;
            let kept = model.line.filter(|line| model.ledger().any(|seq| seq == *line));
            let first = model.ledger().next();
            model.line = kept.or(first);
        }
        (_, Answer::Dossier(both)) => {
            (model.dossier, model.cases) = *both;
            model.records = records(model);
        }
        (Query::Chargeables(id), Answer::Chargeables(rows)) => {
            model.chargeables.insert(id, rows);
            return ask_preview(model);
        }
        (Query::Proposals(whose), Answer::Proposals(rows)) => {
            let old = std::mem::take(&mut model.proposals);
            let was = old.iter().find(|w| Some(w.entry) == model.line).map(|w| w.entry);
            let mut rows = merged(old, &whose, rows, |w| &w.proposed.deduction.provider);
            rows.sort_by(|a, b| a.proposed.deduction.provider.cmp(&b.proposed.deduction.provider));
            // One that waits no more gives way; a line that was only just recorded is not there yet.
            let gone = was.is_some_and(|was| rows.iter().all(|w| w.entry != was));
            model.proposals = rows;
            let first = model.ledger().next();
            model.line = model.line.filter(|_| !gone).or(first);
        }
        (Query::Deadlines(whose), Answer::Deadlines(rows)) => {
            let was = selected(model, Screen::Deadlines, &model.deadlines);
            let mut rows = merged(std::mem::take(&mut model.deadlines), &whose, rows, |due| &due.provider);
            rows.sort_by(|a, b| (a.obligation.due, a.seq, &a.provider).cmp(&(b.obligation.due, b.seq, &b.provider)));
            let id = |due: &Arc<Due>| (due.seq, due.obligation.kind);
            stay(model, was, &rows, |a, b| id(a) == id(b) && a.obligation.about == b.obligation.about);
            model.deadlines = rows;
        }
        (Query::Findings(whose), Answer::Findings(rows)) => on_findings(model, &whose, rows),
        (Query::Alerts(whose), Answer::Alerts(rows)) => on_alerts(model, &whose, rows),
        (_, Answer::Journal(rows)) => {
            model.head = model.head.max(rows.first().map(|newest| newest.seq).unwrap_or_default());
            let was = selected(model, Screen::Journal, &model.journal);
            stay(model, was, &rows, |a, b| a.seq == b.seq);
            model.journal = rows;
        }
        // No query is answered with another's answer.
        _ => {}
    }
    Vec::new()
}

/// What the selected row of a list is on; at the top it is on whatever comes first.
fn selected<T: Clone>(model: &Model, screen: Screen, rows: &[T]) -> Option<T> {
    rows.get(model.row).filter(|_| model.screen == screen && model.row > 0).cloned()
}

/// The row stays on what it was on, where that is still there.
fn stay<T>(model: &mut Model, was: Option<T>, rows: &[T], same: impl Fn(&T, &T) -> bool) {
    let Some(was) = was else { return };
    let at = rows.iter().position(|row| same(&was, row));
    model.row = at.unwrap_or(model.row).min(rows.len().saturating_sub(1));
}

/// Open ones first.
fn on_findings(model: &mut Model, whose: &Whose, rows: Vec<Arc<ListedFinding>>) {
    model.columns = model.columns.with_findings(model, &rows);
    let mut rows = merged(std::mem::take(&mut model.findings), whose, rows, |row| &row.finding.id.provider);
    let place = |row: &Arc<ListedFinding>| row.finding.state != FindingState::Open;
    rows.sort_by(|a, b| (place(a), &a.finding.id.provider).cmp(&(place(b), &b.finding.id.provider)));
    let kept = rows.iter().any(|row| Some(&row.finding.id) == model.finding.as_ref());
    if let Some(at) = handled(model, Screen::Findings, Held::Findings).or((!kept).then_some(0)) {
        model.finding = rows.get(at.min(rows.len().saturating_sub(1))).map(|row| row.finding.id.clone());
    }
    model.findings = rows;
}

/// As the desk has them: the loudest first, equally loud ones provider by provider.
fn on_alerts(model: &mut Model, whose: &Whose, rows: Vec<Arc<Alert>>) {
    model.columns = model.columns.with_alerts(model, &rows);
    let mut rows = merged(std::mem::take(&mut model.alerts), whose, rows, |alert| &alert.provider);
    let place = |alert: &Arc<Alert>| (alert.state, Reverse(alert.urgency));
    rows.sort_by(|a, b| place(a).cmp(&place(b)).then_with(|| a.provider.cmp(&b.provider)));
    let kept = model.alert.as_deref().is_some_and(|named| rows.iter().any(|alert| is_named(alert, named)));
    if let Some(at) = handled(model, Screen::Alerts, Held::Alerts).or((!kept).then_some(0)) {
        model.alert = rows.get(at.min(rows.len().saturating_sub(1))).map(|alert| alert.id());
    }
    model.alerts = rows;
}

/// A list with what was asked of some of its providers in the place of what it had of them.
fn merged<T>(old: Vec<T>, whose: &Whose, new: Vec<T>, of: impl Fn(&T) -> &ProviderId) -> Vec<T> {
    let Whose::Of(ids) = whose else { return new };
    let kept = old.into_iter().filter(|row| !ids.contains(of(row)));
    kept.chain(new).collect()
}

/// The row that was handled on a screen, once the list is there that knows of it: the cursor stays on it, and the next
/// item slides under the cursor. Everything else is held by its id.
fn handled(model: &mut Model, screen: Screen, held: Held) -> Option<usize> {
    if model.fresh.is_stale(held) {
        return None;
    }
    model.handled.take_if(|handled| handled.saved && handled.screen == screen).map(|handled| handled.row)
}

/// Something changed: what is held, and what is open, is asked again where it is about that.
pub fn on_change(model: &mut Model, change: &Change) -> Vec<Effect> {
    held::on_change(model, change);
    model.chargeables.retain(|id, _| !change.of(id).meets(Areas::RECORDS) || model.provider.as_ref() == Some(id));
    let mut effects = Vec::new();
    if let Over::Form(form) = &model.over
        && concerns(model, change, form)
    {
        // What a correction changes was read of what was there before.
        model.correcting = None;
        effects.extend(ask_preview(model));
    }
    if let Some((id, _)) = model.looked.as_ref().filter(|(id, _)| change.of(id).meets(Areas::OUTLETS)) {
        effects.push(Effect::Look(id.clone()));
    }
    effects.extend(trace::ask_again(model, change));
    effects.extend(entry::ask_again(model, change));
    effects
}

/// Whether what a form would do may be other than it was.
fn concerns(model: &Model, change: &Change, form: &Form) -> bool {
    let meant = |field: &str| form.meant(field, &model.choices(form)).and_then(|choice| choice.value.parse().ok());
    let whose = match &form.purpose {
        Purpose::Reverse { provider, .. } => Some(provider.clone()),
        Purpose::Confirm(id) => Some(id.provider.clone()),
        Purpose::ConfirmLine(waiting) => Some(waiting.proposed.deduction.provider.clone()),
        Purpose::Void(recorded) => recorded.entry.event.provider().cloned(),
        _ => meant("provider_id"),
    };
    // How an article was scored before is everybody's.
    let scores = matches!(form.purpose, Purpose::Deduct | Purpose::Confirm(_) | Purpose::ConfirmLine(_));
    let touched = |id: ProviderId| change.of(&id).meets(Areas::ALL.but(Areas::MARKS));
    whose.is_none_or(touched) || (scores && change.touches(Areas::LEDGER)) || meant("to").is_some_and(touched)
}
