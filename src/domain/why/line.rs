//! A ledger line to its end: what it says and stands on, in which year it counts, how much of it a cap or the score leaves, and
//! whether it was reversed.

use super::super::ledger::{Counting, Line, LineKind, YearLedger};
use super::super::needs::{LineSubject, chargeables, is_supported, stands};
use super::{Ground, Known, Named, Role};
use crate::domain::{Act, Fact};
use crate::points::Points;
use crate::rulebook::{EditionHash, Needs, Rulebook};
use crate::time::Day;
use chrono::Datelike;

/// Tells a line that takes or gives points, among the lines of its year.
pub fn line(known: &Known<'_>, line: &Line, year: &[Line]) -> Vec<Ground> {
    let mut grounds = of(known, line);
    let mut lines = year.to_vec();
    let now = YearLedger::of(&mut lines).score;
    let at = lines.iter().position(|other| other.seq == line.seq).unwrap_or(lines.len());
    let mut ledger = YearLedger::of(&mut lines[..at].to_vec());
    let before = ledger.score;
    if let Some((cap, group)) = line.cap_group() {
        let same = lines[..at].iter().filter(|other| other.cap_group().is_some_and(|(_, of)| of == group));
        let used = ledger.used.of(&group);
        grounds.push(Ground::Cap {
            cap,
            problem: line.problem.clone().unwrap_or_default(),
            before: same.map(|other| (other.seq, other.occurred_on, other.effective)).collect(),
            used,
            left: Points(cap.0.saturating_sub(used.0)),
            assessed: line.points,
            effective: line.effective,
        });
    }
    if line.kind == LineKind::Credit {
        grounds.push(Ground::Credit { before, assessed: line.points, effective: line.effective });
    }
    ledger.add(&mut line.clone());
    grounds.push(Ground::Score { year: line.occurred_on.year(), before, after: ledger.score, now });
    if let Some(by) = line.reversed_by.and_then(|by| known.named(by)) {
        grounds.push(Ground::Entries(Role::TakenBy, vec![by]));
    }
    grounds
}

/// Tells a reversal: the line that it cancels, and the score without and with it.
pub fn reversal(known: &Known<'_>, reversal: &Line, year: &[Line]) -> Vec<Ground> {
    let mut grounds = of(known, reversal);
    let cancelled = reversal.reverses.and_then(|seq| known.named(seq));
    grounds.push(Ground::Entries(Role::Takes, cancelled.into_iter().collect()));
    let mut lines = year.to_vec();
    let now = YearLedger::of(&mut lines).score;
    let stands = reversal.reversed_by.is_none();
    for line in lines.iter_mut().filter(|line| Some(line.seq) == reversal.reverses && stands) {
        line.reversed_by = None;
    }
    let before = YearLedger::of(&mut lines).score;
    grounds.push(Ground::Score { year: reversal.occurred_on.year(), before, after: now, now });
    if let Some(by) = reversal.reversed_by.and_then(|by| known.named(by)) {
        grounds.push(Ground::Entries(Role::TakenBy, vec![by]));
    }
    grounds
}

/// The law that a line was judged by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The edition's number, where the edition is known here.
    pub number: Option<String>,
    /// The hash of its text.
    pub hash: EditionHash,
    /// The entry by which the provider had the article otherwise, and what it was then.
    pub agreed: Option<(Named, Option<String>)>,
}

/// What a line was judged by; none where its entry says nothing of it.
fn judged(known: &Known<'_>, line: &Line) -> Option<Judged> {
    let hash = line.edition?;
    let value = |seq| match &known.filed.iter().find(|filed| filed.seq == seq)?.act {
        Act::Happened(h) => match &h.fact {
            Fact::Otherwise(agreed) => agreed.value.clone(),
            _ => None,
        },
        _ => None,
    };
    let agreed = line.agreed.and_then(|seq| Some((known.named(seq)?, value(seq))));
    Some(Judged { number: known.cx.laws.known(hash).map(|book| book.edition.clone()), hash, agreed })
}

/// The rulebook that judged a line, as far as it is known here; else the one of its day.
fn book<'a>(known: &Known<'a>, line: &Line) -> &'a Rulebook {
    let today = known.cx.rules(known.provider, line.occurred_on);
    let same = line.edition == Some(today.hash) && today.agreed(line.article.as_str()) == line.agreed;
    let judged = || line.edition.and_then(|hash| known.cx.laws.known(hash));
    if same { today } else { judged().map_or(today, |book| book) }
}

/// The clause with an edition that judges a day.
pub(super) fn clause(book: &Rulebook, clause: &str, article: Option<&str>, on: Day) -> Ground {
    let article = article.and_then(|id| book.article(id));
    Ground::Clause {
        clause: clause.to_owned(),
        edition: (book.edition.clone(), book.effective),
        on,
        article: article.map(|article| (article.id.clone(), article.min, article.max)),
    }
}

/// What every line has: its clause, itself, its year.
fn of(known: &Known<'_>, line: &Line) -> Vec<Ground> {
    let (article, book) = (line.article.as_str(), book(known, line));
    let stands_in = book.article(article).map(|article| article.clause.clone()).unwrap_or_default();
    let (occurred_on, typed_on) = (line.occurred_on, line.recorded_at.day());
    let there = chargeables(known.filed);
    let stands_on = Ground::StandsOn {
        needs: line.needs,
        subject: line.subject.clone(),
        entry: line.subject.as_ref().and_then(LineSubject::entry).and_then(|seq| known.began(seq)),
        outlet: line.outlet.clone().filter(|_| line.needs == Needs::Outlet),
        evidence: line.evidence.clone(),
        supported: is_supported(line, |subject| stands(&there, subject)),
    };
    let clause = clause(book, &stands_in, Some(article), occurred_on);
    let judged = judged(known, line).map(|judged| Ground::Judged(Box::new(judged)));
    let year = Ground::Year { year: occurred_on.year(), occurred_on, typed_on };
    [clause].into_iter().chain(judged).chain([Ground::Line(Box::new(line.clone())), stands_on, year]).collect()
}
