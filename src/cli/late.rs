//! What a line for a year that is over changes of what rested on that year's total.

use crate::desk::LateFound;
use crate::domain::Line;
use crate::exchange::entry;
use crate::journal::Chained;
use crate::words::Lang;
use serde_json::{Value, json};

/// In words; nothing where nothing rested on it.
pub fn lines(lang: Lang, line: &Line, late: &LateFound) -> Vec<String> {
    let mut lines = Vec::new();
    let (year, on) = (late.year.to_string(), line.occurred_on.to_string());
    if !late.crosses.is_empty() {
        let marks: Vec<String> = late.crosses.iter().map(ToString::to_string).collect();
        let args = [("year", year.clone()), ("before", late.before.to_string()), ("marks", marks.join(", "))];
        lines.push(lang.say_texts("late-crosses", &args));
    }
    if !late.since.is_empty() {
        lines.push(lang.say_texts("late-since", &[("year", year), ("on", on)]));
        lines.extend(late.since.iter().map(|recorded| entry::named(lang, recorded)));
    }
    lines
}

/// By stable names.
pub fn json(late: &LateFound) -> Value {
    let entry = |recorded: &Chained| json!({ "entry": recorded.seq.0, "what": entry::word(&recorded.entry.event) });
    json!({
        "year": late.year,
        "before": late.before.0,
        "after": late.after.0,
        "crosses": late.crosses.iter().map(|mark| mark.0).collect::<Vec<_>>(),
        "since": late.since.iter().map(entry).collect::<Vec<_>>(),
    })
}
