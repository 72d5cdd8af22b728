//! `koufen`: reads the command line, and opens the console where no command is asked for.

use koufen::cli;
use std::ffi::OsString;
use std::io::Write;

/// An import makes and drops tens of small pieces of memory for each row.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() {
    koufen::door::settle_process();
    let args: Vec<OsString> = std::env::args_os().collect();
    let exit = match cli::parse(&args) {
        Ok((parsed, lang)) => cli::run(&parsed, lang, &args),
        Err(exit) => exit,
    };
    // What waits to be written is, and memory goes with the process: nobody waits until it is given back piece by piece.
    let _ = std::io::stdout().flush();
    signal_hook::low_level::exit(exit as i32)
}
