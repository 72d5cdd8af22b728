//! When deposits go back (3.3(3), decision 24): three calendar months after the contract's end, and once every complaint
//! and claim is closed; then within ten working days.

use super::super::Refusal;
use super::super::happening::{Draft, Happening};
use super::super::obligation::{About, Obligation, ObligationKind};
use super::super::state::State;
use crate::ids::Seq;
use crate::money::Fen;
use crate::time::Day;
use chrono::Months;
use serde::{Deserialize, Serialize};

/// What keeps a deposit from going back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hold {
    /// It goes back three calendar months after the contract's end.
    TooEarly {
        /// The day of the release.
        on: Day,
        /// The contract's end.
        ended: Day,
        /// The first day on which it may go back.
        from: Day,
    },
    /// Complaints and claims are open.
    Open {
        /// Their entries.
        by: Vec<Seq>,
    },
}

/// The end of a contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// The entry.
    pub seq: Seq,
    /// The day.
    pub on: Day,
    /// The day from which on the deposits may go back, if nothing is open.
    pub from: Day,
    /// By when they go back then.
    pub term: Option<Obligation>,
}

/// The contract ends: the release is due ten working days after the three months.
pub(super) fn end(draft: &mut Draft<'_, '_>) -> Result<(), Refusal> {
    let from = from(draft.on, draft.rules().measures.release_months)?;
    draft.begin_from(ObligationKind::DepositRelease, About::Provider, from)
}

fn from(on: Day, months: u8) -> Result<Day, Refusal> {
    let from = on.checked_add_months(Months::new(months.into()));
    from.ok_or(Refusal::TooFar { from: crate::time::Moment::start_of(on) })
}

/// The contract ended.
pub(super) fn follow(state: &mut State, seq: Seq, h: &Happening) {
    let term = term(h);
    let from = term.as_ref().map_or(h.on, |term| term.start.day());
    state.dossier.money.ended = Some(Ended { seq, on: h.on, from, term });
    // Nothing else of the deposit is owed by it.
    state.end_all(ObligationKind::Deposit, h.on);
    renew(state, None);
}

/// A complaint or a claim was opened: nothing goes back while it is.
pub(in super::super) fn opened(state: &mut State, on: Day) {
    if state.dossier.money.ended.is_some() {
        state.end_all(ObligationKind::DepositRelease, on);
    }
}

/// One was closed; what its entry says may be due is counted from there.
pub(in super::super) fn closed(state: &mut State, seq: Seq, h: &Happening) {
    renew(state, term(h).map(|term| (seq, term)));
}

/// By when deposits go back, counted from an entry.
fn term(h: &Happening) -> Option<Obligation> {
    h.terms.iter().find(|term| term.kind == ObligationKind::DepositRelease).cloned()
}

/// What is due of the release, where nothing is open: by the later of both.
fn renew(state: &mut State, closing: Option<(Seq, Obligation)>) {
    let Some(Ended { seq, term: Some(term), .. }) = state.dossier.money.ended.clone() else { return };
    if state.dossier.money.in_cities() == Fen(0) || !open_complaints(state).is_empty() {
        return;
    }
    let later = closing.filter(|(_, closing)| closing.due > term.due);
    let (seq, term) = later.unwrap_or((seq, term));
    state.end_all(ObligationKind::DepositRelease, term.start.day());
    state.begin(seq, term);
}

/// Complaints and claims that are not closed, by their entries: a complaint is closed by what is ordered on it, be that
/// nothing (1.4.4(3)).
pub fn open_complaints(state: &State) -> Vec<Seq> {
    let dossier = &state.dossier;
    let complaints = dossier.complaints.iter().map(|(seq, _)| *seq);
    let complaints = complaints.filter(|seq| !dossier.money.ordered.contains(seq));
    complaints.chain(dossier.claims.iter().map(|(seq, _)| *seq)).collect()
}

/// Whether deposits may go back on a day.
pub(super) fn allowed(state: &State, on: Day) -> Result<(), Refusal> {
    let Some(ended) = &state.dossier.money.ended else {
        return Err(Refusal::StepMissing { steps: vec!["contract-ended".into()], clause: "3.3(3)" });
    };
    if on < ended.from {
        return Err(Refusal::Held(Hold::TooEarly { on, ended: ended.on, from: ended.from }));
    }
    let by = open_complaints(state);
    if by.is_empty() { Ok(()) } else { Err(Refusal::Held(Hold::Open { by })) }
}
