//! Pickers: what a field of a form can be filled with, ranked as it is typed.

use super::rank::{Fit, Typed};
use crate::domain::{Chargeable, LineSubject, needs};
use crate::exchange::record::{FORMS, KINDS, RecordKind};
use crate::ids::ProviderId;
use crate::rulebook::{Article, ArticleKind, Needs, Rulebook};
use crate::store::{OutletRow, ProviderRow};
use crate::time::{Day, Month};
use crate::words::{self, Lang};
use std::collections::BTreeMap;

/// What pickers choose from.
pub struct Choices<'a> {
    /// The language.
    pub lang: Lang,
    /// Articles.
    pub book: &'a Rulebook,
    /// Providers.
    pub providers: &'a [ProviderRow],
    /// The selected provider.
    pub provider: Option<&'a ProviderId>,
    /// Its outlets.
    pub outlets: &'a [OutletRow],
    /// Another provider that a form names, and its outlets.
    pub looked: Option<&'a (ProviderId, Vec<OutletRow>)>,
    /// The records that lines can stand for, of providers that were looked at.
    pub chargeables: &'a BTreeMap<ProviderId, Vec<Chargeable>>,
    /// Today: months are up to it.
    pub today: Day,
}

/// Months that are offered, this one and those before.
const MONTHS: i32 = 24;

/// Something to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What the field gets.
    pub value: String,
    /// A short fact beside it: points, a city.
    pub fact: String,
    /// Where it stands: a clause, a score.
    pub place: String,
    /// Its title.
    pub title: String,
    /// What is matched beside all these.
    more: String,
}

impl Choices<'_> {
    /// All articles.
    pub fn articles(&self) -> Vec<Choice> {
        let choice = |a: &Article| Choice {
            value: a.id.to_string(),
            fact: range(a),
            place: a.clause.clone(),
            title: self.lang.of(&a.title).to_owned(),
            more: format!("{} {}", a.title.zh, a.title.en),
        };
        self.book.articles.iter().map(choice).collect()
    }

    /// What can be recorded.
    pub fn records(&self) -> Vec<Choice> {
        let choice = |kind: &RecordKind| Choice {
            value: kind.word.to_owned(),
            fact: String::new(),
            place: kind.clause.to_owned(),
            title: words::record_title(self.lang, kind.word),
            more: format!("{} {}", words::record(Lang::ZhCn, kind.word), words::record(Lang::En, kind.word)),
        };
        KINDS.iter().chain(FORMS).map(choice).collect()
    }

    /// The outlets of a provider, by its id as typed; none while they are not known.
    pub fn outlets(&self, provider: &str) -> Option<Vec<Choice>> {
        let rows = match (self.provider, self.looked) {
            (Some(id), _) if id.as_str() == provider => self.outlets,
            (_, Some((id, rows))) if id.as_str() == provider => rows,
            _ => return None,
        };
        let choice = |OutletRow { outlet: o, .. }: &OutletRow| Choice {
            value: o.id.to_string(),
            fact: o.city.clone(),
            place: String::new(),
            title: o.name.clone(),
            more: String::new(),
        };
        Some(rows.iter().map(choice).collect())
    }

    /// What a line of a provider can stand for under an article, the latest first; none while that is not known.
    pub fn chargeables(&self, provider: &str, article: &Article) -> Option<Vec<Choice>> {
        if article.needs == Needs::Month {
            let month = |back: i32| {
                let value = Month::of(self.today).plus(-back).to_string();
                Choice { value, fact: String::new(), place: String::new(), title: String::new(), more: String::new() }
            };
            return Some((0..MONTHS).map(month).collect());
        }
        let (_, chargeables) = self.chargeables.iter().find(|(id, _)| id.as_str() == provider)?;
        let mut fits: Vec<&Chargeable> =
            chargeables.iter().filter(|one| one.stands && needs::fits(article, &one.subject)).collect();
        fits.sort_by_key(|one| std::cmp::Reverse(one.on));
        let choice = |one: &&Chargeable| Choice {
            value: one.subject.to_string(),
            fact: one.on.to_string(),
            place: String::new(),
            title: match &one.subject {
                LineSubject::Rollout(city, phase) => {
                    format!("{city} · {}", self.lang.say(&format!("phase-{}", phase.word())))
                }
                _ => one.city.clone(),
            },
            more: String::new(),
        };
        Some(fits.iter().map(choice).collect())
    }

    /// All providers.
    pub fn providers(&self) -> Vec<Choice> {
        let choice = |row: &ProviderRow| Choice {
            value: row.provider.id.to_string(),
            fact: row.provider.city.clone(),
            place: row.score.to_string(),
            title: row.provider.name.clone(),
            more: String::new(),
        };
        self.providers.iter().map(choice).collect()
    }
}

/// The choices that match, best first, each with how it fits; all of them where nothing was typed.
pub fn matching(all: Vec<Choice>, typed: &str) -> Vec<(Fit, Choice)> {
    let typed = Typed::new(typed);
    let fit = |c: &Choice| typed.fit(&c.value, &[&c.title, &c.fact, &c.place, &c.more]);
    let mut found: Vec<(Fit, Choice)> = all.into_iter().filter_map(|c| fit(&c).map(|fit| (fit, c))).collect();
    found.sort_by_key(|(fit, _)| *fit);
    found
}

/// The choice that is meant without being picked: the only one that fits best, if its id or name was typed whole, or
/// from its beginning, or no other has what was typed in it. What looks like an id is never a part of a name.
pub fn sure<'a>(matches: &'a [(Fit, Choice)], typed: &str) -> Option<&'a Choice> {
    let typed = Typed::new(typed);
    let (best, choice) = matches.first().filter(|_| !typed.is_empty())?;
    let alone = matches.get(1).is_none_or(|(fit, _)| fit > best);
    let by_id = || choice.value.to_lowercase().starts_with(typed.text()) || *best <= Fit::Digits;
    (alone && *best < Fit::Scattered && (!typed.is_number() || by_id())).then_some(choice)
}

/// An article's points: `4–6`, `10`, `−10 – −30` for a credit.
pub fn range(article: &Article) -> String {
    let (min, max) = (article.min, article.max);
    match (article.kind, min == max) {
        (ArticleKind::Deduction, true) => min.to_string(),
        (ArticleKind::Deduction, false) => format!("{min}–{max}"),
        (ArticleKind::Credit, true) => format!("−{min}"),
        (ArticleKind::Credit, false) => format!("−{min} – −{max}"),
    }
}
