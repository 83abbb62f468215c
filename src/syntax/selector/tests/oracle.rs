//! The selector against another implementation of the standard.

use super::{STORE, Selector, ours};
use proptest::prelude::*;
use serde_json_path::{JsonPath, PathElement};

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
        let theirs = theirs(&path, &text).unwrap_or_else(|| panic!("the oracle refuses {path}"));
        prop_assert_eq!(ours(&path, &text), Ok(theirs));
    }

    #[test]
    fn no_text_makes_the_compiler_panic(path in "\\$[\\[\\]?@.*'\"a-c0-9:,!=<>&|()\\\\u ☺-]{0,40}") {
        let _ = Selector::compile(&path);
    }
}
