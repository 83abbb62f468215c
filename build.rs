//! Prepares the rule library, so that a run does not begin with work that is the same every time:
//! the manifests without their examples as JSON, which is read much faster than YAML, and what
//! each of their regexes tells of the texts it matches.

#![allow(
    clippy::disallowed_methods,
    reason = "a build script reads the environment and the sources"
)]

#[allow(
    dead_code,
    unreachable_pub,
    reason = "the crate uses what is not used here"
)]
#[path = "src/rule/pattern/mod.rs"]
mod pattern;

use serde_json::Value;
use std::collections::BTreeSet;
use std::error::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};
use walkdir::WalkDir;

/// A regex, and whether letters match in either case.
type Regexes = BTreeSet<(String, bool)>;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=rules");
    println!("cargo::rerun-if-changed=src/rule/pattern");
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let mut manifests = String::new();
    let mut regexes = Regexes::new();
    for entry in WalkDir::new(root.join("rules")).sort_by_file_name() {
        let path = entry?.into_path();
        if path.extension().is_none_or(|it| it != "yaml") {
            continue;
        }
        let text = fs::read_to_string(&path)?;
        let file = path.to_str().ok_or("not UTF-8")?;
        let name = path
            .strip_prefix(&root)?
            .to_string_lossy()
            .replace('\\', "/");
        let mut manifest: Value = serde_saphyr::from_str(&text)
            .map_err(|error| format!("{name}: {}", error.without_snippet()))?;
        if let Some(spec) = manifest.get_mut("spec").and_then(Value::as_object_mut) {
            spec.shift_remove("examples");
        }
        collect(&manifest, &mut regexes);
        let kind = manifest.get("kind").and_then(Value::as_str).unwrap_or("");
        let json = manifest.to_string();
        writeln!(
            manifests,
            "    Embedded {{ path: {name:?}, kind: {kind:?}, json: {json:?}, \
             yaml: include_str!({file:?}) }},"
        )?;
    }
    let mut outlines = String::new();
    for (source, ignore_case) in regexes {
        let json = serde_json::to_string(&pattern::outline(&source, ignore_case))?;
        writeln!(outlines, "    (({source:?}, {ignore_case}), {json:?}),")?;
    }
    let library = format!(
        "static MANIFESTS: &[Embedded] = &[\n{manifests}];\n\
         static OUTLINES: &[((&str, bool), &str)] = &[\n{outlines}];\n"
    );
    fs::write(Path::new(&env::var("OUT_DIR")?).join("library.rs"), library)?;
    Ok(())
}

/// The regexes that searches are made of: `regex` of `text` matchers, and `contains` of others.
fn collect(value: &Value, out: &mut Regexes) {
    match value {
        Value::Object(entries) => {
            let ignore_case = entries.get("ignoreCase").and_then(Value::as_bool);
            for key in ["regex", "contains"] {
                if let Some(Value::String(source)) = entries.get(key) {
                    out.insert((source.clone(), ignore_case.unwrap_or(false)));
                }
            }
            entries.values().for_each(|value| collect(value, out));
        }
        Value::Array(items) => items.iter().for_each(|value| collect(value, out)),
        _ => {}
    }
}
