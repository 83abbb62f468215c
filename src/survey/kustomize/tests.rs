//! Bases and overlays put together, as rules see them.

use crate::model::{RepoPath, Value};
use crate::rule;
use crate::scan::{Scanner, scan_all};
use crate::source::{Files, Memory};
use crate::survey::{emit, join_kustomize};
use std::collections::BTreeSet;

const BASE: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api}\nspec:\n  replicas: 1\n  template:\n    spec:\n      containers:\n        - name: api\n          image: clinic/api:1.4.2\n";

/// The deployment of the base as rules see it, below an overlay with this text and these patches.
fn deployment(overlay: &str, patches: &[(&str, &str)]) -> String {
    let rules = rule::load(&rule::embedded(), false).unwrap();
    let files = [
        ("base/kustomization.yaml", "resources: [api.yaml]\n"),
        ("base/api.yaml", BASE),
        ("prod/kustomization.yaml", overlay),
    ];
    let contents = files
        .iter()
        .chain(patches)
        .map(|(path, text)| (RepoPath::new(path).unwrap(), text.as_bytes().to_vec()));
    let files = Memory::new(contents.collect());
    let listing = files.list().unwrap();
    let scanner = Scanner::new(&rules, &BTreeSet::new());
    let mut hits = scan_all(&scanner, &files, &listing, &|| {});
    join_kustomize(&rules, &mut hits);
    let facts = emit(&rules, &hits);
    let object = facts.iter().find(|fact| {
        &*fact.kind == "kubernetes-object" && fact.hit.location.path.as_str() == "base/api.yaml"
    });
    let spec = object.unwrap().attributes.get("manifest").unwrap();
    spec.get("spec").map_or_else(String::new, Value::display)
}

#[test]
fn a_patch_fills_in_what_the_base_lacks() {
    let patch = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api}\nspec:\n  replicas: 3\n  template:\n    spec:\n      containers:\n        - {name: api, image: other, readinessProbe: {}}\n";
    let want = r#"{"replicas":3,"template":{"spec":{"containers":[{"image":"clinic/api:1.4.2","name":"api","readinessProbe":{}}]}}}"#;
    for overlay in [
        "resources: [../base]\npatches: [{path: patch.yaml}]\n",
        "resources: [../base]\npatchesStrategicMerge: [patch.yaml]\n",
        "bases: [../base]\npatches: [{path: patch.yaml, target: {kind: Deployment}}]\n",
        "bases: [../base]\npatches: [{path: patch.yaml, target: {name: a.*}}]\n",
    ] {
        assert_eq!(
            deployment(overlay, &[("prod/patch.yaml", patch)]),
            want,
            "{overlay}"
        );
    }
}

#[test]
fn operations_fill_in_too() {
    let operations = "- op: add\n  path: /spec/template/spec/containers/0/resources\n  value: {limits: {memory: 1Gi}}\n- {op: replace, path: /spec/replicas, value: 2}\n- {op: remove, path: /spec/template}\n- {op: add, path: /spec/template/metadata/annotations/a~1b, value: c}\n";
    let want = r#"{"replicas":2,"template":{"metadata":{"annotations":{"a/b":"c"}},"spec":{"containers":[{"image":"clinic/api:1.4.2","name":"api","resources":{"limits":{"memory":"1Gi"}}}]}}}"#;
    let overlay = "resources: [../base]\npatchesJson6902:\n- target: {kind: Deployment, name: api}\n  path: patch.yaml\n";
    assert_eq!(
        deployment(overlay, &[("prod/patch.yaml", operations)]),
        want
    );
    let inline: String = operations
        .lines()
        .map(|line| format!("    {line}\n"))
        .collect();
    let overlay = format!(
        "resources: [../base]\npatches:\n- target: {{kind: Deployment, name: api}}\n  patch: |-\n{inline}"
    );
    assert_eq!(deployment(&overlay, &[]), want);
}

#[test]
fn what_is_for_another_object_changes_nothing() {
    let own = r#"{"replicas":1,"template":{"spec":{"containers":[{"image":"clinic/api:1.4.2","name":"api"}]}}}"#;
    let patch =
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 3}\n";
    let not_reached = patch.replace("web", "api");
    for (overlay, patch) in [
        (
            "resources: [../base]\npatches: [{path: patch.yaml}]\n",
            patch,
        ),
        (
            "resources: [../other]\npatches: [{path: patch.yaml}]\n",
            &*not_reached,
        ),
        (
            "resources: [../base]\npatches: [{path: patch.yaml, target: {kind: Job}}]\n",
            patch,
        ),
        (
            "resources: [../base]\npatches: [{patch: ': not: a patch'}, 3, {path: ../../out}]\n",
            patch,
        ),
    ] {
        assert_eq!(
            deployment(overlay, &[("prod/patch.yaml", patch)]),
            own,
            "{overlay}"
        );
    }
}
