//! Manifests as text: the envelope that all kinds share, typed loading, and problems with the
//! file, the place and the remedy. Knows the shape of no particular kind.

mod problem;
mod suggest;

pub use problem::{Code, Problem, Problems};
pub use suggest::closest;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_saphyr::{Error, Location};
use std::ops::Range;
use std::sync::Arc;

/// The one version of the manifest language.
pub const API_VERSION: &str = "preop.dev/v1";

/// A manifest file before it is understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Path as people should read it in a message.
    pub path: Arc<str>,
    /// The whole file.
    pub text: Arc<str>,
}

impl Source {
    /// A manifest called `path`.
    pub fn new(path: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        Self {
            path: path.into(),
            text: text.into(),
        }
    }

    /// File name without folder and `.yaml`.
    pub fn stem(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or(&self.path);
        name.strip_suffix(".yaml")
            .or_else(|| name.strip_suffix(".yml"))
            .unwrap_or(name)
    }

    /// Name of the folder that holds it.
    pub fn folder(&self) -> &str {
        self.path.rsplit('/').nth(1).unwrap_or("")
    }

    /// A problem with the text at `location`, or with the file as a whole.
    pub fn problem(&self, code: Code, location: Option<Location>, message: String) -> Problem {
        Problem::new(
            self.clone(),
            code,
            location.and_then(|at| byte_range(&at, &self.text)),
            message,
        )
    }
}

/// The keys that tell what a manifest is.
#[derive(Deserialize)]
struct Envelope {
    #[serde(rename = "apiVersion", default)]
    api_version: Option<String>,
    #[serde(default)]
    kind: Option<String>,
}

/// The `kind` of a manifest, once its envelope is in order.
pub fn kind(source: &Source) -> Result<String, Problem> {
    if let Some(kind) = plain_kind(&source.text) {
        return Ok(kind.to_owned());
    }
    let envelope: Envelope =
        serde_saphyr::from_str(&source.text).map_err(|error| explain(source, &error))?;
    match envelope.api_version.as_deref() {
        Some(API_VERSION) => {}
        Some(other) => {
            let message = format!("`apiVersion` is `{other}`");
            return Err(source
                .problem(Code::ApiVersion, None, message)
                .help(format!("this version reads `{API_VERSION}`")));
        }
        None => {
            let message = "`apiVersion` is missing".to_owned();
            return Err(source
                .problem(Code::ApiVersion, None, message)
                .help(format!("begin the file with `apiVersion: {API_VERSION}`")));
        }
    }
    envelope.kind.ok_or_else(|| {
        source
            .problem(Code::Kind, None, "`kind` is missing".to_owned())
            .help("write `kind: Rule`, `Fact`, `Profile`, `Config` or `Baseline`".to_owned())
    })
}

/// The `kind` of a manifest that begins as all of ours do, so that it need not be parsed twice.
fn plain_kind(text: &str) -> Option<&str> {
    let rest = text.strip_prefix("apiVersion: ")?;
    let rest = rest.strip_prefix(API_VERSION)?.strip_prefix("\nkind: ")?;
    let (kind, _) = rest.split_once('\n')?;
    kind.bytes()
        .all(|byte| byte.is_ascii_alphabetic())
        .then_some(kind)
}

/// Reads a manifest as `T`; unknown keys, wrong types and missing keys name their place.
pub fn load<T: DeserializeOwned>(source: &Source) -> Result<T, Problem> {
    serde_saphyr::from_str(&source.text).map_err(|error| explain(source, &error))
}

fn explain(source: &Source, error: &Error) -> Problem {
    let error = error.without_snippet();
    let location = error.location();
    match error {
        Error::SerdeUnknownField {
            field, expected, ..
        } => {
            let problem =
                source.problem(Code::UnknownKey, location, format!("unknown key `{field}`"));
            match closest(field, expected.iter().copied()) {
                Some(known) => problem.help(format!("did you mean `{known}`?")),
                None => problem.help(format!("allowed here: {}", expected.join(", "))),
            }
        }
        Error::SerdeUnknownVariant {
            variant, expected, ..
        } => {
            let problem = source.problem(
                Code::UnknownWord,
                location,
                format!("unknown word `{variant}`"),
            );
            match closest(variant, expected.iter().copied()) {
                Some(known) => problem.help(format!("did you mean `{known}`?")),
                None => problem.help(format!("allowed here: {}", expected.join(", "))),
            }
        }
        Error::SerdeMissingField { field, .. } => {
            source.problem(Code::MissingKey, location, format!("`{field}` is missing"))
        }
        other => {
            let text = other.render_with_options(serde_saphyr::render_options! {
                snippets: serde_saphyr::SnippetMode::Off,
            });
            source.problem(Code::Syntax, location, first_line(&text))
        }
    }
}

fn first_line(text: &str) -> String {
    text.lines()
        .next()
        .unwrap_or("not valid YAML")
        .trim_start_matches("error: ")
        .to_owned()
}

/// Byte range of a location; pure syntax errors know only line and column.
fn byte_range(at: &Location, text: &str) -> Option<Range<usize>> {
    if let (Some(start), Some(len)) = (at.span().byte_offset(), at.span().byte_len()) {
        let start = usize::try_from(start).ok()?;
        let end = start.checked_add(usize::try_from(len).ok()?)?;
        if end <= text.len() {
            return Some(start..end);
        }
    }
    let line = usize::try_from(at.line()).ok()?.checked_sub(1)?;
    let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let end = start + text.get(start..)?.lines().next().map_or(0, str::len);
    Some(start..end)
}
