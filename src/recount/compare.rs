//! The view beside the lists.

use super::moved::Moved;
use super::score::{self, MonthFact};
use super::tally::{LineFact, Own, Survey, digest, says, support};
use super::{Difference, Recount};
use crate::domain::peaks::Peaks;
use crate::domain::{Line, LineKind};
use crate::ids::{OutletId, ProviderId, Seq};
use crate::store::{OutletRow, StoreError, View};
use crate::time::{Month, Year};
use chrono::Datelike;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Outlets read from the view at a time.
const PAGE: usize = 1_000;

/// Takes what differs of one provider.
struct Found<'a> {
    provider: Option<&'a ProviderId>,
    result: &'a mut Recount,
}

impl Found<'_> {
    /// Compares one value.
    fn same<T: PartialEq + std::fmt::Debug>(
        &mut self,
        at: impl Fn() -> String,
        what: &'static str,
        journal: T,
        view: T,
    ) {
        if journal != view {
            let (journal, view) = (format!("{journal:?}"), format!("{view:?}"));
            let provider = self.provider.cloned();
            self.result.differ(Difference { provider, at: at(), what, journal, view });
        }
    }
}

/// Providers and outlets: each there once, with its record, where its provider is.
pub fn roster(survey: &Survey, view: &mut View, result: &mut Recount) -> Result<(), StoreError> {
    let mut of: Vec<Vec<&OutletId>> = vec![Vec::new(); survey.providers.len()];
    survey.outlets.iter().for_each(|(id, fact)| of[fact.provider].push(id));
    let there = |place: &usize| !survey.away.contains(place);
    let on_record = (0..survey.providers.len()).filter(there);
    let mut ids: Vec<&ProviderId> = on_record.map(|place| &survey.providers[place].0).collect();
    ids.sort_unstable();
    let listed = view.provider_ids()?;
    Found { provider: None, result }.same(String::new, "providers", ids, listed.iter().collect());
    for (place, ((id, record), mut outlets)) in survey.providers.iter().zip(of).enumerate() {
        let mut found = Found { provider: Some(id), result };
        let kept = view.provider_record(id)?.map(|r| (r.provider.clone(), r.outlets));
        let kept = kept.map(|(p, outlets)| Ok::<_, StoreError>((digest(&p)?, outlets as usize))).transpose()?;
        let record = there(&place).then_some((*record, outlets.len()));
        found.same(String::new, "record", record, kept);
        outlets.sort_unstable();
        let mut rows: Vec<OutletRow> = Vec::new();
        loop {
            let page = view.lives(id, rows.last().map(|row| &row.outlet.id), PAGE)?;
            let more = page.len() == PAGE;
            rows.extend(page);
            if !more {
                break;
            }
        }
        found.same(String::new, "outlets", outlets.clone(), rows.iter().map(|row| &row.outlet.id).collect());
        for row in &rows {
            let o = &row.outlet;
            let Some(fact) = survey.outlets.get(&o.id) else { continue };
            let is = (super::outlet::OutletFact::rest_of(o)?, o.signed_on, &o.provider);
            found.same(|| o.id.to_string(), "record", (fact.rest, fact.signed_on, id), is);
            found.same(|| o.id.to_string(), "owner", Some(id.clone()), view.owner(&o.id)?);
        }
        view.relieve();
    }
    Ok(())
}

/// One provider's lines, years, reports and months.
pub fn provider(
    survey: &Survey,
    place: usize,
    (own, moved): (Own, &Moved),
    view: &mut View,
    result: &mut Recount,
) -> Result<(), StoreError> {
    let Some((id, _)) = survey.providers.get(place) else { return Ok(()) };
    let mut found = Found { provider: Some(id), result };
    let mut years: BTreeMap<Year, Vec<&LineFact>> = BTreeMap::new();
    own.lines.iter().for_each(|line| years.entry(line.day.year()).or_default().push(line));
    let all: BTreeSet<Year> = view.years().into_iter().chain(years.keys().copied()).collect();
    for year in all {
        let facts = years.remove(&year).unwrap_or_default();
        lines(&mut found, (id, year), &facts, view)?;
    }
    reports(&mut found, (survey, id), (&own, moved), view)
}

fn lines(
    found: &mut Found<'_>,
    (id, year): (&ProviderId, Year),
    facts: &[&LineFact],
    view: &mut View,
) -> Result<(), StoreError> {
    let (score, counted) = score::score(facts.iter().copied());
    let ledger = view.year(id, year)?;
    found.same(|| year.to_string(), "score", score, ledger.score.0);
    found.same(|| year.to_string(), "lines", facts.len(), ledger.lines as usize);
    let mut ordered: Vec<&LineFact> = facts.to_vec();
    ordered.sort_unstable_by_key(|line| (line.day, line.seq));
    let mut rows = view.ledger(id, year, None, usize::MAX)?;
    rows.reverse();
    let kept = view.scores(id)?.iter().find(|of| of.year == year).cloned().unwrap_or_default();
    found.same(|| year.to_string(), "scores", (score, facts.len()), (kept.score.0, kept.lines as usize));
    found.same(|| year.to_string(), "peaks", Peaks::of(&rows), kept.peaks);
    let numbers: Vec<Seq> = rows.iter().map(|line| line.seq).collect();
    found.same(|| year.to_string(), "ledger", ordered.iter().map(|line| line.seq).collect(), numbers);
    let by_seq: HashMap<Seq, &Line> = rows.iter().map(|line| (line.seq, line)).collect();
    for fact in ordered {
        let at = || fact.seq.to_string();
        let Some(line) = by_seq.get(&fact.seq) else { continue };
        let points = counted.get(&fact.seq).copied().unwrap_or_default();
        found.same(at, "points", (fact.points, points), (line.points.0, line.effective.0));
        found.same(at, "reversed", fact.reversed_by, line.reversed_by);
        found.same(at, "says", fact.says, says(line)?);
        found.same(at, "support", fact.support, support(line)?);
        if let (LineKind::Reversal, Some(of)) = (line.kind, line.reverses.and_then(|seq| by_seq.get(&seq))) {
            let taken = |l: &Line| (l.article.clone(), l.outlet.clone(), l.problem.clone());
            found.same(at, "reverses", taken(of), taken(line));
        }
        let looked_up = view.line(id, (fact.day, fact.seq))?.map(|line| line.seq);
        found.same(at, "look-up", Some(fact.seq), looked_up);
    }
    Ok(())
}

fn reports(
    found: &mut Found<'_>,
    (survey, id): (&Survey, &ProviderId),
    (own, moved): (&Own, &Moved),
    view: &mut View,
) -> Result<(), StoreError> {
    let rows = view.months(id)?;
    let months: Vec<Month> = own.rules.keys().copied().filter(|month| own.reports.contains_key(month)).collect();
    found.same(String::new, "months", months, rows.iter().map(|row| row.month).collect());
    let place = survey.place(id)?;
    for row in rows {
        let Some(rule) = own.rules.get(&row.month) else { continue };
        let at = || row.month.to_string();
        let outlet = |outlet: &OutletId| {
            let fact = survey.outlets.get(outlet)?;
            Some((fact.signed_on, fact.was_there_all(place, row.month)))
        };
        let fact = score::month(row.month, *rule, &own.reports, outlet, |id, month| moved.amount(id, month));
        let dormancy = (row.dormancy.tested, row.dormancy.low, row.dormancy.zero);
        let points = u64::from(row.points.0);
        let kept = MonthFact { reported: row.reported, dormancy, points, orders: row.orders };
        found.same(at, "month", fact, kept);
        let turnover = view.turnovers(id, row.month, None, usize::MAX)?;
        let said = own.reports.get(&row.month).into_iter().flatten();
        let said: Vec<_> = said.map(|(outlet, report)| (outlet.clone(), report.says)).collect();
        let kept = turnover.iter().map(|t| Ok((t.outlet.clone(), digest(t)?)));
        let kept = kept.collect::<Result<Vec<_>, StoreError>>()?;
        found.same(at, "reports", said, kept);
    }
    Ok(())
}

/// The totals of the view.
pub fn totals(survey: &Survey, view: &View, result: &mut Recount) {
    let (top, providers, outlets) =
        (view.top().clone(), (survey.providers.len() - survey.away.len()) as u64, survey.outlets.len() as u64);
    let mut found = Found { provider: None, result };
    found.same(
        String::new,
        "totals",
        (providers, outlets, survey.lines.clone()),
        (top.providers, top.outlets, top.lines),
    );
}
