//! What a command does to the store: what may be asked of the past, and what may be tried.

use super::args::{
    ArticleAction, AuditAction, Command, OutletAction, ProviderAction, RequestAction, RulesAction, RulesArgs,
    SecondPerson, TurnoverAction,
};
use super::finding::FindingAction;

/// What a command does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Reads what is on record.
    Reads,
    /// Records what one person says.
    Records,
    /// Takes a whole file in.
    Imports,
    /// Is about the store as such, or about none.
    Store,
}

/// What a command does.
pub fn kind(command: &Command) -> Kind {
    match command {
        Command::Import { .. } => Kind::Imports,
        // One record, with lines that are all taken or none: a file of it is no roster.
        Command::Audit { action: AuditAction::Record(args) } if args.dry_run => Kind::Reads,
        Command::Audit { action: AuditAction::Record(_) } => Kind::Records,
        Command::Void { dry_run, .. } | Command::Replace { dry_run, .. } if *dry_run => Kind::Reads,
        Command::Finding { action: FindingAction::Reopen { dry_run: true, .. } } => Kind::Reads,
        Command::Provider { action: ProviderAction::List | ProviderAction::Show { .. } }
        | Command::Outlet { action: OutletAction::List { .. } | OutletAction::Show { .. } }
        | Command::Turnover { action: TurnoverAction::List { .. } }
        | Command::Request { action: RequestAction::Late { .. } }
        | Command::Article { action: ArticleAction::Show { .. } }
        | Command::Rules(RulesArgs { action: None, .. })
        | Command::Rules(RulesArgs {
            action:
                Some(
                    RulesAction::Show { .. }
                    | RulesAction::Impact { .. }
                    | RulesAction::List
                    | RulesAction::Overrides { .. },
                ),
            ..
        })
        | Command::Alerts { watch: false, .. }
        | Command::Deadlines { replay: false, .. }
        | Command::Deadlines { dry_run: true, .. }
        | Command::Standing { .. }
        | Command::Ledger { .. }
        | Command::Entry { .. }
        | Command::Why { .. }
        | Command::Export { .. }
        | Command::Findings { .. }
        | Command::Admission { .. }
        | Command::Territory { .. }
        | Command::Audit { .. }
        | Command::Account { .. }
        | Command::Case(_)
        | Command::Second(SecondPerson::Proposals { .. })
        | Command::WhatIf(_)
        | Command::YearEnd(_) => Kind::Reads,
        Command::Rules(RulesArgs { action: Some(RulesAction::Adopt { .. }), .. })
        | Command::Provider { .. }
        | Command::Outlet { .. }
        | Command::Turnover { .. }
        | Command::Request { .. }
        | Command::Deadlines { .. }
        | Command::Deduct(_)
        | Command::Void { .. }
        | Command::Replace { .. }
        | Command::Reverse { .. }
        | Command::Second(SecondPerson::ConfirmLine { .. })
        | Command::Support { .. }
        | Command::Finding { .. }
        | Command::Record { .. }
        | Command::Alert { .. } => Kind::Records,
        Command::Alerts { .. }
        | Command::Rules(_)
        | Command::Workday { .. }
        | Command::Verify { .. }
        | Command::AcceptLoss { .. }
        | Command::Rebuild
        | Command::Stats
        | Command::Completions { .. }
        | Command::Serve(_)
        | Command::Demo(_) => Kind::Store,
    }
}
