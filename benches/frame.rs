//! Frames of every screen, keys, and what they ask the desk for, at 1,000 providers and 140,000 outlets:
//!
//!     cargo bench --bench frame              # all
//!     cargo bench --bench frame -- 'frame'   # by a part of their names: frame, key, query
//!
//! Budget (console.md): a key press reaches a drawn frame in 5 ms.

use criterion::{Criterion, criterion_group, criterion_main};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use koufen::console::held::{About, Query, Reach, Whose};
use koufen::console::session::answer;
use koufen::console::update::update;
use koufen::console::{Effect, Message, Model, Theme, Wanted, draw};
use koufen::desk::{Asked, Clock, Desk, Door, Identity, ManualClock};
use koufen::domain::{Command, Deduction, Outlet, Provider, ProviderKind, RequestKind};
use koufen::ids::ProviderId;
use koufen::points::Points;
use koufen::rulebook::Rulebook;
use koufen::time::parse_moment;
use koufen::words::Lang;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use std::sync::Arc;
use std::time::Duration;

const PROVIDERS: usize = 1_000;
/// The first has as many outlets as fifty others.
const LARGE: usize = 7_000;
const OUTLETS: usize = 140_000;
const LINES: usize = 60_000;
const REQUESTS: usize = 2_000;

fn id(n: usize) -> String {
    format!("P{n:04}")
}

fn owner(outlet: usize) -> usize {
    if outlet < LARGE { 0 } else { 1 + outlet % (PROVIDERS - 1) }
}

fn provider(n: usize) -> Command {
    Command::AddProvider(Provider {
        id: id(n).parse().expect("an id"),
        name: format!("杭州捷达{n}商贸有限公司"),
        kind: ProviderKind::ThirdParty,
        city: ["杭州", "宁波", "温州", "绍兴"][n % 4].into(),
        population: None,
        registered_capital: None,
        agreement_on: None,
        email: None,
        phone: None,
    })
}

fn outlet(n: usize) -> Command {
    Command::AddOutlet(Outlet {
        id: format!("O{n:06}").parse().expect("an id"),
        provider: id(owner(n)).parse().expect("an id"),
        city: "杭州".into(),
        name: format!("建设街{n}号便利店"),
        signed_on: None,
        staff: Some(1),
    })
}

fn line(n: usize) -> Command {
    let outlet = n * 7_919 % OUTLETS;
    Command::Deduct(Deduction {
        provider: id(owner(outlet)).parse().expect("an id"),
        article: "brand-standard".parse().expect("an id"),
        points: Points(4 + u32::try_from(n % 3).expect("small")),
        occurred_on: chrono::NaiveDate::from_yo_opt(2011, 1 + u32::try_from(n * 31 % 70).expect("small"))
            .expect("a day"),
        outlet: Some(format!("O{outlet:06}").parse().expect("an id")),
        problem: None,
        note: None,
        subject: None,
        evidence: None,
    })
}

/// An answer that nobody gave in time is found, is an alert, and what it still owes is due.
fn request(n: usize) -> Command {
    let outlet = format!("O{:06}", n * 6_007 % OUTLETS).parse().expect("an id");
    let kind = if n.is_multiple_of(2) { RequestKind::Help } else { RequestKind::Exit };
    Command::OpenRequest { outlet, kind, at: None, note: None }
}

fn store() -> Desk {
    let clock = Arc::new(ManualClock::at(parse_moment("2011-03-14T09:02").expect("a moment")));
    let book = Rulebook::shipped().expect("loads");
    let desk = Desk::in_memory(book, Arc::clone(&clock) as Arc<dyn Clock>).expect("opens");
    let all = (0..PROVIDERS).map(provider).chain((0..OUTLETS).map(outlet)).chain((0..LINES).map(line));
    let all: Vec<Command> = all.chain((0..REQUESTS).map(request)).collect();
    for group in all.chunks(2_000) {
        let asked = group.iter().map(|command| Asked { command: command.clone(), nth: None }).collect();
        let done = desk.submit_all(&who(), asked).expect("the store takes them");
        assert!(done.iter().all(Result::is_ok), "none is refused");
    }
    clock.set(parse_moment("2011-03-17T14:02").expect("a moment"));
    desk
}

fn who() -> Identity {
    Identity::of("bench", Door::Program)
}

fn hear(model: &mut Model, desk: &Desk, message: Message) {
    for effect in update(model, message) {
        if let Some(message) = answer(desk, &who(), effect) {
            hear(model, desk, message);
        }
    }
}

fn press(model: &mut Model, desk: &Desk, code: KeyCode) {
    hear(model, desk, Message::Key(KeyEvent::new(code, KeyModifiers::NONE)));
}

fn typed(model: &mut Model, desk: &Desk, text: &str) {
    text.chars().for_each(|c| press(model, desk, KeyCode::Char(c)));
}

/// A session with all there: the first provider, which is the largest, is selected.
fn session(desk: &Desk, size: (u16, u16)) -> (Model, Terminal<TestBackend>) {
    let theme = ("dark", Theme::built_in("dark").expect("a theme"));
    let mut model = Model::new(Lang::ZhCn, theme, "bench", "", desk.rulebook(), desk.now());
    hear(&mut model, desk, Message::Resize(size.0, size.1));
    (model, Terminal::new(TestBackend::new(size.0, size.1)).expect("a terminal"))
}

/// What lies over a screen, by the keys that bring it.
const SCREENS: [(&str, &str); 13] = [
    ("providers", "1"),
    ("deadlines", "2"),
    ("alerts", "3"),
    ("findings", "4"),
    ("cases", "5"),
    ("journal", "6"),
    ("rulebook", "7"),
    ("help", "7?"),
    ("filtered", "/捷达9\n"),
    ("deduct, article", "1d"),
    ("deduct, outlets", "1\tdbrand-s\t"),
    ("record kinds", "1r"),
    ("why a line", "1\t\t?"),
];

fn keys(model: &mut Model, desk: &Desk, text: &str) {
    for c in text.chars() {
        match c {
            '\t' => press(model, desk, KeyCode::Tab),
            '\n' => press(model, desk, KeyCode::Enter),
            c => press(model, desk, KeyCode::Char(c)),
        }
    }
}

fn frames(criterion: &mut Criterion) {
    let desk = store();
    for size in [(80, 24), (200, 60)] {
        for (name, shown) in SCREENS {
            let (mut model, mut terminal) = session(&desk, size);
            keys(&mut model, &desk, shown);
            criterion.bench_function(&format!("frame {}x{}, {name}", size.0, size.1), |b| {
                b.iter(|| terminal.draw(|frame| draw::draw(&model, frame)).expect("a frame").count);
            });
        }
    }
    moves(criterion, &desk);
    queries(criterion, &desk);
}

/// A key with all that it asks, and the frame after it: there and back.
fn moves(criterion: &mut Criterion, desk: &Desk) {
    let (down, up) = (KeyCode::Char('j'), KeyCode::Char('k'));
    let (letter, back) = (KeyCode::Char('3'), KeyCode::Backspace);
    for (name, shown, there, and_back) in [
        ("j, providers", "1jj", down, up),
        ("j, outlets", "1\t", down, up),
        ("j, ledger", "1\t\t", down, up),
        ("j, alerts", "3", down, up),
        ("j, findings", "4", down, up),
        ("j, journal", "6", down, up),
        ("a letter, filter", "/捷达9", letter, back),
        ("a letter, filter, pinyin of all", "/jied", KeyCode::Char('a'), back),
        ("a letter, filter, pinyin of none", "/szhm", KeyCode::Char('x'), back),
        ("a letter, filter, from the largest and back", "/捷达", letter, back),
        ("a letter, deduct, provider", "1d\t\t\t\t\t", letter, back),
        ("a letter, deduct, outlet", "1\tdbrand-s\t", letter, back),
        ("2 and 1", "1", KeyCode::Char('2'), KeyCode::Char('1')),
    ] {
        let (mut model, mut terminal) = session(desk, (200, 60));
        keys(&mut model, desk, shown);
        let mut turn = false;
        criterion.bench_function(&format!("key {name}"), |b| {
            b.iter(|| {
                turn = !turn;
                press(&mut model, desk, if turn { there } else { and_back });
                terminal.draw(|frame| draw::draw(&model, frame)).expect("a frame").count
            });
        });
    }
    let (mut model, _) = session(desk, (200, 60));
    typed(&mut model, desk, "7");
    let mut second = desk.now().0;
    criterion.bench_function("tick with nothing due", |b| {
        b.iter(|| {
            second += 1;
            update(&mut model, Message::Tick(koufen::time::Moment(desk.now().0 + second % 60))).len()
        });
    });
}

/// What is asked when a session begins, and what after a change of one provider.
fn queries(criterion: &mut Criterion, desk: &Desk) {
    let (first, other): (ProviderId, ProviderId) = (id(0).parse().expect("an id"), id(7).parse().expect("an id"));
    let one = || Whose::of([other.clone()]).expect("one");
    for (name, query) in [
        ("providers", Query::Providers(2011, Whose::All)),
        ("proposals", Query::Proposals(Whose::All)),
        ("deadlines", Query::Deadlines(Whose::All)),
        ("findings", Query::Findings(Whose::All)),
        ("alerts", Query::Alerts(Whose::All)),
        ("journal", Query::Journal),
        ("outlets of the largest", Query::Of(first.clone(), About::Outlets(Reach::All))),
        ("lines of the largest", Query::Of(first.clone(), About::Lines(2011, Reach::All))),
        ("records of the largest", Query::Of(first.clone(), About::Dossier)),
        ("chargeables of the largest", Query::Of(first, About::Chargeables)),
        ("outlets of another", Query::Of(other.clone(), About::Outlets(Reach::All))),
        ("one of the providers", Query::Providers(2011, one())),
        ("findings of one", Query::Findings(one())),
        ("alerts of one", Query::Alerts(one())),
    ] {
        criterion.bench_function(&format!("query {name}"), |b| {
            b.iter(|| {
                answer(desk, &who(), Effect::Load { number: 0, query: query.clone(), wanted: Wanted::Now }).is_some()
            });
        });
    }
}

fn quick() -> Criterion {
    Criterion::default()
        .without_plots()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(500))
}

criterion_group!(name = benches; config = quick(); targets = frames);
criterion_main!(benches);
