//! One row of a file, cleaned and turned into what to ask of the desk, or into what is wrong with it.

use super::clean::{fold, is_shortened, lost, says_nothing, sheet_error, shown, text, visible};
use super::reversed::Reversed;
use super::value::{article, count, day, line_kind, money, month, points, provider_kind};
use super::{Kind, Separator, Source};
use crate::domain::audit::Flaw;
use crate::domain::{Deduction, LineKind, LineSubject, Outlet, Provider, Refusal, Turnover};
use crate::ids::{ArticleId, OutletId, ProviderId, Seq};
use crate::points::Points;
use crate::rulebook::Rulebook;
use crate::time::{Day, Moment, parse_moment};
use csv::StringRecord;
use std::borrow::Cow;

pub use super::why::Why;

/// An outlet as a roster says it.
#[derive(Clone, Debug)]
pub struct RosterOutlet {
    /// Its record.
    pub outlet: Outlet,
    /// Whose it was before, and the day until which, the first first (decision 15).
    pub past: Vec<(ProviderId, Day)>,
    /// The day that it closed for good, if it did.
    pub closed_on: Option<Day>,
}

/// What a row asks for.
#[derive(Clone, Debug)]
pub enum Ask {
    /// A provider's record.
    Provider(Provider),
    /// An outlet of a roster.
    Outlet(RosterOutlet),
    /// A deduction, with the label of its line where the file is an exported ledger.
    Deduct(Deduction, Option<Label>),
    /// What an outlet turned over in a month.
    Turnover(Turnover),
    /// A reversal of the line that the row of that label became.
    Reverse {
        /// Label of the row.
        reverses: Seq,
        /// Why.
        reason: String,
        /// What else the row says of that line.
        says: Reversed,
    },
}

impl Ask {
    /// Whether it is done in one step, whatever became of the rows before it.
    pub fn is_plain(&self) -> bool {
        match self {
            Ask::Outlet(roster) => roster.past.is_empty() && roster.closed_on.is_none(),
            Ask::Reverse { .. } => false,
            Ask::Provider(_) | Ask::Deduct(..) | Ask::Turnover(_) => true,
        }
    }
}

/// What is wrong with a row, and where.
#[derive(Clone, Debug)]
pub struct Fault {
    /// The column.
    pub column: &'static str,
    /// What stands there.
    pub value: String,
    /// Why it will not do.
    pub why: Why,
    /// The provider that the row names, for the rule that asks first who, then what.
    pub provider: Option<ProviderId>,
}

/// A row that is no data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aside {
    /// The columns once more, as in exports put together.
    Header,
    /// Dashes across the table.
    Rule,
    /// Totals.
    Total,
    /// One cell alone: no data if nothing but such rows follows.
    Remark,
}

impl Aside {
    /// Its stable word.
    pub fn word(self) -> &'static str {
        match self {
            Aside::Header => "header",
            Aside::Rule => "rule",
            Aside::Total => "total",
            Aside::Remark => "remark",
        }
    }
}

/// What an exported ledger says of the line that a row was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label {
    /// Its number in the store that it came from.
    pub line: Seq,
    /// When it was recorded there.
    pub recorded_at: Option<Moment>,
}

/// Where a file has the columns of its kind.
pub struct Layout<'a> {
    kind: Kind,
    book: &'a Rulebook,
    places: Vec<(&'static str, usize)>,
    titles: Vec<String>,
    separator: Separator,
    audit: Option<(ProviderId, Day)>,
}

/// One record and where its cells are.
struct Cells<'a> {
    layout: &'a Layout<'a>,
    record: &'a StringRecord,
    provider: Option<ProviderId>,
}

impl<'a> Layout<'a> {
    /// The layout of a file, whose articles are those of a rulebook.
    pub fn of(source: &Source, kind: Kind, book: &'a Rulebook) -> Layout<'a> {
        let (must, may) = kind.columns();
        let place = |c: &&'static str| source.column(c).map(|i| (*c, i));
        let titles = source.titles().iter().map(|title| fold(title)).collect();
        let places = must.iter().chain(may).chain(&["recorded_at"]).filter_map(place).collect();
        Layout { kind, book, places, titles, separator: source.separator(), audit: None }
    }

    /// Of an audit's sheet: rows that leave open whose they are, or when, are the audit's.
    pub fn of_audit(self, provider: ProviderId, on: Day) -> Layout<'a> {
        Layout { audit: Some((provider, on)), ..self }
    }

    /// Whether nothing at all stands in the record, as in the rows below a spreadsheet's last.
    pub fn blank(record: &StringRecord) -> bool {
        record.iter().all(|cell| cell.trim().is_empty())
    }

    /// Whether cells that are read hold characters that nobody sees, which do not come in.
    pub fn has_unseen(&self, record: &StringRecord) -> bool {
        let unseen = |cell: &str| matches!(visible(cell), Cow::Owned(_)) || cell.contains(['\u{200e}', '\u{200f}']);
        !record.as_slice().is_ascii() && self.places.iter().any(|(_, at)| record.get(*at).is_some_and(unseen))
    }

    /// The id that must be alone in its file, as it is kept.
    pub fn own_id(&self, record: &StringRecord) -> Option<(&'static str, String)> {
        let column = match self.kind {
            Kind::Providers => "provider_id",
            Kind::Outlets => "outlet_id",
            Kind::Deductions | Kind::Audit => return None,
            Kind::Turnover => {
                let (outlet, cell) = (fold(self.cell(record, "outlet_id")), fold(self.cell(record, "month")));
                let month = month(&cell).map_or(cell, |m| m.to_string());
                return Some(("month", format!("{outlet} {month}")));
            }
        };
        let id = fold(self.cell(record, column));
        (!id.is_empty()).then_some((column, id))
    }

    /// Whether the column that says whose row it is has something in it.
    pub fn names_its_owner(&self, record: &StringRecord) -> bool {
        let owner = if self.kind == Kind::Turnover { "outlet_id" } else { "provider_id" };
        !self.cell(record, owner).trim().is_empty()
    }

    fn cell<'r>(&self, record: &'r StringRecord, column: &str) -> &'r str {
        let place = self.places.iter().find(|(c, _)| *c == column);
        place.and_then(|(_, i)| record.get(*i)).unwrap_or_default()
    }

    /// What a record is that could not be read and is no data.
    pub fn aside(&self, record: &StringRecord) -> Option<Aside> {
        let filled: Vec<&str> = record.iter().map(str::trim).filter(|cell| !cell.is_empty()).collect();
        let first = fold(filled.first()?).replace(' ', "").to_lowercase();
        let is_title = |(at, cell): (usize, &str)| self.titles.get(at).is_some_and(|title| *title == fold(cell));
        if record.iter().enumerate().filter(|(_, cell)| !cell.trim().is_empty()).all(is_title) {
            return Some(Aside::Header);
        }
        let line = |c: char| matches!(c, '-' | '=' | '_' | '*' | '─' | '━' | '—' | '－' | '＝' | ' ');
        if filled.iter().all(|cell| cell.chars().all(line)) {
            return Some(Aside::Rule);
        }
        let words = ["合计", "总计", "小计", "共计", "总共", "本页", "累计", "total", "subtotal", "grandtotal", "sum"];
        let counted = first.strip_prefix('共').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        let must = self.kind.columns().0;
        let lacks = must.iter().any(|column| self.cell(record, column).trim().is_empty());
        if lacks && (counted || words.iter().any(|word| first.starts_with(word))) {
            return Some(Aside::Total);
        }
        (filled.len() == 1 && must.len() > 1).then_some(Aside::Remark)
    }

    /// Reads one record.
    pub fn read(&self, record: &StringRecord) -> Result<Ask, Box<Fault>> {
        let mut cells = Cells { layout: self, record, provider: None };
        if let Some(extra) = record.iter().skip(self.titles.len()).find(|cell| !cell.trim().is_empty()) {
            let why = Why::TooManyCells { columns: self.titles.len() };
            return Err(Box::new(Fault { column: "", value: shown(extra), why, provider: None }));
        }
        cells.whole()?;
        match self.kind {
            Kind::Providers => cells.provider().map(Ask::Provider),
            Kind::Outlets => cells.outlet().map(Ask::Outlet),
            Kind::Deductions | Kind::Audit => cells.ledger_row(),
            Kind::Turnover => cells.turnover().map(Ask::Turnover),
        }
    }

    /// How many lines of a cell are rows by themselves.
    fn rows_in(&self, cell: &str) -> usize {
        let is_row = |line: &&str| {
            let record: StringRecord = line.split(self.separator.sign()).collect();
            record.len() > 1 && self.read(&record).is_ok()
        };
        cell.lines().skip(1).filter(is_row).count()
    }
}

type Read<T> = Result<T, Box<Fault>>;

impl Cells<'_> {
    fn raw(&self, column: &'static str) -> &str {
        self.layout.cell(self.record, column)
    }

    fn fault<T>(&self, column: &'static str, why: Why) -> Read<T> {
        let value = shown(self.raw(column).trim());
        Err(Box::new(Fault { column, value, why, provider: self.provider.clone() }))
    }

    /// Whether all cells that are read are what somebody wrote: no errors of formulas, no lost characters, no rows
    /// inside a cell.
    fn whole(&self) -> Read<()> {
        for (column, at) in &self.layout.places {
            let cell = self.record.get(*at).unwrap_or_default();
            let asked = |cell: &str| !cell.is_empty() && cell.chars().all(|c| c == '?' || c == '？');
            if sheet_error(cell) {
                return self.fault(column, Why::SheetError);
            }
            if lost(cell) || (matches!(*column, "name" | "city") && asked(cell.trim())) {
                return self.fault(column, Why::LostText);
            }
            if cell.contains('\n') {
                let rows = self.layout.rows_in(cell);
                if rows > 0 {
                    return self.fault(column, Why::SwallowedRows { rows });
                }
            }
        }
        Ok(())
    }

    /// An id, which must be there.
    fn id<T: std::str::FromStr>(&self, column: &'static str) -> Read<T> {
        let cell = fold(self.raw(column));
        if cell.is_empty() || says_nothing(&cell) {
            return self.fault(column, Why::Missing);
        }
        cell.parse().or_else(|_| self.fault(column, Why::BadId))
    }

    fn optional<T>(&self, column: &'static str, read: impl FnOnce(&str) -> Result<T, Why>) -> Read<Option<T>> {
        match fold(self.raw(column)) {
            cell if cell.is_empty() || says_nothing(&cell) => Ok(None),
            cell => read(&cell).map(Some).or_else(|why| self.fault(column, why)),
        }
    }

    fn must<T>(&self, column: &'static str, read: impl FnOnce(&str) -> Result<T, Why>) -> Read<T> {
        match self.optional(column, read)? {
            Some(value) => Ok(value),
            None => self.fault(column, Why::Missing),
        }
    }

    fn text(&self, column: &'static str) -> Option<String> {
        text(self.raw(column))
    }

    /// A text that must be there.
    fn name(&self, column: &'static str) -> Read<String> {
        self.remark(column).map_or_else(|| self.fault(column, Why::Missing), Ok)
    }

    /// A text; a sign for nothing is none.
    fn remark(&self, column: &'static str) -> Option<String> {
        self.text(column).filter(|text| !says_nothing(&fold(text)))
    }

    /// A text that may look like a number, and that spreadsheets shorten then.
    fn digits(&self, column: &'static str) -> Read<Option<String>> {
        let text = self.remark(column);
        if text.as_deref().is_some_and(|text| is_shortened(&fold(text))) {
            return self.fault(column, Why::Shortened);
        }
        Ok(text)
    }

    /// The tag of a problem: a sign for nothing is no tag, which would add up complaints that have nothing in common.
    /// An exported ledger has its tags as they were.
    fn problem(&self) -> Option<String> {
        let exported = self.layout.places.iter().any(|(column, _)| *column == "line");
        if exported { self.text("problem") } else { self.remark("problem") }
    }

    fn provider(&mut self) -> Read<Provider> {
        Ok(Provider {
            id: self.id("provider_id")?,
            name: self.name("name")?,
            kind: self.must("kind", provider_kind)?,
            city: self.name("city")?,
            population: self.optional("population", count)?,
            registered_capital: self.optional("registered_capital", money)?,
            agreement_on: self.optional("agreement_on", day)?,
            email: self.remark("email"),
            phone: self.digits("phone")?,
        })
    }

    fn outlet(&mut self) -> Read<RosterOutlet> {
        let provider: ProviderId = self.id("provider_id")?;
        self.provider = Some(provider.clone());
        let one = |text: &str| {
            let (id, until) = text.trim().rsplit_once(' ')?;
            Some((id.trim().parse().ok()?, day(until).ok()?))
        };
        let all = |cell: &str| cell.split([';', '；']).map(one).collect::<Option<Vec<_>>>().ok_or(Why::NotTransfers);
        let past = self.optional("transfers", all)?.unwrap_or_default();
        let outlet = Outlet {
            id: self.id("outlet_id")?,
            provider,
            city: self.name("city")?,
            name: self.name("name")?,
            signed_on: self.optional("signed_on", day)?,
            staff: self.optional("staff", |c| u32::try_from(count(c)?).map_err(|_| Why::NotANumber))?,
        };
        Ok(RosterOutlet { outlet, past, closed_on: self.optional("closed_on", day)? })
    }

    fn turnover(&self) -> Read<Turnover> {
        let orders = |c: &str| u32::try_from(count(c)?).map_err(|_| Why::NotANumber);
        Ok(Turnover {
            outlet: self.id("outlet_id")?,
            month: self.must("month", month)?,
            amount: self.must("turnover", money)?,
            orders: self.optional("orders", orders)?,
            with_final_status: self.optional("orders_with_final_status", orders)?,
        })
    }

    fn ledger_row(&mut self) -> Read<Ask> {
        let kind = self.optional("kind", line_kind)?;
        if kind == Some(LineKind::Reversal) {
            let reverses = self.must("reverses", |c| c.parse().map_err(|_| Why::NotANumber))?;
            let article = if fold(self.raw("article")).is_empty() { None } else { Some(self.article()?) };
            let says = Reversed {
                provider: self.optional("provider_id", |c| c.parse().map_err(|_| Why::BadId))?,
                article,
                points: self.optional("points", points)?.map(to_points),
                occurred_on: self.optional("occurred_on", day)?,
            };
            return Ok(Ask::Reverse { reverses, reason: self.text("note").unwrap_or_default(), says });
        }
        let provider = self.charged()?;
        self.provider = Some(provider.clone());
        let article = self.article()?;
        let points = self.must("points", points)?;
        let occurred_on = match &self.layout.audit {
            Some((_, on)) => self.optional("occurred_on", day)?.unwrap_or(*on),
            None => self.must("occurred_on", day)?,
        };
        let deduction = Deduction {
            provider,
            article,
            points: to_points(points),
            occurred_on,
            outlet: self.optional("outlet_id", |c| c.parse::<OutletId>().map_err(|_| Why::BadId))?,
            problem: self.problem(),
            note: self.text("note"),
            subject: self.remark("subject").map(LineSubject::Named),
            evidence: self.remark("evidence"),
        };
        let line = self.optional("line", |c| c.parse().map_err(|_| Why::NotANumber))?;
        Ok(Ask::Deduct(deduction, line.map(|line| Label { line, recorded_at: self.recorded_at() })))
    }

    /// Who is charged: in an audit's sheet, nobody but who was audited.
    fn charged(&self) -> Read<ProviderId> {
        let Some((audited, _)) = &self.layout.audit else { return self.id("provider_id") };
        let said = self.optional("provider_id", |c| c.parse::<ProviderId>().map_err(|_| Why::BadId))?;
        match said {
            Some(provider) if provider != *audited => {
                let flaw = Flaw::OtherProvider { provider, audited: audited.clone() };
                self.fault("provider_id", Why::Refused(Refusal::Audit(flaw)))
            }
            _ => Ok(audited.clone()),
        }
    }

    /// When an exported line was recorded, if that can still be read.
    fn recorded_at(&self) -> Option<Moment> {
        parse_moment(fold(self.raw("recorded_at")).strip_suffix("+08:00")?).ok()
    }

    /// A word that cannot be an article's id is no article either.
    fn article(&self) -> Read<ArticleId> {
        let cell = fold(self.raw("article"));
        let unknown = || Why::Refused(Refusal::UnknownArticle { article: shown(&cell) });
        let known = article(&cell, self.layout.book);
        match known.map_or_else(|| cell.parse(), Ok) {
            Ok(article) => Ok(article),
            Err(_) if cell.is_empty() => self.fault("article", Why::Missing),
            Err(_) => self.fault("article", unknown()),
        }
    }
}

/// Past any article's range: the rules refuse it by that name.
fn to_points(number: u64) -> Points {
    Points(u32::try_from(number).unwrap_or(u32::MAX))
}

impl Ask {
    /// What the row says in a column, for a report.
    pub fn value(&self, column: &str) -> String {
        let option = |text: Option<&str>| text.unwrap_or_default().to_owned();
        let value = match (self, column) {
            (Ask::Provider(p), "provider_id") => p.id.to_string(),
            (Ask::Provider(p), "name") => p.name.clone(),
            (Ask::Provider(p), "city") => p.city.clone(),
            (Ask::Provider(p), "agreement_on") => p.agreement_on.map_or_else(String::new, |d| d.to_string()),
            (Ask::Provider(p), "email") => option(p.email.as_deref()),
            (Ask::Provider(p), "phone") => option(p.phone.as_deref()),
            (Ask::Outlet(row), "outlet_id") => row.outlet.id.to_string(),
            (Ask::Outlet(row), "closed_on") => row.closed_on.map_or_else(String::new, |d| d.to_string()),
            (Ask::Outlet(row), "transfers") => {
                let past = row.past.iter().map(|(provider, until)| format!("{provider} {until}"));
                past.collect::<Vec<_>>().join("; ")
            }
            (Ask::Outlet(row), "provider_id") => row.outlet.provider.to_string(),
            (Ask::Outlet(row), "name") => row.outlet.name.clone(),
            (Ask::Outlet(row), "city") => row.outlet.city.clone(),
            (Ask::Outlet(row), "signed_on") => row.outlet.signed_on.map_or_else(String::new, |d| d.to_string()),
            (Ask::Deduct(d, _), "provider_id") => d.provider.to_string(),
            (Ask::Deduct(d, _), "article") => d.article.to_string(),
            (Ask::Deduct(d, _), "points") => d.points.to_string(),
            (Ask::Deduct(d, _), "occurred_on") => d.occurred_on.to_string(),
            (Ask::Deduct(d, _), "outlet_id") => option(d.outlet.as_ref().map(OutletId::as_str)),
            (Ask::Deduct(d, _), "problem") => option(d.problem.as_deref()),
            (Ask::Deduct(d, _), "note") => option(d.note.as_deref()),
            (Ask::Deduct(d, _), "subject") => d.subject.as_ref().map_or_else(String::new, ToString::to_string),
            (Ask::Deduct(d, _), "evidence") => option(d.evidence.as_deref()),
            (Ask::Turnover(t), "outlet_id") => t.outlet.to_string(),
            (Ask::Turnover(t), "month") => t.month.to_string(),
            (Ask::Turnover(t), "orders_with_final_status") => {
                t.with_final_status.map_or_else(String::new, |n| n.to_string())
            }
            (Ask::Reverse { reverses, .. }, "reverses") => reverses.to_string(),
            (Ask::Reverse { reason, .. }, "note") => reason.clone(),
            _ => String::new(),
        };
        shown(&value)
    }

    /// The column that a refusal is about: a reversal has its own words for line and reason.
    pub fn column(&self, refusal: &Refusal) -> &'static str {
        match (self, refusal.field()) {
            (Ask::Reverse { .. }, "line") => "reverses",
            (Ask::Reverse { .. }, "reason") => "note",
            (_, field) => field,
        }
    }
}
