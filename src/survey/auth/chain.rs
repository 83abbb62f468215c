//! What the filter chain of a Spring application asks for at a path.

use super::words::Meaning;
use crate::model::Level;

/// The first entry of a chain that speaks of `path`; `None` if the chain says nothing.
pub(super) fn decide(text: &str, path: &str) -> Option<Meaning> {
    let code = uncommented(text);
    let marks = [
        "requestMatchers(", "antMatchers(", "mvcMatchers(", "pathMatchers(", "regexMatchers(",
        "anyRequest(", "anyExchange(",
    ];
    let mut entries: Vec<(usize, &str)> = marks
        .iter()
        .flat_map(|mark| code.match_indices(mark).map(move |(at, _)| (at, *mark)))
        .collect();
    entries.sort_unstable();
    let ends = entries.iter().skip(1).map(|(at, _)| *at).chain([code.len()]);
    let mut doubt = false;
    for ((at, mark), end) in entries.iter().zip(ends) {
        let entry = code.get(*at..end).unwrap_or_default();
        let (inside, after) = closed(entry.get(mark.len()..).unwrap_or_default());
        let Some(meaning) = grants(after) else {
            continue;
        };
        let every = mark.starts_with("any");
        match if every { Some(true) } else { matches(inside, path) } {
            Some(true) if doubt && !matches!(meaning, Meaning::Open) => return Some(meaning),
            Some(true) if doubt => return Some(Meaning::Vague),
            Some(true) => return Some(meaning),
            Some(false) => {}
            None => doubt = doubt || matches!(meaning, Meaning::Check(_)),
        }
    }
    (doubt || entries.is_empty()).then_some(Meaning::Vague)
}

/// What an entry asks for; `None` if it is no entry of rights.
fn grants(after: &str) -> Option<Meaning> {
    let word = after.trim_start().strip_prefix('.')?.trim_start();
    let word = word.split('(').next().unwrap_or_default().trim();
    Some(match word {
        "permitAll" | "anonymous" => Meaning::Open,
        "authenticated" | "fullyAuthenticated" | "rememberMe" | "denyAll" => {
            Meaning::Check(Level::Authenticated)
        }
        "hasRole" | "hasAnyRole" | "hasAuthority" | "hasAnyAuthority" => Meaning::Check(Level::Role),
        "access" => Meaning::Check(Level::Role),
        _ => return None,
    })
}

/// Does one of the patterns in an entry match the path? `None` if they are no texts.
fn matches(inside: &str, path: &str) -> Option<bool> {
    let mut parts = inside.split('"');
    parts.next();
    let patterns: Vec<&str> = parts.step_by(2).collect();
    if patterns.is_empty() {
        // Only a method: nobody says which paths.
        return None;
    }
    Some(patterns.iter().any(|pattern| is_under(pattern, path)))
}

fn is_under(pattern: &str, path: &str) -> bool {
    let mut wanted = pattern.split('/').filter(|part| !part.is_empty());
    let mut given = path.split('/').filter(|part| !part.is_empty());
    loop {
        match (wanted.next(), given.next()) {
            (Some("**"), _) | (None, None) => return true,
            (Some(want), Some(have)) => {
                let same = want == "*" || want == have || want.starts_with('{') || have.starts_with('{')
                    || want.split_once('*').is_some_and(|(head, tail)| have.starts_with(head) && have.ends_with(tail));
                if !same {
                    return false;
                }
            }
            _ => return false,
        }
    }
}

/// What stands before the parenthesis that closes, and what follows it.
fn closed(text: &str) -> (&str, &str) {
    let mut depth = 1;
    for (at, letter) in text.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            let (inside, rest) = text.split_at_checked(at).unwrap_or((text, ""));
            return (inside, rest.get(1..).unwrap_or_default());
        }
    }
    (text, "")
}

/// The text without comments that run to the end of a line.
fn uncommented(text: &str) -> String {
    let lines = text.lines().map(|line| match line.find("//") {
        Some(at) if !line.get(..at).unwrap_or_default().ends_with(':') => line.get(..at).unwrap_or_default(),
        _ => line,
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::decide;
    use crate::model::Level;
    use crate::survey::auth::words::Meaning;

    const CHAIN: &str = r#"http.authorizeHttpRequests(auth -> auth
        .requestMatchers("/api/public/**", "/health").permitAll()
        .requestMatchers(HttpMethod.DELETE, "/api/patients/**").hasRole("ADMIN")
        // .requestMatchers("/api/beds").permitAll()
        .anyRequest().authenticated())"#;

    #[test]
    fn the_first_entry_that_matches_decides() {
        assert_eq!(decide(CHAIN, "/api/public/x"), Some(Meaning::Open));
        assert_eq!(decide(CHAIN, "/api/patients/{id}"), Some(Meaning::Check(Level::Role)));
        assert_eq!(decide(CHAIN, "/api/beds"), Some(Meaning::Check(Level::Authenticated)));
    }

    #[test]
    fn patterns_that_are_computed_leave_a_doubt() {
        let chain = r#".requestMatchers(PUBLIC).authenticated().anyRequest().permitAll()"#;
        assert_eq!(decide(chain, "/x"), Some(Meaning::Vague));
        let chain = r#".requestMatchers(PUBLIC).permitAll().anyRequest().authenticated()"#;
        assert_eq!(decide(chain, "/x"), Some(Meaning::Check(Level::Authenticated)));
        assert_eq!(decide("http.csrf().disable()", "/x"), Some(Meaning::Vague));
    }
}
