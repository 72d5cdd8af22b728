//! Several people at one store, each under the name that the system has: needs root, to be them, and is said to be left out
//! where it is not.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

#[path = "fixture/binary.rs"]
mod binary;
#[path = "fixture/owner.rs"]
mod owner;
#[path = "fixture/terminal.rs"]
mod terminal;

use binary::{Store, finish};
use owner::{Owner, rows_of};
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use terminal::Terminal;

/// Users that every Debian has, and a group that lets them in.
const PEOPLE: [&str; 3] = ["daemon", "bin", "sys"];
const GROUP: &str = "users";

/// The program where everybody may run it, and a store.
struct Place {
    program: PathBuf,
    store: Store,
}

impl Place {
    fn in_folder(folder: &Path) -> Place {
        fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).unwrap();
        let program = folder.join("koufen");
        fs::copy(env!("CARGO_BIN_EXE_koufen"), &program).unwrap();
        Place { program, store: Store::with_provider(&folder.join("store")) }
    }

    /// What one of them runs: `setpriv` and its arguments.
    fn args(&self, who: &str, args: &[&str]) -> Vec<String> {
        let be = ["--reuid", who, "--regid", who, "--groups", GROUP, "--"];
        let (program, store) = (self.program.to_str().unwrap(), self.store.path.to_str().unwrap());
        let koufen = [program, "--store", store, "--lang", "en"];
        be.iter().chain(&koufen).chain(args).map(|arg| (*arg).to_owned()).collect()
    }

    fn command(&self, who: &str, args: &[&str]) -> Command {
        let mut command = Command::new("setpriv");
        command.args(self.args(who, args)).arg("--json").stdin(Stdio::null());
        command
    }
}

fn is_root() -> bool {
    let own = Command::new("id").arg("-u").output().unwrap();
    own.stdout == b"0\n"
}

/// Three people come by three doors at once: files from pipes, single commands, forms at an attached console. Nothing is
/// lost, nothing comes twice, there is one order, each is answered once, and every line says whose it is. With
/// `KOUFEN_COMMANDS=10000` ten thousand.
#[test]
fn three_people_by_three_doors() {
    if !is_root() {
        eprintln!("left out: only root can be three people");
        return;
    }
    let many = std::env::var("KOUFEN_COMMANDS").ok().and_then(|n| n.parse().ok()).unwrap_or(1_500_usize);
    let (rows, singles, forms) = (many / 3, (many / 150).min(60), 3);
    let folder = tempfile::tempdir().unwrap();
    let place = Place::in_folder(folder.path());
    let owner = Owner::with(Store::at(&place.store.path), &["--group", GROUP]);
    let mut console = Terminal::of("setpriv", &place.args("sys", &[]), (100, 30));
    console.wait("Providers 1/1", "the console");
    std::thread::scope(|scope| {
        for (at, who) in PEOPLE.iter().enumerate() {
            let (place, file) = (&place, folder.path().join(format!("{who}.csv")));
            fs::write(&file, rows_of(who, at + 1, rows)).unwrap();
            scope.spawn(move || {
                let mut command = place.command(who, &["import", "deductions", "-"]);
                let out = finish({
                    command.stdin(fs::File::open(&file).unwrap());
                    command
                });
                let told: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
                assert_eq!((&told["accepted"], &told["already"]), (&rows.into(), &0.into()), "{told}");
            });
            scope.spawn(move || {
                let mut last = 0;
                for n in 0..singles {
                    let note = format!("{who} single {n}");
                    let args = ["deduct", "P0001", "media-exposure", "10", "--on", "2011-05-04", "--note", &note];
                    let out = finish(place.command(who, &args));
                    let told: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
                    let entry = told["line"].as_u64().or(told["entry"].as_u64()).unwrap_or_else(|| panic!("{told}"));
                    assert!(entry > last, "numbers rise");
                    last = entry;
                }
            });
        }
        for n in 0..forms {
            console.deducts(&format!("sys form {n}"));
        }
    });
    console.send(b"q");
    console.end();
    owner.end();
    let mut want = BTreeMap::new();
    for who in PEOPLE {
        want.extend((0..rows).map(|n| (format!("{who} row {n}"), who.to_owned())));
        want.extend((0..singles).map(|n| (format!("{who} single {n}"), who.to_owned())));
    }
    want.extend((0..forms).map(|n| (format!("sys form {n}"), "sys".to_owned())));
    let ledger = place.store.ok(&["ledger", "P0001", "--year", "2011"]);
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_else(|| panic!("{value}")).to_owned();
    let there: Vec<(String, String)> =
        ledger.as_array().unwrap().iter().map(|line| (text(&line["note"]), text(&line["by"]))).collect();
    assert_eq!(there.len(), want.len(), "nothing twice");
    assert_eq!(there.into_iter().collect::<BTreeMap<_, _>>(), want);
    place.store.ok(&["verify", "--remake"]);
}
