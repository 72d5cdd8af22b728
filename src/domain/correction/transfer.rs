//! A transfer that is taken back, or comes back: the outlet goes from one provider's records to another's (decisions 13
//! and 15), so nothing may be there that was said of it since.

use super::undone;
use crate::domain::life::Life;
use crate::domain::service::ServiceStep;
use crate::domain::state::{Act, Cities, Filed, Place, State};
use crate::domain::{Event, Fact, OnRecord, Refusal};
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
        // Of its own day, too, what is said of the outlet by itself: typed after it, that would be the next provider's.
        let since =
            |f: &Filed| f.place() > filed.place() || said_of(f) == Some((outlet, on)) && f.known() > filed.known();
        let mut by = facts_about(on_record, provider, outlet, &|f| came(f.seq) && since(f));
        by.extend(lines_since(on_record, provider, outlet, on).into_iter().filter(|seq| came(*seq)));
        refuse(by)?;
    }
    Ok(())
}

/// Refuses to bring back what was said of an outlet on the day of a transfer, at the provider that would not have it if it
/// was typed then (decisions 12 and 15): at the first one what was recorded after the transfer, at the next one what was
/// recorded before. What goes on from a record stays with that.
pub(super) fn stays_away(
    on_record: &mut dyn OnRecord,
    provider: &ProviderId,
    filed: &[Arc<Filed>],
    entries: &[Seq],
) -> Result<(), Refusal> {
    let mut by = Vec::new();
    for back in filed.iter().filter(|f| entries.contains(&f.seq)) {
        let Some((outlet, day)) = said_of(back) else { continue };
        let on_its_day = day == back.place().day;
        let (mut went_then, known) = (false, back.known());
        for f in filed.iter().filter(|f| on_its_day && f.void.is_none()) {
            let came = matches!(&f.act, Act::Arrived { outlet: of, on, .. } if (of, *on) == (outlet, day));
            let went = handed(f).is_some_and(|(of, _, on)| (of, on) == (outlet, day));
            went_then |= went;
            if came && known < f.known() || went && known > f.known() {
                by.push(f.seq);
            }
        }
        // An outlet that went on can have claims all the same: they are of the provider of the trade (2.2.4(2)).
        if is_claim(back) && !went_then {
            is_its_own(on_record, provider, (outlet, day, None))?;
        }
    }
    refuse(by)
}

/// The outlet of which a fact is said by itself, and the day that says whose it is: a claim's is that of its trade.
fn said_of(filed: &Filed) -> Option<(&OutletId, Day)> {
    match &filed.act {
        Act::Happened(h) if h.hands_over().is_some() => None,
        Act::Happened(h) => match &h.fact {
            Fact::Service(ServiceStep::ClaimOpened { outlet, traded_on }) => Some((outlet, traded_on.unwrap_or(h.on))),
            fact => fact.outlet().map(|outlet| (outlet, h.on)),
        },
        Act::Asked(request) => Some((&request.outlet, request.asked.day())),
        _ => None,
    }
}

fn is_claim(filed: &Filed) -> bool {
    matches!(&filed.act, Act::Happened(h) if matches!(h.fact, Fact::Service(ServiceStep::ClaimOpened { .. })))
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
