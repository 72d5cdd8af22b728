//! Audits: decided with all their lines, and read as a report.

use super::core::{Core, Group};
use super::{Desk, DeskError, Identity, Receipt};
use crate::domain::audit::{Audit, Audited, Sheet};
use crate::domain::second::Waiting;
use crate::domain::{Command, Context, Event, Fact, Line, Refusal, YearLedger};
use crate::ids::{ProviderId, Seq};
use crate::points::Score;
use crate::store::StoreError;
use crate::time::Year;
use chrono::Datelike;

/// What would become of an audit: the entry that it would be, and the lines that are refused, by their place in the sheet.
pub type AuditDecided = Result<(Seq, Vec<(usize, Refusal)>), Refusal>;

/// An audit as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditReport {
    /// Whose it is.
    pub provider: ProviderId,
    /// The audit.
    pub audited: Audited,
    /// The entry that took it away, if one did.
    pub taken_by: Option<Seq>,
    /// Its lines as the ledger has them.
    pub lines: Vec<AuditLine>,
    /// Its lines that wait for a second person, and count nothing until then (decision 28).
    pub waiting: Vec<Waiting>,
    /// The score of each year that it is about, as it would be without its lines, and as it is.
    pub years: Vec<(Year, Score, Score)>,
}

/// A line of an audit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditLine {
    /// The entry that the audit brought.
    pub entry: Seq,
    /// The line that it is now: itself, the one that came in its place, or the one that was confirmed.
    pub line: Line,
}

impl AuditReport {
    /// What its lines were assessed with, and what of that counts.
    pub fn sum(&self) -> (u64, u64) {
        let sum = |points: &dyn Fn(&Line) -> u32| self.lines.iter().map(|l| u64::from(points(&l.line))).sum();
        (sum(&|line| line.points.0), sum(&|line| line.effective.0))
    }
}

impl Desk {
    /// Which lines of an audit would be refused, and why; nothing is kept.
    pub fn try_audit(&self, who: &Identity, sheet: &Sheet, once: bool) -> Result<AuditDecided, StoreError> {
        self.with_cx(|core, cx| {
            let laws = core.laws(cx.laws.loaded())?;
            let mut group = Group::new(core.journal.head().seq, who.name.clone());
            (group.once, group.together) = (once, true);
            core.in_vain(|core| core.decide_audit(&mut group, sheet, cx.under(&laws)))
        })
    }

    /// Records an audit and its lines, all of them or nothing. Unless it is `again`, what is on record already is asked
    /// about.
    pub fn record_audit(&self, who: &Identity, sheet: Sheet, again: bool) -> Result<Receipt, DeskError> {
        let command = Command::Audit(Box::new(sheet));
        if again { self.submit(who, command) } else { self.submit_once(who, command) }
    }

    /// The report of an audit; none where the entry is no audit.
    pub fn audit(&self, seq: Seq) -> Result<Option<AuditReport>, StoreError> {
        let Some(recorded) = self.entry(seq)?.0 else { return Ok(None) };
        let Event::Happened(h) = recorded.entry.event else { return Ok(None) };
        let Fact::Audit(audit) = h.fact else { return Ok(None) };
        let lines = self.audit_lines(seq, &audit)?;
        let mut years: Vec<Year> = lines.iter().map(|l| l.line.occurred_on.year()).collect();
        years.push(h.on.year());
        years.sort_unstable();
        years.dedup();
        // A year in which it has no line did not change by it.
        years.retain(|year| lines.is_empty() || lines.iter().any(|l| l.line.occurred_on.year() == *year));
        let with = |year: &Year| {
            let mut all = self.with(|core| core.view.lines_of(&h.provider, *year))?;
            let after = YearLedger::of(&mut all).score;
            all.retain(|line| !lines.iter().any(|l| l.line.seq == line.seq));
            Ok((*year, YearLedger::of(&mut all).score, after))
        };
        let years = years.iter().map(with).collect::<Result<Vec<_>, StoreError>>()?;
        let entries: Vec<Seq> = audit.entries(seq).collect();
        let mut waiting = self.proposals(Some(&h.provider))?;
        waiting.retain(|waiting| entries.contains(&waiting.entry));
        let audited = Audited { seq, on: h.on, audit, by: recorded.entry.by, note: h.note };
        let taken_by = self.corrected(seq)?.taken_by;
        Ok(Some(AuditReport { provider: h.provider, audited, taken_by, lines, waiting, years }))
    }

    fn audit_lines(&self, seq: Seq, audit: &Audit) -> Result<Vec<AuditLine>, StoreError> {
        let mut lines = Vec::new();
        for entry in audit.entries(seq) {
            let line = match self.entry(entry)?.0.map(|recorded| recorded.entry.event) {
                Some(Event::LineProposed(p)) => self.with(|core| core.confirmed(entry, &p.deduction))?,
                _ => Some(entry),
            };
            let Some(line) = line else { continue };
            if let Some((_, line)) = self.line(self.standing(line)?)? {
                lines.push(AuditLine { entry, line });
            }
        }
        Ok(lines)
    }
}

impl Core {
    /// An audit, then its lines right behind it, each on what those before it left. Those that are refused are all named;
    /// nothing is kept where any is.
    pub(super) fn decide_audit(
        &mut self,
        group: &mut Group,
        sheet: &Sheet,
        cx: Context<'_>,
    ) -> Result<AuditDecided, StoreError> {
        let event = match self.looked(group, &Command::Audit(Box::new(sheet.clone())), cx)? {
            Ok(event) => event,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if group.once
            && let Some(refusal) = self.said_before(group, &event)?
        {
            return Ok(Err(refusal));
        }
        let seq = self.take_in(group, event, cx)?;
        group.replacing = None;
        let follows = std::mem::take(&mut group.follows);
        let mut refused = Vec::new();
        for (at, command) in sheet.commands().enumerate() {
            match self.looked(group, &command, cx)? {
                Err(refusal) => refused.push((at, refusal)),
                Ok(event) => match self.said_before(group, &event)?.filter(|_| group.once) {
                    // Equal rows of one sheet are lines of their own (decision 14).
                    Some(refusal) if !matches!(refusal, Refusal::SaidBefore { seq: same, .. } if same > seq) => {
                        refused.push((at, refusal));
                    }
                    _ => drop(self.take_in(group, event, cx)?),
                },
            }
        }
        group.follows = follows;
        Ok(Ok((seq, refused)))
    }
}
