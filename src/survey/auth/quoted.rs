//! Lists of texts as they are written in code.

/// The texts in quotes, and a `None` for what stands among them without any.
pub(super) fn literals(text: &str) -> Vec<Option<String>> {
    if let Some(rest) = text.strip_prefix('/') {
        let pattern = rest.rsplit_once('/').map_or(rest, |(pattern, _)| pattern);
        return vec![Some(pattern.to_owned())];
    }
    let mut found = Vec::new();
    let (mut open, mut start) = (None, 0);
    let mut between = String::new();
    for (at, letter) in text.char_indices() {
        match (open, letter) {
            (Some(quote), _) if quote == letter => {
                let inside = text.get(start..at).unwrap_or_default();
                let computed = inside.contains("${") || between.ends_with('f');
                found.push((!computed).then(|| inside.to_owned()));
                open = None;
                between.clear();
            }
            (Some(_), _) => {}
            (None, '"' | '\'' | '`') => {
                open = Some(letter);
                start = at + 1;
            }
            (None, '#') => between.push('#'),
            _ => between.push(letter),
        }
    }
    // `[*BASE, "/x"]`, `BASE + ["/x"]`: there may be more.
    if text.contains("...")
        || text.contains('*') && text.contains(", *")
        || text.starts_with("[*")
        || text.contains("] +")
    {
        found.push(None);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::literals;

    #[test]
    fn what_is_computed_is_not_known() {
        let known = |text: &str| Some(text.to_owned());
        assert_eq!(literals("['/a', \"/b\"]"), [known("/a"), known("/b")]);
        assert_eq!(literals("[*BASE, '/a']"), [known("/a"), None]);
        assert_eq!(literals("(f'/{x}', '/a')"), [None, known("/a")]);
        assert_eq!(literals("/^\\/api/i"), [known("^\\/api")]);
        assert!(literals("PATHS").is_empty());
    }
}
