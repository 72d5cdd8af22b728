//! `rules`: the schedule, one article, by the edition in force or by a file; and the check of a rulebook file.

use super::args::{Global, RulesAction, RulesArgs};
use super::open::{rulebook, rulebook_file, rulebook_text};
use super::output::{Answer, Exit, Failure};
use super::roster::titles;
use crate::console::pick::range;
use crate::domain::Refusal;
use crate::domain::edition::Adopted;
use crate::domain::needs::Lack;
use crate::exchange::clean::{fold, shown};
use crate::rulebook::{Article, Bilingual, Difference, Rulebook, diff};
use crate::time::Day;
use crate::words::{self, Lang};
use serde_json::{Value, json};
use std::path::Path;

/// `koufen rules`.
pub fn rules(global: &Global, asked: &RulesArgs, answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    match &asked.action {
        Some(RulesAction::Check { file }) => {
            let book = rulebook_file(file, answer)?;
            let (edition, count) = (shown(&book.edition), book.articles.len());
            if answer.json {
                answer.json(&json!({ "ok": true, "edition": edition, "articles": count }))?;
            } else {
                let count = count.to_string();
                let args = [("edition", edition.into()), ("count", count.into())];
                let text = answer.lang.say_with("rules-good", &args);
                answer.line(&text)?;
            }
        }
        Some(RulesAction::Diff { before, after }) => differences(before, after, answer)?,
        Some(RulesAction::Coverage) => return super::coverage::coverage(answer),
        Some(RulesAction::Test { cases }) => return super::rules_test::test(global, cases, answer),
        Some(RulesAction::Show { article, .. }) => {
            let book = rulebook(global, answer)?;
            one(&book, article, &Edition::File, answer)?;
        }
        // They need a store.
        Some(_) => return Err(Failure::Usage(answer.lang.say("cli-not-here"))),
        None => {
            let book = rulebook(global, answer)?;
            all(&book, &Edition::File, answer)?;
        }
    }
    Ok(Exit::Ok)
}

/// What differs between two rulebooks, both of which have to be sound.
fn differences(before: &Path, after: &Path, answer: &mut Answer<'_>) -> Result<(), Failure> {
    let ((before, _), (after, _)) = (rulebook_text(before, answer)?, rulebook_text(after, answer)?);
    let all = diff(&before, &after);
    if answer.json {
        return answer.json(&all);
    }
    if all.is_empty() {
        return answer.line(&answer.lang.say("rules-same"));
    }
    for Difference { what, before, after } in &all {
        let (what, before, after) = (shown(what), before.as_deref().map(shown), after.as_deref().map(shown));
        let line = match (before, after) {
            (Some(before), Some(after)) => format!("~ {what}: {before} → {after}"),
            (Some(before), None) => format!("- {what}: {before}"),
            (None, after) => format!("+ {what}: {}", after.unwrap_or_default()),
        };
        answer.line(&line)?;
    }
    Ok(())
}

fn in_lang(text: &Bilingual, lang: Lang) -> String {
    match lang {
        Lang::ZhCn => shown(&text.zh),
        Lang::En => shown(&text.en),
    }
}

/// Where a rulebook that is shown comes from (decision 26).
pub(super) enum Edition<'a> {
    /// The file that the options name, or the shipped one.
    File,
    /// The same, as no edition was adopted that judges this day.
    Loaded(Day),
    /// The edition in force on a day.
    Adopted(&'a Adopted, Day),
}

impl Edition<'_> {
    /// Which it is, in a sentence.
    fn said(&self, book: &Rulebook, lang: Lang) -> String {
        let mut args = vec![("edition", shown(&book.edition)), ("hash", book.hash.to_string())];
        let key = match self {
            Edition::File => "rules-of-file",
            Edition::Loaded(on) => {
                args.push(("on", on.to_string()));
                "rules-none-adopted"
            }
            Edition::Adopted(adopted, on) => {
                let (from, entry) = (adopted.edition.effective.to_string(), adopted.entry.to_string());
                args.extend([("on", on.to_string()), ("effective", from), ("entry", entry)]);
                "rules-in-force"
            }
        };
        lang.say_texts(key, &args)
    }

    /// The same by stable names.
    fn told(&self, book: &Rulebook) -> Value {
        let (on, adopted) = match self {
            Edition::File => (None, None),
            Edition::Loaded(on) => (Some(*on), None),
            Edition::Adopted(adopted, on) => (Some(*on), Some(adopted)),
        };
        json!({
            "edition": shown(&book.edition),
            "hash": book.hash.to_string(),
            "on": on.map(|on| on.to_string()),
            "effective": adopted.map(|adopted| adopted.edition.effective.to_string()),
            "entry": adopted.map(|adopted| adopted.entry.0),
        })
    }
}

/// One article, and of which edition it is.
pub(super) fn one(
    book: &Rulebook,
    article: &str,
    edition: &Edition<'_>,
    answer: &mut Answer<'_>,
) -> Result<(), Failure> {
    let id = fold(article);
    let found = book.article(&id);
    let found = found.ok_or_else(|| Failure::Refused(Refusal::UnknownArticle { article: shown(&id) }))?;
    if answer.json {
        let mut told = edition.told(book);
        if let (Some(told), Ok(Value::Object(of))) = (told.as_object_mut(), serde_json::to_value(found)) {
            told.extend(of);
        }
        return answer.json(&told);
    }
    show(found, answer)?;
    answer.line(&edition.said(book, answer.lang))
}

/// All articles of a rulebook, and which edition it is.
pub(super) fn all(book: &Rulebook, edition: &Edition<'_>, answer: &mut Answer<'_>) -> Result<(), Failure> {
    if answer.json {
        let mut told = edition.told(book);
        told["articles"] = json!(book.articles);
        return answer.json(&told);
    }
    list(&book.articles, answer)?;
    answer.line(&edition.said(book, answer.lang))
}

fn list(articles: &[Article], answer: &mut Answer<'_>) -> Result<(), Failure> {
    let header = titles(&["article", "clause", "points", "cap", "title"], answer);
    let lang = answer.lang;
    let cells = |a: &Article| {
        let cap = a.cap.map_or_else(String::new, |c| c.to_string());
        vec![a.id.to_string(), shown(&a.clause), range(a), cap, in_lang(&a.title, lang)]
    };
    answer.table(&header, &articles.iter().map(cells).collect::<Vec<_>>(), &[2, 3])
}

/// An article, and what a line of it needs (section 2).
pub(super) fn show(article: &Article, answer: &mut Answer<'_>) -> Result<(), Failure> {
    if answer.json {
        return answer.json(article);
    }
    let lang = answer.lang;
    answer.line(&format!("{}  {}  ({})", article.id, in_lang(&article.title, lang), shown(&article.clause)))?;
    answer.line(&format!("{}: {}", lang.say("column-points"), range(article)))?;
    if let Some(cap) = article.cap {
        answer.line(&format!("{}: {cap}", lang.say("column-cap")))?;
    }
    answer.line(&in_lang(&article.help, lang))?;
    let lack = Lack::Unmet { article: article.id.clone(), needs: article.needs, per: article.per };
    answer.line(&words::refusal(lang, &Refusal::Needs(lack)))
}
