//! `what-if`: runs a command that records, and says what it would change. Nothing of it is kept.

use super::args::WhatIfArgs;
use super::kind::{Kind, kind};
use super::output::{Answer, Exit, Failure};
use crate::desk::{Desk, Identity, Weighed};
use crate::domain::Event;
use crate::exchange::entry;
use crate::ids::ProviderId;
use serde_json::{Value, json};
use std::ffi::OsString;

/// The command line of what is tried: the one that was typed, without the word before it. Options of every command may
/// stand on either side.
pub(super) fn tried(args: &[OsString], words: &[OsString]) -> Vec<OsString> {
    let (before, after) = args.split_at(args.len().saturating_sub(words.len()));
    let at = before.iter().rposition(|word| word == "what-if").unwrap_or(before.len());
    let kept = before.iter().enumerate().filter(|(place, word)| *place != at && (*place < at || *word != "--"));
    kept.map(|(_, word)| word.clone()).chain(after.iter().cloned()).collect()
}

/// `koufen what-if`.
pub fn what_if(desk: &Desk, who: &Identity, args: &WhatIfArgs, answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    let command = match &args.command {
        Some(command) if kind(command) == Kind::Records => command,
        Some(command) if kind(command) == Kind::Imports => {
            return Err(Failure::Usage(answer.lang.say("what-if-imports")));
        }
        _ => return Err(Failure::Usage(answer.lang.say("what-if-records"))),
    };
    let (trying, mut said) = (desk.trying(), Vec::new());
    let (lang, json) = (answer.lang, answer.json);
    // What it answers speaks of what is not there; what it says before a refusal belongs to that.
    let mut aside = Answer { out: &mut said, err: &mut *answer.err, lang, json, bar: false, caller: answer.caller };
    let done = super::on_desk(command, &trying, who, &mut aside);
    if done.is_err() {
        answer.out.write_all(&said)?;
    }
    let exit = done?;
    told(desk, &trying.tried(), answer)?;
    Ok(exit)
}

fn told(desk: &Desk, tried: &[Weighed], answer: &mut Answer<'_>) -> Result<(), Failure> {
    if answer.json {
        let event = |event: &Event| json!({ "what": event.kind(), "record": entry::word(event), "provider": event.provider().map(ProviderId::as_str) });
        let all = |list: &dyn Fn(&Weighed) -> Vec<Value>| -> Vec<Value> { tried.iter().flat_map(list).collect() };
        return answer.json(&json!({
            "recorded": false,
            "events": all(&|weighed| weighed.events.iter().map(event).collect()),
            "changes": all(&|weighed| weighed.changes.iter().map(entry::changes_json).collect()),
            "outlets": all(&entry::outlets_json),
        }));
    }
    let lang = answer.lang;
    for weighed in tried {
        for event in &weighed.events {
            let provider = event.provider().map(ToString::to_string).unwrap_or_default();
            let args = [("what", entry::title(lang, event)), ("provider", provider)];
            answer.line(&lang.say_texts("what-if-event", &args))?;
        }
        let lines = entry::changes(lang, &desk.rulebook(), weighed);
        lines.iter().try_for_each(|line| answer.line(&line.text))?;
    }
    answer.line(&lang.say("void-dry-run"))
}
