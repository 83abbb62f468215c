//! What the arguments of calls ask for: of those that make, mount and guard routers, and of routes.

use super::read::{Reader, vague};
use super::text;
use super::verdict::Guard;
use super::words::{Meaning, Seat, meaning};
use crate::model::{Language, Level};

/// Options of a route that hold checks.
const HOOKS: &[&str] = &[
    "preHandler",
    "onRequest",
    "preValidation",
    "preParsing",
    "beforeHandler",
    "middleware",
    "middlewares",
    "pre",
    "before",
    "beforeHandle",
];

impl Reader<'_> {
    fn is_python(&self) -> bool {
        self.language == Some(Language::Python)
    }

    /// What the call that makes a router asks for.
    pub(super) fn making(&self, text: &str) -> Vec<Guard> {
        if self.is_python() {
            return self.dependencies(text);
        }
        match self.language {
            // `r.Group("/patients", RequireUser())`: whatever follows the path.
            Some(Language::Go) => self.after_path(text, 1),
            _ => Vec::new(),
        }
    }

    /// What the call that mounts a router asks for: everything between the path and the router.
    pub(super) fn mounting(&self, text: &str) -> Vec<Guard> {
        if self.is_python() {
            return self.dependencies(text);
        }
        let mut parts = self.last_parts(text);
        let last = parts.pop().unwrap_or_default();
        let mut found: Vec<Guard> = parts.iter().flat_map(|part| self.argument(part)).collect();
        if last.contains('(') && self.language == Some(Language::Go) {
            found.extend(self.guards(last));
        }
        found
    }

    /// What the arguments of a call ask for, without the first `skipped` ones.
    pub(super) fn after_path(&self, text: &str, skipped: usize) -> Vec<Guard> {
        let parts = self.last_parts(text);
        parts
            .iter()
            .skip(skipped)
            .flat_map(|part| self.argument(part))
            .collect()
    }

    /// What one argument in the place of a middleware asks for.
    pub(super) fn argument(&self, part: &str) -> Vec<Guard> {
        let code = self.piece(part).code();
        if is_function(part) {
            let chosen = code.contains(".path") || code.contains(".url") || code.contains("URL");
            return self
                .body(part)
                .into_iter()
                .map(|guard| if chosen { vague(guard) } else { guard })
                .collect();
        }
        if part.starts_with('{') {
            return self.options(part);
        }
        let found = self.guards(part);
        // `unless({ path: […] })`: which routes it leaves out is not followed.
        if code.contains("unless") {
            return found.into_iter().map(vague).collect();
        }
        found
    }

    /// A credential that the handler itself is handed, and may check somewhere.
    pub(super) fn handed(&self, parameters: &str) -> Option<Guard> {
        let lower = parameters.to_ascii_lowercase();
        let header = (lower.contains("@requestheader") || lower.contains("@cookievalue"))
            && ["token", "auth", "session", "key", "signature"]
                .iter()
                .any(|word| lower.contains(word));
        let caller = lower.contains("@authenticationprincipal") || lower.contains("principal ");
        (header || caller).then(|| self.guard(Meaning::Vague, "a parameter of the handler"))
    }

    /// What the options of a route ask for, as Fastify and its like have them.
    pub(super) fn options(&self, part: &str) -> Vec<Guard> {
        let inner = part.trim().trim_start_matches('{').trim_end_matches('}');
        let mut found = Vec::new();
        for pair in self.piece(inner).parts() {
            let Some((key, value)) = pair.split_once(':') else {
                continue;
            };
            let key = key.trim().trim_matches(['"', '\'']);
            let value = value.trim();
            if HOOKS.contains(&key) {
                let items = value.trim_start_matches('[').trim_end_matches(']');
                let items = self.piece(items).parts();
                found.extend(items.iter().flat_map(|item| self.argument(item)));
            } else if key == "handler" && is_function(value) {
                found.extend(self.body(value));
            }
        }
        found
    }

    /// What the options of a route of hapi say of its authentication: `auth: "jwt"`, `auth: false`.
    pub(super) fn strategy(&self, part: &str) -> Option<[Guard; 2]> {
        let inner = part.trim().strip_prefix('{')?.trim_end_matches('}');
        self.piece(inner).parts().into_iter().find_map(|pair| {
            let (key, value) = pair.split_once(':')?;
            let value = value.trim();
            match key.trim().trim_matches(['"', '\'']) {
                "options" | "config" => self.strategy(value),
                "auth" => {
                    let optional = value.contains("'try'")
                        || value.contains("\"try\"")
                        || value.contains("optional");
                    let meaning = match value {
                        "false" => Meaning::Open,
                        _ if optional => Meaning::Check(Level::Optional),
                        _ if value.contains("scope") => Meaning::Check(Level::Role),
                        _ => Meaning::Check(Level::Authenticated),
                    };
                    // It takes the place of the default.
                    Some([Meaning::Open, meaning].map(|meaning| self.guard(meaning, pair)))
                }
                _ => None,
            }
        })
    }

    /// What the handlers of a route ask for: those before the last one guard it, and the last one
    /// may be wrapped or written in place.
    pub(super) fn handlers(&self, parts: &[&str], entry: bool) -> Vec<Guard> {
        let Some((last, before)) = parts.split_last() else {
            return Vec::new();
        };
        let mut found: Vec<Guard> = before.iter().flat_map(|part| self.argument(part)).collect();
        if last.starts_with('{') {
            found.extend(self.options(last));
        } else if let Some(at) = last
            .find("=>")
            .or_else(|| last.find("function"))
            .or_else(|| last.find("func("))
        {
            let (head, body) = last.split_at_checked(at).unwrap_or((last, ""));
            found.extend(self.wrapper(head));
            if !entry {
                found.extend(self.body(body));
            }
        } else if last.contains('(') {
            found.extend(self.guards(last));
        }
        found
    }

    /// The functions that a handler is handed to, which may check callers first.
    fn wrapper(&self, head: &str) -> Vec<Guard> {
        let mentions = self.piece(head).mentions();
        let called = mentions.into_iter().filter(|mention| mention.called);
        called
            .flat_map(|mention| self.guards(mention.name))
            .collect()
    }

    /// The parts of the outermost call that a text ends with.
    pub(super) fn last_parts<'t>(&self, text: &'t str) -> Vec<&'t str> {
        text::arguments(self.path, self.language, text)
    }

    /// What the calls in a chain before the last one ask for: `r.With(auth).Get(…)`.
    pub(super) fn chained(&self, receiver: &str) -> Vec<Guard> {
        let groups = self.piece(receiver).groups();
        groups.iter().flat_map(|group| self.guards(group)).collect()
    }

    /// What the calls that follow a route ask for: `MapGet(…).RequireAuthorization()`.
    pub(super) fn following(&self, statement: &str) -> Vec<Guard> {
        let mut outer = String::new();
        let mut depth = 0_i32;
        for letter in self.piece(statement).code().chars() {
            match letter {
                ')' | '}' | ']' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                outer.push(letter);
            }
            match letter {
                '(' | '{' | '[' => depth += 1,
                _ => {}
            }
        }
        self.guards(&outer.replace("()", "(),"))
    }
}

fn is_function(part: &str) -> bool {
    part.contains("=>")
        && !part.starts_with(|c: char| c.is_alphabetic() && !part.starts_with("async"))
        || part.starts_with("function")
        || part.starts_with("async function")
        || part.starts_with("func(")
}

impl Reader<'_> {
    /// What a function asks for that is called before every handler; one that looks at the path may
    /// leave some out.
    pub(super) fn filter(&self, text: &str) -> Vec<Guard> {
        let chosen = text.contains(".path") || text.contains(".url") || text.contains("endpoint");
        let found = self.body(text).into_iter();
        found
            .map(|guard| if chosen { vague(guard) } else { guard })
            .collect()
    }

    /// What words in quotes ask for, as Laravel and Rails name their guards: `'auth:api'`,
    /// `'role:admin'`, `:authenticate_user!`.
    pub(super) fn words(&self, text: &str) -> Vec<Guard> {
        let words = text.split(|c: char| {
            c.is_whitespace() || matches!(c, '\'' | '"' | '[' | ']' | '(' | ')' | ';')
        });
        let mut found = Vec::new();
        for word in words {
            let word = word.trim_matches([',', ':']);
            let (name, arguments) = word.split_once(':').unwrap_or((word, ""));
            let meaning = match name {
                "" | "guest" | "web" | "api" | "verified" => continue,
                "can" | "permission" | "role" | "ability" | "abilities" | "role_or_permission" => {
                    Meaning::Check(if name == "can" && arguments.contains(',') {
                        Level::Object
                    } else {
                        Level::Role
                    })
                }
                name => match meaning(name, Seat::Guard) {
                    Meaning::Neutral => self.gates.guard(name).unwrap_or(Meaning::Neutral),
                    other => other,
                },
            };
            if meaning != Meaning::Neutral {
                found.push(self.guard(meaning, word));
            }
        }
        found
    }
}
