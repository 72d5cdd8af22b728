//! 2.2.3(3): what an outlet turns over in a month, and when a month's outlets are dormant.

use super::{Context, Event, OnRecord, Refusal, reason_of};
use crate::ids::{OutletId, ProviderId};
use crate::money::Fen;
use crate::points::Points;
use crate::rulebook::DormantRule;
use crate::time::{Day, Month};
use serde::{Deserialize, Serialize};

/// What an outlet reported for a month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turnover {
    /// The outlet.
    pub outlet: OutletId,
    /// The month.
    pub month: Month,
    /// What it turned over.
    pub amount: Fen,
    /// Orders of the month.
    pub orders: Option<u32>,
    /// How many of them have a final status reported (1.3(5)).
    pub with_final_status: Option<u32>,
}

/// Whose an outlet was, and when: what says in which months it is tested (2.2.3(3)).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tenure {
    /// The day that it signed.
    pub signed_on: Option<Day>,
    /// Whose it was before, and the day until which, the first first.
    pub past: Vec<(ProviderId, Day)>,
    /// Whose it is now.
    pub owner: ProviderId,
    /// The day that it left for good.
    pub gone_on: Option<Day>,
}

impl Tenure {
    /// Whether it is tested with a provider in a month: it signed three calendar months before or longer (decision 17),
    /// and was there all month.
    pub fn is_tested(&self, provider: &ProviderId, month: Month, rule: DormantRule) -> bool {
        let latest = month.plus(-i32::from(rule.after_months)).first();
        self.signed_on.is_some_and(|day| day <= latest) && self.was_there_all(provider, month)
    }

    /// On the day of a transfer it is the one's that it comes to; on the day that it leaves it is there still.
    fn was_there_all(&self, provider: &ProviderId, month: Month) -> bool {
        let (first, last) = (month.first(), month.last());
        let owner = owner_on(&self.past, &self.owner, first);
        let moves = self.past.iter().any(|(_, until)| first < *until && *until <= last);
        owner == provider && !moves && self.gone_on.is_none_or(|gone| gone >= last)
    }
}

/// Whose an outlet was on a day, by those that had it before, each with the day until which (decision 15).
pub fn owner_on<'a>(past: &'a [(ProviderId, Day)], owner: &'a ProviderId, on: Day) -> &'a ProviderId {
    past.iter().find(|(_, until)| on < *until).map_or(owner, |(before, _)| before)
}

/// What the turnover of a provider's outlets in a month comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dormancy {
    /// Outlets that are tested, with this month's turnover and the last's.
    pub tested: u32,
    /// Tested outlets under the low mark in both months.
    pub low: u32,
    /// Tested outlets at zero this month.
    pub zero: u32,
}

/// What a month comes to in one city: shown beside the month, which is judged for all cities together (decision 16).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CityMonth {
    /// The city, as the outlets' records have it.
    pub city: String,
    /// Outlets that reported.
    pub reported: u32,
    /// What they come to.
    pub dormancy: Dormancy,
}

impl Dormancy {
    /// What one outlet adds to a month, if it is tested in it.
    pub fn of(is_tested: bool, (before, this): (Option<Fen>, Option<Fen>), rule: DormantRule) -> Dormancy {
        match (before, this) {
            (Some(before), Some(this)) if is_tested => Dormancy {
                tested: 1,
                low: u32::from(before < rule.low_under && this < rule.low_under),
                zero: u32::from(this == Fen(0)),
            },
            _ => Dormancy::default(),
        }
    }

    /// The month with one outlet's part exchanged.
    pub fn exchange(self, old: Dormancy, new: Dormancy) -> Dormancy {
        let exchange = |sum: u32, old: u32, new: u32| sum.saturating_sub(old).saturating_add(new);
        Dormancy {
            tested: exchange(self.tested, old.tested, new.tested),
            low: exchange(self.low, old.low, new.low),
            zero: exchange(self.zero, old.zero, new.zero),
        }
    }

    /// Outlets that are dormant by a test, counted by each.
    pub fn dormant(self) -> u32 {
        self.low.saturating_add(self.zero)
    }

    /// Decision 7: a point for each outlet over the allowance, by the larger of the two tests; whole outlets only,
    /// so 15 of 100 is not over 15 % (decision 8).
    pub fn points(self, rule: DormantRule) -> Points {
        let over = |count: u32, percent: u8| {
            let allowed = u64::from(self.tested) * u64::from(percent) / 100;
            u64::from(count).saturating_sub(allowed)
        };
        let points = over(self.low, rule.low_percent).max(over(self.zero, rule.zero_percent));
        Points(u32::try_from(points).unwrap_or(u32::MAX))
    }
}

/// Records a month of an outlet that has none yet.
pub(super) fn record(on_record: &mut dyn OnRecord, asked: &Turnover, cx: Context<'_>) -> Result<Event, Refusal> {
    let provider = checked(on_record, asked, cx)?;
    let rule = cx.rules(&provider, asked.month.last()).dormant;
    match on_record.turnover(&provider, &asked.outlet, asked.month) {
        None => Ok(Event::TurnoverRecorded { turnover: asked.clone(), provider, rule }),
        Some(old) => {
            let differs = old.differs(asked);
            Err(Refusal::TurnoverExists { outlet: old.outlet, month: old.month, differs })
        }
    }
}

/// Corrects a month of an outlet that has one.
pub(super) fn amend(
    on_record: &mut dyn OnRecord,
    asked: &Turnover,
    reason: &str,
    cx: Context<'_>,
) -> Result<Event, Refusal> {
    let provider = checked(on_record, asked, cx)?;
    let reason = reason_of(reason)?;
    let old = on_record.turnover(&provider, &asked.outlet, asked.month);
    match old {
        Some(_) => Ok(Event::TurnoverAmended { turnover: asked.clone(), provider, reason }),
        None => Err(Refusal::UnknownTurnover { outlet: asked.outlet.clone(), month: asked.month }),
    }
}

/// Whose outlet it is, if the report can be true.
fn checked(on_record: &mut dyn OnRecord, asked: &Turnover, cx: Context<'_>) -> Result<ProviderId, Refusal> {
    let owner = on_record.owner_on(&asked.outlet, asked.month.last());
    let provider = owner.ok_or_else(|| super::outlet::unknown(on_record, &asked.outlet))?;
    let today = cx.now.day();
    if asked.month >= Month::of(today) {
        return Err(Refusal::MonthNotOver { month: asked.month, today });
    }
    match (asked.orders, asked.with_final_status) {
        (orders, Some(with_final_status)) if orders.unwrap_or(0) < with_final_status => {
            Err(Refusal::FinalOverOrders { orders: orders.unwrap_or(0), with_final_status })
        }
        _ => Ok(provider),
    }
}

impl Turnover {
    /// The fields in which two reports differ, in the words of the import files; none means equal.
    fn differs(&self, other: &Turnover) -> Vec<&'static str> {
        super::differing([
            ("turnover", self.amount != other.amount),
            ("orders", self.orders != other.orders),
            ("orders_with_final_status", self.with_final_status != other.with_final_status),
        ])
    }
}
