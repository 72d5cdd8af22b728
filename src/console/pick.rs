//! Pickers: what a field of the deduction form can be filled with, matched fuzzily as it is typed.

use crate::exchange::record::{FORMS, KINDS, RecordKind};
use crate::ids::ProviderId;
use crate::rulebook::{Article, ArticleKind, Rulebook};
use crate::store::{OutletRow, ProviderRow};
use crate::words::{self, Lang};
use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

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
}

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

    /// The outlets of the selected provider.
    pub fn outlets(&self) -> Vec<Choice> {
        let choice = |OutletRow { outlet: o, .. }: &OutletRow| Choice {
            value: o.id.to_string(),
            fact: o.city.clone(),
            place: String::new(),
            title: o.name.clone(),
            more: String::new(),
        };
        self.outlets.iter().map(choice).collect()
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

/// The choices that match, best first; one that was typed out before all others.
pub fn matching(all: Vec<Choice>, typed: &str) -> Vec<Choice> {
    let pattern = Pattern::parse(typed, CaseMatching::Ignore, Normalization::Smart);
    let (mut matcher, mut buffer) = (Matcher::new(Config::DEFAULT), Vec::new());
    let mut scored: Vec<(u32, Choice)> = Vec::new();
    for choice in all {
        let text = format!("{} {} {} {}", choice.value, choice.place, choice.title, choice.more);
        if let Some(score) = pattern.score(Utf32Str::new(&text, &mut buffer), &mut matcher) {
            scored.push((if choice.value == typed { u32::MAX } else { score }, choice));
        }
    }
    scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    scored.into_iter().map(|(_, choice)| choice).collect()
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
