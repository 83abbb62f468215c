//! From pieces of code to guards: what arguments, decorators, parameters and bodies ask for.

use super::gates::Gates;
use super::text::{Mention, Piece};
use super::verdict::Guard;
use super::words::{Meaning, Seat, fetches_caller, meaning, words};
use crate::model::{Language, Level, RepoPath};

/// Annotations whose text in quotes says what they ask for.
const EXPRESSIONS: &[&str] = &["PreAuthorize", "PostAuthorize", "Secured", "RolesAllowed"];

/// Reads pieces of one file.
#[derive(Clone, Copy)]
pub(super) struct Reader<'g> {
    pub(super) gates: &'g Gates<'g>,
    pub(super) path: &'g RepoPath,
    pub(super) language: Option<Language>,
    pub(super) line: u32,
}

impl Reader<'_> {
    pub(super) fn guard(&self, meaning: Meaning, name: &str) -> Guard {
        Guard {
            meaning,
            name: name.to_owned(),
            at: format!("{}:{}", self.path.as_str(), self.line),
        }
    }

    pub(super) fn piece<'t>(&self, text: &'t str) -> Piece<'t> {
        Piece::new(self.path, self.language, text)
    }

    /// Does an expression in the place of a guard name a check, going by names alone?
    pub(super) fn names_a_check(text: &str) -> bool {
        let names = text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.')));
        names
            .filter(|name| !name.is_empty())
            .any(|name| matches!(meaning(name, Seat::Guard), Meaning::Check(level) if level >= Level::Authenticated))
    }

    /// What stands in the place of a guard: an argument, a decorator, an item of a list.
    pub(super) fn guards(&self, text: &str) -> Vec<Guard> {
        let piece = self.piece(text);
        let mut found = Vec::new();
        let mut skip_to = 0;
        for mention in piece.mentions() {
            if mention.label || mention.end <= skip_to {
                continue;
            }
            let arguments = if mention.called {
                piece.inside(mention.end)
            } else {
                None
            };
            let meaning = self.meaning_of(&mention, arguments);
            let plain = arguments.is_none_or(|text| {
                let code = self.piece(text).code();
                !code.contains('{') && !code.contains("=>")
            });
            if meaning != Meaning::Neutral {
                found.push(self.guard(meaning, mention.name));
            }
            if (meaning != Meaning::Neutral || !plain)
                && let Some(arguments) = arguments
            {
                skip_to = mention.end + arguments.len() + 2;
            }
        }
        found
    }

    fn meaning_of(&self, mention: &Mention<'_>, arguments: Option<&str>) -> Meaning {
        let last = mention
            .name
            .rsplit(['.', ':'])
            .next()
            .unwrap_or(mention.name);
        // Words of API documentation.
        let documents = last
            .strip_prefix("Api")
            .is_some_and(|rest| rest.starts_with(char::is_uppercase));
        if documents && !last.starts_with("ApiKey") || last == "SecurityRequirement" {
            return Meaning::Neutral;
        }
        let arguments = arguments.map(str::trim).unwrap_or_default();
        if EXPRESSIONS.contains(&last) {
            return expression(arguments);
        }
        let own = match meaning(mention.name, Seat::Guard) {
            Meaning::Neutral | Meaning::Vague => {
                let seen = self.gates.guard(mention.name);
                seen.unwrap_or_else(|| meaning(mention.name, Seat::Guard))
            }
            own => own,
        };
        let asks = own == Meaning::Check(Level::Authenticated);
        if asks && arguments.replace(' ', "").contains("optional=True") {
            return Meaning::Check(Level::Optional);
        }
        let grants = words(last).iter().any(|word| {
            matches!(
                word.as_str(),
                "authorize" | "authorise" | "restrict" | "permit" | "allow"
            )
        });
        let scheme = arguments.contains("AuthenticationSchemes")
            && !arguments.contains("Roles")
            && !arguments.contains("Policy");
        if asks && grants && !arguments.is_empty() && !scheme {
            return Meaning::Check(Level::Role);
        }
        own
    }

    /// What `Depends(…)` in a piece of code asks for.
    pub(super) fn dependencies(&self, text: &str) -> Vec<Guard> {
        let piece = self.piece(text);
        let mut found = Vec::new();
        for mention in piece.mentions() {
            let last = mention.name.rsplit('.').next().unwrap_or_default();
            if mention.called && matches!(last, "Depends" | "Security") {
                let inside = piece.inside(mention.end).unwrap_or_default();
                let scoped = last == "Security" && inside.contains("scopes");
                let before = found.len();
                found.extend(self.guards(inside).into_iter().map(|mut guard| {
                    if scoped && matches!(guard.meaning, Meaning::Check(_)) {
                        guard.meaning = Meaning::Check(Level::Role);
                    }
                    guard
                }));
                let dependency = inside.split(',').next().unwrap_or_default().trim();
                if found.len() == before && self.gates.passes(dependency) {
                    found.push(self.guard(Meaning::Check(Level::Authenticated), dependency));
                }
            } else if !mention.label && (self.gates.is_alias(last) || is_caller_type(last)) {
                found.push(self.guard(Meaning::Check(Level::Authenticated), mention.name));
            }
        }
        found
    }

    /// A function that was seen to turn callers away.
    pub(super) fn named(&self, function: &str) -> Option<Guard> {
        let name = format!("{function}()");
        (!function.is_empty()).then(|| self.guard(Meaning::Check(Level::Authenticated), &name))
    }

    /// What a function does in its body.
    pub(super) fn body(&self, text: &str) -> Vec<Guard> {
        let piece = self.piece(text);
        let rejects = rejects(text);
        let mut found = Vec::new();
        for mention in piece
            .mentions()
            .into_iter()
            .filter(|mention| mention.called)
        {
            let meaning = match meaning(mention.name, Seat::Body) {
                Meaning::Neutral if fetches_caller(mention.name) => {
                    match self.gates.guard(mention.name) {
                        Some(seen) => seen,
                        None if rejects => Meaning::Check(Level::Authenticated),
                        None => Meaning::Vague,
                    }
                }
                Meaning::Neutral => self.gates.guard(mention.name).unwrap_or(Meaning::Neutral),
                other => other,
            };
            if meaning != Meaning::Neutral {
                found.push(self.guard(meaning, mention.name));
            }
        }
        if found.is_empty() && rejects && reads_credentials(text) {
            let meaning = Meaning::Check(Level::Authenticated);
            found.push(self.guard(meaning, "a credential in the request"));
        }
        // Whoever reads the caller may rely on a check that stands elsewhere.
        let caller = piece
            .mentions()
            .into_iter()
            .find(|mention| reads_caller(mention.name));
        if found.is_empty()
            && let Some(caller) = caller
        {
            found.push(self.guard(Meaning::Vague, caller.name));
        }
        found
    }
}

/// What the expression of a Spring annotation asks for.
fn expression(text: &str) -> Meaning {
    if text.contains("permitAll") {
        return Meaning::Open;
    }
    Meaning::Check(if text.contains('#') {
        Level::Object
    } else if text.contains("isAuthenticated") && !text.contains("has") {
        Level::Authenticated
    } else {
        Level::Role
    })
}

/// `CurrentUser`, `ActiveUserDep`: types that stand for a dependency.
fn is_caller_type(name: &str) -> bool {
    let words = words(name);
    let any = |list: &[&str]| words.iter().any(|own| list.contains(&own.as_str()));
    name.starts_with(char::is_uppercase)
        && any(&["current", "authenticated", "active"])
        && any(&[
            "user",
            "principal",
            "staff",
            "account",
            "admin",
            "superuser",
            "clinician",
        ])
        && !any(&["optional", "maybe"])
}

/// Does the code turn somebody away for want of credentials?
fn rejects(text: &str) -> bool {
    [
        "401",
        "403",
        "nauthorized",
        "NAUTHORIZED",
        "nauthenticated",
        "orbidden",
        "FORBIDDEN",
        "4401",
        "1008",
        "redirect(",
    ]
    .iter()
    .any(|word| text.contains(word))
}

/// Is it the caller, as the request holds it?
pub(super) fn reads_caller(name: &str) -> bool {
    let name = name.replace("?.", ".");
    let start = |head: &str| {
        name == head
            || name
                .strip_prefix(head)
                .is_some_and(|rest| rest.starts_with('.'))
    };
    [
        "req.user",
        "request.user",
        "req.session",
        "request.session",
        "req.auth",
        "request.auth",
        "ctx.state.user",
        "res.locals.user",
        "request.state.user",
    ]
    .into_iter()
    .any(start)
}

/// Does the code look at what callers prove themselves with?
fn reads_credentials(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    [
        "authorization",
        "x-api-key",
        "x_api_key",
        "x-auth",
        "bearer",
        "req.user",
        "request.user",
        "ctx.user",
        "req.session",
        "request.session",
        "session[",
        "session.get(",
        "cookies",
        "g.user",
        "current_user",
        "locals.user",
        "secret",
        "ticket",
        "api_key",
        "apikey",
        "query_params.get(\"token",
        "query_params.get('token",
        "token",
    ]
    .iter()
    .any(|word| lower.contains(word))
}

/// The same guard, but whether it holds here is not known.
pub(super) fn vague(guard: Guard) -> Guard {
    match guard.meaning {
        Meaning::Check(_) => Guard {
            meaning: Meaning::Vague,
            ..guard
        },
        _ => guard,
    }
}
