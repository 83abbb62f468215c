//! Running `code` matchers on one file: one parse, one walk, and a clock.

mod capture;
mod set;

pub(crate) use set::{Asked, Chosen, CodeMatchers};

use super::raw::Raw;
use crate::model::{Language, MatcherId, SkipReason};
use crate::rule::code::CodeMatcher;
use crate::syntax::code::{SyntaxNode, parse};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// Wall-clock time that one file may take, parsing included.
pub(crate) const BUDGET: Duration = Duration::from_secs(5);

/// Attempts to match between two looks at the clock.
const STEPS: u32 = 64;

/// Hits of one matcher in one file that are kept; the others are counted.
pub(crate) const MAX_HITS: usize = 200;

/// What the matchers found in one file.
#[derive(Clone, Debug, Default)]
pub(crate) struct CodeRun {
    /// Hits in order of position within each matcher.
    pub(crate) raw: Vec<Raw>,
    /// Why the file, or a part of the hits, was not judged.
    pub(crate) skipped: Option<(SkipReason, String)>,
}

impl CodeRun {
    fn skip(reason: SkipReason, detail: String) -> Self {
        Self {
            raw: Vec::new(),
            skipped: Some((reason, detail)),
        }
    }
}

/// Runs `matchers` over `text` within `budget`. Matchers of other languages find nothing.
pub(crate) fn run(
    language: Language,
    text: &str,
    matchers: &[(MatcherId, &CodeMatcher)],
    budget: Duration,
) -> CodeRun {
    let deadline = Instant::now().checked_add(budget);
    let by_kind = by_kind(language, matchers);
    if by_kind.is_empty() {
        return CodeRun::default();
    }
    let tree = match parse(language, text, budget) {
        Ok(tree) => tree,
        Err(unparsed) => return CodeRun::skip(unparsed.reason, unparsed.detail),
    };
    let mut found: Vec<Found> = matchers.iter().map(|_| Found::default()).collect();
    let mut spent = false;
    let mut steps = 0_u32;
    'nodes: for node in tree.nodes(|kind| by_kind.contains_key(&kind)) {
        for &index in by_kind.get(&node.kind_id()).into_iter().flatten() {
            steps = steps.wrapping_add(1);
            if steps.is_multiple_of(STEPS) && deadline.is_some_and(|at| Instant::now() >= at) {
                spent = true;
                break 'nodes;
            }
            if let (Some(&(id, matcher)), Some(found)) = (matchers.get(index), found.get_mut(index))
            {
                found.try_match(language, id, matcher, &node);
            }
        }
    }
    conclude(found, spent)
}

/// Which matchers, by index, can match a node of which kind.
fn by_kind(
    language: Language,
    matchers: &[(MatcherId, &CodeMatcher)],
) -> BTreeMap<u16, Vec<usize>> {
    let mut by_kind: BTreeMap<u16, Vec<usize>> = BTreeMap::new();
    for (index, (_, matcher)) in matchers.iter().enumerate() {
        for kind in matcher.kinds(language) {
            by_kind.entry(*kind).or_default().push(index);
        }
    }
    by_kind
}

/// The hits of one matcher.
#[derive(Default)]
struct Found {
    kept: Vec<Raw>,
    more: usize,
}

impl Found {
    fn try_match(
        &mut self,
        language: Language,
        id: MatcherId,
        matcher: &CodeMatcher,
        node: &SyntaxNode<'_>,
    ) {
        let Some(found) = matcher.match_node(language, node) else {
            return;
        };
        if self.kept.len() < MAX_HITS {
            self.kept.push(capture::raw(id, &found, matcher.redact()));
        } else {
            self.more += 1;
        }
    }
}

fn conclude(found: Vec<Found>, spent: bool) -> CodeRun {
    let more: usize = found.iter().map(|found| found.more).sum();
    let skipped = if spent {
        Some((SkipReason::Budget, "matching took too long".to_owned()))
    } else if more > 0 {
        let detail = format!("{more} more than {MAX_HITS} hits of one matcher");
        Some((SkipReason::TooManyHits, detail))
    } else {
        None
    };
    CodeRun {
        raw: found.into_iter().flat_map(|found| found.kept).collect(),
        skipped,
    }
}

#[cfg(test)]
mod tests;
