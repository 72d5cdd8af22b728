//! 4.4(1), 4.4(2), 4.4(3) and decision 26: which rules judge a day.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

#[path = "fixture/binary.rs"]
mod binary;
#[path = "fixture/case.rs"]
#[allow(dead_code, reason = "the clauses' tests use the rest of it")]
mod case;
#[allow(dead_code, reason = "other tests use the rest of it")]
mod fixture;

use binary::Store;
use case::{Case, moment};
use koufen::desk::{Desk, ManualClock, OpenOptions};
use koufen::domain::{Command, Deduction, Event, LineLaw, Refusal, Standing, Unlawful};
use koufen::ids::Seq;
use koufen::points::{Points, Score};
use koufen::rulebook::{EditionHash, Rulebook};
use koufen::time::Day;
use std::path::Path;
use std::sync::Arc;

const SHIPPED: &str = include_str!("../src/rulebook/rulebook.toml");

/// The shipped text with another number, and something otherwise.
fn edition(number: &str, from: &str, to: &str) -> String {
    assert!(SHIPPED.contains(from), "{from}");
    SHIPPED.replace("edition = \"1.5\"", &format!("edition = {number:?}")).replace(from, to)
}

/// An edition in which the brand costs 5 to 9, and 45 points suspend.
fn stricter(number: &str) -> String {
    let text = edition(number, "suspended = 50 ", "suspended = 45 ");
    let brand = text.split("[[article]]").find(|part| part.contains("id = \"brand-standard\"")).unwrap();
    text.replace(brand, &brand.replace("min = 4, max = 6", "min = 5, max = 9"))
}

fn day(text: &str) -> Day {
    moment(&format!("{text}T00:00")).day()
}

fn adopt(case: &Case, text: &str, effective: &str) -> Result<Seq, Refusal> {
    case.ask(Command::AdoptEdition { text: text.to_owned(), effective: day(effective) }).map(|receipt| receipt.seq)
}

fn deduct(case: &Case, article: &str, points: u32, on: &str) -> Result<LineLaw, Refusal> {
    let deduction = Deduction {
        provider: "P0001".parse().unwrap(),
        article: article.parse().unwrap(),
        points: Points(points),
        occurred_on: day(on),
        outlet: Some("O1".parse().unwrap()),
        problem: Some("发货".into()),
        note: None,
        subject: None,
        evidence: None,
    };
    match case.ask(Command::Deduct(deduction))?.event {
        Event::Deducted { law, .. } => Ok(law),
        other => panic!("{other:?}"),
    }
}

/// At a moment, with an outlet of P0001.
fn case(now: &str) -> Case {
    let case = Case::at(now);
    let outlet = koufen::domain::Outlet { signed_on: Some(day("2011-01-10")), ..fixture::outlet("O1", "P0001") };
    case.ask(Command::AddOutlet(outlet)).unwrap();
    case
}

fn unlawful<T: std::fmt::Debug>(answer: Result<T, Refusal>) -> Unlawful {
    match answer.unwrap_err() {
        Refusal::Unlawful(why) => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn clause_4_4_1_a_line_is_judged_by_the_edition_of_its_day() {
    let case = case("2011-06-20T09:00");
    adopt(&case, &stricter("1.6"), "2011-06-01").unwrap();
    let (before, since) = ("2011-05-31", "2011-06-01");
    assert!(matches!(deduct(&case, "brand-standard", 9, before), Err(Refusal::PointsOverRange { .. })));
    assert!(matches!(deduct(&case, "brand-standard", 4, since), Err(Refusal::PointsUnderRange { .. })));
    let old = deduct(&case, "brand-standard", 4, before).unwrap();
    let new = deduct(&case, "brand-standard", 9, since).unwrap();
    assert_eq!(old.edition, Some(EditionHash::of(SHIPPED)), "the day before is the loaded rulebook's");
    assert_eq!(new.edition, Some(EditionHash::of(&stricter("1.6"))));
    // An edition of a day in between judges what is typed from now on, and changes no number.
    adopt(&case, &edition("1.5b", "watch = 40", "watch = 41"), "2011-05-01").unwrap();
    let score = |case: &Case| case.desk.provider(&"P0001".parse().unwrap(), 2011).unwrap().unwrap().score;
    assert_eq!(score(&case), Score(13));
    let lines = case.desk.ledger(&"P0001".parse().unwrap(), 2011, None, 9).unwrap();
    let hashes: Vec<_> = lines.iter().map(|line| line.edition).collect();
    assert_eq!(hashes, [new.edition, old.edition], "each line keeps what it was judged by (decision 26)");
    case.is_sound();
}

#[test]
fn clause_4_4_1_marks_and_findings_are_those_of_the_day() {
    let case = case("2011-05-20T09:00");
    adopt(&case, &stricter("1.6"), "2011-06-01").unwrap();
    case.deducted(40);
    deduct(&case, "brand-standard", 6, "2011-05-20").unwrap();
    let standing = |year| case.desk.provider(&"P0001".parse().unwrap(), year).unwrap().unwrap().standing;
    assert_eq!(standing(2011), Standing::Watch, "46 of 50 on 20 May");
    case.to("2011-06-01T00:00");
    assert_eq!(standing(2011), Standing::Suspended, "46 of 45 on 1 June");
    assert_eq!(case.desk.rulebook().edition, "1.6");
    // A finding of before proposes by the edition of its day, one of since by that of its own.
    case.did("brand-checked O1 passed=no on=2011-05-31");
    let on_record = case.desk.findings(None).unwrap();
    let found = on_record.iter().find(|finding| finding.id.subject.article() == "brand-standard").unwrap();
    assert_eq!(found.points, Points(4));
    case.did("brand-checked O1 passed=no on=2011-06-01");
    let points: Vec<Points> = case.desk.findings(None).unwrap().iter().map(|finding| finding.points).collect();
    assert!(points.contains(&Points(4)) && points.contains(&Points(5)), "{points:?}");
}

#[test]
fn clause_4_4_1_and_decision_26_what_is_adopted_is_one_edition() {
    let case = case("2011-05-20T09:00");
    let unsound = edition("1.6", "signed-percent = 60", "signed-percent = 160");
    let Unlawful::Unsound { line, problem } = unlawful(adopt(&case, &unsound, "2011-06-01")) else { panic!() };
    assert!(line > 0 && problem.contains("percentage"), "{line}: {problem}");
    assert!(matches!(adopt(&case, " \n", "2011-06-01"), Err(Refusal::Missing { field: "rulebook" })));
    let blank = edition(" ", "watch = 40", "watch = 41");
    assert!(matches!(adopt(&case, &blank, "2011-06-01"), Err(Refusal::Missing { field: "edition" })));
    let entry = adopt(&case, &stricter("1.6"), "2011-06-01").unwrap();
    let other = edition("1.6", "watch = 40", "watch = 41");
    assert_eq!(
        unlawful(adopt(&case, &other, "2011-07-01")),
        Unlawful::OtherText { number: "1.6".into(), entry },
        "the number is taken by another text"
    );
    for earlier in ["2011-05-01", "2011-06-01"] {
        let why = unlawful(adopt(&case, &stricter("1.6"), earlier));
        assert_eq!(why, Unlawful::Earlier { number: "1.6".into(), effective: day("2011-06-01"), entry });
    }
    let why = unlawful(adopt(&case, &stricter("1.7"), "2011-06-01"));
    assert_eq!(why, Unlawful::SameDay { number: "1.6".into(), effective: day("2011-06-01"), entry });
    adopt(&case, SHIPPED, "2011-07-01").unwrap();
    adopt(&case, &stricter("1.6"), "2011-08-01").unwrap();
    assert_eq!(case.desk.laws().unwrap().general(day("2011-07-31")).edition, "1.5");
    assert_eq!(case.desk.laws().unwrap().general(day("2011-08-01")).edition, "1.6", "it comes again");
}

#[test]
fn clause_4_4_1_an_adoption_is_taken_back_before_its_day_only() {
    let case = case("2011-05-20T09:00");
    let entry = adopt(&case, &stricter("1.6"), "2011-06-01").unwrap();
    let void = |reason: &str| {
        case.ask(Command::Void { entry, dependents: false, reason: reason.into() }).map(|receipt| receipt.seq)
    };
    assert!(matches!(void(" "), Err(Refusal::Missing { field: "reason" })));
    let by = void("日期有误").unwrap();
    assert_eq!(void("再次").unwrap_err(), Refusal::AlreadyVoided { entry, by });
    assert_eq!(case.desk.laws().unwrap().general(day("2011-06-01")).edition, "1.5", "it judges nothing");
    let again = Command::Void { entry: by, dependents: false, reason: "误".into() };
    assert!(matches!(case.ask(again), Err(Refusal::NotVoidable { .. })));
    // Its number, its text and its day are free again.
    let entry = adopt(&case, &stricter("1.6"), "2011-06-01").unwrap();
    case.to("2011-06-01T00:00");
    let void = case.ask(Command::Void { entry, dependents: false, reason: "误".into() });
    assert_eq!(unlawful(void), Unlawful::InForce { number: "1.6".into(), effective: day("2011-06-01") });
    case.is_sound();
}

/// A desk on a store, with a rulebook beside it.
fn open(path: &Path, text: &str, now: &str) -> Desk {
    let options = OpenOptions {
        path: path.to_owned(),
        rulebook: Rulebook::parse(text).unwrap(),
        calendar: koufen::calendar::Calendar::shipped().unwrap(),
        clock: Arc::new(ManualClock::at(moment(now))),
        wait: std::time::Duration::ZERO,
        progress: &mut |_| {},
    };
    Desk::open(options).unwrap().desk
}

#[test]
fn clause_4_4_1_the_journal_says_which_edition_judges_whatever_lies_beside_the_program() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (folder.path().join("one"), folder.path().join("two"));
    let now = "2011-06-20T09:00";
    let clock = Arc::new(ManualClock::at(moment(now)));
    let case = Case::on(open(&one, SHIPPED, now), clock.clone());
    case.ask(Command::AddProvider(fixture::provider("P0001", "捷达"))).unwrap();
    case.ask(Command::AddOutlet(fixture::outlet("O1", "P0001"))).unwrap();
    adopt(&case, &stricter("1.6"), "2011-01-01").unwrap();
    case.did("override-agreed P0001 rule_name=exit-answer value=4wd note=协议 on=2011-06-01");
    case.desk.close().unwrap();
    // The same journal beside another file.
    std::fs::create_dir_all(&two).unwrap();
    for file in walk(&one.join("journal")) {
        let to = two.join("journal").join(file.strip_prefix(one.join("journal")).unwrap());
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::copy(&file, to).unwrap();
    }
    let other = edition("9.9", "min = 4, max = 6", "min = 40, max = 60");
    let desks = [(&one, SHIPPED.to_owned()), (&two, other)].map(|(path, text)| open(path, &text, now));
    let said = desks.map(|desk| {
        let case = Case::on(desk, clock.clone());
        let law = deduct(&case, "brand-standard", 9, "2011-06-19").unwrap();
        assert!(deduct(&case, "brand-standard", 4, "2011-06-19").is_err());
        case.did("exit-asked O1");
        case.is_sound();
        let (due, rows) = (case.due("exit-answer"), case.desk.providers(2011).unwrap());
        (law, due, rows, case.desk.view_digest().unwrap())
    });
    let [one, two] = said;
    assert_eq!((&one.0, &one.1, &one.2), (&two.0, &two.1, &two.2));
    assert_eq!(one.3, two.3, "byte for byte");
    assert_eq!(one.0.edition, Some(EditionHash::of(&stricter("1.6"))));
    assert_eq!(one.1, ["O1 2011-06-24T23:59:59"], "four working days");
}

fn walk(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}

/// In one group, what comes after an adoption is judged by it.
#[test]
fn clause_4_4_1_an_edition_judges_what_is_decided_in_the_same_group() {
    let case = case("2011-06-20T09:00");
    let deduct = |points| {
        let deduction = Deduction {
            provider: "P0001".parse().unwrap(),
            article: "brand-standard".parse().unwrap(),
            points: Points(points),
            occurred_on: day("2011-06-19"),
            outlet: Some("O1".parse().unwrap()),
            problem: None,
            note: None,
            subject: None,
            evidence: None,
        };
        Command::Deduct(deduction)
    };
    let adopt = Command::AdoptEdition { text: stricter("1.6"), effective: day("2011-06-01") };
    let asked = [deduct(9), adopt, deduct(9), deduct(4)].map(|command| koufen::desk::Asked { command, nth: None });
    // What is only rehearsed leaves nothing behind.
    for _ in 0..2 {
        let told = case.desk.rehearse(&fixture::who("tester"), asked.to_vec()).unwrap();
        assert_eq!(told.iter().map(Result::is_ok).collect::<Vec<_>>(), [false, true, true, false]);
    }
    assert_eq!(case.desk.rulebook().edition, "1.5");
    let told = case.desk.submit_all(&fixture::who("tester"), asked.to_vec()).unwrap();
    assert_eq!(told.iter().map(Result::is_ok).collect::<Vec<_>>(), [false, true, true, false]);
}

#[test]
fn clause_4_4_2_acceptance_is_of_one_edition_and_the_alert_follows_the_one_in_force() {
    let case = Case::at("2011-05-20T09:00");
    case.did("applied P0001 scope=city");
    case.did("rules-accepted P0001 edition=1.5");
    case.did("checked P0001 item=premises");
    assert_eq!(case.why("rules-accepted P0001 edition=1.6"), ("4.4(2)".into(), "other edition"), "nobody adopted it");
    adopt(&case, &stricter("1.6"), "2011-06-01").unwrap();
    let alerts = |case: &Case| case.alerts().into_iter().filter(|id| id.contains("acceptance")).collect::<Vec<_>>();
    assert_eq!(alerts(&case), Vec::<String>::new(), "the day before it is in force");
    case.to("2011-06-01T09:00");
    assert_eq!(alerts(&case), ["P0001/acceptance/1.6"]);
    assert_eq!(case.why("checked P0001 item=no-cheating"), ("4.4(2)".into(), "rules not accepted"));
    case.did("checked P0001 item=no-cheating on=2011-05-31");
    case.did("rules-accepted P0001 edition=1.6");
    assert_eq!(alerts(&case), Vec::<String>::new());
    case.did("checked P0001 item=consumer-protection");
    // One that is to come can be accepted before its day.
    adopt(&case, &edition("1.7", "watch = 40", "watch = 41"), "2011-09-01").unwrap();
    case.did("rules-accepted P0001 edition=1.7");
    case.to("2011-09-01T09:00");
    assert_eq!(alerts(&case), Vec::<String>::new());
}

#[test]
fn clause_4_4_3_a_provider_has_an_article_a_limit_and_a_measure_otherwise() {
    let case = case("2011-06-20T09:00");
    case.ask(Command::AddProvider(fixture::provider("P0002", "顺风"))).unwrap();
    case.ask(Command::AddOutlet(fixture::outlet("O2", "P0002"))).unwrap();
    let agreed = case.did("override-agreed P0001 rule_name=brand-standard value=2-8 note=协议第三条 on=2011-06-01");
    case.did("override-agreed P0001 rule_name=exit-answer value=4wd note=协议 effective=2011-06-10");
    case.did("override-agreed P0001 rule_name=outlet-complaint value=1-2cap20 note=协议");
    // From its day on, and nobody else.
    assert!(matches!(deduct(&case, "brand-standard", 8, "2011-05-31"), Err(Refusal::PointsOverRange { .. })));
    let law = deduct(&case, "brand-standard", 8, "2011-06-01").unwrap();
    assert_eq!((law.agreed, law.edition), (Some(Seq(agreed)), Some(EditionHash::of(SHIPPED))));
    assert_eq!(deduct(&case, "brand-standard", 4, "2011-05-31").unwrap().agreed, None);
    case.did("exit-asked O1");
    case.did("exit-asked O2");
    assert_eq!(case.due("exit-answer"), ["O2 2011-06-22T23:59:59", "O1 2011-06-24T23:59:59"]);
    // A cap of 20 instead of 10 on one problem.
    for _ in 0..8 {
        deduct(&case, "outlet-complaint", 2, "2011-06-20").unwrap();
    }
    let score = |case: &Case| case.desk.provider(&"P0001".parse().unwrap(), 2011).unwrap().unwrap().score;
    assert_eq!(score(&case), Score(8 + 4 + 16));
    // What was judged stays; what comes is judged as the rulebook says again.
    case.ask(Command::Void { entry: Seq(agreed), dependents: false, reason: "误录".into() }).unwrap();
    assert_eq!(score(&case), Score(28));
    assert!(matches!(deduct(&case, "brand-standard", 8, "2011-06-02"), Err(Refusal::PointsOverRange { .. })));
    case.did("override-agreed P0001 rule_name=exit-answer value=none note=协议终止 on=2011-06-20");
    assert_eq!(case.desk.laws().unwrap().of(&"P0001".parse().unwrap(), day("2011-06-20")).agreed("exit-answer"), None);
    assert!(case.desk.laws().unwrap().of(&"P0001".parse().unwrap(), day("2011-06-19")).agreed("exit-answer").is_some());
    case.is_sound();
}

#[test]
fn clause_4_4_3_what_cannot_be_agreed_is_refused() {
    let case = Case::at("2011-06-20T09:00");
    let why =
        |rule: &str, value: &str| case.why(&format!("override-agreed P0001 rule_name={rule} value={value} note=x"));
    assert_eq!(why("no-such-rule", "4"), ("4.4(3)".into(), "unknown rule"));
    for (rule, value) in
        [("brand-standard", "8-2"), ("brand-standard", "viel"), ("exit-answer", "3"), ("attendance-percent", "101")]
    {
        assert_eq!(why(rule, value), ("4.4(3)".into(), "bad value of a rule"), "{rule} {value}");
    }
    // A cap under the range that was agreed before.
    case.did("override-agreed P0001 rule_name=outlet-complaint value=1-9 note=x");
    assert_eq!(why("outlet-complaint", "1-12cap10"), ("4.4(3)".into(), "bad value of a rule"));
    let without = "override-agreed P0001 rule_name=brand-standard value=2-8";
    assert_eq!(case.refused(without), Refusal::Missing { field: "note" });
}

#[test]
fn clause_4_4_3_an_edition_that_comes_later_keeps_what_was_agreed() {
    let case = case("2011-07-20T09:00");
    case.did("override-agreed P0001 rule_name=brand-standard value=2-8 note=x on=2011-06-01");
    adopt(&case, &stricter("1.6"), "2011-07-01").unwrap();
    let law = deduct(&case, "brand-standard", 2, "2011-07-02").unwrap();
    assert_eq!(law.edition, Some(EditionHash::of(&stricter("1.6"))));
    assert!(law.agreed.is_some());
    let laws = case.desk.laws().unwrap();
    let of = |on: &str| laws.of(&"P0001".parse().unwrap(), day(on)).marks.of(Standing::Suspended);
    assert_eq!((of("2011-06-30"), of("2011-07-01")), (Some(Score(50)), Some(Score(45))));
    assert_eq!(laws.general(day("2011-07-02")).agreed("brand-standard"), None);
}

#[test]
fn clause_4_4_1_and_4_4_3_on_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::with_provider(&folder.path().join("store"));
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (good, bad) = (file("1.6.toml", &stricter("1.6")), file("bad.toml", "edition = "));
    assert_eq!(store.ok(&["rules", "list"])["editions"], serde_json::json!([]));
    let refused = store.refused(&["rules", "adopt", &bad, "--effective", "2011-01-01"]);
    assert_eq!(refused["reason"], "bad rulebook", "{refused}");
    let adopted = store.ok(&["rules", "adopt", &good, "--effective", "2011-01-01"]);
    assert_eq!((&adopted["edition"], &adopted["effective"]), (&"1.6".into(), &"2011-01-01".into()));
    let list = store.ok(&["rules", "list"]);
    let row = &list["editions"][0];
    assert_eq!((&row["hash"], &row["in_force"], &row["entry"]), (&adopted["hash"], &true.into(), &adopted["entry"]));
    assert_eq!(row["hash"], EditionHash::of(&stricter("1.6")).to_string());
    let agreed = ["--rule-name", "brand-standard", "--value", "2-8", "--note", "协议", "--on", "2011-06-01"];
    let entry = store.ok(&[&["record", "override-agreed", "P0001"], &agreed[..]].concat())["entry"].clone();
    let shown = store.ok(&["article", "show", "brand-standard", "--provider", "P0001", "--on", "2011-06-02"]);
    assert_eq!((&shown["least"], &shown["most"]), (&2.into(), &8.into()));
    let instead = serde_json::json!({ "entry": entry, "value": "2-8", "instead": "5-9" });
    assert_eq!(shown["override"], instead);
    let before = store.ok(&["article", "show", "brand-standard", "--provider", "P0001", "--on", "2011-05-31"]);
    assert_eq!((&before["least"], &before["override"]), (&5.into(), &serde_json::Value::Null));
    assert_eq!(store.ok(&["rules", "overrides"])[0]["rule"], "brand-standard");
    assert_eq!(store.ok(&["rules", "overrides", "P0001"])[0]["instead"], "5-9");
    assert_eq!(store.refused(&["rules", "overrides", "P0009"])["reason"], "unknown provider");
    store.ok(&["outlet", "add", "O1", "--provider", "P0001", "--city", "杭州", "--name", "店"]);
    let line = store.ok(&["deduct", "P0001", "brand-standard", "2", "--on", "2011-06-02", "--outlet", "O1"]);
    let line = line["line"].to_string();
    let row = &store.ok(&["ledger", "P0001", "--year", "2011"])[0];
    assert_eq!((&row["rulebook"], &row["override"]), (&adopted["hash"], &entry));
    let why = store.ok(&["why", &line]);
    let judged = why["grounds"].as_array().unwrap().iter().find(|ground| ground["ground"] == "judged").unwrap();
    assert_eq!((&judged["edition"], &judged["override"]["value"]), (&"1.6".into(), &"2-8".into()));
    // In words, in both languages.
    for lang in ["en", "zh-CN"] {
        for (args, wants) in [
            (vec!["rules", "list"], "1.6"),
            (vec!["rules", "overrides"], "2-8"),
            (vec!["article", "show", "brand-standard", "--provider", "P0001"], "2-8"),
            (vec!["why", &line], "2-8"),
            (vec!["entry", "2"], "1.6"),
        ] {
            let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_koufen"));
            let out = command.arg("--store").arg(&store.path).args(["--lang", lang]).args(&args).output().unwrap();
            let text = String::from_utf8(out.stdout).unwrap();
            assert!(out.status.success() && text.contains(wants), "{args:?}: {text}");
        }
    }
}

/// 4.4(1): what is shown is the edition in force on the day that is asked about, and says which; the file is still to be
/// had.
#[test]
fn clause_4_4_1_rules_shows_the_edition_in_force() {
    let folder = tempfile::tempdir().unwrap();
    let none = Store::at(&folder.path().join("none"));
    let shipped = Rulebook::shipped().unwrap().hash.to_string();
    let told = none.ok(&["rules"]);
    assert_eq!((&told["edition"], &told["hash"], &told["on"]), (&"1.5".into(), &shipped.clone().into(), &().into()));
    assert!(!none.path.exists(), "to look makes no store");
    let store = Store::with_provider(&folder.path().join("store"));
    let before = store.ok(&["rules"]);
    assert_eq!((&before["edition"], &before["effective"], before["on"].is_string()), (&"1.5".into(), &().into(), true));
    let file = folder.path().join("1.6.toml");
    std::fs::write(&file, stricter("1.6")).unwrap();
    let adopted = store.ok(&["rules", "adopt", file.to_str().unwrap(), "--effective", "2011-06-01"]);
    let least = |args: &[&str]| {
        let told = store.ok(&[&["rules", "show", "brand-standard"], args].concat());
        (told["edition"].clone(), told["min"].clone())
    };
    let all = store.ok(&["rules"]);
    for of in ["edition", "effective", "hash", "entry"] {
        assert_eq!(all[of], adopted[of], "{of}");
    }
    assert_eq!(all["articles"].as_array().unwrap().len(), 16);
    assert_eq!(least(&[]), ("1.6".into(), 5.into()));
    assert_eq!(least(&["--as-of", "2011-06-01"]), ("1.6".into(), 5.into()));
    assert_eq!(least(&["--as-of", "2011-05-31"]), ("1.5".into(), 4.into()));
    assert_eq!(least(&["--file"]), ("1.5".into(), 4.into()));
    assert_eq!(store.ok(&["rules", "--file"])["hash"], shipped);
    let other = file.to_str().unwrap();
    assert_eq!(store.ok(&["--rulebook", other, "rules", "--file"])["edition"], "1.6");
    assert_eq!(store.refused(&["rules", "show", "no-such"])["reason"], "unknown article");
    assert_eq!(store.fails(&["rules", "--file", "--as-of", "2011-05-31"]).0, 2);
    for lang in ["en", "zh-CN"] {
        for (args, wants) in [
            (vec!["rules"], vec!["1.6", "2011-06-01", all["hash"].as_str().unwrap()]),
            (vec!["rules", "show", "brand-standard"], vec!["1.6", "2011-06-01"]),
            (vec!["rules", "--as-of", "2011-05-31"], vec!["1.5", "2011-05-31"]),
            (vec!["rules", "show", "brand-standard", "--file"], vec!["1.5", shipped.as_str()]),
        ] {
            let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_koufen"));
            command.arg("--store").arg(&store.path).args(["--lang", lang]).args(&args);
            let text = String::from_utf8(binary::finish(command).stdout).unwrap();
            assert!(wants.iter().all(|want| text.contains(want)), "{args:?} {lang}: {text}");
        }
    }
}
