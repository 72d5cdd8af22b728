//! `rules` on a store: editions that were adopted, and what providers agreed otherwise (4.4(1), 4.4(3), decision 26).

use super::args::{RulesAction, RulesArgs, WhichRules};
use super::open::read;
use super::output::{Answer, Exit, Failure};
use super::roster::titles;
use super::rules::Edition;
use super::{impact, roster, rules};
use crate::desk::{Desk, Identity};
use crate::domain::edition::{Adopted, Agreed, Laws};
use crate::domain::{Command, Event};
use crate::exchange::clean::shown;
use crate::ids::ProviderId;
use crate::rulebook::Rulebook;
use crate::time::{Day, show_moment};
use serde_json::json;
use std::path::Path;

/// What `koufen rules` says of a store.
pub fn rules(desk: &Desk, who: &Identity, asked: &RulesArgs, answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    let Some(action) = &asked.action else {
        return in_force(desk, &asked.which, answer, rules::all);
    };
    match action {
        RulesAction::Show { article, which } => {
            in_force(desk, which, answer, |book, edition, answer| rules::one(book, article, edition, answer))
        }
        RulesAction::Impact { file, year } => impact::impact(desk, file, *year, answer),
        RulesAction::Adopt { file, effective } => adopt(desk, who, (file, effective), answer),
        RulesAction::List => list(desk, answer),
        RulesAction::Overrides { provider } => overrides(desk, provider.as_ref(), answer),
        // They ask files alone.
        _ => Err(Failure::Usage(answer.lang.say("cli-not-here"))),
    }
}

/// Shows the edition in force on a day, today where none is said (4.4(1)).
fn in_force(
    desk: &Desk,
    which: &WhichRules,
    answer: &mut Answer<'_>,
    show: impl Fn(&Rulebook, &Edition<'_>, &mut Answer<'_>) -> Result<(), Failure>,
) -> Result<Exit, Failure> {
    let on = which.as_of.as_deref().map_or(Ok(desk.today()), |text| roster::day(text, desk, answer))?;
    let laws = desk.laws()?;
    let edition = laws.edition(on).map_or(Edition::Loaded(on), |adopted| Edition::Adopted(adopted, on));
    show(laws.general(on), &edition, answer)?;
    Ok(Exit::Ok)
}

/// An edition goes into the journal with its text.
fn adopt(
    desk: &Desk,
    who: &Identity,
    (file, effective): (&Path, &str),
    answer: &mut Answer<'_>,
) -> Result<Exit, Failure> {
    let text = read(file, answer)?;
    let effective = roster::day(effective, desk, answer)?;
    let receipt = desk.submit(who, Command::AdoptEdition { text, effective })?;
    let Event::EditionAdopted(edition) = &receipt.event else { return Ok(Exit::Ok) };
    if answer.json {
        answer.json(&json!({
            "entry": receipt.seq.0,
            "edition": edition.number,
            "effective": edition.effective.to_string(),
            "hash": edition.hash.to_string(),
        }))?;
        return Ok(Exit::Ok);
    }
    let args = [
        ("seq", receipt.seq.to_string()),
        ("edition", edition.number.clone()),
        ("effective", edition.effective.to_string()),
        ("hash", edition.hash.to_string()),
    ];
    answer.line(&answer.lang.say_texts("edition-adopted", &args))?;
    Ok(Exit::Ok)
}

fn list(desk: &Desk, answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    let (laws, today) = (desk.laws()?, desk.today());
    let now = laws.edition(today).map(|adopted| adopted.entry);
    let loaded = laws.loaded();
    if answer.json {
        let row = |a: &Adopted| {
            json!({
                "edition": a.edition.number,
                "effective": a.edition.effective.to_string(),
                "hash": a.edition.hash.to_string(),
                "entry": a.entry.0,
                "by": a.by,
                "at": show_moment(a.at),
                "withdrawn": a.withdrawn.map(|seq| seq.0),
                "in_force": now == Some(a.entry),
            })
        };
        let rows: Vec<_> = laws.adopted().iter().map(row).collect();
        let before = json!({ "edition": shown(&loaded.edition), "hash": loaded.hash.to_string() });
        answer.json(&json!({ "editions": rows, "loaded": before }))?;
        return Ok(Exit::Ok);
    }
    let lang = answer.lang;
    if laws.adopted().is_empty() {
        answer.line(&lang.say_texts("editions-none", &[("edition", shown(&loaded.edition))]))?;
        return Ok(Exit::Ok);
    }
    let header = titles(&["edition", "effective-from", "hash", "adopted", "adopted-by", "state"], answer);
    let state = |a: &Adopted| match a.withdrawn {
        Some(seq) => lang.say_texts("edition-withdrawn", &[("seq", seq.to_string())]),
        None if now == Some(a.entry) => lang.say("edition-today"),
        None => String::new(),
    };
    let cells = |a: &Adopted| {
        let (number, hash) = (a.edition.number.clone(), a.edition.hash.to_string());
        let when = format!("#{} {}", a.entry, show_moment(a.at));
        vec![number, a.edition.effective.to_string(), hash, when, a.by.clone(), state(a)]
    };
    answer.table(&header, &laws.adopted().iter().map(cells).collect::<Vec<_>>(), &[])?;
    let args = [("edition", shown(&loaded.edition)), ("hash", loaded.hash.to_string())];
    answer.line(&lang.say_texts("editions-before", &args))?;
    Ok(Exit::Ok)
}

fn overrides(desk: &Desk, provider: Option<&ProviderId>, answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    let laws = desk.laws()?;
    let providers: Vec<ProviderId> = match provider {
        Some(provider) => {
            roster::must_be_there(desk, provider)?;
            vec![provider.clone()]
        }
        None => laws.agreeing().cloned().collect(),
    };
    let all: Vec<(&ProviderId, &Agreed)> =
        providers.iter().flat_map(|id| laws.agreed(id).iter().map(move |agreed| (id, agreed))).collect();
    if answer.json {
        let rows = all.iter().map(|(id, a)| {
            json!({
                "provider": id.as_str(),
                "rule": a.rule,
                "value": a.value,
                "instead": instead(&laws, a),
                "effective": a.effective.to_string(),
                "entry": a.entry.0,
                "by": a.by,
                "note": a.note,
            })
        });
        answer.json(&rows.collect::<Vec<_>>())?;
        return Ok(Exit::Ok);
    }
    let lang = answer.lang;
    if all.is_empty() {
        answer.line(&lang.say("overrides-none"))?;
        return Ok(Exit::Ok);
    }
    let names = ["provider", "rule", "value", "instead", "effective-from", "entry", "adopted-by", "note"];
    let header = titles(&names, answer);
    let cells = |(id, a): &(&ProviderId, &Agreed)| {
        let value = a.value.clone().unwrap_or_else(|| lang.say("override-as-rulebook"));
        let (entry, note) = (format!("#{}", a.entry), a.note.clone().unwrap_or_default());
        let of_all = instead(&laws, a).unwrap_or_default();
        vec![id.to_string(), a.rule.clone(), value, of_all, a.effective.to_string(), entry, a.by.clone(), note]
    };
    answer.table(&header, &all.iter().map(cells).collect::<Vec<_>>(), &[])?;
    Ok(Exit::Ok)
}

/// What the rulebook says of the rule, on the day from which it is otherwise.
fn instead(laws: &Laws, agreed: &Agreed) -> Option<String> {
    laws.general(agreed.effective).value_of(&agreed.rule)
}

/// What a provider has otherwise of an article on a day: what it is, what it is instead of, and the entry.
pub(super) fn otherwise(
    laws: &Laws,
    (provider, article, on): (&ProviderId, &str, Day),
) -> Option<(String, String, crate::ids::Seq)> {
    let book = laws.of(provider, on);
    let entry = book.agreed(article)?;
    Some((book.value_of(article)?, laws.general(on).value_of(article)?, entry))
}
