//! What a provider's years come to, in one small record: whoever looks at all providers reads no year whole, with what is
//! used up under its caps and where its lines are. [`YearLedger`] says the score, and
//! [`Peaks::of`] where it rose; a recount holds both against the lines.

use super::cache::Stored;
use super::{LineRow, StoreError, View, keys};
use crate::domain::YearLedger;
use crate::domain::peaks::Peaks;
use crate::ids::{ProviderId, Seq};
use crate::points::Score;
use crate::time::Year;
use serde::{Deserialize, Serialize};

/// What a year comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct YearScore {
    /// The year.
    pub year: Year,
    /// Its score.
    pub score: Score,
    /// Its lines, reversals included.
    pub lines: u32,
    /// The first lines by which its score rose.
    pub peaks: Peaks,
}

/// What a provider's years come to, and up to which entry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredScores {
    /// Those that have lines, ascending.
    years: Vec<YearScore>,
    /// The last entry of the provider that changed anything but an exit's steps, notices and marks. It stands here since
    /// each line changes this record anyway.
    head: Seq,
}

impl Stored for StoredScores {
    fn size(&self) -> usize {
        size_of::<Self>() + self.years.iter().map(|year| size_of::<YearScore>() + year.peaks.size()).sum::<usize>()
    }
}

impl StoredScores {
    fn year(&mut self, year: Year) -> Option<&mut YearScore> {
        let at = self.years.partition_point(|other| other.year < year);
        if self.years.get(at).is_none_or(|other| other.year != year) {
            self.years.insert(at, YearScore { year, ..YearScore::default() });
        }
        self.years.get_mut(at)
    }
}

impl View {
    /// What a provider's years come to that have lines, ascending.
    pub fn scores(&mut self, provider: &ProviderId) -> Result<&[YearScore], StoreError> {
        let record = self.cache.get::<StoredScores>(&keys::scores(provider))?;
        Ok(record.map_or(&[], |record| &record.years))
    }

    /// What one of them comes to: its score and its lines. Of a year in which nobody has a line, nothing is read.
    pub fn score_of(&mut self, provider: &ProviderId, year: Year) -> Result<(Score, u32), StoreError> {
        if !self.top.lines.contains_key(&year) {
            return Ok((Score(0), 0));
        }
        let record = self.cache.get::<StoredScores>(&keys::scores(provider))?;
        let year = record.and_then(|record| record.years.iter().find(|other| other.year == year));
        Ok(year.map(|year| (year.score, year.lines)).unwrap_or_default())
    }

    /// The last entry of a provider that changed anything but an exit's steps, notices and marks.
    pub fn head_of(&mut self, provider: &ProviderId) -> Result<Seq, StoreError> {
        Ok(self.cache.get::<StoredScores>(&keys::scores(provider))?.map(|record| record.head).unwrap_or_default())
    }

    /// An entry changed something of a provider.
    pub(super) fn comes_to(&mut self, provider: &ProviderId, head: Seq) -> Result<(), StoreError> {
        self.cache.edit::<StoredScores>(&keys::scores(provider))?.head = head;
        Ok(())
    }

    /// A line came into a year: what that comes to now, and whether the line stands among others.
    pub(super) fn score_with(
        &mut self,
        provider: &ProviderId,
        (year, score, lines): (Year, Score, u32),
        (line, among): (&LineRow, bool),
    ) -> Result<(), StoreError> {
        let record = self.cache.edit::<StoredScores>(&keys::scores(provider))?;
        if let Some(of) = record.year(year) {
            (of.score, of.lines) = (score, lines);
            // Where it changed what others count for, the year is folded again after this.
            if among { of.peaks.add_among(line) } else { of.peaks.add_last(line, score) }
        }
        Ok(())
    }

    /// A year was folded again.
    pub(super) fn score_again(
        &mut self,
        provider: &ProviderId,
        (year, ledger): (Year, &YearLedger),
        lines: &[LineRow],
    ) -> Result<(), StoreError> {
        let record = self.cache.edit::<StoredScores>(&keys::scores(provider))?;
        if let Some(of) = record.year(year) {
            *of = YearScore { year, score: ledger.score, lines: ledger.lines, peaks: Peaks::of(lines) };
        }
        Ok(())
    }
}
