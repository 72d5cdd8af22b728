//! What commands that are done together would change, all of it, before they are: decided on the view and taken back.

use super::core::{Core, Group};
use super::{Asked, Desk, DeskError, Identity, Outcome};
use crate::domain::{
    Command, Context, Event, Finding, FindingId, FindingState, Follows, Measured, Obligation, Refusal, Standing, State,
};
use crate::ids::{ProviderId, Seq};
use crate::points::Score;
use crate::store::StoreError;
use crate::time::{Moment, Year};

/// What commands would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weighed {
    /// What would happen, in order.
    pub events: Vec<Event>,
    /// What that changes, provider by provider; of each that it is about.
    pub changes: Vec<Changes>,
}

/// What changes at a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// The provider.
    pub provider: ProviderId,
    /// Years whose score changes.
    pub scores: Vec<Scored>,
    /// What is due that was not.
    pub opened: Vec<(Seq, Obligation)>,
    /// What is due no more.
    pub closed: Vec<(Seq, Obligation)>,
    /// What stays due, and by another moment: the one before, and what is due now.
    pub moved: Vec<(Seq, Moment, Obligation)>,
    /// Findings that are there, and were not before.
    pub found: Vec<FindingId>,
    /// Findings that were there and are measured otherwise: before, and then.
    pub measured: Vec<(FindingId, Measured, Measured)>,
    /// Findings that are there no more.
    pub gone: Vec<FindingId>,
    /// Findings that were decided and are open again.
    pub reopened: Vec<FindingId>,
    /// Findings that are decided by it.
    pub decided: Vec<FindingId>,
    /// Findings that stay decided, on facts that are others then.
    pub changed: Vec<FindingId>,
}

/// A year's score before and then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scored {
    /// The year.
    pub year: Year,
    /// Now.
    pub before: Score,
    /// Then.
    pub after: Score,
    /// The standing then.
    pub standing: Standing,
}

impl Changes {
    /// Whether nothing that is due, found or scored changes.
    pub fn is_empty(&self) -> bool {
        let Changes { provider: _, scores, opened, closed, moved, found, measured, gone, reopened, decided, changed } =
            self;
        let findings = [found, gone, reopened, decided, changed];
        let due = opened.is_empty() && closed.is_empty() && moved.is_empty();
        scores.is_empty() && due && measured.is_empty() && findings.iter().all(|list| list.is_empty())
    }
}

impl Desk {
    /// What a command would change, with all that it does at once; `once` asks about what is said already, as
    /// [`Desk::submit_once`] does. What this refuses is refused when it is done, and the other way round.
    pub fn weigh(&self, who: &Identity, command: &Command, once: bool) -> Result<Weighed, DeskError> {
        self.with_cx(|core, cx| core.weigh(who, command, once, cx))?.map_err(DeskError::Refused)
    }
}

/// A provider at one time.
struct Seen {
    state: State,
    findings: Vec<Finding>,
    scores: Vec<(Year, Score)>,
}

impl Core {
    fn weigh(
        &mut self,
        who: &Identity,
        command: &Command,
        once: bool,
        cx: Context<'_>,
    ) -> Result<Result<Weighed, Refusal>, StoreError> {
        self.view.flush()?;
        let mut group = Group::new(self.journal.head(), who.name.clone());
        (group.once, group.together) = (once, true);
        let then = self.seen_after(&mut group, command, cx);
        self.take_back();
        let then = match then? {
            Ok(then) => then,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let mut changes = Vec::new();
        for (provider, after) in then {
            let years: Vec<Year> = after.scores.iter().map(|(year, _)| *year).collect();
            let before = self.seen(&provider, &years, cx.now)?;
            changes.push(differing(provider, (&before, &after), cx));
        }
        let events = group.entries.into_iter().map(|entry| entry.event).collect();
        Ok(Ok(Weighed { events, changes }))
    }

    /// The providers that a command is about, as they are then.
    fn seen_after(
        &mut self,
        group: &mut Group,
        command: &Command,
        cx: Context<'_>,
    ) -> Result<Result<Vec<(ProviderId, Seen)>, Refusal>, StoreError> {
        let asked = vec![Asked { command: command.clone(), nth: None }];
        for decided in self.decide(group, asked, cx)? {
            match decided {
                Ok(Outcome::Done(_) | Outcome::Already(_)) => {}
                Err(refusal) => return Ok(Err(refusal)),
            }
        }
        let mut providers: Vec<ProviderId> = Vec::new();
        for entry in &group.entries {
            providers.extend(about(&entry.event));
            if let Event::Voided { entries, .. } | Event::Restored { entries, .. } = &entry.event {
                for seq in entries {
                    let gone = self.journal.entry(*seq)?.map(|chained| about(&chained.entry.event));
                    providers.extend(gone.into_iter().flatten());
                }
            }
        }
        providers.sort_unstable();
        providers.dedup();
        let years: Vec<Year> = self.view.top().lines.keys().copied().collect();
        let mut seen = Vec::new();
        for provider in providers {
            let then = self.seen(&provider, &years, cx.now)?;
            seen.push((provider, then));
        }
        Ok(Ok(seen))
    }

    fn seen(&mut self, provider: &ProviderId, years: &[Year], now: Moment) -> Result<Seen, StoreError> {
        self.view.freshen_all()?;
        let score = |year: &Year| Ok((*year, self.view.year(provider, *year)?.score));
        let scores = years.iter().map(score).collect::<Result<Vec<_>, StoreError>>()?;
        let there = self.view.provider_record(provider)?.is_some();
        let findings = if there { self.view.findings(Some(provider), now)? } else { Vec::new() };
        Ok(Seen { state: self.view.state(provider, &[])?, findings, scores })
    }
}

/// Whom an event is about: an outlet that is handed over is of two.
fn about(event: &Event) -> Vec<ProviderId> {
    let to = match event {
        Event::Happened(h) => h.hands_over().map(|(_, to)| to.clone()),
        _ => None,
    };
    event.provider().cloned().into_iter().chain(to).collect()
}

fn differing(provider: ProviderId, (before, after): (&Seen, &Seen), cx: Context<'_>) -> Changes {
    let follows = Follows::between(&before.state, &after.state, cx.now);
    let was = |id: &FindingId| before.findings.iter().find(|f| f.id == *id);
    let is = |id: &FindingId| after.findings.iter().find(|f| f.id == *id);
    let open = |f: &Finding| f.state == FindingState::Open;
    let ids = |list: &[Finding], keep: &dyn Fn(&Finding) -> bool| -> Vec<FindingId> {
        list.iter().filter(|f| keep(f)).map(|f| f.id.clone()).collect()
    };
    let scores = before.scores.iter().zip(&after.scores).filter(|(before, after)| before != after);
    let marks = cx.rules(&provider, cx.now.day()).marks;
    let scored = |((year, before), (_, after)): (&(Year, Score), &(Year, Score))| Scored {
        year: *year,
        before: *before,
        after: *after,
        standing: Standing::of(*after, marks),
    };
    let changed = ids(&after.findings, &|f| f.has_changed() && !was(&f.id).is_some_and(Finding::has_changed));
    let measured = after.findings.iter().filter(|f| !changed.contains(&f.id)).filter_map(|f| {
        let (before, now) = (was(&f.id)?.now.clone()?, f.now.clone()?);
        (before != now).then(|| (f.id.clone(), before, now))
    });
    let measured = measured.collect();
    Changes {
        provider,
        scores: scores.map(scored).collect(),
        opened: follows.opened,
        closed: follows.closed,
        moved: moved(&before.state, &after.state),
        found: ids(&after.findings, &|f| f.now.is_some() && was(&f.id).is_none_or(|was| was.now.is_none())),
        measured,
        gone: ids(&before.findings, &|f| is(&f.id).is_none_or(|is| is.now.is_none() && f.now.is_some() && open(is))),
        reopened: ids(&after.findings, &|f| open(f) && was(&f.id).is_some_and(|was| !open(was))),
        decided: ids(&after.findings, &|f| !open(f) && was(&f.id).is_none_or(open)),
        changed,
    }
}

/// What is due before and after, by another moment.
fn moved(before: &State, after: &State) -> Vec<(Seq, Moment, Obligation)> {
    let was = |seq: Seq, o: &Obligation| before.due.iter().find(|(s, other)| (*s, other.kind) == (seq, o.kind));
    let one = |(seq, o): &(Seq, Obligation)| {
        let due = was(*seq, o)?.1.due;
        (due != o.due).then(|| (*seq, due, o.clone()))
    };
    after.due.iter().filter_map(one).collect()
}
