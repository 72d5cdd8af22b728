//! Decision 14: two entries that say the same are asked about, not silently taken.

use super::territory::TerritoryStep;
use super::{Deduction, Event, Fact, Line, LineKind, LineSubject, Refusal, RequestKind, Subject};
use crate::ids::{OutletId, ProviderId, Seq, problem_key};
use crate::time::{Day, Moment};
use serde::Serialize;

/// What an entry says that can be said twice: kind, subject, day and content. What follows from it (deadlines, findings,
/// caps) is no part of that, nor the time of day; a note is, and so is who stands for it. Corrections, decisions and
/// marks say how something is: saying that twice adds nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Said<'a> {
    /// A line of the ledger.
    Line(&'a Deduction),
    /// An outlet asks.
    Request {
        /// Whose it is to answer.
        provider: &'a ProviderId,
        /// The outlet.
        outlet: &'a OutletId,
        /// What it asks for.
        kind: RequestKind,
        /// The day on which it asked.
        on: Day,
        /// What about.
        note: Option<&'a str>,
    },
    /// A conference was held: a city has one a day, so another with other figures is that one, put right or mistyped.
    Conference {
        /// At which provider.
        provider: &'a ProviderId,
        /// Where.
        city: &'a str,
        /// The day.
        on: Day,
    },
    /// Something else happened.
    Record {
        /// At which provider.
        provider: &'a ProviderId,
        /// What.
        fact: &'a Fact,
        /// The day.
        on: Day,
        /// Who stands for it.
        confirmed_by: Option<&'a str>,
        /// Reason and remarks.
        note: Option<&'a str>,
    },
}

impl Said<'_> {
    /// Whose it is, and the day on which it happened.
    pub fn of(&self) -> (&ProviderId, Day) {
        match self {
            Said::Line(deduction) => (&deduction.provider, deduction.occurred_on),
            Said::Request { provider, on, .. }
            | Said::Conference { provider, on, .. }
            | Said::Record { provider, on, .. } => (provider, *on),
        }
    }
}

impl Event {
    /// What it says, if that can be said twice.
    pub fn said(&self) -> Option<Said<'_>> {
        match self {
            Event::RequestOpened(request) => Some(Said::Request {
                provider: &request.provider,
                outlet: &request.outlet,
                kind: request.kind,
                on: request.asked.day(),
                note: request.note.as_deref(),
            }),
            Event::Happened(h) if let Fact::Territory(TerritoryStep::ConferenceHeld(held)) = &h.fact => {
                Some(Said::Conference { provider: &h.provider, city: &held.city, on: h.on })
            }
            Event::Happened(h) => Some(Said::Record {
                provider: &h.provider,
                fact: &h.fact,
                on: h.on,
                confirmed_by: h.confirmed_by.as_deref(),
                note: h.note.as_deref(),
            }),
            _ => self.deduction().map(|(deduction, ..)| Said::Line(deduction)),
        }
    }
}

/// An entry that is on record and stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Earlier {
    /// Its number.
    pub seq: Seq,
    /// Who recorded it.
    pub by: String,
    /// When.
    pub at: Moment,
    /// What happened.
    pub event: Event,
}

/// Whether a line of a finding and one that was typed by hand may be for one thing: they are of one article, day, outlet
/// and problem, as far as both say, and not both name the record that they stand for (section 2), which is compared when
/// a line is taken.
pub fn may_be_one(deduction: &Deduction, line: &Line) -> bool {
    let of_one = |subject: &Option<LineSubject>| matches!(subject, Some(LineSubject::Named(_)) | None);
    let problems = deduction.problem.as_deref().map(problem_key).zip(line.problem.as_deref().map(problem_key));
    line.article == deduction.article
        && (line.occurred_on == deduction.occurred_on || is_for_a_term(deduction))
        && line.kind == LineKind::Deduction
        && line.reversed_by.is_none()
        && deduction.outlet.as_ref().zip(line.outlet.as_ref()).is_none_or(|(one, other)| one == other)
        && problems.is_none_or(|(one, other)| one == other)
        && (of_one(&deduction.subject) || of_one(&line.subject))
}

/// Whether a line is for a term that was missed: by hand it is dated by the asking, the term or the answer, so that another
/// of the year may be it.
pub fn is_for_a_term(deduction: &Deduction) -> bool {
    deduction.article.as_str() == Subject::Exit(Seq(0)).article()
}

/// Refuses an event that says what an earlier one says already.
pub fn ask(event: &Event, earlier: &Earlier) -> Result<(), Refusal> {
    match (event.said(), earlier.event.said()) {
        (Some(said), Some(before)) if said == before => {
            Err(Refusal::SaidBefore { seq: earlier.seq, by: earlier.by.clone(), at: earlier.at })
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::LineLaw;
    use crate::domain::service::{Complainant, ServiceStep};
    use crate::domain::{Happening, Request};
    use crate::points::Points;
    use crate::rulebook::{ArticleKind, Needs};
    use crate::time::{parse_day, parse_moment};

    fn deducted(change: impl FnOnce(&mut Deduction)) -> Event {
        let mut deduction = Deduction {
            provider: "P1".parse().unwrap(),
            article: "brand-standard".parse().unwrap(),
            points: Points(5),
            occurred_on: parse_day("2011-03-02").unwrap(),
            outlet: Some("O1".parse().unwrap()),
            problem: None,
            note: Some("门头".into()),
            subject: None,
            evidence: None,
        };
        change(&mut deduction);
        let law = LineLaw {
            kind: ArticleKind::Deduction,
            cap: None,
            needs: Needs::Outlet,
            edition: None,
            agreed: None,
            proposed: None,
        };
        Event::Deducted { deduction, law }
    }

    fn complained(change: impl FnOnce(&mut Happening)) -> Event {
        let complained =
            ServiceStep::Complained { outlet: "O1".parse().unwrap(), from: Complainant::Outlet, problem: None };
        let mut happening = Happening {
            provider: "P1".parse().unwrap(),
            fact: Fact::Service(complained),
            on: parse_day("2011-03-02").unwrap(),
            confirmed_by: Some("王芳".into()),
            note: None,
            terms: Vec::new(),
            law: crate::domain::Law::None,
        };
        change(&mut happening);
        Event::Happened(Box::new(happening))
    }

    fn asked(change: impl FnOnce(&mut Request)) -> Event {
        let mut request = Request {
            outlet: "O1".parse().unwrap(),
            provider: "P1".parse().unwrap(),
            kind: RequestKind::Help,
            asked: parse_moment("2011-03-02T10:00").unwrap(),
            term: crate::calendar::Term::WorkingHours(12),
            due: parse_moment("2011-03-02T22:00").unwrap(),
            calendar: "x".into(),
            note: None,
        };
        change(&mut request);
        Event::RequestOpened(request)
    }

    #[test]
    fn entries_that_say_the_same_are_asked_about_and_others_are_not() {
        let day = |text| parse_day(text).unwrap();
        let at = |text| parse_moment(text).unwrap();
        let other =
            ServiceStep::Complained { outlet: "O1".parse().unwrap(), from: Complainant::Consumer, problem: None };
        let capped = |event| match event {
            Event::Deducted { deduction, law } => {
                Event::Deducted { deduction, law: LineLaw { cap: Some(Points(10)), ..law } }
            }
            other => other,
        };
        let cases = [
            (deducted(|_| {}), deducted(|_| {}), true),
            (deducted(|_| {}), capped(deducted(|_| {})), true),
            (deducted(|_| {}), deducted(|d| d.provider = "P2".parse().unwrap()), false),
            (deducted(|_| {}), deducted(|d| d.article = "media-exposure".parse().unwrap()), false),
            (deducted(|_| {}), deducted(|d| d.points = Points(6)), false),
            (deducted(|_| {}), deducted(|d| d.occurred_on = day("2011-03-03")), false),
            (deducted(|_| {}), deducted(|d| d.outlet = None), false),
            (deducted(|_| {}), deducted(|d| d.problem = Some("退货".into())), false),
            (deducted(|_| {}), deducted(|d| d.note = None), false),
            (complained(|_| {}), complained(|_| {}), true),
            (complained(|_| {}), complained(|h| h.law = crate::domain::Law::Most(15)), true),
            (complained(|_| {}), complained(|h| h.provider = "P2".parse().unwrap()), false),
            (complained(|_| {}), complained(|h| h.fact = Fact::Service(other)), false),
            (complained(|_| {}), complained(|h| h.on = day("2011-03-03")), false),
            (complained(|_| {}), complained(|h| h.confirmed_by = None), false),
            (complained(|_| {}), complained(|h| h.note = Some("另一次".into())), false),
            (asked(|_| {}), asked(|r| (r.asked, r.due) = (at("2011-03-02T15:00"), at("2011-03-03T03:00"))), true),
            (
                asked(|_| {}),
                asked(|r| (r.term, r.calendar) = (crate::calendar::Term::WorkingHours(24), "y".into())),
                true,
            ),
            (asked(|_| {}), asked(|r| r.asked = at("2011-03-03T10:00")), false),
            (asked(|_| {}), asked(|r| r.outlet = "O2".parse().unwrap()), false),
            (asked(|_| {}), asked(|r| r.kind = RequestKind::Exit), false),
            (asked(|_| {}), asked(|r| r.note = Some("迁店".into())), false),
            (deducted(|_| {}), complained(|_| {}), false),
        ];
        for (event, before, same) in cases {
            let earlier = Earlier { seq: Seq(17), by: "李雷".into(), at: Moment(9), event: before };
            let refusal = Refusal::SaidBefore { seq: Seq(17), by: "李雷".into(), at: Moment(9) };
            let wanted = if same { Err(refusal) } else { Ok(()) };
            assert_eq!(ask(&event, &earlier), wanted, "{event:?} after {:?}", earlier.event);
        }
    }

    /// What says how something is, is never asked about.
    #[test]
    fn corrections_decisions_and_marks_can_be_said_again() {
        let (line, provider, reason) = (Seq(1), "P1".parse().unwrap(), "误记".to_owned());
        let reversed = Event::Reversed { line, provider, occurred_on: parse_day("2011-03-02").unwrap(), reason };
        let earlier = Earlier { seq: Seq(2), by: "x".into(), at: Moment(0), event: reversed.clone() };
        assert_eq!((reversed.said(), ask(&reversed, &earlier)), (None, Ok(())));
    }
}
