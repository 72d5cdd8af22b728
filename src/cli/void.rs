//! `void` and `replace`: an entry is taken away, with a reason, or another takes its place (decision 13). What that
//! changes is said first.

use super::output::{Answer, Exit, Failure};
use super::record::{RecordAction, said};
use crate::desk::{Desk, DeskError, Identity, Preview};
use crate::domain::state::Kept;
use crate::domain::{Command, Event, FindingId, Follows, Obligation, Refusal};
use crate::exchange::entry;
use crate::ids::{ProviderId, Seq};
use crate::words;
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
    let preview = desk.preview(&command).inspect_err(|e| {
        if let (DeskError::Refused(Refusal::StoodOn { by, .. }), false) = (e, answer.json) {
            // What stands on it is named; the refusal itself is told in any case.
            let _ = by.iter().try_for_each(|seq| named(desk, *seq, answer));
        }
    })?;
    let entries = taken(&preview.event, asked.entry);
    if !answer.json {
        entries.iter().try_for_each(|seq| named(desk, *seq, answer))?;
        changes(&preview, answer)?;
    }
    if asked.dry_run {
        return told(None, &entries, &preview, answer);
    }
    let receipt = desk.submit(who, command)?;
    told(Some(receipt.seq), &entries, &preview, answer)
}

/// `koufen replace`.
pub fn replace(
    desk: &Desk,
    who: &Identity,
    asked: Correction<'_>,
    action: &RecordAction,
    answer: &mut Answer<'_>,
) -> Result<Exit, Failure> {
    let command = super::record::command_of_action(desk, action, answer)?;
    let void = Command::Void { entry: asked.entry, dependents: false, reason: asked.reason.to_owned() };
    if asked.dry_run {
        let preview = desk.preview(&void)?;
        if !answer.json {
            named(desk, asked.entry, answer)?;
            changes(&preview, answer)?;
        }
        return told(None, &[asked.entry], &preview, answer);
    }
    let receipt = desk.replace(who, asked.entry, asked.reason, command)?;
    super::record::told(action, &receipt, answer)
}

/// The entries that a correction takes away or brings back.
fn taken(event: &Event, entry: Seq) -> Vec<Seq> {
    match event {
        Event::Voided { entries, .. } | Event::Restored { entries, .. } => entries.clone(),
        _ => vec![entry],
    }
}

/// An entry by its number, what it is, and when it was recorded by whom.
fn named(desk: &Desk, seq: Seq, answer: &mut Answer<'_>) -> Result<(), Failure> {
    let (found, _) = desk.entry(seq)?;
    let Some(recorded) = found else { return Ok(()) };
    let args = [
        ("seq", seq.to_string()),
        ("what", entry::title(answer.lang, &recorded.entry.event)),
        ("at", crate::time::show_moment(recorded.entry.at)),
        ("by", recorded.entry.by.clone()),
    ];
    answer.line(&answer.lang.say_texts("void-entry", &args))
}

/// What a correction changes: what is due, found, and the score.
fn changes(preview: &Preview, answer: &mut Answer<'_>) -> Result<(), Failure> {
    let lang = answer.lang;
    said(lang, &preview.follows, &preview.provider, &|_| "void-closes")
        .iter()
        .try_for_each(|line| answer.line(line))?;
    if preview.before != preview.after {
        let args = [
            ("provider", preview.provider.to_string()),
            ("year", preview.year.to_string()),
            ("before", preview.before.to_string()),
            ("after", preview.after.to_string()),
            ("standing", words::standing(lang, preview.standing_after)),
        ];
        answer.line(&lang.say_texts("void-score", &args))?;
    } else if preview.follows == Follows::default() {
        answer.line(&lang.say("void-nothing"))?;
    }
    Ok(())
}

fn told(seq: Option<Seq>, entries: &[Seq], preview: &Preview, answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    if answer.json {
        let provider = &preview.provider;
        answer.json(&json!({
            "entry": seq.map(|seq| seq.0),
            "dry_run": seq.is_none(),
            "what": preview.event.kind(),
            "provider": provider.as_str(),
            "entries": entries.iter().map(|seq| seq.0).collect::<Vec<_>>(),
            "score": { "year": preview.year, "before": preview.before.0, "after": preview.after.0 },
            "changes": follows_json(&preview.follows, provider),
        }))?;
        return Ok(Exit::Ok);
    }
    let list: Vec<String> = entries.iter().map(|seq| format!("#{seq}")).collect();
    let text = match (seq, &preview.event) {
        (None, _) => answer.lang.say("void-dry-run"),
        (Some(seq), event) => {
            let key = if matches!(event, Event::Restored { .. }) { "void-restored" } else { "void-done" };
            answer.lang.say_texts(key, &[("seq", seq.to_string()), ("entries", list.join(" "))])
        }
    };
    answer.line(&text)?;
    Ok(Exit::Ok)
}

fn follows_json(follows: &Follows, provider: &ProviderId) -> Value {
    let due = |list: &[(Seq, Obligation)]| -> Vec<Value> {
        let one = |(seq, o): &(Seq, Obligation)| {
            let due = crate::time::show_moment(o.due);
            json!({ "obligation": o.kind.word(), "entry": seq.0, "about": o.about.to_string(), "due": due })
        };
        list.iter().map(one).collect()
    };
    let names = |list: &[Kept]| -> Vec<String> {
        let name = |kept: &Kept| FindingId { provider: provider.clone(), subject: kept.subject }.to_string();
        list.iter().map(name).collect()
    };
    json!({
        "opens": due(&follows.opened),
        "closes": due(&follows.closed),
        "finds": names(&follows.found),
        "finds_no_more": names(&follows.gone),
    })
}
