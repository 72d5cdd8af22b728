//! What a console is made of: layers, each with its state, its keys and its drawing. A key goes to the top one, which
//! takes it or lets it fall to the next; what is drawn goes from the bottom to the top. At the bottom is a screen.

use super::form::Form;
use super::held::Held;
use super::message::{Effect, Message};
use super::shared::{News, Shared};
use crate::desk::Change;
use crate::domain::why::Target;
use crate::domain::{Command, FindingId};
use crate::exchange::record::RecordKind;
use crate::ids::{OutletId, ProviderId};
use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;
use std::any::Any;

/// What a layer makes of a key.
pub enum Step {
    /// It is not its key: the layer below gets it.
    Falls,
    /// It took it, and asks for this.
    Took(Vec<Effect>),
    /// Another screen is to be seen: the one that shows this.
    Shows(Errand),
    /// A form begins over the screen.
    Begins(Box<Form>),
    /// The form of a record of that kind begins, for what is selected.
    Records(&'static RecordKind),
    /// Something else lies over the screen, in the place of what did.
    Opens(Box<dyn Layer>),
    /// It is over.
    Closes,
}

impl Step {
    /// It took it, and asks for nothing.
    pub const fn took() -> Step {
        Step::Took(Vec::new())
    }

    /// A form begins; or it says why not.
    pub fn begins(shared: &mut Shared, form: Result<Form, &str>) -> Step {
        match form {
            Ok(form) => Step::Begins(Box::new(form)),
            Err(why) => {
                shared.say_not(why);
                Step::took()
            }
        }
    }
}

/// What somebody goes to another screen for.
pub enum Errand {
    /// Which providers are shown.
    Filter,
    /// A provider.
    Provider(ProviderId),
    /// A finding, to be decided.
    Finding(FindingId),
}

/// A key as the footer and the list of keys say it.
pub struct Hint {
    /// The key.
    pub key: String,
    /// The sentence that says what it does.
    pub help: &'static str,
    /// Whether the footer says it too, now.
    pub footer: bool,
}

impl Hint {
    /// A key that the footer says.
    pub fn new(key: &str, help: &'static str) -> Hint {
        Hint { key: key.to_owned(), help, footer: true }
    }
}

/// A layer.
pub trait Layer: Any + Send {
    /// Whether it shows something of the ledger, or its keys need it.
    fn uses(&self, _shared: &Shared, _held: Held) -> bool {
        false
    }

    /// Draws it between the tabs and the status; nothing lies over the one on top.
    fn draw(&self, shared: &Shared, frame: &mut Frame, body: Rect, top: bool);

    /// Takes a key.
    fn key(&mut self, shared: &mut Shared, key: KeyEvent) -> Step;

    /// The keys that the footer says while no others do anything.
    fn hints(&self, _shared: &Shared) -> Vec<Hint> {
        Vec::new()
    }

    /// Takes pasted text.
    fn paste(&mut self, _shared: &mut Shared, _text: &str) {}

    /// Scrolls by lines.
    fn scroll(&mut self, _shared: &Shared, _by: isize) {}

    /// Takes an answer that it asked for, or lets it fall to the layer below.
    fn takes(&mut self, _shared: &mut Shared, answer: Message) -> Result<Step, Message> {
        Err(answer)
    }

    /// Asks again for what may be other than it was: after a change, or where what it chooses from or is judged by is.
    fn renews(&mut self, _shared: &mut Shared, _change: Option<&Change>) -> Vec<Effect> {
        Vec::new()
    }

    /// Lays out again what is laid out when it comes: the size, the language or the rulebook is another.
    fn lay_out(&mut self, _shared: &Shared) {}

    /// Takes in what was typed since: all that waits comes first.
    fn catch_up(&mut self, _shared: &mut Shared) -> Vec<Effect> {
        Vec::new()
    }

    /// What is selected in it that can be told to its end.
    fn explains(&self, _shared: &Shared) -> Option<Target> {
        None
    }

    /// Whether text is typed into it: no key is a command then.
    fn is_typed_into(&self) -> bool {
        false
    }

    /// Whether something was typed into it that is recorded nowhere.
    fn is_touched(&self) -> bool {
        false
    }

    /// Whether Ctrl-C is a key of its own, that asks before the session ends.
    fn asks_to_leave(&self) -> bool {
        false
    }

    /// Whether somebody went on to it from what was asked for before: that opens nothing in its place.
    fn is_read(&self) -> bool {
        false
    }
}

/// A layer at the bottom: there is one of each, and one of them is seen.
pub trait Screen: Layer {
    /// Its own keys: those that do something with what is selected, and those by which it is looked at.
    fn keys(&self, shared: &Shared) -> (Vec<Hint>, Vec<Hint>);

    /// Hears what came about elsewhere.
    fn hears(&mut self, _shared: &mut Shared, _news: &News) {}

    /// It comes on by its key.
    fn enters(&mut self, _shared: &Shared) {}

    /// Moves the selection by rows.
    fn step(&mut self, shared: &mut Shared, by: isize);

    /// Opens what is selected.
    fn open(&mut self, _shared: &mut Shared) -> Step {
        Step::took()
    }

    /// Goes back a step within it; whether there was one.
    fn back(&mut self, _shared: &mut Shared) -> bool {
        false
    }

    /// Shows what somebody came for, and goes on with it; nothing where that is another screen's.
    fn show(&mut self, _shared: &mut Shared, _errand: &Errand) -> Option<Step> {
        None
    }

    /// A click at a column and row.
    fn click(&mut self, _shared: &mut Shared, _at: (u16, u16)) {}

    /// The wheel at a column and row, by rows down.
    fn wheel(&mut self, shared: &mut Shared, _at: (u16, u16), by: isize) {
        self.step(shared, by);
    }

    /// What it shows is narrowed by a text, which may be typed just now.
    fn narrowed(&self) -> Option<(&str, bool)> {
        None
    }

    /// The outlet that somebody went to in it.
    fn outlet(&self, _shared: &Shared) -> Option<&OutletId> {
        None
    }

    /// Whether something of the selected provider is looked at beyond what a pane shows of it at first.
    fn reads_on(&self, _shared: &Shared, _held: Held) -> bool {
        false
    }

    /// A command was handed in while it was seen, known by a number.
    fn submitted(&mut self, _shared: &Shared, _number: u64, _command: &Command) {}
}
