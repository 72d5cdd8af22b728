//! What a correction changes, before it is done (decision 13): the command line and the console say it in the same words.

use crate::desk::{Changes, Weighed};
use crate::domain::{Event, FindingId, Measured, Obligation};
use crate::ids::{ProviderId, Seq};
use crate::journal::Chained;
use crate::time::{Moment, show_moment};
use crate::words::{self, Lang};
use serde_json::{Value, json};

/// An entry in one line: its number, what it is, when it was recorded and by whom.
pub fn named(lang: Lang, recorded: &Chained) -> String {
    let args = [
        ("seq", recorded.seq.to_string()),
        ("what", super::title(lang, &recorded.entry.event)),
        ("at", show_moment(recorded.entry.at)),
        ("by", recorded.entry.by.clone()),
    ];
    super::safe(&lang.say_texts("void-entry", &args))
}

/// The entries that a correction takes away or brings back, the one that was asked for first.
pub fn taken_away(weighed: &Weighed, entry: Seq) -> Vec<Seq> {
    match weighed.events.first() {
        Some(Event::Voided { entries, .. } | Event::Restored { entries, .. }) => entries.clone(),
        _ => vec![entry],
    }
}

/// What a correction changes, line by line; that it changes nothing, where it does not.
pub fn changes(lang: Lang, weighed: &Weighed) -> Vec<String> {
    let mut lines = Vec::new();
    let some: Vec<&Changes> = weighed.changes.iter().filter(|changes| !changes.is_empty()).collect();
    // What counts most comes first: scores, then findings, then what is due.
    some.iter().for_each(|changes| scored(lang, changes, &mut lines));
    for changes in &some {
        let mut more = Vec::new();
        at_one(lang, changes, &mut more);
        if some.len() > 1 && !more.is_empty() {
            lines.push(lang.say_texts("void-provider", &[("provider", changes.provider.to_string())]));
        }
        lines.extend(more);
    }
    if lines.is_empty() { vec![lang.say("void-nothing")] } else { lines }
}

fn scored(lang: Lang, changes: &Changes, lines: &mut Vec<String>) {
    for score in &changes.scores {
        let args = [
            ("provider", changes.provider.to_string()),
            ("year", score.year.to_string()),
            ("before", score.before.to_string()),
            ("after", score.after.to_string()),
            ("standing", words::standing(lang, score.standing)),
        ];
        lines.push(lang.say_texts("void-score", &args));
    }
}

fn at_one(lang: Lang, changes: &Changes, lines: &mut Vec<String>) {
    let Changes { opened, closed, moved, found, measured, gone, reopened, decided, changed, .. } = changes;
    let findings = [
        ("record-found", found),
        ("record-gone", gone),
        ("void-reopens", reopened),
        ("void-decides", decided),
        ("void-decided-otherwise", changed),
    ];
    for (key, ids) in findings {
        lines.extend(ids.iter().map(|id| lang.say_texts(key, &[("finding", id.to_string())])));
    }
    for (id, was, now) in measured {
        let (was, now) = (words::measured(lang, was), words::measured(lang, now));
        lines.push(lang.say_texts("void-measures", &[("finding", id.to_string()), ("was", was), ("now", now)]));
    }
    for (seq, was, o) in moved {
        let (what, about) = (words::obligation(lang, o.kind), words::about(&o.about));
        let (seq, was, due) = (seq.to_string(), show_moment(*was), show_moment(o.due));
        let args = [("what", what), ("about", about), ("seq", seq), ("was", was), ("due", due)];
        lines.push(lang.say_texts("void-moves", &args));
    }
    for (seq, o) in closed {
        let args = [("what", words::obligation(lang, o.kind)), ("seq", seq.to_string()), ("due", show_moment(o.due))];
        lines.push(lang.say_texts("void-closes", &args));
    }
    for (_, o) in opened {
        let (what, about) = (words::obligation(lang, o.kind), words::about(&o.about));
        let (due, clause) = (show_moment(o.due), o.kind.clause().to_owned());
        let args = [("due", due), ("what", what), ("about", about), ("clause", clause)];
        lines.push(lang.say_texts("record-opens", &args));
    }
}

/// The same by stable names, of one provider.
pub fn changes_json(changes: &Changes) -> Value {
    let Changes { provider, scores, opened, closed, moved, found, measured, gone, reopened, decided, changed } =
        changes;
    let due = |list: &[(Seq, Obligation)]| -> Vec<Value> {
        let one = |(seq, o): &(Seq, Obligation)| {
            let due = show_moment(o.due);
            json!({ "obligation": o.kind.word(), "entry": seq.0, "about": o.about.to_string(), "due": due })
        };
        list.iter().map(one).collect()
    };
    let ids = |list: &[FindingId]| -> Vec<String> { list.iter().map(FindingId::to_string).collect() };
    let moves = |(seq, was, o): &(Seq, Moment, Obligation)| {
        let (was, due) = (show_moment(*was), show_moment(o.due));
        json!({ "obligation": o.kind.word(), "entry": seq.0, "about": o.about.to_string(), "was": was, "due": due })
    };
    let measures = |(id, was, now): &(FindingId, Measured, Measured)| json!({ "finding": id.to_string(), "was": super::measured(was), "now": super::measured(now) });
    let score = |s: &crate::desk::Scored| json!({ "year": s.year, "before": s.before.0, "after": s.after.0, "standing": s.standing.word() });
    json!({
        "provider": ProviderId::as_str(provider),
        "scores": scores.iter().map(score).collect::<Vec<_>>(),
        "opens": due(opened),
        "closes": due(closed),
        "moves": moved.iter().map(moves).collect::<Vec<_>>(),
        "finds": ids(found),
        "measures": measured.iter().map(measures).collect::<Vec<_>>(),
        "finds_no_more": ids(gone),
        "reopens": ids(reopened),
        "decides": ids(decided),
        "decided_otherwise": ids(changed),
    })
}

/// What an entry is, as a stable word: that of its record where it is one.
pub fn word(event: &Event) -> String {
    match event {
        Event::Happened(h) => h.fact.word(),
        event => event.kind().to_owned(),
    }
}
