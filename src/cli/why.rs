//! `why`: a ledger line, a finding, an obligation or any entry, told to its end.

use super::output::{Answer, Exit, Failure};
use super::roster::day;
use crate::desk::{Desk, DeskError};
use crate::domain::Refusal;
use crate::domain::why::Target;
use crate::exchange::{entry, trace};

/// `koufen why`.
pub fn why(desk: &Desk, target: &Target, as_of: Option<&str>, answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    let day = as_of.map(|text| day(text, desk, answer)).transpose()?;
    let told = match day.map_or_else(|| desk.why(target), |day| desk.why_on(target, day)) {
        Err(DeskError::Refused(Refusal::UnknownEntry { what: "entry", seq })) => {
            let last = desk.entry(seq)?.1;
            return Err(Failure::Own(Exit::Refused, "unknown entry", entry::none(answer.lang, seq, last)));
        }
        told => told?,
    };
    if answer.json {
        answer.json(&trace::json(&desk.rulebook(), &told))?;
        return Ok(Exit::Ok);
    }
    super::entry::told(&trace::rows(answer.lang, &desk.rulebook(), &told), answer)?;
    Ok(Exit::Ok)
}
