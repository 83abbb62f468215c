//! Methods and paths of routes as code spells them, in one spelling.

use super::{facts, pattern};
use crate::model::{Fact, Value};

/// The methods of a list as it is written in the code: `["GET", "POST"]` is `GET,POST`.
pub(super) fn methods(list: &str) -> String {
    let words = list
        .split(|c: char| !c.is_ascii_alphabetic())
        .filter(|word| word.len() > 2);
    words
        .map(str::to_ascii_uppercase)
        .collect::<Vec<_>>()
        .join(",")
}

/// The method that the name of a function, a decorator or an annotation stands for.
pub(super) fn spelled(name: &str) -> String {
    let upper = name.to_ascii_uppercase();
    let bare = upper.strip_suffix("MAPPING").unwrap_or(&upper);
    let bare = ["MAP", "HTTP", "ADD_"]
        .iter()
        .find_map(|start| bare.strip_prefix(start))
        .unwrap_or(bare);
    match bare {
        "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS" | "TRACE" => {
            bare.to_owned()
        }
        "DEL" => "DELETE".to_owned(),
        "HEALTHCHECKS" => "GET".to_owned(),
        other if other.contains("WEBSOCKET") => "WEBSOCKET".to_owned(),
        _ => "ANY".to_owned(),
    }
}

/// The paths as the code writes them, and a method that stands in front of one; `None` if they
/// are computed.
pub(super) fn written(fact: &Fact) -> Option<(Vec<String>, Option<String>)> {
    let value = fact.attributes.get("path");
    if matches!(value, None | Some(Value::Null)) {
        return Some((vec![String::new()], None));
    }
    let texts = facts::texts(value);
    // Go writes the method in front of the path: `GET /patients/{id}`.
    if let Some((method, path)) = texts.first()?.split_once(' ')
        && method.bytes().all(|byte| byte.is_ascii_uppercase())
    {
        return Some((vec![path.trim_start().to_owned()], Some(method.to_owned())));
    }
    Some((texts.into_iter().map(str::to_owned).collect(), None))
}

/// Joins prefixes and a path; a path that begins with `~` stands alone, as in ASP.NET.
pub(super) fn whole_path(outer: [&str; 3], path: &str) -> String {
    if let Some(path) = path.strip_prefix('~') {
        return pattern::join("", path);
    }
    let path = path.trim_start_matches('^').trim_end_matches('$');
    pattern::join(&pattern::concat(outer), path)
}

/// A path without the method that Nuxt puts behind the name of a file: `beds.get`.
fn without_method(path: &str) -> (&str, Option<&str>) {
    let methods = ["get", "post", "put", "patch", "delete", "head", "options"];
    match path.rsplit_once('.') {
        Some((path, method)) if methods.contains(&method) => {
            (path.strip_suffix("/index").unwrap_or(path), Some(method))
        }
        _ => (path, None),
    }
}

/// The path of a route that follows from where its file lies, and its method where the name says it.
pub(super) fn from_file(path: &str, framework: &str) -> (String, Option<String>) {
    let marks: &[&str] = match framework {
        "next" => &["app", "pages"],
        "nuxt" => &["server"],
        "sveltekit" | "remix" => &["routes"],
        _ => &[],
    };
    let parts: Vec<&str> = super::modules::without_extension(path).split('/').collect();
    let start = parts
        .iter()
        .position(|part| marks.contains(part))
        .map_or(0, |at| at + 1);
    let kept = parts.into_iter().skip(start).filter(|part| {
        let group = part.starts_with('(') && part.ends_with(')');
        let file = matches!(*part, "route" | "index" | "+server" | "page");
        !group && !file && !part.starts_with('@')
    });
    let path = pattern::join("", &pattern::concat(kept));
    if framework != "nuxt" {
        return (path, None);
    }
    let (bare, method) = without_method(&path);
    (bare.to_owned(), method.map(str::to_owned))
}
