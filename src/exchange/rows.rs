//! One row of a file, cleaned and turned into what to ask of the desk, or into what is wrong with it.

use super::clean::{fold, number, shown, text, whole};
use super::{Kind, Source};
use crate::domain::{Deduction, LineKind, Outlet, Provider, ProviderKind, Refusal, Turnover};
use crate::ids::{ArticleId, OutletId, ProviderId, Seq};
use crate::money::Fen;
use crate::points::Points;
use crate::time::{DateError, Day, Month, parse_day};
use csv::StringRecord;

/// Why a row is not taken. [`Why::reason`] is its stable name in reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// The rules refuse it.
    Refused(Refusal),
    /// The id stands in an earlier row of the same file.
    DuplicateRow {
        /// That row.
        first: u64,
    },
    /// No id: letters, digits, `-` and `_`.
    BadId,
    /// No whole number of 0 or more, or no amount.
    NotANumber,
    /// It looks like a date, but there is no such day.
    NoSuchDate,
    /// It does not look like a date.
    NotADate,
    /// A word that is none of those wanted.
    UnknownKind(&'static [&'static str]),
    /// It must be there and is blank.
    Missing,
    /// More cells than the header has: a comma too many, or a quotation mark missing.
    TooManyCells {
        /// How many the header has.
        columns: usize,
    },
    /// A reversal of a row that is not in the file or did not go in.
    UnknownRow,
}

impl Why {
    /// The stable reason.
    pub fn reason(&self) -> &'static str {
        match self {
            Why::Refused(refusal) => refusal.reason(),
            Why::DuplicateRow { .. } => "duplicate id",
            Why::BadId => "bad id",
            Why::NotANumber => "not a number",
            Why::NoSuchDate => "no such date",
            Why::NotADate => "not a date",
            Why::UnknownKind(_) => "unknown kind",
            Why::Missing => "missing",
            Why::TooManyCells { .. } => "too many cells",
            Why::UnknownRow => "unknown line",
        }
    }
}

/// What a row asks for.
#[derive(Clone, Debug)]
pub enum Ask {
    /// A provider's record.
    Provider(Provider),
    /// An outlet's record.
    Outlet(Outlet),
    /// A deduction, with the label of its line where the file is an exported ledger.
    Deduct(Deduction, Option<Seq>),
    /// What an outlet turned over in a month.
    Turnover(Turnover),
    /// A reversal of the line that the row of that label became.
    Reverse {
        /// Label of the row.
        reverses: Seq,
        /// Why.
        reason: String,
    },
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

/// Where a file has the columns of its kind.
pub struct Layout {
    kind: Kind,
    places: Vec<(&'static str, usize)>,
    width: usize,
}

/// One record and where its cells are.
struct Cells<'a> {
    layout: &'a Layout,
    record: &'a StringRecord,
    provider: Option<ProviderId>,
}

impl Layout {
    /// The layout of a file.
    pub fn of(source: &Source, kind: Kind) -> Layout {
        let (must, may) = kind.columns();
        let place = |c: &&'static str| source.column(c).map(|i| (*c, i));
        Layout { kind, places: must.iter().chain(may).filter_map(place).collect(), width: source.width() }
    }

    /// Whether nothing at all stands in the record, as in the rows below a spreadsheet's last.
    pub fn blank(record: &StringRecord) -> bool {
        record.iter().all(|cell| cell.trim().is_empty())
    }

    /// The id that must be alone in its file, as it is kept.
    pub fn own_id(&self, record: &StringRecord) -> Option<(&'static str, String)> {
        let column = match self.kind {
            Kind::Providers => "provider_id",
            Kind::Outlets => "outlet_id",
            Kind::Deductions => return None,
            Kind::Turnover => {
                let (outlet, month) = (fold(self.cell(record, "outlet_id")), fold(self.cell(record, "month")));
                let month = month.parse::<Month>().map_or(month, |m| m.to_string());
                return Some(("month", format!("{outlet} {month}")));
            }
        };
        let id = fold(self.cell(record, column));
        (!id.is_empty()).then_some((column, id))
    }

    fn cell<'a>(&self, record: &'a StringRecord, column: &str) -> &'a str {
        let place = self.places.iter().find(|(c, _)| *c == column);
        place.and_then(|(_, i)| record.get(*i)).unwrap_or_default()
    }

    /// Reads one record.
    pub fn read(&self, record: &StringRecord) -> Result<Ask, Box<Fault>> {
        let mut cells = Cells { layout: self, record, provider: None };
        if let Some(extra) = record.iter().skip(self.width).find(|cell| !cell.trim().is_empty()) {
            let why = Why::TooManyCells { columns: self.width };
            return Err(Box::new(Fault { column: "", value: shown(extra), why, provider: None }));
        }
        match self.kind {
            Kind::Providers => cells.provider().map(Ask::Provider),
            Kind::Outlets => cells.outlet().map(Ask::Outlet),
            Kind::Deductions => cells.ledger_row(),
            Kind::Turnover => cells.turnover().map(Ask::Turnover),
        }
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

    /// An id, which must be there.
    fn id<T: std::str::FromStr>(&self, column: &'static str) -> Read<T> {
        let cell = fold(self.raw(column));
        if cell.is_empty() {
            return self.fault(column, Why::Missing);
        }
        cell.parse().or_else(|_| self.fault(column, Why::BadId))
    }

    fn optional<T>(&self, column: &'static str, read: impl FnOnce(&str) -> Result<T, Why>) -> Read<Option<T>> {
        match fold(self.raw(column)) {
            cell if cell.is_empty() => Ok(None),
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

    fn name(&self, column: &'static str) -> Read<String> {
        self.text(column).map_or_else(|| self.fault(column, Why::Missing), Ok)
    }

    fn provider(&mut self) -> Read<Provider> {
        Ok(Provider {
            id: self.id("provider_id")?,
            name: self.name("name")?,
            kind: self.must("kind", kind_of_provider)?,
            city: self.name("city")?,
            population: self.optional("population", count)?,
            registered_capital: self.optional("registered_capital", money)?,
            agreement_on: self.optional("agreement_on", day)?,
            email: self.text("email"),
            phone: self.text("phone"),
        })
    }

    fn outlet(&mut self) -> Read<Outlet> {
        let provider: ProviderId = self.id("provider_id")?;
        self.provider = Some(provider.clone());
        Ok(Outlet {
            id: self.id("outlet_id")?,
            provider,
            city: self.name("city")?,
            name: self.name("name")?,
            signed_on: self.optional("signed_on", day)?,
            staff: self.optional("staff", |c| u32::try_from(count(c)?).map_err(|_| Why::NotANumber))?,
        })
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
        let kind = self.optional("kind", kind_of_line)?;
        if kind == Some(LineKind::Reversal) {
            let reverses = self.must("reverses", |c| c.parse().map_err(|_| Why::NotANumber))?;
            return Ok(Ask::Reverse { reverses, reason: self.text("note").unwrap_or_default() });
        }
        let provider: ProviderId = self.id("provider_id")?;
        self.provider = Some(provider.clone());
        let article = self.article()?;
        let points = self.must("points", |c| whole(c).ok_or(Why::NotANumber))?;
        let deduction = Deduction {
            provider,
            article,
            // Past any article's range: the rules refuse it by that name.
            points: Points(u16::try_from(points).unwrap_or(u16::MAX)),
            occurred_on: self.must("occurred_on", day)?,
            outlet: self.optional("outlet_id", |c| c.parse::<OutletId>().map_err(|_| Why::BadId))?,
            problem: self.text("problem"),
            note: self.text("note"),
        };
        let label = self.optional("line", |c| c.parse().map_err(|_| Why::NotANumber))?;
        Ok(Ask::Deduct(deduction, label))
    }

    /// A word that cannot be an article's id is no article either.
    fn article(&self) -> Read<ArticleId> {
        let cell = fold(self.raw("article"));
        let unknown = || Why::Refused(Refusal::UnknownArticle { article: shown(&cell) });
        match cell.parse() {
            Ok(article) => Ok(article),
            Err(_) if cell.is_empty() => self.fault("article", Why::Missing),
            Err(_) => self.fault("article", unknown()),
        }
    }
}

fn kind_of_provider(cell: &str) -> Result<ProviderKind, Why> {
    cell.to_lowercase().parse().map_err(|_| Why::UnknownKind(&["third-party", "self-operated"]))
}

fn kind_of_line(cell: &str) -> Result<LineKind, Why> {
    let kinds = [LineKind::Deduction, LineKind::Credit, LineKind::Reversal];
    let word = cell.to_lowercase();
    let known = kinds.into_iter().find(|kind| kind.word() == word);
    known.ok_or(Why::UnknownKind(&["deduction", "credit", "reversal"]))
}

fn count(cell: &str) -> Result<u64, Why> {
    whole(cell).ok_or(Why::NotANumber)
}

fn money(cell: &str) -> Result<Fen, Why> {
    let plain = number(cell).ok_or(Why::NotANumber)?;
    Fen::parse_cny(&plain).map_err(|_| Why::NotANumber)
}

fn day(cell: &str) -> Result<Day, Why> {
    parse_day(cell).map_err(|e| match e {
        DateError::NoSuchDay => Why::NoSuchDate,
        DateError::Shape => Why::NotADate,
    })
}

/// A month, or any day of it, as spreadsheets make of months.
fn month(cell: &str) -> Result<Month, Why> {
    cell.parse().or_else(|_| day(cell).map(Month::of))
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
            (Ask::Outlet(o), "outlet_id") => o.id.to_string(),
            (Ask::Outlet(o), "provider_id") => o.provider.to_string(),
            (Ask::Outlet(o), "name") => o.name.clone(),
            (Ask::Outlet(o), "city") => o.city.clone(),
            (Ask::Outlet(o), "signed_on") => o.signed_on.map_or_else(String::new, |d| d.to_string()),
            (Ask::Deduct(d, _), "provider_id") => d.provider.to_string(),
            (Ask::Deduct(d, _), "article") => d.article.to_string(),
            (Ask::Deduct(d, _), "points") => d.points.to_string(),
            (Ask::Deduct(d, _), "occurred_on") => d.occurred_on.to_string(),
            (Ask::Deduct(d, _), "outlet_id") => option(d.outlet.as_ref().map(OutletId::as_str)),
            (Ask::Deduct(d, _), "problem") => option(d.problem.as_deref()),
            (Ask::Deduct(d, _), "note") => option(d.note.as_deref()),
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
