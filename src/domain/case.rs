//! Cases as one machine (3.1, 3.2, 3.3): which steps lead from where to where, and who confirms each, are data here. A
//! step that several people confirm moves its case on when all of them have, each another person; a confirmation binds
//! to what was seen, and lapses where that changed before the case moved on.

use super::happening::Draft;
use super::rectification::RectificationStep;
use super::{Refusal, exit};
use crate::ids::Seq;
use crate::points::Score;
use crate::time::{Day, Year};
use serde::{Deserialize, Serialize};

/// Where a case stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the machines say what each is")]
pub enum Stage {
    #[default]
    None,
    Planned,
    Closed,
    Proposed,
    Confirmed,
    Signed,
    Frozen,
    Ended,
}

/// As whom somebody confirms (3.3(1)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the words say it")]
pub enum Role {
    Expansion,
    DepartmentHead,
    SystemManager,
    Legal,
}

/// A step of a machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transition {
    /// The kind of record that takes it.
    pub word: &'static str,
    /// The clause.
    pub clause: &'static str,
    /// Where the case may stand before it.
    pub from: &'static [Stage],
    /// Where it stands once all have confirmed.
    pub to: Stage,
    /// Who has to confirm it, each another person, and none who confirmed before; nobody where anybody records it.
    pub wants: &'static [Role],
}

/// 3.1: from the plan to its outcome. Before the plan a case is what the lines make it.
pub const RECTIFICATION: &[Transition] = &[
    go("rectification-planned", "3.1(2)", &[Stage::None, Stage::Closed], Stage::Planned, &[]),
    go("rectification-passed", "3.1(3)", &[Stage::Planned], Stage::Closed, &[]),
    go("rectification-failed", "3.1(4)", &[Stage::Planned], Stage::Planned, &[]),
    go("rectification-extended", "3.1(4)", &[Stage::Planned], Stage::Planned, &[]),
    go("rectification-withdrawn", "decision 4", &[Stage::Planned], Stage::Closed, &[]),
];

/// 3.3: from the proposal to the end of the contract, with four confirmations by four people.
pub const EXIT: &[Transition] = &[
    go("provider-exit-proposed", "3.3(1)", &[Stage::None], Stage::Proposed, &[Role::Expansion]),
    go("provider-exit-confirmed", "3.3(1)", &[Stage::Proposed], Stage::Confirmed, &[Role::DepartmentHead]),
    go("provider-exit-signed", "3.3(1)", &[Stage::Confirmed], Stage::Signed, &[Role::SystemManager, Role::Legal]),
    go("permissions-frozen", "3.3(1)", &[Stage::Signed], Stage::Frozen, &[]),
    go("contract-ended", "3.3(3)", &[Stage::Frozen], Stage::Ended, &[]),
    go("provider-exit-withdrawn", "3.3(1)", &[Stage::Proposed, Stage::Confirmed, Stage::Signed], Stage::None, &[]),
];

const fn go(
    word: &'static str,
    clause: &'static str,
    from: &'static [Stage],
    to: Stage,
    wants: &'static [Role],
) -> Transition {
    Transition { word, clause, from, to, wants }
}

impl Stage {
    /// The stable word.
    pub fn word(self) -> &'static str {
        match self {
            Stage::None => "none",
            Stage::Planned => "planned",
            Stage::Closed => "closed",
            Stage::Proposed => "proposed",
            Stage::Confirmed => "confirmed",
            Stage::Signed => "signed",
            Stage::Frozen => "frozen",
            Stage::Ended => "ended",
        }
    }
}

impl Role {
    /// All.
    pub const ALL: [Role; 4] = [Role::Expansion, Role::DepartmentHead, Role::SystemManager, Role::Legal];

    /// The stable word.
    pub fn word(self) -> &'static str {
        match self {
            Role::Expansion => "expansion",
            Role::DepartmentHead => "department-head",
            Role::SystemManager => "system-manager",
            Role::Legal => "legal",
        }
    }
}

/// A step of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CaseStep {
    /// Of a rectification (3.1).
    Rectification(RectificationStep),
    /// 3.2: what was decided at 100 points of a year.
    Decided {
        /// The year.
        year: Year,
        /// Whether the provider goes.
        terminate: bool,
    },
    /// Of a provider's exit (3.3).
    Exit(exit::ExitStep),
}

impl CaseStep {
    /// The stable word.
    pub fn word(&self) -> &'static str {
        match self {
            CaseStep::Rectification(step) => step.word(),
            CaseStep::Decided { .. } => "termination-decided",
            CaseStep::Exit(step) => step.word(),
        }
    }
}

/// Somebody's confirmation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmation {
    /// The entry.
    pub seq: Seq,
    /// As whom.
    pub role: Role,
    /// Who.
    pub by: String,
    /// The day.
    pub on: Day,
    /// The provider's last entry that was seen, steps of the case aside.
    pub seen: Seq,
}

/// Why a case does not go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hurdle {
    /// It does not stand where that step begins.
    Stage {
        /// The step.
        word: &'static str,
        /// Where it stands.
        at: Stage,
        /// The clause.
        clause: &'static str,
    },
    /// 3.1: no case is open on that day.
    NoCase {
        /// The score of the day.
        score: Score,
    },
    /// Decision 4: the score is not under the mark.
    StillAt {
        /// The score.
        score: Score,
    },
    /// 3.2: no decision is owed for that year.
    NotOwed {
        /// The year.
        year: Year,
    },
    /// 3.3(1): somebody who confirmed already confirms again.
    SamePerson {
        /// Who.
        who: String,
        /// The confirmation.
        seq: Seq,
    },
    /// 3.3(1): a confirmation is given by oneself.
    OwnHand,
    /// What was seen is not what is there.
    Changed {
        /// What was seen.
        seen: Seq,
        /// What is there.
        head: Seq,
    },
    /// 3.3(1): a notice is not on record.
    NotNotified {
        /// To whom.
        missing: Vec<&'static str>,
    },
    /// 3.3(1): the provider's permissions are frozen.
    Frozen {
        /// The entry.
        by: Seq,
        /// The day.
        on: Day,
    },
    /// 4.3: what a notice tells is not on record.
    NothingToTell {
        /// The event.
        event: &'static str,
    },
    /// Decision 25: when it entered a recipient's system is of e-mail and system messages.
    ByPost {
        /// The notice.
        notice: Seq,
    },
}

impl Hurdle {
    /// The stable name in files and JSON.
    pub fn reason(&self) -> &'static str {
        match self {
            Hurdle::Stage { .. } => "not at that step",
            Hurdle::NoCase { .. } => "no case open",
            Hurdle::StillAt { .. } => "score still there",
            Hurdle::NotOwed { .. } => "no decision owed",
            Hurdle::SamePerson { .. } => "same person",
            Hurdle::OwnHand => "own hand",
            Hurdle::Changed { .. } => "changed since",
            Hurdle::NotNotified { .. } => "not notified",
            Hurdle::Frozen { .. } => "permissions frozen",
            Hurdle::NothingToTell { .. } => "nothing to tell",
            Hurdle::ByPost { .. } => "by post",
        }
    }

    /// The field that it is about, in the words of the import files.
    pub fn field(&self) -> &'static str {
        match self {
            Hurdle::OwnHand => "confirmed_by",
            Hurdle::NotOwed { .. } => "year",
            Hurdle::Changed { .. } => "seen",
            Hurdle::NothingToTell { .. } => "event",
            Hurdle::ByPost { .. } => "entered",
            _ => "provider_id",
        }
    }

    /// The clause or decision that it rests on.
    pub fn clause(&self) -> &'static str {
        match self {
            Hurdle::Stage { clause, .. } => clause,
            Hurdle::NoCase { .. } => "3.1",
            Hurdle::StillAt { .. } => "decision 4",
            Hurdle::NotOwed { .. } => "3.2",
            Hurdle::NothingToTell { .. } => "4.3",
            Hurdle::ByPost { .. } => "decision 25",
            _ => "3.3(1)",
        }
    }
}

/// The step of a machine by its word, where a case stands at a stage.
pub fn step(machine: &'static [Transition], word: &str, at: Stage) -> Result<&'static Transition, Refusal> {
    let of = machine.iter().filter(|t| t.word == word);
    let may = of.clone().find(|t| t.from.contains(&at));
    may.ok_or_else(|| match of.clone().next() {
        Some(t) => Refusal::Case(Hurdle::Stage { word: t.word, at, clause: t.clause }),
        None => Refusal::StepMissing { steps: vec![word.to_owned()], clause: "3" },
    })
}

/// Whether all who have to confirm a step did.
pub fn moves_on(transition: &Transition, confirmed: &[Confirmation]) -> bool {
    transition.wants.iter().all(|role| confirmed.iter().any(|c| c.role == *role))
}

/// 3.3(1): nobody confirms as two.
pub(super) fn not_twice(before: &[Confirmation], role: Role, who: &str) -> Result<(), Refusal> {
    match before.iter().find(|c| c.by == who && c.role != role) {
        Some(other) => Err(Refusal::Case(Hurdle::SamePerson { who: who.to_owned(), seq: other.seq })),
        None => Ok(()),
    }
}

/// A confirmation of somebody who asks, as it may be given: by oneself, by nobody who confirmed before, of what is there.
pub(super) fn confirm(
    draft: &mut Draft<'_, '_>,
    before: &[Confirmation],
    role: Role,
    seen: Option<Seq>,
) -> Result<Seq, Refusal> {
    let who = draft.cx.who.to_owned();
    if draft.confirmed_by.as_ref().is_some_and(|other| *other != who) {
        return Err(Refusal::Case(Hurdle::OwnHand));
    }
    not_twice(before, role, &who)?;
    let head = draft.on_record.head(&draft.provider.id);
    match seen {
        Some(seen) if seen < head => Err(Refusal::Case(Hurdle::Changed { seen, head })),
        _ => Ok(head),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 3.3(1): four confirmations, by four; every step can be reached, and none leads back but the one that withdraws.
    #[test]
    fn clause_3_3_1_the_machine_wants_four() {
        let mut wanted: Vec<Role> = EXIT.iter().flat_map(|t| t.wants).copied().collect();
        wanted.sort_unstable();
        assert_eq!(wanted, Role::ALL);
        for t in EXIT.iter().chain(RECTIFICATION) {
            let reached =
                |stage: &Stage| *stage == Stage::None || EXIT.iter().chain(RECTIFICATION).any(|u| u.to == *stage);
            assert!(t.from.iter().all(reached), "{}", t.word);
        }
        for t in EXIT.iter().filter(|t| t.to != Stage::None) {
            assert!(t.from.iter().all(|from| *from < t.to), "{}", t.word);
        }
    }

    /// A step that two confirm does not move on by one of them.
    #[test]
    fn no_step_moves_on_by_fewer() {
        let signed = step(EXIT, "provider-exit-signed", Stage::Confirmed).unwrap();
        let by = |role| Confirmation { seq: Seq(1), role, by: "x".into(), on: Day::MIN, seen: Seq(0) };
        assert!(!moves_on(signed, &[]));
        assert!(!moves_on(signed, &[by(Role::Legal), by(Role::Expansion)]));
        assert!(moves_on(signed, &[by(Role::Legal), by(Role::SystemManager)]));
    }
}
