//! Any bytes as segments of a journal: bytes under any name, blocks of any entries whose checksums and chain are right, and
//! a good journal that was harmed in any way.
//!
//! Nothing panics, and no damage goes unsaid: what is opened and checked without a complaint is what was recorded, all of
//! it; a look changes nothing; what is cut off was never acknowledged, and is kept.
#![no_main]

use arbitrary::Arbitrary;
use koufen::domain::{Deduction, Event, LineLaw, Outlet, Provider, ProviderKind};
use koufen::ids::Seq;
use koufen::journal::{Came, Chained, Door, Entry, Head, Journal, Opening, SegmentJournal, verify};
use koufen::points::Points;
use koufen::rulebook::{ArticleKind, EditionHash, Needs};
use koufen::time::Moment;
use libfuzzer_sys::fuzz_target;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

#[derive(Arbitrary, Debug)]
enum Input {
    /// Bytes as the only segment.
    Bytes { name: u64, bytes: Vec<u8> },
    /// Segments that say of themselves what they will, with checksums and a chain that are right.
    Sealed(Vec<Sealed>),
    /// A good journal, harmed; and whether the checksums are made to fit again.
    Harmed { harms: Vec<Harm>, forged: bool },
}

#[derive(Arbitrary, Debug)]
struct Sealed {
    name: u64,
    /// What the header says, where it is not what is so.
    first: Option<u64>,
    before: Option<u8>,
    previous_len: Option<u64>,
    blocks: Vec<Block>,
    tail: Vec<u8>,
}

#[derive(Arbitrary, Debug)]
struct Block {
    first: Option<u64>,
    count: Option<u32>,
    entries: Vec<Held>,
    end: Option<u8>,
}

#[derive(Arbitrary, Debug)]
enum Held {
    Bytes(Vec<u8>),
    /// A good entry with bytes put in, or over what is there.
    Like {
        which: u8,
        at: u16,
        put: Vec<u8>,
        over: bool,
    },
    Loss {
        from: u64,
        to: u64,
    },
}

#[derive(Arbitrary, Debug)]
enum Harm {
    Flip { file: u8, at: u16, by: u8 },
    Cut { file: u8, at: u16 },
    Put { file: u8, at: u16, bytes: Vec<u8> },
    Take { file: u8, at: u16, len: u8 },
    Zero { file: u8, at: u16, len: u16 },
    Copy { from: u8, start: u16, len: u16, to: u8, at: u16 },
    Lose { file: u8 },
    Swap { one: u8, other: u8 },
}

type Files = BTreeMap<u64, Vec<u8>>;

/// A good journal in several segments.
struct Good {
    files: Files,
    entries: Vec<Chained>,
    head: Head,
}

fn entries() -> Vec<Entry> {
    let provider = Provider {
        id: "P0007".parse().expect("an id"),
        name: "杭州捷达商贸".into(),
        kind: ProviderKind::ThirdParty,
        city: "杭州".into(),
        population: Some(8_700_373),
        registered_capital: None,
        agreement_on: None,
        email: Some("ops@example.cn".into()),
        phone: None,
    };
    let outlet = |n: u32| Outlet {
        id: format!("O{n:06}").parse().expect("an id"),
        provider: provider.id.clone(),
        city: "杭州".into(),
        name: "文三路便利店".into(),
        signed_on: None,
        staff: Some(n),
    };
    let mut events = vec![Event::ProviderAdded(provider.clone())];
    events.extend((1..9).map(|n| Event::OutletAdded(outlet(n))));
    // A sector of the disk and more of zeroes, in the middle of what was written.
    events.push(Event::OutletAmended(Outlet { name: "\0".repeat(1200), ..outlet(3) }));
    // Lines by one edition and another, which their block says once.
    events.extend(["1.6", "1.6", "2.0"].map(|edition| Event::Deducted {
        deduction: Deduction {
            provider: provider.id.clone(),
            article: "data-error".parse().expect("an article"),
            points: Points(2),
            occurred_on: Moment(1_299_000_000).day(),
            outlet: None,
            problem: None,
            note: None,
            subject: None,
            evidence: None,
        },
        law: LineLaw {
            kind: ArticleKind::Deduction,
            cap: None,
            needs: Needs::Outlet,
            edition: Some(EditionHash::of(edition)),
            agreed: None,
            proposed: None,
        },
    }));
    let came = |event: &Event| event.deduction().map(|_| Came { door: Door::Local, part: None });
    let entry = |(n, event): (i64, Event)| Entry {
        at: Moment(1_300_000_000 + n),
        by: "ops-2".into(),
        came: came(&event),
        event,
    };
    (0..).zip(events).map(entry).collect()
}

static GOOD: LazyLock<Good> = LazyLock::new(|| {
    let folder = folder();
    let (mut journal, _) = SegmentJournal::open_with(folder.path(), 200).expect("a journal");
    let mut all = entries();
    for count in [1, 2, 1, 3, 1, 1, 1, 3] {
        let block: Vec<Entry> = all.drain(..count).collect();
        journal.append(journal.head(), &block).expect("a block");
    }
    let mut chained = Vec::new();
    journal
        .read(Seq(1), &mut |entry| {
            chained.push(entry);
            true
        })
        .expect("what was written");
    let head = journal.head();
    // It leaves no room behind the last block.
    drop(journal);
    Good { files: files(folder.path()), entries: chained, head }
});

fn folder() -> tempfile::TempDir {
    let quick = Path::new("/dev/shm");
    if quick.is_dir() { tempfile::tempdir_in(quick) } else { tempfile::tempdir() }.expect("a folder")
}

fn name(first: u64) -> String {
    format!("{first:020}.koufen")
}

fn files(folder: &Path) -> Files {
    let of = |path: PathBuf| {
        let first = path.file_name()?.to_str()?.strip_suffix(".koufen")?.parse().ok()?;
        Some((first, fs::read(&path).expect("a file")))
    };
    fs::read_dir(folder).expect("a folder").filter_map(|entry| of(entry.expect("a file").path())).collect()
}

fn write(folder: &Path, files: &Files) {
    for (first, bytes) in files {
        fs::write(folder.join(name(*first)), bytes).expect("room");
    }
}

fn put(bytes: &mut [u8], at: usize, what: &[u8]) {
    bytes[at..at + what.len()].copy_from_slice(what);
}

impl Held {
    fn bytes(&self) -> Vec<u8> {
        let encoded = |entry: &Entry| {
            let mut bytes = Vec::new();
            entry.encode(&mut bytes).expect("an entry");
            bytes
        };
        match self {
            Held::Bytes(bytes) => bytes.clone(),
            Held::Like { which, at, put, over } => {
                let mut bytes = encoded(&GOOD.entries[usize::from(*which) % GOOD.entries.len()].entry);
                let at = usize::from(*at) % (bytes.len() + 1);
                let end = if *over { (at + put.len()).min(bytes.len()) } else { at };
                bytes.splice(at..end, put.iter().copied());
                bytes
            }
            Held::Loss { from, to } => {
                let event = Event::LossAccepted { from: Seq(*from), to: Seq(*to), reason: "fuzz".into() };
                encoded(&Entry { at: Moment(1_400_000_000), by: "ops".into(), event, came: None })
            }
        }
    }
}

/// Segments with right checksums.
fn seal(all: &[Sealed]) -> Files {
    let (mut files, mut hash, mut next, mut previous) = (Files::new(), [0; 32], 1_u64, 0);
    for sealed in all {
        // A segment is mostly where it belongs.
        let first = sealed.first.unwrap_or(next);
        let named = if sealed.name.is_multiple_of(5) { sealed.name / 5 } else { first };
        hash = sealed.before.map_or(hash, |byte| [byte; 32]);
        let mut bytes = vec![0; 64];
        put(&mut bytes, 0, b"koufenJ\n");
        put(&mut bytes, 8, &1_u16.to_le_bytes());
        put(&mut bytes, 12, &first.to_le_bytes());
        put(&mut bytes, 20, &hash);
        put(&mut bytes, 52, &sealed.previous_len.unwrap_or(previous).to_le_bytes());
        next = first;
        for block in &sealed.blocks {
            let start = bytes.len();
            bytes.extend([0; 20]);
            for held in &block.entries {
                let entry = held.bytes();
                bytes.extend((entry.len() as u32).to_le_bytes());
                bytes.extend([0; 4]);
                bytes.extend(&entry);
                hash = *blake3::Hasher::new().update(&hash).update(&entry).finalize().as_bytes();
            }
            hash = block.end.map_or(hash, |byte| [byte; 32]);
            bytes.extend(hash);
            let (body, count) = ((bytes.len() - start - 20) as u32, block.entries.len() as u32);
            put(&mut bytes, start, &body.to_le_bytes());
            put(&mut bytes, start + 4, &block.count.unwrap_or(count).to_le_bytes());
            put(&mut bytes, start + 8, &block.first.unwrap_or(next).to_le_bytes());
            next = next.wrapping_add(u64::from(count));
        }
        bytes.extend(&sealed.tail);
        forge(&mut bytes);
        previous = bytes.len() as u64;
        files.insert(named, bytes);
    }
    files
}

/// Makes all checksums fit, as far as what stands there can be followed.
fn forge(bytes: &mut [u8]) {
    let number =
        |bytes: &[u8], at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes")) as usize;
    if bytes.len() < 64 {
        return;
    }
    let crc = crc32fast::hash(&bytes[..60]);
    put(bytes, 60, &crc.to_le_bytes());
    let mut at = 64;
    while at + 20 <= bytes.len() {
        let (end, count) = (at + 20 + number(bytes, at), number(bytes, at + 4));
        let crc = crc32fast::hash(&bytes[at..at + 16]);
        put(bytes, at + 16, &crc.to_le_bytes());
        let (mut entry, last) = (at + 20, end.saturating_sub(32).min(bytes.len()));
        for _ in 0..count {
            if entry + 8 > last || entry + 8 + number(bytes, entry) > last {
                break;
            }
            let len = number(bytes, entry);
            let mut crc = crc32fast::Hasher::new();
            crc.update(&bytes[entry..entry + 4]);
            crc.update(&bytes[entry + 8..entry + 8 + len]);
            put(bytes, entry + 4, &crc.finalize().to_le_bytes());
            entry += 8 + len;
        }
        at = end;
    }
}

fn harm(files: &mut Files, harm: &Harm) {
    let firsts: Vec<u64> = files.keys().copied().collect();
    if firsts.is_empty() {
        return;
    }
    let one = |n: &u8| firsts[usize::from(*n) % firsts.len()];
    let place = |bytes: &[u8], at: &u16| usize::from(*at) % (bytes.len() + 1);
    let mut change = |file: &u8, at: &u16, change: &dyn Fn(&mut Vec<u8>, usize)| {
        let bytes = files.get_mut(&one(file)).expect("a file");
        let at = place(bytes, at);
        change(bytes, at);
    };
    match harm {
        Harm::Flip { file, at, by } => {
            change(file, at, &|bytes, at| bytes.get_mut(at).into_iter().for_each(|byte| *byte ^= by))
        }
        Harm::Cut { file, at } => change(file, at, &|bytes, at| bytes.truncate(at)),
        Harm::Put { file, at, bytes: new } => change(file, at, &|bytes, at| drop(bytes.splice(at..at, new.clone()))),
        Harm::Take { file, at, len } => change(file, at, &|bytes, at| {
            let end = (at + usize::from(*len)).min(bytes.len());
            bytes.drain(at..end);
        }),
        Harm::Zero { file, at, len } => change(file, at, &|bytes, at| {
            // Over what is there, and beyond it: room that was given and never written.
            bytes.resize(bytes.len().max(at + usize::from(*len)), 0);
            bytes[at..at + usize::from(*len)].fill(0);
        }),
        Harm::Copy { from, start, len, to, at } => {
            let source = &files[&one(from)];
            let start = place(source, start);
            let piece = source[start..(start + usize::from(*len)).min(source.len())].to_vec();
            let target = files.get_mut(&one(to)).expect("a file");
            let at = place(target, at);
            target.splice(at..at, piece);
        }
        Harm::Lose { file } => drop(files.remove(&one(file))),
        Harm::Swap { one: a, other: b } => {
            let (a, b) = (one(a), one(b));
            let (first, second) = (files[&a].clone(), files[&b].clone());
            files.extend([(a, second), (b, first)]);
        }
    }
}

/// All entries, or those before what is wrong.
fn all(journal: &dyn Journal) -> (Vec<Chained>, bool) {
    let mut read = Vec::new();
    let done = journal.read(Seq(1), &mut |entry| {
        read.push(entry);
        true
    });
    (read, done.is_ok())
}

/// What must be so of any journal that opens, whoever wrote it.
fn sound(journal: &dyn Journal) -> Option<Vec<Chained>> {
    let (read, whole) = all(journal);
    let checked = journal.check(&mut |_| {});
    for entry in &read {
        if let Ok(found) = journal.entry(entry.seq) {
            assert_eq!(found.as_ref(), Some(entry), "one entry is what all of them say");
        }
    }
    let checked = checked.ok()?;
    assert!(whole, "what is checked can be read");
    assert_eq!(checked.head, journal.head());
    assert_eq!(read.last().map(|last| Head { seq: last.seq, hash: last.hash }).unwrap_or_default(), journal.head());
    assert_eq!(read.len() as u64, checked.entries);
    Some(read)
}

/// Opens files in all ways; `good` where they are a good journal's that was harmed, and whether by a forger.
fn open(files: &Files, good: Option<(&Good, bool)>) {
    let folder = folder();
    write(folder.path(), files);
    let known = good.map(|(good, _)| good.head);
    let _ = verify(folder.path(), &mut |_| {});
    let look = Opening { known, look: true, ..Opening::default() };
    let looked = SegmentJournal::open_known(folder.path(), look);
    assert_eq!(self::files(folder.path()), *files, "a look changes nothing");
    if let Ok((journal, _)) = &looked {
        let read = sound(journal);
        if let Some((good, forged)) = good {
            assert_eq!(journal.head(), good.head, "what was acknowledged is there");
            assert!(read.is_none_or(|read| read == good.entries), "what is checked is what was recorded");
            for entry in good.entries.iter().filter(|_| !forged) {
                let found = journal.entry(entry.seq);
                assert!(found.is_err() || found.is_ok_and(|found| found.as_ref() == Some(entry)), "{}", entry.seq);
            }
            let (read, whole) = all(journal);
            assert!(forged || good.entries.starts_with(&read), "what is read is what was recorded");
            assert!(!whole || read == good.entries, "what is read to its end is what was recorded");
        }
    }
    let opened = SegmentJournal::open_known(folder.path(), Opening { known, ..Opening::default() });
    assert_eq!(opened.is_ok(), looked.is_ok(), "to look says what then happens");
    let Ok((mut journal, torn)) = opened else {
        assert_eq!(self::files(folder.path()), *files, "what is refused stays as it is");
        return;
    };
    let mut now = self::files(folder.path());
    if let Some(torn) = &torn {
        // What was cut off, put back, is what was there.
        let kept = fs::read(&torn.kept_in).expect("what was cut off is kept");
        assert_eq!(kept.len() as u64, torn.bytes);
        let first = torn.segment.file_name().and_then(|n| n.to_str()).and_then(|n| n.strip_suffix(".koufen"));
        let first = first.and_then(|n| n.parse().ok()).expect("a segment's name");
        let bytes = now.entry(first).or_default();
        assert_eq!(bytes.len() as u64, torn.offset);
        bytes.extend(kept);
    }
    // A segment that was never begun holds nothing, and goes; so does room behind the last block.
    let said = |bytes: &[u8]| bytes.iter().rposition(|b| *b != 0).map_or(0, |at| at + 1);
    for (first, bytes) in files {
        let same = now.get(first).is_some_and(|is| {
            let end = said(is);
            is.len() <= bytes.len() && end == said(bytes) && is[..end] == bytes[..end]
        });
        assert!(same || said(bytes) <= 64 || torn.is_some(), "{first}");
    }
    let before = sound(&journal);
    let Some(next) = journal.head().seq.0.checked_add(1) else { return };
    let entry = GOOD.entries[0].entry.clone();
    if before.is_some() && journal.append(journal.head(), &[entry]).is_ok() {
        let head = journal.head();
        assert_eq!(head.seq, Seq(next));
        drop(journal);
        let (journal, torn) = SegmentJournal::open_known(folder.path(), Opening { known: Some(head), ..look })
            .expect("what was appended opens");
        assert!(torn.is_none());
        assert!(sound(&journal).is_some(), "and is sound");
    }
}

/// Opens a harmed journal of which nothing else is known: its end may be missing, and what is there is what was recorded.
fn alone(files: &Files, good: &Good) {
    let folder = folder();
    write(folder.path(), files);
    if let Ok((journal, _)) = SegmentJournal::open(folder.path())
        && let Some(read) = sound(&journal)
    {
        assert!(good.entries.starts_with(&read), "what is checked is what was recorded");
    }
}

fuzz_target!(|input: Input| {
    match &input {
        Input::Bytes { name, bytes } => {
            // Mostly under the name that a first segment has.
            let name = if name.is_multiple_of(3) { name / 3 } else { 1 };
            open(&Files::from([(name, bytes.clone())]), None);
        }
        Input::Sealed(all) => open(&seal(&all[..all.len().min(6)]), None),
        Input::Harmed { harms, forged } => {
            let good = &*GOOD;
            let mut files = good.files.clone();
            harms.iter().take(8).for_each(|harmed| harm(&mut files, harmed));
            if *forged {
                files.values_mut().for_each(|bytes| forge(bytes));
            }
            open(&files, Some((good, *forged)));
            if !forged {
                alone(&files, good);
            }
        }
    }
});
