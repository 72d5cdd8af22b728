//! Export: CSV in UTF-8 with a byte order mark, as spreadsheets here open it; no cell starts a formula, and
//! importing it again gives the same records and scores.

use super::Kind;
use super::clean::guard;
use crate::desk::{Desk, pages};
use crate::domain::{Deduction, Event, Line, LineKind, Provider, Turnover, needs};
use crate::ids::{ProviderId, Seq};
use crate::journal::Chained;
use crate::points::Points;
use crate::rulebook::ArticleKind;
use crate::store::{OutletRow, StoreError};
use crate::time::{Moment, Year};
use std::collections::HashMap;
use std::io::{self, Write};
use std::path::PathBuf;

/// Rows read at a time.
const PAGE: usize = 1_000;

/// Columns of an exported ledger.
const LEDGER: [&str; 15] = [
    "line",
    "kind",
    "provider_id",
    "article",
    "points",
    "effective",
    "occurred_on",
    "outlet_id",
    "problem",
    "note",
    "subject",
    "evidence",
    "reverses",
    "recorded_at",
    "by",
];

/// Why an export did not come about.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The output.
    #[error("{}: {source}", file.display())]
    Io {
        /// Where it was to go; `-` is the standard output.
        file: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

type Out<'a> = csv::Writer<&'a mut dyn Write>;

/// Writes all records of a kind; returns how many. Deductions are the ledger, in the order it was recorded.
pub fn export(desk: &Desk, kind: Kind, out: &mut dyn Write) -> Result<u64, ExportError> {
    out.write_all(b"\xef\xbb\xbf").map_err(to_out)?;
    let mut csv = csv::Writer::from_writer(out);
    let rows = match kind {
        Kind::Providers => providers(desk, &mut csv),
        Kind::Outlets => outlets(desk, &mut csv),
        Kind::Deductions | Kind::Audit => ledger(desk, &mut csv),
        Kind::Turnover => turnover(desk, &mut csv),
    }?;
    csv.flush().map_err(to_out)?;
    Ok(rows)
}

fn to_out(source: io::Error) -> ExportError {
    ExportError::Io { file: "-".into(), source }
}

fn write_row<I: AsRef<[u8]>>(csv: &mut Out<'_>, cells: impl IntoIterator<Item = I>) -> Result<(), ExportError> {
    csv.write_record(cells).map_err(|e| match e.into_kind() {
        csv::ErrorKind::Io(source) => to_out(source),
        other => to_out(io::Error::other(format!("{other:?}"))),
    })
}

fn shown<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(String::new, |v| v.to_string())
}

fn guarded(value: Option<&str>) -> String {
    guard(value.unwrap_or_default()).into_owned()
}

fn all_providers(desk: &Desk) -> Result<Vec<Provider>, StoreError> {
    use chrono::Datelike;
    let rows = desk.providers(desk.today().year())?;
    Ok(rows.into_iter().map(|row| row.provider).collect())
}

fn providers(desk: &Desk, csv: &mut Out<'_>) -> Result<u64, ExportError> {
    let (must, may) = Kind::Providers.columns();
    write_row(csv, must.iter().chain(may))?;
    let all = all_providers(desk)?;
    for p in &all {
        let cells = [
            p.id.to_string(),
            guarded(Some(&p.name)),
            p.kind.word().to_owned(),
            guarded(Some(&p.city)),
            shown(p.population),
            shown(p.registered_capital),
            shown(p.agreement_on),
            guarded(p.email.as_deref()),
            guarded(p.phone.as_deref()),
        ];
        write_row(csv, cells)?;
    }
    Ok(all.len() as u64)
}

fn turnover(desk: &Desk, csv: &mut Out<'_>) -> Result<u64, ExportError> {
    let (must, may) = Kind::Turnover.columns();
    write_row(csv, must.iter().chain(may))?;
    let mut rows = 0;
    for provider in all_providers(desk)? {
        for month in desk.reported_months(&provider.id)? {
            let read =
                |last: Option<&Turnover>, most| desk.turnovers(&provider.id, month, last.map(|t| &t.outlet), most);
            pages(read, |page| {
                rows += page.len() as u64;
                page.iter().try_for_each(|t| write_row(csv, turnover_cells(t)))
            })?;
        }
    }
    Ok(rows)
}

fn outlets(desk: &Desk, csv: &mut Out<'_>) -> Result<u64, ExportError> {
    let (must, may) = Kind::Outlets.columns();
    write_row(csv, must.iter().chain(may))?;
    let mut rows = 0;
    for provider in all_providers(desk)? {
        let read = |last: Option<&OutletRow>, most| desk.lives(&provider.id, last.map(|row| &row.outlet.id), most);
        pages(read, |page| {
            // Who never signed is in no roster: a candidate has no column for how far it came.
            let signed = page.iter().filter(|row| !row.life.proposed || row.outlet.signed_on.is_some());
            let signed: Vec<&OutletRow> = signed.collect();
            rows += signed.len() as u64;
            signed.into_iter().try_for_each(|row| write_row(csv, outlet_cells(row)))
        })?;
    }
    Ok(rows)
}

fn turnover_cells(t: &Turnover) -> [String; 5] {
    let (outlet, month, amount) = (t.outlet.to_string(), t.month.to_string(), t.amount.to_string());
    [outlet, month, amount, shown(t.orders), shown(t.with_final_status)]
}

/// Whose it was before stands in one cell, each with the day until which: `P0001 2011-04-01; P0003 2011-06-02`
/// (decision 15).
fn outlet_cells(row: &OutletRow) -> [String; 8] {
    let o = &row.outlet;
    let past: Vec<String> = row.past.iter().map(|(provider, until)| format!("{provider} {until}")).collect();
    [
        o.id.to_string(),
        o.provider.to_string(),
        guarded(Some(&o.city)),
        guarded(Some(&o.name)),
        shown(o.signed_on),
        shown(o.staff),
        past.join("; "),
        shown(row.life.since.filter(|_| row.life.stage.is_gone())),
    ]
}

/// The ledger in journal order, so that caps land the same when it is imported. What a line counts for and stands on
/// is in the view, by day; only that is held for all lines, everything else is read as it is written.
fn ledger(desk: &Desk, csv: &mut Out<'_>) -> Result<u64, ExportError> {
    write_row(csv, LEDGER)?;
    let (effective, support) = view_of_lines(desk)?;
    let head = desk.stats()?.head.seq.0;
    let (mut rows, mut done) = (0, 0);
    while done < head {
        let to = head.min(done + PAGE as u64);
        let page = desk.journal_tail(Some(Seq(to + 1)), usize::try_from(to - done).unwrap_or(PAGE))?;
        for recorded in page.iter().rev() {
            let counted = effective.binary_search_by_key(&recorded.seq, |(seq, _)| *seq);
            let counted = counted.map_or(Points(0), |at| effective[at].1);
            let support = support.get(&recorded.seq).cloned().unwrap_or_default();
            for cells in ledger_cells(desk, recorded, counted, support)? {
                write_row(csv, cells)?;
                rows += 1;
            }
        }
        done = to;
    }
    Ok(rows)
}

/// What a line stands for, and its evidence, as cells.
type Support = (String, String);

/// Effective points by line, and what lines stand on.
type OfLines = (Vec<(Seq, Points)>, HashMap<Seq, Support>);

/// Effective points of all lines, by line, and what lines stand on that say so: few.
fn view_of_lines(desk: &Desk) -> Result<OfLines, StoreError> {
    let (mut all, mut support) = (Vec::new(), HashMap::new());
    for provider in all_providers(desk)? {
        let mut standing = Vec::new();
        for year in desk.years()? {
            each_line(desk, &provider.id, year, &mut |line| {
                all.push((line.seq, line.effective));
                if line.kind != LineKind::Reversal && (line.subject.is_some() || line.evidence.is_some()) {
                    standing.push(line);
                }
            })?;
        }
        let chargeables = if standing.is_empty() { Vec::new() } else { desk.chargeables(&provider.id)? };
        for line in standing {
            let subject = line.subject.map_or_else(String::new, |subject| needs::written(&chargeables, &subject));
            support.insert(line.seq, (guarded(Some(&subject)), guarded(line.evidence.as_deref())));
        }
    }
    all.sort_unstable();
    Ok((all, support))
}

/// Walks the lines of a provider's year, newest first.
fn each_line(desk: &Desk, provider: &ProviderId, year: Year, each: &mut dyn FnMut(Line)) -> Result<(), StoreError> {
    let before = |line: &Line| (line.occurred_on, line.seq);
    pages(
        |last, most| desk.ledger(provider, year, last.map(before), most),
        |page| {
            page.into_iter().for_each(&mut *each);
            Ok(())
        },
    )
}

/// The rows of an entry: what took a line away is its reversal, whatever it is (decision 13), and one that is away itself
/// reverses nothing.
fn ledger_cells(
    desk: &Desk,
    recorded: &Chained,
    counted: Points,
    support: Support,
) -> Result<Vec<[String; 15]>, StoreError> {
    let (seq, entry) = (recorded.seq, &recorded.entry);
    let reason = match &entry.event {
        Event::Reversed { reason, .. } | Event::Voided { reason, .. } => reason.as_str(),
        event => {
            let deduction = event.deduction();
            return Ok(deduction
                .map(|(d, law)| line_cells(recorded, (d, law.kind), counted, support))
                .into_iter()
                .collect());
        }
    };
    let gone: Vec<Seq> = match &entry.event {
        Event::Reversed { line, .. } => vec![*line],
        Event::Voided { lines, .. } => lines.iter().map(|(_, line)| *line).collect(),
        _ => Vec::new(),
    };
    let mut rows = Vec::new();
    for line in gone {
        let Some((provider, gone)) = desk.line(line)? else { continue };
        if gone.reversed_by != Some(seq) || gone.kind == LineKind::Reversal {
            continue;
        }
        rows.push([
            seq.to_string(),
            "reversal".to_owned(),
            provider.to_string(),
            gone.article.to_string(),
            gone.points.to_string(),
            "0".to_owned(),
            gone.occurred_on.to_string(),
            shown(gone.outlet.as_ref()),
            guarded(gone.problem.as_deref()),
            guarded(Some(reason)),
            String::new(),
            String::new(),
            line.to_string(),
            stamp(entry.at),
            guarded(Some(&entry.by)),
        ]);
    }
    Ok(rows)
}

fn line_cells(
    recorded: &Chained,
    (d, kind): (&Deduction, ArticleKind),
    counted: Points,
    (subject, evidence): Support,
) -> [String; 15] {
    [
        recorded.seq.to_string(),
        match kind {
            ArticleKind::Deduction => "deduction".to_owned(),
            ArticleKind::Credit => "credit".to_owned(),
        },
        d.provider.to_string(),
        d.article.to_string(),
        d.points.to_string(),
        counted.to_string(),
        d.occurred_on.to_string(),
        shown(d.outlet.as_ref()),
        guarded(d.problem.as_deref()),
        guarded(d.note.as_deref()),
        subject,
        evidence,
        String::new(),
        stamp(recorded.entry.at),
        guarded(Some(&recorded.entry.by)),
    ]
}

/// A moment on the wall clock in Beijing.
fn stamp(at: Moment) -> String {
    at.civil().format("%Y-%m-%dT%H:%M:%S+08:00").to_string()
}
