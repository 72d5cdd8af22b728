//! Records that no fold knows: providers, outlets, turnover, marks. The last entry that stands says how such a record is;
//! which entries said so is kept beside it, so that one can be taken away (decision 13).

use super::{Bucket, OutletPage, OutletRow, StoreError, StoredMonth, StoredProvider, View, keys};
use crate::domain::{Event, Left, Life, Line, LineKind, Marked, Turnover};
use crate::ids::{OutletId, ProviderId, Seq};
use serde::{Deserialize, Serialize};

/// An entry that reported an outlet's month, and the entry that voids it.
pub type Spoken = (OutletId, Seq, Option<Seq>);

/// An outlet that was taken off the record, as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gone(OutletRow);

impl View {
    /// Reports and lines that name an outlet of a provider and stand.
    pub fn naming(&mut self, provider: &ProviderId, outlet: &OutletId) -> Result<Vec<Seq>, StoreError> {
        let mut naming = Vec::new();
        for month in self.reported_months(provider)? {
            let list = self.cache.get::<Vec<Spoken>>(&keys::reports(provider, month))?;
            let of = list.into_iter().flatten().filter(|(id, _, by)| id == outlet && by.is_none());
            naming.extend(of.map(|(_, seq, _)| *seq));
        }
        naming.extend(self.lines_that_stand(provider, &|line| line.outlet.as_ref() == Some(outlet))?);
        Ok(naming)
    }

    /// Facts and lines of a provider that stand.
    pub fn has(&mut self, provider: &ProviderId) -> Result<Vec<Seq>, StoreError> {
        let facts = self.load(provider)?;
        let mut has: Vec<Seq> = facts.facts.iter().filter(|f| f.void.is_none()).map(|f| f.seq).collect();
        has.extend(self.lines_that_stand(provider, &|_| true)?);
        has.sort_unstable();
        // A finding that was confirmed is a fact and a line.
        has.dedup();
        Ok(has)
    }

    /// Lines of a provider that count, of those of which that holds, year by year.
    fn lines_that_stand(&mut self, provider: &ProviderId, of: &dyn Fn(&Line) -> bool) -> Result<Vec<Seq>, StoreError> {
        let mut all = Vec::new();
        for year in self.years() {
            let lines = self.lines_of(provider, year)?;
            let stand = lines.iter().filter(|line| line.reversed_by.is_none() && line.kind != LineKind::Reversal);
            all.extend(stand.filter(|line| of(line)).map(|line| line.seq));
        }
        Ok(all)
    }

    /// Takes an outlet off the record.
    pub(super) fn take_outlet(
        &mut self,
        provider: &ProviderId,
        id: &OutletId,
        proposed: bool,
    ) -> Result<(), StoreError> {
        let missing = || StoreError::view("an outlet of a provider that the view does not have");
        let key = keys::provider(provider);
        let mut record = self.cache.get::<StoredProvider>(&key)?.cloned().ok_or_else(missing)?;
        let mut row: OutletRow = self.take_row(&mut record.pages, |page| keys::outlets(provider, page), id)?;
        record.unstaffed -= u32::from(row.lacks_staff());
        // What its facts make of it is folded when it comes back.
        row.life = Life::default();
        if proposed {
            row.outlet.signed_on = None;
        }
        record.outlets -= 1;
        self.cache.put(key, record);
        self.loaded = None;
        self.cache.edit::<Bucket>(&keys::directory(id))?.take(id)?;
        self.cache.edit::<Vec<Gone>>(&keys::gone(provider))?.push(Gone(row));
        self.top.outlets -= 1;
        Ok(())
    }

    /// Puts it on record again.
    pub(super) fn give_outlet(&mut self, provider: &ProviderId, entry: Seq) -> Result<(), StoreError> {
        let missing = || StoreError::view("an outlet that nobody took off the record");
        let gone = self.cache.edit::<Vec<Gone>>(&keys::gone(provider))?;
        let at = gone.iter().position(|Gone(row)| row.entry == entry).ok_or_else(missing)?;
        let Gone(row) = gone.remove(at);
        self.list_outlet(&row.outlet, !row.past.is_empty())?;
        self.put_outlet(row)
    }

    /// The entries that said how the record is that an event is about, with the entry that voids each.
    pub fn spoken(&mut self, event: &Event) -> Result<Vec<(Seq, Option<Seq>)>, StoreError> {
        Ok(match event {
            Event::ProviderAdded(p) | Event::ProviderAmended(p) => {
                // Also of one that is off the record: it may come back.
                let record = self.cache.get::<StoredProvider>(&keys::provider(&p.id))?;
                record.map(|record| record.spoken.clone()).unwrap_or_default()
            }
            Event::OutletAmended(o) => self.outlet_row(&o.id)?.map(|row| row.spoken).unwrap_or_default(),
            Event::TurnoverRecorded { turnover, provider, .. } | Event::TurnoverAmended { turnover, provider, .. } => {
                let list = self.cache.get::<Vec<Spoken>>(&keys::reports(provider, turnover.month))?;
                let of = list.into_iter().flatten().filter(|(outlet, ..)| *outlet == turnover.outlet);
                of.map(|(_, seq, by)| (*seq, *by)).collect()
            }
            Event::AlertMarked { provider, subject, .. } => {
                let list = self.cache.get::<Vec<Marked>>(&keys::marks(provider))?;
                let of = list.into_iter().flatten().filter(|marked| marked.subject == *subject);
                of.map(|marked| (marked.seq, marked.void)).collect()
            }
            _ => Vec::new(),
        })
    }

    /// What said how a provider is changes: it comes on the record, or goes off it.
    pub(super) fn speak_of_provider(
        &mut self,
        id: &ProviderId,
        change: impl FnOnce(&mut Vec<(Seq, Option<Seq>)>),
    ) -> Result<(), StoreError> {
        let key = keys::provider(id);
        let Some(mut record) = self.cache.get::<StoredProvider>(&key)?.cloned() else { return Ok(()) };
        let was = !record.spoken.is_empty() && !record.is_off();
        change(&mut record.spoken);
        let is = !record.is_off();
        self.cache.put(key, record);
        let cases = self.cache.edit::<Vec<ProviderId>>(&keys::cases(id))?;
        match (was, is) {
            (false, true) => {
                cases.push(id.clone());
                self.top.providers += 1;
            }
            (true, false) => {
                cases.retain(|other| other != id);
                self.top.providers -= 1;
            }
            _ => {}
        }
        Ok(())
    }

    pub(super) fn outlet_spoken(&mut self, id: &OutletId, seq: Seq) -> Result<(), StoreError> {
        self.edit_spoken(id, |spoken| spoken.push((seq, None)))
    }

    fn edit_spoken(
        &mut self,
        id: &OutletId,
        change: impl FnOnce(&mut Vec<(Seq, Option<Seq>)>),
    ) -> Result<(), StoreError> {
        let Some(owner) = self.owner(id)? else { return Ok(()) };
        let Some(key) = self.outlet_page(&owner, id)? else { return Ok(()) };
        let page = self.cache.edit::<OutletPage>(&key)?;
        page.change(id, |row| change(&mut row.spoken)).map(drop)
    }

    pub(super) fn report_spoken(
        &mut self,
        provider: &ProviderId,
        turnover: &Turnover,
        seq: Seq,
    ) -> Result<(), StoreError> {
        let key = keys::reports(provider, turnover.month);
        self.cache.edit::<Vec<Spoken>>(&key)?.push((turnover.outlet.clone(), seq, None));
        Ok(())
    }

    /// Entries that said how a record is go or come back, and this is left of it.
    pub(super) fn leave(
        &mut self,
        provider: &ProviderId,
        entries: &[Seq],
        left: Option<&Left>,
        void: Option<Seq>,
    ) -> Result<(), StoreError> {
        let mark = |list: &mut Vec<(Seq, Option<Seq>)>| {
            list.iter_mut().filter(|(seq, _)| entries.contains(seq)).for_each(|(_, by)| *by = void);
        };
        match left {
            Some(Left::Provider(p)) => {
                self.speak_of_provider(&p.id, mark)?;
                self.put_provider(p)
            }
            Some(Left::Outlet(o)) => {
                self.edit_spoken(&o.id, mark)?;
                self.amend_outlet(o)
            }
            Some(Left::Turnover { outlet, month, report }) => {
                let list = self.cache.edit::<Vec<Spoken>>(&keys::reports(provider, *month))?;
                list.iter_mut().filter(|(_, seq, _)| entries.contains(seq)).for_each(|(.., by)| *by = void);
                match report {
                    Some(report) => {
                        let month = self.cache.get::<StoredMonth>(&keys::month(provider, *month))?;
                        let rule = month.map(|month| month.rule).unwrap_or_default();
                        self.begin_month(provider, report.month, rule)?;
                        self.put_turnover(provider, report)
                    }
                    None => self.take_turnover(provider, outlet, *month),
                }
            }
            None => {
                let of_provider = self.cache.get::<StoredProvider>(&keys::provider(provider))?;
                if of_provider.is_some_and(|record| record.spoken.iter().any(|(seq, _)| entries.contains(seq))) {
                    return self.speak_of_provider(provider, mark);
                }
                let key = keys::marks(provider);
                let is = |m: &Marked| entries.contains(&m.seq);
                if self.cache.get::<Vec<Marked>>(&key)?.is_some_and(|list| list.iter().any(is)) {
                    let list = self.cache.edit::<Vec<Marked>>(&key)?;
                    list.iter_mut().filter(|m| is(m)).for_each(|m| m.void = void);
                }
                Ok(())
            }
        }
    }
}
