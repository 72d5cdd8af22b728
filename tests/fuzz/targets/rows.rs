//! Any bytes as a file that is imported, of every kind that there is: looked through, and tried on a store in memory.
//!
//! Nothing panics; every row that was read was taken, there already, rejected or named as no data, each once; a trial keeps
//! nothing.
#![no_main]

use koufen::calendar::Calendar;
use koufen::desk::{Desk, Door, Identity, ManualClock};
use koufen::domain::{Command, Deduction, Outlet, Provider, ProviderKind};
use koufen::exchange::{Kind, Options, Report, Source, audit_sheet, import};
use koufen::points::Points;
use koufen::rulebook::Rulebook;
use koufen::time::{Day, Moment, parse_day};
use libfuzzer_sys::fuzz_target;
use std::fs::File;
use std::io::{Seek, Write};
use std::path::Path;
use std::sync::{Arc, LazyLock};

fn day(text: &str) -> Day {
    parse_day(text).expect("a day")
}

fn who() -> Identity {
    Identity::of("fuzz", Door::Program)
}

/// A store with two providers, an outlet each, and a line. Nothing is ever kept in it, so that all files find the same.
static DESK: LazyLock<Desk> = LazyLock::new(|| {
    let clock = Arc::new(ManualClock::at(Moment::start_of(day("2011-12-15"))));
    let (book, calendar) = (Rulebook::shipped().expect("the rulebook"), Calendar::shipped().expect("the calendar"));
    let desk = Desk::in_memory_by(book, calendar, clock).expect("a desk");
    for (provider, outlet) in [("P0001", "O000001"), ("P0002", "O000002")] {
        let provider = Provider {
            id: provider.parse().expect("an id"),
            name: "甲".into(),
            kind: ProviderKind::ThirdParty,
            city: "杭州".into(),
            population: None,
            registered_capital: None,
            agreement_on: None,
            email: None,
            phone: None,
        };
        let outlet = Outlet {
            id: outlet.parse().expect("an id"),
            provider: provider.id.clone(),
            city: "杭州".into(),
            name: "店".into(),
            signed_on: None,
            staff: Some(1),
        };
        desk.submit(&who(), Command::AddProvider(provider)).expect("a provider");
        desk.submit(&who(), Command::AddOutlet(outlet)).expect("an outlet");
    }
    let line = Deduction {
        provider: "P0001".parse().expect("an id"),
        article: "unapproved-material".parse().expect("an article"),
        points: Points(8),
        occurred_on: day("2011-03-02"),
        outlet: None,
        problem: None,
        note: Some("巡查".into()),
        subject: None,
        evidence: None,
    };
    desk.submit(&who(), Command::TakeIn(line)).expect("a line");
    desk
});

fn check(report: &Report, source: &Source) {
    let apart = (report.rejected.len() + report.named.len()) as u64;
    assert_eq!(report.read, report.accepted + report.already + apart, "{report:?}");
    let mut places: Vec<_> = report.rejected.iter().map(|r| r.at).chain(report.named.iter().map(|n| n.at)).collect();
    assert!(places.iter().all(|at| at.line > source.header_line()), "{report:?}");
    places.sort_unstable();
    assert!(places.windows(2).all(|pair| pair[0] != pair[1]), "a row is rejected or named once: {report:?}");
}

fuzz_target!(|bytes: &[u8]| {
    let desk = &*DESK;
    let before = desk.stats().expect("a head").head;
    let (mut file, path) = (tempfile::tempfile().expect("a file"), Path::new("fuzz.csv"));
    file.write_all(bytes).expect("room");
    let again = |file: &File| {
        let mut file = file.try_clone()?;
        file.rewind().map(|()| file)
    };
    for kind in Kind::ALL {
        let Ok(source) = Source::of(again(&file), path, kind) else { continue };
        let report = import(desk, &who(), &source, kind, Options { dry_run: true, stop: None }, &mut |_| {});
        check(&report.expect("what was looked through can be read"), &source);
    }
    if let Ok(source) = Source::of(again(&file), path, Kind::Audit) {
        let _ = audit_sheet(&source, &desk.rulebook(), (&"P0001".parse().expect("an id"), day("2011-03-02")));
    }
    assert_eq!(desk.stats().expect("a head").head, before, "a trial keeps nothing");
});
