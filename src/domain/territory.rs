//! Territories and roll-out (1.6), freeze applications (2.1.1(4)), pilot batches (2.1.2), and the health of a city
//! (2.2.3(1), 2.2.3(2)).

use super::admission::Stage;
use super::dossier::Dossier;
use super::finding::{Breach, FindingId, FindingState, Measured, Subject};
use super::happening::{Draft, Happening, share};
use super::obligation::{About, ObligationKind};
use super::{Context, Facts, NAME_MAX, NOTE_MAX, ProviderKind, Refusal, required, text};
use crate::ids::{ProviderId, Seq};
use crate::time::{Day, Moment, Month};
use chrono::{Datelike, Months};
use serde::{Deserialize, Serialize};

/// What happened in a city.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// The city was confirmed; its target follows from its people (1.6.1(2)).
    Confirmed {
        /// The city.
        city: String,
        /// People who live there.
        population: u64,
        /// Target and first batch, as decided; 0 where it is asked.
        plan: (u32, u32),
    },
    /// The first batch operates normally (1.6.1).
    FirstBatchNormal {
        /// The city.
        city: String,
    },
    /// A recruiting conference was held (1.6.1(1)).
    ConferenceHeld(Held),
    /// What was wrong with a conference is put right (1.6.1(1)6).
    ConferenceRectified {
        /// Its entry.
        conference: Seq,
    },
    /// The freeze application of a conference's outlets was made (2.1.1(4)).
    FreezeApplied {
        /// The conference's entry.
        conference: Seq,
        /// Outlets entered.
        entries: u32,
        /// Of those, with an error.
        errors: u32,
    },
    /// The first pilot batch is done: information, accounts, materials, training (2.1.2).
    PilotDone {
        /// The city.
        city: String,
    },
    /// A weed-out standard was agreed for a region (2.2.3(2)).
    WeedOutAgreed(WeedOut),
    /// Why outlets left early was looked into (2.2.3(1)).
    AttritionInvestigated {
        /// The city.
        city: String,
        /// Whether the provider is at fault.
        fault: bool,
        /// The new demand that is not met; none where it is met.
        unmet_demand: Option<String>,
    },
}

impl Step {
    /// The stable word.
    pub fn word(&self) -> &'static str {
        match self {
            Step::Confirmed { .. } => "territory-confirmed",
            Step::FirstBatchNormal { .. } => "first-batch-normal",
            Step::ConferenceHeld(_) => "conference-held",
            Step::ConferenceRectified { .. } => "conference-rectified",
            Step::FreezeApplied { .. } => "freeze-applied",
            Step::PilotDone { .. } => "pilot-done",
            Step::WeedOutAgreed(_) => "weed-out-agreed",
            Step::AttritionInvestigated { .. } => "attrition-investigated",
        }
    }
}

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

/// A city that a provider develops.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Territory {
    /// The entry.
    pub seq: Seq,
    /// The city.
    pub city: String,
    /// The day it was confirmed.
    pub confirmed_on: Day,
    /// Target outlets, and the first batch of them.
    pub plan: (u32, u32),
    /// Outlets opened since.
    pub opened: u32,
    /// The day of the first.
    pub first_opened_on: Option<Day>,
    /// Outlets that left in the first three calendar months (2.2.3(1)).
    pub left_early: u32,
    /// Since when the first batch operates normally.
    pub normal_on: Option<Day>,
    /// The investigation: whether the provider is at fault, and the demand that is not met.
    pub investigated: Option<(bool, Option<String>)>,
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
}

/// A weed-out standard (2.2.3(2)).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeedOut {
    /// The region.
    pub region: String,
    /// The standard, as agreed.
    pub standard: String,
    /// What it looks at: complaints.
    pub complaints: Option<u32>,
    /// Turnover a month, in CNY.
    pub turnover: Option<u32>,
    /// Members.
    pub members: Option<u32>,
}

/// Decides a step.
pub(super) fn decide(draft: &mut Draft<'_, '_>, step: &Step) -> Result<Step, Refusal> {
    match step {
        Step::Confirmed { city, population, .. } => confirm(draft, city, *population),
        Step::FirstBatchNormal { city } => {
            let territory = of(draft, city)?;
            draft.not_before(territory.confirmed_on)?;
            if territory.opened < territory.plan.1 {
                let (need, have) = (territory.plan.1, territory.opened);
                return Err(Refusal::Short { what: "outlets", need, have, clause: "1.6.1" });
            }
            if draft.provider.kind == ProviderKind::ThirdParty {
                draft.begin(ObligationKind::SecondStage, About::City(city.clone()))?;
            }
            Ok(step.clone())
        }
        Step::ConferenceHeld(held) => hold(draft, held),
        Step::ConferenceRectified { conference } => {
            draft.reason()?;
            let failed = conference_of(draft, *conference)?;
            draft.not_before(failed.on)?;
            if !failed.failed || failed.rectified_on.is_some() {
                return Err(Refusal::StepTaken { step: "conference-rectified".into() });
            }
            Ok(step.clone())
        }
        Step::FreezeApplied { conference, entries, errors } => {
            apply_for_freeze(draft, *conference, *entries, *errors)?;
            Ok(step.clone())
        }
        Step::PilotDone { city } => {
            if !draft.close(ObligationKind::PilotBatch, &About::City(city.clone())) {
                return Err(Refusal::NothingDue { kind: ObligationKind::PilotBatch });
            }
            Ok(step.clone())
        }
        Step::WeedOutAgreed(agreed) => Ok(Step::WeedOutAgreed(WeedOut {
            region: required("region", &agreed.region, NAME_MAX)?,
            standard: required("standard", &agreed.standard, NOTE_MAX)?,
            ..agreed.clone()
        })),
        Step::AttritionInvestigated { city, fault, unmet_demand } => {
            of(draft, city)?;
            draft.reason()?;
            let unmet_demand = text("unmet_demand", unmet_demand.as_deref(), NOTE_MAX, true)?;
            Ok(Step::AttritionInvestigated { city: city.clone(), fault: *fault, unmet_demand })
        }
    }
}

/// A city is confirmed: not while expansion is suspended (3.1(1)) or stopped (1.6.1(1)6), not before the second stage
/// of a third party (1.6.1), not before the provider is active (1.5(3)).
fn confirm(draft: &mut Draft<'_, '_>, city: &str, population: u64) -> Result<Step, Refusal> {
    let city = required("city", city, NAME_MAX)?;
    if draft.dossier.territory(&city).is_some() {
        return Err(Refusal::TerritoryExists { city });
    }
    let stage = draft.dossier.stage();
    if stage != Stage::None && stage != Stage::Active {
        return Err(Refusal::StepMissing { steps: vec!["permission-opened".into()], clause: "1.5(3)" });
    }
    expansion(draft.facts, &draft.provider.id, &city, draft.cx)?;
    stopped(draft, &city)?;
    let third_party = draft.provider.kind == ProviderKind::ThirdParty;
    if third_party && !draft.dossier.territories.is_empty() {
        let months = Months::new(u32::from(draft.cx.rulebook.measures.second_stage_months));
        let since = draft.dossier.territories.iter().filter_map(|t| t.normal_on).min();
        let from = since.and_then(|day| day.checked_add_months(months));
        if from.is_none_or(|from| draft.on < from) {
            return Err(Refusal::ExpansionTooEarly { from });
        }
        draft.close_all(ObligationKind::SecondStage);
    }
    let measures = draft.cx.rulebook.measures;
    let target = u32::try_from(population.div_ceil(u64::from(measures.people_per_outlet.max(1))));
    let target = target.ok().filter(|n| *n > 0).ok_or(Refusal::Missing { field: "population" })?;
    let first = (u64::from(target) * u64::from(measures.first_batch_percent)).div_ceil(100);
    let first = u32::try_from(first).unwrap_or(target);
    draft.begin_wanting(ObligationKind::FirstBatch, About::City(city.clone()), first)?;
    draft.begin_wanting(ObligationKind::AllOutlets, About::City(city.clone()), target)?;
    draft.begin(ObligationKind::NextConference, About::City(city.clone()))?;
    Ok(Step::Confirmed { city, population, plan: (target, first) })
}

/// 3.1(1): at 50 points or more nothing begins outside the regions already open: the city of the agreement, cities
/// that were confirmed, cities with an outlet.
pub(super) fn expansion(
    facts: &mut dyn Facts,
    provider: &ProviderId,
    city: &str,
    cx: Context<'_>,
) -> Result<(), Refusal> {
    let score = facts.score(provider, cx.now.day().year());
    let is_open = |facts: &mut dyn Facts| {
        facts.provider(provider).is_some_and(|p| p.city == city)
            || facts.dossier(provider).territory(city).is_some()
            || facts.serves(provider, city)
    };
    if score < cx.rulebook.marks.suspended || is_open(facts) {
        return Ok(());
    }
    Err(Refusal::ExpansionSuspended { provider: provider.clone(), score })
}

/// 1.6.1(1)6: after a failed conference nothing begins elsewhere until it is put right. One whose finding was
/// dismissed did not fail.
fn stopped(draft: &mut Draft<'_, '_>, city: &str) -> Result<(), Refusal> {
    for failed in draft.dossier.conferences.iter().filter(|c| c.waits() && c.held.city != city) {
        let subject = Subject::Of(Breach::Conference, failed.seq);
        let id = FindingId { provider: draft.provider.id.clone(), subject };
        let found = draft.facts.finding(&id, draft.cx.now);
        if !found.is_some_and(|f| matches!(f.state, FindingState::Dismissed(_))) {
            return Err(Refusal::ExpansionStopped { conference: failed.seq, city: failed.held.city.clone() });
        }
    }
    Ok(())
}

fn hold(draft: &mut Draft<'_, '_>, held: &Held) -> Result<Step, Refusal> {
    let territory = of(draft, &held.city)?;
    draft.not_before(territory.confirmed_on)?;
    stopped(draft, &held.city)?;
    if held.invited == 0 {
        return Err(Refusal::Missing { field: "invited" });
    }
    if held.signed > held.attended {
        return Err(Refusal::PartOverWhole { part: "signed", whole: "attended" });
    }
    let Held { invited, attended, signed, .. } = *held;
    if held.fails(draft.cx.rulebook.measures) {
        draft.find(Breach::Conference, None, Measured::Conference { invited, attended, signed }, None);
    }
    // About every 20 days one city: any conference answers what was due, wherever it was.
    draft.close_all(ObligationKind::NextConference);
    if unfinished(&draft.dossier, None) {
        draft.begin(ObligationKind::NextConference, About::Provider)?;
    }
    draft.begin(ObligationKind::FreezeApplication, About::City(held.city.clone()))?;
    Ok(Step::ConferenceHeld(held.clone()))
}

/// 2.1.1(4): late, or too many errors. A late one is one breach, whatever its errors.
fn apply_for_freeze(draft: &mut Draft<'_, '_>, conference: Seq, entries: u32, errors: u32) -> Result<(), Refusal> {
    let held = conference_of(draft, conference)?;
    draft.not_before(held.on)?;
    if errors > entries {
        return Err(Refusal::PartOverWhole { part: "errors", whole: "entries" });
    }
    let kind = ObligationKind::FreezeApplication;
    let due = draft.close_of(conference, kind).ok_or(Refusal::NothingDue { kind })?.due;
    let percent = draft.cx.rulebook.measures.entry_error_percent;
    let in_time = Moment::start_of(draft.on) <= due;
    if in_time && share(errors, entries, percent).is_gt() {
        let measured = Measured::Share { part: errors, whole: entries, percent };
        draft.find(Breach::Signing, Some(conference), measured, None);
    }
    Ok(())
}

/// An outlet leaves: in the first three calendar months of its city that may be too many (2.2.3(1)).
pub(super) fn leaving(draft: &mut Draft<'_, '_>, city: &str) {
    let percent = draft.cx.rulebook.measures.attrition_percent;
    let Some(t) = draft.dossier.territory(city).filter(|t| t.is_early(draft.on)) else { return };
    let (seq, left, plan) = (t.seq, t.left_early + 1, t.plan.0);
    if share(left, plan, percent).is_gt() {
        draft.find(Breach::Attrition, Some(seq), Measured::Share { part: left, whole: plan, percent }, None);
    }
}

/// 2.2.3(1): charged only after an investigation found the provider at fault and new demand unmet.
pub(super) fn investigated(dossier: &Dossier, territory: Seq) -> Result<(), Refusal> {
    let found = dossier.territories.iter().find(|t| t.seq == territory).and_then(|t| t.investigated.as_ref());
    match found {
        Some((true, Some(_))) => Ok(()),
        _ => Err(Refusal::NotInvestigated { territory }),
    }
}

/// Whether a city has not all its outlets yet, another than the one that is being completed.
pub(super) fn unfinished(dossier: &Dossier, completed: Option<&str>) -> bool {
    dossier.territories.iter().any(|t| t.opened < t.plan.0 && Some(t.city.as_str()) != completed)
}

/// The city, which has to be confirmed.
pub(super) fn of(draft: &Draft<'_, '_>, city: &str) -> Result<Territory, Refusal> {
    let known = draft.dossier.territory(city.trim());
    known.cloned().ok_or_else(|| Refusal::UnknownTerritory { city: city.trim().to_owned() })
}

/// The conference of an entry.
pub(super) fn conference_of(draft: &Draft<'_, '_>, seq: Seq) -> Result<Conference, Refusal> {
    let known = draft.dossier.conferences.iter().find(|c| c.seq == seq);
    known.cloned().ok_or(Refusal::UnknownEntry { what: "conference", seq })
}

impl Held {
    /// Fewer than 40 % came, or fewer than 60 % of those signed, exactly (1.6.1(1)6, decision 8).
    pub fn fails(&self, measures: crate::rulebook::Measures) -> bool {
        share(self.attended, self.invited, measures.attendance_percent).is_lt()
            || share(self.signed, self.attended, measures.signed_percent).is_lt()
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

impl Territory {
    /// Whether a day is in the first three calendar months, that of the first outlet being the first.
    pub fn is_early(&self, day: Day) -> bool {
        self.first_opened_on.is_some_and(|first| Month::of(day) < Month::of(first).plus(3))
    }
}

/// Takes a step in.
pub(super) fn apply(dossier: &mut Dossier, seq: Seq, h: &Happening, step: &Step) {
    let on = h.on;
    match step {
        Step::Confirmed { city, plan, .. } => dossier.territories.push(Territory {
            seq,
            city: city.clone(),
            confirmed_on: on,
            plan: *plan,
            opened: 0,
            first_opened_on: None,
            left_early: 0,
            normal_on: None,
            investigated: None,
        }),
        Step::FirstBatchNormal { city } => edit(dossier, city, |t| t.normal_on = t.normal_on.or(Some(on))),
        Step::ConferenceHeld(held) => {
            // Judged by the rulebook that it was recorded under (4.4(1)).
            let failed = h.found.as_ref().is_some_and(|f| f.breach == Breach::Conference);
            dossier.conferences.push(Conference { seq, on, held: held.clone(), failed, rectified_on: None });
        }
        Step::ConferenceRectified { conference } => {
            let held = dossier.conferences.iter_mut().find(|c| c.seq == *conference);
            held.into_iter().for_each(|c| c.rectified_on = Some(on));
        }
        Step::WeedOutAgreed(agreed) => {
            dossier.weed_out.retain(|w| w.region != agreed.region);
            dossier.weed_out.push(agreed.clone());
        }
        Step::AttritionInvestigated { city, fault, unmet_demand } => {
            edit(dossier, city, |t| t.investigated = Some((*fault, unmet_demand.clone())));
        }
        Step::FreezeApplied { .. } | Step::PilotDone { .. } => {}
    }
}

/// An outlet of a city opened.
pub(super) fn opened(dossier: &mut Dossier, city: &str, on: Day) {
    edit(dossier, city, |t| {
        t.opened += 1;
        t.first_opened_on = Some(t.first_opened_on.map_or(on, |first| first.min(on)));
    });
}

/// An outlet of a city left.
pub(super) fn left(dossier: &mut Dossier, city: &str, on: Day) {
    edit(dossier, city, |t| t.left_early += u32::from(t.is_early(on)));
}

fn edit(dossier: &mut Dossier, city: &str, change: impl FnOnce(&mut Territory)) {
    if let Some(territory) = dossier.territories.iter_mut().find(|t| t.city == city) {
        change(territory);
    }
}
