//! The invariants, as properties over random commands: the score is what the lines say, a reversal restores,
//! the same journal gives the same view byte for byte, and a refused command changes nothing.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

mod fixture;
#[path = "fixture/folder.rs"]
mod folder;

use chrono::Datelike;
use folder::copy;
use koufen::calendar::Calendar;
use koufen::desk::{Asked, Clock, Desk, Identity, ManualClock, OpenNote, OpenOptions, Opened, Outcome};
use koufen::domain::{Command, Deduction, Line, LineKind, Outlet, Provider, YearLedger};
use koufen::ids::{ProviderId, Seq};
use koufen::journal::JournalError;
use koufen::points::Points;
use koufen::rulebook::Rulebook;
use koufen::store::StoreError;
use koufen::time::{Day, Moment};
use proptest::prelude::*;
use std::path::Path;
use std::sync::Arc;

fn day(y: i32, m: u32, d: u32) -> Day {
    Day::from_ymd_opt(y, m, d).unwrap()
}

fn clock() -> Arc<dyn Clock> {
    Arc::new(ManualClock::at(Moment::from_civil(day(2012, 6, 1).and_hms_opt(9, 0, 0).unwrap())))
}

fn who() -> Identity {
    fixture::who("tester")
}

fn provider(n: usize) -> ProviderId {
    format!("P{n:04}").parse().unwrap()
}

/// Three providers with two outlets each.
fn seed(desk: &Desk) {
    for n in 0..3 {
        let p = Provider {
            population: Some(8_700_373),
            ..fixture::provider(provider(n).as_str(), &format!("服务商{n}"))
        };
        desk.submit(&who(), Command::AddProvider(p)).unwrap();
        for o in 0..2 {
            let outlet = fixture::outlet(&format!("O{n}{o}"), provider(n).as_str());
            desk.submit(&who(), Command::AddOutlet(outlet)).unwrap();
        }
    }
}

/// A step: most deductions are allowed, some are not; reversals aim at lines old and new.
#[derive(Clone, Debug)]
enum Step {
    Deduct(Box<Deduction>),
    Reverse(u64),
}

fn deduction() -> impl Strategy<Value = Deduction> {
    let articles = prop::sample::select(vec![
        ("outlet-complaint", 1..=2u32),
        ("outlet-complaint", 2..=2),
        ("brand-standard", 3..=7),
        ("dormant-outlets", 1..=30),
        ("media-exposure", 10..=20),
        ("rectification-passed", 10..=30),
        ("no-such-article", 1..=1),
    ]);
    let date = (2010..=2012i32, 1..=12u32, 1..=28u32);
    (0..4usize, articles, date, 0..3usize, 0..3usize).prop_flat_map(|(p, (article, range), (y, m, d), o, problem)| {
        range.prop_map(move |points| Deduction {
            provider: provider(p),
            article: article.parse().unwrap(),
            points: Points(points),
            occurred_on: day(y, m, d),
            outlet: (o < 2).then(|| format!("O{p}{o}").parse().unwrap()),
            problem: (problem > 0).then(|| format!("问题{problem}")),
            note: None,
            subject: None,
            evidence: None,
        })
    })
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        5 => deduction().prop_map(|d| Step::Deduct(Box::new(d))),
        1 => (1..80u64).prop_map(Step::Reverse),
    ];
    prop::collection::vec(step, 1..120)
}

fn command(step: &Step) -> Command {
    match step {
        Step::Deduct(d) => Command::TakeIn(Deduction::clone(d)),
        Step::Reverse(seq) => Command::Reverse { line: Seq(*seq), reason: "重复".into() },
    }
}

fn lines(desk: &Desk, provider: &ProviderId, year: i32) -> Vec<Line> {
    desk.ledger(provider, year, None, usize::MAX).unwrap()
}

/// An independent model of section 2 and decisions 5 and 6, written without the domain's code.
fn model_score(lines: &[Line]) -> u32 {
    let mut lines: Vec<&Line> = lines.iter().collect();
    lines.sort_by_key(|l| l.seq);
    let reversed: Vec<Seq> = lines.iter().filter_map(|l| l.reverses).collect();
    let mut used = std::collections::HashMap::new();
    let mut score = 0;
    for line in lines {
        if line.kind == LineKind::Reversal || reversed.contains(&line.seq) {
            continue;
        }
        let mut points = line.points.0;
        if line.article.as_str() == "outlet-complaint"
            && let Some(problem) = &line.problem
        {
            let used = used.entry(problem).or_insert(0);
            points = points.min(10 - *used);
            *used += points;
        }
        score += points;
    }
    score
}

fn open_noted(path: &Path) -> Opened {
    try_open(path).unwrap()
}

fn try_open(path: &Path) -> Result<Opened, StoreError> {
    let (rulebook, calendar) = (Rulebook::shipped().unwrap(), Calendar::shipped().unwrap());
    let path = path.to_owned();
    Desk::open(OpenOptions {
        path,
        rulebook,
        calendar,
        clock: clock(),
        wait: std::time::Duration::ZERO,
        progress: &mut |_| {},
    })
}

fn open(path: &Path) -> Desk {
    open_noted(path).desk
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// The running score is what the lines say, by the domain's fold and by a model that shares no code with it.
    #[test]
    fn the_score_is_what_the_lines_say(steps in steps()) {
        let desk = Desk::in_memory(Rulebook::shipped().unwrap(), clock()).unwrap();
        seed(&desk);
        for step in &steps {
            let before = desk.stats().unwrap();
            if desk.submit(&who(), command(step)).is_err() {
                prop_assert_eq!(desk.stats().unwrap(), before, "a refused command changes nothing");
            }
        }
        for p in 0..3 {
            for year in 2010..=2012 {
                let row = desk.provider(&provider(p), year).unwrap().unwrap();
                let mut lines = lines(&desk, &provider(p), year);
                prop_assert!(lines.iter().rev().is_sorted_by_key(|l| (l.occurred_on, l.seq)), "newest first");
                prop_assert_eq!(row.score.0, model_score(&lines));
                prop_assert_eq!(row.lines as usize, lines.len());
                let kept = lines.clone();
                prop_assert_eq!(YearLedger::of(&mut lines).score, row.score);
                for line in &kept {
                    let folded = lines.iter().find(|l| l.seq == line.seq).unwrap();
                    prop_assert_eq!(folded.effective, line.effective, "line {}", line.seq);
                }
            }
        }
    }

    /// One group or many, the outcome is the same; and a rebuilt view is equal byte for byte.
    #[test]
    fn the_same_journal_gives_the_same_view(steps in steps()) {
        let one = Desk::in_memory(Rulebook::shipped().unwrap(), clock()).unwrap();
        let many = Desk::in_memory(Rulebook::shipped().unwrap(), clock()).unwrap();
        seed(&one);
        seed(&many);
        let asked = steps.iter().map(|s| Asked { command: command(s), nth: None }).collect();
        let together = one.submit_all(&who(), asked).unwrap();
        let apart: Vec<_> = steps.iter().map(|s| many.submit(&who(), command(s)).map(|r| r.seq).ok()).collect();
        let together: Vec<_> = together.into_iter().map(|r| match r {
            Ok(Outcome::Done(seq)) => Some(seq),
            _ => None,
        }).collect();
        prop_assert_eq!(together, apart);
        let running = one.view_digest().unwrap();
        prop_assert_eq!(running, many.view_digest().unwrap());
        one.rebuild(&mut |_| {}).unwrap();
        prop_assert_eq!(running, one.view_digest().unwrap());
    }

    /// A reversal gives back what the line counted for, but for room that it frees under a cap; asking twice is refused.
    #[test]
    fn a_reversal_is_a_line_of_its_own_and_happens_once(d in deduction()) {
        let desk = Desk::in_memory(Rulebook::shipped().unwrap(), clock()).unwrap();
        seed(&desk);
        if let Ok(receipt) = desk.submit(&who(), Command::TakeIn(d.clone())) {
            let reverse = Command::Reverse { line: receipt.seq, reason: "误记".into() };
            let preview = desk.preview(&who(), &reverse).unwrap();
            let done = desk.submit(&who(), reverse.clone()).unwrap();
            let year = chrono::Datelike::year(&d.occurred_on);
            let row = desk.provider(&d.provider, year).unwrap().unwrap();
            prop_assert_eq!((row.score.0, row.lines), (0, 2));
            prop_assert_eq!(preview.after, row.score);
            prop_assert!(desk.submit(&who(), reverse).is_err());
            let again = Command::Reverse { line: done.seq, reason: "误记".into() };
            prop_assert!(desk.submit(&who(), again).is_err());
        }
    }

    /// What a row may be, told otherwise, is what the lines say that were there then. Regression: a file of which nothing was
    /// on record read for each of its rows what all lines of its day say, those too that came from the file itself.
    #[test]
    fn lines_alike_are_those_that_were_there(steps in steps(), until in 0..150u64, d in deduction()) {
        let desk = Desk::in_memory(Rulebook::shipped().unwrap(), clock()).unwrap();
        seed(&desk);
        let taken = steps.iter().filter(|step| desk.submit(&who(), command(step)).is_ok());
        let deducted = taken.filter_map(|step| if let Step::Deduct(d) = step { Some(&**d) } else { None });
        for d in deducted.chain([&d]) {
            let mut alike = lines(&desk, &d.provider, d.occurred_on.year());
            alike.retain(|l| l.kind != LineKind::Reversal && l.seq <= Seq(until) && l.occurred_on == d.occurred_on);
            alike.retain(|l| l.article == d.article && l.points == d.points);
            alike.sort_by_key(|l| l.seq);
            prop_assert_eq!(desk.alike(d, Seq(until)).unwrap(), alike);
        }
    }

    /// What a preview says is what happens.
    #[test]
    fn a_preview_comes_true(steps in steps()) {
        let desk = Desk::in_memory(Rulebook::shipped().unwrap(), clock()).unwrap();
        seed(&desk);
        for step in steps.iter().take(40) {
            let Ok(preview) = desk.preview(&who(), &command(step)) else { continue };
            desk.submit(&who(), command(step)).unwrap();
            let row = desk.provider(&preview.provider, preview.year).unwrap().unwrap();
            prop_assert_eq!(preview.after, row.score);
            prop_assert_eq!(preview.standing_after, row.standing);
        }
    }
}

/// Years of lines in any order fill and split many pages; each comes out once and in order, page by page.
#[test]
fn pages_split_and_walk() {
    let desk = Desk::in_memory(Rulebook::shipped().unwrap(), clock()).unwrap();
    seed(&desk);
    let mut asked = Vec::new();
    for n in 0..1_500u32 {
        let scattered = n * 7_919 % 365;
        asked.push(Asked {
            command: Command::TakeIn(Deduction {
                provider: provider(1),
                article: "dormant-outlets".parse().unwrap(),
                points: Points(1),
                occurred_on: day(2011, 1, 1) + chrono::Days::new(scattered.into()),
                outlet: None,
                problem: None,
                note: Some(format!("{n}")),
                subject: None,
                evidence: None,
            }),
            nth: Some(1),
        });
    }
    let first = desk.submit_all(&who(), asked.clone()).unwrap();
    assert!(first.iter().all(|r| matches!(r, Ok(Outcome::Done(_)))));
    let again = desk.submit_all(&who(), asked).unwrap();
    for (done, again) in first.iter().zip(&again) {
        let (Ok(Outcome::Done(a)), Ok(Outcome::Already(Some(b)))) = (done, again) else { panic!("{again:?}") };
        assert_eq!(a, b);
    }
    let (mut walked, mut before) = (Vec::new(), None);
    loop {
        let page = desk.ledger(&provider(1), 2011, before, 100).unwrap();
        let Some(last) = page.last() else { break };
        before = Some((last.occurred_on, last.seq));
        walked.extend(page);
    }
    assert_eq!(walked.len(), 1_500);
    assert_eq!(walked, lines(&desk, &provider(1), 2011));
    assert!(walked.iter().rev().is_sorted_by_key(|l| (l.occurred_on, l.seq)));
    assert_eq!(desk.provider(&provider(1), 2011).unwrap().unwrap().score.0, 1_500);
    for line in walked.iter().step_by(97) {
        assert_eq!(desk.line(line.seq).unwrap(), Some((provider(1), line.clone())));
    }
}

/// Outlets in any order, likewise.
#[test]
fn outlets_split_and_walk() {
    let desk = Desk::in_memory(Rulebook::shipped().unwrap(), clock()).unwrap();
    seed(&desk);
    let id = |n: u32| format!("X{:05}", n * 7_919 % 1_000);
    let outlet = |n: u32| Outlet {
        id: id(n).parse().unwrap(),
        provider: provider(2),
        city: "宁波".into(),
        name: format!("店{n}"),
        signed_on: None,
        staff: None,
    };
    let asked = (0..1_000).map(|n| Asked { command: Command::AddOutlet(outlet(n)), nth: None }).collect();
    assert!(desk.submit_all(&who(), asked).unwrap().iter().all(Result::is_ok));
    let all = desk.outlets(&provider(2), None, usize::MAX).unwrap();
    assert_eq!(all.len(), 1_002);
    assert!(all.is_sorted_by(|a, b| a.id < b.id));
    let after = desk.outlets(&provider(2), Some(&all[500].id), 7).unwrap();
    assert_eq!(after, all[501..508]);
    let mut changed = outlet(321);
    changed.name = "新名".into();
    desk.submit(&who(), Command::AmendOutlet(changed.clone())).unwrap();
    assert_eq!(desk.outlet(&changed.id).unwrap(), Some(changed));
}

/// Nothing of a rehearsal is kept.
#[test]
fn a_rehearsal_leaves_no_trace() {
    let folder = tempfile::tempdir().unwrap();
    let desk = open(folder.path());
    seed(&desk);
    let (stats, digest) = (desk.stats().unwrap(), desk.view_digest().unwrap());
    let d = Deduction {
        provider: provider(0),
        article: "media-exposure".parse().unwrap(),
        points: Points(10),
        occurred_on: day(2011, 3, 2),
        outlet: None,
        problem: None,
        note: None,
        subject: None,
        evidence: None,
    };
    let asked = vec![Asked { command: Command::TakeIn(d), nth: Some(1) }];
    assert!(matches!(desk.rehearse(&who(), asked).unwrap()[..], [Ok(Outcome::Done(_))]));
    assert_eq!(desk.stats().unwrap().entries, stats.entries);
    assert_eq!(desk.view_digest().unwrap(), digest);
}

/// Nor where facts come in another order than their days: a provider that was only rehearsed is not counted again.
#[test]
fn a_rehearsal_out_of_order_leaves_no_trace() {
    let folder = tempfile::tempdir().unwrap();
    let desk = open(folder.path());
    seed(&desk);
    let digest = desk.view_digest().unwrap();
    let outlet = |id: &str, signed_on| Outlet { signed_on, ..fixture::outlet(id, "P0009") };
    let commands = [
        Command::AddProvider(fixture::provider("P0009", "新来")),
        Command::AddOutlet(outlet("O9001", Some(day(2010, 6, 1)))),
        Command::AddOutlet(outlet("O9002", None)),
    ];
    let asked = commands.map(|command| Asked { command, nth: None }).to_vec();
    assert!(desk.rehearse(&who(), asked).unwrap().iter().all(|decided| matches!(decided, Ok(Outcome::Done(_)))));
    assert_eq!(desk.view_digest().unwrap(), digest);
}

/// The view comes back over closes and opens, damage in any of sled's files included: what is harmed is noticed at the
/// open or by whoever reads it, is answered from the journal, and is made anew at the next open.
#[test]
fn a_damaged_view_is_made_again_and_nothing_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let desk = open(folder.path());
    seed(&desk);
    let digest = desk.view_digest().unwrap();
    desk.close().unwrap();
    let mut noticed = 0;
    for n in 0..12u64 {
        let db = folder.path().join(["view/records/db", "view/pages/db"][usize::from(n % 3 == 0)]);
        let mut bytes = std::fs::read(&db).unwrap();
        // Most of a file of sled's is nothing yet.
        let used: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at] != 0).collect();
        let at = used[usize::try_from(n * 7_919).unwrap() % used.len()];
        match n % 4 {
            3 => bytes.truncate(at),
            _ => bytes[at] ^= 1 << (n % 8),
        }
        std::fs::write(&db, bytes).unwrap();
        let opened = open_noted(folder.path());
        let at_open = matches!(opened.notes[..], [OpenNote::ViewDamaged { .. }]);
        assert!(at_open || opened.notes.is_empty(), "byte {at}: {:?}", opened.notes);
        assert!(at_open || n % 4 != 3, "a file that is cut is noticed at the open");
        assert_eq!(opened.desk.view_digest().unwrap(), digest);
        opened.desk.close().unwrap();
        let again = open_noted(folder.path());
        let made_anew = matches!(again.notes[..], [OpenNote::Unclosed]);
        assert!(made_anew || again.notes.is_empty(), "byte {at}: {:?}", again.notes);
        noticed += usize::from(at_open || made_anew);
        again.desk.close().unwrap();
    }
    // Some bytes of sled's file are nothing's any more.
    assert!(noticed >= 6, "{noticed} of 12");
    std::fs::remove_dir_all(folder.path().join("view")).unwrap();
    assert_eq!(open(folder.path()).view_digest().unwrap(), digest);
}

/// A view that knows more than its journal stops the open; a view behind it catches up.
#[test]
fn a_view_ahead_or_behind_is_put_right() {
    let (older, newer) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let desk = open(older.path());
    seed(&desk);
    desk.close().unwrap();
    copy(older.path(), newer.path());
    let desk = open(newer.path());
    let d = Deduction {
        provider: provider(0),
        article: "media-exposure".parse().unwrap(),
        points: Points(10),
        occurred_on: day(2011, 3, 2),
        outlet: None,
        problem: None,
        note: None,
        subject: None,
        evidence: None,
    };
    desk.submit(&who(), Command::TakeIn(d)).unwrap();
    let digest = desk.view_digest().unwrap();
    desk.close().unwrap();

    let behind = tempfile::tempdir().unwrap();
    copy(older.path(), behind.path());
    copy(&newer.path().join("journal"), &behind.path().join("journal"));
    let opened = open_noted(behind.path());
    assert!(matches!(opened.notes[..], [koufen::desk::OpenNote::CaughtUp { .. }]), "{:?}", opened.notes);
    assert_eq!(opened.desk.view_digest().unwrap(), digest);

    // An older journal put back under a newer view: what was acknowledged is gone, and that is never passed over.
    copy(&older.path().join("journal"), &newer.path().join("journal"));
    let refused = try_open(newer.path()).err().unwrap();
    assert!(matches!(refused, StoreError::Journal(JournalError::Lost { from: Seq(10), to: Seq(10) })), "{refused}");
}

/// Entries never go back in time: a clock that was set back is said, and what is recorded meanwhile gets the time of
/// the last entry. One before 1970 is a clock like any other.
#[test]
fn a_clock_set_back_is_said_and_entries_do_not_go_back() {
    let folder = tempfile::tempdir().unwrap();
    let at = |seconds: i64| {
        let (rulebook, calendar) = (Rulebook::shipped().unwrap(), Calendar::shipped().unwrap());
        let clock: Arc<dyn Clock> = Arc::new(ManualClock::at(Moment(seconds)));
        let path = folder.path().to_owned();
        let wait = std::time::Duration::ZERO;
        Desk::open(OpenOptions { path, rulebook, calendar, clock, wait, progress: &mut |_| {} }).unwrap()
    };
    let times = |desk: &Desk| desk.journal_tail(None, 10).unwrap().iter().map(|r| r.entry.at.0).collect::<Vec<_>>();
    let add = |desk: &Desk, id: &str| {
        desk.submit(&who(), Command::AddProvider(fixture::provider(id, "捷达"))).unwrap();
    };
    let early = at(-5_000);
    add(&early.desk, "P0001");
    early.desk.close().unwrap();
    let late = at(1_300_000_000);
    assert_eq!(late.notes, []);
    add(&late.desk, "P0002");
    late.desk.close().unwrap();
    let back = at(1_200_000_000);
    assert_eq!(back.notes, [koufen::desk::OpenNote::ClockBack { last: Moment(1_300_000_000) }]);
    add(&back.desk, "P0003");
    assert_eq!(times(&back.desk), [1_300_000_000, 1_300_000_000, -5_000]);
}

/// Regression: a listener that panicked took the writer with it: half of a group stayed readable, and nobody was
/// answered any more.
#[test]
fn a_writer_that_panics_leaves_whole_groups_and_goes_on() {
    let desk = Desk::in_memory(Rulebook::shipped().unwrap(), clock()).unwrap();
    seed(&desk);
    let once = std::sync::atomic::AtomicBool::new(true);
    desk.listen(move |_| {
        assert!(!once.swap(false, std::sync::atomic::Ordering::SeqCst), "a listener that fails once, on purpose");
        true
    });
    let add = |id: &str| desk.submit(&who(), Command::AddProvider(fixture::provider(id, "捷达")));
    let unknown = add("P0500").unwrap_err();
    assert!(matches!(unknown, koufen::desk::DeskError::Store(StoreError::Unanswered)), "{unknown}");
    // It was on disk before the listener failed, so it happened; asking again says so.
    let again = add("P0500").unwrap_err();
    assert!(matches!(again, koufen::desk::DeskError::Refused(_)), "{again}");
    add("P0501").unwrap();
    let checked = desk.check(true, &mut |_| {}).unwrap();
    assert!(checked.is_sound(), "{:?}", checked.recount);
}
