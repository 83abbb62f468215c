//! Route paths in one notation: parameters as `{}`, one slash at a time.

/// Joins a prefix and a path, with single slashes only.
pub(super) fn join(prefix: &str, path: &str) -> String {
    let path = path.trim_start_matches('/');
    let prefix = prefix.trim_end_matches('/');
    let joined = match (prefix.is_empty(), path.is_empty()) {
        (true, _) => format!("/{path}"),
        (false, true) => rooted(prefix),
        (false, false) => format!("{}/{path}", rooted(prefix)),
    };
    let mut text = String::with_capacity(joined.len());
    for letter in joined.chars() {
        if letter != '/' || !text.ends_with('/') {
            text.push(letter);
        }
    }
    text
}

/// Joins the parts of a prefix; `""` if there is nothing in them.
pub(super) fn concat<'p>(parts: impl IntoIterator<Item = &'p str>) -> String {
    let parts = parts
        .into_iter()
        .filter(|part| !part.trim_matches('/').is_empty());
    parts.fold(String::new(), |prefix, part| join(&prefix, part))
}

fn rooted(path: &str) -> String {
    if path.starts_with('/') {
        path.to_owned()
    } else {
        format!("/{path}")
    }
}

/// The path with every parameter as `{}`, without doubled or trailing slashes.
///
/// Knows `:id`, `{id}`, `{id:int}`, `<int:id>`, `(?P<id>\d+)`, `[id]`, `[...id]` and `*`.
pub(super) fn normal(path: &str) -> String {
    let path = path.trim_start_matches('^').trim_end_matches('$');
    let mut normal = String::with_capacity(path.len());
    for segment in segments(path) {
        normal.push('/');
        normal.push_str(&parameterless(&segment));
    }
    if normal.is_empty() {
        "/".to_owned()
    } else {
        normal
    }
}

/// The parts between slashes that stand outside brackets.
fn segments(path: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut depth = 0_u32;
    for letter in path.chars() {
        match letter {
            '{' | '<' | '(' | '[' => depth += 1,
            '}' | '>' | ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if letter == '/' && depth == 0 {
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(letter);
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

fn parameterless(segment: &str) -> String {
    let mut text = String::with_capacity(segment.len());
    let mut letters = segment.chars().peekable();
    while let Some(letter) = letters.next() {
        let close = match letter {
            '{' => '}',
            '<' => '>',
            '(' => ')',
            '[' => ']',
            '*' => {
                text.push_str("{}");
                continue;
            }
            ':' if letters
                .peek()
                .is_some_and(|c| c.is_alphabetic() || *c == '_') =>
            {
                while letters
                    .next_if(|c| c.is_alphanumeric() || *c == '_')
                    .is_some()
                {}
                letters.next_if(|c| matches!(c, '?' | '*' | '+'));
                text.push_str("{}");
                continue;
            }
            _ => {
                text.push(letter);
                continue;
            }
        };
        skip(&mut letters, letter, close);
        if !text.ends_with("{}") {
            text.push_str("{}");
        }
    }
    text
}

/// Leaves a bracket that has been entered, with all those inside.
fn skip(letters: &mut std::iter::Peekable<std::str::Chars<'_>>, open: char, close: char) {
    let mut depth = 1_u32;
    for letter in letters.by_ref() {
        if letter == open {
            depth += 1;
        } else if letter == close {
            depth -= 1;
        }
        if depth == 0 {
            return;
        }
    }
}
