//! Records of parts 1 and 2 in the view: dossiers and lives of outlets.

use super::{Bucket, OutletPage, OutletRow, ProviderRecord, StoreError, View, keys};
use crate::domain::life::Step;
use crate::domain::{AlertSubject, Dossier, Fact, Happening, Life, Outlet};
use crate::ids::{OutletId, ProviderId};
use crate::journal::Recorded;

impl View {
    /// A record: into the dossier, and where it is about an outlet into its life.
    pub(super) fn happen(&mut self, recorded: &Recorded, h: &Happening) -> Result<(), StoreError> {
        if let Fact::Outlet(id, step) = &h.fact {
            match step {
                Step::Proposed { outlet, .. } => {
                    self.add_outlet(outlet)?;
                }
                Step::Signed { .. } => {
                    let missing = || StoreError::view("an outlet that the view does not have");
                    let outlet = self.outlet(id)?.ok_or_else(missing)?;
                    self.amend_outlet(&Outlet { signed_on: Some(h.on), ..outlet })?;
                }
                Step::Opened { city, .. } => self.count_outlet(&h.provider, city, h.on)?,
                _ => {}
            }
            self.live(&h.provider, id, |life| life.apply(h.on, step))?;
            if let Step::Transferred { to } = step {
                self.transfer(id, &h.provider, to)?;
            }
        }
        let dossier = self.cache.edit::<Dossier>(&keys::dossier(&h.provider))?;
        let before = (dossier.deposits.len(), dossier.held());
        dossier.apply(recorded.seq, &recorded.entry.by, h);
        let after = (dossier.deposits.len(), dossier.held());
        // A further city wants a further deposit: only what comes to the same ones makes less short.
        if before.0 == after.0 && before.1 < after.1 {
            self.ease(&h.provider, &AlertSubject::Deposit, after.1.0 - before.1.0)?;
        }
        self.follow(recorded.seq, h)
    }

    /// Changes an outlet's life.
    pub(super) fn live(
        &mut self,
        owner: &ProviderId,
        id: &OutletId,
        change: impl FnOnce(&mut Life),
    ) -> Result<(), StoreError> {
        let missing = || StoreError::view("an outlet that the view does not have");
        let key = self.outlet_page(owner, id)?.ok_or_else(missing)?;
        let page = self.cache.edit::<OutletPage>(&key)?;
        change(&mut page.iter_mut().find(|row| row.outlet.id == *id).ok_or_else(missing)?.life);
        Ok(())
    }

    /// Moves an outlet from one provider's pages to another's; its turnover stays where it was reported.
    fn transfer(&mut self, id: &OutletId, from: &ProviderId, to: &ProviderId) -> Result<(), StoreError> {
        let missing = || StoreError::view("an outlet that the view does not have");
        let owner = keys::provider(from);
        let mut record = self.cache.get::<ProviderRecord>(&owner)?.cloned().ok_or_else(missing)?;
        let mut row: OutletRow = self.take_row(&mut record.pages, |page| keys::outlets(from, page), id)?;
        record.outlets -= 1;
        self.cache.put(owner, record);
        (row.outlet.provider, row.life.from) = (to.clone(), Some(from.clone()));
        row.past.push(from.clone());
        let bucket = self.cache.edit::<Bucket>(&keys::directory(id))?;
        let entry = bucket.iter_mut().find(|(outlet, _)| outlet == id).ok_or_else(missing)?;
        entry.1 = to.clone();
        self.put_outlet(row)
    }
}
