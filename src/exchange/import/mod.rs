//! Import: rows are read and cleaned on one thread while the desk takes the batch before on another. Every batch is
//! one durable block, so a kill leaves whole batches, and importing again completes the rest.

use super::rows::{Ask, Fault, Layout, Why};
use super::{Kind, Source, SourceError};
use crate::desk::{Asked, Desk, Identity, Outcome};
use crate::domain::{Command, Deduction, Refusal};
use crate::ids::Seq;
use crate::store::StoreError;
use std::collections::HashMap;
use std::sync::mpsc::{SyncSender, sync_channel};

/// Rows in one durable block.
const BATCH: usize = 1_000;
/// Batches read ahead: enough to keep both threads busy, few enough to stay small.
const AHEAD: usize = 2;

/// How to import.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Ask everything, keep nothing.
    pub dry_run: bool,
}

/// What came of a file.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Rows read.
    pub read: u64,
    /// Rows that went in.
    pub accepted: u64,
    /// Rows that the store had already.
    pub already: u64,
    /// Rows that did not go in, by row.
    pub rejected: Vec<Rejected>,
}

/// A row that did not go in.
#[derive(Clone, Debug)]
pub struct Rejected {
    /// Row, from 1 for the first below the header.
    pub row: u64,
    /// The column that it is about.
    pub column: &'static str,
    /// What stands there, safe to show.
    pub value: String,
    /// Why.
    pub why: Why,
}

/// Why an import came to an end before the file did.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A part of a file, read and cleaned.
#[derive(Default)]
struct Batch {
    read: u64,
    asks: Vec<Row>,
    faults: Vec<(u64, Box<Fault>)>,
}

/// A row to ask for.
struct Row {
    number: u64,
    ask: Ask,
    /// Its ordinal among equal deductions of the file.
    nth: Option<u32>,
}

/// Imports a file. `progress` hears how many rows are done.
pub fn import(
    desk: &Desk,
    who: &Identity,
    source: &Source,
    kind: Kind,
    options: Options,
    progress: &mut dyn FnMut(u64),
) -> Result<Report, ImportError> {
    let mut taker = Taker { desk, who, report: Report::default(), lines: HashMap::new(), kept: Vec::new() };
    std::thread::scope(|scope| {
        let (send, receive) = sync_channel(AHEAD);
        scope.spawn(move || read_batches(source, kind, &send));
        for batch in receive {
            taker.take(batch?, options)?;
            progress(taker.report.read);
        }
        Ok::<_, ImportError>(())
    })?;
    if options.dry_run {
        taker.rehearse()?;
    }
    taker.report.rejected.sort_by_key(|r| r.row);
    Ok(taker.report)
}

/// Reads the file into batches until it ends or nobody listens any more.
fn read_batches(source: &Source, kind: Kind, send: &SyncSender<Result<Batch, SourceError>>) {
    let layout = Layout::of(source, kind);
    let mut seen = Seen::default();
    let mut read = || -> Result<(), SourceError> {
        let mut records = source.records()?;
        let mut record = csv::StringRecord::new();
        records.next(&mut record)?;
        let (mut batch, mut number) = (Batch::default(), 0);
        while records.next(&mut record)? {
            number += 1;
            if Layout::blank(&record) {
                continue;
            }
            batch.read += 1;
            match seen.read(&layout, &record, number) {
                Ok(row) => batch.asks.push(row),
                Err(fault) => batch.faults.push((number, fault)),
            }
            if batch.asks.len() + batch.faults.len() >= BATCH && send.send(Ok(std::mem::take(&mut batch))).is_err() {
                return Ok(());
            }
        }
        // Nobody listening means that the taker has met an error of its own.
        let _ = send.send(Ok(batch));
        Ok(())
    };
    if let Err(error) = read() {
        let _ = send.send(Err(error));
    }
}

/// 96 bits of a hash: a file of a million rows is mistaken once in 10^17, at 17 bytes a row and not 21.
type Digest = [u8; 12];

/// What stood in the rows before: ids, and how often equal deductions came. Keys are hashes, so that a million rows
/// cost tens of megabytes and not hundreds.
#[derive(Default)]
struct Seen {
    ids: HashMap<Digest, u64>,
    equal: HashMap<Digest, u32>,
}

impl Seen {
    fn read(&mut self, layout: &Layout, record: &csv::StringRecord, number: u64) -> Result<Row, Box<Fault>> {
        if let Some((column, id)) = layout.own_id(record) {
            let first = *self.ids.entry(key(id.as_bytes())).or_insert(number);
            if first != number {
                let (value, why) = (super::clean::shown(&id), Why::DuplicateRow { first });
                return Err(Box::new(Fault { column, value, why, provider: None }));
            }
        }
        let ask = layout.read(record)?;
        let nth = match &ask {
            Ask::Deduct(deduction, _) => {
                let count = self.equal.entry(content(deduction)).or_insert(0);
                *count += 1;
                Some(*count)
            }
            _ => None,
        };
        Ok(Row { number, ask, nth })
    }
}

fn key(bytes: &[u8]) -> Digest {
    let mut key = Digest::default();
    key.copy_from_slice(&blake3::hash(bytes).as_bytes()[..size_of::<Digest>()]);
    key
}

/// A key of all that makes two deductions equal.
fn content(d: &Deduction) -> Digest {
    let mut bytes = Vec::with_capacity(128);
    let parts = [
        Some(d.provider.as_str()),
        Some(d.article.as_str()),
        d.outlet.as_ref().map(crate::ids::OutletId::as_str),
        d.problem.as_deref(),
        d.note.as_deref(),
    ];
    for part in parts {
        let text = part.unwrap_or_default();
        bytes.extend_from_slice(&(text.len() as u64).to_le_bytes());
        bytes.extend_from_slice(text.as_bytes());
    }
    bytes.extend_from_slice(&d.points.0.to_le_bytes());
    bytes.extend_from_slice(d.occurred_on.to_string().as_bytes());
    key(&bytes)
}

/// Takes batches to the desk and counts what comes of them.
struct Taker<'a> {
    desk: &'a Desk,
    who: &'a Identity,
    report: Report,
    /// What the labelled rows of an exported ledger became here; `None` for a line that a rehearsal would make.
    lines: HashMap<Seq, Option<Seq>>,
    /// All rows of a rehearsal.
    kept: Vec<Row>,
}

impl Taker<'_> {
    fn take(&mut self, batch: Batch, options: Options) -> Result<(), ImportError> {
        self.report.read += batch.read;
        for (row, fault) in batch.faults {
            self.fault(row, *fault)?;
        }
        if options.dry_run {
            self.kept.extend(batch.asks);
            return Ok(());
        }
        let mut pending = Vec::with_capacity(batch.asks.len());
        for row in batch.asks {
            // A reversal needs to know what its line became, so the rows before it go first.
            if let Ask::Reverse { reverses, .. } = &row.ask
                && !self.lines.contains_key(reverses)
            {
                self.submit(std::mem::take(&mut pending))?;
            }
            pending.push(row);
        }
        self.submit(pending)
    }

    fn submit(&mut self, rows: Vec<Row>) -> Result<(), ImportError> {
        let (rows, asked) = self.asked(rows);
        if asked.is_empty() {
            return Ok(());
        }
        let outcomes = self.desk.submit_all(self.who, asked)?;
        rows.into_iter().zip(outcomes).for_each(|(row, outcome)| self.count(row, outcome));
        Ok(())
    }

    /// Asks everything in one piece and keeps nothing. Reversals come second: they name lines that the first
    /// part must have been asked for, and cancelling a line changes no other row's answer.
    fn rehearse(&mut self) -> Result<(), ImportError> {
        let reversal = |row: &Row| matches!(row.ask, Ask::Reverse { .. });
        let (second, first): (Vec<Row>, Vec<Row>) = std::mem::take(&mut self.kept).into_iter().partition(reversal);
        let (rows, asked) = self.asked(first);
        let outcomes = self.desk.rehearse(self.who, asked)?;
        for (row, outcome) in rows.into_iter().zip(outcomes) {
            // The seq that a rehearsal gives is nobody's: there is no such line to reverse afterwards.
            let label = label_of(&row.ask).filter(|_| matches!(outcome, Ok(Outcome::Done(_))));
            self.count(row, outcome);
            label.and_then(|label| self.lines.insert(label, None));
        }
        let (here, fresh): (Vec<Row>, Vec<Row>) = second.into_iter().partition(|row| match &row.ask {
            Ask::Reverse { reverses, .. } => self.lines.get(reverses) != Some(&None),
            _ => true,
        });
        let (rows, asked) = self.asked(here);
        let outcomes = self.desk.rehearse(self.who, asked)?;
        rows.into_iter().zip(outcomes).for_each(|(row, outcome)| self.count(row, outcome));
        self.report.accepted += fresh.len() as u64;
        Ok(())
    }

    /// The commands of rows; reversals of rows that did not go in are rejected here.
    fn asked(&mut self, rows: Vec<Row>) -> (Vec<Row>, Vec<Asked>) {
        let mut asked = Vec::with_capacity(rows.len());
        let mut kept = Vec::with_capacity(rows.len());
        for row in rows {
            let command = match &row.ask {
                Ask::Provider(p) => Command::AddProvider(p.clone()),
                Ask::Outlet(o) => Command::AddOutlet(o.clone()),
                Ask::Turnover(t) => Command::RecordTurnover(t.clone()),
                Ask::Deduct(d, _) => Command::Deduct(d.clone()),
                Ask::Reverse { reverses, reason } => match self.lines.get(reverses) {
                    Some(Some(line)) => Command::Reverse { line: *line, reason: reason.clone() },
                    _ => {
                        self.reject(&row, "reverses", Why::UnknownRow);
                        continue;
                    }
                },
            };
            asked.push(Asked { command, nth: row.nth });
            kept.push(row);
        }
        (kept, asked)
    }

    fn count(&mut self, row: Row, outcome: Result<Outcome, Refusal>) {
        let line = match outcome {
            Ok(Outcome::Done(seq)) => {
                self.report.accepted += 1;
                Some(seq)
            }
            Ok(Outcome::Already(seq)) => {
                self.report.already += 1;
                seq
            }
            Err(Refusal::AlreadyReversed { .. }) if matches!(row.ask, Ask::Reverse { .. }) => {
                self.report.already += 1;
                None
            }
            Err(
                Refusal::ProviderExists { differs, .. }
                | Refusal::OutletExists { differs, .. }
                | Refusal::TurnoverExists { differs, .. },
            ) if differs.is_empty() => {
                self.report.already += 1;
                None
            }
            Err(refusal) => {
                self.reject(&row, row.ask.column(&refusal), Why::Refused(refusal));
                None
            }
        };
        if let (Some(label), Some(line)) = (label_of(&row.ask), line) {
            self.lines.insert(label, Some(line));
        }
    }

    fn reject(&mut self, row: &Row, column: &'static str, why: Why) {
        self.report.rejected.push(Rejected { row: row.number, column, value: row.ask.value(column), why });
    }

    /// A row that could not be read. The rules ask who before they ask what, so a row of nobody's says that first.
    fn fault(&mut self, row: u64, fault: Fault) -> Result<(), StoreError> {
        let Fault { mut column, mut value, mut why, provider } = fault;
        if let Some(provider) = provider {
            use chrono::Datelike;
            if self.desk.provider(&provider, self.desk.today().year())?.is_none() {
                (column, value) = ("provider_id", provider.to_string());
                why = Why::Refused(Refusal::UnknownProvider { provider });
            }
        }
        self.report.rejected.push(Rejected { row, column, value, why });
        Ok(())
    }
}

/// The label of a row's line in an exported ledger.
fn label_of(ask: &Ask) -> Option<Seq> {
    match ask {
        Ask::Deduct(_, label) => *label,
        _ => None,
    }
}
