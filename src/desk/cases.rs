//! What a desk says of cases: a provider's rectifications and decisions, and who could take its outlets over.

use super::Desk;
use super::core::Core;
use crate::domain::exit::{Receiver, candidates, receivers};
use crate::domain::rectification::Cases;
use crate::domain::{Context, Dossier, Outlet};
use crate::ids::{OutletId, ProviderId};
use crate::store::StoreError;
use crate::time::Day;
use chrono::Datelike;
use std::collections::BTreeMap;

/// A city of a provider that goes: its outlets there, and who could take them over, the best first (3.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaving {
    /// The city.
    pub city: String,
    /// The outlets that are still the provider's.
    pub outlets: Vec<OutletId>,
    /// Who could take them.
    pub receivers: Vec<Receiver>,
}

impl Desk {
    /// A provider's rectifications, and the years at 100 (3.1, 3.2).
    pub fn cases(&self, provider: &ProviderId) -> Result<Cases, StoreError> {
        self.with_cx(|core, cx| core.cases(provider, cx))
    }

    /// The same at the end of a day, with what the dossier said then.
    pub fn cases_on(&self, provider: &ProviderId, day: Day) -> Result<(Cases, Dossier), StoreError> {
        self.with_cx(|core, cx| {
            let dossier = core.view.state_on(provider, day)?.dossier;
            let mut lines = Vec::new();
            for year in core.view.years() {
                lines.extend(core.view.lines_on(provider, year, day)?);
            }
            Ok((Cases::of(provider, &lines, &dossier, cx), dossier))
        })
    }

    /// Who could take a provider's outlets over, city by city (3.2).
    pub fn leaving(&self, provider: &ProviderId) -> Result<Vec<Leaving>, StoreError> {
        self.with_cx(|core, cx| core.leaving(provider, cx))
    }
}

impl Core {
    /// The cases that a provider's lines and steps make.
    pub(super) fn cases(&mut self, provider: &ProviderId, cx: Context<'_>) -> Result<Cases, StoreError> {
        let dossier = self.view.dossier(provider)?;
        self.cases_by(provider, &dossier, cx)
    }

    /// The same, with its dossier. There are some where a year ended at the mark of some edition, or a plan is on record,
    /// without which nothing goes back; its lines are read where their peaks do not say which.
    pub(super) fn cases_by(
        &mut self,
        provider: &ProviderId,
        dossier: &Dossier,
        cx: Context<'_>,
    ) -> Result<Cases, StoreError> {
        let least = cx.laws.least_suspended();
        let mut reached = !dossier.rectifications.is_empty();
        let years = self.view.scores(provider)?;
        reached |= years.iter().any(|of| least.is_some_and(|least| of.score >= least));
        if !reached {
            return Ok(Cases::default());
        }
        if let Some(cases) = Cases::of_peaks(provider, years.iter().map(|of| (of.year, &of.peaks)), dossier, cx) {
            return Ok(cases);
        }
        Ok(Cases::of(provider, &self.view.all_lines(provider)?, dossier, cx))
    }

    fn leaving(&mut self, provider: &ProviderId, cx: Context<'_>) -> Result<Vec<Leaving>, StoreError> {
        let rules = cx.rules(provider, cx.now.day());
        let (marks, fixed) = (&rules.marks, rules.measures.deposit);
        let rows = self.view.providers(cx.now.day().year(), marks)?;
        let all: Vec<_> = rows.into_iter().map(|row| (row.provider.id, row.score, row.outlets)).collect();
        let mut cities: BTreeMap<String, Vec<OutletId>> = BTreeMap::new();
        let there = |outlet: &Outlet| outlet.provider == *provider;
        for outlet in self.view.outlets(provider, None, usize::MAX)?.into_iter().filter(there) {
            cities.entry(outlet.city).or_default().push(outlet.id);
        }
        let mut leaving = Vec::new();
        for (city, outlets) in cities {
            let found = self.look_on_record(|facts| candidates(facts, &all, (provider, &city), fixed))?;
            leaving.push(Leaving { city, outlets, receivers: receivers(found, marks) });
        }
        Ok(leaving)
    }
}
