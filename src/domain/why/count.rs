//! A time limit counted out, day by day: which count, which are skipped and why.

use super::super::{About, Obligation};
use crate::calendar::{Calendar, Term};
use crate::domain::ObligationKind;
use crate::time::{Day, Moment};
use chrono::Datelike;

/// What is due, from when, and how that was counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// What is due.
    pub kind: ObligationKind,
    /// What it is about.
    pub about: About,
    /// From when it is counted.
    pub start: Moment,
    /// The limit in force when it began.
    pub term: Term,
    /// The last second in time.
    pub due: Moment,
    /// The calendar that it was counted by, and the one that is loaded.
    pub calendar: (String, String),
    /// Every day of the count; none where calendar days are counted.
    pub days: Vec<Tick>,
}

/// One day of a count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tick {
    /// The day.
    pub day: Day,
    /// Whether it works.
    pub works: bool,
    /// Days counted up to its end.
    pub count: u32,
    /// When the clock ran, where hours are counted.
    pub ran: Option<(Moment, Moment)>,
    /// Why it is not what its weekday says: a holiday, or a day made up for one.
    pub occasion: Option<String>,
}

impl Count {
    /// Counts an obligation out by the calendar that is loaded.
    pub(super) fn of(o: &Obligation, calendar: &Calendar) -> Count {
        Count {
            kind: o.kind,
            about: o.about.clone(),
            start: o.start,
            term: o.term,
            due: o.due,
            calendar: (o.calendar.clone(), calendar.version.clone()),
            days: ticks(o, calendar),
        }
    }
}

fn ticks(o: &Obligation, calendar: &Calendar) -> Vec<Tick> {
    let hours = match o.term {
        Term::WorkingHours(n) => n,
        Term::WorkingDays(n) => {
            let days = calendar.add(o.start.day(), u32::from(n)).map(|count| count.days).unwrap_or_default();
            let tick = |d: crate::calendar::Counted| Tick {
                day: d.day,
                works: d.works,
                count: d.count,
                ran: None,
                occasion: d.occasion,
            };
            return days.into_iter().map(tick).collect();
        }
        Term::Days(_) | Term::Months(_) | Term::Until => return Vec::new(),
    };
    let spans = calendar.add_hours(o.start, u32::from(hours)).map(|count| count.spans).unwrap_or_default();
    let Some(last) = spans.last().map(|span| span.from.day()) else { return Vec::new() };
    let (mut days, mut count) = (Vec::new(), 0);
    for day in o.start.day().iter_days().take_while(|day| *day <= last && day.year() <= 9999) {
        let ran = spans.iter().find(|span| span.from.day() == day).map(|span| (span.from, span.to));
        count += u32::from(ran.is_some());
        let occasion = calendar.occasion(day).map(str::to_owned);
        days.push(Tick { day, works: ran.is_some(), count, ran, occasion });
    }
    days
}
