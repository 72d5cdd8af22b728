//! `findings` and `finding`: what the program measured, and what a person makes of it.

use super::args::points;
use super::output::{Answer, Exit, Failure};
use super::roster::{day, must_be_there, titles};
use crate::desk::{Desk, Identity, ListedFinding};
use crate::domain::turnover::Dormancy;
use crate::domain::{Command, Event, FindingId, Measured};
use crate::ids::ProviderId;
use crate::points::Points;
use crate::time::show_moment;
use crate::words;
use clap::{Args, Subcommand};
use serde_json::{Value, json};

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
    (state, as_of): (Option<&str>, Option<&str>),
    answer: &mut Answer<'_>,
) -> Result<Exit, Failure> {
    if let Some(id) = provider {
        must_be_there(desk, id)?;
    }
    let day = as_of.map(|text| day(text, desk, answer)).transpose()?;
    let mut rows = day.map_or_else(|| desk.listed(provider), |day| desk.listed_on(provider, day))?;
    rows.retain(|row| state.is_none_or(|word| row.finding.state.word() == word));
    if answer.json {
        return answer.json(&rows.iter().map(finding_json).collect::<Vec<_>>()).map(|()| Exit::Ok);
    }
    if rows.is_empty() {
        let text = answer.lang.say("findings-none");
        answer.line(&text)?;
        return Ok(Exit::Ok);
    }
    let header = titles(&["id", "about", "points", "state", "measured"], answer);
    let lang = answer.lang;
    let cells = rows.iter().map(|row| {
        let (f, about) = (&row.finding, words::finding_about(lang, &row.about));
        let state = lang.say(&format!("finding-{}", row.word()));
        vec![f.id.to_string(), about, f.points.to_string(), state, words::measured(lang, &f.measured)]
    });
    answer.table(&header, &cells.collect::<Vec<_>>(), &[2])?;
    Ok(Exit::Ok)
}

fn finding_json(row: &ListedFinding) -> Value {
    let f = &row.finding;
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
    json!({
        "id": f.id.to_string(),
        "article": f.id.subject.article(),
        "provider": f.id.provider.as_str(),
        "subject": f.id.subject.to_string(),
        "points": f.points.0,
        "state": f.state.word(),
        "about": row.about,
        "reversed_by": row.reversed_by.map(|seq| seq.0),
        "measured": measured,
    })
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
    if matches!(receipt.event, Event::LineProposed(_)) {
        return super::proposals::proposed(desk, receipt.seq, answer);
    }
    if answer.json {
        let found = desk.listed(Some(&id.provider))?.into_iter().find(|row| row.finding.id == id);
        let mut value = found.as_ref().map_or(Value::Null, finding_json);
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
