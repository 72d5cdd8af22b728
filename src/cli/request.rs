//! `request`: what outlets ask, and the answers (2.2.2, 2.2.4(1)).

use super::args::{AnswerArgs, OpenArgs, RequestAction};
use super::output::{Answer, Exit, Failure};
use super::roster::{moment, titles, unknown_provider};
use crate::desk::{Desk, Identity};
use crate::domain::dossier::LateAnswer;
use crate::domain::{Command, Event, Request, RequestKind};
use crate::ids::{ProviderId, Seq};
use crate::time::{Moment, show_moment};
use chrono::Datelike;
use serde_json::{Value, json};

/// `koufen request`.
pub fn request(desk: &Desk, who: &Identity, action: &RequestAction, answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    let (command, again) = match action {
        RequestAction::Open(args) => (opened(args, desk, answer)?, args.again),
        // One that is answered waits for no second answer.
        RequestAction::Answer(args) => (answered(args, desk, answer)?, false),
        RequestAction::Late { provider } => return late(desk, provider, answer),
    };
    // The request is gone from the view once it is answered; whether it was late is said from here.
    let open = match &command {
        Command::AnswerRequest { request, .. } => asked(desk, *request)?.map(|open| (*request, open)),
        _ => None,
    };
    let receipt = super::ledger::submit(desk, who, command, again)?;
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

/// A request as it waits for its answer; as it was made, where an exit that was typed first has answered it already.
fn asked(desk: &Desk, request: Seq) -> Result<Option<Request>, Failure> {
    if let Some(open) = desk.open_request(request)? {
        return Ok(Some(open));
    }
    let (entry, _) = desk.entry(desk.standing(request)?)?;
    Ok(entry.and_then(|chained| match chained.entry.event {
        Event::RequestOpened(request) => Some(request),
        _ => None,
    }))
}

/// The command of a request that was made.
pub(super) fn opened(args: &OpenArgs, desk: &Desk, answer: &Answer<'_>) -> Result<Command, Failure> {
    let OpenArgs { outlet, kind, at, note, again: _ } = args.clone();
    Ok(Command::OpenRequest { outlet, kind, at: when(at.as_deref(), desk, answer)?, note })
}

/// The command of an answer.
pub(super) fn answered(args: &AnswerArgs, desk: &Desk, answer: &Answer<'_>) -> Result<Command, Failure> {
    let AnswerArgs { request, at, note } = args.clone();
    Ok(Command::AnswerRequest { request, at: when(at.as_deref(), desk, answer)?, note })
}

fn when(text: Option<&str>, desk: &Desk, answer: &Answer<'_>) -> Result<Option<Moment>, Failure> {
    text.map(|text| moment(text, desk, answer)).transpose()
}

/// Help requests of a provider that were answered late (2.2.2).
fn late(desk: &Desk, provider: &ProviderId, answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    if desk.provider(provider, desk.today().year())?.is_none() {
        return Err(unknown_provider(provider));
    }
    let late = desk.dossier(provider)?.late_answers;
    if answer.json {
        let row = |l: &LateAnswer| {
            let (due, at) = (show_moment(l.due), show_moment(l.at));
            json!({ "request": l.request.0, "outlet": l.outlet.as_str(), "due": due, "answered": at })
        };
        answer.json(&late.iter().map(row).collect::<Vec<_>>())?;
        return Ok(Exit::Ok);
    }
    let header = titles(&["request", "outlet", "due", "answered"], answer);
    let cells =
        |l: &LateAnswer| vec![l.request.to_string(), l.outlet.to_string(), show_moment(l.due), show_moment(l.at)];
    answer.table(&header, &late.iter().map(cells).collect::<Vec<_>>(), &[0])?;
    Ok(Exit::Ok)
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
        "limit": r.term.to_string(),
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
