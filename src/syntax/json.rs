//! JSON into the arena, with the comments and trailing commas that editors and compilers accept.

use super::bounds::{self, Unparsed};
use super::{Document, NodeId, NodeKind, scalar};
use crate::model::Span;
use jsonc_parser::ast::{ObjectPropName, Value};
use jsonc_parser::common::Range;
use jsonc_parser::errors::ParseErrorKind;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use std::sync::Arc;

/// Reads one JSON document; an empty text has none. `loose` allows what JSON5 allows.
pub(super) fn parse(text: &str, loose: bool) -> Result<Document, Unparsed> {
    bounds::check_brackets(text)?;
    let options = ParseOptions {
        allow_comments: true,
        allow_trailing_commas: true,
        allow_loose_object_property_names: loose,
        allow_missing_commas: false,
        allow_single_quoted_strings: loose,
        allow_hexadecimal_numbers: loose,
        allow_unary_plus_numbers: loose,
        allow_bare_decimal_point_numbers: loose,
        allow_non_finite_numbers: loose,
        allow_extended_string_escapes: loose,
    };
    let parsed = parse_to_ast(text, &CollectOptions::default(), &options).map_err(|error| {
        match error.kind() {
            ParseErrorKind::NestingDepthExceeded => bounds::too_deep(),
            _ => bounds::malformed("JSON", text, error.range().start),
        }
    })?;
    let mut document = Document::default();
    if let Some(value) = &parsed.value {
        let (kind, raw, span) = shell(value);
        let root = document.push(kind, span, None);
        document.roots.push(root);
        document.raw.extend(raw.map(|raw| (root, raw)));
        fill(&mut document, value, root);
    }
    Ok(document)
}

/// Adds what is inside a collection. Recursion is bounded by the bracket check before parsing.
fn fill(document: &mut Document, value: &Value<'_>, id: NodeId) {
    match value {
        Value::Array(array) => {
            for item in &array.elements {
                let (kind, raw, span) = shell(item);
                let child = document.append(id, kind, span);
                document.raw.extend(raw.map(|raw| (child, raw)));
                fill(document, item, child);
            }
        }
        Value::Object(object) => {
            for property in &object.properties {
                let key = match &property.name {
                    ObjectPropName::String(name) => (&*name.value, span(name.range)),
                    ObjectPropName::Word(name) => (name.value, span(name.range)),
                };
                let (kind, raw, span) = shell(&property.value);
                let child = document.insert(id, key, kind, span);
                document.raw.extend(raw.map(|raw| (child, raw)));
                fill(document, &property.value, child);
            }
        }
        _ => {}
    }
}

/// A value without what is inside it.
fn shell(value: &Value<'_>) -> (NodeKind, Option<Arc<str>>, Span) {
    match value {
        Value::StringLit(string) => (
            NodeKind::Str((*string.value).into()),
            None,
            span(string.range),
        ),
        Value::NumberLit(number) => {
            let scalar = scalar::number(number.value).unwrap_or_else(|| NodeKind::Unknown.into());
            (scalar.kind, scalar.raw, span(number.range))
        }
        Value::BooleanLit(boolean) => (NodeKind::Bool(boolean.value), None, span(boolean.range)),
        Value::NullKeyword(null) => (NodeKind::Null, None, span(null.range)),
        Value::Array(array) => (NodeKind::List(Vec::new()), None, span(array.range)),
        Value::Object(object) => (NodeKind::Map(Vec::new()), None, span(object.range)),
    }
}

fn span(range: Range) -> Span {
    Span::new(range.start, range.end)
}

#[cfg(test)]
mod tests {
    use crate::model::{RepoPath, SkipReason};
    use crate::syntax::{Document, Format, Selector, Unparsed, parse};

    fn read(text: &str) -> Result<Document, Unparsed> {
        parse(Format::Json, &RepoPath::new("a.json").unwrap(), text)
    }

    #[test]
    fn comments_and_trailing_commas_are_allowed() {
        let text =
            "// c\n{\"a\": [1, 2.50, -3e2, true,], /* c */ \"b\": null, \"b\": \"\\u00e9\"}\n";
        let document = read(text).unwrap();
        let want = r#"{"a":[1,2.5,-300.0,true],"b":"é"}"#;
        assert_eq!(document.value(document.roots[0], 99).display(), want);
        let hit = &Selector::compile("$.a[1]").unwrap().select(&document)[0];
        assert_eq!(document.raw_text(hit.node), Some("2.50"));
        assert!(read("").unwrap().roots.is_empty());
    }

    #[test]
    fn places_are_exact() {
        let text = "\u{feff}{\r\n  \"é\": 1,\r\n  \"scripts\": {\r\n    \"a\": \"b\"\r\n  }\r\n}";
        let document = read(text).unwrap();
        let place = |path: &str| {
            let hit = &Selector::compile(path).unwrap().select(&document)[0];
            text.get(hit.hit_span(&document).range()).unwrap()
        };
        assert_eq!(place("$['é']"), "\"é\": 1");
        assert_eq!(place("$.scripts"), "\"scripts\": {");
        assert_eq!(place("$.scripts.a"), "\"a\": \"b\"");
    }

    #[test]
    fn merge_keys_are_yaml_only() {
        let document = read(r#"{"a": {"<<": {"x": 1}}}"#).unwrap();
        assert_eq!(
            Selector::compile("$.a['<<'].x")
                .unwrap()
                .select(&document)
                .len(),
            1
        );
        assert_eq!(
            Selector::compile("$.a.x").unwrap().select(&document).len(),
            0
        );
    }

    #[test]
    fn broken_and_hostile_files_are_refused() {
        for (text, reason) in [
            ("{\"a\": }".to_owned(), SkipReason::Malformed),
            ("{\"a\": 1 \"b\": 2}".to_owned(), SkipReason::Malformed),
            ("{} {}".to_owned(), SkipReason::Malformed),
            ("hello".to_owned(), SkipReason::Malformed),
            ("[".repeat(100_000), SkipReason::TooDeep),
            ("{\"a\":".repeat(100_000), SkipReason::TooDeep),
        ] {
            assert_eq!(read(&text).unwrap_err().reason, reason);
        }
        assert_eq!(
            read("{\n\"secret\": x}").unwrap_err().detail,
            "not valid JSON at line 2"
        );
    }
}
