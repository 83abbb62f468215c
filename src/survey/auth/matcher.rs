//! Which paths the middleware of a Next application runs for.

use super::quoted::literals;

/// Does the `matcher` cover the path? All paths if there is none; `None` if that is not decided.
pub(super) fn covers(matcher: Option<&str>, path: &str) -> Option<bool> {
    let Some(text) = matcher else {
        return Some(true);
    };
    let patterns = literals(text);
    let mut doubt = patterns.is_empty();
    for pattern in patterns {
        match pattern.map(|pattern| one(&pattern, path)) {
            Some(Some(true)) => return Some(true),
            Some(Some(false)) => {}
            Some(None) | None => doubt = true,
        }
    }
    if doubt { None } else { Some(false) }
}

fn one(pattern: &str, path: &str) -> Option<bool> {
    // Keys and values beside a `source` are texts too.
    if !pattern.starts_with('/') {
        return Some(false);
    }
    if let Some((before, rest)) = pattern.split_once("(?!") {
        let excluded = rest.split_once(')').map_or(rest, |(inside, _)| inside);
        let Some(first) = path.strip_prefix(before.trim_end_matches('(')) else {
            return Some(false);
        };
        let out = excluded
            .split('|')
            .map(|word| word.trim_start_matches(['/', '^']));
        return Some(
            !out.filter(|word| !word.is_empty())
                .any(|word| first.starts_with(word)),
        );
    }
    if let Some((prefix, name)) = pattern.split_once("/:") {
        return with_parameters(prefix, name, pattern, path);
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
    if let Some(prefix) = pattern.strip_suffix("(.*)") {
        return (!prefix.contains(['(', '*'])).then(|| path.starts_with(prefix));
    }
    if pattern.contains(['(', '*']) {
        return None;
    }
    Some(path == pattern)
}

/// `/api/:path*` holds for all below, `/api/:id` for one part.
fn with_parameters(prefix: &str, name: &str, pattern: &str, path: &str) -> Option<bool> {
    let rest = path.strip_prefix(prefix);
    let Some(rest) = rest.filter(|rest| rest.is_empty() || rest.starts_with('/')) else {
        return Some(false);
    };
    if let Some(last) = name.strip_suffix(['*', '+']) {
        let any = name.ends_with('*') || !rest.is_empty();
        return (!last.contains('/')).then_some(any);
    }
    if name.contains(['(', '*', '+', '?']) {
        return None;
    }
    let (wanted, given) = (pattern.split('/'), path.split('/'));
    let same = wanted.clone().count() == given.clone().count();
    let mut parts = wanted.zip(given);
    Some(same && parts.all(|(want, have)| want.starts_with(':') || want == have))
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
        for (matcher, path, expected) in [
            ("['/api/:path*']", "/apix", Some(false)),
            ("['/api/:path*']", "/api", Some(true)),
            ("['/api/:path+']", "/api", Some(false)),
            ("['/api/:id']", "/api/x/y", Some(false)),
            ("['/api/:id/notes']", "/api/{id}/notes", Some(true)),
            ("['/api/:id/notes']", "/api/{id}/files", Some(false)),
            ("['/api(.*)']", "/api/x", Some(true)),
            ("['/admin/((?!public).*)']", "/api/x", Some(false)),
            ("['/admin/((?!public).*)']", "/admin/x", Some(true)),
            ("['/admin/((?!public).*)']", "/admin/public/x", Some(false)),
            (
                "[{ source: '/api/:path*', missing: [{ type: 'header', key: 'x' }] }]",
                "/api/x",
                Some(true),
            ),
            ("['/login', ...PATHS]", "/api/x", None),
        ] {
            assert_eq!(covers(Some(matcher), path), expected, "{matcher} {path}");
        }
    }
}
