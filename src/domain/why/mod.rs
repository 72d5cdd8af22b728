//! Why something is so, told to its end: a ledger line, a finding, an obligation or any entry, open or closed, with the
//! facts that it rests on and the arithmetic over them. Values only; the words are not here.

mod count;
mod entry;
mod finding;
mod line;
mod obligation;
mod outlets;

pub use count::{Count, Tick};
pub use entry::{around, entry};
pub use finding::{Allowance, Decided, Dormant, Reported, dormant, finding, turnover};
pub use line::{Judged, line, reversal};
pub use obligation::{Outcome, does, obligation};
pub use outlets::{Left, Served};

use super::finding::{LineAt, Measured};
use super::state::Cities;
use super::{
    About, Act, Context, Event, Filed, FindingId, Line, LineSubject, Obligation, ObligationId, ObligationKind, Subject,
};
use crate::ids::{ArticleId, OutletId, ProviderId, Seq};
use crate::money::Fen;
use crate::points::{Points, Score};
use crate::rulebook::Needs;
use crate::time::{Day, Moment, Month, Year};
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// What is asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A journal entry, or the ledger line that it made.
    Entry(Seq),
    /// A finding.
    Finding(FindingId),
    /// An obligation.
    Obligation(ObligationId),
}

/// `12`, `12/exit-answer`, `exit-response/P0002/12`.
impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::Entry(seq) => seq.fmt(f),
            Target::Finding(id) => id.fmt(f),
            Target::Obligation((seq, kind)) => write!(f, "{seq}/{}", kind.word()),
        }
    }
}

impl FromStr for Target {
    type Err = String;
    fn from_str(text: &str) -> Result<Target, String> {
        let bad = || format!("{text:?} is none: write 12, 12/exit-answer or dormant-outlets/P0002/2011-02");
        match text.trim().split_once('/') {
            None => text.parse().map(Target::Entry).map_err(|_| bad()),
            Some((seq, word)) if !word.contains('/') => {
                let kind = ObligationKind::ALL.into_iter().find(|kind| kind.word() == word);
                let id = seq.parse().ok().zip(kind);
                id.map(Target::Obligation).ok_or_else(bad)
            }
            Some(_) => text.parse().map(Target::Finding).map_err(|_| bad()),
        }
    }
}

/// What is told: of what, and the grounds, one after another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// What was asked about.
    pub of: Target,
    /// Whose it is, if it is a provider's.
    pub provider: Option<ProviderId>,
    /// Why it is so.
    pub grounds: Vec<Ground>,
    /// The names of the outlets that the grounds are about.
    pub names: BTreeMap<OutletId, String>,
}

/// An entry that a ground names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Its number.
    pub seq: Seq,
    /// What it is: the word of its record, or the kind of its event.
    pub what: String,
    /// The day that it is about; none of what was there before anything was recorded, or has no day.
    pub on: Option<Day>,
    /// The moment, where it has one.
    pub moment: Option<Moment>,
    /// The outlet that it is about.
    pub outlet: Option<OutletId>,
    /// Who typed it.
    pub by: String,
    /// When it was typed.
    pub at: Moment,
    /// Its reason or remarks.
    pub note: Option<String>,
    /// The entry that takes it away.
    pub void: Option<Seq>,
}

/// Where a row of a list comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The entry.
    pub entry: Seq,
    /// Who typed it.
    pub by: String,
    /// When it was typed.
    pub at: Moment,
}

impl Source {
    /// Of a fact.
    fn of(filed: &Filed) -> Source {
        Source { entry: filed.seq, by: filed.by.clone(), at: filed.at }
    }
}

/// What entries are to what is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Role {
    Began,
    RestsOn,
    StandsOn,
    Takes,
    TakenBy,
    ReplacedBy,
    BringsBack,
    BroughtBackBy,
}

impl Role {
    /// The stable word in files and JSON.
    pub fn word(self) -> &'static str {
        match self {
            Role::Began => "began",
            Role::RestsOn => "rests-on",
            Role::StandsOn => "stands-on",
            Role::Takes => "takes",
            Role::TakenBy => "taken-by",
            Role::ReplacedBy => "replaced-by",
            Role::BringsBack => "brings-back",
            Role::BroughtBackBy => "brought-back-by",
        }
    }
}

/// One reason why it is so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ground {
    /// The clause, the edition in force, and the article.
    Clause {
        /// The clause.
        clause: String,
        /// The edition, and since when it is in force (4.4(1)).
        edition: (String, Day),
        /// The day that is judged by it; it may be before that, where no older edition is loaded.
        on: Day,
        /// The article with its range, where points are at stake.
        article: Option<(ArticleId, Points, Points)>,
    },
    /// Entries.
    Entries(Role, Vec<Named>),
    /// A time limit counted out.
    Count(Box<Count>),
    /// How it went with what was due.
    Outcome(Box<Outcome>),
    /// The term's end was passed: broken at the next second (decision 11).
    Broken {
        /// The last second in time.
        due: Moment,
    },
    /// A part of a whole beside a share (decision 8).
    Ratio(Ratio),
    /// What a city's plan is, from its people (1.6.1(2)).
    Plan {
        /// The city.
        city: String,
        /// People who live there.
        population: u64,
        /// Target and first batch.
        plan: (u32, u32),
        /// People an outlet, and the share of the first batch in percent, where the rulebook that is loaded gives that.
        by: Option<(u32, u32)>,
    },
    /// Outlets that were counted open in a city on a day.
    Served {
        /// The city.
        city: String,
        /// The day.
        on: Day,
        /// How many are wanted.
        need: u32,
        /// Which they were.
        outlets: Vec<Served>,
    },
    /// Outlets that left a city early (2.2.3(1)).
    Left {
        /// The city.
        city: String,
        /// Which.
        outlets: Vec<Left>,
    },
    /// A month's dormant outlets (2.2.3(3), decision 7).
    Dormant(Box<Dormant>),
    /// What a report of turnover counts for.
    Report {
        /// The outlet.
        outlet: OutletId,
        /// The month.
        month: Month,
        /// What the entry says.
        said: Fen,
        /// What is on record now.
        now: Option<Fen>,
    },
    /// The problem that a complaint names (2.2.2).
    Problem(String),
    /// What is measured now, and whether that is a breach.
    Measured(Option<Measured>),
    /// What a person decided.
    Decided(Box<Decided>),
    /// The facts under a decision are others now (decision 12): before and after.
    Changed(Box<(Measured, Option<Measured>)>),
    /// Its line would stand elsewhere now (decision 12): before and after.
    Shifted(Box<(LineAt, LineAt)>),
    /// A ledger line as it stands.
    Line(Box<Line>),
    /// The edition that a line was judged by (decision 26), and what the provider agreed otherwise (4.4(3)).
    Judged(Box<Judged>),
    /// In which year it counts (1.1(7)).
    Year {
        /// The year.
        year: Year,
        /// The day that it occurred.
        occurred_on: Day,
        /// The day that it was typed.
        typed_on: Day,
    },
    /// What a line stands on (section 2).
    StandsOn {
        /// What its article asks for.
        needs: Needs,
        /// What it stands for.
        subject: Option<LineSubject>,
        /// The record that this is, where it is one by number: the one that stands now.
        entry: Option<Named>,
        /// The outlet that the line is about, where that is what its article asks for.
        outlet: Option<OutletId>,
        /// What was seen.
        evidence: Option<String>,
        /// Whether that is what the article asks for, and is on record.
        supported: bool,
    },
    /// In which year the line of a finding would count (1.1(7)).
    LineOn(Day),
    /// The cap of a problem, and who used it up (decision 6).
    Cap {
        /// The cap.
        cap: Points,
        /// The problem.
        problem: String,
        /// Lines before it, with what each counts for.
        before: Vec<(Seq, Day, Points)>,
        /// What they used.
        used: Points,
        /// What was left of the cap.
        left: Points,
        /// Assessed points of the line.
        assessed: Points,
        /// What counts.
        effective: Points,
    },
    /// A credit is never more than the score (decision 5).
    Credit {
        /// The score before it.
        before: Score,
        /// What it gives.
        assessed: Points,
        /// What was usable.
        effective: Points,
    },
    /// The score of the year up to the line, and with it.
    Score {
        /// The year.
        year: Year,
        /// Before.
        before: Score,
        /// After.
        after: Score,
        /// The whole year, today.
        now: Score,
    },
    /// What became due.
    Opened(Vec<Opened>),
    /// What was done by it, or ended.
    Closed(Vec<Opened>),
    /// What is found by it, or measured otherwise.
    Found(Vec<(FindingId, Option<Measured>)>),
    /// What is found no more.
    Gone(Vec<FindingId>),
    /// Nothing follows: it is a record of its own.
    Alone,
}

/// What became due, and how it went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// The entry that began it.
    pub seq: Seq,
    /// What.
    pub obligation: Obligation,
    /// How it went.
    pub outcome: Outcome,
}

/// A part of a whole beside a share in percent, in whole numbers: `part * 100` against `whole * percent`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ratio {
    /// What is compared, as a stable word.
    pub what: &'static str,
    /// The part.
    pub part: u32,
    /// The whole.
    pub whole: u32,
    /// The share in percent.
    pub percent: u32,
    /// Whether the share is the least that is asked for; the most that may be otherwise.
    pub least: bool,
}

impl Ratio {
    /// Both sides of the comparison.
    pub fn sides(self) -> (u64, u64) {
        (u64::from(self.part) * 100, u64::from(self.whole) * u64::from(self.percent))
    }

    /// Whether it breaks the share.
    pub fn is_broken(self) -> bool {
        let (part, whole) = self.sides();
        if self.least { part < whole } else { part > whole }
    }
}

/// What is known of a provider.
pub struct Known<'a> {
    /// The provider.
    pub provider: &'a ProviderId,
    /// The cities of its outlets.
    pub cities: &'a Cities,
    /// Its facts in their order, voided ones too.
    pub filed: &'a [Arc<Filed>],
    /// An entry of the journal, by its number.
    pub entry: &'a dyn Fn(Seq) -> Option<Named>,
    /// When, and by which rules.
    pub cx: Context<'a>,
}

impl Known<'_> {
    /// The fact of an entry.
    fn fact(&self, seq: Seq) -> Option<&Filed> {
        self.filed.iter().map(Arc::as_ref).find(|filed| filed.seq == seq)
    }

    /// The fact that is meant by a number: of an entry that was replaced, or that replaces another, the one that stands
    /// now; where none stands, the last of them (decision 13).
    fn meant(&self, seq: Seq) -> Option<&Filed> {
        let known = self.fact(seq).map_or(seq, Filed::known);
        let all = self.filed.iter().filter(|filed| filed.known() == known);
        all.map(Arc::as_ref).max_by_key(|filed| (filed.void.is_none(), filed.seq))
    }

    /// An entry, and what takes it away.
    fn named(&self, seq: Seq) -> Option<Named> {
        let named = (self.entry)(seq)?;
        Some(Named { void: self.fact(seq).and_then(|filed| filed.void), ..named })
    }

    /// The entry that is meant by a number, and what takes it away.
    fn began(&self, seq: Seq) -> Option<Named> {
        self.named(self.meant(seq).map_or(seq, |filed| filed.seq))
    }

    /// The clause with the edition that judges a day.
    fn clause(&self, clause: &str, article: Option<&str>, on: Day) -> Ground {
        line::clause(self.cx.rules(self.provider, on), clause, article, on)
    }
}

impl Named {
    /// An entry as a provider's facts have it.
    fn of(filed: &Filed) -> Named {
        let long_ago = |day: Day| (day > super::filed::LONG_AGO).then_some(day);
        let (what, on, moment, note) = match &filed.act {
            Act::There { since, .. } => ("outlet-added".to_owned(), long_ago(*since), None, None),
            Act::Happened(h) => (h.fact.word(), Some(h.on), None, h.note.clone()),
            Act::Asked(request) => {
                ("request".to_owned(), Some(request.asked.day()), Some(request.asked), request.note.clone())
            }
            Act::Answered { at, .. } => ("answer".to_owned(), Some(at.day()), Some(*at), None),
            Act::Decided { line: Some(line), .. } => ("finding-confirmed".to_owned(), Some(line.on), None, None),
            Act::Decided { line: None, .. } => ("finding-dismissed".to_owned(), None, None, None),
            Act::Moved { .. } => ("obligations-moved".to_owned(), None, None, None),
            Act::Arrived { on, .. } => ("outlet-transferred".to_owned(), Some(*on), None, None),
            Act::EndedElsewhere { on, exited, .. } => {
                let what = if *exited { "outlet-exited" } else { "exit-withdrawn" };
                (what.to_owned(), Some(*on), None, None)
            }
        };
        let outlet = match &filed.act {
            Act::Happened(h) => h.fact.outlet().or(h.fact.outlets().first()).cloned(),
            act => act.touches().into_iter().next(),
        };
        let (seq, by, at, void) = (filed.seq, filed.by.clone(), filed.at, filed.void);
        Named { seq, what, on, moment, outlet, by, at, note, void }
    }

    /// An entry as the journal has it.
    pub fn of_event(seq: Seq, (at, by): (Moment, &str), event: &Event) -> Named {
        if let Some(act) = Act::of(event) {
            let note = match event {
                Event::FindingDismissed { reason, .. } => Some(reason.clone()),
                Event::FindingConfirmed { deduction, .. } => deduction.note.clone(),
                Event::RequestAnswered { note, .. } => note.clone(),
                _ => None,
            };
            let named = Named::of(&Filed { seq, at, by: by.to_owned(), act, void: None, instead: None });
            return Named { note: note.or(named.note.clone()), ..named };
        }
        let (on, outlet, note) = match event {
            Event::Deducted { deduction, .. } => {
                (Some(deduction.occurred_on), deduction.outlet.clone(), deduction.note.clone())
            }
            Event::Reversed { occurred_on, reason, .. } => (Some(*occurred_on), None, Some(reason.clone())),
            Event::TurnoverRecorded { turnover, .. } => {
                (Some(turnover.month.last()), Some(turnover.outlet.clone()), None)
            }
            Event::TurnoverAmended { turnover, reason, .. } => {
                (Some(turnover.month.last()), Some(turnover.outlet.clone()), Some(reason.clone()))
            }
            Event::Voided { reason, .. } | Event::Restored { reason, .. } | Event::LossAccepted { reason, .. } => {
                (None, None, Some(reason.clone()))
            }
            Event::OutletAmended(outlet) => (None, Some(outlet.id.clone()), None),
            _ => (None, None, None),
        };
        let (what, by) = (event.kind().to_owned(), by.to_owned());
        Named { seq, what, on, moment: None, outlet, by, at, note, void: None }
    }
}

impl Trace {
    /// The outlets that it names.
    pub fn outlets(&self) -> Vec<OutletId> {
        let of = |ground: &Ground| -> Vec<OutletId> {
            match ground {
                Ground::Entries(_, entries) => entries.iter().filter_map(|entry| entry.outlet.clone()).collect(),
                Ground::Served { outlets, .. } => outlets.iter().map(|served| served.outlet.clone()).collect(),
                Ground::Left { outlets, .. } => outlets.iter().map(|left| left.outlet.clone()).collect(),
                Ground::Dormant(dormant) => {
                    dormant.low.outlets.iter().chain(&dormant.zero.outlets).map(|r| r.outlet.clone()).collect()
                }
                Ground::Report { outlet, .. } => vec![outlet.clone()],
                Ground::Line(line) => line.outlet.iter().cloned().collect(),
                Ground::Opened(all) | Ground::Closed(all) => {
                    all.iter().filter_map(|opened| outlet_in(&opened.obligation.about)).collect()
                }
                Ground::Count(count) => outlet_in(&count.about).into_iter().collect(),
                Ground::Outcome(outcome) => outcome.by().and_then(|named| named.outlet.clone()).into_iter().collect(),
                _ => Vec::new(),
            }
        };
        self.grounds.iter().flat_map(of).collect()
    }
}

/// The outlet that something is about.
fn outlet_in(about: &About) -> Option<OutletId> {
    if let About::Outlet(outlet) = about { Some(outlet.clone()) } else { None }
}

/// A finding's name.
fn id_of(provider: &ProviderId, subject: Subject) -> FindingId {
    FindingId { provider: provider.clone(), subject }
}
