use super::{SelectError, Selector};
use crate::model::RepoPath;
use crate::syntax::{Document, Format, parse};
use proptest::prelude::*;
use serde_json_path::{JsonPath, PathElement};

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

fn theirs(path: &str, text: &str) -> Option<Vec<String>> {
    let value: serde_json::Value = serde_json::from_str(text).unwrap();
    let located = JsonPath::parse(path).ok()?.query_located(&value);
    let text = |element: &PathElement<'_>| match element {
        PathElement::Name(name) => (*name).to_owned(),
        PathElement::Index(index) => index.to_string(),
    };
    let mut paths: Vec<_> = located
        .iter()
        .map(|node| {
            node.location()
                .iter()
                .map(text)
                .collect::<Vec<_>>()
                .join("/")
        })
        .collect();
    paths.sort();
    Some(paths)
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

const PATHS: &[&str] = &[
    "$",
    "$.*",
    "$.a",
    "$.a.b",
    "$['a']['b']",
    "$[\"a\"].b.c",
    "$.nope",
    "$.a.b['d e']",
    "$['']",
    "$['x-y']['\\'']",
    "$['x-y'][\"\\\"\"]",
    "$.☺",
    "$['\\u263A']",
    "$['\\uD83D\\uDE00']",
    "$.book[0]",
    "$.book[-1]",
    "$.book[-9]",
    "$.book[99]",
    "$.book[0,2]",
    "$.book[0,0]",
    "$.book['a',0,*]",
    "$.book[*]",
    "$.book[1:3]",
    "$.book[:2]",
    "$.book[-2:]",
    "$.book[::2]",
    "$.book[::-1]",
    "$.book[5:1:-2]",
    "$.book[0:3:0]",
    "$.book[:]",
    "$.book[-100:100]",
    "$.book[3][2][2].a",
    "$..a",
    "$..*",
    "$..[0]",
    "$..[*]",
    "$..b.a",
    "$.book..a",
    "$..['a','n']",
    "$ .a [ 'b' ]",
    "$.book[?@.a]",
    "$.book[?@.isbn]",
    "$.book[?!@.a]",
    "$.book[?@.n == 8.95]",
    "$.book[?@.n==12.0]",
    "$.book[?@.n != 12]",
    "$.book[?@.n < 10]",
    "$.book[?@.n >= 8.95]",
    "$.book[?@.a == 'x']",
    "$.book[?@.a < 'y']",
    "$.book[?'x' == @.a]",
    "$.book[?@.b.b == true]",
    "$.book[?@.b.b == false || @.n == 12]",
    "$.book[?@.isbn == null]",
    "$.book[?@.b && @.b.a == 'x']",
    "$.book[?@.b && !(@.b.a == 'x')]",
    "$.book[?(@.n < 10 || @.b) && @.a]",
    "$.book[?@.nope == @.nada]",
    "$.book[?@.nope != 1]",
    "$.book[?@.nope < 1]",
    "$.book[?@.b.a == $.book[0].a]",
    "$.book[?@.b.a == @.a]",
    "$.book[?@ == 7]",
    "$.book[?@ == 'text']",
    "$.book[?@ > 6]",
    "$.book[?@ == true]",
    "$.book[?@ == null]",
    "$.book[?length(@.a) == 2]",
    "$.book[?length(@) == 3]",
    "$.book[?length(@.tags) > 0]",
    "$.book[?length('abc') == 3]",
    "$.book[?count(@.*) > 3]",
    "$.book[?count(@..a) == 2]",
    "$.book[?value(@..b.b) == true]",
    "$.book[?match(@.a, 'y+')]",
    "$.book[?match(@.a, '.')]",
    "$.book[?search(@.a, 'y')]",
    "$.book[?!search(@.a, 'y')]",
    "$.book[?search(@.n, 'y')]",
    "$.book[?@.tags[0] == 'p']",
    "$.book[?@.tags[?@ == 'q']]",
    "$..[?@.a == 'x']",
    "$..[?@.a]",
    "$[?@.b.c == 1, 'a']",
    "$.a[?@ == $.a.d]",
    "$.book[?@.n == 1.2e1]",
    "$.book[?@.n > -1]",
    "$.book[?@[0] == 1]",
    "$.book[?@.*]",
    "$.book[?@..a]",
    "$.book[? ( @.a == 'x' ) ]",
    "$.book[?@.b == @.b]",
];

#[test]
fn selects_what_the_reference_implementation_selects() {
    for path in PATHS {
        let theirs = theirs(path, STORE).unwrap_or_else(|| panic!("the oracle refuses {path}"));
        assert_eq!(ours(path, STORE).as_ref(), Ok(&theirs), "{path}");
    }
}

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
        let keys = |hits: &[super::Selected]| {
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

fn value() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(serde_json::Value::from),
        (-3i64..4).prop_map(serde_json::Value::from),
        Just(serde_json::Value::from(1.5)),
        "[ab]{0,2}".prop_map(serde_json::Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(serde_json::Value::from),
            prop::collection::hash_map("[abc]", inner, 0..4)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    })
}

fn path() -> impl Strategy<Value = String> {
    let literal = prop_oneof![
        "'[ab]{0,2}'",
        "-?[0-2]",
        Just("1.5".to_owned()),
        Just("true".to_owned()),
        Just("null".to_owned())
    ];
    let relative = prop_oneof![
        Just("@".to_owned()),
        "@\\.[abc]",
        "@\\[[12]\\]",
        "@\\.[abc]\\.[abc]",
        "\\$\\.[abc]",
        Just("length(@)".to_owned()),
    ];
    let operator = prop_oneof![Just("=="), Just("!="), Just("<"), Just(">")];
    let test = prop_oneof![
        (relative.clone(), operator, prop_oneof![literal, relative])
            .prop_map(|(l, o, r)| format!("{l} {o} {r}")),
        "!?@\\.[abc]",
        "@\\.\\*",
        "!?search\\(@\\.[abc], '[ab]'\\)",
        "!?match\\(@, '[ab]'\\)",
    ];
    let tests = (
        test.clone(),
        prop_oneof![Just(" && "), Just(" || ")],
        test.clone(),
        any::<bool>(),
    );
    let tests = prop_oneof![
        test,
        tests.prop_map(|(l, o, r, not)| if not {
            format!("!({l}{o}{r})")
        } else {
            format!("{l}{o}{r}")
        }),
    ];
    let segment = prop_oneof![
        "\\.\\.?[abc*]",
        "\\[-?[1-3]\\]",
        "\\['[abc]', ?[0-2]\\]",
        "\\[-?[12]:[0-3]?(:-?[12])?\\]",
        "\\.\\.\\[[012]\\]",
        tests.prop_map(|test| format!("[?{test}]")),
    ];
    prop::collection::vec(segment, 0..4).prop_map(|segments| format!("${}", segments.concat()))
}

proptest! {
    #[test]
    fn random_paths_agree_with_the_reference(value in value(), path in path()) {
        let text = value.to_string();
        if let Some(theirs) = theirs(&path, &text) {
            prop_assert_eq!(ours(&path, &text), Ok(theirs));
        }
    }

    #[test]
    fn no_text_makes_the_compiler_panic(path in "\\$[\\[\\]?@.*'\"a-c0-9:,!=<>&|()\\\\u ☺-]{0,40}") {
        let _ = Selector::compile(&path);
    }
}
