//! The life of an outlet (1.4.1, 2.1.1, 2.2.4): candidate, reviewed, signed, open, suspended, exiting, exited; and
//! what is checked at it (1.6.2).

use super::finding::{Breach, Measured};
use super::happening::{Draft, Happening};
use super::obligation::{About, ObligationKind};
use super::state::State;
use super::{Event, Outlet, ProviderKind, Refusal, conference, rollout, territory};
use crate::ids::{OutletId, ProviderId, Seq};
use crate::time::Day;
use chrono::Months;
use serde::{Deserialize, Serialize};

/// What happened to an outlet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// It is a candidate, of a conference if it came by one (2.1.1(1)).
    Proposed {
        /// Its record, not signed yet.
        outlet: Outlet,
        /// The conference's entry.
        conference: Option<Seq>,
    },
    /// It was reviewed (2.1.1(1)).
    Reviewed {
        /// Whether it may sign.
        passed: bool,
    },
    /// Its contract was signed (2.1.1(2), 1.4.4(5)).
    Signed {
        /// With whom.
        party: Party,
    },
    /// Its permission was opened and its deposit frozen (2.1.1(3)); it can serve in real time (1.3(4)).
    Opened {
        /// Whether it can serve in real time.
        real_time: bool,
    },
    /// The platform withdrew its permission (1.4.1).
    Suspended,
    /// The platform gave it back.
    Resumed,
    /// It left, with all the evidence (2.2.4(1)).
    Exited {
        /// What is in hand.
        evidence: Evidence,
    },
    /// It takes its application to leave back (2.2.4(1)).
    Stayed,
    /// The platform closed it for good (1.4.1, 1.4.4(3)).
    Closed,
    /// It is another provider's now.
    Transferred {
        /// Whose.
        to: ProviderId,
    },
    /// Its branding was checked (1.6.2(1)).
    BrandChecked {
        /// Whether it follows the template.
        passed: bool,
    },
    /// Its printed matter was checked (1.6.2(2)).
    MaterialChecked {
        /// Whether all of it was approved.
        passed: bool,
    },
}

impl Step {
    /// The stable word.
    pub fn word(&self) -> &'static str {
        match self {
            Step::Proposed { .. } => "outlet-proposed",
            Step::Reviewed { .. } => "outlet-reviewed",
            Step::Signed { .. } => "outlet-signed",
            Step::Opened { .. } => "outlet-opened",
            Step::Suspended => "outlet-suspended",
            Step::Resumed => "outlet-resumed",
            Step::Exited { .. } => "outlet-exited",
            Step::Stayed => "exit-withdrawn",
            Step::Closed => "outlet-closed",
            Step::Transferred { .. } => "outlet-transferred",
            Step::BrandChecked { .. } => "brand-checked",
            Step::MaterialChecked { .. } => "material-checked",
        }
    }
}

/// With whom an outlet signs (1.4.4(5)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Party {
    /// The platform.
    Platform,
    /// Its provider.
    Provider,
}

impl Party {
    /// The stable word.
    pub fn word(self) -> &'static str {
        match self {
            Party::Platform => "platform",
            Party::Provider => "provider",
        }
    }
}

/// What proves an exit (2.2.4(1)).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The application form.
    pub form: bool,
    /// Photos of the branding removed.
    pub photos: bool,
    /// The statement of destruction.
    pub statement: bool,
}

/// Where an outlet stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names are the regulation's own words")]
pub enum Stage {
    Candidate,
    Rejected,
    Reviewed,
    Signed,
    /// Also those that were there before the program.
    #[default]
    Open,
    Suspended,
    Exiting,
    Exited,
    Closed,
}

impl Stage {
    /// The stable word.
    pub fn word(self) -> &'static str {
        match self {
            Stage::Candidate => "candidate",
            Stage::Rejected => "rejected",
            Stage::Reviewed => "reviewed",
            Stage::Signed => "signed",
            Stage::Open => "open",
            Stage::Suspended => "suspended",
            Stage::Exiting => "exiting",
            Stage::Exited => "exited",
            Stage::Closed => "closed",
        }
    }

    /// Whether it is gone for good.
    pub fn is_gone(self) -> bool {
        matches!(self, Stage::Rejected | Stage::Exited | Stage::Closed)
    }
}

/// An outlet's life so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Life {
    /// Where it stands.
    pub stage: Stage,
    /// Since when, if that was recorded.
    pub since: Option<Day>,
    /// Whether it came as a candidate: its signing is a step of its life.
    pub proposed: bool,
    /// The conference that it came by.
    pub conference: Option<Seq>,
    /// With whom it signed.
    pub party: Option<Party>,
    /// The day that it signed.
    pub signed_on: Option<Day>,
    /// The day that it opened, if that was recorded.
    pub opened_on: Option<Day>,
    /// The day of its application to leave, while that stands.
    pub applied_on: Option<Day>,
    /// Whose it was before.
    pub from: Option<ProviderId>,
}

impl Life {
    /// Of an outlet that was there before anything was recorded of it.
    pub fn there() -> Life {
        Life::default()
    }

    /// Whether it serves in its city, and counts for the roll-out (1.6.1(2)): one that applies to leave before it opened
    /// never did.
    pub fn serves(&self) -> bool {
        matches!(self.stage, Stage::Open | Stage::Suspended | Stage::Exiting)
            && (self.opened_on.is_some() || !self.proposed)
    }

    /// It applied to leave (2.2.4(1)).
    pub fn applies(&mut self, on: Day) {
        self.applied_on = Some(on);
        if self.stage != Stage::Suspended {
            (self.stage, self.since) = (Stage::Exiting, Some(on));
        }
    }

    /// Takes a step in. A transfer changes the owner, which is not of the life.
    fn apply(&mut self, on: Day, step: &Step) {
        let stage = match step {
            Step::Proposed { conference, .. } => {
                (self.proposed, self.conference) = (true, *conference);
                Stage::Candidate
            }
            Step::Reviewed { passed: true } => Stage::Reviewed,
            Step::Reviewed { passed: false } => Stage::Rejected,
            Step::Signed { party } => {
                (self.party, self.signed_on) = (Some(*party), Some(on));
                Stage::Signed
            }
            Step::Opened { .. } => {
                self.opened_on = Some(on);
                Stage::Open
            }
            Step::Resumed if self.applied_on.is_some() => Stage::Exiting,
            Step::Resumed => Stage::Open,
            Step::Suspended => Stage::Suspended,
            Step::Stayed => {
                self.applied_on = None;
                match self.stage {
                    Stage::Exiting if self.signed_on.is_some() && self.opened_on.is_none() => Stage::Signed,
                    Stage::Exiting => Stage::Open,
                    stage => stage,
                }
            }
            Step::Exited { .. } => Stage::Exited,
            Step::Closed => Stage::Closed,
            Step::Transferred { .. } | Step::BrandChecked { .. } | Step::MaterialChecked { .. } => return,
        };
        (self.stage, self.since) = (stage, Some(on));
    }

    /// 2.2.3(1): whether a day is within three calendar months of its own opening. One that never opened here, or was
    /// there before, is not counted.
    pub fn is_early(&self, day: Day) -> bool {
        self.opened_on.and_then(|on| on.checked_add_months(Months::new(EARLY))).is_some_and(|end| day <= end)
    }
}

/// 2.2.3(1): the months after its opening in which an outlet leaves early.
const EARLY: u32 = 3;

/// What a step goes on from.
fn stages(step: &Step) -> &'static [Stage] {
    match step {
        Step::Proposed { .. } => &[],
        Step::Reviewed { passed: true } => &[Stage::Candidate],
        // One that was reviewed may still be turned down, or not want to sign.
        Step::Reviewed { passed: false } => &[Stage::Candidate, Stage::Reviewed],
        Step::Signed { .. } => &[Stage::Reviewed],
        Step::Opened { .. } => &[Stage::Signed],
        Step::Suspended => &[Stage::Open, Stage::Exiting],
        Step::Resumed => &[Stage::Suspended],
        Step::Exited { .. } | Step::Stayed => &[Stage::Exiting, Stage::Suspended],
        Step::Closed => &[Stage::Signed, Stage::Open, Stage::Suspended, Stage::Exiting],
        Step::Transferred { .. } => &[Stage::Open, Stage::Suspended, Stage::Exiting],
        // 1.6.2: for any day on which it was there.
        Step::BrandChecked { .. } | Step::MaterialChecked { .. } => {
            &[Stage::Signed, Stage::Open, Stage::Suspended, Stage::Exiting]
        }
    }
}

/// Whether the facts allow a step of an outlet.
pub(super) fn allowed(state: &State, id: &OutletId, step: &Step, on: Day) -> Result<(), Refusal> {
    if let Step::Proposed { outlet, conference } = step {
        if state.life(id).is_some() {
            return Err(Refusal::OutletExists { outlet: id.clone(), differs: Vec::new() });
        }
        let confirmed_on = territory::of(&state.dossier, &outlet.city)?.confirmed_on;
        let start = match conference {
            Some(seq) => conference::conference_of(&state.dossier, *seq)?.on,
            None => confirmed_on,
        };
        return if on < start { Err(Refusal::BeforeStart { on, start }) } else { Ok(()) };
    }
    let life = state.life(id).ok_or_else(|| Refusal::UnknownOutlet { outlet: id.clone() })?;
    let (stage, may) = (life.stage, stages(step));
    if !may.contains(&stage) {
        return Err(Refusal::WrongStage { outlet: id.clone(), stage, may });
    }
    let (applied, serves) = (life.applied_on.is_some(), life.serves());
    match step {
        Step::Suspended | Step::Transferred { .. } if !serves => {
            Err(Refusal::WrongStage { outlet: id.clone(), stage, may: &[Stage::Open] })
        }
        Step::Exited { .. } | Step::Stayed if !applied => {
            Err(Refusal::WrongStage { outlet: id.clone(), stage, may: &[Stage::Exiting] })
        }
        Step::Transferred { .. } => {
            let about = About::Outlet(id.clone());
            // Its provider of that day answers what was asked (decision 15).
            let stays = [ObligationKind::ExitAnswer, ObligationKind::ExitEvidence, ObligationKind::HelpAnswer];
            let moves = |kind| !stays.contains(&kind);
            match state.due.iter().find(|(_, o)| o.about == about && moves(o.kind)) {
                Some((seq, o)) => Err(Refusal::StillDue { outlet: id.clone(), seq: *seq, kind: o.kind }),
                None => Ok(()),
            }
        }
        _ => Ok(()),
    }
}

/// Whether an outlet had signed by a day and was not gone: what a line by hand can name (section 2).
pub(super) fn on_record(state: &State, id: &OutletId, on: Day) -> Result<(), Refusal> {
    let may = &[Stage::Signed, Stage::Open, Stage::Suspended, Stage::Exiting];
    match state.life(id) {
        None => Err(Refusal::NotThereBy { outlet: id.clone(), on }),
        // What happens on the day that it leaves still is its.
        Some(life)
            if life.stage.is_gone() && life.since.is_some_and(|gone| gone < on)
                || !life.stage.is_gone() && !may.contains(&life.stage) =>
        {
            Err(Refusal::WrongStage { outlet: id.clone(), stage: life.stage, may })
        }
        Some(_) => Ok(()),
    }
}

/// Decides a step of an outlet, by what a rulebook wants beside the facts.
pub(super) fn decide(draft: &mut Draft<'_, '_>, id: &OutletId, step: &Step) -> Result<Step, Refusal> {
    if let Step::Proposed { outlet, conference } = step {
        return propose(draft, outlet, *conference);
    }
    let outlet = draft.own(id)?;
    draft.allowed()?;
    let about = || About::Outlet(id.clone());
    // 2.1.1 and 2.1.3 speak of third-party providers.
    let third_party = draft.provider.kind == ProviderKind::ThirdParty;
    match step {
        Step::Reviewed { passed: true } => {
            if third_party {
                draft.begin(ObligationKind::Signing, about())?;
            }
        }
        Step::Signed { party } => {
            if third_party && *party != Party::Platform {
                return Err(Refusal::NotWithPlatform { outlet: id.clone() });
            }
            if third_party {
                draft.begin(ObligationKind::OutletPermission, about())?;
                draft.begin(ObligationKind::Training, about())?;
            }
        }
        Step::Opened { real_time } => {
            open(&outlet, *real_time)?;
            draft.begin(ObligationKind::Promotion, About::Provider)?;
        }
        Step::Reviewed { passed: false } | Step::Suspended | Step::Resumed | Step::Closed => draft.reason()?,
        Step::Exited { evidence } => evidence.whole()?,
        Step::Transferred { to } => transfer(draft, &outlet, to)?,
        Step::Proposed { .. } | Step::Stayed | Step::BrandChecked { .. } | Step::MaterialChecked { .. } => {}
    }
    Ok(step.clone())
}

/// A candidate: of a city that is confirmed, and new. What a suspended provider may not do is expand elsewhere.
fn propose(draft: &mut Draft<'_, '_>, asked: &Outlet, conference: Option<Seq>) -> Result<Step, Refusal> {
    let asked = Outlet { signed_on: None, ..asked.clone() };
    let outlet = super::outlet::add(draft.facts, &asked, draft.on, draft.cx)?;
    draft.is_own(&outlet)?;
    draft.admitted()?;
    draft.allowed()?;
    conference::stopped(draft.facts, &draft.provider.id, &draft.state.dossier, &outlet.city)?;
    if draft.provider.kind == ProviderKind::SelfOperated {
        return Ok(Step::Proposed { outlet, conference });
    }
    let from = conference.and_then(|seq| conference::conference_of(&draft.state.dossier, seq).ok()).map(|c| c.on);
    draft.begin_from(ObligationKind::Review, About::Outlet(outlet.id.clone()), from.unwrap_or(draft.on))?;
    Ok(Step::Proposed { outlet, conference })
}

/// 2.1.1(3), with what an outlet needs: somebody who serves (1.4.2(3)), in real time (1.3(4)).
fn open(outlet: &Outlet, real_time: bool) -> Result<(), Refusal> {
    match outlet.staff {
        Some(1..) => {}
        have => return Err(Refusal::Short { what: "staff", need: 1, have: have.unwrap_or(0), clause: "1.4.2(3)" }),
    }
    if real_time { Ok(()) } else { Err(Refusal::NotInRealTime { outlet: outlet.id.clone() }) }
}

/// To another provider that is there, is admitted, and may expand to the city (3.1(1), 1.6.1(1)6).
fn transfer(draft: &mut Draft<'_, '_>, outlet: &Outlet, to: &ProviderId) -> Result<(), Refusal> {
    draft.reason()?;
    draft.admitted()?;
    if !draft.facts.has_provider(to) {
        return Err(super::provider::unknown(draft.facts, to));
    }
    if *to == draft.provider.id {
        return Err(Refusal::OutletMoves { outlet: outlet.id.clone(), provider: to.clone() });
    }
    let receiver = draft.facts.state(to, &[]).dossier;
    super::admission::admitted(&receiver)?;
    conference::stopped(draft.facts, to, &receiver, &outlet.city)?;
    territory::expansion(draft.facts, (to, &outlet.city), draft.on, draft.cx)?;
    lines_stay(draft, &outlet.id)?;
    // 2.2.1: of the provider to which it goes.
    draft.begin(ObligationKind::Promotion, About::Provider)
}

/// Decision 15: a line by hand of a day on which the outlet is the next provider's would be refused after the transfer,
/// so it is put right before it.
fn lines_stay(draft: &mut Draft<'_, '_>, outlet: &OutletId) -> Result<(), Refusal> {
    let (provider, on) = (draft.provider.id.clone(), draft.on);
    let mut by = draft.facts.naming(&provider, outlet);
    by.retain(|seq| match draft.facts.entry(*seq) {
        Some(Event::Deducted { deduction, .. }) => deduction.occurred_on >= on,
        _ => false,
    });
    if by.is_empty() { Ok(()) } else { Err(Refusal::StandsAgainst { by }) }
}

/// Takes a step of an outlet in, with what it begins and ends.
pub(super) fn follow(state: &mut State, seq: Seq, h: &Happening, (id, step): (&OutletId, &Step)) {
    let on = h.on;
    if let Step::BrandChecked { passed } | Step::MaterialChecked { passed } = step {
        let breach = if matches!(step, Step::BrandChecked { .. }) { Breach::Brand } else { Breach::Material };
        if !passed {
            state.find(breach, seq, Measured::Event, on, Some(id));
        }
        return;
    }
    let Some(held) = state.outlets.get_mut(id) else { return };
    if let Step::Proposed { .. } = step {
        held.life = Some(Life::default());
    }
    let (early, served) = held.life.as_ref().map_or((false, false), |life| (life.is_early(on), life.serves()));
    if let Some(life) = &mut held.life {
        life.apply(on, step);
    }
    let about = About::Outlet(id.clone());
    match step {
        Step::Proposed { .. } => state.begin_of(seq, h, ObligationKind::Review),
        Step::Reviewed { passed } => {
            state.end(ObligationKind::Review, &about, on);
            if *passed {
                state.begin_of(seq, h, ObligationKind::Signing);
            } else {
                state.end(ObligationKind::Signing, &about, on);
            }
        }
        Step::Signed { .. } => {
            state.end(ObligationKind::Signing, &about, on);
            state.begin_of(seq, h, ObligationKind::OutletPermission);
            state.begin_of(seq, h, ObligationKind::Training);
        }
        Step::Opened { .. } => {
            state.end(ObligationKind::OutletPermission, &about, on);
            state.owes_promotions(seq, &h.terms);
            rollout::came(state, &state.city(id), on);
        }
        Step::Exited { .. } | Step::Closed | Step::Transferred { .. } => {
            if !matches!(step, Step::Transferred { .. }) {
                // 2.2.4(1): an exit completed in time is an answer; of one that was closed nothing is left to answer.
                state.end(ObligationKind::ExitAnswer, &about, on);
            }
            state.end(ObligationKind::ExitEvidence, &about, on);
            state.end(ObligationKind::OutletPermission, &about, on);
            state.end(ObligationKind::Training, &about, on);
            let early = early && !matches!(step, Step::Transferred { .. });
            if served {
                rollout::left(state, &state.city(id), on, early);
            }
            if let (Step::Transferred { .. }, Some(held)) = (step, state.outlets.get_mut(id)) {
                (held.life, held.moved) = (None, true);
            }
        }
        Step::Stayed => {
            state.end(ObligationKind::ExitAnswer, &about, on);
            state.end(ObligationKind::ExitEvidence, &about, on);
        }
        Step::Suspended | Step::Resumed | Step::BrandChecked { .. } | Step::MaterialChecked { .. } => {}
    }
}

impl Evidence {
    /// 2.2.4(1): all three, or those that are missing.
    fn whole(self) -> Result<(), Refusal> {
        let list = [("form", self.form), ("photos", self.photos), ("statement", self.statement)];
        let missing: Vec<&'static str> = list.into_iter().filter(|(_, has)| !has).map(|(name, _)| name).collect();
        if missing.is_empty() { Ok(()) } else { Err(Refusal::EvidenceMissing { missing }) }
    }
}
