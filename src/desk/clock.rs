//! Where the desk gets its time from. The domain has no clock; it is told.

use crate::time::Moment;
use std::sync::atomic::{AtomicI64, Ordering};

/// Something that knows what time it is.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Moment;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Moment {
        // chrono's own clock panics where the machine's stands before 1970.
        let seconds = |span: std::time::Duration| i64::try_from(span.as_secs()).unwrap_or(i64::MAX);
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        Moment(now.map_or_else(|before| -seconds(before.duration()), seconds))
    }
}

/// A clock that stands where it is put: for tests, and for filling a sample store.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// A clock that stands at a moment.
    pub fn at(moment: Moment) -> ManualClock {
        ManualClock(AtomicI64::new(moment.0))
    }

    /// Puts it to a moment.
    pub fn set(&self, moment: Moment) {
        self.0.store(moment.0, Ordering::SeqCst);
    }

    /// Moves it on by seconds.
    pub fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Moment {
        Moment(self.0.load(Ordering::SeqCst))
    }
}

/// A clock that was put to a moment when it was made and runs on from there: the demo's.
#[derive(Debug)]
pub struct ShiftedClock {
    from: Moment,
    since: std::time::Instant,
}

impl ShiftedClock {
    /// A clock that shows `from` now.
    pub fn from(from: Moment) -> ShiftedClock {
        ShiftedClock { from, since: std::time::Instant::now() }
    }
}

impl Clock for ShiftedClock {
    fn now(&self) -> Moment {
        Moment(self.from.0.saturating_add(self.since.elapsed().as_secs().cast_signed()))
    }
}
