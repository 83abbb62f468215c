//! What a plain scalar means: the core schema of YAML 1.2, which is also right for JSON.

use super::NodeKind;
use std::sync::Arc;

/// A number that reads differently when written back keeps its text beside it.
pub(super) struct Scalar {
    pub(super) kind: NodeKind,
    pub(super) raw: Option<Arc<str>>,
}

impl From<NodeKind> for Scalar {
    fn from(kind: NodeKind) -> Self {
        Self { kind, raw: None }
    }
}

/// Resolves an unquoted scalar. `on`, `yes` and `no` are text, as YAML 1.2 has it.
pub(super) fn plain(text: &str) -> Scalar {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => NodeKind::Null.into(),
        "true" | "True" | "TRUE" => NodeKind::Bool(true).into(),
        "false" | "False" | "FALSE" => NodeKind::Bool(false).into(),
        _ => number(text).unwrap_or_else(|| NodeKind::Str(text.into()).into()),
    }
}

/// Resolves a number; `None` when the text is none.
pub(super) fn number(text: &str) -> Option<Scalar> {
    let kind = whole(text).or_else(|| decimal(text))?;
    let canonical = match kind {
        NodeKind::Int(value) => value.to_string(),
        NodeKind::Float(value) => value.to_string(),
        _ => return Some(kind.into()),
    };
    let raw = (canonical != text).then(|| Arc::from(text));
    Some(Scalar { kind, raw })
}

fn whole(text: &str) -> Option<NodeKind> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        // A number that no machine word holds is still a number.
        return text
            .parse()
            .map(NodeKind::Int)
            .ok()
            .or_else(|| text.parse().map(NodeKind::Float).ok());
    }
    let radix = |prefix: &str, radix| {
        let digits = text
            .strip_prefix(prefix)
            .filter(|digits| !digits.starts_with(['+', '-']))?;
        i64::from_str_radix(digits, radix).ok().map(NodeKind::Int)
    };
    radix("0x", 16).or_else(|| radix("0o", 8))
}

fn decimal(text: &str) -> Option<NodeKind> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    match unsigned {
        ".inf" | ".Inf" | ".INF" => {
            let sign = if text.starts_with('-') { -1.0 } else { 1.0 };
            return Some(NodeKind::Float(f64::INFINITY * sign));
        }
        ".nan" | ".NaN" | ".NAN" => return (unsigned == text).then_some(NodeKind::Float(f64::NAN)),
        _ => {}
    }
    // Rust also reads `inf`, `nan` and `infinity`; YAML does not.
    let starts = unsigned.starts_with(|first: char| first.is_ascii_digit())
        || unsigned
            .strip_prefix('.')
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    if !starts
        || !unsigned
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-'))
    {
        return None;
    }
    text.parse().ok().map(NodeKind::Float)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_scalars_follow_the_core_schema() {
        let text = |text: &str| NodeKind::Str(text.into());
        for (scalar, want) in [
            ("", NodeKind::Null),
            ("~", NodeKind::Null),
            ("yes", text("yes")),
            ("on", text("on")),
            ("True", NodeKind::Bool(true)),
            ("012", NodeKind::Int(12)),
            ("0o17", NodeKind::Int(15)),
            ("0x1F", NodeKind::Int(31)),
            ("-7", NodeKind::Int(-7)),
            ("1.10", NodeKind::Float(1.1)),
            (".5", NodeKind::Float(0.5)),
            ("1e3", NodeKind::Float(1000.0)),
            ("1.2.3", text("1.2.3")),
            ("1-2", text("1-2")),
            ("22:22", text("22:22")),
            ("inf", text("inf")),
            ("0x-1", text("0x-1")),
            ("-", text("-")),
            (
                "99999999999999999999",
                NodeKind::Float(99_999_999_999_999_999_999.0),
            ),
        ] {
            assert_eq!(plain(scalar).kind, want, "{scalar}");
        }
    }

    #[test]
    fn numbers_keep_their_text_where_it_would_be_lost() {
        for (scalar, want) in [
            ("1.10", Some("1.10")),
            ("1.5", None),
            ("16", None),
            ("0644", Some("0644")),
        ] {
            assert_eq!(plain(scalar).raw.as_deref(), want, "{scalar}");
        }
    }
}
