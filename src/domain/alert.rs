//! Alerts: what needs somebody, derived from the state and the clock. They are never stored; what people do with one
//! (acknowledge, snooze, assign) is, and it is out of date as soon as the alert gets worse: every alert says by a
//! number how bad it is, which grows with what it is about.

mod cases;
mod until;

pub use until::{hold_until, next_missed};

use super::admission::AdmissionStage;
use super::dossier::Dossier;
use super::finding::{Finding, FindingState, Measured, Subject};
use super::happening::share;
use super::obligation::{Obligation, ObligationKind};
use super::rectification::Cases;
use super::second::Waiting;
use super::territory::Territory;
use super::turnover::Dormancy;
use super::{Context, Event, NAME_MAX, OnRecord, Refusal, Standing, required};
use crate::ids::{ProviderId, Seq};
use crate::money::Fen;
use crate::points::{Points, Score};
use crate::rulebook::{DormantRule, Rulebook};
use crate::time::{Moment, Month, Year, show_moment};
use chrono::Datelike;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What an alert is about, and by that its name within its provider.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum AlertSubject {
    /// The score of a year reached a mark (3.1, 3.2, and the program's own marks).
    Score(Year),
    /// An obligation is due soon or overdue.
    Due(Seq, ObligationKind),
    /// A finding waits for a decision.
    Finding(Subject),
    /// One more dormant outlet in a month, and points are due (2.2.3(3)).
    NearDormant(Month),
    /// One more outlet that leaves the city early, and it is too many (2.2.3(1)): the territory's entry.
    NearAttrition(Seq),
    /// A month with orders whose final status was not reported (1.3(5)).
    FinalStatus(Month),
    /// The deposits are short (1.2(8)).
    Deposit,
    /// A claim after an exit is open (2.2.4(2)).
    Claim(Seq),
    /// An outlet was ordered to be corrected (1.4.4(3)).
    Correction(Seq),
    /// A conference failed again after one was put right: termination may be decided (1.6.1(1)6).
    FailedAgain(Seq),
    /// This edition, which is the current one, is not accepted (4.4(2)).
    Edition(String),
    /// A finding was decided, and the facts under it are others now (decision 12).
    Changed(Subject),
    /// A help request was answered late (2.2.2).
    LateAnswer(Seq),
    /// Outlets on record have nobody who serves (1.4.2(3)).
    Staff,
    /// An objection waits for its answer (decision 27).
    Objection(Seq),
    /// A rectification waits for its plan, or for a person (3.1, decision 4): the case's line or plan.
    Rectification(Seq),
    /// 3.3: an exit waits for its next step, or for notices: its entry, or the decision's that asks for it.
    ProviderExit(Seq),
    /// A line waits for a second person (decision 28).
    Proposal(Seq),
}

impl fmt::Display for AlertSubject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AlertSubject::Score(year) => write!(f, "score/{year}"),
            AlertSubject::Due(seq, kind) => write!(f, "due/{seq}.{}", kind.word()),
            AlertSubject::Finding(subject) => write!(f, "finding/{}/{subject}", subject.article()),
            AlertSubject::Changed(subject) => write!(f, "changed/{}/{subject}", subject.article()),
            AlertSubject::NearDormant(month) => write!(f, "near-dormant/{month}"),
            AlertSubject::NearAttrition(seq) => write!(f, "near-attrition/{seq}"),
            AlertSubject::FinalStatus(month) => write!(f, "final-status/{month}"),
            AlertSubject::Deposit => f.write_str("deposit"),
            AlertSubject::Claim(seq) => write!(f, "claim/{seq}"),
            AlertSubject::Correction(seq) => write!(f, "correction/{seq}"),
            AlertSubject::FailedAgain(seq) => write!(f, "failed-again/{seq}"),
            AlertSubject::Edition(edition) => write!(f, "acceptance/{edition}"),
            AlertSubject::LateAnswer(seq) => write!(f, "late-answer/{seq}"),
            AlertSubject::Staff => f.write_str("staff"),
            AlertSubject::Objection(seq) => write!(f, "objection/{seq}"),
            AlertSubject::Rectification(seq) => write!(f, "rectification/{seq}"),
            AlertSubject::ProviderExit(seq) => write!(f, "provider-exit/{seq}"),
            AlertSubject::Proposal(seq) => write!(f, "proposal/{seq}"),
        }
    }
}

/// What a person did with an alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mark {
    /// Saw it.
    Acknowledged,
    /// Wants to hear of it again then.
    Snoozed {
        /// When.
        until: Moment,
    },
    /// Gave it to somebody.
    Assigned {
        /// To whom.
        to: String,
    },
}

/// A mark that was put on an alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marked {
    /// On which.
    pub subject: AlertSubject,
    /// How bad it was then.
    pub level: u32,
    /// What was done.
    pub mark: Mark,
    /// By whom.
    pub by: String,
    /// When.
    pub at: Moment,
    /// The entry.
    pub seq: Seq,
    /// The entry that voids it.
    pub void: Option<Seq>,
}

/// Where an alert is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AlertState {
    /// It was marked and got worse since.
    Reopened,
    /// Nobody did anything yet.
    Firing,
    /// It was given to somebody.
    Assigned,
    /// Somebody saw it.
    Acknowledged,
    /// It is quiet for a while.
    Snoozed,
    /// It was marked, and what it was about is over.
    Resolved,
}

impl AlertState {
    /// The stable word.
    pub fn word(self) -> &'static str {
        match self {
            AlertState::Reopened => "reopened",
            AlertState::Firing => "firing",
            AlertState::Assigned => "assigned",
            AlertState::Acknowledged => "acknowledged",
            AlertState::Snoozed => "snoozed",
            AlertState::Resolved => "resolved",
        }
    }

    /// Whether it asks for somebody.
    pub fn is_loud(self) -> bool {
        matches!(self, AlertState::Reopened | AlertState::Firing)
    }
}

/// An alert as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    /// Whose.
    pub provider: ProviderId,
    /// What it is about.
    pub subject: AlertSubject,
    /// How bad it is; it is reopened when this rises. The mark that a score reached; the points or the measure of a
    /// finding; how many statuses are missing, fen are short, outlets left or are dormant; 2 when overdue; else 1.
    pub level: u32,
    /// How loud it is among others: the mark for a score; 2 when somebody has to decide or something is overdue; else 1.
    pub urgency: u32,
    /// The clause.
    pub clause: String,
    /// The sentence that says it, and its arguments.
    pub says: (&'static str, Vec<(&'static str, String)>),
    /// Since when, or when it is due.
    pub moment: Option<Moment>,
    /// Where it is in its life.
    pub state: AlertState,
    /// The mark on it.
    pub marked: Option<Box<Marked>>,
}

impl Alert {
    /// Its name, which is typed to mark it: the provider, then the subject, such as `P0001/score/2011`.
    pub fn id(&self) -> String {
        format!("{}/{}", self.provider, self.subject)
    }
}

/// What alerts of a provider are derived from.
pub struct Watched<'a> {
    /// The provider.
    pub provider: &'a ProviderId,
    /// The score of each year that has one, this year's and earlier ones.
    pub scores: &'a [(Year, Score)],
    /// What its records come to.
    pub dossier: &'a Dossier,
    /// Its rectifications, and the years at 100 (3.1, 3.2).
    pub cases: &'a Cases,
    /// What is due.
    pub obligations: &'a [(Seq, Obligation)],
    /// What was found.
    pub findings: &'a [Finding],
    /// Conferences that failed and are charged by a line that stands.
    pub charged: &'a [Seq],
    /// Its last reported month: what it comes to, by which rule.
    pub last_month: Option<(Month, Dormancy, DormantRule)>,
    /// Its outlets on record that have nobody who serves.
    pub unstaffed: u32,
    /// What people did.
    pub marked: &'a [Marked],
    /// Lines that wait for a second person.
    pub waiting: &'a [Waiting],
}

/// The alerts of a provider at a moment, the loudest first.
pub fn alerts(of: &Watched<'_>, cx: Context<'_>) -> Vec<Alert> {
    // Few have more: a list that grows is copied.
    let mut all = Alerts { of, cx, list: Vec::with_capacity(8) };
    all.scores();
    all.obligations();
    all.findings();
    all.dossier();
    all.near();
    let mut list = all.list;
    let gone = of.marked.iter().filter(|m| !list.iter().any(|a| a.subject == m.subject));
    let resolved = gone.map(|m| Alert {
        provider: of.provider.clone(),
        subject: m.subject.clone(),
        level: 0,
        urgency: 0,
        clause: String::new(),
        says: ("alert-resolved", vec![("subject", m.subject.to_string())]),
        moment: Some(m.at),
        state: AlertState::Resolved,
        marked: Some(Box::new(m.clone())),
    });
    let resolved: Vec<Alert> = resolved.collect();
    list.extend(resolved);
    list.sort_by(|a, b| (a.state, b.urgency, a.moment, &a.subject).cmp(&(b.state, a.urgency, b.moment, &b.subject)));
    list
}

/// How bad a finding is that waits for a decision: its points where they are counted out, else how much was too much
/// or too little; one event is one.
pub fn size(finding: &Finding) -> u32 {
    let size = match finding.measured {
        Measured::Dormant(_) => finding.points.0,
        Measured::Missed { need, have, .. } => need.saturating_sub(have),
        Measured::Conference { invited, signed, .. } => invited.saturating_sub(signed),
        Measured::Share { part, .. } | Measured::LateAndFaulty { part, .. } => part,
        Measured::Late { .. } | Measured::Event => 1,
    };
    size.max(1)
}

/// How much the facts say now of what was decided on others: it grows with the measure.
fn changed(finding: &Finding) -> u32 {
    match &finding.now {
        None => 1,
        Some(Measured::Dormant(held)) => held.dormant().saturating_add(1),
        Some(measured) => size(&Finding { measured: measured.clone(), ..finding.clone() }).saturating_add(1),
    }
}

/// How bad it is that something is due: overdue is worse than soon.
pub fn lateness(obligation: &Obligation, now: Moment) -> u32 {
    if obligation.is_overdue(now) { 2 } else { 1 }
}

struct Alerts<'a, 'b> {
    of: &'a Watched<'a>,
    cx: Context<'b>,
    list: Vec<Alert>,
}

impl<'b> Alerts<'_, 'b> {
    fn fire(
        &mut self,
        subject: AlertSubject,
        ([urgency, level], clause): ([u32; 2], &str),
        says: (&'static str, Vec<(&'static str, String)>),
        moment: Option<Moment>,
    ) {
        let marked = self.of.marked.iter().find(|m| m.subject == subject).cloned().map(Box::new);
        let state = match marked.as_deref() {
            None => AlertState::Firing,
            Some(m) if m.level < level => AlertState::Reopened,
            Some(Marked { mark: Mark::Snoozed { until }, .. }) if *until <= self.cx.now => AlertState::Firing,
            Some(Marked { mark: Mark::Snoozed { .. }, .. }) => AlertState::Snoozed,
            Some(Marked { mark: Mark::Acknowledged, .. }) => AlertState::Acknowledged,
            Some(Marked { mark: Mark::Assigned { .. }, .. }) => AlertState::Assigned,
        };
        let (provider, clause) = (self.of.provider.clone(), clause.to_owned());
        self.list.push(Alert { provider, subject, level, urgency, clause, says, moment, state, marked });
    }

    /// The rules in force today.
    fn rules(&self) -> &'b Rulebook {
        self.cx.rules(self.of.provider, self.cx.now.day())
    }

    /// The highest mark that a year's score reached. The year's end settles nothing (decisions 3 and 10): at 100 a
    /// decision is owed (3.2) until it is made, and a case stays open (3.1) until it is passed.
    fn scores(&mut self) {
        let marks = &self.rules().marks;
        let this_year = self.cx.now.day().year();
        for (year, score) in self.of.scores.iter().copied() {
            let past = year < this_year;
            let (owed, open) = ("alert-past-terminable", "alert-past-suspended");
            let settled = self.of.cases.owed(self.of.dossier).all(|(of, ..)| of != year);
            let terminable_says = match settled {
                true => "alert-score-decided",
                false if past => owed,
                false => "alert-score-terminable",
            };
            let goes_on = |standing: Standing| match past {
                false => true,
                true if standing == Standing::Terminable => !settled,
                true => standing >= Standing::Suspended && self.of.cases.open_of(year),
            };
            let reached = marks.each().rev().find(|(mark, standing)| score >= *mark && goes_on(*standing));
            let Some((mark, standing)) = reached else { continue };
            let (clause, key) = match standing {
                Standing::Terminable => ("3.2", terminable_says),
                Standing::Critical | Standing::Suspended if past => ("3.1", open),
                Standing::Critical => ("3.2", "alert-score-critical"),
                Standing::Suspended => ("3.1", "alert-score-suspended"),
                Standing::Watch | Standing::Good => ("3.1", "alert-score-watch"),
            };
            let says = (key, vec![("year", year.to_string()), ("score", score.to_string())]);
            self.fire(AlertSubject::Score(year), ([mark.0; 2], clause), says, None);
        }
    }

    /// What is due within the next working days, or was. Where a finding says it, the finding is enough.
    fn obligations(&mut self) {
        let soon = self.cx.calendar.add(self.cx.now.day(), self.rules().due_soon).map(|count| count.end());
        for (seq, o) in self.of.obligations {
            let overdue = o.is_overdue(self.cx.now);
            if o.kind.is_plan() || overdue && o.kind.missed(*seq).is_some() || soon.is_ok_and(|soon| o.due > soon) {
                continue;
            }
            let key = if overdue { "alert-overdue" } else { "alert-due-soon" };
            let args = vec![
                ("obligation", o.kind.word().to_owned()),
                ("about", o.about.to_string()),
                ("due", crate::time::show_moment(o.due)),
            ];
            let level = lateness(o, self.cx.now);
            self.fire(AlertSubject::Due(*seq, o.kind), ([level; 2], o.kind.clause()), (key, args), Some(o.due));
        }
    }

    fn findings(&mut self) {
        for finding in self.of.findings.iter().filter(|f| f.state == FindingState::Open) {
            let subject = finding.id.subject;
            let clause = self.rules().article(subject.article()).map(|a| a.clause.clone()).unwrap_or_default();
            let moment = match finding.measured {
                Measured::Missed { due, .. } | Measured::Late { due, .. } => Some(due),
                _ => Some(Moment::start_of(finding.occurred_on)),
            };
            let says = ("alert-finding", self.about(finding));
            self.fire(AlertSubject::Finding(subject), ([2, size(finding)], &clause), says, moment);
        }
        for finding in self.of.findings.iter().filter(|f| f.has_changed()) {
            let subject = finding.id.subject;
            let (was, is) = finding.before_and_after();
            let mut args = self.about(finding);
            args.extend([("was", was), ("is", is)]);
            self.fire(
                AlertSubject::Changed(subject),
                ([2, changed(finding)], "decision 12"),
                ("alert-changed", args),
                None,
            );
        }
    }

    /// What a finding is about: its article, its number, and what a person knows it by.
    fn about(&self, finding: &Finding) -> Vec<(&'static str, String)> {
        let (subject, known) = (finding.id.subject, finding.about(self.of.dossier));
        vec![("article", subject.article().to_owned()), ("subject", subject.to_string()), ("known", known)]
    }

    fn dossier(&mut self) {
        let dossier = self.of.dossier;
        let current = &self.rules().edition;
        if dossier.stage() != AdmissionStage::None && !dossier.accepts(current) {
            let says = ("alert-acceptance", vec![("edition", current.clone())]);
            self.fire(AlertSubject::Edition(current.clone()), ([1, 1], "4.4(2)"), says, None);
        }
        let short = dossier.shortfall(self.rules().measures.deposit);
        let owed = dossier.money.owed();
        if short > Fen(0) || owed > Fen(0) {
            let level = count(short.0.saturating_add(owed.0));
            let says = match owed {
                Fen(0) => ("alert-deposit", vec![("short", short.to_string())]),
                _ => ("alert-deposit-owed", vec![("short", short.to_string()), ("owed", owed.to_string())]),
            };
            self.fire(AlertSubject::Deposit, ([1, level], "1.2(8)"), says, None);
        }
        for (month, orders, with) in &dossier.unreported {
            let args = vec![("month", month.to_string()), ("with", with.to_string()), ("orders", orders.to_string())];
            let (level, says) = (count(orders.saturating_sub(*with)), ("alert-final-status", args));
            self.fire(AlertSubject::FinalStatus(*month), ([1, level], "1.3(5)"), says, None);
        }
        for (seq, outlet) in &dossier.claims {
            let says = ("alert-claim", vec![("outlet", outlet.to_string()), ("seq", seq.to_string())]);
            self.fire(AlertSubject::Claim(*seq), ([1, 1], "2.2.4(2)"), says, None);
        }
        for (seq, outlet) in &dossier.corrections {
            let says = ("alert-correction", vec![("outlet", outlet.to_string()), ("seq", seq.to_string())]);
            self.fire(AlertSubject::Correction(*seq), ([1, 1], "1.4.4(3)"), says, None);
        }
        for late in &dossier.late_answers {
            let (due, at) = (show_moment(late.due), show_moment(late.at));
            let says = ("alert-late-answer", vec![("outlet", late.outlet.to_string()), ("due", due), ("at", at)]);
            self.fire(AlertSubject::LateAnswer(late.request), ([1, 1], "2.2.2"), says, Some(late.at));
        }
        if self.of.unstaffed > 0 {
            let says = ("alert-staff", vec![("count", self.of.unstaffed.to_string())]);
            self.fire(AlertSubject::Staff, ([1, self.of.unstaffed], "1.4.2(3)"), says, None);
        }
        for o in dossier.objections.iter().filter(|o| o.answered.is_none()) {
            let says = ("alert-objection", vec![("against", o.against.to_string()), ("on", o.on.to_string())]);
            self.fire(AlertSubject::Objection(o.seq), ([1, 1], "decision 27"), says, None);
        }
        for w in self.of.waiting {
            let (points, by) = (w.proposed.deduction.points.to_string(), w.by.clone());
            let says = ("alert-proposal", vec![("seq", w.entry.to_string()), ("points", points), ("by", by)]);
            self.fire(AlertSubject::Proposal(w.entry), ([1, 1], "decision 28"), says, Some(w.at));
        }
        self.failed_again();
        self.cases();
        self.exit();
    }

    /// One step from a breach.
    fn near(&mut self) {
        if let Some((month, held, rule)) = self.of.last_month {
            let one = |more: Dormancy| more.points(rule) > Points(0);
            let near = held.points(rule) == Points(0)
                && held.tested > 0
                && (one(Dormancy { low: held.low + 1, ..held }) || one(Dormancy { zero: held.zero + 1, ..held }));
            if near && (held.low > 0 || held.zero > 0) {
                let says = ("alert-near-dormant", vec![("month", month.to_string())]);
                self.fire(AlertSubject::NearDormant(month), ([1, held.dormant()], "2.2.3(3)"), says, None);
            }
        }
        let percent = self.rules().measures.attrition_percent;
        let over = |t: &Territory, left: u32| share(left, t.plan.0, percent).is_gt();
        for t in self.of.dossier.territories.iter().filter(|t| t.left_early > 0) {
            if !over(t, t.left_early) && over(t, t.left_early + 1) {
                let (left, plan) = (t.left_early.to_string(), t.plan.0.to_string());
                let args = vec![("city", t.city.clone()), ("left", left), ("plan", plan)];
                let says = ("alert-near-attrition", args);
                self.fire(AlertSubject::NearAttrition(t.seq), ([1, t.left_early], "2.2.3(1)"), says, None);
            }
        }
    }
}

/// A number that is perhaps larger than what levels hold.
fn count(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// A mark on an alert that there is, as bad as it is now.
pub(super) fn mark(
    on_record: &mut dyn OnRecord,
    (provider, subject): (&ProviderId, &AlertSubject),
    mark: &Mark,
    cx: Context<'_>,
) -> Result<Event, Refusal> {
    if !on_record.has_provider(provider) {
        return Err(Refusal::UnknownProvider { provider: provider.clone() });
    }
    let there = on_record.alerts(provider, cx).into_iter().find(|a| a.subject == *subject);
    let Some(alert) = there.filter(|a| a.state != AlertState::Resolved) else {
        return Err(Refusal::UnknownAlert { alert: format!("{provider}/{subject}") });
    };
    let mark = match mark {
        Mark::Acknowledged => Mark::Acknowledged,
        Mark::Snoozed { until } if *until <= cx.now => return Err(Refusal::NotInTheFuture { at: *until, now: cx.now }),
        Mark::Snoozed { until } => Mark::Snoozed { until: *until },
        Mark::Assigned { to } => Mark::Assigned { to: required("to", to, NAME_MAX)? },
    };
    Ok(Event::AlertMarked { provider: provider.clone(), subject: subject.clone(), level: alert.level, mark })
}
