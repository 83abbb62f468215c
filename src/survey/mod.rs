//! Reduces hits to facts: services, frameworks, routes, the import graph and what is reachable.

use crate::model::{Fact, Reach, RepoPath, Role, Service};
use std::collections::BTreeMap;

/// What is known of the repository before any rule is judged.
#[derive(Clone, Debug, Default)]
pub struct Survey {
    /// Services in order of root.
    pub services: Vec<Service>,
    /// Facts in order of kind, path and span.
    pub facts: Vec<Fact>,
    /// The service that each file belongs to: an index into `services`.
    pub owner: BTreeMap<RepoPath, usize>,
    /// Whether each source file is part of what runs.
    pub reach: BTreeMap<RepoPath, Reach>,
    /// What each file is for.
    pub roles: BTreeMap<RepoPath, Role>,
    /// How likely the repository handles patient data: `none`, `possible`, `likely`, `certain`.
    pub phi: String,
}
