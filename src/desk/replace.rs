//! One entry in the place of another: judged with that one there (decision 13).

use super::core::{Core, Group, named};
use crate::domain::{Act, Context, Event, Filed, Place, Refusal, Request, Subject, correction};
use crate::ids::{ProviderId, Seq};
use crate::store::StoreError;
use std::borrow::Cow;

impl Core {
    /// Whether what stood on an entry that made room stands on the event that comes into it.
    pub(super) fn takes_over(
        &mut self,
        group: &Group,
        event: Event,
        (entry, whose): (Seq, &ProviderId),
        cx: Context<'_>,
    ) -> Result<Result<Event, Refusal>, StoreError> {
        let (seq, at) = (group.next(), cx.now.max(self.last_at));
        let instead = self.view.instead_of(seq);
        let filed = Act::of(&event).map(|act| Filed { seq, at, by: String::new(), act, void: None, instead });
        let Some(provider) = event.provider().cloned() else { return Ok(Ok(event)) };
        let (left, loaded) = (self.filed(whose)?, self.filed(&provider)?);
        let mut cities = Cow::Borrowed(&loaded.0);
        named(&mut cities, &event);
        let place = filed.as_ref().map_or_else(|| Place::ending(at.day(), seq), Filed::place);
        let judged = self.look(group, place, |facts| match &filed {
            Some(filed) if provider != *whose => correction::takes_over(facts, (&left.0, &left.1), entry, None)
                .and_then(|()| correction::takes_its_place(facts, &cities, &loaded.1, filed)),
            filed => correction::takes_over(facts, (&cities, &loaded.1), entry, filed.as_ref()),
        })?;
        Ok(judged.map(|()| event))
    }

    /// A request with the moment that its answer is due now, if it is due at all. The journal says whose it is: no
    /// provider is searched.
    pub fn open_request(&mut self, seq: Seq) -> Result<Option<Request>, StoreError> {
        let seq = self.known(seq)?;
        let Some(Event::RequestOpened(request)) = self.standing(seq)? else { return Ok(None) };
        let state = self.view.state(&request.provider, &[])?;
        let due = state.answer_of(seq);
        Ok(due.map(|o| Request { due: o.due, calendar: o.calendar.clone(), ..request.clone() }))
    }

    /// What an entry says, or the one that has come into its place.
    fn standing(&mut self, seq: Seq) -> Result<Option<Event>, StoreError> {
        let mut now = seq;
        loop {
            let Some(event) = self.event(now)? else { return Ok(None) };
            let by = match event.provider() {
                Some(provider) => self.view.void_of(provider, now)?,
                None => None,
            };
            let room = by.map(|by| self.event(by)).transpose()?.flatten().and_then(|event| event.makes_room());
            match by.filter(|_| room == Some(now)) {
                Some(by) => now = by.next(),
                None => return Ok(Some(event)),
            }
        }
    }

    /// What an entry says.
    fn event(&mut self, seq: Seq) -> Result<Option<Event>, StoreError> {
        Ok(self.journal.entry(seq)?.map(|recorded| recorded.entry.event))
    }

    /// The number that an entry's record is known by.
    pub fn known(&mut self, seq: Seq) -> Result<Seq, StoreError> {
        self.by_entries(|entry| correction::known(entry, seq))
    }

    /// What a finding is about, by the number that its record is known by.
    pub fn known_subject(&mut self, subject: Subject) -> Result<Subject, StoreError> {
        self.by_entries(|entry| subject.known(entry))
    }

    fn by_entries<T>(&self, ask: impl FnOnce(&mut dyn FnMut(Seq) -> Option<Event>) -> T) -> Result<T, StoreError> {
        let mut trouble = None;
        let answer = ask(&mut |seq| match self.journal.entry(seq) {
            Ok(recorded) => recorded.map(|recorded| recorded.entry.event),
            Err(e) => {
                trouble = Some(e);
                None
            }
        });
        trouble.map_or(Ok(answer), |e| Err(e.into()))
    }
}
