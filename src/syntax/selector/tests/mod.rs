//! The selector by itself: mistakes, order, merge keys, unknown values, budgets.

mod oracle;

use super::{SelectError, Selected, Selector};
use crate::model::RepoPath;
use crate::syntax::{Document, Format, parse};

fn json(text: &str) -> Document {
    parse(Format::Json, &RepoPath::new("a.json").unwrap(), text).unwrap()
}

fn yaml(text: &str) -> Document {
    parse(Format::Yaml, &RepoPath::new("a.yaml").unwrap(), text).unwrap()
}

/// The selected paths, sorted, as JSON pointers without their escapes.
fn ours(path: &str, text: &str) -> Result<Vec<String>, SelectError> {
    let selected = Selector::compile(path)?.select(&json(text));
    let mut paths: Vec<_> = selected.iter().map(|hit| hit.keys.join("/")).collect();
    paths.sort();
    Ok(paths)
}

const STORE: &str = r#"{
  "book": [
    {"a": "x", "n": 8.95, "tags": ["p", "q"], "isbn": null},
    {"a": "yy", "n": 12, "tags": [], "b": {"a": "x", "b": true}},
    {"a": "é☺", "n": 8.95, "b": {"a": 1, "b": false}},
    [1, 2, [3, 4, {"a": 5}]],
    "text", 7, true, null
  ],
  "a": {"b": {"c": 1, "d e": 2}, "c": [], "d": {}},
  "": "empty", "x-y": {"'": 1, "\"": 2}, "☺": 3
}"#;

/// Examples of the standard that the oracle gets wrong.
#[test]
fn the_standard_decides_where_the_reference_differs() {
    for (path, want) in [
        ("$.book[?@.tags[-1] == 'q']", 1),
        ("$.a[?$.no <= $.nope]", 3),
        ("$.a[?$.no < $.nope]", 0),
        ("$.a[?true <= true]", 3),
        ("$.a[?true > true]", 0),
        ("$.a[?null >= null]", 3),
        ("$.a[?$.a <= $.a]", 3),
        ("$.a[?$.a < $.a]", 0),
        ("$.a[?13 == '13']", 0),
        ("$.a[?'a' <= 'b']", 3),
    ] {
        assert_eq!(
            ours(path, STORE).map(|paths| paths.len()),
            Ok(want),
            "{path}"
        );
    }
}

#[test]
fn mistakes_are_named_with_their_place() {
    for (path, offset, message) in [
        ("", 0, "expected `$`"),
        ("a", 0, "expected `$`"),
        ("$a", 1, "expected `.`, `..` or `[`"),
        ("$.", 2, "expected a name or `*`"),
        ("$.1", 2, "expected a name or `*`"),
        ("$.a-b", 3, "a name with `-` is written `['…']`"),
        (
            "$[",
            2,
            "expected a name in quotes, an index, `*`, `:` or `?`",
        ),
        ("$[0", 3, "expected `,` or `]`"),
        ("$[01]", 2, "expected a whole number"),
        ("$[-0]", 2, "expected a whole number"),
        ("$[9007199254740992]", 2, "this number is too large"),
        ("$['a]", 5, "this string does not end"),
        ("$['\\x']", 4, "this escape does not exist"),
        ("$['\\uD800']", 4, "half of a surrogate pair"),
        ("$[?@.a ==]", 9, "expected a value, `@`, `$` or a function"),
        (
            "$[?@.* == 1]",
            3,
            "only a path to a single node can be compared",
        ),
        ("$[?1]", 4, "expected a comparison"),
        ("$[?!@.a == 1]", 4, "a negated comparison needs parentheses"),
        ("$[?match(@.a, '(')]", 14, "this regex does not compile"),
        ("$[?match(@.a, @.b)]", 14, "expected a regex in quotes"),
        ("$ ", 1, "expected `.`, `..` or `[`"),
    ] {
        let error = Selector::compile(path).unwrap_err();
        assert_eq!((error.offset, &*error.message), (offset, message), "{path}");
    }
    let deep = format!("$[?{}@.a{}]", "(".repeat(100_000), ")".repeat(100_000));
    assert_eq!(
        Selector::compile(&deep).unwrap_err().message,
        "nested too deeply"
    );
    let deep = format!("${}", "[?@".repeat(10_000));
    assert_eq!(
        Selector::compile(&deep).unwrap_err().message,
        "nested too deeply"
    );
}

#[test]
fn hits_come_in_order_of_the_text_and_know_their_way() {
    let document = yaml("a:\n  x: 1\n  y: [2, 3]\n---\na: {x: 4}\n");
    let hits = Selector::compile("$.a['y','x']").unwrap().select(&document);
    let ways: Vec<_> = hits
        .iter()
        .map(|hit| (hit.keys.join("."), hit.key.as_deref().unwrap()))
        .collect();
    assert_eq!(
        ways,
        [
            ("a.x".to_owned(), "x"),
            ("a.y".to_owned(), "y"),
            ("a.x".to_owned(), "x")
        ]
    );
    assert_eq!(hits[0].root, document.roots[0]);
    assert_eq!(hits[2].root, document.roots[1]);
    let item = &Selector::compile("$.a.y[1]").unwrap().select(&document)[0];
    assert_eq!((item.key.as_deref(), item.key_node), (Some("1"), None));
    assert_eq!(document.value(item.parent.unwrap(), 9).display(), "[2,3]");
    let root = &Selector::compile("$").unwrap().select(&document)[1];
    assert_eq!(
        (root.key.clone(), root.parent, root.keys.len()),
        (None, None, 0)
    );
}

#[test]
fn merge_keys_are_followed_and_own_keys_win() {
    let document = yaml("b: &b {x: 1, y: 2}\nc: {<<: *b, x: 3}\n");
    let values = |path: &str| {
        let hits = Selector::compile(path).unwrap().select(&document);
        let mut shown: Vec<_> = hits
            .iter()
            .map(|hit| document.value(hit.node, 9).display())
            .collect();
        shown.sort();
        shown.join(" ")
    };
    assert_eq!(values("$.c.x"), "3");
    assert_eq!(values("$.c.*"), "2 3");
    assert_eq!(values("$.c['<<']"), "");
    assert_eq!(values("$..y"), "2 2");
    assert_eq!(values("$[?@.y == 2 && @.x == 3].x"), "3");
}

#[test]
fn unknown_values_decide_nothing() {
    let document = yaml("a: {x: !Ref y, z: 1}\nb: {x: 1}\nc: !Ref d\ne: {<<: !Ref f}\n");
    let select = |path: &str| {
        let selection = Selector::compile(path)
            .unwrap()
            .select_within(&document, 1000);
        let keys = |hits: &[Selected]| {
            hits.iter()
                .map(|hit| hit.keys.join("."))
                .collect::<Vec<_>>()
                .join(" ")
        };
        (
            keys(&selection.hits),
            keys(&selection.undecided),
            selection.unknown,
        )
    };
    let case =
        |hits: &str, undecided: &str, unknown| (hits.to_owned(), undecided.to_owned(), unknown);
    assert_eq!(select("$[?@.x == 1]"), case("b", "a c e", false));
    assert_eq!(select("$[?@.x]"), case("a b", "c e", false));
    assert_eq!(select("$[?!@.x]"), case("", "c e", false));
    assert_eq!(
        select("$[?@.z == 1 || @.x == 1]"),
        case("a b", "c e", false)
    );
    assert_eq!(select("$.c.d"), case("", "", true));
    assert_eq!(select("$.b.d"), case("", "", false));
    assert_eq!(select("$[?@.x == 1].x"), case("b.x", "a.x", true));
}

#[test]
fn a_selection_ends_with_its_budget() {
    let document = yaml("a: &a [*a, *a]\n");
    let selection = Selector::compile("$..*")
        .unwrap()
        .select_within(&document, 10_000);
    assert!(!selection.complete);
    let small = Selector::compile("$..*")
        .unwrap()
        .select_within(&yaml("a: [1, 2]\n"), 10_000);
    assert!(small.complete);
}
