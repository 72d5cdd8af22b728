//! The ledger against the disk and against SQLite, in one run, as ratios.
//!
//!     cargo bench --bench ledger                      # 100,000 deductions
//!     KOUFEN_ROWS=1000000 cargo bench --bench ledger  # a million
//!
//! Each contestant runs in a process of its own, so that peak memory is its own; they take turns, and medians of
//! the turns are compared. Both sides read the same CSV and commit batches of the same size durably.

#[path = "parts/contest.rs"]
mod contest;
#[path = "parts/number.rs"]
mod number;
#[path = "parts/store.rs"]
mod store;

use contest::{Turn, contest, median, report};
use koufen::domain::{Command, Deduction, Outlet, Provider, ProviderKind};
use koufen::exchange::{Kind, Options, Source, import};
use koufen::points::Points;
use koufen::time::Day;
use number::number;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};
use store::{open, who};

const PROVIDERS: u64 = 1_000;
const BATCH: usize = 1_000;
const RECORDS: usize = 400;
const TURNS: usize = 3;

fn main() {
    let mut args = std::env::args().skip(1).filter(|a| a != "--bench");
    match (args.next().as_deref(), args.next()) {
        (Some("koufen"), Some(folder)) => took(koufen_import(Path::new(&folder)), Path::new(&folder), "store"),
        (Some("sqlite"), Some(folder)) => took(sqlite_import(Path::new(&folder)), Path::new(&folder), "rows.sqlite"),
        (Some("standings"), Some(folder)) => took(standings(Path::new(&folder)), Path::new(&folder), "store"),
        (Some("check"), Some(folder)) => took(check(Path::new(&folder)), Path::new(&folder), "store"),
        (None, _) => compare(),
        // `cargo test --benches` and filters come here: nothing to do.
        _ => {}
    }
}

/// Says what a turn took, on the disk too.
fn took(time: Duration, folder: &Path, kept: &str) {
    report(&[time], contest::disk(&folder.join(kept)));
}

fn compare() {
    let rows = number("KOUFEN_ROWS", 100_000);
    let folder = tempfile::tempdir().expect("a folder");
    durable_records(folder.path());
    for (order, by_day) in [("by day", true), ("in random order", false)] {
        write_roster(folder.path(), rows, by_day);
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..TURNS {
            ours.push(contest("koufen", folder.path()));
            theirs.push(contest("sqlite", folder.path()));
        }
        let (ours, theirs) = (median(&ours, 0), median(&theirs, 0));
        let rate = |t: &Turn| rows as f64 / t.times[0].as_secs_f64();
        println!(
            "import {rows} {order}: koufen {:.0} rows/s, peak {} MB, disk {} MB",
            rate(&ours),
            ours.peak_mb,
            ours.disk / 1_000_000
        );
        println!(
            "import {rows} {order}: SQLite {:.0} rows/s, peak {} MB, disk {} MB",
            rate(&theirs),
            theirs.peak_mb,
            theirs.disk / 1_000_000
        );
        println!("import {rows} {order}: koufen / SQLite = {:.2} (goal: at least 1.5)", rate(&ours) / rate(&theirs));
        let turn = contest("check", folder.path());
        println!("verify {rows} {order}: {:?}, peak {} MB", turn.times[0], turn.peak_mb);
    }
    let turn = contest("standings", folder.path());
    println!("standing of all {PROVIDERS} providers: {:?} (median of 200)", turn.times[0]);
}

/// One durable record: a bare append + fdatasync, SQLite, and the desk, taking turns.
fn durable_records(folder: &Path) {
    let mut bare = File::create(folder.join("bare")).expect("a file");
    let lite = sqlite(&folder.join("single.sqlite"));
    let desk = open(&folder.join("single"));
    let who = who();
    desk.submit(&who, Command::AddProvider(provider(1))).expect("a provider");
    let mut times: [Vec<Duration>; 3] = Default::default();
    for n in 0..RECORDS {
        let start = Instant::now();
        bare.write_all(&[7; 150]).expect("an append");
        bare.sync_data().expect("a sync");
        times[0].push(start.elapsed());
        let start = Instant::now();
        lite.execute(INSERT, rusqlite::params![n as i64, 1, 2011, "media-exposure", 10, "2011-03-02", "", "", "note"])
            .expect("an insert");
        times[1].push(start.elapsed());
        let start = Instant::now();
        desk.submit(&who, Command::TakeIn(deduction(n))).expect("a deduction");
        times[2].push(start.elapsed());
    }
    let [bare, lite, ours] = times.map(|mut t| {
        t.sort_unstable();
        t[t.len() / 2]
    });
    println!("one durable record, median of {RECORDS}: bare {bare:?}, SQLite {lite:?}, koufen {ours:?}");
    println!("koufen / bare = {:.2} (goal: at most 1.2)", ours.as_secs_f64() / bare.as_secs_f64());
    println!("koufen / SQLite = {:.2}", ours.as_secs_f64() / lite.as_secs_f64());
}

fn deduction(n: usize) -> Deduction {
    Deduction {
        provider: provider(1).id,
        article: "media-exposure".parse().expect("an article"),
        points: Points(10),
        occurred_on: Day::from_ymd_opt(2011, 3, 2).expect("a day"),
        outlet: None,
        problem: None,
        note: Some(format!("note {n}")),
        subject: None,
        evidence: None,
    }
}

fn provider(n: u64) -> Provider {
    Provider {
        id: format!("P{n:04}").parse().expect("an id"),
        name: format!("服务商{n}"),
        kind: ProviderKind::ThirdParty,
        city: "杭州".into(),
        population: Some(8_700_373),
        registered_capital: None,
        agreement_on: None,
        email: None,
        phone: None,
    }
}

/// A thousand providers with an outlet each, and deductions over two years: by day, or in random order of day and
/// provider, as an audit office types them.
fn write_roster(folder: &Path, rows: u64, by_day: bool) {
    let mut text = String::from("provider_id,article,points,occurred_on,outlet_id,problem,note\n");
    let start = Day::from_ymd_opt(2010, 1, 1).expect("a day");
    let articles = [("brand-standard", 5, true), ("dormant-outlets", 3, false), ("exit-response", 2, true)];
    let mut file = File::create(folder.join("deductions.csv")).expect("a file");
    for n in 0..rows {
        let scattered = n.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
        let day = start + chrono::Days::new(if by_day { n * 730 / rows } else { scattered % 730 });
        let p = n.wrapping_mul(0x9e37_79b9) % PROVIDERS;
        let (article, points, at_outlet) = articles[(n % 3) as usize];
        let outlet = if at_outlet { format!("O{p:06}") } else { String::new() };
        writeln!(text, "P{p:04},{article},{points},{day},{outlet},,现场抽查 {n}").expect("a row");
        if text.len() > 1 << 20 {
            file.write_all(text.as_bytes()).expect("a write");
            text.clear();
        }
    }
    file.write_all(text.as_bytes()).expect("a write");
}

/// The whole way of `koufen import deductions`, after the providers are there.
fn koufen_import(folder: &Path) -> Duration {
    let path = folder.join("store");
    let _ = fs::remove_dir_all(&path);
    let desk = open(&path);
    let who = who();
    for n in 0..PROVIDERS {
        let provider = provider(n);
        let outlet = Outlet {
            id: format!("O{n:06}").parse().expect("an id"),
            provider: provider.id.clone(),
            city: "杭州".into(),
            name: "便利店".into(),
            signed_on: None,
            staff: Some(2),
        };
        desk.submit(&who, Command::AddProvider(provider)).expect("a provider");
        desk.submit(&who, Command::AddOutlet(outlet)).expect("an outlet");
    }
    let start = Instant::now();
    let source = Source::open(&folder.join("deductions.csv"), Kind::Deductions).expect("a file");
    let report = import(&desk, &who, &source, Kind::Deductions, Options::default(), &mut |_| {}).expect("an import");
    let time = start.elapsed();
    assert_eq!(report.accepted, report.read, "every row goes in");
    desk.close().expect("a close");
    time
}

const INSERT: &str = "INSERT INTO line (seq, provider, year, article, points, day, outlet, problem, note) \
                      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";

fn sqlite(path: &Path) -> rusqlite::Connection {
    let _ = fs::remove_file(path);
    let db = rusqlite::Connection::open(path).expect("a database");
    db.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         CREATE TABLE provider (id INTEGER PRIMARY KEY, name TEXT, score INTEGER NOT NULL DEFAULT 0);
         CREATE TABLE line (seq INTEGER PRIMARY KEY, provider INTEGER, year INTEGER, article TEXT, points INTEGER,
                            day TEXT, outlet TEXT, problem TEXT, note TEXT);
         CREATE INDEX line_by_provider ON line (provider, year);",
    )
    .expect("tables");
    db
}

/// The same rows into two tables: the line, and the provider's score.
fn sqlite_import(folder: &Path) -> Duration {
    let mut db = sqlite(&folder.join("rows.sqlite"));
    for n in 0..PROVIDERS {
        db.execute("INSERT INTO provider (id, name) VALUES (?1, ?2)", rusqlite::params![n as i64, "服务商"])
            .expect("a row");
    }
    let start = Instant::now();
    let mut reader = csv::Reader::from_path(folder.join("deductions.csv")).expect("a file");
    let (mut record, mut seq, mut more) = (csv::StringRecord::new(), 0i64, true);
    while more {
        let batch = db.transaction().expect("a transaction");
        {
            let mut insert = batch.prepare_cached(INSERT).expect("a statement");
            let mut score =
                batch.prepare_cached("UPDATE provider SET score = score + ?1 WHERE id = ?2").expect("a statement");
            for _ in 0..BATCH {
                more = reader.read_record(&mut record).expect("a row");
                if !more {
                    break;
                }
                seq += 1;
                let provider: i64 = record[0][1..].parse().expect("an id");
                let points: i64 = record[2].parse().expect("points");
                let year: i64 = record[3][..4].parse().expect("a year");
                insert
                    .execute(rusqlite::params![
                        seq, provider, year, &record[1], points, &record[3], &record[4], &record[5], &record[6]
                    ])
                    .expect("an insert");
                score.execute(rusqlite::params![points, provider]).expect("an update");
            }
        }
        batch.commit().expect("a commit");
    }
    start.elapsed()
}

/// The whole store checked: every byte, and the ledger counted again.
fn check(folder: &Path) -> Duration {
    let desk = open(&folder.join("store"));
    let start = Instant::now();
    assert!(desk.check(false, &mut |_| {}).expect("a check").is_sound());
    start.elapsed()
}

/// The standing of all providers in the store that the import left.
fn standings(folder: &Path) -> Duration {
    let desk = open(&folder.join("store"));
    let mut times: Vec<Duration> = (0..200)
        .map(|_| {
            let start = Instant::now();
            assert_eq!(desk.providers(2011).expect("rows").len() as u64, PROVIDERS);
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[times.len() / 2]
}
