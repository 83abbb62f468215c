//! A file of the target before anybody has looked inside it.

use super::{Language, RepoPath};
use serde::{Deserialize, Serialize};

/// What a file is for. Decided from its path, and from its first bytes where a generator says so.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Runs, or configures what runs, in production.
    #[default]
    Production,
    /// Tests and their data.
    Test,
    /// Shows how something is used: `examples/`, `.env.example`.
    Example,
    /// Documentation.
    Docs,
    /// Written by a program: build output, lock files, minified bundles.
    Generated,
    /// Somebody else's code, kept here.
    Vendored,
    /// Changes a database schema.
    Migration,
    /// Run by hand or by a job: seeds, maintenance, tooling.
    Script,
    /// Configures development or tests only: `docker-compose.dev.yml`.
    DevConfig,
    /// A copy kept beside the original: `.bak`, `.old`.
    Backup,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 10] = [
        Self::Production,
        Self::Test,
        Self::Example,
        Self::Docs,
        Self::Generated,
        Self::Vendored,
        Self::Migration,
        Self::Script,
        Self::DevConfig,
        Self::Backup,
    ];

    /// The word used in rules and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::Test => "test",
            Self::Example => "example",
            Self::Docs => "docs",
            Self::Generated => "generated",
            Self::Vendored => "vendored",
            Self::Migration => "migration",
            Self::Script => "script",
            Self::DevConfig => "dev-config",
            Self::Backup => "backup",
        }
    }
}

/// What version control says of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Tracked {
    /// In the index: everybody who clones has it.
    Tracked,
    /// Not in the index and not ignored: the next `git add .` takes it.
    Untracked,
    /// Ignored and not in the index: local to this machine.
    Ignored,
    /// No index could be read; the file is treated as if it were tracked.
    Unknown,
}

impl Tracked {
    /// Does, or may, everybody who has the repository have this file?
    pub fn is_shared(self) -> bool {
        matches!(self, Self::Tracked | Self::Unknown)
    }
}

/// A listed file: everything that is known without reading it.
#[derive(Clone, Debug)]
pub struct File {
    /// Where it is.
    pub path: RepoPath,
    /// Size in bytes when it was listed.
    pub size: u64,
    /// What it is for.
    pub role: Role,
    /// What the git index says.
    pub tracked: Tracked,
    /// Language by name, if it has one.
    pub language: Option<Language>,
    /// Has the executable bit.
    pub executable: bool,
}

/// Something that was not read or not judged, and why. Listed in every report.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Skipped {
    /// The path as printable text; names that are not UTF-8 are escaped.
    pub path: String,
    /// Why.
    pub reason: SkipReason,
    /// What exactly: the bound that was hit, the line that does not parse. Never file content.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub detail: Option<String>,
}

/// Why something was not read or not judged.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum SkipReason {
    /// No text: images, archives, executables.
    Binary,
    /// Larger than the size bound; its first bytes may still have been read.
    TooLarge,
    /// Nested deeper than the depth bound.
    TooDeep,
    /// Parsing or matching used up its time budget.
    Budget,
    /// Does not parse as what it claims to be.
    Malformed,
    /// Holds templates that only rendering can resolve.
    Templated,
    /// The system refused to open it.
    Unreadable,
    /// Gone between listing and opening.
    Vanished,
    /// A symbolic link; links are never followed.
    Link,
    /// FIFO, socket or device.
    Special,
    /// A name that is not UTF-8, too long, or too deep to open.
    Name,
    /// Not UTF-8 text: audited as bytes, not as code.
    Encoding,
    /// A pointer to content that is kept elsewhere (Git LFS, a submodule).
    Elsewhere,
    /// More hits than the bound; `detail` says how many were left out.
    TooManyHits,
    /// The tool itself failed on this file; please report it.
    Internal,
}

impl SkipReason {
    /// The words used in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Binary => "binary",
            Self::TooLarge => "too large",
            Self::TooDeep => "nested too deep",
            Self::Budget => "time budget spent",
            Self::Malformed => "does not parse",
            Self::Templated => "template, not rendered",
            Self::Unreadable => "unreadable",
            Self::Vanished => "vanished",
            Self::Link => "symbolic link",
            Self::Special => "not a regular file",
            Self::Name => "unusable name",
            Self::Encoding => "not UTF-8",
            Self::Elsewhere => "content not here",
            Self::TooManyHits => "too many hits",
            Self::Internal => "internal error",
        }
    }

    /// Does this lower coverage? A photograph that was not read hides no code.
    pub fn lowers_coverage(self) -> bool {
        !matches!(
            self,
            Self::Binary | Self::Link | Self::Special | Self::Elsewhere | Self::Templated
        )
    }
}
