//! 1.2(8): the agreement that covers a city, and the deposit that is wanted for it. For national and regional scope the sum
//! is fixed; for one city it is what was agreed, none too.

use super::super::deposit::{is_over, short_of};
use super::super::dossier::Dossier;
use super::super::happening::Draft;
use super::super::{Provider, Refusal};
use super::{Admission, AdmissionStage, Scope};
use crate::money::Fen;

/// What a city's deposit is: the sum agreed for it, or the fixed one.
pub(in super::super) fn wanted(dossier: &Dossier, city: &str, fixed: Fen) -> Fen {
    dossier.agreed_deposits.iter().find(|(c, _)| c == city).map_or(fixed, |(_, agreed)| *agreed)
}

/// What is missing: of deposits that were frozen, after compensations; and of cities that are confirmed and have none.
pub(in super::super) fn short(dossier: &Dossier, fixed: Fen) -> Fen {
    // After the contract's end they go back (3.3(3)).
    if is_over(dossier) {
        return Fen(0);
    }
    let bare = dossier.territories.iter().filter(|t| agreed(dossier, &t.city) && !is_frozen(dossier, &t.city));
    let unfrozen = bare.fold(0u64, |sum, t| sum.saturating_add(wanted(dossier, &t.city, fixed).0));
    Fen(frozen_short(dossier, fixed).0.saturating_add(unfrozen))
}

/// What is missing of the deposits that were frozen, city by city.
fn frozen_short(dossier: &Dossier, fixed: Fen) -> Fen {
    let all = dossier.deposits.iter();
    Fen(all.fold(0u64, |sum, (city, _)| sum.saturating_add(short_of(dossier, city, fixed).0)))
}

/// How many cities have a deposit, or want one.
pub(in super::super) fn cities(dossier: &Dossier) -> usize {
    let bare = dossier.territories.iter().filter(|t| agreed(dossier, &t.city) && !is_frozen(dossier, &t.city));
    dossier.deposits.len() + bare.count()
}

fn is_frozen(dossier: &Dossier, city: &str) -> bool {
    dossier.deposits.iter().any(|(c, _)| c == city)
}

/// Whether an agreement for a city is in effect.
pub(super) fn agreed(dossier: &Dossier, city: &str) -> bool {
    dossier.has(&Admission::AgreementEffective { city: city.to_owned() })
}

/// An agreement for the city is in effect.
pub(super) fn agreement(dossier: &Dossier, city: &str) -> Result<(), Refusal> {
    if agreed(dossier, city) { Ok(()) } else { Err(no_agreement()) }
}

fn no_agreement() -> Refusal {
    Refusal::StepMissing { steps: vec!["agreement-effective".into()], clause: "1.2(8)" }
}

/// A city is developed only with an agreement that covers it. A provider that was there before the program counts as
/// agreed for its own city, and where it has outlets (decision 29).
pub(in super::super) fn covered(dossier: &Dossier, provider: &Provider, city: &str) -> Result<(), Refusal> {
    let serves = dossier.serving.get(city).is_some_and(|outlets| *outlets > 0);
    let kept = dossier.stage() == AdmissionStage::None && (provider.city == city || serves);
    if kept || agreed(dossier, city) { Ok(()) } else { Err(no_agreement()) }
}

/// Frozen once for each city, and again only for what is missing.
pub(super) fn freeze(draft: &Draft<'_, '_>, city: &str, amount: Fen) -> Result<(), Refusal> {
    let dossier = &draft.state.dossier;
    agreement(dossier, city)?;
    let fixed = draft.rules().measures.deposit;
    let need = if is_frozen(dossier, city) { short_of(dossier, city, fixed) } else { wanted(dossier, city, fixed) };
    if need == Fen(0) {
        return Err(Refusal::StepTaken { step: "deposit-frozen".into() });
    }
    if amount == need { Ok(()) } else { Err(Refusal::Amount { need, have: amount, clause: "1.2(8)" }) }
}

/// Another sum than the fixed one is agreed for one city only, with its reason.
pub(super) fn agree(draft: &Draft<'_, '_>) -> Result<(), Refusal> {
    draft.reason()?;
    let need = draft.rules().measures.deposit;
    match scope(&draft.state.dossier) {
        Some(Scope::National | Scope::Regional) => Err(Refusal::DepositFixed { need }),
        Some(Scope::City) | None => Ok(()),
    }
}

/// What the provider applied for, where it applied.
pub(in super::super) fn scope(dossier: &Dossier) -> Option<Scope> {
    dossier.admission.iter().find_map(|taken| match taken.step {
        Admission::Applied { scope } => Some(scope),
        _ => None,
    })
}

/// Whether no deposit at all was agreed for the cities of the agreements: then none is paid, frozen, or told of.
pub(super) fn none_wanted(dossier: &Dossier) -> bool {
    let cities = dossier.admission.iter().filter_map(|taken| match &taken.step {
        Admission::AgreementEffective { city } => Some(city),
        _ => None,
    });
    let mut none = cities.map(|city| dossier.agreed_deposits.iter().any(|(c, sum)| c == city && *sum == Fen(0)));
    none.next().is_some_and(|first| first && none.all(|none| none))
}
