//! Notices (通知, 4.3, decision 25): a message about an event, to whom, by which channel; when it was posted, when it
//! entered the recipient's system, and so when it counts as delivered; and what proves it. The figures that it tells are
//! kept as they were when it was sent: its text is made of them, in both languages.

use super::case::Hurdle;
use super::correction;
use super::happening::{Draft, Happening};
use super::rectification::{Outcome, Plan, Planned, cases_of};
use super::state::State;
use super::{Dossier, NAME_MAX, Refusal, required};
use crate::ids::Seq;
use crate::points::Points;
use crate::time::{Day, Moment};
use chrono::Days;
use serde::{Deserialize, Serialize};

/// To whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the words say it")]
pub enum Addressee {
    Provider,
    Expansion,
    ProductSupport,
    Legal,
    Finance,
    CustomerSatisfaction,
}

/// How.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the words say it")]
pub enum Channel {
    RegisteredMail,
    Courier,
    Email,
    SystemMessage,
}

/// What it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the words say it")]
pub enum NoticeEvent {
    Deduction,
    Suspended,
    Plan,
    Passed,
    Failed,
    Decision,
    ExitProposed,
    ExitDone,
    ObjectionAnswered,
}

/// A step of a notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NoticeStep {
    /// It was sent, on its day.
    Sent {
        /// About what.
        event: NoticeEvent,
        /// The entry that it is about, where one has to be named: a line, an objection's answer.
        about: Option<Seq>,
        /// To whom.
        to: Vec<Addressee>,
        /// How.
        channel: Channel,
        /// When it entered the recipient's system, where that is known.
        entered: Option<Moment>,
        /// The figures that it tells, by name.
        says: Vec<(String, String)>,
    },
    /// It entered the recipient's system.
    Entered {
        /// Which.
        notice: Seq,
        /// When.
        at: Moment,
    },
    /// What proves it: the number of a receipt, a file.
    Proved {
        /// Which.
        notice: Seq,
        /// The proof.
        proof: String,
    },
}

/// A notice, as far as it has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// The entry.
    pub seq: Seq,
    /// The day that it was sent.
    pub on: Day,
    /// About what.
    pub event: NoticeEvent,
    /// The entry that it is about.
    pub about: Option<Seq>,
    /// To whom.
    pub to: Vec<Addressee>,
    /// How.
    pub channel: Channel,
    /// When it entered the recipient's system.
    pub entered: Option<Moment>,
    /// What proves it.
    pub proof: Option<String>,
    /// The figures that it tells.
    pub says: Vec<(String, String)>,
}

/// 4.3: days from posting to delivery.
const BY_POST: u64 = 7;

impl Notice {
    /// When it counts as delivered (decision 25): by post at the end of the 7th day after posting, else on entering; none
    /// while that is not known: it is sent, not served.
    pub fn delivered(&self) -> Option<Moment> {
        match self.channel {
            Channel::RegisteredMail | Channel::Courier => {
                self.on.checked_add_days(Days::new(BY_POST)).map(Moment::end_of)
            }
            Channel::Email | Channel::SystemMessage => self.entered,
        }
    }
}

impl Addressee {
    /// All.
    pub const ALL: [Addressee; 6] = [
        Addressee::Provider,
        Addressee::Expansion,
        Addressee::ProductSupport,
        Addressee::Legal,
        Addressee::Finance,
        Addressee::CustomerSatisfaction,
    ];
    /// The five of 3.3(1).
    pub const DEPARTMENTS: [Addressee; 5] = [
        Addressee::Expansion,
        Addressee::ProductSupport,
        Addressee::Legal,
        Addressee::Finance,
        Addressee::CustomerSatisfaction,
    ];

    /// The stable word.
    pub fn word(self) -> &'static str {
        match self {
            Addressee::Provider => "provider",
            Addressee::Expansion => "expansion",
            Addressee::ProductSupport => "product-support",
            Addressee::Legal => "legal",
            Addressee::Finance => "finance",
            Addressee::CustomerSatisfaction => "customer-satisfaction",
        }
    }
}

impl Channel {
    /// All.
    pub const ALL: [Channel; 4] = [Channel::RegisteredMail, Channel::Courier, Channel::Email, Channel::SystemMessage];

    /// The stable word.
    pub fn word(self) -> &'static str {
        match self {
            Channel::RegisteredMail => "registered-mail",
            Channel::Courier => "courier",
            Channel::Email => "email",
            Channel::SystemMessage => "system-message",
        }
    }
}

impl NoticeEvent {
    /// All.
    pub const ALL: [NoticeEvent; 9] = [
        NoticeEvent::Deduction,
        NoticeEvent::Suspended,
        NoticeEvent::Plan,
        NoticeEvent::Passed,
        NoticeEvent::Failed,
        NoticeEvent::Decision,
        NoticeEvent::ExitProposed,
        NoticeEvent::ExitDone,
        NoticeEvent::ObjectionAnswered,
    ];

    /// The stable word.
    pub fn word(self) -> &'static str {
        match self {
            NoticeEvent::Deduction => "deduction",
            NoticeEvent::Suspended => "suspended",
            NoticeEvent::Plan => "plan",
            NoticeEvent::Passed => "passed",
            NoticeEvent::Failed => "failed",
            NoticeEvent::Decision => "decision",
            NoticeEvent::ExitProposed => "exit-proposed",
            NoticeEvent::ExitDone => "exit-done",
            NoticeEvent::ObjectionAnswered => "objection-answered",
        }
    }
}

impl NoticeStep {
    /// The stable word.
    pub fn word(&self) -> &'static str {
        match self {
            NoticeStep::Sent { .. } => "notice-sent",
            NoticeStep::Entered { .. } => "notice-entered",
            NoticeStep::Proved { .. } => "notice-proved",
        }
    }

    /// The notice that it goes on from.
    pub(super) fn goes_on_from(&mut self) -> Option<&mut Seq> {
        match self {
            NoticeStep::Sent { .. } => None,
            NoticeStep::Entered { notice, .. } | NoticeStep::Proved { notice, .. } => Some(notice),
        }
    }
}

/// Whether the facts allow a step.
pub(super) fn allowed(state: &State, step: &NoticeStep, on: Day) -> Result<(), Refusal> {
    let (NoticeStep::Entered { notice: seq, .. } | NoticeStep::Proved { notice: seq, .. }) = step else {
        return Ok(());
    };
    let notice = state.dossier.notices.iter().find(|n| n.seq == *seq);
    let notice = notice.ok_or(Refusal::UnknownEntry { what: "notice", seq: *seq })?;
    if on < notice.on {
        return Err(Refusal::BeforeStart { on, start: notice.on });
    }
    let posted = matches!(notice.channel, Channel::RegisteredMail | Channel::Courier);
    match step {
        NoticeStep::Entered { .. } if posted => Err(Refusal::Case(Hurdle::ByPost { notice: *seq })),
        NoticeStep::Entered { .. } if notice.entered.is_some() => {
            Err(Refusal::StepTaken { step: step.word().to_owned() })
        }
        _ => Ok(()),
    }
}

/// Decides a step.
pub(super) fn decide(draft: &mut Draft<'_, '_>, step: &NoticeStep) -> Result<NoticeStep, Refusal> {
    draft.allowed()?;
    match step {
        NoticeStep::Sent { event, about, to, channel, entered, .. } => {
            if to.is_empty() {
                return Err(Refusal::Missing { field: "recipients" });
            }
            let now = draft.cx.now;
            let start = Moment::start_of(draft.on);
            if let Some(at) = entered {
                entering(*at, start, now)?;
                if matches!(channel, Channel::RegisteredMail | Channel::Courier) {
                    return Err(Refusal::Case(Hurdle::ByPost { notice: Seq(0) }));
                }
            }
            let about = about.map(|seq| correction::known(&mut |seq| draft.on_record.entry(seq), seq));
            let says = says(draft, *event, about)?;
            let (event, to, channel, entered) = (*event, to.clone(), *channel, *entered);
            Ok(NoticeStep::Sent { event, about, to, channel, entered, says })
        }
        NoticeStep::Entered { notice, at } => {
            let sent = draft.state.dossier.notices.iter().find(|n| n.seq == *notice);
            let start = sent.map_or(Moment::start_of(draft.on), |n| Moment::start_of(n.on));
            entering(*at, start, draft.cx.now)?;
            Ok(step.clone())
        }
        NoticeStep::Proved { notice, proof } => {
            Ok(NoticeStep::Proved { notice: *notice, proof: required("proof", proof, NAME_MAX)? })
        }
    }
}

/// Not before it was sent, and not in the future.
fn entering(at: Moment, start: Moment, now: Moment) -> Result<(), Refusal> {
    if at > now {
        return Err(Refusal::FutureMoment { at, now });
    }
    if at < start { Err(Refusal::BeforeStart { on: at.day(), start: start.day() }) } else { Ok(()) }
}

/// What a notice tells, by name.
type Says = Vec<(String, String)>;

fn tell<const N: usize>(figures: [(&str, String); N]) -> Says {
    figures.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// The figures that a notice of an event tells; refused where the event is not on record.
fn says(draft: &mut Draft<'_, '_>, event: NoticeEvent, about: Option<Seq>) -> Result<Says, Refusal> {
    let nothing = || Refusal::Case(Hurdle::NothingToTell { event: event.word() });
    let who = tell([("provider", draft.provider.id.to_string()), ("name", draft.provider.name.clone())]);
    let told = match event {
        NoticeEvent::Deduction => of_line(draft, about.ok_or(Refusal::Missing { field: "about" })?)?,
        NoticeEvent::ObjectionAnswered => {
            let seq = about.ok_or(Refusal::Missing { field: "about" })?;
            let o = draft.state.dossier.objections.iter().find(|o| o.seq == seq);
            let o = o.ok_or(Refusal::UnknownEntry { what: "objection", seq })?;
            let answer = o.answered.as_ref().ok_or_else(nothing)?;
            let outcome = if answer.upheld { "upheld" } else { "rejected" }.to_owned();
            let (against, day) = (o.against.to_string(), answer.on.to_string());
            let reason = answer.reason.clone();
            tell([
                ("objection", seq.to_string()),
                ("against", against),
                ("outcome", outcome),
                ("day", day),
                ("reason", reason),
            ])
        }
        NoticeEvent::Suspended => {
            let opened = cases_of(draft).open().and_then(|case| case.opened).ok_or_else(nothing)?;
            let (day, score) = (opened.on.to_string(), opened.score.to_string());
            tell([("day", day), ("score", score), ("line", opened.line.to_string())])
        }
        _ => of_dossier(&draft.state.dossier, event).ok_or_else(nothing)?,
    };
    Ok([who, told].concat())
}

/// A line, as it counts, and the score with it.
fn of_line(draft: &mut Draft<'_, '_>, seq: Seq) -> Result<Says, Refusal> {
    let id = draft.provider.id.clone();
    let found = draft.on_record.line(seq).filter(|(of, line)| *of == id && line.reversed_by.is_none());
    let (_, line) = found.filter(|(_, line)| line.reverses.is_none()).ok_or(Refusal::UnknownLine { line: seq })?;
    let score = draft.on_record.score(&id, draft.on).to_string();
    let (article, points) = (line.article.to_string(), line.effective.to_string());
    let day = line.occurred_on.to_string();
    Ok(tell([("line", seq.to_string()), ("article", article), ("points", points), ("day", day), ("score", score)]))
}

/// What the dossier says of a case.
fn of_dossier(dossier: &Dossier, event: NoticeEvent) -> Option<Says> {
    let last = dossier.rectifications.last();
    let plan = |planned: &Planned| {
        let Plan { advice, deadline, standard } = planned.plan.clone();
        tell([("advice", advice), ("deadline", deadline.to_string()), ("standard", standard)])
    };
    let outcome = |on: Day, points: Points| tell([("day", on.to_string()), ("points", points.to_string())]);
    match event {
        NoticeEvent::Plan => last.filter(|p| p.outcome.is_none()).map(plan),
        NoticeEvent::Failed => {
            let running = last.filter(|p| p.outcome.is_none())?;
            let (seq, on, of) = dossier.rectifications.iter().rev().nth(1)?.outcome?;
            let points = match of {
                Outcome::Failed(points) => points,
                _ => Points(0),
            };
            (seq == running.seq).then(|| [outcome(on, points), plan(running)].concat())
        }
        NoticeEvent::Passed => match last?.outcome? {
            (_, on, Outcome::Passed(points)) => Some(outcome(on, points)),
            _ => None,
        },
        NoticeEvent::Decision => dossier.terminations.last().map(|d| {
            let outcome = if d.terminate { "terminate" } else { "keep" }.to_owned();
            let (year, day) = (d.year.to_string(), d.on.to_string());
            tell([("year", year), ("outcome", outcome), ("day", day), ("reason", d.reason.clone())])
        }),
        NoticeEvent::ExitProposed => {
            dossier.exit.as_ref().map(|e| tell([("day", e.on.to_string()), ("reason", e.reason.clone())]))
        }
        NoticeEvent::ExitDone => dossier.exit.as_ref()?.frozen.map(|(_, on)| tell([("day", on.to_string())])),
        NoticeEvent::Deduction | NoticeEvent::Suspended | NoticeEvent::ObjectionAnswered => None,
    }
}

/// Takes a step in.
pub(super) fn follow(state: &mut State, seq: Seq, h: &Happening, step: &NoticeStep) {
    let mut known = |of: Seq, change: &dyn Fn(&mut Notice)| {
        state.dossier.notices.iter_mut().filter(|n| n.seq == of).for_each(change);
    };
    match step {
        NoticeStep::Sent { event, about, to, channel, entered, says } => {
            let (event, about, to, channel) = (*event, *about, to.clone(), *channel);
            let (entered, says, on) = (*entered, says.clone(), h.on);
            let notice = Notice { seq, on, event, about, to, channel, entered, proof: None, says };
            state.dossier.notices.push(notice);
        }
        NoticeStep::Entered { notice, at } => known(*notice, &|n| n.entered = Some(*at)),
        NoticeStep::Proved { notice, proof } => known(*notice, &|n| n.proof = Some(proof.clone())),
    }
}
