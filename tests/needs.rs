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
use koufen::console::model::Over;
use koufen::domain::territory::Step;
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
    assert_eq!(store.refused(&deduct)["reason"], "need missing");
    assert_eq!(store.refused(&with("杭州 2011-03-02"))["reason"], "unknown subject");
    let line = store.ok(&with("杭州 2011-03-01"));
    assert_eq!((&line["subject"], &line["unsupported"]), (&json!("#3"), &json!(false)));
    let again = store.refused(&with("#3"));
    assert_eq!(again["reason"], "already charged");
    assert!(again.to_string().contains(&line["line"].to_string()), "{again}");
    // Another conference, and another article of the same one, are other things.
    store.ok(&with("#4"));
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
    assert_eq!(store.refused(&["support", "5", "--subject", "#4"])["reason"], "already charged");
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
    assert!(matches!(screen.model.over, Over::Nothing), "{}", screen.rows().join("\n"));
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
            Fact::Territory(Step::FreezeApplied { conference, .. }) => Some(conference.0),
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
            screen.model.line = Some(seq);
            screen.key(KeyCode::Enter);
            assert!(matches!(screen.model.over, Over::Line(at) if at == seq));
        };
        open(&mut screen, bare);
        screen.shows(&format!("unsupported: koufen support {bare} --subject")).key(KeyCode::Esc);
        open(&mut screen, good);
        screen.shows("what it stands for").shows("#3").shows_not("koufen support").key(KeyCode::Esc);
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
        screen.model.lang = lang;
        screen.keys("d").keys("conference-results").key(KeyCode::Tab).shows(&lang.say("pick-conference"));
        screen.key(KeyCode::Tab).key(KeyCode::Tab).key(KeyCode::Down);
        screen.shows_not(&lang.say("pick-conference")).shows("杭州 2011-03-11");
        let label = format!("{} ", lang.say("field-subject"));
        assert!(screen.rows().iter().any(|row| row.contains(&label)), "{}", screen.rows().join("\n"));
    }
}
