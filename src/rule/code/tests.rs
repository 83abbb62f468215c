//! Literals, and rules that are refused.

use super::*;
use crate::rule::need::Clue;
use crate::syntax::code::parse;
use std::time::Duration;

fn compile(yaml: &str) -> Result<CodeMatcher, Vec<String>> {
    let spec: CodeSpec = serde_saphyr::from_str(yaml).unwrap();
    let matcher = CodeMatcher::new(&spec);
    matcher.validate().map_err(|errors| {
        errors
            .into_iter()
            .map(|error| error.message)
            .collect::<Vec<_>>()
    })?;
    Ok(matcher)
}

/// What a text must hold, in words: `~` after a text in any letter case, `<` and `>` at the edges
/// of a token.
fn needs(yaml: &str) -> String {
    fn show(need: &Need) -> String {
        let join = |parts: &[Need], by: &str| parts.iter().map(show).collect::<Vec<_>>().join(by);
        match need {
            Need::Nothing => "(nothing)".to_owned(),
            Need::One(Clue::Regex(regex)) => format!("/{regex}/"),
            Need::One(Clue::Literal(literal)) => {
                let mark = |on: bool, sign: &'static str| if on { sign } else { "" };
                let fold = mark(!literal.cased, "~");
                let (starts, ends) = (mark(literal.starts, "<"), mark(literal.ends, ">"));
                format!("{starts}{}{ends}{fold}", literal.text)
            }
            Need::All(parts) => format!("({})", join(parts, " & ")),
            Need::Any(parts) => format!("({})", join(parts, " | ")),
        }
    }
    let matcher = compile(yaml).unwrap_or_else(|errors| panic!("{yaml}\n{errors:?}"));
    show(&need(&matcher, Language::Python))
}

/// What a text in one of its languages must hold.
fn need(matcher: &CodeMatcher, language: Language) -> Need {
    let needs = matcher.needs(&BTreeSet::from([language]));
    needs.into_iter().next().unwrap().1
}

#[test]
fn needs_are_what_a_match_must_hold() {
    for (rule, want) in [
        ("{pattern: threading.sleep($N)}", "(<sleep> & <threading>)"),
        (
            "{pattern: 'requests.get($URL, $$$, timeout=$T, $$$)'}",
            "(<requests> & <timeout>)",
        ),
        // Unnamed leaves and short names give nothing.
        ("{pattern: 'a.b($X)'}", "(nothing)"),
        ("{kind: call}", "(nothing)"),
        // A word that stands everywhere counts only when there is nothing better.
        ("{pattern: self.commit()}", "<commit>"),
        ("{pattern: self.a()}", "<self>"),
        (
            "{kind: call, regex: '^logger\\.(debug|info)'}",
            "(<logger.debug | <logger.info)",
        ),
        (
            "{kind: identifier, regex: '^(get|post)$'}",
            "(<get> | <post>)",
        ),
        ("{kind: identifier, regex: '\\bget\\b'}", "<get>"),
        ("{kind: identifier, regex: '\\Bget'}", "get"),
        // A regex that matches more than a few texts is searched for as well.
        (
            "{kind: string, regex: '^alpha[0-9]+$'}",
            "(<alpha~ & /(?:(?:alpha)(?-u:[0-9])+)/)",
        ),
        ("{kind: string, regex: 'pass(word)?'}", "(pass | password)"),
        (
            "{kind: string, regex: 'alpha|beta|gamma'}",
            "(alpha | beta | gamma)",
        ),
        ("{kind: string, regex: 'alpha|be'}", "(nothing)"),
        (
            "{any: [{pattern: eval($X)}, {pattern: exec($X)}]}",
            "(<eval> | <exec>)",
        ),
        ("{any: [{pattern: eval($X)}, {kind: call}]}", "(nothing)"),
        ("{kind: call, not: {pattern: eval($X)}}", "(nothing)"),
        (
            "{all: [{pattern: start($X)}, {has: {pattern: threading, stopBy: end}}]}",
            "(<start> & <threading>)",
        ),
        (
            "{kind: call, inside: {kind: function_definition, regex: 'handler', stopBy: end}}",
            "handler",
        ),
        (
            "{pattern: 'open($A)', inside: {pattern: 'with $X: $$$B'}}",
            "<open>",
        ),
        (
            "{pattern: {context: 'open_file($A)', strictness: signature}}",
            "(nothing)",
        ),
        (
            "{pattern: {context: '@app.get($A)', selector: call}}",
            "(<app> & <get>)",
        ),
    ] {
        let yaml = format!("{{languages: [python], rule: {rule}}}");
        assert_eq!(needs(&yaml), want, "{rule}");
    }
}

#[test]
fn needs_come_from_constraints_and_utilities() {
    let constrained = r"
        languages: [python]
        rule: {pattern: $O.$M($$$)}
        constraints: {M: {regex: '^(fetchall|fetchone)$'}}";
    assert_eq!(needs(constrained), "(<fetchall> | <fetchone>)");
    // A metavariable that is only bound in one branch constrains only that branch.
    let branch = r"
        languages: [python]
        rule: {any: [{pattern: $O.$M($$$)}, {pattern: 'lambda: $X'}]}
        constraints: {M: {regex: 'fetchall'}}";
    assert_eq!(needs(branch), "(nothing)");
    let util = r"
        languages: [python]
        rule: {kind: call, matches: spawn}
        utils: {spawn: {any: [{pattern: Thread($$$)}, {pattern: Timer($$$)}]}}";
    assert_eq!(needs(util), "(<Thread> | <Timer>)");
}

#[test]
fn wrong_rules_are_refused_with_a_reason() {
    for (yaml, want) in [
        (
            "{languages: [rust], rule: {pattern: a}}",
            "no grammar for `rust`",
        ),
        (
            "{languages: [], rule: {pattern: a}}",
            "`languages` is empty",
        ),
        (
            "{languages: [javascript], rule: {pattern: 'process.env.$X!'}}",
            "javascript",
        ),
        (
            "{languages: [python], rule: {regex: abc}}",
            "add a `kind` or a `pattern`",
        ),
        (
            "{languages: [python], rule: {kind: call, pattern: $A + $B}}",
            "can never match",
        ),
        (
            "{languages: [python], rule: {kind: no_such_kind}}",
            "no_such_kind",
        ),
        (
            "{languages: [python], rule: {kind: call, regex: '('}}",
            "in python",
        ),
        (
            "{languages: [python], rule: {kind: call, has: {kind: string, stopby: end}}}",
            "did you mean `stopBy`",
        ),
        (
            "{languages: [python], rule: {kind: call, field: name}}",
            "unknown key `field`",
        ),
        (
            "{languages: [python], rule: {kind: call, has: {kind: string, stopBy: end, inside: {kind: pair, stopBy: end}}}}",
            "quadratic",
        ),
        (
            "{languages: [python], rule: {kind: call, inside: {matches: u, stopBy: end}}, utils: {u: {kind: block, has: {kind: string, stopBy: end}}}}",
            "quadratic",
        ),
        (
            "{languages: [python], rule: {kind: call, matches: u}, utils: {u: {kind: call, has: {matches: u}}}}",
            "uses itself",
        ),
        (
            "{languages: [python], rule: {kind: call, matches: missing}}",
            "missing",
        ),
        (
            "{languages: [python], rule: {pattern: 'def f('}}",
            "in python",
        ),
        ("{languages: [python], rule: {pattern: $A}}", "add a `kind`"),
        (
            "{languages: [python], rule: {kind: call, has: {pattern: 'for in'}}}",
            "for in",
        ),
    ] {
        let errors = compile(yaml).err().unwrap_or_default();
        assert!(
            errors.iter().any(|error| error.contains(want)),
            "{yaml}\n{errors:?}"
        );
    }
}

#[test]
fn unbounded_searches_beside_each_other_are_fine() {
    let rule = "{languages: [python], rule: {kind: call, all: [{inside: {kind: block, stopBy: end}}, \
                {has: {kind: string, stopBy: end}}]}}";
    assert!(compile(rule).is_ok());
}

#[test]
fn typescript_means_tsx_too() {
    let matcher = compile("{languages: [typescript], rule: {pattern: fetch($A)}}")
        .ok()
        .unwrap();
    assert_eq!(
        matcher.languages().collect::<Vec<_>>(),
        [Language::Tsx, Language::TypeScript]
    );
    assert!(!matcher.kinds(Language::Tsx).is_empty());
    assert!(matcher.kinds(Language::Python).is_empty());
}

/// Rules of every shape, for the comparison below.
const RULES: [&str; 24] = [
    "{languages: [python], rule: {pattern: time.sleep($N)}}",
    "{languages: [python], rule: {pattern: '$O.execute($SQL)'}, constraints: {SQL: {kind: string, has: {kind: interpolation}}}}",
    "{languages: [python], rule: {kind: call, regex: '^(requests|httpx)\\.'}}",
    "{languages: [python], rule: {pattern: {context: \"try:\\n  a\\nexcept Exception:\\n  $$$B\", selector: except_clause}}}",
    "{languages: [python], rule: {kind: except_clause, has: {pattern: pass, stopBy: end}}}",
    "{languages: [python], rule: {pattern: '@$R.$M($$$)'}, constraints: {M: {regex: '^(get|post|websocket)$'}}}",
    "{languages: [python], rule: {pattern: 'print($$$A)', inside: {kind: function_definition, stopBy: end}}}",
    "{languages: [python], rule: {any: [{pattern: 'os.environ[$K]'}, {pattern: 'os.getenv($K, $$$)'}, {pattern: 'os.environ.get($K, $$$)'}]}}",
    "{languages: [python], rule: {kind: assignment, has: {field: left, regex: '(?i)secret|password'}}}",
    "{languages: [python], rule: {kind: string, regex: 'localhost:[0-9]+'}}",
    "{languages: [python], rule: {matches: db}, utils: {db: {any: [{pattern: create_engine($$$A)}, {pattern: create_async_engine($$$A)}]}}}",
    "{languages: [python], rule: {pattern: 'async def $F($$$P): $$$B', not: {has: {pattern: await $X, stopBy: end}}}}",
    "{languages: [typescript, javascript], rule: {pattern: process.env.$NAME}}",
    "{languages: [typescript, javascript], rule: {pattern: 'await $X', inside: {any: [{kind: for_statement}, {kind: for_in_statement}], stopBy: end}}}",
    "{languages: [typescript, javascript], rule: {pattern: 'console.$M($$$A)'}, constraints: {M: {regex: '^(log|debug)$'}}}",
    "{languages: [typescript, javascript], rule: {kind: catch_clause, not: {has: {kind: identifier, stopBy: end}}}}",
    "{languages: [typescript], rule: {pattern: {context: 'const a = b as any', selector: as_expression}}}",
    "{languages: [typescript, javascript], rule: {pattern: '$A.$M($P, $$$H)'}, constraints: {M: {regex: '^(get|post|put|patch|delete)$'}, P: {kind: string}}}",
    "{languages: [typescript, javascript], rule: {pattern: 'fetch($URL, $$$O)'}}",
    "{languages: [typescript, javascript], rule: {pattern: 'import $X from \"react\"'}}",
    "{languages: [typescript, javascript], rule: {pattern: {context: 'require(\"fs\")', strictness: relaxed}}}",
    "{languages: [typescript, javascript], rule: {kind: template_string, regex: '/api/v\\d', inside: {kind: arguments}}}",
    "{languages: [typescript, javascript], rule: {pattern: 'setTimeout($F, $N)', follows: {kind: lexical_declaration, stopBy: end}}}",
    "{languages: [typescript, javascript], rule: {kind: string, nthChild: 1, inside: {kind: arguments, inside: {pattern: 'JSON.parse($$$)'}}}}",
];

/// Does the rule match, and does a file hold what it needs?
fn compare(matcher: &CodeMatcher, language: Language, text: &str) -> (bool, bool) {
    let kinds = matcher.kinds(language);
    let tree = parse(language, text, Duration::from_secs(20)).ok().unwrap();
    let nodes = tree.nodes(|kind| kinds.contains(&kind));
    let hit = nodes
        .iter()
        .any(|node| matcher.match_node(language, node).is_some());
    let folded = text.to_ascii_lowercase();
    let stands = |clue: &Clue| match clue {
        Clue::Regex(regex) => Search::new(regex, false).matches_any(text.as_bytes()),
        Clue::Literal(literal) => folded
            .match_indices(&literal.text.to_ascii_lowercase())
            .any(|(at, found)| literal.stands(text.as_bytes(), at..at + found.len())),
    };
    let holds = need(matcher, language).holds(&stands);
    (hit, holds)
}

/// Texts that some of the rules match, written in the ways that could mislead a prefilter:
/// escapes, other quotes, trailing commas, comments between tokens, line breaks.
const TEXTS: [(Language, &str); 14] = [
    (Language::Python, "time . sleep ( # c\n 5 ,\n)\n"),
    (
        Language::Python,
        "cur.execute(f'select {x}')\nrequests.get(u)\nhttpx.get(u)\n",
    ),
    (
        Language::Python,
        "try:\n  a()\nexcept Exception:\n  b()\n  if c:\n    pass\n",
    ),
    (
        Language::Python,
        "@app.get('/x')\nasync def f():\n  print(1)\n@app.\\\npost('/y')\ndef g(): pass\n",
    ),
    (
        Language::Python,
        "os.environ['A']\nos.getenv('B', 'c')\nos.environ.get('D')\nSECRET_KEY = 'localhost:80'\n",
    ),
    (
        Language::Python,
        "e = create_engine('x')\ne2 = create_async_engine(\n'y',)\n",
    ),
    (
        Language::TypeScript,
        "process.env.A; process.env['B']; process.env /* c */ . D\n",
    ),
    (
        Language::TypeScript,
        "async function f() { for (const a of b) { await a } for (;;) await c }\n",
    ),
    (
        Language::JavaScript,
        "console.log('a'); console . debug(`b`,); try { x() } catch { }\n",
    ),
    (
        Language::TypeScript,
        "const x = y as any; app.get(\"/a\", h); app.delete('/b', h,)\n",
    ),
    (
        Language::JavaScript,
        "import R from 'react'; import S from \"react\"; require('fs'); require(\"fs\",)\n",
    ),
    (
        Language::Tsx,
        "fetch(`/api/v1/${id}`); fetch('/x', {}); const a = <A b={fetch(u)} />\n",
    ),
    (
        Language::JavaScript,
        "const t = 1; setTimeout(f, 5); JSON.parse('x'); JSON.parse(\"\\u0061\")\n",
    ),
    (Language::Python, "x = 1\n"),
];

#[test]
fn no_match_is_lost_to_the_needs() {
    let mut matched = 0;
    for rule in RULES {
        let matcher = compile(rule).unwrap_or_else(|errors| panic!("{rule}\n{errors:?}"));
        let mut any = false;
        for (language, text) in TEXTS {
            if !matcher.languages().any(|known| known == language) {
                continue;
            }
            let (hit, holds) = compare(&matcher, language, text);
            assert!(
                holds || !hit,
                "{rule}\n{text}\n{:?}",
                need(&matcher, language)
            );
            any |= hit;
        }
        matched += usize::from(any);
    }
    assert!(matched >= 20, "the texts exercise the rules: {matched}");
}
