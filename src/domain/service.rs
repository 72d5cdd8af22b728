//! Daily service: training (2.1.3), promotions (2.2.1), complaints (1.4.4(3), 2.2.2) and claims after an exit
//! (2.2.4(2)).

use super::deposit;
use super::dossier::Training;
use super::finding::{Breach, Measured};
use super::happening::{Draft, Happening, Law, share};
use super::obligation::{About, ObligationKind};
use super::state::State;
use super::{NAME_MAX, Refusal, life, required};
use crate::ids::{OutletId, Seq};
use crate::money::Fen;
use crate::time::{Day, Moment};
use serde::{Deserialize, Serialize};

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ServiceStep {
    /// Outlets of a city were trained together (2.1.3(1)).
    TrainingHeld {
        /// The city.
        city: String,
        /// Which; where none are named, all of the city that wait for it.
        outlets: Vec<OutletId>,
    },
    /// Materials were delivered and guidance given on site (2.1.3(2)).
    TrainingGuided {
        /// The training's entry.
        training: Seq,
    },
    /// The trained outlets were checked (2.1.3(3)).
    TrainingChecked {
        /// The training's entry.
        training: Seq,
        /// How many were checked.
        checked: u32,
        /// Of those, failed.
        failed: u32,
    },
    /// A promotion for the outlets (2.2.1).
    PromotionHeld {
        /// What it was.
        title: String,
        /// When its material was handed out: before it.
        material_on: Day,
    },
    /// Somebody complained (1.4.4(3), 2.2.2).
    Complained {
        /// About which outlet's service, or by which outlet.
        outlet: OutletId,
        /// Who.
        from: Complainant,
        /// The problem: complaints of one problem add up (2.2.2).
        problem: Option<String>,
    },
    /// What a complaint led to (1.4.4(3), 2.2.2).
    ComplaintOrdered {
        /// The complaint's entry.
        complaint: Seq,
        /// Paid to the complainant from the deposit.
        compensation: Fen,
        /// Whether the outlet is to be corrected.
        correct: bool,
    },
    /// An outlet did what it was ordered to (1.4.4(3)).
    Corrected {
        /// The order's entry.
        order: Seq,
    },
    /// A consumer claims something after an outlet's exit (2.2.4(2)).
    ClaimOpened {
        /// The outlet that left.
        outlet: OutletId,
        /// The day of the trade, where that is not the day of the record: whose outlet it was then answers.
        traded_on: Option<Day>,
    },
    /// The claim is closed (2.2.4(2)).
    ClaimClosed {
        /// The claim's entry.
        claim: Seq,
        /// Whether the provider blocked it.
        blocked: bool,
    },
}

impl ServiceStep {
    /// The stable word.
    pub fn word(&self) -> &'static str {
        match self {
            ServiceStep::TrainingHeld { .. } => "training-held",
            ServiceStep::TrainingGuided { .. } => "training-guided",
            ServiceStep::TrainingChecked { .. } => "training-checked",
            ServiceStep::PromotionHeld { .. } => "promotion-held",
            ServiceStep::Complained { .. } => "complained",
            ServiceStep::ComplaintOrdered { .. } => "complaint-ordered",
            ServiceStep::Corrected { .. } => "corrected",
            ServiceStep::ClaimOpened { .. } => "claim-opened",
            ServiceStep::ClaimClosed { .. } => "claim-closed",
        }
    }
}

/// Who complains.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Complainant {
    /// The outlet, about its provider (2.2.2).
    Outlet,
    /// A consumer, about the outlet (1.4.4(3)).
    Consumer,
}

/// Whether the facts allow a step.
pub(super) fn allowed(state: &State, step: &ServiceStep, on: Day) -> Result<(), Refusal> {
    let dossier = &state.dossier;
    let unknown = |what, seq| Refusal::UnknownEntry { what, seq };
    let not_before = |start: Day| if on < start { Err(Refusal::BeforeStart { on, start }) } else { Ok(()) };
    match step {
        ServiceStep::TrainingHeld { city, outlets } => {
            super::territory::of(dossier, city)?;
            outlets.iter().try_for_each(|outlet| may_be_trained(state, outlet, on))
        }
        ServiceStep::TrainingGuided { training } => {
            // 2.1.3(3): the check may come before it; it is owed all the same.
            let kind = ObligationKind::Guidance;
            match state.due.iter().find(|(seq, o)| (*seq, o.kind) == (*training, kind)) {
                Some((_, owed)) => not_before(owed.start.day()),
                None => training_of(state, *training).and(Err(Refusal::NothingDue { kind })),
            }
        }
        ServiceStep::TrainingChecked { training, .. } => {
            let held = training_of(state, *training)?;
            not_before(held.guided.map_or(held.on, |(_, on)| on))
        }
        ServiceStep::PromotionHeld { .. } => Ok(()),
        ServiceStep::Complained { outlet, .. } => state.stage(outlet).map(drop),
        ServiceStep::ComplaintOrdered { complaint, .. } => {
            let known = dossier.complaints.iter().any(|(seq, _)| seq == complaint);
            if known { Ok(()) } else { Err(unknown("complaint", *complaint)) }
        }
        ServiceStep::Corrected { order } => {
            let known = dossier.corrections.iter().any(|(seq, _)| seq == order);
            if known { Ok(()) } else { Err(unknown("order", *order)) }
        }
        ServiceStep::ClaimOpened { outlet, .. } => match state.life(outlet) {
            Some(life) => has_left(outlet, life),
            // One that went to another provider since left there.
            None if state.outlets.get(outlet).is_some_and(|held| held.moved) => Ok(()),
            None => Err(Refusal::UnknownOutlet { outlet: outlet.clone() }),
        },
        ServiceStep::ClaimClosed { claim, .. } => {
            let known = dossier.claims.iter().any(|(seq, _)| seq == claim);
            if known { Ok(()) } else { Err(unknown("claim", *claim)) }
        }
    }
}

/// Decides a step, by what a rulebook wants beside the facts.
pub(super) fn decide(draft: &mut Draft<'_, '_>, step: &ServiceStep) -> Result<ServiceStep, Refusal> {
    if let ServiceStep::Complained { outlet, .. } = step {
        draft.own(outlet)?;
    }
    if let ServiceStep::TrainingHeld { .. } | ServiceStep::TrainingGuided { .. } | ServiceStep::TrainingChecked { .. } =
        step
    {
        draft.third_party("2.1.3")?;
    }
    draft.allowed()?;
    match step {
        ServiceStep::TrainingHeld { city, outlets } => return train(draft, city, outlets),
        ServiceStep::TrainingGuided { training } => {
            draft.begin(ObligationKind::TrainingCheck, About::Entry(*training))?;
        }
        ServiceStep::TrainingChecked { checked, failed, .. } => {
            if *checked == 0 {
                return Err(Refusal::Missing { field: "checked" });
            }
            if failed > checked {
                return Err(Refusal::PartOverWhole { part: "failed", whole: "checked" });
            }
            draft.law = Law::Most(draft.rules().measures.training_failed_percent);
        }
        ServiceStep::PromotionHeld { title, material_on } => {
            let title = required("title", title, NAME_MAX)?;
            draft.admitted()?;
            draft.begin(ObligationKind::Promotion, About::Provider)?;
            return Ok(ServiceStep::PromotionHeld { title, material_on: *material_on });
        }
        ServiceStep::Complained { outlet, from, problem } => {
            // Every complaint names its problem.
            let problem = Some(required("problem", problem.as_deref().unwrap_or_default(), NAME_MAX)?);
            return Ok(ServiceStep::Complained { outlet: outlet.clone(), from: *from, problem });
        }
        ServiceStep::ComplaintOrdered { compensation, .. } => {
            draft.reason()?;
            // Compensations together stay countable.
            if draft.state.dossier.money.awarded().plus(*compensation).is_none() {
                return Err(Refusal::TooMuch { amount: *compensation, most: Fen::MOST, clause: "1.4.4(3)" });
            }
            draft.begin(ObligationKind::DepositRelease, About::Provider)?;
        }
        ServiceStep::ClaimClosed { .. } => {
            draft.reason()?;
            draft.begin(ObligationKind::DepositRelease, About::Provider)?;
        }
        ServiceStep::ClaimOpened { outlet, traded_on } => {
            let traded_on = traded_on.unwrap_or(draft.on);
            draft.not_before(traded_on)?;
            let owner = draft.on_record.owner_on(outlet, draft.on);
            if let Some(owner) = owner.filter(|owner| *owner != draft.provider.id) {
                let state = draft.on_record.state(&owner, std::slice::from_ref(outlet));
                let unknown = || Refusal::UnknownOutlet { outlet: outlet.clone() };
                has_left(outlet, state.life(outlet).ok_or_else(unknown)?)?;
            }
            return Ok(ServiceStep::ClaimOpened { outlet: outlet.clone(), traded_on: Some(traded_on) });
        }
        ServiceStep::Corrected { .. } => {}
    }
    Ok(step.clone())
}

/// 2.2.4(2): claims come after an exit.
fn has_left(outlet: &OutletId, life: &life::Life) -> Result<(), Refusal> {
    let (stage, may) = (life.stage, &[life::OutletStage::Exited, life::OutletStage::Closed]);
    if may.contains(&stage) { Ok(()) } else { Err(Refusal::WrongStage { outlet: outlet.clone(), stage, may }) }
}

/// 2.1.3(1): those that are named were there; where none is, all of the city that had signed by that day and waited, which
/// the facts say, in whatever order they were typed.
fn train(draft: &mut Draft<'_, '_>, city: &str, named: &[OutletId]) -> Result<ServiceStep, Refusal> {
    let city = super::territory::of(&draft.state.dossier, city)?.city.clone();
    let mut there = Vec::new();
    for id in if named.is_empty() { waiting(&draft.state) } else { named.to_vec() } {
        let outlet = draft.own(&id)?;
        if outlet.city == city {
            there.push(id);
        } else if !named.is_empty() {
            return Err(Refusal::NotInCity { outlet: id, city });
        }
    }
    if there.is_empty() {
        return Err(Refusal::NothingDue { kind: ObligationKind::Training });
    }
    draft.begin(ObligationKind::Guidance, About::City(city.clone()))?;
    Ok(ServiceStep::TrainingHeld { city, outlets: named.to_vec() })
}

/// Outlets that wait for their training.
fn waiting(state: &State) -> Vec<OutletId> {
    let waits = state.due.iter().filter(|(_, o)| o.kind == ObligationKind::Training);
    waits
        .filter_map(|(_, o)| match &o.about {
            About::Outlet(id) => Some(id.clone()),
            _ => None,
        })
        .collect()
}

/// 2.1.3(1): for outlets that signed by the day, and are still there.
fn may_be_trained(state: &State, outlet: &OutletId, on: Day) -> Result<(), Refusal> {
    let life = state.life(outlet).filter(|life| !life.proposed || life.signed_on.is_some());
    let life = life.ok_or_else(|| Refusal::NotSignedBy { outlet: outlet.clone(), on })?;
    let may =
        &[life::OutletStage::Signed, life::OutletStage::Open, life::OutletStage::Suspended, life::OutletStage::Exiting];
    match life.stage {
        stage if stage.is_gone() => Err(Refusal::WrongStage { outlet: outlet.clone(), stage, may }),
        _ => Ok(()),
    }
}

fn training_of(state: &State, seq: Seq) -> Result<&Training, Refusal> {
    let known = state.dossier.trainings.iter().find(|t| t.seq == seq);
    known.ok_or(Refusal::UnknownEntry { what: "training", seq })
}

/// Takes a step in, with what it begins and ends.
pub(super) fn follow(state: &mut State, seq: Seq, h: &Happening, step: &ServiceStep) {
    let on = h.on;
    match step {
        ServiceStep::TrainingHeld { city, outlets } => {
            let outlets = match outlets.as_slice() {
                [] => waiting(state).into_iter().filter(|id| state.city(id) == *city).collect(),
                named => named.to_vec(),
            };
            for outlet in &outlets {
                state.end(ObligationKind::Training, &About::Outlet(outlet.clone()), on);
            }
            let outlets = u32::try_from(outlets.len()).unwrap_or(u32::MAX);
            state.dossier.trainings.push(Training { seq, city: city.clone(), on, outlets, guided: None });
            state.begin_of(seq, h, ObligationKind::Guidance);
        }
        ServiceStep::TrainingGuided { training } => {
            state.done((*training, ObligationKind::Guidance), Moment::start_of(on));
            // Of a training that was checked already no other check is owed.
            if let Some(held) = state.dossier.trainings.iter_mut().find(|t| t.seq == *training) {
                held.guided = Some((seq, on));
                state.begin_of(seq, h, ObligationKind::TrainingCheck);
            }
        }
        ServiceStep::TrainingChecked { training, checked, failed } => {
            state.end(ObligationKind::TrainingCheck, &About::Entry(*training), on);
            state.dossier.trainings.retain(|t| t.seq != *training);
            if let Law::Most(percent) = h.law
                && share(*failed, *checked, percent).is_gt()
            {
                let measured = Measured::Share { part: *failed, whole: *checked, percent };
                state.find(Breach::Training, *training, measured, on, None);
            }
        }
        ServiceStep::PromotionHeld { .. } => {
            state.dossier.promoted_on = Some(on);
            state.end(ObligationKind::Promotion, &About::Provider, on);
            if super::rollout::serves(state) {
                state.begin_of(seq, h, ObligationKind::Promotion);
            }
        }
        ServiceStep::Complained { outlet, from, problem } => {
            state.dossier.complaints.push((seq, outlet.clone()));
            deposit::complains(state, seq, *from, on);
            if *from == Complainant::Outlet {
                state.find(Breach::Complaint, seq, Measured::Event, on, Some(outlet));
                state.kept.iter_mut().rev().take(1).for_each(|kept| kept.problem.clone_from(problem));
            }
        }
        ServiceStep::ComplaintOrdered { complaint, correct, .. } => {
            let dossier = &mut state.dossier;
            let outlet = dossier.complaints.iter().find(|(seq, _)| seq == complaint).map(|(_, outlet)| outlet.clone());
            dossier.corrections.extend(outlet.filter(|_| *correct).map(|outlet| (seq, outlet)));
            dossier.money.ordered.push(*complaint);
            deposit::closed(state, seq, h);
        }
        ServiceStep::Corrected { order } => state.dossier.corrections.retain(|(seq, _)| seq != order),
        ServiceStep::ClaimOpened { outlet, .. } => {
            state.dossier.claims.push((seq, outlet.clone()));
            deposit::opened(state, on);
        }
        ServiceStep::ClaimClosed { claim, blocked } => {
            let open = state.dossier.claims.iter().find(|(seq, _)| seq == claim).cloned();
            state.dossier.claims.retain(|(seq, _)| seq != claim);
            deposit::closed(state, seq, h);
            if let (true, Some((_, outlet))) = (*blocked, open) {
                state.find(Breach::Claim, *claim, Measured::Event, on, Some(&outlet));
            }
        }
    }
}
