//! What a provider agreed otherwise (4.4(3)), put into a rulebook: an article's range or cap, a time limit, a measure.
//! The rulebook with it is checked as a whole, as a file is.

use super::{Rulebook, RulebookError};
use crate::calendar::Term;
use crate::ids::Seq;
use toml::{Table, Value};

/// A rule that is otherwise, and by which entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The entry that says so.
    pub entry: Seq,
    /// An article, a limit or a measure, by its name in the rulebook.
    pub rule: String,
    /// `4-8`, `4-8 cap 20`, `cap 20` of an article; `3wd` of a limit; `35` of a measure.
    pub value: String,
}

/// Why a rule cannot be otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeFault {
    /// No article, limit or measure of that name.
    Unknown,
    /// Not a value of the rule: what would be right, as an example or a sentence.
    Value(String),
}

/// The tables whose numbers a provider can have otherwise.
const NUMBERS: [&str; 2] = ["measures", "dormant"];

impl Rulebook {
    /// The rulebook with rules that are otherwise.
    pub fn with(&self, changes: &[Change]) -> Result<Rulebook, ChangeFault> {
        let fault = |problem: String| ChangeFault::Value(problem);
        let mut table: Table = self.text.parse().map_err(|e: toml::de::Error| fault(e.message().to_owned()))?;
        changes.iter().try_for_each(|change| put(&mut table, &change.rule, &change.value))?;
        let text = toml::to_string(&table).map_err(|e| fault(e.to_string()))?;
        let book = Rulebook::parse(&text).map_err(|RulebookError { problem, .. }| fault(problem))?;
        let (effective, hash, text) = (self.effective, self.hash, self.text.clone());
        Ok(Rulebook { effective, hash, text, changes: changes.to_vec(), ..book })
    }

    /// The entry by which a rule is otherwise.
    pub fn agreed(&self, rule: &str) -> Option<Seq> {
        self.changes.iter().rev().find(|change| change.rule == rule).map(|change| change.entry)
    }

    /// What a rule says, as [`Change::value`] is written; nothing where there is none of that name.
    pub fn value_of(&self, rule: &str) -> Option<String> {
        if let Some(article) = self.article(rule) {
            let cap = article.cap.map_or_else(String::new, |cap| format!(" cap {cap}"));
            return Some(format!("{}-{}{cap}", article.min, article.max));
        }
        let table: Table = self.text.parse().ok()?;
        let limit = table.get("limits").and_then(|limits| limits.get(rule)).and_then(Value::as_str);
        let number = || NUMBERS.iter().find_map(|name| table.get(*name)?.get(rule)?.as_integer());
        limit.map(str::to_owned).or_else(|| number().map(|n| n.to_string()))
    }
}

fn put(table: &mut Table, rule: &str, value: &str) -> Result<(), ChangeFault> {
    if let Some(limit) = table.get_mut("limits").and_then(|limits| limits.get_mut(rule)) {
        let term: Term = value.parse().map_err(ChangeFault::Value)?;
        *limit = Value::String(term.to_string());
        return Ok(());
    }
    for name in NUMBERS {
        if let Some(number) = table.get_mut(name).and_then(|numbers| numbers.get_mut(rule)) {
            let right = value.parse().ok().filter(|n: &i64| *n >= 0);
            *number = Value::Integer(right.ok_or_else(|| ChangeFault::Value("35".into()))?);
            return Ok(());
        }
    }
    let articles = table.get_mut("article").and_then(Value::as_array_mut).ok_or(ChangeFault::Unknown)?;
    let is = |article: &&mut Value| article.get("id").and_then(Value::as_str) == Some(rule);
    let article = articles.iter_mut().find(is).and_then(Value::as_table_mut).ok_or(ChangeFault::Unknown)?;
    let want = || ChangeFault::Value("4-8 | 4-8 cap 20 | cap 20".into());
    let number = |text: &str| text.trim().parse::<u32>().map(|n| Value::Integer(n.into())).map_err(|_| want());
    let (range, cap) = match value.split_once("cap") {
        Some((range, cap)) => (range.trim(), Some(number(cap)?)),
        None => (value.trim(), None),
    };
    if range.is_empty() && cap.is_none() {
        return Err(want());
    }
    if !range.is_empty() {
        let (min, max) = range.split_once(['-', '–']).unwrap_or((range, range));
        let points = [("min".to_owned(), number(min)?), ("max".to_owned(), number(max)?)];
        article.insert("points".into(), Value::Table(points.into_iter().collect()));
    }
    if let Some(cap) = cap {
        article.insert("cap".into(), cap);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::points::Points;

    fn with(rule: &str, value: &str) -> Result<Rulebook, ChangeFault> {
        let change = Change { entry: Seq(7), rule: rule.into(), value: value.into() };
        Rulebook::shipped().unwrap().with(&[change])
    }

    #[test]
    fn an_article_a_limit_and_a_measure_can_be_otherwise() {
        let book = with("brand-standard", "2-8").unwrap();
        let article = book.article("brand-standard").unwrap();
        assert_eq!((article.min, article.max, article.cap), (Points(2), Points(8), None));
        assert_eq!((book.agreed("brand-standard"), book.agreed("signing-delay")), (Some(Seq(7)), None));
        assert_eq!(
            with("outlet-complaint", "cap 20").unwrap().article("outlet-complaint").unwrap().cap,
            Some(Points(20))
        );
        assert_eq!(with("exit-answer", "3wd").unwrap().limits.exit_answer, Term::WorkingDays(3));
        assert_eq!(with("attendance-percent", "35").unwrap().measures.attendance_percent, 35);
        assert_eq!(with("low_percent", "20").unwrap().dormant.low_percent, 20);
        assert_eq!(book.hash, Rulebook::shipped().unwrap().hash, "it is the edition's");
        assert_eq!(Rulebook::shipped().unwrap().value_of("exit-answer").as_deref(), Some("2wd"));
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        assert_eq!(with("no-such-rule", "3").unwrap_err(), ChangeFault::Unknown);
        let value = |rule: &str, value: &str| matches!(with(rule, value), Err(ChangeFault::Value(_)));
        let bad = [
            ("brand-standard", "8-2"),
            ("brand-standard", "x"),
            ("brand-standard", ""),
            ("outlet-complaint", "1-30 cap 20"),
            ("exit-answer", "3"),
            ("attendance-percent", "101"),
            ("attendance-percent", "-1"),
        ];
        assert_eq!(
            bad.iter().filter(|(rule, text)| !value(rule, text)).collect::<Vec<_>>(),
            Vec::<&(&str, &str)>::new()
        );
    }
}
