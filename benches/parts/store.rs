//! A store that a bench opens, and who asks it.

use koufen::calendar::Calendar;
use koufen::desk::{Desk, Door, Identity, OpenOptions, SystemClock};
use koufen::rulebook::Rulebook;
use std::path::Path;
use std::sync::Arc;

/// As in the program.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// Opens a store.
pub fn open(path: &Path) -> Desk {
    let options = OpenOptions {
        path: path.to_owned(),
        rulebook: Rulebook::shipped().expect("the rulebook"),
        calendar: Calendar::shipped().expect("the calendar"),
        clock: Arc::new(SystemClock),
        wait: std::time::Duration::ZERO,
        progress: &mut |_| {},
    };
    Desk::open(options).expect("a store").desk
}

/// Who asks.
pub fn who() -> Identity {
    Identity::of("bench", Door::Program)
}
