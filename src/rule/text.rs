//! A compiled `text` matcher: what it searches for, and where it may look.

use super::globs::GlobIds;
use super::search::Search;
use super::spec::TextSpec;
use crate::model::{Context, Language};
use std::collections::BTreeSet;

/// What `redact` calls the whole match.
pub const WHOLE: &str = "match";

/// A search whose matches are hits.
pub struct TextMatcher {
    /// What it searches for.
    pub search: Search,
    /// Globs it is restricted to.
    pub files: GlobIds,
    /// Languages it is restricted to; empty for all.
    pub languages: BTreeSet<Language>,
    /// Contexts it is restricted to; empty for all.
    pub contexts: BTreeSet<Context>,
    /// Captures that no output may contain.
    pub redact: Vec<String>,
    /// The first match in a file is enough.
    pub once: bool,
}

impl TextMatcher {
    /// The matcher of a spec, restricted to `files`.
    pub fn new(spec: &TextSpec, files: GlobIds) -> Self {
        Self {
            search: Search::new(spec.regex.value.as_str(), spec.ignore_case),
            files,
            languages: spec.languages.iter().copied().collect(),
            contexts: spec.r#in.iter().copied().collect(),
            redact: spec.redact.clone(),
            once: spec.once,
        }
    }

    /// Does it look at files of this language?
    pub fn speaks(&self, language: Option<Language>) -> bool {
        self.languages.is_empty() || language.is_some_and(|it| self.languages.contains(&it))
    }

    /// Compiles the regex now and says, in a sentence, what is wrong with the matcher.
    pub fn validate(&self) -> Result<(), String> {
        self.search.validate()?;
        let names = self.search.names();
        match self
            .redact
            .iter()
            .find(|name| *name != WHOLE && !names.contains(*name))
        {
            Some(name) => Err(format!(
                "`redact` names `{name}`, which the regex does not capture"
            )),
            None => Ok(()),
        }
    }
}
