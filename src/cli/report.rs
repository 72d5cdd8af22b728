//! Import reports and file errors in sentences.

use super::output::{Answer, Exit, Failure, source_exit};
use crate::exchange::said::{detail, source_error};
use crate::exchange::{At, ImportError, Report, Source, Stop};
use crate::store::StoreError;
use crate::words::{Lang, field};
use serde::Serialize;

/// Rejected rows that are named in text; JSON names all of them.
const NAMED: usize = 200;
/// Rows that were there already of which text says which line each is.
const SAME: usize = 20;

#[derive(Serialize)]
struct ReportJson<'a> {
    read: u64,
    accepted: u64,
    rejected: Vec<RejectedJson<'a>>,
    already: u64,
    already_lines: Vec<SameJson>,
    named: Vec<NamedJson<'a>>,
    cleaned: CleanedJson,
    taken: TakenJson<'a>,
}

#[derive(Serialize)]
struct RejectedJson<'a> {
    row: u64,
    line: u64,
    column: &'a str,
    value: &'a str,
    reason: &'a str,
    detail: String,
}

#[derive(Serialize)]
struct SameJson {
    row: u64,
    line: u64,
    recorded: u64,
}

#[derive(Serialize)]
struct NamedJson<'a> {
    row: u64,
    line: u64,
    what: &'a str,
    value: &'a str,
}

#[derive(Serialize)]
struct CleanedJson {
    rows: u64,
    first_line: Option<u64>,
}

#[derive(Serialize)]
struct TakenJson<'a> {
    encoding: &'a str,
    separator: &'a str,
    header_line: u64,
    columns: Vec<ColumnJson>,
    ignored: &'a [String],
}

#[derive(Serialize)]
struct ColumnJson {
    column: &'static str,
    title: String,
}

impl<'a> ReportJson<'a> {
    fn of(lang: Lang, report: &'a Report, source: &'a Source) -> ReportJson<'a> {
        let rejected = report.rejected.iter().map(|r| RejectedJson {
            row: r.at.row,
            line: r.at.line,
            column: r.column,
            value: &r.value,
            reason: r.why.reason(),
            detail: detail(lang, r),
        });
        let same = report.same.iter().map(|s| SameJson { row: s.at.row, line: s.at.line, recorded: s.recorded.0 });
        let named = report.named.iter().map(|n| NamedJson {
            row: n.at.row,
            line: n.at.line,
            what: n.what.word(),
            value: &n.text,
        });
        ReportJson {
            read: report.read,
            accepted: report.accepted,
            rejected: rejected.collect(),
            already: report.already,
            already_lines: same.collect(),
            named: named.collect(),
            cleaned: CleanedJson { rows: report.unseen.0, first_line: report.unseen.1.map(|at| at.line) },
            taken: TakenJson {
                encoding: source.encoding(),
                separator: source.separator().word(),
                header_line: source.header_line(),
                columns: source.taken().into_iter().map(|(column, title)| ColumnJson { column, title }).collect(),
                ignored: &source.ignored,
            },
        }
    }
}

/// Says what in a file is taken for what, before anything of it goes in: where somebody looks on, where they only try,
/// and wherever it was not plain to see.
pub fn taken(answer: &mut Answer<'_>, source: &Source, dry_run: bool) {
    let lang = answer.lang;
    if !answer.json && (dry_run || answer.bar || !source.is_plain()) {
        let separator = lang.say(&format!("separator-{}", source.separator().word()));
        let line = source.header_line();
        let args = [
            ("encoding", source.encoding().to_owned()),
            ("separator", separator),
            ("line", line.to_string()),
            ("above", (line - 1).to_string()),
        ];
        answer.remark(&lang.say_texts(if line > 1 { "import-taken-above" } else { "import-taken" }, &args));
        let each = |(column, title): &(&'static str, String)| match *title == **column {
            true => said(lang, column),
            false => format!("{title} → {}", said(lang, column)),
        };
        let columns: Vec<String> = source.taken().iter().map(each).collect();
        answer.remark(&lang.say_texts("import-columns", &[("columns", columns.join(", "))]));
    }
    if !source.ignored.is_empty() {
        let columns = source.ignored.join(", ");
        answer.remark(&lang.say_texts("import-ignored", &[("columns", columns)]));
    }
}

/// A column by its name in files and its word on the screen.
fn said(lang: Lang, column: &str) -> String {
    let key = format!("field-{}", column.replace('_', "-"));
    let word = field(lang, column);
    if word == key { column.to_owned() } else { format!("{column} ({word})") }
}

/// Writes what came of an import.
pub fn write(answer: &mut Answer<'_>, report: &Report, source: &Source, dry_run: bool) -> Result<(), Failure> {
    let lang = answer.lang;
    if answer.json {
        return answer.json(&ReportJson::of(lang, report, source));
    }
    rows(answer, report, source)?;
    let key = if dry_run { "import-would" } else { "import-done" };
    let mut text = lang.say_texts(key, &counts(report));
    if !report.named.is_empty() {
        text += &lang.say_texts("import-left-out", &[("count", report.named.len().to_string())]);
    }
    answer.line(&text)
}

/// Names the rows of an audit's sheet, of which nothing goes in.
pub fn audit(answer: &mut Answer<'_>, report: &Report, source: &Source) -> Result<(), Failure> {
    match answer.json {
        true => answer.json(&ReportJson::of(answer.lang, report, source)),
        false => rows(answer, report, source),
    }
}

/// Writes what had come of a file when its import stopped, and says why it did and what is in.
pub fn stopped(answer: &mut Answer<'_>, error: &ImportError, source: &Source) -> Result<Failure, Failure> {
    let (lang, report) = (answer.lang, &*error.so_far);
    match answer.json {
        true => answer.json(&ReportJson::of(lang, report, source))?,
        false => rows(answer, report, source)?,
    }
    let (exit, reason, what) = match &error.why {
        Stop::Source(e) => (source_exit(e), "bad file", source_error(lang, e)),
        // That nothing was recorded is so of one block only; of the file something was.
        Stop::Store(StoreError::Refusing { why }) => (Exit::Store, "store", why.clone()),
        Stop::Store(e) => (Exit::Store, "store", crate::words::store_error(lang, e)),
        Stop::Asked => (Exit::Store, "stopped", lang.say("import-asked")),
    };
    let mut args = counts(report).to_vec();
    args.push(("what", what.trim_end_matches(['.', '。']).to_owned()));
    Ok(Failure::Own(exit, reason, lang.say_texts("import-stopped", &args)))
}

fn counts(report: &Report) -> [(&'static str, String); 4] {
    [
        ("read", report.read.to_string()),
        ("accepted", report.accepted.to_string()),
        ("rejected", report.rejected.len().to_string()),
        ("already", report.already.to_string()),
    ]
}

/// The rows that need a word each.
fn rows(answer: &mut Answer<'_>, report: &Report, source: &Source) -> Result<(), Failure> {
    let lang = answer.lang;
    let place = |at: At| [("row", at.row.to_string()), ("line", at.line.to_string())];
    let titles = source.taken();
    for row in report.rejected.iter().take(NAMED) {
        let title = titles.iter().find(|(column, title)| *column == row.column && title != column);
        let column = title.map_or(row.column.to_owned(), |(column, title)| format!("{title} ({column})"));
        let says = [("column", column), ("value", row.value.clone()), ("detail", detail(lang, row))];
        answer.line(&lang.say_texts("import-row", &[&place(row.at)[..], &says].concat()))?;
    }
    if report.rejected.len() > NAMED {
        let more = (report.rejected.len() - NAMED).to_string();
        answer.line(&lang.say_texts("import-more", &[("count", more)]))?;
    }
    for row in report.named.iter().take(NAMED) {
        let says = [("what", lang.say(&format!("aside-{}", row.what.word()))), ("text", row.text.clone())];
        answer.line(&lang.say_texts("import-named", &[&place(row.at)[..], &says].concat()))?;
    }
    if let (rows @ 1.., Some(at)) = report.unseen {
        let args = [("count", rows.to_string()), ("row", at.row.to_string()), ("line", at.line.to_string())];
        answer.line(&lang.say_texts("import-cleaned", &args))?;
    }
    if !report.same.is_empty() {
        let each = |same: &crate::exchange::Same| {
            let args = [("row", same.at.row.to_string()), ("recorded", same.recorded.to_string())];
            lang.say_texts("import-same-row", &args)
        };
        let mut lines = report.same.iter().take(SAME).map(each).collect::<Vec<_>>().join(", ");
        if report.same.len() > SAME {
            lines.push_str(", …");
        }
        answer.line(&lang.say_texts("import-same", &[("lines", lines)]))?;
    }
    Ok(())
}
