//! `alerts` and `alert`: what needs somebody, and what somebody did.

use super::args::AlertAction;
use super::output::{Answer, Exit, Failure};
use super::roster::{moment, must_be_there, titles};
use crate::desk::lists::{Alerts, Of};
use crate::desk::{Desk, Identity};
use crate::domain::{Alert, AlertState, Command, Mark, Refusal};
use crate::exchange::clean::shown;
use crate::ids::ProviderId;
use crate::rulebook::Rulebook;
use crate::time::show_moment;
use crate::words::{self, Lang};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;

/// How often `--watch` looks.
const LOOK: Duration = Duration::from_secs(1);

/// `koufen alerts`.
pub fn alerts(
    desk: &Desk,
    provider: Option<&ProviderId>,
    (all, watch): (bool, bool),
    answer: &mut Answer<'_>,
) -> Result<Exit, Failure> {
    if let Some(id) = provider {
        must_be_there(desk, id)?;
    }
    if watch {
        return watching(desk, provider, answer);
    }
    let mut rows = desk.list(&Alerts, &Of::whom(provider))?;
    rows.retain(|a| all || a.state != AlertState::Resolved);
    if answer.json {
        answer.json(&rows.iter().map(|a| alert_json(a)).collect::<Vec<_>>())?;
        return Ok(Exit::Ok);
    }
    if rows.is_empty() {
        let text = answer.lang.say("alerts-none");
        answer.line(&text)?;
        return Ok(Exit::Ok);
    }
    let header = titles(&["state", "clause", "alert", "what-is"], answer);
    let (book, lang, mut states) = (desk.rulebook(), answer.lang, BTreeMap::new());
    let cells: Vec<_> = rows
        .iter()
        .map(|a| cells((&book, lang), a, states.entry(a.state).or_insert_with(|| state(lang, a.state))))
        .collect();
    answer.table(&header, &cells, &[])?;
    Ok(Exit::Ok)
}

/// The word for a state.
fn state(lang: Lang, state: AlertState) -> String {
    lang.say(&format!("alert-state-{}", state.word()))
}

fn cells((book, lang): (&Rulebook, Lang), a: &Alert, state: &str) -> Vec<String> {
    let state = match a.marked.as_ref().map(|m| &m.mark) {
        Some(Mark::Assigned { to }) if a.state == AlertState::Assigned => format!("{state}: {to}"),
        Some(Mark::Snoozed { until }) if a.state == AlertState::Snoozed => format!("{state}: {}", show_moment(*until)),
        _ => state.to_owned(),
    };
    vec![state, words::clause(lang, &a.clause), a.id(), words::alert(lang, book, a)]
}

/// Prints what changes, until it is interrupted or nobody reads it any more.
fn watching(desk: &Desk, provider: Option<&ProviderId>, answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    let stop = answer.caller.stopped().map_err(Failure::Output)?;
    let mut known: BTreeMap<String, (AlertState, u32)> = BTreeMap::new();
    while !stop.load(std::sync::atomic::Ordering::Relaxed) {
        let rows = desk.alerts(provider)?;
        for alert in rows.iter().filter(|a| known.get(&a.id()) != Some(&(a.state, a.level))) {
            if answer.json {
                answer.json(&alert_json(alert))?;
            } else {
                let state = state(answer.lang, alert.state);
                let cells = cells((&desk.rulebook(), answer.lang), alert, &state);
                answer.line(&format!("{}  {}", show_moment(desk.now()), cells.join("  ")))?;
            }
        }
        let is: BTreeMap<_, _> = rows.iter().map(|a| (a.id(), (a.state, a.level))).collect();
        for gone in known.keys().filter(|id| !is.contains_key(*id)) {
            let state = answer.lang.say("alert-state-resolved");
            if answer.json {
                answer.json(&json!({ "alert": gone, "state": AlertState::Resolved.word() }))?;
            } else {
                answer.line(&format!("{}  {state}  {gone}", show_moment(desk.now())))?;
            }
        }
        known = is;
        answer.out.flush()?;
        std::thread::sleep(LOOK);
    }
    Ok(Exit::Ok)
}

/// `koufen alert`.
pub fn mark(desk: &Desk, who: &Identity, action: &AlertAction, answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    let (name, mark) = match action {
        AlertAction::Ack { alert } => (alert, Mark::Acknowledged),
        AlertAction::Snooze { alert, until } => (alert, Mark::Snoozed { until: moment(until, desk, answer)? }),
        AlertAction::Assign { alert, to } => (alert, Mark::Assigned { to: to.clone() }),
    };
    let unknown = || Failure::Refused(Refusal::UnknownAlert { alert: shown(name) });
    let provider: ProviderId = name.split('/').next().unwrap_or_default().parse().map_err(|_| unknown())?;
    let find = || Ok::<_, Failure>(desk.alerts(Some(&provider))?.into_iter().find(|a| a.id() == name.trim()));
    let alert = find()?.filter(|a| a.state != AlertState::Resolved).ok_or_else(unknown)?;
    let Alert { provider: owner, subject, .. } = alert;
    let receipt = desk.submit(who, Command::MarkAlert { provider: owner, subject, mark })?;
    let alert = find()?.ok_or_else(unknown)?;
    if answer.json {
        let mut value = alert_json(&alert);
        value["entry"] = json!(receipt.seq.0);
        answer.json(&value)?;
        return Ok(Exit::Ok);
    }
    let state = state(answer.lang, alert.state);
    let args = [("seq", receipt.seq.to_string()), ("alert", alert.id()), ("state", state)];
    let text = answer.lang.say_texts("alert-marked-done", &args);
    answer.line(&text)?;
    Ok(Exit::Ok)
}

fn alert_json(a: &Alert) -> Value {
    let facts: BTreeMap<&str, &str> = a.says.1.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let (mark, until, to) = match a.marked.as_ref().map(|m| &m.mark) {
        None => (None, None, None),
        Some(Mark::Acknowledged) => (Some("acknowledged"), None, None),
        Some(Mark::Snoozed { until }) => (Some("snoozed"), Some(show_moment(*until)), None),
        Some(Mark::Assigned { to }) => (Some("assigned"), None, Some(to)),
    };
    json!({
        "alert": a.id(),
        "provider": a.provider.as_str(),
        "state": a.state.word(),
        "level": a.level,
        "clause": a.clause,
        "kind": a.says.0.trim_start_matches("alert-"),
        "facts": facts,
        "moment": a.moment.map(show_moment),
        "mark": mark,
        "until": until,
        "to": to,
        "by": a.marked.as_ref().map(|m| &m.by),
        "at": a.marked.as_ref().map(|m| show_moment(m.at)),
    })
}
