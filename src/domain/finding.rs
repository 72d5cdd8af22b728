//! A finding (拟扣项): a breach that the program measured. It proposes an article and points; a person confirms it,
//! which makes a ledger line, or dismisses it with a reason. Nothing is charged by itself.

use super::needs::Phase;
use super::turnover::Dormancy;
use super::{
    Context, Deduction, Dossier, Event, LineLaw, NOTE_MAX, OnRecord, Refusal, correction, in_range, needs, reason_of,
    text,
};
use crate::ids::{ArticleId, OutletId, ProviderId, Seq};
use crate::points::Points;
use crate::rulebook::Article;
use crate::time::{Day, Moment, Month};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The article of a month's dormant outlets (2.2.3(3)).
const DORMANT: &str = "dormant-outlets";
/// The article of an exit application answered late or never (2.2.4(1)).
const EXIT: &str = "exit-response";

/// A breach that an entry or an obligation can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Breach {
    /// A conference with too few who came or signed (1.6.1(1)6).
    Conference,
    /// A city's first batch late (1.6.1(2)).
    FirstBatch,
    /// A city's outlets not all there (1.6.1(2)).
    AllOutlets,
    /// An outlet's branding off the template (1.6.2(1)).
    Brand,
    /// Printed matter that nobody approved (1.6.2(2)).
    Material,
    /// A freeze application late or with too many errors (2.1.1(4)).
    Signing,
    /// Too many trained outlets fail the check (2.1.3(3)).
    Training,
    /// More than a month without a promotion (2.2.1(4)).
    Promotion,
    /// A complaint of an outlet (2.2.2).
    Complaint,
    /// Too many outlets of a city left early (2.2.3(1)).
    Attrition,
    /// A consumer's claim after an exit was blocked (2.2.4(2)).
    Claim,
}

impl Breach {
    /// All.
    pub const ALL: [Breach; 11] = [
        Breach::Conference,
        Breach::FirstBatch,
        Breach::AllOutlets,
        Breach::Brand,
        Breach::Material,
        Breach::Signing,
        Breach::Training,
        Breach::Promotion,
        Breach::Complaint,
        Breach::Attrition,
        Breach::Claim,
    ];

    /// The article that it falls under.
    pub fn article(self) -> &'static str {
        match self {
            Breach::Conference => "conference-results",
            Breach::FirstBatch | Breach::AllOutlets => "rollout-shortfall",
            Breach::Brand => "brand-standard",
            Breach::Material => "unapproved-material",
            Breach::Signing => "signing-delay",
            Breach::Training => "training-failure",
            Breach::Promotion => "promotion-gap",
            Breach::Complaint => "outlet-complaint",
            Breach::Attrition => "early-attrition",
            Breach::Claim => "after-exit-dispute",
        }
    }

    /// What tells two breaches of one entry and article apart.
    fn mark(self) -> &'static str {
        match self {
            Breach::FirstBatch => ".first",
            Breach::AllOutlets => ".all",
            _ => "",
        }
    }
}

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
    /// An exit application not answered in time (2.2.4(1)): the number of the entry that opened it.
    Exit(Seq),
    /// What an entry began or recorded.
    Of(Breach, Seq),
}

impl Subject {
    /// The article that it proposes.
    pub fn article(self) -> &'static str {
        match self {
            Subject::Dormant(_) => DORMANT,
            Subject::Exit(_) => EXIT,
            Subject::Of(breach, _) => breach.article(),
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Subject::Dormant(month) => month.fmt(f),
            Subject::Exit(request) => request.fmt(f),
            Subject::Of(breach, seq) => write!(f, "{seq}{}", breach.mark()),
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
        let parsed = match parts[..] {
            [DORMANT, provider, month] => month.parse().ok().map(|month| (provider, Subject::Dormant(month))),
            [EXIT, provider, request] => request.parse().ok().map(|request| (provider, Subject::Exit(request))),
            [article, provider, subject] => {
                let (seq, mark) = subject.split_at(subject.find('.').unwrap_or(subject.len()));
                let breach = Breach::ALL.into_iter().find(|b| b.article() == article && b.mark() == mark);
                breach.zip(seq.parse().ok()).map(|(breach, seq)| (provider, Subject::Of(breach, seq)))
            }
            _ => None,
        };
        if let Some((provider, subject)) = parsed
            && let Ok(provider) = provider.parse()
        {
            return Ok(FindingId { provider, subject });
        }
        Err(format!("{text:?} is not a finding: write {DORMANT}/P0002/2011-02"))
    }
}

impl Subject {
    /// The same by the number that its record is known by, whichever of its numbers was typed (decision 13).
    pub fn known(self, entry: &mut dyn FnMut(Seq) -> Option<Event>) -> Subject {
        match self {
            Subject::Dormant(month) => Subject::Dormant(month),
            Subject::Exit(seq) => Subject::Exit(correction::known(entry, seq)),
            Subject::Of(breach, seq) => Subject::Of(breach, correction::known(entry, seq)),
        }
    }
}

/// What was measured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Measured {
    /// A month's dormant outlets.
    Dormant(Dormancy),
    /// An exit application: due then, answered then or not yet, at this outlet.
    Late {
        /// The outlet that wants to leave.
        outlet: OutletId,
        /// When the answer was due.
        due: Moment,
        /// When it came.
        answered: Option<Moment>,
    },
    /// An obligation that was missed.
    Missed {
        /// When it was due.
        due: Moment,
        /// When it was done, or not yet.
        done: Option<Moment>,
        /// How many were wanted, where it is a number.
        need: u32,
        /// How many there were in time.
        have: u32,
    },
    /// A conference (1.6.1(1)6).
    Conference {
        /// Invited.
        invited: u32,
        /// Of those, who came.
        attended: u32,
        /// Of those, who signed.
        signed: u32,
    },
    /// A part of a whole that is over a share in percent: failed of checked, errors of entries, left of the plan.
    Share {
        /// The part.
        part: u32,
        /// The whole.
        whole: u32,
        /// The most that may be, in percent.
        percent: u32,
    },
    /// A freeze application that came late and with too many errors (2.1.1(4)).
    LateAndFaulty {
        /// When it was due.
        due: Moment,
        /// When it came.
        done: Option<Moment>,
        /// Entries with an error.
        part: u32,
        /// Of so many.
        whole: u32,
        /// The most that may be, in percent.
        percent: u32,
    },
    /// One event: a check that failed, a complaint, a claim that was blocked.
    Event,
}

impl Measured {
    /// The figures alone, short and the same in every language.
    pub fn figures(&self) -> String {
        let day = |at: &Moment| at.day().to_string();
        match self {
            Measured::Dormant(held) => format!("{}/{}/{}", held.tested, held.low, held.zero),
            Measured::Late { due, .. } | Measured::Missed { due, need: 0, .. } => day(due),
            Measured::Missed { due, need, have, .. } => format!("{have}/{need} {}", day(due)),
            Measured::Conference { invited, attended, signed } => format!("{invited}/{attended}/{signed}"),
            Measured::Share { part, whole, .. } => format!("{part}/{whole}"),
            Measured::LateAndFaulty { due, part, whole, .. } => format!("{part}/{whole} {}", day(due)),
            Measured::Event => "1".to_owned(),
        }
    }
}

/// Where a line stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineAt {
    /// The day that it occurred.
    #[serde(with = "crate::time::day_number")]
    pub on: Day,
    /// At which outlet.
    pub outlet: Option<OutletId>,
    /// The problem, if complaints of it add up (2.2.2).
    pub problem: Option<String>,
}

impl LineAt {
    /// Of a line.
    pub fn of(deduction: &Deduction) -> LineAt {
        let (outlet, problem) = (deduction.outlet.clone(), deduction.problem.clone());
        LineAt { on: deduction.occurred_on, outlet, problem }
    }
}

/// `2011-03-02 O1 late delivery`.
impl fmt::Display for LineAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.on.fmt(f)?;
        self.outlet.iter().try_for_each(|outlet| write!(f, " {outlet}"))?;
        self.problem.iter().try_for_each(|problem| write!(f, " {problem}"))
    }
}

/// A finding as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Its name.
    pub id: FindingId,
    /// What was measured; once it is decided, what it was decided on.
    pub measured: Measured,
    /// What the facts say now: of one that is decided it may be something else, or none.
    pub now: Option<Measured>,
    /// The proposed points; once it is confirmed, those of its line.
    pub points: Points,
    /// What became of it.
    pub state: FindingState,
    /// Its line as it was confirmed, where it was.
    pub line: Option<LineAt>,
    /// The day that its line occurs: the month's last, the due day, or the day of the event.
    pub occurred_on: Day,
    /// At which outlet, if at one.
    pub outlet: Option<OutletId>,
    /// The problem, if complaints of it add up (2.2.2).
    pub problem: Option<String>,
}

impl Finding {
    /// Whether it was decided and the facts under it are others now (decision 12).
    pub fn has_changed(&self) -> bool {
        self.state != FindingState::Open && (self.is_measured_anew() || self.shifted().is_some())
    }

    /// Whether what was measured differs from what was decided on. That something was done late since it was decided
    /// as missed is no other fact.
    pub fn is_measured_anew(&self) -> bool {
        let open = |measured: &Measured| match measured {
            Measured::Missed { due, need, have, .. } => {
                Measured::Missed { due: *due, done: None, need: *need, have: *have }
            }
            Measured::Late { outlet, due, .. } => Measured::Late { outlet: outlet.clone(), due: *due, answered: None },
            other => other.clone(),
        };
        self.now.as_ref().map(open) != Some(open(&self.measured))
    }

    /// Where its line stands and where it would stand by what the facts say now, if that is elsewhere: over New Year
    /// it would count in another year (1.1(7)), of another problem under another cap (2.2.2).
    pub fn shifted(&self) -> Option<(LineAt, LineAt)> {
        let now = LineAt { on: self.occurred_on, outlet: self.outlet.clone(), problem: self.problem.clone() };
        let line = self.line.clone().filter(|line| self.now.is_some() && *line != now)?;
        Some((line, now))
    }

    /// The figures that were decided on and those of now, with where the line stands if that changed.
    pub fn before_and_after(&self) -> (String, String) {
        let is = self.now.as_ref().map_or_else(|| "–".to_owned(), Measured::figures);
        match self.shifted() {
            Some((line, now)) => (format!("{} {line}", self.measured.figures()), format!("{is} {now}")),
            None => (self.measured.figures(), is),
        }
    }

    /// The city of its conference or roll-out, where the records have it (1.6.1).
    pub fn city<'a>(&self, dossier: &'a Dossier) -> Option<&'a str> {
        let (breach, seq) = match self.id.subject {
            Subject::Of(breach, seq) => (breach, seq),
            Subject::Dormant(_) | Subject::Exit(_) => return None,
        };
        match breach {
            Breach::Conference | Breach::Signing => {
                dossier.conferences.iter().find(|held| held.seq == seq).map(|held| held.held.city.as_str())
            }
            Breach::FirstBatch | Breach::AllOutlets | Breach::Attrition => {
                dossier.territories.iter().find(|city| city.seq == seq).map(|city| city.city.as_str())
            }
            _ => None,
        }
    }

    /// What it is about, as a person knows it, in no language: where, and the day when it was due or occurred, such as
    /// `杭州/first 2011-04-06`; a dormant month is that month.
    pub fn about(&self, dossier: &Dossier) -> String {
        let on = match (self.id.subject, &self.measured) {
            (Subject::Dormant(month), _) => return month.to_string(),
            (_, Measured::Missed { due, .. } | Measured::Late { due, .. } | Measured::LateAndFaulty { due, .. }) => {
                due.day()
            }
            _ => self.occurred_on,
        };
        let phase = match self.id.subject {
            Subject::Of(Breach::FirstBatch, _) => Some(Phase::First),
            Subject::Of(Breach::AllOutlets, _) => Some(Phase::All),
            _ => None,
        };
        match (self.city(dossier), phase, &self.outlet) {
            (Some(city), Some(phase), _) => format!("{city}/{} {on}", phase.word()),
            (Some(city), None, _) => format!("{city} {on}"),
            (None, _, Some(outlet)) => format!("{outlet} {on}"),
            (None, ..) => on.to_string(),
        }
    }

    /// What is proposed, within what its article can cost; decided ones say what was decided.
    pub fn proposed(&self, article: &Article) -> Points {
        match self.state {
            FindingState::Open => self.points.clamp(article.min, article.max),
            FindingState::Confirmed(_) | FindingState::Dismissed(_) => self.points,
        }
    }
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

/// Makes a ledger line of an open finding. A dormant month's line occurred on the last day of the month, a late
/// answer's on the day it was due. Early attrition needs its investigation first (2.2.3(1)).
pub(super) fn confirm(
    on_record: &mut dyn OnRecord,
    id: &FindingId,
    points: Option<Points>,
    note: Option<&str>,
    cx: Context<'_>,
) -> Result<Event, Refusal> {
    let id = &known(on_record, id);
    let finding = open(on_record, id, cx)?;
    let word = id.subject.article();
    let unknown = || Refusal::UnknownArticle { article: word.to_owned() };
    let book = cx.rules(&id.provider, finding.occurred_on);
    let article = book.article(word).ok_or_else(unknown)?;
    if let Subject::Of(Breach::Attrition, territory) = id.subject {
        super::territory::investigated(&on_record.state(&id.provider, &[]).dossier, territory)?;
    }
    if let (Subject::Dormant(month), Measured::Dormant(held)) = (id.subject, &finding.measured) {
        // 2.2.3(3): deciding on a part of the month's outlets asks for a reason.
        let wanted = on_record.wanted_reports(&id.provider, month);
        if held.tested < wanted && note.is_none_or(|note| note.trim().is_empty()) {
            return Err(Refusal::PartOfMonth { month, reported: held.tested, wanted });
        }
    }
    let points = points.unwrap_or(finding.proposed(article));
    in_range(article, points)?;
    let subject = needs::of_finding(on_record, &finding, article)?;
    let note = text("note", note, NOTE_MAX, true)?;
    let deduction = Deduction {
        provider: id.provider.clone(),
        article: ArticleId::clone(&article.id),
        points,
        occurred_on: finding.occurred_on,
        outlet: finding.outlet,
        problem: finding.problem,
        // The ledger names where its number comes from, whatever else is said.
        note: Some(note.map_or_else(|| id.to_string(), |note| format!("{id}\n{note}"))),
        subject,
        evidence: None,
    };
    let (finding, measured) = (id.clone(), finding.measured);
    Ok(Event::FindingConfirmed { finding, measured, deduction, law: LineLaw::of(book, article) })
}

/// Dismisses an open finding.
pub(super) fn dismiss(
    on_record: &mut dyn OnRecord,
    id: &FindingId,
    reason: &str,
    cx: Context<'_>,
) -> Result<Event, Refusal> {
    let id = &known(on_record, id);
    let finding = open(on_record, id, cx)?;
    let reason = reason_of(reason)?;
    Ok(Event::FindingDismissed { finding: id.clone(), measured: finding.measured, reason })
}

/// A finding by the number that its record is known by (decision 13).
fn known(on_record: &mut dyn OnRecord, id: &FindingId) -> FindingId {
    FindingId { subject: id.subject.known(&mut |seq| on_record.entry(seq)), ..id.clone() }
}

/// A finding that nobody has decided yet.
fn open(on_record: &mut dyn OnRecord, id: &FindingId, cx: Context<'_>) -> Result<Finding, Refusal> {
    let found = on_record.finding(id, cx.now).ok_or_else(|| Refusal::UnknownFinding { finding: id.to_string() })?;
    match found.state {
        FindingState::Open => Ok(found),
        FindingState::Confirmed(by) | FindingState::Dismissed(by) => {
            Err(Refusal::FindingDecided { finding: id.clone(), by })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A rulebook without them is refused: their findings could never be confirmed.
    #[test]
    fn every_article_that_a_finding_proposes_is_wanted_of_a_rulebook() {
        let wanted = &crate::rulebook::WANTED;
        for breach in Breach::ALL {
            assert!(wanted.contains(&breach.article()), "{}", breach.article());
        }
        assert!(wanted.contains(&DORMANT) && wanted.contains(&EXIT));
    }
}
