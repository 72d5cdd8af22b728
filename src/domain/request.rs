//! What an outlet asks of its provider, and by when the provider answers: a help request (2.2.2), an exit
//! application (2.2.4(1)).

use super::life::OutletStage;
use super::obligation::{About, Obligation, ObligationKind};
use super::state::State;
use super::{Context, Event, NOTE_MAX, OnRecord, Refusal, correction, text};
use crate::calendar::Term;
use crate::ids::{OutletId, ProviderId, Seq};
use crate::time::Moment;
use serde::{Deserialize, Serialize};

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RequestKind {
    /// Help; the first response counts (2.2.2).
    Help,
    /// To leave (2.2.4(1)).
    Exit,
}

impl RequestKind {
    /// Both.
    pub const ALL: [RequestKind; 2] = [RequestKind::Help, RequestKind::Exit];

    /// The stable word in files and JSON.
    pub fn word(self) -> &'static str {
        match self {
            RequestKind::Help => "help",
            RequestKind::Exit => "exit",
        }
    }

    /// What is due when it is asked.
    pub fn obligation(self) -> ObligationKind {
        match self {
            RequestKind::Help => ObligationKind::HelpAnswer,
            RequestKind::Exit => ObligationKind::ExitAnswer,
        }
    }

    /// The clause that sets the time.
    pub fn clause(self) -> &'static str {
        self.obligation().clause()
    }
}

/// Reads `help` or `exit`.
impl std::str::FromStr for RequestKind {
    type Err = String;
    fn from_str(word: &str) -> Result<Self, String> {
        let known = RequestKind::ALL.into_iter().find(|k| k.word() == word);
        known.ok_or_else(|| format!("{word:?} is neither help nor exit"))
    }
}

/// A request, with the moment that its answer is due and how that was counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// The outlet that asks.
    pub outlet: OutletId,
    /// Whose it is to answer.
    pub provider: ProviderId,
    /// What is asked for.
    pub kind: RequestKind,
    /// When it was asked.
    pub asked: Moment,
    /// The limit in force when it was asked (4.4(1)).
    pub term: Term,
    /// The last second in which the answer is in time.
    pub due: Moment,
    /// Version of the calendar that it was counted by.
    pub calendar: String,
    /// What about.
    pub note: Option<String>,
}

impl Request {
    /// What is due: the answer, and of an exit, within the same time, its evidence (2.2.4(1)).
    pub fn obligations(&self) -> Vec<Obligation> {
        let evidence = || Obligation { kind: ObligationKind::ExitEvidence, ..self.obligation() };
        let evidence = (self.kind == RequestKind::Exit).then(evidence);
        std::iter::once(self.obligation()).chain(evidence).collect()
    }

    /// The answer that is due.
    pub fn obligation(&self) -> Obligation {
        Obligation {
            kind: self.kind.obligation(),
            about: About::Outlet(self.outlet.clone()),
            start: self.asked,
            term: self.term,
            due: self.due,
            calendar: self.calendar.clone(),
            need: 0,
            have: 0,
        }
    }
}

/// Whether an outlet may ask: it may apply to leave once, where it is in service or signed.
pub(super) fn may_ask(state: &State, kind: RequestKind, outlet: &OutletId) -> Result<(), Refusal> {
    let stage = state.stage(outlet)?;
    if kind == RequestKind::Help {
        return Ok(());
    }
    if let Some(request) = state.open_exit(outlet) {
        return Err(Refusal::ExitOpen { outlet: outlet.clone(), request });
    }
    let may = &[OutletStage::Signed, OutletStage::Open, OutletStage::Suspended, OutletStage::Exiting];
    if may.contains(&stage) { Ok(()) } else { Err(Refusal::WrongStage { outlet: outlet.clone(), stage, may }) }
}

/// An outlet asks; an answer is due by the calendar, of the provider that it had then (decision 15).
pub(super) fn open(
    on_record: &mut dyn OnRecord,
    outlet: &OutletId,
    kind: RequestKind,
    (at, note): (Option<Moment>, Option<&str>),
    cx: Context<'_>,
) -> Result<Event, Refusal> {
    let asked = not_in_the_future(at, cx)?;
    let owner = on_record.owner_on(outlet, asked.day());
    let provider = owner.ok_or_else(|| super::outlet::unknown(on_record, outlet))?;
    let state = on_record.state(&provider, std::slice::from_ref(outlet));
    may_ask(&state, kind, outlet).map_err(|refusal| super::outlet::by_day(on_record, refusal, asked.day()))?;
    let due = Obligation::begin((kind.obligation(), About::Outlet(outlet.clone())), asked, (&provider, cx))?;
    Ok(Event::RequestOpened(Request {
        outlet: outlet.clone(),
        provider,
        kind,
        asked,
        term: due.term,
        due: due.due,
        calendar: due.calendar,
        note: text("note", note, NOTE_MAX, true)?,
    }))
}

/// The provider answers, in time or late.
pub(super) fn answer(
    on_record: &mut dyn OnRecord,
    request: Seq,
    (at, note): (Option<Moment>, Option<&str>),
    cx: Context<'_>,
) -> Result<Event, Refusal> {
    let request = correction::known(&mut |seq| on_record.entry(seq), request);
    let unknown = || Refusal::UnknownRequest { request };
    let Some(Event::RequestOpened(first)) = on_record.entry(request) else { return Err(unknown()) };
    let at = not_in_the_future(at, cx)?;
    let (mut provider, mut asked) = (first.provider, first.asked);
    let mut due = on_record.state(&provider, &[]).answer_of(request).map(|o| o.start);
    // One that was put right may be of another outlet, and so another provider's.
    if due.is_none()
        && let Some((_, Event::RequestOpened(right))) = correction::standing(on_record, request)
    {
        (provider, asked) = (right.provider, right.asked);
        due = on_record.state(&provider, &[]).answer_of(request).map(|o| o.start);
    }
    let asked = due.unwrap_or(asked);
    if at < asked {
        return Err(Refusal::AnswerBeforeRequest { at, asked });
    }
    due.ok_or_else(unknown)?;
    Ok(Event::RequestAnswered { request, provider, at, note: text("note", note, NOTE_MAX, true)? })
}

/// Decision 9, for moments.
fn not_in_the_future(at: Option<Moment>, cx: Context<'_>) -> Result<Moment, Refusal> {
    match at {
        Some(at) if at > cx.now => Err(Refusal::FutureMoment { at, now: cx.now }),
        at => Ok(at.unwrap_or(cx.now)),
    }
}
