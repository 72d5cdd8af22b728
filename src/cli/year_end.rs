//! `year-end --dry-run`: what the end of a calendar year clears, and what goes on over it (decisions 3 and 10).

use super::args::YearEndArgs;
use super::output::{Answer, Exit, Failure};
use crate::desk::{Desk, YearEnd};
use crate::domain::Obligation;
use crate::domain::why::Target;
use crate::ids::Seq;
use crate::money::Fen;
use crate::points::Score;
use crate::time::{Year, show_moment};
use crate::words::{self, Lang};
use chrono::Datelike;
use serde_json::{Value, json};

/// `koufen year-end`.
pub fn year_end(desk: &Desk, args: YearEndArgs, answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    if !args.dry_run {
        return Err(Failure::Usage(answer.lang.say("year-end-runs-itself")));
    }
    let year = args.year.unwrap_or(desk.today().year());
    let rows = desk.year_end(year)?;
    if answer.json {
        answer.json(&rows.iter().map(|end| told(end, year)).collect::<Vec<_>>())?;
        return Ok(Exit::Ok);
    }
    let lang = answer.lang;
    if rows.is_empty() {
        answer.line(&lang.say_texts("year-end-none", &[("year", year.to_string())]))?;
    }
    for end in &rows {
        lines(lang, end, year).iter().try_for_each(|line| answer.line(line))?;
    }
    Ok(Exit::Ok)
}

fn lines(lang: Lang, end: &YearEnd, year: Year) -> Vec<String> {
    let (provider, name) = (end.provider.id.to_string(), end.provider.name.clone());
    let head = [("provider", provider), ("name", name), ("year", year.to_string()), ("score", end.clears.to_string())];
    let key = if end.clears == Score(0) { "year-end-head" } else { "year-end-clears" };
    let mut lines = vec![lang.say_texts(key, &head)];
    lines.extend(end.goes_on.iter().map(|word| lang.say(&format!("year-end-{word}"))));
    for (_, o) in &end.straddles {
        let (what, about) = (words::obligation(lang, o.kind), words::about(&o.about));
        let (due, clause) = (show_moment(o.due), words::clause(lang, o.kind.clause()));
        let args = [("what", what), ("about", about), ("due", due), ("clause", clause)];
        lines.push(lang.say_texts("year-end-straddles", &args));
    }
    let finding = |id: &String| lang.say_texts("year-end-finding", &[("finding", id.clone())]);
    lines.extend(end.findings.iter().map(finding));
    if !end.unsupported.is_empty() {
        let list: Vec<String> = end.unsupported.iter().map(|seq| format!("#{seq}")).collect();
        lines.push(lang.say_texts("year-end-unsupported", &[("lines", list.join(" "))]));
    }
    if end.short > Fen(0) {
        lines.push(lang.say_texts("year-end-short", &[("short", end.short.to_string())]));
    }
    lines
}

fn told(end: &YearEnd, year: Year) -> Value {
    let due = |(seq, o): &(Seq, Obligation)| {
        json!({
            "id": Target::Obligation((*seq, o.kind)).to_string(), "obligation": o.kind.word(),
            "about": o.about.to_string(), "due": show_moment(o.due), "plan": o.kind.is_plan(),
        })
    };
    json!({
        "provider": end.provider.id.as_str(),
        "year": year,
        "clears": end.clears.0,
        "standing": end.standing.word(),
        "goes_on": end.goes_on,
        "straddles": end.straddles.iter().map(due).collect::<Vec<_>>(),
        "findings": end.findings,
        "unsupported": end.unsupported.iter().map(|seq| seq.0).collect::<Vec<_>>(),
        "deposit_short": end.short.to_string(),
    })
}
