//! The small languages of deployment: image references, environments, command lines.

use super::{Answer, Function, wants, words};
use crate::model::Value;
use crate::rule::expr::operate;
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "image",
        arity: 1,
        call: image,
    },
    Function {
        name: "env_map",
        arity: 1,
        call: env_map,
    },
    Function {
        name: "shell",
        arity: 1,
        call: |a| argv(a.first().unwrap_or(&Value::Null)).map(Value::list),
    },
    Function {
        name: "flag",
        arity: 2,
        call: flag,
    },
];

/// `{registry, name, tag, digest}` of an image reference, parts that are not written empty; null
/// when the text is no reference.
fn image(arguments: &[Value]) -> Answer {
    let reference = words(arguments, 0)?.trim();
    let allowed = |c: char| c.is_ascii_alphanumeric() || "._-/:@+".contains(c);
    if reference.is_empty() || !reference.chars().all(allowed) {
        return Ok(Value::Null);
    }
    let (rest, digest) = reference.split_once('@').unwrap_or((reference, ""));
    let (rest, tag) = rest
        .rsplit_once(':')
        .filter(|(_, tag)| !tag.contains('/'))
        .unwrap_or((rest, ""));
    let (registry, name) = rest
        .split_once('/')
        .filter(|(host, _)| host.contains(['.', ':']) || *host == "localhost")
        .unwrap_or(("", rest));
    if name.is_empty() {
        return Ok(Value::Null);
    }
    let parts = [
        ("registry", registry),
        ("name", name),
        ("tag", tag),
        ("digest", digest),
    ];
    Ok(Value::map(
        parts.map(|(key, part)| (key, Value::from(part))),
    ))
}

/// The environment of Compose or Kubernetes as a mapping to text. A key without a value is null;
/// a value from somewhere else is `Unknown`.
fn env_map(arguments: &[Value]) -> Answer {
    let mut variables: BTreeMap<Arc<str>, Value> = BTreeMap::new();
    match arguments.first() {
        Some(Value::Null) => {}
        Some(Value::Map(entries)) => {
            variables.extend(
                entries
                    .iter()
                    .map(|(key, value)| (Arc::clone(key), written(value))),
            );
        }
        Some(Value::List(items)) => {
            for item in items.iter() {
                match variable(item)? {
                    Some((key, value)) => variables.insert(key, value),
                    // Any variable may hide behind an unknown item.
                    None => return Ok(Value::Unknown),
                };
            }
        }
        other => return Err(wants("an environment as a list or a mapping", other)),
    }
    Ok(Value::Map(Arc::new(variables)))
}

/// One item of an environment in list form; nothing when its name is unknown.
fn variable(item: &Value) -> Result<Option<(Arc<str>, Value)>, String> {
    match item {
        Value::Unknown => Ok(None),
        Value::Str(text) => Ok(Some(match text.split_once('=') {
            Some((key, value)) => (key.into(), value.into()),
            None => (Arc::clone(text), Value::Null),
        })),
        Value::Map(entry) => match (entry.get("name"), entry.get("value")) {
            (Some(Value::Str(name)), Some(value)) => Ok(Some((Arc::clone(name), written(value)))),
            (Some(Value::Str(name)), None) if entry.contains_key("valueFrom") => {
                Ok(Some((Arc::clone(name), Value::Unknown)))
            }
            (Some(Value::Str(name)), None) => Ok(Some((Arc::clone(name), "".into()))),
            (Some(Value::Unknown), _) => Ok(None),
            _ => Err(wants("variables with a `name`", Some(item))),
        },
        other => Err(wants("`KEY=VALUE` or `{name, value}`", Some(other))),
    }
}

/// A scalar as the text that a process sees; everything else as it is.
fn written(value: &Value) -> Value {
    operate::text(value).map_or_else(|| value.clone(), Value::Str)
}

/// The words of a command, in list form or as a line for a shell.
fn argv(command: &Value) -> Result<Vec<Value>, String> {
    match command {
        Value::Null => Ok(Vec::new()),
        Value::Str(line) => Ok(shell_words(line).into_iter().map(Value::from).collect()),
        Value::List(items) => Ok(items.iter().map(written).collect()),
        other => Err(wants("a command as text or a list", Some(other))),
    }
}

/// Splits as a POSIX shell does, without expanding anything. Operators are words of their own; a
/// quote that does not end runs to the end.
fn shell_words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut rest = line.chars().peekable();
    while let Some(character) = rest.next() {
        let redirects = word.as_ref().is_some_and(|word| word.ends_with(['>', '<']));
        match character {
            '\'' => word
                .get_or_insert_default()
                .extend(rest.by_ref().take_while(|next| *next != '\'')),
            '"' => quoted(&mut rest, word.get_or_insert_default()),
            '\\' => {
                if let Some(next) = rest.next().filter(|next| *next != '\n') {
                    word.get_or_insert_default().push(next);
                }
            }
            ';' | '|' => {
                words.extend(word.take());
                words.push(operator(character, &mut rest));
            }
            '&' if !redirects => {
                words.extend(word.take());
                words.push(operator(character, &mut rest));
            }
            blank if blank.is_whitespace() => words.extend(word.take()),
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    words
}

type Characters<'a> = std::iter::Peekable<std::str::Chars<'a>>;

/// The rest of a text in double quotes.
fn quoted(rest: &mut Characters<'_>, word: &mut String) {
    while let Some(character) = rest.next().filter(|character| *character != '"') {
        match character {
            '\\' if rest.peek().is_some_and(|next| "\"\\$`\n".contains(*next)) => {
                word.extend(rest.next().filter(|next| *next != '\n'));
            }
            other => word.push(other),
        }
    }
}

/// An operator, doubled or not.
fn operator(first: char, rest: &mut Characters<'_>) -> String {
    let mut operator = first.to_string();
    operator.extend(rest.next_if_eq(&first));
    operator
}

/// The value of an option in a command: `--name=v`, `--name v`, and `-n5` for short ones; empty text
/// when it has none, null when the option is absent.
fn flag(arguments: &[Value]) -> Answer {
    let words_of_command = argv(arguments.first().unwrap_or(&Value::Null))?;
    let name = words(arguments, 1)?;
    let short = name.len() == 2 && !name.starts_with("--");
    let mut unknown = false;
    for (at, word) in words_of_command.iter().enumerate() {
        let Some(text) = word.as_str() else {
            unknown |= *word == Value::Unknown;
            continue;
        };
        let Some(rest) = text.strip_prefix(name) else {
            continue;
        };
        if let Some(value) = rest.strip_prefix('=') {
            return Ok(value.into());
        }
        if rest.is_empty() {
            return Ok(match words_of_command.get(at + 1) {
                Some(Value::Str(next)) if !next.starts_with('-') => next.as_ref().into(),
                Some(Value::Unknown) => Value::Unknown,
                _ => "".into(),
            });
        }
        if short {
            return Ok(rest.into());
        }
    }
    Ok(if unknown { Value::Unknown } else { Value::Null })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn image_references_have_four_parts() {
        for (reference, parts) in [
            ("postgres", ["", "postgres", "", ""]),
            ("postgres:16-alpine", ["", "postgres", "16-alpine", ""]),
            ("clinic/api:1.4.2", ["", "clinic/api", "1.4.2", ""]),
            (
                "ghcr.io/clinic/api@sha256:ab",
                ["ghcr.io", "clinic/api", "", "sha256:ab"],
            ),
            (
                "localhost:5000/api:dev",
                ["localhost:5000", "api", "dev", ""],
            ),
            ("localhost/api", ["localhost", "api", "", ""]),
            (
                "r.io:443/a/b/c:1@sha256:cd",
                ["r.io:443", "a/b/c", "1", "sha256:cd"],
            ),
        ] {
            let image = image(&[reference.into()]).unwrap();
            let found = ["registry", "name", "tag", "digest"]
                .map(|key| image.get(key).unwrap().as_str().unwrap().to_owned());
            assert_eq!(found, parts, "{reference}");
        }
        for wrong in ["", "a b", "${IMAGE}", "{{ .image }}", ":tag", "x.io/"] {
            assert_eq!(image(&[wrong.into()]), Ok(Value::Null), "{wrong}");
        }
    }

    #[test]
    fn environments_become_mappings() {
        let named = |name: &str, key: &str, value: Value| {
            Value::map([("name", Value::from(name)), (key, value)])
        };
        let list = Value::list([
            "A=1=2".into(),
            "B".into(),
            "C=".into(),
            named("D", "value", Value::Int(5432)),
            named(
                "E",
                "valueFrom",
                Value::map([("secretKeyRef", Value::Null)]),
            ),
            Value::map([("name", "F")].map(|(key, value)| (key, Value::from(value)))),
        ]);
        let expected = Value::map([
            ("A", "1=2".into()),
            ("B", Value::Null),
            ("C", "".into()),
            ("D", "5432".into()),
            ("E", Value::Unknown),
            ("F", "".into()),
        ]);
        assert_eq!(env_map(&[list]), Ok(expected));
        let map = Value::map([
            ("PORT", Value::Int(80)),
            ("DEBUG", true.into()),
            ("X", Value::Null),
            ("Y", Value::Unknown),
        ]);
        let expected = Value::map([
            ("PORT", "80".into()),
            ("DEBUG", "true".into()),
            ("X", Value::Null),
            ("Y", Value::Unknown),
        ]);
        assert_eq!(env_map(&[map]), Ok(expected));
        assert_eq!(
            env_map(&[Value::list(["A=1".into(), Value::Unknown])]),
            Ok(Value::Unknown)
        );
        assert_eq!(env_map(&[Value::Null]), Ok(Value::map::<&str>([])));
        assert!(
            env_map(&["A=1".into()]).is_err() && env_map(&[Value::list([Value::Int(1)])]).is_err()
        );
    }

    #[test]
    fn command_lines_are_split_as_a_shell_does() {
        for (line, expected) in [
            ("", &[] as &[&str]),
            (
                "uvicorn app:app --workers 4",
                &["uvicorn", "app:app", "--workers", "4"],
            ),
            (
                "a 'b c' \"d \\\"e\\\" \\n\" f\\ g",
                &["a", "b c", "d \"e\" \\n", "f g"],
            ),
            (
                "migrate&&serve; x || y|z &",
                &["migrate", "&&", "serve", ";", "x", "||", "y", "|", "z", "&"],
            ),
            ("run >log 2>&1", &["run", ">log", "2>&1"]),
            ("a \\\n b", &["a", "b"]),
            ("sh -c 'exec \"$@\"' ''", &["sh", "-c", "exec \"$@\"", ""]),
            ("echo 'open", &["echo", "open"]),
            ("end\\", &["end"]),
        ] {
            assert_eq!(shell_words(line), expected, "{line}");
        }
    }

    #[test]
    fn flags_have_values() {
        let line = Value::from(
            "gunicorn -w 4 -k=gevent -b0.0.0.0:80 --timeout=30 --reload --log-level info app",
        );
        for (name, value) in [
            ("-w", Value::from("4")),
            ("-k", "gevent".into()),
            ("-b", "0.0.0.0:80".into()),
            ("--timeout", "30".into()),
            ("--log-level", "info".into()),
            ("--reload", "".into()),
            ("--log", Value::Null),
            ("--preload", Value::Null),
        ] {
            assert_eq!(flag(&[line.clone(), name.into()]), Ok(value), "{name}");
        }
        let list = Value::list([
            "--port".into(),
            Value::Int(80),
            "--user".into(),
            Value::Unknown,
        ]);
        assert_eq!(flag(&[list.clone(), "--port".into()]), Ok("80".into()));
        assert_eq!(flag(&[list.clone(), "--user".into()]), Ok(Value::Unknown));
        assert_eq!(flag(&[list, "--absent".into()]), Ok(Value::Unknown));
    }
}
