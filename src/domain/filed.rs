//! A provider's facts as they are filed: what each says, and where it stands among the others.

use super::case::CaseStep;
use super::exit::ExitStep;
use super::finding::{LineAt, Measured, Subject};
use super::happening::{Fact, Happening};
use super::life::Life;
use super::obligation::{Obligation, ObligationId};
use super::request::Request;
use super::service::ServiceStep;
use super::{Deduction, Event};
use crate::ids::{OutletId, Seq};
use crate::points::Points;
use crate::time::{Day, Moment};
use chrono::Datelike;
use serde::{Deserialize, Serialize};

/// The day of what was there before anything was recorded.
pub const LONG_AGO: Day = Day::MIN;

/// Where a fact stands among those of its provider: its day; within the day what begins something first, then what has
/// a moment, then what ends something; then its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// The day that it happened.
    #[serde(with = "crate::time::day_number")]
    pub day: Day,
    /// The moment in seconds where there is one; before all of them, or after.
    second: i64,
    /// The entry; of one that replaces another, that one.
    pub seq: Seq,
    /// The entry itself: what is voided and what replaces it are not in one place.
    entry: Seq,
}

impl Place {
    /// Of what has a day and no moment.
    pub fn on(day: Day, seq: Seq) -> Place {
        Place { day, second: i64::MIN, seq, entry: seq }
    }

    /// Of what has a moment.
    pub fn at(at: Moment, seq: Seq) -> Place {
        Place { day: at.day(), second: at.0, seq, entry: seq }
    }

    /// Of what ends something on a day.
    pub fn ending(day: Day, seq: Seq) -> Place {
        Place { day, second: i64::MAX, seq, entry: seq }
    }

    /// It as bytes, which are in the order of the places.
    pub fn ordered(self) -> [u8; 28] {
        let mut all = [0; 28];
        let (turned, sign) = (self.day.num_days_from_ce().cast_unsigned() ^ (1 << 31), 1 << 63);
        all[..4].copy_from_slice(&turned.to_be_bytes());
        all[4..12].copy_from_slice(&(self.second.cast_unsigned() ^ sign).to_be_bytes());
        all[12..20].copy_from_slice(&self.seq.0.to_be_bytes());
        all[20..].copy_from_slice(&self.entry.0.to_be_bytes());
        all
    }

    /// The place of those bytes, if their day is one.
    pub fn of_ordered(all: &[u8; 28]) -> Option<Place> {
        let (day, rest) = all.split_first_chunk()?;
        let (second, rest) = rest.split_first_chunk()?;
        let (seq, entry) = rest.split_first_chunk()?;
        let day = Day::from_num_days_from_ce_opt((u32::from_be_bytes(*day) ^ (1 << 31)).cast_signed())?;
        let second = (u64::from_be_bytes(*second) ^ (1 << 63)).cast_signed();
        let entry = Seq(u64::from_be_bytes(entry.try_into().ok()?));
        Some(Place { day, second, seq: Seq(u64::from_be_bytes(*seq)), entry })
    }

    /// The same of an entry that replaces another: among those of its day it stands where that one did.
    pub fn instead(self, of: Seq) -> Place {
        Place { seq: of, ..self }
    }
}

/// A fact of a provider, as it is filed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filed {
    /// The entry.
    pub seq: Seq,
    /// When it was recorded.
    pub at: Moment,
    /// Who recorded it.
    pub by: String,
    /// What it says.
    pub act: Act,
    /// The entry that voids it.
    pub void: Option<Seq>,
    /// The first entry in whose place it came: what stands on that one stands on this.
    pub instead: Option<Seq>,
}

/// What a filed fact says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Act {
    /// An outlet is there, in service, since its signing, or since it was recorded.
    There {
        /// Which.
        outlet: OutletId,
        /// Since when.
        #[serde(with = "crate::time::day_number")]
        since: Day,
    },
    /// Something of parts 1 and 2.
    Happened(Box<Happening>),
    /// An outlet asked.
    Asked(Request),
    /// Its provider answered.
    Answered {
        /// The request.
        request: Seq,
        /// When.
        at: Moment,
    },
    /// A person decided on a finding.
    Decided {
        /// Which.
        subject: Subject,
        /// On what measure.
        measured: Measured,
        /// The line's points; 0 where it was dismissed.
        points: Points,
        /// Its line, where it became one.
        line: Option<LineAt>,
    },
    /// Open obligations were counted again by another calendar.
    Moved {
        /// Its version.
        calendar: String,
        /// What moved, to when.
        moved: Vec<(ObligationId, Moment)>,
    },
    /// An outlet came from another provider, with its life so far.
    Arrived {
        /// Which.
        outlet: OutletId,
        /// The day.
        #[serde(with = "crate::time::day_number")]
        on: Day,
        /// Its life, as the other provider's facts have it.
        life: Life,
        /// What may become due by it, as the transfer says.
        terms: Vec<Obligation>,
    },
    /// An outlet that went to another provider left there, or stayed: what it had asked here is over (2.2.4(1)).
    EndedElsewhere {
        /// Which.
        outlet: OutletId,
        /// The day.
        #[serde(with = "crate::time::day_number")]
        on: Day,
        /// Whether it left.
        exited: bool,
    },
}

impl Act {
    /// What an event says that is folded; none for records of their own (providers, lines, turnover, marks).
    pub fn of(event: &Event) -> Option<Act> {
        let decided = |subject, measured: &Measured, line: Option<&Deduction>| Act::Decided {
            subject,
            measured: measured.clone(),
            points: line.map_or(Points(0), |line| line.points),
            line: line.map(LineAt::of),
        };
        match event {
            Event::OutletAdded(o) => {
                // One that has no signing day is long-standing.
                Some(Act::There { outlet: o.id.clone(), since: o.signed_on.unwrap_or(LONG_AGO) })
            }
            Event::Happened(h) => Some(Act::Happened(h.clone())),
            Event::RequestOpened(request) => Some(Act::Asked(request.clone())),
            Event::RequestAnswered { request, at, .. } => Some(Act::Answered { request: *request, at: *at }),
            Event::FindingConfirmed { finding, measured, deduction, .. } => {
                Some(decided(finding.subject, measured, Some(deduction)))
            }
            Event::FindingDismissed { finding, measured, .. } => Some(decided(finding.subject, measured, None)),
            Event::ObligationsMoved { calendar, moved, .. } => {
                Some(Act::Moved { calendar: calendar.clone(), moved: moved.clone() })
            }
            _ => None,
        }
    }

    /// Where it stands among the facts, given its entry and when that was recorded: a decision of a person stands
    /// where it was taken.
    pub fn place(&self, seq: Seq, recorded: Moment) -> Place {
        match self {
            Act::There { since, .. } => Place::on(*since, seq),
            Act::Happened(h) if h.fact.ends() => Place::ending(h.on, seq),
            Act::Happened(h) => Place::on(h.on, seq),
            Act::Asked(request) => Place::at(request.asked, seq),
            Act::Answered { at, .. } => Place::at(*at, seq),
            // Whoever decides knows what was on record by then, to the end of that day.
            Act::Decided { .. } | Act::Moved { .. } => Place::ending(recorded.day(), seq),
            Act::Arrived { on, .. } => Place::on(*on, seq),
            Act::EndedElsewhere { on, .. } => Place::ending(*on, seq),
        }
    }

    /// What it ends at the providers that had its outlet before, and which outlet that is.
    pub fn ends_elsewhere(&self) -> Option<(OutletId, Act)> {
        let Act::Happened(h) = self else { return None };
        h.ends_elsewhere()
    }

    /// Whether it looks at outlets that it does not name: at all of a city (2.1.3(1)), at all that are left (3.3(1)).
    pub fn touches_all(&self) -> bool {
        let Act::Happened(h) = self else { return false };
        match &h.fact {
            Fact::Service(ServiceStep::TrainingHeld { outlets, .. }) => outlets.is_empty(),
            Fact::Case(CaseStep::Exit(ExitStep::Frozen { .. })) => true,
            _ => false,
        }
    }

    /// The outlets whose lives it looks at or changes.
    pub fn touches(&self) -> Vec<OutletId> {
        match self {
            Act::There { outlet, .. } | Act::Arrived { outlet, .. } => vec![outlet.clone()],
            Act::Happened(h) => h.fact.outlets(),
            Act::Asked(request) => vec![request.outlet.clone()],
            Act::Answered { .. } | Act::Decided { .. } | Act::Moved { .. } | Act::EndedElsewhere { .. } => Vec::new(),
        }
    }
}

impl AsRef<Filed> for Filed {
    fn as_ref(&self) -> &Filed {
        self
    }
}

impl Filed {
    /// The number that its record is known by.
    pub fn known(&self) -> Seq {
        self.instead.unwrap_or(self.seq)
    }

    /// Where it stands.
    pub fn place(&self) -> Place {
        let place = self.act.place(self.seq, self.at);
        match self.act {
            Act::Decided { .. } => place,
            _ => place.instead(self.known()),
        }
    }
}
