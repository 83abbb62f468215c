//! `import … from`, `export … from`, `require(…)`, `import(…)` of JavaScript and TypeScript.

use super::{Finder, Statement, group, start, until_expression};
use regex::{Captures, Regex};
use std::sync::{Arc, LazyLock};

// Word boundaries are those of ASCII: a Unicode one makes every text with an accent slow. What
// stands before a keyword is looked at afterwards, so that the keyword can be searched for.

/// All of them, in one pass.
static ASKED: Statement = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?-u:\b)(?:",
        // `import a, { b as c } from "m"` and `export { a } from "m"`
        r"(?:import|export)(?:\s+(?:type|typeof|defer))?\s*(?<default>[\w$]+\s*,?\s*)?",
        r"(?<list>\*(?:\s*as\s+[\w$]+)?\s*|\{[^}]*\}\s*)?",
        r#"(?-u:\b)from\s*['"](?<from>[^'"\n]+)['"]"#,
        // `import "m"`
        r#"|import\s*['"](?<bare>[^'"\n]+)['"]"#,
        // `require("m")`, `await import("m")`, `lazy(() => import("m"))`
        r"|(?:require(?:\.resolve|Actual)?|import|import\.meta\.glob|importShared)",
        r#"\s*\(\s*(?:/\*[^*]*\*/\s*)*['"`](?<call>[^'"`\n]+)['"`]"#,
        // `new URL("./worker.js", import.meta.url)`
        r#"|URL\s*\(\s*['"](?<url>\.[^'"\n]+)['"]\s*,\s*import\.meta\.url"#,
        r")",
    ))
    .ok()
});

/// `const { a } = ` and `const { a } = await `, before a call.
static DESTRUCTURED: Statement = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:const|let|var)\s*(\{[^}=]*\})\s*=\s*(?:await\s+)?$").ok()
});

/// How far before a call its destructuring may begin, in bytes.
const BEFORE: usize = 2_000;

pub(super) fn imports(found: &mut Finder<'_, '_>) {
    for statement in found.statements(&ASKED) {
        let at = start(&statement);
        if let Some(module) = statement.name("from") {
            if stands_alone(found.text, at) {
                found.add_at(at, module.as_str(), taken(&statement));
            }
        } else if let Some(module) = statement.name("bare") {
            if stands_alone(found.text, at) {
                found.add_at(at, module.as_str(), Vec::new());
            }
        } else if let Some(module) = statement.name("call") {
            if !is_mocked(found.text, at) {
                let module = until_expression(module.as_str(), "${");
                found.add_at(at, &module, destructured(found.text, at));
            }
        } else if let Some(module) = statement.name("url") {
            found.add_at(at, module.as_str(), Vec::new());
        }
    }
}

/// The names that an import takes. A default import takes the name `default`; a namespace takes
/// everything.
fn taken(statement: &Captures<'_>) -> Vec<Arc<str>> {
    let part = |name| statement.name(name).map_or("", |part| part.as_str());
    let list = part("list");
    let default = !part("default").trim().is_empty() && !list.starts_with('*');
    let default = default.then(|| Arc::from("default"));
    default.into_iter().chain(braced(list)).collect()
}

/// Is the keyword no member and no part of a name: not `a.import`, not `$import`?
fn stands_alone(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    !before.ends_with(|c: char| matches!(c, '.' | '$' | '_') || c.is_alphanumeric())
}

/// The names that `const { a } =` before the call at `at` takes.
fn destructured(text: &str, at: usize) -> Vec<Arc<str>> {
    let before = text.get(..at).unwrap_or_default();
    let trimmed = before.trim_end();
    if !trimmed.ends_with('=') && !trimmed.ends_with("await") {
        return Vec::new();
    }
    let from = before.floor_char_boundary(before.len().saturating_sub(BEFORE));
    let window = before.get(from..).unwrap_or_default();
    DESTRUCTURED
        .iter()
        .filter_map(|regex| regex.captures(window))
        .flat_map(|found| braced(group(&found, 1)))
        .collect()
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
