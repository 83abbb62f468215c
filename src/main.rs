//! The program: arguments in, exit code out. Everything else is in `cli` and the library.

mod cli;

use std::process::ExitCode;

/// A scan is many small allocations on all threads, of ours and of the parsers; the system's
/// allocator takes a tenth of the whole run for them.
#[cfg(target_os = "linux")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    ExitCode::from(cli::run(std::env::args_os()))
}
