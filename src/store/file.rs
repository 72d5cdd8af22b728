//! Each provider's facts in the order of their places, and what they come to. A fact that comes last is taken in by
//! itself; one that takes its place among others, or is taken away, makes the provider stale: its facts are folded
//! again before anybody looks.

use super::handed::owners;
use super::{FactPage, OutletPage, OutletRow, StoreError, StoredFile, StoredProvider, View, keys};
use crate::domain::case::CaseStep;
use crate::domain::life::OutletStep;
use crate::domain::state::{Cities, File, HeldOutlet};
use crate::domain::{Act, Fact, Filed, Life, Place, State};
use crate::ids::{OutletId, ProviderId, Seq};
use crate::journal::Chained;
use crate::time::Day;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A provider's facts, as they were read once for all that is asked of them.
pub type Loaded = Arc<File>;

/// A provider's facts that stay loaded, and what those before one of them come to: whoever decides, judges and folds
/// goes on from there.
pub struct LoadedFile {
    provider: ProviderId,
    file: Loaded,
    before: Option<(usize, State)>,
}

impl LoadedFile {
    /// Facts change from a place in the list on.
    fn change(&mut self, from: usize) -> &mut Vec<Arc<Filed>> {
        self.before.take_if(|(at, _)| *at > from);
        &mut Loaded::make_mut(&mut self.file).facts
    }
}

/// An outlet that went to another provider, with its life until then.
struct Departure {
    seq: Seq,
    outlet: OutletId,
    to: ProviderId,
    life: Life,
}

impl View {
    /// Files what an entry says, if it is folded.
    pub(super) fn file(&mut self, recorded: &Chained, provider: &ProviderId) -> Result<(), StoreError> {
        let Some(act) = Act::of(&recorded.entry.event) else { return Ok(()) };
        let (seq, at, by) = (recorded.seq, recorded.entry.at, recorded.entry.by.clone());
        let filed = Filed { seq, at, by, act, void: None, instead: self.instead_of(seq) };
        let Act::Happened(h) = &filed.act else { return self.file_fact(provider, filed) };
        self.end_elsewhere(provider, &filed)?;
        match &h.fact {
            Fact::Outlet(_, OutletStep::Proposed { outlet, .. }) => self.add_outlet(recorded.seq, outlet)?,
            Fact::Outlet(id, OutletStep::Transferred { to }) => {
                let life = self.state_at(provider, filed.place(), std::slice::from_ref(id))?;
                let life = life.life(id).cloned().unwrap_or_default();
                let life = Life { from: Some(provider.clone()), ..life };
                let (id, to, on, terms) = (id.clone(), to.clone(), h.on, h.terms.clone());
                let act = Act::Arrived { outlet: id.clone(), on, life, terms };
                let arrived = Filed { act, by: filed.by.clone(), ..filed };
                self.file_fact(provider, filed)?;
                self.top.handing.insert(provider.clone());
                self.hand_over(&id, (provider, &to), on)?;
                return self.file_fact(&to, arrived);
            }
            _ => {}
        }
        self.file_fact(provider, filed)
    }

    /// What ends an outlet's stay ends what it had asked of the providers before (2.2.4(1)).
    fn end_elsewhere(&mut self, provider: &ProviderId, filed: &Filed) -> Result<(), StoreError> {
        let Some((outlet, act)) = filed.act.ends_elsewhere() else { return Ok(()) };
        for before in self.owners_before(provider, &outlet)? {
            self.file_fact(&before, Filed { act: act.clone(), ..filed.clone() })?;
        }
        Ok(())
    }

    /// The other providers that an outlet was with.
    pub fn owners_before(&mut self, provider: &ProviderId, outlet: &OutletId) -> Result<Vec<ProviderId>, StoreError> {
        let mut all = self.outlet_row(outlet)?.map(|row| owners(&row)).unwrap_or_default();
        all.retain(|owner| owner != provider);
        Ok(all)
    }

    /// The number that the record of a coming entry is known by, where it takes the place of another.
    pub fn instead_of(&self, seq: Seq) -> Option<Seq> {
        self.top.instead.filter(|(next, _)| *next == seq).map(|(_, known)| known)
    }

    /// Puts a fact in its place.
    pub(super) fn file_fact(&mut self, provider: &ProviderId, filed: Filed) -> Result<(), StoreError> {
        self.load_on(provider, &filed);
        let (key, place) = (keys::file(provider), filed.place());
        let record = self.cache.edit::<StoredFile>(&key)?;
        let is_last = record.last.is_none_or(|last| last < place);
        record.last = record.last.max(Some(place));
        record.facts += 1;
        if matches!(&filed.act, Act::Happened(h) if matches!(h.fact, Fact::Admission(_) | Fact::Case(CaseStep::Exit(_))))
        {
            record.steps += 1;
        }
        let mut pages = std::mem::take(&mut record.pages);
        self.put_row(&mut pages, |page| keys::facts(provider, page), &filed)?;
        self.cache.edit::<StoredFile>(&key)?.pages = pages;
        if is_last && !filed.act.touches_all() && !self.stale.contains(provider) {
            return self.take_in(provider, &filed);
        }
        self.stale.insert(provider.clone());
        Ok(())
    }

    /// Takes in a fact that comes after all others.
    fn take_in(&mut self, provider: &ProviderId, filed: &Filed) -> Result<(), StoreError> {
        let touched = filed.act.touches();
        let mut state = State { outlets: self.held(provider, &touched)?, ..self.take_state(provider)? };
        state.apply(filed);
        for (id, held) in std::mem::take(&mut state.outlets) {
            if let Some(life) = held.life {
                self.put_life(provider, &id, life)?;
            }
        }
        self.put_state(provider, state);
        Ok(())
    }

    /// Outlets as the fold holds them; those that are another's now have no life here.
    fn held(&mut self, provider: &ProviderId, ids: &[OutletId]) -> Result<BTreeMap<OutletId, HeldOutlet>, StoreError> {
        let mut all = BTreeMap::new();
        for id in ids {
            if let Some(row) = self.outlet_row(id)? {
                let life = (row.outlet.provider == *provider).then(|| row.life.clone());
                let moved = life.is_none() && row.past.iter().any(|(before, _)| before == provider);
                all.insert(id.clone(), HeldOutlet { city: row.outlet.city.clone(), life, moved });
            }
        }
        Ok(all)
    }

    /// Sets an outlet's life, and its record's signing day where it came by way of a candidate.
    fn put_life(&mut self, provider: &ProviderId, id: &OutletId, life: Life) -> Result<(), StoreError> {
        let Some(key) = self.outlet_page(provider, id)? else { return Ok(()) };
        let page = self.cache.edit::<OutletPage>(&key)?;
        let changed = page.change(id, |row| {
            if life.proposed {
                row.outlet.signed_on = life.signed_on;
            }
            row.life = life;
        })?;
        let Some((was, row)) = changed else { return Ok(()) };
        self.count_staff(provider, was.lacks_staff(), row.lacks_staff())?;
        self.weigh_again(&was, &row)
    }

    /// Folds again what is stale of a provider, and first what others hand over to it, or may.
    pub(super) fn freshen(&mut self, provider: &ProviderId) -> Result<(), StoreError> {
        self.freshen_handed()?;
        self.fold_again(provider)
    }

    /// Folds again what is stale of those that handed outlets on: their lives until then are the next provider's.
    fn freshen_handed(&mut self) -> Result<(), StoreError> {
        while let Some(provider) = self.stale.intersection(&self.top.handing).next().cloned() {
            self.fold_again(&provider)?;
        }
        Ok(())
    }

    fn fold_again(&mut self, provider: &ProviderId) -> Result<(), StoreError> {
        while self.stale.remove(provider) {
            let loaded = self.load(provider)?;
            let (from, mut state) = self.begun(&loaded);
            let mut departures = Vec::new();
            for filed in loaded.facts[from..].iter().filter(|filed| filed.void.is_none()) {
                departures.extend(departure(&state, filed, provider));
                state.apply(filed);
            }
            // Final statuses are of the months, not of the facts.
            if let Some(old) = self.state_record(provider)? {
                state.dossier.unreported = old.dossier()?.unreported.clone();
            }
            self.put_lives(provider, std::mem::take(&mut state.outlets))?;
            self.put_state(provider, state);
            for departure in departures {
                self.depart(departure)?;
            }
        }
        Ok(())
    }

    /// Where the fold of loaded facts can begin, and what those before come to. Where outlets were handed over it begins
    /// with the first: their lives until then are said again.
    fn begun(&mut self, loaded: &File) -> (usize, State) {
        let before = self.loaded.as_mut().and_then(|held| held.before.take());
        let hands_over = |filed: &Arc<Filed>| matches!(&filed.act, Act::Happened(h) if h.hands_over().is_some());
        match before {
            Some((from, state)) if !loaded.facts[..from].iter().any(hands_over) => (from, state),
            _ => (0, State::before(&loaded.cities)),
        }
    }

    /// Folds again all that is stale.
    pub fn freshen_all(&mut self) -> Result<(), StoreError> {
        while self.freshen_next()? {}
        Ok(())
    }

    /// Folds again what is stale of one provider, if anything is of any.
    pub fn freshen_next(&mut self) -> Result<bool, StoreError> {
        let Some(provider) = self.stale.first().cloned() else { return Ok(false) };
        self.freshen(&provider)?;
        Ok(true)
    }

    /// Sets the lives that differ, page by page.
    fn put_lives(
        &mut self,
        provider: &ProviderId,
        mut outlets: BTreeMap<OutletId, HeldOutlet>,
    ) -> Result<(), StoreError> {
        let pages = self.cache.get::<StoredProvider>(&keys::provider(provider))?.map(|r| r.pages.after(None));
        let mut differing = Vec::new();
        for page in pages.unwrap_or_default() {
            let Some(page) = self.cache.get::<OutletPage>(&keys::outlets(provider, page))? else { continue };
            for row in page.rows() {
                let row = row?;
                let Some(life) = outlets.get_mut(&row.outlet.id).and_then(|held| held.life.take()) else { continue };
                if row.life != life || life.proposed && row.outlet.signed_on != life.signed_on {
                    differing.push((row.outlet.id.clone(), life));
                }
            }
        }
        differing.into_iter().try_for_each(|(id, life)| self.put_life(provider, &id, life))
    }

    /// What the next provider of an outlet has of its life before.
    fn depart(&mut self, departure: Departure) -> Result<(), StoreError> {
        let Departure { seq, outlet, to, life } = departure;
        let differs = |filed: &Filed| {
            filed.seq == seq
                && matches!(&filed.act, Act::Arrived { outlet: o, life: l, .. } if *o == outlet && *l != life)
        };
        let pages = self.cache.get::<StoredFile>(&keys::file(&to))?.map(|r| r.pages.after(None)).unwrap_or_default();
        for page in pages {
            let key = keys::facts(&to, page);
            let mut differing = self.facts_that(&key, &differs)?;
            for (_, filed) in &mut differing {
                if let Act::Arrived { life: kept, .. } = &mut filed.act {
                    *kept = life.clone();
                }
                self.loaded = None;
                self.stale.insert(to.clone());
            }
            self.set_facts(&key, &differing)?;
        }
        Ok(())
    }

    /// A provider's facts and the cities of its outlets: read once for all that is asked of them before the next change.
    pub fn load(&mut self, provider: &ProviderId) -> Result<Loaded, StoreError> {
        if let Some(held) = self.loaded.as_ref().filter(|held| held.provider == *provider) {
            return Ok(Loaded::clone(&held.file));
        }
        let facts = self.facts_of(provider)?;
        let loaded = Loaded::new(File { cities: self.cities(provider, &facts)?, facts });
        self.loaded = Some(LoadedFile { provider: provider.clone(), file: Loaded::clone(&loaded), before: None });
        Ok(loaded)
    }

    /// Puts a coming fact among those that are loaded, where its outlets are among them; else they are read again.
    fn load_on(&mut self, provider: &ProviderId, filed: &Filed) {
        let Some(held) = &mut self.loaded else { return };
        let known = |outlet: &OutletId| held.file.cities.contains_key(outlet);
        if held.provider != *provider || !filed.act.touches().iter().all(known) {
            self.loaded = None;
            return;
        }
        let place = filed.place();
        let at = held.file.facts.partition_point(|other| other.place() < place);
        held.change(at).insert(at, Arc::new(filed.clone()));
    }

    /// A provider's facts, voided ones too, in their order.
    fn facts_of(&mut self, provider: &ProviderId) -> Result<Vec<Arc<Filed>>, StoreError> {
        let pages = self.cache.get::<StoredFile>(&keys::file(provider))?.map(|r| r.pages.after(None));
        let mut rows = Vec::new();
        for page in pages.unwrap_or_default() {
            if let Some(page) = self.cache.get::<FactPage>(&keys::facts(provider, page))? {
                for filed in page.rows() {
                    rows.push(Arc::new(filed?));
                }
            }
        }
        Ok(rows)
    }

    /// The entry that voids a fact of a provider.
    pub fn void_of(&mut self, provider: &ProviderId, seq: Seq) -> Result<Option<Seq>, StoreError> {
        let loaded = self.load(provider)?;
        Ok(loaded.facts.iter().find(|filed| filed.seq == seq).and_then(|filed| filed.void))
    }

    /// The cities of a provider's outlets, and of those that facts of its are about.
    fn cities(&mut self, provider: &ProviderId, rows: &[Arc<Filed>]) -> Result<Cities, StoreError> {
        let mut cities = Cities::new();
        let pages = self.cache.get::<StoredProvider>(&keys::provider(provider))?.map(|r| r.pages.after(None));
        for page in pages.unwrap_or_default() {
            if let Some(page) = self.cache.get::<OutletPage>(&keys::outlets(provider, page))? {
                for row in page.rows() {
                    let outlet = row?.outlet;
                    cities.insert(outlet.id, outlet.city);
                }
            }
        }
        // An outlet of a record is its own mostly: looked at before it is copied.
        let own = |filed: &&Arc<Filed>| matches!(&filed.act, Act::Happened(h) if matches!(&h.fact, Fact::Outlet(id, _) if cities.contains_key(id)));
        let others: Vec<OutletId> = rows.iter().filter(|f| !own(f)).flat_map(|filed| filed.act.touches()).collect();
        for id in others {
            if !cities.contains_key(&id)
                && let Some(row) = self.outlet_row(&id)?
            {
                cities.insert(id, row.outlet.city.clone());
            }
        }
        Ok(cities)
    }

    /// Whether a provider has steps of an admission or an exit on file.
    pub fn has_applied(&mut self, provider: &ProviderId) -> Result<bool, StoreError> {
        Ok(self.cache.get::<StoredFile>(&keys::file(provider))?.is_some_and(|record| record.steps > 0))
    }

    /// The entries of a provider that brought others back.
    pub fn brought_back(&mut self, provider: &ProviderId) -> Result<Vec<Seq>, StoreError> {
        Ok(self.cache.get::<StoredFile>(&keys::file(provider))?.map(|record| record.back.clone()).unwrap_or_default())
    }

    /// Whether facts are filed that come after a place.
    pub fn is_late(&mut self, provider: &ProviderId, place: Place) -> Result<bool, StoreError> {
        let record = self.cache.get::<StoredFile>(&keys::file(provider))?;
        Ok(record.and_then(|record| record.last).is_some_and(|last| last > place))
    }

    /// What a provider's facts come to before a place, with those outlets of its.
    pub fn state_at(
        &mut self,
        provider: &ProviderId,
        place: Place,
        touching: &[OutletId],
    ) -> Result<State, StoreError> {
        if !self.is_late(provider, place)? {
            return self.state(provider, touching);
        }
        self.freshen_handed()?;
        let loaded = self.load(provider)?;
        let before = loaded.facts.partition_point(|filed| filed.place() < place);
        let held = self.loaded.as_mut();
        if let Some((_, state)) = held.as_ref().and_then(|held| held.before.as_ref()).filter(|(at, _)| *at == before) {
            return Ok(state.clone());
        }
        let (state, _) = State::fold(&loaded.cities, &loaded.facts[..before]);
        held.into_iter().for_each(|held| held.before = Some((before, state.clone())));
        Ok(state)
    }

    /// What a provider's facts come to, with those outlets of its.
    pub fn state(&mut self, provider: &ProviderId, touching: &[OutletId]) -> Result<State, StoreError> {
        self.freshen(provider)?;
        let outlets = self.held(provider, touching)?;
        let Some(record) = self.state_record(provider)? else { return Ok(State { outlets, ..State::default() }) };
        let (dossier, due) = (record.dossier()?.clone(), record.due()?.clone());
        Ok(State { dossier, due, kept: record.kept()?.clone(), outlets })
    }

    /// The facts of a page of which that holds, and where on it they are.
    fn facts_that(&mut self, key: &keys::Key, is: &dyn Fn(&Filed) -> bool) -> Result<Vec<(usize, Filed)>, StoreError> {
        let Some(page) = self.cache.get::<FactPage>(key)? else { return Ok(Vec::new()) };
        let mut those = Vec::new();
        for (at, filed) in page.rows().enumerate() {
            let filed = filed?;
            if is(&filed) {
                those.push((at, filed));
            }
        }
        Ok(those)
    }

    /// Sets facts of a page where they are.
    fn set_facts(&mut self, key: &keys::Key, facts: &[(usize, Filed)]) -> Result<(), StoreError> {
        if facts.is_empty() {
            return Ok(());
        }
        let page = self.cache.edit::<FactPage>(key)?;
        facts.iter().try_for_each(|(at, filed)| page.set(*at, filed))
    }

    /// Takes facts away, or puts them back: `void` is the entry that does, or none.
    pub(super) fn set_void(
        &mut self,
        provider: &ProviderId,
        entries: &[Seq],
        void: Option<Seq>,
    ) -> Result<Vec<Filed>, StoreError> {
        if let Some(held) = self.loaded.as_mut().filter(|held| held.provider == *provider)
            && let Some(first) = held.file.facts.iter().position(|filed| entries.contains(&filed.seq))
        {
            let changed = held.change(first)[first..].iter_mut().filter(|filed| entries.contains(&filed.seq));
            changed.for_each(|filed| set_void(Arc::make_mut(filed), void));
        }
        let mut changed = Vec::new();
        let pages = self.cache.get::<StoredFile>(&keys::file(provider))?.map(|r| r.pages.after(None));
        for page in pages.unwrap_or_default() {
            let key = keys::facts(provider, page);
            let mut those = self.facts_that(&key, &|filed| entries.contains(&filed.seq))?;
            for (_, filed) in &mut those {
                // What is away is not taken away twice, whatever says so.
                let was = filed.void;
                set_void(filed, void);
                changed.extend((was.is_some() != void.is_some()).then(|| filed.clone()));
            }
            self.set_facts(&key, &those)?;
        }
        self.stale.insert(provider.clone());
        Ok(changed)
    }

    /// The signing day of an outlet on record was corrected: what it says of its life takes another place.
    pub(super) fn file_again(&mut self, row: &OutletRow, was: Option<Day>) -> Result<(), StoreError> {
        self.loaded = None;
        let since = |day: Option<Day>| day.unwrap_or(crate::domain::state::LONG_AGO);
        let provider = row.past.first().map_or(&row.outlet.provider, |(first, _)| first).clone();
        let place = Place::on(since(was), row.entry);
        let key = keys::file(&provider);
        let mut record = self.cache.get::<StoredFile>(&key)?.cloned().unwrap_or_default();
        let mut filed: Filed = self.take_row(&mut record.pages, |page| keys::facts(&provider, page), &place)?;
        record.facts -= 1;
        self.cache.put(key, record);
        filed.act = Act::There { outlet: row.outlet.id.clone(), since: since(row.outlet.signed_on) };
        self.stale.insert(provider.clone());
        self.file_fact(&provider, filed)
    }
}

/// Takes a fact away or puts it back. The life of an outlet that did not arrive is nobody's: it is found again when it
/// does, so that it does not stay as it was known last.
fn set_void(filed: &mut Filed, void: Option<Seq>) {
    filed.void = void;
    if let (Some(_), Act::Arrived { life, .. }) = (void, &mut filed.act) {
        *life = Life::default();
    }
}

/// An outlet that a fact hands to another provider, as it was before.
fn departure(state: &State, filed: &Filed, from: &ProviderId) -> Option<Departure> {
    let Act::Happened(h) = &filed.act else { return None };
    let (outlet, to) = h.hands_over()?;
    let life = Life { from: Some(from.clone()), ..state.life(outlet).cloned().unwrap_or_default() };
    Some(Departure { seq: filed.seq, outlet: outlet.clone(), to: to.clone(), life })
}
