//! Having a store open for others, and the sample.

use clap::Args;
use std::path::PathBuf;

#[derive(Clone, Debug, Args)]
#[allow(missing_docs, reason = "the help texts stand in the fluent files")]
pub struct ServeArgs {
    #[arg(long, value_name = "GROUP")]
    pub group: Option<String>,
}

#[derive(Clone, Debug, Args)]
#[allow(missing_docs, reason = "the help texts stand in the fluent files")]
pub struct DemoArgs {
    #[arg(long, value_name = "PATH")]
    pub fill: Option<PathBuf>,
}
