//! Contexts as pictures: every byte that is not code replaced by what it is.

use super::*;
use proptest::prelude::*;

/// The text with every byte that is not code replaced by what it is.
fn shape(name: &str, text: &str) -> String {
    let path = RepoPath::new(name).unwrap();
    let contexts = Contexts::of(&path, Language::of(&path), text.as_bytes());
    let bytes = text.bytes().enumerate().map(|(at, byte)| {
        if byte == b'\n' {
            return '\n';
        }
        match contexts.at(u32::try_from(at).unwrap()) {
            Context::Code => char::from(byte),
            Context::Comment => '#',
            Context::String => '~',
            Context::Prose => '%',
        }
    });
    bytes.collect()
}

fn check(name: &str, cases: &[(&str, &str)]) {
    for (text, want) in cases {
        assert_eq!(shape(name, text), *want, "{name}: {text}");
    }
}

#[test]
fn python() {
    check(
        "a.py",
        &[
            ("x = 'a' # b", "x = ~~~ ###"),
            ("x = \"it's\" + 'a\\'b'", "x = ~~~~~~ + ~~~~~~"),
            ("\"\"\"doc\n# no\"\"\"\ny", "~~~~~~\n~~~~~~~\ny"),
            ("f'{a}#' # c", "f~~~~~~ ###"),
            ("'open\nx # c", "'open\nx ###"),
            ("#!/usr/bin/python\nx", "#################\nx"),
        ],
    );
}

#[test]
fn javascript() {
    check(
        "a.ts",
        &[
            ("a // b\nc /* d\ne */ f", "a ####\nc ####\n#### f"),
            ("`a${b + `c${'}'}`}d` + e", "~~${b + ~~${~~~}~}~~ + e"),
            ("x = /['\"]/g.test(y) // c", "x = ~~~~~~g.test(y) ####"),
            ("a / b / c // d", "a / b / c ####"),
            ("return /a\\/b[/]/ // c", "return ~~~~~~~~~ ####"),
            ("f(a) / 2 /* c */ / 3", "f(a) / 2 ####### / 3"),
            ("<p>Don't</p> // x", "<p>Don't</p> ####"),
            ("const u = 'http://x' // c", "const u = ~~~~~~~~~~ ####"),
            ("`${{a: 1}.a}` // c", "~${{a: 1}.a}~ ####"),
        ],
    );
}

#[test]
fn java_kotlin_csharp_go() {
    check(
        "A.java",
        &[(
            "\"\"\"\n a \"b\" // \n\"\"\" + '\\'' // c",
            "~~~\n~~~~~~~~~~\n~~~ + ~~~~ ####",
        )],
    );
    check(
        "a.kt",
        &[
            ("/* a /* b */ c */ d", "################# d"),
            ("\"a ${f(\"b}\")} c\" // d", "~~~${f(~~~~)}~~~ ####"),
            ("\"\"\"\\\"\"\" // c", "~~~~~~~ ####"),
        ],
    );
    check(
        "a.cs",
        &[
            ("@\"C:\\\" // c", "@~~~~~ ####"),
            ("$\"a{x[\"k\"]}{{b\" // c", "$~~{x[~~~]}~~~~ ####"),
            ("\"\"\"a\"b\"\"\" // c", "~~~~~~~~~ ####"),
            ("@\"a\"\"b\" + 'x'", "@~~~~~~ + ~~~"),
        ],
    );
    check(
        "a.go",
        &[(
            "x := `a\\` + \"b\\\"\" + '\"' // c",
            "x := ~~~~ + ~~~~~ + ~~~ ####",
        )],
    );
}

#[test]
fn rust_cpp_swift_dart() {
    check(
        "a.rs",
        &[
            (
                "r#\"a\"b\"# /* /* */ */ 'a' &'a x '\\''",
                "r#~~~~~~ ########### ~~~ &'a x ~~~~",
            ),
            ("b\"x\" // c", "b~~~ ####"),
        ],
    );
    check(
        "a.cpp",
        &[(
            "R\"x(a)\" )x\" // c\n1'000 'a'",
            "R~~~~~~~~~~ ####\n1'000 ~~~",
        )],
    );
    check(
        "a.swift",
        &[(
            "#\"a\"b\"# \"x\\(y(\"z\"))\" // c",
            "#~~~~~~ ~~\\(y(~~~))~ ####",
        )],
    );
    check(
        "a.dart",
        &[("r'\\' '${a['b']}' // c", "r~~~ ~${a[~~~]}~ ####")],
    );
}

#[test]
fn php_and_ruby() {
    check(
        "a.php",
        &[
            (
                "<b>it's</b><?php $a = 'x'; // c ?>ok <?= $b ?>",
                "%%%%%%%%%%%<?php $a = ~~~; #####?>%%%<?= $b ?>",
            ),
            (
                "<?php #[A]\n# c\n$x = <<<EOT\n a 'b\n  EOT . 'z';",
                "<?php #[A]\n###\n$x = <<<EOT\n~~~~~\n  EOT . ~~~;",
            ),
        ],
    );
    check(
        "a.rb",
        &[
            ("x = \"a#{b[\"c\"]}d\" # e", "x = ~~#{b[~~~]}~~ ###"),
            ("=begin\nx\n=end\ny", "######\n#\n####\ny"),
            (
                "q = <<~SQL\n  don't\n  SQL\nx # c",
                "q = <<~SQL\n~~~~~~~\n  SQL\nx ###",
            ),
            ("a = %w[x 'y] # c", "a = ~~~~~~~~ ###"),
            ("a << b # c", "a << b ###"),
            ("x =~ /a#'/ # c", "x =~ ~~~~~ ###"),
        ],
    );
}

#[test]
fn shell_and_sql() {
    check(
        "a.sh",
        &[
            ("echo \"a $(b \"c\") d\" # e", "echo ~~~$(b ~~~)~~~ ###"),
            (
                "cat <<'EOF'\nit's # x\nEOF\ny # c",
                "cat <<'EOF'\n~~~~~~~~\nEOF\ny ###",
            ),
            ("n=$# x=${y#z} 'a\\' # c", "n=$# x=${y#z} ~~~~ ###"),
        ],
    );
    check(
        "a.sql",
        &[
            (
                "SELECT 'it''s' -- c\n/* d */",
                "SELECT ~~~~~~~ ####\n#######",
            ),
            ("('it\\'s', 'C:\\') -- c", "(~~~~~~~, ~~~~~) ####"),
        ],
    );
}

#[test]
fn configuration() {
    check(
        "a.yaml",
        &[
            (
                "a: 'x # y' # c\nb: don't # d\nc: a#b",
                "a: 'x # y' ###\nb: don't ###\nc: a#b",
            ),
            ("{{/* c */}}\na: \"#\"", "###########\na: \"#\""),
        ],
    );
    check(
        "a.json",
        &[("{\"u\": \"http://x\"} // c", "{\"u\": \"http://x\"} ####")],
    );
    check("a.toml", &[("a = \"#\" # c", "a = \"#\" ###")]);
    check(
        ".env.local",
        &[("A=\"x # y\" # c\n# d", "A=\"x # y\" ###\n###")],
    );
    check("a.ini", &[("a = b ; c\n; d", "a = b ; c\n###")]);
    check("Dockerfile.dev", &[("# a\nRUN x # b", "###\nRUN x # b")]);
    check(
        "a.tf",
        &[("a = \"${b(\"#\")}\" # c", "a = \"${b(\"#\")}\" ###")],
    );
    check("a.css", &[("a { b: 'c' } /* d */", "a { b: ~~~ } #######")]);
    check(
        "a.xml",
        &[("<a b=\"c\">d</a><!-- e -->", "<a b=\"c\">d</a>##########")],
    );
    check("requirements-dev.txt", &[("a==1 # b", "a==1 ###")]);
    check("a.unknown", &[("a # b", "a # b")]);
}

#[test]
fn prose_and_pages() {
    check("README.md", &[("a `b`", "%%%%%")]);
    check("LICENSE", &[("a", "%")]);
    check(
        "a.html",
        &[
            (
                "<p class=\"x\">it's</p><!-- c -->",
                "<p class=~~~>%%%%</p>##########",
            ),
            (
                "<script>let a = 'b' // c\n</script>x",
                "<script>let a = ~~~ ####\n</script>%",
            ),
            ("a {{ b }} {# c #} 1 < 2", "%%{{ b }}%#######%%%%%%"),
        ],
    );
    check(
        "a.vue",
        &[(
            "<b @click=\"f('x')\" id='y'>{{ z }}</b>",
            "<b @click=\"f('x')\" id=~~~>{{ z }}</b>",
        )],
    );
    check(
        "a.svelte",
        &[(
            "<b on:click={() => { f() }}>t {#if x}</b>",
            "<b on:click={() => { f() }}>%%{#if x}</b>",
        )],
    );
}

const NAMES: [&str; 30] = [
    "a.py",
    "a.ts",
    "a.java",
    "a.kt",
    "a.cs",
    "a.go",
    "a.rs",
    "a.cpp",
    "a.c",
    "a.swift",
    "a.dart",
    "a.php",
    "a.rb",
    "a.sh",
    "a.sql",
    "a.yaml",
    "a.json",
    "a.toml",
    ".env",
    "a.ini",
    "Dockerfile",
    "a.tf",
    "a.css",
    "a.xml",
    "a.html",
    "a.vue",
    "a.svelte",
    "a.lua",
    "a.ps1",
    "a.md",
];

proptest! {
    #[test]
    fn any_bytes_are_read(text in prop::collection::vec(prop_oneof![
        4 => prop::sample::select(b"\"'`#/*$(){}[]<>\\\n%=-!r@?RE ".to_vec()),
        1 => any::<u8>(),
    ], 0..200)) {
        for name in NAMES {
            let path = RepoPath::new(name).unwrap();
            let contexts = Contexts::of(&path, Language::of(&path), &text);
            contexts.at(u32::MAX);
            let mut last = 0;
            for (start, end, context) in &contexts.read.borrow().marks.0 {
                prop_assert!(last <= *start && start < end, "{name}");
                prop_assert!(*context != Context::Code);
                last = *end;
            }
            prop_assert!(last as usize <= text.len(), "{name}");
        }
    }
}

proptest! {
    #[test]
    fn it_is_the_same_in_whatever_order_it_is_asked(
        text in prop::collection::vec(
            prop::sample::select(b"\"'`#/*$(){}[]<>\\\n%=-!r@?RE aA".to_vec()), 1..200
        ),
        asked in prop::collection::vec(any::<prop::sample::Index>(), 1..20),
    ) {
        for name in NAMES {
            let path = RepoPath::new(name).unwrap();
            let of = || Contexts::of(&path, Language::of(&path), &text);
            let (whole, part) = (of(), of());
            whole.at(u32::MAX);
            for index in &asked {
                let at = u32::try_from(index.index(text.len())).unwrap();
                prop_assert_eq!(whole.at(at), part.at(at), "{} at {}", name, at);
            }
        }
    }
}

#[test]
fn hostile_text_is_read_in_one_pass() {
    let seeds = [
        "{", "'\"", "=/[", "<<X\n", "%w(", "\"${", "<a b='", "/*", "r#\"", "`${", "<!-", "{%",
        "'\\'", "<?",
    ];
    for seed in seeds {
        let text = seed.repeat(400_000 / seed.len());
        for name in NAMES {
            let path = RepoPath::new(name).unwrap();
            // A quadratic pass over any of these takes hours: the test would not end.
            let contexts = Contexts::of(&path, Language::of(&path), text.as_bytes());
            contexts.at(u32::MAX);
        }
    }
}
