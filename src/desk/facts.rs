//! What the domain may look at: the view, and the entries that are decided and not kept yet.

use super::core::{Core, Group};
use crate::domain::second::Waiting;
use crate::domain::state::File;
use crate::domain::{
    Alert, Chargeable, Context, Deduction, Event, Finding, FindingId, FindingState, Line, LineSubject, OnRecord,
    Outlet, Place, Provider, State, Subject, Turnover,
};
use crate::ids::{ArticleId, OutletId, ProviderId, Seq};
use crate::points::Score;
use crate::store::StoreError;
use crate::time::{Day, Moment, Month};
use std::sync::Arc;

/// The facts as the view and the group so far have them. Trouble is kept aside: the domain knows only facts.
struct Looking<'a> {
    core: &'a mut Core,
    group: &'a Group,
    /// Where what is asked for would stand among the facts.
    place: Place,
    trouble: Option<StoreError>,
}

impl Looking<'_> {
    fn ask<T>(&mut self, look: impl FnOnce(&mut Core) -> Result<Option<T>, StoreError>) -> Option<T> {
        match look(self.core) {
            Ok(found) => found,
            Err(e) => {
                self.trouble = Some(e);
                None
            }
        }
    }
}

impl Core {
    /// Asks the domain, of the facts as the view and a group have them.
    pub(super) fn look<T>(
        &mut self,
        group: &Group,
        place: Place,
        ask: impl FnOnce(&mut dyn OnRecord) -> T,
    ) -> Result<T, StoreError> {
        let mut facts = Looking { core: self, group, place, trouble: None };
        let answer = ask(&mut facts);
        facts.trouble.map_or(Ok(answer), Err)
    }

    /// Asks the domain of what is on record.
    pub(super) fn look_on_record<T>(&mut self, ask: impl FnOnce(&mut dyn OnRecord) -> T) -> Result<T, StoreError> {
        let (last, now) = (self.journal.head().seq, self.last_at);
        let group = Group::new(last, String::new());
        self.look(&group, Place::at(now, last.next()), ask)
    }
}

impl OnRecord for Looking<'_> {
    fn has_provider(&mut self, id: &ProviderId) -> bool {
        self.ask(|core| Ok(core.view.provider_record(id)?.map(|_| ()))).is_some()
    }

    fn provider(&mut self, id: &ProviderId) -> Option<Provider> {
        self.ask(|core| Ok(core.view.provider_record(id)?.map(|r| r.provider.clone())))
    }

    fn provider_like(&mut self, id: &ProviderId) -> Option<ProviderId> {
        self.ask(|core| core.view.provider_like(id))
    }

    fn outlet_like(&mut self, id: &OutletId) -> Option<OutletId> {
        self.ask(|core| core.view.outlet_like(id))
    }

    fn outlet(&mut self, id: &OutletId) -> Option<Outlet> {
        self.ask(|core| core.view.outlet(id))
    }

    fn owner(&mut self, id: &OutletId) -> Option<ProviderId> {
        self.ask(|core| core.view.owner(id))
    }

    fn turnover(&mut self, provider: &ProviderId, outlet: &OutletId, month: Month) -> Option<Turnover> {
        self.ask(|core| core.view.turnover(provider, outlet, month))
    }

    fn finding(&mut self, id: &FindingId, now: Moment) -> Option<Finding> {
        if let Subject::Dormant(_) = id.subject {
            return self.ask(|core| core.view.finding(id, now));
        }
        let kept = self.state(&id.provider, &[]).breaches(now).into_iter().find(|kept| kept.subject == id.subject);
        kept.map(|kept| kept.finding(&id.provider))
    }

    fn chargeables(&mut self, provider: &ProviderId) -> Vec<Chargeable> {
        self.ask(|core| core.chargeables(provider).map(Some)).unwrap_or_default()
    }

    fn charged(&mut self, provider: &ProviderId, article: &ArticleId, of: &dyn Fn(&LineSubject) -> bool) -> Vec<Seq> {
        self.ask(|core| core.view.charged(provider, article, of).map(Some)).unwrap_or_default()
    }

    fn wanted_reports(&mut self, provider: &ProviderId, month: Month) -> u32 {
        self.ask(|core| core.view.wanted_reports(provider, month).map(Some)).unwrap_or_default()
    }

    fn owner_on(&mut self, id: &OutletId, on: Day) -> Option<ProviderId> {
        self.ask(|core| core.view.owner_on(id, on))
    }

    fn state(&mut self, provider: &ProviderId, touching: &[OutletId]) -> State {
        let place = self.place;
        self.ask(|core| core.view.state_at(provider, place, touching).map(Some)).unwrap_or_default()
    }

    fn applied(&mut self, provider: &ProviderId) -> bool {
        self.ask(|core| core.view.has_applied(provider).map(Some)).unwrap_or_default()
    }

    fn decided(&mut self, id: &FindingId) -> Option<FindingState> {
        let state = self.ask(|core| core.view.state(&id.provider, &[]).map(Some)).unwrap_or_default();
        let kept = state.kept.into_iter().find(|kept| kept.subject == id.subject);
        kept.and_then(|kept| kept.decided).map(|decision| decision.state)
    }

    fn file(&mut self, provider: &ProviderId) -> Arc<File> {
        self.ask(|core| core.filed(provider).map(Some)).unwrap_or_default()
    }

    fn owners_before(&mut self, provider: &ProviderId, outlet: &OutletId) -> Vec<ProviderId> {
        self.ask(|core| core.view.owners_before(provider, outlet).map(Some)).unwrap_or_default()
    }

    fn is_late(&mut self, provider: &ProviderId, place: Place) -> bool {
        self.ask(|core| core.view.is_late(provider, place).map(Some)).unwrap_or_default()
    }

    fn void_of(&mut self, provider: &ProviderId, seq: Seq) -> Option<Seq> {
        self.ask(|core| core.view.void_of(provider, seq))
    }

    fn brought_back(&mut self, provider: &ProviderId) -> Vec<Seq> {
        self.ask(|core| core.view.brought_back(provider).map(Some)).unwrap_or_default()
    }

    fn score(&mut self, provider: &ProviderId, on: Day) -> Score {
        self.ask(|core| core.view.score_on(provider, on).map(Some)).unwrap_or_default()
    }

    fn lines(&mut self, provider: &ProviderId) -> Vec<Line> {
        self.ask(|core| core.view.all_lines(provider).map(Some)).unwrap_or_default()
    }

    fn head(&mut self, provider: &ProviderId) -> Seq {
        self.ask(|core| core.view.head_of(provider).map(Some)).unwrap_or_default()
    }

    fn serves(&mut self, provider: &ProviderId, city: &str) -> bool {
        self.ask(|core| core.view.serves(provider, city).map(Some)).unwrap_or_default()
    }

    fn alerts(&mut self, provider: &ProviderId, cx: Context<'_>) -> Vec<Alert> {
        self.ask(|core| core.alerts(provider, cx).map(Some)).unwrap_or_default()
    }

    fn has(&mut self, provider: &ProviderId) -> Vec<Seq> {
        self.ask(|core| core.view.has(provider).map(Some)).unwrap_or_default()
    }

    fn naming(&mut self, provider: &ProviderId, outlet: &OutletId) -> Vec<Seq> {
        self.ask(|core| core.view.naming(provider, outlet).map(Some)).unwrap_or_default()
    }

    fn spoken(&mut self, event: &Event) -> Vec<(Seq, Option<Seq>)> {
        self.ask(|core| core.view.spoken(event).map(Some)).unwrap_or_default()
    }

    fn entry(&mut self, seq: Seq) -> Option<Event> {
        let group = self.group;
        self.ask(|core| Ok(core.entry_of(group, seq)?.map(|entry| entry.event)))
    }

    fn proposals(&mut self, provider: &ProviderId) -> Vec<Waiting> {
        self.ask(|core| core.view.proposals(provider).map(Some)).unwrap_or_default()
    }

    fn confirmed(&mut self, proposal: Seq, line: &Deduction) -> Option<Seq> {
        self.ask(|core| core.confirmed(proposal, line))
    }

    fn line(&mut self, seq: Seq) -> Option<(ProviderId, Line)> {
        match self.group.event(seq) {
            Some(event) => {
                let event = event.clone();
                self.ask(|core| core.line_of(seq, &event))
            }
            None => self.ask(|core| core.line(seq)),
        }
    }
}
