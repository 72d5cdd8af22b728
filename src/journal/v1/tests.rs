//! Every variant of every type of the wire, and every option with and without, is in a line of `tests/golden/v1.txt`.

use super::*;
use std::collections::BTreeSet;
use std::path::Path;

/// Names of variants, each after its module: `finding::Breach::Brand`, `roster::Provider::email: none`.
pub type Names = BTreeSet<String>;

/// What there is of a type, and what a value has of it; `at` names the field that holds it.
pub trait Shape {
    fn all(at: &str, all: &mut Names);
    fn seen(&self, at: &str, seen: &mut Names);
}

macro_rules! without_variants {
    ($($type:ty),*) => { $(
        impl Shape for $type {
            fn all(_: &str, _: &mut Names) {}
            fn seen(&self, _: &str, _: &mut Names) {}
        }
    )* };
}

without_variants!(u8, u16, u32, u64, i32, i64, Text<'_>, [bool; 4], [u8; 32]);

impl Shape for bool {
    fn all(at: &str, all: &mut Names) {
        all.extend([format!("{at}: yes"), format!("{at}: no")]);
    }

    fn seen(&self, at: &str, seen: &mut Names) {
        seen.insert(format!("{at}: {}", if *self { "yes" } else { "no" }));
    }
}

impl<T: Shape> Shape for Option<T> {
    fn all(at: &str, all: &mut Names) {
        all.extend([format!("{at}: some"), format!("{at}: none")]);
        T::all(at, all);
    }

    fn seen(&self, at: &str, seen: &mut Names) {
        seen.insert(format!("{at}: {}", if self.is_some() { "some" } else { "none" }));
        self.iter().for_each(|value| value.seen(at, seen));
    }
}

impl<T: Shape> Shape for Vec<T> {
    fn all(at: &str, all: &mut Names) {
        all.insert(format!("{at}: several"));
        T::all(at, all);
    }

    fn seen(&self, at: &str, seen: &mut Names) {
        if self.len() > 1 {
            seen.insert(format!("{at}: several"));
        }
        self.iter().for_each(|value| value.seen(at, seen));
    }
}

impl<T: Shape> Shape for Box<T> {
    fn all(at: &str, all: &mut Names) {
        T::all(at, all);
    }

    fn seen(&self, at: &str, seen: &mut Names) {
        (**self).seen(at, seen);
    }
}

impl<T: Shape, U: Shape> Shape for (T, U) {
    fn all(at: &str, all: &mut Names) {
        T::all(at, all);
        U::all(at, all);
    }

    fn seen(&self, at: &str, seen: &mut Names) {
        self.0.seen(at, seen);
        self.1.seen(at, seen);
    }
}

#[test]
fn every_variant_has_a_line() {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/v1.txt")).unwrap();
    let (mut all, mut seen) = (Names::new(), Names::new());
    event::Event::all("", &mut all);
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (_, hex) = line.split_once(' ').unwrap();
        let bytes: Vec<u8> =
            (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect();
        let (entry, used): (Entry<'_>, _) = bincode::serde::decode_from_slice(&bytes[2..], standard()).unwrap();
        assert_eq!(used + 2, bytes.len(), "{line}");
        entry.event.seen("", &mut seen);
    }
    let without: Vec<&String> = all.difference(&seen).collect();
    assert!(without.is_empty(), "add values to tests/fixture/messages.rs: no line of v1.txt has {without:#?}");
    assert!(all.len() > 250 && all == seen, "{} names", all.len());
}

/// What no koufen wrote is refused, not read as something else.
#[test]
fn bytes_that_nobody_wrote_are_refused() {
    let mut good = Vec::new();
    let event = crate::domain::Event::Reversed {
        line: crate::ids::Seq(7),
        provider: "P0007".parse().unwrap(),
        occurred_on: crate::time::Day::from_ymd_opt(2011, 3, 2).unwrap(),
        reason: "误".into(),
    };
    let entry = Today { at: crate::time::Moment(0), by: "o".into(), came: None, event };
    encode(&entry, &mut good).unwrap();
    // at, by (length, text), message, line, provider (length, text), day 15,035 (twice that: the sign is the last bit),
    // reason (length, text).
    assert_eq!(good, [&[0, 1, b'o', 5, 7, 5][..], b"P0007", &[251, 0x76, 0x75, 3], "误".as_bytes()].concat());
    assert_eq!(decode(&good), Ok((entry, &[][..])));
    let with = |at: usize, byte: u8| {
        let mut bad = good.clone();
        bad[at] = byte;
        decode(&bad).unwrap_err()
    };
    assert!(with(6, b'-').contains("is not an id"), "an id");
    assert!(with(3, 200).contains("200"), "a message that is not there: {}", with(3, 200));
    let more = [&good[..], &[0]].concat();
    assert_eq!(Today::decode(&[&[1, 0][..], &more].concat(), None).unwrap_err(), "bytes left over");
    assert_eq!(decode(&more).unwrap().1, [0], "what is behind it is a later format's");
    assert!(decode(&good[..good.len() - 1]).is_err(), "cut");
    let far = [&good[..11], &[252, 0xff, 0xff, 0xff, 0xff], &good[14..]].concat();
    assert!(decode(&far).unwrap_err().contains("no day has the number"), "a day");
}
