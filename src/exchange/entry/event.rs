//! All fields of each event. Every field is named here, so that one that is added cannot be forgotten.

use super::fact;
use super::value::{Field, Value};
use crate::domain::second::Proposed;
use crate::domain::turnover::Dormancy;
use crate::domain::{
    Deduction, Edition, Event, FindingId, Happening, Law, Left, LineLaw, Mark, Measured, Obligation, ObligationId,
    Outlet, Provider, Request, Support, Turnover,
};
use crate::ids::Seq;
use crate::rulebook::{ArticleKind, DormantRule};
use crate::time::Day;

fn f(name: &'static str, value: impl Into<Value>) -> Field {
    Field::new(name, value)
}

/// What an event says.
pub fn fields(event: &Event) -> Vec<Field> {
    match event {
        Event::ProviderAdded(provider) | Event::ProviderAmended(provider) => of_provider(provider),
        Event::OutletAdded(outlet) | Event::OutletAmended(outlet) => of_outlet(outlet),
        Event::Deducted { deduction, law } => [of_deduction(deduction), of_line_law(*law)].concat(),
        Event::Supported { line, provider, occurred_on, was, is } => {
            let of = vec![f("provider", provider), f("line", *line), f("occurred_on", *occurred_on)];
            [of, of_support(was, is)].concat()
        }
        Event::Reversed { line, provider, occurred_on, reason } => {
            vec![f("provider", provider), f("line", *line), f("occurred_on", *occurred_on), f("reason", reason)]
        }
        Event::TurnoverRecorded { turnover, provider, rule } => {
            [vec![f("provider", provider)], of_turnover(turnover), vec![f("rule", of_rule(rule))]].concat()
        }
        Event::TurnoverAmended { turnover, provider, reason } => {
            [vec![f("provider", provider)], of_turnover(turnover), vec![f("reason", reason)]].concat()
        }
        Event::FindingConfirmed { finding, measured, deduction, law } => {
            [of_finding(finding, measured), of_deduction(deduction), of_line_law(*law)].concat()
        }
        Event::FindingDismissed { finding, measured, reason } => {
            [of_finding(finding, measured), vec![f("reason", reason)]].concat()
        }
        Event::RequestOpened(request) => of_request(request),
        Event::RequestAnswered { request, provider, at, note } => {
            vec![f("provider", provider), f("request", *request), f("at", *at), f("note", note.as_ref())]
        }
        Event::Happened(happening) => of_happening(happening),
        Event::ObligationsMoved { provider, calendar, moved } => {
            let moved = moved.iter().map(|(id, due)| {
                let (entry, what) = of_obligation_id(*id);
                vec![entry, what, f("due", *due)]
            });
            vec![f("provider", provider), f("calendar", calendar), f("moved", Value::list(moved))]
        }
        Event::AlertMarked { provider, subject, level, mark } => {
            let alert = Value::Text(subject.to_string());
            [vec![f("provider", provider), f("alert", alert), f("level", *level)], of_mark(mark)].concat()
        }
        Event::Voided { entries, lines, provider, reason, replaced, left } => {
            let replaced = Some(*replaced).filter(|replaced| *replaced);
            let taken = vec![f("provider", provider), of_entries(entries), of_lines(lines), f("reason", reason)];
            [taken, vec![f("replaced", replaced)], of_left(left.as_ref())].concat()
        }
        Event::Restored { void, entries, lines, provider, reason, left } => {
            let back = vec![
                f("provider", provider),
                f("void", *void),
                of_entries(entries),
                of_lines(lines),
                f("reason", reason),
            ];
            [back, of_left(left.as_ref())].concat()
        }
        Event::LossAccepted { from, to, reason } => {
            vec![f("lost_from", *from), f("lost_to", *to), f("reason", reason)]
        }
        Event::EditionAdopted(edition) => of_edition(edition),
        Event::LineProposed(Proposed { deduction, strict: _, finding }) => {
            [of_deduction(deduction), vec![f("finding", finding.as_ref().map(ToString::to_string).as_ref())]].concat()
        }
        Event::ProposalWithdrawn { proposal, provider, reason } => {
            vec![f("provider", provider), f("proposal", *proposal), f("reason", reason)]
        }
        Event::EditionWithdrawn { edition, number, reason } => {
            vec![f("edition", number), f("adoption", *edition), f("reason", reason)]
        }
    }
}

fn of_provider(provider: &Provider) -> Vec<Field> {
    let Provider { id, name, kind, city, population, registered_capital, agreement_on, email, phone } = provider;
    vec![
        f("provider", id),
        f("name", name),
        f("kind", Value::word("kind", kind.word())),
        f("city", city),
        f("population", *population),
        f("registered_capital", *registered_capital),
        f("agreement_on", *agreement_on),
        f("email", email.as_ref()),
        f("phone", phone.as_ref()),
    ]
}

/// An outlet's record.
pub(super) fn of_outlet(outlet: &Outlet) -> Vec<Field> {
    let Outlet { id, provider, city, name, signed_on, staff } = outlet;
    vec![
        f("provider", provider),
        f("outlet", id),
        f("city", city),
        f("name", name),
        f("signed_on", *signed_on),
        f("staff", *staff),
    ]
}

fn of_deduction(deduction: &Deduction) -> Vec<Field> {
    let Deduction { provider, article, points, occurred_on, outlet, problem, note, subject, evidence } = deduction;
    vec![
        f("provider", provider),
        f("article", article),
        f("points", *points),
        f("occurred_on", *occurred_on),
        f("outlet", outlet.as_ref()),
        f("problem", problem.as_ref()),
        f("note", note.as_ref()),
        f("subject", subject.as_ref()),
        f("evidence", evidence.as_ref()),
    ]
}

fn of_line_law(law: LineLaw) -> Vec<Field> {
    let LineLaw { kind, cap, needs, edition, agreed, proposed } = law;
    let kind = match kind {
        ArticleKind::Deduction => "deduction",
        ArticleKind::Credit => "credit",
    };
    vec![
        f("kind", Value::word("event", kind)),
        f("cap", cap),
        f("needs", Value::word("needs", needs.word())),
        f("rulebook", edition),
        f("override", agreed),
        f("proposal", proposed),
    ]
}

fn of_support(was: &Support, is: &Support) -> Vec<Field> {
    let Support { subject, evidence } = was;
    let before = vec![f("subject", subject.as_ref()), f("evidence", evidence.as_ref())];
    let Support { subject, evidence } = is;
    vec![f("subject", subject.as_ref()), f("evidence", evidence.as_ref()), f("before", Value::list([before]))]
}

fn of_edition(edition: &Edition) -> Vec<Field> {
    let Edition { number, effective, hash, text } = edition;
    vec![f("edition", number), f("effective", *effective), f("rulebook", *hash), f("text", text)]
}

fn of_turnover(turnover: &Turnover) -> Vec<Field> {
    let Turnover { outlet, month, amount, orders, with_final_status } = turnover;
    vec![
        f("outlet", outlet),
        f("month", *month),
        f("turnover", *amount),
        f("orders", *orders),
        f("orders_with_final_status", *with_final_status),
    ]
}

fn of_rule(rule: &DormantRule) -> Vec<Field> {
    let DormantRule { low_under, low_percent, zero_percent, after_months } = rule;
    vec![
        f("low_under", *low_under),
        f("low_percent", *low_percent),
        f("zero_percent", *zero_percent),
        f("after_months", *after_months),
    ]
}

fn of_finding(finding: &FindingId, measured: &Measured) -> Vec<Field> {
    vec![f("finding", Value::Text(finding.to_string())), f("measured", of_measured(measured))]
}

/// What was measured.
pub(super) fn of_measured(measured: &Measured) -> Value {
    Value::Group(match measured {
        Measured::Dormant(Dormancy { tested, low, zero }) => {
            vec![f("tested", *tested), f("low", *low), f("zero", *zero)]
        }
        Measured::Late { outlet, due, answered } => {
            vec![f("outlet", outlet), f("due", *due), f("answered", *answered)]
        }
        Measured::Missed { due, done, need, have } => {
            vec![f("due", *due), f("done", *done), f("need", *need), f("have", *have)]
        }
        Measured::Conference { invited, attended, signed } => {
            vec![f("invited", *invited), f("attended", *attended), f("signed", *signed)]
        }
        Measured::LateAndFaulty { due, done, part, whole, percent } => {
            vec![f("due", *due), f("done", *done), f("part", *part), f("whole", *whole), f("percent", *percent)]
        }
        Measured::Share { part, whole, percent } => {
            vec![f("part", *part), f("whole", *whole), f("percent", *percent)]
        }
        Measured::Event => return Value::word("measured", "event"),
    })
}

fn of_request(request: &Request) -> Vec<Field> {
    let Request { outlet, provider, kind, asked, term, due, calendar, note } = request;
    vec![
        f("provider", provider),
        f("outlet", outlet),
        f("kind", Value::word("request", kind.word())),
        f("asked", *asked),
        f("term", Value::Text(term.to_string())),
        f("due", *due),
        f("calendar", calendar),
        f("note", note.as_ref()),
    ]
}

fn of_happening(happening: &Happening) -> Vec<Field> {
    let Happening { provider, fact, on, confirmed_by, note, terms, law } = happening;
    let mut all = vec![f("provider", provider), f("record", Value::Record(fact.word())), f("on", *on)];
    all.extend(fact::fields(fact));
    all.extend([f("confirmed_by", confirmed_by.as_ref()), f("note", note.as_ref())]);
    all.extend([f("terms", Value::list(terms.iter().map(of_obligation))), f("law", of_law(*law))]);
    all
}

fn of_obligation_id((entry, kind): ObligationId) -> (Field, Field) {
    (f("entry", entry), f("obligation", Value::word("obligation", kind.word())))
}

fn of_obligation(obligation: &Obligation) -> Vec<Field> {
    let Obligation { kind, about, start, term, due, calendar, need, have } = obligation;
    let about = about.to_string();
    vec![
        f("obligation", Value::word("obligation", kind.word())),
        f("about", Some(&about).filter(|about| !about.is_empty())),
        f("due", *due),
        f("start", *start),
        f("term", Value::Text(term.to_string())),
        f("calendar", calendar),
        f("need", *need),
        f("have", *have),
    ]
}

/// The shares that it is measured by.
fn of_law(law: Law) -> Option<Value> {
    match law {
        Law::None => None,
        Law::Conference { attended, signed } => {
            Some(Value::Group(vec![f("attended_percent", attended), f("signed_percent", signed)]))
        }
        Law::Most(percent) => Some(Value::Group(vec![f("percent", percent)])),
    }
}

fn of_entries(entries: &[Seq]) -> Field {
    f("voided", Value::list(entries.iter().map(|seq| vec![f("entry", *seq)])))
}

fn of_lines(lines: &[(Day, Seq)]) -> Field {
    f("lines", Value::list(lines.iter().map(|(day, line)| vec![f("line", *line), f("occurred_on", *day)])))
}

/// What stands of a record of its own.
fn of_left(left: Option<&Left>) -> Vec<Field> {
    let fields = match left {
        None => return Vec::new(),
        Some(Left::Provider(provider)) => of_provider(provider),
        Some(Left::Outlet(outlet)) => of_outlet(outlet),
        Some(Left::Turnover { outlet, month, report: None }) => vec![f("outlet", outlet), f("month", *month)],
        Some(Left::Turnover { report: Some(report), .. }) => of_turnover(report),
    };
    vec![f("left", Value::Group(fields))]
}

fn of_mark(mark: &Mark) -> Vec<Field> {
    let (word, until, to) = match mark {
        Mark::Acknowledged => ("acknowledged", None, None),
        Mark::Snoozed { until } => ("snoozed", Some(*until), None),
        Mark::Assigned { to } => ("assigned", None, Some(to)),
    };
    vec![f("mark", Value::word("alert-state", word)), f("until", until), f("assigned_to", to)]
}
