//! The screens: a file each, and a row here. Their order is that of the tabs and of their keys.

mod alerts;
mod cases;
mod cursor;
mod deadlines;
mod findings;
mod handled;
pub mod journal;
mod list;
mod providers;
mod rulebook;

pub use alerts::Alerts;
pub use cases::Cases;
pub use deadlines::Deadlines;
pub use findings::Findings;
pub use journal::Journal;
pub(super) use list::marked;
pub use providers::{Pane, Providers, ledger};
pub use rulebook::Articles;

use super::layer::Screen;

/// A screen's row.
#[derive(Clone, Copy)]
pub struct Row {
    /// The word on its tab.
    pub title: &'static str,
    /// Makes it for a session that begins.
    pub new: fn() -> Box<dyn Screen>,
}

impl Row {
    /// The row of a screen.
    pub const fn of<S: Screen + Default>(title: &'static str) -> Row {
        Row { title, new: || Box::new(S::default()) }
    }
}

/// All; the first is where a session begins and what one comes back to.
pub const SCREENS: &[Row] = &[
    Row::of::<Providers>("tab-providers"),
    Row::of::<Deadlines>("tab-deadlines"),
    Row::of::<Alerts>("tab-alerts"),
    Row::of::<Findings>("tab-findings"),
    Row::of::<Cases>("tab-cases"),
    Row::of::<Journal>("tab-journal"),
    Row::of::<Articles>("tab-rulebook"),
];
