//! The journal on disk: every cut, every flipped byte, every released format.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

use koufen::domain::{Deduction, Event, LineLaw, Outlet, Provider, ProviderKind};
use koufen::ids::Seq;
use koufen::journal::{Came, Chained, Door, Entry, Head, Journal, JournalError, Opening, SegmentJournal, verify};
use koufen::money::Fen;
use koufen::points::Points;
use koufen::rulebook::{ArticleKind, EditionHash, Needs};
use koufen::time::{Day, Moment};
use std::fs;
use std::path::{Path, PathBuf};

fn day(y: i32, m: u32, d: u32) -> Day {
    Day::from_ymd_opt(y, m, d).unwrap()
}

/// Seven entries, of the kinds of the first release.
fn entries() -> Vec<Entry> {
    let provider = Provider {
        id: "P0007".parse().unwrap(),
        name: "杭州捷达商贸".into(),
        kind: ProviderKind::ThirdParty,
        city: "杭州".into(),
        population: Some(8_700_373),
        registered_capital: Some(Fen(100_000_000)),
        agreement_on: Some(day(2010, 9, 12)),
        email: Some("ops@example.cn".into()),
        phone: None,
    };
    let outlet = Outlet {
        id: "O000012".parse().unwrap(),
        provider: provider.id.clone(),
        city: "杭州".into(),
        name: "文三路12号便利店".into(),
        signed_on: Some(day(2010, 10, 1)),
        staff: Some(2),
    };
    let deduction = Deduction {
        provider: provider.id.clone(),
        article: "outlet-complaint".parse().unwrap(),
        points: Points(2),
        occurred_on: day(2011, 3, 2),
        outlet: Some(outlet.id.clone()),
        problem: Some("配送慢".into()),
        note: Some("多行\n备注".into()),
        subject: None,
        evidence: None,
    };
    let credit = Deduction {
        article: "rectification-passed".parse().unwrap(),
        outlet: None,
        problem: None,
        ..deduction.clone()
    };
    let reversed = Event::Reversed {
        line: Seq(5),
        provider: provider.id.clone(),
        occurred_on: day(2011, 3, 2),
        reason: "误记".into(),
    };
    let law = |kind, cap| LineLaw { kind, cap, needs: Needs::Outlet, edition: None, agreed: None, proposed: None };
    let self_operated = Provider { kind: ProviderKind::SelfOperated, ..provider.clone() };
    let events = [
        Event::ProviderAdded(provider),
        Event::ProviderAmended(self_operated),
        Event::OutletAdded(outlet.clone()),
        Event::OutletAmended(Outlet { staff: None, ..outlet }),
        Event::Deducted { deduction, law: law(ArticleKind::Deduction, Some(Points(10))) },
        Event::Deducted { deduction: credit, law: law(ArticleKind::Credit, None) },
        reversed,
    ];
    events
        .into_iter()
        .enumerate()
        .map(|(n, event)| Entry { at: Moment(1_300_000_000 + n as i64), by: "ops-2".into(), came: None, event })
        .collect()
}

/// Seven entries as blocks of 1, 2 and 4, in segments of one block each.
fn small(folder: &Path) -> Head {
    let (mut journal, torn) = SegmentJournal::open_with(folder, 100).unwrap();
    assert!(torn.is_none());
    let all = entries();
    for block in [&all[..1], &all[1..3], &all[3..]] {
        journal.append(journal.head(), block).unwrap();
    }
    journal.head()
}

fn all(journal: &dyn Journal) -> Vec<Chained> {
    let mut rows = Vec::new();
    journal
        .read(Seq(1), &mut |recorded| {
            rows.push(recorded);
            true
        })
        .unwrap();
    rows
}

fn segments(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    files.retain(|p| p.extension().is_some_and(|e| e == "koufen"));
    files.sort();
    files
}

#[test]
fn what_is_appended_is_read_back_over_segments_and_opens() {
    let folder = tempfile::tempdir().unwrap();
    let head = small(folder.path());
    assert!(segments(folder.path()).len() >= 3);
    let (mut journal, _) = SegmentJournal::open_with(folder.path(), 100).unwrap();
    assert_eq!(journal.head(), head);
    let read = all(&journal);
    assert_eq!(read.iter().map(|r| r.entry.clone()).collect::<Vec<_>>(), entries());
    for recorded in &read {
        assert_eq!(journal.entry(recorded.seq).unwrap().as_ref(), Some(recorded));
    }
    assert_eq!(journal.entry(Seq(8)).unwrap(), None);
    assert_eq!(journal.entry(Seq(0)).unwrap(), None);
    let stale = Head { seq: Seq(3), ..head };
    assert!(matches!(journal.append(stale, &entries()), Err(JournalError::Moved { .. })));
    let verified = verify(folder.path(), &mut |_| {}).unwrap();
    assert_eq!((verified.head, verified.entries), (head, 7));
}

#[test]
fn a_torn_tail_is_cut_at_every_length_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let (mut journal, _) = SegmentJournal::open(folder.path()).unwrap();
    journal.append(journal.head(), &entries()[..3]).unwrap();
    let whole = journal.head();
    let file = segments(folder.path()).pop().unwrap();
    let kept = fs::read(&file).unwrap();
    journal.append(whole, &entries()[3..]).unwrap();
    drop(journal);
    let full = fs::read(&file).unwrap();
    for len in kept.len() + 1..full.len() {
        fs::write(&file, &full[..len]).unwrap();
        let (mut journal, torn) = SegmentJournal::open(folder.path()).unwrap();
        let torn = torn.unwrap();
        assert_eq!(journal.head(), whole, "cut at {len}");
        // Zeroes at its end may as well be room.
        let said = full[kept.len()..len].iter().rposition(|b| *b != 0).unwrap() + 1;
        assert_eq!((torn.offset, torn.bytes), (kept.len() as u64, said as u64));
        assert_eq!(fs::read(&torn.kept_in).unwrap(), full[kept.len()..kept.len() + said]);
        assert_eq!(fs::read(&file).unwrap(), kept);
        journal.append(whole, &entries()[3..]).unwrap();
        assert_eq!(fs::read(&file).unwrap(), full);
    }
}

/// Zeroes behind the last block are room for the next ones: nothing is missing, nothing is said, and an open cuts them off.
#[test]
fn room_behind_the_last_block_is_no_part_of_the_journal() {
    let folder = tempfile::tempdir().unwrap();
    let head = small(folder.path());
    let file = segments(folder.path()).pop().unwrap();
    let whole = fs::read(&file).unwrap();
    for room in [1, 19, 20, 21, 700, 70_000] {
        fs::write(&file, [&whole[..], &vec![0; room]].concat()).unwrap();
        assert_eq!(verify(folder.path(), &mut |_| {}).unwrap().head, head);
        let look = Opening { look: true, ..Opening::default() };
        assert_eq!(SegmentJournal::open_known(folder.path(), look).unwrap().0.head(), head);
        assert_eq!(fs::read(&file).unwrap().len(), whole.len() + room, "a look changes nothing");
        let (journal, torn) = SegmentJournal::open(folder.path()).unwrap();
        assert_eq!((journal.head(), torn), (head, None));
        assert_eq!(fs::read(&file).unwrap(), whole);
    }
    // Behind a sealed segment there is none.
    let sealed = &segments(folder.path())[0];
    fs::write(sealed, [&fs::read(sealed).unwrap()[..], &[0; 700]].concat()).unwrap();
    assert!(matches!(SegmentJournal::open(folder.path()), Err(JournalError::Damaged { .. })));
}

/// Found by the fuzz: what was cut off of a segment that was just begun went unsaid where the one before it ends in room.
#[test]
fn what_is_cut_off_is_said_where_the_segment_before_has_room() {
    let folder = tempfile::tempdir().unwrap();
    small(folder.path());
    let [.., before, begun] = &segments(folder.path())[..] else { panic!("segments") };
    let (whole, bytes) = (fs::read(before).unwrap(), fs::read(begun).unwrap());
    let said = &bytes[..bytes.len() - 9];
    fs::write(begun, said).unwrap();
    fs::write(before, [&whole[..], &[0; 700]].concat()).unwrap();
    let (journal, torn) = SegmentJournal::open(folder.path()).unwrap();
    let torn = torn.unwrap();
    assert_eq!((journal.head().seq, torn.first_seq, torn.offset), (Seq(3), Seq(4), 0));
    assert_eq!(fs::read(&torn.kept_in).unwrap(), said);
    assert_eq!((fs::read(before).unwrap(), begun.exists()), (whole, false));
}

/// The second small block makes room for those that follow: the file does not grow with them. It is cut off when a segment
/// is sealed and at the end, and a process that ends in the middle leaves a journal that is whole.
#[test]
fn small_blocks_are_written_into_room() {
    let folder = tempfile::tempdir().unwrap();
    let (mut journal, _) = SegmentJournal::open(folder.path()).unwrap();
    let file = || segments(folder.path()).pop().unwrap();
    let len = || fs::metadata(file()).unwrap().len();
    journal.append(journal.head(), &entries()[..1]).unwrap();
    assert_eq!(len(), journal.bytes(), "one alone makes none");
    journal.append(journal.head(), &entries()[..1]).unwrap();
    let with_room = len();
    assert!(with_room > journal.bytes() + 60_000);
    for n in 0..150 {
        journal.append(journal.head(), &entries()[n % 7..n % 7 + 1]).unwrap();
    }
    assert_eq!(len(), with_room);
    let left = fs::read(file()).unwrap();
    // A large block needs none, and goes into what there is.
    let many: Vec<Entry> = std::iter::repeat_with(entries).take(40).flatten().collect();
    journal.append(journal.head(), &many).unwrap();
    assert!(len() == with_room || len() == journal.bytes());
    while journal.bytes() < with_room + 1_000 {
        journal.append(journal.head(), &entries()).unwrap();
    }
    assert!(len() > journal.bytes(), "there is new room");
    let head = journal.head();
    drop(journal);
    let (mut journal, torn) = SegmentJournal::open(folder.path()).unwrap();
    assert_eq!((journal.head(), torn, len()), (head, None, journal.bytes()));
    // Where a process ended without its end.
    let early = verify(folder.path(), &mut |_| {}).unwrap();
    fs::write(file(), &left).unwrap();
    let killed = verify(folder.path(), &mut |_| {}).unwrap();
    assert_eq!((killed.head.seq, early.head), (Seq(152), head));
    fs::write(file(), &left[..left.len() - 5_000]).unwrap();
    drop(journal);
    journal = SegmentJournal::open(folder.path()).unwrap().0;
    assert_eq!(journal.head(), killed.head);
}

/// A segment is sealed at its last block.
#[test]
fn a_sealed_segment_has_no_room() {
    let folder = tempfile::tempdir().unwrap();
    let (mut journal, _) = SegmentJournal::open_with(folder.path(), 3_000).unwrap();
    while segments(folder.path()).len() < 3 {
        journal.append(journal.head(), &entries()[..1]).unwrap();
    }
    let head = journal.head();
    for file in &segments(folder.path())[..2] {
        assert!((3_000..3_500).contains(&fs::metadata(file).unwrap().len()), "sealed with the block that fills it");
    }
    assert_eq!(verify(folder.path(), &mut |_| {}).unwrap().head, head, "as a copy made now");
    assert_eq!(SegmentJournal::open(folder.path()).unwrap().0.head(), head);
}

/// A block that goes into room is there whole, or it is torn: a disk writes whole sectors, a system whole pages.
#[test]
fn a_block_that_was_written_in_part_into_room_is_torn() {
    let folder = tempfile::tempdir().unwrap();
    let (mut journal, _) = SegmentJournal::open(folder.path()).unwrap();
    // So that blocks of each length begin and end at each place of a sector.
    for n in 0..80 {
        let (before, file) = (journal.head(), segments(folder.path()).pop());
        let kept = file.as_ref().map_or(Vec::new(), |file| fs::read(file).unwrap());
        let at = usize::try_from(journal.bytes()).unwrap();
        journal.append(before, &entries()[..n % 7 + 1]).unwrap();
        let Some(file) = file else { continue };
        let (full, end) = (fs::read(&file).unwrap(), usize::try_from(journal.bytes()).unwrap());
        drop(journal);
        for missing in (at / 512..end.div_ceil(512)).map(|sector| sector * 512..sector * 512 + 512) {
            let mut bytes = full.clone();
            bytes.resize(end.max(kept.len()) + 5_000, 0);
            bytes[missing.start.max(at)..missing.end].fill(0);
            let said = bytes[at..].iter().any(|b| *b != 0);
            fs::write(&file, &bytes).unwrap();
            let (journal, torn) = SegmentJournal::open(folder.path()).unwrap();
            assert_eq!((journal.head(), torn.is_some()), (before, said), "{n}: {missing:?} of {at}..{end}");
        }
        fs::write(&file, &full[..end]).unwrap();
        journal = SegmentJournal::open(folder.path()).unwrap().0;
    }
}

#[test]
fn every_flipped_byte_is_named_by_seq_and_offset() {
    let folder = tempfile::tempdir().unwrap();
    let head = small(folder.path());
    for file in segments(folder.path()) {
        let good = fs::read(&file).unwrap();
        for at in 0..good.len() {
            let mut bad = good.clone();
            bad[at] ^= 0x20;
            fs::write(&file, &bad).unwrap();
            match verify(folder.path(), &mut |_| {}) {
                Err(JournalError::Damaged { segment, seq, offset, len, .. }) => {
                    assert_eq!(segment, file, "byte {at}");
                    assert!((1..=7).contains(&seq.0), "byte {at}: seq {seq}");
                    let near = offset..offset + len.max(1);
                    assert!(near.contains(&(at as u64)), "byte {at} of {}: {near:?}", file.display());
                }
                other => panic!("byte {at} of {}: {other:?}", file.display()),
            }
            match SegmentJournal::open_with(folder.path(), 100) {
                Ok((journal, torn)) => {
                    assert!(torn.is_none(), "byte {at}: acknowledged entries were cut off");
                    assert_eq!(journal.head().seq, head.seq, "byte {at}");
                }
                Err(JournalError::Damaged { .. }) => {}
                Err(other) => panic!("byte {at}: {other}"),
            }
            assert_eq!(fs::read(&file).unwrap(), bad, "byte {at}: a look changes nothing");
        }
        fs::write(&file, &good).unwrap();
    }
    verify(folder.path(), &mut |_| {}).unwrap();
}

#[test]
fn a_missing_or_cut_sealed_segment_is_damage() {
    for cut in [None, Some(100)] {
        let folder = tempfile::tempdir().unwrap();
        small(folder.path());
        let file = &segments(folder.path())[1];
        match cut {
            None => fs::remove_file(file).unwrap(),
            Some(len) => fs::write(file, &fs::read(file).unwrap()[..len]).unwrap(),
        }
        assert!(matches!(SegmentJournal::open(folder.path()), Err(JournalError::Damaged { .. })));
        assert!(matches!(verify(folder.path(), &mut |_| {}), Err(JournalError::Damaged { .. })));
    }
}

/// Regression (fuzzed segments): what is counted from a number that no entry has overflowed, in a header, in a file that
/// has none yet, and in an entry that accepts a loss.
#[test]
fn a_number_that_no_entry_has_is_damage() {
    let good = tempfile::tempdir().unwrap();
    let (mut journal, _) = SegmentJournal::open(good.path()).unwrap();
    let head = journal.append(journal.head(), &entries()[..1]).unwrap();
    let bytes = fs::read(&segments(good.path())[0]).unwrap();
    let numbered = |number: u64| {
        let mut bytes = bytes.clone();
        for (at, end) in [(12, 60), (64 + 8, 64 + 16)] {
            bytes[at..at + 8].copy_from_slice(&number.to_le_bytes());
            let crc = crc32fast::hash(&bytes[if end == 60 { 0 } else { 64 }..end]);
            bytes[end..end + 4].copy_from_slice(&crc.to_le_bytes());
        }
        bytes
    };
    for (number, bytes) in [(0, vec![]), (0, numbered(0)), (u64::MAX, numbered(u64::MAX)), (1, numbered(1))] {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(format!("{number:020}.koufen")), &bytes).unwrap();
        let (opened, checked) = (SegmentJournal::open(folder.path()), verify(folder.path(), &mut |_| {}));
        let damaged = |done: Option<JournalError>| matches!(done, Some(JournalError::Damaged { .. }));
        assert_eq!((damaged(opened.err()), damaged(checked.err())), (number != 1, number != 1), "{number} {bytes:?}");
    }
    // The segment after a loss says which entries are gone.
    let known = Head { seq: Seq(4), ..head };
    let opening = Opening { known: Some(known), accept: Some(Seq(2)), ..Opening::default() };
    let (mut journal, _) = SegmentJournal::open_known(good.path(), opening).unwrap();
    let event = Event::LossAccepted { from: Seq(2), to: Seq(u64::MAX), reason: "x".into() };
    let head = journal.append(journal.head(), &[Entry { event, ..entries()[0].clone() }]).unwrap();
    let opening = Opening { known: Some(head), ..Opening::default() };
    let refused = SegmentJournal::open_known(good.path(), opening).err().unwrap();
    assert!(matches!(refused, JournalError::Damaged { .. }), "{refused}");
}

#[test]
fn a_later_format_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    small(folder.path());
    let file = segments(folder.path()).remove(0);
    let mut bytes = fs::read(&file).unwrap();
    bytes[8] = 9;
    let crc = crc32fast::hash(&bytes[..60]);
    bytes[60..64].copy_from_slice(&crc.to_le_bytes());
    fs::write(&file, bytes).unwrap();
    let refused = SegmentJournal::open(folder.path()).err().unwrap();
    assert!(matches!(refused, JournalError::NewerFormat { found: 9, known: 1, .. }), "{refused}");
}

/// The bytes of a segment, literally: its header, blocks and chain are what they were, and stay readable. They are never
/// made anew; what the entries hold is for `tests/golden.rs`.
#[test]
fn a_segment_has_the_bytes_that_it_was_released_with() {
    let folder = tempfile::tempdir().unwrap();
    let (mut journal, _) = SegmentJournal::open_with(folder.path(), 300).unwrap();
    for block in [&entries()[6..], &entries()[4..6], &entries()[6..]] {
        journal.append(journal.head(), block).unwrap();
    }
    let head = journal.head();
    let literal = include_str!("golden/segments-v1.txt");
    let literal = literal.lines().filter(|line| !line.starts_with('#')).collect::<Vec<_>>().join("\n");
    let literal: Vec<Vec<u8>> = literal.split("\n\n").map(bytes_of).filter(|bytes| !bytes.is_empty()).collect();
    assert_eq!(literal.len(), 2, "two segments");
    let written = segments(folder.path()).into_iter().map(|file| fs::read(file).unwrap());
    assert!(written.eq(literal.iter().cloned()), "stores hold segments as tests/golden/segments-v1.txt has them");
    let copy = tempfile::tempdir().unwrap();
    for (first, bytes) in [1, 4].into_iter().zip(literal) {
        fs::write(copy.path().join(format!("{first:020}.koufen")), bytes).unwrap();
    }
    let (journal, torn) = SegmentJournal::open_with(copy.path(), 300).unwrap();
    assert_eq!((journal.head(), torn), (head, None));
    let read: Vec<Entry> = all(&journal).into_iter().map(|recorded| recorded.entry).collect();
    assert_eq!(read, [&entries()[6..], &entries()[4..6], &entries()[6..]].concat());
    assert_eq!(verify(copy.path(), &mut |_| {}).unwrap().entries, 4);
}

/// The lines of a block say their edition once, whatever stands between them and wherever a reader begins; the next block
/// says it again, so that each can be read by itself.
#[test]
fn lines_of_a_block_share_their_edition() {
    let folder = tempfile::tempdir().unwrap();
    let (mut journal, _) = SegmentJournal::open_with(folder.path(), 1_500).unwrap();
    let line = entries().into_iter().find(|entry| entry.event.deduction().is_some()).unwrap();
    let by = |edition: &str| {
        let Event::Deducted { deduction, law } = line.event.clone() else { panic!("{line:?}") };
        let law = LineLaw { edition: Some(EditionHash::of(edition)), ..law };
        let came = Some(Came { door: Door::Local, part: None });
        Entry { came, event: Event::Deducted { deduction, law }, ..line.clone() }
    };
    let other = |came| Entry { came, ..entries()[0].clone() };
    let block = [
        other(by("").came),
        by("1.6"),
        by("1.6"),
        other(None),
        by("2.0"),
        by("1.6"),
        by("1.6"),
        line.clone(),
        by("2.0"),
    ];
    let mut want = Vec::new();
    for part in [&block[..], &block[2..], &block[5..6], &block[..]] {
        journal.append(journal.head(), part).unwrap();
        want.extend_from_slice(part);
    }
    assert!(segments(folder.path()).len() > 1);
    drop(journal);
    let (journal, _) = SegmentJournal::open_with(folder.path(), 1_500).unwrap();
    for from in 1..=want.len() as u64 {
        let mut read = Vec::new();
        journal
            .read(Seq(from), &mut |recorded| {
                read.push(recorded.entry);
                true
            })
            .unwrap();
        assert_eq!(read, want[usize::try_from(from).unwrap() - 1..], "from {from}");
        assert_eq!(journal.entry(Seq(from)).unwrap().unwrap().entry, read[0]);
    }
    assert_eq!(verify(folder.path(), &mut |_| {}).unwrap().entries, want.len() as u64);
    let bytes: Vec<u8> = segments(folder.path()).iter().flat_map(|file| fs::read(file).unwrap()).collect();
    let said = |edition: &str| bytes.windows(32).filter(|some| *some == EditionHash::of(edition).0).count();
    // Twice in a block where another came between.
    assert_eq!((said("1.6"), said("2.0")), (2 + 2 + 1 + 2, 2 + 2 + 2));
}

/// Bytes in hex, over as many lines as there are.
fn bytes_of(hex: &str) -> Vec<u8> {
    let hex: String = hex.split_whitespace().collect();
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}
