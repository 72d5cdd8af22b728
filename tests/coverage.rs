//! `koufen rules coverage`: every clause and decision has a command that is there and a test that is there.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

use serde_json::Value;
use std::path::Path;
use std::process::Command;

/// The clauses that the program carries out; `tests/cases.rs` holds that each row has its cases.
const CLAUSES: [&str; 55] = [
    "section 1",
    "section 2",
    "1.1(7)",
    "1.2(1)(2)(3)(4)(7)",
    "1.2(5)",
    "1.2(6)",
    "1.2(8)",
    "1.3(1)(2)",
    "1.3(3)",
    "1.3(4)",
    "1.3(5)",
    "1.4.1",
    "1.4.2(1)",
    "1.4.2(2)",
    "1.4.2(3)",
    "1.4.3",
    "1.4.4(2)",
    "1.4.4(3)",
    "1.4.4(4)",
    "1.4.4(5)",
    "1.5(1)",
    "1.5(2)(3)",
    "4.4(2)",
    "1.6.1",
    "1.6.1(1)",
    "1.6.1(1)6",
    "1.6.1(2)",
    "1.6.2",
    "2.1.1(1)",
    "2.1.1(2)",
    "2.1.1(3)",
    "2.1.1(4)",
    "2.1.2",
    "2.1.3(1)",
    "2.1.3(2)",
    "2.1.3(3)",
    "2.2.1",
    "2.2.2",
    "2.2.3(1)",
    "2.2.3(2)",
    "2.2.3(3)",
    "2.2.4(1)",
    "2.2.4(2)",
    "3.1",
    "3.1(1)",
    "3.1(2)",
    "3.1(3)",
    "3.1(4)",
    "3.2",
    "3.3(1)",
    "3.3(2)",
    "3.3(3)",
    "4.3",
    "4.4(1)",
    "4.4(3)",
];

fn koufen(args: &[&str]) -> std::process::Output {
    Command::new(env!("CARGO_BIN_EXE_koufen")).args(args).env("LC_ALL", "en_US.UTF-8").output().unwrap()
}

#[test]
fn every_clause_has_a_command_and_a_test() {
    let output = koufen(&["rules", "coverage", "--json"]);
    let rows: Value = serde_json::from_slice(&output.stdout).unwrap();
    let rows = rows.as_array().unwrap();
    for clause in CLAUSES {
        let row = rows.iter().find(|row| row["clause"] == clause).unwrap_or_else(|| panic!("no row for {clause}"));
        let (command, tests) = (row["command"].as_str().unwrap(), row["tests"].as_array().unwrap());
        assert!(row["covered"] == true && !command.is_empty() && !tests.is_empty(), "{clause} is not covered");
    }
    for row in rows.iter().filter(|row| row["covered"] == true) {
        let command = row["command"].as_str().unwrap();
        let words: Vec<&str> = command.split(' ').chain(["--help"]).collect();
        assert!(koufen(&words).status.success(), "there is no command {command}");
        for test in row["tests"].as_array().unwrap() {
            let (file, name) = test.as_str().unwrap().split_once("::").unwrap();
            is_a_test(file, name);
        }
    }
    let covered = rows.iter().all(|row| row["covered"] == true);
    assert_eq!(output.status.code(), Some(i32::from(!covered)), "1 while a row lacks either");
}

/// Each decision of section 4 has its row.
#[test]
fn every_decision_has_a_row() {
    let output = koufen(&["rules", "coverage", "--json"]);
    let rows: Value = serde_json::from_slice(&output.stdout).unwrap();
    let covered = |n: u32| {
        let clause = format!("decision {n}");
        rows.as_array().unwrap().iter().find(|row| row["clause"] == clause.as_str()).unwrap()["covered"] == true
    };
    let waiting: Vec<u32> = (1..=29).filter(|n| !covered(*n)).collect();
    assert!(waiting.is_empty(), "{waiting:?}");
}

fn is_a_test(file: &str, name: &str) {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
    let head = text.split_once(&format!("fn {name}(")).unwrap_or_else(|| panic!("there is no test {file}::{name}")).0;
    assert!(head.trim_end().ends_with("#[test]"), "{file}::{name} is not a test");
}
