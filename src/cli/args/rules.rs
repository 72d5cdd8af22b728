//! The actions on rulebooks and articles.

use crate::ids::ProviderId;
use crate::time::Year;
use clap::{Args, Subcommand};
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

/// What is asked of the rules: an action, or all articles.
#[derive(Clone, Debug, Args)]
#[allow(missing_docs, reason = "the help texts stand in the fluent files")]
pub struct RulesArgs {
    #[command(subcommand)]
    pub action: Option<RulesAction>,
    #[command(flatten)]
    pub which: WhichRules,
}

/// Which rulebook is shown: the edition in force on a day, or the file.
#[derive(Clone, Debug, Default, Args)]
#[allow(missing_docs, reason = "the help texts stand in the fluent files")]
pub struct WhichRules {
    #[arg(long = "as-of", id = "rules_on", value_name = "DATE", conflicts_with = "rules_of_file")]
    pub as_of: Option<String>,
    #[arg(long = "file", id = "rules_of_file")]
    pub file: bool,
}

#[derive(Clone, Debug, Subcommand)]
#[allow(missing_docs, reason = "the help texts stand in the fluent files")]
pub enum RulesAction {
    Coverage,
    Show {
        article: String,
        #[command(flatten)]
        which: WhichRules,
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

impl RulesArgs {
    /// Whether they ask a store: always, or where there is one; the others ask files alone.
    pub fn asks_store(&self, is_there: bool) -> bool {
        match &self.action {
            None => is_there && !self.which.file,
            Some(RulesAction::Show { which, .. }) => is_there && !which.file,
            Some(action) => {
                use RulesAction::{Adopt, Impact, List, Overrides};
                matches!(action, Adopt { .. } | Impact { .. } | List | Overrides { .. })
            }
        }
    }
}
