//! Entries that say how a record is which no fold knows: amendments of providers and outlets, turnover, marks. The last
//! that stands says it; where one goes or comes back, the entry that does so says what is left ([`Left`]).

use super::away;
use crate::domain::life::OutletStep;
use crate::domain::{Event, Fact, Left, OnRecord, Outlet, Refusal, outlet, provider};
use crate::ids::{OutletId, ProviderId, Seq};

/// Whether an entry says how a record of its own is, that no fold knows: the last that stands says it.
pub fn is_record(event: &Event) -> bool {
    matches!(
        event,
        Event::ProviderAdded(_)
            | Event::ProviderAmended(_)
            | Event::OutletAmended(_)
            | Event::TurnoverRecorded { .. }
            | Event::TurnoverAmended { .. }
            | Event::AlertMarked { .. }
    )
}

/// Takes away an entry that says how a record is: the one before it says it then. A month's report goes with what
/// amended it.
pub fn record(
    on_record: &mut dyn OnRecord,
    (entry, event): (Seq, &Event),
    dependents: bool,
    whose: ProviderId,
    reason: String,
) -> Result<Event, Refusal> {
    let spoken = on_record.spoken(event);
    let there = spoken.iter().find(|(seq, _)| *seq == entry);
    if let Some(by) = there.ok_or(Refusal::NotVoidable { entry, kind: event.kind() })?.1 {
        return Err(away(on_record, entry, by));
    }
    let mut entries = vec![entry];
    if let Event::ProviderAdded(_) = event {
        // What is recorded of it goes first: it would be nobody's.
        let by = on_record.has(&whose);
        if !by.is_empty() {
            return Err(Refusal::StandsAgainst { by });
        }
    }
    if let Event::TurnoverRecorded { .. } | Event::ProviderAdded(_) = event {
        entries.extend(spoken.iter().filter(|(seq, by)| *seq > entry && by.is_none()).map(|(seq, _)| *seq));
        if entries.len() > 1 && !dependents {
            return Err(Refusal::StoodOn { entry, by: entries[1..].to_vec() });
        }
    }
    let stand = spoken.into_iter().filter(|(seq, by)| by.is_none() && !entries.contains(seq)).map(|(seq, _)| seq);
    let left = left(on_record, event, stand.max())?;
    Ok(Event::Voided { entries, lines: Vec::new(), provider: whose, reason, replaced: false, left })
}

/// Brings back entries that say how a record is.
pub fn restore_record(
    on_record: &mut dyn OnRecord,
    (void, entries): (Seq, Vec<Seq>),
    event: &Event,
    whose: ProviderId,
    reason: String,
) -> Result<Event, Refusal> {
    let spoken = on_record.spoken(event);
    let taken = |seq: &Seq| spoken.iter().any(|(other, by)| other == seq && *by == Some(void));
    if !entries.iter().all(taken) {
        return Err(Refusal::NotVoided { void });
    }
    let others: Vec<Seq> = spoken.iter().filter(|(_, by)| by.is_none()).map(|(seq, _)| *seq).collect();
    // Its id may be another's by now, but for its case.
    if let Event::ProviderAdded(p) = event
        && let Some(like) = on_record.provider_like(&p.id)
    {
        return Err(Refusal::ProviderCaseTaken { provider: p.id.clone(), like });
    }
    if let (Event::ProviderAdded(_), false) = (event, others.is_empty()) {
        return Err(Refusal::StandsAgainst { by: others });
    }
    // It is of the provider that had the outlet at the month's end (decision 15).
    if let Event::TurnoverRecorded { turnover, .. } | Event::TurnoverAmended { turnover, .. } = event {
        super::transfer::is_its_own(on_record, &whose, (&turnover.outlet, turnover.month.last(), None))?;
    }
    // A month is reported once.
    if let (Event::TurnoverRecorded { .. }, false) = (event, others.is_empty()) {
        return Err(Refusal::StandsAgainst { by: others });
    }
    let stand = spoken.into_iter().map(|(seq, _)| seq).filter(|seq| others.contains(seq) || entries.contains(seq));
    let left = left(on_record, event, stand.max())?;
    Ok(Event::Restored { void, entries, lines: Vec::new(), provider: whose, reason, left })
}

/// What a record is by the last entry that says so.
fn left(on_record: &mut dyn OnRecord, about: &Event, last: Option<Seq>) -> Result<Option<Left>, Refusal> {
    let says = last.and_then(|seq| on_record.entry(seq));
    Ok(match about {
        Event::ProviderAdded(_) if says.is_none() => None,
        Event::ProviderAdded(p) | Event::ProviderAmended(p) => match says {
            Some(Event::ProviderAdded(p) | Event::ProviderAmended(p)) => Some(Left::Provider(p)),
            _ => return Err(provider::unknown(on_record, &p.id)),
        },
        Event::OutletAmended(o) => {
            let outlet = says.and_then(|event| outlet_of(&event));
            let (outlet, owner) =
                outlet.zip(on_record.owner(&o.id)).ok_or_else(|| outlet::unknown(on_record, &o.id))?;
            // It is its provider's of now, whoever had it when that was said.
            Some(Left::Outlet(Outlet { provider: owner, ..outlet }))
        }
        Event::TurnoverRecorded { turnover, .. } | Event::TurnoverAmended { turnover, .. } => {
            let report = says.and_then(|event| match event {
                Event::TurnoverRecorded { turnover, .. } | Event::TurnoverAmended { turnover, .. } => Some(turnover),
                _ => None,
            });
            Some(Left::Turnover { outlet: turnover.outlet.clone(), month: turnover.month, report })
        }
        _ => None,
    })
}

/// The outlet's record that an entry says.
pub fn outlet_of(event: &Event) -> Option<Outlet> {
    match event {
        Event::OutletAdded(o) | Event::OutletAmended(o) => Some(o.clone()),
        Event::Happened(h) => match &h.fact {
            Fact::Outlet(_, OutletStep::Proposed { outlet, .. }) => Some(outlet.clone()),
            _ => None,
        },
        _ => None,
    }
}

/// The entries that say how an outlet's record is, and stand.
pub fn amendments(on_record: &mut dyn OnRecord, outlet: &OutletId) -> Vec<Seq> {
    let Some(record) = on_record.outlet(outlet) else { return Vec::new() };
    let spoken = on_record.spoken(&Event::OutletAmended(record));
    spoken.into_iter().filter(|(_, by)| by.is_none()).map(|(seq, _)| seq).collect()
}
