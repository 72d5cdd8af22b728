//! `account`: a statement of a provider's deposits that an accountant accepts: opening, lines, closing.

use super::output::{Answer, Exit, Failure};
use super::roster::{day, must_be_there, titles};
use crate::desk::Desk;
use crate::domain::deposit::{Account, Sheet, Statement};
use crate::ids::ProviderId;
use crate::money::{Fen, signed};
use crate::time::Day;
use crate::words::{self, Lang};
use serde_json::{Value, json};

/// What is asked for: a city, the first day, the last.
pub struct Asked<'a> {
    pub city: Option<&'a str>,
    pub from: Option<&'a str>,
    pub as_of: Option<&'a str>,
}

/// `koufen account`.
pub fn account(desk: &Desk, id: &ProviderId, asked: &Asked<'_>, answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    must_be_there(desk, id)?;
    let from = asked.from.map(|text| day(text, desk, answer)).transpose()?;
    let to = asked.as_of.map(|text| day(text, desk, answer)).transpose()?.unwrap_or(desk.today());
    let mut statement = desk.account(id, from, to)?;
    if let Some(city) = asked.city {
        statement.accounts.retain(|sheet| matches!(&sheet.account, Account::City(of) if of == city));
    }
    if answer.json {
        answer.json(&told(id, (from, to), &statement))?;
        return Ok(Exit::Ok);
    }
    let lang = answer.lang;
    answer.line(&lang.say_texts("account-head", &[("provider", id.to_string()), ("day", to.to_string())]))?;
    if statement.accounts.is_empty() {
        answer.line(&lang.say("account-none"))?;
    }
    for sheet in &statement.accounts {
        answer.line("")?;
        answer.line(&words::account(lang, &sheet.account))?;
        let rows = rows(lang, sheet, from, to);
        answer.table(&titles(&["on", "entry", "what", "in", "out", "balance"], answer), &rows, &[1, 3, 4, 5])?;
    }
    answer.line("")?;
    sums(lang, &statement).iter().try_for_each(|line| answer.line(line))?;
    Ok(Exit::Ok)
}

/// Opening, lines, closing.
fn rows(lang: Lang, sheet: &Sheet, from: Option<Day>, to: Day) -> Vec<Vec<String>> {
    let frame = |key: &str, on: Option<Day>, balance: i64| {
        let on = on.map(|day| day.to_string()).unwrap_or_default();
        vec![on, String::new(), lang.say(key), String::new(), String::new(), signed(balance.into())]
    };
    let mut rows = vec![frame("account-opening", from, sheet.opening)];
    rows.extend(sheet.lines.iter().map(|line| {
        let amount = signed(line.amount.abs());
        let (into, out) = if line.amount < 0 { (String::new(), amount) } else { (amount, String::new()) };
        let what = words::record_title(lang, &line.what);
        let what = format!("{what} · {}", words::account(lang, &line.other));
        vec![line.on.to_string(), line.seq.to_string(), what, into, out, signed(line.balance.into())]
    }));
    rows.push(frame("account-closing", Some(to), sheet.closing));
    rows
}

/// What is owed, was taken and awarded, and when deposits go back.
fn sums(lang: Lang, statement: &Statement) -> Vec<String> {
    let sum = |key: &str, amount: Fen| lang.say_texts(key, &[("amount", amount.to_string())]);
    let mut lines = vec![sum("account-owed-sum", statement.owed), sum("account-forfeited-sum", statement.forfeited)];
    for (to, amount) in &statement.awarded {
        let to = lang.say(&format!("payee-{}", to.word()));
        lines.push(lang.say_texts("account-awarded-sum", &[("to", to), ("amount", amount.to_string())]));
    }
    if let Some((on, from)) = statement.ended {
        let open: Vec<String> = statement.open.iter().map(|seq| format!("#{seq}")).collect();
        let key = if open.is_empty() { "account-ended" } else { "account-ended-open" };
        let args = [("on", on.to_string()), ("from", from.to_string()), ("open", open.join(" "))];
        lines.push(lang.say_texts(key, &args));
    }
    lines
}

fn told(id: &ProviderId, (from, to): (Option<Day>, Day), statement: &Statement) -> Value {
    let named = |account: &Account| match account {
        Account::City(city) => json!({ "city": city }),
        Account::Outlet(outlet) => json!({ "outlet": outlet.as_str() }),
        other => json!({ "account": other.word() }),
    };
    let sheet = |sheet: &Sheet| {
        let lines = sheet.lines.iter().map(|line| {
            json!({
                "on": line.on.to_string(), "entry": line.seq.0, "what": line.what, "other": named(&line.other),
                "amount": signed(line.amount), "balance": signed(line.balance.into()),
            })
        });
        json!({
            "of": named(&sheet.account), "opening": signed(sheet.opening.into()),
            "lines": lines.collect::<Vec<_>>(), "closing": signed(sheet.closing.into()),
        })
    };
    json!({
        "provider": id.as_str(),
        "from": from.map(|day| day.to_string()),
        "as_of": to.to_string(),
        "accounts": statement.accounts.iter().map(sheet).collect::<Vec<_>>(),
        "owed": statement.owed.to_string(),
        "forfeited": statement.forfeited.to_string(),
        "awarded": statement.awarded.iter().map(|(to, amount)| (to.word(), amount.to_string())).collect::<std::collections::BTreeMap<_, _>>(),
        "contract_ended_on": statement.ended.map(|(on, _)| on.to_string()),
        "release_from": statement.ended.map(|(_, from)| from.to_string()),
        "open": statement.open.iter().map(|seq| seq.0).collect::<Vec<_>>(),
    })
}
