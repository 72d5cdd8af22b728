//! What takes the place of an entry, as it is typed: each kind with the options that it has of itself.

use super::args::{AnswerArgs, DeductArgs, OpenArgs, OutletArgs, ProviderArgs, TurnoverArgs};
use super::finding::{ConfirmArgs, DismissArgs};
use super::output::{Answer, Failure};
use super::record::RecordAction;
use super::roster::{with_outlet_args, with_provider_args};
use crate::desk::{Desk, Identity};
use crate::domain::{Command, Event, Left, Refusal};
use crate::ids::Seq;
use clap::Subcommand;

/// What takes the place of an entry.
#[derive(Clone, Debug, Subcommand)]
#[allow(missing_docs, reason = "the help texts stand in the fluent files")]
pub enum ReplaceAction {
    Deduct(DeductArgs),
    Request(OpenArgs),
    Answer(AnswerArgs),
    Confirm(ConfirmArgs),
    Dismiss(DismissArgs),
    Turnover(TurnoverArgs),
    Provider(ProviderArgs),
    Outlet(OutletArgs),
    #[command(flatten)]
    Record(RecordAction),
}

/// The command, and whether it is taken where it is on record already (decision 14).
pub fn command(
    desk: &Desk,
    (who, entry): (&Identity, Seq),
    action: &ReplaceAction,
    answer: &Answer<'_>,
) -> Result<(Command, bool), Failure> {
    Ok(match action {
        ReplaceAction::Record(action) => (super::record::command_of_action(desk, action, answer)?, action.again),
        ReplaceAction::Deduct(args) => (super::ledger::command(desk, args, answer)?, args.again),
        ReplaceAction::Request(args) => (super::request::opened(args, desk, answer)?, args.again),
        ReplaceAction::Answer(args) => (super::request::answered(args, desk, answer)?, true),
        ReplaceAction::Confirm(args) => (super::finding::confirmed(args), args.again),
        ReplaceAction::Dismiss(args) => (super::finding::dismissed(args), true),
        ReplaceAction::Turnover(args) => (Command::RecordTurnover(super::turnover::read(args, answer)?), true),
        ReplaceAction::Provider(args) => match left(desk, who, entry)? {
            (_, Some(Left::Provider(old))) if old.id == args.provider => {
                (Command::AmendProvider(with_provider_args(old, args, desk, answer)?), true)
            }
            (kind, _) => return Err(Failure::Refused(Refusal::NotReplaceable { entry, kind })),
        },
        ReplaceAction::Outlet(args) => match left(desk, who, entry)? {
            (_, Some(Left::Outlet(old))) if old.id == args.outlet => {
                (Command::AmendOutlet(with_outlet_args(old, args, desk, answer)?), true)
            }
            (kind, _) => return Err(Failure::Refused(Refusal::NotReplaceable { entry, kind })),
        },
    })
}

/// What kind an entry is, and what a record is without it: fields that are not given stay as they were before.
fn left(desk: &Desk, who: &Identity, entry: Seq) -> Result<(&'static str, Option<Left>), Failure> {
    let kind = desk.entry(entry)?.0.map_or("", |recorded| recorded.entry.event.kind());
    let command = Command::Void { entry, dependents: false, reason: "…".to_owned() };
    let weighed = desk.weigh(who, &command, false)?;
    Ok(match weighed.events.into_iter().next() {
        Some(Event::Voided { left, .. }) => (kind, left),
        _ => (kind, None),
    })
}
