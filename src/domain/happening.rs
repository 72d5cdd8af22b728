//! Records of parts 1 and 2: what happened at a provider or an outlet, with the law of its day. What became due or was
//! done by it, and the breach that it is, are read off the facts ([`super::state`]). Each area has its own steps; this
//! file holds what they share.

use super::admission::{self, Admission};
use super::audit::{self, Audit};
use super::case::CaseStep;
use super::deposit::{self, DepositStep};
use super::edition::{self, Otherwise};
use super::notice::{self, NoticeStep};
use super::objection::{self, ObjectionStep};
use super::obligation::{About, Obligation, ObligationKind};
use super::rectification::RectificationStep;
use super::state::{Act, Filed, State};
use super::{
    Context, Event, NAME_MAX, NOTE_MAX, OnRecord, Outlet, Provider, ProviderKind, Refusal, correction, exit, life,
    not_in_the_future, service, territory, text,
};
use crate::calendar::Term;
use crate::ids::{OutletId, ProviderId, Seq};
use crate::rulebook::Rulebook;
use crate::time::{Day, Moment};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fact {
    /// A step of the admission (1.2 to 1.5).
    Admission(Admission),
    /// In a city: roll-out, conferences, signing (1.6, 2.1.1(4), 2.1.2, 2.2.3).
    Territory(territory::TerritoryStep),
    /// In the life of an outlet (1.4.1, 1.6.2, 2.1.1, 2.2.4).
    Outlet(OutletId, life::OutletStep),
    /// Training, promotion, complaints and claims (2.1.3, 2.2).
    Service(service::ServiceStep),
    /// What happens to deposits (1.1(7), 1.2(8), 2.1.1(3), 3.3(3)).
    Deposit(DepositStep),
    /// What a provider protests against (decisions 21 and 27).
    Objection(ObjectionStep),
    /// A step of a case (3.1 to 3.3).
    Case(CaseStep),
    /// A notice (4.3).
    Notice(NoticeStep),
    /// What a provider agrees otherwise than the rulebook says (4.4(3)).
    Otherwise(Otherwise),
    /// An audit, whose lines stand right behind it.
    Audit(Audit),
}

impl Fact {
    /// The stable word; that of the admission says the item, group or department too.
    pub fn word(&self) -> String {
        match self {
            Fact::Admission(step) => step.word(),
            Fact::Territory(step) => step.word().to_owned(),
            Fact::Outlet(_, step) => step.word().to_owned(),
            Fact::Service(step) => step.word().to_owned(),
            Fact::Deposit(step) => step.word().to_owned(),
            Fact::Objection(step) => step.word().to_owned(),
            Fact::Case(step) => step.word().to_owned(),
            Fact::Notice(step) => step.word().to_owned(),
            Fact::Otherwise(_) => "override-agreed".to_owned(),
            Fact::Audit(_) => "audit".to_owned(),
        }
    }

    /// Whether it ends something on its day: then it comes last on it.
    pub fn ends(&self) -> bool {
        use life::OutletStep::{Closed, Exited, Stayed, Transferred};
        use service::ServiceStep::{ClaimClosed, ClaimOpened};
        match self {
            Fact::Outlet(_, step) => matches!(step, Exited { .. } | Closed | Stayed | Transferred { .. }),
            // Claims come after an exit.
            Fact::Service(step) => matches!(step, ClaimOpened { .. } | ClaimClosed { .. }),
            // What goes on at the provider on that day, does before.
            Fact::Case(step) => matches!(step, CaseStep::Exit(_)),
            Fact::Deposit(step) => matches!(step, DepositStep::ContractEnded),
            // It tells what was.
            Fact::Notice(_) => true,
            Fact::Admission(_) | Fact::Territory(_) | Fact::Objection(_) | Fact::Otherwise(_) | Fact::Audit(_) => false,
        }
    }

    /// The outlet that it hands to another provider, and which that is (decision 15).
    pub fn hands_over(&self) -> Option<(&OutletId, &ProviderId)> {
        match self {
            Fact::Outlet(outlet, life::OutletStep::Transferred { to }) => Some((outlet, to)),
            _ => None,
        }
    }

    /// Whether other entries come with it: what upholding an objection does (decision 21), the line of a plan's outcome
    /// (3.1(3), 3.1(4)), the lines of an audit.
    pub fn brings(&self) -> bool {
        use RectificationStep::{Failed, Passed};
        matches!(
            self,
            Fact::Audit(Audit { lines: 1.., .. })
                | Fact::Objection(ObjectionStep::Answered { upheld: true, .. })
                | Fact::Case(CaseStep::Rectification(Passed { .. } | Failed { .. }))
        )
    }

    /// The outlet on record that it is about, if it is about one.
    pub(super) fn outlet(&self) -> Option<&OutletId> {
        match self {
            Fact::Outlet(_, life::OutletStep::Proposed { .. }) => None,
            Fact::Outlet(outlet, _) => Some(outlet),
            Fact::Service(
                service::ServiceStep::Complained { outlet, .. } | service::ServiceStep::ClaimOpened { outlet, .. },
            ) => Some(outlet),
            Fact::Deposit(step) => step.outlet(),
            Fact::Admission(_) | Fact::Territory(_) | Fact::Service(_) | Fact::Objection(_) => None,
            Fact::Case(_) | Fact::Notice(_) | Fact::Otherwise(_) | Fact::Audit(_) => None,
        }
    }

    /// The number of the record that it goes on from, where it names one.
    pub(super) fn goes_on_from(&mut self) -> Option<&mut Seq> {
        use life::OutletStep::Proposed;
        use service::ServiceStep::{ClaimClosed, ComplaintOrdered, Corrected, TrainingChecked, TrainingGuided};
        use territory::TerritoryStep::{ConferenceRectified, FreezeApplied};
        match self {
            Fact::Territory(ConferenceRectified { conference } | FreezeApplied { conference, .. }) => Some(conference),
            Fact::Outlet(_, Proposed { conference, .. }) => conference.as_mut(),
            Fact::Service(TrainingGuided { training } | TrainingChecked { training, .. }) => Some(training),
            Fact::Service(ComplaintOrdered { complaint, .. }) => Some(complaint),
            Fact::Service(Corrected { order }) => Some(order),
            Fact::Service(ClaimClosed { claim, .. }) => Some(claim),
            Fact::Objection(step) => step.goes_on_from(),
            Fact::Notice(step) => step.goes_on_from(),
            Fact::Case(_) | Fact::Otherwise(_) | Fact::Audit(_) => None,
            Fact::Admission(_) | Fact::Territory(_) | Fact::Outlet(..) | Fact::Service(_) | Fact::Deposit(_) => None,
        }
    }

    /// The outlets that it is about.
    pub fn outlets(&self) -> Vec<OutletId> {
        match self {
            Fact::Outlet(outlet, _) => vec![outlet.clone()],
            Fact::Service(service::ServiceStep::TrainingHeld { outlets, .. }) => outlets.clone(),
            Fact::Service(
                service::ServiceStep::Complained { outlet, .. } | service::ServiceStep::ClaimOpened { outlet, .. },
            ) => {
                vec![outlet.clone()]
            }
            Fact::Deposit(step) => step.outlet().cloned().into_iter().collect(),
            Fact::Admission(_) | Fact::Territory(_) | Fact::Service(_) | Fact::Objection(_) => Vec::new(),
            Fact::Case(_) | Fact::Notice(_) | Fact::Otherwise(_) | Fact::Audit(_) => Vec::new(),
        }
    }
}

impl Happening {
    /// What it ends at the providers that had its outlet before, and which outlet that is (2.2.4(1)).
    pub fn ends_elsewhere(&self) -> Option<(OutletId, Act)> {
        use life::OutletStep::{Closed, Exited, Stayed};
        let Fact::Outlet(outlet, step @ (Exited { .. } | Stayed | Closed)) = &self.fact else { return None };
        let exited = matches!(step, Exited { .. });
        Some((outlet.clone(), Act::EndedElsewhere { outlet: outlet.clone(), on: self.on, exited }))
    }

    /// The outlet that it hands to another provider, and which that is (decision 15).
    pub fn hands_over(&self) -> Option<(&OutletId, &ProviderId)> {
        self.fact.hands_over()
    }
}

/// What a person records.
#[derive(Clone, Debug, PartialEq, Eq)]
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

/// What was recorded, with the law of its day for what may follow from it.
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
    /// What may become due by it, with the limits in force: the facts say whether it does.
    pub terms: Vec<Obligation>,
    /// The shares in force that it is measured by.
    pub law: Law,
}

/// The shares in force on the day of a record, in percent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Law {
    /// Nothing is measured.
    #[default]
    None,
    /// The least of the invited who come, and of those who sign (1.6.1(1)6).
    Conference {
        /// Of the invited.
        attended: u32,
        /// Of those who came.
        signed: u32,
    },
    /// The most that may fail, be wrong, or leave.
    Most(u32),
}

/// A record being decided.
pub(super) struct Draft<'a, 'b> {
    pub on_record: &'a mut dyn OnRecord,
    pub cx: Context<'b>,
    pub provider: Provider,
    pub state: State,
    pub on: Day,
    pub note: Option<String>,
    pub confirmed_by: Option<String>,
    pub law: Law,
    fact: Fact,
    terms: Vec<Obligation>,
}

/// Decides a record: checks it by its clause on what was there on its day, and says what may follow.
pub(super) fn record(on_record: &mut dyn OnRecord, asked: &Recording, cx: Context<'_>) -> Result<Event, Refusal> {
    let on = asked.on.unwrap_or(cx.now.day());
    not_in_the_future("on", on, cx)?;
    // Decision 15: what is about an outlet is its provider's of that day; a claim, that of the trade (2.2.4(2)).
    let day = match &asked.fact {
        Fact::Service(service::ServiceStep::ClaimOpened { traded_on, .. }) => traded_on.unwrap_or(on),
        _ => on,
    };
    let of_day = asked.fact.outlet().and_then(|outlet| on_record.owner_on(outlet, day));
    let id = of_day.unwrap_or_else(|| asked.provider.clone());
    let provider = on_record.provider(&id).ok_or_else(|| super::provider::unknown(on_record, &id))?;
    let note = text("note", asked.note.as_deref(), NOTE_MAX, true)?;
    let confirmed_by = text("confirmed_by", asked.confirmed_by.as_deref(), NAME_MAX, false)?;
    let state = on_record.state(&id, &asked.fact.outlets());
    let (mut fact, terms, law) = (asked.fact.clone(), Vec::new(), Law::None);
    if let Some(seq) = fact.goes_on_from() {
        *seq = correction::known(&mut |seq| on_record.entry(seq), *seq);
    }
    let asked = fact.clone();
    let mut draft = Draft { on_record, cx, provider, state, on, note, confirmed_by, law, fact, terms };
    let decided = match &asked {
        Fact::Admission(step) => admission::decide(&mut draft, step).map(Fact::Admission),
        Fact::Territory(step) => territory::decide(&mut draft, step).map(Fact::Territory),
        Fact::Outlet(outlet, step) => {
            life::decide(&mut draft, outlet, step).map(|step| Fact::Outlet(outlet.clone(), step))
        }
        Fact::Service(step) => service::decide(&mut draft, step).map(Fact::Service),
        Fact::Deposit(step) => deposit::decide(&mut draft, step).map(Fact::Deposit),
        Fact::Objection(step) => objection::decide(&mut draft, step).map(Fact::Objection),
        Fact::Case(step) => exit::decide(&mut draft, step).map(Fact::Case),
        Fact::Notice(step) => notice::decide(&mut draft, step).map(Fact::Notice),
        Fact::Otherwise(agreed) => edition::agree(&draft, agreed).map(Fact::Otherwise),
        Fact::Audit(asked) => audit::decide(asked).map(Fact::Audit),
    };
    let fact = decided.map_err(|refusal| super::outlet::by_day(draft.on_record, refusal, on))?;
    let Draft { note, confirmed_by, terms, law, .. } = draft;
    let h = Box::new(Happening { provider: id, fact, on, confirmed_by, note, terms, law });
    correction::not_back(on_record, &h)?;
    if let Some((outlet, act)) = h.ends_elsewhere() {
        let ended = Filed { seq: Seq(u64::MAX), at: cx.now, by: String::new(), act, void: None, instead: None };
        correction::ends_stand(on_record, &h.provider, &outlet, &ended)?;
    }
    Ok(Event::Happened(h))
}

impl<'b> Draft<'_, 'b> {
    /// Whether the facts allow it.
    pub fn allowed(&self) -> Result<(), Refusal> {
        self.state.allows(&self.fact, self.on)
    }

    /// The rules in force on the day of the record.
    pub fn rules(&self) -> &'b Rulebook {
        self.cx.rules(&self.provider.id, self.on)
    }

    /// Says what may be due, from the day of the record on.
    pub fn begin(&mut self, kind: ObligationKind, about: About) -> Result<(), Refusal> {
        self.begin_from(kind, about, self.on)
    }

    /// The same, counted from another day.
    pub fn begin_from(&mut self, kind: ObligationKind, about: About, from: Day) -> Result<(), Refusal> {
        self.terms.push(Obligation::begin((kind, about), Moment::start_of(from), (&self.provider.id, self.cx))?);
        Ok(())
    }

    /// Of a number of outlets.
    pub fn begin_wanting(&mut self, kind: ObligationKind, about: About, need: u32) -> Result<(), Refusal> {
        let counted = Obligation::begin((kind, about), Moment::start_of(self.on), (&self.provider.id, self.cx))?;
        self.terms.push(Obligation { need, ..counted });
        Ok(())
    }

    /// Due at the end of an agreed day.
    pub fn begin_until(&mut self, kind: ObligationKind, about: About, until: Day) -> Result<(), Refusal> {
        let (start, due) = (Moment::start_of(self.on), Moment::end_of(until));
        let calendar = self.cx.calendar.version.clone();
        self.terms.push(Obligation { kind, about, start, term: Term::Until, due, calendar, need: 0, have: 0 });
        Ok(())
    }

    /// 2.1.1, 2.1.3 and 1.6.1 speak of third-party providers.
    pub fn third_party(&self, clause: &'static str) -> Result<(), Refusal> {
        match self.provider.kind {
            ProviderKind::ThirdParty => Ok(()),
            ProviderKind::SelfOperated => Err(Refusal::ThirdPartyOnly { provider: self.provider.id.clone(), clause }),
        }
    }

    /// 1.5(3): an applicant has no outlets, promotions or transfers before its permission; and nobody begins any once
    /// it is frozen (3.3(1)).
    pub fn admitted(&self) -> Result<(), Refusal> {
        admission::admitted(&self.state.dossier)?;
        exit::not_frozen(&self.state.dossier, self.on)
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
        let outlet = self.on_record.outlet(id).ok_or_else(unknown)?;
        if self.state.life(id).is_none() {
            self.is_own(&outlet)?;
        }
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
