//! Compose: variables and `extends`.

use crate::model::RepoPath;
use crate::syntax::{Document, Format, Selector, parse};

fn read(text: &str) -> Document {
    parse(
        Format::Compose,
        &RepoPath::new("deploy/compose.yaml").unwrap(),
        text,
    )
    .unwrap()
}

fn show(document: &Document, path: &str) -> String {
    let hits = Selector::compile(path).unwrap().select(document);
    hits.iter()
        .map(|hit| document.value(hit.node, 1000).display())
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn variables_become_their_defaults_or_unknown() {
    for (value, want) in [
        ("${A:-x}", "x"),
        ("${A-x}/${B:-y}", "x/y"),
        ("'--requirepass ${X:-}'", "--requirepass "),
        ("${A}", "?"),
        ("$A", "?"),
        ("${A:?set it}", "?"),
        ("pre-${A}", "?"),
        ("a$$b", "a$b"),
        ("${A:-${B:-deep}}", "deep"),
        ("${A:+x}", "?"),
        ("no variable", "no variable"),
    ] {
        let document = read(&format!("services:\n  api:\n    image: {value}\n"));
        assert_eq!(show(&document, "$.services.api.image"), want, "{value}");
    }
    let document = read("a: redis --requirepass ${X:-}\nb: ${Y}\n$c: d\n");
    let raw = |key: &str| {
        document
            .raw_text(document.entry(document.roots[0], key).unwrap().1)
            .map(str::to_owned)
    };
    assert_eq!(raw("a").as_deref(), Some("redis --requirepass ${X:-}"));
    assert_eq!(raw("b").as_deref(), Some("${Y}"));
    assert!(document.entry(document.roots[0], "$c").is_some());
}

const EXTENDS: &str = "\
x-base: &base
  restart: always
  environment: {A: 1}
services:
  common:
    <<: *base
    ports: ['80:80']
    command: [one]
    deploy: {resources: {limits: {cpus: '1'}}}
  api:
    extends: common
    image: clinic/api
    ports: ['81:81']
    command: [two]
    environment:
      B: 2
    deploy: {replicas: 2}
  worker:
    extends: {service: api, file: ./compose.yaml}
    environment: [C=3]
    restart:
  other:
    extends: {service: api, file: base.yaml}
    image: x
  loop: {extends: loop2, image: l}
  loop2: {extends: loop}
  lost: {extends: nowhere, image: y}
";

#[test]
fn services_are_merged_with_what_they_extend() {
    let document = read(EXTENDS);
    for (path, want) in [
        ("$.services.api.restart", "always"),
        ("$.services.api.ports", r#"["80:80","81:81"]"#),
        ("$.services.api.command", r#"["two"]"#),
        ("$.services.api.environment", r#"{"A":1,"B":2}"#),
        (
            "$.services.api.deploy",
            r#"{"replicas":2,"resources":{"limits":{"cpus":"1"}}}"#,
        ),
        ("$.services.worker.image", "clinic/api"),
        ("$.services.worker.restart", "always"),
        ("$.services.worker.environment", r#"{"A":1,"B":2,"C":"3"}"#),
        ("$.services.other", "?"),
        ("$.services.other.image", "x"),
        ("$.services.loop", "?"),
        ("$.services.lost.image", "y"),
        ("$.services.common.environment", r#"{"A":1}"#),
        ("$['x-base'].environment", r#"{"A":1}"#),
        ("$.services[*].image", "clinic/api clinic/api x l l y"),
    ] {
        assert_eq!(show(&document, path), want, "{path}");
    }
    let hit = &Selector::compile("$.services.worker")
        .unwrap()
        .select(&document)[0];
    assert_eq!(
        EXTENDS.get(hit.hit_span(&document).range()).unwrap(),
        "worker:"
    );
}

#[test]
fn lists_of_pairs_are_mappings() {
    let text = "\
services:
  api:
    environment:
      - DB_PASSWORD=${DB_PASSWORD}
      - 'MODE=${MODE:-on}'
      - A=b=c
      - HOME
    build: {args: [TAG=1.4.2]}
  odd: {environment: ['${KEY}=1', A=2], labels: [1]}
";
    let document = read(text);
    for (path, want) in [
        (
            "$.services.api.environment",
            r#"{"A":"b=c","DB_PASSWORD":"?","HOME":null,"MODE":"on"}"#,
        ),
        ("$.services.api.build.args.TAG", "1.4.2"),
        ("$.services.odd.environment", r#"["?","A=2"]"#),
        ("$.services.odd.labels", "[1]"),
    ] {
        assert_eq!(show(&document, path), want, "{path}");
    }
    let hits = Selector::compile("$.services.api.environment[*]")
        .unwrap()
        .select(&document);
    let keys: Vec<&str> = hits.iter().filter_map(|hit| hit.key.as_deref()).collect();
    assert_eq!(keys, ["DB_PASSWORD", "MODE", "A", "HOME"]);
    let line = hits[1].hit_span(&document).start as usize;
    assert!(text.get(line..).unwrap().starts_with("'MODE=${MODE:-on}'"));
}

#[test]
fn merging_ends_however_much_there_is() {
    let items = "x, ".repeat(5000);
    let mut star = format!("services:\n  base: {{ports: [{items}]}}\n");
    let mut chain = "services:\n  s0: {ports: [a, b, c]}\n".to_owned();
    for n in 1..5000 {
        star.extend([format!("  s{n}: {{extends: base, ports: [y]}}\n")]);
        chain.extend([format!("  s{n}: {{extends: s{}, ports: [a, b]}}\n", n - 1)]);
    }
    for text in [star, chain] {
        let document = read(&text);
        assert!(document.nodes.len() < 400_000);
        assert!(show(&document, "$.services.s4999").contains('?'));
    }
}

#[test]
fn what_is_tagged_is_not_merged() {
    let document = read(
        "services:
  base: {image: 'a:1', ports: ['80:80'], dns: [a], command: [x]}
  api:
    extends: base
    ports: !override ['81:81']
    dns: !reset []
    command: !reset null
",
    );
    let api = r#"{"extends":"base","image":"a:1","ports":["81:81"]}"#;
    assert_eq!(show(&document, "$.services.api"), api);
}

#[test]
fn services_of_the_first_format_are_services() {
    let document = read("db:\n  image: postgres:17\n  ports: ['5432:5432']\n");
    assert_eq!(show(&document, "$.services.db.ports[0]"), "5432:5432");
    let none = read("name: x\nx-common: {a: 1}\n");
    assert_eq!(show(&none, "$.services"), "");
}
