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

/// 96 bits of a hash: a file of a million rows is mistaken once in 10^17, at some 13 bytes a row.
pub type Digest = [u8; 12];

/// How often each of many digests came; of most, once.
pub struct Counts {
    /// Those that came, in parts by how they begin, each in order. A part is some hundred digests of a file of a million
    /// rows: to put one more in its place moves little, and nothing is held but what came.
    came: Vec<Vec<Digest>>,
    /// How often those came that came more than once.
    often: HashMap<Digest, u32>,
}

/// How many parts: as many as 12 bits tell apart.
const PARTS: usize = 1 << 12;

impl Default for Counts {
    fn default() -> Counts {
        Counts { came: vec![Vec::new(); PARTS], often: HashMap::new() }
    }
}

impl Counts {
    /// One more; answers with how many that makes.
    fn add(&mut self, digest: Digest) -> u32 {
        let part = &mut self.came[part(&digest)];
        let Err(at) = part.binary_search(&digest) else {
            let count = self.often.entry(digest).or_insert(1);
            *count += 1;
            return *count;
        };
        if part.len() == part.capacity() {
            // A little more than is needed: half of each part would be held for nothing.
            part.reserve_exact(part.len() / 8 + 1);
        }
        part.insert(at, digest);
        1
    }

    /// How many there are of one.
    pub fn of(&self, digest: &Digest) -> u32 {
        match self.often.get(digest) {
            Some(count) => *count,
            None => self.came[part(digest)].binary_search(digest).is_ok().into(),
        }
    }
}

/// The part of a digest.
fn part([a, b, ..]: &Digest) -> usize {
    (usize::from(u16::from_be_bytes([*a, *b])) * PARTS) >> u16::BITS
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

    /// Digests are counted by all of their bytes, whatever part they are in; the parts are much the same.
    #[test]
    fn digests_are_counted_one_by_one() {
        let (mut counts, mut parts) = (Counts::default(), vec![0; PARTS]);
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
        assert!(parts.iter().all(|held| *held < 30) && parts.iter().filter(|held| **held == 0).count() < 100);
        assert_eq!((part(&[0; 12]), part(&[0xff; 12])), (0, PARTS - 1));
    }
}
