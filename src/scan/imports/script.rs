//! Imports of Go, PHP and Ruby.

use super::{Finder, Statement, group};
use regex::Regex;
use std::sync::{Arc, LazyLock};

static GO_PACKAGE: Statement = LazyLock::new(|| Regex::new(r"(?m)^(package)[ \t]+(\w+)").ok());

static GO_ONE: Statement =
    LazyLock::new(|| Regex::new(r#"(?m)^(import)[ \t]+(?:[\w.]+[ \t]+)?["`]([^"`\n]+)["`]"#).ok());

static GO_BLOCK: Statement = LazyLock::new(|| Regex::new(r"(?m)^(import)[ \t]*\(([^)]*)\)").ok());

static GO_LINE: Statement =
    LazyLock::new(|| Regex::new(r#"(?m)(?:^|;)[ \t]*(?:[\w.]+[ \t]+)?["`]([^"`\n]+)["`]"#).ok());

static PHP_USE: Statement = LazyLock::new(|| {
    Regex::new(r"(?m)^(use|namespace)[ \t]+(?:(?:function|const)[ \t]+)?\\?([\w\\]+)([^;{]*(?:\{[^}]*\})?)")
        .ok()
});

static PHP_FILE: Statement = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?-u:\b)((?:require|include)(?:_once)?)(?-u:\b)[\s(]*",
        r"((?:__DIR__|dirname\s*\(\s*__FILE__\s*\))\s*\.\s*)?",
        r#"['"]([^'"\n]+)['"]"#,
    ))
    .ok()
});

static RUBY: Statement = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?m)^[ \t]*(require_relative|require|load|autoload)(?-u:\b)[ \t(]*",
        r#"(?::?(\w+)[ \t]*,[ \t]*)?['"]([^'"\n]+)['"]"#,
    ))
    .ok()
});

pub(super) fn go(found: &mut Finder<'_, '_>) {
    if let Some(clause) = found.statements(&GO_PACKAGE).first() {
        found.add(clause, &format!("package:{}", group(clause, 2)), Vec::new());
    }
    for statement in found.statements(&GO_ONE) {
        found.add(&statement, group(&statement, 2), Vec::new());
    }
    for block in found.statements(&GO_BLOCK) {
        let Some(body) = block.get(2) else { continue };
        for line in GO_LINE
            .iter()
            .flat_map(|regex| regex.captures_iter(body.as_str()))
        {
            let Some(module) = line.get(1) else { continue };
            // The path itself is a string; a comment on the way to it is not.
            let at = body.start() + module.start();
            if !found.is_comment(at) {
                found.add_at(at, module.as_str(), Vec::new());
            }
        }
    }
}

pub(super) fn php(found: &mut Finder<'_, '_>) {
    for statement in found.statements(&PHP_USE) {
        let (module, rest) = (group(&statement, 2), group(&statement, 3));
        if group(&statement, 1) == "namespace" {
            found.add(&statement, &format!("package:{module}"), Vec::new());
            continue;
        }
        if let Some((_, names)) = rest.split_once('{') {
            let prefix = module.trim_end_matches('\\');
            for name in names.trim_end_matches('}').split(',') {
                let name = name.split_whitespace().next().unwrap_or_default();
                found.add(&statement, &format!("{prefix}\\{name}"), Vec::new());
            }
            continue;
        }
        found.add(&statement, module, Vec::new());
        for more in rest.split(',').skip(1) {
            let more = more.split_whitespace().next().unwrap_or_default();
            found.add(&statement, more.trim_start_matches('\\'), Vec::new());
        }
    }
    for statement in found.statements(&PHP_FILE) {
        let path = group(&statement, 3);
        let beside = !group(&statement, 2).is_empty();
        let module = if beside {
            format!("./{}", path.trim_start_matches('/'))
        } else {
            path.to_owned()
        };
        found.add(&statement, &module, Vec::new());
    }
}

pub(super) fn ruby(found: &mut Finder<'_, '_>) {
    for statement in found.statements(&RUBY) {
        let path = group(&statement, 3);
        let relative = group(&statement, 1) == "require_relative" && !path.starts_with('.');
        let module = if relative {
            format!("./{path}")
        } else {
            path.to_owned()
        };
        let names = Some(group(&statement, 2)).filter(|name| !name.is_empty());
        found.add(
            &statement,
            &module,
            names.map(Arc::from).into_iter().collect(),
        );
    }
}
