//! What kind of thing a service is.

use super::facts;
use super::repo::Repo;
use crate::model::{Fact, Language, RepoPath, Role, Service};
use std::collections::BTreeMap;

const BROWSER: &[&str] = &[
    "next",
    "remix",
    "nuxt",
    "sveltekit",
    "react",
    "vue",
    "angular",
    "svelte",
    "vite",
    "cra",
    "streamlit",
];
const MOBILE: &[&str] = &["react-native", "expo", "android"];
const INFRA: &[&str] = &["aws-cdk-lib", "@pulumi/pulumi", "pulumi", "cdktf"];

/// Facts of code that runs without being called.
const WORK: &[&str] = &["broker-client", "background"];

/// Fills `kind` of every service.
pub(super) fn decide(
    repo: &Repo<'_>,
    owner: &BTreeMap<RepoPath, usize>,
    facts: &[Fact],
    services: &mut [Service],
) {
    let mut hints = vec![Hints::default(); services.len()];
    for fact in facts::of(facts, "http-server") {
        if let Some(hints) = fact.service.and_then(|index| hints.get_mut(index)) {
            hints.server = true;
        }
    }
    for fact in facts.iter().filter(|fact| WORK.contains(&&*fact.kind)) {
        if let Some(hints) = fact.service.and_then(|index| hints.get_mut(index)) {
            hints.works = true;
        }
    }
    for (path, entry) in repo
        .all()
        .filter(|(_, entry)| entry.file.role == Role::Production)
    {
        let index = owner.get(&entry.file.path);
        if let Some(hints) = index.and_then(|index| hints.get_mut(*index)) {
            hints.page |= entry.file.path.name() == "index.html";
            hints.device |= path.ends_with("AndroidManifest.xml")
                || path.ends_with(".xcodeproj/project.pbxproj")
                || path.ends_with("pubspec.yaml");
        }
    }
    for (service, hints) in services.iter_mut().zip(hints) {
        kind(service, hints).clone_into(&mut service.kind);
    }
}

/// What files and facts say beside frameworks.
#[derive(Clone, Copy, Default)]
#[allow(clippy::struct_excessive_bools, reason = "each is an independent sign")]
struct Hints {
    /// Constructs a server.
    server: bool,
    /// Consumes messages or runs jobs.
    works: bool,
    /// Holds an HTML page to start from.
    page: bool,
    /// Holds a mobile project.
    device: bool,
}

fn kind(service: &Service, hints: Hints) -> &'static str {
    let uses = |names: &[&str]| names.iter().any(|name| service.frameworks.contains(*name));
    let mobile = [Language::Swift, Language::Dart]
        .iter()
        .any(|l| service.languages.contains(l));
    if uses(&["docusaurus"]) {
        "docs"
    } else if hints.server {
        "api"
    } else if uses(MOBILE) || hints.device || (mobile && !service.serves.contains("http")) {
        "mobile"
    } else if uses(&["next", "remix", "nuxt", "sveltekit", "cra"]) || (uses(BROWSER) && hints.page)
    {
        "web-ui"
    } else if service.serves.contains("http") || service.serves.contains("grpc") {
        "api"
    } else if INFRA
        .iter()
        .any(|name| service.dependencies.contains_key(*name))
    {
        "infra"
    } else if hints.works || !service.entrypoints.is_empty() {
        if uses(BROWSER) { "web-ui" } else { "worker" }
    } else {
        "library"
    }
}
