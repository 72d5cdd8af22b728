//! What is not done: tried, or looked at as of a year's end.

use super::Command;
use crate::time::Year;
use clap::Args;
use std::ffi::OsString;

#[derive(Clone, Debug, Args)]
#[allow(missing_docs, reason = "the help texts stand in the fluent files")]
pub struct WhatIfArgs {
    #[arg(
        id = "tried_command",
        value_name = "COMMAND",
        required = true,
        trailing_var_arg = true,
        allow_hyphen_values = true
    )]
    pub words: Vec<OsString>,
    #[arg(skip)]
    pub command: Option<Box<Command>>,
}

#[derive(Clone, Copy, Debug, Args)]
#[allow(missing_docs, reason = "the help texts stand in the fluent files")]
pub struct YearEndArgs {
    #[arg(long, value_parser = clap::value_parser!(i32).range(1900..=9999))]
    pub year: Option<Year>,
    #[arg(long = "dry-run", id = "year_end_dry_run")]
    pub dry_run: bool,
}
