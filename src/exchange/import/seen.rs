//! What stood in the rows of a file before, and what it holds as a whole. Keys are hashes, so that a million rows cost
//! tens of megabytes and not hundreds.

use super::{At, Row};
use crate::domain::{Deduction, Line};
use crate::exchange::clean::shown;
use crate::exchange::rows::{Ask, Fault, Layout, Why};
use crate::exchange::{Source, SourceError};
use crate::ids::{ProviderId, Seq};
use csv::StringRecord;
use std::collections::{HashMap, HashSet};

/// 96 bits of a hash: a file of a million rows is mistaken once in 10^17, at 17 bytes a row and not 21.
pub type Digest = [u8; 12];

/// How often each of many digests came. They are in parts that grow one by one: a table that grows is held twice.
#[derive(Default)]
pub struct Counts {
    parts: [HashMap<Digest, u32>; PARTS],
}

/// How many.
const PARTS: usize = 16;

impl Counts {
    /// One more; answers with how many that makes.
    fn add(&mut self, digest: Digest) -> u32 {
        let count = self.parts[usize::from(digest[0]) % PARTS].entry(digest).or_insert(0);
        *count += 1;
        *count
    }

    /// How many there are of one.
    pub fn of(&self, digest: &Digest) -> u32 {
        self.parts[usize::from(digest[0]) % PARTS].get(digest).copied().unwrap_or_default()
    }
}

/// What stood in the rows before: ids, and how often equal deductions came.
#[derive(Default)]
pub struct Seen {
    ids: HashMap<Digest, u64>,
    equal: Counts,
    labels: HashSet<Seq>,
    /// Whether some row named whose it is.
    owner: bool,
}

impl Seen {
    /// Reads a row, as far as it is one.
    pub fn read(&mut self, layout: &Layout<'_>, record: &StringRecord, at: At) -> Result<Row, Box<Fault>> {
        if let Some((column, id)) = layout.own_id(record) {
            let first = *self.ids.entry(key(id.as_bytes())).or_insert(at.row);
            if first != at.row {
                let (value, why) = (shown(&id), Why::DuplicateRow { first });
                return Err(Box::new(Fault { column, value, why, provider: None }));
            }
        }
        let names = layout.names_its_owner(record);
        let ask = layout.read(record).map_err(|mut fault| {
            // A cell merged over rows comes out as its text in the first and as nothing in the others.
            if fault.why == Why::Missing && !names && self.owner && fault.column.ends_with("_id") {
                fault.why = Why::Merged;
            }
            fault
        })?;
        self.owner |= names;
        let nth = match &ask {
            Ask::Deduct(deduction, _) => Some(self.equal.add(content(deduction))),
            _ => None,
        };
        let label = match &ask {
            Ask::Deduct(_, label) => label.map(|label| label.line).filter(|line| self.labels.insert(*line)),
            _ => None,
        };
        Ok(Row { at, ask, nth, label })
    }
}

/// How often each deduction stands in a whole file.
pub fn count_all(source: &Source, layout: &Layout<'_>) -> Result<Counts, SourceError> {
    let (mut records, mut record, mut counts) = (source.records()?, StringRecord::new(), Counts::default());
    while records.next(&mut record)? {
        if let Ok(Ask::Deduct(deduction, _)) = layout.read(&record) {
            counts.add(content(&deduction));
        }
    }
    Ok(counts)
}

fn key(bytes: &[u8]) -> Digest {
    let mut key = Digest::default();
    key.copy_from_slice(&blake3::hash(bytes).as_bytes()[..size_of::<Digest>()]);
    key
}

/// A key of all that makes two deductions equal.
pub fn content(d: &Deduction) -> Digest {
    let mut bytes = Vec::with_capacity(128);
    let subject = d.subject.as_ref().map(ToString::to_string);
    let parts = [
        Some(d.provider.as_str()),
        Some(d.article.as_str()),
        d.outlet.as_ref().map(crate::ids::OutletId::as_str),
        d.problem.as_deref(),
        d.note.as_deref(),
        d.evidence.as_deref(),
        subject.as_deref(),
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

/// The same of a line that is on record.
pub fn content_of(provider: &ProviderId, line: &Line) -> Digest {
    content(&Deduction {
        provider: provider.clone(),
        article: line.article.clone(),
        points: line.points,
        occurred_on: line.occurred_on,
        outlet: line.outlet.clone(),
        problem: line.problem.clone(),
        note: line.note.clone(),
        subject: line.subject.clone(),
        evidence: line.evidence.clone(),
    })
}
