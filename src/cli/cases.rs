//! `cases` and `exit-plan`: rectification, termination and exit (3.1 to 3.3).

use super::args::CaseQuery;
use super::output::{Answer, Exit, Failure};
use super::roster::{self, must_be_there, titles};
use super::{notice, objection};
use crate::desk::{Desk, Leaving};
use crate::domain::exit::{Exit as ProviderExit, Receiver};
use crate::domain::rectification::{Case, Planned};
use crate::ids::ProviderId;
use crate::words::{self, Lang};
use serde_json::{Value, json};

/// The questions of parts 3 and 4.
pub fn ask(desk: &Desk, query: &CaseQuery, answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    match query {
        CaseQuery::Cases { provider, as_of } => cases(desk, (provider.as_ref(), as_of.as_deref()), answer),
        CaseQuery::Objections { provider, waiting } => objection::objections(desk, provider.as_ref(), *waiting, answer),
        CaseQuery::ExitPlan { provider } => exit_plan(desk, provider, answer),
        CaseQuery::Notices { provider } => notice::notices(desk, provider.as_ref(), answer),
        CaseQuery::Notice { entry } => notice::text(desk, *entry, answer),
    }
}

/// `koufen cases`: of all providers that have any, or of one.
fn cases(
    desk: &Desk,
    (provider, as_of): (Option<&ProviderId>, Option<&str>),
    answer: &mut Answer<'_>,
) -> Result<Exit, Failure> {
    let day = as_of.map(|text| roster::day(text, desk, answer)).transpose()?.unwrap_or(desk.today());
    let ids = roster::asked_about(desk, provider)?;
    let lang = answer.lang;
    let (mut told, mut rows) = (Vec::new(), Vec::new());
    for id in ids {
        let (cases, dossier) = desk.cases_on(&id, day)?;
        let owed: Vec<_> = cases.owed(&dossier).collect();
        told.push(json!({
            "provider": id.as_str(),
            "rectifications": cases.all.iter().map(rectification).collect::<Vec<_>>(),
            "decisions": dossier.terminations.iter().map(|d| json!({
                "entry": d.seq.0, "on": d.on.to_string(), "year": d.year, "terminate": d.terminate, "by": d.by,
                "reason": d.reason,
            })).collect::<Vec<_>>(),
            "owed": owed.iter().map(|(year, line, on)| json!({
                "year": year, "line": line.0, "on": on.to_string(),
            })).collect::<Vec<_>>(),
            "exit": dossier.exit.as_ref().map(exit),
        }));
        let head = |seq: crate::ids::Seq, kind: &str, on: String, what: String, next: String| {
            vec![seq.to_string(), id.to_string(), lang.say(kind), on, what, next]
        };
        rows.extend(cases.all.iter().map(|case| {
            let since = case.since().map(|on| on.to_string()).unwrap_or_default();
            let (state, next) = (lang.say(&format!("rectification-{}", case.state())), next_of(lang, case));
            head(case.seq(), "case-rectification", since, state, next)
        }));
        rows.extend(owed.iter().map(|(year, line, on)| {
            let owed = lang.say_texts("case-decision-owed", &[("year", year.to_string())]);
            head(*line, "case-termination", on.to_string(), owed, String::new())
        }));
        rows.extend(
            dossier
                .terminations
                .iter()
                .map(|d| head(d.seq, "case-termination", d.on.to_string(), words::decided(lang, d), d.by.clone())),
        );
        rows.extend(dossier.exit.iter().map(|exit| {
            let at = lang.say(&format!("case-at-{}", exit.stage.word()));
            head(exit.seq, "case-exit", exit.on.to_string(), at, words::exit_next(lang, exit))
        }));
    }
    if answer.json {
        let any = |one: &&Value| {
            provider.is_some()
                || ["rectifications", "decisions", "owed"].iter().any(|key| one[*key] != json!([]))
                || one["exit"] != Value::Null
        };
        answer.json(&told.iter().filter(any).collect::<Vec<_>>())?;
        return Ok(Exit::Ok);
    }
    if rows.is_empty() {
        answer.line(&lang.say("cases-none"))?;
        return Ok(Exit::Ok);
    }
    let header = titles(&["entry", "provider", "case", "since", "state", "next"], answer);
    answer.table(&header, &rows, &[0])?;
    Ok(Exit::Ok)
}

/// What a rectification waits for.
fn next_of(lang: Lang, case: &Case) -> String {
    match case.plan() {
        Some(Planned { plan, .. }) if case.closed_on.is_none() => lang.say_texts(
            "case-plan-until",
            &[("deadline", plan.deadline.to_string()), ("standard", plan.standard.clone())],
        ),
        _ => case.closed_on.map(|on| on.to_string()).unwrap_or_default(),
    }
}

fn rectification(case: &Case) -> Value {
    let plan = |p: &Planned| {
        json!({
            "entry": p.seq.0, "on": p.on.to_string(), "advice": p.plan.advice, "standard": p.plan.standard,
            "deadline": p.plan.deadline.to_string(),
            "outcome": p.outcome.map(|(seq, on, outcome)| {
                json!({ "entry": seq.0, "on": on.to_string(), "outcome": outcome.word() })
            }),
        })
    };
    json!({
        "case": case.seq().0,
        "state": case.state(),
        "since": case.since().map(|on| on.to_string()),
        "line": case.opened.map(|o| o.line.0),
        "score": case.opened.map(|o| o.score.0),
        "plans": case.plans.iter().map(plan).collect::<Vec<_>>(),
        "closed_on": case.closed_on.map(|on| on.to_string()),
    })
}

fn exit(exit: &ProviderExit) -> Value {
    let confirmed = exit.confirmed.iter().map(
        |c| json!({ "entry": c.seq.0, "as": c.role.word(), "by": c.by, "on": c.on.to_string(), "seen": c.seen.0 }),
    );
    json!({
        "entry": exit.seq.0, "on": exit.on.to_string(), "reason": exit.reason, "stage": exit.stage.word(),
        "confirmed": confirmed.collect::<Vec<_>>(),
        "next": exit.next().map(|(step, _)| step.word),
        "waits_for": exit.next().map(|(_, roles)| roles.iter().map(|role| role.word()).collect::<Vec<_>>()),
        "frozen_on": exit.frozen.map(|(_, on)| on.to_string()),
    })
}

/// Receivers that are named for a city.
const NAMED: usize = 3;

/// `koufen exit-plan`: who could take the outlets over, and why each.
fn exit_plan(desk: &Desk, provider: &ProviderId, answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    must_be_there(desk, provider)?;
    let all = desk.leaving(provider)?;
    let lang = answer.lang;
    if answer.json {
        answer.json(&all.iter().map(leaving).collect::<Vec<_>>())?;
        return Ok(Exit::Ok);
    }
    if all.is_empty() {
        answer.line(&lang.say_texts("exit-plan-none", &[("provider", provider.to_string())]))?;
        return Ok(Exit::Ok);
    }
    let mut rows = Vec::new();
    for city in &all {
        let count = city.outlets.len().to_string();
        if city.receivers.is_empty() {
            rows.push(vec![city.city.clone(), count.clone(), String::new(), lang.say("exit-plan-nobody")]);
        }
        rows.extend(
            city.receivers
                .iter()
                .take(NAMED)
                .map(|r| vec![city.city.clone(), count.clone(), r.provider.to_string(), words::receiver(lang, r)]),
        );
    }
    let header = titles(&["city", "outlets", "receiver", "grounds"], answer);
    answer.table(&header, &rows, &[1])?;
    Ok(Exit::Ok)
}

fn leaving(city: &Leaving) -> Value {
    let receiver = |r: &Receiver| {
        json!({
            "provider": r.provider.as_str(), "score": r.score.0, "serves": r.serves, "deposit": r.deposit,
            "outlets": r.load,
        })
    };
    json!({
        "city": city.city,
        "outlets": city.outlets.iter().map(|id| id.as_str()).collect::<Vec<_>>(),
        "receivers": city.receivers.iter().map(receiver).collect::<Vec<_>>(),
    })
}
