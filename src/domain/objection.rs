//! Objections (申诉, decisions 21 and 27): a provider's protest against a line or a finding. Answered by somebody else
//! than who recorded it; upheld, the line is reversed, or the finding dismissed, in the same block. One that waits stops
//! nothing, and none ends by silence.

use super::finding::{FindingId, FindingState, Subject};
use super::happening::{Draft, Happening};
use super::obligation::{About, ObligationKind};
use super::state::{Act, Filed, State};
use super::{Command, Event, Fact, NOTE_MAX, OnRecord, Refusal, correction, required};
use crate::ids::Seq;
use crate::time::Day;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// What a provider protests against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Against {
    /// A ledger line, by its entry.
    Line(Seq),
    /// A finding that nobody decided.
    Finding(Subject),
}

/// `12`, or the finding without its provider: `exit-response/5`.
impl fmt::Display for Against {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Against::Line(seq) => write!(f, "#{seq}"),
            Against::Finding(subject) => write!(f, "{}/{subject}", subject.article()),
        }
    }
}

/// A line's number, or a finding as `findings` names it.
impl FromStr for Against {
    type Err = String;
    fn from_str(text: &str) -> Result<Against, String> {
        let text = text.trim();
        match text.trim_start_matches('#').parse::<u64>() {
            Ok(seq) if seq > 0 => Ok(Against::Line(Seq(seq))),
            _ => text.parse::<FindingId>().map(|id| Against::Finding(id.subject)).map_err(|e| e.to_string()),
        }
    }
}

/// A step of an objection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ObjectionStep {
    /// The provider objects.
    Opened {
        /// To what.
        against: Against,
        /// Why.
        grounds: String,
    },
    /// It was heard; what was said is the note.
    Heard {
        /// The objection's entry.
        objection: Seq,
    },
    /// It was answered, with a reason.
    Answered {
        /// The objection's entry.
        objection: Seq,
        /// Whether the provider is right.
        upheld: bool,
    },
}

/// An objection, as far as it has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Objection {
    /// The entry.
    pub seq: Seq,
    /// The day.
    pub on: Day,
    /// To what.
    pub against: Against,
    /// Why.
    pub grounds: String,
    /// When it was heard, by which entries.
    pub heard: Vec<(Seq, Day)>,
    /// What was answered, when, by whom.
    pub answered: Option<Answered>,
}

/// The answer to an objection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// The entry.
    pub seq: Seq,
    /// The day.
    pub on: Day,
    /// Whether the provider was right.
    pub upheld: bool,
    /// Who stands for it.
    pub by: String,
    /// Why.
    pub reason: String,
}

/// Why a step of an objection is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hindrance {
    /// The line's recorder, or who confirmed it, does not answer (decision 27).
    SamePerson {
        /// Who.
        who: String,
        /// The line.
        line: Seq,
    },
    /// One waits already.
    Waits {
        /// The objection.
        objection: Seq,
    },
}

impl Objection {
    /// The stable word of how far it has come.
    pub fn state(&self) -> &'static str {
        match &self.answered {
            None => "waits",
            Some(answer) if answer.upheld => "upheld",
            Some(_) => "rejected",
        }
    }
}

impl ObjectionStep {
    /// The stable word.
    pub fn word(&self) -> &'static str {
        match self {
            ObjectionStep::Opened { .. } => "objection-opened",
            ObjectionStep::Heard { .. } => "objection-heard",
            ObjectionStep::Answered { .. } => "objection-answered",
        }
    }

    /// The objection that it goes on from.
    pub(super) fn goes_on_from(&mut self) -> Option<&mut Seq> {
        match self {
            ObjectionStep::Opened { .. } => None,
            ObjectionStep::Heard { objection } | ObjectionStep::Answered { objection, .. } => Some(objection),
        }
    }
}

/// Whether the facts allow a step.
pub(super) fn allowed(state: &State, step: &ObjectionStep, on: Day) -> Result<(), Refusal> {
    let all = &state.dossier.objections;
    let objection = match step {
        ObjectionStep::Opened { against, .. } => {
            return match all.iter().find(|o| o.against == *against && o.answered.is_none()) {
                Some(o) => Err(Refusal::Hindered(Hindrance::Waits { objection: o.seq })),
                None => Ok(()),
            };
        }
        ObjectionStep::Heard { objection } | ObjectionStep::Answered { objection, .. } => objection,
    };
    let waits = all.iter().find(|o| o.seq == *objection && o.answered.is_none());
    let open = waits.ok_or(Refusal::UnknownEntry { what: "objection", seq: *objection })?;
    if on < open.on { Err(Refusal::BeforeStart { on, start: open.on }) } else { Ok(()) }
}

/// Decides a step.
pub(super) fn decide(draft: &mut Draft<'_, '_>, step: &ObjectionStep) -> Result<ObjectionStep, Refusal> {
    let step = match step {
        ObjectionStep::Opened { against, grounds } => {
            let (against, start) = standing(draft, *against)?;
            draft.not_before(start)?;
            ObjectionStep::Opened { against, grounds: required("grounds", grounds, NOTE_MAX)? }
        }
        other => other.clone(),
    };
    draft.allowed()?;
    match &step {
        ObjectionStep::Opened { .. } => draft.begin(ObligationKind::ObjectionAnswer, About::Provider)?,
        ObjectionStep::Heard { .. } => draft.reason()?,
        ObjectionStep::Answered { objection, .. } => {
            draft.reason()?;
            by_another(draft, *objection)?;
        }
    }
    Ok(step)
}

/// What stands of the provider, and since when: a line that is not reversed, a finding that is open.
fn standing(draft: &mut Draft<'_, '_>, against: Against) -> Result<(Against, Day), Refusal> {
    let provider = draft.provider.id.clone();
    match against {
        Against::Line(seq) => {
            let (now, _) = correction::standing(draft.on_record, seq).ok_or(Refusal::UnknownLine { line: seq })?;
            let line = draft.on_record.line(now).filter(|(owner, _)| *owner == provider);
            let (_, line) = line.ok_or(Refusal::UnknownLine { line: seq })?;
            if line.reverses.is_some() {
                return Err(Refusal::LineIsReversal { line: seq });
            }
            match line.reversed_by {
                Some(by) => Err(Refusal::AlreadyReversed { line: seq, by }),
                None => Ok((Against::Line(now), line.occurred_on)),
            }
        }
        Against::Finding(subject) => {
            let id = FindingId { provider, subject: subject.known(&mut |seq| draft.on_record.entry(seq)) };
            let found = draft.on_record.finding(&id, draft.cx.now);
            let found = found.ok_or_else(|| Refusal::UnknownFinding { finding: id.to_string() })?;
            // Whenever that was.
            match draft.on_record.decided(&id).unwrap_or(found.state) {
                FindingState::Open => Ok((Against::Finding(id.subject), found.occurred_on)),
                // It is a line, or nothing, by now.
                FindingState::Confirmed(seq) => Ok((Against::Line(seq), found.occurred_on)),
                FindingState::Dismissed(by) => Err(Refusal::FindingDecided { finding: id, by }),
            }
        }
    }
}

/// Decision 27: by somebody other than the line's recorder and confirmer.
fn by_another(draft: &mut Draft<'_, '_>, objection: Seq) -> Result<(), Refusal> {
    let against = draft.state.dossier.objections.iter().find(|o| o.seq == objection).map(|o| o.against);
    let Some(Against::Line(line)) = against else { return Ok(()) };
    let Some((_, row)) = draft.on_record.line(line) else { return Ok(()) };
    let who = draft.confirmed_by.clone().unwrap_or_else(|| draft.cx.who.to_owned());
    if row.by == who { Err(Refusal::Hindered(Hindrance::SamePerson { who, line })) } else { Ok(()) }
}

/// Takes a step in.
pub(super) fn follow(state: &mut State, filed: &Filed, h: &Happening, step: &ObjectionStep) {
    let (seq, on) = (filed.known(), h.on);
    match step {
        ObjectionStep::Opened { against, grounds } => {
            let (against, grounds, heard) = (*against, grounds.clone(), Vec::new());
            state.dossier.objections.push(Objection { seq, on, against, grounds, heard, answered: None });
            state.begin_of(seq, h, ObligationKind::ObjectionAnswer);
        }
        ObjectionStep::Heard { objection } => {
            let open = state.dossier.objections.iter_mut().find(|o| o.seq == *objection);
            open.into_iter().for_each(|o| o.heard.push((seq, on)));
        }
        ObjectionStep::Answered { objection, upheld } => {
            let by = h.confirmed_by.clone().unwrap_or_else(|| filed.by.clone());
            let answer = Answered { seq, on, upheld: *upheld, by, reason: h.note.clone().unwrap_or_default() };
            let open = state.dossier.objections.iter_mut().find(|o| o.seq == *objection);
            open.into_iter().for_each(|o| o.answered = Some(answer.clone()));
            state.done((*objection, ObligationKind::ObjectionAnswer), crate::time::Moment::start_of(on));
        }
    }
}

/// What an answer that upholds does in the same block (decision 21): the line is reversed, or the finding dismissed.
pub(super) fn follows(on_record: &mut dyn OnRecord, event: &Event) -> Option<Command> {
    let Event::Happened(h) = event else { return None };
    let Fact::Objection(ObjectionStep::Answered { objection, upheld: true }) = h.fact else { return None };
    let reason = h.note.clone().unwrap_or_default();
    let Some((_, Event::Happened(opened))) = correction::standing(on_record, objection) else { return None };
    match &opened.fact {
        Fact::Objection(ObjectionStep::Opened { against: Against::Line(line), .. }) => {
            // One that was put right since is the one in its place.
            let line = correction::standing(on_record, *line).map_or(*line, |(now, _)| now);
            Some(Command::Reverse { line, reason })
        }
        Fact::Objection(ObjectionStep::Opened { against: Against::Finding(subject), .. }) => {
            let finding = FindingId { provider: h.provider.clone(), subject: *subject };
            Some(Command::DismissFinding { finding, reason })
        }
        _ => None,
    }
}

/// What a fact objects to.
pub(super) fn objects(filed: &Filed) -> Option<Against> {
    match &filed.act {
        Act::Happened(h) => match &h.fact {
            Fact::Objection(ObjectionStep::Opened { against, .. }) => Some(*against),
            _ => None,
        },
        _ => None,
    }
}
