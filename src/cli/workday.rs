//! `workday`: working days and hours by the calendar, counted out. Needs no store.

use super::args::{Global, WorkdayAction};
use super::output::{Answer, Exit, Failure};
use crate::calendar::{COUNT_MAX, Calendar, Counted, DayCount, HourCount};
use crate::desk::{Clock, SystemClock};
use crate::exchange::clean::fold;
use crate::time::{Day, Moment, hours_and_minutes, parse_day_from, parse_moment_from, show_moment};
use crate::words::{self, weekday};
use serde_json::{Value, json};

/// `koufen workday`.
pub fn workday(global: &Global, action: &WorkdayAction, answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    let calendar = super::open::calendar(global, answer)?;
    let too_far = |answer: &Answer<'_>| {
        Failure::Usage(answer.lang.say_with("workday-too-far", &[("max", COUNT_MAX.to_string().into())]))
    };
    match action {
        WorkdayAction::Add { date, count } => {
            let from = super::roster::read_day(parse_day_from(&fold(date), SystemClock.now().day()), date, answer)?;
            let counted = calendar.add(from, *count).map_err(|_| too_far(answer))?;
            days(&calendar, from, &counted, answer)?;
        }
        WorkdayAction::Hours { moment, count } => {
            let now = SystemClock.now();
            let from = super::roster::read_moment(parse_moment_from(&fold(moment), now), moment, answer)?;
            let counted = calendar.add_hours(from, *count).map_err(|_| too_far(answer))?;
            hours(&calendar, from, &counted, answer)?;
        }
    }
    Ok(Exit::Ok)
}

fn days(calendar: &Calendar, from: Day, count: &DayCount, answer: &mut Answer<'_>) -> Result<(), Failure> {
    let within = calendar.covers(from) && calendar.covers(count.due);
    if answer.json {
        let days = count.days.iter().map(day_json);
        return answer.json(&json!({
            "due": count.due.to_string(),
            "from": from.to_string(),
            "days": days.collect::<Vec<_>>(),
            "calendar": calendar_json(calendar),
            "within_calendar": within,
        }));
    }
    let lang = answer.lang;
    for day in &count.days {
        let args = [
            ("date", day.day.to_string().into()),
            ("weekday", weekday(lang, day.day).into()),
            ("mark", mark(answer, day).into()),
        ];
        answer.line(&lang.say_with("workday-day", &args))?;
    }
    let args = [("due", count.due.to_string().into()), ("weekday", weekday(lang, count.due).into())];
    answer.line(&lang.say_with("workday-due", &args))?;
    foot(calendar, within, answer)
}

fn day_json(day: &Counted) -> Value {
    json!({ "day": day.day.to_string(), "working": day.works, "count": day.count, "occasion": day.occasion })
}

/// What a day is to the count, in words.
fn mark(answer: &Answer<'_>, day: &Counted) -> String {
    let count = ("count", day.count.to_string().into());
    let said = |occasion: &str| words::occasion(answer.lang, occasion).into();
    match (&day.occasion, day.works) {
        (None, true) => answer.lang.say_with("workday-counted", &[count]),
        (None, false) => answer.lang.say("workday-off"),
        (Some(occasion), true) => answer.lang.say_with("workday-made-up", &[count, ("occasion", said(occasion))]),
        (Some(occasion), false) => answer.lang.say_with("workday-holiday", &[("occasion", said(occasion))]),
    }
}

fn hours(calendar: &Calendar, from: Moment, count: &HourCount, answer: &mut Answer<'_>) -> Result<(), Failure> {
    let within = calendar.covers(from.day()) && calendar.covers(count.due.day());
    if answer.json {
        let span = |s: &crate::calendar::Span| json!({ "from": show_moment(s.from), "to": show_moment(s.to), "minutes": s.seconds() / 60 });
        return answer.json(&json!({
            "due": show_moment(count.due),
            "from": show_moment(from),
            "spans": count.spans.iter().map(span).collect::<Vec<_>>(),
            "calendar": calendar_json(calendar),
            "within_calendar": within,
        }));
    }
    let lang = answer.lang;
    for span in &count.spans {
        let args = [
            ("from", show_moment(span.from).into()),
            ("to", show_moment(span.to).into()),
            ("time", hours_and_minutes(span.seconds() / 60).into()),
        ];
        answer.line(&lang.say_with("workday-span", &args))?;
    }
    let args = [("due", show_moment(count.due).into()), ("weekday", weekday(lang, count.due.day()).into())];
    answer.line(&lang.say_with("workday-due-moment", &args))?;
    foot(calendar, within, answer)
}

fn calendar_json(calendar: &Calendar) -> Value {
    json!({ "version": calendar.version, "years": [calendar.years.0, calendar.years.1] })
}

/// By which calendar, and where it had nothing to say.
fn foot(calendar: &Calendar, within: bool, answer: &mut Answer<'_>) -> Result<(), Failure> {
    let (first, last) = (calendar.years.0.to_string(), calendar.years.1.to_string());
    let args =
        [("version", calendar.version.clone().into()), ("first", first.clone().into()), ("last", last.clone().into())];
    let text = answer.lang.say_with("workday-calendar", &args);
    answer.line(&text)?;
    if !within {
        let text = answer.lang.say_with("workday-outside", &args);
        answer.line(&text)?;
    }
    Ok(())
}
