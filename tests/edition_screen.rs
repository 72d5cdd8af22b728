//! An open console shows the rulebook that the desk judges by: the edition in force (4.4(1), decision 26), whenever it
//! came or begins, and what a provider agreed otherwise (4.4(3)).

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

#[allow(dead_code, reason = "other tests use the rest of it")]
mod fixture;
#[path = "fixture/screen.rs"]
mod screen;

use crossterm::event::KeyCode;
use koufen::console::Message;
use koufen::console::over::OpenForm;
use koufen::domain::edition::Otherwise;
use koufen::domain::{Command, Fact, Outlet, Recording};
use koufen::ids::Seq;
use koufen::points::Points;
use koufen::time::{Day, parse_day, parse_moment};
use koufen::words::Lang;
use screen::Screen;

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 36), (200, 60)];

/// An edition in which the brand costs 5 to 9, and 45 points suspend.
fn stricter() -> String {
    let shipped = include_str!("../src/rulebook/rulebook.toml");
    let text = shipped.replace("edition = \"1.5\"", "edition = \"1.6\"").replace("suspended = 50 ", "suspended = 45 ");
    let brand = text.split("[[article]]").find(|part| part.contains("id = \"brand-standard\"")).unwrap();
    text.replace(brand, &brand.replace("min = 4, max = 6", "min = 5, max = 9"))
}

fn did(screen: &Screen, command: Command) -> Seq {
    screen.desk.submit(&fixture::who("王芳"), command).unwrap().seq
}

fn adopt(screen: &Screen, effective: &str) -> Seq {
    did(screen, Command::AdoptEdition { text: stricter(), effective: day(effective) })
}

fn day(text: &str) -> Day {
    parse_day(text).unwrap()
}

fn story(lang: Lang, size: (u16, u16)) -> Screen {
    let mut screen = Screen::empty(lang, size);
    did(&screen, Command::AddProvider(fixture::provider("P0007", "杭州捷达商贸")));
    let signed_on = Some(day("2011-01-10"));
    did(&screen, Command::AddOutlet(Outlet { signed_on, ..fixture::outlet("O000007", "P0007") }));
    screen.refresh();
    screen
}

fn suspended(screen: &Screen) -> u32 {
    screen.model.shared.book.marks.of(koufen::rulebook::Standing::Suspended).unwrap().0
}

#[test]
fn clause_4_4_1_an_edition_that_is_adopted_beside_it_is_in_the_open_console() {
    for (lang, size) in Lang::ALL.into_iter().flat_map(|lang| SIZES.map(|size| (lang, size))) {
        let mut screen = story(lang, size);
        screen.keys("7").shows("1.5").shows("4–6");
        // The form is open while it comes: what is typed stays, and the range is the new one.
        screen.keys("1").keys("d").keys("brand").key(KeyCode::Tab).shows("4–6");
        adopt(&screen, "2011-03-01");
        screen.refresh();
        assert_eq!((suspended(&screen), screen.model.shared.book.edition.as_str()), (45, "1.6"));
        screen.shows("5–9").shows("brand-standard");
        screen.key(KeyCode::Esc).keys("y").keys("7").shows("1.6").shows("5–9").shows_not("4–6");
    }
}

#[test]
fn clause_4_4_1_an_edition_begins_with_its_day_while_one_looks() {
    for lang in Lang::ALL {
        let mut screen = story(lang, (80, 24));
        adopt(&screen, "2011-03-19");
        screen.refresh();
        assert_eq!(suspended(&screen), 50, "it does not judge today");
        screen.keys("7").shows("4–6");
        let tick = |screen: &mut Screen, at: &str| {
            screen.clock.set(parse_moment(at).unwrap());
            screen.hear(Message::Tick(screen.desk.now()));
        };
        tick(&mut screen, "2011-03-18T23:59");
        assert_eq!(suspended(&screen), 50);
        tick(&mut screen, "2011-03-19T00:00");
        assert_eq!(suspended(&screen), 45);
        screen.shows("5–9").shows(&lang.say_texts("status-edition", &[("edition", "1.6".into())]));
        // A deduction of a day before is judged by the edition of that day, and so is its range.
        screen.keys("1").keys("d").keys("brand").key(KeyCode::Tab).shows("5–9").key(KeyCode::Tab);
        screen.keys("2011-03-18").key(KeyCode::Tab).shows("4–6");
    }
}

#[test]
fn clause_4_4_3_the_range_is_what_the_provider_agreed_and_says_where() {
    for (lang, size) in Lang::ALL.into_iter().flat_map(|lang| SIZES.map(|size| (lang, size))) {
        let mut screen = story(lang, size);
        did(&screen, Command::AddProvider(fixture::provider("P0008", "宁波汇远商贸")));
        let otherwise = Otherwise { rule: "media-exposure".into(), value: Some("2-8 cap 20".into()), effective: None };
        let entry = did(
            &screen,
            Command::Record(Box::new(Recording {
                provider: "P0007".parse().unwrap(),
                fact: Fact::Otherwise(otherwise),
                on: Some(day("2011-03-01")),
                confirmed_by: Some("王芳".into()),
                note: Some("补充协议".into()),
            })),
        );
        screen.refresh();
        let source = [("provider", "P0007".to_owned()), ("entry", entry.to_string())];
        let source = lang.say_texts("points-agreed", &source);
        screen.keys("d").keys("media").key(KeyCode::Tab);
        screen.shows(&format!("2–8 · {} 20 · {source}", lang.say("column-cap")));
        // The points stop at the ends of what was agreed, and the desk takes them.
        for _ in 0..30 {
            screen.keys("+");
        }
        screen.key(KeyCode::Tab).key(KeyCode::Tab).keys("晚报").key(KeyCode::F(2));
        let lines = screen.desk.ledger(&"P0007".parse().unwrap(), 2011, None, 9).unwrap();
        assert_eq!(lines.iter().map(|line| line.points).collect::<Vec<_>>(), [Points(8)]);
        // Of another provider, and of a day before, it is the rulebook's.
        screen.keys("d").key(KeyCode::BackTab).key(KeyCode::BackTab).keys("P0008").key(KeyCode::Tab).key(KeyCode::Tab);
        screen.keys("media").key(KeyCode::Tab).shows("10–20").shows_not(&source).key(KeyCode::Esc).keys("y");
        screen.keys("d").keys("media").key(KeyCode::Tab).key(KeyCode::Tab).keys("2011-02-28").key(KeyCode::Tab);
        screen.shows_not(&source);
        let form = &screen.model.over_of::<OpenForm>().unwrap().form;
        let article = screen.model.shared.judged_by(form).article("media-exposure").unwrap();
        assert_eq!((article.min, article.max), (Points(10), Points(20)));
    }
}

/// A finding's line is judged by what its provider agreed, on the day of the breach: so is what its form says.
#[test]
fn clause_4_4_3_a_findings_form_says_what_its_provider_agreed() {
    let mut screen = story(Lang::En, (100, 30));
    let record = |fact, on| {
        let (provider, on) = ("P0007".parse().unwrap(), Some(day(on)));
        let (confirmed_by, note) = (Some("王芳".into()), Some("补充协议".into()));
        Command::Record(Box::new(Recording { provider, fact, on, confirmed_by, note }))
    };
    let otherwise = Otherwise { rule: "brand-standard".into(), value: Some("2-8".into()), effective: None };
    let entry = did(&screen, record(Fact::Otherwise(otherwise), "2011-03-01"));
    let failed = |on| {
        let step = koufen::domain::life::OutletStep::BrandChecked { passed: false };
        record(Fact::Outlet("O000007".parse().unwrap(), step), on)
    };
    // One before it was agreed, one after.
    did(&screen, failed("2011-02-20"));
    did(&screen, failed("2011-03-02"));
    screen.refresh();
    let source = format!("agreed with P0007 by entry {entry}");
    let mut ranges = Vec::new();
    screen.keys("4");
    for _ in 0..2 {
        screen.keys("c").shows("points");
        ranges.push((screen.has("2–8"), screen.has(&source)));
        screen.key(KeyCode::Esc).keys("j");
    }
    ranges.sort_unstable();
    assert_eq!(ranges, [(false, false), (true, true)], "{}", screen.rows().join("\n"));
}
