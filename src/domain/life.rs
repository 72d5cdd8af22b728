//! The life of an outlet (1.4.1, 2.1.1, 2.2.4): candidate, reviewed, signed, open, suspended, exiting, exited; and
//! what is checked at it (1.6.2).

use super::finding::{Breach, Measured};
use super::happening::Draft;
use super::obligation::{About, ObligationKind};
use super::{Outlet, ProviderKind, Refusal, territory};
use crate::ids::{OutletId, ProviderId, Seq};
use crate::time::Day;
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
        /// Its city.
        city: String,
        /// Whether it can serve in real time.
        real_time: bool,
    },
    /// The platform withdrew its permission (1.4.1).
    Suspended,
    /// The platform gave it back.
    Resumed,
    /// It left, with all the evidence (2.2.4(1)).
    Exited {
        /// Its city.
        city: String,
        /// What is in hand.
        evidence: Evidence,
    },
    /// The platform closed it for good (1.4.1, 1.4.4(3)).
    Closed {
        /// Its city.
        city: String,
    },
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
            Step::Closed { .. } => "outlet-closed",
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
    /// The conference that it came by.
    pub conference: Option<Seq>,
    /// With whom it signed.
    pub party: Option<Party>,
    /// Whose it was before.
    pub from: Option<ProviderId>,
}

impl Life {
    /// It applied to leave (2.2.4(1)).
    pub fn applies(&mut self, on: Day) {
        (self.stage, self.since) = (Stage::Exiting, Some(on));
    }

    /// Takes a step in. A transfer changes the owner, which is not of the life.
    pub fn apply(&mut self, on: Day, step: &Step) {
        let stage = match step {
            Step::Proposed { conference, .. } => {
                self.conference = *conference;
                Stage::Candidate
            }
            Step::Reviewed { passed: true } => Stage::Reviewed,
            Step::Reviewed { passed: false } => Stage::Rejected,
            Step::Signed { party } => {
                self.party = Some(*party);
                Stage::Signed
            }
            Step::Opened { .. } | Step::Resumed => Stage::Open,
            Step::Suspended => Stage::Suspended,
            Step::Exited { .. } => Stage::Exited,
            Step::Closed { .. } => Stage::Closed,
            Step::Transferred { .. } | Step::BrandChecked { .. } | Step::MaterialChecked { .. } => return,
        };
        (self.stage, self.since) = (stage, Some(on));
    }
}

/// Decides a step of an outlet.
pub(super) fn decide(draft: &mut Draft<'_, '_>, id: &OutletId, step: &Step) -> Result<Step, Refusal> {
    if let Step::Proposed { outlet, conference } = step {
        return propose(draft, outlet, *conference);
    }
    let outlet = draft.own(id)?;
    let life = draft.facts.life(id).unwrap_or_default();
    life.since.map_or(Ok(()), |since| draft.not_before(since))?;
    let city = outlet.city.clone();
    match step {
        Step::Proposed { .. } => {}
        Step::Reviewed { passed } => {
            if *passed {
                at(id, life.stage, &[Stage::Candidate])?;
                draft.begin(ObligationKind::Signing, About::Outlet(id.clone()))?;
            } else {
                // One that was reviewed may still be turned down, or not want to sign.
                at(id, life.stage, &[Stage::Candidate, Stage::Reviewed])?;
                draft.reason()?;
                draft.close(ObligationKind::Signing, &About::Outlet(id.clone()));
            }
            draft.close(ObligationKind::Review, &About::Outlet(id.clone()));
        }
        Step::Signed { party } => {
            at(id, life.stage, &[Stage::Reviewed])?;
            if draft.provider.kind == ProviderKind::ThirdParty && *party != Party::Platform {
                return Err(Refusal::NotWithPlatform { outlet: id.clone() });
            }
            draft.close(ObligationKind::Signing, &About::Outlet(id.clone()));
            draft.begin(ObligationKind::OutletPermission, About::Outlet(id.clone()))?;
            draft.begin(ObligationKind::Training, About::Outlet(id.clone()))?;
        }
        Step::Opened { real_time, .. } => {
            at(id, life.stage, &[Stage::Signed])?;
            open(draft, &outlet, *real_time)?;
            return Ok(Step::Opened { city, real_time: true });
        }
        Step::Suspended => {
            at(id, life.stage, &[Stage::Open])?;
            draft.reason()?;
        }
        Step::Resumed => {
            at(id, life.stage, &[Stage::Suspended])?;
            draft.reason()?;
        }
        Step::Exited { evidence, .. } => {
            at(id, life.stage, &[Stage::Exiting])?;
            evidence.whole()?;
            leave(draft, id, &city);
            return Ok(Step::Exited { city, evidence: *evidence });
        }
        Step::Closed { .. } => {
            at(id, life.stage, &[Stage::Signed, Stage::Open, Stage::Suspended, Stage::Exiting])?;
            draft.reason()?;
            leave(draft, id, &city);
            return Ok(Step::Closed { city });
        }
        Step::Transferred { to } => {
            at(id, life.stage, &[Stage::Open, Stage::Suspended])?;
            transfer(draft, id, to)?;
        }
        Step::BrandChecked { passed } => check(draft, id, Breach::Brand, *passed),
        Step::MaterialChecked { passed } => check(draft, id, Breach::Material, *passed),
    }
    Ok(step.clone())
}

/// A candidate: of a city that is confirmed, and new. What a suspended provider may not do is expand elsewhere.
fn propose(draft: &mut Draft<'_, '_>, asked: &Outlet, conference: Option<Seq>) -> Result<Step, Refusal> {
    let outlet = super::outlet::add(draft.facts, &Outlet { signed_on: None, ..asked.clone() }, draft.cx)?;
    draft.is_own(&outlet)?;
    territory::of(draft, &outlet.city)?;
    let from = match conference {
        Some(seq) => territory::conference_of(draft, seq)?.on,
        None => draft.on,
    };
    draft.not_before(from)?;
    draft.begin_from(ObligationKind::Review, About::Outlet(outlet.id.clone()), from)?;
    Ok(Step::Proposed { outlet, conference })
}

/// 2.1.1(3), with what an outlet needs: somebody who serves (1.4.2(3)), in real time (1.3(4)). It counts for the
/// city's roll-out (1.6.1(2)).
fn open(draft: &mut Draft<'_, '_>, outlet: &Outlet, real_time: bool) -> Result<(), Refusal> {
    match outlet.staff {
        Some(1..) => {}
        have => return Err(Refusal::Short { what: "staff", need: 1, have: have.unwrap_or(0), clause: "1.4.2(3)" }),
    }
    if !real_time {
        return Err(Refusal::NotInRealTime { outlet: outlet.id.clone() });
    }
    draft.close(ObligationKind::OutletPermission, &About::Outlet(outlet.id.clone()));
    if let Some(t) = draft.dossier.territory(&outlet.city).cloned() {
        let city = About::City(outlet.city.clone());
        if t.opened + 1 >= t.plan.1 {
            draft.close(ObligationKind::FirstBatch, &city);
        }
        if t.opened + 1 >= t.plan.0 {
            draft.close(ObligationKind::AllOutlets, &city);
            // With every city complete no further conference is owed (1.6.1(1)).
            if !territory::unfinished(&draft.dossier, Some(&outlet.city)) {
                draft.close_all(ObligationKind::NextConference);
            }
        }
    }
    Ok(())
}

/// An outlet leaves: nothing is due of it any more but the answer it waits for.
fn leave(draft: &mut Draft<'_, '_>, id: &OutletId, city: &str) {
    let about = About::Outlet(id.clone());
    for kind in [ObligationKind::OutletPermission, ObligationKind::Training] {
        draft.close(kind, &about);
    }
    territory::leaving(draft, city);
}

/// To another provider that is there; what is due of the outlet is done first.
fn transfer(draft: &mut Draft<'_, '_>, id: &OutletId, to: &ProviderId) -> Result<(), Refusal> {
    draft.reason()?;
    if !draft.facts.has_provider(to) {
        return Err(super::provider::unknown(draft.facts, to));
    }
    if *to == draft.provider.id {
        return Err(Refusal::OutletMoves { outlet: id.clone(), provider: to.clone() });
    }
    let waits = draft.open().find(|(_, o)| o.about == About::Outlet(id.clone())).map(|(seq, o)| (*seq, o.kind));
    match waits {
        Some((seq, kind)) => Err(Refusal::StillDue { outlet: id.clone(), seq, kind }),
        None => Ok(()),
    }
}

/// 1.6.2: each failure is a breach of its article.
fn check(draft: &mut Draft<'_, '_>, id: &OutletId, breach: Breach, passed: bool) {
    if !passed {
        draft.find(breach, None, Measured::Event, Some(id));
    }
}

fn at(outlet: &OutletId, stage: Stage, may: &'static [Stage]) -> Result<(), Refusal> {
    if may.contains(&stage) { Ok(()) } else { Err(Refusal::WrongStage { outlet: outlet.clone(), stage, may }) }
}

impl Evidence {
    /// 2.2.4(1): all three, or those that are missing.
    fn whole(self) -> Result<(), Refusal> {
        let list = [("form", self.form), ("photos", self.photos), ("statement", self.statement)];
        let missing: Vec<&'static str> = list.into_iter().filter(|(_, has)| !has).map(|(name, _)| name).collect();
        if missing.is_empty() { Ok(()) } else { Err(Refusal::EvidenceMissing { missing }) }
    }
}
