//! Section 2, "needs": what a line stands on is picked, checked at the one way in, charged once; what a roster's line
//! lacks is marked, listed, and added later.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

#[path = "fixture/binary.rs"]
mod binary;
#[allow(dead_code, reason = "the others use the rest of it")]
mod fixture;
#[path = "fixture/screen.rs"]
mod screen;

use binary::Store;
use crossterm::event::KeyCode;
use koufen::console::over::LineWindow;
use koufen::console::screens::Providers;
use koufen::domain::territory::TerritoryStep;
use koufen::domain::{Command, Fact};
use koufen::exchange::record::RecordKind;
use koufen::words::Lang;
use screen::Screen;
use serde_json::{Value, json};
use std::path::Path;
use tempfile::TempDir;

/// P0001 with a city, a conference (entry 3), a second one (entry 4) and an outlet.
fn begun() -> (TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::with_provider(&folder.path().join("store"));
    let city = ["--city", "杭州"];
    let record = |args: &[&str]| store.ok(&[&["record"], args, &city[..]].concat());
    record(&["territory-confirmed", "P0001", "--population", "35000", "--on", "2011-02-01"]);
    let held = ["--visits", "100", "--outlets-visited", "2000", "--invited", "20", "--attended", "10", "--signed", "8"];
    for on in ["2011-03-01", "2011-03-21"] {
        record(&[&["conference-held", "P0001", "--on", on, "--publicity", "abcd"], &held[..]].concat());
    }
    (folder, store)
}

fn import(store: &Store, folder: &Path, rows: &str) -> Value {
    let file = folder.join("lines.csv");
    std::fs::write(&file, rows).unwrap();
    store.ok(&["import", "deductions", file.to_str().unwrap()])
}

fn unsupported(store: &Store) -> Vec<u64> {
    let listed = store.ok(&["ledger", "--unsupported"]);
    listed.as_array().unwrap().iter().map(|line| line["line"].as_u64().unwrap()).collect()
}

#[test]
fn section_2_a_line_names_its_record_and_is_charged_once() {
    let (_folder, store) = begun();
    let deduct = ["deduct", "P0001", "conference-results", "10", "--on", "2011-03-01"];
    let with = |subject: &'static str| [&deduct[..], &["--subject", subject]].concat();
    let later = ["deduct", "P0001", "conference-results", "10", "--on", "2011-03-21", "--subject", "#4"];
    assert_eq!(store.refused(&deduct)["reason"], "need missing");
    assert_eq!(store.refused(&with("杭州 2011-03-02"))["reason"], "unknown subject");
    let line = store.ok(&with("杭州 2011-03-01"));
    assert_eq!((&line["subject"], &line["unsupported"]), (&json!("#3"), &json!(false)));
    let again = store.refused(&with("#3"));
    assert_eq!(again["reason"], "already charged");
    assert!(again.to_string().contains(&line["line"].to_string()), "{again}");
    // Another conference, and another article of the same one, are other things.
    store.ok(&later);
    store.ok(&["deduct", "P0001", "signing-delay", "5", "--on", "2011-03-25", "--subject", "#3"]);
    // A line that is reversed charges nothing.
    store.ok(&["reverse", &line["line"].to_string(), "--reason", "误记"]);
    store.ok(&with("#3"));
    assert_eq!(store.ok(&["verify"])["ok"], true);
}

#[test]
fn section_2_the_line_of_a_finding_stands_on_what_was_found() {
    let (_folder, store) = begun();
    let held = ["--visits", "100", "--outlets-visited", "2000", "--invited", "20", "--attended", "3", "--signed", "1"];
    let poor = ["record", "conference-held", "P0001", "--city", "杭州", "--on", "2011-04-20", "--publicity", "abcd"];
    let held = store.ok(&[&poor[..], &held[..]].concat());
    let (finding, entry) = (held["finding"].as_str().unwrap(), format!("#{}", held["entry"]));
    // Typed by hand before anybody decided: the finding says so, and is dismissed or the line reversed.
    let typed = ["deduct", "P0001", "conference-results", "10", "--on", "2011-04-20", "--subject", &entry];
    let line = store.ok(&typed)["line"].to_string();
    assert_eq!(store.refused(&["finding", "confirm", finding])["reason"], "already charged");
    store.ok(&["reverse", &line, "--reason", "由拟扣项处理"]);
    let confirmed = store.ok(&["finding", "confirm", finding]);
    let lines = store.ok(&["ledger", "P0001", "--year", "2011"]);
    let of = |seq: &Value| lines.as_array().unwrap().iter().find(|l| l["line"] == *seq).cloned().unwrap();
    assert_eq!(of(&confirmed["entry"])["subject"], json!(entry));
    assert_eq!(store.refused(&[&typed[..], &["--again"]].concat())["reason"], "already charged");
}

/// What a roster's line lacks is marked, listed and added; nothing is lost on the way out and in again.
#[test]
fn section_2_a_rosters_line_without_its_need_is_unsupported_until_somebody_adds_it() {
    let (folder, store) = begun();
    let rows = "服务商编号,扣分项,扣分,发生日期,备注,所指,凭证\n\
        P0001,conference-results,10,2011-03-01,,,\n\
        P0001,conference-results,10,2011-03-21,,杭州 2011-03-21,\n\
        P0001,training-failure,15,2011-03-22,,四季青培训,\n\
        P0001,media-exposure,12,2011-03-23,,,晚报第三版\n\
        P0001,media-exposure,13,2011-03-24,,,\n\
        P0001,promotion-gap,10,2011-03-25,,2011年2月,\n\
        P0001,conference-results,10,2011-03-21,二,#4,\n";
    let report = import(&store, folder.path(), rows);
    assert_eq!((&report["accepted"], &report["rejected"][0]["reason"]), (&json!(6), &json!("already charged")));
    assert_eq!(unsupported(&store), [5, 7, 9]);
    let lines = store.ok(&["ledger", "P0001", "--year", "2011"]);
    let said: Vec<_> =
        lines.as_array().unwrap().iter().map(|l| (l["subject"].clone(), l["evidence"].clone())).collect();
    let none = Value::Null;
    let is = [
        (none.clone(), none.clone()),
        (json!("#4"), none.clone()),
        (json!("四季青培训"), none.clone()),
        (none.clone(), json!("晚报第三版")),
        (none.clone(), none.clone()),
        (json!("2011-02"), none),
    ];
    assert_eq!(said, is);

    // A second import of the same rows knows them, before and after they are supported.
    let again = |store: &Store| import(store, folder.path(), rows)["already"].clone();
    assert_eq!(again(&store), 6);
    assert_eq!(store.refused(&["support", "5", "--subject", "#4"])["reason"], "unknown subject", "it came later");
    assert_eq!(store.refused(&["support", "6", "--subject", "#3"])["reason"], "supported");
    let support = store.ok(&["support", "5", "--subject", "杭州 2011-03-01"]);
    assert_eq!((&support["subject"], &support["line"]), (&json!("#3"), &json!(5)));
    store.ok(&["support", "9", "--evidence", "IMG_0042"]);
    assert_eq!(unsupported(&store), [7]);
    assert_eq!(again(&store), 6);
    let by_hand = ["deduct", "P0001", "conference-results", "10", "--on", "2011-03-01", "--subject", "#3"];
    assert_eq!(store.refused(&by_hand)["reason"], "already charged");

    // Why the line is so tells what it stands on, and since which entry.
    let told = |line: &str| {
        let told = store.ok(&["why", line])["grounds"].clone();
        told.as_array().unwrap().iter().find(|ground| ground["ground"] == "stands-on").cloned().unwrap()
    };
    assert_eq!((&told("5")["entry"], &told("5")["unsupported"]), (&json!(3), &json!(false)));
    assert_eq!((&told("7")["subject"], &told("7")["unsupported"]), (&json!("四季青培训"), &json!(true)));

    // A support can be taken back, and given again.
    let entry = support["entry"].to_string();
    store.ok(&["void", &entry, "--reason", "认错会议"]);
    assert_eq!(unsupported(&store), [5, 7]);
    assert_eq!(store.refused(&["void", &entry, "--reason", "认错会议"])["reason"], "not voidable");
    store.ok(&["support", "5", "--subject", "#3"]);

    // A record that is voided supports nothing any more.
    store.ok(&["void", "4", "--reason", "误录"]);
    assert_eq!(unsupported(&store), [6, 7]);
    assert_eq!(store.ok(&["verify", "--remake"])["ok"], true);

    // Out and in again: the record is found by its city and day, where the other store has it too.
    let ledger = folder.path().join("ledger.csv");
    store.ok(&["export", "ledger", "--out", ledger.to_str().unwrap()]);
    let text = std::fs::read_to_string(&ledger).unwrap();
    assert!(text.contains("杭州 2011-03-01") && text.contains("IMG_0042"), "{text}");
    let (_other_folder, other) = begun();
    assert_eq!(other.ok(&["import", "deductions", ledger.to_str().unwrap()])["accepted"], 6);
    assert_eq!(unsupported(&other).len(), 1, "the training; both conferences are on record there");
}

/// A console on a store with P0001, its city, and conferences on 1 and 11 March: entries 3 and 4.
fn console() -> Screen {
    let mut screen = Screen::empty(Lang::En, (100, 30));
    let ask = |command| screen.desk.submit(&fixture::who("x"), command).unwrap().seq;
    ask(Command::AddProvider(fixture::provider("P0001", "捷达")));
    let record = |typed: &str| {
        let (kind, fields) = typed.split_once(' ').unwrap();
        let field = |name: &str| {
            let given = fields.split_whitespace().find_map(|field| field.strip_prefix(&format!("{name}=")));
            given.unwrap_or_default().to_owned()
        };
        RecordKind::of(kind).unwrap().read(&field, screen.desk.now(), &|_| None).unwrap()
    };
    ask(record("territory-confirmed provider_id=P0001 city=杭州 population=35000 on=2011-02-01"));
    for on in ["2011-03-01", "2011-03-11"] {
        let held = "visits=1 outlets_visited=1 invited=20 attended=10 signed=8";
        ask(record(&format!("conference-held provider_id=P0001 city=杭州 on={on} {held}")));
    }
    screen.refresh();
    screen
}

/// On the form the record is picked, and a line without its need is not saved.
#[test]
fn section_2_the_form_lists_what_a_line_can_stand_for() {
    let mut screen = console();
    screen.keys("d").keys("conference-results").key(KeyCode::Tab).key(KeyCode::Tab).key(KeyCode::F(2));
    screen.shows("what it stands for must not be empty");
    screen.shows("2011-03-11").shows("2011-03-01");
    screen.keys("03-01").key(KeyCode::F(2));
    assert!(screen.model.over.is_empty(), "{}", screen.rows().join("\n"));
    let lines = screen.desk.ledger(&"P0001".parse().unwrap(), 2011, None, 9).unwrap();
    assert_eq!(lines[0].subject.as_ref().unwrap().to_string(), "#3");
    // Another article has no such field.
    screen.keys("d").keys("brand-standard").key(KeyCode::Tab);
    screen.shows_not("what it stands for");
}

/// A field that names an entry offers what there is, by city and day; a number that is typed is that number.
#[test]
fn records_offer_the_entries_that_they_can_name() {
    let mut screen = console();
    let applied = |screen: &Screen| {
        let events = (1..=screen.entries()).map(|n| screen.desk.entry(koufen::ids::Seq(n)).unwrap().0.unwrap());
        let facts = events.filter_map(|recorded| match recorded.entry.event {
            koufen::domain::Event::Happened(h) => Some(h.fact),
            _ => None,
        });
        let of = |fact| match fact {
            Fact::Territory(TerritoryStep::FreezeApplied { conference, .. }) => Some(conference.0),
            _ => None,
        };
        facts.filter_map(of).collect::<Vec<_>>()
    };
    screen.keys("r").keys("freeze-applied").key(KeyCode::Enter);
    screen.shows("#4").shows("2011-03-11").shows("#3").shows("2011-03-01").key(KeyCode::Down).key(KeyCode::Down);
    screen.key(KeyCode::Tab).keys("10").key(KeyCode::Tab).keys("0").key(KeyCode::F(2));
    assert_eq!(applied(&screen), [3], "{}", screen.rows().join("\n"));
    screen.keys("r").keys("freeze-applied").key(KeyCode::Enter).keys("4");
    screen.key(KeyCode::Tab).keys("20").key(KeyCode::Tab).keys("0").key(KeyCode::F(2));
    assert_eq!(applied(&screen), [3, 4]);
    // What is picked stands in the field, whatever was typed (found by the fuzz of keys).
    screen.keys("r").keys("freeze-applied").key(KeyCode::Enter).keys("3-").key(KeyCode::Down);
    screen.shows("3- → #4 杭州 2011-03-11");
}

/// As begun, with a conference below its marks (entry 5).
fn poor() -> (TempDir, Store) {
    let (folder, store) = begun();
    let held = ["--visits", "100", "--outlets-visited", "2000", "--invited", "20", "--attended", "3", "--signed", "1"];
    let poor = ["record", "conference-held", "P0001", "--city", "杭州", "--on", "2011-04-20", "--publicity", "abcd"];
    store.ok(&[&poor[..], &held[..]].concat());
    (folder, store)
}

/// Refused, because an entry stands against it.
fn stands_against(store: &Store, undo: &str) -> u64 {
    let refused = store.refused(&["void", undo, "--reason", "back"]);
    assert_eq!(refused["reason"], "stands against", "{refused}");
    refused["entries"][0]["entry"].as_u64().unwrap()
}

/// What is taken away may be charged anew; what took it away is not taken back then.
#[test]
fn decision_14_a_line_does_not_come_back_beside_the_one_that_came_after_it() {
    let by_hand = ["deduct", "P0001", "conference-results", "10", "--on", "2011-04-20", "--subject", "#5"];
    let number = |value: Value| value["entry"].as_u64().or(value["line"].as_u64()).unwrap();
    let typed = |store: &Store| number(store.ok(&by_hand));
    let confirm = |store: &Store| number(store.ok(&["finding", "confirm", "conference-results/P0001/5"]));
    let reverse = |store: &Store, line: u64| number(store.ok(&["reverse", &line.to_string(), "--reason", "x"]));
    // By hand, reversed, and then by the finding; and the other way round.
    let (_folder, store) = poor();
    let first = typed(&store);
    let undo = reverse(&store, first).to_string();
    let by = confirm(&store);
    assert_eq!((stands_against(&store, &undo), store.score()), (by, 10));
    let (_folder, store) = poor();
    let first = confirm(&store);
    let undo = reverse(&store, first).to_string();
    let by = typed(&store);
    assert_eq!((stands_against(&store, &undo), store.score()), (by, 10));
    // Twice by hand, and the void of a void.
    let (_folder, store) = poor();
    let first = typed(&store);
    let undo = reverse(&store, first);
    let second = typed(&store);
    assert_eq!(stands_against(&store, &undo.to_string()), second);
    let again = reverse(&store, second).to_string();
    store.ok(&["void", &undo.to_string(), "--reason", "back"]);
    assert_eq!((stands_against(&store, &again), store.score()), (first, 10));
    reverse(&store, first);
    store.ok(&["void", &again, "--reason", "back"]);
    assert_eq!(store.score(), 10);
}

#[test]
fn decision_14_a_support_does_not_come_back_beside_a_line() {
    let (folder, store) = poor();
    import(&store, folder.path(), "provider_id,article,points,occurred_on\nP0001,conference-results,10,2011-04-21\n");
    store.ok(&["support", "6", "--subject", "#5"]);
    store.ok(&["void", "7", "--reason", "another conference"]);
    store.ok(&["finding", "confirm", "conference-results/P0001/5"]);
    assert_eq!(stands_against(&store, "8"), 9);
    assert_eq!(unsupported(&store), [6]);
}

/// A conference that was typed anew while the first was away does not stand twice.
#[test]
fn decision_14_what_was_recorded_anew_does_not_come_back_beside_itself() {
    let (_folder, store) = begun();
    let held = ["--visits", "100", "--outlets-visited", "2000", "--invited", "20", "--attended", "10", "--signed", "8"];
    let anew = ["record", "conference-held", "P0001", "--city", "杭州", "--on", "2011-03-01", "--publicity", "abcd"];
    store.ok(&["void", "3", "--with-dependents", "--reason", "typo"]);
    store.ok(&[&anew[..], &held[..]].concat());
    assert_eq!(stands_against(&store, "5"), 6);
}

/// What a line stands for was there on its day.
#[test]
fn section_2_a_line_stands_on_nothing_that_came_after_it() {
    let (folder, store) = begun();
    let refused = |article, on, subject| {
        store.refused(&["deduct", "P0001", article, "10", "--on", on, "--subject", subject])["reason"].clone()
    };
    assert_eq!(refused("promotion-gap", "2011-03-11", "2011-04"), "unknown subject");
    assert_eq!(refused("conference-results", "2011-02-28", "#3"), "unknown subject");
    let row = "P0001,promotion-gap,10,2011-03-11,2026-10";
    import(&store, folder.path(), &format!("provider_id,article,points,occurred_on,subject\n{row}\n"));
    assert_eq!(unsupported(&store), [5]);
}

/// A finding charged all dormant outlets of its month: a line for one of them would be a second.
#[test]
fn decision_14_a_month_that_a_finding_charged_takes_no_line_by_hand() {
    let (_folder, store) = begun();
    let outlet = ["outlet", "add", "O0001", "--provider", "P0001", "--city", "杭州", "--name", "x"];
    store.ok(&[&outlet[..], &["--signed-on", "2010-06-01"]].concat());
    store.ok(&["turnover", "record", "O0001", "2011-01", "2000"]);
    store.ok(&["turnover", "record", "O0001", "2011-02", "0"]);
    store.ok(&["finding", "confirm", "dormant-outlets/P0001/2011-02"]);
    let by_hand = ["deduct", "P0001", "dormant-outlets", "10", "--on", "2011-03-01", "--subject", "2011-02"];
    assert_eq!(store.refused(&by_hand)["reason"], "already charged");
}

/// Nor does a line for one of them come back beside it, which was taken away before the finding was confirmed.
#[test]
fn decision_14_a_line_by_hand_does_not_come_back_beside_a_finding() {
    let (_folder, store) = begun();
    let outlet = ["outlet", "add", "O0001", "--provider", "P0001", "--city", "杭州", "--name", "x"];
    store.ok(&[&outlet[..], &["--signed-on", "2010-06-01"]].concat());
    store.ok(&["turnover", "record", "O0001", "2011-01", "2000"]);
    store.ok(&["turnover", "record", "O0001", "2011-02", "0"]);
    let by_hand = ["deduct", "P0001", "dormant-outlets", "10", "--on", "2011-03-01", "--subject", "2011-02"];
    let line = store.ok(&by_hand)["line"].to_string();
    let reversal = store.ok(&["reverse", &line, "--reason", "以拟扣项为准"])["line"].to_string();
    let found = store.ok(&["finding", "confirm", "dormant-outlets/P0001/2011-02"])["entry"].as_u64().unwrap();
    assert_eq!(stands_against(&store, &reversal), found);
}

/// Two files that differ in what a line stands on, or in its evidence, say two things; what one leaves open may have been
/// added since. Neither is taken for the other without a word.
#[test]
fn decision_14_what_a_line_stands_on_tells_it_from_another() {
    let (folder, store) = begun();
    let header = "provider_id,article,points,occurred_on,subject,evidence";
    let import = |rows: &[&str]| {
        let file = folder.path().join("rows.csv");
        std::fs::write(&file, format!("{header}\n{}\n", rows.join("\n"))).unwrap();
        let out = store.run(&["import", "deductions", file.to_str().unwrap()]);
        let report: Value = serde_json::from_slice(&out.stdout).unwrap();
        let rejected = report["rejected"].as_array().unwrap();
        let why = rejected.iter().map(|row| format!("{} {}", row["reason"], row["column"]).replace('"', ""));
        (report["accepted"].as_u64().unwrap(), report["already"].as_u64().unwrap(), why.collect::<Vec<_>>().join(";"))
    };
    let all_in = |accepted, already| (accepted, already, String::new());
    let otherwise = |column: &str| (0, 0, format!("recorded otherwise {column}"));
    let first = "P0001,rollout-shortfall,20,2011-07-02,杭州/first,";
    let all = "P0001,rollout-shortfall,20,2011-07-02,杭州/all,";
    assert_eq!(import(&[first]), all_in(1, 0));
    assert_eq!(import(&[all]), all_in(1, 0), "another phase");
    assert_eq!(import(&[first, all]), all_in(0, 2));
    // A row means the same record however it is spelled, on the first import and on the next.
    let spelled = "P0001,rollout-shortfall,20,2011-07-02,杭州 / 首批,";
    assert_eq!(import(&[spelled, all]), all_in(0, 2));
    let by_day = "P0001,conference-results,10,2011-03-21,杭州 2011年3月21日,";
    assert_eq!((import(&[by_day]), import(&[by_day])), (all_in(1, 0), all_in(0, 1)));
    let press = |evidence: &str| format!("P0001,media-exposure,12,2011-05-02,,{evidence}");
    assert_eq!(import(&[&press("a.jpg")]), all_in(1, 0));
    assert_eq!(import(&[&press("b.jpg")]), otherwise("evidence"));
    assert_eq!(import(&[&press("a.jpg"), &press("b.jpg")]), all_in(1, 1));
    assert_eq!(import(&[&press("b.jpg"), &press("a.jpg"), &press("")]), all_in(1, 2));
    // What was missing in the first file, and is in the second.
    let results = |subject: &str| format!("P0001,conference-results,10,2011-06-01,{subject},");
    assert_eq!(import(&[&results("")]), all_in(1, 0));
    assert_eq!(import(&[&results("#3")]), otherwise("subject"));
    store.ok(&["support", &unsupported(&store)[1].to_string(), "--subject", "#3"]);
    assert_eq!(import(&[&results(""), &press("b.jpg"), &press("a.jpg")]), all_in(0, 3));
}

/// Section 2, 1.6.1(2): a roll-out's phase as it is spelled in either language; a city without one is told to say it.
#[test]
fn section_2_a_phase_is_taken_as_it_is_spelled() {
    let (_folder, store) = begun();
    let deduct = ["deduct", "P0001", "rollout-shortfall", "10", "--on", "2011-06-20"];
    let with = |subject: &'static str| [&deduct[..], &["--subject", subject]].concat();
    let refused = store.refused(&with("杭州"));
    assert_eq!(refused["reason"], "phase missing");
    assert!(refused.to_string().contains("杭州/first"), "{refused}");
    assert_eq!(store.refused(&with("宁波"))["reason"], "unknown subject");
    assert_eq!(store.ok(&with("杭州 / 首批"))["subject"], "杭州/first");
    assert_eq!(store.ok(&with("杭州／全部"))["subject"], "杭州/all");
    assert_eq!(store.refused(&with(" 杭州/first "))["reason"], "already charged");
}

/// Section 2, decision 13: what a support is told that cannot be, in words of its own.
#[test]
fn section_2_a_support_that_cannot_be_says_why() {
    let (folder, store) = begun();
    import(&store, folder.path(), "服务商编号,扣分项,扣分,发生日期\nP0001,media-exposure,12,2011-03-23\n");
    let line = unsupported(&store)[0].to_string();
    let support = store.ok(&["support", &line, "--evidence", "晚报第三版"])["entry"].to_string();
    store.ok(&["void", &support, "--reason", "错了"]);
    for (lang, says) in [("en", "taken back already"), ("zh-CN", "已撤回")] {
        let told = said(&store, lang, &["void", &support, "--reason", "错了"]);
        assert!(told.contains(says) && !told.contains("void-instead"), "{told}");
    }
    let reversal = store.ok(&["reverse", &line, "--reason", "错了"])["line"].to_string();
    let refused = store.refused(&["support", &reversal, "--evidence", "晚报"]);
    assert_eq!(refused["reason"], "line is a reversal");
    assert!(refused.to_string().contains("stands on the line that it reverses"), "{refused}");
}

/// Refusals that say what is so: an entry that is not there, and an outlet before its day.
#[test]
fn refusals_say_what_is_not_there() {
    let (_folder, store) = begun();
    let none = store.refused(&["void", "9999", "--reason", "x"]);
    assert!(none.to_string().contains("There is no entry 9999"), "{none}");
    store.ok(&[
        "outlet",
        "add",
        "O1",
        "--provider",
        "P0001",
        "--city",
        "杭州",
        "--name",
        "x",
        "--signed-on",
        "2011-02-10",
    ]);
    let early = store.refused(&["record", "outlet-closed", "O1", "--on", "2011-02-09", "--note", "x"]);
    assert_eq!(early["reason"], "not there by then");
    let early = store.refused(&["request", "open", "O1", "exit", "--at", "2011-02-09T10:00"]);
    assert_eq!(early["reason"], "not there by then");
    assert_eq!(
        store.refused(&["record", "outlet-closed", "O2", "--on", "2011-02-09", "--note", "x"])["reason"],
        "unknown outlet"
    );
}

/// Section 2: what a line of an article needs is said in the text too.
#[test]
fn section_2_rules_show_says_what_a_line_needs() {
    let (_folder, store) = begun();
    let text = |lang, article| said(&store, lang, &["rules", "show", article]);
    assert!(text("en", "rollout-shortfall").contains("CITY/first"));
    assert!(text("zh-CN", "rollout-shortfall").contains("城市/first"));
    assert!(text("en", "brand-standard").contains("name the outlet"));
}

/// All that the program says in a language, as text.
fn said(store: &Store, lang: &str, args: &[&str]) -> String {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_koufen"));
    let out = command.arg("--store").arg(&store.path).args(["--lang", lang]).args(args).output().unwrap();
    format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr))
}

/// What is offered is what was there by the day of the line, the nearest first: what is later is last.
#[test]
fn section_2_the_record_nearest_before_the_lines_day_is_picked_first() {
    let mut screen = console();
    screen.keys("d").keys("conference-results").key(KeyCode::Tab).key(KeyCode::Tab).keys("2011-03-05");
    screen.key(KeyCode::Tab).key(KeyCode::Down).shows("#3");
    let rows = screen.rows();
    let at = |day: &str| rows.iter().rposition(|row| row.contains(day)).unwrap();
    assert!(at("2011-03-01") < at("2011-03-11"), "{}", rows.join("\n"));
    screen.key(KeyCode::Enter).key(KeyCode::F(2));
    let lines = screen.desk.ledger(&"P0001".parse().unwrap(), 2011, None, 9).unwrap();
    assert_eq!(lines[0].subject.as_ref().unwrap().to_string(), "#3");
}

/// Months are offered from the line's back, and older ones are taken as the command line takes them.
#[test]
fn section_2_months_go_by_the_day_of_the_line() {
    for (typed, month) in [(None, "2010-02"), (Some("2010-01"), "2010-01"), (Some("2007-11"), "2007-11")] {
        let mut screen = console();
        screen.keys("d").keys("promotion-gap").key(KeyCode::Tab).key(KeyCode::Tab).keys("2010-02-20");
        screen.key(KeyCode::Tab).shows("2010-02").shows("2010-01").shows("2009-09");
        match typed {
            Some(typed) => screen.keys(typed),
            None => screen.key(KeyCode::Down),
        };
        screen.key(KeyCode::Tab).shows_not("is known by that").key(KeyCode::F(2));
        let lines = screen.desk.ledger(&"P0001".parse().unwrap(), 2010, None, 9).unwrap();
        assert_eq!(lines.len(), 1, "{}", screen.rows().join("\n"));
        assert_eq!(lines[0].subject.as_ref().unwrap().to_string(), month);
    }
    let mut screen = console();
    screen.keys("d").keys("promotion-gap").key(KeyCode::Tab).key(KeyCode::Tab).key(KeyCode::Tab);
    screen.keys("2011-04").key(KeyCode::Tab).shows("is known by that");
}

/// A line without its need says so wherever it is seen, and what mends it.
#[test]
fn section_2_an_unsupported_line_is_marked_everywhere() {
    for size in [(80, 24), (120, 36)] {
        let mut screen = console();
        screen.hear(koufen::console::Message::Resize(size.0, size.1));
        let on = |day: &str| koufen::time::parse_day(day).unwrap();
        let line = |article: &str, subject: Option<&str>, day: &str| koufen::domain::Deduction {
            provider: "P0001".parse().unwrap(),
            article: article.parse().unwrap(),
            points: koufen::points::Points(10),
            occurred_on: on(day),
            outlet: None,
            problem: None,
            note: None,
            subject: subject.map(|text| koufen::domain::LineSubject::Named(text.to_owned())),
            evidence: None,
        };
        let did = |screen: &Screen, command| screen.desk.submit(&fixture::who("x"), command).unwrap().seq;
        let bare = did(&screen, Command::TakeIn(line("conference-results", None, "2011-03-12")));
        let good = did(&screen, Command::Deduct(line("conference-results", Some("#3"), "2011-03-01")));
        screen.refresh();
        screen.key(KeyCode::Tab).key(KeyCode::Tab);
        let rows = screen.rows();
        let marked: Vec<&String> = rows.iter().filter(|row| row.contains("? ") && row.contains("03-")).collect();
        assert!(marked.len() == 1 && marked[0].contains("03-12"), "{}", rows.join("\n"));
        let open = |screen: &mut Screen, seq| {
            screen.model.screen_of_mut::<Providers>().unwrap().line = Some(seq);
            screen.key(KeyCode::Enter);
            assert!(screen.model.over_of::<LineWindow>().unwrap().line() == seq);
        };
        open(&mut screen, bare);
        screen.shows(&format!("unsupported: koufen support {bare} --subject")).key(KeyCode::Esc);
        open(&mut screen, good);
        screen.shows("what it stands for").shows("杭州 2011-03-01").shows_not("koufen support").key(KeyCode::Esc);
        // A reversal that was taken back does not look like one that stands.
        let reversal = did(&screen, Command::Reverse { line: good, reason: "错".into() });
        screen.refresh();
        screen.shows("↺10").shows_not("✗↺10");
        did(&screen, Command::Void { entry: reversal, dependents: false, reason: "误".into() });
        screen.refresh();
        screen.shows("✗↺10");
    }
}

/// With nothing typed it says what is wanted, and then which that is.
#[test]
fn section_2_the_form_says_what_is_wanted() {
    for lang in Lang::ALL {
        let mut screen = console();
        screen.model.shared.lang = lang;
        screen.keys("d").keys("conference-results").key(KeyCode::Tab).shows(&lang.say("pick-conference"));
        screen.key(KeyCode::Tab).key(KeyCode::Tab).key(KeyCode::Down);
        screen.shows_not(&lang.say("pick-conference")).shows("杭州 2011-03-11");
        let label = format!("{} ", lang.say("field-subject"));
        assert!(screen.rows().iter().any(|row| row.contains(&label)), "{}", screen.rows().join("\n"));
    }
}

/// An outlet that was the provider's on that day, in whatever order the line and the transfer are typed.
#[test]
fn section_2_a_line_by_hand_names_an_outlet_of_its_day() {
    let (_folder, store) = begun();
    for (id, name) in [("O0001", "x"), ("O0002", "y")] {
        let outlet = ["outlet", "add", id, "--provider", "P0001", "--city", "杭州", "--name", name];
        store.ok(&[&outlet[..], &["--signed-on", "2010-06-01"]].concat());
    }
    store.ok(&["provider", "add", "P0002", "--name", "B", "--kind", "third-party", "--city", "杭州"]);
    let line = |on: &'static str, outlet: &'static str| {
        ["deduct", "P0001", "brand-standard", "5", "--on", on, "--outlet", outlet]
    };
    assert_eq!(store.refused(&line("2010-05-31", "O0001"))["reason"], "not there by then");
    store.ok(&line("2010-06-01", "O0001"));
    store.ok(&["record", "outlet-closed", "O0002", "--on", "2011-05-01", "--note", "关停"]);
    store.ok(&line("2011-05-01", "O0002"));
    assert_eq!(store.refused(&line("2011-05-02", "O0002"))["reason"], "wrong stage");
    // A line of the transfer's day, or of a later one, is asked about: the outlet is another provider's then.
    let transfer = ["record", "outlet-transferred", "O0001", "--to", "P0002", "--on", "2011-06-01", "--note", "转移"];
    for on in ["2011-06-01", "2011-06-05"] {
        let later = store.ok(&line(on, "O0001"))["line"].clone();
        let refused = store.refused(&transfer);
        assert_eq!(refused["reason"], "goes along", "{on}");
        assert!(refused["detail"].as_str().unwrap().contains(&format!("#{later}")), "{refused}");
        if on == "2011-06-01" {
            store.ok(&["reverse", &later.to_string(), "--reason", "在转移之后"]);
        }
    }
    store.ok(&[&transfer[..], &["--again"]].concat());
    let lines = store.ok(&["ledger", "P0002", "--year", "2011"]);
    let days: Vec<&str> = lines.as_array().unwrap().iter().filter_map(|line| line["occurred_on"].as_str()).collect();
    assert_eq!(days, ["2011-06-05"], "the one that stood went along");
    for on in ["2011-06-01", "2011-06-05"] {
        assert_eq!(store.refused(&line(on, "O0001"))["reason"], "outlet of another provider", "{on}");
    }
}
