//! What a correction changes, before it is done (decision 13): the command line and the console say it in the same words.

use crate::desk::{Changes, Held, OutletChange, Weighed};
use crate::domain::deposit::Account;
use crate::domain::{Alert, Event, FindingId, Measured, Obligation};
use crate::ids::{ProviderId, Seq};
use crate::journal::Chained;
use crate::money::signed;
use crate::rulebook::Rulebook;
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
    told(lang, weighed, &|_| Vec::new())
}

/// The same, and the alerts that fire, say something else or are over.
pub fn consequences(lang: Lang, book: &Rulebook, weighed: &Weighed) -> Vec<String> {
    told(lang, weighed, &|changes| alerts(lang, book, changes))
}

fn told(lang: Lang, weighed: &Weighed, more: &dyn Fn(&Changes) -> Vec<String>) -> Vec<String> {
    let mut lines = Vec::new();
    // What counts most comes first: scores, then findings, then what is due.
    weighed.changes.iter().for_each(|changes| scored(lang, changes, &mut lines));
    let all = weighed.changes.iter().map(|changes| {
        let mut at = Vec::new();
        at_one(lang, changes, &mut at);
        at.extend(more(changes));
        (changes, at)
    });
    let all: Vec<(&Changes, Vec<String>)> = all.collect();
    let several = all.iter().filter(|(changes, at)| !at.is_empty() || !changes.scores.is_empty()).count() > 1;
    for (changes, at) in all {
        if several && !at.is_empty() {
            lines.push(lang.say_texts("void-provider", &[("provider", changes.provider.to_string())]));
        }
        lines.extend(at);
    }
    lines.extend(weighed.outlets.iter().map(|change| outlet(lang, change)));
    if lines.is_empty() { vec![lang.say("void-nothing")] } else { lines }
}

fn outlet(lang: Lang, change: &OutletChange) -> String {
    let held = |held: &Option<Held>| match held {
        Some((provider, stage)) => format!("{} ({provider})", words::stage(lang, *stage)),
        None => "–".to_owned(),
    };
    let args = [("outlet", change.outlet.to_string()), ("was", held(&change.before)), ("now", held(&change.after))];
    lang.say_texts("change-outlet", &args)
}

fn alerts(lang: Lang, book: &Rulebook, changes: &Changes) -> Vec<String> {
    let one = |key: &str, alert: &Alert| {
        let args = [("alert", alert.id()), ("what", words::alert(lang, book, alert))];
        lang.say_texts(key, &args)
    };
    let fired = changes.fired.iter().map(|alert| one("change-alert", alert));
    let turned = changes.turned.iter().map(|(_, alert)| one("change-alert-other", alert));
    let over = changes.over.iter().map(|alert| one("change-alert-over", alert));
    fired.chain(turned).chain(over).collect()
}

/// What an account holds, in fen: what is owed is said as what it is.
fn held(account: &Account, amount: i64) -> String {
    signed(i128::from(amount) * if *account == Account::Debt { -1 } else { 1 })
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
        if score.standing_before != score.standing {
            let [was, now] = [score.standing_before, score.standing].map(|standing| words::standing(lang, standing));
            let (provider, year) = (changes.provider.to_string(), score.year.to_string());
            let args = [("provider", provider), ("year", year), ("was", was), ("now", now)];
            lines.push(lang.say_texts("change-standing", &args));
        }
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
    for (account, was, now) in &changes.money {
        let (was, now) = (held(account, *was), held(account, *now));
        let args = [("account", words::account(lang, account)), ("was", was), ("now", now)];
        lines.push(lang.say_texts("change-money", &args));
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
    let Changes { provider, scores, opened, closed, moved, found, measured, gone, reopened, decided, changed, .. } =
        changes;
    let names = |list: &[Alert]| -> Vec<String> { list.iter().map(Alert::id).collect() };
    let turned = |(was, now): &(Alert, Alert)| {
        json!({
            "alert": now.id(), "was": { "state": was.state.word(), "level": was.level },
            "now": { "state": now.state.word(), "level": now.level },
        })
    };
    let money = |(account, was, now): &(Account, i64, i64)| {
        let of = match account {
            Account::City(city) => json!({ "city": city }),
            Account::Outlet(outlet) => json!({ "outlet": outlet.as_str() }),
            other => json!({ "account": other.word() }),
        };
        json!({ "of": of, "was": held(account, *was), "now": held(account, *now) })
    };
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
    let score = |s: &crate::desk::Scored| {
        json!({
            "year": s.year, "before": s.before.0, "after": s.after.0,
            "standing_before": s.standing_before.word(), "standing": s.standing.word(),
        })
    };
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
        "money": changes.money.iter().map(money).collect::<Vec<_>>(),
        "alerts": {
            "fire": names(&changes.fired), "turn": changes.turned.iter().map(turned).collect::<Vec<_>>(),
            "over": names(&changes.over),
        },
    })
}

/// Outlets whose stage or provider changes, by stable names.
pub fn outlets_json(weighed: &Weighed) -> Vec<Value> {
    let held = |held: &Option<Held>| {
        held.as_ref().map(|(provider, stage)| json!({ "provider": provider.as_str(), "stage": stage.word() }))
    };
    let one = |change: &OutletChange| json!({ "outlet": change.outlet.as_str(), "was": held(&change.before), "now": held(&change.after) });
    weighed.outlets.iter().map(one).collect()
}

/// What an entry is, as a stable word: that of its record where it is one.
pub fn word(event: &Event) -> String {
    match event {
        Event::Happened(h) => h.fact.word(),
        event => event.kind().to_owned(),
    }
}
