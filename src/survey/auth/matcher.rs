//! Which paths the middleware of a Next application runs for.

/// Does the `matcher` cover the path? All paths if there is none; `None` if that is not decided.
pub(super) fn covers(matcher: Option<&str>, path: &str) -> Option<bool> {
    let Some(text) = matcher else {
        return Some(true);
    };
    let patterns = literals(text);
    if patterns.is_empty() {
        return None;
    }
    let mut doubt = false;
    for pattern in patterns {
        match one(&pattern, path) {
            Some(true) => return Some(true),
            Some(false) => {}
            None => doubt = true,
        }
    }
    if doubt { None } else { Some(false) }
}

fn one(pattern: &str, path: &str) -> Option<bool> {
    if let Some((_, rest)) = pattern.split_once("(?!") {
        let excluded = rest.split_once(')').map_or(rest, |(inside, _)| inside);
        let first = path.trim_start_matches('/');
        let out = excluded
            .split('|')
            .map(|word| word.trim_start_matches(['/', '^']));
        return Some(
            !out.filter(|word| !word.is_empty())
                .any(|word| first.starts_with(word)),
        );
    }
    if let Some(prefix) = pattern.split_once("/:").map(|(prefix, _)| prefix) {
        return Some(path.starts_with(prefix));
    }
    if let Some(inside) = pattern.strip_prefix("/(") {
        // `/(api|trpc)(.*)`: one of these words comes first.
        let words = inside.split_once(')').map_or(inside, |(words, _)| words);
        let first = path.trim_start_matches('/');
        let words: Vec<&str> = words.split('|').collect();
        if words.contains(&".*") {
            return Some(true);
        }
        return Some(
            words
                .iter()
                .any(|word| first.split('/').next() == Some(*word)),
        );
    }
    if pattern.contains(['(', '*']) {
        return None;
    }
    Some(path == pattern)
}

/// The texts between quotes.
fn literals(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['"', '\'', '`']) {
        let quote = rest.get(at..=at).unwrap_or_default().to_owned();
        let after = rest.get(at + 1..).unwrap_or_default();
        let Some((inside, tail)) = after.split_once(quote.as_str()) else {
            break;
        };
        found.push(inside.to_owned());
        rest = tail;
    }
    found.retain(|text| text.starts_with('/'));
    found
}

#[cfg(test)]
mod tests {
    use super::covers;

    #[test]
    fn matchers_are_read() {
        assert_eq!(covers(None, "/api/x"), Some(true));
        assert_eq!(covers(Some("['/dashboard/:path*']"), "/api/x"), Some(false));
        assert_eq!(covers(Some("['/api/:path*']"), "/api/x"), Some(true));
        assert_eq!(
            covers(Some("['/((?!api|_next/static).*)']"), "/api/x"),
            Some(false)
        );
        assert_eq!(
            covers(
                Some("['/((?!_next|[^?]*).*)', '/(api|trpc)(.*)']"),
                "/api/x"
            ),
            Some(true)
        );
        assert_eq!(covers(Some("MATCHER"), "/api/x"), None);
    }
}
