//! What a line must stand on (section 2, "needs"): the conference, training, territory or month that it is about, or the
//! evidence that was seen. A line for what is charged already is refused while the first stands (decision 14). One that
//! comes from a roster without its need goes in, is unsupported, and says so until somebody adds it.

mod once;

pub(super) use once::{comes_back, of_finding};

use super::filed::{Act, Filed};
use super::happening::Fact;
use super::{
    Context, Deduction, Event, Line, LineKind, NAME_MAX, OnRecord, Refusal, correction, service, territory, text,
};
use crate::ids::{ArticleId, ProviderId, Seq};
use crate::rulebook::{Article, Needs, Per};
use crate::time::{Day, Month, parse_day};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// What a line stands for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum LineSubject {
    /// A conference, by its entry.
    Conference(Seq),
    /// A training, by its entry.
    Training(Seq),
    /// A territory, by its city.
    Territory(String),
    /// A phase of a territory's roll-out (1.6.1(2)).
    Rollout(String, Phase),
    /// A month.
    Month(Month),
    /// What was typed, where no record is known by it: of a roster's line only.
    Named(String),
    /// The outcome of a rectification's plan, by its entry (3.1).
    Rectification(Seq),
}

/// A phase of a roll-out (1.6.1(2)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Phase {
    /// The first batch.
    First,
    /// All outlets of the target.
    All,
}

impl Phase {
    /// Both.
    pub const ALL: [Phase; 2] = [Phase::First, Phase::All];

    /// The stable word.
    pub fn word(self) -> &'static str {
        match self {
            Phase::First => "first",
            Phase::All => "all",
        }
    }
}

/// As it is typed: `#17`, `杭州`, `杭州/first`, `2011-02`.
impl fmt::Display for LineSubject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LineSubject::Conference(seq) | LineSubject::Training(seq) | LineSubject::Rectification(seq) => {
                write!(f, "#{seq}")
            }
            LineSubject::Territory(city) => f.write_str(city),
            LineSubject::Rollout(city, phase) => write!(f, "{city}/{}", phase.word()),
            LineSubject::Month(month) => month.fmt(f),
            LineSubject::Named(text) => f.write_str(text),
        }
    }
}

impl LineSubject {
    /// The entry that it is, where it is one by number.
    pub fn entry(&self) -> Option<Seq> {
        match self {
            LineSubject::Conference(seq) | LineSubject::Training(seq) | LineSubject::Rectification(seq) => Some(*seq),
            _ => None,
        }
    }
}

/// Why a line is not taken, or not supported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lack {
    /// What the article asks for is not named.
    Unmet {
        /// The article.
        article: ArticleId,
        /// What it asks for.
        needs: Needs,
        /// What it is counted per: of a roll-out the phase is wanted too.
        per: Per,
    },
    /// No record is known by what was typed, or more than one.
    Unknown {
        /// The article.
        article: ArticleId,
        /// What it asks for.
        needs: Needs,
        /// What was typed.
        subject: String,
    },
    /// A city of a roll-out, without the phase (1.6.1(2)).
    NoPhase {
        /// The article.
        article: ArticleId,
        /// The city, which is confirmed.
        city: String,
    },
    /// A reversal, which stands on the line that it reverses.
    OfReversal {
        /// The reversal.
        line: Seq,
    },
    /// The article asks for no record or month.
    NoPlace {
        /// The article.
        article: ArticleId,
        /// What was typed.
        subject: String,
    },
    /// The records show no month without a promotion there (2.2.1(4)).
    NoGap {
        /// The article.
        article: ArticleId,
        /// The month.
        month: Month,
    },
    /// The records show no shortfall of the roll-out by that day (1.6.1(2)).
    NoShortfall {
        /// The article.
        article: ArticleId,
        /// The phase that is not over, or was reached.
        subject: LineSubject,
    },
    /// It is charged already, and that line stands (decision 14).
    Charged {
        /// The line.
        line: Seq,
        /// What it stands for.
        subject: LineSubject,
    },
    /// The line has what its article asks for.
    Supported {
        /// The line.
        line: Seq,
    },
}

impl Lack {
    /// The stable name in files and JSON.
    pub fn reason(&self) -> &'static str {
        match self {
            Lack::Unmet { .. } => "need missing",
            Lack::Unknown { .. } => "unknown subject",
            Lack::NoPlace { .. } => "no subject",
            Lack::NoPhase { .. } => "phase missing",
            Lack::NoGap { .. } => "no gap",
            Lack::NoShortfall { .. } => "no shortfall",
            Lack::OfReversal { .. } => "line is a reversal",
            Lack::Charged { .. } => "already charged",
            Lack::Supported { .. } => "supported",
        }
    }

    /// The field that it is about, in the words of the import files.
    pub fn field(&self) -> &'static str {
        match self {
            Lack::Unmet { needs: Needs::Evidence, .. } => "evidence",
            Lack::Supported { .. } | Lack::OfReversal { .. } => "line",
            _ => "subject",
        }
    }

    /// The section or decision that it rests on.
    pub fn clause(&self) -> &'static str {
        match self {
            Lack::Charged { .. } => "decision 14",
            Lack::NoGap { .. } => "2.2.1(4)",
            Lack::NoShortfall { .. } => "1.6.1(2)",
            _ => "section 2",
        }
    }
}

/// A record that a line can stand for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chargeable {
    /// What the line then says.
    pub subject: LineSubject,
    /// Where.
    pub city: String,
    /// When.
    pub on: Day,
    /// Whether it is on record still, and not voided.
    pub stands: bool,
}

/// As it is written in files, where numbers of entries mean nothing: `杭州 2011-03-02`.
impl fmt::Display for Chargeable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.subject {
            LineSubject::Conference(_) | LineSubject::Training(_) => write!(f, "{} {}", self.city, self.on),
            _ => self.subject.fmt(f),
        }
    }
}

/// The records among facts that lines can stand for, and those that are voided.
pub fn chargeables(filed: &[Arc<Filed>]) -> Vec<Chargeable> {
    let in_fact = |filed: &Filed| {
        let Act::Happened(h) = &filed.act else { return Vec::new() };
        let of =
            |subject, city: &String| Chargeable { subject, city: city.clone(), on: h.on, stands: filed.void.is_none() };
        match &h.fact {
            Fact::Territory(territory::TerritoryStep::ConferenceHeld(held)) => {
                vec![of(LineSubject::Conference(filed.known()), &held.city)]
            }
            Fact::Service(service::ServiceStep::TrainingHeld { city, .. }) => {
                vec![of(LineSubject::Training(filed.known()), city)]
            }
            Fact::Territory(territory::TerritoryStep::Confirmed { city, .. }) => {
                let phases = Phase::ALL.map(|phase| LineSubject::Rollout(city.clone(), phase));
                let all = std::iter::once(LineSubject::Territory(city.clone())).chain(phases);
                all.map(|subject| of(subject, city)).collect()
            }
            _ => Vec::new(),
        }
    };
    filed.iter().flat_map(|filed| in_fact(filed)).collect()
}

/// What a line stands for, as people and files say it: a record by where and when it was, not by its number.
pub fn written(chargeables: &[Chargeable], subject: &LineSubject) -> String {
    let found = chargeables.iter().find(|one| one.subject == *subject);
    found.map_or_else(|| subject.to_string(), ToString::to_string)
}

/// Whether what a line stands for is on record.
pub fn stands(chargeables: &[Chargeable], subject: &LineSubject) -> bool {
    chargeables.iter().any(|one| one.stands && one.subject == *subject)
}

/// Whether a subject is of the kind that an article wants.
pub fn fits(article: &Article, subject: &LineSubject) -> bool {
    match subject {
        LineSubject::Conference(_) => article.needs == Needs::Conference,
        LineSubject::Training(_) => article.needs == Needs::Training,
        LineSubject::Territory(_) => article.needs == Needs::Territory && article.per != Per::TerritoryPhase,
        LineSubject::Rollout(..) => article.needs == Needs::Territory && article.per == Per::TerritoryPhase,
        LineSubject::Month(_) => article.needs == Needs::Month,
        LineSubject::Rectification(_) => article.needs == Needs::Rectification,
        LineSubject::Named(_) => false,
    }
}

/// Whether a line has what its article asks for. What it stands for may be voided since: `there` says whether a record
/// still is.
pub fn is_supported(line: &Line, there: impl FnOnce(&LineSubject) -> bool) -> bool {
    match (line.needs, &line.subject) {
        _ if matches!(line.kind, LineKind::Reversal | LineKind::Void) => true,
        // These are refused without.
        (Needs::Outlet | Needs::Rectification, _) => true,
        (Needs::Evidence, _) => says_something(&line.evidence) || says_something(&line.note),
        (Needs::Month, Some(LineSubject::Month(_))) => true,
        (_, Some(LineSubject::Named(_)) | None) => false,
        (Needs::Conference | Needs::Training | Needs::Territory | Needs::Month, Some(subject)) => there(subject),
    }
}

/// Whether a text says anything: a stroke or a dot alone is no evidence.
fn says_something(text: &Option<String>) -> bool {
    text.as_ref().is_some_and(|text| text.chars().any(char::is_alphanumeric))
}

/// Meets a deduction's need: its subject becomes the record that was meant. `strict`: what is not met is refused;
/// otherwise it is kept as it was typed.
pub(super) fn meet(
    on_record: &mut dyn OnRecord,
    article: &Article,
    d: &Deduction,
    strict: bool,
) -> Result<Deduction, Refusal> {
    let evidence = text("evidence", d.evidence.as_deref(), NAME_MAX, false)?;
    let mut subject = match &d.subject {
        Some(LineSubject::Named(typed)) => text("subject", Some(typed), NAME_MAX, false)?.map(LineSubject::Named),
        other => other.clone(),
    };
    let unmet = Refusal::Needs(Lack::Unmet { article: article.id.clone(), needs: article.needs, per: article.per });
    match article.needs {
        // It came with what it stands on.
        Needs::Rectification => {}
        Needs::Outlet => {
            if let (true, Some(subject)) = (strict, &subject) {
                let (article, subject) = (article.id.clone(), subject.to_string());
                return Err(Refusal::Needs(Lack::NoPlace { article, subject }));
            }
        }
        Needs::Evidence => {
            let note = text("note", d.note.as_deref(), super::NOTE_MAX, true)?;
            let said = says_something(&evidence) || says_something(&note);
            if strict && !said {
                return Err(unmet);
            }
        }
        Needs::Conference | Needs::Training | Needs::Territory | Needs::Month => {
            subject = match (subject, strict) {
                (None, true) => return Err(unmet),
                (None, false) => None,
                (Some(asked), _) => match found(on_record, article, (&d.provider, d.occurred_on), &asked) {
                    Ok(found) => {
                        if strict {
                            once::gap_there(on_record, article, d, &found)?;
                            once::shortfall_there(on_record, article, d, &found)?;
                            once::investigated_there(on_record, article, d, &found)?;
                        }
                        once::by_hand(on_record, d, &found)?;
                        Some(found)
                    }
                    Err(refusal) if strict => return Err(refusal),
                    Err(_) => Some(LineSubject::Named(asked.to_string())),
                },
            }
        }
    }
    Ok(Deduction { subject, evidence, ..d.clone() })
}

/// The record or month that is meant by what was typed: one of the line's day, or before.
pub fn found(
    on_record: &mut dyn OnRecord,
    article: &Article,
    (provider, on): (&ProviderId, Day),
    asked: &LineSubject,
) -> Result<LineSubject, Refusal> {
    let typed = spelled(article, &asked.to_string());
    let unknown = || {
        let (article, needs, subject) = (article.id.clone(), article.needs, typed.clone());
        Refusal::Needs(Lack::Unknown { article, needs, subject })
    };
    if article.needs == Needs::Month {
        let month: Month = typed.parse().map_err(|_| unknown())?;
        return if month > Month::of(on) { Err(unknown()) } else { Ok(LineSubject::Month(month)) };
    }
    let mut all = on_record.chargeables(provider);
    all.retain(|one| one.stands && one.on <= on && fits(article, &one.subject));
    // Who types the number of an entry that came in another's place means the same record (decision 13).
    let number = typed.strip_prefix('#').unwrap_or(&typed).parse().ok().map(Seq);
    let number = number.map(|seq| correction::known(&mut |seq| on_record.entry(seq), seq));
    let spoken = typed.rsplit_once(' ').and_then(|(city, day)| Some((city.trim(), parse_day(day).ok()?)));
    let is = |one: &&Chargeable| match &one.subject {
        LineSubject::Conference(seq) | LineSubject::Training(seq) => {
            Some(*seq) == number || spoken == Some((&one.city, one.on))
        }
        subject => subject.to_string() == typed,
    };
    let mut meant = all.iter().filter(is);
    match (meant.next(), meant.next()) {
        (Some(one), None) => Ok(one.subject.clone()),
        (None, _) if article.per == Per::TerritoryPhase && all.iter().any(|one| one.city == typed) => {
            Err(Refusal::Needs(Lack::NoPhase { article: article.id.clone(), city: typed }))
        }
        _ => Err(unknown()),
    }
}

/// What was typed, as a subject is spelled: a phase by its word, `杭州/first`, also where it was typed in Chinese, with
/// blanks around the stroke, or with a wide one.
fn spelled(article: &Article, typed: &str) -> String {
    let parts = typed.rsplit_once(['/', '／']).filter(|_| article.per == Per::TerritoryPhase);
    let Some((city, phase)) = parts else { return typed.to_owned() };
    let phase = match phase.trim() {
        "首批" => Phase::First.word(),
        "全部" | "全部网点" => Phase::All.word(),
        other => other,
    };
    format!("{}/{phase}", city.trim())
}

/// Adds what a line lacked: its subject, or its evidence.
pub(super) fn support(
    on_record: &mut dyn OnRecord,
    seq: Seq,
    subject: Option<&str>,
    evidence: Option<&str>,
    cx: Context<'_>,
) -> Result<Event, Refusal> {
    let (provider, line) = on_record.line(seq).ok_or(Refusal::UnknownLine { line: seq })?;
    if matches!(line.kind, LineKind::Reversal | LineKind::Void) {
        return Err(Refusal::Needs(Lack::OfReversal { line: seq }));
    }
    if let Some(by) = line.reversed_by {
        let reversed = Refusal::AlreadyReversed { line: seq, by };
        return Err(correction::replaced_by(on_record, seq, by).unwrap_or(reversed));
    }
    let chargeables = on_record.chargeables(&provider);
    if is_supported(&line, |subject| stands(&chargeables, subject)) {
        return Err(Refusal::Needs(Lack::Supported { line: seq }));
    }
    let unknown = || Refusal::UnknownArticle { article: line.article.to_string() };
    let article = cx.rules(&provider, line.occurred_on).article(line.article.as_str()).ok_or_else(unknown)?;
    let asked = Deduction {
        provider: provider.clone(),
        article: line.article.clone(),
        points: line.points,
        occurred_on: line.occurred_on,
        outlet: line.outlet.clone(),
        problem: None,
        note: None,
        subject: subject.map(|typed| LineSubject::Named(typed.to_owned())),
        evidence: evidence.map(str::to_owned),
    };
    // By the need that was the law of its day.
    let article = Article { needs: line.needs, ..article.clone() };
    let met = meet(on_record, &article, &asked, true)?;
    let is = Support { subject: met.subject, evidence: met.evidence.or(line.evidence.clone()) };
    let was = Support { subject: line.subject, evidence: line.evidence };
    Ok(Event::Supported { line: seq, provider, occurred_on: line.occurred_on, was, is })
}

/// What a line stands on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Support {
    /// What it stands for.
    pub subject: Option<LineSubject>,
    /// What was seen: a file, a number of a document.
    pub evidence: Option<String>,
}

/// Takes a support back: the line stands on what it stood on before.
pub(super) fn take_back(on_record: &mut dyn OnRecord, entry: Seq, event: &Event) -> Result<Event, Refusal> {
    let Event::Supported { line, provider, occurred_on, was, is } = event else {
        return Err(Refusal::NotVoidable { entry, kind: event.kind() });
    };
    let (_, now) = on_record.line(*line).ok_or(Refusal::UnknownLine { line: *line })?;
    if (&now.subject, &now.evidence) != (&is.subject, &is.evidence) {
        // It was taken back already, or another came after it.
        return Err(Refusal::NotVoidable { entry, kind: event.kind() });
    }
    if let Some(by) = now.reversed_by {
        return Err(Refusal::AlreadyReversed { line: *line, by });
    }
    let (line, provider, occurred_on) = (*line, provider.clone(), *occurred_on);
    if let Some(subject) = &was.subject {
        once::counts_as(on_record, (&provider, line, &now.article), subject)?;
    }
    Ok(Event::Supported { line, provider, occurred_on, was: is.clone(), is: was.clone() })
}
