//! `deadlines`: what is due, the proof of each, and counting again by another calendar.

use super::output::{Answer, Exit, Failure};
use super::roster::{day, must_be_there, titles};
use crate::calendar::{Calendar, Counted, Span, Term};
use crate::desk::{Asked, Desk, Identity};
use crate::domain::why::Target;
use crate::domain::{Command, Obligation, Refusal};
use crate::ids::{ProviderId, Seq};
use crate::store::Due;
use crate::time::{Moment, hours_and_minutes, show_moment};
use crate::words;
use serde_json::{Value, json};

/// `koufen deadlines`: the next due first, those overdue before all.
pub fn deadlines(
    desk: &Desk,
    provider: Option<&ProviderId>,
    (within, as_of): (Option<u32>, Option<&str>),
    answer: &mut Answer<'_>,
) -> Result<Exit, Failure> {
    if let Some(id) = provider {
        must_be_there(desk, id)?;
    }
    let day = as_of.map(|text| day(text, desk, answer)).transpose()?;
    let (mut rows, now) = match day {
        Some(day) => (desk.deadlines_on(provider, day)?, desk.moment_of(day)),
        None => (desk.deadlines(provider)?, desk.now()),
    };
    if let Some(days) = within {
        let last = desk.calendar().add(now.day(), days).map_err(|_| Refusal::TooFar { from: now });
        let last = last.map_err(Failure::Refused)?.end();
        rows.retain(|due| due.obligation.due <= last);
    }
    if answer.json {
        answer.json(&rows.iter().map(|due| due_json(due, now)).collect::<Vec<_>>())?;
        return Ok(Exit::Ok);
    }
    if rows.is_empty() {
        let text = answer.lang.say("deadlines-none");
        answer.line(&text)?;
        return Ok(Exit::Ok);
    }
    let header = titles(&["due", "state", "clause", "what", "provider", "about", "id"], answer);
    let lang = answer.lang;
    let cells = rows.iter().map(|due| {
        let o = &due.obligation;
        vec![
            show_moment(o.due),
            lang.say(state(o, now)),
            words::clause(lang, o.kind.clause()),
            words::obligation(lang, o.kind),
            due.provider.to_string(),
            o.about.to_string(),
            id(due).to_string(),
        ]
    });
    answer.table(&header, &cells.collect::<Vec<_>>(), &[])?;
    Ok(Exit::Ok)
}

/// `koufen deadlines --why`: start, rule, the count, and by which calendar, of all that an entry began.
pub fn why(desk: &Desk, seq: Seq, answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    let known = desk.known(seq)?;
    let rows: Vec<Due> = desk.deadlines(None)?.into_iter().filter(|due| due.seq == known).collect();
    let calendar = desk.calendar();
    if answer.json {
        let proof = |due: &Due| {
            let mut value = due_json(due, desk.now());
            value["count"] = json!(steps(calendar, &due.obligation)?);
            Ok(value)
        };
        let proofs = rows.iter().map(proof).collect::<Result<Vec<Value>, Refusal>>().map_err(Failure::Refused)?;
        return match <[Value; 1]>::try_from(proofs) {
            Ok([one]) => answer.json(&one).map(|()| Exit::Ok),
            Err(proofs) if proofs.is_empty() => Err(none(seq, answer)),
            Err(proofs) => answer.json(&proofs).map(|()| Exit::Ok),
        };
    }
    if rows.is_empty() {
        return Err(none(seq, answer));
    }
    for due in &rows {
        prove(calendar, due, answer)?;
    }
    Ok(Exit::Ok)
}

/// What an obligation is called: `12/exit-answer`.
fn id(due: &Due) -> Target {
    Target::Obligation((due.seq, due.obligation.kind))
}

/// Overdue, due, or planned.
fn state(o: &Obligation, now: Moment) -> &'static str {
    match (o.kind.is_plan(), now > o.due) {
        (true, _) => "deadline-plan",
        (false, true) => "deadline-overdue",
        (false, false) => "deadline-due",
    }
}

fn none(seq: Seq, answer: &Answer<'_>) -> Failure {
    let text = answer.lang.say_texts("why-none", &[("seq", seq.to_string())]);
    Failure::Own(Exit::Refused, "nothing due", text)
}

fn prove(calendar: &Calendar, due: &Due, answer: &mut Answer<'_>) -> Result<(), Failure> {
    let (lang, o) = (answer.lang, &due.obligation);
    let clause = || ("clause", words::clause(lang, o.kind.clause()));
    let head = [
        ("seq", due.seq.to_string()),
        ("what", words::obligation(lang, o.kind)),
        ("about", words::about(&o.about)),
        ("provider", due.provider.to_string()),
        ("start", show_moment(o.start)),
        ("due", show_moment(o.due)),
        clause(),
    ];
    answer.line(&lang.say_texts("why-one", &head))?;
    let (key, limit) = match o.term {
        Term::WorkingHours(n) => ("why-hours", n.to_string()),
        Term::WorkingDays(n) => ("why-days", n.to_string()),
        Term::Days(n) => ("why-calendar-days", n.to_string()),
        Term::Months(n) => ("why-calendar-months", n.to_string()),
        Term::Until => ("why-agreed", String::new()),
    };
    answer.line(&lang.say_texts(key, &[("limit", limit), clause()]))?;
    for step in steps(calendar, o).map_err(Failure::Refused)? {
        answer.line(&format!("  {step}"))?;
    }
    let key = if calendar.version == o.calendar { "why-calendar" } else { "why-other-calendar" };
    answer.line(&lang.say_texts(key, &[("was", o.calendar.clone()), ("version", calendar.version.clone())]))
}

/// The count, a line a day that counts or stands still; a calendar term has its two ends.
fn steps(calendar: &Calendar, o: &Obligation) -> Result<Vec<String>, Refusal> {
    let too_far = |_| Refusal::TooFar { from: o.start };
    Ok(match o.term {
        Term::WorkingHours(n) => {
            let count = calendar.add_hours(o.start, u32::from(n)).map_err(too_far)?;
            let span = |s: &Span| {
                format!("{} – {}  {}", show_moment(s.from), show_moment(s.to), hours_and_minutes(s.seconds() / 60))
            };
            count.spans.iter().map(span).collect()
        }
        Term::WorkingDays(n) => {
            let count = calendar.add(o.start.day(), u32::from(n)).map_err(too_far)?;
            let day = |d: &Counted| match d.works {
                true => format!("{}  {}", d.day, d.count),
                false => format!("{}  –  {}", d.day, d.occasion.as_deref().unwrap_or_default()),
            };
            count.days.iter().map(|d| day(d).trim_end().to_owned()).collect()
        }
        Term::Days(_) | Term::Months(_) | Term::Until => vec![format!("{} – {}", o.start.day(), o.due.day())],
    })
}

fn due_json(due: &Due, now: Moment) -> Value {
    let o = &due.obligation;
    let (outlet, city) = match &o.about {
        crate::domain::About::Outlet(outlet) => (Some(outlet.as_str()), None),
        crate::domain::About::City(city) => (None, Some(city.as_str())),
        _ => (None, None),
    };
    json!({
        "id": id(due).to_string(),
        "entry": due.seq.0,
        "obligation": o.kind.word(),
        "clause": o.kind.clause(),
        "provider": due.provider.as_str(),
        "outlet": outlet,
        "city": city,
        "start": show_moment(o.start),
        "term": o.term.to_string(),
        "due": show_moment(o.due),
        "overdue": o.is_overdue(now),
        "plan": o.kind.is_plan(),
        "calendar": o.calendar,
        "need": o.need,
        "have": o.have,
    })
}

/// `koufen deadlines --replay`: counts again what is due by the calendar that is loaded, and says what moved.
pub fn replay(
    desk: &Desk,
    who: &Identity,
    (provider, dry): (Option<&ProviderId>, bool),
    answer: &mut Answer<'_>,
) -> Result<Exit, Failure> {
    if let Some(id) = provider {
        must_be_there(desk, id)?;
    }
    let calendar = desk.calendar().version.clone();
    let mut rows = desk.deadlines(provider)?;
    rows.retain(|due| due.obligation.calendar != calendar);
    if !dry {
        let mut providers: Vec<ProviderId> = rows.iter().map(|due| due.provider.clone()).collect();
        providers.sort_unstable();
        providers.dedup();
        let ask = |provider| Asked { command: Command::ReplayObligations { provider }, nth: None };
        for done in desk.submit_all(who, providers.into_iter().map(ask).collect())? {
            done.map_err(Failure::Refused)?;
        }
    }
    let moved = |due: &&Due| due.obligation.due_by(desk.calendar()) != due.obligation.due;
    if answer.json {
        let one = |due: &Due| {
            let mut value = due_json(due, desk.now());
            value["moved_to"] = json!(show_moment(due.obligation.due_by(desk.calendar())));
            value
        };
        let moves: Vec<Value> = rows.iter().filter(moved).map(one).collect();
        answer.json(&json!({ "calendar": calendar, "counted": rows.len(), "moved": moves, "dry_run": dry }))?;
        return Ok(Exit::Ok);
    }
    let lang = answer.lang;
    if rows.is_empty() {
        answer.line(&lang.say_texts("replay-none", &[("calendar", calendar)]))?;
        return Ok(Exit::Ok);
    }
    for due in rows.iter().filter(moved) {
        let args = [
            ("provider", due.provider.to_string()),
            ("what", words::obligation(lang, due.obligation.kind)),
            ("seq", due.seq.to_string()),
            ("was", show_moment(due.obligation.due)),
            ("due", show_moment(due.obligation.due_by(desk.calendar()))),
        ];
        answer.line(&lang.say_texts("replay-moved", &args))?;
    }
    let (count, moved) = (rows.len().to_string(), rows.iter().filter(moved).count().to_string());
    answer.line(&lang.say_texts("replay-sum", &[("count", count), ("moved", moved), ("calendar", calendar)]))?;
    Ok(Exit::Ok)
}
