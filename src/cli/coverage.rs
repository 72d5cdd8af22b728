//! `rules coverage`: every clause, the command that carries it out, and the test that proves it.

use super::output::{Answer, Exit, Failure};
use super::roster::titles;
use serde_json::json;

/// A row a clause, in the order of the regulation; what is not there yet is blank.
const TABLE: &str = include_str!("coverage.csv");

/// A clause and what stands for it.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The clause.
    pub clause: &'static str,
    /// The words of the command after `koufen`.
    pub command: &'static str,
    /// The test, as `file::name`.
    pub test: &'static str,
}

/// All rows.
pub fn rows() -> impl Iterator<Item = Row> {
    TABLE.lines().skip(1).map(|line| {
        let mut cells = line.split(',').map(str::trim);
        let mut cell = || cells.next().unwrap_or_default();
        Row { clause: cell(), command: cell(), test: cell() }
    })
}

/// `koufen rules coverage`: exit 1 while a clause lacks its command or its test.
pub fn coverage(answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    let covered = |row: &Row| !row.command.is_empty() && !row.test.is_empty();
    let whole = rows().all(|row| covered(&row));
    if answer.json {
        let one = |row: Row| json!({ "clause": row.clause, "command": row.command, "test": row.test, "covered": covered(&row) });
        answer.json(&rows().map(one).collect::<Vec<_>>())?;
    } else {
        let header = titles(&["clause", "command", "test"], answer);
        let cells = rows().map(|row| vec![row.clause.to_owned(), row.command.to_owned(), row.test.to_owned()]);
        answer.table(&header, &cells.collect::<Vec<_>>(), &[])?;
        let (sum, all) = (rows().filter(covered).count().to_string(), rows().count().to_string());
        let text = answer.lang.say_texts("coverage-sum", &[("covered", sum), ("rows", all)]);
        answer.line(&text)?;
    }
    Ok(if whole { Exit::Ok } else { Exit::Refused })
}
