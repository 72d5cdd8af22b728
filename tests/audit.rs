//! Audits: the record and its lines come together or not at all, go and come back together, and the report's figures are
//! the ledger's.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

#[path = "fixture/binary.rs"]
mod binary;
#[path = "fixture/case.rs"]
#[allow(dead_code, reason = "the clauses' tests use the rest of it")]
mod case;
#[allow(dead_code, reason = "the others use the rest of it")]
mod fixture;
#[path = "fixture/line.rs"]
mod line;

use binary::Store;
use case::Case;
use koufen::desk::{DeskError, Identity};
use koufen::domain::audit::{Audit, Flaw, LINES_MAX, Sheet};
use koufen::domain::{Command, Deduction, Fact, Recording, Refusal};
use koufen::ids::Seq;
use koufen::time::parse_day;

fn line(article: &str, points: u32, on: &str, evidence: &str) -> Deduction {
    let evidence = Some(evidence.to_owned()).filter(|text| !text.is_empty());
    Deduction { evidence, ..line::of("P0001", article, points, parse_day(on).unwrap()) }
}

fn sheet(lines: Vec<Deduction>) -> Sheet {
    Sheet {
        provider: "P0001".parse().unwrap(),
        auditors: vec!["王芳".into(), "李雷".into()],
        scope: "杭州门店".into(),
        on: None,
        note: None,
        lines,
    }
}

fn ask(case: &Case, sheet: Sheet) -> Result<Seq, Refusal> {
    match case.desk.record_audit(&Identity { name: "ops".into(), door: koufen::desk::Door::Program }, sheet, false) {
        Ok(receipt) => Ok(receipt.seq),
        Err(DeskError::Refused(refusal)) => Err(refusal),
        Err(e) => panic!("{e}"),
    }
}

fn score(case: &Case, year: i32) -> u32 {
    case.desk.provider(&"P0001".parse().unwrap(), year).unwrap().unwrap().score.0
}

fn void(case: &Case, entry: Seq, dependents: bool) -> Result<Seq, Refusal> {
    case.ask(Command::Void { entry, dependents, reason: "误录".into() }).map(|receipt| receipt.seq)
}

fn two() -> Vec<Deduction> {
    vec![line("media-exposure", 12, "2011-03-01", "晚报"), line("unapproved-material", 5, "2010-12-30", "传单")]
}

#[test]
fn an_audit_and_its_lines_come_together_or_not_at_all() {
    let case = Case::at("2011-05-02T09:00");
    case.ask(Command::Deduct(line("media-exposure", 10, "2011-02-01", "早报"))).unwrap();
    let head = case.desk.stats().unwrap().head;
    let bad =
        [two(), vec![line("media-exposure", 12, "2011-03-02", ""), line("media-exposure", 99, "2011-03-03", "x")]];
    let who = Identity { name: "ops".into(), door: koufen::desk::Door::Program };
    let (_, refused) = case.desk.try_audit(&who, &sheet(bad.concat()), true).unwrap().unwrap();
    let places: Vec<usize> = refused.iter().map(|(place, _)| *place).collect();
    assert_eq!(places, [2, 3], "every line that is refused is named: {refused:?}");
    assert!(matches!(ask(&case, sheet(bad.concat())), Err(Refusal::Needs(_))));
    assert_eq!((case.desk.stats().unwrap().head, score(&case, 2011)), (head, 10), "nothing is recorded");
    for (wrong, field) in [
        (Sheet { auditors: vec![" ".into()], ..sheet(two()) }, "auditors"),
        (Sheet { scope: " ".into(), ..sheet(two()) }, "scope"),
    ] {
        assert_eq!(ask(&case, wrong), Err(Refusal::Missing { field }));
    }
    let other = Deduction { provider: "P0002".parse().unwrap(), ..line("media-exposure", 12, "2011-03-01", "x") };
    assert!(matches!(ask(&case, sheet(vec![other])), Err(Refusal::Audit(Flaw::OtherProvider { .. }))));
    let many = vec![line("media-exposure", 12, "2011-03-01", "x"); LINES_MAX + 1];
    assert!(matches!(ask(&case, sheet(many)), Err(Refusal::Audit(Flaw::TooManyLines { .. }))));
    // Decision 14: what is on record already is asked about, equal rows of one sheet are lines of their own.
    let known = vec![line("media-exposure", 10, "2011-02-01", "早报")];
    assert!(matches!(ask(&case, sheet(known)), Err(Refusal::SaidBefore { .. })));
    assert_eq!(case.desk.stats().unwrap().head, head);
    let twice = vec![line("media-exposure", 12, "2011-03-01", "晚报"); 2];
    let audit = ask(&case, sheet(twice)).unwrap();
    assert_eq!((case.desk.stats().unwrap().head.seq.0, score(&case, 2011)), (audit.0 + 2, 34));
    case.is_sound();
}

#[test]
fn its_void_takes_its_lines_and_brings_them_back() {
    let case = Case::at("2011-05-02T09:00");
    let audit = ask(&case, sheet(two())).unwrap();
    assert_eq!((score(&case, 2011), score(&case, 2010)), (12, 5));
    let by = vec![audit.next(), audit.next().next()];
    assert_eq!(void(&case, audit, false), Err(Refusal::StoodOn { entry: audit, by }));
    let gone = void(&case, audit, true).unwrap();
    assert_eq!((score(&case, 2011), score(&case, 2010)), (0, 0));
    assert!(case.desk.dossier(&"P0001".parse().unwrap()).unwrap().audits.is_empty());
    let report = case.desk.audit(audit).unwrap().unwrap();
    assert_eq!((report.taken_by, report.sum()), (Some(gone), (17, 0)));
    void(&case, gone, false).unwrap();
    assert_eq!((score(&case, 2011), score(&case, 2010)), (12, 5));
    // A line that went by itself before stays away when the audit comes back.
    let alone = case.ask(Command::Reverse { line: audit.next(), reason: "误".into() }).unwrap().seq;
    let gone = void(&case, audit, true).unwrap();
    void(&case, gone, false).unwrap();
    assert_eq!((score(&case, 2011), score(&case, 2010)), (0, 5));
    let report = case.desk.audit(audit).unwrap().unwrap();
    assert_eq!((report.lines[0].line.reversed_by, report.lines[1].line.reversed_by), (Some(alone), None));
    case.is_sound();
}

#[test]
fn a_report_says_what_the_ledger_says() {
    let case = Case::at("2011-05-02T09:00");
    case.ask(Command::Deduct(line("media-exposure", 10, "2011-02-01", "早报"))).unwrap();
    let audit = ask(&case, sheet(two())).unwrap();
    let report = case.desk.audit(audit).unwrap().unwrap();
    assert_eq!(report.audited.audit.auditors, ["王芳", "李雷"]);
    let years: Vec<_> = report.years.iter().map(|(year, before, after)| (*year, before.0, after.0)).collect();
    assert_eq!((years, report.sum()), (vec![(2010, 0, 5), (2011, 10, 22)], (17, 17)));
    for found in &report.lines {
        let ledger = case.desk.line(found.line.seq).unwrap().unwrap().1;
        assert_eq!(found.line, ledger);
    }
    // A line that was put right goes on as the audit's.
    let right = line("media-exposure", 15, "2011-03-01", "晚报");
    let who = Identity { name: "ops".into(), door: koufen::desk::Door::Program };
    let put = case.desk.replace(&who, audit.next(), "少记", Command::Deduct(right)).unwrap().seq;
    let report = case.desk.audit(audit).unwrap().unwrap();
    assert_eq!((report.lines[0].entry, report.lines[0].line.seq, report.sum()), (audit.next(), put, (20, 20)));
    let gone = void(&case, audit, true).unwrap();
    assert_eq!((score(&case, 2011), score(&case, 2010)), (10, 0), "it goes with the audit");
    void(&case, gone, false).unwrap();
    assert_eq!((score(&case, 2011), score(&case, 2010)), (25, 5));
    case.is_sound();
}

#[test]
fn an_audit_may_find_nothing_and_a_plain_record_brings_no_line() {
    let case = Case::at("2011-05-02T09:00");
    let audit = ask(&case, sheet(Vec::new())).unwrap();
    let report = case.desk.audit(audit).unwrap().unwrap();
    assert_eq!((report.lines.len(), report.years.len(), report.sum()), (0, 1, (0, 0)));
    assert!(matches!(ask(&case, sheet(Vec::new())), Err(Refusal::SaidBefore { .. })));
    let fact = Fact::Audit(Audit { auditors: vec!["王芳".into()], scope: "城".into(), lines: 7 });
    let provider = "P0001".parse().unwrap();
    let plain = Recording { provider, fact, on: None, confirmed_by: None, note: None };
    let plain = case.ask(Command::Record(Box::new(plain))).unwrap().seq;
    assert_eq!(case.desk.audit(plain).unwrap().unwrap().audited.audit.lines, 0);
    case.is_sound();
}

#[test]
fn the_command_line_names_every_row_that_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::with_provider(&folder.path().join("store"));
    let file = folder.path().join("sheet.csv");
    let name = file.to_str().unwrap();
    let write = |text: &str| std::fs::write(&file, text).unwrap();
    let base = ["audit", "record", "P0001", "--auditors", "王芳,李雷", "--scope", "门店", "--on", "2011-03-05"];
    let record = [&base[..], &["--lines", name]].concat();
    let head = |store: &Store| store.ok(&["stats"])["head"].clone();
    let before = (head(&store), store.ok(&["stats"])["entries"].clone());
    write(
        "article,points,occurred_on,evidence\nmedia-exposure,12,,晚报\nmedia-exposure,99,,x\nmedia-exposure,x,,x\nmedia-exposure,12,2011-03-02,\n",
    );
    let out = store.run(&record);
    assert_eq!(out.status.code(), Some(1), "{}", String::from_utf8_lossy(&out.stderr));
    let told: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    let rows: Vec<_> =
        told["rejected"].as_array().unwrap().iter().map(|r| (&r["row"], &r["column"], &r["value"])).collect();
    let want = [(2, "points", "99"), (3, "points", "x"), (4, "evidence", "")];
    let want = want.map(|(row, column, value)| (row.into(), column.into(), value.into()));
    assert_eq!(rows, want.iter().map(|(a, b, c): &(serde_json::Value, _, _)| (a, b, c)).collect::<Vec<_>>());
    write("provider_id,article,points,evidence\nP0002,media-exposure,12,晚报\n");
    assert_eq!(store.run(&record).status.code(), Some(1), "another provider's line");
    write("article,points,occurred_on,evidence\nmedia-exposure,12,,晚报\nmedia-exposure,10,2011-03-02,早报\n");
    let tried = store.ok(&[&record[..], &["--dry-run"]].concat());
    assert_eq!((&tried["entry"], &tried["lines"]), (&serde_json::Value::Null, &2.into()));
    assert_eq!((head(&store), store.ok(&["stats"])["entries"].clone()), before, "nothing is recorded");
    let done = store.ok(&record);
    assert_eq!((&done["lines"][0]["occurred_on"], &done["points"]), (&"2011-03-05".into(), &22.into()));
    assert_eq!((&done["scores"][0]["before"], &done["scores"][0]["after"]), (&0.into(), &22.into()));
    assert_eq!(store.score(), 22);
    let entry = done["entry"].to_string();
    assert_eq!(store.ok(&["audit", "show", &entry]), done);
    assert_eq!(store.ok(&["audit", "list"]), serde_json::json!([done]));
    assert_eq!(store.refused(&["audit", "show", "1"])["reason"], "unknown entry");
    let said = store.ok(&["entry", &entry]);
    assert!(said.to_string().contains("李雷"), "{said}");
    let none = store.ok(&base);
    assert_eq!(none["lines"], serde_json::json!([]));
    for lang in ["en", "zh-CN"] {
        for args in [vec!["audit", "show", &entry], vec!["audit", "list", "P0001"], vec!["entry", &entry]] {
            let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_koufen"));
            command.arg("--store").arg(&store.path).args(["--lang", lang]).args(&args);
            let out = binary::finish(command);
            let text = String::from_utf8(out.stdout).unwrap();
            assert!(out.status.success() && text.contains("王芳, 李雷"), "{text}");
        }
    }
}

#[test]
fn what_if_weighs_an_audit_with_all_its_lines_and_records_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::with_provider(&folder.path().join("store"));
    let file = folder.path().join("sheet.csv");
    let name = file.to_str().unwrap();
    let tried = ["what-if", "audit", "record", "P0001", "--auditors", "王芳", "--scope", "门店", "--lines", name];
    std::fs::write(&file, "article,points,evidence\nmedia-exposure,12,晚报\nmedia-exposure,10,早报\n").unwrap();
    let before = store.ok(&["stats"])["entries"].clone();
    let told = store.ok(&tried);
    let kinds: Vec<_> = told["events"].as_array().unwrap().iter().map(|event| event["what"].clone()).collect();
    assert_eq!(kinds, ["record", "deduction", "deduction"]);
    assert_eq!(told["changes"][0]["scores"][0]["after"], 22);
    assert_eq!((&store.ok(&["stats"])["entries"], store.score()), (&before, 0));
    // What it refuses is what the command itself refuses, row by row.
    std::fs::write(&file, "article,points,evidence\nmedia-exposure,99,晚报\n").unwrap();
    let (what_if, real) = (store.run(&tried), store.run(&tried[1..]));
    assert_eq!((what_if.status.code(), real.status.code()), (Some(1), Some(1)));
    assert_eq!(what_if.stdout, real.stdout);
    for (lang, score) in [("en", "0 → 22"), ("zh-CN", "0 → 22")] {
        std::fs::write(&file, "article,points,evidence\nmedia-exposure,12,晚报\nmedia-exposure,10,早报\n").unwrap();
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_koufen"));
        command.arg("--store").arg(&store.path).args(["--lang", lang]).args(tried);
        let out = binary::finish(command);
        let text = String::from_utf8(out.stdout).unwrap();
        assert!(out.status.success() && text.contains(score), "{text}{}", String::from_utf8_lossy(&out.stderr));
    }
}
