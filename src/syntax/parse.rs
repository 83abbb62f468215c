//! Text to `Document`, whatever the format. Nothing here aborts or recurses without a bound.

use super::bounds::{self, Unparsed};
use super::chart::{self, Chart};
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

/// Reads a template of a chart with what the chart tells, or as it is written where that is no YAML.
/// All places are those of the template; what was put in stands where the template stands.
pub fn parse_with(
    format: Format,
    path: &RepoPath,
    text: &str,
    chart: &Chart,
) -> Result<Document, Unparsed> {
    let Some(expansion) = chart::expand(text, chart) else {
        return parse(format, path, text);
    };
    match parse(format, path, &expansion.text) {
        Ok(mut document) if document.errors.is_empty() => {
            document.relocate(|span| expansion.origin(span));
            document.index_lines(text);
            document.values = expansion.used;
            Ok(document)
        }
        _ => parse(format, path, text),
    }
}

fn read(format: Format, path: &RepoPath, text: &str) -> Result<Document, Unparsed> {
    match format.syntax(path) {
        Syntax::Yaml => {
            let mask = Mask::of(text, chart::chart_of(path).is_some());
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
