//! What an outlet asks of its provider, and by when the provider answers: a help request (2.2.2), an exit
//! application (2.2.4(1)).

use super::{Context, Event, Facts, NOTE_MAX, Refusal, text};
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

    /// The clause that sets the time.
    pub fn clause(self) -> &'static str {
        match self {
            RequestKind::Help => "2.2.2",
            RequestKind::Exit => "2.2.4(1)",
        }
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
    /// Working hours for help, working days for an exit: the limit in force when it was asked (4.4(1)).
    pub limit: u8,
    /// The last second in which the answer is in time.
    pub due: Moment,
    /// Version of the calendar that it was counted by.
    pub calendar: String,
    /// What about.
    pub note: Option<String>,
}

/// An outlet asks; an answer is due by the calendar.
pub(super) fn open(
    facts: &mut dyn Facts,
    outlet: &OutletId,
    kind: RequestKind,
    (at, note): (Option<Moment>, Option<&str>),
    cx: Context<'_>,
) -> Result<Event, Refusal> {
    let owner = facts.owner(outlet);
    let provider = owner.ok_or_else(|| Refusal::UnknownOutlet { outlet: outlet.clone() })?;
    let asked = not_in_the_future(at, cx)?;
    if kind == RequestKind::Exit
        && let Some(request) = facts.open_exit(&provider, outlet)
    {
        return Err(Refusal::ExitOpen { outlet: outlet.clone(), request });
    }
    let answers = cx.rulebook.answers;
    let too_far = |_| Refusal::TooFar { from: asked };
    let (limit, due) = match kind {
        // Decision 2: the clock runs all of each working day; the answer may come in its last second.
        RequestKind::Help => {
            let hours = answers.help_hours;
            (hours, cx.calendar.add_hours(asked, u32::from(hours)).map_err(too_far)?.due)
        }
        // Decision 1: the day itself is not counted, due at the end of the last.
        RequestKind::Exit => {
            let days = answers.exit_days;
            (days, cx.calendar.add(asked.day(), u32::from(days)).map_err(too_far)?.end())
        }
    };
    Ok(Event::RequestOpened(Request {
        outlet: outlet.clone(),
        provider,
        kind,
        asked,
        limit,
        due,
        calendar: cx.calendar.version.clone(),
        note: text("note", note, NOTE_MAX, true)?,
    }))
}

/// The provider answers, in time or late.
pub(super) fn answer(
    facts: &mut dyn Facts,
    request: Seq,
    (at, note): (Option<Moment>, Option<&str>),
    cx: Context<'_>,
) -> Result<Event, Refusal> {
    let open = facts.open_request(request).ok_or(Refusal::UnknownRequest { request })?;
    let at = not_in_the_future(at, cx)?;
    if at < open.asked {
        return Err(Refusal::AnswerBeforeRequest { at, asked: open.asked });
    }
    Ok(Event::RequestAnswered { request, provider: open.provider, at, note: text("note", note, NOTE_MAX, true)? })
}

/// Decision 9, for moments.
fn not_in_the_future(at: Option<Moment>, cx: Context<'_>) -> Result<Moment, Refusal> {
    match at {
        Some(at) if at > cx.now => Err(Refusal::FutureMoment { at, now: cx.now }),
        at => Ok(at.unwrap_or(cx.now)),
    }
}
