//! Changes that nobody at this console made, put off for a moment. What one record of somebody else changes is asked for
//! and drawn again by each console, and fifty of them did so for each of ten records a second, all at once: whoever
//! pressed a key then waited for all of that. A console takes what came together, at moments of its own, and before
//! anything else that it hears; so what one does oneself is there at once.

use super::message::Message;
use super::model::Model;
use std::time::{Duration, Instant};

/// How long a change may be put off.
const LATER: Duration = Duration::from_millis(250);

/// What is put off, until the next of a console's own moments.
pub struct Later {
    /// When it began: its moments go on from there, so that consoles do not all take theirs at once.
    began: Instant,
    changes: Vec<Message>,
    due: Option<Instant>,
}

impl Later {
    /// Nothing is put off.
    pub fn begins() -> Later {
        Later { began: Instant::now(), changes: Vec::new(), due: None }
    }

    /// Whether a message may wait: it is a change, and nothing shows it but what is asked for after it. What a form would
    /// do may be another thing by it.
    pub fn may_wait(&self, model: &Model, message: &Message) -> bool {
        matches!(message, Message::Changed(_)) && model.over.is_empty()
    }

    /// Puts a change off.
    pub fn put(&mut self, change: Message) {
        let since = self.began.elapsed().as_nanos() % LATER.as_nanos();
        let rest = LATER - Duration::from_nanos(u64::try_from(since).unwrap_or_default());
        self.due.get_or_insert(Instant::now() + rest);
        self.changes.push(change);
    }

    /// How long it has to wait yet, where anything is put off.
    pub fn rest(&self) -> Option<Duration> {
        self.due.map(|due| due.saturating_duration_since(Instant::now()))
    }

    /// Whether its time has come.
    pub fn is_due(&self) -> bool {
        self.due.is_some_and(|due| due <= Instant::now())
    }

    /// What was put off, in the order in which it came.
    pub fn take(&mut self) -> impl Iterator<Item = Message> + use<> {
        self.due = None;
        std::mem::take(&mut self.changes).into_iter()
    }
}
