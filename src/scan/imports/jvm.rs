//! Imports and packages of Java, Kotlin and Scala; usings and namespaces of C#.

use super::{Finder, Statement, group};
use regex::Regex;
use std::sync::{Arc, LazyLock};

static JAVA: Statement = LazyLock::new(|| {
    Regex::new(r"(?m)^[ \t]*(import|package)[ \t]+(static[ \t]+)?([\w.`*]+)").ok()
});

static CSHARP: Statement = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?m)^[ \t]*(?:global[ \t]+)?(using|namespace)[ \t]+",
        r"(?:static[ \t]+|[\w]+[ \t]*=[ \t]*)?([A-Za-z_][\w.]*)[ \t]*(;|\{|\r?$)",
    ))
    .ok()
});

pub(super) fn java(found: &mut Finder<'_, '_>) {
    for statement in found.statements(&JAVA) {
        let module = group(&statement, 3).trim_end_matches('.').replace('`', "");
        if group(&statement, 1) == "package" {
            found.add(&statement, &format!("package:{module}"), Vec::new());
            continue;
        }
        // A static import names a member of a class.
        match module.rsplit_once('.') {
            Some((class, member)) if !group(&statement, 2).is_empty() && member != "*" => {
                found.add(&statement, class, vec![Arc::from(member)]);
            }
            _ => found.add(&statement, &module, Vec::new()),
        }
    }
}

pub(super) fn csharp(found: &mut Finder<'_, '_>) {
    for statement in found.statements(&CSHARP) {
        let module = group(&statement, 2);
        match (group(&statement, 1), group(&statement, 3)) {
            ("namespace", _) => found.add(&statement, &format!("package:{module}"), Vec::new()),
            (_, ";") => found.add(&statement, module, Vec::new()),
            _ => {}
        }
    }
}
