//! Why a row is not taken, as named variants.

use crate::domain::Refusal;
use crate::ids::Seq;

/// Why a row is not taken. [`Why::reason`] is its stable name in reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// The rules refuse it.
    Refused(Refusal),
    /// The id stands in an earlier row of the same file.
    DuplicateRow {
        /// That row.
        first: u64,
    },
    /// No id: letters, digits, `-` and `_`.
    BadId,
    /// No whole number of 0 or more, or no amount.
    NotANumber,
    /// An amount in units of ten thousand.
    TenThousands {
        /// What to write instead.
        write: String,
    },
    /// A number that a spreadsheet has shortened: its last digits are gone.
    Shortened,
    /// An amount with more than two decimals.
    TooFine,
    /// A formula's error, or signs for a column too narrow, in place of a value.
    SheetError,
    /// Characters were lost before the file came here.
    LostText,
    /// A cell holds lines that are rows themselves: a quotation mark was not closed where it should be.
    SwallowedRows {
        /// How many.
        rows: usize,
    },
    /// It looks like a date, but there is no such day.
    NoSuchDate,
    /// It does not look like a date.
    NotADate,
    /// It does not say whose an outlet was, until which days.
    NotTransfers,
    /// A word that is none of those wanted.
    UnknownKind(&'static [&'static str]),
    /// It must be there and is blank.
    Missing,
    /// It is blank below a row that has it, as merged cells come out.
    Merged,
    /// The ledger has this line, but not just so: nothing is added.
    RecordedOtherwise {
        /// The line.
        line: Seq,
        /// The columns that differ.
        differs: Vec<&'static str>,
    },
    /// More cells than the header has: a comma too many, or a quotation mark missing.
    TooManyCells {
        /// How many the header has.
        columns: usize,
    },
    /// A reversal of a row that is not in the file or did not go in.
    UnknownRow,
    /// A reversal whose row says another line than the one whose number it gives.
    ReversesAnother {
        /// The columns that differ.
        differs: Vec<&'static str>,
    },
}

impl Why {
    /// The stable reason.
    pub fn reason(&self) -> &'static str {
        match self {
            Why::Refused(refusal) => refusal.reason(),
            Why::DuplicateRow { .. } => "duplicate id",
            Why::BadId => "bad id",
            Why::NotANumber => "not a number",
            Why::TenThousands { .. } => "in ten thousands",
            Why::Shortened => "shortened number",
            Why::TooFine => "too many decimals",
            Why::SheetError => "error of a formula",
            Why::LostText => "lost text",
            Why::SwallowedRows { .. } => "unclosed quotation",
            Why::NoSuchDate => "no such date",
            Why::NotADate => "not a date",
            Why::NotTransfers => "not transfers",
            Why::UnknownKind(_) => "unknown kind",
            Why::Missing | Why::Merged => "missing",
            Why::RecordedOtherwise { .. } => "recorded otherwise",
            Why::TooManyCells { .. } => "too many cells",
            Why::UnknownRow => "unknown line",
            Why::ReversesAnother { .. } => "reverses another line",
        }
    }
}
