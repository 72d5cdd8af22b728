//! `proposals` and `confirm-line`: lines that wait for a second person (decision 28).

use super::args::SecondPerson;
use super::output::{Answer, Exit, Failure};
use super::{ledger, roster};
use crate::desk::{Desk, Identity};
use crate::domain::Command;
use crate::domain::second::Waiting;
use crate::ids::{ProviderId, Seq};
use crate::time::show_moment;
use crate::words;
use serde_json::{Value, json};

/// What is asked of them.
pub fn second(desk: &Desk, who: &Identity, action: &SecondPerson, answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    match action {
        SecondPerson::Proposals { provider } => proposals(desk, provider.as_ref(), answer),
        SecondPerson::ConfirmLine { proposal, again } => confirm(desk, who, (*proposal, *again), answer),
    }
}

/// `koufen proposals`.
fn proposals(desk: &Desk, provider: Option<&ProviderId>, answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    provider.map_or(Ok(()), |id| roster::must_be_there(desk, id))?;
    let all = desk.proposals(provider)?;
    if answer.json {
        answer.json(&all.iter().map(told).collect::<Vec<_>>())?;
        return Ok(Exit::Ok);
    }
    if all.is_empty() {
        answer.line(&answer.lang.say("proposals-none"))?;
        return Ok(Exit::Ok);
    }
    let names = ["entry", "provider", "article", "points", "occurred-on", "outlet", "adopted-by", "adopted", "note"];
    let header = roster::titles(&names, answer);
    let cells = |w: &Waiting| {
        let d = &w.proposed.deduction;
        let (outlet, note) = (d.outlet.as_ref().map(ToString::to_string), d.note.clone().unwrap_or_default());
        let (points, on) = (d.points.to_string(), d.occurred_on.to_string());
        let (who, when) = (w.by.clone(), show_moment(w.at));
        let outlet = outlet.unwrap_or_default();
        let note = note.replace(['\n', '\t'], " ");
        vec![
            format!("#{}", w.entry),
            d.provider.to_string(),
            d.article.to_string(),
            points,
            on,
            outlet,
            who,
            when,
            note,
        ]
    };
    answer.table(&header, &all.iter().map(cells).collect::<Vec<_>>(), &[3])?;
    Ok(Exit::Ok)
}

/// `koufen confirm-line`: it is a line of its day from now on.
fn confirm(
    desk: &Desk,
    who: &Identity,
    (proposal, again): (Seq, bool),
    answer: &mut Answer<'_>,
) -> Result<Exit, Failure> {
    let receipt = ledger::submit(desk, who, Command::ConfirmLine { proposal }, again)?;
    ledger::recorded(desk, receipt.seq, "deduct-done", answer)
}

/// What is said of a line that was proposed and is none yet.
pub(super) fn proposed(desk: &Desk, entry: Seq, answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    let Some(waiting) = desk.proposals(None)?.into_iter().find(|waiting| waiting.entry == entry) else {
        return Ok(Exit::Ok);
    };
    if answer.json {
        answer.json(&told(&waiting))?;
    } else {
        answer.line(&words::waiting(answer.lang, "proposal-made", &waiting))?;
    }
    Ok(Exit::Ok)
}

/// It by stable names.
pub(super) fn told(waiting: &Waiting) -> Value {
    let d = &waiting.proposed.deduction;
    json!({
        "line": null,
        "proposal": waiting.entry.0,
        "kind": "proposed",
        "provider": d.provider.as_str(),
        "article": d.article.as_str(),
        "points": d.points.0,
        "effective": 0,
        "occurred_on": d.occurred_on.to_string(),
        "outlet": d.outlet.as_ref().map(|o| o.as_str()),
        "problem": d.problem,
        "note": d.note,
        "by": waiting.by,
        "at": show_moment(waiting.at),
        "finding": waiting.proposed.finding.as_ref().map(ToString::to_string),
    })
}
