//! What a group changed: of which providers, and what of each. Whoever shows something of it asks again for that, and
//! for nothing else.

use super::core::{Core, Group};
use crate::domain::{Act, Event, Fact, Filed};
use crate::ids::{ProviderId, Seq};
use crate::journal::Head;
use crate::store::StoreError;
use std::collections::BTreeMap;

/// A set of what a provider's records come to, as screens show it apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Areas(u16);

impl Areas {
    /// Nothing that anybody shows apart: there is an entry more in the journal.
    pub const NONE: Areas = Areas(0);
    /// The provider's own record: its name, its city.
    pub const ROSTER: Areas = Areas(1);
    /// Its lines, and by them its scores and where it stands.
    pub const LEDGER: Areas = Areas(1 << 1);
    /// Its lines that wait for a second person (decision 28).
    pub const PROPOSALS: Areas = Areas(1 << 2);
    /// Its outlets and their lives.
    pub const OUTLETS: Areas = Areas(1 << 3);
    /// What it owes, and by when.
    pub const DEADLINES: Areas = Areas(1 << 4);
    /// What was found, and what became of it. Turnover shows nowhere but here.
    pub const FINDINGS: Areas = Areas(1 << 5);
    /// What its records come to: admission, cities, money, objections, cases, and what lines can stand for.
    pub const RECORDS: Areas = Areas(1 << 6);
    /// What people did with alerts. What alerts are derived from is all the rest.
    pub const MARKS: Areas = Areas(1 << 7);
    /// The rules that it is judged by (4.4): an edition is everybody's, what is agreed otherwise is one provider's.
    pub const LAW: Areas = Areas(1 << 8);
    /// All of it.
    pub const ALL: Areas = Areas((1 << 9) - 1);

    /// Both.
    pub const fn with(self, other: Areas) -> Areas {
        Areas(self.0 | other.0)
    }

    /// This without that.
    pub const fn but(self, other: Areas) -> Areas {
        Areas(self.0 & !other.0)
    }

    /// Whether they have anything in common.
    pub const fn meets(self, other: Areas) -> bool {
        self.0 & other.0 != 0
    }

    /// What an event changes of the provider that it is about; where it is about none, of all.
    pub fn of(event: &Event) -> Areas {
        // What a provider owes, what is found and what its cases are is folded from all of its facts together.
        const FOLDED: Areas = Areas::DEADLINES.with(Areas::FINDINGS).with(Areas::RECORDS);
        const LINES: Areas = Areas::LEDGER.with(FOLDED);
        match event {
            Event::ProviderAdded(_) | Event::ProviderAmended(_) => Areas::ROSTER.with(FOLDED),
            Event::OutletAdded(_) | Event::OutletAmended(_) => Areas::OUTLETS.with(FOLDED),
            Event::Deducted { law, .. } if law.proposed.is_some() => LINES.with(Areas::PROPOSALS),
            Event::Deducted { .. } | Event::Reversed { .. } | Event::Supported { .. } => LINES,
            Event::FindingConfirmed { .. } | Event::FindingDismissed { .. } => LINES.with(Areas::PROPOSALS),
            Event::TurnoverRecorded { .. } | Event::TurnoverAmended { .. } => FOLDED,
            Event::RequestOpened(_) | Event::RequestAnswered { .. } => FOLDED.with(Areas::OUTLETS),
            Event::Happened(h) if matches!(h.fact, Fact::Otherwise(_)) => Areas::ALL,
            Event::Happened(_) => FOLDED.with(Areas::OUTLETS),
            Event::ObligationsMoved { .. } => FOLDED,
            Event::AlertMarked { .. } => Areas::MARKS,
            // What they take away or bring back may have been anything.
            Event::Voided { .. } | Event::Restored { .. } => Areas::ALL,
            Event::LossAccepted { .. } => Areas::NONE,
            Event::EditionAdopted(_) | Event::EditionWithdrawn { .. } => Areas::LAW,
            Event::LineProposed(_) | Event::ProposalWithdrawn { .. } => Areas::PROPOSALS.with(FOLDED),
        }
    }
}

/// What changed of more providers than these is said of all: telling them apart costs whoever hears of it more than asking
/// once too often.
const MANY: usize = 256;

/// The ledger changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// The journal's head after it.
    pub head: Head,
    /// What changed of which provider.
    pub providers: BTreeMap<ProviderId, Areas>,
    /// What changed of all of them.
    pub everywhere: Areas,
}

impl Change {
    /// Anything may have changed.
    pub fn of_everything(head: Head) -> Change {
        Change { head, providers: BTreeMap::new(), everywhere: Areas::ALL }
    }

    /// What changed of a provider.
    pub fn of(&self, provider: &ProviderId) -> Areas {
        self.everywhere.with(self.providers.get(provider).copied().unwrap_or_default())
    }

    /// Whether any of that changed, of any provider.
    pub fn touches(&self, areas: Areas) -> bool {
        self.everywhere.meets(areas) || self.providers.values().any(|changed| changed.meets(areas))
    }

    /// Both, of which the other came later.
    pub fn and(&mut self, later: Change) {
        self.head = later.head;
        self.everywhere = self.everywhere.with(later.everywhere);
        later.providers.into_iter().for_each(|(provider, areas)| self.add(provider, areas));
        if self.providers.len() > MANY {
            let all = std::mem::take(&mut self.providers);
            self.everywhere = all.into_values().fold(self.everywhere, Areas::with);
        }
    }

    /// Takes in what changed of a provider, where that is not said of all.
    fn add(&mut self, provider: ProviderId, areas: Areas) {
        if areas.but(self.everywhere) == Areas::NONE {
            return;
        }
        let known = self.providers.entry(provider).or_default();
        *known = known.with(areas);
    }
}

impl Core {
    /// What a group that was kept changed. Where the view cannot tell whom else it reached, that may be anybody.
    pub(super) fn changed(&mut self, head: Head, group: &Group) -> Change {
        let mut change = Change { head, ..Change::default() };
        for entry in group.entries.iter() {
            let (event, areas) = (&entry.event, Areas::of(&entry.event));
            let Some(provider) = event.provider() else {
                change.everywhere = change.everywhere.with(areas);
                continue;
            };
            change.add(provider.clone(), areas);
            match self.reaches(event, provider) {
                Ok(others) => others.into_iter().for_each(|other| change.add(other, areas)),
                Err(_) => return Change::of_everything(head),
            }
        }
        change
    }

    /// The other providers that an entry reaches: those that its outlets were with, came from, or went to, with their
    /// lives (decision 15).
    fn reaches(&mut self, event: &Event, provider: &ProviderId) -> Result<Vec<ProviderId>, StoreError> {
        let acts: Vec<Act> = match event {
            Event::Happened(_) | Event::RequestOpened(_) | Event::RequestAnswered { .. } => {
                Act::of(event).into_iter().collect()
            }
            Event::Voided { entries, .. } | Event::Restored { entries, .. } => self.filed_acts(provider, entries)?,
            _ => return Ok(Vec::new()),
        };
        let mut others = Vec::new();
        for act in &acts {
            for outlet in act.touches() {
                others.extend(self.view.owners_before(provider, &outlet)?);
            }
            if act.touches_all() {
                let filed = self.view.load(provider)?;
                others.extend(filed.facts.iter().filter_map(|filed| goes_to(&filed.act)));
            }
            others.extend(goes_to(act));
        }
        Ok(others)
    }

    /// What entries of a provider say, of those that are folded.
    fn filed_acts(&mut self, provider: &ProviderId, entries: &[Seq]) -> Result<Vec<Act>, StoreError> {
        let is_named = |filed: &&std::sync::Arc<Filed>| entries.contains(&filed.seq);
        Ok(self.view.load(provider)?.facts.iter().filter(is_named).map(|filed| filed.act.clone()).collect())
    }
}

/// The provider that an act hands an outlet to.
fn goes_to(act: &Act) -> Option<ProviderId> {
    let Act::Happened(h) = act else { return None };
    h.hands_over().map(|(_, to)| to.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Regression: a file changed each of a thousand providers, and twenty consoles told them apart. What is said of all
    /// leaves out nothing that changed.
    #[test]
    fn what_changed_of_many_is_said_of_all() {
        let id = |n: usize| -> ProviderId { format!("P{n:05}").parse().unwrap() };
        let of = |n: usize, areas| Change { providers: [(id(n), areas)].into(), ..Change::default() };
        let mut all = Change::default();
        (0..MANY).for_each(|n| all.and(of(n, Areas::LEDGER)));
        assert_eq!((all.providers.len(), all.everywhere), (MANY, Areas::NONE));
        assert_eq!(all.of(&id(MANY)), Areas::NONE);
        all.and(of(MANY, Areas::OUTLETS));
        assert_eq!((all.providers.len(), all.everywhere), (0, Areas::LEDGER.with(Areas::OUTLETS)));
        assert!((0..=MANY).all(|n| all.of(&id(n)) == all.everywhere));
        // What is said already is not said again, and what is not is.
        all.and(of(1, Areas::LEDGER));
        assert_eq!(all.providers.len(), 0);
        all.and(of(1, Areas::DEADLINES));
        assert_eq!(all.of(&id(1)), all.everywhere.with(Areas::DEADLINES));
        assert!(all.touches(Areas::DEADLINES) && !all.touches(Areas::PROPOSALS));
    }
}
