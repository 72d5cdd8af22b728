//! An office's roster against SQLite, in one run, as ratios: outlets, and deductions in the order in which audits come in.
//!
//!     cargo bench --bench roster                       # 100,000 deductions at 140,000 outlets
//!     KOUFEN_ROWS=1000000 cargo bench --bench roster   # a million
//!     KOUFEN_TURNS=3 cargo bench --bench roster        # medians of three turns
//!
//! 1,000 providers, 140,000 outlets with the days they were signed, deductions in random order of provider, day (four
//! years) and outlet; five articles, complaints with 50 problems, a note each. SQLite keeps what such a ledger needs at
//! least: foreign keys, the score by provider and year, the outlets under their own key, an index by provider and day.
//! Each contestant runs in a process of its own, and they take turns.

#[path = "parts/contest.rs"]
mod contest;
#[path = "parts/number.rs"]
mod number;
#[path = "parts/office.rs"]
mod office;
#[path = "parts/store.rs"]
mod store;

use contest::{Turn, contest, median, report};
use koufen::exchange::{Kind, Options, Source, import};
use number::number;
use std::fs;
use std::path::Path;
use std::time::Instant;

/// Rows in one transaction, as in one block of an import.
const BATCH: usize = 1_000;

fn main() {
    let mut args = std::env::args().skip(1).filter(|a| a != "--bench");
    match (args.next().as_deref(), args.next()) {
        (Some("write"), Some(folder)) => office::write(Path::new(&folder), number("KOUFEN_ROWS", 100_000)),
        (Some("koufen"), Some(folder)) => koufen(Path::new(&folder)),
        (Some("sqlite"), Some(folder)) => sqlite(Path::new(&folder)),
        (None, _) => compare(),
        // `cargo test --benches` and filters come here: nothing to do.
        _ => {}
    }
}

fn compare() {
    let rows = number("KOUFEN_ROWS", 100_000);
    let turns = number("KOUFEN_TURNS", 1);
    let folder = tempfile::tempdir().expect("a folder");
    office::write(folder.path(), rows);
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..turns {
        theirs.push(contest("sqlite", folder.path()));
        ours.push(contest("koufen", folder.path()));
    }
    let rate = |n: u64, turn: &Turn, at: usize| n as f64 / turn.times[at].as_secs_f64();
    for (at, what, n) in [(0, "outlets", office::OUTLETS), (1, "lines", rows)] {
        let (ours, theirs) = (median(&ours, at), median(&theirs, at));
        println!("{n} {what}: koufen {:.0}/s, SQLite {:.0}/s", rate(n, &ours, at), rate(n, &theirs, at));
        println!("{what}: koufen / SQLite = {:.2} (goal: at least 2)", rate(n, &ours, at) / rate(n, &theirs, at));
    }
    let (ours, theirs) = (median(&ours, 1), median(&theirs, 1));
    println!("peak: koufen {} MB, SQLite {} MB (goal: under 150)", ours.peak_mb, theirs.peak_mb);
    let mb = |bytes: u64| bytes as f64 / 1e6;
    println!("disk: koufen {:.1} MB, SQLite {:.1} MB", mb(ours.disk), mb(theirs.disk));
    println!("disk: koufen / SQLite = {:.2} (goal: under 2)", ours.disk as f64 / theirs.disk as f64);
}

/// The whole way of `koufen import`.
fn koufen(folder: &Path) {
    let path = folder.join("store");
    let _ = fs::remove_dir_all(&path);
    let (desk, who) = (store::open(&path), store::who());
    let take = |name: &str, kind: Kind| {
        let source = Source::open(&folder.join(name), kind).expect("a file");
        let start = Instant::now();
        let report = import(&desk, &who, &source, kind, Options::default(), &mut |_| {}).expect("an import");
        let time = start.elapsed();
        assert_eq!(report.accepted, report.read, "every row goes in: {:?}", report.rejected.first());
        time
    };
    take("providers.csv", Kind::Providers);
    let outlets = take("outlets.csv", Kind::Outlets);
    let lines = take("deductions.csv", Kind::Deductions);
    let start = Instant::now();
    desk.close().expect("a close");
    report(&[outlets, lines + start.elapsed()], contest::disk(&path));
}

const TABLES: &str = "
    PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
    CREATE TABLE provider (id TEXT PRIMARY KEY, name TEXT, kind TEXT, city TEXT, population INTEGER) WITHOUT ROWID;
    CREATE TABLE outlet (id TEXT PRIMARY KEY, provider TEXT NOT NULL REFERENCES provider, city TEXT, name TEXT,
                         signed_on TEXT, staff INTEGER) WITHOUT ROWID;
    CREATE TABLE line (seq INTEGER PRIMARY KEY, provider TEXT NOT NULL REFERENCES provider, article TEXT, points INTEGER,
                       day TEXT, outlet TEXT REFERENCES outlet, problem TEXT, note TEXT);
    CREATE INDEX line_by_day ON line (provider, day);
    CREATE TABLE score (provider TEXT, year TEXT, points INTEGER, PRIMARY KEY (provider, year)) WITHOUT ROWID;";

/// The same rows into tables.
fn sqlite(folder: &Path) {
    let path = folder.join("rows.sqlite");
    for name in ["rows.sqlite", "rows.sqlite-wal", "rows.sqlite-shm"] {
        let _ = fs::remove_file(folder.join(name));
    }
    let mut db = rusqlite::Connection::open(&path).expect("a database");
    db.execute_batch(TABLES).expect("tables");
    let mut take = |name: &str, insert: &str, score: Option<&str>| {
        let start = Instant::now();
        let mut reader = csv::Reader::from_path(folder.join(name)).expect("a file");
        let (mut record, mut more) = (csv::StringRecord::new(), true);
        while more {
            let batch = db.transaction().expect("a transaction");
            {
                let mut insert = batch.prepare_cached(insert).expect("a statement");
                let mut score = score.map(|score| batch.prepare_cached(score).expect("a statement"));
                for _ in 0..BATCH {
                    more = reader.read_record(&mut record).expect("a row");
                    if !more {
                        break;
                    }
                    let cells = record.iter().map(|cell| Some(cell).filter(|cell| !cell.is_empty()));
                    insert.execute(rusqlite::params_from_iter(cells)).expect("an insert");
                    if let Some(score) = &mut score {
                        score.execute(rusqlite::params![&record[0], &record[3][..4], &record[2]]).expect("an upsert");
                    }
                }
            }
            batch.commit().expect("a commit");
        }
        start.elapsed()
    };
    take("providers.csv", "INSERT INTO provider VALUES (?1, ?2, ?3, ?4, ?5)", None);
    let outlets = take("outlets.csv", "INSERT INTO outlet VALUES (?1, ?2, ?3, ?4, ?5, ?6)", None);
    let lines = take(
        "deductions.csv",
        "INSERT INTO line (provider, article, points, day, outlet, problem, note) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        Some(
            "INSERT INTO score VALUES (?1, ?2, ?3) \
             ON CONFLICT (provider, year) DO UPDATE SET points = points + excluded.points",
        ),
    );
    let start = Instant::now();
    db.close().expect("a close");
    report(&[outlets, lines + start.elapsed()], contest::disk(&path));
}
