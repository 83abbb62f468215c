//! All file globs of a rule set in one set, so that a path is matched once for all matchers.

use super::wildcard::wildcard;
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
        // Alternatives one by one are names, extensions and parts of names, which are looked up;
        // together they are a regex, which every path would have to be matched against.
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
        let mut unkeyed = Vec::new();
        let mut keyed: BTreeMap<String, Vec<Asked>> = BTreeMap::new();
        for (glob, id) in self.globs {
            let test = Test::of(&glob);
            match (key(glob.glob()), &test) {
                (Some(key), _) => {
                    let key = key.to_owned();
                    keyed.entry(key).or_default().push(Asked { glob, id, test });
                }
                (None, Test::Name) => unkeyed.push(Asked { glob, id, test }),
                (None, Test::Whole(_)) => {
                    builder.add(glob);
                    ids.push(id);
                }
            }
        }
        let set = builder.build().map_err(|error| error.to_string())?;
        let (keys, keyed): (Vec<String>, Vec<_>) = keyed.into_iter().unzip();
        let keys = AhoCorasick::new(keys).map_err(|error| error.to_string())?;
        Ok(Globs {
            set,
            ids,
            unkeyed,
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
struct Asked {
    glob: Glob,
    id: u32,
    test: Test,
}

/// How to tell whether a path matches.
#[derive(Debug)]
enum Test {
    /// By its name alone, whatever the folder: `**/a*b*c`.
    Name,
    /// As a whole, by what is compiled when it is first needed.
    Whole(OnceLock<GlobMatcher>),
}

impl Test {
    fn of(glob: &Glob) -> Self {
        let name = glob.glob().strip_prefix("**/");
        let plain =
            |name: &&str| !name.contains("**") && !name.contains(['/', '?', '[', '{', '\\']);
        match name.filter(plain).filter(|name| is_pattern(name)) {
            Some(_) => Self::Name,
            None => Self::Whole(OnceLock::new()),
        }
    }
}

impl Asked {
    fn matches(&self, path: &str) -> bool {
        // What follows the last special character ends the path; to see that costs no compiling.
        let tail = self.glob.glob().rsplit(SPECIAL).next();
        if tail.is_some_and(|tail| !path.ends_with(tail.trim_start_matches('/'))) {
            return false;
        }
        match &self.test {
            Test::Name => {
                let name = path.rsplit('/').next().unwrap_or(path);
                let pattern = self.glob.glob().strip_prefix("**/");
                pattern.is_some_and(|pattern| wildcard(pattern, name))
            }
            Test::Whole(matcher) => matcher
                .get_or_init(|| self.glob.compile_matcher())
                .is_match(path),
        }
    }
}

/// Is it more than a name or an extension, which are looked up?
fn is_pattern(name: &str) -> bool {
    let extension = name.strip_prefix("*.").filter(|it| !it.contains('.'));
    extension.unwrap_or(name).contains(SPECIAL)
}

/// The longest text that every path has which the glob matches; `None` where the glob is a name or
/// an extension, which are looked up, and where there is no such text of two bytes.
fn key(glob: &str) -> Option<&str> {
    if !is_pattern(glob.strip_prefix("**/").unwrap_or(glob)) {
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

/// The globs that one with `{a,b}` or `[ab]` stands for; `None` when it has none, or too many,
/// braces in braces or in a class, or a class of more than a few characters.
fn alternatives(glob: &str) -> Option<Vec<String>> {
    const MOST: usize = 512;
    if glob.contains('\\') {
        return None;
    }
    let mut done = vec![String::new()];
    let mut rest = glob;
    while let Some(open) = rest.find(['[', '{']) {
        let (before, from) = rest.split_at(open);
        let close = if from.starts_with('{') { '}' } else { ']' };
        let (inside, after) = from.get(1..)?.split_once(close)?;
        if inside.contains(['[', '{', '}']) || before.contains([']', '}']) {
            return None;
        }
        let parts = if close == '}' {
            listed(inside)
        } else {
            members(inside)
        }?;
        let longer = |start: &String| {
            let start = format!("{start}{before}");
            let parts = parts.iter();
            parts.map(move |part| format!("{start}{part}")).collect()
        };
        done = done
            .iter()
            .flat_map(|start| -> Vec<String> { longer(start) })
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

/// The parts of `{a,b}`. An empty one counts for nothing in a whole glob.
fn listed(inside: &str) -> Option<Vec<String>> {
    let parts: Vec<String> = inside.split(',').map(str::to_owned).collect();
    (!parts.iter().any(String::is_empty)).then_some(parts)
}

/// The members of `[ab]`, unless it is a range, names what is left out, or holds what is special
/// outside of it.
fn members(inside: &str) -> Option<Vec<String>> {
    let range = inside.trim_matches('-').contains('-');
    let other =
        inside.is_empty() || inside.starts_with(['!', '^']) || inside.contains(['*', '?', '/']);
    (!range && !other).then(|| inside.chars().map(String::from).collect())
}

/// Every glob of a rule set, compiled.
#[derive(Debug, Default)]
pub struct Globs {
    set: GlobSet,
    /// The glob as written that each one in the set is, or is an alternative of.
    ids: Vec<u32>,
    /// Globs without a part that a path must hold.
    unkeyed: Vec<Asked>,
    keys: Option<AhoCorasick>,
    /// The globs of each key.
    keyed: Vec<Vec<Asked>>,
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
        let keys = keys.flat_map(|keys| keys.find_overlapping_iter(path));
        let keyed = keys.filter_map(|key| self.keyed.get(key.pattern().as_usize()));
        for asked in self.unkeyed.iter().chain(keyed.flatten()) {
            let id = asked.id as usize;
            if !matched.has(id) && asked.matches(path) {
                matched.insert(id);
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
            "**/*",
            "**/*.*",
            "**/*[._-]{test,spec}*s.*",
            "**/ru*n*s.md",
            "**/[!a].md",
            "**/[a-c].md",
            "**/x[]a]",
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
            "src/a_test-s.ts",
            "a-spec.s.b",
            "ru.runs.md",
            "runs.mds",
            "x/c.md",
            "x]",
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
