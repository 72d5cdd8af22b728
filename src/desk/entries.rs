//! The journal as people read it: an entry, the last ones, and what took one away.

use super::core::Core;
use super::{Desk, StoreError};
use crate::domain::{Chargeable, Event, Line, LineKind, LineSubject, correction, needs};
use crate::ids::{ProviderId, Seq};
use crate::journal::Chained;
use crate::points::Points;
use std::sync::Arc;

/// What corrections made of an entry, and it of others (decision 13).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Corrected {
    /// The entry that takes it away, or reverses the line that it is.
    pub taken_by: Option<Seq>,
    /// The entry that came in its place.
    pub replaced_by: Option<Seq>,
    /// The entry in whose place it came.
    pub replaces: Option<Seq>,
    /// The last entry that brought it back, or what it took away.
    pub brought_back_by: Option<Seq>,
}

impl Desk {
    /// The journal entry of a number, and the number of the last.
    pub fn entry(&self, seq: Seq) -> Result<(Option<Chained>, Seq), StoreError> {
        self.with(|core| Ok((core.journal.entry(seq)?, core.journal.head().seq)))
    }

    /// Journal entries before one of them, newest first.
    pub fn journal_tail(&self, before: Option<Seq>, limit: usize) -> Result<Vec<Chained>, StoreError> {
        self.with(|core| {
            let last = before.map_or(core.journal.head().seq.0, |seq| seq.0.saturating_sub(1));
            let first = last.saturating_sub(limit as u64) + 1;
            let mut rows = Vec::new();
            if last > 0 {
                core.journal.read(Seq(first), &mut |recorded| {
                    let more = recorded.seq.0 < last;
                    rows.push(recorded);
                    more
                })?;
            }
            rows.reverse();
            Ok(rows)
        })
    }

    /// The newest entries, newest first, shared by all who look at them: after a change only what is new is read.
    pub fn newest(&self, limit: usize) -> Result<Vec<Arc<Chained>>, StoreError> {
        self.with(|core| core.newest(limit))
    }

    /// The records of a provider that lines can stand for (section 2), and those that are voided.
    pub fn chargeables(&self, provider: &ProviderId) -> Result<Vec<Chargeable>, StoreError> {
        self.with(|core| core.chargeables(provider))
    }

    /// Whether each of a provider's lines has what its article asks for (section 2).
    pub fn are_supported(&self, provider: &ProviderId, lines: &[Line]) -> Result<Vec<bool>, StoreError> {
        // Most stand on an outlet, and then nothing is looked up.
        let unclear = |line: &Line| !needs::is_supported(line, |_| false);
        let chargeables = if lines.iter().any(unclear) { self.chargeables(provider)? } else { Vec::new() };
        let there = |subject: &LineSubject| needs::stands(&chargeables, subject);
        Ok(lines.iter().map(|line| needs::is_supported(line, there)).collect())
    }

    /// A line, and whose it is.
    pub fn line(&self, seq: Seq) -> Result<Option<(ProviderId, Line)>, StoreError> {
        self.with(|core| core.line(seq))
    }

    /// Lines of a ledger, newest day first, with a line for each void that took any of them away: by whom, and why. It
    /// stands at the day of the first that it took.
    pub fn with_voids(&self, lines: Vec<Line>) -> Result<Vec<Line>, StoreError> {
        let voids = self.with(|core| core.voids(&lines))?;
        Ok(among(lines, voids))
    }

    /// What corrections made of an entry.
    pub fn corrected(&self, seq: Seq) -> Result<Corrected, StoreError> {
        self.with(|core| core.corrected(seq))
    }

    /// The entry that an entry's record is now: itself, or the one that has come into its place.
    pub fn standing(&self, seq: Seq) -> Result<Seq, StoreError> {
        Ok(self.with(|core| core.standing(seq))?.map_or(seq, |(now, _)| now))
    }
}

/// Lines of a ledger with more of them, newest day first.
pub(super) fn among(mut lines: Vec<Line>, more: Vec<Line>) -> Vec<Line> {
    lines.extend(more);
    lines.sort_by_key(|line| std::cmp::Reverse((line.occurred_on, line.seq)));
    lines
}

impl Core {
    /// A line for each void that took any of these lines away; what took one away and is among them is a line itself.
    pub(super) fn voids(&self, lines: &[Line]) -> Result<Vec<Line>, StoreError> {
        let is_there = |seq: Seq| lines.iter().any(|line| line.seq == seq);
        let mut gone: Vec<(Seq, Vec<&Line>)> = Vec::new();
        for line in lines.iter().rev() {
            let Some(by) = line.reversed_by.filter(|by| !is_there(*by)) else { continue };
            match gone.iter_mut().find(|(other, _)| *other == by) {
                Some((_, of)) => of.push(line),
                None => gone.push((by, vec![line])),
            }
        }
        let mut voids = Vec::new();
        for (by, of) in gone {
            let (Some(recorded), Some(first)) = (self.journal.entry(by)?, of.first()) else { continue };
            let Event::Voided { reason, .. } = recorded.entry.event else { continue };
            let numbers: Vec<String> = of.iter().map(|line| format!("#{}", line.seq)).collect();
            let note = if numbers.len() > 1 { format!("{}\n{reason}", numbers.join(" ")) } else { reason };
            voids.push(Line {
                seq: by,
                kind: LineKind::Void,
                effective: Points(0),
                recorded_at: recorded.entry.at,
                by: recorded.entry.by,
                note: Some(note),
                reversed_by: None,
                reverses: Some(first.seq),
                ..Line::clone(first)
            });
        }
        Ok(voids)
    }

    fn newest(&mut self, limit: usize) -> Result<Vec<Arc<Chained>>, StoreError> {
        let first = (self.journal.head().seq.0 + 1).saturating_sub(limit as u64);
        while self.newest.front().is_some_and(|known| known.seq.0 < first) {
            self.newest.pop_front();
        }
        // Who looks at more of them than was looked at before begins anew.
        let gap = self.newest.front().is_none_or(|known| known.seq.0 > first.max(1));
        if gap {
            self.newest.clear();
        }
        let from = self.newest.back().map_or(Seq(first.max(1)), |known| known.seq.next());
        if from <= self.journal.head().seq {
            let newest = &mut self.newest;
            self.journal.read(from, &mut |recorded| {
                newest.push_back(Arc::new(recorded));
                true
            })?;
        }
        Ok(self.newest.iter().rev().take(limit).map(Arc::clone).collect())
    }

    /// What corrections made of an entry.
    pub(super) fn corrected(&mut self, seq: Seq) -> Result<Corrected, StoreError> {
        let Some(event) = self.event(seq)? else { return Ok(Corrected::default()) };
        let taken_by = self.look_on_record(|facts| correction::taken_by(facts, seq, &event))?;
        let room = self.makes_room(taken_by)?;
        let replaced_by = taken_by.filter(|_| room == Some(seq)).map(Seq::next);
        let mut brought_back_by = None;
        let back = event.provider().map(|provider| self.view.brought_back(provider)).transpose()?;
        for by in back.unwrap_or_default() {
            let undoes = matches!(self.event(by)?, Some(Event::Restored { void, .. }) if void == seq);
            let gives = undoes || self.look_on_record(|facts| correction::given_back(facts, by))?.contains(&seq);
            brought_back_by = Some(by).filter(|_| gives).or(brought_back_by);
        }
        Ok(Corrected { taken_by, replaced_by, replaces: self.makes_room(seq.before())?, brought_back_by })
    }

    /// The entry whose place the one behind an entry takes.
    fn makes_room(&self, seq: Option<Seq>) -> Result<Option<Seq>, StoreError> {
        Ok(seq.map(|seq| self.event(seq)).transpose()?.flatten().and_then(|event| event.makes_room()))
    }

    /// What an entry says.
    fn event(&self, seq: Seq) -> Result<Option<Event>, StoreError> {
        Ok(self.journal.entry(seq)?.map(|recorded| recorded.entry.event))
    }
}
