//! What is wrong with a field, in words of the regulation.

use super::Purpose;
use crate::domain::ProviderKind;
use crate::exchange::record::RecordKind;
use crate::ids::{OutletId, ProviderId};
use crate::money::Fen;
use crate::rulebook::Article;
use crate::time::{Day, parse_day_from, parse_moment};
use crate::words::Lang;

/// Whether a field must not be empty.
pub fn required(purpose: &Purpose, name: &str, article: Option<&Article>) -> bool {
    match purpose {
        Purpose::Deduct if name == "outlet_id" => article.is_some_and(|a| a.needs == crate::rulebook::Needs::Outlet),
        Purpose::Deduct => !matches!(name, "problem" | "note"),
        Purpose::Reverse { .. } | Purpose::Dismiss(_) => true,
        Purpose::Confirm(_) => name != "note",
        Purpose::ChooseRecord | Purpose::Snooze(_) | Purpose::Assign(_) => true,
        _ => matches!(name, "provider_id" | "outlet_id" | "name" | "kind" | "city"),
    }
}

/// What is wrong with a field that is not empty.
pub fn wrong(
    purpose: &Purpose,
    name: &str,
    text: &str,
    article: Option<&Article>,
    lang: Lang,
    today: Day,
) -> Option<String> {
    let number = || text.parse::<u64>().is_err().then(|| lang.say("form-number"));
    match name {
        "provider_id" => match purpose {
            Purpose::Reverse { provider, .. } if text != provider.as_str() => Some(lang.say("form-not-this-provider")),
            _ => text.parse::<ProviderId>().err().map(|_| lang.say("form-id")),
        },
        "outlet_id" => text.parse::<OutletId>().err().map(|_| lang.say("form-id")),
        "article" => article.is_none().then(|| lang.say("form-article")),
        "points" => {
            let range = article.map(|a| (a.id.to_string(), a.min, a.max));
            match (text.parse::<u16>(), range) {
                (Err(_), _) => Some(lang.say("form-number")),
                (Ok(n), Some((id, min, max))) if !(min.0..=max.0).contains(&n) => Some(lang.say_with(
                    "form-range",
                    &[("article", id.into()), ("min", min.to_string().into()), ("max", max.to_string().into())],
                )),
                _ => None,
            }
        }
        "occurred_on" | "agreement_on" | "signed_on" => match parse_day_from(text, today) {
            Ok(day) if day > today => Some(lang.say("form-future")),
            Ok(_) => None,
            Err(_) => Some(lang.say("form-date")),
        },
        "record" => RecordKind::of(text).is_none().then(|| lang.say("form-record")),
        "until" => parse_moment(text).is_err().then(|| lang.say("form-moment")),
        "population" | "staff" => number(),
        "registered_capital" => Fen::parse_cny(text).is_err().then(|| lang.say("form-money")),
        "kind" => text.parse::<ProviderKind>().is_err().then(|| lang.say("form-kind")),
        _ => None,
    }
}
