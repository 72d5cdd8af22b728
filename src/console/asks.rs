//! The ids that a session asks under. What is recorded gets a new one when it is first handed in; what is handed in again
//! because nobody knows what became of it keeps its own, so that it is never recorded twice.

use super::message::{Effect, Message};
use super::session::answer;
use crate::desk::{Asking, Desk, DeskError, Identity};
use crate::journal::JournalError;
use crate::store::StoreError;

impl Effect {
    /// Whether it asks for something to be recorded: none is left out for one that comes after it, and each is answered.
    pub fn records(&self) -> bool {
        matches!(self, Effect::Submit(..) | Effect::Correct(..) | Effect::RecordSheet(..))
    }
}

/// What a session asked last, where it is not known what became of it.
#[derive(Default)]
pub struct Asks {
    doubt: Option<(Effect, Asking)>,
}

impl Asks {
    /// Carries out one effect.
    pub fn answer(&mut self, desk: &Desk, who: &Identity, effect: Effect) -> Option<Message> {
        if !effect.records() {
            return answer(desk, who, effect);
        }
        let what = what(&effect);
        let asked = self.doubt.take().filter(|(before, _)| *before == what).map(|(_, asking)| asking);
        // Without an id it is handed in all the same: only asking again is not safe then.
        let Some(asking) = asked.or_else(|| Asking::first().ok()) else { return answer(desk, who, effect) };
        let since = desk.now();
        let message = answer(&desk.asking(asking), who, effect);
        if message.as_ref().is_some_and(is_doubtful) {
            let again = asking.again.or(Some(since));
            self.doubt = Some((what, Asking { again, ..asking }));
        }
        message
    }
}

/// What an effect asks for, whichever form it comes from.
fn what(effect: &Effect) -> Effect {
    match effect {
        Effect::Submit(_, command, _) | Effect::Correct(_, command, _) => Effect::Submit(0, command.clone(), false),
        Effect::RecordSheet(_, typed, _) => Effect::RecordSheet(0, typed.clone(), false),
        other => other.clone(),
    }
}

/// Whether nobody knows if it was recorded.
fn is_doubtful(message: &Message) -> bool {
    let unknown =
        |e: &StoreError| matches!(e, StoreError::Unanswered | StoreError::Journal(JournalError::Unsure { .. }));
    matches!(message, Message::Saved(_, Err(DeskError::Store(e))) if unknown(e))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::{Door, ManualClock};
    use crate::domain::{Command, Provider};
    use crate::ids::Seq;
    use crate::journal::Part;
    use crate::rulebook::Rulebook;
    use crate::time::Moment;
    use std::sync::Arc;

    fn add(number: u64, id: &str) -> Effect {
        let provider = Provider::sample(id.parse().unwrap(), "捷达", "杭州");
        Effect::Submit(number, Command::AddProvider(provider), false)
    }

    #[test]
    fn what_nobody_knows_of_is_handed_in_again_under_its_id() {
        let clock = Arc::new(ManualClock::at(Moment(1_300_000_000)));
        let desk = Desk::in_memory(Rulebook::shipped().unwrap(), clock).unwrap();
        let who = Identity::of("ops", Door::Local);
        let part = |seq: u64| desk.entry(Seq(seq)).unwrap().0.unwrap().entry.came.unwrap().part;
        let seq = |message: Option<Message>| match message {
            Some(Message::Saved(_, Ok(receipt))) => receipt.seq.0,
            _ => 0,
        };
        let mut asks = Asks::default();
        assert_eq!(seq(asks.answer(&desk, &who, add(1, "P0001"))), 1);
        let Some(Part { of, answers: true }) = part(1) else { unreachable!() };
        assert!(asks.doubt.is_none(), "it was answered");
        // As if it had not been: the form is saved once more.
        asks.doubt = Some((what(&add(1, "P0001")), Asking { id: of, again: Some(desk.now()) }));
        assert_eq!(seq(asks.answer(&desk, &who, add(2, "P0001"))), 1, "it is there");
        asks.doubt = Some((what(&add(1, "P0001")), Asking { id: of, again: Some(desk.now()) }));
        assert_eq!(seq(asks.answer(&desk, &who, add(3, "P0002"))), 2, "something else is asked");
        assert_ne!(part(2).unwrap().of, of);
        assert!(is_doubtful(&Message::Saved(1, Err(StoreError::Unanswered.into()))));
        assert!(!is_doubtful(&Message::Saved(1, Err(StoreError::Closed.into()))));
    }
}
