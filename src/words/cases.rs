//! What is said of cases and notices.

use super::{Lang, record_title};
use crate::domain::AlertSubject;
use crate::domain::exit::{Decided, Exit, Receiver};
use crate::domain::notice::{Addressee, Notice};
use crate::rulebook::Rulebook;
use crate::time::show_moment;

/// What was decided at 100 points (3.2).
pub fn decided(lang: Lang, decided: &Decided) -> String {
    let key = if decided.terminate { "case-terminated" } else { "case-kept" };
    lang.say_texts(key, &[("year", decided.year.to_string()), ("reason", decided.reason.replace('\n', " "))])
}

/// The step that an exit waits for, and as whom somebody has to confirm it.
pub fn exit_next(lang: Lang, exit: &Exit) -> String {
    let Some((step, roles)) = exit.next() else { return String::new() };
    let roles: Vec<String> = roles.iter().map(|role| lang.say(&format!("role-{}", role.word()))).collect();
    let title = record_title(lang, step.word);
    // A step of one role says it by its name.
    if step.wants.len() < 2 { title } else { format!("{title} ({})", roles.join(", ")) }
}

/// What an alert is about, where it is known by a word and a number.
pub fn alert_about(lang: Lang, subject: &AlertSubject, on: &str) -> String {
    let known = subject.to_string();
    let word = known.split_once('/').map_or(known.as_str(), |(word, _)| word);
    lang.say_texts(&format!("alert-about-{word}"), &[("on", on.to_owned())])
}

/// Why a provider could take an outlet over.
pub fn receiver(lang: Lang, r: &Receiver) -> String {
    let word = |yes: Option<bool>, key: &str| {
        let word = yes.map_or("unknown", |yes| if yes { "yes" } else { "no" });
        lang.say(&format!("{key}-{word}"))
    };
    lang.say_texts(
        "exit-plan-receiver",
        &[
            ("serves", word(Some(r.serves), "exit-plan-serves")),
            ("deposit", word(r.deposit, "exit-plan-deposit")),
            ("score", r.score.to_string()),
            ("outlets", r.load.to_string()),
        ],
    )
}

/// To whom a notice goes: the five departments of 3.3(1) in one word.
pub fn recipients(lang: Lang, to: &[Addressee]) -> String {
    let five = to.iter().filter(|to| Addressee::DEPARTMENTS.contains(to)).count() == Addressee::DEPARTMENTS.len();
    let named = to.iter().filter(|to| !five || !Addressee::DEPARTMENTS.contains(to));
    let named = named.map(|to| lang.say(&format!("addressee-{}", to.word())));
    let all: Vec<String> = five.then(|| lang.say("addressee-departments")).into_iter().chain(named).collect();
    all.join(", ")
}

/// When a notice counts as delivered; that it was only sent, where that is not known (decision 25).
pub fn delivered(lang: Lang, notice: &Notice) -> String {
    match notice.delivered() {
        // The end of a day is said by the day; others to the minute.
        Some(at) => match show_moment(at).split_once('T') {
            Some((day, "23:59:59")) => day.to_owned(),
            Some((day, time)) => format!("{day} {}", time.get(..5).unwrap_or(time)),
            None => show_moment(at),
        },
        None => lang.say("notice-not-served"),
    }
}

/// The text of a notice, made of the figures that were kept when it was sent.
pub fn notice(lang: Lang, book: &Rulebook, notice: &Notice) -> String {
    let said = notice.says.iter().map(|(name, value)| {
        let value = match name.as_str() {
            "article" => super::article(lang, book, value),
            "outcome" => lang.say(&format!("outcome-{value}")),
            _ => value.clone(),
        };
        (known(name), value)
    });
    let mut args: Vec<(&'static str, String)> = said.collect();
    args.push(("recipients", recipients(lang, &notice.to)));
    args.push(("posted", notice.on.to_string()));
    args.push(("number", notice.seq.to_string()));
    let head = lang.say_texts("notice-head", &args);
    let body = lang.say_texts(&format!("notice-text-{}", notice.event.word()), &args);
    format!("{head}\n\n{body}")
}

/// The name of a figure as sentences know it.
fn known(name: &str) -> &'static str {
    const NAMES: [&str; 15] = [
        "provider",
        "name",
        "line",
        "article",
        "points",
        "day",
        "score",
        "advice",
        "deadline",
        "standard",
        "year",
        "outcome",
        "reason",
        "objection",
        "against",
    ];
    NAMES.into_iter().find(|other| *other == name).unwrap_or("other")
}
