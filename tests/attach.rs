//! Several at one store: what a second koufen does is done where the store is open, as if it were alone.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

#[path = "fixture/binary.rs"]
mod binary;
#[path = "fixture/owner.rs"]
mod owner;
#[path = "fixture/terminal.rs"]
mod terminal;

use binary::{Store, finish};
use crossterm::event::{Event, KeyCode};
use koufen::console::depth::Depth;
use koufen::door::attach::frame::{Asks, Frames, Header, Hello, Saving, Screen, Tells, decode, send};
use koufen::door::attach::guest::{Connection, Left};
use koufen::door::attach::socket_of;
use koufen::words::Lang;
use owner::{Owner, rows_of, wait};
use proptest::prelude::*;
use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};
use terminal::{PATIENCE, Terminal};

/// What a command said, without what depends on the moment.
fn said(out: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (out.status.code(), text(&out.stdout), text(&out.stderr))
}

/// Commands that read, are refused, or are wrong, answer alike with the store open here or there: output, remarks, code.
#[test]
fn a_command_answers_as_if_it_were_alone() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::with_provider(&folder.path().join("store"));
    store.ok(&["outlet", "add", "O1", "--provider", "P0001", "--name", "书店", "--city", "杭州"]);
    assert!(store.deduct("55", "2011-03-02", "现场").status.success());
    let rules = folder.path().join("rules.toml");
    fs::write(&rules, "edition = 1").unwrap();
    let commands: [&[&str]; 17] = [
        &["provider", "list"],
        &["standing", "--year", "2011"],
        &["ledger", "P0001", "--year", "2011"],
        &["why", "3"],
        &["why", "99"],
        &["entry", "3"],
        &["alerts"],
        &["cases"],
        &["export", "ledger"],
        &["what-if", "deduct", "P0001", "media-exposure", "10", "--on", "2011-03-02"],
        &["deduct", "P0009", "media-exposure", "10", "--on", "2011-03-02"],
        &["deduct", "P0001", "media-exposure", "99", "--on", "2011-03-02"],
        &["ledger", "P0001", "--year", "2011", "--known-at", "2010-01-01"],
        &["import", "deductions", "/nowhere/at/all.csv"],
        &["rules", "impact", rules.to_str().unwrap()],
        &["verify"],
        &["stats"],
    ];
    let ask = |json: bool| -> Vec<_> {
        let one = |args: &&[&str]| {
            let mut command = store.command(args);
            if !json {
                command = std::process::Command::new(env!("CARGO_BIN_EXE_koufen"));
                command.arg("--store").arg(&store.path).args(["--lang", "zh-CN"]).args(*args).stdin(Stdio::null());
            }
            said(&finish(command))
        };
        commands.iter().map(one).collect()
    };
    let alone = [ask(true), ask(false)];
    let owner = Owner::of(Store::at(&store.path));
    let attached = [ask(true), ask(false)];
    owner.end();
    for (alone, attached) in alone.iter().zip(&attached) {
        for ((alone, attached), args) in alone.iter().zip(attached).zip(commands) {
            // The view's file is longer while it is open.
            if args[0] != "stats" {
                assert_eq!(alone, attached, "{args:?}");
            }
            assert_eq!(alone.0, attached.0, "{args:?}");
        }
    }
    let codes: Vec<_> = alone[0].iter().map(|(code, ..)| code.unwrap()).collect();
    assert!(codes.contains(&0) && codes.contains(&1) && codes.contains(&2), "{codes:?}");
}

/// What is recorded, imported from a pipe, exported to a file and asked about: files are the guest's, and so is the
/// folder that their paths begin in.
#[test]
fn files_and_pipes_are_the_guests() {
    let folder = tempfile::tempdir().unwrap();
    let owner = Owner::of(Store::with_provider(&folder.path().join("store")));
    let store = &owner.store;
    assert!(store.deduct("5", "2011-03-02", "记").status.success());
    let rows =
        "provider_id,article,points,occurred_on,outlet_id,problem,note\nP0001,media-exposure,10,2011-03-03,,,报纸\n";
    let mut import = store.command(&["import", "deductions", "-"]);
    let mut child = import.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(rows.as_bytes()).unwrap();
    let told: serde_json::Value = serde_json::from_slice(&child.wait_with_output().unwrap().stdout).unwrap();
    assert_eq!((&told["accepted"], &told["read"]), (&1.into(), &1.into()));
    fs::create_dir(folder.path().join("here")).unwrap();
    fs::write(folder.path().join("here/rows.csv"), rows).unwrap();
    let here = |args: &[&str]| {
        let mut command = store.command(args);
        command.current_dir(folder.path().join("here"));
        said(&finish(command))
    };
    let (code, told, _) = here(&["import", "deductions", "rows.csv"]);
    assert!(code == Some(0) && told.contains("\"already\":1"), "{told}");
    let (code, told, why) = here(&["export", "ledger", "--out", "out.csv"]);
    assert!(code == Some(0) && told.contains("\"rows\":2"), "{told}{why}");
    let out = fs::read_to_string(folder.path().join("here/out.csv")).unwrap();
    assert!(out.contains("报纸") && out.lines().count() == 3, "{out}");
    let (code, _, why) = here(&["export", "ledger", "--out", "out.csv"]);
    assert!(code == Some(1) && why.contains("file exists"), "{why}");
    let (code, _, why) = here(&["export", "ledger", "--out", "nowhere/out.csv"]);
    assert!(code == Some(1) && why.contains("cannot write"), "{why}");
    assert_eq!(fs::read_dir(folder.path().join("here")).unwrap().count(), 2, "nothing is left beside it");
    // Who it was is what the system says.
    let entry = store.ok(&["entry", "2"]);
    let alone = owner.end().ok(&["entry", "1"]);
    assert_eq!(entry["by"], alone["by"]);
    // And so is the door.
    assert_eq!((&entry["door"], &alone["door"]), (&"attached".into(), &"local".into()));
}

/// Regression: the name of a file had to be UTF-8 to be said over the socket. Archives that were made on
/// a Chinese Windows hold names in GBK: an import of one, and an export to one, failed attached and went well alone.
#[test]
fn the_name_of_a_guests_file_need_not_be_text() {
    let folder = tempfile::tempdir().unwrap();
    let owner = Owner::of(Store::with_provider(&folder.path().join("store")));
    let name = |bytes: &[u8]| folder.path().join(OsStr::from_bytes(bytes));
    let (rows, out) = (name(b"\xbf\xdb\xb7\xd6.csv"), name(b"\xcc\xa8\xd5\xcb.csv"));
    fs::write(&rows, rows_of("guest 0", 1, 3)).unwrap();
    let with = |args: &[&str], path: &Path| {
        let mut command = owner.store.command(args);
        command.arg(path);
        said(&finish(command))
    };
    let (code, told, why) = with(&["import", "deductions"], &rows);
    assert!(code == Some(0) && told.contains("\"accepted\":3"), "{told}{why}");
    let (code, _, why) = with(&["export", "ledger", "--out"], &out);
    assert_eq!((code, fs::read_to_string(&out).unwrap().lines().count()), (Some(0), 4), "{why}");
    let (code, _, why) = with(&["export", "ledger", "--out"], &out);
    assert!(code == Some(1) && why.contains("file exists"), "{why}");
    owner.end();
}

/// Regression: a text longer than a frame, pasted by mistake into an attached console, ended the thread
/// that carries the keys: the console heard nothing any more, Ctrl-C included.
#[test]
fn a_file_pasted_into_an_attached_console_does_not_make_it_deaf() {
    let folder = tempfile::tempdir().unwrap();
    let owner = Owner::of(Store::with_provider(&folder.path().join("store")));
    let mut guest = Terminal::start(&["--store", owner.store.path.to_str().unwrap(), "--lang", "en"], (80, 24));
    guest.wait("Providers 1/1", "the guest");
    guest.send(b"a");
    guest.wait("Add a provider", "the form");
    guest.send(&[b"\x1b[200~", "扣分\r\n".repeat(200_000).as_bytes(), b"\x1b[201~"].concat());
    guest.wait("characters, at most", "the form says so");
    guest.send(b"\x1b");
    guest.wait("Throw away", "the form asks");
    guest.send(b"y");
    wait("end of the form", || !guest.text().contains("Add a provider"));
    guest.send(b"q");
    guest.end();
    owner.end();
}

/// The socket is its owner's alone; one that was left behind by a koufen that died is in nobody's way.
#[test]
fn a_stale_socket_is_no_race() {
    let folder = tempfile::tempdir().unwrap();
    let mut owner = Owner::of(Store::with_provider(&folder.path().join("store")));
    let socket = socket_of(&owner.store.path);
    assert_eq!(fs::metadata(&socket).unwrap().permissions().mode() & 0o777, 0o600);
    owner.child.kill().unwrap();
    owner.child.wait().unwrap();
    assert!(socket.exists() && UnixStream::connect(&socket).is_err());
    // A command takes over, stays one command, and the next owner listens again.
    owner.store.ok(&["provider", "list"]);
    assert!(socket.exists());
    let owner = Owner::of(Store::at(&owner.store.path));
    let (code, why) = owner.store.fails(&["serve"]);
    assert!(code == 4 && why.contains("serves it already"), "{why}");
    owner.end().ok(&["verify"]);
}

/// Two consoles on one store: what one records the other shows, and each keeps its own language, theme and size.
#[test]
fn two_consoles_at_one_store() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::with_provider(&folder.path().join("store"));
    let path = store.path.to_str().unwrap();
    let mut first = Terminal::start(&["--store", path, "--lang", "en"], (80, 24));
    first.wait("Providers 1/1", "the first");
    let mut second = Terminal::start(&["--store", path, "--lang", "zh-CN", "--theme", "light"], (120, 36));
    second.wait("服务商 1/1", "the second");
    second.send(b"a");
    second.wait("新增服务商", "the second's form");
    second.send(b"P0002\t");
    second.send("宁波金桥\t\t宁波".as_bytes());
    second.send(b"\x1bOQ");
    second.wait("服务商 2/2", "the second, saved");
    first.wait("Providers 2/2", "the first, told");
    assert_eq!(store.ok(&["provider", "list"]).as_array().unwrap().len(), 2);
    let entry = store.ok(&["entry", "2"]);
    assert_eq!((&entry["door"], entry["ask"].as_str().map(str::len)), (&"attached".into(), Some(32)));
    second.resize(50, 10);
    second.wait("60", "the second, too small");
    second.resize(100, 30);
    second.wait("服务商 2/2", "the second, large again");
    // The first quits: it serves on without a screen until the second has left.
    first.send(b"q");
    first.wait("Still attached", "the first, without a screen");
    second.send(b"j");
    second.wait("P0002 ", "the second goes on");
    second.send(b"q");
    second.end();
    first.end();
    store.ok(&["verify"]);
    assert!(!socket_of(&store.path).exists());
}

/// A guest that is gone in the middle of a form: the owner keeps what was typed, and offers it when that person is there
/// again; once it is saved there is nothing to offer.
#[test]
fn half_a_form_outlives_its_connection() {
    let folder = tempfile::tempdir().unwrap();
    let owner = Owner::of(Store::with_provider(&folder.path().join("store")));
    let path = owner.store.path.to_str().unwrap().to_owned();
    let start = |lang, restored: &str| {
        let guest = Terminal::start(&["--store", &path, "--lang", lang], (80, 24));
        guest.wait(restored, "a guest");
        guest
    };
    let mut first = start("en", "Providers 1/1");
    first.send(b"d");
    first.wait("Record a deduction", "the form");
    first.send("media\t12\t2011-06-07\t\t\t第三版".as_bytes());
    first.wait("第三版", "the note");
    first.child.kill().unwrap();
    first.child.wait().unwrap();
    // Whoever attaches the very moment may be there before the owner has noticed.
    let kept = "F4 恢复未填完的表单";
    let until = Instant::now() + PATIENCE;
    let mut again = loop {
        let mut guest = start("zh-CN", "服务商 1/1");
        if guest.text().contains(kept) {
            break guest;
        }
        assert!(Instant::now() < until, "{}", guest.text());
        guest.send(b"q");
        guest.end();
    };
    again.send(b"\x1bOS");
    again.wait("第三版", "the form, restored");
    assert!(again.text().contains("2011-06-07") && !again.text().contains(kept), "{}", again.text());
    again.send(b"\x1bOQ");
    again.wait("已记入日志", "saved");
    again.send(b"q");
    again.end();
    assert_eq!(notes(&owner.store), ["第三版"]);
    let mut third = start("zh-CN", "服务商 1/1");
    third.send(b"d");
    third.wait("记扣分", "another form");
    assert!(!third.text().contains(kept) && !third.text().contains("F4"), "{}", third.text());
    third.send(b"\x1b");
    wait("closed form", || !third.text().contains("记扣分"));
    third.send(b"q");
    third.end();
    owner.end();
}

/// An owner that dies in the middle: guests put their terminals back and say what was acknowledged.
#[test]
fn an_owner_that_dies_is_told_by_its_guests() {
    let folder = tempfile::tempdir().unwrap();
    let mut owner = Owner::of(Store::with_provider(&folder.path().join("store")));
    let path = owner.store.path.to_str().unwrap().to_owned();
    let guest = Terminal::start(&["--store", &path, "--lang", "en"], (80, 24));
    guest.wait("Providers 1/1", "the guest");
    // A score of 55 this year is an alert: what is watched says so at once.
    let deduct = ["deduct", "P0001", "dormant-outlets", "55", "--on", "today", "--subject", "2011-03"];
    owner.store.ok(&deduct);
    let mut watch = owner.store.command(&["alerts", "--watch"]);
    let mut watch = watch.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(watch.stdout.as_mut().unwrap()), &mut line).unwrap();
    assert!(line.contains("P0001/score"), "{line}");
    owner.child.kill().unwrap();
    owner.child.wait().unwrap();
    // Regression: somebody who had a console open was told to run a command again.
    guest.wait("Open koufen again", "the guest, told");
    assert_eq!(guest.ends(), 3);
    let out = watch.wait_with_output().unwrap();
    assert_eq!(out.status.code(), Some(3), "{}", String::from_utf8_lossy(&out.stderr));
    assert!(String::from_utf8_lossy(&out.stderr).contains("gone"));
    owner.store.ok(&["verify"]);
}

/// An owner that is stopped: guests say that they wait, and go on when it does.
#[test]
fn a_stopped_owner_is_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let owner = Owner::of(Store::with_provider(&folder.path().join("store")));
    let path = owner.store.path.to_str().unwrap().to_owned();
    let mut guest = Terminal::start(&["--store", &path, "--lang", "en"], (80, 24));
    guest.wait("Providers 1/1", "the guest");
    owner.signal("-STOP");
    guest.wait("has not answered for", "the guest waits");
    // Regression: at 80 columns it took two rows, and pushed the screen up each time that it was said.
    guest.wait("has not answered for 4 s; waiting", "it says for how long");
    let rows: Vec<String> = guest.text().lines().map(str::to_owned).collect();
    assert!(rows[0].contains("koufen 扣分") && rows[23].contains("; waiting"), "{}", rows.join("\n"));
    assert_eq!(guest.text().matches("has not answered").count(), 1, "{}", guest.text());
    let mut command = owner.store.command(&["provider", "list", "--wait", "300"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut err = std::io::BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    std::io::BufRead::read_line(&mut err, &mut line).unwrap();
    assert!(line.contains("has not answered for"), "{line}");
    // Regression: beside one that stands still `--wait` was not heard, and a command waited for ever.
    for command in [
        &["provider", "list", "--wait", "2"][..],
        &["deduct", "P0001", "media-exposure", "9", "--on", "today", "--wait", "2"],
    ] {
        let out = owner.store.command(command).output().unwrap();
        let err = String::from_utf8_lossy(&out.stderr).into_owned();
        assert!(out.status.code() == Some(4) && err.contains("did not answer within 2 seconds"), "{err}");
    }
    // A console, too, and what it said of the silence is no row that stays on the terminal.
    let late = Terminal::start(&["--store", &path, "--lang", "en", "--wait", "4"], (120, 24));
    late.wait("did not answer within 4", "the console that gave up");
    assert!(
        late.text().contains("has not answered for") && !late.text().contains("koufen (process"),
        "{}",
        late.text()
    );
    assert_eq!(late.ends(), 4);
    owner.signal("-CONT");
    let out = child.wait_with_output().unwrap();
    assert!(out.status.success() && String::from_utf8_lossy(&out.stdout).contains("P0001"));
    wait("screen without the notice", || !guest.text().contains("has not answered"));
    assert_eq!(owner.store.ok(&["stats"])["lines"], 0, "what was given up was asked of nobody");
    guest.send(b"q");
    guest.end();
    owner.end();
}

/// An import whose guest is interrupted stops after a batch; what is in is in, and the owner goes on.
#[test]
fn an_interrupted_import_stops_at_the_owner_too() {
    let folder = tempfile::tempdir().unwrap();
    let owner = Owner::of(Store::with_provider(&folder.path().join("store")));
    let file = folder.path().join("rows.csv");
    let mut text = String::from("provider_id,article,points,occurred_on,outlet_id,problem,note\n");
    for n in 0..60_000 {
        text += &format!("P0001,dormant-outlets,1,2011-{:02}-{:02},,,row {n}\n", n % 12 + 1, n % 28 + 1);
    }
    fs::write(&file, text).unwrap();
    let lines = || owner.store.ok(&["stats"])["lines"].as_u64().unwrap();
    let mut import = owner.store.command(&["import", "deductions", file.to_str().unwrap()]);
    let mut child = import.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    wait("line of the import", || lines() > 0);
    child.kill().unwrap();
    child.wait().unwrap();
    // It stands still when two looks in a row say the same.
    let mut last = lines();
    wait("end of the import", || {
        std::thread::sleep(Duration::from_millis(300));
        let before = std::mem::replace(&mut last, lines());
        before == last
    });
    assert!(last < 60_000 && last % 1_000 == 0, "{last} lines, whole batches");
    owner.end().ok(&["verify"]);
}

/// A path too long for a socket's address is no hindrance.
#[test]
fn a_store_deep_in_the_tree_can_be_attached_to() {
    let folder = tempfile::tempdir().unwrap();
    let deep = folder.path().join("很深的文件夹".repeat(8));
    fs::create_dir(&deep).unwrap();
    let path = deep.join("store");
    let store = Store::with_provider(&path);
    let owner = store.command(&["serve"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let owner = Owner { child: owner, store };
    wait("socket", || socket_of(&path).exists());
    assert_eq!(owner.store.ok(&["provider", "list"]).as_array().unwrap().len(), 1);
    owner.end();
}

/// Notes of the lines on record.
fn notes(store: &Store) -> Vec<String> {
    let mut all = Vec::new();
    for line in store.ok(&["ledger", "P0001", "--year", "2011"]).as_array().unwrap() {
        all.push(line["note"].as_str().unwrap().to_owned());
    }
    all.sort();
    all
}

/// Three doors write at once: files through two guests, single commands through others, forms at a console. Nothing is
/// lost, nothing comes twice, there is one order, and each is answered once. `KOUFEN_COMMANDS=10000` for the long one.
#[test]
fn three_doors_write_at_once_and_nothing_is_lost() {
    let many = std::env::var("KOUFEN_COMMANDS").ok().and_then(|n| n.parse().ok()).unwrap_or(2_000usize);
    let (rows, singles) = (many / 2, (many / 50).min(60));
    let folder = tempfile::tempdir().unwrap();
    let owner = Owner::of(Store::with_provider(&folder.path().join("store")));
    let store = &owner.store;
    let mut console = Terminal::start(&["--store", store.path.to_str().unwrap(), "--lang", "en"], (100, 30));
    console.wait("Providers 1/1", "the console");
    std::thread::scope(|scope| {
        for guest in 0..2 {
            let file = folder.path().join(format!("{guest}.csv"));
            fs::write(&file, rows_of(&format!("guest {guest}"), guest + 1, rows)).unwrap();
            scope.spawn(move || {
                let told = store.ok(&["import", "deductions", file.to_str().unwrap()]);
                assert_eq!((&told["accepted"], &told["already"]), (&rows.into(), &0.into()));
            });
        }
        scope.spawn(|| {
            let mut last = 0;
            for n in 0..singles {
                let note = format!("single {n}");
                let told =
                    store.ok(&["deduct", "P0001", "media-exposure", "10", "--on", "2011-05-04", "--note", &note]);
                let entry = told["line"].as_u64().or(told["entry"].as_u64()).unwrap_or_else(|| panic!("{told}"));
                assert!(entry > last, "numbers rise");
                last = entry;
            }
        });
        for n in 0..5 {
            console.deducts(&format!("console {n}"));
        }
    });
    console.send(b"q");
    console.end();
    let mut want: Vec<String> =
        (0..2).flat_map(|guest| (0..rows).map(move |n| format!("guest {guest} row {n}"))).collect();
    want.extend((0..singles).map(|n| format!("single {n}")));
    want.extend((0..5).map(|n| format!("console {n}")));
    want.sort();
    let store = owner.end();
    assert_eq!(notes(&store), want);
    store.ok(&["verify", "--remake"]);
}

/// The owner is killed while guests record: what was acknowledged is there, nothing is there twice, guests end with a
/// word, and the next command takes over. `KOUFEN_KILLS=50` for the long one.
#[test]
fn an_owner_killed_in_the_middle_loses_nothing_that_was_acknowledged() {
    let kills: u64 = std::env::var("KOUFEN_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(4);
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::with_provider(&folder.path().join("store"));
    let mut acknowledged = Vec::new();
    let mut lost = 0;
    for kill in 0..kills {
        let mut owner = Owner::of(store);
        let told = std::thread::scope(|scope| {
            let asking = scope.spawn(|| {
                let mut told = Vec::new();
                for n in 0.. {
                    let note = format!("kill {kill} line {n}");
                    let args = ["deduct", "P0001", "media-exposure", "10", "--on", "2011-05-04", "--note", &note];
                    let mut command = Store::at(&folder.path().join("store")).command(&args);
                    let out = finish({
                        command.arg("--wait").arg("0");
                        command
                    });
                    match out.status.code() {
                        Some(0) => told.push(note),
                        code => {
                            // Not gone: what was lost is asked again. But, without waiting, one that begins may find an
                            // owner on its way out and with its lock still on the store.
                            assert!(code == Some(4), "{code:?} {}", String::from_utf8_lossy(&out.stderr));
                            break;
                        }
                    }
                    // The next would take the store over, and nobody would be killed any more.
                    if UnixStream::connect(socket_of(&folder.path().join("store"))).is_err() {
                        break;
                    }
                }
                told
            });
            std::thread::sleep(Duration::from_millis(60 + kill * 7_919 % 400));
            owner.child.kill().unwrap();
            owner.child.wait().unwrap();
            asking.join().unwrap()
        });
        lost += u64::from(!told.is_empty());
        acknowledged.extend(told);
        store = Store::at(&owner.store.path);
        let there = notes(&store);
        let lacks: Vec<_> = acknowledged.iter().filter(|note| !there.contains(note)).collect();
        assert!(lacks.is_empty(), "kill {kill}: {lacks:?} of {}", acknowledged.len());
        assert!(there.windows(2).all(|pair| pair[0] != pair[1]), "kill {kill}: nothing twice");
    }
    assert!(lost > 0, "no owner was killed after it had acknowledged something");
    store.ok(&["verify", "--remake"]);
}

/// When a line between a guest and its owner is cut, and the owner killed.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Cut {
    /// Before the owner hears what is asked.
    Before,
    /// After the guest has opened what it reads, and before the owner has it.
    Reading,
    /// After it has answered, and before the guest hears that this was all.
    After,
}

/// Stands between a store's owner and its next guest, and kills the owner.
fn cut(owner: Owner, when: Cut, then: impl FnOnce(Store) -> Option<Owner> + Send + 'static) -> impl FnOnce() -> Owner {
    let socket = socket_of(&owner.store.path);
    let real = socket.with_extension("real");
    fs::rename(&socket, &real).unwrap();
    let listener = UnixListener::bind(&socket).unwrap();
    let standing = std::thread::spawn(move || {
        let (mut guest, _) = listener.accept().unwrap();
        drop(listener);
        let mut there = UnixStream::connect(&real).unwrap();
        Header::read(&mut there).unwrap().send(&mut guest).unwrap();
        Header::read(&mut guest).unwrap().send(&mut there).unwrap();
        let mut asks = Frames::of(guest.try_clone().unwrap());
        let hello: Asks = asks.take().unwrap().unwrap();
        if when == Cut::Reading {
            send(&mut guest, &Tells::Open(std::path::Path::new("-").into()), None).unwrap();
            while asks.take::<Asks>().unwrap().unwrap() == Asks::Ping {}
        }
        if when == Cut::After {
            send(&mut there, &hello, None).unwrap();
            let mut frames = Frames::of(there);
            loop {
                match frames.take().unwrap().unwrap() {
                    Tells::Exit(code, _) => break assert_eq!(code, 0),
                    tells => send(&mut guest, &tells, None).unwrap(),
                }
            }
        }
        let mut owner = owner;
        owner.child.kill().unwrap();
        owner.child.wait().unwrap();
        // Another may have the store open before the guest asks again.
        let next = then(Store::at(&owner.store.path));
        drop(guest);
        next.unwrap_or(owner)
    });
    || standing.join().unwrap()
}

/// An owner that is killed while a console saves: what was being saved is named, and where to look whether it is there.
///
/// Regression: where the guest's owner had not heard of an entry yet, it named entry 1, which is never the one.
#[test]
fn a_save_that_nobody_answered_says_where_to_look() {
    for (lang, after, where_to) in [
        ("en", 41, "see `koufen entry 42`"),
        ("zh-CN", 41, "请查看 `koufen entry 42`"),
        ("en", 0, "Open koufen again and press 6"),
        ("zh-CN", 0, "请重新打开 koufen 按 6"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let mut owner = Owner::of(Store::with_provider(&folder.path().join("store")));
        let path = owner.store.path.to_str().unwrap().to_owned();
        // Somebody who answers in the owner's place as far as it came.
        let socket = socket_of(&owner.store.path);
        fs::remove_file(&socket).unwrap();
        let listener = UnixListener::bind(&socket).unwrap();
        let guest = Terminal::start(&["--store", &path, "--lang", lang], (250, 24));
        let (mut stream, _) = listener.accept().unwrap();
        Header::own().send(&mut stream).unwrap();
        Header::read(&mut stream).unwrap();
        let hello: Option<Asks> = Frames::of(stream.try_clone().unwrap()).take().unwrap();
        assert!(matches!(hello, Some(Asks::Hello(_))));
        let saving = Saving { what: "记扣分".into(), after };
        send(&mut stream, &Tells::Pending(1, Some(17), Some(saving)), None).unwrap();
        owner.child.kill().unwrap();
        owner.child.wait().unwrap();
        drop(stream);
        guest.wait(where_to, "where to look");
        assert!(guest.text().contains("记扣分"), "{}", guest.text());
        assert_eq!(guest.text().contains("koufen entry"), after > 0, "{}", guest.text());
        assert_eq!(guest.ends(), 3);
    }
}

/// What a console hands in is named to its guest, with the entry after which it is recorded, until it is answered.
#[test]
fn a_guest_knows_what_its_console_saves() {
    let folder = tempfile::tempdir().unwrap();
    let owner = Owner::of(Store::with_provider(&folder.path().join("store")));
    let mut stream = UnixStream::connect(socket_of(&owner.store.path)).unwrap();
    Header::own().send(&mut stream).unwrap();
    Header::read(&mut stream).unwrap();
    let theme = serde_json::to_string(&koufen::console::Theme::built_in("dark").unwrap()).unwrap();
    let screen = Screen {
        size: (120, 36),
        lang: "en".into(),
        theme: ("dark".into(), theme),
        suspends: false,
        depth: Depth::True,
    };
    let hello = Hello { args: vec![b"koufen".to_vec()], screen: Some(screen), ..hello() };
    send(&mut stream, &Asks::Hello(Box::new(hello)), None).unwrap();
    let mut frames = Frames::of(stream.try_clone().unwrap());
    let mut shown = Vec::new();
    while !String::from_utf8_lossy(&shown).contains("P0001") {
        if let Tells::Out(bytes) = frames.take().unwrap().unwrap() {
            shown.extend(bytes);
        }
    }
    let typed =
        "dmedia\t\t2011-06-07\t\t\tonce".chars().map(|c| if c == '\t' { KeyCode::Tab } else { KeyCode::Char(c) });
    for code in typed.chain([KeyCode::F(2)]) {
        send(&mut stream, &Asks::Event(Event::Key(code.into())), None).unwrap();
    }
    let mut pending = || loop {
        if let Tells::Pending(count, last, saving) = frames.take().unwrap().unwrap() {
            return (count, last, saving);
        }
    };
    let (1, None, Some(Saving { what, after })) = pending() else { panic!("not pending") };
    // The last entry that was heard of, if any was by then.
    assert!(what == "Record a deduction" && after < 2, "{what} {after}");
    assert_eq!(pending(), (0, Some(2), None));
    assert_eq!(notes(&owner.store), ["once"]);
}

/// What a command asked whose answer was lost is asked again, of the store or of whoever has it open next: it succeeds,
/// says what happened, and there is one entry.
#[test]
fn an_answer_that_was_lost_is_asked_for_again() {
    for when in [Cut::Before, Cut::After] {
        for next in [false, true] {
            let folder = tempfile::tempdir().unwrap();
            let owner = Owner::of(Store::with_provider(&folder.path().join("store")));
            let store = Store::at(&owner.store.path);
            let cut = cut(owner, when, move |store| next.then(|| Owner::of(store)));
            let args = ["deduct", "P0001", "media-exposure", "10", "--on", "2011-05-04", "--note", "once"];
            let (code, out, err) = said(&finish(store.command(&args)));
            let owner = cut();
            let told: serde_json::Value = serde_json::from_str(&out).unwrap_or_else(|_| panic!("{out} {err}"));
            assert_eq!((code, told["line"].as_u64(), out.lines().count()), (Some(0), Some(2), 1), "{when:?}: {err}");
            let says = if when == Cut::Before { "it is recorded now, as entry 2" } else { "before that, as entry 2" };
            assert!(err.contains(says), "{when:?} {next}: {err}");
            assert_eq!(notes(&store), ["once"]);
            let entry = store.ok(&["entry", "2"]);
            let here = when == Cut::Before && !next;
            assert_eq!(entry["door"], if here { "local" } else { "attached" }, "{when:?} {next}");
            assert_eq!(entry["ask"].as_str().map(str::len), Some(32));
            drop(owner);
            store.ok(&["verify", "--remake"]);
        }
    }
}

/// What it says before it records would be refused when it is asked again: then the entry is what is shown.
#[test]
fn an_answer_that_cannot_be_given_again_is_the_entry() {
    let folder = tempfile::tempdir().unwrap();
    let owner = Owner::of(Store::with_provider(&folder.path().join("store")));
    let store = Store::at(&owner.store.path);
    assert!(store.deduct("5", "2011-03-02", "记").status.success());
    let cut = cut(owner, Cut::After, |_| None);
    let (code, out, err) = said(&finish(store.command(&["void", "2", "--reason", "误记"])));
    let told: serde_json::Value = serde_json::from_str(&out).unwrap_or_else(|_| panic!("{out} {err}"));
    assert_eq!((code, &told["entry"], &told["kind"]), (Some(0), &3.into(), &"reversal".into()), "{err}");
    assert!(err.contains("as entry 3"), "{err}");
    assert_eq!(store.ok(&["stats"])["entries"], 3);
    drop(cut());
}

/// What was read from a pipe cannot be read again: where nothing was recorded, that is what is said.
#[test]
fn what_was_read_from_a_pipe_is_not_asked_again_without_it() {
    let folder = tempfile::tempdir().unwrap();
    let owner = Owner::of(Store::with_provider(&folder.path().join("store")));
    let store = Store::at(&owner.store.path);
    let cut = cut(owner, Cut::Reading, |_| None);
    let args = ["audit", "record", "P0001", "--auditors", "王芳", "--scope", "门店", "--lines", "-"];
    let (code, out, err) = said(&finish(store.command(&args)));
    assert!((code, out.as_str()) == (Some(3), "") && err.contains("run it again"), "{code:?} {out} {err}");
    assert_eq!(store.ok(&["stats"])["entries"], 1);
    drop(cut());
}

/// Somebody who answers in the place of a koufen.
fn answered_by(answer: impl FnOnce(UnixStream) + Send + 'static) -> Left {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store");
    fs::create_dir(&store).unwrap();
    let listener = UnixListener::bind(socket_of(&store)).unwrap();
    let answering = std::thread::spawn(move || answer(listener.accept().unwrap().0));
    let left = Connection::to(&store).unwrap().attend(hello(), (Lang::En, Duration::from_secs(60)), None).unwrap();
    answering.join().unwrap();
    left
}

fn hello() -> Hello {
    let args = vec![b"koufen".to_vec(), b"stats".to_vec()];
    Hello { args, lang: "en".into(), ..Hello::default() }
}

/// Another version is one clear sentence, whatever else it would say; one that dies before it begins is told as that.
#[test]
fn another_version_is_told() {
    let theirs = Header { version: "9.9.9".into(), ..Header::own() };
    let told = answered_by(move |mut stream| {
        theirs.send(&mut stream).unwrap();
        drop(Header::read(&mut stream));
    });
    assert_eq!(told, Left::OtherVersion("9.9.9".into()));
    let gone = answered_by(|mut stream| drop(Header::read(&mut stream)));
    assert_eq!(gone, Left::Lost { pending: 0, last: None, saving: None, drained: false });
    let waits = answered_by(|mut stream| {
        Header::own().send(&mut stream).unwrap();
        Header::read(&mut stream).unwrap();
        let Some(Asks::Hello(_)) = Frames::of(stream.try_clone().unwrap()).take().unwrap() else { panic!() };
        send(&mut stream, &Tells::Pending(1, Some(17), None), None).unwrap();
    });
    assert_eq!(waits, Left::Lost { pending: 1, last: Some(17), saving: None, drained: false });
}

/// Regression: an owner that died before it was told what to do was taken for an output that nobody reads, and the
/// command ended well, though nothing was recorded.
#[test]
fn an_owner_that_dies_before_it_hears_is_no_success() {
    for greets in [false, true] {
        let left = answered_by(move |mut stream| {
            if greets {
                Header::own().send(&mut stream).unwrap();
            }
        });
        assert_eq!(left, Left::Lost { pending: 0, last: None, saving: None, drained: false });
    }
}

/// A guest that sends anything but frames is let go, and the owner serves on.
#[test]
fn noise_ends_only_its_own_session() {
    let folder = tempfile::tempdir().unwrap();
    let owner = Owner::of(Store::with_provider(&folder.path().join("store")));
    let path: &Path = &owner.store.path;
    let mut header = Vec::new();
    Header::own().send(&mut header).unwrap();
    for noise in [&b"GET / HTTP/1.1\r\n\r\n"[..], &header, &[&header[..], &[0xff; 64]].concat(), &[0; 4096]] {
        let mut stream = UnixStream::connect(socket_of(path)).unwrap();
        let _ = stream.write_all(noise);
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let mut rest = Vec::new();
        let _ = std::io::Read::read_to_end(&mut stream, &mut rest);
    }
    owner.store.ok(&["provider", "list"]);
    owner.end();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// Whatever comes as a frame is a value or an error, never a panic or more memory than a frame has.
    #[test]
    fn any_bytes_are_a_frame_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        drop(decode::<Asks>(&bytes));
        drop(decode::<Tells>(&bytes));
    }

    /// Regression (fuzzed frames): what was short enough to be sent could be too long to be read, where it held many
    /// numbers: each was counted as longer than it was.
    #[test]
    fn what_can_be_sent_can_be_read(count in 1usize..300_000) {
        let (mut here, there) = UnixStream::pair().unwrap();
        let asks = Asks::Hello(Box::new(Hello { args: vec![Vec::new(); count], ..hello() }));
        let sending = std::thread::spawn(move || (send(&mut here, &asks, None).is_ok(), asks));
        let taken = Frames::of(there).take::<Asks>();
        match sending.join().unwrap() {
            (true, asks) => prop_assert_eq!(taken.unwrap(), Some(asks)),
            (false, _) => prop_assert!(taken.unwrap().is_none()),
        }
    }

    /// Frames come out as they went in, whole, in order, with what came along.
    #[test]
    fn frames_come_out_as_they_went_in(
        outs in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..3_000), 1..8),
        size in (0u16..500, 0u16..300),
    ) {
        let (mut here, there) = UnixStream::pair().unwrap();
        let screen = Screen { size, lang: "en".into(), theme: ("dark".into(), "{}".into()), suspends: true, depth: Depth::Indexed };
        let first = Asks::Hello(Box::new(Hello { screen: Some(screen), bar: Some(80), ..hello() }));
        let sent = outs.clone();
        let sending = std::thread::spawn(move || {
            send(&mut here, &first, None).unwrap();
            let mut file = tempfile::tempfile().unwrap();
            file.write_all(b"along").unwrap();
            send(&mut here, &Asks::Opened(Ok(())), Some(std::os::fd::AsFd::as_fd(&file))).unwrap();
            sent.into_iter().for_each(|bytes| send(&mut here, &Tells::Out(bytes), None).unwrap());
            first
        });
        let mut frames = Frames::of(there);
        let hello: Asks = frames.take().unwrap().unwrap();
        let opened: Asks = frames.take().unwrap().unwrap();
        prop_assert_eq!(opened, Asks::Opened(Ok(())));
        let mut file = frames.file().unwrap();
        std::io::Seek::rewind(&mut file).unwrap();
        let mut text = String::new();
        std::io::Read::read_to_string(&mut file, &mut text).unwrap();
        prop_assert_eq!(text.as_str(), "along");
        for bytes in outs {
            prop_assert_eq!(frames.take::<Tells>().unwrap(), Some(Tells::Out(bytes)));
        }
        prop_assert_eq!(sending.join().unwrap(), hello);
        prop_assert!(frames.take::<Tells>().unwrap().is_none());
    }
}
