//! Pickers: what a field of a form can be filled with, ranked as it is typed.

use super::rank::{Fit, Typed};
use crate::domain::{Chargeable, Dossier, LineSubject, ObligationKind, needs};
use crate::exchange::record::{FORMS, KINDS, RecordKind};
use crate::ids::{OutletId, ProviderId, Seq};
use crate::rulebook::{Article, ArticleKind, Needs, Rulebook};
use crate::store::{Due, OutletRow, ProviderRow};
use crate::time::{Day, Month, show_moment};
use crate::words::{self, Lang};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;
use unicode_width::UnicodeWidthStr;

/// What pickers choose from.
pub struct Choices<'a> {
    /// The language.
    pub lang: Lang,
    /// Articles.
    pub book: &'a Rulebook,
    /// Providers.
    pub providers: &'a [Arc<ProviderRow>],
    /// The selected provider.
    pub provider: Option<&'a ProviderId>,
    /// Its outlets, where all are known.
    pub outlets: Option<&'a [OutletRow]>,
    /// Another provider that a form names, and its outlets.
    pub looked: Option<&'a (ProviderId, Vec<OutletRow>)>,
    /// The records that lines can stand for, of providers that were looked at.
    pub chargeables: &'a BTreeMap<ProviderId, Vec<Chargeable>>,
    /// What the records of the selected provider come to.
    pub dossier: &'a Dossier,
    /// What is due, of all.
    pub due: &'a [Arc<Due>],
    /// Today: months are up to it.
    pub today: Day,
    /// Which lists these are: other ones have another number.
    pub lists: u64,
}

/// Months that are offered, this one and those before.
const MONTHS: i32 = 24;

/// Something to choose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice<'a> {
    /// What the field gets.
    pub value: Cow<'a, str>,
    /// A short fact beside it: points, a city.
    pub fact: Cow<'a, str>,
    /// Where it stands: a clause, a score.
    pub place: Cow<'a, str>,
    /// Its title.
    pub title: Cow<'a, str>,
    /// What is matched beside all these.
    more: Cow<'a, str>,
}

impl Choice<'_> {
    /// For itself.
    pub fn owned(self) -> Choice<'static> {
        let own = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        let (value, fact, place) = (own(self.value), own(self.fact), own(self.place));
        Choice { value, fact, place, title: own(self.title), more: Cow::Borrowed("") }
    }
}

impl<'a> Choices<'a> {
    /// All articles.
    pub fn articles(&self) -> Vec<Choice<'a>> {
        let choice = |a: &'a Article| Choice {
            value: a.id.as_str().into(),
            fact: range(a).into(),
            place: a.clause.as_str().into(),
            title: self.lang.of(&a.title).into(),
            more: format!("{} {}", a.title.zh, a.title.en).into(),
        };
        self.book.articles.iter().map(choice).collect()
    }

    /// What can be recorded.
    pub fn records(&self) -> Vec<Choice<'a>> {
        let choice = |kind: &RecordKind| Choice {
            value: kind.word.into(),
            place: words::clause(self.lang, kind.clause).into(),
            title: words::record_title(self.lang, kind.word).into(),
            more: format!("{} {}", words::record(Lang::ZhCn, kind.word), words::record(Lang::En, kind.word)).into(),
            ..Choice::default()
        };
        KINDS.iter().chain(FORMS).map(choice).collect()
    }

    /// The outlets of a provider, by its id as typed; none while they are not known.
    pub fn outlets(&self, provider: &str) -> Option<&'a [OutletRow]> {
        match (self.provider, self.looked) {
            (Some(id), _) if id.as_str() == provider => self.outlets,
            (_, Some((id, rows))) if id.as_str() == provider => Some(rows),
            _ => None,
        }
    }

    /// What a line of a provider of a day can stand for under an article, the nearest on or before that day first, what
    /// is later last; none while that is not known.
    pub fn chargeables(&self, provider: &str, article: &Article, day: Option<Day>) -> Option<Vec<Choice<'a>>> {
        let day = day.unwrap_or(self.today);
        if article.needs == Needs::Month {
            let month =
                |back: i32| Choice { value: Month::of(day).plus(-back).to_string().into(), ..Choice::default() };
            return Some((0..MONTHS).map(month).collect());
        }
        let (_, chargeables) = self.chargeables.iter().find(|(id, _)| id.as_str() == provider)?;
        let mut fits: Vec<&'a Chargeable> =
            chargeables.iter().filter(|one| one.stands && needs::fits(article, &one.subject)).collect();
        fits.sort_by_key(|one| nearest(one.on, day));
        let choice = |one: &&'a Chargeable| Choice {
            value: one.subject.to_string().into(),
            fact: one.on.to_string().into(),
            title: match &one.subject {
                LineSubject::Rollout(city, phase) => {
                    format!("{city} · {}", self.lang.say(&format!("phase-{}", phase.word()))).into()
                }
                _ => one.city.as_str().into(),
            },
            ..Choice::default()
        };
        Some(fits.iter().map(choice).collect())
    }

    /// The entries that a field of a record of a day can name, the nearest or latest first: a conference, a training, a
    /// complaint, an order, a claim, or a request that waits. None while they are not known.
    pub fn entries(&self, provider: &str, field: &str, day: Option<Day>) -> Option<Vec<Choice<'a>>> {
        let choice = |seq: Seq, fact: String, title: String| Choice {
            value: format!("#{seq}").into(),
            fact: fact.into(),
            title: title.into(),
            ..Choice::default()
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
                let mut fits: Vec<&'a Chargeable> = all.iter().filter(|one| one.stands).filter(is).collect();
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
                let answers = |due: &&Arc<Due>| {
                    matches!(due.obligation.kind, ObligationKind::HelpAnswer | ObligationKind::ExitAnswer)
                };
                let choice = |due: &Arc<Due>| {
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
        let row = self.outlets.into_iter().flatten().find(|row| row.outlet.id == *id);
        row.map_or_else(|| id.to_string(), |row| format!("{id} {}", row.outlet.name))
    }
}

/// An outlet to choose.
pub fn outlet(OutletRow { outlet, .. }: &OutletRow) -> Choice<'_> {
    let (value, fact) = (outlet.id.as_str().into(), outlet.city.as_str().into());
    Choice { value, fact, title: outlet.name.as_str().into(), ..Choice::default() }
}

/// A provider to choose.
pub fn provider(row: &ProviderRow) -> Choice<'_> {
    let provider = &row.provider;
    let (value, fact) = (provider.id.as_str().into(), provider.city.as_str().into());
    Choice {
        value,
        fact,
        place: row.score.to_string().into(),
        title: provider.name.as_str().into(),
        ..Choice::default()
    }
}

/// What a field offers for what was typed, best first, and how wide that is: made when the picker opens, or when what was
/// typed, or what there is, changes.
#[derive(Debug, Default)]
pub struct Offered {
    /// The choices, each with how it fits.
    pub choices: Vec<(Fit, Choice<'static>)>,
    /// The widest value, fact and place.
    pub widths: [usize; 3],
}

impl Offered {
    /// The choices that match.
    pub fn of(all: Vec<Choice<'_>>, typed: &str) -> Offered {
        let choices: Vec<_> = matching(all, typed).into_iter().map(|(fit, choice)| (fit, choice.owned())).collect();
        let mut widths = [0; 3];
        for (_, choice) in &choices {
            for (widest, text) in widths.iter_mut().zip([&choice.value, &choice.fact, &choice.place]) {
                *widest = text.width().max(*widest);
            }
        }
        Offered { choices, widths }
    }
}

/// How near something is to a day that it is to have been on or before; what came later is behind all of these.
fn nearest(on: Day, day: Day) -> (bool, i64) {
    (on > day, (day - on).num_days().abs())
}

/// The choices that match, best first, each with how it fits; all of them where nothing was typed.
pub fn matching<'a>(all: Vec<Choice<'a>>, typed: &str) -> Vec<(Fit, Choice<'a>)> {
    let typed = Typed::new(typed);
    let fit = |c: &Choice<'_>| typed.fit(&c.value, &[&c.title, &c.fact, &c.place, &c.more]);
    let mut found: Vec<(Fit, Choice<'a>)> = all.into_iter().filter_map(|c| fit(&c).map(|fit| (fit, c))).collect();
    found.sort_by_key(|(fit, _)| *fit);
    found
}

/// The choice that is meant without being picked: the only one that fits best, if its id or name was typed whole, or
/// from its beginning, or no other has what was typed in it. What looks like an id is never a part of a name.
pub fn sure<'a, 'c>(matches: &'a [(Fit, Choice<'c>)], typed: &str) -> Option<&'a Choice<'c>> {
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
