//! `provider` and `outlet`.

use super::args::{OutletAction, OutletArgs, ProviderAction, ProviderArgs};
use super::output::{Answer, Exit, Failure};
use crate::desk::{Desk, Identity, all_pages};
use crate::domain::life::Party;
use crate::domain::{Command, Life, Outlet, Provider, Refusal};
use crate::exchange::clean::{fold, money, whole};
use crate::ids::{OutletId, ProviderId};
use crate::store::{OutletRow, ProviderRow};
use crate::time::{DateError, Day, Moment, parse_day_from, parse_moment_from};
use chrono::Datelike;
use serde_json::{Value, json};

/// Fields of a provider as it is shown.
const PROVIDER: [&str; 13] = [
    "provider",
    "name",
    "kind",
    "city",
    "population",
    "registered_capital",
    "agreement_on",
    "email",
    "phone",
    "outlets",
    "year",
    "score",
    "standing",
];

/// Fields of an outlet.
const OUTLET: [&str; 10] =
    ["outlet", "provider", "city", "name", "signed_on", "staff", "stage", "since", "party", "from"];

/// `koufen provider`.
pub fn provider(
    desk: &Desk,
    who: &Identity,
    action: &ProviderAction,
    answer: &mut Answer<'_>,
) -> Result<Exit, Failure> {
    let year = desk.today().year();
    match action {
        ProviderAction::List => list_providers(&desk.providers(year)?, answer)?,
        ProviderAction::Show { provider } => {
            let row = desk.provider(provider, year)?;
            let row = row.ok_or_else(|| unknown_provider(provider))?;
            fields(provider_json(&row), &PROVIDER, answer)?;
        }
        ProviderAction::Add(args) => {
            let kind = args.kind.ok_or(Failure::Refused(Refusal::Missing { field: "kind" }))?;
            let empty = Provider {
                id: args.provider.clone(),
                name: String::new(),
                kind,
                city: String::new(),
                population: None,
                registered_capital: None,
                agreement_on: None,
                email: None,
                phone: None,
            };
            let asked = with_provider_args(empty, args, desk, answer)?;
            record(desk, who, Command::AddProvider(asked), args.provider.as_str(), answer)?;
        }
        ProviderAction::Edit(args) => {
            let row = desk.provider(&args.provider, year)?.ok_or_else(|| unknown_provider(&args.provider))?;
            let asked = with_provider_args(row.provider, args, desk, answer)?;
            record(desk, who, Command::AmendProvider(asked), args.provider.as_str(), answer)?;
        }
    }
    Ok(Exit::Ok)
}

/// Refuses a provider that is not there.
pub(super) fn must_be_there(desk: &Desk, id: &ProviderId) -> Result<(), Failure> {
    desk.provider(id, desk.today().year())?.map(|_| ()).ok_or_else(|| unknown_provider(id))
}

pub(super) fn unknown_provider(id: &ProviderId) -> Failure {
    Failure::Refused(Refusal::UnknownProvider { provider: id.clone() })
}

pub(super) fn with_provider_args(
    mut p: Provider,
    args: &ProviderArgs,
    desk: &Desk,
    answer: &Answer<'_>,
) -> Result<Provider, Failure> {
    let bad = |value: &str| {
        Failure::Usage(answer.lang.say_with("import-not-a-number", &[("value", value.to_owned().into())]))
    };
    p.kind = args.kind.unwrap_or(p.kind);
    p.name = args.name.clone().unwrap_or(p.name);
    p.city = args.city.clone().unwrap_or(p.city);
    p.email = args.email.clone().or(p.email);
    p.phone = args.phone.clone().or(p.phone);
    if let Some(text) = &args.population {
        p.population = Some(whole(&fold(text)).ok_or_else(|| bad(text))?);
    }
    if let Some(text) = &args.capital {
        p.registered_capital = Some(money(&fold(text)).map_err(|_| bad(text))?);
    }
    if let Some(text) = &args.agreement_on {
        p.agreement_on = Some(day(text, desk, answer)?);
    }
    Ok(p)
}

/// A date as typed: all shortcuts of the forms.
pub(super) fn day(text: &str, desk: &Desk, answer: &Answer<'_>) -> Result<Day, Failure> {
    read_day(parse_day_from(&fold(text), desk.today()), text, answer)
}

/// A moment as typed.
pub(super) fn moment(text: &str, desk: &Desk, answer: &Answer<'_>) -> Result<Moment, Failure> {
    read_moment(parse_moment_from(&fold(text), desk.now()), text, answer)
}

/// A moment that was read, or what is wrong with it as typed.
pub(super) fn read_moment(read: Result<Moment, DateError>, text: &str, answer: &Answer<'_>) -> Result<Moment, Failure> {
    read.map_err(|_| {
        let value = crate::exchange::clean::shown(text);
        Failure::Usage(answer.lang.say_with("workday-not-a-moment", &[("value", value.into())]))
    })
}

/// A date that was read, or what is wrong with it as typed.
pub(super) fn read_day(read: Result<Day, DateError>, text: &str, answer: &Answer<'_>) -> Result<Day, Failure> {
    read.map_err(|e| {
        let key = match e {
            DateError::NoSuchDay => "import-no-such-date",
            DateError::Shape => "import-not-a-date",
        };
        let value = crate::exchange::clean::shown(text);
        Failure::Usage(answer.lang.say_with(key, &[("value", value.into())]))
    })
}

fn record(desk: &Desk, who: &Identity, command: Command, id: &str, answer: &mut Answer<'_>) -> Result<(), Failure> {
    let receipt = desk.submit(who, command)?;
    if answer.json {
        return answer.json(&json!({ "seq": receipt.seq.0, "event": receipt.event.kind(), "id": id }));
    }
    let seq = receipt.seq.to_string();
    let text = answer.lang.say_with("roster-recorded", &[("id", id.to_owned().into()), ("seq", seq.into())]);
    answer.line(&text)
}

fn provider_json(row: &ProviderRow) -> Value {
    let p = &row.provider;
    json!({
        "provider": p.id.as_str(),
        "name": p.name,
        "kind": p.kind.word(),
        "city": p.city,
        "population": p.population,
        "registered_capital": p.registered_capital.map(|c| c.to_string()),
        "agreement_on": p.agreement_on.map(|d| d.to_string()),
        "email": p.email,
        "phone": p.phone,
        "outlets": row.outlets,
        "year": row.year,
        "score": row.score.0,
        "standing": row.standing.word(),
        "lines": row.lines,
    })
}

fn outlet_json(o: &Outlet, life: &Life) -> Value {
    json!({
        "outlet": o.id.as_str(),
        "provider": o.provider.as_str(),
        "city": o.city,
        "name": o.name,
        "signed_on": o.signed_on.map(|d| d.to_string()),
        "staff": o.staff,
        "stage": life.stage.word(),
        "since": life.since.map(|d| d.to_string()),
        "conference": life.conference.map(|seq| seq.0),
        "party": life.party.map(Party::word),
        "from": life.from.as_ref().map(ProviderId::as_str),
    })
}

/// A record, one field a line.
fn fields(record: Value, order: &[&str], answer: &mut Answer<'_>) -> Result<(), Failure> {
    if answer.json {
        return answer.json(&record);
    }
    let cell = |value: &Value| match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let rows: Vec<_> = order.iter().map(|key| vec![answer.lang.say(&column_key(key)), cell(&record[*key])]).collect();
    let (head, rest) = rows.split_first().map_or((&[][..], &[][..]), |(first, rest)| (first.as_slice(), rest));
    answer.table(head, rest, &[])
}

/// The key of a column's title.
pub(super) fn column_key(name: &str) -> String {
    format!("column-{}", name.replace('_', "-"))
}

/// The provider that is asked about, which is there, or all of them.
pub(super) fn asked_about(desk: &Desk, provider: Option<&ProviderId>) -> Result<Vec<ProviderId>, Failure> {
    let Some(id) = provider else {
        let rows = desk.providers(desk.today().year())?;
        return Ok(rows.into_iter().map(|row| row.provider.id).collect());
    };
    must_be_there(desk, id)?;
    Ok(vec![id.clone()])
}

pub(super) fn titles(names: &[&str], answer: &Answer<'_>) -> Vec<String> {
    names.iter().map(|name| answer.lang.say(&column_key(name))).collect()
}

fn list_providers(rows: &[ProviderRow], answer: &mut Answer<'_>) -> Result<(), Failure> {
    if answer.json {
        return answer.json(&rows.iter().map(provider_json).collect::<Vec<_>>());
    }
    let header = titles(&["provider", "name", "kind", "city", "outlets", "score", "standing"], answer);
    let lang = answer.lang;
    let cells = |row: &ProviderRow| {
        vec![
            row.provider.id.to_string(),
            row.provider.name.clone(),
            row.provider.kind.word().to_owned(),
            row.provider.city.clone(),
            row.outlets.to_string(),
            row.score.to_string(),
            crate::words::standing(lang, row.standing),
        ]
    };
    answer.table(&header, &rows.iter().map(cells).collect::<Vec<_>>(), &[4, 5])
}

/// `koufen outlet`.
pub fn outlet(desk: &Desk, who: &Identity, action: &OutletAction, answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    match action {
        OutletAction::List { provider } => list_outlets(desk, provider.as_ref(), answer)?,
        OutletAction::Show { outlet } => {
            let found = desk.outlet(outlet)?.ok_or_else(|| unknown_outlet(outlet))?;
            let life = desk.life(outlet)?.unwrap_or_default();
            fields(outlet_json(&found, &life), &OUTLET, answer)?;
        }
        OutletAction::Add(args) => {
            let owner = args.owner.clone().ok_or(Failure::Refused(Refusal::Missing { field: "provider_id" }))?;
            let empty = Outlet {
                id: args.outlet.clone(),
                provider: owner,
                city: String::new(),
                name: String::new(),
                signed_on: None,
                staff: None,
            };
            let asked = with_outlet_args(empty, args, desk, answer)?;
            record(desk, who, Command::AddOutlet(asked), args.outlet.as_str(), answer)?;
        }
        OutletAction::Edit(args) => {
            let old = desk.outlet(&args.outlet)?.ok_or_else(|| unknown_outlet(&args.outlet))?;
            let asked = with_outlet_args(old, args, desk, answer)?;
            record(desk, who, Command::AmendOutlet(asked), args.outlet.as_str(), answer)?;
        }
    }
    Ok(Exit::Ok)
}

fn unknown_outlet(id: &OutletId) -> Failure {
    Failure::Refused(Refusal::UnknownOutlet { outlet: id.clone() })
}

pub(super) fn with_outlet_args(
    mut o: Outlet,
    args: &OutletArgs,
    desk: &Desk,
    answer: &Answer<'_>,
) -> Result<Outlet, Failure> {
    o.provider = args.owner.clone().unwrap_or(o.provider);
    o.name = args.name.clone().unwrap_or(o.name);
    o.city = args.city.clone().unwrap_or(o.city);
    o.staff = args.staff.or(o.staff);
    if let Some(text) = &args.signed_on {
        o.signed_on = Some(day(text, desk, answer)?);
    }
    Ok(o)
}

fn list_outlets(desk: &Desk, provider: Option<&ProviderId>, answer: &mut Answer<'_>) -> Result<(), Failure> {
    let year = desk.today().year();
    let owners: Vec<ProviderId> = match provider {
        Some(id) => vec![desk.provider(id, year)?.ok_or_else(|| unknown_provider(id))?.provider.id],
        None => desk.providers(year)?.into_iter().map(|row| row.provider.id).collect(),
    };
    let mut all = Vec::new();
    for owner in &owners {
        all.extend(all_pages(|last: Option<&OutletRow>, most| desk.lives(owner, last.map(|o| &o.outlet.id), most))?);
    }
    if answer.json {
        return answer.json(&all.iter().map(|row| outlet_json(&row.outlet, &row.life)).collect::<Vec<_>>());
    }
    let header = titles(&["outlet", "provider", "city", "name", "signed_on", "staff", "stage"], answer);
    let lang = answer.lang;
    let cells = |OutletRow { outlet: o, life, .. }: &OutletRow| {
        let stage = crate::words::stage(lang, life.stage);
        let date = o.signed_on.map_or_else(String::new, |d| d.to_string());
        let staff = o.staff.map_or_else(String::new, |n| n.to_string());
        vec![o.id.to_string(), o.provider.to_string(), o.city.clone(), o.name.clone(), date, staff, stage]
    };
    answer.table(&header, &all.iter().map(cells).collect::<Vec<_>>(), &[5])
}
