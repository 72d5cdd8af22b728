//! What commands that are done together would change, all of it, before they are: decided on the view and taken back.

use super::core::{Core, Decided, Group};
use super::writer::Answer;
use super::{Asked, Desk, DeskError, How, Identity, Outcome, lock};
use crate::domain::deposit::{Account, Commodity};
use crate::domain::life::OutletStage;
use crate::domain::{
    Act, Alert, AlertState, Command, Context, Event, Finding, FindingId, FindingState, Follows, Measured, Obligation,
    Standing, State,
};
use crate::ids::{OutletId, ProviderId, Seq};
use crate::points::Score;
use crate::store::StoreError;
use crate::time::{Moment, Year};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// What commands would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weighed {
    /// What would happen, in order.
    pub events: Vec<Event>,
    /// What that changes, provider by provider; of each that it is about.
    pub changes: Vec<Changes>,
    /// Outlets whose stage or provider changes.
    pub outlets: Vec<OutletChange>,
}

/// An outlet before and then; none where it is not on record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutletChange {
    /// The outlet.
    pub outlet: OutletId,
    /// Whose it is, and where it stands.
    pub before: Option<Held>,
    /// The same then.
    pub after: Option<Held>,
}

/// Whose an outlet is, and where it stands.
pub type Held = (ProviderId, OutletStage);

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
    pub found: Vec<Finding>,
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
    /// Accounts that hold something else then, in fen: now, and then.
    pub money: Vec<(Account, i64, i64)>,
    /// Alerts that fire then.
    pub fired: Vec<Alert>,
    /// Alerts that say something else then: now, and then.
    pub turned: Vec<(Alert, Alert)>,
    /// Alerts that are over then.
    pub over: Vec<Alert>,
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
    /// The standing now.
    pub standing_before: Standing,
    /// The standing then.
    pub standing: Standing,
}

impl Desk {
    /// What a command would change, with all that it does at once; `once` asks about what is said already, as
    /// [`Desk::submit_once`] does. What this refuses is refused when it is done, and the other way round.
    pub fn weigh(&self, who: &Identity, command: &Command, once: bool) -> Result<Weighed, DeskError> {
        let (mut decided, weighed) = self.with_cx(|core, cx| {
            let mut group = Group::new(core.journal.head().seq, who.name.clone());
            (group.once, group.together) = (once, true);
            core.try_out(&mut group, vec![Asked { command: command.clone(), nth: None }], cx)
        })?;
        decided.pop().map_or(Ok(()), |one| one.map(drop)).map_err(DeskError::Refused)?;
        Ok(weighed)
    }

    /// A handle whose commands are weighed and never done: each is answered as if it were, and nothing of it is kept.
    pub fn trying(&self) -> Desk {
        Desk { tried: Some(Arc::default()), ..self.another() }
    }

    /// What the commands of a handle that only tries would have changed, each by itself.
    pub fn tried(&self) -> Vec<Weighed> {
        self.tried.as_ref().map(|tried| lock(tried).clone()).unwrap_or_default()
    }

    /// Weighs what was asked of a handle that only tries.
    pub(super) fn ask_in_vain(
        &self,
        who: &Identity,
        (asked, how): (Vec<Asked>, How),
        tried: &Mutex<Vec<Weighed>>,
    ) -> Result<Answer, StoreError> {
        self.with_cx(|core, cx| {
            let mut group = Group::new(core.journal.head().seq, who.name.clone());
            (group.once, group.receipts, group.together) = (how.once, how.receipts, how.together);
            let (decided, weighed) = core.try_out(&mut group, asked.clone(), cx)?;
            lock(tried).push(weighed);
            let follows = std::mem::take(&mut group.follows);
            let events = decided.iter().flatten().filter_map(|outcome| match outcome {
                Outcome::Done(seq) if how.receipts => group.event(*seq).map(|event| (event.clone(), follows.clone())),
                _ => None,
            });
            let events = events.collect();
            Ok(Answer { decided, events })
        })
    }
}

/// A provider at one time.
struct Seen {
    state: State,
    findings: Vec<Finding>,
    scores: Vec<(Year, Score)>,
    alerts: Vec<Alert>,
    outlets: BTreeMap<OutletId, Held>,
}

/// What is decided, and the providers that it is about as they are then.
type Then = (Vec<Decided>, Vec<(ProviderId, Seen)>);

impl Core {
    /// Decides commands, looks at what they change, and takes all of it back, whatever comes between.
    pub(super) fn try_out(
        &mut self,
        group: &mut Group,
        asked: Vec<Asked>,
        cx: Context<'_>,
    ) -> Result<(Vec<Decided>, Weighed), StoreError> {
        let (decided, then) = self.in_vain(|core| core.seen_after(group, asked, cx))?;
        let (mut changes, mut was, mut is) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
        for (provider, mut after) in then {
            let years: Vec<Year> = after.scores.iter().map(|(year, _)| *year).collect();
            let mut before = self.seen(&provider, &years, cx)?;
            was.append(&mut before.outlets);
            is.append(&mut after.outlets);
            changes.push(differing(provider, (&before, &after), cx));
        }
        let events = group.entries.iter().map(|entry| entry.event.clone()).collect();
        Ok((decided, Weighed { events, changes, outlets: moved_outlets(was, is) }))
    }

    /// What is decided, and the providers that it is about as they are then.
    fn seen_after(&mut self, group: &mut Group, asked: Vec<Asked>, cx: Context<'_>) -> Result<Then, StoreError> {
        let decided = self.decide(group, asked, cx)?;
        if group.together && decided.iter().any(Result::is_err) {
            group.clear();
            return Ok((decided, Vec::new()));
        }
        let mut providers: Vec<ProviderId> = Vec::new();
        for entry in group.entries.iter() {
            self.about(&entry.event, &mut providers)?;
            if let Event::Voided { entries, .. } | Event::Restored { entries, .. } = &entry.event {
                for seq in entries {
                    if let Some(gone) = self.journal.entry(*seq)? {
                        self.about(&gone.entry.event, &mut providers)?;
                    }
                }
            }
        }
        providers.sort_unstable();
        providers.dedup();
        let years: Vec<Year> = self.view.top().lines.keys().copied().collect();
        let mut seen = Vec::new();
        for provider in providers {
            let then = self.seen(&provider, &years, cx)?;
            seen.push((provider, then));
        }
        Ok((decided, seen))
    }

    /// Whom an event is about: its provider, whom it hands an outlet to, and who had that outlet before.
    fn about(&mut self, event: &Event, providers: &mut Vec<ProviderId>) -> Result<(), StoreError> {
        let Some(provider) = event.provider() else { return Ok(()) };
        providers.push(provider.clone());
        let outlets = match event {
            Event::Happened(h) => {
                providers.extend(h.hands_over().map(|(_, to)| to.clone()));
                h.fact.outlets()
            }
            Event::TurnoverRecorded { turnover, .. } | Event::TurnoverAmended { turnover, .. } => {
                vec![turnover.outlet.clone()]
            }
            Event::OutletAmended(outlet) => vec![outlet.id.clone()],
            event => Act::of(event).map(|act| act.touches()).unwrap_or_default(),
        };
        for outlet in outlets {
            providers.extend(self.view.owners_before(provider, &outlet)?);
        }
        Ok(())
    }

    fn seen(&mut self, provider: &ProviderId, years: &[Year], cx: Context<'_>) -> Result<Seen, StoreError> {
        self.view.freshen_all()?;
        let score = |year: &Year| Ok((*year, self.view.year(provider, *year)?.score));
        let scores = years.iter().map(score).collect::<Result<Vec<_>, StoreError>>()?;
        let there = self.view.provider_record(provider)?.is_some();
        let findings = if there { self.view.findings(provider, cx.now)? } else { Vec::new() };
        let mut alerts = if there { self.alerts(provider, cx)? } else { Vec::new() };
        alerts.retain(|alert| alert.state != AlertState::Resolved);
        let held = self.view.lives(provider, None, usize::MAX)?.into_iter();
        let outlets = held.map(|row| (row.outlet.id, (row.outlet.provider, row.life.stage))).collect();
        Ok(Seen { state: self.view.state(provider, &[])?, findings, scores, alerts, outlets })
    }
}

fn differing(provider: ProviderId, (before, after): (&Seen, &Seen), cx: Context<'_>) -> Changes {
    let follows = Follows::between(&before.state, &after.state, cx.now);
    let was = |id: &FindingId| before.findings.iter().find(|f| f.id == *id);
    let is = |id: &FindingId| after.findings.iter().find(|f| f.id == *id);
    let open = |f: &Finding| f.state == FindingState::Open;
    let ids = |list: &[Finding], keep: &dyn Fn(&Finding) -> bool| -> Vec<FindingId> {
        list.iter().filter(|f| keep(f)).map(|f| f.id.clone()).collect()
    };
    let new = |f: &&Finding| f.now.is_some() && was(&f.id).is_none_or(|was| was.now.is_none());
    let scores = before.scores.iter().zip(&after.scores).filter(|(before, after)| before != after);
    let marks = &cx.rules(&provider, cx.now.day()).marks;
    let scored = |((year, before), (_, after)): (&(Year, Score), &(Year, Score))| Scored {
        year: *year,
        before: *before,
        after: *after,
        standing_before: marks.standing(*before),
        standing: marks.standing(*after),
    };
    let changed = ids(&after.findings, &|f| f.has_changed() && !was(&f.id).is_some_and(Finding::has_changed));
    let measured = after.findings.iter().filter(|f| !changed.contains(&f.id)).filter_map(|f| {
        let (before, now) = (was(&f.id)?.now.clone()?, f.now.clone()?);
        (before != now).then(|| (f.id.clone(), before, now))
    });
    let measured = measured.collect();
    let [fired, over] = [(after, before), (before, after)].map(|(one, other)| {
        let new = one.alerts.iter().filter(|alert| !other.alerts.iter().any(|a| a.subject == alert.subject));
        new.cloned().collect()
    });
    Changes {
        provider,
        scores: scores.map(scored).collect(),
        opened: follows.opened,
        closed: follows.closed,
        moved: moved(&before.state, &after.state),
        found: after.findings.iter().filter(new).cloned().collect(),
        measured,
        gone: ids(&before.findings, &|f| is(&f.id).is_none_or(|is| is.now.is_none() && f.now.is_some() && open(is))),
        reopened: ids(&after.findings, &|f| open(f) && was(&f.id).is_some_and(|was| !open(was))),
        decided: ids(&after.findings, &|f| !open(f) && was(&f.id).is_none_or(open)),
        changed,
        money: money(&before.state, &after.state),
        fired,
        turned: turned(&before.alerts, &after.alerts),
        over,
    }
}

/// Alerts before and after that say something else.
fn turned(before: &[Alert], after: &[Alert]) -> Vec<(Alert, Alert)> {
    let pair = |is: &Alert| before.iter().find(|was| was.subject == is.subject && *was != is).cloned();
    after.iter().filter_map(|is| pair(is).map(|was| (was, is.clone()))).collect()
}

/// Accounts that hold something else; what is outside is not the provider's.
fn money(before: &State, after: &State) -> Vec<(Account, i64, i64)> {
    let (was, is) = (&before.dossier.money.book, &after.dossier.money.book);
    let mut accounts: Vec<&Account> = was.balances().chain(is.balances()).map(|(account, ..)| account).collect();
    accounts.sort_unstable();
    accounts.dedup();
    accounts.retain(|account| **account != Account::Outside);
    let both =
        accounts.into_iter().map(|a| (a.clone(), was.balance(a, &Commodity::Fen), is.balance(a, &Commodity::Fen)));
    both.filter(|(_, before, after)| before != after).collect()
}

/// Outlets of another stage or provider, or not on record before or after.
fn moved_outlets(mut was: BTreeMap<OutletId, Held>, is: BTreeMap<OutletId, Held>) -> Vec<OutletChange> {
    let came = is.into_iter().map(|(outlet, after)| {
        let before = was.remove(&outlet);
        OutletChange { outlet, before, after: Some(after) }
    });
    let mut all: Vec<OutletChange> = came.collect();
    all.extend(was.into_iter().map(|(outlet, before)| OutletChange { outlet, before: Some(before), after: None }));
    all.retain(|change| change.before != change.after);
    all.sort_by(|a, b| a.outlet.cmp(&b.outlet));
    all
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
