//! `rules impact`: who would cross 50 or 100 by another edition of the rulebook, before anybody adopts it.

use super::open::rulebook_file;
use super::output::{Answer, Exit, Failure};
use super::roster::titles;
use crate::desk::Desk;
use crate::domain::impact::Impact;
use crate::ids::ProviderId;
use crate::rulebook::Rulebook;
use crate::time::Year;
use crate::words;
use serde_json::{Value, json};
use std::path::Path;

/// What all years come to by another edition.
pub fn impact(desk: &Desk, file: &Path, year: Option<Year>, answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    let (book, now) = (rulebook_file(file, answer)?, desk.rulebook());
    let years = match year {
        Some(year) => vec![year],
        None => desk.years()?,
    };
    let (mut rows, mut changed, mut gone) = (Vec::new(), 0u64, 0u64);
    for year in years {
        for (id, impact) in desk.impact(&book, year)? {
            (changed, gone) = (changed + u64::from(impact.changed), gone + u64::from(impact.gone));
            if impact.crosses(&now, &book) {
                rows.push((id, year, impact));
            }
        }
    }
    if answer.json {
        let rows: Vec<Value> = rows.iter().map(|row| told(&now, &book, row)).collect();
        answer.json(&json!({ "edition": book.edition, "changed": changed, "gone": gone, "crosses": rows }))?;
        return Ok(Exit::Ok);
    }
    let lang = answer.lang;
    let counts = [("edition", book.edition.clone()), ("changed", changed.to_string()), ("gone", gone.to_string())];
    answer.line(&lang.say_texts("impact-head", &counts))?;
    if rows.is_empty() {
        answer.line(&lang.say("impact-none"))?;
        return Ok(Exit::Ok);
    }
    let header = titles(&["provider", "year", "score", "standing", "score-then", "standing-then"], answer);
    let cells = rows.iter().map(|(id, year, impact)| {
        let (was, is) = impact.standings(&now, &book);
        let (was, is) = (words::standing(lang, was), words::standing(lang, is));
        vec![id.to_string(), year.to_string(), impact.before.to_string(), was, impact.after.to_string(), is]
    });
    answer.table(&header, &cells.collect::<Vec<_>>(), &[1, 2, 4])?;
    Ok(Exit::Ok)
}

fn told(now: &Rulebook, book: &Rulebook, (id, year, impact): &(ProviderId, Year, Impact)) -> Value {
    let (was, is) = impact.standings(now, book);
    json!({
        "provider": id.as_str(),
        "year": year,
        "before": { "score": impact.before.0, "standing": was.word() },
        "after": { "score": impact.after.0, "standing": is.word() },
        "changed": impact.changed,
        "gone": impact.gone,
    })
}
