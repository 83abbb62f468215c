//! Helm charts: a template is read again with the values that stand beside it.
//!
//! Nothing is rendered. A scan looks at one file, so it keeps the text of a template until it is
//! known here what its chart tells: `values.yaml` and `Chart.yaml`. What another file of the
//! repository sets otherwise for the chart stays unknown: it depends on the installation.

mod values;

#[cfg(test)]
mod tests;

use crate::model::{FileHits, Role, Value};
use crate::rule::RuleSet;
use crate::scan::Scanner;
use crate::syntax::{Chart, chart_of};
use std::collections::{BTreeMap, BTreeSet};
use values::unsettle;

/// Gives the hits in templates of charts the values of their chart.
pub fn join_charts(scanner: &Scanner<'_>, rules: &RuleSet, files: &mut [FileHits]) {
    if files.iter().any(|file| file.template.is_some()) {
        let found = read(rules, files);
        let charts = found.charts();
        for file in files.iter_mut() {
            let chart = chart_of(&file.file.path).and_then(|dir| charts.get(dir));
            if let Some(chart) = chart {
                scanner.read_with(chart, file);
            }
        }
    }
    for file in files {
        file.template = None;
    }
}

/// What was seen in single files.
#[derive(Default)]
struct Found {
    /// `Chart.yaml` of each folder.
    manifests: BTreeMap<String, Value>,
    /// `values.yaml` of each chart.
    values: BTreeMap<String, Value>,
    /// Values of installations.
    installed: Vec<Value>,
}

fn read(rules: &RuleSet, files: &[FileHits]) -> Found {
    let manifests = rules.matchers_of("chart");
    let values = rules.matchers_of("chart-values");
    let settings = rules.matchers_of("chart-setting");
    let hits = || {
        let all = files.iter();
        all.flat_map(|file| file.hits.iter().map(move |(id, hit)| (&file.file, id, hit)))
    };
    let mut found = Found::default();
    for (file, _, hit) in hits().filter(|(_, id, _)| manifests.contains(id)) {
        let root = hit.captures.get("root").cloned().unwrap_or_default();
        found.manifests.insert(file.path.dir().to_owned(), root);
    }
    for (file, id, hit) in hits() {
        let dir = file.path.dir();
        let own = matches!(file.path.name(), "values.yaml" | "values.yml");
        if values.contains(id) {
            if own && found.manifests.contains_key(dir) {
                found.values.insert(dir.to_owned(), hit.value.clone());
            } else if file.role == Role::Production {
                found.installed.push(hit.value.clone());
            }
        } else if settings.contains(id)
            && installs(file.role)
            && let Some(name) = hit.captures.get("name").unwrap_or(&hit.value).as_str()
        {
            found.installed.push(values::setting(name));
        }
    }
    found
}

/// Does a command in a file of this role install what runs?
fn installs(role: Role) -> bool {
    !matches!(
        role,
        Role::Test | Role::Example | Role::Docs | Role::Vendored
    )
}

impl Found {
    /// The charts by folder.
    fn charts(&self) -> BTreeMap<&str, Chart> {
        let charts = self.values.iter().filter_map(|(dir, own)| {
            let manifest = self.manifests.get(dir)?;
            let values = self.settled(dir, own, manifest);
            Some((dir.as_str(), Chart::new(&values, manifest)))
        });
        charts.collect()
    }

    /// The values of a chart that no other file of the repository sets otherwise.
    fn settled(&self, dir: &str, own: &Value, manifest: &Value) -> Value {
        let name = manifest.get("name").and_then(Value::as_str);
        let mut settled = own.clone();
        for installed in &self.installed {
            settled = unsettle(&settled, installed);
            if let Some(inner) = name.and_then(|name| installed.get(name)) {
                settled = unsettle(&settled, inner);
            }
        }
        for (parent, theirs) in &self.values {
            for key in self.keys_in(parent, dir, name) {
                if let Some(inner) = theirs.get(&key) {
                    settled = unsettle(&settled, inner);
                }
                if let Some(global) = theirs.get("global") {
                    settled = unsettle(&settled, &Value::map([("global", global.clone())]));
                }
            }
        }
        settled
    }

    /// The keys under which the values of one chart set those of another.
    fn keys_in(&self, parent: &str, dir: &str, name: Option<&str>) -> BTreeSet<String> {
        let mut keys = BTreeSet::new();
        if parent == dir {
            return keys;
        }
        let below = dir.strip_prefix(parent).unwrap_or_default();
        let inner = below
            .trim_start_matches('/')
            .strip_prefix("charts/")
            .filter(|inner| !inner.contains('/'));
        keys.extend(inner.map(str::to_owned));
        let dependencies = self.manifests.get(parent);
        let dependencies = dependencies.and_then(|manifest| manifest.get("dependencies"));
        for dependency in dependencies.map_or(&[][..], Value::items) {
            let text = |key: &str| dependency.get(key).and_then(Value::as_str);
            if name.is_some() && text("name") == name {
                keys.extend(text("alias").or(name).map(str::to_owned));
            }
        }
        keys
    }
}
