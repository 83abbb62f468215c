//! Names that manifests set against names that code reads.

use super::World;
use crate::model::Value;

const SET: [(&str, &str); 2] = [("how", "folder"), ("name", "FHIR_BASE_ULR")];

fn api() -> World {
    World::default()
        .file("api/main.py", &[])
        .file("api/fly.toml", &[])
        .fact("manifest", "api/main.py", &[])
        .fact("env-read", "api/main.py", &[("name", "FHIR_BASE_URL")])
        .fact("env-read", "api/main.py", &[("name", "WARD_SIZE")])
}

fn settled(world: World, attribute: &str) -> Option<Value> {
    let survey = world.survey();
    let fact = survey.facts.iter().find(|fact| &*fact.kind == "env-set");
    fact?.attributes.get(attribute).cloned()
}

#[test]
fn a_misspelt_name_is_unread_and_the_right_one_is_named() {
    let world = || api().fact("env-set", "api/fly.toml", &SET);
    assert_eq!(settled(world(), "read"), Some(Value::Bool(false)));
    assert_eq!(settled(world(), "typo"), Some(Value::Bool(true)));
    assert_eq!(settled(world(), "near"), Some(Value::str("FHIR_BASE_URL")));
    assert_eq!(settled(world(), "reader"), Some(Value::str("api")));
}

#[test]
fn a_name_that_is_set_too_is_not_offered() {
    let right = [("how", "folder"), ("name", "FHIR_BASE_URL")];
    let world = api()
        .fact("env-set", "api/fly.toml", &SET)
        .fact("env-set", "api/fly.toml", &right);
    assert_eq!(settled(world, "near"), Some(Value::str("")));
}

#[test]
fn whoever_reads_it_decides() {
    let cases = [
        (
            "env-mention",
            "{ FHIR_BASE_ULR, WARD }",
            Some(Value::Bool(true)),
        ),
        ("env-read", "FHIR_BASE_ULR", Some(Value::Bool(true))),
        ("env-read", "?", None),
        ("env-open", "os.environ", None),
    ];
    for (kind, name, want) in cases {
        let world = api().fact("env-set", "api/fly.toml", &SET);
        let world = world.fact(kind, "api/main.py", &[("name", name)]);
        assert_eq!(settled(world, "read"), want, "{kind} {name}");
    }
}

#[test]
fn nothing_is_said_of_code_elsewhere_or_of_code_that_reads_little() {
    let world = World::default()
        .file("api/main.py", &[])
        .file("deploy/fly.toml", &[])
        .fact("manifest", "api/main.py", &[])
        .fact("env-set", "deploy/fly.toml", &SET);
    assert_eq!(settled(world, "read"), None);
    let world = World::default()
        .file("api/main.py", &[])
        .file("api/fly.toml", &[])
        .fact("manifest", "api/main.py", &[])
        .fact("env-read", "api/main.py", &[("name", "WARD_SIZE")])
        .fact("env-set", "api/fly.toml", &SET);
    assert_eq!(settled(world, "read"), None);
}

/// A container that takes its variables from `source`, sets one itself, and a `ConfigMap` called `settings`.
fn cluster(source: Value) -> World {
    let list = |items: &[&str]| Value::list(items.iter().map(|item| Value::str(*item)));
    let container = Value::map([
        ("name", Value::str("api")),
        ("envFrom", Value::list([source.clone()])),
    ]);
    let pod = Value::map([("containers", Value::list([container]))]);
    let map = Value::map([("metadata", Value::map([("name", Value::str("settings"))]))]);
    let container = |name: &str| {
        vec![
            ("how", Value::str("container")),
            ("name", Value::str(name)),
            ("keys", list(&["containers", "0", "env", "0", "name"])),
            ("manifest", pod.clone()),
        ]
    };
    let entry = vec![
        ("how", Value::str("config-map")),
        ("name", Value::str("FHIR_BASE_URL")),
        ("keys", list(&["data", "FHIR_BASE_URL"])),
        ("manifest", map),
    ];
    let from = vec![
        ("source", source),
        ("keys", list(&["containers", "0", "envFrom", "0"])),
        ("manifest", pod.clone()),
    ];
    api()
        .file("k8s/api.yaml", &[])
        .file("k8s/settings.yaml", &[])
        .values("env-set", "k8s/api.yaml", container("FHIR_BASE_ULR"))
        .values("env-set", "k8s/settings.yaml", entry)
        .values("env-source", "k8s/api.yaml", from)
}

#[test]
fn what_a_container_takes_from_a_config_map_is_set() {
    let source = |kind: &str, name: Value| Value::map([(kind, Value::map([("name", name)]))]);
    let taken = || cluster(source("configMapRef", Value::str("settings")));
    assert_eq!(settled(taken(), "read"), Some(Value::Bool(false)));
    assert_eq!(settled(taken(), "near"), Some(Value::str("")));
    for unknown in [
        source("configMapRef", Value::str("other")),
        source("configMapRef", Value::Unknown),
        source("secretRef", Value::str("settings")),
        Value::Unknown,
    ] {
        assert_eq!(settled(cluster(unknown), "near"), Some(Value::str("")));
    }
    let survey = taken().survey();
    let all = survey.facts.iter().filter(|fact| &*fact.kind == "env-set");
    let readers: Vec<_> = all.map(|fact| fact.text("reader")).collect();
    assert_eq!(readers, [Some("api"), Some("api")]);
}
