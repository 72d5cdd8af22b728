//! Decisions 1 and 2 around the Spring Festival and National Day weeks of 2011 and over a year's end.

use super::*;
use crate::time::parse_moment;
use proptest::prelude::*;

fn day(text: &str) -> Day {
    parse_day(text).unwrap()
}

fn shipped() -> Calendar {
    Calendar::shipped().unwrap()
}

/// Spring Festival 2011: holiday 2 to 8 February; 30 January and 12 February, a Sunday and a Saturday, made up.
/// National Day 2011: holiday 1 to 7 October; 8 and 9 October, a Saturday and a Sunday, made up.
#[test]
fn working_days_are_counted_over_the_long_holidays() {
    let table = [
        // from, working days, due
        ("2011-01-28", 1, "2011-01-30"),
        ("2011-01-28", 2, "2011-01-31"),
        ("2011-02-01", 1, "2011-02-09"),
        ("2011-02-01", 4, "2011-02-12"),
        ("2011-02-01", 5, "2011-02-14"),
        ("2011-02-05", 2, "2011-02-10"),
        ("2011-01-31", 2, "2011-02-09"),
        ("2011-01-31", 7, "2011-02-15"),
        ("2011-01-31", 15, "2011-02-25"),
        ("2011-09-30", 1, "2011-10-08"),
        ("2011-09-30", 2, "2011-10-09"),
        ("2011-09-30", 3, "2011-10-10"),
        ("2011-09-29", 5, "2011-10-11"),
        ("2011-10-08", 1, "2011-10-09"),
        ("2011-09-26", 15, "2011-10-20"),
        // Over the year's end: 31 December 2011 was made up for 2 and 3 January 2012.
        ("2011-12-30", 1, "2011-12-31"),
        ("2011-12-30", 2, "2012-01-04"),
        ("2011-12-26", 5, "2011-12-31"),
        ("2010-12-31", 1, "2011-01-04"),
        ("2010-12-31", 5, "2011-01-10"),
        ("2011-03-04", 0, "2011-03-04"),
    ];
    for (from, count, due) in table {
        assert_eq!(shipped().add(day(from), count).unwrap().due, day(due), "{from} + {count} wd");
    }
}

/// 2.2.2 and decision 2: asked Friday 20:00, due Monday 08:00.
#[test]
fn working_hours_run_on_working_days_only() {
    let table = [
        ("2011-03-04T20:00", 12, "2011-03-07T08:00"),
        ("2011-03-04T12:00", 12, "2011-03-05T00:00"),
        ("2011-03-05T15:30", 12, "2011-03-07T12:00"),
        ("2011-03-09T06:30", 12, "2011-03-09T18:30"),
        ("2011-03-09T13:00", 12, "2011-03-10T01:00"),
        // Into and out of the holiday weeks, over made-up weekend days.
        ("2011-02-01T18:00", 12, "2011-02-09T06:00"),
        ("2011-02-06T10:00", 12, "2011-02-09T12:00"),
        ("2011-02-11T20:00", 12, "2011-02-12T08:00"),
        ("2011-09-30T22:00", 12, "2011-10-08T10:00"),
        ("2011-10-09T23:00", 12, "2011-10-10T11:00"),
        // Over the year's end.
        ("2010-12-31T20:00", 12, "2011-01-04T08:00"),
        ("2011-12-31T20:00", 12, "2012-01-04T08:00"),
        ("2011-03-05T15:30", 0, "2011-03-05T15:30"),
    ];
    for (from, hours, due) in table {
        let count = shipped().add_hours(parse_moment(from).unwrap(), hours).unwrap();
        assert_eq!(count.due, parse_moment(due).unwrap(), "{from} + {hours} h");
    }
}

#[test]
fn a_count_shows_every_day_and_why() {
    let count = shipped().add(day("2011-02-01"), 1).unwrap();
    assert_eq!(count.days.len(), 8);
    assert!(count.days[..7].iter().all(|d| !d.works && d.count == 0 && d.occasion.is_some()));
    assert_eq!((count.days[7].day, count.days[7].count), (day("2011-02-09"), 1));
}

#[test]
fn outside_the_table_the_weekday_decides_and_it_is_said() {
    let calendar = shipped();
    assert_eq!(calendar.years, (2004, 2026));
    assert_eq!(calendar.add(day("2027-09-30"), 1).unwrap().due, day("2027-10-01"));
    assert!(!calendar.covers(day("2027-10-01")) && calendar.covers(day("2026-12-31")));
    assert_eq!(calendar.add(day("9999-12-30"), 5), Err(TooFar));
    assert_eq!(calendar.add(day("2011-01-01"), COUNT_MAX + 1), Err(TooFar));
}

#[test]
fn a_bad_table_is_refused_by_line() {
    let at = |text: &str| Calendar::parse(text).unwrap_err().line;
    assert_eq!(at("date,kind,occasion\n2011-02-30,holiday,x"), 2);
    assert_eq!(at("date,kind,occasion\n2011-02-03,holiday,x\n2011-02-04,free,x"), 3);
    assert_eq!(at("date,kind,occasion\n2011-02-03,holiday,x\n2011-02-03,workday,x"), 3);
    assert_eq!(at("date,kind,occasion\n2011-02-03"), 2);
    assert_eq!(at(""), 1);
}

proptest! {
    /// The n-th working day after a day is a working day with n - 1 others before it.
    #[test]
    fn the_due_day_works_and_is_the_nth(offset in 0u64..8_000, count in 1u32..60) {
        let (calendar, from) = (shipped(), day("2004-01-01") + Days::new(offset));
        let due = calendar.add(from, count).unwrap().due;
        let between = (1..).map(|n| from + Days::new(n)).take_while(|d| *d <= due);
        prop_assert!(calendar.works(due));
        prop_assert_eq!(between.filter(|d| calendar.works(*d)).count(), count as usize);
        // Counting on from a due day is counting on.
        prop_assert_eq!(calendar.add(due, 7).unwrap().due, calendar.add(from, count + 7).unwrap().due);
    }

    /// The spans of a clock add up to its hours, each on one working day.
    #[test]
    fn hours_add_up(at in 1_073_000_000i64..1_790_000_000, hours in 0u32..100) {
        let calendar = shipped();
        let count = calendar.add_hours(Moment(at), hours).unwrap();
        prop_assert_eq!(count.spans.iter().map(|s| s.seconds()).sum::<i64>(), i64::from(hours) * 3600);
        prop_assert!(count.spans.iter().all(|s| calendar.works(s.from.day())));
    }
}
