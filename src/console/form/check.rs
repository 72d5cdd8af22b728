//! What is wrong with a field, in words of the regulation. Texts are read as imports read them.

use super::field::{FIELD_MAX, Long};
use super::{Field, Purpose};
use crate::domain::{NAME_MAX, NOTE_MAX, ProviderKind};
use crate::exchange::clean::{self, fold};
use crate::exchange::record::RecordKind;
use crate::ids::{OutletId, ProviderId};
use crate::money::Fen;
use crate::points::Points;
use crate::rulebook::Article;
use crate::time::{Day, Moment, Month, parse_day_from, parse_moment_from};
use crate::words::{self, Lang};

/// Whether a field must not be empty.
pub fn required(purpose: &Purpose, name: &str, article: Option<&Article>) -> bool {
    match purpose {
        Purpose::Deduct if name == "outlet_id" => article.is_some_and(|a| a.needs == crate::rulebook::Needs::Outlet),
        // Of what was seen a note says enough.
        Purpose::Deduct => !matches!(name, "problem" | "note" | "evidence"),
        Purpose::Reverse { .. } | Purpose::Dismiss(_) => true,
        Purpose::Void(_) => name == "reason",
        Purpose::Confirm(_) => name != "note",
        Purpose::ChooseRecord | Purpose::Snooze(_) | Purpose::Assign(_) => true,
        Purpose::Audit => matches!(name, "provider_id" | "auditors" | "scope" | "on"),
        Purpose::Record(kind) => kind.all_fields().any(|field| field.name == name && field.required),
        _ => matches!(name, "provider_id" | "outlet_id" | "name" | "kind" | "city"),
    }
}

/// What is said of a field that must not be empty.
pub fn missing(lang: Lang, name: &str) -> String {
    lang.say_with("refusal-missing", &[("field", words::field(lang, name).into())])
}

/// Whether a text is longer than its field takes.
pub fn long(field: &Field) -> Option<Long> {
    let max = match field.name {
        "sheet" => FIELD_MAX,
        _ if field.lines => NOTE_MAX,
        _ => NAME_MAX,
    };
    let is = field.text().chars().count();
    (is > max || field.over > 0).then_some(Long { is: is + field.over, max, over: field.over })
}

/// What is said of a text that is too long.
pub fn say_long(lang: Lang, Long { is, max, over }: Long) -> String {
    let key = if over > 0 { "form-over" } else { "form-long" };
    lang.say_texts(key, &[("is", is.to_string()), ("max", max.to_string()), ("over", over.to_string())])
}

/// A whole number as it is typed.
pub fn whole<T: TryFrom<u64>>(text: &str) -> Option<T> {
    clean::whole(&fold(text))?.try_into().ok()
}

/// Points as they are typed.
pub fn points(text: &str) -> Option<u32> {
    whole(text)
}

/// A day as it is typed.
pub fn day(text: &str, now: Moment) -> Option<Day> {
    parse_day_from(&fold(text), now.day()).ok()
}

/// A moment as it is typed.
pub fn moment(text: &str, now: Moment) -> Option<Moment> {
    parse_moment_from(&fold(text), now).ok()
}

/// A month as it is typed.
pub fn month(text: &str) -> Option<Month> {
    text.parse().ok()
}

/// An amount as it is typed.
pub fn money(text: &str) -> Option<Fen> {
    Fen::parse_cny(&clean::number(&fold(text))?).ok()
}

/// A kind of provider as it is typed.
pub fn kind(text: &str) -> Option<ProviderKind> {
    fold(text).to_lowercase().parse().ok()
}

/// What is wrong with a field that is not empty.
pub fn wrong(
    purpose: &Purpose,
    name: &str,
    text: &str,
    article: Option<&Article>,
    lang: Lang,
    now: Moment,
) -> Option<String> {
    let unless = |good: bool, key: &str| (!good).then(|| lang.say(key));
    match (name, purpose) {
        // Each kind of record says what it takes; what was proposed is judged by the desk as it stands.
        (_, Purpose::Record(_) | Purpose::ConfirmLine(_)) => None,
        ("provider_id", Purpose::Reverse { provider, .. }) => {
            unless(text.parse::<ProviderId>().as_ref() == Ok(provider), "form-not-this-provider")
        }
        ("provider_id", _) => unless(text.parse::<ProviderId>().is_ok(), "form-id"),
        ("outlet_id", _) => unless(text.parse::<OutletId>().is_ok(), "form-id"),
        ("article", _) => unless(article.is_some(), "form-article"),
        ("points", _) => wrong_points(text, article, lang),
        ("occurred_on" | "agreement_on" | "signed_on" | "on", _) => match day(text, now) {
            Some(day) if day > now.day() => Some(lang.say("form-future")),
            Some(_) => None,
            None => Some(lang.say("form-date")),
        },
        ("record", _) => unless(RecordKind::of(text).is_some(), "form-record"),
        ("until", _) => unless(moment(text, now).is_some(), "form-moment"),
        ("population", _) => unless(whole::<u64>(text).is_some(), "form-number"),
        ("staff", _) => unless(whole::<u32>(text).is_some(), "form-number"),
        ("registered_capital", _) => unless(money(text).is_some(), "form-money"),
        ("kind", _) => unless(kind(text).is_some(), "form-kind"),
        _ => None,
    }
}

fn wrong_points(text: &str, article: Option<&Article>, lang: Lang) -> Option<String> {
    let (Some(n), Some(a)) = (whole::<u64>(text), article) else {
        return whole::<u64>(text).is_none_or(|n| n > u64::from(u32::MAX)).then(|| lang.say("form-number"));
    };
    let fits = u32::try_from(n).is_ok_and(|n| (a.min..=a.max).contains(&Points(n)));
    let args = [("article", a.id.to_string()), ("min", a.min.to_string()), ("max", a.max.to_string())];
    (!fits).then(|| lang.say_texts("form-range", &args))
}
