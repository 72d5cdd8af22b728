//! The sheet of an audit: read like an imported file of deductions, but whole, and asked of the desk as one.

use super::{At, Batch, Named, Reading, Rejected, Report};
use crate::domain::audit::{LINES_MAX, Sheet};
use crate::domain::{Deduction, Refusal};
use crate::exchange::rows::{Ask, Layout, Why};
use crate::exchange::{Kind, Source, SourceError};
use crate::ids::ProviderId;
use crate::rulebook::Rulebook;
use crate::time::Day;

/// The rows of an audit's sheet.
#[derive(Debug)]
pub struct AuditSheet {
    /// What is read, and what is wrong with it.
    pub report: Report,
    lines: Vec<(At, Deduction)>,
}

/// Reads the sheet of an audit of a provider on a day. Rows that are no lines are named in the report; more than an audit
/// takes are counted, and not kept.
pub fn audit_sheet(
    source: &Source,
    book: &Rulebook,
    (provider, on): (&ProviderId, Day),
) -> Result<AuditSheet, SourceError> {
    let layout = Layout::of(source, Kind::Audit, book).of_audit(provider.clone(), on);
    let mut reading = Reading { layout, seen: super::Seen::default(), tail: Vec::new() };
    let (mut records, mut record) = (source.records()?, csv::StringRecord::new());
    let (mut batch, mut row) = (Batch::default(), 0);
    while batch.asks.len() <= LINES_MAX && records.next(&mut record)? {
        row += 1;
        if !Layout::blank(&record) {
            reading.read(&record, At { row, line: records.line() }, &mut batch);
        }
    }
    let tail = reading.tail.drain(..).map(|(named, _)| named);
    let named: Vec<Named> = batch.named.drain(..).chain(tail).collect();
    let mut report = Report { read: batch.read, named, unseen: batch.unseen, ..Report::default() };
    report.rejected.extend(batch.faults.into_iter().map(|(at, fault)| {
        let (column, value, why) = (fault.column, fault.value, fault.why);
        Rejected { at, column, value, why }
    }));
    let line = |(at, ask)| match ask {
        Ask::Deduct(deduction, _) => Some((at, deduction)),
        _ => None,
    };
    let lines = batch.asks.into_iter().map(|row| (row.at, row.ask)).filter_map(line).collect();
    Ok(AuditSheet { report, lines })
}

/// Reads a sheet that was typed or pasted: as a file of that text is read, and one without rows found nothing.
pub fn typed_sheet(
    (name, text): (&str, &str),
    book: &Rulebook,
    whose: (&ProviderId, Day),
) -> Result<AuditSheet, SourceError> {
    match Source::typed(name, text, Kind::Audit) {
        Ok(source) => audit_sheet(&source, book, whose),
        Err(SourceError::Empty { .. }) => Ok(AuditSheet { report: Report::default(), lines: Vec::new() }),
        Err(e) => Err(e),
    }
}

impl AuditSheet {
    /// The audit, with the lines that were read.
    pub fn sheet(&self, sheet: Sheet) -> Sheet {
        Sheet { lines: self.lines.iter().map(|(_, deduction)| deduction.clone()).collect(), ..sheet }
    }

    /// Names the rows that the desk refuses, by their place among the lines.
    pub fn refuse(&mut self, refused: Vec<(usize, Refusal)>) {
        for (place, refusal) in refused {
            let Some((at, deduction)) = self.lines.get(place) else { continue };
            let ask = Ask::Deduct(deduction.clone(), None);
            let column = ask.column(&refusal);
            let value = ask.value(column);
            self.report.rejected.push(Rejected { at: *at, column, value, why: Why::Refused(refusal) });
        }
        self.report.rejected.sort_by_key(|rejected| rejected.at);
    }

    /// How many lines were read.
    pub fn count(&self) -> usize {
        self.lines.len()
    }
}
