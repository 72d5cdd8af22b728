//! What a console session hears, and what it asks for.

use super::held::{Answer, Query};
use super::sheet::{Checked, Typed};
use crate::desk::{AuditReport, Change, DeskError, Explained, Preview, Receipt, Weighed};
use crate::domain::why::Target;
use crate::domain::{Chargeable, Command, Refusal};
use crate::ids::{ProviderId, Seq};
use crate::journal::Chained;
use crate::store::{OutletRow, StoreError};
use crate::time::Moment;
use crate::words::Lang;
use crossterm::event::KeyEvent;

/// What a correction would change, and what stands on the entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correcting {
    /// Whether what stands on it goes with it.
    pub dependents: bool,
    /// What would change; or why not.
    pub weighed: Result<Weighed, Refusal>,
    /// What goes with it; where it is refused, what stands against that.
    pub entries: Vec<Chained>,
}

/// What a session hears.
pub enum Message {
    /// A key.
    Key(KeyEvent),
    /// Pasted text.
    Paste(String),
    /// A click at a column and row.
    Click(u16, u16),
    /// The wheel at a column and row, by rows down.
    Wheel(u16, u16, isize),
    /// The terminal has another size.
    Resize(u16, u16),
    /// The clock.
    Tick(Moment),
    /// The ledger changed.
    Changed(Change),
    /// The query of that number was answered, or why not.
    Loaded(u64, Result<Answer, StoreError>),
    /// Why something is so, or why that is not told.
    Why(Target, Result<Box<Explained>, DeskError>),
    /// The outlets of a provider that a form names.
    Looked(ProviderId, Vec<OutletRow>),
    /// The records of a provider that lines can stand for.
    Chargeables(ProviderId, Vec<Chargeable>),
    /// What a form would do; for which asking.
    Previewed(u64, Option<Box<Result<Preview, Refusal>>>),
    /// The entry that is to be corrected; for which asking.
    Found(u64, Option<Box<Chained>>),
    /// What a correction would change; for which asking.
    Weighed(u64, Box<Correcting>),
    /// The correction of that number would change something else than was shown, and was not done.
    Outdated(u64, Box<Correcting>),
    /// An audit's report, where there is one; for which asking.
    Audited(u64, Option<Box<AuditReport>>),
    /// What a sheet would come to; for which asking.
    SheetChecked(u64, Box<Checked>),
    /// The sheet of that number was not recorded: rows of it are refused.
    SheetRefused(u64, Box<Checked>),
    /// The command of that number was carried out, or why not.
    Saved(u64, Result<Box<Receipt>, DeskError>),
    /// A query failed.
    Trouble(StoreError),
}

/// How soon an answer is wanted, the soonest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wanted {
    /// A key brought it on the screen, and somebody waits for it.
    Now,
    /// It is on the screen as it was before a change.
    Again,
    /// Nobody looks at it yet.
    Ahead,
}

/// What a session asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// A query, known by a number.
    Load {
        /// The number.
        number: u64,
        /// The query.
        query: Query,
        /// How soon its answer is wanted.
        wanted: Wanted,
    },
    /// The outlets of a provider that a form names.
    Look(ProviderId),
    /// The records of a provider that lines can stand for.
    LoadChargeables(ProviderId),
    /// Why something is so.
    Why(Target),
    /// What a command would do.
    Preview(u64, Command),
    /// An entry by its number; or, where that is the number of a record, the entry that is in its place.
    LoadEntry(u64, Seq, bool),
    /// What the void of an entry would change, with or without what stands on it.
    Weigh(u64, Seq, bool),
    /// Do a correction, known by a number, if it changes what was shown.
    Correct(u64, Command, Box<Weighed>),
    /// Do a command, known by a number; what is said already only if it is to be taken again.
    Submit(u64, Command, bool),
    /// An audit's report.
    LoadAudit(u64, Seq),
    /// What a sheet would come to.
    CheckSheet(u64, Box<Typed>),
    /// Record a sheet, known by a number; what is said already only if it is to be taken again.
    RecordSheet(u64, Box<Typed>, bool),
    /// Keep the language and the theme for the next start.
    Keep(Lang, String),
    /// Give the terminal back to the shell until it continues.
    Suspend,
    /// The session ends.
    Quit,
}

impl Effect {
    /// How soon its answer is wanted: what a key asks for, at once.
    pub fn wanted(&self) -> Wanted {
        if let Effect::Load { wanted, .. } = self { *wanted } else { Wanted::Now }
    }

    /// Its kind: of two queries of one kind the earlier one's answer is nobody's.
    pub fn kind(&self) -> impl PartialEq {
        use std::mem::discriminant;
        let query = match self {
            Effect::Load { query: query @ Query::Of(_, about), .. } => {
                (Some(discriminant(query)), Some(discriminant(about)))
            }
            Effect::Load { query, .. } => (Some(discriminant(query)), None),
            _ => (None, None),
        };
        (discriminant(self), query)
    }
}
