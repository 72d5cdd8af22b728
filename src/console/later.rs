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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::Theme;
    use crate::desk::Change;
    use crate::journal::Head;
    use crate::rulebook::Rulebook;
    use crate::time::Moment;
    use crate::words::Lang;
    use std::sync::Arc;

    /// Regression: fifty consoles drew a frame for each record of each other, whatever they showed. Only a change waits,
    /// and only where nothing shows it but what is asked for after it; what waits comes in its order, and once.
    #[test]
    fn what_others_record_waits_and_nothing_else_does() {
        let book = Arc::new(Rulebook::shipped().unwrap());
        let theme = ("dark", Theme::built_in("dark").unwrap());
        let mut model = Model::new(Lang::En, theme, "ops", "", book, Moment(1_300_000_000));
        let mut later = Later::begins();
        let change =
            |n: u64| Message::Changed(Change::of_everything(Head { seq: crate::ids::Seq(n), ..Head::default() }));
        assert!(later.may_wait(&model, &change(1)) && !later.may_wait(&model, &Message::Tick(Moment(0))));
        assert!((later.rest(), later.is_due()) == (None, false));
        (1..4).for_each(|n| later.put(change(n)));
        assert!(later.rest().is_some_and(|rest| rest <= LATER));
        while !later.is_due() {
            std::thread::yield_now();
        }
        let seqs: Vec<u64> = later
            .take()
            .map(|message| if let Message::Changed(change) = message { change.head.seq.0 } else { 0 })
            .collect();
        assert_eq!((seqs, later.take().count(), later.is_due()), (vec![1, 2, 3], 0, false));
        let key = crossterm::event::KeyCode::Char('?').into();
        drop(crate::console::update::update(&mut model, Message::Key(key)));
        assert!(!later.may_wait(&model, &change(4)), "what lies over a screen may say another thing by it");
    }
}
