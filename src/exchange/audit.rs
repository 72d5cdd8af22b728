//! The report of an audit in sentences: who looked at what, what became of each line, and what it comes to.

use super::entry::Row;
use crate::desk::{AuditLine, AuditReport};
use crate::domain::audit::Audited;
use crate::domain::{Line, LineKind};
use crate::words::{self, Lang};

/// What the audit is, line by line.
pub fn head(lang: Lang, report: &AuditReport) -> Vec<String> {
    let Audited { seq, on, audit, by, note } = &report.audited;
    let args = [
        ("entry", seq.to_string()),
        ("provider", report.provider.to_string()),
        ("on", on.to_string()),
        ("by", by.clone()),
        ("auditors", audit.auditors.join(", ")),
        ("scope", audit.scope.clone()),
    ];
    let mut lines = vec![lang.say_texts("audit-title", &args), lang.say_texts("audit-who", &args)];
    lines.extend(note.iter().map(|note| lang.say_texts("audit-note", &[("note", note.replace('\n', " "))])));
    lines.extend(report.taken_by.map(|by| lang.say_texts("audit-gone", &[("by", by.to_string())])));
    lines
}

/// What a line says was seen.
pub fn seen(line: &Line) -> String {
    let seen = [line.subject.as_ref().map(ToString::to_string), line.evidence.clone(), line.note.clone()];
    let seen: Vec<String> = seen.into_iter().flatten().map(|text| text.replace('\n', " ")).collect();
    seen.join(" · ")
}

/// What became of a line.
pub fn became(lang: Lang, AuditLine { entry, line }: &AuditLine) -> String {
    match (line.reversed_by, line.seq == *entry) {
        (Some(by), _) => lang.say_texts("audit-line-reversed", &[("by", by.to_string())]),
        (None, false) if line.proposed == Some(*entry) => {
            lang.say_texts("audit-line-confirmed", &[("entry", entry.to_string())])
        }
        (None, false) => lang.say_texts("audit-line-replaces", &[("entry", entry.to_string())]),
        (None, true) if line.effective < line.points && line.kind == LineKind::Deduction => {
            lang.say("audit-line-capped")
        }
        (None, true) => lang.say("audit-line-stands"),
    }
}

/// What its lines come to.
pub fn sum(lang: Lang, report: &AuditReport) -> String {
    let (assessed, effective) = report.sum();
    lang.say_texts("audit-sum", &[("assessed", assessed.to_string()), ("effective", effective.to_string())])
}

/// The score of each year without it and with it.
pub fn scores(lang: Lang, report: &AuditReport) -> Vec<String> {
    let score = |(year, before, after): &(i32, crate::points::Score, crate::points::Score)| {
        let args = [("year", year.to_string()), ("before", before.to_string()), ("after", after.to_string())];
        lang.say_texts("audit-score", &args)
    };
    report.years.iter().map(score).collect()
}

/// All of it, in rows for a window.
pub fn rows(lang: Lang, report: &AuditReport) -> Vec<Row> {
    let row = |label: String, text: String| Row { label, text };
    let said = |text: String| row(String::new(), text);
    let mut rows: Vec<Row> = head(lang, report).into_iter().map(said).collect();
    rows.extend(report.lines.iter().map(|found| {
        let line = &found.line;
        let outlet = line.outlet.as_ref().map(ToString::to_string);
        let points = words::points(lang, line.points);
        let facts = [Some(line.occurred_on.to_string()), Some(line.article.to_string()), Some(points), outlet];
        let facts: Vec<String> = facts.into_iter().flatten().collect();
        let seen = seen(line).replace('\t', " ");
        row(format!("#{}", line.seq), format!("{}\n{seen} · {}", facts.join("  "), became(lang, found)))
    }));
    rows.extend(
        report.waiting.iter().map(|waiting| row("◌".to_owned(), words::waiting(lang, "proposal-waits", waiting))),
    );
    let nothing = report.lines.is_empty() && report.waiting.is_empty();
    rows.push(said(if nothing { lang.say("audit-nothing-found") } else { sum(lang, report) }));
    rows.extend(scores(lang, report).into_iter().map(said));
    rows
}
