//! A journal entry whole: what it is, all its fields, its hash, who recorded it and when. The command line and the
//! console show the same rows; JSON has the same fields by stable names.

mod case;
mod changes;
mod event;
mod fact;
mod value;

use crate::desk::Corrected;
use crate::domain::{Event, Fact};
use crate::exchange::record::KINDS;
use crate::ids::{Seq, is_hidden};
use crate::journal::Chained;
use crate::rulebook::Rulebook;
use crate::words::{self, Lang};
pub use changes::{Told, Tone, changes, changes_json, consequences, named, outlets_json, taken_away, word};
pub use value::{Field, Value};

/// A line of what is shown: a label, and a text that may have lines of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What it is.
    pub label: String,
    /// What it says.
    pub text: String,
}

/// An entry as people read it, in a language: what it is, who recorded it and through which door, then what it says, then its hash. What is
/// blank is left out. What came of an entry later is shown behind, as rows of its own.
pub fn rows(lang: Lang, book: &Rulebook, recorded: &Chained) -> Vec<Row> {
    let (event, came) = (&recorded.entry.event, recorded.entry.came);
    let mut said = vec![Field::new("entry", recorded.seq), Field::new("what", Value::Text(title(lang, event)))];
    said.extend(clause(book, event).map(|clause| Field::new("clause", Value::Text(clause))));
    said.extend([
        Field::new("recorded_at", Value::Text(recorded_at(recorded))),
        Field::new("by", Value::Text(recorded.entry.by.clone())),
        // An entry of the first format does not say, and that is said.
        Field::new("door", Value::Word("door", came.map_or("unknown", |came| came.door.word()).into())),
    ]);
    said.extend(event::fields(event));
    said.extend(asked_under(recorded).map(|id| Field::new("ask", Value::Text(id))));
    said.push(Field::new("hash", Value::Text(hex(recorded))));
    let row = |field: Field| Row { label: words::field(lang, field.name), text: safe(&field.value.text(lang, book)) };
    said.into_iter().map(row).filter(|row| !row.text.is_empty()).collect()
}

/// What corrections made of an entry, by which other, when, by whom and why: `field` says what of it.
pub fn corrected(lang: Lang, field: &'static str, by: &Chained) -> Row {
    let reason = match &by.entry.event {
        Event::Voided { reason, .. } | Event::Restored { reason, .. } | Event::Reversed { reason, .. } => {
            reason.as_str()
        }
        _ => "",
    };
    let (seq, at) = (by.seq.to_string(), recorded_at(by));
    let text = format!("#{seq} {} {at} {}\n{reason}", title(lang, &by.entry.event), by.entry.by);
    Row { label: words::field(lang, field), text: safe(text.trim_end()) }
}

/// All that corrections made of an entry, by the names of the fields.
pub fn corrections(corrected: &Corrected) -> [(&'static str, Option<Seq>); 4] {
    let Corrected { taken_by, replaced_by, replaces, brought_back_by } = *corrected;
    [
        ("voided_by", taken_by),
        ("replaced_by", replaced_by),
        ("replaces", replaces),
        ("brought_back_by", brought_back_by),
    ]
}

/// An entry by stable names; what is blank is null.
pub fn json(book: &Rulebook, recorded: &Chained) -> serde_json::Value {
    let event = &recorded.entry.event;
    serde_json::json!({
        "entry": recorded.seq.0,
        "kind": event.kind(),
        "clause": clause(book, event),
        "provider": event.provider().map(crate::ids::ProviderId::as_str),
        "recorded_at": recorded_at(recorded),
        "by": recorded.entry.by,
        "door": recorded.entry.came.map(|came| came.door.word()),
        "ask": asked_under(recorded),
        "hash": hex(recorded),
        "fields": Value::Group(event::fields(event)).json(),
    })
}

/// The id that an entry was asked under, where one was given.
fn asked_under(recorded: &Chained) -> Option<String> {
    recorded.entry.came.and_then(|came| came.part).map(|part| part.of.to_string())
}

/// A text in one line, as a terminal shows it.
pub fn plain(text: &str) -> String {
    safe(text).replace('\n', " ")
}

/// A text of one or more lines without what a terminal does not show as it is.
fn safe(text: &str) -> String {
    text.chars().map(|c| if c == '\t' { ' ' } else { c }).filter(|c| *c == '\n' || !is_hidden(*c)).collect()
}

/// What an entry is, in a few words.
pub fn title(lang: Lang, event: &Event) -> String {
    let kind = || lang.say(&format!("event-{}", event.kind()));
    match event {
        Event::Happened(h) if matches!(h.fact, Fact::Audit(_)) => title_of(lang, &h.fact.word()),
        Event::Happened(h) => record_kind(&h.fact.word()).map_or_else(kind, |word| words::record_title(lang, word)),
        _ => kind(),
    }
}

/// The same, of an entry that is known by the word of its record or the kind of its event.
pub fn title_of(lang: Lang, word: &str) -> String {
    // A step of an admission says its item, group or department too.
    let key = format!("step-{word}");
    let step = lang.say(&key);
    match record_kind(word) {
        _ if step != key => step,
        Some(kind) => words::record_title(lang, kind),
        None => lang.say(&format!("event-{word}")),
    }
}

/// What was measured, by stable names.
pub fn measured(measured: &crate::domain::Measured) -> serde_json::Value {
    event::of_measured(measured).json()
}

/// The clause that an entry carries out, where one is known.
fn clause(book: &Rulebook, event: &Event) -> Option<String> {
    let article = |id: &str| book.article(id).map(|article| article.clause.clone());
    match event {
        Event::Deducted { deduction, .. } => article(deduction.article.as_str()),
        Event::FindingConfirmed { finding, .. } | Event::FindingDismissed { finding, .. } => {
            article(finding.subject.article())
        }
        Event::TurnoverRecorded { .. } | Event::TurnoverAmended { .. } => Some("2.2.3(3)".to_owned()),
        Event::RequestOpened(request) => Some(request.kind.clause().to_owned()),
        Event::Happened(h) => {
            let word = record_kind(&h.fact.word())?;
            KINDS.iter().find(|kind| kind.word == word).map(|kind| kind.clause.to_owned())
        }
        _ => None,
    }
}

/// The kind of record that a fact was typed as: its word, which may have an item, a group or a department behind it.
fn record_kind(word: &str) -> Option<&'static str> {
    let fits = |kind: &&str| word.strip_prefix(*kind).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
    KINDS.iter().map(|kind| kind.word).filter(fits).max_by_key(|kind| kind.len())
}

fn recorded_at(recorded: &Chained) -> String {
    recorded.entry.at.civil().format("%Y-%m-%dT%H:%M:%S+08:00").to_string()
}

fn hex(recorded: &Chained) -> String {
    recorded.hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// That there is no entry of a number.
pub fn none(lang: Lang, seq: Seq, last: Seq) -> String {
    lang.say_texts("entry-none", &[("seq", seq.to_string()), ("last", last.to_string())])
}
