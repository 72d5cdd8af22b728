//! What takes the place of an entry, as it is typed: each kind with the options that it has of itself.

use super::args::{DeductArgs, OpenArgs, OutletArgs, ProviderArgs, TurnoverArgs, points};
use super::output::{Answer, Failure};
use super::record::RecordAction;
use super::roster::{moment, with_outlet_args, with_provider_args};
use crate::desk::{Desk, Identity};
use crate::domain::{Command, Event, FindingId, Left, Refusal};
use crate::ids::Seq;
use crate::points::Points;
use clap::Subcommand;

/// What takes the place of an entry.
#[derive(Clone, Debug, Subcommand)]
#[allow(missing_docs, reason = "the help texts stand in the fluent files")]
pub enum ReplaceAction {
    Deduct(DeductArgs),
    Request(OpenArgs),
    Answer {
        #[arg(value_name = "REQUEST")]
        request: Seq,
        #[arg(long, value_name = "MOMENT")]
        at: Option<String>,
        #[arg(long, value_name = "TEXT")]
        note: Option<String>,
    },
    Confirm {
        #[arg(value_name = "FINDING")]
        finding: FindingId,
        #[arg(long = "points", id = "found_points", value_parser = points)]
        points: Option<Points>,
        #[arg(long, value_name = "TEXT")]
        note: Option<String>,
        #[arg(long)]
        again: bool,
    },
    Dismiss {
        #[arg(value_name = "FINDING")]
        finding: FindingId,
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
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
