//! What a command would do, before it is asked for: to the score, and to what is due and found.

use super::core::{Core, Group};
use super::{Identity, Preview};
use crate::domain::discretion::Usage;
use crate::domain::life::OutletStep;
use crate::domain::state::Cities;
use crate::domain::{
    self, Act, Command, Context, Event, Fact, Filed, Follows, Line, LineKind, LineLaw, Refusal, Standing, State,
};
use crate::ids::Seq;
use crate::journal::{Chained, Entry, Hash};
use crate::points::{Points, Score};
use crate::rulebook::{ArticleKind, Marks};
use crate::store::StoreError;
use crate::time::{Day, Moment};
use chrono::Datelike;
use std::borrow::Cow;
use std::sync::Arc;

impl Core {
    /// What a command would do.
    pub fn preview(
        &mut self,
        who: &Identity,
        command: &Command,
        cx: Context<'_>,
    ) -> Result<Result<Preview, Refusal>, StoreError> {
        let group = Group::new(self.journal.head(), who.name.clone());
        let event = match self.looked(&group, command, cx)? {
            Ok(event) => event,
            Err(refusal) => return Ok(Err(refusal)),
        };
        self.consequence(event, cx).map(Ok)
    }

    /// What follows from an entry that is not applied yet.
    pub(super) fn follows(&mut self, recorded: &Chained) -> Result<Follows, StoreError> {
        let Chained { seq, entry, .. } = recorded;
        let (event, now) = (&entry.event, entry.at);
        let Some(provider) = event.provider() else { return Ok(Follows::default()) };
        let Some(act) = Act::of(event) else {
            let (entries, void) = match event {
                Event::Voided { entries, .. } => (entries, Some(*seq)),
                Event::Restored { entries, .. } => (entries, None),
                _ => return Ok(Follows::default()),
            };
            let loaded = self.filed(provider)?;
            let mut rows = loaded.facts.clone();
            let gone = rows.iter_mut().filter(|filed| entries.contains(&filed.seq));
            gone.for_each(|filed| Arc::make_mut(filed).void = void);
            let before = self.view.state(provider, &[])?;
            return Ok(Follows::between(&before, &State::fold(&loaded.cities, &rows).0, now));
        };
        let instead = self.view.instead_of(*seq);
        let filed = Arc::new(Filed { seq: *seq, at: now, by: entry.by.clone(), act, void: None, instead });
        if !self.view.is_late(provider, filed.place())? && !filed.act.touches_all() {
            let before = self.view.state(provider, &filed.act.touches())?;
            let mut after = before.clone();
            let mut cities = Cow::Owned(Cities::new());
            named(&mut cities, event);
            after.knows(&cities);
            after.apply(&filed);
            return Ok(Follows::between(&before, &after, now));
        }
        let loaded = self.filed(provider)?;
        let mut cities = Cow::Borrowed(&loaded.cities);
        named(&mut cities, event);
        let before = self.view.state(provider, &[])?;
        let place = loaded.facts.partition_point(|other| other.place() < filed.place());
        let rows = loaded.facts[..place].iter().chain([&filed]).chain(&loaded.facts[place..]);
        Ok(Follows::between(&before, &State::fold(&cities, rows).0, now))
    }

    fn consequence(&mut self, event: Event, cx: Context<'_>) -> Result<Preview, StoreError> {
        let entry = Entry { at: cx.now.max(self.last_at), by: String::new(), event };
        let recorded = Chained { seq: self.journal.head().seq.next(), hash: Hash::default(), entry };
        let follows = self.follows(&recorded)?;
        let event = recorded.entry.event;
        let (provider, now) = (event.provider().cloned().ok_or(StoreError::Closed)?, cx.now);
        let day = match &event {
            Event::Reversed { occurred_on, .. } => *occurred_on,
            Event::Voided { lines, .. } | Event::Restored { lines, .. } => {
                lines.first().map_or(now.day(), |(day, _)| *day)
            }
            _ => event.deduction().map_or(now.day(), |(deduction, ..)| deduction.occurred_on),
        };
        let marks = cx.rules(&provider, day).marks;
        let before = self.view.year(&provider, day.year())?;
        let mut lines = self.view.lines_of(&provider, day.year())?;
        let (mut effective, mut crossing_at) = (Points(0), None);
        match (&event, event.deduction()) {
            (_, Some((deduction, law))) => {
                let line = trial(deduction, law, now);
                let article = cx.rules(&provider, day).article(deduction.article.as_str());
                let next = next_mark(before.score, marks);
                if let (Some(article), Some(next), ArticleKind::Deduction) = (article, next, law.kind) {
                    let reaches = |points: u16| {
                        let mut lines = lines.clone();
                        lines.push(Line { points: Points(points), ..line.clone() });
                        domain::YearLedger::of(&mut lines).score >= next
                    };
                    crossing_at = first((article.min.0, article.max.0), reaches).map(Points);
                }
                lines.push(line);
            }
            (Event::Reversed { line, .. }, None) => {
                let cancelled = lines.iter_mut().find(|l| l.seq == *line);
                effective = cancelled.as_ref().map_or(Points(0), |l| l.effective);
                cancelled.into_iter().for_each(|l| l.reversed_by = Some(Seq(u64::MAX)));
            }
            (Event::Voided { lines: gone, .. }, None) => cancel(&mut lines, gone, Some(Seq(u64::MAX))),
            (Event::Restored { lines: back, .. }, None) => cancel(&mut lines, back, None),
            _ => {}
        }
        let after = domain::YearLedger::of(&mut lines).score;
        if event.deduction().is_some() {
            effective = lines.iter().find(|line| line.seq.0 == u64::MAX).map_or(Points(0), |line| line.effective);
        }
        let used = match event.deduction() {
            Some((deduction, _)) => self.view.usage(&deduction.article)?,
            None => Usage::default(),
        };
        let crosses = all(marks).into_iter().filter(|m| before.score < *m && *m <= after).collect();
        Ok(Preview {
            event,
            provider,
            year: day.year(),
            before: before.score,
            after,
            standing_before: Standing::of(before.score, marks),
            standing_after: Standing::of(after, marks),
            effective,
            crosses,
            crossing_at,
            follows,
            used,
        })
    }
}

/// An outlet that an event brings is among the provider's too.
pub(super) fn named(cities: &mut Cow<'_, Cities>, event: &Event) {
    let outlet = match event {
        Event::OutletAdded(outlet) => outlet,
        Event::Happened(h) => match &h.fact {
            Fact::Outlet(_, OutletStep::Proposed { outlet, .. }) => outlet,
            _ => return,
        },
        _ => return,
    };
    cities.to_mut().insert(outlet.id.clone(), outlet.city.clone());
}

/// Cancels lines of a year, or gives them back; a reversal that is cancelled gives its line back.
fn cancel(lines: &mut [Line], which: &[(Day, Seq)], by: Option<Seq>) {
    for (_, seq) in which {
        let of = lines.iter_mut().find(|l| l.seq == *seq).and_then(|line| {
            line.reversed_by = by;
            line.reverses
        });
        for line in lines.iter_mut().filter(|l| Some(l.seq) == of) {
            line.reversed_by = by.is_none().then_some(*seq);
        }
    }
}

/// All marks, ascending.
pub(super) fn all(marks: Marks) -> [Score; 4] {
    [marks.watch, marks.suspended, marks.critical, marks.terminable]
}

/// The first of a range for which something holds that holds for all after it too.
fn first((min, max): (u16, u16), holds: impl Fn(u16) -> bool) -> Option<u16> {
    let (mut low, mut high) = (min, max.saturating_add(1));
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    (low <= max).then_some(low)
}

/// The next mark above a score.
fn next_mark(score: Score, marks: Marks) -> Option<Score> {
    all(marks).into_iter().find(|mark| *mark > score)
}

/// The line that a deduction would become.
fn trial(d: &domain::Deduction, law: LineLaw, now: Moment) -> Line {
    Line {
        seq: Seq(u64::MAX),
        kind: match law.kind {
            ArticleKind::Deduction => LineKind::Deduction,
            ArticleKind::Credit => LineKind::Credit,
        },
        article: d.article.clone(),
        points: d.points,
        effective: Points(0),
        occurred_on: d.occurred_on,
        recorded_at: now,
        by: String::new(),
        outlet: d.outlet.clone(),
        problem: d.problem.clone(),
        note: d.note.clone(),
        cap: law.cap,
        needs: law.needs,
        subject: d.subject.clone(),
        evidence: d.evidence.clone(),
        reversed_by: None,
        reverses: None,
        edition: law.edition,
        agreed: law.agreed,
        proposed: law.proposed,
    }
}
