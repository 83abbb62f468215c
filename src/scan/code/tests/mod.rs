//! Captures, bounds and budgets of running code matchers.

use super::*;
use crate::model::{Span, Value};
use crate::rule::spec::CodeSpec;

mod surroundings;

fn compile(yaml: &str) -> CodeMatcher {
    let spec: CodeSpec = serde_saphyr::from_str(yaml).unwrap();
    let matcher = CodeMatcher::new(&spec);
    matcher
        .validate()
        .unwrap_or_else(|errors| panic!("{yaml}\n{errors:?}"));
    matcher
}

fn run_one(language: Language, yaml: &str, text: &str) -> CodeRun {
    let matcher = compile(yaml);
    run(language, text, &[(MatcherId(7), &matcher)], BUDGET)
}

fn pattern(language: &str, pattern: &str) -> String {
    format!(
        "{{languages: [{language}], rule: {{pattern: '{}'}}}}",
        pattern.replace('\'', "''")
    )
}

#[test]
fn captures_are_values() {
    let text = "open(\"a.txt\", 'r', mode, `x`, `x${y}`, \"\")\n";
    let run = run_one(
        Language::JavaScript,
        &pattern("javascript", "open($A, $B, $$$REST)"),
        text,
    );
    let raw = &run.raw[0];
    assert_eq!(raw.captures["A"], Value::str("a.txt"));
    assert_eq!(raw.kinds["A"], "string");
    assert_eq!(
        raw.captures["REST"].display(),
        r#"["mode","x","`x${y}`",""]"#
    );
    assert_eq!(raw.span, Span::new(0, text.len() - 1));
    assert_eq!(raw.matcher, MatcherId(7));
    assert!(!raw.captures.contains_key("secondary"));
}

#[test]
fn hits_beyond_the_bound_are_counted() {
    let text = "f(a)\n".repeat(MAX_HITS + 17);
    let run = run_one(Language::Python, &pattern("python", "f($A)"), &text);
    assert_eq!(run.raw.len(), MAX_HITS);
    let (reason, detail) = run.skipped.unwrap();
    assert_eq!(reason, SkipReason::TooManyHits);
    assert!(detail.starts_with("17 "), "{detail}");
}

#[test]
fn long_values_are_cut_between_characters() {
    let text = format!("f('{}')\n", "é".repeat(5_000));
    let run = run_one(Language::Python, &pattern("python", "f($A)"), &text);
    let length = |value: &Value| value.as_str().unwrap().len();
    assert!(length(&run.raw[0].value) <= 4 << 10);
    assert_eq!(length(&run.raw[0].captures["A"]), 4 << 10);
}

#[test]
fn a_file_without_matchers_of_its_language_is_not_parsed() {
    let run = run_one(Language::Go, &pattern("python", "f($A)"), "not go at all (");
    assert!(run.raw.is_empty() && run.skipped.is_none());
}

#[test]
fn hostile_code_costs_its_budget() {
    let nested = "f(".repeat(200) + &")".repeat(200) + ";\n";
    let siblings = "f(a);\n".repeat(60_000);
    let budget = Duration::from_millis(300);
    for (rule, text) in [
        (
            "{kind: call_expression, has: {kind: regex, stopBy: end}}",
            nested.repeat(500),
        ),
        (
            "{kind: expression_statement, precedes: {kind: regex, stopBy: end}}",
            siblings.clone(),
        ),
        (
            "{kind: expression_statement, follows: {kind: regex, stopBy: end}}",
            siblings.clone(),
        ),
        ("{kind: expression_statement, nthChild: 70000}", siblings),
    ] {
        let matcher = compile(&format!("{{languages: [javascript], rule: {rule}}}"));
        // Without the clock each of these takes minutes: the test would not end.
        let run = run(
            Language::JavaScript,
            &text,
            &[(MatcherId(0), &matcher)],
            budget,
        );
        assert!(run.raw.is_empty());
    }
}

#[test]
fn the_deepest_tree_fits_a_small_stack() {
    let matching = || {
        let deep = "[".repeat(300) + &"]".repeat(300);
        let text = format!(
            "{deep} == {deep};\n{}",
            "(".repeat(150) + "a" + &")".repeat(150)
        );
        for rule in [
            "{pattern: $A == $A}",
            "{kind: array, has: {kind: regex, stopBy: {kind: regex}}}",
            "{kind: parenthesized_expression, inside: {kind: regex, stopBy: end}}",
        ] {
            let matcher = compile(&format!("{{languages: [javascript], rule: {rule}}}"));
            let plenty = Duration::from_mins(1);
            let run = run(
                Language::JavaScript,
                &text,
                &[(MatcherId(0), &matcher)],
                plenty,
            );
            assert_eq!(run.skipped, None, "{rule}");
        }
    };
    std::thread::Builder::new()
        .stack_size(1 << 20)
        .spawn(matching)
        .unwrap()
        .join()
        .unwrap();
}
