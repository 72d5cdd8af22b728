//! The two languages: every sentence that a person reads, Chinese first, English complete.
//!
//! Sentences stand in Fluent files, one folder a language; a test holds that both have the same keys and that
//! every key used exists.

use crate::domain::life::Stage;
use crate::domain::{About, Alert, Measured, ObligationKind, ProviderKind, Refusal, Standing};
use crate::ids::UnsafeText;
use crate::rulebook::{Bilingual, Rulebook};
use crate::store::StoreError;
use crate::time::{Day, show_moment};
use chrono::Datelike;
use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::{LanguageIdentifier, Loader, langid, static_loader};
use std::borrow::Cow;
use std::collections::HashMap;

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
        SENTENCES.try_lookup(self.id(), key).unwrap_or_else(|| key.to_owned())
    }

    /// A sentence with arguments.
    pub fn say_with(self, key: &str, args: &[(&'static str, FluentValue<'static>)]) -> String {
        let args: HashMap<Cow<'static, str>, FluentValue<'static>> =
            args.iter().map(|(name, value)| (Cow::Borrowed(*name), value.clone())).collect();
        SENTENCES.try_lookup_with_args(self.id(), key, &args).unwrap_or_else(|| key.to_owned())
    }

    /// A sentence whose arguments are all texts.
    pub fn say_texts(self, key: &str, args: &[(&'static str, String)]) -> String {
        let args: Vec<_> = args.iter().map(|(name, text)| (*name, FluentValue::from(text.clone()))).collect();
        self.say_with(key, &args)
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

/// The word for a standing.
pub fn standing(lang: Lang, standing: Standing) -> String {
    lang.say(&format!("standing-{}", standing.word()))
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

/// What a finding measured, in words.
pub fn measured(lang: Lang, measured: &Measured) -> String {
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
                ("due", due.day().to_string().into()),
                ("answered", answered.map(|at| at.day().to_string()).unwrap_or_default().into()),
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
                ("due", due.day().to_string()),
                ("done", done.map(|at| at.day().to_string()).unwrap_or_default()),
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
        Measured::Event => lang.say("measured-event"),
    }
}

/// What is due.
pub fn obligation(lang: Lang, kind: ObligationKind) -> String {
    lang.say(&format!("obligation-{}", kind.word()))
}

/// Where an outlet stands.
pub fn stage(lang: Lang, stage: Stage) -> String {
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
    let end = title.rfind([' ', '（']).filter(|at| title[*at..].contains(['(', '（']));
    end.map_or(title.clone(), |at| title[..at].to_owned())
}

/// What an obligation is about, as it follows what is due: a blank and the outlet, the city or the entry, or nothing.
pub fn about(about: &About) -> String {
    if *about == About::Provider { String::new() } else { format!(" {about}") }
}

/// What an alert says.
pub fn alert(lang: Lang, book: &Rulebook, alert: &Alert) -> String {
    let (key, args) = &alert.says;
    let told = args.iter().map(|(name, text)| {
        let text = match *name {
            "obligation" => lang.say(&format!("obligation-{text}")),
            "about" if !text.is_empty() => format!(" {text}"),
            // Most are due at the end of a day, which is said by the day.
            "due" => text.strip_suffix("T23:59:59").map_or_else(|| text.replace('T', " "), str::to_owned),
            "article" => book.article(text).map_or_else(|| text.clone(), |a| lang.of(&a.title).to_owned()),
            _ => text.clone(),
        };
        (*name, text)
    });
    lang.say_texts(key, &told.collect::<Vec<_>>())
}

/// What a refusal says: what, which clause, and what to do.
pub fn refusal(lang: Lang, refusal: &Refusal) -> String {
    use Refusal::*;
    let named = |key: &str, args: &[(&'static str, String)]| lang.say_texts(key, args);
    let fields = |names: &[&str]| names.iter().map(|n| field(lang, n)).collect::<Vec<_>>().join(", ");
    let exists = |id: String, differs: &[&str]| named("refusal-exists", &[("id", id), ("fields", fields(differs))]);
    match refusal {
        UnknownProvider { provider } => named("refusal-unknown-provider", &[("provider", provider.to_string())]),
        UnknownOutlet { outlet } => named("refusal-unknown-outlet", &[("outlet", outlet.to_string())]),
        UnknownArticle { article } => named("refusal-unknown-article", &[("article", article.clone())]),
        ProviderExists { provider, differs } => exists(provider.to_string(), differs),
        OutletExists { outlet, differs } => exists(outlet.to_string(), differs),
        PointsOverRange { article, points, min, max } | PointsUnderRange { article, points, min, max } => named(
            "refusal-range",
            &[
                ("article", article.to_string()),
                ("points", points.to_string()),
                ("min", min.to_string()),
                ("max", max.to_string()),
            ],
        ),
        FutureDate { field: name, date, today } => named(
            "refusal-future",
            &[("field", field(lang, name)), ("date", date.to_string()), ("today", today.to_string())],
        ),
        OutletMissing { article, clause } => {
            named("refusal-outlet-missing", &[("article", article.to_string()), ("clause", clause.clone())])
        }
        OutletOfAnother { outlet, owner, provider } => named(
            "refusal-outlet-of-another",
            &[("outlet", outlet.to_string()), ("owner", owner.to_string()), ("provider", provider.to_string())],
        ),
        NeedsRectification { article, clause } => {
            named("refusal-rectification", &[("article", article.to_string()), ("clause", clause.clone())])
        }
        UnknownLine { line } => named("refusal-unknown-line", &[("line", line.to_string())]),
        LineIsReversal { line } => named("refusal-line-is-reversal", &[("line", line.to_string())]),
        AlreadyReversed { line, by } => {
            named("refusal-already-reversed", &[("line", line.to_string()), ("by", by.to_string())])
        }
        Missing { field: name } => named("refusal-missing", &[("field", field(lang, name))]),
        BadText { field: name, why: UnsafeText::Control(c) } => {
            named("refusal-control", &[("field", field(lang, name)), ("code", format!("U+{:04X}", *c as u32))])
        }
        BadText { field: name, why: UnsafeText::Long { max, is } } => {
            named("refusal-long", &[("field", field(lang, name)), ("max", max.to_string()), ("is", is.to_string())])
        }
        TurnoverExists { outlet, month, differs } => exists(format!("{outlet} {month}"), differs),
        FutureMoment { .. }
        | AnswerBeforeRequest { .. }
        | UnknownRequest { .. }
        | ExitOpen { .. }
        | TooFar { .. }
        | UnknownTurnover { .. }
        | UnknownFinding { .. }
        | FindingDecided { .. }
        | MonthNotOver { .. }
        | FinalOverOrders { .. } => of_operation(lang, refusal),
        UnknownTerritory { .. }
        | TerritoryExists { .. }
        | ExpansionSuspended { .. }
        | ExpansionStopped { .. }
        | ExpansionTooEarly { .. }
        | UnknownEntry { .. }
        | WrongStage { .. }
        | NotWithPlatform { .. }
        | PartOverWhole { .. }
        | EvidenceMissing { .. }
        | NotInvestigated { .. }
        | BeforeStart { .. }
        | NothingDue { .. }
        | StillDue { .. }
        | NotInCity { .. }
        | MaterialAfter { .. }
        | NothingMoves { .. }
        | NotInTheFuture { .. }
        | UnknownAlert { .. } => of_record(lang, refusal),
        other @ (StepTaken { .. }
        | StepMissing { .. }
        | OtherEdition { .. }
        | RulesNotAccepted { .. }
        | Short { .. }
        | Amount { .. }
        | NoWaiver
        | HoursGap { .. }) => of_admission(lang, other),
        OutletMoves { outlet, provider } => {
            named("refusal-outlet-moves", &[("outlet", outlet.to_string()), ("provider", provider.to_string())])
        }
    }
}

/// What a refusal about turnover, findings and requests says.
fn of_operation(lang: Lang, refusal: &Refusal) -> String {
    use Refusal::*;
    let named = |key: &str, args: &[(&'static str, String)]| lang.say_texts(key, args);
    match refusal {
        FutureMoment { at, now } => {
            named("refusal-future-moment", &[("at", show_moment(*at)), ("now", show_moment(*now))])
        }
        AnswerBeforeRequest { at, asked } => {
            named("refusal-answer-before", &[("at", show_moment(*at)), ("asked", show_moment(*asked))])
        }
        UnknownRequest { request } => named("refusal-unknown-request", &[("request", request.to_string())]),
        ExitOpen { outlet, request } => {
            named("refusal-exit-open", &[("outlet", outlet.to_string()), ("request", request.to_string())])
        }
        TooFar { from } => named("refusal-too-far", &[("at", show_moment(*from))]),
        UnknownTurnover { outlet, month } => {
            named("refusal-unknown-turnover", &[("outlet", outlet.to_string()), ("month", month.to_string())])
        }
        UnknownFinding { finding } => named("refusal-unknown-finding", &[("finding", finding.clone())]),
        FindingDecided { finding, by } => {
            named("refusal-finding-decided", &[("finding", finding.to_string()), ("by", by.to_string())])
        }
        MonthNotOver { month, today } => {
            named("refusal-month-not-over", &[("month", month.to_string()), ("today", today.to_string())])
        }
        FinalOverOrders { orders, with_final_status } => named(
            "refusal-final-over-orders",
            &[("orders", orders.to_string()), ("final", with_final_status.to_string())],
        ),
        other => other.reason().to_owned(),
    }
}

/// What a refusal of a step of the admission says.
fn of_admission(lang: Lang, refusal: &Refusal) -> String {
    use Refusal::*;
    let named = |key: &str, args: &[(&'static str, String)]| lang.say_texts(key, args);
    match refusal {
        StepTaken { step: word } => named("refusal-step-taken", &[("step", step(lang, word))]),
        StepMissing { steps, clause } => {
            let steps: Vec<String> = steps.iter().map(|word| step(lang, word)).collect();
            named("refusal-step-missing", &[("steps", steps.join(", ")), ("clause", (*clause).to_owned())])
        }
        OtherEdition { edition, current } => {
            named("refusal-other-edition", &[("edition", edition.clone()), ("current", current.clone())])
        }
        RulesNotAccepted { edition } => named("refusal-rules-not-accepted", &[("edition", edition.clone())]),
        Short { what, need, have, clause } => named(
            "refusal-short",
            &[
                ("what", field(lang, what)),
                ("need", need.to_string()),
                ("have", have.to_string()),
                ("clause", (*clause).to_owned()),
            ],
        ),
        Amount { need, have, clause } => named(
            "refusal-amount",
            &[("need", need.to_string()), ("have", have.to_string()), ("clause", (*clause).to_owned())],
        ),
        NoWaiver => lang.say("refusal-no-waiver"),
        HoursGap { gaps } => named("refusal-hours-gap", &[("gaps", gaps.clone())]),
        other => other.reason().to_owned(),
    }
}

/// What a refusal of a record of a city, an outlet or a service says, and of an alert.
fn of_record(lang: Lang, refusal: &Refusal) -> String {
    use Refusal::*;
    let named = |key: &str, args: &[(&'static str, String)]| lang.say_texts(key, args);
    let entry = |seq: &crate::ids::Seq| ("seq", seq.to_string());
    match refusal {
        UnknownTerritory { city } => named("refusal-unknown-territory", &[("city", city.clone())]),
        TerritoryExists { city } => named("refusal-territory-exists", &[("city", city.clone())]),
        ExpansionSuspended { provider, score } => {
            named("refusal-expansion-suspended", &[("provider", provider.to_string()), ("score", score.to_string())])
        }
        ExpansionStopped { conference, city } => {
            named("refusal-expansion-stopped", &[entry(conference), ("city", city.clone())])
        }
        ExpansionTooEarly { from: Some(from) } => named("refusal-too-early", &[("from", from.to_string())]),
        ExpansionTooEarly { from: None } => lang.say("refusal-too-early-unknown"),
        UnknownEntry { what, seq } => named("refusal-unknown-entry", &[("what", field(lang, what)), entry(seq)]),
        WrongStage { outlet, stage: is, may } => {
            let may: Vec<String> = may.iter().map(|s| stage(lang, *s)).collect();
            let args = [("outlet", outlet.to_string()), ("stage", stage(lang, *is)), ("may", may.join(", "))];
            named("refusal-wrong-stage", &args)
        }
        NotWithPlatform { outlet } => named("refusal-not-with-platform", &[("outlet", outlet.to_string())]),
        PartOverWhole { part, whole } => {
            named("refusal-part-over-whole", &[("part", field(lang, part)), ("whole", field(lang, whole))])
        }
        EvidenceMissing { missing } => {
            let missing: Vec<String> = missing.iter().map(|word| lang.say(&format!("evidence-{word}"))).collect();
            named("refusal-evidence-missing", &[("missing", missing.join(", "))])
        }
        NotInvestigated { territory } => named("refusal-not-investigated", &[entry(territory)]),
        BeforeStart { on, start } => {
            named("refusal-before-start", &[("on", on.to_string()), ("start", start.to_string())])
        }
        NothingDue { kind } => named("refusal-nothing-due", &[("what", obligation(lang, *kind))]),
        StillDue { outlet, seq, kind } => {
            named("refusal-still-due", &[("outlet", outlet.to_string()), entry(seq), ("what", obligation(lang, *kind))])
        }
        NotInCity { outlet, city } => {
            named("refusal-not-in-city", &[("outlet", outlet.to_string()), ("city", city.clone())])
        }
        MaterialAfter { material_on, on } => {
            named("refusal-material-after", &[("material", material_on.to_string()), ("on", on.to_string())])
        }
        NothingMoves { calendar } => named("refusal-nothing-moves", &[("calendar", calendar.clone())]),
        NotInTheFuture { at, now } => {
            named("refusal-not-in-the-future", &[("at", show_moment(*at)), ("now", show_moment(*now))])
        }
        UnknownAlert { alert } => named("refusal-unknown-alert", &[("alert", alert.clone())]),
        other => other.reason().to_owned(),
    }
}

/// What trouble with the store says, and what to do.
pub fn store_error(lang: Lang, error: &StoreError) -> String {
    let key = match error {
        StoreError::AlreadyOpen { .. } => "store-already-open",
        StoreError::Journal(crate::journal::JournalError::Damaged { .. }) => "store-damaged",
        StoreError::Journal(_) | StoreError::View { .. } | StoreError::Io { .. } => "store-trouble",
        StoreError::Refusing { .. } => "store-refusing",
        StoreError::Closed => "store-closed",
    };
    lang.say_with(key, &[("what", FluentValue::from(error.to_string()))])
}

#[cfg(test)]
mod tests {
    use super::*;
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
                    for call in [".say(", ".say_with(", ".say_texts("] {
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
