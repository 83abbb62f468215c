use crate::model::{RepoPath, SkipReason};
use crate::syntax::{Document, Format, Selector, Unparsed, parse};

fn read(text: &str) -> Result<Document, Unparsed> {
    parse(Format::Yaml, &RepoPath::new("a.yaml").unwrap(), text)
}

/// All documents as JSON; what is unknown is `"?"`.
fn show(text: &str) -> String {
    let document = read(text).unwrap();
    let roots = document.roots.iter();
    let shown: Vec<_> = roots
        .map(|root| document.value(*root, 10_000).display())
        .collect();
    shown.join(" ")
}

/// The text that a path's first hit points at.
fn place<'t>(text: &'t str, path: &str) -> &'t str {
    let document = read(text).unwrap();
    let hits = Selector::compile(path).unwrap().select(&document);
    &text[hits[0].hit_span(&document).range()]
}

#[test]
fn values_follow_the_core_schema() {
    for (text, want) in [
        (
            "a: on\nb: \"1\"\nc: 1.5\nd:\n",
            r#"{"a":"on","b":"1","c":1.5,"d":null}"#,
        ),
        ("- a\n- {b: [1, 0x1f]}\n", r#"["a",{"b":[1,31]}]"#),
        ("8080: x\ntrue: y\n", r#"{"8080":"x","true":"y"}"#),
        ("a: 1\na: 2\n", r#"{"a":2}"#),
        (
            "a: |\n  x\n  y\nb: >-\n  x\n  y\n",
            r#"{"a":"x\ny\n","b":"x y"}"#,
        ),
        (
            "a: !!str 1\nb: !Ref c\nc: !reference [x]\nd: !reset\n",
            r#"{"a":"1","b":"?","c":"?","d":null}"#,
        ),
        ("# nothing\n", ""),
        ("---\na: 1\n---\n---\nb: 2\n", r#"{"a":1} {"b":2}"#),
        (
            "a: \"{{ x }}\"\nb: \"is {{ x }}\"\nc: ${{ x }}\n",
            r#"{"a":"?","b":"is {{ x }}","c":"${{ x }}"}"#,
        ),
        ("\u{feff}a: 1\r\nb: 2\r\n", r#"{"a":1,"b":2}"#),
    ] {
        assert_eq!(show(text), want, "{text}");
    }
}

#[test]
fn aliases_and_merge_keys_are_references() {
    let text =
        "base: &b {image: x, restart: always}\napi: {<<: *b, image: y}\nsame: *b\nlost: *c\n";
    let want = concat!(
        r#"{"api":{"image":"y","restart":"always"},"base":{"image":"x","restart":"always"},"#,
        r#""lost":"?","same":{"image":"x","restart":"always"}}"#
    );
    assert_eq!(show(text), want);
    assert_eq!(
        show("a: &a {x: 1}\nb: &b {y: 2}\nc: {<<: [*a, *b], y: 3}\n")
            .split("\"c\":")
            .nth(1),
        Some("{\"x\":1,\"y\":3}}")
    );
    assert_eq!(place(text, "$.api.restart"), "restart: always");
    assert_eq!(show("a: &a {<<: *a, x: 1}\n"), r#"{"a":"?"}"#);
}

#[test]
fn places_are_exact() {
    let text = "# é\nversion: '3'\nservices:\n  api:\n    image: \"x\"   # c\n    command: |\n      a\n      b\n  db: {image: y}\n";
    for (path, want) in [
        ("$.version", "version: '3'"),
        ("$.services", "services:"),
        ("$.services.api", "api:"),
        ("$.services.api.image", "image: \"x\""),
        ("$.services.api.command", "command: |"),
        ("$.services.db.image", "image: y"),
        ("$.services.db", "db: {image: y}"),
    ] {
        assert_eq!(place(text, path), want, "{path}");
    }
    assert_eq!(
        place(&format!("\u{feff}{text}"), "$.version"),
        "version: '3'"
    );
    assert_eq!(place(&text.replace('\n', "\r\n"), "$.services.api"), "api:");
    assert_eq!(place("a:\n- x\n- y: 1\n  z: 2\n", "$.a[1]"), "y: 1");
}

#[test]
fn numbers_keep_their_text() {
    let document = read("python: 3.10\nmode: 0644\nport: 80\n").unwrap();
    let raw = |key: &str| {
        let (_, value) = document.entry(document.roots[0], key).unwrap();
        document.raw_text(value).map(str::to_owned)
    };
    assert_eq!(raw("python").as_deref(), Some("3.10"));
    assert_eq!(raw("mode").as_deref(), Some("0644"));
    assert_eq!(raw("port"), None);
}

#[test]
fn a_broken_document_costs_only_itself() {
    let document = read("a: 1\n---\nb: [1, 2\nc: d: e\n---\nd: 4\n").unwrap();
    let shown: Vec<_> = document
        .roots
        .iter()
        .map(|root| document.value(*root, 99).display())
        .collect();
    assert_eq!(shown, [r#"{"a":1}"#, r#"{"d":4}"#]);
    assert_eq!(document.errors.len(), 1);
    let error = read("password: hunter2: x\n").unwrap_err();
    assert_eq!(
        (error.reason, &*error.detail),
        (SkipReason::Malformed, "not valid YAML at line 1")
    );
}

#[test]
fn hostile_files_are_refused_or_read_in_part() {
    let deep = |text: String| read(&text).unwrap_err().reason;
    assert_eq!(deep("[".repeat(100_000)), SkipReason::TooDeep);
    assert_eq!(deep("- ".repeat(3000)), SkipReason::TooDeep);
    let blocks: String = (0..5000)
        .map(|level| format!("{}a:\n", " ".repeat(level.min(400))))
        .collect();
    assert!(matches!(
        deep(blocks),
        SkipReason::TooDeep | SkipReason::Malformed
    ));
    let nested: String = (0..1000)
        .map(|level| format!("{}a:\n", " ".repeat(level)))
        .collect();
    assert_eq!(deep(nested), SkipReason::TooDeep);
    assert_eq!(deep("[a,".repeat(100)), SkipReason::Malformed);
    assert_eq!(deep("- x\n".repeat(110_000)), SkipReason::Budget);
    assert_eq!(deep("a".repeat(3 << 20)), SkipReason::TooLarge);

    let many = read(&"---\na: 1\n".repeat(1025)).unwrap();
    assert_eq!((many.roots.len(), many.errors.len()), (1000, 1));
}

#[test]
fn aliases_of_aliases_cost_a_budget_and_no_more() {
    let mut laughs = "a0: &a0 [lol, lol]\n".to_owned();
    let mut merges = "a0: &a0 {x: 1}\n".to_owned();
    for level in 1..40 {
        let below = level - 1;
        laughs += &format!("a{level}: &a{level} [*a{below}, *a{below}, *a{below}]\n");
        merges += &format!("a{level}: &a{level} {{<<: [*a{below}, *a{below}, *a{below}]}}\n");
    }
    for text in [laughs, merges, "a: &a [*a, *a]\n".to_owned()] {
        let document = read(&text).unwrap();
        let _ = document.value(document.roots[0], 100_000);
        let selection = Selector::compile("$..x")
            .unwrap()
            .select_within(&document, 50_000);
        assert!(selection.hits.len() <= 50_000);
    }
}
