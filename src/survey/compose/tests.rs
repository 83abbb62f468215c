//! Compose files put together: whole small repositories, as rules see them.

use crate::model::{Fact, Hit, RepoPath, Value};
use crate::rule;
use crate::scan::{Scanner, scan_all};
use crate::source::{Files, Memory};
use crate::survey::{emit, join_compose};
use std::collections::BTreeSet;

/// The facts of a repository of these files.
fn seen(files: &[(&str, &str)]) -> Vec<Fact> {
    let rules = rule::load(&rule::embedded(), false).unwrap();
    let contents = files
        .iter()
        .map(|(path, text)| (RepoPath::new(path).unwrap(), text.as_bytes().to_vec()));
    let files = Memory::new(contents.collect());
    let listing = files.list().unwrap();
    let scanner = Scanner::new(&rules, &BTreeSet::new());
    let mut hits = scan_all(&scanner, &files, &listing, &|| {});
    join_compose(&rules, &mut hits);
    emit(&rules, &hits)
}

/// The services that rules see in a file, whole.
fn services<'f>(facts: &'f [Fact], path: &str) -> Vec<&'f Hit> {
    facts
        .iter()
        .filter(|fact| &*fact.kind == "compose-service" && fact.hit.location.path.as_str() == path)
        .map(|fact| &*fact.hit)
        .collect()
}

fn api(seen: &[Fact], path: &str) -> Value {
    let hits = services(seen, path);
    let hit = hits
        .iter()
        .find(|hit| hit.captures.get("key").and_then(Value::as_str) == Some("api"));
    hit.unwrap().value.clone()
}

const BASE: &str = "services:\n  api:\n    image: clinic/api:1.4.2\n    command: serve\n";

#[test]
fn an_override_counts_for_its_base_and_is_not_judged_twice() {
    let above = "services:\n  api:\n    restart: always\n    privileged: true\n    command: dev\n";
    for name in ["compose.override.yaml", "compose.prod.yml"] {
        let seen = seen(&[("compose.yaml", BASE), (name, above)]);
        let api = api(&seen, "compose.yaml");
        assert_eq!(api.get("restart"), Some(&Value::str("always")), "{name}");
        assert_eq!(api.get("command"), Some(&Value::str("serve")), "{name}");
        assert_eq!(
            api.get("privileged"),
            None,
            "{name}: judged where it stands"
        );
        assert!(services(&seen, name).is_empty(), "{name}");
    }
    let built = "services:\n  api: {build: .}\n";
    let seen = seen(&[("compose.yaml", BASE), ("compose.override.yaml", built)]);
    assert_eq!(api(&seen, "compose.yaml").get("build"), None);
}

#[test]
fn a_file_that_stands_alone_is_judged_alone() {
    let alone = "services:\n  api:\n    image: clinic/api:1.4.2\n    restart: always\n";
    let seen = seen(&[("compose.yaml", BASE), ("compose.prod.yaml", alone)]);
    assert_eq!(api(&seen, "compose.yaml").get("restart"), None);
    assert_eq!(api(&seen, "compose.prod.yaml").get("command"), None);
}

#[test]
fn a_service_extends_one_of_another_file() {
    let own = "services:\n  api:\n    extends: {file: ./deploy/common.yml, service: base}\n    ports: ['81:81']\n";
    let common = "services:\n  root: {restart: always}\n  base:\n    extends: root\n    mem_limit: 1g\n    ports: ['80:80']\n";
    let both = seen(&[("compose.yaml", own), ("deploy/common.yml", common)]);
    let service = api(&both, "compose.yaml");
    assert_eq!(service.get("mem_limit"), Some(&Value::str("1g")));
    assert_eq!(service.get("restart"), Some(&Value::str("always")));
    assert_eq!(
        service.get("ports").map(|ports| ports.items().len()),
        Some(2)
    );
    let alone = seen(&[("compose.yaml", own)]);
    assert_eq!(
        services(&alone, "compose.yaml").len(),
        0,
        "unknown, so not seen as anything"
    );
}

#[test]
fn extends_that_never_end_are_unknown() {
    let one = "services:\n  api: {extends: {file: two.compose.yml, service: api}}\n";
    let two = "services:\n  api: {extends: {file: compose.yml, service: api}}\n";
    let seen = seen(&[("compose.yml", one), ("two.compose.yml", two)]);
    assert!(services(&seen, "compose.yml").is_empty());
}

#[test]
fn variables_come_from_the_file_beside() {
    let text = "services:\n  api:\n    image: clinic/api:${TAG}\n    user: ${OWNER}\n    environment: ['A=${TAG}', 'DB_PASSWORD=${DB_PASSWORD}', B]\n";
    let env = "TAG=1.4.2\nDB_PASSWORD=hunter2hunter2\n";
    let seen = seen(&[
        ("deploy/compose.yaml", text),
        ("deploy/.env", env),
        (".env", "OWNER=app\n"),
    ]);
    let api = api(&seen, "deploy/compose.yaml");
    assert_eq!(api.get("image"), Some(&Value::str("clinic/api:1.4.2")));
    assert_eq!(
        api.get("user"),
        Some(&Value::Unknown),
        "set beside another file"
    );
    let environment = api.get("environment").unwrap();
    assert_eq!(environment.get("A"), Some(&Value::str("1.4.2")));
    assert_eq!(
        environment.get("DB_PASSWORD"),
        Some(&Value::Unknown),
        "private"
    );
    assert_eq!(environment.get("B"), Some(&Value::Null));
}

#[test]
fn included_services_can_be_referred_to() {
    let text = "include: [db/compose.yaml, {path: [mq/compose.yaml]}, ../outside.yaml]\nservices:\n  api: {image: a}\n";
    let more = |name: &str| {
        format!("include: [../compose.yaml]\nservices:\n  {name}: {{image: b, restart: always}}\n")
    };
    let (db, mq) = (more("db"), more("mq"));
    let seen = seen(&[
        ("compose.yaml", text),
        ("db/compose.yaml", &db),
        ("mq/compose.yaml", &mq),
    ]);
    let hits = services(&seen, "compose.yaml");
    assert_eq!(hits.len(), 1);
    let all = hits[0].captures["root"].get("services").unwrap();
    assert!(all.get("db").is_some() && all.get("mq").is_some());
}

#[test]
fn what_an_override_takes_back_is_gone_and_what_it_replaces_is_not_merged() {
    let base = "services:\n  api:\n    image: clinic/api:1.4.2\n    ports: ['80:80']\n    restart: always\n    dns: [a]\n";
    let above = "services:\n  api:\n    ports: !reset []\n    restart: !reset null\n    dns: !override [b]\n";
    let taken = seen(&[("compose.yaml", base), ("compose.override.yaml", above)]);
    let service = api(&taken, "compose.yaml");
    assert_eq!(service.get("ports"), None);
    let restart = service.get("restart");
    assert_eq!(restart, Some(&Value::str("always")), "kept in the base");
    let other = "services:\n  api:\n    ports: !override ['127.0.0.1:80:80']\n";
    let replaced = seen(&[("compose.yaml", base), ("compose.prod.yaml", other)]);
    let ports = api(&replaced, "compose.yaml").get("ports").cloned();
    assert_eq!(ports, Some(Value::list([Value::str("127.0.0.1:80:80")])));
    let own = "services:\n  api:\n    extends: {file: base.yml, service: base}\n    ports: !override ['81:81']\n";
    let below = "services:\n  base:\n    image: clinic/api:1.4.2\n    ports: ['80:80']\n";
    let extended = seen(&[("compose.yaml", own), ("base.yml", below)]);
    let ports = api(&extended, "compose.yaml").get("ports").cloned();
    assert_eq!(ports, Some(Value::list([Value::str("81:81")])));
}

#[test]
fn the_first_format_has_services_too() {
    let seen = seen(&[(
        "docker-compose.yml",
        "api:\n  image: clinic/api:1.4.2\nx: 1\n",
    )]);
    let image = api(&seen, "docker-compose.yml").get("image").cloned();
    assert_eq!(image, Some(Value::str("clinic/api:1.4.2")));
}
