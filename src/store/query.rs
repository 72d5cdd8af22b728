//! What the view answers. Every query reads the pages it needs and no others.

use super::page::{Ordered, Page, PlaceBytes, Row};
use super::{Bucket, Charge, Listed, OutletPage, OutletRow, StoreError, StoredProvider, StoredYear, View, keys};
use crate::domain::discretion::Usage;
use crate::domain::{Dossier, Life, LineSubject, Marked, Outlet, Provider, Standing, YearLedger};
use crate::ids::{ArticleId, OutletId, ProviderId, Seq};
use crate::points::Score;
use crate::rulebook::Marks;
use crate::time::Year;
use keys::{Key, LineKey};

/// A provider with what a year says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderRow {
    /// The provider.
    pub provider: Provider,
    /// How many outlets it has.
    pub outlets: u32,
    /// The year of the score.
    pub year: Year,
    /// Points deducted.
    pub score: Score,
    /// What that means.
    pub standing: Standing,
    /// Ledger lines of the year, reversals included.
    pub lines: u32,
}

impl View {
    /// All providers by id, with their scores of a year.
    pub fn providers(&mut self, year: Year, marks: &Marks) -> Result<Vec<ProviderRow>, StoreError> {
        self.freshen_all()?;
        let mut rows = Vec::new();
        for id in self.provider_ids()? {
            rows.extend(self.provider(&id, year, marks)?);
        }
        Ok(rows)
    }

    /// One provider with its score of a year.
    pub fn provider(&mut self, id: &ProviderId, year: Year, marks: &Marks) -> Result<Option<ProviderRow>, StoreError> {
        let score = self.score_of(id, year)?;
        Ok(self.provider_record(id)?.map(|record| row(record, year, score, marks)))
    }

    /// The ids of all providers, in order.
    pub fn provider_ids(&mut self) -> Result<Vec<ProviderId>, StoreError> {
        let mut ids = Vec::new();
        for key in self.cache.read_all::<StoredProvider>(keys::PROVIDERS)? {
            let record = self.cache.get::<StoredProvider>(&key)?.filter(|record| !record.is_off());
            ids.extend(record.map(|record| record.provider.id.clone()));
        }
        Ok(ids)
    }

    /// How an article was scored.
    pub fn usage(&mut self, article: &ArticleId) -> Result<Usage, StoreError> {
        Ok(self.cache.get::<Usage>(&keys::usage(article))?.cloned().unwrap_or_default())
    }

    /// The lines that stand and charge a record or a month under an article, of which that holds.
    pub fn charged(
        &mut self,
        provider: &ProviderId,
        article: &ArticleId,
        of: &dyn Fn(&LineSubject) -> bool,
    ) -> Result<Vec<Seq>, StoreError> {
        let kept = self.cache.get::<Vec<Charge>>(&keys::charges(provider))?;
        let same: Vec<LineKey> = kept
            .into_iter()
            .flatten()
            .filter(|charge| charge.article == *article && of(&charge.subject))
            .map(|charge| (charge.on, charge.line))
            .collect();
        let mut stand = Vec::new();
        for at in same {
            if self.line(provider, at)?.is_some_and(|line| line.reversed_by.is_none()) {
                stand.push(at.1);
            }
        }
        Ok(stand)
    }

    /// A provider's record, where it is on record.
    pub fn provider_record(&mut self, id: &ProviderId) -> Result<Option<&StoredProvider>, StoreError> {
        let record = self.cache.get::<StoredProvider>(&keys::provider(id))?.map(|record| &*record);
        Ok(record.filter(|record| !record.is_off()))
    }

    /// What a provider's year comes to.
    pub fn year(&mut self, id: &ProviderId, year: Year) -> Result<YearLedger, StoreError> {
        let record = self.cache.get::<StoredYear>(&keys::year(year, id))?;
        Ok(record.map(|r| r.ledger.clone()).unwrap_or_default())
    }

    /// How many outlets a provider has.
    pub fn outlets_of(&mut self, provider: &ProviderId) -> Result<u32, StoreError> {
        Ok(self.provider_record(provider)?.map_or(0, |record| record.outlets))
    }

    /// Outlets of a provider by id, after one of them.
    pub fn outlets(
        &mut self,
        provider: &ProviderId,
        after: Option<&OutletId>,
        limit: usize,
    ) -> Result<Vec<Outlet>, StoreError> {
        Ok(self.lives(provider, after, limit)?.into_iter().map(|row| row.outlet).collect())
    }

    /// Outlets of a provider by id with their lives, after one of them.
    pub fn lives(
        &mut self,
        provider: &ProviderId,
        after: Option<&OutletId>,
        limit: usize,
    ) -> Result<Vec<OutletRow>, StoreError> {
        self.freshen(provider)?;
        let pages = self.provider_record(provider)?.map(|r| r.pages.after(after)).unwrap_or_default();
        self.rows_after(&pages, |page| keys::outlets(provider, page), (after, limit))
    }

    /// Rows of pages in the order of their outlets, after one of them.
    pub(super) fn rows_after<T: Row<Key = OutletId>>(
        &mut self,
        pages: &[u32],
        key: impl Fn(u32) -> Key,
        (after, limit): (Option<&OutletId>, usize),
    ) -> Result<Vec<T>, StoreError> {
        let mut rows = Vec::new();
        for page in pages {
            let Some(page) = self.cache.get::<Page<T>>(&key(*page))? else { continue };
            let mut from = after.map_or(0, |after| page.before(after));
            if let Some(after) = after
                && from < page.len()
                && page.key(from)? == *after
            {
                from += 1;
            }
            for row in page.rows_from(from).take(limit - rows.len()) {
                rows.push(row?);
            }
            if rows.len() == limit {
                break;
            }
        }
        Ok(rows)
    }

    /// Whose outlet it is.
    pub fn owner(&mut self, id: &OutletId) -> Result<Option<ProviderId>, StoreError> {
        Ok(self.listed(id)?.map(|listed| listed.owner))
    }

    /// What the directory says of an outlet.
    pub(super) fn listed(&mut self, id: &OutletId) -> Result<Option<Listed>, StoreError> {
        let Some(bucket) = self.cache.get::<Bucket>(&keys::directory(id))? else { return Ok(None) };
        bucket.get(id)
    }

    /// An outlet whose id is that one but for case.
    pub fn outlet_like(&mut self, id: &OutletId) -> Result<Option<OutletId>, StoreError> {
        let Some(bucket) = self.cache.get::<Bucket>(&keys::directory(id))? else { return Ok(None) };
        let own = id.bytes();
        let is_like = |other: PlaceBytes| other != own && other.eq_ignore_ascii_case(&own);
        bucket.places().position(is_like).map(|at| bucket.key(at)).transpose()
    }

    /// A provider whose id is that one but for case.
    pub fn provider_like(&mut self, id: &ProviderId) -> Result<Option<ProviderId>, StoreError> {
        let Some(cases) = self.cache.get::<Vec<ProviderId>>(&keys::cases(id))? else { return Ok(None) };
        Ok(cases.iter().find(|other| *other != id).cloned())
    }

    /// An outlet.
    pub fn outlet(&mut self, id: &OutletId) -> Result<Option<Outlet>, StoreError> {
        if let Some(owner) = self.owner(id)? {
            self.freshen(&owner)?;
        }
        Ok(self.outlet_row(id)?.map(|row| row.outlet))
    }

    /// An outlet's life so far.
    pub fn life(&mut self, id: &OutletId) -> Result<Option<Life>, StoreError> {
        if let Some(owner) = self.owner(id)? {
            self.freshen(&owner)?;
        }
        Ok(self.outlet_row(id)?.map(|row| row.life))
    }

    /// An outlet with its life.
    pub(super) fn outlet_row(&mut self, id: &OutletId) -> Result<Option<OutletRow>, StoreError> {
        let Some(owner) = self.owner(id)? else { return Ok(None) };
        let Some(key) = self.outlet_page(&owner, id)? else { return Ok(None) };
        self.cache.get::<OutletPage>(&key)?.map_or(Ok(None), |page| page.get(id))
    }

    /// Whether a provider has an outlet in a city that is not gone: reads its pages up to the first.
    pub fn serves(&mut self, provider: &ProviderId, city: &str) -> Result<bool, StoreError> {
        self.freshen(provider)?;
        let pages = self.provider_record(provider)?.map(|r| r.pages.after(None)).unwrap_or_default();
        for page in pages {
            let Some(page) = self.cache.get::<OutletPage>(&keys::outlets(provider, page))? else { continue };
            for row in page.rows() {
                let row = row?;
                if row.outlet.city == city && !row.life.stage.is_gone() {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// What a provider's records come to.
    pub fn dossier(&mut self, provider: &ProviderId) -> Result<Dossier, StoreError> {
        self.freshen(provider)?;
        self.state_record(provider)?.map_or(Ok(Dossier::default()), |record| Ok(record.dossier()?.clone()))
    }

    /// Marks that people put on a provider's alerts.
    pub fn marks(&mut self, provider: &ProviderId) -> Result<Vec<Marked>, StoreError> {
        let all = self.cache.get::<Vec<Marked>>(&keys::marks(provider))?.cloned().unwrap_or_default();
        let mut last: Vec<Marked> = Vec::new();
        for marked in all.into_iter().filter(|marked| marked.void.is_none()) {
            last.retain(|other| other.subject != marked.subject);
            last.push(marked);
        }
        Ok(last)
    }

    /// Calendar years that have lines.
    pub fn years(&self) -> Vec<Year> {
        self.top.lines.keys().copied().collect()
    }

    pub(super) fn outlet_page(&mut self, provider: &ProviderId, id: &OutletId) -> Result<Option<Key>, StoreError> {
        let page = self.provider_record(provider)?.and_then(|record| record.pages.number(id));
        Ok(page.map(|page| keys::outlets(provider, page)))
    }
}

fn row(record: &StoredProvider, year: Year, (score, lines): (Score, u32), marks: &Marks) -> ProviderRow {
    let (provider, outlets, standing) = (record.provider.clone(), record.outlets, marks.standing(score));
    ProviderRow { provider, outlets, year, score, standing, lines }
}
