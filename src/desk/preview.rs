//! What a command would do, before it is asked for: to the score, and to what is due and found.

use super::core::{Core, Group};
use super::{Asked, Preview, Weighed};
use crate::domain::discretion::Usage;
use crate::domain::{self, Command, Context, Event, Line, LineKind, LineLaw, Refusal};
use crate::ids::Seq;
use crate::points::{Points, Score};
use crate::rulebook::{ArticleKind, Marks};
use crate::store::StoreError;
use crate::time::Moment;
use chrono::Datelike;

impl Core {
    /// What a command would do: what `what-if` says of it, and where it is a line, what the score makes of that.
    pub fn preview(
        &mut self,
        by: &str,
        command: &Command,
        cx: Context<'_>,
    ) -> Result<Result<Preview, Refusal>, StoreError> {
        let mut group = Group::new(self.journal.head().seq, by.to_owned());
        group.together = true;
        let (decided, weighed) = self.try_out(&mut group, vec![Asked { command: command.clone(), nth: None }], cx)?;
        if let Some(Err(refusal)) = decided.into_iter().next() {
            return Ok(Err(refusal));
        }
        self.scored(weighed, cx).map(Ok)
    }

    fn scored(&mut self, weighed: Weighed, cx: Context<'_>) -> Result<Preview, StoreError> {
        let event = weighed.events.first().cloned().ok_or(StoreError::Closed)?;
        let (provider, now) = (event.provider().cloned().ok_or(StoreError::Closed)?, cx.now);
        let day = match &event {
            Event::Reversed { occurred_on, .. } => *occurred_on,
            Event::Voided { lines, .. } | Event::Restored { lines, .. } => {
                lines.first().map_or(now.day(), |(day, _)| *day)
            }
            _ => event.deduction().map_or(now.day(), |(deduction, ..)| deduction.occurred_on),
        };
        let marks = &cx.rules(&provider, day).marks;
        let before = self.view.year(&provider, day.year())?;
        // Its lines matter to a line alone: a record is previewed at each key.
        let is_line = event.deduction().is_some() || matches!(event, Event::Reversed { .. });
        let mut lines = if is_line { self.view.lines_of(&provider, day.year())? } else { Vec::new() };
        let (mut effective, mut crossing_at) = (Points(0), None);
        match (&event, event.deduction()) {
            (_, Some((deduction, law))) => {
                let line = trial(deduction, law, now);
                let article = cx.rules(&provider, day).article(deduction.article.as_str());
                let next = next_mark(before.score, marks);
                if let (Some(article), Some(next), ArticleKind::Deduction) = (article, next, law.kind) {
                    let reaches = |points: u32| {
                        let mut lines = lines.clone();
                        lines.push(Line { points: Points(points), ..line.clone() });
                        domain::YearLedger::of(&mut lines).score >= next
                    };
                    crossing_at = first((article.min.0, article.max.0), reaches).map(Points);
                }
                lines.push(line);
            }
            (Event::Reversed { line, .. }, None) => {
                effective = lines.iter().find(|l| l.seq == *line).map_or(Points(0), |l| l.effective);
            }
            _ => {}
        }
        let of = weighed.changes.iter().filter(|changes| changes.provider == provider);
        let changed = of.flat_map(|changes| &changes.scores).find(|score| score.year == day.year());
        let after = changed.map_or(before.score, |score| score.after);
        if event.deduction().is_some() {
            domain::YearLedger::of(&mut lines);
            effective = lines.iter().find(|line| line.seq.0 == u64::MAX).map_or(Points(0), |line| line.effective);
        }
        let used = match event.deduction() {
            Some((deduction, _)) => self.view.usage(&deduction.article)?,
            None => Usage::default(),
        };
        let crosses = marks.crossed(before.score, after);
        Ok(Preview {
            event,
            provider,
            year: day.year(),
            before: before.score,
            after,
            standing_before: marks.standing(before.score),
            standing_after: marks.standing(after),
            effective,
            crosses,
            crossing_at,
            weighed,
            used,
        })
    }
}

/// The first of a range for which something holds that holds for all after it too.
fn first((min, max): (u32, u32), holds: impl Fn(u32) -> bool) -> Option<u32> {
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
fn next_mark(score: Score, marks: &Marks) -> Option<Score> {
    marks.each().map(|(mark, _)| mark).find(|mark| *mark > score)
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
