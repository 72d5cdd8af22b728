//! `import` and `export`.

use super::args::{ExportKind, ImportKind};
use super::open::bar;
use super::output::{Answer, Exit, Failure};
use super::report;
use crate::desk::{Desk, Identity};
use crate::exchange::clean::shown;
use crate::exchange::{self, Kind, Options, Source};
use std::path::{Path, PathBuf};

impl From<ImportKind> for Kind {
    fn from(kind: ImportKind) -> Kind {
        match kind {
            ImportKind::Providers => Kind::Providers,
            ImportKind::Outlets => Kind::Outlets,
            ImportKind::Deductions => Kind::Deductions,
            ImportKind::Turnover => Kind::Turnover,
        }
    }
}

impl From<ExportKind> for Kind {
    fn from(kind: ExportKind) -> Kind {
        match kind {
            ExportKind::Providers => Kind::Providers,
            ExportKind::Outlets => Kind::Outlets,
            ExportKind::Ledger => Kind::Deductions,
            ExportKind::Turnover => Kind::Turnover,
        }
    }
}

/// `koufen import`.
pub fn import(
    desk: &Desk,
    who: &Identity,
    kind: Kind,
    file: &Path,
    (strict, dry_run): (bool, bool),
    answer: &mut Answer<'_>,
) -> Result<Exit, Failure> {
    let source = Source::open(file, kind).map_err(Failure::Source)?;
    report::taken(answer, &source, dry_run);
    let bar = bar(answer, source.rows);
    let done = exchange::import(desk, who, &source, kind, Options { dry_run }, &mut |rows| bar.set_position(rows));
    bar.finish_and_clear();
    let result = match done {
        Ok(result) => result,
        Err(stopped) => return Err(report::stopped(answer, &stopped, &source)?),
    };
    report::write(answer, &result, &source, dry_run)?;
    let nothing = result.accepted == 0 && result.already == 0;
    Ok(if (strict || nothing) && !result.rejected.is_empty() { Exit::Refused } else { Exit::Ok })
}

/// `koufen export`.
pub fn export(
    desk: &Desk,
    kind: Kind,
    (out, force): (Option<&Path>, bool),
    answer: &mut Answer<'_>,
) -> Result<Exit, Failure> {
    let Some(path) = out.filter(|path| path.as_os_str() != "-") else {
        exchange::export(desk, kind, answer.out)?;
        return Ok(Exit::Ok);
    };
    let name = shown(&path.display().to_string());
    let path = target(path, force).map_err(|(reason, key)| {
        Failure::Own(Exit::Refused, reason, answer.lang.say_texts(key, &[("file", name.clone())]))
    })?;
    let rows = exchange::write_whole(&path, |file| exchange::export(desk, kind, file))?;
    if answer.json {
        answer.json(&serde_json::json!({ "file": name, "rows": rows }))?;
    } else {
        let count = rows.to_string();
        let text = answer.lang.say_texts("export-done", &[("file", name), ("rows", count)]);
        answer.line(&text)?;
    }
    Ok(Exit::Ok)
}

/// Where an export may go: never into a store, never in the place of what is no plain file, over a file only where
/// that is asked for.
fn target(path: &Path, force: bool) -> Result<PathBuf, (&'static str, &'static str)> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // A link is followed: what counts is where the bytes would go. What is not there yet goes where its folder is.
    let whole = path.canonicalize().or_else(|_| Ok(folder.canonicalize()?.join(path.file_name().unwrap_or_default())));
    let whole: PathBuf = whole.map_err(|_: std::io::Error| ("cannot write", "export-not-a-file"))?;
    let holds_segments = |folder: &Path| {
        let mut entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        entries.any(|entry| entry.path().extension().is_some_and(|e| e == "koufen"))
    };
    // A copy of a store, or what is left of one, is one too.
    let is_store = |folder: &Path| {
        ["reached", "view.seal"].iter().any(|part| folder.join(part).exists())
            || holds_segments(folder)
            || holds_segments(&folder.join("journal"))
    };
    if whole.ancestors().skip(1).any(is_store) {
        return Err(("inside a store", "export-in-store"));
    }
    match std::fs::symlink_metadata(&whole) {
        Ok(meta) if !meta.is_file() => Err(("not a file", "export-not-a-file")),
        Ok(_) if !force => Err(("file exists", "export-exists")),
        _ => Ok(whole),
    }
}
