//! The bytes of every message, literally: they stay what they are, and stay readable. Nothing writes them anew.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

#[allow(dead_code, reason = "other tests use the rest of it")]
mod fixture;
#[path = "fixture/messages.rs"]
mod messages;

use koufen::domain::{Deduction, Event};
use koufen::ids::AskId;
use koufen::journal::{Came, Door, Entry, Part};
use koufen::rulebook::EditionHash;
use koufen::time::Moment;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

/// The lines of the first version's file: a name and its bytes.
fn lines() -> BTreeMap<String, Vec<u8>> {
    lines_of("v1.txt")
}

fn lines_of(file: &str) -> BTreeMap<String, Vec<u8>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(file);
    let text = std::fs::read_to_string(path).unwrap();
    let mut lines = BTreeMap::new();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (name, hex) = line.split_once(' ').unwrap_or_else(|| panic!("a name, a blank, bytes: {line}"));
        let byte = |at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
        let twice = lines.insert(name.to_owned(), (0..hex.len()).step_by(2).map(byte).collect());
        assert!(twice.is_none(), "two lines of {name}");
    }
    lines
}

fn entry(event: Event) -> Entry {
    Entry { at: Moment(1_300_000_000), by: "ops-2".into(), came: None, event }
}

#[test]
fn every_message_has_the_bytes_that_it_was_released_with() {
    let (mut lines, all) = (lines(), lines().into_values().collect::<BTreeSet<_>>());
    let (mut new, mut changed, mut misread) = (String::new(), Vec::new(), Vec::new());
    for (name, event) in messages::all() {
        let (entry, mut bytes) = (entry(event), Vec::new());
        entry.encode(&mut bytes).unwrap();
        let Some(line) = lines.remove(&name) else {
            let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            writeln!(new, "{name} {hex}").unwrap();
            continue;
        };
        // What an old message said is a newer one now, which has its line as well.
        let newer = messages::OLD.contains(&name.as_str()) && all.contains(&bytes);
        if line != bytes && !newer {
            changed.push(name.clone());
        }
        if Entry::decode(&line, None).as_ref() != Ok(&entry) {
            misread.push(name);
        }
    }
    assert!(
        changed.is_empty() && misread.is_empty(),
        "stores hold these messages as tests/golden/v1.txt has them: a message is never changed, what differs is a new \
         message (src/journal/v1/event.rs). Written otherwise: {changed:?}; read otherwise: {misread:?}"
    );
    let gone: Vec<&String> = lines.keys().collect();
    assert!(gone.is_empty(), "tests/fixture/messages.rs has no value for the lines {gone:?}: lines are only added");
    assert!(new.is_empty(), "new messages: add to tests/golden/v1.txt, and to nothing else,\n{new}");
}

/// The second version: what the first writes, and how the entry came in, in every way there is.
#[test]
fn what_an_entry_says_of_its_door_has_the_bytes_that_it_was_released_with() {
    let id = AskId(std::array::from_fn(|n| u8::try_from(n * 17).unwrap()));
    let parts = [("", None), ("-answer", Some(true)), ("-along", Some(false))];
    let mut lines = lines_of("v2.txt");
    let first = lines_of("v1.txt")["reversed"].clone();
    let (_, event) = messages::all().into_iter().find(|(name, _)| name == "reversed").unwrap();
    for door in [Door::Local, Door::Attached, Door::Program] {
        for (name, answers) in parts {
            let came = Some(Came { door, part: answers.map(|answers| Part { of: id, answers }) });
            let (entry, mut bytes) = (Entry { came, ..entry(event.clone()) }, Vec::new());
            entry.encode(&mut bytes).unwrap();
            let name = format!("{}{name}", door.word());
            let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(lines.remove(&name), Some(bytes.clone()), "a line of v2.txt: {name} {hex}");
            assert_eq!(Entry::decode(&bytes, None), Ok(entry));
            assert_eq!(bytes[2..first.len()], first[2..], "what the first version writes comes first");
        }
    }
    assert!(lines.is_empty(), "{lines:?}");
}

/// The third version: what the second writes, with the edition of a line in the first entry of a block that has it, and
/// without in those that follow.
#[test]
fn a_line_by_the_edition_of_one_before_it_has_the_bytes_that_it_was_released_with() {
    let mut lines = lines_of("v3.txt");
    let came = Some(Came { door: Door::Local, part: None });
    for (name, event) in messages::all() {
        let Some((deduction, law)) = event.deduction() else { continue };
        let Some(edition) = law.edition else { continue };
        let (deduction, entry) = (deduction.clone(), Entry { came, ..entry(event) });
        let mut said = Some(EditionHash([0xff; 32]));
        for (n, whether) in ["said", "left-out"].into_iter().enumerate() {
            let (mut bytes, before) = (Vec::new(), said);
            entry.encode(&mut bytes).unwrap();
            entry.shorten(&mut said, &mut bytes, 0);
            assert_eq!(said, Some(edition));
            let name = format!("{name}-{whether}");
            let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(lines.remove(&name), Some(bytes.clone()), "a line of v3.txt: {name} {hex}");
            assert_eq!(Entry::decode(&bytes, before), Ok(entry.clone()));
            assert_eq!(bytes.windows(32).any(|some| some == edition.0), n == 0);
            // Another's edition is no line's own, and where none was said there is none to be had.
            assert_eq!(Entry::decode(&bytes, None).is_ok(), n == 0);
            let of_another = Entry::decode(&bytes, Some(EditionHash([0xff; 32]))).unwrap();
            assert_eq!(of_another == entry, n == 0);
        }
        // Where it stands too far behind for its place to be said it stays where it is.
        let long = Deduction { note: Some("x".repeat(1 << 16)), ..deduction };
        let (entry, mut bytes) = (Entry { event: Event::Deducted { deduction: long, law }, ..entry }, Vec::new());
        entry.encode(&mut bytes).unwrap();
        entry.shorten(&mut said, &mut bytes, 0);
        assert_eq!((bytes[0], Entry::decode(&bytes, None)), (2, Ok(entry)));
    }
    assert!(lines.is_empty(), "{lines:?}");
}

/// The tests above would notice: one byte of any line, and it is read as something else or not at all.
#[test]
fn no_byte_of_a_message_is_without_meaning() {
    let said = Some(EditionHash::of("edition = 1.6"));
    for (name, bytes) in lines().into_iter().chain(lines_of("v2.txt")).chain(lines_of("v3.txt")) {
        let right = Entry::decode(&bytes, said).unwrap();
        for at in 0..bytes.len() {
            let mut wrong = bytes.clone();
            wrong[at] ^= 1;
            assert_ne!(Entry::decode(&wrong, said).as_ref(), Ok(&right), "byte {at} of {name}");
        }
    }
}
