//! All file globs of a rule set in one set, so that a path is matched once for all matchers.

use crate::model::Bits;
use aho_corasick::AhoCorasick;
use globset::{Glob, GlobBuilder, GlobMatcher, GlobSet, GlobSetBuilder};
use std::collections::BTreeMap;
use std::sync::OnceLock;

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

    /// The globs that are asked about.
    pub fn all(&self) -> impl Iterator<Item = usize> {
        let all = self.include.iter().chain(&self.exclude);
        all.map(|id| *id as usize)
    }

    /// Does a path that matches exactly the globs in `matched` belong to the matcher?
    pub fn admits(&self, matched: &Matched) -> bool {
        (self.include.is_empty() || self.include.iter().any(|id| matched.has(*id as usize)))
            && !self.exclude.iter().any(|id| matched.has(*id as usize))
    }
}

/// Collects globs while rules are loaded.
#[derive(Debug, Default)]
pub struct GlobTable {
    ids: BTreeMap<String, u32>,
    globs: Vec<(Glob, u32)>,
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
        let glob = |text: &str| {
            GlobBuilder::new(text)
                .literal_separator(true)
                .build()
                .map_err(|error| format!("`{text}` is not a glob: {}", error.kind()))
        };
        // As written first, so that an error quotes what the author wrote.
        let whole = glob(text)?;
        let id = u32::try_from(self.ids.len()).unwrap_or(u32::MAX);
        // Alternatives one by one are names and extensions, which are looked up; together they are
        // a regex, which every path would have to be matched against.
        match alternatives(text) {
            Some(texts) => {
                for text in &texts {
                    self.globs.push((glob(text)?, id));
                }
            }
            None => self.globs.push((whole, id)),
        }
        self.ids.insert(text.to_owned(), id);
        Ok(id)
    }

    /// Compiles everything that was registered.
    pub fn build(self) -> Result<Globs, String> {
        let mut builder = GlobSetBuilder::new();
        let mut ids = Vec::new();
        let mut keyed: BTreeMap<String, Vec<Keyed>> = BTreeMap::new();
        for (glob, id) in self.globs {
            if let Some(key) = key(glob.glob()) {
                let matcher = OnceLock::new();
                keyed
                    .entry(key.to_owned())
                    .or_default()
                    .push(Keyed { glob, id, matcher });
            } else {
                builder.add(glob);
                ids.push(id);
            }
        }
        let set = builder.build().map_err(|error| error.to_string())?;
        let (keys, keyed): (Vec<String>, Vec<_>) = keyed.into_iter().unzip();
        let keys = AhoCorasick::new(keys).map_err(|error| error.to_string())?;
        Ok(Globs {
            set,
            ids,
            keys: Some(keys),
            keyed,
            count: self.ids.len(),
        })
    }
}

/// What is not itself in a glob.
const SPECIAL: [char; 7] = ['*', '?', '[', ']', '{', '}', '\\'];

/// A glob that is more than a name or an extension. A set of such globs is one regex that costs
/// more than all others together; by a part that they must hold, most need not be asked.
#[derive(Debug)]
struct Keyed {
    glob: Glob,
    id: u32,
    matcher: OnceLock<GlobMatcher>,
}

impl Keyed {
    fn matches(&self, path: &str) -> bool {
        // What follows the last special character ends the path; to see that costs no compiling.
        let tail = self.glob.glob().rsplit(SPECIAL).next();
        if tail.is_some_and(|tail| !path.ends_with(tail.trim_start_matches('/'))) {
            return false;
        }
        let matcher = self.matcher.get_or_init(|| self.glob.compile_matcher());
        matcher.is_match(path)
    }
}

/// The longest text that every path has which the glob matches; `None` where the glob is a name or
/// an extension, which are looked up, and where there is no such text of two bytes.
fn key(glob: &str) -> Option<&str> {
    let name = glob.strip_prefix("**/").unwrap_or(glob);
    let extension = name.strip_prefix("*.").is_some_and(|it| !it.contains('.'));
    let rest = name
        .strip_prefix("*.")
        .filter(|_| extension)
        .unwrap_or(name);
    if !rest.contains(SPECIAL) {
        return None;
    }
    let outside = glob
        .find(['[', '{', '\\'])
        .map_or(glob, |at| glob.get(..at).unwrap_or(glob));
    // A slash beside `**` need not be there.
    outside
        .split(SPECIAL)
        .map(|part| part.trim_matches('/'))
        .filter(|part| part.len() > 1)
        .max_by_key(|part| part.len())
}

/// The globs that one with `{a,b}` stands for; `None` when it has none, or too many, or braces in
/// braces or in a class.
fn alternatives(glob: &str) -> Option<Vec<String>> {
    const MOST: usize = 64;
    if glob.contains(['[', '\\']) {
        return None;
    }
    let mut done = vec![String::new()];
    let mut rest = glob;
    while let Some((before, after)) = rest.split_once('{') {
        let (inside, after) = after.split_once('}')?;
        // An empty alternative counts for nothing in a whole glob.
        let empty = inside.split(',').any(str::is_empty);
        if inside.contains('{') || before.contains('}') || empty {
            return None;
        }
        done = done
            .iter()
            .flat_map(|start| {
                inside
                    .split(',')
                    .map(move |one| format!("{start}{before}{one}"))
            })
            .collect();
        if done.len() > MOST {
            return None;
        }
        rest = after;
    }
    for glob in &mut done {
        glob.push_str(rest);
    }
    (done.len() > 1).then_some(done)
}

/// Every glob of a rule set, compiled.
#[derive(Debug, Default)]
pub struct Globs {
    set: GlobSet,
    /// The glob as written that each one in the set is, or is an alternative of.
    ids: Vec<u32>,
    keys: Option<AhoCorasick>,
    /// The globs of each key.
    keyed: Vec<Vec<Keyed>>,
    count: usize,
}

/// Which globs of a `Globs` a path matches, by number.
pub type Matched = Bits;

impl Globs {
    /// The set of no globs.
    pub fn none(&self) -> Matched {
        Bits::new(self.count)
    }

    /// Matches one path against all globs.
    pub fn matches(&self, path: &str) -> Matched {
        let mut matched = self.none();
        for index in self.set.matches(path) {
            matched.insert(self.ids.get(index).map_or(usize::MAX, |id| *id as usize));
        }
        let keys = self.keys.iter();
        for key in keys.flat_map(|keys| keys.find_overlapping_iter(path)) {
            for keyed in self
                .keyed
                .get(key.pattern().as_usize())
                .into_iter()
                .flatten()
            {
                let id = keyed.id as usize;
                if !matched.has(id) && keyed.matches(path) {
                    matched.insert(id);
                }
            }
        }
        matched
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alternatives_match_as_the_whole_does() {
        let globs = [
            "**/*.{yml,yaml}",
            "{docs,doc}/**/*.md",
            "**/Dockerfile*",
            "**/[Rr]un{book,s}.md",
            "**/{a,b}.{c,d}{,x}",
            "**/*Spec*.ts",
            "ops/**/runs*",
            "**/src/**",
            "docs/*/[ab].md",
            "**/*.spec.*",
        ];
        let mut table = GlobTable::default();
        let ids: Vec<GlobIds> = globs
            .iter()
            .map(|glob| table.add(&[(*glob).to_owned()]).unwrap())
            .collect();
        let built = table.build().unwrap();
        for path in [
            "a.yml",
            "x/b.yaml",
            "docs/a/b.md",
            "doc/b.md",
            "doc.md",
            "Dockerfile.prod",
            "ops/Runbook.md",
            "runs.md",
            "a.c",
            "z/b.dx",
            "b.e",
            "x/aSpec.b.ts",
            "Spec.ts",
            "ops/runs.md",
            "ops/x/y/runsy",
            "src/a",
            "b/src/c/d.spec.ts",
            "src",
        ] {
            let matched = built.matches(path);
            for (glob, id) in globs.iter().zip(&ids) {
                let whole = GlobBuilder::new(glob)
                    .literal_separator(true)
                    .build()
                    .unwrap();
                let want = whole.compile_matcher().is_match(path);
                assert_eq!(id.admits(&matched), want, "{glob} on {path}");
            }
        }
        assert!(GlobTable::default().add(&["a{b".to_owned()]).is_err());
    }
}
