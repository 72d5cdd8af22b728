//! Takes in what queries were answered, and what a change touches beside them. The screens are told then.

use super::super::held::{self, About, Answer, Query, Whose};
use super::super::message::Effect;
use super::super::model::Model;
use super::super::shared::{News, Shared};
use super::{laws, renew};
use crate::desk::lists::{Alerts, Deadlines, List};
use crate::desk::{Areas, Change};
use crate::domain::FindingState;
use crate::ids::ProviderId;
use std::sync::Arc;

/// Takes the answer to a query. What was asked for another selection, or before something was asked again, is nobody's.
pub fn on_answer(model: &mut Model, number: u64, answer: Answer) -> Vec<Effect> {
    let Some((_, query)) = model.shared.fresh.answered(number) else { return Vec::new() };
    model.shared.lists += 1;
    if let Answer::Laws(laws) = answer {
        return laws::on_answer(model, laws);
    }
    hold(&mut model.shared, &query, answer);
    // What a form chooses from may be another, and its consequence with it.
    let chosen_from = matches!(query, Query::Of(_, About::Chargeables | About::Outlets(_)));
    model.shared.news.push(News::Loaded(query));
    if chosen_from { renew(model, None) } else { Vec::new() }
}

/// Puts the answer in the place of what was held, in the order in which it is shown.
fn hold(shared: &mut Shared, query: &Query, answer: Answer) {
    use std::mem::take;
    match (query, answer) {
        (Query::Providers(_, whose), Answer::Providers(rows, years)) => {
            let rows = merged(shared.providers.take().unwrap_or_default(), whose, rows, |row| &row.provider.id);
            (shared.providers, shared.years) = (Some(rows), years);
        }
        (_, Answer::Outlets(rows)) => shared.outlets = rows,
        (_, Answer::Lines(lines)) => shared.lines = lines,
        (_, Answer::Dossier(both)) => (shared.dossier, shared.cases) = *both,
        (Query::Of(id, _), Answer::Chargeables(rows)) => {
            shared.chargeables.insert(id.clone(), rows);
        }
        (Query::Proposals(whose), Answer::Proposals(rows)) => {
            shared.proposals = merged(take(&mut shared.proposals), whose, rows, |w| &w.proposed.deduction.provider);
        }
        (Query::Deadlines(whose), Answer::Deadlines(rows)) => {
            let mut rows = merged(take(&mut shared.deadlines), whose, rows, |due| &due.provider);
            Deadlines::order(&mut rows);
            shared.deadlines = rows;
        }
        // Open ones first.
        (Query::Findings(whose), Answer::Findings(rows)) => {
            let mut rows = merged(take(&mut shared.findings), whose, rows, |row| &row.finding.id.provider);
            rows.sort_by_key(|row| row.finding.state != FindingState::Open);
            shared.findings = rows;
        }
        // As the desk has them: the loudest first, equally loud ones provider by provider.
        (Query::Alerts(whose), Answer::Alerts(rows)) => {
            let mut rows = merged(take(&mut shared.alerts), whose, rows, |alert| &alert.provider);
            Alerts::order(&mut rows);
            shared.alerts = rows;
        }
        (_, Answer::Journal(rows)) => {
            shared.head = shared.head.max(rows.first().map(|newest| newest.seq).unwrap_or_default());
            shared.journal = rows;
        }
        // No query is answered with another's answer.
        _ => {}
    }
}

/// A list with what was asked of some of its providers in the place of what it had of them, provider by provider.
fn merged<T>(old: Vec<Arc<T>>, whose: &Whose, new: Vec<Arc<T>>, of: impl Fn(&T) -> &ProviderId) -> Vec<Arc<T>> {
    let mut rows = new;
    if let Whose::Of(ids) = whose {
        rows.extend(old.into_iter().filter(|row| !ids.contains(of(row))));
    }
    rows.sort_by(|a, b| of(a).cmp(of(b)));
    rows
}

/// Something changed: what is held, and what is open, is asked again where it is about that.
pub fn on_change(model: &mut Model, change: &Change) -> Vec<Effect> {
    let shared = &mut model.shared;
    held::on_change(shared, change);
    shared.chargeables.retain(|id, _| !change.of(id).meets(Areas::RECORDS) || shared.provider.as_ref() == Some(id));
    let mut effects = renew(model, Some(change));
    if let Some((id, _)) = model.shared.looked.as_ref().filter(|(id, _)| change.of(id).meets(Areas::OUTLETS)) {
        effects.push(Effect::Look(id.clone()));
    }
    effects
}
