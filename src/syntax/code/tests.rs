//! What parses, what is refused, and what string literals say.

use super::*;
use std::fmt::Write as _;

const SECOND: Duration = Duration::from_secs(1);
const PLENTY: Duration = Duration::from_mins(1);

fn reason(language: Language, text: &str) -> Option<SkipReason> {
    parse(language, text, PLENTY)
        .err()
        .map(|unparsed| unparsed.reason)
}

/// The syntax tree as S-expressions.
fn sexp(language: Language, text: &str) -> String {
    let tree = parse(language, text, SECOND).ok().unwrap();
    tree.root().get_inner_node().to_sexp()
}

#[test]
fn every_grammar_parses() {
    for (language, text) in [
        (Language::CSharp, "class A { void F() { } }"),
        (Language::Go, "package a\nfunc f() { }\n"),
        (Language::Java, "class A { void f() { } }"),
        (Language::JavaScript, "const a = <b>c</b>;"),
        (Language::Kotlin, "fun f() = 1\n"),
        (Language::Php, "<?php function f() { }"),
        (Language::Python, "def f(): pass\n"),
        (Language::Ruby, "def f; end\n"),
        (Language::Tsx, "const a = <b<string>>c</b>;"),
        (Language::TypeScript, "const a = <string>b;"),
    ] {
        assert!(LANGUAGES.contains(&language));
        let got = sexp(language, text);
        assert!(!got.contains("ERROR"), "{}: {got}", language.as_str());
    }
    assert_eq!(
        reason(Language::Rust, "fn f() {}"),
        Some(SkipReason::Internal)
    );
}

#[test]
fn text_with_mistakes_still_has_a_tree() {
    assert!(sexp(Language::Python, "def f(:\n  eval(x)\n").contains("call"));
}

#[test]
fn deep_text_is_refused() {
    let nested = |open: &str, close: &str, depth| open.repeat(depth) + &close.repeat(depth);
    let deep = Some(SkipReason::TooDeep);
    for (language, text) in [
        (Language::JavaScript, nested("[", "]", 1_001)),
        (Language::JavaScript, nested("[", "]", 900)),
        (Language::JavaScript, "a".to_owned() + &".b()".repeat(400)),
        (Language::JavaScript, "a".to_owned() + &" + b".repeat(2_000)),
        (Language::Python, "not ".repeat(2_000) + "a"),
        (
            Language::Java,
            format!("class A {{ int a = {}b; }}", "-".repeat(2_000)),
        ),
        (Language::Ruby, "a".to_owned() + &" ? b : c".repeat(2_000)),
        (
            Language::Go,
            format!("package a\nvar b = {}c\n", "*".repeat(2_000)),
        ),
        (
            Language::Kotlin,
            "val a = ".to_owned() + &"\"${".repeat(3_000),
        ),
        (
            Language::Kotlin,
            "val a = ".to_owned() + &"\"${'}'".repeat(900) + &"}\"".repeat(900),
        ),
    ] {
        assert_eq!(
            reason(language, &text),
            deep,
            "{} {:.40}",
            language.as_str(),
            text
        );
    }
    assert_eq!(reason(Language::JavaScript, &nested("[", "]", 200)), None);
}

#[test]
fn many_ordinary_kotlin_templates_are_fine() {
    let mut text = String::new();
    for number in 0..3_000 {
        writeln!(text, "val a{number} = \"x ${{b({number})}} and ${{c}} $d\"").unwrap();
    }
    assert_eq!(reason(Language::Kotlin, &text), None);
}

#[test]
fn large_text_is_refused() {
    let text = "a;\n".repeat(MAX_BYTES / 3 + 1);
    assert_eq!(
        reason(Language::JavaScript, &text),
        Some(SkipReason::TooLarge)
    );
}

#[test]
fn a_spent_budget_stops_the_parser_and_leaves_it_usable() {
    let text = "f(a, b);\n".repeat(20_000);
    let stopped = parse(Language::JavaScript, &text, Duration::ZERO)
        .err()
        .unwrap();
    assert_eq!(stopped.reason, SkipReason::Budget);
    assert_eq!(
        sexp(Language::Python, "a\n"),
        "(module (expression_statement (identifier)))"
    );
}

#[test]
fn php_is_read_between_its_tags() {
    let page =
        "<h1>it's</h1>\n<?php if ($a): ?>\n<b><?= f($b) ?></b>\n<?php endif; echo '?>'; # c ?>\n";
    let got = sexp(Language::Php, page);
    assert!(!got.contains("ERROR"), "{got}");
    let tree = parse(Language::Php, page, SECOND).ok().unwrap();
    let call = tree
        .nodes(|_| true)
        .into_iter()
        .find(|node| node.kind() == "function_call_expression");
    assert_eq!(call.map(|node| node.range().start), page.find("f($b)"));
}

#[test]
fn string_literals_are_values() {
    for (language, text, kind, want) in [
        (Language::Python, "f('a')", "string", Some("a")),
        (Language::Python, "f(rb'''a\nb''')", "string", Some("a\nb")),
        (Language::Python, "f(r'r')", "string", Some("r")),
        (Language::Python, "f(f'a')", "string", Some("a")),
        (Language::Python, "f(f'a{b}')", "string", None),
        (
            Language::Python,
            "f('a' \"b\")",
            "concatenated_string",
            Some("ab"),
        ),
        (Language::Python, "f('')", "string", Some("")),
        (Language::Python, "f('it\\'s')", "string", Some("it\\'s")),
        (Language::JavaScript, "f(\"a\")", "string", Some("a")),
        (Language::JavaScript, "f(`a`)", "template_string", Some("a")),
        (Language::JavaScript, "f(`a${b}`)", "template_string", None),
        (
            Language::Java,
            "class A { String b = \"c\"; }",
            "string_literal",
            Some("c"),
        ),
        (
            Language::Java,
            "class A { String b = \"\"\"\nc\"\"\"; }",
            "string_literal",
            Some("\nc"),
        ),
        (
            Language::Kotlin,
            "val a = \"b\"",
            "string_literal",
            Some("b"),
        ),
        (Language::Kotlin, "val a = \"b$c\"", "string_literal", None),
        (
            Language::Kotlin,
            "val a = \"b${c}\"",
            "string_literal",
            None,
        ),
        (
            Language::Kotlin,
            "val a = \"\"\"b\"\"\"",
            "string_literal",
            Some("b"),
        ),
        (
            Language::CSharp,
            "var a = \"b\";",
            "string_literal",
            Some("b"),
        ),
        (
            Language::CSharp,
            "var a = @\"b\\\";",
            "verbatim_string_literal",
            Some("b\\"),
        ),
        (
            Language::CSharp,
            "var a = $\"b\";",
            "interpolated_string_expression",
            Some("b"),
        ),
        (
            Language::CSharp,
            "var a = $\"b{c}\";",
            "interpolated_string_expression",
            None,
        ),
        (
            Language::CSharp,
            "var a = \"\"\"b\"\"\";",
            "raw_string_literal",
            Some("b"),
        ),
        (
            Language::Go,
            "package a\nvar b = \"c\"",
            "interpreted_string_literal",
            Some("c"),
        ),
        (
            Language::Go,
            "package a\nvar b = `c`",
            "raw_string_literal",
            Some("c"),
        ),
        (Language::Php, "<?php f('a');", "string", Some("a")),
        (
            Language::Php,
            "<?php f(\"a\");",
            "encapsed_string",
            Some("a"),
        ),
        (Language::Php, "<?php f(\"a $b\");", "encapsed_string", None),
        (Language::Ruby, "f 'a'", "string", Some("a")),
        (Language::Ruby, "f %q(q)", "string", Some("q")),
        (Language::Ruby, "f \"a#{b}\"", "string", None),
    ] {
        let tree = parse(language, text, SECOND).ok().unwrap();
        let node = tree
            .nodes(|_| true)
            .into_iter()
            .find(|node| node.kind() == kind);
        let node =
            node.unwrap_or_else(|| panic!("{text}: {}", tree.root().get_inner_node().to_sexp()));
        assert_eq!(plain_string(&node).as_deref(), want, "{text}");
        let content = text.get(content_range(&node)).unwrap();
        let whole = want.is_none() || kind == "concatenated_string";
        let whole_text = node.text().into_owned();
        assert_eq!(
            content,
            if whole {
                &whole_text
            } else {
                want.unwrap_or_default()
            },
            "{text}"
        );
        let seen = if want.is_some() {
            "string"
        } else {
            "interpolated_string"
        };
        assert_eq!(kind_of(&node), seen, "{text}");
    }
}
