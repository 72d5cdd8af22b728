//! Corrections (decision 13): an entry of any kind is taken away by a new entry that says why; both stay in the journal,
//! and what follows is counted as if the first had never been typed.

use super::life::{Life, Step};
use super::state::{Act, Cities, Filed, State};
use super::{Event, Fact, Facts, Refusal, Subject, needs, reason_of};
use crate::ids::{OutletId, ProviderId, Seq};
use crate::time::Day;

/// Takes an entry away; or, where it is itself a void, brings back what it took.
pub(super) fn void(facts: &mut dyn Facts, entry: Seq, dependents: bool, reason: &str) -> Result<Event, Refusal> {
    let event = facts.entry(entry).ok_or(Refusal::UnknownEntry { what: "entry", seq: entry })?;
    let reason = reason_of(reason)?;
    match event {
        // A line's void is its reversal.
        Event::Deducted { .. } => super::reverse(facts, entry, &reason),
        Event::Reversed { provider, occurred_on, .. } => {
            let (_, line) = facts.line(entry).ok_or(Refusal::UnknownLine { line: entry })?;
            if let Some(by) = line.reversed_by {
                return Err(Refusal::AlreadyVoided { entry, by });
            }
            // A finding that was opened again over its reversed line would be charged beside it.
            if let Some(by) = line.reverses.and_then(|line| decision_gone(facts, &provider, line)) {
                return Err(Refusal::StandsAgainst { by: vec![by] });
            }
            Ok(Event::Voided { entries: vec![entry], lines: vec![(occurred_on, entry)], provider, reason })
        }
        Event::Supported { .. } => needs::take_back(facts, entry, &event),
        Event::Voided { entries, lines, provider, .. } => restore(facts, (entry, entries), lines, provider, reason),
        event => {
            let kind = event.kind();
            let provider = event.provider().cloned().ok_or(Refusal::NotVoidable { entry, kind })?;
            take(facts, (entry, kind), dependents, provider, reason)
        }
    }
}

/// The entry that took away the decision that made a line.
fn decision_gone(facts: &mut dyn Facts, provider: &ProviderId, line: Seq) -> Option<Seq> {
    facts.file(provider).1.iter().find(|f| f.seq == line).and_then(|f| f.void)
}

/// Takes an entry away, and what stands on it if that is asked for.
fn take(
    facts: &mut dyn Facts,
    (entry, kind): (Seq, &'static str),
    dependents: bool,
    provider: ProviderId,
    reason: String,
) -> Result<Event, Refusal> {
    let (cities, filed) = facts.file(&provider);
    let there = filed.iter().find(|f| f.seq == entry).ok_or(Refusal::NotVoidable { entry, kind })?;
    if let Some(by) = there.void {
        return Err(Refusal::AlreadyVoided { entry, by });
    }
    let entries = standing_on(&cities, &filed, entry);
    if entries.len() > 1 && !dependents {
        return Err(Refusal::StoodOn { entry, by: entries[1..].to_vec() });
    }
    // What brings an outlet, or hands it over, moves records of its own.
    let moves = |f: &&Filed| match &f.act {
        Act::There { .. } | Act::Arrived { .. } => true,
        Act::Happened(h) => matches!(&h.fact, Fact::Outlet(_, Step::Proposed { .. } | Step::Transferred { .. })),
        _ => false,
    };
    if let Some(f) = filed.iter().filter(|f| entries.contains(&f.seq)).find(moves) {
        return Err(Refusal::NotVoidable { entry: f.seq, kind });
    }
    let mut without = filed.clone();
    without.iter_mut().filter(|f| entries.contains(&f.seq)).for_each(|f| f.void = Some(entry));
    next_stand(facts, (&cities, &filed), (&cities, &without))?;
    // A line that is reversed already keeps its reversal.
    let mut lines = lines(&filed, &entries);
    lines.retain(|(_, line)| facts.line(*line).is_some_and(|(_, line)| line.reversed_by.is_none()));
    Ok(Event::Voided { entries, lines, provider, reason })
}

/// Brings back what a void took, if it stands among what is there now.
fn restore(
    facts: &mut dyn Facts,
    (void, entries): (Seq, Vec<Seq>),
    lines: Vec<(Day, Seq)>,
    provider: ProviderId,
    reason: String,
) -> Result<Event, Refusal> {
    let (cities, mut filed) = facts.file(&provider);
    let mut taken = filed.iter().filter(|f| entries.contains(&f.seq)).map(|f| f.void);
    for (_, line) in &lines {
        let by = facts.line(*line).and_then(|(_, line)| line.reversed_by);
        if by != Some(void) {
            return Err(Refusal::NotVoided { void });
        }
    }
    if taken.any(|by| by != Some(void)) {
        return Err(Refusal::NotVoided { void });
    }
    let (before, without) = (State::fold(&cities, &filed).1, filed.clone());
    filed.iter_mut().filter(|f| entries.contains(&f.seq)).for_each(|f| f.void = None);
    next_stand(facts, (&cities, &without), (&cities, &filed))?;
    let mut loose = loosened(&cities, &filed, &before);
    // What a person decided stays decided: where its facts are others now, it says so. It does not come back to an
    // entry that is away.
    let away = |about: Seq| filed.iter().any(|f| f.seq == about && f.void.is_some());
    let stays = |f: &Filed| match decided_about(f) {
        Some(about) => !away(about),
        None => matches!(f.act, Act::Decided { .. }),
    };
    loose.retain(|seq| !filed.iter().any(|f| f.seq == *seq && stays(f)));
    loose.extend(decided_since(&filed, &entries));
    if loose.is_empty() {
        Ok(Event::Restored { void, entries, lines, provider, reason })
    } else {
        Err(Refusal::StandsAgainst { by: loose })
    }
}

/// Decisions that were taken anew while those that come back were away: a breach is charged once.
fn decided_since(filed: &[Filed], entries: &[Seq]) -> Vec<Seq> {
    let subject = |f: &Filed| match f.act {
        Act::Decided { subject, .. } if f.void.is_none() => Some(subject),
        _ => None,
    };
    let back: Vec<Subject> = filed.iter().filter(|f| entries.contains(&f.seq)).filter_map(subject).collect();
    let others = filed.iter().filter(|f| !entries.contains(&f.seq));
    others.filter(|f| subject(f).is_some_and(|subject| back.contains(&subject))).map(|f| f.seq).collect()
}

/// The ledger lines that decisions among entries made.
fn lines(filed: &[Filed], entries: &[Seq]) -> Vec<(Day, Seq)> {
    let made = filed.iter().filter(|f| entries.contains(&f.seq)).filter_map(|f| match f.act {
        Act::Decided { line_on: Some(day), .. } => Some((day, f.seq)),
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
pub(super) fn standing_on(cities: &Cities, filed: &[Filed], entry: Seq) -> Vec<Seq> {
    let mut without = filed.to_vec();
    let mut gone = vec![entry];
    loop {
        without.iter_mut().filter(|f| gone.contains(&f.seq)).for_each(|f| f.void = Some(f.seq));
        let mut loose = State::fold(cities, &without).1;
        if !loose.is_empty() {
            let before = State::fold(cities, filed).1;
            loose.retain(|seq| !before.contains(seq));
        }
        let decided = without
            .iter()
            .filter(|f| f.void.is_none() && decided_about(f).is_some_and(|about| gone.contains(&about)))
            .map(|f| f.seq);
        loose.extend(decided.filter(|seq| !loose.contains(seq)).collect::<Vec<Seq>>());
        if loose.is_empty() {
            return gone;
        }
        gone.extend(loose);
    }
}

/// What stood before and stands no more.
fn loosened(cities: &Cities, filed: &[Filed], before: &[Seq]) -> Vec<Seq> {
    let mut loose = State::fold(cities, filed).1;
    loose.retain(|seq| !before.contains(seq));
    loose
}

/// Whether a fact takes its place among others: what was typed before it and happened after it still stands, with the
/// next provider of its outlet too.
pub fn takes_its_place(facts: &mut dyn Facts, cities: &Cities, filed: &[Filed], new: &Filed) -> Result<(), Refusal> {
    stands_among(cities, filed, new)?;
    let moved = |f: &Filed| match &f.act {
        Act::Happened(h) => matches!(&h.fact, Fact::Outlet(outlet, Step::Transferred { .. })
            if new.act.touches().contains(outlet)),
        _ => false,
    };
    if !filed.iter().any(moved) {
        return Ok(());
    }
    let mut with = filed.to_vec();
    with.insert(filed.partition_point(|f| f.place() < new.place()), new.clone());
    next_stand(facts, (cities, filed), (cities, &with))
}

fn stands_among(cities: &Cities, filed: &[Filed], new: &Filed) -> Result<(), Refusal> {
    let at = filed.partition_point(|f| f.place() < new.place());
    let (mut with, _) = State::fold(cities, &filed[..at]);
    let mut without = with.clone();
    with.apply(new);
    let mut loose = with.go_on(&filed[at..]);
    if loose.is_empty() {
        return Ok(());
    }
    let before = without.go_on(&filed[at..]);
    // What a person decided stays decided: where its facts are others now, it says so.
    let decided = |seq: &Seq| filed.iter().any(|f| f.seq == *seq && matches!(f.act, Act::Decided { .. }));
    loose.retain(|seq| !before.contains(seq) && !decided(seq));
    match loose.first() {
        None => Ok(()),
        Some(_) => Err(Refusal::StandsAgainst { by: loose }),
    }
}

/// Whether what the next providers of outlets say still stands, where a change to a provider's facts hands an outlet
/// over with another life (decision 15).
pub fn next_stand(
    facts: &mut dyn Facts,
    before: (&Cities, &[Filed]),
    after: (&Cities, &[Filed]),
) -> Result<(), Refusal> {
    let was = handed_over(before.0, before.1);
    for handed in handed_over(after.0, after.1).into_iter().filter(|handed| !was.contains(handed)) {
        let Handed { seq, outlet, to, life } = handed;
        let (cities, filed) = facts.file(&to);
        let mut others = filed.clone();
        for f in others.iter_mut().filter(|f| f.seq == seq) {
            if let Act::Arrived { outlet: arrived, life: kept, .. } = &mut f.act
                && *arrived == outlet
            {
                *kept = Life { from: kept.from.clone(), ..life.clone() };
            }
        }
        let before = State::fold(&cities, &filed).1;
        let mut loose = loosened(&cities, &others, &before);
        loose.retain(|seq| !others.iter().any(|f| f.seq == *seq && matches!(f.act, Act::Decided { .. })));
        if !loose.is_empty() {
            return Err(Refusal::StandsAgainst { by: loose });
        }
        next_stand(facts, (&cities, &filed), (&cities, &others))?;
    }
    Ok(())
}

/// An outlet that a fact hands to another provider, with its life until then.
#[derive(PartialEq, Eq)]
struct Handed {
    seq: Seq,
    outlet: OutletId,
    to: ProviderId,
    life: Life,
}

fn handed_over(cities: &Cities, filed: &[Filed]) -> Vec<Handed> {
    let to = |f: &Filed| match &f.act {
        Act::Happened(h) => match &h.fact {
            Fact::Outlet(outlet, Step::Transferred { to }) => Some((outlet.clone(), to.clone())),
            _ => None,
        },
        _ => None,
    };
    let standing: Vec<&Filed> = filed.iter().filter(|f| f.void.is_none()).collect();
    let Some(last) = standing.iter().rposition(|f| to(f).is_some()) else { return Vec::new() };
    let mut state = State::before(cities);
    let mut all = Vec::new();
    for f in &standing[..=last] {
        if let Some((outlet, to)) = to(f) {
            let life = state.life(&outlet).cloned().unwrap_or_default();
            all.push(Handed { seq: f.seq, outlet, to, life });
        }
        state.apply(f);
    }
    all
}
