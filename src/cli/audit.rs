//! `audit`: audits with their lines, all of them or nothing, and their reports.

use super::args::{AuditAction, AuditArgs};
use super::output::{Answer, Exit, Failure};
use super::roster::{asked_about, day, must_be_there, titles};
use super::{ledger, proposals, report};
use crate::desk::{AuditLine, AuditReport, Desk, Identity};
use crate::domain::audit::{Audited, Sheet};
use crate::exchange::audit;
use crate::exchange::{AuditSheet, Kind, Source, audit_sheet};
use crate::ids::{ProviderId, Seq};
use crate::time::Day;
use crate::words::{self, Lang};
use serde_json::{Value, json};

/// `koufen audit`.
pub fn audit(desk: &Desk, who: &Identity, action: &AuditAction, answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    match action {
        AuditAction::Record(args) => record(desk, who, args, answer),
        AuditAction::Show { entry } => show(desk, *entry, answer),
        AuditAction::List { provider } => list(desk, provider.as_ref(), answer),
    }
}

fn record(desk: &Desk, who: &Identity, args: &AuditArgs, answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    must_be_there(desk, &args.provider)?;
    let on = args.on.as_ref().map(|text| day(text, desk, answer)).transpose()?;
    let source = args
        .lines
        .as_ref()
        .map(|file| Source::of(answer.caller.open(file), file, Kind::Audit))
        .transpose()
        .map_err(Failure::Source)?;
    let mut sheet = Sheet {
        provider: args.provider.clone(),
        auditors: args.auditors.split([',', '，', '、', ';']).map(|name| name.trim().to_owned()).collect(),
        scope: args.scope.clone(),
        on,
        note: args.note.clone(),
        lines: Vec::new(),
    };
    let mut found = None;
    if let Some(source) = &source {
        report::taken(answer, source, args.dry_run);
        let rows = audit_sheet(source, &desk.rulebook(), (&args.provider, on.unwrap_or(desk.today())));
        let rows = rows.map_err(Failure::Source)?;
        sheet = rows.sheet(sheet);
        found = Some((source, rows));
    }
    let (_, refused) = desk.try_audit(who, &sheet, !args.again)?.map_err(Failure::Refused)?;
    if let Some((source, rows)) = found.as_mut() {
        rows.refuse(refused);
        if !rows.report.rejected.is_empty() {
            return refuse(answer, rows, source);
        }
    }
    let lines = sheet.lines.len();
    if args.dry_run {
        if answer.json {
            answer.json(&json!({ "entry": null, "provider": args.provider.as_str(), "lines": lines }))?;
        } else {
            answer.line(&answer.lang.say_texts("audit-would", &[("lines", lines.to_string())]))?;
        }
        return Ok(Exit::Ok);
    }
    let receipt = desk.record_audit(who, sheet, args.again)?;
    // One that is only weighed is not there to be shown.
    if desk.audit(receipt.seq)?.is_some() { show(desk, receipt.seq, answer) } else { Ok(Exit::Ok) }
}

/// Names every row that is refused; nothing of the audit is recorded.
fn refuse(answer: &mut Answer<'_>, rows: &AuditSheet, source: &Source) -> Result<Exit, Failure> {
    report::audit(answer, &rows.report, source)?;
    let args = [("refused", rows.report.rejected.len().to_string()), ("read", rows.report.read.to_string())];
    Err(Failure::Own(Exit::Refused, "audit refused", answer.lang.say_texts("audit-refused", &args)))
}

fn show(desk: &Desk, entry: Seq, answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    let unknown = || {
        let text = answer.lang.say_texts("audit-unknown", &[("entry", entry.to_string())]);
        Failure::Own(Exit::Refused, "unknown entry", text)
    };
    let report = desk.audit(entry)?.ok_or_else(unknown)?;
    if answer.json {
        answer.json(&told(&report))?;
        return Ok(Exit::Ok);
    }
    let lang = answer.lang;
    audit::head(lang, &report).iter().try_for_each(|line| answer.line(line))?;
    if report.lines.is_empty() && report.waiting.is_empty() {
        answer.line(&lang.say("audit-nothing-found"))?;
    } else {
        let rows: Vec<Vec<String>> = report.lines.iter().map(|line| row(lang, line)).collect();
        let names = ["line", "occurred-on", "article", "points", "effective", "outlet", "evidence", "state"];
        let header = titles(&names, answer);
        answer.table(&header, &rows, &[0, 3, 4])?;
        answer.line(&audit::sum(lang, &report))?;
    }
    for waiting in &report.waiting {
        answer.line(&words::waiting(answer.lang, "proposal-waits", waiting))?;
    }
    audit::scores(lang, &report).iter().try_for_each(|line| answer.line(line))?;
    Ok(Exit::Ok)
}

fn row(lang: Lang, found: &AuditLine) -> Vec<String> {
    let cells = ledger::first_cells(&found.line).into_iter();
    cells.chain([audit::seen(&found.line), audit::became(lang, found)]).collect()
}

fn told(report: &AuditReport) -> Value {
    let Audited { seq, on, audit, by, note } = &report.audited;
    let line = |AuditLine { entry, line }: &AuditLine| {
        json!({
            "entry": entry.0, "line": line.seq.0, "occurred_on": line.occurred_on.to_string(),
            "article": line.article.as_str(), "points": line.points.0, "effective": line.effective.0,
            "outlet": line.outlet.as_ref().map(|id| id.as_str()), "problem": line.problem,
            "subject": line.subject.as_ref().map(ToString::to_string), "evidence": line.evidence, "note": line.note,
            "reversed_by": line.reversed_by.map(|seq| seq.0),
        })
    };
    let year = |(year, before, after): &(i32, crate::points::Score, crate::points::Score)| json!({ "year": year, "before": before.0, "after": after.0 });
    let (assessed, effective) = report.sum();
    json!({
        "entry": seq.0, "provider": report.provider.as_str(), "on": on.to_string(), "auditors": audit.auditors,
        "scope": audit.scope, "by": by, "note": note, "taken_by": report.taken_by.map(|seq| seq.0),
        "lines": report.lines.iter().map(line).collect::<Vec<_>>(),
        "waiting": report.waiting.iter().map(proposals::told).collect::<Vec<_>>(),
        "points": assessed, "effective": effective,
        "scores": report.years.iter().map(year).collect::<Vec<_>>(),
    })
}

fn list(desk: &Desk, provider: Option<&ProviderId>, answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    let ids = asked_about(desk, provider)?;
    let mut all: Vec<(Day, AuditReport)> = Vec::new();
    for id in ids {
        for audited in desk.dossier(&id)?.audits {
            all.extend(desk.audit(audited.seq)?.map(|report| (audited.on, report)));
        }
    }
    all.sort_by_key(|(on, report)| (*on, report.audited.seq));
    if answer.json {
        answer.json(&all.iter().map(|(_, report)| told(report)).collect::<Vec<_>>())?;
        return Ok(Exit::Ok);
    }
    if all.is_empty() {
        answer.line(&answer.lang.say("audits-none"))?;
        return Ok(Exit::Ok);
    }
    let rows = all.iter().map(|(on, report)| {
        let audit = &report.audited.audit;
        let (assessed, effective) = report.sum();
        vec![
            report.audited.seq.to_string(),
            report.provider.to_string(),
            on.to_string(),
            audit.auditors.join(", "),
            audit.scope.clone(),
            report.lines.len().to_string(),
            assessed.to_string(),
            effective.to_string(),
        ]
    });
    let rows: Vec<Vec<String>> = rows.collect();
    let header = titles(&["entry", "provider", "on", "auditors", "scope", "lines", "points", "effective"], answer);
    answer.table(&header, &rows, &[0, 5, 6, 7])?;
    Ok(Exit::Ok)
}
