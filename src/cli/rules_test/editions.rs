//! The editions that a file of cases names: the rulebook that is judged by, with other values in some places.

use super::file::{Bad, line_of};
use crate::door::caller::{Caller, Here, Writes};
use crate::exchange::{ExportError, TargetFault};
use indicatif::ProgressDrawTarget;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use toml::{Spanned, Table, Value};

/// The texts of editions, by their names.
#[derive(Default)]
pub struct Editions(BTreeMap<String, String>);

impl Editions {
    /// Puts what each edition of a file says in the place of what a rulebook says; why that cannot be, and where.
    pub fn of(rulebook: &str, editions: &BTreeMap<String, Spanned<Table>>, file: &str) -> Result<Editions, Bad> {
        let one = |(name, says): (&String, &Spanned<Table>)| {
            let text = with(rulebook, says.get_ref()).map_err(|problem| {
                let problem = format!("edition {name:?}: {problem}");
                Bad { line: line_of(file, says.span().start), problem }
            })?;
            Ok((name.clone(), text))
        };
        editions.iter().map(one).collect::<Result<_, _>>().map(Editions)
    }

    /// An edition's text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}

/// A rulebook's text with other values, which is sound again.
fn with(rulebook: &str, says: &Table) -> Result<String, String> {
    let mut whole: Table = rulebook.parse().map_err(|e: toml::de::Error| e.message().to_owned())?;
    put(&mut whole, says);
    let text = toml::to_string(&whole).map_err(|e| e.to_string())?;
    crate::rulebook::Rulebook::parse(&text).map_err(|e| e.problem)?;
    Ok(text)
}

fn put(whole: &mut Table, says: &Table) {
    for (key, value) in says {
        match (whole.get_mut(key), value) {
            (Some(Value::Table(inner)), Value::Table(says)) => put(inner, says),
            (Some(Value::Array(rows)), Value::Array(says)) if says.iter().any(|row| row.get("id").is_some()) => {
                says.iter().for_each(|says| put_row(rows, says));
            }
            _ => drop(whole.insert(key.clone(), value.clone())),
        }
    }
}

/// A row with an id is that row with other values: who changes one article need not write the others down.
fn put_row(rows: &mut Vec<Value>, says: &Value) {
    let same = |row: &&mut Value| row.get("id").is_some() && row.get("id") == says.get("id");
    match (rows.iter_mut().find(same), says) {
        (Some(Value::Table(row)), Value::Table(says)) => put(row, says),
        _ => rows.push(says.clone()),
    }
}

/// A line of a case names editions as if they were files; other files are this process's.
impl Caller for Editions {
    fn open(&self, path: &Path) -> io::Result<File> {
        let Some(text) = path.to_str().and_then(|name| self.text(name)) else { return Here.open(path) };
        let mut file = tempfile::tempfile()?;
        file.write_all(text.as_bytes())?;
        file.rewind()?;
        Ok(file)
    }

    fn target(&self, path: &Path, force: bool) -> Result<PathBuf, TargetFault> {
        Here.target(path, force)
    }

    fn write_whole(&self, path: &Path, write: Writes<'_>) -> Result<u64, ExportError> {
        Here.write_whole(path, write)
    }

    fn bar(&self) -> ProgressDrawTarget {
        ProgressDrawTarget::hidden()
    }

    fn asked(&self) -> Option<Arc<AtomicBool>> {
        None
    }

    fn stopped(&self) -> io::Result<Arc<AtomicBool>> {
        Here.stopped()
    }
}
