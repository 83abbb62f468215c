//! What a text must hold before a `code` matcher can match in it: words joined by "all" and "any",
//! so that one pass over the bytes spares most parses.

use super::pattern::Literal;

/// Something that a file with a match holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Clue {
    /// A literal, which one pass finds for all rules.
    Literal(Literal),
    /// A regex over bytes, which is searched for when the literals are there.
    Regex(String),
}

/// A condition on what a text holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need<T = Clue> {
    /// Nothing is known: every text may match.
    Nothing,
    /// This must be there.
    One(T),
    /// All of these.
    All(Vec<Self>),
    /// One of these.
    Any(Vec<Self>),
}

impl Need {
    /// This literal.
    pub fn literal(literal: Literal) -> Self {
        Self::One(Clue::Literal(literal))
    }

    /// All of `parts`, the cheap ones first; those that ask for nothing fall away.
    pub fn all(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut flat = Vec::new();
        for part in parts {
            match part {
                Self::Nothing => {}
                Self::All(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        Self::joined(flat, Self::All)
    }

    /// One of `parts`; when one of them asks for nothing, so does the whole.
    pub fn any(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut flat = Vec::new();
        for part in parts {
            match part {
                Self::Nothing => return Self::Nothing,
                Self::Any(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        Self::joined(flat, Self::Any)
    }

    fn joined(mut parts: Vec<Self>, join: fn(Vec<Self>) -> Self) -> Self {
        parts.sort_by(|a, b| (a.searches(), a).cmp(&(b.searches(), b)));
        parts.dedup();
        match parts.len() {
            0 => Self::Nothing,
            1 => parts.swap_remove(0),
            _ => join(parts),
        }
    }

    /// Does it take a search with a regex?
    fn searches(&self) -> bool {
        match self {
            Self::Nothing | Self::One(Clue::Literal(_)) => false,
            Self::One(Clue::Regex(_)) => true,
            Self::All(parts) | Self::Any(parts) => parts.iter().any(Self::searches),
        }
    }
}

impl<T> Need<T> {
    /// Does it hold in a text of which `has` tells what it holds?
    pub fn holds(&self, has: &impl Fn(&T) -> bool) -> bool {
        match self {
            Self::Nothing => true,
            Self::One(literal) => has(literal),
            Self::All(parts) => parts.iter().all(|part| part.holds(has)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(has)),
        }
    }

    /// The same condition on other names for its clues.
    pub fn map<U>(&self, to: &mut impl FnMut(&T) -> U) -> Need<U> {
        match self {
            Self::Nothing => Need::Nothing,
            Self::One(literal) => Need::One(to(literal)),
            Self::All(parts) => Need::All(parts.iter().map(|part| part.map(to)).collect()),
            Self::Any(parts) => Need::Any(parts.iter().map(|part| part.map(to)).collect()),
        }
    }

    /// Calls `see` with every clue.
    pub fn each(&self, see: &mut impl FnMut(&T)) {
        match self {
            Self::Nothing => {}
            Self::One(clue) => see(clue),
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.each(see)),
        }
    }

    /// How many clues it speaks of.
    pub fn size(&self) -> usize {
        let mut count = 0;
        self.each(&mut |_| count += 1);
        count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn needs_are_flat_and_short() {
        let one = |text: &str| Need::literal(Literal::loose(text));
        let regex = || Need::One(Clue::Regex("x+".into()));
        assert_eq!(Need::all([Need::Nothing, one("a")]), one("a"));
        assert_eq!(Need::any([Need::Nothing, one("a")]), Need::Nothing);
        let need = Need::all([regex(), Need::any([one("b"), one("c"), one("b")]), one("a")]);
        assert_eq!(need.size(), 4);
        let Need::All(parts) = &need else {
            panic!("{need:?}")
        };
        assert_eq!(
            parts.last(),
            Some(&regex()),
            "what costs most is asked last"
        );
        let holds = |present: &[&str]| {
            need.holds(&|clue| match clue {
                Clue::Literal(literal) => present.contains(&literal.text.as_str()),
                Clue::Regex(_) => true,
            })
        };
        assert!(holds(&["a", "c"]));
        assert!(!holds(&["b", "c"]));
    }
}
