//! The words of the program: plain data that every floor above shares.
//!
//! Nothing here reads a file, the clock or the environment, and nothing here knows how a
//! value was found or how it will be printed.

mod auth;
mod bits;
mod comment;
mod diff;
mod fact;
mod file;
mod finding;
mod hit;
mod issue;
mod language;
mod magic;
mod outcome;
mod place;
pub mod prose;
mod redact;
mod report;
mod severity;
mod value;

pub use auth::Level;
pub use bits::Bits;
pub use comment::{CommentReach, WaiverComment};
pub use diff::{Added, Diff, Faded, Lost, Unseen};
pub use fact::{Fact, Import, Reach, Service};
pub use file::{File, Role, SkipReason, Skipped, Tracked};
pub use finding::{Control, Finding, Fingerprint, Related, Status, Waiver, WaiverSource};
pub use hit::{
    Context, FileHits, Hit, InlineWaiver, MatcherId, REPLACES, Secret, Template, UNDECIDED,
};
pub use issue::{Issue, Priority, THEMES, effort, issues};
pub use language::Language;
pub use magic::Magic;
pub use outcome::{Evidence, Outcome, RuleCard, RuleResult, Scope};
pub use place::{LineIndex, Location, Position, RepoPath, Span};
pub use redact::mask;
pub use report::{
    Attestation, CategoryScore, ChecklistItem, ChecklistState, Condition, GateResult, Grade,
    Inventory, Report, Score, Statement, Target, Verdict, WhatIf, by_place, by_weight,
};
pub use severity::{Confidence, Severity};
pub use value::Value;
