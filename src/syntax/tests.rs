//! What holds for every format.

use super::{Document, Format, NodeKind, Selector, Unparsed, parse};
use crate::model::RepoPath;
use proptest::prelude::*;

const SAMPLES: [(Format, &str, &str); 11] = [
    (
        Format::Yaml,
        "a.yaml",
        "# é\na: &x {b: [1, 'é'], <<: *x}\nc: |\n  é\n  d\n? [e]\n: \"\\u00e9\"\n---\n- !t é\n- ~\n",
    ),
    (
        Format::Yaml,
        "templates/a.yaml",
        "é: {{ .é }}\n{{- if .é }}\nb:\n  {{- toYaml .é | nindent 2 }}\n{{- end }}\nc: \"{{ d }}é\"\n",
    ),
    (
        Format::Compose,
        "compose.yaml",
        "services:\n  é: {image: \"${É:-é}\", ports: [$P, $$]}\n  b: {extends: é}\n",
    ),
    (
        Format::Json,
        "a.json",
        "{\"é\": [1.50, true, null, \"\\u00e9\"], // é\n \"b\": {},}\n",
    ),
    (
        Format::Toml,
        "a.toml",
        "'é' = 'é'\n[a.b]\nc = [1, {d = 2.5}] # é\n[[e]]\nf = 1979-05-27\n",
    ),
    (
        Format::Hcl,
        "a.tf",
        "# é\nb \"é\" {\n  a = \"é${é}\"\n  c = <<-E\n    é\n  E\n  d { e = [1, {f = -2}] }\n}\n",
    ),
    (
        Format::Bicep,
        "a.bicep",
        "// é\nparam e string = 'é'\nresource r 'é@1' = {\n  a: 'é${e}'\n  b: [{ c: -1 }, 'é']\n}\n",
    ),
    (
        Format::Xml,
        "a.xml",
        "<?xml version='1.0'?><!-- é --><é a=\"é\">é<b/><b>&#xe9;</b><![CDATA[é]]></é>\n",
    ),
    (
        Format::Dockerfile,
        "Dockerfile",
        "# escape=`\nARG É=é\nFROM x:$É AS é\nRUN <<E é\né\nE\nENV a `\n  é\nCMD [\"é\", \"\\u00e9\"]\n",
    ),
    (
        Format::Env,
        ".env",
        "# é\nexport A='é' # é\nB=\"é\né\"\nC=${É}\n",
    ),
    (Format::Ini, "a.ini", "é = é ; é\n[é]\né: é\n  é\n"),
];

fn read(format: Format, path: &str, text: &str) -> Result<Document, Unparsed> {
    parse(format, &RepoPath::new(path).unwrap(), text)
}

/// Every place lies in the text, at whole characters; every child exists.
fn check(text: &str, document: &Document) {
    for node in &document.nodes {
        assert!(
            text.get(node.span.range()).is_some(),
            "{:?} in {text:?}",
            node.span
        );
    }
    let all = Selector::compile("$..*").unwrap().select(document);
    for hit in &all {
        assert!(text.get(hit.hit_span(document).range()).is_some());
    }
    for root in &document.roots {
        let _ = document.value(*root, 10_000);
    }
    for node in &document.nodes {
        let children: Vec<_> = match &node.kind {
            NodeKind::List(items) => items.clone(),
            NodeKind::Map(entries) => entries
                .iter()
                .flat_map(|(key, value)| [*key, *value])
                .collect(),
            NodeKind::Alias(target) => vec![*target],
            _ => Vec::new(),
        };
        assert!(
            children
                .iter()
                .all(|child| (*child as usize) < document.nodes.len())
        );
    }
}

#[test]
fn every_beginning_of_a_file_is_read_or_refused() {
    for (format, path, sample) in SAMPLES {
        for text in [
            sample.to_owned(),
            format!("\u{feff}{}", sample.replace('\n', "\r\n")),
        ] {
            let whole =
                read(format, path, &text).unwrap_or_else(|error| panic!("{format}: {error}"));
            assert!(whole.errors.is_empty(), "{format}: {:?}", whole.errors);
            for end in (0..text.len()).filter(|end| text.is_char_boundary(*end)) {
                let (begin, rest) = text.split_at(end);
                for part in [begin, rest] {
                    if let Ok(document) = read(format, path, part) {
                        check(part, &document);
                    }
                }
            }
        }
    }
}

#[test]
fn messages_quote_nothing() {
    for (format, path, sample) in SAMPLES {
        for end in (0..sample.len()).filter(|end| sample.is_char_boundary(*end)) {
            let messages = match read(format, path, sample.split_at(end).0) {
                Ok(document) => document
                    .errors
                    .into_iter()
                    .map(|(_, message)| message)
                    .collect(),
                Err(unparsed) => vec![unparsed.detail],
            };
            assert!(
                messages.iter().all(|message| !message.contains('é')),
                "{messages:?}"
            );
        }
    }
}

proptest! {
    #[test]
    fn no_text_makes_a_reader_panic(
        text in "[\\[\\]{}<>()\"'`#&*!|:=,.$%\\\\/é\\-a-c0-2 \t\r\n]{0,120}",
        at in 0..SAMPLES.len(),
    ) {
        for (format, path, sample) in SAMPLES {
            let middle = sample.len() / 2;
            let middle = (middle..sample.len()).find(|at| sample.is_char_boundary(*at)).unwrap_or(0);
            let (begin, end) = sample.split_at(middle);
            for text in [text.clone(), format!("{begin}{text}{end}"), format!("{text}{}", SAMPLES[at].2)] {
                if let Ok(document) = read(format, path, &text) {
                    check(&text, &document);
                }
            }
        }
    }
}
