//! The journal and the view together: decide on the view, write the journal, follow with the view.

mod group;

pub use group::Group;

use super::asks::Asks;
use super::lists::Lists;
use super::replace::named;
use super::writer::LOADED;
use super::{Asked, Outcome, Progress};
use crate::domain::{self, Act, Chargeable, Command, Context, Event, Filed, Follows, Laws, Line, Refusal, correction};
use crate::ids::{ProviderId, Seq};
use crate::journal::{Came, Chained, Entry, Hash, Head, Journal, Reached, Staged};
use crate::store::{Aside, BIT, Loaded, StoreError, Tried, View};
use crate::time::Moment;
use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::Arc;

/// Records of the view that are looked over at once: about a millisecond of them.
const LOOKED_OVER: usize = 256;

/// What is behind the desk's lock.
pub struct Core {
    pub(super) journal: Box<dyn Journal>,
    pub(super) view: View,
    /// Where the journal is, kept apart from both.
    reached: Option<Reached>,
    /// When the last entry was recorded: entries never go back in time.
    pub(super) last_at: Moment,
    /// How the view stood before what it has and is not kept yet.
    ahead: Option<Tried>,
    /// What is on its way to the disk, and what was decided on top of it meanwhile.
    coming: VecDeque<Coming>,
    /// Up to which key the view on disk was looked over; none where all of it was.
    looked: Option<Vec<u8>>,
    /// The rulebooks that may be in force, as they were last made.
    pub(super) laws: Option<Arc<Laws>>,
    /// What was recorded under the ids of the last asks.
    pub(super) asks: Asks,
    /// What was listed of providers, as long as it holds.
    pub(super) lists: Lists,
    /// The newest entries that somebody looked at.
    pub(super) newest: VecDeque<Arc<Chained>>,
}

/// A group that was decided and is not on the disk yet.
enum Coming {
    /// The view has it, since nobody looked meanwhile: how it stood before.
    Applied(Tried),
    /// Somebody looked: it is taken back until it is there.
    Aside(Aside),
}

/// What became of one command of a group.
pub type Decided = Result<Outcome, Refusal>;

impl Core {
    /// A journal with a view that may have to catch up with it.
    pub fn new(journal: Box<dyn Journal>, view: View, reached: Option<Reached>) -> Result<Core, StoreError> {
        let last = journal.entry(journal.head().seq)?;
        let last_at = last.map_or(Moment(i64::MIN), |recorded| recorded.entry.at);
        let (ahead, coming, laws, looked) = (None, VecDeque::new(), None, Some(Vec::new()));
        let (asks, lists, newest) = (Asks::default(), Lists::default(), VecDeque::new());
        Ok(Core { journal, view, reached, last_at, ahead, coming, looked, laws, asks, lists, newest })
    }

    /// When the last entry was recorded, if there is one.
    pub fn last_at(&self) -> Option<Moment> {
        Some(self.last_at).filter(|at| at.0 > i64::MIN)
    }

    /// Makes ready to be asked: what is on its way to the disk is put aside, what a writer that failed left half applied
    /// goes, what it left behind the journal comes, and a view that failed gives way to one in memory.
    pub fn settle(&mut self) -> Result<(), StoreError> {
        self.put_aside();
        if self.view.head().seq < self.journal.head().seq {
            self.coming.clear();
            self.catch_up(&mut |_| {})?;
        }
        if self.view.has_failed() { self.stand_in() } else { Ok(()) }
    }

    /// Takes back what is not on the disk yet, until it is: the last first.
    fn put_aside(&mut self) {
        self.take_back();
        let coming = std::mem::take(&mut self.coming);
        for one in coming.into_iter().rev() {
            let aside = match one {
                Coming::Applied(tried) => Coming::Aside(self.back(tried)),
                aside @ Coming::Aside(_) => aside,
            };
            self.coming.push_front(aside);
        }
    }

    /// Forgets what was decided and will not be kept.
    fn recall(&mut self) {
        self.put_aside();
        self.coming.clear();
    }

    /// Makes ready to decide with nothing on its way: what a writer that failed left is gone.
    pub fn begin(&mut self) -> Result<(), StoreError> {
        self.recall();
        // Pages that cannot be opened are made anew before anything is decided by them, and no command is refused for it.
        self.view.open_all();
        self.settle()
    }

    /// Whether a group can be decided on top of the one that is on its way to the disk: nobody looked since that was
    /// decided, and the view has room.
    pub fn goes_on(&mut self) -> bool {
        let applied = matches!(self.coming.front(), Some(Coming::Applied(_)));
        applied && self.coming.len() == 1 && !self.view.has_failed() && !self.view.is_full()
    }

    /// Puts a view in memory in the place of one that failed: the journal has all that it needs, and nothing depends
    /// on the disk that failed.
    pub fn stand_in(&mut self) -> Result<(), StoreError> {
        self.put_view(View::in_memory()).abandon();
        self.catch_up(&mut |_| {})
    }

    /// Puts another view in the place of the one that is, which knows nothing of what is on its way.
    pub(super) fn put_view(&mut self, view: View) -> View {
        (self.laws, self.ahead) = (None, None);
        self.coming.clear();
        self.lists = Lists::default();
        std::mem::replace(&mut self.view, view)
    }

    /// Looks over a further part of what the view has on disk, once through: what is damaged is noticed before anybody
    /// asks for it, and the view fails.
    pub fn look_over(&mut self) {
        if let Some(after) = self.looked.take() {
            self.looked = self.view.look_over(&after, LOOKED_OVER).unwrap_or_default();
        }
    }

    /// Brings what the journal reached to the disk, if it has waited long enough, or at once.
    pub fn note_reached(&mut self, at_once: bool) {
        if let Some(reached) = self.reached.as_mut().filter(|reached| at_once || reached.due()) {
            // The journal has it all; this only notices when it has not any more.
            let _ = reached.sync();
        }
    }

    /// Writes down where the journal is.
    pub fn put_reached(&mut self) {
        let head = self.journal.head();
        self.reached.iter_mut().for_each(|reached| drop(reached.put(head)));
    }

    /// Brings the view up to the journal's head.
    pub fn catch_up(&mut self, progress: &mut dyn FnMut(Progress)) -> Result<(), StoreError> {
        self.lists = Lists::default();
        follow(&mut self.view, self.journal.as_ref(), progress)
    }

    /// Decides commands one after another on the view as the earlier ones leave it. Nothing is durable yet:
    /// follow with [`Core::keep`] or [`Core::take_back`].
    pub fn decide(
        &mut self,
        group: &mut Group,
        asked: Vec<Asked>,
        cx: Context<'_>,
    ) -> Result<Vec<Decided>, StoreError> {
        group.entries_mut().reserve(asked.len());
        asked.into_iter().map(|asked| self.decide_one(group, asked, cx)).collect()
    }

    fn decide_one(&mut self, group: &mut Group, asked: Asked, cx: Context<'_>) -> Result<Decided, StoreError> {
        let laws = self.laws(cx.laws.loaded())?;
        let cx = cx.under(&laws);
        let Command::Replace { entry, with, .. } = &asked.command else {
            return self.decide_whole(group, &asked, cx);
        };
        let (entry, right) = (*entry, Asked { command: Command::clone(with), nth: None });
        let gone = self.decide_alone(group, &asked, cx)?;
        if gone.is_err() {
            return Ok(gone);
        }
        group.replacing =
            group.entries.last().and_then(|gone| gone.event.provider().cloned()).map(|whose| (entry, whose));
        let decided = self.decide_whole(group, &right, cx);
        group.replacing = None;
        decided
    }

    pub(super) fn decide_alone(
        &mut self,
        group: &mut Group,
        asked: &Asked,
        cx: Context<'_>,
    ) -> Result<Decided, StoreError> {
        if let Some(seq) = self.already(asked, cx)? {
            return Ok(Ok(Outcome::Already(Some(seq))));
        }
        let event = match self.looked(group, &asked.command, cx)? {
            Ok(event) => event,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if group.once
            && let Some(refusal) = self.said_before(group, &event)?
        {
            return Ok(Err(refusal));
        }
        self.take_in(group, event, cx).map(|seq| Ok(Outcome::Done(seq)))
    }

    /// Applies what was decided, as the next of its group.
    pub(super) fn take_in(&mut self, group: &mut Group, event: Event, cx: Context<'_>) -> Result<Seq, StoreError> {
        let came = group.door.map(|door| Came { door, part: None });
        let entry = Entry { at: self.earliest(group, cx), by: group.by.clone(), came, event };
        let recorded = Chained { seq: group.next(), hash: Hash::default(), entry };
        let whose = recorded.entry.event.provider().filter(|_| group.receipts).cloned();
        let before = whose.as_ref().map(|provider| self.view.state(provider, &[])).transpose()?;
        if self.ahead.is_none() {
            self.ahead = Some(self.view.try_out());
        }
        self.view.apply(&recorded)?;
        group.follows = match (whose, before) {
            (Some(provider), Some(before)) => {
                Follows::between(&before, &self.view.state(&provider, &[])?, recorded.entry.at)
            }
            _ => Follows::default(),
        };
        group.entries_mut().push(recorded.entry);
        Ok(recorded.seq)
    }

    /// When the next entry of a group is recorded: entries never go back in time.
    fn earliest(&self, group: &Group, cx: Context<'_>) -> Moment {
        cx.now.max(self.last_at).max(group.since().unwrap_or(self.last_at))
    }

    /// The line that an import's n-th equal deduction is already.
    fn already(&mut self, asked: &Asked, cx: Context<'_>) -> Result<Option<Seq>, StoreError> {
        let (Some(nth), Command::TakeIn(deduction)) = (asked.nth, &asked.command) else { return Ok(None) };
        let equal = self.same(deduction, cx)?;
        let equal = self.same_or_waiting(deduction, equal)?;
        Ok(nth.checked_sub(1).and_then(|at| equal.get(at as usize)).copied())
    }

    /// A group is decided, and is to be kept. Whoever reads until it is on the disk finds the view as it was before
    /// ([`Core::settle`]): nothing is seen that could be lost again.
    pub fn decided(&mut self) {
        self.coming.extend(self.ahead.take().map(Coming::Applied));
    }

    /// Gives a group that is decided its place in the journal, when the one before it was kept.
    pub fn stage(&mut self, group: &Group) -> Result<Staged, StoreError> {
        let staged = self.journal.stage(group.from, &group.entries);
        if staged.is_err() {
            self.recall();
        }
        Ok(staged?)
    }

    /// Takes a group that was written. When the journal has it, it happened: whatever the view meets then changes nothing
    /// of that. If the journal cannot take it, the view stays as it was, and what was decided on top of it is gone, too.
    pub fn kept(&mut self, group: &Group, staged: Staged) -> Result<Head, StoreError> {
        self.take_back();
        let head = match self.journal.settle(staged) {
            Ok(head) => head,
            Err(e) => {
                self.recall();
                return Err(e.into());
            }
        };
        self.last_at = group.entries.last().map_or(self.last_at, |entry| entry.at);
        let follows = match self.coming.pop_front() {
            Some(Coming::Applied(tried)) => {
                self.view.keep(tried);
                match self.coming.front_mut() {
                    Some(Coming::Applied(tried)) => tried.reached(head),
                    _ => self.view.reached(head),
                }
                Ok(())
            }
            Some(Coming::Aside(aside)) => {
                self.laws = None;
                self.view.redo(aside);
                self.view.reached(head);
                Ok(())
            }
            // Another view took its place meanwhile.
            None => self.catch_up(&mut |_| {}),
        };
        self.put_reached();
        match follows {
            // Nothing is written of what is not in the journal.
            Ok(()) if !self.coming.is_empty() => {}
            // Between parts of an import nobody asks; after a few entries somebody may wait.
            Ok(()) => self.view.spill_or_fail(if group.entries.len() < LOADED { BIT } else { usize::MAX }),
            Err(_) => self.view.fail(),
        }
        Ok(head)
    }

    /// Makes a group durable at once.
    pub fn keep(&mut self, group: &Group) -> Result<Head, StoreError> {
        self.decided();
        let mut staged = self.stage(group)?;
        staged.write();
        self.kept(group, staged)
    }

    /// Does something on the view that is taken back whatever comes of it: nothing is kept, and nothing is written.
    pub(super) fn in_vain<T>(&mut self, run: impl FnOnce(&mut Core) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let laws = self.laws.clone();
        self.ahead = Some(self.view.try_out());
        let done = run(self);
        self.take_back();
        self.laws = laws;
        done
    }

    /// Forgets what was decided and not kept.
    pub fn take_back(&mut self) {
        if let Some(tried) = self.ahead.take() {
            self.back(tried);
        }
    }

    fn back(&mut self, tried: Tried) -> Aside {
        self.laws = None;
        self.view.undo(tried)
    }

    /// What the domain says to a command; and where it says yes, whether what happened later on record still stands.
    pub(super) fn looked(
        &mut self,
        group: &Group,
        command: &Command,
        cx: Context<'_>,
    ) -> Result<Result<Event, Refusal>, StoreError> {
        let instead = self.view.instead_of(group.next());
        let place = command.place(cx.now, instead);
        let decision = self.look(group, place, |facts| domain::decide(facts, command, cx.by(&group.by)))?;
        let event = match decision {
            Ok(event) => event,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if let Some((entry, whose)) = &group.replacing {
            return self.takes_over(group, event, (*entry, whose), cx);
        }
        if let (Some(act), Some(provider)) = (Act::of(&event), event.provider()) {
            let at = self.earliest(group, cx);
            let filed = Filed { seq: group.next(), at, by: group.by.clone(), act, void: None, instead: None };
            // What an outlet on record says of its life goes before all that is known of it.
            if !matches!(filed.act, Act::There { .. }) && self.view.is_late(provider, filed.place())? {
                let loaded = self.filed(provider)?;
                let mut cities = Cow::Borrowed(&loaded.cities);
                named(&mut cities, &event);
                let stands = self.look(group, filed.place(), |facts| {
                    correction::takes_its_place(facts, provider, (&cities, &loaded.facts), &filed)
                })?;
                if let Err(refusal) = stands {
                    return Ok(Err(refusal));
                }
            }
        }
        Ok(Ok(event))
    }

    /// A provider's facts, and the cities of its outlets.
    pub(super) fn filed(&mut self, provider: &ProviderId) -> Result<Loaded, StoreError> {
        self.view.freshen_all()?;
        self.view.load(provider)
    }

    /// The records of a provider that lines can stand for.
    pub fn chargeables(&mut self, provider: &ProviderId) -> Result<Vec<Chargeable>, StoreError> {
        Ok(domain::needs::chargeables(&self.filed(provider)?.facts))
    }

    /// The line of a number.
    pub fn line(&mut self, seq: Seq) -> Result<Option<(ProviderId, Line)>, StoreError> {
        let recorded = self.journal.entry(seq)?;
        match recorded {
            Some(recorded) => self.line_of(seq, &recorded.entry.event),
            None => Ok(None),
        }
    }

    pub(super) fn line_of(&mut self, seq: Seq, event: &Event) -> Result<Option<(ProviderId, Line)>, StoreError> {
        let (provider, day) = match event {
            Event::Reversed { provider, occurred_on, .. } => (provider, *occurred_on),
            _ => match event.deduction() {
                Some((deduction, ..)) => (&deduction.provider, deduction.occurred_on),
                None => return Ok(None),
            },
        };
        let line = self.view.line(provider, (day, seq))?;
        Ok(line.map(|line| (provider.clone(), line)))
    }
}

/// Brings a view up to a journal's head.
pub fn follow(view: &mut View, journal: &dyn Journal, progress: &mut dyn FnMut(Progress)) -> Result<(), StoreError> {
    follow_until(view, journal, (Moment(i64::MAX), u64::MAX), progress)
}

/// The same up to the last entry that was recorded by a moment, and so many entries at most: entries never go back in time.
pub fn follow_until(
    view: &mut View,
    journal: &dyn Journal,
    (until, most): (Moment, u64),
    progress: &mut dyn FnMut(Progress),
) -> Result<(), StoreError> {
    let (from, total) = (view.head().seq, journal.head().seq);
    if from == total {
        return Ok(());
    }
    let (mut failed, mut left) = (None, most);
    view.writable()?;
    journal.read(from.next(), &mut |recorded| {
        if recorded.seq.0.is_multiple_of(4096) {
            progress(Progress { done: recorded.seq, total });
        }
        if recorded.entry.at > until || left == 0 {
            return false;
        }
        left -= 1;
        failed = view.apply(&recorded).and_then(|()| view.spill_if_full(usize::MAX)).err();
        failed.is_none()
    })?;
    failed.map_or(Ok(()), Err)
}

#[cfg(test)]
pub(super) mod tests;
