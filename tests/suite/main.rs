//! One integration target: the house rules, the library, the examples, whole repositories, the
//! formats, and the program as a user runs it.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stderr,
    clippy::too_many_lines,
    clippy::disallowed_methods,
    unreachable_pub,
    reason = "a test fails loudly, reads and runs what it likes, and shares its helpers"
)]

mod architecture;
mod cli;
mod cli_reports;
mod counts;
mod crosstalk;
mod determinism;
mod documents;
mod examples;
mod formats;
mod guards;
mod history;
mod hostile;
mod import;
mod library;
mod magic;
mod once;
mod places;
mod redaction;
mod repositories;
mod severities;
mod workloads;
mod world;
