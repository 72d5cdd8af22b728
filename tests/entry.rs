//! One entry of the journal whole: `koufen entry N`, and Enter on the console's journal.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

#[path = "fixture/binary.rs"]
mod binary;
mod fixture;
#[path = "fixture/line.rs"]
mod line;
#[allow(dead_code, reason = "another test uses the rest of it")]
#[path = "fixture/messages.rs"]
mod messages;
#[path = "fixture/screen.rs"]
mod screen;

use binary::{Store, finish};
use crossterm::event::KeyCode;
use koufen::domain::{Command, Deduction};
use koufen::exchange::entry;
use koufen::ids::{AskId, Seq};
use koufen::journal::{Came, Chained, Door, Entry, Journal, MemoryJournal, Part};
use koufen::rulebook::Rulebook;
use koufen::time::Moment;
use koufen::words::Lang;
use screen::Screen;
use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

/// Every message that the journal can hold.
fn messages() -> Vec<Chained> {
    let entries = messages::all().into_iter().map(|(_, event)| Entry {
        at: Moment(1_300_000_000),
        by: "ops".into(),
        came: None,
        event,
    });
    let (mut journal, mut all) = (MemoryJournal::default(), Vec::new());
    journal.append(journal.head(), &entries.collect::<Vec<_>>()).unwrap();
    let mut take = |recorded| {
        all.push(recorded);
        true
    };
    journal.read(Seq(1), &mut take).unwrap();
    assert!(all.len() > 140);
    all
}

/// Through which door an entry came, and what it was asked under, are told wherever it is told whole.
#[test]
fn an_entry_says_through_which_door_it_came() {
    let (old, book) = (messages().remove(0), Rulebook::shipped().unwrap());
    let part = Some(Part { of: AskId([0xab; 16]), answers: true });
    let doors = [
        (None, "door-unknown", json!(null), json!(null)),
        (Some(Came { door: Door::Local, part: None }), "door-local", json!("local"), json!(null)),
        (Some(Came { door: Door::Attached, part }), "door-attached", json!("attached"), json!("ab".repeat(16))),
        (Some(Came { door: Door::Program, part: None }), "door-program", json!("program"), json!(null)),
    ];
    for (came, key, word, ask) in doors {
        let entry = Entry { came, ..old.entry.clone() };
        let recorded = Chained { entry, ..old.clone() };
        let told = entry::json(&book, &recorded);
        assert_eq!((&told["door"], &told["ask"]), (&word, &ask));
        for lang in [Lang::En, Lang::ZhCn] {
            let rows = entry::rows(lang, &book, &recorded);
            let row = |field: &str| rows.iter().find(|row| row.label == lang.say(field)).map(|row| row.text.clone());
            assert_eq!(row("field-door"), Some(lang.say(key)));
            assert_eq!(row("field-ask").as_deref(), ask.as_str());
        }
    }
}

/// The texts and numbers within a value.
fn leaves(value: &Value, all: &mut Vec<String>) {
    match value {
        Value::Object(fields) => fields.values().for_each(|value| leaves(value, all)),
        Value::Array(values) => values.iter().for_each(|value| leaves(value, all)),
        Value::String(text) if !text.is_empty() => all.push(text.clone()),
        Value::Number(n) => all.push(n.to_string()),
        _ => {}
    }
}

/// What the journal keeps of an event, as serde writes it: what is to be found again in an entry that is told whole.
fn kept(recorded: &Chained) -> Vec<String> {
    let mut all = Vec::new();
    leaves(&serde_json::to_value(&recorded.entry.event).unwrap(), &mut all);
    all
}

#[test]
fn every_event_is_told_in_both_languages_with_all_that_it_holds() {
    let book = Rulebook::shipped().unwrap();
    for recorded in messages() {
        let value = entry::json(&book, &recorded);
        let mut told = Vec::new();
        leaves(&value, &mut told);
        // Texts are there as they were kept: days, ids, notes, names. Words of the program have other letters.
        for text in kept(&recorded).iter().filter(|text| !text.starts_with(|c: char| c.is_ascii_uppercase())) {
            let found = told.iter().any(|leaf| leaf == text || leaf.contains(text.as_str()));
            let number: Option<i64> = text.parse().ok();
            assert!(found || number.is_some(), "{text} of {recorded:?} is not in {value}");
        }
        for lang in Lang::ALL {
            let rows = entry::rows(lang, &book, &recorded);
            for row in &rows {
                let unsaid = |text: &str| {
                    let known = ["field-", "event-", "step-", "group-", "party-", "scope-", "alert-state-"];
                    let more = ["kind-", "request-", "obligation-", "measured-", "evidence-", "complainant-"];
                    known.iter().chain(&more).any(|key| text.split([' ', ',']).any(|word| word.starts_with(key)))
                };
                let own = row.text.contains("request-v1") || row.text == recorded.entry.by;
                assert!(!unsaid(&row.label) && (own || !unsaid(&row.text)), "{lang:?}: {row:?}");
            }
            let text: Vec<&str> = rows.iter().map(|row| row.text.as_str()).collect();
            let hex: String = recorded.hash.iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(text[0], format!("#{}", recorded.seq));
            assert_eq!(text[rows.len() - 1], hex);
            assert!(text.contains(&recorded.entry.by.as_str()));
            assert!(text.contains(&lang.say("door-unknown").as_str()), "an old entry says that it does not know");
        }
    }
}

#[test]
fn an_entry_is_told_on_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::with_provider(&folder.path().join("store"));
    let note = "晚报\n第三版";
    let deduct = ["deduct", "P0001", "media-exposure", "12", "--on", "2011-03-02", "--note", note];
    let line = store.ok(&deduct);
    let told = store.ok(&["entry", "2"]);
    let shipped = koufen::rulebook::EditionHash::of(include_str!("../src/rulebook/rulebook.toml")).to_string();
    assert_eq!(
        told["fields"],
        json!({
            "provider": "P0001", "article": "media-exposure", "points": 12, "occurred_on": "2011-03-02",
            "outlet": null, "problem": null, "note": note, "subject": null, "evidence": null,
            "kind": "deduction", "cap": null, "needs": "evidence",
            "rulebook": shipped, "override": null, "proposal": null,
        })
    );
    assert_eq!((&told["entry"], &told["kind"], &told["provider"]), (&json!(2), &json!("deduction"), &json!("P0001")));
    assert_eq!((&told["by"], &told["recorded_at"]), (&line["by"], &line["recorded_at"]));
    assert_eq!(told["clause"], store.ok(&["rules", "show", "media-exposure"])["clause"]);
    assert_eq!(told["hash"], store.ok(&["verify"])["head"].as_str().unwrap(), "it is the last");
    let record = store.ok(&["record", "applied", "P0001", "--scope", "city"]);
    let told = store.ok(&["entry", &record["entry"].to_string()]);
    assert_eq!((&told["clause"], &told["fields"]["scope"]), (&json!("1.5(1)"), &json!("city")));
    for (lang, words) in
        [("en", ["deduction", "recorded at", "Damaging press"]), ("zh-CN", ["扣分", "记录时间", "媒体"])]
    {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_koufen"));
        command.arg("--store").arg(&store.path).args(["--lang", lang, "entry", "#2"]);
        let text = String::from_utf8(finish(command).stdout).unwrap();
        assert!(words.iter().all(|word| text.contains(word)), "{text}");
        let at = |word: &str| text.lines().find(|line| line.contains(word)).and_then(|line| line.find(word));
        let column = |word: &str| {
            let line = text.lines().find(|line| line.contains(word)).unwrap();
            line[..at(word).unwrap()].width()
        };
        assert_eq!(column("晚报"), column("第三版"), "{text}");
    }
}

#[test]
fn a_number_that_is_not_there_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::with_provider(&folder.path().join("store"));
    let (code, error) = store.fails(&["entry", "9"]);
    assert_eq!(code, 1);
    assert!(error.contains("unknown entry") && error.contains("There is no entry 9 in the journal; its last is 1."));
    for usage in ["0", "x", "-1"] {
        assert_eq!(store.fails(&["entry", usage]).0, 2, "{usage}");
    }
}

/// A deduction with a long note, as the last entry of three.
fn noted(lang: Lang, size: (u16, u16), note: &str) -> Screen {
    let mut screen = Screen::empty(lang, size);
    let who = fixture::who("王芳");
    let deduction = Deduction { note: Some(note.to_owned()), ..line::brand("P0007", "O000007") };
    let provider = fixture::provider("P0007", "杭州捷达商贸");
    for command in [
        Command::AddProvider(provider),
        Command::AddOutlet(fixture::outlet("O000007", "P0007")),
        Command::Deduct(deduction),
    ] {
        screen.desk.submit(&who, command).unwrap();
    }
    screen.refresh();
    screen
}

#[test]
fn enter_on_a_row_of_the_journal_opens_the_entry() {
    let mut screen = noted(Lang::En, (120, 36), "门头不合模板");
    screen.keys("6").shows("Enter whole entry").key(KeyCode::Enter);
    screen.shows("Journal entry #3").shows("by 王芳").shows("note 门头不合模板").shows("Esc close");
    let (found, _) = screen.desk.entry(Seq(3)).unwrap();
    let rows = entry::rows(Lang::En, &screen.desk.rulebook(), &found.unwrap());
    for row in rows {
        screen.shows(&format!("{} {}", row.label, row.text));
    }
    screen.keys("x").shows("Journal entry #3");
    screen.key(KeyCode::Esc).shows_not("Journal entry #3").keys("j").key(KeyCode::Enter).shows("Journal entry #2");
    screen.key(KeyCode::Enter).shows_not("Journal entry #2").keys("??").shows("Enter whole entry");
    let mut empty = Screen::empty(Lang::En, (80, 24));
    empty.keys("6").key(KeyCode::Enter).shows_not("Journal entry");
}

/// Everything can be read in a small window, in wide characters too, and the frame stays whole.
#[test]
fn an_entry_scrolls_in_a_small_window() {
    let note: String = (1..=60).map(|n| format!("第{n}条证据：门头与模板不符，照片另附。\n")).collect();
    for (lang, size) in [(Lang::ZhCn, (80, 24)), (Lang::En, (80, 24)), (Lang::ZhCn, (60, 15))] {
        let mut screen = noted(lang, size, &note);
        screen.keys("6").key(KeyCode::Enter);
        let title = lang.say("entry-title");
        screen.shows(&format!("{title} #3")).shows_not("第60条证据");
        let start = screen.rows();
        let mut seen = start.concat();
        for _ in 0..40 {
            screen.key(KeyCode::PageDown);
            seen += &screen.rows().concat();
        }
        for n in 1..=60 {
            assert!(seen.contains(&format!("第{n}条证据：门头与模板不符，照片另附。")), "{n} at {size:?}");
        }
        let hash = screen.desk.stats().unwrap().head.hash[31];
        screen.shows(&format!("{hash:02x}"));
        let end = screen.rows();
        screen.key(KeyCode::Down).keys("j");
        assert_eq!(screen.rows(), end, "it ends with its last line");
        screen.key(KeyCode::Up);
        assert_ne!(screen.rows(), end);
        screen.keys("g");
        assert_eq!(screen.rows(), start);
        screen.key(KeyCode::End);
        assert_eq!(screen.rows(), end);
        for row in &end {
            assert_eq!(row.width(), usize::from(size.0), "{row:?}");
        }
        // A larger window shows more, and never less than it could.
        screen.hear(koufen::console::Message::Resize(120, 50));
        screen
            .shows("第60条证据")
            .shows("第30条证据")
            .key(KeyCode::Up)
            .key(KeyCode::Esc)
            .shows_not(&format!("{title} #3"));
    }
}
