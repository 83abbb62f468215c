//! One integration target: the house rules, the library, the examples, whole repositories, the
//! formats, and the program as a user runs it.

mod architecture;
mod cli;
mod crosstalk;
mod determinism;
mod documents;
mod examples;
mod formats;
mod hostile;
mod library;
mod redaction;
mod repositories;
mod world;
