//! The rules: what may happen and what follows. Pure: no clock, no I/O, no randomness; all it needs comes in.
//!
//! [`decide`] turns a [`Command`] into an [`Event`] or a [`Refusal`]; [`ledger`] folds events into scores.

pub mod account;
pub mod admission;
pub mod alert;
pub mod audit;
pub mod case;
pub mod conference;
pub mod correction;
pub mod deposit;
pub mod discretion;
pub mod dossier;
pub mod edition;
pub mod event;
pub mod exit;
pub mod filed;
pub mod finding;
pub mod gap;
pub mod happening;
pub mod impact;
pub mod ledger;
pub mod life;
pub mod needs;
pub mod notice;
pub mod objection;
pub mod obligation;
pub mod outlet;
pub mod peaks;
pub mod provider;
pub mod rectification;
pub mod refusal;
pub mod request;
mod rollout;
pub mod second;
pub mod service;
pub mod state;
pub mod territory;
pub mod turnover;
pub mod twice;
pub mod why;

use crate::ids::{ArticleId, OutletId, ProviderId, Seq};
use crate::points::{Points, Score};
use crate::rulebook::{Article, Needs};
use crate::time::{Day, Moment, Month};
use serde::{Deserialize, Serialize};
use state::File;
use std::sync::Arc;

pub use crate::rulebook::Standing;
pub use alert::{Alert, AlertState, AlertSubject, Mark, Marked};
pub use dossier::Dossier;
pub use edition::{Context, Edition, Laws, LineLaw, Unlawful};
pub use event::{Event, Left};
pub use finding::{Breach, Finding, FindingId, FindingState, LineAt, Measured, Subject};
pub use happening::{Fact, Happening, Law, Recording};
pub use ledger::{CapGroup, Counting, Line, LineKind, YearLedger};
pub use life::Life;
pub use needs::{Chargeable, LineSubject, Phase, Support};
pub use obligation::{About, Obligation, ObligationId, ObligationKind};
pub use outlet::Outlet;
pub use provider::{Provider, ProviderKind};
pub use refusal::Refusal;
pub use request::{Request, RequestKind};
pub use state::{Act, Filed, Follows, Place, State};
pub use turnover::Turnover;

/// Most characters of a note or a reason.
pub const NOTE_MAX: usize = 2_000;
/// Most characters of a name, and of the tag of a problem.
pub const NAME_MAX: usize = 200;

/// What a person asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Adds a provider.
    AddProvider(Provider),
    /// Corrects a provider's record; its id stays.
    AmendProvider(Provider),
    /// Adds an outlet to a provider.
    AddOutlet(Outlet),
    /// Corrects an outlet's record; its id and provider stay.
    AmendOutlet(Outlet),
    /// Takes an entry away, or brings one back that was taken away (decision 13).
    Void {
        /// Which.
        entry: Seq,
        /// Whether what stands on it goes with it.
        dependents: bool,
        /// Why.
        reason: String,
    },
    /// Takes an entry away and records another in its place, in one (decision 13).
    Replace {
        /// Which.
        entry: Seq,
        /// Why.
        reason: String,
        /// What is right.
        with: Box<Command>,
    },
    /// Records a deduction.
    Deduct(Deduction),
    /// Takes in a deduction of a roster: what it lacks of its article's needs can be added later (section 2).
    TakeIn(Deduction),
    /// Adds what a line lacks of its article's needs (section 2).
    Support {
        /// The line.
        line: Seq,
        /// The record that it stands for, as it is typed.
        subject: Option<String>,
        /// What was seen.
        evidence: Option<String>,
    },
    /// Cancels one earlier line in full.
    Reverse {
        /// The line.
        line: Seq,
        /// Why.
        reason: String,
    },
    /// Records an outlet's turnover of a month (2.2.3(3)).
    RecordTurnover(Turnover),
    /// Corrects one that is recorded.
    AmendTurnover {
        /// What is right.
        turnover: Turnover,
        /// Why it changes.
        reason: String,
    },
    /// Confirms a finding: it becomes a ledger line.
    ConfirmFinding {
        /// Which.
        finding: FindingId,
        /// Points within the article's range; the proposed number where none.
        points: Option<Points>,
        /// Remarks.
        note: Option<String>,
    },
    /// An outlet asks for help, or applies to leave.
    OpenRequest {
        /// The outlet.
        outlet: OutletId,
        /// What it asks for.
        kind: RequestKind,
        /// When it asked; now where none.
        at: Option<Moment>,
        /// What about.
        note: Option<String>,
    },
    /// The provider answered.
    AnswerRequest {
        /// Which: the number of the entry that opened it.
        request: Seq,
        /// When it answered; now where none.
        at: Option<Moment>,
        /// What it said.
        note: Option<String>,
    },
    /// Dismisses a finding.
    DismissFinding {
        /// Which.
        finding: FindingId,
        /// Why.
        reason: String,
    },
    /// Records what happened at a provider or an outlet (parts 1 and 2).
    Record(Box<Recording>),
    /// Records an audit with its lines, all of them or nothing.
    Audit(Box<audit::Sheet>),
    /// Counts a provider's open obligations again by the calendar that is loaded now.
    ReplayObligations {
        /// The provider.
        provider: ProviderId,
    },
    /// Does something with an alert.
    MarkAlert {
        /// Whose.
        provider: ProviderId,
        /// Which.
        subject: AlertSubject,
        /// What is done.
        mark: Mark,
    },
    /// Accepts that acknowledged entries are gone from the journal.
    AcceptLoss {
        /// The first that is gone.
        from: Seq,
        /// The last.
        to: Seq,
        /// Why it is accepted.
        reason: String,
    },
    /// Adopts an edition of the rulebook (4.4(1), decision 26).
    AdoptEdition {
        /// Its text.
        text: String,
        /// From which day on it is in force.
        effective: Day,
    },
    /// Confirms a line that somebody else proposed (decision 28).
    ConfirmLine {
        /// The entry that proposed it.
        proposal: Seq,
    },
}

impl Command {
    /// Where what it says would stand among the facts; in the place of another, if it replaces one.
    pub fn place(&self, now: Moment, instead: Option<Seq>) -> Place {
        let last = Seq(u64::MAX);
        let place = match self {
            Command::Audit(sheet) => Place::on(sheet.on.unwrap_or(now.day()), last),
            Command::Record(r) if r.fact.ends() => Place::ending(r.on.unwrap_or(now.day()), last),
            Command::Record(r) => Place::on(r.on.unwrap_or(now.day()), last),
            // What its outlet was by then.
            Command::Deduct(d) if d.outlet.is_some() => Place::ending(d.occurred_on, last),
            Command::OpenRequest { at, .. } | Command::AnswerRequest { at, .. } => Place::at(at.unwrap_or(now), last),
            Command::AddOutlet(o) => Place::on(o.signed_on.unwrap_or(now.day()), last),
            _ => return Place::ending(now.day(), last),
        };
        instead.map_or(place, |of| place.instead(of))
    }
}

/// A deduction as asked for, and as kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deduction {
    /// Who is charged.
    pub provider: ProviderId,
    /// For what.
    pub article: ArticleId,
    /// Assessed points, within the article's range.
    pub points: Points,
    /// The day it occurred; it counts in that day's year (1.1(7)).
    pub occurred_on: Day,
    /// Where, if at one outlet.
    pub outlet: Option<OutletId>,
    /// Tag of the problem; lines of one problem share a cap where the article has one (2.2.2).
    pub problem: Option<String>,
    /// Evidence and remarks, several lines if need be.
    pub note: Option<String>,
    /// What it stands for, where its article asks for it (section 2).
    pub subject: Option<LineSubject>,
    /// What was seen: a file, the number of a document.
    pub evidence: Option<String>,
}

/// What a decision may look at.
pub trait OnRecord {
    /// Whether there is a provider of that id: asked for every line.
    fn has_provider(&mut self, id: &ProviderId) -> bool;
    /// The provider of that id.
    fn provider(&mut self, id: &ProviderId) -> Option<Provider>;
    /// A provider whose id is that one but for case.
    fn provider_like(&mut self, id: &ProviderId) -> Option<ProviderId>;
    /// An outlet whose id is that one but for case.
    fn outlet_like(&mut self, id: &OutletId) -> Option<OutletId>;
    /// The outlet of that id.
    fn outlet(&mut self, id: &OutletId) -> Option<Outlet>;
    /// Whose outlet it is.
    fn owner(&mut self, id: &OutletId) -> Option<ProviderId>;
    /// Whose outlet it was on a day (decision 15).
    fn owner_on(&mut self, id: &OutletId, on: Day) -> Option<ProviderId>;
    /// The ledger line of that number.
    fn line(&mut self, seq: Seq) -> Option<(ProviderId, Line)>;
    /// What an outlet of a provider turned over in a month.
    fn turnover(&mut self, provider: &ProviderId, outlet: &OutletId, month: Month) -> Option<Turnover>;
    /// The records of a provider that lines can stand for, and those that are voided.
    fn chargeables(&mut self, provider: &ProviderId) -> Vec<Chargeable>;
    /// The lines of an article that stand, and charge something of which that holds.
    fn charged(&mut self, provider: &ProviderId, article: &ArticleId, of: &dyn Fn(&LineSubject) -> bool) -> Vec<Seq>;
    /// How many outlets a month of a provider tests if all of them report.
    fn wanted_reports(&mut self, provider: &ProviderId, month: Month) -> u32;
    /// What was found by a moment, and what became of it.
    fn finding(&mut self, id: &FindingId, now: Moment) -> Option<Finding>;
    /// What a provider's facts come to before the place of the command, with those outlets of its.
    fn state(&mut self, provider: &ProviderId, touching: &[OutletId]) -> State;
    /// Whether a provider has steps of an admission or an exit on record: asked for every outlet.
    fn applied(&mut self, provider: &ProviderId) -> bool;
    /// What a person decided on a finding, whenever that was.
    fn decided(&mut self, id: &FindingId) -> Option<FindingState>;
    /// A provider's facts, voided ones too, in their order, and the cities of its outlets.
    fn file(&mut self, provider: &ProviderId) -> Arc<File>;
    /// The other providers that an outlet was with before.
    fn owners_before(&mut self, provider: &ProviderId, outlet: &OutletId) -> Vec<ProviderId>;
    /// Whether a provider has facts that come after a place.
    fn is_late(&mut self, provider: &ProviderId, place: Place) -> bool {
        self.file(provider).facts.last().is_some_and(|last| last.place() > place)
    }
    /// The entry that voids a fact of a provider.
    fn void_of(&mut self, provider: &ProviderId, seq: Seq) -> Option<Seq> {
        self.file(provider).facts.iter().find(|f| f.seq == seq).and_then(|f| f.void)
    }
    /// The entries of a provider that brought others back.
    fn brought_back(&mut self, provider: &ProviderId) -> Vec<Seq>;
    /// A provider's score of a day's year, by the lines that occurred by that day.
    fn score(&mut self, provider: &ProviderId, on: Day) -> Score;
    /// All lines of a provider, by year.
    fn lines(&mut self, provider: &ProviderId) -> Vec<Line>;
    /// The last entry of a provider that changed anything but an exit's steps, notices and marks.
    fn head(&mut self, provider: &ProviderId) -> Seq;
    /// Whether a provider has an outlet in a city: asked only when it is suspended.
    fn serves(&mut self, provider: &ProviderId, city: &str) -> bool;
    /// A provider's alerts by the moment of the context.
    fn alerts(&mut self, provider: &ProviderId, cx: Context<'_>) -> Vec<Alert>;
    /// The entries that said how the record is that an event is about (an amended provider or outlet, an outlet's
    /// month, what was done with an alert), in their order, with the entry that voids each.
    fn spoken(&mut self, event: &Event) -> Vec<(Seq, Option<Seq>)>;
    /// Facts and lines of a provider that stand.
    fn has(&mut self, provider: &ProviderId) -> Vec<Seq>;
    /// Reports and lines on record that name an outlet of a provider and stand: they keep it on record.
    fn naming(&mut self, provider: &ProviderId, outlet: &OutletId) -> Vec<Seq>;
    /// The event of a journal entry.
    fn entry(&mut self, seq: Seq) -> Option<Event>;
    /// A provider's lines that wait for a second person (decision 28).
    fn proposals(&mut self, _provider: &ProviderId) -> Vec<second::Waiting> {
        Vec::new()
    }
    /// The line that a proposal of a line became, if it was confirmed.
    fn confirmed(&mut self, _proposal: Seq, _line: &Deduction) -> Option<Seq> {
        None
    }
}

/// Decides one command: the event that follows, or why it is refused. Deciding twice gives the same.
pub fn decide(on_record: &mut dyn OnRecord, command: &Command, cx: Context<'_>) -> Result<Event, Refusal> {
    match command {
        Command::AddProvider(p) => provider::add(on_record, p, cx).map(Event::ProviderAdded),
        Command::AmendProvider(p) => provider::amend(on_record, p, cx).map(Event::ProviderAmended),
        Command::AddOutlet(o) => {
            let on = o.signed_on.unwrap_or(cx.now.day());
            outlet::add(on_record, o, on, cx).map(Event::OutletAdded)
        }
        Command::AmendOutlet(o) => outlet::amend(on_record, o, cx).map(Event::OutletAmended),
        Command::Void { entry, dependents, reason } => {
            let own = edition::withdraw(on_record, *entry, reason, (cx.laws, cx.now.day()))
                .or_else(|| second::withdraw(on_record, *entry, reason));
            own.unwrap_or_else(|| correction::void(on_record, *entry, *dependents, reason))
        }
        // What is right is decided after it, with the entry gone.
        Command::Replace { entry, reason, .. } => correction::replace(on_record, *entry, reason),
        Command::Deduct(d) => deduct(on_record, d, true, cx).and_then(|event| second::held(command, event, cx)),
        Command::TakeIn(d) => deduct(on_record, d, false, cx).and_then(|event| second::held(command, event, cx)),
        Command::ConfirmLine { proposal } => second::confirm(on_record, *proposal, cx),
        Command::Support { line, subject, evidence } => {
            needs::support(on_record, *line, subject.as_deref(), evidence.as_deref(), cx)
        }
        Command::Reverse { line, reason } => reverse(on_record, *line, reason),
        Command::RecordTurnover(t) => turnover::record(on_record, t, cx),
        Command::AmendTurnover { turnover, reason } => turnover::amend(on_record, turnover, reason, cx),
        Command::ConfirmFinding { finding, points, note } => {
            let confirmed = finding::confirm(on_record, finding, *points, note.as_deref(), cx);
            confirmed.and_then(|event| second::held(command, event, cx))
        }
        Command::DismissFinding { finding, reason } => finding::dismiss(on_record, finding, reason, cx),
        Command::OpenRequest { outlet, kind, at, note } => {
            request::open(on_record, outlet, *kind, (*at, note.as_deref()), cx)
        }
        Command::AnswerRequest { request, at, note } => {
            request::answer(on_record, *request, (*at, note.as_deref()), cx)
        }
        Command::Record(recording) => {
            let event = happening::record(on_record, recording, cx).map(audit::alone)?;
            correction::along::alone(on_record, event)
        }
        Command::Audit(sheet) => happening::record(on_record, &sheet.recording()?, cx),
        Command::ReplayObligations { provider } => obligation::replay(on_record, provider, cx),
        Command::MarkAlert { provider, subject, mark } => alert::mark(on_record, (provider, subject), mark, cx),
        Command::AcceptLoss { from, to, reason } => {
            Ok(Event::LossAccepted { from: *from, to: *to, reason: reason_of(reason)? })
        }
        Command::AdoptEdition { text, effective } => {
            edition::adopt(text, *effective, cx.laws).map(Event::EditionAdopted)
        }
    }
}

/// Checks a deduction in the order a person would: who, what, how much, when, where, on what chargeables. Where it is not
/// `strict`, what the line lacks of that can be added later.
fn deduct(on_record: &mut dyn OnRecord, d: &Deduction, strict: bool, cx: Context<'_>) -> Result<Event, Refusal> {
    if !on_record.has_provider(&d.provider) {
        return Err(provider::unknown(on_record, &d.provider));
    }
    let book = cx.rules(&d.provider, d.occurred_on);
    let article = book.article(d.article.as_str());
    let article = article.ok_or_else(|| Refusal::UnknownArticle { article: d.article.to_string() })?;
    in_range(article, d.points)?;
    not_in_the_future("occurred_on", d.occurred_on, cx)?;
    at_outlet(on_record, article, d, strict)?;
    let deduction = Deduction {
        problem: text("problem", d.problem.as_deref(), NAME_MAX, false)?,
        note: text("note", d.note.as_deref(), NOTE_MAX, true)?,
        ..needs::meet(on_record, article, d, strict)?
    };
    Ok(Event::Deducted { deduction, law: LineLaw::of(book, article) })
}

/// Section 2: points stay within the article's range.
pub fn in_range(article: &Article, points: Points) -> Result<(), Refusal> {
    let (article, min, max) = (article.id.clone(), article.min, article.max);
    match points {
        p if p > max => Err(Refusal::PointsOverRange { article, points, min, max }),
        p if p < min => Err(Refusal::PointsUnderRange { article, points, min, max }),
        _ => Ok(()),
    }
}

/// Section 2: an outlet that was the provider's on that day. A rectification's lines come from closing its case alone
/// (3.1).
fn at_outlet(on_record: &mut dyn OnRecord, article: &Article, d: &Deduction, strict: bool) -> Result<(), Refusal> {
    if article.needs == Needs::Rectification && !matches!(d.subject, Some(LineSubject::Rectification(_))) {
        return Err(Refusal::NeedsRectification { article: article.id.clone(), clause: article.clause.clone() });
    }
    match &d.outlet {
        None if article.needs == Needs::Outlet => {
            Err(Refusal::OutletMissing { article: article.id.clone(), clause: article.clause.clone() })
        }
        None => Ok(()),
        Some(id) => match on_record.owner_on(id, d.occurred_on) {
            None => Err(outlet::unknown(on_record, id)),
            // A roster's line may be of what was before the outlet went on: an exit that was asked for, a claim of a
            // trade (decision 15).
            Some(owner) if owner != d.provider && !strict && had(on_record, &d.provider, id) => Ok(()),
            Some(owner) if owner != d.provider => {
                Err(Refusal::OutletOfAnother { outlet: id.clone(), owner, provider: d.provider.clone() })
            }
            // A roster may say of an outlet what was before it was known here.
            Some(_) if strict => {
                life::on_record(&on_record.state(&d.provider, std::slice::from_ref(id)), id, d.occurred_on)
            }
            Some(_) => Ok(()),
        },
    }
}

/// Whether an outlet was a provider's, and went on to another.
fn had(on_record: &mut dyn OnRecord, provider: &ProviderId, outlet: &OutletId) -> bool {
    let state = on_record.state(provider, std::slice::from_ref(outlet));
    state.outlets.get(outlet).is_some_and(|held| held.moved)
}

/// A reversal cancels one earlier line in full, once.
fn reverse(on_record: &mut dyn OnRecord, seq: Seq, reason: &str) -> Result<Event, Refusal> {
    let (provider, line) = on_record.line(seq).ok_or(Refusal::UnknownLine { line: seq })?;
    if line.kind == LineKind::Reversal {
        return Err(Refusal::LineIsReversal { line: seq });
    }
    if let Some(by) = line.reversed_by {
        return Err(Refusal::AlreadyReversed { line: seq, by });
    }
    Ok(Event::Reversed { line: seq, provider, occurred_on: line.occurred_on, reason: reason_of(reason)? })
}

/// Decision 9: a date in the future is refused.
fn not_in_the_future(field: &'static str, date: Day, cx: Context<'_>) -> Result<(), Refusal> {
    let today = cx.now.day();
    if date > today { Err(Refusal::FutureDate { field, date, today }) } else { Ok(()) }
}

/// A text field: safe to show, or nothing where it is blank.
fn text(field: &'static str, text: Option<&str>, max: usize, lines: bool) -> Result<Option<String>, Refusal> {
    let Some(text) = text else { return Ok(None) };
    let safe = crate::ids::safe_text(text, max, lines).map_err(|why| Refusal::BadText { field, why })?;
    Ok(Some(safe).filter(|t| !t.is_empty()))
}

/// Why something is taken back, corrected, dismissed or accepted: never blank.
pub fn reason_of(reason: &str) -> Result<String, Refusal> {
    text("reason", Some(reason), NOTE_MAX, true)?.ok_or(Refusal::Missing { field: "reason" })
}

/// The names of the fields that differ.
fn differing<const N: usize>(fields: [(&'static str, bool); N]) -> Vec<&'static str> {
    fields.into_iter().filter_map(|(field, differs)| differs.then_some(field)).collect()
}

/// A text field that must not be blank.
fn required(field: &'static str, value: &str, max: usize) -> Result<String, Refusal> {
    text(field, Some(value), max, false)?.ok_or(Refusal::Missing { field })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on says where it stopped")]
mod tests;
