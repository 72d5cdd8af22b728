//! A finding (拟扣项): a breach that the program measured. It proposes an article and points; a person confirms it,
//! which makes a ledger line, or dismisses it with a reason. Nothing is charged by itself.

use super::turnover::Dormancy;
use super::{Context, Deduction, Event, Facts, NOTE_MAX, Refusal, in_range, text};
use crate::ids::{ArticleId, ProviderId, Seq};
use crate::points::Points;
use crate::time::Month;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The article of a month's dormant outlets (2.2.3(3)).
const DORMANT: &str = "dormant-outlets";

/// What a finding is known by: a breach is noticed once, so what it is about is its name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FindingId {
    /// The provider.
    pub provider: ProviderId,
    /// What it is about.
    pub subject: Subject,
}

/// What a finding is about, and by that under which article it falls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Subject {
    /// The dormant outlets of a month (2.2.3(3)).
    Dormant(Month),
}

impl Subject {
    /// The article that it proposes.
    pub fn article(self) -> &'static str {
        match self {
            Subject::Dormant(_) => DORMANT,
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Subject::Dormant(month) => month.fmt(f),
        }
    }
}

/// `dormant-outlets/P0002/2011-02`.
impl fmt::Display for FindingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.subject.article(), self.provider, self.subject)
    }
}

impl FromStr for FindingId {
    type Err = String;
    fn from_str(text: &str) -> Result<FindingId, String> {
        let parts: Vec<&str> = text.trim().split('/').collect();
        if let [DORMANT, provider, month] = parts[..]
            && let (Ok(provider), Ok(month)) = (provider.parse(), month.parse())
        {
            return Ok(FindingId { provider, subject: Subject::Dormant(month) });
        }
        Err(format!("{text:?} is not a finding: write {DORMANT}/P0002/2011-02"))
    }
}

/// What was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Measured {
    /// A month's dormant outlets.
    Dormant(Dormancy),
}

/// A finding as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Its name.
    pub id: FindingId,
    /// What was measured; once it is decided, what it was decided on.
    pub measured: Measured,
    /// The proposed points; once it is confirmed, those of its line.
    pub points: Points,
    /// What became of it.
    pub state: FindingState,
}

/// What became of a finding.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum FindingState {
    /// Nobody has decided.
    #[default]
    Open,
    /// It became this ledger line.
    Confirmed(Seq),
    /// It was dismissed by this entry.
    Dismissed(Seq),
}

impl FindingState {
    /// The stable word in files and JSON.
    pub fn word(&self) -> &'static str {
        match self {
            FindingState::Open => "open",
            FindingState::Confirmed(_) => "confirmed",
            FindingState::Dismissed(_) => "dismissed",
        }
    }
}

/// Makes a ledger line of an open finding. A dormant month's line occurred on the last day of the month.
pub(super) fn confirm(
    facts: &mut dyn Facts,
    id: &FindingId,
    points: Option<Points>,
    note: Option<&str>,
    cx: Context<'_>,
) -> Result<Event, Refusal> {
    let finding = open(facts, id)?;
    let word = id.subject.article();
    let unknown = || Refusal::UnknownArticle { article: word.to_owned() };
    let article = cx.rulebook.article(word).ok_or_else(unknown)?;
    let points = points.unwrap_or(Points(finding.points.0.min(article.max.0)));
    in_range(article, points)?;
    let Subject::Dormant(month) = id.subject;
    let note = text("note", note, NOTE_MAX, true)?;
    let deduction = Deduction {
        provider: id.provider.clone(),
        article: ArticleId::clone(&article.id),
        points,
        occurred_on: month.last(),
        outlet: None,
        problem: None,
        // The ledger names where its number comes from, whatever else is said.
        note: Some(note.map_or_else(|| id.to_string(), |note| format!("{id}\n{note}"))),
    };
    Ok(Event::FindingConfirmed { finding: id.clone(), measured: finding.measured, deduction })
}

/// Dismisses an open finding.
pub(super) fn dismiss(facts: &mut dyn Facts, id: &FindingId, reason: &str) -> Result<Event, Refusal> {
    let finding = open(facts, id)?;
    let reason = text("reason", Some(reason), NOTE_MAX, true)?.ok_or(Refusal::Missing { field: "reason" })?;
    Ok(Event::FindingDismissed { finding: id.clone(), measured: finding.measured, reason })
}

/// A finding that nobody has decided yet.
fn open(facts: &mut dyn Facts, id: &FindingId) -> Result<Finding, Refusal> {
    let found = facts.finding(id).ok_or_else(|| Refusal::UnknownFinding { finding: id.to_string() })?;
    match found.state {
        FindingState::Open => Ok(found),
        FindingState::Confirmed(by) | FindingState::Dismissed(by) => {
            Err(Refusal::FindingDecided { finding: id.clone(), by })
        }
    }
}
