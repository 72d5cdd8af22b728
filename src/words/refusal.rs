//! What refusals say, in both languages. A refusal without a sentence does not compile.

use super::{Lang, field, obligation, record_title, stage, step};
use crate::domain::audit::{Flaw, LINES_MAX};
use crate::domain::case::Hurdle;
use crate::domain::deposit::Hold;
use crate::domain::needs::Lack;
use crate::domain::objection::Hindrance;
use crate::domain::{Refusal, Unlawful};
use crate::ids::UnsafeText;
use crate::rulebook::Per;
use crate::time::show_moment;

/// What a refusal says: what, which clause, and what to do.
pub fn refusal(lang: Lang, refusal: &Refusal) -> String {
    use Refusal::*;
    match refusal {
        NotVoidable { .. } | NotReplaceable { .. } | AlreadyVoided { .. } | Hindered(_) => of_correction(lang, refusal),
        NotVoided { .. } | StoodOn { .. } | AlreadyReplaced { .. } | Held(_) | Case(_) => of_correction(lang, refusal),
        StandsAgainst { .. } | GoesAlong { .. } | StillOpen { .. } | LineStands { .. } => of_correction(lang, refusal),
        NotInCity { .. } | NotThereBy { .. } | NotSignedBy { .. } | NothingMoves { .. } => of_record(lang, refusal),
        Needs(_) | Unlawful(_) | Audit(_) => of_part(lang, refusal),
        UnknownProvider { .. }
        | UnknownOutlet { .. }
        | ProviderInOtherCase { .. }
        | OutletInOtherCase { .. }
        | ProviderCaseTaken { .. }
        | OutletCaseTaken { .. }
        | UnknownArticle { .. }
        | ProviderExists { .. }
        | OutletExists { .. }
        | TurnoverExists { .. }
        | PointsOverRange { .. }
        | PointsUnderRange { .. }
        | FutureDate { .. }
        | OutletMissing { .. }
        | OutletOfAnother { .. }
        | OutletMoves { .. }
        | NeedsRectification { .. }
        | UnknownLine { .. }
        | LineIsReversal { .. }
        | AlreadyReversed { .. }
        | Missing { .. }
        | BadText { .. } => of_ledger(lang, refusal),
        FutureMoment { .. }
        | AnswerBeforeRequest { .. }
        | UnknownRequest { .. }
        | ExitOpen { .. }
        | TooFar { .. }
        | UnknownTurnover { .. }
        | UnknownFinding { .. }
        | FindingDecided { .. }
        | MonthNotOver { .. }
        | FinalOverOrders { .. }
        | PartOfMonth { .. }
        | SaidBefore { .. } => of_operation(lang, refusal),
        UnknownTerritory { .. }
        | TerritoryExists { .. }
        | ExpansionSuspended { .. }
        | ExpansionStopped { .. }
        | ExpansionTooEarly { .. }
        | UnknownEntry { .. }
        | Later { .. }
        | WrongStage { .. }
        | NotWithPlatform { .. }
        | NotInRealTime { .. }
        | PartOverWhole { .. }
        | EvidenceMissing { .. }
        | NotInvestigated { .. }
        | BeforeStart { .. }
        | NothingDue { .. }
        | NeverDue { .. }
        | StillDue { .. }
        | ThirdPartyOnly { .. }
        | NotInTheFuture { .. }
        | BackOnItsDay { .. }
        | UnknownAlert { .. } => of_record(lang, refusal),
        StepTaken { .. } | StepMissing { .. } | OtherEdition { .. } => of_admission(lang, refusal),
        RulesNotAccepted { .. } | HoursGap { .. } | NoWaiver | DepositFixed { .. } => of_admission(lang, refusal),
        Short { .. } | Amount { .. } | TooMuch { .. } => of_admission(lang, refusal),
    }
}

/// What a refusal about the roster and the ledger says.
fn of_ledger(lang: Lang, refusal: &Refusal) -> String {
    use Refusal::*;
    let named = |key: &str, args: &[(&'static str, String)]| lang.say_texts(key, args);
    let fields = |names: &[&str]| names.iter().map(|n| field(lang, n)).collect::<Vec<_>>().join(", ");
    let exists = |id: String, differs: &[&str]| match differs {
        [] => named("refusal-exists-same", &[("id", id)]),
        _ => named("refusal-exists", &[("id", id), ("fields", fields(differs))]),
    };
    match refusal {
        UnknownProvider { provider } => named("refusal-unknown-provider", &[("provider", provider.to_string())]),
        UnknownOutlet { outlet } => named("refusal-unknown-outlet", &[("outlet", outlet.to_string())]),
        ProviderInOtherCase { provider, like } => {
            named("refusal-other-case", &[("id", provider.to_string()), ("like", like.to_string())])
        }
        OutletInOtherCase { outlet, like } => {
            named("refusal-other-case", &[("id", outlet.to_string()), ("like", like.to_string())])
        }
        ProviderCaseTaken { provider, like } => {
            named("refusal-case-taken", &[("id", provider.to_string()), ("like", like.to_string())])
        }
        OutletCaseTaken { outlet, like } => {
            named("refusal-case-taken", &[("id", outlet.to_string()), ("like", like.to_string())])
        }
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
        OutletMoves { outlet, provider } => {
            named("refusal-outlet-moves", &[("outlet", outlet.to_string()), ("provider", provider.to_string())])
        }
        other => other.reason().to_owned(),
    }
}

/// What a refusal about turnover, findings, requests and what is said twice says.
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
        SaidBefore { seq, by, at } => {
            named("refusal-said-before", &[("seq", seq.to_string()), ("by", by.clone()), ("at", show_moment(*at))])
        }
        PartOfMonth { month, reported, wanted } => named(
            "refusal-part-of-month",
            &[("month", month.to_string()), ("reported", reported.to_string()), ("wanted", wanted.to_string())],
        ),
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
        TooMuch { amount, most, clause } => named(
            "refusal-too-much",
            &[("amount", amount.to_string()), ("most", most.to_string()), ("clause", clause.to_string())],
        ),
        Amount { need, have, clause } => named(
            "refusal-amount",
            &[("need", need.to_string()), ("have", have.to_string()), ("clause", (*clause).to_owned())],
        ),
        NoWaiver => lang.say("refusal-no-waiver"),
        DepositFixed { need } => named("refusal-deposit-fixed", &[("need", need.to_string())]),
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
        UnknownEntry { what: "entry", seq } => named("refusal-no-entry", &[entry(seq)]),
        UnknownEntry { what, seq } => named("refusal-unknown-entry", &[("what", field(lang, what)), entry(seq)]),
        Later { seq, on, as_of } => {
            named("refusal-later", &[entry(seq), ("on", on.to_string()), ("as_of", as_of.to_string())])
        }
        WrongStage { outlet, stage: is, may } => {
            let may: Vec<String> = may.iter().map(|s| stage(lang, *s)).collect();
            let args = [("outlet", outlet.to_string()), ("stage", stage(lang, *is)), ("may", may.join(", "))];
            named("refusal-wrong-stage", &args)
        }
        NotWithPlatform { outlet } => named("refusal-not-with-platform", &[("outlet", outlet.to_string())]),
        NotInRealTime { outlet } => named("refusal-not-in-real-time", &[("outlet", outlet.to_string())]),
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
        NeverDue { seq, kind } => named("refusal-never-due", &[("what", obligation(lang, *kind)), entry(seq)]),
        StillDue { outlet, seq, kind } => {
            named("refusal-still-due", &[("outlet", outlet.to_string()), entry(seq), ("what", obligation(lang, *kind))])
        }
        BackOnItsDay { outlet, provider, on, seq } => named(
            "refusal-back-on-its-day",
            &[("outlet", outlet.to_string()), ("provider", provider.to_string()), ("on", on.to_string()), entry(seq)],
        ),
        NotInCity { outlet, city } => {
            named("refusal-not-in-city", &[("outlet", outlet.to_string()), ("city", city.clone())])
        }
        ThirdPartyOnly { provider, clause } => {
            named("refusal-third-party-only", &[("provider", provider.to_string()), ("clause", (*clause).to_owned())])
        }
        NotThereBy { outlet, on } => {
            named("refusal-not-there-by", &[("outlet", outlet.to_string()), ("on", on.to_string())])
        }
        NotSignedBy { outlet, on } => {
            named("refusal-not-signed-by", &[("outlet", outlet.to_string()), ("on", on.to_string())])
        }
        NothingMoves { calendar } => named("refusal-nothing-moves", &[("calendar", calendar.clone())]),
        NotInTheFuture { at, now } => {
            named("refusal-not-in-the-future", &[("at", show_moment(*at)), ("now", show_moment(*now))])
        }
        UnknownAlert { alert } => named("refusal-unknown-alert", &[("alert", alert.clone())]),
        other => other.reason().to_owned(),
    }
}

/// What a refusal about editions and what a provider agrees otherwise says.
fn of_law(lang: Lang, why: &Unlawful) -> String {
    let named = |key: &str, args: &[(&'static str, String)]| lang.say_texts(key, args);
    let entry = |seq: &crate::ids::Seq| ("seq", seq.to_string());
    match why {
        Unlawful::Unsound { line, problem } => {
            named("refusal-unsound", &[("line", line.to_string()), ("problem", problem.clone())])
        }
        Unlawful::OtherText { number, entry: seq } => {
            named("refusal-other-text", &[("edition", number.clone()), entry(seq)])
        }
        Unlawful::Earlier { number, effective, entry: seq } => {
            let day = ("effective", effective.to_string());
            named("refusal-edition-adopted", &[("edition", number.clone()), day, entry(seq)])
        }
        Unlawful::SameDay { number, effective, entry: seq } => {
            let day = ("effective", effective.to_string());
            named("refusal-edition-same-day", &[("edition", number.clone()), day, entry(seq)])
        }
        Unlawful::InForce { number, effective } => {
            named("refusal-edition-in-force", &[("edition", number.clone()), ("effective", effective.to_string())])
        }
        Unlawful::SamePerson { who, proposal } => {
            named("refusal-same-proposer", &[("who", who.clone()), entry(proposal)])
        }
        Unlawful::NotWaiting { proposal } => named("refusal-not-waiting", &[entry(proposal)]),
        Unlawful::UnknownRule { rule } => named("refusal-unknown-rule", &[("rule", rule.clone())]),
        Unlawful::BadValue { rule, value, want } => {
            named("refusal-bad-value", &[("rule", rule.clone()), ("value", value.clone()), ("want", want.clone())])
        }
    }
}

/// What a refusal about a correction says.
fn of_correction(lang: Lang, refusal: &Refusal) -> String {
    use Refusal::*;
    let named = |key: &str, args: &[(&'static str, String)]| lang.say_texts(key, args);
    match refusal {
        NotVoidable { entry, kind } => {
            let instead = lang.say(&format!("void-instead-{kind}"));
            named("refusal-not-voidable", &[("entry", entry.to_string()), ("instead", instead)])
        }
        NotReplaceable { entry, kind } => {
            let what = lang.say(&format!("event-{kind}"));
            named("refusal-not-replaceable", &[("entry", entry.to_string()), ("kind", what)])
        }
        AlreadyReplaced { entry, by } => {
            named("refusal-already-replaced", &[("entry", entry.to_string()), ("by", by.to_string())])
        }
        AlreadyVoided { entry, by } => {
            named("refusal-already-voided", &[("entry", entry.to_string()), ("by", by.to_string())])
        }
        StillOpen { finding } => named("refusal-still-open", &[("finding", finding.to_string())]),
        LineStands { finding, line } => {
            named("refusal-line-stands", &[("finding", finding.to_string()), ("line", line.to_string())])
        }
        NotVoided { void } => named("refusal-not-voided", &[("void", void.to_string())]),
        StoodOn { entry, by } => named("refusal-stood-on", &[("entry", entry.to_string()), ("by", numbers(by))]),
        StandsAgainst { by } => named("refusal-stands-against", &[("by", numbers(by))]),
        Hindered(Hindrance::SamePerson { who, line }) => {
            named("refusal-same-person", &[("who", who.clone()), ("line", line.to_string())])
        }
        Hindered(Hindrance::Waits { objection }) => {
            named("refusal-objection-waits", &[("objection", objection.to_string())])
        }
        Case(hurdle) => of_case(lang, hurdle),
        Held(Hold::TooEarly { on, ended, from }) => {
            let days = [("on", on.to_string()), ("ended", ended.to_string()), ("from", from.to_string())];
            named("refusal-release-too-early", &days)
        }
        Held(Hold::Open { by }) => named("refusal-release-blocked", &[("by", numbers(by))]),
        GoesAlong { outlet, to, by } => {
            let (outlet, to) = (outlet.to_string(), to.to_string());
            named("refusal-goes-along", &[("outlet", outlet), ("to", to), ("by", numbers(by))])
        }
        other => other.reason().to_owned(),
    }
}

/// Why a case, or a notice, does not go on (3.1 to 3.3, 4.3).
fn of_case(lang: Lang, hurdle: &Hurdle) -> String {
    let named = |key: &str, args: &[(&'static str, String)]| lang.say_texts(key, args);
    match hurdle {
        Hurdle::Stage { word, at, clause } => {
            let (step, at) = (record_title(lang, word), lang.say(&format!("case-at-{}", at.word())));
            named("refusal-case-stage", &[("step", step), ("at", at), ("clause", (*clause).to_owned())])
        }
        Hurdle::NoCase { score } => named("refusal-no-case", &[("score", score.to_string())]),
        Hurdle::StillAt { score } => named("refusal-still-at", &[("score", score.to_string())]),
        Hurdle::NotOwed { year } => named("refusal-not-owed", &[("year", year.to_string())]),
        Hurdle::SamePerson { who, seq } => {
            named("refusal-confirmed-before", &[("who", who.clone()), ("seq", seq.to_string())])
        }
        Hurdle::OwnHand => lang.say("refusal-own-hand"),
        Hurdle::Changed { seen, head } => {
            named("refusal-changed-since", &[("seen", seen.to_string()), ("head", head.to_string())])
        }
        Hurdle::NotNotified { missing } => {
            let all: Vec<String> = missing.iter().map(|to| lang.say(&format!("addressee-{to}"))).collect();
            named("refusal-not-notified", &[("missing", all.join(", "))])
        }
        Hurdle::Frozen { by, on } => named("refusal-frozen", &[("by", by.to_string()), ("on", on.to_string())]),
        Hurdle::NothingToTell { event } => {
            named("refusal-nothing-to-tell", &[("event", lang.say(&format!("notice-{event}")))])
        }
        Hurdle::ByPost { .. } => lang.say("refusal-by-post"),
    }
}

/// Entries by their numbers, the first few of many.
fn numbers(entries: &[crate::ids::Seq]) -> String {
    let mut shown: Vec<String> = entries.iter().take(NAMED).map(|seq| format!("#{seq}")).collect();
    if entries.len() > NAMED {
        shown.push(format!("… ({})", entries.len()));
    }
    shown.join(" ")
}

/// Entries that are named one by one.
const NAMED: usize = 12;

/// What a refusal says that is of a part of its own.
fn of_part(lang: Lang, refusal: &Refusal) -> String {
    match refusal {
        Refusal::Needs(lack) => of_needs(lang, lack),
        Refusal::Unlawful(why) => of_law(lang, why),
        Refusal::Audit(flaw) => of_audit(lang, flaw),
        other => other.reason().to_owned(),
    }
}

/// Why a sheet is no audit's.
fn of_audit(lang: Lang, flaw: &Flaw) -> String {
    match flaw {
        Flaw::OtherProvider { provider, audited } => {
            let args = [("provider", provider.to_string()), ("audited", audited.to_string())];
            lang.say_texts("refusal-other-audited", &args)
        }
        Flaw::TooManyLines { lines } => {
            lang.say_texts("refusal-audit-too-long", &[("lines", lines.to_string()), ("most", LINES_MAX.to_string())])
        }
    }
}

/// What a line lacks of its article's needs (section 2).
fn of_needs(lang: Lang, lack: &Lack) -> String {
    let named = |key: &str, args: &[(&'static str, String)]| lang.say_texts(key, args);
    match lack {
        Lack::Unmet { article, needs, per } => {
            let what = if *per == Per::TerritoryPhase { "phase" } else { needs.word() };
            named(&format!("refusal-unmet-{what}"), &[("article", article.to_string())])
        }
        Lack::Unknown { article, needs, subject } => named(
            &format!("refusal-no-{}", needs.word()),
            &[("article", article.to_string()), ("subject", subject.clone())],
        ),
        Lack::NoPhase { article, city } => {
            named("refusal-no-phase", &[("article", article.to_string()), ("city", city.clone())])
        }
        Lack::NoGap { article, month } => {
            named("refusal-no-gap", &[("article", article.to_string()), ("month", month.to_string())])
        }
        Lack::NoShortfall { article, subject } => {
            named("refusal-no-shortfall", &[("article", article.to_string()), ("subject", subject.to_string())])
        }
        Lack::OfReversal { line } => named("refusal-support-reversal", &[("line", line.to_string())]),
        Lack::NoPlace { article, subject } => {
            named("refusal-no-subject", &[("article", article.to_string()), ("subject", subject.clone())])
        }
        Lack::Charged { line, subject } => {
            named("refusal-already-charged", &[("line", line.to_string()), ("subject", subject.to_string())])
        }
        Lack::Supported { line } => named("refusal-supported", &[("line", line.to_string())]),
    }
}
