//! Pickers: what a field of a form can be filled with, ranked as it is typed.

use super::rank::{Fit, Typed};
use crate::domain::{Chargeable, Dossier, LineSubject, ObligationKind, needs};
use crate::exchange::record::{FORMS, KINDS, RecordKind};
use crate::ids::{OutletId, ProviderId, Seq};
use crate::rulebook::{Article, ArticleKind, Needs, Rulebook};
use crate::store::{Due, OutletRow, ProviderRow};
use crate::time::{Day, Month, show_moment};
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
    /// What the records of the selected provider come to.
    pub dossier: &'a Dossier,
    /// What is due, of all.
    pub due: &'a [Due],
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

    /// What a line of a provider of a day can stand for under an article, the nearest on or before that day first, what
    /// is later last; none while that is not known.
    pub fn chargeables(&self, provider: &str, article: &Article, day: Option<Day>) -> Option<Vec<Choice>> {
        let day = day.unwrap_or(self.today);
        if article.needs == Needs::Month {
            let month = |back: i32| {
                let value = Month::of(day).plus(-back).to_string();
                Choice { value, fact: String::new(), place: String::new(), title: String::new(), more: String::new() }
            };
            return Some((0..MONTHS).map(month).collect());
        }
        let (_, chargeables) = self.chargeables.iter().find(|(id, _)| id.as_str() == provider)?;
        let mut fits: Vec<&Chargeable> =
            chargeables.iter().filter(|one| one.stands && needs::fits(article, &one.subject)).collect();
        fits.sort_by_key(|one| nearest(one.on, day));
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

    /// The entries that a field of a record of a day can name, the nearest or latest first: a conference, a training, a
    /// complaint, an order, a claim, or a request that waits. None while they are not known.
    pub fn entries(&self, provider: &str, field: &str, day: Option<Day>) -> Option<Vec<Choice>> {
        let choice = |seq: Seq, fact: String, title: String| Choice {
            value: format!("#{seq}"),
            fact,
            place: String::new(),
            title,
            more: String::new(),
        };
        let of = |all: &[(Seq, OutletId)]| {
            all.iter().rev().map(|(seq, outlet)| choice(*seq, String::new(), self.outlet_name(outlet))).collect()
        };
        let dossier = || self.provider.filter(|id| id.as_str() == provider).map(|_| self.dossier);
        match field {
            "conference" | "training" => {
                let (_, all) = self.chargeables.iter().find(|(id, _)| id.as_str() == provider)?;
                let is = |one: &&Chargeable| match one.subject {
                    LineSubject::Conference(_) => field == "conference",
                    LineSubject::Training(_) => field == "training",
                    _ => false,
                };
                let mut fits: Vec<&Chargeable> = all.iter().filter(|one| one.stands).filter(is).collect();
                fits.sort_by_key(|one| nearest(one.on, day.unwrap_or(self.today)));
                let choice =
                    |one: &&Chargeable| Some(choice(one.subject.entry()?, one.on.to_string(), one.city.clone()));
                Some(fits.iter().filter_map(choice).collect())
            }
            "complaint" => dossier().map(|dossier| of(&dossier.complaints)),
            "order" => dossier().map(|dossier| of(&dossier.corrections)),
            "claim" => dossier().map(|dossier| of(&dossier.claims)),
            "objection" => dossier().map(|dossier| {
                let waits = dossier.objections.iter().filter(|o| o.answered.is_none());
                waits.map(|o| choice(o.seq, o.on.to_string(), o.against.to_string())).collect()
            }),
            "request" => {
                let answers =
                    |due: &&Due| matches!(due.obligation.kind, ObligationKind::HelpAnswer | ObligationKind::ExitAnswer);
                let choice = |due: &Due| {
                    let (what, about) = (words::obligation(self.lang, due.obligation.kind), &due.obligation.about);
                    let when = show_moment(due.obligation.due);
                    choice(due.seq, when, format!("{} {} {what}", due.provider, words::about(about)))
                };
                Some(self.due.iter().filter(answers).map(choice).collect())
            }
            _ => None,
        }
    }

    /// An outlet by its id and, where it is known, its name.
    fn outlet_name(&self, id: &OutletId) -> String {
        let row = self.outlets.iter().find(|row| row.outlet.id == *id);
        row.map_or_else(|| id.to_string(), |row| format!("{id} {}", row.outlet.name))
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

/// How near something is to a day that it is to have been on or before; what came later is behind all of these.
fn nearest(on: Day, day: Day) -> (bool, i64) {
    (on > day, (day - on).num_days().abs())
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
