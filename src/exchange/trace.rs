//! Why something is so, in words: the rows that the command line and the console show, and the same as JSON with stable
//! names.

mod figures;
mod json;
mod text;

pub use json::{json, of_city};

use super::entry::{self, Row};
use crate::desk::Explained;
use crate::domain::why::{Ground, Target};
use crate::ids::is_hidden;
use crate::rulebook::Rulebook;
use crate::words::Lang;

/// A trace as people read it: the entry whole where it is of one, then ground after ground.
pub fn rows(lang: Lang, book: &Rulebook, told: &Explained) -> Vec<Row> {
    let mut rows = told.recorded.as_ref().map(|recorded| entry::rows(lang, book, recorded)).unwrap_or_default();
    let teller = text::Teller { lang, book, trace: &told.trace };
    let dormant = told.trace.grounds.iter().filter_map(|ground| match ground {
        Ground::Dormant(dormant) => Some(("trace-served", teller.dormant_outlets(dormant))),
        _ => None,
    });
    // Long lists come last: what they come to is read first.
    for (label, lines) in told.trace.grounds.iter().map(|ground| teller.tell(ground)).chain(dormant) {
        let text = lines.join("\n");
        let text: String = text.chars().filter(|c| *c == '\n' || !is_hidden(*c)).collect();
        let label = lang.say(label);
        match rows.last_mut().filter(|last| last.label == label) {
            _ if text.is_empty() => {}
            Some(last) => last.text += &format!("\n{text}"),
            None => rows.push(Row { label, text }),
        }
    }
    rows
}

/// What a trace is of, in a few words: `why 12/exit-answer`.
pub fn title(lang: Lang, target: &Target) -> String {
    let of = match target {
        Target::Entry(seq) => format!("#{seq}"),
        other => other.to_string(),
    };
    lang.say_texts("trace-title", &[("of", of)])
}
