//! Whose an outlet is: it goes from one provider to another, and back where that is taken away (decision 15).

use super::{Bucket, Listed, OutletRow, StoreError, StoredProvider, View, keys};
use crate::domain::{Life, Outlet};
use crate::ids::{OutletId, ProviderId};
use crate::time::Day;

impl View {
    /// Hands an outlet over.
    pub(super) fn hand_over(
        &mut self,
        id: &OutletId,
        (from, to): (&ProviderId, &ProviderId),
        on: Day,
    ) -> Result<(), StoreError> {
        self.carry(id, (from, to), |past| past.push((from.clone(), on)))
    }

    /// Takes a handing over back.
    pub(super) fn hand_back(
        &mut self,
        id: &OutletId,
        (from, to): (&ProviderId, &ProviderId),
    ) -> Result<(), StoreError> {
        self.carry(id, (to, from), |past| {
            past.pop();
        })
    }

    /// Moves an outlet from one provider's pages to another's; its turnover stays where it was reported.
    fn carry(
        &mut self,
        id: &OutletId,
        (from, to): (&ProviderId, &ProviderId),
        change: impl FnOnce(&mut Vec<(ProviderId, Day)>),
    ) -> Result<(), StoreError> {
        let missing = || StoreError::view("an outlet that the view does not have");
        let owner = keys::provider(from);
        let mut record = self.cache.get::<StoredProvider>(&owner)?.cloned().ok_or_else(missing)?;
        let mut row: OutletRow = self.take_row(&mut record.pages, |page| keys::outlets(from, page), id)?;
        record.outlets -= 1;
        record.unstaffed -= u32::from(row.lacks_staff());
        self.cache.put(owner, record);
        let was = row.clone();
        row.outlet.provider = to.clone();
        change(&mut row.past);
        let is = row.clone();
        let bucket = self.cache.edit::<Bucket>(&keys::directory(id))?;
        let listed = |listed: &mut Listed| (listed.owner, listed.moved) = (to.clone(), !is.past.is_empty());
        bucket.change(id, listed)?.ok_or_else(missing)?;
        self.put_outlet(row)?;
        self.weigh_again(&was, &is)
    }

    /// Whose outlet it was on a day (decision 15): on the day of a transfer it is the one's that it came to.
    pub fn owner_on(&mut self, id: &OutletId, on: Day) -> Result<Option<ProviderId>, StoreError> {
        let Some(listed) = self.listed(id)? else { return Ok(None) };
        if !listed.moved {
            return Ok(Some(listed.owner));
        }
        let row = self.outlet_row(id)?;
        Ok(row.map(|row| crate::domain::turnover::owner_on(&row.past, &row.outlet.provider, on).clone()))
    }
}

/// The providers that an outlet was with; it may have come back to one.
pub(super) fn owners(row: &OutletRow) -> Vec<ProviderId> {
    let mut owners: Vec<ProviderId> = row.past.iter().map(|(provider, _)| provider.clone()).collect();
    owners.push(row.outlet.provider.clone());
    owners.sort_unstable();
    owners.dedup();
    owners
}

/// An outlet's record as it is kept, with the signing day that its life has where it came as a candidate.
pub(super) fn with_signing(outlet: &Outlet, life: &Life) -> Outlet {
    let signed_on = if life.proposed { life.signed_on } else { outlet.signed_on };
    Outlet { signed_on, ..outlet.clone() }
}
