//! An outlet (代购网点): the shop where a buyer is served; one provider and one city at a time.

use super::{Context, NAME_MAX, OnRecord, Refusal, not_in_the_future, required};
use crate::ids::{OutletId, ProviderId};
use crate::time::Day;
use serde::{Deserialize, Serialize};

/// An outlet's record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outlet {
    /// Its id.
    pub id: OutletId,
    /// Whose it is.
    pub provider: ProviderId,
    /// Where it is.
    pub city: String,
    /// Its name.
    pub name: String,
    /// The day its contract was signed.
    pub signed_on: Option<Day>,
    /// People who serve there; each outlet has at least one (1.4.2(3)).
    pub staff: Option<u32>,
}

impl Outlet {
    /// Whether nobody serves there, as its record says (1.4.2(3)).
    pub fn is_unstaffed(&self) -> bool {
        self.staff == Some(0)
    }
}

/// Adds an outlet whose id is free to a provider that is there, and that may expand to its city on the day (3.1(1),
/// decision 18).
pub(super) fn add(on_record: &mut dyn OnRecord, asked: &Outlet, on: Day, cx: Context<'_>) -> Result<Outlet, Refusal> {
    let outlet = checked(on_record, asked, cx)?;
    match on_record.outlet(&outlet.id) {
        None if outlet.staff == Some(0) => Err(Refusal::Short { what: "staff", need: 1, have: 0, clause: "1.4.2(3)" }),
        None => {
            case_is_free(on_record, &outlet.id)?;
            if on_record.applied(&outlet.provider) {
                let dossier = on_record.state(&outlet.provider, &[]).dossier;
                super::admission::admitted(&dossier)?;
                super::exit::not_frozen(&dossier, on)?;
            }
            super::territory::expansion(on_record, (&outlet.provider, &outlet.city), on, cx)?;
            Ok(outlet)
        }
        Some(old) => Err(Refusal::OutletExists { outlet: old.id.clone(), differs: old.differs(&outlet) }),
    }
}

/// Corrects an outlet that is there; its provider stays.
pub(super) fn amend(on_record: &mut dyn OnRecord, asked: &Outlet, cx: Context<'_>) -> Result<Outlet, Refusal> {
    let outlet = checked(on_record, asked, cx)?;
    match on_record.owner(&outlet.id) {
        None => Err(unknown(on_record, &outlet.id)),
        Some(owner) if owner != outlet.provider => Err(Refusal::OutletMoves { outlet: outlet.id, provider: owner }),
        Some(_) => {
            // 3.1(1): nor by a change of city.
            if on_record.outlet(&outlet.id).is_some_and(|old| old.city != outlet.city) {
                super::territory::expansion(on_record, (&outlet.provider, &outlet.city), cx.now.day(), cx)?;
            }
            Ok(outlet)
        }
    }
}

/// Why there is no outlet of an id: the one that is meant is named where only the case differs.
pub(super) fn unknown(on_record: &mut dyn OnRecord, id: &OutletId) -> Refusal {
    match on_record.outlet_like(id) {
        Some(like) => Refusal::OutletInOtherCase { outlet: id.clone(), like },
        None => Refusal::UnknownOutlet { outlet: id.clone() },
    }
}

/// Why there is no outlet on a day: one that is on record came later (decision 12).
pub(super) fn by_day(on_record: &mut dyn OnRecord, refusal: Refusal, on: Day) -> Refusal {
    match refusal {
        Refusal::UnknownOutlet { outlet } if on_record.outlet(&outlet).is_some() => Refusal::NotThereBy { outlet, on },
        refusal => refusal,
    }
}

/// A new outlet's id is not one on record in another case.
fn case_is_free(on_record: &mut dyn OnRecord, id: &OutletId) -> Result<(), Refusal> {
    match on_record.outlet_like(id) {
        Some(like) => Err(Refusal::OutletCaseTaken { outlet: id.clone(), like }),
        None => Ok(()),
    }
}

fn checked(on_record: &mut dyn OnRecord, asked: &Outlet, cx: Context<'_>) -> Result<Outlet, Refusal> {
    if !on_record.has_provider(&asked.provider) {
        return Err(super::provider::unknown(on_record, &asked.provider));
    }
    if let Some(day) = asked.signed_on {
        not_in_the_future("signed_on", day, cx)?;
    }
    Ok(Outlet {
        city: required("city", &asked.city, NAME_MAX)?,
        name: required("name", &asked.name, NAME_MAX)?,
        ..asked.clone()
    })
}

impl Outlet {
    /// The fields in which two records differ, in the words of the import files; none means equal.
    pub fn differs(&self, other: &Outlet) -> Vec<&'static str> {
        super::differing([
            ("provider_id", self.provider != other.provider),
            ("city", self.city != other.city),
            ("name", self.name != other.name),
            ("signed_on", self.signed_on != other.signed_on),
            ("staff", self.staff != other.staff),
        ])
    }
}
