//! How a guest and the koufen that it is attached to part: what was said that could not be shown, what is read for a guest
//! that is gone, and what a guest hears whose owner is told to end. Regressions of a stranger's hour with it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

#[path = "fixture/binary.rs"]
mod binary;
#[allow(dead_code, reason = "other tests use the rest of it")]
mod fixture;
#[path = "fixture/owner.rs"]
mod owner;
#[path = "fixture/terminal.rs"]
mod terminal;

use binary::{Store, finish};
use koufen::calendar::Calendar;
use koufen::desk::{Desk, ManualClock, OpenOptions};
use koufen::domain::Command;
use koufen::door::attach::socket_of;
use koufen::rulebook::Rulebook;
use koufen::time::Moment;
use owner::{Owner, send, wait};
use std::fs::{self, File};
use std::io::{Read, Write};
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixListener;
use std::process::{Command as Process, Stdio};
use std::sync::Arc;
use std::time::Duration;
use terminal::Terminal;

/// What is not written was not said: a full disk under the standard output is told attached as it is alone, with the same exit
/// code. Only what recorded something ends well, and says that it did. It was no failure for what is short.
#[test]
fn an_answer_that_cannot_be_written_is_no_success() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::with_provider(&folder.path().join("store"));
    let full = |args: &[&str]| {
        let mut command = store.command(args);
        command.stdout(File::options().write(true).open("/dev/full").unwrap());
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut why = String::new();
        child.stderr.as_mut().unwrap().read_to_string(&mut why).unwrap();
        (child.wait().unwrap().code(), why)
    };
    let deduct = |on: &str| full(&["deduct", "P0001", "media-exposure", "10", "--on", on, "--note", "报纸"]);
    let outlet = ["outlet", "add", "O1", "--provider", "P0001", "--name", "书店", "--city", "杭州"];
    store.ok(&outlet);
    let refused = folder.path().join("refused.csv");
    fs::write(&refused, "provider_id,article,points,occurred_on\nP0009,media-exposure,10,2011-03-02\n").unwrap();
    let import = ["import", "deductions", refused.to_str().unwrap()];
    // The last is refused: it is there already.
    let commands: [&[&str]; 6] = [&["standing"], &["export", "providers"], &["rules"], &["stats"], &import, &outlet];
    // An import says no word before its end: what is in is in.
    let file = folder.path().join("rows.csv");
    let import = |on: &str| {
        let row = format!("P0001,media-exposure,10,{on},,,报纸");
        fs::write(&file, format!("provider_id,article,points,occurred_on,outlet_id,problem,note\n{row}\n")).unwrap();
        full(&["import", "deductions", file.to_str().unwrap()])
    };
    let alone: Vec<_> = commands.iter().map(|args| full(args)).collect();
    let imported = import("2011-04-02");
    assert!(imported.0 == Some(0) && imported.1.contains("It is recorded"), "{imported:?}");
    let recorded = deduct("2011-03-02");
    assert!(recorded.0 == Some(0) && recorded.1.contains("It is recorded"), "{recorded:?}");
    for (code, why) in &alone[..5] {
        assert!(*code == Some(3) && why.contains("No space left"), "{code:?} {why}");
    }
    let owner = Owner::of(Store::at(&store.path));
    let attached: Vec<_> = commands.iter().map(|args| full(args)).collect();
    assert_eq!((attached, deduct("2011-03-03"), import("2011-04-03")), (alone, recorded, imported));
    let there = owner.end();
    let lines = there.ok(&["ledger", "P0001", "--year", "2011"]);
    assert_eq!(lines.as_array().unwrap().len(), 4, "all are there");
}

/// What a refused command comes to does not hang on whether anybody reads what it says, attached as alone. It ended well.
/// And what it says comes in the same order.
#[test]
fn a_refused_command_fails_though_nobody_reads_it() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::with_provider(&folder.path().join("store"));
    store.ok(&["outlet", "add", "O1", "--provider", "P0001", "--name", "书店", "--city", "杭州"]);
    let sheet = folder.path().join("sheet.csv");
    fs::write(&sheet, "article,points,occurred_on,outlet_id,problem,note\nno-article,10,2011-03-02,,,\n").unwrap();
    let audit = ["audit", "record", "P0001", "--auditors", "王芳", "--scope", "杭州", "--on", "2011-03-02", "--lines"];
    let audit = [&audit[..], &[sheet.to_str().unwrap()]].concat();
    let tried = [&audit[..], &["--dry-run"]].concat();
    let commands: [&[&str]; 4] = [&audit, &tried, &["void", "1", "--reason", "错"], &["standing"]];
    let run = |args: &[&str], json: bool| {
        let mut command = store.command(&[]);
        if !json {
            command = Process::new(env!("CARGO_BIN_EXE_koufen"));
            command.arg("--store").arg(&store.path).args(["--lang", "en"]).stdin(Stdio::null());
        }
        command.args(args);
        command
    };
    // Nobody reads, and both streams in one file.
    let unread = |command: &mut Process| {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        command.stdout(writer).stderr(Stdio::null()).status().unwrap().code()
    };
    let joined = |command: &mut Process| {
        let path = folder.path().join("said");
        fs::write(&path, "").unwrap();
        let both = File::options().append(true).open(&path).unwrap();
        let code = command.stdout(both.try_clone().unwrap()).stderr(both).status().unwrap().code();
        (code, fs::read_to_string(&path).unwrap())
    };
    let all = || {
        let of = |args: &&[&str], json| (unread(&mut run(args, json)), joined(&mut run(args, json)));
        commands.iter().map(|args| [of(args, true), of(args, false)]).collect::<Vec<_>>()
    };
    let alone = all();
    let codes: Vec<_> = alone.iter().map(|[(unread, (joined, _)), _]| (*unread, *joined)).collect();
    assert_eq!(codes, [(Some(1), Some(1)), (Some(1), Some(1)), (Some(1), Some(1)), (Some(0), Some(0))], "{alone:#?}");
    let owner = Owner::of(Store::at(&store.path));
    assert_eq!(all(), alone);
    assert_eq!(owner.end().ok(&["stats"])["entries"], 2);
}

/// Who watches the alerts and asks for the end has the end that there is alone. It was that of a process that was killed.
#[test]
fn a_watch_ends_as_it_is_asked_to() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::with_provider(&folder.path().join("store"));
    assert!(store.deduct("50", "2026-11-02", "暗访").status.success());
    let path = folder.path().join("said");
    let said = || fs::read_to_string(&path).unwrap();
    let ends = |signal: &str| {
        let out = File::create(&path).unwrap();
        let mut watch = store.command(&["alerts", "--watch"]).stdout(out).spawn().unwrap();
        wait("alert", || said().contains('\n'));
        send(signal, &watch);
        wait("end of the watch", || watch.try_wait().unwrap().is_some());
        (watch.wait().unwrap().code(), said())
    };
    let alone = ["-INT", "-TERM"].map(ends);
    assert_eq!([alone[0].0, alone[1].0], [Some(0); 2]);
    let owner = Owner::of(Store::at(&store.path));
    assert_eq!(["-INT", "-TERM"].map(ends), alone);
    // An owner that stands still keeps nobody.
    let out = File::create(&path).unwrap();
    let mut watch = store.command(&["alerts", "--watch"]).stdout(out).stderr(Stdio::null()).spawn().unwrap();
    wait("alert", || said().contains('\n'));
    owner.signal("-STOP");
    send("-INT", &watch);
    wait("end of the watch", || watch.try_wait().unwrap().is_some());
    assert_eq!(watch.wait().unwrap().code(), Some(0));
    owner.signal("-CONT");
    owner.end();
}

/// What a guest passed to be read is let go of when it is gone. The owner read on: at a terminal it took the commands that
/// were typed after a Ctrl-C.
#[test]
fn nobody_reads_the_pipe_of_a_guest_that_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let owner = Owner::of(Store::with_provider(&folder.path().join("store")));
    let mut import = owner.store.command(&["import", "deductions", "-"]);
    let mut guest = import.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    let mut rows = guest.stdin.take().unwrap();
    writeln!(rows, "provider_id,article,points,occurred_on,outlet_id,problem,note").unwrap();
    let pipe = fs::read_link(format!("/proc/self/fd/{}", rows.as_raw_fd())).unwrap();
    let held = || {
        let all = fs::read_dir(format!("/proc/{}/fd", owner.child.id())).unwrap();
        all.flatten().any(|fd| fs::read_link(fd.path()).is_ok_and(|at| at == pipe))
    };
    wait("pipe at the owner", held);
    guest.kill().unwrap();
    guest.wait().unwrap();
    wait("end of the reading", || !held());
    let told = writeln!(rows, "P0001,media-exposure,10,2011-03-02,,,").map_err(|e| e.kind());
    assert_eq!(told, Err(std::io::ErrorKind::BrokenPipe), "nobody reads it");
    let there = owner.end();
    assert_eq!(there.ok(&["stats"])["lines"], 0, "nothing of a file that did not end goes in");
}

/// An import whose owner is killed says up to where it was acknowledged, and goes on when it is asked for again. It said
/// only that more may be in.
#[test]
fn an_import_whose_owner_is_killed_says_how_far_it_came() {
    let folder = tempfile::tempdir().unwrap();
    let mut owner = Owner::of(Store::with_provider(&folder.path().join("store")));
    let file = folder.path().join("rows.csv");
    let row = |n| format!("P0001,dormant-outlets,1,2011-{:02}-{:02},,,row {n}\n", n % 12 + 1, n % 28 + 1);
    let rows: String = (0..12_000).map(row).collect();
    fs::write(&file, format!("provider_id,article,points,occurred_on,outlet_id,problem,note\n{rows}")).unwrap();
    let import = ["import", "deductions", file.to_str().unwrap()];
    let guest = owner.store.command(&import).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    wait("lines of the import", || owner.store.ok(&["stats"])["lines"].as_u64().unwrap() >= 3_000);
    owner.child.kill().unwrap();
    owner.child.wait().unwrap();
    let told = guest.wait_with_output().unwrap();
    let why = String::from_utf8(told.stderr).unwrap();
    assert_eq!(told.status.code(), Some(3), "{why}");
    let (_, after) = why.split_once("up to journal entry ").unwrap_or_else(|| panic!("{why}"));
    let last: u64 = after.split(' ').next().unwrap().parse().unwrap();
    let there = owner.store.ok(&["stats"])["entries"].as_u64().unwrap();
    assert!((2..=there).contains(&last), "{last} of {there}");
    // The provider is an entry, too.
    let again = owner.store.ok(&import);
    assert_eq!((&again["already"], &again["accepted"]), (&(there - 1).into(), &(12_001 - there).into()), "{again}");
}

/// A console whose owner is told to end says why it ended, and that a form went. It ended as if somebody had quit it.
#[test]
fn a_console_says_that_its_owner_was_told_to_end() {
    let folder = tempfile::tempdir().unwrap();
    let owner = Owner::of(Store::with_provider(&folder.path().join("store")));
    let path = owner.store.path.to_str().unwrap().to_owned();
    let guest = Terminal::start(&["--store", &path, "--lang", "en"], (120, 24));
    guest.wait("Providers 1/1", "the guest");
    owner.end();
    guest.wait("was told to end", "the guest, told");
    assert_eq!(guest.ends(), 3);
}

/// Who lost the connection in the middle of a form has not left: an owner that quit serves on until that person was there
/// again. It ended, and the form with it.
#[test]
fn an_owner_that_quit_keeps_a_form_for_whoever_lost_the_connection() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::with_provider(&folder.path().join("store"));
    let start = || {
        let console = Terminal::start(&["--store", store.path.to_str().unwrap(), "--lang", "en"], (120, 24));
        console.wait("Providers 1/1", "a console");
        console
    };
    let (mut owner, mut guest) = (start(), start());
    guest.send(b"d");
    guest.wait("Record a deduction", "the form");
    guest.send("media\t12\t2011-06-07\t\t\t第三版".as_bytes());
    guest.wait("第三版", "the note");
    owner.send(b"q");
    owner.wait("Still attached", "the owner, serving on");
    guest.child.kill().unwrap();
    guest.child.wait().unwrap();
    owner.wait("is kept: the connection was lost", "the owner, with a form");
    let mut again = start();
    again.wait("F4", "the offer");
    again.send(b"\x1bOS");
    again.wait("第三版", "the form, restored");
    again.send(b"\x1bOQ");
    again.wait("Recorded as journal entry", "saved");
    again.send(b"q");
    again.end();
    owner.end();
    assert_eq!(store.ok(&["ledger", "P0001", "--year", "2011"])[0]["note"], "第三版");
}

/// What stands where the socket belongs is taken away only if it is the socket of a koufen that is gone.
#[test]
fn what_is_no_socket_of_ours_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::with_provider(&folder.path().join("store"));
    let socket = socket_of(&store.path);
    fs::write(&socket, "precious").unwrap();
    let refused = |what: &str| {
        let told = finish(store.command(&["serve"]));
        let why = String::from_utf8_lossy(&told.stderr).into_owned();
        assert!(told.status.code() == Some(3) && why.contains(what), "{why}");
    };
    refused("is no socket");
    assert_eq!(fs::read_to_string(&socket).unwrap(), "precious");
    fs::remove_file(&socket).unwrap();
    let other = UnixListener::bind(&socket).unwrap();
    // A command finds nobody who speaks as a koufen does, and has the store itself; whoever serves it says what is in the way.
    refused("another program's socket");
    assert!(socket.exists());
    drop(other);
    Owner::of(Store::at(&store.path)).end();
}

/// A console that nobody can attach to says so where its operator looks, and not only before its screen.
#[test]
fn a_console_without_a_socket_says_so_on_its_screen() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::with_provider(&folder.path().join("store"));
    fs::write(socket_of(&store.path), "precious").unwrap();
    let mut console = Terminal::start(&["--store", store.path.to_str().unwrap(), "--lang", "en"], (120, 24));
    console.wait("Providers 1/1", "the console");
    console.wait("Nobody can attach to this store", "what is in the way");
    console.send(b"q");
    console.end();
    assert_eq!(fs::read_to_string(socket_of(&store.path)).unwrap(), "precious");
}

/// What whoever opens the store hears of it is heard attached, too, as long as it is so: here that the clock stands before
/// the last entry. It was said to the owner only.
#[test]
fn what_is_said_of_a_store_is_said_to_guests_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let opened = Desk::open(OpenOptions {
        path: path.clone(),
        rulebook: Rulebook::shipped().unwrap(),
        calendar: Calendar::shipped().unwrap(),
        clock: Arc::new(ManualClock::at(Moment(32_503_680_000))),
        wait: Duration::ZERO,
        progress: &mut |_| {},
    });
    let desk = opened.unwrap().desk;
    desk.submit(&fixture::who("ops"), Command::AddProvider(fixture::provider("P0001", "捷达"))).unwrap();
    desk.close().unwrap();
    let store = Store::at(&path);
    let told = || String::from_utf8(finish(store.command(&["stats"])).stderr).unwrap();
    let alone = told();
    assert!(alone.contains("is it set back?"), "{alone}");
    let owner = Owner::of(Store::at(&path));
    assert_eq!(told(), alone);
    let mut guest = Terminal::start(&["--store", path.to_str().unwrap(), "--lang", "en"], (160, 24));
    guest.wait("is it set back?", "the guest's console");
    guest.send(b"q");
    guest.end();
    owner.end();
}

/// Whoever names the rulebook and the calendar that the owner goes by is let in; who names others is refused, and told
/// so. All who named any were refused: of people who share a command line, all but the first.
#[test]
fn a_guest_may_name_the_rules_that_the_owner_goes_by() {
    let folder = tempfile::tempdir().unwrap();
    let written = |name: &str, text: &str| {
        fs::write(folder.path().join(name), text).unwrap();
        folder.path().join(name).to_str().unwrap().to_owned()
    };
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/src");
    let rules = fs::read_to_string(format!("{root}/rulebook/rulebook.toml")).unwrap();
    let days = fs::read_to_string(format!("{root}/calendar/cn-days.csv")).unwrap();
    let ours = [written("ours.toml", &format!("# ours\n{rules}")), format!("{root}/calendar/cn-days.csv")];
    let other = [written("other.toml", &rules), written("other.csv", days.trim_end().rsplit_once('\n').unwrap().0)];
    let store = Store::with_provider(&folder.path().join("store"));
    let owner = Owner::with(Store::at(&store.path), &["--rulebook", &ours[0]]);
    assert_eq!(store.ok(&["stats"])["entries"], 1, "who names none goes by the owner's");
    store.ok(&["--rulebook", &ours[0], "--calendar", &ours[1], "stats"]);
    for named in [["--rulebook", &other[0]], ["--calendar", &other[1]]] {
        let (code, why) =
            store.fails(&[&named[..], &["deduct", "P0001", "media-exposure", "10", "--on", "2011-03-02"]].concat());
        assert!(code == 2 && why.contains("another rulebook or calendar"), "{code} {why}");
    }
    let console =
        Terminal::start(&["--store", store.path.to_str().unwrap(), "--lang", "en", "--rulebook", &other[0]], (120, 24));
    console.wait("another rulebook or calendar", "the refusal of a console");
    assert_eq!(console.ends(), 2);
    assert_eq!(owner.end().ok(&["stats"])["entries"], 1);
}
