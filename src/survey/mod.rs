//! Reduces hits to facts: services, frameworks, routes, the import graph and what is reachable.
//!
//! Facts arrive as plain observations of single files. This floor joins what only makes sense
//! across files: which folder is a service, what its dependencies are, where its routes are
//! mounted, and which files an entry point leads to. It reads no file and runs no matcher.

mod auth;
mod blocks;
mod chart;
mod commands;
mod compose;
mod conventions;
mod dependencies;
mod deprecated;
mod emit;
mod entrypoints;
mod environment;
mod facts;
mod frameworks;
mod hung;
mod kinds;
mod kustomize;
mod modules;
mod mounts;
mod packages;
mod paths;
mod pattern;
mod phi;
mod ports;
mod python;
mod reach;
mod repo;
mod routers;
mod routes;
mod script;
mod services;
mod spelling;
mod topic;
mod units;
pub mod view;
mod wanted;

#[cfg(test)]
mod tests;

pub use chart::join_charts;
pub use compose::join_compose;
pub use emit::{emit, places};
pub use kustomize::join_kustomize;
pub use wanted::wanted;

use crate::model::{Fact, FileHits, Reach, RepoPath, Role, Service};
use crate::source::Listing;
use modules::Resolver;
use repo::Repo;
use std::collections::BTreeMap;

/// What the survey reduces.
pub struct Input<'a> {
    /// The files of the target.
    pub listing: &'a Listing,
    /// What the scan found, one for each file read, in order of path.
    pub hits: &'a [FileHits],
    /// What the fact manifests emitted, in order of kind, path and span.
    pub facts: Vec<Fact>,
}

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

/// Joins what was found in single files into what is known of the repository.
pub fn survey(input: Input<'_>) -> Survey {
    let repo = Repo::new(input.listing, input.hits);
    let mut facts = facts::ordered(environment::split(dependencies::split(input.facts)));

    let mut services = services::find(&repo, &facts);
    let owner = services::owners(&repo, &services);
    facts::assign(&mut facts, &owner);

    let imports = dependencies::imports(&repo, &owner);
    dependencies::assign(&imports, &facts, &mut services);
    frameworks::assign(&imports, &facts, &mut services);

    let resolver = Resolver::new(&repo, &services, &owner, &facts);
    let entries = entrypoints::find(&resolver, &facts);
    let (reach, (routes, mut uses)) = rayon::join(
        || reach::decide(&resolver, &entries, &facts),
        || {
            let uses = deprecated::uses(&resolver, &facts);
            (routes::join(&resolver, &facts), uses)
        },
    );
    let running = entries.running(&resolver);
    facts::assign(&mut uses, &owner);

    facts.extend(uses);
    entrypoints::record(&running, &mut services);
    routes::record(routes, &mut facts);
    topic::tell(&mut facts);
    frameworks::serve(&repo, &facts, &reach, &mut services);
    kinds::decide(&repo, &owner, &facts, &mut services);
    environment::settle(&repo, &services, &mut facts);
    ports::settle(&repo, &services, &mut facts);

    let phi = phi::level(&repo, &services, &facts).to_owned();
    let facts = facts::ordered(facts::without_scaffolding(facts));
    Survey {
        services,
        facts,
        owner,
        reach,
        roles: input
            .hits
            .iter()
            .map(|hits| (hits.file.path.clone(), hits.file.role))
            .collect(),
        phi,
    }
}
