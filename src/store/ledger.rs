//! The ledger of a provider's year as it is read: from its newest day on, or by day.

use super::keys::{self, LineAt, LineKey};
use super::lines::{LinePage, LineRow};
use super::{StoreError, View};
use crate::domain::{Counting, Line};
use crate::ids::ProviderId;
use crate::time::Year;

impl View {
    /// Lines of a provider's year, newest day first, before one of them.
    pub fn ledger(
        &mut self,
        provider: &ProviderId,
        year: Year,
        before: Option<LineKey>,
        limit: usize,
    ) -> Result<Vec<Line>, StoreError> {
        let rows = self.rows_before((provider, year), before, |rows, _| rows.len() == limit)?;
        self.all_whole(rows)
    }

    /// The newest lines of a provider's year, so many at least, to the end of a day.
    pub fn newest(&mut self, provider: &ProviderId, year: Year, least: usize) -> Result<Vec<Line>, StoreError> {
        let is_enough = |rows: &[LineRow], next: &LineRow| {
            rows.len() >= least && rows.last().is_some_and(|last| last.place().0 != next.place().0)
        };
        let rows = self.rows_before((provider, year), None, is_enough)?;
        self.all_whole(rows)
    }

    /// Rows before one of them, the newest first, until there are enough of them for the next.
    fn rows_before(
        &mut self,
        (provider, year): (&ProviderId, Year),
        before: Option<LineKey>,
        is_enough: impl Fn(&[LineRow], &LineRow) -> bool,
    ) -> Result<Vec<LineRow>, StoreError> {
        let (mut rows, before) = (Vec::new(), before.map(LineAt::from));
        for page in self.line_pages(provider, year, |pages| pages.before(before.as_ref()))? {
            let Some(page) = self.cache.get::<LinePage>(&keys::lines(provider, year, page))? else { continue };
            let earlier = before.map_or(page.len(), |before| page.before(&before));
            for at in (0..earlier).rev() {
                let row = page.row(at)?;
                if is_enough(&rows, &row) {
                    return Ok(rows);
                }
                rows.push(row);
            }
        }
        Ok(rows)
    }

    /// All lines of a provider's year, by day.
    pub fn lines_of(&mut self, provider: &ProviderId, year: Year) -> Result<Vec<Line>, StoreError> {
        let rows = self.rows_of(provider, year)?;
        self.all_whole(rows)
    }

    /// All lines of a provider, by year.
    pub fn all_lines(&mut self, provider: &ProviderId) -> Result<Vec<Line>, StoreError> {
        let mut all = Vec::new();
        for year in self.years() {
            all.extend(self.lines_of(provider, year)?);
        }
        Ok(all)
    }
}
