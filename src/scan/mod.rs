//! One file → hits. A pure function of path, bytes and compiled rules.

pub mod code;
pub mod imports;
pub mod raw;
