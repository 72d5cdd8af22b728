//! `request` and `deadlines`: what outlets ask, and by when it is answered (2.2.2, 2.2.4(1)).

use super::args::RequestAction;
use super::output::{Answer, Exit, Failure};
use super::roster::{moment, must_be_there, titles};
use crate::calendar::Calendar;
use crate::desk::{Desk, Identity};
use crate::domain::{Command, Event, Refusal, Request, RequestKind};
use crate::ids::{ProviderId, Seq};
use crate::time::{Moment, hours_and_minutes, show_moment};
use serde_json::{Value, json};

/// `koufen request`.
pub fn request(desk: &Desk, who: &Identity, action: &RequestAction, answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    let command = match action {
        RequestAction::Open { outlet, kind, at, note } => Command::OpenRequest {
            outlet: outlet.clone(),
            kind: *kind,
            at: at.as_deref().map(|text| moment(text, answer)).transpose()?,
            note: note.clone(),
        },
        RequestAction::Answer { request, at, note } => Command::AnswerRequest {
            request: *request,
            at: at.as_deref().map(|text| moment(text, answer)).transpose()?,
            note: note.clone(),
        },
    };
    // The request is gone from the view once it is answered; whether it was late is said from here.
    let open = match &command {
        Command::AnswerRequest { request, .. } => desk.open_request(*request)?.map(|open| (*request, open)),
        _ => None,
    };
    let receipt = desk.submit(who, command)?;
    match (receipt.event, open) {
        (Event::RequestOpened(request), _) => {
            let value = request_json(receipt.seq, &request, desk.now());
            say(answer, value, "request-opened", &facts(answer, receipt.seq, &request))?;
        }
        (Event::RequestAnswered { at, .. }, Some((seq, request))) => {
            let late = at > request.due;
            let mut value = request_json(seq, &request, at);
            value["answered"] = json!(show_moment(at));
            value["late"] = json!(late);
            let key = if late { "request-answered-late" } else { "request-answered" };
            let mut args = facts(answer, seq, &request);
            args.push(("answered", show_moment(at)));
            say(answer, value, key, &args)?;
        }
        _ => {}
    }
    Ok(Exit::Ok)
}

/// `koufen deadlines`: the next due first, those overdue before all.
pub fn deadlines(
    desk: &Desk,
    provider: Option<&ProviderId>,
    within: Option<u32>,
    answer: &mut Answer<'_>,
) -> Result<Exit, Failure> {
    if let Some(id) = provider {
        must_be_there(desk, id)?;
    }
    let mut rows = desk.deadlines(provider)?;
    let now = desk.now();
    if let Some(days) = within {
        let last = desk.calendar().add(now.day(), days).map_err(|_| Refusal::TooFar { from: now });
        let last = last.map_err(Failure::Refused)?.end();
        rows.retain(|(_, request)| request.due <= last);
    }
    if answer.json {
        let json = rows.iter().map(|(seq, request)| request_json(*seq, request, now));
        answer.json(&json.collect::<Vec<_>>())?;
        return Ok(Exit::Ok);
    }
    if rows.is_empty() {
        let text = answer.lang.say("deadlines-none");
        answer.line(&text)?;
        return Ok(Exit::Ok);
    }
    let header = titles(&["due", "state", "clause", "what", "provider", "outlet", "request"], answer);
    let lang = answer.lang;
    let cells = rows.iter().map(|(seq, r)| {
        vec![
            show_moment(r.due),
            lang.say(if now > r.due { "deadline-overdue" } else { "deadline-due" }),
            r.kind.clause().to_owned(),
            lang.say(what(r.kind)),
            r.provider.to_string(),
            r.outlet.to_string(),
            seq.to_string(),
        ]
    });
    answer.table(&header, &cells.collect::<Vec<_>>(), &[6])?;
    Ok(Exit::Ok)
}

/// `koufen deadlines --why`: start, rule, the count, and by which calendar.
pub fn why(desk: &Desk, seq: Seq, answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    let r = desk.open_request(seq)?.ok_or(Failure::Refused(Refusal::UnknownRequest { request: seq }))?;
    let calendar = desk.calendar();
    let steps = steps(calendar, &r).map_err(Failure::Refused)?;
    if answer.json {
        let mut value = request_json(seq, &r, desk.now());
        value["count"] = json!(steps);
        return answer.json(&value).map(|()| Exit::Ok);
    }
    say(answer, Value::Null, "request-opened", &facts(answer, seq, &r))?;
    let key = if r.kind == RequestKind::Help { "why-hours" } else { "why-days" };
    say(answer, Value::Null, key, &[("limit", r.limit.to_string()), ("clause", r.kind.clause().to_owned())])?;
    for step in steps {
        answer.line(&format!("  {step}"))?;
    }
    let key = if calendar.version == r.calendar { "why-calendar" } else { "why-other-calendar" };
    say(answer, Value::Null, key, &[("was", r.calendar.clone()), ("version", calendar.version.clone())])?;
    Ok(Exit::Ok)
}

/// The count, a line a day that counts or stands still.
fn steps(calendar: &Calendar, r: &Request) -> Result<Vec<String>, Refusal> {
    let too_far = |_| Refusal::TooFar { from: r.asked };
    Ok(match r.kind {
        RequestKind::Help => {
            let count = calendar.add_hours(r.asked, u32::from(r.limit)).map_err(too_far)?;
            let span = |s: &crate::calendar::Span| {
                format!("{} – {}  {}", show_moment(s.from), show_moment(s.to), hours_and_minutes(s.seconds() / 60))
            };
            count.spans.iter().map(span).collect()
        }
        RequestKind::Exit => {
            let count = calendar.add(r.asked.day(), u32::from(r.limit)).map_err(too_far)?;
            let day = |d: &crate::calendar::Counted| match d.works {
                true => format!("{}  {}", d.day, d.count),
                false => format!("{}  –  {}", d.day, d.occasion.as_deref().unwrap_or_default()),
            };
            count.days.iter().map(|d| day(d).trim_end().to_owned()).collect()
        }
    })
}

fn what(kind: RequestKind) -> &'static str {
    match kind {
        RequestKind::Help => "request-help",
        RequestKind::Exit => "request-exit",
    }
}

fn request_json(seq: Seq, r: &Request, now: Moment) -> Value {
    json!({
        "request": seq.0,
        "kind": r.kind.word(),
        "clause": r.kind.clause(),
        "provider": r.provider.as_str(),
        "outlet": r.outlet.as_str(),
        "asked": show_moment(r.asked),
        "limit": r.limit,
        "due": show_moment(r.due),
        "overdue": now > r.due,
        "calendar": r.calendar,
        "note": r.note,
    })
}

fn facts(answer: &Answer<'_>, seq: Seq, r: &Request) -> Vec<(&'static str, String)> {
    vec![
        ("request", seq.to_string()),
        ("what", answer.lang.say(what(r.kind))),
        ("outlet", r.outlet.to_string()),
        ("provider", r.provider.to_string()),
        ("asked", show_moment(r.asked)),
        ("due", show_moment(r.due)),
        ("clause", r.kind.clause().to_owned()),
    ]
}

fn say(answer: &mut Answer<'_>, value: Value, key: &str, args: &[(&'static str, String)]) -> Result<(), Failure> {
    if answer.json {
        return answer.json(&value);
    }
    let text = answer.lang.say_texts(key, args);
    answer.line(&text)
}
