//! The real binary sends the colours that its terminal says it can show, alone and attached.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

#[path = "fixture/binary.rs"]
mod binary;
#[path = "fixture/owner.rs"]
mod owner;
#[path = "fixture/terminal.rs"]
mod terminal;

use binary::Store;
use owner::Owner;
use terminal::Terminal;

/// What a terminal says.
type Says = &'static [(&'static str, &'static str)];

/// What a terminal says, and whether it is sent colours of 24 bits, of 256, and of 16.
const SAYS: [(Says, [bool; 3]); 7] = [
    (&[("TERM", "xterm-256color")], [false, true, false]),
    (&[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")], [true, false, false]),
    (&[("TERM", "screen"), ("COLORTERM", "truecolor")], [false, false, true]),
    (&[("TERM", "screen-256color"), ("COLORTERM", "truecolor")], [false, true, false]),
    (&[("TERM", "linux")], [false, false, true]),
    (&[("TERM", "dumb")], [false, false, false]),
    (&[("TERM", "xterm-256color"), ("COLORTERM", "truecolor"), ("NO_COLOR", "1")], [false, false, false]),
];

/// Which colours stand in what was sent.
fn colours(sent: &str) -> [bool; 3] {
    let said = sent.split("\x1b[").skip(1);
    let looks = said.filter_map(|said| said.find(|c: char| c.is_ascii_alphabetic()).map(|end| said.split_at(end)));
    let (mut long, mut short) = (String::new(), false);
    // What is no look is a place of the cursor, or a mode.
    for (look, _) in looks.filter(|(_, end)| end.starts_with('m')) {
        long += &format!(";{look};");
        let numbers: Vec<u8> = look.split(';').filter_map(|n| n.parse().ok()).collect();
        let named = |n: &u8| matches!(n, 30..=37 | 40..=47 | 90..=97 | 100..=107);
        short |= !numbers.iter().any(|n| matches!(n, 38 | 48)) && numbers.iter().any(named);
    }
    let has = |kind: u8| long.contains(&format!(";38;{kind};")) || long.contains(&format!(";48;{kind};"));
    [has(2), has(5), short]
}

/// What a console sends that begins, and whose theme is another then: each of them.
fn sends(says: &[(&str, &str)], args: &[&str]) -> [bool; 3] {
    let args = [args, &["--lang", "en", "--theme", "dark"]].concat();
    let mut console = Terminal::that_says(says, env!("CARGO_BIN_EXE_koufen"), &args, (120, 36));
    console.wait("P0001", "the console");
    let begins = colours(&console.sent());
    for theme in ["light", "high-contrast", "colour-blind", "nord", "solarized-dark", "dark"] {
        console.send(b"T");
        console.wait(&format!("Theme: {theme}"), theme);
        assert_eq!(colours(&console.sent()), begins, "{says:?}: {theme}");
    }
    console.send(b"q");
    console.end();
    begins
}

/// Regression: every terminal was sent colours of 24 bits, and with `T` one that wants none was, too.
#[test]
fn a_terminal_is_sent_the_colours_that_it_can_show() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::with_provider(&folder.path().join("store"));
    for (says, wanted) in SAYS {
        assert_eq!(sends(says, &["--store", store.path.to_str().unwrap()]), wanted, "{says:?}");
    }
}

/// A guest's terminal says what the guest is sent, whatever the owner's says.
#[test]
fn a_guest_is_sent_what_its_own_terminal_can_show() {
    let folder = tempfile::tempdir().unwrap();
    for theirs in [SAYS[1].0, SAYS[6].0] {
        let store = Store::with_provider(&folder.path().join(theirs.len().to_string()));
        let owner = Owner::said_to(theirs, store);
        for (says, wanted) in SAYS {
            assert_eq!(sends(says, &["--store", owner.store.path.to_str().unwrap()]), wanted, "{says:?} at {theirs:?}");
        }
        owner.end();
    }
}
