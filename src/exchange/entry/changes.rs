//! What a correction changes, before it is done (decision 13): the command line and the console say it in the same words.

use crate::desk::{Changes, Held, OutletChange, Weighed};
use crate::domain::deposit::Account;
use crate::domain::{Alert, Event, Finding, FindingId, Measured, Obligation};
use crate::ids::{ProviderId, Seq};
use crate::journal::Chained;
use crate::money::signed;
use crate::rulebook::Rulebook;
use crate::time::{Moment, Year, show_moment};
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

/// What a line of it means to whom it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// A score, or a heading: whose the lines under it are.
    Score,
    /// A breach, or an alert that fires.
    Worse,
    /// Something that is over.
    Better,
    /// Anything else.
    Plain,
}

/// A line of what a change comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// What it means.
    pub tone: Tone,
    /// What it says.
    pub text: String,
}

/// What a change comes to, line by line; that it changes nothing, where it does not.
pub fn changes(lang: Lang, book: &Rulebook, weighed: &Weighed) -> Vec<Told> {
    let mut lines = consequences(lang, book, weighed, &|_, _| true);
    if lines.is_empty() {
        lines.push(Told { tone: Tone::Score, text: lang.say("void-nothing") });
    }
    lines
}

/// The same, of the scores those that are asked for; nothing where it changes nothing.
pub fn consequences(
    lang: Lang,
    book: &Rulebook,
    weighed: &Weighed,
    scores: &dyn Fn(&ProviderId, Year) -> bool,
) -> Vec<Told> {
    // What counts most comes first: scores, then findings, then what is due.
    let mut lines: Vec<Told> = weighed.changes.iter().flat_map(|changes| scored(lang, changes, scores)).collect();
    let all: Vec<(&Changes, Vec<Told>)> = weighed.changes.iter().map(|c| (c, at_one(lang, book, c))).collect();
    let several = all.iter().filter(|(changes, at)| !at.is_empty() || !changes.scores.is_empty()).count() > 1;
    for (changes, at) in all {
        if several && !at.is_empty() {
            let text = lang.say_texts("void-provider", &[("provider", changes.provider.to_string())]);
            lines.push(Told { tone: Tone::Score, text });
        }
        lines.extend(at);
    }
    lines.extend(weighed.outlets.iter().map(|change| Told { tone: Tone::Plain, text: outlet(lang, change) }));
    lines
}

fn outlet(lang: Lang, change: &OutletChange) -> String {
    let held = |held: &Option<Held>| match held {
        Some((provider, stage)) => format!("{} ({provider})", words::stage(lang, *stage)),
        None => "–".to_owned(),
    };
    let args = [("outlet", change.outlet.to_string()), ("was", held(&change.before)), ("now", held(&change.after))];
    lang.say_texts("change-outlet", &args)
}

fn alerts(lang: Lang, book: &Rulebook, changes: &Changes) -> Vec<Told> {
    let one = |key: &str, tone, alert: &Alert| {
        let args = [("alert", alert.id()), ("what", words::alert(lang, book, alert))];
        Told { tone, text: lang.say_texts(key, &args) }
    };
    let fired = changes.fired.iter().map(|alert| one("change-alert", Tone::Worse, alert));
    let turned = changes.turned.iter().map(|(_, alert)| one("change-alert-other", Tone::Plain, alert));
    let over = changes.over.iter().map(|alert| one("change-alert-over", Tone::Better, alert));
    fired.chain(turned).chain(over).collect()
}

/// What an account holds, in fen: what is owed is said as what it is.
fn held(account: &Account, amount: i64) -> String {
    signed(i128::from(amount) * if *account == Account::Debt { -1 } else { 1 })
}

fn scored(lang: Lang, changes: &Changes, wanted: &dyn Fn(&ProviderId, Year) -> bool) -> Vec<Told> {
    let mut lines = Vec::new();
    for score in changes.scores.iter().filter(|score| wanted(&changes.provider, score.year)) {
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
    lines.into_iter().map(|text| Told { tone: Tone::Score, text }).collect()
}

/// A finding as a screen names it, with what was measured and its name on record.
fn finding(lang: Lang, book: &Rulebook, found: &Finding) -> String {
    let article = book.article(found.id.subject.article());
    let title = article.map(|a| format!("{} ({})", lang.of(&a.title), a.clause)).unwrap_or_default();
    format!("{title}: {} [{}]", words::measured(lang, &found.measured), found.id)
}

fn at_one(lang: Lang, book: &Rulebook, changes: &Changes) -> Vec<Told> {
    let Changes { opened, closed, moved, found, measured, gone, reopened, decided, changed, .. } = changes;
    let mut lines = Vec::new();
    let mut say = |tone, key: &str, args: &[(&'static str, String)]| {
        lines.push(Told { tone, text: lang.say_texts(key, args) });
    };
    for found in found {
        say(Tone::Worse, "record-found", &[("finding", finding(lang, book, found))]);
    }
    let findings = [
        (Tone::Better, "record-gone", gone),
        (Tone::Worse, "void-reopens", reopened),
        (Tone::Plain, "void-decides", decided),
        (Tone::Worse, "void-decided-otherwise", changed),
    ];
    for (tone, key, ids) in findings {
        ids.iter().for_each(|id| say(tone, key, &[("finding", id.to_string())]));
    }
    for (id, was, now) in measured {
        let (was, now) = (words::measured(lang, was), words::measured(lang, now));
        say(Tone::Plain, "void-measures", &[("finding", id.to_string()), ("was", was), ("now", now)]);
    }
    for (account, was, now) in &changes.money {
        let (was, now) = (held(account, *was), held(account, *now));
        let args = [("account", words::account(lang, account)), ("was", was), ("now", now)];
        say(Tone::Plain, "change-money", &args);
    }
    for (seq, was, o) in moved {
        let (what, about) = (words::obligation(lang, o.kind), words::about(&o.about));
        let (seq, was, due) = (seq.to_string(), show_moment(*was), show_moment(o.due));
        say(Tone::Plain, "void-moves", &[("what", what), ("about", about), ("seq", seq), ("was", was), ("due", due)]);
    }
    for (seq, o) in closed {
        let (what, seq, due) = (words::obligation(lang, o.kind), seq.to_string(), show_moment(o.due));
        say(Tone::Better, "void-closes", &[("what", what), ("seq", seq), ("due", due)]);
    }
    for (_, o) in opened {
        let (what, about) = (words::obligation(lang, o.kind), words::about(&o.about));
        let (due, clause) = (show_moment(o.due), o.kind.clause().to_owned());
        let args = [("due", due), ("what", what), ("about", about), ("clause", clause)];
        say(Tone::Plain, "record-opens", &args);
    }
    lines.extend(alerts(lang, book, changes));
    lines
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
        "finds": ids(&found.iter().map(|f| f.id.clone()).collect::<Vec<_>>()),
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
