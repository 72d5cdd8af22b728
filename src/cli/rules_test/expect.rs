//! What a case comes to, beside what it expects.

use super::file::Expected;
use super::{Failure, Mismatch, Run};
use crate::domain::{Alert, AlertState, FindingState, LineKind, Obligation};
use crate::time::{Moment, show_moment};
use chrono::Datelike;

/// What is otherwise than the case expects.
pub fn mismatches(run: &Run<'_>, said: &str, refused: Option<&str>) -> Result<Vec<Mismatch>, Failure> {
    let Expected { score, standing, counts, due, not_due, finding, alert, no_alert, refused: refusal, says, then: _ } =
        &run.case.expected;
    let year = run.case.year.unwrap_or(run.desk.today().year());
    let row = run.desk.provider(&run.provider, year)?;
    let mut wrong = Vec::new();
    let mut differs = |what: &str, expected: String, found: String| {
        if expected != found {
            wrong.push(Mismatch { what: what.to_owned(), expected, found });
        }
    };
    let of = |text: Option<String>| text.unwrap_or_else(|| format!("no provider {}", run.provider));
    if let Some(score) = score {
        differs("score", score.to_string(), of(row.as_ref().map(|row| row.score.to_string())));
    }
    if let Some(standing) = standing {
        differs("standing", standing.clone(), of(row.as_ref().map(|row| row.standing.word().to_owned())));
    }
    if let Some(counts) = counts {
        let mut lines = run.desk.ledger(&run.provider, year, None, usize::MAX)?;
        lines.retain(|line| matches!(line.kind, LineKind::Deduction | LineKind::Credit));
        let found: Vec<u32> = lines.iter().rev().map(|line| line.effective.0).collect();
        differs("counts", format!("{counts:?}"), format!("{found:?}"));
    }
    if let Some(refusal) = refusal {
        differs("refused", refusal.clone(), refused.unwrap_or("done").to_owned());
    }
    if due.is_some() || not_due.is_some() {
        let rows: Vec<String> =
            run.desk.deadlines(Some(&run.provider))?.iter().map(|due| told(&due.obligation)).collect();
        wrong.extend(there("due", due.as_deref().unwrap_or_default(), &rows));
        let kinds: Vec<String> = rows.iter().filter_map(|row| row.split(' ').next()).map(str::to_owned).collect();
        wrong.extend(absent("not_due", not_due.as_deref().unwrap_or_default(), &kinds));
    }
    if let Some(expected) = finding {
        let mut rows = run.desk.findings(Some(&run.provider))?;
        rows.retain(|finding| finding.state == FindingState::Open);
        let rows = rows.iter().map(|f| format!("{} {} {}", f.id.subject.article(), f.points, f.occurred_on));
        let rows: Vec<String> = rows.collect();
        let as_many = expected.len() == rows.len();
        let missing: Vec<Mismatch> = there("finding", expected, &rows).collect();
        if missing.is_empty() && !as_many {
            let (expected, found) = (listed(expected), listed(&rows));
            wrong.push(Mismatch { what: "finding".into(), expected, found });
        }
        wrong.extend(missing);
    }
    if alert.is_some() || no_alert.is_some() {
        let mut rows = run.desk.alerts(Some(&run.provider))?;
        rows.retain(|alert| alert.state != AlertState::Resolved);
        let names: Vec<String> = rows.iter().map(Alert::id).collect();
        let parts = names.iter().map(|name| name.replace('/', " ")).collect::<Vec<_>>();
        wrong.extend(there("alert", alert.as_deref().unwrap_or_default(), &parts));
        wrong.extend(absent("no_alert", no_alert.as_deref().unwrap_or_default(), &parts));
    }
    wrong.extend(says.iter().flat_map(|says| texts("says", said, says, &[])));
    Ok(wrong)
}

/// What a text says and does not say.
pub fn texts(what: &str, text: &str, says: &[String], says_not: &[String]) -> Vec<Mismatch> {
    let one = |expected: String| Mismatch { what: what.to_owned(), expected, found: text.trim().to_owned() };
    let missing = says.iter().filter(|part| !text.contains(part.as_str())).map(|part| one(part.clone()));
    let there = says_not.iter().filter(|part| text.contains(part.as_str())).map(|part| one(format!("no {part}")));
    missing.chain(there).collect()
}

/// `deposit 杭州 2011-03-09`: the day, or the moment where it is not the day's end.
fn told(o: &Obligation) -> String {
    let day = o.due.day();
    let due = if o.due == Moment::end_of(day) { day.to_string() } else { show_moment(o.due) };
    [o.kind.word().to_owned(), o.about.to_string(), due]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Those of which no row has all words.
fn there<'a>(what: &'a str, expected: &'a [String], rows: &'a [String]) -> impl Iterator<Item = Mismatch> + use<'a> {
    expected.iter().filter(|words| !rows.iter().any(|row| has(row, words))).map(move |words| Mismatch {
        what: what.to_owned(),
        expected: words.clone(),
        found: listed(rows),
    })
}

/// Those of which a row has all words.
fn absent<'a>(what: &'a str, expected: &'a [String], rows: &'a [String]) -> impl Iterator<Item = Mismatch> + use<'a> {
    expected.iter().filter(|words| rows.iter().any(|row| has(row, words))).map(move |words| Mismatch {
        what: what.to_owned(),
        expected: format!("no {words}"),
        found: listed(rows),
    })
}

/// Whether a row has all words of a text, in their order.
fn has(row: &str, words: &str) -> bool {
    let mut parts = row.split(' ');
    words.split_whitespace().all(|word| parts.any(|part| part == word))
}

fn listed(rows: &[String]) -> String {
    if rows.is_empty() { "none".into() } else { rows.join(", ") }
}
