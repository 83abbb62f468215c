//! Where something stands: repository paths, byte spans, and lines and columns as people
//! count them. `LineIndex::position` is the only conversion in the program.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;

/// A path inside the audited repository: relative, `/`-separated, without `.` or `..`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RepoPath(Arc<str>);

impl RepoPath {
    /// Makes a path from repository-relative text, dropping a leading `./`.
    ///
    /// Returns `None` for absolute paths, for paths that climb out with `..`, and for an empty name.
    ///
    /// ```
    /// # use preop::model::RepoPath;
    /// assert_eq!(RepoPath::new("./src/main.rs").unwrap().as_str(), "src/main.rs");
    /// assert!(RepoPath::new("../secret").is_none());
    /// ```
    pub fn new(text: &str) -> Option<Self> {
        if text.starts_with('/') {
            return None;
        }
        let mut parts = Vec::new();
        for part in text.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop()?;
                }
                other => parts.push(other),
            }
        }
        if parts.is_empty() {
            None
        } else {
            Some(Self(parts.join("/").into()))
        }
    }

    /// `README.md` at the root: where one points when a repository has no better place.
    pub fn readme() -> Self {
        Self("README.md".into())
    }

    /// The whole path.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last part.
    pub fn name(&self) -> &str {
        self.0.rsplit_once('/').map_or(&*self.0, |(_, name)| name)
    }

    /// The folder, without a trailing slash; `""` at the root.
    pub fn dir(&self) -> &str {
        self.0.rsplit_once('/').map_or("", |(dir, _)| dir)
    }

    /// The name without its last extension.
    pub fn stem(&self) -> &str {
        let name = self.name();
        match name.rsplit_once('.') {
            Some((stem, _)) if !stem.is_empty() => stem,
            _ => name,
        }
    }

    /// The text after the last dot of the name, if there is one before it.
    pub fn extension(&self) -> Option<&str> {
        match self.name().rsplit_once('.') {
            Some((stem, extension)) if !stem.is_empty() => Some(extension),
            _ => None,
        }
    }

    /// Is this path below `dir`? Every path is below `""`.
    pub fn is_below(&self, dir: &str) -> bool {
        dir.is_empty()
            || self
                .0
                .strip_prefix(dir)
                .is_some_and(|rest| rest.starts_with('/'))
    }

    /// The path that `relative` names when written in a file of this path's folder.
    pub fn sibling(&self, relative: &str) -> Option<Self> {
        Self::new(format!("{}/{relative}", self.dir()).trim_start_matches('/'))
    }
}

impl fmt::Display for RepoPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Bytes `start..end` of one file. The only coordinates used between floors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte; never before `start`.
    pub end: u32,
}

impl Span {
    /// A span from byte offsets; an `end` before `start` gives an empty span at `start`.
    pub fn new(start: usize, end: usize) -> Self {
        let start = u32::try_from(start).unwrap_or(u32::MAX);
        let end = u32::try_from(end).unwrap_or(u32::MAX);
        Self {
            start,
            end: end.max(start),
        }
    }

    /// The span as an index range.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Does this span hold all of `other`?
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Do the two spans share a byte?
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// Line and column as people count them: both from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Line, from 1.
    pub line: NonZeroU32,
    /// Column in Unicode scalar values, from 1.
    pub column: NonZeroU32,
}

impl Position {
    /// Line 1, column 1: the place of a finding about a whole file.
    pub const START: Self = Self {
        line: NonZeroU32::MIN,
        column: NonZeroU32::MIN,
    };
}

/// A place in one file of the repository.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    /// The file.
    pub path: RepoPath,
    /// The bytes.
    pub span: Span,
    /// Where it begins.
    pub start: Position,
    /// Where it ends; the column is one past the last character.
    pub end: Position,
}

impl Location {
    /// The start of a file, for statements about the file as a whole.
    pub fn file(path: RepoPath) -> Self {
        Self {
            path,
            span: Span::new(0, 0),
            start: Position::START,
            end: Position::START,
        }
    }

    /// Line of the first character, from 1.
    pub fn line(&self) -> u32 {
        self.start.line.get()
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.path, self.start.line)
    }
}

/// Line starts of one text, to turn byte offsets into positions.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
}

/// Number of lines of a text with so many line ends.
fn whole_lines(ends: usize, text: &[u8]) -> u32 {
    let open = !text.is_empty() && !text.ends_with(b"\n");
    u32::try_from(ends + usize::from(open)).unwrap_or(u32::MAX)
}

impl LineIndex {
    /// Finds the lines of `text`; `\n` and `\r\n` end a line.
    pub fn new(text: &[u8]) -> Self {
        let mut starts = vec![0];
        starts.extend(memchr::memchr_iter(b'\n', text).map(|at| Span::new(at + 1, at + 1).start));
        Self { starts }
    }

    /// Number of lines; a final newline does not begin another.
    pub fn len(&self, text: &[u8]) -> u32 {
        whole_lines(self.starts.len() - 1, text)
    }

    /// Number of lines of `text`, without an index.
    pub fn count(text: &[u8]) -> u32 {
        whole_lines(memchr::memchr_iter(b'\n', text).count(), text)
    }

    /// The position of byte `offset` of the same `text`.
    pub fn position(&self, text: &[u8], offset: u32) -> Position {
        let line = self.starts.partition_point(|&start| start <= offset).max(1);
        let start = self.starts.get(line - 1).copied().unwrap_or(0);
        let before = text
            .get(start as usize..offset as usize)
            .unwrap_or_default();
        // A byte that continues a UTF-8 character does not begin a column.
        let column = before.iter().filter(|byte| **byte & 0xC0 != 0x80).count() + 1;
        Position {
            line: one_based(line),
            column: one_based(column),
        }
    }

    /// The location of `span` in the file `path` whose text this is.
    pub fn locate(&self, text: &[u8], path: &RepoPath, span: Span) -> Location {
        Location {
            path: path.clone(),
            span,
            start: self.position(text, span.start),
            end: self.position(text, span.end),
        }
    }

    /// The bytes of the line (from 1), without its line end.
    pub fn line<'t>(&self, text: &'t [u8], line: u32) -> &'t [u8] {
        let span = self.line_span(text, line);
        text.get(span.range()).unwrap_or_default()
    }

    /// The span of the line (from 1), without its line end.
    pub fn line_span(&self, text: &[u8], line: u32) -> Span {
        let index = (line as usize).saturating_sub(1);
        let start = self
            .starts
            .get(index)
            .map_or(text.len(), |start| *start as usize);
        let end = self
            .starts
            .get(index + 1)
            .map_or(text.len(), |next| *next as usize - 1);
        let end = if end > start && text.get(end - 1) == Some(&b'\r') {
            end - 1
        } else {
            end
        };
        Span::new(start, end)
    }
}

fn one_based(number: usize) -> NonZeroU32 {
    u32::try_from(number)
        .ok()
        .and_then(NonZeroU32::new)
        .unwrap_or(NonZeroU32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_normal_and_stay_inside() {
        for (text, want) in [
            ("a/b", Some("a/b")),
            ("./a//b/", Some("a/b")),
            ("a/../b", Some("b")),
            ("../b", None),
            ("/etc/passwd", None),
            ("", None),
        ] {
            assert_eq!(
                RepoPath::new(text).as_ref().map(RepoPath::as_str),
                want,
                "{text}"
            );
        }
    }

    #[test]
    fn positions_count_from_one_in_characters() {
        let text = "né\r\nx".as_bytes();
        let index = LineIndex::new(text);
        let at = |offset| {
            let position = index.position(text, offset);
            (position.line.get(), position.column.get())
        };
        assert_eq!(at(0), (1, 1));
        assert_eq!(at(3), (1, 3));
        assert_eq!(at(5), (2, 1));
        assert_eq!(index.line(text, 1), "né".as_bytes());
        assert_eq!(index.line(text, 2), b"x");
    }
}
