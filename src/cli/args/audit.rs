//! Audits.

use crate::ids::{ProviderId, Seq};
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// What is done with audits.
#[derive(Clone, Debug, Subcommand)]
#[allow(missing_docs, reason = "the help texts stand in the fluent files")]
pub enum AuditAction {
    Record(AuditArgs),
    Show {
        #[arg(value_name = "ENTRY")]
        entry: Seq,
    },
    List {
        #[arg(value_name = "PROVIDER")]
        provider: Option<ProviderId>,
    },
}

/// An audit and its sheet.
#[derive(Clone, Debug, Args)]
#[allow(missing_docs, reason = "the help texts stand in the fluent files")]
pub struct AuditArgs {
    #[arg(value_name = "PROVIDER")]
    pub provider: ProviderId,
    #[arg(long, value_name = "NAME,NAME")]
    pub auditors: String,
    #[arg(long = "scope", id = "audit_scope", value_name = "TEXT")]
    pub scope: String,
    #[arg(long = "on", id = "audit_on", value_name = "DATE")]
    pub on: Option<String>,
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
    #[arg(long = "lines", id = "audit_lines", value_name = "FILE")]
    pub lines: Option<PathBuf>,
    #[arg(long)]
    pub again: bool,
    #[arg(long)]
    pub dry_run: bool,
}
