//! What is due, by provider and due moment, and the breaches that entries and missed obligations are.

use super::{FindingsRecord, Found, ObligationsRecord, StoreError, View, keys};
use crate::domain::{
    About, Finding, FindingId, FindingState, Happening, Measured, Obligation, ObligationId, ObligationKind, Request,
    Subject,
};
use crate::ids::{OutletId, ProviderId, Seq};
use crate::points::Points;
use crate::time::{Day, Moment};

/// An obligation that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Whose it is.
    pub provider: ProviderId,
    /// The entry that began it.
    pub seq: Seq,
    /// What is due, and when.
    pub obligation: Obligation,
}

impl View {
    pub(super) fn begin(&mut self, provider: &ProviderId, seq: Seq, due: &Obligation) -> Result<(), StoreError> {
        let record = self.cache.edit::<ObligationsRecord>(&keys::obligations(provider))?;
        record.add(seq, due.clone());
        Ok(())
    }

    pub(super) fn request(&mut self, seq: Seq, request: &Request) -> Result<(), StoreError> {
        self.begin(&request.provider, seq, &request.obligation())
    }

    /// Closes an obligation. One that was late and is a breach stays as a finding; one decided on before stays as
    /// decided.
    pub(super) fn done(&mut self, provider: &ProviderId, id: ObligationId, at: Moment) -> Result<(), StoreError> {
        let missing = || StoreError::view("an obligation that the view does not have");
        let record = self.cache.edit::<ObligationsRecord>(&keys::obligations(provider))?;
        let place = record.open.iter().position(|(s, o)| (*s, o.kind) == id).ok_or_else(missing)?;
        let (seq, obligation) = record.open.remove(place);
        if at > obligation.due
            && let Some(found) = missed(seq, &obligation, Some(at))
        {
            self.found(provider, found)?;
        }
        Ok(())
    }

    /// The answer to a request, of whichever kind it is.
    pub(super) fn answered(&mut self, provider: &ProviderId, seq: Seq, at: Moment) -> Result<(), StoreError> {
        let record = self.cache.edit::<ObligationsRecord>(&keys::obligations(provider))?;
        let kind = record.open.iter().find(|(s, _)| *s == seq).map(|(_, o)| o.kind);
        let kind = kind.ok_or_else(|| StoreError::view("an answer to a request that the view does not have"))?;
        self.done(provider, (seq, kind), at)
    }

    /// What a record closes, opens and found.
    pub(super) fn follow(&mut self, seq: Seq, h: &Happening) -> Result<(), StoreError> {
        for id in &h.closes {
            self.done(&h.provider, *id, Moment::start_of(h.on))?;
        }
        for obligation in &h.opens {
            self.begin(&h.provider, seq, obligation)?;
        }
        let Some(found) = &h.found else { return Ok(()) };
        let kept = Found {
            subject: Subject::Of(found.breach, found.about.unwrap_or(seq)),
            measured: found.measured.clone(),
            occurred_on: h.on,
            outlet: found.outlet.clone(),
            problem: found.problem.clone(),
            decided: None,
        };
        self.found(&h.provider, kept)
    }

    /// Keeps a breach. One that is open takes the later measure; one that was decided stays.
    fn found(&mut self, provider: &ProviderId, found: Found) -> Result<(), StoreError> {
        let record = self.cache.edit::<FindingsRecord>(&keys::findings(provider))?;
        match record.kept.iter_mut().find(|kept| kept.subject == found.subject) {
            Some(kept) if kept.decided.is_none() => *kept = found,
            Some(_) => {}
            None => record.kept.push(found),
        }
        Ok(())
    }

    /// Counts an outlet for the roll-out of its city, where it came in time (1.6.1(2)).
    pub(super) fn count_outlet(&mut self, provider: &ProviderId, city: &str, on: Day) -> Result<(), StoreError> {
        let record = self.cache.edit::<ObligationsRecord>(&keys::obligations(provider))?;
        let counts = |o: &Obligation| matches!(o.kind, ObligationKind::FirstBatch | ObligationKind::AllOutlets);
        let about = About::City(city.to_owned());
        let in_time = |o: &Obligation| Moment::start_of(on) <= o.due;
        let open = record.open.iter_mut().map(|(_, o)| o);
        open.filter(|o| counts(o) && o.about == about && in_time(o)).for_each(|o| o.have += 1);
        Ok(())
    }

    /// Counted again by another calendar: what moved gets its new moment, all get the version.
    pub(super) fn moved(
        &mut self,
        provider: &ProviderId,
        calendar: &str,
        moved: &[(ObligationId, Moment)],
    ) -> Result<(), StoreError> {
        let record = self.cache.edit::<ObligationsRecord>(&keys::obligations(provider))?;
        for (seq, mut obligation) in std::mem::take(&mut record.open) {
            if let Some((_, due)) = moved.iter().find(|(id, _)| *id == (seq, obligation.kind)) {
                (obligation.due, obligation.calendar) = (*due, calendar.to_owned());
            }
            record.add(seq, obligation);
        }
        Ok(())
    }

    pub(super) fn decide_kept(
        &mut self,
        finding: &FindingId,
        measured: &Measured,
        decided: (FindingState, Points),
    ) -> Result<(), StoreError> {
        let open = self.cache.get::<ObligationsRecord>(&keys::obligations(&finding.provider))?;
        let of_open = open.and_then(|r| {
            r.open.iter().find_map(|(seq, o)| missed(*seq, o, None).filter(|found| found.subject == finding.subject))
        });
        let record = self.cache.edit::<FindingsRecord>(&keys::findings(&finding.provider))?;
        let missing = || StoreError::view("a decision on a finding that the view does not have");
        let place = record.kept.iter().position(|kept| kept.subject == finding.subject);
        let mut kept = match (place, of_open) {
            (Some(at), _) => record.kept.remove(at),
            (None, Some(found)) => found,
            (None, None) => return Err(missing()),
        };
        (kept.measured, kept.decided) = (measured.clone(), Some(decided));
        record.kept.push(kept);
        Ok(())
    }

    /// Open obligations, the next due first; all, or those of one provider.
    pub fn due(&mut self, provider: Option<&ProviderId>) -> Result<Vec<Due>, StoreError> {
        let records = match provider {
            Some(id) => vec![(id.clone(), ObligationsRecord { open: self.obligations_of(id)? })],
            None => self.by_provider(keys::OBLIGATIONS)?,
        };
        let mut rows = Vec::new();
        for (provider, record) in records {
            let due = |(seq, obligation)| Due { provider: provider.clone(), seq, obligation };
            rows.extend(record.open.into_iter().map(due));
        }
        rows.sort_by_key(|due| (due.obligation.due, due.seq));
        Ok(rows)
    }

    /// A provider's open obligations, the next due first.
    pub fn obligations_of(&mut self, provider: &ProviderId) -> Result<Vec<(Seq, Obligation)>, StoreError> {
        let record = self.cache.get::<ObligationsRecord>(&keys::obligations(provider))?;
        Ok(record.map(|r| r.open.clone()).unwrap_or_default())
    }

    /// The open obligation of a provider that an entry began, if it is the answer to a request.
    pub fn open_answer(&mut self, provider: &ProviderId, seq: Seq) -> Result<Option<Obligation>, StoreError> {
        let record = self.cache.get::<ObligationsRecord>(&keys::obligations(provider))?;
        let answers = |kind| matches!(kind, ObligationKind::HelpAnswer | ObligationKind::ExitAnswer);
        let found = record.and_then(|r| r.open.iter().find(|(s, o)| *s == seq && answers(o.kind)));
        Ok(found.map(|(_, o)| o.clone()))
    }

    /// The number of an outlet's open exit application.
    pub fn open_exit(&mut self, provider: &ProviderId, outlet: &OutletId) -> Result<Option<Seq>, StoreError> {
        let record = self.cache.get::<ObligationsRecord>(&keys::obligations(provider))?;
        let about = About::Outlet(outlet.clone());
        let is = |o: &Obligation| o.kind == ObligationKind::ExitAnswer && o.about == about;
        Ok(record.and_then(|r| r.open.iter().find(|(_, o)| is(o)).map(|(seq, _)| *seq)))
    }

    /// Breaches of a provider by a moment. Proposed points are the article's to say: 0.
    pub(super) fn breaches(&mut self, provider: &ProviderId, now: Moment) -> Result<Vec<Finding>, StoreError> {
        let open = self.obligations_of(provider)?;
        let kept = self.cache.get::<FindingsRecord>(&keys::findings(provider))?;
        let mut all = kept.map(|record| record.kept.clone()).unwrap_or_default();
        for (seq, obligation) in open.iter().filter(|(_, o)| now > o.due) {
            let found = missed(*seq, obligation, None);
            all.extend(found.filter(|f| !all.iter().any(|kept| kept.subject == f.subject)));
        }
        Ok(all.into_iter().map(|found| found.finding(provider)).collect())
    }
}

/// The breach that a missed obligation is.
fn missed(seq: Seq, o: &Obligation, done: Option<Moment>) -> Option<Found> {
    let outlet = match &o.about {
        About::Outlet(outlet) => Some(outlet.clone()),
        _ => None,
    };
    let subject = o.kind.missed(seq)?;
    let measured = match (subject, &outlet) {
        (Subject::Exit(_), Some(outlet)) => Measured::Late { outlet: outlet.clone(), due: o.due, answered: done },
        _ => Measured::Missed { due: o.due, done, need: o.need, have: o.have },
    };
    Some(Found { subject, measured, occurred_on: o.due.day(), outlet, problem: None, decided: None })
}

impl ObligationsRecord {
    fn add(&mut self, seq: Seq, obligation: Obligation) {
        let key = |seq: Seq, o: &Obligation| (o.due, seq, o.kind);
        let place = self.open.partition_point(|(s, o)| key(*s, o) < key(seq, &obligation));
        self.open.insert(place, (seq, obligation));
    }
}

impl Found {
    fn finding(self, provider: &ProviderId) -> Finding {
        let (state, points) = self.decided.unwrap_or_default();
        let (occurred_on, outlet, problem): (Day, _, _) = (self.occurred_on, self.outlet, self.problem);
        let id = FindingId { provider: provider.clone(), subject: self.subject };
        Finding { id, measured: self.measured, points, state, occurred_on, outlet, problem }
    }
}
