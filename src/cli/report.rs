//! Import reports and file errors in sentences.

use super::output::Answer;
use super::output::Failure;
use crate::exchange::clean::shown;
use crate::exchange::source::Looks;
use crate::exchange::{Kind, Rejected, Report, Source, SourceError, Why};
use crate::words::Lang;
use serde::Serialize;

/// Rejected rows that are named in text; JSON names all of them.
const NAMED: usize = 200;

#[derive(Serialize)]
struct ReportJson<'a> {
    read: u64,
    accepted: u64,
    rejected: Vec<RejectedJson<'a>>,
    already: u64,
}

#[derive(Serialize)]
struct RejectedJson<'a> {
    row: u64,
    column: &'a str,
    value: &'a str,
    reason: &'a str,
    detail: String,
}

/// Writes what came of an import.
pub fn write(answer: &mut Answer<'_>, report: &Report, source: &Source, dry_run: bool) -> Result<(), Failure> {
    let lang = answer.lang;
    if !source.ignored.is_empty() {
        let columns = source.ignored.join(", ");
        answer.remark(&lang.say_with("import-ignored", &[("columns", columns.into())]));
    }
    if answer.json {
        let rejected = report.rejected.iter().map(|r| RejectedJson {
            row: r.row,
            column: r.column,
            value: &r.value,
            reason: r.why.reason(),
            detail: detail(lang, r),
        });
        let Report { read, accepted, already, .. } = *report;
        return answer.json(&ReportJson { read, accepted, rejected: rejected.collect(), already });
    }
    for row in report.rejected.iter().take(NAMED) {
        let line = lang.say_with(
            "import-row",
            &[
                ("row", row.row.to_string().into()),
                ("column", row.column.to_owned().into()),
                ("value", row.value.clone().into()),
                ("detail", detail(lang, row).into()),
            ],
        );
        answer.line(&line)?;
    }
    if report.rejected.len() > NAMED {
        let more = (report.rejected.len() - NAMED).to_string();
        answer.line(&lang.say_with("import-more", &[("count", more.into())]))?;
    }
    let key = if dry_run { "import-would" } else { "import-done" };
    let counts = [
        ("read", report.read.to_string().into()),
        ("accepted", report.accepted.to_string().into()),
        ("rejected", report.rejected.len().to_string().into()),
        ("already", report.already.to_string().into()),
    ];
    answer.line(&lang.say_with(key, &counts))
}

/// Why a row was rejected, in a sentence.
fn detail(lang: Lang, rejected: &Rejected) -> String {
    let value = || ("value", rejected.value.clone().into());
    match &rejected.why {
        Why::Refused(refusal) => crate::words::refusal(lang, refusal),
        Why::DuplicateRow { first } => {
            lang.say_with("import-duplicate", &[value(), ("first", first.to_string().into())])
        }
        Why::BadId => lang.say_with("import-bad-id", &[value()]),
        Why::NotANumber => lang.say_with("import-not-a-number", &[value()]),
        Why::NoSuchDate => lang.say_with("import-no-such-date", &[value()]),
        Why::NotADate => lang.say_with("import-not-a-date", &[value()]),
        Why::UnknownKind(wanted) => {
            lang.say_with("import-unknown-kind", &[value(), ("wanted", wanted.join(", ").into())])
        }
        Why::Missing => lang.say_with("import-missing", &[("column", rejected.column.to_owned().into())]),
        Why::TooManyCells { columns } => {
            lang.say_with("import-too-many-cells", &[("columns", columns.to_string().into())])
        }
        Why::UnknownRow => lang.say_with("import-unknown-row", &[value()]),
    }
}

/// Why a file cannot be imported, in a sentence that says what would do.
pub fn source(lang: Lang, e: &SourceError) -> String {
    let name = |file: &std::path::Path| ("file", shown(&file.display().to_string()).into());
    match e {
        SourceError::Io { file, source } => {
            lang.say_with("file-io", &[name(file), ("why", shown(&source.to_string()).into())])
        }
        SourceError::Empty { file } => lang.say_with("file-empty", &[name(file)]),
        SourceError::NotCsv { file, looks } => {
            let looks = match looks {
                Looks::Workbook => lang.say("looks-workbook"),
                Looks::OldWorkbook => lang.say("looks-old-workbook"),
                Looks::Utf16 => lang.say("looks-utf16"),
                Looks::Pdf => lang.say("looks-pdf"),
                Looks::Binary => lang.say("looks-binary"),
                Looks::BadText => lang.say("looks-bad-text"),
            };
            lang.say_with("file-not-csv", &[name(file), ("looks", looks.into())])
        }
        SourceError::LongRow { file, row, quoted } => {
            let key = if *quoted { "file-long-quoted" } else { "file-long" };
            lang.say_with(key, &[name(file), ("row", row.to_string().into())])
        }
        SourceError::Header { file, kind, missing, twice, found, looks } => {
            let mut text = lang.say_with(
                "file-header",
                &[
                    name(file),
                    ("missing", missing.join(", ").into()),
                    ("wanted", wanted(*kind).into()),
                    ("found", shown(&found.join(", ")).into()),
                ],
            );
            if missing.is_empty() {
                let columns = twice.join(", ");
                text = lang.say_with("file-header-twice", &[name(file), ("columns", columns.into())]);
            }
            if let Some(looks) = looks {
                text.push(' ');
                text += &lang.say_with("file-other-kind", &[("kind", looks.word().to_owned().into())]);
            }
            text
        }
    }
}

/// The columns of a kind, those that may be left out in brackets.
fn wanted(kind: Kind) -> String {
    let (must, may) = kind.columns();
    let optional = may.iter().map(|c| format!("[{c}]"));
    must.iter().map(|c| (*c).to_owned()).chain(optional).collect::<Vec<_>>().join(", ")
}
