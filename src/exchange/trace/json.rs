//! A trace as JSON: each ground by its word, with all its figures.

use super::super::entry;
use crate::desk::Explained;
use crate::domain::turnover::CityMonth;
use crate::domain::why::{
    Allowance, Count, Dormant, Ground, Named, Opened, Outcome, Reported, Role, Source, Target, Tick,
};
use crate::domain::{About, Line, LineAt, Measured};
use crate::ids::{OutletId, Seq};
use crate::money::Fen;
use crate::rulebook::Rulebook;
use crate::time::{Moment, show_moment};
use chrono::Datelike;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The names of outlets.
type Names = BTreeMap<OutletId, String>;

/// The whole structure by stable names.
pub fn json(book: &Rulebook, told: &Explained) -> Value {
    let trace = &told.trace;
    let kind = match &trace.of {
        Target::Entry(_) => "entry",
        Target::Finding(_) => "finding",
        Target::Obligation(_) => "obligation",
    };
    let grounds: Vec<Value> = trace.grounds.iter().map(|ground| of(ground, &trace.names)).collect();
    json!({
        "of": trace.of.to_string(),
        "kind": kind,
        "provider": trace.provider.as_ref().map(crate::ids::ProviderId::as_str),
        "entry": told.recorded.as_ref().map(|recorded| entry::json(book, recorded)),
        "grounds": grounds,
    })
}

fn of(ground: &Ground, names: &Names) -> Value {
    match ground {
        Ground::Clause { clause, edition: (edition, since), on, article } => json!({
            "ground": "clause",
            "clause": clause,
            "edition": edition,
            "effective": since.to_string(),
            "on": on.to_string(),
            "in_force": on >= since,
            "article": article.as_ref().map(|(id, min, max)| json!({ "id": id.as_str(), "min": min.0, "max": max.0 })),
        }),
        Ground::Judged(judged) => json!({
            "ground": "judged",
            "edition": judged.number,
            "rulebook": judged.hash.to_string(),
            "override": judged.agreed.as_ref().map(|(named, value)| {
                json!({ "value": value, "by": of_named(named, names) })
            }),
        }),
        Ground::Entries(role, entries) => {
            let entries: Vec<Value> = entries.iter().map(|named| of_named(named, names)).collect();
            json!({ "ground": "entries", "role": Role::word(*role), "entries": entries })
        }
        Ground::Count(count) => of_count(count, names),
        Ground::Outcome(outcome) => {
            let mut value = of_outcome(outcome, names);
            value["ground"] = json!("outcome");
            value
        }
        Ground::Broken { due } => {
            let at = Moment(due.0 + 1);
            json!({ "ground": "broken", "due": show_moment(*due), "at": show_moment(at), "on": at.day().to_string() })
        }
        Ground::Measured(now) => json!({ "ground": "measured", "now": of_measured(now.as_ref()) }),
        Ground::Decided(decided) => json!({
            "ground": "decided",
            "state": if decided.confirmed { "confirmed" } else { "dismissed" },
            "by": of_named(&decided.by, names),
            "points": decided.points.0,
            "measured": of_measured(Some(&decided.measured)),
            "void": decided.void.as_ref().map(|void| of_named(void, names)),
        }),
        Ground::Changed(pair) => json!({
            "ground": "changed", "then": of_measured(Some(&pair.0)), "now": of_measured(pair.1.as_ref()),
        }),
        Ground::Shifted(pair) => {
            let at = |at: &LineAt| json!({ "on": at.on.to_string(), "outlet": at.outlet, "problem": at.problem });
            json!({ "ground": "shifted", "then": at(&pair.0), "now": at(&pair.1) })
        }
        Ground::Opened(all) => {
            json!({ "ground": "opened", "obligations": all.iter().map(|o| of_opened(o, names)).collect::<Vec<_>>() })
        }
        Ground::Closed(all) => {
            json!({ "ground": "closed", "obligations": all.iter().map(|o| of_opened(o, names)).collect::<Vec<_>>() })
        }
        Ground::Found(found) => {
            let one = |(id, now): &(crate::domain::FindingId, Option<Measured>)| json!({ "finding": id.to_string(), "measured": of_measured(now.as_ref()) });
            json!({ "ground": "found", "findings": found.iter().map(one).collect::<Vec<_>>() })
        }
        Ground::Gone(gone) => {
            json!({ "ground": "gone", "findings": gone.iter().map(ToString::to_string).collect::<Vec<_>>() })
        }
        Ground::Alone => json!({ "ground": "alone" }),
        Ground::Problem(problem) => json!({ "ground": "problem", "problem": problem }),
        Ground::Line(line) => of_line(line, names),
        counted => of_figures(counted, names),
    }
}

/// The grounds that are figures over outlets and lines.
fn of_figures(ground: &Ground, names: &Names) -> Value {
    match ground {
        Ground::Ratio(ratio) => {
            let (left, right) = ratio.sides();
            json!({
                "ground": "ratio", "what": ratio.what, "part": ratio.part, "whole": ratio.whole,
                "percent": ratio.percent, "least": ratio.least, "left": left, "right": right,
                "broken": ratio.is_broken(),
            })
        }
        Ground::Plan { city, population, plan, by } => json!({
            "ground": "plan", "city": city, "population": population, "target": plan.0, "first_batch": plan.1,
            "people_per_outlet": by.map(|(people, _)| people), "first_batch_percent": by.map(|(_, percent)| percent),
        }),
        Ground::Served { city, on, need, outlets } => {
            let one = |s: &crate::domain::why::Served| {
                let since = s.since.map(|day| day.to_string());
                let (outlet, name) = (s.outlet.as_str(), name(&s.outlet, names));
                with(json!({ "outlet": outlet, "name": name, "since": since }), Some(&s.entry))
            };
            let list: Vec<Value> = outlets.iter().map(one).collect();
            let (on, have) = (on.to_string(), outlets.len());
            json!({ "ground": "served", "city": city, "on": on, "need": need, "have": have, "outlets": list })
        }
        Ground::Left { city, outlets } => {
            let one = |left: &crate::domain::why::Left| {
                let value = json!({
                    "outlet": left.outlet.as_str(), "name": name(&left.outlet, names),
                    "opened_on": left.opened_on.map(|day| day.to_string()), "left_on": left.left_on.to_string(),
                });
                with(value, Some(&left.entry))
            };
            let list: Vec<Value> = outlets.iter().map(one).collect();
            json!({ "ground": "left", "city": city, "count": outlets.len(), "outlets": list })
        }
        Ground::Dormant(dormant) => of_dormant(dormant, names),
        Ground::Report { outlet, month, said, now } => json!({
            "ground": "report", "outlet": outlet.as_str(), "name": name(outlet, names), "month": month.to_string(),
            "said": said.to_string(), "now": now.map(|now| now.to_string()),
        }),
        Ground::Year { year, occurred_on, typed_on } => json!({
            "ground": "year", "year": year, "occurred_on": occurred_on.to_string(), "typed_on": typed_on.to_string(),
        }),
        Ground::StandsOn { needs, subject, entry, outlet, evidence, supported } => json!({
            "ground": "stands-on", "needs": needs.word(), "subject": subject.as_ref().map(ToString::to_string),
            "entry": entry.as_ref().map(|entry| entry.seq.0), "outlet": outlet.as_ref().map(OutletId::as_str), "evidence": evidence, "unsupported": !supported,
        }),
        Ground::LineOn(on) => json!({ "ground": "line-on", "occurs_on": on.to_string(), "year": on.year() }),
        Ground::Cap { cap, problem, before, used, left, assessed, effective } => {
            let one = |(seq, day, points): &(Seq, crate::time::Day, crate::points::Points)| json!({ "line": seq.0, "occurred_on": day.to_string(), "effective": points.0 });
            json!({
                "ground": "cap", "cap": cap.0, "problem": problem, "used": used.0, "left": left.0,
                "assessed": assessed.0, "effective": effective.0,
                "before": before.iter().map(one).collect::<Vec<_>>(),
            })
        }
        Ground::Credit { before, assessed, effective } => {
            json!({ "ground": "credit", "before": before.0, "assessed": assessed.0, "effective": effective.0 })
        }
        Ground::Score { year, before, after, now } => {
            json!({ "ground": "score", "year": year, "before": before.0, "after": after.0, "now": now.0 })
        }
        _ => Value::Null,
    }
}

fn name<'a>(outlet: &OutletId, names: &'a Names) -> Option<&'a str> {
    names.get(outlet).map(String::as_str)
}

/// A row of a list, with the entry that it comes from.
fn with(mut row: Value, source: Option<&Source>) -> Value {
    row["entry"] = json!(source.map(|source| source.entry.0));
    row["by"] = json!(source.map(|source| source.by.as_str()));
    row["recorded_at"] = json!(source.map(|source| show_moment(source.at)));
    row
}

fn of_named(named: &Named, names: &Names) -> Value {
    json!({
        "entry": named.seq.0,
        "what": named.what,
        "on": named.on.map(|day| day.to_string()),
        "at": named.moment.map(show_moment),
        "outlet": named.outlet.as_ref().map(OutletId::as_str),
        "name": named.outlet.as_ref().and_then(|outlet| name(outlet, names)),
        "recorded_at": show_moment(named.at),
        "by": named.by,
        "note": named.note,
        "voided_by": named.void.map(|void| void.0),
    })
}

fn of_line(line: &Line, names: &Names) -> Value {
    json!({
        "ground": "line",
        "line": line.seq.0,
        "kind": line.kind.word(),
        "article": line.article.as_str(),
        "points": line.points.0,
        "effective": line.effective.0,
        "occurred_on": line.occurred_on.to_string(),
        "outlet": line.outlet.as_ref().map(OutletId::as_str),
        "name": line.outlet.as_ref().and_then(|outlet| name(outlet, names)),
        "problem": line.problem,
        "note": line.note,
        "recorded_at": show_moment(line.recorded_at),
        "by": line.by,
        "reversed_by": line.reversed_by.map(|by| by.0),
        "reverses": line.reverses.map(|line| line.0),
    })
}

fn of_count(count: &Count, names: &Names) -> Value {
    let outlet = if let About::Outlet(outlet) = &count.about { Some(outlet) } else { None };
    json!({
        "ground": "count",
        "obligation": count.kind.word(),
        "about": count.about.to_string(),
        "outlet": outlet.map(OutletId::as_str),
        "name": outlet.and_then(|outlet| name(outlet, names)),
        "start": show_moment(count.start),
        "term": count.term.to_string(),
        "due": show_moment(count.due),
        "calendar": count.calendar.0,
        "loaded_calendar": count.calendar.1,
        "days": of_days(&count.days),
    })
}

/// The days of a count, each counted or skipped and why.
fn of_days(days: &[Tick]) -> Vec<Value> {
    let one = |tick: &Tick| {
        let ran = tick.ran.map(
            |(from, to)| json!({ "from": show_moment(from), "to": show_moment(to), "minutes": (to.0 - from.0) / 60 }),
        );
        json!({
            "day": tick.day.to_string(), "works": tick.works, "count": tick.count, "ran": ran,
            "occasion": tick.occasion,
        })
    };
    days.iter().map(one).collect()
}

fn of_outcome(outcome: &Outcome, names: &Names) -> Value {
    let (due, at) = match outcome {
        Outcome::Open { due, .. } | Outcome::Ended { due, .. } => (Some(*due), None),
        Outcome::Done { due, at, .. } => (Some(*due), Some(*at)),
        Outcome::Void { .. } | Outcome::NotBegun => (None, None),
    };
    json!({
        "outcome": outcome.word(),
        "due": due.map(show_moment),
        "at": at.map(show_moment),
        "by": outcome.by().map(|by| of_named(by, names)),
    })
}

fn of_opened(opened: &Opened, names: &Names) -> Value {
    let mut value = of_outcome(&opened.outcome, names);
    value["id"] = json!(format!("{}/{}", opened.seq, opened.obligation.kind.word()));
    value["about"] = json!(opened.obligation.about.to_string());
    value["due"] = json!(show_moment(opened.obligation.due));
    value
}

/// A month's figures in one city (decision 16).
pub fn of_city(city: &CityMonth) -> Value {
    let CityMonth { city, reported, dormancy } = city;
    json!({ "city": city, "reported": reported, "tested": dormancy.tested, "low": dormancy.low, "zero": dormancy.zero })
}

fn of_dormant(d: &Dormant, names: &Names) -> Value {
    let amount = |said: &Option<(Fen, Option<Source>)>| {
        said.as_ref().map(|(fen, source)| with(json!({ "turnover": fen.to_string() }), source.as_ref()))
    };
    let row = |row: &Reported| {
        json!({
            "outlet": row.outlet.as_str(), "name": name(&row.outlet, names),
            "signed_on": row.signed_on.map(|day| day.to_string()),
            "before": amount(&row.before), "this": amount(&row.this),
        })
    };
    let part = |part: &Allowance| {
        json!({
            "percent": part.percent, "count": part.outlets.len(), "allowed": part.allowed, "over": part.over,
            "outlets": part.outlets.iter().map(row).collect::<Vec<_>>(),
        })
    };
    json!({
        "ground": "dormant",
        "month": d.month.to_string(),
        "reported": d.reported,
        "tested": d.tested,
        "low_under": d.rule.low_under.to_string(),
        "after_months": d.rule.after_months,
        "low": part(&d.low),
        "zero": part(&d.zero),
        "points": d.points,
        "cities": d.cities.iter().map(of_city).collect::<Vec<_>>(),
    })
}

fn of_measured(measured: Option<&Measured>) -> Value {
    measured.map_or(Value::Null, entry::measured)
}
