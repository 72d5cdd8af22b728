//! What a store does when parts of it are lost, damaged, locked, full or not its own: the real binary, each fault that
//! was seen once by its name.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

#[path = "fixture/binary.rs"]
mod binary;
#[path = "fixture/dice.rs"]
mod dice;
#[path = "fixture/folder.rs"]
mod folder;

use binary::{Store, finish};
use dice::Dice;
use folder::copy;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

/// P0001 with three lines of 10, 20 and 30 points in 2011: entries 2, 3 and 4.
fn three_lines(path: &Path) -> Store {
    let store = Store::with_provider(path);
    for (points, on) in [("10", "2011-06-01"), ("20", "2011-03-01"), ("30", "2011-09-01")] {
        assert!(store.deduct(points, on, on).status.success());
    }
    store
}

/// Stops, says from which entry on, changes nothing, and says the same the second time.
fn stops(store: &Store, from: u64, to: u64) {
    let before = listing(&store.path);
    for args in [&["standing"][..], &["verify"], &["rebuild"], &["stats"]] {
        let (code, text) = store.fails(args);
        assert_eq!(code, 3, "{args:?}: {text}");
        assert!(text.contains(&format!("entries {from} to {to}")), "{args:?}: {text}");
    }
    let out = store.deduct("1", "2011-01-01", "更多");
    assert_eq!(out.status.code(), Some(3));
    assert_eq!(listing(&store.path), before, "nothing was changed");
}

/// Every file with its bytes, but for the lock, which says who had it last.
fn listing(path: &Path) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let (mut files, mut folders) = (Vec::new(), vec![path.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if !path.ends_with("lock") {
                files.push((path.clone(), fs::read(path).unwrap()));
            }
        }
    }
    files.sort();
    files
}

fn shorten(file: &Path, by: u64) {
    let file = fs::File::options().write(true).open(file).unwrap();
    file.set_len(file.metadata().unwrap().len() - by).unwrap();
}

/// B: `truncate -s -1` on the last segment was passed over with "never acknowledged", exit 0, and silence afterwards.
#[test]
fn a_lost_tail_stops_whoever_alone_knows_of_it() {
    for knows in ["all", "reached", "seal", "view"] {
        let folder = tempfile::tempdir().unwrap();
        let store = three_lines(&folder.path().join("s"));
        shorten(&store.segments()[0], 1);
        let gone: &[&str] = match knows {
            "reached" => &["view", "view.seal"],
            "seal" => &["reached"],
            "view" => &["reached", "view.seal"],
            _ => &[],
        };
        for part in gone {
            let part = store.path.join(part);
            if part.is_dir() { fs::remove_dir_all(part).unwrap() } else { fs::remove_file(part).unwrap() }
        }
        if knows == "view" {
            // sled may tidy its own files when it is asked.
            assert_eq!(store.fails(&["standing"]).0, 3);
            assert_eq!(store.fails(&["standing"]).0, 3);
        } else {
            stops(&store, 4, 4);
        }
    }
}

/// B: an unlinked segment, or the whole journal.
#[test]
fn an_unlinked_segment_or_journal_stops() {
    let folder = tempfile::tempdir().unwrap();
    let store = three_lines(&folder.path().join("s"));
    fs::remove_file(&store.segments()[0]).unwrap();
    stops(&store, 1, 4);
    fs::remove_dir_all(store.path.join("journal")).unwrap();
    stops(&store, 1, 4);
}

/// B: a loss is accepted by name; it is an entry, and no number is given a second time.
#[test]
fn a_loss_is_accepted_by_name_and_numbers_are_not_given_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = three_lines(&folder.path().join("s"));
    shorten(&store.segments()[0], 1);
    let (code, text) = store.fails(&["accept-loss", "--from", "3", "--reason", "磁盘"]);
    assert!(code == 3 && text.contains("entries 4 to 4"), "{text}");
    assert_eq!(store.fails(&["accept-loss", "--from", "4", "--reason", " "]).0, 1, "a reason is wanted");
    let accepted = store.ok(&["accept-loss", "--from", "4", "--reason", "磁盘坏了"]);
    assert_eq!(accepted["seq"], 5);
    assert_eq!(store.score(), 30);
    let verified = store.ok(&["verify", "--remake"]);
    assert_eq!((&verified["ok"], &verified["entries"]), (&true.into(), &4.into()));
    let out = store.deduct("7", "2011-10-01", "以后");
    assert!(String::from_utf8_lossy(&out.stdout).contains("\"line\":6"), "{out:?}");
    assert_eq!(store.ok(&["stats"])["entries"], 5);
    assert!(fs::exists(store.path.join("view.lost")).unwrap(), "what knew of it is kept");
    assert_eq!(store.fails(&["accept-loss", "--from", "4", "--reason", "再来"]).0, 3, "once");
    // All of the journal, likewise, and a rebuild says the same.
    fs::remove_dir_all(store.path.join("journal")).unwrap();
    assert_eq!(store.ok(&["accept-loss", "--from", "1", "--reason", "全没了"])["seq"], 7);
    assert_eq!(store.ok(&["verify", "--remake"])["ok"], true);
    store.ok(&["rebuild"]);
    assert_eq!(store.ok(&["verify", "--remake"])["entries"], 1);
    store.ok(&["provider", "add", "P0002", "--name", "新", "--kind", "third-party", "--city", "宁波"]);
}

/// Another journal in the place of the one that was acknowledged is no less a loss.
#[test]
fn another_journal_of_the_same_length_is_not_taken_for_this_one() {
    let folder = tempfile::tempdir().unwrap();
    let (store, other) = (three_lines(&folder.path().join("a")), Store::with_provider(&folder.path().join("b")));
    for on in ["2011-06-02", "2011-03-02", "2011-09-02"] {
        assert!(other.deduct("10", on, on).status.success());
    }
    fs::remove_dir_all(store.path.join("journal")).unwrap();
    copy(&other.path.join("journal"), &store.path.join("journal"));
    let (code, text) = store.fails(&["standing"]);
    assert!(code == 3 && text.contains("Entry 4"), "{text}");
    fs::remove_dir_all(store.path.join("view")).unwrap();
    fs::remove_file(store.path.join("view.seal")).unwrap();
    assert_eq!(store.fails(&["standing"]).0, 3);
}

/// Regression: a replaced journal was taken for good without a word when accepting it failed: what knew of the loss was
/// thrown away before the entry was on disk.
#[test]
fn accepting_another_journal_that_fails_accepts_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (store, other) = (three_lines(&folder.path().join("a")), Store::with_provider(&folder.path().join("b")));
    for n in 0..20 {
        assert!(other.deduct("1", "2011-06-02", &format!("另一本账的第 {n} 行")).status.success());
    }
    fs::remove_dir_all(store.path.join("journal")).unwrap();
    copy(&other.path.join("journal"), &store.path.join("journal"));
    let exe = env!("CARGO_BIN_EXE_koufen");
    let line =
        format!("ulimit -f 1; exec {exe} --store {} --lang en accept-loss --from 4 --reason x", store.path.display());
    let mut limited = Command::new("sh");
    limited.args(["-c", &line]).stdin(Stdio::null());
    assert_eq!(finish(limited).status.code(), Some(3));
    for _ in 0..2 {
        let (code, text) = store.fails(&["standing"]);
        assert!(code == 3 && text.contains("Entry 4"), "{text}");
    }
    let accepted = store.ok(&["accept-loss", "--from", "4", "--reason", "认了"]);
    assert_eq!((&accepted["to"], &accepted["replaced"], &accepted["seq"]), (&4.into(), &true.into(), &22.into()));
    assert_eq!(store.score(), 20);
    assert_eq!(store.ok(&["verify", "--remake"])["entries"], 22);
}

/// A view of another store, closed and whole, is not taken for this one's.
#[test]
fn a_view_of_another_store_is_moved_aside() {
    let folder = tempfile::tempdir().unwrap();
    let (store, other) = (three_lines(&folder.path().join("a")), Store::with_provider(&folder.path().join("b")));
    for on in ["2011-06-02", "2011-03-02", "2011-09-02"] {
        assert!(other.deduct("1", on, on).status.success());
    }
    for kept in ["view.aside", "view.aside-1"] {
        fs::remove_dir_all(store.path.join("view")).unwrap();
        copy(&other.path.join("view"), &store.path.join("view"));
        fs::copy(other.path.join("view.seal"), store.path.join("view.seal")).unwrap();
        assert_eq!(store.score(), 60);
        assert!(store.path.join(kept).is_dir(), "what was moved aside before is not overwritten");
    }
    assert_eq!(store.ok(&["verify", "--remake"])["ok"], true);
}

/// An unacknowledged block whose header never reached the disk is a torn tail and not damage (H).
#[test]
fn a_block_whose_header_is_zero_is_torn() {
    let folder = tempfile::tempdir().unwrap();
    let store = three_lines(&folder.path().join("s"));
    let segment = &store.segments()[0];
    let whole = fs::read(segment).unwrap();
    let sector = whole.len().next_multiple_of(512);
    for zeroes in [sector - whole.len(), sector - whole.len() + 512] {
        let mut bytes = whole.clone();
        bytes.extend(vec![0; zeroes]);
        bytes.extend([7; 300]);
        fs::write(segment, bytes).unwrap();
        assert_eq!(store.score(), 60);
        assert_eq!(fs::read(segment).unwrap(), whole);
    }
}

/// Notes of 6,000 bytes fill segments of 8 MiB fast; days in random order. Returns the score.
fn long(store: &Store, lines: u64, dice: &mut Dice) -> u64 {
    let file = store.path.with_extension("csv");
    let mut text = String::from("provider_id,article,points,occurred_on,note\n");
    let note = "证".repeat(1_900);
    let mut score = 0;
    for n in 0..lines {
        let (points, month, day) = (dice.below(30) + 1, dice.below(12) + 1, dice.below(28) + 1);
        score += points;
        text.push_str(&format!("P0001,dormant-outlets,{points},2011-{month:02}-{day:02},{n}{note}\n"));
    }
    fs::write(&file, text).unwrap();
    store.ok(&["import", "deductions", file.to_str().unwrap()]);
    score
}

/// C: `deduct` on a journal with a damaged sealed segment answered "recorded", and `rebuild` threw the good view away.
#[test]
fn a_damaged_sealed_segment_takes_no_more_and_the_view_stays() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::with_provider(&folder.path().join("s"));
    let score = long(&store, 2_500, &mut Dice(1));
    assert_eq!(store.score(), score);
    assert!(store.segments().len() > 1);
    let sealed = &store.segments()[0];
    let mut bytes = fs::read(sealed).unwrap();
    bytes[4_000_000] ^= 1;
    fs::write(sealed, &bytes).unwrap();
    let lengths =
        || ["records", "pages"].map(|half| fs::metadata(store.path.join("view").join(half).join("db")).unwrap().len());
    let view = lengths();
    let out = store.deduct("1", "2011-01-01", "还有");
    assert_eq!(out.status.code(), Some(3), "{out:?}");
    for args in [&["rebuild"][..], &["verify"], &["standing"]] {
        let (code, text) = store.fails(args);
        assert!(code == 3 && text.contains("damaged at seq"), "{args:?}: {text}");
    }
    assert_eq!(lengths(), view, "the view is what it was");
    bytes[4_000_000] ^= 1;
    fs::write(sealed, &bytes).unwrap();
    assert_eq!(store.score(), score, "and serves again when the segment is restored");
}

/// Random damage of the last segment, of sealed ones and of each file of the view: what is answered at exit 0 is
/// right, and nothing panics or hangs. `KOUFEN_DAMAGES=100` by hand.
#[test]
fn random_damage_gives_no_wrong_answer() {
    let damages: u64 = std::env::var("KOUFEN_DAMAGES").ok().and_then(|n| n.parse().ok()).unwrap_or(5);
    let (folder, mut dice) = (tempfile::tempdir().unwrap(), Dice(4));
    let good = Store::with_provider(&folder.path().join("good"));
    let score = long(&good, 2_200, &mut dice);
    assert_eq!((good.score(), good.segments().len()), (score, 2));
    let (mut right, mut stopped) = ([0, 0, 0], [0, 0, 0]);
    for n in 0..damages * 3 {
        let store = Store::at(&folder.path().join("damaged"));
        copy(&good.path, &store.path);
        let place = usize::try_from(n % 3).unwrap();
        let file = match place {
            0 => store.segments()[1].clone(),
            1 => store.segments()[0].clone(),
            _ => {
                let files: Vec<_> = listing(&store.path).into_iter().map(|(path, _)| path).collect();
                let of_view: Vec<_> = files.into_iter().filter(|p| !p.to_str().unwrap().contains("journal/")).collect();
                of_view[usize::try_from(dice.below(of_view.len() as u64)).unwrap()].clone()
            }
        };
        let what = damage(&file, &mut dice);
        let out = store.run(&["standing", "P0001", "--year", "2011"]);
        match out.status.code() {
            Some(0) => {
                let said: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
                assert_eq!(said[0]["score"], score, "{what} of {}", file.display());
                right[place] += 1;
                let more = store.deduct("3", "2011-02-02", "以后");
                assert!(more.status.success(), "{what} of {}: {more:?}", file.display());
                assert_eq!(store.score(), score + 3, "{what} of {}", file.display());
                assert_eq!(store.ok(&["verify", "--remake"])["ok"], true);
            }
            code => {
                assert_eq!(code, Some(3), "{what} of {}: {out:?}", file.display());
                assert_eq!(store.deduct("3", "2011-02-02", "以后").status.code(), Some(3));
                stopped[place] += 1;
            }
        }
        fs::remove_dir_all(&store.path).unwrap();
    }
    println!("last segment, sealed, view: {right:?} answered right, {stopped:?} stopped");
    assert_eq!((right[1], stopped[2]), (0, 0), "a sealed segment stops, the view never does");
}

/// Regression: what was to be recorded was refused where a page that it is decided by was damaged, though the journal has all.
#[test]
fn what_is_decided_by_a_damaged_page_is_decided_by_the_journal() {
    let (folder, mut dice) = (tempfile::tempdir().unwrap(), Dice(7));
    let good = Store::with_provider(&folder.path().join("good"));
    let score = long(&good, 300, &mut dice);
    let pages = Path::new("view/pages/db");
    let bytes = fs::read(good.path.join(pages)).unwrap();
    let written: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at] != 0).collect();
    for at in written.iter().step_by(written.len() / 16) {
        let store = Store::at(&folder.path().join("damaged"));
        copy(&good.path, &store.path);
        let mut bytes = bytes.clone();
        bytes[*at] ^= 4;
        fs::write(store.path.join(pages), bytes).unwrap();
        let out = store.deduct("3", "2011-02-02", "以后");
        assert!(out.status.success(), "at {at}: {out:?}");
        assert_eq!(store.score(), score + 3, "at {at}");
        fs::remove_dir_all(&store.path).unwrap();
    }
}

/// Flips a bit, zeroes a sector, cuts, or adds; never nothing.
fn damage(file: &Path, dice: &mut Dice) -> &'static str {
    let mut bytes = fs::read(file).unwrap();
    let at = usize::try_from(dice.below(bytes.len().max(1) as u64)).unwrap();
    let what = match dice.below(5) {
        0 | 1 if !bytes.is_empty() => {
            bytes[at] ^= 1 << dice.below(8);
            "a flipped bit"
        }
        2 if bytes.iter().skip(at).take(512).any(|b| *b != 0) => {
            bytes.iter_mut().skip(at).take(512).for_each(|b| *b = 0);
            "512 zeroes"
        }
        3 if !bytes.is_empty() => {
            bytes.truncate(at);
            "a cut"
        }
        _ => {
            bytes.extend((0..dice.below(900) + 1).map(|n| u8::try_from(n % 251).unwrap()));
            "bytes too many"
        }
    };
    fs::write(file, bytes).unwrap();
    what
}

/// E: after the append the answer is yes and the exit code 0, whoever hears it.
#[test]
fn a_full_output_does_not_undo_what_is_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::with_provider(&folder.path().join("s"));
    let full = || fs::File::options().write(true).open("/dev/full").unwrap();
    let mut command =
        store.command(&["deduct", "P0001", "dormant-outlets", "5", "--on", "2011-03-02", "--subject", "2011-03"]);
    let status = command.stdout(full()).stderr(Stdio::null()).status().unwrap();
    assert_eq!(status.code(), Some(0));
    assert_eq!(store.score(), 5);
    let status = store.command(&["standing"]).stdout(full()).stderr(Stdio::null()).status().unwrap();
    assert_eq!(status.code(), Some(3), "an answer that cannot be given is trouble");
}

/// E: a limit on the size of files is an error where it is met; what is there can be read.
#[test]
fn a_limit_on_the_size_of_files_loses_nothing_and_stops_no_reading() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::with_provider(&folder.path().join("s"));
    long(&store, 100, &mut Dice(2));
    let (score, exe) = (store.score(), env!("CARGO_BIN_EXE_koufen"));
    let limited = |args: &str| {
        let mut command = Command::new("sh");
        let line = format!("ulimit -f 64; exec {exe} --store {} --lang en --json {args}", store.path.display());
        command.args(["-c", &line]).stdin(Stdio::null());
        finish(command)
    };
    let out = limited("deduct P0001 dormant-outlets 5 --on 2011-03-02 --subject 2011-03");
    assert_eq!(out.status.code(), Some(3), "{out:?}");
    let out = limited("standing P0001 --year 2011");
    assert_eq!(out.status.code(), Some(0), "{out:?}");
    let said: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!(said[0]["score"], score);
    assert_eq!(store.score(), score);
    assert_eq!(store.ok(&["verify", "--remake"])["ok"], true);
}

/// F: names, e-mails and phones were readable by everybody (0644, and 0666 at umask 0).
#[test]
fn a_store_is_its_owners_alone_whatever_the_umask() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("s");
    let line = format!(
        "umask 0; {0} --store {1} provider add P0001 --name a --kind third-party --city b >/dev/null; {0} --store {1} standing",
        env!("CARGO_BIN_EXE_koufen"),
        store.display()
    );
    let sh = |line: &str| {
        let mut command = Command::new("sh");
        command.args(["-c", line]);
        assert!(finish(command).status.success());
    };
    sh(&line);
    let open = || {
        let (mut found, mut folders) = (Vec::new(), vec![store.clone()]);
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path.clone());
                }
                found.push(path);
            }
        }
        found.push(store.clone());
        assert!(found.len() > 7);
        found.retain(|path| fs::metadata(path).unwrap().permissions().mode() & 0o077 != 0);
        found
    };
    assert_eq!(open(), Vec::<std::path::PathBuf>::new());
    // One that was made readable by an earlier program is closed.
    sh(&format!("chmod -R a+rX {}", store.display()));
    assert!(!open().is_empty());
    sh(&line);
    assert_eq!(open(), Vec::<std::path::PathBuf>::new());
}

/// F: `export --out` overwrote a journal segment, replaced devices and FIFOs, and overwrote silently.
#[test]
fn an_export_goes_over_nothing_that_it_should_not() {
    let folder = tempfile::tempdir().unwrap();
    let store = three_lines(&folder.path().join("s"));
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    let segment = store.segments()[0].clone();
    let bytes = fs::read(&segment).unwrap();
    let link = folder.path().join("link.csv");
    std::os::unix::fs::symlink(&segment, &link).unwrap();
    for inside in [text(&segment), text(&store.path.join("new.csv")), text(&link)] {
        let (code, said) = store.fails(&["export", "ledger", "--force", "--out", &inside]);
        assert!(code == 1 && said.contains("lies in a store"), "{inside}: {said}");
    }
    assert_eq!(fs::read(&segment).unwrap(), bytes);
    // What is left of a store is a store.
    let copied = folder.path().join("copied");
    copy(&store.path.join("journal"), &copied.join("journal"));
    for inside in [copied.join("x.csv"), copied.join("journal/x.csv")] {
        assert_eq!(store.fails(&["export", "ledger", "--out", &text(&inside)]).0, 1);
    }
    let (code, said) = store.fails(&["export", "ledger", "--force", "--out", "/dev/null"]);
    assert!(code == 1 && said.contains("no plain file"), "{said}");
    let there = folder.path().join("there.csv");
    fs::write(&there, "mine").unwrap();
    let (code, said) = store.fails(&["export", "ledger", "--out", &text(&there)]);
    assert!(code == 1 && said.contains("--force"), "{said}");
    assert_eq!(fs::read(&there).unwrap(), b"mine");
    assert_eq!(store.ok(&["export", "ledger", "--force", "--out", &text(&there)])["rows"], 3);
    let (printed, kept) = (store.run(&["export", "ledger", "--out", "-"]).stdout, fs::read(&there).unwrap());
    assert_eq!(printed, kept);
}

/// G: 173 of 200 parallel `deduct`s were refused at once. All go in, and each number is given once.
#[test]
fn parallel_commands_wait_for_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::with_provider(&folder.path().join("s"));
    let children: Vec<_> = (0..20)
        .map(|n| {
            let month = binary::month_of(n);
            let deduct = ["deduct", "P0001", "dormant-outlets", "1", "--on", "2011-03-02", "--subject", &month];
            store
                .command(&[&["--wait", "60"], &deduct[..]].concat())
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .unwrap()
        })
        .collect();
    let mut lines: Vec<u64> = children
        .into_iter()
        .map(|child| {
            let out = child.wait_with_output().unwrap();
            assert!(out.status.success());
            serde_json::from_slice::<serde_json::Value>(&out.stdout).unwrap()["line"].as_u64().unwrap()
        })
        .collect();
    lines.sort_unstable();
    assert_eq!(lines, (2..22).collect::<Vec<_>>());
    assert_eq!(store.score(), 20);
}

/// H: escape sequences in paths went to the terminal.
#[test]
fn a_store_path_that_is_a_file_and_one_that_steers_a_terminal_are_named_plainly() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("\u{1b}[31mfile");
    fs::File::create(&file).unwrap().write_all(b"mine").unwrap();
    let store = Store::at(&file);
    let (code, text) = store.fails(&["standing"]);
    assert!(code == 3 && text.contains("is a file"), "{text}");
    let raw = finish({
        let mut command = Command::new(env!("CARGO_BIN_EXE_koufen"));
        command.arg("--store").arg(&file).args(["--lang", "en", "standing"]);
        command
    });
    assert!(!raw.stderr.contains(&0x1b), "{}", String::from_utf8_lossy(&raw.stderr));
    assert_eq!(fs::read(&file).unwrap(), b"mine");
}
