//! What people did with alerts, and how bad each was then. Where an alert became less, its marks stand for the less:
//! should it grow again, that is worse, and it is reopened.

use super::{StoreError, View, keys};
use crate::domain::alert::{lateness, size};
use crate::domain::objection::Objection;
use crate::domain::{AlertSubject, FindingId, FindingState, Mark, Marked};
use crate::ids::ProviderId;
use crate::journal::Chained;
use crate::money::Fen;
use crate::time::Moment;

/// Most marks on one alert that can be taken back.
const KEPT: usize = 8;

impl View {
    /// What somebody did with an alert takes the place of what was done before: that stands again when it is voided.
    pub(super) fn mark(
        &mut self,
        recorded: &Chained,
        provider: &ProviderId,
        (subject, level): (&AlertSubject, u32),
        mark: &Mark,
    ) -> Result<(), StoreError> {
        let (by, at) = (recorded.entry.by.clone(), recorded.entry.at);
        let marks = self.cache.edit::<Vec<Marked>>(&keys::marks(provider))?;
        let (subject, mark, seq) = (subject.clone(), mark.clone(), recorded.seq);
        let of = |m: &Marked| m.subject == subject;
        if marks.iter().filter(|m| of(m)).count() >= KEPT
            && let Some(oldest) = marks.iter().position(of)
        {
            marks.remove(oldest);
        }
        marks.push(Marked { subject, level, mark, by, at, seq, void: None });
        Ok(())
    }

    /// What a mark is on is no more than this now; 0 where it is over.
    pub(super) fn lower(
        &mut self,
        provider: &ProviderId,
        subject: &AlertSubject,
        level: u32,
    ) -> Result<(), StoreError> {
        let key = keys::marks(provider);
        let is_over = |m: &Marked| m.subject == *subject && m.level > level;
        if self.cache.get::<Vec<Marked>>(&key)?.is_some_and(|marks| marks.iter().any(is_over)) {
            let marks = self.cache.edit::<Vec<Marked>>(&key)?;
            marks.iter_mut().filter(|m| is_over(m)).for_each(|m| m.level = level);
        }
        Ok(())
    }

    /// What a mark is on is less by so much now.
    pub(super) fn ease(&mut self, provider: &ProviderId, subject: &AlertSubject, by: u64) -> Result<(), StoreError> {
        let by = u32::try_from(by).unwrap_or(u32::MAX);
        let marks = self.cache.edit::<Vec<Marked>>(&keys::marks(provider))?;
        let of = marks.iter_mut().filter(|m| m.subject == *subject);
        of.for_each(|m| m.level = m.level.saturating_sub(by));
        Ok(())
    }

    /// How many cities want a deposit and what is held, where somebody marked that it is short.
    pub(super) fn deposits(&mut self, provider: &ProviderId) -> Result<Option<(usize, Fen)>, StoreError> {
        if !self.marks(provider)?.iter().any(|m| m.subject == AlertSubject::Deposit) {
            return Ok(None);
        }
        let dossier = self.dossier(provider)?;
        Ok(Some((dossier.deposit_cities(), dossier.money.in_cities())))
    }

    /// A further city wants a further deposit: only what comes to the same ones makes less short.
    pub(super) fn ease_deposits(
        &mut self,
        provider: &ProviderId,
        before: Option<(usize, Fen)>,
    ) -> Result<(), StoreError> {
        let Some(before) = before else { return Ok(()) };
        match Some(before).zip(self.deposits(provider)?) {
            Some(((was, held), (is, holds))) if was == is && held < holds => {
                self.ease(provider, &AlertSubject::Deposit, holds.0 - held.0)
            }
            _ => Ok(()),
        }
    }

    /// Whether anybody ever marked one of a provider's alerts.
    pub(super) fn has_marks(&mut self, provider: &ProviderId) -> Result<bool, StoreError> {
        Ok(self.cache.get::<Vec<Marked>>(&keys::marks(provider))?.is_some_and(|marks| !marks.is_empty()))
    }

    /// Looks whether anything that is marked became less, or is over. What follows from turnover is looked at where a
    /// month is weighed.
    pub(super) fn look_at_marks(&mut self, provider: &ProviderId, at: Moment) -> Result<(), StoreError> {
        for marked in self.marks(provider)?.iter().filter(|m| m.level > 0) {
            if let Some(level) = self.level(provider, &marked.subject, at)? {
                self.lower(provider, &marked.subject, level)?;
            }
        }
        Ok(())
    }

    /// How bad at most what a mark is on is now; none where that follows from what is not looked at here.
    fn level(&mut self, provider: &ProviderId, subject: &AlertSubject, at: Moment) -> Result<Option<u32>, StoreError> {
        Ok(match subject {
            AlertSubject::Score(year) => Some(self.year(provider, *year)?.score.0),
            AlertSubject::Due(seq, kind) => {
                let open = self.obligations_of(provider)?;
                let due = open.iter().find(|(s, o)| (s, &o.kind) == (seq, kind));
                Some(due.map_or(0, |(_, o)| lateness(o, at)))
            }
            AlertSubject::Finding(subject) => {
                let id = FindingId { provider: provider.clone(), subject: *subject };
                let open = self.finding(&id, at)?.filter(|f| f.state == FindingState::Open);
                Some(open.map_or(0, |f| size(&f)))
            }
            AlertSubject::NearAttrition(seq) => {
                let dossier = self.dossier(provider)?;
                Some(dossier.territories.iter().find(|t| t.seq == *seq).map_or(0, |t| t.left_early))
            }
            AlertSubject::Claim(seq) => Some(self.dossier(provider)?.claims.iter().any(|(s, _)| s == seq).into()),
            AlertSubject::Correction(seq) => {
                Some(self.dossier(provider)?.corrections.iter().any(|(s, _)| s == seq).into())
            }
            AlertSubject::FailedAgain(seq) => {
                Some(self.dossier(provider)?.conferences.iter().any(|c| c.seq == *seq && c.waits()).into())
            }
            AlertSubject::LateAnswer(seq) => {
                Some(self.dossier(provider)?.late_answers.iter().any(|late| late.request == *seq).into())
            }
            AlertSubject::Objection(seq) => {
                let waits = |o: &Objection| o.seq == *seq && o.answered.is_none();
                Some(self.dossier(provider)?.objections.iter().any(waits).into())
            }
            AlertSubject::Proposal(seq) => Some(self.proposals(provider)?.iter().any(|w| w.entry == *seq).into()),
            AlertSubject::Staff => Some(self.provider_record(provider)?.map_or(0, |record| record.unstaffed)),
            AlertSubject::Edition(edition) => Some((!self.dossier(provider)?.accepts(edition)).into()),
            AlertSubject::Rectification(_)
            | AlertSubject::ProviderExit(_)
            | AlertSubject::Changed(_)
            | AlertSubject::Deposit
            | AlertSubject::FinalStatus(_)
            | AlertSubject::NearDormant(_) => None,
        })
    }
}
