//! Entries that bring another, which stands right behind them in the same block: an answer that upholds an objection with
//! what it does (decision 21), the outcome of a rectification's plan with its line (3.1(3), 3.1(4)). Both go and come back
//! together, and neither by itself. An audit takes its lines with it too; each of them may go by itself.

use super::{Act, Event, Filed, OnRecord, Refusal};
use crate::domain::audit::Audit;
use crate::domain::{Command, Deduction, Fact, LineSubject, objection, rectification};
use crate::ids::Seq;
use crate::time::Day;
use std::sync::Arc;

/// What an entry brings.
pub fn brought(on_record: &mut dyn OnRecord, event: &Event, entry: Seq) -> Option<Command> {
    objection::follows(on_record, event).or_else(|| rectification::follows(event, entry))
}

/// Whether a fact brings another entry, which stands behind it.
pub(super) fn brings(filed: &Filed) -> bool {
    matches!(&filed.act, Act::Happened(h) if h.fact.brings())
}

/// What entries brought and what still stands of it, which goes with them: reversals and lines with their days, and
/// dismissals.
pub(super) fn done_by(on_record: &mut dyn OnRecord, filed: &[Arc<Filed>], entries: &[Seq]) -> Vec<(Seq, Option<Day>)> {
    let answers = filed.iter().filter(|f| entries.contains(&f.seq) && brings(f));
    let mut done = Vec::new();
    for next in answers.clone().filter(|f| audit(f).is_none()).map(|f| f.seq.next()) {
        match on_record.entry(next) {
            Some(
                Event::Reversed { occurred_on, .. } | Event::Deducted { deduction: Deduction { occurred_on, .. }, .. },
            ) => {
                let stands = on_record.line(next).is_some_and(|(_, line)| line.reversed_by.is_none());
                done.extend(stands.then_some((next, Some(occurred_on))));
            }
            Some(Event::FindingDismissed { .. }) => {
                let stands = filed.iter().any(|f| f.seq == next && f.void.is_none());
                done.extend(stands.then_some((next, None)));
            }
            _ => {}
        }
    }
    let lines = answers.filter_map(|f| audit(f)).flat_map(|(at, audit)| audit.entries(at));
    done.extend(lines.filter_map(|line| stands(on_record, line)));
    done
}

/// The audit that a fact is, and its entry.
fn audit(filed: &Filed) -> Option<(Seq, &Audit)> {
    match &filed.act {
        Act::Happened(h) => match &h.fact {
            Fact::Audit(audit) => Some((filed.seq, audit)),
            _ => None,
        },
        _ => None,
    }
}

/// What is left of a line that an audit brought: itself, or the one in its place, at the same provider. Of one that takes
/// a second person (decision 28), its proposal while that waits, and then the line that it became.
fn stands(on_record: &mut dyn OnRecord, line: Seq) -> Option<(Seq, Option<Day>)> {
    if let Some(Event::LineProposed(proposed)) = on_record.entry(line) {
        if on_record.proposals(&proposed.deduction.provider).iter().any(|waiting| waiting.entry == line) {
            return Some((line, None));
        }
        let became = on_record.confirmed(line, &proposed.deduction)?;
        return stands(on_record, became);
    }
    let of = on_record.entry(line)?.provider().cloned();
    let (now, _) = super::standing(on_record, line)?;
    let (provider, line) = on_record.line(now)?;
    (of == Some(provider) && line.reversed_by.is_none()).then_some((now, Some(line.occurred_on)))
}

/// Refuses to take away by itself what an entry that stands brought.
pub(super) fn by_itself(on_record: &mut dyn OnRecord, entry: Seq, event: &Event) -> Result<(), Refusal> {
    let of_plan = |d: &Deduction| matches!(d.subject, Some(LineSubject::Rectification(_)));
    match event {
        Event::Reversed { .. } | Event::FindingDismissed { .. } => {}
        Event::Deducted { deduction, .. } if of_plan(deduction) => {}
        _ => return Ok(()),
    }
    let Some(answer) = entry.before() else { return Ok(()) };
    let brings = on_record.entry(answer).is_some_and(|event| event.brings());
    let whose = event.provider().cloned();
    if brings && whose.is_some_and(|id| on_record.void_of(&id, answer).is_none()) {
        return Err(Refusal::StandsAgainst { by: vec![answer] });
    }
    Ok(())
}
