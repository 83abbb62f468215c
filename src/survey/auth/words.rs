//! What the name of a guard says: which names check callers, how much they ask, which let all in.

use crate::model::Level;

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// It asks callers for this much.
    Check(Level),
    /// It takes off what applies around it.
    Open,
    /// It may be a check: its name does not say.
    Vague,
    /// It has nothing to do with who calls.
    Neutral,
}

impl Meaning {
    /// Orders meanings by how much they ask; doubt stands between asking and not.
    pub(super) fn rank(self) -> u8 {
        match self {
            Self::Neutral | Self::Open => 0,
            Self::Check(Level::None | Level::Optional) => 1,
            Self::Vague => 2,
            Self::Check(Level::Authenticated) => 3,
            Self::Check(Level::Role) => 4,
            Self::Check(Level::Object) => 5,
        }
    }
}

/// Where a name stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seat {
    /// As a guard: a middleware, a dependency, a decorator. Names there mean what they say.
    Guard,
    /// A call in a function's body, where much is named after users and tokens.
    Body,
}

/// Names that let everybody in.
const OPEN: &[&[&str]] = &[
    &["allow", "anonymous"],
    &["allow", "any"],
    &["anonymous", "allowed"],
    &["public"],
    &["is", "public"],
    &["public", "route"],
    &["public", "endpoint"],
    &["public", "api"],
    &["make", "public"],
    &["permit", "all"],
    &["unprotected"],
    &["unsecured"],
    &["allow", "unauthenticated"],
    &["login", "not", "required"],
    &["auth", "exempt"],
    &["skip", "auth"],
    &["skip", "jwt"],
    &["skip", "authentication"],
    &["skip", "authorization"],
    &["skip", "auth", "guard"],
    &["no", "auth"],
    &["bypass", "auth"],
    &["without", "auth"],
    &["disable", "auth"],
    &["allow", "unauthorized"],
    &["allow", "unauthorized", "request"],
];

/// Words of things that speak of callers and check none.
const OTHER: &[&str] = &[
    "generate", "sign", "create", "issue", "refresh", "logout", "signout", "signup", "register",
    "reset", "hash", "callback", "provider", "router", "routes", "routers", "controller",
    "controllers", "service", "services", "repository", "config", "options", "settings", "url",
    "uri", "type", "schema", "schemas", "form", "error", "errors", "failed", "failure", "limiter",
    "limit", "rate", "throttle", "throttler", "audit", "log", "logger", "logging", "cors",
    "header", "headers", "response", "dto", "module", "store", "mock", "test", "tag", "tags", "docs",
    "exception", "exceptions", "metrics", "telemetry", "request", "payload", "validator", "invite",
    "description", "summary", "operation", "expired", "expiry", "invalid", "delete", "remove",
    "update", "list", "save", "send", "count", "set", "add", "build", "revoke", "encode",
    "invalidate", "template", "factory", "entry", "point", "by", "csrf", "xsrf", "antiforgery",
    "forgery", "api_bearer", "swagger", "event", "events", "message", "challenge",
];

/// Verbs of a check.
const VERBS: &[&str] = &[
    "require", "requires", "required", "verify", "verified", "check", "validate", "ensure",
    "assert", "enforce", "must", "only", "guard", "protect", "is", "has", "needs", "restrict",
    "authenticate", "authorize", "can", "with", "allow", "allowed", "any",
];

/// Things that a role or a permission is called.
const ROLES: &[&str] = &[
    "role", "roles", "rbac", "abac", "acl", "permission", "permissions", "perm", "perms",
    "permitted", "admin", "admins", "superuser", "superadmin", "staff", "ability", "abilities",
    "privilege", "privileges", "scope", "scopes", "policy", "policies", "authority", "authorities",
    "entitlement", "entitlements", "capability", "capabilities",
];

/// Things that somebody's right to a record is about.
const OBJECTS: &[&str] = &[
    "patient", "patients", "record", "records", "chart", "object", "resource", "encounter",
    "appointment", "document", "consultation", "clinic", "organization", "organisation",
    "facility", "tenant", "location", "practice", "subject", "entity", "room", "case",
];

/// Words that mean a check of who calls, wherever a guard may stand.
const CALLER: &[&str] = &[
    "auth", "authn", "authz", "authenticate", "authenticated", "authentication", "authenticator",
    "authorize", "authorized", "authorise", "authorised", "authorization", "authorisation", "jwt",
    "bearer", "oauth", "oauth2", "oidc", "sso", "saml", "protect", "protected", "passport",
    "keycloak", "clerk", "principal", "apikey", "login", "loggedin", "secured", "msal", "cognito",
    "basicauth", "jwks", "identity",
];

/// Names that check callers wherever they are called.
const CALLS: &[&str] = &[
    "auth", "getServerSession", "getServerAuthSession", "authenticate", "authorize",
    "authenticated", "jwt.verify", "jwtVerify", "jwt.decode", "passport.authenticate",
    "verifyIdToken", "verify_id_token", "compare_digest", "timingSafeEqual", "clerkMiddleware",
    "verify_jwt_in_request", "withAuth", "auth.protect", "auth.getUser", "auth.get_user",
    "auth.getSession", "auth.api.getSession", "auth.getClaims", "currentUser", "jwt.Parse",
    "jwt.ParseWithClaims", "ConstantTimeCompare", "BasicAuth", "authenticate_user!",
    "authenticate_or_request_with_http_token", "authenticate_with_http_token", "getAuth",
];

/// The words of a name, in lower case: `JWTAuthGuard` is `jwt`, `auth`, `guard`.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = vec![String::new()];
    let letters: Vec<char> = name.chars().collect();
    for (at, letter) in letters.iter().enumerate() {
        if !letter.is_alphanumeric() {
            words.push(String::new());
            continue;
        }
        let before = at.checked_sub(1).and_then(|at| letters.get(at));
        let after = letters.get(at + 1);
        let begins = letter.is_uppercase()
            && (before.is_some_and(|c| c.is_lowercase() || c.is_numeric())
                || (before.is_some_and(|c| c.is_uppercase())
                    && after.is_some_and(|c| c.is_lowercase())));
        if begins {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.extend(letter.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    joined(words)
}

/// Words that belong together: `api key`, `logged in`, `o auth`.
fn joined(words: Vec<String>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for word in words {
        let whole = match (out.last().map(String::as_str), word.as_str()) {
            (Some("api"), "key" | "keys") => Some("apikey"),
            (Some("logged" | "signed"), "in") => Some("loggedin"),
            (Some("o"), "auth") => Some("oauth"),
            (Some("o"), "auth2") => Some("oauth2"),
            (Some("basic"), "auth") => Some("basicauth"),
            _ => None,
        };
        match (whole, out.last_mut()) {
            (Some(whole), Some(last)) => whole.clone_into(last),
            _ => out.push(word),
        }
    }
    out
}

/// What `name`, dotted or not, means where it stands.
pub(super) fn meaning(name: &str, seat: Seat) -> Meaning {
    let plain = name.trim_start_matches(['@', '&', '$', ':', '!']);
    let mut parts = plain.rsplit(['.', ':', '>', '\\']).filter(|part| !part.is_empty());
    let last = parts.next().unwrap_or_default().trim_start_matches('-');
    let before = parts.next().unwrap_or_default().trim_end_matches('-');
    let own = of(&words(last), last, seat);
    let pair = format!("{before}.{last}");
    if seat == Seat::Body {
        let called = |known: &&&str| plain == **known || last == **known || pair == **known
            || plain.ends_with(&format!(".{known}"));
        return match own {
            Meaning::Neutral if CALLS.iter().any(|known| called(&known)) => {
                Meaning::Check(Level::Authenticated)
            }
            other => other,
        };
    }
    // `auth.required`, `authMiddleware.verify`: the last part alone says little.
    let generic = matches!(
        last,
        "required" | "require" | "middleware" | "guard" | "check" | "verify" | "handle" | "validate"
            | "ensure" | "optional" | "protect" | "isRequired" | "Middleware" | "Handler" | "Verify"
            | "Check" | "default" | "hook" | "any" | "Required" | "can" | "user"
    );
    if own == Meaning::Neutral && generic && !before.is_empty() {
        let mut both = words(before);
        both.extend(words(last));
        return of(&both, &pair, seat);
    }
    own
}

fn of(words: &[String], name: &str, seat: Seat) -> Meaning {
    let has = |word: &str| words.iter().any(|own| own == word);
    let any = |list: &[&str]| words.iter().any(|own| list.contains(&own.as_str()));
    if words.is_empty() {
        return Meaning::Neutral;
    }
    if seat == Seat::Guard && OPEN.iter().any(|open| words.iter().eq(open.iter())) {
        return Meaning::Open;
    }
    let signature = any(&["sign", "signed"]) && any(&["verify", "check", "validate"]);
    if any(OTHER) && !signature && !(any(&["require", "requires", "required"]) && seat == Seat::Guard) {
        return Meaning::Neutral;
    }
    let verb = any(VERBS);
    let caller = is_caller(words, name, seat);
    if caller && any(&["optional", "optionally", "maybe", "soft", "lenient", "only"]) && !verb_only(words) {
        return Meaning::Check(Level::Optional);
    }
    let right = any(&["access", "owner", "ownership", "owns", "belongs", "permission", "permissions", "view", "read", "see"]);
    let strong = any(&["require", "requires", "verify", "check", "ensure", "assert", "enforce", "can", "has", "is", "must", "validate", "authorize", "may"]);
    if (strong && right && any(OBJECTS)) || (has("object") && any(&["permission", "permissions"]))
        || (has("is") && any(&["owner", "self"]))
        || (strong && any(&["ownership", "owner", "belongs"]))
    {
        return Meaning::Check(Level::Object);
    }
    if any(ROLES) {
        let one = words.len() == 1 && !matches!(name, "admin" | "staff" | "scope" | "policy" | "abilities" | "acl");
        let certain = verb || has("guard") || has("middleware") || one || caller;
        if seat == Seat::Guard && certain || seat == Seat::Body && strong {
            return Meaning::Check(Level::Role);
        }
    }
    if caller {
        return Meaning::Check(Level::Authenticated);
    }
    let vague = any(&["guard", "gate", "protect", "secure", "security", "restrict", "shield", "gatekeeper"]);
    if seat == Seat::Guard && vague {
        return Meaning::Vague;
    }
    Meaning::Neutral
}

/// `IsAuthenticatedOrReadOnly` lets readers through; `authenticated_only` does not.
fn verb_only(words: &[String]) -> bool {
    words.iter().any(|word| word == "only") && !words.iter().any(|word| word == "read")
}

/// Do the words speak of a check of who calls?
fn is_caller(words: &[String], name: &str, seat: Seat) -> bool {
    let any = |list: &[&str]| words.iter().any(|own| list.contains(&own.as_str()));
    let strict = any(&["require", "requires", "required", "verify", "check", "validate", "ensure", "assert", "enforce", "must", "protect", "authenticate"]);
    let credential = any(&["token", "tokens", "session", "signature", "sign", "hmac", "credentials", "credential", "secret", "user", "principal", "identity", "staff"]);
    match seat {
        Seat::Guard => {
            any(CALLER)
                || matches!(name, "security" | "Security")
                || (strict && credential)
                || (any(&["current", "active", "logged"]) && any(&["user", "principal", "account", "staff", "clinician"]))
                || (any(&["get", "load", "extract", "resolve"]) && any(&["user", "principal", "claims"]))
                || matches!(name, "getSession" | "checkJwt" | "tokenRequired" | "token_required" | "isLogged")
                || (any(&["token"]) && any(&["middleware", "handler", "guard", "auth"]))
                || (any(&["firebase", "supabase", "auth0", "okta"]) && any(&["middleware", "guard", "handler"]))
        }
        Seat::Body => {
            let noun = credential
                || any(&["auth", "authenticated", "authentication", "authorization", "authorized", "authorisation", "jwt", "bearer", "apikey", "login", "loggedin"]);
            (strict && noun && !any(&["password", "email", "exists", "existing", "input", "data", "id", "reset", "new"]))
                || (any(&["is"]) && any(&["authenticated", "authorized", "loggedin"]))
                || (any(&["with"]) && any(&["auth", "authentication", "session"]) && words.len() <= 3)
        }
    }
}

/// Does the name fetch whoever calls, which checks nothing unless somebody looks at the answer?
pub(super) fn fetches_caller(name: &str) -> bool {
    let last = name.rsplit(['.', ':', '>']).next().unwrap_or_default();
    let words = words(last);
    let any = |list: &[&str]| words.iter().any(|own| list.contains(&own.as_str()));
    any(&["get", "fetch", "load", "resolve", "extract", "decode", "parse", "read", "find"])
        && (any(&["auth", "principal", "claims", "jwt", "caller", "bearer"])
            || (any(&["current", "session", "request", "token", "cookie", "cookies", "header", "headers"])
                && any(&["user", "staff", "account", "actor"]))
            || (any(&["current", "request", "cookie", "cookies", "header", "headers", "user"]) && any(&["session"]))
            || (last.contains("Session") && words.len() <= 3)
            || last == "getUser")
        && !any(&["by", "create", "update"])
}

#[cfg(test)]
mod tests {
    use super::{Meaning, Seat, fetches_caller, meaning, words};
    use crate::model::Level;

    fn guard(name: &str) -> Meaning {
        meaning(name, Seat::Guard)
    }

    #[test]
    fn names_fall_into_words() {
        assert_eq!(words("JWTAuthGuard"), ["jwt", "auth", "guard"]);
        assert_eq!(words("is_logged_in"), ["is", "loggedin"]);
        assert_eq!(words("requireApiKey"), ["require", "apikey"]);
    }

    #[test]
    fn guards_mean_what_they_say() {
        let asks = Meaning::Check(Level::Authenticated);
        for name in [
            "authenticate", "requireAuth", "JwtAuthGuard", "login_required", "verifyToken",
            "passport.authenticate", "get_current_user", "IsAuthenticated", "auth.required", "withAuth",
            "ensureLoggedIn", "protect", "authMiddleware.verify", "Authorize",
            "RequireAuthorization", "authenticate_user!", "get_current_active_user", "checkJwt",
        ] {
            assert_eq!(guard(name), asks, "{name}");
        }
        for name in ["requireRole", "RolesGuard", "isAdmin", "require_permission", "IsAdminUser", "Roles"] {
            assert_eq!(guard(name), Meaning::Check(Level::Role), "{name}");
        }
        for name in ["assert_patient_access", "IsOwner", "check_object_permissions", "canViewPatient"] {
            assert_eq!(guard(name), Meaning::Check(Level::Object), "{name}");
        }
        for name in ["optionalAuth", "get_current_user_optional", "IsAuthenticatedOrReadOnly"] {
            assert_eq!(guard(name), Meaning::Check(Level::Optional), "{name}");
        }
        for name in ["Public", "AllowAnonymous", "SkipAuth", "AllowAny", "permitAll"] {
            assert_eq!(guard(name), Meaning::Open, "{name}");
        }
        for name in [
            "cors", "helmet", "express.json", "authRouter", "authLimiter", "authController.login",
            "get_db", "get_session", "ThrottlerGuard", "patientsRouter", "validateBody", "userRoutes",
        ] {
            assert_eq!(guard(name), Meaning::Neutral, "{name}");
        }
        assert_eq!(guard("gatekeeper"), Meaning::Vague);
    }

    #[test]
    fn bodies_name_much_after_users() {
        let body = |name: &str| meaning(name, Seat::Body);
        for name in ["requireUser", "verify_token", "jwt.verify", "supabase.auth.getUser", "getServerSession", "verify_sign"] {
            assert_eq!(body(name), Meaning::Check(Level::Authenticated), "{name}");
        }
        for name in ["getUser", "user.save", "createSession", "tokenService.generate", "checkExistingUser", "login"] {
            assert_eq!(body(name), Meaning::Neutral, "{name}");
        }
        assert!(fetches_caller("getCurrentUser") && fetches_caller("getSession"));
        assert!(!fetches_caller("getUserById") && !fetches_caller("get_session"));
    }
}
