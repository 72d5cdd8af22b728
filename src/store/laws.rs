//! The editions that were adopted, and the providers that agreed rules otherwise (4.4(1), 4.4(3)).

use super::cache::Stored;
use super::{StoreError, View, keys};
use crate::domain::edition::Adopted;
use crate::domain::{Event, Fact, Laws};
use crate::ids::{ProviderId, Seq};
use crate::journal::Chained;
use crate::rulebook::Rulebook;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What is on record of the law.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredLaws {
    /// All editions that were adopted, in the order of their entries.
    pub adopted: Vec<Adopted>,
    /// Providers that agreed something otherwise, or once did: what it is stands in their dossiers.
    pub agreeing: BTreeSet<ProviderId>,
}

impl Stored for StoredLaws {}

impl View {
    /// The entry that last changed the law.
    pub fn law_version(&self) -> Seq {
        self.top.laws
    }

    /// The rulebooks that may be in force, with the one that is loaded.
    pub fn laws(&mut self, loaded: &Arc<Rulebook>) -> Result<Laws, StoreError> {
        let stored = self.cache.get::<StoredLaws>(&keys::laws())?.cloned().unwrap_or_default();
        let mut agreed = BTreeMap::new();
        for provider in stored.agreeing {
            let own = self.dossier(&provider)?.agreed;
            agreed.insert(provider, own);
        }
        Ok(Laws::new(Arc::clone(loaded), stored.adopted, agreed, self.top.laws))
    }

    /// What an entry does to the law.
    pub(super) fn keep_laws(&mut self, recorded: &Chained) -> Result<(), StoreError> {
        let (entry, seq) = (&recorded.entry, recorded.seq);
        match &entry.event {
            Event::EditionAdopted(edition) => {
                let (at, by, edition) = (entry.at, entry.by.clone(), edition.clone());
                let adopted = Adopted { entry: seq, at, by, edition, withdrawn: None };
                self.cache.edit::<StoredLaws>(&keys::laws())?.adopted.push(adopted);
            }
            Event::EditionWithdrawn { edition, .. } => {
                let stored = self.cache.edit::<StoredLaws>(&keys::laws())?;
                let named = stored.adopted.iter_mut().filter(|adopted| adopted.entry == *edition);
                named.for_each(|adopted| adopted.withdrawn = Some(seq));
            }
            Event::Happened(h) if matches!(h.fact, Fact::Otherwise(_)) => {
                self.cache.edit::<StoredLaws>(&keys::laws())?.agreeing.insert(h.provider.clone());
            }
            Event::Voided { provider, .. } | Event::Restored { provider, .. } if self.top.laws > Seq(0) => {
                let stored = self.cache.get::<StoredLaws>(&keys::laws())?;
                if !stored.is_some_and(|stored| stored.agreeing.contains(provider)) {
                    return Ok(());
                }
            }
            _ => return Ok(()),
        }
        self.top.laws = seq;
        Ok(())
    }
}
