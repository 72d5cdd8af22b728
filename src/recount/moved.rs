//! What outlets reported that went from provider to provider: the month before a transfer counts as it stands
//! (decision 17).

use super::tally::Survey;
use crate::domain::{Event, Left};
use crate::ids::{OutletId, ProviderId};
use crate::money::Fen;
use crate::time::Month;
use std::collections::BTreeMap;

/// Reports by outlet and month, with the provider that each was reported for.
#[derive(Default)]
pub struct Moved(BTreeMap<(OutletId, Month), Vec<(ProviderId, Fen)>>);

impl Moved {
    /// Takes in what an entry says of such an outlet.
    pub(super) fn keep(&mut self, event: &Event, survey: &Survey) {
        let (provider, outlet, month, amount) = match event {
            Event::TurnoverRecorded { turnover: t, provider, .. }
            | Event::TurnoverAmended { turnover: t, provider, .. } => (provider, &t.outlet, t.month, Some(t.amount)),
            Event::Voided { provider, left: Some(Left::Turnover { outlet, month, report }), .. }
            | Event::Restored { provider, left: Some(Left::Turnover { outlet, month, report }), .. } => {
                (provider, outlet, *month, report.as_ref().map(|report| report.amount))
            }
            _ => return,
        };
        if survey.outlets.get(outlet).is_none_or(|fact| fact.moves.is_empty()) {
            return;
        }
        let all = self.0.entry((outlet.clone(), month)).or_default();
        all.retain(|(of, _)| of != provider);
        all.extend(amount.map(|amount| (provider.clone(), amount)));
    }

    /// What an outlet reported for a month, whoever it was with.
    pub fn amount(&self, outlet: &OutletId, month: Month) -> Option<Fen> {
        self.0.get(&(outlet.clone(), month))?.first().map(|(_, amount)| *amount)
    }
}
