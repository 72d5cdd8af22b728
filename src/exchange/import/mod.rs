//! Import: rows are read and cleaned on one thread while the desk takes the batch before on another. Every batch is
//! one durable block, so a kill leaves whole batches, and importing again completes the rest.

mod audit;
mod seen;
mod taker;

use super::rows::{Aside, Ask, Fault, Layout, Why};
use super::{Kind, Source, SourceError};
use crate::desk::{Desk, Identity};
use crate::exchange::clean::shown;
use crate::ids::Seq;
use crate::rulebook::Rulebook;
use crate::store::StoreError;
pub use audit::{AuditSheet, audit_sheet, typed_sheet};
use seen::Seen;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use taker::Taker;

/// Rows in one durable block.
const BATCH: usize = 1_000;
/// Batches read ahead: enough to keep both threads busy, few enough to stay small.
const AHEAD: usize = 2;
/// Rows that were there already of which a report says which line each is.
const SAME_MAX: usize = 1_000;

/// How to import.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Ask everything, keep nothing.
    pub dry_run: bool,
    /// Where it is raised no further batch is taken.
    pub stop: Option<Arc<AtomicBool>>,
}

/// Where a row stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct At {
    /// Row, from 1 for the first below the header.
    pub row: u64,
    /// Line of the file that it begins in, from 1, all lines counted.
    pub line: u64,
}

/// What came of a file: `read` is the sum of `accepted`, `already`, `rejected` and `named`.
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
    /// Rows that are no data (totals, remarks, the header once more), by row.
    pub named: Vec<Named>,
    /// Which lines of the ledger rows are that were there already: the first of them.
    pub same: Vec<Same>,
    /// Rows out of which invisible characters were taken, and the first of them.
    pub unseen: (u64, Option<At>),
}

/// A row that did not go in.
#[derive(Clone, Debug)]
pub struct Rejected {
    /// Where it stands.
    pub at: At,
    /// The column that it is about.
    pub column: &'static str,
    /// What stands there, safe to show.
    pub value: String,
    /// Why.
    pub why: Why,
}

/// A row that is no data.
#[derive(Clone, Debug)]
pub struct Named {
    /// Where it stands.
    pub at: At,
    /// What it is.
    pub what: Aside,
    /// What stands there, safe to show.
    pub text: String,
}

/// A row that is a line of the ledger already.
#[derive(Clone, Copy, Debug)]
pub struct Same {
    /// Where it stands.
    pub at: At,
    /// The line.
    pub recorded: Seq,
}

/// Why an import came to an end before the file did, and what had come of the file by then.
#[derive(Debug, thiserror::Error)]
#[error("{why}")]
pub struct ImportError {
    /// Why.
    #[source]
    pub why: Stop,
    /// What is in is in: importing again completes it.
    pub so_far: Box<Report>,
}

/// What stops an import.
#[derive(Debug, thiserror::Error)]
pub enum Stop {
    /// The file.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Somebody asked it to.
    #[error("it was asked to stop")]
    Asked,
}

/// A part of a file, read and cleaned.
#[derive(Default)]
struct Batch {
    read: u64,
    asks: Vec<Row>,
    faults: Vec<(At, Box<Fault>)>,
    named: Vec<Named>,
    unseen: (u64, Option<At>),
}

/// A row to ask for.
struct Row {
    at: At,
    ask: Ask,
    /// Its ordinal among equal deductions of the file.
    nth: Option<u32>,
    /// The label of its line in an exported ledger, if it is the first row that bears it: what reverses that label
    /// reverses what became of this row.
    label: Option<Seq>,
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
    let mut taker = Taker::new(desk, who, source, kind);
    let done = std::thread::scope(|scope| {
        let (send, receive) = sync_channel(AHEAD);
        scope.spawn(move || read_batches(source, kind, &desk.rulebook(), &send));
        taker.begin()?;
        let take = || {
            for batch in receive {
                if options.stop.as_ref().is_some_and(|stop| stop.load(Ordering::Relaxed)) {
                    return Err(Stop::Asked);
                }
                taker.take(batch?, options.dry_run)?;
                progress(taker.report.read);
            }
            Ok(())
        };
        // What the writer has is counted, whatever stopped the rest.
        let taken = take();
        let landed = taker.land();
        taken.and(landed)?;
        if options.dry_run { taker.rehearse() } else { Ok(()) }
    });
    let mut report = taker.report;
    report.rejected.sort_by_key(|r| r.at);
    report.named.sort_by_key(|n| n.at);
    done.map(|()| report.clone()).map_err(|why| ImportError { why, so_far: Box::new(report) })
}

/// Reads the file into batches until it ends or nobody listens any more.
fn read_batches(source: &Source, kind: Kind, book: &Rulebook, send: &SyncSender<Result<Batch, SourceError>>) {
    let mut reading = Reading { layout: Layout::of(source, kind, book), seen: Seen::default(), tail: Vec::new() };
    let mut read = || -> Result<(), SourceError> {
        let mut records = source.records()?;
        let mut record = csv::StringRecord::new();
        let (mut batch, mut row) = (Batch::default(), 0);
        while records.next(&mut record)? {
            row += 1;
            if Layout::blank(&record) {
                continue;
            }
            reading.read(&record, At { row, line: records.line() }, &mut batch);
            if batch.asks.len() + batch.faults.len() >= BATCH && send.send(Ok(std::mem::take(&mut batch))).is_err() {
                return Ok(());
            }
        }
        batch.named.extend(reading.tail.drain(..).map(|(named, _)| named));
        // Nobody listening means that the taker has met an error of its own.
        let _ = send.send(Ok(batch));
        Ok(())
    };
    if let Err(error) = read() {
        let _ = send.send(Err(error));
    }
}

/// Rows as they are read.
struct Reading<'a> {
    layout: Layout<'a>,
    seen: Seen,
    /// Rows of one cell with nothing below them so far: remarks below the table, or, once data follows, rows that are
    /// broken.
    tail: Vec<(Named, Box<Fault>)>,
}

impl Reading<'_> {
    fn read(&mut self, record: &csv::StringRecord, at: At, batch: &mut Batch) {
        batch.read += 1;
        let read = self.seen.read(&self.layout, record, at);
        let aside = if read.is_err() { self.layout.aside(record) } else { None };
        let cells = record.iter().map(str::trim).filter(|cell| !cell.is_empty());
        let named = |what| Named { at, what, text: shown(&cells.collect::<Vec<_>>().join(" ")) };
        match (read, aside) {
            (Ok(row), _) => batch.asks.push(row),
            (Err(fault), Some(Aside::Remark)) => return self.tail.push((named(Aside::Remark), fault)),
            (Err(_), Some(what)) => return batch.named.push(named(what)),
            (Err(fault), None) => batch.faults.push((at, fault)),
        }
        batch.faults.extend(self.tail.drain(..).map(|(named, fault)| (named.at, fault)));
        if self.layout.has_unseen(record) {
            batch.unseen.0 += 1;
            batch.unseen.1.get_or_insert(at);
        }
    }
}
