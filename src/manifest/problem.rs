//! What is wrong with a manifest: code, message, place, remedy.

use super::Source;
use miette::{Diagnostic, LabeledSpan, NamedSource, SourceCode};
use std::fmt;
use std::ops::Range;

/// What kind of mistake it is. The names are what people search for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// Not YAML, or a value of the wrong type.
    Syntax,
    /// `apiVersion` is not ours.
    ApiVersion,
    /// `kind` is missing or not one of ours.
    Kind,
    /// A key that nobody reads.
    UnknownKey,
    /// A word outside a closed set.
    UnknownWord,
    /// A required key is not there.
    MissingKey,
    /// A name that is not a DNS label, differs from the file, or is taken.
    Name,
    /// A value that does not mean anything: an effort, a placeholder, a format.
    Value,
    /// A regex that does not compile or that no literal protects.
    Regex,
    /// An ast-grep rule that does not compile.
    Code,
    /// A `JSONPath` that does not parse.
    Select,
    /// A CEL expression that does not compile.
    Expression,
    /// An example that is neither good nor bad, or does not hold.
    Example,
    /// The file cannot be read.
    Unreadable,
    /// A folder without a single rule.
    Empty,
}

impl Code {
    /// All codes, in order.
    pub const ALL: [Self; 15] = [
        Self::Syntax,
        Self::ApiVersion,
        Self::Kind,
        Self::UnknownKey,
        Self::UnknownWord,
        Self::MissingKey,
        Self::Name,
        Self::Value,
        Self::Regex,
        Self::Code,
        Self::Select,
        Self::Expression,
        Self::Example,
        Self::Unreadable,
        Self::Empty,
    ];

    /// The code as printed.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Syntax => "manifest/syntax",
            Self::ApiVersion => "manifest/api-version",
            Self::Kind => "manifest/kind",
            Self::UnknownKey => "manifest/unknown-key",
            Self::UnknownWord => "manifest/unknown-word",
            Self::MissingKey => "manifest/missing-key",
            Self::Name => "manifest/name",
            Self::Value => "manifest/value",
            Self::Regex => "manifest/regex",
            Self::Code => "manifest/code",
            Self::Select => "manifest/select",
            Self::Expression => "manifest/expression",
            Self::Example => "manifest/example",
            Self::Unreadable => "manifest/unreadable",
            Self::Empty => "manifest/empty",
        }
    }
}

/// One mistake in one manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What kind of mistake.
    pub code: Code,
    /// What was found, in one sentence without a full stop.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// Bytes of the manifest it is about.
    pub range: Option<Range<usize>>,
    source: Source,
}

impl Problem {
    /// A problem of `source`.
    pub fn new(source: Source, code: Code, range: Option<Range<usize>>, message: String) -> Self {
        Self {
            code,
            message,
            help: None,
            range,
            source,
        }
    }

    /// Adds the remedy.
    #[must_use]
    pub fn help(mut self, help: String) -> Self {
        self.help = Some(help);
        self
    }

    /// Path of the manifest.
    pub fn path(&self) -> &str {
        &self.source.path
    }

    /// Line of the manifest, from 1.
    pub fn line(&self) -> usize {
        let start = self.range.as_ref().map_or(0, |range| range.start);
        let before = self.source.text.as_bytes().get(..start).unwrap_or_default();
        memchr::memchr_iter(b'\n', before).count() + 1
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Problem {}

impl Diagnostic for Problem {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.code.as_str()))
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help
            .as_ref()
            .map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        None
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let range = self.range.clone().unwrap_or(0..0);
        Some(Box::new(std::iter::once(LabeledSpan::underline(range))))
    }
}

/// Every mistake of every manifest, in order of file and place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl Problems {
    /// Sorts by file and place, and drops repetitions.
    #[must_use]
    pub fn sorted(mut self) -> Self {
        self.0.sort_by(|a, b| {
            (a.path(), a.line(), a.code, &a.message).cmp(&(b.path(), b.line(), b.code, &b.message))
        });
        self.0.dedup();
        self
    }

    /// All problems as text with excerpts, for a terminal of `width` columns.
    pub fn render(&self, width: usize, colour: bool) -> String {
        let theme = if colour {
            miette::GraphicalTheme::unicode()
        } else {
            miette::GraphicalTheme::unicode_nocolor()
        };
        let handler = miette::GraphicalReportHandler::new_themed(theme)
            .with_width(width)
            .with_context_lines(1)
            .with_links(false);
        let mut out = String::new();
        for problem in &self.0 {
            let shown = Shown {
                problem,
                source: NamedSource::new(&*problem.source.path, problem.source.text.to_string()),
            };
            // Writing to a `String` cannot fail.
            let _infallible = handler.render_report(&mut out, &shown);
        }
        out
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for problem in &self.0 {
            writeln!(
                f,
                "{}:{}: {}",
                problem.path(),
                problem.line(),
                problem.message
            )?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

/// A problem together with the text that miette cuts the excerpt from.
#[derive(Debug)]
struct Shown<'p> {
    problem: &'p Problem,
    source: NamedSource<String>,
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.problem, f)
    }
}

impl std::error::Error for Shown<'_> {}

impl Diagnostic for Shown<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.problem.code()
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Diagnostic::help(self.problem)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        self.problem.labels()
    }
}
