//! `void`, `replace` and `finding reopen`: an entry is taken away, with a reason, or another takes its place (decision
//! 13). What that changes is said first, of all that happens together; then it is done.

use super::output::{Answer, Exit, Failure};
use super::replace::ReplaceAction;
use crate::desk::{Desk, DeskError, Identity, Weighed};
use crate::domain::{Command, Event, FindingId, Refusal};
use crate::exchange::entry;
use crate::ids::Seq;
use serde_json::{Value, json};

/// How a correction is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Correction<'a> {
    /// The entry.
    pub entry: Seq,
    /// Why.
    pub reason: &'a str,
    /// Whether it is only said what it would change.
    pub dry_run: bool,
}

/// `koufen void`.
pub fn void(
    desk: &Desk,
    who: &Identity,
    asked: Correction<'_>,
    dependents: bool,
    answer: &mut Answer<'_>,
) -> Result<Exit, Failure> {
    let command = Command::Void { entry: asked.entry, dependents, reason: asked.reason.to_owned() };
    correct(desk, who, (asked, &command, false), answer)
}

/// `koufen finding reopen`: its decision is taken away; its history stays (decision 20).
pub fn reopen(
    desk: &Desk,
    who: &Identity,
    finding: &FindingId,
    (reason, dry_run): (&str, bool),
    answer: &mut Answer<'_>,
) -> Result<Exit, Failure> {
    let entry = desk.decision(finding)?;
    void(desk, who, Correction { entry, reason, dry_run }, false, answer)
}

/// `koufen replace`.
pub fn replace(
    desk: &Desk,
    who: &Identity,
    asked: Correction<'_>,
    action: &ReplaceAction,
    answer: &mut Answer<'_>,
) -> Result<Exit, Failure> {
    let (with, again) = super::replace::command(desk, (who, asked.entry), action, answer)?;
    let (entry, reason) = (asked.entry, asked.reason.to_owned());
    let command = Command::Replace { entry, reason, with: Box::new(with) };
    correct(desk, who, (asked, &command, !again), answer)
}

/// Says what a correction changes, and does it unless that was all that was asked.
fn correct(
    desk: &Desk,
    who: &Identity,
    (asked, command, once): (Correction<'_>, &Command, bool),
    answer: &mut Answer<'_>,
) -> Result<Exit, Failure> {
    let weighed = desk.weigh(who, command, once).map_err(|e| refused(desk, e, answer))?;
    let entries = entry::taken_away(&weighed, asked.entry);
    if !answer.json {
        entries.iter().try_for_each(|seq| named(desk, *seq, answer))?;
        let lang = answer.lang;
        let lines = entry::changes(lang, &desk.rulebook(), &weighed);
        lines.iter().try_for_each(|line| answer.line(&line.text))?;
    }
    if asked.dry_run {
        return told(None, (&entries, command), &weighed, answer);
    }
    let done = if once { desk.submit_once(who, command.clone()) } else { desk.submit(who, command.clone()) };
    let receipt = done.map_err(|e| refused(desk, e, answer))?;
    told(Some(receipt.seq), (&entries, command), &weighed, answer)
}

/// A refusal that names entries says what each of them is.
fn refused(desk: &Desk, e: DeskError, answer: &mut Answer<'_>) -> Failure {
    let by = match &e {
        DeskError::Refused(
            Refusal::StoodOn { by, .. } | Refusal::StandsAgainst { by } | Refusal::GoesAlong { by, .. },
        ) => by.clone(),
        _ => return e.into(),
    };
    if !answer.json {
        // What stands on it is named; the refusal itself is told in any case.
        let _ = by.iter().try_for_each(|seq| named(desk, *seq, answer));
    }
    let what = |seq: &Seq| {
        let event = desk.entry(*seq).ok()?.0?.entry.event;
        Some(json!({ "entry": seq.0, "what": entry::word(&event) }))
    };
    match e {
        DeskError::Refused(refusal) => Failure::Named(refusal, by.iter().filter_map(what).collect()),
        DeskError::Store(e) => Failure::Store(e),
    }
}

/// An entry by its number, what it is, and when it was recorded by whom.
fn named(desk: &Desk, seq: Seq, answer: &mut Answer<'_>) -> Result<(), Failure> {
    let (found, _) = desk.entry(seq)?;
    found.map_or(Ok(()), |recorded| answer.line(&entry::named(answer.lang, &recorded)))
}

fn told(
    seq: Option<Seq>,
    (entries, command): (&[Seq], &Command),
    weighed: &Weighed,
    answer: &mut Answer<'_>,
) -> Result<Exit, Failure> {
    let first = weighed.events.first();
    if answer.json {
        let mut value = told_json(weighed);
        value["entry"] = json!(seq.map(|seq| seq.0));
        value["dry_run"] = json!(seq.is_none());
        value["entries"] = json!(entries.iter().map(|seq| seq.0).collect::<Vec<_>>());
        if let Command::Replace { entry, .. } = command {
            value["replaces"] = json!(entry.0);
        }
        answer.json(&value)?;
        return Ok(Exit::Ok);
    }
    let list: Vec<String> = entries.iter().map(|seq| format!("#{seq}")).collect();
    let text = match (seq, first) {
        (None, _) => answer.lang.say("void-dry-run"),
        (Some(seq), event) => {
            let key = match (command, event) {
                (Command::Replace { .. }, _) => "void-replaced",
                (_, Some(Event::Restored { .. })) => "void-restored",
                _ => "void-done",
            };
            answer.lang.say_texts(key, &[("seq", seq.to_string()), ("entries", list.join(" "))])
        }
    };
    answer.line(&text)?;
    Ok(Exit::Ok)
}

/// What happens and changes: of the provider of the entry, and of all beside.
fn told_json(weighed: &Weighed) -> Value {
    let (first, last) = (weighed.events.first(), weighed.events.last());
    let provider = first.and_then(Event::provider);
    let of = |changes: &&crate::desk::Changes| Some(&changes.provider) == provider;
    let all: Vec<Value> = weighed.changes.iter().map(entry::changes_json).collect();
    json!({
        "what": first.map(Event::kind),
        "record": last.map(entry::word),
        "provider": provider.map(crate::ids::ProviderId::as_str),
        "changes": weighed.changes.iter().find(of).map(entry::changes_json),
        "providers": all,
    })
}
