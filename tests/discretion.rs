//! The discretion mirror: how often an article was used, with which points, by all and by the same recorder; on the
//! command line and in the form.

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
#[path = "fixture/screen.rs"]
mod screen;

use binary::Store;
use case::Case;
use crossterm::event::KeyCode;
use koufen::domain::{Command, Deduction};
use koufen::ids::Seq;
use koufen::points::Points;
use koufen::words::Lang;
use screen::Screen;

fn charge(case: &Case, who: &str, points: u32) -> Seq {
    let line = Deduction { points: Points(points), ..line::brand("P0001", "O1") };
    case.desk.submit(&fixture::who(who), Command::Deduct(line)).unwrap().seq
}

/// Lines that stand are counted, and no others: a reversal takes its line out, its void puts it back.
#[test]
fn lines_that_stand_are_counted() {
    let case = Case::at("2011-03-10T09:00");
    case.ask(Command::AddOutlet(fixture::outlet("O1", "P0001"))).unwrap();
    let used = |by: Option<&str>| {
        let usage = case.desk.usage(&"brand-standard".parse().unwrap()).unwrap();
        usage.spread(by).map(|s| (s.count, s.least.0, s.middle(), s.most.0))
    };
    assert_eq!(used(None), None);
    let lines = [("王芳", 4), ("王芳", 6), ("李雷", 6), ("李雷", 5)].map(|(who, points)| charge(&case, who, points));
    assert_eq!(used(None), Some((4, 4, "5–6".into(), 6)));
    assert_eq!((used(Some("王芳")), used(Some("韩梅"))), (Some((2, 4, "4–6".into(), 6)), None));
    let reversed = case.ask(Command::Reverse { line: lines[0], reason: "误".into() }).unwrap().seq;
    assert_eq!(used(None), Some((3, 5, "6".into(), 6)));
    case.ask(Command::Void { entry: reversed, dependents: false, reason: "误".into() }).unwrap();
    assert_eq!(used(None), Some((4, 4, "5–6".into(), 6)));
    let with = Box::new(Command::Deduct(Deduction { points: Points(5), ..line::brand("P0001", "O1") }));
    case.ask(Command::Replace { entry: lines[0], reason: "误".into(), with }).unwrap();
    assert_eq!(used(None), Some((4, 5, "5–6".into(), 6)), "what is replaced is counted once");
    case.is_sound();
}

#[test]
fn the_command_shows_an_article_and_how_it_was_scored() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::with_provider(&folder.path().join("store"));
    store.ok(&["outlet", "add", "O1", "--provider", "P0001", "--city", "杭州", "--name", "店"]);
    let never = store.ok(&["article", "show", "brand-standard"]);
    assert_eq!((never["least"].as_u64(), never["most"].as_u64(), never["used"].is_null()), (Some(4), Some(6), true));
    for points in ["4", "6", "6"] {
        store.ok(&["deduct", "P0001", "brand-standard", points, "--outlet", "O1", "--on", "2011-03-02", "--again"]);
    }
    let used = store.ok(&["article", "show", "brand-standard"]);
    assert_eq!(used["used"], serde_json::json!({ "count": 3, "least": 4, "median": [6, 6], "most": 6 }));
    assert_eq!(used["used_by"], used["used"], "all by the same person");
    assert_eq!(store.refused(&["article", "show", "brand"])["reason"], "unknown article");
}

#[test]
fn the_form_says_how_the_article_was_scored() {
    for (lang, size) in [(Lang::En, (120, 36)), (Lang::ZhCn, (80, 24))] {
        let mut screen = Screen::empty(lang, size);
        let who = fixture::who("王芳");
        screen.desk.submit(&who, Command::AddProvider(fixture::provider("P0007", "捷达"))).unwrap();
        screen.desk.submit(&who, Command::AddOutlet(fixture::outlet("O000007", "P0007"))).unwrap();
        // Regression: of one line the English said "Scored 1 times".
        let (once, twice) = match lang {
            Lang::En => ("Scored once before: 4", "Scored 2 times before: 4–6 in the middle, 4 to 6"),
            Lang::ZhCn => ("以往 1 次：4", "以往 2 次：中位 4–6，4 至 6"),
        };
        for (points, said) in [(4, once), (6, twice)] {
            let line = Deduction { points: Points(points), ..line::brand("P0007", "O000007") };
            screen.desk.submit(&who, Command::Deduct(line)).unwrap();
            screen.refresh();
            screen.keys("d").keys("brand-standard").key(KeyCode::Tab).shows(said);
            screen.key(KeyCode::Esc).keys("y");
        }
    }
}
