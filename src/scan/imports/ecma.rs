//! `import … from`, `export … from`, `require(…)`, `import(…)` of JavaScript and TypeScript.

use super::{Finder, Statement, group, until_expression};
use regex::Regex;
use std::sync::{Arc, LazyLock};

/// `import a, { b as c } from "m"` and `export { a } from "m"`.
static FROM: Statement = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?:^|[^\w$.])(import|export)(?:\s+(?:type|typeof|defer))?\s*",
        r"([\w$]+\s*,?\s*)?(\*(?:\s*as\s+[\w$]+)?\s*|\{[^}]*\}\s*)?",
        r#"\bfrom\s*['"]([^'"\n]+)['"]"#,
    ))
    .ok()
});

/// `import "m"`.
static BARE: Statement =
    LazyLock::new(|| Regex::new(r#"(?:^|[^\w$.])(import)\s*['"]([^'"\n]+)['"]"#).ok());

/// `const { a } = require("m")`, `await import("m")`, `lazy(() => import("m"))`.
static CALL: Statement = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?:(?:const|let|var)\s*(\{[^}=]*\})\s*=\s*(?:await\s+)?)?",
        r"(?:^|\b)(require(?:\.resolve|Actual)?|import|import\.meta\.glob|importShared)",
        r#"\s*\(\s*(?:/\*[^*]*\*/\s*)*['"`]([^'"`\n]+)['"`]"#,
    ))
    .ok()
});

/// `new URL("./worker.js", import.meta.url)`.
static URL: Statement = LazyLock::new(|| {
    Regex::new(r#"\b(URL)\s*\(\s*['"](\.[^'"\n]+)['"]\s*,\s*import\.meta\.url"#).ok()
});

pub(super) fn imports(found: &mut Finder<'_>) {
    for statement in found.statements(&FROM) {
        let mut names = Vec::new();
        let list = group(&statement, 3);
        // A default import takes the name `default`; a namespace takes everything.
        if !group(&statement, 2).trim().is_empty() && !list.starts_with('*') {
            names.push(Arc::from("default"));
        }
        names.extend(braced(list));
        found.add(&statement, group(&statement, 4), names);
    }
    for statement in found.statements(&BARE) {
        found.add(&statement, group(&statement, 2), Vec::new());
    }
    for regex in CALL.iter() {
        for call in regex.captures_iter(found.text).take(super::MOST) {
            let Some(at) = call.get(2).map(|callee| callee.start()) else {
                continue;
            };
            if found.is_code(at) && !is_mocked(found.text, at) {
                let module = until_expression(group(&call, 3), "${");
                found.add_at(at, &module, braced(group(&call, 1)));
            }
        }
    }
    for url in found.statements(&URL) {
        found.add(&url, group(&url, 2), Vec::new());
    }
}

/// Is the call an argument of `vi.mock(…)`, or a member of something else, as in `x.require(…)`?
fn is_mocked(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default().trim_end();
    before.ends_with("mock(") || (before.ends_with('.') && !before.ends_with("..."))
}

/// The names in `{ a, type b, c as d, e: f }` as the module knows them.
fn braced(list: &str) -> Vec<Arc<str>> {
    let list = list.trim().trim_start_matches('{').trim_end_matches('}');
    let mut names = Vec::new();
    for line in list.lines() {
        let line = line.split("//").next().unwrap_or_default();
        for name in line.split(',') {
            let name = name.trim();
            let name = name.strip_prefix("type ").unwrap_or(name).trim_start();
            let end = name.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '$');
            let name = name.get(..end.unwrap_or(name.len())).unwrap_or_default();
            if !name.is_empty() && name != "as" {
                names.push(Arc::from(name));
            }
        }
    }
    names
}
