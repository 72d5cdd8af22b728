//! One frame at 200x60 with the demo's data, and a move of the selection: `cargo bench --bench frame`.

use criterion::{Criterion, criterion_group, criterion_main};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use koufen::console::session::answer;
use koufen::console::update::update;
use koufen::console::{Message, Model, Theme, draw};
use koufen::desk::{Desk, Identity};
use koufen::words::Lang;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

fn hear(model: &mut Model, desk: &Desk, message: Message) {
    let who = Identity { name: "bench".into(), door: "bench" };
    for effect in update(model, message) {
        if let Some(message) = answer(desk, &who, effect) {
            hear(model, desk, message);
        }
    }
}

fn frame(criterion: &mut Criterion) {
    let (_folder, desk) = koufen::demo::open().expect("the sample");
    let theme = ("dark", Theme::built_in("dark").expect("a theme"));
    let mut model = Model::new(Lang::ZhCn, theme, "bench", "", desk.rulebook(), desk.now());
    hear(&mut model, &desk, Message::Resize(200, 60));
    let mut terminal = Terminal::new(TestBackend::new(200, 60)).expect("a terminal");
    criterion.bench_function("frame 200x60", |b| {
        b.iter(|| terminal.draw(|frame| draw::draw(&model, frame)).expect("a frame").count);
    });
    let key = |c| Message::Key(KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE));
    criterion.bench_function("key to drawn frame, with its queries", |b| {
        let mut down = true;
        b.iter(|| {
            hear(&mut model, &desk, key(if down { 'j' } else { 'k' }));
            down = !down;
            terminal.draw(|frame| draw::draw(&model, frame)).expect("a frame").count
        });
    });
}

criterion_group!(benches, frame);
criterion_main!(benches);
