//! A transfer that is taken back, or comes back: the outlet goes from one provider's records to another's (decisions 13
//! and 15), so nothing may be there that was said of it since.

use super::undone;
use crate::domain::life::Life;
use crate::domain::service::ServiceStep;
use crate::domain::state::{Act, Cities, Filed, Place, State};
use crate::domain::{Event, Fact, Happening, OnRecord, Refusal};
use crate::ids::{OutletId, ProviderId, Seq};
use crate::time::Day;
use std::sync::Arc;

/// What a fact hands over, to whom, and when.
pub(super) fn handed(filed: &Filed) -> Option<(&OutletId, &ProviderId, Day)> {
    let Act::Happened(h) = &filed.act else { return None };
    h.hands_over().map(|(outlet, to)| (outlet, to, h.on))
}

/// Refuses to take a transfer away where the next provider has anything of the outlet since; and to take it along with
/// what it goes on from: it is taken away by itself, first.
pub(super) fn goes(on_record: &mut dyn OnRecord, filed: &[Arc<Filed>], entries: &[Seq]) -> Result<(), Refusal> {
    let among = |f: &&Arc<Filed>| entries.contains(&f.seq);
    for filed in filed.iter().filter(among) {
        let Some((outlet, to, on)) = handed(filed) else { continue };
        if entries.first() != Some(&filed.seq) {
            return Err(Refusal::StandsAgainst { by: vec![filed.seq] });
        }
        // It arrived there when the day began.
        let arrived = Place::on(on, filed.seq);
        let mut by = facts_about(on_record, to, outlet, &|f| f.place() > arrived && f.seq != filed.seq);
        by.extend(lines_since(on_record, to, outlet, on));
        refuse(by)?;
    }
    Ok(())
}

/// Refuses to take a transfer away where the next provider has what stands on it, and is not that of the one in its place: a
/// decision on what was found by it.
pub(super) fn stood_on(
    on_record: &mut dyn OnRecord,
    filed: &[Arc<Filed>],
    entries: &[Seq],
    new: Option<&Filed>,
) -> Result<(), Refusal> {
    let instead = new.and_then(handed).map(|(_, to, _)| to);
    for gone in filed.iter().filter(|f| entries.contains(&f.seq)) {
        let Some((_, to, _)) = handed(gone).filter(|(_, to, _)| instead != Some(*to)) else { continue };
        let file = on_record.file(to);
        let mut by = super::standing_on(&file.cities, &file.facts, gone.seq);
        by.retain(|seq| *seq != gone.seq);
        refuse(by)?;
    }
    Ok(())
}

/// Refuses to bring a transfer back where its first provider has anything of the outlet since. What was there when the
/// void took it away went together with it: only what came while it was away can stand against it.
pub(super) fn comes_back(
    on_record: &mut dyn OnRecord,
    provider: &ProviderId,
    filed: &[Arc<Filed>],
    (void, entries): (Seq, &[Seq]),
) -> Result<(), Refusal> {
    let mut back = on_record.brought_back(provider);
    back.retain(|by| *by > void);
    let back: Vec<Seq> = back.into_iter().flat_map(|by| super::given_back(on_record, by)).collect();
    let came = |seq: Seq| seq > void || back.contains(&seq);
    for filed in filed.iter().filter(|f| entries.contains(&f.seq)) {
        let Some((outlet, _, on)) = handed(filed) else { continue };
        let mut by = facts_about(on_record, provider, outlet, &|f| came(f.seq) && f.place() > filed.place());
        by.extend(lines_since(on_record, provider, outlet, on).into_iter().filter(|seq| came(*seq)));
        refuse(by)?;
    }
    Ok(())
}

/// Refuses to bring back what stands on the wrong side of a transfer of its day, at either provider; and a claim at another
/// provider than that of its trade.
pub(super) fn stays_away(
    on_record: &mut dyn OnRecord,
    provider: &ProviderId,
    filed: &[Arc<Filed>],
    entries: &[Seq],
) -> Result<(), Refusal> {
    for back in filed.iter().filter(|f| entries.contains(&f.seq)) {
        in_order(filed, back)?;
        if let Some((_, to, _)) = handed(back) {
            let next = on_record.file(to);
            next.facts.iter().filter(|f| f.seq == back.seq).try_for_each(|arrived| in_order(&next.facts, arrived))?;
        }
        if let Some((outlet, traded)) = claimed(back) {
            is_its_own(on_record, provider, (outlet, traded, None))?;
        }
    }
    Ok(())
}

/// Refuses a fact that stands on the wrong side of a transfer of its day, at the provider whose facts those are.
pub(super) fn in_order(filed: &[Arc<Filed>], of: &Filed) -> Result<(), Refusal> {
    refuse(astray(filed, of).map(|f| f.seq).collect())
}

/// The facts of a provider with which another is not in order on the day of a transfer. An outlet comes, then that is said
/// of it which is this provider's, then it goes on: as they were recorded (decisions 12 and 15).
pub(super) fn astray<'a>(filed: &'a [Arc<Filed>], of: &'a Filed) -> impl Iterator<Item = &'a Arc<Filed>> {
    let others = filed.iter().filter(|f| f.void.is_none() && f.seq != of.seq);
    others.filter(|f| match (part_of_day(f), part_of_day(of)) {
        (Some((outlet, day, other)), Some((same, on, part))) => {
            (outlet, day) == (same, on) && other != part && (other < part) != (f.known() < of.known())
        }
        _ => false,
    })
}

/// The parts of the day of a transfer, at one of its providers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Came,
    Said,
    Went,
}

/// What a fact is to an outlet on its day. What goes on from a record stays with that; a claim is of the day of its trade,
/// whenever it was recorded (2.2.4(2)).
fn part_of_day(filed: &Filed) -> Option<(&OutletId, Day, Part)> {
    match &filed.act {
        Act::Arrived { outlet, on, .. } => Some((outlet, *on, Part::Came)),
        Act::Asked(request) => Some((&request.outlet, request.asked.day(), Part::Said)),
        Act::Happened(h) => match h.hands_over() {
            Some((outlet, _)) => Some((outlet, h.on, Part::Went)),
            None if claimed(filed).is_some() => None,
            None => h.fact.outlet().map(|outlet| (outlet, h.on, Part::Said)),
        },
        _ => None,
    }
}

/// The outlet that a claim is about, and the day of its trade.
fn claimed(filed: &Filed) -> Option<(&OutletId, Day)> {
    match &filed.act {
        Act::Happened(h) => match &h.fact {
            Fact::Service(ServiceStep::ClaimOpened { outlet, traded_on }) => Some((outlet, traded_on.unwrap_or(h.on))),
            _ => None,
        },
        _ => None,
    }
}

/// Refuses a transfer to a provider that the outlet left on the same day: whose it was is told by days (decision 15).
pub(in crate::domain) fn not_back(on_record: &mut dyn OnRecord, h: &Happening) -> Result<(), Refusal> {
    let Some((outlet, to)) = h.hands_over() else { return Ok(()) };
    if !on_record.owners_before(&h.provider, outlet).contains(to) {
        return Ok(());
    }
    let left = |f: &&Arc<Filed>| f.void.is_none() && handed(f).is_some_and(|(of, _, on)| (of, on) == (outlet, h.on));
    match on_record.file(to).facts.iter().find(left) {
        Some(f) => {
            let (outlet, provider, on, seq) = (outlet.clone(), to.clone(), h.on, f.seq);
            Err(Refusal::BackOnItsDay { outlet, provider, on, seq })
        }
        None => Ok(()),
    }
}

fn refuse(by: Vec<Seq>) -> Result<(), Refusal> {
    if by.is_empty() { Ok(()) } else { Err(Refusal::StandsAgainst { by }) }
}

/// Facts of a provider about an outlet that stand, of those of which that holds.
fn facts_about(
    on_record: &mut dyn OnRecord,
    provider: &ProviderId,
    outlet: &OutletId,
    of: &dyn Fn(&Filed) -> bool,
) -> Vec<Seq> {
    let file = on_record.file(provider);
    let facts = file.facts.iter().filter(|f| f.void.is_none() && of(f));
    facts.filter(|f| f.act.touches().contains(outlet)).map(|f| f.seq).collect()
}

/// Lines of a provider that name an outlet and occurred on a day or since, and reports of its months since.
fn lines_since(on_record: &mut dyn OnRecord, provider: &ProviderId, outlet: &OutletId, on: Day) -> Vec<Seq> {
    let mut by = on_record.naming(provider, outlet);
    by.retain(|seq| match on_record.entry(*seq) {
        Some(Event::TurnoverRecorded { turnover, .. } | Event::TurnoverAmended { turnover, .. }) => {
            turnover.month.last() >= on
        }
        Some(event) => event.deduction().is_some_and(|(deduction, ..)| deduction.occurred_on >= on),
        None => false,
    });
    by
}

/// An outlet that a fact hands to another provider, with its life until then.
#[derive(PartialEq, Eq)]
pub(super) struct Handed {
    pub seq: Seq,
    pub outlet: OutletId,
    pub to: ProviderId,
    pub life: Life,
}

/// What facts hand over, in their order.
pub(super) fn handed_over(cities: &Cities, filed: &[Arc<Filed>]) -> Vec<Handed> {
    let to = |f: &Filed| handed(f).map(|(outlet, to, _)| (outlet.clone(), to.clone()));
    let standing: Vec<&Arc<Filed>> = filed.iter().filter(|f| f.void.is_none()).collect();
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

/// Refuses what comes back to a provider that did not have its outlet on the day: it went on by a transfer (decision 15).
/// A line that was recorded after the transfer was of that provider all the same: of a roster, for what was before.
pub(in crate::domain) fn is_its_own(
    on_record: &mut dyn OnRecord,
    provider: &ProviderId,
    (outlet, on, recorded): (&OutletId, Day, Option<Seq>),
) -> Result<(), Refusal> {
    if on_record.owner_on(outlet, on).is_none_or(|owner| owner == *provider) {
        return Ok(());
    }
    let file = on_record.file(provider);
    let went =
        |f: &&Arc<Filed>| f.void.is_none() && f.place().day <= on && handed(f).is_some_and(|(of, ..)| of == outlet);
    let last = file.facts.iter().rfind(went);
    refuse(last.filter(|f| recorded.is_none_or(|recorded| f.known() > recorded)).map(|f| f.seq).into_iter().collect())
}

/// Whether what the providers before say of an outlet still stands where it left, or stays, with the next one (2.2.4(1)):
/// what was answered later would answer nothing.
pub(in crate::domain) fn ends_stand(
    on_record: &mut dyn OnRecord,
    provider: &ProviderId,
    outlet: &OutletId,
    ended: &Filed,
) -> Result<(), Refusal> {
    for before in on_record.owners_before(provider, outlet) {
        let file = on_record.file(&before);
        let mut with = file.facts.clone();
        with.insert(with.partition_point(|f| f.place() < ended.place()), Arc::new(ended.clone()));
        refuse(undone(&file.cities, &file.facts, &with))?;
    }
    Ok(())
}

/// Whether what the next providers of outlets say still stands, where a change to a provider's facts hands an outlet
/// over with another life (decision 15).
pub(super) fn next_stand(
    on_record: &mut dyn OnRecord,
    before: (&Cities, &[Arc<Filed>]),
    after: (&Cities, &[Arc<Filed>]),
) -> Result<(), Refusal> {
    let was = handed_over(before.0, before.1);
    for handed in handed_over(after.0, after.1).into_iter().filter(|handed| !was.contains(handed)) {
        let Handed { seq, outlet, to, life } = handed;
        let file = on_record.file(&to);
        let (cities, filed) = (&file.cities, &file.facts);
        let mut others = filed.clone();
        for f in others.iter_mut().filter(|f| f.seq == seq) {
            if let Act::Arrived { outlet: arrived, life: kept, .. } = &mut Arc::make_mut(f).act
                && *arrived == outlet
            {
                *kept = Life { from: kept.from.clone(), ..life.clone() };
            }
        }
        let loose = undone(cities, filed, &others);
        if !loose.is_empty() {
            return Err(Refusal::StandsAgainst { by: loose });
        }
        next_stand(on_record, (cities, filed), (cities, &others))?;
    }
    Ok(())
}
