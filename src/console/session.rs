//! Runs the console for one operator: a value over (events in, bytes out, size). It does not know whether the bytes
//! go to this terminal or elsewhere. Queries run on threads that sessions share, never on the one that draws.

use super::backend::{Spare, StreamBackend, bounded};
use super::depth::Depth;
use super::draft::{self, Draft};
use super::draw;
use super::later::Later;
use super::message::{Correcting, Effect, Message};
use super::model::Model;
use super::over;
use super::reads::{self, PANE};
use super::sheet;
use super::update::{update, update_all};
use super::workers::{Asker, Done, Met, Workers};
use crate::desk::{Desk, DeskError, Identity, Weighed};
use crate::domain::{Command, Refusal};
use crate::exchange::entry;
use crate::ids::Seq;
use crate::store::StoreError;
use crate::words::Lang;
use crossterm::event::{Event, KeyEventKind, MouseButton, MouseEventKind};
use ratatui::layout::{Rect, Size};
use ratatui::{Terminal, TerminalOptions, Viewport};
use std::io::{self, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

/// How long the clock in the header may stand.
const TICK: Duration = Duration::from_millis(500);

/// What comes in from the door.
pub enum Input {
    /// A terminal event.
    Terminal(Event),
    /// The program is asked to stop until it continues.
    Stop,
    /// It continues, perhaps with another program's screen on the terminal.
    Continue,
    /// The door closes: the terminal is gone or the program is asked to end.
    Close,
}

/// Where a door tells a session what comes in.
#[derive(Clone)]
pub struct Tell(Sender<Heard>);

impl Tell {
    /// Tells it; whether the session still listens.
    pub fn tell(&self, input: Input) -> bool {
        self.0.send(Heard::Input(input)).is_ok()
    }
}

/// What a session hears: from its door, and from the desk.
pub struct Ear {
    told: Receiver<Heard>,
    tell: Sender<Heard>,
}

/// The ear of a session that is to begin, and where its door tells it what comes in.
pub fn ear() -> (Tell, Ear) {
    let (tell, told) = channel();
    (Tell(tell.clone()), Ear { told, tell })
}

/// What a session asks of its door.
pub trait Door {
    /// Whether there is a shell that the terminal can be given back to.
    fn suspends(&self) -> bool;
    /// Asks the programs at the terminal to stop, this one too: [`Input::Stop`] comes of it.
    fn ask_to_stop(&mut self);
    /// Gives the terminal back and stops; takes it again when the program continues.
    fn suspend(&mut self) -> io::Result<()>;
    /// Takes the terminal again, after the program was stopped by somebody else.
    fn resume(&mut self) -> io::Result<()>;
    /// How many colours the terminal can show.
    fn depth(&self) -> Depth;
    /// Keeps the language and the theme for the next start.
    fn keep(&mut self, lang: Lang, theme: &str);
    /// A command was handed in: its answer is waited for. What the person calls it, and the last entry that was heard of.
    fn asked(&mut self, _what: String, _after: Seq) {}
    /// A command was answered; with the entry that it made, if it made one.
    fn answered(&mut self, _entry: Option<Seq>) {}
    /// The drafts that it kept for whoever is there, who has them now.
    fn drafts(&mut self) -> Vec<Draft> {
        Vec::new()
    }
    /// Keeps drafts for when the same person is there again.
    fn keep_drafts(&mut self, _drafts: Vec<Draft>) {}
}

/// What the sessions of a process share.
pub struct Sessions {
    workers: Workers,
    frames: Spare,
}

impl Sessions {
    /// None yet. What is asked is carried out on threads of a name.
    pub fn worked_by(name: &'static str) -> Sessions {
        Sessions { workers: Workers::named(name), frames: Spare::default() }
    }

    /// Runs a session until it quits or its door closes.
    pub fn run(
        &self,
        mut model: Model,
        size: (u16, u16),
        (desk, who): (&Desk, &Identity),
        Ear { told, tell }: Ear,
        (out, door): (impl Write, &mut impl Door),
    ) -> io::Result<()> {
        (model.shared.suspends, model.shared.drafts) = (door.suspends(), door.drafts());
        model.shared.depth = door.depth();
        model.shared.theme = model.shared.theme.at(model.shared.depth);
        draft::offer(&mut model);
        let from_desk = tell.clone();
        desk.listen(move |change| from_desk.send(Heard::Message(Box::new(Message::Changed(change)))).is_ok());
        let worker = self.workers.attend(desk, who, move |done| {
            // Who listens outlasts the worker.
            drop(tell.send(match done {
                Done::Answered(message) => Heard::Message(message),
                Done::Panicked(met) => Heard::Panicked(met),
            }));
        });
        let size = bounded(Size::new(size.0, size.1));
        let begins = update(&mut model, Message::Resize(size.width, size.height));
        let ended = frames((&mut model, begins), desk, (worker, &self.frames), &told, (out, &mut *door));
        // Nobody works for it any more: what was handed in is recorded by now, or is not.
        let recorded: Vec<u64> = told.try_iter().filter_map(|heard| saved(&heard)).collect();
        let lost = !matches!(ended, Ok(Ended::Quit));
        door.keep_drafts(draft::left(&mut model, lost, |number| recorded.contains(&number)));
        ended.map(drop)
    }
}

/// How a session ended.
enum Ended {
    /// Its operator left it.
    Quit,
    /// Its door closed.
    Closed,
}

/// The number of a command that was carried out.
fn saved(heard: &Heard) -> Option<u64> {
    match heard {
        Heard::Message(message) => match message.as_ref() {
            Message::Saved(number, Ok(_)) => Some(*number),
            _ => None,
        },
        Heard::Input(_) | Heard::Panicked(_) => None,
    }
}

enum Heard {
    Input(Input),
    Message(Box<Message>),
    /// What was done for it met an error of the program's own.
    Panicked(Met),
}

/// Draws after everything that was heard, until the session ends.
fn frames(
    (model, mut effects): (&mut Model, Vec<Effect>),
    desk: &Desk,
    (worker, spare): (Asker, &Spare),
    told: &Receiver<Heard>,
    (out, door): (impl Write, &mut impl Door),
) -> io::Result<Ended> {
    let first = Size::new(model.shared.size.0, model.shared.size.1);
    let options = TerminalOptions { viewport: Viewport::Fixed(area(first)) };
    let mut terminal = Terminal::with_options(StreamBackend::new(out, first), options)?;
    spare.keep(&mut terminal);
    let mut size = model.shared.size;
    let mut held: Option<Heard> = None;
    let mut until = None;
    let mut later = Later::begins(worker.number());
    loop {
        if hand_out(model, &mut effects, (&worker, door)) {
            return Ok(Ended::Quit);
        }
        if size != model.shared.size {
            size = model.shared.size;
            terminal.backend_mut().resize(Size::new(size.0, size.1));
            terminal.resize(area(Size::new(size.0, size.1)))?;
        }
        if held.is_none() && hold(model, told, (&mut until, &mut later), (&mut effects, &mut held)) {
            continue;
        }
        spare.draw(&mut terminal, |frame| draw::draw(model, frame))?;
        let shown = minute(model);
        // An idle console sends nothing: it draws again when something was heard, or the minute shown has passed.
        let first = loop {
            let heard = held.take().map_or_else(|| told.recv_timeout(later.rest(TICK)), Ok);
            effects.extend(update(model, Message::Tick(desk.now())));
            match heard {
                Ok(Heard::Message(message)) => {
                    if let Some(message) = later.put_off(model, *message) {
                        break Some(Heard::Message(Box::new(message)));
                    }
                }
                Ok(heard) => break Some(heard),
                // Nothing shows it but what is asked for now.
                Err(RecvTimeoutError::Timeout) if later.is_due() => {
                    later.bring(model, &mut effects);
                    hand_out(model, &mut effects, (&worker, door));
                }
                Err(RecvTimeoutError::Timeout) if minute(model) == shown => {}
                Err(RecvTimeoutError::Timeout) => break None,
                Err(RecvTimeoutError::Disconnected) => return Ok(Ended::Closed),
            }
        };
        match hear((model, &mut later), first, told, (&mut effects, &mut *door)) {
            Next::Draw(rest) => held = rest,
            Next::Stop if !model.shared.suspends => {}
            Next::Stop => {
                door.suspend()?;
                again(&mut terminal, model.shared.size)?;
            }
            Next::Continue => {
                door.resume()?;
                again(&mut terminal, model.shared.size)?;
            }
            Next::Close => return Ok(Ended::Closed),
        }
    }
}

/// Hands out what was asked for; whether that is the end.
fn hand_out(model: &Model, effects: &mut Vec<Effect>, (worker, door): (&Asker, &mut impl Door)) -> bool {
    let mut asked = Vec::new();
    let mut quits = false;
    for effect in effects.drain(..) {
        match effect {
            Effect::Quit => {
                quits = true;
                break;
            }
            Effect::Keep(lang, theme) => door.keep(lang, &theme),
            Effect::Suspend => door.ask_to_stop(),
            effect => {
                if effect.records() {
                    door.asked(over::saved(model), model.shared.head);
                }
                asked.push(effect);
            }
        }
    }
    worker.ask(asked);
    quits
}

/// How long a frame waits for what its panes show of another selection: whoever presses a key sees within five milliseconds
/// that it was heard, whatever the store is busy with.
const HOLD: Duration = Duration::from_millis(3);

/// Waits a moment, and once, for what was asked about another selection or screen: one frame, and not an empty or old one
/// before it. A key ends that. Whether there is something to be asked first.
fn hold(
    model: &mut Model,
    told: &Receiver<Heard>,
    (until, later): (&mut Option<Instant>, &mut Later),
    (effects, held): (&mut Vec<Effect>, &mut Option<Heard>),
) -> bool {
    let by = *until.get_or_insert_with(|| Instant::now() + HOLD);
    while model.shared.fresh.is_awaited() && effects.is_empty() {
        match told.recv_timeout(by.saturating_duration_since(Instant::now())) {
            Ok(Heard::Message(message)) if settles(&message).is_none() => {
                later.take_in(model, *message, effects);
            }
            other => {
                *held = other.ok();
                model.shared.fresh.awaits_no_more();
            }
        }
    }
    if effects.is_empty() {
        *until = None;
    }
    !effects.is_empty()
}

/// Whether a message answers what was asked to be recorded; with the entry that it made. What is not done after all is
/// answered too.
fn settles(message: &Message) -> Option<Option<Seq>> {
    match message {
        Message::Saved(_, done) => Some(done.as_ref().ok().map(|receipt| receipt.seq)),
        Message::Outdated(..) | Message::SheetRefused(..) => Some(None),
        _ => None,
    }
}

/// What comes after some of what was heard.
enum Next {
    /// A frame, and then this.
    Draw(Option<Heard>),
    Stop,
    Continue,
    Close,
}

/// Most inputs that are taken before a frame: a file pasted by mistake must not keep the screen for itself.
const BATCH: usize = 10_000;

/// Takes all that waits: answers, or keys. A key that waits behind an answer comes after a frame, so that it is about
/// what could be seen.
fn hear(
    (model, later): (&mut Model, &mut Later),
    first: Option<Heard>,
    told: &Receiver<Heard>,
    (effects, door): (&mut Vec<Effect>, &mut impl Door),
) -> Next {
    let mut keys: Vec<Message> = Vec::new();
    let mut answered = false;
    let mut next = Next::Draw(None);
    for heard in first.into_iter().chain(std::iter::from_fn(|| told.try_recv().ok())) {
        match heard {
            Heard::Message(message) if keys.is_empty() => {
                if let Some(entry) = settles(&message) {
                    door.answered(entry);
                }
                answered |= later.take_in(model, *message, effects);
            }
            Heard::Input(Input::Terminal(event)) if !answered => keys.extend(message(event)),
            Heard::Input(Input::Stop) => next = Next::Stop,
            Heard::Input(Input::Continue) => next = Next::Continue,
            Heard::Input(Input::Close) => next = Next::Close,
            // This session ends of it, and no other.
            Heard::Panicked(met) => std::panic::resume_unwind(met),
            other => next = Next::Draw(Some(other)),
        }
        if !matches!(next, Next::Draw(None)) || keys.len() >= BATCH {
            break;
        }
    }
    if !keys.is_empty() && !model.over.is_empty() {
        later.bring(model, effects);
    }
    effects.extend(update_all(model, keys));
    next
}

fn area(size: Size) -> Rect {
    Rect::new(0, 0, size.width, size.height)
}

/// Everything is drawn again: what the terminal shows is not known.
fn again<W: Write>(terminal: &mut Terminal<StreamBackend<W>>, size: (u16, u16)) -> io::Result<()> {
    terminal.backend_mut().forget();
    terminal.resize(area(Size::new(size.0, size.1)))
}

/// The minute that the header shows.
fn minute(model: &Model) -> i64 {
    model.shared.now.0.div_euclid(60)
}

/// What a terminal event means to the console.
pub fn message(event: Event) -> Option<Message> {
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => Some(Message::Key(key)),
        Event::Paste(text) => Some(Message::Paste(text)),
        Event::Resize(columns, rows) => {
            let size = bounded(Size::new(columns, rows));
            Some(Message::Resize(size.width, size.height))
        }
        Event::Mouse(mouse) => match mouse.kind {
            MouseEventKind::Down(MouseButton::Left) => Some(Message::Click(mouse.column, mouse.row)),
            MouseEventKind::ScrollDown => Some(Message::Wheel(mouse.column, mouse.row, 1)),
            MouseEventKind::ScrollUp => Some(Message::Wheel(mouse.column, mouse.row, -1)),
            _ => None,
        },
        _ => None,
    }
}

/// Carries out one effect: for the workers, and for tests that have no threads.
pub fn answer(desk: &Desk, who: &Identity, effect: Effect) -> Option<Message> {
    let trouble = Message::Trouble;
    Some(match effect {
        Effect::Quit | Effect::Keep(..) | Effect::Suspend => return None,
        Effect::Load { number, query, .. } => Message::Loaded(number, reads::load(desk, query)),
        Effect::Look(id) => desk.lives(&id, None, PANE).map_or_else(trouble, |rows| Message::Looked(id, rows)),
        Effect::LoadChargeables(id) => {
            desk.chargeables(&id).map_or_else(trouble, |rows| Message::Chargeables(id, rows))
        }
        Effect::Why(target) => {
            let told = desk.why(&target);
            Message::Why(target, told.map(Box::new))
        }
        Effect::Preview(number, command) => match desk.preview(who, &command) {
            Ok(preview) => Message::Previewed(number, Some(Box::new(Ok(preview)))),
            Err(DeskError::Refused(refusal)) => Message::Previewed(number, Some(Box::new(Err(refusal)))),
            Err(DeskError::Store(e)) => trouble(e),
        },
        Effect::LoadEntry(number, seq, known) => {
            let entry = || desk.entry(if known { desk.standing(seq)? } else { seq });
            entry().map_or_else(trouble, |(found, _)| Message::Found(number, found.map(Box::new)))
        }
        Effect::Weigh(number, entry, dependents) => weigh(desk, who, entry, dependents)
            .map_or_else(trouble, |correcting| Message::Weighed(number, Box::new(correcting))),
        Effect::Correct(number, command, shown) => {
            correct(desk, who, (number, command), &shown).unwrap_or_else(trouble)
        }
        Effect::LoadAudit(number, seq) => {
            desk.audit(seq).map_or_else(trouble, |report| Message::Audited(number, report.map(Box::new)))
        }
        Effect::CheckSheet(number, typed) => sheet::check(desk, who, &typed)
            .map_or_else(trouble, |checked| Message::SheetChecked(number, Box::new(checked))),
        Effect::RecordSheet(number, typed, again) => match sheet::record(desk, who, &typed, again) {
            Ok(done) => Message::Saved(number, done.map(Box::new)),
            Err(wrong) => Message::SheetRefused(number, wrong),
        },
        Effect::Submit(number, command, again) => {
            let done = if again { desk.submit(who, command) } else { desk.submit_once(who, command) };
            Message::Saved(number, done.map(Box::new))
        }
    })
}

/// What the void of an entry would change, with the entries that go with it or stand against it.
fn weigh(desk: &Desk, who: &Identity, entry: Seq, dependents: bool) -> Result<Correcting, StoreError> {
    // What a void does shows before its reason is typed.
    let command = Command::Void { entry, dependents, reason: "…".into() };
    let weighed = match desk.weigh(who, &command, false) {
        Ok(weighed) => Ok(weighed),
        Err(DeskError::Refused(refusal)) => Err(refusal),
        Err(DeskError::Store(e)) => return Err(e),
    };
    let mut named = match &weighed {
        Ok(weighed) => entry::taken_away(weighed, entry),
        Err(Refusal::StoodOn { by, .. } | Refusal::StandsAgainst { by }) => by.clone(),
        Err(_) => Vec::new(),
    };
    named.retain(|seq| *seq != entry);
    let mut entries = Vec::new();
    for seq in named {
        entries.extend(desk.entry(seq)?.0);
    }
    Ok(Correcting { dependents, weighed, entries })
}

/// Does a correction if it changes what was shown.
fn correct(
    desk: &Desk,
    who: &Identity,
    (number, command): (u64, Command),
    shown: &Weighed,
) -> Result<Message, StoreError> {
    if let Command::Void { entry, dependents, .. } = &command {
        let now = weigh(desk, who, *entry, *dependents)?;
        if now.weighed.as_ref() != Ok(shown) {
            return Ok(Message::Outdated(number, Box::new(now)));
        }
    }
    Ok(Message::Saved(number, desk.submit(who, command).map(Box::new)))
}
