//! A line that takes a second person (decision 28): where a rulebook asks for one from a number of points on, such a line
//! is proposed and counts nothing until another person confirms it. What is proposed is judged again then: it becomes a
//! line as if it had been asked for at that moment.

use super::{
    Command, Context, Deduction, Event, FindingId, LineSubject, OnRecord, Refusal, Unlawful, deduct, finding,
    reason_of, text,
};
use crate::ids::{ProviderId, Seq};
use crate::rulebook::ArticleKind;
use crate::time::Moment;
use serde::{Deserialize, Serialize};

/// A line that is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposed {
    /// The line, as it was asked for.
    pub deduction: Deduction,
    /// Whether what it lacks of its article's needs cannot be added later.
    pub strict: bool,
    /// The finding that it would be made of.
    pub finding: Option<FindingId>,
}

/// A line that waits for a second person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// The entry that proposed it.
    pub entry: Seq,
    /// When.
    pub at: Moment,
    /// Who proposed it: somebody else confirms it.
    pub by: String,
    /// What.
    pub proposed: Proposed,
}

/// What a command comes to: the line that it asks for, or its proposal where the rulebook of the day asks for a second
/// person.
pub(super) fn held(command: &Command, event: Event, cx: Context<'_>) -> Result<Event, Refusal> {
    let Some((line, law)) = event.deduction() else { return Ok(event) };
    let from = cx.rules(&line.provider, line.occurred_on).second_person_from;
    // What comes with the outcome of a rectification is decided with that outcome.
    let of_outcome = matches!(line.subject, Some(LineSubject::Rectification(_)));
    if law.kind == ArticleKind::Credit || of_outcome || from.is_none_or(|from| line.points < from) {
        return Ok(event);
    }
    let (subject, note, finding) = match command {
        Command::Deduct(asked) | Command::TakeIn(asked) => (asked.subject.clone(), line.note.clone(), None),
        Command::ConfirmFinding { finding, note, .. } => {
            (None, text("note", note.as_deref(), super::NOTE_MAX, true)?, Some(finding.clone()))
        }
        _ => return Ok(event),
    };
    let strict = matches!(command, Command::Deduct(_));
    let deduction = Deduction { subject, note, ..line.clone() };
    Ok(Event::LineProposed(Proposed { deduction, strict, finding }))
}

/// Decides a confirmation, by somebody else than who proposed the line.
pub(super) fn confirm(on_record: &mut dyn OnRecord, entry: Seq, cx: Context<'_>) -> Result<Event, Refusal> {
    let waiting = waiting(on_record, entry)?;
    if waiting.by == cx.who {
        return Err(Refusal::Unlawful(Unlawful::SamePerson { who: waiting.by, proposal: entry }));
    }
    let Proposed { deduction, strict, finding } = waiting.proposed;
    let mut event = match &finding {
        Some(id) => finding::confirm(on_record, id, Some(deduction.points), deduction.note.as_deref(), cx)?,
        None => deduct(on_record, &deduction, strict, cx)?,
    };
    if let Event::Deducted { law, .. } | Event::FindingConfirmed { law, .. } = &mut event {
        law.proposed = Some(entry);
    }
    Ok(event)
}

/// Decides a void of a proposal that waits. Nothing where the entry is none.
pub(super) fn withdraw(on_record: &mut dyn OnRecord, entry: Seq, reason: &str) -> Option<Result<Event, Refusal>> {
    let Event::LineProposed(Proposed { deduction, .. }) = on_record.entry(entry)? else { return None };
    let decided = || {
        waiting(on_record, entry)?;
        Ok(Event::ProposalWithdrawn { proposal: entry, provider: deduction.provider, reason: reason_of(reason)? })
    };
    Some(decided())
}

fn waiting(on_record: &mut dyn OnRecord, entry: Seq) -> Result<Waiting, Refusal> {
    let Some(Event::LineProposed(proposed)) = on_record.entry(entry) else {
        return Err(Refusal::UnknownEntry { what: "proposal", seq: entry });
    };
    let of: ProviderId = proposed.deduction.provider;
    let waits = on_record.proposals(&of).into_iter().find(|waiting| waiting.entry == entry);
    waits.ok_or(Refusal::Unlawful(Unlawful::NotWaiting { proposal: entry }))
}
