//! Text to `Document`, whatever the format. Nothing here aborts or recurses without a bound.

use super::bounds::{self, Unparsed};
use super::format::{Format, Syntax};
use super::template::Mask;
use super::{
    Document, bicep, compose, dockerfile, hcl, json, keyvalue, kubernetes, toml, xml, yaml,
};
use crate::model::RepoPath;

/// The byte order mark that some editors write first.
const MARK: &str = "\u{feff}";

/// Reads the file `path` with this text as `format`.
///
/// Parts that do not parse are in `Document::errors`; it is an error when nothing does.
///
/// ```
/// # use preop::{model::RepoPath, syntax::{Format, parse}};
/// let path = RepoPath::new("compose.yaml").unwrap();
/// let document = parse(Format::Compose, &path, "services: {}").unwrap();
/// assert!(document.entry(document.roots[0], "services").is_some());
/// ```
pub fn parse(format: Format, path: &RepoPath, text: &str) -> Result<Document, Unparsed> {
    bounds::check_size(text)?;
    let body = text.strip_prefix(MARK).unwrap_or(text);
    let mut document = read(format, path, body)?;
    match format {
        Format::Compose => compose::resolve(&mut document, path),
        Format::Kubernetes => kubernetes::open_lists(&mut document),
        _ => {}
    }
    document.shift(u32::try_from(text.len() - body.len()).unwrap_or_default());
    document.index_lines(text);
    Ok(document)
}

fn read(format: Format, path: &RepoPath, text: &str) -> Result<Document, Unparsed> {
    match format.syntax(path) {
        Syntax::Yaml => {
            let mask = Mask::of(text, is_helm_template(path));
            yaml::parse(text, &mask)
        }
        Syntax::Json => json::parse(text, path.extension() == Some("json5")),
        Syntax::Dockerfile => dockerfile::parse(text),
        Syntax::Env => Ok(keyvalue::parse_env(text)),
        Syntax::Properties => Ok(keyvalue::parse_properties(text)),
        Syntax::Ini => Ok(keyvalue::parse_ini(text)),
        Syntax::Toml => toml::parse(text),
        Syntax::Hcl => hcl::parse(text),
        Syntax::Bicep => bicep::parse(text),
        Syntax::Xml => xml::parse(text),
    }
}

/// Files below `templates/` are rendered by Helm before anybody reads them as YAML.
fn is_helm_template(path: &RepoPath) -> bool {
    path.as_str()
        .split('/')
        .rev()
        .skip(1)
        .any(|folder| folder == "templates")
}
