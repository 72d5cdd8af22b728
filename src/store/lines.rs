//! Ledger lines. Each is kept in two parts: its row, by provider and day, which says what a line is to its year and is
//! changed by others; and what it says beyond that, by its number, as it was recorded. Rows are small, so that an office's
//! years are held in memory while lines come in whatever order; what lines say comes in the order of their numbers, is
//! packed once, and mostly left alone.

use super::cache::Item;
use super::keys::{Key, LineAt, LineKey};
use super::page::{Page, Row};
use super::pages::Index;
use super::{StoreError, StoredYear, Top, View, keys};
use crate::domain::{CapGroup, Counting, Deduction, Line, LineKind, LineSubject, YearLedger};
use crate::ids::{ArticleId, OutletId, ProviderId, Seq};
use crate::points::{Points, Score};
use crate::rulebook::{EditionHash, Needs};
use crate::time::{Day, Moment, Year};
use chrono::Datelike;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// Most rows of a page of lines.
pub const LINES: usize = 64;

/// What a line is to its year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineRow {
    /// Where it stands: said before the row.
    #[serde(skip)]
    at: LineAt,
    /// A fingerprint of what it says: said before that.
    #[serde(skip)]
    print: u32,
    /// What it does to the score.
    kind: LineKind,
    /// Assessed points.
    points: Points,
    /// Points that count.
    effective: Points,
    /// The cap that it is under, and the group that shares it.
    capped: Option<(Points, CapGroup)>,
    /// The reversal that cancelled it.
    pub(super) reversed_by: Option<Seq>,
}

/// What a line says beyond that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineText {
    /// Its number: said before the rest.
    #[serde(skip)]
    seq: Seq,
    article: ArticleId,
    recorded_at: Moment,
    by: String,
    outlet: Option<OutletId>,
    problem: Option<String>,
    note: Option<String>,
    cap: Option<Points>,
    needs: Needs,
    pub(super) subject: Option<LineSubject>,
    pub(super) evidence: Option<String>,
    reverses: Option<Seq>,
    /// The edition that it was judged by, as [`Top::editions`] counts them.
    edition: Option<u32>,
    agreed: Option<Seq>,
    proposed: Option<Seq>,
}

/// A page of rows of one provider and year.
pub type LinePage = Page<LineRow>;
/// A page of what lines say, of numbers that follow one another.
pub type TextPage = Page<LineText>;

impl Item for LineRow {}
impl Row for LineRow {
    type Key = LineAt;
    /// They are short.
    const PAGE: usize = LINES;

    fn key(&self) -> LineAt {
        self.at
    }

    fn print(&self) -> u32 {
        self.print
    }

    fn placed(self, at: LineAt, print: u32) -> LineRow {
        LineRow { at, print, ..self }
    }
}

impl Item for LineText {}
impl Row for LineText {
    type Key = Seq;
    /// As many numbers as share a page ([`keys::texts`]).
    const PAGE: usize = keys::TEXTS;

    fn key(&self) -> Seq {
        self.seq
    }

    fn placed(self, seq: Seq, _: u32) -> LineText {
        LineText { seq, ..self }
    }
}

impl Counting for LineRow {
    fn place(&self) -> (Day, Seq) {
        self.at.into()
    }

    fn kind(&self) -> LineKind {
        self.kind
    }

    fn points(&self) -> Points {
        self.points
    }

    fn is_reversed(&self) -> bool {
        self.reversed_by.is_some()
    }

    fn cap_group(&self) -> Option<(Points, Cow<'_, CapGroup>)> {
        self.capped.as_ref().map(|(cap, group)| (*cap, Cow::Borrowed(group)))
    }

    fn effective(&self) -> Points {
        self.effective
    }

    fn count_for(&mut self, effective: Points) {
        self.effective = effective;
    }
}

/// The two parts of a line; the number of the edition that it was judged by is another's to say.
fn parts(line: Line, edition: Option<u32>) -> (LineRow, LineText) {
    let said = (line.outlet.as_ref(), line.problem.as_deref(), line.note.as_deref());
    let row = LineRow {
        at: LineAt::from((line.occurred_on, line.seq)),
        print: print_of(&line.article, line.points, said),
        kind: line.kind,
        points: line.points,
        effective: line.effective,
        capped: line.cap_group().map(|(cap, group)| (cap, group.into_owned())),
        reversed_by: line.reversed_by,
    };
    let text = LineText {
        seq: line.seq,
        article: line.article,
        recorded_at: line.recorded_at,
        by: line.by,
        outlet: line.outlet,
        problem: line.problem,
        note: line.note,
        cap: line.cap,
        needs: line.needs,
        subject: line.subject,
        evidence: line.evidence,
        reverses: line.reverses,
        edition,
        agreed: line.agreed,
        proposed: line.proposed,
    };
    (row, text)
}

/// A line of its parts, and the edition that it was judged by.
fn whole(row: LineRow, text: LineText, edition: Option<EditionHash>) -> Line {
    let (occurred_on, seq) = row.at.into();
    Line {
        seq,
        kind: row.kind,
        article: text.article,
        points: row.points,
        effective: row.effective,
        occurred_on,
        recorded_at: text.recorded_at,
        by: text.by,
        outlet: text.outlet,
        problem: text.problem,
        note: text.note,
        cap: text.cap,
        needs: text.needs,
        subject: text.subject,
        evidence: text.evidence,
        reversed_by: row.reversed_by,
        reverses: text.reverses,
        edition,
        agreed: text.agreed,
        proposed: text.proposed,
    }
}

/// A fingerprint of what a line says of its day: two that say the same have the same.
fn print_of(
    article: &ArticleId,
    points: Points,
    (outlet, problem, note): (Option<&OutletId>, Option<&str>, Option<&str>),
) -> u32 {
    let mut sum = crc32fast::Hasher::new();
    sum.update(&points.0.to_le_bytes());
    for text in [Some(article.as_str()), outlet.map(OutletId::as_str), problem, note] {
        // A byte that is in no text ends each, and one more says that there is none.
        sum.update(text.map_or(&[0xff][..], str::as_bytes));
        sum.update(&[0xfe]);
    }
    sum.finalize()
}

/// The fingerprint of the lines that say what a deduction does.
fn print_for(d: &Deduction) -> u32 {
    print_of(&d.article, d.points, (d.outlet.as_ref(), d.problem.as_deref(), d.note.as_deref()))
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

impl Top {
    /// The number of an edition.
    fn number_of(&mut self, edition: EditionHash) -> Result<u32, StoreError> {
        // The one in force was the last to come, mostly.
        let at = self.editions.iter().rposition(|other| *other == edition);
        let at = at.unwrap_or_else(|| {
            self.editions.push(edition);
            self.editions.len() - 1
        });
        u32::try_from(at).map_err(StoreError::view)
    }

    /// The edition of a number.
    fn edition(&self, number: u32) -> Result<EditionHash, StoreError> {
        let edition = self.editions.get(number as usize).copied();
        edition.ok_or_else(|| StoreError::view("a line judged by an edition that the view does not know"))
    }
}

impl View {
    /// Adds a line to its year.
    pub(super) fn add_line(&mut self, provider: &ProviderId, line: Line) -> Result<(), StoreError> {
        let year = line.occurred_on.year();
        let edition = line.edition.map(|edition| self.top.number_of(edition)).transpose()?;
        let (mut line, text) = parts(line, edition);
        self.put_text(&text)?;
        let year_key = keys::year(year, provider);
        let record = self.cache.edit::<StoredYear>(&year_key)?;
        // What stands among others may change what they count for.
        let among = record.last.is_some_and(|last| last > line.at);
        let again = among && !record.ledger.takes_anywhere(&line);
        record.last = record.last.max(Some(line.at));
        record.ledger.add(&mut line);
        let (score, lines) = (record.ledger.score, record.ledger.lines);
        let mut pages = std::mem::take(&mut record.pages);
        self.put_row(&mut pages, |page| keys::lines(provider, year, page), &line)?;
        self.cache.edit::<StoredYear>(&year_key)?.pages = pages;
        self.score_with(provider, (year, score, lines), (&line, among))?;
        *self.top.lines.entry(year).or_default() += 1;
        if again { self.refold(provider, year) } else { Ok(()) }
    }

    /// Keeps what a line says. Lines come in the order of their numbers, so that a page that is begun leaves the one
    /// before it alone.
    fn put_text(&mut self, text: &LineText) -> Result<(), StoreError> {
        let (page, rest) = self.cache.insert(&keys::texts(text.seq), text)?;
        if rest.is_some() {
            return Err(StoreError::view("a page of more texts than it has numbers"));
        }
        if page.len() == 1
            && let Some(before) = text.seq.0.checked_sub(keys::TEXTS as u64)
        {
            self.cache.rest(&keys::texts(Seq(before)));
        }
        Ok(())
    }

    /// Folds a year anew.
    pub(super) fn refold(&mut self, provider: &ProviderId, year: Year) -> Result<(), StoreError> {
        let mut rows = self.rows_of(provider, year)?;
        // They are in their order already: the fold leaves each where it is.
        let was: Vec<Points> = rows.iter().map(|row| row.effective).collect();
        let ledger = YearLedger::of(&mut rows);
        for (row, _) in rows.iter().zip(was).filter(|(row, was)| row.effective != *was) {
            let Some(key) = self.line_page(provider, row.at.into())? else { continue };
            let page = self.cache.edit::<LinePage>(&key)?;
            if let Some(at) = page.find(&row.at) {
                page.set(at, row)?;
            }
        }
        self.score_again(provider, (year, &ledger), &rows)?;
        self.cache.edit::<StoredYear>(&keys::year(year, provider))?.ledger = ledger;
        Ok(())
    }

    /// Marks a line as cancelled, or as standing; answers with how it was and is.
    pub(super) fn set_reversed(
        &mut self,
        provider: &ProviderId,
        at: LineKey,
        by: Option<Seq>,
    ) -> Result<(bool, Line), StoreError> {
        let missing = || StoreError::view("a correction of a line that the view does not have");
        let key = self.line_page(provider, at)?.ok_or_else(missing)?;
        let page = self.cache.edit::<LinePage>(&key)?;
        let (was, row) = page.change(&at.into(), |row| row.reversed_by = by)?.ok_or_else(missing)?;
        Ok((was.reversed_by.is_some(), self.whole(row)?))
    }

    /// Changes what a line stands on; answers with the line.
    pub(super) fn set_support(
        &mut self,
        provider: &ProviderId,
        at: LineKey,
        set: impl FnOnce(&mut LineText),
    ) -> Result<Line, StoreError> {
        let missing = || StoreError::view("a support of a line that the view does not have");
        let page = self.cache.change::<TextPage>(&keys::texts(at.1))?.ok_or_else(missing)?;
        page.change(&at.1, set)?.ok_or_else(missing)?;
        self.line(provider, at)?.ok_or_else(missing)
    }

    /// A line with what it says.
    fn whole(&mut self, row: LineRow) -> Result<Line, StoreError> {
        let (_, seq) = row.at.into();
        let missing = || StoreError::view("a line of which the view does not have what it says");
        let text =
            self.cache.get::<TextPage>(&keys::texts(seq))?.ok_or_else(missing)?.get(&seq)?.ok_or_else(missing)?;
        let edition = text.edition.map(|number| self.top.edition(number)).transpose()?;
        Ok(whole(row, text, edition))
    }

    pub(super) fn all_whole(&mut self, rows: Vec<LineRow>) -> Result<Vec<Line>, StoreError> {
        rows.into_iter().map(|row| self.whole(row)).collect()
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
        Ok(self.year_on(id, year, day)?.score)
    }

    /// What the lines of a provider's year that had occurred by the end of a day come to by themselves.
    pub fn year_on(&mut self, provider: &ProviderId, year: Year, day: Day) -> Result<YearLedger, StoreError> {
        let mut rows = self.rows_of(provider, year)?;
        rows.retain(|row| row.place().0 <= day);
        Ok(YearLedger::of(&mut rows))
    }

    /// The line of a provider at a place in its ledger.
    pub fn line(&mut self, provider: &ProviderId, at: LineKey) -> Result<Option<Line>, StoreError> {
        let Some(key) = self.line_page(provider, at)? else { return Ok(None) };
        let row = self.cache.get::<LinePage>(&key)?.map_or(Ok(None), |page| page.get(&at.into()))?;
        row.map(|row| self.whole(row)).transpose()
    }

    /// The lines of a ledger that say the same as a deduction does, whatever they stand on, in the order they were
    /// recorded.
    pub fn equals(&mut self, d: &Deduction) -> Result<Vec<Line>, StoreError> {
        let mut equal = self.of_day(d, Some(print_for(d)), |_| true)?;
        equal.retain(|line| says(line, d));
        Ok(equal)
    }

    /// Those of them that stand: nobody reversed them.
    pub(super) fn standing(&mut self, d: &Deduction) -> Result<Vec<Seq>, StoreError> {
        let equal = self.equals(d)?.into_iter();
        Ok(equal.filter(|line| line.reversed_by.is_none()).map(|line| line.seq).collect())
    }

    /// The lines of a ledger of a deduction's article, points and day, up to an entry, in the order they were recorded.
    pub fn alike(&mut self, d: &Deduction, until: Seq) -> Result<Vec<Line>, StoreError> {
        let mut alike = self.of_day(d, None, |row| row.points == d.points && row.place().1 <= until)?;
        alike.retain(|line| line.article == d.article);
        Ok(alike)
    }

    /// The lines of a deduction's provider and day that are no reversals, in the order they were recorded.
    pub fn on_day(&mut self, d: &Deduction) -> Result<Vec<Line>, StoreError> {
        self.of_day(d, None, |_| true)
    }

    /// The lines of a deduction's provider and day that are no reversals: those of a fingerprint, where one is asked for,
    /// and of which what they are to their year is wanted. What others say is not looked up.
    fn of_day(
        &mut self,
        d: &Deduction,
        print: Option<u32>,
        is_wanted: impl Fn(&LineRow) -> bool,
    ) -> Result<Vec<Line>, StoreError> {
        let (year, day) = (d.occurred_on.year(), d.occurred_on);
        let (first, last) = (LineAt::from((day, Seq(0))), LineAt::from((day, Seq(u64::MAX))));
        let mut rows = Vec::new();
        for page in self.line_pages(&d.provider, year, |pages| pages.within(&first, &last))? {
            let Some(page) = self.cache.get::<LinePage>(&keys::lines(&d.provider, year, page))? else { continue };
            // A day has few lines: where they end is seen sooner than looked for.
            for at in page.before(&first)..page.len() {
                if page.key(at)? > last {
                    break;
                }
                if print.is_none_or(|print| page.print(at) == print) {
                    let row = page.row(at)?;
                    rows.extend((row.kind != LineKind::Reversal && is_wanted(&row)).then_some(row));
                }
            }
        }
        self.all_whole(rows)
    }

    /// The rows of a provider's year, by day.
    pub(super) fn rows_of(&mut self, provider: &ProviderId, year: Year) -> Result<Vec<LineRow>, StoreError> {
        let mut rows = Vec::new();
        for page in self.line_pages(provider, year, |pages| pages.after(None))? {
            if let Some(page) = self.cache.get::<LinePage>(&keys::lines(provider, year, page))? {
                rows.reserve(page.len());
                for row in page.rows() {
                    rows.push(row?);
                }
            }
        }
        Ok(rows)
    }

    /// What the index of a year's pages says.
    pub(super) fn line_pages<T: Default>(
        &mut self,
        provider: &ProviderId,
        year: Year,
        ask: impl FnOnce(&Index<LineAt>) -> T,
    ) -> Result<T, StoreError> {
        let record = self.cache.get::<StoredYear>(&keys::year(year, provider))?;
        Ok(record.map(|record| ask(&record.pages)).unwrap_or_default())
    }

    fn line_page(&mut self, provider: &ProviderId, at: LineKey) -> Result<Option<Key>, StoreError> {
        let page = self.line_pages(provider, at.0.year(), |pages| pages.number(&at.into()))?;
        Ok(page.map(|page| keys::lines(provider, at.0.year(), page)))
    }
}
