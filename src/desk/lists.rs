//! Lists of all providers. Each is read provider by provider, and whoever waits for the core comes between: nobody waits
//! for a list, however long it is (`desk::turns`). What is listed of a provider is made once for all who ask for it,
//! and shared, until a [`Change`] says that it is another or the clock has come to where it may be.
//!
//! **A list is of one head, and of one moment.** At its end all of it is looked at under one lock: what is there still
//! holds, since a change takes away what it touches under the same lock in which it happens; what is not is made again.
//! So nothing has to be kept of what was, and nothing is read twice that did not change. A writer that changes providers
//! faster than they are read, as an import does, could keep that up for ever: after some rounds the rest is read in one.

mod kinds;
#[cfg(test)]
mod tests;

pub use kinds::{
    Alerts, Deadlines, DeadlinesOn, Findings, FindingsOn, Impacts, Proposals, Providers, ProvidersOn, marks_of,
};

use super::core::Core;
use super::{Areas, Change, Desk, asked};
use crate::domain::Context;
use crate::ids::ProviderId;
use crate::store::StoreError;
use crate::time::Moment;
use std::any::Any;
use std::collections::HashMap;
use std::sync::Arc;

/// Lists that are kept: those that were asked for last.
const KEPT: usize = 12;
/// Rounds in which others come between; what is missing then is read in one.
const ROUNDS: u32 = 8;

/// Rows of a provider, and the moment from which they may be others though nothing is recorded.
pub type Made<R> = Result<(Vec<R>, Moment), StoreError>;

/// What is listed of providers.
pub trait List: Clone + PartialEq + Send + 'static {
    /// A row.
    type Row: Send + Sync + 'static;
    /// What it is made of.
    const AREAS: Areas;

    /// The rows of a provider.
    fn make(&self, core: &mut Core, id: &ProviderId, cx: Context<'_>) -> Made<Self::Row>;

    /// Puts rows of several providers in the order of the list, where that is not by provider.
    fn order(_: &mut [Arc<Self::Row>]) {}
}

/// Of whom something is listed.
pub enum Of<'a> {
    /// Of all.
    All,
    /// Of these.
    These(&'a [ProviderId]),
}

impl<'a> Of<'a> {
    /// Of one, or of all.
    pub fn whom(provider: Option<&'a ProviderId>) -> Of<'a> {
        provider.map_or(Of::All, |id| Of::These(std::slice::from_ref(id)))
    }
}

/// What is listed of a provider, and how long it holds: from when it was made until a moment.
struct Piece<R> {
    rows: Vec<Arc<R>>,
    made: Moment,
    until: Moment,
}

impl<R> Piece<R> {
    fn holds(&self, now: Moment) -> bool {
        self.made == now || (self.made..self.until).contains(&now)
    }
}

/// A list as far as it is made.
struct Pieces<L: List> {
    list: L,
    of: HashMap<ProviderId, Piece<L::Row>, foldhash::fast::RandomState>,
}

/// Lists of any kind.
trait Kept: Any + Send {
    fn forget(&mut self, change: &Change);
}

impl<L: List> Kept for Pieces<L> {
    fn forget(&mut self, change: &Change) {
        if change.everywhere.meets(L::AREAS) {
            return self.of.clear();
        }
        for (id, _) in change.providers.iter().filter(|(_, areas)| areas.meets(L::AREAS)) {
            self.of.remove(id);
        }
    }
}

/// What was listed, as long as it holds.
#[derive(Default)]
pub struct Lists {
    ids: Option<Arc<[ProviderId]>>,
    /// Those that were asked for last come last.
    kept: Vec<Box<dyn Kept>>,
}

impl Lists {
    /// Whether there is nothing that a change could touch.
    pub fn is_empty(&self) -> bool {
        self.ids.is_none() && self.kept.is_empty()
    }

    /// What a change touches is to be made again.
    pub fn forget(&mut self, change: &Change) {
        if change.touches(Areas::ROSTER) {
            self.ids = None;
        }
        self.kept.iter_mut().for_each(|kept| kept.forget(change));
    }

    fn pieces<L: List>(&mut self, list: &L) -> Option<&mut Pieces<L>> {
        let is = |kept: &dyn Kept| {
            let any: &dyn Any = kept;
            any.downcast_ref::<Pieces<L>>().is_some_and(|pieces| pieces.list == *list)
        };
        match self.kept.iter().position(|kept| is(kept.as_ref())) {
            Some(at) => self.kept[at..].rotate_left(1),
            None => {
                self.kept.drain(..(self.kept.len() + 1).saturating_sub(KEPT));
                self.kept.push(Box::new(Pieces { list: list.clone(), of: HashMap::default() }));
            }
        }
        let any: &mut dyn Any = self.kept.last_mut()?.as_mut();
        any.downcast_mut()
    }

    /// Whether what is listed of a provider is there.
    fn has<L: List>(&mut self, list: &L, id: &ProviderId, now: Moment) -> bool {
        self.pieces(list).and_then(|pieces| pieces.of.get(id)).is_some_and(|piece| piece.holds(now))
    }
}

/// How far a list has come.
#[derive(Default)]
struct Round {
    at: usize,
    rounds: u32,
}

impl Core {
    /// The ids of all providers, in order.
    fn ids(&mut self) -> Result<Arc<[ProviderId]>, StoreError> {
        if let Some(ids) = &self.lists.ids {
            return Ok(Arc::clone(ids));
        }
        let ids: Arc<[ProviderId]> = self.view.provider_ids()?.into();
        self.lists.ids = Some(Arc::clone(&ids));
        Ok(ids)
    }

    /// Goes on with a list by about one provider; the rows, where all of it is there.
    fn go_on<L: List>(
        &mut self,
        (list, of): (&L, &Of<'_>),
        round: &mut Round,
        cx: Context<'_>,
    ) -> Result<Option<Vec<Arc<L::Row>>>, StoreError> {
        // What takes its place among other facts is folded again first: it may reach other providers.
        while self.view.freshen_next()? {
            if round.rounds < ROUNDS {
                return Ok(None);
            }
        }
        let all = match of {
            Of::All => Some(self.ids()?),
            Of::These(_) => None,
        };
        let ids = match of {
            Of::These(ids) => ids,
            Of::All => all.as_deref().unwrap_or_default(),
        };
        loop {
            while let Some(id) = ids.get(round.at) {
                round.at += 1;
                if !self.lists.has(list, id, cx.now) {
                    let (rows, until) = list.make(self, id, cx)?;
                    let rows = rows.into_iter().map(Arc::new).collect();
                    let piece = Piece { rows, made: cx.now, until };
                    self.lists.pieces(list).and_then(|pieces| pieces.of.insert(id.clone(), piece));
                    if round.rounds < ROUNDS {
                        return Ok(None);
                    }
                }
            }
            match self.whole(list, ids, cx.now) {
                Ok(rows) => return Ok(Some(rows)),
                Err(missing) => *round = Round { at: missing, rounds: round.rounds + 1 },
            }
        }
    }

    /// All rows, where they are there and hold; else where the first are missing.
    fn whole<L: List>(&mut self, list: &L, ids: &[ProviderId], now: Moment) -> Result<Vec<Arc<L::Row>>, usize> {
        let Some(pieces) = self.lists.pieces(list) else { return Err(0) };
        let mut rows = Vec::new();
        for (at, id) in ids.iter().enumerate() {
            let piece = pieces.of.get(id).filter(|piece| piece.holds(now)).ok_or(at)?;
            rows.extend(piece.rows.iter().map(Arc::clone));
        }
        Ok(rows)
    }
}

impl Desk {
    /// What is listed of providers, provider by provider, as of one head and moment. Whoever waits for the core comes
    /// between.
    pub fn list<L: List>(&self, list: &L, of: &Of<'_>) -> Result<Vec<Arc<L::Row>>, StoreError> {
        let mut round = Round::default();
        let mut go_on = |core: &mut Core| {
            let laws = core.laws(&self.shared.rulebook)?;
            core.go_on((list, of), &mut round, Context::new(&laws, self.now(), self.calendar()))
        };
        loop {
            let rows = match of {
                Of::All => asked(&mut self.shared.core.lock_after(), &mut go_on),
                Of::These(_) => asked(&mut self.shared.core.lock(), &mut go_on),
            };
            if let Some(mut rows) = rows? {
                L::order(&mut rows);
                return Ok(rows);
            }
        }
    }

    /// The same of all, as rows of one's own.
    pub(super) fn list_all<L: List<Row: Clone>>(&self, list: &L) -> Result<Vec<L::Row>, StoreError> {
        Ok(self.list(list, &Of::All)?.into_iter().map(Arc::unwrap_or_clone).collect())
    }
}
