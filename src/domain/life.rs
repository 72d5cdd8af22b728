//! The life of an outlet (1.4.1, 2.1.1, 2.2.4): candidate, reviewed, signed, open, suspended, exiting, exited; and
//! what is checked at it (1.6.2).

use super::finding::{Breach, Measured};
use super::happening::{Draft, Happening};
use super::obligation::{About, ObligationKind};
use super::state::State;
use super::{Outlet, ProviderKind, Refusal, conference, rollout, territory};
use crate::ids::{OutletId, ProviderId, Seq};
use crate::money::Fen;
use crate::time::Day;
use chrono::Months;
use serde::{Deserialize, Serialize};

/// What happened to an outlet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OutletStep {
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

impl OutletStep {
    /// The stable word.
    pub fn word(&self) -> &'static str {
        match self {
            OutletStep::Proposed { .. } => "outlet-proposed",
            OutletStep::Reviewed { .. } => "outlet-reviewed",
            OutletStep::Signed { .. } => "outlet-signed",
            OutletStep::Opened { .. } => "outlet-opened",
            OutletStep::Suspended => "outlet-suspended",
            OutletStep::Resumed => "outlet-resumed",
            OutletStep::Exited { .. } => "outlet-exited",
            OutletStep::Stayed => "exit-withdrawn",
            OutletStep::Closed => "outlet-closed",
            OutletStep::Transferred { .. } => "outlet-transferred",
            OutletStep::BrandChecked { .. } => "brand-checked",
            OutletStep::MaterialChecked { .. } => "material-checked",
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
pub enum OutletStage {
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

impl OutletStage {
    /// The stable word.
    pub fn word(self) -> &'static str {
        match self {
            OutletStage::Candidate => "candidate",
            OutletStage::Rejected => "rejected",
            OutletStage::Reviewed => "reviewed",
            OutletStage::Signed => "signed",
            OutletStage::Open => "open",
            OutletStage::Suspended => "suspended",
            OutletStage::Exiting => "exiting",
            OutletStage::Exited => "exited",
            OutletStage::Closed => "closed",
        }
    }

    /// Whether it is gone for good.
    pub fn is_gone(self) -> bool {
        matches!(self, OutletStage::Rejected | OutletStage::Exited | OutletStage::Closed)
    }
}

/// An outlet's life so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Life {
    /// Where it stands.
    pub stage: OutletStage,
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
    /// Its deposit, as it is frozen (2.1.1(3)).
    pub deposit: Fen,
}

impl Life {
    /// Of an outlet that was there before anything was recorded of it.
    pub fn there() -> Life {
        Life::default()
    }

    /// Whether it serves in its city, and counts for the roll-out (1.6.1(2)): one that applies to leave before it opened
    /// never did.
    pub fn serves(&self) -> bool {
        matches!(self.stage, OutletStage::Open | OutletStage::Suspended | OutletStage::Exiting)
            && (self.opened_on.is_some() || !self.proposed)
    }

    /// It applied to leave (2.2.4(1)).
    pub fn applies(&mut self, on: Day) {
        self.applied_on = Some(on);
        if self.stage != OutletStage::Suspended {
            (self.stage, self.since) = (OutletStage::Exiting, Some(on));
        }
    }

    /// Takes a step in. A transfer changes the owner, which is not of the life.
    fn apply(&mut self, on: Day, step: &OutletStep) {
        let stage = match step {
            OutletStep::Proposed { conference, .. } => {
                (self.proposed, self.conference) = (true, *conference);
                OutletStage::Candidate
            }
            OutletStep::Reviewed { passed: true } => OutletStage::Reviewed,
            OutletStep::Reviewed { passed: false } => OutletStage::Rejected,
            OutletStep::Signed { party } => {
                (self.party, self.signed_on) = (Some(*party), Some(on));
                OutletStage::Signed
            }
            OutletStep::Opened { .. } => {
                self.opened_on = Some(on);
                OutletStage::Open
            }
            OutletStep::Resumed if self.applied_on.is_some() => OutletStage::Exiting,
            OutletStep::Resumed => OutletStage::Open,
            OutletStep::Suspended => OutletStage::Suspended,
            OutletStep::Stayed => {
                self.applied_on = None;
                match self.stage {
                    OutletStage::Exiting if self.signed_on.is_some() && self.opened_on.is_none() => OutletStage::Signed,
                    OutletStage::Exiting => OutletStage::Open,
                    stage => stage,
                }
            }
            OutletStep::Exited { .. } => OutletStage::Exited,
            OutletStep::Closed => OutletStage::Closed,
            OutletStep::Transferred { .. } | OutletStep::BrandChecked { .. } | OutletStep::MaterialChecked { .. } => {
                return;
            }
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
pub(super) fn stages(step: &OutletStep) -> &'static [OutletStage] {
    match step {
        OutletStep::Proposed { .. } => &[],
        OutletStep::Reviewed { passed: true } => &[OutletStage::Candidate],
        // One that was reviewed may still be turned down, or not want to sign.
        OutletStep::Reviewed { passed: false } => &[OutletStage::Candidate, OutletStage::Reviewed],
        OutletStep::Signed { .. } => &[OutletStage::Reviewed],
        OutletStep::Opened { .. } => &[OutletStage::Signed],
        OutletStep::Suspended => &[OutletStage::Open, OutletStage::Exiting],
        OutletStep::Resumed => &[OutletStage::Suspended],
        OutletStep::Exited { .. } | OutletStep::Stayed => &[OutletStage::Exiting, OutletStage::Suspended],
        OutletStep::Closed => &[OutletStage::Signed, OutletStage::Open, OutletStage::Suspended, OutletStage::Exiting],
        OutletStep::Transferred { .. } => &[OutletStage::Open, OutletStage::Suspended, OutletStage::Exiting],
        // 1.6.2: for any day on which it was there.
        OutletStep::BrandChecked { .. } | OutletStep::MaterialChecked { .. } => {
            &[OutletStage::Signed, OutletStage::Open, OutletStage::Suspended, OutletStage::Exiting]
        }
    }
}

/// Whether the facts allow a step of an outlet.
pub(super) fn allowed(state: &State, id: &OutletId, step: &OutletStep, on: Day) -> Result<(), Refusal> {
    if let OutletStep::Proposed { outlet, conference } = step {
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
        OutletStep::Suspended | OutletStep::Transferred { .. } if !serves => {
            Err(Refusal::WrongStage { outlet: id.clone(), stage, may: &[OutletStage::Open] })
        }
        OutletStep::Exited { .. } | OutletStep::Stayed if !applied => {
            Err(Refusal::WrongStage { outlet: id.clone(), stage, may: &[OutletStage::Exiting] })
        }
        OutletStep::Transferred { .. } => {
            let about = About::Outlet(id.clone());
            // Its provider of that day answers what was asked (decision 15).
            use ObligationKind::{ExitAnswer, ExitEvidence, HelpAnswer, OutletDeposit};
            // Its deposit is due of the next provider then.
            let moves = |kind| ![ExitAnswer, ExitEvidence, HelpAnswer, OutletDeposit].contains(&kind);
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
    let may = &[OutletStage::Signed, OutletStage::Open, OutletStage::Suspended, OutletStage::Exiting];
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
pub(super) fn decide(draft: &mut Draft<'_, '_>, id: &OutletId, step: &OutletStep) -> Result<OutletStep, Refusal> {
    if let OutletStep::Proposed { outlet, conference } = step {
        return propose(draft, outlet, *conference);
    }
    let outlet = draft.own(id)?;
    draft.allowed()?;
    if matches!(step, OutletStep::Signed { .. } | OutletStep::Opened { .. } | OutletStep::Resumed) {
        super::exit::not_frozen(&draft.state.dossier, draft.on)?;
    }
    let about = || About::Outlet(id.clone());
    // 2.1.1 and 2.1.3 speak of third-party providers.
    let third_party = draft.provider.kind == ProviderKind::ThirdParty;
    match step {
        OutletStep::Reviewed { passed: true } => {
            if third_party {
                draft.begin(ObligationKind::Signing, about())?;
            }
        }
        OutletStep::Signed { party } => {
            if third_party && *party != Party::Platform {
                return Err(Refusal::NotWithPlatform { outlet: id.clone() });
            }
            if third_party {
                draft.begin(ObligationKind::OutletPermission, about())?;
                draft.begin(ObligationKind::OutletDeposit, about())?;
                draft.begin(ObligationKind::Training, about())?;
            }
        }
        OutletStep::Opened { real_time } => {
            open(&outlet, *real_time)?;
            draft.begin(ObligationKind::Promotion, About::Provider)?;
        }
        OutletStep::Reviewed { passed: false } | OutletStep::Suspended | OutletStep::Resumed | OutletStep::Closed => {
            draft.reason()?
        }
        OutletStep::Exited { evidence } => evidence.whole()?,
        OutletStep::Transferred { to } => transfer(draft, &outlet, to)?,
        OutletStep::Proposed { .. }
        | OutletStep::Stayed
        | OutletStep::BrandChecked { .. }
        | OutletStep::MaterialChecked { .. } => {}
    }
    Ok(step.clone())
}

/// A candidate: of a city that is confirmed, and new. What a suspended provider may not do is expand elsewhere.
fn propose(draft: &mut Draft<'_, '_>, asked: &Outlet, conference: Option<Seq>) -> Result<OutletStep, Refusal> {
    let asked = Outlet { signed_on: None, ..asked.clone() };
    let outlet = super::outlet::add(draft.on_record, &asked, draft.on, draft.cx)?;
    draft.is_own(&outlet)?;
    draft.admitted()?;
    draft.allowed()?;
    conference::stopped(draft.on_record, &draft.provider.id, &draft.state.dossier, &outlet.city)?;
    if draft.provider.kind == ProviderKind::SelfOperated {
        return Ok(OutletStep::Proposed { outlet, conference });
    }
    let from = conference.and_then(|seq| conference::conference_of(&draft.state.dossier, seq).ok()).map(|c| c.on);
    draft.begin_from(ObligationKind::Review, About::Outlet(outlet.id.clone()), from.unwrap_or(draft.on))?;
    Ok(OutletStep::Proposed { outlet, conference })
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
    super::admission::admitted(&draft.state.dossier)?;
    if !draft.on_record.has_provider(to) {
        return Err(super::provider::unknown(draft.on_record, to));
    }
    if *to == draft.provider.id {
        return Err(Refusal::OutletMoves { outlet: outlet.id.clone(), provider: to.clone() });
    }
    let receiver = draft.on_record.state(to, &[]).dossier;
    super::admission::admitted(&receiver)?;
    super::exit::not_frozen(&receiver, draft.on)?;
    conference::stopped(draft.on_record, to, &receiver, &outlet.city)?;
    territory::expansion(draft.on_record, (to, &outlet.city), draft.on, draft.cx)?;
    // 2.1.1(3): of its deposit, as since its signing.
    let signed = draft.state.life(&outlet.id).filter(|life| life.proposed).and_then(|life| life.signed_on);
    if let Some(signed) = signed.filter(|_| draft.provider.kind == ProviderKind::ThirdParty) {
        draft.begin_from(ObligationKind::OutletDeposit, About::Outlet(outlet.id.clone()), signed)?;
    }
    // 2.2.1: of the provider to which it goes.
    draft.begin(ObligationKind::Promotion, About::Provider)
}

/// Takes a step of an outlet in, with what it begins and ends.
pub(super) fn follow(state: &mut State, seq: Seq, h: &Happening, (id, step): (&OutletId, &OutletStep)) {
    let on = h.on;
    if let OutletStep::BrandChecked { passed } | OutletStep::MaterialChecked { passed } = step {
        let breach = if matches!(step, OutletStep::BrandChecked { .. }) { Breach::Brand } else { Breach::Material };
        if !passed {
            state.find(breach, seq, Measured::Event, on, Some(id));
        }
        return;
    }
    let Some(held) = state.outlets.get_mut(id) else { return };
    if let OutletStep::Proposed { .. } = step {
        held.life = Some(Life::default());
    }
    let (early, served) = held.life.as_ref().map_or((false, false), |life| (life.is_early(on), life.serves()));
    if let Some(life) = &mut held.life {
        life.apply(on, step);
    }
    let about = About::Outlet(id.clone());
    match step {
        OutletStep::Proposed { .. } => state.begin_of(seq, h, ObligationKind::Review),
        OutletStep::Reviewed { passed } => {
            state.end(ObligationKind::Review, &about, on);
            if *passed {
                state.begin_of(seq, h, ObligationKind::Signing);
            } else {
                state.end(ObligationKind::Signing, &about, on);
            }
        }
        OutletStep::Signed { .. } => {
            state.end(ObligationKind::Signing, &about, on);
            state.begin_of(seq, h, ObligationKind::OutletPermission);
            state.begin_of(seq, h, ObligationKind::OutletDeposit);
            state.begin_of(seq, h, ObligationKind::Training);
        }
        OutletStep::Opened { .. } => {
            state.end(ObligationKind::OutletPermission, &about, on);
            state.owes_promotions(seq, &h.terms);
            rollout::came(state, &state.city(id), on);
        }
        OutletStep::Exited { .. } | OutletStep::Closed | OutletStep::Transferred { .. } => {
            if !matches!(step, OutletStep::Transferred { .. }) {
                // 2.2.4(1): an exit completed in time is an answer; of one that was closed nothing is left to answer.
                state.end(ObligationKind::ExitAnswer, &about, on);
                state.end(ObligationKind::ExitEvidence, &about, on);
            }
            state.end(ObligationKind::OutletPermission, &about, on);
            state.end(ObligationKind::OutletDeposit, &about, on);
            state.end(ObligationKind::Training, &about, on);
            let early = early && !matches!(step, OutletStep::Transferred { .. });
            if served {
                rollout::left(state, &state.city(id), on, early);
            }
            if let (OutletStep::Transferred { .. }, Some(held)) = (step, state.outlets.get_mut(id)) {
                (held.life, held.moved) = (None, true);
            }
        }
        OutletStep::Stayed => {
            state.end(ObligationKind::ExitAnswer, &about, on);
            state.end(ObligationKind::ExitEvidence, &about, on);
        }
        OutletStep::Suspended
        | OutletStep::Resumed
        | OutletStep::BrandChecked { .. }
        | OutletStep::MaterialChecked { .. } => {}
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
