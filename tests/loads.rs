//! An import goes on while a part of it is on its way to the disk: what comes of it is what comes of one row after another,
//! whoever looks or types in between.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

mod fixture;

use koufen::calendar::Calendar;
use koufen::desk::{Asked, Clock, Desk, Identity, ManualClock, OpenOptions, Outcome};
use koufen::domain::{Command, Deduction};
use koufen::points::Points;
use koufen::rulebook::Rulebook;
use koufen::time::{Day, Moment};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Rows that are handed in at once: enough for the next to be decided meanwhile.
const BATCH: usize = 300;
const BATCHES: usize = 12;

fn who() -> Identity {
    fixture::who("tester")
}

fn open(folder: &Path) -> Desk {
    let noon = Day::from_ymd_opt(2012, 6, 1).unwrap().and_hms_opt(12, 0, 0).unwrap();
    let clock: Arc<dyn Clock> = Arc::new(ManualClock::at(Moment::from_civil(noon)));
    let (rulebook, calendar) = (Rulebook::shipped().unwrap(), Calendar::shipped().unwrap());
    let (path, wait) = (folder.to_owned(), std::time::Duration::ZERO);
    Desk::open(OpenOptions { path, rulebook, calendar, clock, wait, progress: &mut |_| {} }).unwrap().desk
}

/// The n-th row: of one of six providers, of which the last is nobody; each seventh row stands in the file twice.
fn row(n: usize) -> Asked {
    let of = if n.is_multiple_of(7) { n } else { n - n % 2 };
    let scattered = of.wrapping_mul(0x9e37_79b9) % 9_973;
    let days = chrono::Days::new(u64::try_from(scattered % 700).unwrap());
    let deduction = Deduction {
        provider: format!("P{:04}", scattered % 6).parse().unwrap(),
        article: "dormant-outlets".parse().unwrap(),
        points: Points(u32::try_from(scattered % 30 + 1).unwrap()),
        occurred_on: Day::from_ymd_opt(2010, 1, 1).unwrap() + days,
        outlet: None,
        problem: None,
        note: Some(format!("行 {of}")),
        subject: None,
        evidence: None,
    };
    Asked { command: Command::TakeIn(deduction), nth: Some(1) }
}

fn batch(n: usize) -> Vec<Asked> {
    match n {
        0 => {
            let outlet = |n: usize| fixture::outlet(&format!("O{n:04}"), &format!("P{:04}", n % 6));
            let outlets = (0..BATCH).map(|n| Command::AddOutlet(outlet(n)));
            let all = (0..5).map(|p| Command::AddProvider(provider(p))).chain(outlets);
            all.map(|command| Asked { command, nth: None }).collect()
        }
        n => ((n - 1) * BATCH..n * BATCH).map(row).collect(),
    }
}

fn provider(n: usize) -> koufen::domain::Provider {
    fixture::provider(&format!("P{n:04}"), "捷达")
}

/// What a person types in the middle: a provider with a row's id that had nobody before.
fn typed() -> Command {
    Command::AddProvider(provider(5))
}

#[test]
fn an_import_that_goes_on_comes_to_what_row_after_row_comes_to() {
    let folder = tempfile::tempdir().unwrap();
    let slow = open(&folder.path().join("slow"));
    let mut outcomes = Vec::new();
    for n in 0..=BATCHES {
        if n == BATCHES / 2 {
            slow.submit(&who(), typed()).unwrap();
        }
        for asked in batch(n) {
            outcomes.extend(slow.submit_all(&who(), vec![asked]).unwrap());
        }
    }
    let refused = outcomes.iter().filter(|o| o.is_err()).count();
    let done = outcomes.iter().filter(|o| matches!(o, Ok(Outcome::Done(_)))).count();
    let already = outcomes.iter().filter(|o| matches!(o, Ok(Outcome::Already(Some(_))))).count();
    assert!(refused > 100 && done > 1_000 && already > 300, "{done} {already} {refused}");
    for looked in [false, true] {
        let desk = open(&folder.path().join(format!("fast {looked}")));
        let over = AtomicBool::new(false);
        let (fast, most) = std::thread::scope(|scope| {
            let looker = scope.spawn(|| {
                let mut last = 0;
                while looked && !over.load(Ordering::Relaxed) {
                    let is = desk.stats().unwrap();
                    assert!(is.entries >= last && is.head.seq.0 == is.entries, "{is:?} after {last}");
                    let all = is.lines + is.providers + is.outlets;
                    assert_eq!(all, is.entries, "all of an entry or none of it: {is:?}");
                    last = is.entries;
                }
                last
            });
            let mut sent: Vec<_> = Vec::new();
            for n in 0..=BATCHES {
                if n == BATCHES / 2 {
                    desk.submit(&who(), typed()).unwrap();
                }
                sent.push(desk.send_all(&who(), batch(n)).unwrap());
            }
            let fast: Vec<_> = sent.into_iter().flat_map(|sent| sent.answer().unwrap()).collect();
            over.store(true, Ordering::Relaxed);
            (fast, looker.join().unwrap())
        });
        assert_eq!(fast, outcomes, "looked: {looked}");
        assert!(!looked || most > 0);
        assert_eq!(desk.stats().unwrap().head, slow.stats().unwrap().head);
        assert_eq!(desk.view_digest().unwrap(), slow.view_digest().unwrap());
    }
}
