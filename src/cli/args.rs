//! The command line as clap reads it. Help texts stand in the fluent files of both languages
//! (`help-cmd-*`, `help-arg-*`); `help` puts them in.

mod audit;
mod cases;
mod rules;
mod second;
mod store;
mod time;

pub use audit::{AuditAction, AuditArgs};
pub use cases::CaseQuery;
pub use rules::{ArticleAction, RulesAction, RulesArgs, WhichRules};
pub use second::SecondPerson;
pub use store::{DemoArgs, ServeArgs};
pub use time::{WhatIfArgs, YearEndArgs};

use super::finding::FindingAction;
use super::record::RecordAction;
use super::replace::ReplaceAction;
use crate::calendar::COUNT_MAX;
use crate::domain::RequestKind;
use crate::domain::why::Target;
use crate::ids::{OutletId, ProviderId, Seq};
use crate::points::Points;
use crate::time::{Month, Year};
use crate::words::Lang;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

#[derive(Clone, Debug, Parser)]
#[command(name = "koufen", version, disable_help_subcommand = true)]
#[allow(missing_docs, reason = "the help texts stand in the fluent files")]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// Options of every command.
#[derive(Clone, Debug, Default, Args)]
#[allow(missing_docs, reason = "the help texts stand in the fluent files")]
pub struct Global {
    #[arg(long, global = true, value_name = "PATH", env = "KOUFEN_STORE", hide_env_values = true)]
    pub store: Option<PathBuf>,
    #[arg(long, global = true, value_name = "FILE")]
    pub rulebook: Option<PathBuf>,
    #[arg(long, global = true, value_name = "FILE")]
    pub calendar: Option<PathBuf>,
    #[arg(long, global = true, value_name = "zh-CN|en", value_parser = lang)]
    pub lang: Option<Lang>,
    #[arg(long, global = true, value_name = "NAME|FILE")]
    pub theme: Option<String>,
    #[arg(long, global = true, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(..=86_400))]
    pub wait: u64,
    #[arg(long, global = true)]
    pub no_mouse: bool,
    #[arg(long, global = true)]
    pub json: bool,
    #[arg(long, global = true, value_name = "MOMENT")]
    pub known_at: Option<String>,
}

#[derive(Clone, Debug, Subcommand)]
#[allow(missing_docs, reason = "the help texts stand in the fluent files")]
pub enum Command {
    Import {
        #[arg(value_enum)]
        kind: ImportKind,
        file: PathBuf,
        #[arg(long)]
        strict: bool,
        #[arg(long)]
        dry_run: bool,
    },
    Provider {
        #[command(subcommand)]
        action: ProviderAction,
    },
    Outlet {
        #[command(subcommand)]
        action: OutletAction,
    },
    Deduct(DeductArgs),
    Void {
        entry: Seq,
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[arg(long)]
        with_dependents: bool,
        #[arg(long)]
        dry_run: bool,
    },
    #[command(subcommand_value_name = "KIND")]
    Replace {
        entry: Seq,
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[arg(long)]
        dry_run: bool,
        #[command(subcommand)]
        action: ReplaceAction,
    },
    Reverse {
        line: Seq,
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    Standing {
        #[arg(value_name = "PROVIDER")]
        provider: Option<ProviderId>,
        #[arg(long, value_parser = clap::value_parser!(i32).range(1900..=9999))]
        year: Option<Year>,
        #[arg(long, value_name = "DATE")]
        as_of: Option<String>,
    },
    Support {
        line: Seq,
        #[arg(long, value_name = "ENTRY|CITY DATE|CITY|MONTH", required_unless_present = "evidence")]
        subject: Option<String>,
        #[arg(long, value_name = "TEXT")]
        evidence: Option<String>,
    },
    Ledger {
        #[arg(value_name = "PROVIDER", required_unless_present = "unsupported")]
        provider: Option<ProviderId>,
        #[arg(long, value_parser = clap::value_parser!(i32).range(1900..=9999))]
        year: Option<Year>,
        #[arg(long)]
        unsupported: bool,
        #[arg(long, value_name = "DATE")]
        as_of: Option<String>,
    },
    Entry {
        #[arg(value_name = "ENTRY")]
        entry: Seq,
    },
    Why {
        #[arg(id = "why_target", value_name = "LINE|FINDING|ENTRY|OBLIGATION")]
        target: Target,
        #[arg(long, value_name = "DATE")]
        as_of: Option<String>,
    },
    Export {
        #[arg(value_enum)]
        what: ExportKind,
        #[arg(long, value_name = "FILE|-")]
        out: Option<PathBuf>,
        #[arg(long, requires = "out")]
        force: bool,
    },
    #[command(args_conflicts_with_subcommands = true)]
    Rules(RulesArgs),
    Turnover {
        #[command(subcommand)]
        action: TurnoverAction,
    },
    Findings {
        #[arg(long = "provider", id = "of_provider", value_name = "PROVIDER")]
        provider: Option<ProviderId>,
        #[arg(long, value_name = "open|confirmed|dismissed", value_parser = ["open", "confirmed", "dismissed"])]
        state: Option<String>,
        #[arg(long, value_name = "DATE")]
        as_of: Option<String>,
    },
    Finding {
        #[command(subcommand)]
        action: FindingAction,
    },
    Request {
        #[command(subcommand)]
        action: RequestAction,
    },
    Deadlines {
        #[arg(long = "provider", id = "of_provider", value_name = "PROVIDER")]
        provider: Option<ProviderId>,
        #[arg(long, value_name = "Nwd", value_parser = within)]
        within: Option<u32>,
        #[arg(long, value_name = "ENTRY", conflicts_with_all = ["of_provider", "within"])]
        why: Option<Seq>,
        #[arg(long, conflicts_with_all = ["why", "within"])]
        replay: bool,
        #[arg(long, requires = "replay")]
        dry_run: bool,
        #[arg(long, value_name = "DATE", conflicts_with_all = ["why", "replay"])]
        as_of: Option<String>,
    },
    Record {
        #[command(subcommand)]
        action: RecordAction,
    },
    Admission {
        #[arg(value_name = "PROVIDER")]
        provider: ProviderId,
    },
    Territory {
        #[arg(value_name = "PROVIDER")]
        provider: ProviderId,
    },
    Article {
        #[command(subcommand)]
        action: ArticleAction,
    },
    #[command(flatten)]
    Case(CaseQuery),
    Audit {
        #[command(subcommand)]
        action: AuditAction,
    },
    #[command(flatten)]
    Second(SecondPerson),
    Account {
        #[arg(value_name = "PROVIDER")]
        provider: ProviderId,
        #[arg(long)]
        city: Option<String>,
        #[arg(long, value_name = "DATE")]
        from: Option<String>,
        #[arg(long, value_name = "DATE")]
        as_of: Option<String>,
    },
    Alerts {
        #[arg(long = "provider", id = "of_provider", value_name = "PROVIDER")]
        provider: Option<ProviderId>,
        #[arg(long)]
        all: bool,
        #[arg(long, conflicts_with = "all")]
        watch: bool,
    },
    Alert {
        #[command(subcommand)]
        action: AlertAction,
    },
    Workday {
        #[command(subcommand)]
        action: WorkdayAction,
    },
    Verify {
        #[arg(long)]
        remake: bool,
    },
    AcceptLoss {
        #[arg(long = "from", id = "loss_from", value_name = "ENTRY")]
        from: Seq,
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    WhatIf(WhatIfArgs),
    YearEnd(YearEndArgs),
    Rebuild,
    Stats,
    Completions {
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
    Serve(ServeArgs),
    Demo(DemoArgs),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs, reason = "the names are the words of the command line")]
pub enum ImportKind {
    Providers,
    Outlets,
    Deductions,
    Turnover,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs, reason = "the names are the words of the command line")]
pub enum ExportKind {
    Providers,
    Outlets,
    Ledger,
    Turnover,
}

#[derive(Clone, Debug, Subcommand)]
#[allow(missing_docs, reason = "the help texts stand in the fluent files")]
pub enum ProviderAction {
    List,
    Show {
        #[arg(value_name = "PROVIDER")]
        provider: ProviderId,
    },
    Add(ProviderArgs),
    Edit(ProviderArgs),
}

#[derive(Clone, Debug, Args)]
#[allow(missing_docs, reason = "the help texts stand in the fluent files")]
pub struct ProviderArgs {
    #[arg(value_name = "PROVIDER")]
    pub provider: ProviderId,
    #[arg(long)]
    pub name: Option<String>,
    #[arg(long = "kind", id = "provider_kind", value_name = "third-party|self-operated")]
    pub kind: Option<crate::domain::ProviderKind>,
    #[arg(long)]
    pub city: Option<String>,
    #[arg(long)]
    pub population: Option<String>,
    #[arg(long, value_name = "CNY")]
    pub capital: Option<String>,
    #[arg(long, value_name = "DATE")]
    pub agreement_on: Option<String>,
    #[arg(long)]
    pub email: Option<String>,
    #[arg(long)]
    pub phone: Option<String>,
}

#[derive(Clone, Debug, Subcommand)]
#[allow(missing_docs, reason = "the help texts stand in the fluent files")]
pub enum OutletAction {
    List {
        #[arg(value_name = "PROVIDER")]
        provider: Option<ProviderId>,
    },
    Show {
        #[arg(value_name = "OUTLET")]
        outlet: OutletId,
    },
    Add(OutletArgs),
    Edit(OutletArgs),
}

#[derive(Clone, Debug, Args)]
#[allow(missing_docs, reason = "the help texts stand in the fluent files")]
pub struct OutletArgs {
    #[arg(value_name = "OUTLET")]
    pub outlet: OutletId,
    #[arg(long = "provider", id = "owner", value_name = "PROVIDER")]
    pub owner: Option<ProviderId>,
    #[arg(long)]
    pub name: Option<String>,
    #[arg(long)]
    pub city: Option<String>,
    #[arg(long, value_name = "DATE")]
    pub signed_on: Option<String>,
    #[arg(long)]
    pub staff: Option<u32>,
}

#[derive(Clone, Debug, Args)]
#[allow(missing_docs, reason = "the help texts stand in the fluent files")]
pub struct DeductArgs {
    #[arg(value_name = "PROVIDER")]
    pub provider: ProviderId,
    pub article: String,
    #[arg(value_parser = points)]
    pub points: Points,
    #[arg(long, value_name = "DATE")]
    pub on: String,
    #[arg(long = "outlet", id = "at_outlet", value_name = "OUTLET")]
    pub outlet: Option<OutletId>,
    #[arg(long, value_name = "TAG")]
    pub problem: Option<String>,
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
    #[arg(long, value_name = "ENTRY|CITY DATE|CITY|MONTH")]
    pub subject: Option<String>,
    #[arg(long, value_name = "TEXT")]
    pub evidence: Option<String>,
    #[arg(long)]
    pub again: bool,
}

#[derive(Clone, Debug, Subcommand)]
#[allow(missing_docs, reason = "the help texts stand in the fluent files")]
pub enum WorkdayAction {
    Add {
        #[arg(id = "from_date", value_name = "DATE")]
        date: String,
        #[arg(id = "wd_count", value_name = "N", value_parser = clap::value_parser!(u32).range(0..=i64::from(COUNT_MAX)))]
        count: u32,
    },
    Hours {
        #[arg(id = "from_moment", value_name = "MOMENT")]
        moment: String,
        #[arg(id = "hour_count", value_name = "N", value_parser = clap::value_parser!(u32).range(0..=i64::from(COUNT_MAX)))]
        count: u32,
    },
}

#[derive(Clone, Debug, Subcommand)]
#[allow(missing_docs, reason = "the help texts stand in the fluent files")]
pub enum TurnoverAction {
    List {
        #[arg(value_name = "PROVIDER")]
        provider: ProviderId,
        #[arg(long, value_name = "MONTH", value_parser = month)]
        month: Option<Month>,
    },
    Record(TurnoverArgs),
    Amend {
        #[command(flatten)]
        args: TurnoverArgs,
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
}

#[derive(Clone, Debug, Args)]
#[allow(missing_docs, reason = "the help texts stand in the fluent files")]
pub struct TurnoverArgs {
    #[arg(value_name = "OUTLET")]
    pub outlet: OutletId,
    #[arg(value_name = "MONTH", value_parser = month)]
    pub month: Month,
    #[arg(value_name = "CNY")]
    pub amount: String,
    #[arg(long)]
    pub orders: Option<u32>,
    #[arg(long)]
    pub final_status: Option<u32>,
}

#[derive(Clone, Debug, Args)]
#[allow(missing_docs, reason = "the help texts stand in the fluent files")]
pub struct OpenArgs {
    #[arg(value_name = "OUTLET")]
    pub outlet: OutletId,
    #[arg(id = "request_kind", value_name = "help|exit")]
    pub kind: RequestKind,
    #[arg(long, value_name = "MOMENT")]
    pub at: Option<String>,
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
    #[arg(long)]
    pub again: bool,
}

#[derive(Clone, Debug, Args)]
#[allow(missing_docs, reason = "the help texts stand in the fluent files")]
pub struct AnswerArgs {
    #[arg(value_name = "REQUEST")]
    pub request: Seq,
    #[arg(long, value_name = "MOMENT")]
    pub at: Option<String>,
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
}

#[derive(Clone, Debug, Subcommand)]
#[allow(missing_docs, reason = "the help texts stand in the fluent files")]
pub enum RequestAction {
    Open(OpenArgs),
    Answer(AnswerArgs),
    Late {
        #[arg(value_name = "PROVIDER")]
        provider: ProviderId,
    },
}

#[derive(Clone, Debug, Subcommand)]
#[allow(missing_docs, reason = "the help texts stand in the fluent files")]
pub enum AlertAction {
    Ack {
        #[arg(value_name = "ALERT")]
        alert: String,
    },
    Snooze {
        #[arg(value_name = "ALERT")]
        alert: String,
        #[arg(long = "until", id = "alert_until", value_name = "MOMENT")]
        until: String,
    },
    Assign {
        #[arg(value_name = "ALERT")]
        alert: String,
        #[arg(long = "to", id = "alert_to", value_name = "NAME")]
        to: String,
    },
}

/// Working days, as `5wd` or `5`.
fn within(word: &str) -> Result<u32, String> {
    let folded = crate::exchange::clean::fold(word);
    let days = folded.strip_suffix("wd").unwrap_or(&folded).parse().ok();
    days.filter(|days| *days <= COUNT_MAX).ok_or_else(|| "5wd".to_owned())
}

fn month(word: &str) -> Result<Month, String> {
    crate::exchange::clean::fold(word).parse().map_err(|_| "2011-02".to_owned())
}

fn lang(word: &str) -> Result<Lang, String> {
    Lang::parse(word).ok_or_else(|| "zh-CN | en".to_owned())
}

pub(super) fn points(word: &str) -> Result<Points, String> {
    let folded = crate::exchange::clean::fold(word);
    let points = folded.parse().map_err(|_| "0 – 65535".to_owned())?;
    Ok(Points(points))
}
