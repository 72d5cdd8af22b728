//! `deduct`, `reverse`, `standing` and `ledger`.

use super::args::DeductArgs;
use super::late;
use super::output::{Answer, Exit, Failure};
use super::proposals;
use super::roster::{day, titles, unknown_provider};
use crate::desk::{Desk, DeskError, Identity, Receipt, all_pages};
use crate::domain::{Command, Deduction, Event, Line, LineSubject, Refusal, needs};
use crate::exchange::clean::{fold, shown};
use crate::ids::{ProviderId, Seq};
use crate::store::ProviderRow;
use crate::time::Year;
use crate::words;
use chrono::Datelike;
use serde::Serialize;
use serde_json::json;

/// `koufen deduct`.
pub fn deduct(desk: &Desk, who: &Identity, args: &DeductArgs, answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    let receipt = submit(desk, who, command(desk, args, answer)?, args.again)?;
    match receipt.event {
        Event::LineProposed(_) => proposals::proposed(desk, receipt.seq, answer),
        _ => recorded(desk, receipt.seq, "deduct-done", answer),
    }
}

/// What was typed, as a command.
pub(super) fn command(desk: &Desk, args: &DeductArgs, answer: &Answer<'_>) -> Result<Command, Failure> {
    let article = fold(&args.article);
    let unknown = |_| Failure::Refused(Refusal::UnknownArticle { article: shown(&article) });
    Ok(Command::Deduct(Deduction {
        provider: args.provider.clone(),
        article: article.parse().map_err(unknown)?,
        points: args.points,
        occurred_on: day(&args.on, desk, answer)?,
        outlet: args.outlet.clone(),
        problem: args.problem.clone(),
        note: args.note.clone(),
        subject: args.subject.clone().map(LineSubject::Named),
        evidence: args.evidence.clone(),
    }))
}

/// Hands in what was typed; what is said already is taken only if it is said to have happened again (decision 14).
pub(super) fn submit(desk: &Desk, who: &Identity, command: Command, again: bool) -> Result<Receipt, DeskError> {
    if again { desk.submit(who, command) } else { desk.submit_once(who, command) }
}

/// `koufen support`: adds what a line of a roster lacked of its article's needs.
pub fn support(
    desk: &Desk,
    who: &Identity,
    line: Seq,
    (subject, evidence): (Option<&str>, Option<&str>),
    answer: &mut Answer<'_>,
) -> Result<Exit, Failure> {
    let (subject, evidence) = (subject.map(str::to_owned), evidence.map(str::to_owned));
    let receipt = desk.submit(who, Command::Support { line, subject, evidence })?;
    if answer.json {
        let Some((id, line)) = desk.line(line)? else { return Ok(Exit::Ok) };
        let mut value = line_json(&id, &Shown { supported: true, stands_for: None, line });
        value["entry"] = json!(receipt.seq.0);
        answer.json(&value)?;
    } else {
        let args = [("line", line.to_string()), ("seq", receipt.seq.to_string())];
        answer.line(&answer.lang.say_texts("support-done", &args))?;
    }
    Ok(Exit::Ok)
}

/// `koufen reverse`.
pub fn reverse(desk: &Desk, who: &Identity, line: Seq, reason: &str, answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    let receipt = desk.submit(who, Command::Reverse { line, reason: reason.to_owned() })?;
    recorded(desk, receipt.seq, "reverse-done", answer)
}

/// What a new line did to its provider's year.
pub(super) fn recorded(desk: &Desk, seq: Seq, key: &str, answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    let Some((id, line)) = desk.line(seq)? else { return Ok(Exit::Ok) };
    let year = line.occurred_on.year();
    let row = desk.provider(&id, year)?.ok_or_else(|| unknown_provider(&id))?;
    if answer.json {
        let mut value = line_json(&id, &shown_of(desk, &id, vec![line.clone()])?.remove(0));
        value["year"] = json!(year);
        value["score"] = json!(row.score.0);
        value["standing"] = json!(row.standing.word());
        if let Some(late) = desk.late_found(&id, &line)? {
            value["late"] = late::json(&late);
        }
        answer.json(&value)?;
        return Ok(Exit::Ok);
    }
    let text = answer.lang.say_with(
        key,
        &[
            ("line", seq.to_string().into()),
            ("reverses", line.reverses.map_or_else(String::new, |l| l.to_string()).into()),
            ("provider", id.to_string().into()),
            ("points", line.points.0.into()),
            ("effective", line.effective.to_string().into()),
            ("year", year.to_string().into()),
            ("score", row.score.0.into()),
            ("standing", crate::words::standing(answer.lang, row.standing).into()),
        ],
    );
    answer.line(&text)?;
    if let Some(late) = desk.late_found(&id, &line)? {
        late::lines(answer.lang, &line, &late).iter().try_for_each(|line| answer.line(line))?;
    }
    Ok(Exit::Ok)
}

#[derive(Serialize)]
struct StandingJson<'a> {
    provider: &'a str,
    name: &'a str,
    year: Year,
    score: u32,
    standing: &'a str,
    lines: u32,
}

/// `koufen standing`.
pub fn standing(
    desk: &Desk,
    provider: Option<&ProviderId>,
    year: Option<Year>,
    as_of: Option<&str>,
    answer: &mut Answer<'_>,
) -> Result<Exit, Failure> {
    let this_year = year.unwrap_or(desk.today().year());
    let rows = match (as_of, provider) {
        (Some(text), _) => {
            let day = day(text, desk, answer)?;
            desk.standings_as_of(year.unwrap_or(day.year()), day)?
        }
        (None, Some(id)) => desk.provider(id, this_year)?.into_iter().collect(),
        (None, None) => desk.providers(this_year)?,
    };
    let mut rows: Vec<ProviderRow> = rows;
    if let Some(id) = provider {
        rows.retain(|row| row.provider.id == *id);
        if rows.is_empty() {
            return Err(unknown_provider(id));
        }
    }
    if answer.json {
        let json = |row: &ProviderRow| -> serde_json::Result<serde_json::Value> {
            serde_json::to_value(StandingJson {
                provider: row.provider.id.as_str(),
                name: &row.provider.name,
                year: row.year,
                score: row.score.0,
                standing: row.standing.word(),
                lines: row.lines,
            })
        };
        let all = rows.iter().map(json).collect::<Result<Vec<_>, _>>()?;
        answer.json(&all)?;
        return Ok(Exit::Ok);
    }
    let header = titles(&["provider", "name", "year", "score", "standing", "lines"], answer);
    let lang = answer.lang;
    let cells = |row: &ProviderRow| {
        vec![
            row.provider.id.to_string(),
            row.provider.name.clone(),
            row.year.to_string(),
            row.score.to_string(),
            crate::words::standing(lang, row.standing),
            row.lines.to_string(),
        ]
    };
    answer.table(&header, &rows.iter().map(cells).collect::<Vec<_>>(), &[3, 5])?;
    Ok(Exit::Ok)
}

/// A line, and whether it has what its article asks for (section 2).
struct Shown {
    line: Line,
    supported: bool,
    /// What it stands for, in words.
    stands_for: Option<String>,
}

/// Looks up whether lines of a provider are supported, and by what.
fn shown_of(desk: &Desk, id: &ProviderId, lines: Vec<Line>) -> Result<Vec<Shown>, Failure> {
    let supported = desk.are_supported(id, &lines)?;
    let any = lines.iter().any(|line| line.subject.is_some());
    let chargeables = if any { desk.chargeables(id)? } else { Vec::new() };
    let shown = |(line, supported): (Line, bool)| {
        let stands_for = line.subject.as_ref().map(|subject| needs::written(&chargeables, subject));
        Shown { line, supported, stands_for }
    };
    Ok(lines.into_iter().zip(supported).map(shown).collect())
}

/// `koufen ledger`: a provider's year, oldest day first; or the unsupported lines of it, or of all providers; as of a day
/// those that had occurred by then.
pub fn ledger(
    desk: &Desk,
    provider: Option<&ProviderId>,
    ((year, as_of), unsupported): ((Option<Year>, Option<&str>), bool),
    answer: &mut Answer<'_>,
) -> Result<Exit, Failure> {
    let as_of = as_of.map(|text| day(text, desk, answer)).transpose()?;
    let this_year = year.unwrap_or(as_of.unwrap_or(desk.today()).year());
    let ids = match provider {
        Some(id) => vec![desk.provider(id, this_year)?.ok_or_else(|| unknown_provider(id))?.provider.id],
        None if unsupported => desk.providers(this_year)?.into_iter().map(|row| row.provider.id).collect(),
        None => return Err(Failure::Usage(answer.lang.say("ledger-whose"))),
    };
    let years = match year {
        None if unsupported => desk.years()?,
        _ => vec![this_year],
    };
    let before = |line: &Line| (line.occurred_on, line.seq);
    let (mut rows, mut waiting) = (Vec::new(), Vec::new());
    for id in ids {
        let mut own = desk.proposals(Some(&id))?;
        own.retain(|w| !unsupported && as_of.is_none() && years.contains(&w.proposed.deduction.occurred_on.year()));
        waiting.extend(own);
        for year in &years {
            let mut lines = match as_of {
                Some(day) => desk.ledger_on(&id, *year, day)?,
                None => all_pages(|last, most| desk.ledger(&id, *year, last.map(before), most))?,
            };
            if !unsupported {
                lines = desk.with_voids(lines)?;
            }
            lines.reverse();
            let mut lines = shown_of(desk, &id, lines)?;
            lines.retain(|shown| !unsupported || !shown.supported && shown.line.reversed_by.is_none());
            rows.extend(lines.into_iter().map(|shown| (id.clone(), shown)));
        }
    }
    if answer.json {
        let lines = rows.iter().map(|(id, shown)| line_json(id, shown));
        answer.json(&lines.chain(waiting.iter().map(proposals::told)).collect::<Vec<_>>())?;
        return Ok(Exit::Ok);
    }
    let names = [
        "line",
        "occurred_on",
        "article",
        "points",
        "effective",
        "outlet",
        "stands-for",
        "problem",
        "reversal",
        "note",
    ];
    let whose = unsupported.then_some("provider");
    let names: Vec<&str> = whose.into_iter().chain(names).collect();
    let header = titles(&names, answer);
    let missing = answer.lang.say("line-unsupported");
    let cells = |(id, shown): &(ProviderId, Shown)| {
        let whose = unsupported.then(|| id.to_string());
        whose.into_iter().chain(line_cells(shown, &missing)).collect::<Vec<_>>()
    };
    let at = usize::from(unsupported);
    answer.table(&header, &rows.iter().map(cells).collect::<Vec<_>>(), &[at, at + 3, at + 4])?;
    waiting.iter().try_for_each(|w| answer.line(&words::waiting(answer.lang, "proposal-waits", w)))?;
    Ok(Exit::Ok)
}

fn line_cells(Shown { line, supported, stands_for }: &Shown, missing: &str) -> Vec<String> {
    let reversal = match (line.reverses, line.reversed_by) {
        (Some(seq), _) => format!("→ {seq}"),
        (_, Some(seq)) => format!("× {seq}"),
        _ => String::new(),
    };
    let mut cells = Vec::from(first_cells(line));
    cells.extend([
        match (stands_for, supported) {
            (Some(subject), true) => shown(subject),
            (Some(subject), false) => format!("{} {missing}", shown(subject)),
            (None, false) => missing.to_owned(),
            (None, true) => shown(line.evidence.as_deref().unwrap_or_default()),
        },
        line.problem.clone().unwrap_or_default(),
        reversal,
        shown(line.note.as_deref().unwrap_or_default()),
    ]);
    cells
}

/// What every list of lines begins with: number, day, article, points, what of them counts, outlet.
pub(super) fn first_cells(line: &Line) -> [String; 6] {
    [
        line.seq.to_string(),
        line.occurred_on.to_string(),
        line.article.to_string(),
        line.points.to_string(),
        line.effective.to_string(),
        line.outlet.as_ref().map_or_else(String::new, ToString::to_string),
    ]
}

fn line_json(provider: &ProviderId, Shown { line, supported, .. }: &Shown) -> serde_json::Value {
    json!({
        "line": line.seq.0,
        "kind": line.kind.word(),
        "provider": provider.as_str(),
        "article": line.article.as_str(),
        "points": line.points.0,
        "effective": line.effective.0,
        "occurred_on": line.occurred_on.to_string(),
        "recorded_at": line.recorded_at.civil().format("%Y-%m-%dT%H:%M:%S+08:00").to_string(),
        "by": line.by,
        "outlet": line.outlet.as_ref().map(|o| o.as_str()),
        "problem": line.problem,
        "note": line.note,
        "subject": line.subject.as_ref().map(ToString::to_string),
        "evidence": line.evidence,
        "unsupported": !supported,
        "reversed_by": line.reversed_by.map(|s| s.0),
        "reverses": line.reverses.map(|s| s.0),
        "rulebook": line.edition.map(|hash| hash.to_string()),
        "override": line.agreed.map(|s| s.0),
        "proposal": line.proposed.map(|s| s.0),
    })
}
