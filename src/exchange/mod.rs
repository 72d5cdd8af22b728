//! Import and export of rosters and ledgers as CSV: what spreadsheets in China write comes in, and what goes out
//! is safe to open in one and comes back unchanged.
//!
//! [`source`] turns a file into rows without holding it, [`rows`] turns a row into a command, [`record`] does so for what is typed, [`mod@import`] asks the
//! desk, [`mod@export`] writes; [`entry`] tells what one entry holds, [`trace`] why something is so. Nothing here writes to the store except through the desk.

pub mod audit;
pub mod clean;
pub mod entry;
pub mod export;
pub mod import;
pub mod record;
pub mod reversed;
pub mod rows;
pub mod said;
pub mod source;
mod target;
pub mod trace;
pub mod value;
mod why;

pub use export::{ExportError, export};
pub use import::{
    At, AuditSheet, ImportError, Named, Options, Rejected, Report, Same, Stop, audit_sheet, import, typed_sheet,
};
pub use rows::{Aside, Why};
pub use source::{Separator, Source, SourceError};
pub use target::{TargetFault, Whole, target, write_whole};

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Providers, one a row.
    Providers,
    /// Outlets, one a row.
    Outlets,
    /// Deductions, one a row; an exported ledger, which also has reversals.
    Deductions,
    /// Turnover by outlet and month, one a row.
    Turnover,
    /// What an audit found: deductions of one provider, one a row.
    Audit,
}

impl Kind {
    /// All kinds that are imported.
    pub const ALL: [Kind; 4] = [Kind::Providers, Kind::Turnover, Kind::Outlets, Kind::Deductions];

    /// The word on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Providers => "providers",
            Kind::Outlets => "outlets",
            Kind::Deductions => "deductions",
            Kind::Turnover => "turnover",
            Kind::Audit => "audit",
        }
    }

    /// Columns that must be there, and those that may.
    pub fn columns(self) -> (&'static [&'static str], &'static [&'static str]) {
        match self {
            Kind::Providers => (
                &["provider_id", "name", "kind", "city"],
                &["population", "registered_capital", "agreement_on", "email", "phone"],
            ),
            Kind::Outlets => {
                (&["outlet_id", "provider_id", "city", "name"], &["signed_on", "staff", "transfers", "closed_on"])
            }
            Kind::Turnover => (&["outlet_id", "month", "turnover"], &["orders", "orders_with_final_status"]),
            Kind::Audit => (
                &["article", "points"],
                &["provider_id", "occurred_on", "outlet_id", "problem", "note", "subject", "evidence"],
            ),
            Kind::Deductions => (
                &["provider_id", "article", "points", "occurred_on"],
                &["outlet_id", "problem", "note", "subject", "evidence", "line", "kind", "reverses"],
            ),
        }
    }
}
