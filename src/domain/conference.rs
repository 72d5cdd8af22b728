//! Recruiting conferences (1.6.1(1)): as held, whether they failed, the stop that a failure makes (1.6.1(1)6), and their
//! freeze applications (2.1.1(4)).

use super::dossier::Dossier;
use super::finding::{Breach, FindingId, FindingState, Measured, Subject};
use super::happening::{Draft, Law, share};
use super::obligation::{About, ObligationKind};
use super::state::State;
use super::territory::of;
use super::{LineSubject, OnRecord, Refusal};
use crate::ids::{ProviderId, Seq};
use crate::time::Day;
use serde::{Deserialize, Serialize};

/// A conference as held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// The city.
    pub city: String,
    /// Visits by field staff; the reference is 100.
    pub visits: u32,
    /// Outlets visited; the reference is 2,000.
    pub outlets_visited: u32,
    /// Invited.
    pub invited: u32,
    /// Who came.
    pub attended: u32,
    /// Of those, who signed.
    pub signed: u32,
    /// The publicity checklist: a, b, c, d.
    pub publicity: [bool; 4],
}

/// A conference that was held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conference {
    /// The entry.
    pub seq: Seq,
    /// The day.
    pub on: Day,
    /// As held.
    pub held: Held,
    /// Whether it missed a rate.
    pub failed: bool,
    /// When that was put right.
    pub rectified_on: Option<Day>,
    /// Whether the provider, which failed again, was judged to be off the process.
    pub judged: Option<bool>,
    /// Whether it was then decided to terminate it.
    pub decided: Option<bool>,
}

/// 1.6.1(1)6: after a failed conference nothing begins elsewhere until it is put right. One whose finding was
/// dismissed did not fail, unless a line by hand charges it all the same.
pub(super) fn stopped(
    on_record: &mut dyn OnRecord,
    provider: &ProviderId,
    dossier: &Dossier,
    city: &str,
) -> Result<(), Refusal> {
    for failed in dossier.conferences.iter().filter(|c| c.waits() && c.held.city != city) {
        let subject = Subject::Of(Breach::Conference, failed.seq);
        let id = FindingId { provider: provider.clone(), subject };
        let dismissed = matches!(on_record.decided(&id), Some(FindingState::Dismissed(_)));
        if !dismissed || is_charged(on_record, provider, failed.seq) {
            return Err(Refusal::ExpansionStopped { conference: failed.seq, city: failed.held.city.clone() });
        }
    }
    Ok(())
}

/// Whether a line stands that charges a conference.
pub fn is_charged(on_record: &mut dyn OnRecord, provider: &ProviderId, conference: Seq) -> bool {
    let Ok(article) = Breach::Conference.article().parse() else { return false };
    !on_record.charged(provider, &article, &|subject| *subject == LineSubject::Conference(conference)).is_empty()
}

/// A conference is held: in a confirmed city, while nothing stops it.
pub(super) fn hold(draft: &mut Draft<'_, '_>, held: &Held) -> Result<(), Refusal> {
    draft.not_before(of(&draft.state.dossier, &held.city)?.confirmed_on)?;
    stopped(draft.on_record, &draft.provider.id, &draft.state.dossier, &held.city)?;
    if held.invited == 0 {
        return Err(Refusal::Missing { field: "invited" });
    }
    if held.signed > held.attended {
        return Err(Refusal::PartOverWhole { part: "signed", whole: "attended" });
    }
    let measures = draft.rules().measures;
    draft.law = Law::Conference { attended: measures.attendance_percent, signed: measures.signed_percent };
    draft.begin(ObligationKind::NextConference, About::Provider)?;
    draft.begin(ObligationKind::FreezeApplication, About::City(held.city.clone()))
}

/// 1.6.1(1)6: whether a conference failed on or after the day on which an earlier failure was put right.
pub(super) fn failed_again(dossier: &Dossier, conference: &Conference) -> bool {
    let rectified = dossier.conferences.iter().filter_map(|c| c.rectified_on).min();
    conference.waits() && rectified.is_some_and(|day| conference.on >= day)
}

/// The conference of an entry.
pub(super) fn conference_of(dossier: &Dossier, seq: Seq) -> Result<&Conference, Refusal> {
    let known = dossier.conferences.iter().find(|c| c.seq == seq);
    known.ok_or(Refusal::UnknownEntry { what: "conference", seq })
}

impl Held {
    /// Fewer than 40 % came, or fewer than 60 % of those signed, exactly (1.6.1(1)6, decision 8).
    pub(super) fn fails(&self, law: Law) -> bool {
        let Law::Conference { attended, signed } = law else { return false };
        share(self.attended, self.invited, attended).is_lt() || share(self.signed, self.attended, signed).is_lt()
    }
}

impl Conference {
    /// Whether it failed and is not put right.
    pub fn waits(&self) -> bool {
        self.failed && self.rectified_on.is_none()
    }

    /// What came of it, as a stable word.
    pub fn result(&self) -> &'static str {
        match (self.failed, self.rectified_on) {
            (false, _) => "passed",
            (true, None) => "failed",
            (true, Some(_)) => "rectified",
        }
    }
}

/// 2.1.1(4): too many errors. Late and faulty is one finding that names both.
pub(super) fn faulty(state: &mut State, conference: Seq, (part, whole, percent): (u32, u32, u32), on: Day) {
    let subject = Subject::Of(Breach::Signing, conference);
    let late = state.kept.iter().find(|kept| kept.subject == subject).and_then(|kept| kept.measured.as_ref());
    let measured = match late {
        Some(Measured::Missed { due, done, .. } | Measured::LateAndFaulty { due, done, .. }) => {
            Measured::LateAndFaulty { due: *due, done: *done, part, whole, percent }
        }
        _ => Measured::Share { part, whole, percent },
    };
    let occurred_on = state.kept.iter().find(|kept| kept.subject == subject).map_or(on, |kept| kept.occurred_on);
    state.find(Breach::Signing, conference, measured, occurred_on, None);
}
