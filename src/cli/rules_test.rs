//! `rules test`: cases by people who do not program. Each is done in a store of its own, in memory, with a clock that
//! its lines set, through the same functions as any command line.

mod editions;
mod expect;
mod file;

use super::open::{calendar, read, rulebook};
use super::output::{Answer, Exit, Failure};
use super::{Cli, Global, help, on_desk};
use crate::calendar::Calendar;
use crate::desk::{Desk, Door, Identity, ManualClock};
use crate::exchange::clean::shown;
use crate::ids::ProviderId;
use crate::rulebook::Rulebook;
use crate::time::Moment;
use crate::words::Lang;
use clap::FromArgMatches;
use editions::Editions;
use file::{Bad, Case, File, Line, when};
use serde_json::json;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// When a case begins that says nothing of it: 2011-02-01 09:00 in Beijing, the first day of edition 1.5.
const BEGIN: Moment = Moment(1_296_522_000);

/// What is otherwise than expected.
struct Mismatch {
    what: String,
    expected: String,
    found: String,
}

/// By what cases are judged.
struct Law {
    rulebook: Rulebook,
    calendar: Calendar,
}

/// `koufen rules test`: exit 1 where a case does not hold.
pub fn test(global: &Global, files: &[PathBuf], answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    let law = Law { rulebook: rulebook(global, answer)?, calendar: calendar(global, answer)? };
    let mut tree = help::command(Lang::En);
    let (mut all, mut held, mut told) = (0u32, 0u32, Vec::new());
    for path in files {
        let text = read(path, answer)?;
        let file = File::parse(&text).map_err(|bad| unsound(path, &bad, answer))?;
        let editions = Editions::of(&law.rulebook.text, &file.edition, &text);
        let editions = editions.map_err(|bad| unsound(path, &bad, answer))?;
        for case in &file.case {
            let case = case.get_ref();
            let wrong = run(case, &file.background, (&law, &editions), &mut tree)?;
            (all, held) = (all + 1, held + u32::from(wrong.is_empty()));
            if answer.json {
                told.push(as_json(path, case, &wrong));
            } else {
                say(case, &wrong, answer)?;
            }
        }
    }
    if answer.json {
        answer.json(&told)?;
    } else {
        let args = [("held", held.to_string()), ("all", all.to_string())];
        answer.line(&answer.lang.say_texts("cases-sum", &args))?;
    }
    Ok(if held == all { Exit::Ok } else { Exit::Refused })
}

fn unsound(path: &std::path::Path, bad: &Bad, answer: &Answer<'_>) -> Failure {
    let (file, problem) = (shown(&path.display().to_string()), shown(&bad.problem));
    let args = [("file", file), ("line", bad.line.to_string()), ("problem", problem)];
    Failure::Own(Exit::Refused, "bad cases", answer.lang.say_texts("cases-bad", &args))
}

fn as_json(path: &std::path::Path, case: &Case, wrong: &[Mismatch]) -> serde_json::Value {
    let wrong = wrong.iter().map(|m| json!({ "what": m.what, "expected": m.expected, "found": m.found }));
    json!({
        "file": path.display().to_string(),
        "case": case.name,
        "clause": case.clause,
        "holds": wrong.len() == 0,
        "otherwise": wrong.collect::<Vec<_>>(),
    })
}

fn say(case: &Case, wrong: &[Mismatch], answer: &mut Answer<'_>) -> Result<(), Failure> {
    let lang = answer.lang;
    let args = [("name", plain(&case.name)), ("clause", plain(&case.clause))];
    let key = if wrong.is_empty() { "cases-holds" } else { "cases-fails" };
    answer.line(&lang.say_texts(key, &args))?;
    for Mismatch { what, expected, found } in wrong {
        let args = [("what", plain(what)), ("expected", plain(expected)), ("found", plain(found))];
        answer.line(&lang.say_texts("cases-otherwise", &args))?;
    }
    Ok(())
}

/// A text on one line, without what steers a terminal.
fn plain(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join(" / ").chars().filter(|c| !crate::ids::is_hidden(*c)).collect()
}

/// A case at work.
struct Run<'a> {
    case: &'a Case,
    provider: ProviderId,
    desk: Desk,
    clock: Arc<ManualClock>,
    /// The numbers of entries that lines gave a name.
    named: BTreeMap<String, u64>,
    editions: &'a Editions,
    tree: &'a mut clap::Command,
}

/// What became of a command line.
enum Did {
    /// Done: what it said.
    Said(String),
    /// Not done: the stable reason, and the sentence.
    Refused(String, String),
}

fn run(
    case: &Case,
    background: &BTreeMap<String, Vec<String>>,
    (law, editions): (&Law, &Editions),
    tree: &mut clap::Command,
) -> Result<Vec<Mismatch>, Failure> {
    let clock = Arc::new(ManualClock::at(BEGIN));
    let other = case.rulebook.as_deref().and_then(|name| editions.text(name)).map(Rulebook::parse);
    let rulebook = other.transpose().map_err(|e| Failure::Usage(e.problem))?.unwrap_or_else(|| law.rulebook.clone());
    let desk = Desk::in_memory_by(rulebook, law.calendar.clone(), clock.clone())?;
    let provider = case.provider.parse().map_err(|_| Failure::Usage(case.provider.clone()))?;
    let mut run = Run { case, provider, desk, clock, named: BTreeMap::new(), editions, tree };
    let before = case.after.iter().filter_map(|name| background.get(name)).flatten();
    let lines: Vec<&String> = before.chain(&case.given).collect();
    for (at, line) in lines.iter().enumerate() {
        let last = at + 1 == lines.len();
        let refusable = last && case.expected.refused.is_some();
        match run.line(line, at == 0)? {
            Did::Said(text) if last => return run.looked(&text, None),
            Did::Refused(reason, _) if refusable => return run.looked("", Some(&reason)),
            Did::Refused(reason, text) => {
                let found = format!("{reason}: {text}");
                return Ok(vec![Mismatch { what: (*line).clone(), expected: "done".into(), found }]);
            }
            Did::Said(_) => {}
        }
    }
    run.looked("", None)
}

impl Run<'_> {
    /// Does a line. A first line may stand before the usual beginning.
    fn line(&mut self, text: &str, first: bool) -> Result<Did, Failure> {
        let bad = |why: String| Ok(Did::Refused("bad line".into(), why));
        let line = match Line::read(text) {
            Ok(line) => line,
            Err(why) => return bad(why),
        };
        if let Some(at) = line.at {
            let same_day = at.day() == self.desk.today();
            match () {
                () if first || at > self.desk.now() => self.clock.set(at),
                () if same_day => {}
                () => return bad("it is dated before the line above it; what is typed late has its day as --on".into()),
            }
        }
        let before = self.desk.stats()?.head.seq;
        let did = self.did(&line.words, line.by.as_deref().unwrap_or(&self.case.by))?;
        if let (Did::Said(_), Some(name)) = (&did, line.named) {
            let entry = before.next();
            if entry > self.desk.stats()?.head.seq {
                return bad(format!("it makes no entry that could be called {name}"));
            }
            self.named.insert(name, entry.0);
        }
        Ok(did)
    }

    /// Does a command.
    fn did(&mut self, words: &[String], by: &str) -> Result<Did, Failure> {
        let named = |word: &String| {
            self.named
                .iter()
                .fold(word.clone(), |word, (name, entry)| word.replace(&format!("{{{name}}}"), &entry.to_string()))
        };
        let words = std::iter::once("koufen".to_owned()).chain(words.iter().map(named)).collect::<Vec<_>>();
        let parsed = self.tree.try_get_matches_from_mut(words).and_then(|m| Cli::from_arg_matches(&m));
        let cli = match parsed {
            Ok(cli) => cli,
            Err(e) => return Ok(Did::Refused("usage".into(), e.to_string().lines().next().unwrap_or_default().into())),
        };
        let Some(command) = &cli.command else { return Ok(Did::Refused("usage".into(), "no command".into())) };
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let lang = cli.global.lang.unwrap_or(Lang::En);
        let mut answer =
            Answer { out: &mut out, err: &mut err, lang, json: cli.global.json, bar: false, caller: self.editions };
        let who = Identity { name: by.to_owned(), door: Door::Program };
        let done = on_desk(command, &self.desk, &who, &mut answer);
        let failure = done.as_ref().err().map(|failure| {
            answer.failure(failure);
            reason(failure).to_owned()
        });
        let (said, told) = (String::from_utf8_lossy(&out).into_owned(), String::from_utf8_lossy(&err).into_owned());
        Ok(match failure {
            Some(reason) => Did::Refused(reason, told.trim().to_owned()),
            None => Did::Said(said + &told),
        })
    }

    /// What is otherwise than expected.
    fn looked(&mut self, said: &str, refused: Option<&str>) -> Result<Vec<Mismatch>, Failure> {
        if let Some(today) = self.case.today.as_deref().and_then(when) {
            self.clock.set(today);
        }
        let mut wrong = expect::mismatches(self, said, refused)?;
        for then in &self.case.expected.then {
            let line = match Line::read(&then.ask) {
                Ok(line) => line,
                Err(why) => {
                    wrong.push(Mismatch { what: then.ask.clone(), expected: "a command".into(), found: why });
                    continue;
                }
            };
            match self.did(&line.words, &self.case.by)? {
                Did::Said(text) => wrong.extend(expect::texts(&then.ask, &text, &then.says, &then.says_not)),
                Did::Refused(reason, text) => {
                    let found = format!("{reason}: {text}");
                    wrong.push(Mismatch { what: then.ask.clone(), expected: "done".into(), found });
                }
            }
        }
        Ok(wrong)
    }
}

/// The stable reason of a failure.
fn reason(failure: &Failure) -> &'static str {
    match failure {
        Failure::Refused(refusal) | Failure::Named(refusal, _) => refusal.reason(),
        Failure::Own(_, reason, _) => reason,
        Failure::Usage(_) => "usage",
        Failure::Source(_) => "bad file",
        Failure::Store(_) => "store",
        Failure::Output(_) => "cannot write",
    }
}
