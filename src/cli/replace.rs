//! What takes the place of an entry, as it is typed: each kind with the options that it has of itself.

use super::args::{OpenArgs, ReplaceAction};
use super::output::{Answer, Failure};
use super::roster::moment;
use crate::desk::Desk;
use crate::domain::Command;

/// The command, and whether it is taken where it is on record already (decision 14).
pub fn command(desk: &Desk, action: &ReplaceAction, answer: &Answer<'_>) -> Result<(Command, bool), Failure> {
    let at = |text: &Option<String>| text.as_deref().map(|text| moment(text, desk, answer)).transpose();
    Ok(match action {
        ReplaceAction::Record(action) => (super::record::command_of_action(desk, action, answer)?, action.again),
        ReplaceAction::Deduct(args) => (super::ledger::command(desk, args, answer)?, args.again),
        ReplaceAction::Request(OpenArgs { outlet, kind, at: asked, note, again }) => {
            let (outlet, kind, note) = (outlet.clone(), *kind, note.clone());
            (Command::OpenRequest { outlet, kind, at: at(asked)?, note }, *again)
        }
        ReplaceAction::Answer { request, at: answered, note } => {
            let (request, note) = (*request, note.clone());
            (Command::AnswerRequest { request, at: at(answered)?, note }, true)
        }
        ReplaceAction::Confirm { finding, points, note, again } => {
            let (finding, points, note) = (finding.clone(), *points, note.clone());
            (Command::ConfirmFinding { finding, points, note }, *again)
        }
        ReplaceAction::Dismiss { finding, reason } => {
            (Command::DismissFinding { finding: finding.clone(), reason: reason.clone() }, true)
        }
    })
}
