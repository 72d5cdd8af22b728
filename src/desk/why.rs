//! Why something is so: what is on record about it is loaded, and the domain tells the grounds.

use super::core::Core;
use super::{Desk, DeskError, StoreError, lists};
use crate::domain::deposit::{Statement, statement};
use crate::domain::discretion::Usage;
use crate::domain::impact::Impact;
use crate::domain::why::{self, Ground, Known, Named, Reported, Role, Source, Target, Trace};
use crate::domain::{Context, Event, Finding, FindingId, LineKind, Refusal, Subject};
use crate::ids::{ArticleId, OutletId, ProviderId, Seq};
use crate::journal::{Chained, Journal};
use crate::rulebook::{DormantRule, Rulebook};
use crate::time::{Day, Moment, Month, Year};
use chrono::Datelike;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a trace is of, and the entry itself where it is of one that is no ledger line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    /// The grounds.
    pub trace: Trace,
    /// The entry, to be told whole before them.
    pub recorded: Option<Chained>,
}

impl Desk {
    /// Why a line, finding, obligation or entry is so.
    pub fn why(&self, target: &Target) -> Result<Explained, DeskError> {
        self.with_cx(|core, cx| core.why(target, At { cx, until: None }))?.map_err(DeskError::Refused)
    }

    /// Why it was so at the end of a day, by what is known now.
    pub fn why_on(&self, target: &Target, day: Day) -> Result<Explained, DeskError> {
        let now = self.moment_of(day);
        let told = self.with_cx(|core, cx| core.why(target, At { cx: Context { now, ..cx }, until: Some(day) }))?;
        told.map_err(DeskError::Refused)
    }

    /// What an edition of the rulebook would make of a year's lines, provider by provider that has any.
    pub fn impact(&self, book: &Rulebook, year: Year) -> Result<Vec<(ProviderId, Impact)>, StoreError> {
        self.list_all(&lists::Impacts(Arc::new(book.clone()), year))
    }

    /// How an article was scored before: the lines that stand.
    pub fn usage(&self, article: &ArticleId) -> Result<Usage, StoreError> {
        self.with(|core| core.view.usage(article))
    }

    /// A provider's deposits from a day on, to the end of another: what came and went by which entry.
    pub fn account(&self, provider: &ProviderId, from: Option<Day>, to: Day) -> Result<Statement, StoreError> {
        self.with(|core| Ok(statement(&*core.filed(provider)?, from, to)))
    }
}

/// When something is told: by what is on record until the end of a day, or all of it.
#[derive(Clone, Copy)]
struct At<'a> {
    cx: Context<'a>,
    until: Option<Day>,
}

type Told = Result<Explained, Refusal>;

impl Core {
    fn why(&mut self, target: &Target, at: At<'_>) -> Result<Told, StoreError> {
        if let Some(later) = self.later(target, at)? {
            return Ok(Err(later));
        }
        let told = match target {
            Target::Entry(seq) => self.why_entry(*seq, at)?,
            Target::Finding(id) => {
                // Either number of a record that was replaced is that record's (decision 13).
                let id = &FindingId { subject: self.known_subject(id.subject)?, ..id.clone() };
                let found = self.found(id, at)?;
                let grounds = self.why_finding(id, found.as_ref(), at)?;
                grounds.map(|grounds| explained(target, Some(&id.provider), grounds))
            }
            Target::Obligation((seq, kind)) => {
                // Of the entry that stands in its place, it may be of another provider; so is what a transfer begins.
                match self.standing(*seq)? {
                    None => Err(Refusal::UnknownEntry { what: "entry", seq: *seq }),
                    Some((_, event)) => {
                        let next = match &event {
                            Event::Happened(h) => h.hands_over().map(|(_, to)| to.clone()),
                            _ => None,
                        };
                        let of = next.or_else(|| event.provider().cloned());
                        let Some(id) = of else {
                            return Ok(Err(Refusal::UnknownEntry { what: "entry", seq: *seq }));
                        };
                        let grounds = self.asked_of(&id, at, |known| why::obligation(known, (*seq, *kind)))?;
                        grounds.map(|grounds| explained(target, Some(&id), grounds))
                    }
                }
            }
        };
        let Ok(mut told) = told else { return Ok(told) };
        for outlet in told.trace.outlets() {
            if let Some(record) = self.view.outlet(&outlet)? {
                told.trace.names.insert(outlet, record.name);
            }
        }
        Ok(Ok(told))
    }

    /// That what is asked about happened after the day that is asked about.
    fn later(&mut self, target: &Target, at: At<'_>) -> Result<Option<Refusal>, StoreError> {
        let (Some(as_of), Target::Entry(seq) | Target::Obligation((seq, _))) = (at.until, target) else {
            return Ok(None);
        };
        let Some(recorded) = self.journal.entry(*seq)? else { return Ok(None) };
        let line = self.line_of(*seq, &recorded.entry.event)?.map(|(_, line)| line.occurred_on);
        let fact = match recorded.entry.event.provider() {
            Some(provider) => self.filed(provider)?.facts.iter().find(|filed| filed.seq == *seq).map(|f| f.place().day),
            None => None,
        };
        let on = line.or(fact).unwrap_or_else(|| recorded.entry.at.day());
        Ok((on > as_of).then_some(Refusal::Later { seq: *seq, on, as_of }))
    }

    /// A finding as it was at that time.
    fn found(&mut self, id: &FindingId, at: At<'_>) -> Result<Option<Finding>, StoreError> {
        let Some(day) = at.until else { return self.view.finding(id, at.cx.now) };
        let all = self.view.findings_on(&id.provider, (day, at.cx.now))?;
        Ok(all.into_iter().find(|finding| finding.id == *id))
    }

    /// Tells an entry: as a ledger line where it made one, whole and with what it came to where it did not.
    fn why_entry(&mut self, seq: Seq, at: At<'_>) -> Result<Told, StoreError> {
        let target = Target::Entry(seq);
        let Some(recorded) = self.journal.entry(seq)? else {
            return Ok(Err(Refusal::UnknownEntry { what: "entry", seq }));
        };
        let Some(provider) = recorded.entry.event.provider().cloned() else {
            let told = explained(&target, None, vec![Ground::Alone]);
            return Ok(Ok(Explained { recorded: Some(recorded), ..told }));
        };
        let event = &recorded.entry.event;
        if let Some((_, line)) = self.line_of(seq, event)? {
            let (year, day) = (line.occurred_on.year(), at.until.unwrap_or(Day::MAX));
            let year = self.view.lines_on(&provider, year, day)?;
            let line = year.iter().find(|other| other.seq == line.seq).cloned().unwrap_or(line);
            let tell = if line.kind == LineKind::Reversal { why::reversal } else { why::line };
            let mut grounds = self.asked_of(&provider, at, |known| tell(known, &line, &year))?;
            if let Event::FindingConfirmed { finding, .. } = event {
                // The clause is the line's, and said already.
                let found = self.of_decision(finding, at)?;
                grounds.extend(found.into_iter().filter(|ground| !matches!(ground, Ground::Clause { .. })));
            }
            return Ok(Ok(explained(&target, Some(&provider), grounds)));
        }
        let mut grounds = self.asked_of(&provider, at, |known| why::entry(known, seq))?;
        // An outlet that is handed over is a fact of both providers.
        if let Event::Happened(h) = event
            && let Some((_, to)) = h.hands_over()
        {
            let there = self.asked_of(to, at, |known| why::entry(known, seq))?;
            let new: Vec<Ground> = there.into_iter().filter(|ground| !grounds.contains(ground)).collect();
            grounds.extend(new);
        }
        grounds.extend(self.corrections(&recorded)?);
        match event {
            Event::FindingDismissed { finding, .. } => grounds.extend(self.of_decision(finding, at)?),
            Event::TurnoverRecorded { turnover, .. } | Event::TurnoverAmended { turnover, .. } => {
                let now = self.view.turnover(&provider, &turnover.outlet, turnover.month)?;
                grounds.push(Ground::Report {
                    outlet: turnover.outlet.clone(),
                    month: turnover.month,
                    said: turnover.amount,
                    now: now.map(|now| now.amount),
                });
                let mut found = Vec::new();
                for month in [turnover.month, turnover.month.plus(1)] {
                    let id = FindingId { provider: provider.clone(), subject: Subject::Dormant(month) };
                    found.extend(self.found(&id, at)?.map(|finding| (finding.id, finding.now)));
                }
                if !found.is_empty() {
                    grounds.push(Ground::Found(found));
                }
            }
            _ => {}
        }
        if grounds.is_empty() {
            grounds.push(Ground::Alone);
        }
        let told = explained(&target, Some(&provider), grounds);
        Ok(Ok(Explained { recorded: Some(recorded), ..told }))
    }

    /// The grounds of the finding that was decided on; none where the facts are gone that it was of.
    fn of_decision(&mut self, id: &FindingId, at: At<'_>) -> Result<Vec<Ground>, StoreError> {
        let found = self.found(id, at)?;
        Ok(self.why_finding(id, found.as_ref(), at)?.unwrap_or_default())
    }

    fn why_finding(
        &mut self,
        id: &FindingId,
        found: Option<&Finding>,
        at: At<'_>,
    ) -> Result<Result<Vec<Ground>, Refusal>, StoreError> {
        let Subject::Dormant(month) = id.subject else {
            return self.asked_of(&id.provider, at, |known| why::finding(known, id.subject, found));
        };
        let rule = self.view.rule_of(&id.provider, month)?;
        let Some(rule) = rule.filter(|_| at.until.is_none_or(|day| month.last() <= day)) else {
            return Ok(Err(Refusal::UnknownFinding { finding: id.to_string() }));
        };
        let rows = self.reported(&id.provider, month, rule)?;
        let cities = self.view.by_city(&id.provider, month)?;
        let mut counted = why::turnover(month, rule, rows, cities);
        self.entries_of(&id.provider, &mut counted)?;
        self.asked_of(&id.provider, at, |known| why::dormant(known, counted.clone(), found)).map(Ok)
    }

    /// What the outlets of a provider reported for a month and the one before. Whose entries those are is asked
    /// later, of those that matter.
    fn reported(
        &mut self,
        provider: &ProviderId,
        month: Month,
        rule: DormantRule,
    ) -> Result<Vec<Reported>, StoreError> {
        let all = self.view.turnovers(provider, month, None, usize::MAX)?;
        let mut rows = Vec::with_capacity(all.len());
        for this in all {
            let tenure = self.view.tenure(&this.outlet)?;
            let signed_on = tenure.as_ref().and_then(|tenure| tenure.signed_on);
            let is_tested = tenure.is_some_and(|tenure| tenure.is_tested(provider, month, rule));
            let before = self.view.amount_of(&this.outlet, month.plus(-1))?;
            rows.push(Reported {
                outlet: this.outlet,
                signed_on,
                is_tested,
                before: before.map(|amount| (amount, None)),
                this: Some((this.amount, None)),
            });
        }
        Ok(rows)
    }

    /// Finds the entries that say what dormant outlets turned over. A month is reported when it is over, so that the
    /// journal is read from there, and only until all of them were met.
    fn entries_of(&mut self, provider: &ProviderId, counted: &mut why::Dormant) -> Result<(), StoreError> {
        let month = counted.month;
        let mut wanted: BTreeMap<(OutletId, Month), Option<Source>> = BTreeMap::new();
        let mut amounts = BTreeMap::new();
        for row in counted.low.outlets.iter().chain(&counted.zero.outlets) {
            for (of, said) in [(month, &row.this), (month.plus(-1), &row.before)] {
                if let Some((amount, _)) = said {
                    wanted.insert((row.outlet.clone(), of), None);
                    amounts.insert((row.outlet.clone(), of), *amount);
                }
            }
        }
        let mut left = wanted.len();
        let from = first_since(self.journal.as_ref(), Moment::start_of(month.first()))?;
        self.journal.read(from, &mut |recorded| {
            let (Event::TurnoverRecorded { turnover, provider: of, .. }
            | Event::TurnoverAmended { turnover, provider: of, .. }) = &recorded.entry.event
            else {
                return left > 0;
            };
            let key = (turnover.outlet.clone(), turnover.month);
            // The month before may be of the provider before (decision 17).
            let says = (of == provider || turnover.month < month) && amounts.get(&key) == Some(&turnover.amount);
            if let Some(source) = wanted.get_mut(&key).filter(|_| says) {
                left -= usize::from(source.is_none());
                let (entry, at, by) = (recorded.seq, recorded.entry.at, recorded.entry.by);
                *source = Some(Source { entry, by, at });
            }
            left > 0
        })?;
        for row in counted.low.outlets.iter_mut().chain(&mut counted.zero.outlets) {
            for (of, said) in [(month, &mut row.this), (month.plus(-1), &mut row.before)] {
                if let Some((_, entry)) = said {
                    *entry = wanted.get(&(row.outlet.clone(), of)).cloned().flatten();
                }
            }
        }
        Ok(())
    }

    /// What corrected an entry, and what it corrects itself.
    fn corrections(&mut self, recorded: &Chained) -> Result<Vec<Ground>, StoreError> {
        let corrected = self.corrected(recorded.seq)?;
        let mut more = Vec::new();
        let mut tell = |core: &mut Core, role, entries: &[Seq]| -> Result<(), StoreError> {
            let named = entries.iter().map(|seq| core.named(*seq)).collect::<Result<Vec<_>, _>>()?;
            more.push(Ground::Entries(role, named.into_iter().flatten().collect()));
            Ok(())
        };
        if let Some(by) = corrected.replaced_by {
            tell(self, Role::ReplacedBy, &[by])?;
        }
        match &recorded.entry.event {
            Event::Voided { entries, .. } => {
                tell(self, Role::Takes, entries)?;
                if let Some(by) = corrected.brought_back_by {
                    tell(self, Role::BroughtBackBy, &[by])?;
                }
            }
            Event::Restored { entries, .. } => tell(self, Role::BringsBack, entries)?,
            _ => {}
        }
        Ok(more)
    }

    fn named(&self, seq: Seq) -> Result<Option<Named>, StoreError> {
        Ok(self.journal.entry(seq)?.as_ref().map(named))
    }

    /// Asks of all that is known of a provider.
    fn asked_of<T>(
        &mut self,
        provider: &ProviderId,
        at: At<'_>,
        ask: impl FnOnce(&Known<'_>) -> T,
    ) -> Result<T, StoreError> {
        let loaded = self.filed(provider)?;
        let filed = match at.until {
            Some(day) => &loaded.facts[..loaded.facts.partition_point(|filed| filed.place().day <= day)],
            None => &loaded.facts[..],
        };
        let trouble = RefCell::new(None);
        let entry = |seq: Seq| match self.named(seq) {
            Ok(named) => named,
            Err(e) => {
                trouble.replace(Some(e));
                None
            }
        };
        let told = ask(&Known { provider, cities: &loaded.cities, filed, entry: &entry, cx: at.cx });
        trouble.into_inner().map_or(Ok(told), Err)
    }
}

fn explained(of: &Target, provider: Option<&ProviderId>, grounds: Vec<Ground>) -> Explained {
    let trace = Trace { of: of.clone(), provider: provider.cloned(), grounds, names: BTreeMap::new() };
    Explained { trace, recorded: None }
}

fn named(recorded: &Chained) -> Named {
    let entry = &recorded.entry;
    Named::of_event(recorded.seq, (entry.at, &entry.by), &entry.event)
}

/// The first entry that was recorded at a moment or later: entries never go back in time.
pub(super) fn first_since(journal: &dyn Journal, at: Moment) -> Result<Seq, StoreError> {
    let (mut low, mut high) = (1, journal.head().seq.0 + 1);
    while low < high {
        let middle = low + (high - low) / 2;
        match journal.entry(Seq(middle))? {
            Some(recorded) if recorded.entry.at >= at => high = middle,
            _ => low = middle + 1,
        }
    }
    Ok(Seq(low))
}
