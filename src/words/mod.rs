//! The two languages: every sentence that a person reads, Chinese first, English complete.
//!
//! Sentences stand in Fluent files, one folder a language; a test holds that both have the same keys and that
//! every key used exists.

use crate::domain::deposit::Account;
use crate::domain::discretion::Spread;
use crate::domain::life::OutletStage;
use crate::domain::second::Waiting;
use crate::domain::{About, Alert, Measured, ObligationKind, ProviderKind, Standing};
use crate::journal::JournalError;
use crate::rulebook::{Bilingual, Rulebook};
use crate::store::StoreError;
use crate::time::Day;
use chrono::Datelike;
use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::{LanguageIdentifier, Loader, langid, static_loader};
use std::borrow::Cow;
use std::collections::HashMap;

mod cases;
mod refusal;

pub use cases::{alert_about, decided, delivered, exit_next, notice, receiver, recipients};
pub use refusal::refusal;

static_loader! {
    static SENTENCES = {
        locales: "./src/words",
        fallback_language: "en",
        // Marks around arguments would break the widths of columns.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

static ZH: LanguageIdentifier = langid!("zh-CN");
static EN: LanguageIdentifier = langid!("en");

/// A language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lang {
    /// Simplified Chinese.
    ZhCn,
    /// English.
    En,
}

impl Lang {
    /// Both.
    pub const ALL: [Lang; 2] = [Lang::ZhCn, Lang::En];

    /// Reads `zh-CN`, `zh`, `en` and what a `LANG` says, such as `zh_CN.UTF-8`.
    pub fn parse(text: &str) -> Option<Lang> {
        let text = text.to_ascii_lowercase();
        match text.get(..2) {
            Some("zh") => Some(Lang::ZhCn),
            Some("en") => Some(Lang::En),
            _ => None,
        }
    }

    /// What the environment asks for (`LC_ALL`, `LC_MESSAGES`, `LANG`); Chinese where it asks for nothing.
    pub fn detect() -> Lang {
        let set = |name| std::env::var(name).ok().filter(|v| !v.is_empty());
        let asked = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(set);
        asked.and_then(|text| Lang::parse(&text)).unwrap_or(Lang::ZhCn)
    }

    /// The language's tag.
    pub fn tag(self) -> &'static str {
        match self {
            Lang::ZhCn => "zh-CN",
            Lang::En => "en",
        }
    }

    /// A sentence without arguments.
    pub fn say(self, key: &str) -> String {
        self.looked_up(key, None)
    }

    /// A sentence with arguments.
    pub fn say_with(self, key: &str, args: &[(&'static str, FluentValue<'static>)]) -> String {
        self.said(key, args.iter().cloned())
    }

    /// A sentence whose arguments are all texts.
    pub fn say_texts(self, key: &str, args: &[(&'static str, String)]) -> String {
        self.said(key, args.iter().map(|(name, text)| (*name, FluentValue::from(text.as_str()))))
    }

    fn said<'a>(self, key: &str, args: impl Iterator<Item = (&'static str, FluentValue<'a>)>) -> String {
        self.looked_up(key, Some(&args.map(|(name, value)| (Cow::Borrowed(name), value)).collect()))
    }

    /// Asked for the language itself first: which others would do is found out for each sentence anew.
    fn looked_up(self, key: &str, args: Option<&HashMap<Cow<'static, str>, FluentValue<'_>>>) -> String {
        let said = SENTENCES.lookup_single_language(self.id(), key, args).ok();
        said.or_else(|| SENTENCES.try_lookup_complete(self.id(), key, args)).unwrap_or_else(|| key.to_owned())
    }

    /// A text that stands in both languages.
    pub fn of(self, text: &Bilingual) -> &str {
        match self {
            Lang::ZhCn => &text.zh,
            Lang::En => &text.en,
        }
    }

    fn id(self) -> &'static LanguageIdentifier {
        match self {
            Lang::ZhCn => &ZH,
            Lang::En => &EN,
        }
    }
}

/// A line that waits for a second person, in a sentence (decision 28).
pub fn waiting(lang: Lang, key: &str, waiting: &Waiting) -> String {
    let line = &waiting.proposed.deduction;
    let args = [
        ("seq", waiting.entry.to_string()),
        ("provider", line.provider.to_string()),
        ("article", line.article.to_string()),
        ("points", line.points.to_string()),
        ("on", line.occurred_on.to_string()),
        ("by", waiting.by.clone()),
    ];
    lang.say_texts(key, &args)
}

/// The word for a standing.
pub fn standing(lang: Lang, standing: Standing) -> String {
    lang.say(&format!("standing-{}", standing.word()))
}

/// The word for a standing where there is little room: whole too, or an abbreviation.
pub fn standing_short(lang: Lang, standing: Standing) -> String {
    lang.say(&format!("standing-short-{}", standing.word()))
}

/// The word for a kind of provider.
pub fn provider_kind(lang: Lang, kind: ProviderKind) -> String {
    lang.say(&format!("kind-{}", kind.word()))
}

/// The word for a field of a file or form.
pub fn field(lang: Lang, field: &str) -> String {
    lang.say(&format!("field-{}", field.replace('_', "-")))
}

/// A weekday, short.
pub fn weekday(lang: Lang, day: Day) -> String {
    lang.say(&format!("weekday-{}", day.weekday().number_from_monday()))
}

/// The word for an occasion of the calendar; one that is not known is said as the table has it.
pub fn occasion(lang: Lang, occasion: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    let key: String = occasion.to_lowercase().replace('\'', "").chars().map(plain).collect();
    let key = format!("occasion-{key}");
    let said = lang.say(&key);
    if said == key { occasion.to_owned() } else { said }
}

/// An article by its title; by its id where the rulebook does not have it.
pub fn article(lang: Lang, book: &Rulebook, id: &str) -> String {
    book.article(id).map_or_else(|| id.to_owned(), |article| lang.of(&article.title).to_owned())
}

/// What a finding measured, in words.
pub fn measured(lang: Lang, measured: &Measured) -> String {
    measured_by(lang, measured, &|day| day.to_string())
}

/// The same, with days as they are shown.
pub fn measured_by(lang: Lang, measured: &Measured, day: &dyn Fn(Day) -> String) -> String {
    match measured {
        Measured::Dormant(counts) => lang.say_texts(
            "measured-dormant",
            &[
                ("tested", counts.tested.to_string()),
                ("low", counts.low.to_string()),
                ("zero", counts.zero.to_string()),
            ],
        ),
        Measured::Late { outlet, due, answered } => {
            let key = if answered.is_some() { "measured-late" } else { "measured-unanswered" };
            let args = [
                ("outlet", outlet.to_string().into()),
                // Due at the end of a day, so that what is late is late by the day.
                ("due", day(due.day()).into()),
                ("answered", answered.map(|at| day(at.day())).unwrap_or_default().into()),
            ];
            lang.say_with(key, &args)
        }
        Measured::Missed { due, done, need, have } => {
            let key = match (done, need) {
                (None, 0) => "measured-missed",
                (Some(_), 0) => "measured-missed-done",
                (None, _) => "measured-short",
                (Some(_), _) => "measured-short-done",
            };
            let args = [
                ("due", day(due.day())),
                ("done", done.map(|at| day(at.day())).unwrap_or_default()),
                ("need", need.to_string()),
                ("have", have.to_string()),
            ];
            lang.say_texts(key, &args)
        }
        Measured::Conference { invited, attended, signed } => {
            let args = [("invited", invited), ("attended", attended), ("signed", signed)];
            lang.say_texts("measured-conference", &args.map(|(name, n)| (name, n.to_string())))
        }
        Measured::Share { part, whole, percent } => {
            let args = [("part", part), ("whole", whole), ("percent", percent)];
            lang.say_texts("measured-share", &args.map(|(name, n)| (name, n.to_string())))
        }
        Measured::LateAndFaulty { due, done, part, whole, percent } => {
            let late = measured_by(lang, &Measured::Missed { due: *due, done: *done, need: 0, have: 0 }, day);
            let faulty = self::measured(lang, &Measured::Share { part: *part, whole: *whole, percent: *percent });
            lang.say_texts("measured-late-and-faulty", &[("late", late), ("faulty", faulty)])
        }
        Measured::Event => lang.say("measured-event"),
    }
}

/// What is due.
pub fn obligation(lang: Lang, kind: ObligationKind) -> String {
    lang.say(&format!("obligation-{}", kind.word()))
}

/// Where an outlet stands.
pub fn stage(lang: Lang, stage: OutletStage) -> String {
    lang.say(&format!("stage-{}", stage.word()))
}

/// A step of an admission.
pub fn step(lang: Lang, word: &str) -> String {
    lang.say(&format!("step-{word}"))
}

/// A kind of record.
pub fn record(lang: Lang, word: &str) -> String {
    lang.say(&format!("help-cmd-record-{word}"))
}

/// The title of a kind of record, without the clause at its end.
pub fn record_title(lang: Lang, word: &str) -> String {
    let title = record(lang, word);
    // The clause stands in brackets behind it.
    let end = title.find(" (").or_else(|| title.find('（'));
    end.map_or(title.clone(), |at| title[..at].to_owned())
}

/// How an article was scored before, by all and by the same person; none where it never was.
pub fn discretion(lang: Lang, all: Option<Spread>, mine: Option<Spread>) -> Vec<String> {
    let say = |key: &str, spread: Spread| {
        let args = [
            // A number, so that one is told from several.
            ("count", spread.count.into()),
            ("median", spread.middle().into()),
            ("least", spread.least.to_string().into()),
            ("most", spread.most.to_string().into()),
        ];
        lang.say_with(key, &args)
    };
    all.map(|all| say("discretion-all", all)).into_iter().chain(mine.map(|mine| say("discretion-mine", mine))).collect()
}

/// A clause as lists show it, in at most nine columns: a decision by its number.
pub fn clause(lang: Lang, clause: &str) -> String {
    match clause.strip_prefix("decision ") {
        Some(number) => lang.say_texts("clause-decision", &[("number", number.to_owned())]),
        None => clause.to_owned(),
    }
}

/// An account of a provider's deposits.
pub fn account(lang: Lang, account: &Account) -> String {
    match account {
        Account::City(city) => lang.say_texts("account-city", &[("city", city.clone())]),
        Account::Outlet(outlet) => lang.say_texts("account-outlet", &[("outlet", outlet.to_string())]),
        Account::Awarded(to) => lang.say(&format!("payee-{}", to.word())),
        other => lang.say(&format!("account-{}", other.word())),
    }
}

/// What an obligation is about, as it follows what is due: a blank and the outlet, the city or the entry, or nothing.
pub fn about(about: &About) -> String {
    if *about == About::Provider { String::new() } else { format!(" {about}") }
}

/// Points with their unit.
pub fn points(lang: Lang, points: crate::points::Points) -> String {
    lang.say_texts("points-of", &[("points", points.to_string())])
}

/// What a finding is about, as people read it: of a roll-out an entry and its phase.
pub fn subject(lang: Lang, subject: &str) -> String {
    match subject.split_once('.') {
        Some((entry, phase @ ("first" | "all"))) => format!("{entry} {}", lang.say(&format!("phase-{phase}"))),
        _ => subject.to_owned(),
    }
}

/// What a finding is known by ([`Finding::about`](crate::domain::Finding::about)), as people read it: the phase of a
/// roll-out in their language.
pub fn finding_about(lang: Lang, about: &str) -> String {
    let phases = crate::domain::needs::Phase::ALL.map(|phase| (format!("/{} ", phase.word()), phase.word()));
    match phases.iter().find(|(typed, _)| about.contains(typed)) {
        Some((typed, word)) => about.replacen(typed, &format!(" {} ", lang.say(&format!("phase-{word}"))), 1),
        None => about.to_owned(),
    }
}

/// What an alert says.
pub fn alert(lang: Lang, book: &Rulebook, alert: &Alert) -> String {
    let (key, args) = &alert.says;
    let told = args.iter().map(|(name, text)| {
        let text = match *name {
            "obligation" => lang.say(&format!("obligation-{text}")),
            "step" => record_title(lang, text),
            "missing" => {
                let all: Vec<String> = text.split_whitespace().map(|to| lang.say(&format!("addressee-{to}"))).collect();
                all.join(", ")
            }
            "subject" if !text.contains('/') => subject(lang, text),
            "known" => finding_about(lang, text),
            "about" if !text.is_empty() => format!(" {text}"),
            // Most are due at the end of a day, which is said by the day.
            "due" | "at" => text.strip_suffix("T23:59:59").map_or_else(|| text.replace('T', " "), str::to_owned),
            "article" => article(lang, book, text),
            _ => text.clone(),
        };
        (*name, text)
    });
    lang.say_texts(key, &told.collect::<Vec<_>>())
}

/// What trouble with the store says, and what to do.
pub fn store_error(lang: Lang, error: &StoreError) -> String {
    let key = match error {
        StoreError::AlreadyOpen { holder: Some(_), .. } => "store-already-open",
        StoreError::AlreadyOpen { holder: None, .. } => "store-already-open-somewhere",
        StoreError::Journal(JournalError::Damaged { .. }) => "store-damaged",
        StoreError::Journal(JournalError::Lost { .. }) => "store-lost",
        StoreError::Journal(JournalError::Replaced { .. }) => "store-replaced",
        StoreError::Journal(JournalError::Unsure { .. }) | StoreError::Unanswered => "store-unsure",
        StoreError::Journal(_) | StoreError::View { .. } | StoreError::Io { .. } => "store-trouble",
        StoreError::Refusing { .. } => "store-refusing",
        StoreError::Closed => "store-closed",
        StoreError::NotAFolder { .. } => "store-not-a-folder",
        StoreError::NoSuchLoss { .. } => "store-no-such-loss",
    };
    let (from, to) = match error {
        StoreError::Journal(JournalError::Lost { from, to }) => (from.0, to.0),
        StoreError::Journal(JournalError::Replaced { seq }) => (seq.0, seq.0),
        StoreError::NoSuchLoss { from } => (from.0, from.0),
        _ => (0, 0),
    };
    // Paths and what the system says come from outside.
    let (what, pid) = match error {
        StoreError::Refusing { why } => (why.clone(), None),
        StoreError::AlreadyOpen { path, holder } => (path.display().to_string(), *holder),
        other => (other.to_string(), None),
    };
    let what: String = what.chars().filter(|c| !crate::ids::is_hidden(*c)).collect();
    let pid = pid.unwrap_or_default().to_string();
    lang.say_texts(key, &[("what", what), ("pid", pid), ("from", from.to_string()), ("to", to.to_string())])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Refusal;
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    fn keys(lang: &str) -> BTreeSet<String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/words").join(lang);
        let texts = fs::read_dir(folder).unwrap().map(|f| fs::read_to_string(f.unwrap().path()).unwrap());
        let line = |l: &str| {
            let (key, _) = l.split_once(" =")?;
            key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-').then(|| key.to_owned())
        };
        texts.flat_map(|t| t.lines().filter_map(line).collect::<Vec<_>>()).collect()
    }

    #[test]
    fn both_languages_say_the_same_things() {
        let (zh, en) = (keys("zh-CN"), keys("en"));
        assert!(zh.len() > 40);
        let missing: Vec<_> = zh.symmetric_difference(&en).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }

    /// Every literal handed to `say` and `say_with` is a key.
    #[test]
    fn every_key_used_exists() {
        let known = keys("en");
        let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
        let mut used = 0;
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|e| e == "rs") && !path.ends_with("words/mod.rs") {
                    let text = fs::read_to_string(&path).unwrap();
                    for call in [".say(", ".say_with(", ".say_texts(", "named("] {
                        for after in text.split(call).skip(1) {
                            let Some(literal) = after.trim_start().strip_prefix('"') else { continue };
                            let key = literal.split('"').next().unwrap();
                            used += 1;
                            assert!(known.contains(key), "{}: {key:?}", path.display());
                        }
                    }
                }
            }
        }
        assert!(used > 20);
    }

    #[test]
    fn arguments_come_without_marks() {
        let text = refusal(Lang::En, &Refusal::UnknownProvider { provider: "P9".parse().unwrap() });
        assert!(text.contains("P9") && !text.contains('\u{2068}'), "{text:?}");
    }
}
