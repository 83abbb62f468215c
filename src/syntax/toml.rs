//! TOML into the arena. A bad value costs itself; the rest of the file is still read.

use super::bounds::{self, Unparsed};
use super::{Document, NodeId, NodeKind};
use crate::model::Span;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

pub(super) fn parse(text: &str) -> Result<Document, Unparsed> {
    bounds::check_brackets(text)?;
    let (table, errors) = DeTable::parse_recoverable(text);
    let (mut document, root) = Document::mapping(Span::new(0, text.len()));
    for error in errors.iter().take(bounds::ERRORS) {
        let at = error.span().unwrap_or_default();
        let message = bounds::malformed("TOML", text, at.start).detail;
        document.errors.push((Span::new(at.start, at.end), message));
    }
    add_table(&mut document, root, table.get_ref());
    match errors.first() {
        Some(error) if document.nodes.len() == 1 => Err(bounds::malformed(
            "TOML",
            text,
            error.span().unwrap_or_default().start,
        )),
        _ => Ok(document),
    }
}

/// Recursion is bounded by the parser, which stops at 80 levels.
fn add_table(document: &mut Document, map: NodeId, table: &DeTable<'_>) {
    let mut entries: Vec<_> = table.iter().collect();
    // The parser sorts by key; rules want the order of the text.
    entries.sort_by_key(|(key, _)| key.span().start);
    // A key without a place is the parser's way to go on after an error.
    entries.retain(|(key, _)| !key.span().is_empty());
    for (key, value) in entries {
        let (kind, span) = shell(value);
        let id = document.insert(map, (key.get_ref(), place(key)), kind, span);
        fill(document, id, value.get_ref());
    }
}

fn fill(document: &mut Document, id: NodeId, value: &DeValue<'_>) {
    match value {
        DeValue::Array(items) => {
            for item in items {
                let (kind, span) = shell(item);
                let child = document.append(id, kind, span);
                fill(document, child, item.get_ref());
            }
        }
        DeValue::Table(table) => add_table(document, id, table),
        _ => {}
    }
}

/// A value without what is inside it.
fn shell(value: &Spanned<DeValue<'_>>) -> (NodeKind, Span) {
    let kind = match value.get_ref() {
        _ if value.span().is_empty() => NodeKind::Unknown,
        DeValue::String(text) => NodeKind::Str((**text).into()),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_or_else(|_| NodeKind::Str(number.to_string().into()), NodeKind::Int),
        DeValue::Float(number) => number
            .as_str()
            .parse()
            .map_or(NodeKind::Unknown, NodeKind::Float),
        DeValue::Boolean(value) => NodeKind::Bool(*value),
        DeValue::Datetime(date) => NodeKind::Str(date.to_string().into()),
        DeValue::Array(_) => NodeKind::List(Vec::new()),
        DeValue::Table(_) => NodeKind::Map(Vec::new()),
    };
    (kind, place(value))
}

fn place<T>(spanned: &Spanned<T>) -> Span {
    let span = spanned.span();
    Span::new(span.start, span.end)
}

#[cfg(test)]
mod tests {
    use crate::model::{RepoPath, SkipReason};
    use crate::syntax::{Document, Format, Selector, Unparsed, parse};

    fn read(text: &str) -> Result<Document, Unparsed> {
        parse(Format::Toml, &RepoPath::new("a.toml").unwrap(), text)
    }

    #[test]
    fn tables_keep_their_order_and_places() {
        let text = "b = 0x1F\r\na.c = [1.5, {d = 'x'}]\r\n[t]\r\nwhen = 1979-05-27\r\n[[l]]\r\ny = true\r\n[[l]]\r\n";
        let document = read(text).unwrap();
        let want =
            r#"{"a":{"c":[1.5,{"d":"x"}]},"b":31,"l":[{"y":true},{}],"t":{"when":"1979-05-27"}}"#;
        assert_eq!(document.value(document.roots[0], 99).display(), want);
        let hits = Selector::compile("$.*").unwrap().select(&document);
        let keys: Vec<_> = hits.iter().filter_map(|hit| hit.key.as_deref()).collect();
        assert_eq!(keys, ["b", "a", "t", "l"]);
        let place = |path: &str| {
            let hit = &Selector::compile(path).unwrap().select(&document)[0];
            &text[hit.hit_span(&document).range()]
        };
        assert_eq!(place("$.b"), "b = 0x1F");
        assert_eq!(place("$.a.c[1].d"), "d = 'x'");
        assert_eq!(place("$.l[0].y"), "y = true");
    }

    #[test]
    fn broken_lines_are_named_and_the_rest_is_read() {
        let document = read("a = 1\nb = = 2\nc = 3\n").unwrap();
        assert_eq!(document.errors[0].1, "not valid TOML at line 2");
        assert!(document.entry(document.roots[0], "c").is_some());
        assert_eq!(read("=").unwrap_err().detail, "not valid TOML at line 1");
    }

    #[test]
    fn hostile_files_are_refused_or_read_in_part() {
        assert_eq!(
            read(&format!("a = {}", "[".repeat(100_000)))
                .unwrap_err()
                .reason,
            SkipReason::TooDeep
        );
        assert_eq!(
            read(&"[".repeat(100_000)).unwrap_err().reason,
            SkipReason::TooDeep
        );
        for text in [
            format!("{} = 1", vec!["a"; 10_000].join(".")),
            format!("[{}]", vec!["a"; 10_000].join(".")),
            format!("a = {}{}", "[".repeat(200), "]".repeat(200)),
            format!("a = {}1{}", "{b = ".repeat(200), "}".repeat(200)),
            "a.b = 1\n".repeat(50_000),
            "=\n".repeat(200_000),
        ] {
            if let Ok(document) = read(&text) {
                let _ = document.value(document.roots[0], 100_000);
            }
        }
    }
}
