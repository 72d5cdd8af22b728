//! Steps of cases, and notices, as they are typed.

use super::super::{CHANNELS, NOTICES, RecordError, SIGNERS};
use super::{Typed, seq};
use crate::domain::Fact;
use crate::domain::case::{CaseStep, Role};
use crate::domain::exit::ExitStep;
use crate::domain::notice::{Addressee, Channel, NoticeEvent, NoticeStep};
use crate::domain::rectification::{Plan, RectificationStep};
use crate::exchange::clean;
use crate::points::Points;
use crate::time::parse_moment_from;

/// A step of a case, or of a notice.
pub(super) fn of(word: &str, f: &Typed<'_>) -> Result<Option<Fact>, RecordError> {
    use RectificationStep::{Extended, Failed, Passed, Planned, Withdrawn};
    let rectified = |step| Ok(Some(Fact::Case(CaseStep::Rectification(step))));
    let exit = |step| Ok(Some(Fact::Case(CaseStep::Exit(step))));
    let seen = || f.optional("seen", seq, "12");
    match word {
        "rectification-planned" => rectified(Planned(plan(f)?)),
        "rectification-passed" => rectified(Passed { points: points(f)? }),
        "rectification-failed" => rectified(Failed { points: points(f)?, plan: plan(f)? }),
        "rectification-extended" => rectified(Extended(plan(f)?)),
        "rectification-withdrawn" => rectified(Withdrawn),
        "termination-decided" => {
            let year = f.number::<u16>("year")?.into();
            Ok(Some(Fact::Case(CaseStep::Decided { year, terminate: f.yes("terminate")? })))
        }
        "provider-exit-proposed" => exit(ExitStep::Proposed { seen: seen()? }),
        "provider-exit-confirmed" => exit(ExitStep::Confirmed { seen: seen()? }),
        "provider-exit-signed" => {
            let role = f.choice("role", SIGNERS, &[Role::SystemManager, Role::Legal])?;
            exit(ExitStep::Signed { role, seen: seen()?, lapsed: Vec::new() })
        }
        "permissions-frozen" => exit(ExitStep::Frozen { ends: false }),
        "provider-exit-withdrawn" => exit(ExitStep::Withdrawn),
        _ => notice(word, f),
    }
}

fn notice(word: &str, f: &Typed<'_>) -> Result<Option<Fact>, RecordError> {
    let moment = |name| f.optional(name, |text| parse_moment_from(text, f.now).ok(), "2011-03-04T20:00");
    let step = match word {
        "notice-sent" => NoticeStep::Sent {
            event: f.choice("event", NOTICES, &NoticeEvent::ALL)?,
            about: f.optional("about", seq, "12")?,
            to: recipients(f)?,
            channel: f.choice("via", CHANNELS, &Channel::ALL)?,
            entered: moment("entered")?,
            says: Vec::new(),
        },
        "notice-entered" => {
            let at = moment("at")?.unwrap_or(f.now);
            NoticeStep::Entered { notice: f.entry("notice")?, at }
        }
        "notice-proved" => NoticeStep::Proved { notice: f.entry("notice")?, proof: f.filled("proof")? },
        _ => return Ok(None),
    };
    Ok(Some(Fact::Notice(step)))
}

fn plan(f: &Typed<'_>) -> Result<Plan, RecordError> {
    Ok(Plan { advice: f.filled("advice")?, deadline: f.day("deadline")?, standard: f.filled("standard")? })
}

fn points(f: &Typed<'_>) -> Result<Points, RecordError> {
    f.number("points").map(Points)
}

/// Addressees between commas or blanks; `departments` is the five of 3.3(1), `all` those and the provider.
pub(super) fn recipients(f: &Typed<'_>) -> Result<Vec<Addressee>, RecordError> {
    let mut all = Vec::new();
    for word in clean::fold(&f.filled("recipients")?).split([',', ' ', '、']).filter(|word| !word.is_empty()) {
        match Addressee::ALL.into_iter().find(|to| to.word() == word) {
            Some(to) => all.push(to),
            None if word == "departments" => all.extend(Addressee::DEPARTMENTS),
            None if word == "all" => all.extend(Addressee::ALL),
            None => {
                let words = Addressee::ALL.map(Addressee::word).join(" | ");
                return Err(f.bad("recipients", format!("departments | all | {words}")));
            }
        }
    }
    all.sort_unstable();
    all.dedup();
    Ok(all)
}
