//! Import reports and file errors in sentences.

use super::output::{Answer, Exit, Failure, source_exit};
use crate::exchange::clean::shown;
use crate::exchange::source::{BadHeader, Looks};
use crate::exchange::{At, ImportError, Kind, Rejected, Report, Source, SourceError, Stop, Why};
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
        Stop::Source(e) => (source_exit(e), "bad file", self::source(lang, e)),
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

/// Why a row was rejected, in a sentence.
fn detail(lang: Lang, rejected: &Rejected) -> String {
    let named = |key: &str, args: &[(&'static str, String)]| {
        lang.say_texts(
            key,
            &[&[("value", rejected.value.clone()), ("column", rejected.column.to_owned())], args].concat(),
        )
    };
    let fields = |names: &[&str]| names.iter().map(|name| field(lang, name)).collect::<Vec<_>>().join(", ");
    match &rejected.why {
        Why::Refused(refusal) => crate::words::refusal(lang, refusal),
        Why::DuplicateRow { first } => named("import-duplicate", &[("first", first.to_string())]),
        Why::BadId => named("import-bad-id", &[]),
        Why::NotANumber => named("import-not-a-number", &[]),
        Why::TenThousands { write } => named("import-ten-thousands", &[("write", write.clone())]),
        Why::Shortened => named("import-shortened", &[]),
        Why::TooFine => named("import-too-fine", &[]),
        Why::SheetError => named("import-sheet-error", &[]),
        Why::LostText => named("import-lost-text", &[]),
        Why::SwallowedRows { rows } => named("import-swallowed", &[("rows", rows.to_string())]),
        Why::NoSuchDate => named("import-no-such-date", &[]),
        Why::NotADate if rejected.column == "month" => named("import-not-a-month", &[]),
        Why::NotADate => named("import-not-a-date", &[]),
        Why::NotTransfers => named("import-not-transfers", &[]),
        Why::UnknownKind(wanted) => named("import-unknown-kind", &[("wanted", wanted.join(", "))]),
        Why::Missing => named("import-missing", &[]),
        Why::Merged => named("import-merged", &[]),
        Why::RecordedOtherwise { line, differs } => {
            named("import-otherwise", &[("recorded", line.to_string()), ("fields", fields(differs))])
        }
        Why::TooManyCells { columns } => named("import-too-many-cells", &[("columns", columns.to_string())]),
        Why::UnknownRow => named("import-unknown-row", &[]),
        Why::ReversesAnother { differs } => named("import-reverses-another", &[("fields", fields(differs))]),
    }
}

/// Why a file cannot be imported, in a sentence that says what would do.
pub fn source(lang: Lang, e: &SourceError) -> String {
    let named = |key: &str, file: &std::path::Path, args: &[(&'static str, String)]| {
        lang.say_texts(key, &[&[("file", shown(&file.display().to_string()))], args].concat())
    };
    let place = |row: &u64, line: &u64| [("row", row.to_string()), ("line", line.to_string())];
    match e {
        SourceError::Io { file, source } => named("file-io", file, &[("why", shown(&source.to_string()))]),
        SourceError::NoFile { file } => named("file-none", file, &[]),
        SourceError::Endless { file } => named("file-endless", file, &[]),
        SourceError::Empty { file } => named("file-empty", file, &[]),
        SourceError::NotCsv { file, looks } => {
            let looks = match looks {
                Looks::Workbook => lang.say("looks-workbook"),
                Looks::OldWorkbook => lang.say("looks-old-workbook"),
                Looks::Utf16 => lang.say("looks-utf16"),
                Looks::Pdf => lang.say("looks-pdf"),
                Looks::Binary => lang.say("looks-binary"),
                Looks::Changed => lang.say("looks-changed"),
            };
            named("file-not-csv", file, &[("looks", looks)])
        }
        SourceError::BadText { file, line } => named("file-bad-text", file, &[("line", line.to_string())]),
        SourceError::TwoEncodings { file, utf8_line, other_line } => {
            let lines = [("utf8", utf8_line.to_string()), ("other", other_line.to_string())];
            named("file-two-encodings", file, &lines)
        }
        SourceError::LongRow { file, row, line, quoted: true } => named("file-long-quoted", file, &place(row, line)),
        SourceError::LongRow { file, row, line, quoted: false } => named("file-long", file, &place(row, line)),
        SourceError::UnclosedQuote { file, row, line } => named("file-unclosed", file, &place(row, line)),
        SourceError::Unit { file, title, line } => {
            named("file-unit", file, &[("title", title.clone()), ("line", line.to_string())])
        }
        SourceError::Header(bad) => header(lang, bad),
    }
}

/// What is wrong with a header, how the file was read to find it, and what would be right.
fn header(lang: Lang, bad: &BadHeader) -> String {
    let BadHeader { file, kind, missing, twice, found, looks, encoding, separator, line } = bad;
    let name = ("file", shown(&file.display().to_string()));
    let mut text = match missing.is_empty() {
        true => lang.say_texts("file-header-twice", &[name, ("columns", twice.join(", "))]),
        false => {
            let (missing, wanted) = (missing.join(", "), wanted(*kind));
            let args = [name, ("missing", missing), ("wanted", wanted), ("found", shown(&found.join(", ")))];
            lang.say_texts("file-header", &args)
        }
    };
    let separator = lang.say(&format!("separator-{}", separator.word()));
    let read = [("encoding", (*encoding).to_owned()), ("separator", separator), ("line", line.to_string())];
    text += &lang.say_texts("file-read-as", &read);
    if let Some(looks) = looks {
        text += &lang.say_texts("file-other-kind", &[("kind", looks.word().to_owned())]);
    }
    text
}

/// The columns of a kind, those that may be left out in brackets.
fn wanted(kind: Kind) -> String {
    let (must, may) = kind.columns();
    let optional = may.iter().map(|c| format!("[{c}]"));
    must.iter().map(|c| (*c).to_owned()).chain(optional).collect::<Vec<_>>().join(", ")
}
