//! What a provider's facts come to: a pure fold, in the order of the days on which things happened (decision 12).
//!
//! An entry says what happened. What is open, done, late, missed or found is read off the facts here, never kept in the
//! order of typing: a fact that is typed late takes its place among the others, a void takes one away, and the fold is
//! done again. What the law of the day was (limit, share, calendar) stands in the entry, so that folding asks neither
//! rulebook nor calendar.

pub use super::filed::{Act, Filed, LONG_AGO, Place};

use super::dossier::{Dossier, LateAnswer};
use super::finding::{Breach, Finding, FindingId, FindingState, LineAt, Measured, Subject};
use super::happening::{Fact, Happening};
use super::life::{Life, OutletStage};
use super::obligation::{About, Obligation, ObligationId, ObligationKind};
use super::request::RequestKind;
use super::{Refusal, admission, audit, deposit, edition, exit, life, notice, objection, rollout, service, territory};
use crate::ids::{OutletId, ProviderId, Seq};
use crate::money::Fen;
use crate::points::Points;
use crate::time::{Day, Moment};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A breach that the facts are, and what a person decided on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// What it is about.
    pub subject: Subject,
    /// What the facts say; none where they say it no more.
    pub measured: Option<Measured>,
    /// The day that its line occurs.
    #[serde(with = "crate::time::day_number")]
    pub occurred_on: Day,
    /// At which outlet.
    pub outlet: Option<OutletId>,
    /// The problem, if complaints of it add up.
    pub problem: Option<String>,
    /// What became of it.
    pub decided: Option<Decision>,
}

/// What a person decided on a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Confirmed or dismissed, by which entry.
    pub state: FindingState,
    /// The points of the line.
    pub points: Points,
    /// The measure that was decided on.
    pub measured: Measured,
    /// The line that it became.
    pub line: Option<LineAt>,
}

/// An outlet in the fold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldOutlet {
    /// Its city, as its record has it.
    pub city: String,
    /// Its life with this provider; none before it began, or after it went to another.
    pub life: Option<Life>,
    /// Whether it went to another.
    pub moved: bool,
}

impl HeldOutlet {
    /// In a city, before anything happened.
    fn at(city: &str) -> HeldOutlet {
        HeldOutlet { city: city.to_owned(), life: None, moved: false }
    }
}

/// What a provider's facts come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// Its cases, cities and counts.
    pub dossier: Dossier,
    /// What is open, the next due first, with the entry that began each.
    pub due: Vec<(Seq, Obligation)>,
    /// Breaches that facts are, or that were decided on.
    pub kept: Vec<Kept>,
    /// Its outlets, those that left to another provider too; when one fact is applied, those that it touches.
    pub outlets: BTreeMap<OutletId, HeldOutlet>,
}

/// A provider's facts in their order, voided ones too, and the cities of its outlets. Facts are shared: what is tried on
/// a copy of the list copies none of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct File {
    /// The outlets and where they are.
    pub cities: Cities,
    /// The facts.
    pub facts: Vec<Arc<Filed>>,
}

/// The outlets of a provider, with the city of each.
pub type Cities = BTreeMap<OutletId, String>;

impl State {
    /// A state before anything happened.
    pub fn before(cities: &Cities) -> State {
        let held = |(id, city): (&OutletId, &String)| (id.clone(), HeldOutlet::at(city));
        State { outlets: cities.iter().map(held).collect(), ..State::default() }
    }

    /// Outlets that it did not know yet, where they are.
    pub fn knows(&mut self, cities: &Cities) {
        for (id, city) in cities {
            self.outlets.entry(id.clone()).or_insert_with(|| HeldOutlet::at(city));
        }
    }

    /// Folds facts that stand in their order; those that are voided are not there. Says which of them do not stand:
    /// what they go on from is not there.
    pub fn fold(cities: &Cities, facts: impl IntoIterator<Item = impl AsRef<Filed>>) -> (State, Vec<Seq>) {
        let mut state = State::before(cities);
        let loose = state.go_on(facts);
        (state, loose)
    }

    /// Folds on.
    pub fn go_on(&mut self, facts: impl IntoIterator<Item = impl AsRef<Filed>>) -> Vec<Seq> {
        let mut loose = Vec::new();
        for filed in facts {
            let filed = filed.as_ref();
            if filed.void.is_some() {
                continue;
            }
            if self.stands(filed).is_err() {
                loose.push(filed.seq);
            }
            self.apply(filed);
        }
        loose
    }

    /// Whether what a fact goes on from is there; why not. By what is on record, never by a rulebook.
    pub fn stands(&self, filed: &Filed) -> Result<(), Refusal> {
        match &filed.act {
            Act::There { .. } | Act::Arrived { .. } | Act::Moved { .. } | Act::EndedElsewhere { .. } => Ok(()),
            Act::Happened(h) => {
                self.allows(&h.fact, h.on)?;
                super::exit::by_another(self, &h.fact, &filed.by)
            }
            Act::Asked(request) => super::request::may_ask(self, request.kind, &request.outlet),
            Act::Answered { request, .. } => {
                let waits = self.answer_of(*request).is_some();
                if waits { Ok(()) } else { Err(Refusal::UnknownRequest { request: *request }) }
            }
            Act::Decided { subject: Subject::Dormant(_), .. } => Ok(()),
            Act::Decided { subject, .. } => {
                let now = filed.at;
                let found = self.breaches(now).iter().any(|kept| kept.subject == *subject && kept.decided.is_none());
                let unknown = || Refusal::UnknownFinding { finding: format!("{}/{subject}", subject.article()) };
                if found { Ok(()) } else { Err(unknown()) }
            }
        }
    }

    /// Whether the facts allow another.
    pub fn allows(&self, fact: &Fact, on: Day) -> Result<(), Refusal> {
        match fact {
            Fact::Admission(step) => admission::allowed(&self.dossier, step, on),
            Fact::Territory(step) => territory::allowed(self, step, on),
            Fact::Outlet(outlet, step) => life::allowed(self, outlet, step, on),
            Fact::Service(step) => service::allowed(self, step, on),
            Fact::Deposit(step) => deposit::allowed(self, step, on),
            Fact::Objection(step) => objection::allowed(self, step, on),
            Fact::Case(step) => exit::allowed(self, step, on),
            Fact::Notice(step) => notice::allowed(self, step, on),
            Fact::Otherwise(_) | Fact::Audit(_) => Ok(()),
        }
    }

    /// Takes the next fact in.
    pub fn apply(&mut self, filed: &Filed) {
        let seq = filed.known();
        match &filed.act {
            Act::There { outlet, since } => self.arrives(outlet, *since, Life::there()),
            Act::Arrived { outlet, on, life, terms } => {
                self.arrives(outlet, *on, life.clone());
                deposit::arrives(self, outlet, life.deposit);
                if life.deposit == Fen(0) {
                    terms
                        .iter()
                        .filter(|term| term.kind == ObligationKind::OutletDeposit)
                        .for_each(|term| self.begin(seq, term.clone()));
                }
                if life.serves() {
                    self.owes_promotions(seq, terms);
                }
            }
            Act::EndedElsewhere { outlet, on, .. } => {
                let about = About::Outlet(outlet.clone());
                self.end(ObligationKind::ExitAnswer, &about, *on);
                self.end(ObligationKind::ExitEvidence, &about, *on);
            }
            Act::Happened(h) => {
                deposit::post(self, &h.fact);
                match &h.fact {
                    Fact::Admission(step) => admission::follow(self, filed, h, step),
                    Fact::Territory(step) => territory::follow(self, seq, h, step),
                    Fact::Outlet(outlet, step) => life::follow(self, seq, h, (outlet, step)),
                    Fact::Service(step) => service::follow(self, seq, h, step),
                    Fact::Deposit(step) => deposit::follow(self, seq, h, step),
                    Fact::Objection(step) => objection::follow(self, filed, h, step),
                    Fact::Case(step) => exit::follow(self, filed, h, step),
                    Fact::Notice(step) => notice::follow(self, seq, h, step),
                    Fact::Otherwise(agreed) => edition::follow(self, filed, h, agreed),
                    Fact::Audit(audit) => audit::follow(self, filed, h, audit),
                }
            }
            Act::Asked(request) => {
                request.obligations().into_iter().for_each(|due| self.begin(seq, due));
                if request.kind == RequestKind::Exit
                    && let Some(life) = self.life_mut(&request.outlet)
                {
                    life.applies(request.asked.day());
                }
            }
            Act::Answered { request, at } => {
                if let Some(open) = self.answer_of(*request).cloned() {
                    // 2.2.2: a late answer stays on the provider's list.
                    if let (ObligationKind::HelpAnswer, true, About::Outlet(outlet)) =
                        (open.kind, *at > open.due, open.about)
                    {
                        let late = LateAnswer { request: *request, outlet, due: open.due, at: *at };
                        self.dossier.late_answers.push(late);
                    }
                    self.done((*request, open.kind), *at);
                }
            }
            // Those of a month are kept with its turnover.
            Act::Decided { subject: Subject::Dormant(_), .. } => {}
            Act::Decided { subject, measured, points, line } => {
                let state = match line {
                    Some(_) => FindingState::Confirmed(filed.seq),
                    None => FindingState::Dismissed(filed.seq),
                };
                let (points, measured, line) = (*points, measured.clone(), line.clone());
                self.decide(*subject, filed.at, Decision { state, points, measured, line });
            }
            Act::Moved { calendar, moved } => self.moved(calendar, moved),
        }
    }

    /// An outlet is the provider's from a day on.
    fn arrives(&mut self, outlet: &OutletId, on: Day, life: Life) {
        let Some(held) = self.outlets.get_mut(outlet) else { return };
        let (city, counts) = (held.city.clone(), life.serves());
        (held.life, held.moved) = (Some(life), false);
        if counts {
            rollout::came(self, &city, on);
        }
    }

    /// 2.2.1: the first month without a promotion runs from the first outlet that opens or comes from another provider.
    /// One that was on record before the program begins none: its entry says no term.
    pub(super) fn owes_promotions(&mut self, seq: Seq, terms: &[Obligation]) {
        let kind = ObligationKind::Promotion;
        if !self.due.iter().any(|(_, o)| o.kind == kind) {
            terms.iter().filter(|term| term.kind == kind).for_each(|term| self.begin(seq, term.clone()));
        }
    }

    /// An outlet's life with this provider.
    pub fn life(&self, outlet: &OutletId) -> Option<&Life> {
        self.outlets.get(outlet).and_then(|held| held.life.as_ref())
    }

    pub(super) fn life_mut(&mut self, outlet: &OutletId) -> Option<&mut Life> {
        self.outlets.get_mut(outlet).and_then(|held| held.life.as_mut())
    }

    /// An outlet's city.
    pub fn city(&self, outlet: &OutletId) -> String {
        self.outlets.get(outlet).map(|held| held.city.clone()).unwrap_or_default()
    }

    /// Where an outlet stands; refused where it is not the provider's.
    pub(super) fn stage(&self, outlet: &OutletId) -> Result<OutletStage, Refusal> {
        let life = self.life(outlet).ok_or_else(|| Refusal::UnknownOutlet { outlet: outlet.clone() })?;
        Ok(life.stage)
    }

    /// The open obligation that a request is.
    pub fn answer_of(&self, request: Seq) -> Option<&Obligation> {
        let answers = |kind| matches!(kind, ObligationKind::HelpAnswer | ObligationKind::ExitAnswer);
        self.due.iter().find(|(seq, o)| *seq == request && answers(o.kind)).map(|(_, o)| o)
    }

    /// The number of an outlet's open exit application.
    pub fn open_exit(&self, outlet: &OutletId) -> Option<Seq> {
        let about = About::Outlet(outlet.clone());
        let is = |o: &Obligation| o.kind == ObligationKind::ExitAnswer && o.about == about;
        self.due.iter().find(|(_, o)| is(o)).map(|(seq, _)| *seq)
    }

    /// Begins an obligation.
    pub(super) fn begin(&mut self, seq: Seq, obligation: Obligation) {
        let key = |seq: Seq, o: &Obligation| (o.due, seq, o.kind);
        let place = self.due.partition_point(|(s, o)| key(*s, o) < key(seq, &obligation));
        self.due.insert(place, (seq, obligation));
    }

    /// Begins those of a record's terms that are of a kind.
    pub(super) fn begin_of(&mut self, seq: Seq, h: &Happening, kind: ObligationKind) {
        for term in h.terms.iter().filter(|term| term.kind == kind) {
            self.begin(seq, term.clone());
        }
    }

    /// Ends what is open of a kind about something; whether there was any.
    pub(super) fn end(&mut self, kind: ObligationKind, about: &About, on: Day) -> bool {
        let same = self.due.iter().filter(|(_, o)| o.kind == kind && o.about == *about);
        let ids: Vec<ObligationId> = same.map(|(seq, o)| (*seq, o.kind)).collect();
        ids.iter().for_each(|id| self.done(*id, Moment::start_of(on)));
        !ids.is_empty()
    }

    /// Ends all that is open of a kind.
    pub(super) fn end_all(&mut self, kind: ObligationKind, on: Day) {
        let ids: Vec<ObligationId> =
            self.due.iter().filter(|(_, o)| o.kind == kind).map(|(seq, o)| (*seq, o.kind)).collect();
        ids.iter().for_each(|id| self.done(*id, Moment::start_of(on)));
    }

    /// Ends an obligation. One that was late and is a breach stays as a finding.
    pub(super) fn done(&mut self, id: ObligationId, at: Moment) {
        let Some(place) = self.due.iter().position(|(seq, o)| (*seq, o.kind) == id) else { return };
        let (seq, obligation) = self.due.remove(place);
        if at > obligation.due
            && let Some(missed) = missed(seq, &obligation, Some(at))
        {
            self.keep(missed);
        }
    }

    /// Notices a breach.
    pub(super) fn find(&mut self, breach: Breach, about: Seq, measured: Measured, on: Day, outlet: Option<&OutletId>) {
        self.keep(Kept {
            subject: Subject::Of(breach, about),
            measured: Some(measured),
            occurred_on: on,
            outlet: outlet.cloned(),
            problem: None,
            decided: None,
        });
    }

    /// Keeps a breach: it is noticed once, by its later measure. What was decided stays decided.
    pub(super) fn keep(&mut self, found: Kept) {
        match self.kept.iter_mut().find(|kept| kept.subject == found.subject) {
            Some(kept) => *kept = Kept { decided: kept.decided.take(), ..found },
            None => self.kept.push(found),
        }
    }

    /// What a person decided, at a moment. It stands where the facts are others now, too.
    fn decide(&mut self, subject: Subject, now: Moment, decision: Decision) {
        let there = self.breaches(now).into_iter().find(|kept| kept.subject == subject);
        // Where nothing is found any more, its line says when and where that was.
        let kept = there.unwrap_or_else(|| {
            let line = decision.line.clone();
            let at = line.unwrap_or(LineAt { on: now.day(), outlet: None, problem: None });
            let (occurred_on, outlet, problem) = (at.on, at.outlet, at.problem);
            Kept { subject, measured: None, occurred_on, outlet, problem, decided: None }
        });
        self.kept.retain(|kept| kept.subject != subject);
        self.kept.push(Kept { decided: Some(decision), ..kept });
    }

    /// Counted again by another calendar: what moved gets its new moment.
    fn moved(&mut self, calendar: &str, moved: &[(ObligationId, Moment)]) {
        for (seq, mut obligation) in std::mem::take(&mut self.due) {
            if let Some((_, due)) = moved.iter().find(|(id, _)| *id == (seq, obligation.kind)) {
                (obligation.due, obligation.calendar) = (*due, calendar.to_owned());
            }
            self.begin(seq, obligation);
        }
    }

    /// The breaches by a moment: those that facts are, and what is overdue and is a breach.
    pub fn breaches(&self, now: Moment) -> Vec<Kept> {
        breaches(&self.due, &self.kept, now)
    }
}

/// The breaches by a moment, of what is due and what is kept.
pub fn breaches(due: &[(Seq, Obligation)], kept: &[Kept], now: Moment) -> Vec<Kept> {
    let mut all = kept.to_vec();
    for (seq, obligation) in due.iter().filter(|(_, o)| now > o.due) {
        let Some(found) = missed(*seq, obligation, None) else { continue };
        match all.iter_mut().find(|kept| kept.subject == found.subject) {
            Some(kept) => kept.measured = found.measured,
            None => all.push(found),
        }
    }
    all
}

/// The breach that a missed obligation is.
fn missed(seq: Seq, o: &Obligation, done: Option<Moment>) -> Option<Kept> {
    let outlet = match &o.about {
        About::Outlet(outlet) => Some(outlet.clone()),
        _ => None,
    };
    let subject = o.kind.missed(seq)?;
    let measured = match (subject, &outlet) {
        (Subject::Exit(_), Some(outlet)) => Measured::Late { outlet: outlet.clone(), due: o.due, answered: done },
        _ => Measured::Missed { due: o.due, done, need: o.need, have: o.have },
    };
    // Decision 11: broken at the first second after the term.
    let occurred_on = Moment(o.due.0 + 1).day();
    Some(Kept { subject, measured: Some(measured), occurred_on, outlet, problem: None, decided: None })
}

impl Kept {
    /// The finding that it is. Proposed points are the article's to say: 0.
    pub fn finding(self, provider: &ProviderId) -> Finding {
        let id = FindingId { provider: provider.clone(), subject: self.subject };
        let (occurred_on, outlet, problem) = (self.occurred_on, self.outlet, self.problem);
        let now = self.measured.clone();
        let (measured, state, points, line) = match self.decided {
            Some(decision) => (decision.measured, decision.state, decision.points, decision.line),
            None => (self.measured.clone().unwrap_or(Measured::Event), FindingState::Open, Points(0), None),
        };
        Finding { id, measured, now, points, state, line, occurred_on, outlet, problem }
    }
}

/// What a change does to what facts come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Follows {
    /// What is due that was not.
    pub opened: Vec<(Seq, Obligation)>,
    /// What is due no more.
    pub closed: Vec<(Seq, Obligation)>,
    /// Breaches that are found, or measured otherwise than before.
    pub found: Vec<Kept>,
    /// Those that are found no more.
    pub gone: Vec<Kept>,
}

impl Follows {
    /// What differs between two states of a provider, by a moment.
    pub fn between(before: &State, after: &State, now: Moment) -> Follows {
        let less = |a: &[(Seq, Obligation)], b: &[(Seq, Obligation)]| {
            let is = |(seq, o): &(Seq, Obligation)| b.iter().any(|(s, other)| (s, other.kind) == (seq, o.kind));
            a.iter().filter(|due| !is(due)).cloned().collect()
        };
        let (was, is) = (before.breaches(now), after.breaches(now));
        let said =
            |all: &[Kept], kept: &Kept| all.iter().any(|k| k.subject == kept.subject && k.measured == kept.measured);
        let there = |all: &[Kept], kept: &Kept| all.iter().any(|k| k.subject == kept.subject && k.measured.is_some());
        Follows {
            opened: less(&after.due, &before.due),
            closed: less(&before.due, &after.due),
            found: is.iter().filter(|kept| kept.measured.is_some() && !said(&was, kept)).cloned().collect(),
            gone: was.iter().filter(|kept| kept.measured.is_some() && !there(&is, kept)).cloned().collect(),
        }
    }
}
