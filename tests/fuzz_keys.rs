//! Random keys, pastes and sizes against the console: no panic, and nothing is written that the last frame did not show.
//! By hand for longer: `KOUFEN_FUZZ_SECONDS=60` or `KOUFEN_FUZZ_KEYS=1000000`, and `KOUFEN_FUZZ_SEED`.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

mod fixture;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use koufen::console::session::answer;
use koufen::console::update::update;
use koufen::console::{Effect, Message, Model, Theme, draw};
use koufen::desk::{Desk, ManualClock};
use koufen::domain::{Command, Outlet, RequestKind};
use koufen::rulebook::Rulebook;
use koufen::time::{Day, Moment};
use koufen::words::{Lang, field};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Small numbers that look random and are the same each time (xorshift).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides as u64).unwrap()
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.roll(of.len())]
    }
}

struct Screen {
    desk: Desk,
    model: Model,
    terminal: Terminal<TestBackend>,
    changes: std::sync::mpsc::Receiver<koufen::desk::Change>,
    /// The rows of the last frame, without blanks, and the row that the cursor stood on.
    rows: Vec<String>,
    cursor: usize,
    written: usize,
    deducted: usize,
}

impl Screen {
    fn new(lang: Lang) -> Screen {
        let day = Day::from_ymd_opt(2011, 3, 18).unwrap();
        let now = Moment::from_civil(day.and_hms_opt(14, 2, 0).unwrap());
        let book = Rulebook::shipped().unwrap();
        let clock = Arc::new(ManualClock::at(now));
        let desk = Desk::in_memory(book.clone(), clock).unwrap();
        let who = fixture::who("ops-2");
        for (n, name) in [(1, "温州汇通商贸"), (14, "温州华茂商贸"), (31, "重庆渝通商贸")] {
            let p = fixture::provider(&format!("P{n:04}"), name);
            let id = p.id.to_string();
            desk.submit(&who, Command::AddProvider(p)).unwrap();
            for (at, name) in [(413, "滨海大道441号"), (3077, "建设街413号"), (120, "四号店")] {
                let outlet = Outlet { name: name.into(), ..fixture::outlet(&format!("O{n:02}{at:04}"), &id) };
                desk.submit(&who, Command::AddOutlet(outlet)).unwrap();
            }
            let outlet = format!("O{n:02}0120").parse().unwrap();
            desk.submit(&who, Command::OpenRequest { outlet, kind: RequestKind::Help, at: None, note: None }).unwrap();
        }
        let theme = ("dark", Theme::built_in("dark").unwrap());
        let model = Model::new(lang, theme, "ops-2", "", Arc::new(book), now);
        let changes = desk.subscribe();
        let terminal = Terminal::new(TestBackend::new(80, 24)).unwrap();
        let (rows, cursor) = (Vec::new(), 0);
        let mut screen = Screen { desk, model, terminal, changes, rows, cursor, written: 0, deducted: 0 };
        screen.hear(Message::Resize(80, 24));
        screen
    }

    fn hear(&mut self, message: Message) {
        let effects = update(&mut self.model, message);
        self.carry_out(effects);
        self.draw();
    }

    fn draw(&mut self) {
        let (columns, rows) = self.model.shared.size;
        if self.terminal.backend().buffer().area.as_size() != (columns, rows).into() {
            self.terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
        }
        self.terminal.draw(|frame| draw::draw(&self.model, frame)).unwrap();
        let buffer = self.terminal.backend().buffer();
        // The second half of a wide character holds what was there before.
        let row = |y| {
            let (mut row, mut x) = (String::new(), 0);
            while x < columns {
                let symbol = buffer[(x, y)].symbol();
                row.push_str(symbol.trim());
                x += u16::try_from(unicode_width::UnicodeWidthStr::width(symbol).max(1)).unwrap();
            }
            row
        };
        self.rows = (0..rows).map(row).collect();
        assert!(self.rows.iter().all(|row| !row.chars().any(char::is_control)), "controls in the frame");
        let at = self.terminal.get_cursor_position().unwrap();
        self.cursor = usize::from(at.y);
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            if let Effect::Submit(_, command, _) = &effect {
                // The frame is still the one before the key.
                let accepted = self.desk.preview(&fixture::who("x"), command).is_ok();
                if accepted {
                    self.was_shown(command);
                    self.written += 1;
                    self.deducted += usize::from(matches!(command, Command::Deduct(_)));
                }
            }
            if let Some(message) = answer(&self.desk, &fixture::who("ops-2"), effect) {
                let effects = update(&mut self.model, message);
                self.carry_out(effects);
            }
        }
        while let Ok(change) = self.changes.try_recv() {
            let effects = update(&mut self.model, Message::Changed(change));
            self.carry_out(effects);
        }
    }

    /// The row of the form in the last frame whose label is that of a field.
    fn row(&self, name: &str) -> &str {
        let label = field(self.model.shared.lang, name).replace(' ', "");
        let row =
            |row: &&String| row.trim_start_matches('│').trim_start_matches('▸').strip_prefix(label.as_str()).is_some();
        let found = self.rows.iter().rev().find(row);
        found.unwrap_or_else(|| panic!("no {label} in\n{}", self.rows.join("\n")))
    }

    fn has(&self, name: &str, value: &str) {
        let row = self.row(name);
        let value: String = value.chars().filter(|c| !c.is_whitespace()).take(10).collect();
        assert!(row.contains(&value), "{name} {value} is not in {row}\n{}", self.rows.join("\n"));
    }

    /// What is written stood in the last frame.
    fn was_shown(&self, command: &Command) {
        match command {
            Command::Deduct(d) => {
                self.has("provider_id", d.provider.as_str());
                self.has("article", d.article.as_str());
                self.has("points", &d.points.to_string());
                self.has("occurred_on", &d.occurred_on.to_string());
                if let Some(outlet) = &d.outlet {
                    self.has("outlet_id", outlet.as_str());
                    let name = self.desk.outlet(outlet).unwrap().unwrap().name;
                    // Where a long id leaves its name no room, that is to be seen.
                    if !self.row("outlet_id").contains('…') {
                        self.has("outlet_id", &name.chars().take(4).collect::<String>());
                    }
                }
            }
            Command::MarkAlert { provider, mark: koufen::domain::Mark::Acknowledged, .. } => {
                let row = &self.rows[self.cursor];
                assert!(row.contains(provider.as_str()), "{provider} is not in {row}");
            }
            Command::MarkAlert { provider, .. } => self.has("alert", provider.as_str()),
            Command::AnswerRequest { request, .. } => {
                let due = self.model.shared.deadlines.iter().find(|due| due.seq == *request).unwrap();
                self.has("request", &request.to_string());
                self.has("request", due.provider.as_str());
            }
            Command::AddProvider(p) | Command::AmendProvider(p) => {
                self.has("provider_id", p.id.as_str());
                self.has("city", &p.city);
            }
            Command::AddOutlet(o) | Command::AmendOutlet(o) => {
                self.has("outlet_id", o.id.as_str());
                self.has("city", &o.city);
            }
            Command::Reverse { line, .. } => assert!(self.rows.join("").contains(&line.to_string())),
            Command::Record(r) => {
                let frame = self.rows.join("");
                assert!(frame.contains(r.provider.as_str()) || frame.contains("outlet") || frame.contains("网点"));
            }
            _ => {}
        }
    }
}

const CODES: [KeyCode; 16] = [
    KeyCode::Tab,
    KeyCode::Tab,
    KeyCode::BackTab,
    KeyCode::Enter,
    KeyCode::Esc,
    KeyCode::Down,
    KeyCode::Down,
    KeyCode::Up,
    KeyCode::Left,
    KeyCode::Right,
    KeyCode::Backspace,
    KeyCode::Delete,
    KeyCode::F(2),
    KeyCode::F(2),
    KeyCode::F(3),
    KeyCode::PageDown,
];
const WORDS: [&str; 24] = [
    "413",
    "O0120",
    "O140413",
    "O140120",
    "media-exposure",
    "brand-standard",
    "brand",
    "wzhm",
    "chongqing",
    "today",
    "3-2",
    "１５",
    "4",
    "5",
    "P0014",
    "help-asked",
    "request-answered",
    "brand-checked",
    "yes",
    "建设",
    "-1d",
    "昨天",
    "12",
    "terr",
];
const KEYS: &str = "dduaeercxs@@/?+-<>jkgG1234567RLTynq  ＋ｄ中é\u{202e}";
/// Ways through forms; `?` is any word.
const FORMS: [&str; 14] = [
    "d media F2",
    "d media Tab ? F2",
    "d brand-standard BackTab ? F2",
    "d brand-standard BackTab ? Tab Tab ? F2",
    "d brand-standard BackTab Down Down F3 Down F3 ? F2",
    "d ? Tab ? Tab ? F2",
    "d media Tab 12 BackTab BackTab BackTab ? Tab ? F2 F2",
    "r request-answered Enter ? F2",
    "r help-asked Enter F2",
    "r ? Enter ? F2",
    "a ? Tab ? Tab Tab ? F2",
    "Tab a ? Tab ? Tab ? F2",
    "3 a a a",
    "3 ? s ? F2",
];
const SIZES: [(u16, u16); 9] =
    [(80, 24), (80, 24), (120, 36), (200, 60), (60, 15), (59, 14), (1, 1), (100, 20), (160, 50)];

fn press(screen: &mut Screen, dice: &mut Dice) {
    let key = |code, modifiers| Message::Key(KeyEvent::new(code, modifiers));
    let chars: Vec<char> = KEYS.chars().collect();
    match dice.roll(100) {
        0..30 => screen.hear(key(dice.pick(&CODES), KeyModifiers::NONE)),
        30..55 => screen.hear(key(KeyCode::Char(dice.pick(&chars)), KeyModifiers::NONE)),
        55..58 => screen.hear(key(KeyCode::Char(dice.pick(&['u', 'a', 'k', 'c', 'z', 'w'])), KeyModifiers::CONTROL)),
        58..62 => screen.hear(Message::Paste(dice.pick(&WORDS).to_owned())),
        62 => screen.hear(Message::Paste("证\u{1b}[31m\r\n".repeat(dice.roll(800)))),
        63..66 => {
            let (columns, rows) = dice.pick(&SIZES);
            screen.hear(Message::Resize(columns, rows));
        }
        66..68 => {
            let (x, y) = (dice.roll(80), dice.roll(24));
            let (x, y) = (u16::try_from(x).unwrap(), u16::try_from(y).unwrap());
            let wheel = [Message::Click(x, y), Message::Wheel(x, y, 1), Message::Wheel(x, y, -1)];
            screen.hear(wheel.into_iter().nth(dice.roll(3)).unwrap());
        }
        68..84 => {
            // A form as it is meant, and with what random keys do to it.
            if dice.roll(3) > 0 {
                screen.hear(Message::Resize(80, 24));
            }
            for code in [KeyCode::Esc, KeyCode::Char('y'), KeyCode::Esc, KeyCode::Char('1'), KeyCode::Char('g')] {
                screen.hear(key(code, KeyModifiers::NONE));
            }
            for step in dice.pick(&FORMS).split(' ') {
                let step = if step == "?" { dice.pick(&WORDS) } else { step };
                match step {
                    "Tab" => screen.hear(key(KeyCode::Tab, KeyModifiers::NONE)),
                    "BackTab" => screen.hear(key(KeyCode::BackTab, KeyModifiers::NONE)),
                    "Down" => screen.hear(key(KeyCode::Down, KeyModifiers::NONE)),
                    "Enter" => screen.hear(key(KeyCode::Enter, KeyModifiers::NONE)),
                    "F2" => screen.hear(key(KeyCode::F(2), KeyModifiers::NONE)),
                    "F3" => screen.hear(key(KeyCode::F(3), KeyModifiers::NONE)),
                    _ => step.chars().for_each(|c| screen.hear(key(KeyCode::Char(c), KeyModifiers::NONE))),
                }
            }
        }
        _ => dice.pick(&WORDS).chars().for_each(|c| screen.hear(key(KeyCode::Char(c), KeyModifiers::NONE))),
    }
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn random_keys_write_nothing_that_was_not_shown() {
    let seconds = number("KOUFEN_FUZZ_SECONDS").map(Duration::from_secs);
    let most = number("KOUFEN_FUZZ_KEYS").unwrap_or(if seconds.is_some() { u64::MAX } else { 900 });
    let mut dice = Dice(number("KOUFEN_FUZZ_SEED").unwrap_or(20_110_318) | 1);
    let begun = Instant::now();
    let (mut keys, mut written, mut deducted) = (0, 0, 0);
    while keys < most && seconds.is_none_or(|s| begun.elapsed() < s) {
        // A new store now and then: what is recorded stays few, and each language has its turn.
        let mut screen = Screen::new(if dice.roll(2) == 0 { Lang::En } else { Lang::ZhCn });
        for _ in 0..300 {
            press(&mut screen, &mut dice);
            keys += 1;
        }
        written += screen.written;
        deducted += screen.deducted;
    }
    println!("{keys} keys, {written} entries, {deducted} deductions");
    assert!(written > 20 && deducted > 5, "the fuzz writes something: {written}, {deducted}");
}
