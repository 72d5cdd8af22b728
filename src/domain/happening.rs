//! Records of parts 1 and 2: what happened at a provider or an outlet, what became due or was done by it, and the
//! breach that it is, if it is one. Each area has its own steps; this file holds what they share.

use super::admission::{self, Admission};
use super::dossier::Dossier;
use super::finding::{Breach, Measured};
use super::obligation::{About, Obligation, ObligationId, ObligationKind};
use super::{
    Context, Event, Facts, NAME_MAX, NOTE_MAX, Outlet, Provider, Refusal, life, not_in_the_future, service, territory,
    text,
};
use crate::calendar::Term;
use crate::ids::{OutletId, ProviderId, Seq};
use crate::time::{Day, Moment};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fact {
    /// A step of the admission (1.2 to 1.5).
    Admission(Admission),
    /// In a city: roll-out, conferences, signing (1.6, 2.1.1(4), 2.1.2, 2.2.3).
    Territory(territory::Step),
    /// In the life of an outlet (1.4.1, 1.6.2, 2.1.1, 2.2.4).
    Outlet(OutletId, life::Step),
    /// Training, promotion, complaints and claims (2.1.3, 2.2).
    Service(service::Step),
}

impl Fact {
    /// The stable word; that of the admission says the item, group or department too.
    pub fn word(&self) -> String {
        match self {
            Fact::Admission(step) => step.word(),
            Fact::Territory(step) => step.word().to_owned(),
            Fact::Outlet(_, step) => step.word().to_owned(),
            Fact::Service(step) => step.word().to_owned(),
        }
    }
}

/// What a person records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recording {
    /// At which provider.
    pub provider: ProviderId,
    /// What.
    pub fact: Fact,
    /// The day it happened; today where none.
    pub on: Option<Day>,
    /// Who stands for it, where that is not who records it.
    pub confirmed_by: Option<String>,
    /// Reason and remarks.
    pub note: Option<String>,
}

/// What was recorded, and what follows from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Happening {
    /// At which provider.
    pub provider: ProviderId,
    /// What.
    pub fact: Fact,
    /// The day it happened.
    pub on: Day,
    /// Who stands for it, where that is not who recorded it.
    pub confirmed_by: Option<String>,
    /// Reason and remarks.
    pub note: Option<String>,
    /// What is due from now on.
    pub opens: Vec<Obligation>,
    /// What is done by it.
    pub closes: Vec<ObligationId>,
    /// The breach that it is.
    pub found: Option<Found>,
}

/// A breach that a record is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// Which.
    pub breach: Breach,
    /// The entry that it is known by; this one where none.
    pub about: Option<Seq>,
    /// What was measured.
    pub measured: Measured,
    /// At which outlet.
    pub outlet: Option<OutletId>,
    /// The problem, if complaints of it add up.
    pub problem: Option<String>,
}

/// A record being decided.
pub(super) struct Draft<'a, 'b> {
    pub facts: &'a mut dyn Facts,
    pub cx: Context<'b>,
    pub provider: Provider,
    pub dossier: Dossier,
    pub on: Day,
    pub note: Option<String>,
    open: Vec<(Seq, Obligation)>,
    opens: Vec<Obligation>,
    closes: Vec<ObligationId>,
    found: Option<Found>,
}

/// Decides a record: checks it by its clause, and says what follows.
pub(super) fn record(facts: &mut dyn Facts, asked: &Recording, cx: Context<'_>) -> Result<Event, Refusal> {
    let provider = facts.provider(&asked.provider).ok_or_else(|| super::provider::unknown(facts, &asked.provider))?;
    let on = asked.on.unwrap_or(cx.now.day());
    not_in_the_future("on", on, cx)?;
    let note = text("note", asked.note.as_deref(), NOTE_MAX, true)?;
    let confirmed_by = text("confirmed_by", asked.confirmed_by.as_deref(), NAME_MAX, false)?;
    let (dossier, open) = (facts.dossier(&asked.provider), facts.obligations(&asked.provider));
    let (opens, closes, found) = (Vec::new(), Vec::new(), None);
    let mut draft = Draft { facts, cx, provider, dossier, on, note, open, opens, closes, found };
    let fact = match &asked.fact {
        Fact::Admission(step) => Fact::Admission(admission::decide(&mut draft, step)?),
        Fact::Territory(step) => Fact::Territory(territory::decide(&mut draft, step)?),
        Fact::Outlet(outlet, step) => Fact::Outlet(outlet.clone(), life::decide(&mut draft, outlet, step)?),
        Fact::Service(step) => Fact::Service(service::decide(&mut draft, step)?),
    };
    let Draft { note, opens, closes, found, .. } = draft;
    let provider = asked.provider.clone();
    Ok(Event::Happened(Box::new(Happening { provider, fact, on, confirmed_by, note, opens, closes, found })))
}

impl Draft<'_, '_> {
    /// Begins an obligation on the day of the record.
    pub fn begin(&mut self, kind: ObligationKind, about: About) -> Result<(), Refusal> {
        self.begin_from(kind, about, self.on)
    }

    /// Begins an obligation that is counted from another day.
    pub fn begin_from(&mut self, kind: ObligationKind, about: About, from: Day) -> Result<(), Refusal> {
        self.opens.push(Obligation::begin(kind, about, Moment::start_of(from), self.cx)?);
        Ok(())
    }

    /// Begins one that wants a number of outlets.
    pub fn begin_wanting(&mut self, kind: ObligationKind, about: About, need: u32) -> Result<(), Refusal> {
        let counted = Obligation::begin(kind, about, Moment::start_of(self.on), self.cx)?;
        self.opens.push(Obligation { need, ..counted });
        Ok(())
    }

    /// Begins one that is due at the end of an agreed day.
    pub fn begin_until(&mut self, kind: ObligationKind, about: About, until: Day) -> Result<(), Refusal> {
        let counted = Obligation::begin(kind, about, Moment::start_of(self.on), self.cx)?;
        self.opens.push(Obligation { term: Term::Until, due: Moment::end_of(until), ..counted });
        Ok(())
    }

    /// Closes what is open of a kind about something; whether there was any.
    pub fn close(&mut self, kind: ObligationKind, about: &About) -> bool {
        let before = self.closes.len();
        let same = self.open.iter().filter(|(_, o)| o.kind == kind && o.about == *about);
        self.closes.extend(same.map(|(seq, o)| (*seq, o.kind)));
        self.closes.len() > before
    }

    /// Closes all that is open of a kind.
    pub fn close_all(&mut self, kind: ObligationKind) {
        let same = self.open.iter().filter(|(_, o)| o.kind == kind);
        self.closes.extend(same.map(|(seq, o)| (*seq, o.kind)));
    }

    /// Closes the obligation of a kind that an entry began.
    pub fn close_of(&mut self, seq: Seq, kind: ObligationKind) -> Option<Obligation> {
        let found = self.open.iter().find(|(s, o)| *s == seq && o.kind == kind).map(|(_, o)| o.clone());
        self.closes.extend(found.as_ref().map(|_| (seq, kind)));
        found
    }

    /// The open obligations.
    pub fn open(&self) -> impl Iterator<Item = &(Seq, Obligation)> {
        self.open.iter()
    }

    /// What was found; a record is one breach at most.
    pub fn find(&mut self, breach: Breach, about: Option<Seq>, measured: Measured, outlet: Option<&OutletId>) {
        self.found = Some(Found { breach, about, measured, outlet: outlet.cloned(), problem: None });
    }

    /// The problem of the complaint that was found.
    pub fn of_problem(&mut self, problem: Option<String>) {
        if let Some(found) = &mut self.found {
            found.problem = problem;
        }
    }

    /// The note, where a reason has to be given.
    pub fn reason(&self) -> Result<(), Refusal> {
        if self.note.is_some() { Ok(()) } else { Err(Refusal::Missing { field: "note" }) }
    }

    /// The record may not be older than what it goes on from.
    pub fn not_before(&self, start: Day) -> Result<(), Refusal> {
        if self.on < start { Err(Refusal::BeforeStart { on: self.on, start }) } else { Ok(()) }
    }

    /// An outlet of the provider.
    pub fn own(&mut self, id: &OutletId) -> Result<Outlet, Refusal> {
        let unknown = || Refusal::UnknownOutlet { outlet: id.clone() };
        let outlet = self.facts.outlet(id).ok_or_else(unknown)?;
        self.is_own(&outlet)?;
        Ok(outlet)
    }

    /// Whether an outlet is the provider's.
    pub fn is_own(&self, outlet: &Outlet) -> Result<(), Refusal> {
        if outlet.provider == self.provider.id {
            return Ok(());
        }
        let (outlet, owner) = (outlet.id.clone(), outlet.provider.clone());
        Err(Refusal::OutletOfAnother { outlet, owner, provider: self.provider.id.clone() })
    }
}

/// How a part compares with a share of a whole, exactly (decision 8).
pub(super) fn share(part: u32, whole: u32, percent: u32) -> Ordering {
    (u64::from(part) * 100).cmp(&(u64::from(whole) * u64::from(percent)))
}
