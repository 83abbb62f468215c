//! Charts as rules see them.

use crate::model::{FileHits, RepoPath, Value};
use crate::rule::{self, RuleSet};
use crate::scan::{Scanner, scan_all};
use crate::source::{Files, Memory};
use crate::survey::{emit, join_charts};
use std::collections::BTreeSet;

const TEMPLATE: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: {{ .Release.Name }}}\nspec:\n  replicas: {{ .Values.replicas }}\n  template:\n    spec:\n      containers:\n        - name: api\n          image: clinic/api:{{ .Values.image.tag }}\n";
const CHART: &str = "{name: api, version: 1.0.0}";

/// The chart `charts/api` with these files, as rules see it.
fn joined(rules: &RuleSet, template: &str, files: &[(&str, &str)]) -> Vec<FileHits> {
    let own = [
        ("charts/api/templates/api.yaml", template),
        ("charts/api/Chart.yaml", CHART),
    ];
    let contents = own
        .iter()
        .chain(files)
        .map(|(path, text)| (RepoPath::new(path).unwrap(), text.as_bytes().to_vec()));
    let files = Memory::new(contents.collect());
    let listing = files.list().unwrap();
    let scanner = Scanner::new(rules, &BTreeSet::new());
    let mut hits = scan_all(&scanner, &files, &listing, &|| {});
    join_charts(&scanner, rules, &mut hits);
    assert!(hits.iter().all(|file| file.template.is_none()));
    hits
}

/// Replicas and image of the deployment in `charts/api`, beside these files.
fn spec(files: &[(&str, &str)]) -> String {
    let rules = rule::load(&rule::embedded(), false).unwrap();
    let facts = emit(&rules, &joined(&rules, TEMPLATE, files));
    let objects: Vec<_> = facts
        .iter()
        .filter(|fact| &*fact.kind == "kubernetes-object")
        .collect();
    assert_eq!(objects.len(), 1);
    let manifest = objects[0].attributes.get("manifest").unwrap();
    let spec = manifest.get("spec").unwrap();
    let image = spec
        .get("template")
        .and_then(|it| it.get("spec")?.get("containers"));
    let image = image.and_then(|it| it.items().first()?.get("image"));
    let shown = [spec.get("replicas"), image].map(|it| it.map_or_else(String::new, Value::display));
    shown.join(" ")
}

const VALUES: &str = "replicas: 1\nimage: {tag: latest}\n";

#[test]
fn the_values_beside_a_template_are_put_in() {
    assert_eq!(
        spec(&[("charts/api/values.yaml", VALUES)]),
        "1 clinic/api:latest"
    );
    let other = ("charts/web/values.yaml", VALUES);
    assert_eq!(spec(&[other]), "? ?");
    assert_eq!(
        spec(&[("charts/api/values.yaml", "replicas:\nimage: {tag: \"\"}\n")]),
        "? ?"
    );
    assert_eq!(spec(&[("charts/api/values.yaml", ": :\n  - [")]), "? ?");
}

/// Another file, and what stays known of the deployment.
const OTHERS: &[(&str, &str, &str)] = &[
    (
        "charts/api/values-prod.yaml",
        "replicas: 3",
        "? clinic/api:latest",
    ),
    (
        "charts/api/values-prod.yaml",
        "replicas: 1",
        "1 clinic/api:latest",
    ),
    (
        "charts/api/values-prod.yaml",
        "{image: {tag: 1.4.2}, api: {replicas: 2}}",
        "? ?",
    ),
    (
        "tests/values-dev.yaml",
        "replicas: 3",
        "1 clinic/api:latest",
    ),
    (
        "deploy/values.yaml",
        "api: {replicas: 3}",
        "? clinic/api:latest",
    ),
    (
        "docs/install.md",
        "helm upgrade --install api charts/api --set image.tag=1.4.2\n",
        "1 clinic/api:latest",
    ),
    (
        "deploy.sh",
        "helm upgrade --install api charts/api --set image.tag=$TAG\n",
        "1 ?",
    ),
    (
        "charts/web/values.yaml",
        "replicas: 3",
        "1 clinic/api:latest",
    ),
];

#[test]
fn what_an_installation_sets_is_unknown() {
    for (path, text, want) in OTHERS {
        let files = [
            ("charts/api/values.yaml", VALUES),
            (path, text),
            ("charts/web/Chart.yaml", "{name: web}"),
        ];
        assert_eq!(&spec(&files), want, "{path} {text}");
    }
    let release = "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: api}\nspec: {values: {replicas: 2}}\n";
    let files = [
        ("charts/api/values.yaml", VALUES),
        ("flux/api.yaml", release),
    ];
    assert_eq!(spec(&files), "? clinic/api:latest");
}

#[test]
fn what_an_umbrella_sets_is_unknown() {
    let all = |manifest: &'static str, values: &'static str| {
        spec(&[
            ("charts/api/values.yaml", VALUES),
            ("Chart.yaml", manifest),
            ("values.yaml", values),
        ])
    };
    let known = "1 clinic/api:latest";
    assert_eq!(
        all("{name: all}", "{api: {replicas: 2}, replicas: 4}"),
        "? clinic/api:latest"
    );
    assert_eq!(
        all("{name: all}", "{web: {replicas: 2}, replicas: 4}"),
        known
    );
    let dependent = "{name: all, dependencies: [{name: api, alias: one}]}";
    assert_eq!(all(dependent, "{one: {image: {tag: 2.0.0}}}"), "1 ?");
    assert_eq!(all(dependent, "{global: {image: {tag: 2.0.0}}}"), known);
}

#[test]
fn what_no_output_may_contain_stays_hidden() {
    let secret = concat!("Zk9Q7mT2", "cR8s");
    let container = "      containers:\n        - name: api\n";
    let literal = format!(
        "{container}          env: [{{name: DATABASE_URL, value: \"postgres://ehr:{secret}@db.clinic.health/ehr\"}}]\n"
    );
    let template = TEMPLATE.replace(container, &literal);
    let rules = rule::load(&rule::embedded(), false).unwrap();
    let hits = joined(&rules, &template, &[("charts/api/values.yaml", VALUES)]);
    let all = hits.iter().flat_map(|file| &file.hits);
    let near: Vec<_> = all
        .filter(|(_, hit)| hit.excerpt.contains("DATABASE_URL"))
        .collect();
    assert!(
        near.iter()
            .any(|(_, hit)| hit.captures.contains_key("values"))
    );
    assert!(near.iter().all(|(_, hit)| !hit.excerpt.contains(secret)));
}
