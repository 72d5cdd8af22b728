//! The actions on rulebooks and articles.

use crate::time::Year;
use clap::Subcommand;
use std::path::PathBuf;

#[derive(Clone, Debug, Subcommand)]
#[allow(missing_docs, reason = "the help texts stand in the fluent files")]
pub enum ArticleAction {
    Show {
        #[arg(value_name = "ARTICLE")]
        article: String,
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
}
