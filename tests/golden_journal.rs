//! The journal's promises that need bytes made on purpose: missing segments, leftovers, later formats, any entries.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

use koufen::calendar::Term;
use koufen::domain::turnover::Dormancy;
use koufen::domain::{About, AlertSubject, Breach, Happening, Law, Mark, Obligation, ObligationKind};
use koufen::domain::{
    Deduction, Event, FindingId, LineLaw, LineSubject, Measured, Phase, Request, RequestKind, Subject, Support,
    Turnover,
};
use koufen::exchange::record::KINDS;
use koufen::ids::{ProviderId, Seq};
use koufen::journal::{Entry, Journal, JournalError, SegmentJournal, verify};
use koufen::money::Fen;
use koufen::points::Points;
use koufen::rulebook::{ArticleKind, Needs, Rulebook};
use koufen::time::{Day, Moment, parse_moment};
use proptest::prelude::*;
use std::fs;
use std::path::{Path, PathBuf};

fn law(cap: Option<Points>) -> LineLaw {
    LineLaw { kind: ArticleKind::Deduction, cap, needs: Needs::Outlet }
}

fn entry(at: i64, reason: &str) -> Entry {
    let event = Event::Reversed {
        line: Seq(1),
        provider: "P0007".parse().unwrap(),
        occurred_on: Day::from_ymd_opt(2011, 3, 2).unwrap(),
        reason: reason.into(),
    };
    Entry { at: Moment(at), by: "ops".into(), event }
}

/// Four segments of one entry each, all of the same length.
fn alike(folder: &Path) -> Vec<PathBuf> {
    let (mut journal, _) = SegmentJournal::open_with(folder, 1).unwrap();
    for _ in 0..4 {
        journal.append(journal.head(), &[entry(1_300_000_000, "误记")]).unwrap();
    }
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    files.sort();
    assert_eq!(files.len(), 4);
    files
}

#[test]
fn a_missing_segment_is_damage_even_when_its_neighbours_are_as_long() {
    let folder = tempfile::tempdir().unwrap();
    let files = alike(folder.path());
    fs::remove_file(&files[1]).unwrap();
    let open = SegmentJournal::open(folder.path()).err();
    assert!(matches!(open, Some(JournalError::Damaged { .. })), "{open:?}");
    assert!(matches!(verify(folder.path(), &mut |_| {}), Err(JournalError::Damaged { .. })));
}

#[test]
fn a_torn_tail_says_the_seq_it_would_have_had() {
    let folder = tempfile::tempdir().unwrap();
    let (mut journal, _) = SegmentJournal::open(folder.path()).unwrap();
    for _ in 0..3 {
        journal.append(journal.head(), &[entry(1, "x")]).unwrap();
    }
    drop(journal);
    let file = folder.path().join(format!("{:020}.koufen", 1));
    let bytes = fs::read(&file).unwrap();
    fs::write(&file, &bytes[..bytes.len() - 1]).unwrap();
    let (journal, torn) = SegmentJournal::open(folder.path()).unwrap();
    assert_eq!((journal.head().seq, torn.unwrap().first_seq), (Seq(2), Seq(3)));
}

#[test]
fn leftovers_of_a_segment_never_begun_are_removed_by_open_alone() {
    let folder = tempfile::tempdir().unwrap();
    alike(folder.path());
    let left = folder.path().join(format!("{:020}.new", 5));
    fs::write(&left, b"half a header").unwrap();
    verify(folder.path(), &mut |_| {}).unwrap();
    assert!(left.exists(), "verify changes nothing");
    let (journal, torn) = SegmentJournal::open(folder.path()).unwrap();
    assert_eq!((journal.head().seq, torn), (Seq(4), None));
    assert!(!left.exists());
}

/// An entry of a later format is no damage: its bytes are sound, this program is too old for them.
#[test]
fn a_later_entry_format_is_refused_by_name() {
    for segment in [0, 3] {
        let folder = tempfile::tempdir().unwrap();
        let file = alike(folder.path()).remove(segment);
        let mut bytes = fs::read(&file).unwrap();
        let (start, end) = (64 + 20, bytes.len() - 32);
        bytes[start + 8] = 9;
        let mut crc = crc32fast::Hasher::new();
        crc.update(&bytes[start..start + 4]);
        crc.update(&bytes[start + 8..end]);
        bytes[start + 4..start + 8].copy_from_slice(&crc.finalize().to_le_bytes());
        fs::write(&file, bytes).unwrap();
        let refused = verify(folder.path(), &mut |_| {}).unwrap_err();
        assert!(matches!(refused, JournalError::NewerFormat { found: 9, known: 1, .. }), "{refused}");
        // Open reads the last segment, reading reads the others.
        let refused = match SegmentJournal::open(folder.path()) {
            Ok((journal, _)) => journal.read(Seq(1), &mut |_| true).unwrap_err(),
            Err(refused) => refused,
        };
        assert!(matches!(refused, JournalError::NewerFormat { found: 9, known: 1, .. }), "{refused}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn whatever_is_appended_is_read(
        blocks in prop::collection::vec(prop::collection::vec((0..4_000_000_000_i64, ".{0,40}"), 1..6), 1..6),
        limit in 1_u64..2000,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let (mut journal, _) = SegmentJournal::open_with(folder.path(), limit).unwrap();
        let mut all = Vec::new();
        for block in &blocks {
            let block: Vec<Entry> = block.iter().map(|(at, reason)| entry(*at, reason)).collect();
            journal.append(journal.head(), &block).unwrap();
            all.extend(block);
        }
        let head = journal.head();
        drop(journal);
        prop_assert_eq!(verify(folder.path(), &mut |_| {}).unwrap().head, head);
        let (journal, torn) = SegmentJournal::open_with(folder.path(), limit).unwrap();
        prop_assert!(torn.is_none() && journal.head() == head);
        let mut read = Vec::new();
        journal.read(Seq(1), &mut |r| { read.push(r.entry); true }).unwrap();
        prop_assert_eq!(&read, &all);
        for (n, entry) in all.iter().enumerate() {
            prop_assert_eq!(&journal.entry(Seq(n as u64 + 1)).unwrap().unwrap().entry, entry);
        }
    }
}

/// The same entries make the bytes of a kept file, and the file reads back as those entries.
fn same_bytes(name: &str, events: impl IntoIterator<Item = Event>) {
    let entries: Vec<Entry> =
        events.into_iter().map(|event| Entry { at: Moment(1_300_000_000), by: "ops".into(), event }).collect();
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(format!("{:020}.koufen", 1));
    let (mut journal, _) = SegmentJournal::open(folder.path()).unwrap();
    journal.append(journal.head(), &entries).unwrap();
    drop(journal);
    if std::env::var_os("KOUFEN_WRITE_GOLDEN").is_some() {
        fs::copy(&file, &golden).unwrap();
    }
    let bytes = fs::read(&golden).unwrap();
    assert_eq!(fs::read(&file).unwrap(), bytes, "the same entries make the same bytes");
    fs::write(&file, bytes).unwrap();
    let (journal, torn) = SegmentJournal::open(folder.path()).unwrap();
    let mut read = Vec::new();
    journal
        .read(Seq(1), &mut |r| {
            read.push(r.entry);
            true
        })
        .unwrap();
    assert_eq!((read, torn), (entries, None));
}

fn provider() -> ProviderId {
    "P0001".parse().unwrap()
}

/// The events of turnover and findings, as first released: their bytes stay readable.
#[test]
fn golden_turnover_events() {
    let month = "2011-02".parse().unwrap();
    let turnover = |orders, with_final_status| Turnover {
        outlet: "O0007".parse().unwrap(),
        month,
        amount: Fen(30_000),
        orders,
        with_final_status,
    };
    let finding = || FindingId { provider: provider(), subject: Subject::Dormant(month) };
    let measured = || Measured::Dormant(Dormancy { tested: 48, low: 12, zero: 2 });
    let deduction = Deduction {
        provider: provider(),
        article: "dormant-outlets".parse().unwrap(),
        points: Points(5),
        occurred_on: Day::from_ymd_opt(2011, 2, 28).unwrap(),
        outlet: None,
        problem: None,
        note: Some("dormant-outlets/P0001/2011-02".into()),
        subject: None,
        evidence: None,
    };
    let rule = Rulebook::shipped().unwrap().dormant;
    let (first, full) = (turnover(None, None), turnover(Some(27), Some(26)));
    let events = [
        Event::TurnoverRecorded { turnover: first, provider: provider(), rule },
        Event::TurnoverAmended { turnover: full, provider: provider(), reason: "报错".into() },
        Event::FindingConfirmed { finding: finding(), measured: measured(), deduction, law: law(None) },
        Event::FindingDismissed { finding: finding(), measured: measured(), reason: "停业装修".into() },
    ];
    same_bytes("turnover-v1.koufen", events);
}

/// The events of requests, as first released: their bytes stay readable.
#[test]
fn golden_request_events() {
    let moment = |text| parse_moment(text).unwrap();
    let outlet = || "O0001".parse().unwrap();
    let due = moment("2011-10-09T23:59:59");
    let request = Request {
        outlet: outlet(),
        provider: provider(),
        kind: RequestKind::Exit,
        asked: moment("2011-09-30T16:00"),
        term: Term::WorkingDays(2),
        due,
        calendar: "0e26ebb8".into(),
        note: Some("迁店".into()),
    };
    let finding = FindingId { provider: provider(), subject: Subject::Exit(Seq(6)) };
    let at = moment("2011-10-11T09:00");
    let measured = Measured::Late { outlet: outlet(), due, answered: Some(at) };
    let events = [
        Event::RequestOpened(request),
        Event::RequestAnswered { request: Seq(6), provider: provider(), at, note: Some("同意".into()) },
        Event::FindingDismissed { finding, measured, reason: "邮路中断".into() },
    ];
    same_bytes("request-v1.koufen", events);
}

/// Every record, obligation, breach and alert, as first released: their bytes stay readable.
#[test]
fn golden_record_events() {
    let moment = |text| parse_moment(text).unwrap();
    let day = |text: &str| koufen::time::parse_day(text).unwrap();
    let example = |name: &str, words: &[&str]| match name {
        _ if !words.is_empty() => words[0].to_owned(),
        "provider_id" | "to" => "P0001".to_owned(),
        "outlet_id" | "outlets" => "O0001".to_owned(),
        "weekday" | "day_off" | "declared" => "09:00-12:00,13:00-22:00".to_owned(),
        "publicity" => "abd".to_owned(),
        "evidence" => "form,photos,statement".to_owned(),
        "on" | "until" | "material_on" | "traded_on" => "2011-03-02".to_owned(),
        "city" | "region" => "杭州".to_owned(),
        _ => "12".to_owned(),
    };
    let facts = KINDS.iter().map(|kind| {
        let words = |name: &str| kind.all_fields().find(|field| field.name == name).unwrap().words;
        let typed = |name: &str| example(name, words(name));
        match kind.read(&typed, Moment::start_of(day("2011-03-18")), &|_| Some(provider())) {
            Ok(koufen::domain::Command::Record(recording)) => recording.fact,
            other => panic!("{}: {other:?}", kind.word),
        }
    });
    let limits = Rulebook::shipped().unwrap().limits;
    let abouts =
        [About::Provider, About::City("杭州".into()), About::Outlet("O0001".parse().unwrap()), About::Entry(Seq(9))];
    let opens = ObligationKind::ALL.into_iter().enumerate().map(|(at, kind)| Obligation {
        kind,
        about: abouts[at % abouts.len()].clone(),
        start: moment("2011-03-02T00:00"),
        term: if at == 0 { Term::Until } else { kind.term(&limits) },
        due: moment("2011-03-11T23:59:59"),
        calendar: "0e26ebb8".into(),
        need: 13,
        have: 2,
    });
    let opens: Vec<Obligation> = opens.collect();
    let measures = [
        Measured::Event,
        Measured::Missed { due: moment("2011-03-11T23:59:59"), done: None, need: 13, have: 2 },
        Measured::Conference { invited: 100, attended: 39, signed: 30 },
        Measured::Share { part: 4, whole: 20, percent: 15 },
        Measured::LateAndFaulty { due: moment("2011-03-11T23:59:59"), done: None, part: 4, whole: 20, percent: 1 },
    ];
    let decided = measures.into_iter().zip(Breach::ALL).map(|(measured, breach)| Event::FindingDismissed {
        finding: FindingId { provider: provider(), subject: Subject::Of(breach, Seq(3)) },
        measured,
        reason: "不实".into(),
    });
    let laws = [Law::None, Law::Conference { attended: 40, signed: 60 }, Law::Most(15)];
    let happened = facts.enumerate().map(|(at, fact)| {
        Event::Happened(Box::new(Happening {
            provider: provider(),
            fact,
            on: day("2011-03-02"),
            confirmed_by: (at % 2 == 0).then(|| "王芳".into()),
            note: (at % 3 == 0).then(|| "现场".into()),
            terms: if at == 0 { opens.clone() } else { Vec::new() },
            law: laws[at % laws.len()],
        }))
    });
    let subjects = [
        AlertSubject::Score(2011),
        AlertSubject::Due(Seq(4), ObligationKind::Signing),
        AlertSubject::Finding(Subject::Of(Breach::Claim, Seq(5))),
        AlertSubject::NearDormant("2011-02".parse().unwrap()),
        AlertSubject::NearAttrition(Seq(6)),
        AlertSubject::FinalStatus("2011-02".parse().unwrap()),
        AlertSubject::Edition("1.6".into()),
        AlertSubject::Deposit,
        AlertSubject::Claim(Seq(7)),
        AlertSubject::Correction(Seq(8)),
        AlertSubject::FailedAgain(Seq(9)),
    ];
    let marks =
        [Mark::Acknowledged, Mark::Snoozed { until: moment("2011-03-21T08:00") }, Mark::Assigned { to: "李雷".into() }];
    let marked = subjects.into_iter().enumerate().map(|(at, subject)| {
        let mark = marks[at % marks.len()].clone();
        Event::AlertMarked { provider: provider(), subject, level: 2, mark }
    });
    let capped = Event::FindingConfirmed {
        finding: FindingId { provider: provider(), subject: Subject::Of(Breach::Complaint, Seq(3)) },
        measured: Measured::Event,
        deduction: Deduction {
            provider: provider(),
            article: "outlet-complaint".parse().unwrap(),
            points: Points(2),
            occurred_on: day("2011-03-02"),
            outlet: Some("O0001".parse().unwrap()),
            problem: Some("退货".into()),
            note: None,
            subject: None,
            evidence: None,
        },
        law: law(Some(Points(10))),
    };
    let moved = Event::ObligationsMoved {
        provider: provider(),
        calendar: "12345678".into(),
        moved: vec![((Seq(4), ObligationKind::Review), moment("2011-03-14T23:59:59"))],
    };
    let taken = Event::Voided {
        entries: vec![Seq(7), Seq(9)],
        lines: vec![(day("2011-03-02"), Seq(9))],
        provider: provider(),
        reason: "误录".into(),
    };
    let back = Event::Restored {
        void: Seq(12),
        entries: vec![Seq(7), Seq(9)],
        lines: vec![(day("2011-03-02"), Seq(9))],
        provider: provider(),
        reason: "查实".into(),
    };
    let supports = [
        LineSubject::Conference(Seq(3)),
        LineSubject::Training(Seq(4)),
        LineSubject::Territory("杭州".into()),
        LineSubject::Rollout("杭州".into(), Phase::First),
        LineSubject::Rollout("杭州".into(), Phase::All),
        LineSubject::Month("2011-02".parse().unwrap()),
        LineSubject::Named("杭州 三月".into()),
    ];
    let supported = supports.into_iter().map(|subject| Event::Supported {
        line: Seq(5),
        provider: provider(),
        occurred_on: day("2011-03-02"),
        was: Support::default(),
        is: Support { subject: Some(subject), evidence: Some("照片 3 张".into()) },
    });
    let rest = decided.chain(marked).chain([capped, moved, taken, back]).chain(supported);
    same_bytes("record-v1.koufen", happened.chain(rest).collect::<Vec<_>>());
}
