//! `rules coverage`: every clause and decision, the command that carries it out, and the tests that prove it.

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
    /// The tests, as `file::name`, with `;` between them.
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
        let one = |row: Row| json!({ "clause": row.clause, "command": row.command, "tests": row.test.split(';').filter(|test| !test.is_empty()).collect::<Vec<_>>(), "covered": covered(&row) });
        answer.json(&rows().map(one).collect::<Vec<_>>())?;
    } else {
        let header = titles(&["clause", "command", "test"], answer);
        let tests = |row: &Row| match row.test.split_once(';') {
            Some((first, others)) => format!("{first} +{}", others.split(';').count()),
            None => row.test.to_owned(),
        };
        let cells = rows().map(|row| vec![row.clause.to_owned(), row.command.to_owned(), tests(&row)]);
        answer.table(&header, &cells.collect::<Vec<_>>(), &[])?;
        let (sum, all) = (rows().filter(covered).count().to_string(), rows().count().to_string());
        let text = answer.lang.say_texts("coverage-sum", &[("covered", sum), ("rows", all)]);
        answer.line(&text)?;
    }
    Ok(if whole { Exit::Ok } else { Exit::Refused })
}
