//! Reads the tree and holds its shape: layers, sizes, the top level, banned calls and names.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

use std::fs;
use std::path::{Path, PathBuf};

/// Modules, lowest first: each may use those before it and never those after.
const LAYERS: &[&str] = &[
    "money", "points", "ids", "time", "calendar", "rulebook", "domain", "journal", "store", "recount", "desk", "words",
    "exchange", "demo", "console", "door", "cli",
];

/// Files that may be longer than 500 lines, each with its reason.
const LONG_FILES: &[(&str, &str)] = &[];

const TOP: &[&str] = &[
    "Cargo.toml",
    "Cargo.lock",
    "src",
    "tests",
    "themes",
    "benches",
    "demo.tape",
    "README.md",
    "CHANGELOG.md",
    "LICENSE-MIT",
    "deny.toml",
    "target",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file below `src`, with its text.
fn sources() -> Vec<(String, String)> {
    let mut files = Vec::new();
    let mut folders = vec![root().join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") && path.file_name().is_some_and(|n| n != "tests.rs") {
                let name = path.strip_prefix(root()).unwrap().display().to_string();
                files.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(files.len() > 20, "found the sources");
    files
}

/// The part of a file before its tests.
fn without_tests(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod tests").next().unwrap_or(text)
}

fn layer_of(file: &str) -> Option<usize> {
    let name = file.trim_start_matches("src/").split(['/', '.']).next().unwrap_or_default();
    LAYERS.iter().position(|layer| *layer == name)
}

#[test]
fn no_module_reaches_up() {
    let mut found = Vec::new();
    for (file, text) in sources() {
        if file == "src/lib.rs" || file == "src/main.rs" {
            continue;
        }
        let own = layer_of(&file).unwrap_or_else(|| panic!("{file} is in no layer"));
        for (number, line) in without_tests(&text).lines().enumerate() {
            for used in line.split("crate::").skip(1) {
                let name: String = used.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                if LAYERS.iter().position(|layer| *layer == name).is_some_and(|used| used > own) {
                    found.push(format!("{file}:{} uses {name}", number + 1));
                }
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn every_layer_exists() {
    for layer in LAYERS {
        let (file, folder) = (root().join(format!("src/{layer}.rs")), root().join(format!("src/{layer}/mod.rs")));
        assert!(file.exists() || folder.exists(), "{layer}");
    }
}

#[test]
fn files_fit_in_a_head() {
    for (file, text) in sources() {
        let allowed = LONG_FILES.iter().any(|(name, _)| *name == file);
        assert!(allowed || text.lines().count() <= 500, "{file} has {} lines", text.lines().count());
    }
}

#[test]
fn functions_fit_on_a_screen() {
    for (file, text) in sources() {
        let mut start: Option<(usize, usize)> = None;
        for (number, line) in text.lines().enumerate() {
            let indent = line.len() - line.trim_start().len();
            let code = line.trim_start();
            let begins =
                ["fn ", "pub fn ", "pub(super) fn ", "pub(crate) fn ", "const fn "].iter().any(|w| code.starts_with(w));
            if begins && !code.ends_with(';') {
                start = Some((number, indent));
            } else if let (Some((from, at)), "}") = (start, code)
                && indent == at
            {
                assert!(number - from < 70, "{file}:{} is {} lines long", from + 1, number - from + 1);
                start = None;
            }
        }
    }
}

#[test]
fn the_top_level_keeps_its_shape() {
    for entry in fs::read_dir(root()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(name.starts_with('.') || TOP.contains(&name.as_str()), "{name} does not belong at the top level");
    }
}

#[test]
fn names_say_what_a_module_holds() {
    for (file, _) in sources() {
        let last = file.trim_end_matches("/mod.rs").trim_end_matches(".rs").rsplit('/').next().unwrap().to_owned();
        for banned in ["utils", "util", "helpers", "manager", "common", "misc"] {
            assert_ne!(last, banned, "{file}");
        }
        // A version of the journal's wire is a number by nature.
        let version =
            last.strip_prefix('v').is_some_and(|n| n.parse::<u8>().is_ok()) && file.starts_with("src/journal/");
        assert!(version || !last.ends_with(|c: char| c.is_ascii_digit()), "{file} is a numbered copy");
    }
}

#[test]
fn banned_calls_stay_out() {
    // What, where it may stand, and why it is banned.
    let banned: &[(&str, &[&str], &str)] = &[
        ("todo!(", &[], "nothing half done"),
        ("dbg!(", &[], "no traces of debugging"),
        (".unwrap()", &[], "no panic reaches a user"),
        ("process::exit", &["src/main.rs"], "a session must not end the others"),
        ("Utc::now", &["src/desk/clock.rs"], "time comes from the desk's clock"),
        ("f64", &["src/console/", "src/cli/"], "no floating point in rules"),
        ("f32", &["src/console/"], "no floating point in rules"),
        ("sled::", &["src/store/disk.rs", "src/store/half.rs"], "nothing knows sled but the store"),
        ("ratatui", &["src/console/", "src/door/"], "nothing knows the terminal but the console"),
        ("static mut", &[], "a session is a value"),
        ("thread_local!", &[], "a session is a value"),
    ];
    for (file, text) in sources() {
        for (number, line) in without_tests(&text).lines().enumerate() {
            if line.trim_start().starts_with("//") {
                continue;
            }
            for (call, allowed, why) in banned {
                let ok = allowed.iter().any(|place| file.starts_with(place));
                assert!(ok || !line.contains(call), "{file}:{}: {call}: {why}", number + 1);
            }
        }
    }
}

/// What is written is the journal's own affair: nobody else knows the types. (That they hold none of today's types, the
/// trait `Shape` of their tests holds: the wire's types alone have it.)
#[test]
fn the_wire_is_the_journals_own() {
    let sources = sources();
    let journal = sources.iter().find(|(file, _)| file == "src/journal/mod.rs").unwrap();
    assert!(journal.1.contains("\nmod v1;"), "a module without `pub`");
    for (file, text) in sources.iter().filter(|(file, _)| !file.starts_with("src/journal/v1/")) {
        let may = file == "src/journal/entry.rs";
        assert!(may || !text.contains("v1::"), "{file} uses the wire");
    }
}

/// The domain decides from what it is given.
#[test]
fn the_domain_is_pure() {
    for (file, text) in sources().into_iter().filter(|(file, _)| file.starts_with("src/domain/")) {
        for impure in ["std::fs", "std::io", "std::env", "std::net", "SystemTime", "Instant", "rand::", "println!"] {
            assert!(!text.contains(impure), "{file} uses {impure}");
        }
    }
}
