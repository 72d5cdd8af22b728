//! What was known at a moment, what was true on a day, and what a command would change: each held against what the
//! clauses say (`tests/model`) of what was said by then, of what had happened by then, and before and after it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

#[allow(dead_code, reason = "the others use the rest of it")]
mod fixture;
#[allow(dead_code, reason = "the others use the rest of it")]
mod model;

use koufen::desk::{Desk, Weighed};
use koufen::domain::{Command, Event, Refusal};
use koufen::ids::Seq;
use koufen::time::{DAY_SECONDS, Day, Moment, parse_day};
use model::Model;
use model::calendar::Days;
use model::desks::{Clocked, of_day, of_now, of_tried, without_both};
use model::picture::Picture;
use model::said::Said;
use model::typing::{Dice, Takes, Typist};
use proptest::prelude::*;
use std::sync::LazyLock;

static DAYS: LazyLock<Days> = LazyLock::new(Days::read);

/// Over a year's end and the Spring Festival.
const FIRST: &str = "2010-11-20";
const LENGTH: i64 = 160;

fn first() -> Day {
    parse_day(FIRST).unwrap()
}

/// Nine in the morning, so many days on.
fn morning(after: i64) -> Moment {
    Moment(Moment::start_of(first() + chrono::Duration::days(after)).0 + 9 * 3600)
}

fn things(most: usize) -> impl Strategy<Value = Vec<Dice>> {
    prop::collection::vec((0..40u8, 0..5usize, 0..LENGTH, 0..60usize, 0..40u32), 1..most)
}

/// Somebody who types all of it on a few mornings, `hears` between them.
fn typed(things: Vec<Dice>, seed: usize, mut hears: impl FnMut(&Typist<'_, Clocked>)) -> Typist<'static, Clocked> {
    let mut typist = Typist::new(Clocked::at(Moment::start_of(first())), &DAYS, first(), morning(0));
    let end = things.len();
    for (at, thing) in things.into_iter().enumerate() {
        if at * 4 % end < 4 {
            let quarter = i64::try_from(at * 4 / end).unwrap();
            if at > 0 {
                hears(&typist);
            }
            // The last three weeks pass in between: what was typed of one time is put right at another.
            typist.comes(morning(LENGTH - 60 + 20 * quarter));
            if at == 0 {
                typist.begin(seed);
            }
        }
        typist.act(thing);
    }
    typist.comes(morning(LENGTH + 2));
    typist
}

/// What one side says and the other does not.
fn differs(clauses: &Picture, engine: &Picture) -> Vec<String> {
    let said = clauses.difference(engine).map(|line| format!("the clauses say: {line}"));
    said.chain(engine.difference(clauses).map(|line| format!("the engine says: {line}"))).collect()
}

/// A desk says no lives of another day.
fn without_lives(picture: Picture) -> Picture {
    picture.into_iter().filter(|line| !line.starts_with("life ")).collect()
}

/// At the end of a day, by what is said.
fn holds_on(desk: &Desk, said: &[Said], on: Day) -> Result<(), TestCaseError> {
    for n in [1, 2] {
        let clauses = without_lives(Model::on(said, &DAYS, on, n).picture());
        let differs = differs(&clauses, &of_day(desk, n, said, on));
        prop_assert!(
            differs.is_empty(),
            "P{n} on {on}: {differs:#?}\n{:#?}",
            Model::new(said, &DAYS, Moment::end_of(on), 1).said
        );
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    /// Decision 12: what was true on a day, by what is known now, is what the clauses say of what had happened by then.
    #[test]
    fn decision_12_as_of_a_day_is_what_had_happened(
        things in things(100), seed in 0..99usize, looks in prop::collection::vec(0..LENGTH, 1..6),
    ) {
        let typist = typed(things, seed, |_| ());
        for after in looks {
            holds_on(&typist.takes.desk, &typist.said, first() + chrono::Duration::days(after))?;
        }
        for n in [1, 2] {
            let (desk, said) = (&typist.takes.desk, &typist.said);
            prop_assert_eq!(of_day(desk, n, said, desk.today()), without_lives(of_now(desk, n, said)), "today is now");
        }
    }

    /// Decision 13: what was known at a moment is what the clauses say of what was said by then and not yet taken back; and
    /// what was true then on a day, of what had happened by that day.
    #[test]
    fn decision_13_known_at_a_moment_is_what_was_said_by_then(
        things in things(100), seed in 0..99usize, look in 0..LENGTH,
    ) {
        let mut heard = Vec::new();
        let typist = typed(things, seed, |typist| heard.push((typist.takes.desk.now(), typist.said.clone())));
        for (at, said) in heard {
            let known = typist.takes.desk.known_at(at).unwrap();
            for n in [1, 2] {
                let differs = differs(&Model::new(&said, &DAYS, at, n).picture(), &of_now(&known, n, &said));
                prop_assert!(differs.is_empty(), "P{n}: {differs:#?}");
            }
            let on = (first() + chrono::Duration::days(look)).min(Moment(at.0 - DAY_SECONDS).day());
            holds_on(&known, &said, on)?;
        }
    }
}

/// Weighs each command before it is done.
struct Weighing {
    clocked: Clocked,
    weighed: Vec<Weighed>,
}

impl Takes for Weighing {
    fn ask(&mut self, command: &Command) -> Result<Seq, Refusal> {
        let weighed = self.clocked.desk.weigh(&fixture::who("tester"), command, false);
        let done = self.clocked.ask(command);
        match (weighed, &done) {
            (Ok(weighed), Ok(_)) => self.weighed.push(weighed),
            (Err(tried), Err(refused)) => {
                assert_eq!(tried.to_string(), koufen::desk::DeskError::Refused(refused.clone()).to_string())
            }
            (tried, done) => panic!("{command:?}: tried {tried:?}, done {done:?}"),
        }
        done
    }

    fn comes(&mut self, now: Moment) {
        self.clocked.comes(now);
    }

    fn entry(&mut self, seq: Seq) -> Option<Event> {
        self.clocked.entry(seq)
    }

    fn picture(&mut self, n: u8, said: &[Said]) -> Picture {
        self.clocked.picture(n, said)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    /// Decision 13: what a record, a void or a decision is said to change, before it is done, is what the clauses say after it
    /// and did not say before.
    #[test]
    fn decision_13_what_would_change_is_what_the_clauses_say_then(things in things(60), seed in 0..99usize) {
        let takes = Weighing { clocked: Clocked::at(Moment::start_of(first())), weighed: Vec::new() };
        let mut typist = Typist::new(takes, &DAYS, first(), morning(LENGTH));
        typist.comes(morning(LENGTH));
        typist.begin(seed);
        for thing in things {
            let before = [1, 2].map(|n| typist.model(n).owed());
            typist.takes.weighed.clear();
            typist.act(thing);
            // Of several together, what one brought the next may have taken.
            let [weighed] = &typist.takes.weighed[..] else { continue };
            for (n, before) in [1, 2].into_iter().zip(before) {
                let tried = of_tried(weighed, n, &typist.said, &before);
                let clauses = without_both(typist.model(n).owed(), before);
                prop_assert_eq!(tried, clauses, "P{} {:?}\n{:#?}", n, thing, typist.standing());
            }
        }
    }
}
