//! Working days, read from the table by this file's own few lines (decisions 1 and 2).

use chrono::{Datelike, Days as Plus, Months, Weekday};
use koufen::time::{Day, Moment};
use std::collections::BTreeMap;

/// The days that the table names: whether each is worked.
pub struct Days(BTreeMap<String, bool>);

impl Days {
    pub fn read() -> Days {
        let rows = include_str!("../../src/calendar/cn-days.csv").lines();
        let named = rows.filter_map(|row| {
            let mut fields = row.split(',');
            let (day, kind) = (fields.next()?, fields.next()?);
            matches!(kind, "holiday" | "workday").then(|| (day.to_owned(), kind == "workday"))
        });
        Days(named.collect())
    }

    pub fn works(&self, day: Day) -> bool {
        let week = !matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        self.0.get(&day.to_string()).copied().unwrap_or(week)
    }

    /// Decision 1: the day itself is not counted; due at the end of the n-th working day.
    pub fn working(&self, from: Day, n: usize) -> Moment {
        let after = from.iter_days().skip(1).filter(|day| self.works(*day));
        Moment::end_of(after.take(n).last().unwrap())
    }

    /// Decision 2: hours run through working days and stand still on others.
    pub fn hours(&self, from: Moment, n: i64) -> Moment {
        let (mut at, mut left) = (from.0, n * 3600);
        loop {
            let day = Moment(at).day();
            let night = Moment::end_of(day).0 + 1;
            if self.works(day) {
                let run = left.min(night - at);
                (at, left) = (at + run, left - run);
                if left == 0 {
                    return Moment(at);
                }
            } else {
                at = night;
            }
        }
    }
}

/// The end of the n-th day after.
pub fn days(from: Day, n: u64) -> Moment {
    Moment::end_of(from.checked_add_days(Plus::new(n)).unwrap())
}

/// The end of the same day n months on, or of that month's last.
pub fn months(from: Day, n: u32) -> Moment {
    Moment::end_of(from.checked_add_months(Months::new(n)).unwrap())
}
