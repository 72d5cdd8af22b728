//! What is asked of lines that take a second person (decision 28).

use crate::ids::{ProviderId, Seq};
use clap::Subcommand;

/// Proposed lines, and their confirmation.
#[derive(Clone, Debug, Subcommand)]
#[allow(missing_docs, reason = "the help texts stand in the fluent files")]
pub enum SecondPerson {
    Proposals {
        #[arg(value_name = "PROVIDER")]
        provider: Option<ProviderId>,
    },
    ConfirmLine {
        #[arg(value_name = "ENTRY")]
        proposal: Seq,
        #[arg(long)]
        again: bool,
    },
}
