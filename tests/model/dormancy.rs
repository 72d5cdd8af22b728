//! A month's dormant outlets (2.2.3(3), decisions 7, 8 and 17), of outlets that were there all along.

use koufen::time::{Day, Month};

/// What an outlet turned over in a month, in fen.
#[derive(Clone, Copy, Debug)]
pub struct Report {
    pub outlet: usize,
    pub month: Month,
    pub amount: u64,
}

/// A month: its reports, tested, low and zero outlets, and points.
pub type Row = (Month, usize, (u32, u32, u32), u32);

/// The months with reports. `signed` says when each outlet signed; one that does not say is not tested.
pub fn months(reports: &[Report], signed: &[Option<Day>]) -> Vec<Row> {
    let mut all: Vec<Month> = reports.iter().map(|r| r.month).collect();
    all.sort_unstable();
    all.dedup();
    all.into_iter().map(|month| row(month, reports, signed)).collect()
}

fn row(month: Month, reports: &[Report], signed: &[Option<Day>]) -> Row {
    let of = |outlet: usize, month: Month| {
        reports.iter().rev().find(|r| r.outlet == outlet && r.month == month).map(|r| r.amount)
    };
    // Tested: the month begins three calendar months after the signing or later, with this month and the last.
    let long_ago = |day: Day| day.checked_add_months(chrono::Months::new(3)).unwrap() <= month.first();
    let old = (0..signed.len()).filter(|o| signed[*o].is_some_and(long_ago));
    let tested: Vec<(u64, u64)> = old.filter_map(|o| of(o, month.plus(-1)).zip(of(o, month))).collect();
    let count = |fits: &dyn Fn(&(u64, u64)) -> bool| u32::try_from(tested.iter().filter(|t| fits(t)).count()).unwrap();
    let low = count(&|(before, this)| *before < 100_000 && *this < 100_000);
    let zero = count(&|(_, this)| *this == 0);
    let all = count(&|_| true);
    // An outlet is charged once: the larger of what is over 15 % and over 2 %.
    let points = low.saturating_sub(all * 15 / 100).max(zero.saturating_sub(all * 2 / 100));
    let reported = (0..signed.len()).filter(|o| of(*o, month).is_some()).count();
    (month, reported, (all, low, zero), points)
}
