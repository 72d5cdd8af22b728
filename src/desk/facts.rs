//! What the domain may look at: the view, and the entries that are decided and not kept yet.

use super::core::{Core, Group};
use crate::domain::{
    Alert, Context, Dossier, Event, Facts, Finding, FindingId, Life, Line, Obligation, Outlet, Provider, Request,
    Turnover,
};
use crate::ids::{OutletId, ProviderId, Seq};
use crate::points::Score;
use crate::store::StoreError;
use crate::time::{Moment, Month, Year};

/// The facts as the view and the group so far have them. Trouble is kept aside: the domain knows only facts.
pub struct Looking<'a> {
    pub core: &'a mut Core,
    pub group: &'a Group,
    pub trouble: Option<StoreError>,
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

impl Facts for Looking<'_> {
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
        self.ask(|core| core.view.finding(id, now))
    }

    fn open_request(&mut self, seq: Seq) -> Option<Request> {
        match self.group.event(seq) {
            Some(event) => {
                let event = event.clone();
                self.ask(|core| core.waiting(seq, event))
            }
            None => self.ask(|core| core.open_request(seq)),
        }
    }

    fn open_exit(&mut self, provider: &ProviderId, outlet: &OutletId) -> Option<Seq> {
        self.ask(|core| core.view.open_exit(provider, outlet))
    }

    fn dossier(&mut self, provider: &ProviderId) -> Dossier {
        self.ask(|core| core.view.dossier(provider).map(Some)).unwrap_or_default()
    }

    fn obligations(&mut self, provider: &ProviderId) -> Vec<(Seq, Obligation)> {
        self.ask(|core| core.view.obligations_of(provider).map(Some)).unwrap_or_default()
    }

    fn life(&mut self, outlet: &OutletId) -> Option<Life> {
        self.ask(|core| core.view.life(outlet))
    }

    fn score(&mut self, provider: &ProviderId, year: Year) -> Score {
        self.ask(|core| Ok(Some(core.view.year(provider, year)?.score))).unwrap_or_default()
    }

    fn serves(&mut self, provider: &ProviderId, city: &str) -> bool {
        self.ask(|core| core.view.serves(provider, city).map(Some)).unwrap_or_default()
    }

    fn alerts(&mut self, provider: &ProviderId, cx: Context<'_>) -> Vec<Alert> {
        self.ask(|core| core.alerts(Some(provider), cx).map(Some)).unwrap_or_default()
    }

    fn entry(&mut self, seq: Seq) -> Option<Event> {
        match self.group.event(seq) {
            Some(event) => Some(event.clone()),
            None => self.ask(|core| Ok(core.journal.entry(seq)?.map(|recorded| recorded.entry.event))),
        }
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
