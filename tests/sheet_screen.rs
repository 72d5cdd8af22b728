//! The sheet of an audit in the console: typed line by line, checked row by row, and recorded all together or not at all.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

#[allow(dead_code, reason = "other tests use the rest of it")]
mod fixture;
#[path = "fixture/line.rs"]
mod line;
#[path = "fixture/screen.rs"]
mod screen;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use koufen::console::{Effect, Message, update::update};
use koufen::domain::{Command, Deduction};
use koufen::words::Lang;
use screen::Screen;

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 36), (200, 60)];

fn story(lang: Lang, size: (u16, u16)) -> Screen {
    let mut screen = Screen::empty(lang, size);
    let provider = fixture::provider("P0007", "杭州捷达商贸");
    screen.desk.submit(&fixture::who("王芳"), Command::AddProvider(provider)).unwrap();
    screen.refresh();
    screen
}

/// The head of a sheet, with the caret in its lines.
fn begun(screen: &mut Screen) {
    screen.keys("A").keys("王芳，李雷").key(KeyCode::Tab).keys("杭州门店").key(KeyCode::Tab).key(KeyCode::Tab);
}

fn clear(screen: &mut Screen) {
    let ctrl_u = KeyEvent::new(KeyCode::Char('u'), KeyModifiers::CONTROL);
    screen.hear(Message::Key(ctrl_u));
}

fn score(screen: &Screen) -> u32 {
    screen.desk.provider(&"P0007".parse().unwrap(), 2011).unwrap().unwrap().score.0
}

#[test]
fn a_sheet_is_typed_previewed_and_recorded_together() {
    for (lang, size) in Lang::ALL.into_iter().flat_map(|lang| SIZES.map(|size| (lang, size))) {
        let mut screen = story(lang, size);
        begun(&mut screen);
        screen.shows(&lang.say("form-audit"));
        screen.shows(&lang.say_texts("sheet-brings", &[("lines", "0".into())]));
        screen.keys("media-exposure,12,,,晚报,").key(KeyCode::Enter).keys("media-exposure,10,2011-03-02,,早报,");
        screen.shows("早报").shows(&lang.say_texts("sheet-brings", &[("lines", "2".into())])).shows("0 → 22");
        let entries = screen.entries();
        screen.key(KeyCode::F(2));
        assert_eq!((screen.entries(), score(&screen)), (entries + 3, 22), "the audit and its lines");
        screen.shows_not(&lang.say("form-audit"));
        let audit = screen.desk.dossier(&"P0007".parse().unwrap()).unwrap().audits[0].clone();
        assert_eq!(
            (audit.audit.auditors, audit.audit.scope.as_str()),
            (vec!["王芳".into(), "李雷".into()], "杭州门店")
        );
        let lines = screen.desk.audit(audit.seq).unwrap().unwrap().lines;
        assert_eq!(lines[0].line.occurred_on, screen.desk.today(), "a row without a day is of the audit's");
        // It is seen among the provider's cases.
        screen.keys("5").shows(&lang.say("case-audit")).shows(&format!("#{} 杭州门店 · 2", audit.seq));
        // Enter opens its report, which follows what happens to its lines.
        let score = [("year", "2011".to_owned()), ("before", "0".into()), ("after", "22".into())];
        screen.key(KeyCode::Enter).shows("晚报").shows(&lang.say_texts("audit-score", &score));
        screen.shows(&lang.say_texts("audit-sum", &[("assessed", "22".into()), ("effective", "22".into())]));
        let line = lines[0].line.seq;
        let reverse = Command::Reverse { line, reason: "误".into() };
        let by = screen.desk.submit(&fixture::who("王芳"), reverse).unwrap().seq;
        screen.refresh();
        screen.shows(&lang.say_texts("audit-line-reversed", &[("by", by.to_string())]));
        screen.keys("v").shows(&lang.say_texts("form-void", &[("entry", audit.seq.to_string())])).key(KeyCode::Esc);
        screen.key(KeyCode::Enter).shows("晚报").key(KeyCode::Esc).shows_not("晚报");
    }
}

#[test]
fn every_row_that_is_refused_is_named_with_its_place_and_nothing_is_recorded() {
    for (lang, size) in Lang::ALL.into_iter().flat_map(|lang| SIZES.map(|size| (lang, size))) {
        let mut screen = story(lang, size);
        begun(&mut screen);
        screen.keys("media-exposure,99,,,x,").key(KeyCode::Enter).keys("media-exposure,x,,,x,");
        let named =
            [("row", "1".to_owned()), ("line", "2".into()), ("column", "points".into()), ("value", "99".into())];
        let row = lang.say_texts("import-row", &[&named[..], &[("detail", String::new())]].concat());
        let count = [("refused", "2".to_owned()), ("read", "2".into())];
        screen.shows(&lang.say_texts("sheet-refused", &count)).shows(&row);
        let entries = screen.entries();
        screen.key(KeyCode::F(2)).shows(&lang.say("form-audit")).shows(&row);
        assert_eq!((screen.entries(), score(&screen)), (entries, 0));
        // Put right it is taken.
        clear(&mut screen);
        screen.hear(Message::Paste("article,points,evidence\nmedia-exposure,19,x\nmedia-exposure,10,x\n".into()));
        screen.key(KeyCode::F(2));
        assert_eq!((screen.entries(), score(&screen)), (entries + 3, 29));
    }
}

/// What is pasted from a spreadsheet, with its own columns and tabs between the cells.
#[test]
fn a_sheet_is_pasted_as_it_stands_in_a_spreadsheet() {
    let mut screen = story(Lang::En, (120, 36));
    begun(&mut screen);
    clear(&mut screen);
    screen.hear(Message::Paste("article\tpoints\tevidence\r\nmedia-exposure\t12\t晚报\r\n".into()));
    screen.shows("Lines that count: 1").key(KeyCode::F(2));
    assert_eq!(score(&screen), 12);
    // A row that is no data is left out, and that is said before.
    begun(&mut screen);
    screen.hear(Message::Paste("合计\nmedia-exposure,11,,,早报,\n".into()));
    screen.shows("Row 1 (line 2 of the file) is left out").shows("12 → 23");
    // A text without the columns of a sheet is none.
    clear(&mut screen);
    screen.hear(Message::Paste("hello,world\n1,2\n".into()));
    let entries = screen.entries();
    screen.shows("article").key(KeyCode::F(2)).shows("lacks the columns");
    assert_eq!(screen.entries(), entries);
}

#[test]
fn its_head_is_asked_for_and_what_is_said_already_is_asked_about() {
    let mut screen = story(Lang::En, (120, 36));
    let entries = screen.entries();
    screen.keys("A").key(KeyCode::F(2)).shows("auditors");
    assert_eq!(screen.entries(), entries);
    screen.key(KeyCode::Esc).keys("y");
    for again in [false, true] {
        begun(&mut screen);
        screen.keys("media-exposure,12,,,晚报,").key(KeyCode::F(2));
        if again {
            screen.shows("save once more");
            assert_eq!(score(&screen), 12);
            // Something else is not taken unasked.
            screen.keys(" ").key(KeyCode::F(2)).shows("save once more");
            assert_eq!(score(&screen), 12);
            screen.key(KeyCode::F(2));
        }
    }
    assert_eq!(score(&screen), 24);
}

/// A row that a line on record says already is named, asked about, and taken with the others when it is saved once more.
#[test]
fn a_row_that_is_on_record_is_asked_about() {
    for lang in Lang::ALL {
        let mut screen = story(lang, (80, 24));
        let mut known = press(&screen);
        known.evidence = Some("晚报".into());
        screen.desk.submit(&fixture::who("王芳"), Command::Deduct(known)).unwrap();
        screen.refresh();
        begun(&mut screen);
        screen.keys("media-exposure,12,,,晚报,").key(KeyCode::Enter).keys("media-exposure,10,,,早报,");
        let entries = screen.entries();
        screen.key(KeyCode::F(2)).shows(&lang.say("form-again")).shows("12");
        assert_eq!((screen.entries(), score(&screen)), (entries, 12));
        screen.key(KeyCode::F(2));
        assert_eq!((screen.entries(), score(&screen)), (entries + 3, 34));
    }
}

/// A line of 12 points of today.
fn press(screen: &Screen) -> Deduction {
    line::of("P0007", "media-exposure", 12, screen.desk.today())
}

/// While the answer is on its way, no key hands it in a second time.
#[test]
fn a_sheet_is_handed_in_once() {
    let mut screen = story(Lang::En, (120, 36));
    begun(&mut screen);
    screen.keys("media-exposure,12,,,晚报,");
    let f2 = || Message::Key(KeyEvent::new(KeyCode::F(2), KeyModifiers::NONE));
    let first = update(&mut screen.model, f2());
    assert!(matches!(&first[..], [Effect::RecordSheet(..)]), "{first:?}");
    assert!(update(&mut screen.model, f2()).is_empty());
}
