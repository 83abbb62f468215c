//! Expressions as tables: what is true, what is false, what has no answer, what does not compile.

mod hostile;
mod members;

use super::*;

struct Survey;

impl World for Survey {
    fn facts(&self, kind: &str, service: Option<&str>) -> Value {
        Value::list([Value::map([
            ("kind", Value::from(kind)),
            ("service", service.map_or(Value::Null, Value::from)),
        ])])
    }

    fn has(&self, what: &str) -> bool {
        what == "compose"
    }
}

fn texts(items: &[&str]) -> Value {
    Value::list(items.iter().map(|item| Value::from(*item)))
}

fn vars() -> Vars<'static> {
    let file = Value::map(
        [("role", "production"), ("path", "src/a.ts")]
            .map(|(key, value)| (key, Value::from(value))),
    );
    let value = Value::map([
        ("image", Value::Unknown),
        ("name", "api".into()),
        ("replicas", Value::Int(2)),
        ("ratio", Value::Float(0.5)),
        ("restart", Value::Null),
        ("privileged", true.into()),
        ("ports", texts(&["80:80", "443:443"])),
        ("mixed", Value::list([Value::Unknown, "a".into()])),
        (
            "labels",
            Value::map([("com.example/team", Value::from("ward"))]),
        ),
    ]);
    let hit = Value::map([
        ("value", value),
        ("file", file),
        ("path", "src/aab.ts".into()),
    ]);
    let service = Value::map([
        ("name", "api".into()),
        ("serves", texts(&["http", "grpc"])),
        ("frameworks", texts(&["fastapi"])),
        (
            "dependencies",
            Value::map([
                ("kafkajs", Value::from("^2.0.0")),
                ("@aws-sdk/client-s3", Value::Unknown),
            ]),
        ),
    ]);
    Vars {
        hit: Some(hit),
        service: Some(service),
        repo: Value::map([("phi", Value::from("likely"))]),
        world: &Survey,
    }
}

fn test(source: &str) -> Result<bool, Undecided> {
    Expr::compile(source)
        .unwrap_or_else(|error| panic!("{source}: {error}"))
        .test(&vars())
}

fn true_and_false(yes: &[&str], no: &[&str]) {
    for (sources, expected) in [(yes, true), (no, false)] {
        for source in sources {
            assert_eq!(test(source), Ok(expected), "{source}");
        }
    }
}

fn undecided(cases: &[(&str, &str)]) {
    for (source, reason) in cases {
        let why = test(source).expect_err(source).to_string();
        assert_eq!(why, *reason, "{source}");
    }
}

#[test]
fn reads_hits_services_and_repositories() {
    true_and_false(
        &[
            r#"hit.file.role == "production" && matches(hit.path, "a+b")"#,
            r#"hit.path.matches("^src/") && hit.path.endsWith(".ts")"#,
            r#"service.name == "api" && repo.phi != "none""#,
            r#"hit.value.labels["com.example/team"] == "ward""#,
            r#""com.example/team" in hit.value.labels && "name" in hit.value"#,
            "hit.value.replicas >= 2 && hit.value.ratio < 1",
            "size(hit.value.ports) == 2 && hit.value.ports[1].startsWith('443')",
            "hit.value.privileged ? hit.value.name.size() == 3 : false",
        ],
        &[
            "hit.value.name == 3",
            "hit.value.restart == 'always'",
            "'x' in hit.value.ports",
        ],
    );
}

#[test]
fn has_is_safe_along_the_whole_path() {
    true_and_false(
        &[
            "has(hit.value.image)",
            "has(hit.value.restart)",
            "has(hit.value.labels['com.example/team'])",
            "has(hit.value.ports[1])",
        ],
        &[
            "has(hit.value.a)",
            "has(hit.value.a.b.c)",
            "has(hit.value.name.b)",
            "has(hit.value.restart.b)",
            "has(hit.value.ports[2].x)",
        ],
    );
    undecided(&[(
        "has(hit.value.image.tag)",
        "`hit.value.image` cannot be told from the repository",
    )]);
}

#[test]
fn what_is_unknown_is_undecided_unless_it_does_not_matter() {
    let why = "`hit.value.image` cannot be told from the repository";
    undecided(&[
        ("hit.value.image == 'a'", why),
        ("hit.value.image != 'a'", why),
        ("'a' == hit.value.image", why),
        ("hit.value.image in ['a']", why),
        ("hit.value.image == null", why),
        ("!hit.value.image", why),
        ("hit.value.image == 'a' && true", why),
        ("false || hit.value.image == 'a'", why),
        ("matches(hit.value.image, 'latest')", why),
        (
            "[hit.value.image].exists(image, image == 'a')",
            "`image` cannot be told from the repository",
        ),
        ("(true ? hit.value.image : 'a') == 'a'", why),
        (
            "'b' in hit.value.mixed",
            "`hit.value.mixed` cannot be told from the repository",
        ),
        (
            "hit.value.mixed.all(item, item == 'a')",
            "`item` cannot be told from the repository",
        ),
        (
            "hit.value.mixed == ['b', 'a']",
            "`hit.value.mixed` cannot be told from the repository",
        ),
    ]);
    true_and_false(
        &[
            "true || hit.value.image == 'a'",
            "hit.value.image == 'a' || true",
            "'a' in hit.value.mixed",
            "hit.value.mixed.exists(item, item == 'a')",
            "hit.value.mixed != ['a', 'b']",
            "size(hit.value.mixed) == 2",
        ],
        &[
            "false && hit.value.image == 'a'",
            "hit.value.image == 'a' && false",
            "hit.value.mixed.all(item, item == 'b')",
        ],
    );
}

#[test]
fn failures_are_undecided_and_say_why() {
    undecided(&[
        ("hit.value.nothing == 1", "`hit.value.nothing` is missing"),
        (
            "hit.value.ports[7] == 'x'",
            "`hit.value.ports[7]` is missing",
        ),
        (
            "hit.value.name",
            "`hit.value.name` gives text, not true or false",
        ),
        (
            "hit.value.name && true",
            "`hit.value.name` is text, not true or false",
        ),
        ("hit.value.name >= 2", "text and a number have no order"),
        (
            "hit.value.replicas + 1.0 > 2.0",
            "`+` does not apply to a whole number and a double",
        ),
        ("1 / 0 == 1", "the result is no whole number of 64 bits"),
        (
            "hit.value.restart.all(x, true)",
            "`hit.value.restart` is null, not a list or a mapping",
        ),
        (
            "lower(hit.value.replicas) == 'x'",
            "`lower`: wants text, not a number",
        ),
        (
            "matches(hit.value.replicas, 'x')",
            "`hit.value.replicas` is a number, not text",
        ),
    ]);
    true_and_false(
        &["hit.value.nothing == 1 || true"],
        &["hit.value.nothing == 1 && false"],
    );
}

#[test]
fn macros_work_on_lists_and_keys() {
    true_and_false(
        &[
            "hit.value.ports.all(port, port.contains(':'))",
            "hit.value.ports.exists_one(port, port == '80:80')",
            "hit.value.ports.filter(port, port.startsWith('4')) == ['443:443']",
            "hit.value.ports.map(port, port.split(':')[0]) == ['80', '443']",
            "hit.value.ports.map(port, port != '80:80', size(port)) == [7]",
            "hit.value.labels.exists(label, label.contains('team'))",
            "[1, 2].exists(x, [2, 3].exists(y, x == y && has(hit.value.name)))",
            "[1].all(hit, hit == 1)",
            "[[1, 2], [3]].all(x, x.all(x, x > 0) && size(x) > 0)",
            "{'a': 1, 'b': [2]} == {'b': [2], 'a': 1.0}",
        ],
        &["[].exists(x, true)", "![].all(x, false)"],
    );
}

#[test]
fn asks_the_service_and_the_survey() {
    true_and_false(
        &[
            "service.serves('http') && service.serves('*')",
            "service.uses('fastapi')",
            "service.depends('kafka*') && service.depends('@aws-sdk/*')",
            "repo.has('compose')",
            "service.facts('route').all(fact, fact.kind == 'route' && fact.service == 'api')",
            "repo.facts('route')[0].service == null",
        ],
        &[
            "service.serves('amqp')",
            "service.depends('kafka')",
            "repo.has('kubernetes')",
        ],
    );
    let nobody = Vars {
        hit: None,
        service: None,
        repo: Value::Null,
        world: &Survey,
    };
    let ask = |source: &str| Expr::compile(source).unwrap().test(&nobody);
    assert_eq!(
        ask("service.serves('http')"),
        Err(Undecided::Failed("`service` is missing".to_owned()))
    );
    assert_eq!(ask("has(service.name) || has(hit.value)"), Ok(false));
}

#[test]
fn gives_text() {
    let text = |source: &str| Expr::compile(source).unwrap().text(&vars());
    assert_eq!(
        text("hit.value.name + '-' + string(hit.value.replicas)"),
        Ok("api-2".to_owned())
    );
    assert_eq!(text("hit.value.ratio"), Ok("0.5".to_owned()));
    assert_eq!(
        text("hit.value.ports"),
        Err(Undecided::Failed(
            "`hit.value.ports` gives a list, not text".to_owned()
        ))
    );
    assert!(text("hit.value.image").is_err());
}

/// Source, where it is wrong, and what is said.
const MISTAKES: &[(&str, usize, &str)] = &[
    (
        "servce.name == 'x'",
        0,
        "unknown name `servce`; did you mean `service`?",
    ),
    ("true && zebra", 8, "unknown name `zebra`"),
    (
        "hit.value.all(port, prt > 1)",
        20,
        "unknown name `prt`; did you mean `port`?",
    ),
    (
        "'größe' == lowr('x')",
        13,
        "unknown function `lowr`; did you mean `lower`?",
    ),
    (
        "service.servs('http')",
        8,
        "unknown function `service.servs`; did you mean `serves`?",
    ),
    (
        "repo.serves('http')",
        5,
        "`serves` is asked of `service`: `service.serves(…)`",
    ),
    (
        "lower('a', 'b') == ''",
        0,
        "`lower` wants 1 arguments, not 2",
    ),
    (
        "has(hit)",
        3,
        "`has` wants an attribute, such as `has(hit.value.image)`",
    ),
    ("Message{a: 1}", 7, "there are no message types here"),
    ("b'abc' == b'abc'", 0, "there are no bytes here; write text"),
    (
        "[1].all(1, true)",
        8,
        "a comprehension starts with the name of its variable",
    ),
    ("hit.value ==", 12, "the expression ends too soon"),
    ("'größe' == )", 13, "unexpected ')'"),
    ("true &&\n  )", 10, "unexpected ')'"),
];

#[test]
fn mistakes_are_found_when_compiling() {
    for (source, offset, message) in MISTAKES {
        let error = Expr::compile(source).unwrap_err();
        assert_eq!(
            (error.message.as_str(), error.offset),
            (*message, Some(*offset)),
            "{source}"
        );
    }
    let error = Expr::compile("matches(hit.path, 'a(')").unwrap_err();
    assert!(
        error.message.starts_with("the regex does not compile"),
        "{error}"
    );
    assert!(Expr::compile("glob(hit.path, 'a[')").is_err());
    assert!(Expr::compile("").is_err());
}
