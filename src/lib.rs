//! `preop` audits a repository of a healthcare system for production readiness.
//!
//! It is a map and a reduce: every file is scanned by itself, in parallel, and what was found is
//! surveyed, judged, waived, scored and rendered by pure functions.

pub mod judge;
pub mod manifest;
pub mod model;
pub mod render;
pub mod rule;
pub mod scan;
pub mod score;
pub mod source;
pub mod survey;
pub mod syntax;
pub mod waive;
