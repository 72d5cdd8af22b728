//! Corrections in the console (decision 13), by keys: the window that takes an entry away says first what that changes.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

mod fixture;
#[path = "fixture/line.rs"]
mod line;
#[path = "fixture/screen.rs"]
mod screen;

use crossterm::event::KeyCode;
use koufen::console::over::OpenForm;
use koufen::console::{Effect, Message, update::update};
use koufen::domain::{Command, Deduction};
use koufen::exchange::record::RecordKind;
use koufen::ids::{OutletId, Seq};
use koufen::points::Points;
use koufen::words::Lang;
use screen::Screen;

const SIZES: [(u16, u16); 2] = [(80, 24), (120, 36)];

/// A city, its failed conference with a freeze application, and a deduction, by somebody else.
fn story(lang: Lang, size: (u16, u16)) -> Screen {
    let mut screen = Screen::empty(lang, size);
    did(&screen, Command::AddProvider(fixture::provider("P0007", "杭州捷达商贸")));
    did(&screen, Command::AddOutlet(fixture::outlet("O000007", "P0007")));
    record(&screen, "territory-confirmed P0007 city=杭州 population=199999 on=2011-01-20");
    record(
        &screen,
        "conference-held P0007 city=杭州 visits=1 outlets_visited=1 invited=100 attended=10 signed=5 on=2011-02-01",
    );
    record(&screen, "freeze-applied P0007 conference=4 entries=10 errors=0 on=2011-02-10");
    did(&screen, Command::Deduct(line::brand("P0007", "O000007")));
    screen.refresh();
    screen
}

fn did(screen: &Screen, command: Command) -> Seq {
    screen.desk.submit(&fixture::who("王芳"), command).unwrap().seq
}

fn record(screen: &Screen, typed: &str) -> Seq {
    let mut words = typed.split_whitespace();
    let kind = RecordKind::of(words.next().unwrap()).unwrap();
    let first = words.next().unwrap();
    let given: Vec<(&str, &str)> = words.map(|word| word.split_once('=').unwrap()).collect();
    let text = |name: &str| match name == kind.fields[0].name {
        true => first.to_owned(),
        false => given.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned()).unwrap_or_default(),
    };
    let owner = |id: &OutletId| screen.desk.outlet(id).unwrap().map(|outlet| outlet.provider);
    did(screen, kind.read(&text, screen.desk.now(), &owner).unwrap())
}

#[test]
fn decision_13_v_on_a_row_of_the_journal_takes_it_away() {
    for (lang, size) in Lang::ALL.into_iter().flat_map(|lang| SIZES.map(|size| (lang, size))) {
        let mut screen = story(lang, size);
        let say = |key: &str| lang.say(key);
        screen.keys("6").shows(&format!("v {}", say("key-void"))).keys("v");
        let entries = screen.entries();
        screen.shows(&lang.say_texts("form-void", &[("entry", "6".into())])).shows("#6").shows("5 → 0");
        // Without a reason nothing happens.
        screen.key(KeyCode::F(2)).shows(&lang.say_with("refusal-missing", &[("field", say("field-reason").into())]));
        assert_eq!(screen.entries(), entries);
        screen.keys("误录").key(KeyCode::F(2));
        assert_eq!(screen.entries(), entries + 1);
        screen.shows(&lang.say_texts("status-saved", &[("seq", "7".into()), ("provider", "P0007".into())]));
        let line = screen.desk.line(Seq(6)).unwrap().unwrap().1;
        assert_eq!(line.reversed_by, Some(Seq(7)));
    }
}

#[test]
fn decision_13_what_stands_on_it_is_named_and_goes_with_it_if_asked() {
    for (lang, size) in Lang::ALL.into_iter().flat_map(|lang| SIZES.map(|size| (lang, size))) {
        let mut screen = story(lang, size);
        let entries = screen.entries();
        screen.keys("6jjv").shows("#4").shows("#5 ");
        screen.shows(&lang.say_texts("refusal-stood-on", &[("entry", "4".into()), ("by", "#5".into())])[..30]);
        screen.keys("误录").key(KeyCode::F(2));
        assert_eq!(screen.entries(), entries, "it is refused, and why stands in the window");
        screen.shows("#5 ").key(KeyCode::Tab).keys(" ");
        screen.shows(&lang.say("void-with")).shows("#5 ").shows("conference-results/P0007/4");
        screen.key(KeyCode::F(2));
        assert_eq!(screen.entries(), entries + 1);
        assert!(!screen.desk.findings(None).unwrap().iter().any(|f| f.id.to_string().contains("conference-results")));
        // A void comes back in the same way.
        screen.keys("gv").shows("#7").shows("conference-results/P0007/4").keys("无误").key(KeyCode::F(2));
        assert_eq!(screen.entries(), entries + 2);
        assert!(screen.desk.findings(None).unwrap().iter().any(|f| f.id.to_string().contains("conference-results")));
    }
}

#[test]
fn decision_13_v_on_a_line_a_finding_and_a_deadline() {
    let mut screen = story(Lang::En, (120, 36));
    screen.keys("v").shows("Void entry 6").key(KeyCode::Esc).shows_not("Void entry");
    screen
        .key(KeyCode::Tab)
        .key(KeyCode::Tab)
        .key(KeyCode::Enter)
        .shows("Ledger line #6")
        .keys("v")
        .shows("Void entry 6");
    screen.key(KeyCode::Esc).keys("6").key(KeyCode::Enter).keys("v").shows("Void entry 6").key(KeyCode::Esc);
    // An open finding is of its record, a decided one of its decision: which is open again then.
    screen.keys("4v").shows("Void entry 4").key(KeyCode::Esc);
    let finding = screen.desk.findings(None).unwrap()[0].id.clone();
    let by = did(&screen, Command::DismissFinding { finding, reason: "不实".into() });
    screen.refresh();
    screen.keys("v").shows(&format!("Void entry {by}")).shows("Open again: conference-results/P0007/4");
    screen.key(KeyCode::Esc).keys("2");
    let due = screen.model.shared.deadlines[0].seq;
    screen.keys("v").shows(&format!("Void entry {due}")).key(KeyCode::Esc);
    // Where the ledger is not to be seen, its line is not meant.
    let mut narrow = story(Lang::En, (80, 24));
    narrow.keys("v").shows("The ledger is not on the screen").shows_not("Void entry");
    // A month is of no one entry; an empty journal has none.
    let mut empty = Screen::empty(Lang::En, (80, 24));
    empty.keys("6v").shows("Select something first");
}

/// What is shown is what is done: where it is another by now, it is shown first.
#[test]
fn decision_13_a_stale_preview_is_read_again_before_it_is_done() {
    let mut screen = story(Lang::En, (120, 36));
    screen.keys("6v").shows("5 → 0").keys("误录");
    // Somebody else records more, and nobody told this session yet.
    did(&screen, Command::Deduct(Deduction { points: Points(6), ..line::brand("P0007", "O000007") }));
    let press = |screen: &mut Screen| {
        let key = crossterm::event::KeyEvent::new(KeyCode::F(2), crossterm::event::KeyModifiers::NONE);
        update(&mut screen.model, Message::Key(key))
    };
    let effects = press(&mut screen);
    assert!(matches!(effects[..], [Effect::Correct(..)]), "{effects:?}");
    assert_eq!(press(&mut screen), [], "it waits for the answer");
    let entries = screen.entries();
    for effect in effects {
        let heard = koufen::console::session::answer(&screen.desk, &fixture::who("ops-2"), effect).unwrap();
        assert!(matches!(heard, Message::Outdated(..)));
        screen.hear(heard);
    }
    assert_eq!(screen.entries(), entries, "nothing was done");
    screen.shows("It changes something else by now").shows("11 → 6");
    screen.key(KeyCode::F(2));
    assert_eq!(screen.entries(), entries + 1);
    // One that is not there is asked for, and not gone past.
    screen.keys("v").keys("x");
    screen.model.over_of_mut::<OpenForm>().unwrap().correcting = None;
    let effects = press(&mut screen);
    assert!(matches!(effects[..], [Effect::Weigh(..)]), "{effects:?}");
    screen.shows("being read");
}

/// A window that is open says what its correction changes now: what somebody else records meanwhile is read at once,
/// not first when it is to be done.
#[test]
fn decision_13_an_open_window_is_read_again_when_something_else_is_recorded() {
    let mut screen = story(Lang::En, (120, 36));
    screen.keys("6v").shows("5 → 0").keys("误录");
    did(&screen, Command::Deduct(Deduction { points: Points(6), ..line::brand("P0007", "O000007") }));
    screen.refresh();
    screen.shows("11 → 6").shows_not("5 → 0");
}

/// An answer that was overtaken is of what the window does not ask any more: it is not shown as what would be done.
#[test]
fn decision_13_an_answer_that_was_overtaken_is_not_shown() {
    let mut screen = story(Lang::En, (120, 36));
    screen.keys("6jjv").key(KeyCode::Tab);
    let mut press = || {
        let key = crossterm::event::KeyEvent::new(KeyCode::Char(' '), crossterm::event::KeyModifiers::NONE);
        let mut effects = update(&mut screen.model, Message::Key(key));
        assert!(matches!(effects[..], [Effect::Weigh(..)]), "{effects:?}");
        koufen::console::session::answer(&screen.desk, &fixture::who("ops-2"), effects.remove(0)).unwrap()
    };
    let (with, without) = (press(), press());
    screen.hear(without);
    screen.hear(with);
    let correcting = screen.model.over_of::<OpenForm>().unwrap().correcting.as_ref().unwrap();
    assert!(!correcting.dependents && correcting.weighed.is_err(), "{correcting:?}");
}

/// The score is what a correction is weighed by: it stands first, and what has no room scrolls.
#[test]
fn decision_13_scores_come_first_and_the_rest_scrolls() {
    for (lang, size) in Lang::ALL.into_iter().flat_map(|lang| SIZES.map(|size| (lang, size))) {
        let mut screen = story(lang, size);
        let finding = screen.desk.findings(None).unwrap()[0].id.clone();
        did(&screen, Command::ConfirmFinding { finding, points: None, note: None });
        screen.refresh();
        // The city with its conference, freeze and line.
        screen.keys("6");
        let at = screen.model.shared.journal.iter().position(|recorded| recorded.seq == Seq(3)).unwrap();
        screen.keys(&"j".repeat(at)).keys("v").key(KeyCode::Tab).keys(" ");
        let weighed = screen.model.over_of::<OpenForm>().unwrap().correcting.clone().unwrap().weighed.unwrap();
        let changes = koufen::exchange::entry::changes(lang, &screen.model.shared.book, &weighed);
        let changes: Vec<String> = changes.into_iter().map(|told| told.text).collect();
        assert!(changes[0].contains("15 → 5"), "{changes:?}");
        assert!(changes.len() > 2, "{changes:?}");
        screen.shows("15 → 5");
        let (last, _) = screen.model.over_of::<OpenForm>().unwrap().room(&screen.model.shared);
        // Whatever it changes is to be seen on one page or another.
        let mut seen = String::new();
        loop {
            seen += &screen.rows().join("").replace([' ', '│'], "");
            let before = form(&screen).scroll;
            screen.key(KeyCode::PageDown);
            if form(&screen).scroll == before {
                break;
            }
        }
        assert_eq!(form(&screen).scroll, last);
        assert_eq!(last > 0, screen.has("PgUp PgDn"));
        for change in &changes {
            assert!(seen.contains(&change.replace(' ', "")), "no {change:?} in\n{seen}");
        }
        screen.key(KeyCode::PageUp).key(KeyCode::PageUp).shows("15 → 5");
        assert_eq!(form(&screen).scroll, 0);
        assert_eq!(form(&screen).text("reason"), "", "nothing was typed by it");
    }
}

fn form(screen: &Screen) -> &koufen::console::form::Form {
    &screen.model.over_of::<OpenForm>().unwrap().form
}

/// What is shown in a language is in that language, and labels stand apart from what they name.
#[test]
fn the_screens_of_a_correction_are_in_one_language() {
    for (lang, size) in Lang::ALL.into_iter().flat_map(|lang| SIZES.map(|size| (lang, size))) {
        let mut screen = story(lang, size);
        screen.keys("6").shows_not("conference-held").shows_not("territory-confirmed");
        screen
            .keys("jj")
            .key(KeyCode::Enter)
            .shows(&lang.say("field-record"))
            .shows_not("conference-held")
            .key(KeyCode::Esc);
        screen.keys("v").key(KeyCode::Tab);
        let (no, yes) = (lang.say("value-no"), lang.say("value-yes"));
        screen.shows(&format!("◂ {no} | {yes} ▸"));
        let apart = |screen: &Screen, label: &str, value: &str| {
            let row = screen.rows().into_iter().find(|row| row.contains(label)).unwrap();
            assert!(row.split(label).nth(1).unwrap().starts_with(' ') && row.contains(value), "{row}");
        };
        apart(&screen, &lang.say("field-dependents"), &no);
        screen.keys(" ");
        apart(&screen, &lang.say("field-dependents"), &yes);
        assert_eq!(form(&screen).text("dependents"), "yes");
    }
    let mut screen = story(Lang::ZhCn, (120, 36));
    assert_eq!(koufen::words::subject(Lang::ZhCn, "7.first"), "7 首批");
    did(&screen, Command::Void { entry: Seq(5), dependents: false, reason: "误".into() });
    screen.refresh();
    screen.keys("6").key(KeyCode::Enter).shows("涉及条目").shows_not("calendar");
}
