//! `koufen`: reads the command line, and opens the console where no command is asked for.

use koufen::cli;
use std::ffi::OsString;
use std::process::ExitCode;

/// An import makes and drops tens of small pieces of memory for each row.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    koufen::door::settle_process();
    let args: Vec<OsString> = std::env::args_os().collect();
    let exit = match cli::parse(&args) {
        Ok((parsed, lang)) => cli::run(&parsed, lang, &args),
        Err(exit) => exit,
    };
    ExitCode::from(exit as u8)
}
