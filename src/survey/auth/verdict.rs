//! How what applies to a route is joined: the highest level wins, and an exemption starts again.

use super::words::Meaning;
use crate::model::{Fact, Level, Value};
use std::sync::Arc;

/// Longest text that is shown of a guard, in bytes.
const SHOWN: usize = 60;

/// One thing that applies to a route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Guard {
    /// What it asks for.
    pub(super) meaning: Meaning,
    /// Its name, as written.
    pub(super) name: String,
    /// Where it stands, as `path:line`.
    pub(super) at: String,
}

/// How much a route asks of its callers, as far as it can be said.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Verdict {
    /// `None` if it cannot be decided.
    level: Option<Level>,
    /// What gives the level, or why there is none and where that is seen.
    by: String,
    /// Where what gives the level stands; `""` if nowhere.
    at: String,
}

impl Verdict {
    /// A verdict that nothing can be said, and why.
    pub(super) fn unknown(why: &str, at: &str) -> Self {
        Self {
            level: None,
            by: format!("{why} ({at})"),
            at: String::new(),
        }
    }

    /// Does the route let everybody in, as far as was seen?
    pub(super) fn lets_in(&self) -> bool {
        self.level.is_some_and(|level| level < Level::Authenticated)
    }

    /// Was that said in so many words, and not only found missing?
    pub(super) fn is_stated(&self) -> bool {
        !self.at.is_empty()
    }

    /// The one that asks less; what is not known stands between asking and not.
    pub(in crate::survey) fn weaker(self, other: Self) -> Self {
        let rank = |verdict: &Self| match verdict.level {
            Some(level) if level >= Level::Authenticated => (2, level),
            None => (1, Level::None),
            Some(level) => (0, level),
        };
        if rank(&other) < rank(&self) {
            other
        } else {
            self
        }
    }

    /// Writes the verdict into a route.
    pub(in crate::survey) fn write(&self, fact: &mut Fact) {
        let level = self
            .level
            .map_or(Value::Unknown, |level| Value::str(level.as_str()));
        fact.attributes.insert(Arc::from("auth"), level);
        for (name, text) in [("auth_by", &self.by), ("auth_at", &self.at)] {
            if !text.is_empty() {
                fact.attributes
                    .insert(Arc::from(name), Value::str(text.as_str()));
            }
        }
    }
}

/// Joins guards, outermost first.
#[derive(Default)]
pub(super) struct Joined {
    level: Level,
    by: Option<Guard>,
    doubt: Option<Guard>,
}

impl Joined {
    /// Adds what stands further in.
    pub(super) fn add(&mut self, guard: &Guard) {
        match guard.meaning {
            Meaning::Check(level) if level > self.level => {
                self.level = level;
                self.by = Some(guard.clone());
            }
            Meaning::Open => {
                self.level = Level::None;
                self.by = Some(guard.clone());
                self.doubt = None;
            }
            Meaning::Exempt => {
                self.by.get_or_insert_with(|| guard.clone());
            }
            Meaning::Vague => {
                self.doubt.get_or_insert_with(|| guard.clone());
            }
            Meaning::Check(_) | Meaning::Neutral => {}
        }
    }

    /// What follows from all of them.
    pub(super) fn verdict(self) -> Verdict {
        if self.level < Level::Authenticated
            && let Some(doubt) = self.doubt
        {
            let why = format!(
                "whether `{}` asks who calls was not decided",
                shown(&doubt.name)
            );
            return Verdict::unknown(&why, &doubt.at);
        }
        let (by, at) = self
            .by
            .map(|guard| (shown(&guard.name), guard.at))
            .unwrap_or_default();
        Verdict {
            level: Some(self.level),
            by,
            at,
        }
    }
}

/// The start of a guard's text, on one line.
fn shown(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let cut = line
        .get(..line.floor_char_boundary(SHOWN))
        .unwrap_or_default();
    cut.to_owned()
}

#[cfg(test)]
mod tests {
    use super::{Guard, Joined, Verdict};
    use crate::model::Level;
    use crate::survey::auth::words::Meaning;

    fn joined(meanings: &[Meaning]) -> Verdict {
        let mut joined = Joined::default();
        for meaning in meanings {
            joined.add(&Guard {
                meaning: *meaning,
                name: "guard".to_owned(),
                at: "a.ts:1".to_owned(),
            });
        }
        joined.verdict()
    }

    #[test]
    fn the_highest_level_wins() {
        let asks = Meaning::Check(Level::Authenticated);
        let role = Meaning::Check(Level::Role);
        assert_eq!(joined(&[asks, role, asks]).level, Some(Level::Role));
        assert_eq!(joined(&[]).level, Some(Level::None));
    }

    #[test]
    fn an_exemption_starts_again() {
        let asks = Meaning::Check(Level::Authenticated);
        let role = Meaning::Check(Level::Role);
        assert_eq!(joined(&[role, Meaning::Open]).level, Some(Level::None));
        assert_eq!(
            joined(&[role, Meaning::Open, asks]).level,
            Some(Level::Authenticated)
        );
    }

    #[test]
    fn doubt_counts_only_where_nobody_is_asked() {
        let asks = Meaning::Check(Level::Authenticated);
        assert_eq!(joined(&[Meaning::Vague]).level, None);
        assert_eq!(
            joined(&[Meaning::Vague, asks]).level,
            Some(Level::Authenticated)
        );
        assert_eq!(
            joined(&[Meaning::Vague, Meaning::Open]).level,
            Some(Level::None)
        );
    }

    #[test]
    fn the_weakest_way_in_counts() {
        let open = joined(&[]);
        let doubt = joined(&[Meaning::Vague]);
        let asks = joined(&[Meaning::Check(Level::Authenticated)]);
        assert_eq!(asks.clone().weaker(open.clone()), open);
        assert_eq!(asks.clone().weaker(doubt.clone()), doubt);
        assert_eq!(doubt.clone().weaker(asks), doubt);
    }
}
