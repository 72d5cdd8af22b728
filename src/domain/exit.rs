//! The end of a provider (3.2, 3.3): what is decided at 100 points, and the exit: proposed, confirmed and signed by four
//! people, its permissions frozen with those of the outlets that nobody took over, the contract ended. Outlets of a
//! self-operated provider end with it; those of a third party go to receivers by transfers, each a record of its own.

use super::case::{CaseStep, Confirmation, EXIT, Hurdle, Role, Stage, Transition, confirm, moves_on, not_twice, step};
use super::deposit::DepositStep;
use super::happening::{Draft, Happening};
use super::life::{self, OutletStep};
use super::notice::{Addressee, NoticeEvent};
use super::obligation::ObligationKind as Kind;
use super::rectification::{self, cases_of};
use super::state::{Filed, HeldOutlet, State};
use super::{Dossier, Fact, OnRecord, ProviderKind, Refusal, Standing};
use crate::ids::{OutletId, ProviderId, Seq};
use crate::points::Score;
use crate::rulebook::Marks;
use crate::time::{Day, Year};
use serde::{Deserialize, Serialize};

/// A step of an exit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ExitStep {
    /// The expansion group proposes it.
    Proposed {
        /// The provider's last entry that was seen.
        seen: Option<Seq>,
    },
    /// The department head confirms it.
    Confirmed {
        /// The provider's last entry that was seen.
        seen: Option<Seq>,
    },
    /// The system manager, or legal, signs it.
    Signed {
        /// Which of both.
        role: Role,
        /// The provider's last entry that was seen.
        seen: Option<Seq>,
        /// Signatures that lapsed with it, as what they saw has changed: for its reader; what stands is told by what each saw.
        lapsed: Vec<Seq>,
    },
    /// The system manager freezes its permissions, and those of the outlets that are left.
    Frozen {
        /// Whether its outlets end with it (self-operated).
        ends: bool,
    },
    /// It stays.
    Withdrawn,
}

impl ExitStep {
    /// The stable word.
    pub fn word(&self) -> &'static str {
        match self {
            ExitStep::Proposed { .. } => "provider-exit-proposed",
            ExitStep::Confirmed { .. } => "provider-exit-confirmed",
            ExitStep::Signed { .. } => "provider-exit-signed",
            ExitStep::Frozen { .. } => "permissions-frozen",
            ExitStep::Withdrawn => "provider-exit-withdrawn",
        }
    }

    /// As whom it confirms, and what was seen.
    fn confirms(&self) -> Option<(Role, Option<Seq>)> {
        match self {
            ExitStep::Proposed { seen } => Some((Role::Expansion, *seen)),
            ExitStep::Confirmed { seen } => Some((Role::DepartmentHead, *seen)),
            ExitStep::Signed { role, seen, .. } => Some((*role, *seen)),
            ExitStep::Frozen { .. } | ExitStep::Withdrawn => None,
        }
    }
}

/// 3.2: what was decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// The entry.
    pub seq: Seq,
    /// The day.
    pub on: Day,
    /// The year that reached the mark.
    pub year: Year,
    /// Whether the provider goes.
    pub terminate: bool,
    /// Who stands for it.
    pub by: String,
    /// Why.
    pub reason: String,
}

/// A provider's exit, as far as it has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exit {
    /// The proposal's entry.
    pub seq: Seq,
    /// The day.
    pub on: Day,
    /// Why.
    pub reason: String,
    /// Where it stands.
    pub stage: Stage,
    /// Who confirmed.
    pub confirmed: Vec<Confirmation>,
    /// When permissions were frozen, by which entry.
    pub frozen: Option<(Seq, Day)>,
}

impl Exit {
    /// The step that comes next, and who has yet to confirm it.
    pub fn next(&self) -> Option<(&'static Transition, Vec<Role>)> {
        let next = EXIT.iter().find(|t| t.from.contains(&self.stage) && t.to > self.stage)?;
        let wants = next.wants.iter().filter(|role| !self.confirmed.iter().any(|c| c.role == **role));
        Some((next, wants.copied().collect()))
    }
}

/// 3.3(1): nothing begins at a provider whose permissions are frozen.
pub(super) fn not_frozen(dossier: &Dossier, on: Day) -> Result<(), Refusal> {
    match dossier.exit.as_ref().and_then(|exit| exit.frozen) {
        Some((by, since)) if on >= since => Err(Refusal::Case(Hurdle::Frozen { by, on: since })),
        _ => Ok(()),
    }
}

/// Whether the facts allow a step.
pub(super) fn allowed(state: &State, asked: &CaseStep, on: Day) -> Result<(), Refusal> {
    match asked {
        CaseStep::Rectification(asked) => rectification::allowed(state, asked, on),
        CaseStep::Decided { year, .. } => match state.dossier.terminations.iter().any(|d| d.year == *year) {
            true => Err(Refusal::StepTaken { step: "termination-decided".into() }),
            false => Ok(()),
        },
        CaseStep::Exit(asked) => {
            let exit = state.dossier.exit.as_ref();
            step(EXIT, asked.word(), exit.map(|e| e.stage).unwrap_or_default())?;
            match exit {
                Some(exit) if on < exit.on => return Err(Refusal::BeforeStart { on, start: exit.on }),
                _ => {}
            }
            // It stands on the notices: who takes one away is told of it (decision 13).
            let missing = match asked {
                ExitStep::Confirmed { .. } => {
                    not_notified(&state.dossier, NoticeEvent::ExitProposed, &Addressee::DEPARTMENTS)
                }
                _ => Vec::new(),
            };
            if missing.is_empty() { Ok(()) } else { Err(Refusal::Case(Hurdle::NotNotified { missing })) }
        }
    }
}

/// Whether a step on record is of somebody who did not confirm as another before it: also once a signature between them
/// is taken away, and where it was typed of an earlier day (3.3(1), decisions 12 and 13).
pub(super) fn by_another(state: &State, fact: &Fact, who: &str) -> Result<(), Refusal> {
    let (Fact::Case(CaseStep::Exit(step)), Some(exit)) = (fact, &state.dossier.exit) else { return Ok(()) };
    step.confirms().map_or(Ok(()), |(role, _)| not_twice(&exit.confirmed, role, who))
}

/// Decides a step.
pub(super) fn decide(draft: &mut Draft<'_, '_>, asked: &CaseStep) -> Result<CaseStep, Refusal> {
    match asked {
        CaseStep::Rectification(asked) => rectification::decide(draft, asked).map(CaseStep::Rectification),
        CaseStep::Decided { year, .. } => {
            draft.allowed()?;
            draft.reason()?;
            let cases = cases_of(draft);
            match cases.owed(&draft.state.dossier).any(|(of, ..)| of == *year) {
                true => Ok(asked.clone()),
                false => Err(Refusal::Case(Hurdle::NotOwed { year: *year })),
            }
        }
        CaseStep::Exit(asked) => take(draft, asked).map(CaseStep::Exit),
    }
}

/// Decides a step of an exit.
fn take(draft: &mut Draft<'_, '_>, asked: &ExitStep) -> Result<ExitStep, Refusal> {
    draft.allowed()?;
    let exit = draft.state.dossier.exit.clone();
    let before = exit.as_ref().map(|e| e.confirmed.clone()).unwrap_or_default();
    let seen = match asked.confirms() {
        Some((role, seen)) => Some(confirm(draft, &before, role, seen)?),
        None => None,
    };
    match asked {
        ExitStep::Proposed { .. } => {
            draft.reason()?;
            Ok(ExitStep::Proposed { seen })
        }
        ExitStep::Confirmed { .. } => Ok(ExitStep::Confirmed { seen }),
        ExitStep::Signed { role, .. } => {
            let wanted = step(EXIT, asked.word(), Stage::Confirmed)?.wants;
            let others = before.iter().filter(|c| wanted.contains(&c.role));
            let lapsed = others.filter(|c| Some(c.seen) != seen || c.role == *role).map(|c| c.seq).collect();
            Ok(ExitStep::Signed { role: *role, seen, lapsed })
        }
        ExitStep::Frozen { .. } => Ok(ExitStep::Frozen { ends: draft.provider.kind == ProviderKind::SelfOperated }),
        ExitStep::Withdrawn => draft.reason().map(|()| ExitStep::Withdrawn),
    }
}

/// Those of whom no notice of an event is on record since the exit was proposed. What was sent of one that was withdrawn
/// says nothing of the next, on its day neither: in the order of days, then of recording (decision 12).
pub fn not_notified(dossier: &Dossier, event: NoticeEvent, all: &[Addressee]) -> Vec<&'static str> {
    let since = dossier.exit.as_ref().map(|e| (e.on, e.seq));
    let told = |to: &Addressee| {
        let mut of = dossier.notices.iter().filter(|n| n.event == event && Some((n.on, n.seq)) > since);
        of.any(|n| n.to.contains(to))
    };
    all.iter().filter(|to| !told(to)).map(|to| to.word()).collect()
}

/// Takes a step in.
pub(super) fn follow(state: &mut State, filed: &Filed, h: &Happening, step: &CaseStep) {
    let (seq, on) = (filed.known(), h.on);
    let (by, reason) = (h.confirmed_by.clone().unwrap_or_else(|| filed.by.clone()), h.note.clone().unwrap_or_default());
    match step {
        CaseStep::Rectification(step) => rectification::follow(state, seq, h, step),
        CaseStep::Decided { year, terminate } => {
            let (year, terminate) = (*year, *terminate);
            state.dossier.terminations.push(Decided { seq, on, year, terminate, by, reason });
        }
        CaseStep::Exit(ExitStep::Withdrawn) => state.dossier.exit = None,
        CaseStep::Exit(step) => {
            if let ExitStep::Proposed { .. } = step {
                let (confirmed, stage) = (Vec::new(), Stage::None);
                state.dossier.exit = Some(Exit { seq, on, reason, stage, confirmed, frozen: None });
            }
            let confirmation = step.confirms().map(|(role, seen)| Confirmation {
                seq,
                role,
                by: filed.by.clone(),
                on,
                seen: seen.unwrap_or_default(),
            });
            advance(state, step, confirmation);
            if let ExitStep::Frozen { ends } = step {
                freeze(state, seq, h, *ends);
            }
        }
    }
}

/// Goes on by a step once all who have to confirm it did. Who confirms again does so in the place of the first time; where
/// two confirm the same step, who has not seen what the other saw has to look again, whatever their order: all of it by what
/// stands, so that who takes a signature away leaves no other as if it were there (decision 13).
fn advance(state: &mut State, taken: &ExitStep, confirmation: Option<Confirmation>) {
    let Some(exit) = state.dossier.exit.as_mut() else { return };
    let Ok(transition) = step(EXIT, taken.word(), exit.stage) else { return };
    exit.confirmed.retain(|c| confirmation.as_ref().is_none_or(|new| c.role != new.role));
    exit.confirmed.extend(confirmation);
    let wants = |c: &Confirmation| transition.wants.contains(&c.role);
    let saw = exit.confirmed.iter().filter(|c| wants(c)).map(|c| c.seen).max();
    exit.confirmed.retain(|c| !wants(c) || Some(c.seen) == saw);
    if moves_on(transition, &exit.confirmed) {
        exit.stage = transition.to;
    }
}

/// The contract ended.
pub(super) fn ended(state: &mut State) {
    state.dossier.exit.iter_mut().for_each(|exit| exit.stage = Stage::Ended);
}

/// What is owed no more once permissions are frozen; requests, complaints, claims, objections and deposits go on.
const OVER: [Kind; 15] = [
    Kind::Permission,
    Kind::NextConference,
    Kind::FirstBatch,
    Kind::AllOutlets,
    Kind::SecondStage,
    Kind::Review,
    Kind::Signing,
    Kind::OutletPermission,
    Kind::FreezeApplication,
    Kind::PilotBatch,
    Kind::Training,
    Kind::Guidance,
    Kind::TrainingCheck,
    Kind::Promotion,
    Kind::RectificationDeadline,
];

/// 3.3(1): permissions are frozen, and those of the outlets that nobody took over; those of a self-operated provider end.
fn freeze(state: &mut State, seq: Seq, h: &Happening, ends: bool) {
    let on = h.on;
    state.dossier.exit.iter_mut().for_each(|exit| exit.frozen = Some((seq, on)));
    OVER.into_iter().for_each(|kind| state.end_all(kind, on));
    let step = if ends { OutletStep::Closed } else { OutletStep::Suspended };
    let goes = |held: &HeldOutlet| held.life.as_ref().is_some_and(|life| life::stages(&step).contains(&life.stage));
    let left: Vec<OutletId> = state.outlets.iter().filter(|(_, held)| goes(held)).map(|(id, _)| id.clone()).collect();
    left.iter().for_each(|outlet| life::follow(state, seq, h, (outlet, &step)));
}

/// Whether the facts allow that the contract ends: after the permissions are frozen (3.3(1)).
pub(super) fn may_end(dossier: &Dossier) -> Result<(), Refusal> {
    step(EXIT, "contract-ended", dossier.exit.as_ref().map(|e| e.stage).unwrap_or_default()).map(drop)
}

/// A provider that could take an outlet over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Receiver {
    /// Which.
    pub provider: ProviderId,
    /// Its score of today's year.
    pub score: Score,
    /// Whether it has outlets or a confirmed territory in the outlet's city.
    pub serves: bool,
    /// Whether it has a deposit there that is not short; none where nobody knows (decision 29).
    pub deposit: Option<bool>,
    /// How many outlets it has.
    pub load: u32,
}

/// Orders those that could take an outlet of a city over: who serves there, has its deposit, is charged least, has the
/// fewest outlets. One at the mark of suspension cannot, unless it serves there (3.1(1)).
pub fn receivers(mut all: Vec<Receiver>, marks: &Marks) -> Vec<Receiver> {
    all.retain(|r| r.serves || !marks.reached(r.score, Standing::Suspended));
    all.sort_by_key(|r| (!r.serves, r.deposit != Some(true), r.score, r.load, r.provider.clone()));
    all
}

/// Whether an event is a step of an exit, to the contract's end, or a notice: what was seen is not changed by it.
pub fn is_of_case(event: &super::Event) -> bool {
    matches!(event, super::Event::AlertMarked { .. })
        || matches!(event, super::Event::Happened(h) if is_step_or_notice(&h.fact))
}

/// The same of what was filed.
pub fn is_of_case_act(act: &super::Act) -> bool {
    matches!(act, super::Act::Happened(h) if is_step_or_notice(&h.fact))
}

fn is_step_or_notice(fact: &Fact) -> bool {
    matches!(fact, Fact::Case(CaseStep::Exit(_)) | Fact::Deposit(DepositStep::ContractEnded) | Fact::Notice(_))
}

/// Who could take the outlets of a city, as they are on record.
pub fn candidates(
    on_record: &mut dyn OnRecord,
    all: &[(ProviderId, Score, u32)],
    (leaving, city): (&ProviderId, &str),
    fixed: crate::money::Fen,
) -> Vec<Receiver> {
    let mut found = Vec::new();
    for (provider, score, load) in all.iter().filter(|(id, ..)| id != leaving) {
        let Some(record) = on_record.provider(provider) else { continue };
        let dossier = on_record.state(provider, &[]).dossier;
        if record.kind != ProviderKind::ThirdParty
            || dossier.exit.is_some()
            || super::admission::admitted(&dossier).is_err()
        {
            continue;
        }
        let serves = dossier.territory(city).is_some() || on_record.serves(provider, city);
        let known = !super::deposit::is_unknown(&dossier);
        let deposit = known.then(|| super::deposit::short_of(&dossier, city, fixed).0 == 0);
        found.push(Receiver { provider: provider.clone(), score: *score, serves, deposit, load: *load });
    }
    found
}
