//! A ledger line to its end: what it says and stands on, in which year it counts, how much of it a cap or the score leaves, and
//! whether it was reversed.

use super::super::ledger::{Line, LineKind, YearLedger};
use super::super::needs::{LineSubject, chargeables, is_supported, stands};
use super::{Ground, Known, Role};
use crate::points::Points;
use crate::rulebook::Needs;
use chrono::Datelike;

/// Tells a line that takes or gives points, among the lines of its year.
pub fn line(known: &Known<'_>, line: &Line, year: &[Line]) -> Vec<Ground> {
    let mut grounds = of(known, line);
    let mut lines = year.to_vec();
    let now = YearLedger::of(&mut lines).score;
    let at = lines.iter().position(|other| other.seq == line.seq).unwrap_or(lines.len());
    let mut ledger = YearLedger::of(&mut lines[..at].to_vec());
    let before = ledger.score;
    if let Some((cap, group)) = line.cap_group() {
        let same = lines[..at].iter().filter(|other| other.cap_group().is_some_and(|(_, of)| of == group));
        let used = ledger.used.get(&group).copied().unwrap_or_default();
        grounds.push(Ground::Cap {
            cap,
            problem: line.problem.clone().unwrap_or_default(),
            before: same.map(|other| (other.seq, other.occurred_on, other.effective)).collect(),
            used,
            left: Points(cap.0.saturating_sub(used.0)),
            assessed: line.points,
            effective: line.effective,
        });
    }
    if line.kind == LineKind::Credit {
        grounds.push(Ground::Credit { before, assessed: line.points, effective: line.effective });
    }
    ledger.add(&mut line.clone());
    grounds.push(Ground::Score { year: line.occurred_on.year(), before, after: ledger.score, now });
    if let Some(by) = line.reversed_by.and_then(|by| known.named(by)) {
        grounds.push(Ground::Entries(Role::TakenBy, vec![by]));
    }
    grounds
}

/// Tells a reversal: the line that it cancels, and the score without and with it.
pub fn reversal(known: &Known<'_>, reversal: &Line, year: &[Line]) -> Vec<Ground> {
    let mut grounds = of(known, reversal);
    let cancelled = reversal.reverses.and_then(|seq| known.named(seq));
    grounds.push(Ground::Entries(Role::Takes, cancelled.into_iter().collect()));
    let mut lines = year.to_vec();
    let now = YearLedger::of(&mut lines).score;
    let stands = reversal.reversed_by.is_none();
    for line in lines.iter_mut().filter(|line| Some(line.seq) == reversal.reverses && stands) {
        line.reversed_by = None;
    }
    let before = YearLedger::of(&mut lines).score;
    grounds.push(Ground::Score { year: reversal.occurred_on.year(), before, after: now, now });
    if let Some(by) = reversal.reversed_by.and_then(|by| known.named(by)) {
        grounds.push(Ground::Entries(Role::TakenBy, vec![by]));
    }
    grounds
}

/// What every line has: its clause, itself, its year.
fn of(known: &Known<'_>, line: &Line) -> Vec<Ground> {
    let article = line.article.as_str();
    let clause =
        known.cx.rules(known.provider, line.occurred_on).article(article).map(|article| article.clause.clone());
    let (occurred_on, typed_on) = (line.occurred_on, line.recorded_at.day());
    let there = chargeables(known.filed);
    let stands_on = Ground::StandsOn {
        needs: line.needs,
        subject: line.subject.clone(),
        entry: line.subject.as_ref().and_then(LineSubject::entry).and_then(|seq| known.began(seq)),
        outlet: line.outlet.clone().filter(|_| line.needs == Needs::Outlet),
        evidence: line.evidence.clone(),
        supported: is_supported(line, |subject| stands(&there, subject)),
    };
    vec![
        known.clause(&clause.unwrap_or_default(), Some(article), occurred_on),
        Ground::Line(Box::new(line.clone())),
        stands_on,
        Ground::Year { year: occurred_on.year(), occurred_on, typed_on },
    ]
}
