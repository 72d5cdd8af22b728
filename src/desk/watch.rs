//! The alerts of a provider, as the desk derives them from its view.

use super::core::Core;
use crate::domain::alert::Watched;
use crate::domain::{self, Alert, Context, conference};
use crate::ids::{ProviderId, Seq};
use crate::points::Score;
use crate::store::StoreError;
use crate::time::{Moment, Year};
use chrono::Datelike;

impl Core {
    /// The alerts of a provider.
    pub fn alerts(&mut self, provider: &ProviderId, cx: Context<'_>) -> Result<Vec<Alert>, StoreError> {
        Ok(self.watched(provider, cx)?.0)
    }

    /// The alerts of a provider, and the moment from which they may be others though nothing is recorded.
    pub(super) fn watched(
        &mut self,
        provider: &ProviderId,
        cx: Context<'_>,
    ) -> Result<(Vec<Alert>, Moment), StoreError> {
        let this_year = cx.now.day().year();
        let years = self.view.scores(provider)?.iter().filter(|of| of.year <= this_year);
        let scores: Vec<(Year, Score)> = years.map(|of| (of.year, of.score)).collect();
        let dossier = self.view.dossier(provider)?;
        let mut charged: Vec<Seq> = dossier.conferences.iter().filter(|c| c.waits()).map(|c| c.seq).collect();
        if !charged.is_empty() {
            self.look_on_record(|facts| charged.retain(|seq| conference::is_charged(facts, provider, *seq)))?;
        }
        let cases = self.cases_by(provider, &dossier, cx)?;
        let watched = Watched {
            provider,
            cases: &cases,
            scores: &scores,
            charged: &charged,
            dossier: &dossier,
            obligations: &self.view.obligations_of(provider)?,
            findings: &self.view.findings(provider, cx.now)?,
            last_month: self.view.last_month(provider)?,
            unstaffed: self.view.provider_record(provider)?.map_or(0, |record| record.unstaffed),
            marked: &self.view.marks(provider)?,
            waiting: &self.view.proposals(provider)?,
        };
        Ok((domain::alert::alerts(&watched, cx), domain::alert::hold_until(&watched, cx.now)))
    }
}
