//! `objections`: what providers protest against, and what became of it (decisions 21 and 27).

use super::output::{Answer, Exit, Failure};
use super::roster::{asked_about, titles};
use crate::desk::Desk;
use crate::domain::objection::Objection;
use crate::ids::ProviderId;
use serde_json::{Value, json};

/// `koufen objections`: all, or those of one provider; those that wait, where that is asked.
pub fn objections(
    desk: &Desk,
    provider: Option<&ProviderId>,
    waiting: bool,
    answer: &mut Answer<'_>,
) -> Result<Exit, Failure> {
    let mut all: Vec<(ProviderId, Objection)> = Vec::new();
    let ids = asked_about(desk, provider)?;
    for id in ids {
        let of = desk.dossier(&id)?.objections.into_iter();
        all.extend(of.filter(|o| !waiting || o.answered.is_none()).map(|o| (id.clone(), o)));
    }
    if answer.json {
        answer.json(&all.iter().map(|(id, o)| told(id, o)).collect::<Vec<_>>())?;
        return Ok(Exit::Ok);
    }
    if all.is_empty() {
        answer.line(&answer.lang.say("objections-none"))?;
        return Ok(Exit::Ok);
    }
    let lang = answer.lang;
    let rows = all.iter().map(|(id, o)| {
        let state = lang.say(&format!("objection-{}", o.state()));
        let by = o.answered.as_ref().map(|answer| format!("{} {}", answer.on, answer.by)).unwrap_or_default();
        let grounds = o.grounds.replace('\n', " ");
        vec![o.seq.to_string(), id.to_string(), o.on.to_string(), o.against.to_string(), state, by, grounds]
    });
    let header = titles(&["entry", "provider", "on", "against", "state", "answered", "grounds"], answer);
    answer.table(&header, &rows.collect::<Vec<_>>(), &[0])?;
    Ok(Exit::Ok)
}

fn told(id: &ProviderId, o: &Objection) -> Value {
    let answered = o.answered.as_ref().map(|answer| {
        json!({
            "entry": answer.seq.0, "on": answer.on.to_string(), "upheld": answer.upheld, "by": answer.by,
            "reason": answer.reason,
        })
    });
    json!({
        "entry": o.seq.0,
        "provider": id.as_str(),
        "on": o.on.to_string(),
        "against": o.against.to_string(),
        "grounds": o.grounds,
        "heard": o.heard.iter().map(|(seq, on)| json!({ "entry": seq.0, "on": on.to_string() })).collect::<Vec<_>>(),
        "state": o.state(),
        "answered": answered,
    })
}
