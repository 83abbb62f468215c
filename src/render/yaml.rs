//! The report as data in YAML: the same fields as JSON, in the same order.
//!
//! Written here and not by a library, because text from strangers needs its control, direction
//! and log-command characters escaped, and no library offers a say in how it quotes.

use super::{escape, json};
use crate::model::Report;
use serde_json::Value;
use std::io;

pub(super) fn render(report: &Report) -> io::Result<String> {
    let value = serde_json::to_value(json::v1::ReadinessReport::from(report))?;
    let mut out = String::new();
    block(&mut out, &value, 0);
    Ok(out)
}

/// Writes a collection over several lines, every line moved in by `depth` steps.
fn block(out: &mut String, value: &Value, depth: usize) {
    let indent = "  ".repeat(depth);
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                out.push_str(&format!("{indent}{}:", scalar(key)));
                after_key(out, value, depth);
            }
        }
        Value::Array(items) => {
            for item in items {
                out.push_str(&format!("{indent}-"));
                after_dash(out, item, depth);
            }
        }
        other => out.push_str(&format!("{indent}{}\n", flat(other))),
    }
}

fn after_key(out: &mut String, value: &Value, depth: usize) {
    if is_flat(value) {
        out.push_str(&format!(" {}\n", flat(value)));
    } else {
        out.push('\n');
        block(out, value, depth + 1);
    }
}

/// The first line of a collection stands beside its dash.
fn after_dash(out: &mut String, value: &Value, depth: usize) {
    if is_flat(value) {
        out.push_str(&format!(" {}\n", flat(value)));
        return;
    }
    let mut inner = String::new();
    block(&mut inner, value, depth + 1);
    out.push(' ');
    out.push_str(inner.trim_start());
}

fn is_flat(value: &Value) -> bool {
    match value {
        Value::Object(fields) => fields.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => true,
    }
}

fn flat(value: &Value) -> String {
    match value {
        Value::String(text) => scalar(text),
        Value::Object(_) => "{}".to_owned(),
        Value::Array(_) => "[]".to_owned(),
        other => other.to_string(),
    }
}

/// Text bare where nobody can take it for anything else, else between quotes.
fn scalar(text: &str) -> String {
    const RESERVED: [&str; 9] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    let first = text.starts_with(|c: char| c.is_ascii_alphabetic());
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '_' | '.' | '/' | '-');
    let reserved = RESERVED.iter().any(|word| word.eq_ignore_ascii_case(text));
    if first && text.chars().all(plain) && !text.ends_with(' ') && !reserved {
        return text.to_owned();
    }
    quoted(text)
}

/// JSON's quotes are YAML's, but for characters beyond sixteen bits.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        let one = Value::from(c.to_string()).to_string();
        let shown = escape::json(
            one.trim_start_matches('"')
                .strip_suffix('"')
                .unwrap_or(&one),
        );
        if c == '"' {
            out.push_str("\\\"");
        } else if c == '[' && out.ends_with("##") {
            out.push_str("\\u005b");
        } else if shown.starts_with("\\u") && u32::from(c) > 0xFFFF {
            out.push_str(&format!("\\U{:08x}", u32::from(c)));
        } else {
            out.push_str(&shown);
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn what_could_be_misread_is_quoted() {
        for (text, want) in [
            ("plain words", "plain words"),
            ("no", "\"no\""),
            ("0123", "\"0123\""),
            ("a: b", "\"a: b\""),
            ("say \"x\"", "\"say \\\"x\\\"\""),
            ("##[error]", "\"##\\u005berror]\""),
            ("\u{e0041}\u{202e}", "\"\\U000e0041\\u202e\""),
        ] {
            assert_eq!(scalar(text), want);
        }
    }

    #[test]
    fn collections_nest() {
        let mut out = String::new();
        block(
            &mut out,
            &json!({"a": [{"b": 1, "c": []}, "d"], "e": {}, "f": {"g": null}}),
            0,
        );
        assert_eq!(
            out,
            "a:\n  - b: 1\n    c: []\n  - d\ne: {}\nf:\n  g: null\n"
        );
    }

    proptest! {
        #[test]
        fn text_survives(text in any::<String>()) {
            let document = format!("{}: {}\n", scalar("key"), scalar(&text));
            let read: std::collections::BTreeMap<String, String> =
                serde_yaml::from_str(&document).unwrap();
            prop_assert_eq!(&read["key"], &text);
        }
    }
}
