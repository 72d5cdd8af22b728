//! The journal's promises that need bytes made on purpose: missing segments, leftovers, later formats, any entries.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

use koufen::domain::Event;
use koufen::ids::Seq;
use koufen::journal::{Entry, Journal, JournalError, SegmentJournal, verify};
use koufen::time::{Day, Moment};
use proptest::prelude::*;
use std::fs;
use std::path::{Path, PathBuf};

fn entry(at: i64, reason: &str) -> Entry {
    let event = Event::Reversed {
        line: Seq(1),
        provider: "P0007".parse().unwrap(),
        occurred_on: Day::from_ymd_opt(2011, 3, 2).unwrap(),
        reason: reason.into(),
    };
    Entry { at: Moment(at), by: "ops".into(), came: None, event }
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
        assert!(
            matches!(refused, JournalError::NewerFormat { found: 9, known: koufen::journal::ENTRY_FORMAT, .. }),
            "{refused}"
        );
        // Open reads the last segment, reading reads the others.
        let refused = match SegmentJournal::open(folder.path()) {
            Ok((journal, _)) => journal.read(Seq(1), &mut |_| true).unwrap_err(),
            Err(refused) => refused,
        };
        assert!(
            matches!(refused, JournalError::NewerFormat { found: 9, known: koufen::journal::ENTRY_FORMAT, .. }),
            "{refused}"
        );
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
