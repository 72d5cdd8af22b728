//! The console's input: any events of a terminal, one after another or at once, to a console over a small store in memory.
//!
//! Nothing panics; after each event a frame is drawn at the size that there is, and no control character is in it.
#![no_main]

mod events;

use arbitrary::Arbitrary;
use events::Said;
use koufen::calendar::Calendar;
use koufen::console::backend::{self, StreamBackend};
use koufen::console::session::{answer, message};
use koufen::console::update::{update, update_all};
use koufen::console::{Effect, Message, Model, Theme, draw};
use koufen::desk::{Change, Desk, Door, Identity, ManualClock};
use koufen::domain::{Command, Deduction, Outlet, Provider, ProviderKind, RequestKind};
use koufen::journal::Head;
use koufen::points::Points;
use koufen::rulebook::Rulebook;
use koufen::time::{Day, Moment};
use koufen::words::Lang;
use libfuzzer_sys::fuzz_target;
use ratatui::layout::{Rect, Size};
use ratatui::{Terminal, TerminalOptions, Viewport};
use std::cell::RefCell;
use std::io;
use std::sync::mpsc::Receiver;
use std::sync::{Arc, LazyLock};

#[derive(Arbitrary, Debug)]
struct Input {
    chinese: bool,
    steps: Vec<Step>,
}

#[derive(Arbitrary, Debug)]
enum Step {
    /// One event, and a frame.
    One(Said),
    /// Events that waited together, and a frame.
    Together(Vec<Said>),
    /// Time goes by.
    Tick(u32),
    /// Somebody else records something.
    Beside(u8),
}

static BOOK: LazyLock<Arc<Rulebook>> = LazyLock::new(|| Arc::new(Rulebook::shipped().expect("the rulebook")));
static CALENDAR: LazyLock<Calendar> = LazyLock::new(|| Calendar::shipped().expect("the calendar"));

/// A store that many inputs begin with: it is made anew where one recorded something, so that each input finds the same.
struct Store {
    desk: Desk,
    clock: Arc<ManualClock>,
    head: Head,
}

thread_local! {
    static STORE: RefCell<Option<Store>> = const { RefCell::new(None) };
}

fn day(n: u32) -> Day {
    Day::from_ymd_opt(2011, 3, n).expect("a day")
}

fn begin() -> Moment {
    Moment::from_civil(day(18).and_hms_opt(14, 2, 0).expect("a time"))
}

fn who(name: &str) -> Identity {
    Identity::of(name, Door::Attached)
}

fn deduction(provider: &str, article: &str, points: u32, on: u32) -> Command {
    Command::Deduct(Deduction {
        provider: provider.parse().expect("an id"),
        article: article.parse().expect("an article"),
        points: Points(points),
        occurred_on: day(on),
        outlet: None,
        problem: None,
        note: Some("证据\n第二行".into()),
        subject: None,
        evidence: None,
    })
}

impl Store {
    fn new() -> Store {
        let clock = Arc::new(ManualClock::at(begin()));
        let desk = Desk::in_memory_by(BOOK.as_ref().clone(), CALENDAR.clone(), clock.clone()).expect("a desk");
        for (id, name) in [("P0001", "温州汇通商贸有限公司"), ("P0014", "温州华茂"), ("P0031", "重庆渝通")]
        {
            let provider = Provider {
                id: id.parse().expect("an id"),
                name: name.into(),
                kind: ProviderKind::ThirdParty,
                city: "温州".into(),
                population: Some(9_122_000),
                registered_capital: None,
                agreement_on: Some(day(1)),
                email: None,
                phone: None,
            };
            desk.submit(&who("ops-1"), Command::AddProvider(provider)).expect("a provider");
            for n in [1, 413] {
                let outlet = Outlet {
                    id: format!("O{}{n:04}", &id[3..]).parse().expect("an id"),
                    provider: id.parse().expect("an id"),
                    city: "温州".into(),
                    name: format!("滨海大道{n}号便利店"),
                    signed_on: Some(day(2)),
                    staff: Some(1),
                };
                desk.submit(&who("ops-1"), Command::AddOutlet(outlet)).expect("an outlet");
            }
            let outlet = format!("O{}0413", &id[3..]).parse().expect("an id");
            let request = Command::OpenRequest { outlet, kind: RequestKind::Help, at: None, note: None };
            desk.submit(&who("ops-1"), request).expect("a request");
        }
        // What is there already may be refused: then it is simply not there.
        let _ = desk.submit(&who("ops-1"), deduction("P0001", "media-exposure", 12, 4));
        let _ = desk.submit(&who("ops-1"), deduction("P0014", "media-exposure", 30, 5));
        let head = desk.stats().expect("a head").head;
        Store { desk, clock, head }
    }

    /// The same for every input.
    fn take() -> Store {
        let kept = STORE.with_borrow_mut(Option::take);
        let kept = kept.filter(|kept| kept.desk.stats().is_ok_and(|stats| stats.head == kept.head));
        let store = kept.unwrap_or_else(Store::new);
        store.clock.set(begin());
        store
    }
}

struct Console {
    store: Store,
    model: Model,
    changes: Receiver<Change>,
    terminal: Terminal<StreamBackend<io::Sink>>,
    over: bool,
}

impl Console {
    fn new(lang: Lang) -> Console {
        let store = Store::take();
        let theme = ("dark", Theme::built_in("dark").expect("a theme"));
        let model = Model::new(lang, theme, "ops-2", "", Arc::clone(&BOOK), begin());
        let changes = store.desk.subscribe();
        let mut console = Console { store, model, changes, terminal: terminal(Size::new(80, 24)), over: false };
        console.hear([Message::Resize(80, 24)]);
        console
    }

    fn hear(&mut self, messages: impl IntoIterator<Item = Message>) {
        let effects = update_all(&mut self.model, messages);
        self.carry_out(effects);
        self.draw();
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            self.over |= effect == Effect::Quit;
            if let Some(message) = answer(&self.store.desk, &who("ops-2"), effect) {
                let effects = update(&mut self.model, message);
                self.carry_out(effects);
            }
        }
        while let Ok(change) = self.changes.try_recv() {
            let effects = update(&mut self.model, Message::Changed(change));
            self.carry_out(effects);
        }
    }

    fn draw(&mut self) {
        let size = Size::new(self.model.shared.size.0, self.model.shared.size.1);
        if self.terminal.get_frame().area().as_size() != size {
            self.terminal = terminal(size);
        }
        let model = &self.model;
        backend::draw(&mut self.terminal, |frame| {
            draw::draw(model, frame);
            assert_eq!(frame.area().as_size(), size);
            let cells = &frame.buffer_mut().content;
            assert!(!cells.iter().any(|cell| cell.symbol().chars().any(char::is_control)), "controls in the frame");
        })
        .expect("nothing can go wrong with a sink");
    }

    fn take(&mut self, step: &Step) {
        match step {
            Step::One(said) => self.hear(message(said.event())),
            Step::Together(said) => self.hear(said.iter().filter_map(|said| message(said.event()))),
            Step::Tick(seconds) => {
                self.store.clock.advance(i64::from(*seconds));
                let now = self.store.desk.now();
                self.hear([Message::Tick(now)]);
            }
            Step::Beside(n) => {
                let provider = ["P0001", "P0014", "P0031"][usize::from(n % 3)];
                let _ = self
                    .store
                    .desk
                    .submit(&who("ops-3"), deduction(provider, "media-exposure", 10, 1 + u32::from(n % 18)));
                self.hear([]);
            }
        }
    }
}

fn terminal(size: Size) -> Terminal<StreamBackend<io::Sink>> {
    let viewport = Viewport::Fixed(Rect::new(0, 0, size.width, size.height));
    Terminal::with_options(StreamBackend::new(io::sink(), size), TerminalOptions { viewport }).expect("a terminal")
}

fuzz_target!(|input: Input| {
    let mut console = Console::new(if input.chinese { Lang::ZhCn } else { Lang::En });
    for step in input.steps.iter().take(300) {
        console.take(step);
        if console.over {
            break;
        }
    }
    STORE.set(Some(console.store));
});
