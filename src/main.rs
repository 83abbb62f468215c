//! The program: arguments in, exit code out. Everything else is in `cli` and the library.

fn main() {}
