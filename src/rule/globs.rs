//! All file globs of a rule set in one set, so that a path is matched once for all matchers.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use std::collections::BTreeMap;

/// The globs of one matcher, as indices into a `Globs`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GlobIds {
    include: Vec<u32>,
    exclude: Vec<u32>,
}

impl GlobIds {
    /// Does the matcher name any file at all?
    pub fn is_empty(&self) -> bool {
        self.include.is_empty()
    }

    /// Does a path that matches exactly the globs in `matched` belong to the matcher?
    pub fn admits(&self, matched: &Matched) -> bool {
        (self.include.is_empty() || self.include.iter().any(|id| matched.has(*id)))
            && !self.exclude.iter().any(|id| matched.has(*id))
    }
}

/// Collects globs while rules are loaded.
#[derive(Debug, Default)]
pub struct GlobTable {
    ids: BTreeMap<String, u32>,
    globs: Vec<globset::Glob>,
}

impl GlobTable {
    /// Registers the globs of one matcher; `!` in front excludes. The error names the glob.
    pub fn add(&mut self, globs: &[String]) -> Result<GlobIds, String> {
        let mut out = GlobIds::default();
        for text in globs {
            match text.strip_prefix('!') {
                Some(text) => out.exclude.push(self.id(text)?),
                None => out.include.push(self.id(text)?),
            }
        }
        Ok(out)
    }

    fn id(&mut self, text: &str) -> Result<u32, String> {
        if let Some(id) = self.ids.get(text) {
            return Ok(*id);
        }
        let glob = GlobBuilder::new(text)
            .literal_separator(true)
            .build()
            .map_err(|error| format!("`{text}` is not a glob: {}", error.kind()))?;
        let id = u32::try_from(self.globs.len()).unwrap_or(u32::MAX);
        self.globs.push(glob);
        self.ids.insert(text.to_owned(), id);
        Ok(id)
    }

    /// Compiles everything that was registered.
    pub fn build(self) -> Result<Globs, String> {
        let mut builder = GlobSetBuilder::new();
        let count = self.globs.len();
        for glob in self.globs {
            builder.add(glob);
        }
        let set = builder.build().map_err(|error| error.to_string())?;
        Ok(Globs {
            set,
            words: count.div_ceil(64),
        })
    }
}

/// Every glob of a rule set, compiled.
#[derive(Debug, Default)]
pub struct Globs {
    set: GlobSet,
    words: usize,
}

/// Which globs of a `Globs` a path matches.
#[derive(Debug, Default)]
pub struct Matched(Vec<u64>);

impl Globs {
    /// Matches one path against all globs.
    pub fn matches(&self, path: &str) -> Matched {
        let mut bits = vec![0_u64; self.words];
        for id in self.set.matches(path) {
            if let Some(word) = bits.get_mut(id / 64) {
                *word |= 1 << (id % 64);
            }
        }
        Matched(bits)
    }
}

impl Matched {
    fn has(&self, id: u32) -> bool {
        self.0
            .get(id as usize / 64)
            .is_some_and(|word| word >> (id % 64) & 1 == 1)
    }
}
