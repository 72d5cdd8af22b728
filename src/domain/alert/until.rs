//! How long alerts hold: until when they are what they are though nothing is recorded.

use super::super::obligation::Obligation;
use super::{Mark, Watched};
use crate::ids::Seq;
use crate::time::Moment;

/// The first moment at which a provider's alerts may be others though nothing is recorded: something that is due is missed
/// (decision 11), a snooze is over, or it is another day. Rules, years, and what is soon go by days.
pub fn hold_until(of: &Watched<'_>, now: Moment) -> Moment {
    let snoozed = of.marked.iter().filter_map(|marked| match marked.mark {
        Mark::Snoozed { until } if until > now => Some(until),
        _ => None,
    });
    let tomorrow = Moment(Moment::end_of(now.day()).0 + 1);
    snoozed.chain([next_missed(of.obligations, now), tomorrow]).min().unwrap_or(tomorrow)
}

/// The first second at which something more of what is due is missed: the one after its term (decision 11).
pub fn next_missed(due: &[(Seq, Obligation)], now: Moment) -> Moment {
    let to_come = due.iter().map(|(_, obligation)| obligation.due).filter(|due| *due >= now).min();
    Moment(to_come.map_or(i64::MAX, |due| due.0.saturating_add(1)))
}
