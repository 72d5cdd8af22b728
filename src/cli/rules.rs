//! `rules`: the schedule, one article, and the check of a rulebook file.

use super::args::{Global, RulesAction};
use super::open::{rulebook, rulebook_file, rulebook_text};
use super::output::{Answer, Exit, Failure};
use super::roster::titles;
use crate::domain::Refusal;
use crate::domain::needs::Lack;
use crate::exchange::clean::{fold, shown};
use crate::rulebook::{Article, Bilingual, Difference, diff};
use crate::words::{self, Lang};
use std::path::Path;

/// `koufen rules`.
pub fn rules(global: &Global, action: Option<&RulesAction>, answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    match action {
        Some(RulesAction::Check { file }) => {
            let book = rulebook_file(file, answer)?;
            let (edition, count) = (shown(&book.edition), book.articles.len());
            if answer.json {
                answer.json(&serde_json::json!({ "ok": true, "edition": edition, "articles": count }))?;
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
        Some(RulesAction::Show { article }) => {
            let (book, id) = (rulebook(global, answer)?, fold(article));
            let found = book.article(&id);
            let found = found.ok_or_else(|| Failure::Refused(Refusal::UnknownArticle { article: shown(&id) }))?;
            show(found, answer)?;
        }
        // They need a store.
        Some(_) => return Err(Failure::Usage(answer.lang.say("cli-not-here"))),
        None => {
            let book = rulebook(global, answer)?;
            list(&book.articles, answer)?;
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

fn range(article: &Article) -> String {
    if article.min == article.max { article.min.to_string() } else { format!("{}–{}", article.min, article.max) }
}

fn list(articles: &[Article], answer: &mut Answer<'_>) -> Result<(), Failure> {
    if answer.json {
        return answer.json(&articles);
    }
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
