//! A `path` matcher: the name of a file and, where a rule asks for it, what its first bytes tell.

use super::globs::GlobIds;
use super::search::Search;
use crate::model::{File, Magic, Role};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeSet;

/// Globs over file names, and signatures of formats.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct PathSpec {
    /// Globs over whole paths; `!` excludes.
    pub files: Vec<String>,
    /// In the git index.
    #[serde(default)]
    pub tracked: Option<bool>,
    /// Only files of these roles.
    #[serde(default)]
    pub roles: Vec<Role>,
    /// Has the executable bit.
    #[serde(default)]
    pub executable: Option<bool>,
    /// At least this many bytes.
    #[serde(default)]
    pub min_size: Option<u64>,
    /// Its first bytes say that it is of one of these formats.
    #[serde(default)]
    pub magic: Vec<Magic>,
    /// A regex that matches somewhere in what was read of it.
    #[serde(default)]
    pub contains: Option<String>,
}

/// A compiled `path` matcher.
pub struct PathMatcher {
    /// Globs it selects.
    pub files: GlobIds,
    tracked: Option<bool>,
    roles: BTreeSet<Role>,
    executable: Option<bool>,
    min_size: u64,
    magic: BTreeSet<Magic>,
    contains: Option<Search>,
}

impl PathMatcher {
    /// The matcher of a spec, restricted to `files`. A regex that does not compile finds nothing;
    /// `validate` says why.
    pub fn new(spec: &PathSpec, files: GlobIds) -> Self {
        Self {
            files,
            tracked: spec.tracked,
            roles: spec.roles.iter().copied().collect(),
            executable: spec.executable,
            min_size: spec.min_size.unwrap_or(0),
            magic: spec.magic.iter().copied().collect(),
            contains: spec
                .contains
                .as_deref()
                .map(|source| Search::new(source, false)),
        }
    }

    /// Compiles the regex now and says, in a sentence, what is wrong with it.
    pub fn validate(&self) -> Result<(), String> {
        match &self.contains {
            Some(_) if self.magic.is_empty() => {
                Err("`contains` without `magic` would search every file; use `text`".to_owned())
            }
            Some(search) => search
                .validate()
                .map_err(|error| format!("`contains`: {error}")),
            None => Ok(()),
        }
    }

    /// Does the name of the file not tell enough?
    pub fn asks_content(&self) -> bool {
        !self.magic.is_empty() || self.contains.is_some()
    }

    /// Does `contains` have to match?
    pub fn asks_contains(&self) -> bool {
        self.contains.is_some()
    }

    /// Is the file, apart from its name and its content, one that the matcher selects?
    pub fn admits(&self, file: &File) -> bool {
        self.tracked
            .is_none_or(|tracked| tracked == file.tracked.is_shared())
            && (self.roles.is_empty() || self.roles.contains(&file.role))
            && self
                .executable
                .is_none_or(|executable| executable == file.executable)
            && file.size >= self.min_size
    }

    /// Are these the bytes of a file that the matcher selects, if they are of the format `magic`?
    pub fn admits_content(&self, magic: Option<Magic>, bytes: &[u8]) -> bool {
        let known = self.magic.is_empty() || magic.is_some_and(|it| self.magic.contains(&it));
        let contains = self.contains.as_ref();
        known && contains.is_none_or(|search| search.matches_any(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matcher(yaml: &str) -> PathMatcher {
        let spec: PathSpec = serde_saphyr::from_str(yaml).unwrap();
        PathMatcher::new(&spec, GlobIds::default())
    }

    #[test]
    fn names_alone_need_no_content() {
        assert!(!matcher("files: ['**/*']").asks_content());
        assert!(matcher("{files: ['**/*'], magic: [sqlite]}").asks_content());
    }

    #[test]
    fn both_magic_and_contains_must_hold() {
        let matcher = matcher(r"{files: ['**/*'], magic: [sqlite, parquet], contains: 'a\xffb'}");
        assert!(matcher.validate().is_ok());
        assert!(matcher.admits_content(Some(Magic::Sqlite), b"\0\x80a\xffb"));
        assert!(!matcher.admits_content(Some(Magic::Sqlite), b"\0\x80ab"));
        assert!(!matcher.admits_content(Some(Magic::Dicom), b"a\xffb"));
        assert!(!matcher.admits_content(None, b"a\xffb"));
    }

    #[test]
    fn what_cannot_work_is_refused() {
        for (yaml, want) in [
            ("{files: ['**/*'], contains: abc}", "without `magic`"),
            (
                "{files: ['**/*'], magic: [gzip], contains: 'a('}",
                "`contains`",
            ),
        ] {
            let error = matcher(yaml).validate().unwrap_err();
            assert!(error.contains(want), "{error}");
        }
        assert!(serde_saphyr::from_str::<PathSpec>("{files: [a], magic: [floppy]}").is_err());
    }
}
