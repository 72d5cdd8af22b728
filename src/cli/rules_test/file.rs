//! The files of cases: what a person writes who does not program, and how a line of it is read.

use crate::ids::ProviderId;
use crate::time::{Day, Moment, Year, parse_day, parse_moment};
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// A file of cases.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// Lines that cases begin with, by the name that they ask for them with.
    #[serde(default)]
    pub background: BTreeMap<String, Vec<String>>,
    /// Rulebooks by a name: each the one that is judged by, with these values in the place of its own.
    #[serde(default)]
    pub edition: BTreeMap<String, Spanned<toml::Table>>,
    /// The cases.
    pub case: Vec<Spanned<Case>>,
}

/// A case: what is given, and what it comes to.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// What it says, in a sentence.
    pub name: String,
    /// The clause or decision that it is about.
    pub clause: String,
    /// Backgrounds that go before it.
    #[serde(default)]
    pub after: Vec<String>,
    /// Command lines, one after another.
    #[serde(default)]
    pub given: Vec<String>,
    /// The day or moment at which it is looked at what came of it; that of the last line where none.
    pub today: Option<String>,
    /// The edition that the store begins with, by its name in this file.
    pub rulebook: Option<String>,
    /// Who types, where a line says nobody.
    #[serde(default = "somebody")]
    pub by: String,
    /// Whose score, deadlines, findings and alerts are meant.
    #[serde(default = "first")]
    pub provider: String,
    /// The year of the score; that of today where none.
    pub year: Option<Year>,
    /// What is expected.
    #[serde(flatten)]
    pub expected: Expected,
}

/// What a case comes to. What is not said is not looked at.
#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Expected {
    /// The score.
    pub score: Option<u32>,
    /// The standing, by its word.
    pub standing: Option<String>,
    /// The points that count of each line of the year, by their days.
    pub counts: Option<Vec<u32>>,
    /// What is due: `deposit 2011-03-09`, with what it is about in between where that is wanted.
    pub due: Option<Vec<String>>,
    /// Kinds of which nothing is due.
    pub not_due: Option<Vec<String>>,
    /// The open findings, all of them: an article, and its points where they are wanted.
    pub finding: Option<Vec<String>>,
    /// Alerts that fire, by a part of their names.
    pub alert: Option<Vec<String>>,
    /// Alerts that do not.
    pub no_alert: Option<Vec<String>>,
    /// The reason for which the last line is refused.
    pub refused: Option<String>,
    /// What the last line answers, among other things.
    pub says: Option<Vec<String>>,
    /// What is asked at last, and answered.
    #[serde(default)]
    pub then: Vec<Then>,
}

/// A command that is asked at last, and what it answers.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Then {
    /// The command line.
    pub ask: String,
    /// What it says, among other things.
    #[serde(default)]
    pub says: Vec<String>,
    /// What it does not say.
    #[serde(default)]
    pub says_not: Vec<String>,
}

fn somebody() -> String {
    "ops".into()
}

fn first() -> String {
    "P0001".into()
}

/// What is wrong with a file of cases, and in which line.
pub struct Bad {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub problem: String,
}

/// The line, from 1, in which a byte of a text stands.
pub fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|b| *b == b'\n').count() + 1
}

impl File {
    /// Reads a file; every case expects something, and knows its backgrounds.
    pub fn parse(text: &str) -> Result<File, Bad> {
        let line_of = |at: usize| line_of(text, at);
        let file: File = toml::from_str(text)
            .map_err(|e| Bad { line: line_of(e.span().map_or(0, |s| s.start)), problem: e.message().to_owned() })?;
        for case in &file.case {
            let bad = |problem: String| Err(Bad { line: line_of(case.span().start), problem });
            let of = case.get_ref();
            if of.expected == Expected::default() {
                return bad(format!("{:?} expects nothing", of.name));
            }
            if let Some(name) = of.after.iter().find(|name| !file.background.contains_key(*name)) {
                return bad(format!("there is no background {name:?}"));
            }
            if let Some(name) = of.rulebook.as_ref().filter(|name| !file.edition.contains_key(*name)) {
                return bad(format!("there is no edition {name:?}"));
            }
            if of.provider.parse::<ProviderId>().is_err() {
                return bad(format!("{:?} is no id of a provider", of.provider));
            }
            if of.today.as_deref().is_some_and(|today| when(today).is_none()) {
                return bad("today is a day or a moment: 2011-03-02 or 2011-03-02T09:00".into());
            }
        }
        Ok(file)
    }
}

/// A line of a case: when, who, under which name, and the words of the command.
#[derive(Debug, PartialEq, Eq)]
pub struct Line {
    /// When it is typed; as the line before where none.
    pub at: Option<Moment>,
    /// Who types it.
    pub by: Option<String>,
    /// What its entry is called in later lines: `{name}`.
    pub named: Option<String>,
    /// The words of the command.
    pub words: Vec<String>,
}

impl Line {
    /// Reads `2011-03-02T10:00 by 王芳 as first: deduct P0001 …`; all but the command may be left out.
    pub fn read(text: &str) -> Result<Line, String> {
        let mut words = split(text)?;
        let mut line = Line { at: None, by: None, named: None, words: Vec::new() };
        if let Some(at) = words.first().and_then(|word| when(word)) {
            line.at = Some(at);
            words.remove(0);
        }
        let head = words.iter().position(|word| word.ends_with([':', '：'])).filter(|at| at % 2 == 1);
        let known = |words: &[String]| words.chunks(2).all(|pair| matches!(pair[0].as_str(), "by" | "as"));
        if let Some(at) = head.filter(|at| known(&words[..=*at])) {
            for pair in words.drain(..=at).collect::<Vec<_>>().chunks(2) {
                let value = Some(pair[1].trim_end_matches([':', '：']).to_owned());
                if pair[0] == "by" { line.by = value } else { line.named = value }
            }
        }
        line.words = words;
        if line.words.is_empty() { Err("there is no command in it".into()) } else { Ok(line) }
    }
}

/// A day, at nine in the morning, or a moment.
pub fn when(text: &str) -> Option<Moment> {
    let nine = |day: Day| Moment(Moment::start_of(day).0 + 9 * 3_600);
    let dated = text.starts_with(|c: char| c.is_ascii_digit());
    parse_moment(text).ok().or_else(|| parse_day(text).ok().filter(|_| dated && !text.contains(':')).map(nine))
}

/// Words between blanks; quoted ones keep theirs.
fn split(text: &str) -> Result<Vec<String>, String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for c in text.chars() {
        match (quote, c) {
            (Some(q), c) if c == q => quote = None,
            (Some(_), c) => word.get_or_insert_default().push(c),
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (None, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    if quote.is_some() { Err("a quotation mark is not closed".into()) } else { Ok(words) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_when_who_and_what() {
        let line = Line::read("2011-03-02T10:30 by 王芳 as first: deduct P0001 --note '多 字'").unwrap();
        assert_eq!(line.at, parse_moment("2011-03-02T10:30").ok());
        assert_eq!((line.by.as_deref(), line.named.as_deref()), (Some("王芳"), Some("first")));
        assert_eq!(line.words, ["deduct", "P0001", "--note", "多 字"]);
        let bare = Line::read("why 12").unwrap();
        assert_eq!((bare.at, bare.by, bare.words.len()), (None, None, 2));
        assert_eq!(Line::read("2011-03-02 why 12").unwrap().at, parse_moment("2011-03-02T09:00").ok());
        assert!(Line::read("2011-03-02").is_err() && Line::read("why \"12").is_err());
        assert_eq!(Line::read("record x P0001 --note 见附件:").unwrap().words.len(), 5, "no head");
    }
}
