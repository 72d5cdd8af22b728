//! What is the same on every screen, in both languages, at the sizes that a console is used at; and that a screen is one
//! file and one row.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

#[allow(dead_code, reason = "other tests use the rest of it")]
mod fixture;
#[path = "fixture/line.rs"]
mod line;
#[path = "fixture/screen.rs"]
mod screen;

use crossterm::event::{KeyCode, KeyEvent};
use koufen::console::held::Held;
use koufen::console::keymap::{self, Own, shown};
use koufen::console::layer::{self, Hint, Layer, Step};
use koufen::console::over::{Help, OpenForm};
use koufen::console::screens::{Row, SCREENS};
use koufen::console::session::answer;
use koufen::console::shared::Shared;
use koufen::console::update::update;
use koufen::console::{Message, Model, Theme};
use koufen::domain::{Command, Deduction};
use koufen::words::Lang;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::widgets::Paragraph;
use screen::Screen;

/// What all screens of a console share that just began.
fn shared(lang: Lang) -> Shared {
    let screen = Screen::empty(lang, (80, 24));
    let now = screen.model.shared.now;
    Shared::new(lang, ("dark", Theme::built_in("dark").unwrap()), "ops-2", "", screen.desk.rulebook(), now)
}

#[test]
fn every_row_is_a_screen_that_has_words_and_keys_and_draws_what_it_holds() {
    assert!(SCREENS.len() <= 9, "each has a digit");
    for lang in Lang::ALL {
        let shared = shared(lang);
        for (at, row) in SCREENS.iter().enumerate() {
            let made = (row.new)();
            let title = row.title;
            assert!(lang.say(title) != title && !lang.say(title).is_empty(), "{title} in {lang:?}");
            assert!(Held::ALL.into_iter().any(|held| made.uses(&shared, held)), "{title} shows nothing");
            let keys = keymap::all(made.keys(&shared), SCREENS);
            assert!(keys.iter().any(|hint| hint.footer), "{title} has no keys in the footer");
            for (n, hint) in keys.iter().enumerate() {
                assert!(keys[..n].iter().all(|other| other.key != hint.key), "{} twice on {title}", hint.key);
                assert!(lang.say(hint.help) != hint.help, "{} in {lang:?}", hint.help);
            }
            // Only what Enter opens is another thing on another screen.
            for hint in keymap::all((Vec::new(), Vec::new()), SCREENS).iter().filter(|hint| hint.key != "Enter") {
                assert!(
                    keys.iter().any(|known| known.help == hint.help),
                    "{} does something else on {title}",
                    hint.key
                );
            }
            let mut screen = Screen::empty(lang, (80, 24));
            screen.keys(&(at + 1).to_string());
            assert_eq!(screen.model.at(), at);
            assert!(screen.rows()[1].contains(&format!(" {} {} ", at + 1, lang.say(title))), "{title} has a tab");
        }
    }
}

/// A screen that is nowhere but in this test.
#[derive(Default)]
struct Names {
    turned: bool,
    row: usize,
    laid_out: String,
}

const KEYS: &[Own<Names>] = &[shown(Names::turn, &[KeyCode::Char('d')], "d", "key-zoom")];

impl Names {
    fn turn(&mut self, _shared: &mut Shared) -> Step {
        self.turned = !self.turned;
        Step::took()
    }
}

impl Layer for Names {
    fn uses(&self, _shared: &Shared, held: Held) -> bool {
        held == Held::Providers
    }

    fn draw(&self, shared: &Shared, frame: &mut Frame, body: Rect, top: bool) {
        let names = shared.providers.iter().flatten().map(|row| row.provider.name.clone());
        let mut names: Vec<String> = names.collect();
        if self.turned {
            names.reverse();
        }
        let text = format!("{} {} row {}", if top { "▲" } else { "▽" }, names.join(" "), self.row);
        frame.render_widget(Paragraph::new(vec![text.into(), self.laid_out.clone().into()]), body);
    }

    fn lay_out(&mut self, shared: &Shared) {
        self.laid_out = format!("laid out {:?} {}", shared.lang, shared.size.0);
    }

    fn key(&mut self, shared: &mut Shared, key: KeyEvent) -> Step {
        keymap::find(KEYS, key).map_or(Step::Falls, |does| does(self, shared))
    }
}

impl layer::Screen for Names {
    fn keys(&self, _shared: &Shared) -> (Vec<Hint>, Vec<Hint>) {
        (keymap::hints(KEYS), Vec::new())
    }

    fn step(&mut self, _shared: &mut Shared, by: isize) {
        self.row = self.row.saturating_add_signed(by);
    }

    fn open(&mut self, _shared: &mut Shared) -> Step {
        Step::Opens(Box::new(Note { lines: 0 }))
    }
}

/// What lies over it.
struct Note {
    lines: isize,
}

impl Layer for Note {
    fn draw(&self, _shared: &Shared, frame: &mut Frame, body: Rect, top: bool) {
        let note = format!("{} note {}", if top { "◆" } else { "◇" }, self.lines);
        frame.render_widget(Paragraph::new(note), Rect { y: body.y + 3, height: 1, ..body });
    }

    fn key(&mut self, _shared: &mut Shared, key: KeyEvent) -> Step {
        match key.code {
            KeyCode::Char('n') => self.lines += 1,
            KeyCode::Esc => return Step::Closes,
            _ => return Step::Falls,
        }
        Step::took()
    }

    fn hints(&self, _shared: &Shared) -> Vec<Hint> {
        vec![Hint::new("n", "key-down")]
    }

    fn scroll(&mut self, _shared: &Shared, by: isize) {
        self.lines += by;
    }
}

const ROWS: &[Row] = &[Row::of::<Names>("tab-providers"), SCREENS[5], SCREENS[6]];

/// A console whose first screen is that one, with two providers.
fn with_names() -> Screen {
    let mut screen = Screen::empty(Lang::En, (80, 24));
    screen.model = Model::with_screens(ROWS, shared(Lang::En));
    for (id, name) in [("P0001", "one"), ("P0002", "two")] {
        let command = Command::AddProvider(koufen::domain::Provider { name: name.into(), ..fixture::provider(id, "") });
        screen.desk.submit(&fixture::who("ops-2"), command).unwrap();
    }
    screen.hear(Message::Resize(80, 24));
    screen
}

#[test]
fn a_screen_is_one_file_and_one_row() {
    let mut screen = with_names();
    // It asks for what it shows, is drawn, and has a tab and keys.
    screen.shows("▲ one two row 0").shows("1 Providers  2 Journal  3 Rulebook").shows("d zoom");
    assert!(!screen.has("u reverse"));
    // Its keys are its own; what is none of it falls to the session.
    screen.keys("d").shows("▲ two one row 0");
    screen.keys("jj").shows("row 2");
    screen.keys("?").shows("▽").shows("1–3 screens").key(KeyCode::Esc);
    screen.keys("3").shows_not("▲").keys("q").shows("▲ two one row 2");
    // What it lays out is laid out again, for another language or size, also while it is not seen.
    screen.shows("laid out En 80").keys("L").shows("laid out ZhCn 80").keys("2");
    screen.hear(Message::Resize(120, 36));
    screen.keys("q").shows("laid out ZhCn 120");
}

#[test]
fn the_footer_always_says_where_all_keys_are() {
    for lang in Lang::ALL {
        for size in [(60, 15), (80, 24), (120, 36), (200, 60)] {
            for key in ["1", "2", "3", "4", "5", "6", "7"] {
                let mut screen = Screen::empty(lang, size);
                screen.keys(key);
                let rows = screen.rows();
                let footer = rows.last().unwrap();
                let says = format!(" ? {} ", lang.say("key-help"));
                assert!(footer.contains(&says), "no {says:?} on {key} at {size:?} in {footer:?}");
            }
        }
    }
}

#[test]
fn the_list_of_keys_says_how_a_draft_is_restored() {
    for lang in Lang::ALL {
        for size in [(80, 24), (120, 36), (200, 60)] {
            for key in ["1", "2", "3", "4", "5", "6", "7"] {
                let mut screen = Screen::empty(lang, size);
                screen.keys(key).keys("?");
                screen.shows(&format!("F4 {}", lang.say("draft-restore")));
            }
        }
    }
}

#[test]
fn a_key_falls_from_the_top_until_a_layer_takes_it() {
    let mut screen = with_names();
    screen.key(KeyCode::Enter).shows("▽ one two row 0").shows("◆ note 0");
    assert!(screen.rows().last().unwrap().starts_with(" n down"), "the footer is that of what is on top");
    screen.keys("n").shows("◆ note 1");
    screen.keys("d").shows("▽ two one row 0").shows("◆ note 1");
    screen.keys("j").shows("▽ two one row 1");
    screen.hear(Message::Wheel(4, 4, 2));
    screen.shows("◆ note 3").shows("row 1");
    // It is drawn over whatever screen comes on below, and closes.
    screen.keys("2").shows("◆ note 3").shows_not("two one");
    screen.keys("1").key(KeyCode::Esc).shows("▲ two one row 1").shows_not("note");
    // Of what opens over it, nothing of it is left.
    screen.key(KeyCode::Enter).keys("?").shows("zoom").shows_not("note").key(KeyCode::Esc).shows("▲ two one row 1");
}

/// The list of keys is read on: the window of a correction that was asked for before does not take its place.
#[test]
fn what_was_asked_for_before_does_not_take_the_place_of_the_list_of_keys() {
    let mut screen = Screen::empty(Lang::En, (120, 36));
    let who = fixture::who("ops-2");
    screen.desk.submit(&who, Command::AddProvider(fixture::provider("P0001", "捷达"))).unwrap();
    let press = line::of("P0001", "media-exposure", 10, screen.desk.today());
    screen.desk.submit(&who, Command::Deduct(Deduction { note: Some("晚报".into()), ..press })).unwrap();
    screen.refresh();
    let key = |c| Message::Key(KeyEvent::from(KeyCode::Char(c)));
    for (meanwhile, opens) in [("", true), ("?", false)] {
        let asked = update(&mut screen.model, key('v'));
        screen.keys(meanwhile);
        asked.into_iter().filter_map(|effect| answer(&screen.desk, &who, effect)).for_each(|message| {
            update(&mut screen.model, message);
        });
        assert_eq!(screen.model.over_of::<OpenForm>().is_some(), opens);
        assert_eq!(screen.model.over_of::<Help>().is_some(), !opens);
        screen.key(KeyCode::Esc);
    }
}
