//! `?` in the console: why what is selected is so, in a window that scrolls; `?` again the keys.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

mod fixture;
#[path = "fixture/screen.rs"]
mod screen;

use crossterm::event::KeyCode;
use koufen::console::{Effect, Message};
use koufen::domain::why::Target;
use koufen::domain::{Command, Deduction, Outlet, RequestKind};
use koufen::exchange::trace;
use koufen::ids::Seq;
use koufen::points::Points;
use koufen::time::{parse_day, parse_moment};
use koufen::words::Lang;
use screen::Screen;
use unicode_width::UnicodeWidthStr;

/// A provider with an outlet, eight complaints of one problem, and an exit application that nobody answered. The seqs:
/// 1 and 2 the records, 3 to 10 the lines, 11 the request.
fn sample(lang: Lang, size: (u16, u16)) -> Screen {
    let mut screen = Screen::empty(lang, size);
    let who = fixture::who("王芳");
    let complaint = |n: u32| Deduction {
        provider: "P0007".parse().unwrap(),
        article: "outlet-complaint".parse().unwrap(),
        points: Points(2),
        occurred_on: parse_day(&format!("2011-03-0{n}")).unwrap(),
        outlet: Some("O000007".parse().unwrap()),
        problem: Some("发货慢".into()),
        note: None,
        subject: None,
        evidence: None,
    };
    let outlet = Outlet { name: "文三路便利店".into(), ..fixture::outlet("O000007", "P0007") };
    let asked = Command::OpenRequest {
        outlet: outlet.id.clone(),
        kind: RequestKind::Exit,
        at: Some(parse_moment("2011-03-04T16:00").unwrap()),
        note: Some("转让\n店主回乡\n接手的人还没有找到\n招牌已经拆下，照片在附件里".into()),
    };
    let records = [Command::AddProvider(fixture::provider("P0007", "杭州捷达商贸")), Command::AddOutlet(outlet)];
    let lines = (1..=8).map(|n| Command::Deduct(complaint(n)));
    for command in records.into_iter().chain(lines).chain([asked]) {
        screen.desk.submit(&who, command).unwrap();
    }
    screen.refresh();
    screen
}

/// All rows that a trace has are on the frame of a window that is large enough.
fn shows_all(screen: &mut Screen, target: &str) {
    let target: Target = target.parse().unwrap();
    let told = screen.desk.why(&target).unwrap();
    screen.shows(&trace::title(screen.model.shared.lang, &target));
    let frame = plain(&screen.rows().concat());
    for row in trace::rows(screen.model.shared.lang, &screen.desk.rulebook(), &told) {
        screen.shows(&row.label);
        row.text.lines().for_each(|line| assert!(frame.contains(&plain(line)), "no {line:?} in {frame}"));
    }
}

/// Without blanks and frames: what was broken into lines is one text again.
fn plain(text: &str) -> String {
    text.replace([' ', '│', '┃', '\n'], "")
}

#[test]
fn what_is_selected_is_told_and_asked_again_the_keys() {
    for (lang, why, keys) in [(Lang::En, "? why", "? keys"), (Lang::ZhCn, "? 缘由", "? 按键")] {
        let mut screen = sample(lang, (120, 60));
        // A provider is not told: the keys show at once.
        screen.shows(keys).shows_not(why).keys("?").shows("score>=50").key(KeyCode::Esc);
        // A ledger line, the last of which the cap cut to nothing.
        screen.key(KeyCode::Tab).key(KeyCode::Tab).shows(why).keys("?");
        shows_all(&mut screen, "10");
        screen.shows("2011-03-05 · 2").shows(keys).shows_not(why);
        // Again: the keys; then the list, with the same line.
        screen.keys("?").shows("score>=50").shows_not("2011-03-05 · 2").key(KeyCode::Esc).shows(why);
        screen.keys("j？");
        shows_all(&mut screen, "9");
        screen.key(KeyCode::Esc).shows(why);
        // From the line that is open.
        screen.key(KeyCode::Enter).shows(why).keys("?");
        shows_all(&mut screen, "9");
        screen.key(KeyCode::Enter);
    }
}

#[test]
fn deadlines_alerts_findings_cases_and_the_journal_are_told() {
    let mut screen = sample(Lang::En, (120, 60));
    screen.keys("2").shows("? why").keys("?");
    shows_all(&mut screen, "11/exit-answer");
    screen.key(KeyCode::Esc).keys("4?");
    shows_all(&mut screen, "exit-response/P0007/11");
    screen.key(KeyCode::Esc).keys("6?");
    shows_all(&mut screen, "11");
    screen.shows("note 转让").key(KeyCode::Esc);
    // From the entry that is open.
    screen.key(KeyCode::Enter).shows("Journal entry #11").keys("?");
    shows_all(&mut screen, "11");
    screen.key(KeyCode::Esc);
    // An alert leads to what it is about.
    screen.keys("3g");
    let about = screen.model.explainable().map(|target| target.to_string()).unwrap();
    assert!(["11/exit-answer", "11/exit-evidence", "exit-response/P0007/11"].contains(&about.as_str()), "{about}");
    screen.keys("?");
    shows_all(&mut screen, &about);
    screen.key(KeyCode::Esc);
    // A case: a city that was confirmed.
    let case = koufen::domain::Recording {
        provider: "P0007".parse().unwrap(),
        fact: koufen::domain::Fact::Territory(koufen::domain::territory::TerritoryStep::Confirmed {
            city: "杭州".into(),
            population: 199_999,
            plan: (0, 0),
        }),
        on: None,
        confirmed_by: None,
        note: None,
    };
    screen.desk.submit(&fixture::who("王芳"), Command::Record(Box::new(case))).unwrap();
    screen.refresh();
    screen.keys("5?");
    shows_all(&mut screen, "12");
    screen.key(KeyCode::Esc);
    // Nothing is selected: the keys.
    screen.keys("7").shows("? keys").keys("?").shows("score>=50");
    Screen::empty(Lang::En, (80, 24)).keys("4").shows("? keys").keys("?").shows("score>=50");
}

/// Everything can be read in a small window, in wide characters too, and the frame stays whole.
#[test]
fn a_trace_scrolls_in_a_small_window() {
    for (lang, size) in [(Lang::ZhCn, (80, 24)), (Lang::En, (80, 24)), (Lang::ZhCn, (60, 15)), (Lang::En, (60, 15))] {
        let mut screen = sample(lang, size);
        screen.keys("6?").shows("1–");
        let start = screen.rows();
        let mut seen: Vec<String> = start.clone();
        for _ in 0..80 {
            screen.key(KeyCode::Down);
            seen.extend(screen.rows());
        }
        let seen = plain(&seen.concat());
        let told = screen.desk.why(&Target::Entry(Seq(11))).unwrap();
        for row in trace::rows(lang, &screen.desk.rulebook(), &told) {
            row.text.lines().for_each(|line| assert!(seen.contains(&plain(line)), "{line:?} at {size:?}"));
        }
        let end = screen.rows();
        assert_ne!(end, start);
        screen.keys("j").key(KeyCode::PageDown);
        assert_eq!(screen.rows(), end, "it ends with its last line");
        screen.keys("g");
        assert_eq!(screen.rows(), start);
        for row in start.iter().chain(&end) {
            assert_eq!(row.width(), usize::from(size.0), "{row:?}");
        }
        screen.hear(Message::Wheel(10, 10, 1));
        assert_ne!(screen.rows(), start, "the wheel scrolls it");
        // A larger window shows all of it, laid out anew; a smaller one again a part.
        screen.hear(Message::Resize(120, 60));
        shows_all(&mut screen, "11");
        screen.hear(Message::Resize(size.0, size.1));
        screen.keys("g");
        assert_eq!(screen.rows(), start);
        screen.key(KeyCode::Esc).shows_not(&trace::title(lang, &Target::Entry(Seq(11))));
    }
}

/// A change made anywhere is in the window that is open; an answer that nobody waits for opens none.
#[test]
fn an_open_trace_follows_what_happens() {
    let mut screen = sample(Lang::En, (120, 60));
    screen.keys("2?").shows("open and overdue");
    let answer = Command::AnswerRequest { request: Seq(11), at: None, note: None };
    screen.desk.submit(&fixture::who("王芳"), answer).unwrap();
    screen.refresh();
    screen.shows("done late by 10 d").shows_not("open and overdue");
    screen.key(KeyCode::Esc);
    let target = Target::Entry(Seq(3));
    let told = screen.desk.why(&target).map(Box::new);
    screen.hear(Message::Why(target.clone(), told));
    screen.shows_not("Why #3");
    // Asked for, and another key pressed before the answer came.
    let key = |c| Message::Key(crossterm::event::KeyEvent::new(KeyCode::Char(c), crossterm::event::KeyModifiers::NONE));
    screen.keys("6");
    let asked = koufen::console::update::update(&mut screen.model, key('?'));
    assert_eq!(asked, [Effect::Why(Target::Entry(Seq(12)))]);
    koufen::console::update::update(&mut screen.model, key('j'));
    let told = screen.desk.why(&Target::Entry(Seq(12))).map(Box::new);
    screen.hear(Message::Why(Target::Entry(Seq(12)), told));
    screen.shows_not("Why #12");
}
