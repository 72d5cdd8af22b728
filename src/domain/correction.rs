//! Corrections (decision 13): an entry of any kind is taken away by a new entry that says why; both stay in the journal,
//! and what follows is counted as if the first had never been typed.
//!
//! **One in the place of another.** To replace is to void and to record, in one block: a `Voided` entry that says
//! `replaced`, and behind it the entry that is right. Others name a record by its number (the conference of a freeze
//! application, the training of a check, the request of an answer, the entry of a finding), so the right one takes over
//! the number with the place: a fact is known by the number of the first entry in whose place it came
//! ([`super::Filed::known`]), and the fold knows no other. What stood on the first stands on the right one, a finding keeps
//! its name and its decision, a mark keeps its alert. Who types the later number means the same record ([`known`]).
//! Whether what stood still stands is judged on the facts with the right one among them, never on those in between
//! ([`takes_over`]). Where the right one is at another provider, nothing may be left that stood on the first.
//!
//! The way back is step by step: a void that made room comes back once what took the room is gone. No number is ever
//! that of two facts that stand.

pub mod along;
mod attrition;
pub mod brought;
mod record;
mod transfer;

use super::life::OutletStep;
use super::state::{Act, Cities, File, Filed, State};
use super::{Event, Fact, OnRecord, Refusal, Subject, needs, reason_of};
use crate::ids::{OutletId, ProviderId, Seq};
use crate::time::Day;
use transfer::next_stand;
pub(super) use transfer::{ends_stand, is_its_own as goes_to_its_own, not_back};

use record::{amendments, is_record, outlet_of, record, restore_record};
use std::borrow::Cow;
use std::sync::Arc;

/// Takes an entry away; or, where it is itself a void, brings back what it took.
pub(super) fn void(on_record: &mut dyn OnRecord, entry: Seq, dependents: bool, reason: &str) -> Result<Event, Refusal> {
    let event = on_record.entry(entry).ok_or(Refusal::UnknownEntry { what: "entry", seq: entry })?;
    let reason = reason_of(reason)?;
    brought::by_itself(on_record, entry, &event)?;
    match event {
        // A line's void is its reversal.
        Event::Deducted { .. } => super::reverse(on_record, entry, &reason),
        Event::Reversed { provider, occurred_on, .. } => {
            let (_, line) = on_record.line(entry).ok_or(Refusal::UnknownLine { line: entry })?;
            if let Some(by) = line.reversed_by {
                return Err(away(on_record, entry, by));
            }
            // A finding that was opened again over its reversed line would be charged beside it; so would a line that
            // has another in its place.
            let line = line.reverses.unwrap_or(entry);
            if let Some(by) = on_record.void_of(&provider, line).or_else(|| in_place(on_record, line)) {
                return Err(Refusal::StandsAgainst { by: vec![by] });
            }
            needs::comes_back(on_record, line)?;
            let (entries, lines) = (vec![entry], vec![(occurred_on, entry)]);
            Ok(Event::Voided { entries, lines, provider, reason, replaced: false, left: None })
        }
        Event::Voided { entries, lines, provider, .. } => {
            if let Some(by) = in_place(on_record, entries.first().copied().unwrap_or(entry)) {
                return Err(Refusal::StandsAgainst { by: vec![by] });
            }
            restore(on_record, (entry, entries), lines, provider, reason)
        }
        event if is_record(&event) => {
            let kind = event.kind();
            let provider = event.provider().cloned().ok_or(Refusal::NotVoidable { entry, kind })?;
            record(on_record, (entry, &event), dependents, provider, reason)
        }
        Event::Supported { .. } => needs::take_back(on_record, entry, &event),
        event => {
            let kind = event.kind();
            let provider = event.provider().cloned().ok_or(Refusal::NotVoidable { entry, kind })?;
            take(on_record, (entry, kind), dependents, provider, reason)
        }
    }
}

/// Takes an entry away, and what stands on it if that is asked for.
fn take(
    on_record: &mut dyn OnRecord,
    (entry, kind): (Seq, &'static str),
    dependents: bool,
    provider: ProviderId,
    reason: String,
) -> Result<Event, Refusal> {
    let file = on_record.file(&provider);
    let (cities, filed) = (&file.cities, &file.facts);
    let there = filed.iter().find(|f| f.seq == entry).ok_or(Refusal::NotVoidable { entry, kind })?;
    if let Some(by) = there.void {
        return Err(away(on_record, entry, by));
    }
    let mut entries = standing_on(cities, filed, entry);
    if let Some(outlet) = brings(there) {
        entries.extend(amendments(on_record, outlet).into_iter().filter(|seq| *seq != entry));
    }
    let done = brought::done_by(on_record, filed, &entries);
    entries.extend(done.iter().map(|(seq, _)| *seq));
    if entries.len() > 1 && !dependents {
        return Err(Refusal::StoodOn { entry, by: entries[1..].to_vec() });
    }
    let mut without = filed.clone();
    without.iter_mut().filter(|f| entries.contains(&f.seq)).for_each(|f| Arc::make_mut(f).void = Some(entry));
    next_stand(on_record, (cities, filed), (cities, &without))?;
    let mut event = gone(on_record, filed, entries.clone(), provider, reason)?;
    transfer::stood_on(on_record, filed, &entries, None)?;
    if let Event::Voided { lines, .. } = &mut event {
        lines.extend(done.into_iter().filter_map(|(seq, on)| Some((on?, seq))));
    }
    Ok(event)
}

/// Takes an entry away for the one that takes its place behind it; whether that one does is asked when it is decided.
pub(super) fn replace(on_record: &mut dyn OnRecord, entry: Seq, reason: &str) -> Result<Event, Refusal> {
    let event = on_record.entry(entry).ok_or(Refusal::UnknownEntry { what: "entry", seq: entry })?;
    let (reason, kind) = (reason_of(reason)?, event.kind());
    let provider = event.provider().cloned().ok_or(Refusal::NotReplaceable { entry, kind })?;
    if let Event::Deducted { deduction, .. } = &event {
        let (_, line) = on_record.line(entry).ok_or(Refusal::UnknownLine { line: entry })?;
        if let Some(by) = line.reversed_by {
            return Err(away(on_record, entry, by));
        }
        let (entries, lines) = (vec![entry], vec![(deduction.occurred_on, entry)]);
        return Ok(Event::Voided { entries, lines, provider, reason, replaced: true, left: None });
    }
    if matches!(event, Event::ProviderAdded(_)) {
        return Err(Refusal::NotReplaceable { entry, kind });
    }
    if is_record(&event) {
        return match record(on_record, (entry, &event), false, provider, reason)? {
            Event::Voided { entries, lines, provider, reason, left, .. } => {
                Ok(Event::Voided { entries, lines, provider, reason, replaced: true, left })
            }
            other => Ok(other),
        };
    }
    let file = on_record.file(&provider);
    let filed = &file.facts;
    let typed = |f: &&Arc<Filed>| {
        !matches!(f.act, Act::Moved { .. } | Act::There { .. } | Act::Arrived { .. } | Act::EndedElsewhere { .. })
    };
    let there = filed.iter().find(|f| f.seq == entry).filter(typed);
    let there = there.filter(|f| !brought::brings(f)).ok_or(Refusal::NotReplaceable { entry, kind })?;
    if let Some(by) = there.void {
        return Err(away(on_record, entry, by));
    }
    if let Some(outlet) = brings(there) {
        // A candidate's record was corrected since: what is right of both is for the person to say.
        let mut by = amendments(on_record, outlet);
        by.retain(|seq| *seq != entry);
        if !by.is_empty() {
            return Err(Refusal::StandsAgainst { by });
        }
    }
    match gone(on_record, filed, vec![entry], provider, reason)? {
        Event::Voided { entries, lines, provider, reason, .. } => {
            Ok(Event::Voided { entries, lines, provider, reason, replaced: true, left: None })
        }
        other => Ok(other),
    }
}

/// The entry that takes entries away, with their lines.
fn gone(
    on_record: &mut dyn OnRecord,
    filed: &[Arc<Filed>],
    entries: Vec<Seq>,
    provider: ProviderId,
    reason: String,
) -> Result<Event, Refusal> {
    transfer::goes(on_record, filed, &entries)?;
    // Lines and reports that name an outlet are put right first: they are no facts, and would name nothing.
    let outlets = filed.iter().filter(|f| entries.contains(&f.seq)).filter_map(|f| brings(f));
    let mut by: Vec<Seq> = outlets.flat_map(|outlet| on_record.naming(&provider, outlet)).collect();
    by.retain(|seq| !entries.contains(seq));
    if !by.is_empty() {
        return Err(Refusal::StandsAgainst { by });
    }
    // A line that is reversed already keeps its reversal.
    let mut lines = lines(filed, &entries);
    lines.retain(|(_, line)| on_record.line(*line).is_some_and(|(_, line)| line.reversed_by.is_none()));
    Ok(Event::Voided { entries, lines, provider, reason, replaced: false, left: None })
}

/// The outlet that a fact puts on record.
fn brings(filed: &Filed) -> Option<&OutletId> {
    match &filed.act {
        Act::There { outlet, .. } => Some(outlet),
        Act::Happened(h) => match &h.fact {
            Fact::Outlet(outlet, OutletStep::Proposed { .. }) => Some(outlet),
            _ => None,
        },
        _ => None,
    }
}

impl Event {
    /// The entry whose place the next one takes.
    pub fn makes_room(&self) -> Option<Seq> {
        match self {
            Event::Voided { entries, replaced: true, .. } => entries.first().copied(),
            _ => None,
        }
    }
}

/// Why an entry that is away is not taken away: where another is in its place, that is the one to correct.
fn away(on_record: &mut dyn OnRecord, entry: Seq, by: Seq) -> Refusal {
    replaced_by(on_record, entry, by).unwrap_or(Refusal::AlreadyVoided { entry, by })
}

/// That another is in the place of an entry, where one is.
pub(super) fn replaced_by(on_record: &mut dyn OnRecord, entry: Seq, by: Seq) -> Option<Refusal> {
    on_record.entry(by).and_then(|event| event.makes_room()).filter(|room| *room == entry)?;
    standing(on_record, entry).map(|(instead, _)| Refusal::AlreadyReplaced { entry, by: instead })
}

/// The number that an entry's record is known by: of one that came in the place of others, the first.
pub fn known(entry: &mut dyn FnMut(Seq) -> Option<Event>, seq: Seq) -> Seq {
    let mut known = seq;
    while let Some(first) = known.before().and_then(&mut *entry).and_then(|event| event.makes_room()) {
        known = first;
    }
    known
}

/// The entry that took an entry away, or reversed the line that it is.
pub fn taken_by(on_record: &mut dyn OnRecord, seq: Seq, event: &Event) -> Option<Seq> {
    if is_record(event) {
        return on_record.spoken(event).into_iter().find(|(other, _)| *other == seq).and_then(|(_, by)| by);
    }
    let void = event.provider().and_then(|provider| on_record.void_of(provider, seq));
    void.or_else(|| on_record.line(seq).and_then(|(_, line)| line.reversed_by))
}

/// The entry that has come into the place of another, the last of those that did; itself where none did.
pub fn standing(on_record: &mut dyn OnRecord, seq: Seq) -> Option<(Seq, Event)> {
    let mut now = seq;
    loop {
        let event = on_record.entry(now)?;
        let by = taken_by(on_record, now, &event);
        match by.filter(|by| on_record.entry(*by).and_then(|event| event.makes_room()) == Some(now)) {
            Some(by) => now = by.next(),
            None => return Some((now, event)),
        }
    }
}

/// What an entry gave back: what a void had taken, or the line of a reversal that was taken away.
pub fn given_back(on_record: &mut dyn OnRecord, by: Seq) -> Vec<Seq> {
    match on_record.entry(by) {
        Some(Event::Restored { entries, .. }) => entries,
        Some(Event::Voided { entries, .. }) => match entries.first().and_then(|seq| on_record.entry(*seq)) {
            Some(Event::Reversed { line, .. }) => vec![line],
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// What stands in the place of an entry that is away.
fn in_place(on_record: &mut dyn OnRecord, entry: Seq) -> Option<Seq> {
    let first = known(&mut |seq| on_record.entry(seq), entry);
    let (now, event) = standing(on_record, first)?;
    let stands = now != entry && taken_by(on_record, now, &event).is_none();
    stands.then_some(now)
}

/// Whether what stood on an entry that was taken away stands on the one in its place; none where that is another's.
pub fn takes_over(
    on_record: &mut dyn OnRecord,
    (cities, filed): (&Cities, &[Arc<Filed>]),
    entry: Seq,
    new: Option<&Filed>,
) -> Result<(), Refusal> {
    let mut cities = Cow::Borrowed(cities);
    // A candidate that makes room is off the record already.
    if let Some(outlet) = on_record.entry(entry).as_ref().and_then(outlet_of) {
        cities.to_mut().entry(outlet.id).or_insert(outlet.city);
    }
    let cities = &*cities;
    let mut rows = filed.to_vec();
    rows.iter_mut().filter(|f| f.seq == entry).for_each(|f| Arc::make_mut(f).void = None);
    transfer::stood_on(on_record, &rows, &[entry], new)?;
    let ((stood, before), was) = (State::fold(cities, &rows), rows.clone());
    rows.retain(|f| f.seq != entry);
    if let Some(new) = new {
        rows.insert(rows.partition_point(|f| f.place() < new.place()), Arc::new(new.clone()));
    }
    let (stands, mut loose) = State::fold(cities, &rows);
    // What a person decided stays decided: where its facts are others now, it says so.
    let decided = |seq: &Seq| filed.iter().any(|f| f.seq == *seq && matches!(f.act, Act::Decided { .. }));
    loose.retain(|seq| !(before.contains(seq) || new.is_some() && decided(seq)));
    loose.extend(attrition::uninvestigated(&stood, &stands, &rows));
    if !loose.is_empty() {
        return Err(Refusal::StandsAgainst { by: loose });
    }
    new.map_or(Ok(()), |new| transfer::in_order(&rows, new))?;
    next_stand(on_record, (cities, &was), (cities, &rows))
}

/// Brings back what a void took, if it stands among what is there now.
fn restore(
    on_record: &mut dyn OnRecord,
    (void, entries): (Seq, Vec<Seq>),
    lines: Vec<(Day, Seq)>,
    provider: ProviderId,
    reason: String,
) -> Result<Event, Refusal> {
    if let Some(first) = entries.first().and_then(|seq| on_record.entry(*seq)).filter(is_record) {
        return restore_record(on_record, (void, entries), &first, provider, reason);
    }
    let File { mut cities, facts: mut filed } = (*on_record.file(&provider)).clone();
    let mut taken = filed.iter().filter(|f| entries.contains(&f.seq)).map(|f| f.void);
    for (_, line) in &lines {
        let by = on_record.line(*line).and_then(|(_, line)| line.reversed_by);
        if by != Some(void) {
            return Err(Refusal::NotVoided { void });
        }
        needs::comes_back(on_record, *line)?;
    }
    if taken.any(|by| by != Some(void)) {
        return Err(Refusal::NotVoided { void });
    }
    transfer::comes_back(on_record, &provider, &filed, (void, &entries))?;
    transfer::stays_away(on_record, &provider, &filed, &entries)?;
    for f in filed.iter().filter(|f| entries.contains(&f.seq)) {
        if let Some((outlet, act)) = f.act.ends_elsewhere() {
            ends_stand(on_record, &provider, &outlet, &Filed { act, void: None, ..Filed::clone(f) })?;
        }
    }
    let mut outlets = filed.iter().filter(|f| entries.contains(&f.seq)).filter_map(|f| brings(f));
    // Its id may be another's by now.
    let taken = |outlet: &&OutletId| on_record.outlet_like(outlet).is_some() || on_record.outlet(outlet).is_some();
    if let Some(outlet) = outlets.find(taken).cloned() {
        return Err(Refusal::OutletExists { outlet, differs: Vec::new() });
    }
    // An outlet that is off the record has no city but that of its entries.
    let back = entries.iter().filter_map(|seq| on_record.entry(*seq)).filter_map(|event| outlet_of(&event));
    cities.extend(back.map(|outlet| (outlet.id, outlet.city)));
    let before = State::fold(&cities, &filed).1;
    let without = filed.clone();
    filed.iter_mut().filter(|f| entries.contains(&f.seq)).for_each(|f| Arc::make_mut(f).void = None);
    next_stand(on_record, (&cities, &without), (&cities, &filed))?;
    let mut loose = loosened(&cities, &filed, &before);
    // What a person decided stays decided: where its facts are others now, it says so. It does not come back to an
    // entry that is away, with nothing in its place.
    let stood = |about: Seq| filed.iter().filter(move |f| f.known() == about);
    let away = |about: Seq| stood(about).next().is_some() && stood(about).all(|f| f.void.is_some());
    let stays = |f: &Filed| match decided_about(f) {
        Some(about) => !away(about),
        None => matches!(f.act, Act::Decided { .. }),
    };
    loose.retain(|seq| !filed.iter().any(|f| f.seq == *seq && stays(f)));
    loose.extend(decided_since(&filed, &entries));
    loose.extend(said_since(&filed, &entries, void));
    loose.extend(known_as(&filed, &entries));
    if loose.is_empty() {
        Ok(Event::Restored { void, entries, lines, provider, reason, left: None })
    } else {
        Err(Refusal::StandsAgainst { by: loose })
    }
}

/// Decisions that were taken anew while those that come back were away: a breach is charged once.
fn decided_since(filed: &[Arc<Filed>], entries: &[Seq]) -> Vec<Seq> {
    let subject = |f: &Filed| match f.act {
        Act::Decided { subject, .. } if f.void.is_none() => Some(subject),
        _ => None,
    };
    let back: Vec<Subject> = filed.iter().filter(|f| entries.contains(&f.seq)).filter_map(|f| subject(f)).collect();
    let others = filed.iter().filter(|f| !entries.contains(&f.seq));
    others.filter(|f| subject(f).is_some_and(|subject| back.contains(&subject))).map(|f| f.seq).collect()
}

/// Those that say the same as what comes back, and were recorded since it was taken away (decision 14): it is there
/// already.
fn said_since(filed: &[Arc<Filed>], entries: &[Seq], void: Seq) -> Vec<Seq> {
    let back: Vec<&Arc<Filed>> = filed.iter().filter(|f| entries.contains(&f.seq)).collect();
    let stand = filed.iter().filter(|f| f.void.is_none() && f.seq > void);
    let same = |f: &Filed| matches!(f.act, Act::Happened(_) | Act::Asked(_)) && back.iter().any(|b| b.act == f.act);
    stand.filter(|f| same(f)).map(|f| f.seq).collect()
}

/// Those that stand under a number that comes back.
fn known_as(filed: &[Arc<Filed>], entries: &[Seq]) -> Vec<Seq> {
    let back: Vec<Seq> = filed.iter().filter(|f| entries.contains(&f.seq)).map(|f| f.known()).collect();
    let others = filed.iter().filter(|f| !entries.contains(&f.seq) && f.void.is_none());
    others.filter(|f| back.contains(&f.known())).map(|f| f.seq).collect()
}

/// The ledger lines that decisions among entries made.
fn lines(filed: &[Arc<Filed>], entries: &[Seq]) -> Vec<(Day, Seq)> {
    let made = filed.iter().filter(|f| entries.contains(&f.seq)).filter_map(|f| match &f.act {
        Act::Decided { line: Some(line), .. } => Some((line.on, f.seq)),
        _ => None,
    });
    made.collect()
}

/// The entry that a decision's finding is about; none of what is no decision, or is one on a month.
fn decided_about(f: &Filed) -> Option<Seq> {
    match f.act {
        Act::Decided { subject: Subject::Exit(about) | Subject::Of(_, about), .. } => Some(about),
        _ => None,
    }
}

/// An entry and those that do not stand without it, the entry first. A decision on its finding stands on it, also
/// where the facts do not say the finding any more.
pub(super) fn standing_on(cities: &Cities, filed: &[Arc<Filed>], entry: Seq) -> Vec<Seq> {
    let mut without = filed.to_vec();
    let (mut gone, mut before) = (vec![entry], None);
    loop {
        without.iter_mut().filter(|f| gone.contains(&f.seq)).for_each(|f| Arc::make_mut(f).void = Some(f.seq));
        // A finding is named by the number that its record is known by.
        let known: Vec<Seq> = without.iter().filter(|f| gone.contains(&f.seq)).map(|f| f.known()).collect();
        // Those before it go on from what they went on from.
        let first = without.iter().position(|f| gone.contains(&f.seq)).unwrap_or(0);
        let mut after = State::before(cities);
        without[..first].iter().filter(|f| f.void.is_none()).for_each(|f| after.apply(f));
        let mut loose = after.go_on(&without[first..]);
        if !loose.is_empty() || attrition::is_charged(&without) {
            let (was, before) = before.get_or_insert_with(|| State::fold(cities, filed));
            loose.retain(|seq| !before.contains(seq));
            loose.extend(attrition::uninvestigated(was, &after, &without));
        }
        let decided = without
            .iter()
            .filter(|f| f.void.is_none() && decided_about(f).is_some_and(|about| known.contains(&about)))
            .map(|f| f.seq);
        loose.extend(decided.filter(|seq| !loose.contains(seq)).collect::<Vec<Seq>>());
        if loose.is_empty() {
            return gone;
        }
        gone.extend(loose);
    }
}

/// What stood before and stands no more.
fn loosened(cities: &Cities, filed: &[Arc<Filed>], before: &[Seq]) -> Vec<Seq> {
    let mut loose = State::fold(cities, filed).1;
    loose.retain(|seq| !before.contains(seq));
    loose
}

/// What stood before and stands no more, but for what a person decided: that stays decided.
fn undone(cities: &Cities, before: &[Arc<Filed>], after: &[Arc<Filed>]) -> Vec<Seq> {
    let mut loose = loosened(cities, after, &State::fold(cities, before).1);
    loose.retain(|seq| !after.iter().any(|f| f.seq == *seq && matches!(f.act, Act::Decided { .. })));
    loose
}

/// Whether a fact takes its place among others: what was typed before it and happened after it still stands, with the
/// next provider of its outlet too.
pub fn takes_its_place(
    on_record: &mut dyn OnRecord,
    provider: &ProviderId,
    (cities, filed): (&Cities, &[Arc<Filed>]),
    new: &Filed,
) -> Result<(), Refusal> {
    stands_among(on_record, provider, (cities, filed), new)?;
    transfer::in_order(filed, new)?;
    let touched = new.act.touches();
    if !filed.iter().any(|f| transfer::handed(f).is_some_and(|(outlet, ..)| touched.contains(outlet))) {
        return Ok(());
    }
    let mut with = filed.to_vec();
    with.insert(filed.partition_point(|f| f.place() < new.place()), Arc::new(new.clone()));
    next_stand(on_record, (cities, filed), (cities, &with))
}

fn stands_among(
    on_record: &mut dyn OnRecord,
    provider: &ProviderId,
    (cities, filed): (&Cities, &[Arc<Filed>]),
    new: &Filed,
) -> Result<(), Refusal> {
    let at = filed.partition_point(|f| f.place() < new.place());
    if at == filed.len() {
        return Ok(());
    }
    // What goes before its place is folded already: it was decided on that.
    let mut with = on_record.state(provider, &[]);
    with.knows(cities);
    with.apply(new);
    let mut loose = with.go_on(&filed[at..]);
    if loose.is_empty() {
        return Ok(());
    }
    let before = on_record.state(provider, &[]).go_on(&filed[at..]);
    // What a person decided stays decided: where its facts are others now, it says so.
    let decided = |seq: &Seq| filed.iter().any(|f| f.seq == *seq && matches!(f.act, Act::Decided { .. }));
    loose.retain(|seq| !before.contains(seq) && !decided(seq));
    match loose.first() {
        None => Ok(()),
        Some(_) => Err(Refusal::StandsAgainst { by: loose }),
    }
}
