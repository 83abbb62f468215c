//! `.gitignore` files: read through the guarded door, bounded, and nested as git nests them.
//!
//! Only files inside the root count. What lies above it, beside it or in the user's home would make
//! the answer depend on the machine.

use super::folder::Folder;
use crate::model::{SkipReason, Skipped};
use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use std::rc::Rc;

/// Name of the files.
pub(super) const FILE_NAME: &str = ".gitignore";

const MAX_BYTES: usize = 1 << 20;
/// In one file: compiling more takes long and much memory.
const MAX_PATTERNS: usize = 10_000;
/// In all files: many small files cost as much as a big one.
const MAX_PATTERNS_TOTAL: usize = 50_000;

/// The patterns that apply in a folder: its own, and those of the folders around it.
#[derive(Clone, Debug, Default)]
pub(super) struct Patterns(Option<Rc<Layer>>);

#[derive(Debug)]
struct Layer {
    /// Folder of the file with its slash; paths are matched relative to it.
    prefix: String,
    own: Gitignore,
    outer: Patterns,
}

/// Loads ignore files and counts what they cost.
#[derive(Debug, Default)]
pub(super) struct Loader {
    patterns: usize,
}

impl Patterns {
    /// Is `path` ignored? The innermost file that says something decides, in it the last line.
    pub(super) fn ignores(&self, path: &str, is_folder: bool) -> bool {
        let mut layer = self.0.as_deref();
        while let Some(current) = layer {
            if let Some(relative) = path.strip_prefix(&current.prefix) {
                match current.own.matched(relative, is_folder) {
                    Match::Ignore(_) => return true,
                    Match::Whitelist(_) => return false,
                    Match::None => {}
                }
            }
            layer = current.outer.0.as_deref();
        }
        false
    }
}

impl Loader {
    /// `outer` with the ignore file of the folder `dir` on top.
    ///
    /// A file over a bound is not applied at all: its last lines may take back what its first lines
    /// ignore, and reading too much is safer than reading too little.
    pub(super) fn load(
        &mut self,
        root: &Folder,
        dir: &str,
        outer: &Patterns,
    ) -> Result<Patterns, Skipped> {
        let prefix = if dir.is_empty() {
            String::new()
        } else {
            format!("{dir}/")
        };
        let path = format!("{prefix}{FILE_NAME}");
        let too_large = |what: &str| Skipped {
            path: path.clone(),
            reason: SkipReason::TooLarge,
            detail: Some(format!("{what}; its patterns are not applied")),
        };
        let unreadable = || Skipped {
            path: path.clone(),
            reason: SkipReason::Malformed,
            detail: Some("takes back a pattern in a syntax of git alone; not applied".to_owned()),
        };
        let content = root
            .read(&path, MAX_BYTES)
            .map_err(|refused| refused.at(path.clone()))?;
        if content.truncated {
            return Err(too_large("ignore file over 1 MiB"));
        }
        let lines = || pattern_lines(&content.bytes);
        let count = lines().count();
        if count > MAX_PATTERNS {
            return Err(too_large("more than 10 000 patterns"));
        }
        if self.patterns + count > MAX_PATTERNS_TOTAL {
            return Err(too_large("more than 50 000 patterns in all ignore files"));
        }
        self.patterns += count;
        let mut builder = GitignoreBuilder::new("");
        // Git matches nothing with a class that does not end.
        builder.allow_unclosed_class(false);
        for line in lines() {
            match as_glob(line) {
                // Git, too, passes over a pattern that makes no sense.
                Some(glob) => drop(builder.add_line(None, &glob)),
                None if line.starts_with('!') => return Err(unreadable()),
                None => {}
            }
        }
        let own = builder
            .build()
            .map_err(|_error| too_large("patterns too large to compile"))?;
        if own.is_empty() {
            return Ok(outer.clone());
        }
        Ok(Patterns(Some(Rc::new(Layer {
            prefix,
            own,
            outer: outer.clone(),
        }))))
    }
}

/// Lines that hold a pattern. A line that is not UTF-8 can only name files that are not listed.
fn pattern_lines(bytes: &[u8]) -> impl Iterator<Item = &str> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    bytes
        .split(|byte| *byte == b'\n')
        .filter_map(|line| str::from_utf8(line.strip_suffix(b"\r").unwrap_or(line)).ok())
        .filter(|line| !line.trim_end_matches(' ').is_empty() && !line.starts_with('#'))
}

/// `line` in the glob syntax beneath, where it differs from git's: braces are plain characters in
/// a `.gitignore`, and of the blanks at the end of a line only spaces are not part of the pattern.
///
/// `None` for what the two read differently: escapes, brackets and named classes within brackets.
fn as_glob(line: &str) -> Option<String> {
    let mut glob = String::with_capacity(line.len());
    let mut escaped = false;
    let mut class: Option<usize> = None;
    for c in line.chars() {
        match (c, class) {
            ('/', None) if escaped => return None,
            ('{' | '}', None) if !escaped => glob.push('\\'),
            ('[', None) if !escaped => class = Some(0),
            ('[' | '\\', Some(_)) | (']', Some(0)) => return None,
            (']', Some(_)) => class = None,
            ('!' | '^', Some(0)) => {}
            (_, Some(count)) => class = Some(count + 1),
            _ => {}
        }
        escaped = c == '\\' && !escaped;
        glob.push(c);
    }
    let trimmed = glob.trim_end_matches(' ');
    match trimmed.chars().next_back() {
        Some(blank) if blank.is_whitespace() => Some(format!(
            "{}[{blank}]",
            trimmed.strip_suffix(blank).unwrap_or_default()
        )),
        _ => Some(glob),
    }
}
