//! An entry that is no ledger line, to its end: what it opened, closed and found in its place among the facts, what
//! stands on it, and what took it away.

use super::super::correction::standing_on;
use super::super::filed::Filed;
use super::super::obligation::Obligation;
use super::super::state::{Act, Cities, Follows, Kept, State};
use super::{Ground, Known, Named, Opened, Role, id_of, obligation};
use crate::ids::Seq;
use crate::time::Moment;
use std::sync::Arc;

/// Tells a fact of a provider by its entry; nothing where no fact of the provider is of that entry.
pub fn entry(known: &Known<'_>, seq: Seq) -> Vec<Ground> {
    let Some(at) = known.filed.iter().position(|filed| filed.seq == seq) else { return Vec::new() };
    let filed = &known.filed[at];
    if let Some(void) = filed.void {
        // What was taken away opens and closes nothing.
        return vec![Ground::Entries(Role::TakenBy, known.named(void).into_iter().collect())];
    }
    let (before, after) = stepped(known.cities, known.filed, at);
    let follows = Follows::between(&before, &after, moment(&filed.act, filed.at));
    let mut grounds = Vec::new();
    let told =
        |due: &[(Seq, Obligation)]| -> Vec<Opened> { due.iter().map(|(seq, o)| opened(known, *seq, o)).collect() };
    if !follows.opened.is_empty() {
        grounds.push(Ground::Opened(told(&follows.opened)));
    }
    if !follows.closed.is_empty() {
        grounds.push(Ground::Closed(told(&follows.closed)));
    }
    if !follows.found.is_empty() {
        let found = |kept: &Kept| (id_of(known.provider, kept.subject), kept.measured.clone());
        grounds.push(Ground::Found(follows.found.iter().map(found).collect()));
    }
    if !follows.gone.is_empty() {
        grounds.push(Ground::Gone(follows.gone.iter().map(|kept| id_of(known.provider, kept.subject)).collect()));
    }
    let on = standing_on(known.cities, known.filed, seq);
    let standing: Vec<Named> =
        on.iter().filter(|other| **other != seq).filter_map(|other| known.fact(*other)).map(Named::of).collect();
    if !standing.is_empty() {
        grounds.push(Ground::Entries(Role::StandsOn, standing));
    }
    grounds
}

/// What a provider's facts come to before and after the one of an entry; none where no fact is of that entry.
pub fn around(cities: &Cities, filed: &[Arc<Filed>], seq: Seq) -> Option<(State, State)> {
    filed.iter().position(|filed| filed.seq == seq).map(|at| stepped(cities, filed, at))
}

fn stepped(cities: &Cities, filed: &[Arc<Filed>], at: usize) -> (State, State) {
    let (mut after, _) = State::fold(cities, &filed[..at]);
    let before = after.clone();
    after.apply(&filed[at]);
    (before, after)
}

/// What is due, and how it went with it.
fn opened(known: &Known<'_>, seq: Seq, o: &Obligation) -> Opened {
    let history = obligation::history(known, (seq, o.kind));
    let outcome = history.map_or(obligation::Outcome::NotBegun, |history| history.outcome);
    Opened { seq, obligation: o.clone(), outcome }
}

/// The moment at which a fact is looked at: what was overdue then is a breach then.
fn moment(act: &Act, recorded: Moment) -> Moment {
    match act {
        Act::Answered { at, .. } => *at,
        Act::Asked(request) => request.asked,
        Act::Decided { .. } | Act::Moved { .. } => recorded,
        Act::There { since: on, .. } | Act::Arrived { on, .. } | Act::EndedElsewhere { on, .. } => {
            Moment::start_of(*on)
        }
        Act::Happened(h) => Moment::start_of(h.on),
    }
}
