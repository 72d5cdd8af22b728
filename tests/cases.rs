//! Cases by people who do not program (`tests/cases/*.toml`), done by `koufen rules test`, and that a wrong one fails.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn koufen(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_koufen")).args(["--lang", "en"]).args(args).output().unwrap()
}

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|end| end == "toml"));
    files.sort();
    files
}

#[test]
fn every_case_holds_and_every_clause_and_decision_has_two() {
    let files = files();
    let names: Vec<&str> = files.iter().map(|file| file.to_str().unwrap()).collect();
    let out = koufen(&[&["rules", "test", "--json"], &names[..]].concat());
    let rows: Vec<Value> = serde_json::from_slice(&out.stdout).unwrap();
    let wrong: Vec<&Value> = rows.iter().filter(|row| row["holds"] != true).collect();
    assert!(wrong.is_empty(), "{}", serde_json::to_string_pretty(&wrong).unwrap());
    assert_eq!(out.status.code(), Some(0));
    let mut clauses: BTreeMap<&str, u32> = BTreeMap::new();
    for row in &rows {
        *clauses.entry(row["clause"].as_str().unwrap()).or_default() += 1;
    }
    let alone: Vec<_> = clauses.iter().filter(|(_, count)| **count < 2).collect();
    assert!(alone.is_empty(), "one case is no pair: {alone:?}");
    assert!(rows.len() > 120 && clauses.len() > 55, "{} cases of {} clauses", rows.len(), clauses.len());
    let table = include_str!("../src/cli/coverage.csv");
    let rows = table.lines().skip(1).filter_map(|line| line.split(',').next());
    let without: Vec<&str> = rows.filter(|clause| !clauses.contains_key(clause)).collect();
    assert!(without.is_empty(), "clauses without a case: {without:?}");
    for clause in clauses.keys() {
        assert!(table.lines().any(|line| line.starts_with(&format!("{clause},"))), "no clause {clause}");
    }
}

/// What cases a text has, and what became of them.
fn of(text: &str) -> (Option<i32>, Vec<Value>) {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    let out = koufen(&["rules", "test", "--json", file.path().to_str().unwrap()]);
    (out.status.code(), serde_json::from_slice(&out.stdout).unwrap_or_default())
}

const GIVEN: &str = r#"
[[case]]
name = "x"
clause = "2.2.4(1)"
given = [
  "2011-03-01 provider add P0001 --name 捷达 --kind third-party --city 杭州",
  "outlet add O1 --provider P0001 --city 杭州 --name 店 --signed-on 2010-06-01 --staff 1",
  "by 王芳 as press: deduct P0001 media-exposure 12 --on 2011-03-01 --note 晚报",
  "as asked: request open O1 exit",
]
"#;

/// Each expectation by itself: the right one holds, and another does not.
#[test]
fn a_wrong_expectation_fails_and_says_what_was_found() {
    for (right, wrong, found) in [
        ("score = 12", "score = 13", "12"),
        ("standing = \"good\"", "standing = \"watch\"", "good"),
        ("counts = [12]", "counts = [12, 12]", "[12]"),
        ("counts = [12]", "counts = [11]", "[12]"),
        ("due = [\"exit-answer O1 2011-03-03\"]", "due = [\"exit-answer O1 2011-03-04\"]", "2011-03-03"),
        ("due = [\"exit-answer\"]", "due = [\"help-answer\"]", "exit-answer"),
        ("not_due = [\"help-answer\"]", "not_due = [\"exit-answer\"]", "exit-answer"),
        ("finding = []", "finding = [\"exit-response\"]", "none"),
        (
            "finding = [\"exit-response 1\"]\ntoday = \"2011-03-04\"",
            "finding = []\ntoday = \"2011-03-04\"",
            "exit-response",
        ),
        (
            "finding = [\"exit-response\"]\ntoday = \"2011-03-04\"",
            "finding = [\"exit-response 2\"]\ntoday = \"2011-03-04\"",
            "1",
        ),
        ("alert = [\"finding\"]\ntoday = \"2011-03-04\"", "alert = [\"deposit\"]", ""),
        ("no_alert = [\"deposit\"]", "no_alert = [\"finding\"]\ntoday = \"2011-03-04\"", "finding"),
        ("says = [\"answer due\"]", "says = [\"refused\"]", "answer due"),
        ("score = 0\nyear = 2010", "score = 12\nyear = 2010", "0"),
        (
            "then = [{ ask = \"why {press}\", says = [\"王芳\"] }]",
            "then = [{ ask = \"why {press}\", says = [\"李雷\"] }]",
            "王芳",
        ),
        (
            "then = [{ ask = \"alerts\", says_not = [\"zz\"] }]",
            "then = [{ ask = \"why {press}\", says_not = [\"王芳\"] }]",
            "王芳",
        ),
        ("score = 12", "then = [{ ask = \"why 99\", says = [] }]", "unknown entry"),
        ("score = 12", "refused = \"points over range\"", "done"),
    ] {
        let (code, rows) = of(&format!("{GIVEN}{right}"));
        assert_eq!((code, &rows[0]["holds"]), (Some(0), &true.into()), "{right}: {rows:?}");
        let (code, rows) = of(&format!("{GIVEN}{wrong}"));
        assert_eq!((code, &rows[0]["holds"]), (Some(1), &false.into()), "{wrong}");
        assert!(rows[0]["otherwise"][0]["found"].as_str().unwrap().contains(found), "{wrong}: {rows:?}");
    }
}

#[test]
fn a_line_that_is_refused_or_dated_back_fails_its_case() {
    let refused = GIVEN.replace("media-exposure 12", "media-exposure 21");
    let (code, rows) = of(&format!("{refused}score = 0"));
    let found = rows[0]["otherwise"][0]["found"].as_str().unwrap().to_owned();
    assert!(code == Some(1) && found.starts_with("points over range"), "{found}");
    let last = |line: &str| GIVEN.replace("  \"as asked: request open O1 exit\",\n", &format!("  \"{line}\",\n"));
    assert_eq!(
        of(&format!(
            "{}refused = \"points over range\"",
            last("deduct P0001 media-exposure 21 --on 2011-03-01 --note x")
        ))
        .0,
        Some(0)
    );
    assert_eq!(
        of(&format!(
            "{}refused = \"points under range\"",
            last("deduct P0001 media-exposure 21 --on 2011-03-01 --note x")
        ))
        .0,
        Some(1)
    );
    for bad in ["2011-02-28 standing", "why '12", "as x: standing", "no-such-command", "stats --no-such-option"] {
        let (code, rows) = of(&format!("{}score = 12", last(bad)));
        assert_eq!((code, rows.len()), (Some(1), 1), "{bad}");
    }
}

#[test]
fn a_file_that_is_not_sound_is_named_by_its_line() {
    for (text, line, problem) in [
        ("[[case]]\nname = \"x\"\nclause = \"1\"\nscroe = 1\n", "1", "scroe"),
        ("[[case]]\nname = \"x\"\nclause = \"1\"\n", "1", "expects nothing"),
        ("\n[[case]]\nname = \"x\"\nclause = \"1\"\nscore = 1\nafter = [\"none\"]\n", "2", "background"),
        ("[[case]]\nname = \"x\"\nclause = \"1\"\nscore = 1\ntoday = \"soon\"\n", "1", "2011-03-02"),
        ("[[case]]\nname = \"x\"\nclause = \"1\"\nscore = 1\nprovider = \"P 1\"\n", "1", "provider"),
        ("[[case]]\nname = \"x\"\nclause = \"1\"\nscore = 1\nrulebook = \"two\"\n", "1", "no edition \"two\""),
        ("case = []\n\n[edition.two]\nsecond_person_from = 9\n\n[edition.none]\nsecond_person_from = 0\n", "6", "none"),
        ("case = []\n[edition.typed]\nsecond_person_form = 15\n", "2", "second_person_form"),
        (
            "case = []\n[edition.new]\narticle = [{ id = \"brand-standart\", points = { min = 8, max = 9 } }]\n",
            "2",
            "missing",
        ),
    ] {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        let out = koufen(&["rules", "test", file.path().to_str().unwrap()]);
        let said = String::from_utf8(out.stderr).unwrap();
        assert!(said.contains(&format!("line {line}")) && said.contains(problem), "{said}");
        assert_eq!(out.status.code(), Some(1));
    }
}

/// Cases are judged by the rulebook that is asked for.
#[test]
fn cases_are_judged_by_the_rulebook_that_the_option_names() {
    let rulebook = tempfile::NamedTempFile::new().unwrap();
    let text = include_str!("../src/rulebook/rulebook.toml").replace("exit-answer = \"2wd\"", "exit-answer = \"4wd\"");
    std::fs::write(rulebook.path(), text).unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), format!("{GIVEN}due = [\"exit-answer O1 2011-03-07\"]")).unwrap();
    let file = file.path().to_str().unwrap();
    assert_eq!(koufen(&["rules", "test", file]).status.code(), Some(1));
    assert_eq!(
        koufen(&["--rulebook", rulebook.path().to_str().unwrap(), "rules", "test", file]).status.code(),
        Some(0)
    );
    for lang in ["en", "zh-CN"] {
        let out =
            Command::new(env!("CARGO_BIN_EXE_koufen")).args(["--lang", lang, "rules", "test", file]).output().unwrap();
        let said = String::from_utf8(out.stdout).unwrap();
        assert!(said.contains("exit-answer O1 2011-03-03") && said.contains("2.2.4(1)"), "{said}");
    }
}
