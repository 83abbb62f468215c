//! What tests say of somebody who shows no credentials, in production.

use super::super::words::words;

/// Tests of where the program runs: in production.
pub(super) fn in_production(test: &str) -> Option<bool> {
    let lower = test.to_ascii_lowercase();
    let place = ["node_env", "environment", "app_env", ".env ", "flask_env"];
    if place.iter().any(|word| lower.contains(word)) {
        let differs = lower.contains("!=");
        let quoted = |word: &str| {
            lower.contains(&format!("\"{word}")) || lower.contains(&format!("'{word}"))
        };
        if quoted("prod") {
            return Some(!differs);
        }
        if ["test", "dev", "local"].into_iter().any(quoted) {
            return Some(differs);
        }
    }
    ["settings.debug", "app.debug"]
        .contains(&lower.as_str())
        .then_some(false)
}

/// Tests of credentials, for somebody who shows none.
pub(super) fn of_credentials(test: &str) -> Option<bool> {
    let words = words(test);
    let any = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let credential = any(&[
        "token",
        "user",
        "auth",
        "authorization",
        "authenticated",
        "credentials",
        "session",
        "payload",
        "claims",
        "apikey",
        "bearer",
        "cookie",
        "cookies",
        "principal",
        "identity",
        "jwt",
        "loggedin",
        "decoded",
        "secret",
        "signature",
        "anonymous",
        "account",
    ]);
    // What a request shows is compared with a secret that is configured: that is no switch.
    let shown = any(&["header", "headers", "authorization", "cookie", "cookies"]);
    let setting = any(&[
        "enabled", "enable", "disabled", "disable", "required", "require", "mode", "skip",
        "bypass", "debug", "provider", "public", "optional", "role", "roles",
    ]) || !shown && any(&["config", "settings", "env", "environ", "getenv"]);
    if !credential || setting || test.contains(['<', '>']) {
        return None;
    }
    let absent = any(&["anonymous", "expired", "invalid", "missing", "revoked"])
        || test.ends_with(" is None")
        || test.contains("!=")
        || test.contains(" not in ")
        || ["null", "undefined", "None", "''", "\"\""]
            .iter()
            .any(|nothing| test.trim_end().ends_with(&format!("== {nothing}")));
    let present = test.ends_with("is not None")
        || ["null", "undefined", "None"].iter().any(|nothing| {
            test.trim_end().ends_with(&format!("!= {nothing}"))
                || test.ends_with(&format!("!== {nothing}"))
        });
    Some(absent && !present)
}
