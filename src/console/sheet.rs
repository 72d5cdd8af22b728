//! The sheet of an audit as it is typed: its head, and its lines in the form of the files that `koufen audit record`
//! reads. They are checked row by row as they are typed, and committed together.

use crate::desk::{Desk, DeskError, Identity, Receipt, Weighed};
use crate::domain::audit::Sheet;
use crate::domain::{Command, Refusal};
use crate::exchange::{AuditSheet, Named, Rejected, SourceError, Why, typed_sheet};
use crate::store::StoreError;

/// The columns that the lines of a sheet begin with.
pub const COLUMNS: &str = "article,points,occurred_on,outlet_id,evidence,note";

/// A sheet as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    /// The audit, without its lines.
    pub head: Sheet,
    /// What its lines are called where something is said of them.
    pub name: String,
    /// Its lines, below their columns.
    pub text: String,
}

/// What a sheet comes to, or why it is not taken.
pub enum Checked {
    /// Its text cannot be read as a sheet.
    Unread(SourceError),
    /// Rows that are refused, each with its place, of so many.
    Rows(Vec<Rejected>, u64),
    /// The audit itself is refused.
    Refused(Refusal),
    /// What it would change, and the rows that are left out as no data: totals, remarks.
    Fits(Box<Weighed>, Vec<Named>),
}

impl Checked {
    /// Whether nothing is wrong but that rows are on record already (decision 14).
    pub fn asks(&self) -> bool {
        let said = |row: &Rejected| matches!(row.why, Why::Refused(Refusal::SaidBefore { .. }));
        matches!(self, Checked::Rows(rows, _) if rows.iter().all(said))
    }
}

/// What a sheet would come to.
pub fn check(desk: &Desk, who: &Identity, typed: &Typed) -> Result<Checked, StoreError> {
    let (sheet, named) = match read(desk, who, typed, false)? {
        Ok(read) => read,
        Err(wrong) => return Ok(wrong),
    };
    match desk.weigh(who, &Command::Audit(Box::new(sheet)), false) {
        Ok(weighed) => Ok(Checked::Fits(Box::new(weighed), named)),
        Err(DeskError::Refused(refusal)) => Ok(Checked::Refused(refusal)),
        Err(DeskError::Store(e)) => Err(e),
    }
}

/// Records a sheet, all of it or nothing; what is on record already is asked about, unless it is `again`.
pub fn record(
    desk: &Desk,
    who: &Identity,
    typed: &Typed,
    again: bool,
) -> Result<Result<Receipt, DeskError>, Box<Checked>> {
    match read(desk, who, typed, !again) {
        Ok(Ok((sheet, _))) => Ok(desk.record_audit(who, sheet, again)),
        Ok(Err(Checked::Refused(refusal))) => Ok(Err(DeskError::Refused(refusal))),
        Ok(Err(wrong)) => Err(Box::new(wrong)),
        Err(e) => Ok(Err(e.into())),
    }
}

/// A sheet with its lines, and the rows that are left out; or what is wrong with it, every row that is.
type Read = Result<(Sheet, Vec<Named>), Checked>;

fn read(desk: &Desk, who: &Identity, typed: &Typed, once: bool) -> Result<Read, StoreError> {
    let Typed { head, name, text } = typed;
    let whose = (&head.provider, head.on.unwrap_or(desk.today()));
    let mut rows: AuditSheet = match typed_sheet((name, text), &desk.rulebook(), whose) {
        Ok(rows) => rows,
        Err(e) => return Ok(Err(Checked::Unread(e))),
    };
    let sheet = rows.sheet(head.clone());
    let decided = desk.try_audit(who, &sheet, once)?;
    if let Ok((_, refused)) = &decided {
        rows.refuse(refused.clone());
    }
    Ok(match decided {
        _ if !rows.report.rejected.is_empty() => Err(Checked::Rows(rows.report.rejected, rows.report.read)),
        Err(refusal) => Err(Checked::Refused(refusal)),
        Ok(_) => Ok((sheet, rows.report.named)),
    })
}
