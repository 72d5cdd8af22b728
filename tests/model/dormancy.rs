//! A month's dormant outlets (2.2.3(3), decisions 7, 8, 15 and 17), of two providers.

use koufen::time::{Day, Month};

/// What an outlet turned over in a month, in fen.
#[derive(Clone, Copy, Debug)]
pub struct Report {
    pub outlet: usize,
    pub month: Month,
    pub amount: u64,
}

/// An outlet: the day that it signed, if that is known, and the day on which it went to the second provider.
#[derive(Clone, Copy, Debug)]
pub struct Shop {
    pub signed: Option<Day>,
    pub moved: Option<Day>,
}

impl Shop {
    /// Whose it was on a day; on the day of the transfer it is the second one's.
    fn owner(&self, day: Day) -> u8 {
        if self.moved.is_some_and(|moved| day >= moved) { 2 } else { 1 }
    }
}

/// A month: its reports, tested, low and zero outlets, and points.
pub type Row = (Month, usize, (u32, u32, u32), u32);

/// A provider's months with reports: an outlet reports for the one that had it at the month's end.
pub fn months(provider: u8, reports: &[Report], shops: &[Shop]) -> Vec<Row> {
    let own = |r: &&Report| shops[r.outlet].owner(r.month.last()) == provider;
    let mut all: Vec<Month> = reports.iter().filter(own).map(|r| r.month).collect();
    all.sort_unstable();
    all.dedup();
    all.into_iter().map(|month| row(provider, month, reports, shops)).collect()
}

fn row(provider: u8, month: Month, reports: &[Report], shops: &[Shop]) -> Row {
    let of = |outlet: usize, month: Month| {
        reports.iter().rev().find(|r| r.outlet == outlet && r.month == month).map(|r| r.amount)
    };
    // Tested: the month begins three calendar months after the signing or later, the outlet is the provider's from its
    // first day to its last, with this month and the last, whoever had it then.
    let long_ago = |day: Day| day.checked_add_months(chrono::Months::new(3)).unwrap() <= month.first();
    let all_month = |shop: &Shop| shop.owner(month.first()) == provider && shop.owner(month.last()) == provider;
    let old = (0..shops.len()).filter(|o| shops[*o].signed.is_some_and(long_ago) && all_month(&shops[*o]));
    let tested: Vec<(u64, u64)> = old.filter_map(|o| of(o, month.plus(-1)).zip(of(o, month))).collect();
    let count = |fits: &dyn Fn(&(u64, u64)) -> bool| u32::try_from(tested.iter().filter(|t| fits(t)).count()).unwrap();
    let low = count(&|(before, this)| *before < 100_000 && *this < 100_000);
    let zero = count(&|(_, this)| *this == 0);
    let all = count(&|_| true);
    // An outlet is charged once: the larger of what is over 15 % and over 2 %.
    let points = low.saturating_sub(all * 15 / 100).max(zero.saturating_sub(all * 2 / 100));
    let own = |o: &usize| shops[*o].owner(month.last()) == provider;
    let reported = (0..shops.len()).filter(own).filter(|o| of(*o, month).is_some()).count();
    (month, reported, (all, low, zero), points)
}
