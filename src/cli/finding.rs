//! `findings` and `finding`: what the program measured, and what a person makes of it.

use super::args::points;
use super::output::{Answer, Exit, Failure};
use super::roster::{must_be_there, titles};
use crate::desk::{Desk, Identity};
use crate::domain::turnover::Dormancy;
use crate::domain::{Command, Finding, FindingId, FindingState, Measured};
use crate::ids::{ProviderId, Seq};
use crate::points::Points;
use crate::time::show_moment;
use crate::words;
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What a person makes of a finding.
#[derive(Clone, Debug, Subcommand)]
#[allow(missing_docs, reason = "the help texts stand in the fluent files")]
pub enum FindingAction {
    Confirm(ConfirmArgs),
    Dismiss(DismissArgs),
    Reopen {
        finding: FindingId,
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[arg(long)]
        dry_run: bool,
    },
}

/// A finding that becomes a line.
#[derive(Clone, Debug, Args)]
#[allow(missing_docs, reason = "the help texts stand in the fluent files")]
pub struct ConfirmArgs {
    #[arg(value_name = "FINDING")]
    pub finding: FindingId,
    #[arg(long = "points", id = "found_points", value_parser = points)]
    pub points: Option<Points>,
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
    #[arg(long)]
    pub again: bool,
}

/// A finding that becomes none.
#[derive(Clone, Debug, Args)]
#[allow(missing_docs, reason = "the help texts stand in the fluent files")]
pub struct DismissArgs {
    #[arg(value_name = "FINDING")]
    pub finding: FindingId,
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
}

/// `koufen findings`.
pub fn findings(
    desk: &Desk,
    provider: Option<&ProviderId>,
    state: Option<&str>,
    answer: &mut Answer<'_>,
) -> Result<Exit, Failure> {
    if let Some(id) = provider {
        must_be_there(desk, id)?;
    }
    let mut rows = desk.findings(provider)?;
    rows.retain(|f| state.is_none_or(|word| f.state.word() == word));
    if answer.json {
        let all = rows.iter().map(|f| finding_json(desk, f)).collect::<Result<Vec<_>, _>>()?;
        answer.json(&all)?;
        return Ok(Exit::Ok);
    }
    if rows.is_empty() {
        let text = answer.lang.say("findings-none");
        answer.line(&text)?;
        return Ok(Exit::Ok);
    }
    let header = titles(&["id", "about", "points", "state", "measured"], answer);
    let lang = answer.lang;
    let mut cells = Vec::with_capacity(rows.len());
    let mut dossiers = BTreeMap::new();
    for f in &rows {
        if !dossiers.contains_key(&f.id.provider) {
            dossiers.insert(&f.id.provider, desk.dossier(&f.id.provider)?);
        }
        let about = dossiers.get(&f.id.provider).map(|dossier| f.about(dossier)).unwrap_or_default();
        let word = if reversed_by(desk, f)?.is_some() { "reversed" } else { f.state.word() };
        let state = lang.say(&format!("finding-{word}"));
        cells.push(vec![f.id.to_string(), about, f.points.to_string(), state, words::measured(lang, &f.measured)]);
    }
    answer.table(&header, &cells, &[2])?;
    Ok(Exit::Ok)
}

/// The entry that reversed the line of a finding that was confirmed (decision 20).
fn reversed_by(desk: &Desk, f: &Finding) -> Result<Option<Seq>, Failure> {
    match f.state {
        FindingState::Confirmed(line) => Ok(desk.line(line)?.and_then(|(_, line)| line.reversed_by)),
        FindingState::Open | FindingState::Dismissed(_) => Ok(None),
    }
}

fn finding_json(desk: &Desk, f: &Finding) -> Result<Value, Failure> {
    let measured = match &f.measured {
        Measured::Dormant(Dormancy { tested, low, zero }) => json!({ "tested": tested, "low": low, "zero": zero }),
        Measured::Late { outlet, due, answered } => {
            json!({ "outlet": outlet.as_str(), "due": show_moment(*due), "answered": answered.map(show_moment) })
        }
        Measured::Missed { due, done, need, have } => {
            json!({ "due": show_moment(*due), "done": done.map(show_moment), "need": need, "have": have })
        }
        Measured::Conference { invited, attended, signed } => {
            json!({ "invited": invited, "attended": attended, "signed": signed })
        }
        Measured::Share { part, whole, percent } => json!({ "part": part, "whole": whole, "percent": percent }),
        Measured::LateAndFaulty { due, done, part, whole, percent } => json!({
            "due": show_moment(*due), "done": done.map(show_moment), "part": part, "whole": whole, "percent": percent,
        }),
        Measured::Event => json!({ "outlet": f.outlet.as_ref().map(crate::ids::OutletId::as_str) }),
    };
    let reversed_by = reversed_by(desk, f)?.map(|seq| seq.0);
    Ok(json!({
        "id": f.id.to_string(),
        "article": f.id.subject.article(),
        "provider": f.id.provider.as_str(),
        "subject": f.id.subject.to_string(),
        "points": f.points.0,
        "state": f.state.word(),
        "reversed_by": reversed_by,
        "measured": measured,
    }))
}

/// `koufen finding`.
pub fn decide(desk: &Desk, who: &Identity, action: &FindingAction, answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    let (id, command, again) = match action {
        FindingAction::Confirm(args) => (args.finding.clone(), confirmed(args), args.again),
        FindingAction::Dismiss(args) => (args.finding.clone(), dismissed(args), false),
        FindingAction::Reopen { finding, reason, dry_run } => {
            return super::void::reopen(desk, who, finding, (reason, *dry_run), answer);
        }
    };
    let receipt = super::ledger::submit(desk, who, command, again)?;
    if answer.json {
        let found = desk.findings(Some(&id.provider))?.into_iter().find(|f| f.id == id);
        let mut value = found.as_ref().map_or(Ok(Value::Null), |f| finding_json(desk, f))?;
        value["entry"] = json!(receipt.seq.0);
        answer.json(&value)?;
    } else if receipt.event.deduction().is_some() {
        super::ledger::recorded(desk, receipt.seq, "finding-confirmed-done", answer)?;
    } else {
        let args = [("seq", receipt.seq.to_string().into()), ("finding", id.to_string().into())];
        let text = answer.lang.say_with("finding-dismissed-done", &args);
        answer.line(&text)?;
    }
    Ok(Exit::Ok)
}

/// The command that makes a finding a line.
pub(super) fn confirmed(args: &ConfirmArgs) -> Command {
    let ConfirmArgs { finding, points, note, again: _ } = args.clone();
    Command::ConfirmFinding { finding, points, note }
}

/// The command that makes a finding none.
pub(super) fn dismissed(args: &DismissArgs) -> Command {
    let DismissArgs { finding, reason } = args.clone();
    Command::DismissFinding { finding, reason }
}
