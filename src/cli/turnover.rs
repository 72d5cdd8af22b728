//! `turnover`: monthly turnover of outlets (2.2.3(3)).

use super::args::{TurnoverAction, TurnoverArgs};
use super::output::{Answer, Exit, Failure};
use super::roster::{must_be_there, titles};
use crate::desk::{Desk, Identity, all_pages};
use crate::domain::{Command, Turnover};
use crate::exchange::clean::{fold, money, shown};
use crate::exchange::trace;
use crate::ids::ProviderId;
use crate::time::Month;
use serde_json::{Value, json};

/// `koufen turnover`.
pub fn turnover(
    desk: &Desk,
    who: &Identity,
    action: &TurnoverAction,
    answer: &mut Answer<'_>,
) -> Result<Exit, Failure> {
    match action {
        TurnoverAction::List { provider, month } => {
            must_be_there(desk, provider)?;
            match month {
                Some(month) => outlets(desk, provider, *month, answer)?,
                None => months(desk, provider, answer)?,
            }
        }
        TurnoverAction::Record(args) => {
            let turnover = read(args, answer)?;
            record(desk, who, Command::RecordTurnover(turnover.clone()), &turnover, answer)?;
        }
        TurnoverAction::Amend { args, reason } => {
            let mut turnover = read(args, answer)?;
            if let Some(old) = reported(desk, &turnover)? {
                // What is not given stays as it was.
                turnover.orders = turnover.orders.or(old.orders);
                turnover.with_final_status = turnover.with_final_status.or(old.with_final_status);
            }
            let command = Command::AmendTurnover { turnover: turnover.clone(), reason: reason.clone() };
            record(desk, who, command, &turnover, answer)?;
        }
    }
    Ok(Exit::Ok)
}

/// What an outlet reported for a month, with the provider that it is with.
fn reported(desk: &Desk, of: &Turnover) -> Result<Option<Turnover>, Failure> {
    let Some(outlet) = desk.outlet(&of.outlet)? else { return Ok(None) };
    let rows = all_pages(|last: Option<&Turnover>, most| {
        desk.turnovers(&outlet.provider, of.month, last.map(|t| &t.outlet), most)
    })?;
    Ok(rows.into_iter().find(|t| t.outlet == of.outlet))
}

pub(super) fn read(args: &TurnoverArgs, answer: &Answer<'_>) -> Result<Turnover, Failure> {
    let amount = money(&fold(&args.amount)).ok();
    let bad = || ("value", shown(&args.amount).into());
    let amount = amount.ok_or_else(|| Failure::Usage(answer.lang.say_with("import-not-a-number", &[bad()])))?;
    let TurnoverArgs { outlet, month, orders, final_status, .. } = args.clone();
    Ok(Turnover { outlet, month, amount, orders, with_final_status: final_status })
}

fn record(
    desk: &Desk,
    who: &Identity,
    command: Command,
    turnover: &Turnover,
    answer: &mut Answer<'_>,
) -> Result<(), Failure> {
    let receipt = desk.submit(who, command)?;
    if answer.json {
        let mut value = row_json(turnover);
        value["entry"] = json!(receipt.seq.0);
        return answer.json(&value);
    }
    let args = [
        ("seq", receipt.seq.to_string().into()),
        ("outlet", turnover.outlet.to_string().into()),
        ("amount", turnover.amount.to_string().into()),
        ("month", turnover.month.to_string().into()),
    ];
    let text = answer.lang.say_with("turnover-recorded", &args);
    answer.line(&text)
}

fn row_json(t: &Turnover) -> Value {
    json!({
        "outlet": t.outlet.as_str(),
        "month": t.month.to_string(),
        "turnover": t.amount.to_string(),
        "orders": t.orders,
        "orders_with_final_status": t.with_final_status,
    })
}

fn months(desk: &Desk, provider: &ProviderId, answer: &mut Answer<'_>) -> Result<(), Failure> {
    let rows = desk.months(provider)?;
    if answer.json {
        let json = rows.iter().map(|r| {
            json!({
                "month": r.month.to_string(),
                "reported": r.reported,
                "wanted": r.wanted,
                "tested": r.dormancy.tested,
                "low": r.dormancy.low,
                "zero": r.dormancy.zero,
                "points": r.points.0,
                "cities": r.cities.iter().map(trace::of_city).collect::<Vec<_>>(),
            })
        });
        return answer.json(&json.collect::<Vec<_>>());
    }
    if rows.is_empty() {
        let text = answer.lang.say("turnover-none");
        return answer.line(&text);
    }
    // Decision 16: a month is judged for all cities together; those of more than one are shown below it.
    let by_city = rows.iter().any(|r| r.cities.len() > 1);
    let city = if by_city { Some("city") } else { None };
    let names: Vec<&str> =
        std::iter::once("month").chain(city).chain(["reported", "wanted", "tested", "low", "zero", "points"]).collect();
    let header = titles(&names, answer);
    let mut cells: Vec<Vec<String>> = Vec::new();
    for r in &rows {
        let counts = [r.reported, r.wanted, r.dormancy.tested, r.dormancy.low, r.dormancy.zero, r.points.0];
        let all = by_city.then(|| answer.lang.say("turnover-all-cities"));
        cells.push(std::iter::once(r.month.to_string()).chain(all).chain(counts.map(|n| n.to_string())).collect());
        for c in r.cities.iter().filter(|_| r.cities.len() > 1) {
            let counts = [c.dormancy.tested, c.dormancy.low, c.dormancy.zero].map(|n| n.to_string());
            let mut row = vec![String::new(), c.city.clone(), c.reported.to_string(), String::new()];
            row.extend(counts.into_iter().chain([String::new()]));
            cells.push(row);
        }
    }
    let first = if by_city { 2 } else { 1 };
    answer.table(&header, &cells, &(first..first + 6).collect::<Vec<_>>())
}

fn outlets(desk: &Desk, provider: &ProviderId, month: Month, answer: &mut Answer<'_>) -> Result<(), Failure> {
    let read = |last: Option<&Turnover>, most| desk.turnovers(provider, month, last.map(|t| &t.outlet), most);
    let rows = all_pages(read)?;
    if answer.json {
        return answer.json(&rows.iter().map(row_json).collect::<Vec<_>>());
    }
    if rows.is_empty() {
        let text = answer.lang.say("turnover-none");
        return answer.line(&text);
    }
    let header = titles(&["outlet", "month", "turnover", "orders", "orders_with_final_status"], answer);
    let number = |n: Option<u32>| n.map_or_else(String::new, |n| n.to_string());
    let cells = rows.iter().map(|t| {
        let (outlet, month, amount) = (t.outlet.to_string(), t.month.to_string(), t.amount.to_string());
        vec![outlet, month, amount, number(t.orders), number(t.with_final_status)]
    });
    answer.table(&header, &cells.collect::<Vec<_>>(), &[2, 3, 4])
}
