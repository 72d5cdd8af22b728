//! A row that a command was handed in for. Its answer, and then the list that knows of it, are waited for: the cursor
//! stays on the row, and the next item slides under it.

use super::super::held::Held;
use super::super::shared::{News, Shared};

/// The row that is waited for, if any.
#[derive(Default)]
pub struct Handled(Option<Waits>);

struct Waits {
    /// The number of the command.
    number: u64,
    /// Its place in the list.
    row: usize,
    /// The command was carried out: the next list shows it.
    saved: bool,
}

impl Handled {
    /// A command was handed in for a row.
    pub fn waits(&mut self, number: u64, row: usize) {
        self.0 = Some(Waits { number, row, saved: false });
    }

    /// Whether one is waited for: the row under the cursor is still the one that was handled.
    pub fn is_waited_for(&self) -> bool {
        self.0.is_some()
    }

    /// Hears whether it was carried out.
    pub fn hears(&mut self, news: &News) {
        if let News::Answered(number, saved) = news {
            self.0.take_if(|waits| waits.number == *number && !saved);
            self.0.iter_mut().filter(|waits| waits.number == *number).for_each(|waits| waits.saved = true);
        }
    }

    /// The row, once the list is there that knows of it. Everything else is held by its id.
    pub fn take(&mut self, shared: &Shared, held: Held) -> Option<usize> {
        if shared.fresh.is_stale(held) {
            return None;
        }
        self.0.take_if(|waits| waits.saved).map(|waits| waits.row)
    }
}
