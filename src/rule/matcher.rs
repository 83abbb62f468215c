//! Compiled matchers of every kind, and the spec they come from.

use super::Source;
use super::code::CodeMatcher;
use super::globs::{GlobIds, GlobTable};
use super::path::{PathMatcher, PathSpec};
use super::pattern::required::MIN_LEN;
use super::spec::{DataSpec, MatchSpec, TextSpec};
use super::text::TextMatcher;
use crate::manifest::{Code, Problem, Source as Manifest, closest};
use crate::model::MatcherId;
use crate::syntax::{Format, Selector};
use serde_saphyr::Location;
use std::sync::Arc;

/// A compiled matcher.
pub enum Matcher {
    /// A regex over text.
    Text(TextMatcher),
    /// An ast-grep rule over syntax.
    Code(CodeMatcher),
    /// A `JSONPath` over a parsed document.
    Data(DataMatcher),
    /// Globs over file names, and signatures of formats.
    Path(PathMatcher),
}

/// A compiled `data` matcher.
pub struct DataMatcher {
    /// Document format.
    pub format: Format,
    /// What it selects.
    pub selector: Selector,
    /// Globs it is restricted to.
    pub files: GlobIds,
    /// `value`, if that may not be in any output.
    pub redact: Vec<String>,
}

/// Compiles the matchers of one manifest into the tables of the rule set.
pub(super) struct Builder<'b> {
    /// The manifest, for problems.
    pub manifest: &'b Manifest,
    /// Is everything compiled at once, to see whether it can be?
    pub validate: bool,
    /// Globs of all manifests.
    pub globs: &'b mut GlobTable,
    /// Matchers of all manifests.
    pub matchers: &'b mut Vec<Matcher>,
    /// Problems of this manifest.
    pub problems: &'b mut Vec<Problem>,
}

impl Builder<'_> {
    /// The sources of hits that a `match` names.
    pub(super) fn sources(&mut self, spec: &MatchSpec, at: Location) -> Vec<Source> {
        let mut out = Vec::new();
        self.collect(spec, at, &mut out);
        out
    }

    fn collect(&mut self, spec: &MatchSpec, at: Location, out: &mut Vec<Source>) {
        let MatchSpec {
            any,
            text,
            code,
            data,
            path,
            fact,
        } = spec;
        let given = [
            any.is_some(),
            text.is_some(),
            code.is_some(),
            data.is_some(),
            path.is_some(),
            fact.is_some(),
        ];
        if given.iter().filter(|given| **given).count() != 1 {
            let message =
                "a matcher has exactly one of `text`, `code`, `data`, `path`, `fact`, `any`";
            self.problem(Code::Value, at, message.to_owned());
            return;
        }
        if let Some(any) = any {
            for spec in any {
                self.collect(spec, at, out);
            }
            return;
        }
        if let Some(kind) = fact {
            out.push(Source::Fact(Arc::from(kind.as_str())));
            return;
        }
        let matcher = match (text, code, data, path) {
            (Some(text), ..) => self.text(text),
            (_, Some(code), ..) => Some(Matcher::Code(CodeMatcher::new(code))),
            (_, _, Some(data), _) => self.data(data),
            (.., Some(path)) => self.path(path, at),
            _ => None,
        };
        if let Some(matcher) = matcher {
            let id = u32::try_from(self.matchers.len()).unwrap_or(u32::MAX);
            self.matchers.push(matcher);
            out.push(Source::Scan(MatcherId(id)));
        }
    }

    fn text(&mut self, spec: &TextSpec) -> Option<Matcher> {
        let at = spec.regex.referenced;
        let files = self.globs(&spec.files, at)?;
        let matcher = TextMatcher::new(spec, files);
        if self.validate {
            self.check(spec, &matcher);
        }
        Some(Matcher::Text(matcher))
    }

    fn check(&mut self, spec: &TextSpec, matcher: &TextMatcher) {
        let at = spec.regex.referenced;
        let unrestricted = spec.languages.is_empty()
            && (spec.files.is_empty() || spec.files.iter().any(|glob| glob == "**/*"));
        if let Err(message) = matcher.validate() {
            self.problem(Code::Regex, at, message);
        } else if unrestricted && matcher.search.landmarks().is_empty() {
            let message = format!(
                "no literal of {MIN_LEN} bytes is in every match of the regex, so it would search every file"
            );
            self.problem(Code::Regex, at, message);
        }
    }

    fn data(&mut self, spec: &DataSpec) -> Option<Matcher> {
        let files = self.globs(&spec.files, spec.format.referenced)?;
        if spec.redact.iter().any(|name| name != "value") {
            let message = "a `data` matcher can only redact `value`".to_owned();
            self.problem(Code::Value, spec.select.referenced, message);
        }
        let Some(format) = Format::from_name(&spec.format.value) else {
            let message = format!("unknown document format `{}`", spec.format.value);
            let known = Format::ALL.iter().map(|format| format.name());
            let help = closest(&spec.format.value, known.clone()).map_or_else(
                || format!("one of {}", known.collect::<Vec<_>>().join(", ")),
                |known| format!("did you mean `{known}`?"),
            );
            let problem = self
                .manifest
                .problem(Code::Value, Some(spec.format.referenced), message)
                .help(help);
            self.problems.push(problem);
            return None;
        };
        match Selector::compile(&spec.select.value) {
            Ok(selector) => Some(Matcher::Data(DataMatcher {
                format,
                selector,
                files,
                redact: spec.redact.clone(),
            })),
            Err(error) => {
                self.problem(Code::Select, spec.select.referenced, error.message);
                None
            }
        }
    }

    fn path(&mut self, spec: &PathSpec, at: Location) -> Option<Matcher> {
        let files = self.globs(&spec.files, at)?;
        if files.is_empty() {
            self.problem(Code::Value, at, "`path` names no files".to_owned());
            return None;
        }
        let matcher = PathMatcher::new(spec, files);
        if self.validate
            && let Err(message) = matcher.validate()
        {
            self.problem(Code::Value, at, message);
        }
        Some(Matcher::Path(matcher))
    }

    fn globs(&mut self, globs: &[String], at: Location) -> Option<GlobIds> {
        match self.globs.add(globs) {
            Ok(ids) => Some(ids),
            Err(message) => {
                self.problem(Code::Value, at, message);
                None
            }
        }
    }

    fn problem(&mut self, code: Code, at: Location, message: String) {
        self.problems
            .push(self.manifest.problem(code, Some(at), message));
    }
}
