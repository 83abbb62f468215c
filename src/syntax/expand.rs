//! Variables in text, as shells, Compose and Dockerfiles write them: `$NAME`, `${NAME}`,
//! `${NAME:-default}`. The process environment is never looked at.

/// Defaults inside defaults.
const DEPTH: u32 = 16;

/// How a literal dollar sign is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Escape {
    /// `$$`, as in Compose.
    Dollar,
    /// `\$`, as in Dockerfiles.
    Backslash,
}

/// The text with its variables replaced; `None` when it depends on a variable that `lookup` does
/// not know and that has no default.
pub(super) fn expand(
    text: &str,
    escape: Escape,
    lookup: &dyn Fn(&str) -> Option<String>,
) -> Option<String> {
    Expander { escape, lookup }.text(text, 0)
}

/// Is the value nothing but one reference to a variable without a default?
pub(super) fn is_reference(value: &str) -> bool {
    let value = value.trim();
    let name = |name: &str| {
        !name.is_empty()
            && name
                .chars()
                .all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '-'))
    };
    let braces = |open: &str| {
        value
            .strip_prefix(open)
            .and_then(|rest| rest.strip_suffix('}'))
    };
    match braces("${")
        .or_else(|| braces("#{"))
        .or_else(|| braces("%{"))
    {
        Some(inside) => name(inside),
        None => value.strip_prefix('$').is_some_and(|inside| {
            !inside.starts_with(|c: char| c.is_ascii_digit())
                && name(inside)
                && inside == inside.to_uppercase()
        }),
    }
}

struct Expander<'l> {
    escape: Escape,
    lookup: &'l dyn Fn(&str) -> Option<String>,
}

impl Expander<'_> {
    fn text(&self, text: &str, depth: u32) -> Option<String> {
        if depth > DEPTH {
            return None;
        }
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find(['$', '\\']) {
            out.push_str(rest.get(..at)?);
            rest = rest.get(at..)?;
            if let Some(after) = rest.strip_prefix('\\') {
                let escaped = after
                    .strip_prefix('$')
                    .filter(|_| self.escape == Escape::Backslash);
                out.push(if escaped.is_some() { '$' } else { '\\' });
                rest = escaped.unwrap_or(after);
            } else if let Some(after) = rest
                .strip_prefix("$$")
                .filter(|_| self.escape == Escape::Dollar)
            {
                out.push('$');
                rest = after;
            } else {
                rest = self.variable(rest.get(1..)?, &mut out, depth)?;
            }
        }
        out.push_str(rest);
        Some(out)
    }

    /// Replaces the variable at the beginning of `rest`, which follows a dollar sign.
    fn variable<'t>(&self, rest: &'t str, out: &mut String, depth: u32) -> Option<&'t str> {
        if let Some(inside) = rest.strip_prefix('{') {
            let end = closing_brace(inside)?;
            out.push_str(&self.braced(inside.get(..end)?, depth)?);
            return inside.get(end + 1..);
        }
        let (name, after) = split_name(rest);
        if name.is_empty() {
            out.push('$');
            return Some(after);
        }
        out.push_str(&(self.lookup)(name)?);
        Some(after)
    }

    fn braced(&self, inside: &str, depth: u32) -> Option<String> {
        let (name, operator) = split_name(inside);
        if name.is_empty() {
            return None;
        }
        let value = (self.lookup)(name);
        let filled = value.clone().filter(|value| !value.is_empty());
        if operator.is_empty() || operator.starts_with('?') {
            value
        } else if operator.starts_with(":?") {
            filled
        } else if let Some(default) = operator.strip_prefix(":-") {
            filled.or_else(|| self.text(default, depth + 1))
        } else if let Some(default) = operator.strip_prefix('-') {
            value.or_else(|| self.text(default, depth + 1))
        } else if let Some(instead) = operator.strip_prefix(":+") {
            filled.and_then(|_| self.text(instead, depth + 1))
        } else {
            let instead = operator.strip_prefix('+')?;
            value.and_then(|_| self.text(instead, depth + 1))
        }
    }
}

fn split_name(text: &str) -> (&str, &str) {
    let valid = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let end = text.find(|c| !valid(c)).unwrap_or(text.len());
    let end = if text.starts_with(|c: char| c.is_ascii_digit()) {
        0
    } else {
        end
    };
    text.split_at(end)
}

/// Where the brace closes that was opened before `inside`.
fn closing_brace(inside: &str) -> Option<usize> {
    let mut depth = 0u32;
    let mut dollar = false;
    for (at, c) in inside.char_indices() {
        match c {
            '{' if dollar => depth += 1,
            '}' if depth == 0 => return Some(at),
            '}' => depth -= 1,
            _ => {}
        }
        dollar = c == '$';
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_take_known_values_and_defaults() {
        let lookup = |name: &str| (name == "A").then(|| "1".to_owned());
        for (text, want) in [
            ("plain", Some("plain")),
            ("$A-${A}", Some("1-1")),
            ("${B:-x}", Some("x")),
            ("${B-}", Some("")),
            ("${B:-${C:-y}}z", Some("yz")),
            ("${A:+set}", Some("set")),
            ("${B:?required}", None),
            ("$B", None),
            ("cost $5 $", Some("cost $5 $")),
            ("${", None),
        ] {
            assert_eq!(
                expand(text, Escape::Dollar, &lookup).as_deref(),
                want,
                "{text}"
            );
        }
        assert_eq!(
            expand("$$A", Escape::Dollar, &lookup).as_deref(),
            Some("$A")
        );
        assert_eq!(
            expand(r"\$A \n", Escape::Backslash, &lookup).as_deref(),
            Some(r"$A \n")
        );
    }

    #[test]
    fn deep_defaults_end() {
        let text = format!("{}x{}", "${A:-".repeat(5000), "}".repeat(5000));
        assert_eq!(expand(&text, Escape::Dollar, &|_| None), None);
    }
}
