//! Several questions about one provider, answered of one state: nobody comes between them, and whoever asks waits once for
//! the turn.

use super::core::Core;
use super::entries::among;
use super::{Desk, StoreError};
use crate::domain::rectification::Cases;
use crate::domain::{Chargeable, Context, Dossier, Line};
use crate::ids::ProviderId;
use crate::store::OutletRow;
use crate::time::Year;

/// Who asks while it is its turn.
pub struct Reader<'a> {
    core: &'a mut Core,
    desk: &'a Desk,
}

impl Desk {
    /// Asks at once. It may be asked again from its beginning, where the view had to give way to another.
    pub fn at_once<T>(&self, ask: impl Fn(&mut Reader<'_>) -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.with(|core| ask(&mut Reader { core, desk: self }))
    }
}

impl Reader<'_> {
    /// Outlets of a provider by id with their lives, so many at most.
    pub fn lives(&mut self, provider: &ProviderId, limit: usize) -> Result<Vec<OutletRow>, StoreError> {
        self.core.view.lives(provider, None, limit)
    }

    /// How many outlets a provider has.
    pub fn outlets(&mut self, provider: &ProviderId) -> Result<usize, StoreError> {
        Ok(self.core.view.outlets_of(provider)? as usize)
    }

    /// Lines of a provider's year, the newest day first, so many at most; with a line for each void that took any of them
    /// away ([`Desk::with_voids`]).
    pub fn ledger(&mut self, provider: &ProviderId, year: Year, limit: usize) -> Result<Vec<Line>, StoreError> {
        let lines = self.core.view.ledger(provider, year, None, limit)?;
        let voids = self.core.voids(&lines)?;
        Ok(among(lines, voids))
    }

    /// The newest of them, so many at least where there are as many, to the end of a day. Nothing where that is not known
    /// without the rest: where a void stands, and what it took, hangs on all lines that it took.
    pub fn newest(&mut self, provider: &ProviderId, year: Year, least: usize) -> Result<Option<Vec<Line>>, StoreError> {
        let lines = self.core.view.newest(provider, year, least)?;
        let voids = self.core.voids(&lines)?;
        Ok(voids.is_empty().then_some(lines))
    }

    /// How many lines a provider's year has, reversals included.
    pub fn lines(&mut self, provider: &ProviderId, year: Year) -> Result<usize, StoreError> {
        Ok(self.core.view.score_of(provider, year)?.1 as usize)
    }

    /// A provider's facts as they fold.
    pub fn dossier(&mut self, provider: &ProviderId) -> Result<Dossier, StoreError> {
        self.core.view.dossier(provider)
    }

    /// Its rectifications, and the years at 100 ([`Desk::cases`]).
    pub fn cases(&mut self, provider: &ProviderId) -> Result<Cases, StoreError> {
        let laws = self.core.laws(&self.desk.shared.rulebook)?;
        self.core.cases(provider, Context::new(&laws, self.desk.now(), self.desk.calendar()))
    }

    /// The records of a provider that lines can stand for (section 2), and those that are voided.
    pub fn chargeables(&mut self, provider: &ProviderId) -> Result<Vec<Chargeable>, StoreError> {
        self.core.chargeables(provider)
    }
}
