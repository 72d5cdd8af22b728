//! Section 2, 2.2.3(3) and decisions 5 to 8, written from the clauses: what lines and reports come to.

use super::tally::{Digest, LineFact, ReportFact};
use crate::domain::LineKind;
use crate::ids::{OutletId, Seq};
use crate::money::Fen;
use crate::rulebook::DormantRule;
use crate::time::{Day, Month};
use std::collections::{BTreeMap, HashMap};

/// What a year's lines come to: the score, and what each line counts for.
pub fn score<'a>(lines: impl Iterator<Item = &'a LineFact>) -> (u32, HashMap<Seq, u32>) {
    let (mut score, mut counted) = (0u32, HashMap::new());
    let mut used: HashMap<Digest, u32> = HashMap::new();
    // In the order of their days, then as they were recorded (decision 12).
    let mut lines: Vec<&LineFact> = lines.collect();
    lines.sort_by_key(|line| (line.day, line.seq));
    for line in lines {
        let points = match line.kind {
            _ if line.reversed_by.is_some() => 0,
            LineKind::Reversal | LineKind::Void => 0,
            // Decision 5: never below 0.
            LineKind::Credit => line.points.min(score),
            // Decision 6: no more than the cap leaves.
            LineKind::Deduction => match line.cap {
                Some((cap, group)) => {
                    let used = used.entry(group).or_default();
                    let left = line.points.min(cap - (*used).min(cap));
                    *used += left;
                    left
                }
                None => line.points,
            },
        };
        match line.kind {
            LineKind::Deduction => score += points,
            LineKind::Credit => score -= points,
            LineKind::Reversal | LineKind::Void => {}
        }
        counted.insert(line.seq, points);
    }
    (score, counted)
}

/// What a month's reports come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MonthFact {
    /// Outlets that reported.
    pub reported: u32,
    /// Outlets tested, those low two months running, those at zero.
    pub dormancy: (u32, u32, u32),
    /// Points that are proposed.
    pub points: u64,
    /// Orders, and those with a final status.
    pub orders: (u64, u64),
}

/// 2.2.3(3): tested are outlets signed three months before the month or longer (decision 17) that were there all month,
/// with this month's and last month's turnover. Last month's counts as it stands: of an outlet that came from another
/// provider it is `elsewhere`.
pub fn month(
    month: Month,
    rule: DormantRule,
    reports: &BTreeMap<Month, BTreeMap<OutletId, ReportFact>>,
    outlet: impl Fn(&OutletId) -> Option<(Option<Day>, bool)>,
    elsewhere: impl Fn(&OutletId, Month) -> Option<Fen>,
) -> MonthFact {
    let mut fact = MonthFact::default();
    let latest = Month(month.0 - i32::from(rule.after_months)).first();
    let last = Month(month.0 - 1);
    let before = reports.get(&last);
    for (outlet_id, report) in reports.get(&month).into_iter().flatten() {
        fact.reported += 1;
        fact.orders = (fact.orders.0 + report.orders.0, fact.orders.1 + report.orders.1);
        let before = before.and_then(|reports| reports.get(outlet_id)).map(|report| report.amount);
        let before = before.or_else(|| elsewhere(outlet_id, last));
        let (Some(before), Some((Some(signed), true))) = (before, outlet(outlet_id)) else { continue };
        if signed > latest {
            continue;
        }
        fact.dormancy.0 += 1;
        fact.dormancy.1 += u32::from(before < rule.low_under && report.amount < rule.low_under);
        fact.dormancy.2 += u32::from(report.amount == Fen(0));
    }
    // Decision 7: a point for each outlet over the allowance, by the larger of the two tests.
    let (tested, low, zero) = (u64::from(fact.dormancy.0), fact.dormancy.1, fact.dormancy.2);
    let over = |count: u32, percent: u8| u64::from(count).saturating_sub(tested * u64::from(percent) / 100);
    fact.points = over(low, rule.low_percent).max(over(zero, rule.zero_percent));
    fact
}
