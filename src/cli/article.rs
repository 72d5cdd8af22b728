//! `article show`: an article, and how it was scored before (the discretion mirror).

use super::output::{Answer, Exit, Failure};
use crate::desk::{Desk, Identity};
use crate::domain::Refusal;
use crate::domain::discretion::Spread;
use crate::exchange::clean::{fold, shown};
use crate::words;
use serde_json::{Value, json};

/// `koufen article show`.
pub fn show(desk: &Desk, who: &Identity, article: &str, answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    let id = fold(article);
    let unknown = || Failure::Refused(Refusal::UnknownArticle { article: shown(&id) });
    let found = desk.rulebook().article(&id).ok_or_else(unknown)?.clone();
    let usage = desk.usage(&found.id)?;
    let (all, mine) = (usage.spread(None), usage.spread(Some(&who.name)));
    if answer.json {
        answer.json(&json!({
            "article": found.id.as_str(),
            "clause": found.clause,
            "least": found.min.0,
            "most": found.max.0,
            "used": all.map(told),
            "by": who.name,
            "used_by": mine.map(told),
        }))?;
        return Ok(Exit::Ok);
    }
    super::rules::show(&found, answer)?;
    words::discretion(answer.lang, all, mine).iter().try_for_each(|line| answer.line(line))?;
    Ok(Exit::Ok)
}

fn told(spread: Spread) -> Value {
    json!({
        "count": spread.count,
        "least": spread.least.0,
        "median": [spread.median.0.0, spread.median.1.0],
        "most": spread.most.0,
    })
}
