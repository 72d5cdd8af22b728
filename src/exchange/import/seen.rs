//! What stood in the rows of a file before, and what it holds as a whole. Keys are hashes, so that a million rows cost
//! tens of megabytes and not hundreds.

use super::{At, Row};
use crate::domain::{Deduction, Line};
use crate::exchange::clean::shown;
use crate::exchange::rows::{Ask, Fault, Layout, Why};
use crate::exchange::{Source, SourceError};
use crate::ids::{ProviderId, Seq};
use chrono::Datelike;
use csv::StringRecord;
use std::collections::{HashMap, HashSet};

/// 96 bits of a hash: a file of a million rows is mistaken once in 10^17, at 13 bytes a row.
pub type Digest = [u8; 12];

/// How often each of many digests came; of most, once.
#[derive(Default)]
pub struct Counts {
    /// Those that came. They are in parts of different sizes, which grow one after another: a table that grows is held
    /// twice, and is half empty afterwards.
    came: [HashSet<Digest>; PARTS],
    /// How often those came that came more than once.
    often: HashMap<Digest, u32>,
}

/// How many parts: each holds some 9 % more than the one before, the last twice as many as the first.
const PARTS: usize = 8;
/// How many in 65,536 digests come before the end of each part.
const BEFORE: [u16; PARTS] = [5_932, 12_400, 19_454, 27_146, 35_534, 44_682, 54_658, u16::MAX];

impl Counts {
    /// One more; answers with how many that makes.
    fn add(&mut self, digest: Digest) -> u32 {
        if self.came.get_mut(part(&digest)).is_some_and(|part| part.insert(digest)) {
            return 1;
        }
        let count = self.often.entry(digest).or_insert(1);
        *count += 1;
        *count
    }

    /// How many there are of one.
    pub fn of(&self, digest: &Digest) -> u32 {
        match self.often.get(digest) {
            Some(count) => *count,
            None => self.came.get(part(digest)).is_some_and(|part| part.contains(digest)).into(),
        }
    }
}

/// The part of a digest.
fn part([a, b, ..]: &Digest) -> usize {
    let at = u16::from_le_bytes([*a, *b]);
    BEFORE.iter().position(|end| at < *end).unwrap_or(PARTS - 1)
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
    let mut bytes = Vec::with_capacity(256);
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
    bytes.extend_from_slice(&d.occurred_on.num_days_from_ce().to_le_bytes());
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Digests are counted by all of their bytes, whatever part they are in; the parts are as large as they say.
    #[test]
    fn digests_are_counted_one_by_one() {
        let (mut counts, mut parts) = (Counts::default(), [0; PARTS]);
        let digest = |n: u32| key(&n.to_le_bytes());
        for n in 0..20_000 {
            assert_eq!((counts.of(&digest(n)), counts.add(digest(n))), (0, 1));
            parts[part(&digest(n))] += 1;
        }
        assert_eq!((counts.add(digest(7)), counts.add(digest(7)), counts.of(&digest(7))), (2, 3, 3));
        assert_eq!((counts.of(&digest(8)), counts.of(&digest(20_000))), (1, 0));
        let mut near = digest(9);
        near[11] ^= 1;
        assert_eq!(counts.of(&near), 0);
        assert!(parts.is_sorted() && parts[PARTS - 1] > parts[0] * 3 / 2 && parts[0] > 1_000, "{parts:?}");
    }
}
