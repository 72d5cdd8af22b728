//! Working days and working-hour clocks. Which days are statutory holidays and which weekend days are made up for
//! them is data (`cn-days.csv` beside this file); the counting is decisions 1 and 2. Knows no rule.

mod term;

pub use term::Term;

use crate::time::{DAY_SECONDS, Day, Moment, parse_day};
use chrono::{Datelike, Days, Weekday};
use std::collections::BTreeMap;

/// The shipped table of days, 2004 to 2026.
const SHIPPED: &str = include_str!("cn-days.csv");

/// Most working days or hours that are counted on; some 16 years of days.
pub const COUNT_MAX: u32 = 4_000;

/// A table of days. Outside its years Monday to Friday are working days.
#[derive(Clone, Debug)]
pub struct Calendar {
    days: BTreeMap<Day, Special>,
    /// First and last year that the table covers.
    pub years: (i32, i32),
    /// Eight hex digits of the table's BLAKE3: two tables that differ have other versions.
    pub version: String,
}

/// A day that is not what its weekday says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Special {
    /// Whether it is a make-up working day; a holiday otherwise.
    pub works: bool,
    /// The occasion, in English.
    pub occasion: String,
}

/// What is wrong with a table of days, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct CalendarError {
    /// Line, from 1.
    pub line: usize,
    /// What is wrong and what would be right.
    pub problem: String,
}

/// A count ran past the last day that a date can say, or over [`COUNT_MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too far: at most {COUNT_MAX}, and no later than the year 9999")]
pub struct TooFar;

/// One day of a count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// The day.
    pub day: Day,
    /// Working days counted up to its end; the same as the day before where this one does not work.
    pub count: u32,
    /// Whether it works.
    pub works: bool,
    /// Why it is not what its weekday says.
    pub occasion: Option<String>,
}

/// Working days after a day, counted out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayCount {
    /// The last day; due at its end, 23:59:59 (decision 1).
    pub due: Day,
    /// Every day after the first, up to the due one.
    pub days: Vec<Counted>,
}

/// The part of one working day that a clock ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// From when.
    pub from: Moment,
    /// Until when; midnight is the start of the next day.
    pub to: Moment,
}

/// Working hours after a moment, counted out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HourCount {
    /// When the last hour is over.
    pub due: Moment,
    /// When the clock ran.
    pub spans: Vec<Span>,
}

impl DayCount {
    /// The end of the due day, 23:59:59 (decision 1).
    pub fn end(&self) -> Moment {
        Moment::end_of(self.due)
    }
}

impl Calendar {
    /// The table that comes with the program; a test holds that it loads.
    pub fn shipped() -> Result<Calendar, CalendarError> {
        Calendar::parse(SHIPPED)
    }

    /// Reads a table: `date,kind,occasion` under a header, kind `holiday` or `workday`, each day once.
    pub fn parse(text: &str) -> Result<Calendar, CalendarError> {
        let mut days = BTreeMap::new();
        for (at, row) in text.lines().enumerate().skip(1).filter(|(_, row)| !row.trim().is_empty()) {
            let fail = |problem: String| CalendarError { line: at + 1, problem };
            let cells: Vec<&str> = row.trim().splitn(3, ',').collect();
            let [date, kind, occasion] = cells[..] else {
                return Err(fail("three columns are wanted: date,kind,occasion".into()));
            };
            let day = parse_day(date).map_err(|e| fail(format!("{date:?} is {e}")))?;
            let works = match kind {
                "workday" => true,
                "holiday" => false,
                _ => return Err(fail(format!("{kind:?} is neither holiday nor workday"))),
            };
            if let Some(c) = occasion.trim().chars().find(|c| crate::ids::is_hidden(*c)) {
                return Err(fail(format!("the occasion has the control character U+{:04X}", u32::from(c))));
            }
            if days.insert(day, Special { works, occasion: occasion.trim().to_owned() }).is_some() {
                return Err(fail(format!("{day} stands here a second time")));
            }
        }
        let ends = days.first_key_value().zip(days.last_key_value());
        let years = ends.map(|((first, _), (last, _))| (first.year(), last.year()));
        let years = years.ok_or(CalendarError { line: 1, problem: "the table has no days".into() })?;
        let version = blake3::hash(text.as_bytes()).to_hex()[..8].to_owned();
        Ok(Calendar { days, years, version })
    }

    /// Whether the table says what a day is; outside it the weekday does.
    pub fn covers(&self, day: Day) -> bool {
        (self.years.0..=self.years.1).contains(&day.year())
    }

    /// Whether a day is a working day.
    pub fn works(&self, day: Day) -> bool {
        match self.days.get(&day) {
            Some(special) => special.works,
            None => !matches!(day.weekday(), Weekday::Sat | Weekday::Sun),
        }
    }

    /// Why a day is not what its weekday says, in English; none where it is.
    pub fn occasion(&self, day: Day) -> Option<&str> {
        self.days.get(&day).map(|special| special.occasion.as_str())
    }

    /// `count` working days after a day, whose own day is not counted (decision 1). 0 is the day itself.
    pub fn add(&self, from: Day, count: u32) -> Result<DayCount, TooFar> {
        let (mut day, mut counted, mut days) = (from, 0, Vec::new());
        if count > COUNT_MAX {
            return Err(TooFar);
        }
        while counted < count {
            day = next(day)?;
            let works = self.works(day);
            counted += u32::from(works);
            let occasion = self.days.get(&day).map(|s| s.occasion.clone());
            days.push(Counted { day, count: counted, works, occasion });
        }
        Ok(DayCount { due: day, days })
    }

    /// `hours` after a moment on a clock that runs all of each working day and stands still on others (decision 2).
    pub fn add_hours(&self, from: Moment, hours: u32) -> Result<HourCount, TooFar> {
        if hours > COUNT_MAX {
            return Err(TooFar);
        }
        let (mut left, mut at, mut spans) = (i64::from(hours) * 3600, from, Vec::new());
        while left > 0 {
            let (today, tomorrow) = (at.day(), next(at.day())?);
            let midnight = Moment::start_of(tomorrow);
            if self.works(today) {
                let ran = left.min(midnight.0 - at.0);
                spans.push(Span { from: at, to: Moment(at.0 + ran) });
                left -= ran;
            }
            at = midnight;
        }
        Ok(HourCount { due: spans.last().map_or(from, |span| span.to), spans })
    }
}

/// The day after, up to the year 9999.
fn next(day: Day) -> Result<Day, TooFar> {
    day.checked_add_days(Days::new(1)).filter(|d| d.year() <= 9999).ok_or(TooFar)
}

impl Span {
    /// Seconds that the clock ran; at most a day.
    pub fn seconds(self) -> i64 {
        (self.to.0 - self.from.0).clamp(0, DAY_SECONDS)
    }
}

#[cfg(test)]
mod tests;
