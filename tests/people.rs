//! Several people at one store, each under the name that the system has: needs root, to be them, and is said to be left out
//! where it is not.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

#[path = "fixture/binary.rs"]
mod binary;
#[path = "fixture/terminal.rs"]
mod terminal;

use binary::{Store, finish};
use koufen::door::attach::socket_of;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use terminal::{PATIENCE, Terminal};

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

/// A koufen that has the store open, until it is dropped.
struct Owner(Child);

impl Owner {
    fn of(store: &Store) -> Owner {
        let serve = ["serve", "--group", GROUP];
        let child = store.command(&serve).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let until = Instant::now() + PATIENCE;
        while !socket_of(&store.path).exists() {
            assert!(Instant::now() < until, "no socket");
            std::thread::sleep(Duration::from_millis(10));
        }
        Owner(child)
    }

    /// Asks it to end, which it does well.
    fn end(mut self) {
        let asked = Command::new("kill").args(["-TERM", &self.0.id().to_string()]).status();
        assert!(asked.unwrap().success() && self.0.wait().unwrap().success());
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
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
    let owner = Owner::of(&place.store);
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
            console.send(b"d");
            console.wait("Record a deduction", "the form");
            // The article, then its points as they stand, the day, and a note; the first two fields are filled in.
            console.send(b"media\t\t2011-06-07\t\t\t");
            console.send(format!("sys form {n}").as_bytes());
            console.wait(&format!("sys form {n}"), "the note");
            console.send(b"\x1bOQ");
            let until = Instant::now() + PATIENCE;
            while console.text().contains("Record a deduction") {
                assert!(Instant::now() < until, "a form that is not saved:\n{}", console.text());
                std::thread::sleep(Duration::from_millis(10));
            }
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

/// Rows of one person, each with a note of its own and with other points than another's: what is equal but for its note
/// would be named and left out (decision 14).
fn rows_of(who: &str, points: usize, count: usize) -> String {
    let mut text = String::from("provider_id,article,points,occurred_on,outlet_id,problem,note\n");
    for n in 0..count {
        let (month, day) = (n % 12 + 1, n % 28 + 1);
        text += &format!("P0001,dormant-outlets,{points},2011-{month:02}-{day:02},,,{who} row {n}\n");
    }
    text
}
