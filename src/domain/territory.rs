//! Territories and roll-out (1.6), freeze applications (2.1.1(4)), pilot batches (2.1.2), and the health of a city
//! (2.2.3(1), 2.2.3(2)).

pub use super::conference::{Conference, Held};

use super::admission::{Admission, Scope};
use super::conference::{conference_of, failed_again, faulty, hold, stopped};
use super::dossier::Dossier;
use super::finding::{Breach, Measured};
use super::happening::{Draft, Happening, Law, share};
use super::obligation::{About, Obligation, ObligationKind};
use super::state::State;
use super::{Context, NAME_MAX, NOTE_MAX, OnRecord, ProviderKind, Refusal, Standing, rectification, required, text};
use crate::ids::{ProviderId, Seq};
use crate::time::{Day, Moment};
use chrono::Months;
use serde::{Deserialize, Serialize};

/// What happened in a city.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TerritoryStep {
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
    /// Whether a provider that failed again went off the process (1.6.1(1)6): a judgement.
    ConferenceJudged {
        /// The conference's entry.
        conference: Seq,
        /// Whether it did.
        off_process: bool,
    },
    /// What was decided on a provider that failed again and went off the process (1.6.1(1)6).
    FailureDecided {
        /// The conference's entry.
        conference: Seq,
        /// Whether it is terminated.
        terminate: bool,
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

impl TerritoryStep {
    /// The stable word.
    pub fn word(&self) -> &'static str {
        match self {
            TerritoryStep::Confirmed { .. } => "territory-confirmed",
            TerritoryStep::FirstBatchNormal { .. } => "first-batch-normal",
            TerritoryStep::ConferenceHeld(_) => "conference-held",
            TerritoryStep::ConferenceRectified { .. } => "conference-rectified",
            TerritoryStep::ConferenceJudged { .. } => "conference-judged",
            TerritoryStep::FailureDecided { .. } => "failure-decided",
            TerritoryStep::FreezeApplied { .. } => "freeze-applied",
            TerritoryStep::PilotDone { .. } => "pilot-done",
            TerritoryStep::WeedOutAgreed(_) => "weed-out-agreed",
            TerritoryStep::AttritionInvestigated { .. } => "attrition-investigated",
        }
    }
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
    /// Outlets that serve in the city, those that were there before its confirmation too (decision 19).
    pub opened: u32,
    /// The day on which all outlets of the plan were there.
    pub complete_on: Option<Day>,
    /// Outlets that left within three calendar months of their own opening (2.2.3(1)).
    pub left_early: u32,
    /// The most of the plan that may leave early, in percent.
    pub left_percent: u32,
    /// Since when the first batch operates normally.
    pub normal_on: Option<Day>,
    /// The investigation: whether the provider is at fault, and the demand that is not met.
    pub investigated: Option<(bool, Option<String>)>,
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

/// Whether the facts allow a step.
pub(super) fn allowed(state: &State, step: &TerritoryStep, on: Day) -> Result<(), Refusal> {
    let dossier = &state.dossier;
    let not_before = |start: Day| if on < start { Err(Refusal::BeforeStart { on, start }) } else { Ok(()) };
    match step {
        TerritoryStep::Confirmed { city, .. } => match dossier.territory(city.trim()) {
            Some(_) => Err(Refusal::TerritoryExists { city: city.trim().to_owned() }),
            None => Ok(()),
        },
        TerritoryStep::FirstBatchNormal { city } => {
            let territory = of(dossier, city)?;
            if territory.opened < territory.plan.1 {
                let (need, have) = (territory.plan.1, territory.opened);
                return Err(Refusal::Short { what: "outlets", need, have, clause: "1.6.1" });
            }
            Ok(())
        }
        TerritoryStep::ConferenceHeld(held) => of(dossier, &held.city).map(drop),
        TerritoryStep::ConferenceRectified { conference } => {
            let failed = conference_of(dossier, *conference)?;
            not_before(failed.on)?;
            if !failed.failed || failed.rectified_on.is_some() {
                return Err(Refusal::StepTaken { step: step.word().into() });
            }
            Ok(())
        }
        TerritoryStep::ConferenceJudged { conference, .. } => {
            let failed = conference_of(dossier, *conference)?;
            not_before(failed.on)?;
            match failed_again(dossier, failed) {
                true if failed.judged.is_none() => Ok(()),
                _ => Err(Refusal::StepTaken { step: step.word().into() }),
            }
        }
        TerritoryStep::FailureDecided { conference, .. } => {
            let failed = conference_of(dossier, *conference)?;
            not_before(failed.on)?;
            match (failed.judged, failed.decided) {
                (Some(true), None) => Ok(()),
                (Some(true), Some(_)) => Err(Refusal::StepTaken { step: step.word().into() }),
                _ => Err(Refusal::StepMissing { steps: vec!["conference-judged".into()], clause: "1.6.1(1)6" }),
            }
        }
        TerritoryStep::FreezeApplied { conference, .. } => not_before(conference_of(dossier, *conference)?.on),
        TerritoryStep::PilotDone { city } => {
            let (kind, about) = (ObligationKind::PilotBatch, About::City(city.clone()));
            let waits = state.due.iter().any(|(_, o)| o.kind == kind && o.about == about);
            if waits { Ok(()) } else { Err(Refusal::NothingDue { kind }) }
        }
        TerritoryStep::WeedOutAgreed(_) => Ok(()),
        TerritoryStep::AttritionInvestigated { city, .. } => of(dossier, city).map(drop),
    }
}

/// Decides a step, by what a rulebook wants beside the facts.
pub(super) fn decide(draft: &mut Draft<'_, '_>, step: &TerritoryStep) -> Result<TerritoryStep, Refusal> {
    let measures = draft.rules().measures;
    if let TerritoryStep::Confirmed { city, population, .. } = step {
        return confirm(draft, city, *population);
    }
    if let TerritoryStep::ConferenceHeld(_)
    | TerritoryStep::ConferenceRectified { .. }
    | TerritoryStep::FreezeApplied { .. } = step
    {
        draft.third_party("1.6.1(1)")?;
    }
    draft.allowed()?;
    match step {
        TerritoryStep::Confirmed { .. } => {}
        TerritoryStep::FirstBatchNormal { city } => {
            if draft.provider.kind == ProviderKind::ThirdParty {
                draft.begin(ObligationKind::SecondStage, About::City(city.clone()))?;
            }
        }
        TerritoryStep::ConferenceHeld(held) => hold(draft, held)?,
        TerritoryStep::ConferenceRectified { .. }
        | TerritoryStep::ConferenceJudged { .. }
        | TerritoryStep::FailureDecided { .. } => {
            draft.reason()?;
        }
        TerritoryStep::FreezeApplied { entries, errors, .. } => {
            if errors > entries {
                return Err(Refusal::PartOverWhole { part: "errors", whole: "entries" });
            }
            draft.law = Law::Most(measures.entry_error_percent);
        }
        TerritoryStep::PilotDone { .. } => {}
        TerritoryStep::WeedOutAgreed(agreed) => {
            return Ok(TerritoryStep::WeedOutAgreed(WeedOut {
                region: required("region", &agreed.region, NAME_MAX)?,
                standard: required("standard", &agreed.standard, NOTE_MAX)?,
                ..agreed.clone()
            }));
        }
        TerritoryStep::AttritionInvestigated { city, fault, unmet_demand } => {
            draft.reason()?;
            let unmet_demand = text("unmet_demand", unmet_demand.as_deref(), NOTE_MAX, true)?;
            return Ok(TerritoryStep::AttritionInvestigated { city: city.clone(), fault: *fault, unmet_demand });
        }
    }
    Ok(step.clone())
}

/// A city is confirmed: not while expansion is suspended (3.1(1)) or stopped (1.6.1(1)6), not before the second stage
/// of a third party (1.6.1), not before the provider is active (1.5(3)).
fn confirm(draft: &mut Draft<'_, '_>, city: &str, population: u64) -> Result<TerritoryStep, Refusal> {
    let city = required("city", city, NAME_MAX)?;
    draft.allowed()?;
    draft.admitted()?;
    expansion(draft.on_record, (&draft.provider.id, &city), draft.on, draft.cx)?;
    stopped(draft.on_record, &draft.provider.id, &draft.state.dossier, &city)?;
    let measures = draft.rules().measures;
    let third_party = draft.provider.kind == ProviderKind::ThirdParty;
    if third_party && !draft.state.dossier.territories.is_empty() {
        let months = Months::new(u32::from(measures.second_stage_months));
        let since = draft.state.dossier.territories.iter().filter_map(|t| t.normal_on).min();
        let from = since.and_then(|day| day.checked_add_months(months));
        if from.is_none_or(|from| draft.on < from) {
            return Err(Refusal::ExpansionTooEarly { from });
        }
    }
    super::admission::deposit::covered(&draft.state.dossier, &draft.provider, &city)?;
    let target = u32::try_from(population.div_ceil(u64::from(measures.people_per_outlet.max(1))));
    let target = target.ok().filter(|n| *n > 0).ok_or(Refusal::Missing { field: "population" })?;
    let first = (u64::from(target) * u64::from(measures.first_batch_percent)).div_ceil(100);
    let first = u32::try_from(first).unwrap_or(target);
    draft.begin_wanting(ObligationKind::FirstBatch, About::City(city.clone()), first)?;
    draft.begin_wanting(ObligationKind::AllOutlets, About::City(city.clone()), target)?;
    if third_party {
        draft.begin(ObligationKind::NextConference, About::City(city.clone()))?;
    }
    draft.law = Law::Most(measures.attrition_percent);
    Ok(TerritoryStep::Confirmed { city, population, plan: (target, first) })
}

/// 3.1(1): at 50 points or more on the day of the record nothing begins outside the regions already open: the city of
/// the agreement, cities that were confirmed, cities with an outlet.
pub(super) fn expansion(
    on_record: &mut dyn OnRecord,
    (provider, city): (&ProviderId, &str),
    on: Day,
    cx: Context<'_>,
) -> Result<(), Refusal> {
    let score = on_record.score(provider, on);
    let is_open = |on_record: &mut dyn OnRecord| {
        on_record.provider(provider).is_some_and(|p| p.city == city)
            || on_record.state(provider, &[]).dossier.territory(city).is_some()
            || on_record.serves(provider, city)
    };
    if !cx.rules(provider, on).marks.reached(score, Standing::Suspended) || is_open(on_record) {
        return Ok(());
    }
    // 3.1(3): allowed again once the case was passed, until another opens.
    let dossier = on_record.state(provider, &[]).dossier;
    if rectification::cases_on(on_record, provider, &dossier, (on, cx)).open().is_none() {
        return Ok(());
    }
    Err(Refusal::ExpansionSuspended { provider: provider.clone(), score })
}

/// 2.2.3(1): charged only after an investigation found the provider at fault and new demand unmet.
pub(super) fn investigated(dossier: &Dossier, territory: Seq) -> Result<(), Refusal> {
    let found = dossier.territories.iter().find(|t| t.seq == territory).and_then(|t| t.investigated.as_ref());
    match found {
        Some((true, Some(_))) => Ok(()),
        _ => Err(Refusal::NotInvestigated { territory }),
    }
}

/// Whether a city has not all its outlets yet.
pub(super) fn unfinished(dossier: &Dossier) -> bool {
    dossier.territories.iter().any(|t| t.complete_on.is_none())
}

/// The city, which has to be confirmed.
pub(super) fn of<'a>(dossier: &'a Dossier, city: &str) -> Result<&'a Territory, Refusal> {
    let known = dossier.territory(city.trim());
    known.ok_or_else(|| Refusal::UnknownTerritory { city: city.trim().to_owned() })
}

/// Takes a step in, with what it begins and ends.
pub(super) fn follow(state: &mut State, seq: Seq, h: &Happening, step: &TerritoryStep) {
    let on = h.on;
    match step {
        TerritoryStep::Confirmed { city, plan, .. } => confirmed(state, seq, h, (city, *plan)),
        TerritoryStep::FirstBatchNormal { city } => {
            // 1.6.1: said again, it plans nothing again; the earliest day counts.
            if state.dossier.territory(city).is_some_and(|t| t.normal_on.is_none()) {
                edit(&mut state.dossier, city, |t| t.normal_on = Some(on));
                // A provider for a single city has no second stage.
                if !state.dossier.has(&Admission::Applied { scope: Scope::City }) {
                    state.begin_of(seq, h, ObligationKind::SecondStage);
                }
            }
        }
        TerritoryStep::ConferenceHeld(held) => {
            let failed = held.fails(h.law);
            state.dossier.conferences.push(Conference {
                seq,
                on,
                held: held.clone(),
                failed,
                rectified_on: None,
                judged: None,
                decided: None,
            });
            if failed {
                let Held { invited, attended, signed, .. } = *held;
                let measured = Measured::Conference { invited, attended, signed };
                state.find(Breach::Conference, seq, measured, on, None);
            }
            // About every 20 days one city: the next counts from the latest conference, wherever it was.
            state.end_all(ObligationKind::NextConference, on);
            if unfinished(&state.dossier) {
                state.begin_of(seq, h, ObligationKind::NextConference);
            }
            state.begin_of(seq, h, ObligationKind::FreezeApplication);
        }
        TerritoryStep::ConferenceRectified { conference } => {
            let held = state.dossier.conferences.iter_mut().find(|c| c.seq == *conference);
            held.into_iter().for_each(|c| c.rectified_on = Some(on));
        }
        TerritoryStep::ConferenceJudged { conference, off_process } => {
            let held = state.dossier.conferences.iter_mut().find(|c| c.seq == *conference);
            held.into_iter().for_each(|c| c.judged = Some(*off_process));
        }
        TerritoryStep::FailureDecided { conference, terminate } => {
            let held = state.dossier.conferences.iter_mut().find(|c| c.seq == *conference);
            held.into_iter().for_each(|c| c.decided = Some(*terminate));
        }
        TerritoryStep::FreezeApplied { conference, entries, errors } => {
            state.done((*conference, ObligationKind::FreezeApplication), Moment::start_of(on));
            if let Law::Most(percent) = h.law
                && share(*errors, *entries, percent).is_gt()
            {
                faulty(state, *conference, (*errors, *entries, percent), on);
            }
        }
        TerritoryStep::PilotDone { city } => {
            state.end(ObligationKind::PilotBatch, &About::City(city.clone()), on);
        }
        TerritoryStep::WeedOutAgreed(agreed) => {
            state.dossier.weed_out.retain(|w| w.region != agreed.region);
            state.dossier.weed_out.push(agreed.clone());
        }
        TerritoryStep::AttritionInvestigated { city, fault, unmet_demand } => {
            edit(&mut state.dossier, city, |t| t.investigated = Some((*fault, unmet_demand.clone())));
        }
    }
}

/// 1.6.1(2), decision 19: outlets that were there before count.
fn confirmed(state: &mut State, seq: Seq, h: &Happening, (city, plan): (&String, (u32, u32))) {
    state.end_all(ObligationKind::SecondStage, h.on);
    let left_percent = if let Law::Most(percent) = h.law { percent } else { 100 };
    let opened = state.dossier.serving.get(city).copied().unwrap_or(0);
    state.dossier.territories.push(Territory {
        seq,
        city: city.clone(),
        confirmed_on: h.on,
        plan,
        opened,
        complete_on: None,
        left_early: 0,
        left_percent,
        normal_on: None,
        investigated: None,
    });
    for kind in [ObligationKind::FirstBatch, ObligationKind::AllOutlets] {
        state.begin_of(seq, h, kind);
    }
    plan_conference(state, seq, h);
    super::rollout::count(state, city, h.on);
}

/// 1.6.1(1): one next conference is planned, from the latest, wherever it was; where none was held yet, from the
/// confirmation.
fn plan_conference(state: &mut State, seq: Seq, h: &Happening) {
    let kind = ObligationKind::NextConference;
    if state.due.iter().any(|(_, o)| o.kind == kind) {
        return;
    }
    let latest = state.dossier.conferences.iter().map(|c| c.on).max();
    for term in h.terms.iter().filter(|term| term.kind == kind) {
        let plan = match latest {
            Some(on) => Obligation { about: About::Provider, ..term.clone().counted_from(Moment::start_of(on)) },
            None => term.clone(),
        };
        state.begin(seq, plan);
    }
}

pub(super) fn edit(dossier: &mut Dossier, city: &str, change: impl FnOnce(&mut Territory)) {
    if let Some(territory) = dossier.territories.iter_mut().find(|t| t.city == city) {
        change(territory);
    }
}
