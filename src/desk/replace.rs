//! One entry in the place of another: judged with that one there (decision 13).

use super::core::{Core, Group};
use crate::domain::life::OutletStep;
use crate::domain::state::Cities;
use crate::domain::{Act, Context, Event, Fact, Filed, Place, Refusal, Request, Subject, correction};
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
        let filed = Act::of(&event).map(|act| Filed { seq, at, by: group.by.clone(), act, void: None, instead });
        let Some(provider) = event.provider().cloned() else { return Ok(Ok(event)) };
        let (left, loaded) = (self.filed(whose)?, self.filed(&provider)?);
        let mut cities = Cow::Borrowed(&loaded.cities);
        named(&mut cities, &event);
        let place = filed.as_ref().map_or_else(|| Place::ending(at.day(), seq), Filed::place);
        let judged = self.look(group, place, |facts| match &filed {
            Some(filed) if provider != *whose => {
                correction::takes_over(facts, (&left.cities, &left.facts), entry, None)
                    .and_then(|()| correction::takes_its_place(facts, &provider, (&cities, &loaded.facts), filed))
            }
            filed => correction::takes_over(facts, (&cities, &loaded.facts), entry, filed.as_ref()),
        })?;
        Ok(judged.map(|()| event))
    }

    /// A request with the moment that its answer is due now, if it is due at all. The journal says whose it is: no
    /// provider is searched.
    pub fn open_request(&mut self, seq: Seq) -> Result<Option<Request>, StoreError> {
        let seq = self.known(seq)?;
        let Some((_, Event::RequestOpened(request))) = self.standing(seq)? else { return Ok(None) };
        let state = self.view.state(&request.provider, &[])?;
        let due = state.answer_of(seq);
        Ok(due.map(|o| Request { due: o.due, calendar: o.calendar.clone(), ..request.clone() }))
    }

    /// The entry that has come into the place of another, and what it says; itself where none did.
    pub(super) fn standing(&mut self, seq: Seq) -> Result<Option<(Seq, Event)>, StoreError> {
        self.look_on_record(|facts| correction::standing(facts, seq))
    }

    /// The number that an entry's record is known by.
    pub fn known(&mut self, seq: Seq) -> Result<Seq, StoreError> {
        self.look_on_record(|facts| correction::known(&mut |seq| facts.entry(seq), seq))
    }

    /// What a finding is about, by the number that its record is known by.
    pub fn known_subject(&mut self, subject: Subject) -> Result<Subject, StoreError> {
        self.look_on_record(|facts| subject.known(&mut |seq| facts.entry(seq)))
    }
}

/// An outlet that an event brings is among the provider's too.
pub(super) fn named(cities: &mut Cow<'_, Cities>, event: &Event) {
    let outlet = match event {
        Event::OutletAdded(outlet) => outlet,
        Event::Happened(h) => match &h.fact {
            Fact::Outlet(_, OutletStep::Proposed { outlet, .. }) => outlet,
            _ => return,
        },
        _ => return,
    };
    cities.to_mut().insert(outlet.id.clone(), outlet.city.clone());
}
