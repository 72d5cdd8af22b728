//! How many outlets serve in a city, day by day: its roll-out (1.6.1(2)), and how many left early (2.2.3(1)).

use super::finding::{Breach, Measured, Subject};
use super::happening::share;
use super::obligation::{About, ObligationKind};
use super::state::State;
use super::territory::{edit, unfinished};
use crate::time::{Day, Moment};

/// An outlet of a city serves.
pub(super) fn came(state: &mut State, city: &str, on: Day) {
    *state.dossier.serving.entry(city.to_owned()).or_default() += 1;
    count(state, city, on);
}

/// Whether any outlet serves, wherever.
pub(super) fn serves(state: &State) -> bool {
    state.dossier.serving.values().any(|outlets| *outlets > 0)
}

/// An outlet of a city serves no more; early, in the first three calendar months of its own, it is counted (2.2.3(1)).
pub(super) fn left(state: &mut State, city: &str, on: Day, early: bool) {
    let serving = state.dossier.serving.entry(city.to_owned()).or_default();
    *serving = serving.saturating_sub(1);
    count(state, city, on);
    if !serves(state) {
        // 2.2.1: promotions are for outlets.
        state.end(ObligationKind::Promotion, &About::Provider, on);
    }
    if !early {
        return;
    }
    edit(&mut state.dossier, city, |t| t.left_early += 1);
    let Some(t) = state.dossier.territory(city) else { return };
    let (seq, part, whole, percent) = (t.seq, t.left_early, t.plan.0, t.left_percent);
    if share(part, whole, percent).is_gt() {
        // It occurred on the day on which the share went over; more who leave make it grow and do not move it.
        let subject = Subject::Of(Breach::Attrition, seq);
        let since = state.kept.iter().find(|kept| kept.subject == subject).map_or(on, |kept| kept.occurred_on);
        state.find(Breach::Attrition, seq, Measured::Share { part, whole, percent }, since, None);
    }
}

/// Counts the outlets of a city for its roll-out (1.6.1(2)).
pub(super) fn count(state: &mut State, city: &str, on: Day) {
    let have = state.dossier.serving.get(city).copied().unwrap_or(0);
    edit(&mut state.dossier, city, |t| t.opened = have);
    let about = About::City(city.to_owned());
    let counts = |kind| matches!(kind, ObligationKind::FirstBatch | ObligationKind::AllOutlets);
    let mut reached = Vec::new();
    for (seq, o) in state.due.iter_mut().filter(|(_, o)| counts(o.kind) && o.about == about) {
        if Moment::start_of(on) <= o.due {
            o.have = have;
        }
        if have >= o.need {
            reached.push((*seq, o.kind));
        }
    }
    for id in reached {
        state.done(id, Moment::start_of(on));
        if id.1 == ObligationKind::AllOutlets {
            edit(&mut state.dossier, city, |t| t.complete_on = Some(on));
        }
    }
    // With every city complete no further conference is owed (1.6.1(1)).
    if !state.dossier.territories.is_empty() && !unfinished(&state.dossier) {
        state.end_all(ObligationKind::NextConference, on);
    }
}
