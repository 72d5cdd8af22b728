//! Turnover by month, what a month comes to, and the findings that follow (2.2.3(3)). A month's numbers are kept up
//! to date outlet by outlet: the work for one report does not grow with the store.

use super::handed::owners;
use super::{OutletPage, OutletRow, StoreError, StoredMonth, StoredMonths, StoredState, TurnoverPage, View, keys};
use crate::domain::turnover::{CityMonth, Dormancy, Tenure};
use crate::domain::{Act, AlertSubject, Finding, FindingId, FindingState, Measured, Subject, Turnover};
use crate::ids::{OutletId, ProviderId};
use crate::money::Fen;
use crate::points::Points;
use crate::rulebook::DormantRule;
use crate::time::{Moment, Month};
use keys::Key;
use std::collections::BTreeMap;

/// A provider's month, and what it comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonthRow {
    /// The month.
    pub month: Month,
    /// Outlets that reported.
    pub reported: u32,
    /// Outlets that the month tests if all of them report.
    pub wanted: u32,
    /// What they come to.
    pub dormancy: Dormancy,
    /// The same city by city (decision 16).
    pub cities: Vec<CityMonth>,
    /// Points that are proposed.
    pub points: Points,
    /// Orders that were reported, and those with a final status (1.3(5)).
    pub orders: (u64, u64),
}

impl View {
    /// Puts an outlet's report of a month in, or another in its place.
    pub(super) fn put_turnover(&mut self, provider: &ProviderId, turnover: &Turnover) -> Result<(), StoreError> {
        let (outlet, month) = (&turnover.outlet, turnover.month);
        let old = self.turnover(provider, outlet, month)?;
        match old {
            Some(_) => self.replace_row(provider, turnover)?,
            None => self.report(provider, turnover)?,
        }
        self.count_orders(provider, month, (old.as_ref(), turnover))?;
        self.weigh_report(outlet, month, (old.map(|t| t.amount), Some(turnover.amount)))
    }

    /// An outlet's report of a month changed: that month and the next one, of whoever had the outlet then.
    fn weigh_report(
        &mut self,
        outlet: &OutletId,
        month: Month,
        (was, now): (Option<Fen>, Option<Fen>),
    ) -> Result<(), StoreError> {
        let Some(row) = self.outlet_row(outlet)? else { return Ok(()) };
        let (providers, tenure) = (owners(&row), row.tenure());
        let before = self.amount(&providers, outlet, month.plus(-1))?;
        let after = self.amount(&providers, outlet, month.plus(1))?;
        let tenure = (Some(&tenure), Some(&tenure));
        for provider in &providers {
            self.weigh(provider, month, tenure, ((before, was), (before, now)))?;
            self.weigh(provider, month.plus(1), tenure, ((was, after), (now, after)))?;
        }
        Ok(())
    }

    /// Takes an outlet's report of a month away; a month that nobody reports is none.
    pub(super) fn take_turnover(
        &mut self,
        provider: &ProviderId,
        outlet: &OutletId,
        month: Month,
    ) -> Result<(), StoreError> {
        let Some(old) = self.turnover(provider, outlet, month)? else { return Ok(()) };
        let nothing = Turnover { orders: None, with_final_status: None, ..old.clone() };
        self.count_orders(provider, month, (Some(&old), &nothing))?;
        self.weigh_report(outlet, month, (Some(old.amount), None))?;
        let key = keys::month(provider, month);
        let record = self.cache.edit::<StoredMonth>(&key)?;
        record.reported -= 1;
        let none = record.reported == 0;
        let mut pages = std::mem::take(&mut record.pages);
        self.take_row::<Turnover>(&mut pages, |page| keys::turnover(provider, month, page), outlet)?;
        self.cache.edit::<StoredMonth>(&key)?.pages = pages;
        if none {
            self.cache.edit::<StoredMonths>(&keys::months(provider))?.reported.retain(|m| *m != month);
        }
        Ok(())
    }

    /// Exchanges an outlet's orders in its month; those without a final status are an alert (1.3(5)).
    fn count_orders(
        &mut self,
        provider: &ProviderId,
        month: Month,
        (old, new): (Option<&Turnover>, &Turnover),
    ) -> Result<(), StoreError> {
        let orders = |t: &Turnover| t.orders.zip(t.with_final_status).unwrap_or_default();
        let ((was, was_final), (now, now_final)) = (old.map(orders).unwrap_or_default(), orders(new));
        if (was, was_final) == (now, now_final) {
            return Ok(());
        }
        let record = self.cache.edit::<StoredMonth>(&keys::month(provider, month))?;
        let before = record.orders;
        record.orders.0 = before.0 + u64::from(now) - u64::from(was);
        record.orders.1 = before.1 + u64::from(now_final) - u64::from(was_final);
        let after = record.orders;
        if before.0 > before.1 || after.0 > after.1 {
            let record = self.cache.edit::<StoredState>(&keys::state(provider))?;
            record.dossier()?.reported(month, after.0, after.1);
        }
        let missing = u32::try_from(after.0.saturating_sub(after.1)).unwrap_or(u32::MAX);
        self.lower(provider, &AlertSubject::FinalStatus(month), missing)
    }

    /// A provider's last reported month: what it comes to, by which rule.
    pub fn last_month(&mut self, provider: &ProviderId) -> Result<Option<(Month, Dormancy, DormantRule)>, StoreError> {
        self.freshen_all()?;
        let Some(month) = self.months_record(provider)?.reported.last().copied() else { return Ok(None) };
        let record = self.cache.get::<StoredMonth>(&keys::month(provider, month))?;
        Ok(record.map(|r| (month, r.dormancy, r.rule)))
    }

    /// The rule that a reported month is judged by.
    pub fn rule_of(&mut self, provider: &ProviderId, month: Month) -> Result<Option<DormantRule>, StoreError> {
        Ok(self.cache.get::<StoredMonth>(&keys::month(provider, month))?.map(|record| record.rule))
    }

    /// An outlet signed, left or went elsewhere on another day than was known: it may be tested in other months now,
    /// with every provider that it reported under.
    pub(super) fn weigh_again(&mut self, was: &OutletRow, is: &OutletRow) -> Result<(), StoreError> {
        let (then, now) = (was.tenure(), is.tenure());
        if then == now {
            return Ok(());
        }
        // Also with one that it was with until an entry was taken away.
        let mut providers = owners(was);
        providers.extend(owners(is));
        providers.sort_unstable();
        providers.dedup();
        let id = &is.outlet.id;
        for provider in &providers {
            for month in self.months_record(provider)?.reported {
                let pair = (self.amount(&providers, id, month.plus(-1))?, self.amount(&providers, id, month)?);
                self.weigh(provider, month, (Some(&then), Some(&now)), (pair, pair))?;
            }
        }
        Ok(())
    }

    /// Whose an outlet was, and when.
    pub fn tenure(&mut self, outlet: &OutletId) -> Result<Option<Tenure>, StoreError> {
        Ok(self.outlet_row(outlet)?.map(|row| row.tenure()))
    }

    /// How many outlets of a provider a month tests if all of them report, those that went to others since too.
    pub fn wanted_reports(&mut self, provider: &ProviderId, month: Month) -> Result<u32, StoreError> {
        let Some(rule) = self.rule_of(provider, month)? else { return Ok(0) };
        let mut wanted = 0;
        let pages = self.provider_record(provider)?.map(|r| r.pages.after(None)).unwrap_or_default();
        for page in pages {
            if let Some(page) = self.cache.get::<OutletPage>(&keys::outlets(provider, page))? {
                for row in page.rows() {
                    wanted += usize::from(row?.tenure().is_tested(provider, month, rule));
                }
            }
        }
        let mut went: Vec<OutletId> = Vec::new();
        for filed in self.load(provider)?.facts.iter().filter(|filed| filed.void.is_none()) {
            if let Act::Happened(h) = &filed.act
                && let Some((id, _)) = h.hands_over()
            {
                went.push(id.clone());
            }
        }
        went.sort_unstable();
        went.dedup();
        for id in went {
            let row = self.outlet_row(&id)?.filter(|row| row.outlet.provider != *provider);
            wanted += usize::from(row.is_some_and(|row| row.tenure().is_tested(provider, month, rule)));
        }
        u32::try_from(wanted).map_err(StoreError::view)
    }

    /// Keeps what was decided on a month's finding, or that nobody decided.
    pub(super) fn decide_month(
        &mut self,
        provider: &ProviderId,
        month: Month,
        decided: Option<(FindingState, Dormancy, Points)>,
    ) -> Result<(), StoreError> {
        let record = self.cache.edit::<StoredMonth>(&keys::month(provider, month))?;
        let points = record.dormancy.points(record.rule);
        let decided = decided.map(|(state, held, given)| {
            let given = if given == Points(0) { held.points(record.rule) } else { given };
            (state, held, given)
        });
        let found = decided.is_some() || points > Points(0);
        record.decided = decided;
        self.list_month(provider, month, found)
    }

    /// Lists a month among those with a finding, or not.
    fn list_month(&mut self, provider: &ProviderId, month: Month, found: bool) -> Result<(), StoreError> {
        let key = keys::months(provider);
        let place = self.cache.get::<StoredMonths>(&key)?.map_or(Err(0), |m| m.found.binary_search(&month));
        match place {
            Err(at) if found => self.cache.edit::<StoredMonths>(&key)?.found.insert(at, month),
            Ok(at) if !found => drop(self.cache.edit::<StoredMonths>(&key)?.found.remove(at)),
            _ => {}
        }
        Ok(())
    }

    /// The first report of a month brings the rule that it is judged by (4.4(1)).
    pub(super) fn begin_month(
        &mut self,
        provider: &ProviderId,
        month: Month,
        rule: DormantRule,
    ) -> Result<(), StoreError> {
        let key = keys::month(provider, month);
        match self.cache.get::<StoredMonth>(&key)?.map(|record| record.reported) {
            Some(1..) => return Ok(()),
            // All that was reported of it was taken away.
            Some(0) => self.cache.edit::<StoredMonth>(&key)?.rule = rule,
            None => self.cache.put(key, StoredMonth { rule, ..StoredMonth::default() }),
        }
        let months = self.cache.edit::<StoredMonths>(&keys::months(provider))?;
        let place = months.reported.partition_point(|m| *m < month);
        months.reported.insert(place, month);
        Ok(())
    }

    /// An outlet's first report of a month.
    fn report(&mut self, provider: &ProviderId, turnover: &Turnover) -> Result<(), StoreError> {
        let (month, key) = (turnover.month, keys::month(provider, turnover.month));
        let record = self.cache.edit::<StoredMonth>(&key)?;
        record.reported += 1;
        let mut pages = std::mem::take(&mut record.pages);
        self.put_row(&mut pages, |page| keys::turnover(provider, month, page), turnover)?;
        self.cache.edit::<StoredMonth>(&key)?.pages = pages;
        Ok(())
    }

    fn replace_row(&mut self, provider: &ProviderId, turnover: &Turnover) -> Result<(), StoreError> {
        let missing = || StoreError::view("a report that the view does not have");
        let key = self.turnover_page(provider, turnover.month, &turnover.outlet)?.ok_or_else(missing)?;
        let page = self.cache.edit::<TurnoverPage>(&key)?;
        let at = page.find(&turnover.outlet).ok_or_else(missing)?;
        page.set(at, turnover)
    }

    /// Exchanges an outlet's part in a month: whose it was then and now, the month before and the month then and now.
    fn weigh(
        &mut self,
        provider: &ProviderId,
        month: Month,
        (tenure_then, tenure_now): (Option<&Tenure>, Option<&Tenure>),
        (then, now): (Pair, Pair),
    ) -> Result<(), StoreError> {
        let key = keys::month(provider, month);
        let Some(record) = self.cache.get::<StoredMonth>(&key)? else { return Ok(()) };
        let (rule, held) = (record.rule, record.dormancy);
        let tested = |tenure: Option<&Tenure>| tenure.is_some_and(|tenure| tenure.is_tested(provider, month, rule));
        let (then, now) = (Dormancy::of(tested(tenure_then), then, rule), Dormancy::of(tested(tenure_now), now, rule));
        let dormancy = held.exchange(then, now);
        if dormancy == held {
            return Ok(());
        }
        let record = self.cache.edit::<StoredMonth>(&key)?;
        record.dormancy = dormancy;
        let found = record.decided.is_some() || dormancy.points(rule) > Points(0);
        self.list_month(provider, month, found)?;
        self.lower(provider, &AlertSubject::Finding(Subject::Dormant(month)), dormancy.points(rule).0)?;
        self.lower(provider, &AlertSubject::NearDormant(month), dormancy.dormant())
    }

    fn months_record(&mut self, provider: &ProviderId) -> Result<StoredMonths, StoreError> {
        Ok(self.cache.get::<StoredMonths>(&keys::months(provider))?.cloned().unwrap_or_default())
    }

    fn turnover_page(&mut self, provider: &ProviderId, month: Month, id: &OutletId) -> Result<Option<Key>, StoreError> {
        let record = self.cache.get::<StoredMonth>(&keys::month(provider, month))?;
        let page = record.and_then(|record| record.pages.number(id));
        Ok(page.map(|page| keys::turnover(provider, month, page)))
    }

    /// What an outlet reported for a month.
    pub fn turnover(
        &mut self,
        provider: &ProviderId,
        outlet: &OutletId,
        month: Month,
    ) -> Result<Option<Turnover>, StoreError> {
        let Some(key) = self.turnover_page(provider, month, outlet)? else { return Ok(None) };
        self.cache.get::<TurnoverPage>(&key)?.map_or(Ok(None), |page| page.get(outlet))
    }

    /// What an outlet turned over in a month, with whichever it was of the providers that had it: the month before a
    /// transfer counts as it stands (decision 17).
    fn amount(&mut self, providers: &[ProviderId], outlet: &OutletId, month: Month) -> Result<Option<Fen>, StoreError> {
        for provider in providers {
            if let Some(report) = self.turnover(provider, outlet, month)? {
                return Ok(Some(report.amount));
            }
        }
        Ok(None)
    }

    /// The same of an outlet by its id.
    pub fn amount_of(&mut self, outlet: &OutletId, month: Month) -> Result<Option<Fen>, StoreError> {
        let providers = self.outlet_row(outlet)?.map(|row| owners(&row)).unwrap_or_default();
        self.amount(&providers, outlet, month)
    }

    /// The months that a provider's outlets reported, ascending.
    pub fn reported_months(&mut self, provider: &ProviderId) -> Result<Vec<Month>, StoreError> {
        Ok(self.months_record(provider)?.reported)
    }

    /// A provider's months with turnover, ascending.
    pub fn months(&mut self, provider: &ProviderId) -> Result<Vec<MonthRow>, StoreError> {
        // Whose an outlet was, and when, is of the facts.
        self.freshen_all()?;
        let mut rows = Vec::new();
        for month in self.months_record(provider)?.reported {
            if let Some(record) = self.cache.get::<StoredMonth>(&keys::month(provider, month))? {
                let (reported, dormancy, orders) = (record.reported, record.dormancy, record.orders);
                let points = dormancy.points(record.rule);
                rows.push(MonthRow { month, reported, wanted: 0, dormancy, cities: Vec::new(), points, orders });
            }
        }
        for row in &mut rows {
            row.wanted = self.wanted_reports(provider, row.month)?;
            row.cities = self.by_city(provider, row.month)?;
        }
        Ok(rows)
    }

    /// A month's figures city by city, in the order of their names (decision 16).
    pub fn by_city(&mut self, provider: &ProviderId, month: Month) -> Result<Vec<CityMonth>, StoreError> {
        let Some(rule) = self.rule_of(provider, month)? else { return Ok(Vec::new()) };
        let mut cities: BTreeMap<String, (u32, Dormancy)> = BTreeMap::new();
        for this in self.turnovers(provider, month, None, usize::MAX)? {
            let Some(row) = self.outlet_row(&this.outlet)? else { continue };
            let before = self.amount(&owners(&row), &this.outlet, month.plus(-1))?;
            let is_tested = row.tenure().is_tested(provider, month, rule);
            let part = Dormancy::of(is_tested, (before, Some(this.amount)), rule);
            let (reported, sum) = cities.entry(row.outlet.city.clone()).or_default();
            *reported += 1;
            *sum = sum.exchange(Dormancy::default(), part);
        }
        let row = |(city, (reported, dormancy))| CityMonth { city, reported, dormancy };
        Ok(cities.into_iter().map(row).collect())
    }

    /// Turnover of a provider's month by outlet, after one of them.
    pub fn turnovers(
        &mut self,
        provider: &ProviderId,
        month: Month,
        after: Option<&OutletId>,
        limit: usize,
    ) -> Result<Vec<Turnover>, StoreError> {
        let record = self.cache.get::<StoredMonth>(&keys::month(provider, month))?;
        let pages = record.map(|r| r.pages.after(after)).unwrap_or_default();
        self.rows_after(&pages, |page| keys::turnover(provider, month, page), (after, limit))
    }

    /// A finding, if there is one by a moment.
    pub fn finding(&mut self, id: &FindingId, now: Moment) -> Result<Option<Finding>, StoreError> {
        self.freshen_all()?;
        let Subject::Dormant(month) = id.subject else {
            return Ok(self.breaches(&id.provider, now)?.into_iter().find(|f| f.id.subject == id.subject));
        };
        self.month_finding(id, month, &|_| true)
    }

    /// The finding of a month, if it is one; a decision counts where that says so.
    pub(super) fn month_finding(
        &mut self,
        id: &FindingId,
        month: Month,
        counts: &dyn Fn(&FindingState) -> bool,
    ) -> Result<Option<Finding>, StoreError> {
        let Some(record) = self.cache.get::<StoredMonth>(&keys::month(&id.provider, month))? else { return Ok(None) };
        let open = (FindingState::Open, record.dormancy, record.dormancy.points(record.rule));
        let (state, dormancy, points) = record.decided.clone().filter(|(state, ..)| counts(state)).unwrap_or(open);
        let none = state == FindingState::Open && points == Points(0);
        let now = Some(Measured::Dormant(record.dormancy)).filter(|_| record.dormancy.points(record.rule) > Points(0));
        let (measured, occurred_on) = (Measured::Dormant(dormancy), month.last());
        let id = id.clone();
        // A month's line is always of its last day.
        let found = Finding { id, measured, now, points, state, line: None, occurred_on, outlet: None, problem: None };
        Ok((!none).then_some(found))
    }

    /// Months of a provider with a finding, open or decided, ascending.
    pub(super) fn months_found(&mut self, provider: &ProviderId) -> Result<Vec<Month>, StoreError> {
        Ok(self.months_record(provider)?.found)
    }

    /// A provider's findings by a moment, by subject.
    pub fn findings(&mut self, provider: &ProviderId, now: Moment) -> Result<Vec<Finding>, StoreError> {
        self.freshen_all()?;
        let mut rows = Vec::new();
        for month in self.months_found(provider)? {
            let id = FindingId { provider: provider.clone(), subject: Subject::Dormant(month) };
            rows.extend(self.finding(&id, now)?);
        }
        rows.extend(self.breaches(provider, now)?);
        rows.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(rows)
    }
}

/// A month's turnover and that of the month before it: (before, this).
type Pair = (Option<Fen>, Option<Fen>);
