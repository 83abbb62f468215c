//! The program: arguments in, exit code out. Everything else is in `cli` and the library.

mod cli;

use mimalloc::MiMalloc;
use std::process::ExitCode;

/// Parsing and matching are thousands of small allocations a file, in every thread.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    ExitCode::from(cli::run(std::env::args_os()))
}
