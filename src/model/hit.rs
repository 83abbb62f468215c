//! What a matcher found in one file, kept after the file's content is gone.

use super::{File, Import, Location, Role, Skipped, Span, Value};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

/// Which compiled matcher of the rule set produced a hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MatcherId(pub u32);

/// Name of the capture that marks a hit of which nobody can say whether it is one: the selection
/// runs into a template.
pub const UNDECIDED: &str = "undecided";

/// Name of the capture that marks a value which takes the place of what other files set: `!override`
/// and `!reset` of Compose.
pub const REPLACES: &str = "replaces";

/// What kind of text a hit stands in.
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
#[serde(rename_all = "lowercase")]
pub enum Context {
    /// Program text or configuration.
    #[default]
    Code,
    /// A comment.
    Comment,
    /// A string literal.
    String,
    /// Text for people: Markdown, HTML text, plain text.
    Prose,
}

impl Context {
    /// The word used in rules.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Comment => "comment",
            Self::String => "string",
            Self::Prose => "prose",
        }
    }
}

/// One place that a matcher found.
#[derive(Clone, Debug)]
pub struct Hit {
    /// Where.
    pub location: Location,
    /// The matched text or the selected node.
    pub value: Value,
    /// Named captures (`text`), metavariables (`code`), or `key`, `parent`, `root` (`data`).
    pub captures: BTreeMap<Arc<str>, Value>,
    /// Syntax node kinds of the metavariables (`code` only), such as `string` or `identifier`.
    pub kinds: BTreeMap<Arc<str>, &'static str>,
    /// What kind of text it stands in.
    pub context: Context,
    /// Up to six lines around the hit; spans that a matcher marked secret are masked already.
    pub excerpt: Arc<str>,
    /// Line number of the first line of `excerpt`, from 1.
    pub excerpt_line: u32,
    /// Digest of the whitespace-folded matched text with secrets masked: what a fingerprint is
    /// made of. Holds no position, so moved code keeps its identity.
    pub digest: [u8; 16],
}

/// A secret's raw value with the name of the capture it came from.
///
/// Held in memory only, so that `redact` can find copies of it; it has no `Serialize` and its
/// `Debug` hides the text.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Secret(Arc<str>);

impl Secret {
    /// Takes custody of a raw value.
    pub fn new(raw: impl Into<Arc<str>>) -> Self {
        Self(raw.into())
    }

    /// The raw value, for the redactor alone.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({} bytes)", self.0.len())
    }
}

/// A `preop:ignore[...]` comment, or another tool's allow comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InlineWaiver {
    /// The line the comment stands on, from 1.
    pub line: u32,
    /// The line it speaks of; 0 means the whole file.
    pub target_line: u32,
    /// Rules it names; empty for another tool's comment, which speaks of secrets only.
    pub rules: Vec<String>,
    /// Why, as written; may be empty.
    pub reason: String,
    /// Last day on which it holds, `YYYY-MM-DD`.
    pub until: Option<String>,
    /// Where the comment stands.
    pub location: Location,
}

/// Everything that scanning one file produced.
#[derive(Clone, Debug)]
pub struct FileHits {
    /// The file, with its role and language corrected by its content.
    pub file: File,
    /// Hits by matcher, in order of position within each matcher.
    pub hits: Vec<(MatcherId, Arc<Hit>)>,
    /// Names of the document formats that it reads as.
    pub formats: BTreeSet<&'static str>,
    /// Modules it asks for.
    pub imports: Vec<Import>,
    /// Comments that accept findings.
    pub waivers: Vec<InlineWaiver>,
    /// What could not be read or judged here.
    pub skipped: Vec<Skipped>,
    /// Raw values that no output may contain.
    pub secrets: Vec<Secret>,
    /// Number of lines read.
    pub lines: u32,
    /// How many syntax trees were built of it.
    pub parses: u32,
    /// Its text, if other files tell what it says.
    pub template: Option<Template>,
}

/// The text of a file that can be understood only with others. It is kept until it is.
#[derive(Clone, Debug)]
pub struct Template {
    /// All of it.
    pub text: Arc<str>,
    /// The parts that no output may contain, in order and disjoint.
    pub masks: Vec<Span>,
}

impl FileHits {
    /// The result for a file in which nothing was found.
    pub fn empty(file: File) -> Self {
        Self {
            file,
            hits: Vec::new(),
            formats: BTreeSet::new(),
            imports: Vec::new(),
            waivers: Vec::new(),
            skipped: Vec::new(),
            secrets: Vec::new(),
            lines: 0,
            parses: 0,
            template: None,
        }
    }

    /// Is the file one whose practices count as being in place?
    pub fn is_production(&self) -> bool {
        self.file.role == Role::Production
    }
}

impl Hit {
    /// Does the hit lie on the same bytes as `span`, in part?
    pub fn touches(&self, span: Span) -> bool {
        self.location.span.overlaps(span)
    }
}
