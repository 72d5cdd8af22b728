//! Killed with SIGKILL at odd moments while importing: every acknowledged command is there, `verify` passes, and
//! importing again completes it. `KOUFEN_KILLS=50 cargo test --test kill` for the long one.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

#[path = "fixture/dice.rs"]
mod dice;

use dice::Dice;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

const ROWS: usize = 30_000;

fn koufen(store: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_koufen"));
    command.arg("--store").arg(store).args(["--lang", "en", "--json"]);
    command
}

fn ok(command: &mut Command) -> Output {
    let out = command.output().unwrap();
    assert!(out.status.success(), "{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
    out
}

fn json(out: &Output) -> serde_json::Value {
    serde_json::from_slice(&out.stdout).unwrap()
}

/// What stands in the ledger of 2011, as the rows that were imported.
fn ledger(store: &Path) -> Vec<String> {
    let lines = json(&ok(koufen(store).args(["ledger", "P0001", "--year", "2011"])));
    let row = |l: &serde_json::Value| {
        let text = |name: &str| l[name].as_str().unwrap().to_owned();
        format!("P0001,{},{},{},,,{}", text("article"), l["points"], text("occurred_on"), text("note"))
    };
    let mut rows: Vec<String> = lines.as_array().unwrap().iter().map(row).collect();
    rows.sort();
    rows
}

#[test]
fn killed_while_importing_nothing_acknowledged_is_lost() {
    let kills: u64 = std::env::var("KOUFEN_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(6);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("deductions.csv");
    let mut text = String::from("provider_id,article,points,occurred_on,outlet_id,problem,note\n");
    let (mut dice, mut rows) = (Dice(3), Vec::new());
    for n in 0..ROWS {
        rows.push(format!("P0001,dormant-outlets,1,2011-{:02}-{:02},,,row {}", n % 12 + 1, n / 12 % 28 + 1, n / 2));
    }
    dice.shuffle(&mut rows);
    rows.iter().for_each(|row| writeln!(text, "{row}").unwrap());
    fs::write(&file, text).unwrap();
    rows.sort();
    let plan = Plan { folder: folder.path(), file: &file, rows: &rows };
    // Each kill has a store of its own, and works on one core.
    let some = |first: u64| (first..kills).step_by(2).filter(|kill| plan.is_caught(*kill)).count();
    let caught = std::thread::scope(|scope| {
        let others = scope.spawn(|| some(1));
        some(0) + others.join().unwrap()
    });
    assert!(caught > 0, "no import was caught in the middle");
}

/// What is imported, and from where.
struct Plan<'a> {
    folder: &'a Path,
    file: &'a Path,
    rows: &'a [String],
}

impl Plan<'_> {
    /// Imports into a new store, kills that, and looks for all that was acknowledged; answers whether the kill came in the middle.
    fn is_caught(&self, kill: u64) -> bool {
        let store = self.folder.join(format!("store-{kill}"));
        let add = ["provider", "add", "P0001", "--name", "杭州捷达", "--kind", "third-party", "--city", "杭州"];
        ok(koufen(&store).args(add));
        // Acknowledged before the kill: it must be there after it.
        let deduct = ["deduct", "P0001", "media-exposure", "10", "--on", "2010-03-02", "--note", "报纸"];
        ok(koufen(&store).args(deduct));
        let mut import = koufen(&store);
        let mut child = import
            .args(["import", "deductions"])
            .arg(self.file)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // The moment differs from kill to kill, from before the first block to after the last.
        std::thread::sleep(Duration::from_millis(10 + kill * 7_919 % 700));
        let caught = child.try_wait().unwrap().is_none();
        child.kill().unwrap();
        child.wait().unwrap();
        ok(koufen(&store).args(["verify", "--remake"]));
        let before = json(&ok(koufen(&store).arg("stats")));
        let kept = before["lines"].as_u64().unwrap() - 1;
        let report = json(&ok(koufen(&store).args(["import", "deductions"]).arg(self.file)));
        assert_eq!(report["already"], kept, "kill {kill}: what was kept is known again");
        assert_eq!(report["accepted"], ROWS as u64 - kept, "kill {kill}: the rest goes in");
        let standing = json(&ok(koufen(&store).args(["standing", "P0001", "--year", "2011"])));
        assert_eq!(standing[0]["score"], ROWS as u64, "kill {kill}");
        let acknowledged = json(&ok(koufen(&store).args(["standing", "P0001", "--year", "2010"])));
        assert_eq!(acknowledged[0]["score"], 10, "kill {kill}");
        assert_eq!(ledger(&store), self.rows, "kill {kill}: line by line");
        ok(koufen(&store).args(["verify", "--remake"]));
        fs::remove_dir_all(&store).unwrap();
        caught
    }
}
