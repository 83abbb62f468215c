//! Ports and commands as manifests and code write them.

use crate::model::{Fact, Value};
use std::collections::BTreeSet;

/// The command of an image, in its two parts.
pub(super) fn command(image: &[&Fact]) -> Option<String> {
    let part = |what: &str| {
        let fact = image.iter().find(|fact| fact.text("what") == Some(what))?;
        fact.attributes.get("is").map(line)
    };
    match (part("entrypoint"), part("cmd")) {
        (None, None) => None,
        (Some(entry), Some(rest)) => Some(format!("{entry} {rest}")),
        (one, other) => one.or(other),
    }
}

/// A command as one line; what depends on a template is a question mark.
pub(super) fn line(value: &Value) -> String {
    match value {
        Value::List(words) => words
            .iter()
            .map(Value::display)
            .collect::<Vec<_>>()
            .join(" "),
        other => other.display(),
    }
}

/// A value that is written down.
pub(super) fn plain(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::Null | Value::Unknown => None,
        value => Some(value.display()),
    }
}

/// The ports that options of a server name.
pub(super) fn named(command: &str) -> Option<BTreeSet<i64>> {
    let words: Vec<&str> = command.split([' ', '=']).collect();
    let pairs = words.iter().zip(words.iter().skip(1));
    let options = [
        "--port",
        "--server.port",
        "-p",
        "-l",
        "-b",
        "--bind",
        "--listen",
    ];
    let ports: BTreeSet<i64> = pairs
        .filter(|(option, _)| options.contains(option))
        .filter_map(|(_, value)| last_number(value))
        .collect();
    (!ports.is_empty()).then_some(ports)
}

/// The port that a fact names: a number, an address, or what code falls back to.
pub(super) fn number(fact: &Fact) -> Option<i64> {
    let text = fact.attributes.get("port")?.display();
    let computed = text.contains(['(', '+']) || text == "?";
    (!computed).then(|| last_number(&text)).flatten()
}

/// The number at the end of a text: `8080`, `:8080`, `process.env.PORT || 3000`, `80:8080/tcp`.
pub(super) fn last_number(text: &str) -> Option<i64> {
    let mut text = text
        .split('/')
        .filter(|part| part.contains(|c: char| c.is_ascii_digit()));
    let text = text
        .next_back()?
        .trim_end_matches(['"', '\'', '}', ' ', ';', ')']);
    let start = text
        .rfind(|c: char| !c.is_ascii_digit())
        .map_or(0, |at| at + 1);
    let port: i64 = text.get(start..)?.parse().ok()?;
    (10..=65_535).contains(&port).then_some(port)
}

#[cfg(test)]
mod tests {
    use super::{last_number, named};
    use std::collections::BTreeSet;

    #[test]
    fn the_port_stands_at_the_end() {
        for (text, want) in [
            ("8080", Some(8080)),
            ("127.0.0.1:80:9000/tcp", Some(9000)),
            ("process.env.PORT || 3000", Some(3000)),
            ("${PORT:8081}", Some(8081)),
            ("http://+:5000", Some(5000)),
            ("http://*:5000/", Some(5000)),
            ("config.port", None),
            ("99999", None),
        ] {
            assert_eq!(last_number(text), want, "{text}");
        }
    }

    #[test]
    fn options_of_servers_name_ports() {
        let one = |command: &str| named(command).map(Vec::from_iter);
        assert_eq!(one("uvicorn a:b --port 9000"), Some(vec![9000]));
        assert_eq!(one("gunicorn -b 0.0.0.0:8000 a:b"), Some(vec![8000]));
        assert_eq!(
            one("streamlit run a.py --server.port=8501"),
            Some(vec![8501])
        );
        assert_eq!(named("uvicorn a:b"), None::<BTreeSet<i64>>);
    }
}
