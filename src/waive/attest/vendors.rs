//! Vendors that may see patient data, recognised by what a repository depends on, reads from its
//! environment, calls, and is deployed to.

use crate::model::{Fact, RepoPath, Role, Value};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// The list, as written.
const LIST: &str = include_str!("vendors.yaml");

/// A vendor as the list names it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
struct Entry {
    name: String,
    does: String,
    packages: Vec<String>,
    settings: Vec<String>,
    hosts: Vec<String>,
    deployments: Vec<String>,
}

/// The manifest around the list. Its envelope is read so that a misspelt key is an error.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    #[serde(rename = "apiVersion")]
    _api_version: crate::waive::ApiVersion,
    #[serde(rename = "kind")]
    _kind: ListKind,
    #[serde(rename = "metadata")]
    _metadata: BTreeMap<String, String>,
    spec: Vec<Entry>,
}

#[derive(Deserialize)]
enum ListKind {
    #[serde(rename = "VendorList")]
    List,
}

static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    // A test reads the list; a build in which it cannot be read does not leave this house.
    serde_saphyr::from_str::<List>(LIST).map_or_else(|_| Vec::new(), |list| list.spec)
});

/// A vendor that a repository uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vendor {
    /// Its name in the list.
    pub name: String,
    /// What it does for the system, in a word or two.
    pub does: String,
    /// The first place that shows it, as `path:line`.
    pub place: String,
}

/// Vendors that the facts of production files show, in order of name.
pub fn vendors(facts: &[Fact], roles: &BTreeMap<RepoPath, Role>) -> Vec<Vendor> {
    let real = |fact: &&Fact| {
        let role = roles.get(&fact.hit.location.path);
        role.is_none_or(|role| {
            !matches!(
                role,
                Role::Test | Role::Example | Role::Docs | Role::Vendored | Role::Generated
            )
        })
    };
    let facts: Vec<&Fact> = facts.iter().filter(real).collect();
    let seen = |entry: &Entry| {
        let place = facts
            .iter()
            .filter(|fact| entry.is_shown_by(fact))
            .map(|fact| &fact.hit.location)
            .min()?;
        Some(Vendor {
            name: entry.name.clone(),
            does: entry.does.clone(),
            place: place.to_string(),
        })
    };
    ENTRIES.iter().filter_map(seen).collect()
}

impl Entry {
    fn is_shown_by(&self, fact: &Fact) -> bool {
        match &*fact.kind {
            "dependency" => {
                let runs = fact.attributes.get("dev") == Some(&Value::Bool(false));
                runs && fact
                    .text("name")
                    .is_some_and(|name| any(&self.packages, &name.to_lowercase()))
            }
            "env-read" | "env-declared" => {
                fact.text("name")
                    .is_some_and(|name| any(&self.settings, public(name)))
                    || fact
                        .text("default")
                        .is_some_and(|text| self.hosted_at(text))
            }
            "deployment" => fact
                .text("how")
                .is_some_and(|how| self.deployments.iter().any(|known| known == how)),
            "db-client" | "costly-call" => fact
                .text("arguments")
                .is_some_and(|text| self.hosted_at(text)),
            _ => false,
        }
    }

    /// Does an address in the text lead to the vendor?
    fn hosted_at(&self, text: &str) -> bool {
        let hosts: BTreeSet<&str> = text
            .split(|c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == '-'))
            .filter(|part| part.contains('.'))
            .collect();
        let below = |host: &str, known: &str| {
            host.strip_suffix(known)
                .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        };
        hosts
            .iter()
            .any(|host| self.hosts.iter().any(|known| below(host, known)))
    }
}

/// The name of a setting without the mark of a bundler that makes it public.
fn public(name: &str) -> &str {
    let marks = ["NEXT_PUBLIC_", "REACT_APP_", "VITE_", "EXPO_PUBLIC_"];
    marks
        .iter()
        .find_map(|mark| name.strip_prefix(mark))
        .unwrap_or(name)
}

/// Does one of the names, or of the families with a final `*`, hold for `name`?
fn any(patterns: &[String], name: &str) -> bool {
    patterns
        .iter()
        .any(|pattern| match pattern.strip_suffix('*') {
            Some(family) => name.starts_with(family),
            None => pattern == name,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_can_be_read_and_is_in_order() {
        serde_saphyr::from_str::<List>(LIST).unwrap();
        let names: Vec<String> = ENTRIES
            .iter()
            .map(|entry| entry.name.to_lowercase())
            .collect();
        assert!(names.is_sorted(), "{names:?}");
        assert!(names.len() > 40);
        for entry in ENTRIES.iter() {
            assert!(!entry.does.is_empty(), "{}", entry.name);
            for package in &entry.packages {
                assert_eq!(*package, package.to_lowercase(), "{}", entry.name);
            }
        }
    }

    #[test]
    fn names_and_hosts_are_matched_whole() {
        let patterns = ["openai".to_owned(), "@sentry/*".to_owned()];
        for (name, want) in [
            ("openai", true),
            ("openai-mock", false),
            ("@sentry/node", true),
        ] {
            assert_eq!(any(&patterns, name), want, "{name}");
        }
        let entry = Entry {
            hosts: vec!["supabase.co".to_owned()],
            ..Entry::default()
        };
        for (text, want) in [
            ("https://x.supabase.co/rest", true),
            ("https://supabase.company.example", false),
            ("https://notsupabase.co", false),
        ] {
            assert_eq!(entry.hosted_at(text), want, "{text}");
        }
        assert_eq!(public("NEXT_PUBLIC_SUPABASE_URL"), "SUPABASE_URL");
    }
}
