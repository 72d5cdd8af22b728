//! `admission` and `territory`: what a provider's records come to.

use super::output::{Answer, Exit, Failure};
use super::roster::{must_be_there, titles};
use crate::desk::Desk;
use crate::domain::Dossier;
use crate::domain::admission::AdmissionStage;
use crate::domain::dossier::Taken;
use crate::domain::gap::of_conference;
use crate::domain::territory::{Conference, Territory, WeedOut};
use crate::exchange::clean::shown;
use crate::ids::ProviderId;
use crate::words;
use serde_json::json;

/// `koufen admission`: the case, step by step, with who stands for each.
pub fn admission(desk: &Desk, id: &ProviderId, answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    must_be_there(desk, id)?;
    let dossier = desk.dossier(id)?;
    let (stage, lang) = (dossier.stage(), answer.lang);
    if answer.json {
        let step = |t: &Taken| json!({ "entry": t.seq.0, "step": t.step.word(), "on": t.on.to_string(), "by": t.by, "note": t.note });
        let steps: Vec<_> = dossier.admission.iter().map(step).collect();
        answer.json(&json!({ "provider": id.as_str(), "stage": stage.word(), "steps": steps }))?;
        return Ok(Exit::Ok);
    }
    if stage == AdmissionStage::None {
        answer.line(&lang.say_texts("admission-none", &[("provider", id.to_string())]))?;
        return Ok(Exit::Ok);
    }
    let word = lang.say(&format!("stage-{}", stage.word()));
    answer.line(&lang.say_texts("admission-stage", &[("provider", id.to_string()), ("stage", word)]))?;
    let header = titles(&["step", "on", "by", "line", "note"], answer);
    let cells = dossier.admission.iter().map(|t| {
        let note = t.note.clone().unwrap_or_default().replace('\n', " ");
        vec![words::step(lang, &t.step.word()), t.on.to_string(), t.by.clone(), t.seq.to_string(), note]
    });
    answer.table(&header, &cells.collect::<Vec<_>>(), &[3])?;
    Ok(Exit::Ok)
}

/// `koufen territory`: cities with their roll-out, and the conferences.
pub fn territory(desk: &Desk, id: &ProviderId, answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    must_be_there(desk, id)?;
    let dossier = desk.dossier(id)?;
    let day = |day: Option<crate::time::Day>| day.map(|d| d.to_string());
    if answer.json {
        let city = |t: &Territory| {
            json!({
                "entry": t.seq.0, "city": t.city, "confirmed_on": t.confirmed_on.to_string(), "target": t.plan.0,
                "first_batch": t.plan.1, "opened": t.opened, "left_early": t.left_early, "normal_on": day(t.normal_on),
            })
        };
        let conference = |c: &Conference| {
            json!({
                "entry": c.seq.0, "city": c.held.city, "on": c.on.to_string(), "visits": c.held.visits,
                "outlets_visited": c.held.outlets_visited, "invited": c.held.invited, "attended": c.held.attended,
                "signed": c.held.signed, "publicity": c.held.publicity, "result": result(c),
                "gaps": of_conference(&c.held).iter().map(|gap| gap.what).collect::<Vec<_>>(),
            })
        };
        let weed_out = dossier.weed_out.iter().map(|w| {
            json!({
                "region": w.region, "standard": w.standard, "complaints": w.complaints, "turnover": w.turnover,
                "members": w.members,
            })
        });
        let trainings = dossier.trainings.iter().map(|t| {
            json!({
                "entry": t.seq.0, "city": t.city, "on": t.on.to_string(), "outlets": t.outlets,
                "guided_on": day(t.guided.map(|(_, on)| on)),
            })
        });
        answer.json(&json!({
            "provider": id.as_str(),
            "territories": dossier.territories.iter().map(city).collect::<Vec<_>>(),
            "conferences": dossier.conferences.iter().map(conference).collect::<Vec<_>>(),
            "trainings": trainings.collect::<Vec<_>>(),
            "weed_out": weed_out.collect::<Vec<_>>(),
        }))?;
        return Ok(Exit::Ok);
    }
    tables(id, &dossier, answer)?;
    for WeedOut { region, standard, .. } in &dossier.weed_out {
        let text =
            answer.lang.say_texts("territory-weed-out", &[("region", shown(region)), ("standard", shown(standard))]);
        answer.line(&text)?;
    }
    Ok(Exit::Ok)
}

/// Its cities, and its conferences.
fn tables(id: &ProviderId, dossier: &Dossier, answer: &mut Answer<'_>) -> Result<(), Failure> {
    let lang = answer.lang;
    if dossier.territories.is_empty() {
        answer.line(&lang.say_texts("territory-none", &[("provider", id.to_string())]))?;
        return Ok(());
    }
    let header =
        titles(&["city", "confirmed-on", "first-batch", "target", "opened", "left-early", "normal-on"], answer);
    let cells = dossier.territories.iter().map(|t| {
        let numbers = [t.plan.1, t.plan.0, t.opened, t.left_early].map(|n| n.to_string());
        let mut row = vec![t.city.clone(), t.confirmed_on.to_string()];
        row.extend(numbers);
        row.push(t.normal_on.map(|on| on.to_string()).unwrap_or_default());
        row
    });
    answer.table(&header, &cells.collect::<Vec<_>>(), &[2, 3, 4, 5])?;
    if dossier.conferences.is_empty() {
        return Ok(());
    }
    answer.line("")?;
    let header = titles(&["conference", "city", "on", "invited", "attended", "signed", "result"], answer);
    let cells = dossier.conferences.iter().map(|c| {
        let numbers = [c.held.invited, c.held.attended, c.held.signed].map(|n| n.to_string());
        let mut row = vec![c.seq.to_string(), c.held.city.clone(), c.on.to_string()];
        row.extend(numbers);
        row.push(lang.say(&format!("result-{}", result(c))));
        row
    });
    answer.table(&header, &cells.collect::<Vec<_>>(), &[0, 3, 4, 5])?;
    Ok(())
}

fn result(c: &Conference) -> &'static str {
    match (c.failed, c.rectified_on) {
        (false, _) => "passed",
        (true, None) => "failed",
        (true, Some(_)) => "rectified",
    }
}
