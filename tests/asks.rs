//! Asking again under the same id never records twice: not at once, not later, not of a process that took the store over.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

#[path = "fixture/case.rs"]
#[allow(dead_code, reason = "the clauses' tests use the rest of it")]
mod case;
#[allow(dead_code, reason = "other tests use the rest of it")]
mod fixture;

use case::{Case, moment};
use koufen::calendar::Calendar;
use koufen::desk::{Asking, Desk, DeskError, ManualClock, OpenOptions, Receipt};
use koufen::domain::{Command, Refusal};
use koufen::ids::{AskId, Seq};
use koufen::journal::{Came, Part};
use koufen::rulebook::Rulebook;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

fn open(folder: &Path, clock: &Arc<ManualClock>) -> Desk {
    let options = OpenOptions {
        path: folder.to_owned(),
        rulebook: Rulebook::shipped().unwrap(),
        calendar: Calendar::shipped().unwrap(),
        clock: clock.clone(),
        wait: Duration::ZERO,
        progress: &mut |_| {},
    };
    Desk::open(options).unwrap().desk
}

/// A store on disk with provider P0001.
fn on_disk(folder: &Path) -> Case {
    let clock = Arc::new(ManualClock::at(moment("2011-01-03T09:00")));
    let case = Case::on(open(folder, &clock), clock);
    case.ask(Command::AddProvider(fixture::provider("P0001", "捷达"))).unwrap();
    with_outlet(case)
}

/// With an outlet, whose asking to leave is due an answer.
fn with_outlet(case: Case) -> Case {
    case.ask(Command::AddOutlet(fixture::outlet("O1", "P0001"))).unwrap();
    case
}

fn ask(desk: &Desk, who: &str, asking: Asking, command: &Command) -> Result<Receipt, DeskError> {
    desk.asking(asking).submit(&fixture::who(who), command.clone())
}

fn entries(desk: &Desk) -> u64 {
    desk.stats().unwrap().entries
}

/// What an entry was asked under.
fn part(desk: &Desk, seq: Seq) -> Option<Part> {
    desk.entry(seq).unwrap().0.unwrap().entry.came.and_then(|came: Came| came.part)
}

fn again(asking: Asking, since: &str) -> Asking {
    Asking { again: Some(moment(since)), ..asking }
}

#[test]
fn ids_are_made_of_random_bits() {
    let ids: Vec<AskId> = (0..64).map(|_| Asking::first().unwrap().id).collect();
    let bits = |n: usize| ids.iter().filter(|id| id.0[n / 8] >> (n % 8) & 1 == 1).count();
    assert!((0..128).all(|n| (8..56).contains(&bits(n))), "every bit is sometimes set");
    assert_eq!(ids[0].nth(0), ids[0]);
    assert_eq!(AskId([0xff; 16]).nth(2), AskId(std::array::from_fn(|n| u8::from(n == 0))));
}

/// What is asked twice is recorded once, and answered twice with the same.
#[test]
fn asked_again_it_is_answered_with_what_was_recorded() {
    let case = with_outlet(Case::at("2011-01-03T09:00"));
    let (asking, command) = (Asking::first().unwrap(), case.read("exit-asked O1").unwrap());
    let first = ask(&case.desk, "ops", asking, &command).unwrap();
    assert!(!first.follows.opened.is_empty(), "{first:?}");
    assert_eq!(part(&case.desk, first.seq), Some(Part { of: asking.id, answers: true }));
    let there = entries(&case.desk);
    case.to("2011-01-05T09:00");
    assert_eq!(ask(&case.desk, "ops", asking, &command).unwrap(), first);
    // Whatever it asks for by then: the id says what was asked.
    let other = Command::AmendProvider(fixture::provider("P0001", "另"));
    assert_eq!(ask(&case.desk, "ops", asking, &other).unwrap(), first);
    assert_eq!(entries(&case.desk), there);
    // Another person's id answers nobody else.
    let theirs = ask(&case.desk, "eve", asking, &other).unwrap();
    assert_ne!(theirs.seq, first.seq);
    let became = |who: &str| case.desk.became(&fixture::who(who), asking).unwrap();
    assert_eq!((became("ops"), became("eve"), became("kim")), (Some(first.seq), Some(theirs.seq), None));
}

/// Another process, which remembers nothing, finds it in the journal, with what followed.
#[test]
fn a_process_that_took_the_store_over_answers_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let case = on_disk(folder.path());
    let (asking, command) = (Asking::first().unwrap(), case.read("exit-asked O1").unwrap());
    let first = ask(&case.desk, "ops", asking, &command).unwrap();
    // Others go on.
    case.to("2011-01-03T09:01");
    case.ask(Command::AddProvider(fixture::provider("P0002", "后"))).unwrap();
    let (there, clock) = (entries(&case.desk), case.clock.clone());
    case.desk.close().unwrap();
    let desk = open(folder.path(), &clock);
    let asking = again(asking, "2011-01-03T09:00");
    assert_eq!(desk.became(&fixture::who("ops"), asking).unwrap(), Some(first.seq));
    assert_eq!(desk.became(&fixture::who("eve"), asking).unwrap(), None);
    assert_eq!(ask(&desk, "ops", asking, &command).unwrap(), first);
    assert_eq!(entries(&desk), there);
    // What was never recorded is, and once.
    let asking = again(Asking::first().unwrap(), "2011-01-03T09:00");
    let command = Command::AddProvider(fixture::provider("P0003", "新"));
    assert_eq!(desk.became(&fixture::who("ops"), asking).unwrap(), None);
    let now = ask(&desk, "ops", asking, &command).unwrap();
    assert_eq!((ask(&desk, "ops", asking, &command).unwrap(), entries(&desk)), (now, there + 1));
}

/// An ask that becomes several entries is one: all of them say so, one of them is the answer.
#[test]
fn several_entries_of_one_ask_share_its_id() {
    let folder = tempfile::tempdir().unwrap();
    let case = on_disk(folder.path());
    let wrong = Seq(case.did("applied P0001 scope=city"));
    let with = Box::new(case.read("applied P0001 scope=national").unwrap());
    let command = Command::Replace { entry: wrong, reason: "笔误".into(), with };
    let asking = Asking::first().unwrap();
    let first = ask(&case.desk, "ops", asking, &command).unwrap();
    let (there, clock) = (entries(&case.desk), case.clock.clone());
    let said: Vec<_> = (wrong.0..=there).map(|seq| part(&case.desk, Seq(seq)).map(|part| part.answers)).collect();
    assert_eq!(said, [None, Some(false), Some(true)]);
    case.desk.close().unwrap();
    let desk = open(folder.path(), &clock);
    let told = ask(&desk, "ops", again(asking, "2011-01-03T09:00"), &command).unwrap();
    assert_eq!((told.seq, &told.event, entries(&desk)), (first.seq, &first.event, there));
}

/// What was refused is not remembered: asked again, it is decided again.
#[test]
fn a_refusal_is_no_answer_for_ever() {
    let case = Case::at("2011-01-03T09:00");
    let asking = Asking::first().unwrap();
    let command = Command::AddOutlet(fixture::outlet("O1", "P0009"));
    let refused = ask(&case.desk, "ops", asking, &command);
    assert!(matches!(refused, Err(DeskError::Refused(Refusal::UnknownProvider { .. }))), "{refused:?}");
    case.ask(Command::AddProvider(fixture::provider("P0009", "来"))).unwrap();
    ask(&case.desk, "ops", asking, &command).unwrap();
}

/// A handle asks more than one thing, each under an id of its own.
#[test]
fn what_one_handle_asks_is_told_apart() {
    let case = Case::at("2011-01-03T09:00");
    let asking = Asking::first().unwrap();
    let all = |desk: Desk| {
        ["P0007", "P0008"].map(|id| {
            let command = Command::AddProvider(fixture::provider(id, id));
            desk.submit(&fixture::who("ops"), command).unwrap().seq
        })
    };
    let first = all(case.desk.asking(asking));
    assert_eq!((all(case.desk.asking(asking)), first), (first, [Seq(2), Seq(3)]));
}

/// Asked by many at once, it is recorded once.
#[test]
fn asked_by_many_at_once_it_is_recorded_once() {
    let case = Case::at("2011-01-03T09:00");
    let (asking, there) = (Asking::first().unwrap(), entries(&case.desk));
    let command = Command::AddProvider(fixture::provider("P0002", "同"));
    let seqs: Vec<Seq> = std::thread::scope(|scope| {
        let asked: Vec<_> = (0..16).map(|_| scope.spawn(|| ask(&case.desk, "ops", asking, &command))).collect();
        asked.into_iter().map(|one| one.join().unwrap().unwrap().seq).collect()
    });
    assert!(seqs.iter().all(|seq| *seq == Seq(there + 1)), "{seqs:?}");
    assert_eq!(entries(&case.desk), there + 1);
}
