//! Which rules are in force, as the desk asks: by the editions on record, with the rulebook that is loaded (4.4(1)).

use super::Desk;
use super::core::Core;
use crate::domain::{Context, Laws};
use crate::rulebook::Rulebook;
use crate::store::StoreError;
use std::sync::Arc;

impl Desk {
    /// The rulebook in force today; the one that is loaded, where the store cannot be asked.
    pub fn rulebook(&self) -> Arc<Rulebook> {
        let today = self.today();
        self.laws().map_or_else(|_| Arc::clone(&self.shared.rulebook), |laws| Arc::clone(laws.general(today)))
    }

    /// The rulebook that the store was opened with: in force where no edition on record says otherwise.
    pub fn loaded(&self) -> &Rulebook {
        &self.shared.rulebook
    }

    /// The rulebooks that may be in force.
    pub fn laws(&self) -> Result<Arc<Laws>, StoreError> {
        self.with(|core| core.laws(&self.shared.rulebook))
    }

    /// Asks by the rulebooks that may be in force now.
    pub(super) fn with_cx<T>(
        &self,
        work: impl Fn(&mut Core, Context<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let now = self.now();
        self.with(|core| {
            let laws = core.laws(&self.shared.rulebook)?;
            work(core, Context::new(&laws, now, self.calendar()))
        })
    }
}

impl Core {
    /// The rulebooks that may be in force, with the one that is loaded.
    pub fn laws(&mut self, loaded: &Arc<Rulebook>) -> Result<Arc<Laws>, StoreError> {
        let same = |laws: &&Arc<Laws>| laws.version() == self.view.law_version() && Arc::ptr_eq(laws.loaded(), loaded);
        if let Some(laws) = self.laws.as_ref().filter(same) {
            return Ok(Arc::clone(laws));
        }
        let laws = Arc::new(self.view.laws(loaded)?);
        self.laws = Some(Arc::clone(&laws));
        Ok(laws)
    }
}
