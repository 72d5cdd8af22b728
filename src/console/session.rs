//! Runs the console for one operator: a value over (events in, bytes out, size). It does not know whether the bytes
//! go to this terminal or elsewhere. Queries run on a thread of the session's own, never on the one that draws.

use super::backend::{self, StreamBackend, bounded};
use super::draw;
use super::model::{Effect, Message, Model};
use super::update::update;
use crate::desk::{Desk, DeskError, Identity};
use crossterm::event::{Event, KeyEventKind, MouseButton, MouseEventKind};
use ratatui::layout::{Rect, Size};
use ratatui::{Terminal, TerminalOptions, Viewport};
use std::io::{self, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

/// Journal entries that the journal screen holds.
const JOURNAL: usize = 500;
/// Most outlets or lines that a pane holds.
const PANE: usize = 20_000;
/// How long the clock in the header may stand.
const TICK: Duration = Duration::from_millis(500);

/// What comes in from the door.
pub enum Input {
    /// A terminal event.
    Terminal(Event),
    /// The door closes: the terminal is gone or the program is asked to end.
    Close,
}

/// Runs a session until it quits or its door closes.
pub fn run(
    mut model: Model,
    size: (u16, u16),
    desk: &Desk,
    who: &Identity,
    input: Receiver<Input>,
    out: impl Write,
) -> io::Result<()> {
    let (tell, told) = channel();
    let (ask, asked) = channel();
    std::thread::scope(|scope| {
        let answers = tell.clone();
        scope.spawn(move || work(desk, who, &asked, &answers));
        let from_desk = tell.clone();
        desk.listen(move |change| from_desk.send(Heard::Message(Box::new(Message::Changed(change.providers)))).is_ok());
        // The door's thread may wait for a key for ever: it is not waited for.
        std::thread::spawn(move || {
            for event in input {
                if tell.send(Heard::Input(event)).is_err() {
                    break;
                }
            }
        });
        let size = bounded(Size::new(size.0, size.1));
        let _ = update(&mut model, Message::Resize(size.width, size.height));
        // The worker ends when nobody can ask it any more, a panic here included.
        frames(&mut model, desk, ask, &told, out)
    })
}

enum Heard {
    Input(Input),
    Message(Box<Message>),
}

/// Draws after everything that was heard, until the session ends.
fn frames(
    model: &mut Model,
    desk: &Desk,
    ask: Sender<Effect>,
    told: &Receiver<Heard>,
    out: impl Write,
) -> io::Result<()> {
    let area = |size: Size| Rect::new(0, 0, size.width, size.height);
    let first = Size::new(model.size.0, model.size.1);
    let options = TerminalOptions { viewport: Viewport::Fixed(area(first)) };
    let mut terminal = Terminal::with_options(StreamBackend::new(out, first), options)?;
    let mut effects = model.start();
    let mut size = model.size;
    loop {
        for effect in effects.drain(..) {
            if effect == Effect::Quit {
                return Ok(());
            }
            // The worker ends only after this loop.
            let _ = ask.send(effect);
        }
        if size != model.size {
            size = model.size;
            let now = Size::new(size.0, size.1);
            terminal.backend_mut().resize(now);
            terminal.resize(area(now))?;
        }
        backend::draw(&mut terminal, |frame| draw::draw(model, frame))?;
        let shown = minute(model);
        // An idle console sends nothing: it draws again when something was heard, or the minute shown has passed.
        let first = loop {
            let heard = told.recv_timeout(TICK);
            effects.extend(update(model, Message::Tick(desk.now())));
            match heard {
                Ok(heard) => break Some(heard),
                Err(RecvTimeoutError::Timeout) if minute(model) == shown => {}
                Err(RecvTimeoutError::Timeout) => break None,
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
        };
        for heard in first.into_iter().chain(std::iter::from_fn(|| told.try_recv().ok())) {
            match heard {
                Heard::Message(message) => effects.extend(update(model, *message)),
                Heard::Input(Input::Close) => return Ok(()),
                Heard::Input(Input::Terminal(event)) => {
                    effects.extend(message(event).map(|m| update(model, m)).unwrap_or_default());
                }
            }
        }
    }
}

/// The minute that the header shows.
fn minute(model: &Model) -> i64 {
    model.now.0.div_euclid(60)
}

/// What a terminal event means to the console.
fn message(event: Event) -> Option<Message> {
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => Some(Message::Key(key)),
        Event::Paste(text) => Some(Message::Paste(text)),
        Event::Resize(columns, rows) => {
            let size = bounded(Size::new(columns, rows));
            Some(Message::Resize(size.width, size.height))
        }
        Event::Mouse(mouse) if mouse.kind == MouseEventKind::Down(MouseButton::Left) => {
            Some(Message::Click(mouse.column, mouse.row))
        }
        _ => None,
    }
}

/// Carries out what the session asks for.
fn work(desk: &Desk, who: &Identity, asked: &Receiver<Effect>, tell: &Sender<Heard>) {
    while let Ok(first) = asked.recv() {
        let mut effects: Vec<Effect> = std::iter::once(first).chain(asked.try_iter()).collect();
        // Of queries of one kind that have piled up only the last still matters; commands all do.
        let kinds: Vec<_> = effects.iter().map(std::mem::discriminant).collect();
        let mut at = 0;
        effects.retain(|effect| {
            at += 1;
            matches!(effect, Effect::Submit(_)) || !kinds[at..].contains(&std::mem::discriminant(effect))
        });
        for effect in effects {
            if let Some(message) = answer(desk, who, effect)
                && tell.send(Heard::Message(Box::new(message))).is_err()
            {
                return;
            }
        }
    }
}

/// Carries out one effect: for the worker, and for tests that have no threads.
pub fn answer(desk: &Desk, who: &Identity, effect: Effect) -> Option<Message> {
    let trouble = Message::Trouble;
    Some(match effect {
        Effect::Quit => return None,
        Effect::LoadProviders(year) => desk
            .providers(year)
            .and_then(|rows| Ok(Message::Providers(year, rows, desk.years()?)))
            .unwrap_or_else(trouble),
        Effect::LoadOutlets(id) => desk.lives(&id, None, PANE).map_or_else(trouble, |rows| Message::Outlets(id, rows)),
        Effect::LoadLines(id, year) => {
            desk.ledger(&id, year, None, PANE).map_or_else(trouble, |rows| Message::Lines(id, year, rows))
        }
        Effect::LoadDeadlines => desk.deadlines(None).map_or_else(trouble, Message::Deadlines),
        Effect::LoadAlerts => desk.alerts(None).map_or_else(trouble, Message::Alerts),
        Effect::LoadDossier(id) => {
            desk.dossier(&id).map_or_else(trouble, |dossier| Message::Dossier(id, Box::new(dossier)))
        }
        Effect::LoadFindings => desk.findings(None).map_or_else(trouble, Message::Findings),
        Effect::LoadJournal => desk.journal_tail(None, JOURNAL).map_or_else(trouble, Message::Journal),
        Effect::Preview(number, command) => match desk.preview(&command) {
            Ok(preview) => Message::Previewed(number, Some(Ok(preview))),
            Err(DeskError::Refused(refusal)) => Message::Previewed(number, Some(Err(refusal))),
            Err(DeskError::Store(e)) => trouble(e),
        },
        Effect::Submit(command) => Message::Saved(desk.submit(who, command).map(Box::new)),
    })
}
