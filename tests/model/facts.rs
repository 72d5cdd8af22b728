//! A world in memory: entries, a provider's file in its order, and nothing kept of what they come to.

use super::said::provider;
use koufen::calendar::Calendar;
use koufen::domain::correction::along::{self, HandOver, Step};
use koufen::domain::life::OutletStep;
use koufen::domain::state::{Cities, File};
use koufen::domain::{
    Act, Alert, Chargeable, Command, Context, Event, Fact, Filed, Finding, FindingId, FindingState, Laws, Life, Line,
    LineKind, LineSubject, OnRecord, Outlet, Place, Provider, Recording, Refusal, State, Turnover, correction, decide,
};
use koufen::ids::{ArticleId, OutletId, ProviderId, Seq};
use koufen::points::Score;
use koufen::time::{Day, Moment, Month};
use std::collections::BTreeMap;
use std::sync::Arc;

pub struct World<'a> {
    pub laws: &'a Laws,
    pub calendar: &'a Calendar,
    pub now: Moment,
    pub providers: Vec<Provider>,
    pub entries: Vec<Event>,
    pub outlets: BTreeMap<OutletId, Outlet>,
    /// The day on which an outlet went to the second provider.
    pub moved: BTreeMap<OutletId, Day>,
    /// Outlets that were taken off the record, by the entry that had brought each.
    gone: BTreeMap<Seq, Outlet>,
    /// The first provider's file, in its order; the second's.
    files: [Vec<Arc<Filed>>; 2],
    place: Place,
}

impl<'a> World<'a> {
    pub fn new(laws: &'a Laws, calendar: &'a Calendar, now: Moment, providers: Vec<Provider>) -> World<'a> {
        let place = Place::ending(now.day(), Seq(u64::MAX));
        let (entries, outlets, moved) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
        let (files, gone) = ([Vec::new(), Vec::new()], BTreeMap::new());
        World { laws, calendar, now, providers, entries, outlets, moved, gone, files, place }
    }

    /// One command, as the desk takes it from somebody who was asked.
    /// No outlet comes back here: that is for the desks.
    pub fn ask(&mut self, command: &Command) -> Result<Seq, Refusal> {
        if let Command::Record(r) = command
            && let Fact::Outlet(outlet, OutletStep::Transferred { to }) = &r.fact
            && *to == provider(1)
        {
            return Err(Refusal::OutletMoves { outlet: outlet.clone(), provider: to.clone() });
        }
        match (self.ask_alone(command), command) {
            (Err(Refusal::GoesAlong { .. }), Command::Record(transfer)) => self.hand_along(transfer),
            (asked, _) => asked,
        }
    }

    /// A transfer with what goes along, or nothing of it.
    fn hand_along(&mut self, transfer: &Recording) -> Result<Seq, Refusal> {
        let cx = Context::new(self.laws, self.now, self.calendar);
        let plan = along::hand_over(self, transfer, cx)?;
        let (entries, outlets, moved) = (self.entries.clone(), self.outlets.clone(), self.moved.clone());
        let (gone, files) = (self.gone.clone(), self.files.clone());
        let mut done = self.take_steps(&plan);
        if done.is_ok() {
            done = plan.stands(self).and(done);
        }
        if done.is_err() {
            (self.entries, self.outlets, self.moved, self.gone, self.files) = (entries, outlets, moved, gone, files);
        }
        done
    }

    fn take_steps(&mut self, plan: &HandOver) -> Result<Seq, Refusal> {
        let cx = Context::new(self.laws, self.now, self.calendar);
        let mut first = None;
        for step in &plan.steps {
            let seq = Seq(self.entries.len() as u64 + 1);
            let event = match step {
                Step::Gone(event) => event.clone(),
                Step::Said(command) => {
                    self.place = command.place(self.now, self.instead());
                    first.get_or_insert(seq);
                    along::decide(self, command, cx)?
                }
            };
            if let Some(act) = Act::of(&event) {
                let n = self.of(event.provider().unwrap());
                let (at, by, instead) = (self.now, "tester".into(), self.instead());
                self.put(n, Filed { seq, at, by, act, void: None, instead });
            }
            self.take(seq, &event);
            self.entries.push(event);
        }
        Ok(first.unwrap())
    }

    /// The number that the next entry is known by, where it takes the place of another.
    fn instead(&self) -> Option<Seq> {
        let room = self.entries.last()?.makes_room()?;
        let filed = self.files.iter().flatten().find(|f| f.seq == room)?;
        Some(filed.known())
    }

    fn ask_alone(&mut self, command: &Command) -> Result<Seq, Refusal> {
        let (laws, now, calendar) = (self.laws, self.now, self.calendar);
        self.place = command.place(now, None);
        let event = decide(self, command, Context::new(laws, now, calendar))?;
        let seq = Seq(self.entries.len() as u64 + 1);
        if let Some(act) = Act::of(&event) {
            let n = self.of(event.provider().unwrap());
            let filed = Filed { seq, at: now, by: "tester".into(), act, void: None, instead: None };
            let cities = self.cities_with(n, &event);
            let late = self.files[n].last().is_some_and(|last| last.place() > filed.place());
            if late && !matches!(filed.act, Act::There { .. }) {
                let files = self.files[n].clone();
                correction::takes_its_place(self, &provider(if n == 0 { 1 } else { 2 }), (&cities, &files), &filed)?;
            }
            self.put(n, filed);
        }
        self.take(seq, &event);
        self.entries.push(event);
        Ok(seq)
    }

    fn of(&self, id: &ProviderId) -> usize {
        usize::from(*id == provider(2))
    }

    fn put(&mut self, n: usize, filed: Filed) {
        let at = self.files[n].partition_point(|f| f.place() < filed.place());
        self.files[n].insert(at, Arc::new(filed));
    }

    /// What an event does beside its fact.
    fn take(&mut self, seq: Seq, event: &Event) {
        match event {
            Event::OutletAdded(outlet) => drop(self.outlets.insert(outlet.id.clone(), outlet.clone())),
            Event::Happened(h) => match &h.fact {
                Fact::Outlet(id, OutletStep::Proposed { outlet, .. }) => {
                    self.outlets.insert(id.clone(), outlet.clone());
                }
                Fact::Outlet(id, OutletStep::Transferred { to }) => {
                    self.moved.insert(id.clone(), h.on);
                    self.outlets.get_mut(id).unwrap().provider = to.clone();
                    let act =
                        Act::Arrived { outlet: id.clone(), on: h.on, life: Life::default(), terms: h.terms.clone() };
                    self.put(1, Filed { seq, at: self.now, by: "tester".into(), act, void: None, instead: None });
                }
                Fact::Outlet(id, _) if self.of(&h.provider) == 1 && self.moved.contains_key(id) => {
                    if let Some((_, act)) = h.ends_elsewhere() {
                        let (at, by, instead) = (self.now, "tester".into(), self.instead());
                        self.put(0, Filed { seq, at, by, act, void: None, instead });
                    }
                }
                _ => {}
            },
            Event::Voided { entries, .. } => self.set(entries, Some(seq)),
            Event::Restored { entries, .. } => self.set(entries, None),
            _ => {}
        }
        self.hand_over();
    }

    fn set(&mut self, entries: &[Seq], void: Option<Seq>) {
        let filed = self.files.iter_mut().flatten().filter(|f| entries.contains(&f.seq));
        filed.for_each(|f| Arc::make_mut(f).void = void);
        for seq in entries {
            self.set_transfer(*seq, void);
            let brings = match &self.entries[usize::try_from(seq.0).unwrap() - 1] {
                Event::OutletAdded(outlet) => Some(outlet.id.clone()),
                Event::Happened(h) => match &h.fact {
                    Fact::Outlet(id, OutletStep::Proposed { .. }) => Some(id.clone()),
                    _ => None,
                },
                _ => None,
            };
            match (brings, void) {
                (Some(id), Some(_)) => drop(self.outlets.remove(&id).map(|outlet| self.gone.insert(*seq, outlet))),
                (Some(id), None) => drop(self.gone.remove(seq).map(|outlet| self.outlets.insert(id, outlet))),
                (None, _) => {}
            }
        }
    }

    /// A transfer that is taken away or comes back: whose the outlet is.
    fn set_transfer(&mut self, seq: Seq, void: Option<Seq>) {
        let Event::Happened(h) = &self.entries[usize::try_from(seq.0).unwrap() - 1] else { return };
        let Fact::Outlet(id, OutletStep::Transferred { to }) = &h.fact else { return };
        let owner = match void {
            Some(_) => {
                self.moved.remove(id);
                h.provider.clone()
            }
            None => {
                self.moved.insert(id.clone(), h.on);
                to.clone()
            }
        };
        self.outlets.get_mut(id).unwrap().provider = owner;
    }

    /// What the second provider has of the lives before.
    fn hand_over(&mut self) {
        if self.moved.is_empty() {
            return;
        }
        let mut state = State::before(&self.cities(0));
        let mut lives = BTreeMap::new();
        for filed in self.files[0].iter().filter(|f| f.void.is_none()) {
            if let Act::Happened(h) = &filed.act
                && let Fact::Outlet(id, OutletStep::Transferred { .. }) = &h.fact
            {
                let life = Life { from: Some(provider(1)), ..state.life(id).cloned().unwrap_or_default() };
                lives.insert(id.clone(), life);
            }
            state.apply(filed);
        }
        for filed in &mut self.files[1] {
            if let Act::Arrived { outlet, life, .. } = &mut Arc::make_mut(filed).act {
                *life = lives.get(outlet).cloned().unwrap_or_default();
            }
        }
    }

    /// The cities of the outlets that a provider has or had.
    fn cities(&self, n: usize) -> Cities {
        let had = self.outlets.values().filter(|o| n == 0 || self.moved.contains_key(&o.id));
        had.map(|o| (o.id.clone(), o.city.clone())).collect()
    }

    fn cities_with(&self, n: usize, event: &Event) -> Cities {
        let mut cities = self.cities(n);
        if let Event::Happened(h) = event
            && let Fact::Outlet(id, OutletStep::Proposed { outlet, .. }) = &h.fact
        {
            cities.insert(id.clone(), outlet.city.clone());
        }
        cities
    }

    /// What a provider's facts come to, and those that do not stand.
    pub fn state_of(&self, n: usize) -> (State, Vec<Seq>) {
        State::fold(&self.cities(n), &self.files[n])
    }
}

impl OnRecord for World<'_> {
    fn has_provider(&mut self, id: &ProviderId) -> bool {
        self.provider(id).is_some()
    }

    fn provider(&mut self, id: &ProviderId) -> Option<Provider> {
        self.providers.iter().find(|p| p.id == *id).cloned()
    }

    fn provider_like(&mut self, _: &ProviderId) -> Option<ProviderId> {
        None
    }

    fn outlet_like(&mut self, _: &OutletId) -> Option<OutletId> {
        None
    }

    fn outlet(&mut self, id: &OutletId) -> Option<Outlet> {
        self.outlets.get(id).cloned()
    }

    fn owner(&mut self, id: &OutletId) -> Option<ProviderId> {
        self.outlets.get(id).map(|o| o.provider.clone())
    }

    fn owner_on(&mut self, id: &OutletId, on: Day) -> Option<ProviderId> {
        let outlet = self.outlets.get(id)?;
        let before = self.moved.get(id).is_some_and(|day| on < *day);
        Some(if before { provider(1) } else { outlet.provider.clone() })
    }

    fn owners_before(&mut self, id: &ProviderId, outlet: &OutletId) -> Vec<ProviderId> {
        let went = *id == provider(2) && self.moved.contains_key(outlet);
        if went { vec![provider(1)] } else { Vec::new() }
    }

    fn line(&mut self, seq: Seq) -> Option<(ProviderId, Line)> {
        let event = self.entries.get(usize::try_from(seq.0).ok()? - 1)?.clone();
        let (deduction, law) = event.deduction()?;
        let filed = self.files.iter().flatten().find(|f| f.seq == seq)?;
        let line = Line {
            seq,
            kind: LineKind::Deduction,
            article: deduction.article.clone(),
            points: deduction.points,
            effective: deduction.points,
            occurred_on: deduction.occurred_on,
            recorded_at: filed.at,
            by: filed.by.clone(),
            outlet: deduction.outlet.clone(),
            problem: deduction.problem.clone(),
            note: deduction.note.clone(),
            cap: law.cap,
            needs: law.needs,
            subject: deduction.subject.clone(),
            evidence: deduction.evidence.clone(),
            // A line goes with the decision that made it.
            reversed_by: filed.void,
            reverses: None,
            edition: law.edition,
            agreed: law.agreed,
            proposed: law.proposed,
        };
        Some((deduction.provider.clone(), line))
    }

    fn chargeables(&mut self, id: &ProviderId) -> Vec<Chargeable> {
        koufen::domain::needs::chargeables(&self.files[self.of(id)])
    }

    /// Lines are of findings here, and a finding is charged once.
    fn charged(&mut self, _: &ProviderId, _: &ArticleId, _: &dyn Fn(&LineSubject) -> bool) -> Vec<Seq> {
        Vec::new()
    }

    fn wanted_reports(&mut self, _: &ProviderId, _: Month) -> u32 {
        0
    }

    fn spoken(&mut self, _: &Event) -> Vec<(Seq, Option<Seq>)> {
        Vec::new()
    }

    fn naming(&mut self, _: &ProviderId, _: &OutletId) -> Vec<Seq> {
        Vec::new()
    }

    fn turnover(&mut self, _: &ProviderId, _: &OutletId, _: Month) -> Option<Turnover> {
        None
    }

    fn finding(&mut self, id: &FindingId, now: Moment) -> Option<Finding> {
        let state = self.state(&id.provider, &[]);
        let kept = state.breaches(now).into_iter().find(|kept| kept.subject == id.subject);
        kept.map(|kept| kept.finding(&id.provider))
    }

    fn state(&mut self, id: &ProviderId, _: &[OutletId]) -> State {
        let n = self.of(id);
        let before = self.files[n].partition_point(|f| f.place() < self.place);
        State::fold(&self.cities(n), &self.files[n][..before]).0
    }

    fn applied(&mut self, _: &ProviderId) -> bool {
        false
    }

    fn decided(&mut self, id: &FindingId) -> Option<FindingState> {
        let (state, _) = self.state_of(self.of(&id.provider));
        let kept = state.kept.into_iter().find(|kept| kept.subject == id.subject);
        kept.and_then(|kept| kept.decided).map(|decision| decision.state)
    }

    fn file(&mut self, id: &ProviderId) -> Arc<File> {
        let n = self.of(id);
        Arc::new(File { cities: self.cities(n), facts: self.files[n].clone() })
    }

    fn has(&mut self, _: &ProviderId) -> Vec<Seq> {
        Vec::new()
    }

    fn lines(&mut self, _: &ProviderId) -> Vec<koufen::domain::Line> {
        Vec::new()
    }

    fn head(&mut self, _: &ProviderId) -> Seq {
        Seq::default()
    }

    fn brought_back(&mut self, id: &ProviderId) -> Vec<Seq> {
        let back = |e: &Event| matches!(e, Event::Restored { provider, .. } if provider == id);
        (1..).zip(&self.entries).filter(|(_, e)| back(e)).map(|(seq, _)| Seq(seq)).collect()
    }

    fn score(&mut self, _: &ProviderId, _: Day) -> Score {
        Score::default()
    }

    fn serves(&mut self, id: &ProviderId, city: &str) -> bool {
        self.outlets.values().any(|o| o.provider == *id && o.city == city)
    }

    fn alerts(&mut self, _: &ProviderId, _: Context<'_>) -> Vec<Alert> {
        Vec::new()
    }

    fn entry(&mut self, seq: Seq) -> Option<Event> {
        self.entries.get(usize::try_from(seq.0).ok()?.checked_sub(1)?).cloned()
    }
}
