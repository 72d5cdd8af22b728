//! Decision 28 in the console: a line that waits for a second person is found in the ledger and among the alerts, says
//! that it counts nothing, and is confirmed by somebody else than who proposed it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

#[allow(dead_code, reason = "other tests use the rest of it")]
mod fixture;
#[path = "fixture/line.rs"]
mod line;
#[path = "fixture/screen.rs"]
mod screen;

use crossterm::event::KeyCode;
use koufen::console::held::{Held, is_shown};
use koufen::console::screens::{Alerts, Providers};
use koufen::domain::{Command, Deduction, Refusal, Unlawful};
use koufen::ids::Seq;
use koufen::points::Points;
use koufen::words::{self, Lang};
use screen::Screen;

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 36), (200, 60)];

/// An edition that asks for a second person from 15 points on, and a line of 20 points that somebody proposed.
fn story(lang: Lang, size: (u16, u16), by: &str) -> (Screen, Seq) {
    let mut screen = Screen::empty(lang, size);
    let asking = include_str!("../src/rulebook/rulebook.toml")
        .replace("# second_person_from = 30 ", "second_person_from = 15 ")
        .replace("edition = \"1.5\"", "edition = \"1.6\"");
    let effective = screen.desk.today() - chrono::Days::new(60);
    let did = |who: &str, command| screen.desk.submit(&fixture::who(who), command).unwrap().seq;
    did("王芳", Command::AddProvider(fixture::provider("P0007", "杭州捷达商贸")));
    did("王芳", Command::AdoptEdition { text: asking, effective });
    let proposal = did(by, Command::Deduct(press(&screen)));
    screen.refresh();
    (screen, proposal)
}

fn press(screen: &Screen) -> Deduction {
    Deduction { note: Some("晚报".into()), ..line::of("P0007", "media-exposure", 20, screen.desk.today()) }
}

fn score(screen: &Screen) -> u32 {
    screen.desk.provider(&"P0007".parse().unwrap(), 2011).unwrap().unwrap().score.0
}

#[test]
fn decision_28_a_proposed_line_is_found_in_the_ledger_and_confirmed_there() {
    for (lang, size) in Lang::ALL.into_iter().flat_map(|lang| SIZES.map(|size| (lang, size))) {
        let (mut screen, proposal) = story(lang, size, "李雷");
        // Where the ledger is not on the screen, its line is not meant.
        if size.0 < 110 {
            screen.keys("c").shows(&lang.say("status-none-waits"));
        }
        screen.key(KeyCode::Tab).key(KeyCode::Tab).shows(&lang.say("line-proposed")).shows("0/20").shows("◌1");
        assert_eq!((screen.model.screen_of::<Providers>().unwrap().line, score(&screen)), (Some(proposal), 0));
        screen.shows(&format!("c {}", lang.say("key-confirm")));
        // It is no line that could be reversed.
        screen.keys("u").shows(&lang.say("status-proposed"));
        screen.keys("c").shows(&lang.say("form-confirm-line")).shows("李雷").shows("晚报").shows("0 → 20");
        let entries = screen.entries();
        screen.key(KeyCode::Esc).shows_not(&lang.say("form-confirm-line"));
        assert_eq!(screen.entries(), entries, "Esc confirms nothing");
        screen.key(KeyCode::Enter).shows(&lang.say("form-confirm-line")).key(KeyCode::F(2));
        assert_eq!((screen.entries(), score(&screen)), (entries + 1, 20));
        assert_eq!((screen.desk.proposals(None).unwrap(), screen.model.shared.proposals.len()), (vec![], 0));
        assert_eq!(
            screen.model.screen_of::<Providers>().unwrap().line,
            Some(Seq(entries + 1)),
            "the line that it became is selected"
        );
        screen.shows_not("0/20").shows_not(&format!("c {}", lang.say("key-confirm")));
    }
}

#[test]
fn decision_28_the_same_person_is_refused_by_name_before_and_after() {
    for lang in Lang::ALL {
        let (mut screen, proposal) = story(lang, (80, 24), "ops-2");
        let refusal = Refusal::Unlawful(Unlawful::SamePerson { who: "ops-2".into(), proposal });
        let says: String = words::refusal(lang, &refusal);
        screen.key(KeyCode::Tab).key(KeyCode::Tab).keys("c").shows(&says);
        let entries = screen.entries();
        screen.key(KeyCode::F(2)).shows(&says).shows(&lang.say("form-confirm-line"));
        assert_eq!((screen.entries(), score(&screen)), (entries, 0));
        // It is turned down from the same row, with a reason.
        screen.key(KeyCode::Esc).keys("v").keys("查无实据").key(KeyCode::F(2));
        assert_eq!((screen.entries(), screen.model.shared.proposals.len()), (entries + 1, 0));
        screen.shows_not("0/20");
    }
}

#[test]
fn decision_28_an_alert_leads_to_the_form_and_back() {
    for lang in Lang::ALL {
        let (mut screen, proposal) = story(lang, (80, 24), "李雷");
        screen.keys("3");
        let alert = format!("P0007/proposal/{proposal}");
        while screen.model.screen_of::<Alerts>().unwrap().selected() != Some(&alert) {
            screen.keys("j");
        }
        screen.key(KeyCode::Enter).shows(&lang.say("form-confirm-line"));
        assert!(is_shown(&screen.model, Held::Outlets), "a line may name one");
        screen.key(KeyCode::Esc);
        assert_eq!(screen.model.screen_of::<Alerts>().unwrap().selected(), Some(alert.as_str()), "where one was");
        screen.key(KeyCode::Enter).key(KeyCode::F(2));
        assert_eq!(score(&screen), 20);
        // What is over has nothing to confirm.
        screen.model.screen_of_mut::<Alerts>().unwrap().select(&alert);
        screen.key(KeyCode::Enter).shows_not(&lang.say("form-confirm-line"));
    }
}

/// A line that the form of a deduction proposes is selected where it stands, and the preview said so before.
#[test]
fn decision_28_what_a_deduction_proposes_is_selected() {
    let (mut screen, _) = story(Lang::En, (120, 36), "李雷");
    screen.keys("d").keys("media").key(KeyCode::Tab).keys("18");
    screen.shows("It takes a second person");
    for _ in 0..2 {
        screen.key(KeyCode::Tab);
    }
    screen.keys("IMG_7").key(KeyCode::F(2));
    let mine = screen.desk.proposals(None).unwrap()[1].entry;
    assert_eq!((screen.model.screen_of::<Providers>().unwrap().line, score(&screen)), (Some(mine), 0));
    screen.shows("0/18").shows("◌2");
}

/// One that somebody else took away gives way to the first row that there is.
#[test]
fn decision_28_a_line_that_waits_no_more_is_not_selected() {
    let (mut screen, proposal) = story(Lang::En, (120, 36), "李雷");
    let other = Deduction { note: Some("日报".into()), ..press(&screen) };
    let other =
        screen.desk.submit(&fixture::who("李雷"), Command::Deduct(Deduction { points: Points(18), ..other })).unwrap();
    screen.refresh();
    let line = |screen: &Screen| screen.model.screen_of::<Providers>().unwrap().line;
    screen.key(KeyCode::Tab).key(KeyCode::Tab).keys("G").shows("◌2");
    let selected = line(&screen).unwrap();
    let left = if selected == proposal { other.seq } else { proposal };
    let away = Command::Void { entry: selected, dependents: false, reason: "查无实据".into() };
    screen.desk.submit(&fixture::who("王芳"), away).unwrap();
    screen.refresh();
    screen.shows("◌1");
    assert_eq!(line(&screen), Some(left));
}
