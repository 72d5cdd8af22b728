//! The command line: each command is a function of (arguments, desk, output), so it runs the same at home and over
//! a door. Nothing here knows about terminal modes; `screen` opens the console through its door.

mod account;
mod again;
mod alerts;
pub mod args;
mod article;
mod attach;
mod audit;
mod cases;
mod coverage;
mod deadlines;
mod dossier;
mod editions;
mod entry;
mod files;
mod finding;
mod help;
mod impact;
mod kind;
mod late;
mod ledger;
mod notice;
mod objection;
mod open;
mod output;
mod past;
mod proposals;
mod record;
mod replace;
mod report;
mod request;
mod roster;
mod rules;
mod rules_test;
mod screen;
mod store;
mod turnover;
mod void;
mod what_if;
mod why;
mod workday;
mod year_end;

pub use args::{Cli, Command, Global};
pub use open::{Entered, enter, rulebook, store_path};
pub use output::{Answer, Exit, Failure};

use crate::desk::{Desk, Identity};
use crate::door::caller::Here;
use crate::exchange::clean::shown;
use crate::words::Lang;
use clap::FromArgMatches;
use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};

/// Reads the command line; help, versions and usage errors are written here, and only the exit code is left.
pub fn parse(args: &[OsString]) -> Result<(Cli, Lang), Exit> {
    let lang = lang_of(args);
    read(args, lang).map(|cli| (cli, lang)).map_err(|e| {
        let usage = e.use_stderr();
        if usage && args.iter().any(|a| a == "--json") {
            let (mut out, mut err) = (std::io::sink(), std::io::stderr());
            let mut answer = Answer { out: &mut out, err: &mut err, lang, json: true, bar: false, caller: &Here };
            return answer.failure(&Failure::Usage(e.to_string()));
        }
        if usage && lang == Lang::ZhCn {
            let _ = writeln!(std::io::stderr(), "koufen: {}", lang.say("cli-usage"));
        }
        // Nobody is left to tell when the terminal is gone.
        let _ = e.print();
        if usage { Exit::Usage } else { Exit::Ok }
    })
}

fn read(args: &[OsString], lang: Lang) -> Result<Cli, clap::Error> {
    parsed(args, lang).and_then(|cli| tried(cli, args, lang))
}

/// Reads a command line; help, and what is wrong with it, speaks a language.
fn parsed(args: &[OsString], lang: Lang) -> Result<Cli, clap::Error> {
    let by = |tree: clap::Command| tree.try_get_matches_from(args).and_then(|m| Cli::from_arg_matches(&m));
    by(help::bare()).or_else(|_| by(help::command(lang)))
}

/// Reads what is only tried as the command line that it is.
fn tried(cli: Cli, args: &[OsString], lang: Lang) -> Result<Cli, clap::Error> {
    let Some(Command::WhatIf(mut what_if)) = cli.command else { return Ok(cli) };
    let args = what_if::tried(args, &what_if.words);
    let Cli { global, command } = parsed(&args, lang)?;
    what_if.command = command.map(Box::new);
    Ok(Cli { global, command: Some(Command::WhatIf(what_if)) })
}

/// The language, before clap has read anything: help and usage errors speak it too.
fn lang_of(args: &[OsString]) -> Lang {
    let words: Vec<_> = args.iter().map(|a| a.to_string_lossy()).collect();
    let after = words.iter().position(|w| w == "--lang").and_then(|at| words.get(at + 1));
    let named = after.map(|w| w.as_ref()).or_else(|| words.iter().find_map(|w| w.strip_prefix("--lang=")));
    named.and_then(Lang::parse).unwrap_or_else(Lang::detect)
}

/// Runs a command on the store that the options name, with this process's own outputs.
///
/// Without a command it opens the console.
pub fn run(cli: &Cli, lang: Lang, args: &[OsString]) -> Exit {
    // Not locked for good: what is told beside an answer is told by another thread.
    let mut out = std::io::BufWriter::new(std::io::stdout());
    let mut err = std::io::stderr();
    let bar = err.is_terminal() && !cli.global.json;
    let mut answer = Answer { out: &mut out, err: &mut err, lang, json: cli.global.json, bar, caller: &Here };
    let mut recorded = false;
    let done = run_with(cli, args, &mut recorded, &mut answer);
    told(done, recorded, &mut answer)
}

/// What a command came to, told to its end.
fn told(done: Result<Exit, Failure>, recorded: bool, answer: &mut Answer<'_>) -> Exit {
    written(done, recorded, answer).unwrap_or_else(|failure| {
        // What was found before the failure is still an answer.
        let _ = answer.out.flush();
        answer.failure(&failure)
    })
}

/// What a command came to, once all that it says is written.
fn written(done: Result<Exit, Failure>, recorded: bool, answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    let done = done.and_then(|exit| answer.out.flush().map(|()| exit).map_err(Failure::Output));
    done.or_else(|failure| after(failure, recorded, answer))
}

fn run_with(cli: &Cli, args: &[OsString], recorded: &mut bool, answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    if cli.global.known_at.is_some() {
        past::must_read(cli.command.as_ref(), answer)?;
    }
    let Some(command) = &cli.command else { return screen::console(&cli.global, args, answer) };
    match command {
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut help::command(answer.lang), "koufen", &mut script);
            answer.out.write_all(&script)?;
            return Ok(Exit::Ok);
        }
        Command::Rules(asked) if !asked.asks_store(open::is_there(&cli.global, answer)?) => {
            return rules::rules(&cli.global, asked, answer);
        }
        Command::Workday { action } => return workday::workday(&cli.global, action, answer),
        Command::AcceptLoss { from, reason } => return open::accept_loss(&cli.global, (*from, reason), answer),
        Command::Demo(args::DemoArgs { fill: Some(path) }) => return store::fill(path, answer),
        Command::Demo(_) => return screen::demo(&cli.global, answer),
        Command::Verify { .. } => store::must_be_there(&cli.global, answer)?,
        _ => {}
    }
    let desk = match (enter(&cli.global, answer)?, command) {
        (Entered::Ours(desk), _) => desk,
        (Entered::Theirs(there), Command::Serve(_)) => return Err(attach::served_already(&there, answer)),
        (Entered::Theirs(there), _) => return attach::command(there, (cli, command), args, answer),
    };
    let done = match command {
        Command::Serve(args) => attach::served(&desk, &cli.global, args.group.as_deref(), answer),
        command => {
            let asking = attach::asking(command).map(|ask| desk.asking(ask));
            on_desk_at((cli, command), asking.as_ref().unwrap_or(&desk), &Identity::local(), answer)
        }
    };
    *recorded = desk.has_recorded();
    open::close(desk, answer);
    done
}

/// Runs a command on a desk that is open, as of the moment that was asked for.
fn on_desk_at(
    (cli, command): (&Cli, &Command),
    desk: &Desk,
    who: &Identity,
    answer: &mut Answer<'_>,
) -> Result<Exit, Failure> {
    match (&cli.global.known_at, command) {
        (_, Command::Verify { remake }) => store::verify(desk, *remake, answer),
        (Some(at), _) => past::known_at(desk, at, answer).and_then(|then| on_desk(command, &then, who, answer)),
        (None, _) => on_desk(command, desk, who, answer),
    }
}

/// What a failure comes to that was met after something was recorded: it is recorded, and told so. An import says by
/// itself how far it came.
fn after(failure: Failure, recorded: bool, answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    match failure {
        Failure::Output(e) if recorded && e.kind() != io::ErrorKind::BrokenPipe => {
            let text = answer.lang.say_texts("recorded-untold", &[("why", shown(&e.to_string()))]);
            answer.remark(&text);
            Ok(Exit::Ok)
        }
        other => Err(other),
    }
}

/// Runs a command on an open desk.
pub fn on_desk(command: &Command, desk: &Desk, who: &Identity, answer: &mut Answer<'_>) -> Result<Exit, Failure> {
    match command {
        Command::Import { kind, file, strict, dry_run } => {
            files::import(desk, who, (*kind).into(), file, (*strict, *dry_run), answer)
        }
        Command::Export { what, out, force } => files::export(desk, (*what).into(), (out.as_deref(), *force), answer),
        Command::Provider { action } => roster::provider(desk, who, action, answer),
        Command::Outlet { action } => roster::outlet(desk, who, action, answer),
        Command::Deduct(args) => ledger::deduct(desk, who, args, answer),
        Command::Reverse { line, reason } => ledger::reverse(desk, who, *line, reason, answer),
        Command::Standing { provider, year, as_of } => {
            ledger::standing(desk, provider.as_ref(), *year, as_of.as_deref(), answer)
        }
        Command::Void { entry, reason, with_dependents, dry_run } => {
            let asked = void::Correction { entry: *entry, reason, dry_run: *dry_run };
            void::void(desk, who, asked, *with_dependents, answer)
        }
        Command::Replace { entry, reason, dry_run, action } => {
            let asked = void::Correction { entry: *entry, reason, dry_run: *dry_run };
            void::replace(desk, who, asked, action, answer)
        }
        Command::Entry { entry } => entry::entry(desk, *entry, answer),
        Command::Support { line, subject, evidence } => {
            ledger::support(desk, who, *line, (subject.as_deref(), evidence.as_deref()), answer)
        }
        Command::Ledger { provider, year, unsupported, as_of } => {
            let asked = (*year, as_of.as_deref());
            ledger::ledger(desk, provider.as_ref(), (asked, *unsupported), answer)
        }
        Command::Why { target, as_of } => why::why(desk, target, as_of.as_deref(), answer),
        Command::Turnover { action } => turnover::turnover(desk, who, action, answer),
        Command::Findings { provider, state, as_of } => {
            finding::findings(desk, provider.as_ref(), (state.as_deref(), as_of.as_deref()), answer)
        }
        Command::Request { action } => request::request(desk, who, action, answer),
        Command::Record { action } => record::record(desk, who, action, answer),
        Command::Admission { provider } => dossier::admission(desk, provider, answer),
        Command::Territory { provider } => dossier::territory(desk, provider, answer),
        Command::Case(query) => cases::ask(desk, query, answer),
        Command::Rules(asked) => editions::rules(desk, who, asked, answer),
        Command::Article { action } => article::show(desk, who, action, answer),
        Command::Audit { action } => audit::audit(desk, who, action, answer),
        Command::Second(action) => proposals::second(desk, who, action, answer),
        Command::Account { provider, city, from, as_of } => {
            let (city, from, as_of) = (city.as_deref(), from.as_deref(), as_of.as_deref());
            account::account(desk, provider, &account::Asked { city, from, as_of }, answer)
        }
        Command::Alerts { provider, all, watch } => alerts::alerts(desk, provider.as_ref(), (*all, *watch), answer),
        Command::Alert { action } => alerts::mark(desk, who, action, answer),
        Command::Deadlines { why: Some(seq), .. } => deadlines::why(desk, *seq, answer),
        Command::Deadlines { provider, replay: true, dry_run, .. } => {
            deadlines::replay(desk, who, (provider.as_ref(), *dry_run), answer)
        }
        Command::Deadlines { provider, within, as_of, .. } => {
            deadlines::deadlines(desk, provider.as_ref(), (*within, as_of.as_deref()), answer)
        }
        Command::Finding { action } => finding::decide(desk, who, action, answer),
        Command::WhatIf(args) => what_if::what_if(desk, who, args, answer),
        Command::YearEnd(args) => year_end::year_end(desk, *args, answer),
        Command::Rebuild => store::rebuild(desk, answer),
        Command::Stats => store::stats(desk, answer),
        Command::Workday { .. }
        | Command::Verify { .. }
        | Command::AcceptLoss { .. }
        | Command::Completions { .. }
        | Command::Serve(_)
        | Command::Demo(_) => Err(Failure::Usage(answer.lang.say("cli-not-here"))),
    }
}
