//! What is asked of cases and notices (parts 3 and 4).

use crate::ids::{ProviderId, Seq};
use clap::Subcommand;

/// Questions about cases and notices.
#[derive(Clone, Debug, Subcommand)]
#[allow(missing_docs, reason = "the help texts stand in the fluent files")]
pub enum CaseQuery {
    Cases {
        #[arg(value_name = "PROVIDER")]
        provider: Option<ProviderId>,
        #[arg(long, value_name = "DATE")]
        as_of: Option<String>,
    },
    ExitPlan {
        #[arg(value_name = "PROVIDER")]
        provider: ProviderId,
    },
    Notices {
        #[arg(value_name = "PROVIDER")]
        provider: Option<ProviderId>,
    },
    Notice {
        #[arg(value_name = "NOTICE")]
        entry: Seq,
    },
    Objections {
        #[arg(value_name = "PROVIDER")]
        provider: Option<ProviderId>,
        #[arg(long)]
        waiting: bool,
    },
}
