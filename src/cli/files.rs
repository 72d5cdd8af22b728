//! `import` and `export`.

use super::args::{ExportKind, ImportKind};
use super::open::bar;
use super::output::{Answer, Exit, Failure};
use super::report;
use crate::desk::{Desk, Identity};
use crate::exchange::clean::shown;
use crate::exchange::{self, Kind, Options, Source};
use std::path::Path;

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
    let source = Source::of(answer.caller.open(file), file, kind).map_err(Failure::Source)?;
    report::taken(answer, &source, dry_run);
    let bar = bar(answer, source.rows);
    // Here an interrupt ends the process; that of a guest raises its flag.
    let options = Options { dry_run, stop: answer.caller.asked() };
    let caller = answer.caller;
    let done = exchange::import(desk, who, &source, kind, options, &mut |rows| {
        bar.set_position(rows);
        desk.last_recorded().into_iter().for_each(|last| caller.reached(last));
    });
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
    let path = answer.caller.target(path, force).map_err(|fault| {
        let text = answer.lang.say_texts(fault.key(), &[("file", name.clone())]);
        Failure::Own(Exit::Refused, fault.reason(), text)
    })?;
    let rows = answer.caller.write_whole(&path, &mut |file| exchange::export(desk, kind, file))?;
    if answer.json {
        answer.json(&serde_json::json!({ "file": name, "rows": rows }))?;
    } else {
        let count = rows.to_string();
        let text = answer.lang.say_texts("export-done", &[("file", name), ("rows", count)]);
        answer.line(&text)?;
    }
    Ok(Exit::Ok)
}
