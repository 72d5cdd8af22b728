//! `entry`: one entry of the journal, whole.

use super::output::{Answer, Exit, Failure};
use crate::desk::Desk;
use crate::exchange::entry::{self, Row};
use crate::ids::Seq;
use unicode_width::UnicodeWidthStr;

/// `koufen entry`.
pub fn entry(desk: &Desk, seq: Seq, answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    let (found, last) = desk.entry(seq)?;
    let none = || Failure::Own(Exit::Refused, "unknown entry", entry::none(answer.lang, seq, last));
    let recorded = found.ok_or_else(none)?;
    let corrections = entry::corrections(&desk.corrected(seq)?);
    if answer.json {
        let mut value = entry::json(&desk.rulebook(), &recorded);
        for (field, by) in corrections {
            value[field] = serde_json::json!(by.map(|seq| seq.0));
        }
        answer.json(&value)?;
        return Ok(Exit::Ok);
    }
    let mut rows = entry::rows(answer.lang, &desk.rulebook(), &recorded);
    for (field, by) in corrections {
        if let Some(by) = by
            && let (Some(other), _) = desk.entry(by)?
        {
            rows.push(entry::corrected(answer.lang, field, &other));
        }
    }
    told(&rows, answer)?;
    Ok(Exit::Ok)
}

/// Rows of labels and texts, one under the other.
pub fn told(rows: &[Row], answer: &mut Answer<'_>) -> Result<(), Failure> {
    let widest = rows.iter().map(|row| row.label.width()).max().unwrap_or(0);
    for row in rows {
        let mut label = row.label.as_str();
        // A text of several lines stays under its first.
        for line in row.text.lines() {
            let pad = " ".repeat(widest - label.width());
            answer.line(format!("{label}{pad}  {line}").trim_end())?;
            label = "";
        }
    }
    Ok(())
}
