//! One-shot commands as people type them, on stores of an office's roster: empty, and with ten thousand lines to ten million.
//!
//!     cargo bench --bench sizes                              # 10,000 to 1,000,000 lines
//!     KOUFEN_ROWS_MAX=10000000 cargo bench --bench sizes     # to ten million: some minutes, and 3 GB in the temporary folder
//!     KOUFEN_STORES=/tmp/sizes cargo bench --bench sizes     # the stores stay there, and are taken from there again
//!
//! Each command is the whole program: it opens the store, answers and closes it. Medians of nine, the stores by turns,
//! beside the same command on the empty store. An export is compared by the line.

#[path = "parts/number.rs"]
mod number;
#[path = "parts/office.rs"]
mod office;

use number::number;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The program.
const KOUFEN: &str = env!("CARGO_BIN_EXE_koufen");
/// How often each command runs on each store.
const TURNS: usize = 9;
/// What is asked: something that needs no store, then of a provider that has lines like all others, then of all.
const ASKED: [&[&str]; 4] =
    [&["workday", "add", "2010-01-04", "1"], &["provider", "show", "P0001"], &["standing"], &["alerts"]];

fn main() {
    // `cargo test --benches` and filters come here with arguments: nothing to do.
    if std::env::args().skip(1).any(|arg| arg != "--bench") {
        return;
    }
    let most = number("KOUFEN_ROWS_MAX", 1_000_000);
    let sizes = std::iter::successors(Some(10_000), |n| Some(n * 10)).take_while(|n| *n <= most);
    let temporary = tempfile::tempdir().expect("a folder");
    let folder = std::env::var_os("KOUFEN_STORES").map_or_else(|| temporary.path().to_owned(), PathBuf::from);
    let stores: Vec<(u64, PathBuf)> = std::iter::once(0).chain(sizes).map(|n| (n, store(&folder, n))).collect();
    for asked in ASKED {
        let mut times = vec![Vec::new(); stores.len()];
        for _ in 0..TURNS {
            for ((_, store), times) in stores.iter().zip(&mut times) {
                times.push(time(store, asked));
            }
        }
        let medians: Vec<Duration> = times.iter_mut().map(|times| middle(times)).collect();
        for ((lines, _), took) in stores.iter().zip(&medians) {
            let more = took.saturating_sub(medians[0]).as_secs_f64() * 1e3;
            let ratio = took.as_secs_f64() / medians[0].as_secs_f64();
            println!("{}: {lines} lines: {took:.1?}, {ratio:.2} of empty, {more:.1} ms more", asked.join(" "));
        }
    }
    let mut first = None;
    for (lines, store) in stores.iter().filter(|(lines, _)| *lines > 0) {
        let each = time(store, &["export", "ledger"]).as_secs_f64() / *lines as f64;
        let first = *first.get_or_insert(each);
        println!("export ledger: {lines} lines: {:.2} us a line, {:.2} of the first", each * 1e6, each / first);
    }
}

/// A store of an office's roster, or an empty one.
fn store(folder: &Path, lines: u64) -> PathBuf {
    let store = folder.join(format!("store-{lines}"));
    if store.exists() {
        return store;
    }
    if lines == 0 {
        time(&store, &["provider", "add", "P0001", "--name", "x", "--kind", "third-party", "--city", "杭州"]);
        return store;
    }
    office::write(folder, lines);
    for (kind, file) in [("providers", "providers.csv"), ("outlets", "outlets.csv"), ("deductions", "deductions.csv")] {
        time(&store, &["import", kind, folder.join(file).to_str().expect("a path")]);
        fs::remove_file(folder.join(file)).expect("a file that goes");
    }
    store
}

/// How long a command takes.
fn time(store: &Path, asked: &[&str]) -> Duration {
    let start = Instant::now();
    let mut command = Command::new(KOUFEN);
    let status = command.args(asked).env("KOUFEN_STORE", store).stdin(Stdio::null()).stdout(Stdio::null()).status();
    assert!(status.expect("the program").success(), "{asked:?}");
    start.elapsed()
}

/// The time in the middle.
fn middle(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
