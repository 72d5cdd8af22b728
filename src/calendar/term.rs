//! A time limit as the clauses write them, and when it is over.

use super::{Calendar, TooFar};
use crate::time::{Day, Moment};
use chrono::{Datelike, Days, Months};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// How long somebody has. Written `12wh`, `5wd`, `45d`, `1mo`, `until`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Term {
    /// Hours of working days (decision 2).
    WorkingHours(u8),
    /// Working days (decision 1).
    WorkingDays(u8),
    /// Calendar days, due at the end of the last.
    Days(u16),
    /// Calendar months, due at the end of the same day of the month, or of the month's last.
    Months(u8),
    /// To a day that was agreed: no count.
    Until,
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Term::WorkingHours(n) => write!(f, "{n}wh"),
            Term::WorkingDays(n) => write!(f, "{n}wd"),
            Term::Days(n) => write!(f, "{n}d"),
            Term::Months(n) => write!(f, "{n}mo"),
            Term::Until => f.write_str("until"),
        }
    }
}

impl FromStr for Term {
    type Err = String;
    fn from_str(text: &str) -> Result<Term, String> {
        let split = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let (number, unit) = text.split_at(split);
        let small = || number.parse().ok().filter(|n| *n > 0);
        let term = match unit {
            "wh" => small().map(Term::WorkingHours),
            "wd" => small().map(Term::WorkingDays),
            "d" => number.parse().ok().filter(|n| *n > 0).map(Term::Days),
            "mo" => small().map(Term::Months),
            _ => None,
        };
        term.ok_or_else(|| format!("{text:?} is not a time limit: write 12wh, 5wd, 45d or 1mo"))
    }
}

impl Term {
    /// The last second in time, of a term that any calendar counts alike.
    pub fn without_calendar(self, start: Moment) -> Option<Result<Moment, TooFar>> {
        let day = start.day();
        let end = |day: Option<Day>| day.filter(|d| d.year() <= 9999).map(Moment::end_of).ok_or(TooFar);
        match self {
            Term::Days(n) => Some(end(day.checked_add_days(Days::new(u64::from(n))))),
            Term::Months(n) => Some(end(day.checked_add_months(Months::new(u32::from(n))))),
            Term::WorkingHours(_) | Term::WorkingDays(_) | Term::Until => None,
        }
    }
}

impl Calendar {
    /// The last second in time; `agreed` is the end of a term that has no count.
    pub fn due(&self, start: Moment, term: Term, agreed: Moment) -> Result<Moment, TooFar> {
        match term {
            Term::WorkingHours(n) => self.add_hours(start, u32::from(n)).map(|count| count.due),
            Term::WorkingDays(n) => self.add(start.day(), u32::from(n)).map(|count| count.end()),
            Term::Days(_) | Term::Months(_) | Term::Until => term.without_calendar(start).unwrap_or(Ok(agreed)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::{parse_moment, show_moment};

    #[test]
    fn terms_are_read_and_written_back() {
        for text in ["12wh", "5wd", "45d", "1mo"] {
            assert_eq!(text.parse::<Term>().map(|t| t.to_string()), Ok(text.to_owned()));
        }
        for text in ["", "5", "wd", "0wd", "5 wd", "-1d", "300wd", "until"] {
            assert!(text.parse::<Term>().is_err(), "{text}");
        }
    }

    /// Days and months run through holidays; a month ends on the same day, or on the last.
    #[test]
    fn calendar_days_and_months_are_due_at_the_end_of_a_day() {
        let calendar = Calendar::shipped().unwrap();
        let due = |from: &str, term: &str| {
            let start = parse_moment(from).unwrap();
            show_moment(calendar.due(start, term.parse().unwrap(), start).unwrap())
        };
        assert_eq!(due("2011-01-31T09:00", "1mo"), "2011-02-28T23:59:59");
        assert_eq!(due("2011-12-15T09:00", "1mo"), "2012-01-15T23:59:59");
        assert_eq!(due("2011-01-20T00:00", "45d"), "2011-03-06T23:59:59");
        assert_eq!(due("2011-12-20T00:00", "20d"), "2012-01-09T23:59:59");
    }
}
