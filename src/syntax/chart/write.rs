//! A value as the text that stands in place of a template.

use super::expression::{Form, Indent, Written, is_secret};
use crate::model::Value;

/// Stands for what nobody knows inside a value.
const UNKNOWN: &str = "{{ . }}";
/// Levels of a written value.
const DEPTH: u32 = 32;

/// What stands around a template.
pub(super) struct Around<'t> {
    /// What is written of its line.
    pub(super) line: &'t str,
    /// All that is written.
    pub(super) before: &'t str,
    /// The rest of its line.
    pub(super) after: &'t str,
}

/// The text for a value, where it can stand there.
pub(super) fn text(written: &Written, around: &Around<'_>) -> Option<String> {
    let value = &written.value;
    match (written.form, written.indent) {
        (Form::Data, Some(indent)) => block(value, indent, around),
        (Form::Data, None) => match value {
            Value::Map(entries) if !entries.is_empty() => None,
            Value::List(items) if !items.is_empty() => None,
            _ => Some(json(value)),
        },
        (_, Some(_)) => None,
        // A line that is nothing but text is a part of something else.
        _ if around.line.trim().is_empty() && around.after.trim().is_empty() => None,
        (Form::Quoted, None) => match value {
            Value::List(_) | Value::Map(_) => None,
            Value::Str(_) => Some(json(value)),
            other => Some(format!("\"{}\"", bare(other)?)),
        },
        (Form::Plain, None) => bare(value),
    }
}

/// A list or a mapping on lines of its own, so that it joins what stands there already.
fn block(value: &Value, indent: Indent, around: &Around<'_>) -> Option<String> {
    if !indent.breaks && !around.line.is_empty() || !around.after.trim().is_empty() {
        return None;
    }
    let lines: Vec<String> = match value {
        Value::Map(entries) if !entries.is_empty() => entries
            .iter()
            .map(|(key, value)| format!("{}: {}", quoted(key), member(key, value, 0)))
            .collect(),
        Value::List(items) if !items.is_empty() => items
            .iter()
            .map(|item| format!("- {}", member("", item, 0)))
            .collect(),
        Value::Unknown => return None,
        // Beside other entries nothing is added.
        Value::List(_) | Value::Map(_) if !around.before.trim_end().ends_with(':') => Vec::new(),
        other => vec![json(other)],
    };
    let margin = " ".repeat(indent.column);
    let mut out = String::new();
    for (index, line) in lines.iter().enumerate() {
        if indent.breaks || index > 0 {
            out.push('\n');
        }
        out.push_str(&margin);
        out.push_str(line);
    }
    Some(out)
}

/// A scalar without quotes, if it can stand so anywhere.
fn bare(value: &Value) -> Option<String> {
    match value {
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Int(number) => Some(number.to_string()),
        Value::Float(number) => Some(number.to_string()),
        Value::Str(text) => is_bare(text).then(|| text.to_string()),
        _ => None,
    }
}

fn is_bare(text: &str) -> bool {
    let harmless = |c: char| !c.is_control() && !"\"'\\{}".contains(c);
    text.chars().all(harmless)
        && !text.starts_with(|c: char| c.is_whitespace() || "-?:,[]#&*!|>%@`".contains(c))
        && !text.ends_with([':', ' '])
        && !text.contains(": ")
        && !text.contains(" #")
}

fn json(value: &Value) -> String {
    member("", value, 0)
}

/// The value under a key, in one line.
fn member(key: &str, value: &Value, depth: u32) -> String {
    if depth > DEPTH || is_secret(key, value) {
        return UNKNOWN.to_owned();
    }
    match value {
        Value::Null | Value::Unknown => UNKNOWN.to_owned(),
        Value::Str(text) if text.is_empty() || text.contains("{{") => UNKNOWN.to_owned(),
        Value::Str(text) => quoted(text),
        Value::Bool(truth) => truth.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::List(items) => {
            let items = items.iter().map(|item| member("", item, depth + 1));
            format!("[{}]", items.collect::<Vec<_>>().join(", "))
        }
        Value::Map(entries) => {
            // A variable is as secret as its name says.
            let name = value.get("name").and_then(Value::as_str);
            let entries = entries.iter().map(|(key, value)| {
                let told = name.filter(|_| &**key == "value").unwrap_or(key);
                format!("{}: {}", quoted(key), member(told, value, depth + 1))
            });
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
    }
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}
