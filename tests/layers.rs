//! What is the same on every screen: keys that are said, in both languages, at the sizes that a console is used at.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

#[allow(dead_code, reason = "other tests use the rest of it")]
mod fixture;
#[path = "fixture/screen.rs"]
mod screen;

use koufen::words::Lang;
use screen::Screen;

#[test]
fn the_footer_always_says_where_all_keys_are() {
    for lang in Lang::ALL {
        for size in [(60, 15), (80, 24), (120, 36), (200, 60)] {
            for key in ["1", "2", "3", "4", "5", "6", "7"] {
                let mut screen = Screen::empty(lang, size);
                screen.keys(key);
                let rows = screen.rows();
                let footer = rows.last().unwrap();
                let says = format!(" ? {} ", lang.say("key-help"));
                assert!(footer.contains(&says), "no {says:?} on {key} at {size:?} in {footer:?}");
            }
        }
    }
}

#[test]
fn the_list_of_keys_says_how_a_draft_is_restored() {
    for lang in Lang::ALL {
        for size in [(80, 24), (120, 36), (200, 60)] {
            for key in ["1", "2", "3", "4", "5", "6", "7"] {
                let mut screen = Screen::empty(lang, size);
                screen.keys(key).keys("?");
                screen.shows(&format!("F4 {}", lang.say("draft-restore")));
            }
        }
    }
}
