//! `koufen`: reads the command line, and opens the console where no command is asked for.

use koufen::cli::{self, Exit};
use std::ffi::OsString;
use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<OsString> = std::env::args_os().collect();
    let exit = match cli::parse(&args) {
        Ok((parsed, lang)) => match &parsed.command {
            Some(command) => cli::run(&parsed, command, lang),
            None => Exit::Ok,
        },
        Err(exit) => exit,
    };
    ExitCode::from(exit as u8)
}
