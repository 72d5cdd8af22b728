//! Requests that wait for an answer, by provider and due moment, and exit applications answered late (2.2.4(1)).

use super::{LateExit, RequestsRecord, StoreError, View, keys};
use crate::domain::{Finding, FindingId, FindingState, Measured, Request, RequestKind, Subject};
use crate::ids::{OutletId, ProviderId, Seq};
use crate::points::Points;
use crate::time::Moment;

impl View {
    pub(super) fn open_one(&mut self, seq: Seq, request: &Request) -> Result<(), StoreError> {
        let record = self.cache.edit::<RequestsRecord>(&keys::requests(&request.provider))?;
        let place = record.open.partition_point(|(s, r)| (r.due, *s) < (request.due, seq));
        record.open.insert(place, (seq, request.clone()));
        Ok(())
    }

    /// Closes a request. An exit answered late stays as a finding; one decided on before stays as decided.
    pub(super) fn answer_one(&mut self, provider: &ProviderId, seq: Seq, at: Moment) -> Result<(), StoreError> {
        let missing = || StoreError::view("an answer to a request that the view does not have");
        let record = self.cache.edit::<RequestsRecord>(&keys::requests(provider))?;
        let place = record.open.iter().position(|(s, _)| *s == seq).ok_or_else(missing)?;
        let (_, request) = record.open.remove(place);
        let known = record.late.iter().any(|late| late.request == seq);
        if request.kind == RequestKind::Exit && at > request.due && !known {
            let Request { outlet, due, .. } = request;
            let measured = Measured::Late { outlet, due, answered: Some(at) };
            record.late.push(LateExit { request: seq, measured, decided: None });
        }
        Ok(())
    }

    pub(super) fn decide_exit(
        &mut self,
        (provider, request): (&ProviderId, Seq),
        measured: &Measured,
        decided: (FindingState, Points),
    ) -> Result<(), StoreError> {
        let record = self.cache.edit::<RequestsRecord>(&keys::requests(provider))?;
        match record.late.iter_mut().find(|late| late.request == request) {
            Some(late) => late.decided = Some(decided),
            None => record.late.push(LateExit { request, measured: measured.clone(), decided: Some(decided) }),
        }
        Ok(())
    }

    /// Requests that wait for an answer, the next due first; all, or those of one provider.
    pub fn open_requests(&mut self, provider: Option<&ProviderId>) -> Result<Vec<(Seq, Request)>, StoreError> {
        let mut rows: Vec<(Seq, Request)> = Vec::new();
        for record in self.request_records(provider)? {
            rows.extend(record.1.open);
        }
        rows.sort_by_key(|(seq, request)| (request.due, *seq));
        Ok(rows)
    }

    /// A provider's request that waits for an answer.
    pub fn open_request(&mut self, provider: &ProviderId, seq: Seq) -> Result<Option<Request>, StoreError> {
        let record = self.cache.get::<RequestsRecord>(&keys::requests(provider))?;
        Ok(record.and_then(|r| r.open.iter().find(|(s, _)| *s == seq).map(|(_, request)| request.clone())))
    }

    /// The number of an outlet's open exit application.
    pub fn open_exit(&mut self, provider: &ProviderId, outlet: &OutletId) -> Result<Option<Seq>, StoreError> {
        let record = self.cache.get::<RequestsRecord>(&keys::requests(provider))?;
        let is = |r: &Request| r.kind == RequestKind::Exit && r.outlet == *outlet;
        Ok(record.and_then(|r| r.open.iter().find(|(_, request)| is(request)).map(|(seq, _)| *seq)))
    }

    /// Exits not answered in time by a moment, of all providers or one. Proposed points are the article's to say: 0.
    pub(super) fn late_exits(
        &mut self,
        provider: Option<&ProviderId>,
        now: Moment,
    ) -> Result<Vec<Finding>, StoreError> {
        let mut rows = Vec::new();
        for (provider, record) in self.request_records(provider)? {
            rows.extend(findings_of(&provider, &record, now));
        }
        Ok(rows)
    }

    /// One of them.
    pub(super) fn late_exit(
        &mut self,
        provider: &ProviderId,
        request: Seq,
        now: Moment,
    ) -> Result<Option<Finding>, StoreError> {
        let record = self.cache.get::<RequestsRecord>(&keys::requests(provider))?;
        let found = record.map(|record| findings_of(provider, record, now)).unwrap_or_default();
        Ok(found.into_iter().find(|f| f.id.subject == Subject::Exit(request)))
    }

    fn request_records(
        &mut self,
        provider: Option<&ProviderId>,
    ) -> Result<Vec<(ProviderId, RequestsRecord)>, StoreError> {
        match provider {
            Some(id) => {
                let record = self.cache.get::<RequestsRecord>(&keys::requests(id))?;
                Ok(record.map(|r| (id.clone(), r.clone())).into_iter().collect())
            }
            None => self.by_provider(keys::REQUESTS),
        }
    }
}

fn findings_of(provider: &ProviderId, record: &RequestsRecord, now: Moment) -> Vec<Finding> {
    let id = |request| FindingId { provider: provider.clone(), subject: Subject::Exit(request) };
    let kept = record.late.iter().map(|late| {
        let (state, points) = late.decided.clone().unwrap_or_default();
        Finding { id: id(late.request), measured: late.measured.clone(), points, state }
    });
    let known = |seq: Seq| record.late.iter().any(|late| late.request == seq);
    let overdue = |r: &Request| r.kind == RequestKind::Exit && now > r.due;
    let waiting = record.open.iter().filter(|(seq, r)| overdue(r) && !known(*seq)).map(|(seq, r)| Finding {
        id: id(*seq),
        measured: Measured::Late { outlet: r.outlet.clone(), due: r.due, answered: None },
        points: Points(0),
        state: FindingState::Open,
    });
    let mut all: Vec<Finding> = kept.chain(waiting).collect();
    all.sort_by(|a, b| a.id.cmp(&b.id));
    all
}
