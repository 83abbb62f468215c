//! Any source and any value: no panic, no deep recursion, an end.

use super::super::functions;
use super::*;
use proptest::prelude::*;

#[test]
fn depth_and_length_are_bounded() {
    for (open, close) in [
        ("(", ")"),
        ("[", "]"),
        ("!(", ")"),
        ("-", ""),
        ("size(", ")"),
        ("true ? ", ": true"),
    ] {
        let source = [open.repeat(3_000), "1".to_owned(), close.repeat(3_000)].concat();
        let source = source.get(..8_192.min(source.len())).unwrap();
        assert!(Expr::compile(source).is_err() || open == "-");
    }
    for link in [".a", "[0]", " + 1", ".lower()"] {
        assert!(Expr::compile(&["hit", &link.repeat(8_000 / link.len())].concat()).is_err());
    }
    assert!(Expr::compile(&"true && ".repeat(2_000)).is_err());
}

#[test]
fn long_texts_are_no_depth() {
    let words = "ward|".repeat(4_000);
    let long = format!("hit.value.matches(\"(?i){words}\\\"\")");
    assert!(Expr::compile(&long).is_ok());
    assert!(Expr::compile(&format!("hit.value == \"{}\"", words.repeat(2))).is_err());
    // What looks like a text here is none to the parser, or the other way round.
    let chain = ".a".repeat(8_000);
    for (open, close) in [
        ("hit // \"\nhit", " // \""),
        ("r\"\\\" == hit", " == r\"\\\""),
        ("'\"' == hit", " == '\"'"),
        ("\"\"\"\"\"\"+ hit", " + \"\"\"\"\"\""),
        ("\"\\q\" == hit", " == \"\""),
        ("\"\n\" == hit", " == \"\""),
        ("\"\" == hit", " == \"\""),
    ] {
        assert!(Expr::compile(&[open, &chain, close].concat()).is_err());
    }
}

#[test]
fn every_evaluation_ends() {
    let big = Value::list((0..20_000).map(Value::Int));
    let hit = Value::map([
        ("value", big),
        ("more", Value::list((0..20_001).map(Value::Int))),
    ]);
    let vars = Vars {
        hit: Some(hit),
        service: None,
        repo: Value::Null,
        world: &Survey,
    };
    let ask = |source: &str| Expr::compile(source).unwrap().test(&vars);
    assert_eq!(ask("hit.value.all(x, x >= 0)"), Ok(true));
    for source in [
        "hit.more.all(x, true)",
        "hit.value.all(x, hit.value.all(y, hit.value.all(z, x + y + z >= 0)))",
        "hit.value.exists(x, hit.value.exists(y, y.a))",
        "hit.value.all(x, hit.value == hit.value)",
        "hit.value.all(x, x in hit.value)",
        "size(hit.value + hit.value) > 0",
    ] {
        assert!(ask(source).is_err(), "{source}");
    }
}

/// Any value over these leaves.
fn nested(leaf: impl Strategy<Value = Value> + 'static) -> impl Strategy<Value = Value> {
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::list),
            prop::collection::btree_map("[a-c]", inner, 0..4).prop_map(Value::map),
        ]
    })
}

fn known() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        prop_oneof![any::<i64>(), -2..3_i64].prop_map(Value::Int),
        prop_oneof![any::<f64>(), Just(1.0)].prop_map(Value::Float),
        prop_oneof!["\\PC{0,12}", "[a-c1]"].prop_map(Value::from),
    ]
}

/// Expressions over `hit.a` … `hit.c`, which may be anything, with functions of these names.
fn expression(names: Vec<&'static str>, depth: u32) -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        "hit\\.[a-c]",
        "hit\\.[a-c](\\.[a-c]|\\[[0-2]\\])",
        Just("null".to_owned()),
        any::<bool>().prop_map(|truth| truth.to_string()),
        prop_oneof![any::<i32>(), 0..3].prop_map(|number| number.to_string()),
        "'[a-z0-9=: -]{0,6}'",
    ];
    leaf.prop_recursive(depth, 32, 3, move |inner| {
        let operator = prop::sample::select(vec![
            "==", "!=", "<", "<=", "&&", "||", "+", "-", "*", "/", "%", "in",
        ]);
        let quantifier = prop::sample::select(vec!["all", "exists", "exists_one", "filter", "map"]);
        let name = prop::sample::select(names.clone());
        prop_oneof![
            (inner.clone(), operator, inner.clone())
                .prop_map(|(a, op, b)| format!("({a} {op} {b})")),
            (inner.clone(), inner.clone(), inner.clone())
                .prop_map(|(a, b, c)| format!("({a} ? {b} : {c})")),
            (inner.clone(), quantifier, inner.clone())
                .prop_map(|(a, each, b)| format!("({a}).{each}(x, {b} == x)")),
            (name, inner.clone(), inner.clone()).prop_map(|(name, a, b)| {
                let both = functions::find(name).is_some_and(|function| function.arity == 2);
                if both {
                    format!("({a}).{name}({b})")
                } else {
                    format!("{name}({a})")
                }
            }),
            prop::collection::vec(inner, 0..3).prop_map(|items| format!("[{}]", items.join(", "))),
        ]
    })
}

/// What the interpreter of the crate `cel` says; it knows no `Unknown`.
fn interpreted(source: &str, hit: &Value) -> Option<bool> {
    let env = Arc::new(cel::Env::stdlib());
    let mut context = cel::Context::with_env(Arc::clone(&env));
    context.add_variable("hit", hit).unwrap();
    match env.compile(source).unwrap().execute(&context) {
        Ok(cel::Value::Bool(truth)) => Some(truth),
        _ => None,
    }
}

proptest! {
    #[test]
    fn agrees_with_the_interpreter_of_cel(
        left in expression(vec!["size", "contains", "startsWith", "endsWith", "string", "int"], 2),
        operator in prop::sample::select(vec!["==", "!=", "<", "in", "&&", "||"]),
        right in expression(vec!["size", "string"], 1),
        [a, b, c] in prop::array::uniform3(nested(known())),
    ) {
        let source = format!("({left}) {operator} ({right})");
        let hit = Value::map([("a", a), ("b", b), ("c", c)]);
        let theirs = interpreted(&source, &hit);
        let vars = Vars { hit: Some(hit), service: None, repo: Value::Null, world: &Survey };
        let ours = Expr::compile(&source).unwrap().test(&vars);
        // It does not let `false` absorb a side that is neither true nor false, as CEL does.
        if theirs.is_some() || !(source.contains("&&") || source.contains("||")) {
            prop_assert_eq!(ours.clone().ok(), theirs, "{:?}", ours);
        }
    }

    #[test]
    fn no_source_panics(source in "\\PC{0,40}") {
        let _ = Expr::compile(&source);
    }

    #[test]
    fn no_token_soup_panics(tokens in prop::collection::vec(prop::sample::select(vec![
        "hit", ".", "(", ")", "[", "]", "{", "}", "'a'", "\"", "1", "-", "!", "&&", "||", "?", ":", ",", "has", "x",
        "all", "in", "==", "<", "r'", "\\", "0x", "1u", "b''", "é", "matches",
    ]), 0..20)) {
        let _ = Expr::compile(&tokens.concat());
    }

    #[test]
    fn no_value_panics(
        source in expression(functions::names().collect(), 4),
        hit in prop::collection::btree_map("[a-c]", nested(prop_oneof![known(), Just(Value::Unknown)]), 0..4),
    ) {
        if let Ok(expr) = Expr::compile(&source) {
            let vars = Vars { hit: Some(Value::map(hit)), service: None, repo: Value::Null, world: &Survey };
            let _ = expr.test(&vars);
            let _ = expr.text(&vars);
        }
    }
}
