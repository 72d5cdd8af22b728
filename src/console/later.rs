//! Changes that nobody at this console made, put off for a moment. What one record of somebody else changes is asked for
//! and drawn again by each console, and fifty of them did so for each of ten records a second, all at once: whoever
//! pressed a key then waited for all of that. A console takes what came together, at
//! moments of its own, and before what it hears of what one did oneself, so that this is there at once. What was asked for
//! before is answered meanwhile, and a key goes by what is there. While changes pour in, as they do while a script records,
//! nobody can read what each of them makes of a list: those moments are rarer then.

use super::message::{Effect, Message};
use super::model::Model;
use super::update::update;
use crate::desk::Change;
use std::time::{Duration, Instant};

/// How long a change may be put off.
const LATER: Duration = Duration::from_millis(250);
/// The same while more of them come together than people record.
const POURING: Duration = Duration::from_secs(1);
/// As many as people do record in [`LATER`].
const FEW: u32 = 8;
/// The golden section of 2^64.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// What is put off, until the next of a console's own moments.
pub struct Later {
    /// When it began: its moments go on from there.
    began: Instant,
    /// Of which console.
    number: u64,
    /// All that is put off, in one.
    change: Option<Change>,
    /// How many changes that are.
    count: u32,
    /// How far its moments are apart.
    every: Duration,
    due: Option<Instant>,
}

impl Later {
    /// Nothing is put off by the console of a number.
    pub fn begins(number: u64) -> Later {
        Later { began: Instant::now(), number, change: None, count: 0, every: LATER, due: None }
    }

    /// Puts a message off that may wait: a change, where nothing shows it but what is asked for after it. What a form would
    /// do may be another thing by it. What may not wait is given back.
    pub fn put_off(&mut self, model: &Model, message: Message) -> Option<Message> {
        match message {
            Message::Changed(change) if model.over.is_empty() => {
                self.put(change);
                None
            }
            message => Some(message),
        }
    }

    fn put(&mut self, change: Change) {
        let rest = until_moment(self.began.elapsed(), self.every, self.number);
        self.due.get_or_insert(Instant::now() + rest);
        self.count += 1;
        match &mut self.change {
            Some(known) => known.and(change),
            None => self.change = Some(change),
        }
    }

    /// How long it has to wait yet, where anything is put off; so long at most.
    pub fn rest(&self, most: Duration) -> Duration {
        self.due.map_or(most, |due| due.saturating_duration_since(Instant::now()).min(most))
    }

    /// Whether its time has come.
    pub fn is_due(&self) -> bool {
        self.due.is_some_and(|due| due <= Instant::now())
    }

    /// Takes a message in, or puts it off; whether it was taken in. What was put off goes before what came after it, but for
    /// answers to what was asked before: they would bring it forward again and again.
    pub fn take_in(&mut self, model: &mut Model, message: Message, effects: &mut Vec<Effect>) -> bool {
        let Some(message) = self.put_off(model, message) else { return false };
        if !matches!(message, Message::Loaded(..)) {
            self.bring(model, effects);
        }
        effects.extend(update(model, message));
        true
    }

    /// Takes in what was put off.
    pub fn bring(&mut self, model: &mut Model, effects: &mut Vec<Effect>) {
        effects.extend(self.take().into_iter().flat_map(|change| update(model, change)));
    }

    fn take(&mut self) -> Option<Message> {
        if self.is_due() {
            self.every = if LATER * self.count > self.every * FEW { POURING } else { LATER };
        }
        (self.due, self.count) = (None, 0);
        self.change.take().map(Message::Changed)
    }
}

/// How long the console of a number, so long after it began, has until the next of its moments: consoles that began
/// together do not all take theirs at once.
fn until_moment(since: Duration, every: Duration, number: u64) -> Duration {
    let every = every.as_nanos();
    // Multiples of the golden section stay apart, however many there are.
    let apart = (every * u128::from(number.wrapping_mul(GOLDEN))) >> u64::BITS;
    let rest = every - (since.as_nanos() + apart) % every;
    Duration::from_nanos(u64::try_from(rest).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::Theme;
    use crate::desk::Areas;
    use crate::journal::Head;
    use crate::rulebook::Rulebook;
    use crate::store::StoreError;
    use crate::time::Moment;
    use crate::words::Lang;
    use std::sync::Arc;

    fn change(n: u64) -> Change {
        let provider = format!("P{n:04}").parse().unwrap();
        let head = Head { seq: crate::ids::Seq(n), ..Head::default() };
        Change { head, providers: [(provider, Areas::LEDGER)].into(), ..Change::default() }
    }

    fn wait(later: &mut Later) -> Change {
        while !later.is_due() {
            std::thread::yield_now();
        }
        let Some(Message::Changed(change)) = later.take() else { return Change::default() };
        change
    }

    /// Regression: fifty consoles drew a frame for each record of each other, whatever they showed. Only a change waits,
    /// and only where nothing shows it but what is asked for after it; what waits comes together, all of it, and once.
    #[test]
    fn what_others_record_waits_and_nothing_else_does() {
        let book = Arc::new(Rulebook::shipped().unwrap());
        let theme = ("dark", Theme::built_in("dark").unwrap());
        let mut model = Model::new(Lang::En, theme, "ops", "", book, Moment(1_300_000_000));
        let mut later = Later::begins(1);
        let off = |later: &mut Later, model: &Model, message| later.put_off(model, message).is_none();
        assert!(!off(&mut later, &model, Message::Tick(Moment(0))));
        assert_eq!((later.rest(POURING), later.is_due()), (POURING, false));
        assert!((1..4).all(|n| off(&mut later, &model, Message::Changed(change(n)))));
        assert!(later.rest(POURING) <= LATER);
        let all = wait(&mut later);
        assert_eq!((all.head.seq.0, all.providers.len()), (3, 3));
        assert!(all.providers.values().all(|areas| *areas == Areas::LEDGER));
        assert!(later.take().is_none() && !later.is_due());
        let key = crossterm::event::KeyCode::Char('?').into();
        drop(update(&mut model, Message::Key(key)));
        assert!(
            !off(&mut later, &model, Message::Changed(change(4))),
            "what lies over a screen may say another thing by it"
        );
    }

    /// Regression: while a file was imported the answers to what a change had made a console ask for brought the next change
    /// forward, and it asked again at once.
    #[test]
    fn an_answer_does_not_bring_a_change_forward() {
        let book = Arc::new(Rulebook::shipped().unwrap());
        let theme = ("dark", Theme::built_in("dark").unwrap());
        let mut model = Model::new(Lang::En, theme, "ops", "", book, Moment(1_300_000_000));
        let (mut later, mut effects) = (Later::begins(1), Vec::new());
        let mut heard = |model: &mut Model, message| {
            let taken = later.take_in(model, message, &mut effects);
            (taken, later.change.is_some(), model.shared.head.0)
        };
        assert_eq!(heard(&mut model, Message::Changed(change(7))), (false, true, 0));
        let answer = || Message::Loaded(99, Err(StoreError::Closed));
        assert_eq!(heard(&mut model, answer()), (true, true, 0));
        // What one did oneself does.
        assert_eq!(heard(&mut model, Message::Trouble(StoreError::Closed)), (true, false, 7));
        assert_eq!(heard(&mut model, answer()), (true, false, 7));
    }

    /// Regression: twenty consoles that began together asked and drew at once, and whoever pressed a key then waited.
    #[test]
    fn the_moments_of_consoles_that_began_together_are_apart() {
        for first in [0, 1, 1_000] {
            let mut rests: Vec<Duration> = (first..first + 20).map(|n| until_moment(LATER, LATER, n)).collect();
            rests.sort_unstable();
            assert!(rests.iter().all(|rest| (Duration::from_nanos(1)..=LATER).contains(rest)), "{rests:?}");
            assert!(rests.windows(2).all(|two| two[1] - two[0] > LATER / 60), "{rests:?}");
            assert_eq!(until_moment(Duration::ZERO, LATER, first), until_moment(LATER * 7, LATER, first));
            let by = until_moment(Duration::ZERO, LATER, first);
            assert_eq!(until_moment(by / 2, LATER, first), by - by / 2);
            assert_eq!(until_moment(by, LATER, first), LATER, "and then the next");
        }
    }

    /// Regression: twenty consoles asked for all that they showed four times a second each while changes poured in. Who
    /// presses a key has what was put off at once all the same, and as soon as it pours no more it is as before.
    #[test]
    fn while_changes_pour_in_its_moments_are_rarer() {
        let mut later = Later::begins(1);
        let few = u64::from(FEW);
        (0..=few).for_each(|n| later.put(change(n)));
        assert_eq!(later.take().into_iter().count(), 1);
        assert_eq!(later.every, LATER, "a key came before it was due");
        (0..few).for_each(|n| later.put(change(n)));
        assert_eq!((wait(&mut later).head.seq.0, later.every), (few - 1, LATER));
        (0..=few).for_each(|n| later.put(change(n)));
        assert_eq!((wait(&mut later).head.seq.0, later.every), (few, POURING));
        // As many in that time as people record.
        (0..4 * few).for_each(|n| later.put(change(n)));
        assert_eq!((wait(&mut later).head.seq.0, later.every), (4 * few - 1, LATER));
    }
}
