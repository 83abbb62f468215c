//! `import a.b as c`, `from .x import (y, z)`, `importlib.import_module("m")`.

use super::{Finder, Statement, group, until_expression};
use regex::Regex;
use std::sync::{Arc, LazyLock};

static PLAIN: Statement = LazyLock::new(|| {
    Regex::new(r"(?m)(?:^|[;:])[ \t]*(import)[ \t]+([\w.]+(?:[^#;\n\\]|\\\r?\n)*)").ok()
});

static FROM: Statement = LazyLock::new(|| {
    Regex::new(
        r"(?m)(?:^|[;:])[ \t]*(from)[ \t]+(\.*[ \t]*[\w.]*)[ \t]*(?:\\\r?\n[ \t]*)?import(?-u:\b)[ \t]*(?:\(([^)]*)\)|((?:[^#;\n\\]|\\\r?\n)*))",
    )
    .ok()
});

static CALL: Statement = LazyLock::new(|| {
    Regex::new(r#"\b(import_module|__import__)\s*\(\s*([fF]?)['"]([\w.{}]+)['"]"#).ok()
});

pub(super) fn imports(found: &mut Finder<'_, '_>) {
    for statement in found.statements(&PLAIN) {
        for module in group(&statement, 2).split(',') {
            let module = module.trim_matches(blank);
            let module = module.split(blank).next().unwrap_or_default();
            found.add(&statement, module, Vec::new());
        }
    }
    for statement in found.statements(&FROM) {
        let module: String = group(&statement, 2).split_whitespace().collect();
        let names = names(&format!("{}{}", group(&statement, 3), group(&statement, 4)));
        found.add(&statement, &module, names);
    }
    for call in found.statements(&CALL) {
        let module = group(&call, 3);
        let module = if group(&call, 2).is_empty() {
            module.to_owned()
        } else {
            until_expression(module, "{")
        };
        found.add(&call, &module, Vec::new());
    }
}

/// The names of an import list, without their aliases; none for `*`.
fn names(list: &str) -> Vec<Arc<str>> {
    let lines = list
        .lines()
        .map(|line| line.split('#').next().unwrap_or_default());
    let list = lines.collect::<Vec<_>>().join(" ");
    list.split(',')
        .filter_map(|name| name.split(blank).find(|word| !word.is_empty()))
        .filter(|name| *name != "*")
        .map(Arc::from)
        .collect()
}

fn blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\\' | '(' | ')')
}
