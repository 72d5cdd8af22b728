//! The journal as plain lists, by provider.

use super::moved::Moved;
use super::outlet::OutletFact;
use crate::domain::life::OutletStep;
use crate::domain::{Event, Fact, Left, Line, LineKind, LineLaw, Outlet, Provider, Turnover};
use crate::ids::{OutletId, ProviderId, Seq};
use crate::journal::{Chained, Journal};
use crate::money::Fen;
use crate::rulebook::{ArticleKind, DormantRule};
use crate::store::StoreError;
use crate::time::{Day, Month, Year};
use chrono::Datelike;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

/// 128 bits over what a row says: two rows that differ are taken for equal once in 10^38.
pub type Digest = [u8; 16];

/// A digest over the encoding of a value.
pub fn digest(value: &impl Serialize) -> Result<Digest, StoreError> {
    let bytes = bincode::serde::encode_to_vec(value, bincode::config::standard()).map_err(StoreError::view)?;
    let mut short = Digest::default();
    short.copy_from_slice(&blake3::hash(&bytes).as_bytes()[..size_of::<Digest>()]);
    Ok(short)
}

/// What all of the journal says of providers and outlets, and how much it says of each provider.
#[derive(Default)]
pub struct Survey {
    /// Providers, in the order of the journal, with a digest of their records.
    pub providers: Vec<(ProviderId, Digest)>,
    /// The place of each in that list.
    places: HashMap<ProviderId, usize>,
    /// Lines and reports of each.
    rows: Vec<u64>,
    /// Outlets as they are at the end.
    pub outlets: HashMap<OutletId, OutletFact>,
    /// Lines by year.
    pub lines: BTreeMap<Year, u64>,
    /// Which provider an entry put on record, and the places of those that were taken off it.
    adders: HashMap<Seq, usize>,
    pub away: BTreeSet<usize>,
    /// Which outlet an entry put on record, and those that were taken off it.
    added: HashMap<Seq, OutletId>,
    gone: HashMap<Seq, OutletFact>,
    /// Which outlet an entry signed, or took away for good.
    signings: HashMap<Seq, OutletId>,
    /// Which outlet an entry handed to which provider, when.
    transfers: HashMap<Seq, (OutletId, usize, Day)>,
    /// Those that are away.
    untransferred: BTreeSet<Seq>,
}

impl Survey {
    /// Reads the whole journal once.
    pub fn of(journal: &dyn Journal) -> Result<Survey, StoreError> {
        let (mut survey, mut failed) = (Survey::default(), None);
        journal.read(Seq(1), &mut |recorded| {
            failed = survey.take(&recorded).err();
            failed.is_none()
        })?;
        failed.map_or(Ok(survey), Err)
    }

    /// The place of a provider.
    pub fn place(&self, id: &ProviderId) -> Result<usize, StoreError> {
        let unknown = || StoreError::view(format!("the journal speaks of {id} before it adds it"));
        self.places.get(id).copied().ok_or_else(unknown)
    }

    fn take(&mut self, recorded: &Chained) -> Result<(), StoreError> {
        let event = &recorded.entry.event;
        match event {
            Event::ProviderAdded(p) => {
                self.provider(p)?;
                let place = self.place(&p.id)?;
                self.adders.insert(recorded.seq, place);
                self.away.remove(&place);
            }
            Event::ProviderAmended(p) => self.provider(p)?,
            Event::OutletAdded(o) => {
                self.added.insert(recorded.seq, o.id.clone());
                self.outlet(o)?;
            }
            Event::OutletAmended(o) => self.outlet(o)?,
            Event::Happened(h) => {
                if let Fact::Outlet(id, step) = &h.fact {
                    self.life(recorded.seq, id, step, h.on)?;
                }
            }
            Event::Voided { entries, left, provider, .. } => {
                self.void(entries, true);
                self.leave(provider, left.as_ref())?;
            }
            Event::Restored { entries, left, provider, .. } => {
                self.void(entries, false);
                self.leave(provider, left.as_ref())?;
            }
            Event::TurnoverRecorded { provider, .. } => self.count(provider)?,
            _ => {}
        }
        if let Some((provider, day)) = line_of(event) {
            *self.lines.entry(day.year()).or_default() += 1;
            self.count(provider)?;
        }
        Ok(())
    }

    fn count(&mut self, provider: &ProviderId) -> Result<(), StoreError> {
        let place = self.place(provider)?;
        self.rows[place] += 1;
        Ok(())
    }

    fn provider(&mut self, p: &Provider) -> Result<(), StoreError> {
        match self.places.get(&p.id) {
            Some(place) => self.providers[*place].1 = digest(p)?,
            None => {
                self.places.insert(p.id.clone(), self.providers.len());
                self.providers.push((p.id.clone(), digest(p)?));
                self.rows.push(0);
            }
        }
        Ok(())
    }

    fn outlet(&mut self, o: &Outlet) -> Result<(), StoreError> {
        let (provider, rest) = (self.place(&o.provider)?, OutletFact::rest_of(o)?);
        let fact = match self.outlets.remove(&o.id) {
            // Its signing is a step of its life, not of its record.
            Some(old) if old.proposed => OutletFact { rest, provider, ..old },
            Some(old) => OutletFact { rest, provider, signed_on: o.signed_on, ..old },
            None => OutletFact {
                provider,
                signed_on: o.signed_on,
                proposed: false,
                signings: Vec::new(),
                endings: Vec::new(),
                moves: Vec::new(),
                rest,
            },
        };
        self.outlets.insert(o.id.clone(), fact);
        Ok(())
    }

    fn life(&mut self, seq: Seq, id: &OutletId, step: &OutletStep, on: Day) -> Result<(), StoreError> {
        match step {
            OutletStep::Proposed { outlet, .. } => {
                // One that comes in the place of another keeps the steps that stand on that.
                let before = self.added.iter().filter(|(_, other)| *other == id).max_by_key(|(seq, _)| **seq);
                let before = before.and_then(|(seq, _)| self.gone.get(seq));
                let steps = before.map(|fact| (fact.signings.clone(), fact.endings.clone()));
                self.added.insert(seq, id.clone());
                self.outlet(outlet)?;
                if let Some(outlet) = self.outlets.get_mut(id) {
                    outlet.proposed = true;
                    if let Some((signings, endings)) = steps {
                        (outlet.signings, outlet.endings) = (signings, endings);
                        outlet.sign();
                    }
                }
            }
            OutletStep::Transferred { to } => {
                let to = self.place(to)?;
                self.transfers.insert(seq, (id.clone(), to, on));
                if let Some(outlet) = self.outlets.get_mut(id) {
                    outlet.moves.push((outlet.provider, on));
                    outlet.provider = to;
                }
            }
            OutletStep::Exited { .. } | OutletStep::Closed => {
                self.outlets.get_mut(id).into_iter().for_each(|o| o.endings.push((seq, on, true)));
                self.signings.insert(seq, id.clone());
            }
            OutletStep::Signed { .. } => {
                if let Some(outlet) = self.outlets.get_mut(id) {
                    outlet.signings.push((seq, on, true));
                    outlet.sign();
                }
                self.signings.insert(seq, id.clone());
            }
            _ => {}
        }
        Ok(())
    }

    /// What stands of a record, when entries that said how it is went or came back.
    fn leave(&mut self, provider: &ProviderId, left: Option<&Left>) -> Result<(), StoreError> {
        match left {
            Some(Left::Provider(p)) => self.provider(p),
            Some(Left::Outlet(o)) => self.outlet(o),
            Some(Left::Turnover { .. }) => self.count(provider),
            None => Ok(()),
        }
    }

    /// Entries were voided, or came back.
    fn void(&mut self, entries: &[Seq], gone: bool) {
        for place in entries.iter().filter_map(|seq| self.adders.get(seq)) {
            let _ = if gone { self.away.insert(*place) } else { self.away.remove(place) };
        }
        for seq in entries {
            match self.added.get(seq) {
                Some(id) if gone => drop(self.outlets.remove(id).map(|fact| self.gone.insert(*seq, fact))),
                Some(id) => drop(self.gone.remove(seq).map(|fact| self.outlets.insert(id.clone(), fact))),
                None => {}
            }
        }
        for (seq, (id, to, on)) in entries.iter().filter_map(|seq| self.transfers.get(seq).map(|of| (seq, of))) {
            let changes = if gone { self.untransferred.insert(*seq) } else { self.untransferred.remove(seq) };
            if !changes {
                continue;
            }
            let Some(outlet) = self.outlets.get_mut(id) else { continue };
            if !gone {
                outlet.moves.push((outlet.provider, *on));
                outlet.provider = *to;
            } else if let Some((from, _)) = outlet.moves.pop() {
                // Nothing came after it, so it was the last.
                outlet.provider = from;
            }
        }
        for seq in entries {
            let outlet = self.signings.get(seq).and_then(|id| self.outlets.get_mut(id));
            if let Some(outlet) = outlet {
                let steps = outlet.signings.iter_mut().chain(&mut outlet.endings);
                steps.filter(|(s, ..)| s == seq).for_each(|(.., stands)| *stands = !gone);
                if outlet.proposed {
                    outlet.sign();
                }
            }
        }
    }

    /// Providers that follow one another with at most so many rows together, or one with more.
    pub fn groups(&self, most: u64) -> Vec<Range<usize>> {
        let (mut groups, mut from, mut held) = (Vec::new(), 0, 0);
        for (place, rows) in self.rows.iter().enumerate() {
            if held + rows > most && place > from {
                groups.push(from..place);
                (from, held) = (place, 0);
            }
            held += rows;
        }
        groups.push(from..self.rows.len());
        groups
    }
}

/// Whose ledger an event is a line of, and of which day.
fn line_of(event: &Event) -> Option<(&ProviderId, Day)> {
    match event {
        Event::Reversed { provider, occurred_on, .. } => Some((provider, *occurred_on)),
        _ => event.deduction().map(|(deduction, ..)| (&deduction.provider, deduction.occurred_on)),
    }
}

/// A ledger line.
#[derive(Clone, Debug)]
pub struct LineFact {
    /// Its number.
    pub seq: Seq,
    /// The day it occurred.
    pub day: Day,
    /// What it does.
    pub kind: LineKind,
    /// Assessed points.
    pub points: u32,
    /// The cap on its article and problem, where it has one.
    pub cap: Option<(u32, Digest)>,
    /// The reversal that cancelled it.
    pub reversed_by: Option<Seq>,
    /// The line that it cancels.
    pub reverses: Option<Seq>,
    /// Over all that it says.
    pub says: Digest,
    /// Over what it stands on (section 2).
    pub support: Digest,
}

/// A report of turnover.
#[derive(Clone, Copy, Debug)]
pub struct ReportFact {
    /// What was turned over.
    pub amount: Fen,
    /// Orders, and those with a final status; none where not both are known.
    pub orders: (u64, u64),
    /// Over all that it says.
    pub says: Digest,
}

/// What one provider has.
#[derive(Default)]
pub struct Own {
    /// Its lines, in the order of their numbers.
    pub lines: Vec<LineFact>,
    /// Its reports, by month and outlet.
    pub reports: BTreeMap<Month, BTreeMap<OutletId, ReportFact>>,
    /// The rule of each month: that of its first report (4.4(1)).
    pub rules: BTreeMap<Month, DormantRule>,
}

/// The rows of some providers.
pub struct Rows {
    from: usize,
    own: Vec<Own>,
    /// What outlets reported that went from provider to provider, whoever they were with.
    pub moved: Moved,
}

impl Rows {
    /// Reads the whole journal once and keeps what is of providers at those places.
    pub fn of(journal: &dyn Journal, survey: &Survey, places: Range<usize>) -> Result<Rows, StoreError> {
        let mut rows = Rows { from: places.start, own: Vec::new(), moved: Moved::default() };
        rows.own.resize_with(places.len(), Own::default);
        let mut failed = None;
        journal.read(Seq(1), &mut |recorded| {
            failed = rows.keep(&recorded, survey).err();
            failed.is_none()
        })?;
        failed.map_or(Ok(rows), Err)
    }

    /// What the provider at a place has.
    pub fn take(&mut self, place: usize) -> Own {
        self.own.get_mut(place - self.from).map(std::mem::take).unwrap_or_default()
    }

    fn own(&mut self, survey: &Survey, provider: &ProviderId) -> Result<Option<&mut Own>, StoreError> {
        let place = survey.place(provider)?;
        Ok(place.checked_sub(self.from).and_then(|place| self.own.get_mut(place)))
    }

    fn keep(&mut self, recorded: &Chained, survey: &Survey) -> Result<(), StoreError> {
        let event = &recorded.entry.event;
        self.moved.keep(event, survey);
        match event {
            Event::TurnoverRecorded { turnover, provider, rule } => {
                let Some(own) = self.own(survey, provider)? else { return Ok(()) };
                if !own.reports.contains_key(&turnover.month) {
                    own.rules.insert(turnover.month, *rule);
                }
                own.report(turnover)?;
            }
            Event::TurnoverAmended { turnover, provider, .. } => {
                let Some(own) = self.own(survey, provider)? else { return Ok(()) };
                own.report(turnover)?;
            }
            Event::Supported { line, provider, is, .. } => {
                let Some(own) = self.own(survey, provider)? else { return Ok(()) };
                let support = digest(&(&is.subject, &is.evidence))?;
                own.lines.iter_mut().filter(|fact| fact.seq == *line).for_each(|fact| fact.support = support);
            }
            Event::Voided { lines, provider, left, .. } => {
                let Some(own) = self.own(survey, provider)? else { return Ok(()) };
                own.void(lines, Some(recorded.seq));
                own.leave(left.as_ref())?;
            }
            Event::Restored { lines, provider, left, .. } => {
                let Some(own) = self.own(survey, provider)? else { return Ok(()) };
                own.void(lines, None);
                own.leave(left.as_ref())?;
            }
            _ => {
                let Some((provider, _)) = line_of(event) else { return Ok(()) };
                let Some(own) = self.own(survey, provider)? else { return Ok(()) };
                line(own, recorded)?;
            }
        }
        Ok(())
    }
}

impl Own {
    /// Lines were voided, or came back; a reversal that is voided gives its line back.
    fn void(&mut self, lines: &[(Day, Seq)], by: Option<Seq>) {
        for (_, seq) in lines {
            let Ok(at) = self.lines.binary_search_by_key(seq, |fact| fact.seq) else { continue };
            self.lines[at].reversed_by = by;
            let of = self.lines[at].reverses;
            for line in self.lines.iter_mut().filter(|line| Some(line.seq) == of) {
                line.reversed_by = by.is_none().then_some(*seq);
            }
        }
    }

    /// What stands of a month's report, when entries that said it went or came back.
    fn leave(&mut self, left: Option<&Left>) -> Result<(), StoreError> {
        let Some(Left::Turnover { outlet, month, report }) = left else { return Ok(()) };
        if let Some(report) = report {
            return self.report(report);
        }
        if let Some(reports) = self.reports.get_mut(month) {
            reports.remove(outlet);
            if reports.is_empty() {
                self.reports.remove(month);
            }
        }
        Ok(())
    }

    /// How many reports it has.
    pub fn reported(&self) -> u64 {
        self.reports.values().map(|month| month.len() as u64).sum()
    }

    /// A report takes the place of the one before.
    fn report(&mut self, turnover: &Turnover) -> Result<(), StoreError> {
        let orders = turnover.orders.zip(turnover.with_final_status);
        let orders = orders.map_or((0, 0), |(all, with)| (u64::from(all), u64::from(with)));
        let fact = ReportFact { amount: turnover.amount, orders, says: digest(turnover)? };
        self.reports.entry(turnover.month).or_default().insert(turnover.outlet.clone(), fact);
        Ok(())
    }
}

fn line(own: &mut Own, recorded: &Chained) -> Result<(), StoreError> {
    let (seq, entry) = (recorded.seq, &recorded.entry);
    let fact = match (&entry.event, entry.event.deduction()) {
        (_, Some((d, law))) => {
            let (cap, kind) = (law.cap, law.kind);
            let kind = match kind {
                ArticleKind::Deduction => LineKind::Deduction,
                ArticleKind::Credit => LineKind::Credit,
            };
            let shared = cap.filter(|_| kind == LineKind::Deduction).zip(d.problem.as_ref());
            let cap_of = |(cap, problem): (crate::points::Points, &String)| {
                Ok::<_, StoreError>((cap.0, digest(&(&d.article, crate::ids::problem_key(problem)))?))
            };
            let says = (kind, &d.article, d.points, day_number(d.occurred_on), &d.outlet, &d.problem, &d.note, law);
            LineFact {
                seq,
                day: d.occurred_on,
                kind,
                points: d.points.0,
                cap: shared.map(cap_of).transpose()?,
                reversed_by: None,
                reverses: None,
                says: digest(&(says, entry.at, &entry.by, None::<Seq>))?,
                support: digest(&(&d.subject, &d.evidence))?,
            }
        }
        (Event::Reversed { line, occurred_on, reason, .. }, None) => {
            let cancelled = own.lines.binary_search_by_key(line, |fact| fact.seq);
            let at =
                cancelled.map_err(|_| StoreError::view(format!("entry {seq} reverses a line that is not there")))?;
            own.lines[at].reversed_by = Some(seq);
            LineFact {
                seq,
                day: *occurred_on,
                kind: LineKind::Reversal,
                points: own.lines[at].points,
                cap: None,
                reversed_by: None,
                reverses: Some(*line),
                // What a reversal takes over from its line is compared with that line.
                says: digest(&(reason, entry.at, &entry.by, Some(*line)))?,
                support: Digest::default(),
            }
        }
        _ => return Ok(()),
    };
    own.lines.push(fact);
    Ok(())
}

/// Over all that a line of the view says, as [`LineFact::says`] has it.
pub fn says(l: &Line) -> Result<Digest, StoreError> {
    if l.kind == LineKind::Reversal {
        return digest(&(l.note.as_deref().unwrap_or_default(), l.recorded_at, &l.by, l.reverses));
    }
    let kind = match l.kind {
        LineKind::Credit => ArticleKind::Credit,
        LineKind::Deduction | LineKind::Reversal | LineKind::Void => ArticleKind::Deduction,
    };
    let law = LineLaw { kind, cap: l.cap, needs: l.needs, edition: l.edition, agreed: l.agreed, proposed: l.proposed };
    let said = (l.kind, &l.article, l.points, day_number(l.occurred_on), &l.outlet, &l.problem, &l.note, law);
    digest(&(said, l.recorded_at, &l.by, l.reverses))
}

fn day_number(day: Day) -> i32 {
    day.num_days_from_ce()
}

/// Over what a line of the view stands on, as [`LineFact::support`] has it; reversals stand on their line.
pub fn support(l: &Line) -> Result<Digest, StoreError> {
    if l.kind == LineKind::Reversal { Ok(Digest::default()) } else { digest(&(&l.subject, &l.evidence)) }
}
