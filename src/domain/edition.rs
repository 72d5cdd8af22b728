//! Which rules judge a day: the editions of the rulebook that were adopted (4.4(1), decision 26), and what a provider
//! agreed otherwise (4.4(3)).
//!
//! An edition stands in the journal with its text, so that a day is judged by the edition of that day whatever file lies
//! beside the program. Days before the first adopted edition are judged by the rulebook that is loaded. What was judged
//! keeps its law in its own entry: an edition that comes later changes no number.

use super::happening::{Draft, Happening};
use super::state::{Filed, State};
use super::{NAME_MAX, OnRecord, Refusal, Standing, reason_of, required};
use crate::calendar::Calendar;
use crate::ids::{ProviderId, Seq};
use crate::points::{Points, Score};
use crate::rulebook::{Article, ArticleKind, Change, ChangeFault, EditionHash, Marks, Needs, Rulebook, RulebookError};
use crate::time::{Day, Moment, Year};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// Most characters of an edition's number.
const NUMBER_MAX: usize = 40;

/// An edition of the rulebook as it is adopted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edition {
    /// Its number.
    pub number: String,
    /// The first day that it judges.
    pub effective: Day,
    /// The hash of its text.
    pub hash: EditionHash,
    /// Its text.
    pub text: String,
}

/// An edition on record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adopted {
    /// The entry that adopted it.
    pub entry: Seq,
    /// When.
    pub at: Moment,
    /// Who.
    pub by: String,
    /// The edition.
    pub edition: Edition,
    /// The entry that withdrew it.
    pub withdrawn: Option<Seq>,
}

/// A rule that a provider agreed otherwise, from a day on (4.4(3)).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreed {
    /// The entry.
    pub entry: Seq,
    /// The article, limit or measure, by its name in the rulebook.
    pub rule: String,
    /// What it is; nothing where it is the rulebook's again.
    pub value: Option<String>,
    /// From which day on.
    pub effective: Day,
    /// Who stands for it.
    pub by: String,
    /// Why.
    pub note: Option<String>,
}

/// What the rulebook of its day says of a line (4.4(1)), so that a later one never changes an old number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct LineLaw {
    /// Whether it takes or gives points.
    pub kind: ArticleKind,
    /// Cap on the effective points of one problem in the year (2.2.2).
    pub cap: Option<Points>,
    /// What it must stand on.
    pub needs: Needs,
    /// The edition that it was judged by (decision 26); none in entries that were written before they kept it.
    pub edition: Option<EditionHash>,
    /// The entry by which the provider has the article otherwise (4.4(3)).
    pub agreed: Option<Seq>,
    /// The entry that proposed it, where it took a second person (decision 28).
    pub proposed: Option<Seq>,
}

impl LineLaw {
    /// What an article of a rulebook says.
    pub fn of(book: &Rulebook, article: &Article) -> LineLaw {
        LineLaw {
            kind: article.kind,
            cap: article.cap,
            needs: article.needs,
            edition: Some(book.hash),
            agreed: book.agreed(article.id.as_str()),
            proposed: None,
        }
    }
}

/// Why an edition is not adopted or withdrawn, or a rule not agreed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each field is named for what it is")]
pub enum Unlawful {
    /// The text is no sound rulebook.
    Unsound { line: usize, problem: String },
    /// Another text of that number was adopted.
    OtherText { number: String, entry: Seq },
    /// The edition is in force from a later or the same day already.
    Earlier { number: String, effective: Day, entry: Seq },
    /// Another edition begins on that day.
    SameDay { number: String, effective: Day, entry: Seq },
    /// It has begun to judge.
    InForce { number: String, effective: Day },
    /// 4.4(3): the rulebook of the day has no such article, limit or measure.
    UnknownRule { rule: String },
    /// 4.4(3): what the rule cannot be.
    BadValue { rule: String, value: String, want: String },
    /// Decision 28: who proposed a line does not confirm it.
    SamePerson { who: String, proposal: Seq },
    /// Decision 28: it was confirmed or withdrawn.
    NotWaiting { proposal: Seq },
}

impl Unlawful {
    /// The stable reason.
    pub fn reason(&self) -> &'static str {
        match self {
            Unlawful::Unsound { .. } => "bad rulebook",
            Unlawful::OtherText { .. } => "edition has another text",
            Unlawful::Earlier { .. } => "edition already adopted",
            Unlawful::SameDay { .. } => "another edition that day",
            Unlawful::InForce { .. } => "edition in force",
            Unlawful::UnknownRule { .. } => "unknown rule",
            Unlawful::BadValue { .. } => "bad value of a rule",
            Unlawful::SamePerson { .. } => "same person",
            Unlawful::NotWaiting { .. } => "not waiting",
        }
    }

    /// The field it is about.
    pub fn field(&self) -> &'static str {
        match self {
            Unlawful::Unsound { .. } | Unlawful::OtherText { .. } => "rulebook",
            Unlawful::Earlier { .. } | Unlawful::SameDay { .. } => "effective",
            Unlawful::InForce { .. } => "entry",
            Unlawful::UnknownRule { .. } => "rule",
            Unlawful::BadValue { .. } => "value",
            Unlawful::SamePerson { .. } => "confirmed_by",
            Unlawful::NotWaiting { .. } => "proposal",
        }
    }

    /// The clause or decision it rests on.
    pub fn clause(&self) -> &'static str {
        match self {
            Unlawful::Unsound { .. } | Unlawful::InForce { .. } => "4.4(1)",
            Unlawful::OtherText { .. } | Unlawful::Earlier { .. } | Unlawful::SameDay { .. } => "decision 26",
            Unlawful::UnknownRule { .. } | Unlawful::BadValue { .. } => "4.4(3)",
            Unlawful::SamePerson { .. } | Unlawful::NotWaiting { .. } => "decision 28",
        }
    }
}

/// Decides an adoption.
pub(super) fn adopt(text: &str, effective: Day, laws: &Laws) -> Result<Edition, Refusal> {
    let unlawful = |why| Err(Refusal::Unlawful(why));
    if text.trim().is_empty() {
        return Err(Refusal::Missing { field: "rulebook" });
    }
    let book = match Rulebook::parse(text) {
        Ok(book) => book,
        Err(RulebookError { line, problem }) => return unlawful(Unlawful::Unsound { line, problem }),
    };
    let number = required("edition", &book.edition, NUMBER_MAX)?;
    for (earlier, _) in &laws.editions {
        let (entry, of) = (earlier.entry, &earlier.edition);
        match () {
            () if of.number == number && of.hash != book.hash => {
                return unlawful(Unlawful::OtherText { number, entry });
            }
            () if of.number == number && effective <= of.effective => {
                return unlawful(Unlawful::Earlier { number, effective: of.effective, entry });
            }
            () if of.effective == effective => {
                return unlawful(Unlawful::SameDay { number: of.number.clone(), effective, entry });
            }
            () => {}
        }
    }
    Ok(Edition { number, effective, hash: book.hash, text: text.to_owned() })
}

/// Decides a void of an adoption: only before the edition's day, when nothing can have been judged by it. Nothing where
/// the entry is no adoption.
pub(super) fn withdraw(
    on_record: &mut dyn OnRecord,
    entry: Seq,
    reason: &str,
    (laws, today): (&Laws, Day),
) -> Option<Result<super::Event, Refusal>> {
    let super::Event::EditionAdopted(edition) = on_record.entry(entry)? else { return None };
    let decided = || {
        if let Some(by) = laws.adopted.iter().find(|a| a.entry == entry).and_then(|a| a.withdrawn) {
            return Err(Refusal::AlreadyVoided { entry, by });
        }
        if edition.effective <= today {
            let Edition { number, effective, .. } = edition;
            return Err(Refusal::Unlawful(Unlawful::InForce { number, effective }));
        }
        Ok(super::Event::EditionWithdrawn { edition: entry, number: edition.number, reason: reason_of(reason)? })
    };
    Some(decided())
}

/// What a provider agrees otherwise, as it is recorded (4.4(3)).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Otherwise {
    /// The article, limit or measure, by its name in the rulebook.
    pub rule: String,
    /// What it is, as [`Change::value`] is written; nothing where it is the rulebook's again.
    pub value: Option<String>,
    /// From which day on; the day of the record where none is said.
    pub effective: Option<Day>,
}

/// Decides what a provider agrees otherwise: the rulebook of the day has to be sound with it.
pub(super) fn agree(draft: &Draft<'_, '_>, asked: &Otherwise) -> Result<Otherwise, Refusal> {
    draft.reason()?;
    let rule = required("rule", &asked.rule, NAME_MAX)?;
    let effective = asked.effective.unwrap_or(draft.on);
    let laws = draft.cx.laws;
    let general = laws.general(effective);
    if general.value_of(&rule).is_none() {
        return Err(Refusal::Unlawful(Unlawful::UnknownRule { rule }));
    }
    let value = asked.value.as_deref().map(|value| required("value", value, NAME_MAX)).transpose()?;
    let mut changes = laws.of(&draft.provider.id, effective).changes.clone();
    changes.retain(|change| change.rule != rule);
    changes.extend(value.clone().map(|value| Change { entry: Seq(u64::MAX), rule: rule.clone(), value }));
    match general.with(&changes) {
        Ok(_) => Ok(Otherwise { rule, value, effective: Some(effective) }),
        Err(ChangeFault::Unknown) => Err(Refusal::Unlawful(Unlawful::UnknownRule { rule })),
        Err(ChangeFault::Value(want)) => {
            Err(Refusal::Unlawful(Unlawful::BadValue { rule, value: value.unwrap_or_default(), want }))
        }
    }
}

/// Takes in what was agreed.
pub(super) fn follow(state: &mut State, filed: &Filed, h: &Happening, agreed: &Otherwise) {
    let effective = agreed.effective.unwrap_or(h.on);
    let by = h.confirmed_by.clone().unwrap_or_else(|| filed.by.clone());
    let (rule, value, note) = (agreed.rule.clone(), agreed.value.clone(), h.note.clone());
    let all = &mut state.dossier.agreed;
    let place = all.partition_point(|other| other.effective <= effective);
    all.insert(place, Agreed { entry: filed.seq, rule, value, effective, by, note });
}

/// The rulebooks that may be in force: the one that is loaded, the editions that were adopted, and what providers agreed
/// otherwise.
#[derive(Debug)]
pub struct Laws {
    loaded: Arc<Rulebook>,
    /// All that were adopted, withdrawn ones too, in the order of their entries.
    adopted: Vec<Adopted>,
    /// Those that stand, by their days.
    editions: Vec<(Adopted, Arc<Rulebook>)>,
    own: BTreeMap<ProviderId, Own>,
    version: Seq,
}

/// What a provider agreed otherwise, and the rulebooks that it has by it, each from a day on: made when first asked for.
#[derive(Debug, Default)]
struct Own {
    agreed: Vec<Agreed>,
    books: OnceLock<Vec<(Day, Arc<Rulebook>)>>,
}

impl Laws {
    /// What is loaded, and nothing else.
    pub fn of_loaded(loaded: Arc<Rulebook>) -> Laws {
        Laws { loaded, adopted: Vec::new(), editions: Vec::new(), own: BTreeMap::new(), version: Seq(0) }
    }

    /// What is loaded, with what is on record up to an entry.
    pub fn new(
        loaded: Arc<Rulebook>,
        adopted: Vec<Adopted>,
        agreed: BTreeMap<ProviderId, Vec<Agreed>>,
        version: Seq,
    ) -> Laws {
        // What was adopted was sound when it was; an edition that is none any more judges nothing.
        let book = |a: &Adopted| {
            let book = Rulebook::parse(&a.edition.text).ok()?;
            Some((a.clone(), Arc::new(Rulebook { effective: a.edition.effective, ..book })))
        };
        let mut editions: Vec<_> = adopted.iter().filter(|a| a.withdrawn.is_none()).filter_map(book).collect();
        editions.sort_by_key(|(a, _)| a.edition.effective);
        let own = agreed.into_iter().map(|(id, agreed)| (id, Own { agreed, books: OnceLock::new() })).collect();
        Laws { loaded, adopted, editions, own, version }
    }

    /// The entry that last changed them.
    pub fn version(&self) -> Seq {
        self.version
    }

    /// The rulebook that is loaded.
    pub fn loaded(&self) -> &Arc<Rulebook> {
        &self.loaded
    }

    /// All editions that were adopted, in the order of their entries.
    pub fn adopted(&self) -> &[Adopted] {
        &self.adopted
    }

    /// What a provider agreed otherwise, in the order of the days from which it holds.
    pub fn agreed(&self, provider: &ProviderId) -> &[Agreed] {
        self.own.get(provider).map_or(&[], |own| &own.agreed)
    }

    /// The providers that agreed something otherwise.
    pub fn agreeing(&self) -> impl Iterator<Item = &ProviderId> {
        self.own.iter().filter(|(_, own)| !own.agreed.is_empty()).map(|(id, _)| id)
    }

    /// The edition in force on a day, of everybody.
    pub fn general(&self, on: Day) -> &Arc<Rulebook> {
        let last = self.editions.iter().rev().find(|(a, _)| a.edition.effective <= on);
        last.map_or(&self.loaded, |(_, book)| book)
    }

    /// The adoption of the edition in force on a day; none where that is the one that is loaded.
    pub fn edition(&self, on: Day) -> Option<&Adopted> {
        self.editions.iter().rev().find(|(a, _)| a.edition.effective <= on).map(|(a, _)| a)
    }

    /// The rules of a provider on a day.
    pub fn of(&self, provider: &ProviderId, on: Day) -> &Arc<Rulebook> {
        let own = self.own.get(provider).filter(|own| !own.agreed.is_empty());
        let books = own.map(|own| own.books.get_or_init(|| self.books(&own.agreed)));
        let last = books.and_then(|books| books.iter().rev().find(|(from, _)| *from <= on));
        last.map_or_else(|| self.general(on), |(_, book)| book)
    }

    /// Whether an edition of that number is loaded, or adopted and not withdrawn.
    pub fn names(&self, number: &str) -> bool {
        self.loaded.edition == number || self.editions.iter().any(|(a, _)| a.edition.number == number)
    }

    /// The least score at which any of the editions suspends expansion (3.1).
    pub fn least_suspended(&self) -> Option<Score> {
        let books = self.editions.iter().map(|(_, book)| book).chain([&self.loaded]);
        books.filter_map(|book| book.marks.of(Standing::Suspended)).min()
    }

    /// The marks of a provider in a year; none where they change within it, or where it has rules otherwise (4.4(3)).
    pub fn marks_in(&self, provider: &ProviderId, year: Year) -> Option<&Marks> {
        let (first, last) = (Day::from_ymd_opt(year, 1, 1)?, Day::from_ymd_opt(year, 12, 31)?);
        let within = |a: &Adopted| first < a.edition.effective && a.edition.effective <= last;
        let marks = &self.general(first).marks;
        let same = self.editions.iter().filter(|(a, _)| within(a)).all(|(_, book)| book.marks == *marks);
        (same && self.agreed(provider).is_empty()).then_some(marks)
    }

    /// The edition of a hash, where it is known here.
    pub fn known(&self, hash: EditionHash) -> Option<&Arc<Rulebook>> {
        let editions = self.editions.iter().map(|(_, book)| book);
        editions.chain([&self.loaded]).find(|book| book.hash == hash)
    }

    /// The rulebooks of a provider from the first day on which it has something otherwise.
    fn books(&self, agreed: &[Agreed]) -> Vec<(Day, Arc<Rulebook>)> {
        let first = agreed.iter().map(|a| a.effective).min();
        let editions = self.editions.iter().map(|(a, _)| a.edition.effective).filter(|day| Some(*day) > first);
        let mut days: Vec<Day> = agreed.iter().map(|a| a.effective).chain(editions).collect();
        days.sort_unstable();
        days.dedup();
        days.into_iter().map(|day| (day, self.book(agreed, day))).collect()
    }

    /// The rulebook of a day with what was agreed by then. What a later edition has no place for falls away.
    fn book(&self, agreed: &[Agreed], on: Day) -> Arc<Rulebook> {
        let general = self.general(on);
        let changes = changes(agreed, on).into_iter();
        changes.fold(Arc::clone(general), |book, change| {
            let all: Vec<Change> = book.changes.iter().cloned().chain([change]).collect();
            general.with(&all).map_or(book, Arc::new)
        })
    }
}

/// What of it holds on a day: of each rule the last.
fn changes(agreed: &[Agreed], on: Day) -> Vec<Change> {
    let mut last: BTreeMap<&str, &Agreed> = BTreeMap::new();
    for a in agreed.iter().filter(|a| a.effective <= on) {
        last.insert(&a.rule, a);
    }
    let change = |a: &Agreed| Some(Change { entry: a.entry, rule: a.rule.clone(), value: a.value.clone()? });
    last.into_values().filter_map(change).collect()
}

/// When a decision is taken, and by which rules.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The rulebooks that may be in force: rules ask for the one of a provider and day.
    pub laws: &'a Laws,
    /// Now.
    pub now: Moment,
    /// Which days are working days.
    pub calendar: &'a Calendar,
    /// Who asks, where somebody does: the name that goes into the journal.
    pub who: &'a str,
}

impl<'a> Context<'a> {
    /// A moment, by rulebooks and a calendar.
    pub fn new(laws: &'a Laws, now: Moment, calendar: &'a Calendar) -> Context<'a> {
        Context { laws, now, calendar, who: "" }
    }

    /// The same for somebody who asks.
    pub fn by<'b>(self, who: &'b str) -> Context<'b>
    where
        'a: 'b,
    {
        Context { who, ..self }
    }

    /// The same by other rulebooks.
    pub fn under<'b>(self, laws: &'b Laws) -> Context<'b>
    where
        'a: 'b,
    {
        Context { laws, ..self }
    }

    /// The rules in force for a provider on a day (4.4(1), 4.4(3)): the one place that says which.
    pub fn rules(&self, provider: &ProviderId, on: Day) -> &'a Rulebook {
        self.laws.of(provider, on)
    }
}
