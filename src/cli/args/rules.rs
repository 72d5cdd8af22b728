//! The actions on rulebooks and articles.

use crate::ids::ProviderId;
use crate::time::Year;
use clap::Subcommand;
use std::path::PathBuf;

#[derive(Clone, Debug, Subcommand)]
#[allow(missing_docs, reason = "the help texts stand in the fluent files")]
pub enum ArticleAction {
    Show {
        #[arg(value_name = "ARTICLE")]
        article: String,
        #[arg(long, value_name = "PROVIDER")]
        provider: Option<ProviderId>,
        #[arg(long = "on", id = "rules_on", value_name = "DATE")]
        on: Option<String>,
    },
}

#[derive(Clone, Debug, Subcommand)]
#[allow(missing_docs, reason = "the help texts stand in the fluent files")]
pub enum RulesAction {
    Coverage,
    Show {
        article: String,
    },
    Check {
        #[arg(id = "rules_file", value_name = "FILE")]
        file: PathBuf,
    },
    Diff {
        before: PathBuf,
        after: PathBuf,
    },
    Impact {
        #[arg(id = "rules_file", value_name = "FILE")]
        file: PathBuf,
        #[arg(long)]
        year: Option<Year>,
    },
    Adopt {
        #[arg(id = "rules_file", value_name = "FILE")]
        file: PathBuf,
        #[arg(long, value_name = "DATE")]
        effective: String,
    },
    List,
    Test {
        #[arg(required = true, value_name = "FILE")]
        cases: Vec<PathBuf>,
    },
    Overrides {
        #[arg(value_name = "PROVIDER")]
        provider: Option<ProviderId>,
    },
}

impl RulesAction {
    /// Whether it asks a store; the others ask files alone.
    pub fn needs_store(&self) -> bool {
        use RulesAction::{Adopt, Impact, List, Overrides};
        matches!(self, Adopt { .. } | Impact { .. } | List | Overrides { .. })
    }
}
