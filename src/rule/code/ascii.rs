//! The regexes of ast-grep rules, with `\w`, `\d`, `\s` and `\b` for ASCII: as in `text` matchers,
//! and many times smaller when compiled than the classes of Unicode.

use serde_json::Value;

/// Rewrites every regex in a rule.
pub(super) fn in_rule(rule: &mut Value) {
    match rule {
        Value::Object(entries) => {
            for (key, value) in entries {
                match value {
                    Value::String(regex) if key == "regex" => *regex = rewritten(regex),
                    value => in_rule(value),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(in_rule),
        _ => {}
    }
}

fn rewritten(regex: &str) -> String {
    let mut out = String::with_capacity(regex.len() * 2);
    let mut chars = regex.chars().peekable();
    // Classes may stand in classes.
    let mut depth = 0_usize;
    while let Some(next) = chars.next() {
        match next {
            '\\' => match (chars.next(), depth) {
                (Some('w'), 0) => out.push_str("[0-9A-Za-z_]"),
                (Some('w'), _) => out.push_str("0-9A-Za-z_"),
                (Some('d'), 0) => out.push_str("[0-9]"),
                (Some('d'), _) => out.push_str("0-9"),
                (Some('s'), 0) => out.push_str(r"[\t-\r\x20]"),
                (Some('s'), _) => out.push_str(r"\t-\r\x20"),
                (Some('b'), 0) => out.push_str(r"(?-u:\b)"),
                (other, _) => {
                    out.push('\\');
                    out.extend(other);
                }
            },
            '[' => {
                depth += 1;
                out.push('[');
                if chars.peek() == Some(&'^') {
                    out.extend(chars.next());
                }
                // A bracket that closes nothing stands for itself.
                if chars.peek() == Some(&']') {
                    chars.next();
                    out.push_str(r"\]");
                }
            }
            ']' => {
                depth = depth.saturating_sub(1);
                out.push(']');
            }
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use regex::Regex;
    use serde_json::json;

    #[test]
    fn a_rewritten_regex_matches_the_same_ascii() {
        let texts = [
            "",
            "a",
            "_",
            "9",
            " ",
            "\t",
            "\n",
            "\u{b}",
            "]",
            "[",
            "^",
            "-",
            "w",
            "b",
            "a b",
            "a.b",
            "get(x)",
            "x\\w",
            "patient_id = 5",
            "(log)",
            "a]b",
            "foo-bar",
        ];
        for regex in [
            r"^\w+$",
            r"\bget\(",
            r"^[\w.-]+$",
            r"[^\s\d]",
            r"\S\W\D",
            r"^[]a]$",
            r"^[^]\w]$",
            r"^[a-z&&[^b]\d]$",
            r"(?x) ^ [\w \s] + $ # words",
            r"\\w",
            r"\[\w\]",
            r"^\d+|\Bb",
            r"\x5f\s*=",
        ] {
            let (old, new) = (
                Regex::new(regex).unwrap(),
                Regex::new(&rewritten(regex)).unwrap(),
            );
            for text in texts {
                assert_eq!(
                    old.is_match(text),
                    new.is_match(text),
                    "{regex} in {text:?}"
                );
            }
        }
    }

    #[test]
    fn only_regexes_are_rewritten() {
        let mut rule =
            json!({"any": [{"kind": r"\w"}, {"has": {"regex": r"\d"}}], "pattern": r"\s"});
        in_rule(&mut rule);
        let want = json!({"any": [{"kind": r"\w"}, {"has": {"regex": "[0-9]"}}], "pattern": r"\s"});
        assert_eq!(rule, want);
    }
}
