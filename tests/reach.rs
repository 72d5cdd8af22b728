//! A query is a page: the ledger's pane asks for as many lines as it shows, and for all of them where they are looked at.
//! What is selected, counted and opened is the same either way.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

mod fixture;
#[path = "fixture/line.rs"]
mod line;
#[path = "fixture/screen.rs"]
mod screen;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use koufen::console::form::Purpose;
use koufen::console::held::{Held, Reach, is_shown};
use koufen::console::over::OpenForm;
use koufen::console::screens::Providers;
use koufen::console::session::answer;
use koufen::console::update::update_all;
use koufen::console::{Effect, Message};
use koufen::desk::{Asked, Desk, Outcome};
use koufen::domain::{Command, Deduction, Line, LineKind};
use koufen::ids::Seq;
use koufen::time::parse_day;
use koufen::words::Lang;
use screen::Screen;

const LINES: usize = 200;
/// Beside the first.
const OUTLETS: usize = 100;

/// Two providers, the second of which has many outlets and lines, some to a day and in no order; the first is selected.
fn long(size: (u16, u16)) -> Screen {
    let mut screen = Screen::empty(Lang::En, size);
    let first = parse_day("2011-01-01").unwrap();
    let mut asked = Vec::new();
    for n in 1..=2 {
        asked.push(Command::AddProvider(fixture::provider(&format!("P000{n}"), &format!("捷达{n}"))));
        asked.push(Command::AddOutlet(fixture::outlet(&format!("O{n}1"), &format!("P000{n}"))));
    }
    for n in 0..OUTLETS {
        asked.push(Command::AddOutlet(fixture::outlet(&format!("X{:03}", n * 7 % OUTLETS), "P0002")));
    }
    for n in 0..LINES as u64 {
        let occurred_on = first + chrono::Days::new(n * 37 % 61);
        asked.push(Command::Deduct(Deduction {
            occurred_on,
            note: Some(n.to_string()),
            ..line::brand("P0002", "O21")
        }));
    }
    let asked = asked.into_iter().map(|command| Asked { command, nth: None }).collect();
    let done = screen.desk.submit_all(&fixture::who("王芳"), asked).unwrap();
    assert!(done.iter().all(|one| matches!(one, Ok(Outcome::Done(_)))));
    screen.refresh();
    screen
}

fn key(code: KeyCode) -> Message {
    Message::Key(KeyEvent::new(code, KeyModifiers::NONE))
}

/// All lines, as the desk says them.
fn all(desk: &Desk) -> Vec<Line> {
    desk.with_voids(desk.ledger(&"P0002".parse().unwrap(), 2011, None, usize::MAX).unwrap()).unwrap()
}

fn selected(screen: &Screen) -> Option<Seq> {
    screen.model.screen_of::<Providers>().unwrap().line
}

/// How far its lines reach, how many are there, and how many there are.
fn held(screen: &Screen) -> (Reach, usize, usize) {
    let lines = &screen.model.shared.lines;
    (lines.reach, lines.rows.len(), lines.of)
}

fn void(screen: &Screen, entry: Seq) {
    let command = Command::Void { entry, dependents: true, reason: "误录".into() };
    screen.desk.submit(&fixture::who("王芳"), command).unwrap();
}

#[test]
fn a_pane_asks_for_what_it_shows_and_the_rest_comes_with_the_focus() {
    for (size, panes) in [((120, 36), 2), ((80, 24), 2)] {
        let mut screen = long(size);
        screen.keys("j");
        let (reach, there, of) = held(&screen);
        let top = usize::from(size.1);
        assert_eq!((reach, of), (Reach::Top(top), LINES));
        assert!((top..top + 5).contains(&there), "{there}");
        assert!(all(&screen.desk).starts_with(&screen.model.shared.lines.rows));
        let was = selected(&screen);
        for _ in 0..panes {
            screen.key(KeyCode::Tab);
        }
        screen.shows("P0002 ledger 2011 · 200");
        assert_eq!((held(&screen), selected(&screen)), ((Reach::All, LINES, LINES), was));
        assert_eq!(screen.model.shared.lines.rows, all(&screen.desk));
        // Somebody else of another provider: the pane shows as many again.
        screen.key(KeyCode::BackTab).key(KeyCode::BackTab).keys("kj");
        assert_eq!(held(&screen), (reach, there, of));
    }
    let mut screen = long((120, 36));
    screen.keys("j").shows("P0002 ledger 2011 · 200");
}

/// How many queries are asked.
fn loads(effects: &[Effect]) -> usize {
    effects.iter().filter(|effect| matches!(effect, Effect::Load { .. })).count()
}

/// What is answered, in that order.
fn answers(screen: &Screen, effects: Vec<Effect>) -> Vec<Message> {
    effects.into_iter().filter_map(|effect| answer(&screen.desk, &fixture::who("ops-2"), effect)).collect()
}

/// What is on its way is not asked again, and what is there neither.
#[test]
fn all_rows_are_asked_for_once() {
    let mut screen = long((120, 36));
    screen.keys("j");
    let first = update_all(&mut screen.model, [key(KeyCode::Tab), key(KeyCode::Tab)]);
    assert_eq!(loads(&first), 1, "the outlets have the focus no more");
    assert!(screen.model.shared.fresh.is_awaited());
    for n in 0..3 {
        let size = Message::Resize(120, 36 + n);
        assert_eq!(loads(&update_all(&mut screen.model, [size])), 0);
    }
    screen.hears(first);
    assert_eq!(held(&screen), (Reach::All, LINES, LINES));
    assert_eq!(loads(&update_all(&mut screen.model, [key(KeyCode::Down)])), 0);
}

/// Keys that come faster than lines do go where they would have gone.
#[test]
fn a_line_is_gone_to_before_it_is_there() {
    use KeyCode::{Char, Down, End, Home, PageDown, Tab, Up};
    for (keys, row) in [
        (&[End][..], LINES - 1),
        (&[Char('G'), Up, Up], LINES - 3),
        (&[PageDown; 7], 70),
        (&[PageDown, PageDown, PageDown, PageDown, Home, Down], 1),
        (&[Down, Down], 2),
        (&[End, Down, Char('k'), Down, Down], LINES - 1),
    ] {
        let mut screen = long((120, 36));
        screen.keys("j");
        let typed = [Tab, Tab].iter().chain(keys).map(|code| key(*code));
        let effects = update_all(&mut screen.model, typed);
        screen.hears(effects);
        assert_eq!(selected(&screen), Some(all(&screen.desk)[row].seq), "{keys:?}");
    }
}

/// Regression: while the rest of the lines was on its way the last one that was there was selected, and `u` after `G` reversed
/// that. Until it is there nothing is; and what is typed into another pane goes to that one.
#[test]
fn nothing_is_done_with_a_line_that_is_not_there_yet() {
    use KeyCode::{Char, Enter, Tab};
    let burst = |keys: &[KeyCode]| {
        let mut screen = long((120, 36));
        screen.keys("j");
        let effects = update_all(&mut screen.model, [Tab, Tab].iter().chain(keys).map(|code| key(*code)));
        (screen, effects)
    };
    for keys in [[Char('G'), Char('u')], [Char('G'), Char('v')], [Char('G'), Enter]] {
        let (mut screen, effects) = burst(&keys);
        assert!(screen.model.over.is_empty() && selected(&screen).is_none(), "{keys:?}");
        screen.hears(effects);
        let last = all(&screen.desk)[LINES - 1].seq;
        assert_eq!(selected(&screen), Some(last));
        screen.key(keys[1]);
        let says = match screen.model.over_of::<OpenForm>().map(|open| &open.form.purpose) {
            Some(Purpose::Reverse { line, .. }) => *line == last,
            _ => screen.has(&format!("#{last}")),
        };
        assert!(!screen.model.over.is_empty() && says, "{keys:?}\n{}", screen.rows().join("\n"));
    }
    let (mut screen, effects) = burst(&[Char('G'), Tab, Char('k')]);
    assert_eq!(screen.model.shared.provider.as_ref().unwrap().as_str(), "P0001", "one up, and no more");
    screen.hears(effects);
    assert_eq!(selected(&screen), None, "it has none");
    let (mut screen, effects) = burst(&[Char('G'), Tab]);
    screen.hears(effects);
    assert_eq!(selected(&screen), Some(all(&screen.desk)[LINES - 1].seq));
    // A click is a choice of its own.
    let (mut screen, effects) = burst(&[Char('G')]);
    let click = Message::Click(110, 5);
    drop(update_all(&mut screen.model, [click]));
    screen.hears(effects);
    assert_eq!(selected(&screen), Some(all(&screen.desk)[2].seq));
}

/// Regression: the answer to what had been asked before, with fewer rows, took those away that were selected meanwhile.
#[test]
fn fewer_rows_that_come_late_are_nobodys() {
    let mut screen = long((120, 36));
    screen.keys("j").key(KeyCode::Tab).key(KeyCode::Tab).key(KeyCode::Tab);
    let changes = screen.desk.subscribe();
    let deduct = || Command::Deduct(Deduction { note: Some("new".into()), ..line::brand("P0002", "O21") });
    screen.desk.submit(&fixture::who("王芳"), deduct()).unwrap();
    let few = update_all(&mut screen.model, [Message::Changed(changes.try_recv().unwrap())]);
    let few = answers(&screen, few);
    let rest = update_all(&mut screen.model, [KeyCode::Tab, KeyCode::Tab, KeyCode::End].map(key));
    let last = all(&screen.desk)[LINES].seq;
    assert_eq!((selected(&screen), loads(&rest)), (Some(last), 1));
    few.into_iter().for_each(|message| drop(update_all(&mut screen.model, [message])));
    assert_eq!((held(&screen).1, selected(&screen)), (LINES, Some(last)), "as it was");
    screen.hears(rest);
    assert_eq!((held(&screen).1, selected(&screen)), (LINES + 1, Some(last)));
}

/// What is selected further down stays selected, whatever is recorded while another pane has the focus.
#[test]
fn what_is_selected_further_down_stays() {
    let mut screen = long((120, 36));
    screen.keys("j").key(KeyCode::Tab).key(KeyCode::Tab);
    for _ in 0..10 {
        screen.key(KeyCode::PageDown);
    }
    let line = all(&screen.desk)[100].seq;
    assert_eq!(selected(&screen), Some(line));
    screen.key(KeyCode::Tab);
    for n in 0..3 {
        let line = Deduction { note: Some(format!("new {n}")), ..line::brand("P0002", "O21") };
        screen.desk.submit(&fixture::who("王芳"), Command::Deduct(line)).unwrap();
        screen.refresh();
        assert_eq!(held(&screen), (Reach::All, LINES + n + 1, LINES + n + 1));
    }
    assert_eq!(selected(&screen), Some(line));
    // What takes it away takes the selection with it, and then what is shown is enough.
    void(&screen, line);
    screen.refresh();
    assert_eq!(selected(&screen), Some(line), "it is there, crossed out");
}

/// Of outlets as of lines.
#[test]
fn outlets_are_gone_to_before_they_are_there_and_stay() {
    let outlets = |screen: &Screen| {
        let outlets = &screen.model.shared.outlets;
        (outlets.reach, outlets.rows.len(), outlets.of)
    };
    let mut screen = long((120, 36));
    let asked = update_all(&mut screen.model, [key(KeyCode::Char('j'))]);
    let first = answers(&screen, asked).remove(0);
    let rest = update_all(&mut screen.model, [first]);
    assert_eq!(outlets(&screen), (Reach::Top(36), 36, OUTLETS + 1));
    screen.shows("P0002 outlets 101");
    let typed = [KeyCode::Tab, KeyCode::End, KeyCode::Up].map(key);
    assert_eq!(loads(&update_all(&mut screen.model, typed)), 0, "the rest is on its way by itself");
    screen.hears(rest);
    assert_eq!(outlets(&screen), (Reach::All, OUTLETS + 1, OUTLETS + 1));
    let edits = |screen: &mut Screen| {
        screen.keys("e").shows("X098").key(KeyCode::Esc);
    };
    edits(&mut screen);
    screen.key(KeyCode::BackTab);
    let outlet = fixture::outlet("A0", "P0002");
    screen.desk.submit(&fixture::who("王芳"), Command::AddOutlet(outlet)).unwrap();
    screen.refresh();
    assert_eq!(outlets(&screen), (Reach::All, OUTLETS + 2, OUTLETS + 2));
    screen.key(KeyCode::Tab);
    edits(&mut screen);
    // What a form chooses from is all of them, whatever is on the screen.
    let mut screen = long((120, 36));
    screen.keys("j").keys("d");
    assert_eq!(outlets(&screen).0, Reach::All);
}

/// A form or a window may be about any line.
#[test]
fn what_lies_over_the_screen_knows_all_lines() {
    let mut screen = long((120, 36));
    screen.keys("j");
    assert_eq!(held(&screen).0, Reach::Top(36));
    screen.keys("?");
    assert_eq!(held(&screen), (Reach::All, LINES, LINES));
}

/// Regression: a form that was opened before all outlets were there showed no consequence until the next key.
#[test]
fn a_form_shows_its_consequence_when_what_it_chooses_from_is_there() {
    let mut screen = long((120, 36));
    let asked = update_all(&mut screen.model, [key(KeyCode::Char('j'))]);
    let mut heard = answers(&screen, asked);
    let rest = update_all(&mut screen.model, heard.drain(..1));
    heard.into_iter().for_each(|message| drop(update_all(&mut screen.model, [message])));
    let typed = "dbrand-standard".chars().map(|c| key(KeyCode::Char(c))).chain([key(KeyCode::Tab)]);
    drop(update_all(&mut screen.model, typed));
    let outlets = answers(&screen, rest).remove(0);
    let effects = update_all(&mut screen.model, [outlets]);
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Preview(..))), "{effects:?}");
}

/// A reversal says its line, whether its pane is on the screen or not.
#[test]
fn a_reversal_has_its_line() {
    let mut screen = long((120, 36));
    screen.keys("ju");
    assert!(!screen.model.over.is_empty());
    screen.hear(Message::Resize(80, 24));
    assert!(is_shown(&screen.model, Held::Lines));
    screen.key(KeyCode::Esc);
    assert!(!is_shown(&screen.model, Held::Lines));
}

#[test]
fn a_taller_terminal_asks_for_more_and_a_lower_one_for_nothing() {
    let mut screen = long((120, 36));
    screen.keys("j");
    screen.hear(Message::Resize(120, 60));
    let (reach, there, _) = held(&screen);
    assert!(reach == Reach::Top(60) && (60..65).contains(&there), "{there}");
    let effects = update_all(&mut screen.model, [Message::Resize(120, 24)]);
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Load { .. })));
    assert_eq!(held(&screen).1, there);
}

/// Where a void stands, and what it took, hangs on lines that may be further down: then all are read.
#[test]
fn what_a_pane_shows_is_the_beginning_of_the_whole() {
    let (screen, provider) = (long((120, 36)), "P0002".parse().unwrap());
    let newest = |least: usize| screen.desk.at_once(|reader| reader.newest(&provider, 2011, least)).unwrap();
    let holds = |voided: Option<usize>, lines: usize| {
        let whole = all(&screen.desk);
        let mut known = 0;
        for least in 0..lines + 3 {
            let Some(rows) = newest(least) else {
                assert!(voided.is_some_and(|at| at <= least + 4), "{least}");
                continue;
            };
            known += 1;
            assert!(rows.len() >= least.min(lines) && whole.starts_with(&rows), "{least}");
            assert!(rows.len() < least + 4, "to the end of a day, and no further: {least}");
            let next = whole.get(rows.len()).map(|line| line.occurred_on);
            assert!(rows.is_empty() || next != rows.last().map(|line| line.occurred_on), "{least}");
        }
        known
    };
    assert_eq!(holds(None, LINES), LINES + 3);
    // A line that is reversed, and the reversal taken away: that stands beside them.
    let there_and_back = |at: usize| {
        let line = all(&screen.desk)[at].seq;
        void(&screen, line);
        void(&screen, all(&screen.desk).iter().find(|other| other.reverses == Some(line)).unwrap().seq);
        all(&screen.desk).iter().position(|line| line.kind == LineKind::Void).unwrap()
    };
    let far = there_and_back(150);
    let known = holds(Some(far), LINES + 1);
    assert!(far > 140 && (far - 4..=far + 1).contains(&known), "{far} {known}");
    let mut screen = screen;
    screen.refresh();
    screen.keys("j");
    let typed = [KeyCode::Tab, KeyCode::Tab, KeyCode::End, KeyCode::Up].map(key);
    let effects = update_all(&mut screen.model, typed);
    screen.hears(effects);
    assert_eq!(selected(&screen), Some(all(&screen.desk)[LINES].seq), "the void's row is one more than was known of");
    screen.key(KeyCode::Tab).keys("k");
    let there_and_back = |at: usize| {
        let line = all(&screen.desk)[at].seq;
        void(&screen, line);
        void(&screen, all(&screen.desk).iter().find(|other| other.reverses == Some(line)).unwrap().seq);
        all(&screen.desk).iter().position(|line| line.kind == LineKind::Void).unwrap()
    };
    assert!(there_and_back(5) < 20);
    screen.refresh();
    screen.keys("j");
    let lines = &screen.model.shared.lines;
    assert_eq!((lines.reach, lines.rows.len(), lines.of), (Reach::All, LINES + 4, LINES + 2));
    assert_eq!(lines.rows.iter().filter(|line| line.kind == LineKind::Void).count(), 2);
    screen.shows("P0002 ledger 2011 · 202");
}
