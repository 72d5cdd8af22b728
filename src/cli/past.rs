//! `--known-at`: what a command would have answered then.

use super::kind::{Kind, kind};
use super::output::{Answer, Failure};
use super::roster::moment;
use crate::cli::Command;
use crate::desk::Desk;
use crate::exchange::clean::{fold, shown};
use crate::time::{Moment, parse_day_from, show_moment};

/// Refuses what does not only read what is on record.
pub(super) fn must_read(command: Option<&Command>, answer: &Answer<'_>) -> Result<(), Failure> {
    match command.map(kind) {
        Some(Kind::Reads) => Ok(()),
        _ => Err(Failure::Usage(answer.lang.say("known-at-reads"))),
    }
}

/// The desk as of a moment that was typed: of a day that is its end, of today now.
pub(super) fn known_at(desk: &Desk, text: &str, answer: &Answer<'_>) -> Result<Desk, Failure> {
    let now = desk.now();
    let at = match parse_day_from(&fold(text), now.day()) {
        Ok(day) if day == now.day() => now,
        Ok(day) => Moment::end_of(day),
        Err(_) => moment(text, desk, answer)?,
    };
    if at > now {
        let args = [("at", shown(text)), ("now", show_moment(now))];
        return Err(Failure::Usage(answer.lang.say_texts("known-at-future", &args)));
    }
    Ok(desk.known_at(at)?)
}
