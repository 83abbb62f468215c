//! What the name of a guard says: which names check callers, how much they ask, which let all in.

use super::lexicon::{
    CALLER, CALLS, GENERIC, OBJECTS, OPEN, OTHER, PEOPLE, ROLES, VERBS, holds, is_item,
};
use crate::model::Level;

/// Verbs that leave no doubt.
const STRONG: &str = "\
    require requires verify check ensure assert enforce can has is must validate authorize may";

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// It asks callers for this much.
    Check(Level),
    /// It takes off what applies around it.
    Open,
    /// It leaves this path out by name, and says nothing of other guards.
    Exempt,
    /// It may be a check: its name does not say.
    Vague,
    /// It has nothing to do with who calls.
    Neutral,
}

impl Meaning {
    /// Orders meanings by how much they ask; doubt stands between asking and not.
    pub(super) fn rank(self) -> u8 {
        match self {
            Self::Neutral | Self::Open | Self::Exempt => 0,
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
    let mut parts = plain
        .rsplit(['.', ':', '>', '\\'])
        .filter(|part| !part.is_empty());
    let last = parts.next().unwrap_or_default().trim_start_matches('-');
    let before = parts.next().unwrap_or_default().trim_end_matches('-');
    let own = of(&words(last), last, seat);
    let pair = format!("{before}.{last}");
    if seat == Seat::Body {
        let called =
            |known: &str| plain == known || last == known || plain.ends_with(&format!(".{known}"));
        return match own {
            Meaning::Neutral if CALLS.split_ascii_whitespace().any(called) => {
                Meaning::Check(Level::Authenticated)
            }
            other => other,
        };
    }
    // `auth.required`, `authMiddleware.verify`: the last part alone says little.
    let generic = holds(GENERIC, last);
    if own == Meaning::Neutral && generic && !before.is_empty() {
        let mut both = words(before);
        both.extend(words(last));
        return of(&both, &pair, seat);
    }
    own
}

fn of(words: &[String], name: &str, seat: Seat) -> Meaning {
    let has = |word: &str| words.iter().any(|own| own == word);
    let any = |list: &str| words.iter().any(|own| holds(list, own));
    if words.is_empty() {
        return Meaning::Neutral;
    }
    if seat == Seat::Guard && is_item(OPEN, words) {
        return Meaning::Open;
    }
    let signature = any("sign signed") && any("verify check") && !any("in up out");
    // `authenticateRequest` begins with what it does; `authorizeUrl` is an address.
    let leads = words
        .first()
        .is_some_and(|word| holds("authenticate authorize", word))
        && !any("url uri callback controller controllers router routes response config options");
    let asked = any("require requires required") && seat == Seat::Guard;
    if makes(words) || (any(OTHER) && !signature && !leads && !asked) {
        return Meaning::Neutral;
    }
    let verb = any(VERBS);
    let caller = is_caller(words, name, seat);
    let lenient = "optional optionally maybe soft lenient only demo guest fallback none";
    if caller && any(lenient) && !verb_only(words) {
        return Meaning::Check(Level::Optional);
    }
    let strong = any(STRONG);
    if is_of_object(words) {
        return Meaning::Check(Level::Object);
    }
    if seat == Seat::Guard
        && any(PEOPLE)
        && any("require requires is only ensure allow must")
        && words.len() < 4
    {
        return Meaning::Check(Level::Role);
    }
    if any(ROLES) {
        let one = words.len() == 1
            && !matches!(
                name,
                "admin" | "staff" | "scope" | "policy" | "abilities" | "acl"
            );
        let certain = verb || has("guard") || has("middleware") || one || caller;
        if seat == Seat::Guard && certain || seat == Seat::Body && strong {
            return Meaning::Check(Level::Role);
        }
    }
    if caller {
        return Meaning::Check(Level::Authenticated);
    }
    let vague = any("guard gate protect secure security restrict shield gatekeeper");
    if seat == Seat::Guard && vague {
        return Meaning::Vague;
    }
    Meaning::Neutral
}

/// `get_auth_server` makes a thing that knows of callers, and asks nobody.
fn makes(words: &[String]) -> bool {
    let first = words.first().map(String::as_str);
    let last = words.last().map(String::as_str);
    first.is_some_and(|word| holds("get create build make", word))
        && last.is_some_and(|word| holds("server client manager", word))
}

/// Do the words speak of somebody's right to one record?
fn is_of_object(words: &[String]) -> bool {
    let any = |list: &str| words.iter().any(|own| holds(list, own));
    let right = any("access owner ownership owns belongs permission permissions view read see");
    let strong = any(STRONG);
    (strong && right && any(OBJECTS))
        || (any("object") && any("permission permissions"))
        || (any("is") && any("owner self"))
        || (strong && any("ownership owner belongs"))
}

/// `IsAuthenticatedOrReadOnly` lets readers through; `authenticated_only` does not.
fn verb_only(words: &[String]) -> bool {
    words.iter().any(|word| word == "only") && !words.iter().any(|word| word == "read")
}

/// Do the words speak of a check of who calls?
fn is_caller(words: &[String], name: &str, seat: Seat) -> bool {
    let any = |list: &str| words.iter().any(|own| holds(list, own));
    let strict = any(
        "require requires required verify check validate ensure assert enforce must protect authenticate",
    );
    let credential = any(
        "token tokens session signature sign hmac credentials credential secret user principal identity staff",
    );
    match seat {
        Seat::Guard => {
            (any(CALLER) && !(words.len() == 1 && any("login")))
                || matches!(name, "security" | "Security")
                || (strict && credential)
                || (any("current active logged") && any("user principal account staff clinician"))
                || (any("get load extract resolve") && any("user principal claims"))
                || matches!(
                    name,
                    "getSession" | "checkJwt" | "tokenRequired" | "token_required" | "isLogged"
                )
                || (any("token") && any("middleware handler guard auth"))
                || (any("firebase supabase auth0 okta") && any("middleware guard handler"))
        }
        Seat::Body => {
            let noun = credential
                || any(
                    "auth authenticated authentication authorization authorized authorisation jwt bearer apikey login loggedin",
                );
            (strict && noun && !any("password email exists existing input data id reset new"))
                || (any("is") && any("authenticated authorized loggedin"))
                || (any("with") && any("auth authentication session") && words.len() <= 3)
        }
    }
}

/// Does the name fetch whoever calls, which checks nothing unless somebody looks at the answer?
pub(super) fn fetches_caller(name: &str) -> bool {
    let last = name.rsplit(['.', ':', '>']).next().unwrap_or_default();
    let words = words(last);
    let any = |list: &str| words.iter().any(|own| holds(list, own));
    any("get fetch load resolve extract decode parse read find")
        && (any("auth principal claims jwt caller bearer")
            || (any("current session request token cookie cookies header headers")
                && any("user staff account actor"))
            || (any("current request cookie cookies header headers user") && any("session"))
            || (last.contains("Session") && words.len() <= 3)
            || last == "getUser")
        && !any("by create update")
}

#[cfg(test)]
mod tests;
