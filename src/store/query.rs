//! What the view answers. Every query reads the pages it needs and no others.

use super::page::{Page, Row};
use super::pages::{Index, line_print};
use super::{
    Bucket, Charge, LinePage, OutletPage, OutletRow, StoreError, StoredFile, StoredProvider, StoredYear, View, keys,
};
use crate::domain::discretion::Usage;
use crate::domain::{
    Deduction, Dossier, Life, Line, LineKind, LineSubject, Marked, Outlet, Provider, Standing, YearLedger,
};
use crate::ids::{ArticleId, OutletId, ProviderId, Seq};
use crate::points::Score;
use crate::rulebook::Marks;
use crate::time::{Day, Year};
use chrono::Datelike;
use keys::{Key, LineAt, LineKey};

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

    /// What the lines of a day's year come to that had occurred by that day.
    pub fn score_on(&mut self, id: &ProviderId, day: Day) -> Result<Score, StoreError> {
        let year = day.year();
        let last = LineAt::from((day, Seq(u64::MAX)));
        let later = self.line_pages(id, year, |pages| pages.after(Some(&last)))?;
        let mut is_last = true;
        for page in later {
            if let Some(page) = self.cache.get::<LinePage>(&keys::lines(id, year, page))? {
                is_last &= page.ends()?.is_none_or(|[_, end]| end <= last);
            }
        }
        if is_last {
            return Ok(self.year(id, year)?.score);
        }
        Ok(self.lines_on(id, year, day)?.1.score)
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
            let mut from = after.map_or(Ok(0), |after| page.before(after))?;
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
        let Some(bucket) = self.cache.get::<Bucket>(&keys::directory(id))? else { return Ok(None) };
        Ok(bucket.get(id)?.map(|(_, owner)| owner))
    }

    /// An outlet whose id is that one but for case.
    pub fn outlet_like(&mut self, id: &OutletId) -> Result<Option<OutletId>, StoreError> {
        let Some(bucket) = self.cache.get::<Bucket>(&keys::directory(id))? else { return Ok(None) };
        for at in 0..bucket.len() {
            let other = bucket.key(at)?;
            if other != *id && other.as_str().eq_ignore_ascii_case(id.as_str()) {
                return Ok(Some(other));
            }
        }
        Ok(None)
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
        Ok(self.cache.get::<Dossier>(&keys::dossier(provider))?.cloned().unwrap_or_default())
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

    /// Lines of a provider's year, newest day first, before one of them.
    pub fn ledger(
        &mut self,
        provider: &ProviderId,
        year: Year,
        before: Option<LineKey>,
        limit: usize,
    ) -> Result<Vec<Line>, StoreError> {
        let mut rows = Vec::new();
        let before = before.map(LineAt::from);
        for page in self.line_pages(provider, year, |pages| pages.before(before.as_ref()))? {
            let Some(page) = self.cache.get::<LinePage>(&keys::lines(provider, year, page))? else { continue };
            let earlier = before.map_or(Ok(page.len()), |before| page.before(&before))?;
            for at in (0..earlier).rev().take(limit - rows.len()) {
                rows.push(page.row(at)?);
            }
            if rows.len() == limit {
                break;
            }
        }
        Ok(rows)
    }

    /// All lines of a provider's year, by day.
    pub fn lines_of(&mut self, provider: &ProviderId, year: Year) -> Result<Vec<Line>, StoreError> {
        let mut lines = Vec::new();
        for page in self.line_pages(provider, year, |pages| pages.after(None))? {
            if let Some(page) = self.cache.get::<LinePage>(&keys::lines(provider, year, page))? {
                lines.reserve(page.len());
                for line in page.rows() {
                    lines.push(line?);
                }
            }
        }
        Ok(lines)
    }

    /// The line of a provider at a place in its ledger.
    pub fn line(&mut self, provider: &ProviderId, at: LineKey) -> Result<Option<Line>, StoreError> {
        let Some(key) = self.line_page(provider, at)? else { return Ok(None) };
        self.cache.get::<LinePage>(&key)?.map_or(Ok(None), |page| page.get(&at.into()))
    }

    /// The lines of a ledger that say the same as a deduction does, whatever they stand on, in the order they were
    /// recorded.
    pub fn equals(&mut self, d: &Deduction) -> Result<Vec<Line>, StoreError> {
        let mut equal = Vec::new();
        self.each_on_day(d, Some(print_of(d)), &mut |line| equal.extend(Some(line).filter(|line| says(line, d))))?;
        Ok(equal)
    }

    /// Those of them that stand: nobody reversed them.
    pub(super) fn standing(&mut self, d: &Deduction) -> Result<Vec<Seq>, StoreError> {
        let mut equal = Vec::new();
        let stands = |line: &Line| says(line, d) && line.reversed_by.is_none();
        let print = Some(print_of(d));
        self.each_on_day(d, print, &mut |line| equal.extend(stands(&line).then_some(line.seq)))?;
        Ok(equal)
    }

    /// The lines of a ledger of a deduction's article, points and day, in the order they were recorded.
    pub fn alike(&mut self, d: &Deduction) -> Result<Vec<Line>, StoreError> {
        let mut alike = Vec::new();
        let is = |line: &Line| line.article == d.article && line.points == d.points;
        self.each_on_day(d, None, &mut |line| alike.extend(Some(line).filter(is)))?;
        Ok(alike)
    }

    /// The lines of a deduction's provider and day that are no reversals, in the order they were recorded.
    pub fn on_day(&mut self, d: &Deduction) -> Result<Vec<Line>, StoreError> {
        let mut all = Vec::new();
        self.each_on_day(d, None, &mut |line| all.push(line))?;
        Ok(all)
    }

    /// Walks the lines of a deduction's provider and day that are no reversals; those of a fingerprint, where one is asked
    /// for.
    fn each_on_day(&mut self, d: &Deduction, print: Option<u32>, each: &mut dyn FnMut(Line)) -> Result<(), StoreError> {
        let (year, day) = (d.occurred_on.year(), d.occurred_on);
        let (first, last) = (LineAt::from((day, Seq(0))), LineAt::from((day, Seq(u64::MAX))));
        for page in self.line_pages(&d.provider, year, |pages| pages.after(Some(&first)))? {
            let Some(page) = self.cache.get::<LinePage>(&keys::lines(&d.provider, year, page))? else { continue };
            let (from, to) = (page.before(&first)?, page.before(&last)?);
            for at in from..to {
                if print.is_some_and(|print| page.print(at) != print) {
                    continue;
                }
                let line = page.row(at)?;
                if line.kind != LineKind::Reversal {
                    each(line);
                }
            }
            if to < page.len() {
                break;
            }
        }
        Ok(())
    }

    /// All lines of a provider, by year.
    pub fn all_lines(&mut self, provider: &ProviderId) -> Result<Vec<Line>, StoreError> {
        let mut all = Vec::new();
        for year in self.years() {
            all.extend(self.lines_of(provider, year)?);
        }
        Ok(all)
    }

    /// The last entry of a provider that changed anything but an exit's steps, notices and marks.
    pub fn head_of(&mut self, provider: &ProviderId) -> Result<Seq, StoreError> {
        Ok(self.cache.get::<StoredFile>(&keys::file(provider))?.map(|record| record.head).unwrap_or_default())
    }

    /// Calendar years that have lines.
    pub fn years(&self) -> Vec<Year> {
        self.top.lines.keys().copied().collect()
    }

    /// What the index of a year's pages says.
    fn line_pages<T: Default>(
        &mut self,
        provider: &ProviderId,
        year: Year,
        ask: impl FnOnce(&Index<LineAt>) -> T,
    ) -> Result<T, StoreError> {
        let record = self.cache.get::<StoredYear>(&keys::year(year, provider))?;
        Ok(record.map(|record| ask(&record.pages)).unwrap_or_default())
    }

    pub(super) fn line_page(&mut self, provider: &ProviderId, at: LineKey) -> Result<Option<Key>, StoreError> {
        let page = self.line_pages(provider, at.0.year(), |pages| pages.number(&at.into()))?;
        Ok(page.map(|page| keys::lines(provider, at.0.year(), page)))
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

/// The fingerprint of the lines that say what a deduction does.
fn print_of(d: &Deduction) -> u32 {
    line_print(&d.article, d.points, (d.outlet.as_ref(), d.problem.as_deref(), d.note.as_deref()))
}

/// Whether a line says just what a deduction does.
fn says(line: &Line, d: &Deduction) -> bool {
    line.article == d.article
        && line.points == d.points
        && line.occurred_on == d.occurred_on
        && line.outlet == d.outlet
        && line.problem == d.problem
        && line.note == d.note
}
