//! Why a row or a file is not taken, in sentences that say what would do.

use super::clean::shown;
use super::source::{BadHeader, Looks};
use super::{Kind, Rejected, SourceError, Why};
use crate::words::{Lang, field};

/// Why a row was rejected, in a sentence.
pub fn detail(lang: Lang, rejected: &Rejected) -> String {
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
pub fn source_error(lang: Lang, e: &SourceError) -> String {
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
