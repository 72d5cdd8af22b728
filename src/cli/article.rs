//! `article show`: an article, for everybody or for one provider on a day (4.4(3)), and how it was scored before (the
//! discretion mirror).

use super::args::ArticleAction;
use super::editions::otherwise;
use super::output::{Answer, Exit, Failure};
use super::roster;
use crate::desk::{Desk, Identity};
use crate::domain::Refusal;
use crate::domain::discretion::Spread;
use crate::exchange::clean::{fold, shown};
use crate::words;
use serde_json::{Value, json};

/// `koufen article show`.
pub fn show(desk: &Desk, who: &Identity, action: &ArticleAction, answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    let ArticleAction::Show { article, provider, on } = action;
    let id = fold(article);
    let (laws, today) = (desk.laws()?, desk.today());
    let on = on.as_deref().map_or(Ok(today), |day| roster::day(day, desk, answer))?;
    provider.as_ref().map_or(Ok(()), |id| roster::must_be_there(desk, id))?;
    let book = provider.as_ref().map_or_else(|| laws.general(on), |provider| laws.of(provider, on));
    let unknown = || Failure::Refused(Refusal::UnknownArticle { article: shown(&id) });
    let found = book.article(&id).ok_or_else(unknown)?.clone();
    let usage = desk.usage(&found.id)?;
    let (all, mine) = (usage.spread(None), usage.spread(Some(&who.name)));
    let agreed = provider.as_ref().map(|provider| (provider, otherwise(&laws, (provider, &id, on))));
    if answer.json {
        let otherwise = agreed.as_ref().and_then(|(_, agreed)| agreed.as_ref());
        answer.json(&json!({
            "article": found.id.as_str(),
            "clause": found.clause,
            "edition": shown(&book.edition),
            "rulebook": book.hash.to_string(),
            "least": found.min.0,
            "most": found.max.0,
            "cap": found.cap.map(|cap| cap.0),
            "provider": provider.as_ref().map(|id| id.as_str()),
            "override": otherwise.map(|(value, instead, entry)| {
                json!({ "entry": entry.0, "value": value, "instead": instead })
            }),
            "used": all.map(told),
            "by": who.name,
            "used_by": mine.map(told),
        }))?;
        return Ok(Exit::Ok);
    }
    super::rules::show(&found, answer)?;
    let lang = answer.lang;
    match &agreed {
        Some((provider, Some((value, instead, entry)))) => {
            let args = [
                ("provider", provider.to_string()),
                ("seq", entry.to_string()),
                ("value", value.clone()),
                ("instead", instead.clone()),
            ];
            answer.line(&lang.say_texts("article-agreed", &args))?;
        }
        Some((provider, None)) => {
            answer.line(&lang.say_texts("article-not-agreed", &[("provider", provider.to_string())]))?;
        }
        None => {}
    }
    words::discretion(lang, all, mine).iter().try_for_each(|line| answer.line(line))?;
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
