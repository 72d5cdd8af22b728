//! Daily service: training (2.1.3), promotions (2.2.1), complaints (1.4.4(3), 2.2.2) and claims after an exit
//! (2.2.4(2)).

use super::dossier::{Dossier, Training};
use super::finding::{Breach, Measured};
use super::happening::{Draft, Fact, share};
use super::obligation::{About, ObligationKind};
use super::{Event, NAME_MAX, Refusal, life, required, text};
use crate::ids::{OutletId, Seq};
use crate::money::Fen;
use crate::time::Day;
use serde::{Deserialize, Serialize};

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
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
        /// Its outlet, as decided; none where it is asked: the complaint says which.
        outlet: Option<OutletId>,
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
    },
    /// The claim is closed (2.2.4(2)).
    ClaimClosed {
        /// The claim's entry.
        claim: Seq,
        /// Whether the provider blocked it.
        blocked: bool,
    },
}

impl Step {
    /// The stable word.
    pub fn word(&self) -> &'static str {
        match self {
            Step::TrainingHeld { .. } => "training-held",
            Step::TrainingGuided { .. } => "training-guided",
            Step::TrainingChecked { .. } => "training-checked",
            Step::PromotionHeld { .. } => "promotion-held",
            Step::Complained { .. } => "complained",
            Step::ComplaintOrdered { .. } => "complaint-ordered",
            Step::Corrected { .. } => "corrected",
            Step::ClaimOpened { .. } => "claim-opened",
            Step::ClaimClosed { .. } => "claim-closed",
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

/// Decides a step.
pub(super) fn decide(draft: &mut Draft<'_, '_>, step: &Step) -> Result<Step, Refusal> {
    match step {
        Step::TrainingHeld { city, outlets } => return train(draft, city, outlets),
        Step::TrainingGuided { training } => {
            let held = training_of(draft, *training)?;
            draft.not_before(held.on)?;
            let kind = ObligationKind::Guidance;
            draft.close_of(*training, kind).ok_or(Refusal::NothingDue { kind })?;
            draft.begin(ObligationKind::TrainingCheck, About::Entry(*training))?;
        }
        Step::TrainingChecked { training, checked, failed } => {
            let held = training_of(draft, *training)?;
            let waits = Refusal::NothingDue { kind: ObligationKind::TrainingCheck };
            let (_, guided_on) = held.guided.ok_or(waits)?;
            draft.not_before(guided_on)?;
            if *checked == 0 {
                return Err(Refusal::Missing { field: "checked" });
            }
            if failed > checked {
                return Err(Refusal::PartOverWhole { part: "failed", whole: "checked" });
            }
            draft.close(ObligationKind::TrainingCheck, &About::Entry(*training));
            let percent = draft.cx.rulebook.measures.training_failed_percent;
            if share(*failed, *checked, percent).is_gt() {
                let measured = Measured::Share { part: *failed, whole: *checked, percent };
                draft.find(Breach::Training, Some(*training), measured, None);
            }
        }
        Step::PromotionHeld { title, material_on } => return promote(draft, title, *material_on),
        Step::Complained { outlet, from, problem } => {
            draft.own(outlet)?;
            let problem = text("problem", problem.as_deref(), NAME_MAX, false)?;
            if *from == Complainant::Outlet {
                draft.find(Breach::Complaint, None, Measured::Event, Some(outlet));
                draft.of_problem(problem.clone());
            }
            return Ok(Step::Complained { outlet: outlet.clone(), from: *from, problem });
        }
        Step::ComplaintOrdered { complaint, compensation, correct, .. } => {
            return order(draft, *complaint, *compensation, *correct);
        }
        Step::Corrected { order } => {
            let known = draft.dossier.corrections.iter().any(|(seq, _)| seq == order);
            if !known {
                return Err(Refusal::UnknownEntry { what: "order", seq: *order });
            }
        }
        Step::ClaimOpened { outlet } => {
            draft.own(outlet)?;
            let stage = draft.facts.life(outlet).unwrap_or_default().stage;
            if !stage.is_gone() {
                let may = &[life::Stage::Exited, life::Stage::Closed];
                return Err(Refusal::WrongStage { outlet: outlet.clone(), stage, may });
            }
        }
        Step::ClaimClosed { claim, blocked } => {
            let open = draft.dossier.claims.iter().find(|(seq, _)| seq == claim).cloned();
            let (_, outlet) = open.ok_or(Refusal::UnknownEntry { what: "claim", seq: *claim })?;
            draft.reason()?;
            if *blocked {
                draft.find(Breach::Claim, Some(*claim), Measured::Event, Some(&outlet));
            }
        }
    }
    Ok(step.clone())
}

/// 1.4.4(3): what a complaint is answered with. Compensations together stay countable.
fn order(draft: &mut Draft<'_, '_>, complaint: Seq, compensation: Fen, correct: bool) -> Result<Step, Refusal> {
    draft.reason()?;
    let outlet = Some(complaint_of(draft, complaint)?);
    match draft.dossier.compensated.plus(compensation) {
        Some(_) => Ok(Step::ComplaintOrdered { complaint, outlet, compensation, correct }),
        None => Err(Refusal::TooMuch { amount: compensation, most: Fen::MOST, clause: "1.4.4(3)" }),
    }
}

/// 2.1.3(1): closes what is due of each outlet that was there.
fn train(draft: &mut Draft<'_, '_>, city: &str, named: &[OutletId]) -> Result<Step, Refusal> {
    let city = super::territory::of(draft, city)?.city;
    let mut outlets = Vec::new();
    let waiting: Vec<OutletId> = draft
        .open()
        .filter(|(_, o)| o.kind == ObligationKind::Training)
        .filter_map(|(_, o)| match &o.about {
            About::Outlet(id) => Some(id.clone()),
            _ => None,
        })
        .collect();
    let ids = if named.is_empty() { waiting } else { named.to_vec() };
    for id in ids {
        let outlet = draft.own(&id)?;
        if outlet.city == city {
            draft.close(ObligationKind::Training, &About::Outlet(id.clone()));
            outlets.push(id);
        } else if !named.is_empty() {
            return Err(Refusal::NotInCity { outlet: id, city });
        }
    }
    if outlets.is_empty() {
        return Err(Refusal::NothingDue { kind: ObligationKind::Training });
    }
    draft.begin(ObligationKind::Guidance, About::City(city.clone()))?;
    Ok(Step::TrainingHeld { city, outlets })
}

/// 2.2.1: the material is out before; the next promotion is due a month later. One that is recorded later than one
/// that followed it moves nothing.
fn promote(draft: &mut Draft<'_, '_>, title: &str, material_on: Day) -> Result<Step, Refusal> {
    let title = required("title", title, NAME_MAX)?;
    if material_on > draft.on {
        return Err(Refusal::MaterialAfter { material_on, on: draft.on });
    }
    if draft.dossier.promoted_on.is_none_or(|last| last <= draft.on) {
        draft.close(ObligationKind::Promotion, &About::Provider);
        draft.begin(ObligationKind::Promotion, About::Provider)?;
    }
    Ok(Step::PromotionHeld { title, material_on })
}

fn training_of(draft: &Draft<'_, '_>, seq: Seq) -> Result<Training, Refusal> {
    let known = draft.dossier.trainings.iter().find(|t| t.seq == seq);
    known.cloned().ok_or(Refusal::UnknownEntry { what: "training", seq })
}

/// The outlet of a complaint of this provider.
fn complaint_of(draft: &mut Draft<'_, '_>, seq: Seq) -> Result<OutletId, Refusal> {
    let unknown = Refusal::UnknownEntry { what: "complaint", seq };
    let Some(Event::Happened(h)) = draft.facts.entry(seq) else { return Err(unknown) };
    match h.fact {
        Fact::Service(Step::Complained { outlet, .. }) if h.provider == draft.provider.id => Ok(outlet),
        _ => Err(unknown),
    }
}

/// Takes a step in.
pub(super) fn apply(dossier: &mut Dossier, seq: Seq, on: Day, step: &Step) {
    match step {
        Step::TrainingHeld { city, outlets } => {
            let outlets = u32::try_from(outlets.len()).unwrap_or(u32::MAX);
            dossier.trainings.push(Training { seq, city: city.clone(), on, outlets, guided: None });
        }
        Step::TrainingGuided { training } => {
            let held = dossier.trainings.iter_mut().find(|t| t.seq == *training);
            held.into_iter().for_each(|t| t.guided = Some((seq, on)));
        }
        Step::TrainingChecked { training, .. } => dossier.trainings.retain(|t| t.seq != *training),
        Step::PromotionHeld { .. } => {
            dossier.promoted_on = Some(dossier.promoted_on.map_or(on, |last| last.max(on)));
        }
        Step::Complained { .. } => {}
        Step::ComplaintOrdered { outlet, compensation, correct, .. } => {
            dossier.compensated.0 = dossier.compensated.0.saturating_add(compensation.0);
            if let Some(outlet) = outlet.as_ref().filter(|_| *correct) {
                dossier.corrections.push((seq, outlet.clone()));
            }
        }
        Step::Corrected { order } => dossier.corrections.retain(|(seq, _)| seq != order),
        Step::ClaimOpened { outlet } => dossier.claims.push((seq, outlet.clone())),
        Step::ClaimClosed { claim, .. } => dossier.claims.retain(|(seq, _)| seq != claim),
    }
}
